"""What is known of a run before it starts: by the event, by the jobs before it, by what it is handed."""

from __future__ import annotations

from collections import ChainMap

from cavra_lint.frozen import TYPE_CHECKING
from cavra_lint.sources.expression import SUCCESS, can_run, evaluated
from cavra_lint.sources.expression_values import SOMETHING, UNKNOWN, Unknown
from cavra_lint.sources.path_filter import path_filter_matches

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
    from typing import TypeAlias

    from cavra_lint.sources.expression_values import Known, Value
    from cavra_lint.sources.workflow_shapes import Event, Job, Step

    Run: TypeAlias = MutableMapping[str, Value]

EVENT = "github.event_name"
CHECKED_OUT = "checked out:"
"""Before a folder of the workspace: what was checked out there, in the job that is running."""
_STARTED = ("opened", "synchronize", "reopened")
_SPECIAL = frozenset("*?+[]!\\")
#: What stands in the payload of other events only.
_OF_OTHERS = (
    *("inputs", "schedule", "workflow_run", "release", "client_payload", "issue", "merge_group", "comment", "review"),
    *("discussion", "deployment", "check_run", "check_suite"),
)
#: What stands in the payload of a pull request that one of these types has started.
_OF_TYPES = {
    "label": ("labeled", "unlabeled"),
    "assignee": ("assigned", "unassigned"),
    "milestone": ("milestoned", "demilestoned"),
    "requested_reviewer": ("review_requested", "review_request_removed"),
    "requested_team": ("review_requested", "review_request_removed"),
    "changes": ("edited",),
}
_OF_PUSHES = ("head_commit", "commits", "pusher", "forced", "created", "deleted")
_WRITTEN = Unknown(True, plainly=SOMETHING)
#: What is asked of a run, and is not so where a change is all that there is: a variable that the settings of a
#: repository would have to hold, somebody of that name, and a second attempt.
_ALWAYS: dict[str, Value] = {
    "inputs.*": None,
    **{f"github.event.{name}": None for name in _OF_OTHERS},
    "vars.*": Unknown(plainly=""),
    "runner.debug": Unknown(plainly=""),
    "github.run_attempt": Unknown(True, plainly="1"),
    **{f"github.{name}": _WRITTEN for name in ("actor", "triggering_actor", "event.sender.login")},
}
_WRITTEN_AT_A_PUSH: dict[str, Value] = {
    **{f"github.event.head_commit.{name}": _WRITTEN for name in ("message", "author.name", "author.username")},
    **{f"github.event.{name}": Unknown(plainly=False) for name in ("forced", "created", "deleted")},
    "github.event.pusher.name": _WRITTEN,
}
_WRITTEN_AT_A_PULL_REQUEST: dict[str, Value] = {
    **{f"github.event.pull_request.{name}": _WRITTEN for name in ("title", "body", "head.ref", "user.login")},
    "github.event.pull_request.draft": Unknown(plainly=False),
    "github.event.pull_request.labels.[*].name": Unknown(plainly=()),
}


def started_by(event: Event) -> Known:
    """Return what is known of a run that a push or a pull request has started.

    Args:
        event: one of `push`, `pull_request` and `pull_request_target`.
    """
    branches = _plain(event.branches)
    if event.name == "push":
        return {
            **_ALWAYS,
            **_WRITTEN_AT_A_PUSH,
            EVENT: "push",
            "github.ref": Unknown(begins="refs/heads/", among=tuple(f"refs/heads/{name}" for name in branches)),
            "github.ref_name": Unknown(True, among=branches),
            "github.head_ref": "",
            "github.base_ref": "",
            **{f"github.event.{name}": None for name in ("pull_request", "number", "action", *_OF_TYPES)},
        }
    of_change = event.name == "pull_request"
    types = event.types if event.types is not None else _STARTED
    of_others = [name for name, starting in _OF_TYPES.items() if not any(one in types for one in starting)]
    return {
        **_ALWAYS,
        **_WRITTEN_AT_A_PULL_REQUEST,
        EVENT: event.name,
        "github.ref": Unknown(begins="refs/pull/", ends="/merge") if of_change else Unknown(begins="refs/heads/"),
        "github.ref_name": Unknown(ends="/merge") if of_change else Unknown(True),
        "github.head_ref": _WRITTEN,
        "github.base_ref": Unknown(True, among=branches),
        "github.ref_type": "branch",
        "github.event.pull_request": Unknown(True),
        "github.event.pull_request.merged": UNKNOWN if "closed" in types else False,
        "github.event.action": Unknown(among=types),
        **{f"github.event.{name}": None for name in (*_OF_PUSHES, *of_others)},
    }


def takes_in_a_branch(event: Event) -> bool:
    """Tell whether the filters of an event let any branch start it."""
    if event.branches is None:
        ignored = event.branches_ignore or ()
        return not all(path_filter_matches(ignored, branch) for branch in _ANY_BRANCHES)
    named = [pattern for pattern in event.branches if _may_name_branch(pattern)]
    return any(
        not _SPECIAL.isdisjoint(pattern.replace("*", "")) or path_filter_matches(event.branches, branch)
        for pattern in named
        for branch in _named_by(pattern)
    )


#: What git refuses in the name of a branch, and what only a template of a workflow has in its place.
_IN_NO_BRANCH = ("~", "^", ":", "\\", "..", "@{", "${{")
#: Names that no filter but one for every branch takes in together.
_ANY_BRANCHES = ("main", "any/other-branch")


def _may_name_branch(pattern: str) -> bool:
    """Tell whether a pattern may name branches, and neither takes some out nor is a whole ref, which fits none."""
    return (
        len(pattern.split()) == 1
        and not pattern.startswith(("!", "refs/"))
        and pattern.strip() != "$default-branch"
        and not any(mark in pattern for mark in _IN_NO_BRANCH)
    )


def _named_by(pattern: str) -> Iterator[str]:
    yield from (pattern.replace("**", "any").replace("*", name) for name in ("main", "any-other"))


def _plain(patterns: Sequence[str] | None) -> tuple[str, ...]:
    """Return the branches of a filter that names each; none where it does not."""
    return tuple(patterns) if patterns and all(_SPECIAL.isdisjoint(pattern) for pattern in patterns) else ()


def runs_of_jobs(jobs: Sequence[Job], known: Known, *, plain: bool = True) -> dict[str, Known]:
    """Return what is known in each job that can run, and leaves out those that never do.

    Args:
        jobs: the jobs of a workflow.
        known: what is known of its run.
        plain: whether they have to run for a plain change.
    """
    if not any(job.condition or job.needs for job in jobs):
        without = {**known, "needs.*": None}
        return dict.fromkeys((job.id for job in jobs), without)
    found: dict[str, Known] = {}
    # whether each job that was looked at runs, and whether all before it do
    runs: dict[str, bool] = {}
    whole: dict[str, bool] = {}
    outputs: dict[str, Known] = {}
    for job in in_order(jobs):
        needed = [name.lower() for name in job.needs]
        whole[job.id.lower()] = all(runs[name] and whole[name] for name in needed)
        here = {**known, "needs.*": None}
        for name in needed:
            # where one of them fails, the run has failed already
            here |= {f"needs.{name}": UNKNOWN, f"needs.{name}.result": Unknown(True, among=("success", "skipped"))}
            if not runs[name]:
                here |= {f"needs.{name}.result": "skipped", f"needs.{name}.outputs.*": None}
        outputs[job.id.lower()] = _handed_on_by(job, known)
        if sum(len(outputs[name]) for name in needed) <= _MOST_OUTPUTS:
            here.update(one for name in needed for one in outputs[name].items() if runs[name])
        if not whole[job.id.lower()]:
            here[SUCCESS] = False
        runs[job.id.lower()] = can_run(job.condition, here, plain=plain)
        if runs[job.id.lower()]:
            found[job.id] = {**here, SUCCESS: True}
    return found


#: Where more outputs are handed to one job, none of them is told.
_MOST_OUTPUTS = 50


def _handed_on_by(job: Job, known: Known) -> Known:
    """Return what is known of the outputs of a job where it is needed: those that it does not name are empty."""
    if job.uses:
        return {}
    before = f"needs.{job.id.lower()}.outputs."
    found: dict[str, Value] = {f"{before}*": None}
    if job.outputs:
        there = {**known, "steps.*": None, **{f"steps.{step.id.lower()}": UNKNOWN for step in job.steps if step.id}}
        found.update((f"{before}{name.lower()}", evaluated(text, there)) for name, text in job.outputs.items())
    return found


def why_not(
    job: Job, by_id: Mapping[str, Job], found: Sequence[Mapping[str, Known]], asked: Sequence[Mapping[str, Known]]
) -> tuple[str, int]:
    """Say why a job does not run, and on which line that stands: by its condition, or by a job that it needs.

    Args:
        job: the job.
        by_id: the jobs of its workflow, by their ids in small letters.
        found: those that run for a plain change, of each event.
        asked: those that run for any.
    """

    def words(one: Job) -> str:
        return ASKS_MORE if any(one.id in runs for runs in asked) else "never runs"

    needed = (by_id[name.lower()] for name in job.needs)
    skipped = next((one for one in needed if not any(one.id in runs for runs in found)), None)
    if skipped is not None:
        return f"the job `{job.id}` needs `{skipped.id}`, which {words(skipped)}", job.line
    return f"the job `{job.id}` {words(job)}", job.condition_line


ASKS_MORE = "runs only where more than a change asks for it"
"""Of a job or step: its condition may hold, but not for a plain change."""


def in_order(jobs: Sequence[Job]) -> list[Job]:
    """Return the jobs, each behind those that it needs; those that need each other, and what is behind them, not."""
    waiting = {job.id.lower(): {name.lower() for name in job.needs} for job in jobs}
    behind: dict[str, list[Job]] = {}
    for job in jobs:
        for name in waiting[job.id.lower()]:
            behind.setdefault(name, []).append(job)
    found = [job for job in jobs if not waiting[job.id.lower()]]
    for job in found:
        for next_one in behind.get(job.id.lower(), ()):
            waiting[next_one.id.lower()].discard(job.id.lower())
            if not waiting[next_one.id.lower()]:
                found.append(next_one)
    return found


def within(job: Job, known: Known) -> Iterator[Run]:
    """Yield what is known in each of the runs that a job's matrix makes of it, before its first step."""
    scripts = (step.run or "" for step in job.steps)
    told = not any("GITHUB_ENV" in script for script in scripts) and not any(s.uses.startswith("./") for s in job.steps)
    size = len(job.steps) + len(job.env)
    for combination in job.matrix if size * len(job.matrix) <= _MOST_STEPS else ({},):
        run = {**known, **combination, **_runner_of(job), "steps.*": None}
        if told:
            run.update((f"env.{name.lower()}", evaluated(text, run)) for name, text in job.env.items())
        yield run


def _runner_of(job: Job) -> Known:
    image = job.runs_on.partition("-")[0].lower()
    return {"runner.os": _SYSTEMS[image]} if image in _SYSTEMS else {}


_SYSTEMS = {"ubuntu": "Linux", "windows": "Windows", "macos": "macOS"}
#: The steps of all runs of one job; where a matrix makes more of them, none of its values is told.
_MOST_STEPS = 5_000


def at_step(step: Step, run: Run) -> Known:
    """Return what is known at a step, whose own variables come before those of its job."""
    if not step.env:
        return run
    return ChainMap({f"env.{name.lower()}": evaluated(text, run) for name, text in step.env.items()}, run)


def environment_of(step: Step, job: Job, runs: Iterable[Run]) -> Mapping[str, str]:
    """Return the variables around a step that hold the same text in all of its runs."""
    known = [at_step(step, run) for run in runs]
    named: dict[str, list[str]] = {}
    for name in dict.fromkeys((*job.env, *step.env)):
        named.setdefault(f"env.{name.lower()}", []).append(name)
    # an expression does not tell `NAME` from `name`, and a shell does
    texts = {name: {one.get(path) for one in known} for path, (name, *others) in named.items() if not others}
    return {name: text for name, (text, *others) in texts.items() if isinstance(text, str) and not others}


def set_by_github(runs: Iterable[Run]) -> Mapping[str, str]:
    """Return the variables that GitHub sets to the same text in each of some runs, or to one that no file can name."""
    told = [{name: _told(run.get(path)) for name, path in _SET_BY_GITHUB.items()} for run in runs]
    found = {name: {one[name] for one in told} for name in _SET_BY_GITHUB}
    same = {name: text for name, (text, *others) in found.items() if text is not None and not others}
    return {"CI": "true", "GITHUB_ACTIONS": "true", **same}


def _told(value: Value) -> str | None:
    """Return a text, and of a pull request's names one that is as unlike what files name as any of them."""
    if not isinstance(value, Unknown):
        return value if isinstance(value, str) else None
    if value.ends == "/merge":
        return f"{value.begins}0{value.ends}"
    return value.among[0] if len(value.among) == 1 else None


_SET_BY_GITHUB = {
    "GITHUB_EVENT_NAME": EVENT,
    **{f"GITHUB_{name.upper()}": f"github.{name}" for name in ("ref", "ref_name", "head_ref", "base_ref")},
}


def behind(step: Step, run: Run) -> None:
    """Write to what is known in a run what is known behind a step."""
    if step.id:
        run[f"steps.{step.id.lower()}"] = UNKNOWN


OF_RUN, OF_JOB = ("github.", "vars."), ("github.", "vars.", "matrix.", "runner.", CHECKED_OUT)
"""What paths begin with of which a workflow that is called knows as well, and an action."""


def handed_on(known: Known, defaults: Known, given: Mapping[str, str], kept: tuple[str, ...] = OF_JOB) -> Run:
    """Return what is known in what a job or step uses.

    Args:
        known: what is known where it is used.
        defaults: what its inputs come to by themselves; of their types are those given.
        given: the texts of `with`.
        kept: `OF_JOB` for an action, `OF_RUN` for a workflow, whose jobs begin anew.
    """
    inside = {path: value for path, value in known.items() if path.startswith(kept)}
    inside |= {"inputs.*": None, "steps.*": None, **defaults}
    for name, text in given.items():
        path = f"inputs.{name.lower()}"
        inside[path] = _as(evaluated(text, known), defaults.get(path))
    return inside


def _as(value: Value, like: Value) -> Value:
    """Return the text of a `with` as the type that its input has."""
    if not isinstance(value, str) or isinstance(like, str):
        return value
    if isinstance(like, bool):
        return {"true": True, "false": False}.get(value.lower(), UNKNOWN)
    return UNKNOWN
