"""R7.9: the focused regression test of the gate Customer Lifecycle Public Status Summary."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

GATE_ID = "R7.9"
READY_KEY = "ready_for_customer_lifecycle_public_status"


def test_the_contract_command_says_ready(run_command: Callable[..., tuple[int, dict[str, Any]]]) -> None:
    status, verdict = run_command(GATE_ID)
    assert (status, verdict[READY_KEY]) == (0, True)
    assert (verdict["blocker_count"], verdict["warning_count"], verdict["diagnostics"]) == (0, 0, [])


def test_the_sample_warns_and_is_not_ready(run_command: Callable[..., tuple[int, dict[str, Any]]]) -> None:
    status, verdict = run_command(GATE_ID, sample=True)
    warned = [check["name"] for check in verdict["checks"] if check["status"] == "warn"]
    assert (status, verdict[READY_KEY], verdict["blocker_count"]) == (0, False, 0)
    assert warned == ["evidence_mode", "archive_manifest_result"]


@pytest.mark.parametrize(
    ("place", "value", "check"),
    [
        (("schema_version",), "", "schema_version"),
        (("evidence_mode",), True, "evidence_mode"),
        (("customer_profile_ref",), "://redacted", "customer_profile_ref"),
        (("archive_manifest_ref",), ..., "archive_manifest_ref"),
        (("archive_manifest_result", "blocker_count"), False, "archive_manifest_result"),
        (("status_owner_refs", "support_owner_ref"), "support desk", "status_owner_refs"),
        (("public_status_sections", 0, "summary"), "   Too short.          ", "public_status_sections"),
        (("public_status_sections", 1, "status"), "degraded", "public_status_sections"),
        (("support_refs", 1), "", "support_refs"),
        (("publication_controls", "customer_safe_language_approved"), "yes", "publication_controls"),
        (("public_status_sections", 5, "customer_name"), "", "no_private_material"),
    ],
)
def test_one_break_blocks_one_check(
    place: tuple[str | int, ...], value: object, check: str, blocked_by: Callable[..., list[str]]
) -> None:
    assert blocked_by(GATE_ID, place, value) == [check]
