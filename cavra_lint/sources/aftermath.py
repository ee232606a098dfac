"""What a job does behind a step that goes on after a failure: one that asks for its outcome may fail in its place."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Sequence

from cavra_lint.frozen import TYPE_CHECKING
from cavra_lint.late import re
from cavra_lint.sources.circumstances import at_step
from cavra_lint.sources.expression import filled, must_run
from cavra_lint.sources.expression_values import UNKNOWN

if TYPE_CHECKING:
    from cavra_lint.sources.expression_values import Known, Value
    from cavra_lint.sources.workflow_shapes import Step

#: With these, what ends a script is no more what stands at its end.
_UNFOLLOWED = frozenset({"trap", "exec", "set", "shopt", "eval", ".", "source", "kill", "alias", "enable", "builtin"})


#: An output that holds the status of what ran before, or of what a variable keeps.
_STATUS = re.compile(
    r"echo +(\"?)(?P<output>[A-Za-z_][\w-]*)=(?P<status>\$(?:\?|\w+|\{\w+\}))\1"
    r" *>> *\"?\$\{?GITHUB_OUTPUT\}?\"?(?=[\s;]|\Z)"
)
#: What a step of JavaScript says, a line each; what its texts hold is no code.
_SAYS = re.compile(r"core\.(?:setFailed|error|warning|notice|info)\((?:'[^'\\]*'|\"[^\"\\]*\"|`[^`$\\]*`)\);?")


def with_status_as_its_end(script: str) -> tuple[str, str] | None:
    """Return the output that a script hands a status on by, and the script as if it ended with that status there."""
    found = _STATUS.search(script) if script.count("GITHUB_OUTPUT") == 1 else None
    if found is None:
        return None
    return found["output"], f"{script[: found.start()]}exit {found['status']}{script[found.end() :]}"


def fails_behind(step: Step, following: Sequence[Step], run: Known, output: str = "") -> bool:
    """Tell whether a step behind one that has failed surely fails in its place, as by `exit 1`.

    Args:
        step: the step that has failed, and lets the job go on.
        following: the steps behind it.
        run: what is known of the run.
        output: its output that holds the status of a failure, where it is by this that it lets the job go on.
    """
    path = f"steps.{step.id.lower()}"
    unknown: dict[str, Value] = {f"steps.{later.id.lower()}": UNKNOWN for later in following}
    outcome: dict[str, Value] = {path: UNKNOWN, f"{path}.outcome": "failure", f"{path}.conclusion": "success"}
    if output:
        outcome |= {f"{path}.outcome": "success", f"{path}.outputs.{output.lower()}": "1"}
    known = ChainMap(outcome, unknown, dict(run))
    return bool(step.id) and any(_surely_fails(later, known) for later in following)


def _surely_fails(step: Step, known: Known) -> bool:
    if step.continue_on_error or "steps." not in "".join((step.condition, step.run or "", *step.env.values())):
        return False
    here = at_step(step, dict(known))
    if not must_run(step.condition, here):
        return False
    if step.run is None:
        return step.uses.startswith("actions/github-script@") and _says_failed(step.given.get("script", ""))

    from cavra_lint.sources.shell import simple_commands
    from cavra_lint.sources.shell_decided import with_tests_told
    from cavra_lint.sources.shell_options import shell_options
    from cavra_lint.sources.shell_reader import parse
    from cavra_lint.sources.shell_rehearsal import NOTHING, Rehearsal

    # a script may ask for what its environment has of the outcome
    environment = {name: filled(text, here) for name, text in step.env.items()}
    script = with_tests_told(filled(step.run, here), environment, {})
    parsed = parse(script)
    names = {command.words[0] for command in simple_commands(script)}
    options = shell_options(step.shell)
    if parsed.broken_at is not None or options is None or not _UNFOLLOWED.isdisjoint(names):
        return False
    end = Rehearsal({}, {}).sequence(parsed.body, False, NOTHING, options.errexit)
    return end.failed and end.how != "returns"


def _says_failed(script: str) -> bool:
    """Tell whether a step of JavaScript does no more than to say something, and that it failed."""
    lines = [line.strip() for line in script.splitlines() if line.strip()]
    return all(map(_SAYS.fullmatch, lines)) and any(line.startswith("core.setFailed(") for line in lines)
