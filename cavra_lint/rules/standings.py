"""Where the contract's command stands in a workflow, and in which runs of it a failure counts."""

from __future__ import annotations

import functools
import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence

from cavra_lint.diagnostics import Place
from cavra_lint.frozen import TYPE_CHECKING, NamedTuple
from cavra_lint.rules.commands import Run, runs_of
from cavra_lint.rules.gate_files import GateFiles
from cavra_lint.sources.checkout import MOST_CHECKOUTS, checked_out, folder_of, is_checkout
from cavra_lint.sources.circumstances import EVENT, at_step, behind, handed_on, runs_of_jobs, started_by, within
from cavra_lint.sources.expression import can_run, masks_failure
from cavra_lint.sources.shell_options import ShellOptions, shell_options
from cavra_lint.sources.text import decode
from cavra_lint.sources.workflow import parse_action, parse_workflow
from cavra_lint.sources.workflow_shapes import Action, Event, Job, Step, Workflow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cavra_lint.sources.circumstances import Run as JobRun
    from cavra_lint.sources.expression_values import Known

#: GitHub nests reusable workflows and composite actions no deeper.
_MAX_DEPTH = 10
#: So many uses are followed, and so many steps in them; no workflow comes near it.
_MOST_USES = 100
_MOST_STEPS = 10_000
_REUSABLE = r"\.github/workflows/[^/]+\.ya?ml"


class Standing(NamedTuple):
    """The contract's command, or what comes near it, where it stands in a workflow or in what that uses.

    `lost` says why a failure of it would pass, and `lost_at` where that stands. `events` are those of which
    it guards what they start.
    """

    place: Place
    difference: str
    distance: int
    lost: str
    lost_at: Place
    events: frozenset[str]


class _Around(NamedTuple):
    """What stands around a step.

    `runs` are those in which it runs, and a failure of it counts, as far as is known. Where there are none,
    `reason` says why, and `place` where that stands.
    """

    runs: tuple[JobRun, ...]
    reason: str = ""
    place: Place = Place("")

    def but(self, runs: Iterable[JobRun], reason: str, place: Place) -> _Around:
        """Return the same with the runs that are left; the reason is why where none are."""
        if self.reason:
            return self
        left = tuple(runs)
        return self._replace(runs=left) if left else _Around(self.runs[:1], reason, place)


class _Trail(NamedTuple):
    """The files on the way to one that is used, and every use that was followed so far.

    What was followed once says nothing new: without that, ten files that use each other twice over
    were read a thousand times.
    """

    above: tuple[str, ...]
    followed: dict[tuple[object, ...], int]

    def leads_to(self, path: str, size: int, around: _Around, runs_on: str) -> _Trail | None:
        """Return the trail to a file with so many steps that is used; None where it is not to be followed."""
        runs = frozenset(tuple(run.items()) for run in around.runs)
        use = (path, len(self.above), bool(around.reason), runs_on, runs)
        if path in self.above or len(self.above) >= _MAX_DEPTH or use in self.followed:
            return None
        if len(self.followed) >= _MOST_USES or sum(self.followed.values(), size) > _MOST_STEPS:
            return None
        self.followed[use] = size
        return self._replace(above=(*self.above, path))


def standings_of(files: GateFiles, workflow: Workflow, events: Sequence[Event]) -> Iterator[Standing]:
    """Yield where the gate's command stands in a workflow and in what it uses of the tree.

    Args:
        files: the gate and its tree.
        workflow: the gate's workflow.
        events: those that start it on a change.
    """
    path = files.gate.artifacts["workflow"]
    # of a workflow that no change starts, nothing is known
    around = _Around(tuple(dict(started_by(event)) for event in events) or ({},))
    yield from _in_jobs(files, path, workflow, around, _Trail((path,), {}))


def _in_jobs(files: GateFiles, path: str, workflow: Workflow, around: _Around, trail: _Trail) -> Iterator[Standing]:
    found = [runs_of_jobs(workflow.jobs, run) for run in around.runs]
    by_id = {job.id.lower(): job for job in workflow.jobs}
    for job in workflow.jobs:
        known = [runs[job.id] for runs in found if job.id in runs]
        here = around.but((one for run in known for one in within(job, run)), *_never(path, by_id, job, found))
        place = Place(path, job.continue_on_error_line)
        hard = (run for run in here.runs if not masks_failure(job.continue_on_error, run))
        here = here.but(hard, f"the job `{job.id}` goes on with `continue-on-error`", place)
        checkouts: list[Step] = []
        for step in job.steps:
            where = _Where(job, tuple(checkouts[-MOST_CHECKOUTS:]))
            yield from _in_step(files, path, step, where, here, trail)
            checkouts += [step] if is_checkout(step) else []
            _pass(step, here)
        yield from _in_called(files, job, here, trail)


@functools.lru_cache(maxsize=32)
def parsed(text: str) -> Workflow:
    """Return a workflow; whoever proves a tree again and again, as an editor does, meets the same files."""
    return parse_workflow(text)


@functools.lru_cache(maxsize=32)
def _action(text: str) -> Action:
    # one action is used by many steps
    return parse_action(text)


class _Where(NamedTuple):
    """The job that a step belongs to, and what was checked out in it before."""

    job: Job
    checkouts: Sequence[Step]


def _in_called(files: GateFiles, job: Job, around: _Around, trail: _Trail) -> Iterator[Standing]:
    called = _local(job.uses)
    if called is None or not re.fullmatch(_REUSABLE, called):
        return
    text = _text_at(files, called)
    used = parsed(text) if text is not None else None
    # GitHub runs none that has a problem, and none that is not there to be called
    if used is None or used.problems or all(event.name != "workflow_call" for event in used.events):
        return
    inside = around._replace(runs=_handed_on(around.runs, used.inputs, job.given))
    size = sum(len(job.steps) + 1 for job in used.jobs)
    below = trail.leads_to(called, size, inside, "")
    if below:
        yield from _in_jobs(files, called, used, inside, below)


def _in_step(
    files: GateFiles, path: str, step: Step, where: _Where, around: _Around, trail: _Trail
) -> Iterator[Standing]:
    here = _around_step(path, step, around)
    if step.run is not None:
        for run in _runs(files.gate.command, step, where, here.runs):
            place = Place(path, step.run_line + run.line)
            standing = here if run.difference else _judged_there(path, step, where, here)
            lost_at = standing.place if standing.reason else place
            lost = standing.reason or run.unreached or run.masked or ""
            events = frozenset() if lost else frozenset(str(known.get(EVENT)) for known in standing.runs)
            yield Standing(place, run.difference, run.distance, lost, lost_at, events)
    yield from _in_action(files, step, where, here, trail)


def _in_action(files: GateFiles, step: Step, where: _Where, around: _Around, trail: _Trail) -> Iterator[Standing]:
    folder = _local(step.uses)
    if folder is None:
        return
    paths = (posixpath.join(folder, name) for name in ("action.yml", "action.yaml"))
    path, text = next(((path, text) for path in paths if (text := _text_at(files, path)) is not None), ("", None))
    if text is None:
        return
    action = _action(text)
    inside = around._replace(runs=_handed_on(around.runs, action.inputs, step.given))
    below = trail.leads_to(folder, len(action.steps), inside, where.job.runs_on)
    if below and not action.problems:
        for inner in action.steps:
            yield from _in_step(files, path, inner, where, inside, below)
            _pass(inner, inside)


def _pass(step: Step, around: _Around) -> None:
    for run in around.runs:
        behind(step, run)


def _handed_on(runs: Sequence[Known], defaults: Known, given: Mapping[str, str]) -> tuple[JobRun, ...]:
    found = (handed_on(run, defaults, given) for run in runs)
    return tuple({tuple(sorted(run.items(), key=repr)): run for run in found}.values())


def _runs(command: str, step: Step, where: _Where, runs: Sequence[Known]) -> Iterator[Run]:
    shell = _shell_of(step, where.job)
    started = shell or ShellOptions(errexit=False, pipefail=False)
    for run in runs_of(command, step.run or "", errexit=started.errexit, pipefail=started.pipefail):
        if shell is None:
            yield run._replace(difference="runs in another shell than bash or sh")
        elif not run.difference and not _in_root(step, where, runs):
            yield run._replace(difference="runs in another `working-directory`")
        else:
            yield run


def _in_root(step: Step, where: _Where, runs: Sequence[Known]) -> bool:
    folder = folder_of(step.working_directory)
    return not folder or any(folder in checked_out(where.checkouts, run) for run in runs)


def _judged_there(path: str, step: Step, where: _Where, around: _Around) -> _Around:
    """Return what stands around a step that judges what is checked out: only a run that judges the change counts."""
    folder = folder_of(step.working_directory)
    there = [(run, checked_out(where.checkouts, run).get(folder)) for run in around.runs]
    other = next((checkout for _, checkout in there if checkout and checkout.other), None)
    if other is None:
        return around
    runs = (run for run, checkout in there if not checkout or not checkout.other)
    return around.but(runs, other.other, Place(path, other.line))


def _shell_of(step: Step, job: Job) -> ShellOptions | None:
    """Return how GitHub starts the shell of a step, None where that is no shell that is read here."""
    if not step.shell and "windows" in job.runs_on.lower():
        return shell_options("pwsh")
    return shell_options(step.shell)


def _never(path: str, by_id: Mapping[str, Job], job: Job, found: Sequence[Mapping[str, Known]]) -> tuple[str, Place]:
    """Say why a job never runs, and where that stands: by its condition, or by a job that it needs."""
    if job.needs and not any(job.id in runs for runs in found):
        needed = (by_id[name.lower()] for name in job.needs)
        skipped = next((one for one in needed if not all(one.id in runs for runs in found)), None)
        if skipped is not None:
            return f"the job `{job.id}` needs `{skipped.id}`, which never runs", Place(path, job.line)
    return f"the job `{job.id}` never runs", Place(path, job.condition_line)


def _around_step(path: str, step: Step, around: _Around) -> _Around:
    if around.reason or not (step.condition or step.continue_on_error):
        return around
    runs = (run for run in around.runs if can_run(step.condition, at_step(step, run)))
    here = around.but(runs, "its step never runs", Place(path, step.condition_line))
    hard = (run for run in here.runs if not masks_failure(step.continue_on_error, at_step(step, run)))
    return here.but(hard, "its step goes on with `continue-on-error`", Place(path, step.continue_on_error_line))


def _local(uses: str) -> str | None:
    """Return the path below the root of what a local `uses` names, None where it is none."""
    if not uses.startswith("./"):
        return None
    return posixpath.normpath(uses)


def _text_at(files: GateFiles, path: str) -> str | None:
    file = files.repository.read(path)
    return decode(file.data) if file.state == "read" else None
