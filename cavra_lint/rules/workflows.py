"""Family 3, in workflows: whether the command runs, whether its failure counts, and whether anything starts it."""

from __future__ import annotations

import functools
import posixpath
import re
from collections.abc import Iterable, Iterator

from cavra_lint.diagnostics import Place
from cavra_lint.frozen import NamedTuple
from cavra_lint.rules.commands import Run, runs_of
from cavra_lint.rules.gate_files import GateFiles
from cavra_lint.rules.rule import Finding, rule, rules_of
from cavra_lint.sources.expression import can_run, masks_failure
from cavra_lint.sources.path_filter import path_filter_matches
from cavra_lint.sources.shell_options import ShellOptions, shell_options
from cavra_lint.sources.text import decode
from cavra_lint.sources.workflow import Event, Job, Step, Workflow, parse_action, parse_workflow

#: GitHub nests reusable workflows and composite actions no deeper.
_MAX_DEPTH = 10
#: The artifacts whose change has to start the workflow of their gate.
_STARTERS = ("live_sanitized_example", "live_result", "validator", "test")
#: Names that no filter but one for every branch takes in together.
_ANY_BRANCHES = ("main", "any/other-branch")
_WORKSPACE = r"\./?|\$\{\{\s*github\.workspace\s*\}\}/?|\$GITHUB_WORKSPACE/?|\$\{GITHUB_WORKSPACE\}/?"


class Standing(NamedTuple):
    """The contract's command, or what comes near it, where it stands in a workflow or in what that uses.

    `lost` says why a failure of it would pass, and `lost_at` where that stands.
    """

    place: Place
    difference: str
    distance: int
    lost: str
    lost_at: Place


class Guard(NamedTuple):
    """A gate's workflow: what guards it on GitHub. `standings` are where the contract's command stands, or nearly."""

    files: GateFiles
    workflow: Workflow
    standings: tuple[Standing, ...]


class _Around(NamedTuple):
    """What stands around a step and keeps its failure from counting; empty where nothing does."""

    reason: str = ""
    place: Place = Place("")


@rule("CAVRA006", "invalid-workflow")
def invalid_workflow(guard: Guard) -> Iterator[Finding]:
    """A workflow is not YAML, or not a workflow that GitHub would start.

    Beside a slip of syntax this is a key that stands twice, a merge key or a tag, `jobs` that is a list, a step with
    both `run` and `uses`, a job without `runs-on`.

    Fails: `jobs: [build, test]`.

    Passes: `jobs: {gate: {runs-on: ubuntu-24.04, steps: [...]}}`.

    To put it right, mend the place that the message names.
    """
    path = guard.files.gate.artifacts["workflow"]
    for problem in guard.workflow.problems:
        yield Finding(Place(path, problem.line, problem.column), f"not a workflow: {problem.message}")


@rule("CAVRA302", "workflow-command")
def workflow_command(guard: Guard) -> Iterator[Finding]:
    """No step of a gate's workflow runs the contract's command.

    A step of any job counts, and so does one of a local reusable workflow or composite action (`uses: ./...`). What
    stands in an `echo`, a comment, a string or a here-document is not run. Where a command comes near, the finding
    stands there and says what differs.

    Fails: `run: echo "python3 scripts/validate_customer_operating_review.py ..."`.

    Passes: `run: python3 scripts/validate_customer_operating_review.py --packet ... --require-live`.

    To put it right, run the command that the gate's page shows.
    """
    gate, workflow = guard.files.gate, guard.workflow
    if workflow.problems or any(not standing.difference for standing in guard.standings):
        return
    expected = f"expected a step that runs `{gate.command}`"
    if guard.standings:
        nearest = min(guard.standings, key=lambda standing: standing.distance)
        yield Finding(nearest.place, f"the command {nearest.difference}, {expected}")
    else:
        line = workflow.jobs[0].line if workflow.jobs else 1
        place = Place(gate.artifacts["workflow"], line)
        yield Finding(place, f"no step runs the command of {gate.id}, {expected}")


@rule("CAVRA303", "workflow-soft")
def workflow_soft(guard: Guard) -> Iterator[Finding]:
    """A workflow runs the contract's command, but a failure of it passes, or it never runs.

    Softened by `continue-on-error`, `|| true` and its kin, `set +e`, `if: false`, `&`, `!`, a pipe without `pipefail`
    (GitHub's default `bash -e` has none; `shell: bash` has), or by what follows in the same script. A step that is
    soft beside another that is hard is fine.

    Fails: `run: python3 scripts/validate_customer_operating_review.py ... || true`.

    Passes: the same without `|| true`.

    To put it right, let the step fail where the gate does.
    """
    exact = [standing for standing in guard.standings if not standing.difference]
    if exact and all(standing.lost for standing in exact):
        soft = exact[0]
        yield Finding(soft.lost_at, f"the command of {guard.files.gate.id} cannot fail: {soft.lost}")


@rule("CAVRA304", "workflow-start")
def workflow_start(guard: Guard) -> Iterator[Finding]:
    """A workflow is not started by a change of what it guards.

    It has to start on pull requests or pushes, and where `paths` or `paths-ignore` filter, a change of the gate's
    live example, live result, validator or test has to start it, each by itself.

    Fails: `on: workflow_dispatch`, or `paths: [docs/**]`.

    Passes: `on: pull_request`, or `paths` with the gate's examples, validator and test.

    To put it right, start it on pull requests, and name in `paths` what the message does.
    """
    gate, workflow = guard.files.gate, guard.workflow
    if workflow.problems:
        return
    path = gate.artifacts["workflow"]
    events = [event for event in workflow.events if _starts_on_changes(event)]
    if not events:
        message = f"nothing starts the workflow of {gate.id} on a change, expected pull_request or push"
        yield Finding(Place(path, workflow.events_line), message)
        return
    for kind in _STARTERS:
        artifact = gate.artifacts[kind]
        if not any(_is_started_by(event, artifact) for event in events):
            line = _filter_line(events[0])
            yield Finding(Place(path, line), f"a change of `{artifact}` does not start the workflow, expected it to")


def guards_of(files: GateFiles) -> Iterator[Guard]:
    """Yield the gate's workflow if it is text; what keeps it from that is reported by families 0 and 1."""
    if "workflow" not in files.kinds or not files.readable("workflow"):
        return
    text = decode(files.files["workflow"].data)
    if text is not None:
        workflow = _parsed(text)
        # GitHub starts no workflow with a problem in it: of such a one nothing more can be said
        standings = () if workflow.problems else _until_one_counts(_standings(files, workflow))
        yield Guard(files, workflow, standings)


@functools.lru_cache(maxsize=32)
def _parsed(text: str) -> Workflow:
    # whoever proves a tree again and again, as an editor does, meets the same files
    return parse_workflow(text)


def _until_one_counts(standings: Iterable[Standing]) -> tuple[Standing, ...]:
    """Return the standings up to the first that guards the gate: beside that, no other matters."""
    found: list[Standing] = []
    for standing in standings:
        found.append(standing)
        if not standing.difference and not standing.lost:
            break
    return tuple(found)


class _Trail(NamedTuple):
    """The files on the way to one that is used, and every use that was followed so far.

    What was followed once says nothing new: without that, ten files that use each other twice over
    were read a thousand times.
    """

    above: tuple[str, ...]
    followed: set[tuple[str, int, bool, str]]

    def leads_to(self, path: str, around: _Around, runs_on: str) -> _Trail | None:
        """Return the trail to a file that is used; None where it is not to be followed."""
        use = (path, len(self.above), bool(around.reason), runs_on)
        if path in self.above or len(self.above) >= _MAX_DEPTH or use in self.followed:
            return None
        self.followed.add(use)
        return self._replace(above=(*self.above, path))


def _standings(files: GateFiles, workflow: Workflow) -> Iterator[Standing]:
    path = files.gate.artifacts["workflow"]
    yield from _in_jobs(files, path, workflow, _Around(), _Trail((path,), set()))


def _in_jobs(files: GateFiles, path: str, workflow: Workflow, around: _Around, trail: _Trail) -> Iterator[Standing]:
    never = {job.id for job in workflow.jobs if not can_run(job.condition)}
    for job in workflow.jobs:
        here = around if around.reason else _around_job(path, job, never)
        for step in job.steps:
            yield from _in_step(files, path, step, job, here, trail)
        called = _local(job.uses)
        below = trail.leads_to(called, here, "") if called else None
        text = _text_at(files, called) if called and below else None
        used = parse_workflow(text) if text is not None else None
        # GitHub runs none that has a problem
        if called and below and used and not used.problems:
            yield from _in_jobs(files, called, used, here, below)


def _in_step(files: GateFiles, path: str, step: Step, job: Job, around: _Around, trail: _Trail) -> Iterator[Standing]:
    here = around if around.reason else _around_step(path, step)
    if step.run is not None:
        for run in _runs(files.gate.command, step, job):
            place = Place(path, step.run_line + run.line)
            lost_at = here.place if here.reason else place
            lost = here.reason or run.unreached or run.masked or ""
            yield Standing(place, run.difference, run.distance, lost, lost_at)
    folder = _local(step.uses)
    below = trail.leads_to(folder, here, job.runs_on) if folder else None
    if folder is None or below is None:
        return
    for name in ("action.yml", "action.yaml"):
        action_path = posixpath.join(folder, name)
        text = _text_at(files, action_path)
        if text is not None:
            action = parse_action(text)
            for inner in action.steps if not action.problems else ():
                yield from _in_step(files, action_path, inner, job, here, below)
            return


def _runs(command: str, step: Step, job: Job) -> Iterator[Run]:
    shell = _shell_of(step, job)
    started = shell or ShellOptions(errexit=False, pipefail=False)
    for run in runs_of(command, step.run or "", errexit=started.errexit, pipefail=started.pipefail):
        if shell is None:
            yield run._replace(difference="runs in another shell than bash or sh")
        elif step.working_directory and not re.fullmatch(_WORKSPACE, step.working_directory.strip()):
            yield run._replace(difference="runs in another `working-directory`")
        else:
            yield run


def _shell_of(step: Step, job: Job) -> ShellOptions | None:
    """Return how GitHub starts the shell of a step, None where that is no shell that is read here."""
    if not step.shell and "windows" in job.runs_on.lower():
        return shell_options("pwsh")
    return shell_options(step.shell)


def _around_job(path: str, job: Job, never: set[str]) -> _Around:
    if not can_run(job.condition):
        return _Around(f"the job `{job.id}` never runs", Place(path, job.condition_line))
    if masks_failure(job.continue_on_error):
        reason = f"the job `{job.id}` goes on with `continue-on-error`"
        return _Around(reason, Place(path, job.continue_on_error_line))
    skipped = next((needed for needed in job.needs if needed in never), None)
    if skipped is not None and not job.condition:
        return _Around(f"the job `{job.id}` needs `{skipped}`, which never runs", Place(path, job.line))
    return _Around()


def _around_step(path: str, step: Step) -> _Around:
    if not can_run(step.condition):
        return _Around("its step never runs", Place(path, step.condition_line))
    if masks_failure(step.continue_on_error):
        return _Around("its step goes on with `continue-on-error`", Place(path, step.continue_on_error_line))
    return _Around()


def _local(uses: str) -> str | None:
    """Return the path below the root of what a local `uses` names, None where it is none."""
    if not uses.startswith("./"):
        return None
    return posixpath.normpath(uses)


def _text_at(files: GateFiles, path: str) -> str | None:
    file = files.repository.read(path)
    return decode(file.data) if file.state == "read" else None


def _starts_on_changes(event: Event) -> bool:
    ignored = event.branches_ignore or ()
    if all(path_filter_matches(ignored, branch) for branch in _ANY_BRANCHES):
        return False
    if event.name == "push":
        return event.tags is None or event.branches is not None or event.branches_ignore is not None
    if event.name in ("pull_request", "pull_request_target"):
        return event.types is None or not {"opened", "synchronize"}.isdisjoint(event.types)
    return False


def _is_started_by(event: Event, path: str) -> bool:
    if event.paths is not None and not path_filter_matches(event.paths, path):
        return False
    return event.paths_ignore is None or not path_filter_matches(event.paths_ignore, path)


def _filter_line(event: Event) -> int:
    if event.paths is not None:
        return event.paths_line
    return event.paths_ignore_line if event.paths_ignore is not None else event.line


RULES = rules_of(globals())
