"""What is proven, and what each part of a proof needs to ask a rule."""

from __future__ import annotations

from collections.abc import Iterator

from cavra_lint.contract import Chain, Gate
from cavra_lint.frozen import TYPE_CHECKING, NamedTuple
from cavra_lint.rules.gate_files import GateFiles, IndexPacket, gate_files, index_of
from cavra_lint.sources.repository import Repository
from cavra_lint.sources.text import decode

if TYPE_CHECKING:
    from cavra_lint.sources.json_shapes import JsonDocument

#: What a finding about a gate as part of the chain blocks: the index's check of its gates.
CHAIN_CHECK = "gates"
#: The artifacts in which what is private is looked for as in any text.
_TEXTS = ("workflow", "docs", "wiki")


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


def files_of(proof: Proof, gate: Gate, kinds: tuple[str, ...]) -> GateFiles:
    """Return a gate's files of some kinds, but for those of the index that are about to be written."""
    is_index = gate.id == proof.chain.index_gate.id
    if is_index:
        kinds = tuple(kind for kind in kinds if kind not in proof.written_later)
    # the index has been parsed already, and may be larger than all else together
    parsed = tuple(kind for kind in kinds if not (is_index and kind == "live_sanitized_example"))
    files = gate_files(proof.chain, gate, proof.repository, proof.index_packet, parsed)._replace(kinds=kinds)
    # neither the index nor a gate behind it has an entry in the index; one with its id is an unexpected gate
    return files._replace(entry=None) if is_index or proof.chain.is_later(gate) else files


def texts_of(files: GateFiles) -> Iterator[tuple[str, str, bool]]:
    """Yield path and text of each of a gate's pages, and of its workflow, that can be read; and if it is a page."""
    for kind in files.kinds:
        if kind in _TEXTS and files.readable(kind):
            text = decode(files.files[kind].data)
            if text is not None:
                yield files.gate.artifacts[kind], text, kind != "workflow"
