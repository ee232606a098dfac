"""What the names of a Python module stand for, as far as that is the same in every run."""

from __future__ import annotations

import _ast as ast
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from cavra_lint.sources.python_flow import (
    FUNCTIONS,
    PLAIN_CALLS,
    PURE_CALLS,
    READING_METHODS,
    all_below,
    asks_for_github,
    children,
    dotted,
    has_constant_value,
    is_alike,
    is_something,
    truth,
    walk,
)


def constant_names(body: Sequence[ast.stmt]) -> frozenset[str]:
    """Return the names that a function or a module binds to nothing but constants."""
    return names_bound(body)[0]


def names_bound(
    body: Sequence[ast.stmt],
    names: Container[object] = frozenset(),
    outer: Container[object] = frozenset(),
    given: Iterable[str] = (),
) -> tuple[frozenset[str], set[str]]:
    """Return the names that a function or a module binds to nothing but constants, and all that it binds.

    What is defined there is a constant as well. A name that is bound to two values is none, nor is a list or
    the like that anything could change.

    Args:
        body: the statements.
        names: names that are known to hold constants.
        outer: those that do where nothing binds them.
        given: names that are bound before the body is run, to what is not known.
    """
    values: dict[str, ast.AST] = {}
    hoped = _Hoped(names, outer)
    bound = set(given)
    other: set[str] = set()
    plain: set[int] = set()
    for node in walk(body):
        if isinstance(node, _BINDERS):
            for name, target, value in _bindings(node, hoped):
                plain.add(id(target))
                first = values.setdefault(name, value)
                if first is not value and not is_alike(first, value):
                    other.add(name)
            found = bound_by(node)
            bound.update(found)
            if id(node) not in plain:
                other.update(found)
    if "*" in bound:
        # what another module holds may be bound to any of these names
        other.update(values)
    if not values.keys() <= other:
        containers = {name for name, value in values.items() if _is_container(value)}
        other.update(_changed(body, containers))
    _take_out_what_depends(values, bound, other, hoped)
    return frozenset(values.keys() - other), bound


class _Hoped:
    """The names that hold constants, and each that may, as long as it is not known what the body binds to it."""

    def __init__(self, names: Container[object], outer: Container[object]) -> None:
        self.names = names
        self.outer = outer

    def __contains__(self, name: object) -> bool:
        return str(name).isidentifier() or name in self.names or name in self.outer


def _take_out_what_depends(values: Mapping[str, ast.AST], bound: set[str], other: set[str], hoped: _Hoped) -> None:
    """Add the names to `other` that are bound to what is made of a name that holds no constant."""
    made_into: dict[str, set[str]] = {}
    for name, value in values.items():
        parts = list(all_below(value)) if isinstance(value, ast.expr) else []
        # of what is called it is known by its whole name whether it makes a constant
        called = {id(below) for part in parts if isinstance(part, ast.Call) for below in _name_called(part, hoped)}
        for part in parts:
            if isinstance(part, ast.Name) and id(part) not in called and not has_constant_value(part):
                made_into.setdefault(part.id, set()).add(name)
    known = {name for name in made_into if name in hoped.names or (name not in bound and name in hoped.outer)}
    waiting = [name for name in made_into if name not in known and (name in other or name not in values)]
    while waiting:
        for name in made_into.get(waiting.pop(), ()):
            if name not in other:
                other.add(name)
                waiting.append(name)


_BINDERS = (
    *(ast.Name, ast.Assign, ast.AnnAssign, ast.Import, ast.ImportFrom, *FUNCTIONS, ast.ClassDef),
    *(ast.ExceptHandler, ast.MatchAs, ast.MatchStar, ast.MatchMapping),
)


def _bindings(node: ast.AST, names: Container[object]) -> Iterator[tuple[str, ast.AST, ast.AST]]:
    """Yield each name that a statement binds to a constant, where it does, and the constant."""
    if isinstance(node, (ast.Assign, ast.AnnAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        plain = all(isinstance(target, ast.Name) for target in targets)
        if node.value and plain and has_constant_value(node.value, names):
            yield from ((dotted(target), target, node.value) for target in targets)
    elif isinstance(node, (*FUNCTIONS, ast.ClassDef)) and not node.decorator_list:
        yield node.name, node, node


def bound_by(node: ast.AST) -> tuple[str, ...]:
    """Return the names that a node binds by itself."""
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
            if isinstance(node.func, ast.Attribute) and name in READING_METHODS:
                read.add(id(node.func.value))
            if name in PLAIN_CALLS or name.startswith("assert") or name == "parametrize":
                read.update(map(id, (*node.args, *(word.value for word in node.keywords))))
    for node in nodes:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and id(node) not in read:
            yield from {node.id} & containers


def _name_called(call: ast.Call, hoped: _Hoped) -> Iterator[ast.AST]:
    whole = dotted(call.func)
    if isinstance(call.func, ast.Name) or whole in PURE_CALLS or f"{whole}(*)" in hoped:
        yield from all_below(call.func)


#: What only looks at what stands right below it.
_READERS = (
    *(ast.Assert, ast.Compare, ast.BoolOp, ast.UnaryOp, ast.Subscript, ast.FormattedValue),
    *(ast.For, ast.AsyncFor, ast.comprehension, ast.If, ast.IfExp, ast.While),
)


def call_by_own_names(module: ast.Module, known: Container[object]) -> None:
    """Call what a module imports of some others under another name by its own, so that it is known by that."""
    other: dict[str, str] = {}
    for statement in module.body:
        of_known = isinstance(statement, ast.ImportFrom) and statement.module in known
        for alias in statement.names if isinstance(statement, (ast.Import, ast.ImportFrom)) else ():
            if alias.asname and (of_known or (isinstance(statement, ast.Import) and alias.name in known)):
                other[alias.asname] = alias.name
                alias.asname = None
    for node in all_below(module) if other else ():
        if isinstance(node, ast.Name):
            node.id = other.get(node.id, node.id)


def settle_conditions(module: ast.Module) -> None:
    """Put what a name of a module stands for into conditions and loops: `OFF = False`, and `if OFF:` below it.

    Only a name that is bound once, and to what says yes or no, or to nothing.
    """
    values = {
        target.id: statement.value
        for statement in module.body
        if isinstance(statement, ast.Assign) and _is_plain(statement.value)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }
    if not values:
        return
    bound = dict.fromkeys(values, 0)
    conditions: list[ast.If | ast.While | ast.IfExp | ast.For | ast.AsyncFor] = []
    for node in all_below(module):
        for name in (*bound_by(node), *((node.arg,) if isinstance(node, ast.arg) else ())):
            bound[name] = bound.get(name, 0) + 1
        if isinstance(node, (ast.If, ast.While, ast.IfExp, ast.For, ast.AsyncFor)):
            conditions.append(node)
    once = {name: value for name, value in values.items() if bound[name] == 1}
    for node in conditions:
        if isinstance(node, (ast.For, ast.AsyncFor)):
            node.iter = _settled(node.iter, once)
        else:
            node.test = _settled(node.test, once)


def _is_plain(value: ast.expr) -> bool:
    if isinstance(value, ast.Tuple):
        return not value.elts
    if isinstance(value, ast.Constant):
        return isinstance(value.value, bool) or not value.value
    return is_something(value) or (truth(value) is not None and asks_for_github(value))


def _settled(node: ast.expr, values: Mapping[str, ast.expr]) -> ast.expr:
    if isinstance(node, ast.Name):
        return values.get(node.id, node)
    if isinstance(node, ast.UnaryOp):
        node.operand = _settled(node.operand, values)
    elif isinstance(node, ast.BoolOp):
        node.values = [_settled(value, values) for value in node.values]
    elif isinstance(node, ast.Compare):
        node.left = _settled(node.left, values)
    return node
