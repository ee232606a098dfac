"""Judge a packet by the checks of its gate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cavra_lint.contract import Chain, Gate
from cavra_lint.diagnostics import Diagnostic
from cavra_lint.rules import documents, index, packet, private, readiness
from cavra_lint.rules.rule import Rule, ask
from cavra_lint.sources.json_shapes import JsonDocument

#: The rules that a check of each kind is made of; those of `no_private_material` are asked once, about all there is.
KINDS: Mapping[str, tuple[Rule, ...]] = {
    "schema_version": (packet.packet_schema,),
    "evidence_mode": (readiness.evidence_mode,),
    "ref": (packet.ref,),
    "refs": (packet.refs,),
    "ref_sections": (packet.ref_sections,),
    "ref_list": (packet.ref_list,),
    "items": (packet.items,),
    "controls": (packet.controls,),
    "sections": (packet.sections,),
    "source_result": (packet.source_result,),
    "gate_results": (packet.gate_results,),
    "text": (packet.text,),
    "gate_count": (index.gate_count,),
    "gates": tuple(rule for rule in index.RULES if rule is not index.gate_count),
}


def judge(chain: Chain, gate: Gate, document: JsonDocument, *, require_live: bool) -> Iterator[Diagnostic]:
    """Judge a packet.

    Args:
        chain: the chain that the gate belongs to.
        gate: the gate, or the index, whose checks the packet has to pass.
        document: the packet.
        require_live: whether a sample blocks.

    Yields:
        What is wrong, each with the check that it blocks (severity `error`) or warns (`warning`). A
        packet that could not be read as an object blocks the first check.
    """
    first = gate.checks[0].name
    if document.value is None:
        yield from ask(documents.DOCUMENT_RULES, document, chain, gate, first)
        yield from private_material(chain, gate, document)
        return
    for check in gate.checks:
        if check.kind == "no_private_material":
            yield from private_material(chain, gate, document)
            continue
        subject = packet.Packet(chain, gate, check, document, document.value, require_live)
        yield from ask(KINDS[check.kind], subject, chain, gate, check.name)


def private_material(chain: Chain, gate: Gate, document: JsonDocument) -> Iterator[Diagnostic]:
    """Yield what is private in a packet or result of a gate; blocks the check of that kind."""
    return private.private_findings(chain, gate, private.in_document(chain, gate, document), gate.checks[-1].name)


def identify(chain: Chain, gate: Gate, document: JsonDocument, *, require_live: bool) -> Iterator[Diagnostic]:
    """Yield where a packet of the tree is not the product's and gate's own, or not ready; blocks the first check."""
    if document.value is not None:
        check = gate.checks[0]
        subject = packet.Packet(chain, gate, check, document, document.value, require_live)
        yield from ask((readiness.packet_identity, readiness.packet_denial), subject, chain, gate, check.name)
