"""Names of a Python module that stand for something told elsewhere in it, with that in their places."""

from __future__ import annotations

import _ast as ast
from collections.abc import Container, Mapping

from cavra_lint.sources.python_flow import all_below, bound_by


def call_by_own_names(module: ast.Module, known: Container[object]) -> None:
    """Calls what a module imports of some others under another name by its own, so that it is known by that."""
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
    """Puts what a name of a module stands for into conditions and loops: `OFF = False`, and `if OFF:` below it.

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
    return isinstance(value, ast.Constant) and (isinstance(value.value, bool) or not value.value)


def _settled(node: ast.expr, values: Mapping[str, ast.expr]) -> ast.expr:
    if isinstance(node, ast.Name):
        return values.get(node.id, node)
    if isinstance(node, ast.UnaryOp):
        node.operand = _settled(node.operand, values)
    elif isinstance(node, ast.BoolOp):
        node.values = [_settled(value, values) for value in node.values]
    return node
