"""How a command ends where it is not its own doing."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from cavra_lint.console import DEPENDENCIES, find_root, run, write_whole
from cavra_lint.options import UsageError


def test_what_is_to_be_installed_is_what_is_needed(root: Path) -> None:
    import tomli

    needed = tomli.loads((root / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    assert sorted(re.split(r"[<>=~! ]", name)[0] for name in needed) == sorted(DEPENDENCIES)


def test_a_missing_dependency_is_one_line(root: Path) -> None:
    # -S keeps Python from finding what is installed
    script = root / "scripts" / "validate_customer_live_evidence.py"
    done = subprocess.run([sys.executable, "-S", "-E", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert f"pip install {' '.join(DEPENDENCIES)}" in done.stderr


@pytest.mark.parametrize(
    "command", [["-m", "cavra_lint", "--nope"], ["scripts/validate_customer_live_evidence.py", "x"]]
)
def test_wrong_usage_is_one_line(command: list[str], root: Path) -> None:
    done = subprocess.run([sys.executable, *command], cwd=root, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "--help" in done.stderr


def test_a_reader_that_stops_is_no_error(root: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "cavra_lint", "--list-rules"]
    done = subprocess.run(command, cwd=root, stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, "")


def test_an_error_of_usage_shows_no_control_characters(capsys: pytest.CaptureFixture[str]) -> None:
    def refuse(_: object) -> int:
        raise UsageError("no\x1b[31m\nway")

    assert run(refuse, "tool") == 2
    assert capsys.readouterr().err == "tool: no\\x1b[31m way\n"


@pytest.mark.parametrize(
    ("files", "start", "expected"),
    [
        ({}, "a/b", "a/b"),
        ({"a/.git/HEAD": ""}, "a/b", "a"),
        ({".git/HEAD": "", "a/pyproject.toml": "[tool.cavra-lint]\n"}, "a/b", "a"),
        ({"pyproject.toml": "[tool.cavra-lint]\n", "a/.git/HEAD": ""}, "a/b", "."),
        ({"pyproject.toml": "[tool.other]\n# cavra-lint\n", "a/.git/HEAD": ""}, "a/b", "a"),
        ({"a/pyproject.toml": "[tool.cavra-lint]\nignore = 1\n"}, "a/b", "a"),
        ({"a/pyproject.toml": "[tool.cavra-lint\n"}, "a/b", "a"),
    ],
    ids=["nothing", "git", "configured-before-git", "configured-above-git", "other-tool", "wrong", "broken"],
)
def test_the_root_is_found(files: dict[str, str], start: str, expected: str, tmp_path: Path) -> None:
    (tmp_path / start).mkdir(parents=True)
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert find_root(str(tmp_path / start)) == os.path.normpath(tmp_path / expected)


def test_a_file_is_written_whole_and_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "verdict.json"
    path.write_text("old")
    path.chmod(0o640)
    write_whole(str(path), "new\n")
    assert (path.read_text(), path.stat().st_mode & 0o777) == ("new\n", 0o640)
    link = tmp_path / "link"
    link.symlink_to(path)
    write_whole(str(link), "newer\n")
    assert link.is_symlink()
    assert path.read_text() == "newer\n"
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["link", "verdict.json"]


@pytest.mark.parametrize("place", ["missing/verdict.json", "folder"])
def test_what_cannot_be_written_leaves_nothing_behind(place: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(UsageError, match="cannot write"):
        write_whole(str(tmp_path / place), "text")
    assert [entry.name for entry in tmp_path.iterdir()] == ["folder"]
