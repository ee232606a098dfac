"""The default format: `path:line: CAVRA### message`, one line a finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cavra_lint.diagnostics import Diagnostic
from cavra_lint.frozen import TYPE_CHECKING
from cavra_lint.late import re

if TYPE_CHECKING:
    from cavra_lint.output.report import Report

_BOLD, _RED, _END = "\x1b[1m", "\x1b[31m", "\x1b[0m"

#: What CI runners obey in a log: `##[…]` and `##vso[…]` anywhere in a line, `::…::` at its beginning.
RUNNER_COMMAND = re.compile(r"##(?=\w*\[)|\A\s*::")


def render(report: Report) -> str:
    """Return a line for each finding."""
    return "".join(f"{line}\n" for line in lines(report.diagnostics, color=report.color))


def lines(diagnostics: Iterable[Diagnostic], *, color: bool = False) -> Iterator[str]:
    """Yield a line for each diagnostic, safe for any terminal."""
    for found in diagnostics:
        path, message = printable(found.path), printable(found.message)
        if color:
            yield f"{_BOLD}{path}{_END}:{found.line}: {_RED}{found.code}{_END} {message}"
        else:
            yield f"{path}:{found.line}: {found.code} {message}"


def printable(text: str) -> str:
    """Return a text that neither a terminal nor a CI runner obeys: controls and commands are written out."""
    if not text.isprintable():
        text = "".join(char if char.isprintable() else written_out(char) for char in text)
    if "##" in text or "::" in text:
        text = RUNNER_COMMAND.sub(lambda match: f"{match[0][:-1]}{written_out(match[0][-1])}", text)
    return text


def written_out(char: str) -> str:
    r"""Return a character as Python writes it in a string: `\x1b`, `\n`, `\u202e`."""
    if char.isascii() and char.isprintable():
        return f"\\x{ord(char):02x}"
    return char.encode("unicode_escape", "backslashreplace").decode()
