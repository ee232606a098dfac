"""JUnit's XML: a case for each gate that was judged."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree

from cavra_lint.contract import Gate
from cavra_lint.diagnostics import Diagnostic
from cavra_lint.output.report import Report, count_of, findings_by_gate, judged_gates
from cavra_lint.output.text import lines, printable


def render(report: Report) -> str:
    """Return a suite of the gates; a gate with any finding fails, even where none of them is selected."""
    proven = findings_by_gate(report.chain, report.verdict_diagnostics)
    listed = findings_by_gate(report.chain, report.diagnostics)
    gates = judged_gates(report)
    totals = {
        "tests": str(len(gates)),
        "failures": str(sum(bool(proven[gate.id]) for gate in gates)),
        "errors": "0",
    }
    chain = printable(report.chain.id)
    suites = ElementTree.Element("testsuites", {"name": "cavra-lint", **totals})
    suite = ElementTree.SubElement(suites, "testsuite", {"name": chain, **totals})
    for gate in gates:
        attributes = {"classname": chain, "name": printable(f"{gate.id} {gate.name}")}
        case = ElementTree.SubElement(suite, "testcase", attributes)
        if proven[gate.id]:
            case.append(_failure(gate, proven[gate.id], listed[gate.id]))
    ElementTree.indent(suites)
    # ASCII with character references is the same text in whatever encoding the stream has
    data: bytes = ElementTree.tostring(suites, "us-ascii", xml_declaration=True)
    return data.decode("ascii") + "\n"


def _failure(gate: Gate, proven: Sequence[Diagnostic], listed: Sequence[Diagnostic]) -> ElementTree.Element:
    """Return one failure with all findings: of several, many readers show the first only."""
    words = printable(f"{gate.id} has {count_of(len(proven))}")
    failure = ElementTree.Element("failure", {"type": proven[0].code, "message": words})
    unlisted = len(set(proven) - set(listed))
    rest = [f"{count_of(unlisted)} not selected, and the gate is not ready for all that"] if unlisted else []
    failure.text = "\n".join((*lines(listed), *rest))
    return failure
