"""What of a Python syntax tree can run, and what of it is constant; nothing is run to find out."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence

Function = ast.FunctionDef | ast.AsyncFunctionDef
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)

_ENDS = {"exit", "quit", "sys.exit", "os._exit", "os.abort"}
_EQUALITIES = {ast.Eq: True, ast.NotEq: False, ast.Is: True, ast.IsNot: False}


def dotted(node: ast.AST | None) -> str:
    """Returns a name such as `pytest.mark.skip`, of a call the name of what is called; else ''."""
    parts: list[str] = []
    while isinstance(node, (ast.Attribute, ast.Call)):
        if isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        else:
            node = node.func
    if isinstance(node, ast.Name):
        parts.append(node.id)
    return ".".join(reversed(parts))


def truth(node: ast.expr) -> bool | None:
    """Returns what a condition always comes to, None where that depends on the run."""
    if isinstance(node, ast.Constant):
        return bool(node.value)
    if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
        return bool(node.elts) if not any(isinstance(e, ast.Starred) for e in node.elts) else None
    if isinstance(node, ast.Dict):
        return bool(node.keys)
    if isinstance(node, (ast.Lambda, ast.GeneratorExp)):
        return True
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        inner = truth(node.operand)
        return None if inner is None else not inner
    if isinstance(node, ast.BoolOp):
        decisive = isinstance(node.op, ast.Or)
        found = [truth(value) for value in node.values]
        if decisive in found:
            return decisive
        return None if None in found else not decisive
    if isinstance(node, ast.Compare):
        return _compared(node)
    if isinstance(node, (ast.Name, ast.Attribute)) and dotted(node).endswith("TYPE_CHECKING"):
        return False
    return None


def _compared(node: ast.Compare) -> bool | None:
    if len(node.ops) != 1:
        return None
    left, right, equal = node.left, node.comparators[0], _EQUALITIES.get(type(node.ops[0]))
    if equal is None:
        return None
    if isinstance(left, ast.Name) and left.id == "__name__" and isinstance(right, ast.Constant):
        # The file is looked at as a script, whether pytest imports it or not.
        return (right.value == "__main__") is equal
    if isinstance(left, ast.Constant) and isinstance(right, ast.Constant):
        return (left.value == right.value) is equal
    return None


def is_constant(node: ast.AST, names: frozenset[str] = frozenset()) -> bool:
    """Tells whether an expression comes to the same in every run.

    Args:
        node: the expression.
        names: names that are known to hold constants.

    Returns:
        True for literals, for what is made of them alone, and for `x == x` and `x or True`.
    """
    if isinstance(node, ast.expr) and truth(node) is not None:
        return True
    if isinstance(node, ast.Compare):
        sides = [node.left, *node.comparators]
        if all(is_constant(side, names) for side in sides):
            return True
        return len({ast.dump(side) for side in sides}) == 1 and not _calls(node)
    if isinstance(node, ast.Name):
        return node.id in names
    if isinstance(node, ast.BoolOp):
        true = isinstance(node.op, ast.Or)
        if true and any(truth(value) for value in node.values):
            return True
    shapes = (ast.Constant, ast.Tuple, ast.List, ast.Set, ast.Dict, ast.UnaryOp, ast.BinOp)
    if isinstance(node, (*shapes, ast.BoolOp, ast.JoinedStr, ast.FormattedValue, ast.IfExp)):
        inner = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
        return all(is_constant(child, names) for child in inner)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        plain = node.func.id in {"bool", "int", "str", "len", "float", "isinstance", "print"}
        return plain and all(is_constant(argument, names) for argument in node.args)
    return False


def _calls(node: ast.AST) -> bool:
    return any(isinstance(child, (ast.Call, ast.Await)) for child in ast.walk(node))


def constant_names(body: Sequence[ast.stmt]) -> frozenset[str]:
    """Returns the names that a function or a module binds to nothing but constants."""
    constant: set[str] = set()
    other: set[str] = set()
    plain: set[int] = set()
    for node in walk(body):
        if isinstance(node, ast.Assign) and all(isinstance(t, ast.Name) for t in node.targets):
            if is_constant(node.value):
                plain.update(id(target) for target in node.targets)
                constant.update(dotted(target) for target in node.targets)
        elif isinstance(node, ast.AnnAssign) and node.value and is_constant(node.value):
            plain.add(id(node.target))
            constant.add(dotted(node.target))
        elif isinstance(node, (ast.Global, ast.Nonlocal)):
            other.update(node.names)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            # `found = []` is not constant where it is appended to.
            other.add(dotted(node.func.value))
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
            other.add(dotted(node.value))
    for node in walk(body):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and id(node) not in plain:
            other.add(node.id)
    return frozenset(constant - other)


def walk(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Yields all nodes, but not those inside of functions and classes that are defined there."""
    stack = list(body)[::-1]
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            stack += [*node.decorator_list]
        elif not isinstance(node, ast.Lambda):
            stack += list(ast.iter_child_nodes(node))[::-1]


def live(body: Sequence[ast.stmt]) -> Iterator[tuple[ast.stmt, bool]]:
    """Yields the statements that can run, those within compound statements too.

    Args:
        body: statements of a module, a class or a function.

    Yields:
        Each statement, and whether it surely runs where the body runs to its end.
    """
    yield from _live(body, True)


def _live(body: Sequence[ast.stmt], surely: bool) -> Iterator[tuple[ast.stmt, bool]]:
    for statement in body:
        yield statement, surely
        if isinstance(statement, ast.If):
            known = truth(statement.test)
            if known is not False:
                yield from _live(statement.body, surely and known is True)
            if known is not True:
                yield from _live(statement.orelse, surely and known is False)
        elif isinstance(statement, (ast.For, ast.AsyncFor, ast.While)):
            looped = statement.test if isinstance(statement, ast.While) else statement.iter
            if truth(looped) is not False:
                yield from _live(statement.body, False)
            yield from _live(statement.orelse, False)
        elif isinstance(statement, (ast.With, ast.AsyncWith)):
            yield from _live(statement.body, surely)
        elif isinstance(statement, ast.Match):
            for case in statement.cases:
                yield from _live(case.body, False)
        elif isinstance(statement, ast.Try) or type(statement).__name__ == "TryStar":
            yield from _live_try(statement, surely)
        if _ends(statement):
            return


def _live_try(statement: ast.stmt, surely: bool) -> Iterator[tuple[ast.stmt, bool]]:
    yield from _live(getattr(statement, "body", []), surely)
    for handler in getattr(statement, "handlers", []):
        yield from _live(handler.body, False)
    yield from _live(getattr(statement, "orelse", []), False)
    yield from _live(getattr(statement, "finalbody", []), surely)


def _ends(statement: ast.stmt) -> bool:
    if isinstance(statement, (ast.Return, ast.Raise, ast.Break, ast.Continue)):
        return True
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        return dotted(statement.value) in _ENDS
    if isinstance(statement, ast.If):
        known = truth(statement.test)
        if known is None:
            return _any_ends(statement.body) and _any_ends(statement.orelse)
        return _any_ends(statement.body if known else statement.orelse)
    if isinstance(statement, (ast.With, ast.AsyncWith)):
        # A context manager may swallow what is raised, but not a return.
        return any(isinstance(inner, ast.Return) for inner in statement.body)
    return False


def _any_ends(body: Sequence[ast.stmt]) -> bool:
    return any(_ends(statement) for statement in body)


def own_expressions(statement: ast.stmt) -> Iterator[ast.AST]:
    """Yields the nodes of a statement itself, without those of statements within it."""
    inner = [
        child for child in ast.iter_child_nodes(statement) if not isinstance(child, _BLOCK_PARTS)
    ]
    if isinstance(statement, (*FUNCTIONS, ast.ClassDef)):
        inner = [*statement.decorator_list]
    yield from walk(inner)


_BLOCK_PARTS = (ast.stmt, ast.ExceptHandler, ast.match_case)
