"""Files of the tree that a job runs in the place of Python, or before it: by its environment, or by their paths."""

from __future__ import annotations

import functools
import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from cavra_lint.late import re
from cavra_lint.sources.checkout import WORKSPACE, folder_behind, folder_of, place_of

#: What is run first by whom each variable names it, where that is a file; else the names that are looked for there.
_FIRST: Mapping[str, tuple[str, ...]] = {
    "BASH_ENV": ("",),
    "ENV": ("",),
    "LD_PRELOAD": ("",),
    "PYTHONPATH": ("sitecustomize.py", "usercustomize.py"),
}
_VARIABLE = re.compile(r"(?<![A-Za-z0-9_])(BASH_ENV|ENV|LD_PRELOAD|PYTHONPATH|PATH|GITHUB_PATH)(?![A-Za-z0-9_])")
_BETWEEN = re.compile(r"[\s:;,\"'=<>()|&]+")
_HERE = re.compile(r"\A\$(?:PWD|\{PWD\})(?=/|$)")
_MOST_PLACES = 200
"""So many places are looked at of those that one text names; no workflow comes near it."""


def in_its_place(
    programs: Sequence[str], named: Iterable[tuple[str, str]], folder: str, is_held: Callable[[str], bool]
) -> str | None:
    """Return the file of the tree that runs in the place of one of some programs, or before it; None for none.

    Args:
        programs: the words by which a script is run, `timeout` and `python3`.
        named: the variables that are set around it, each with a place that it names.
        folder: the folder of the workspace that it runs in.
        is_held: whether the tree holds a file at a path.
    """
    by_path = (posixpath.normpath(posixpath.join(folder, name)) for name in programs if "/" in name)
    bare = tuple(name for name in programs if "/" not in name)
    by_variable = (
        posixpath.normpath(posixpath.join(place, name))
        for variable, place in named
        for name in _FIRST.get(variable, bare)
    )
    return next((path for paths in (by_path, by_variable) for path in paths if is_held(path)), None)


@functools.lru_cache(maxsize=64)
def made_in(script: str, folder: str) -> frozenset[str]:
    """Return the files, by their paths from the workspace, that a script writes and that are no Python.

    Args:
        script: the script.
        folder: the folder of the workspace that it is started in.
    """
    from cavra_lint.sources.prefixes import behind_prefixes
    from cavra_lint.sources.shell import simple_commands
    from cavra_lint.sources.written import writes

    found: set[str] = set()
    # what hands over to Python is in order; where there is no file yet, a link needs no force
    for command in simple_commands(re.sub(r"\bln\s+-", "ln -f", script)) if "exec " not in script else ():
        words, here = command.told_words(), folder_behind(command.folder, folder)
        at = behind_prefixes(words)
        if at is None or command.unreached is not None or here is None:
            continue
        for write in writes(words[at].text.rpartition("/")[2], words[at + 1 :], command.written):
            source = write.source.text if write.source else ""
            place = None if write.gone or "python" in source or "$" in source else place_of(write.path, here)
            found.update([place] if place else [])
    return frozenset(found)


def named_around(environments: Iterable[Mapping[str, str]], script: str) -> Iterator[tuple[str, str]]:
    """Yield the places that the variables around a command and its own script name."""
    for environment in environments:
        for name in (*_FIRST, "PATH"):
            yield from ((name, place) for place in _places(environment.get(name, "")))
    yield from named_in(script)


@functools.lru_cache(maxsize=64)
def named_in(script: str) -> tuple[tuple[str, str], ...]:
    """Return the places that a script may give to a variable: those of the same line."""
    lines = ((line, dict.fromkeys(_VARIABLE.findall(line))) for line in script.splitlines())
    found = ((variable, place) for line, variables in lines for variable in variables for place in _places(line))
    return (*dict.fromkeys(found),)[:_MOST_PLACES]


@functools.lru_cache(maxsize=64)
def _places(text: str) -> tuple[str, ...]:
    """Return the paths of the workspace that a text names."""
    words = dict.fromkeys(_BETWEEN.split(re.sub(WORKSPACE, ".", text)))
    return tuple(folder_of(_HERE.sub(".", word)) for word in words if word)[:_MOST_PLACES]
