"""Check kinds source_result and gate_results: which embedded verdict lets a gate pass, which warns and which blocks."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

Place: TypeAlias = tuple[str | int, ...]
Judge: TypeAlias = Callable[..., Any]

GONE = ...
#: Ready key, blocker_count and warning_count of an embedded verdict; what it does where live is not required, and where
#: it is. Keys that are gone are the three's own.
MATRIX: dict[str, tuple[object, object, object, str, str]] = {
    "ready": (True, 0, 0, "", ""),
    "ready with a warning": (True, 0, 1, "", "warning_count"),
    "ready with many warnings": (True, 0, 12, "", "warning_count"),
    "not ready": (False, 0, 0, "warn ready", "ready"),
    "not ready, warned": (False, 0, 2, "warn ready", "warning_count ready"),
    "a blocker": (False, 1, 0, "blocker_count warn ready", "blocker_count ready"),
    "a blocker, and ready": (True, 1, 0, "blocker_count", "blocker_count"),
    "a blocker and a warning": (True, 1, 1, "blocker_count", "blocker_count warning_count"),
    "ready is one": (1, 0, 0, "ready", "ready"),
    "ready is a word": ("true", 0, 0, "ready", "ready"),
    "ready is null": (None, 0, 0, "ready", "ready"),
    "ready is zero": (0, 0, 0, "ready", "ready"),
    "ready is gone": (GONE, 0, 0, "ready", "ready"),
    "blockers are false": (True, False, 0, "blocker_count", "blocker_count"),
    "blockers are 0.0": (True, 0.0, 0, "blocker_count", "blocker_count"),
    "blockers are a word": (True, "0", 0, "blocker_count", "blocker_count"),
    "blockers are negative": (True, -1, 0, "blocker_count", "blocker_count"),
    "blockers are null": (True, None, 0, "blocker_count", "blocker_count"),
    "blockers are a list": (True, [], 0, "blocker_count", "blocker_count"),
    "blockers are gone": (True, GONE, 0, "blocker_count", "blocker_count"),
    "warnings are false": (True, 0, False, "warning_count", "warning_count"),
    "warnings are 0.0": (True, 0, 0.0, "warning_count", "warning_count"),
    "warnings are a word": (True, 0, "0", "warning_count", "warning_count"),
    "warnings are null": (True, 0, None, "warning_count", "warning_count"),
    "warnings are negative": (True, 0, -1, "", "warning_count"),
    "warnings are gone": (True, 0, GONE, "", "warning_count"),
}
GATES = {
    "R7.2": (("source_intake_validation",), "ready_for_customer_live_evidence_intake", "CAVRA509"),
    "R7.10": (("public_status_result",), "ready_for_customer_lifecycle_public_status", "CAVRA509"),
    "R7.7": (("lifecycle_gates", 2, "readiness_result"), "ready_for_customer_closeout_handoff", "CAVRA510"),
}


@pytest.mark.parametrize("gate_id", GATES)
@pytest.mark.parametrize("require_live", [False, True], ids=["not live", "live"])
@pytest.mark.parametrize(("ready", "blockers", "warnings", "free", "strict"), MATRIX.values(), ids=MATRIX.keys())
def test_what_an_embedded_verdict_does(
    gate_id: str,
    require_live: bool,
    ready: object,
    blockers: object,
    warnings: object,
    free: str,
    strict: str,
    judged: Judge,
) -> None:
    place, ready_key, code = GATES[gate_id]
    values = {ready_key: ready, "blocker_count": blockers, "warning_count": warnings}
    result = judged(gate_id, *(((*place, key), value) for key, value in values.items()), require_live=require_live)
    expected: list[tuple[str, int, str, str]] = []
    severity = "error"
    for word in (strict if require_live else free).split():
        if word == "warn":
            severity = "warning"
            continue
        key = ready_key if word == "ready" else word
        at = place if values[key] is GONE else (*place, key)
        expected.append((code, result.line_of(at), str(place[0]), severity))
    assert sorted(result.said) == sorted(expected)


NO_VERDICT = {
    "gone": (..., "is missing, expected an object"),
    "null": (None, "is null, expected an object"),
    "true": (True, "is true, expected an object"),
    "a list": ([{"blocker_count": 0}], "is a list, expected an object"),
    "a word": ("ready", "is a string, expected an object"),
}


@pytest.mark.parametrize(("value", "words"), NO_VERDICT.values(), ids=NO_VERDICT.keys())
@pytest.mark.parametrize("gate_id", GATES)
@pytest.mark.parametrize("require_live", [False, True], ids=["not live", "live"])
def test_an_embedded_verdict_is_an_object(
    gate_id: str, value: object, words: str, require_live: bool, judged: Judge
) -> None:
    place, _, code = GATES[gate_id]
    result = judged(gate_id, (place, value), require_live=require_live)
    at = place[:-1] if value is ... else place
    assert result.said == [(code, result.line_of(at), str(place[0]), "error")]
    assert words in result.found[0].message


def test_an_empty_verdict_lacks_each_key(judged: Judge) -> None:
    result = judged("R7.3", (("evidence_room_result",), {}))
    missing = ["blocker_count", "ready_for_customer_evidence_room_closeout", "warning_count"]
    assert [found.message.split(" is missing")[0] for found in result.found] == [
        f"evidence_room_result.{key}" for key in missing
    ]


def test_the_ready_key_is_that_gates_own(judged: Judge) -> None:
    place = ("evidence_room_result", "ready_for_customer_evidence_room_closeout")
    other = ("evidence_room_result", "ready_for_customer_live_evidence_intake")
    assert [found.severity for found in judged("R7.3", (place, ...), (other, True)).found] == ["error"]


LIST: Place = ("lifecycle_gates",)
#: The place in the list, the value, where the finding stands and how its message begins.
CAUGHT: dict[str, tuple[str, object, str, str]] = {
    "the list is gone": ("", ..., "TOP", "lifecycle_gates is missing, expected a list"),
    "the list is null": ("", None, "", "lifecycle_gates is null, expected a list"),
    "the list is empty": ("", [], "", "lifecycle_gates is an empty list, expected a list that is not empty"),
    "the list is an object": ("", {"R7.1": {}}, "", "lifecycle_gates is an object, expected a list"),
    "a gate is gone": ("3", ..., "", "lifecycle_gates has no gate `R7.4`"),
    "an entry is null": ("3", None, "3", "lifecycle_gates[3] is null, expected an object"),
    "an entry is an id": ("3", "R7.4", "3", "lifecycle_gates[3] is a string, expected an object"),
    "an id is gone": ("3/gate_id", ..., "3", "lifecycle_gates[3].gate_id is missing, expected the id of a gate"),
    "an id is a number": (
        "3/gate_id",
        7.4,
        "3/gate_id",
        "lifecycle_gates[3].gate_id is a number with a point, expected the id",
    ),
    "an id is misspelt": ("3/gate_id", "R74", "3/gate_id", "lifecycle_gates[3].gate_id is no required gate"),
    "a gate twice": ("6", "COPY", "6/gate_id", "lifecycle_gates[6].gate_id repeats the gate `R7.2`, expected it once"),
    "a packet ref is gone": ("3/packet_ref", ..., "3", "lifecycle_gates[3].packet_ref is missing, expected a safe ref"),
    "a packet ref is empty": ("3/packet_ref", "", "3/packet_ref", "lifecycle_gates[3].packet_ref is an empty string"),
    "a packet ref in words": (
        "3/packet_ref",
        "by mail",
        "3/packet_ref",
        "lifecycle_gates[3].packet_ref is no safe ref",
    ),
}


@pytest.mark.parametrize(("path", "value", "at", "says"), CAUGHT.values(), ids=CAUGHT.keys())
def test_what_is_caught_of_a_list_of_gates(
    path: str, value: object, at: str, says: str, judged: Judge, live: dict[str, Any]
) -> None:
    value = copy.deepcopy(live["R7.7"]["lifecycle_gates"][1]) if value == "COPY" else value
    result = judged("R7.7", (below_list(path), value))
    assert result.said == [("CAVRA510", result.line_of(() if at == "TOP" else below_list(at)), LIST[0], "error")]
    assert result.found[0].message.startswith(says)


def below_list(path: str) -> Place:
    return (*LIST, *(int(step) if step.isdecimal() else step for step in path.split("/") if step))


def test_a_gate_that_is_not_asked_for_is_let_pass(judged: Judge) -> None:
    extra = {"gate_id": "R7.9", "note": "no result yet"}
    assert judged("R7.7", ((*LIST, 6), extra)).found == []


def test_a_gate_behind_one_that_is_not_asked_for_is_judged(judged: Judge, live: dict[str, Any]) -> None:
    gates = copy.deepcopy(live["R7.7"]["lifecycle_gates"])
    gates[0]["readiness_result"]["blocker_count"] = 1
    result = judged("R7.7", (LIST, [{"gate_id": "R7.9"}, *gates]))
    place = (*LIST, 1, "readiness_result", "blocker_count")
    assert result.said == [("CAVRA510", result.line_of(place), LIST[0], "error")]


@pytest.mark.parametrize(
    ("path", "value", "at"), [("1", None, "1"), ("1/gate_id", 7, "1/gate_id")], ids=["no entry", "no id"]
)
def test_one_that_is_none_stands_for_no_more_than_one(path: str, value: object, at: str, judged: Judge) -> None:
    result = judged("R7.7", (below_list("3"), ...), (below_list(path), value))
    assert [found.message.partition(",")[0] for found in result.found if found.line == result.line_of(LIST)] == [
        "lifecycle_gates has no gate `R7.2`",
        "lifecycle_gates has no gate `R7.4`",
    ]
    # the key of the list, and not the list
    assert {found.column for found in result.found if found.line == result.line_of(LIST)} == {3}
    assert result.line_of(below_list(at)) in {found.line for found in result.found}


def test_a_gate_that_is_repeated_is_judged_as_well(judged: Judge, live: dict[str, Any]) -> None:
    again = copy.deepcopy(live["R7.7"]["lifecycle_gates"][1])
    again["readiness_result"]["blocker_count"] = 2
    result = judged("R7.7", ((*LIST, 6), again))
    places = ((*LIST, 6, "gate_id"), (*LIST, 6, "readiness_result", "blocker_count"))
    assert sorted(found.line for found in result.found) == sorted(result.line_of(place) for place in places)


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (1, "1"),
        (-1, "-1"),
        (999_999, "999999"),
        (1_000_000, "a number"),
        (-1_000_000, "a number"),
        (10**40, "a number"),
        (True, "true"),
        (1.5, "a number with a point"),
        ("7", "a string"),
    ],
    ids=repr,
)
def test_a_count_is_shown_as_far_as_it_is_one(count: object, shown: str, judged: Judge) -> None:
    (found,) = judged("R7.3", (("evidence_room_result", "blocker_count"), count)).found
    assert found.message == f"evidence_room_result.blocker_count is {shown}, expected 0"


def test_the_order_of_a_list_of_gates_is_free(judged: Judge, live: dict[str, Any]) -> None:
    assert judged("R7.7", (LIST, live["R7.7"]["lifecycle_gates"][::-1])).found == []


def test_a_built_sample_warns_once_a_gate(judged: Judge, sample: dict[str, Any]) -> None:
    result = judged("R7.7", packet=sample["R7.7"], require_live=False)
    assert [found.check for found in result.found if found.code == "CAVRA510"] == ["lifecycle_gates"] * 6
    assert {found.severity for found in result.found} == {"warning"}


def test_a_sample_blocks_where_live_is_required(judged: Judge, sample: dict[str, Any]) -> None:
    result = judged("R7.7", packet=sample["R7.7"])
    assert {found.severity for found in result.found} == {"error"}
    assert {found.check for found in result.found} == {"evidence_mode", "lifecycle_gates", "rollup_controls"}
