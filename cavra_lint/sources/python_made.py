"""The tests that a module makes where no `def` or `class` stands for them, as pytest finds them by their names."""

from __future__ import annotations

import _ast as ast
from collections.abc import Iterator, Mapping

from cavra_lint.frozen import TYPE_CHECKING, NamedTuple
from cavra_lint.sources.python_flow import FUNCTIONS, dotted, live

if TYPE_CHECKING:
    from cavra_lint.sources.python_asserts import Helpers
    from cavra_lint.sources.python_tests import Collector

#: What hypothesis runs of a state machine.
_RULES = frozenset({"rule", "invariant", "initialize"})
#: In these a module keeps what its names stand for.
_NAMESPACES = frozenset({"globals", "vars", "locals"})


class Made(NamedTuple):
    """A test that a statement makes: its name, its line, and whether it asserts."""

    name: str
    line: int
    asserts: bool


def made_tests(collector: Collector) -> Iterator[Made]:
    """Yield the tests that a module makes.

    Args:
        collector: what is known of the module.
    """
    functions, helpers = collector.functions, collector.helpers
    for statement, _ in live(collector.module.body):
        for name, value in _bound(statement):
            if name.startswith("test") and _is_test(value, functions, helpers):
                yield Made(name, statement.lineno, True)
            if isinstance(value, ast.Attribute) and value.attr == "TestCase":
                machine = collector.members.get(dotted(value.value))
                if isinstance(machine, ast.ClassDef) and any(
                    dotted(base).endswith("Machine") for base in machine.bases
                ):
                    yield Made(name, statement.lineno, _machine_asserts(machine, collector))


def _bound(statement: ast.stmt) -> Iterator[tuple[str, ast.expr]]:
    """Yield the names that a statement binds in another way than one by one, and what each stands for."""
    if isinstance(statement, ast.Assign):
        for target in statement.targets:
            if isinstance(target, (ast.Tuple, ast.List)):
                given = statement.value.elts if isinstance(statement.value, (ast.Tuple, ast.List)) else []
                values = given if len(given) == len(target.elts) else [statement.value] * len(target.elts)
                yield from ((dotted(name), value) for name, value in zip(target.elts, values, strict=True))
            elif isinstance(target, ast.Subscript) and _is_namespace(target.value):
                yield _beginning(target.slice), statement.value
            elif isinstance(statement.value, ast.Attribute):
                yield dotted(target), statement.value
    elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        yield from _updated(statement.value)


def _updated(call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    """Yield what `globals().update(...)` binds."""
    if not (isinstance(call.func, ast.Attribute) and call.func.attr == "update" and _is_namespace(call.func.value)):
        return
    yield from ((word.arg, word.value) for word in call.keywords if word.arg)
    for given in call.args:
        if isinstance(given, ast.DictComp):
            yield _beginning(given.key), given.value
        elif isinstance(given, ast.Dict):
            pairs = zip(given.keys, given.values, strict=True)
            yield from ((_beginning(key), value) for key, value in pairs if key is not None)


def _is_namespace(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and not node.args and dotted(node.func) in _NAMESPACES


def _beginning(key: ast.expr) -> str:
    """Return how a name begins that a module is given: `test_` of `f"test_{gate}"`."""
    first = key.values[0] if isinstance(key, ast.JoinedStr) and key.values else key
    first = first.left if isinstance(first, ast.BinOp) else first
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""


def _is_test(value: ast.expr, functions: Mapping[str, object], helpers: Helpers) -> bool:
    """Tell whether a value is a function of the module that asserts, or one that a function of the module gives."""
    if isinstance(value, ast.Call):
        return dotted(value).rpartition(".")[2] in helpers.giving
    return isinstance(value, ast.Name) and value.id in functions and value.id in helpers.asserting


def _machine_asserts(machine: ast.ClassDef, collector: Collector) -> bool:
    members = (member for member in machine.body if isinstance(member, FUNCTIONS))
    return any(
        dotted(mark).rpartition(".")[2] in _RULES and collector.test(member.name, member, None).asserts
        for member, mark in ((one, mark) for one in members for mark in one.decorator_list)
    )
