"""Where in a TOML file a thing stands, asked only where something is wrong: the parser of the values keeps no places.

The text has been read by a parser already, so that this only has to find the keys and entries of valid TOML.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cavra_lint.frozen import TYPE_CHECKING
from cavra_lint.late import re
from cavra_lint.sources.text import line_and_column

if TYPE_CHECKING:
    from typing import TypeAlias

Pointer: TypeAlias = "tuple[str | int, ...]"

# a string of several lines ends at the first three quotes, to which up to two of its own may be joined
_TOKEN = r"""
    (?P<skip>[ \t]+|\#[^\n]*)
  | (?P<end>\r?\n)
  | (?P<long>\"\"\"(?:\\.|[^\\])*?\"{3,5}|'''.*?'{3,5})
  | (?P<text>"(?:\\.|[^"\\\n])*"|'[^'\n]*')
  | (?P<mark>[\[\]{}=,.])
  | (?P<word>[^\s\#"'\[\]{}=,.]+)
  | (?P<other>.)
"""


def place_in_toml(text: str, pointer: Sequence[str | int]) -> tuple[int, int]:
    """Return line and column, from 1, of a key or entry of a TOML text, or of the nearest thing around it.

    Args:
        text: valid TOML, without a byte order mark.
        pointer: the keys that lead there; the entries of a list by their number, from 0.
    """
    wanted = tuple(pointer)
    best, offset = 0, 0
    for found, start in _places(text):
        if len(found) > best and wanted[: len(found)] == found:
            best, offset = len(found), start
            if best == len(wanted):
                break
    return line_and_column(text, offset)


class _Tokens:
    """The tokens of a TOML text, and the one that is looked at."""

    def __init__(self, text: str) -> None:
        found = re.compile(_TOKEN, re.VERBOSE | re.DOTALL).finditer(text)
        self._matches = (match for match in found if match.lastgroup != "skip")
        self.at: re.Match[str] | None = None
        self.next()

    def next(self) -> re.Match[str] | None:
        before, self.at = self.at, next(self._matches, None)
        return before

    @property
    def is_end(self) -> bool:
        return self.at is None or self.at.lastgroup == "end"

    def takes(self, mark: str) -> bool:
        if self.at is not None and self.at[0] == mark and self.at.lastgroup == "mark":
            self.next()
            return True
        return False

    def skip_ends(self) -> None:
        while self.at is not None and self.at.lastgroup == "end":
            self.next()


def _places(text: str) -> Iterator[tuple[Pointer, int]]:
    """Yield each table, key and entry, in the order of the text, with the character at which it begins."""
    tokens = _Tokens(text)
    table: Pointer = ()
    lengths: dict[Pointer, int] = {}
    while tokens.at is not None:
        if tokens.is_end:
            tokens.next()
            continue
        start = tokens.at.start()
        if tokens.takes("["):
            is_entry = tokens.takes("[")
            table = ()
            for key in _keys(tokens):
                table = _last_of(lengths, table)
                table = (*table, key)
            if is_entry:
                lengths[table] = lengths.get(table, 0) + 1
                yield table, start
            table = _last_of(lengths, table)
            yield table, start
            while not tokens.is_end:
                tokens.next()
        else:
            yield from _pair(tokens, table)


def _last_of(lengths: dict[Pointer, int], table: Pointer) -> Pointer:
    """Return the entry of a list of tables that a header means: the last one so far."""
    return (*table, lengths[table] - 1) if table in lengths else table


def _keys(tokens: _Tokens) -> list[str]:
    keys: list[str] = []
    while tokens.at is not None and tokens.at.lastgroup in ("word", "text"):
        token = tokens.at[0]
        tokens.next()
        keys.append(_unquoted(token) if token[0] in "\"'" else token)
        if not tokens.takes("."):
            break
    return keys


def _unquoted(token: str) -> str:
    import tomli

    value: str = tomli.loads(f"key = {token}")["key"]
    return value


def _pair(tokens: _Tokens, table: Pointer) -> Iterator[tuple[Pointer, int]]:
    start = tokens.at.start() if tokens.at is not None else 0
    keys = _keys(tokens)
    for number in range(1, len(keys) + 1):
        yield (*table, *keys[:number]), start
    if not keys or not tokens.takes("="):
        tokens.next()
        return
    yield from _value(tokens, (*table, *keys))


def _value(tokens: _Tokens, pointer: Pointer) -> Iterator[tuple[Pointer, int]]:
    if tokens.takes("["):
        yield from _entries(tokens, pointer)
    elif tokens.takes("{"):
        tokens.skip_ends()
        while tokens.at is not None and not tokens.takes("}"):
            yield from _pair(tokens, pointer)
            tokens.skip_ends()
            tokens.takes(",")
            tokens.skip_ends()
    else:
        # a number or a date may be several tokens
        while not tokens.is_end and tokens.at is not None and tokens.at[0] not in (",", "]", "}"):
            tokens.next()


def _entries(tokens: _Tokens, pointer: Pointer) -> Iterator[tuple[Pointer, int]]:
    number = 0
    tokens.skip_ends()
    while tokens.at is not None and not tokens.takes("]"):
        yield (*pointer, number), tokens.at.start()
        before = tokens.at
        yield from _value(tokens, (*pointer, number))
        tokens.skip_ends()
        tokens.takes(",")
        tokens.skip_ends()
        number += 1
        if tokens.at is before:
            tokens.next()
