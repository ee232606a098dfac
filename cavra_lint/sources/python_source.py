"""Python files, read without being run: are they Python, what do they test, what do they do?"""

from __future__ import annotations

import _ast as ast
import functools
import sys
import warnings
from collections.abc import Container, Iterable, Iterator

from cavra_lint.frozen import NamedTuple
from cavra_lint.late import re
from cavra_lint.sources.python_flow import FUNCTIONS, all_below, asks_for_github, children
from cavra_lint.sources.python_script import (
    NOTHING_DONE,
    Shortcoming,
    Undefined,
    handed_first,
    plainly_judges,
    undefined,
)
from cavra_lint.sources.python_tests import CollectedTest, collect, find_telling
from cavra_lint.sources.text import decode, lines_in, undecodable_line

#: A longer file is not read: it would take a thousand times its size of memory.
MAX_BYTES = 512 * 1024
#: Python before 3.12 looks for each field of an f-string from the beginning of that: half a megabyte of them took 15 s.
MOST_FIELDS = 20_000
_F_STRING = r"(?i)(?<!\w)(?:f|fr|rf)[\"']"
#: A message of the parser quotes the file, which may hold a name of any length.
_LONGEST_MESSAGE = 200


class PythonProblem(NamedTuple):
    """Why a file is not Python; line and column count from 1."""

    line: int
    column: int
    message: str


class PythonModule(NamedTuple):
    """A Python file as it was parsed.

    Attributes:
        problems: why it cannot be read; there is nothing in it then.
        tree: its syntax tree, None where there is a problem. What is asked of it is found when it is
            asked, since a validator is asked for no tests and a test for no acts.
    """

    problems: tuple[PythonProblem, ...]
    tree: ast.Module | None

    @property
    def tests(self) -> tuple[CollectedTest, ...]:
        """What pytest would collect."""
        try:
            return _tests(self.tree) if self.tree else ()
        except RecursionError:
            return ()

    @property
    def telling_test(self) -> CollectedTest | None:
        """A test that is run and asserts something, None where there is none."""
        try:
            return _telling_test(self.tree) if self.tree else None
        except RecursionError:
            return None

    @property
    def tells_alone(self) -> CollectedTest | None:
        """A test that is run and asserts something by what this file defines alone, None where there is none."""
        try:
            return _telling_alone(self.tree) if self.tree else None
        except RecursionError:
            return None

    @property
    def shortcoming(self) -> Shortcoming | None:
        """What keeps it from judging anything when it runs as a script, None where nothing does."""
        try:
            return _shortcoming(self.tree) if self.tree else NOTHING_DONE
        except RecursionError:
            return NOTHING_DONE

    @property
    def imports(self) -> tuple[tuple[str, int], ...]:
        """The names of the modules that it imports, without those below them, and the lines."""
        return tuple(_imports(self.tree)) if self.tree else ()

    @property
    def unread_options(self) -> tuple[tuple[str, int], ...]:
        """The options that it takes by `argparse` and does nothing with, and the lines."""
        from cavra_lint.sources.python_arguments import unread_options

        return tuple(unread_options(self.tree)) if self.tree else ()

    def handed_first(self, functions: frozenset[str]) -> list[tuple[str, int]]:
        """Return the texts that it hands to some functions before all else, and the lines."""
        return sorted(handed_first(self.tree, functions), key=lambda one: one[1]) if self.tree else []

    @property
    def undefined(self) -> Undefined | None:
        """The first name that it uses and nothing in it binds, None where there is none."""
        return undefined(self.tree) if self.tree else None

    @property
    def words(self) -> str:
        """The identifiers of the code and the strings that are not docstrings, a line each."""
        return "\n".join(dict.fromkeys(_words(self.tree))) if self.tree else ""


def parse_python(data: bytes | str) -> PythonModule:
    """Read a Python file.

    Args:
        data: its bytes, with whatever encoding they declare, or its text.

    Returns:
        The file as it was parsed, or the problem that keeps it from being read.
    """
    tree = _tree(data)
    return PythonModule((tree,), None) if isinstance(tree, PythonProblem) else PythonModule((), tree)


def mentions(module: PythonModule, names: Iterable[str], *, used: bool = False) -> bool:
    """Tell whether a module's code speaks of something.

    Args:
        module: the module.
        names: names, any of which is enough: `R7.1`, `validate_x`, `some-slug`.
        used: whether a text that a name of the module keeps counts only where something asks for that name.

    Returns:
        Whether one stands in the code or in a string as a word of its own: `R7.1` is not in
        `R7.10`, and neither comments nor docstrings count.
    """
    known = [name for name in names if name]
    if module.tree is None:
        return False

    def speaks(text: str) -> bool:
        return any(name in text and _holds_word(text, name) for name in known)

    kept = dict(_kept(module.tree)) if used else {}
    named = {name for name, text in kept.values() if speaks(text)}
    # most files ask for such a name soon, and are not looked through
    return (bool(named) and _asks_for(module.tree, named)) or any(map(speaks, _words(module.tree, kept)))


def _kept(tree: ast.Module) -> Iterator[tuple[int, tuple[str, str]]]:
    """Yield the statements of a module by which a name keeps a text, by their identities."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and len(node.targets) == 1:
            value = node.value.value if isinstance(node.value, ast.Constant) else None
            if isinstance(value, str):
                yield id(node), (node.targets[0].id, value)


def _asks_for(tree: ast.Module, names: Container[str]) -> bool:
    """Tell whether a module asks for a name, or an attribute of that name."""
    for node in all_below(tree):
        if isinstance(node, (ast.Name, ast.Attribute)) and isinstance(node.ctx, ast.Load):
            name = node.id if isinstance(node, ast.Name) else node.attr
            if name in names:
                return True
    return False


def _holds_word(text: str, word: str) -> bool:
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        if not _goes_on(text[at - 1 : at]) and not _goes_on(text[end : end + 1]):
            return True
        at = text.find(word, end)
    return False


def _goes_on(char: str) -> bool:
    """Tell whether a character beside a word makes another word of it."""
    return char.isalnum() or char in ("-", "_")


def _tree(data: bytes | str) -> ast.Module | PythonProblem:
    if len(data) > MAX_BYTES:
        return PythonProblem(1, 1, f"has more than {MAX_BYTES} bytes, which is more than is read")
    text = data if isinstance(data, str) else data.decode("latin-1")
    before, null, _ = text.partition("\0")
    if null:
        return PythonProblem(lines_in(before), 1, "a null byte")
    if text.count("{") > MOST_FIELDS and (first := re.search(_F_STRING, text)):
        line = lines_in(text[: first.start()])
        return PythonProblem(line, 1, f"more than {MOST_FIELDS} braces in a file with f-strings, which are not read")
    try:
        _check_encoding(data)
        # Warnings about the judged file's escapes are not this program's.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _parse(data.removeprefix("\ufeff") if isinstance(data, str) else data)
    except SyntaxError as error:
        line = error.lineno or _undecodable_line(data)
        return PythonProblem(max(line, 1), max(error.offset or 1, 1), _short(error.msg or "invalid syntax"))
    except (RecursionError, MemoryError):
        return PythonProblem(1, 1, "an expression is nested too deeply to be read")
    except (ValueError, LookupError) as error:
        return PythonProblem(_undecodable_line(data), 1, _short(str(error)))


def _check_encoding(data: bytes | str) -> None:
    """Raise what a file raises when it is run and is not in its encoding; parsed, it may be so in a comment."""
    if isinstance(data, bytes) and decode(data) is None:
        import io
        import tokenize

        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        data.decode(encoding)


def _parse(data: bytes | str) -> ast.Module:
    if sys.hexversion >= 0x030B0000 or len(data) < _SHALLOW:
        return _compiled(data)
    # Python 3.10 makes its tree by a recursion that it does not count, and so needs a stack for all that can be nested
    import threading

    outcome: list[ast.Module | Exception] = []

    def parse() -> None:
        try:
            outcome.append(_compiled(data))
        except Exception as error:
            outcome.append(error)

    before = threading.stack_size(_DEEP_STACK)
    try:
        thread = threading.Thread(target=parse)
        thread.start()
        thread.join()
    finally:
        threading.stack_size(before)
    (result,) = outcome
    if isinstance(result, Exception):
        raise result
    return result


def _compiled(data: bytes | str) -> ast.Module:
    tree = compile(data, "<unknown>", "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
    assert isinstance(tree, ast.Module)
    return tree


#: So many bytes nest no deeper than any stack allows; and a stack for MAX_BYTES of them.
_SHALLOW, _DEEP_STACK = 16 * 1024, 512 * 1024 * 1024


def _undecodable_line(data: bytes | str) -> int:
    return 1 if isinstance(data, str) else undecodable_line(data)


def _short(message: str) -> str:
    return message if len(message) <= _LONGEST_MESSAGE else f"{message[: _LONGEST_MESSAGE - 1]}…"


@functools.lru_cache(maxsize=64)
def _tests(tree: ast.Module) -> tuple[CollectedTest, ...]:
    return collect(tree)


@functools.lru_cache(maxsize=64)
def _shortcoming(tree: ast.Module) -> Shortcoming | None:
    if plainly_judges(tree.body):
        return None

    from cavra_lint.sources.python_calls import followed

    found = followed(tree)
    if found == NOTHING_DONE and asks_for_github(tree):
        return NOTHING_DONE._replace(words=f"{NOTHING_DONE.words} on GitHub, where `CI` is set")
    return found


@functools.lru_cache(maxsize=64)
def _telling_test(tree: ast.Module) -> CollectedTest | None:
    return find_telling(tree)


@functools.lru_cache(maxsize=64)
def _telling_alone(tree: ast.Module) -> CollectedTest | None:
    return find_telling(tree, alone=True)


def _words(tree: ast.Module, without: Container[int] = ()) -> Iterator[str]:
    """Yield the identifiers and strings of a module in the order of the text, without its docstrings.

    Nor are those of some statements among them, which are told by their identities.
    """
    stack: list[ast.AST] = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Expr) and isinstance(node.value, (ast.Constant, ast.JoinedStr)):
            continue
        if id(node) in without:
            continue
        stack += children(node)[::-1]
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Constant):
            if isinstance(node.value, (str, bytes)):
                yield node.value if isinstance(node.value, str) else node.value.decode("latin-1")
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from (alias.name for alias in node.names)
            yield getattr(node, "module", None) or ""
        elif isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            yield node.name
        elif isinstance(node, (ast.arg, ast.keyword)):
            yield node.arg or ""


def _import_nodes(tree: ast.Module) -> list[ast.Import | ast.ImportFrom]:
    return [node for node in all_below(tree) if isinstance(node, (ast.Import, ast.ImportFrom))]


def _imports(tree: ast.Module) -> Iterator[tuple[str, int]]:
    for node in sorted(_import_nodes(tree), key=lambda node: node.lineno):
        if isinstance(node, ast.Import):
            yield from ((alias.name.partition(".")[0], node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield (node.module or "").partition(".")[0], node.lineno
