"""R7.2: the focused regression test of the gate Customer Evidence Room Closeout."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

GATE_ID = "R7.2"
READY_KEY = "ready_for_customer_evidence_room_closeout"


def test_the_contract_command_says_ready(run_command: Callable[..., tuple[int, dict[str, Any]]]) -> None:
    status, verdict = run_command(GATE_ID)
    assert (status, verdict[READY_KEY]) == (0, True)
    assert (verdict["blocker_count"], verdict["warning_count"], verdict["diagnostics"]) == (0, 0, [])


def test_the_sample_warns_and_is_not_ready(run_command: Callable[..., tuple[int, dict[str, Any]]]) -> None:
    status, verdict = run_command(GATE_ID, sample=True)
    warned = [check["name"] for check in verdict["checks"] if check["status"] == "warn"]
    assert (status, verdict[READY_KEY], verdict["blocker_count"]) == (0, False, 0)
    assert warned == ["evidence_mode", "source_intake_validation"]


@pytest.mark.parametrize(
    ("place", "value", "check"),
    [
        (("schema_version",), "cavra.customer-evidence-room.packet.v1", "schema_version"),
        (("evidence_mode",), "sample", "evidence_mode"),
        (("publication_controls", "sanitized_only"), 1, "publication_controls"),
        (("sections", 0, "evidence_refs"), [], "sections"),
        (("sections", 7), ..., "sections"),
        (("sections", 3, "section_id"), "executive_summary", "sections"),
        (("source_intake_validation", "blocker_count"), 1, "source_intake_validation"),
        (("source_intake_validation", "ready_for_customer_live_evidence_intake"), False, "source_intake_validation"),
        (("tenantName",), None, "no_private_material"),
    ],
)
def test_one_break_blocks_one_check(
    place: tuple[str | int, ...], value: object, check: str, blocked_by: Callable[..., list[str]]
) -> None:
    assert blocked_by(GATE_ID, place, value) == [check]
