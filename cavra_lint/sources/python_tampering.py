"""What a script puts into the packet that it has judged, or into the verdict that it was given."""

from __future__ import annotations

import _ast as ast
from collections.abc import Iterator

from cavra_lint.frozen import NamedTuple
from cavra_lint.sources.python_flow import all_below, dotted

#: What judges, and under which position and name it takes the packet.
_PACKET_OF = {"verify_packet": (1, "packet"), "verify_index": (0, "index")}
_CHANGING = frozenset({"update", "__setitem__"})


class Change(NamedTuple):
    """That a script changes a key of the verdict, or of the packet where `key` is empty; and the line."""

    key: str
    line: int


def changes(tree: ast.Module) -> Iterator[Change]:
    """Yield what a script changes of what it judges, or of what that gave, in no order.

    Args:
        tree: its syntax tree.
    """
    nodes = list(all_below(tree))
    packets: set[str] = set()
    verdicts: set[str] = set()
    bound: dict[str, int] = {}
    for node in nodes:
        if isinstance(node, ast.Call):
            packets.update(_packet_of(node))
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            bound[node.id] = bound.get(node.id, 0) + 1
        elif isinstance(node, ast.Assign) and _last(node.value) in _PACKET_OF:
            verdicts.update(target.id for target in node.targets if isinstance(target, ast.Name))
    # one that is read or built may be changed where it was built
    packets = {name for name in packets - verdicts if bound.get(name) == 1}
    stricter = {id(target) for node in nodes for target in _made_stricter(node)}
    for node in nodes:
        for name, key, line in _stored(node) if id(node) not in stricter else ():
            if name in packets:
                yield Change("", line)
            elif name in verdicts and key:
                yield Change(key, line)


def _made_stricter(node: ast.AST) -> Iterator[ast.expr]:
    """Yield what a statement stores into that can make no verdict better: one counts blockers of its own."""
    if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add):
        yield node.target
    elif isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Subscript) and _is_no_better(node.value, _text(target.slice)):
                yield target


def _is_no_better(value: ast.expr, key: str) -> bool:
    """Tell whether a value of a key is what stood there before, or says that a gate is not ready."""
    if isinstance(value, ast.IfExp):
        return _is_no_better(value.body, key) and _is_no_better(value.orelse, key)
    if isinstance(value, ast.BoolOp) and isinstance(value.op, ast.And):
        return any(_is_no_better(part, key) for part in value.values)
    if isinstance(value, ast.Subscript):
        return _text(value.slice) == key
    return isinstance(value, ast.Constant) and (value.value is False or value.value == "blocked")


def _last(node: ast.AST | None) -> str:
    return dotted(node).rpartition(".")[2] if isinstance(node, ast.Call) else ""


def _packet_of(call: ast.Call) -> Iterator[str]:
    at, word = _PACKET_OF.get(_last(call), (0, ""))
    handed = [*call.args[at : at + 1], *(one.value for one in call.keywords if one.arg == word)] if word else []
    yield from (one.id for one in handed if isinstance(one, ast.Name))


def _stored(node: ast.AST) -> Iterator[tuple[str, str, int]]:
    """Yield each name that a node stores something into, the key, and the line."""
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
        whole: ast.expr = node
        while isinstance(whole, ast.Subscript):
            whole = whole.value
        if isinstance(whole, ast.Name):
            yield whole.id, _text(node.slice), node.lineno
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _CHANGING:
        if isinstance(node.func.value, ast.Name):
            for key in _keys(node):
                yield node.func.value.id, key, node.lineno
    elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict):
        # {**verdict, "status": "ready"}: what stands behind it counts
        spread = ""
        for of, value in zip(node.value.keys, node.value.values, strict=True):
            if of is None:
                spread = dotted(value)
            elif spread and not _is_no_better(value, _text(of)):
                yield spread, _text(of), node.lineno


def _keys(call: ast.Call) -> Iterator[str]:
    yield from (word.arg or "" for word in call.keywords)
    for argument in call.args[:1]:
        keys = argument.keys if isinstance(argument, ast.Dict) else [argument]
        yield from (_text(key) for key in keys)


def _text(node: ast.expr | None) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
