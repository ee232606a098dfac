"""Assertions that a test comes to only where they hold: behind `if not ready: pytest.skip()`, or in `if ready:`."""

from __future__ import annotations

import _ast as ast
from collections.abc import Callable, Iterable, Iterator, Sequence

from cavra_lint.frozen import NamedTuple
from cavra_lint.sources.python_flow import all_below, dotted, is_alike

#: Of one block no more of what is known is kept; most know nothing.
_MOST_KNOWN = 20


class _Fact(NamedTuple):
    """That an expression is true or not, or that it is another one or not; and the names that it is about."""

    what: ast.expr
    other: ast.expr | None
    is_so: bool
    names: frozenset[str]

    def denied(self) -> _Fact:
        """Return that it is not so."""
        return self._replace(is_so=not self.is_so)

    def says(self, fact: _Fact) -> bool:
        """Tell whether another fact follows from this one."""
        return self.is_so is fact.is_so and is_alike(self.what, fact.what) and is_alike(self.other, fact.other)


def asserts_what_is_known(body: Sequence[ast.stmt], leaves: Callable[[ast.stmt], bool]) -> frozenset[int]:
    """Return the identities of the assertions of a test that it comes to only where they hold.

    Args:
        body: the statements of the test.
        leaves: tells whether a statement leaves the test without a failure.
    """
    found: set[int] = set()
    waiting: list[tuple[Sequence[ast.stmt], tuple[_Fact, ...]]] = [(body, ())]
    while waiting:
        block, known = waiting.pop()
        for statement in block:
            if known:
                changed = _may_change(statement)
                known = tuple(fact for fact in known if changed.isdisjoint(fact.names))
            if isinstance(statement, ast.Assert):
                if known and all(any(fact.says(one) for fact in known) for one in _all_of(statement.test)):
                    found.add(id(statement))
            elif isinstance(statement, ast.If):
                waiting.append((statement.body, _with(known, _all_of(statement.test))))
                waiting.append((statement.orelse, _with(known, _none_of(statement.test))))
                if any(map(leaves, statement.body)):
                    known = _with(known, _none_of(statement.test))
            else:
                waiting += [(inner, known) for inner in _blocks(statement)]
    return frozenset(found)


def _with(known: tuple[_Fact, ...], more: Iterable[_Fact]) -> tuple[_Fact, ...]:
    return (*known, *more)[:_MOST_KNOWN]


def _blocks(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    for field in ("body", "orelse", "finalbody"):
        inner = getattr(statement, field, None)
        if isinstance(inner, list) and isinstance(statement, _WITH_BLOCKS):
            yield inner


_WITH_BLOCKS = (ast.With, ast.AsyncWith, ast.For, ast.AsyncFor, ast.While, ast.Try)


def _may_change(statement: ast.stmt) -> set[str]:
    """Return the names that a statement binds, or hands to what may change what they hold."""
    if isinstance(statement, (ast.If, ast.Assert)):
        return set()
    called = dotted(statement.value) if isinstance(statement, ast.Expr) else ""
    names = [node for node in all_below(statement) if isinstance(node, ast.Name)]
    return {node.id for node in names if isinstance(node.ctx, ast.Store) or called not in _TALKING}


_TALKING = frozenset({"", "print"})


def _fact(test: ast.expr) -> _Fact:
    """Return what is so where a condition holds."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return _fact(test.operand).denied()
    if isinstance(test, ast.Compare) and len(test.ops) == 1:
        operator, other = test.ops[0], test.comparators[0]
        is_so = isinstance(operator, (ast.Eq, ast.Is))
        if is_so or isinstance(operator, (ast.NotEq, ast.IsNot)):
            value = other.value if isinstance(other, ast.Constant) else None
            if isinstance(value, bool) or (isinstance(value, int) and value == 0):
                # of a ready key and of a count that is asked in either way
                return _about(test.left, None, is_so is bool(value))
            return _about(test.left, other, is_so)
        if isinstance(operator, ast.Gt) and isinstance(other, ast.Constant) and other.value == 0:
            return _about(test.left, None, True)
    return _about(test, None, True)


def _about(what: ast.expr, other: ast.expr | None, is_so: bool) -> _Fact:
    # looked for once: each statement behind it is asked whether it changes one of them
    nodes = (node for side in (what, other) if side is not None for node in all_below(side))
    names = frozenset(node.id for node in nodes if isinstance(node, ast.Name))
    return _Fact(what, other, is_so, names)


def _all_of(test: ast.expr) -> list[_Fact]:
    """Return what is so where a condition holds, each part of `and` by itself."""
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        return [_fact(value) for value in test.values]
    return [_fact(test)]


def _none_of(test: ast.expr) -> list[_Fact]:
    """Return what is so where a condition does not hold, each part of `or` by itself."""
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or):
        return [_fact(value).denied() for value in test.values]
    return [_fact(test).denied()]
