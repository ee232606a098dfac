"""Check kinds controls and sections: what each catches, and lets pass."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

Place: TypeAlias = tuple[str | int, ...]
Judge: TypeAlias = Callable[..., Any]

CONTROL: Place = ("handoff_controls", "rollback_contact_defined")
CONTROLS = {
    "false": (False, "false"),
    "one": (1, "a number"),
    "one and no more": (1.0, "a number with a point"),
    "true as a word": ("true", "a string"),
    "yes": ("yes", "a string"),
    "zero": (0, "0"),
    "null": (None, "null"),
    "empty": ("", "an empty string"),
    "a list of true": ([True], "a list"),
    "an object": ({"value": True}, "an object"),
}


@pytest.mark.parametrize(("value", "words"), CONTROLS.values(), ids=CONTROLS.keys())
@pytest.mark.parametrize("require_live", [True, False], ids=["live", "not live"])
def test_a_control_is_true_and_nothing_else(value: object, words: str, require_live: bool, judged: Judge) -> None:
    result = judged("R7.3", (CONTROL, value), require_live=require_live)
    assert result.said == [("CAVRA507", result.line_of(CONTROL), "handoff_controls", "error")]
    assert result.found[0].message == f"handoff_controls.rollback_contact_defined is {words}, expected true"


def test_a_control_that_is_missing_stands_at_its_section(judged: Judge) -> None:
    result = judged("R7.3", (CONTROL, ...))
    assert result.said == [("CAVRA507", result.line_of(CONTROL[:1]), "handoff_controls", "error")]
    assert result.found[0].message.startswith("handoff_controls.rollback_contact_defined is missing, expected true")


@pytest.mark.parametrize(
    ("value", "words"),
    [([], "an empty list"), (True, "true"), (None, "null"), ("all true", "a string")],
    ids=["list", "true", "null", "string"],
)
def test_controls_are_an_object(value: object, words: str, judged: Judge) -> None:
    result = judged("R7.3", (CONTROL[:1], value))
    assert result.said == [("CAVRA507", result.line_of(CONTROL[:1]), "handoff_controls", "error")]
    assert result.found[0].message == f"handoff_controls is {words}, expected an object"


def test_each_control_that_is_not_true_is_named(judged: Judge, chain: Any) -> None:
    required = chain.gate("R7.3").checks[-2].required
    result = judged("R7.3", *((("handoff_controls", key), False) for key in required))
    assert len(required) == 8
    assert [(line, code) for code, line, _, _ in result.said] == sorted(
        (result.line_of(("handoff_controls", key)), "CAVRA507") for key in required
    )


@pytest.mark.parametrize("value", [False, None, "draft", 1], ids=repr)
def test_a_control_that_is_not_asked_for_may_be_anything(value: object, judged: Judge) -> None:
    assert judged("R7.3", (("handoff_controls", "extra_control"), value)).found == []


WAITS: Place = ("rollup_controls", "all_lifecycle_gates_ready")
OTHER: Place = ("rollup_controls", "archive_refs_present")
#: The changes, whether live is required, and the severity of each finding.
PENDING: dict[str, tuple[list[tuple[Place, object]], bool, list[str]]] = {
    "false, live not required": ([(WAITS, False)], False, ["warning"]),
    "false, live required": ([(WAITS, False)], True, ["error"]),
    "true, live not required": ([(WAITS, True)], False, []),
    "true, live required": ([(WAITS, True)], True, []),
    "another one false": ([(OTHER, False)], False, ["error"]),
    "both false": ([(WAITS, False), (OTHER, False)], False, ["error", "error"]),
    "both false, live required": ([(WAITS, False), (OTHER, False)], True, ["error", "error"]),
    "another one missing": ([(WAITS, False), (OTHER, ...)], False, ["error", "error"]),
    "missing": ([(WAITS, ...)], False, ["error"]),
    "null": ([(WAITS, None)], False, ["error"]),
    "zero": ([(WAITS, 0)], False, ["error"]),
    "false as a word": ([(WAITS, "false")], False, ["error"]),
}


@pytest.mark.parametrize(("changes", "require_live", "expected"), PENDING.values(), ids=PENDING.keys())
def test_the_control_that_may_wait(
    changes: list[tuple[Place, object]], require_live: bool, expected: list[str], judged: Judge
) -> None:
    result = judged("R7.7", *changes, require_live=require_live)
    assert [(found.code, found.severity) for found in result.found] == [("CAVRA507", severity) for severity in expected]
    places = [place if value is not ... else place[:1] for place, value in changes if value is not True]
    assert sorted(found.line for found in result.found) == sorted(result.line_of(place) for place in places)


@pytest.mark.parametrize(
    ("gate_id", "place"), [("R7.3", CONTROL), ("R7.10", ("final_release_controls", "public_status_ready"))]
)
def test_no_other_gate_has_a_control_that_may_wait(gate_id: str, place: Place, judged: Judge) -> None:
    assert [found.severity for found in judged(gate_id, (place, False), require_live=False).found] == ["error"]


SECTION = {
    "section_id": "extra_section",
    "status": "ready",
    "summary": "A section that no contract asks for.",
    "evidence_refs": ["evidence://x"],
}
#: Gate, place, value, the check, the place of the finding, and how its message begins.
CAUGHT: dict[str, tuple[str, str, object, str, str]] = {
    "missing": ("R7.9", "public_status_sections", ..., "", "public_status_sections is missing, expected a list"),
    "null": ("R7.9", "public_status_sections", None, "public_status_sections", "public_status_sections is null, exp"),
    "empty": ("R7.9", "public_status_sections", [], "public_status_sections", "public_status_sections is an empty l"),
    "an object": (
        "R7.9",
        "public_status_sections",
        {"a": {}},
        "public_status_sections",
        "public_status_sections is an",
    ),
    "an entry in words": ("R7.2", "sections/0", "summary", "sections/0", "sections[0] is a string, expected an object"),
    "an entry is null": ("R7.2", "sections/0", None, "sections/0", "sections[0] is null, expected an object"),
    "a section is missing": (
        "R7.2",
        "sections/3",
        ...,
        "sections",
        "sections has no section `connectors_and_scanners`",
    ),
    "an id is missing": (
        "R7.2",
        "sections/2/section_id",
        ...,
        "sections/2",
        "sections[2].section_id is missing, expec",
    ),
    "an id is null": ("R7.2", "sections/2/section_id", None, "sections/2/section_id", "sections[2].section_id is null"),
    "an id is empty": (
        "R7.2",
        "sections/2/section_id",
        "",
        "sections/2/section_id",
        "sections[2].section_id is an emp",
    ),
    "an id is a list": (
        "R7.2",
        "sections/2/section_id",
        ["x"],
        "sections/2/section_id",
        "sections[2].section_id is a l",
    ),
    "refs are missing": ("R7.2", "sections/1/evidence_refs", ..., "sections/1", "sections[1].evidence_refs is missing"),
    "refs are empty": ("R7.2", "sections/1/evidence_refs", [], "sections/1/evidence_refs", "sections[1].evidence_refs"),
    "refs are one": (
        "R7.2",
        "sections/1/evidence_refs",
        "git://x",
        "sections/1/evidence_refs",
        "sections[1].evidence_",
    ),
    "refs are null": (
        "R7.2",
        "sections/1/evidence_refs",
        None,
        "sections/1/evidence_refs",
        "sections[1].evidence_refs",
    ),
    "one ref is in words": (
        "R7.2",
        "sections/1/evidence_refs/1",
        "see the shared drive",
        "sections/1/evidence_refs/1",
        "sections[1].evidence_refs[1] is no safe reference, expected scheme://...",
    ),
    "a seal is missing": (
        "R7.10",
        "sealed_components/4/seal_ref",
        ...,
        "sealed_components/4",
        "sealed_components[4].seal",
    ),
    "a seal is a list": (
        "R7.10",
        "sealed_components/4/seal_ref",
        ["evidence://x"],
        "sealed_components/4/seal_ref",
        "sealed_components[4].seal_ref is a list, expected scheme://...",
    ),
    "archive refs have their own key": (
        "R7.8",
        "archive_sections/0/archive_refs",
        [],
        "archive_sections/0/archive_refs",
        "archive_sections[0].archive_refs is an empty list, expected a list that is not empty",
    ),
    "a status that is not healthy": (
        "R7.6",
        "outcome_sections/2/status",
        "open",
        "outcome_sections/2/status",
        "outcome_sections[2].status is another value, expected one of accepted, closed, confirmed, ready,",
    ),
    "a status in capitals": (
        "R7.6",
        "outcome_sections/2/status",
        "Closed",
        "outcome_sections/2/status",
        "outcome_section",
    ),
    "a status with a space": (
        "R7.6",
        "outcome_sections/2/status",
        "closed ",
        "outcome_sections/2/status",
        "outcome_sect",
    ),
    "a status of another gate": (
        "R7.10",
        "sealed_components/0/status",
        "ready",
        "sealed_components/0/status",
        "sealed_co",
    ),
    "a status is missing": (
        "R7.6",
        "outcome_sections/2/status",
        ...,
        "outcome_sections/2",
        "outcome_sections[2].status",
    ),
    "a status is null": (
        "R7.6",
        "outcome_sections/2/status",
        None,
        "outcome_sections/2/status",
        "outcome_sections[2].st",
    ),
    "a status is a list": (
        "R7.6",
        "outcome_sections/2/status",
        ["closed"],
        "outcome_sections/2/status",
        "outcome_sectio",
    ),
    "a summary is missing": (
        "R7.9",
        "public_status_sections/5/summary",
        ...,
        "public_status_sections/5",
        "public_status_sections[5].summary is missing, expected a text of at least 20 characters",
    ),
    "a summary of 19 characters": (
        "R7.9",
        "public_status_sections/5/summary",
        "x" * 19,
        "public_status_sections/5/summary",
        "public_status_sections[5].summary has 19 characters, expected a text of at least 20 characters",
    ),
    "a summary in white space": (
        "R7.9",
        "public_status_sections/5/summary",
        f"\n{'x' * 19}   ",
        "public_status_sections/5/summary",
        "public_status_sections[5].summary has 19 characters",
    ),
    "a summary of white space": (
        "R7.9",
        "public_status_sections/5/summary",
        " \t\n" * 20,
        "public_status_sections/5/summary",
        "public_status_sections[5].summary is an empty string",
    ),
    "a summary is a number": (
        "R7.9",
        "public_status_sections/5/summary",
        20,
        "public_status_sections/5/summary",
        "public_status_sections[5].summary is a number",
    ),
    # an entry that is not required is judged like the others
    "a section more, not healthy": (
        "R7.9",
        "public_status_sections/6",
        {**SECTION, "status": "open"},
        "public_status_sections/6/status",
        "public_status_sections[6].status is another value, expected one of active,",
    ),
    "a section more without refs": (
        "R7.9",
        "public_status_sections/6",
        {**SECTION, "evidence_refs": []},
        "public_status_sections/6/evidence_refs",
        "public_status_sections[6].evidence_refs is an empty list",
    ),
    "a section more with a short summary": (
        "R7.9",
        "public_status_sections/6",
        {**SECTION, "summary": "Short."},
        "public_status_sections/6/summary",
        "public_status_sections[6].summary has 6 characters",
    ),
    "a section more without an id": (
        "R7.9",
        "public_status_sections/6",
        {**SECTION, "section_id": 7},
        "public_status_sections/6/section_id",
        "public_status_sections[6].section_id is a number, expected the id of a section",
    ),
    "a section more in words": (
        "R7.9",
        "public_status_sections/6",
        "and so on",
        "public_status_sections/6",
        "public_status_sections[6] is a string, expected an object",
    ),
    "a section twice": (
        "R7.9",
        "public_status_sections/6",
        {**SECTION, "section_id": "next_steps"},
        "public_status_sections/6/section_id",
        "public_status_sections[6].section_id repeats the section `next_steps`, expected it once",
    ),
}


def steps(path: str) -> Place:
    return tuple(int(step) if step.isdecimal() else step for step in path.split("/") if step)


@pytest.mark.parametrize(("gate_id", "path", "value", "at", "says"), CAUGHT.values(), ids=CAUGHT.keys())
def test_what_is_caught_of_a_section(gate_id: str, path: str, value: object, at: str, says: str, judged: Judge) -> None:
    result = judged(gate_id, (steps(path), value))
    assert result.said == [("CAVRA508", result.line_of(steps(at)), steps(path)[0], "error")]
    assert result.found[0].message.startswith(says)


PASSED: dict[str, tuple[str, str, object]] = {
    "a section more": ("R7.9", "public_status_sections/6", SECTION),
    "another healthy status": ("R7.6", "outcome_sections/0/status", "scheduled"),
    "a status where none is asked for": ("R7.2", "sections/0/status", "open"),
    "a summary where none is asked for": ("R7.2", "sections/0/summary", ""),
    "a summary of 20 characters": ("R7.9", "public_status_sections/0/summary", "x" * 20),
    "a ref more": ("R7.2", "sections/0/evidence_refs/1", "ticket://x"),
    "a key more": ("R7.2", "sections/0/note", None),
    "a title that is missing": ("R7.2", "sections/0/title", ...),
}


@pytest.mark.parametrize(("gate_id", "path", "value"), PASSED.values(), ids=PASSED.keys())
def test_what_is_let_pass_of_a_section(gate_id: str, path: str, value: object, judged: Judge) -> None:
    assert judged(gate_id, (steps(path), value)).found == []


def test_the_order_of_sections_is_free(judged: Judge, live: dict[str, dict[str, Any]]) -> None:
    assert judged("R7.2", (("sections",), live["R7.2"]["sections"][::-1])).found == []


def test_a_misspelt_id_is_one_finding_at_the_id(judged: Judge) -> None:
    result = judged("R7.2", (("sections", 2, "section_id"), "evidence_audit"))
    assert result.said == [("CAVRA508", result.line_of(("sections", 2, "section_id")), "sections", "error")]
    assert "`evidence_and_audit`" in result.found[0].message


def test_an_id_of_two_sections_is_told_of_the_second(judged: Judge) -> None:
    result = judged("R7.9", (("public_status_sections", 6), SECTION), (("public_status_sections", 7), SECTION))
    (found,) = result.found
    assert found.line == result.line_of(("public_status_sections", 7, "section_id"))
    assert "extra_section" not in found.message
