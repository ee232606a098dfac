"""The part of a proof about what runs gates: their workflows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cavra_lint.contract import Gate
from cavra_lint.diagnostics import Diagnostic
from cavra_lint.proof.subject import CHAIN_CHECK, Proof, files_of
from cavra_lint.rules import workflows
from cavra_lint.rules.rule import ask

_WORKFLOW = ("workflow",)


def prove_workflows(proof: Proof, gates: Sequence[Gate]) -> Iterator[Iterator[Diagnostic]]:
    """Yield for each gate what is wrong with its workflow.

    Args:
        proof: the chain, its tree and its index.
        gates: the gates, the index among them.
    """
    for gate in gates:
        yield _gate(proof, gate)


def _gate(proof: Proof, gate: Gate) -> Iterator[Diagnostic]:
    files = files_of(proof, gate, _WORKFLOW)
    for guard in workflows.guards_of(files):
        yield from ask(workflows.RULES, guard, proof.chain, gate, CHAIN_CHECK)
