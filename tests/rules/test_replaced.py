"""That nothing replaces what a gate's command judges before it does: in a workflow of R7.4 that is written and read."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

import judged_workflow
from cavra_lint.contract import Chain
from judged_workflow import COMMAND, PACKET, SCRIPT, WORKFLOW

#: Its last line is the sixth.
HEAD = "on: pull_request\njobs:\n  gate:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: actions/checkout@v7\n"
JUDGE = f"      - run: {COMMAND}\n"


def found_in(root: Path, chain: Chain, files: dict[str, str]) -> list[tuple[str, int, str]]:
    """Return path, line and code of each finding about the workflow of R7.4 in a tree of these files."""
    return [found[:3] for found in judged_workflow.found_in(root, chain, files)]


REPLACING = f"      - run: cp good.json {PACKET}\n"
CACHE = "      - uses: actions/cache@v4\n        with:\n          key: a\n          "
CHECKED_OUT = "      - run: git checkout main\n"


@pytest.mark.parametrize(
    ("before", "line"),
    [
        (REPLACING, 7),
        (f"      - run: |\n          true\n          echo > {SCRIPT}\n", 9),
        (f"      - run: echo > {SCRIPT}\n        if: github.event_name == 'pull_request'\n", 7),
        (f"      - run: echo > {SCRIPT}\n        if: vars.JUDGE\n", 7),
        (f"      - run: echo > x.py\n        working-directory: scripts\n{REPLACING}", 9),
        (f"{REPLACING}      - uses: actions/checkout@v7\n        with: {{path: other}}\n", 7),
        (f"{REPLACING}      - uses: actions/checkout@v7\n        if: github.event_name == 'push'\n", 7),
        (CHECKED_OUT, 7),
        (f"{CHECKED_OUT}      - run: git checkout -- .\n", 7),
        (f'      - run: cp good.json "$PACKET"\n        env: {{PACKET: {PACKET}}}\n', 7),
        (f"      - run: |\n          FILE={SCRIPT}\n          echo > $FILE\n", 9),
        (f'      - run: cat "$PACKET"\n        env: {{PACKET: {PACKET}}}\n', None),
        (f"{CACHE}path: examples\n", 7),
        (CACHE.replace("uses", "name: x\n        uses") + "path: examples\n", 8),
        (f"{CACHE}path: |\n            ~/.cache\n            ./{PACKET}\n", 7),
        (CACHE.replace("cache@v4", "cache/restore@v4") + "path: ${{ github.workspace }}/scripts/\n", 7),
        (CACHE.replace("cache", "download-artifact") + "path: examples/customer-operating-review\n", 7),
        (f"{CACHE}path: ~/.cache/pip\n", None),
        (f"{CACHE}path: examples/other\n", None),
        (f"{CACHE}path: .\n", None),
        (CACHE.replace("cache", "download-artifact") + "name: b\n", None),
        (CACHE.replace("cache", "upload-artifact") + "path: examples\n", None),
        (f"{CACHE}path: examples\n      - run: git restore .\n", None),
        (f"{REPLACING}        if: github.event_name == 'push'\n", None),
        (f"{REPLACING}        if: failure()\n", None),
        (f"{REPLACING}        shell: python\n", None),
        (f"{REPLACING}        working-directory: build\n", None),
        (f"{REPLACING}      - run: git restore .\n", None),
        (f"{REPLACING}      - uses: actions/checkout@v7\n", None),
        (f"{CHECKED_OUT}      - run: git checkout $GITHUB_SHA\n", None),
        (f"      - run: python3 {SCRIPT} --output {PACKET}\n", None),
        ("      - run: git checkout docs\n", None),
    ],
)
def test_what_is_judged_must_not_be_replaced_before(
    before: str, line: int | None, tmp_path: Path, chain: Chain
) -> None:
    found = found_in(tmp_path, chain, {WORKFLOW: HEAD + before + JUDGE, "docs/page.md": ""})
    assert found == ([(WORKFLOW, line, "CAVRA303")] if line else [])


def test_the_script_of_the_gate_may_put_back_what_a_step_replaced(tmp_path: Path, chain: Chain) -> None:
    judge = f"      - run: git stash && {COMMAND}\n"
    assert found_in(tmp_path, chain, {WORKFLOW: HEAD + REPLACING + judge}) == []
    assert found_in(tmp_path, chain, {WORKFLOW: HEAD + REPLACING + judge.replace("stash", "log")}) != []


@pytest.mark.parametrize(("script", "is_replaced"), [("cp good.json $PACKET", True), ("cat $PACKET", False)])
def test_a_variable_of_the_job_is_known_in_its_steps(
    script: str, is_replaced: bool, tmp_path: Path, chain: Chain
) -> None:
    head = HEAD.replace("    steps:", f"    env: {{PACKET: {PACKET}}}\n    steps:")
    for steps in (f"      - run: {script}\n{JUDGE}", f"      - run: |\n          {script}\n          {COMMAND}\n"):
        assert bool(found_in(tmp_path, chain, {WORKFLOW: head + steps})) is is_replaced


def test_another_job_replaces_nothing(tmp_path: Path, chain: Chain) -> None:
    other = HEAD[HEAD.index("  gate") :].replace("gate", "other") + REPLACING
    assert found_in(tmp_path, chain, {WORKFLOW: HEAD.replace("  gate:", f"{other}  gate:") + JUDGE}) == []


@pytest.mark.parametrize(
    ("script", "line"),
    [
        (f"cp good.json {PACKET}\n{COMMAND}", 9),
        (f"true\ngit checkout main\n{COMMAND}", 10),
        (f"back() {{ echo > {PACKET}; }}\nback\n{COMMAND}", 9),
        (f"{COMMAND}\necho '{{}}' > {PACKET}", None),
        (f"cp good.json {PACKET}\ngit diff --exit-code\n{COMMAND}", None),
        (f"{COMMAND}\ngit checkout main", None),
        (f"true\n{COMMAND}\necho > {PACKET}", None),
        (f"back() {{ echo > {PACKET}; }}\n{COMMAND}\nback", None),
        (f"{COMMAND}\ncp good.json {PACKET}\n{COMMAND}", None),
        (f"{COMMAND} || true\ncp good.json {PACKET}\n{COMMAND}", 9),
    ],
)
def test_a_script_must_not_replace_what_it_judges(script: str, line: int | None, tmp_path: Path, chain: Chain) -> None:
    run = textwrap.indent(f"{script}\n", " " * 10)
    found = found_in(tmp_path, chain, {WORKFLOW: f"{HEAD}      - name: Judge\n        run: |\n{run}"})
    assert found == ([(WORKFLOW, line, "CAVRA303")] if line else [])


ACTION = f"runs:\n  using: composite\n  steps:\n    - shell: bash\n      run: {COMMAND}\n"
ACTION_USING = "runs:\n  using: composite\n  steps:\n    - uses: ./.github/actions/prepare\n"
PREPARE = f"runs:\n  using: composite\n  steps:\n    - shell: bash\n      run: cp good.json {PACKET}\n"
MATRIX = "    strategy: {matrix: {on: ['yes']}}\n    steps:\n"
USES = "      - uses: ./.github/actions/judge\n"
PREPARES = "      - uses: ./.github/actions/prepare\n"


@pytest.mark.parametrize(
    ("steps", "actions", "expected"),
    [
        (PREPARES + JUDGE, {"prepare": PREPARE}, (".github/actions/prepare/action.yml", 5)),
        (
            PREPARES + JUDGE,
            {
                "prepare": PREPARE.replace("runs:", "inputs: {x: {default: 'no'}}\nruns:")
                + "      if: inputs.x == 'yes'\n"
            },
            None,
        ),
        (PREPARES + "        if: false\n" + JUDGE, {"prepare": PREPARE}, None),
        (
            USES + JUDGE,
            {"judge": ACTION_USING, "prepare": PREPARE},
            (".github/actions/prepare/action.yml", 5),
        ),
        (REPLACING + USES, {"judge": ACTION}, (WORKFLOW, 8)),
        (REPLACING + "        if: matrix.on == 'no'\n" + USES, {"judge": ACTION}, None),
        (
            USES,
            {"judge": ACTION.replace("  steps:\n", PREPARE[PREPARE.index("  steps:") :])},
            (".github/actions/judge/action.yml", 5),
        ),
        (USES + REPLACING, {"judge": ACTION}, None),
    ],
)
def test_what_an_action_replaces_counts(
    steps: str, actions: dict[str, str], expected: tuple[str, int] | None, tmp_path: Path, chain: Chain
) -> None:
    text = HEAD.replace("    steps:\n", MATRIX) + steps
    found = found_in(
        tmp_path, chain, {WORKFLOW: text} | {f".github/actions/{name}/action.yml": a for name, a in actions.items()}
    )
    assert found == ([(*expected, "CAVRA303")] if expected else [])
