"""What docs/editors.md tells to copy: tried in the editors that are here, else on real output."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

WIKI = "docs/wiki/Customer-Operating-Review.md"
ODD = "docs/wiki/-Über den Betrieb.md"


class Output(NamedTuple):
    """A real run: its command, its folder, what it printed, and what that says: path, line, and all after it."""

    command: list[str]
    folder: Path
    text: str
    findings: list[tuple[str, int, str]]


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / "docs/editors.md").read_text("utf-8")


def block(page: str, language: str) -> str:
    (found,) = re.findall(f"^```{language}\n(.*?)^```$", page, flags=re.MULTILINE | re.DOTALL)
    return str(found)


@pytest.fixture
def output(root: Path, tree: Path) -> Output:
    """Run the linter on a tree with findings in several files, one of them with a name that is not plain."""
    moved = f'extends = "R7"\n[[gate]]\nid = "R7.4"\nartifacts.wiki = "{ODD}"\n'
    (tree / "chain.toml").write_text(moved, encoding="utf-8")
    (tree / ODD).write_text("# A page without its command\n", encoding="utf-8")
    (tree / "docs/customer-closeout-handoff.md").write_text("")
    packet = tree / "examples/customer-closeout-handoff/customer-closeout-handoff.live.sanitized.example.json"
    packet.write_text(
        packet.read_text("utf-8").replace('"support_path_defined": true', '"support_path_defined": false')
    )
    command = [sys.executable, "-m", "cavra_lint", "--repo-root", ".", "--contract", "chain.toml"]
    done = subprocess.run(
        command, cwd=tree, env=environment(root), capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert (done.returncode, done.stderr) == (1, "")
    found = [re.fullmatch(r"(.+?):(\d+): (CAVRA.*)", line) for line in done.stdout.splitlines()]
    findings = [(match[1], int(match[2]), match[3]) for match in found if match]
    assert len(findings) == len(found)
    assert ODD in {path for path, _, _ in findings}
    assert len({path for path, _, _ in findings}) > 2
    return Output(command, tree, done.stdout, findings)


def environment(root: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(root), "PYTHONUTF8": "1", "LC_ALL": "C.UTF-8", "TERM": "xterm"}


def test_vs_code(page: str, output: Output) -> None:
    (task,) = json.loads(block(page, "json"))["tasks"]
    pattern = task["problemMatcher"]["pattern"]
    read = [re.search(pattern["regexp"], line, re.ASCII) for line in output.text.splitlines()]
    assert [
        (match[pattern["file"]], int(match[pattern["line"]]), f"{match[pattern['code']]} {match[pattern['message']]}")
        for match in read
        if match
    ] == output.findings


def test_jetbrains(page: str, output: Output) -> None:
    (row,) = re.findall(r"^\| Output filters \| `(.*)` \|$", page, flags=re.MULTILINE)
    parts = {"FILE_PATH": "(.+?)", "LINE": r"(\d+)", "MESSAGE": "(.*)"}
    pattern = "".join(
        parts[part[1:-1]] if re.fullmatch(r"\$\w+\$", part) else re.escape(part) for part in re.split(r"(\$\w+\$)", row)
    )
    read = [re.search(pattern, line) for line in output.text.splitlines()]
    assert [(match[1], int(match[2]), match[3]) for match in read if match] == output.findings


def test_vim(page: str, output: Output, root: Path, tmp_path: Path) -> None:
    vim = shutil.which("vim")
    if vim is None or "+quickfix" not in subprocess.run([vim, "--version"], capture_output=True, text=True).stdout:
        pytest.skip("vim is not installed, or without its quickfix list")
    (tmp_path / "copied.vim").write_text(block(page, "vim"))
    found = tmp_path / "found.json"
    listed = "map(getqflist(), {_, one -> [one.valid, bufname(one.bufnr), one.lnum, one.text]})"
    (tmp_path / "then.vim").write_text(
        "set encoding=utf-8\n"
        f"let &makeprg = {vim_text(shlex.join(output.command))}\n"
        "silent make!\n"
        f"call writefile([json_encode({listed})], {vim_text(str(found))})\n"
        "qall!\n"
    )
    scripts = [word for name in ("copied", "then") for word in ("-S", str(tmp_path / f"{name}.vim"))]
    done = subprocess.run(
        [vim, "-N", "-u", "NONE", "-i", "NONE", "-n", "-es", *scripts],
        cwd=output.folder,
        env=environment(root),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(found.read_text("utf-8")) == [[1, *finding] for finding in output.findings]


def vim_text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


#: Compile, then go from finding to finding, and say which file is visited, and at which line.
_EMACS = """
(require 'compile)
(setq compilation-ask-about-save nil)
(let ((buffer (compilation-start {command})))
  (while (get-buffer-process buffer) (accept-process-output nil 0.05))
  (with-current-buffer buffer (goto-char (point-min)))
  (setq next-error-last-buffer buffer)
  (condition-case nil
      (while t
        (next-error)
        (with-current-buffer (window-buffer (selected-window))
          (princ (format "visited %s:%d\\n" (file-relative-name buffer-file-name {folder}) (line-number-at-pos)))))
    (user-error nil)))
"""


def test_emacs(page: str, output: Output, root: Path, tmp_path: Path) -> None:
    emacs = shutil.which("emacs")
    if emacs is None:
        pytest.skip("emacs is not installed")
    (tmp_path / "copied.el").write_text(block(page, "elisp"))
    assert "`M-x compile RET cavra-lint RET`" in page
    values = {"command": lisp_text(shlex.join(output.command)), "folder": lisp_text(str(output.folder))}
    (tmp_path / "then.el").write_text(_EMACS.format(**values))
    # only ours, so that no pattern that Emacs has of itself reads the lines in its place
    (tmp_path / "only.el").write_text("(setq compilation-error-regexp-alist '(cavra-lint))")
    loaded = [word for name in ("copied", "then") for word in ("-l", str(tmp_path / f"{name}.el"))]
    loaded[2:2] = ["--eval", "(require 'compile)", "-l", str(tmp_path / "only.el")]
    done = subprocess.run(
        [emacs, "--batch", "-Q", *loaded],
        cwd=output.folder,
        env=environment(root),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    visited = re.findall(r"^visited (.+):(\d+)$", done.stdout, flags=re.MULTILINE)
    assert [(path, int(line)) for path, line in visited] == [(path, line) for path, line, _ in output.findings]


def lisp_text(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
