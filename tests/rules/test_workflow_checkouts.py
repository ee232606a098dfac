"""That a command judges the change: what is checked out in the folder that it runs in."""

from __future__ import annotations

from pathlib import Path

import pytest

from cavra_lint.contract import Chain
from judged_workflow import COMMAND, WORKFLOW, found_in, with_run

CHECKOUT = "      - uses: actions/checkout@v7\n"
CHANGE = "{ref: '${{ github.event.pull_request.head.sha || github.sha }}'}"


@pytest.mark.parametrize(
    ("events", "checkouts", "directory", "line"),
    [
        ("pull_request", ["{repository: other/other}"], "", 6),
        ("pull_request", ["{ref: main}"], "", 6),
        ("pull_request", ["{ref: '${{ github.base_ref }}'}"], "", 6),
        ("pull_request", ["{ref: '${{ github.event.pull_request.base.sha }}'}"], "", 6),
        ("pull_request", ["{}", "{repository: other/other}"], "", 8),
        ("pull_request", ["{}", "{repository: other/other, path: other}"], "other", 8),
        ("pull_request_target", ["{}"], "", 6),
        ("pull_request_target", ["{ref: '${{ github.sha }}'}"], "", 6),
        ("{push: {branches: [main]}}", ["{ref: docs}"], "", 6),
        ("pull_request", ["{ref: main}\n      - run: git log"], "", 6),
        ("pull_request", ["{}", "{ref: main}\n        if: vars.OLD"], "", None),
        ("pull_request", ["{ref: main}", "{}\n        if: vars.NEW"], "", None),
        ("pull_request", ["{ref: '${{ github.sha }}'}"], "", None),
        ("{push: {branches: [main]}}", ["{ref: refs/heads/main}"], "", None),
        ("{push: {branches: [main]}}", ["{ref: '${{ github.event.repository.default_branch }}'}"], "", None),
        ("pull_request", ["{}"], "", None),
        ("pull_request", ["{fetch-depth: 0}", "{repository: other/other, path: other}"], "", None),
        ("pull_request", ["{path: here}"], "./here/", None),
        ("pull_request", ["{path: here}"], "${{ github.workspace }}/here", None),
        ("pull_request", ["{repository: other/other}", "{}"], "", None),
        ("pull_request", [CHANGE], "", None),
        ("pull_request", ["{ref: 'refs/pull/${{ github.event.number }}/merge'}"], "", None),
        ("pull_request", ["{repository: '${{ github.event.pull_request.head.repo.full_name }}'}"], "", None),
        ("pull_request_target", [CHANGE], "", None),
        ("[pull_request_target, push]", ["{}"], "", None),
        ("{push: {branches: [main]}}", ["{ref: main}"], "", None),
        ("pull_request", [], "", None),
        ("[pull_request, push]", ["{}", "{ref: main}\n        if: github.event_name == 'push'"], "", None),
        ("pull_request", ["{}\n      - uses: octo/tool@v1\n        with: {repository: other/other}"], "", None),
        ("[pull_request, push]", ["{path: here}\n        if: github.event_name == 'push'"], "here", None),
    ],
)
def test_what_is_checked_out_has_to_be_the_change(
    events: str, checkouts: list[str], directory: str, line: int | None, tmp_path: Path, chain: Chain
) -> None:
    step = f"working-directory: {directory}\n" if directory else ""
    text = with_run(COMMAND, step=step).replace("on: pull_request", f"on: {events}")
    text = text.replace(CHECKOUT, "".join(f"{CHECKOUT}        with: {given}\n" for given in checkouts))
    found = found_in(tmp_path, chain, {WORKFLOW: text})
    assert [(at, code) for _, at, code, _ in found] == ([(line, "CAVRA303")] if line else [])


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("cd other", "runs in another folder, behind `cd`"),
        ("cp -r . /tmp/tree && cd /tmp/tree", "runs in another folder, behind `cd`"),
        ("git worktree add ../main main\npushd ../main", "runs in another folder, behind `cd`"),
        ("cd $GITHUB_WORKSPACE/other", "runs in another folder, behind `cd`"),
        ("cd $PWD/other", "runs in another folder, behind `cd`"),
        ("cd change", None),
        ("cd $PWD/change", None),
        ("cd src\nmake\ncd ..", None),
        ("pushd src\nmake\npopd", None),
        ("(cd src && make)", None),
        ("cd $GITHUB_WORKSPACE", None),
        ("cd ${{ github.workspace }}/change", None),
        ("cd /github/workspace", None),
        ("cd /home/runner/work/cavra/cavra/", None),
        ('cd "$(git rev-parse --show-toplevel)"', None),
        ("cd ~/cavra", None),
    ],
)
def test_a_command_runs_in_a_folder_that_holds_the_change(
    before: str, expected: str | None, tmp_path: Path, chain: Chain
) -> None:
    text = with_run(f"{before}\n{COMMAND}").replace(CHECKOUT, f"{CHECKOUT}{CHECKOUT}        with: {{path: change}}\n")
    found = found_in(tmp_path, chain, {WORKFLOW: text})
    said = [f"the command {expected}, expected a step that runs `{COMMAND}`"] if expected else []
    assert [message for _, _, _, message in found] == said


@pytest.mark.parametrize("before", ['cd "$(git rev-parse --show-toplevel)"', "cd -", "if test -d a; then cd ..; fi"])
def test_behind_cd_a_folder_may_be_one_that_only_a_run_can_tell(before: str, tmp_path: Path, chain: Chain) -> None:
    text = with_run(f"{before}\n{COMMAND}", step="working-directory: docs\n")
    assert found_in(tmp_path, chain, {WORKFLOW: text}) == []


def test_behind_cd_it_is_what_is_there_that_counts(tmp_path: Path, chain: Chain) -> None:
    main = f"{CHECKOUT}        with: {{ref: main, path: main}}\n"
    text = with_run(f"cd main\n{COMMAND}").replace(CHECKOUT, CHECKOUT + main)
    found = found_in(tmp_path, chain, {WORKFLOW: text})
    assert [(line, code) for _, line, code, _ in found] == [(7, "CAVRA303")]
