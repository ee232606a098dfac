"""Judging any packet whatever: it never raises, never shows a value, and only what is whole is ready."""

from __future__ import annotations

import copy
import json
from typing import Any, TypeAlias

import pytest

from cavra_lint import verify_packet
from cavra_lint.contract import Chain
from cavra_lint.packets.build import build
from cavra_lint.packets.judge import KINDS, judge
from cavra_lint.rules.registry import RULES
from cavra_lint.sources.json_document import in_memory

Place: TypeAlias = tuple[str | int, ...]
GATES = [f"R7.{number}" for number in range(1, 11)]
SECRET = "zq7-private-words"
#: Keys that no check reads: words for people, and the packet's identity, which only a tree is held to.
FREE_KEYS = {
    "title",
    "product",
    "message",
    "name",
    "status",
    "schema_version",
    "evidence_mode",
    "checks",
    "ready_key",
    "ready",
}


def places_of(value: object, here: Place = ()) -> list[Place]:
    inner: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    return [place for step, item in inner for place in [(*here, step), *places_of(item, (*here, step))]]


def with_value(packet: dict[str, Any], place: Place, value: object) -> dict[str, Any]:
    packet = copy.deepcopy(packet)
    container: Any = packet
    for step in place[:-1]:
        container = container[step]
    if value is ...:
        del container[place[-1]]
    else:
        container[place[-1]] = value
    return packet


def outside_verdicts(packet: dict[str, Any]) -> list[Place]:
    """Return the places of a packet but for those within embedded verdicts."""
    return [place for place in places_of(packet) if "checks" not in place]


@pytest.mark.parametrize("gate_id", GATES)
def test_no_value_at_any_place_raises_or_is_shown(gate_id: str, chain: Chain) -> None:
    packet = build(chain, chain.gate(gate_id), "live")
    for place in outside_verdicts(packet):
        verdict = verify_packet(gate_id, with_value(packet, place, SECRET), require_live=True)
        assert SECRET not in json.dumps(verdict)
        assert [check["name"] for check in verdict["checks"]] == [check.name for check in chain.gate(gate_id).checks]


@pytest.mark.parametrize("gate_id", GATES)
@pytest.mark.parametrize("value", [..., None, [], [SECRET], {SECRET: SECRET}], ids=repr)
def test_only_what_no_check_reads_may_be_anything(gate_id: str, value: object, chain: Chain) -> None:
    gate = chain.gate(gate_id)
    packet = build(chain, gate, "live")
    for place in outside_verdicts(packet):
        verdict = verify_packet(gate_id, with_value(packet, place, value), require_live=True)
        free = place[-1] in FREE_KEYS or place[-1] == gate.id_key or str(place[-1]).endswith("_id")
        free = free or (place == ("customer_profile_ref",) and gate_id == "R7.2")
        if not verdict["blocker_count"]:
            one_of_several = value is ... and place[-1] in (0, 1, 2) and "sections" not in str(place)
            assert free or one_of_several, place
        assert verdict["blocker_count"] <= 1


@pytest.mark.parametrize("gate_id", GATES)
def test_the_first_check_blocks_what_is_no_packet(gate_id: str) -> None:
    for packet in (None, True, 3, 0.5, "x", [], [{}], ()):
        verdict = verify_packet(gate_id, packet)
        assert (verdict["status"], verdict["blocker_count"], len(verdict["checks"])) == ("blocked", 1, 1)
        (check,) = verdict["checks"]
        assert [(found["code"], found["check"]) for found in verdict["diagnostics"]] == [("CAVRA005", check["name"])]


@pytest.mark.parametrize("gate_id", GATES)
def test_an_empty_packet_blocks_each_check_but_the_one_for_forbidden_keys(gate_id: str) -> None:
    statuses = [check["status"] for check in verify_packet(gate_id, {})["checks"]]
    assert statuses == ["blocker"] * (len(statuses) - 1) + ["pass"]


@pytest.mark.parametrize("gate_id", GATES)
def test_a_packet_is_judged_by_its_own_gate(gate_id: str, chain: Chain) -> None:
    packet = build(chain, chain.gate(gate_id), "live")
    for other in GATES:
        verdict = verify_packet(other, packet, require_live=True)
        assert (verdict["status"] == "ready") is (other == gate_id)


@pytest.mark.parametrize("gate_id", GATES)
def test_each_check_is_judged_in_whatever_order_a_contract_lists_them(gate_id: str, chain: Chain) -> None:
    gate = chain.gate(gate_id)
    turned = gate._replace(checks=gate.checks[::-1])
    found, again = (
        {(one.code, one.line, one.message) for one in judge(chain, asked, in_memory({}), require_live=True)}
        for asked in (gate, turned)
    )
    assert found == again


def test_each_kind_of_check_has_a_rule_and_each_rule_of_packets_a_kind(chain: Chain) -> None:
    kinds = {check.kind for gate in (*chain.gates, chain.index_gate) for check in gate.checks}
    assert kinds == {*KINDS, "no_private_material"}
    used = {rule.code for rules in KINDS.values() for rule in rules}
    assert {rule.code for rule in RULES if rule.code.startswith("CAVRA5")} <= used
