"""Which events a workflow guards, and that what only comes near the command changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from cavra_lint.contract import Chain
from judged_workflow import COMMAND, WORKFLOW, found_in, with_run

CHECKOUT = "      - uses: actions/checkout@v7\n"


def test_the_event_that_judges_is_the_one_that_changes_have_to_start(tmp_path: Path, chain: Chain) -> None:
    text = with_run(COMMAND, step="if: github.event_name == 'push'\n")
    text = text.replace("on: pull_request", "on:\n  pull_request:\n  push:\n    paths: ['docs/**']")
    found = found_in(tmp_path, chain, {WORKFLOW: text})
    assert [(line, code) for _, line, code, _ in found] == [(4, "CAVRA304")] * 4


@pytest.mark.parametrize("other", [COMMAND.replace(" --require-live", ""), f"{COMMAND} || true"])
def test_what_only_comes_near_or_is_soft_judges_on_no_event(other: str, tmp_path: Path, chain: Chain) -> None:
    text = with_run(COMMAND, step="if: github.event_name == 'push'\n")
    text += f"      - run: {other}\n"
    text = text.replace("on: pull_request", "on:\n  pull_request:\n  push:\n    paths: ['docs/**']")
    found = found_in(tmp_path, chain, {WORKFLOW: text})
    assert [(line, code) for _, line, code, _ in found] == [(4, "CAVRA304")] * 4


@pytest.mark.parametrize(
    ("step", "ref", "line", "code"), [("", "main", 6, "CAVRA303"), ("working-directory: docs\n", "''", 11, "CAVRA302")]
)
def test_what_comes_near_is_no_excuse_for_what_stands_beside_it(
    step: str, ref: str, line: int, code: str, tmp_path: Path, chain: Chain
) -> None:
    text = with_run(f"{COMMAND.replace(' --require-live', '')}\n{COMMAND}", step=step)
    text = text.replace(CHECKOUT, f"{CHECKOUT}        with: {{ref: {ref}}}\n")
    assert [found[1:3] for found in found_in(tmp_path, chain, {WORKFLOW: text})] == [(line, code)]


def test_an_event_on_which_something_else_is_checked_out_guards_nothing(tmp_path: Path, chain: Chain) -> None:
    text = with_run(COMMAND).replace("on: pull_request", "on:\n  pull_request:\n    paths: ['docs/**']\n  push:")
    checkout = "        with: {ref: main}\n        if: github.event_name == 'push'\n"
    found = found_in(tmp_path, chain, {WORKFLOW: text.replace(CHECKOUT, f"{CHECKOUT}{checkout}")})
    assert [(line, code) for _, line, code, _ in found] == [(3, "CAVRA304")] * 4


def test_each_event_may_have_a_step_of_its_own(tmp_path: Path, chain: Chain) -> None:
    text = with_run(COMMAND, step="if: github.event_name == 'push'\n")
    text += f"      - if: github.event_name == 'pull_request'\n        run: {COMMAND}\n"
    text = text.replace("on: pull_request", "on:\n  pull_request:\n  push:\n    paths: ['docs/**']")
    assert found_in(tmp_path, chain, {WORKFLOW: text}) == []


def test_a_run_that_no_change_starts_guards_nothing(tmp_path: Path, chain: Chain) -> None:
    text = with_run(COMMAND, step="if: github.event_name == 'workflow_dispatch'\n")
    text = text.replace("on: pull_request", "on: [pull_request, workflow_dispatch]")
    assert [(line, code) for _, line, code, _ in found_in(tmp_path, chain, {WORKFLOW: text})] == [(10, "CAVRA303")]


@pytest.mark.parametrize(
    ("events", "condition", "counts"),
    [
        ("{push: {branches: [main, 'releases/**']}}", "github.ref == 'refs/heads/releases/1'", True),
        ("{push: {branches: [main, docs]}}", "github.ref == 'refs/heads/releases/1'", False),
        ("push", "github.ref_name", True),
        ("pull_request_target", "github.ref == 'refs/heads/main' && github.ref_name == 'main'", True),
        ("pull_request_target", "github.ref_name", True),
        ("pull_request_target", "startsWith(github.ref, 'refs/pull/')", False),
        ("{pull_request: {types: [labeled, synchronize]}}", "github.event.action == 'labeled'", True),
        ("{pull_request: {types: [labeled, synchronize]}}", "github.event.action == 'opened'", False),
        ("{pull_request: {types: [labeled, synchronize]}}", "github.event.label.name == 'gate'", True),
        ("pull_request", "github.event.label.name == 'gate'", False),
        ("push", "github.event.label.name == 'gate'", False),
        ("push", "github.event.number > 0", False),
        ("pull_request", "github.event.number > 0", True),
        ("pull_request", "github.event.requested_reviewer", False),
        ("{pull_request: {types: [review_requested, synchronize]}}", "github.event.requested_reviewer", True),
        ("pull_request", "github.event.changes.base", False),
        ("pull_request", "github.event.assignee == ''", True),
        ("pull_request", "github.event.comment.body == '/gate'", False),
        ("pull_request", "github.event.review.state == 'approved'", False),
        ("pull_request", "contains(github.event.head_commit.message, 'gate')", False),
        ("push", "contains(github.event.head_commit.message, 'gate')", False),
        ("push", "${{ !contains(github.event.head_commit.message, '[skip gate]') }}", True),
        ("push", "${{ !github.event.deleted }}", True),
        ("push", "github.event.created", False),
        ("pull_request", "contains(github.event.pull_request.labels.*.name, 'gate')", False),
        ("pull_request", "${{ !contains(github.event.pull_request.labels.*.name, 'no-gate') }}", True),
        ("{pull_request: {types: [labeled, synchronize]}}", "contains(github.event.pull_request.labels, 'x')", True),
        ("pull_request", "github.event.pull_request.draft", False),
        ("pull_request", "${{ !github.event.pull_request.draft && github.event.pull_request.title != '' }}", True),
        ("pull_request", "startsWith(github.event.pull_request.title, 'release')", False),
        ("pull_request", "startsWith(github.head_ref, 'release/')", False),
        ("pull_request", "${{ !startsWith(github.head_ref, 'dependabot/') && github.repository == 'a/b' }}", True),
        ("pull_request", "github.repository == 'a/b' && github.actor == 'bot'", False),
        ("pull_request", "github.repository == 'a/b' || github.actor == 'bot'", True),
        ("pull_request", "github.actor != 'dependabot[bot]' && github.triggering_actor", True),
        ("pull_request", 'contains(fromJSON(\'["a", "b"]\'), github.actor)', False),
        ("pull_request", "vars.GATES == 'on'", False),
        ("pull_request", "vars.GATES != 'off'", True),
        ("pull_request", "vars.GATES", False),
        ("pull_request", "vars.SKIP_GATES == ''", True),
        ("pull_request", "${{ !vars.SKIP_GATES }}", True),
        ("pull_request", "github.run_attempt > 1", False),
        ("pull_request", "github.run_attempt == 1", True),
        ("pull_request", "runner.debug == '1'", False),
        ("push", "github.event.pull_request.draft || vars.X", False),
        ("pull_request", "github.event.pull_request.merged", False),
        ("pull_request", "github.event.pull_request.merged == false", True),
        ("{pull_request: {types: [synchronize, closed]}}", "github.event.pull_request.merged", True),
        ("pull_request", "github.ref_type == 'tag'", False),
        ("push", "github.ref_type == 'branch'", True),
        ("pull_request", "runner.os == 'Windows'", False),
        ("pull_request", "runner.os == 'Linux' && runner.temp", True),
    ],
)
def test_what_an_event_tells(events: str, condition: str, counts: bool, tmp_path: Path, chain: Chain) -> None:
    text = with_run(COMMAND, step=f"if: {condition}\n").replace("on: pull_request", f"on: {events}")
    text = text.replace(CHECKOUT, f"{CHECKOUT}        with: {{ref: '${{{{ github.event.pull_request.head.sha }}}}'}}\n")
    found = found_in(tmp_path, chain, {WORKFLOW: text})
    assert [(line, code) for _, line, code, _ in found] == ([] if counts else [(11, "CAVRA303")])


ASKED_FOR = "runs only where more than a change asks for it"


@pytest.mark.parametrize(
    ("step", "job", "line", "words"),
    [
        ("if: vars.GATES\n", "", 10, f"its step {ASKED_FOR}"),
        ("if: env.GATES == 'on'\n", "env: {GATES: '${{ vars.GATES }}'}\n", 11, f"its step {ASKED_FOR}"),
        ("", "if: github.actor == 'bot'\n", 5, f"the job `gate` {ASKED_FOR}"),
        ("", "needs: asked\n", 3, f"the job `gate` needs `asked`, which {ASKED_FOR}"),
        ("if: false\n", "if: vars.GATES\n", 5, f"the job `gate` {ASKED_FOR}"),
    ],
)
def test_what_runs_only_where_somebody_asks_for_it(
    step: str, job: str, line: int, words: str, tmp_path: Path, chain: Chain
) -> None:
    asked = "  asked:\n    if: vars.GATES\n    runs-on: ubuntu-24.04\n    steps:\n      - run: 'true'\n"
    text = with_run(COMMAND, step=step, job=job) + asked
    assert found_in(tmp_path, chain, {WORKFLOW: text}) == [
        (WORKFLOW, line, "CAVRA303", f"the command of R7.4 cannot fail: {words}")
    ]


def test_a_workflow_that_is_called_knows_the_variables_that_are_not_set(tmp_path: Path, chain: Chain) -> None:
    called = with_run(COMMAND, step="if: vars.GATES\n").replace("on: pull_request", "on: workflow_call")
    calls = "on: pull_request\njobs:\n  gate:\n    uses: ./.github/workflows/called.yml\n"
    found = found_in(tmp_path, chain, {WORKFLOW: calls, ".github/workflows/called.yml": called})
    assert [(path, line, code) for path, line, code, _ in found] == [(".github/workflows/called.yml", 10, "CAVRA303")]


@pytest.mark.parametrize(
    ("branches", "starts"),
    [
        ("[refs/heads/main]", False),
        ("['main, develop']", False),
        ("[$default-branch]", False),
        ("['${{ github.event.repository.default_branch }}']", False),
        ("[main~1, '../main']", False),
        ("[refs/heads/main, main]", True),
        ("['**']", True),
        ("['release/v[0-9]+.[0-9]+', 'feature/*']", True),
        ("[default-branch, $branch]", True),
    ],
)
def test_branches_that_may_be_there(branches: str, starts: bool, tmp_path: Path, chain: Chain) -> None:
    for event in ("push", "pull_request"):
        text = with_run(COMMAND).replace("on: pull_request", f"on: {{{event}: {{branches: {branches}}}}}")
        message = "nothing starts the workflow of R7.4 on a change: its `branches` fit no branch"
        expected = [] if starts else [(WORKFLOW, 1, "CAVRA304", f"{message}, expected pull_request or push")]
        assert found_in(tmp_path, chain, {WORKFLOW: text}) == expected


def test_of_a_workflow_that_no_change_starts_that_is_all(tmp_path: Path, chain: Chain) -> None:
    text = with_run(COMMAND).replace("on: pull_request", "on: workflow_dispatch")
    text = text.replace(CHECKOUT, f"{CHECKOUT}        with: {{ref: main}}\n")
    assert [(line, code) for _, line, code, _ in found_in(tmp_path, chain, {WORKFLOW: text})] == [(1, "CAVRA304")]


SET = ".github/actions/set/action.yml"


def test_a_local_action_may_set_a_variable(tmp_path: Path, chain: Chain) -> None:
    text = with_run(COMMAND, step="if: env.JUDGE == 'yes'\n", job="env: {JUDGE: 'no'}\n")
    action = "runs:\n  using: composite\n  steps:\n    - {shell: bash, run: echo JUDGE=yes >> $GITHUB_ENV}\n"
    files = {WORKFLOW: text.replace(CHECKOUT, f"{CHECKOUT}      - uses: ./.github/actions/set\n"), SET: action}
    assert found_in(tmp_path, chain, files) == []
    assert found_in(tmp_path, chain, {WORKFLOW: text}) != []


@pytest.mark.parametrize(
    ("steps", "variables", "is_told"), [(50, 0, True), (51, 0, False), (49, 1, True), (49, 2, False)]
)
def test_of_so_many_steps_in_the_runs_of_a_matrix_the_values_are_told(
    steps: int, variables: int, is_told: bool, tmp_path: Path, chain: Chain
) -> None:
    """Of 100 runs with 50 steps: where there are more, a value may be any."""
    job = f"strategy: {{matrix: {{n: {list(range(100))}}}}}\n"
    job += f"env: {{{', '.join(f'A{number}: a' for number in range(variables))}}}\n" if variables else ""
    text = with_run(COMMAND, step="if: matrix.n == 100\n", job=job) + "      - run: 'true'\n" * (steps - 2)
    found = found_in(tmp_path, chain, {WORKFLOW: text})
    assert [code for _, _, code, _ in found] == (["CAVRA303"] if is_told else [])


OUTPUT = "gate: '${{ steps.filter.outputs.gate }}'"


@pytest.mark.parametrize(
    ("outputs", "condition", "counts"),
    [
        (OUTPUT, "needs.other.outputs.gate == 'true'", True),
        (OUTPUT, "needs.Other.outputs['GATE'] == 'true'", True),
        (OUTPUT, "needs.other.outputs.gates == 'true'", False),
        (OUTPUT, "needs.others.outputs.gate == 'true'", False),
        (OUTPUT.replace("filter", "filtre"), "needs.other.outputs.gate == 'true'", False),
        ("", "needs.other.outputs.gate == 'true'", False),
        ("", "needs.other.outputs.skip != 'true'", True),
        ("", "contains(needs.*.result, 'success')", True),
        ("gate: 'true'", "needs.other.outputs.gate == 'true'", True),
        ("gate: 'false'", "needs.other.outputs.gate == 'true'", False),
        (", ".join(f"o{number}: a" for number in range(49)), "needs.other.outputs.gate == 'true'", False),
        (", ".join(f"o{number}: a" for number in range(50)), "needs.other.outputs.gate == 'true'", True),
    ],
)
def test_what_a_job_that_is_needed_hands_on(
    outputs: str, condition: str, counts: bool, tmp_path: Path, chain: Chain
) -> None:
    other = f"  other:\n    runs-on: ubuntu-24.04\n    outputs: {{{outputs}}}\n    steps:\n"
    steps = "      - uses: dorny/paths-filter@v3\n        id: Filter\n"
    text = with_run(COMMAND, job=f"needs: other\nif: {condition}\n") + other + steps
    assert [code for _, _, code, _ in found_in(tmp_path, chain, {WORKFLOW: text})] == ([] if counts else ["CAVRA303"])
    called = text.partition("  other:")[0] + "  other:\n    uses: ./.github/workflows/other.yml\n"
    assert found_in(tmp_path, chain, {WORKFLOW: called}) == [] or "others" in condition


@pytest.mark.parametrize(
    ("condition", "counts"),
    [
        ("needs.other.result == 'failure'", False),
        ("always() && needs.other.result == 'cancelled'", False),
        ("needs.other.result == 'success'", True),
        ("always() && needs.other.result == 'skipped'", True),
    ],
)
def test_what_a_job_that_is_needed_has_come_to(condition: str, counts: bool, tmp_path: Path, chain: Chain) -> None:
    other = "  other:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: 'true'\n"
    text = with_run(COMMAND, job=f"needs: other\nif: {condition}\n") + other
    assert [code for _, _, code, _ in found_in(tmp_path, chain, {WORKFLOW: text})] == ([] if counts else ["CAVRA303"])
