"""Which commands of a script are reached, and what their failures come to, where it asks for what is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cavra_lint.late import re
from cavra_lint.sources.shell import simple_commands
from cavra_lint.sources.shell_constants import constants
from cavra_lint.sources.shell_syntax import SimpleCommand

_TEST = re.compile(r"(?:(?<![\w$-])test\s|\[)[^\n;|&]*")
#: Where a command begins, and a variable that stands for its first word, or for all of its words.
_BEGINS = re.compile(
    r"((?:^|[;&|({!]|\b(?:then|else|elif|do|if|while|until|time|builtin|command)(?=\s))[ \t]*)"
    r"(\"?)\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))\2(?=[\s;&|)]|$)"
)
_NAMED = re.compile(r"([\"']?)\$(?:\{([A-Za-z_]\w*)(?::?-[^}\"$]*)?\}|([A-Za-z_]\w*))")


def decided(
    found: Sequence[SimpleCommand], script: str, environment: Mapping[str, str], *, errexit: bool, pipefail: bool
) -> Sequence[SimpleCommand]:
    """Return the commands of a script as they stand where it asks for variables that hold one text.

    That is in its tests, and where one stands for a command, as `exit` or `set +e`.

    Args:
        found: the commands as they stand whatever the variables hold.
        script: the script.
        environment: the variables that are set around it, and what they hold.
        errexit: whether the shell is started with `-e`.
        pipefail: whether the shell is started with `-o pipefail`.
    """
    told: dict[str, None] = {}
    lines = with_tests_told(script, environment, told).split("\n")
    if any(map(_BEGINS.search, lines)):
        held = constants(script, environment, commands=True)
        lines = [_begun(line, number, held, told) for number, line in enumerate(lines)]
    if not told:
        return found
    known = tuple(simple_commands("\n".join(lines), errexit=errexit, pipefail=pipefail))
    if len(known) != len(found):
        return found
    holds = f"with what {', '.join(f'`${name}`' for name in told)} holds"
    return [
        one._replace(
            unreached=one.unreached or (other.unreached and f"is never reached {holds}"),
            masked=other.masked and (one.masked or f"its failure passes {holds}"),
        )
        for one, other in zip(found, known, strict=True)
    ]


def with_tests_told(script: str, environment: Mapping[str, str], told: dict[str, None]) -> str:
    """Return a script with what variables hold in its tests, and write down which: those that hold one text.

    Args:
        script: the script.
        environment: the variables that are set around it, and what they hold.
        told: the names of the variables; is added to.
    """
    if not any("$" in test[0] for test in _TEST.finditer(script)):
        return script
    held = constants(script, environment)
    return "\n".join(_told(line, number, held, told) for number, line in enumerate(script.split("\n")))


def _told(line: str, number: int, held: Mapping[str, tuple[int, str]], told: dict[str, None]) -> str:
    """Return a line with what variables hold in its tests, and write down which."""

    def text_of(match: re.Match[str]) -> str:
        name = match[2] or match[3]
        set_at, text = held.get(name, (number, ""))
        # without quotes around it, a text that is empty is no word
        if set_at >= number or match[1] == "'" or not (text or match[1]):
            return match[0]
        told[name] = None
        return f"{match[1]}{text}"

    return _TEST.sub(lambda test: _NAMED.sub(text_of, test[0]), line)


def _begun(line: str, number: int, held: Mapping[str, tuple[int, str]], told: dict[str, None]) -> str:
    """Return a line with what variables hold where they stand for a command, and write down which."""

    def text_of(match: re.Match[str]) -> str:
        name = match[3] or match[4]
        set_at, text = held.get(name, (number, ""))
        # between quotes, all of it is the name of one program
        if set_at >= number or not text or (match[2] and " " in text):
            return match[0]
        told[name] = None
        return f"{match[1]}{text}"

    return _BEGINS.sub(text_of, line)
