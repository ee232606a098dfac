"""Whether a Python file judges anything when it is run as a script, and can fail by that."""

from __future__ import annotations

import _ast as ast
import sys
from collections.abc import Iterable, Iterator

from cavra_lint.frozen import NamedTuple
from cavra_lint.sources.python_flow import dotted, taken

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
)


class Shortcoming(NamedTuple):
    """Why a script judges nothing, as a phrase about it, and the line where that stands."""

    line: int
    words: str


NOTHING_DONE = Shortcoming(1, "does nothing when it is run")


def shortcoming(tree: ast.Module) -> Shortcoming | None:
    """Tells what keeps a module from judging anything when it is run as a script.

    Args:
        tree: the module's syntax tree.

    Returns:
        None where it judges, and may fail by that.
    """
    if _plainly_judges(tree.body):
        return None

    from cavra_lint.sources.python_calls import followed

    return followed(tree)


def _plainly_judges(body: Iterable[ast.stmt], foreign: frozenset[str] = frozenset()) -> bool:
    """Tell whether a module does no more than to call what another one has: most do, and are not followed."""
    for statement in body:
        value = getattr(statement, "value", None)
        if isinstance(statement, ast.ImportFrom):
            foreign = foreign.union(_foreign_names(statement))
        elif isinstance(statement, ast.If):
            return taken(statement.test, True) is True and _plainly_judges(statement.body, foreign)
        elif isinstance(statement, ast.Expr) and isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
            return value.func.id in foreign
        elif isinstance(statement, ast.Assign):
            bound = {target.id for target in statement.targets if isinstance(target, ast.Name)}
            if len(bound) < len(statement.targets) or not _gets_ready(value):
                return False
            foreign -= bound
        elif not (isinstance(statement, ast.Import) or (isinstance(statement, ast.Expr) and _gets_ready(value))):
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
