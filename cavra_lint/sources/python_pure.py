"""Functions of a module that depend on nothing but what they are given, and so say nothing of anything else."""

from __future__ import annotations

import _ast as ast
import builtins
from collections.abc import Container, Mapping

from cavra_lint.sources.python_constants import bound_by
from cavra_lint.sources.python_flow import FUNCTIONS, PURE_CALLS, Function, all_below, dotted

#: What hears of the world, or can do anything.
_IMPURE = frozenset(
    {"open", "input", "exec", "eval", "compile", "globals", "locals", "vars", "getattr", "breakpoint", "__import__"}
)
_PLAIN = frozenset(dir(builtins)) - _IMPURE
_OUTSIDE = (ast.Import, ast.ImportFrom, ast.Global, ast.Nonlocal, ast.Yield, ast.YieldFrom, ast.Await)


def pure_functions(functions: Mapping[str, Function], constants: Container[object]) -> frozenset[str]:
    """Return the names of the functions whose calls come to the same in every run, if they are given the same.

    Args:
        functions: the functions of a module.
        constants: the names of the module that hold constants, those of its functions among them.
    """
    calling: dict[str, set[str]] = {}
    for name, function in functions.items():
        called = _called(function, functions, constants)
        if called is not None:
            calling[name] = called
    callers: dict[str, list[str]] = {}
    for name, called in calling.items():
        for other in called:
            callers.setdefault(other, []).append(name)
    stack = [other for other in callers if other not in calling]
    while stack:
        stack += [caller for caller in callers.get(stack.pop(), ()) if calling.pop(caller, None) is not None]
    return frozenset(calling)


def _called(function: Function, functions: Container[str], constants: Container[object]) -> set[str] | None:
    """Return the functions of the module that one calls; None where it depends on anything else."""
    if function.decorator_list or isinstance(function, ast.AsyncFunctionDef):
        return None
    nodes = list(all_below(function))
    bound = {name for node in nodes for name in bound_by(node)} - {function.name}
    bound.update(node.arg for node in nodes if isinstance(node, ast.arg))
    called: set[str] = set()
    modules: set[int] = set()
    for node in nodes:
        if isinstance(node, _OUTSIDE) or (isinstance(node, (*FUNCTIONS, ast.ClassDef)) and node is not function):
            return None
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id in functions and node.func.id not in bound:
                called.add(node.func.id)
            elif node.func.id not in _PLAIN or node.func.id in bound:
                return None
        elif isinstance(node, ast.Call) and dotted(node.func) in PURE_CALLS:
            modules.update(map(id, all_below(node.func)))
    names = (node.id for node in nodes if isinstance(node, ast.Name) and id(node) not in modules)
    return called if all(name in bound or name in constants or name in _PLAIN for name in names) else None
