"""R7.1: the focused regression test of the gate Customer Live Evidence Intake."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

GATE_ID = "R7.1"
READY_KEY = "ready_for_customer_live_evidence_intake"


def test_the_contract_command_says_ready(run_command: Callable[..., tuple[int, dict[str, Any]]]) -> None:
    status, verdict = run_command(GATE_ID)
    assert (status, verdict[READY_KEY]) == (0, True)
    assert (verdict["blocker_count"], verdict["warning_count"], verdict["diagnostics"]) == (0, 0, [])


def test_the_sample_warns_and_is_not_ready(run_command: Callable[..., tuple[int, dict[str, Any]]]) -> None:
    status, verdict = run_command(GATE_ID, sample=True)
    warned = [check["name"] for check in verdict["checks"] if check["status"] == "warn"]
    assert (status, verdict[READY_KEY], verdict["blocker_count"]) == (0, False, 0)
    assert warned == ["evidence_mode"]


@pytest.mark.parametrize(
    ("place", "value", "check"),
    [
        (("schema_version",), "cavra.customer-live-evidence.packet.v2", "schema_version"),
        (("sanitized",), False, "evidence_mode"),
        (("customer_profile", "deployment_ref"), "managed-enterprise", "customer_profile"),
        (("customer_profile", "notes_ref"), "see the shared drive", "customer_profile"),
        (("evidence_sections", "policy_monitoring", "opa_runtime_ref"), "", "evidence_sections"),
        (("evidence_sections", "aispm_production"), ..., "evidence_sections"),
        (("redaction_controls", "contains_no_secrets"), "true", "redaction_controls"),
        (("attestation", "reviewer_ref"), ..., "attestation"),
        (("evidence_sections", "evidence_audit", "training_data"), "evidence://x", "no_private_material"),
    ],
)
def test_one_break_blocks_one_check(
    place: tuple[str | int, ...], value: object, check: str, blocked_by: Callable[..., list[str]]
) -> None:
    assert blocked_by(GATE_ID, place, value) == [check]
