"""Which files a Python program writes that the steps of a workflow run, as far as its text says."""

from __future__ import annotations

import _ast as ast
import itertools
import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from cavra_lint.frozen import NamedTuple
from cavra_lint.late import re
from cavra_lint.sources.python_flow import FUNCTIONS, Function, dotted, live, own_expressions
from cavra_lint.sources.shell_syntax import Word
from cavra_lint.sources.written import Write

#: Of an expression, a name or a call so much is looked at; no program that people write comes near it.
_MOST_TEXTS, _MOST_PARTS, _DEEPEST, _MOST_CALLS, _LONGEST = 20, 20, 12, 100, 4_000
#: What hands on the path that it is given, and what joins several.
_AS_IT_IS = frozenset({"str", "resolve", "absolute", "abspath", "realpath", "fspath", "expanduser", "as_posix"})
_JOINING = frozenset({"Path", "PurePath", "PosixPath", "PurePosixPath", "join", "joinpath"})
_HERE = frozenset({"cwd", "getcwd"})
_COPIES = frozenset({"copy", "copy2", "copyfile", "copytree", "move"})
_MOVES = frozenset({"move", "rename", "renames", "replace"})
_RENAMES = frozenset({"rename", "renames", "replace", "link", "symlink"})
_REMOVES = frozenset({"remove", "unlink", "rmtree"})
_OF_PATH = frozenset({"write_text", "write_bytes", "unlink", "rename", "replace", "symlink_to", "hardlink_to"})
_MODULES = frozenset({"shutil", "os", ""})
_RUNS = frozenset({"run", "call", "check_call", "check_output", "Popen", "getoutput", "getstatusoutput"})
#: A program that reads its arguments does in some runs what it does not do in others.
_MODES = re.compile(r"\b(?:argparse|argv|click|typer|docopt|fire|getopt|optparse|environ|getenv)\b")


class Runs(NamedTuple):
    """A command that a program runs: the text that a shell is handed."""

    script: str


class _Scope(NamedTuple):
    """What the names of a function or a module may hold, and the functions that can be called by their names."""

    held: Mapping[str, tuple[str, ...]]
    functions: Mapping[str, Function]
    arguments: tuple[str, ...]


def written_by_python(tree: ast.Module, text: str, place: str, arguments: Sequence[str]) -> Iterator[Write | Runs]:
    """Yield what a program writes, and the commands that it runs.

    Of a program that reads its arguments counts what it surely does, of any other what it may do.

    Args:
        tree: its syntax tree.
        text: its text.
        place: its path, empty where it stands in a script.
        arguments: what it is run with; the first is how it is called.
    """
    functions = {node.name: node for node in tree.body if isinstance(node, FUNCTIONS)}
    scope = _Scope({"__file__": (place,)} if place else {}, functions, tuple(arguments))
    only_surely = bool(place) and _MODES.search(text) is not None
    yield from _done(tree.body, scope, only_surely, [_MOST_CALLS])


def _done(body: Sequence[ast.stmt], outer: _Scope, only_surely: bool, calls: list[int]) -> Iterator[Write | Runs]:
    held = dict(outer.held)
    scope = outer._replace(held=held)
    for statement, surely in live(body, script=True):
        for node in own_expressions(statement):
            for name, value in _bound(node, statement):
                held[name] = (*held.get(name, ()), *_texts(value, scope))[-_MOST_TEXTS:]
        if only_surely and not surely:
            continue
        for node in own_expressions(statement):
            if isinstance(node, ast.Call):
                yield from _by_call(node, scope)
                yield from _by_function(node, scope, only_surely, calls)


def _bound(node: ast.AST, statement: ast.stmt) -> Iterator[tuple[str, ast.expr]]:
    """Yield the names that a part of a statement binds, each with what it may hold."""
    if isinstance(statement, (ast.Assign, ast.AnnAssign)) and node is statement.value:
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        yield from ((target.id, node) for target in targets if isinstance(target, ast.Name))
    elif isinstance(statement, (ast.For, ast.AsyncFor)) and node is statement.iter:
        if isinstance(statement.target, ast.Name) and isinstance(node, (ast.Tuple, ast.List, ast.Set)):
            yield from ((statement.target.id, value) for value in node.elts[:_MOST_PARTS])
    elif isinstance(node, ast.NamedExpr):
        yield node.target.id, node.value


def _by_function(call: ast.Call, scope: _Scope, only_surely: bool, calls: list[int]) -> Iterator[Write | Runs]:
    function = scope.functions.get(call.func.id) if isinstance(call.func, ast.Name) else None
    if function is None or calls[0] <= 0:
        return
    calls[0] -= 1
    names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    given = {name: _texts(value, scope) for name, value in zip(names, call.args, strict=False)}
    given |= {word.arg: _texts(word.value, scope) for word in call.keywords if word.arg}
    # what it binds itself is not what the caller has by that name
    inside = scope._replace(held={**scope.held, **dict.fromkeys(names, ()), **given})
    yield from _done(function.body, inside, only_surely, calls)


def _by_call(call: ast.Call, scope: _Scope) -> Iterator[Write | Runs]:
    whole = dotted(call.func)
    owner, _, name = whole.rpartition(".")
    if isinstance(call.func, ast.Attribute):
        # what is not called by a name is the path itself: `(folder / name).open()`
        owner = owner or "()"
    if name == "open" and _is_written(call, 1 if owner in {"", "io", "codecs", "os"} else 0):
        yield from _writes(_given(call, 0, "file") if owner in {"", "io", "codecs", "os"} else _owner(call), scope)
    elif owner in _MODULES and name in _COPIES | _RENAMES:
        yield from _moved(_given(call, 0, "src"), _given(call, 1, "dst"), scope, name)
    elif owner in _MODULES and name in _REMOVES:
        at = _given(call, 0, "path")
        yield from (write._replace(gone=True, whole=name == "rmtree") for write in _writes(at, scope))
    elif name == "input" and owner == "fileinput" and any(word.arg == "inplace" for word in call.keywords):
        yield from _writes(_given(call, 0, "files"), scope)
    elif whole == "os.system" or (name in _RUNS and owner in {"", "subprocess"}):
        yield from (Runs(text) for text in _commands(_given(call, 0, "args"), scope))
    elif name in _OF_PATH and owner not in _MODULES:
        # `replace` of a text takes two
        if name in _RENAMES and len(call.args) == 1:
            yield from _moved(_owner(call), call.args[0], scope, "rename")
        elif name not in _RENAMES:
            yield from (write._replace(gone=name == "unlink") for write in _writes(_owner(call), scope))


def _owner(call: ast.Call) -> ast.expr | None:
    return call.func.value if isinstance(call.func, ast.Attribute) else None


def _given(call: ast.Call, at: int, keyword: str) -> ast.expr | None:
    if len(call.args) > at:
        return call.args[at]
    return next((word.value for word in call.keywords if word.arg == keyword), None)


def _is_written(call: ast.Call, at: int) -> bool:
    mode = _given(call, at, "mode")
    text = mode.value if isinstance(mode, ast.Constant) else ""
    return isinstance(text, str) and not set(text).isdisjoint("wax+")


def _writes(node: ast.expr | None, scope: _Scope) -> Iterator[Write]:
    yield from (Write(Word(text, True)) for text in _texts(node, scope))


def _moved(source: ast.expr | None, target: ast.expr | None, scope: _Scope, name: str) -> Iterator[Write]:
    whole = name in _MOVES or name == "copytree"
    sources = _texts(source, scope)
    for text in _texts(target, scope):
        for origin in sources or ("",):
            from_there = Word(origin, True) if origin else None
            yield Write(Word(text, True), from_there, whole=whole)
            if name in _COPIES and origin:
                # where it is a folder
                yield Write(Word(posixpath.join(text, posixpath.basename(origin)), True), from_there, whole=whole)
    if name in _MOVES:
        yield from (Write(Word(text, True), gone=True, whole=True) for text in sources)


def _commands(node: ast.expr | None, scope: _Scope) -> Iterator[str]:
    if isinstance(node, (ast.List, ast.Tuple)):
        import shlex

        # what only a run can tell is a variable to the shell
        words = [_texts(word, scope)[:1] for word in node.elts]
        yield " ".join(shlex.quote(*word) if word else '"$UNTOLD"' for word in words)
    else:
        yield from _texts(node, scope)


def _texts(node: ast.expr | None, scope: _Scope, depth: int = _DEEPEST) -> tuple[str, ...]:
    """Return the texts that an expression may come to, or the paths; none where its text does not say."""
    if node is None or not depth:
        return ()
    told = (text for text in _told(node, scope, depth - 1) if len(text) <= _LONGEST)
    return tuple(dict.fromkeys(itertools.islice(told, _MOST_TEXTS)))


def _told(node: ast.expr, scope: _Scope, depth: int) -> Iterator[str]:
    if isinstance(node, ast.Constant):
        yield from (node.value,) if isinstance(node.value, str) else ()
    elif isinstance(node, ast.Name):
        yield from scope.held.get(node.id, ())
    elif isinstance(node, ast.NamedExpr):
        yield from _texts(node.value, scope, depth)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Div, ast.Add)):
        join = posixpath.join if isinstance(node.op, ast.Div) else "{}{}".format
        yield from _joined((node.left, node.right), join, scope, depth)
    elif isinstance(node, ast.JoinedStr):
        parts = [part.value if isinstance(part, ast.FormattedValue) else part for part in node.values]
        yield from _joined(parts, lambda *texts: "".join(texts), scope, depth)
    elif isinstance(node, ast.Subscript):
        yield from _of_subscript(node, scope, depth)
    elif isinstance(node, ast.Attribute) and node.attr == "parent":
        yield from map(posixpath.dirname, _texts(node.value, scope, depth))
    elif isinstance(node, ast.Call):
        yield from _of_call(node, scope, depth)


def _of_call(call: ast.Call, scope: _Scope, depth: int) -> Iterator[str]:
    name = dotted(call.func).rpartition(".")[2]
    if name in _HERE:
        yield "."
    elif name in _JOINING and not call.keywords:
        on_path = [_owner(call)] if name == "joinpath" else []
        parts = [part for part in (*on_path, *call.args) if part is not None]
        yield from _joined(parts, posixpath.join, scope, depth)
    elif name in {"getenv", "get"} and call.args and _environment(call.func):
        yield from _of_environment(call.args[0])
    elif name in _AS_IT_IS:
        yield from _texts(call.args[0] if call.args else _owner(call), scope, depth)


def _of_subscript(node: ast.Subscript, scope: _Scope, depth: int) -> Iterator[str]:
    index = node.slice.value if isinstance(node.slice, ast.Constant) else None
    if dotted(node.value) in {"sys.argv", "argv"} and isinstance(index, int):
        yield from scope.arguments[index : index + 1] if index >= 0 else ()
    elif _environment(node.value):
        yield from _of_environment(node.slice)
    elif isinstance(node.value, ast.Attribute) and node.value.attr == "parents" and isinstance(index, int):
        for text in _texts(node.value.value, scope, depth):
            for _ in range(min(index, _MOST_PARTS) + 1):
                text = posixpath.dirname(text)
            yield text


def _environment(node: ast.expr) -> bool:
    return dotted(node) in {"os.environ", "environ", "os.getenv", "getenv", "os.environ.get", "environ.get"}


def _of_environment(key: ast.expr) -> Iterator[str]:
    if isinstance(key, ast.Constant) and isinstance(key.value, str):
        yield f"${{{key.value}}}"


def _joined(parts: Iterable[ast.expr], join: Callable[..., str], scope: _Scope, depth: int) -> Iterator[str]:
    known = [_texts(part, scope, depth) for part in itertools.islice(parts, _MOST_PARTS)]
    if known and all(known):
        yield from (join(*texts) for texts in itertools.product(*known))
