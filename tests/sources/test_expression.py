from __future__ import annotations

import pytest

from cavra_lint.sources.expression import (
    JOB_NAMES,
    STEP_NAMES,
    SUCCESS,
    can_run,
    evaluated,
    filled,
    masks_failure,
    must_run,
    refused,
)
from cavra_lint.sources.expression_values import UNKNOWN, Known, Unknown, Value


@pytest.mark.parametrize(
    "condition",
    [
        "",
        " ",
        "true",
        "${{ true }}",
        "always()",
        "success()",
        "!cancelled()",
        "success() || failure()",
        "failure() || always()",
        "github.event_name == 'push'",
        "${{ github.ref == 'refs/heads/main' && !env.SKIP }}",
        "github.event.pull_request.head.repo.full_name == github.repository",
        "contains(github.event.head_commit.message, 'x') == false",
        "matrix.os[0] != 'a' || false",
        "github.event.commits.*.message[1]",
        "'false'",
        "'0'",
        "1",
        "0x1",
        "'a' == 'A'",
        "1 == '1'",
        "null == 0",
        "2 > 1",
        "'b' >= 'B'",
        "!false",
        "!!true",
        "(false || true) && x",
        "${{ false }} ",
        "${{ false }}\n",
        "x ${{ false }}",
        "${{ false }} || ${{ false }}",
        "x ||",
        "@",
        "(" * 1000,
        "a(" * 1000,
        "a[" * 1000,
        "!" * 1001 + "false",
        "(false",
        "false false",
        "!!github.actor",
        "!(github.actor || false)",
        "1 < 2",
        f"0x{'f' * 300}",
        "'' == 0",
        "' ' == null",
        "needs.a.result == 'success'",
    ],
)
def test_it_can_run(condition: str) -> None:
    # `${{ false }}` with a blank behind it is still the whole text; with a line end it is not.
    assert can_run(condition) is (condition != "${{ false }} ")


@pytest.mark.parametrize(
    "condition",
    [
        "false",
        "False",
        "${{ false }}",
        "${{false}}",
        "0",
        "-0",
        "0.0",
        "null",
        "NaN",
        "''",
        "${{ '' }}",
        "!true",
        "!'a'",
        "false && github.ref == 'x'",
        "github.ref == 'x' && false",
        "always() && false",
        "false || false",
        "(false)",
        "1 == 2",
        "1 > 2",
        "1 < 1",
        "2 < 1",
        "2 <= 1",
        "1 >= 2",
        "'a' < 'A'",
        "'a' == 1",
        "'a' > 1",
        "1 >= 'a'",
        "null == 1",
        "!(github.actor || true)",
        "1 != 1",
        "'a' == 'b'",
        "'it''s' == 'it'",
        "true == 'true'",
        "null > 0",
        "failure()",
        "cancelled()",
        "failure() && github.ref == 'x'",
        "${{ failure() || cancelled() }}",
        "!always()",
        "!success()",
    ],
)
def test_it_never_runs(condition: str) -> None:
    assert not can_run(condition)


@pytest.mark.parametrize(
    ("text", "masks"),
    [
        ("", False),
        ("false", False),
        ("False", False),
        ("${{ false }}", False),
        ("${{ !true }}", False),
        ("null", False),
        ("~", False),
        ("true", True),
        ("${{ true }}", True),
        ("${{ matrix.experimental }}", True),
        ("${{ github.event_name == 'push' }}", True),
        ("${{ ' }}", True),
        ("no", True),
        ("yes", True),
    ],
)
def test_masks_failure(text: str, masks: bool) -> None:
    assert masks_failure(text) is masks


KNOWN: Known = {
    "github.event_name": "pull_request",
    "github.ref": Unknown(begins="refs/pull/", ends="/merge"),
    "github.head_ref": Unknown(True),
    "github.ref_name": Unknown(ends="/merge"),
    "github.workflow_ref": Unknown(begins="o/r/"),
    "github.base_ref": Unknown(among=("main", "next")),
    "needs.a.outputs.b": Unknown(among=("", "main")),
    "github.event.pull_request": Unknown(True),
    "github.event.schedule": None,
    "inputs.*": None,
    "inputs.on": True,
    "matrix.*": None,
    "matrix.version": 3.12,
    "matrix.name": "a",
}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("github.event_name == 'pull_request'", True),
        ("github.event_name == 'Pull_Request'", True),
        ("GitHub.Event_Name != 'push'", True),
        ("github['event_name'] == 'push'", False),
        ("github.event_name == 'push' || github.event_name == 'schedule'", False),
        ("always() && github.event_name == 'push'", False),
        ('contains(fromJSON(\'["push", "pull_request"]\'), github.event_name)', True),
        ("contains(fromJSON('[\"push\"]'), github.event_name)", False),
        ("contains('push schedule', github.event_name)", False),
        ("startsWith(github.event_name, 'pull_')", True),
        ("endsWith(github.event_name, 'push')", False),
        ("github.ref == 'refs/heads/main'", False),
        ("github.ref != 'refs/heads/main'", True),
        ("github.ref == 'refs/pull/1/merge'", True),
        ("github.ref == 'refs/pull/1/head'", False),
        ("github.ref == 'refs/heads/merge'", False),
        ("'refs/heads/main' == github.ref", False),
        ("!(github.ref != 'refs/heads/main')", False),
        ("github.ref == '1/merge'", False),
        ("github.ref > 'a'", True),
        ("github.ref", True),
        ("!github.ref", False),
        ("!github.ref_name", False),
        ("!github.workflow_ref", False),
        ("!github.base_ref", False),
        ("!github.actor", True),
        ("!needs.a.outputs.b", True),
        ("startsWith(github.ref, 1)", True),
        ("startsWith(github.ref, 'refs/tags/')", False),
        ("startsWith(github.ref, 'refs/pull/1')", True),
        ("startsWith(github.ref, 'refs/')", True),
        ("endsWith(github.ref, 'main')", True),
        ("github.head_ref == ''", False),
        ("github.head_ref", True),
        ("github.base_ref == 'main'", True),
        ("github.base_ref == 'master'", False),
        ("startsWith(github.base_ref, 'release/')", False),
        ("startsWith(github.base_ref, 'm')", True),
        ("!startsWith(github.base_ref, 'm')", True),
        ("contains(github.base_ref, 'release')", False),
        ("!contains(github.actor, 'github.actor')", True),
        ("github.event.pull_request && true", True),
        ("github.event.pull_request.draft == false", True),
        ("github.event.schedule == '0 0 * * *'", False),
        ("github.event.schedule.deeper", False),
        ("inputs.off", False),
        ("inputs.on && !inputs.off", True),
        ("matrix.version == 3.12 && matrix.name == 'A'", True),
        ("startsWith(matrix.version, '3.1')", True),
        ("matrix.other == 'x'", False),
        ("matrix[github.actor] == 'x'", True),
        ("matrix.*.x", True),
        ("contains('abc', 'd')", False),
        ("contains('abc', 'B')", True),
        ("contains('abc', 'bc')", True),
        ("contains(fromJSON('[\"push\"]'), github.actor)", True),
        ("contains('abc', github.actor)", True),
        ("contains(github.actor, 'bot')", True),
        ("endsWith('abc', 'c')", True),
        ("endsWith('abc', 'a')", False),
        ('!contains(fromJSON(\'["push", "pull_request"]\'), github.event_name)', False),
        ("contains(fromJSON('[[1], 2]'), 'x')", True),
        ("contains(fromJSON('[]'), fromJSON('[]'))", False),
        ("startsWith(fromJSON('[1]'), 'x')", True),
        ("fromJSON(github.actor)", True),
        ("fromJSON(1)", True),
        ("fromJSON('null')", False),
        ("fromJSON('[]')", True),
        (f"fromJSON('{'[' * 9000}')", True),
        ("'x' == fromJSON('[]')", True),
        ("fromJSON('false')", False),
        ("fromJSON('0')", False),
        ("fromJSON('{}')", True),
        ("fromJSON('{')", True),
        ("fromJSON('[]') == 'x'", True),
        ("contains('a')", True),
        (".5 > 1", False),
    ],
)
def test_what_is_known_of_a_run(condition: str, expected: bool) -> None:
    assert can_run(condition, KNOWN) is expected
    assert masks_failure(f"${{{{ {condition} }}}}", KNOWN) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("judge ${{ matrix.name }}.json", "judge a.json"),
        ("${{matrix.version}}-${{ inputs.on }}", "3.12-true"),
        ("a${{ matrix.other }}b", "ab"),
        ("${{ 1 == 2 }}", "false"),
        ("${{ format('{0}', 1) }} }} ${{ '}}' }}", "${{ format('{0}', 1) }} }} }}"),
        ("${{ github.actor }}/${{ matrix.name }}", "${{ github.actor }}/a"),
        ("${{ }} ${{ ", "${{ }} ${{ "),
        ("${{ fromJSON('\"a\\nb\"') }}", "${{ fromJSON('\"a\\nb\"') }}"),
    ],
)
def test_texts_with_expressions_in_them(text: str, expected: str) -> None:
    assert filled(text, KNOWN) == expected
    assert evaluated(f"x {text}", KNOWN) == (UNKNOWN if "${{" in expected else f"x {expected}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("main", "main"),
        (" ${{ matrix.version }} ", 3.12),
        ("${{ inputs.on }}", True),
        ("${{ matrix.name }}-${{ inputs.on }}", "a-true"),
        ("${{ matrix.name }}-${{ github.actor }}", UNKNOWN),
    ],
)
def test_values_of_a_workflow(text: str, expected: Value) -> None:
    assert evaluated(text, KNOWN) == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("", True),
        ("${{ }}", True),
        ("x ${{ github.actor }}", True),
        ("${{ false }} && ${{ false }}", True),
        ("always()", True),
        ("matrix.name == 'a'", True),
        ("github.actor || true", True),
        ("github.actor", False),
        ("failure()", False),
    ],
)
def test_it_must_run(condition: str, expected: bool) -> None:
    assert must_run(condition, KNOWN) is expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("", False),
        ("github.actor == 'x'", False),
        ("success()", False),
        ("success() || failure()", False),
        ("always()", True),
        ("!failure()", True),
        ("!cancelled() && github.actor == 'x'", True),
    ],
)
def test_behind_what_was_skipped(condition: str, expected: bool) -> None:
    assert can_run(condition, {SUCCESS: False}) is expected


@pytest.mark.parametrize(
    ("condition", "of_job", "of_step"),
    [
        ("", "", ""),
        ("${{ }}", "", ""),
        ("always() && github.ref == 'x' && needs.a.result == 'b' && vars.C && inputs.d", "", ""),
        ("nosuch() || hashFiles('a') == ''", "", ""),
        ("x ${{ ture }}", "", ""),
        ("${{ ture }} && ${{ ture }}", "", ""),
        ("github.event.commits[*].message == github.event.commits.*.message", "", ""),
        ("env.A == 'b'", "speaks of `env`, which GitHub does not know there", ""),
        ("steps.a.outputs.b || matrix.c", "speaks of `matrix`, which GitHub does not know there", ""),
        ("secrets.A != ''", *["speaks of `secrets`, which GitHub does not know there"] * 2),
        ("no", *["speaks of `no`, which GitHub does not know there"] * 2),
        ('github.ref == "x"', *["is no expression"] * 2),
        ("${{ github.ref = 'x' }}", *["is no expression"] * 2),
        *(
            (broken, *["is no expression"] * 2)
            for broken in (
                "a ||",
                "github.ref github.ref",
                "github.ref == *",
                "github.",
                "github.'ref'",
                "github.==",
                "github['ref'",
                "contains('a' 'b')",
                "true.x",
            )
        ),
    ],
)
def test_what_github_refuses(condition: str, of_job: str, of_step: str) -> None:
    assert (refused(condition, JOB_NAMES), refused(condition, STEP_NAMES)) == (of_job, of_step)
