"""Families 0 and 3, in Python files: tests that test the gate, and validators that do something."""

from __future__ import annotations

import functools
import posixpath
import sys
from collections.abc import Iterator, Mapping

from cavra_lint.contract import Gate
from cavra_lint.diagnostics import Place
from cavra_lint.frozen import TYPE_CHECKING, NamedTuple
from cavra_lint.rules.gate_files import GateFiles
from cavra_lint.rules.rule import Finding, rule, rules_of
from cavra_lint.sources.kind import is_binary
from cavra_lint.sources.pytest_settings import MAY, Setting, settings_of
from cavra_lint.sources.python_source import PythonModule, mentions, parse_python
from cavra_lint.sources.repository import Repository
from cavra_lint.sources.text import decode

if TYPE_CHECKING:
    import _ast as ast

    from cavra_lint.sources.python_imported import Defined
    from cavra_lint.sources.python_script import Undefined


class Code(NamedTuple):
    """A gate's test or validator, `kind` says which, as it was read; nothing of it is run.

    `left_out` is the setting of pytest that keeps a test from being collected, `whole` is a test with what it takes
    from other files of the tree, where it tells nothing by itself; `shadows` are the files that a validator takes in
    the place of Python's own modules, by their names.
    """

    files: GateFiles
    kind: str
    module: PythonModule
    left_out: Setting | None = None
    whole: PythonModule | None = None
    shadows: Mapping[str, str] = {}

    def place(self, line: int = 1, column: int = 1) -> Place:
        """Return a place in the file."""
        return Place(self.files.gate.artifacts[self.kind], line, column)


@rule("CAVRA007", "invalid-python")
def invalid_python(code: Code) -> Iterator[Finding]:
    """A test or a validator is not Python.

    It is read for the newest syntax that the Python knows which runs the check, and never run.

    Fails: `def test_ready(:`.

    Passes: `def test_ready():` with a body.

    To put it right, mend the place that the message names.
    """
    for problem in code.module.problems:
        yield Finding(code.place(problem.line, problem.column), f"not Python: {problem.message}")


@rule("CAVRA307", "test-exercises-nothing")
def test_exercises_nothing(code: Code) -> Iterator[Finding]:
    """A gate's test file holds no test that could fail with the gate.

    At least one test is collected by pytest, is not skipped for good or in each run on GitHub, which sets `CI`, and
    asserts something other than a constant; and the file's code names the gate: its validator, slug, module, ready key
    or id. Comments and docstrings do not count, nor does an assertion whose failure is caught, or expected as
    `pytest.raises(Exception)` does, one of what a mock gives, or one behind `if not ready: pytest.skip()`; nor what
    holds whether a gate is ready or not: `pytest.raises(SystemExit)` alone, `status in (0, 1)`, `status != 2`,
    `isinstance(ready, bool)`, `path.exists()`. Helpers, fixtures and classes that another file of the tree defines are
    read there; what is tested asserts nothing by raising where it is used wrongly; of all others, the name has to say
    that they assert or test. Nor may a `conftest.py`, or what configures pytest, leave the file out or keep it from
    failing: `collect_ignore`, hooks and fixtures that skip every test or the tests of this file, `--ignore`,
    `--deselect`, `-k`, `-m`, `--collect-only`, `python_files`, `python_classes`.

    Fails: `def test_ready(): assert True`.

    Passes: `def test_ready(): assert verify_packet("R7.4", packet)["blocker_count"] == 0`.

    To put it right, assert what the gate has to hold.
    """
    gate, module = code.files.gate, code.module
    if code.kind != "test" or module.problems:
        return
    if code.left_out is not None:
        at = code.left_out
        message = f"`{at.name}` {at.does} `{gate.artifacts['test']}`, expected pytest to run the test of {gate.id}"
        yield Finding(Place(at.path, at.line), message)
        return
    expected = f"expected a test that fails where {gate.id} does"
    telling = (code.whole or module).telling_test if module.tells_alone is None else module.tells_alone
    if telling is not None:
        if not mentions(module, names_of(gate), used=True):
            other = _other_gate(code)
            if not mentions(module, names_of(gate)):
                message = f"no test names {gate.id}, its validator, slug or ready key, {expected}"
                yield Finding(code.place(telling.line), message)
            elif other:
                yield Finding(code.place(telling.line), f"names {other}, and asks nothing of its own gate, {expected}")
        return
    tests = module.tests or (code.whole or module).tests
    running = [test for test in tests if test.skipped is None]
    if not tests:
        yield Finding(code.place(), f"holds no test that pytest would collect, {expected}")
    elif not running:
        test = tests[0]
        yield Finding(code.place(test.line), f"{test.name} does not count: {test.skipped}; {expected}")
    else:
        test = running[0]
        yield Finding(
            code.place(test.line), f"{test.name} asserts nothing but constants and what holds anyway, {expected}"
        )


@rule("CAVRA308", "validator-does-nothing")
def validator_does_nothing(code: Code) -> Iterator[Finding]:
    """A gate's validator does nothing when it is run, or judges another gate.

    It has to call something beyond what prints, exits or gets ready, or to decide by what it reads; what Python's own
    modules do by themselves does not count, nor do calls behind `if False`, in functions that nothing calls, or in a
    `try` that ends well whatever happens in it. A script that only runs `subprocess.run`, `verify_packet` or
    `cavra_lint.gate.main`, which returns the status, has to fail by what that gives. It puts nothing else in the place
    of what judges, takes nothing out of `sys.argv`, and does something with each option of the command that it takes;
    it judges what it is handed as it is, and not a packet that it builds or changes, nor the gate's result, and writes
    no key of the verdict itself. A validator whose code names another gate of the chain, by its id or ready key, names
    its own as well, and has this package judge its own. Nor may a file beside it bear the name of one of Python's own
    modules that it imports: a script takes that one; nor may it use a name that nothing in it imports or defines, since
    it would end there.

    Fails: `print('{"ready_for_customer_operating_review": true}')`, or `command("R7.3")` in the validator of R7.4.

    Passes: `command("R7.4", repo_root=ROOT)`.

    To put it right, restore the script; those of this project are a few lines on `cavra_lint.gate.command`.
    """
    if code.kind != "validator" or code.module.problems:
        return
    expected = f"expected it to judge a packet of {code.files.gate.id}"
    shadowed = [(name, line) for name, line in code.module.imports if name in code.shadows] if code.shadows else []
    if shadowed:
        name, line = shadowed[0]
        taken = f"imports `{name}`, and takes `{code.shadows[name]}` for it, expected Python's own module"
        yield Finding(code.place(line), taken)
    elif (lacks := code.module.shortcoming) is not None:
        yield Finding(code.place(lacks.line), f"{lacks.words}, {expected}")
    elif (unknown := code.module.undefined) is not None:
        yield Finding(code.place(unknown.line), f"{_not_known(unknown)}, {expected}")
    elif (other := _judged_instead(code)) is not None:
        yield Finding(code.place(other[1]), f"judges {other[0]}, {expected}")
    elif (changed := next(_changed(code), None)) is not None:
        yield Finding(code.place(changed[1]), f"{changed[0]} by itself, {expected}")
    elif _is_told_nothing(code):
        yield Finding(code.place(), f"looks at nothing that it is handed, {expected}")
    elif (ignored := next(_ignored(code), None)) is not None:
        option, line = ignored
        yield Finding(code.place(line), f"takes `{option}` and does nothing with it, {expected} by that")
    elif not mentions(code.module, names_of(code.files.gate), used=True):
        named = _other_gate(code)
        if named:
            yield Finding(code.place(), f"names {named}, and nothing of its own gate, {expected}")


def _judged_instead(code: Code) -> tuple[str, int] | None:
    """Return the gate that a validator asks this package to judge in the place of its own, and the line."""
    own = code.files.gate.id
    text = decode(code.files.files[code.kind].data) or ""
    # of most it is seen at once, and they are not looked through
    if f'command("{own}"' in text and text.count("command(") == 1:
        return None
    handed = [one for one in code.module.handed_first(_JUDGING) if one[0] in code.files.chain.positions]
    return None if any(gate_id == own for gate_id, _ in handed) or not handed else handed[0]


_JUDGING = frozenset({"command", "main", "verify_packet"})


def _is_told_nothing(code: Code) -> bool:
    """Tell whether a validator judges what is neither handed to it nor its gate's example, or repeats the result."""
    data, artifacts = code.files.files[code.kind].data, code.files.gate.artifacts
    example, result = (artifacts[kind].rpartition("/")[2] for kind in ("live_sanitized_example", "live_result"))
    if b"verify_packet" not in data and result.encode() not in data:
        return False
    words = {*code.module.words.split("\n")}
    known = {name for name, _ in code.module.imports} <= {"cavra_lint", *sys.stdlib_module_names}
    files = (code.files.gate.slug, example)
    named = (word for word in words if result not in word)
    return known and words.isdisjoint(_TELLING) and not any(name in word for word in named for name in files)


#: What tells a script what to judge: its words, its input, its environment, and the command of this package.
_TELLING = frozenset(
    {"argv", "orig_argv", "parse_args", "parse_known_args", "stdin", "input", "environ", "getenv"}
).union({"fileinput", "cavra_lint.gate", "gate"})


def _changed(code: Code) -> Iterator[tuple[str, int]]:
    """Yield what a validator changes of its packet, or of what its verdict came to, and the lines."""
    tree = code.module.tree
    if tree is None or b"verify_" not in code.files.files[code.kind].data:
        return

    from cavra_lint.rules.readiness import VERDICT_KEYS
    from cavra_lint.sources.python_tampering import changes

    for change in changes(tree):
        if not change.key:
            yield "changes the packet that it judges", change.line
        elif change.key in (code.files.gate.ready_key, *VERDICT_KEYS):
            yield f"writes `{change.key}` of the verdict", change.line


def _ignored(code: Code) -> Iterator[tuple[str, int]]:
    """Yield the options of the gate's command that a validator takes and does nothing with, and the lines."""
    if b"add_argument" not in code.files.files[code.kind].data:
        return
    words = code.files.gate.command.split()
    for option, line in code.module.unread_options:
        # who looks for a packet that is live in each run need not be told to
        if option in words and not (option == _REQUIRING and "live" in code.module.words.split("\n")):
            yield option, line


_REQUIRING = "--require-live"


def _not_known(unknown: Undefined) -> str:
    from cavra_lint.sources.shell_syntax import snippet

    hint = f" (did you mean `{snippet(unknown.close)}`?)" if unknown.close else ""
    return f"uses `{snippet(unknown.name)}`{hint}, which nothing in it imports or defines"


class Folders(NamedTuple):
    """What is known of the folders that tests and validators lie in: no folder is looked at twice.

    `settings` are those of pytest, and `shadows` the files in the place of Python's own modules, by their names;
    `defined` is what files define that tests import.
    """

    settings: dict[str, tuple[Setting, ...]]
    shadows: dict[str, Mapping[str, str]]
    defined: Defined


def codes_of(files: GateFiles, folders: Folders) -> Iterator[Code]:
    """Yield the gate's test and validator, those that hold text; the others are families 0 and 1.

    Args:
        files: the gate and its tree.
        folders: what is known of the folders of other gates; is added to.
    """
    for kind in ("validator", "test"):
        if files.readable(kind) and not is_binary(files.files[kind]):
            module = _parsed(files.files[kind].data)
            if kind == "test":
                yield Code(
                    files, kind, module, _left_out(files, folders.settings), _whole(files, module, folders.defined)
                )
            else:
                yield Code(files, kind, module, shadows=_shadows(files.repository, _folder_of(files, kind), folders))


def _whole(files: GateFiles, module: PythonModule, known: Defined) -> PythonModule | None:
    """Return a test with what it takes from other files of the tree, None where it takes nothing, or needs nothing."""
    if module.tree is None or module.tells_alone is not None:
        return None

    from cavra_lint.sources.python_imported import with_imported

    def parse(path: str) -> ast.Module | None:
        file = files.repository.read(path)
        return _parsed(file.data).tree if file.state == "read" and not is_binary(file) else None

    try:
        whole = with_imported(module.tree, files.gate.artifacts["test"], parse, known)
    except RecursionError:
        return None
    return PythonModule((), whole) if whole else None


def _folder_of(files: GateFiles, kind: str) -> str:
    return files.gate.artifacts[kind].rpartition("/")[0]


def _left_out(files: GateFiles, settings: dict[str, tuple[Setting, ...]]) -> Setting | None:
    read = files.repository.text
    folder = _folder_of(files, "test")
    if folder not in settings:
        settings[folder] = tuple(settings_of(folder, read))
    if not settings[folder]:
        return None
    test = files.gate.artifacts["test"]
    text = decode(files.files["test"].data) or ""
    found = next((one for one in settings[folder] if one.leaves_out(test, text)), None)
    if found is not None and found.does == MAY:
        settings[folder] = tuple(settings_of(folder, read, parsed=True))
        found = next((one for one in settings[folder] if one.leaves_out(test, text)), None)
    return found


def _shadows(repository: Repository, folder: str, folders: Folders) -> Mapping[str, str]:
    """Return the files that a script of a folder takes in the place of Python's own modules, by the modules' names."""
    if folder not in folders.shadows:
        own = sys.stdlib_module_names - set(sys.builtin_module_names)
        names = (name for name in repository.names(folder) if name.removesuffix(".py") in own)
        paths = (posixpath.join(folder, name if name.endswith(".py") else f"{name}/__init__.py") for name in names)
        found = {path.removesuffix("/__init__.py").rpartition("/")[2].removesuffix(".py"): path for path in paths}
        folders.shadows[folder] = {name: at for name, at in found.items() if repository.read(at).state == "read"}
    return folders.shadows[folder]


@functools.lru_cache(maxsize=64)
def _parsed(data: bytes) -> PythonModule:
    # whoever proves a tree again and again, as an editor does, meets the same files
    return parse_python(data)


def names_of(gate: Gate) -> tuple[str, ...]:
    """Return the names by which a gate is known in code."""
    validator = gate.artifacts["validator"].rpartition("/")[2]
    return (gate.id, gate.slug, gate.slug.replace("-", "_"), validator.removesuffix(".py"), gate.ready_key)


def _other_gate(code: Code) -> str:
    """Return the first gate of the chain whose id or ready key is a name or a text of a module, empty for none."""
    chain = code.files.chain
    places = (chain.positions.get(text, chain.ready_positions.get(text)) for text in code.module.words.split("\n"))
    own = chain.positions.get(code.files.gate.id)
    place = next((place for place in places if place is not None and place != own), None)
    return "" if place is None else chain.every[place].id


RULES = rules_of(globals())
