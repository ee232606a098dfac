"""The few shapes that decide whether a command of a shell script runs and whether its failure
counts."""

from __future__ import annotations

from collections.abc import Iterable

from cavra_lint.frozen import TYPE_CHECKING, NamedTuple
from cavra_lint.late import re

if TYPE_CHECKING:
    from typing import TypeAlias

_SNIPPET = 40
_SPACE = re.compile(r"\s+")


class Word(NamedTuple):
    """One word of a command: its text without quotes, and whether the shell takes it as it is."""

    text: str
    literal: bool


class Simple(NamedTuple):
    """A command with its words, or assignments alone (then `words` is empty).

    `written` are the files that it writes, `handed` is the text of a here-document that it reads, `read` the file.
    """

    offset: int
    line: int
    text: str
    words: tuple[Word, ...]
    assignments: tuple[tuple[str, str], ...]
    substitutions: tuple[Sequence, ...]
    written: tuple[Word, ...] = ()
    handed: str | None = None
    read: Word | None = None


class SimpleCommand(NamedTuple):
    """One command of a script.

    Attributes:
        words: the command and its arguments without quotes, leading `NAME=value` left out.
        literal: for each word, whether the shell takes it as it is (no `$X`, `${{ … }}`, glob).
        line: the line of the script it starts on, from 0.
        masked: why the script does not fail where this command fails; None where it does.
        unreached: why the command never runs; None where it can run.
        written: the files that its output goes to.
        folder: the folder it runs in, from that of the script; None where that is not known.
        turn: how many commands were met before it, as the script runs and not as it stands there.
        handed: the text of a here-document that it reads, None for none.
        read: the file that it reads as its input, None for none.
        judged_by: the command at the end of its pipe that reads its output, where the script fails if that does.
    """

    words: tuple[str, ...]
    literal: tuple[bool, ...]
    line: int
    masked: str | None
    unreached: str | None
    written: tuple[Word, ...]
    folder: str | None
    turn: int
    handed: str | None = None
    read: Word | None = None
    judged_by: tuple[str, ...] = ()

    def told_words(self) -> list[Word]:
        """Return the words, each with whether the shell takes it as it is."""
        return [Word(*pair) for pair in zip(self.words, self.literal, strict=True)]


class Test(NamedTuple):
    """`[ … ]`, `[[ … ]]`, `(( … ))` and declarations: a status, but no command of interest."""

    text: str
    substitutions: tuple[Sequence, ...]


class Sequence:
    """Statements one after the other; `background` tells which of them end in `&`.

    A plain class, like the two below: were all shapes tuples within tuples, mypy would unfold
    them without end.
    """

    __slots__ = ("background", "items")

    def __init__(self, items: Iterable[Node], background: Iterable[bool]) -> None:
        self.items: tuple[Node, ...] = tuple(items)
        self.background: tuple[bool, ...] = tuple(background)


class AndOr:
    """`a && b || c`: one operator between each two items."""

    __slots__ = ("items", "operators")

    def __init__(self, items: Iterable[Node], operators: Iterable[str]) -> None:
        self.items: tuple[Node, ...] = tuple(items)
        self.operators: tuple[str, ...] = tuple(operators)


class Pipeline:
    """`a | b`, or a single command that is negated."""

    __slots__ = ("items", "negated")

    def __init__(self, items: Iterable[Node], *, negated: bool) -> None:
        self.items: tuple[Node, ...] = tuple(items)
        self.negated = negated


class Group(NamedTuple):
    """`{ …; }`, or `( … )` where `subshell` holds."""

    body: Sequence
    subshell: bool


class If(NamedTuple):
    """Conditions with their bodies, and the `else` body."""

    branches: tuple[tuple[Sequence, Sequence], ...]
    otherwise: Sequence | None


class Loop(NamedTuple):
    """`for`, `select`, `while`, `until`; only the last two have a condition.

    `entered` tells of the words of a `for` whether there are any; None where only a run can tell. `head` is
    what stands before the body of one.
    """

    keyword: str
    head: str
    condition: Sequence
    body: Sequence
    substitutions: tuple[Sequence, ...]
    entered: bool | None


class Case(NamedTuple):
    """The bodies of a `case`; `taken` tells whether their patterns are met, None where only a run can tell."""

    bodies: tuple[Sequence, ...]
    taken: tuple[bool | None, ...]
    substitutions: tuple[Sequence, ...]


class Function(NamedTuple):
    """A function's definition."""

    offset: int
    name: str
    body: Sequence


Node: TypeAlias = "Simple | Test | AndOr | Pipeline | Group | If | Loop | Case | Function"


class Script(NamedTuple):
    """A whole script. Statements from index `broken_at` on cannot be trusted (None: all can)."""

    body: Sequence
    broken_at: int | None
    broken_line: int


def source(node: Node) -> str:
    """Return the start of a statement as it stands in the script."""
    if isinstance(node, (Simple, Test)):
        return node.text
    if isinstance(node, AndOr):
        return f"{source(node.items[0])} {node.operators[0]} {source(node.items[1])}"
    if isinstance(node, Pipeline):
        return ("! " if node.negated else "") + " | ".join(map(source, node.items[:2]))
    if isinstance(node, Group):
        inside = "; ".join(map(source, node.body.items[:2]))
        return f"({inside})" if node.subshell else f"{{ {inside}; }}"
    if isinstance(node, Loop):
        return f"{node.keyword} …"
    if isinstance(node, Function):
        return f"{node.name}()"
    return "if …" if isinstance(node, If) else "case …"


def snippet(text: str) -> str:
    """Return a text on one line and short enough to be quoted in a message."""
    text = _SPACE.sub(" ", text[: 4 * _SNIPPET]).strip()
    return text if len(text) <= _SNIPPET else f"{text[: _SNIPPET - 1]}…"


def snippet_beside(text: str, expected: str) -> str:
    """Return a text short enough to be quoted beside the expected one: cut to where the two begin to differ."""
    same = next((at for at, (one, other) in enumerate(zip(text, expected, strict=False)) if one != other), len(text))
    start = min(same - _SNIPPET // 4, len(text) - _SNIPPET + 1)
    return snippet(text) if start <= 0 or same < _SNIPPET // 2 else f"…{snippet(text[start:])}"


def writing(node: Node, written: tuple[Word, ...]) -> Node:
    """Return a statement that writes files: what one of many commands writes counts as written by its last."""
    if isinstance(node, Simple):
        return node._replace(written=(*node.written, *written))
    if isinstance(node, AndOr):
        return AndOr((*node.items[:-1], writing(node.items[-1], written)), node.operators)
    if isinstance(node, Pipeline):
        return Pipeline((*node.items[:-1], writing(node.items[-1], written)), negated=node.negated)
    if isinstance(node, (Group, Loop)) and node.body.items:
        *items, last = node.body.items
        body = Sequence((*items, writing(last, written)), node.body.background)
        return node._replace(body=body)
    return node


def listed(items: list[Node], operators: list[str]) -> Node:
    """Return a list of statements with these operators between them."""
    # && and || bind alike: a list within a list, outside of any group, is one list.
    flat: list[Node] = []
    between: list[str] = []
    for item, operator in zip(items, [*operators, ""], strict=True):
        inner = item if isinstance(item, AndOr) else AndOr((item,), ())
        flat += inner.items
        between += [*inner.operators, operator]
    return AndOr(flat, between[:-1])


def piped(items: list[Node]) -> Node:
    """Return the statements that are piped into each other."""
    # Beside a here-document the tree hangs a list into a pipeline; a pipe binds tighter.
    first, last = items[0], items[-1]
    if isinstance(first, AndOr) and len(items) > 1:
        tail = piped([first.items[-1], *items[1:]])
        return listed([*first.items[:-1], tail], [*first.operators])
    if isinstance(last, AndOr):
        head = piped([*items[:-1], last.items[0]])
        return listed([head, *last.items[1:]], [*last.operators])
    flat: list[Node] = []
    is_negated = False
    for position, item in enumerate(items):
        if isinstance(item, Pipeline):
            # `! a | b` negates the whole pipeline, though the tree has it on `a` alone.
            is_negated = is_negated or (item.negated and position == 0)
            flat += item.items
        else:
            flat.append(item)
    return Pipeline(flat, negated=is_negated)


def negated(item: Node) -> Node:
    """Return a statement behind `!`."""
    if isinstance(item, AndOr):
        return listed([negated(item.items[0]), *item.items[1:]], [*item.operators])
    if isinstance(item, Pipeline):
        return Pipeline(item.items, negated=not item.negated)
    return Pipeline((item,), negated=True)


def children(node: Node | Sequence) -> tuple[Node | Sequence, ...]:
    """Return what a statement is made of."""
    if isinstance(node, Sequence):
        return node.items
    if isinstance(node, (Simple, Test)):
        return node.substitutions
    if isinstance(node, (AndOr, Pipeline)):
        return node.items
    if isinstance(node, (Group, Function)):
        return (node.body,)
    if isinstance(node, If):
        bodies = tuple(body for branch in node.branches for body in branch)
        return bodies if node.otherwise is None else (*bodies, node.otherwise)
    if isinstance(node, Loop):
        return (node.condition, node.body, *node.substitutions)
    return (*node.bodies, *node.substitutions)


def names_any(body: Sequence, names: set[str]) -> bool:
    """Tell whether any command below a sequence has one of these names."""
    stack: list[Node | Sequence] = [body]
    while stack:
        node = stack.pop()
        if isinstance(node, Simple) and any(word.text in names for word in node.words):
            return True
        stack += children(node)
    return False


def reading(node: Node, handed: str | None, read: Word | None) -> Node:
    """Return a statement whose last command reads a text or a file: `a | b < file` stands as `(a | b) < file`."""
    if isinstance(node, Simple):
        return node._replace(handed=node.handed if handed is None else handed, read=read or node.read)
    if isinstance(node, (AndOr, Pipeline)):
        node.items = (*node.items[:-1], reading(node.items[-1], handed, read))
    return node


def last_of_pipe(node: Pipeline) -> tuple[str, ...]:
    """Return the words of the command at the end of a pipe; none where that does not read what the first one says."""
    *before, last = node.items
    if not isinstance(last, Simple) or last.handed is not None or last.read is not None:
        return ()
    # `tee` hands on all that it reads
    between = [one.words[0].text if isinstance(one, Simple) and one.words else "" for one in before[1:]]
    is_told = set(between) <= {"tee"} and all(word.literal for word in last.words)
    return tuple(word.text for word in last.words) if is_told else ()
