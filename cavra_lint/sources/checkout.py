"""What the steps before one have checked out, and whether that is what has changed."""

from __future__ import annotations

import posixpath

from cavra_lint.frozen import TYPE_CHECKING, NamedTuple
from cavra_lint.late import re
from cavra_lint.sources.circumstances import CHECKED_OUT, EVENT, at_step, handed_on
from cavra_lint.sources.expression import can_run, evaluated, filled
from cavra_lint.sources.expression_values import Unknown, compare

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cavra_lint.sources.circumstances import Run
    from cavra_lint.sources.expression_values import Known
    from cavra_lint.sources.shell_options import ShellOptions
    from cavra_lint.sources.shell_syntax import Word
    from cavra_lint.sources.workflow_shapes import Step

WORKSPACE = (
    r"(?:\$\{\{\s*github\.workspace\s*\}\}|\$GITHUB_WORKSPACE\b|\$\{GITHUB_WORKSPACE\}"
    r"|\$\(git rev-parse --show-toplevel\)|/github/workspace|/(?:__w|home/runner/work)/[^/\s$]+/[^/\s$]+)(?=/|$)"
)
"""A pattern for the folder that a job begins in: by its names, and where GitHub's machines and containers have it."""

#: What a pull request is compared with, and not what it changes.
_BASE = r"github\.base_ref|github\.event\.(?:pull_request\.base\..+|repository\.default_branch)"
_BRANCH_OF_TARGET = frozenset({"github.ref", "github.ref_name", "github.sha"})


MOST_MADE = 500_000
"""So much text is made of scripts by what is known of their runs, beside the scripts as they are written."""


class Checkout(NamedTuple):
    """One run of `actions/checkout`: where it stands, and why it is not the change that is there; empty where it is."""

    path: str
    line: int
    other: str


class Passed(NamedTuple):
    """A step before another one of the same job.

    `path` is the file that it stands in, `shell` how its script is started, `replaces` whether it may replace what
    is judged. `uses` are the steps by which it is reached where it stands in an action, each with the inputs of what
    it uses. `environment` are the variables that are set around it.
    """

    path: str
    step: Step
    shell: ShellOptions | None
    replaces: bool
    uses: tuple[tuple[Step, Known], ...] = ()
    environment: tuple[tuple[str, str], ...] = ()

    def unconditional(self, runs: Sequence[Run]) -> Passed:
        """Return the same step, as one that surely ran; with the script that it was given, where there is one run."""
        script = self.text_there(self.step.run, runs[0]) if self.step.run and len(runs) == 1 else self.step.run
        return self._replace(step=self.step._replace(condition="", run=script), uses=())

    def ran(self, known: Run) -> bool:
        """Tell whether the step can have run in a run of which this is known."""
        return self.known_there(known) is not None

    def text_there(self, text: str, run: Run) -> str:
        """Return a text of the step with what its expressions come to in a run, as far as that is told."""
        return filled(text, self.known_there(run) or run) if "${{" in text else text

    def surely_ran(self) -> bool:
        """Tell whether the step ran whenever its job came to it."""
        return not self.step.condition and not any(user.condition for user, _ in self.uses)

    def known_there(self, run: Run) -> Known | None:
        """Return what was known at the step in a run of which this is known; None where it cannot have run."""
        for user, inputs in self.uses:
            there = at_step(user, run)
            if not can_run(user.condition, there):
                return None
            run = handed_on(there, inputs, user.given)
        there = at_step(self.step, run)
        return there if can_run(self.step.condition, there) else None


def folder_of(path: str) -> str:
    """Return a folder below the workspace, empty for the workspace itself."""
    if not path:
        return ""
    path = path.strip()
    found = re.match(WORKSPACE, path)
    folder = posixpath.normpath(f".{path[found.end() :]}" if found else path)
    return "" if folder == "." else folder


_HERE = r"\$(?:PWD|\{PWD\}|\(pwd\))(?=/|$)"


def place_of(word: Word, here: str | None) -> str | None:
    """Return the path of a word from the workspace; what only a run can tell stays in it as it stands.

    Args:
        word: the word.
        here: the folder of the workspace that it is read in, None where that is not known.
    """
    text = word.text
    if begun := re.match(WORKSPACE, text):
        here, text = "", f".{text[begun.end() :]}"
    if not word.literal:
        if begun := re.match(_HERE, text):
            text = f".{text[begun.end() :]}"
        if "$" in text or ".." in text:
            return text
    if here is None:
        return None
    place = posixpath.join(here, text)
    if "$" in here and ".." in place:
        return place
    place = posixpath.normpath(place)
    return "" if place == "." else place


def folder_behind(moved: str | None, folder: str) -> str | None:
    """Return the folder of the workspace that a command runs in; None where only a run can tell.

    Args:
        moved: the folder from that of its script, as `SimpleCommand` has it.
        folder: the folder of the workspace that the script is started in.
    """
    if not moved:
        return folder if moved == "" else None

    from cavra_lint.sources.shell_syntax import Word

    return place_of(Word(moved, "$" not in moved), folder)


def restored(step: Step, paths: Iterable[str]) -> Iterator[str]:
    """Yield those of some paths of the workspace that a step replaces by what another run has left.

    It names them, or a folder above them. That anything may lie in the workspace itself says nothing of them.
    """
    folders = {folder_of(line) for line in step.given.get("path", "").splitlines()}
    yield from (path for path in paths if any(f"{path}/".startswith(f"{folder}/") for folder in folders))


def is_restoring(step: Step) -> bool:
    """Tell whether a step puts into the workspace what another run has left."""
    return step.uses.partition("@")[0].lower() in _RESTORING


_RESTORING = frozenset(("actions/cache", "actions/cache/restore", "actions/download-artifact"))


def is_checkout(step: Step) -> bool:
    """Tell whether a step checks something out."""
    return step.uses.partition("@")[0].lower() == "actions/checkout"


def check_out(passed: Passed, run: Run) -> None:
    """Write to what is known in a run what a checkout has left in its folder."""
    step, known = passed.step, passed.known_there(run)
    if known is None:
        return
    at, other = CHECKED_OUT + folder_of(filled(step.given.get("path", ""), known)), _other(step, known)
    # which of two stands there is not told where one of them may not have run
    if passed.surely_ran() or not other or at not in run:
        run[at] = Checkout(passed.path, step.uses_line, other)


def checked_out(known: Known, folder: str) -> Checkout | None:
    """Return what was checked out last in a folder of the workspace, None where nothing was."""
    found = known.get(CHECKED_OUT + folder)
    return found if isinstance(found, Checkout) else None


def _other(step: Step, known: Known) -> str:
    repository = evaluated(step.given.get("repository", ""), known)
    if repository and isinstance(repository, str):
        return "another `repository` is checked out"
    ref = evaluated(step.given.get("ref", ""), known)
    of_base = known.get(EVENT) == "pull_request_target"
    if isinstance(ref, Unknown):
        of_pull_request = known.get(EVENT) != "push" and re.fullmatch(_BASE, ref.path) is not None
        other = of_pull_request or (of_base and ref.path in _BRANCH_OF_TARGET)
    elif not ref:
        other = of_base
    else:
        other = not is_pushed(str(ref), known)
    return "what is checked out is not the change" if other else ""


def is_pushed(ref: str, known: Known) -> bool:
    """Tell whether a ref that a file names can be the one that was pushed."""
    pushed = known.get("github.ref")
    if not isinstance(pushed, Unknown):
        # nothing is known of a run that no change starts
        return True
    ref = ref if ref.startswith("refs/") else f"refs/heads/{ref}"
    return bool(pushed.among) and compare("!=", pushed, ref) is not True
