"""What holds of every format, whatever a finding says."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cavra_lint.diagnostics import Diagnostic
from cavra_lint.output import FORMATS, renderer
from cavra_lint.output.report import Report


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_hostile_reaches_a_log(
    name: str, hostile: tuple[Diagnostic, ...], report: Callable[..., Report]
) -> None:
    output = renderer(name)(report(hostile, source=lambda path: f"{path}\n" * 60))
    assert output.endswith("\n")
    lines = output.split("\n")
    assert [line for line in lines if not line.isprintable()] == []
    assert [line for line in lines if "##[" in line or "##vso[" in line] == []
    commands = [line for line in lines if line.lstrip().startswith("::")]
    assert commands == (lines[:-1] if name == "github" else [])


@pytest.mark.parametrize("name", FORMATS)
def test_an_empty_report_is_text_or_nothing(name: str, report: Callable[..., Report]) -> None:
    output = renderer(name)(report())
    assert output == "" or output.endswith("\n")


@pytest.mark.parametrize("name", FORMATS)
def test_only_the_default_formats_colour_and_only_if_asked(
    name: str, honest: tuple[Diagnostic, ...], report: Callable[..., Report]
) -> None:
    plain, coloured = (renderer(name)(report(honest, color=color)) for color in (False, True))
    assert "\x1b" not in plain
    assert ("\x1b" in coloured) == (name in ("text", "full"))


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(ValueError, match="sarif"):
        renderer("report")


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_imports_no_other(name: str, root: Path) -> None:
    script = (
        "import sys; from cavra_lint.output import FORMATS, renderer; renderer(sys.argv[1]);"
        "print(*(other for other in FORMATS if f'cavra_lint.output.{other}' in sys.modules),"
        " *(heavy for heavy in ('dataclasses', 'inspect', 'asyncio') if heavy in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script, name], capture_output=True, text=True, cwd=root, check=True)
    # `text` says how a text is shown, and so may stand behind the others
    assert set(done.stdout.split()) - {"text"} == {name} - {"text"}


def test_the_same_report_is_the_same_bytes_whatever_the_hash_order(root: Path) -> None:
    script = (
        "import sys; from cavra_lint import lint; from cavra_lint.contract import load_chain;"
        "from cavra_lint.output import FORMATS, renderer; from cavra_lint.output.report import Report;"
        "from cavra_lint.config import Config; found = tuple(lint('tests', config=Config()));"
        "chain = load_chain(); report = Report(found, chain, found, ('R7.1', 'R7.11'), lambda _: None);"
        "assert found; print(*(renderer(name)(report) for name in FORMATS))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script],
            capture_output=True,
            cwd=root,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONUTF8": "1", "PYTHONPATH": str(root)},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1
    (output,) = outputs
    assert str(root).encode() not in output
