"""The part of a proof about what gates say, in packets, results and pages, and about all of their files as such."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from cavra_lint.contract import Chain, Gate
from cavra_lint.diagnostics import Diagnostic
from cavra_lint.frozen import TYPE_CHECKING
from cavra_lint.packets.judge import identify, judge, private_material
from cavra_lint.proof.parts import SCOUTED_KINDS
from cavra_lint.proof.subject import CHAIN_CHECK, Proof, files_of, texts_of
from cavra_lint.rules import artifacts, claims, commands, documents, pages, private, readiness
from cavra_lint.rules.claims import Claims
from cavra_lint.rules.gate_files import GateFiles
from cavra_lint.rules.rule import ask
from cavra_lint.sources.json_shapes import JsonDocument
from cavra_lint.sources.text import decode

if TYPE_CHECKING:
    from cavra_lint.sources.repository import File

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
    files = files._replace(findings=(*_artifacts(files), *_example(files)))
    return files._replace(findings=(*files.findings, *_result(files), *_command(files)))


def _index(proof: Proof) -> Iterator[Diagnostic]:
    """Yield what is wrong with the index packet, and with the index's own result."""
    chain, document = proof.chain, proof.index_packet.document
    yield from judge(chain, chain.index_gate, document, require_live=proof.require_live)
    yield from identify(chain, chain.index_gate, document, require_live=proof.require_live)
    files = files_of(proof, chain.index_gate, _PACKETS)
    yield from _artifacts(files)
    yield from _documents(files, files.result)
    yield from _result(files)


def _pages(proof: Proof, gate: Gate) -> Iterator[Diagnostic]:
    files = files_of(proof, gate, _PAGES)
    yield from _artifacts(files)
    yield from _texts(files)
    yield from ask(pages.RULES, files, proof.chain, gate, CHAIN_CHECK)


def _others(proof: Proof, gate: Gate) -> Iterator[Diagnostic]:
    """Yield what is wrong with a gate's workflow, validator and test as files, and what is private in the workflow.

    That takes none of the libraries that it takes to tell what these do, and longest by far is who imports those.
    """
    files = files_of(proof, gate, SCOUTED_KINDS)
    yield from _artifacts(files)
    yield from _texts(files._replace(kinds=("workflow",)))


def _artifacts(files: GateFiles) -> Iterator[Diagnostic]:
    """Yield what keeps the artifacts of a gate from being read as what they are."""
    for kind in files.kinds:
        yield from ask(artifacts.RULES, files.artifact(kind), files.chain, files.gate, CHAIN_CHECK)


def _texts(files: GateFiles) -> Iterator[Diagnostic]:
    """Yield what is wrong with those of a gate's artifacts that are read as they are: its pages, its workflow.

    That is what is private in them, and where one is not UTF-8: of such a one nothing else can be asked.
    """
    chain, gate = files.chain, files.gate
    for path, text, is_page in texts_of(files):
        found = private.in_text(chain, path, text, is_page=is_page)
        yield from private.private_findings(chain, gate, found, CHAIN_CHECK)
    for kind in files.kinds:
        if decode(files.files[kind].data) is None:
            yield from _undecoded(files, files.files[kind])


def _undecoded(files: GateFiles, file: File) -> Iterator[Diagnostic]:
    from cavra_lint.sources.json_document import undecoded
    from cavra_lint.sources.kind import is_binary

    # a picture is no text in a wrong encoding; that it is none is another finding
    if not is_binary(file):
        document = undecoded(file.path, file.data)
        yield from ask(documents.DOCUMENT_RULES, document, files.chain, files.gate, CHAIN_CHECK)


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
