"""Progress: on a real terminal only, and gone when the run ends."""

from __future__ import annotations

import io
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TextIO

import pytest

from cavra_lint.config import Config
from cavra_lint.contract import Chain
from cavra_lint.linter import lint_tree
from cavra_lint.progress import Progress
from cavra_lint.sources.repository import Repository

ERASE = "\r\x1b[K"


def on_terminal(run: Callable[[int], object]) -> str:
    """Return what a run wrote to a terminal."""
    ours, theirs = pty.openpty()
    try:
        run(theirs)
    finally:
        os.close(theirs)
    with os.fdopen(ours, "rb", buffering=0) as terminal:
        read = b""
        try:
            while chunk := terminal.read(4096):
                read += chunk
        except OSError:
            pass  # the other end is closed: that is how a terminal says that there is no more
    return read.decode()


def lines(steps: Iterable[int], total: int) -> str:
    return "".join(f"{ERASE}{done} of {total} gates done" for done in steps)


@pytest.fixture(autouse=True)
def _terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    for name in ("INSIDE_EMACS", "FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)


def lint_with(progress: Progress, chain: Chain, tree: Path, *paths: str) -> None:
    with progress:
        lint_tree(chain, Repository(tree), paths, Config(), done=progress)


#: PATH arguments, and of how many gates is told.
PATHS: dict[str, tuple[tuple[str, ...], int]] = {
    "the chain": ((), 11),
    "one gate": (("docs/customer-lifecycle-final-release-seal.md",), 1),
    "none": (("README.md",), 0),
}


@pytest.mark.parametrize(("paths", "total"), PATHS.values(), ids=PATHS.keys())
def test_the_gates_are_counted_and_the_line_is_erased(
    paths: tuple[str, ...], total: int, chain: Chain, tree: Path
) -> None:
    def run(terminal: int) -> None:
        with os.fdopen(os.dup(terminal), "w") as stream:
            lint_with(Progress(stream, after=0, every=0), chain, tree, *paths)

    # each gate is proven in three parts
    counted = [parts // 3 for parts in range(1, 3 * total + 1)]
    assert on_terminal(run) == lines(counted, total) + (ERASE if total else "")


#: How soon and how often it is shown, and what is written.
PACES: dict[str, tuple[float, float, str]] = {
    "a run that is short": (3600, 0, ""),
    "steps that are short": (0, 3600, lines(range(1), 3) + ERASE),
    "neither": (0, 0, lines(range(3), 3) + ERASE),
}


@pytest.mark.parametrize(("after", "every", "expected"), PACES.values(), ids=PACES.keys())
def test_pace(after: float, every: float, expected: str) -> None:
    def run(terminal: int) -> None:
        with os.fdopen(os.dup(terminal), "w") as stream, Progress(stream, after=after, every=every) as progress:
            for done in range(3):
                progress(done, 3)

    assert on_terminal(run) == expected


def test_it_is_erased_where_the_run_breaks_off() -> None:
    def interrupted(stream: TextIO) -> None:
        with Progress(stream, after=0) as progress:
            progress(0, 3)
            raise KeyboardInterrupt

    def run(terminal: int) -> None:
        with os.fdopen(os.dup(terminal), "w") as stream, pytest.raises(KeyboardInterrupt):
            interrupted(stream)

    assert on_terminal(run) == lines(range(1), 3) + ERASE


#: Terminals that show an escape sequence as text, or read it as part of a finding.
DEAF: dict[str, dict[str, str]] = {
    "a dumb terminal": {"TERM": "dumb"},
    "Emacs, which compiles": {"INSIDE_EMACS": "30.1,compile"},
}


@pytest.mark.parametrize("environment", DEAF.values(), ids=DEAF.keys())
def test_a_terminal_that_obeys_no_escapes_is_left_alone(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, root: Path, tree: Path
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    def run(terminal: int) -> None:
        with os.fdopen(os.dup(terminal), "w") as stream, Progress(stream, after=0, every=0) as progress:
            progress(0, 3)

    assert on_terminal(run) == ""
    (tree / "docs/customer-operating-review.md").write_text("")
    command = [sys.executable, "-m", "cavra_lint", "--repo-root", str(tree)]
    env = {**os.environ, "PYTHONPATH": str(root)}
    shown = on_terminal(lambda terminal: subprocess.run(command, env=env, stdout=terminal, stderr=terminal))
    assert "CAVRA102" in shown
    assert "\x1b" not in shown


def test_what_is_no_terminal_is_left_alone() -> None:
    stream = io.StringIO()
    with Progress(stream, after=0, every=0) as progress:
        progress(0, 3)
    assert stream.getvalue() == ""


def test_the_command_leaves_nothing_on_the_terminal(root: Path, tree: Path) -> None:
    (tree / "docs/customer-operating-review.md").write_text("")
    command = [sys.executable, "-m", "cavra_lint", "--repo-root", str(tree)]
    env = {**os.environ, "PYTHONPATH": str(root)}
    piped = subprocess.run(command, env=env, capture_output=True, text=True)
    assert (piped.returncode, piped.stderr) == (1, "")

    found: list[str] = []

    def run(terminal: int) -> None:
        done = subprocess.run(command, env=env, stdout=subprocess.PIPE, stderr=terminal, text=True)
        found.append(done.stdout)

    shown = on_terminal(run)
    assert found == [piped.stdout]
    assert re.fullmatch(r"((\r\x1b\[K\d+ of 11 gates done)+\r\x1b\[K)?", shown)
