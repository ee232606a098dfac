from __future__ import annotations

import pytest

from cavra_lint.sources.expression_values import UNKNOWN, Known
from cavra_lint.sources.matrix import MAX_RUNS
from cavra_lint.sources.workflow import ONE_RUN, parse_workflow


def runs(strategy: str) -> list[Known]:
    text = f"on: push\njobs:\n  a:\n    runs-on: x\n    steps: [{{run: a}}]\n    strategy: {strategy}\n"
    workflow = parse_workflow(text)
    assert workflow.problems == ()
    return [{path: value for path, value in run.items() if path != "matrix.*"} for run in workflow.jobs[0].matrix]


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [
        ("{fail-fast: false}", [{}]),
        ("{matrix: {v: [1, '1', x, true, ~, FALSE, tRue]}}", [1.0, "1", "x", True, None, False, "tRue"]),
        ("{matrix: {V: [1.5]}}", [1.5]),
        ("{matrix: {v: ['${{ a }}', [1]]}}", [UNKNOWN, UNKNOWN]),
        ("{matrix: {v: '${{ fromJSON(a) }}'}}", [UNKNOWN]),
        ("{matrix: {v: '${{ fromJSON(''[1, \"x\"]'') }}'}}", [1.0, "x"]),
        ("{matrix: {v: '${{ fromJSON(''[]'') }}'}}", [UNKNOWN]),
        ("{matrix: {v: abc}}", [UNKNOWN]),
        ("{matrix: {v: [1, 2], exclude: [{v: 2}]}}", [1.0]),
        ("{matrix: {v: [1], exclude: [{w: 1}]}}", [1.0]),
        (f"{{matrix: {{v: {list(range(MAX_RUNS))}}}}}", list(map(float, range(MAX_RUNS)))),
        (
            f"{{matrix: {{v: {list(range(MAX_RUNS))}, exclude: [{'{v: 1}, ' * MAX_RUNS}]}}}}",
            [0.0, *map(float, range(2, MAX_RUNS))],
        ),
        ("{matrix: {v: [1, 2], exclude: [{v: 1}, {v: 2}]}}", []),
        ("{matrix: {v: [1], include: [{v: 2}]}}", [1.0, 2.0]),
        ("{matrix: {include: [{v: 1}, {v: 2}]}}", [1.0, 2.0]),
        ("{matrix: {v: []}}", []),
        (
            "{matrix: {v: [{a: 1, B: x}, {a: [2]}, 3]}}",
            [{"v": UNKNOWN, "v.a": 1.0, "v.b": "x"}, {"v": UNKNOWN, "v.a": UNKNOWN}, {"v": 3.0}],
        ),
        ("{matrix: {include: [{v: {a: 1}}]}}", [{"v": UNKNOWN, "v.a": 1.0}]),
        (
            f"{{matrix: {{v: [{{{', '.join(f'a{n}: 1' for n in range(50))}}}]}}}}",
            [{"v": UNKNOWN, **{f"v.a{n}": 1.0 for n in range(50)}}],
        ),
        (f"{{matrix: {{v: [{{{', '.join(f'a{n}: 1' for n in range(51))}}}]}}}}", [UNKNOWN]),
    ],
)
def test_values(strategy: str, expected: list[object]) -> None:
    known = [value if isinstance(value, dict) else {"v": value} for value in expected]
    assert runs(strategy) == [{f"matrix.{key}": value for key, value in run.items()} for run in known]


def test_include_as_on_github_s_pages() -> None:
    strategy = """
      matrix:
        fruit: [apple, pear]
        animal: [cat, dog]
        include:
          - color: green
          - color: pink
            animal: cat
          - fruit: apple
            shape: circle
          - fruit: banana
          - fruit: banana
            animal: cat
    """
    assert [{path[7:]: value for path, value in run.items()} for run in runs(strategy)] == [
        {"fruit": "apple", "animal": "cat", "color": "pink", "shape": "circle"},
        {"fruit": "apple", "animal": "dog", "color": "green", "shape": "circle"},
        {"fruit": "pear", "animal": "cat", "color": "pink"},
        {"fruit": "pear", "animal": "dog", "color": "green"},
        {"fruit": "banana"},
        {"fruit": "banana", "animal": "cat"},
    ]


@pytest.mark.parametrize(
    "matrix",
    [
        "${{ fromJSON(needs.a.outputs.b) }}",
        "{v: [1], include: '${{ a }}'}",
        "{v: [1], include: [a]}",
        "{v: [1], exclude: '${{ a }}'}",
        f"{{v: {list(range(MAX_RUNS + 1))}}}",
        f"{{v: {list(range(MAX_RUNS))}, exclude: {[{'v': n} for n in range(MAX_RUNS + 1)]}}}".replace("'", ""),
    ],
)
def test_a_matrix_that_only_a_run_can_tell(matrix: str) -> None:
    text = f"on: push\njobs:\n  a:\n    runs-on: x\n    steps: [{{run: a}}]\n    strategy:\n      matrix: {matrix}\n"
    assert parse_workflow(text).jobs[0].matrix == ({},)


def test_no_matrix() -> None:
    (job,) = parse_workflow("on: push\njobs: {a: {runs-on: x, steps: [{run: a}]}}\n").jobs
    assert job.matrix == ONE_RUN


def test_a_key_that_is_no_text() -> None:
    assert parse_workflow("on: push\njobs: {a: {strategy: {matrix: {? [a] : [1], v: [1]}}}}\n").problems
