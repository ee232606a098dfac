"""Reviewdog's Diagnostic Format, as one JSON document."""

from __future__ import annotations

from collections.abc import Callable

from cavra_lint.diagnostics import Diagnostic
from cavra_lint.frozen import TYPE_CHECKING
from cavra_lint.output.json_text import dumps, well_formed
from cavra_lint.output.report import Report
from cavra_lint.output.source_lines import line_reader
from cavra_lint.output.text import printable

if TYPE_CHECKING:
    from typing import Any

_SEVERITIES = {"error": "ERROR", "warning": "WARNING"}


def render(report: Report) -> str:
    """Return a DiagnosticResult with the findings."""
    position_of = _positions(report)
    found = [_diagnostic(found, position_of(found)) for found in report.diagnostics]
    return dumps({"source": {"name": "cavra-lint"}, "diagnostics": found})


def _diagnostic(found: Diagnostic, position: dict[str, int]) -> dict[str, Any]:
    return {
        "message": printable(found.message),
        "location": {"path": well_formed(found.path), "range": {"start": position}},
        "severity": _SEVERITIES[found.severity],
        "code": {"value": found.code},
    }


def _positions(report: Report) -> Callable[[Diagnostic], dict[str, int]]:
    """Return a function that gives a finding's place as reviewdog counts: the column in bytes of UTF-8.

    A place in a line that cannot be read has no column, unless it is the first.
    """
    line_of = line_reader(report.source)
    # where the last count ended: the next finding of a long line mostly stands behind it
    known_line, known_index, known_bytes = "", 0, 0

    def position(found: Diagnostic) -> dict[str, int]:
        nonlocal known_line, known_index, known_bytes
        if found.column == 1:
            return {"line": found.line, "column": 1}
        text = line_of(found.path, found.line)
        if text is None:
            return {"line": found.line}
        if text.isascii():
            return {"line": found.line, "column": found.column}
        index = found.column - 1
        if text is not known_line or index < known_index:
            known_line, known_index, known_bytes = text, 0, 0
        known_bytes += len(text[known_index:index].encode("utf-8", "surrogatepass"))
        known_index = index
        return {"line": found.line, "column": known_bytes + 1}

    return position
