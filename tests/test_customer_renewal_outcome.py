"""R7.6: the focused regression test of the gate Customer Renewal Outcome Closeout."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

GATE_ID = "R7.6"
READY_KEY = "ready_for_customer_renewal_outcome_closeout"


def test_the_contract_command_says_ready(run_command: Callable[..., tuple[int, dict[str, Any]]]) -> None:
    status, verdict = run_command(GATE_ID)
    assert (status, verdict[READY_KEY]) == (0, True)
    assert (verdict["blocker_count"], verdict["warning_count"], verdict["diagnostics"]) == (0, 0, [])


def test_the_sample_warns_and_is_not_ready(run_command: Callable[..., tuple[int, dict[str, Any]]]) -> None:
    status, verdict = run_command(GATE_ID, sample=True)
    warned = [check["name"] for check in verdict["checks"] if check["status"] == "warn"]
    assert (status, verdict[READY_KEY], verdict["blocker_count"]) == (0, False, 0)
    assert warned == ["evidence_mode", "renewal_readiness_result"]


@pytest.mark.parametrize(
    ("place", "value", "check"),
    [
        (("schema_version",), "cavra.customer-renewal-outcome.packet.v1", "schema_version"),
        (("evidence_mode",), ..., "evidence_mode"),
        (("customer_profile_ref",), "", "customer_profile_ref"),
        (("renewal_readiness_ref",), None, "renewal_readiness_ref"),
        (("renewal_readiness_result",), "ready", "renewal_readiness_result"),
        (("outcome_owner_refs", "finance_operations_ref"), "finance", "outcome_owner_refs"),
        (("outcome_sections", 0, "status"), "pending", "outcome_sections"),
        (("expansion_outcomes", 0), "approved", "expansion_outcomes"),
        (("outcome_controls", "commercial_terms_excluded"), False, "outcome_controls"),
        (("renewal_amount",), 0, "no_private_material"),
        (("expansion_outcomes", 1, "contractValue"), None, "no_private_material"),
    ],
)
def test_one_break_blocks_one_check(
    place: tuple[str | int, ...], value: object, check: str, blocked_by: Callable[..., list[str]]
) -> None:
    assert blocked_by(GATE_ID, place, value) == [check]
