"""Family 2 across files, the index's paths, and its command: what one file says of another."""

from __future__ import annotations

from typing import Any, TypeAlias

import pytest

from cavra_lint.contract import ARTIFACT_KINDS, Chain

Place: TypeAlias = tuple[str | int, ...]

REVIEW = "examples/customer-operating-review/customer-operating-review.live.sanitized.example.json"
ROOM = "examples/customer-evidence-room/customer-evidence-room.live.sanitized.example.json"
ROLLUP = "examples/customer-lifecycle-rollup/customer-lifecycle-rollup.live.sanitized.example.json"
SEAL = "examples/customer-lifecycle-final-seal/customer-lifecycle-final-seal.live.sanitized.example.json"
HELD = "closeout_handoff_result"
ENTRY: Place = ("gates", 3)

#: A change of a verdict that R7.4's example embeds, and where it is found.
EMBEDDED: dict[str, tuple[Place, object, Place]] = {
    "another schema": ((HELD, "schema_version"), "cavra.x.v1", (HELD, "schema_version")),
    "no schema": ((HELD, "schema_version"), ..., (HELD,)),
    "another product": ((HELD, "product"), "OTHER", (HELD, "product")),
    "another mode": ((HELD, "evidence_mode"), "sample", (HELD, "evidence_mode")),
    "another status": ((HELD, "status"), "ready_with_warnings", (HELD, "status")),
    "a check that warns": ((HELD, "checks", 2, "status"), "warn", (HELD, "checks", 2, "status")),
    "a check with another name": ((HELD, "checks", 2, "name"), "x", (HELD, "checks", 2, "name")),
    "a check less": ((HELD, "checks", 2), ..., (HELD, "checks")),
    "a check in words": ((HELD, "checks", 2), "pass", (HELD, "checks")),
    "checks are a word": ((HELD, "checks"), "all pass", (HELD, "checks")),
    "no checks": ((HELD, "checks"), ..., (HELD,)),
    "a ready key more": (
        (HELD, "ready_for_customer_operating_review"),
        False,
        (HELD, "ready_for_customer_operating_review"),
    ),
    "ready is false": ((HELD, "ready"), False, (HELD, "ready")),
    "a blocker in capitals": ((HELD, "Blocker_Count"), 1, (HELD, "Blocker_Count")),
    "what was found": ((HELD, "diagnostics"), [{"severity": "error"}], (HELD, "diagnostics")),
}


@pytest.mark.parametrize(("place", "value", "at"), EMBEDDED.values(), ids=EMBEDDED.keys())
def test_an_embedded_verdict_is_that_of_the_result(place: Place, value: object, at: Place, broken: Any) -> None:
    broken.edit(REVIEW, (place, value))
    assert [found for found in broken.found(REVIEW) if found[2] == "CAVRA208"] == [
        (REVIEW, broken.line_of(REVIEW, at), "CAVRA208")
    ]
    assert {code for _, _, code in broken.found(REVIEW)} <= {"CAVRA208", "CAVRA207 follows"}


def test_each_gate_of_a_whole_chain_is_proven_by_itself(broken: Any, chain: Chain) -> None:
    for gate in (*chain.gates, chain.index_gate):
        assert broken.found(gate.artifacts["live_result"]) == []


@pytest.mark.parametrize(
    ("place", "value"),
    [
        pytest.param((HELD, "checks", 0, "message"), "Said in other words.", id="another message"),
        pytest.param((HELD, "checks", 0, "message"), ..., id="no message"),
        pytest.param((HELD, "note"), "kept for the record", id="a key more"),
        pytest.param((HELD, "diagnostics"), [], id="that nothing was found"),
    ],
)
def test_the_words_of_an_embedded_verdict_are_free(place: Place, value: object, broken: Any) -> None:
    broken.edit(REVIEW, (place, value))
    assert broken.found(REVIEW) == []


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"product": "OTHER"}, "product is not what the result of R7.3 says, expected the same text"),
        ({"product": "OTHER", "status": "x"}, "expected the same text (and 1 more keys)"),
        ({"evidence_mode": "sample"}, "expected `live`"),
        ({"status": "done"}, "expected `ready`"),
        ({"checks": []}, "expected the same checks"),
        ({"evidence_mode": 1, "status": "x", "checks": 1}, "expected `live` (and 2 more keys)"),
    ],
    ids=str,
)
def test_what_is_said_of_an_embedded_verdict(changes: dict[str, object], says: str, broken: Any) -> None:
    broken.edit(REVIEW, *(((HELD, key), value) for key, value in changes.items()))
    (found,) = (found for found in broken.lint(REVIEW) if found.code == "CAVRA208")
    assert found.message.startswith(HELD)
    assert found.message.endswith(says)


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (ROLLUP, ("lifecycle_gates",)),
        (ROLLUP, ("lifecycle_gates", 0)),
        (ROLLUP, ("lifecycle_gates", 0, "gate_id")),
        (ROLLUP, ("lifecycle_gates", 0, "readiness_result")),
        (REVIEW, (HELD,)),
    ],
    ids=["list", "entry", "id", "its verdict", "verdict"],
)
@pytest.mark.parametrize("value", [None, 7, ["R7.1"]], ids=repr)
def test_what_embeds_no_verdict_is_left_to_the_packets_own_check(
    path: str, place: Place, value: object, broken: Any
) -> None:
    broken.edit(path, (place, value))
    own = {code for where, _, code in broken.found(path) if where == path}
    assert own == {"CAVRA510" if path == ROLLUP else "CAVRA509"}


@pytest.mark.parametrize(
    ("path", "place", "value", "code"),
    [
        (ROLLUP, ("lifecycle_gates",), {"product": "OTHER"}, "CAVRA510"),
        (REVIEW, (HELD,), [{"gate_id": "R7.3", "readiness_result": {"product": "OTHER"}}], "CAVRA509"),
    ],
    ids=["an object in place of a list", "a list in place of a verdict"],
)
def test_a_verdict_is_looked_for_where_the_contract_has_it(
    path: str, place: Place, value: object, code: str, broken: Any
) -> None:
    broken.edit(path, (place, value))
    assert {code for where, _, code in broken.found(path) if where == path} == {code}


def test_behind_a_result_that_cannot_be_read_the_others_are_compared(broken: Any) -> None:
    (broken.root / "examples/customer-live-evidence/customer-live-evidence.live.sanitized.result.json").write_text("")
    place = ("lifecycle_gates", 4, "readiness_result", "product")
    broken.edit(ROLLUP, (place, "OTHER"))
    assert (ROLLUP, broken.line_of(ROLLUP, place), "CAVRA208") in broken.found(ROLLUP)


@pytest.mark.parametrize(
    ("key", "value"), [("ready", False), ("ready", 1), ("ready_key", "ready"), ("ready_key", None)]
)
def test_an_entry_of_a_list_of_gates_repeats_its_verdict(key: str, value: object, broken: Any, chain: Chain) -> None:
    place = ("lifecycle_gates", 4, key)
    broken.edit(ROLLUP, (place, value))
    (found,) = (found for found in broken.lint(ROLLUP) if found.code == "CAVRA208")
    assert (found.path, found.line) == (ROLLUP, broken.line_of(ROLLUP, place))
    expected = "true" if key == "ready" else f"`{chain.gate('R7.5').ready_key}`"
    assert found.message.endswith(f", expected {expected}")


def test_what_judging_found_is_not_said_again_in_other_words(broken: Any) -> None:
    place = (HELD, "blocker_count")
    broken.edit(REVIEW, (place, 2))
    own = [found for found in broken.found(REVIEW) if found[0] == REVIEW]
    assert own == [(REVIEW, broken.line_of(REVIEW, place), "CAVRA509")]


@pytest.mark.parametrize(
    ("path", "key", "line_in"),
    [
        pytest.param(REVIEW, "customer_profile_ref", REVIEW, id="R7.4"),
        pytest.param(SEAL, "customer_profile_ref", SEAL, id="R7.10"),
    ],
)
def test_a_packet_of_another_customer(path: str, key: str, line_in: str, broken: Any) -> None:
    broken.edit(path, ((key,), "evidence://customer/other"))
    # the one that stands alone is named, and none of those that embed its verdict
    named = [found for found in broken.found() if found[2] == "CAVRA210"]
    assert named == [(line_in, broken.line_of(path, (key,)), "CAVRA210")]


@pytest.mark.parametrize(
    ("value", "codes"),
    [(["evidence://customer/x"], ["CAVRA210"]), ({}, ["CAVRA210"]), (None, []), (..., [])],
    ids=["a list", "an object", "null", "missing"],
)
def test_a_gate_that_need_not_name_the_customer_names_no_other(value: object, codes: list[str], broken: Any) -> None:
    broken.edit(ROOM, (("customer_profile_ref",), value))
    assert [code for _, _, code in broken.found()] == codes


@pytest.mark.parametrize("value", [..., None, 7, ""], ids=repr)
def test_a_packet_of_no_customer_is_named_once(value: object, broken: Any) -> None:
    broken.edit(REVIEW, (("customer_profile_ref",), value))
    at = () if value is ... else ("customer_profile_ref",)
    own = [found for found in broken.found(REVIEW) if not found[2].endswith("follows")]
    assert own == [(REVIEW, broken.line_of(REVIEW, at), "CAVRA502")]


#: A change of R7.4's entry of the index, where it is found, and by which rule.
ENTRIES: dict[str, tuple[Place, object, Place, str]] = {
    "another name": (("name",), "Review", ("name",), "CAVRA209"),
    "its ready key is false": (
        ("ready_for_customer_operating_review",),
        False,
        ("ready_for_customer_operating_review",),
        "CAVRA209",
    ),
    "no name": (("name",), ..., (), "CAVRA209"),
    "the ready key of another gate": (
        ("ready_key",),
        "ready_for_customer_closeout_handoff",
        ("ready_key",),
        "CAVRA209",
    ),
    "not ready": (("ready",), False, ("ready",), "CAVRA209"),
    "ready is one": (("ready",), 1, ("ready",), "CAVRA209"),
    "ready is a word": (("ready",), "true", ("ready",), "CAVRA209"),
    "ready is null": (("ready",), None, ("ready",), "CAVRA209"),
    "ready is gone": (("ready",), ..., (), "CAVRA209"),
    "a blocker": (("blocker_count",), 1, ("blocker_count",), "CAVRA209"),
    "blockers in words": (("blocker_count",), "none", ("blocker_count",), "CAVRA209"),
    "blockers are false": (("blocker_count",), False, ("blocker_count",), "CAVRA209"),
    "blockers are 0.0": (("blocker_count",), 0.0, ("blocker_count",), "CAVRA209"),
    "a warning": (("warning_count",), 1, ("warning_count",), "CAVRA209"),
    "warnings are true": (("warning_count",), True, ("warning_count",), "CAVRA209"),
    "an example that is a sample": (("example_evidence_mode",), "sample", ("example_evidence_mode",), "CAVRA209"),
    "no mode of the example": (("example_evidence_mode",), ..., (), "CAVRA209"),
    "an example that is not sanitized": (("example_sanitized",), False, ("example_sanitized",), "CAVRA209"),
    "sanitized is a word": (("example_sanitized",), "yes", ("example_sanitized",), "CAVRA209"),
    "presence is a list": (("artifact_presence",), ["docs"], ("artifact_presence",), "CAVRA209"),
    "presence is null": (("artifact_presence",), None, ("artifact_presence",), "CAVRA209"),
    "presence is gone": (("artifact_presence",), ..., (), "CAVRA209"),
    "presence of one is false": (("artifact_presence", "wiki"), False, ("artifact_presence", "wiki"), "CAVRA209"),
    "presence of one is a word": (("artifact_presence", "wiki"), "yes", ("artifact_presence", "wiki"), "CAVRA209"),
    "presence of one is one": (("artifact_presence", "wiki"), 1, ("artifact_presence", "wiki"), "CAVRA209"),
    "presence of one is gone": (("artifact_presence", "wiki"), ..., ("artifact_presence",), "CAVRA209"),
    "presence of what is no artifact": (("artifact_presence", "page"), True, ("artifact_presence", "page"), "CAVRA209"),
    "paths are a list": (("artifact_paths",), ["docs/x.md"], ("artifact_paths",), "CAVRA105"),
    "paths are null": (("artifact_paths",), None, ("artifact_paths",), "CAVRA105"),
    "paths are a word": (("artifact_paths",), "docs", ("artifact_paths",), "CAVRA105"),
    "paths are gone": (("artifact_paths",), ..., (), "CAVRA105"),
    "another path": (("artifact_paths", "docs"), "docs/x.md", ("artifact_paths", "docs"), "CAVRA105"),
    "a path with a dot": (
        ("artifact_paths", "docs"),
        "./docs/customer-operating-review.md",
        ("artifact_paths", "docs"),
        "CAVRA105",
    ),
    "a path out of the tree": (("artifact_paths", "docs"), "../../etc/passwd", ("artifact_paths", "docs"), "CAVRA105"),
    "a path that is null": (("artifact_paths", "docs"), None, ("artifact_paths", "docs"), "CAVRA105"),
    "a path that is gone": (("artifact_paths", "docs"), ..., ("artifact_paths",), "CAVRA105"),
    "a path of what is no artifact": (("artifact_paths", "page"), "docs/x.md", ("artifact_paths", "page"), "CAVRA105"),
    "another command": (("validator_command",), "make review", ("validator_command",), "CAVRA301"),
    "a command that is null": (("validator_command",), None, ("validator_command",), "CAVRA301"),
    "a command that is a list": (("validator_command",), ["python3"], ("validator_command",), "CAVRA301"),
    "a command that is empty": (("validator_command",), "", ("validator_command",), "CAVRA301"),
    "no command": (("validator_command",), ..., (), "CAVRA301"),
}


@pytest.mark.parametrize(("place", "value", "at", "code"), ENTRIES.values(), ids=ENTRIES.keys())
def test_an_entry_says_what_the_files_say(place: Place, value: object, at: Place, code: str, broken: Any) -> None:
    broken.edit(broken.index, ((*ENTRY, *place), value))
    line = broken.line_of(broken.index, (*ENTRY, *at))
    assert broken.found(REVIEW) == [(broken.index, line, code)]


#: A change of that entry, and what is said of it.
SAID: dict[str, tuple[Place, object, str]] = {
    "another name": (("name",), "Review", ".name is another value, expected the same text"),
    "a count": (("blocker_count",), 1, ".blocker_count is 1, expected 0"),
    "a count in words": (("blocker_count",), "none", ".blocker_count is another value, expected 0"),
    "no count": (("blocker_count",), ..., ".blocker_count is missing, expected 0"),
    "a mode": (("example_evidence_mode",), "sample", ".example_evidence_mode is another value, expected `live`"),
    "no presence": (("artifact_presence",), ..., ".artifact_presence is missing, expected an object"),
    "presence that is null": (("artifact_presence",), None, ".artifact_presence is null, expected an object"),
    "no paths": (("artifact_paths",), ..., ".artifact_paths is missing, expected an object"),
    "another path": (
        ("artifact_paths", "docs"),
        "docs/x.md",
        ".artifact_paths.docs is another path, expected `docs/customer-operating-review.md`",
    ),
    "an empty path": (
        ("artifact_paths", "docs"),
        "",
        ".artifact_paths.docs is an empty string, expected `docs/customer-operating-review.md`",
    ),
    "no path": (
        ("artifact_paths", "docs"),
        ...,
        ".artifact_paths.docs is missing, expected `docs/customer-operating-review.md`",
    ),
    "no command": (("validator_command",), ..., ".validator_command is missing, expected `python3 scripts/"),
    "a command that is null": (("validator_command",), None, ".validator_command is null, expected `python3 scripts/"),
}


@pytest.mark.parametrize(("place", "value", "says"), SAID.values(), ids=SAID.keys())
def test_what_is_said_of_an_entry(place: Place, value: object, says: str, broken: Any) -> None:
    broken.edit(broken.index, ((*ENTRY, *place), value))
    (found,) = broken.lint(REVIEW)
    assert found.message.startswith(f"gates[3]{says}")
    assert "meant" not in found.message


@pytest.mark.parametrize("key", ["artifact_paths", "artifact_presence"])
@pytest.mark.parametrize(("other", "is_meant"), [("wikki", True), ("page", False)])
def test_another_kind_in_place_of_one_is_one_finding(key: str, other: str, is_meant: bool, broken: Any) -> None:
    broken.edit(broken.index, ((*ENTRY, key, "wiki"), ...), ((*ENTRY, key, other), True))
    (found,) = broken.lint(REVIEW)
    at = (*ENTRY, key, other) if is_meant else (*ENTRY, key)
    assert found.line == broken.line_of(broken.index, at)
    assert (f"is `{other}` meant to be it?" in found.message) is is_meant


@pytest.mark.parametrize(("key", "value"), [("artifact_paths", "docs/x.md"), ("artifact_presence", False)])
def test_a_kind_that_is_there_is_not_meant_by_another(key: str, value: object, broken: Any) -> None:
    broken.edit(broken.index, ((*ENTRY, key, "wiki"), value), ((*ENTRY, key, "wikki"), value))
    assert [(found.line, "meant" in found.message) for found in broken.lint(REVIEW)] == [
        (broken.line_of(broken.index, (*ENTRY, key, kind)), False) for kind in ("wiki", "wikki")
    ]


def test_a_misspelt_key_of_an_entry_is_one_finding_at_that_key(broken: Any) -> None:
    broken.edit(broken.index, ((*ENTRY, "blocker_count"), ...), ((*ENTRY, "blocker_cuont"), 0))
    line = broken.line_of(broken.index, (*ENTRY, "blocker_cuont"))
    assert broken.found(REVIEW) == [(broken.index, line, "CAVRA209")]


def test_a_key_that_is_there_is_not_meant_by_another(broken: Any) -> None:
    broken.edit(broken.index, ((*ENTRY, "blocker_count"), 1), ((*ENTRY, "blocker_cuont"), 0))
    (found,) = broken.lint(REVIEW)
    assert (found.line, "meant" in found.message) == (broken.line_of(broken.index, (*ENTRY, "blocker_count")), False)


def test_an_index_that_claims_less_than_the_tree_holds(broken: Any) -> None:
    keys = {"ready": False, "blocker_count": 1, "example_sanitized": False}
    broken.edit(broken.index, *(((*ENTRY, key), value) for key, value in keys.items()))
    lines = sorted(broken.line_of(broken.index, (*ENTRY, key)) for key in keys)
    assert broken.found(REVIEW) == [(broken.index, line, "CAVRA209") for line in lines]


def test_a_key_more_in_an_entry_is_let_pass(broken: Any) -> None:
    broken.edit(broken.index, ((*ENTRY, "owner_ref"), "evidence://owner"), (("notes_for_readers",), {"a": 1}))
    assert broken.found(broken.index) == []


@pytest.mark.parametrize("change", ["--require-live", "--packet", "validate_customer_operating_review"])
def test_a_command_that_lacks_a_word(change: str, broken: Any, chain: Chain) -> None:
    place = (*ENTRY, "validator_command")
    broken.edit(broken.index, (place, chain.gate("R7.4").command.replace(change, "")))
    assert broken.found(REVIEW) == [(broken.index, broken.line_of(broken.index, place), "CAVRA301")]


@pytest.mark.parametrize("behind", [" || true", "; exit 0", " --export-dir examples", " | tee result.json"])
def test_a_command_with_more_behind(behind: str, broken: Any, chain: Chain) -> None:
    place = (*ENTRY, "validator_command")
    broken.edit(broken.index, (place, chain.gate("R7.4").command + behind))
    assert broken.found(REVIEW) == [(broken.index, broken.line_of(broken.index, place), "CAVRA301")]


def test_each_path_of_each_entry_is_held_to_the_contract(broken: Any, chain: Chain) -> None:
    places = [("gates", n, "artifact_paths", kind) for n in range(len(chain.gates)) for kind in ARTIFACT_KINDS]
    broken.edit(broken.index, *((place, "elsewhere") for place in places))
    found = broken.found(broken.index)
    lines = sorted(broken.line_of(broken.index, place) for place in places)
    assert found == [(broken.index, line, "CAVRA105") for line in lines]


@pytest.mark.parametrize(
    ("keys", "value", "code"),
    [
        ((*ENTRY, "status"), "blocked", "CAVRA209"),
        ((*ENTRY, "evidence_mode"), "sample", "CAVRA209"),
        ((*ENTRY, "sanitized"), False, "CAVRA209"),
        ((*ENTRY, "ready_for_customer_closeout_handoff"), False, "CAVRA209"),
        ((*ENTRY, "READY"), False, "CAVRA209"),
        (("ready",), False, "CAVRA211"),
        (("ready_for_customer_operating_review",), False, "CAVRA211"),
        (("status",), "ready_with_warnings", "CAVRA211"),
        (("warning_count",), 2, "CAVRA211"),
    ],
)
def test_an_index_that_denies_what_it_says(keys: Place, value: object, code: str, broken: Any) -> None:
    broken.edit(broken.index, (keys, value))
    assert broken.found() == [(broken.index, broken.line_of(broken.index, keys), code)]


@pytest.mark.parametrize("keys", [ENTRY, ()], ids=["an entry", "the top"])
@pytest.mark.parametrize("key", ["ready", "status", "sanitized"])
def test_an_index_that_says_it_again(keys: Place, key: str, broken: Any) -> None:
    broken.edit(broken.index, ((*keys, key), "ready" if key == "status" else True))
    assert broken.found() == []
