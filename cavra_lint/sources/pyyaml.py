"""PyYAML as far as its parser in C has use for it: its errors, its nodes and its events.

All of it takes as long to import as Python takes to start: a parser in Python whose patterns are compiled, what makes
objects of YAML, and what writes it.
"""

from __future__ import annotations

import sys

from cavra_lint.frozen import TYPE_CHECKING
from cavra_lint.libraries import with_late_patterns, without_init

if TYPE_CHECKING:
    from types import ModuleType

    import yaml as yaml

#: The parts of PyYAML in Python of which the one in C wants an error, which is like this one of another part. It
#: raises those of the first three, and never those of the others.
_ERRORS = (
    ("scanner", "ScannerError"),
    ("parser", "ParserError"),
    ("composer", "ComposerError"),
    ("constructor", "ConstructorError"),
    ("emitter", "EmitterError"),
    ("serializer", "SerializerError"),
    ("representer", "RepresenterError"),
)


def _imported() -> ModuleType:
    return without_init("yaml", _fill) or _whole()


def _whole() -> ModuleType:
    import yaml

    return yaml


def _fill(package: ModuleType) -> None:
    """Put into PyYAML what its parser in C asks for."""
    for name in ("error", "nodes", "events", "reader"):
        part = _part(name)
        vars(package).update((key, value) for key, value in vars(part).items() if isinstance(value, type))
    for name, error in _ERRORS:
        part = type(package)(f"yaml.{name}")
        setattr(part, error, type(error, (vars(package)["MarkedYAMLError"],), {}))
        setattr(package, name, part)
    # the classes of tokens are asked for, and used only for who asks for tokens
    tokens = type(package)("yaml.tokens")
    vars(tokens)["__getattr__"] = _token
    vars(package)["tokens"] = tokens
    _part("_yaml")


def _token(name: str) -> type:
    if not name.endswith("Token"):
        raise AttributeError(name)
    return type(name, (), {})


def _part(name: str) -> ModuleType:
    full = f"yaml.{name}"
    __import__(full)
    return sys.modules[full]


if not TYPE_CHECKING:
    yaml = with_late_patterns(_imported)
