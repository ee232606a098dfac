"""The rules about workflows: each on a workflow of R7.4 that is written, broken and read."""

from __future__ import annotations

from pathlib import Path

import pytest

from cavra_lint.contract import Chain
from cavra_lint.rules.gate_files import gate_files, index_of
from cavra_lint.rules.workflows import guards_of
from cavra_lint.sources.json_document import in_memory
from cavra_lint.sources.repository import Repository
from judged_workflow import COMMAND, PACKET, SCRIPT, WORKFLOW, found_in, with_run


@pytest.mark.parametrize(
    ("script", "line", "code", "words"),
    [
        (f"echo {COMMAND}", 9, "CAVRA302", "does not run it"),
        (f"# {COMMAND}\ntrue", 9, "CAVRA302", "nothing runs it"),
        (f"cat <<EOF\n{COMMAND}\nEOF", 10, "CAVRA302", "nothing runs it"),
        (f"true\necho '{COMMAND}'", 10, "CAVRA302", "does not run"),
        (COMMAND.replace(" --require-live", ""), 9, "CAVRA302", "has no `--require-live`"),
        (COMMAND.replace(PACKET, PACKET.replace("live.sanitized.example", "sample")), 9, "CAVRA302", "--packet"),
        (COMMAND.replace("operating_review", "closeout_handoff"), 9, "CAVRA302", "validate_customer_closeout_hand"),
        (f"{COMMAND} --help", 9, "CAVRA302", "`--help`"),
        (f"{COMMAND} --packet other.json", 9, "CAVRA302", "--packet"),
        (f"{COMMAND} || true", 9, "CAVRA303", "`|| true`"),
        (f"{COMMAND} || :", 9, "CAVRA303", "`|| :`"),
        (f"{COMMAND} || echo failed", 9, "CAVRA303", "discards its status"),
        (f"set +e\n{COMMAND}\necho done", 10, "CAVRA303", "`set +e`"),
        (f"! {COMMAND}", 9, "CAVRA303", "negated"),
        (f"{COMMAND} &", 9, "CAVRA303", "background"),
        (f"{COMMAND} | tee log", 9, "CAVRA303", "`pipefail`"),
        (f"{COMMAND} && echo fine\necho more", 9, "CAVRA303", "discards its status"),
        (f"if {COMMAND}; then echo fine; fi", 9, "CAVRA303", ""),
        (f"exit 0\n{COMMAND}", 10, "CAVRA303", ""),
        (f"judge() {{\n  {COMMAND}\n}}", 10, "CAVRA303", ""),
        (f"python3 {SCRIPT}\n{COMMAND.replace(' --require-live', '')}", 10, "CAVRA302", "has no `--require-live`"),
        (f"{COMMAND.replace(' --require-live', '')} || true", 9, "CAVRA302", "has no `--require-live`"),
        (
            f"{COMMAND.replace(' --require-live', '')}\n{COMMAND.replace('validate_', 'check_')}",
            9,
            "CAVRA302",
            "has no `--require-live`",
        ),
    ],
)
def test_a_script_that_does_not_guard(
    script: str, line: int, code: str, words: str, tmp_path: Path, chain: Chain
) -> None:
    found = found_in(tmp_path, chain, {WORKFLOW: with_run(script)})
    assert [(path, at, rule) for path, at, rule, _ in found] == [(WORKFLOW, line, code)]
    assert words in found[0][3]


@pytest.mark.parametrize(
    "script",
    [
        COMMAND,
        COMMAND.replace(" --", " \\\n  --"),
        COMMAND.replace("python3", "python"),
        COMMAND.replace("python3", "uv run"),
        COMMAND.replace("python3", "uv run python3.12"),
        COMMAND.replace("python3", "py -3"),
        COMMAND.replace("python3", "/usr/bin/python3 -I"),
        COMMAND.replace("python3 ", "./"),
        COMMAND.replace("--packet ", "--packet="),
        COMMAND.replace(PACKET, f'"./{PACKET}"'),
        f"python3 {SCRIPT} --require-live --packet {PACKET}",
        f"{COMMAND} --output verdict.json",
        f"PYTHONHASHSEED=0 {COMMAND}",
        f"{COMMAND} || exit 1",
        f"{COMMAND} || {{ echo failed; exit 1; }}",
        f"if ! {COMMAND}; then\n  exit 1\nfi",
        f"set -euo pipefail\n{COMMAND} | tee log",
        f"echo judging\n{COMMAND}\necho judged",
        f"{COMMAND} || true\n{COMMAND}",
    ],
)
def test_a_script_that_guards(script: str, tmp_path: Path, chain: Chain) -> None:
    assert found_in(tmp_path, chain, {WORKFLOW: with_run(script)}) == []
    assert found_in(tmp_path, chain, {WORKFLOW: with_run(script).replace("\n", "\r\n")}) == []


@pytest.mark.parametrize(
    ("step", "job", "line"),
    [
        ("if: false\n", "", 10),
        ("if: ${{ false }}\n", "", 10),
        ("continue-on-error: true\n", "", 10),
        ("continue-on-error: ${{ vars.SOFT }}\n", "", 10),
        ("continue-on-error: ${{ matrix.soft }}\n", "strategy:\n  matrix:\n    soft: [true]\n", 13),
        ("continue-on-error: ${{ github.event_name == 'pull_request' }}\n", "", 10),
        ("if: github.event_name == 'push'\n", "", 10),
        ("if: always() && github.event_name != 'pull_request'\n", "", 10),
        ("if: github.event.inputs.judge == 'true'\n", "", 10),
        ("if: inputs.judge\n", "", 10),
        ("if: steps.filter.outputs.changed == 'true'\n", "", 10),
        ("if: env.JUDGE == 'true'\nenv:\n  JUDGE: no\n", "", 10),
        ("if: env.JUDGE == 'true'\n", "env:\n  JUDGE: no\n", 12),
        ("if: matrix.python == '3.14'\n", "strategy:\n  matrix:\n    python: ['3.12', '3.13']\n", 13),
        ("", "if: github.event_name == 'push'\n", 5),
        ("", "if: startsWith(github.ref, 'refs/tags/')\n", 5),
        ("", "if: github.ref == 'refs/heads/main'\n", 5),
        ("", "if: false\n", 5),
        ("", "continue-on-error: true\n", 5),
        ("", "if: false\ncontinue-on-error: true\n", 5),
        ("if: steps.filter.outputs.changed == 'true'\nid: filter\n", "", 10),
        ("if: needs.changes.outputs.gate == 'true'\n", "", 10),
        ("", "if: github.ref_name == 'main'\n", 5),
        ("", "if: github.event.action == 'labeled'\n", 5),
    ],
)
def test_a_step_that_does_not_count(step: str, job: str, line: int, tmp_path: Path, chain: Chain) -> None:
    found = found_in(tmp_path, chain, {WORKFLOW: with_run(COMMAND, step=step, job=job)})
    assert [(path, at, code) for path, at, code, _ in found] == [(WORKFLOW, line, "CAVRA303")]


#: As in GitHub's own pages: one of the versions may fail.
EXPERIMENTAL = """strategy:
  matrix:
    python: ['3.12', '3.13']
    experimental: [false]
    include:
      - python: 3.15-dev
        experimental: true
"""


@pytest.mark.parametrize(
    ("step", "job"),
    [
        ("continue-on-error: false\n", ""),
        ("if: ${{ always() }}\n", ""),
        ("shell: bash\n", ""),
        ("shell: bash -euo pipefail {0}\n", ""),
        ("working-directory: .\n", ""),
        ("", "if: github.event_name == 'pull_request'\n"),
        ("", "if: github.event_name != 'schedule' && !inputs.skip\n"),
        ("", "if: github.event.pull_request.draft == false\n"),
        ("", "if: github.ref_name && github.head_ref && github.base_ref && github.event.pull_request\n"),
        ("", "if: github.event.action != 'closed' && github.event.action == 'synchronize'\n"),
        ("", "if: startsWith(github.ref, 'refs/pull/') && github.base_ref == 'main'\n"),
        ("continue-on-error: ${{ github.event_name == 'schedule' }}\n", ""),
        ("continue-on-error: ${{ inputs.soft }}\n", ""),
        ("if: matrix.os == 'ubuntu-24.04'\n", "strategy:\n  matrix:\n    os: [macos-15, ubuntu-24.04]\n"),
        ("", f"continue-on-error: ${{{{ matrix.experimental }}}}\n{EXPERIMENTAL}"),
        ("", f"continue-on-error: ${{{{ endsWith(matrix.python, '-dev') }}}}\n{EXPERIMENTAL}"),
        ("", "defaults:\n  run:\n    shell: bash\n"),
    ],
)
def test_a_step_that_counts(step: str, job: str, tmp_path: Path, chain: Chain) -> None:
    assert found_in(tmp_path, chain, {WORKFLOW: with_run(COMMAND, step=step, job=job)}) == []


CHECKOUT = "      - uses: actions/checkout@v7\n"


def test_what_a_step_has_told_is_not_known_behind_it(tmp_path: Path, chain: Chain) -> None:
    text = with_run(COMMAND, step="if: steps.filter.outputs.changed == 'true'\n")
    text = text.replace(CHECKOUT, f"{CHECKOUT}      - uses: dorny/paths-filter@v3\n        id: Filter\n")
    assert found_in(tmp_path, chain, {WORKFLOW: text}) == []


def test_the_default_shell_has_no_pipefail_and_bash_has(tmp_path: Path, chain: Chain) -> None:
    piped = f"{COMMAND} | tee log"
    assert [code for _, _, code, _ in found_in(tmp_path, chain, {WORKFLOW: with_run(piped)})] == ["CAVRA303"]
    assert found_in(tmp_path, chain, {WORKFLOW: with_run(piped, step="shell: bash\n")}) == []


OFF = "  off:\n    if: false\n    runs-on: ubuntu-24.04\n    steps:\n      - run: 'true'\n"
MIDDLE = "  middle:\n    needs: off\n    runs-on: ubuntu-24.04\n    steps:\n      - run: 'true'\n"


@pytest.mark.parametrize(
    ("job", "others", "line"),
    [
        ("needs: off\n", OFF, 3),
        ("needs: [on, off]\n", OFF + OFF.replace("off", "on").replace("    if: false\n", ""), 3),
        ("needs: middle\n", MIDDLE + OFF, 3),
        ("needs: [on, middle]\n", OFF.replace("off", "on").replace("    if: false\n", "") + MIDDLE + OFF, 3),
        ("needs: middle\n", MIDDLE.replace("needs: off", "needs: off\n    if: always()") + OFF, 3),
        ("needs: off\nif: github.event_name == 'pull_request'\n", OFF, 3),
        ("needs: off\nif: success() || failure()\n", OFF, 3),
        ("needs: off\nif: always() && needs.off.result == 'success'\n", OFF, 3),
        ("needs: off\n", OFF.replace("false", "github.event_name == 'push'"), 3),
        ("needs: []\nif: needs.off.outputs.changed == 'true'\n", OFF, 6),
        ("needs: off\nif: always()\n", OFF, None),
        ("needs: off\nif: always()\n", f"        if: success()\n{OFF}", None),
        ("needs: off\n", f"        if: needs.off.outputs.x\n{OFF.replace('if: false', 'outputs: {x: a}')}", None),
        ("needs: off\nif: ${{ !failure() && !cancelled() }}\n", OFF, None),
        ("needs: off\nif: always() && needs.off.result != 'failure'\n", OFF, None),
        ("needs: OFF\n", OFF.replace("false", "github.event_name == 'pull_request'"), None),
        ("needs: off\nif: needs.off.outputs.x == 'a'\n", OFF.replace("if: false", "outputs: {x: a}"), None),
        ("needs: off\nif: needs.off.outputs.x == 'a'\n", OFF.replace("    if: false\n", ""), 6),
    ],
)
def test_a_job_behind_one_that_never_runs_never_runs(
    job: str, others: str, line: int | None, tmp_path: Path, chain: Chain
) -> None:
    found = found_in(tmp_path, chain, {WORKFLOW: with_run(COMMAND, job=job) + others})
    assert [(at, code) for _, at, code, _ in found] == ([(line, "CAVRA303")] if line else [])


@pytest.mark.parametrize(
    ("others", "message"),
    [
        (OFF + OFF.replace("off", "on").replace("    if: false\n", ""), "the job `gate` needs `off`, which never runs"),
        (
            OFF + OFF.replace("off", "on").replace("false", "github.event_name == 'push'"),
            "the job `gate` needs `off`, which never runs",
        ),
        (
            OFF.replace("false", "github.event_name != 'push'")
            + OFF.replace("off", "on").replace("false", "github.event_name == 'push'"),
            "the job `gate` never runs",
        ),
    ],
)
def test_the_job_that_keeps_another_from_running_is_named(
    others: str, message: str, tmp_path: Path, chain: Chain
) -> None:
    text = with_run(COMMAND, job="needs: [on, off]\n").replace("on: pull_request", "on: [pull_request, push]")
    found = found_in(tmp_path, chain, {WORKFLOW: text + others})
    assert [(line, said) for _, line, _, said in found] == [(3, f"the command of R7.4 cannot fail: {message}")]


@pytest.mark.parametrize(
    ("events", "line", "left_out"),
    [
        ("on: workflow_dispatch", 1, None),
        ("on:\n  schedule:\n    - cron: '0 0 * * *'", 1, None),
        ("on: [workflow_call]", 1, None),
        ("on:\n  push:\n    tags: ['v*']", 1, None),
        ("on:\n  push:\n    tags-ignore: ['v*']", 1, None),
        ("on:\n  push:\n    branches: ['!main']", 1, None),
        ("on:\n  push:\n    branches: [main, '!main']", 1, None),
        ("on:\n  push:\n    branches: ['**', '!**']", 1, None),
        ("on:\n  push:\n    branches: []", 1, None),
        ("on:\n  push:\n    branches: ['']", 1, None),
        ("on:\n  pull_request:\n    types: [opened]", 1, None),
        ("on:\n  pull_request:\n    types: [closed]", 1, None),
        ("on:\n  push:\n    branches-ignore: ['**']", 1, None),
        ("on: release", 1, None),
        ("on:\n  pull_request:\n    types: [labeled, closed]", 1, None),
        ("on:\n  pull_request_review:\n  push:\n    paths: ['docs/**']", 4, 4),
        ("on:\n  pull_request:\n    paths: ['docs/**']", 3, 4),
        ("on:\n  pull_request:\n    paths-ignore: ['tests/**']", 3, 1),
        ("on:\n  pull_request:\n    paths: ['**', '!**/*.json']", 3, 2),
        ("on:\n  pull_request:\n    paths: ['examples/*', 'scripts/**', 'tests/**']", 3, 2),
    ],
)
def test_a_workflow_that_does_not_start(
    events: str, line: int, left_out: int | None, tmp_path: Path, chain: Chain
) -> None:
    text = with_run(COMMAND).replace("on: pull_request", events)
    found = found_in(tmp_path, chain, {WORKFLOW: text})
    assert [(at, code) for _, at, code, _ in found] == [(line, "CAVRA304")] * (left_out or 1)
    assert all(("does not start the workflow" in message) is (left_out is not None) for *_, message in found)


@pytest.mark.parametrize(
    "events",
    [
        "on: push",
        "on: [push, pull_request]",
        "'on':\n  pull_request:",
        "on:\n  push:\n    branches: [main]",
        "on:\n  push:\n    branches-ignore: [main]",
        "on:\n  push:\n    branches: ['*', '!main']",
        "on:\n  push:\n    branches: ['*', '!*-*']",
        "on:\n  push:\n    tags: ['v*']\n    branches-ignore: [old]",
        "on:\n  pull_request:\n    types: [synchronize, closed]",
        "on:\n  push:\n    branches: ['releases/**', '!releases/**-alpha']",
        "on:\n  push:\n    branches: ['v[0-9]+.x']\n    tags: ['v*']",
        "on:\n  pull_request:\n    types: [opened, synchronize, ready_for_review]",
        "on:\n  pull_request:\n    paths: ['**']",
        "on:\n  pull_request:\n    paths: ['examples/**', 'scripts/*.py', 'tests/test_*.py']",
        "on:\n  pull_request:\n    paths-ignore: ['docs/**', '*.md']",
        "on:\n  pull_request:\n    paths: &paths ['**.json', '**.py']\n  push:\n    paths: *paths",
        "on:\n  pull_request:\n    paths: ['docs/**']\n  push:\n    branches: [main]",
    ],
)
def test_a_workflow_that_starts(events: str, tmp_path: Path, chain: Chain) -> None:
    assert found_in(tmp_path, chain, {WORKFLOW: with_run(COMMAND).replace("on: pull_request", events)}) == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("on: push\njobs: [\n", 3),
        ("on: push\njobs:\n  a: 1\n\tb: 2\n", 4),
        ("on: push\njobs: [build]\n", 2),
        ("on: push\njobs:\n  a:\n    runs-on: x\n    runs-on: y\n    steps: []\n", 5),
        ("on: push\njobs:\n  a:\n    runs-on: x\n    steps: all of them\n", 5),
        ("# nothing but a comment\n", 1),
        (with_run(f"{COMMAND} || true") + "      - name: nothing\n", 10),
        (with_run(COMMAND, job='if: github.ref == "refs/heads/main"\n'), 5),
        (with_run(COMMAND, step="if: ture\n"), 10),
    ],
)
def test_what_is_no_workflow(text: str, line: int, tmp_path: Path, chain: Chain) -> None:
    found = found_in(tmp_path, chain, {WORKFLOW: text})
    assert [(at, code) for _, at, code, _ in found] == [(line, "CAVRA006")]


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ("shell: python\n", "runs in another shell than bash or sh"),
        ("shell: node {0}\n", "runs in another shell than bash or sh"),
        ("working-directory: docs\n", "runs in another `working-directory`"),
        ("working-directory: ${{ github.workspace }}/docs\n", "runs in another `working-directory`"),
    ],
)
def test_a_step_that_runs_something_else(step: str, words: str, tmp_path: Path, chain: Chain) -> None:
    ((path, line, code, message),) = found_in(tmp_path, chain, {WORKFLOW: with_run(COMMAND, step=step)})
    assert (path, line, code) == (WORKFLOW, 9, "CAVRA302")
    assert message.startswith(f"the command {words}, expected")


@pytest.mark.parametrize(
    ("runs_on", "script", "step", "codes"),
    [
        ("windows-2025", COMMAND, "", []),
        ("[self-hosted, Windows]", f"{COMMAND}\necho done", "", ["CAVRA303"]),
        ("windows-2025", f"{COMMAND}\necho done", "shell: bash\n", []),
        ("ubuntu-24.04", f"{COMMAND}\necho done", "shell: pwsh\n", ["CAVRA303"]),
    ],
)
def test_powershell_goes_on_behind_a_failure_and_is_the_shell_of_windows(
    runs_on: str, script: str, step: str, codes: list[str], tmp_path: Path, chain: Chain
) -> None:
    text = with_run(script, step=step).replace("ubuntu-24.04", runs_on)
    assert [code for _, _, code, _ in found_in(tmp_path, chain, {WORKFLOW: text})] == codes


def test_what_is_not_utf_8_is_no_workflow_to_ask(tmp_path: Path, chain: Chain) -> None:
    (tmp_path / WORKFLOW).parent.mkdir(parents=True)
    (tmp_path / WORKFLOW).write_bytes(with_run(COMMAND).encode() + b"# caf\xe9\n")
    files = gate_files(chain, chain.gate("R7.4"), Repository(tmp_path), index_of(in_memory({})))
    assert list(guards_of(files)) == []


ASKS = "if: steps.gate.outcome == 'failure'"
IN_ENV = "env: {OUTCOME: '${{ steps.gate.outcome }}'}"


@pytest.mark.parametrize(
    ("behind", "code"),
    [
        (f"{ASKS}\n        run: exit 1", ""),
        (
            "if: always() && steps.gate.outcome != 'success'\n        run: |\n          cat x\n          exit 1",
            "",
        ),
        ("run: '[ ${{ steps.gate.outcome }} = success ] || exit 1'", ""),
        (f"{IN_ENV}\n        run: '[ \"$OUTCOME\" = success ] || exit 1'", ""),
        (f"{IN_ENV}\n        run: if [[ ${{OUTCOME}} != success ]]; then exit 1; fi", ""),
        (f"{IN_ENV}\n        run: test $OUTCOME != failure", ""),
        (f'{IN_ENV}\n        run: test "$OUTCOME" = failure', "CAVRA303"),
        (f"{IN_ENV}\n        run: OUTCOME=success; test $OUTCOME = success", "CAVRA303"),
        (f"{IN_ENV}\n        run: test $OTHER = success", "CAVRA303"),
        (f"{IN_ENV.replace('outcome', 'conclusion')}\n        run: test $OUTCOME = success", "CAVRA303"),
        (f"{IN_ENV.replace('gate', 'other')}\n        run: test $OUTCOME = success", "CAVRA303"),
        ("run: 'test ${{ steps.gate.outcome }} = success'", ""),
        ("run: if [ ${{ steps.gate.outcome }} != success ]; then exit 1; fi", ""),
        ("run: exit 1", "CAVRA303"),
        (f"{ASKS}\n        run: echo failed", "CAVRA303"),
        (f"{ASKS}\n        run: exit 0", "CAVRA303"),
        (f"{ASKS}\n        run: grep x y && exit 1", "CAVRA303"),
        (f"{ASKS}\n        run: set -n; exit 1", "CAVRA303"),
        (f"{ASKS}\n        run: trap 'exit 0' EXIT; exit 1", "CAVRA303"),
        (f"{ASKS}\n        run: exit 1\n        continue-on-error: true", "CAVRA303"),
        (f"{ASKS}\n        shell: python\n        run: exit 1", "CAVRA303"),
        (f"{ASKS} && github.actor == 'x'\n        run: exit 1", "CAVRA303"),
        (f"{ASKS} && github.event_name == 'push'\n        run: exit 1", "CAVRA303"),
        ("if: steps.gate.conclusion == 'failure'\n        run: exit 1", "CAVRA303"),
        ("if: steps.other.outcome == 'failure'\n        run: exit 1", "CAVRA303"),
        (f"{ASKS} && steps.note.outcome != 'success'\n        id: note\n        run: exit 1", "CAVRA303"),
        ("if: failure()\n        run: exit 1", "CAVRA303"),
    ],
)
def test_a_step_that_fails_behind_a_soft_one(behind: str, code: str, tmp_path: Path, chain: Chain) -> None:
    text = with_run(COMMAND, step="id: gate\ncontinue-on-error: true\n")
    found = found_in(tmp_path, chain, {WORKFLOW: f"{text}      - run: true\n      - {behind}\n"})
    assert [code for _, _, code, _ in found] == ([code] if code else [])


@pytest.mark.parametrize(
    ("behind", "codes"),
    [
        (f"{ASKS}\n      run: exit 1", []),
        (f"{ASKS}\n      run: echo failed", ["CAVRA303"]),
        ("if: failure()\n      run: exit 1", ["CAVRA303"]),
    ],
)
def test_a_step_of_an_action_that_fails_behind_a_soft_one(
    behind: str, codes: list[str], tmp_path: Path, chain: Chain
) -> None:
    action = (
        "runs:\n  using: composite\n  steps:\n    - id: gate\n      continue-on-error: true\n"
        f"      shell: bash\n      run: {COMMAND}\n    - shell: bash\n      {behind}\n"
    )
    text = with_run("true").replace(CHECKOUT, f"{CHECKOUT}      - uses: ./.github/actions/judge\n")
    found = found_in(tmp_path, chain, {WORKFLOW: text, ".github/actions/judge/action.yml": action})
    assert [code for _, _, code, _ in found] == codes


HANDS_ON = f'set +e\n{COMMAND} > out.json\necho "rc=$?" >> "$GITHUB_OUTPUT"'
BY_OUTPUT = "if: steps.gate.outputs.rc != '0'\n        run: exit 1"


@pytest.mark.parametrize(
    ("script", "behind", "code"),
    [
        (HANDS_ON, BY_OUTPUT, ""),
        (HANDS_ON, "run: exit ${{ steps.gate.outputs.rc }}", ""),
        (f"rc=0\n{COMMAND} || rc=$?\necho rc=$rc >> $GITHUB_OUTPUT", BY_OUTPUT, ""),
        (HANDS_ON, f"{BY_OUTPUT}\n        continue-on-error: true", "CAVRA303"),
        (HANDS_ON, BY_OUTPUT.replace("!=", "=="), "CAVRA303"),
        (HANDS_ON, BY_OUTPUT.replace("exit 1", "exit 0"), "CAVRA303"),
        (HANDS_ON, BY_OUTPUT.replace("rc", "status"), "CAVRA303"),
        (HANDS_ON, BY_OUTPUT.replace("gate", "other"), "CAVRA303"),
        (HANDS_ON, "run: exit ${{ steps.gate.outputs.ready }}", "CAVRA303"),
        (HANDS_ON.replace("echo", "true\necho"), BY_OUTPUT, "CAVRA303"),
        (HANDS_ON.replace("echo", "false && echo"), BY_OUTPUT, "CAVRA303"),
        (HANDS_ON.replace("echo", "note() {\necho") + "\n}", BY_OUTPUT, "CAVRA303"),
        (f"{HANDS_ON}\necho rc=0 >> $GITHUB_OUTPUT", BY_OUTPUT, "CAVRA303"),
        (f"set +e\n{COMMAND}\nrc=$?\nrc=0\necho rc=$rc >> $GITHUB_OUTPUT", BY_OUTPUT, "CAVRA303"),
    ],
)
def test_a_step_that_fails_by_what_a_script_hands_on(
    script: str, behind: str, code: str, tmp_path: Path, chain: Chain
) -> None:
    found = found_in(tmp_path, chain, {WORKFLOW: with_run(script, step="id: gate\n") + f"      - {behind}\n"})
    assert [code for _, _, code, _ in found] == ([code] if code else [])


def test_by_what_is_handed_on_only_the_runs_count_that_fail(tmp_path: Path, chain: Chain) -> None:
    behind = BY_OUTPUT.replace("'0'", "'0' && github.event_name == 'push'")
    text = with_run(HANDS_ON, step="id: gate\n").replace(
        "on: pull_request", "on: {pull_request: {}, push: {paths: [docs/**]}}"
    )
    found = found_in(tmp_path, chain, {WORKFLOW: f"{text}      - {behind}\n"})
    assert {code for _, _, code, _ in found} == {"CAVRA304"}
