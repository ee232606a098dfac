"""What the settings of pytest keep from being collected: in a `conftest.py`, or in the file that configures it."""

from __future__ import annotations

import _ast as ast
import posixpath
from collections.abc import Callable, Iterator, Mapping

from cavra_lint.frozen import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import Any, TypeAlias

    Read: TypeAlias = Callable[[str], str | None]

#: The files that may configure pytest, in its order, and the section of each; the first two count without one as well.
_FILES = (
    ("pytest.ini", "pytest"),
    (".pytest.ini", "pytest"),
    ("pyproject.toml", "tool.pytest"),
    ("tox.ini", "pytest"),
    ("setup.cfg", "tool:pytest"),
)
_IGNORES = frozenset(("collect_ignore", "collect_ignore_glob"))
_OPTIONS = ("--ignore", "--ignore-glob", "--deselect")
_PATTERNS = "python_files"


class Setting(NamedTuple):
    """A setting: where it stands, its name, and the patterns of what it leaves out, or of all that it does not."""

    path: str
    line: int
    name: str
    patterns: tuple[str, ...]

    def leaves_out(self, test: str) -> bool:
        """Tell whether pytest does not collect the tests of a file, by its path."""
        from fnmatch import fnmatchcase

        if self.name == _PATTERNS:
            parts = ((test if "/" in pattern else posixpath.basename(test), pattern) for pattern in self.patterns)
            return not any(fnmatchcase(part, pattern) for part, pattern in parts)
        if self.name.endswith("glob"):
            return any(fnmatchcase(test, pattern) for pattern in self.patterns)
        if self.name == "--deselect":
            return test.startswith(self.patterns)
        return any(f"{test}/".startswith(f"{pattern}/") for pattern in self.patterns)


def settings_of(folder: str, read: Read) -> Iterator[Setting]:
    """Yields the settings that say what of a folder's tests is collected.

    Args:
        folder: the folder, as a path below the root.
        read: returns the text of a file of the tree, None where it is none, or is not there.
    """
    steps = folder.split("/") if folder else []
    for depth in range(len(steps) + 1):
        path = posixpath.join(*steps[:depth], "conftest.py")
        text = read(path)
        if text is not None and "collect_ignore" in text:
            yield from _of_conftest(path, text)
    for path, section in _FILES:
        text = read(path)
        # the first that there is configures, of those for other programs as well the first with a section for pytest
        if text is not None and (path.endswith("pytest.ini") or f"[{section}" in text):
            if any(word in text for word in (_PATTERNS, *_OPTIONS)):
                yield from _of_options(path, text, _toml(text) if path.endswith(".toml") else _ini(text, section))
            return


def _of_conftest(path: str, text: str) -> Iterator[Setting]:
    from cavra_lint.sources.python_flow import live
    from cavra_lint.sources.python_source import parse_python

    tree = parse_python(text).tree
    for statement, surely in live(tree.body) if tree else ():
        name, value = _set_by(statement)
        for part in getattr(value, "elts", (value,)) if surely and name in _IGNORES else ():
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                folder = posixpath.dirname(path)
                pattern = posixpath.normpath(posixpath.join(folder, part.value))
                # who asks this file is in its folder already
                if pattern != (folder or "."):
                    yield Setting(path, part.lineno, name, (pattern,))


def _set_by(statement: ast.stmt) -> tuple[str, ast.expr | None]:
    """Return the name that a statement sets or adds to, and what to."""
    from cavra_lint.sources.python_flow import dotted

    if isinstance(statement, ast.Assign):
        return dotted(statement.targets[0]), statement.value
    if isinstance(statement, (ast.AugAssign, ast.AnnAssign)):
        return dotted(statement.target), statement.value
    call = statement.value if isinstance(statement, ast.Expr) else None
    if isinstance(call, ast.Call) and len(call.args) == 1:
        return dotted(call).removesuffix(".append").removesuffix(".extend"), call.args[0]
    return "", None


def _toml(text: str) -> Mapping[str, Any]:
    import tomli

    try:
        found: Any = tomli.loads(text)["tool"]["pytest"]
        return found.get("ini_options", found)  # type: ignore[no-any-return]
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError):
        return {}


def _ini(text: str, section: str) -> Mapping[str, Any]:
    import configparser

    parser = configparser.RawConfigParser()
    try:
        parser.read_string(text)
        return dict(parser[section])
    except (configparser.Error, LookupError):
        return {}


def _of_options(path: str, text: str, options: Mapping[str, Any]) -> Iterator[Setting]:
    patterns = _words(options.get(_PATTERNS))
    if patterns:
        yield Setting(path, _line_of(text, _PATTERNS), _PATTERNS, tuple(patterns))
    words = iter(_words(options.get("addopts")))
    for word in words:
        name, equals, value = word.partition("=")
        if name in _OPTIONS:
            pattern = value if equals else next(words, "")
            # a test within a file leaves the others of it
            if pattern and "::" not in pattern:
                yield Setting(path, _line_of(text, word), name, (posixpath.normpath(pattern),))


def _words(value: object) -> list[str]:
    import shlex

    if isinstance(value, list):
        return [word for word in value if isinstance(word, str)]
    try:
        return shlex.split(value) if isinstance(value, str) else []
    except ValueError:
        return []


def _line_of(text: str, word: str) -> int:
    return text.count("\n", 0, max(text.find(word), 0)) + 1
