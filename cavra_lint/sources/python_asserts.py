"""Whether a function asserts anything: whether there is a run in which it fails."""

from __future__ import annotations

import _ast as ast
from collections.abc import Container, Iterable, Iterator, Sequence

from cavra_lint.frozen import NamedTuple
from cavra_lint.late import re
from cavra_lint.sources.python_constants import names_bound
from cavra_lint.sources.python_flow import (
    FUNCTIONS,
    Function,
    all_below,
    children,
    dotted,
    has_constant_value,
    is_constant,
    is_same,
    is_something,
    live,
    own_expressions,
    truth,
    walk,
)

_SWALLOWED = {"AssertionError", "Exception", "BaseException"}
_CHECKED_CALLS = {"check_call", "check_output", "check_returncode", "raise_for_status"}
#: How the name of a helper begins that asserts for its caller.
_HELPERS = ("assert", "check_", "expect_", "ensure_")
#: What asserts by the name of its library: pytest-check, pytest-regressions.
_OF_LIBRARIES = (
    r"(?:pytest_)?check\.(?:(?:not_|almost_)?equal|is_\w+|(?:not_)?between\w*|greater\w*|less\w*)|\w+_regression\.check"
)
#: What pytester compares the output of a run with; that it is what it should be is told by who holds it.
_OF_OUTPUT = {"fnmatch_lines", "fnmatch_lines_random", "re_match_lines", "re_match_lines_random"}
_EXPECTED_RAISES = {"raises", "warns", "deprecated_call", "assertRaises", "assertRaisesRegex", "assertLogs"}
#: What runs where an instance of a class is made, and where a `with` is come to and left.
_AROUND = {"__init__", "__post_init__", "__enter__", "__exit__", "__aenter__", "__aexit__"}


class Helpers(NamedTuple):
    """The functions that assert for a test: those of the module that do, by name, and all that it defines.

    Of one that is not known, the name has to say that it does. What the `giving` give asserts where it is called.
    `raising` is whether what raises anything under a condition asserts, as the helpers of tests do.
    """

    asserting: frozenset[str]
    defined: Container[object]
    giving: frozenset[str] = frozenset()
    raising: bool = True


def asserting_functions(
    module: ast.Module, constants: frozenset[str], *, by_name: bool, raising: bool = True
) -> Helpers:
    """Return the functions that assert, by themselves or by calling one that does.

    Args:
        module: the module.
        constants: its names that hold constants.
        by_name: whether one of another file asserts where its name says so.
        raising: whether one that raises anything under a condition does.
    """
    nodes = list(all_below(module))
    functions = [node for node in nodes if isinstance(node, FUNCTIONS)]
    defined = frozenset(node.name for node in functions) if by_name else EVERY_NAME
    known = Helpers(frozenset(), defined, raising=raising)
    asserting = {node.name for node in functions if asserts(node, constants, known)}
    for node in nodes:
        if isinstance(node, ast.ClassDef):
            made = (inner for inner in node.body if isinstance(inner, FUNCTIONS) and inner.name in _AROUND)
            asserting.update(node.name for inner in made if asserts(inner, constants, known))
    callers: dict[str, set[str]] = {}
    for node in functions:
        for called in _called(node):
            callers.setdefault(called, set()).add(node.name)
    stack = list(asserting)
    while stack:
        for caller in callers.get(stack.pop(), ()):
            if caller not in asserting:
                asserting.add(caller)
                stack.append(caller)
    giving = (node.name for node in functions if not asserting.isdisjoint(_given(node)))
    return Helpers(frozenset(asserting), defined, frozenset(giving), raising)


def _given(function: Function) -> Iterator[str]:
    """Yield the names of what a function may return or yield."""
    for statement, _ in live(function.body):
        value = getattr(statement, "value", None)
        if isinstance(value, ast.Yield):
            value = value.value
        elif not isinstance(statement, ast.Return):
            continue
        if isinstance(value, ast.Call) and dotted(value).endswith("partial"):
            value = value.args[0] if value.args else None
        for given in value.elts if isinstance(value, ast.Tuple) else [value]:
            if isinstance(given, ast.Name):
                yield given.id


def _called(function: Function) -> set[str]:
    return {
        dotted(node.func).rsplit(".", 1)[-1]
        for statement, _ in live(function.body)
        for node in own_expressions(statement)
        if isinstance(node, ast.Call)
    }


def asserts(
    function: Function, outer: Container[object], helpers: Helpers, replaced: frozenset[str] = frozenset()
) -> bool:
    """Tell whether a function asserts anything that is not constant.

    Args:
        function: the function.
        outer: the names of the module that hold constants.
        helpers: the functions that it may call for that.
        replaced: what is made up before it runs.
    """
    nodes = tuple(all_below(function))
    made_up = replaced.union(made_up_in(nodes))
    if made_up:
        made_up |= frozenset(_made_of(made_up, nodes))
    given = [argument.arg for argument in children(function.args) if isinstance(argument, ast.arg)]
    own, bound = names_bound(function.body, made_up, outer, given)
    own |= frozenset(_always_true(nodes))
    known: frozenset[int] = frozenset()
    if any(isinstance(node, ast.If) for node in nodes):
        from cavra_lint.sources.python_guards import asserts_what_is_known

        known = asserts_what_is_known(function.body, _leaves)
    return _tells_something(function, _Constants(outer, bound, own | made_up), helpers, known)


def made_up_in(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Yield what a test puts in the place of something, `f(*)`: what a call of that gives tells of the test alone.

    Args:
        nodes: the nodes of the test, or of what runs before it.
    """
    for node in nodes:
        if isinstance(node, ast.Call):
            if patched := _patched(node):
                yield f"{patched}(*)"
        elif isinstance(node, ast.Assign):
            if isinstance(node.value, (ast.Lambda, ast.Call)) and _is_made(node.value):
                yield from (f"{dotted(target)}(*)" for target in node.targets if isinstance(target, ast.Attribute))
            if isinstance(node.value, ast.Call) and _last(node.value.func) in _MOCKS and _is_fake(node.value):
                for name in (target.id for target in node.targets if isinstance(target, ast.Name)):
                    yield from (f"{name}(*)", f"{name}.(*)")
        elif (
            isinstance(node, ast.withitem) and isinstance(node.optional_vars, ast.Name) and _patched(node.context_expr)
        ):
            yield f"{node.optional_vars.id}(*)"


def _always_true(nodes: Sequence[ast.AST]) -> Iterator[str]:
    """Yield `name holds` for each name that a function binds to nothing but what is an object whatever was found."""
    bound: dict[str, bool] = {}
    made: set[int] = set()
    for node in nodes:
        if isinstance(node, ast.Assign) and is_something(node.value):
            made.update(map(id, node.targets))
    for node in nodes if made else ():
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            bound[node.id] = bound.get(node.id, True) and id(node) in made
    yield from (f"{name} holds" for name, is_made in bound.items() if is_made)


def _made_of(made_up: Container[object], nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Yield the names that hold what a call of something made up gave, `f.*`: each part of that is made up as well."""
    for node in nodes:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and f"{dotted(node.value)}(*)" in made_up:
            yield from (f"{target.id}.*" for target in node.targets if isinstance(target, ast.Name))


def _is_made(value: ast.Lambda | ast.Call) -> bool:
    """Tell whether what is put in the place of a function gives what was written down for it."""
    if isinstance(value, ast.Lambda):
        return has_constant_value(value.body)
    return _last(value.func) in _MOCKS and _is_fake(value)


_MOCKS = frozenset({"Mock", "MagicMock", "AsyncMock"})
_PATCHING = frozenset({"setattr", "object", "patch"})


def _last(func: ast.expr) -> str:
    """Return the last part of a name, without looking for its beginning."""
    return func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""


def _patched(node: ast.AST) -> str:
    """Return the name of what a call puts something else in the place of, empty where it does not."""
    if not isinstance(node, ast.Call) or not node.args or _last(node.func) not in _PATCHING:
        return ""
    name, first = dotted(node.func), node.args[0]
    if not (name.endswith((".setattr", "patch.object")) or name.rpartition(".")[2] == "patch") or not _is_fake(node):
        return ""
    if isinstance(first, ast.Constant):
        return first.value if isinstance(first.value, str) else ""
    second = node.args[1] if len(node.args) > 1 else None
    named = second.value if isinstance(second, ast.Constant) else None
    return f"{dotted(first)}.{named}" if isinstance(named, str) else ""


def _is_fake(call: ast.AST) -> bool:
    """Tell whether what is put there may be anything but what was there."""
    return isinstance(call, ast.Call) and all(word.arg not in {"side_effect", "wraps"} for word in call.keywords)


def _tells_something(function: Function, constants: Container[object], helpers: Helpers, known: Container[int]) -> bool:
    """Tell whether a statement of a function tells something, but for those that are known to hold, by identity."""
    swallowed: set[int] = set()
    handled: set[int] = set()
    unchecked: set[int] = set()
    for statement, surely in live(function.body):
        if swallows(statement, _OF_COMMANDS):
            unchecked.update(map(id, walk(getattr(statement, "body", []))))
        if swallows(statement):
            inner = walk(getattr(statement, "body", []))
            swallowed.update(id(node) for node in inner if isinstance(node, ast.stmt))
        for handler in getattr(statement, "handlers", []):
            # what is raised in place of another exception tells no more than that one
            handled.update(id(node) for node in walk(handler.body) if isinstance(node, ast.Raise))
        if id(statement) in swallowed or (id(statement) in handled and not _fails(statement)):
            continue
        if id(statement) in known or (id(statement) in unchecked and not isinstance(statement, ast.Assert)):
            continue
        if _tells(statement, surely, constants, helpers):
            return True
    return False


#: What is raised where a command that is checked has failed.
_OF_COMMANDS = frozenset({"CalledProcessError", "SubprocessError"})
_LEAVING = frozenset({"skip", "skipTest", "xfail"})


def _leaves(statement: ast.stmt) -> bool:
    """Tell whether a statement leaves a test without a failure."""
    if isinstance(statement, ast.Raise):
        return statement.exc is not None and _skips(statement.exc)
    value = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(statement, ast.Return) or (isinstance(value, ast.Call) and _last(value.func) in _LEAVING)


class _Constants(NamedTuple):
    """The names that are constant in a function: its own, and those of the module that it does not bind anew."""

    outer: Container[object]
    bound: set[str]
    own: frozenset[str]

    def __contains__(self, name: object) -> bool:
        return name in self.own or (name not in self.bound and name in self.outer)


class EveryName:
    """A set of all names, and of those functions that may make the same of the same."""

    def __init__(self, pure: Container[object] = ()) -> None:
        self.pure = pure

    def __contains__(self, name: object) -> bool:
        return not str(name).endswith((")", ".*", " holds")) or name in self.pure


EVERY_NAME = EveryName()
#: What is known of helpers before the module was looked at.
NO_HELPERS = Helpers(frozenset(), EVERY_NAME)


def _tells(statement: ast.stmt, surely: bool, constants: Container[object], helpers: Helpers) -> bool:
    if isinstance(statement, ast.Assert):
        return not _says_nothing(statement.test, constants)
    if isinstance(statement, ast.Raise):
        raises = helpers.raising and statement.exc is not None and not _skips(statement.exc)
        return not surely and (_fails(statement) or raises)
    return any(
        isinstance(node, ast.Call) and _call_tells(node, surely, constants, helpers)
        for node in own_expressions(statement)
    )


def _fails(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Raise) and dotted(statement.exc).endswith(("AssertionError", "fail.Exception"))


def _skips(raised: ast.expr) -> bool:
    return dotted(raised).endswith(("SkipTest", "skip.Exception"))


def _call_tells(call: ast.Call, surely: bool, constants: Container[object], helpers: Helpers) -> bool:
    whole = dotted(call.func)
    name = whole.rpartition(".")[2]
    arguments = [*call.args, *(word.value for word in call.keywords)]
    if name == "fail":
        return not surely
    if name in _EXPECTED_RAISES:
        return not (_expects_any(call) or _expects_any(call, _ENDS))
    if name in _CHECKED_CALLS or name in helpers.asserting or whole in helpers.asserting:
        return True
    if name in {"assertTrue", "assertFalse"}:
        return not all(_says_nothing(node, constants) for node in arguments[:1])
    if name.startswith("assert") and (name[6:7].isupper() or _compares(name)):
        if not arguments or all(has_constant_value(a, constants) for a in arguments) or is_same(*arguments[:2]):
            return not arguments
        return name in _EQUAL or not _asks_nothing(name, arguments, constants)
    if "check" in whole and re.fullmatch(_OF_LIBRARIES, whole):
        return name not in helpers.defined and not all(
            has_constant_value(argument, constants) for argument in arguments
        )
    if name in _OF_OUTPUT:
        return bool(arguments)
    if (name.startswith(_HELPERS) or name == "expect") and name not in helpers.defined and whole not in helpers.defined:
        # a helper of another file, or what a mock was called with: what it asserts is not among its arguments
        return True
    return name in {"run", "Popen"} and any(word.arg == "check" and truth(word.value) is True for word in call.keywords)


def _says_nothing(test: ast.expr, constants: Container[object]) -> bool:
    """Tell whether a condition is constant, or holds whether a gate is ready or not."""
    if is_constant(test, constants):
        return True
    if isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.Eq) and not isinstance(test.left, ast.Call):
        # so most assertions are written
        return False

    from cavra_lint.sources.python_either_way import holds_either_way

    return holds_either_way(test, lambda part: is_constant(part, constants))


#: Of what most tests of unittest call it is known that it asks for something.
_EQUAL = frozenset({"assertEqual", "assertEquals"})


def _asks_nothing(method: str, arguments: list[ast.expr], constants: Container[object]) -> bool:
    from cavra_lint.sources.python_either_way import as_condition

    condition = as_condition(method, arguments)
    return condition is not None and _says_nothing(condition, constants)


def _compares(name: str) -> bool:
    """Tell whether an assertion of a library is about its arguments, as `assert_equal` is."""
    return any(word in name for word in ("equal", "true", "false", "that", "close"))


def swallows(statement: ast.stmt, any_of: Container[str] = _SWALLOWED) -> bool:
    """Tell whether a failing assertion within a statement, or what else is raised there, goes unnoticed."""
    if isinstance(statement, (ast.With, ast.AsyncWith)):
        return any(_expects_any(item.context_expr, any_of) for item in statement.items)
    if any(isinstance(node, ast.Return) for node in walk(getattr(statement, "finalbody", []))):
        return True
    for handler in getattr(statement, "handlers", []):
        caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
        if handler.type is None or _names_swallowed(caught, any_of):
            return not any(
                _notices(node) for inner, _ in live(handler.body) for node in (inner, *own_expressions(inner))
            )
    return False


#: How a command ends, well or not.
_ENDS = frozenset({"SystemExit"})


def _expects_any(context: ast.expr, any_of: Container[str] = _SWALLOWED) -> bool:
    """Tell whether a context manager takes any failure for the one that it waits for."""
    name = dotted(context).rsplit(".", 1)[-1]
    if not isinstance(context, ast.Call) or name not in {"suppress", "raises", "assertRaises"}:
        return False
    types = [part for arg in context.args for part in (arg.elts if isinstance(arg, ast.Tuple) else [arg])]
    return _names_swallowed(types, any_of) and not any(word.arg in {"match", "check"} for word in context.keywords)


def _names_swallowed(errors: Sequence[ast.expr | None], any_of: Container[str] = _SWALLOWED) -> bool:
    return any(dotted(error).rsplit(".", 1)[-1] in any_of for error in errors if error is not None)


def _notices(node: ast.AST) -> bool:
    """Tell whether what stands in a handler lets the test fail all the same."""
    if isinstance(node, ast.Assert):
        return truth(node.test) is not True
    if isinstance(node, ast.Call):
        return dotted(node).rsplit(".", 1)[-1] in {"fail", "exit", "_exit"}
    return isinstance(node, ast.Raise)
