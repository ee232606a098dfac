"""Check kinds schema_version, ref, refs, ref_sections, ref_list, items and text: what each catches, and lets pass."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest


class Row(NamedTuple):
    """One change of a live packet: what it is, the finding's code, check and place, and how its message begins."""

    gate_id: str
    place: tuple[str | int, ...]
    value: object
    code: str
    check: str
    at: tuple[str | int, ...]
    says: str


def row(gate_id: str, path: str, value: object, code: str, says: str, *, at: str | None = None) -> Row:
    place = steps(path)
    check = "schema_version" if code == "CAVRA501" else str(place[0])
    return Row(gate_id, place, value, code, check, place if at is None else steps(at), says)


def steps(path: str) -> tuple[str | int, ...]:
    return tuple(int(step) if step.isdecimal() else step for step in path.split("/") if step)


IS_NONE = "is no safe reference, expected scheme://... with one of evidence, ticket, audit,"
PROFILE = "customer_profile_ref"
ROOM = "evidence_sections/evidence_audit"

CAUGHT = {
    # schema_version
    "schema of another gate": row(
        "R7.4",
        "schema_version",
        "cavra.customer-evidence-room.index.v1",
        "CAVRA501",
        "schema_version is another value, expected `cavra.customer-operating-review.packet.v1`",
    ),
    "schema in capitals": row(
        "R7.1", "schema_version", "CAVRA.CUSTOMER-LIVE-EVIDENCE.PACKET.V1", "CAVRA501", "schema_v"
    ),
    "schema with a space behind": row(
        "R7.1",
        "schema_version",
        "cavra.customer-live-evidence.packet.v1 ",
        "CAVRA501",
        "schema_version is another value",
    ),
    "schema is missing": row("R7.1", "schema_version", ..., "CAVRA501", "schema_version is missing, expected `", at=""),
    "schema is null": row("R7.1", "schema_version", None, "CAVRA501", "schema_version is null, expected `cavra"),
    "schema is a list": row("R7.1", "schema_version", ["x"], "CAVRA501", "schema_version is a list, expected"),
    "schema is empty": row("R7.1", "schema_version", "", "CAVRA501", "schema_version is an empty string, expected"),
    # ref
    "ref is missing": row("R7.3", PROFILE, ..., "CAVRA502", f"{PROFILE} is missing, expected a safe reference", at=""),
    "ref is empty": row("R7.3", PROFILE, "", "CAVRA502", f"{PROFILE} is an empty string, expected scheme://..."),
    "ref is null": row("R7.3", PROFILE, None, "CAVRA502", f"{PROFILE} is null, expected scheme://..."),
    "ref is true": row("R7.3", PROFILE, True, "CAVRA502", f"{PROFILE} is true, expected scheme://..."),
    "ref is a number": row("R7.3", PROFILE, 7, "CAVRA502", f"{PROFILE} is a number, expected scheme://..."),
    "ref is a list": row("R7.3", PROFILE, ["evidence://x"], "CAVRA502", f"{PROFILE} is a list, expected scheme://"),
    "ref is an object": row("R7.3", PROFILE, {"ref": "evidence://x"}, "CAVRA502", f"{PROFILE} is an object, expected"),
    "ref is a sentence": row("R7.3", PROFILE, "the customer's profile", "CAVRA502", f"{PROFILE} {IS_NONE}"),
    "ref of an unknown scheme": row("R7.3", PROFILE, "https://example.org/x", "CAVRA502", f"{PROFILE} {IS_NONE}"),
    "ref of a misspelt scheme": row("R7.3", PROFILE, "evidenec://x", "CAVRA502", f"{PROFILE} {IS_NONE}"),
    "ref of a scheme in capitals": row("R7.3", PROFILE, "EVIDENCE://x", "CAVRA502", f"{PROFILE} {IS_NONE}"),
    "ref of a longer scheme": row("R7.3", PROFILE, "my-evidence://x", "CAVRA502", f"{PROFILE} {IS_NONE}"),
    "ref with a space before": row("R7.3", PROFILE, " evidence://x", "CAVRA502", f"{PROFILE} {IS_NONE}"),
    "ref without a scheme": row("R7.3", PROFILE, "://x", "CAVRA502", f"{PROFILE} {IS_NONE}"),
    "ref with nothing behind": row("R7.3", PROFILE, "evidence://", "CAVRA502", f"{PROFILE} {IS_NONE}"),
    "ref with what shows nothing behind": row(
        "R7.3", PROFILE, "evidence://\u200b\u3164\u2800\x07\xad", "CAVRA502", f"{PROFILE} {IS_NONE}"
    ),
    "ref with white space behind": row("R7.3", PROFILE, "evidence:// \t\n", "CAVRA502", f"{PROFILE} {IS_NONE}"),
    "ref with one slash": row("R7.3", PROFILE, "evidence:/x", "CAVRA502", f"{PROFILE} {IS_NONE}"),
    "ref with a colon only": row("R7.3", PROFILE, "evidence:x", "CAVRA502", f"{PROFILE} {IS_NONE}"),
    "ref in a sentence": row("R7.3", PROFILE, "see evidence://x", "CAVRA502", f"{PROFILE} {IS_NONE}"),
    "ref to the gate before": row(
        "R7.8", "lifecycle_rollup_ref", "", "CAVRA502", "lifecycle_rollup_ref is an empty str"
    ),
    # refs
    "refs are missing": row(
        "R7.1", "attestation", ..., "CAVRA503", "attestation is missing, expected an object", at=""
    ),
    "refs are a list": row("R7.1", "attestation", ["x"], "CAVRA503", "attestation is a list, expected an object"),
    "refs are null": row("R7.1", "attestation", None, "CAVRA503", "attestation is null, expected an object"),
    "refs lack a key": row(
        "R7.1",
        "attestation/approval_ref",
        ...,
        "CAVRA503",
        "attestation.approval_ref is missing, expected a safe reference",
        at="attestation",
    ),
    "refs with a required one empty": row(
        "R7.1", "attestation/approval_ref", "", "CAVRA503", "attestation.approval_ref is an empty string, expected"
    ),
    "refs with a required one null": row(
        "R7.1", "attestation/approval_ref", None, "CAVRA503", "attestation.approval_ref is null, expected scheme://"
    ),
    "refs with a required one in words": row(
        "R7.1", "attestation/approval_ref", "approved by phone", "CAVRA503", f"attestation.approval_ref {IS_NONE}"
    ),
    "refs with an optional one in words": row(
        "R7.1", "attestation/witness", "by phone", "CAVRA503", f"attestation.witness {IS_NONE}"
    ),
    "refs with an optional one of an unknown scheme": row(
        "R7.1", "attestation/witness", "http://x", "CAVRA503", f"attestation.witness {IS_NONE}"
    ),
    "refs with an optional list": row(
        "R7.1", "attestation/witness", ["evidence://x"], "CAVRA503", "attestation.witness is a list, expected"
    ),
    "refs with an optional object": row(
        "R7.1", "attestation/witness", {"a": 1}, "CAVRA503", "attestation.witness is an object, expected"
    ),
    "refs with an optional number": row(
        "R7.1", "attestation/witness", 7, "CAVRA503", "attestation.witness is a number, expected"
    ),
    "refs with an optional white space": row(
        "R7.1", "attestation/witness", "  ", "CAVRA503", f"attestation.witness {IS_NONE}"
    ),
    "retention controls are refs": row(
        "R7.8",
        "retention_controls/retention_policy_ref",
        "seven years",
        "CAVRA503",
        f"retention_controls.retention_policy_ref {IS_NONE}",
    ),
    # ref_sections
    "ref sections are missing": row(
        "R7.1", "evidence_sections", ..., "CAVRA504", "evidence_sections is missing, expected an object", at=""
    ),
    "ref sections are a list": row(
        "R7.1", "evidence_sections", [{}], "CAVRA504", "evidence_sections is a list, expected an object"
    ),
    "ref sections lack one": row(
        "R7.1",
        ROOM,
        ...,
        "CAVRA504",
        "evidence_sections.evidence_audit is missing, expected an object",
        at="evidence_sections",
    ),
    "a ref section is null": row(
        "R7.1", ROOM, None, "CAVRA504", "evidence_sections.evidence_audit is null, expected an"
    ),
    "a ref section is a string": row(
        "R7.1", ROOM, "evidence://x", "CAVRA504", "evidence_sections.evidence_audit is a st"
    ),
    "a ref section lacks a key": row(
        "R7.1",
        f"{ROOM}/retention_policy_ref",
        ...,
        "CAVRA504",
        "evidence_sections.evidence_audit.retention_policy_ref is missing, expected a safe reference",
        at=ROOM,
    ),
    "a ref section with a key empty": row(
        "R7.1",
        f"{ROOM}/retention_policy_ref",
        "",
        "CAVRA504",
        "evidence_sections.evidence_audit.retention_policy_ref is an empty string, expected scheme://...",
    ),
    "a ref section with a sentence": row(
        "R7.1",
        f"{ROOM}/immutable_audit_ref",
        "in the vault",
        "CAVRA504",
        f"evidence_sections.evidence_audit.immutable_audit_ref {IS_NONE}",
    ),
    "a ref section more that is no object": row(
        "R7.1", "evidence_sections/extra", "x", "CAVRA504", "evidence_sections.extra is a string, expected an object"
    ),
    # ref_list
    "ref list is missing": row(
        "R7.8", "verifier_refs", ..., "CAVRA505", "verifier_refs is missing, expected a li", at=""
    ),
    "ref list is empty": row(
        "R7.8", "verifier_refs", [], "CAVRA505", "verifier_refs is an empty list, expected a list"
    ),
    "ref list is null": row("R7.8", "verifier_refs", None, "CAVRA505", "verifier_refs is null, expected a list that"),
    "ref list is a ref": row(
        "R7.8", "verifier_refs", "evidence://x", "CAVRA505", "verifier_refs is a string, expected a"
    ),
    "ref list is an object": row("R7.8", "verifier_refs", {"0": "evidence://x"}, "CAVRA505", "verifier_refs is an obj"),
    "an entry in words": row("R7.8", "verifier_refs/1", "trust me", "CAVRA505", f"verifier_refs[1] {IS_NONE}"),
    "an entry that is empty": row("R7.8", "verifier_refs/0", "", "CAVRA505", "verifier_refs[0] is an empty string"),
    "an entry that is null": row("R7.9", "support_refs/2", None, "CAVRA505", "support_refs[2] is null, expected sch"),
    "an entry more that is a list": row(
        "R7.10", "release_publication_refs/3", ["evidence://x"], "CAVRA505", "release_"
    ),
    # items
    "items are missing": row(
        "R7.3", "known_exclusions", ..., "CAVRA506", "known_exclusions is missing, expected", at=""
    ),
    "items are empty": row(
        "R7.3", "known_exclusions", [], "CAVRA506", "known_exclusions is an empty list, expected a l"
    ),
    "items are an object": row(
        "R7.3", "known_exclusions", {"a": 1}, "CAVRA506", "known_exclusions is an object, expec"
    ),
    "an item in words": row(
        "R7.3", "known_exclusions/0", "none", "CAVRA506", "known_exclusions[0] is a string, expecte"
    ),
    "an item more that is null": row(
        "R7.3", "known_exclusions/1", None, "CAVRA506", "known_exclusions[1] is null, expec"
    ),
    "an item lacks a ref": row(
        "R7.3",
        "known_exclusions/0/owner_ref",
        ...,
        "CAVRA506",
        "known_exclusions[0].owner_ref is missing, expected a safe reference",
        at="known_exclusions/0",
    ),
    "an item with a ref in words": row(
        "R7.5", "expansion_candidates/1/value_ref", "much", "CAVRA506", f"expansion_candidates[1].value_ref {IS_NONE}"
    ),
    # text
    "text is missing": row(
        "R7.10", "completion_statement", ..., "CAVRA511", "completion_statement is missing, expected a text of", at=""
    ),
    "text is null": row(
        "R7.10", "completion_statement", None, "CAVRA511", "completion_statement is null, expected a te"
    ),
    "text is a list": row(
        "R7.10", "completion_statement", ["x" * 40], "CAVRA511", "completion_statement is a list, exp"
    ),
    "text is empty": row(
        "R7.10", "completion_statement", "", "CAVRA511", "completion_statement is an empty string, exp"
    ),
    "text is white space": row(
        "R7.10", "completion_statement", " " * 50, "CAVRA511", "completion_statement is an empty"
    ),
    "text that shows nothing": row(
        "R7.10", "completion_statement", "\u200b" * 50, "CAVRA511", "completion_statement is an empty"
    ),
    "text of 39 characters that show": row(
        "R7.10", "completion_statement", "x\u200d" * 39, "CAVRA511", "completion_statement has 39 characters, exp"
    ),
    "text of 39 characters": row(
        "R7.10", "completion_statement", "x" * 39, "CAVRA511", "completion_statement has 39 characters, expected a text"
    ),
    "text of 39 characters in white space": row(
        "R7.10", "completion_statement", f"  {'x' * 39}\n ", "CAVRA511", "completion_statement has 39 characters, exp"
    ),
}

#: A change of a live packet that no check minds.
PASSED: dict[str, tuple[str, str, object]] = {
    **{
        f"ref of scheme {scheme}": ("R7.3", PROFILE, f"{scheme}://x")
        for scheme in ("evidence", "ticket", "audit", "runbook", "git", "workflow", "vault", "share", "sample")
    },
    "ref with a slash behind": ("R7.3", PROFILE, "evidence:///"),
    "ref with a second scheme": ("R7.3", PROFILE, "git://https://example.org/x"),
    "ref with letters of all kinds": ("R7.3", PROFILE, "evidence://Übergabe/🚢"),
    "an optional ref": ("R7.1", "attestation/witness", "audit://x"),
    "an optional ref that is empty": ("R7.1", "attestation/witness", ""),
    "an optional ref that is null": ("R7.1", "attestation/witness", None),
    "an optional ref that is an empty list": ("R7.1", "attestation/witness", []),
    "an optional ref that is an empty object": ("R7.1", "attestation/witness", {}),
    "a ref section more": ("R7.1", "evidence_sections/extra", {"note": "not a required key"}),
    "a key more in a ref section": ("R7.1", f"{ROOM}/note", "not a required key"),
    "a list of one ref": ("R7.8", "verifier_refs", ["git://x"]),
    "a ref twice": ("R7.8", "verifier_refs", ["git://x", "git://x"]),
    "an item with a key more": ("R7.3", "known_exclusions/0/note", "not a reference"),
    "an item without an id": ("R7.3", "known_exclusions/0/exclusion_id", ...),
    "text of 40 characters": ("R7.10", "completion_statement", "x" * 40),
    "text of 40 characters of all kinds": ("R7.10", "completion_statement", "\u00e9\u6c34\U0001f6a2\n" * 10 + "x"),
    "text of 40 characters with spaces": ("R7.10", "completion_statement", "ab " * 13 + "x"),
    "a key that no check reads": ("R7.10", "notes_for_reviewers", {"a": [1, None]}),
}


@pytest.mark.parametrize("row", CAUGHT.values(), ids=CAUGHT.keys())
def test_what_is_caught(row: Row, judged: Callable[..., Any]) -> None:
    result = judged(row.gate_id, (row.place, row.value))
    assert result.said == [(row.code, result.line_of(row.at), row.check, "error")]
    assert result.found[0].message.startswith(row.says)
    assert result.found[0].gate_id == row.gate_id


@pytest.mark.parametrize(("gate_id", "path", "value"), PASSED.values(), ids=PASSED.keys())
def test_what_is_let_pass(gate_id: str, path: str, value: object, judged: Callable[..., Any]) -> None:
    assert judged(gate_id, (steps(path), value)).found == []


def test_each_finding_of_a_check_is_its_own(judged: Callable[..., Any]) -> None:
    result = judged(
        "R7.1",
        (("attestation", "approval_ref"), ""),
        (("attestation", "reviewer_ref"), "x"),
        (("customer_profile",), 3),
    )
    places = (("attestation", "approval_ref"), ("attestation", "reviewer_ref"), ("customer_profile",))
    assert sorted(result.said) == sorted(("CAVRA503", result.line_of(place), place[0], "error") for place in places)


def test_what_comes_after_an_item_that_is_none_is_judged_too(judged: Callable[..., Any]) -> None:
    result = judged("R7.3", (("known_exclusions",), ["none", {}]))
    assert [found.message.split(" is ")[0] for found in result.found] == [
        "known_exclusions[0]",
        *sorted(f"known_exclusions[1].{key}" for key in ("owner_ref", "reason_ref", "risk_acceptance_ref")),
    ]


#: A gate, and a key that is taken out beside one that looks like it, but is asked for as well.
ALIKE = [
    ("R7.4", "review_owner_refs/support_owner_ref"),
    ("R7.9", "archive_manifest_ref"),
]


@pytest.mark.parametrize(("gate_id", "path"), ALIKE, ids=str)
def test_a_key_that_is_asked_for_itself_is_not_meant_to_be_another(
    gate_id: str, path: str, judged: Callable[..., Any]
) -> None:
    (found,) = judged(gate_id, (steps(path), ...)).found
    assert "is missing" in found.message
    assert "meant" not in found.message


def test_a_misspelt_key_is_named(judged: Callable[..., Any]) -> None:
    ref = "evidence://x"
    result = judged("R7.1", (("attestation", "reviewer_ref"), ...), (("attestation", "reviewr_ref"), ref))
    (found,) = result.found
    assert found.message.startswith("attestation.reviewer_ref is missing, expected a safe reference")
    assert "`reviewr_ref`" in found.message
    # it stands at the key, not at its value
    assert (found.line, found.column) == (result.line_of(("attestation", "reviewr_ref")), 5)


#: What is written, and what the message ends with.
MEANT = {
    "a scheme": ("R7.3", PROFILE, "evidenec://x", "did you mean `evidence`?"),
    "a scheme before a second": ("R7.3", PROFILE, "evidenec://git://x", "did you mean `evidence`?"),
    "a schema": (
        "R7.4",
        "schema_version",
        "cavra.customer-operating-review.packet.v2",
        "did you mean `cavra.customer-operating-review.packet.v1`?",
    ),
    "a mode": ("R7.4", "evidence_mode", "lives", "did you mean `live`?"),
    "the other mode": ("R7.4", "evidence_mode", "Sample", "did you mean `sample`?"),
}


def test_a_text_without_a_scheme_is_none_that_is_misspelt(judged: Callable[..., Any]) -> None:
    (found,) = judged("R7.3", (steps(PROFILE), "evidenec")).found
    assert "did you mean" not in found.message


@pytest.mark.parametrize(("gate_id", "path", "value", "ends"), MEANT.values(), ids=MEANT.keys())
def test_what_was_meant_is_named(gate_id: str, path: str, value: object, ends: str, judged: Callable[..., Any]) -> None:
    (found,) = judged(gate_id, (steps(path), value)).found
    assert found.message.endswith(ends)
