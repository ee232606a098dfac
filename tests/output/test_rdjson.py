"""`rdjson` is what a validator of reviewdog's format takes, with columns in bytes."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cavra_lint.diagnostics import Diagnostic
from cavra_lint.output import renderer
from cavra_lint.output.report import Report

render = renderer("rdjson")

_VALIDATE = """
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
const { RDFormatValidator } = createRequire(import.meta.url)('@umbrelladocs/rdformat-validator');
const validator = new RDFormatValidator({ strictMode: true, allowExtraFields: false });
const { valid, errors } = await validator.validateString(readFileSync(0, 'utf8'));
console.log(JSON.stringify({ valid, errors }));
"""


def test_is_what_reviewdogs_format_asks_for(
    hostile: tuple[Diagnostic, ...],
    honest: tuple[Diagnostic, ...],
    report: Callable[..., Report],
    consumers: Path,
    node: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    def validated(output: str) -> dict[str, Any]:
        done = node(consumers, _VALIDATE, output)
        assert done.returncode == 0, done.stderr
        result: dict[str, Any] = json.loads(done.stdout)
        return result

    for found in ((), honest, hostile):
        assert validated(render(report(found))) == {"valid": True, "errors": []}
    assert not validated(render(report(hostile)).replace('"ERROR"', '"BLOCKER"', 1))["valid"]


def test_counts_columns_in_bytes(report: Callable[..., Report]) -> None:
    source = {"a.md": "plain\n\u00fc\u6f22\U0001f600x\n"}
    places = [
        ("a.md", 1, 3),
        ("a.md", 2, 4),
        ("a.md", 2, 5),
        ("a.md", 2, 3),
        ("a.md", 2, 1),
        ("gone.md", 2, 4),
        ("gone.md", 2, 1),
    ]
    found = [
        Diagnostic(path, line, "CAVRA301", column, "is wrong", "R7.1", "c", "error") for path, line, column in places
    ]
    listed = json.loads(render(report(found, source=source.get)))["diagnostics"]
    assert [item["location"]["range"]["start"] for item in listed] == [
        {"line": 1, "column": 3},
        {"line": 2, "column": 2 + 3 + 4 + 1},
        {"line": 2, "column": 2 + 3 + 4 + 1 + 1},
        {"line": 2, "column": 2 + 3 + 1},
        {"line": 2, "column": 1},
        {"line": 2},
        {"line": 2, "column": 1},
    ]
