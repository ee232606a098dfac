"""What steps put in the place of the files that are judged behind them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType

from cavra_lint.sources.changes import judged_in
from cavra_lint.sources.checkout import Passed
from cavra_lint.sources.circumstances import started_by
from cavra_lint.sources.expression_values import Known
from cavra_lint.sources.replaced import Course
from cavra_lint.sources.shell_options import ShellOptions
from cavra_lint.sources.workflow import parse_workflow

SCRIPT = "scripts/x.py"
PACKET = "examples/x/a.live.json"
THERE = (SCRIPT, PACKET, "scripts", "setup.cfg", "examples", "package.json")
PULL_REQUEST: Known = started_by(parse_workflow("on: pull_request\njobs: {}\n").events[0])
PUSH: Known = started_by(parse_workflow("on: {push: {branches: [main]}}\njobs: {}\n").events[0])


def replaced(
    *scripts: str,
    known: Known = PULL_REQUEST,
    folder: str = "",
    there: str = "",
    files: Mapping[str, str] = MappingProxyType({}),
) -> tuple[int, str]:
    """Return the line and the message of what these steps replace; a line of 0 where that is nothing."""
    text = "on: push\njobs:\n  a:\n    runs-on: b\n    steps:\n" + "".join(
        f"    - run: {json.dumps(one)}\n" for one in scripts
    )
    steps = parse_workflow(text).jobs[0].steps
    shell = ShellOptions(errexit=True, pipefail=False)
    passed = [
        Passed("w.yml", step._replace(run=run, run_line=1, working_directory=folder), shell, True)
        for step, run in zip(steps, scripts, strict=True)
    ]
    judged = judged_in(there, (SCRIPT, PACKET), THERE.__contains__, files.get, [0])
    course, run = Course(), dict(known)
    course.follow(passed[1:], run, judged)
    found = course.before(passed[0], 0, run, judged)
    return (found.line, found.by) if found else (0, "")
