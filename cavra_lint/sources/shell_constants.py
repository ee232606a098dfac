"""Variables of a shell script that hold one and the same text, wherever a command names them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from cavra_lint.frozen import NamedTuple
from cavra_lint.late import re
from cavra_lint.sources.shell_names import spelt_out
from cavra_lint.sources.shell_reader import parse
from cavra_lint.sources.shell_syntax import Node, Simple, SimpleCommand, Test, Word, children
from cavra_lint.sources.shell_syntax import Sequence as Statements
from cavra_lint.sources.shell_writes import EVERY, written_by

#: What a shell hands on as it stands, with quotes around it or without.
_PLAIN = re.compile(r"[A-Za-z0-9_./:@%+,=-]{1,500}")
#: A command that a variable may hold, which the shell cuts into words where it stands for one.
_COMMAND = re.compile(r"[A-Za-z0-9_./:@%+,=-]+(?: [A-Za-z0-9_./:@%+,=-]+)+")
_NAMED = re.compile(r"\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})")
#: What may stand in a list, a variable as well, and where a list is handed on as a word each.
_PART = re.compile(r"[A-Za-z0-9_./:@%+,=${}-]{1,500}")
#: A place below the folder that a run begins in.
_ROOTED = re.compile(
    r"\$(?:(?:GITHUB_WORKSPACE|PWD)|\{(?:GITHUB_WORKSPACE|PWD)\}|\((?:pwd|git rev-parse --show-toplevel)\))"
    r"(?:/[A-Za-z0-9_./:@%+,=-]{0,500})?"
)
#: What is set to a longer text, or to one that names more variables, is not followed.
_LONGEST_VALUE, _MOST_NAMED = 500, 10
_EACH = re.compile(r"\$\{([A-Za-z_]\w*)\[@\]\}")
#: What is set where it holds nothing: `${P:=x}`.
_BY_CHANCE = re.compile(r"\{([A-Za-z_]\w*):?=")
_EXPORTED = re.compile(
    r"(?:export|readonly|(?:declare|typeset)(?:\s+-[rxg]+)*)\s+([A-Za-z_]\w*)=(\"?)([A-Za-z0-9_./:@%+,=${}-]{1,500})\2\s*"
)
#: A longer list is not read: a script may hand it on a thousand times.
_MOST_PARTS = 50
_ENDING = frozenset({"exit", "return", "exec"})


def with_constants(
    commands: Sequence[SimpleCommand], script: str, environment: Mapping[str, str]
) -> Iterator[SimpleCommand]:
    """Yield commands with the texts that their variables hold, as far as the script and its environment tell.

    A variable counts that the environment sets and no statement writes, or that the script sets once, on a line of
    its own before the command and not within anything else, to a text that may name those before it.
    One that stands for the command itself may hold all the words of it.

    Args:
        commands: the commands of the script.
        script: the script.
        environment: the variables that are set around it, and what they hold.
    """
    if not any("$" in text for command in commands for text in _texts(command)):
        yield from commands
        return
    held = {name: told for name, told in constants(script, environment, commands=True).items() if told[1]}
    for command in commands:
        known = _Before(held, command.line)
        words = [word for at, told in enumerate(command.told_words()) for word in _each(told, known, is_first=not at)]
        yield command._replace(
            words=tuple(word.text for word in words),
            literal=tuple(word.literal for word in words),
            written=tuple(_told(word, known) for word in command.written),
            read=command.read and _told(command.read, known),
            folder=command.folder and _told(Word(command.folder, False), known).text,
        )


def _texts(command: SimpleCommand) -> Iterator[str]:
    yield from command.words
    yield from (word.text for word in command.written)


class _Before(NamedTuple):
    """The variables that hold one text, each with the line that it is set on, as they are before a line."""

    held: Mapping[str, tuple[int, str]]
    line: int

    def text_of(self, name: str) -> str | None:
        line, text = self.held.get(name, (self.line, ""))
        return text if line < self.line and not (" " in text and _COMMAND.fullmatch(text)) else None

    def command_of(self, name: str) -> list[str]:
        line, text = self.held.get(name, (self.line, ""))
        return text.split(" ") if line < self.line and _COMMAND.fullmatch(text) else []


def _each(word: Word, known: _Before, *, is_first: bool) -> Iterator[Word]:
    """Yield the words that a word stands for: those of a list, those of a command that it begins, or itself."""
    named = _NAMED.fullmatch(word.text) if is_first and not word.literal else None
    if named and (command := known.command_of(named[1] or named[2])):
        yield from (Word(part, True) for part in command)
        return
    name = None if word.literal else _EACH.fullmatch(word.text)
    held = known.text_of(name[1]) if name else None
    parts = _parts_of(held or "")
    yield from (_told(Word(part, "$" not in part), known) for part in parts) if parts else (_told(word, known),)


def _parts_of(text: str) -> list[str]:
    """Return the words of a list of plain words and variables; none for what is no such list."""
    parts = text[1:-1].split() if text[:1] == "(" and text[-1:] == ")" else []
    return parts if len(parts) <= _MOST_PARTS and all(map(_PART.fullmatch, parts)) else []


def _told(word: Word, known: _Before) -> Word:
    if word.literal:
        return word
    text = spelt_out(word.text, known.text_of)
    return Word(text, _PLAIN.fullmatch(text) is not None)


def constants(script: str, environment: Mapping[str, str], *, commands: bool = False) -> Mapping[str, tuple[int, str]]:
    """Return the variables that hold one text, each with the line that it is set on, -1 for one of the environment.

    Args:
        script: the script.
        environment: the variables that are set around it; of these one may hold nothing.
        commands: whether those count as well that hold a command of many words.
    """
    top = parse(script).body
    writes = Counter(_writes(top))
    by_chance = set(_BY_CHANCE.findall(script))
    if EVERY in writes:
        return {}
    spaced = _COMMAND if commands else _PLAIN
    plain = (
        (name, text)
        for name, text in environment.items()
        if not text or _PLAIN.fullmatch(text) or (len(text) <= _LONGEST_VALUE and spaced.fullmatch(text))
    )
    held = {name: (-1, text) for name, text in plain if not writes[name] and name not in by_chance}
    for node, runs_beside in zip(top.items, top.background, strict=True):
        for name, (line, text) in () if runs_beside else _set_by(node, script):
            is_command = commands and len(text) <= _LONGEST_VALUE and _COMMAND.fullmatch(text)
            told = text if is_command else _value_of(text, _Before(held, line))
            if told and writes[name] == 1 and name not in by_chance:
                held[name] = (line, told)
    return held


def _value_of(text: str, known: _Before) -> str:
    """Return what a variable that is set to a text holds; nothing where that is not known, or is no plain text."""
    if len(text) > _LONGEST_VALUE:
        return ""
    if 0 < text.count("$") <= _MOST_NAMED and not text.startswith("("):
        text = spelt_out(text, known.text_of)
    return text if _PLAIN.fullmatch(text) or _ROOTED.fullmatch(text) or _parts_of(text) else ""


def _set_by(node: Node, script: str) -> Iterator[tuple[str, tuple[int, str]]]:
    if isinstance(node, Simple) and not node.words:
        # between single quotes, and behind a backslash, a dollar sign is one
        as_it_stands = "'" in node.text or "\\" in node.text
        told = ((name, text) for name, text in node.assignments if "$" not in text or not as_it_stands)
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
