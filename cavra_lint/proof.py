"""Prove a chain from the files of its tree: the one flow behind the linter and the index's gate."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import NamedTuple

from cavra_lint.contract import Chain, Gate
from cavra_lint.diagnostics import Diagnostic
from cavra_lint.packets.judge import diagnostics_of, identify, judge
from cavra_lint.rules import artifacts, claims, code, commands, documents, pages, readiness, workflows
from cavra_lint.rules.claims import Claims
from cavra_lint.rules.gate_files import GateFiles, IndexPacket, gate_files, index_of
from cavra_lint.rules.rule import Rule
from cavra_lint.sources.json_document import JsonDocument
from cavra_lint.sources.repository import Repository

#: What a finding about a gate as part of the chain blocks: the index's check of its gates.
CHAIN_CHECK = "gates"

#: The artifacts that are judged together, since they speak of each other; and the others, of which each is
#: judged by itself. The two can be proven apart, and neither needs what the other has to import.
PACKET_KINDS = ("live_sanitized_example", "live_result")
CODE_KINDS = ("validator", "workflow", "test", "docs", "wiki")


class Proof(NamedTuple):
    """What a chain is proven from.

    `written_later` are the kinds of artifact of the index that are about to be written, and so
    are not asked for: its own packet and result, while these are exported.
    """

    chain: Chain
    repository: Repository
    index_packet: IndexPacket
    require_live: bool
    written_later: tuple[str, ...] = ()


def proof_of(
    chain: Chain,
    repository: Repository,
    index: JsonDocument,
    *,
    require_live: bool,
    written_later: tuple[str, ...] = (),
) -> Proof:
    """Return the proof of a chain, to be asked for its diagnostics.

    Args:
        chain: what is promised.
        repository: the tree that has to bear it out.
        index: the index packet.
        require_live: whether a sample index blocks. The gates' live examples are always judged with
            live required.
        written_later: kinds of artifact of the index that are about to be written.
    """
    return Proof(chain, repository, index_of(index), require_live, written_later)


def prove(
    proof: Proof, gate_ids: Collection[str] | None = None, done: Callable[[int, int], None] | None = None
) -> Iterator[Diagnostic]:
    """Yield everything that keeps a chain from being proven.

    Args:
        proof: the chain, its tree and its index.
        gate_ids: the gates to prove, the index among them; all where None. The files of a gate whose
            verdict one of these embeds are read as well, since the two have to agree.
        done: told before each gate how many are done, of how many.

    Yields:
        Diagnostics, gate by gate; the caller sorts them.
    """
    every = (*proof.chain.gates, proof.chain.index_gate)
    wanted = [gate for gate in every if gate_ids is None or gate.id in gate_ids]
    packets = _packets_of(proof, wanted)
    for proven, gate in enumerate(wanted):
        if done is not None:
            done(proven, len(wanted))
        yield from next(packets)
        yield from prove_code(proof, gate)


def prove_packets(proof: Proof, gates: Sequence[Gate]) -> Iterator[Diagnostic]:
    """Yield what is wrong with the packets and results of some gates, and with what these say of each other.

    Args:
        proof: the chain, its tree and its index.
        gates: the gates, the index among them, in the chain's order.
    """
    for found in _packets_of(proof, gates):
        yield from found


def prove_code(proof: Proof, gate: Gate) -> Iterator[Diagnostic]:
    """Yield what is wrong with what guards a gate and shows it: validator, workflow, test and pages."""
    files = _files(proof, gate, CODE_KINDS)
    yield from _artifacts(files)
    for rule in pages.RULES:
        yield from _asked(rule, files, gate)
    for module in code.codes_of(files):
        for rule in code.RULES:
            yield from _asked(rule, module, gate)
    for guard in workflows.guards_of(files):
        for rule in workflows.RULES:
            yield from _asked(rule, guard, gate)


def _packets_of(proof: Proof, gates: Sequence[Gate]) -> Iterator[Iterator[Diagnostic]]:
    """Yield for each gate the findings in its packet and result, to be taken before those of the next."""
    chain = proof.chain
    last_use: dict[str, int] = {}
    for number, gate in enumerate(gates):
        sources = _sources(chain, gate)
        last_use.update((used.id, number) for used in (gate, *sources, *_sources(chain, *sources)))
    judged: dict[str, GateFiles] = {}

    def files_of(gate: Gate) -> GateFiles:
        if gate.id not in judged:
            judged[gate.id] = _judged(proof, gate)
        return judged[gate.id]

    for number, gate in enumerate(gates):
        yield _index(proof) if gate.id == chain.index_gate.id else _gate(proof, gate, files_of)
        # let go of what no later gate embeds, so that memory does not grow with the chain
        for gate_id in [known for known in judged if last_use[known] <= number]:
            del judged[gate_id]


def _gate(proof: Proof, gate: Gate, files_of: Callable[[Gate], GateFiles]) -> Iterator[Diagnostic]:
    files = files_of(gate)
    yield from files.findings
    sources = _sources(proof.chain, gate)
    before = _sources(proof.chain, *sources)
    subject = Claims(
        files,
        {source.id: files_of(source) for source in sources},
        {source.id: files_of(source) for source in before},
    )
    for rule in claims.RULES:
        yield from _asked(rule, subject, gate)


def _sources(chain: Chain, *gates: Gate) -> tuple[Gate, ...]:
    """Return the gates whose verdicts these gates embed."""
    return tuple(source for gate in gates for _, embedded in chain.sources(gate) for source in embedded)


def _files(proof: Proof, gate: Gate, kinds: tuple[str, ...]) -> GateFiles:
    """Return a gate's files of some kinds, but for those of the index that are about to be written."""
    if gate.id != proof.chain.index_gate.id:
        return gate_files(proof.chain, gate, proof.repository, proof.index_packet, kinds)
    kinds = tuple(kind for kind in kinds if kind not in proof.written_later)
    # the index has no entry in itself; one with its id is an unexpected gate
    return gate_files(proof.chain, gate, proof.repository, proof.index_packet, kinds)._replace(entry=None)


def _judged(proof: Proof, gate: Gate) -> GateFiles:
    """Read a gate's packet and result and judge each by itself; what they say of others comes after that."""
    files = _files(proof, gate, PACKET_KINDS)
    files = files._replace(findings=(*_artifacts(files), *_example(files)))
    return files._replace(findings=(*files.findings, *_result(files), *_command(files)))


def _index(proof: Proof) -> Iterator[Diagnostic]:
    """Yield what is wrong with the index packet, and with the index's own result."""
    chain, document = proof.chain, proof.index_packet.document
    yield from judge(chain, chain.index_gate, document, require_live=proof.require_live)
    yield from identify(chain, chain.index_gate, document, require_live=proof.require_live)
    files = _files(proof, chain.index_gate, PACKET_KINDS)
    yield from _artifacts(files)
    yield from _documents(files, files.result)
    yield from _result(files)


def _artifacts(files: GateFiles) -> Iterator[Diagnostic]:
    for kind in files.kinds:
        artifact = files.artifact(kind)
        for rule in artifacts.RULES:
            yield from _asked(rule, artifact, files.gate)


def _example(files: GateFiles) -> Iterator[Diagnostic]:
    if files.example is not None:
        yield from judge(files.chain, files.gate, files.example, require_live=True)
        yield from identify(files.chain, files.gate, files.example, require_live=True)
    yield from _documents(files, files.result)


def _documents(files: GateFiles, document: JsonDocument | None) -> Iterator[Diagnostic]:
    for rule in documents.DOCUMENT_RULES if document is not None and document.problems else ():
        yield from _asked(rule, document, files.gate)


def _result(files: GateFiles) -> Iterator[Diagnostic]:
    for rule in readiness.RESULT_RULES:
        yield from _asked(rule, files, files.gate)


def _command(files: GateFiles) -> Iterator[Diagnostic]:
    for rule in commands.RULES:
        yield from _asked(rule, files, files.gate)


def _asked(rule: Rule, subject: object, gate: Gate) -> Iterator[Diagnostic]:
    """Ask a rule about a gate as part of the chain."""
    return diagnostics_of(rule, rule.check(subject), gate.id, CHAIN_CHECK)
