"""The options of a shell that decide whether a failure counts: `errexit` and `pipefail`."""

from __future__ import annotations

from cavra_lint.frozen import NamedTuple


class ShellOptions(NamedTuple):
    """How a workflow's `shell:` starts the shell."""

    errexit: bool
    pipefail: bool


class Shell:
    """The options of one shell process, as they stand at a place of the script.

    `switched_off` tells that the script itself said `set +e`; `trap`, that a trap makes a success
    of every failure, and which.
    """

    def __init__(self, errexit: bool, pipefail: bool) -> None:
        self.errexit = errexit
        self.pipefail = pipefail
        self.switched_off = False
        self.trap: str | None = None

    def copy(self) -> Shell:
        other = Shell(self.errexit, self.pipefail)
        other.switched_off, other.trap = self.switched_off, self.trap
        return other

    def join(self, others: list[Shell]) -> None:
        """After branches of which only one runs, hold only what holds after each."""
        for other in others:
            self.errexit = self.errexit and other.errexit
            self.pipefail = self.pipefail and other.pipefail
            self.switched_off = self.switched_off or other.switched_off
            self.trap = self.trap or other.trap


def shell_options(shell: str) -> ShellOptions | None:
    """Tells how GitHub starts the shell that a step names.

    Args:
        shell: the value of `shell:`, empty where none is given.

    Returns:
        The options, or None where the step's text is not a shell script (`python`, `node {0}`).
    """
    words = shell.replace("\\", "/").split()
    if not words:
        return ShellOptions(errexit=True, pipefail=False)
    name = words[0].rsplit("/", 1)[-1].lower().removesuffix(".exe")
    if name in {"pwsh", "powershell", "cmd"}:
        return ShellOptions(errexit=False, pipefail=False)
    if name not in {"bash", "sh", "dash", "zsh", "ksh", "ash"}:
        return None
    if len(words) == 1:
        return ShellOptions(errexit=True, pipefail=name == "bash")
    started = Shell(errexit=False, pipefail=False)
    _set_options(started, words[1:])
    return ShellOptions(started.errexit, started.pipefail)


def apply_options(shell: Shell, name: str, arguments: list[str]) -> None:
    """Does to a shell what the builtins `set` and `shopt` would do to it."""
    if name == "set":
        _set_options(shell, arguments)
    elif name == "shopt" and arguments:
        flags = "".join(argument for argument in arguments if argument.startswith("-"))
        if "o" in flags and ("s" in flags or "u" in flags):
            for argument in arguments:
                _set_option(shell, argument, on="s" in flags)


def _set_options(shell: Shell, arguments: list[str]) -> None:
    names = iter(arguments)
    for argument in names:
        if argument in {"--", "-"} or argument[:1] not in {"-", "+"}:
            break
        if argument.startswith("--"):
            continue
        for letter in argument[1:]:
            name = next(names, "") if letter == "o" else {"e": "errexit"}.get(letter, "")
            _set_option(shell, name, on=argument[0] == "-")


def _set_option(shell: Shell, name: str, *, on: bool) -> None:
    if name == "errexit":
        shell.errexit, shell.switched_off = on, not on
    elif name == "pipefail":
        shell.pipefail = on
