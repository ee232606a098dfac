"""The options of a shell that decide whether a failure counts: `errexit` and `pipefail`."""

from __future__ import annotations

import posixpath

from cavra_lint.frozen import NamedTuple

#: The shells whose scripts are read, and what runs JavaScript, by their names.
SHELLS = frozenset({"ash", "bash", "dash", "ksh", "sh", "zsh"})
JAVASCRIPTS = frozenset({"bun", "node", "nodejs"})


class ShellOptions(NamedTuple):
    """How a workflow's `shell:` starts the shell."""

    errexit: bool
    pipefail: bool


class Shell:
    """The options of one shell process, as they stand at a place of the script.

    `switched_off` tells that the script itself said `set +e`; `traps`, which traps make a success of every failure,
    by their signals. `folder` is the one it is in, from that it was started in, `left` the one before, and `pushed`
    those that `popd` leads back to; None where that is not known. `renamed` are the commands that `alias` or
    `hash -p` has put something else in the place of.
    """

    def __init__(self, errexit: bool, pipefail: bool) -> None:
        self.errexit = errexit
        self.pipefail = pipefail
        self.switched_off = False
        self.traps: dict[str, str] = {}
        self.folder: str | None = ""
        self.left: str | None = None
        self.pushed: tuple[str | None, ...] = ()
        self.renamed: frozenset[str] = frozenset()

    def copy(self) -> Shell:
        """Return the shell of a child process: what is changed there is not changed here."""
        other = Shell(self.errexit, self.pipefail)
        other.switched_off, other.traps = self.switched_off, dict(self.traps)
        other.folder, other.left, other.pushed, other.renamed = self.folder, self.left, self.pushed, self.renamed
        return other

    def join(self, others: list[Shell]) -> None:
        """After branches of which only one runs, hold only what holds after each."""
        for other in others:
            self.errexit = self.errexit and other.errexit
            self.pipefail = self.pipefail and other.pipefail
            self.switched_off = self.switched_off or other.switched_off
            self.traps |= other.traps
            self.folder = self.folder if self.folder == other.folder else None
            self.left = self.left if self.left == other.left else None
            self.pushed = self.pushed if self.pushed == other.pushed else ()
            self.renamed |= other.renamed


def shell_options(shell: str) -> ShellOptions | None:
    """Tell how GitHub starts the shell that a step names.

    Args:
        shell: the value of `shell:`, empty where none is given.

    Returns:
        The options, or None where no shell runs the step's text (`python`, `node {0}`, `bash -n {0}`).
    """
    words = shell.replace("\\", "/").split()
    if not words:
        return ShellOptions(errexit=True, pipefail=False)
    name = words[0].rpartition("/")[2].lower().removesuffix(".exe")
    if name in {"pwsh", "powershell", "cmd"}:
        return ShellOptions(errexit=False, pipefail=False)
    if name not in SHELLS:
        return None
    if len(words) == 1:
        return ShellOptions(errexit=True, pipefail=name == "bash")
    if not _runs_the_script(words[1:]):
        return None
    started = Shell(errexit=False, pipefail=False)
    _set_options(started, words[1:])
    return ShellOptions(started.errexit, started.pipefail)


def handed_text(words: list[str]) -> tuple[ShellOptions, int] | None:
    """Tell how a command starts a shell that runs one of its words, and which: `bash -ec 'a; b'`.

    Args:
        words: the words of the command.

    Returns:
        The options and the place of the word, or None where the command is no such shell.
    """
    started = _started(words)
    return (started[0], started[1]) if started and "c" in started[2] and started[1] < len(words) else None


def reads_its_script(words: list[str]) -> ShellOptions | None:
    """Return the options of a shell that a command starts to run what it is handed as its input: `bash -e <<EOF`.

    Args:
        words: the words of the command.

    Returns:
        The options, or None where the command is no such shell.
    """
    started = _started(words)
    return started[0] if started and "c" not in started[2] and (started[1] == len(words) or "s" in started[2]) else None


def _started(words: list[str]) -> tuple[ShellOptions, int, str] | None:
    """Return the options of a shell that a command starts, the place behind them, and their letters."""
    if not words or words[0].rpartition("/")[2] not in SHELLS:
        return None
    started, at, letters = Shell(errexit=False, pipefail=False), 1, ""
    while at < len(words) and words[at][:1] in {"-", "+"}:
        valued = words[at] in _LONG_WITH_VALUE or (words[at][1:2] != "-" and not {"o", "O"}.isdisjoint(words[at]))
        option = words[at : at + 1 + valued]
        if words[at] not in _LONG_OPTIONS and words[at] not in _LONG_WITH_VALUE:
            letters += option[0][1:]
            if not (_LETTERS | {"c", "s"}).issuperset(option[0][1:]) or "noexec" in option:
                return None
            _set_options(started, option)
        at += len(option)
    return ShellOptions(started.errexit, started.pipefail), at, letters


def _runs_the_script(arguments: list[str]) -> bool:
    """Tell whether a shell that is started with these arguments runs the script in place of `{0}`."""
    names = iter(arguments)
    for argument in names:
        if argument[:1] not in {"-", "+"}:
            return argument.strip("'\"") == "{0}"
        if argument in _LONG_OPTIONS:
            continue
        if argument in _LONG_WITH_VALUE:
            next(names, "")
        elif not _LETTERS.issuperset(argument[1:]) or any(
            next(names, "") == "noexec" for letter in argument if letter in "oO"
        ):
            return False
    return False


_LONG_OPTIONS = frozenset({"--login", "--noprofile", "--norc", "--posix", "--verbose"})
_LONG_WITH_VALUE = frozenset({"--init-file", "--rcfile"})
#: Those that leave it to run the script: not `-c`, `-n`, `-s` and `-D`.
_LETTERS = frozenset("abefhiklmoprtuvxBCEHOPT")


def stops_running(name: str, arguments: list[str]) -> bool:
    """Tell whether what follows is read but not run: `set -n`."""
    if name != "set":
        return False
    options = [argument for argument in arguments if argument.startswith("-")]
    return "noexec" in arguments[1:] or any("n" in option for option in options)


def behind_wrappers(words: list[str]) -> list[str]:
    """Return the words of a builtin that is run by way of `builtin`, `command` or `time`."""
    at = 0
    while at < len(words) - 1 and words[at] in {"builtin", "command", "time"}:
        at += 1
    return words[at:]


def apply_options(shell: Shell, name: str, arguments: list[str]) -> None:
    """Do to a shell what the builtins `set`, `shopt`, `cd`, `alias` and `hash` would do to it."""
    if name == "popd":
        shell.left, (shell.folder, *pushed) = shell.folder, shell.pushed or (None,)
        shell.pushed = (*pushed,)
    elif name in {"cd", "pushd"}:
        if name == "pushd":
            shell.pushed = (shell.folder, *shell.pushed[:_MOST_PUSHED])
        back = arguments[:1] == ["-"]
        shell.left, shell.folder = shell.folder, shell.left if back else _moved(shell.folder, arguments)
    elif name == "set":
        _set_options(shell, arguments)
    elif name == "alias":
        shell.renamed |= {argument.partition("=")[0] for argument in arguments if "=" in argument}
    elif name == "hash" and arguments[:1] == ["-p"]:
        shell.renamed |= {*arguments[2:]}
    elif name == "shopt":
        flags = "".join(argument for argument in arguments if argument.startswith("-"))
        if "o" in flags and ("s" in flags or "u" in flags):
            for argument in arguments:
                _set_option(shell, argument, on="s" in flags)


_LONGEST_FOLDER = 1_000
_MOST_PUSHED = 20


def _moved(folder: str | None, arguments: list[str]) -> str | None:
    if not arguments or arguments[0].startswith(("-", "~")):
        return None
    if arguments[0].startswith(("/", "$")):
        return arguments[0]
    if folder is None or len(folder) + len(arguments[0]) > _LONGEST_FOLDER:
        return None
    return posixpath.join(folder, arguments[0])


def _set_options(shell: Shell, arguments: list[str]) -> None:
    names = iter(arguments)
    for argument in names:
        if argument in {"--", "-"} or argument[:1] not in {"-", "+"}:
            break
        if argument.startswith("--"):
            next(names if argument in _LONG_WITH_VALUE else iter(()), "")
            continue
        for letter in argument[1:]:
            name = next(names, "") if letter in "oO" else {"e": "errexit"}.get(letter, "")
            _set_option(shell, name, on=argument[0] == "-")


def _set_option(shell: Shell, name: str, *, on: bool) -> None:
    if name == "errexit":
        shell.errexit, shell.switched_off = on, not on
    elif name == "pipefail":
        shell.pipefail = on
