"""Family 3, in workflows: whether the command runs, whether its failure counts, and whether anything starts it."""

from __future__ import annotations

from collections.abc import Iterator

from cavra_lint.diagnostics import Place
from cavra_lint.frozen import NamedTuple
from cavra_lint.rules.gate_files import GateFiles
from cavra_lint.rules.rule import Finding, rule, rules_of
from cavra_lint.rules.standings import Standing, parsed, standings_of
from cavra_lint.sources.circumstances import takes_in_a_branch
from cavra_lint.sources.path_filter import path_filter_matches
from cavra_lint.sources.text import decode
from cavra_lint.sources.workflow_shapes import Event, Workflow

#: The artifacts whose change has to start the workflow of their gate.
_STARTERS = ("live_sanitized_example", "live_result", "validator", "test")


class Guard(NamedTuple):
    """A gate's workflow: what guards it on GitHub. `standings` are where the contract's command stands, or nearly."""

    files: GateFiles
    workflow: Workflow
    standings: tuple[Standing, ...]


@rule("CAVRA006", "invalid-workflow")
def invalid_workflow(guard: Guard) -> Iterator[Finding]:
    """A workflow is not YAML, or not a workflow that GitHub would start.

    Beside a slip of syntax this is a key that stands twice, a merge key or a tag, `jobs` that is a list, a step with
    both `run` and `uses`, a job without `runs-on`, one that needs a job that is not there, a filter that the event does
    not have, an `if` that is no expression or speaks of what GitHub does not know there, as `env` at a job.

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
    stands in an `echo`, a comment, a string or a here-document that no shell reads is not run. Nor is what stands in a
    file that is called but not `on: workflow_call`. A script is read as a shell is given it, with what `${{ inputs.slug
    }}` and the like come to, and with what a variable holds that `env`, or the script on a line of its own, sets once,
    also to a text that names others; so is the text that `bash -c`, `bash <<EOF` or `eval` is handed. Where a command
    comes near, the finding stands there and says what differs.

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
        place = Place(gate.artifacts["workflow"], workflow.jobs[0].line)
        yield Finding(place, f"no step runs the command of {gate.id}, {expected}")


@rule("CAVRA303", "workflow-soft")
def workflow_soft(guard: Guard) -> Iterator[Finding]:
    """A workflow runs the contract's command, but a failure of it passes, or it never runs.

    Softened by `continue-on-error`, `|| true` and its kin, `set +e`, `if: false`, `&` without a `wait` for it, `!`, a
    pipe without `pipefail` (GitHub's default `bash -e` has none; `shell: bash` has) that does not end in `jq -e` of the
    ready key, or by what follows in the same script. A step that is soft beside another that is hard is fine, and so is
    one behind which a step fails by `steps.ID.outcome`, or by an output that the script hands its status on by.

    Of a run it is known what a pull request or a push makes of `github.event_name`, `github.ref` and the like, of
    `inputs`, of the `matrix`, and of the `outputs` that a needed job does not name: the command has to count in one of
    these runs, behind jobs that run, and judge what was changed, and not another `repository` or `ref`. It has to do so
    for a plain change: one that has no label, is no draft, says nothing special in its title, its message or the name
    of its branch, is made by anyone, and finds no `vars` set. `continue-on-error` for one version of a matrix is fine.
    Nor may a command before it in the same job write the gate's live example or validator (`cp`, `>`, `sed -i`, `curl
    -o`, `--export-dir` and the like), or check out another branch, unless the change is put back before the gate
    judges. That counts for what `find`, `xargs` and loops hand a command, and for what a script runs: `python -c`,
    here-documents, patches, recipes of `make`, and scripts of the tree in shell, Python and JavaScript, as far as their
    texts say what they write. Where the tree holds a file that a path, `PATH`, `PYTHONPATH`, `LD_PRELOAD` or `BASH_ENV`
    puts before Python, or a step writes one there, that is run in its place. What the tests of a script ask for is told
    where `env`, the script or GitHub gives it one text, as in `if [ "$CI" = true ]; then exit 0; fi`.

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

    It has to start on pull requests or pushes of a branch (`refs/heads/main` is the name of none), and where `paths` or
    `paths-ignore` filter, a change of the gate's live example, live result, validator or test has to start it, each by
    itself. Where the command runs on one event only, that event counts.

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
        message = f"nothing starts the workflow of {gate.id} on a change"
        if any(event.branches is not None and not takes_in_a_branch(event) for event in workflow.events):
            message = f"{message}: its `branches` fit no branch"
        yield Finding(Place(path, workflow.events_line), f"{message}, expected pull_request or push")
        return
    guarded = {name for standing in guard.standings if not standing.difference for name in standing.events}
    events = [event for event in events if event.name in guarded] or events
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
        workflow = parsed(text)
        # GitHub starts no workflow with a problem in it: of such a one nothing more can be said
        standings = () if workflow.problems else _until_one_counts(files, workflow)
        yield Guard(files, workflow, standings)


def _until_one_counts(files: GateFiles, workflow: Workflow) -> tuple[Standing, ...]:
    """Return the standings up to those that guard the gate, whatever starts it: beside them no other matters."""
    found: list[Standing] = []
    events = [event for event in workflow.events if _starts_on_changes(event)]
    missing = {event.name for event in events}
    for standing in standings_of(files, workflow, events):
        found.append(standing)
        if not standing.difference and not standing.lost:
            missing -= standing.events
            if not missing:
                break
    return tuple(found)


def _starts_on_changes(event: Event) -> bool:
    if not takes_in_a_branch(event):
        return False
    if event.name == "push":
        of_tags = event.tags is not None or event.tags_ignore is not None
        return not of_tags or event.branches is not None or event.branches_ignore is not None
    if event.name in ("pull_request", "pull_request_target"):
        # without `synchronize`, what is pushed once the pull request is open starts nothing
        return event.types is None or "synchronize" in event.types
    return False


def _is_started_by(event: Event, path: str) -> bool:
    if event.paths is not None and not path_filter_matches(event.paths, path):
        return False
    return event.paths_ignore is None or not path_filter_matches(event.paths_ignore, path)


def _filter_line(event: Event) -> int:
    return event.paths_line if event.paths is not None else event.paths_ignore_line


RULES = rules_of(globals())
