"""Which steps behind one that goes on after a failure fail in its place."""

from __future__ import annotations

import pytest

from cavra_lint.sources.aftermath import fails_behind
from cavra_lint.sources.workflow import parse_workflow

ASKS = "      - if: steps.gate.outcome == 'failure'\n"
SUCCESS = "test ${{ steps.gate.outcome }} = success"


def fails(behind: str, gate: str = "id: gate") -> bool:
    head = "on: push\njobs:\n  a:\n    runs-on: b\n    steps:\n"
    steps = parse_workflow(f"{head}      - {gate}\n        run: gate\n{behind}").jobs[0].steps
    return fails_behind(steps[0], steps[1:], {})


@pytest.mark.parametrize(
    ("behind", "expected"),
    [
        (f"{ASKS}        run: exit 1\n", True),
        (f"      - run: true\n      - uses: a/b@v1\n{ASKS}        run: exit 1\n", True),
        (f"      - run: |\n          {SUCCESS}\n          echo fine\n", True),
        (f"      - run: |\n          {SUCCESS}\n          echo fine\n        shell: bash {{0}}\n", False),
        (f"      - run: {SUCCESS} || echo x\n", False),
        (f"      - run: |\n          {SUCCESS} && echo x\n          echo fine\n", False),
        (f"{ASKS}        uses: a/b@v1\n", False),
        (f"{ASKS}        run: exit\n", False),
        (f"{ASKS}        run: return 1\n", False),
        (f"{ASKS}        run: grep x y\n", False),
        (f"{ASKS}        run: if a; then exit 1\n", False),
        (f"{ASKS}        run: |\n          exit 1\n          if a; then\n", False),
        (f"      - run: echo ${{{{ steps.gate.outcome }}}}\n{ASKS}        run: exit 1\n", True),
    ],
)
def test_what_fails_behind(behind: str, expected: bool) -> None:
    assert fails(behind) is expected


def test_a_step_without_an_id_is_asked_by_none() -> None:
    assert not fails(f"{ASKS}        run: exit 1\n", gate="name: gate")
    assert fails(f"{ASKS}        run: exit 1\n", gate="id: Gate")
