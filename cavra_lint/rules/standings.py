"""Where the contract's command stands in a workflow, and in which runs of it a failure counts."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence

from cavra_lint.diagnostics import Place
from cavra_lint.frozen import TYPE_CHECKING, NamedTuple
from cavra_lint.late import re
from cavra_lint.rules.commands import NO_VARIABLES, Candidate, candidates_of, script_spelt_out
from cavra_lint.rules.gate_files import GateFiles
from cavra_lint.rules.passed import (
    MAX_DEPTH,
    MOST_PASSED,
    hands_on,
    holds,
    in_job,
    judged_paths,
    local_path,
    may_replace,
    may_run,
    passed_behind,
    shell_of,
    used_action,
)
from cavra_lint.sources.checkout import MOST_MADE, Passed, check_out, checked_out, folder_behind, folder_of, is_checkout
from cavra_lint.sources.circumstances import (
    ASKS_MORE,
    EVENT,
    OF_JOB,
    OF_RUN,
    at_step,
    behind,
    environment_of,
    handed_on,
    runs_of_jobs,
    set_by_github,
    started_by,
    why_not,
    within,
)
from cavra_lint.sources.expression import can_run, filled, masks_failure
from cavra_lint.sources.workflow import parse_workflow
from cavra_lint.sources.workflow_shapes import Event, Job, Step, Workflow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cavra_lint.sources.changes import Judged
    from cavra_lint.sources.circumstances import Run
    from cavra_lint.sources.expression_values import Known
    from cavra_lint.sources.replaced import Course, Replaced

#: So many uses are followed, and so many steps in them; no workflow comes near it.
_MOST_USES = 100
_MOST_STEPS = 10_000
#: So many steps behind a soft one are asked whether they fail with it.
_MOST_FOLLOWING = 20
#: What puts a file before Python, or in its place; other names end with one of these.
_BEFORE_PYTHON = ("PATH", "PYTHONPATH", "ENV", "BASH_ENV", "LD_PRELOAD")
_REUSABLE = r"\.github/workflows/[^/]+\.ya?ml"


class Standing(NamedTuple):
    """The contract's command, or what comes near it, where it stands in a workflow or in what that uses.

    `lost` says why a failure of it would pass, None where it would not, and `lost_at` where that stands. `events` are
    those of which it guards what they start.
    """

    place: Place
    difference: str
    distance: int
    lost: str | None
    lost_at: Place
    events: frozenset[str]


class _Around(NamedTuple):
    """What stands around a step.

    `runs` are those in which it runs, and a failure of it counts, as far as is known. Where there are none,
    `reason` says why, and `place` where that stands.
    """

    runs: tuple[Run, ...]
    reason: str = ""
    place: Place = Place("")

    def but(self, runs: Iterable[Run], reason: str, place: Place) -> _Around:
        """Return the same with the runs that are left; the reason is why where none are."""
        if self.reason:
            return self
        left = tuple(runs)
        return self._replace(runs=left) if left else _Around(self.runs[:1], reason, place)


class _Trail(NamedTuple):
    """The files on the way to one that is used, and every use that was followed so far.

    What was followed once says nothing new, where the same is known and stands there: without that, ten
    files that use each other twice over were read a thousand times. `passed` are the steps of each action
    that may replace what is judged, `made` the lengths of the texts that were made of scripts, summed up, and `judged`
    what is known of the files that are judged in each folder.
    """

    above: tuple[str, ...]
    followed: dict[tuple[object, ...], int]
    passed: dict[str, tuple[Passed, ...]]
    made: list[int]
    judged: dict[str, Judged]

    def leads_to(self, path: str, size: int, around: _Around, where: _Where | None = None) -> _Trail | None:
        """Return the trail to a file with so many steps that is used; None where it is not to be followed."""
        runs = frozenset(tuple(run.items()) for run in around.runs)
        # where nothing may have been replaced, it says nothing new behind other steps either
        steps = (self.above, where.job.line, len(where.passed)) if where and where.suspects else ()
        use = (path, len(self.above), bool(around.reason), runs, steps)
        if path in self.above or len(self.above) >= MAX_DEPTH or use in self.followed:
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
    yield from _in_jobs(files, path, workflow, around, _Trail((path,), {}, {}, [0], {}))


def _in_jobs(files: GateFiles, path: str, workflow: Workflow, around: _Around, trail: _Trail) -> Iterator[Standing]:
    found = [runs_of_jobs(workflow.jobs, run) for run in around.runs]
    by_id = {job.id.lower(): job for job in workflow.jobs}
    is_whole = all(len(runs) == len(workflow.jobs) for runs in found)
    asked = found if is_whole else [runs_of_jobs(workflow.jobs, run, plain=False) for run in around.runs]
    for job in workflow.jobs:
        known = [runs[job.id] for runs in found if job.id in runs]
        words, line = why_not(job, by_id, found, asked)
        place = Place(path, line)
        here = around.but((one for run in known for one in within(job, run)), words, place)
        place = Place(path, job.continue_on_error_line)
        hard = (run for run in here.runs if not masks_failure(job.continue_on_error, run))
        here = here.but(hard, f"the job `{job.id}` goes on with `continue-on-error`", place)
        where = _Where(path, job, job.steps, [], [], {}, {}, {}, {}, trail)
        steps_in = in_job(files, job, here.runs)
        for step in job.steps:
            yield from _in_step(files, path, step, where, here, trail)
            _pass(step, passed_behind(files, path, step, steps_in, trail.passed), where, here)
        yield from _in_called(files, job, here, trail)


@functools.lru_cache(maxsize=32)
def parsed(text: str) -> Workflow:
    """Return a workflow; whoever proves a tree again and again, as an editor does, meets the same files."""
    return parse_workflow(text)


class _Where(NamedTuple):
    """The job that a step belongs to, its workflow, and the steps before that may have replaced something.

    `steps` are those that it stands among, in the job or in an action, and `suspects` those that may have replaced it.
    `courses` hold what has become of the files in each run so far, and in each folder that is judged. `named` are the
    places that steps before have handed to variables, and `made` the files that these have written. `held` tells of
    paths whether the tree holds them.
    """

    path: str
    job: Job
    steps: Sequence[Step]
    passed: list[Passed]
    suspects: list[Passed]
    courses: dict[tuple[int, str], Course]
    named: dict[tuple[str, str], None]
    made: dict[str, None]
    held: dict[str, bool]
    trail: _Trail

    def following(self, step: Step) -> Sequence[Step]:
        """Return the steps behind one of these."""
        import bisect

        at = bisect.bisect_right(self.steps, step.line, key=lambda one: one.line)
        return self.steps[at : at + _MOST_FOLLOWING]

    def behind(self, step: Step, passed: tuple[Passed, ...]) -> None:
        """Write down what is behind a step."""
        inside = sum(bool(one.uses) for one in self.passed[-MOST_PASSED:])
        for one in passed[: MOST_PASSED - inside if step.uses else None]:
            self.passed.append(one)
            self.suspects.extend([one] if one.replaces else [])
            script = one.step.run or ""
            if hands_on(script):
                from cavra_lint.sources.in_its_place import made_in, named_in

                self.named.update(dict.fromkeys(named_in(script)))
                self.made.update(dict.fromkeys(made_in(script, folder_of(one.step.working_directory))))


def _in_called(files: GateFiles, job: Job, around: _Around, trail: _Trail) -> Iterator[Standing]:
    called = local_path(job.uses)
    if called is None or not re.fullmatch(_REUSABLE, called):
        return
    text = files.repository.text(called)
    used = parsed(text) if text is not None else None
    # GitHub runs none that has a problem, and none that is not there to be called
    if used is None or used.problems or all(event.name != "workflow_call" for event in used.events):
        return
    inside = around._replace(runs=_handed_on(around.runs, used.inputs, job.given, OF_RUN))
    size = sum(len(job.steps) + 1 for job in used.jobs)
    below = trail.leads_to(called, size, inside)
    if below:
        yield from _in_jobs(files, called, used, inside, below)


def _in_step(
    files: GateFiles, path: str, step: Step, where: _Where, around: _Around, trail: _Trail
) -> Iterator[Standing]:
    here = _around_step(path, step, where, around)
    for given, in_these in _as_given(step, where.job, here, trail):
        for candidate in _candidates(files, given, where, in_these.runs):
            place = Place(path, step.run_line + candidate.line)
            standing = in_these if candidate.difference else _of_change(files, path, given, candidate, where, in_these)
            lost_at = standing.place if standing.reason else place
            lost = standing.reason or candidate.unreached or candidate.masked
            if lost and lost == candidate.masked and "GITHUB_OUTPUT" in (given.run or ""):
                told = tuple(_told_by_an_output(files, given, candidate, where, standing))
                standing, lost = (standing._replace(runs=told), None) if told else (standing, lost)
            events = frozenset() if lost else frozenset(str(known.get(EVENT)) for known in standing.runs)
            yield Standing(place, candidate.difference, candidate.distance, lost, lost_at, events)
    yield from _in_action(files, step, where, here, trail)


def _in_action(files: GateFiles, step: Step, where: _Where, around: _Around, trail: _Trail) -> Iterator[Standing]:
    found = used_action(files, step)
    if found is None:
        return
    folder, path, action = found
    known = (at_step(step, run) for run in around.runs)
    inside = around._replace(runs=_handed_on(known, action.inputs, step.given, OF_JOB))
    below = trail.leads_to(folder, len(action.steps), inside, where)
    if below and not action.problems:
        # inside it is not known what a condition outside of it comes to
        sure = [one.unconditional(around.runs) for one in where.passed if all(one.ran(run) for run in around.runs)]
        suspects = [one for one in sure if one.replaces]
        named, made = dict(where.named), dict(where.made)
        within = _Where(where.path, where.job, action.steps, sure, suspects, {}, named, made, where.held, where.trail)
        steps_in = in_job(files, where.job, inside.runs)
        for inner in action.steps:
            yield from _in_step(files, path, inner, within, inside, below)
            _pass(inner, passed_behind(files, path, inner, steps_in, trail.passed), within, inside)


def _pass(step: Step, passed: tuple[Passed, ...], where: _Where, around: _Around) -> None:
    """Write down what is behind a step, in each run that comes past it."""
    where.behind(step, passed)
    for run in around.runs:
        behind(step, run)
        for one in passed:
            if is_checkout(one.step):
                check_out(one, run)


def _handed_on(
    runs: Iterable[Known], defaults: Known, given: Mapping[str, str], kept: tuple[str, ...]
) -> tuple[Run, ...]:
    found = (handed_on(run, defaults, given, kept) for run in runs)
    return tuple({tuple(sorted(run.items(), key=repr)): run for run in found}.values())


def _as_given(step: Step, job: Job, around: _Around, trail: _Trail) -> Iterator[tuple[Step, _Around]]:
    """Yield a step with its script, its folder and its shell as they are given, each with the runs in which they are.

    These are runs in which the variables around it hold the same texts.
    """
    if step.run is None:
        return
    texts = (step.run, step.working_directory, step.shell)
    is_told = "${{" not in "".join(texts) and not ("$" in step.run and (job.env or step.env))
    if is_told or trail.made[-1] + len(step.run) * len(around.runs) > MOST_MADE:
        yield step, around
        return
    given: dict[tuple[tuple[str, ...], tuple[tuple[str, str], ...]], list[Run]] = {}
    for run in around.runs:
        known = at_step(step, run)
        filled_in = tuple(filled(text, known) for text in texts)
        given.setdefault((filled_in, (*environment_of(step, job, (run,)).items(),)), []).append(run)
    trail.made[-1] += sum(len(script) for (script, _, _), _ in given)
    for ((script, folder, shell), _), runs in given.items():
        changed = step._replace(run=script, working_directory=folder, shell=shell)
        yield changed, around._replace(runs=tuple(runs))


def _candidates(files: GateFiles, step: Step, where: _Where, runs: Sequence[Run]) -> Iterator[Candidate]:
    shell, script = shell_of(step, where.job), step.run or ""
    environment = {**set_by_github(runs), **environment_of(step, where.job, runs)} if "$" in script else NO_VARIABLES
    options = {"errexit": shell.errexit, "pipefail": shell.pipefail} if shell else {}
    gate = files.gate
    for candidate in candidates_of(gate.command, script, environment=environment, ready_key=gate.ready_key, **options):
        if shell is None:
            yield candidate._replace(difference="runs in another shell than bash or sh")
        else:
            yield candidate if candidate.difference else _there(files, step, where, candidate, runs)


def _there(files: GateFiles, step: Step, where: _Where, candidate: Candidate, runs: Sequence[Run]) -> Candidate:
    """Return the command with what its folder and the tree make of it: one that is not run, or never reached."""
    folder = _folder(step, candidate)
    if folder and not any(checked_out(known, folder) for known in runs):
        by = "another folder, behind `cd`" if candidate.folder else "another `working-directory`"
        return candidate._replace(difference=f"runs in {by}")
    first = _in_its_place(files, step, where, candidate, folder or "")
    return candidate._replace(unreached=f"{first} is run in its place") if first else candidate


def _in_its_place(files: GateFiles, step: Step, where: _Where, candidate: Candidate, folder: str) -> str | None:
    """Say which file of the tree, or of a step before, is run in the place of the command's Python, or before it."""
    script = step.run or ""
    texts = (script, where.job.env, step.env)
    is_named = bool(where.named) or any(name in text for name in _BEFORE_PYTHON for text in texts)
    if not is_named and "/" not in "".join(candidate.programs):
        return None

    from cavra_lint.sources.in_its_place import in_its_place, made_in, named_around

    def is_held(path: str) -> bool:
        # a folder that is judged holds what the tree does
        inside = path.removeprefix(f"{folder}/") if folder else path
        if inside not in where.held:
            where.held[inside] = holds(files, inside)
        return where.held[inside]

    named = (*named_around((where.job.env, step.env), script), *where.named)
    first = in_its_place(candidate.programs, named, folder, is_held)
    if first:
        return f"`{first}` of this tree"
    written = where.made.keys() | made_in(script, folder_of(step.working_directory))
    made = in_its_place(candidate.programs, named, folder, written.__contains__)
    return f"`{made}`, which a step writes," if made else None


def _folder(step: Step, candidate: Candidate) -> str | None:
    """Return the folder of the workspace that a command runs in; None where only a run can tell."""
    place = folder_behind(candidate.folder, folder_of(step.working_directory))
    # a step is in the folder that it names, whatever that is called
    return None if candidate.folder and place and "$" in place else place


def _of_change(
    files: GateFiles, path: str, step: Step, candidate: Candidate, where: _Where, around: _Around
) -> _Around:
    """Return what stands around a command that judges files: only a run in which these are the change's counts."""
    folder = _folder(step, candidate)
    if folder is None:
        folder = folder_of(step.working_directory)
    return _not_replaced(files, path, step, candidate, folder, where, _judged_there(folder, around))


def _judged_there(folder: str, around: _Around) -> _Around:
    """Return what stands around a step that judges a folder: only a run in which that holds the change counts."""
    there = [(run, checked_out(run, folder)) for run in around.runs]
    other = next((checkout for _, checkout in there if checkout and checkout.other), None)
    if other is None:
        return around
    runs = (run for run, checkout in there if not checkout or not checkout.other)
    return around.but(runs, other.other, Place(other.path, other.line))


def _not_replaced(
    files: GateFiles, path: str, step: Step, candidate: Candidate, folder: str, where: _Where, around: _Around
) -> _Around:
    """Return what stands around a step that judges files: only a run in which no command before replaced one counts."""
    environment = {**where.job.env, **step.env}
    text = "\n".join((script_spelt_out(step.run or "", environment), *environment.values()))
    own = may_replace(files, text, 2) or may_run(files, step)
    if not (own or where.suspects):
        return around

    from cavra_lint.sources.changes import judged_in
    from cavra_lint.sources.replaced import Course

    last = Passed(path, step, shell_of(step, where.job), own, (), (*environment.items(),))
    repository = files.repository
    judged = where.trail.judged.get(folder) or judged_in(
        folder,
        judged_paths(files),
        lambda at: repository.nearest_existing(at) == at,
        repository.text,
        where.trail.made,
    )
    where.trail.judged[folder] = judged
    found: list[tuple[Run, Replaced | None]] = []
    for known in around.runs:
        course = where.courses.setdefault((id(known), judged.folder), Course())
        course.follow(where.passed, known, judged)
        found.append((known, course.before(last, candidate.turn, known, judged)))
    first = next((replaced for _, replaced in found if replaced is not None), None)
    if first is None:
        return around
    return around.but((known for known, replaced in found if not replaced), first.by, Place(first.path, first.line))


def _around_step(path: str, step: Step, where: _Where, around: _Around) -> _Around:
    runs = (run for run in around.runs if can_run(step.condition, at_step(step, run)))
    here = around.but(runs, "its step never runs", Place(path, step.condition_line))
    plain = (run for run in here.runs if can_run(step.condition, at_step(step, run), plain=True))
    here = here.but(plain, f"its step {ASKS_MORE}", Place(path, step.condition_line))
    hard = (run for run in here.runs if not _is_soft(step, where, run))
    return here.but(hard, "its step goes on with `continue-on-error`", Place(path, step.continue_on_error_line))


def _told_by_an_output(
    files: GateFiles, step: Step, candidate: Candidate, where: _Where, around: _Around
) -> Iterator[Run]:
    """Yield the runs in which a step hands the status of a command on, and one behind it fails by that."""
    from cavra_lint.sources.aftermath import fails_behind, with_status_as_its_end

    told = with_status_as_its_end(step.run or "")
    if told is not None:
        output, script = told
        again = _candidates(files, step._replace(run=script), where, around.runs)
        if any(one.line == candidate.line and not (one.difference or one.unreached or one.masked) for one in again):
            yield from (one for one in around.runs if fails_behind(step, where.following(step), one, output))


def _is_soft(step: Step, where: _Where, run: Run) -> bool:
    """Tell whether a failure of a step passes, and none of those behind it fails in its place."""
    if not masks_failure(step.continue_on_error, at_step(step, run)):
        return False

    from cavra_lint.sources.aftermath import fails_behind

    return not fails_behind(step, where.following(step), run)
