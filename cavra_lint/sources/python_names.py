"""Names that a Python file uses, and that nothing in it binds: whoever runs it is told so by a `NameError`."""

from __future__ import annotations

import _ast as ast
import builtins
from collections.abc import Iterator

from cavra_lint.frozen import NamedTuple
from cavra_lint.sources.python_flow import FUNCTIONS, all_below

#: What some Pythons know and others do not, and what the import system puts into a module.
_GIVEN = frozenset(dir(builtins)).union(
    {"ExceptionGroup", "BaseExceptionGroup", "EncodingWarning", "PythonFinalizationError", "WindowsError", "aiter"}
    | {"anext", "__file__", "__path__", "__annotations__", "__builtins__", "__cached__", "__class__", "__module__"}
    | {"__qualname__", "exit", "quit", "copyright", "credits", "license", "reveal_type", "get_ipython", "_"}
    # those of Python 2 stand behind a look at the version
    | {"unicode", "long", "basestring", "unichr", "xrange", "raw_input", "file", "cmp", "reduce", "reload"}
)
#: What may bind or find names that the text does not show.
_MAGIC = frozenset({"exec", "eval", "globals", "locals", "vars", "setattr", "NameError", "UnboundLocalError"})
#: Longer names are compared by their beginnings, and no more of them.
_LONGEST, _MOST_COMPARED = 100, 500
#: Most nodes are of these kinds, and bind nothing.
_PLAIN = (ast.Constant, ast.Attribute, ast.Call, ast.Expr, ast.keyword, ast.Assign)
_ANNOTATED = (ast.arg, ast.AnnAssign, *FUNCTIONS)


class Undefined(NamedTuple):
    """A name that nothing binds, its line, and one that is bound and close to it, empty for none."""

    name: str
    line: int
    close: str


def undefined(tree: ast.Module) -> Undefined | None:
    """Returns the first name that a module uses and nothing in it binds; None where there is none.

    Of names that other code may bind, by `import *`, `exec` or `globals()`, nothing is said, nor of annotations, of
    which some are never looked at.

    Args:
        tree: its syntax tree.
    """
    used: list[ast.Name] = []
    own: set[str] = set()
    annotations: list[ast.AST | None] = []
    for node in all_below(tree):
        if isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Load):
                used.append(node)
            else:
                own.add(node.id)
        elif not isinstance(node, _PLAIN):
            own.update(_names_bound(node))
            if isinstance(node, _ANNOTATED):
                annotations.append(getattr(node, "annotation", None) or getattr(node, "returns", None))
    if "*" in own or any(name.id in _MAGIC for name in used):
        return None
    unknown = [name for name in used if name.id not in own and name.id not in _GIVEN]
    if not unknown:
        return None
    left_out = {id(below) for annotation in annotations if annotation for below in all_below(annotation)}
    first = min((name for name in unknown if id(name) not in left_out), key=_place, default=None)
    return Undefined(first.id, first.lineno, _close(first.id, own)) if first else None


def _place(name: ast.Name) -> tuple[int, int]:
    return name.lineno, name.col_offset


def _close(name: str, bound: set[str]) -> str:
    from difflib import get_close_matches

    return next(iter(get_close_matches(name[:_LONGEST], sorted(bound)[:_MOST_COMPARED], n=1, cutoff=0.75)), "")


def _names_bound(node: ast.AST) -> Iterator[str]:
    """Yield the names that a node binds that is no name itself."""
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        yield from ((alias.asname or alias.name).partition(".")[0] for alias in node.names)
    elif isinstance(node, (ast.Global, ast.Nonlocal)):
        yield from node.names
    elif isinstance(node, ast.arg):
        yield node.arg
    elif not _NAMING.isdisjoint(node._fields):
        # a function, a class, an exception that is caught, a pattern that is met, a parameter of a type
        names = (getattr(node, field, None) for field in _NAMING)
        yield from (name for name in names if isinstance(name, str))


_NAMING = frozenset({"name", "rest"})
