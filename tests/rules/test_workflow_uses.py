"""What a workflow uses of its tree: reusable workflows and composite actions, in which the command may stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from cavra_lint.contract import Chain
from judged_workflow import COMMAND, PACKET, SCRIPT, WORKFLOW, found_in, with_run

CALLER = "on: pull_request\njobs:\n  gate:\n    uses: ./.github/workflows/shared.yml\n"
USER = with_run("true") + "      - uses: ./.github/actions/judge\n"
SHARED = with_run(COMMAND).replace("on: pull_request", "on: workflow_call")
TAKES = "on: {workflow_call: {inputs: {judge: {type: boolean}, soft: {type: boolean, default: true}}}}"
ASKED = with_run(COMMAND, job="if: inputs.judge\n").replace("on: pull_request", TAKES)
SOFTENED = with_run(COMMAND, step="continue-on-error: ${{ inputs.soft }}\n").replace("on: pull_request", TAKES)
HARMLESS = "runs:\n  using: composite\n  steps:\n    - shell: bash\n      run: 'true'\n"
JUDGE = "      - uses: ./.github/actions/judge\n"
ACTION = f"runs:\n  using: composite\n  steps:\n    - shell: bash\n      run: {COMMAND}\n"

FILTERED = ACTION.replace(
    "    - shell",
    "    - {id: filter, shell: bash, run: './changes'}\n    - if: steps.filter.outputs.changed\n      shell",
)
CHECKOUT = "      - uses: actions/checkout@v7\n"
OF_BASE = with_run("true").replace("@v7\n", "@v7\n        with: {ref: main}\n") + JUDGE
BASE_IN_ROOT = OF_BASE.replace(CHECKOUT, f"{CHECKOUT}        with: {{path: other}}\n{CHECKOUT}")
CHANGE_IN_ROOT = (
    f"  change:\n    runs-on: u\n    steps:\n{CHECKOUT}{CHECKOUT}        with: {{ref: main, path: other}}\n{JUDGE}"
)
REPLACED = with_run(f"git checkout origin/main -- {SCRIPT}") + JUDGE
OF_CHANGE = f"{CHECKOUT}{JUDGE}"

FILTER_OUTSIDE = USER.replace(JUDGE, f"      - {{id: filter, uses: dorny/paths-filter@v3}}\n{JUDGE}")
IF_FILTERED = "      if: steps.filter.outputs.changed == 'true'\n"
SOFT = "      id: gate\n      continue-on-error: true\n"
FAILS_BEHIND = "      - if: steps.gate.outcome == 'failure'\n        run: exit 1\n"
OF_EVENT = "{judge: \"${{ github.event_name == 'pull_request' }}\"}\n"
OPTIONAL = ACTION.replace("runs:", "inputs: {judge: {default: 'false'}}\nruns:") + "      if: inputs.judge == 'true'\n"
CALLED_TWICE = f"{CALLER}  judge:\n    uses: ./.github/workflows/shared.yml\n    with: {{judge: true}}\n"
#: GitHub takes no workflow that calls itself.
LOOP = ASKED + "  again:\n    uses: ./.github/workflows/shared.yml\n    with: {judge: true}\n"
SOFT_ACTION = ACTION.replace(COMMAND, f"{COMMAND} || true")
SOFTENED_AT_ROOT = [("action.yml", 5, "CAVRA303")]
OTHER = [(WORKFLOW, 6, "CAVRA303")]
NO_COMMAND = [(WORKFLOW, 3, "CAVRA302")]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({WORKFLOW: CALLER, ".github/workflows/shared.yml": SHARED}, []),
        (
            {
                WORKFLOW: CALLER,
                ".github/workflows/shared.yml": SHARED.replace("on: w", "on: [push, w").replace("call", "call]", 1),
            },
            [],
        ),
        ({WORKFLOW: CALLER, ".github/workflows/shared.yml": with_run(COMMAND)}, [(WORKFLOW, 3, "CAVRA302")]),
        ({WORKFLOW: CALLER.replace("shared", "in/shared"), ".github/workflows/in/shared.yml": SHARED}, NO_COMMAND),
        ({WORKFLOW: CALLER, ".github/workflows/shared.yml": ASKED}, [(".github/workflows/shared.yml", 5, "CAVRA303")]),
        ({WORKFLOW: CALLER + "    with: {judge: true}\n", ".github/workflows/shared.yml": ASKED}, []),
        (
            {WORKFLOW: CALLER, ".github/workflows/shared.yml": SOFTENED},
            [(".github/workflows/shared.yml", 10, "CAVRA303")],
        ),
        ({WORKFLOW: CALLER + "    with: {soft: false}\n", ".github/workflows/shared.yml": SOFTENED}, []),
        (
            {WORKFLOW: CALLER + "    if: github.event_name == 'push'\n", ".github/workflows/shared.yml": SHARED},
            [(WORKFLOW, 5, "CAVRA303")],
        ),
        ({WORKFLOW: USER, ".github/actions/judge/action.yml": ACTION}, []),
        ({WORKFLOW: USER, ".github/actions/judge/action.yaml": ACTION}, []),
        # the action of the repository itself stands at its root
        ({WORKFLOW: USER.replace("./.github/actions/judge", "./"), "action.yml": ACTION}, []),
        ({WORKFLOW: USER.replace("./.github/actions/judge", "./"), "action.yml": HARMLESS}, NO_COMMAND),
        ({WORKFLOW: USER.replace("./.github/actions/judge", "./."), "action.yml": SOFT_ACTION}, SOFTENED_AT_ROOT),
        (
            {WORKFLOW: USER, ".github/actions/judge/action.yml": OPTIONAL},
            [(".github/actions/judge/action.yml", 7, "CAVRA303")],
        ),
        ({WORKFLOW: USER + "        with: {judge: true}\n", ".github/actions/judge/action.yml": OPTIONAL}, []),
        ({WORKFLOW: CALLER}, [(WORKFLOW, 3, "CAVRA302")]),
        (
            {WORKFLOW: CALLER, ".github/workflows/shared.yml": SHARED.replace("live\n", "live || true\n")},
            [(".github/workflows/shared.yml", 9, "CAVRA303")],
        ),
        (
            {WORKFLOW: USER + "        continue-on-error: true\n", ".github/actions/judge/action.yml": ACTION},
            [(WORKFLOW, 11, "CAVRA303")],
        ),
        (
            {WORKFLOW: USER, ".github/actions/judge/action.yml": ACTION.replace(" --require-live", "")},
            [(".github/actions/judge/action.yml", 5, "CAVRA302")],
        ),
        ({WORKFLOW: CALLER.replace("shared", "customer-operating-review")}, [(WORKFLOW, 3, "CAVRA302")]),
        ({WORKFLOW: CALLER.replace("./.github", "./../outside")}, [(WORKFLOW, 3, "CAVRA302")]),
        (
            {
                WORKFLOW: CALLER.replace("jobs:\n", "jobs:\n  first:\n    runs-on: u\n    steps:\n      - run: a\n"),
                ".github/workflows/shared.yml": SHARED,
            },
            [],
        ),
        (
            {WORKFLOW: CALLER + "    if: false\n", ".github/workflows/shared.yml": SHARED},
            [(WORKFLOW, 5, "CAVRA303")],
        ),
        (
            {WORKFLOW: USER, ".github/actions/judge/action.yml": HARMLESS, ".github/actions/judge/action.yaml": ACTION},
            [(WORKFLOW, 3, "CAVRA302")],
        ),
        (
            {WORKFLOW: USER, ".github/actions/judge/action.yml": ACTION + "    - name: nothing\n"},
            [(WORKFLOW, 3, "CAVRA302")],
        ),
        (
            {WORKFLOW: USER, ".github/actions/judge/action.yml": ACTION.replace("shell: bash\n      ", "")},
            [(WORKFLOW, 3, "CAVRA302")],
        ),
        (
            {WORKFLOW: USER.replace("./.github", ".github"), ".github/actions/judge/action.yml": ACTION},
            [(WORKFLOW, 3, "CAVRA302")],
        ),
        (
            {
                WORKFLOW: USER.replace(JUDGE, JUDGE.replace("judge", "other") + JUDGE),
                ".github/actions/other/action.yml": HARMLESS,
                ".github/actions/judge/action.yml": ACTION,
            },
            [],
        ),
        (
            {
                WORKFLOW: USER.replace(JUDGE, f"{JUDGE}        continue-on-error: true\n{JUDGE}"),
                ".github/actions/judge/action.yml": ACTION,
            },
            [],
        ),
        ({WORKFLOW: USER}, NO_COMMAND),
        ({WORKFLOW: USER, ".github/actions/judge/action.yml": FILTERED}, []),
        ({WORKFLOW: CALLER, ".github/workflows/shared.yml": f"{SHARED}      - name: nothing\n"}, NO_COMMAND),
        ({WORKFLOW: CALLER, ".github/workflows/shared.yml": LOOP}, [(".github/workflows/shared.yml", 5, "CAVRA303")]),
        ({WORKFLOW: CALLED_TWICE, ".github/workflows/shared.yml": ASKED}, []),
        (
            {WORKFLOW: f"{USER}{JUDGE}        with: {{judge: true}}\n", ".github/actions/judge/action.yml": OPTIONAL},
            [],
        ),
        ({WORKFLOW: OF_BASE, ".github/actions/judge/action.yml": ACTION}, OTHER),
        ({WORKFLOW: OF_BASE + OF_CHANGE, ".github/actions/judge/action.yml": ACTION}, []),
        ({WORKFLOW: REPLACED, ".github/actions/judge/action.yml": ACTION}, [(WORKFLOW, 9, "CAVRA303")]),
        (
            {
                WORKFLOW: f"{REPLACED}  change:\n    runs-on: u\n    steps:\n{OF_CHANGE}",
                ".github/actions/judge/action.yml": ACTION,
            },
            [],
        ),
        ({WORKFLOW: BASE_IN_ROOT + CHANGE_IN_ROOT, ".github/actions/judge/action.yml": ACTION}, []),
        (
            {WORKFLOW: FILTER_OUTSIDE, ".github/actions/judge/action.yml": ACTION + IF_FILTERED},
            [(".github/actions/judge/action.yml", 6, "CAVRA303")],
        ),
        (
            {WORKFLOW: USER + FAILS_BEHIND, ".github/actions/judge/action.yml": f"{ACTION}{SOFT}"},
            [(".github/actions/judge/action.yml", 7, "CAVRA303")],
        ),
        ({WORKFLOW: f"{CALLER}    with: {OF_EVENT}", ".github/workflows/shared.yml": ASKED}, []),
        (
            {
                WORKFLOW: f"{CALLER}    with: {OF_EVENT.replace('==', '!=')}",
                ".github/workflows/shared.yml": ASKED,
            },
            [(".github/workflows/shared.yml", 5, "CAVRA303")],
        ),
    ],
    ids=[
        "reusable",
        "reusable-beside-push",
        "not-reusable",
        "in-a-folder",
        "not-asked",
        "asked",
        "softened",
        "hard",
        "not-called",
        "action",
        "yaml",
        "at-the-root",
        "at-the-root-harmless",
        "at-the-root-softened",
        "action-not-asked",
        "action-asked",
        "missing",
        "soft-inside",
        "soft-outside",
        "other-inside",
        "itself",
        "outside",
        "behind-another-job",
        "job-that-never-runs",
        "yml-before-yaml",
        "action-with-a-problem",
        "action-without-a-shell",
        "no-local-one",
        "two-actions",
        "soft-and-hard",
        "missing-action",
        "behind-a-step-of-the-action",
        "with-a-problem",
        "loop",
        "called-twice",
        "action-twice",
        "of-the-base",
        "of-the-base-and-of-the-change",
        "replaced",
        "replaced-and-not",
        "each-in-a-folder-of-its-own",
        "behind-a-step-outside",
        "a-step-outside-asks-for-one-inside",
        "asked-by-an-expression",
        "not-asked-by-an-expression",
    ],
)
def test_what_a_local_uses_leads_to(
    files: dict[str, str], expected: list[tuple[str, int, str]], tmp_path: Path, chain: Chain
) -> None:
    assert [(path, line, code) for path, line, code, _ in found_in(tmp_path, chain, files)] == expected


def nested(depth: int) -> dict[str, str]:
    """Return a workflow with an action in it that uses another, and so on; the last runs the command."""
    uses = [f"runs:\n  using: composite\n  steps:\n    - uses: ./a{number}\n" for number in range(2, depth + 1)]
    actions = {f"a{number}/action.yml": text for number, text in enumerate([*uses, ACTION], 1)}
    return {WORKFLOW: USER.replace("./.github/actions/judge", "./a1"), **actions}


@pytest.mark.parametrize(("depth", "codes"), [(9, []), (10, ["CAVRA302"]), (500, ["CAVRA302"])])
def test_what_uses_lead_to_no_deeper_than_github_goes(
    depth: int, codes: list[str], tmp_path: Path, chain: Chain
) -> None:
    assert [code for _, _, code, _ in found_in(tmp_path, chain, nested(depth))] == codes


def test_what_is_used_too_deep_and_again_higher_up_counts(tmp_path: Path, chain: Chain) -> None:
    files = nested(10)
    files[WORKFLOW] += "      - uses: ./a9\n"
    assert found_in(tmp_path, chain, files) == []


#: What is called with the names of a gate, and makes its command of them.
OF_SLUG = "examples/${{ inputs.slug }}/${{inputs.slug}}.live.sanitized.example.json"
OF_ANY = f"python3 scripts/validate_${{{{ inputs.module }}}}.py --packet {OF_SLUG} --require-live"
NAMES = "with: {slug: customer-operating-review, module: customer_operating_review}\n"
WITH_NAMES = "on: {workflow_call: {inputs: {slug: {type: string}, module: {type: string}}}}"
SHARED_BY_ANY = with_run(OF_ANY).replace("on: pull_request", WITH_NAMES)
ACTION_OF_ANY = f"inputs: {{slug: {{}}, module: {{}}}}\n{ACTION.replace(COMMAND, OF_ANY)}"
SHARED_PATH, ACTION_PATH = ".github/workflows/shared.yml", ".github/actions/judge/action.yml"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({WORKFLOW: f"{CALLER}    {NAMES}", SHARED_PATH: SHARED_BY_ANY}, []),
        ({WORKFLOW: f"{USER}        {NAMES}", ACTION_PATH: ACTION_OF_ANY}, []),
        (
            {WORKFLOW: f"{CALLER}    {NAMES.replace('_operating_', '_other_')}", SHARED_PATH: SHARED_BY_ANY},
            [(SHARED_PATH, 9, "CAVRA302")],
        ),
    ],
    ids=["reusable", "action", "for-another"],
)
def test_what_is_used_by_any_gate(
    files: dict[str, str], expected: list[tuple[str, int, str]], tmp_path: Path, chain: Chain
) -> None:
    assert [(path, line, code) for path, line, code, _ in found_in(tmp_path, chain, files)] == expected


IN_FOLDER = ACTION.replace("runs:", "inputs: {dir: {default: .}}\nruns:").replace(
    "      run", "      working-directory: ${{ inputs.dir }}\n      run"
)
IN_EXPRESSION = "working-directory: ${{ env.D }}\n"
FOLDER, _, NAME = PACKET.rpartition("/")
INTO_FOLDER = "        with: {path: '${{ env.DIR }}'}\n"


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({WORKFLOW: USER, ACTION_PATH: IN_FOLDER}, ""),
        ({WORKFLOW: f"{USER}        with: {{dir: other}}\n", ACTION_PATH: IN_FOLDER}, "CAVRA302"),
        ({WORKFLOW: with_run(COMMAND, step="env: {D: ./}\nworking-directory: ${{ env.D }}\n")}, ""),
        ({WORKFLOW: with_run(COMMAND, step="env: {D: a}\nworking-directory: ${{ env.D }}\n")}, "CAVRA302"),
        ({WORKFLOW: with_run(COMMAND, step="working-directory: ${{ vars.D }}\n")}, "CAVRA302"),
        (
            {
                WORKFLOW: with_run(
                    COMMAND, step="working-directory: ${{ matrix.d }}\n", job="strategy: {matrix: {d: [a, .]}}\n"
                )
            },
            "",
        ),
        (
            {
                WORKFLOW: with_run(COMMAND, step="working-directory: src\n", job="env: {DIR: src}\n").replace(
                    CHECKOUT, CHECKOUT + INTO_FOLDER
                )
            },
            "",
        ),
        (
            {
                WORKFLOW: with_run(COMMAND, step="working-directory: src\n", job="env: {DIR: src}\n").replace(
                    CHECKOUT, CHECKOUT + INTO_FOLDER.replace("}'", "}', ref: main")
                )
            },
            "CAVRA303",
        ),
        (
            {
                WORKFLOW: with_run(f"echo > {NAME}", step=IN_EXPRESSION, job=f"env: {{D: {FOLDER}}}\n")
                + f"      - run: {COMMAND}\n"
            },
            "CAVRA303",
        ),
    ],
)
def test_a_folder_that_an_expression_names(files: dict[str, str], code: str, tmp_path: Path, chain: Chain) -> None:
    assert [code for _, _, code, _ in found_in(tmp_path, chain, files)] == ([code] if code else [])


OF_SHELL = ACTION.replace("runs:", "inputs: {shell: {default: bash}}\nruns:").replace("bash\n", "${{ inputs.shell }}\n")


@pytest.mark.parametrize(("given", "codes"), [("", []), ("        with: {shell: 'cat {0}'}\n", ["CAVRA302"])])
def test_a_shell_that_an_input_names(given: str, codes: list[str], tmp_path: Path, chain: Chain) -> None:
    found = found_in(tmp_path, chain, {WORKFLOW: f"{USER}{given}", ACTION_PATH: OF_SHELL})
    assert [code for _, _, code, _ in found] == codes


PREPARE = "      - uses: ./.github/actions/prepare\n"
PREPARE_PATH = ".github/actions/prepare/action.yml"
PREPARED = with_run(COMMAND).replace("      - name: Judge", f"{PREPARE}      - name: Judge")
OF_MAIN = "runs:\n  using: composite\n  steps:\n    - uses: actions/checkout@v7\n      with: {ref: main}\n"
OF_INPUT = "inputs: {ref: {default: ''}}\n" + OF_MAIN.replace("main", "'${{ inputs.ref }}'")
MAIN_ONLY = "strategy: {matrix: {ref: [main]}}\n"
ACTION_OF_MATRIX = ACTION.replace("    - shell", f"{OF_MAIN.partition('steps:')[2][1:]}    - shell", 1).replace(
    "main", "'${{ matrix.ref }}'"
)
SHARED_OF_MAIN = SHARED.replace("workflow_call", "{workflow_call: {inputs: {ref: {type: string}}}}")
SHARED_OF_MAIN = SHARED_OF_MAIN.replace("@v7\n", "@v7\n        with: {ref: '${{ inputs.ref }}'}\n")


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({WORKFLOW: PREPARED, PREPARE_PATH: OF_MAIN}, [(PREPARE_PATH, 4, "CAVRA303")]),
        ({WORKFLOW: PREPARED, PREPARE_PATH: OF_INPUT}, []),
        (
            {WORKFLOW: PREPARED.replace(PREPARE, f"{PREPARE}        with: {{ref: main}}\n"), PREPARE_PATH: OF_INPUT},
            [(PREPARE_PATH, 5, "CAVRA303")],
        ),
        (
            {WORKFLOW: PREPARED.replace(PREPARE, f"{PREPARE}        if: false\n"), PREPARE_PATH: OF_MAIN},
            [],
        ),
        (
            {
                WORKFLOW: PREPARED.replace(PREPARE, f"{PREPARE}        if: github.actor != 'a'\n"),
                PREPARE_PATH: OF_MAIN.replace("main", "'${{ github.sha }}'"),
            },
            [],
        ),
        (
            {WORKFLOW: PREPARED.replace(PREPARE, f"{PREPARE}        if: vars.OLD\n"), PREPARE_PATH: OF_MAIN},
            [],
        ),
        (
            {WORKFLOW: with_run("true", job=MAIN_ONLY) + JUDGE, ACTION_PATH: ACTION_OF_MATRIX},
            [(ACTION_PATH, 4, "CAVRA303")],
        ),
        (
            {WORKFLOW: with_run("true", job=MAIN_ONLY.replace("main", "''")) + JUDGE, ACTION_PATH: ACTION_OF_MATRIX},
            [],
        ),
        (
            {WORKFLOW: f"{CALLER}    with: {{ref: main}}\n", SHARED_PATH: SHARED_OF_MAIN},
            [(SHARED_PATH, 6, "CAVRA303")],
        ),
        (
            {
                WORKFLOW: f"{CALLER}    with: {{ref: main}}\n",
                SHARED_PATH: SHARED_OF_MAIN.replace(COMMAND, "true") + JUDGE,
                ACTION_PATH: ACTION.replace("runs:", "inputs: {ref: {}}\nruns:"),
            },
            [(SHARED_PATH, 6, "CAVRA303")],
        ),
        (
            {
                WORKFLOW: with_run(COMMAND).replace(
                    "@v7\n", "@v7\n        env: {OF: main}\n        with: {ref: '${{ env.OF }}'}\n"
                )
            },
            [(WORKFLOW, 6, "CAVRA303")],
        ),
    ],
    ids=[
        "in-an-action",
        "default-of-an-action",
        "input-of-an-action",
        "action-that-never-runs",
        "the-change-by-an-action",
        "action-that-may-not-run",
        "matrix-in-an-action",
        "matrix-of-the-change",
        "input-of-a-workflow",
        "input-of-a-workflow-around-an-action",
        "variable-of-the-step",
    ],
)
def test_what_is_checked_out_by_what_is_used(
    files: dict[str, str], expected: list[tuple[str, int, str]], tmp_path: Path, chain: Chain
) -> None:
    assert [(path, line, code) for path, line, code, _ in found_in(tmp_path, chain, files)] == expected


@pytest.mark.parametrize(("others", "codes"), [(99, []), (100, ["CAVRA302"])])
def test_so_many_uses_are_followed(others: int, codes: list[str], tmp_path: Path, chain: Chain) -> None:
    files = {f"a{number}/action.yml": HARMLESS for number in range(others)}
    uses = "".join(f"      - uses: ./a{number}\n" for number in range(others))
    # what is used again says nothing new, and does not count, whatever stands between
    files[WORKFLOW] = with_run("true") + uses + "      - run: git status\n" + uses + JUDGE
    files[".github/actions/judge/action.yml"] = ACTION
    assert [code for _, _, code, _ in found_in(tmp_path, chain, files)] == codes


STEP = "      - run: 'true'\n"
EMPTY = "on: {workflow_call: {inputs: {n: {type: string, default: none}}}}\njobs:\n  job:\n    runs-on: u\n    steps:\n"


@pytest.mark.parametrize(("steps", "codes"), [(46, []), (47, ["CAVRA302"])])
def test_so_many_steps_are_followed(steps: int, codes: list[str], tmp_path: Path, chain: Chain) -> None:
    # each job counts as a step more: of 50 * 199, 47 and 3 there are 10000
    calls = [f"  a{number}:\n    uses: ./.github/workflows/a.yml\n    with: {{n: {number}}}\n" for number in range(50)]
    calls += [f"  {name}:\n    uses: ./.github/workflows/{name}.yml\n" for name in ("b", "shared")]
    files = {
        WORKFLOW: f"on: pull_request\njobs:\n{''.join(calls)}",
        ".github/workflows/a.yml": EMPTY + STEP * 198,
        ".github/workflows/b.yml": EMPTY + STEP * steps,
        ".github/workflows/shared.yml": SHARED,
    }
    assert [code for _, _, code, _ in found_in(tmp_path, chain, files)] == codes
