"""The default format: `path:line: CAVRA### message`, one line a finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cavra_lint.diagnostics import Diagnostic

_BOLD, _RED, _END = "\x1b[1m", "\x1b[31m", "\x1b[0m"


def lines(diagnostics: Iterable[Diagnostic], *, color: bool = False) -> Iterator[str]:
    """Yield a line for each diagnostic, safe for any terminal."""
    for found in diagnostics:
        path, message = printable(found.path), printable(found.message)
        if color:
            yield f"{_BOLD}{path}{_END}:{found.line}: {_RED}{found.code}{_END} {message}"
        else:
            yield f"{path}:{found.line}: {found.code} {message}"


def printable(text: str) -> str:
    """Return a text in which nothing but text reaches a terminal: escapes, controls and the like are written out."""
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape", "backslashreplace").decode() for char in text
    )
