"""PyYAML as far as its parser in C has use for it: its errors, its nodes and its events.

All of it takes as long to import as Python takes to start: a parser in Python whose patterns are compiled, what makes
objects of YAML, and what writes it. Where this process is only ours, the parts that the parser in C asks for are
imported without the rest. Where it is not, whoever else needs PyYAML needs the whole of it.
"""

from __future__ import annotations

import _thread
import re
import sys

from cavra_lint import console
from cavra_lint.frozen import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any

    import yaml as yaml

#: What the parser in C takes of parts that only it could ask for more of: an error of each, which it never raises.
_ERRORS = (
    ("constructor", "ConstructorError"),
    ("emitter", "EmitterError"),
    ("serializer", "SerializerError"),
    ("representer", "RepresenterError"),
)


class _Pattern:
    """A pattern that is compiled when it is first asked for something."""

    def __init__(self, *arguments: Any) -> None:
        self._arguments = arguments

    def __getattr__(self, name: str) -> Any:
        return getattr(re.compile(*self._arguments), name)


def _imported() -> ModuleType:
    # another thread could compile a pattern meanwhile, and has to be given one
    if _thread._count():
        return _whole()
    compile_at_once = re.compile
    re.compile = _Pattern  # type: ignore[assignment]
    try:
        return (console.is_alone() and "yaml" not in sys.modules and _parts()) or _whole()
    finally:
        re.compile = compile_at_once


def _whole() -> ModuleType:
    import yaml

    return yaml


def _parts() -> ModuleType | None:
    """Return PyYAML with what its parser in C asks for; None where it has no such parser, or that asks for more."""
    from importlib import import_module
    from importlib.machinery import PathFinder

    spec = PathFinder.find_spec("yaml")
    if spec is None:
        return None
    package = sys.modules["yaml"] = type(sys)("yaml")
    package.__spec__, package.__path__ = spec, spec.submodule_search_locations or []
    try:
        for name in ("error", "nodes", "events", "reader", "scanner", "parser", "composer"):
            part = import_module(f"yaml.{name}")
            vars(package).update((key, value) for key, value in vars(part).items() if isinstance(value, type))
        for name, error in _ERRORS:
            part = type(sys)(f"yaml.{name}")
            setattr(part, error, type(error, (Exception,), {}))
            setattr(package, name, part)
        import_module("yaml._yaml")
    except (ImportError, AttributeError):
        for name in [name for name in sys.modules if name.partition(".")[0] == "yaml"]:
            del sys.modules[name]
        return None
    return package


if not TYPE_CHECKING:
    yaml = _imported()
