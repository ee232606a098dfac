"""Whether a Python file judges anything when it is run as a script, can fail by that, and ends at no unknown name."""

from __future__ import annotations

import _ast as ast
import builtins
import sys
from collections.abc import Iterable, Iterator

from cavra_lint.frozen import NamedTuple
from cavra_lint.sources.python_flow import FUNCTIONS, all_below, dotted, taken

#: What a script calls that only talks, ends or gets ready, whatever the arguments.
IDLE = frozenset(
    {"print", "exit", "quit", "_exit", "SystemExit", "write", "writelines", "flush", "sleep"}
    | {"dumps", "dump", "dict", "list", "tuple", "set", "str", "int", "bool", "len", "repr"}
    | {"format", "join", "encode", "decode", "strip", "upper", "lower", "append", "insert"}
    | {"Path", "resolve", "absolute", "abspath", "dirname", "getLogger", "basicConfig"}
    | {"info", "debug", "warning", "reconfigure", "simplefilter", "filterwarnings", "suppress", "echo"}
    | {"dedent", "now", "utcnow", "time", "isoformat", "strftime", "get", "getenv", "items", "index", "sorted"}
    | {"exists", "ArgumentParser", "add_argument", "add_argument_group", "parse_args", "parse_known_args"}
)
#: What it calls to hear what another file says; who only repeats that judges nothing.
READING = frozenset({"open", "read", "read_text", "read_bytes", "readlines", "load", "loads", "close"})
#: What judges, and never ends the script: what it gives has to be looked at.
GIVING = frozenset(
    {"subprocess.run", "subprocess.call", "subprocess.Popen", "subprocess.getoutput", "subprocess.getstatusoutput"}
    | {"os.system", "os.popen"}
    | {f"cavra_lint.{name}" for name in ("verify_packet", "verify_index", "build_packet", "build_index", "lint")}
    | {"cavra_lint.gate.main", "cavra_lint.cli.main"}
)
#: What some Pythons know and others do not, and what the import system puts into a module.
_GIVEN = frozenset(dir(builtins)).union(
    {"ExceptionGroup", "BaseExceptionGroup", "EncodingWarning", "PythonFinalizationError", "WindowsError", "aiter"}
    | {"anext", "__file__", "__path__", "__annotations__", "__builtins__", "__cached__", "__class__", "__module__"}
    | {"__qualname__", "exit", "quit", "copyright", "credits", "license", "reveal_type", "get_ipython", "_"}
    # those of Python 2 stand behind a look at the version
    | {"unicode", "long", "basestring", "unichr", "xrange", "raw_input", "file", "cmp", "reduce", "reload"}
)
#: What may bind or find names that the text does not show.
_MAGIC = frozenset({"exec", "eval", "globals", "locals", "vars", "setattr", "NameError", "UnboundLocalError"})
#: Longer names are compared by their beginnings, and no more of them.
_LONGEST, _MOST_COMPARED = 100, 500
#: Most nodes are of these kinds, and bind nothing.
_PLAIN = (ast.Constant, ast.Attribute, ast.Call, ast.Expr, ast.keyword, ast.Assign, ast.alias)
_ANNOTATED = (ast.arg, ast.AnnAssign, *FUNCTIONS)


class Shortcoming(NamedTuple):
    """Why a script judges nothing, as a phrase about it, and the line where that stands."""

    line: int
    words: str


NOTHING_DONE = Shortcoming(1, "does nothing when it is run")


def plainly_judges(body: Iterable[ast.stmt], foreign: frozenset[str] = frozenset()) -> bool:
    """Tell whether a module does no more than to call what another one has: most do, and are not followed."""
    for statement in body:
        value = getattr(statement, "value", None)
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            # what is imported later under the same name is what counts
            foreign -= {alias.asname or alias.name for alias in statement.names}
            foreign = foreign.union(_foreign_names(statement) if isinstance(statement, ast.ImportFrom) else ())
        elif isinstance(statement, ast.If):
            return taken(statement.test, True) is True and plainly_judges(statement.body, foreign)
        elif isinstance(statement, ast.Expr) and isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
            return value.func.id in foreign
        elif isinstance(statement, ast.Assign):
            bound = {target.id for target in statement.targets if isinstance(target, ast.Name)}
            if len(bound) < len(statement.targets) or not _gets_ready(value):
                return False
            foreign -= bound
        elif not (isinstance(statement, ast.Expr) and _gets_ready(value)):
            return False
    return False


def _foreign_names(statement: ast.ImportFrom) -> Iterator[str]:
    """Yield the names of an import that stand for what judges, as far as is known."""
    module = statement.module or ""
    for alias in statement.names if module.partition(".")[0] not in sys.stdlib_module_names else ():
        if not (f"{module}.{alias.name}" in GIVING or alias.name in IDLE or alias.name in READING):
            yield alias.asname or alias.name


def _gets_ready(value: ast.expr | None) -> bool:
    """Tell whether an expression makes a path, or adds one to those that modules are looked for in, and no more."""
    if isinstance(value, ast.Call):
        of_paths = dotted(value.func).startswith(("os.path.", "Path.", "sys.path."))
        return (of_paths or dotted(value.func) == "Path") and all(map(_gets_ready, value.args)) and not value.keywords
    return isinstance(value, (ast.Name, ast.Constant))


def handed_first(tree: ast.Module, functions: frozenset[str]) -> Iterator[tuple[str, int]]:
    """Yield the texts that a module hands to some functions before all else, and the lines, in no order.

    Args:
        tree: its syntax tree.
        functions: the last parts of their names.
    """
    texts: dict[str, list[ast.expr]] = {}
    calls: list[ast.Call] = []
    for node in all_below(tree):
        if isinstance(node, ast.Call) and node.args and dotted(node.func).rpartition(".")[2] in functions:
            calls.append(node)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                texts.setdefault(dotted(target), []).append(node.value)
    for call in calls:
        first = call.args[0]
        told = texts.get(first.id, []) if isinstance(first, ast.Name) else [first]
        values = (one.value for one in told if isinstance(one, ast.Constant))
        yield from ((value, call.lineno) for value in values if isinstance(value, str))


class Undefined(NamedTuple):
    """A name that nothing binds, its line, and one that is bound and close to it, empty for none."""

    name: str
    line: int
    close: str


def undefined(tree: ast.Module) -> Undefined | None:
    """Return the first name that a module uses and nothing in it binds; None where there is none.

    Of names that other code may bind, by `import *`, `exec` or `globals()`, nothing is said, nor of annotations, of
    which some are never looked at.

    Args:
        tree: its syntax tree.
    """
    used: list[ast.Name] = []
    own: set[str] = set()
    annotations: list[ast.AST | None] = []
    for node in all_below(tree):
        if isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Load):
                used.append(node)
            else:
                own.add(node.id)
        elif not isinstance(node, _PLAIN):
            own.update(_names_bound(node))
            if isinstance(node, _ANNOTATED):
                annotations.append(getattr(node, "annotation", None) or getattr(node, "returns", None))
    if "*" in own or any(name.id in _MAGIC for name in used):
        return None
    unknown = [name for name in used if name.id not in own and name.id not in _GIVEN]
    if not unknown:
        return None
    left_out = {id(below) for annotation in annotations if annotation for below in all_below(annotation)}
    first = min((name for name in unknown if id(name) not in left_out), key=_place, default=None)
    return Undefined(first.id, first.lineno, _close(first.id, own)) if first else None


def _place(name: ast.Name) -> tuple[int, int]:
    return name.lineno, name.col_offset


def _close(name: str, bound: set[str]) -> str:
    from difflib import get_close_matches

    return next(iter(get_close_matches(name[:_LONGEST], sorted(bound)[:_MOST_COMPARED], n=1, cutoff=0.75)), "")


def _names_bound(node: ast.AST) -> Iterator[str]:
    """Yield the names that a node binds that is no name itself."""
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        yield from ((alias.asname or alias.name).partition(".")[0] for alias in node.names)
    elif isinstance(node, (ast.Global, ast.Nonlocal)):
        yield from node.names
    elif isinstance(node, ast.arg):
        yield node.arg
    elif not _NAMING.isdisjoint(node._fields):
        # a function, a class, an exception that is caught, a pattern that is met, a parameter of a type
        names = (getattr(node, field, None) for field in _NAMING)
        yield from (name for name in names if isinstance(name, str))


_NAMING = frozenset({"name", "rest"})
