"""Whether a command of a script is the one that the contract asks for, told on words, not on text.

However it is launched (`python`, `py -3`, `uv run`, `env X=1 timeout 60 …`), the same script with
the same values for the contract's options is the same command.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from cavra_lint.frozen import NamedTuple
from cavra_lint.late import re
from cavra_lint.sources.prefixes import ASSIGNMENT, behind_prefixes, behind_python_flags, is_python
from cavra_lint.sources.shell_syntax import SimpleCommand, Word, snippet, snippet_beside


class Invocation(NamedTuple):
    """What runs, and what it is called with: its options, of which a flag's value is None, and its other words.

    `script` is a path, `-m` with a module, or a program's name. `is_python` says that Python runs a script, or that
    it is one of ours: what either makes of options is known, and of those of another program nothing is.
    """

    script: str
    options: tuple[tuple[str, str | None], ...]
    operands: tuple[str, ...] = ()
    is_python: bool = True


class Comparison(NamedTuple):
    """How a command compares with the one expected.

    Attributes:
        runs_script: whether the command runs the expected script at all.
        difference: what differs, as a phrase about the command ("has no `--require-live`"); empty
            exactly where the command is the expected one.
        programs: the words by which the script is run, `timeout` and `python3`.
    """

    runs_script: bool
    difference: str
    programs: tuple[str, ...] = ()


_ROOT = re.compile(
    r"\$(?:PWD|GITHUB_WORKSPACE|\{PWD\}|\{GITHUB_WORKSPACE\}|\(pwd\)|\{\{\s*github\.workspace\s*\}\}"
    r"|\(git rev-parse --show-toplevel\))(?=/|$)"
)
# Each of these ends with success without a verdict on the packet, or whatever that is, or gives one on another ground.
_OTHER_ENDS = (
    *("--help", "--version", "--export-dir", "--contract", "--no-require-live", "--no-strict", "--no-fail"),
    *("--exit-zero", "--dry-run", "--soft-fail", "--warn-only", "--allow-sample", "--allow-failure"),
)
_OUR_PROGRAM = "cavra-gate"


def parse_invocation(command: str) -> Invocation:
    """Read the contract's own command.

    Args:
        command: such as `python3 scripts/x.py --packet a.json --require-live`.
    """
    try:
        texts = shlex.split(command)
    except ValueError:
        texts = command.split()
    words = [Word(text, True) for text in texts]
    while words and ASSIGNMENT.fullmatch(words[0].text):
        del words[0]
    called = _called(words)
    if called is None:
        return Invocation("", ())
    # whether an option takes the word behind it is told as it is of the command that is compared
    given = [(name, value.text if value else None) for name, value in _options(called.arguments, set())]
    options = tuple(option for option in given if option[0])
    operands = tuple(value or "" for name, value in given if not name)
    return Invocation(called.name, options, operands, called.by_python or called.name == _OUR_PROGRAM)


def compare(expected: Invocation, command: SimpleCommand) -> Comparison:
    """Compare a command of a script with the expected one.

    Args:
        expected: the contract's command.
        command: the command as it stands in a workflow or a page.

    Returns:
        Whether it runs the script, and what differs.
    """
    words = command.told_words()
    called = _called(words)
    if called is None or not _is_called(expected, called):
        return Comparison(False, _what_it_does_instead(words, called, expected.script))
    before = words[: len(words) - len(called.arguments) - called.by_python]
    programs = tuple(word.text for word in before if word.literal and not word.text.startswith("-"))
    return Comparison(True, _difference(expected, called.arguments), programs)


class _Called(NamedTuple):
    """What a command runs, and what that is handed; `by_python` says that it is a script."""

    name: str
    arguments: list[Word]
    by_python: bool


def _called(words: list[Word]) -> _Called | None:
    """Return what a command runs; None where that is nothing that can be told."""
    at = behind_prefixes(words)
    if at is None or at >= len(words):
        return None
    if not is_python(words[at]):
        return _Called(_path(words[at]), words[at + 1 :], words[at].text.endswith(".py"))
    at = behind_python_flags(words, at + 1)
    if at + 1 < len(words) and words[at].text == "-m":
        return _Called(f"-m {words[at + 1].text}", words[at + 2 :], False)
    return _Called(_path(words[at]), words[at + 1 :], True) if at < len(words) else None


def _is_called(expected: Invocation, called: _Called) -> bool:
    if called.name == expected.script:
        return True
    # a program that is looked for by its name is the same by a path, as `.venv/bin/python` is Python
    return not called.by_python and called.name.rpartition("/")[2] == expected.script


def _what_it_does_instead(words: list[Word], called: _Called | None, script: str) -> str:
    if called and called.by_python and called.name.endswith(".py"):
        return f"runs `{snippet_beside(called.name, script)}`, not `{script}`"
    if any(_path(word) == script for word in words):
        return f"names `{script}` but does not run it"
    return f"does not run `{script}`"


def _difference(expected: Invocation, arguments: list[Word]) -> str:
    found: dict[str, Word | None] = {}
    names = [name for name, _ in expected.options]
    flags = {name for name, value in expected.options if value is None}
    operands = iter(expected.operands)
    for name, value in _options(arguments, flags):
        further = _further_option(expected, name, value) if name else _further_word(next(operands, None), value)
        if further:
            return further
        if name:
            # argparse takes an abbreviation for the option, and the last of two values.
            known = next((known for known in names if known.startswith(name) and len(name) > 2), name)
            found[known if name not in names else name] = value
    missing = next(operands, None)
    if missing is not None:
        return f"has no `{missing}`"
    differing = (_differs(name, wanted, found) for name, wanted in expected.options)
    return next(filter(None, differing), "")


def _further_option(expected: Invocation, name: str, value: Word | None) -> str:
    """Say what an option does that is not the contract's, empty where that is nothing to the verdict."""
    if name in (known for known, _ in expected.options):
        return ""
    if not expected.is_python:
        return f"has the further option `{snippet(name)}`"
    if _other_end(name):
        return f"has `{name}`, which does not judge the packet of the contract"
    if _other_root(name, value):
        return f"has `{name}` with another folder than the root, which judges another tree"
    return ""


def _differs(name: str, wanted: str | None, found: dict[str, Word | None]) -> str:
    """Say how an option is given that the contract's command has with a value, or without one; empty for the same."""
    if name not in found:
        return f"has no `{name}`"
    given = found[name]
    if given is None or wanted is None:
        if given is not None:
            return f"has a value for `{name}`"
        return "" if wanted is None else f"has `{name}` without a value"
    if _path(given) != _path(Word(wanted, True)):
        return f"has `{name} {snippet_beside(given.text, wanted)}`, expected `{name} {wanted}`"
    return ""


def _further_word(wanted: str | None, given: Word | None) -> str:
    shown = snippet(given.text if given else "")
    if wanted is None:
        return f"has the further word `{shown}`"
    return "" if given and _path(given) == _path(Word(wanted, True)) else f"has `{shown}`, expected `{wanted}`"


def _other_end(name: str) -> bool:
    if name.startswith("--"):
        return len(name) > 2 and any(end.startswith(name) for end in _OTHER_ENDS)
    return name.startswith("-h")


def _other_root(name: str, value: Word | None) -> bool:
    return len(name) > 2 and "--repo-root".startswith(name) and value is not None and _path(value) != "."


def _options(arguments: list[Word], flags: set[str]) -> Iterator[tuple[str, Word | None]]:
    """Yield options with their values; a word that belongs to none comes with an empty name."""
    at = 0
    while at < len(arguments):
        word = arguments[at]
        at += 1
        if word.text == "--":
            yield from (("", rest) for rest in arguments[at:])
            return
        if not word.text.startswith("-") or word.text == "-":
            yield "", word
            continue
        name, equals, value = word.text.partition("=")
        if equals:
            yield name, Word(value, word.literal)
        elif any(flag.startswith(name) for flag in flags) or _is_option(arguments[at : at + 1]):
            yield name, None
        else:
            yield name, arguments[at]
            at += 1


def _is_option(following: list[Word]) -> bool:
    """Tell whether no value can follow: argparse takes no word with a dash for one."""
    return not following or (following[0].text.startswith("-") and following[0].text != "-")


def _path(word: Word) -> str:
    """Return a path from the root of the repository, however it is written; `.` for the root itself."""
    text = word.text
    if not word.literal:
        text = _ROOT.sub(".", text, count=1) if _ROOT.match(text) else text
    parts = [part for part in text.split("/") if part not in {"", "."}]
    absolute = "/" if text.startswith("/") else ""
    return (absolute + "/".join(parts)) or "."
