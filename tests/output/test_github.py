"""`github` is what actions/toolkit writes, and the runner reads back what was said."""

from __future__ import annotations

import json
import re
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from cavra_lint.diagnostics import Diagnostic
from cavra_lint.output import renderer
from cavra_lint.output.report import Report
from cavra_lint.output.text import printable

render = renderer("github")

_TOOLKIT = """
import { readFileSync } from 'node:fs';
import * as core from '@actions/core';
for (const { severity, message, ...properties } of JSON.parse(readFileSync(0, 'utf8'))) {
  core[severity](message, properties);
}
"""


def read_as_the_runner_does(line: str) -> tuple[str, dict[str, str], str]:
    """Read a workflow command as ActionCommand.TryParseV2 of actions/runner does."""
    match = re.fullmatch(r"\s*::([^ :]+)(?: (.*?))?::(.*)", line)
    assert match is not None, line
    properties = dict(part.split("=", 1) for part in (match[2] or "").split(",") if part)

    def unescape(text: str, *marks: str) -> str:
        for mark in ("\r", "\n", *marks, "%"):
            text = text.replace(f"%{ord(mark):02X}", mark)
        return text

    return match[1], {key: unescape(value, ":", ",") for key, value in properties.items()}, unescape(match[3])


def test_the_runner_reads_back_each_finding(hostile: tuple[Diagnostic, ...], report: Callable[..., Report]) -> None:
    for found in hostile:
        (line,) = render(report([found])).splitlines()
        name, properties, message = read_as_the_runner_does(line)
        assert (name, message) == (found.severity, printable(found.message))
        assert properties == {
            "title": "CAVRA301 index-command",
            "file": printable(found.path),
            "line": str(found.line),
            "col": "1",
        }


def test_is_what_the_toolkit_writes(
    hostile: tuple[Diagnostic, ...],
    report: Callable[..., Report],
    consumers: Path,
    node: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    asked = [
        {
            "severity": found.severity,
            "message": printable(found.message),
            "title": "CAVRA301 index-command",
            "file": printable(found.path),
            "startLine": found.line,
            "startColumn": found.column,
        }
        for found in hostile
    ]
    done = node(consumers, _TOOLKIT, json.dumps(asked))
    assert done.returncode == 0, done.stderr
    assert done.stdout == "".join(render(report([found])) for found in hostile)


def test_writes_no_more_than_github_shows(hostile: tuple[Diagnostic, ...], report: Callable[..., Report]) -> None:
    commands = [read_as_the_runner_does(line) for line in render(report(hostile)).splitlines()]
    assert Counter(name for name, _, _ in commands) == {"error": 10, "warning": 10, "notice": 1}
    name, properties, message = commands[-1]
    assert (name, "file" in properties) == ("notice", False)
    assert message.startswith(f"{len(hostile) - 20} more findings")


def test_sums_up_nothing_where_all_is_shown(honest: tuple[Diagnostic, ...], report: Callable[..., Report]) -> None:
    assert "::notice" not in render(report(honest[:10]))
