"""How many private values the configuration lets through, for the verdict to say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cavra_lint.contract import ARTIFACT_KINDS, Chain, Gate
from cavra_lint.frozen import TYPE_CHECKING
from cavra_lint.proof.subject import Proof, files_of, texts_of
from cavra_lint.rules import private
from cavra_lint.sources.json_shapes import JsonDocument

if TYPE_CHECKING:
    from cavra_lint.rules.exposed import Exposed


def allowed_in_chain(proof: Proof) -> int | None:
    """Return how many private values of a chain the configuration lets through; None where it names none."""
    chain = proof.chain
    if not chain.allowed_values:
        return None
    return _allowed(chain, _exposed(proof))


def allowed_in_packet(chain: Chain, gate: Gate, document: JsonDocument) -> int | None:
    """Return how many private values of a packet the configuration lets through; None where it names none."""
    if not chain.allowed_values:
        return None
    return _allowed(chain, private.in_document(chain, gate, document))


def _allowed(chain: Chain, exposed: Iterable[Exposed]) -> int:
    from cavra_lint.rules.exposed import is_allowed

    return sum(is_allowed(chain, found) for found in exposed)


def _exposed(proof: Proof) -> Iterator[Exposed]:
    """Yield all that is private in a chain, allowed or not."""
    chain = proof.chain
    for gate in (*chain.gates, chain.index_gate):
        files = files_of(proof, gate, ARTIFACT_KINDS)
        example = proof.index_packet.document if gate.id == chain.index_gate.id else files.example
        for document in (example, files.result):
            if document is not None:
                yield from private.in_document(chain, gate, document)
        for path, text, is_page in texts_of(files):
            yield from private.in_text(chain, path, text, is_page=is_page)
