"""What a job does behind a step that goes on after a failure: one that asks for its outcome may fail in its place."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Sequence

from cavra_lint.frozen import TYPE_CHECKING
from cavra_lint.sources.circumstances import at_step
from cavra_lint.sources.expression import filled, must_run
from cavra_lint.sources.expression_values import UNKNOWN

if TYPE_CHECKING:
    from cavra_lint.sources.expression_values import Known, Value
    from cavra_lint.sources.workflow_shapes import Step

#: With these, what ends a script is no more what stands at its end.
_UNFOLLOWED = frozenset({"trap", "exec", "set", "shopt", "eval", ".", "source", "kill", "alias", "enable", "builtin"})


def fails_behind(step: Step, following: Sequence[Step], run: Known) -> bool:
    """Tells whether a step behind one that has failed surely fails in its place, as by `exit 1`.

    Args:
        step: the step that has failed, and lets the job go on.
        following: the steps behind it.
        run: what is known of the run.
    """
    path = f"steps.{step.id.lower()}"
    unknown: dict[str, Value] = {f"steps.{later.id.lower()}": UNKNOWN for later in following}
    outcome: dict[str, Value] = {path: UNKNOWN, f"{path}.outcome": "failure", f"{path}.conclusion": "success"}
    known = ChainMap(outcome, unknown, dict(run))
    return any(_surely_fails(later, known) for later in following)


def _surely_fails(step: Step, known: Known) -> bool:
    if step.run is None or step.continue_on_error or "steps." not in f"{step.condition}{step.run}":
        return False
    here = at_step(step, dict(known))
    if not must_run(step.condition, here):
        return False

    from cavra_lint.sources.shell import simple_commands
    from cavra_lint.sources.shell_options import shell_options
    from cavra_lint.sources.shell_reader import parse
    from cavra_lint.sources.shell_rehearsal import NOTHING, Rehearsal

    script = filled(step.run, here)
    parsed = parse(script)
    names = {command.words[0] for command in simple_commands(script)}
    options = shell_options(step.shell)
    if parsed.broken_at is not None or options is None or not _UNFOLLOWED.isdisjoint(names):
        return False
    end = Rehearsal({}, {}).sequence(parsed.body, False, NOTHING, options.errexit)
    return end.failed and end.how != "returns"
