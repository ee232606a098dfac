"""Whatever a file holds, each reader comes to an end, raises nothing, and names places that the file has."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cavra_lint.config import ConfigError, load_config
from cavra_lint.contract import ContractError, load_chain
from cavra_lint.rules.commands import candidates_of
from cavra_lint.selection import matches
from cavra_lint.sources.console import strip_prompts
from cavra_lint.sources.expression import can_run, masks_failure
from cavra_lint.sources.git_index import indexed_paths
from cavra_lint.sources.json_document import keys_of, parse_json, place_of
from cavra_lint.sources.markdown import CodeBlock, code_blocks
from cavra_lint.sources.mermaid import flowchart
from cavra_lint.sources.path_filter import path_filter_matches
from cavra_lint.sources.python_source import mentions, parse_python
from cavra_lint.sources.workflow import parse_action, parse_workflow

ROOT = Path(__file__).resolve().parents[2]
CHAIN = load_chain()
GATE = CHAIN.gates[2]
LINE_END = re.compile(r"\r\n|\r|\n")


class Language(NamedTuple):
    """What is read: honest texts to begin with, the words that mean something in it, and what reads it."""

    honest: tuple[str, ...]
    words: tuple[str, ...]
    read: Callable[[str], Iterable[tuple[int, str]]]


def _json(text: str) -> Iterable[tuple[int, str]]:
    document = parse_json("p", text.encode("utf-8", "surrogatepass"))
    assert (document.value is None) is bool(document.problems)
    for problem in document.problems:
        yield problem.place.line, problem.message
    for pointer, _ in keys_of(document.value or {}):
        yield place_of(document, pointer).line, ""
        yield place_of(document, (*pointer, "none"), key=True).line, ""


def _workflow(text: str) -> Iterable[tuple[int, str]]:
    for read in (parse_workflow(text), parse_action(text)):
        for problem in read.problems:
            # the parser stands behind the last line where something is missing at the end
            yield problem.line - (problem.column == 1 and problem.line > 1), problem.message
    for job in parse_workflow(text).jobs:
        yield job.line, ""
        yield from ((step.line, "") for step in job.steps)


def _python(text: str) -> Iterable[tuple[int, str]]:
    module = parse_python(text.encode("utf-8", "surrogatepass"))
    mentions(module, ("R7.1", "x"))
    assert module.shortcoming is None or module.shortcoming.words
    yield from ((problem.line, problem.message) for problem in module.problems)
    yield from ((test.line, "") for test in module.tests)


def _markdown(text: str) -> Iterable[tuple[int, str]]:
    for block in code_blocks(text):
        yield block.line - 1, ""
        for one in candidates_of(GATE.command, strip_prompts(block.text)):
            yield block.line + one.line - 1, one.difference


def _mermaid(text: str) -> Iterable[tuple[int, str]]:
    chart = flowchart(CodeBlock("mermaid", text, 1, True))
    if chart is not None:
        yield from ((line, "") for *_, line in (*chart.nodes, *chart.edges))
        yield from ((line, "") for line in chart.unread)


def _shell(text: str) -> Iterable[tuple[int, str]]:
    for one in candidates_of(GATE.command, text):
        yield one.line + 1, one.difference


def _expression(text: str) -> Iterable[tuple[int, str]]:
    assert isinstance(can_run(text), bool)
    assert isinstance(masks_failure(f"${{{{ {text} }}}}"), bool)
    return ()


def _pattern(text: str) -> Iterable[tuple[int, str]]:
    assert isinstance(path_filter_matches((text, "**", f"!{text}"), GATE.artifacts["docs"]), bool)
    assert isinstance(matches(GATE.artifacts["docs"], text), bool)
    return ()


def _git(text: str) -> Iterable[tuple[int, str]]:
    indexed_paths(b"DIRC" + text.encode("latin-1", "replace"))
    return ()


def _honest(*names: str) -> tuple[str, ...]:
    return tuple((ROOT / name).read_text("utf-8") for name in names)


LANGUAGES = {
    "json": Language(
        _honest(GATE.artifacts["live_sanitized_example"], GATE.artifacts["live_result"]),
        ('"', "{", "}", "[", "]", ":", ",", "\\ud800", "\\", "1e999", "NaN", "-", "true", "null", '"a"', "9" * 120),
        _json,
    ),
    "workflow": Language(
        _honest(GATE.artifacts["workflow"]),
        ("- ", "? ", ": ", "&a ", "*a ", "!!x ", "<<: *a", "|\n", ">\n", "'", '"', "{", "}", "[", "]", "---\n", "%x\n"),
        _workflow,
    ),
    "python": Language(
        _honest(GATE.artifacts["test"], GATE.artifacts["validator"]),
        (
            "def test():\n",
            "class A(A):\n",
            "\t",
            "(",
            ")",
            "lambda:",
            "'''",
            'f"{',
            "# coding: x\n",
            "\\\n",
            "@",
            "not ",
        ),
        _python,
    ),
    "markdown": Language(
        _honest(GATE.artifacts["docs"], CHAIN.index_gate.artifacts["wiki"]),
        (
            "```",
            "~~~",
            "    ",
            "\t",
            "> ",
            "- ",
            "1. ",
            "<!--",
            "-->",
            "---\n",
            "$ ",
            "`",
            GATE.command,
            "<pre>",
            "[^a]: ",
        ),
        _markdown,
    ),
    "mermaid": Language(
        tuple(
            block.text
            for text in _honest(CHAIN.index_gate.artifacts["docs"])
            for block in code_blocks(text)
            if block.language == "mermaid"
        ),
        (
            "-->",
            "---",
            "==>",
            "-.->",
            "~~~",
            "--x",
            "&",
            "[",
            "]",
            "((",
            "))",
            "@{",
            "}",
            '"',
            "|",
            ";",
            "%%",
            "subgraph ",
        ),
        _mermaid,
    ),
    "shell": Language(
        (GATE.command, f"set -e\nif {GATE.command}; then\n  exit 1\nfi\n"),
        (
            "$(",
            ")",
            "`",
            "|",
            "||",
            "&&",
            "&",
            ";",
            "<<E\n",
            "E\n",
            "'",
            '"',
            "${{",
            "}}",
            "${",
            "if ",
            "fi\n",
            "f() {",
            "}",
        ),
        _shell,
    ),
    "expression": Language(
        ("success() && github.ref == 'refs/heads/main'", "${{ !cancelled() }}"),
        ("(", ")", "!", "&&", "||", "==", "<", "'", "0xf", "1e9", "a.b", "[", "]", "*", ",", "${{", "}}", "NaN"),
        _expression,
    ),
    "pattern": Language(
        ("docs/**", "!examples/*/*.json", "scripts/[a-z]+.py"),
        ("*", "**", "/", "?", "+", "[", "]", "!", "\\", "-", "^", "a", "docs"),
        _pattern,
    ),
    "git": Language(
        ("\x00\x00\x00\x02\x00\x00\x00\x01" + "\x00" * 60 + "\x00\x01a" + "\x00" * 40,), ("\x00", "\xff", "\x80"), _git
    ),
}
#: What means something to many readers at once.
ANYWHERE = (
    "\n",
    "\r",
    "\r\n",
    "\u2028",
    "\x85",
    "\ufeff",
    "\0",
    "\x1b[31m",
    "\u202e",
    "\U0001f600",
    "e\u0301",
    " ",
    "##[",
    "::",
)


@st.composite
def near(draw: st.DrawFn, language: Language) -> str:
    """Return an honest text with some of its lines and characters changed, or one that is made of the words alone."""
    words = st.sampled_from((*language.words, *ANYWHERE)) | st.text(max_size=5)
    if draw(st.booleans()):
        return "".join(draw(st.lists(words, max_size=30)))
    text = draw(st.sampled_from(language.honest))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        stop = start + draw(st.integers(0, 40))
        text = draw(
            st.sampled_from(
                (
                    text[:start] + draw(words) + text[start:],
                    text[:start] + text[stop:],
                    text[:stop] + text[start:],
                    text[:start],
                )
            )
        )
    return text


@pytest.mark.parametrize("name", LANGUAGES)
@given(data=st.data())
def test_readers(name: str, data: st.DataObject) -> None:
    language = LANGUAGES[name]
    text = data.draw(near(language))
    lines = len(LINE_END.split(text.removeprefix("\ufeff")))
    first, second = list(language.read(text)), list(language.read(text))
    assert first == second
    for line, message in first:
        assert 0 <= line <= lines
        assert len(message) < 3000


@given(data=st.data())
def test_bytes(data: st.DataObject) -> None:
    raw = data.draw(st.binary(max_size=200))
    document = parse_json("p", raw)
    assert (document.value is None) is bool(document.problems)
    assert parse_python(raw).problems is not None
    indexed_paths(raw)


CONFIGURATION = (
    '[tool.cavra-lint]\nselect = ["CAVRA1"]\nper-file-ignores = {"docs/*" = ["CAVRA3"]}\nindex = "a/b.json"\n'
)
TOML = ("[", "]", "[[", "]]", "=", ".", '"', "'", '"""', "{", "}", ",", "1979-05-27", "inf", "0x", "true", "tool", "#")


@given(data=st.data())
def test_configurations(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("configured") / "pyproject.toml"
    text = data.draw(near(Language((CONFIGURATION,), (*TOML, "select", "max-file-size = "), lambda _: ())))
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    with contextlib.suppress(ConfigError):
        load_config(str(file))


@st.composite
def contract(draw: st.DrawFn) -> str:
    """Return the built-in contract with some of its lines changed."""
    lines = (ROOT / "cavra_lint" / "contract" / "r7.toml").read_text("utf-8").split("\n")
    values: st.SearchStrategy[Any] = st.sampled_from(
        ("1", '""', "[]", "{}", "true", '"../x"', '"R7.1"', '["a"]', '"\\u0000"')
    )
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(lines) - 1))
        key = lines[at].partition("=")[0]
        lines[at : at + 1] = draw(
            st.sampled_from(
                ([], [lines[at]] * 2, [f"{key}= {draw(values)}"], [draw(st.sampled_from(TOML)) + lines[at]])
            )
        )
    return "\n".join(lines)


@given(data=st.data())
def test_contracts(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    text = data.draw(contract())
    file = tmp_path_factory.mktemp("contract") / "chain.toml"
    file.write_text(text, encoding="utf-8")
    with contextlib.suppress(ContractError):
        load_chain(str(file))
