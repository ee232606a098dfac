"""`gitlab` is typed as Code Climate's issues are, and a finding keeps its fingerprint while lines move."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

from cavra_lint.diagnostics import Diagnostic
from cavra_lint.output import renderer
from cavra_lint.output.report import Report

render = renderer("gitlab")

_COMPILE = """
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
const ts = createRequire(import.meta.url)('typescript');
const options = { strict: true, noEmit: true, types: [], moduleResolution: ts.ModuleResolutionKind.Node10 };
const found = ts.getPreEmitDiagnostics(ts.createProgram(['report.ts'], options));
console.log(JSON.stringify(found.map((one) => ts.flattenDiagnosticMessageText(one.messageText, ' '))));
"""


def problems(
    consumers: Path, node: Callable[..., subprocess.CompletedProcess[str]], name: str, output: str
) -> list[str]:
    """Compile a report as a list of the published type."""
    source = f"import type {{ Issue }} from 'codeclimate-types';\nexport const report: Issue[] = {output};"
    (consumers / name).write_text(source)
    done = node(consumers, _COMPILE.replace("report.ts", name))
    assert done.returncode == 0, done.stderr
    found: list[str] = json.loads(done.stdout)
    return found


def test_is_a_list_of_code_climates_issues(
    hostile: tuple[Diagnostic, ...],
    honest: tuple[Diagnostic, ...],
    report: Callable[..., Report],
    consumers: Path,
    node: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    output = render(report((*honest, *hostile)))
    assert problems(consumers, node, "issues.ts", output) == []
    assert problems(consumers, node, "broken.ts", output.replace('"blocker"', '"blocking"', 1)) != []


def test_says_what_gitlab_asks_for(hostile: tuple[Diagnostic, ...], report: Callable[..., Report]) -> None:
    issues = json.loads(render(report(hostile)))
    assert len(issues) == len(hostile)
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)
    for issue in issues:
        assert {"description", "check_name", "fingerprint", "severity"} <= set(issue)
        assert issue["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert issue["location"]["lines"]["begin"] >= 1
        assert issue["location"]["path"]


def prints(report: Report) -> list[str]:
    return [issue["fingerprint"] for issue in json.loads(render(report))]


def test_a_fingerprint_stays_when_lines_move(honest: tuple[Diagnostic, ...], report: Callable[..., Report]) -> None:
    moved = [
        found._replace(line=found.line + 7, column=2, message=found.message.replace(".json:7)", ".json:14)"))
        for found in honest
    ]
    assert prints(report(honest)) == prints(report(moved))


def test_a_fingerprint_is_not_another_findings(report: Callable[..., Report]) -> None:
    found = Diagnostic("docs/a.md", 3, "CAVRA301", 1, "is wrong (follows from docs/b.md:8)", "R7.4", "gates", "error")
    others = [
        found,
        found._replace(line=9),
        found._replace(path="docs/c.md"),
        found._replace(code="CAVRA302"),
        found._replace(message="is wrong (follows from docs/d.md:8)"),
        found._replace(gate_id="R7.5"),
    ]
    assert len(set(prints(report(others)))) == len(others)
    assert prints(report([found])) == prints(report([found._replace(message=found.message.replace(":8", ":12"))]))
