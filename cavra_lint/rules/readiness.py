"""Family 2: readiness, claimed and borne out."""

from __future__ import annotations

from collections.abc import Iterator

from cavra_lint.diagnostics import Severity
from cavra_lint.frozen import TYPE_CHECKING
from cavra_lint.rules.denials import denials
from cavra_lint.rules.gate_files import GateFiles
from cavra_lint.rules.packet import Packet, count_at
from cavra_lint.rules.rule import MOST_HINTS, Finding, follows_from, rule, rules_of, suggestion
from cavra_lint.sources.json_document import json_path, keys_of, kind_at, kind_of, place_of
from cavra_lint.sources.json_shapes import JsonDocument, Pointer

if TYPE_CHECKING:
    from typing import Any

_STATUSES = ("pass", "warn", "blocker")
#: The keys of a verdict that say what it came to, beside the ready key.
VERDICT_KEYS = ("evidence_mode", "status", "blocker_count", "warning_count")


@rule("CAVRA201", "evidence-mode")
def evidence_mode(packet: Packet) -> Iterator[Finding]:
    """A packet is not live and sanitized.

    Check kind `evidence_mode`. `live` with `sanitized` true passes. `sample` only warns where live is not required;
    the live examples of a tree are always judged with live required. All else blocks.

    Fails: `"evidence_mode": "sample"` in a live example, or `"evidence_mode": "live", "sanitized": "yes"`.

    Passes: `"evidence_mode": "live", "sanitized": true`.

    To put it right, put the live packet there, with nothing in it that had to be taken out.
    """
    mode = packet.value.get("evidence_mode")
    if mode == "live":
        if packet.value.get("sanitized") is not True:
            shown = kind_at(packet.value, "sanitized")
            yield packet.found(("sanitized",), f"is {shown}, expected true in a live packet")
    elif mode == "sample":
        needed = "live is required" if packet.require_live else "a sample is never ready"
        severity: Severity = "error" if packet.require_live else "warning"
        yield packet.found(("evidence_mode",), f"is `sample`, expected `live`: {needed}", severity)
    else:
        shown = _shown(packet.value, "evidence_mode")
        close = suggestion(mode, ("live", "sample"))
        yield packet.found(("evidence_mode",), f"is {shown}, expected `live` or `sample`{close}")


@rule("CAVRA202", "packet-identity")
def packet_identity(packet: Packet) -> Iterator[Finding]:
    """A packet of the tree says that it is of another product or phase, or has another id.

    The id says the evidence mode as well: a live packet with the id of a sample was never made live.

    Fails: `"evidence_mode": "live", "closeout_id": "cavra-sample-customer-closeout-handoff"`.

    Passes: `"evidence_mode": "live", "closeout_id": "cavra-live-customer-closeout-handoff"`.

    To put it right, write what the message expects.
    """
    gate, mode = packet.gate, packet.value.get("evidence_mode")
    expected = {"product": packet.chain.product}
    if gate.phase:
        expected["phase"] = gate.phase
    # a packet that has to be live and is not is told so once, at its mode
    if gate.id_key and mode in (("live",) if packet.require_live else ("live", "sample")):
        expected[gate.id_key] = gate.id_value.replace("{mode}", str(mode))
    for key, value in expected.items():
        if packet.value.get(key) != value:
            yield packet.found((key,), f"is {_shown(packet.value, key)}, expected `{value}`")


@rule("CAVRA211", "packet-denial")
def packet_denial(packet: Packet) -> Iterator[Finding]:
    """A live packet of the tree says of itself that it is not ready.

    A packet need say nothing of that; where it does, in the words of a verdict at its top, whoever reads it there is
    told something else than by the result: `ready` or a ready key that is false, a `status` of `blocked`, or a number
    of blockers.

    Fails: `"evidence_mode": "live", "ready": false`.

    Passes: a packet without these keys, or with `"ready": true`.

    To put it right, mend what keeps the packet from being ready, or take the key out.
    """
    if packet.value.get("evidence_mode") == "live":
        for key, said in denials(packet.value, packet.chain, ("sanitized", "evidence_mode")):
            yield packet.found((key,), f"is {said}, expected no key that denies that a live packet is ready")


@rule("CAVRA203", "result-identity")
def result_identity(files: GateFiles) -> Iterator[Finding]:
    """A result is another gate's, or another product's.

    Fails: `"schema_version": "cavra.customer-evidence-room.result.v1"` in the result of R7.4.

    Passes: `"schema_version": "cavra.customer-operating-review.result.v1"` there.

    To put it right, judge the gate's own example again and write what it gives.
    """
    expected = {"schema_version": files.gate.result_schema, "product": files.chain.product}
    if files.gate.phase:
        expected["phase"] = files.gate.phase
    for result in _result(files):
        for key, value in expected.items():
            if _value(result).get(key) != value:
                yield _found(result, (key,), f"is {_shown(_value(result), key)}, expected `{value}`")


@rule("CAVRA204", "result-not-live")
def result_not_live(files: GateFiles) -> Iterator[Finding]:
    """A live result does not say that a live packet was judged.

    Fails: `"evidence_mode": "sample"` in a live result.

    Passes: `"evidence_mode": "live"`.

    To put it right, judge the live example with live required and write what it gives.
    """
    for result in _result(files):
        if _value(result).get("evidence_mode") != "live":
            shown = _shown(_value(result), "evidence_mode", ("sample",))
            yield _found(result, ("evidence_mode",), f"is {shown}, expected `live`")


@rule("CAVRA205", "result-not-ready")
def result_not_ready(files: GateFiles) -> Iterator[Finding]:
    """A result does not say that its gate is ready.

    Its ready key has to be the JSON literal `true`: not 1, not "true", and not the ready key of another gate.

    Fails: `"ready_for_customer_operating_review": false`.

    Passes: `"ready_for_customer_operating_review": true`.

    To put it right, mend what keeps the example from being ready, judge it again and write what it gives.
    """
    for result in _result(files):
        value = _value(result)
        key = files.gate.ready_key
        if value.get(key) is not True:
            close = "" if key in value else suggestion(key, tuple(value))
            reason = follows_from(files.cause_in("live_sanitized_example"))
            yield _found(result, (key,), f"is {kind_at(value, key)}, expected true{close}{reason}")


@rule("CAVRA206", "result-inconsistent")
def result_inconsistent(files: GateFiles) -> Iterator[Finding]:
    """A result is at odds with itself.

    `checks` names the contract's checks in their order, each with a status and a message; `blocker_count` and
    `warning_count` count them; `status` says the same in a word; and where the ready key is true, each check passes,
    and no other key denies it, as `"ready": false`. A ready key of the chain stands once, at the top.

    Fails: `"status": "ready", "blocker_count": 1`.

    Passes: `"status": "ready", "blocker_count": 0, "warning_count": 0` with each check at `pass`.

    To put it right, judge the example again and write what it gives.
    """
    for result in _result(files):
        value = _value(result)
        if value.get(files.gate.ready_key) is True:
            yield from _at_odds_with_ready(files, result)
        else:
            yield from _at_odds_with_counts(files, result)
        yield from _stray_ready_keys(files, result)


@rule("CAVRA207", "result-not-borne-out")
def result_not_borne_out(files: GateFiles) -> Iterator[Finding]:
    """A result says ready, but judging the example again does not.

    What a result says of its example is never believed: the example is judged anew. The finding follows from one in
    the example, which it names.

    Fails: a result with its ready key true beside an example in which a control is false.

    Passes: the same result beside the example that it was made from.

    To put it right, mend the example first; the result follows.
    """
    cause = files.cause_in("live_sanitized_example")
    for result in _result(files):
        if cause and _value(result).get(files.gate.ready_key) is True:
            message = f"is true, but judging the example does not give that{follows_from(cause)}"
            yield _found(result, (files.gate.ready_key,), message)


def _at_odds_with_ready(files: GateFiles, result: JsonDocument) -> Iterator[Finding]:
    value = _value(result)
    for key, expected in (("blocker_count", 0), ("warning_count", 0)):
        count = value.get(key)
        if type(count) is not int or count != expected:
            yield _found(result, (key,), f"is {count_at(value, key)}, expected {expected} in a result that is ready")
    if value.get("status") != "ready":
        shown = _shown(value, "status", ("blocked", "ready_with_warnings"))
        yield _found(result, ("status",), f"is {shown}, expected `ready` in a result that is ready")
    for position, check in (yield from _checks(files, result)):
        if check["status"] != "pass":
            message = f"is `{check['status']}`, expected `pass` in a result that is ready"
            yield _found(result, ("checks", position, "status"), message)
    if value.get("diagnostics"):
        yield _found(result, ("diagnostics",), "is not empty, expected no finding in a result that is ready")
    # what stands under the verdict's own keys was asked above, and by other rules
    for key, said in denials(value, files.chain, (files.gate.ready_key, *VERDICT_KEYS)):
        # a ready key of another gate is out of place whatever it says
        if key not in files.chain.ready_positions:
            yield _found(result, (key,), f"is {said}, expected no key that denies it in a result that is ready")


def _at_odds_with_counts(files: GateFiles, result: JsonDocument) -> Iterator[Finding]:
    value = _value(result)
    statuses = [check["status"] for _, check in (yield from _checks(files, result))]
    counts = {"blocker_count": statuses.count("blocker"), "warning_count": statuses.count("warn")}
    for key, expected in counts.items():
        count = value.get(key)
        if type(count) is not int or count != expected:
            shown = count_at(value, key)
            yield _found(result, (key,), f"is {shown}, expected {expected}, as many as its checks hold")
    expected_status = status_of(counts["blocker_count"], counts["warning_count"])
    if value.get("status") != expected_status:
        shown = _shown(value, "status", ("ready", "blocked", "ready_with_warnings"))
        yield _found(result, ("status",), f"is {shown}, expected `{expected_status}`, as its checks give it")


def status_of(blocker_count: int, warning_count: int) -> str:
    """Return the word for a verdict with so many checks that block and warn."""
    return "blocked" if blocker_count else "ready_with_warnings" if warning_count else "ready"


def _checks(files: GateFiles, result: JsonDocument) -> Any:
    """Return position and entry of each check that a result lists as it should, and yield what it does not."""
    checks, names = _value(result).get("checks"), [check.name for check in files.gate.checks]
    if not isinstance(checks, list):
        shown = kind_at(_value(result), "checks")
        yield _found(result, ("checks",), f"is {shown}, expected a list of {len(names)} checks")
        return []
    good: list[tuple[int, dict[str, Any]]] = []
    listed = [check.get("name") if isinstance(check, dict) else None for check in checks]
    first_at = {name: listed.index(name) for name in names if name in listed}
    unlisted = tuple(name for name in names if name not in first_at)
    for position, (check, name) in enumerate(zip(checks, listed, strict=True)):
        if not isinstance(check, dict):
            yield _found(result, ("checks", position), f"is {kind_of(check)}, expected an object")
        elif name not in names:
            close = suggestion(name, unlisted) if position < MOST_HINTS else ""
            yield _found(result, ("checks", position, "name"), f"names no check of {files.gate.id}{close}")
        elif first_at[name] < position:
            yield _found(result, ("checks", position, "name"), f"repeats the check `{name}`, expected it once")
        elif check.get("status") not in _STATUSES:
            message = f"is {_shown(check, 'status')}, expected one of {', '.join(_STATUSES)}"
            yield _found(result, ("checks", position, "status"), message)
        else:
            good.append((position, check))
            if not isinstance(check.get("message"), str):
                shown = kind_at(check, "message")
                yield _found(result, ("checks", position, "message"), f"is {shown}, expected a text")
    missing = list(unlisted)
    # an entry that is no check of the gate, or one again, stands where a missing one should
    if len(missing) > len(listed) - (len(names) - len(missing)):
        place = place_of(result, ("checks",), key=True)
        yield Finding(place, f"checks has no {', '.join(f'`{name}`' for name in missing)}, expected every check")
    elif not missing and listed != names and len(listed) == len(names):
        wrong = next(position for position, name in enumerate(listed) if name != names[position])
        message = f"is `{listed[wrong]}`, expected `{names[wrong]}`: checks stand in the contract's order"
        yield _found(result, ("checks", wrong, "name"), message)
    return good


def _stray_ready_keys(files: GateFiles, result: JsonDocument) -> Iterator[Finding]:
    for pointer, key in keys_of(_value(result)):
        if key in files.chain.ready_positions and pointer != (files.gate.ready_key,):
            place = place_of(result, pointer, key=True)
            message = (
                f"{json_path(pointer)} is a ready key out of place, expected `{files.gate.ready_key}` once, at the top"
            )
            yield Finding(place, message)


def _result(files: GateFiles) -> Iterator[JsonDocument]:
    """Yield the gate's result if it can be judged; what keeps it from that is reported by families 0 and 1."""
    if files.result is not None and files.result.value is not None:
        yield files.result


def _value(document: JsonDocument) -> dict[str, Any]:
    return document.value or {}


def _found(document: JsonDocument, pointer: Pointer, what: str) -> Finding:
    return Finding(place_of(document, pointer), f"{json_path(pointer)} {what}")


def _shown(value: dict[str, Any], key: str, known: tuple[str, ...] = ()) -> str:
    """Say what stands under a key; a string is shown only if it is one of the contract's own words."""
    found = value.get(key)
    if isinstance(found, str) and found:
        return f"`{found}`" if found in known else "another value"
    return kind_at(value, key)


RULES = rules_of(globals())
#: The rules about a gate's result; the others judge packets.
RESULT_RULES = (result_identity, result_not_live, result_not_ready, result_inconsistent, result_not_borne_out)
