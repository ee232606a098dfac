"""Family 2, across files: what a file says of another one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from cavra_lint.contract import ARTIFACT_KINDS, Chain, Gate
from cavra_lint.diagnostics import Diagnostic
from cavra_lint.frozen import TYPE_CHECKING, NamedTuple
from cavra_lint.rules.denials import denials
from cavra_lint.rules.gate_files import GateFiles
from cavra_lint.rules.packet import count_at, shown_count
from cavra_lint.rules.readiness import VERDICT_KEYS
from cavra_lint.rules.rule import Finding, close_to, follows_from, rule, rules_of
from cavra_lint.sources.json_document import json_path, kind_at, place_of
from cavra_lint.sources.json_shapes import Pointer

if TYPE_CHECKING:
    from typing import Any

_ENTRY_KEYS = frozenset(
    {
        "gate_id",
        "name",
        "ready_key",
        "ready",
        "blocker_count",
        "warning_count",
        "example_evidence_mode",
        "example_sanitized",
        "artifact_paths",
        "artifact_presence",
        "validator_command",
    }
)


class Claims(NamedTuple):
    """A gate's files and those of the gates whose verdicts it embeds, with what is wrong with each.

    `before` reads the gates whose verdicts those embed in turn, which are seldom asked about.
    """

    files: GateFiles
    sources: Mapping[str, GateFiles]
    before: Callable[[], Iterable[GateFiles]]


class _Embedded(NamedTuple):
    """A verdict that an example embeds: whose it is, where it stands, and the list's entry that holds it."""

    gate: Gate
    verdict: dict[str, Any]
    pointer: Pointer
    entry: dict[str, Any]


@rule("CAVRA208", "embedded-verdict")
def embedded_verdict(claims: Claims) -> Iterator[Finding]:
    """A verdict that an example embeds is not the one that the gate's result holds.

    The two are compared key by key, and check by check; only the texts of messages may differ. A ready key of another
    gate, what was found in the example, or a key that denies that the gate is ready is in neither. Where the result is
    what is wrong, the finding says that it follows from there.

    Fails: `"evidence_room_result": {"blocker_count": 0, ...}` beside a result of R7.2 with `"blocker_count": 1`.

    Passes: an embedded verdict that is the result's.

    To put it right, embed the verdict that judging the gate's example gives.
    """
    example = claims.files.example
    if example is None or example.value is None:
        return
    known = {found.place for found in claims.files.findings}
    for embedded in _embedded(claims, example.value):
        source = claims.sources[embedded.gate.id]
        if source.result is None or source.result.value is None:
            continue
        differing = [*_differing(embedded, source.result.value), *_out_of_place(claims.files.chain, embedded)]
        # what judging the example found already is not said again in other words
        if differing and not known.intersection(place_of(example, pointer) for pointer, _ in differing):
            pointer, expected = differing[0]
            more = f" (and {len(differing) - 1} more keys)" if len(differing) > 1 else ""
            follows = follows_from(source.cause_in("live_result"))
            message = f"{json_path(pointer)} is not what the result of {embedded.gate.id} says, expected {expected}"
            yield Finding(place_of(example, pointer), message + more + follows)


@rule("CAVRA209", "index-entry")
def index_entry(claims: Claims) -> Iterator[Finding]:
    """An entry of the index does not say what the files of its gate say.

    Name and ready key are the contract's; `ready` and the counts are the result's; mode and `sanitized` are the live
    example's; presence is the tree's. No other key denies that the gate is ready, as `"status": "blocked"`. Where a
    file is what is wrong, the finding says that it follows from there.

    Fails: `"blocker_count": 1` for a gate whose result has no blocker, or `"ready": 1`.

    Passes: an entry that repeats what the files say.

    To put it right, write what the message expects, or build the index anew.
    """
    files = claims.files
    entry = _entry(files)
    if entry is None:
        return
    yield from _said_by(files, entry, {"name": files.gate.name, "ready_key": files.gate.ready_key}, None)
    if files.result is not None:
        yield from _said_by(files, entry, _of_result(files, entry), files.cause_in("live_result"))
    if files.example is not None:
        yield from _said_by(files, entry, _of_example(files), files.cause_in("live_sanitized_example"))
    for key, said in denials(entry, files.chain, ("ready", "blocker_count", "warning_count", files.gate.ready_key)):
        yield _in_entry(files, (key,), f"is {said}, expected no key that denies that {files.gate.id} is ready")
    yield from _presence(files, entry)


@rule("CAVRA105", "artifact-misplaced")
def artifact_misplaced(claims: Claims) -> Iterator[Finding]:
    """The index names an artifact at another path than the contract.

    Only the contract's path is looked at; what the index names is never opened.

    Fails: `"docs": "docs/old/customer-operating-review.md"`.

    Passes: `"docs": "docs/customer-operating-review.md"`.

    To put it right, write the contract's path, and move the file there.
    """
    files = claims.files
    entry = _entry(files)
    if entry is None:
        return
    paths = entry.get("artifact_paths")
    if not isinstance(paths, dict):
        yield _in_entry(files, ("artifact_paths",), f"is {kind_at(entry, 'artifact_paths')}, expected an object")
        return
    for kind in ARTIFACT_KINDS:
        expected = files.gate.artifacts[kind]
        if paths.get(kind) != expected:
            shown = "another path" if isinstance(paths.get(kind), str) and paths[kind] else kind_at(paths, kind)
            near = None if kind in paths else close_to(kind, _strange(paths))
            yield _in_entry(files, ("artifact_paths", kind), f"is {shown}, expected `{expected}`", near)
    yield from _strange_kinds(files, paths, "artifact_paths")


@rule("CAVRA210", "profile-ref")
def profile_ref(claims: Claims) -> Iterator[Finding]:
    """A packet does not speak of the customer of the gates that it stands on.

    The reference that the contract's `profile_ref` names, `customer_profile_ref` in R7, is handed on from packet to
    packet: a chain proves the lifecycle of one customer, and of the same one at each gate.

    Fails: `"customer_profile_ref": "evidence://customer/other"` after a packet with `"evidence://customer/redacted"`.

    Passes: the reference of the packet before, letter for letter.

    To put it right, find out which of the two packets is the wrong one, and put the right one there.
    """
    if not claims.files.gate.profile_ref:
        return
    own, sources = _profile_ref(claims.files), list(claims.sources.values())
    if claims.files.example is None or own is None:
        return
    if [source.gate.id for source in sources] == [claims.files.chain.index_gate.id]:
        # the index names no customer: it hands on what the last gate before it says
        sources = list(claims.before())
    handed_on = [other for other in map(_profile_ref, sources) if isinstance(other, str)]
    if not handed_on:
        return
    # of several packets, one that stands alone is the one that is wrong, and is named where it stands
    expected = max(handed_on, key=handed_on.count)
    if own == expected or own in map(_profile_ref, claims.before()):
        return
    place = place_of(claims.files.example, tuple(claims.files.gate.profile_ref.split(".")))
    if place not in {found.place for found in claims.files.findings}:
        message = f"is another reference than that of {', '.join(one.gate.id for one in sources)}, expected the same"
        yield Finding(place, f"{claims.files.gate.profile_ref} {message}")


def _profile_ref(files: GateFiles) -> object:
    if not files.gate.profile_ref:
        return None
    value: object = files.example.value if files.example else None
    for step in files.gate.profile_ref.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return value


def _entry(files: GateFiles) -> dict[str, Any] | None:
    value = files.index_packet.document.value
    if value is None or files.entry is None:
        return None
    entry: dict[str, Any] = value["gates"][files.entry]
    return entry


def _of_result(files: GateFiles, entry: dict[str, Any]) -> dict[str, Any]:
    value = files.result.value if files.result else None
    if value is None:
        return {"ready": None}
    ready_key = files.gate.ready_key
    keys = {"ready": ready_key, "blocker_count": "blocker_count", "warning_count": "warning_count"}
    if ready_key in entry:
        # an entry need not repeat the verdict's own key; where it does, what it says is the result's
        keys[ready_key] = ready_key
    return {key: value.get(other) for key, other in keys.items()}


def _of_example(files: GateFiles) -> dict[str, Any]:
    value = files.example.value if files.example else None
    if value is None:
        return {"example_sanitized": None}
    return {"example_evidence_mode": value.get("evidence_mode"), "example_sanitized": value.get("sanitized")}


def _said_by(
    files: GateFiles, entry: dict[str, Any], expected: dict[str, Any], cause: Diagnostic | None
) -> Iterator[Finding]:
    """Yield each key of an entry that is not as expected; only the first where that follows from a cause."""
    for key, value in expected.items():
        if key in entry and _same(entry[key], value):
            continue
        shown = count_at(entry, key)
        shown = "another value" if shown == "a string" else shown
        says = f"expected {_literal(value)}" if cause is None else "and its file does not say that"
        yield _in_entry(files, (key,), f"is {shown}, {says}{follows_from(cause)}", _strange_key(entry, key))
        if cause is not None:
            return


def _presence(files: GateFiles, entry: dict[str, Any]) -> Iterator[Finding]:
    presence = entry.get("artifact_presence")
    if not isinstance(presence, dict):
        shown = kind_at(entry, "artifact_presence")
        yield _in_entry(files, ("artifact_presence",), f"is {shown}, expected an object")
        return
    for kind in ARTIFACT_KINDS:
        # that something is missing is reported where it is named; what presence says of it follows
        if presence.get(kind) is not True and files.readable(kind):
            near = None if kind in presence else close_to(kind, _strange(presence))
            message = f"is {kind_at(presence, kind)}, expected true: `{files.gate.artifacts[kind]}` is there"
            yield _in_entry(files, ("artifact_presence", kind), message, near)
    yield from _strange_kinds(files, presence, "artifact_presence")


def _strange(named: dict[str, Any]) -> tuple[str, ...]:
    return tuple(key for key in named if key not in ARTIFACT_KINDS)


def _strange_kinds(files: GateFiles, named: dict[str, Any], key: str) -> Iterator[Finding]:
    """Yield what is no kind of artifact; where a kind is missing as well, that finding suggests this one."""
    if all(kind in named for kind in ARTIFACT_KINDS):
        for strange in _strange(named):
            yield _in_entry(files, (key, strange), f"is no kind of artifact, expected {', '.join(ARTIFACT_KINDS)}")


def _embedded(claims: Claims, example: dict[str, Any]) -> Iterator[_Embedded]:
    for check, gates in claims.files.chain.sources(claims.files.gate):
        held = example.get(check.name)
        if check.kind == "source_result" and isinstance(held, dict):
            yield from (_Embedded(gate, held, (check.name,), {}) for gate in gates)
        if check.kind == "gate_results" and isinstance(held, list):
            by_id = {gate.id: gate for gate in gates}
            for position, entry in enumerate(held):
                gate_id = entry.get("gate_id") if isinstance(entry, dict) else None
                gate = by_id.get(gate_id) if isinstance(gate_id, str) else None
                if gate and isinstance(entry.get("readiness_result"), dict):
                    here = (check.name, position, "readiness_result")
                    yield _Embedded(gate, entry["readiness_result"], here, entry)


def _differing(embedded: _Embedded, result: dict[str, Any]) -> Iterator[tuple[Pointer, str]]:
    """Yield the places of an embedded verdict that are not the result's, with what is expected there."""
    gate, here = embedded.gate, embedded.pointer
    keys = ("schema_version", "product", "evidence_mode", gate.ready_key, "status", "blocker_count", "warning_count")
    for key in (*keys, *(("phase",) if gate.phase else ())):
        if key not in embedded.verdict or not _same(embedded.verdict[key], result.get(key)):
            yield (*here, key), _literal(result.get(key))
    own, other = _statuses(embedded.verdict.get("checks")), _statuses(result.get("checks"))
    if own is None or other is None or len(own) != len(other):
        yield (*here, "checks"), "the same checks"
    else:
        for position, (one, two) in enumerate(zip(own, other, strict=True)):
            for key, mine, theirs in (("name", one[0], two[0]), ("status", one[1], two[1])):
                if not _same(mine, theirs):
                    yield (*here, "checks", position, key), _literal(theirs)
    # an entry of a list of gates may repeat its verdict's ready key, and whether it is true
    for key, value in (("ready_key", gate.ready_key), ("ready", result.get(gate.ready_key))):
        if key in embedded.entry and not _same(embedded.entry[key], value):
            yield (*here[:-1], key), _literal(value) if key == "ready" else f"`{value}`"


def _out_of_place(chain: Chain, embedded: _Embedded) -> Iterator[tuple[Pointer, str]]:
    """Yield the places of an embedded verdict that says more than that its gate is ready."""
    # the ready keys of a chain may be ten thousand, those of a verdict are few
    for key in sorted((embedded.verdict.keys() & chain.ready_positions.keys()) - {embedded.gate.ready_key}):
        yield (*embedded.pointer, key), f"no ready key but `{embedded.gate.ready_key}`"
    if embedded.verdict.get("diagnostics"):
        yield (*embedded.pointer, "diagnostics"), "no finding"
    if embedded.verdict.get(embedded.gate.ready_key) is True:
        for here, held, own in (
            (embedded.pointer, embedded.verdict, VERDICT_KEYS),
            (embedded.pointer[:-1], embedded.entry, ("ready",)),
        ):
            for key, _ in denials(held, chain, own):
                if key not in chain.ready_positions:
                    yield (*here, key), "no key that denies that it is ready"


def _statuses(checks: object) -> list[tuple[object, object]] | None:
    if not isinstance(checks, list) or not all(isinstance(check, dict) for check in checks):
        return None
    return [(check.get("name"), check.get("status")) for check in checks]


def _same(one: object, other: object) -> bool:
    """Tell whether two values are the same JSON: `true` is not 1, and 1 is not 1.0."""
    return type(one) is type(other) and one == other


def _literal(value: object) -> str:
    """Show a value that another file holds, if it is one that a verdict can hold and nothing longer."""
    if isinstance(value, str):
        return f"`{value}`" if value in ("live", "sample", "ready", "blocked", "pass", "warn") else "the same text"
    return shown_count(value)


def _strange_key(entry: dict[str, Any], key: str) -> str | None:
    """Return the key of an entry that is none, and looks like one that is missing."""
    strange = [other for other in entry if other not in _ENTRY_KEYS]
    return None if key in entry else close_to(key, strange)


def _in_entry(files: GateFiles, keys: tuple[str, ...], what: str, near: str | None = None) -> Finding:
    """Return a finding about a key of the gate's entry; it stands at the key that looks like it, if one is named."""
    pointer: Pointer = (*files.entry_pointer, *keys)
    hint = f"; is `{near}` meant to be it?" if near else ""
    place = place_of(files.index_packet.document, (*pointer[:-1], near) if near else pointer, key=bool(near))
    return Finding(place, f"{json_path(pointer)} {what}{hint}")


RULES = rules_of(globals())
