"""What a decorator of a module does with the test that it is given."""

from __future__ import annotations

import _ast as ast

from cavra_lint.sources.python_asserts import swallows
from cavra_lint.sources.python_flow import Function, all_below, dotted, walk


def uses_its_argument(maker: Function | ast.Lambda) -> bool:
    """Tell whether what makes another function of one does anything with it, and lets what it raises be noticed."""
    handed = {argument.arg for argument in all_below(maker.args) if isinstance(argument, ast.arg)}
    nodes = [
        node for part in (maker.body if isinstance(maker.body, list) else [maker.body]) for node in all_below(part)
    ]
    used = {id(node) for node in nodes if isinstance(node, ast.Name) and node.id in handed}
    raises = any(isinstance(node, ast.Raise) for node in nodes)
    for node in nodes:
        if isinstance(node, ast.Attribute) and node.attr.startswith("__"):
            # its name, and what else says what it was
            used.discard(id(node.value))
        elif isinstance(node, ast.Call) and dotted(node.func).endswith(("wraps", "update_wrapper")):
            used.difference_update(map(id, node.args))
        elif isinstance(node, ast.stmt) and not raises and swallows(node):
            used.difference_update(map(id, walk(getattr(node, "body", []))))
    return bool(used)
