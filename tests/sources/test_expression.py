from __future__ import annotations

import pytest

from cavra_lint.sources.expression import can_run, masks_failure


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
        "!" * 1001 + "false",
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
