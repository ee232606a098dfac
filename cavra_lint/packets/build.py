"""Build packets and the index: sanitized by construction, and the same bytes each time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from cavra_lint.contract import ARTIFACT_KINDS, Chain, Check, EvidenceMode, Gate
from cavra_lint.frozen import TYPE_CHECKING, NamedTuple
from cavra_lint.packets.judge import judge
from cavra_lint.rules.gate_files import GateFiles, gate_files, index_of
from cavra_lint.rules.packet import is_safe_ref
from cavra_lint.sources.json_document import in_memory
from cavra_lint.sources.repository import Repository
from cavra_lint.verdict import published, verdict

if TYPE_CHECKING:
    from typing import Any, TypeAlias


class Source(NamedTuple):
    """A packet that an embedded verdict is made from, and that verdict.

    `before` is the packet of the gate before, where this one, which is the index, does not say whom it is about.
    """

    packet: object
    verdict: dict[str, Any]
    before: object = None


#: Returns the index of a tree and its verdict, for gates that stand behind it; of a packet where one is handed in.
IndexSource: TypeAlias = "Callable[[EvidenceMode, object], Source]"


class Plan(NamedTuple):
    """What a packet is built for: its gate and mode, and the gates whose verdicts it embeds."""

    chain: Chain
    gate: Gate
    mode: EvidenceMode
    sources: Mapping[str, Source]

    @property
    def scheme(self) -> str:
        """The scheme of the packet's references: of the chain's the first for live ones, the last for samples."""
        return self.chain.ref_schemes[0 if self.mode == "live" else -1]

    def ref(self, *steps: str) -> str:
        """Return a reference of the packet's mode to one thing of the gate."""
        # a name of a contract may have spaces, a reference may not
        words = (step.removesuffix("_ref").removesuffix("_refs").replace("_", "-").replace(" ", "-") for step in steps)
        return f"{self.scheme}://{'/'.join((self.gate.slug, *words))}"


def build(
    chain: Chain, gate: Gate, mode: EvidenceMode, source: object = None, index: IndexSource | None = None
) -> dict[str, Any]:
    """Build a packet of a gate.

    Args:
        chain: the chain that the gate belongs to.
        gate: the gate.
        mode: `sample` or `live`; the verdicts that it embeds are of packets of the same mode.
        source: the packet of the gate before, or, for a gate that sums up several, that or an object
            of packets by gate id. What is not handed in is built. Judged, not believed: a source that
            blocks gives a packet that blocks.
        index: what gives the index of the tree and its verdict, to a gate that stands on these.

    Returns:
        The packet. With sources that are ready, judging it blocks nowhere.

    Raises:
        ValueError: the gate stands on the index, and there is no tree to have one of.
    """
    sources = _sources(chain, gate, mode, source, index)
    plan = Plan(chain, gate, mode, sources)
    packet: dict[str, Any] = {
        "schema_version": gate.packet_schema,
        "product": chain.product,
        "evidence_mode": mode,
        "sanitized": mode == "live",
    }
    if gate.phase:
        packet["phase"] = gate.phase
    if gate.id_key:
        packet[gate.id_key] = gate.id_value.replace("{mode}", mode)
    for check in gate.checks:
        if check.kind in _BUILDERS:
            packet[check.name] = _BUILDERS[check.kind](plan, check)
    if sources and gate.profile_ref:
        _put(packet, gate.profile_ref.split("."), _profile_ref(plan))
    return packet


def _put(packet: dict[str, Any], steps: Sequence[str], value: str) -> None:
    container = packet
    for step in steps[:-1]:
        inner = container.setdefault(step, {})
        if not isinstance(inner, dict):
            return
        container = inner
    container[steps[-1]] = value


def build_index(chain: Chain, repository: Repository, mode: EvidenceMode) -> dict[str, Any]:
    """Build the index of a tree: what its files say, gate by gate, whether that is ready or not.

    Args:
        chain: the chain that the index closes.
        repository: the tree.
        mode: `sample` or `live`, for the index itself; the files below it are the live ones.
    """
    gate = chain.index_gate
    (completion,) = (check for check in gate.checks if check.kind == "text")
    nothing = index_of(in_memory({}))
    return {
        "schema_version": gate.packet_schema,
        "product": chain.product,
        **({"phase": gate.phase} if gate.phase else {}),
        "evidence_mode": mode,
        "sanitized": mode == "live",
        **({gate.id_key: gate.id_value.replace("{mode}", mode)} if gate.id_key else {}),
        "gate_count": len(chain.gates),
        "gates": [_entry(gate_files(chain, other, repository, nothing)) for other in chain.gates],
        completion.name: _text(Plan(chain, gate, mode, {}), completion),
    }


def _entry(files: GateFiles) -> dict[str, Any]:
    gate = files.gate
    example = files.example.value if files.example and files.example.value else {}
    result = files.result.value if files.result and files.result.value else {}
    return {
        "gate_id": gate.id,
        "name": gate.name,
        "ready_key": gate.ready_key,
        "ready": result.get(gate.ready_key) is True,
        "blocker_count": _count(result.get("blocker_count")),
        "warning_count": _count(result.get("warning_count")),
        "example_evidence_mode": "live" if example.get("evidence_mode") == "live" else "sample",
        "example_sanitized": example.get("sanitized") is True,
        "artifact_paths": dict(gate.artifacts),
        "artifact_presence": {kind: files.readable(kind) for kind in ARTIFACT_KINDS},
        "validator_command": gate.command,
    }


def _count(value: object) -> int:
    """Return a result's count; a result without one has at least the blocker that it lacks it."""
    return value if type(value) is int else 1


def _sources(
    chain: Chain, gate: Gate, mode: EvidenceMode, source: object, index: IndexSource | None
) -> dict[str, Source]:
    embedded = [other for _, gates in chain.sources(gate) for other in gates]
    given = _given(embedded, source)
    built: dict[str, dict[str, Any]] = {}
    sources: dict[str, Source] = {}
    for other in embedded:
        if other is chain.index_gate:
            if index is None:
                raise ValueError(f"{gate.id} stands on the index, which is built from the files of a repository")
            sources[other.id] = index(mode, given.get(other.id))
            continue
        packet = given[other.id] if other.id in given else _built(chain, other, mode, built, index)
        sources[other.id] = Source(packet, judged(chain, other, packet, require_live=mode == "live"))
    return sources


def _built(
    chain: Chain, gate: Gate, mode: EvidenceMode, built: dict[str, dict[str, Any]], index: IndexSource | None
) -> dict[str, Any]:
    """Build a packet of each gate that this one stands on, once, the first of the chain first."""
    for other in _below(chain, gate):
        if other.id not in built:
            needed = {source.id: built.get(source.id) for _, gates in chain.sources(other) for source in gates}
            # an empty object would be a packet that is handed in
            source = {key: one for key, one in needed.items() if one} or None
            built[other.id] = build(chain, other, mode, source, index)
    return built[gate.id]


def _below(chain: Chain, gate: Gate) -> Iterator[Gate]:
    """Yield the gate and all that it stands on, but for the index, in the chain's order."""
    found: set[int] = set()
    waiting = [gate]
    while waiting:
        other = waiting.pop()
        position = chain.positions[other.id]
        if position not in found and other is not chain.index_gate:
            found.add(position)
            waiting.extend(source for _, gates in chain.sources(other) for source in gates)
    return (chain.every[position] for position in sorted(found))


def _given(embedded: list[Gate], source: object) -> dict[str, object]:
    if source is None or not embedded:
        return {}
    by_id = {gate.id: source[gate.id] for gate in embedded if isinstance(source, dict) and gate.id in source}
    return by_id or {embedded[-1].id: source}


def judged(chain: Chain, gate: Gate, packet: object, *, require_live: bool) -> dict[str, Any]:
    """Return the verdict on a packet as the next packet embeds it."""
    document = in_memory(packet)
    return published(verdict(chain, gate, document, list(judge(chain, gate, document, require_live=require_live))))


def _profile_ref(plan: Plan) -> str:
    """Hand on the reference of the last source that has one to whom the chain is about."""
    for gate_id, source in reversed(list(plan.sources.items())):
        gate = plan.chain.gate(gate_id)
        gate, value = (gate, source.packet) if source.before is None else (plan.chain.gates[-1], source.before)
        for step in gate.profile_ref.split("."):
            value = value.get(step) if isinstance(value, dict) else None
        if isinstance(value, str) and is_safe_ref(value, plan.chain.ref_schemes):
            return value
    return f"{plan.scheme}://customer/redacted"


def _ref(plan: Plan, check: Check) -> str:
    return plan.ref(check.name)


def _refs(plan: Plan, check: Check) -> dict[str, str]:
    return {key: plan.ref(check.name, key) for key in check.required}


def _ref_sections(plan: Plan, check: Check) -> dict[str, dict[str, str]]:
    return {section: {key: plan.ref(section, key) for key in keys} for section, keys in check.sections.items()}


def _ref_list(plan: Plan, check: Check) -> list[str]:
    return [plan.ref(check.name, word) for word in check.built.get("refs", ("first",))]


def _items(plan: Plan, check: Check) -> list[dict[str, str]]:
    return [
        {check.id_key or "id": name, **{key: plan.ref(check.name, name, key) for key in check.ref_keys}}
        for name in check.built.get("ids", ("first",))
    ]


def _controls(plan: Plan, check: Check) -> dict[str, bool]:
    verdicts = [source.verdict for source in plan.sources.values()]
    said = {
        # what speaks of the gate before is true where that has no blocker; what sums up, where all are ready
        check.source_control: all(verdict["blocker_count"] == 0 for verdict in verdicts),
        check.pending_control: all(verdict["status"] == "ready" for verdict in verdicts),
    }
    return {key: said.get(key, True) for key in check.required}


def _sections(plan: Plan, check: Check) -> list[dict[str, Any]]:
    return [_section(plan, check, section) for section in check.required]


def _section(plan: Plan, check: Check, section: str) -> dict[str, Any]:
    title = section.replace("_", " ").capitalize()
    # a title is for who reads, and gives way to what the contract asks for under its name
    entry: dict[str, Any] = {"title": title, check.id_key: section}
    if check.refs_key:
        entry[check.refs_key] = [plan.ref(check.name, section)]
    if check.ref_key:
        entry[check.ref_key] = plan.ref(check.name, section)
    if check.healthy:
        entry["status"] = check.built.get("status", {}).get(section, check.healthy[0])
    if check.summary_min_length:
        said = check.built.get("summary", {}).get(section, f"{title} is recorded by reference.")
        entry["summary"] = _at_least(said, check.summary_min_length)
    return entry


def _source_result(plan: Plan, check: Check) -> dict[str, Any]:
    (verdict,) = (
        source.verdict
        for gate_id, source in plan.sources.items()
        if plan.chain.gate(gate_id).ready_key == check.ready_key
    )
    return verdict


def _gate_results(plan: Plan, check: Check) -> list[dict[str, Any]]:
    return [_gate_result(plan, plan.chain.gate(gate_id)) for gate_id in check.required]


def _gate_result(plan: Plan, gate: Gate) -> dict[str, Any]:
    verdict = plan.sources[gate.id].verdict
    return {
        "gate_id": gate.id,
        "title": gate.name,
        "packet_ref": f"{plan.scheme}://{gate.slug}/packet",
        "ready_key": gate.ready_key,
        "ready": verdict[gate.ready_key],
        "readiness_result": verdict,
    }


def _text(plan: Plan, check: Check) -> str:
    said = check.built.get("text", f"{plan.gate.name} is complete, and what it rests on is referenced here.")
    return _at_least(said, check.min_length)


def _at_least(said: object, length: int) -> str:
    sentence = str(said)
    while len(sentence) < length:
        sentence = f"{sentence} {said}"
    return sentence


_BUILDERS: Mapping[str, Callable[[Plan, Check], Any]] = {
    "ref": _ref,
    "refs": _refs,
    "ref_sections": _ref_sections,
    "ref_list": _ref_list,
    "items": _items,
    "controls": _controls,
    "sections": _sections,
    "source_result": _source_result,
    "gate_results": _gate_results,
    "text": _text,
}
