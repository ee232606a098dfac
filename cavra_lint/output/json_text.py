"""JSON as the JSON formats write it."""

from __future__ import annotations

from cavra_lint.frozen import TYPE_CHECKING
from cavra_lint.verdict import as_json

if TYPE_CHECKING:
    from typing import Any


def dumps(value: Any) -> str:
    """Return a value as JSON that is safe in any log, as a verdict is, but with the keys in their order."""
    return as_json(value, sort_keys=False)


def well_formed(text: str) -> str:
    """Return a text that every JSON reader takes: lone surrogates, as in a path that is not UTF-8, are written out."""
    return text.encode("utf-8", "backslashreplace").decode()
