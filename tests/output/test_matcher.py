"""The problem matcher reads the linter's real lines, with and without colour."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cavra_lint.diagnostics import Diagnostic
from cavra_lint.output import renderer
from cavra_lint.output.report import Report
from cavra_lint.output.text import printable

_MATCH = """
import { readFileSync } from 'node:fs';
const { regexp, lines } = JSON.parse(readFileSync(0, 'utf8'));
const pattern = new RegExp(regexp);
console.log(JSON.stringify(lines.map((line) => pattern.exec(line)?.slice(1) ?? null)));
"""


@pytest.fixture(scope="module")
def pattern(root: Path) -> dict[str, Any]:
    (matcher,) = json.loads((root / ".github/cavra-lint-matcher.json").read_text())["problemMatcher"]
    found: dict[str, Any]
    (found,) = matcher["pattern"]
    return found


def matched(pattern: dict[str, Any], line: str) -> tuple[str, ...] | None:
    match = re.search(pattern["regexp"], line, re.ASCII)
    return match and tuple(match[pattern[name]] for name in ("file", "line", "code", "message"))


@pytest.mark.parametrize("color", [False, True])
@pytest.mark.parametrize("name", ["text", "full"])
def test_each_line_is_read(
    name: str,
    color: bool,
    pattern: dict[str, Any],
    honest: tuple[Diagnostic, ...],
    hostile: tuple[Diagnostic, ...],
    report: Callable[..., Report],
) -> None:
    found = sorted({*honest, *hostile})
    output = renderer(name)(report(found, color=color, source=lambda _: "name: value\n" * 60))
    read = [match for line in output.split("\n") if (match := matched(pattern, line))]
    assert read == [(printable(one.path), str(one.line), one.code, printable(one.message)) for one in found]


def test_other_lines_are_no_problem(pattern: dict[str, Any]) -> None:
    for line in ("", "2\tCAVRA101\tartifact-missing", "  12 | docs/a.md", "a.py:3: error: no", ":1: CAVRA101 x"):
        assert matched(pattern, line) is None


@pytest.mark.parametrize("color", ["never", "always"])
def test_the_command_lines_output_is_read(color: str, pattern: dict[str, Any], root: Path, tree: Path) -> None:
    (tree / "docs/wiki/Customer-Operating-Review.md").unlink()
    done = subprocess.run(
        [sys.executable, "-m", "cavra_lint", "--repo-root", str(tree), "--color", color],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(root), "PYTHONUTF8": "1"},
    )
    assert done.returncode == 1, done.stderr
    lines = done.stdout.splitlines()
    read = [matched(pattern, line) for line in lines]
    assert lines
    assert None not in read
    assert ("CAVRA101" in {match[2] for match in read if match}) is True


def test_it_is_an_ecmascript_pattern(
    pattern: dict[str, Any],
    hostile: tuple[Diagnostic, ...],
    report: Callable[..., Report],
    node: Callable[..., subprocess.CompletedProcess[str]],
    consumers: Path,
) -> None:
    lines = [line for color in (False, True) for line in renderer("text")(report(hostile, color=color)).split("\n")]
    done = node(consumers, _MATCH, json.dumps({"regexp": pattern["regexp"], "lines": lines}))
    assert done.returncode == 0, done.stderr
    assert [found and tuple(found) for found in json.loads(done.stdout)] == [matched(pattern, line) for line in lines]
