"""Diagnostics to verdict: checks are counted, not findings, and only a live packet is ready."""

from __future__ import annotations

from typing import Any

import pytest

from cavra_lint.contract import Chain
from cavra_lint.diagnostics import Diagnostic, Severity
from cavra_lint.rules.readiness import status_of
from cavra_lint.sources.json_document import in_memory
from cavra_lint.verdict import published, verdict

READY = "ready_for_customer_live_evidence_intake"


def found(check: str, severity: Severity = "error", *, line: int = 1, gate_id: str = "R7.1") -> Diagnostic:
    return Diagnostic("packet.json", line, "CAVRA507", 1, f"{check} {severity} {line}", gate_id, check, severity)


#: The mode, what was found, and status, blockers, warnings and readiness of the verdict.
VERDICTS: dict[str, tuple[object, list[Diagnostic], tuple[str, int, int, bool]]] = {
    "live, nothing": ("live", [], ("ready", 0, 0, True)),
    "sample, nothing": ("sample", [], ("ready", 0, 0, False)),
    "no mode, nothing": (None, [], ("ready", 0, 0, False)),
    "a mode that is true": (True, [], ("ready", 0, 0, False)),
    "one warning": ("live", [found("attestation", "warning")], ("ready_with_warnings", 0, 1, False)),
    "one error": ("live", [found("attestation")], ("blocked", 1, 0, False)),
    "two errors of one check": ("live", [found("attestation"), found("attestation", line=2)], ("blocked", 1, 0, False)),
    "two checks": ("live", [found("attestation"), found("customer_profile")], ("blocked", 2, 0, False)),
    "error and warning of one": (
        "live",
        [found("attestation"), found("attestation", "warning")],
        ("blocked", 1, 0, False),
    ),
    "error and warning of two": (
        "live",
        [found("attestation"), found("evidence_mode", "warning")],
        ("blocked", 1, 1, False),
    ),
    "a check that is none": ("live", [found("gates")], ("blocked", 1, 0, False)),
    "of another gate": ("live", [found("attestation", gate_id="R7.2")], ("blocked", 1, 0, False)),
}


@pytest.mark.parametrize(("mode", "diagnostics", "expected"), VERDICTS.values(), ids=VERDICTS.keys())
def test_a_verdict_counts_checks(
    mode: object, diagnostics: list[Diagnostic], expected: tuple[str, int, int, bool], chain: Chain
) -> None:
    result = verdict(chain, chain.gate("R7.1"), in_memory({"evidence_mode": mode}), diagnostics)
    assert (result["status"], result["blocker_count"], result["warning_count"], result[READY]) == expected
    assert len(result["diagnostics"]) == len(diagnostics)


def test_a_verdict_holds_the_published_keys_and_diagnostics(chain: Chain) -> None:
    result = verdict(chain, chain.gate("R7.1"), in_memory({"evidence_mode": "live"}), [])
    assert set(published(result)) == {
        "schema_version",
        "product",
        "evidence_mode",
        READY,
        "status",
        "blocker_count",
        "warning_count",
        "checks",
    }
    assert set(result) - set(published(result)) == {"diagnostics"}
    assert (result["schema_version"], result["product"]) == ("cavra.customer-live-evidence.result.v1", "CAVRA")


def test_how_many_values_are_allowed_is_printed_and_not_published(chain: Chain) -> None:
    result = verdict(chain, chain.index_gate, in_memory({}), [], allowed_values=2)
    assert result["allowed_value_count"] == 2
    assert "allowed_value_count" not in published(result)


def test_only_the_index_has_a_phase(chain: Chain) -> None:
    assert verdict(chain, chain.index_gate, in_memory({}), [])["phase"] == "R7"
    assert "phase" not in verdict(chain, chain.gate("R7.10"), in_memory({}), [])


@pytest.mark.parametrize("gate_id", [f"R7.{number}" for number in range(1, 12)])
def test_checks_stand_in_the_order_of_the_contract_each_with_a_message(gate_id: str, chain: Chain) -> None:
    gate = chain.gate(gate_id)
    checks = verdict(chain, gate, in_memory({"evidence_mode": "live"}), [])["checks"]
    assert [check["name"] for check in checks] == [check.name for check in gate.checks]
    for check in checks:
        assert set(check) == {"name", "status", "message"}
        assert check["status"] == "pass"
        assert check["message"].endswith(".")
        assert "{" not in check["message"]


@pytest.mark.parametrize(
    ("diagnostics", "message"),
    [
        ([("error", 9), ("error", 3), ("warning", 1)], "attestation error 3 (and 2 more)"),
        ([("error", 9), ("error", 3)], "attestation error 3 (and 1 more)"),
        ([("error", 9)], "attestation error 9"),
        ([("warning", 9), ("warning", 3)], "attestation warning 3 (and 1 more)"),
    ],
    ids=str,
)
def test_a_message_is_that_of_the_first_error_and_how_many_more(
    diagnostics: list[tuple[Severity, int]], message: str, chain: Chain
) -> None:
    all_found = [found("attestation", severity, line=line) for severity, line in diagnostics]
    checks = verdict(chain, chain.gate("R7.1"), in_memory({}), all_found)["checks"]
    assert [check["message"] for check in checks if check["name"] == "attestation"] == [message]


def test_diagnostics_are_sorted_and_hold_each_key(chain: Chain) -> None:
    result = verdict(
        chain, chain.gate("R7.1"), in_memory({}), [found("attestation", line=9), found("attestation", line=3)]
    )
    assert [entry["line"] for entry in result["diagnostics"]] == [3, 9]
    assert result["diagnostics"][0] == {
        "path": "packet.json",
        "line": 3,
        "column": 1,
        "code": "CAVRA507",
        "message": "attestation error 3",
        "gate_id": "R7.1",
        "check": "attestation",
        "severity": "error",
    }


@pytest.mark.parametrize("gate_id", ["R7.4", "R7.10", "nonsense"])
def test_what_concerns_another_gate_blocks_the_indexs_gates(gate_id: str, chain: Chain) -> None:
    checks = verdict(chain, chain.index_gate, in_memory({}), [found("schema_version", gate_id=gate_id)])["checks"]
    assert [check["name"] for check in checks if check["status"] == "blocker"] == ["gates"]


def test_of_a_packet_that_was_not_read_one_check_is_known(chain: Chain) -> None:
    for packet in (None, [], "x"):
        result: dict[str, Any] = verdict(chain, chain.gate("R7.9"), in_memory(packet), [found("x", gate_id="R7.9")])
        assert [(check["name"], check["status"]) for check in result["checks"]] == [("schema_version", "blocker")]
        assert (result["evidence_mode"], result["blocker_count"], result["status"]) == ("unknown", 1, "blocked")


@pytest.mark.parametrize(
    ("blockers", "warnings", "status"),
    [(0, 0, "ready"), (0, 1, "ready_with_warnings"), (1, 0, "blocked"), (1, 1, "blocked"), (7, 0, "blocked")],
)
def test_status_of(blockers: int, warnings: int, status: str) -> None:
    assert status_of(blockers, warnings) == status
