"""Which variables a statement of a script may write, so that what they held is known no more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cavra_lint.frozen import TYPE_CHECKING
from cavra_lint.late import re
from cavra_lint.sources.shell_options import behind_wrappers
from cavra_lint.sources.shell_syntax import AndOr, Function, Group, Loop, Node, Sequence, Simple, Test, children

if TYPE_CHECKING:
    from typing import TypeAlias

Written: TypeAlias = "Mapping[str, str | None]"
"""The variables that are written, each with the one kind of value that is written to it; None for any other."""
Writes: TypeAlias = "dict[int, Written]"
"""What statements may write, by their identity."""

NUMBER, MORE, TEXT, LIST = "", "+", "[]", "()"
"""The status of a failure, one more than there was, a text and a list that are not empty."""

EVERY = "*"
"""In place of a name: any variable may be written."""

_BARE = r"(?<![\w$])(?<!\$\{)([A-Za-z_]\w*)"
#: What writes in arithmetic, but for what only makes more of a number: `rc++`, `rc += 1`, `rc |= 1`.
_ARITHMETIC = (
    rf"--\s*([A-Za-z_]\w*)|{_BARE}(?:\[[^\]]{{0,40}}\])?\s*(?:--|(?!(?:\+|\|)=\s*[1-9])(?:[-+*/%&|^]|<<|>>)?=(?!=))"
)
_COUNTED = rf"\+\+\s*([A-Za-z_]\w*)|{_BARE}\s*(?:\+\+|(?:\+|\|)=\s*[1-9])"
#: One more than a variable holds: `$((rc + 1))`.
_MORE = r"\$\(\(\s*\$?([A-Za-z_]\w*)\s*[+|]\s*(?:[1-9][0-9]?|\$\?)\s*\)\)"
_WORD = r"[A-Za-z][\w-]*"
#: Builtins that write variables whose names they are given.
_WRITERS = frozenset({"read", "mapfile", "readarray", "getopts", "let", "printf", "wait", "unset", "export"})
_RUNS_TEXT = frozenset({"eval", ".", "source"})
_LEAVING = frozenset({"exit", "return", "exec"})
_TESTS = ("[", "test")


def is_failure(value: str) -> bool:
    """Tell whether a script writes down a failure in its own words, as `failed=1`."""
    return value.isascii() and value.isdigit() and int(value[-9:]) % 256 != 0


def kind_of(name: str, value: str) -> str | None:
    """Return the kind of value that an assignment writes: a word as `=no`, or one of those below; None for another."""
    if is_failure(value) and not name.endswith("+"):
        return NUMBER
    if counts_on(name, value):
        return MORE
    kept = re.match(rf"\$(?:\{{{name_of(name)}\}}|{name_of(name)}\b)", value)
    if name.endswith("+") or kept:
        added = re.search(r"[A-Za-z]", re.sub(r"\$[({]?\w*", "", value)) is not None
        if value.startswith("("):
            return LIST if added else None
        return TEXT if added else None
    return f"={value}" if value.isascii() and re.fullmatch(_WORD, value) else None


def counts_on(name: str, value: str) -> bool:
    """Tell whether an assignment makes more of a number: `rc=$((rc + 1))`."""
    match = re.fullmatch(_MORE, value)
    return match is not None and match[1] == name


def written(node: Node | Sequence, functions: Mapping[str, Function], known: Writes) -> Written:
    """Return the variables that a statement may write, and `EVERY` where that can be any.

    Args:
        node: the statement.
        functions: those that the script defines.
        known: what was found out before, by the identity of the statement.
    """
    if id(node) in known:
        return known[id(node)]
    found: dict[str, str | None] = {}
    called: set[str] = set()
    stack: list[Node | Sequence] = [node]
    while stack:
        one = stack.pop()
        for name, kind in written_by(one):
            found[name] = kind if found.get(name, kind) == kind else None
        stack += _within(one)
        call = one.words[0].text if isinstance(one, Simple) and one.words else ""
        if call in functions and call not in called:
            called.add(call)
            stack.append(functions[call].body)
    known[id(node)] = found
    return found


def without(saved: frozenset[str], names: Written) -> frozenset[str]:
    """Return what is still known of variables where these may have been written."""
    if not saved or not names:
        return saved
    return frozenset() if EVERY in names else frozenset(one for one in saved if _holds(one, names))


def _holds(one: str, names: Written) -> bool:
    name = name_of(one)
    if name not in names:
        return True
    kind = names[name]
    # what is a failure, a word or a text stays one where another of its kind is written
    if one == f"{name}{TEXT}":
        return kind is not None and kind not in {MORE, LIST}
    return kind is not None and one == f"{name}{'' if kind == MORE else kind}"


def name_of(variable: str) -> str:
    """Return the name of a variable, without what stands behind it: `rc[0]`, `rc+`, `rc=no`."""
    match = re.match(r"\w+", variable)
    return match[0] if match else variable


def _within(node: Node | Sequence) -> tuple[Node | Sequence, ...]:
    if isinstance(node, (Simple, Test, Function)) or (isinstance(node, Group) and node.subshell):
        # a process of its own writes its own variables, and what a function does is done where it is called
        return ()
    if isinstance(node, AndOr):
        pairs = zip(node.items[1:], node.operators, strict=True)
        kept = (item for item, operator in pairs if not (operator == "||" and _keeps_failure(item)))
        return (node.items[0], *kept)
    return children(node)


def _keeps_failure(node: Node) -> bool:
    """Tell whether a statement does no more than to write down the status of what failed before it, or end with it."""
    if not isinstance(node, Simple):
        return False
    if node.words:
        return tuple(word.text for word in node.words) in {("exit",), ("exit", "$?")}
    return bool(node.assignments) and all(value in {"$?", "${?}"} for _, value in node.assignments)


def written_by(node: Node | Sequence) -> Iterator[tuple[str, str | None]]:
    """Yield what a statement itself writes, without those within it, and the kind of value."""
    if isinstance(node, AndOr):
        for item in filter(_keeps_failure, node.items[1:]):
            if isinstance(item, Simple):
                yield from ((name_of(name), NUMBER) for name, _ in item.assignments)
    if isinstance(node, Loop):
        yield from ((name, None) for name in re.findall(_BARE, node.head))
    if not isinstance(node, (Simple, Test)):
        return
    if "((" in node.text:
        text = node.text[node.text.index("((") :]
        yield from ((one or other, None) for one, other in re.findall(_ARITHMETIC, text))
        yield from ((one or other, MORE) for one, other in re.findall(_COUNTED, text))
    if isinstance(node, Test):
        if not node.text.startswith(("((", *_TESTS)):
            # `declare`, `local`, `unset` and their kin
            yield from ((name, None) for name in re.findall(_BARE, node.text))
        return
    if not node.words:
        for name, value in node.assignments:
            yield name_of(name), kind_of(name, value)
        return
    name, *arguments = behind_wrappers([word.text for word in node.words])
    if name in _RUNS_TEXT or (name in _LEAVING and not any(map(is_failure, arguments[:1]))):
        # what ends well here comes to what is kept no more
        yield EVERY, None
    elif name in _WRITERS and (name != "printf" or arguments[:1] == ["-v"]):
        yield from ((match, None) for argument in arguments for match in re.findall(_BARE, argument))
