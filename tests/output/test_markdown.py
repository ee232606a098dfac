"""`markdown`, read back by Markdown's and mermaid's own parsers, is what it was made of and nothing else."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import pyromark
import pytest

from cavra_lint.contract import Chain
from cavra_lint.diagnostics import Diagnostic
from cavra_lint.output import renderer
from cavra_lint.output.markdown import code_span, prose
from cavra_lint.output.report import Report
from cavra_lint.output.text import printable

render = renderer("markdown")

_DRAW = """
import { readFileSync } from 'node:fs';
import { JSDOM } from 'jsdom';
globalThis.window = new JSDOM('').window;
globalThis.document = window.document;
const { default: mermaid } = await import('mermaid');
const text = readFileSync(0, 'utf8');
await mermaid.parse(text);
const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);
const nodes = [...db.getVertices().values()].map(({ text, classes }) => ({ text, classes }));
const edges = db.getEdges().map(({ start, end }) => [start, end]);
console.log(JSON.stringify({ nodes, edges, classes: [...db.getClasses().keys()] }));
"""


def events(text: str) -> list[Any]:
    options = pyromark.Options.ENABLE_TABLES | pyromark.Options.ENABLE_STRIKETHROUGH | pyromark.Options.ENABLE_MATH
    return list(pyromark.events(text, options=options | pyromark.Options.ENABLE_TASKLISTS))


def text_of(found: list[Any]) -> str:
    return "".join(event.get("Text", event.get("Code", "")) for event in found if isinstance(event, dict))


def parts(found: list[Any], tag: str) -> Iterator[list[Any]]:
    """Yield the events inside each element of a kind."""
    inside: list[Any] | None = None
    for event in found:
        kind, what = next(iter(event.items())) if isinstance(event, dict) else (event, None)
        name = what if isinstance(what, str) else next(iter(what), None) if isinstance(what, dict) else None
        if kind == "Start" and name == tag:
            inside = []
        elif kind == "End" and name == tag and inside is not None:
            yield inside
            inside = None
        elif inside is not None:
            inside.append(event)


def kinds(found: list[Any]) -> set[str]:
    names = set()
    for event in found:
        if isinstance(event, dict):
            ((kind, what),) = event.items()
            starts = kind in ("Start", "End")
            names.add(next(iter(what)) if starts and isinstance(what, dict) else what if starts else kind)
        else:
            names.add(event)
    return names


def test_holds_nothing_but_what_it_is_made_of(hostile: tuple[Diagnostic, ...], report: Callable[..., Report]) -> None:
    found = events(render(report(hostile)))
    assert kinds(found) <= {
        *("Heading", "Paragraph", "Text", "Code", "Table", "TableHead", "TableRow", "TableCell"),
        *("List", "Item", "Strong", "CodeBlock"),
    }
    items = [text_of(item) for item in parts(found, "Item")]
    assert len(items) == len(hostile)
    for item, finding in zip(items, hostile, strict=True):
        head = f"{printable(finding.path)}:{finding.line} {finding.code}"
        assert item.startswith(head), item


def test_prose_is_read_back_as_it_was_written(hostile: tuple[Diagnostic, ...]) -> None:
    for finding in hostile:
        found = events(f"- x {prose(finding.message)}")
        assert kinds(found) <= {"List", "Item", "Text", "Code"}
        # the ticks around words that are code, and spaces beside spaces, are Markdown's own
        shown = text_of(found).removeprefix("x").replace("`", "")
        assert shown.split() == printable(finding.message).replace("`", "").split()


def test_plain_prose_holds_nothing_that_github_links(hostile: tuple[Diagnostic, ...]) -> None:
    for finding in hostile:
        plain = "".join(event["Text"] for event in events(prose(finding.message)) if "Text" in event)
        assert not set(plain) & set("@#/<>&[]*_~$|:\\") - {":"}
        assert "www." not in plain
        assert "deadbeef" not in plain


@pytest.mark.parametrize("text", ["a", "`", "``", "a`b", "`a``b```", " a ", " ", "a\\", "|", "``` x"])
def test_a_code_span_holds_its_text(text: str) -> None:
    (paragraph,) = parts(events(f"x {code_span(text)} y"), "Paragraph")
    assert [event["Code"] for event in paragraph if "Code" in event] == [text]


def test_the_table_has_a_row_for_each_gate_and_a_column_for_each_artifact(
    honest: tuple[Diagnostic, ...], report: Callable[..., Report]
) -> None:
    found = events(render(report(honest)))
    (table,) = parts(found, "Table")
    rows = [[text_of(cell) for cell in parts(row, "TableCell")] for row in parts(table, "TableRow")]
    assert len(rows) == 11
    assert {len(row) for row in rows} == {9}
    by_gate = {row[0].split()[0]: row[1:] for row in rows}
    assert by_gate["R7.4"][6] == "1 finding"
    assert by_gate["R7.3"][5] == "1 finding"
    counted = sum(int(cell.split()[0]) for row in rows for cell in row[1:] if "finding" in cell)
    assert counted == len(honest)


def test_contract_words_do_not_break_out(chain: Chain, report: Callable[..., Report]) -> None:
    evil = 'R|7 `x` <b> @who "] --> z["\n| a | b |'
    gate = chain.gates[0]._replace(id=evil, name=evil, label=evil)
    hostile = chain._replace(id=evil, product=evil, gates=(gate, *chain.gates[1:]))
    found = events(render(report(chain=hostile)))
    (table,) = parts(found, "Table")
    assert {len(list(parts(row, "TableCell"))) for row in parts(table, "TableRow")} == {9}
    assert not kinds(found) & {"Html", "InlineHtml", "Link"}
    assert len(list(parts(found, "CodeBlock"))) == 1


def test_the_verdict_asks_no_selection(honest: tuple[Diagnostic, ...], report: Callable[..., Report]) -> None:
    def heading(made: Report) -> str:
        return text_of(next(parts(events(render(made)), "Heading")))

    assert heading(report()).endswith(": ready")
    assert heading(report(honest)).endswith(": not ready")
    assert heading(report((), verdict_diagnostics=honest)).endswith(": not ready")
    assert heading(report(gate_ids=("R7.1",))).endswith(": not proven")


def test_mermaid_draws_each_gate_in_the_colour_of_its_state(
    honest: tuple[Diagnostic, ...],
    chain: Chain,
    report: Callable[..., Report],
    mermaid: Path,
    node: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    evil = 'R7 `x` <b> #quot; @who "] --> z["\n end \u00fc'
    hostile = chain._replace(gates=(chain.gates[0]._replace(label=evil), *chain.gates[1:]))
    judged = tuple(gate.id for gate in chain.gates)
    (block,) = parts(events(render(report(honest, chain=hostile, gate_ids=judged))), "CodeBlock")
    done = node(mermaid, _DRAW, text_of(block))
    assert done.returncode == 0, done.stderr
    drawn = json.loads(done.stdout)
    assert len(drawn["nodes"]) == 11
    assert drawn["edges"] == [[f"g{number}", f"g{number + 1}"] for number in range(10)]
    broken = {gate_id for gate_id, _ in groupby(sorted(found.gate_id for found in honest))}
    classes = {
        gate.id: found["classes"] for gate, found in zip((*chain.gates, chain.index_gate), drawn["nodes"], strict=True)
    }
    assert classes.pop("R7.11") == ["broken" if "R7.11" in broken else "unjudged"]
    assert {gate_id for gate_id, names in classes.items() if names == ["broken"]} == broken - {"R7.11"}
    assert all(names in (["ok"], ["broken"], ["warned"]) for names in classes.values())
    assert {"ok", "broken", "warned", "unjudged"} <= set(drawn["classes"])
