"""A proof in shares: nothing is left out, and who works on what changes nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from cavra_lint.contract import Chain
from cavra_lint.packets.reading import read_packet
from cavra_lint.proof import proof_of, prove
from cavra_lint.proof.parts import PARTS
from cavra_lint.proof.shares import prove_shares, shares_of
from cavra_lint.sources.repository import Repository


@pytest.mark.parametrize("count", [0, 1, 2, 3, 11, 63, 64, 65, 1000, 70_000])
def test_each_part_of_each_gate_is_in_one_share(count: int, chain: Chain) -> None:
    gates = [chain.index_gate._replace(id=str(number)) for number in range(count)]
    shares = shares_of(gates)
    for part in PARTS:
        assert [gate for share in shares if share.part == part for gate in share.gates] == gates
    # the numbers of all shares fit into a pipe of the smallest size that a system may have
    assert len(shares) <= 1024


def break_much(tree: Path) -> None:
    (tree / "docs/customer-operating-review.md").write_text("")
    (tree / "scripts/validate_customer_live_evidence.py").write_text("print('ready')\n")
    (tree / ".github/workflows/customer-evidence-room.yml").write_text("on: push\njobs: []\n")
    result = tree / "examples/customer-lifecycle-rollup/customer-lifecycle-rollup.live.sanitized.result.json"
    result.write_text(result.read_text().replace('"blocker_count": 0', '"blocker_count": 1', 1))
    (tree / "tests/test_customer_lifecycle_archive.py").unlink()


def test_the_output_is_the_same_whatever_the_number_of_jobs(root: Path, tree: Path) -> None:
    break_much(tree)
    command = [sys.executable, "-m", "cavra_lint", "--repo-root", str(tree), "--output-format=json"]
    env = {**os.environ, "PYTHONPATH": str(root)}
    outputs = {
        subprocess.run([*command, f"--jobs={jobs}"], env=env, capture_output=True, check=False).stdout
        for jobs in (1, 2, 3, 200)
    }
    (output,) = outputs
    for code in (b"CAVRA102", b"CAVRA308", b"CAVRA006", b"CAVRA206", b"CAVRA101"):
        assert code in output


def test_a_process_with_threads_works_alone(chain: Chain, tree: Path) -> None:
    break_much(tree)
    repository = Repository(tree)
    index = repository.read(chain.index_gate.artifacts["live_sanitized_example"])
    document, _ = read_packet(chain, chain.index_gate, repository, index)
    proof = proof_of(chain, repository, document, require_live=True)
    ended = threading.Event()
    waiting = threading.Thread(target=ended.wait)
    waiting.start()
    try:
        found = prove_shares(proof, shares_of(chain.gates), 4)
    finally:
        ended.set()
        waiting.join()
    assert tuple(sorted(set(found))) == prove(proof, [gate.id for gate in chain.gates])
