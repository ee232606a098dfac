"""What the calls of a Python file come to when it is run as a script, those of its own functions too."""

from __future__ import annotations

import _ast as ast
import builtins
import functools
import sys
from collections.abc import Container, Iterable, Iterator

from cavra_lint.frozen import NamedTuple
from cavra_lint.sources.python_arguments import arguments_lost
from cavra_lint.sources.python_constants import call_by_own_names, settle_conditions
from cavra_lint.sources.python_flow import (
    FUNCTIONS,
    all_below,
    dotted,
    is_constant,
    live,
    own_expressions,
    truth,
    walk,
)
from cavra_lint.sources.python_script import GIVING, IDLE, NOTHING_DONE, READING, Shortcoming

#: Methods of paths, parsers, loggers and the like that judge nothing; those of texts and containers Python tells.
_METHODS = frozenset(
    {"is_file", "is_dir", "glob", "rglob", "iterdir", "relative_to", "with_suffix", "with_name", "as_posix", "joinpath"}
    | {"expanduser", "mkdir", "touch", "unlink", "stat", "write_text", "write_bytes", "set_defaults", "print_help"}
    | {"add_mutually_exclusive_group", "add_subparsers", "add_parser", "setLevel", "addHandler", "setFormatter"}
    | {"wait", "poll", "communicate", "terminate"}
    | {"error", "exception", "critical", "match", "fullmatch", "search", "group", "hexdigest", "astimezone", "date"}
)
#: Of Python's own modules, what runs other code: it may judge, and may end the script.
_RUNNING = ("runpy.", "importlib.import_module", "importlib.util.", "importlib.machinery.", "importlib.reload")
_RUNNING_MODULES = frozenset({"unittest", "doctest", "code", "pdb", "cProfile", "trace"})
_KNOWN_MODULES = frozenset({"sys", "os", "contextlib"})
_EXITS = frozenset({"exit", "_exit", "quit", "SystemExit"})
#: What a handler calls that only talks.
_TALKING = frozenset({"print", "write", "flush", "echo", "str", "repr", "format", "dumps"})
_DECIDING = (ast.If, ast.While, ast.Match, ast.Assert, ast.IfExp, ast.Compare, ast.BoolOp)


class _Module(NamedTuple):
    """What the names of a module stand for: the bodies of what it defines, and the full names of what it imports.

    To call one of the `lazy` functions runs nothing yet: they are generators, or wait to be awaited. Of the
    `properties` each runs where it is read.
    """

    defined: dict[str, list[ast.stmt]]
    imported: dict[str, str]
    lazy: frozenset[str]
    properties: frozenset[str]


def followed(tree: ast.Module) -> Shortcoming | None:
    """Tell what keeps a module from judging anything, by the calls from its top through the functions that it defines.

    Args:
        tree: the module's syntax tree; what it calls by another name, and conditions that are settled, are put right.
    """
    call_by_own_names(tree, _KNOWN_MODULES)
    settle_conditions(tree)
    naming = [node for node in all_below(tree) if isinstance(node, _NAMING)]
    imported = _imported(naming)
    defined = _bodies(naming, tree, imported)
    module = _Module(defined, imported, frozenset(_lazy(naming)), frozenset(_properties(naming)))
    has_classes = any(isinstance(node, ast.ClassDef) for node in naming)
    bodies, looked_at = [tree.body], set[str]()
    walked: list[list[ast.stmt]] = []
    found: set[str] = set()
    while bodies:
        walked.append(bodies.pop())
        here: set[str] = set()
        for statement, surely in _minded(walked[-1]):
            calls = _calls(statement)
            if replaced := _replaced(statement, calls, module) or (surely and arguments_lost(statement, imported)):
                return Shortcoming(statement.lineno, f"puts something else in the place of `{replaced}`")
            if has_classes:
                here.update(_unnamed(statement, module.properties))
            for call in calls:
                is_left = isinstance(statement, ast.Expr) and statement.value is call
                if not (is_left and dotted(call.func) in module.lazy):
                    here.update(_does(call, module))
        found |= here
        for name in sorted(here - looked_at):
            looked_at.add(name)
            bodies += (module.defined[name],) if name in module.defined else ()
    if _JUDGES in found:
        return None
    gives = _GIVES in found or (_READS in found and any(map(_decides, walked)))
    if gives and not _can_fail(tree, walked, module):
        *_, last = (statement for statement, _ in live(tree.body, script=True))
        return Shortcoming(last.lineno, "ends well whatever it finds")
    return None if gives else NOTHING_DONE


#: What a call may be found to do, beside running what the module defines; no name of it is one of these.
_JUDGES, _GIVES, _READS = "judges ", "gives ", "reads "


_NAMING = (*FUNCTIONS, ast.ClassDef, ast.Assign, ast.Import, ast.ImportFrom)


def _bodies(nodes: Iterable[ast.AST], tree: ast.Module, imported: Container[str]) -> dict[str, list[ast.stmt]]:
    found: dict[str, list[ast.stmt]] = {}
    top = set(map(id, tree.body))
    for node in nodes:
        name, body = _defined_by(node)
        # what stands in for an import where that fails is not all that its name may be
        if name not in imported or id(node) in top:
            found.setdefault(name, []).extend(body)
    found.pop("", None)
    return found


def _defined_by(node: ast.AST) -> tuple[str, list[ast.stmt]]:
    """Return the name that stands for a function or class, empty for none, and what a call of it runs."""
    if isinstance(node, FUNCTIONS):
        return node.name, node.body
    if isinstance(node, ast.ClassDef):
        # Calling a class makes an instance; its other methods are called by name.
        made = [inner for inner in node.body if isinstance(inner, FUNCTIONS) and inner.name in _MAKING]
        return node.name, [statement for inner in made for statement in inner.body]
    value = node.value if isinstance(node, ast.Assign) and len(node.targets) == 1 else None
    if isinstance(node, ast.Assign) and isinstance(value, ast.Lambda) and isinstance(node.targets[0], ast.Name):
        returned = ast.Return(value=value.body, lineno=value.lineno, col_offset=value.col_offset)
        return node.targets[0].id, [returned]
    return "", []


def _lazy(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        is_generator = isinstance(node, FUNCTIONS) and any(
            isinstance(inner, (ast.Yield, ast.YieldFrom)) for inner in walk(node.body)
        )
        if isinstance(node, FUNCTIONS) and (is_generator or isinstance(node, ast.AsyncFunctionDef)):
            yield node.name


#: What runs where an instance of a class is made.
_MAKING = frozenset({"__new__", "__init__", "__post_init__"})
#: What runs where a `with` is come to and left.
_AROUND = frozenset({"__enter__", "__exit__", "__aenter__", "__aexit__"})


def _properties(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, FUNCTIONS):
            made_by = (dotted(decorator).rpartition(".")[2] for decorator in node.decorator_list)
            yield from (node.name for name in made_by if name in {"property", "cached_property"})


def _unnamed(statement: ast.stmt, properties: Container[str]) -> Iterator[str]:
    """Yield the methods that a statement runs by `with`, by calling what a call gave, or by reading a property."""
    if isinstance(statement, (ast.With, ast.AsyncWith)):
        yield from _AROUND
    for node in own_expressions(statement):
        if isinstance(node, ast.Attribute) and node.attr in properties:
            yield node.attr
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Call):
            yield "__call__"


def _imported(nodes: Iterable[ast.AST]) -> dict[str, str]:
    found: dict[str, str] = {}
    imports = (node for node in nodes if isinstance(node, (ast.Import, ast.ImportFrom)))
    # of two that bind one name, the last counts
    for node in sorted(imports, key=lambda node: node.lineno):
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                found[top] = top
                found[alias.asname or top] = alias.name if alias.asname else top
        else:
            whole = "." * node.level + (node.module or "")
            found.update((alias.asname or alias.name, f"{whole}.{alias.name}") for alias in node.names)
    return found


def _minded(body: list[ast.stmt]) -> Iterator[tuple[ast.stmt, bool]]:
    """Yield the statements of a body that can run, and whether they surely do.

    Those of which a failure goes unnoticed are left out.
    """
    hidden: set[int] = set()
    for statement, surely in live(body, script=True):
        if _hides(statement):
            hidden.update(map(id, walk(getattr(statement, "body", []))))
        if id(statement) not in hidden:
            yield statement, surely


def _calls(statement: ast.stmt) -> list[ast.Call]:
    # A class body runs where it stands; decorators do not make a script of a file.
    if isinstance(statement, (ast.Import, ast.ImportFrom, *FUNCTIONS)):
        return []
    nodes = list(walk(statement.body) if isinstance(statement, ast.ClassDef) else own_expressions(statement))
    never = {id(node) for part in _never(nodes) for node in walk([part])}
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.GeneratorExp):
        return []
    return [node for node in nodes if isinstance(node, ast.Call) and id(node) not in never]


def _never(nodes: Iterable[ast.AST]) -> Iterator[ast.expr]:
    """Yield the parts of expressions that are never evaluated."""
    for node in nodes:
        if isinstance(node, ast.IfExp) and (known := truth(node.test)) is not None:
            yield node.orelse if known else node.body
        elif isinstance(node, ast.BoolOp):
            decisive = isinstance(node.op, ast.Or)
            at = next((at for at, value in enumerate(node.values) if truth(value) is decisive), len(node.values))
            yield from node.values[at + 1 :]


def _does(call: ast.Call, module: _Module) -> Iterator[str]:
    """Yield what a call may do: what is defined here is named, of all else it is said."""
    whole, is_own = _whole_name(call.func, module)
    name = whole.rpartition(".")[2]
    if is_own:
        yield name
        return
    is_imported = whole != dotted(call.func) or whole.partition(".")[0] in module.imported
    found = _of_name(call, whole, name) if is_imported or isinstance(call.func, ast.Name) else _of_method(call, name)
    yield found
    if not found and name not in IDLE:
        # what is handed over, as to `map`, is called there
        for handed in (*call.args, *(word.value for word in call.keywords)):
            yield from _of_handed(handed, whole, module)


def _whole_name(func: ast.expr, module: _Module) -> tuple[str, bool]:
    """Return the full name of what is called, and whether the module defines it."""
    name = dotted(func)
    root, dot, rest = name.partition(".")
    if isinstance(func, ast.Name) and name in module.defined:
        return name, True
    if root in module.imported and _is_rooted(func):
        return f"{module.imported[root]}{dot}{rest}", False
    return name, name.rpartition(".")[2] in module.defined


def _is_rooted(node: ast.expr) -> bool:
    """Tell whether a name begins with a name, and not with a text or an entry of a list."""
    while isinstance(node, (ast.Attribute, ast.Call)):
        node = node.value if isinstance(node, ast.Attribute) else node.func
    return isinstance(node, ast.Name)


def _of_name(call: ast.Call, whole: str, name: str) -> str:
    top = whole.partition(".")[0]
    checks = name in {"check_call", "check_output"} or any(word.arg == "check" for word in call.keywords)
    if whole in GIVING and not checks:
        return _GIVES
    if top in sys.stdlib_module_names and "." in whole:
        runs = whole.startswith(_RUNNING) or top in _RUNNING_MODULES or (top == "os" and name.startswith(_STARTS))
        return _JUDGES if runs or top == "subprocess" else _READS if name in READING else ""
    if name in READING:
        return _READS
    if whole in {"exec", "eval"}:
        return "" if call.args and isinstance(call.args[0], ast.Constant) else _JUDGES
    return "" if name in IDLE or (whole in _BUILTINS and whole != "__import__") else _JUDGES


_STARTS = ("exec", "spawn", "posix_spawn")
_BUILTINS = frozenset(dir(builtins))


def _of_method(call: ast.Call, name: str) -> str:
    """Say what a method of a value may do, or what has no name."""
    if not isinstance(call.func, ast.Attribute):
        return "" if isinstance(call.func, ast.Call) and dotted(call.func) in _BUILTINS else _JUDGES
    if name in READING:
        return _READS
    return "" if name in IDLE or name in _METHODS or name in _plain_methods() else _JUDGES


@functools.cache
def _plain_methods() -> frozenset[str]:
    return frozenset(name for kind in (str, bytes, int, float, list, dict, set, tuple) for name in dir(kind))


def _of_handed(handed: ast.expr, receiver: str, module: _Module) -> Iterator[str]:
    """Yield what may be done by what a call hands over, to be called there: by its name, or as it is written there."""
    if isinstance(handed, ast.Lambda):
        for node in walk([handed.body]):
            if isinstance(node, ast.Call):
                yield from _does(node, module)
    elif isinstance(handed, ast.Name) and handed.id in module.defined:
        yield handed.id
    elif isinstance(handed, ast.Name) or (isinstance(handed, ast.Attribute) and _calls_what_it_is_given(receiver)):
        whole, is_own = _whole_name(handed, module)
        is_imported = dotted(handed).partition(".")[0] in module.imported
        if is_own:
            yield whole.rpartition(".")[2]
        elif is_imported and whole.partition(".")[0] not in sys.stdlib_module_names:
            yield _JUDGES


def _calls_what_it_is_given(name: str) -> bool:
    """Tell of a function of Python's own whether what it is given may be a function: of most builtins it is a value."""
    return "." in name or name in {"map", "filter"}


def _replaced(statement: ast.stmt, calls: Iterable[ast.Call], module: _Module) -> str:
    """Return the name of what another module holds, where a statement puts a function of its own there."""
    if isinstance(statement, ast.Assign):
        is_made = isinstance(statement.value, ast.Lambda) or dotted(statement.value) in module.defined
        for target in statement.targets if is_made else ():
            whole = _whole_name(target, module)[0]
            if isinstance(target, ast.Attribute) and (_is_foreign(target, module) or whole in {"sys.exit", "os._exit"}):
                return whole
    for call in calls:
        whole = _whole_name(call.func, module)[0]
        first = call.args[0] if call.args else None
        if whole == "setattr" and len(call.args) == 3 and first is not None and _is_foreign(first, module):
            return _whole_name(first, module)[0]
        if whole.startswith("unittest.mock.patch") and first is not None:
            return str(first.value) if isinstance(first, ast.Constant) else dotted(first)
    return ""


def _is_foreign(node: ast.expr, module: _Module) -> bool:
    """Tell whether a name is one of a module that is imported, and not Python's own."""
    whole = module.imported.get(dotted(node).partition(".")[0])
    return whole is not None and _is_rooted(node) and whole.partition(".")[0] not in sys.stdlib_module_names


def _decides(body: list[ast.stmt]) -> bool:
    """Tell whether anything depends on what is read, beside whether the file runs as a script."""
    for statement, _ in live(body, script=True):
        nodes = list(own_expressions(statement))
        nodes += [inner for node in nodes if isinstance(node, ast.Lambda) for inner in walk([node.body])]
        asks_its_name = any(isinstance(node, ast.Name) and node.id == "__name__" for node in nodes)
        if not asks_its_name and (
            isinstance(statement, _DECIDING) or any(isinstance(node, _DECIDING) for node in nodes)
        ):
            return True
    return False


def _can_fail(tree: ast.Module, walked: Iterable[list[ast.stmt]], module: _Module) -> bool:
    """Tell whether the script, as far as it was walked, may end with what stands for a failure."""
    ends: list[ast.expr | None] = []
    for statement in (statement for body in walked for statement, _ in _minded(body)):
        if isinstance(statement, ast.Assert) and not is_constant(statement.test):
            return True
        if isinstance(statement, ast.Raise) and dotted(statement.exc).rpartition(".")[2] not in _EXITS:
            return True
        exits = (call for call in _calls(statement) if _whole_name(call.func, module)[0].rpartition(".")[2] in _EXITS)
        ends += [call.args[0] for call in exits if call.args]
    well = _names_of_nothing(tree)
    looked_at: set[str] = set()
    while ends:
        value = ends.pop()
        name = dotted(value) if isinstance(value, (ast.Name, ast.Call)) else ""
        if isinstance(value, ast.Call) and name in module.defined:
            if name not in looked_at:
                looked_at.add(name)
                ends += [one.value for one, _ in live(module.defined[name]) if isinstance(one, ast.Return)]
        elif not _is_zero(value) and not (isinstance(value, ast.Name) and name in well):
            return True
    return False


def _names_of_nothing(tree: ast.Module) -> set[str]:
    """Return the names that a module gives no value but such as stand for success."""
    well, stores = dict[str, int](), dict[str, int]()
    for node in all_below(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            stores[node.id] = stores.get(node.id, 0) + 1
        elif isinstance(node, (ast.Assign, ast.AnnAssign)) and _is_zero(node.value):
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                well[dotted(target)] = well.get(dotted(target), 0) + 1
    return {name for name, count in well.items() if count == stores.get(name)}


def _hides(statement: ast.stmt) -> bool:
    """Tell whether the script ends as if all were well, whatever the body of a statement comes to."""
    if isinstance(statement, (ast.With, ast.AsyncWith)):
        contexts = [item.context_expr for item in statement.items]
        return any(
            isinstance(context, ast.Call) and dotted(context).endswith("suppress") and _catches_all(context.args)
            for context in contexts
        )
    if any(_ends_well(last) for last in getattr(statement, "finalbody", [])):
        return True
    return any(
        _catches_all([handler.type] if handler.type else None) and not _minds(handler.body)
        for handler in getattr(statement, "handlers", [])
    )


def _catches_all(types: list[ast.expr] | None) -> bool:
    """Tell whether these exceptions are all that can be, or how a script ends."""
    if types is None:
        return True
    caught = (part for kind in types for part in (kind.elts if isinstance(kind, ast.Tuple) else [kind]))
    return any(dotted(part) in {"Exception", "BaseException", "SystemExit"} for part in caught)


def _minds(body: list[ast.stmt]) -> bool:
    """Tell whether a handler does anything about what it caught, beyond talking and ending well."""
    for statement, _ in live(body, script=True):
        if isinstance(statement, (ast.Raise, ast.Return)) and not _ends_well(statement):
            return True
        if isinstance(statement, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
            return True
        called = (node for node in own_expressions(statement) if isinstance(node, ast.Call))
        if not _ends_well(statement) and any(dotted(call).rsplit(".", 1)[-1] not in _TALKING for call in called):
            return True
    return False


def _ends_well(statement: ast.stmt) -> bool:
    """Tell whether a statement ends the script, or the function, with what stands for success."""
    if isinstance(statement, ast.Return):
        return _is_zero(statement.value)
    value = statement.exc if isinstance(statement, ast.Raise) else getattr(statement, "value", None)
    if dotted(value).rsplit(".", 1)[-1] not in {"exit", "_exit", "quit", "SystemExit"}:
        return False
    return _is_zero(value.args[0] if isinstance(value, ast.Call) and value.args else None)


def _is_zero(value: ast.expr | None) -> bool:
    if isinstance(value, ast.IfExp):
        known = truth(value.test)
        if known is None and _is_zero(value.body) and not _is_zero(value.orelse):
            from cavra_lint.sources.python_either_way import holds_either_way

            known = holds_either_way(value.test, is_constant) or None
        if known is None:
            return _is_zero(value.body) and _is_zero(value.orelse)
        value = value.body if known else value.orelse
    if isinstance(value, ast.BoolOp) and isinstance(value.op, ast.And):
        # what is false in its place is 0 as well
        value = value.values[-1]
    return value is None or (isinstance(value, ast.Constant) and value.value in (None, 0, False))
