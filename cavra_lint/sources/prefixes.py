"""Programs that run the command in their arguments, and hand on its status: `timeout 60`, `uv run`, `env A=b`."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence

from cavra_lint.frozen import NamedTuple
from cavra_lint.late import re
from cavra_lint.sources.shell_syntax import Word


class _Options(NamedTuple):
    """Options that change nothing of what is run: their letters and names, without a value and with one.

    `others` is a pattern of words that are written in a way of their own.
    """

    letters: str = ""
    names: str = ""
    valued_letters: str = ""
    valued_names: str = ""
    others: str = "(?!)"


class _Prefix(NamedTuple):
    """A program that runs a command, and what may stand between the two.

    `before` are the options that may stand before its subcommand, where it has one, by any of some names. Where there
    are `marks`, the command stands behind the first of them, and before that what it is run with.
    """

    options: _Options = _Options()
    operands: int = 0
    assignments: bool = False
    subcommands: tuple[str, ...] = ()
    before: _Options = _Options("qv", "quiet verbose")
    marks: tuple[str, ...] = ()


_CONDA = _Prefix(
    _Options("sv", "live-stream no-capture-output verbose dev clean-env", "npr", "name prefix root-prefix"),
    subcommands=("run",),
)
#: Those whose options are not here run what they are given as well, but elsewhere, or not at all.
PREFIXES: Mapping[str, _Prefix] = {
    "time": _Prefix(_Options("apqv", "append portability quiet verbose", "fo", "format output")),
    "command": _Prefix(_Options("p")),
    "exec": _Prefix(_Options("cl", valued_letters="a")),
    "nohup": _Prefix(),
    "env": _Prefix(
        _Options("iv", "ignore-environment debug", "u", "unset", r"-|--(?:block|default|ignore)-signal(?:=.*)?"),
        assignments=True,
    ),
    "sudo": _Prefix(
        _Options(
            "ABEHNPSkn",
            "askpass bell no-update non-interactive preserve-env preserve-groups reset-timestamp set-home stdin",
            "Tgprtu",
            "command-timeout group prompt role type user",
            "--preserve-env=.*",
        ),
        assignments=True,
    ),
    "doas": _Prefix(_Options("n", valued_letters="u"), assignments=True),
    "nice": _Prefix(_Options(valued_letters="n", valued_names="adjustment", others="--?[0-9]+")),
    "timeout": _Prefix(
        _Options("fpv", "foreground preserve-status verbose", "ks", "kill-after signal"),
        operands=1,
    ),
    "ionice": _Prefix(_Options("t", "ignore", "cn", "class classdata")),
    "chrt": _Prefix(
        _Options("bdfiorRv", "batch deadline fifo idle other rr reset-on-fork verbose"),
        operands=1,
    ),
    "taskset": _Prefix(_Options("ac", "all-tasks cpu-list"), operands=1),
    "flock": _Prefix(
        _Options("Feonsx", "close exclusive nb no-fork nonblock shared verbose", "w", "timeout wait"),
        operands=1,
    ),
    "setsid": _Prefix(_Options("cw", "ctty wait")),
    "chronic": _Prefix(_Options("ev")),
    "unbuffer": _Prefix(_Options("p")),
    "stdbuf": _Prefix(_Options(valued_letters="eio", valued_names="error input output")),
    "xvfb-run": _Prefix(
        _Options("al", "auto-servernum listen-tcp", "efnpsw", "auth-file error-file server-args server-num wait")
    ),
    "uv": _Prefix(
        _Options(
            "Unqsv",
            "active all-extras all-groups all-packages compile-bytecode dev exact frozen isolated locked"
            " managed-python no-binary no-build no-build-isolation no-cache no-config no-default-groups no-dev"
            " no-editable no-env-file no-index no-managed-python no-progress no-project no-python-downloads"
            " no-require-build-hashes no-sources no-sync offline only-dev quiet refresh reinstall"
            " require-build-hashes script system-certs native-tls upgrade verbose",
            "CPfipw",
            "allow-insecure-host cache-dir color config-file config-setting config-settings-package default-index"
            " env-file exclude-newer exclude-newer-package extra extra-index-url find-links fork-strategy group index"
            " index-strategy index-url keyring-provider link-mode no-binary-package no-build-isolation-package"
            " no-build-package no-editable-package no-extra no-group no-sources-package only-group package prerelease"
            " prerelease-package project python python-platform refresh-package reinstall-package resolution"
            " upgrade-group upgrade-package with with-editable with-requirements",
        ),
        subcommands=("run",),
        before=_Options(
            "nqv",
            "managed-python native-tls no-cache no-config no-managed-python no-progress no-python-downloads offline"
            " quiet system-certs verbose",
            valued_names="allow-insecure-host cache-dir color config-file project",
        ),
    ),
    **dict.fromkeys(("conda", "mamba", "micromamba"), _CONDA),
    "pixi": _Prefix(
        _Options(
            "qvx",
            "as-is clean-env executable frozen locked no-install no-progress quiet skip-deps verbose",
            "em",
            "color environment manifest-path",
        ),
        subcommands=("run",),
    ),
    "tox": _Prefix(
        _Options("qrv", "recreate skip-env-install skip-pkg-install", "ce", "colored conf workdir"),
        subcommands=("exec", "e"),
        before=_Options("qv"),
    ),
    "pdm": _Prefix(
        _Options("qsv", "quiet recreate site-packages verbose", "k", "env env-file skip venv"),
        subcommands=("run",),
    ),
    "pipenv": _Prefix(_Options("qv", "quiet system verbose"), subcommands=("run",)),
    "rye": _Prefix(_Options("qv", "quiet verbose", "f", "pyproject"), subcommands=("run",)),
    "devbox": _Prefix(_Options("q", "pure quiet", "e", "env env-file environment"), subcommands=("run",)),
    "dotenv": _Prefix(
        _Options(names="no-override override"),
        subcommands=("run",),
        before=_Options("e", "export", "fq", "file quote"),
    ),
    "poetry": _Prefix(
        _Options("qv", "quiet verbose"),
        subcommands=("run",),
        before=_Options("nqv", "ansi no-ansi no-cache no-interaction no-plugins quiet verbose", "P", "project"),
    ),
    "hatch": _Prefix(
        _Options("qv", "quiet verbose"),
        subcommands=("run",),
        before=_Options(
            "qv", "color interactive no-color no-interactive quiet verbose", "e", "cache-dir config data-dir env"
        ),
    ),
    **dict.fromkeys(("pyenv", "asdf"), _Prefix(subcommands=("exec",))),
    "mise": _Prefix(subcommands=("exec", "x"), marks=("--",)),
    "nix": _Prefix(subcommands=("develop", "shell"), marks=("-c", "--command")),
    **dict.fromkeys(("doppler", "infisical", "op"), _Prefix(subcommands=("run",), marks=("--",))),
    "direnv": _Prefix(operands=1, subcommands=("exec",)),
    # what it runs is the script itself
    "coverage": _Prefix(
        _Options(
            "Lap",
            "append branch parallel-mode pylib timid",
            valued_names="concurrency context data-file debug include omit rcfile save-signal source source-pkgs",
        ),
        subcommands=("run",),
    ),
}
#: Those of them that Python runs as a module as well: `python -m coverage run`.
_MODULES = frozenset({"coverage", "dotenv", "hatch", "pdm", "pipenv", "poetry", "tox", "uv"})
ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=.*", re.DOTALL)
_PYTHON = re.compile(r"(?:python|pypy)(?!2)[0-9]*(?:\.[0-9]+)*[tdwm]?(?:\.exe)?|py(?:\.exe)?", re.I)
_PYTHON_OUTPUT = re.compile(r"\$\{\{\s*steps\.[\w-]+\.outputs\.python-path\s*\}\}")
_PYTHON_FLAG = re.compile(r"-[bBdEIOPqRsSuvx]+|-[XW].+|-3(?:\.[0-9]+)?(?:-\w+)?|-V:.+")
_PYTHON_VALUED = re.compile(r"-[bBdEIOPqRsSuvx]*[XW]|--check-hash-based-pycs")


def behind_prefixes(words: Sequence[Word]) -> int | None:
    """Return where a command starts that others run (`sudo`, `env A=b`); None where they run none.

    Args:
        words: the words of the whole command.
    """
    at = 0
    while at < len(words):
        named = _named_at(words, at)
        prefix = PREFIXES.get(words[named].text.rpartition("/")[2]) if words[named].literal else None
        if prefix is None:
            return at
        at = named + 1
        if prefix.subcommands:
            before = _behind_options(words, at, prefix.before)
            if before is None or before >= len(words) or words[before].text not in prefix.subcommands:
                return None
            at = before + 1
        if prefix.marks:
            behind = _behind_mark(words, at, prefix.marks)
        else:
            behind = _behind_options(words, at, prefix.options, assignments=prefix.assignments)
        if behind is None:
            return None
        at = behind + prefix.operands
    return None


def _behind_mark(words: Sequence[Word], at: int, marks: tuple[str, ...]) -> int | None:
    while at < len(words) and words[at].text not in _SHOWING:
        at += 1
        if words[at - 1].text in marks:
            return at
    return None


#: With these a program says something of itself, and runs nothing.
_SHOWING = frozenset({"-h", "--help", "--version", "--dry-run"})


def _named_at(words: Sequence[Word], at: int) -> int:
    """Return where the program is named that a command starts with, behind Python where that runs it as a module."""
    if is_python(words[at]):
        behind = behind_python_flags(words, at + 1)
        if behind + 1 < len(words) and words[behind].text == "-m" and words[behind + 1].text in _MODULES:
            return behind + 1
    return at


def is_python(word: Word) -> bool:
    """Tell whether a word names Python 3, by a path or by what a step says of where it is."""
    # hatch runs `test:python` in its environment `test`
    name = re.split("[/:]", word.text.replace("\\", "/"))[-1]
    return bool(_PYTHON.fullmatch(name) or _PYTHON_OUTPUT.fullmatch(word.text))


def behind_python_flags(words: Sequence[Word], at: int) -> int:
    """Return where the script stands, or `-m` or `-c`, behind the options of Python that begin at a place."""
    while at < len(words):
        if _PYTHON_VALUED.fullmatch(words[at].text):
            at += 2
        elif _PYTHON_FLAG.fullmatch(words[at].text):
            at += 1
        else:
            break
    return at


def _behind_options(words: Sequence[Word], at: int, options: _Options, *, assignments: bool = False) -> int | None:
    flag, valued = _patterns(options)
    while at < len(words):
        text = words[at].text
        if text == "--":
            at += 1
            break
        if assignments and ASSIGNMENT.fullmatch(text):
            at += 1
        elif valued.fullmatch(text):
            at += 2
        elif flag.fullmatch(text):
            at += 1
        elif text.startswith("-"):
            # `command -v`, `env -S`, `uv run --help`: not a run of what follows
            return None
        else:
            break
    while assignments and at < len(words) and ASSIGNMENT.fullmatch(words[at].text):
        at += 1
    return at


@functools.cache
def _patterns(options: _Options) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the pattern of an option that is whole by itself, and that of one whose value is the next word."""
    plain, valued = _one_of(options.letters), _one_of(options.valued_letters)
    names, valued_names = ("|".join(some.split()) or "(?!)" for some in (options.names, options.valued_names))
    ends = f"-{plain}*{valued}|--(?:{valued_names})"
    whole = f"-{plain}+|--(?:{names})|-{plain}*{valued}.+|--(?:{valued_names})=.+|{options.others}"
    return re.compile(whole, re.DOTALL), re.compile(ends)


def _one_of(letters: str) -> str:
    return f"[{letters}]" if letters else "(?!)"
