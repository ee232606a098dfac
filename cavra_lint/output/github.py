"""Workflow commands, which GitHub shows as annotations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from cavra_lint.output.report import Report, count_of
from cavra_lint.output.text import printable
from cavra_lint.rules.registry import rule_of

#: GitHub shows this many errors, and as many warnings, of one step.
SHOWN_OF_A_KIND = 10


def render(report: Report) -> str:
    """Return a command for each finding that GitHub shows, and one that sums up the rest."""
    return "".join(f"{line}\n" for line in _commands(report))


def _commands(report: Report) -> Iterator[str]:
    counts: Counter[str] = Counter()
    for found in report.diagnostics:
        counts[found.severity] += 1
        if counts[found.severity] <= SHOWN_OF_A_KIND:
            rule = rule_of(found.code)
            properties = {
                "title": f"{found.code} {rule.name}" if rule else found.code,
                "file": printable(found.path),
                "line": str(found.line),
                "col": str(found.column),
            }
            yield command(found.severity, properties, printable(found.message))
    rest = sum(count - min(count, SHOWN_OF_A_KIND) for count in counts.values())
    if rest:
        words = f"{count_of(rest, 'more finding')}: the log and the job summary of cavra-lint list them all"
        yield command("notice", {"title": "cavra-lint"}, words)


def command(name: str, properties: dict[str, str], message: str) -> str:
    """Return a workflow command, escaped as actions/toolkit does."""
    listed = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{name} {listed}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
