"""What the tests of rules about workflows share: a workflow of R7.4 that is written, broken and read."""

from __future__ import annotations

import textwrap
from pathlib import Path

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
