"""R7.7: the focused regression test of the gate Customer Lifecycle Executive Rollup."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cavra_lint import verify_packet

GATE_ID = "R7.7"
READY_KEY = "ready_for_customer_lifecycle_executive_rollup"


def test_the_contract_command_says_ready(run_command: Callable[..., tuple[int, dict[str, Any]]]) -> None:
    status, verdict = run_command(GATE_ID)
    assert (status, verdict[READY_KEY]) == (0, True)
    assert (verdict["blocker_count"], verdict["warning_count"], verdict["diagnostics"]) == (0, 0, [])


def test_the_sample_warns_and_is_not_ready(run_command: Callable[..., tuple[int, dict[str, Any]]]) -> None:
    status, verdict = run_command(GATE_ID, sample=True)
    warned = [check["name"] for check in verdict["checks"] if check["status"] == "warn"]
    assert (status, verdict[READY_KEY], verdict["blocker_count"]) == (0, False, 0)
    assert warned == ["evidence_mode", "lifecycle_gates", "rollup_controls"]


@pytest.mark.parametrize(
    ("place", "value", "check"),
    [
        (("schema_version",), "cavra.customer-lifecycle-rollup.packet.v1", "schema_version"),
        (("evidence_mode",), "sample", "evidence_mode"),
        (("customer_profile_ref",), "ticket:/x", "customer_profile_ref"),
        (("executive_owner_refs", "operations_owner_ref"), ..., "executive_owner_refs"),
        (("lifecycle_gates", 2), ..., "lifecycle_gates"),
        (("lifecycle_gates", 5, "gate_id"), "R7.5", "lifecycle_gates"),
        (("lifecycle_gates", 0, "packet_ref"), "packet", "lifecycle_gates"),
        (("lifecycle_gates", 3, "readiness_result", "blocker_count"), 2, "lifecycle_gates"),
        (("lifecycle_gates", 4, "readiness_result", "warning_count"), ..., "lifecycle_gates"),
        (("executive_summary_sections", 6, "evidence_refs", 0), "plan", "executive_summary_sections"),
        (("rollup_controls", "all_lifecycle_gates_ready"), False, "rollup_controls"),
        (("private_note",), "x", "no_private_material"),
    ],
)
def test_one_break_blocks_one_check(
    place: tuple[str | int, ...], value: object, check: str, blocked_by: Callable[..., list[str]]
) -> None:
    assert blocked_by(GATE_ID, place, value) == [check]


def test_open_gates_only_warn_while_live_is_not_required(packet_of: Callable[..., dict[str, Any]]) -> None:
    packet = packet_of(GATE_ID, "sample")
    assert packet["rollup_controls"]["all_lifecycle_gates_ready"] is False
    packet["rollup_controls"]["archive_refs_present"] = False
    verdict = verify_packet(GATE_ID, packet)
    assert [check["name"] for check in verdict["checks"] if check["status"] == "blocker"] == ["rollup_controls"]
