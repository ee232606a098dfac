"""Family 2, in one file: the mode and identity of a packet, and a result that is not what it should be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

Place: TypeAlias = tuple[str | int, ...]

MODES: dict[str, tuple[dict[str, object], str | None, str]] = {
    "live and sanitized": ({}, None, ""),
    "sanitized is false": ({"sanitized": False}, "sanitized", "sanitized is false, expected true in a live packet"),
    "sanitized is one": ({"sanitized": 1}, "sanitized", "sanitized is a number, expected true in a live packet"),
    "sanitized is a word": (
        {"sanitized": "true"},
        "sanitized",
        "sanitized is a string, expected true in a live packet",
    ),
    "sanitized is null": ({"sanitized": None}, "sanitized", "sanitized is null, expected true in a live packet"),
    "sanitized is gone": ({"sanitized": ...}, "", "sanitized is missing, expected true in a live packet"),
    "mode in capitals": (
        {"evidence_mode": "LIVE"},
        "evidence_mode",
        "evidence_mode is another value, expected `live` or",
    ),
    "mode with a space": (
        {"evidence_mode": "live "},
        "evidence_mode",
        "evidence_mode is another value, expected `live`",
    ),
    "mode is empty": ({"evidence_mode": ""}, "evidence_mode", "evidence_mode is an empty string, expected `live` or"),
    "mode is null": ({"evidence_mode": None}, "evidence_mode", "evidence_mode is null, expected `live` or `sample`"),
    "mode is true": ({"evidence_mode": True}, "evidence_mode", "evidence_mode is true, expected `live` or `sample`"),
    "mode is a list": ({"evidence_mode": ["live"]}, "evidence_mode", "evidence_mode is a list, expected `live` or"),
    "mode is gone": ({"evidence_mode": ...}, "", "evidence_mode is missing, expected `live` or `sample`"),
}


@pytest.mark.parametrize(("changes", "at", "says"), MODES.values(), ids=MODES.keys())
@pytest.mark.parametrize("require_live", [True, False], ids=["live", "not live"])
def test_the_mode_of_a_live_packet(
    changes: dict[str, object], at: str | None, says: str, require_live: bool, judged: Callable[..., Any]
) -> None:
    result = judged("R7.1", *(((key,), value) for key, value in changes.items()), require_live=require_live)
    places = [] if at is None else [(at,) if at else ()]
    assert result.said == [("CAVRA201", result.line_of(place), "evidence_mode", "error") for place in places]
    assert all(found.message.startswith(says) for found in result.found)


@pytest.mark.parametrize(("require_live", "severity"), [(True, "error"), (False, "warning")], ids=["live", "not live"])
@pytest.mark.parametrize("sanitized", [True, False, None])
def test_the_mode_of_a_sample(
    require_live: bool, severity: str, sanitized: object, judged: Callable[..., Any], sample: dict[str, Any]
) -> None:
    result = judged("R7.1", (("sanitized",), sanitized), packet=sample["R7.1"], require_live=require_live)
    assert result.said == [("CAVRA201", result.line_of(("evidence_mode",)), "evidence_mode", severity)]
    why = "live is required" if require_live else "a sample is never ready"
    assert result.found[0].message == f"evidence_mode is `sample`, expected `live`: {why}"


EXAMPLE, RESULT = (
    f"examples/customer-operating-review/customer-operating-review.live.sanitized.{kind}.json"
    for kind in ("example", "result")
)
NEXT = "examples/customer-renewal-expansion/customer-renewal-expansion.live.sanitized.example.json"
ROLLUP = "examples/customer-lifecycle-rollup/customer-lifecycle-rollup.live.sanitized.example.json"
READY = ("ready_for_customer_operating_review",)

#: A change of the live example of R7.4, where it is found and by which rule.
EXAMPLES: dict[str, tuple[Place, object, Place, str]] = {
    "another product": (("product",), "OTHER", ("product",), "CAVRA202"),
    "no product": (("product",), ..., (), "CAVRA202"),
    "the id of a sample": (("review_id",), "cavra-sample-customer-operating-review", ("review_id",), "CAVRA202"),
    "the id of another gate": (("review_id",), "cavra-live-customer-closeout-handoff", ("review_id",), "CAVRA202"),
    "an id that is a number": (("review_id",), 4, ("review_id",), "CAVRA202"),
    "no id": (("review_id",), ..., (), "CAVRA202"),
    "not sanitized": (("sanitized",), False, ("sanitized",), "CAVRA201"),
    "the schema of another gate": (("schema_version",), "cavra.customer-x.v1", ("schema_version",), "CAVRA501"),
    "a control": (
        ("review_controls", "support_sla_healthy"),
        False,
        ("review_controls", "support_sla_healthy"),
        "CAVRA507",
    ),
    "ready is false": (("ready",), False, ("ready",), "CAVRA211"),
    "its ready key is false": (READY, False, READY, "CAVRA211"),
    "blocked": (("status",), "blocked", ("status",), "CAVRA211"),
    "a blocker": (("Blocker_Count",), 2, ("Blocker_Count",), "CAVRA211"),
    "a forbidden key": (("notes",), {"token": 1}, ("notes", "token"), "CAVRA410"),
    "an unsafe reference": (
        ("review_owner_refs", "support_owner_ref"),
        "Sue",
        ("review_owner_refs", "support_owner_ref"),
        "CAVRA503",
    ),
}


@pytest.mark.parametrize(("place", "value", "at", "code"), EXAMPLES.values(), ids=EXAMPLES.keys())
def test_a_bent_example_is_named_once_and_its_result_follows(
    place: Place, value: object, at: Place, code: str, broken: Any
) -> None:
    broken.edit(EXAMPLE, (place, value))
    follows = [(RESULT, broken.line_of(RESULT, READY), "CAVRA207 follows")]
    if place == ("sanitized",):
        entry = ("gates", 3, "example_sanitized")
        follows.insert(0, (broken.index, broken.line_of(broken.index, entry), "CAVRA209 follows"))
    assert sorted(broken.found(EXAMPLE)) == sorted([(EXAMPLE, broken.line_of(EXAMPLE, at), code), *follows])


def test_a_sample_in_place_of_the_live_example(broken: Any) -> None:
    broken.edit(EXAMPLE, (("evidence_mode",), "sample"))
    assert sorted(broken.found(EXAMPLE)) == sorted(
        [
            (EXAMPLE, broken.line_of(EXAMPLE, ("evidence_mode",)), "CAVRA201"),
            (RESULT, broken.line_of(RESULT, READY), "CAVRA207 follows"),
            (broken.index, broken.line_of(broken.index, ("gates", 3, "example_evidence_mode")), "CAVRA209 follows"),
        ]
    )


#: A change of the live result of R7.4, where it is found, by which rule, the key of its verdict where it is embedded
#: that is no longer the same, and the key of the index that is not.
RESULTS: dict[str, tuple[Place, object, Place, str, str, str]] = {
    "another gate's schema": (("schema_version",), "cavra.x.v1", ("schema_version",), "CAVRA203", "schema_version", ""),
    "no schema": (("schema_version",), ..., (), "CAVRA203", "schema_version", ""),
    "another product": (("product",), "OTHER", ("product",), "CAVRA203", "product", ""),
    "a sample's": (("evidence_mode",), "sample", ("evidence_mode",), "CAVRA204", "evidence_mode", ""),
    "no mode": (("evidence_mode",), ..., (), "CAVRA204", "evidence_mode", ""),
    "a mode that is null": (("evidence_mode",), None, ("evidence_mode",), "CAVRA204", "evidence_mode", ""),
    "not ready": (READY, False, READY, "CAVRA205", READY[0], "ready"),
    "ready is one": (READY, 1, READY, "CAVRA205", READY[0], "ready"),
    "ready is a word": (READY, "true", READY, "CAVRA205", READY[0], "ready"),
    "ready is null": (READY, None, READY, "CAVRA205", READY[0], "ready"),
    "ready is gone": (READY, ..., (), "CAVRA205", READY[0], "ready"),
    "a blocker": (("blocker_count",), 1, ("blocker_count",), "CAVRA206", "blocker_count", "blocker_count"),
    "blockers are false": (("blocker_count",), False, ("blocker_count",), "CAVRA206", "blocker_count", "blocker_count"),
    "blockers are 0.0": (("blocker_count",), 0.0, ("blocker_count",), "CAVRA206", "blocker_count", "blocker_count"),
    "blockers are a word": (("blocker_count",), "0", ("blocker_count",), "CAVRA206", "blocker_count", "blocker_count"),
    "blockers are gone": (("blocker_count",), ..., (), "CAVRA206", "blocker_count", "blocker_count"),
    "a warning": (("warning_count",), 2, ("warning_count",), "CAVRA206", "warning_count", "warning_count"),
    "another status": (("status",), "ready_with_warnings", ("status",), "CAVRA206", "status", ""),
    "an unknown status": (("status",), "fine", ("status",), "CAVRA206", "status", ""),
    "no status": (("status",), ..., (), "CAVRA206", "status", ""),
    "a check that warns": (("checks", 4, "status"), "warn", ("checks", 4, "status"), "CAVRA206", "checks/4/status", ""),
    "a check that blocks": (
        ("checks", 4, "status"),
        "blocker",
        ("checks", 4, "status"),
        "CAVRA206",
        "checks/4/status",
        "",
    ),
    "an unknown word": (("checks", 4, "status"), "ok", ("checks", 4, "status"), "CAVRA206", "checks/4/status", ""),
    "a check without a status": (("checks", 4, "status"), ..., ("checks", 4), "CAVRA206", "checks/4/status", ""),
    "a check without a name": (("checks", 4, "name"), ..., ("checks", 4), "CAVRA206", "checks/4/name", ""),
    "a check of another gate": (
        ("checks", 4, "name"),
        "sections",
        ("checks", 4, "name"),
        "CAVRA206",
        "checks/4/name",
        "",
    ),
    "a check twice": (("checks", 4, "name"), "evidence_mode", ("checks", 4, "name"), "CAVRA206", "checks/4/name", ""),
    "a check less": (("checks", 4), ..., ("checks",), "CAVRA206", "checks", ""),
    "a check in words": (("checks", 4), "pass", ("checks", 4), "CAVRA206", "checks", ""),
    "checks are null": (("checks",), None, ("checks",), "CAVRA206", "checks", ""),
    "checks are gone": (("checks",), ..., (), "CAVRA206", "checks", ""),
    "no checks": (("checks",), [], ("checks",), "CAVRA206", "checks", ""),
}


@pytest.mark.parametrize("path", [EXAMPLE, RESULT])
@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("ready", True),
        ("state", "blocked"),
        ("Sanitized", True),
        ("errors", 0),
        ("Blocker_Count", 0),
        ("STATUS", "published"),
        ("note", "sample"),
    ],
)
def test_a_key_that_denies_nothing(path: str, key: str, value: object, broken: Any) -> None:
    broken.edit(path, ((key,), value))
    assert broken.found(path) == []


@pytest.mark.parametrize(("place", "value", "at", "code", "embedded", "entry"), RESULTS.values(), ids=RESULTS.keys())
def test_a_bent_result_is_named_once_and_what_repeats_it_follows(
    place: Place, value: object, at: Place, code: str, embedded: str, entry: str, broken: Any
) -> None:
    broken.edit(RESULT, (place, value))
    steps = tuple(int(step) if step.isdecimal() else step for step in embedded.split("/"))
    expected = [
        (RESULT, broken.line_of(RESULT, at), code),
        (NEXT, broken.line_of(NEXT, ("operating_review_result", *steps)), "CAVRA208 follows"),
        (ROLLUP, broken.line_of(ROLLUP, ("lifecycle_gates", 3, "readiness_result", *steps)), "CAVRA208 follows"),
    ]
    if entry:
        expected.append((broken.index, broken.line_of(broken.index, ("gates", 3, entry)), "CAVRA209 follows"))
    assert sorted(broken.found(RESULT)) == sorted(expected)


READY_RESULT = "in a result that is ready"
DENIED = f"expected no key that denies it {READY_RESULT}"
#: A change of that result, and what is said of it, in whole.
SAID: dict[str, tuple[Place, object, str]] = {
    "a sample's": (("evidence_mode",), "sample", "evidence_mode is `sample`, expected `live`"),
    "another mode": (("evidence_mode",), "lively", "evidence_mode is another value, expected `live`"),
    "an empty mode": (("evidence_mode",), "", "evidence_mode is an empty string, expected `live`"),
    "not ready": (READY, False, f"{READY[0]} is false, expected true"),
    "ready is null": (READY, None, f"{READY[0]} is null, expected true"),
    "ready is gone": (READY, ..., f"{READY[0]} is missing, expected true"),
    "a blocker": (("blocker_count",), 1, f"blocker_count is 1, expected 0 {READY_RESULT}"),
    "blockers are gone": (("blocker_count",), ..., f"blocker_count is missing, expected 0 {READY_RESULT}"),
    "warnings are null": (("warning_count",), None, f"warning_count is null, expected 0 {READY_RESULT}"),
    "blocked": (("status",), "blocked", f"status is `blocked`, expected `ready` {READY_RESULT}"),
    "warned": (
        ("status",),
        "ready_with_warnings",
        f"status is `ready_with_warnings`, expected `ready` {READY_RESULT}",
    ),
    "another status": (("status",), "fine", f"status is another value, expected `ready` {READY_RESULT}"),
    "no checks": (("checks",), ..., "checks is missing, expected a list of 9 checks"),
    "checks are null": (("checks",), None, "checks is null, expected a list of 9 checks"),
    "a check in words": (("checks", 4), "pass", "checks[4] is a string, expected an object"),
    "a check more": (("checks", 9), {"name": "extra", "status": "pass"}, "checks[9].name names no check of R7.4"),
    "a check misspelt": (
        ("checks", 1, "name"),
        "evidence_mod",
        "checks[1].name names no check of R7.4; did you mean `evidence_mode`?",
    ),
    "a check repeated": (
        ("checks", 4, "name"),
        "evidence_mode",
        "checks[4].name repeats the check `evidence_mode`, expected it once",
    ),
    "a check less": (("checks", 1), ..., "checks has no `evidence_mode`, expected every check"),
    "a check without a status": (
        ("checks", 4, "status"),
        ...,
        "checks[4].status is missing, expected one of pass, warn, blocker",
    ),
    "a check that says nothing": (("checks", 4, "message"), ..., "checks[4].message is missing, expected a text"),
    "a check that says a number": (("checks", 4, "message"), 7, "checks[4].message is a number, expected a text"),
    "ready is false as well": (("ready",), False, f"ready is false, {DENIED}"),
    "not sanitized": (("sanitized",), False, f"sanitized is false, {DENIED}"),
    "another status in capitals": (("Status",), "Blocked", f"Status is `blocked`, {DENIED}"),
    "other blockers": (("BLOCKER_COUNT",), 3, f"BLOCKER_COUNT is 3, {DENIED}"),
    "blockers are 0.0": (("blocker_count",), 0.0, f"blocker_count is a number with a point, expected 0 {READY_RESULT}"),
}


@pytest.mark.parametrize(("place", "value", "says"), SAID.values(), ids=SAID.keys())
def test_what_is_said_of_a_bent_result(place: Place, value: object, says: str, broken: Any) -> None:
    broken.edit(RESULT, (place, value))
    assert [found.message for found in broken.lint(RESULT) if found.path == RESULT] == [says]


def test_a_ready_key_that_is_misspelt_is_told_what_it_may_be(broken: Any) -> None:
    broken.edit(RESULT, (READY, ...), ((READY[0].replace("ready", "raedy"),), True))
    (found,) = (found for found in broken.lint(RESULT) if found.code == "CAVRA205")
    assert found.message.endswith("; did you mean `raedy_for_customer_operating_review`?")


@pytest.mark.parametrize("first", [0, 3, 7])
def test_checks_in_another_order(first: int, broken: Any) -> None:
    checks = broken.read(RESULT)["checks"]
    checks[first : first + 2] = checks[first + 1], checks[first]
    broken.edit(RESULT, (("checks",), checks))
    own = [(path, line, code) for path, line, code in broken.found(RESULT) if not code.endswith("follows")]
    assert own == [(RESULT, broken.line_of(RESULT, ("checks", first, "name")), "CAVRA206")]


#: A change that no other file repeats.
ALONE: dict[str, tuple[Place, object, Place]] = {
    "findings in a result that is ready": (("diagnostics",), [{"code": "CAVRA507"}], ("diagnostics",)),
    "the ready key of another gate": (
        ("ready_for_customer_closeout_handoff",),
        True,
        ("ready_for_customer_closeout_handoff",),
    ),
    "the ready key again, below": (("more",), {READY[0]: False}, ("more", READY[0])),
    "a check that says nothing": (("checks", 4, "message"), ..., ("checks", 4)),
    "a check that says null": (("checks", 4, "message"), None, ("checks", 4, "message")),
    "a check that says a list": (("checks", 4, "message"), ["ready"], ("checks", 4, "message")),
}


@pytest.mark.parametrize(("place", "value", "at"), ALONE.values(), ids=ALONE.keys())
def test_a_result_at_odds_with_itself(place: Place, value: object, at: Place, broken: Any) -> None:
    broken.edit(RESULT, (place, value))
    assert broken.found(RESULT) == [(RESULT, broken.line_of(RESULT, at), "CAVRA206")]


def test_a_result_that_truly_says_blocked_is_not_ready_and_nothing_else(broken: Any) -> None:
    changes = {READY: False, ("status",): "blocked", ("blocker_count",): 1, ("checks", 4, "status"): "blocker"}
    broken.edit(RESULT, *changes.items())
    found = broken.lint(RESULT)
    assert [(one.line, one.code) for one in found if one.path == RESULT] == [
        (broken.line_of(RESULT, READY), "CAVRA205")
    ]
    # the index says of ready and of the count what is no longer so: that follows, and is said once
    (of_index,) = (one for one in found if one.path == broken.index)
    assert of_index.line == broken.line_of(broken.index, ("gates", 3, "ready"))
    assert of_index.message.startswith("gates[3].ready is true, and its file does not say that (follows from ")


def test_a_result_that_says_blocked_of_a_broken_example_claims_nothing(broken: Any) -> None:
    changes = {READY: False, ("status",): "blocked", ("blocker_count",): 1, ("checks", 4, "status"): "blocker"}
    broken.edit(RESULT, *changes.items())
    broken.edit(EXAMPLE, (("closeout_handoff_ref",), None))
    found = [(path, code) for path, _, code in broken.found(RESULT) if path in (RESULT, EXAMPLE)]
    assert found == [(EXAMPLE, "CAVRA502"), (RESULT, "CAVRA205 follows")]


def test_what_follows_from_two_things_names_the_first(broken: Any) -> None:
    broken.edit(RESULT, (("evidence_mode",), "sample"), (("product",), "OTHER"))
    first = min(broken.line_of(RESULT, (key,)) for key in ("evidence_mode", "product"))
    follows = [found.message for found in broken.lint(RESULT) if found.code == "CAVRA208"]
    assert len(follows) == 2
    assert all(message.endswith(f"(follows from {RESULT}:{first})") for message in follows)


@pytest.mark.parametrize("key", ["blocker_count", "warning_count", "status"])
def test_a_result_that_is_not_ready_is_at_one_with_its_checks_too(key: str, broken: Any) -> None:
    changes = {READY: False, ("status",): "blocked", ("blocker_count",): 1, ("checks", 4, "status"): "blocker"}
    broken.edit(RESULT, *{**changes, (key,): "ready" if key == "status" else 7}.items())
    own = sorted((line, code) for path, line, code in broken.found(RESULT) if path == RESULT)
    assert own == sorted([(broken.line_of(RESULT, READY), "CAVRA205"), (broken.line_of(RESULT, (key,)), "CAVRA206")])


#: A change of a result that is not ready since a check blocks, and what is said of it.
AT_ODDS: dict[str, tuple[dict[Place, object], str]] = {
    "no count": ({("blocker_count",): ...}, "blocker_count is missing, expected 1, as many as its checks hold"),
    "a count that is null": (
        {("warning_count",): None},
        "warning_count is null, expected 0, as many as its checks hold",
    ),
    "a count that is no number": (
        {("warning_count",): False},
        "warning_count is false, expected 0, as many as its checks hold",
    ),
    "a count that is too low": ({("blocker_count",): 0}, "blocker_count is 0, expected 1, as many as its checks hold"),
    "ready": ({("status",): "ready"}, "status is `ready`, expected `blocked`, as its checks give it"),
    "warned": (
        {("status",): "ready_with_warnings"},
        "status is `ready_with_warnings`, expected `blocked`, as its checks give it",
    ),
    "another status": ({("status",): "fine"}, "status is another value, expected `blocked`, as its checks give it"),
    "blocked by nothing": (
        {("checks", 4, "status"): "pass", ("blocker_count",): 0},
        "status is `blocked`, expected `ready`, as its checks give it",
    ),
    "blocked by a warning": (
        {("checks", 4, "status"): "warn", ("blocker_count",): 0, ("warning_count",): 1},
        "status is `blocked`, expected `ready_with_warnings`, as its checks give it",
    ),
}


@pytest.mark.parametrize(("changes", "says"), AT_ODDS.values(), ids=AT_ODDS.keys())
def test_what_is_said_of_a_result_that_is_not_ready(changes: dict[Place, object], says: str, broken: Any) -> None:
    blocked = {READY: False, ("status",): "blocked", ("blocker_count",): 1, ("checks", 4, "status"): "blocker"}
    broken.edit(RESULT, *{**blocked, **changes}.items())
    said = [found.message for found in broken.lint(RESULT) if found.path == RESULT and found.code == "CAVRA206"]
    assert said == [says]


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("phase", "R6", "CAVRA203"),
        ("evidence_mode", "sample", "CAVRA204"),
        ("ready_for_customer_lifecycle_verification_index", False, "CAVRA205"),
        ("blocker_count", 3, "CAVRA206"),
    ],
)
def test_the_result_of_the_index_is_read_as_well(key: str, value: object, code: str, broken: Any) -> None:
    result = broken.index.replace(".example.", ".result.")
    broken.edit(result, ((key,), value))
    assert broken.found(result) == [(result, broken.line_of(result, (key,)), code)]


@pytest.mark.parametrize("of_index", [False, True], ids=["of a gate", "of the index"])
@pytest.mark.parametrize(
    ("key", "value", "code"), [("token", 1, "CAVRA410"), ("notes", "write to sue@acme-bank.com", "CAVRA420")]
)
def test_a_result_holds_nothing_private_either(key: str, value: object, code: str, of_index: bool, broken: Any) -> None:
    result = broken.index.replace(".example.", ".result.") if of_index else RESULT
    broken.edit(result, ((key,), value))
    assert broken.found(result) == [(result, broken.line_of(result, (key,)), code)]
