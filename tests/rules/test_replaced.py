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


FOLDER = PACKET.rpartition("/")[0]
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
        ("      - run: git fetch origin main\n      - run: git checkout FETCH_HEAD\n", 8),
        ("      - run: git switch main\n", 7),
        ("      - run: git reset --hard origin/main\n", 7),
        ("      - run: git restore -s main .\n", 7),
        ("      - run: cp -r good/scripts .\n", 7),
        ("      - run: mv scripts old\n", 7),
        ("      - run: rm -rf examples/customer-operating-review\n", 7),
        (f"      - run: python3 {SCRIPT} --require-live --export-dir {FOLDER}\n", 7),
        (f"      - run: ./{SCRIPT} --export-dir=./{FOLDER}/\n", 7),
        (f"      - run: cavra-gate R7.4 --export-dir {FOLDER}\n", 7),
        (f"      - run: cd examples && ../{SCRIPT} --export-dir {FOLDER.removeprefix('examples/')}\n", 7),
        (f"      - run: python3 {SCRIPT} --export-dir out/{FOLDER}\n", None),
        (f"      - run: python3 scripts/build.py --export-dir {FOLDER}\n", None),
        (f"      - run: python3 {SCRIPT} --export-dir {FOLDER}\n      - run: git diff --exit-code\n", None),
        ("      - run: git fetch origin main\n      - run: git log FETCH_HEAD\n", None),
        ("      - run: git fetch origin $GITHUB_SHA\n      - run: git checkout FETCH_HEAD\n", None),
        ("      - run: cp -r good/scripts /tmp\n", None),
        (f'      - run: cat "$PACKET"\n        env: {{PACKET: {PACKET}}}\n', None),
        ("      - run: find . -name '*.json' -exec sed -i s/a/b/ {} +\n", 7),
        ("      - run: git ls-files | xargs sed -i s/a/b/\n", 7),
        ("      - run: sed -i s/a/b/ */*/*.json\n", 7),
        ("      - run: |\n          true\n          for f in */*/*.json; do echo > $f; done\n", 9),
        ("      - run: find . -name '*.md' -exec sed -i s/a/b/ {} +\n", None),
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


@pytest.mark.parametrize(
    ("script", "is_replaced"),
    [("cp good.json $PACKET", True), ("echo > $PACKET", True), ("cat $PACKET", False)],
)
def test_a_variable_of_the_job_is_known_in_its_steps(
    script: str, is_replaced: bool, tmp_path: Path, chain: Chain
) -> None:
    head = HEAD.replace("    steps:", f"    env: {{PACKET: {PACKET}}}\n    steps:")
    for steps in (f"      - run: {script}\n{JUDGE}", f"      - run: |\n          {script}\n          {COMMAND}\n"):
        assert bool(found_in(tmp_path, chain, {WORKFLOW: head + steps})) is is_replaced


def test_an_action_knows_no_variable_of_another_job(tmp_path: Path, chain: Chain) -> None:
    other = HEAD[HEAD.index("  gate") :].replace("gate", "other") + PREPARES
    other = other.replace("    steps:", f"    env: {{FILE: {PACKET}}}\n    steps:")
    text = HEAD.replace("  gate:", f"{other}  gate:") + PREPARES + JUDGE
    action = {".github/actions/prepare/action.yml": PREPARE.replace(PACKET, "$FILE")}
    assert found_in(tmp_path, chain, {WORKFLOW: text, **action}) == []


ACTION = f"runs:\n  using: composite\n  steps:\n    - shell: bash\n      run: {COMMAND}\n"
ACTION_USING = "runs:\n  using: composite\n  steps:\n    - uses: ./.github/actions/prepare\n"
PREPARE = f"runs:\n  using: composite\n  steps:\n    - shell: bash\n      run: cp good.json {PACKET}\n"
MATRIX = "    strategy: {matrix: {on: ['yes']}}\n    steps:\n"
USES = "      - uses: ./.github/actions/judge\n"
PREPARE_IN_FOLDER = f"inputs: {{dir: {{default: {PACKET.rpartition('/')[0]}}}}}\n" + PREPARE.replace(
    f"run: cp good.json {PACKET}",
    f"working-directory: ${{{{ inputs.dir }}}}\n      run: cp good.json {PACKET.rpartition('/')[2]}",
)
TAKES_X = "inputs: {x: {default: 'no'}}\nruns:"
PREPARES = "      - uses: ./.github/actions/prepare\n"
BY_SLUG = "examples/${{ matrix.slug }}/${{ matrix.slug }}.live.sanitized.example.json"
WRITES = "      - run: cp good.json {}\n"
BY_ACTION = PREPARE.replace(PACKET, "{}")
OF_INPUT = BY_ACTION.replace("runs:", "inputs: {{to: {{default: {}}}}}\nruns:", 1)
OF_MATRIX = f"strategy: {{matrix: {{p: [{PACKET}]}}}}"
PREPARED = ".github/actions/prepare/action.yml"


@pytest.mark.parametrize(
    ("job", "steps", "action", "is_replaced"),
    [
        (f"env: {{P: {PACKET}}}", WRITES.format("${{ env.P }}"), "", True),
        (OF_MATRIX, WRITES.format("${{ matrix.p }}"), "", True),
        ("strategy: {matrix: {slug: [customer-operating-review]}}", WRITES.format(BY_SLUG), "", True),
        ("strategy: {matrix: {slug: [customer-operating-review]}}", f"      - run: echo > {BY_SLUG}\n", "", True),
        ("strategy: {matrix: {slug: [customer-evidence-room]}}", WRITES.format(BY_SLUG), "", False),
        (f"strategy: {{matrix: {{p: [x.json], q: [{PACKET}]}}}}", WRITES.format("${{ matrix.p }}"), "", False),
        (OF_MATRIX, WRITES.format("$P") + "        env: {P: '${{ matrix.p }}'}\n", "", True),
        (OF_MATRIX, WRITES.format("$P") + "        env: {P: '${{ matrix.q }}'}\n", "", False),
        (f"env: {{P: {PACKET}}}", PREPARES, BY_ACTION.format("$P"), True),
        (f"env: {{P: {PACKET}}}", PREPARES, f"{BY_ACTION.format('$P')}    - {{shell: bash, run: git log}}\n", True),
        (f"env: {{P: {PACKET}}}", PREPARES, BY_ACTION.format("$Q"), False),
        ("env: {P: x}", f"{PREPARES}        with: {{to: {PACKET}}}\n", OF_INPUT.format("x", "${{ inputs.to }}"), True),
        ("env: {P: x}", PREPARES, OF_INPUT.format(PACKET, "${{ inputs.to }}"), True),
        ("env: {P: x}", PREPARES, OF_INPUT.format("x", "${{ inputs.to }}"), False),
        (
            f"env: {{P: {PACKET}}}",
            f"{PREPARES}        with: {{to: x}}\n",
            OF_INPUT.format(PACKET, "${{ inputs.to }}"),
            False,
        ),
    ],
)
def test_what_is_written_by_an_expression(
    job: str, steps: str, action: str, is_replaced: bool, tmp_path: Path, chain: Chain
) -> None:
    text = HEAD.replace("    steps:", f"    {job}\n    steps:") + steps + JUDGE
    found = found_in(tmp_path, chain, {WORKFLOW: text} | ({PREPARED: action} if action else {}))
    assert bool(found) is is_replaced


@pytest.mark.parametrize(("given", "is_replaced"), [(PACKET, True), ("x.json", False)])
def test_what_an_input_names_before_an_action_judges(
    given: str, is_replaced: bool, tmp_path: Path, chain: Chain
) -> None:
    called = HEAD.replace("on: pull_request", "on: {workflow_call: {inputs: {to: {type: string}}}}")
    files = {
        WORKFLOW: f"on: pull_request\njobs:\n  gate:\n    uses: ./.github/workflows/s.yml\n    with: {{to: {given}}}\n",
        ".github/workflows/s.yml": called + WRITES.format("${{ inputs.to }}") + USES,
        ".github/actions/judge/action.yml": f"inputs: {{to: {{default: y.json}}}}\n{ACTION}",
    }
    assert bool(found_in(tmp_path, chain, files)) is is_replaced


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
        (PREPARES + JUDGE, {"prepare": PREPARE_IN_FOLDER}, (".github/actions/prepare/action.yml", 7)),
        (f"{PREPARES}        with: {{dir: build}}\n{JUDGE}", {"prepare": PREPARE_IN_FOLDER}, None),
        (f"{PREPARES}        if: false\n{JUDGE}", {"prepare": PREPARE_IN_FOLDER}, None),
        (REPLACING + USES, {"judge": ACTION}, (WORKFLOW, 8)),
        (REPLACING + "        if: matrix.on == 'no'\n" + USES, {"judge": ACTION}, None),
        (
            USES,
            {"judge": ACTION.replace("  steps:\n", PREPARE[PREPARE.index("  steps:") :])},
            (".github/actions/judge/action.yml", 5),
        ),
        (USES + REPLACING, {"judge": ACTION}, None),
        (REPLACING + USES + "      - run: git restore .\n" + USES, {"judge": ACTION}, None),
        (
            USES + JUDGE,
            {"judge": ACTION_USING.replace("runs:", TAKES_X) + "      if: inputs.x == 'yes'\n", "prepare": PREPARE},
            None,
        ),
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


ON_BOTH = "on: [pull_request, push]"
OF_PULL_REQUEST = "        if: github.event_name == 'pull_request'\n"
OF_PUSH = "        if: github.event_name == 'push'\n"


@pytest.mark.parametrize(
    ("events", "steps", "line"),
    [
        (ON_BOTH, REPLACING + OF_PULL_REQUEST + JUDGE, None),
        (ON_BOTH, REPLACING + OF_PUSH + JUDGE, None),
        (ON_BOTH, REPLACING + OF_PUSH + USES, None),
        (ON_BOTH, REPLACING + OF_PUSH + REPLACING + OF_PULL_REQUEST + JUDGE, 9),
        ("on: {push: {paths: [docs/**]}, pull_request: }", REPLACING + OF_PULL_REQUEST + JUDGE, 1),
        ("on: {push: , pull_request: {paths: [docs/**]}}", REPLACING + OF_PULL_REQUEST + JUDGE, None),
    ],
)
def test_what_is_replaced_on_one_event_counts_on_another(
    events: str, steps: str, line: int | None, tmp_path: Path, chain: Chain
) -> None:
    text = HEAD.replace("on: pull_request", events) + steps
    found = found_in(tmp_path, chain, {WORKFLOW: text, ".github/actions/judge/action.yml": ACTION})
    assert {at for _, at, _ in found} == ({line} if line else set())


def test_what_is_replaced_in_one_folder_is_not_in_another(tmp_path: Path, chain: Chain) -> None:
    checkouts = "".join(f"      - uses: actions/checkout@v7\n        with: {{path: {path}}}\n" for path in ("a", "b"))
    judges = [f"{JUDGE}        working-directory: {path}\n" for path in ("a", "b")]
    text = f"{HEAD}{checkouts}      - run: cp good.json a/{PACKET}\n"
    assert found_in(tmp_path, chain, {WORKFLOW: text + judges[0]}) == [(WORKFLOW, 11, "CAVRA303")]
    assert found_in(tmp_path, chain, {WORKFLOW: text + judges[0] + judges[1]}) == []


def called(path: str, script: str) -> str:
    return f"on: workflow_call\njobs:\n  {path}:\n    runs-on: u\n    steps:\n      - run: {script}\n{USES}"


def test_an_action_is_looked_at_behind_the_steps_of_each_job(tmp_path: Path, chain: Chain) -> None:
    replacing, reading = f"cp good.json {PACKET}", f"cat {PACKET}"
    action = {".github/actions/judge/action.yml": ACTION}
    jobs = [called("a", script).partition("jobs:\n")[2] for script in (replacing, reading)]
    text = f"on: push\njobs:\n{jobs[0]}{jobs[1].replace('  a:', '  b:')}"
    assert found_in(tmp_path, chain, {WORKFLOW: text, **action}) == []
    assert found_in(tmp_path, chain, {WORKFLOW: f"on: push\njobs:\n{jobs[0]}", **action}) == [(WORKFLOW, 6, "CAVRA303")]
    calls = "".join(f"  {name}:\n    uses: ./.github/workflows/{name}.yml\n" for name in ("a", "b"))
    files = {".github/workflows/a.yml": called("a", replacing), ".github/workflows/b.yml": called("a", reading)}
    assert found_in(tmp_path, chain, {WORKFLOW: f"on: push\njobs:\n{calls}", **files, **action}) == []


def test_so_many_steps_of_actions_are_looked_at(tmp_path: Path, chain: Chain) -> None:
    """Those that speak of what is judged: what stands behind 200 of them is not, and each step of the job is."""
    own = f"      - run: cat {PACKET}\n"
    reads = own[2:].replace("run:", "shell: bash\n      run:")
    head = PREPARE.partition("    - ")[0]

    def found(steps: str, inside: int) -> list[int]:
        action = head + reads * inside + PREPARE.removeprefix(head)
        actions = {"prepare": action, "read": head + reads * 100}
        files = {f".github/actions/{name}/action.yml": text for name, text in actions.items()}
        return [line for _, line, _ in found_in(tmp_path, chain, {WORKFLOW: HEAD + steps + JUDGE, **files})]

    read = PREPARES.replace("prepare", "read")
    assert [found(PREPARES, inside) for inside in (199, 200)] == [[403], []]
    assert [found(read + PREPARES, inside) for inside in (99, 100)] == [[203], []]
    assert found(own * 100 + PREPARES, 199) == [403]
    assert found(PREPARES + REPLACING, 200) == [8]
