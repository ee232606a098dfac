"""R7.10: the focused regression test of the gate Customer Lifecycle Final Release Seal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

GATE_ID = "R7.10"
READY_KEY = "ready_for_customer_lifecycle_final_release_seal"


def test_the_contract_command_says_ready(run_command: Callable[..., tuple[int, dict[str, Any]]]) -> None:
    status, verdict = run_command(GATE_ID)
    assert (status, verdict[READY_KEY]) == (0, True)
    assert (verdict["blocker_count"], verdict["warning_count"], verdict["diagnostics"]) == (0, 0, [])


def test_the_sample_warns_and_is_not_ready(run_command: Callable[..., tuple[int, dict[str, Any]]]) -> None:
    status, verdict = run_command(GATE_ID, sample=True)
    warned = [check["name"] for check in verdict["checks"] if check["status"] == "warn"]
    assert (status, verdict[READY_KEY], verdict["blocker_count"]) == (0, False, 0)
    assert warned == ["evidence_mode", "public_status_result"]


@pytest.mark.parametrize(
    ("place", "value", "check"),
    [
        (("schema_version",), "cavra.customer-lifecycle-final-seal.packet.v1", "schema_version"),
        (("sanitized",), None, "evidence_mode"),
        (("customer_profile_ref",), 0, "customer_profile_ref"),
        (("public_status_ref",), "http://status.example.com", "public_status_ref"),
        (("public_status_result", "warning_count"), 2, "public_status_result"),
        (("seal_owner_refs", "release_owner_ref"), ..., "seal_owner_refs"),
        (("sealed_components", 2, "status"), "open", "sealed_components"),
        (("sealed_components", 6, "seal_ref"), ..., "sealed_components"),
        (("release_publication_refs",), {}, "release_publication_refs"),
        (("final_release_controls", "public_status_ready"), False, "final_release_controls"),
        (
            ("completion_statement",),
            "Sealed.                                                            ",
            "completion_statement",
        ),
        (("legal-terms",), "none", "no_private_material"),
    ],
)
def test_one_break_blocks_one_check(
    place: tuple[str | int, ...], value: object, check: str, blocked_by: Callable[..., list[str]]
) -> None:
    assert blocked_by(GATE_ID, place, value) == [check]
