"""R7.11: the focused regression test of the customer lifecycle verification index."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cavra_lint import build_index, verify_index
from cavra_lint.contract import Chain

GATE_ID = "R7.11"
READY_KEY = "ready_for_customer_lifecycle_verification_index"
KINDS = ["live_sanitized_example", "live_result", "validator", "workflow", "test", "docs", "wiki"]
CHECKS = ["schema_version", "evidence_mode", "gate_count", "gates", "completion_condition", "no_private_material"]


def test_the_contract_command_says_ready(run_command: Callable[..., tuple[int, dict[str, Any]]]) -> None:
    status, verdict = run_command(GATE_ID)
    assert (status, verdict[READY_KEY]) == (0, True)
    assert (verdict["blocker_count"], verdict["warning_count"], verdict["diagnostics"]) == (0, 0, [])
    assert [check["name"] for check in verdict["checks"]] == CHECKS


def test_the_sample_warns_and_is_not_ready(run_command: Callable[..., tuple[int, dict[str, Any]]]) -> None:
    status, verdict = run_command(GATE_ID, sample=True)
    warned = [check["name"] for check in verdict["checks"] if check["status"] == "warn"]
    assert (status, verdict[READY_KEY], verdict["blocker_count"]) == (0, False, 0)
    assert warned == ["evidence_mode"]


def test_the_index_is_what_the_tree_gives(root: Path, packet_of: Callable[..., dict[str, Any]]) -> None:
    assert build_index(root, evidence_mode="live") == packet_of(GATE_ID)


@pytest.mark.parametrize(("number", "kind"), list(enumerate([*KINDS, *KINDS[1:4]])))
def test_a_missing_artifact_blocks_the_gates(number: int, kind: str, tree: Path, chain: Chain) -> None:
    path = chain.gates[number].artifacts[kind]
    (tree / path).unlink()
    index = json.loads((tree / chain.index_gate.artifacts["live_sanitized_example"]).read_text("utf-8"))
    verdict = verify_index(index, repo_root=tree, require_live=True)
    assert [check["name"] for check in verdict["checks"] if check["status"] == "blocker"] == ["gates"]
    assert [path in found["message"] for found in verdict["diagnostics"]] == [True]
    assert verdict[READY_KEY] is False


@pytest.mark.parametrize(
    ("key", "value", "check"),
    [
        ("schema_version", "cavra.customer-lifecycle-verification-index.packet.v2", "schema_version"),
        ("product", "ANOTHER", "schema_version"),
        ("sanitized", False, "evidence_mode"),
        ("gate_count", 9, "gate_count"),
        ("gates", [], "gates"),
        ("completion_condition", "All done.", "completion_condition"),
        ("customerName", None, "no_private_material"),
    ],
)
def test_one_bent_claim_blocks_one_check(
    key: str, value: object, check: str, root: Path, packet_of: Callable[..., dict[str, Any]]
) -> None:
    verdict = verify_index({**packet_of(GATE_ID), key: value}, repo_root=root, require_live=True)
    assert [check["name"] for check in verdict["checks"] if check["status"] == "blocker"] == [check]
