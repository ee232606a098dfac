"""Mutation testing of what judges: change one thing in a function, and see whether a test notices.

    python mutation/mutate.py [MODULE.py ...]

mutmut leaves decorated functions alone, which every rule is, and cosmic-ray starts a process for each mutant. Here one
process collects the tests, runs them once to learn which lines each of them runs, and forks for each mutant: the child
gives the function, decorated or not, another code object and runs the tests that go through it until one fails: by
turns the fastest that is left, and the fastest of each way through the function before a second of any.

Not changed are tables at module level, defaults of arguments, and the wording of messages: of strings only those that
are compared, looked up or listed. Tests that start a process of their own do not see a mutant, so that they are left
out of `TESTS`.
"""

from __future__ import annotations
import __future__

import argparse
import ast
import contextlib
import copy
import importlib
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any, NamedTuple, NoReturn

import pytest

ROOT = Path(__file__).resolve().parent.parent

#: What is changed where no module is named. rules/registry.py only lists, and so do the packages' `__init__`.
MODULES = (
    "cavra_lint/verdict.py",
    "cavra_lint/selection.py",
    *(f"cavra_lint/packets/{name}.py" for name in ("judge", "reading")),
    *(
        f"cavra_lint/proof/{name}.py"
        for name in ("__init__", "code", "allowed", "documents", "parts", "scout", "shares", "subject", "workflows")
    ),
    *(
        f"cavra_lint/rules/{name}.py"
        for name in (
            "artifacts",
            "claims",
            "code",
            "commands",
            "documents",
            "gate_files",
            "index",
            "packet",
            "pages",
            "passed",
            "private",
            "exposed",
            "readiness",
            "rule",
            "standings",
            "workflows",
        )
    ),
)
#: What may notice, within one process.
TESTS = (
    "tests/contract",
    "tests/hostile/test_cost.py",
    "tests/packets",
    "tests/proof",
    "tests/rules",
    "tests/test_any_chain.py",
    "tests/test_api.py",
    "tests/test_docs.py",
    "tests/test_gate.py",
    "tests/test_proof.py",
    "tests/test_selection.py",
    "tests/test_twenty_breaks.py",
    "tests/test_verdict.py",
)

#: A mutant has survived when the tests that go through it have taken so many seconds of the processor.
_ENOUGH = 10.0

_SWAPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
_OTHER_NAMES = {"any": "all", "all": "any", "min": "max", "max": "min"}
_OTHER_METHODS = {
    "startswith": "endswith",
    "endswith": "startswith",
    "removeprefix": "removesuffix",
    "removesuffix": "removeprefix",
    "partition": "rpartition",
    "rpartition": "partition",
    "find": "rfind",
    "rfind": "find",
}


class Mutant(NamedTuple):
    """A function's name in its module, its lines, where in it something is changed, what, and the code it has then."""

    function: str
    lines: range
    line: int
    what: str
    code: CodeType


def mutants(source: str, path: str) -> Iterator[Mutant]:
    """Yield each mutant of each function and method of a module."""
    for name, function in _functions(ast.parse(source)):
        function.decorator_list = []
        lines = range(function.body[0].lineno, (function.end_lineno or 0) + 1)
        for node in [node for statement in function.body for node in _walk(statement)]:
            for field, position, new in _changes(node):
                before = getattr(node, field)
                was = before if position is None else before[position]
                if position is None:
                    setattr(node, field, new)
                else:
                    changed = list(before)
                    changed[position : position + 1] = [] if new is None else [new]
                    setattr(node, field, changed)
                code = _compiled(function, path)
                setattr(node, field, before)
                if code is not None:
                    line = getattr(was, "lineno", getattr(node, "lineno", function.lineno))
                    yield Mutant(name, lines, line, f"{_shown(was, node)}  ->  {_shown(new, node)}", code)


def _functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from (
                (f"{node.name}.{inner.name}", inner) for inner in node.body if isinstance(inner, ast.FunctionDef)
            )


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a node and all below it, but for annotations: nothing reads these."""
    yield node
    for field, value in ast.iter_fields(node):
        if field not in ("annotation", "returns"):
            for below in value if isinstance(value, list) else (value,):
                if isinstance(below, ast.AST):
                    yield from _walk(below)


class _WithoutSingleParts(ast.NodeTransformer):
    """Put a part in the place of an `and` or `or` of which nothing else is left: Python compiles none of one part."""

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        self.generic_visit(node)
        return node if len(node.values) > 1 else node.values[0]


def _compiled(function: ast.FunctionDef, path: str) -> CodeType | None:
    module = ast.Module([_WithoutSingleParts().visit(copy.deepcopy(function))], [])
    flags = __future__.annotations.compiler_flag
    try:
        code = compile(ast.fix_missing_locations(module), path, "exec", flags=flags, dont_inherit=True)
    except (SyntaxError, TypeError, ValueError):
        return None
    return next(constant for constant in code.co_consts if isinstance(constant, CodeType))


def _changes(node: ast.AST) -> Iterator[tuple[str, int | None, Any]]:
    """Yield what may be changed of a node: a field, the position in it if it is a list, and what stands there then."""
    for field, value in ast.iter_fields(node):
        for position, item in enumerate(value) if isinstance(value, list) else ((None, value),):
            if isinstance(item, ast.AST):
                yield from ((field, position, new) for new in _others(item, node))
    if isinstance(node, (ast.If, ast.IfExp)):
        yield from (("test", None, ast.Constant(value)) for value in (True, False))
    if isinstance(node, ast.While):
        yield "test", None, ast.Constant(False)
    if isinstance(node, ast.comprehension):
        yield from (("ifs", position, None) for position in range(len(node.ifs)))
    if isinstance(node, ast.BoolOp):
        yield from (("values", position, None) for position in range(len(node.values)))
    if isinstance(node, (ast.Tuple, ast.List, ast.Set)) and isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
        yield from (("elts", position, None) for position in range(len(node.elts)))


def _others(node: ast.AST, parent: ast.AST) -> Iterator[ast.AST]:
    """Yield what may stand in the place of a node."""
    if type(node) in _SWAPPED:
        yield _SWAPPED[type(node)]()
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node.operand
    if isinstance(node, ast.Constant):
        if isinstance(node.value, bool):
            yield ast.Constant(not node.value)
        elif isinstance(node.value, int):
            yield ast.Constant(node.value + 1)
        elif isinstance(node.value, str) and _is_looked_at(parent):
            yield ast.Constant(f"{node.value}?")
    if isinstance(node, ast.Name) and node.id in _OTHER_NAMES:
        yield ast.Name(_OTHER_NAMES[node.id], node.ctx)
    if isinstance(node, ast.Attribute) and node.attr in _OTHER_METHODS:
        yield ast.Attribute(node.value, _OTHER_METHODS[node.attr], node.ctx)
    if isinstance(node, (ast.Continue, ast.Break, ast.Raise, ast.AugAssign)) or (
        isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant)
    ):
        yield ast.Pass()
    if isinstance(node, ast.Continue):
        yield ast.Break()
    if isinstance(node, ast.Return):
        yield ast.Pass()


def _is_looked_at(parent: ast.AST) -> bool:
    """Tell whether a string with this parent is compared, looked up or listed, and no wording of a message."""
    looked_up = isinstance(parent, ast.Call) and isinstance(parent.func, ast.Attribute) and parent.func.attr == "get"
    return looked_up or isinstance(parent, (ast.Compare, ast.Subscript, ast.Tuple, ast.List, ast.Set))


def _shown(node: ast.AST | None, parent: ast.AST) -> str:
    if node is None:
        return "nothing"
    if isinstance(node, (ast.cmpop, ast.operator)):
        return type(node).__name__
    inside = "" if isinstance(node, ast.stmt) or not isinstance(parent, ast.expr) else f" in {ast.unparse(parent)}"
    return " ".join(f"{ast.unparse(node)}{inside if len(inside) < 90 else ''}".split())[:160]


class Run:
    """A plugin of pytest: its run is one run of all tests, and then one for each mutant."""

    def __init__(self, modules: Mapping[str, frozenset[int]]) -> None:
        self.modules = modules

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run the tests as they are, then once for each mutant those that call what is changed."""
        session.config.option.tbstyle = "native"  # nobody reads why one failed
        lines, seconds = _baseline(session, {str(ROOT / path) for path in self.modules})
        for path in self.modules:
            self._module(session, path, lines[str(ROOT / path)], seconds)
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Show why a test fails before anything is changed; in a child, nobody sees it."""
        if report.failed:
            print(report.longreprtext, file=sys.stderr)

    def pytest_internalerror(self, excrepr: object) -> None:
        """Show what is wrong with this plugin itself."""
        print(excrepr, file=sys.stderr)

    def _module(
        self, session: pytest.Session, path: str, lines: Mapping[int, set[int]], seconds: Sequence[float]
    ) -> None:
        module = importlib.import_module(path.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
        killed = survived = 0
        killers: list[int] = []
        only = self.modules[path]
        for mutant in mutants((ROOT / path).read_text("utf-8"), path):
            if only and mutant.line not in only:
                continue
            function = _function_of(module, mutant.function)
            ways = {number: frozenset(lines[number].intersection(mutant.lines)) for number in lines}
            # what only runs in a process that a test forks is run by none; then each test may notice
            noticing = {number: way for number, way in ways.items() if way} or dict.fromkeys(
                range(len(seconds)), frozenset[int]()
            )
            # what noticed the last mutants is likely to notice this one
            last = [number for number in killers[:-6:-1] if number in noticing]
            turns = zip(_in_turn(noticing, seconds), sorted(noticing, key=seconds.__getitem__), strict=True)
            chosen = list(dict.fromkeys([*last, *chain.from_iterable(turns)]))
            killer = _killer(session.items, chosen, seconds, function, mutant.code)
            if killer is None:
                survived += 1
                print(f"{path}:{mutant.line}: {mutant.function}: {mutant.what}", flush=True)
            else:
                killed += 1
                killers = [*(number for number in killers if number != killer), killer]
            # pytest numbers the folders of the children, and nobody clears them away
            for left in session.config._tmp_path_factory.getbasetemp().iterdir():  # type: ignore[attr-defined]
                shutil.rmtree(left, ignore_errors=True)
        print(f"# {path}: {killed + survived} mutants, {killed} killed, {survived} survived", flush=True)


def _baseline(session: pytest.Session, paths: set[str]) -> tuple[dict[str, dict[int, set[int]]], list[float]]:
    """Run all tests; return which lines of some files each of them runs, and how long each takes."""
    lines: dict[str, dict[int, set[int]]] = {path: {} for path in paths}
    seconds: list[float] = []

    def line(frame: FrameType, event: str, _argument: object) -> Callable[..., Any]:
        if event == "line":
            lines[frame.f_code.co_filename].setdefault(len(seconds), set()).add(frame.f_lineno)
        return line

    def called(frame: FrameType, _event: str, _argument: object) -> Callable[..., Any] | None:
        return line if frame.f_code.co_filename in paths else None

    for item, following in zip(session.items, [*session.items[1:], None], strict=True):
        began = time.perf_counter()
        sys.settrace(called)
        item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
        sys.settrace(None)
        seconds.append(time.perf_counter() - began)
    if session.testsfailed:
        raise session.Failed("tests fail without any mutant")
    return lines, seconds


def _function_of(module: object, name: str) -> FunctionType:
    found: Any = module
    for part in name.split("."):
        found = vars(found)[part]
    for under in ("check", "__wrapped__", "fget", "__func__"):
        found = getattr(found, under, found)
    assert isinstance(found, FunctionType)
    return found


def _in_turn(ways: Mapping[int, frozenset[int]], seconds: Sequence[float]) -> list[int]:
    """Return tests so that each way through a function has its turn: the fastest of each, then the next, and on."""
    again: dict[frozenset[int], int] = {}
    ranked: list[tuple[int, float, int]] = []
    for number in sorted(ways, key=seconds.__getitem__):
        way = ways[number]
        again[way] = again.get(way, 0) + 1
        ranked.append((again[way], seconds[number], number))
    return [number for _, _, number in sorted(ranked)]


def _killer(
    items: Sequence[pytest.Item],
    chosen: Sequence[int],
    seconds: Sequence[float],
    function: FunctionType,
    code: CodeType,
) -> int | None:
    """Run tests with another code of a function in a child; return the one that fails, crashes or takes too long."""
    reads, writes = os.pipe()
    child = os.fork()
    if not child:
        try:
            _run_child(items, chosen, seconds, writes, lambda: setattr(function, "__code__", code))
        except BaseException:  # whatever a mutant does, it is not to get back into the parent
            os._exit(2)
    os.close(writes)
    _, status = os.waitpid(child, 0)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)  # what the child forked, and left
    with open(reads, "rb") as progress:
        begun = progress.read()
    return chosen[max(len(begun), 1) - 1] if status else None


def _run_child(
    items: Sequence[pytest.Item],
    chosen: Sequence[int],
    seconds: Sequence[float],
    progress: int,
    change: Callable[[], None],
) -> NoReturn:
    os.setsid()
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    _forget()
    change()
    for number, following in zip(chosen, [*chosen[1:], None], strict=True):
        if time.process_time() > _ENOUGH:  # that of a child begins at its fork
            break
        os.write(progress, b".")
        signal.setitimer(signal.ITIMER_REAL, 5 + 10 * seconds[number])
        item = items[number]
        item.ihook.pytest_runtest_protocol(item=item, nextitem=None if following is None else items[following])
        if item.session.testsfailed:
            os._exit(1)
    os._exit(0)


def _forget() -> None:
    """Empty the caches of the package: what they hold was made by the code as it is."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "cavra_lint":
            for value in list(vars(module).values()):
                clear: Callable[[], None] | None = getattr(value, "cache_clear", None)
                if clear:
                    clear()


def _module_and_lines(argument: str) -> tuple[str, frozenset[int]]:
    path, _, lines = argument.partition(":")
    return path, frozenset(map(int, lines.split(","))) if lines else frozenset()


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description="Change one thing at a time, and print what no test notices.")
    parser.add_argument(
        "modules", nargs="*", default=MODULES, help="files below the root, or FILE:LINE,LINE; by default all that judge"
    )
    parser.add_argument("--tests", nargs="+", default=TESTS, help="files and folders of tests")
    options = parser.parse_args()
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    plugins = ("randomly", "xdist", "cacheprovider", "terminal")
    without = [word for plugin in plugins for word in ("-p", f"no:{plugin}")]
    arguments = ["-s", "--assert=plain", "-o", "addopts=--import-mode=importlib", *without, *options.tests]
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        return pytest.main(
            [f"--basetemp={folder}/tests", *arguments], [Run(dict(map(_module_and_lines, options.modules)))]
        )


if __name__ == "__main__":
    sys.exit(main())
