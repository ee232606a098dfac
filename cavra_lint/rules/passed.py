"""The steps before a command that may have replaced what it judges, those of actions as well."""

from __future__ import annotations

import functools
import posixpath

from cavra_lint.frozen import TYPE_CHECKING, NamedTuple
from cavra_lint.late import re
from cavra_lint.rules.commands import is_just, script_spelt_out
from cavra_lint.rules.gate_files import GateFiles
from cavra_lint.sources.checkout import Passed, folder_of, is_checkout, is_restoring
from cavra_lint.sources.shell_options import JAVASCRIPTS, SHELLS, ShellOptions, shell_options
from cavra_lint.sources.workflow import parse_action
from cavra_lint.sources.workflow_shapes import Action, Job, Step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from cavra_lint.sources.circumstances import Run
    from cavra_lint.sources.expression_values import Known
    from cavra_lint.sources.repository import Repository

MAX_DEPTH = 10
"""GitHub nests reusable workflows and composite actions no deeper."""

_LEAST_PART = 4
#: What runs the file that it is given; all that begin with the names of Python do as well.
_RUNNING_FILES = SHELLS | JAVASCRIPTS | {"source", "."}
_PYTHONS = ("python", "pypy")
#: What does what stands in a file that it is given, or looks for.
_BY_FILES = frozenset({"git", "patch", "make", "gmake"})
#: What may stand before a command, and what separates two of them; a test holds it to `PREFIXES`, which most runs do
#: not ask for.
BEFORE_COMMANDS = frozenset(
    {"asdf", "chronic", "chrt", "command", "conda", "coverage", "devbox", "develop", "direnv", "doas", "doppler"}
    | {"dotenv", "env", "exec", "flock", "hatch", "infisical", "ionice", "mamba", "micromamba", "mise", "nice"}
    | {"nix", "nohup", "op", "pdm", "pipenv", "pixi", "poetry", "pyenv", "run", "rye", "setsid", "shell", "stdbuf"}
    | {"sudo", "taskset", "time", "timeout", "tox", "unbuffer", "uv", "xvfb-run", "then", "do", "else", "if"}
    | {"elif", "while", "until", "!"}
)
_BETWEEN_COMMANDS = str.maketrans(dict.fromkeys(";&|(){}`", "\n"))
_MOVES = r"\b(?:cd|pushd)\s+[\"']?([\w./-]+)"
#: What writes whole folders.
#: With these a script may name any file, without a letter of its path.
_OF_PATTERNS = ("*", "find ", "xargs ")
_OF_FOLDERS = (
    "cp ",
    "mv ",
    "rm ",
    "rsync ",
    "--export-dir",
    "tar ",
    "unzip ",
    "shutil.",
    "--output-dir",
    "--directory-prefix",
    "wget ",
)
#: So much of a script is looked at for the files that it runs, and so deep are these followed.
_MOST_COMMANDS, _MOST_WORDS, _MOST_FOLDERS, _DEEPEST = 500, 12, 5, 2
MOST_PASSED = 200
"""So many steps of actions are looked at in a job that may replace what it judges."""


class InJob(NamedTuple):
    """A job, and whether its variables, or what is known of its runs, may make the name of what is judged."""

    job: Job
    is_named: Callable[[], bool]


def in_job(files: GateFiles, job: Job, runs: Sequence[Run]) -> InJob:
    """Return what the steps of a job, or of an action in it, have to know of it; told when the first of them asks."""

    @functools.cache
    def is_named() -> bool:
        return _is_named(files, (*job.env.values(), *(text for run in runs for text in _texts(run))))

    return InJob(job, is_named)


def passed_behind(
    files: GateFiles, path: str, step: Step, here: InJob, known: dict[str, tuple[Passed, ...]]
) -> tuple[Passed, ...]:
    """Return the steps that ran behind a step, of those that may replace what is judged, or set variables.

    That is the step itself, or those that it uses.

    Args:
        files: the gate and its tree.
        path: the file that the step stands in.
        step: the step.
        here: its job.
        known: the steps of each action that was looked at already, by its folder; is added to.
    """
    job = here.job
    found = _behind(files, path, step, job, known, MAX_DEPTH)
    if any("$" in (one.step.run or "") for one in found):
        is_named = here.is_named() or _is_named(files, _values_given(step, found))
        found = tuple(
            one._replace(replaces=one.replaces or (is_named and "$" in (one.step.run or ""))) for one in found
        )
    return tuple(
        one._replace(environment=(*job.env.items(), *one.environment))
        for one in found
        if one.replaces or is_checkout(one.step) or _may_matter(one.step.run or "")
    )


def _behind(
    files: GateFiles, path: str, step: Step, job: Job, known: dict[str, tuple[Passed, ...]], depth: int
) -> tuple[Passed, ...]:
    script = step.run or ""
    # what `actions/github-script` runs stands in `with`
    text = script_spelt_out(script or step.given.get("script", ""))
    replaces = (may_replace(files, text) or may_run(files, step)) and not is_just(files.gate.command, script)
    names = (at.partition("/")[0] for at in judged_paths(files))
    replaces = replaces or (is_restoring(step) and any(name in step.given.get("path", "") for name in names))
    # what a variable stands for is told by who uses an action
    if replaces or is_checkout(step) or "$" in script or _may_matter(script):
        return (Passed(path, step, shell_of(step, job), replaces, (), (*step.env.items(),)),)
    found = used_action(files, step) if depth else None
    if found is None:
        return ()
    folder, path, action = found
    # the steps of an action name their shell: they do not depend on what the job runs on
    if folder not in known:
        # one that uses itself is not gone into again
        known[folder] = ()
        inner = (_behind(files, path, one, job, known, depth - 1) for one in action.steps)
        known[folder] = tuple(one for several in inner for one in several)[:MOST_PASSED]
    return tuple(one._replace(uses=((step, action.inputs), *one.uses)) for one in known[folder])


def _may_matter(script: str) -> bool:
    return "git " in script or hands_on(script)


def _values_given(step: Step, found: Iterable[Passed]) -> Iterator[str]:
    """Yield the texts that a step gives to its script, or to what it uses, and those that this has by itself."""
    yield from (*step.env.values(), *step.given.values())
    inputs = {id(one): one for passed in found for _, one in passed.uses}
    for known in inputs.values():
        yield from _texts(known)


def _texts(known: Known) -> Iterator[str]:
    return (value for value in known.values() if isinstance(value, str))


def _is_named(files: GateFiles, texts: Iterable[str]) -> bool:
    """Tell whether texts may make the name of what is judged: one holds it, or is a part of it."""
    names = [path.rpartition("/")[2] for path in judged_paths(files)]
    return any(name in text or (len(text) >= _LEAST_PART and text in name) for text in texts for name in names)


def used_action(files: GateFiles, step: Step) -> tuple[str, str, Action] | None:
    """Return the folder of the local action that a step uses, its file, and what is in it."""
    folder = local_path(step.uses)
    if folder is not None:
        for name in ("action.yml", "action.yaml"):
            path = posixpath.normpath(posixpath.join(folder, name))
            text = files.repository.text(path)
            if text is not None:
                return folder, path, _action(text)
    return None


def may_replace(files: GateFiles, script: str, times: int = 1) -> bool:
    """Tell whether a script names what is judged so many times, or another commit: most do not, and are not read."""
    return _may_replace(judged_paths(files), script, times)


def _may_replace(judged: Iterable[str], script: str, times: int = 1) -> bool:
    if any(word in script for word in _OF_PATTERNS):
        return True
    moves = any(word in script for word in _OF_FOLDERS)
    # where folders are moved, a part of a path is enough
    names = (name for path in judged for name in path.split("/")[0 if moves else -1 :])
    if any(script.count(name) >= times for name in names):
        return True
    return "git " in script and any(word in script for word in ("checkout", "switch", "reset", "restore"))


def may_run(files: GateFiles, step: Step) -> bool:
    """Tell whether a step runs a file of the tree that may replace what is judged."""
    script = step.run or ""
    if is_just(files.gate.command, script):
        return False
    folders = ["", folder_of(step.working_directory)]
    if "cd " in script or "pushd " in script:
        # a script moves to few folders
        folders += re.findall(_MOVES, script)[:_MOST_FOLDERS]
    judged, seen, waiting = judged_paths(files), set[str](), dict.fromkeys(_files_run(script))
    for _ in range(_DEEPEST + 1):
        below: dict[str, None] = {}
        for path in (posixpath.normpath(posixpath.join(folder, file)) for file in waiting for folder in folders):
            if path not in seen and path not in judged:
                seen.add(path)
                replaces, inner = _told_by(files.repository, path, judged)
                if replaces:
                    return True
                below.update(dict.fromkeys(inner))
        waiting = below
    return False


@functools.lru_cache(maxsize=1024)
def _told_by(repository: Repository, path: str, judged: tuple[str, ...]) -> tuple[bool, tuple[str, ...]]:
    """Return whether a file of the tree may replace what is judged, and the files that it runs."""
    text = repository.text(path)
    return (False, ()) if text is None else (_may_replace(judged, text), tuple(dict.fromkeys(_files_run(text))))


def _files_run(script: str) -> Iterator[str]:
    """Yield the files that commands of a script may run, by their paths or by an interpreter."""
    for command in script.translate(_BETWEEN_COMMANDS).split("\n")[:_MOST_COMMANDS]:
        words = [word.strip("'\"") for word in command.split(None, _MOST_WORDS)[:_MOST_WORDS]]
        words = [word for word in words if not ("=" in word or word.isdigit() or _base(word) in BEFORE_COMMANDS)]
        program = next((at for at, word in enumerate(words) if not word.startswith("-")), None)
        if program is None:
            continue
        name = _base(words[program])
        if name in _RUNNING_FILES or name.startswith(_PYTHONS):
            # behind these stands a module or a program, and no file
            ends = {"-e", "-p"} if name in JAVASCRIPTS else {"-m", "-c"}
            given = words[program + 1 :]
            # of `-m coverage run file` the file is left, and no module has a `/` in its name
            given = given[1:] if given[:1] == ["-m"] and "/" in "".join(given[1:2]) else given
            given = given[: next((at for at, word in enumerate(given) if word in ends), None)]
            # an option may take the first
            yield from [word for word in given if not word.startswith("-") and len(word) > 1][:2]
        elif name in _BY_FILES:
            named = [word.lstrip("<") for word in words[1:]]
            yield from (word for word in named if "." in word)
            if "make" in name:
                yield from ("Makefile", *(f"{word}/Makefile" for word in named))
        elif "/" in words[program]:
            yield words[program]


def _base(word: str) -> str:
    return word.rpartition("/")[2]


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


def holds(files: GateFiles, path: str) -> bool:
    """Tell whether a tree holds a file; where git tracks any, also for whoever clones it."""
    repository = files.repository
    if repository.tracked is not None and path in repository.tracked:
        # that may as well be a link that leads out of the tree
        return True
    return repository.read(path).state in {"read", "too-large"} and not repository.not_handed_on(path)


@functools.lru_cache(maxsize=32)
def _action(text: str) -> Action:
    # one action is used by many steps
    return parse_action(text)
