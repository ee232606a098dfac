"""The tests of a module, as pytest would collect them, and whether they can tell anything."""

from __future__ import annotations

import _ast as ast
import functools
import itertools
from collections.abc import Container, Iterator, Sequence

from cavra_lint.frozen import NamedTuple
from cavra_lint.sources.python_asserts import NO_HELPERS, EveryName, Helpers, asserting_functions, asserts, made_up_in
from cavra_lint.sources.python_constants import bound_by, call_by_own_names, constant_names, settle_conditions
from cavra_lint.sources.python_flow import (
    FUNCTIONS,
    Function,
    all_below,
    asks_for_github,
    dotted,
    is_constant,
    live,
    truth,
)

#: No more is inherited than this: a class takes over all that its bases have, and they from theirs.
MAX_INHERITED = 5_000
#: What skips a test, or lets its failure not count, where it is called or marks it.
SKIPPING = frozenset({"skip", "skipTest", "xfail"})
_SETUPS = {"setUp", "setUpClass", "setup_method", "setup_class", "asyncSetUp"}
#: Of marks and cases that stand in one list, and of what many tests may name, no more are looked at.
_MOST_LOOKED_AT = 100
#: Marks that leave a test what it is.
_PLAIN_MARKS = {"parametrize", "usefixtures", "filterwarnings", "timeout"}
_MARK_ADDED = {"pytestmark.append", "pytestmark.extend"}
#: Classes of libraries that hold no test themselves.
_BARE_CASES = {"TestCase", "IsolatedAsyncioTestCase", "SimpleTestCase", "TransactionTestCase", "LiveServerTestCase"}
#: What runs before the tests of a module.
_BEFORE_ALL = frozenset({"setup_module", "setUpModule", "setup_function"})
_KNOWN_MODULES = {"pytest", "unittest", "contextlib"}


class CollectedTest(NamedTuple):
    """A test that pytest would collect.

    Attributes:
        name: its name, with that of its class (`TestGate::test_it`).
        line: the line of its `def`.
        skipped: why it never runs, or why its failure never counts; None where it does.
        asserts: whether it asserts anything that is not constant.
    """

    name: str
    line: int
    skipped: str | None
    asserts: bool


class _Class(NamedTuple):
    """A class with its own and its inherited members."""

    unittest: bool
    members: dict[str, ast.stmt]
    skipped: str | None


def collect(module: ast.Module) -> tuple[CollectedTest, ...]:
    """Collect the tests of a module.

    Args:
        module: the syntax tree.

    Returns:
        The tests in the order of their lines.
    """
    return tuple(sorted(Collector(module).tests(), key=lambda test: (test.line, test.name)))


def find_telling(module: ast.Module, *, alone: bool = False) -> CollectedTest | None:
    """Find a test of a module that is run and asserts something, None where there is none.

    Of most modules that takes a look at one test, where `collect` looks at all.

    Args:
        module: the syntax tree.
        alone: whether what another file defines counts for nothing, whatever it is called.
    """
    tests = Collector(module, by_name=not alone).tests()
    return next((test for test in tests if test.skipped is None and test.asserts), None)


class Collector:
    """The tests of a module, and what is known of its names for them."""

    def __init__(self, module: ast.Module, *, by_name: bool = True, raising: bool = True) -> None:
        self.by_name, self.raising = by_name, raising
        call_by_own_names(module, _KNOWN_MODULES)
        settle_conditions(module)
        self.module = module
        self.values = _values(module.body)
        self.members = _members(module.body)
        self.classes: dict[str, _Class] = {}
        self.inherited = 0
        self.known_to_replace: dict[str, bool] = {}
        self.made_up_by: dict[str, frozenset[str]] = {}
        self.known_to_hand: dict[int, bool] = {}

    @functools.cached_property
    def constants(self) -> frozenset[str]:
        from cavra_lint.sources.python_pure import pure_functions

        names = constant_names(self.module.body)
        pure = (f"{name}()" for name in pure_functions(self.functions, names))
        imports = (node for node in all_below(self.module) if isinstance(node, (ast.Import, ast.ImportFrom)))
        imported = {name for node in imports for name in bound_by(node)}
        return names.union(pure, (f"{name} is" for name in imported - _rebound(self.module)))

    @functools.cached_property
    def every_name(self) -> EveryName:
        return EveryName({f"{name}()" for name in self.functions})

    @functools.cached_property
    def replaced_for_all(self) -> frozenset[str]:
        """What the module, or what runs before each of its tests, puts in the place of something."""
        first = (node for name, node in self.functions.items() if name in _BEFORE_ALL or is_autouse(node))
        plain = (statement for statement in self.module.body if isinstance(statement, (ast.Assign, ast.Expr)))
        found = (name for node in (*plain, *first) for name in made_up_in(all_below(node)))
        return frozenset(itertools.islice(found, _MOST_LOOKED_AT))

    def replaced_by(self, fixture: str) -> frozenset[str]:
        """Return what a fixture puts in the place of something."""
        if fixture not in self.made_up_by:
            found = made_up_in(all_below(self.functions[fixture])) if fixture in self.functions else ()
            self.made_up_by[fixture] = frozenset(itertools.islice(found, _MOST_LOOKED_AT))
        return self.made_up_by[fixture]

    @functools.cached_property
    def helpers(self) -> Helpers:
        return asserting_functions(self.module, self.constants, by_name=self.by_name, raising=self.raising)

    @functools.cached_property
    def functions(self) -> dict[str, Function]:
        return {name: node for name, node in self.members.items() if isinstance(node, FUNCTIONS)}

    @functools.cached_property
    def skipping(self) -> dict[str, str]:
        """The functions that skip whatever calls them, or takes them as a fixture, and how they do."""
        found = (
            (name, _skips_surely(node, {})) for name, node in self.functions.items() if not name.startswith("test")
        )
        return {name: skips for name, skips in found if skips}

    def tests(self) -> Iterator[CollectedTest]:
        skipped = self.skipped_module()
        if _switched_off(self.members):
            return
        for name, node in self.members.items():
            if _switched_off(self.members, f"{name}."):
                continue
            if isinstance(node, FUNCTIONS) and name.startswith("test"):
                yield self.test(name, node, skipped)
            elif isinstance(node, ast.ClassDef):
                yield from self.class_tests(node, name, skipped)
            elif name.startswith("test") and self.makes_test(node):
                yield CollectedTest(name, node.lineno, skipped, True)
        from cavra_lint.sources.python_made import made_tests

        yield from (CollectedTest(made.name, made.line, skipped, made.asserts) for made in made_tests(self))

    def skipped_module(self) -> str | None:
        for statement, surely in live(self.module.body):
            if surely and (skips := _skips(statement, self.skipping)):
                return f"the module {skips}"
        mark = self.marked(*_marks(self.module.body))
        if mark:
            return f"the module {mark}"
        for name, skips in self.skipping.items():
            if name in {"setup_module", "setUpModule"} or is_autouse(self.functions[name]):
                return f"`{name}` {skips}"
        return None

    def class_tests(self, node: ast.ClassDef, name: str, outer: str | None) -> Iterator[CollectedTest]:
        found = self.read_class(node)
        self.classes[node.name] = found
        collected = found.unittest or name.rsplit("::", 1)[-1].startswith("Test")
        built = not found.unittest and ({"__init__", "__new__"} & found.members.keys())
        if not collected or built or not name.rpartition("::")[2].isidentifier() or _switched_off(found.members):
            return
        skipped = outer or found.skipped
        unknown = [dotted(base) for base in node.bases if dotted(base) not in self.classes]
        if self.by_name and any(map(_holds_tests, unknown)):
            # what it takes over from another file is run for it, and is not seen here
            yield CollectedTest(name, node.lineno, skipped, True)
        for member, inner in found.members.items():
            if isinstance(inner, FUNCTIONS) and member.startswith("test"):
                test = self.test(f"{name}::{member}", inner, skipped)
                yield test if test.line else test._replace(line=node.lineno)
            elif isinstance(inner, ast.ClassDef) and not found.unittest:
                yield from self.class_tests(inner, f"{name}::{member}", skipped)

    def read_class(self, node: ast.ClassDef) -> _Class:
        bases = [dotted(base) for base in node.bases]
        known = [self.classes[base] for base in bases if base in self.classes]
        members: dict[str, ast.stmt] = {}
        for base in reversed(known):
            self.inherited += len(base.members)
            if self.inherited <= MAX_INHERITED:
                members.update(base.members)
        members.update(_members(node.body))
        skipped = self.marked(*node.decorator_list, *_marks(node.body))
        for name in sorted(_SETUPS & members.keys()):
            setup = members[name]
            if not skipped and isinstance(setup, FUNCTIONS):
                skips = _skips_surely(setup, self.skipping)
                skipped = f"`{name}` {skips}" if skips else None
        inherited = next((base.skipped for base in known if base.skipped), None)
        unittest = any(base.endswith("TestCase") for base in bases)
        return _Class(
            unittest=unittest or any(base.unittest for base in known),
            members=members,
            skipped=f"its class {skipped}" if skipped else inherited,
        )

    def test(self, name: str, node: Function, skipped: str | None) -> CollectedTest:
        own = self.marked(*node.decorator_list) or self.replaced(node)
        reason = skipped or (f"it {own}" if own else None)
        # most assert something that no name of the module could make constant; else it depends on these, or on calls
        fixtures = itertools.islice(_fixtures_of(node), _MOST_LOOKED_AT)
        made_up = self.replaced_for_all.union(*map(self.replaced_by, fixtures))
        telling = asserts(node, self.every_name, NO_HELPERS, made_up) or asserts(
            node, self.constants, self.helpers_of(node), made_up
        )
        skips = _skips_surely(node, self.skipping)
        if reason is None and skips:
            reason = f"it {skips}"
        if reason is None and "::" not in name and "setup_function" in self.skipping:
            reason = f"`setup_function` {self.skipping['setup_function']}"
        for fixture in _fixtures_of(node):
            if reason is None and fixture in self.skipping:
                reason = f"its fixture `{fixture}` {self.skipping[fixture]}"
        return CollectedTest(name, node.lineno, reason, telling)

    def replaced(self, node: Function) -> str | None:
        """Say why what a test's name stands for is not the test: it is something else, or it is not run."""
        for decorator in node.decorator_list:
            if dotted(decorator).endswith("fixture"):
                return "is a fixture"
            if self.replaces(decorator):
                return "is replaced by its decorator"
        plain = all(dotted(decorator).rsplit(".", 1)[-1] in _PLAIN_MARKS for decorator in node.decorator_list)
        values = (getattr(statement, "value", None) for statement, _ in live(node.body))
        if plain and any(isinstance(value, (ast.Yield, ast.YieldFrom)) for value in values):
            return "is a generator, which pytest does not run"
        return None

    def replaces(self, decorator: ast.expr) -> bool:
        """Tell whether a decorator does nothing with what it decorates."""
        if not isinstance(decorator, ast.Lambda) and dotted(decorator) not in self.functions:
            return False
        from cavra_lint.sources.python_decorators import uses_its_argument

        if not isinstance(decorator, ast.Name):
            return isinstance(decorator, ast.Lambda) and not uses_its_argument(decorator)
        if decorator.id not in self.known_to_replace:
            self.known_to_replace[decorator.id] = not uses_its_argument(self.functions[decorator.id])
        return self.known_to_replace[decorator.id]

    def helpers_of(self, test: Function) -> Helpers:
        """Return the helpers of a test, and what a fixture or a mark hands it that asserts where it is called."""
        helpers, handed = self.helpers, set[str]()
        for argument in test.args.args:
            fixture = self.functions.get(argument.arg) if argument.arg in helpers.giving else None
            if fixture is not None and any(dotted(item).endswith("fixture") for item in fixture.decorator_list):
                handed.add(argument.arg)
        for mark in test.decorator_list:
            if isinstance(mark, ast.Call) and len(mark.args) > 1 and dotted(mark).endswith("parametrize"):
                names = (node.value for node in all_below(mark.args[0]) if isinstance(node, ast.Constant))
                values = mark.args[1]
                if self.hands_helpers(self.values.get(values.id) if isinstance(values, ast.Name) else values):
                    handed.update(name.strip() for listed in names for name in str(listed).split(","))
        return helpers._replace(asserting=helpers.asserting | handed) if handed else helpers

    def hands_helpers(self, values: ast.expr | None) -> bool:
        """Tell whether a function that asserts is among the values of a mark; many tests may name the same list."""
        if values is None:
            return False
        if id(values) not in self.known_to_hand:
            named = {node.id for node in all_below(values) if isinstance(node, ast.Name)}
            self.known_to_hand[id(values)] = not named.isdisjoint(self.helpers.asserting)
        return self.known_to_hand[id(values)]

    def makes_test(self, statement: ast.stmt) -> bool:
        """Tell whether a function of the module makes the test that a name stands for: `test_ready = make("R7.4")`."""
        value = statement.value if isinstance(statement, ast.Assign) else None
        return isinstance(value, ast.Call) and dotted(value).rpartition(".")[2] in self.helpers.giving

    def settled(self, node: ast.expr | None) -> ast.expr | None:
        """Return a condition, or what stands for values, with the module's constants in place of their names."""
        if isinstance(node, ast.Name) and node.id in self.values:
            value = self.values[node.id]
            return value if node.id in self.constants or asks_for_github(value) else node
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            operand = self.settled(node.operand)
            return ast.UnaryOp(node.op, operand) if operand else node
        return node

    def marked(self, *marks: ast.expr) -> str | None:
        """Say why marks keep a test from running for good, or its failure from counting."""
        stack = list(marks)[::-1]
        followed = 0
        while stack and followed < _MOST_LOOKED_AT:
            mark = stack.pop()
            followed += 1
            if isinstance(mark, (ast.List, ast.Tuple)):
                stack += mark.elts[::-1]
            elif isinstance(mark, ast.BinOp):
                stack += (mark.right, mark.left)
            elif isinstance(mark, ast.Name) and mark.id in self.values:
                stack.append(self.values[mark.id])
            elif reason := self.mark_reason(mark):
                return reason
        return None

    def mark_reason(self, mark: ast.expr) -> str | None:
        kind = dotted(mark).rsplit(".", 1)[-1]
        call = mark if isinstance(mark, ast.Call) else None
        arguments = call.args if call else []
        keywords = {word.arg: word.value for word in call.keywords} if call else {}
        if kind == "parametrize":
            values = self.settled(keywords.get("argvalues", arguments[1] if len(arguments) > 1 else None))
            if isinstance(values, (ast.List, ast.Tuple, ast.Set)) and values.elts:
                few = len(values.elts) <= _MOST_LOOKED_AT
                skipped = few and all(self.case_skipped(case) for case in values.elts)
                return "is parametrized with nothing that is run" if skipped else None
            return "is parametrized with nothing" if values is not None and truth(values) is False else None
        from cavra_lint.sources.python_marks import reason_of

        return reason_of(kind, self.settled(keywords.get("condition", arguments[0] if arguments else None)))

    def case_skipped(self, case: ast.expr) -> bool:
        marks = [word.value for word in case.keywords if word.arg == "marks"] if isinstance(case, ast.Call) else []
        return dotted(case).endswith("param") and self.marked(*marks) is not None


def _holds_tests(base: str) -> bool:
    """Tell of a class of another file by its name whether it holds tests for those that are made of it."""
    name = base.rsplit(".", 1)[-1]
    return "Test" in name and name not in _BARE_CASES


def is_autouse(function: Function) -> bool:
    """Tell whether a function is a fixture that every test has, without asking for it."""
    return any(
        isinstance(item, ast.Call) and any(word.arg == "autouse" and truth(word.value) for word in item.keywords)
        for item in function.decorator_list
    )


def _fixtures_of(test: Function) -> Iterator[str]:
    """Yield the names of the fixtures that a test asks for."""
    yield from (argument.arg for argument in test.args.args)
    for item in test.decorator_list:
        if isinstance(item, ast.Call) and dotted(item).endswith("usefixtures"):
            yield from (
                name.value for name in item.args if isinstance(name, ast.Constant) and isinstance(name.value, str)
            )


def _marks(body: Sequence[ast.stmt]) -> list[ast.expr]:
    """Return what is assigned or added to `pytestmark` in every run."""
    found: list[ast.expr] = []
    for statement in (statement for statement, surely in live(body) if surely):
        if isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign)) and statement.value:
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            if "pytestmark" in map(dotted, targets):
                found = [*(found if isinstance(statement, ast.AugAssign) else ()), statement.value]
        elif isinstance(statement, ast.Expr) and dotted(statement.value) in _MARK_ADDED:
            found += getattr(statement.value, "args", [])
    return found


def _rebound(module: ast.Module) -> set[str]:
    """Return the names that a module gives a value of its own anywhere."""
    return {node.id for node in all_below(module) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


def _values(body: Sequence[ast.stmt]) -> dict[str, ast.expr]:
    found: dict[str, ast.expr] = {}
    for statement, _ in live(body):
        if isinstance(statement, ast.Assign):
            for target in statement.targets:
                if isinstance(target, ast.Name):
                    found[target.id] = statement.value
    return found


def _members(body: Sequence[ast.stmt]) -> dict[str, ast.stmt]:
    """Return what the names of a module or class stand for at its end: the last definition wins."""
    found: dict[str, ast.stmt] = {}
    for statement, _ in live(body):
        if isinstance(statement, (*FUNCTIONS, ast.ClassDef)):
            found[statement.name] = statement
        elif isinstance(statement, (ast.Assign, ast.AnnAssign)):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            for target in targets:
                if isinstance(target, ast.Name) or dotted(target).endswith(".__test__"):
                    # another name of a function stands for it as well
                    known = found.get(statement.value.id) if isinstance(statement.value, ast.Name) else None
                    found[dotted(target)] = known if isinstance(known, FUNCTIONS) else statement
        elif isinstance(statement, ast.Delete):
            for target in statement.targets:
                found.pop(dotted(target), None)
    return found


def _assigned(statement: ast.stmt | None) -> list[ast.expr]:
    value = statement.value if isinstance(statement, (ast.Assign, ast.AnnAssign)) else None
    return [value] if value is not None else []


def _switched_off(members: dict[str, ast.stmt], owner: str = "") -> bool:
    return any(truth(value) is False for value in _assigned(members.get(f"{owner}__test__")))


def _skips(statement: ast.stmt, skipping: Container[str]) -> str | None:
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        name = dotted(statement.value)
        if name.rsplit(".", 1)[-1] in SKIPPING or name in skipping or name == "pytest.exit":
            return f"calls `{name}` unconditionally"
    if isinstance(statement, ast.Raise):
        name = dotted(statement.exc)
        if name.endswith("SkipTest") or name == "pytest.skip.Exception":
            return f"raises `{name}` unconditionally"
    return None


def _skips_surely(function: Function, skipping: Container[str]) -> str | None:
    for statement, surely in live(function.body):
        if isinstance(statement, ast.Assert) and not is_constant(statement.test):
            return None
        if surely and (reason := _skips(statement, skipping)):
            return reason
    return None
