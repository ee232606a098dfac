"""What a test takes from other files of its tree: helpers, fixtures, and classes that hold tests.

Of each it is told whether it asserts, in the file that defines it; the test is then read with a stand-in of that name
before its own definitions, which asserts or does not. So no name of that file is taken for one of the test's.
"""

from __future__ import annotations

import _ast as ast
import copy
import itertools
import posixpath
from collections.abc import Callable, Iterator

from cavra_lint.frozen import TYPE_CHECKING, NamedTuple
from cavra_lint.sources.python_asserts import asserts
from cavra_lint.sources.python_flow import FUNCTIONS, Function, all_below, dotted
from cavra_lint.sources.python_tests import Collector

if TYPE_CHECKING:
    from typing import TypeAlias

    Parse: TypeAlias = Callable[[str], ast.Module | None]
    Defined: TypeAlias = dict[str, dict[str, ast.stmt]]

#: No more files are read for one test.
MOST_FILES = 20
#: So many imports of a file are followed, and so many definitions stand in for what they bind.
_MOST_IMPORTS, _MOST_BOUND = 500, 20_000
#: So many files are kept for other tests.
_MOST_KEPT = 64
#: What gives the verdict that a test is to look at: that it raises an error for a packet of no gate asserts nothing.
_JUDGING = "cavra_lint"
#: Where a module is looked for, beside the folder of who imports it.
_ROOTS = ("", "src")


def with_imported(tree: ast.Module, path: str, parse: Parse, known: Defined) -> ast.Module | None:
    """Return a test with stand-ins for what other files of the tree define, and it takes from them.

    Args:
        tree: its syntax tree.
        path: where it lies, relative to the root.
        parse: gives the syntax tree of another file of the tree, None where there is none.
        known: what files define that take nothing from others, as it was found for other tests; is added to.

    Returns:
        The module, None where the test takes nothing from another file.
    """
    reading = _Reading(parse, known)
    folder = posixpath.dirname(path)
    reading.reach(tree, folder)
    fixtures = [fixture for at in _with_parents(folder) for fixture in reading.fixtures(at)]
    own = {node.name for node in tree.body if isinstance(node, (*FUNCTIONS, ast.ClassDef))}
    found = (*fixtures, *reading.bound(tree, folder))
    stand_ins = [one for one in found if getattr(one, "name", "") not in own]
    return ast.Module(body=[*stand_ins, *tree.body], type_ignores=[]) if stand_ins else None


class _Import(NamedTuple):
    """A module that an import may name: its dotted name, where it is looked for, and the names that it binds.

    Where it binds the module itself, `bound` is the name of that; else `names` says what it is called in the module.
    """

    module: str
    folders: tuple[str, ...]
    line: int
    bound: str = ""
    names: dict[str, str] = {}  # noqa: RUF012 - never changed


class _Reading:
    """The files that are read for one test, each once; one that takes nothing from others, once for all tests."""

    def __init__(self, parse: Parse, known: Defined) -> None:
        self.parse = parse
        self.left, self.room = MOST_FILES, _MOST_BOUND
        self.trees: dict[str, ast.Module | None] = {}
        self.defined: dict[str, dict[str, ast.stmt] | None] = {}
        self.known = known

    def reach(self, tree: ast.Module, folder: str) -> None:
        """Read the files of a test, its folders and those that they import, the nearer ones first.

        However much one of them imports, what the test itself names is read before that.
        """
        conftests = [_conftest(at) for at in _with_parents(folder)]
        reached = [(tree, folder), *((found, posixpath.dirname(at)) for at in conftests if (found := self.tree(at)))]
        seen = {*conftests}
        for module, at in reached:
            if not self.left:
                return
            for one in itertools.islice(_imports(module, at), _MOST_IMPORTS):
                path = next((path for path in _paths(one) if self.tree(path)), "")
                found = self.trees.get(path)
                if found and path not in seen:
                    seen.add(path)
                    reached.append((found, posixpath.dirname(path)))

    def tree(self, path: str) -> ast.Module | None:
        """Return the syntax tree of a file, None where there is none or as many were read as may be."""
        if path not in self.trees and self.left:
            self.trees[path] = self.parse(path)
            self.left -= self.trees[path] is not None
        return self.trees.get(path)

    def bound(self, tree: ast.Module, folder: str) -> Iterator[ast.stmt]:
        """Yield stand-ins for what the imports of a file bind."""
        for one in itertools.islice(_imports(tree, folder), _MOST_IMPORTS):
            if one.module.partition(".")[0] == _JUDGING:
                continue
            found = next((defined for at in _paths(one) if (defined := self.definitions(at)) is not None), {})
            self.room -= len(found)
            if self.room < 0:
                return
            for name, node in found.items():
                if one.bound:
                    yield _called(node, f"{one.bound}.{name}", one.line)
                elif name in one.names or "*" in one.names:
                    yield _called(node, one.names.get(name, name), one.line)

    def fixtures(self, folder: str) -> Iterator[ast.stmt]:
        """Yield stand-ins for the fixtures of a folder."""
        for node in (self.definitions(_conftest(folder)) or {}).values():
            if isinstance(node, FUNCTIONS) and any(dotted(item).endswith("fixture") for item in node.decorator_list):
                yield node

    def definitions(self, path: str) -> dict[str, ast.stmt] | None:
        """Return stand-ins for what a file defines, or imports from others, by their names; None for no file."""
        if path not in self.defined:
            tree = self.tree(path)
            # where files import each other, the second time there is nothing yet
            self.defined[path] = None
            if tree is not None:
                self.defined[path] = {}
                self.defined[path] = self.known[path] if path in self.known else self.read(tree, path)
        return self.defined.get(path)

    def read(self, tree: ast.Module, path: str) -> dict[str, ast.stmt]:
        taken = [*self.bound(tree, posixpath.dirname(path))]
        # what is tested raises where it is used wrongly, and its `check_` is none of a test
        found = dict(_stand_ins(ast.Module(body=[*taken, *tree.body], type_ignores=[]), helps="test" in path.lower()))
        if not taken and self.left and self.room >= 0 and len(self.known) < _MOST_KEPT:
            self.known[path] = found
        return found


def _imports(tree: ast.Module, folder: str) -> Iterator[_Import]:
    anywhere = (folder, *_ROOTS)
    for node in all_below(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield _Import(alias.name, anywhere, node.lineno, alias.asname or alias.name)
        elif isinstance(node, ast.ImportFrom):
            folders = (posixpath.join(folder, *[".."] * (node.level - 1)),) if node.level else anywhere
            whole = node.module or ""
            names = {alias.name: alias.asname or alias.name for alias in node.names}
            yield _Import(whole, folders, node.lineno, names=names)
            # a name may be a module of the package
            for name, bound in names.items():
                yield _Import(f"{whole}.{name}" if whole else name, folders, node.lineno, bound)


def _paths(one: _Import) -> Iterator[str]:
    for folder in one.folders:
        start = posixpath.normpath(posixpath.join(folder, one.module.replace(".", "/")))
        yield from (f"{start}.py", f"{start}/__init__.py")


def _conftest(folder: str) -> str:
    return posixpath.join(folder, "conftest.py")


def _with_parents(folder: str) -> Iterator[str]:
    """Yield the root and each folder down to one, in that order: what is nearer counts."""
    yield ""
    for end, char in enumerate(f"{folder}/"):
        if char == "/" and end:
            yield folder[:end]


def _stand_ins(module: ast.Module, *, helps: bool) -> Iterator[tuple[str, ast.stmt]]:
    """Yield a stand-in for each definition of a file, which helps tests or is what they test."""
    collector = Collector(module, by_name=helps, raising=helps)
    known: dict[int, Function] = {}

    def stand_in(member: ast.stmt) -> ast.stmt:
        if not isinstance(member, FUNCTIONS):
            return member
        # many classes may have it from one
        if id(member) not in known:
            known[id(member)] = _stand_in(member, collector)
        return known[id(member)]

    for name, node in collector.members.items():
        if isinstance(node, FUNCTIONS):
            yield name, stand_in(node)
        elif isinstance(node, ast.ClassDef):
            collector.classes[node.name] = collector.read_class(node)
            whole = copy.copy(node)
            # what it has from its bases is among its members
            whole.body = [stand_in(member) for member in collector.classes[node.name].members.values()]
            yield name, whole


def _stand_in(function: Function, collector: Collector) -> Function:
    """Return a function of the same name that asserts, skips or gives what does where the other may."""
    body: list[ast.stmt] = []
    if function.name in collector.skipping:
        body.append(ast.Expr(value=_call("pytest.skip")))
    if asserts(function, collector.constants, collector.helpers):
        body.append(ast.Assert(test=_call(_UNKNOWN)))
    if function.name in collector.helpers.giving:
        arguments = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
        asserting: list[ast.stmt] = [ast.Assert(test=_call(_UNKNOWN))]
        given = ast.FunctionDef(name=_UNKNOWN, args=arguments, body=asserting, decorator_list=[])
        body += (given, ast.Return(value=ast.Name(id=_UNKNOWN, ctx=ast.Load())))
    stand_in = copy.copy(function)
    stand_in.body = body or [ast.Pass()]
    return stand_in


#: A name that no file can have.
_UNKNOWN = "what another file defines"


def _call(name: str) -> ast.Call:
    return ast.Call(func=ast.Name(id=name, ctx=ast.Load()), args=[], keywords=[])


def _called(node: ast.stmt, name: str, line: int) -> ast.stmt:
    """Return a definition by the name that an import binds it to, at the line of that."""
    called = copy.copy(node)
    called.lineno = line
    if isinstance(called, (*FUNCTIONS, ast.ClassDef)):
        called.name = name
    if isinstance(called, ast.ClassDef):
        called.body = [copy.copy(member) for member in called.body]
        for member in called.body:
            # whoever inherits it says where
            member.lineno = 0
    return called
