"""The steps before a command that may have replaced what it judges, those of actions as well."""

from __future__ import annotations

import functools
import posixpath

from cavra_lint.rules.commands import is_just
from cavra_lint.rules.gate_files import GateFiles
from cavra_lint.sources.checkout import Passed, is_checkout, is_restoring
from cavra_lint.sources.shell_options import ShellOptions, shell_options
from cavra_lint.sources.text import decode
from cavra_lint.sources.workflow import parse_action
from cavra_lint.sources.workflow_shapes import Action, Job, Step

MAX_DEPTH = 10
"""GitHub nests reusable workflows and composite actions no deeper."""

MOST_PASSED = 200
"""So many steps of actions are looked at in a job that may replace what it judges."""


def passed_behind(
    files: GateFiles, path: str, step: Step, job: Job, known: dict[str, tuple[Passed, ...]], depth: int = MAX_DEPTH
) -> tuple[Passed, ...]:
    """Return the steps that ran behind a step, of those that may replace what is judged, or set variables.

    That is the step itself, or those that it uses.

    Args:
        files: the gate and its tree.
        path: the file that the step stands in.
        step: the step.
        job: its job.
        known: the steps of each action that was looked at already, by its folder; is added to.
        depth: how deep actions are gone into.
    """
    script = step.run or ""
    # what an action holds does not depend on who uses it
    environment = {**(job.env if depth == MAX_DEPTH else {}), **step.env} if "$" in script else {}
    named = "\n".join((script, *environment.values()))
    replaces = may_replace(files, named) and not is_just(files.gate.command, script)
    names = (at.partition("/")[0] for at in judged_paths(files))
    replaces = replaces or (is_restoring(step) and any(name in step.given.get("path", "") for name in names))
    if replaces or is_checkout(step) or "git " in script or hands_on(script):
        return (Passed(path, step, shell_of(step, job), replaces, (), (*environment.items(),)),)
    found = used_action(files, step) if depth else None
    if found is None:
        return ()
    folder, path, action = found
    # the steps of an action name their shell: they do not depend on what the job runs on
    if folder not in known:
        # one that uses itself is not gone into again
        known[folder] = ()
        inner = (passed_behind(files, path, one, job, known, depth - 1) for one in action.steps)
        known[folder] = tuple(one for several in inner for one in several)[:MOST_PASSED]
    return tuple(one._replace(uses=((step, action.inputs), *one.uses)) for one in known[folder])


def used_action(files: GateFiles, step: Step) -> tuple[str, str, Action] | None:
    """Return the folder of the local action that a step uses, its file, and what is in it."""
    folder = local_path(step.uses)
    if folder is not None:
        for name in ("action.yml", "action.yaml"):
            path = posixpath.join(folder, name)
            text = text_at(files, path)
            if text is not None:
                return folder, path, _action(text)
    return None


def may_replace(files: GateFiles, script: str, times: int = 1) -> bool:
    """Tell whether a script names what is judged so many times, or another commit: most do not, and are not read."""
    moves = any(word in script for word in ("cp ", "mv ", "rm "))
    # where folders are moved, a part of a path is enough
    names = (name for path in judged_paths(files) for name in path.split("/")[0 if moves else -1 :])
    if any(script.count(name) >= times for name in names):
        return True
    return "git " in script and any(word in script for word in ("checkout", "switch", "reset", "restore"))


def hands_on(script: str) -> bool:
    """Tell whether a script sets variables of the steps behind it."""
    return "GITHUB_ENV" in script or "GITHUB_PATH" in script


def judged_paths(files: GateFiles) -> tuple[str, ...]:
    """Return the paths of the files that a gate's command judges by, and that it judges."""
    return files.gate.artifacts["validator"], files.gate.artifacts["live_sanitized_example"]


def shell_of(step: Step, job: Job) -> ShellOptions | None:
    """Return how GitHub starts the shell of a step, None where that is no shell that is read here."""
    if not step.shell and "windows" in job.runs_on.lower():
        return shell_options("pwsh")
    return shell_options(step.shell)


def local_path(uses: str) -> str | None:
    """Return the path below the root of what a local `uses` names, None where it is none."""
    if not uses.startswith("./"):
        return None
    return posixpath.normpath(uses)


def text_at(files: GateFiles, path: str) -> str | None:
    """Return the text of a file of the tree, None where it is none, or is not there."""
    file = files.repository.read(path)
    return decode(file.data) if file.state == "read" else None


@functools.lru_cache(maxsize=32)
def _action(text: str) -> Action:
    # one action is used by many steps
    return parse_action(text)
