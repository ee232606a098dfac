"""The world around: closed streams, full disks, folders that are gone, links and pipes where files belong."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cavra_lint import lint, verify_index
from cavra_lint.cli import main
from cavra_lint.config import ConfigError, file_size_limit, holds_config, load_config
from cavra_lint.console import write_whole
from cavra_lint.contract import Chain, ContractError, load_chain
from cavra_lint.gate import main as gate
from cavra_lint.options import UsageError
from cavra_lint.verdict import as_json

READY = "ready_for_customer_lifecycle_verification_index"
LINTER = (sys.executable, "-m", "cavra_lint")


def started(
    tree: Path, redirection: str, *, environment: dict[str, str] | None = None, arguments: str = ""
) -> tuple[int, str, str]:
    """Run the linter as a shell does, with its streams redirected; return its status and both streams."""
    words = " ".join((*LINTER, "--repo-root", str(tree), "--list-rules", arguments))
    done = subprocess.run(
        ["bash", "-c", f"{words} {redirection}; echo $? >&7", "bash"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env=environment or {**os.environ, "PYTHONUNBUFFERED": ""},
        preexec_fn=lambda: os.dup2(os.open(tree / "status", os.O_WRONLY | os.O_CREAT), 7),
        pass_fds=(7,),
    )
    return int((tree / "status").read_text("utf-8")), done.stdout, done.stderr


@pytest.mark.parametrize(
    ("redirection", "status", "said"),
    [
        (">/dev/full", 2, "cavra-lint: No space left on device\n"),
        ("--help >/dev/full", 2, "cavra-lint: No space left on device\n"),
        ("--version >/dev/full", 2, "cavra-lint: No space left on device\n"),
        (">&-", 0, ""),
        ("<&- >&- 2>&-", 0, ""),
        ("2>&-", 0, ""),
        ("--wrong 2>&-", 2, ""),
        ("--wrong 2>/dev/full", 2, ""),
        (">/dev/full 2>/dev/full", 2, ""),
    ],
)
def test_streams(tmp_path: Path, redirection: str, status: int, said: str) -> None:
    ended, _, err = started(tmp_path, redirection)
    assert (ended, err) == (status, said)


def test_no_environment_and_no_language(tmp_path: Path) -> None:
    bare = {"PATH": os.environ["PATH"], "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    name = "caf\u00e9-\u202e"
    ended, _, err = started(tmp_path, "", environment={**bare, "PYTHONIOENCODING": "ascii"}, arguments="")
    assert (ended, err) == (0, "")
    bare["PYTHONIOENCODING"] = "ascii"
    done = subprocess.run([*LINTER, name], cwd=tmp_path, env=bare, capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stderr.isascii(), done.stderr.count(b"\n")) == (2, True, 1)


def test_a_folder_that_is_gone(tmp_path: Path, root: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    before = Path.cwd()
    os.chdir(gone)
    try:
        gone.rmdir()
        assert main(["--repo-root", str(root), "docs"]) == 2
        assert main([]) == 2
        assert gate("R7.1", ["--packet", "x"], repo_root=str(root)) == 2
    finally:
        os.chdir(before)


def test_an_interrupt_says_nothing() -> None:
    slow = "import sys; from cavra_lint.console import run; sys.exit(run(lambda _: print(flush=True) or input(), ''))"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", slow], **pipes) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert (process.wait(60), process.stderr.read()) == (130, b"")


@pytest.mark.parametrize(
    ("command", "names"),
    [
        ((str(Path(sys.executable).with_name("cavra-lint")),), ("re", "typing", "collections", "contextlib")),
        # what `python -m` imports before this package has a say is in SECURITY.md
        (LINTER, ()),
    ],
)
def test_libraries_that_stand_in_the_tree_are_not_imported(
    tmp_path: Path, command: tuple[str, ...], names: tuple[str, ...]
) -> None:
    also = ("json", "yaml", "tomli", "argparse", "difflib", "sitecustomize", "usercustomize", "identify", "pyromark")
    for name in (*names, *also):
        (tmp_path / f"{name}.py").write_text(f"open('ran-{name}', 'w')", encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text("[tool.cavra-lint]\nselct = []\n", encoding="utf-8")
    for arguments, status in ((["--list-rules"], 0), ([], 2)):
        done = subprocess.run([*command, *arguments], cwd=tmp_path, capture_output=True, check=False, timeout=60)
        assert done.returncode == status
    assert not list(tmp_path.glob("ran-*"))


def test_what_is_written_takes_the_mode_and_the_place_of_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "real.json").write_text("before", encoding="utf-8")
    (tmp_path / "real.json").chmod(0o640)
    (tmp_path / "link.json").symlink_to("real.json")
    write_whole(str(tmp_path / "link.json"), "after")
    assert (tmp_path / "link.json").is_symlink()
    assert ((tmp_path / "real.json").read_text("utf-8"), (tmp_path / "real.json").stat().st_mode & 0o777) == (
        "after",
        0o640,
    )


def test_what_is_no_file_is_written_to_and_stays_what_it_is(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_whole(str(tmp_path / "pipe"), "a line")
        assert os.read(reader, 100) == b"a line"
    finally:
        os.close(reader)
    assert (tmp_path / "pipe").is_fifo()
    write_whole(os.devnull, "a line")
    assert Path(os.devnull).is_char_device()


@pytest.mark.parametrize("name", ["/dev/full", "/proc/x", "/nowhere/x", "."])
def test_where_nothing_can_be_written(name: str) -> None:
    with pytest.raises(UsageError, match="cannot write"):
        write_whole(name, "a line")


def test_a_full_disk_leaves_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "out.json").write_text("before", encoding="utf-8")
    child = os.fork()
    if not child:
        status = 1
        try:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
            write_whole(str(tmp_path / "out.json"), "after" * 1000)
        except UsageError:
            status = 0
        finally:
            os._exit(status)
    assert os.waitpid(child, 0)[1] == 0
    assert (os.listdir(tmp_path), (tmp_path / "out.json").read_text("utf-8")) == (["out.json"], "before")


def linked(path: Path, outside: Path) -> None:
    path.unlink(missing_ok=True)
    path.symlink_to(outside)


def piped(path: Path, outside: Path) -> None:  # noqa: ARG001
    path.unlink(missing_ok=True)
    os.mkfifo(path)


def a_folder(path: Path, outside: Path) -> None:  # noqa: ARG001
    path.unlink(missing_ok=True)
    path.mkdir()


@pytest.mark.parametrize("put", [linked, piped, a_folder])
def test_a_configuration_that_is_no_file_of_the_tree(tmp_path: Path, put: Callable[[Path, Path], None]) -> None:
    outside = tmp_path / "outside.toml"
    outside.write_text("[tool.cavra-lint]\nselect = []\n", encoding="utf-8")
    (tmp_path / "tree").mkdir()
    put(tmp_path / "tree" / "pyproject.toml", outside)
    with pytest.raises(ConfigError):
        load_config(str(tmp_path / "tree" / "pyproject.toml"))
    assert not holds_config(str(tmp_path / "tree" / "pyproject.toml"))
    with pytest.raises(ValueError, match=r"pyproject\.toml"):
        lint(tmp_path / "tree")
    verdict = verify_index({}, repo_root=tmp_path / "tree")
    assert "CAVRA009" in {found["code"] for found in verdict["diagnostics"]}


@pytest.mark.parametrize("put", [linked, piped, a_folder])
def test_a_contract_that_is_no_file_of_the_tree(tree: Path, root: Path, put: Callable[[Path, Path], None]) -> None:
    put(tree / "chain.toml", root / "cavra_lint" / "contract" / "r7.toml")
    (tree / "pyproject.toml").write_text('[tool.cavra-lint]\ncontract = "chain.toml"\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"chain\.toml|contract"):
        lint(tree)


@pytest.mark.parametrize("name", ["/dev/zero", "/dev/stdin", "/dev/tty", ".", "/proc/self/mem"])
def test_a_contract_that_is_no_file(name: str) -> None:
    with pytest.raises(ContractError):
        load_chain(name)


SIZES = [("", 32 * 1024 * 1024), ("max-file-size = 100", 100), ("max-file-size = 0", 32 * 1024 * 1024)]


@pytest.mark.parametrize(("line", "size"), SIZES)
def test_the_size_that_is_read(tmp_path: Path, line: str, size: int) -> None:
    (tmp_path / "pyproject.toml").write_text(f"[tool.cavra-lint]\n{line}\n", encoding="utf-8")
    assert file_size_limit(str(tmp_path)) == size


@pytest.mark.parametrize("value", ["0", "-1", "true", '"1"', "1.0", "[]"])
def test_a_size_that_is_none(tmp_path: Path, value: str) -> None:
    (tmp_path / "pyproject.toml").write_text(f"[tool.cavra-lint]\nmax-file-size = {value}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="`max-file-size` has the wrong type; expected a whole number of bytes"):
        load_config(str(tmp_path / "pyproject.toml"))


def test_a_file_that_is_too_large_is_never_ready(tree: Path, chain: Chain, capsys: pytest.CaptureFixture[str]) -> None:
    path = chain.gates[0].artifacts["live_sanitized_example"]
    size = (tree / path).stat().st_size
    index = chain.index_gate.artifacts["live_sanitized_example"]
    for limit, codes in ((size - 1, {"CAVRA001"}), (10**9, set[str]())):
        (tree / "pyproject.toml").write_text(f"[tool.cavra-lint]\nmax-file-size = {limit}\n", encoding="utf-8")
        assert {found.code for found in lint(tree) if found.path == path} == codes
        status = gate("R7.11", ["--index", str(tree / index), "--repo-root", str(tree), "--require-live"])
        verdict = json.loads(capsys.readouterr().out)
        assert (status == 0, verdict[READY]) == (not codes, not codes)
        assert gate("R7.1", ["--packet", str(tree / path), "--require-live"], repo_root=str(tree)) == bool(codes)
        capsys.readouterr()


def test_commands_of_runners_are_escaped_in_a_verdict() -> None:
    text = "##[group]::error::##vso[x]\x1b\u202e\u2028\ud800"
    said = as_json({"message": text, text: 1})
    assert json.loads(said) == {"message": text, text: 1}
    assert said.isascii()
    assert not any(word in said for word in ("##", "::", "\x1b"))


def test_a_name_that_is_not_utf_8(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = os.fsdecode(b"caf\xe9.json")
    (tree / name).write_text("{", encoding="utf-8")
    assert gate("R7.1", ["--packet", str(tree / name)], repo_root=str(tree)) == 1
    (found,) = json.loads(capsys.readouterr().out)["diagnostics"]
    assert found["path"] == "caf\\udce9.json"
