"""What is known of a command where the tests of its script ask for variables that hold one text."""

from __future__ import annotations

import pytest

from cavra_lint.sources.shell import simple_commands
from cavra_lint.sources.shell_decided import decided

HELD = {
    "LEAVE": "exit 0",
    "GO": "timeout 60 sh",
    "ON": "true",
    "OFF": "false",
    "NOTHING": "",
    "ONE": "1",
    "REF": "refs/pull/0/merge",
    "LIST": "a b",
}


def standing(script: str) -> tuple[str | None, str | None]:
    """Return why `judge` is not reached in a script, and why its failure passes."""
    found = tuple(simple_commands(script))
    known = decided(found, script, HELD, errexit=True, pipefail=False)
    return next((one.unreached, one.masked) for one in known if one.words == ("judge",))


@pytest.mark.parametrize(
    ("script", "names"),
    [
        ('if [ "$OFF" = true ]; then judge; fi', "`$OFF`"),
        ("if [[ $OFF == true ]]; then judge; fi", "`$OFF`"),
        ("if test ${OFF} = true; then judge; fi", "`$OFF`"),
        ('[[ "${OFF:-true}" = true ]] && judge', "`$OFF`"),
        ('if [ "$ON" = true ]; then exit 0; fi\njudge', "`$ON`"),
        ('[ "$ONE" -eq 1 ] && exit 0\njudge', "`$ONE`"),
        ('if [ -n "$NOTHING" ]; then judge; fi', "`$NOTHING`"),
        ('if [ "$NOTHING" = yes ]; then judge; fi', "`$NOTHING`"),
        ('if [ "$REF" != refs/heads/main ]; then exit 0; fi\njudge', "`$REF`"),
        ('RUN=no\nif [ "$RUN" = "$ON" ]; then judge; fi', "`$RUN`, `$ON`"),
        ("$LEAVE\njudge", "`$LEAVE`"),
        ("${LEAVE}; judge", "`$LEAVE`"),
        ('END=exit\n"$END" 0\njudge', "`$END`"),
        ("$ON && exit 0\njudge", "`$ON`"),
        ("$OFF || exit 0\njudge", "`$OFF`"),
        ("if $OFF; then judge; fi", "`$OFF`"),
        ('if [ "$ON" = true ]; then\n  $LEAVE\nfi\njudge', "`$ON`, `$LEAVE`"),
    ],
)
def test_what_is_never_reached(script: str, names: str) -> None:
    assert standing(script) == (f"is never reached with what {names} holds", None)


@pytest.mark.parametrize(
    "script",
    [
        'if [ "$ON" = true ]; then judge; fi',
        'if [ "$OFF" = true ]; then exit 0; fi\njudge',
        'if [ "$OTHER" = true ]; then judge; fi',
        'if [ "$OFF" = true ]; then judge; fi\nOFF=true',
        "echo $LEAVE\njudge",
        "'$LEAVE'\njudge",
        '"$LEAVE"\njudge',
        "judge\n$LEAVE",
        "$GO judge.sh\njudge",
        "if $ON; then judge; fi",
        "$OTHER && exit 0\njudge",
        "LEAVE=true\n$LEAVE\njudge",
        'read OFF\nif [ "$OFF" = true ]; then judge; fi',
        'if [ "$RUN" = yes ]; then judge; fi\nRUN=no',
        "if [ -n $NOTHING ]; then judge; fi",
        'if [ "$LIST" = true ]; then judge; fi',
        "if [ '$OFF' = true ]; then judge; else judge; fi",
        'echo "$OFF" && judge',
        'judge || [ "$OFF" = true ]',
        'if ! judge; then\n  if [ "$ON" = true ]; then exit 1; fi\nfi',
        "judge",
    ],
)
def test_what_may_be_reached_and_fail(script: str) -> None:
    assert standing(script) == (None, None)


def test_a_failure_that_passes() -> None:
    assert standing('judge || [ "$ON" = true ]') == (None, '`|| [ "$ON" = true ]` discards its status')


def test_what_a_variable_switches_off() -> None:
    assert standing('SOFT="set +e"\n$SOFT\njudge\necho') == (None, "its failure passes with what `$SOFT` holds")
