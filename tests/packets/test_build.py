"""Built packets: as published when judged, the same each time, and honest about what they stand on."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from cavra_lint import build_index, build_packet, verify_index, verify_packet
from cavra_lint.contract import ARTIFACT_KINDS, Chain
from cavra_lint.packets.build import build
from cavra_lint.packets.judge import judge
from cavra_lint.rules.private import forbidden_keys, match_of
from cavra_lint.sources.json_document import in_memory, keys_of

GATES = [f"R7.{number}" for number in range(1, 11)]
SAMPLE_WARNINGS = dict(zip(GATES, [1, 2, 2, 2, 2, 2, 3, 2, 2, 2], strict=True))
#: Each gate that embeds the verdict of the one before, that gate, and the control that speaks of it.
HANDED_ON = (
    ("R7.2", "R7.1", "source_intake_validation", ""),
    ("R7.3", "R7.2", "evidence_room_result", "evidence_room_ready"),
    ("R7.4", "R7.3", "closeout_handoff_result", "closeout_handoff_ready"),
    ("R7.5", "R7.4", "operating_review_result", "operating_review_ready"),
    ("R7.6", "R7.5", "renewal_readiness_result", "renewal_readiness_ready"),
    ("R7.8", "R7.7", "lifecycle_rollup_result", "lifecycle_rollup_ready"),
    ("R7.9", "R7.8", "archive_manifest_result", "archive_manifest_ready"),
    ("R7.10", "R7.9", "public_status_result", "public_status_ready"),
)
GARBAGE = [3, "x", [], {}, True, 0.5, "", {"R7.1": None}, ["R7.1"], {"schema_version": 1}]


@pytest.fixture(scope="module")
def packets() -> dict[tuple[str, str], dict[str, Any]]:
    """A packet of each gate and mode; not to be changed."""
    return {
        (gate_id, mode): build_packet(gate_id, evidence_mode=mode)  # type: ignore[arg-type]
        for gate_id in GATES
        for mode in ("sample", "live")
    }


def strings_of(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for item in value.values() for text in strings_of(item)]
    if isinstance(value, list):
        return [text for item in value for text in strings_of(item)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize("gate_id", GATES)
def test_a_built_sample_is_judged_as_published(
    gate_id: str, packets: dict[tuple[str, str], dict[str, Any]], chain: Chain
) -> None:
    verdict = verify_packet(gate_id, packets[gate_id, "sample"])
    assert (verdict["status"], verdict["blocker_count"]) == ("ready_with_warnings", 0)
    assert verdict["warning_count"] == SAMPLE_WARNINGS[gate_id]
    assert verdict[chain.gate(gate_id).ready_key] is False
    assert verify_packet(gate_id, packets[gate_id, "sample"], require_live=True)["status"] == "blocked"


@pytest.mark.parametrize("gate_id", GATES)
@pytest.mark.parametrize("require_live", [True, False], ids=["live", "not live"])
def test_a_built_live_packet_is_ready(
    gate_id: str, require_live: bool, packets: dict[tuple[str, str], dict[str, Any]], chain: Chain
) -> None:
    verdict = verify_packet(gate_id, packets[gate_id, "live"], require_live=require_live)
    assert (verdict["status"], verdict["diagnostics"]) == ("ready", [])
    assert verdict[chain.gate(gate_id).ready_key] is True


@pytest.mark.parametrize("gate_id", GATES)
@pytest.mark.parametrize("mode", ["sample", "live"])
def test_what_every_packet_holds(
    gate_id: str, mode: str, packets: dict[tuple[str, str], dict[str, Any]], chain: Chain
) -> None:
    packet, gate = packets[gate_id, mode], chain.gate(gate_id)
    assert (packet["schema_version"], packet["product"]) == (gate.packet_schema, "CAVRA")
    assert (packet["evidence_mode"], packet["sanitized"]) == (mode, mode == "live")
    if gate.id_key:
        assert packet[gate.id_key].startswith(f"cavra-{mode}-customer-")
    forbidden = forbidden_keys(chain, gate)
    assert not [key for _, key in keys_of(packet) if match_of(forbidden, key)]
    schemes = {text.partition("://")[0] for text in strings_of(packet) if "://" in text and " " not in text}
    assert schemes == {"sample" if mode == "sample" else "evidence"}


@pytest.mark.parametrize("gate_id", GATES)
@pytest.mark.parametrize("mode", ["sample", "live"])
def test_built_twice_it_is_the_same_and_its_own(
    gate_id: str, mode: Any, packets: dict[tuple[str, str], dict[str, Any]]
) -> None:
    again = build_packet(gate_id, evidence_mode=mode)
    assert json.dumps(again) == json.dumps(packets[gate_id, mode])
    again.clear()
    assert build_packet(gate_id, evidence_mode=mode) == packets[gate_id, mode]


@pytest.mark.parametrize(
    ("gate_id", "before", "key"), [row[:3] for row in HANDED_ON], ids=[row[0] for row in HANDED_ON]
)
def test_it_embeds_the_verdict_of_the_gate_before(
    gate_id: str, before: str, key: str, packets: dict[tuple[str, str], dict[str, Any]]
) -> None:
    source = packets[before, "live"]
    packet = build_packet(gate_id, evidence_mode="live", source=source)
    verdict = verify_packet(before, source, require_live=True)
    del verdict["diagnostics"]
    assert packet[key] == verdict
    assert packet == packets[gate_id, "live"]
    assert [found for found, value in said_of(packet).items() if value is not True] == []


def said_of(packet: dict[str, Any]) -> dict[str, object]:
    return {
        key: value
        for name in packet
        if name.endswith("_controls")
        for key, value in packet[name].items()
        if isinstance(value, bool)
    }


@pytest.mark.parametrize(("gate_id", "before", "key", "control"), HANDED_ON, ids=[row[0] for row in HANDED_ON])
@pytest.mark.parametrize("mode", ["sample", "live"])
def test_a_source_that_blocks_gives_a_packet_that_blocks(
    gate_id: str, before: str, key: str, control: str, mode: Any, packets: dict[tuple[str, str], dict[str, Any]]
) -> None:
    source = {**packets[before, mode], "schema_version": "another"}
    packet = build_packet(gate_id, evidence_mode=mode, source=source)
    assert packet[key]["status"] == "blocked"
    assert [name for name, value in said_of(packet).items() if value is False] == ([control] if control else [])
    verdict = verify_packet(gate_id, packet, require_live=mode == "live")
    assert verdict["status"] == "blocked"
    assert {check["name"] for check in verdict["checks"] if check["status"] == "blocker"} >= {key}


def test_a_sample_source_of_a_live_packet_blocks(packets: dict[tuple[str, str], dict[str, Any]]) -> None:
    packet = build_packet("R7.3", evidence_mode="live", source=packets["R7.2", "sample"])
    assert packet["evidence_room_result"]["evidence_mode"] == "sample"
    assert verify_packet("R7.3", packet, require_live=True)["status"] == "blocked"


@pytest.mark.parametrize(("gate_id", "before"), [row[:2] for row in HANDED_ON], ids=[row[0] for row in HANDED_ON])
@pytest.mark.parametrize(
    ("ref", "expected"),
    [
        ("ticket://customer/7", "ticket://customer/7"),
        ("the customer", "evidence://customer/redacted"),
        (None, "evidence://customer/redacted"),
    ],
)
def test_the_customer_profile_is_handed_on_if_it_is_a_safe_reference(
    gate_id: str,
    before: str,
    ref: object,
    expected: str,
    packets: dict[tuple[str, str], dict[str, Any]],
) -> None:
    source = copy.deepcopy(packets[before, "live"])
    (source["customer_profile"] if before == "R7.1" else source)[
        "customer_ref" if before == "R7.1" else "customer_profile_ref"
    ] = ref
    packet = build_packet(gate_id, evidence_mode="live", source=source)
    assert packet["customer_profile_ref"] == expected


def test_one_customer_goes_through_the_whole_chain(packets: dict[tuple[str, str], dict[str, Any]]) -> None:
    first = packets["R7.1", "live"]["customer_profile"]["customer_ref"]
    assert {packets[gate_id, "live"]["customer_profile_ref"] for gate_id in GATES[1:]} == {first}


def test_the_rollup_from_the_packet_of_the_last_gate(packets: dict[tuple[str, str], dict[str, Any]]) -> None:
    source = {**packets["R7.6", "live"], "sanitized": False}
    packet = build_packet("R7.7", evidence_mode="live", source=source)
    statuses = [entry["readiness_result"]["status"] for entry in packet["lifecycle_gates"]]
    assert statuses == ["ready"] * 5 + ["blocked"]
    assert [entry["ready"] for entry in packet["lifecycle_gates"]] == [True] * 5 + [False]
    assert packet["rollup_controls"]["all_lifecycle_gates_ready"] is False


def test_the_rollup_from_packets_by_gate(packets: dict[tuple[str, str], dict[str, Any]]) -> None:
    source = {gate_id: packets[gate_id, "live"] for gate_id in GATES[:6]}
    assert build_packet("R7.7", evidence_mode="live", source=source) == packets["R7.7", "live"]
    packet = build_packet("R7.7", evidence_mode="live", source={**source, "R7.2": "no packet"})
    assert [entry["ready"] for entry in packet["lifecycle_gates"]] == [True, False, True, True, True, True]
    assert verify_packet("R7.7", packet, require_live=True)["status"] == "blocked"


def test_the_rollup_of_samples_waits_for_one_control(packets: dict[tuple[str, str], dict[str, Any]]) -> None:
    controls = packets["R7.7", "sample"]["rollup_controls"]
    assert [key for key, value in controls.items() if not value] == ["all_lifecycle_gates_ready"]


@pytest.mark.parametrize("gate_id", GATES[1:])
@pytest.mark.parametrize("source", GARBAGE, ids=repr)
def test_garbage_is_built_on_as_what_it_is(gate_id: str, source: object, chain: Chain) -> None:
    packet = build(chain, chain.gate(gate_id), "live", source)
    verdict = verify_packet(gate_id, packet, require_live=True)
    assert (verdict["status"], verdict[chain.gate(gate_id).ready_key]) == ("blocked", False)


@pytest.mark.parametrize("source", GARBAGE, ids=repr)
def test_the_first_gate_stands_on_nothing(source: object, packets: dict[tuple[str, str], dict[str, Any]]) -> None:
    assert build_packet("R7.1", evidence_mode="live", source=source) == packets["R7.1", "live"]


def test_building_does_not_change_the_source(packets: dict[tuple[str, str], dict[str, Any]]) -> None:
    source = copy.deepcopy(packets["R7.3", "live"])
    build_packet("R7.4", evidence_mode="live", source=source)
    assert source == packets["R7.3", "live"]


def test_sections_may_be_told_apart_by_what_they_are_called(chain: Chain) -> None:
    gate = chain.gate("R7.4")
    checks = tuple(one._replace(id_key="title") if one.kind == "sections" else one for one in gate.checks)
    changed = chain.changed(lambda one: one._replace(checks=checks) if one.id == gate.id else one)
    packet = build(changed, changed.gate(gate.id), "live")
    assert list(judge(changed, changed.gate(gate.id), in_memory(packet), require_live=True)) == []


def test_what_a_contract_names_with_spaces_is_referred_to_without(chain: Chain) -> None:
    gate = chain.gate("R7.4")
    checks = tuple(
        one._replace(name=f"{one.name} of it", required=tuple(f"{key} of it" for key in one.required))
        if one.kind in ("refs", "ref_list", "sections")
        else one
        for one in gate.checks
    )
    changed = chain.changed(lambda one: one._replace(checks=checks) if one.id == gate.id else one)
    packet = build(changed, changed.gate(gate.id), "live")
    assert list(judge(changed, changed.gate(gate.id), in_memory(packet), require_live=True)) == []


@pytest.mark.parametrize("mode", ["sample", "live"])
def test_the_index_of_the_tree_is_the_one_in_it(mode: Any, root: Path, chain: Chain) -> None:
    path = chain.index_gate.artifacts["live_sanitized_example"]
    if mode == "sample":
        path = path.replace("live.sanitized.example", "sample")
    assert build_index(root, evidence_mode=mode) == json.loads((root / path).read_text("utf-8"))


def test_the_index_of_an_empty_folder_claims_nothing(tmp_path: Path) -> None:
    index = build_index(tmp_path, evidence_mode="live")
    assert [entry["gate_id"] for entry in index["gates"]] == GATES
    for entry in index["gates"]:
        assert entry["artifact_presence"] == dict.fromkeys(ARTIFACT_KINDS, False)
        assert (entry["ready"], entry["blocker_count"], entry["example_sanitized"]) == (False, 1, False)
        assert entry["example_evidence_mode"] == "sample"
    verdict = verify_index(index, repo_root=tmp_path, require_live=True)
    assert verdict["ready_for_customer_lifecycle_verification_index"] is False


def test_the_index_of_a_broken_tree_says_what_its_files_say(tree: Path, chain: Chain) -> None:
    paths = chain.gate("R7.4").artifacts
    (tree / paths["wiki"]).unlink()
    (tree / paths["docs"]).write_text(" \n")
    result = json.loads((tree / paths["live_result"]).read_text("utf-8"))
    result |= {"ready_for_customer_operating_review": 1, "blocker_count": 3, "warning_count": "none"}
    (tree / paths["live_result"]).write_text(json.dumps(result), encoding="utf-8")
    (tree / paths["live_sanitized_example"]).write_text("[]")
    entry = build_index(tree)["gates"][3]
    assert (entry["ready"], entry["blocker_count"], entry["warning_count"]) == (False, 3, 1)
    assert (entry["example_evidence_mode"], entry["example_sanitized"]) == ("sample", False)
    absent = [kind for kind, there in entry["artifact_presence"].items() if not there]
    assert sorted(absent) == ["docs", "wiki"]
    assert entry["artifact_paths"] == paths
