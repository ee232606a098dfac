"""A report for a job summary: the verdict, the gates by artifact, the chain as a picture, the findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from cavra_lint.contract import ARTIFACT_KINDS, Gate
from cavra_lint.diagnostics import Diagnostic
from cavra_lint.late import re
from cavra_lint.output.report import Report, count_of, findings_by_gate, judged_gates
from cavra_lint.output.text import printable

#: GitHub takes one MiB of summary for a step, and draws a flowchart of up to 500 edges.
_MOST_ROWS, _MOST_FINDINGS, _MOST_NODES = 500, 500, 400

#: The states that a gate can have, and how each is drawn.
_STATES = {
    "ok": "fill:#dafbe1,stroke:#1a7f37,color:#1f2328",
    "broken": "fill:#ffebe9,stroke:#cf222e,color:#1f2328",
    "warned": "fill:#fff8c5,stroke:#9a6700,color:#1f2328",
    "unjudged": "fill:#f6f8fa,stroke:#6e7781,color:#1f2328",
}
_ELSEWHERE = "elsewhere"

#: A word of letters, or a short number, between marks that mean nothing to Markdown. No mention, link,
#: issue or commit looks like that, and no tag.
_PLAIN_WORD = re.compile(r"\(?(?:(?![A-Fa-f]{7,40}\b)[A-Za-z]+(?:['-][A-Za-z]+)*|\d{1,6})[,.;:?)]*")
_CODE_WORD = re.compile(r"(\(?)`([^`]+)`([,.;:?)]*)")
_WORD = re.compile(r"(?:`[^`]*`|[^ ])+")


def render(report: Report) -> str:
    """Return the report in GitHub's Markdown."""
    proven = findings_by_gate(report.chain, report.verdict_diagnostics)
    judged = judged_gates(report)
    states = {gate.id: _state(proven[gate.id]) if gate in judged else "unjudged" for gate in _gates(report)}
    parts = (
        _verdict(report, states),
        _table(report, states, proven),
        _flowchart(report, states, proven),
        _findings(report),
    )
    return "\n".join(line for part in parts for line in (*part, "")).rstrip("\n") + "\n"


def _gates(report: Report) -> tuple[Gate, ...]:
    return report.chain.every


def _state(found: Sequence[Diagnostic]) -> str:
    if any(diagnostic.severity == "error" for diagnostic in found):
        return "broken"
    return "warned" if found else "ok"


def _verdict(report: Report, states: Mapping[str, str]) -> Iterator[str]:
    counts = Counter(states.values())
    broken = counts["broken"] + counts["warned"]
    total = f"{len(states)} gates"
    if broken:
        verdict, why = "not ready", f"{broken} of {total} {'has' if broken == 1 else 'have'} findings"
    elif counts["unjudged"]:
        verdict, why = "not proven", "what was judged is without a finding"
    else:
        verdict, why = "ready", f"all {total} are without a finding"
    unjudged = f"; {counts['unjudged']} not judged" if counts["unjudged"] else ""
    yield f"# {prose(report.chain.product)} {prose(report.chain.id)}: {verdict}"
    yield ""
    yield f"{why[0].upper()}{why[1:]}{unjudged}."


def _table(report: Report, states: Mapping[str, str], proven: Mapping[str, Sequence[Diagnostic]]) -> Iterator[str]:
    """Yield a row for each gate; of a chain that is too long, for each gate with findings."""
    gates = _gates(report)
    rows = [gate for gate in gates if len(gates) <= _MOST_ROWS or proven[gate.id]][:_MOST_ROWS]
    yield "## Gates by artifact"
    yield ""
    kinds = (*(kind.replace("_", " ") for kind in ARTIFACT_KINDS), _ELSEWHERE)
    yield f"| gate | {' | '.join(kinds)} |"
    yield f"|---{'|---' * len(kinds)}|"
    for gate in rows:
        counts = Counter(_artifact(gate, found) for found in proven[gate.id])
        cells = (_cell(states[gate.id], counts[kind]) for kind in (*ARTIFACT_KINDS, _ELSEWHERE))
        name = prose(f"{gate.id} {gate.name}".replace("|", "\\x7c"))
        yield f"| {name} | {' | '.join(cells)} |"
    if len(rows) < len(gates):
        yield ""
        yield f"{count_of(len(gates) - len(rows), 'more gate')} of this chain not listed."


def _artifact(gate: Gate, found: Diagnostic) -> str:
    """Return the kind of the artifact that a finding is about: the one that it stands in, else the one that it names.

    What is missing has no line of its own; then the finding stands where the artifact is named.
    """
    for kind, path in gate.artifacts.items():
        if found.path == path:
            return kind
    return next((kind for kind, path in gate.artifacts.items() if f"`{path}`" in found.message), _ELSEWHERE)


def _cell(state: str, count: int) -> str:
    if count:
        return count_of(count)
    return "not judged" if state == "unjudged" else "ok"


def _flowchart(report: Report, states: Mapping[str, str], proven: Mapping[str, Sequence[Diagnostic]]) -> Iterator[str]:
    gates = _gates(report)
    yield "## Verification map"
    yield ""
    if len(gates) > _MOST_NODES:
        yield f"{len(gates)} gates are too many to draw."
        return
    yield "```mermaid"
    yield "flowchart TB"
    for number, gate in enumerate(gates):
        found = proven[gate.id]
        state = _cell(states[gate.id], len(found))
        yield f'  g{number}["{_label(f"{gate.id} {gate.label}: {state}")}"]:::{states[gate.id]}'
    yield from (f"  g{number} --> g{number + 1}" for number in range(len(gates) - 1))
    yield from (f"  classDef {state} {style}" for state, style in _STATES.items())
    yield "```"


def _label(text: str) -> str:
    """Return a text as it stands in a quoted label of mermaid: what is no letter, digit or space by its number."""
    return "".join(
        char if char == " " or char.isalnum() or char in ".-" else f"#{ord(char)};" for char in printable(text)
    )


def _findings(report: Report) -> Iterator[str]:
    yield "## Findings"
    yield ""
    for found in report.diagnostics[:_MOST_FINDINGS]:
        place = code_span(f"{printable(found.path)}:{found.line}")
        severity = "" if found.severity == "error" else f" ({found.severity})"
        yield f"- {place} **{code_span(found.code)}**{severity} {prose(found.message)}"
    more = len(report.diagnostics) - _MOST_FINDINGS
    if more > 0:
        yield f"- {more} more"
    if not report.diagnostics:
        yield "None."
    unlisted = len(set(report.verdict_diagnostics) - set(report.diagnostics))
    if unlisted:
        yield ""
        yield f"{count_of(unlisted, 'more finding')} not selected, and so not listed; the verdict counts all."


def prose(text: str) -> str:
    """Return a text as Markdown in which it is nothing but text: what is no plain word is a code span."""
    return " ".join(_word(word) for word in _WORD.findall(printable(text)))


def _word(word: str) -> str:
    if _PLAIN_WORD.fullmatch(word):
        return word
    code = _CODE_WORD.fullmatch(word)
    return f"{code[1]}{code_span(code[2])}{code[3]}" if code else code_span(word)


def code_span(text: str) -> str:
    """Return a text, of one line, as a code span that nothing in it can end."""
    fence = "`"
    while fence in text and re.search(f"(?<!`){fence}(?!`)", text):
        fence += "`"
    # one space at either end is taken off by the reader, unless there is nothing else
    spaced = text[:1] == text[-1:] == " " and bool(text.strip(" "))
    if spaced or "`" in (text[:1], text[-1:]):
        text = f" {text} "
    return f"{fence}{text}{fence}"
