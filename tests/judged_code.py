"""What the rules say of one file of code of R7.4."""

from __future__ import annotations

from pathlib import Path

from cavra_lint.contract import Chain
from cavra_lint.rules.code import RULES, Folders, codes_of
from cavra_lint.rules.gate_files import gate_files, index_of
from cavra_lint.sources.json_document import in_memory
from cavra_lint.sources.repository import Repository

OWN = "tests/test_customer_operating_review.py"
GOOD = 'from cavra_lint import verify_packet\n\n\ndef test_it():\n    assert verify_packet("R7.4", {})["checks"]\n'


def found_in(root: Path, chain: Chain, kind: str, text: str) -> list[tuple[int, str, str]]:
    """Return line, code and message of what the rules find in one file of R7.4."""
    gate = chain.gate("R7.4")
    path = root / gate.artifacts[kind]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    files = gate_files(chain, gate, Repository(root), index_of(in_memory({})))
    return [
        (finding.place.line, rule.code, finding.message)
        for code in codes_of(files, Folders({}, {}, {}))
        for rule in RULES
        for finding in rule.check(code)
    ]
