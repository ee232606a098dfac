"""Bytes to text, and places in a text."""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from collections.abc import Sequence

_LINE_END = r"\r\n|\r|\n"
#: Letters and signs that are drawn as nothing.
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def decode(data: bytes) -> str | None:
    """Return the text of a UTF-8 file without its byte order mark; None where it is not UTF-8."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def undecodable_line(data: bytes) -> int:
    """Return the line, from 1, of the first byte that is not UTF-8."""
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # the codec counts from behind the byte order mark
        return lines_in(error.object[: error.start].decode("latin-1"))
    return 1


def seen(text: str) -> str:
    """Return a text without white space around it, and without the characters that show nothing."""
    if text.isascii() and text.isprintable():
        return text.strip()

    import unicodedata

    shown = (char for char in text if char not in _BLANK)
    return "".join(char for char in shown if char.isspace() or unicodedata.category(char) not in ("Cc", "Cf")).strip()


def lines_in(text: str) -> int:
    """Return how many lines a text has; a line ends as editors end it."""
    return 1 + text.count("\n") + text.count("\r") - text.count("\r\n")


@functools.lru_cache(maxsize=4)
def _line_starts(text: str) -> Sequence[int]:
    return (0, *(match.end() for match in re.finditer(_LINE_END, text)))


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Return line and column, both from 1, of a character; a line ends as editors end it."""
    starts = _line_starts(text)
    line = bisect_right(starts, offset)
    return line, offset - starts[line - 1] + 1
