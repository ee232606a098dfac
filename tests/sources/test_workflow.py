from __future__ import annotations

import textwrap

import pytest

from cavra_lint.sources.expression_values import UNKNOWN
from cavra_lint.sources.workflow import parse_action, parse_workflow
from cavra_lint.sources.workflow_shapes import Job, Step, Workflow


def read(text: str) -> Workflow:
    return parse_workflow(textwrap.dedent(text).lstrip("\n"))


def only_job(text: str) -> Job:
    workflow = read(text)
    assert workflow.problems == ()
    (job,) = workflow.jobs
    return job


def only_step(step: str) -> Step:
    body = textwrap.indent(textwrap.dedent(step).strip("\n"), "        ")
    workflow = parse_workflow(f"on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      -\n{body}\n")
    assert workflow.problems == ()
    return workflow.jobs[0].steps[0]


WHOLE = """
    name: gate
    on:
      pull_request:
        paths: ["scripts/**", 'tests/*']
      push:
        branches: main
        paths-ignore:
          - docs/**
      workflow_dispatch:
      schedule:
        - cron: "0 0 * * *"
    defaults:
      run:
        shell: bash
        working-directory: top
    jobs:
      one:
        runs-on: [self-hosted, linux]
        needs: two
        if: github.ref == 'x'
        continue-on-error: ${{ matrix.soft }}
        defaults:
          run:
            working-directory: one
        steps:
          - uses: actions/checkout@v4
          - name: Gate
            if: ${{ always() }}
            continue-on-error: true
            run: |
              a
              b
          - run: c
            shell: sh
            working-directory: step
      two:
        uses: ./.github/workflows/gate.yml
    """


def test_events() -> None:
    events = {event.name: event for event in read(WHOLE).events}
    assert list(events) == ["pull_request", "push", "workflow_dispatch", "schedule"]
    assert events["pull_request"].paths == ("scripts/**", "tests/*")
    assert (events["pull_request"].line, events["pull_request"].paths_line) == (3, 4)
    assert events["pull_request"].paths_ignore is None
    assert events["push"].branches == ("main",)
    assert events["push"].paths_ignore == ("docs/**",)
    assert events["push"].paths_ignore_line == 7


@pytest.mark.parametrize(
    ("on", "names"),
    [
        ("on: push", ["push"]),
        ("on: [push, pull_request]", ["push", "pull_request"]),
        ("on:\n- push\n- pull_request", ["push", "pull_request"]),
        ('"on": {push: , pull_request: }', ["push", "pull_request"]),
        ("on:\n  push: ~", ["push"]),
    ],
)
def test_ways_to_write_on(on: str, names: list[str]) -> None:
    workflow = parse_workflow(f"{on}\njobs: {{a: {{uses: ./b.yml}}}}\n")
    assert [event.name for event in workflow.events] == names
    assert workflow.problems == ()


def test_jobs_and_steps() -> None:
    workflow = read(WHOLE)
    assert workflow.problems == ()
    one, two = workflow.jobs
    assert (one.id, one.line, one.needs, one.runs_on) == ("one", 17, ("two",), "self-hosted linux")
    assert (one.condition, one.condition_line) == ("github.ref == 'x'", 20)
    assert (one.continue_on_error, one.continue_on_error_line) == ("${{ matrix.soft }}", 21)
    assert (two.uses, two.uses_line, two.steps) == ("./.github/workflows/gate.yml", 37, ())
    checkout, gate, last = one.steps
    assert (checkout.uses, checkout.run, checkout.line) == ("actions/checkout@v4", None, 26)
    assert (gate.line, gate.name, gate.run, gate.run_line) == (27, "Gate", "a\nb\n", 31)
    assert (gate.condition, gate.condition_line) == ("${{ always() }}", 28)
    assert (gate.continue_on_error, gate.continue_on_error_line) == ("true", 29)
    assert (gate.shell, gate.working_directory) == ("bash", "one")
    assert (last.shell, last.working_directory) == ("sh", "step")
    assert (last.condition, last.condition_line) == ("", 33)


@pytest.mark.parametrize(
    ("step", "run", "line"),
    [
        ("run: a b", "a b", 7),
        ("run: 'a b'", "a b", 7),
        ('run: "a\\nb"', "a\nb", 7),
        ("run: |\n  a\n  b", "a\nb\n", 8),
        ("run: |-  # why\n\n  a", "\na", 8),
        ("run: >\n  a\n  b", "a b\n", 8),
        ("run:\n  a\n  b", "a b", 8),
        ("name: x\nrun: a", "a", 8),
        ("run: &x a", "a", 7),
        ("run:", "", 7),
    ],
)
def test_where_a_script_starts(step: str, run: str, line: int) -> None:
    found = only_step(step)
    assert (found.run, found.run_line) == (run, line)


def test_line_ends_of_windows() -> None:
    text = textwrap.dedent(WHOLE).lstrip("\n")
    assert parse_workflow(text.replace("\n", "\r\n")) == parse_workflow(text)


def test_anchors() -> None:
    job = only_job(
        """
        on: push
        jobs:
          a:
            runs-on: x
            env: &env
              A: b
            steps:
              - &gate
                run: a
              - *gate
        """
    )
    assert [(step.run, step.line) for step in job.steps] == [("a", 8), ("a", 8)]


BY_LIBYAML = "worded by the library, which rewords it now and then"
JOB = "\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: a\n"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 1, "the file holds no document"),
        ("# only a comment", 1, "the file holds no document"),
        ("- a", 1, "the document is not a mapping"),
        ("on: push", 1, "a workflow needs `jobs`"),
        ("jobs:\n  a:\n    uses: ./b", 1, "a workflow needs `on`"),
        ("true: push\njobs:\n  a:\n    uses: ./b", 1, "a workflow needs `on`"),
        ("on: push\njobs: []", 2, "`jobs` is not a mapping"),
        ("on: push\njobs: {}", 2, "`jobs` holds no job"),
        ("on: push\njobs:\n  a: b", 3, "job `a` is not a mapping"),
        ("on: push\njobs:\n  a:\n    runs-on: x", 3, "job `a` has neither `steps` nor `uses`"),
        ("on: push\njobs:\n  a:\n    steps:\n    - run: a", 3, "job `a` has no `runs-on`"),
        ("on: push\njobs:\n  a:\n    runs-on: x\n    steps: a", 5, "`steps` is not a list"),
        (
            "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n    - a",
            6,
            "a step is not a mapping",
        ),
        (
            "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n    - run: [a]",
            6,
            "`run` is not a string",
        ),
        (
            "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n    - name: a",
            6,
            "a step has neither `run` nor `uses`",
        ),
        (
            "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n    - {run: a, uses: b}",
            6,
            "a step has both `run` and `uses`",
        ),
        (
            f"on: push{JOB}      - run: a\n        run: b",
            8,
            "the key `run` stands on line 7 already",
        ),
        (f"on: push{JOB}      - run: a\n        env:\n          [b]: c", 9, "a key of `env` is not a string"),
        (f"on: push{JOB}    env: {{{{a: b}}: c}}", 7, "a key of `env` is not a string"),
        (f"on: push{JOB}      - uses: a/b@v1\n        with:\n          [b]: c", 9, "a key of `with` is not a string"),
        (f"on: push{JOB}    <<: {{}}", 7, "GitHub does not know the merge key `<<`"),
        (
            f"on: push{JOB}    env: {{}}\n  b: !x {{uses: ./a}}",
            8,
            "GitHub does not know the tag `!x`",
        ),
        (f"on: {{push: [a]}}{JOB}", 1, "`push` is not a mapping"),
        (f"on: {{push: {{paths: {{}}}}}}{JOB}", 1, "`paths` is not a list"),
        (
            f"on:\n  push:\n    paths: a\n    paths-ignore: b{JOB}",
            4,
            "`paths-ignore` cannot stand beside `paths`",
        ),
        (f"on: push{JOB}x: [", 8, BY_LIBYAML),
        ("on: push\njobs: *a", 2, BY_LIBYAML),
        ("a: b: c", 1, BY_LIBYAML),
        (f"---\non: push{JOB}---\na: b", 8, BY_LIBYAML),
        ("on: push\n\tjobs: a", 2, BY_LIBYAML),
        ("on: push\na: '\x01'", 2, "a character that YAML does not allow"),
        (
            "on: push\njobs:\n  1a:\n    uses: ./b.yml",
            3,
            "job `1a` is no name that GitHub takes: letters, digits, `-` and `_`",
        ),
        ("on: push\njobs:\n  a:\n    runs-on:\n    steps:\n    - run: a", 3, "job `a` has no `runs-on`"),
        ("on: push\njobs:\n  a:\n    runs-on: []\n    steps:\n    - run: a", 3, "job `a` has no `runs-on`"),
        ("on: push\njobs:\n  a:\n    uses: ./b.yml\n    runs-on: x", 5, "job `a` has both `uses` and `runs-on`"),
        ("on: push\njobs:\n  a:\n    uses: ./b.yml\n    needs: b", 3, "job `a` needs `b`, which is no job"),
        (
            "on: push\njobs:\n  a:\n    uses: ./b.yml\n    needs: a",
            3,
            "job `a` needs itself, or a job that can never start",
        ),
        (
            "on: push\njobs:\n  a:\n    uses: ./b.yml\n    if: a",
            5,
            "`if` speaks of `a`, which GitHub does not know there",
        ),
        (f"on: push{JOB}        if: a ||", 7, "`if` is no expression"),
        (
            f"on: push{JOB}        id: a\n      - run: b\n        id: A",
            8,
            "the `id` `A` stands at a step before already",
        ),
        (f"on: {{push: {{branch: main}}}}{JOB}", 1, "`push` has no filter `branch`"),
        (f"on: {{pull_request: {{tags: a}}}}{JOB}", 1, "`pull_request` has no filter `tags`"),
        # PyYAML 6.0.4 refuses this by itself
        ("[" * 100_000, 1, BY_LIBYAML),
        ("- " * 100_000, 1, "nested too deeply"),
    ],
    ids=range(44),
)
def test_problems_stand_where_they_are(text: str, line: int, message: str) -> None:
    (problem,) = parse_workflow(text).problems
    assert problem.line == line
    assert problem.message
    assert message in {problem.message, BY_LIBYAML}


@pytest.mark.parametrize(
    ("text", "too_deep"),
    [
        ("[" * 100 + "]" * 100, False),
        ("[" * 101 + "]" * 101, True),
        ("- " * 99 + "a", False),
        ("- " * 101 + "a", True),
        ("\n".join(" " * depth + "a:" for depth in range(100)), False),
        ("\n".join(" " * depth + "a:" for depth in range(102)), True),
        ("\r".join(" " * depth + "a:" for depth in range(102)), True),
        ("? " * 102 + "a", True),
        ("\n".join(f"{' ' * depth}a:\n{' ' * depth}-" for depth in range(49)), False),
        ("\n".join(f"{' ' * depth}a:\n{' ' * depth}-" for depth in range(52)), True),
    ],
    ids=range(10),
)
def test_depth_is_limited_before_anything_recurses(text: str, too_deep: bool) -> None:
    words = {problem.message for problem in parse_workflow(text).problems}
    assert bool(words & {"nested too deeply", "exceeded maximum nesting depth"}) is too_deep


def test_a_cycle_ends() -> None:
    assert parse_workflow("on: push\njobs: &a\n  x: *a\n").problems
    assert parse_workflow("&a\non: *a\njobs: *a\n").problems


def test_aliases_do_not_make_a_bomb() -> None:
    steps = "\n".join("        - run: a" for _ in range(500))
    jobs = "\n".join(f"  j{i}: *job" for i in range(5000))
    text = f"on: push\njobs:\n  a: &job\n    runs-on: x\n    steps:\n{steps}\n{jobs}\n"
    assert [p.message for p in parse_workflow(text).problems] == ["the document's aliases make it too large to read"]


def test_a_composite_action() -> None:
    action = parse_action("name: x\nruns:\n  using: composite\n  steps:\n    - run: a\n      shell: bash\n")
    assert (action.using, action.line, action.problems) == ("composite", 2, ())
    assert [(step.run, step.run_line, step.shell) for step in action.steps] == [("a", 5, "bash")]


@pytest.mark.parametrize(
    ("text", "using", "messages"),
    [
        ("runs:\n  using: node20\n  main: a.js", "node20", []),
        ("runs:\n  using: composite", "composite", ["a composite action needs `steps`"]),
        ("name: x", "", ["an action needs `runs`"]),
        ("runs: a", "", ["`runs` is not a mapping"]),
        ("", "", ["the file holds no document"]),
    ],
)
def test_other_actions(text: str, using: str, messages: list[str]) -> None:
    action = parse_action(text)
    assert (action.using, [p.message for p in action.problems]) == (using, messages)
    assert action.steps == ()


@pytest.mark.parametrize("char", ["\x85", "\u2028", "\u2029"])
def test_a_line_end_that_readers_do_not_agree_on(char: str) -> None:
    # to one reader the second half of the comment is a key
    problems = parse_workflow(f"name: x\r\n# a{char}on: push\r\njobs: {{}}\r\n").problems
    assert [(problem.line, problem.column) for problem in problems] == [(2, 4)]


def test_what_is_handed_to_what_a_job_or_a_step_uses() -> None:
    workflow = read(
        """
        on:
          workflow_call:
            inputs:
              flag: {type: boolean}
              set: {type: boolean, default: true}
              count: {type: number}
              word: {type: string, default: no}
              told: {type: string, default: "${{ github.ref }}"}
              bare:
        env: {A: b, C: d}
        jobs:
          a:
            runs-on: x
            env: {C: 1}
            steps:
              - id: first
                uses: actions/checkout@v7
                with: {ref: main, fetch-depth: 0}
                env: {E: f}
          b:
            uses: ./.github/workflows/c.yml
            with: {flag: true}
        """
    )
    assert workflow.problems == ()
    assert workflow.inputs == {
        "inputs.flag": False,
        "inputs.set": True,
        "inputs.count": 0.0,
        "inputs.word": "no",
        "inputs.told": UNKNOWN,
        "inputs.bare": "",
    }
    one, other = workflow.jobs
    assert (one.env, one.steps[0].env, one.steps[0].id) == ({"A": "b", "C": "1"}, {"E": "f"}, "first")
    assert (one.steps[0].given, other.given) == ({"ref": "main", "fetch-depth": "0"}, {"flag": "true"})
    action = parse_action("inputs: {a: {default: true}, b: }\nruns: {using: composite, steps: []}\n")
    assert action.inputs == {"inputs.a": "true", "inputs.b": ""}
