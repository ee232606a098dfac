"""What a `conftest.py` does to tests, by hooks and by fixtures of its own, so that none of them runs, or none fails."""

from __future__ import annotations

import _ast as ast
from collections.abc import Iterator, Sequence

from cavra_lint.frozen import NamedTuple
from cavra_lint.sources.python_asserts import swallows
from cavra_lint.sources.python_flow import FUNCTIONS, Function, dotted, live, own_expressions, truth, walk
from cavra_lint.sources.python_tests import SKIPPING, is_autouse

#: Hooks that do in the place of pytest what they say that they have done.
_IN_PLACE = frozenset(
    {"pytest_ignore_collect", "pytest_collection", "pytest_pycollect_makeitem", "pytest_runtestloop"}
    | {"pytest_runtest_protocol", "pytest_pyfunc_call", "pytest_cmdline_main"}
)
_RUNNING = frozenset({"pytest_pyfunc_call", "pytest_runtest_call", "pytest_runtest_protocol"})
#: Hooks that what a test raises passes through; what others run has been written down already.
_PASSING = frozenset({"pytest_pyfunc_call", "pytest_runtest_call"})
#: Options with which pytest runs no test, as a `conftest.py` sets them.
_SHOWING = (".option.collectonly", ".option.setuponly", ".option.setupplan")
_PLACES = frozenset({"nodeid", "fspath", "path", "name", "basename", "stem", "str", "__name__", "strpath", "parts"})
_ALWAYS = ("",)


class Silencing(NamedTuple):
    """What keeps tests from running, or their failures from counting: its line, its name, and what it does.

    `parts` are texts, of which it is enough that the path of a test holds one.
    """

    line: int
    name: str
    does: str
    parts: tuple[str, ...] = _ALWAYS


def silencing(tree: ast.Module) -> Iterator[Silencing]:
    """Yield what a `conftest.py` does so that tests say nothing.

    Args:
        tree: its syntax tree.
    """
    for statement, surely in live(tree.body):
        if surely and _ends_well(statement, "sys.exit", "os._exit", "exit", "quit", "pytest.exit"):
            yield Silencing(statement.lineno, dotted(getattr(statement, "value", None)), "ends before")
        elif isinstance(statement, FUNCTIONS) and (statement.name.startswith("pytest_") or is_autouse(statement)):
            yield from _of_function(statement)


def _of_function(function: Function) -> Iterator[Silencing]:
    """Yield what a hook, or a fixture that every test has, surely does, or does for those that it names."""
    name = function.name
    for statement, parts in _reached(function.body):
        if isinstance(statement, ast.For) and dotted(statement.iter).rpartition(".")[2] == "items":
            for inner, found in _reached(statement.body):
                if mark := _mark(inner):
                    yield Silencing(function.lineno, name, "lets fail" if mark == "xfail" else "skips", found)
        elif _skips(statement) or _empties(statement) or _only_shows(statement):
            yield Silencing(function.lineno, name, "leaves out", parts)
        elif taken_out := _taken_out(statement):
            yield Silencing(function.lineno, name, "leaves out", taken_out)
        elif (mark := _mark(statement)) and (mark == "xfail" or name.startswith("pytest_")):
            # by the time that a fixture runs, its test is not skipped by a mark any more
            yield Silencing(function.lineno, name, "lets fail" if mark == "xfail" else "skips", parts)
        elif _ends_well(statement, "sys.exit", "os._exit", "exit", "pytest.exit") or _sets_status(statement):
            yield Silencing(function.lineno, name, "hides a failure of", parts)
        elif name in _IN_PLACE and isinstance(statement, ast.Return) and statement.value:
            named = _parts(statement.value) or (parts if _says(statement.value, name) else ())
            if named and (name == "pytest_ignore_collect" or not _calls(function)):
                yield Silencing(function.lineno, name, "leaves out", named)
    if any(_turns(statement, surely, name) for statement, surely in live(function.body)):
        yield Silencing(function.lineno, name, "hides a failure of")


def _reached(body: Sequence[ast.stmt]) -> Iterator[tuple[ast.stmt, tuple[str, ...]]]:
    """Yield the statements that surely run, and those that run for tests whose path holds one of some texts."""
    for statement, surely in live(body):
        if surely:
            yield statement, _ALWAYS
            if isinstance(statement, ast.If) and (parts := _parts(statement.test)):
                yield from ((inner, parts) for inner, also in live(statement.body) if also)


def _parts(test: ast.expr) -> tuple[str, ...]:
    """Return the texts of which a condition asks whether the path of a test, or its name, holds them."""
    if isinstance(test, ast.Compare) and isinstance(test.ops[0], (ast.In, ast.Eq)):
        sides = [test.left, test.comparators[0]]
    elif isinstance(test, ast.Call) and isinstance(test.func, ast.Attribute) and test.func.attr in _ASKING:
        sides = [test.func.value, *test.args[:1]]
    else:
        return ()
    is_path = any(dotted(side).rpartition(".")[2] in _PLACES for side in sides)
    texts = (side.value for side in sides if isinstance(side, ast.Constant) and isinstance(side.value, str))
    return tuple(text for text in texts if text) if is_path else ()


_ASKING = frozenset({"startswith", "endswith", "match"})


def _skips(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and dotted(statement.value).rpartition(".")[2] in SKIPPING


def _mark(statement: ast.stmt) -> str:
    """Return the name of the mark by which a statement skips a test, or lets it fail; empty for none."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    if not isinstance(call, ast.Call) or not dotted(call).endswith("add_marker") or not call.args:
        return ""
    mark = call.args[0]
    named = mark.value if isinstance(mark, ast.Constant) else dotted(mark).rpartition(".")[2]
    return named if isinstance(named, str) and named in SKIPPING else ""


def _empties(statement: ast.stmt) -> bool:
    """Tell whether a statement takes all tests out of those that were found: `items[:] = []`, `items.clear()`."""
    if isinstance(statement, ast.Expr):
        return f".{dotted(statement.value)}".endswith(".items.clear")
    targets = statement.targets if isinstance(statement, (ast.Assign, ast.Delete)) else []
    return _names_items(targets) and (not isinstance(statement, ast.Assign) or truth(statement.value) is False)


def _taken_out(statement: ast.stmt) -> tuple[str, ...]:
    """Return the texts whose paths are taken out: `items[:] = [i for i in items if "x" not in i.nodeid]`."""
    kept = statement.value if isinstance(statement, ast.Assign) and _names_items(statement.targets) else None
    if not isinstance(kept, ast.ListComp):
        return ()
    parts: tuple[str, ...] = ()
    for condition in kept.generators[0].ifs:
        if isinstance(condition, ast.UnaryOp) and isinstance(condition.op, ast.Not):
            parts += _parts(condition.operand)
        elif isinstance(condition, ast.Compare) and isinstance(condition.ops[0], (ast.NotIn, ast.NotEq)):
            parts += _parts(ast.Compare(condition.left, [ast.In()], condition.comparators))
    return parts


def _names_items(targets: Sequence[ast.expr]) -> bool:
    """Tell whether all that was found is assigned to: `items[:]`."""
    whole = (one for one in targets if isinstance(one, ast.Subscript) and isinstance(one.slice, ast.Slice))
    return any(dotted(one.value).rpartition(".")[2] == "items" for one in whole)


def _only_shows(statement: ast.stmt) -> bool:
    """Tell whether a statement sets an option with which pytest runs no test."""
    sets = isinstance(statement, ast.Assign) and dotted(statement.targets[0]).endswith(_SHOWING)
    return sets and isinstance(statement, ast.Assign) and truth(statement.value) is True


def _ends_well(statement: ast.stmt, *names: str) -> bool:
    call = statement.value if isinstance(statement, ast.Expr) else None
    if not isinstance(call, ast.Call) or dotted(call) not in names:
        return False
    if dotted(call) != "pytest.exit":
        return not call.args or truth(call.args[0]) is False
    status = [*call.args[1:], *(word.value for word in call.keywords if word.arg == "returncode")]
    return bool(status) and truth(status[0]) is False


def _sets_status(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.Assign) or not dotted(statement.targets[0]).endswith(".exitstatus"):
        return False
    return truth(statement.value) is False or dotted(statement.value).endswith("ExitCode.OK")


def _says(value: ast.expr, hook: str) -> bool:
    """Tell whether what a hook returns says that it has done what pytest would do."""
    if isinstance(value, ast.Constant):
        return value.value is not None and (hook != "pytest_ignore_collect" or value.value is True)
    return isinstance(value, ast.List) and not value.elts


def _turns(statement: ast.stmt, surely: bool, hook: str) -> bool:
    """Tell whether a statement makes of what a test has come to something that is no failure."""
    if isinstance(statement, ast.Assign):
        said = statement.value.value if isinstance(statement.value, ast.Constant) else ""
        target = dotted(statement.targets[0]).rpartition(".")[2]
        # some skip what has failed for want of a network
        is_outcome = target == "outcome" and (said == "passed" or (said == "skipped" and surely))
        return is_outcome or (target == "excinfo" and said is None and surely)
    if hook in _PASSING and any(isinstance(node, ast.Yield) for node in walk(getattr(statement, "body", []))):
        return swallows(statement)
    call = statement.value if isinstance(statement, ast.Expr) and hook in _RUNNING else None
    forced = isinstance(call, ast.Call) and dotted(call).endswith(".force_result") and call.args
    return bool(forced) and isinstance(call, ast.Call) and isinstance(call.args[0], ast.Constant)


def _calls(function: Function) -> bool:
    """Tell whether a hook calls anything, and so may do what it says that it has done."""
    nodes = (node for statement, _ in live(function.body) for node in own_expressions(statement))
    called = (dotted(node).rpartition(".")[2] for node in nodes if isinstance(node, ast.Call))
    return any(name not in {"print", "str", *_ASKING} for name in called)
