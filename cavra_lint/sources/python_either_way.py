"""Assertions that hold whether a gate is ready or not: `status in (0, 1)`, `isinstance(ready, bool)`."""

from __future__ import annotations

import _ast as ast
from collections.abc import Callable

from cavra_lint.sources.python_flow import dotted, is_alike

#: What a name has to be for what it holds to be how a command ended.
_STATUSES = frozenset({"returncode", "return_code", "rc", "exit_code", "exitcode", "exit_status", "status"})
#: Every way in which a verdict says in a word what it came to, and in which a command or a ready key does.
_WORDS = frozenset({"ready", "ready_with_warnings", "blocked"})
_YES_AND_NO = frozenset({0, 1})
#: Whether a file is there tells nothing of what stands in it.
_BEING_THERE = frozenset({"exists", "is_file", "isfile", "is_dir", "isdir", "lexists"})


def holds_either_way(test: ast.expr, is_known: Callable[[ast.expr], bool]) -> bool:
    """Tell whether a condition holds whatever the verdict is, each part of `and` by itself.

    Args:
        test: the condition.
        is_known: tells of a part whether it comes to the same in every run.
    """
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return holds_either_way(test.operand, is_known)
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        return all(is_known(part) or holds_either_way(part, is_known) for part in test.values)
    return _holds(test)


def _holds(test: ast.expr) -> bool:
    if isinstance(test, ast.Compare):
        return _covers(test)
    if isinstance(test, ast.BoolOp):
        return _any_of(test.values)
    if isinstance(test, ast.Attribute):
        # a gate prints a verdict, whichever it is
        return test.attr == "stdout"
    if not isinstance(test, ast.Call):
        return False
    name = test.func.attr if isinstance(test.func, ast.Attribute) else dotted(test.func)
    return name in _BEING_THERE or name == "isinstance"


def as_condition(method: str, arguments: list[ast.expr]) -> ast.expr | None:
    """Return what an assertion of unittest asks as a condition, None where it asks for anything else.

    Args:
        method: its name.
        arguments: what it is given.
    """
    if method == "assertIsInstance":
        return ast.Call(func=ast.Name(id="isinstance", ctx=ast.Load()), args=arguments[:2], keywords=[])
    if method == "assertIsNotNone":
        return ast.Compare(left=arguments[0], ops=[ast.IsNot()], comparators=[ast.Constant(value=None)])
    operator = _OPERATORS.get(method)
    if operator is None or len(arguments) < 2:
        return None
    return ast.Compare(left=arguments[0], ops=[operator()], comparators=[arguments[1]])


_OPERATORS: dict[str, type[ast.cmpop]] = {
    "assertIn": ast.In,
    "assertNotEqual": ast.NotEq,
    "assertLess": ast.Lt,
    "assertLessEqual": ast.LtE,
    "assertGreater": ast.Gt,
    "assertGreaterEqual": ast.GtE,
}


def _covers(test: ast.Compare) -> bool:
    """Tell whether a comparison leaves out nothing that what it compares can be."""
    left, operator, right = test.left, test.ops[0], test.comparators[0]
    if isinstance(operator, ast.In):
        return isinstance(right, (ast.Tuple, ast.List, ast.Set)) and _are_all(right.elts)
    if len(test.ops) == 2:
        # 0 <= status <= 1
        return _covers_side(right, _TURNED.get(type(operator)), left) and _covers_side(
            right, type(test.ops[1]), test.comparators[1]
        )
    if isinstance(operator, (ast.Is, ast.Eq)) and isinstance(left, ast.Call):
        return dotted(left.func) == "type"
    return _covers_side(left, type(operator), right)


_TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {ast.LtE: ast.GtE, ast.Lt: ast.Gt}


def _covers_side(asked: ast.expr, operator: type[ast.cmpop] | None, limit: ast.expr) -> bool:
    """Tell whether how a command ended, or what a verdict counts, is always so, but for a command wrongly used."""
    name, is_count = _named(asked)
    value = _number(limit)
    if name not in _STATUSES and not is_count:
        return False
    if operator is ast.IsNot:
        return isinstance(limit, ast.Constant) and limit.value is None
    if value is None or operator is None:
        return False
    if operator is ast.GtE or operator is ast.Gt:
        return value <= (0 if operator is ast.GtE else -1)
    if is_count:
        return False
    # a status of a process is below 256, unlike that of an answer over HTTP
    is_most = (operator is ast.Lt and value >= 2) or (operator is ast.LtE and value >= 1)
    return value < 256 and (is_most or (operator is ast.NotEq and value not in _YES_AND_NO))


def _named(asked: ast.expr) -> tuple[str, bool]:
    """Return the name of what is asked, and whether it is a number of checks of a verdict."""
    if isinstance(asked, ast.Attribute):
        return asked.attr, False
    if isinstance(asked, ast.Name):
        return asked.id, False
    key = asked.slice if isinstance(asked, ast.Subscript) else None
    return "", isinstance(key, ast.Constant) and key.value in {"blocker_count", "warning_count"}


def _number(node: ast.expr) -> int | None:
    sign = -1 if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) else 1
    value = node.operand if isinstance(node, ast.UnaryOp) else node
    is_number = isinstance(value, ast.Constant) and type(value.value) is int
    return (
        sign * value.value if is_number and isinstance(value, ast.Constant) and isinstance(value.value, int) else None
    )


def _are_all(values: list[ast.expr]) -> bool:
    found = {part.value for part in values if isinstance(part, ast.Constant)}
    return found >= _YES_AND_NO or found >= _WORDS


def _any_of(values: list[ast.expr]) -> bool:
    """Tell whether one of some conditions always holds: `x == 0 or x == 1`, `x or not x`."""
    same = [value for value in values if isinstance(value, ast.Compare) and isinstance(value.ops[0], (ast.Eq, ast.Is))]
    if same and len(same) == len(values):
        alike = all(is_alike(same[0].left, other.left) for other in same[1:])
        return alike and _are_all([other.comparators[0] for other in same])
    denied = [value.operand for value in values if isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.Not)]
    # of many conditions two are compared with each other, and no more
    return len(values) == 2 and any(is_alike(one, other) for one in denied for other in values)
