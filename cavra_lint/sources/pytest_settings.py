"""What the settings of pytest keep from being collected: in a `conftest.py`, or in the file that configures it."""

from __future__ import annotations

import _ast as ast
import posixpath
from collections.abc import Callable, Iterator, Mapping

from cavra_lint.frozen import TYPE_CHECKING, NamedTuple
from cavra_lint.late import re

if TYPE_CHECKING:
    from typing import Any, TypeAlias

    Read: TypeAlias = Callable[[str], str | None]

#: The files that may configure pytest, in its order, and the section of each. Those of its own count without one.
FILES = (
    ("pytest.toml", "pytest"),
    (".pytest.toml", "pytest"),
    ("pytest.ini", "pytest"),
    (".pytest.ini", "pytest"),
    ("pyproject.toml", "tool.pytest"),
    ("tox.ini", "pytest"),
    ("setup.cfg", "tool:pytest"),
)
_ITS_OWN = ("pytest.", ".pytest.")
_IGNORES = frozenset(("collect_ignore", "collect_ignore_glob"))
_OPTIONS = ("--ignore", "--ignore-glob", "--deselect")
#: With these pytest shows something, and runs no test.
_SHOWING = frozenset(
    {"--collect-only", "--collectonly", "--co", "--setup-only", "--setuponly", "--setup-plan", "--setupplan"}
    | {"--fixtures", "--fixtures-per-test", "--funcargs", "--help", "-h", "--markers", "--cache-show"}
)
_SELECTING = ("-k", "-m")
_PATTERNS, _FUNCTIONS, _CLASSES, _FOLDERS = "python_files", "python_functions", "python_classes", "norecursedirs"


MAY = "may leave out"


class Setting(NamedTuple):
    """A setting: where it stands, its name, and the patterns of what it leaves out, or of all that it does not.

    `does` says what it does to tests. With `of_parts` the patterns are parts of their paths, each of which is enough.
    """

    path: str
    line: int
    name: str
    patterns: tuple[str, ...]
    does: str = "leaves out"
    of_parts: bool = False

    def leaves_out(self, test: str, text: str) -> bool:
        """Tell whether pytest does not run the tests of a file, or counts no failure, by its path and its text."""
        if self.of_parts:
            return any(part in test for part in self.patterns)
        if self.name in _SELECTING:
            (expression,) = self.patterns
            if expression.startswith("not ") and expression[4:] not in text + test:
                return False

            from cavra_lint.sources.pytest_selection import selects

            return not selects(self.name, expression, test, text)

        from fnmatch import fnmatchcase

        if self.name in {_FUNCTIONS, _CLASSES}:
            if self.name == _CLASSES and re.search(r"(?m)^(?:async[ \t]+)?def[ \t]+test", text):
                return False
            word = "class" if self.name == _CLASSES else "(?:async[ \\t]+)?def"
            named = re.findall(rf"(?m)^[ \t]*{word}[ \t]+(\w+)", text)
            found = (name for name in named for one in self.patterns if name.startswith(one) or fnmatchcase(name, one))
            return "TestCase" not in text and next(found, None) is None
        if self.name == _FOLDERS:
            folders = [name for name in posixpath.dirname(test).split("/") if name]
            return any(fnmatchcase(folder, pattern) for folder in folders for pattern in self.patterns)
        if self.name == _PATTERNS:
            parts = ((test if "/" in pattern else posixpath.basename(test), pattern) for pattern in self.patterns)
            return not any(fnmatchcase(part, pattern) for part, pattern in parts)
        if self.name.endswith("glob"):
            return any(fnmatchcase(test, pattern) for pattern in self.patterns)
        if self.name == "--deselect":
            return test.startswith(self.patterns)
        return any(f"{test}/".startswith(f"{pattern}/") for pattern in self.patterns)


def settings_of(folder: str, read: Read, *, parsed: bool = False) -> Iterator[Setting]:
    """Yield the settings that say what of a folder's tests is collected.

    Args:
        folder: the folder, as a path below the root.
        read: returns the text of a file of the tree, None where it is none, or is not there.
        parsed: whether TOML is parsed for what most often says nothing of any test, as `-m "not slow"`. Else such a
            setting `MAY` leave out those that know its word, which is for who asks again to find out.
    """
    steps = folder.split("/") if folder else []
    adds_marks = False
    for depth in range(len(steps) + 1):
        path = posixpath.join(*steps[:depth], "conftest.py")
        text = read(path)
        if text is not None and ("collect_ignore" in text or any(word in text for word in _MAY_SILENCE)):
            yield from _of_conftest(path, text)
        adds_marks = adds_marks or (text is not None and "add_marker" in text)
    for depth in range(len(steps) + 1):
        # who names a file below a folder that has one is configured by that
        for setting in _of_files(posixpath.join(*steps[:depth]) if depth else "", read, parsed):
            if not (setting.name == "-m" and adds_marks):
                yield setting


#: What no `conftest.py` does anything to its tests without, beside leaving files out by name.
_MAY_SILENCE = ("def pytest_", "autouse", "exit(")


#: What no file that configures pytest does so without; a letter stands behind a space, a quote and the like.
_MAY_LEAVE_OUT = ("python_", "norecursedirs", "--ignore", "--deselect", "--collect", "--setup", "--fix", "--func")
_MAY_SHOW = ("--help", "--markers", "--cache", "--co ", '--co"', "--co'", "--co\n")
_MAY_SELECT = tuple(f"{before}-{letter}" for letter in "kmh" for before in (" ", '"', "'", "=", "\t", "\n", "[", ","))


def _of_files(folder: str, read: Read, parsed: bool) -> Iterator[Setting]:
    for name, section in FILES:
        path = posixpath.join(folder, name)
        text = read(path)
        # the first that there is configures, of those for other programs as well the first with a section for pytest
        if text is not None and (name.startswith(_ITS_OWN) or f"[{section}" in text):
            leaves_out = any(mark in text for mark in (*_MAY_LEAVE_OUT, *_MAY_SHOW))
            selecting = [mark for mark in _MAY_SELECT if mark in text]
            nots = _nots(text, selecting) if name.endswith(".toml") and not (leaves_out or parsed) else ()
            if nots:
                yield from (Setting(path, 1, option, (f"not {word}",), MAY) for option, word in nots)
            elif leaves_out or selecting:
                read_options = _toml if path.endswith(".toml") else _ini
                yield from _of_options(path, text, read_options(text, section))
            return


def _nots(text: str, selecting: list[str]) -> list[tuple[str, str]]:
    """Return the options of a text that select all but what has one word; none where any says more than that."""
    found: list[tuple[str, str]] = []
    for mark in selecting:
        for rest in text.split(mark)[1:]:
            told = rest.lstrip("\"' ,=\t\n")
            quote = rest[: len(rest) - len(told)][-1:]
            word = told[4:].partition(quote)[0] if told.startswith("not ") and quote in ("'", '"') else ""
            if not word.isidentifier():
                return []
            found.append((mark[-2:], word))
    return found


def _of_conftest(path: str, text: str) -> Iterator[Setting]:
    try:
        yield from tuple(_set_in_conftest(path, text))
    except RecursionError:
        yield Setting(path, 1, posixpath.basename(path), ("",), "nests too deep to be read, and may leave out", True)


def _set_in_conftest(path: str, text: str) -> Iterator[Setting]:
    from cavra_lint.sources.python_flow import live
    from cavra_lint.sources.python_source import parse_python

    tree = parse_python(text).tree
    if tree and any(word in text for word in _MAY_SILENCE):
        from cavra_lint.sources.pytest_hooks import silencing

        yield from (Setting(path, one.line, one.name, one.parts, one.does, True) for one in silencing(tree))
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


def _toml(text: str, section: str) -> Mapping[str, Any]:
    import tomli

    try:
        found: Any = tomli.loads(text)
        for key in section.split("."):
            found = found[key]
        return found.get("ini_options", found)  # type: ignore[no-any-return]
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError):
        return {}


def _ini(text: str, section: str) -> Mapping[str, Any]:
    import configparser

    class Parser(configparser.RawConfigParser):
        def optionxform(self, optionstr: str) -> str:
            # to pytest `Addopts` is another option
            return optionstr

    # and no section of its files holds for the others
    parser = Parser(default_section="")
    try:
        parser.read_string(text)
        return dict(parser[section])
    except (configparser.Error, LookupError):
        return {}


def _of_options(path: str, text: str, options: Mapping[str, Any]) -> Iterator[Setting]:
    for name in (_PATTERNS, _FUNCTIONS, _CLASSES, _FOLDERS):
        patterns = _words(options.get(name))
        if patterns:
            yield Setting(path, _line_of(text, name), name, tuple(patterns))
    words = iter(_words(options.get("addopts")))
    selected: dict[str, Setting] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if word[:2] in _SELECTING:
            expression = word[2:].removeprefix("=") or next(words, "")
            # of two expressions the last counts
            selected[word[:2]] = Setting(path, _line_of(text, word), word[:2], (expression,))
        elif word in _SHOWING:
            yield Setting(path, _line_of(text, word), word, ("",), "keeps pytest from running", True)
        elif name in _OPTIONS:
            pattern = value if equals else next(words, "")
            # a test within a file leaves the others of it
            if pattern and "::" not in pattern:
                yield Setting(path, _line_of(text, word), name, (posixpath.normpath(pattern),))
    yield from selected.values()


def _words(value: object) -> list[str]:
    if isinstance(value, list):
        return [word for word in value if isinstance(word, str)]
    if not isinstance(value, str):
        return []

    import shlex

    try:
        return shlex.split(value)
    except ValueError:
        return []


def _line_of(text: str, word: str) -> int:
    return text.count("\n", 0, max(text.find(word), 0)) + 1
