"""Whether a command of a script is the one that the contract asks for, told on words, not on text.

However it is launched (`python`, `py -3`, `uv run`, `env X=1 timeout 60 …`), the same script with
the same values for the contract's options is the same command.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

from cavra_lint.frozen import NamedTuple
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


class _Prefix(NamedTuple):
    """A program that runs the command in its arguments, and what may stand between the two.

    `before` are the options that may stand before its subcommand, where it has one.
    """

    flags: re.Pattern[str]
    valued: re.Pattern[str]
    operands: int = 0
    assignments: bool = False
    subcommand: str = ""
    before: re.Pattern[str] = re.compile("-[qv]+|--quiet|--verbose")
    before_valued: re.Pattern[str] = re.compile(r"(?!)")


_NONE = re.compile(r"(?!)")
_RUNNER = _Prefix(re.compile(r"-[qv]|--quiet|--verbose"), _NONE, subcommand="run")
_CONDA = _Prefix(
    re.compile(r"--(?:no-capture-output|live-stream)|--(?:name|prefix)=.+"),
    re.compile(r"-[np]|--name|--prefix"),
    subcommand="run",
)
_PREFIXES = {
    "time": _Prefix(
        re.compile("-[pv]+|--portability|--verbose|-[of].+|--(?:output|format)=.+"),
        re.compile("-[of]|--output|--format"),
    ),
    "command": _Prefix(re.compile("-p"), _NONE),
    "exec": _Prefix(re.compile("-[cl]+"), re.compile("-a")),
    "nohup": _Prefix(_NONE, _NONE),
    "env": _Prefix(
        re.compile(r"-i|-|--ignore-environment|-u.+|--unset=.+"),
        re.compile(r"-u|--unset"),
        assignments=True,
    ),
    "sudo": _Prefix(
        re.compile(r"-[EHnSk]+|--preserve-env(=.*)?|--set-home|--non-interactive|--user=.+"),
        re.compile(r"-[ugp]|--user|--group"),
        assignments=True,
    ),
    "nice": _Prefix(re.compile(r"-n?-?[0-9]+|--adjustment=.+"), re.compile(r"-n|--adjustment")),
    "timeout": _Prefix(
        re.compile(r"--preserve-status|--foreground|-v|--verbose|-[ks].+|--(kill-after|signal)=.+"),
        re.compile(r"-[ks]|--kill-after|--signal"),
        operands=1,
    ),
    "ionice": _Prefix(re.compile("-[cn][0-9]|-t"), re.compile("-[cn]")),
    "unbuffer": _Prefix(_NONE, _NONE),
    "stdbuf": _Prefix(re.compile(r"-[ioe].+|--(input|output|error)=.+"), re.compile(r"-[ioe]")),
    "xvfb-run": _Prefix(
        re.compile(r"-a|--auto-servernum|-[sn].+|--server-(args|num)=.+"),
        re.compile(r"-[sn]|--server-args|--server-num"),
    ),
    "uv": _Prefix(
        re.compile(
            r"-[qvsn]+|--quiet|--verbose|--script|--frozen|--locked|--isolated|--offline|--exact"
            r"|--active|--dev|--all-(extras|groups|packages)"
            r"|--no-(project|sync|dev|cache|config|editable|default-groups|env-file|progress)"
            r"|--(python|with|extra|group|only-group|env-file|with-requirements|with-editable|project)=.+"
        ),
        re.compile(
            r"-p|-w|--(python|with|extra|group|only-group|env-file|with-requirements"
            r"|with-editable|project)"
        ),
        subcommand="run",
        before=re.compile("-[qvn]+|--quiet|--verbose|--offline|--no-(?:cache|config|progress)|--project=.+"),
        before_valued=re.compile("--project"),
    ),
    **dict.fromkeys(("conda", "mamba", "micromamba"), _CONDA),
    "pixi": _Prefix(
        re.compile(r"-[qv]+|--(?:frozen|locked|no-progress|clean-env)|--(?:environment|manifest-path)=.+"),
        re.compile(r"-[em]|--environment|--manifest-path"),
        subcommand="run",
    ),
    "tox": _Prefix(re.compile(r"-[qv]+|-e.+"), re.compile("-e"), subcommand="exec"),
    **dict.fromkeys(("pdm", "pipenv", "rye", "devbox", "dotenv"), _RUNNER),
    "poetry": _RUNNER._replace(before=re.compile("-[qvn]+|--quiet|--verbose|--no-(?:interaction|ansi)")),
    "hatch": _RUNNER._replace(
        before=re.compile("-[qv]+|--quiet|--verbose|--no-color|-e.+|--env=.+"), before_valued=re.compile("-e|--env")
    ),
    **dict.fromkeys(("mise", "pyenv", "asdf"), _Prefix(_NONE, _NONE, subcommand="exec")),
    # what it runs is the script itself
    "coverage": _Prefix(
        re.compile(
            "-[apL]+|--append|--parallel-mode|--pylib|--branch|--timid"
            "|--(?:source|source-pkgs|include|omit|rcfile|data-file|context|concurrency)=.+"
        ),
        re.compile("--(?:source|source-pkgs|include|omit|rcfile|data-file|context|concurrency)"),
        subcommand="run",
    ),
}
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=.*", re.DOTALL)
_PYTHON = re.compile(r"(?:python|pypy)(?!2)[0-9]*(?:\.[0-9]+)*[tdwm]?(?:\.exe)?|py(?:\.exe)?", re.I)
_PYTHON_OUTPUT = re.compile(r"\$\{\{\s*steps\.[\w-]+\.outputs\.python-path\s*\}\}")
_PYTHON_FLAG = re.compile(r"-[bBdEIOPqRsSuvx]+|-[XW].+|-3(?:\.[0-9]+)?(?:-\w+)?|-V:.+")
_PYTHON_VALUED = re.compile(r"-[bBdEIOPqRsSuvx]*[XW]|--check-hash-based-pycs")

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
    """Reads the contract's own command.

    Args:
        command: such as `python3 scripts/x.py --packet a.json --require-live`.
    """
    try:
        texts = shlex.split(command)
    except ValueError:
        texts = command.split()
    words = [Word(text, True) for text in texts]
    while words and _ASSIGNMENT.fullmatch(words[0].text):
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
    """Compares a command of a script with the expected one.

    Args:
        expected: the contract's command.
        command: the command as it stands in a workflow or a page.

    Returns:
        Whether it runs the script, and what differs.
    """
    words = [Word(*pair) for pair in zip(command.words, command.literal, strict=True)]
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
    """Returns what a command runs; None where that is nothing that can be told."""
    at = behind_prefixes(words)
    if at is None or at >= len(words):
        return None
    if not _is_python(words[at]):
        return _Called(_path(words[at]), words[at + 1 :], words[at].text.endswith(".py"))
    at = _behind_python_flags(words, at + 1)
    if at + 1 < len(words) and words[at].text == "-m":
        return _Called(f"-m {words[at + 1].text}", words[at + 2 :], False)
    return _Called(_path(words[at]), words[at + 1 :], True) if at < len(words) else None


def _is_called(expected: Invocation, called: _Called) -> bool:
    if called.name == expected.script:
        return True
    # a program that is looked for by its name is the same by a path, as `.venv/bin/python` is Python
    return not called.by_python and called.name.rpartition("/")[2] == expected.script


def _is_python(word: Word) -> bool:
    # hatch runs `test:python` in its environment `test`
    name = re.split("[/:]", word.text.replace("\\", "/"))[-1]
    return bool(_PYTHON.fullmatch(name) or _PYTHON_OUTPUT.fullmatch(word.text))


def behind_prefixes(words: list[Word]) -> int | None:
    """Returns where a command starts that others run (`sudo`, `env A=b`); None where they run none."""
    at = 0
    while at < len(words):
        name = words[at].text.rsplit("/", 1)[-1]
        prefix = _PREFIXES.get(name) if words[at].literal else None
        if prefix is None:
            return at
        at += 1
        if prefix.subcommand:
            before = _behind_options(words, at, _Prefix(prefix.before, prefix.before_valued))
            if before is None or before >= len(words) or words[before].text != prefix.subcommand:
                return None
            at = before + 1
        behind = _behind_options(words, at, prefix)
        if behind is None:
            return None
        at = behind + prefix.operands
    return None


def _behind_options(words: list[Word], at: int, prefix: _Prefix) -> int | None:
    while at < len(words):
        text = words[at].text
        if text == "--":
            at += 1
            break
        if prefix.assignments and _ASSIGNMENT.fullmatch(text):
            at += 1
        elif prefix.valued.fullmatch(text):
            at += 2
        elif prefix.flags.fullmatch(text):
            at += 1
        elif text.startswith("-"):
            # `command -v`, `env -S`, `uv run --help`: not a run of what follows.
            return None
        else:
            break
    while prefix.assignments and at < len(words) and _ASSIGNMENT.fullmatch(words[at].text):
        at += 1
    return at


def _behind_python_flags(words: list[Word], at: int) -> int:
    while at < len(words):
        if _PYTHON_VALUED.fullmatch(words[at].text):
            at += 2
        elif _PYTHON_FLAG.fullmatch(words[at].text):
            at += 1
        else:
            break
    return at


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
        if not name:
            further = _further_word(next(operands, None), value)
            if further:
                return further
        elif name in names:
            found[name] = value
        elif not expected.is_python:
            return f"has the further option `{snippet(name)}`"
        elif _other_end(name):
            return f"has `{name}`, which does not judge the packet of the contract"
        elif _other_root(name, value):
            return f"has `{name}` with another folder than the root, which judges another tree"
        else:
            # argparse takes an abbreviation for the option, and the last of two values.
            known = next((known for known in names if known.startswith(name) and len(name) > 2), name)
            found[known] = value
    missing = next(operands, None)
    if missing is not None:
        return f"has no `{missing}`"
    for name, wanted in expected.options:
        if name not in found:
            return f"has no `{name}`"
        given = found[name]
        if given is None and wanted is not None:
            return f"has `{name}` without a value"
        if given is not None and wanted is None:
            return f"has a value for `{name}`"
        if given is not None and wanted is not None and _path(given) != _path(Word(wanted, True)):
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
    """Yields options with their values; a word that belongs to none comes with an empty name."""
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
    """Whether no value can follow: argparse takes no word with a dash for one."""
    return not following or (following[0].text.startswith("-") and following[0].text != "-")


def _path(word: Word) -> str:
    """A path from the root of the repository, however it is written; `.` for the root itself."""
    text = word.text
    if not word.literal:
        text = _ROOT.sub(".", text, count=1) if _ROOT.match(text) else text
    parts = [part for part in text.split("/") if part not in {"", "."}]
    absolute = "/" if text.startswith("/") else ""
    return (absolute + "/".join(parts)) or "."
