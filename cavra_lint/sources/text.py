"""Bytes to text, and places in a text."""

from __future__ import annotations

import functools
from collections.abc import Sequence

from cavra_lint.late import re

_LINE_END = r"\r\n|\r|\n"
#: Characters that take no room, beside those of Unicode's categories for that: joiners, and selectors of a form.
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0") | frozenset(
    map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
)


def decode(data: bytes) -> str | None:
    """Return the text of a UTF-8 file without its byte order mark; None where it is not UTF-8."""
    try:
        # the codec that takes a byte order mark away would have to be imported
        return data.removeprefix(b"\xef\xbb\xbf").decode()
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
    return "".join(char for char in text if char.isspace() or (char.isprintable() and not is_unseen(char))).strip()


def is_unseen(char: str) -> bool:
    """Tell whether a character shows nothing and takes no room, so that what stands around it is read as one."""
    import unicodedata

    return char in _UNSEEN or unicodedata.category(char) == "Cf"


def lines_in(text: str) -> int:
    """Return how many lines a text has; a line ends as editors end it."""
    return 1 + text.count("\n") + text.count("\r") - text.count("\r\n")


@functools.lru_cache(maxsize=4)
def _line_starts(text: str) -> Sequence[int]:
    return (0, *(match.end() for match in re.finditer(_LINE_END, text)))


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Return line and column, both from 1, of a character; a line ends as editors end it."""
    from bisect import bisect_right

    starts = _line_starts(text)
    line = bisect_right(starts, offset)
    return line, offset - starts[line - 1] + 1
