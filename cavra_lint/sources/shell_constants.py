"""Variables of a shell script that hold one and the same text, wherever a command names them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from cavra_lint.frozen import NamedTuple
from cavra_lint.sources.shell_reader import parse
from cavra_lint.sources.shell_syntax import Node, Simple, SimpleCommand, Test, Word, children
from cavra_lint.sources.shell_syntax import Sequence as Statements
from cavra_lint.sources.shell_writes import EVERY, written_by

_NAMED = re.compile(r"\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))")
#: What a shell hands on as it stands, with quotes around it or without.
_PLAIN = re.compile(r"[A-Za-z0-9_./:@%+,=-]{1,500}")
#: What may stand in a list, a variable as well, and where a list is handed on as a word each.
_PART = re.compile(r"[A-Za-z0-9_./:@%+,=${}-]{1,500}")
_EACH = re.compile(r"\$\{([A-Za-z_]\w*)\[@\]\}")
#: What is set where it holds nothing: `${P:=x}`.
_BY_CHANCE = re.compile(r"\{([A-Za-z_]\w*):?=")
_EXPORTED = re.compile(r"(?:export|readonly)\s+([A-Za-z_]\w*)=(\"?)([A-Za-z0-9_./:@%+,=-]{1,500})\2\s*")
#: A longer list is not read: a script may hand it on a thousand times.
_MOST_PARTS = 50
_ENDING = frozenset({"exit", "return", "exec"})


def with_constants(
    commands: Sequence[SimpleCommand], script: str, environment: Mapping[str, str]
) -> Iterator[SimpleCommand]:
    """Yields commands with the texts that their variables hold, as far as the script and its environment tell.

    A variable counts that the environment sets and no statement writes, or that the script sets once, on a line of
    its own before the command and not within anything else.

    Args:
        commands: the commands of the script.
        script: the script.
        environment: the variables that are set around it, and what they hold.
    """
    if not any("$" in text for command in commands for text in _texts(command)):
        yield from commands
        return
    held = {name: told for name, told in constants(script, environment) if told[1]}
    for command in commands:
        known = _Before(held, command.line)
        pairs = zip(command.words, command.literal, strict=True)
        words = [word for pair in pairs for word in _each(Word(*pair), known)]
        yield command._replace(
            words=tuple(word.text for word in words),
            literal=tuple(word.literal for word in words),
            written=tuple(_told(word, known) for word in command.written),
            folder=command.folder and _told(Word(command.folder, False), known).text,
        )


def _texts(command: SimpleCommand) -> Iterator[str]:
    yield from command.words
    yield from (word.text for word in command.written)


class _Before(NamedTuple):
    """The variables that hold one text, each with the line that it is set on, as they are before a line."""

    held: Mapping[str, tuple[int, str]]
    line: int

    def text_of(self, name: str, otherwise: str) -> str:
        line, text = self.held.get(name, (self.line, ""))
        return text if line < self.line else otherwise


def _each(word: Word, known: _Before) -> Iterator[Word]:
    """Yield the words that a word stands for: those of a list, or itself."""
    name = None if word.literal else _EACH.fullmatch(word.text)
    held = known.text_of(name[1], "") if name else ""
    parts = _parts_of(held)
    yield from (_told(Word(part, "$" not in part), known) for part in parts) if parts else (_told(word, known),)


def _parts_of(text: str) -> list[str]:
    """Return the words of a list of plain words and variables; none for what is no such list."""
    parts = text[1:-1].split() if text[:1] == "(" and text[-1:] == ")" else []
    return parts if len(parts) <= _MOST_PARTS and all(map(_PART.fullmatch, parts)) else []


def _told(word: Word, known: _Before) -> Word:
    if word.literal:
        return word
    text = _NAMED.sub(lambda name: known.text_of(name[1] or name[2], name[0]), word.text)
    return Word(text, _PLAIN.fullmatch(text) is not None)


def constants(script: str, environment: Mapping[str, str]) -> Iterator[tuple[str, tuple[int, str]]]:
    """Yields each variable that holds one text, with the line that it is set on, -1 for one of the environment."""
    top = parse(script).body
    told = {name: (-1, text) for name, text in environment.items() if not text or _PLAIN.fullmatch(text)}
    for node, runs_beside in zip(top.items, top.background, strict=True):
        told.update(() if runs_beside else _set_by(node, script))
    writes = Counter(_writes(top))
    by_chance = set(_BY_CHANCE.findall(script))
    for name, (line, text) in told.items():
        if EVERY not in writes and writes[name] == (0 if line < 0 else 1) and name not in by_chance:
            yield name, (line, text)


def _set_by(node: Node, script: str) -> Iterator[tuple[str, tuple[int, str]]]:
    if isinstance(node, Simple) and not node.words:
        told = ((name, text) for name, text in node.assignments if _PLAIN.fullmatch(text) or _parts_of(text))
        yield from ((name, (node.line, text)) for name, text in told)
    elif isinstance(node, Test) and (exported := _EXPORTED.fullmatch(node.text)):
        yield exported[1], (script.count("\n", 0, script.rfind(node.text)), exported[3])


def _writes(body: Statements) -> Iterator[str]:
    """Yield the name of each variable that a statement writes, as often as one does."""
    stack: list[Node | Statements] = [body]
    while stack:
        node = stack.pop()
        # what ends the script writes nothing that is still asked for
        ends = isinstance(node, Simple) and node.words and node.words[0].text in _ENDING
        yield from (name for name, _ in written_by(node) if not (ends and name == EVERY))
        if isinstance(node, Simple) and node.words:
            # some shells keep what stands before some builtins
            yield from (name for name, _ in node.assignments)
            if node.words[0].text == "trap" and any(word.text.upper() == "DEBUG" for word in node.words):
                # what runs before each command may write anything
                yield EVERY
        stack += children(node)
