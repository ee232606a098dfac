"""Files of the tree that a job runs in the place of Python, or before it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from cavra_lint.contract import Chain
from cavra_lint.sources.repository import MAX_BYTES
from judged_workflow import COMMAND, WORKFLOW, found_in, with_run

HELD = {
    "tools/python3": "#!/bin/sh\n",
    "tools/timeout": "#!/bin/sh\n",
    "first.sh": "exit 0\n",
    "sitecustomize.py": "1\n",
    "python3": "#!/bin/sh\n",
    "src/bin/python3": "#!/bin/sh\n",
}
IN_HERE = ("@v7\n", "@v7\n        with: {path: here}\n")
LATER = f"      - run: {COMMAND}\n"


@pytest.mark.parametrize(
    ("workflow", "line", "first"),
    [
        (with_run(f"tools/{COMMAND}"), 9, "tools/python3"),
        (with_run(f"./tools/timeout 60 {COMMAND}"), 9, "tools/timeout"),
        (with_run(f"PATH=tools:$PATH {COMMAND}"), 9, "tools/python3"),
        (with_run(f'export PATH="$PWD/tools:$PATH"\ntimeout 60 {COMMAND}'), 10, "tools/timeout"),
        (with_run(COMMAND, step="env: {PATH: '${{ github.workspace }}/tools:/bin'}\n"), 9, "tools/python3"),
        (with_run(COMMAND, job="env: {BASH_ENV: ./first.sh}\n"), 10, "first.sh"),
        (with_run("echo $GITHUB_WORKSPACE/tools >> $GITHUB_PATH") + LATER, 10, "tools/python3"),
        (with_run("echo BASH_ENV=first.sh >> $GITHUB_ENV") + LATER, 10, "first.sh"),
        (with_run(COMMAND, step="env: {PYTHONPATH: .}\n"), 9, "sitecustomize.py"),
        (with_run(f"PATH=$PWD:$PATH {COMMAND}"), 9, "python3"),
        (with_run(f"tools/{COMMAND}", step="working-directory: here\n").replace(*IN_HERE), 10, "here/tools/python3"),
        (with_run(COMMAND, step="env: {LD_PRELOAD: '${{ github.workspace }}/first.sh'}\n"), 9, "first.sh"),
    ],
)
def test_a_file_of_the_tree_in_the_place_of_python_is_found(
    workflow: str, line: int, first: str, tmp_path: Path, chain: Chain
) -> None:
    found = found_in(tmp_path, chain, {WORKFLOW: workflow, **HELD})
    message = f"the command of R7.4 cannot fail: `{first}` of this tree is run in its place"
    assert found == [(WORKFLOW, line, "CAVRA303", message)]


@pytest.mark.parametrize(
    "workflow",
    [
        with_run(COMMAND),
        with_run(f".venv/bin/{COMMAND}"),
        with_run(f"/usr/bin/{COMMAND}"),
        with_run(f"echo $PWD/.venv/bin >> $GITHUB_PATH\n{COMMAND}"),
        with_run(f'export PATH="$HOME/.local/bin:$PATH"\n{COMMAND}'),
        with_run(f"PATH=src:$PATH bin/{COMMAND}"),
        with_run("git log\nexport PATH=$PWD/tools:$PATH") + LATER,
        with_run(COMMAND) + "      - run: echo $PWD/tools >> $GITHUB_PATH\n",
        with_run(f"tools/timeout 1 true\n{COMMAND}"),
        with_run(COMMAND, step="env: {PYTHONPATH: src, MYPATH: tools, PATH: 'src:/tools:../tools'}\n"),
        with_run(COMMAND, job="env: {BASH_ENV: missing.sh}\n"),
        with_run(COMMAND, job="env: {BASH_ENV: tools}\n"),
    ],
)
def test_what_is_no_file_of_the_tree_is_not(workflow: str, tmp_path: Path, chain: Chain) -> None:
    assert found_in(tmp_path, chain, {WORKFLOW: workflow, **HELD}) == []


USED = ".github/actions/used/action.yml"
USES = "      - uses: ./.github/actions/used\n"
STEPS = "runs:\n  using: composite\n  steps:\n"
SETS = "    - {shell: bash, run: 'echo $GITHUB_WORKSPACE/tools >> $GITHUB_PATH'}\n"


@pytest.mark.parametrize(
    ("steps", "action", "expected"),
    [
        (USES + LATER, STEPS + SETS, (WORKFLOW, 11)),
        (LATER + USES, STEPS + SETS, None),
        (USES, f"{STEPS}{SETS}    - {{shell: bash, run: {COMMAND}}}\n", (USED, 5)),
        (USES, f"{STEPS}    - {{shell: bash, run: {COMMAND}}}\n{SETS}", None),
        (USES, f"{STEPS}    - {{shell: bash, run: 'PATH=tools:$PATH {COMMAND}'}}\n", (USED, 4)),
        (f"{SETS.replace('    -', '      -')}{USES}", f"{STEPS}    - {{shell: bash, run: {COMMAND}}}\n", (USED, 4)),
    ],
    ids=["before", "behind", "inside", "behind-inside", "own-script", "around"],
)
def test_what_an_action_puts_before_python(
    steps: str, action: str, expected: tuple[str, int] | None, tmp_path: Path, chain: Chain
) -> None:
    found = found_in(tmp_path, chain, {WORKFLOW: with_run("true") + steps, USED: action, **HELD})
    assert [(path, line, code) for path, line, code, _ in found] == ([(*expected, "CAVRA303")] if expected else [])


def test_only_what_git_tracks_is_there_wherever_a_link_leads(tmp_path: Path, chain: Chain) -> None:
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools" / "python3").symlink_to("/bin/true")
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True, timeout=60)
    files = {WORKFLOW: with_run(f"tools/{COMMAND}")}
    assert found_in(tmp_path, chain, files) == []
    subprocess.run(["git", "-C", tmp_path, "add", "tools"], check=True, timeout=60)
    assert [line for _, line, _, _ in found_in(tmp_path, chain, files)] == [9]


def test_a_link_that_git_tracks_may_lead_to_a_folder(tmp_path: Path, chain: Chain) -> None:
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True, timeout=60)
    files = {WORKFLOW: with_run(f"PATH=bin:$PATH {COMMAND}"), "tools/python3": "exit 0\n"}
    (tmp_path / "bin").symlink_to("tools")
    assert found_in(tmp_path, chain, files) == []
    subprocess.run(["git", "-C", tmp_path, "add", "."], check=True, timeout=60)
    assert [line for _, line, _, _ in found_in(tmp_path, chain, files)] == [9]
    (tmp_path / "tools" / "python3").unlink()
    assert found_in(tmp_path, chain, {WORKFLOW: files[WORKFLOW]}) == []


ON_PATH = 'export PATH="$PWD/bin:$PATH"'


@pytest.mark.parametrize(
    ("before", "is_fake"),
    [
        ("echo 'exit 0' > bin/python3", True),
        ("ln -s /bin/true bin/python3", True),
        ("cp /bin/true ./bin/python3", True),
        ("cd bin && cp /bin/true python3 && cd ..", True),
        ("echo x > bin/other\nrm -f bin/python3", False),
        ("ln -s /usr/bin/python3.13 bin/python3", False),
        ('ln -s "$(command -v python3.13)" bin/python3', False),
        ("echo 'exec python3.13 \"$@\"' > bin/python3", False),
        ("python3 -m venv bin", False),
    ],
)
def test_what_a_step_writes_before_python(before: str, is_fake: bool, tmp_path: Path, chain: Chain) -> None:
    written = "the command of R7.4 cannot fail: `bin/python3`, which a step writes, is run in its place"
    own = found_in(tmp_path, chain, {WORKFLOW: with_run(f"{before}\n{ON_PATH}\n{COMMAND}")})
    assert [message for *_, message in own] == ([written] if is_fake else [])
    handed_on = with_run(f"{before}\necho $PWD/bin >> $GITHUB_PATH") + LATER
    assert [message for *_, message in found_in(tmp_path, chain, {WORKFLOW: handed_on})] == (
        [written] if is_fake else []
    )


@pytest.mark.parametrize(("taken_out", "lines"), [("", [9]), ("kept/python3", []), ("tools", [])])
def test_what_git_tracks_behind_a_folder_that_is_a_link(
    taken_out: str, lines: list[int], tmp_path: Path, chain: Chain
) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "python3").write_text("#!/bin/true\n")
    (tmp_path / "tools").symlink_to("kept")
    for words in (["init", "--quiet"], ["add", "--all"], ["rm", "--quiet", "--cached", "--", taken_out]):
        if words[-1]:
            subprocess.run(["git", *words], cwd=tmp_path, check=True, timeout=60)
    assert [line for _, line, _, _ in found_in(tmp_path, chain, {WORKFLOW: with_run(f"tools/{COMMAND}")})] == lines


def test_a_file_too_large_to_be_read_is_there(tmp_path: Path, chain: Chain) -> None:
    (tmp_path / "python3").touch()
    os.truncate(tmp_path / "python3", MAX_BYTES + 1)
    assert [line for _, line, _, _ in found_in(tmp_path, chain, {WORKFLOW: with_run(f"./{COMMAND}")})] == [9]
