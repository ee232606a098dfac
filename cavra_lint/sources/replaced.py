"""What the steps before one have put in the place of the files that it judges.

What puts back the file of the change (`git restore`, a copy that was kept) undoes what a command has put there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from cavra_lint.frozen import TYPE_CHECKING, NamedTuple
from cavra_lint.late import re
from cavra_lint.sources.changes import Change, Judged, changes_by, changes_in
from cavra_lint.sources.checkout import MOST_MADE, Passed, folder_of, is_checkout, is_pushed, restored
from cavra_lint.sources.programs import JAVASCRIPT, program_of
from cavra_lint.sources.shell_syntax import snippet
from cavra_lint.sources.written_by_git import BRANCH, FETCHED, HEAD, INDEX, STASH

if TYPE_CHECKING:
    from cavra_lint.sources.circumstances import Run
    from cavra_lint.sources.workflow_shapes import Step

_REMOTE = re.compile(r"^(?:refs/)?(?:remotes/)?(?:origin|upstream)/")


class Replaced(NamedTuple):
    """Where something else was put there, and what."""

    path: str
    line: int
    by: str


class Course:
    """What has become of the files that are judged in one run of a job, as far as its steps were followed."""

    def __init__(self) -> None:
        self.followed = 0
        self.found: dict[str, tuple[Passed, Change]] = {}
        # what was fetched last is at first what `actions/checkout` has fetched
        self.kept: set[tuple[str, str]] = {(HEAD, FETCHED)}

    def follow(self, steps: Sequence[Passed], known: Run, judged: Judged) -> None:
        """Follow the steps that were not followed yet.

        Args:
            steps: the steps from the first of the job on, always the same ones and more.
            known: what is known of the run.
            judged: the files.
        """
        for step in steps[self.followed :]:
            if is_checkout(step.step):
                folder = folder_of(step.text_there(step.step.given.get("path", ""), known))
                if folder == judged.folder and step.ran(known):
                    self.found.clear()
            elif (changes := _changes_of(step, known, judged)) and step.ran(known):
                _follow(changes, step, known, judged, self.found, self.kept)
        self.followed = len(steps)

    def before(self, step: Passed, turn: int, known: Run, judged: Judged) -> Replaced | None:
        """Return what stands in the place of a file where a step judges it, None where that is the change.

        Args:
            step: the step, behind those that were followed.
            turn: how many commands of its script come before the one that judges.
            known: what is known of the run.
            judged: the files.
        """
        found = self.found
        before = [change for change in _changes_of(step, known, judged) if change.turn < turn] if turn else []
        if before:
            found = dict(found)
            _follow(before, step, known, judged, found, set(self.kept))
        stands = (at for what, at in found.items() if not what.startswith((INDEX, STASH)))
        found_at = ((at.path, at.step.uses_line if at.step.uses else at.step.run_line, by) for at, by in stands)
        return next((Replaced(path, line + by.line, by.by) for path, line, by in found_at), None)


def _changes_of(step: Passed, known: Run, judged: Judged) -> tuple[Change, ...]:
    if step.step.uses:
        return (*_restored(step.step, judged), *changes_by(step.step.given.get("script", ""), JAVASCRIPT, "", judged))
    folder = folder_of(step.text_there(step.step.working_directory, known))
    script = step.step.run or ""
    if "${{" in script and judged.made[-1] + len(script) <= MOST_MADE:
        judged.made[-1] += len(script)
        script = step.text_there(script, known)
    if step.shell is None:
        name, *_ = step.step.shell.split()
        program = program_of(name, (), script)
        return tuple(changes_by(script, program.language, folder, judged)) if program else ()
    environment = tuple((name, step.text_there(text, known)) for name, text in step.environment)
    return changes_in(script, step.shell, folder, judged, environment)


def _restored(step: Step, judged: Judged) -> Iterator[Change]:
    targets = judged.targets
    for place in restored(step, targets):
        by = f"`{snippet(step.uses.partition('@')[0])}` restores `{targets[place]}` before it"
        yield Change("replaces", targets[place], "", False, by, 0, 0)


def _follow(
    changes: Iterable[Change],
    step: Passed,
    known: Run,
    judged: Judged,
    found: dict[str, tuple[Passed, Change]],
    kept: set[tuple[str, str]],
) -> None:
    for change in changes:
        if change.how == "fetches":
            change = change._replace(how="names" if is_pushed(change.other, known) else "loses", other=FETCHED)
        if change.how in _OF_NAMES:
            _follow_name(change, found, kept)
        elif change.how in _OF_INDEX:
            _follow_index(change, found, kept)
        elif change.what == HEAD and judged.is_there(change.other):
            # a path that stands in the place of a commit
            pass
        elif change.how in {"returns", "takes"} and (change.what, change.other) in kept:
            found.pop(change.what, None)
        elif change.how == "returns" or (change.how == "takes" and not judged.is_there(change.other)):
            pass
        elif before := _source_of(change, found):
            found[change.what] = found[before]
        elif change.how == "restores" or _is_of_change(change, known, judged, kept):
            _put_back(change, found, kept)
        else:
            found[change.what] = (step, change)


_OF_NAMES = frozenset({"names", "keeps", "loses"})
_OF_INDEX = frozenset({"commits", "stages", "stashes", "unstashes"})


def _follow_name(change: Change, found: Mapping[str, object], kept: set[tuple[str, str]]) -> None:
    """Write down whether a name, or another path, holds what is the change."""
    if change.how == "names" or (change.how == "keeps" and change.what not in found):
        kept.add((change.what, change.other))
    else:
        kept.discard((change.what, change.other))


def _follow_index(change: Change, found: dict[str, tuple[Passed, Change]], kept: set[tuple[str, str]]) -> None:
    """Write down what becomes of a path in the index, among what was put aside, and in a commit of both."""
    put_aside = STASH + change.what
    if change.how == "commits":
        found.pop(BRANCH, None)
        if HEAD not in found:
            _commit(kept, 1)
    elif change.how == "stages" and change.what in found:
        found[INDEX + change.what] = found[change.what]
    elif change.how == "stages":
        found.pop(INDEX + change.what, None)
    elif change.how == "stashes" and change.what in found:
        found[put_aside] = found.pop(change.what)
    elif change.how == "unstashes" and put_aside in found:
        found[change.what] = found[put_aside]


def _source_of(change: Change, found: Mapping[str, object]) -> str:
    """Return where what is restored comes from, if that is not of the change either; empty where it is."""
    source = {"": INDEX + change.what, "HEAD": BRANCH}.get(change.other, "") if change.how == "restores" else ""
    return source if source in found else ""


def _put_back(change: Change, found: dict[str, tuple[Passed, Change]], kept: set[tuple[str, str]]) -> None:
    """Write down that what is of the change is there again, and of a commit, all that it has replaced."""
    at = found.pop(change.what, None)
    if change.what in {HEAD, BRANCH}:
        at = found.pop(BRANCH, at)
        for what in [what for what, other in found.items() if other is at]:
            del found[what]
        _commit(kept, 0)


def _commit(kept: set[tuple[str, str]], more: int) -> None:
    """Write down how many commits before the last the change is, with so many more; none of them with 0 more."""
    before = next((number for number in range(1, _MOST_COMMITS) if (HEAD, f"HEAD~{number}") in kept), 0)
    kept.difference_update((HEAD, name) for name in (f"HEAD~{before}", "HEAD~", "HEAD^"))
    if more:
        kept.update((HEAD, name) for name in (f"HEAD~{before + 1}", *(() if before else ("HEAD~", "HEAD^"))))


_MOST_COMMITS = 20


def _is_of_change(change: Change, known: Run, judged: Judged, kept: set[tuple[str, str]]) -> bool:
    if not change.of_ref:
        return (change.what, change.other) in kept
    named = (HEAD, change.other) in kept or judged.is_there(change.other)
    return named or is_pushed(_REMOTE.sub("", change.other), known)
