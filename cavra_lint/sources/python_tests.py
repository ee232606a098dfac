"""The tests of a module, as pytest would collect them, and whether they can tell anything."""

from __future__ import annotations

import _ast as ast
import functools
from collections.abc import Container, Iterator, Sequence

from cavra_lint.frozen import NamedTuple
from cavra_lint.sources.python_flow import (
    FUNCTIONS,
    Function,
    all_below,
    constant_names,
    dotted,
    has_constant_value,
    is_constant,
    live,
    own_expressions,
    truth,
    walk,
)

#: No more is inherited than this: a class takes over all that its bases have, and they from theirs.
MAX_INHERITED = 20_000
_SKIP_CALLS = {"skip", "skipTest", "xfail"}
_SETUPS = {"setUp", "setUpClass", "setup_method", "setup_class", "asyncSetUp"}
_SWALLOWED = {"AssertionError", "Exception", "BaseException"}
_CHECKED_CALLS = {"check_call", "check_output", "check_returncode", "raise_for_status"}
_EXPECTED_RAISES = {"raises", "warns", "deprecated_call", "assertRaises", "assertRaisesRegex"}


class CollectedTest(NamedTuple):
    """A test that pytest would collect.

    Attributes:
        name: its name, with that of its class (`TestGate::test_it`).
        line: the line of its `def`.
        skipped: why it never runs, or why its failure never counts; None where it does.
        asserts: whether it asserts anything that is not constant.
    """

    name: str
    line: int
    skipped: str | None
    asserts: bool


class _Class(NamedTuple):
    """A class with its own and its inherited members."""

    unittest: bool
    members: dict[str, ast.stmt]
    skipped: str | None


def collect(module: ast.Module) -> tuple[CollectedTest, ...]:
    """Collects the tests of a module.

    Args:
        module: the syntax tree.

    Returns:
        The tests in the order of their lines.
    """
    return tuple(sorted(_Collector(module).tests(), key=lambda test: (test.line, test.name)))


def find_telling(module: ast.Module) -> CollectedTest | None:
    """Finds a test of a module that is run and asserts something, None where there is none.

    Of most modules that takes a look at one test, where `collect` looks at all.
    """
    return next((test for test in _Collector(module).tests() if test.skipped is None and test.asserts), None)


class _Collector:
    def __init__(self, module: ast.Module) -> None:
        self.module = module
        self.values = _values(module.body)
        self.classes: dict[str, _Class] = {}
        self.inherited = 0

    @functools.cached_property
    def constants(self) -> frozenset[str]:
        return constant_names(self.module.body)

    @functools.cached_property
    def asserting(self) -> frozenset[str]:
        return _asserting_functions(self.module, self.constants)

    def tests(self) -> Iterator[CollectedTest]:
        members = _members(self.module.body)
        skipped = self.skipped_module(members)
        if _switched_off(members):
            return
        for name, node in members.items():
            if isinstance(node, FUNCTIONS) and name.startswith("test"):
                yield self.test(name, node, skipped)
            elif isinstance(node, ast.ClassDef):
                yield from self.class_tests(node, name, skipped)

    def skipped_module(self, members: dict[str, ast.stmt]) -> str | None:
        for statement, surely in live(self.module.body):
            if surely and (skips := _skips(statement)):
                return f"the module {skips}"
        mark = self.marked(*_assigned(members.get("pytestmark")))
        if mark:
            return f"the module {mark}"
        for name in ("setup_module", "setUpModule"):
            setup = members.get(name)
            if isinstance(setup, FUNCTIONS) and (skips := _skips_surely(setup)):
                return f"`{name}` {skips}"
        return None

    def class_tests(self, node: ast.ClassDef, name: str, outer: str | None) -> Iterator[CollectedTest]:
        found = self.read_class(node)
        self.classes[node.name] = found
        collected = found.unittest or name.rsplit("::", 1)[-1].startswith("Test")
        built = not found.unittest and ({"__init__", "__new__"} & found.members.keys())
        if not collected or built or _switched_off(found.members):
            return
        skipped = outer or found.skipped
        for member, inner in found.members.items():
            if isinstance(inner, FUNCTIONS) and member.startswith("test"):
                yield self.test(f"{name}::{member}", inner, skipped)
            elif isinstance(inner, ast.ClassDef) and not found.unittest:
                yield from self.class_tests(inner, f"{name}::{member}", skipped)

    def read_class(self, node: ast.ClassDef) -> _Class:
        bases = [dotted(base) for base in node.bases]
        known = [self.classes[base] for base in bases if base in self.classes]
        members: dict[str, ast.stmt] = {}
        for base in reversed(known):
            self.inherited += len(base.members)
            if self.inherited <= MAX_INHERITED:
                members.update(base.members)
        members.update(_members(node.body))
        skipped = self.marked(*node.decorator_list, *_assigned(members.get("pytestmark")))
        for name in sorted(_SETUPS & members.keys()):
            setup = members[name]
            if not skipped and isinstance(setup, FUNCTIONS):
                skips = _skips_surely(setup)
                skipped = f"`{name}` {skips}" if skips else None
        inherited = next((base.skipped for base in known if base.skipped), None)
        unittest = any(base.endswith("TestCase") for base in bases)
        return _Class(
            unittest=unittest or any(base.unittest for base in known),
            members=members,
            skipped=f"its class {skipped}" if skipped else inherited,
        )

    def test(self, name: str, node: Function, skipped: str | None) -> CollectedTest:
        own = self.marked(*node.decorator_list)
        reason = skipped or (f"it {own}" if own else None)
        # most assert something that no name could make constant; else it depends on names, or on what is called
        asserts = _tells_something(node, _EVERY_NAME, frozenset()) or (
            name.rsplit("::", 1)[-1] in self.asserting and _asserts(node, self.constants, self.asserting)
        )
        skips = _skips_surely(node)
        if reason is None and skips:
            reason = f"it {skips}"
        fixture = any(dotted(item).endswith("fixture") for item in node.decorator_list)
        if reason is None and fixture:
            reason = "it is a fixture"
        return CollectedTest(name, node.lineno, reason, asserts)

    def marked(self, *marks: ast.expr) -> str | None:
        """Why marks keep a test from running for good, or its failure from counting."""
        stack = list(marks)[::-1]
        followed = 0
        while stack:
            mark = stack.pop()
            followed += 1
            if isinstance(mark, (ast.List, ast.Tuple)):
                stack += mark.elts[::-1]
            elif isinstance(mark, ast.Name) and mark.id in self.values and followed < 100:
                stack.append(self.values[mark.id])
            elif reason := _mark_reason(mark):
                return reason
        return None


def _mark_reason(mark: ast.expr) -> str | None:
    kind = dotted(mark).rsplit(".", 1)[-1]
    call = mark if isinstance(mark, ast.Call) else None
    arguments = call.args if call else []
    keywords = {word.arg: word.value for word in call.keywords} if call else {}
    condition = keywords.get("condition", arguments[0] if arguments else None)
    if kind == "skip":
        return "is marked to be skipped"
    if kind in {"skipif", "skipIf"} and _always(condition, True):
        return f"is marked `{kind}` with a condition that is always true"
    if kind == "skipUnless" and _always(condition, False):
        return "is marked `skipUnless` with a condition that is always false"
    if kind == "expectedFailure":
        return "is marked as an expected failure"
    if kind == "xfail" and (condition is None or _always(condition, True)):
        return "is marked `xfail`: its failure does not count"
    if kind == "parametrize":
        values = keywords.get("argvalues", arguments[1] if len(arguments) > 1 else None)
        if isinstance(values, (ast.List, ast.Tuple, ast.Set)) and not values.elts:
            return "is parametrized with nothing"
    return None


def _always(condition: ast.expr | None, wanted: bool) -> bool:
    if condition is None:
        return False
    if isinstance(condition, ast.Constant) and condition.value in {"False", "0"}:
        # pytest evaluates conditions that are strings.
        return not wanted
    return truth(condition) is wanted and (
        not isinstance(condition, ast.Constant)
        or not isinstance(condition.value, str)
        or condition.value in {"True", "1"}
    )


def _values(body: Sequence[ast.stmt]) -> dict[str, ast.expr]:
    found: dict[str, ast.expr] = {}
    for statement, _ in live(body):
        if isinstance(statement, ast.Assign):
            for target in statement.targets:
                if isinstance(target, ast.Name):
                    found[target.id] = statement.value
    return found


def _members(body: Sequence[ast.stmt]) -> dict[str, ast.stmt]:
    """What the names of a module or class stand for at its end: the last definition wins."""
    found: dict[str, ast.stmt] = {}
    for statement, _ in live(body):
        if isinstance(statement, (*FUNCTIONS, ast.ClassDef)):
            found[statement.name] = statement
        elif isinstance(statement, (ast.Assign, ast.AnnAssign)):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            for target in targets:
                if isinstance(target, ast.Name):
                    found[target.id] = statement
        elif isinstance(statement, ast.Delete):
            for target in statement.targets:
                found.pop(dotted(target), None)
    return found


def _assigned(statement: ast.stmt | None) -> list[ast.expr]:
    value = statement.value if isinstance(statement, (ast.Assign, ast.AnnAssign)) else None
    return [value] if value is not None else []


def _switched_off(members: dict[str, ast.stmt]) -> bool:
    return any(truth(value) is False for value in _assigned(members.get("__test__")))


def _skips(statement: ast.stmt) -> str | None:
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        name = dotted(statement.value)
        if name.rsplit(".", 1)[-1] in _SKIP_CALLS:
            return f"calls `{name}` unconditionally"
    if isinstance(statement, ast.Raise):
        name = dotted(statement.exc)
        if name.endswith("SkipTest") or name == "pytest.skip.Exception":
            return f"raises `{name}` unconditionally"
    return None


def _skips_surely(function: Function) -> str | None:
    for statement, surely in live(function.body):
        if isinstance(statement, ast.Assert) and not is_constant(statement.test):
            return None
        if surely and (reason := _skips(statement)):
            return reason
    return None


def _asserting_functions(module: ast.Module, constants: frozenset[str]) -> frozenset[str]:
    """The names of the functions that assert, by themselves or by calling one that does."""
    functions = [node for node in all_below(module) if isinstance(node, FUNCTIONS)]
    asserting = {node.name for node in functions if _asserts(node, constants, frozenset())}
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
    return frozenset(asserting)


def _called(function: Function) -> set[str]:
    return {
        dotted(node.func).rsplit(".", 1)[-1]
        for statement, _ in live(function.body)
        for node in own_expressions(statement)
        if isinstance(node, ast.Call)
    }


def _asserts(function: Function, outer: frozenset[str], asserting: frozenset[str]) -> bool:
    bound = {argument.arg for argument in all_below(function.args) if isinstance(argument, ast.arg)}
    constants = (outer - bound - _bound(function.body)) | constant_names(function.body)
    return _tells_something(function, constants, asserting)


def _tells_something(function: Function, constants: Container[str], asserting: frozenset[str]) -> bool:
    swallowed: set[int] = set()
    for statement, surely in live(function.body):
        if _swallows(statement):
            inner = walk(getattr(statement, "body", []))
            swallowed.update(id(node) for node in inner if isinstance(node, ast.stmt))
        if id(statement) not in swallowed and _tells(statement, surely, constants, asserting):
            return True
    return False


def _bound(body: Sequence[ast.stmt]) -> set[str]:
    return {node.id for node in walk(body) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


class _EveryName:
    """A set of all names."""

    def __contains__(self, name: object) -> bool:
        return True


_EVERY_NAME = _EveryName()


def _tells(statement: ast.stmt, surely: bool, constants: Container[str], asserting: frozenset[str]) -> bool:
    if isinstance(statement, ast.Assert):
        return not is_constant(statement.test, constants)
    if isinstance(statement, ast.Raise):
        return not surely and dotted(statement.exc).endswith(("AssertionError", "fail.Exception"))
    return any(
        isinstance(node, ast.Call) and _call_tells(node, surely, constants, asserting)
        for node in own_expressions(statement)
    )


def _call_tells(call: ast.Call, surely: bool, constants: Container[str], asserting: frozenset[str]) -> bool:
    name = dotted(call.func).rsplit(".", 1)[-1]
    arguments = [*call.args, *(word.value for word in call.keywords)]
    if name == "fail":
        return not surely
    if name in _EXPECTED_RAISES or name in _CHECKED_CALLS or name in asserting:
        return True
    if name.startswith("assert"):
        if name in {"assertTrue", "assertFalse"}:
            return not all(is_constant(node, constants) for node in arguments[:1])
        return not arguments or not all(has_constant_value(a, constants) for a in arguments)
    return name in {"run", "Popen"} and any(word.arg == "check" and truth(word.value) is True for word in call.keywords)


def _swallows(statement: ast.stmt) -> bool:
    """Whether a failing assertion within a statement goes unnoticed."""
    if isinstance(statement, (ast.With, ast.AsyncWith)):
        return any(
            dotted(item.context_expr).rsplit(".", 1)[-1] == "suppress"
            and isinstance(item.context_expr, ast.Call)
            and any(dotted(error).rsplit(".", 1)[-1] in _SWALLOWED for error in item.context_expr.args)
            for item in statement.items
        )
    for handler in getattr(statement, "handlers", []):
        caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
        names = {dotted(error).rsplit(".", 1)[-1] for error in caught if error is not None}
        if handler.type is None or names & _SWALLOWED:
            noticed = any(
                isinstance(node, ast.Raise) or (isinstance(node, ast.Call) and dotted(node).endswith(("fail", "exit")))
                for node in walk(handler.body)
            )
            return not noticed
    return False
