"""What every output format is given, and the questions that several of them ask of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from cavra_lint.contract import Chain, Gate
from cavra_lint.diagnostics import Diagnostic
from cavra_lint.frozen import NamedTuple


class Report(NamedTuple):
    """One run of the linter, ready to be rendered.

    `diagnostics` are sorted and selected: what a format lists. `verdict_diagnostics` are all findings
    of the proof: what the state of a gate is told by, since no selection makes a gate ready.
    `gate_ids` are the gates that were judged. `source` returns the text of a file of the tree, None
    where it cannot be read; it goes through the repository, never elsewhere.
    """

    diagnostics: tuple[Diagnostic, ...]
    chain: Chain
    verdict_diagnostics: tuple[Diagnostic, ...]
    gate_ids: tuple[str, ...]
    source: Callable[[str], str | None]
    color: bool = False


def findings_by_gate(chain: Chain, diagnostics: Iterable[Diagnostic]) -> dict[str, list[Diagnostic]]:
    """Return the findings of each gate of a chain, sorted; one about no gate of the chain is the index's."""
    found: dict[str, list[Diagnostic]] = {gate.id: [] for gate in chain.every}
    for diagnostic in sorted(set(diagnostics)):
        found.get(diagnostic.gate_id, found[chain.index_gate.id]).append(diagnostic)
    return found


def judged_gates(report: Report) -> tuple[Gate, ...]:
    """Return the gates, in the chain's order, whose state is known: judged, or with a finding all the same."""
    known = {*report.gate_ids, *(found.gate_id for found in report.verdict_diagnostics)}
    return tuple(gate for gate in report.chain.every if gate.id in known)


def count_of(number: int, noun: str = "finding") -> str:
    """Return a number and its noun, in the plural where it has to be."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
