"""R7.5: the focused regression test of the gate Customer Renewal And Expansion Readiness."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

GATE_ID = "R7.5"
READY_KEY = "ready_for_customer_renewal_expansion"


def test_the_contract_command_says_ready(run_command: Callable[..., tuple[int, dict[str, Any]]]) -> None:
    status, verdict = run_command(GATE_ID)
    assert (status, verdict[READY_KEY]) == (0, True)
    assert (verdict["blocker_count"], verdict["warning_count"], verdict["diagnostics"]) == (0, 0, [])


def test_the_sample_warns_and_is_not_ready(run_command: Callable[..., tuple[int, dict[str, Any]]]) -> None:
    status, verdict = run_command(GATE_ID, sample=True)
    warned = [check["name"] for check in verdict["checks"] if check["status"] == "warn"]
    assert (status, verdict[READY_KEY], verdict["blocker_count"]) == (0, False, 0)
    assert warned == ["evidence_mode", "operating_review_result"]


@pytest.mark.parametrize(
    ("place", "value", "check"),
    [
        (("schema_version",), 1, "schema_version"),
        (("sanitized",), "true", "evidence_mode"),
        (("customer_profile_ref",), "customer", "customer_profile_ref"),
        (("operating_review_ref",), "review://latest", "operating_review_ref"),
        (("operating_review_result", "blocker_count"), "0", "operating_review_result"),
        (("renewal_owner_refs",), None, "renewal_owner_refs"),
        (("renewal_sections", 3, "status"), "blocking", "renewal_sections"),
        (("expansion_candidates", 1, "value_ref"), ..., "expansion_candidates"),
        (("renewal_controls", "adoption_threshold_met"), False, "renewal_controls"),
        (("expansion_candidates", 0, "secret"), "", "no_private_material"),
    ],
)
def test_one_break_blocks_one_check(
    place: tuple[str | int, ...], value: object, check: str, blocked_by: Callable[..., list[str]]
) -> None:
    assert blocked_by(GATE_ID, place, value) == [check]
