"""What of a Python syntax tree can run, and what of it is constant; nothing is run to find out."""

from __future__ import annotations

# what `ast` has of its own, most runs have no use for, and it takes twice as long to import
import _ast as ast
from collections.abc import Container, Iterable, Iterator, Sequence

Function = ast.FunctionDef | ast.AsyncFunctionDef
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)

#: A name of more parts, or called more often in one expression, is not followed to its beginning.
_LONGEST_NAME = 50
_ENDS = {"exit", "quit", "sys.exit", "os._exit", "os.abort"}
_MADE_OF_PARTS = (
    *(ast.Constant, ast.Tuple, ast.List, ast.Set, ast.Dict, ast.UnaryOp, ast.BinOp, ast.BoolOp),
    *(ast.Compare, ast.JoinedStr, ast.FormattedValue, ast.IfExp),
)
_EQUALITIES = {ast.Eq: True, ast.NotEq: False, ast.Is: True, ast.IsNot: False}


def dotted(node: ast.AST | None) -> str:
    """Returns a name such as `pytest.mark.skip`, of a call the name of what is called; else ''."""
    parts: list[str] = []
    calls = 0
    # of `a().b().c()` each part is asked for its name: without a limit, that is the square of its length
    while isinstance(node, (ast.Attribute, ast.Call)) and len(parts) < _LONGEST_NAME and calls < _LONGEST_NAME:
        if isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        else:
            calls += 1
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
    if isinstance(left, ast.Constant) and isinstance(right, ast.Constant):
        return (left.value == right.value) is equal
    return None


def is_constant(node: ast.expr, names: Container[str] = frozenset()) -> bool:
    """Tells whether a condition comes to the same in every run.

    Args:
        node: the condition.
        names: names that are known to hold constants.

    Returns:
        True for literals and what is made of them alone, for `x or True`, `x == x`, and for a
        tuple with anything in it, which is true whatever that is.
    """
    if truth(node) is not None:
        return True
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return is_constant(node.operand, names)
    if isinstance(node, ast.BoolOp):
        return all(is_constant(value, names) for value in node.values)
    if isinstance(node, ast.Compare):
        sides = [node.left, *node.comparators]
        if all(has_constant_value(side, names) for side in sides):
            return True
        return all(_is_alike(sides[0], side) for side in sides[1:]) and not _calls(node)
    return has_constant_value(node, names)


def has_constant_value(node: ast.expr, names: Container[str] = frozenset()) -> bool:
    """Tells whether an expression has the same value in every run."""
    if isinstance(node, ast.Name):
        return node.id in names
    if isinstance(node, _MADE_OF_PARTS):
        parts = [child for child in children(node) if isinstance(child, ast.expr)]
        return all(has_constant_value(part, names) for part in parts)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        plain = node.func.id in {"bool", "int", "str", "len", "float", "isinstance", "print"}
        return plain and all(has_constant_value(argument, names) for argument in node.args)
    return False


def _is_alike(one: object, other: object) -> bool:
    """Tell whether two expressions are written alike, without a look at what follows the first difference."""
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_is_alike, one, other))
    if isinstance(one, ast.AST) and type(one) is type(other):
        return all(_is_alike(getattr(one, field, None), getattr(other, field, None)) for field in one._fields)
    return type(one) is type(other) and one == other


def _calls(node: ast.AST) -> bool:
    return any(isinstance(child, (ast.Call, ast.Await)) for child in all_below(node))


def constant_names(body: Sequence[ast.stmt]) -> frozenset[str]:
    """Returns the names that a function or a module binds to nothing but constants."""
    constant: set[str] = set()
    other: set[str] = set()
    plain: set[int] = set()
    nodes = list(walk(body))
    for node in nodes:
        if isinstance(node, ast.Assign) and all(isinstance(t, ast.Name) for t in node.targets):
            if has_constant_value(node.value):
                plain.update(id(target) for target in node.targets)
                constant.update(dotted(target) for target in node.targets)
        elif isinstance(node, ast.AnnAssign) and node.value and has_constant_value(node.value):
            plain.add(id(node.target))
            constant.add(dotted(node.target))
        elif isinstance(node, (ast.Global, ast.Nonlocal)):
            other.update(node.names)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            # `found = []` is not constant where it is appended to.
            other.add(dotted(node.func.value))
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
            other.add(dotted(node.value))
    for node in nodes:
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
            stack += children(node)[::-1]


def all_below(node: ast.AST) -> Iterator[ast.AST]:
    """Yields a node and all nodes below it, those of functions and classes too, in no order."""
    stack = [node]
    while stack:
        node = stack.pop()
        yield node
        stack += children(node)


def children(node: ast.AST) -> list[ast.AST]:
    """Returns the nodes right below a node, as `ast.iter_child_nodes` does, but no contexts and no operators."""
    found: list[ast.AST] = []
    for field in node._fields:
        if field in _MARKS:
            continue
        value = getattr(node, field, None)
        if isinstance(value, ast.AST):
            found.append(value)
        elif isinstance(value, list):
            found += [item for item in value if isinstance(item, ast.AST)]
    return found


#: Fields that hold what is said of a node, and nothing that stands below it.
_MARKS = frozenset({"ctx", "op", "ops", "type_comment", "lineno", "id", "attr"})


def live(body: Sequence[ast.stmt], *, script: bool = False) -> Iterator[tuple[ast.stmt, bool]]:
    """Yields the statements that can run, those within compound statements too.

    Args:
        body: statements of a module, a class or a function.
        script: whether the file runs as a script, or is imported.

    Yields:
        Each statement, and whether it surely runs where the body runs to its end.
    """
    yield from _live(body, True, script)


def _taken(test: ast.expr, script: bool) -> bool | None:
    if isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.Eq):
        sides = [test.left, test.comparators[0]]
        if "__name__" in map(dotted, sides) and any(isinstance(s, ast.Constant) for s in sides):
            return script
    return truth(test)


def _live(body: Sequence[ast.stmt], surely: bool, script: bool) -> Iterator[tuple[ast.stmt, bool]]:
    for statement in body:
        yield statement, surely
        if isinstance(statement, ast.If):
            known = _taken(statement.test, script)
            if known is not False:
                yield from _live(statement.body, surely and known is True, script)
            if known is not True:
                yield from _live(statement.orelse, surely and known is False, script)
        elif isinstance(statement, (ast.For, ast.AsyncFor, ast.While)):
            looped = statement.test if isinstance(statement, ast.While) else statement.iter
            if truth(looped) is not False:
                yield from _live(statement.body, False, script)
            yield from _live(statement.orelse, False, script)
        elif isinstance(statement, (ast.With, ast.AsyncWith)):
            yield from _live(statement.body, surely, script)
        elif isinstance(statement, ast.Match):
            for case in statement.cases:
                yield from _live(case.body, False, script)
        elif isinstance(statement, ast.Try) or type(statement).__name__ == "TryStar":
            yield from _live_try(statement, surely, script)
        if _ends(statement):
            return


def _live_try(statement: ast.stmt, surely: bool, script: bool) -> Iterator[tuple[ast.stmt, bool]]:
    yield from _live(getattr(statement, "body", []), surely, script)
    for handler in getattr(statement, "handlers", []):
        yield from _live(handler.body, False, script)
    yield from _live(getattr(statement, "orelse", []), False, script)
    yield from _live(getattr(statement, "finalbody", []), surely, script)


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
    inner = [child for child in children(statement) if not isinstance(child, _BLOCK_PARTS)]
    if isinstance(statement, (*FUNCTIONS, ast.ClassDef)):
        inner = [*statement.decorator_list]
    yield from walk(inner)


_BLOCK_PARTS = (ast.stmt, ast.ExceptHandler, ast.match_case)
