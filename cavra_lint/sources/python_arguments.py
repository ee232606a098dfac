"""Whether a Python script minds the words that it is handed, by which it is told what to judge, and how."""

from __future__ import annotations

import _ast as ast
from collections.abc import Iterator, Mapping

from cavra_lint.sources.python_flow import all_below, dotted, is_alike, truth

_ARGUMENTS = "sys.argv"
_TAKING = frozenset({"clear", "pop", "remove"})


def arguments_lost(statement: ast.stmt, imported: Mapping[str, str]) -> str:
    """Return `sys.argv` where a statement takes words out of it or puts others in their place, else empty.

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


def unread_options(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield the options that a script takes by `argparse` and does nothing with, and the lines.

    Of a script that hands on all that it was given, nothing is said.

    Args:
        tree: its syntax tree.
    """
    taken: list[tuple[str, str, int]] = []
    parsed: set[str] = set()
    read: set[str] = set()
    names: list[ast.Name] = []
    of_parts: set[int] = set()
    for node in all_below(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "add_argument":
            taken += _taken_by(node)
        elif isinstance(node, ast.Assign):
            parsed.update(_names_of_parsed(node))
        elif isinstance(node, ast.Attribute):
            read.add(node.attr)
            of_parts.add(id(node.value))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            read.add(node.value)
        elif isinstance(node, ast.keyword) and truth(node.value) is not False:
            # what it asks for in each run, it need not be told
            read.add(node.arg or "")
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            names.append(node)
    if parsed and not any(name.id in parsed and id(name) not in of_parts for name in names):
        yield from ((option, line) for option, name, line in taken if name not in read)


def _taken_by(call: ast.Call) -> list[tuple[str, str, int]]:
    """Return each long option that a call of `add_argument` takes, and the name of what it is kept as."""
    words = [word.value for word in call.args if isinstance(word, ast.Constant) and isinstance(word.value, str)]
    long = [word for word in words if word.startswith("--")]
    if not long or any(word.arg in {"dest", "action"} and not _is_plain(word) for word in call.keywords):
        return []
    name = long[0].removeprefix("--").replace("-", "_")
    return [(option, name, call.lineno) for option in long]


def _is_plain(word: ast.keyword) -> bool:
    value = word.value.value if isinstance(word.value, ast.Constant) else None
    return word.arg == "action" and value in {"store", "store_true", "store_const", "append"}


def _names_of_parsed(node: ast.Assign) -> Iterator[str]:
    """Yield the names that hold what `parse_args` gives."""
    called = dotted(node.value) if isinstance(node.value, ast.Call) else ""
    for target in node.targets if called.rpartition(".")[2] in _PARSING else ():
        first = target.elts[0] if isinstance(target, ast.Tuple) and target.elts else target
        yield from (first.id,) if isinstance(first, ast.Name) else ()


_PARSING = frozenset({"parse_args", "parse_known_args", "parse_intermixed_args"})
