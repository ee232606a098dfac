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
PLAIN_CALLS = frozenset(
    {"bool", "int", "str", "len", "float", "isinstance", "print", "all", "any", "sorted", "sum", "min", "max", "list"}
    | {"tuple", "dict", "set", "frozenset", "repr", "callable"}
)
#: Functions of Python's own modules that make the same of the same.
PURE_CALLS = frozenset({"json.loads", "json.dumps", "copy.copy", "copy.deepcopy", "re.match", "re.fullmatch", "re.sub"})
_OWN_NAMES = frozenset({"__file__", "__name__", "__debug__"})
#: Methods that change nothing of what they are called on.
READING_METHODS = frozenset({"get", "keys", "values", "items", "copy", "count", "index", "startswith", "endswith"})
_EQUALITIES = {ast.Eq: True, ast.NotEq: False, ast.Is: True, ast.IsNot: False}


def dotted(node: ast.AST | None) -> str:
    """Return a name such as `pytest.mark.skip`, of a call the name of what is called; else ''."""
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
    """Return what a condition always comes to, None where that depends on the run."""
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
        if dotted(node.func) == "bool" and len(node.args) == 1:
            return truth(node.args[0])
        return False if _makes_nothing(node) else True if is_something(node) else _is_set(node)
    if isinstance(node, ast.Subscript):
        return _is_set(node)
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


def _is_set(node: ast.expr) -> bool | None:
    return None if text_on_github(node) is None else True


def text_on_github(node: ast.expr) -> str | None:
    """Return the text of a variable that each run on GitHub has, None where an expression asks for none of these."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in {"lower", "strip"}:
        node = node.func.value
    asked: ast.expr | None = None
    if isinstance(node, ast.Call) and dotted(node.func) in _ASKING and node.args:
        asked = node.args[0]
    elif isinstance(node, ast.Subscript) and dotted(node.value) in _ENVIRON:
        asked = node.slice
    return "true" if isinstance(asked, ast.Constant) and asked.value in _ON_GITHUB else None


def asks_for_github(node: ast.AST) -> bool:
    """Tell whether what an expression or a file comes to depends on a variable that each run on GitHub has."""
    return any(
        text_on_github(part) is not None or (isinstance(part, ast.Compare) and dotted(part.comparators[0]) in _ENVIRON)
        for part in all_below(node)
        if isinstance(part, ast.expr)
    )


#: What GitHub sets to `true` in every run.
_ON_GITHUB = ("CI", "GITHUB_ACTIONS")
_ENVIRON = frozenset({"os.environ", "environ"})
_ASKING = frozenset({"os.environ.get", "environ.get", "os.getenv", "getenv"})


def _makes_nothing(call: ast.Call) -> bool:
    """Tell whether a call makes a value that is always empty: `list()`, `range(0)`."""
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    if name == "range":
        return len(call.args) == 1 and isinstance(call.args[0], ast.Constant) and call.args[0].value == 0
    return name in _EMPTY and not call.args and not call.keywords


#: What gives an object whatever it finds, and so what is always true: the run of a command, a verdict.
_MAKING_SOMETHING = frozenset({"subprocess.run", "subprocess.Popen", "subprocess.CompletedProcess"}).union(
    f"{module}{name}"
    for module in ("", "cavra_lint.")
    for name in ("verify_packet", "verify_index", "build_packet", "build_index")
)
_EMPTY = {"list", "tuple", "dict", "set", "frozenset", "str", "bytes", "int", "float", "bool"}


def _compared(node: ast.Compare) -> bool | None:
    if len(node.ops) != 1:
        return None
    left, right, equal = node.left, node.comparators[0], _EQUALITIES.get(type(node.ops[0]))
    if isinstance(node.ops[0], ast.GtE) and isinstance(left, ast.Call) and dotted(left) == "len":
        return True if isinstance(right, ast.Constant) and right.value == 0 else None
    if equal is None:
        return _is_among(node) if isinstance(node.ops[0], (ast.In, ast.NotIn)) else _is_newer(node)
    if is_something(left) and isinstance(right, ast.Constant) and right.value is None:
        return not equal
    told = text_on_github(left)
    if isinstance(right, ast.Constant) and (told or isinstance(left, ast.Constant)):
        return ((told or getattr(left, "value", None)) == right.value) is equal
    return None


def _is_among(node: ast.Compare) -> bool | None:
    """Tell of a variable that each run on GitHub has whether it is set, or is one of some texts."""
    left, right, is_in = node.left, node.comparators[0], isinstance(node.ops[0], ast.In)
    if dotted(right) in _ENVIRON:
        return is_in if isinstance(left, ast.Constant) and left.value in _ON_GITHUB else None
    told = text_on_github(left)
    if told is None or not isinstance(right, (ast.Tuple, ast.List, ast.Set)):
        return None
    texts = [part.value if isinstance(part, ast.Constant) else None for part in right.elts]
    return None if None in texts else (told in texts) is is_in


def _is_newer(node: ast.Compare) -> bool | None:
    """Tell of a question for the version of Python what every one that is in use answers."""
    right, operator = node.comparators[0], node.ops[0]
    if dotted(node.left) != "sys.version_info" or not isinstance(right, ast.Tuple):
        return None
    asked = [part.value if isinstance(part, ast.Constant) else None for part in right.elts]
    older = asked in _LONG_OLD
    if not older and asked[:1] != [4]:
        return None
    return older if isinstance(operator, (ast.Gt, ast.GtE)) else not older if isinstance(operator, _LESS) else None


_LONG_OLD = ([2], [2, 7], [3], [3, 0])
_LESS = (ast.Lt, ast.LtE)


def is_constant(node: ast.expr, names: Container[object] = frozenset()) -> bool:
    """Tell whether a condition comes to the same in every run.

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
        if len(sides) == 2 and isinstance(sides[1], ast.Constant) and sides[1].value is None:
            return _is_there(sides[0], names)
        return all(is_same(sides[0], side) for side in sides[1:])
    if isinstance(node, ast.Call) and dotted(node.func) == "callable":
        return len(node.args) == 1 and (_is_there(node.args[0], names) or has_constant_value(node.args[0], names))
    return has_constant_value(node, names) or (isinstance(node, ast.Name) and f"{node.id} holds" in names)


def is_something(node: ast.AST) -> bool:
    """Tell whether an expression gives an object whatever it finds, the run of a command or a verdict."""
    return isinstance(node, ast.Call) and dotted(node.func) in _MAKING_SOMETHING


def _is_there(node: ast.expr, names: Container[object]) -> bool:
    """Tell whether a name stands for something that is there, whatever that is: it was imported, or always made."""
    return isinstance(node, ast.Name) and (f"{node.id} is" in names or f"{node.id} holds" in names)


def has_constant_value(node: ast.expr, names: Container[object] = frozenset()) -> bool:
    """Tell whether an expression has the same value in every run.

    Args:
        node: the expression.
        names: names that are known to hold constants. `f()` is one where a function makes the same of the same,
            `f(*)` where it makes the same of anything, `f.(*)` where its methods do, and `f.*` where its parts are.
    """
    if isinstance(node, ast.Name):
        return node.id in names or node.id in _OWN_NAMES
    if isinstance(node, ast.Attribute):
        whole: ast.expr = node
        while isinstance(whole, ast.Attribute):
            whole = whole.value
        is_given = isinstance(whole, ast.Call) and f"{dotted(whole.func)}(*)" in names
        return is_given or (isinstance(whole, ast.Name) and f"{whole.id}.*" in names)
    if isinstance(node, _MADE_OF_PARTS):
        parts = [child for child in children(node) if isinstance(child, ast.expr)]
        return all(has_constant_value(part, names) for part in parts)
    if isinstance(node, ast.Call):
        called = dotted(node.func)
        first, _, rest = called.partition(".")
        if f"{called}(*)" in names or (rest and f"{first}.(*)" in names and rest.partition(".")[0] not in _RECORDED):
            return True
        arguments = (*node.args, *(word.value for word in node.keywords))
        return _makes_the_same(node, names) and all(has_constant_value(argument, names) for argument in arguments)
    return False


#: What a mock says of how it was called, which is for whoever called it to tell.
_RECORDED = frozenset({"mock_calls", "method_calls", "call_args", "call_args_list"})


def _makes_the_same(call: ast.Call, names: Container[object]) -> bool:
    """Tell whether a function makes a constant of constants."""
    func = call.func
    if isinstance(func, ast.Name):
        return f"{func.id}()" in names or (func.id in PLAIN_CALLS and not call.keywords)
    # as a method of a constant does: `"R7.4".lower()`
    return dotted(func) in PURE_CALLS or (_is_method_of_constant(func, names) and not call.keywords)


def _is_method_of_constant(func: ast.expr, names: Container[object]) -> bool:
    if not isinstance(func, ast.Attribute):
        return False
    return has_constant_value(func.value, names if func.attr in READING_METHODS else frozenset())


def is_alike(one: object, other: object) -> bool:
    """Tell whether two expressions are written alike, without a look at what follows the first difference."""
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(is_alike, one, other))
    if isinstance(one, ast.AST) and type(one) is type(other):
        return all(is_alike(getattr(one, field, None), getattr(other, field, None)) for field in one._fields)
    return type(one) is type(other) and one == other


def is_same(*sides: ast.expr) -> bool:
    """Tell whether two expressions are one, so that what they come to is the same in every run."""
    if len(sides) != 2 or not is_alike(*sides):
        return False
    return not any(isinstance(child, (ast.Call, ast.Await)) for child in all_below(sides[0]))


def walk(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Yield all nodes, but not those inside of functions and classes that are defined there."""
    stack = list(body)[::-1]
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            stack += [*node.decorator_list]
        elif not isinstance(node, ast.Lambda):
            stack += children(node)[::-1]


def all_below(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a node and all nodes below it, those of functions and classes too, in no order."""
    stack = [node]
    while stack:
        node = stack.pop()
        yield node
        stack += children(node)


def children(node: ast.AST) -> list[ast.AST]:
    """Return the nodes right below a node, as `ast.iter_child_nodes` does, but no contexts and no operators."""
    found: list[ast.AST] = []
    # mypy takes the hash of an instance for that of its class
    for field in _fields_below(type(node)):  # type: ignore[arg-type]
        value = getattr(node, field, None)
        if type(value) is list:
            found += [item for item in value if isinstance(item, ast.AST)]
        elif isinstance(value, ast.AST):
            found.append(value)
    return found


@functools.cache
def _fields_below(kind: type[ast.AST]) -> tuple[str, ...]:
    return () if issubclass(kind, _LEAVES) else tuple(field for field in kind._fields if field not in _MARKS)


#: Every other node is one of these, and has none below it.
_LEAVES = (ast.Name, ast.Constant)
#: Fields that hold what is said of a node, and nothing that stands below it.
_MARKS = frozenset({"ctx", "op", "ops", "type_comment", "lineno", "id", "attr", "kind"})


def live(body: Sequence[ast.stmt], *, script: bool = False) -> Iterator[tuple[ast.stmt, bool]]:
    """Yield the statements that can run, those within compound statements too.

    Args:
        body: statements of a module, a class or a function.
        script: whether the file runs as a script, or is imported.

    Yields:
        Each statement, and whether it surely runs where the body runs to its end.
    """
    yield from _live(body, True, script)


def taken(test: ast.expr, script: bool) -> bool | None:
    """Return what a condition always comes to in a file that runs as a script, or is imported; None for unknown."""
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
        known = taken(statement.test, script)
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
    """Yield the nodes of a statement itself, without those of statements within it."""
    inner = [child for child in children(statement) if not isinstance(child, _BLOCK_PARTS)]
    if isinstance(statement, (*FUNCTIONS, ast.ClassDef)):
        inner = [*statement.decorator_list]
    yield from walk(inner)


_BLOCK_PARTS = (ast.stmt, ast.ExceptHandler, ast.match_case)
