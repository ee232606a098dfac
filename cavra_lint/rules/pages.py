"""Family 3, on pages: the command that a reader pastes, and the map of the chain; and pages that are not settled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from cavra_lint.contract import Chain, Gate
from cavra_lint.diagnostics import Place
from cavra_lint.frozen import TYPE_CHECKING
from cavra_lint.late import re
from cavra_lint.rules.commands import Candidate, candidates_of, speaks_of
from cavra_lint.rules.gate_files import GateFiles
from cavra_lint.rules.rule import Finding, rule, rules_of
from cavra_lint.sources.markdown import CodeBlock, code_blocks
from cavra_lint.sources.text import decode, lines_in

if TYPE_CHECKING:
    from cavra_lint.sources.mermaid import Flowchart

_PAGES = ("docs", "wiki")
#: Code blocks of these are drawn, and not shown as code.
_DRAWN = ("mermaid", "math", "geojson", "topojson", "stl")
#: What may stand around a word of a label without changing it: `R7.1: Live Evidence Intake`.
_MARKS = ":.,;()[]-\u2013\u2014\u00b7"


#: How the lines begin that git puts before, between and behind the two sides of a conflict.
_CONFLICT = ("<" * 7, "=" * 7, ">" * 7)


@rule("CAVRA008", "merge-conflict")
def merge_conflict(files: GateFiles) -> Iterator[Finding]:
    """A page holds a merge conflict that nobody settled.

    JSON, YAML and Python cannot be read with the marks of one in them; a page can, and shows both sides, whichever of
    them is true. The marks stand at the beginning of their lines, in a code block as well.

    Fails: a page with `<<<<<<< HEAD`, `=======` and `>>>>>>> main`, each in a line of its own.

    Passes: one side of it, or both in a sentence that says what is true.

    To put it right, keep what is true, and take the marks out.
    """
    for kind, text in _pages(files):
        if _CONFLICT[0] in text:
            line = _conflict_in(text)
            if line:
                path = files.gate.artifacts[kind]
                yield Finding(Place(path, line), "a merge conflict stands here, expected the page as it was settled")


def _conflict_in(text: str) -> int:
    """Return the line in which the first conflict of a text begins, 0 where there is none."""
    first = at = 0
    for mark in _CONFLICT:
        match = re.compile(rf"^{mark}(?: |\r?$)", re.MULTILINE).search(text, at)
        if match is None:
            return 0
        first, at = first or lines_in(text[: match.start()]), match.end()
    return first


@rule("CAVRA305", "page-command")
def page_command(files: GateFiles) -> Iterator[Finding]:
    """A page of a gate does not show the contract's command, ready to paste.

    The command stands in a code block, fenced or indented, also behind a `$ ` prompt and over several lines. In a
    sentence, a comment, an `echo`, a diagram, or what is struck out or hidden it does not count, nor with `|| true`
    behind it. Where a command comes near, the finding stands there and says what differs.

    Fails: a page whose command has no `--require-live`.

    Passes: a page with the contract's command in a code block, beside any others.

    To put it right, show the command that the message gives.
    """
    for kind, text in _pages(files):
        path = files.gate.artifacts[kind]
        found: list[tuple[CodeBlock, Candidate]] = []
        for block in code_blocks(text):
            found.extend((block, one) for one in _candidates(files.gate.command, block))
            if any(not candidate.difference for _, candidate in found):
                break
        else:
            yield _no_command(files, path, found)


def _no_command(files: GateFiles, path: str, found: Sequence[tuple[CodeBlock, Candidate]]) -> Finding:
    """Return that a page does not hold the command; it stands at what comes nearest."""
    expected = f"expected a code block with `{files.gate.command}`"
    nearest = min(found, key=lambda one: one[1].distance, default=None)
    if nearest is None:
        return Finding(Place(path), f"no code block holds the command of {files.gate.id}, {expected}")
    block, candidate = nearest
    return Finding(Place(path, block.line + candidate.line), f"the command {candidate.difference}, {expected}")


@rule("CAVRA306", "verification-map")
def verification_map(files: GateFiles) -> Iterator[Finding]:
    """A verification map on a page of the index is not the chain.

    A mermaid flowchart that names gates shows each gate once, with the contract's id and its label or name, and an edge
    from each to the next: R7.1 to R7.11, and no other edge between gates. A gate behind the index may be left out.
    Flowcharts with no gate but the index, and other nodes, are free.

    Fails: `C[R7.3 Closeout Handoff] --> E[R7.5 Renewal Expansion]`.

    Passes: `C[R7.3 Closeout Handoff] --> D[R7.4 Operating Review]`.

    To put it right, draw the chain as the contract has it.
    """
    if files.gate is not files.chain.index_gate:
        return
    from cavra_lint.sources.mermaid import flowchart

    for kind, text in _pages(files):
        for block in code_blocks(text):
            chart = flowchart(block)
            if chart is not None:
                path = files.gate.artifacts[kind]
                yield from (Finding(Place(path, line), message) for line, message in _at_odds(files.chain, chart))


def _pages(files: GateFiles) -> Iterator[tuple[str, str]]:
    """Yield kind and text of each of the gate's pages that can be read; the others are families 0 and 1."""
    for kind in _PAGES:
        if kind in files.kinds and files.readable(kind):
            text = decode(files.files[kind].data)
            if text is not None:
                yield kind, text


def _candidates(command: str, block: CodeBlock) -> Iterator[Candidate]:
    """Yield what comes near the command in a code block. One that never runs, or cannot fail, is not one to paste."""
    if block.language in _DRAWN or not speaks_of(command, block.text):
        return

    from cavra_lint.sources.console import strip_prompts

    for one in candidates_of(command, strip_prompts(block.text)):
        if one.difference or not (one.unreached or one.masked in _SOFT):
            yield one
        else:
            lost = f"never runs: {one.unreached}" if one.unreached else f"cannot fail: {one.masked}"
            yield one._replace(difference=lost)


#: What keeps a command from failing and does nothing else: who reads on a page what it says does not ask its status.
_SOFT = frozenset(f"`|| {word}` discards its status" for word in ("true", ":", "exit 0"))


def _at_odds(chain: Chain, chart: Flowchart) -> Iterator[tuple[int, str]]:
    """Yield line and message of each place in which a flowchart is not the chain."""
    gates = {gate.id: gate for gate in chain.every}
    shown = _gates_of(gates, chart)
    if not set(shown.values()) - {chain.index_gate.id}:
        return
    if chart.unread:
        yield chart.unread[0], "the map is not understood here, expected a node or an edge"
    seen: set[str] = set()
    for node, label, line in chart.nodes:
        if node not in shown:
            continue
        gate = gates[shown[node]]
        if gate.id in seen:
            yield line, f"{gate.id} stands on the map twice, expected it once"
        elif _words(label) not in {_words(f"{at}{name}") for at in ("", f"{gate.id} ") for name in _names_of(gate)}:
            yield line, f"{gate.id} has another label on the map, expected `{gate.id} {gate.label}`"
        seen.add(gate.id)
    # a gate behind the index may be drawn, and need not be
    missing = [gate_id for gate_id, gate in gates.items() if gate_id not in seen and not chain.is_later(gate)]
    strangers = [line for node, _, line in chart.nodes if node not in shown]
    # as many are missing as are strange: each of these is a missing one misspelt
    lines = strangers if len(strangers) == len(missing) else [chart.line] * len(missing)
    for gate_id, line in zip(missing, lines, strict=True):
        yield line, f"the map has no node of {gate_id}, expected `{gate_id} {gates[gate_id].label}`"
    yield from _edges_at_odds(chart, shown, list(gates))


def _edges_at_odds(chart: Flowchart, shown: Mapping[str, str], ids: list[str]) -> Iterator[tuple[int, str]]:
    following = dict(pairwise(ids))
    drawn = [(shown[one], shown[other], line) for one, other, line in chart.edges if one in shown and other in shown]
    leads = {one for one, _, _ in drawn}
    lines = {shown[node]: line for node, _, line in chart.nodes if node in shown}
    for one, other, line in drawn:
        if following.get(one) != other:
            yield line, f"the map leads from {one} to {other}, expected each gate to lead to the next"
    for one, other in following.items():
        if one in lines and other in lines and one not in leads:
            yield lines[one], f"the map has no edge from {one} to {other}, expected each gate to lead to the next"


def _gates_of(gates: Mapping[str, Gate], chart: Flowchart) -> dict[str, str]:
    """Return the gate of each node whose label begins with a gate's id, or is a gate's label."""
    by_label = {_words(name): gate.id for gate in gates.values() for name in _names_of(gate)}
    shown: dict[str, str] = {}
    for node, label, _ in chart.nodes:
        first = (label.split() or [""])[0].strip(_MARKS)
        gate_id = first if first in gates else by_label.get(_words(label))
        if gate_id:
            shown[node] = gate_id
    return shown


def _names_of(gate: Gate) -> tuple[str, str]:
    return gate.label, gate.name


def _words(label: str) -> str:
    return " ".join(word for word in (part.strip(_MARKS) for part in label.split()) if word)


RULES = rules_of(globals())
