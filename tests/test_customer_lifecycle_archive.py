"""R7.8: the focused regression test of the gate Customer Lifecycle Archive Manifest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

GATE_ID = "R7.8"
READY_KEY = "ready_for_customer_lifecycle_archive_manifest"


def test_the_contract_command_says_ready(run_command: Callable[..., tuple[int, dict[str, Any]]]) -> None:
    status, verdict = run_command(GATE_ID)
    assert (status, verdict[READY_KEY]) == (0, True)
    assert (verdict["blocker_count"], verdict["warning_count"], verdict["diagnostics"]) == (0, 0, [])


def test_the_sample_warns_and_is_not_ready(run_command: Callable[..., tuple[int, dict[str, Any]]]) -> None:
    status, verdict = run_command(GATE_ID, sample=True)
    warned = [check["name"] for check in verdict["checks"] if check["status"] == "warn"]
    assert (status, verdict[READY_KEY], verdict["blocker_count"]) == (0, False, 0)
    assert warned == ["evidence_mode", "lifecycle_rollup_result"]


@pytest.mark.parametrize(
    ("place", "value", "check"),
    [
        (("schema_version",), ..., "schema_version"),
        (("sanitized",), 1, "evidence_mode"),
        (("customer_profile_ref",), {}, "customer_profile_ref"),
        (("lifecycle_rollup_ref",), "evidence:rollup", "lifecycle_rollup_ref"),
        (
            ("lifecycle_rollup_result", "ready_for_customer_lifecycle_executive_rollup"),
            "true",
            "lifecycle_rollup_result",
        ),
        (("archive_owner_refs", "archive_owner_ref"), " ", "archive_owner_refs"),
        (("archive_sections", 4, "status"), "unverified", "archive_sections"),
        (("retention_controls", "legal_hold_policy_ref"), True, "retention_controls"),
        (("verifier_refs",), "evidence://verifier/trust-root", "verifier_refs"),
        (("archive_controls", "verifier_refs_present"), ..., "archive_controls"),
        (("archive_sections", 0, "RawEvidence"), "evidence://x", "no_private_material"),
    ],
)
def test_one_break_blocks_one_check(
    place: tuple[str | int, ...], value: object, check: str, blocked_by: Callable[..., list[str]]
) -> None:
    assert blocked_by(GATE_ID, place, value) == [check]
