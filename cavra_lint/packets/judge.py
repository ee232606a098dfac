"""Judge a packet by the checks of its gate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cavra_lint.contract import Chain, Gate
from cavra_lint.diagnostics import Diagnostic
from cavra_lint.rules import documents, index, packet, private, readiness
from cavra_lint.rules.rule import Rule, ask
from cavra_lint.sources.json_document import JsonDocument

#: The rules that a check of each kind is made of.
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
    "no_private_material": (private.forbidden_key,),
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
        yield from ask(documents.DOCUMENT_RULES, document, gate.id, first)
        return
    for check in gate.checks:
        subject = packet.Packet(chain, gate, check, document, document.value, require_live)
        yield from ask(KINDS[check.kind], subject, gate.id, check.name)


def identify(chain: Chain, gate: Gate, document: JsonDocument, *, require_live: bool) -> Iterator[Diagnostic]:
    """Yield where a packet of the tree is not the product's and gate's own; blocks the first check."""
    if document.value is not None:
        check = gate.checks[0]
        subject = packet.Packet(chain, gate, check, document, document.value, require_live)
        yield from ask((readiness.packet_identity,), subject, gate.id, check.name)
