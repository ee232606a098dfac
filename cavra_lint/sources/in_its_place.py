"""Files of the tree that a job runs in the place of Python, or before it: by its environment, or by their paths."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from cavra_lint.sources.checkout import WORKSPACE, folder_of

#: What is run first by whom each variable names it, where that is a file; else the names that are looked for there.
_FIRST: Mapping[str, tuple[str, ...]] = {
    "BASH_ENV": ("",),
    "ENV": ("",),
    "LD_PRELOAD": ("",),
    "PYTHONPATH": ("sitecustomize.py", "usercustomize.py"),
}
_VARIABLE = re.compile(r"(?<![A-Za-z0-9_])(BASH_ENV|ENV|LD_PRELOAD|PYTHONPATH|PATH|GITHUB_PATH)(?![A-Za-z0-9_])")
_BETWEEN = re.compile(r"[\s:;,\"'=<>()|&]+")
_HERE = re.compile(r"\$(?:PWD|\{PWD\})(?=/|$)")


def in_its_place(
    programs: Sequence[str],
    environments: Iterable[Mapping[str, str]],
    scripts: str,
    folder: str,
    is_held: Callable[[str], bool],
) -> str | None:
    """Returns the file of the tree that runs in the place of one of some programs, or before it; None for none.

    Args:
        programs: the words by which a script is run, `timeout` and `python3`.
        environments: the variables that are set around it.
        scripts: the scripts of its job, which may set them as well.
        folder: the folder of the workspace that it runs in.
        is_held: whether the tree holds a file at a path.
    """
    by_path = (posixpath.normpath(posixpath.join(folder, name)) for name in programs if "/" in name)
    bare = tuple(name for name in programs if "/" not in name)
    by_variable = (
        posixpath.normpath(posixpath.join(place, name))
        for variable, text in _set_by(environments, scripts)
        for place in _places(text)
        for name in _FIRST.get(variable, bare)
    )
    return next((path for paths in (by_path, by_variable) for path in paths if is_held(path)), None)


def _set_by(environments: Iterable[Mapping[str, str]], scripts: str) -> Iterator[tuple[str, str]]:
    for environment in environments:
        yield from ((name, value) for name, value in environment.items() if _VARIABLE.fullmatch(name))
    for line in scripts.splitlines():
        yield from ((variable, line) for variable in dict.fromkeys(_VARIABLE.findall(line)))


def _places(text: str) -> Iterator[str]:
    """Yield the paths of the workspace that a text names."""
    for word in dict.fromkeys(_BETWEEN.split(re.sub(WORKSPACE, ".", text))):
        place = folder_of(_HERE.sub(".", word, count=1) if _HERE.match(word) else word)
        if word and not place.startswith(("$", "/", "-", "..")):
            yield place
