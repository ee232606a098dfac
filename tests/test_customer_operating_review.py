"""R7.4: the focused regression test of the gate Customer Operating Review."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

GATE_ID = "R7.4"
READY_KEY = "ready_for_customer_operating_review"


def test_the_contract_command_says_ready(run_command: Callable[..., tuple[int, dict[str, Any]]]) -> None:
    status, verdict = run_command(GATE_ID)
    assert (status, verdict[READY_KEY]) == (0, True)
    assert (verdict["blocker_count"], verdict["warning_count"], verdict["diagnostics"]) == (0, 0, [])


def test_the_sample_warns_and_is_not_ready(run_command: Callable[..., tuple[int, dict[str, Any]]]) -> None:
    status, verdict = run_command(GATE_ID, sample=True)
    warned = [check["name"] for check in verdict["checks"] if check["status"] == "warn"]
    assert (status, verdict[READY_KEY], verdict["blocker_count"]) == (0, False, 0)
    assert warned == ["evidence_mode", "closeout_handoff_result"]


@pytest.mark.parametrize(
    ("place", "value", "check"),
    [
        (("schema_version",), "cavra.customer-operating-review.packet", "schema_version"),
        (("evidence_mode",), "LIVE", "evidence_mode"),
        (("customer_profile_ref",), ..., "customer_profile_ref"),
        (("closeout_handoff_ref",), ["evidence://a"], "closeout_handoff_ref"),
        (
            ("closeout_handoff_result",),
            {"ready_for_customer_operating_review": True, "blocker_count": 0, "warning_count": 0},
            "closeout_handoff_result",
        ),
        (("review_owner_refs", "executive_sponsor_ref"), "mailbox", "review_owner_refs"),
        (("review_sections", 2, "status"), "breached", "review_sections"),
        (("review_sections", 5), None, "review_sections"),
        (("review_controls", "support_sla_healthy"), None, "review_controls"),
        (("review_sections", 0, "source-code"), "evidence://x", "no_private_material"),
    ],
)
def test_one_break_blocks_one_check(
    place: tuple[str | int, ...], value: object, check: str, blocked_by: Callable[..., list[str]]
) -> None:
    assert blocked_by(GATE_ID, place, value) == [check]
