"""R7.3: the focused regression test of the gate Customer Closeout Handoff."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

GATE_ID = "R7.3"
READY_KEY = "ready_for_customer_closeout_handoff"


def test_the_contract_command_says_ready(run_command: Callable[..., tuple[int, dict[str, Any]]]) -> None:
    status, verdict = run_command(GATE_ID)
    assert (status, verdict[READY_KEY]) == (0, True)
    assert (verdict["blocker_count"], verdict["warning_count"], verdict["diagnostics"]) == (0, 0, [])


def test_the_sample_warns_and_is_not_ready(run_command: Callable[..., tuple[int, dict[str, Any]]]) -> None:
    status, verdict = run_command(GATE_ID, sample=True)
    warned = [check["name"] for check in verdict["checks"] if check["status"] == "warn"]
    assert (status, verdict[READY_KEY], verdict["blocker_count"]) == (0, False, 0)
    assert warned == ["evidence_mode", "evidence_room_result"]


@pytest.mark.parametrize(
    ("place", "value", "check"),
    [
        (("schema_version",), None, "schema_version"),
        (("sanitized",), ..., "evidence_mode"),
        (("customer_profile_ref",), "https://example.com/customer", "customer_profile_ref"),
        (("evidence_room_index_ref",), "evidence://", "evidence_room_index_ref"),
        (("evidence_room_result", "warning_count"), 1, "evidence_room_result"),
        (("handoff_owner_refs", "approver_ref"), ..., "handoff_owner_refs"),
        (("communication_refs", "support_path_ref"), 7, "communication_refs"),
        (("operating_review",), [], "operating_review"),
        (("known_exclusions",), [], "known_exclusions"),
        (("known_exclusions", 0, "risk_acceptance_ref"), None, "known_exclusions"),
        (("handoff_controls", "rollback_contact_defined"), False, "handoff_controls"),
        (("passwords",), [], "no_private_material"),
    ],
)
def test_one_break_blocks_one_check(
    place: tuple[str | int, ...], value: object, check: str, blocked_by: Callable[..., list[str]]
) -> None:
    assert blocked_by(GATE_ID, place, value) == [check]
