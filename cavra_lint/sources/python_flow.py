"""What of a Python syntax tree can run, and what of it is constant; nothing is run to find out."""

from __future__ import annotations

# what `ast` has of its own, most runs have no use for, and it takes twice as long to import
import _ast as ast
import functools
from collections.abc import Container, Iterable, Iterator, Sequence

Function = ast.FunctionDef | ast.AsyncFunctionDef
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)

#: A name of more parts, or called more often in one expression, is not followed to its beginning.
_LONGEST_NAME = 50
_ENDS = {"exit", "quit", "_exit", "abort", "sys.exit", "os._exit", "os.abort"}
_MADE_OF_PARTS = (
    *(ast.Constant, ast.Tuple, ast.List, ast.Set, ast.Dict, ast.UnaryOp, ast.BinOp, ast.BoolOp),
    *(ast.Compare, ast.JoinedStr, ast.FormattedValue, ast.IfExp, ast.NamedExpr, ast.Subscript, ast.Slice),
)
#: What makes the same of the same, and changes nothing.
_PLAIN_CALLS = frozenset(
    {"bool", "int", "str", "len", "float", "isinstance", "print", "all", "any", "sorted", "sum", "min", "max", "list"}
    | {"tuple", "dict", "set", "frozenset", "repr", "callable"}
)
#: Methods that change nothing of what they are called on.
_READING_METHODS = frozenset({"get", "keys", "values", "items", "copy", "count", "index", "startswith", "endswith"})
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
    if isinstance(node, ast.JoinedStr):
        return True if any(isinstance(part, ast.Constant) and part.value for part in node.values) else None
    if isinstance(node, ast.NamedExpr):
        return truth(node.value)
    if isinstance(node, ast.IfExp):
        either = truth(node.body)
        return either if either is truth(node.orelse) else None
    if isinstance(node, ast.Call):
        return False if _makes_nothing(node) else None
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
    return True if isinstance(node, ast.Name) and node.id == "__debug__" else None


def _makes_nothing(call: ast.Call) -> bool:
    """Tell whether a call makes a value that is always empty: `list()`, `range(0)`."""
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    if name == "range":
        return len(call.args) == 1 and isinstance(call.args[0], ast.Constant) and call.args[0].value == 0
    return name in _EMPTY and not call.args and not call.keywords


_EMPTY = {"list", "tuple", "dict", "set", "frozenset", "str", "bytes", "int", "float", "bool"}


def _compared(node: ast.Compare) -> bool | None:
    if len(node.ops) != 1:
        return None
    left, right, equal = node.left, node.comparators[0], _EQUALITIES.get(type(node.ops[0]))
    if isinstance(node.ops[0], ast.GtE) and isinstance(left, ast.Call) and dotted(left) == "len":
        return True if isinstance(right, ast.Constant) and right.value == 0 else None
    if equal is None:
        return None
    if isinstance(left, ast.Constant) and isinstance(right, ast.Constant):
        return (left.value == right.value) is equal
    return None


def is_constant(node: ast.expr, names: Container[object] = frozenset()) -> bool:
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
        return all(is_same(sides[0], side) for side in sides[1:])
    return has_constant_value(node, names)


def has_constant_value(node: ast.expr, names: Container[object] = frozenset()) -> bool:
    """Tells whether an expression has the same value in every run."""
    if isinstance(node, ast.Name):
        return node.id in names
    if isinstance(node, _MADE_OF_PARTS):
        parts = [child for child in children(node) if isinstance(child, ast.expr)]
        return all(has_constant_value(part, names) for part in parts)
    if isinstance(node, ast.Call) and not node.keywords:
        func = node.func
        # a method of a constant makes a constant of constants: `"R7.4".lower()`
        plain = func.id in _PLAIN_CALLS if isinstance(func, ast.Name) else _is_method_of_constant(func, names)
        return plain and all(has_constant_value(argument, names) for argument in node.args)
    return False


def _is_method_of_constant(func: ast.expr, names: Container[object]) -> bool:
    if not isinstance(func, ast.Attribute):
        return False
    return has_constant_value(func.value, names if func.attr in _READING_METHODS else frozenset())


def _is_alike(one: object, other: object) -> bool:
    """Tell whether two expressions are written alike, without a look at what follows the first difference."""
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_is_alike, one, other))
    if isinstance(one, ast.AST) and type(one) is type(other):
        return all(_is_alike(getattr(one, field, None), getattr(other, field, None)) for field in one._fields)
    return type(one) is type(other) and one == other


def is_same(*sides: ast.expr) -> bool:
    """Tells whether two expressions are one, so that what they come to is the same in every run."""
    if len(sides) != 2 or not _is_alike(*sides):
        return False
    return not any(isinstance(child, (ast.Call, ast.Await)) for child in all_below(sides[0]))


def constant_names(body: Sequence[ast.stmt]) -> frozenset[str]:
    """Returns the names that a function or a module binds to nothing but constants."""
    return names_bound(body)[0]


def names_bound(body: Sequence[ast.stmt]) -> tuple[frozenset[str], set[str]]:
    """Returns the names that a function or a module binds to nothing but constants, and all that it binds.

    What is defined there is a constant as well. A name that is bound to two values is none, nor is a list or
    the like that anything could change.
    """
    values: dict[str, ast.AST] = {}
    bound: set[str] = set()
    other: set[str] = set()
    plain: set[int] = set()
    for node in walk(body):
        if isinstance(node, _BINDERS):
            for name, target, value in _bindings(node):
                plain.add(id(target))
                first = values.setdefault(name, value)
                if first is not value and not _is_alike(first, value):
                    other.add(name)
            names = bound_by(node)
            bound.update(names)
            if id(node) not in plain:
                other.update(names)
    if "*" in bound:
        # what another module holds may be bound to any of these names
        other.update(values)
    if not values.keys() <= other:
        containers = {name for name, value in values.items() if _is_container(value)}
        other.update(_changed(body, containers))
    return frozenset(values.keys() - other), bound


_BINDERS = (
    *(ast.Name, ast.Assign, ast.AnnAssign, ast.Import, ast.ImportFrom, *FUNCTIONS, ast.ClassDef),
    *(ast.ExceptHandler, ast.MatchAs, ast.MatchStar, ast.MatchMapping),
)


def _bindings(node: ast.AST) -> Iterator[tuple[str, ast.AST, ast.AST]]:
    """Yield each name that a statement binds to a constant, where it does, and the constant."""
    if isinstance(node, (ast.Assign, ast.AnnAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if node.value and all(isinstance(target, ast.Name) for target in targets) and has_constant_value(node.value):
            yield from ((dotted(target), target, node.value) for target in targets)
    elif isinstance(node, (*FUNCTIONS, ast.ClassDef)) and not node.decorator_list:
        yield node.name, node, node


def bound_by(node: ast.AST) -> tuple[str, ...]:
    """Returns the names that a node binds by itself."""
    if isinstance(node, ast.Name):
        return (node.id,) if isinstance(node.ctx, ast.Store) else ()
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return tuple((alias.asname or alias.name).partition(".")[0] for alias in node.names)
    # a function, a class, an exception that is caught, a pattern that is met
    name = getattr(node, "name", None) or getattr(node, "rest", None)
    return (name,) if isinstance(name, str) else ()


def _is_container(value: ast.AST) -> bool:
    return isinstance(value, ast.expr) and any(
        isinstance(part, (ast.List, ast.Dict, ast.Set, ast.Call)) for part in all_below(value)
    )


def _changed(body: Sequence[ast.stmt], containers: set[str]) -> Iterator[str]:
    """Yield the names that code, and the functions within it, may bind anew, and the containers that it may change.

    A container is changed where it is handed to anything that does not only read it.
    """
    nodes = [node for statement in body for node in all_below(statement)]
    read: set[int] = set()
    for node in nodes:
        if isinstance(node, (ast.Global, ast.Nonlocal)):
            yield from node.names
        elif isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
            yield dotted(node.value)
        elif isinstance(node, _READERS):
            read.update(map(id, children(node)))
        elif isinstance(node, ast.Call):
            name = dotted(node.func).rsplit(".", 1)[-1]
            if isinstance(node.func, ast.Attribute) and name in _READING_METHODS:
                read.add(id(node.func.value))
            if name in _PLAIN_CALLS or name.startswith("assert") or name == "parametrize":
                read.update(map(id, (*node.args, *(word.value for word in node.keywords))))
    for node in nodes:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and id(node) not in read:
            yield from {node.id} & containers


#: What only looks at what stands right below it.
_READERS = (
    *(ast.Assert, ast.Compare, ast.BoolOp, ast.UnaryOp, ast.Subscript, ast.FormattedValue),
    *(ast.For, ast.AsyncFor, ast.comprehension, ast.If, ast.IfExp, ast.While),
)


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
    for field in _fields_below(node._fields):
        value = getattr(node, field, None)
        if isinstance(value, ast.AST):
            found.append(value)
        elif isinstance(value, list):
            found += [item for item in value if isinstance(item, ast.AST)]
    return found


@functools.cache
def _fields_below(fields: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(field for field in fields if field not in _MARKS)


#: Fields that hold what is said of a node, and nothing that stands below it.
_MARKS = frozenset({"ctx", "op", "ops", "type_comment", "lineno", "id", "attr", "kind"})


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
    if isinstance(test, ast.Compare) and isinstance(test.ops[0], (ast.Eq, ast.NotEq)):
        sides = [test.left, test.comparators[0]]
        other = next((side.value for side in sides if isinstance(side, ast.Constant)), None)
        if "__name__" in map(dotted, sides) and isinstance(other, str):
            # imported, it has a name that no one can tell
            named = script if other == "__main__" else False if script else None
            return named if named is None or isinstance(test.ops[0], ast.Eq) else not named
    return truth(test)


def _live(body: Sequence[ast.stmt], surely: bool, script: bool) -> Iterator[tuple[ast.stmt, bool]]:
    for statement in body:
        yield statement, surely
        if type(statement) in _PLAIN:
            continue
        returns = False
        for inner in _within(statement, surely, script):
            returns = returns or isinstance(inner[0], ast.Return)
            yield inner
        # what stands behind `if x: return` runs in some runs only
        surely = surely and not returns
        if _ends(statement):
            return


#: Statements with none within, behind which the next one runs; most are of these kinds.
_PLAIN = frozenset({ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Assert, ast.Import, ast.ImportFrom, ast.FunctionDef})


def _within(statement: ast.stmt, surely: bool, script: bool) -> Iterator[tuple[ast.stmt, bool]]:
    if isinstance(statement, ast.If):
        known = _taken(statement.test, script)
        if known is not False:
            yield from _live(statement.body, surely and known is True, script)
        if known is not True:
            yield from _live(statement.orelse, surely and known is False, script)
    elif isinstance(statement, (ast.For, ast.AsyncFor, ast.While)):
        looped = statement.test if isinstance(statement, ast.While) else statement.iter
        known = truth(looped)
        if known is not False:
            yield from _live(statement.body, False, script)
        if known is not True or not isinstance(statement, ast.While):
            yield from _live(statement.orelse, False, script)
    elif isinstance(statement, (ast.With, ast.AsyncWith)):
        yield from _live(statement.body, surely, script)
    elif isinstance(statement, ast.Match):
        for case in statement.cases:
            yield from _live(case.body, False, script)
    elif isinstance(statement, ast.Try) or type(statement).__name__ == "TryStar":
        yield from _live_try(statement, surely, script)


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
    if isinstance(statement, ast.While):
        return truth(statement.test) is True and not any(isinstance(inner, ast.Break) for inner in walk(statement.body))
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
