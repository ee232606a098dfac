"""Which steps behind one that goes on after a failure fail in its place."""

from __future__ import annotations

import pytest

from cavra_lint.sources.aftermath import fails_behind, with_status_as_its_end
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


SCRIPT = "actions/github-script@v7"


@pytest.mark.parametrize(
    ("uses", "script", "expected"),
    [
        (SCRIPT, ["core.setFailed('blocked')"], True),
        (SCRIPT, ["core.error(`the gate`);", "", 'core.setFailed("blocked");'], True),
        ("other/github-script@v7", ["core.setFailed('blocked')"], False),
        (SCRIPT, ["core.error('blocked')"], False),
        (SCRIPT, ["// core.setFailed('blocked')"], False),
        (SCRIPT, ["if (false) core.setFailed('blocked')"], False),
        (SCRIPT, ["return", "core.setFailed('blocked')"], False),
        (SCRIPT, ["core.setFailed('blocked'); process.exit(0)"], False),
        (SCRIPT, ["core.setFailed(`${process.exit(0)}`)"], False),
        (SCRIPT, [], False),
    ],
)
def test_a_step_of_javascript_that_fails(uses: str, script: list[str], expected: bool) -> None:
    text = "".join(f"            {line}\n" for line in script) or "            \n"
    assert fails(f"{ASKS}        uses: {uses}\n        with:\n          script: |\n{text}") is expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ('a\necho "rc=$?" >> "$GITHUB_OUTPUT"', ("rc", "a\nexit $?")),
        ("echo exit-code=${rc} >> ${GITHUB_OUTPUT}; b", ("exit-code", "exit ${rc}; b")),
        ("echo 'rc=$?' >> $GITHUB_OUTPUT", None),
        ('echo "rc=0" >> $GITHUB_OUTPUT', None),
        ('echo "rc=$?" > $GITHUB_OUTPUT', None),
        ('echo "rc=$?" >> $GITHUB_OUTPUT.txt', None),
        ('echo "rc=$?" >> $GITHUB_OUTPUT\necho rc=0 >> $GITHUB_OUTPUT', None),
        ("a", None),
    ],
)
def test_a_script_that_hands_a_status_on(script: str, expected: tuple[str, str] | None) -> None:
    assert with_status_as_its_end(script) == expected


def test_a_step_without_an_id_is_asked_by_none() -> None:
    assert not fails(f"{ASKS}        run: exit 1\n", gate="name: gate")
    assert fails(f"{ASKS}        run: exit 1\n", gate="id: Gate")
