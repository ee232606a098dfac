"""Files of the tree that a job runs in the place of Python, or before it."""

from __future__ import annotations

from pathlib import Path

import pytest

from cavra_lint.contract import Chain
from judged_workflow import COMMAND, WORKFLOW, found_in, with_run

HELD = {
    "tools/python3": "#!/bin/sh\n",
    "tools/timeout": "#!/bin/sh\n",
    "first.sh": "exit 0\n",
    "sitecustomize.py": "1\n",
}
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
        with_run(f"tools/timeout 1 true\n{COMMAND}"),
        with_run(COMMAND, step="env: {PYTHONPATH: src, MYPATH: tools, PATH: 'src:/tools:../tools'}\n"),
        with_run(COMMAND, job="env: {BASH_ENV: missing.sh}\n"),
        with_run(COMMAND, job="env: {BASH_ENV: tools}\n"),
    ],
)
def test_what_is_no_file_of_the_tree_is_not(workflow: str, tmp_path: Path, chain: Chain) -> None:
    assert found_in(tmp_path, chain, {WORKFLOW: workflow, **HELD}) == []
