"""Whether a Python script keeps the words that it was handed, by which it is told what to judge."""

from __future__ import annotations

import _ast as ast
from collections.abc import Mapping

from cavra_lint.sources.python_flow import all_below, dotted, is_alike

_ARGUMENTS = "sys.argv"
_TAKING = frozenset({"clear", "pop", "remove"})


def arguments_lost(statement: ast.stmt, imported: Mapping[str, str]) -> str:
    """Returns `sys.argv` where a statement takes words out of it or puts others in their place, else empty.

    What a script adds to its words, and another name for itself, change nothing of what it was handed.

    Args:
        statement: the statement.
        imported: the full names of what the module imports.
    """
    lost = False
    if isinstance(statement, ast.Delete):
        lost = any(_is_of_them(target, imported) for target in statement.targets)
    elif isinstance(statement, ast.Assign):
        lost = any(_is_of_them(target, imported) for target in statement.targets)
        lost = lost and not _keeps(statement.value, imported)
    elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        func = statement.value.func
        lost = isinstance(func, ast.Attribute) and func.attr in _TAKING and _are_they(func.value, imported)
    return _ARGUMENTS if lost else ""


def _are_they(node: ast.AST, imported: Mapping[str, str]) -> bool:
    if not isinstance(node, (ast.Name, ast.Attribute)):
        return False
    root, dot, rest = dotted(node).partition(".")
    return f"{imported.get(root, '')}{dot}{rest}" == _ARGUMENTS


def _is_of_them(node: ast.expr, imported: Mapping[str, str]) -> bool:
    """Tell whether an expression is these words, or some of them; the first is the name of the script."""
    if isinstance(node, ast.Subscript):
        at = node.slice
        is_name = isinstance(at, ast.Constant) and at.value == 0
        # `[1:1]` is a place between two of them
        is_none = isinstance(at, ast.Slice) and at.lower is not None and is_alike(at.lower, at.upper)
        return not (is_name or is_none) and _are_they(node.value, imported)
    return _are_they(node, imported)


def _keeps(value: ast.expr, imported: Mapping[str, str]) -> bool:
    """Tell whether these words, to the last of them, are in what is put in their place."""
    nodes = list(all_below(value))
    if any(isinstance(node, ast.comprehension) and node.ifs for node in nodes):
        return False
    parts = [node for node in nodes if isinstance(node, ast.Subscript) and _are_they(node.value, imported)]
    within = {id(part.value) for part in parts}
    return any(isinstance(part.slice, ast.Slice) and part.slice.upper is None for part in parts) or any(
        id(node) not in within and _are_they(node, imported) for node in nodes
    )
