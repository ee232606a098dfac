"""Which events a workflow guards, and that what only comes near the command changes nothing."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from cavra_lint.contract import Chain
from cavra_lint.rules.gate_files import gate_files, index_of
from cavra_lint.rules.workflows import RULES, guards_of
from cavra_lint.sources.json_document import in_memory
from cavra_lint.sources.repository import Repository

SCRIPT = "scripts/validate_customer_operating_review.py"
PACKET = "examples/customer-operating-review/customer-operating-review.live.sanitized.example.json"
COMMAND = f"python3 {SCRIPT} --packet {PACKET} --require-live"
WORKFLOW = ".github/workflows/customer-operating-review.yml"


def found_in(root: Path, chain: Chain, files: dict[str, str]) -> list[tuple[str, int, str, str]]:
    """Return path, line, code and message of each finding about the workflow of R7.4 in a tree of these files."""
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(text.encode())
    gate = gate_files(chain, chain.gate("R7.4"), Repository(root), index_of(in_memory({})))
    return [
        (finding.place.path, finding.place.line, rule.code, finding.message)
        for guard in guards_of(gate)
        for rule in RULES
        for finding in rule.check(guard)
    ]


def with_run(script: str, *, step: str = "", job: str = "") -> str:
    """Return a workflow whose script stands on line 9 and those below it."""
    head = (
        "on: pull_request\njobs:\n  gate:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: actions/checkout@v7\n"
    )
    body = textwrap.indent(script.rstrip("\n") + "\n", " " * 10)
    text = f"{head}      - name: Judge\n        run: |\n{body}{textwrap.indent(step, ' ' * 8)}"
    return text.replace("    steps:", f"{textwrap.indent(job, '    ')}    steps:", 1)


CHECKOUT = "      - uses: actions/checkout@v7\n"


def test_the_event_that_judges_is_the_one_that_changes_have_to_start(tmp_path: Path, chain: Chain) -> None:
    text = with_run(COMMAND, step="if: github.event_name == 'push'\n")
    text = text.replace("on: pull_request", "on:\n  pull_request:\n  push:\n    paths: ['docs/**']")
    found = found_in(tmp_path, chain, {WORKFLOW: text})
    assert [(line, code) for _, line, code, _ in found] == [(4, "CAVRA304")] * 4


@pytest.mark.parametrize("other", [COMMAND.replace(" --require-live", ""), f"{COMMAND} || true"])
def test_what_only_comes_near_or_is_soft_judges_on_no_event(other: str, tmp_path: Path, chain: Chain) -> None:
    text = with_run(COMMAND, step="if: github.event_name == 'push'\n")
    text += f"      - run: {other}\n"
    text = text.replace("on: pull_request", "on:\n  pull_request:\n  push:\n    paths: ['docs/**']")
    found = found_in(tmp_path, chain, {WORKFLOW: text})
    assert [(line, code) for _, line, code, _ in found] == [(4, "CAVRA304")] * 4


@pytest.mark.parametrize(
    ("step", "ref", "line", "code"), [("", "main", 6, "CAVRA303"), ("working-directory: docs\n", "''", 11, "CAVRA302")]
)
def test_what_comes_near_is_no_excuse_for_what_stands_beside_it(
    step: str, ref: str, line: int, code: str, tmp_path: Path, chain: Chain
) -> None:
    text = with_run(f"{COMMAND.replace(' --require-live', '')}\n{COMMAND}", step=step)
    text = text.replace(CHECKOUT, f"{CHECKOUT}        with: {{ref: {ref}}}\n")
    assert [found[1:3] for found in found_in(tmp_path, chain, {WORKFLOW: text})] == [(line, code)]


def test_an_event_on_which_something_else_is_checked_out_guards_nothing(tmp_path: Path, chain: Chain) -> None:
    text = with_run(COMMAND).replace("on: pull_request", "on:\n  pull_request:\n    paths: ['docs/**']\n  push:")
    checkout = "        with: {ref: main}\n        if: github.event_name == 'push'\n"
    found = found_in(tmp_path, chain, {WORKFLOW: text.replace(CHECKOUT, f"{CHECKOUT}{checkout}")})
    assert [(line, code) for _, line, code, _ in found] == [(3, "CAVRA304")] * 4


def test_each_event_may_have_a_step_of_its_own(tmp_path: Path, chain: Chain) -> None:
    text = with_run(COMMAND, step="if: github.event_name == 'push'\n")
    text += f"      - if: github.event_name == 'pull_request'\n        run: {COMMAND}\n"
    text = text.replace("on: pull_request", "on:\n  pull_request:\n  push:\n    paths: ['docs/**']")
    assert found_in(tmp_path, chain, {WORKFLOW: text}) == []


def test_a_run_that_no_change_starts_guards_nothing(tmp_path: Path, chain: Chain) -> None:
    text = with_run(COMMAND, step="if: github.event_name == 'workflow_dispatch'\n")
    text = text.replace("on: pull_request", "on: [pull_request, workflow_dispatch]")
    assert [(line, code) for _, line, code, _ in found_in(tmp_path, chain, {WORKFLOW: text})] == [(10, "CAVRA303")]
