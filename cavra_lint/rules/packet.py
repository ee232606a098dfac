"""Family 5: what a packet has to hold. One rule for each kind of check."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator

from cavra_lint.contract import Chain, Check, Gate
from cavra_lint.diagnostics import Severity
from cavra_lint.frozen import TYPE_CHECKING, NamedTuple
from cavra_lint.rules.rule import Finding, close_to, rule, rules_of, suggestion
from cavra_lint.sources.json_document import json_path, kind_of, place_of
from cavra_lint.sources.json_shapes import JsonDocument, Pointer
from cavra_lint.sources.text import seen

if TYPE_CHECKING:
    from typing import Any


class Packet(NamedTuple):
    """A packet and the check that it is judged by; `value` is the packet's object."""

    chain: Chain
    gate: Gate
    check: Check
    document: JsonDocument
    value: dict[str, Any]
    require_live: bool

    def found(self, pointer: Pointer, what: str, severity: Severity = "error", *, key: bool = False) -> Finding:
        """Return a finding about a place of the packet; the message begins with that place."""
        return Finding(place_of(self.document, pointer, key=key), f"{json_path(pointer)} {what}", severity)


@rule("CAVRA501", "packet-schema")
def packet_schema(packet: Packet) -> Iterator[Finding]:
    """A packet does not name the schema of the gate that judges it.

    Check kind `schema_version`. The schema says which gate a packet was made for; judged by another gate's
    checks, its verdict means nothing.

    Fails: `"schema_version": "cavra.customer-evidence-room.index.v1"` in a packet of R7.4.

    Passes: `"schema_version": "cavra.customer-operating-review.packet.v1"` there.

    To put it right, name the schema that the message gives, or hand the packet to the gate that it was made for.
    """
    expected = packet.gate.packet_schema
    if packet.value.get("schema_version") != expected:
        yield from _differs(packet, ("schema_version",), f"`{expected}`", (expected,))


@rule("CAVRA502", "ref")
def ref(packet: Packet) -> Iterator[Finding]:
    """A field is not a safe reference.

    Check kind `ref`. A packet names what it speaks of by reference, so that nothing private has to stand in it.
    A safe reference is a string `scheme://...` with one of the chain's `ref_schemes` and something to see after it.

    Fails: `"customer_profile_ref": "the customer's profile"`.

    Passes: `"customer_profile_ref": "evidence://customer/redacted"`.

    To put it right, store the material where the reference can point, and write the reference.
    """
    yield from _safe_ref(packet, packet.value, (), packet.check.name)


@rule("CAVRA503", "refs")
def refs(packet: Packet) -> Iterator[Finding]:
    """An object of references lacks a required key, or holds something that is no safe reference.

    Check kind `refs`. Every required key has to be there; every value that is not empty, required or not, has to be
    a safe reference.

    Fails: `"attestation": {"approval_ref": "approved by phone"}`.

    Passes: `"attestation": {"approval_ref": "evidence://approval/closeout", ...}` with each required key.

    To put it right, add the missing key, or write a reference in place of the material itself.
    """
    name = packet.check.name
    section = yield from _object(packet, packet.value, (), name)
    if section is None:
        return
    required = dict.fromkeys(packet.check.required)
    for key in required:
        yield from _safe_ref(packet, section, (name,), key)
    for key, value in section.items():
        if key not in required and value not in _EMPTY:
            yield from _safe_ref(packet, section, (name,), key)


@rule("CAVRA504", "ref-sections")
def ref_sections(packet: Packet) -> Iterator[Finding]:
    """A section of references is missing, or lacks a safe reference that it has to hold.

    Check kind `ref_sections`: an object of objects with every required section, and in it every required key.

    Fails: `"evidence_sections": {"evidence_audit": {}}`.

    Passes: `"evidence_sections": {"evidence_audit": {"retention_policy_ref": "evidence://retention/policy", ...}}`.

    To put it right, add the section or the reference that the message names.
    """
    name = packet.check.name
    sections = yield from _object(packet, packet.value, (), name)
    if sections is None:
        return
    required = packet.check.sections
    for section_id in (*required, *(key for key in sections if key not in required)):
        section = yield from _object(packet, sections, (name,), section_id)
        if section is not None:
            for key in required.get(section_id, ()):
                yield from _safe_ref(packet, section, (name, section_id), key)


@rule("CAVRA505", "ref-list")
def ref_list(packet: Packet) -> Iterator[Finding]:
    """A list of references is empty, or an entry of it is no safe reference.

    Check kind `ref_list`.

    Fails: `"verifier_refs": []`.

    Passes: `"verifier_refs": ["evidence://verifier/trust-root"]`.

    To put it right, list at least one reference, and nothing but references.
    """
    yield from _safe_ref_list(packet, packet.value, (), packet.check.name)


@rule("CAVRA506", "items")
def items(packet: Packet) -> Iterator[Finding]:
    """A list of items is empty, or an item lacks a safe reference that each has to hold.

    Check kind `items`. A list that has nothing to say says so in an item of its own, so that an empty list is
    never mistaken for an answer.

    Fails: `"known_exclusions": []`.

    Passes: `"known_exclusions": [{"owner_ref": "evidence://owner/release", "reason_ref": ..., ...}]`.

    To put it right, add the item or the reference that the message names.
    """
    name = packet.check.name
    entries = yield from _list(packet, packet.value, (), name)
    for position, entry in enumerate(entries):
        if not isinstance(entry, dict):
            yield packet.found((name, position), f"is {kind_of(entry)}, expected an object")
            continue
        for key in packet.check.ref_keys:
            yield from _safe_ref(packet, entry, (name, position), key)


@rule("CAVRA507", "controls")
def controls(packet: Packet) -> Iterator[Finding]:
    """A control is not true.

    Check kind `controls`. Each required control has to be the JSON literal `true`: not 1, not "true".
    The one exception is a contract's `pending_control`: where live is not required, it may be `false` as long as
    nothing else is, and only warns.

    Fails: `"handoff_controls": {"rollback_contact_defined": false}`.

    Passes: `"handoff_controls": {"rollback_contact_defined": true}` with each required control.

    To put it right, do what the control promises, then set it; setting it alone would be a lie.
    """
    name, pending = packet.check.name, packet.check.pending_control
    section = yield from _object(packet, packet.value, (), name)
    if section is None:
        return
    unmet = [key for key in packet.check.required if section.get(key) is not True]
    may_wait = unmet == [pending] and section.get(pending) is False and not packet.require_live
    for key in unmet:
        if key in section:
            severity: Severity = "warning" if may_wait else "error"
            yield packet.found((name, key), f"is {kind_of(section[key])}, expected true", severity)
        else:
            yield _missing(packet, section, (name,), key, "true")


@rule("CAVRA508", "sections")
def sections(packet: Packet) -> Iterator[Finding]:
    """A section is missing, stands twice, is not healthy, or lacks its references or its summary.

    Check kind `sections`: a list of objects told apart by `id_key`. Every required id is there; every entry,
    required or not, has safe references under `refs_key` (or one under `ref_key`), a `status` that is one of
    `healthy` where the contract gives such a list, and a `summary` of at least `summary_min_length` characters
    where it gives that.

    Fails: `{"section_id": "risk_closeout", "status": "open", "evidence_refs": []}`.

    Passes: `{"section_id": "risk_closeout", "status": "closed", "evidence_refs": ["evidence://risk/closeout"]}`.

    To put it right, add the section, close what its status says is open, or point to its evidence.
    """
    check, name, healthy = packet.check, packet.check.name, frozenset(packet.check.healthy)
    entries = yield from _told_apart(packet, check.id_key, "section")
    for position, entry in entries:
        here = (name, position)
        if check.refs_key:
            yield from _safe_ref_list(packet, entry, here, check.refs_key)
        if check.ref_key:
            yield from _safe_ref(packet, entry, here, check.ref_key)
        status = entry.get("status")
        if healthy and not (isinstance(status, str) and status in healthy):
            yield from _differs(packet, (*here, "status"), f"one of {', '.join(check.healthy)}", check.healthy)
        if check.summary_min_length:
            yield from _text(packet, entry, here, "summary", check.summary_min_length)


@rule("CAVRA509", "source-result")
def source_result(packet: Packet) -> Iterator[Finding]:
    """The embedded verdict of the gate before does not let this gate pass.

    Check kind `source_result`. The embedded verdict's ready key is true, its `blocker_count` is 0 and, where live is
    required, its `warning_count` is 0. A verdict that is not ready but has no blocker, as a sample's, only warns
    where live is not required.

    Fails: `"evidence_room_result": {"ready_for_customer_evidence_room_closeout": true, "blocker_count": 1, ...}`.

    Passes: `"evidence_room_result": {"ready_for_customer_evidence_room_closeout": true, "blocker_count": 0, ...}`.

    To put it right, bring the gate before to ready, and embed the verdict that judging its packet gives.
    """
    name = packet.check.name
    result = yield from _object(packet, packet.value, (), name)
    if result is not None:
        yield from _embedded_verdict(packet, result, (name,), packet.check.ready_key)


@rule("CAVRA510", "gate-results")
def gate_results(packet: Packet) -> Iterator[Finding]:
    """A gate that this one sums up is missing, stands twice, or its embedded verdict does not let it pass.

    Check kind `gate_results`: a list of objects told apart by `gate_id`. Every required gate is there with a safe
    `packet_ref` and a `readiness_result` with no blocker whose ready key, that gate's own, is true. A ready key that
    is not true only warns where live is not required; there, too, warnings are let pass.

    Fails: a `lifecycle_gates` entry of R7.3 whose `readiness_result` holds `"blocker_count": 2`.

    Passes: `{"gate_id": "R7.3", "packet_ref": "evidence://...", "readiness_result": {"blocker_count": 0, ...}}`.

    To put it right, bring the gate to ready, and embed the verdict that judging its packet gives.
    """
    name, required = packet.check.name, frozenset(packet.check.required)
    for position, entry in (yield from _told_apart(packet, "gate_id", "gate")):
        if entry["gate_id"] not in required:
            continue
        here = (name, position)
        yield from _safe_ref(packet, entry, here, "packet_ref")
        result = yield from _object(packet, entry, here, "readiness_result")
        if result is not None:
            ready_key = packet.chain.gate(entry["gate_id"]).ready_key
            yield from _embedded_verdict(packet, result, (*here, "readiness_result"), ready_key)


@rule("CAVRA511", "text")
def text(packet: Packet) -> Iterator[Finding]:
    """A text is missing or too short to say anything.

    Check kind `text`: a string of at least `min_length` characters once white space around it is taken away, and
    what shows nothing.

    Fails: `"completion_statement": "Done."`.

    Passes: `"completion_statement": "Each gate of the lifecycle is closed and archived for release."`.

    To put it right, say in a sentence what is complete.
    """
    yield from _text(packet, packet.value, (), packet.check.name, packet.check.min_length)


_EMPTY: tuple[object, ...] = (None, "", [], {})


def is_safe_ref(value: object, schemes: Iterable[str]) -> bool:
    """Tell whether a value is a string `scheme://...` with one of these schemes and something to see after it."""
    if not isinstance(value, str):
        return False
    scheme, _, rest = value.partition("://")
    return scheme in schemes and bool(seen(rest))


def _missing(packet: Packet, container: dict[str, Any], here: Pointer, key: str, expected: str) -> Finding:
    """Return that a key is missing; it stands at the key of the file that looks like it, if there is one."""
    check = packet.check
    known = {*check.required, *check.sections, *check.ref_keys, *(other.name for other in packet.gate.checks)}
    close = close_to(key, [other for other in container if other not in known])
    hint = f"; is `{close}` meant to be it?" if close else ""
    place = place_of(packet.document, (*here, close or key), key=True)
    return Finding(place, f"{json_path((*here, key))} is missing, expected {expected}{hint}")


def _differs(packet: Packet, pointer: Pointer, expected: str, words: tuple[str, ...] = ()) -> Iterator[Finding]:
    """Yield that a value is there but is another one, or that it is missing."""
    container: Any = packet.value
    for step in pointer[:-1]:
        container = container[step]
    key = pointer[-1]
    if key not in container:
        yield _missing(packet, container, pointer[:-1], str(key), expected)
        return
    value = container[key]
    shown = "another value" if isinstance(value, str) and value else kind_of(value)
    yield packet.found(pointer, f"is {shown}, expected {expected}{suggestion(value, words)}")


def _object(
    packet: Packet, container: dict[str, Any], here: Pointer, key: str
) -> Generator[Finding, None, dict[str, Any] | None]:
    value = container.get(key)
    if isinstance(value, dict):
        return value
    if key in container:
        yield packet.found((*here, key), f"is {kind_of(value)}, expected an object")
    else:
        yield _missing(packet, container, here, key, "an object")
    return None


def _list(packet: Packet, container: dict[str, Any], here: Pointer, key: str) -> Generator[Finding, None, list[Any]]:
    value = container.get(key)
    if isinstance(value, list) and value:
        return value
    if key in container:
        yield packet.found((*here, key), f"is {kind_of(value)}, expected a list that is not empty")
    else:
        yield _missing(packet, container, here, key, "a list that is not empty")
    return []


def _told_apart(packet: Packet, id_key: str, what: str) -> Generator[Finding, None, list[tuple[int, dict[str, Any]]]]:
    """Return the entries of the check's list that have an id, and yield what keeps them from being told apart."""
    name, required = packet.check.name, dict.fromkeys(packet.check.required)
    entries: list[tuple[int, dict[str, Any]]] = []
    unnamed = 0
    seen: dict[str, int] = {}
    for position, entry in enumerate((yield from _list(packet, packet.value, (), name))):
        entry_id = entry.get(id_key) if isinstance(entry, dict) else None
        if not isinstance(entry, dict):
            unnamed += 1
            yield packet.found((name, position), f"is {kind_of(entry)}, expected an object")
        elif not isinstance(entry_id, str) or not entry_id:
            unnamed += 1
            yield from _differs(packet, (name, position, id_key), f"the id of a {what}")
        elif entry_id in seen:
            known = f" `{entry_id}`" if entry_id in required else ""
            yield packet.found((name, position, id_key), f"repeats the {what}{known}, expected it once")
            entries.append((position, entry))
        else:
            seen[entry_id] = position
            entries.append((position, entry))
    missing = [wanted for wanted in required if wanted not in seen]
    others = [(position, found) for found, position in seen.items() if found not in required]
    if len(missing) == len(others):
        # as many are missing as are not asked for: each of these is a missing one misspelt
        for wanted, (position, _) in zip(missing, others, strict=True):
            yield packet.found((name, position, id_key), f"is no required {what}, expected `{wanted}`")
    elif entries and len(missing) > unnamed:
        for wanted in missing:
            yield packet.found((name,), f"has no {what} `{wanted}`, expected every required one", key=True)
    return entries


def _safe_ref(packet: Packet, container: dict[str, Any], here: Pointer, key: str) -> Iterator[Finding]:
    if key not in container:
        yield _missing(packet, container, here, key, "a safe reference")
    else:
        yield from _safe_ref_value(packet, container[key], (*here, key))


def _safe_ref_value(packet: Packet, value: object, here: Pointer) -> Iterator[Finding]:
    schemes = packet.chain.ref_schemes
    if is_safe_ref(value, schemes):
        return
    shown = "no safe reference" if isinstance(value, str) and value else kind_of(value)
    close = suggestion(value.partition("://")[0], schemes) if isinstance(value, str) and "://" in value else ""
    yield packet.found(here, f"is {shown}, expected scheme://... with one of {', '.join(schemes)}{close}")


def _safe_ref_list(packet: Packet, container: dict[str, Any], here: Pointer, key: str) -> Iterator[Finding]:
    for position, value in enumerate((yield from _list(packet, container, here, key))):
        yield from _safe_ref_value(packet, value, (*here, key, position))


def _text(packet: Packet, container: dict[str, Any], here: Pointer, key: str, min_length: int) -> Iterator[Finding]:
    value = container.get(key)
    expected = f"a text of at least {min_length} characters"
    if key not in container:
        yield _missing(packet, container, here, key, expected)
    elif not isinstance(value, str) or not seen(value):
        shown = "an empty string" if isinstance(value, str) else kind_of(value)
        yield packet.found((*here, key), f"is {shown}, expected {expected}")
    elif len(seen(value)) < min_length:
        yield packet.found((*here, key), f"has {len(seen(value))} characters, expected {expected}")


def _embedded_verdict(packet: Packet, result: dict[str, Any], here: Pointer, ready_key: str) -> Iterator[Finding]:
    yield from _no_blocker(packet, result, here, "blocker_count")
    if packet.require_live:
        yield from _no_blocker(packet, result, here, "warning_count")
    elif "warning_count" in result and type(result["warning_count"]) is not int:
        yield packet.found((*here, "warning_count"), f"is {kind_of(result['warning_count'])}, expected a count")
    if ready_key not in result:
        yield _missing(packet, result, here, ready_key, "true")
    elif result[ready_key] is not True:
        waits = result[ready_key] is False and not packet.require_live
        yield packet.found(
            (*here, ready_key),
            f"is {kind_of(result[ready_key])}, expected true",
            "warning" if waits else "error",
        )


def _no_blocker(packet: Packet, result: dict[str, Any], here: Pointer, key: str) -> Iterator[Finding]:
    count = result.get(key)
    if key not in result:
        yield _missing(packet, result, here, key, "0")
    elif type(count) is not int or count != 0:
        yield packet.found((*here, key), f"is {shown_count(count)}, expected 0")


def shown_count(value: object) -> str:
    """Show a count that is one; of anything else say only what it is."""
    return str(value) if type(value) is int and abs(value) < 10**6 else kind_of(value)


def count_at(container: dict[str, Any], key: str) -> str:
    """Show a count that stands under a key; of anything else say only what it is, or that it is missing."""
    return shown_count(container[key]) if key in container else "missing"


RULES = rules_of(globals())
