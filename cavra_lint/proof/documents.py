"""The part of a proof about what gates say, in packets, results and pages, and about all of their files as such."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from cavra_lint.contract import Chain, Gate
from cavra_lint.diagnostics import Diagnostic
from cavra_lint.packets.judge import identify, judge, private_material
from cavra_lint.proof.parts import SCOUTED_KINDS
from cavra_lint.proof.subject import CHAIN_CHECK, Proof, files_of, judge_artifacts, judge_texts
from cavra_lint.rules import claims, commands, documents, pages, readiness
from cavra_lint.rules.claims import Claims
from cavra_lint.rules.gate_files import GateFiles
from cavra_lint.rules.rule import ask
from cavra_lint.sources.json_shapes import JsonDocument

_PACKETS = ("live_sanitized_example", "live_result")
_PAGES = ("docs", "wiki")


def prove_documents(proof: Proof, gates: Sequence[Gate]) -> Iterator[Iterator[Diagnostic]]:
    """Yield for each gate what is wrong with its files and with what it says, to be taken before that of the next.

    Args:
        proof: the chain, its tree and its index.
        gates: the gates, the index among them, in the chain's order. The packets and results of a gate
            whose verdict one of these embeds are read as well, since the two have to agree.
    """
    chain = proof.chain
    last_use: dict[str, int] = {}
    for number, gate in enumerate(gates):
        sources = _sources(chain, gate)
        last_use.update((used.id, number) for used in (gate, *sources, *_sources(chain, *sources)))
    judged: dict[str, GateFiles] = {}

    def judged_files(gate: Gate) -> GateFiles:
        if gate.id not in judged:
            judged[gate.id] = _judged(proof, gate)
        return judged[gate.id]

    for number, gate in enumerate(gates):
        yield _gate(proof, gate, judged_files)
        # let go of what no later gate embeds, so that memory does not grow with the chain
        for gate_id in [known for known in judged if last_use[known] <= number]:
            del judged[gate_id]


def _gate(proof: Proof, gate: Gate, judged_files: Callable[[Gate], GateFiles]) -> Iterator[Diagnostic]:
    if gate.id == proof.chain.index_gate.id:
        yield from _index(proof)
    else:
        yield from _packets(proof, gate, judged_files)
    yield from _pages(proof, gate)
    yield from _others(proof, gate)


def _packets(proof: Proof, gate: Gate, judged_files: Callable[[Gate], GateFiles]) -> Iterator[Diagnostic]:
    files = judged_files(gate)
    yield from files.findings
    sources = _sources(proof.chain, gate)
    before = _sources(proof.chain, *sources)
    subject = Claims(files, {source.id: judged_files(source) for source in sources}, lambda: map(judged_files, before))
    yield from ask(claims.RULES, subject, proof.chain, gate, CHAIN_CHECK)


def _sources(chain: Chain, *gates: Gate) -> tuple[Gate, ...]:
    """Return the gates whose verdicts these gates embed; the index, which embeds none, stands on the last before it."""
    return tuple(
        source
        for gate in gates
        for embedded in ([chain.gates[-1:]] if gate is chain.index_gate else [used for _, used in chain.sources(gate)])
        for source in embedded
    )


def _judged(proof: Proof, gate: Gate) -> GateFiles:
    """Read a gate's packet and result and judge each by itself; what they say of others comes after that."""
    files = files_of(proof, gate, _PACKETS)
    files = files._replace(findings=(*judge_artifacts(files), *_example(files)))
    return files._replace(findings=(*files.findings, *_result(files), *_command(files)))


def _index(proof: Proof) -> Iterator[Diagnostic]:
    """Yield what is wrong with the index packet, and with the index's own result."""
    chain, document = proof.chain, proof.index_packet.document
    yield from judge(chain, chain.index_gate, document, require_live=proof.require_live)
    yield from identify(chain, chain.index_gate, document, require_live=proof.require_live)
    files = files_of(proof, chain.index_gate, _PACKETS)
    yield from judge_artifacts(files)
    yield from _documents(files, files.result)
    yield from _result(files)


def _pages(proof: Proof, gate: Gate) -> Iterator[Diagnostic]:
    files = files_of(proof, gate, _PAGES)
    yield from judge_artifacts(files)
    yield from judge_texts(files)
    yield from ask(pages.RULES, files, proof.chain, gate, CHAIN_CHECK)


def _others(proof: Proof, gate: Gate) -> Iterator[Diagnostic]:
    """Yield what is wrong with a gate's workflow, validator and test as files, and what is private in the workflow.

    That takes none of the libraries that it takes to tell what these do, and longest by far is who imports those.
    """
    files = files_of(proof, gate, SCOUTED_KINDS)
    yield from judge_artifacts(files)
    yield from judge_texts(files._replace(kinds=("workflow",)))


def _example(files: GateFiles) -> Iterator[Diagnostic]:
    if files.example is not None:
        yield from judge(files.chain, files.gate, files.example, require_live=True)
        yield from identify(files.chain, files.gate, files.example, require_live=True)
    yield from _documents(files, files.result)


def _documents(files: GateFiles, document: JsonDocument | None) -> Iterator[Diagnostic]:
    if document is not None and document.problems:
        yield from ask(documents.DOCUMENT_RULES, document, files.chain, files.gate, CHAIN_CHECK)
    if document is not None:
        yield from private_material(files.chain, files.gate, document)


def _result(files: GateFiles) -> Iterator[Diagnostic]:
    yield from ask(readiness.RESULT_RULES, files, files.chain, files.gate, CHAIN_CHECK)


def _command(files: GateFiles) -> Iterator[Diagnostic]:
    yield from ask(commands.RULES, files, files.chain, files.gate, CHAIN_CHECK)
