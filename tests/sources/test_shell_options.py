"""How a shell is started, and which folder a script's commands run in."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from cavra_lint.sources.shell import simple_commands
from cavra_lint.sources.shell_options import ShellOptions, handed_text, shell_options

BASH = shutil.which("bash")


def folder_at_the_end(script: str) -> str | None:
    return [command.folder for command in simple_commands(f"{script}\ngate")][-1]


@pytest.mark.parametrize(
    ("shell", "options"),
    [
        ("", ShellOptions(errexit=True, pipefail=False)),
        ("bash", ShellOptions(errexit=True, pipefail=True)),
        ("sh", ShellOptions(errexit=True, pipefail=False)),
        ("bash {0}", ShellOptions(errexit=False, pipefail=False)),
        ("bash -e {0}", ShellOptions(errexit=True, pipefail=False)),
        ("bash --noprofile --norc -eo pipefail {0}", ShellOptions(errexit=True, pipefail=True)),
        ("/bin/bash -euxo pipefail {0}", ShellOptions(errexit=True, pipefail=True)),
        ("bash -e +e {0}", ShellOptions(errexit=False, pipefail=False)),
        *((shell, ShellOptions(errexit=False, pipefail=False)) for shell in ("pwsh", "powershell", "cmd")),
        *((f"{shell} -e {{0}}", ShellOptions(errexit=True, pipefail=False)) for shell in ("dash", "zsh", "ksh", "ash")),
        ("D:\\git\\bash.exe -e {0}", ShellOptions(errexit=True, pipefail=False)),
        ("bash -O extglob -e {0}", ShellOptions(errexit=True, pipefail=False)),
        ("bash --rcfile x --login -e '{0}' more", ShellOptions(errexit=True, pipefail=False)),
        ("bash -n {0}", None),
        ("bash -o noexec {0}", None),
        ("bash -c true {0}", None),
        ("bash -es {0}", None),
        ("bash --version {0}", None),
        ("bash other.sh {0}", None),
        ("bash -e", None),
        ("python", None),
        ("node {0}", None),
    ],
)
def test_shell_options(shell: str, options: ShellOptions | None) -> None:
    assert shell_options(shell) == options


SAYS = "false | true; echo $-"
#: How a shell is started that runs a word, and whether a failure, and one in a pipe, ends it.
HANDED = [
    (["-c", SAYS], ShellOptions(errexit=False, pipefail=False)),
    (["-ec", SAYS, "name", "more"], ShellOptions(errexit=True, pipefail=False)),
    (["-c", "-e", SAYS], ShellOptions(errexit=True, pipefail=False)),
    (["-euo", "pipefail", "-c", SAYS], ShellOptions(errexit=True, pipefail=True)),
    (["-ce", "-o", "pipefail", SAYS], ShellOptions(errexit=True, pipefail=True)),
    (["--norc", "--rcfile", "none", "-c", "+e", SAYS], ShellOptions(errexit=False, pipefail=False)),
    (["-O", "extglob", "-c", SAYS], ShellOptions(errexit=False, pipefail=False)),
]


@pytest.mark.parametrize(("arguments", "options"), HANDED)
def test_the_text_that_a_shell_is_handed(arguments: list[str], options: ShellOptions) -> None:
    assert handed_text(["/bin/bash", *arguments]) == (options, arguments.index(SAYS) + 1)


@pytest.mark.skipif(BASH is None, reason="there is no bash to ask")
@pytest.mark.parametrize(("arguments", "options"), HANDED)
def test_bash_is_handed_that_text(arguments: list[str], options: ShellOptions) -> None:
    done = subprocess.run([str(BASH), *arguments], capture_output=True, text=True, timeout=20)
    ends, goes_on = options.errexit and options.pipefail, options.errexit and not options.pipefail
    assert (done.stdout == "", "e" in done.stdout) == (ends, goes_on)


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["bash"],
        ["bash", "-c"],
        ["bash", "-e", SAYS],
        ["bash", "script", "-c", SAYS],
        ["bash", "-nc", SAYS],
        ["bash", "-o", "noexec", "-c", SAYS],
        ["bash", "--help", "-c", SAYS],
        ["bash", "--rcfile", "-c", SAYS],
        ["python3", "-c", SAYS],
    ],
)
def test_no_text_is_handed_to_a_shell(words: list[str]) -> None:
    assert handed_text(words) is None


FOLDERS = [
    ("cd a\ncd b", "a/b"),
    ("cd a\ncd b\ncd -", "a"),
    ("cd a\ncd b\ncd -\ncd -", "a/b"),
    ("cd a\ncd b/", "a/b/"),
    ("cd a\ncd /", "/"),
    ("cd\ncd /", "/"),
    ("pushd a\npopd", ""),
    ("pushd a\npushd b\npopd", "a"),
    ("pushd a\npushd b\npopd\npopd", ""),
    ("pushd a\ncd b\npopd", ""),
    ("pushd a\ncd b\npopd\ncd -", "a/b"),
    ("pushd a\nif [ -d c ]; then echo; fi\npopd", ""),
    ("(pushd a)", ""),
    ("pushd a\n(popd)", "a"),
    ("cd a\nif [ -d b ]; then echo; fi", "a"),
    ("cd a\nif [ -d b ]; then (cd b); fi\ncd b\nif [ -d c ]; then echo; fi\ncd -", "a"),
]


@pytest.mark.parametrize(("script", "folder"), FOLDERS)
def test_the_folder_of_a_command(script: str, folder: str) -> None:
    assert folder_at_the_end(script) == folder


@pytest.mark.skipif(BASH is None, reason="there is no bash to ask")
@pytest.mark.parametrize(("script", "folder"), FOLDERS)
def test_bash_is_in_that_folder(script: str, folder: str, tmp_path: Path) -> None:
    (tmp_path / "a/b").mkdir(parents=True)
    command = [str(BASH), "-ec", f"{script}\npwd"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=20)
    assert Path(done.stdout.splitlines()[-1]) == tmp_path / folder


@pytest.mark.parametrize(
    "script",
    [
        "cd",
        "cd\ncd a",
        "cd ~/a",
        "cd -P a",
        "cd -",
        "popd",
        "cd a\nif [ -d b ]; then cd b; fi",
        "if [ -d a ]; then pushd a; fi\npopd",
        "pushd a\nif [ -d b ]; then popd; fi\npopd",
        "cd a\ncd b\nif [ -d c ]; then cd c; cd ..; fi\ncd -",
    ],
)
def test_a_folder_that_only_a_run_can_tell(script: str) -> None:
    assert folder_at_the_end(script) is None


def test_what_a_variable_holds_is_said_by_its_name() -> None:
    assert folder_at_the_end("cd a\ncd $B") == "$B"
