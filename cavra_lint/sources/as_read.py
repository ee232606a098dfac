"""A text as whoever reads it sees it: escapes and entities decoded, letters of odd width plain, unseen ones gone."""

from __future__ import annotations

from functools import cache

from cavra_lint.frozen import TYPE_CHECKING, NamedTuple
from cavra_lint.late import re
from cavra_lint.sources.text import is_unseen

if TYPE_CHECKING:
    from typing import TypeAlias

#: What is written in a way that hides what is read, by the mark that each begins with. In a comment only what is short.
_DISGUISES = {
    "&": r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]\w{1,30});",
    "\\": r"\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|\r?\n[ \t]*|[!-/:-@\[-`{-~])",
    "%": r"(?:%[0-9A-Fa-f]{2})+",
    "<wbr": r"<wbr\s{0,9}/?>",
    "<!--": r"<!--[^>@\d]{0,40}-->",
}
#: What a page shows nothing of: the marks around what it emphasizes, shows as code or strikes out.
_EMPHASIS = {
    "*": r"\*{1,3}",
    "`": r"`{1,3}",
    "~~": r"~~",
    "<": r"</?(?i:a|abbr|b|big|code|em|font|i|ins|kbd|mark|s|small|span|strong|su[bp]|tt|u)(?:\s[^<>]{0,200})?>",
}
_LARGEST_CODE = 0x10FFFF


#: A text as it is read, and where it is written: from each of the starts on, so many characters further.
#: A plain tuple, since nothing else is needed of it in most runs.
Reading: TypeAlias = "tuple[str, tuple[int, ...], tuple[int, ...]]"


class Match(NamedTuple):
    """Where in a text as it is read a value stands."""

    start: int
    stop: int


def origin(reading: Reading, offset: int) -> int:
    """Return where a character of a text as it is read is written."""
    from bisect import bisect_right

    _, starts, shifts = reading
    return offset + shifts[bisect_right(starts, offset) - 1]


def as_read(text: str, *, on_page: bool = False) -> Reading:
    """Return a text as it is read; in most there is nothing to decode.

    Args:
        text: the text.
        on_page: whether it is Markdown, and read where its emphasis is no more than that.
    """
    disguises = {**_DISGUISES, **_EMPHASIS} if on_page else _DISGUISES
    # to look for one character is ten times as fast as for two
    marks = [mark for mark in disguises if mark[0] in text and mark in text]
    if not marks and text.isascii():
        return text, (0,), (0,)
    matches = [match for mark in marks for match in _pattern(disguises[mark]).finditer(text)]
    if not text.isascii():
        matches.extend(_pattern(r"[^\x00-\x7f]+").finditer(text))
    if not matches:
        return text, (0,), (0,)
    pieces: list[str] = []
    starts, shifts = [0], [0]
    written = length = 0
    for match in sorted(matches, key=re.Match.start):
        start, stop = match.span()
        read = _read(match[0])
        if start < written or read == match[0]:
            continue
        before = text[written:start]
        length += len(before) + len(read)
        pieces += (before, read)
        written = stop
        # an end that falls behind this piece is the end of what is written for it
        starts.append(length)
        shifts.append(stop - length)
    pieces.append(text[written:])
    return "".join(pieces), tuple(starts), tuple(shifts)


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _read(written: str) -> str:
    """Return what is read where this is written."""
    first = written[0]
    if first == "&":
        from html import unescape

        return _plain(unescape(written))
    if first == "\\":
        if written[1] in "xuU":
            code = int(written[2:], 16)
            return _plain(chr(code)) if code <= _LARGEST_CODE else written
        return "" if written[1] in "\r\n" else written[1]
    if first == "%":
        held = bytes.fromhex(written.replace("%", "")).decode("utf-8", "replace")
        return _plain("".join(char if char.isprintable() else " " for char in held))
    return "" if first in "<*`~" else _plain(written)


def _plain(text: str) -> str:
    """Return a text in letters of the usual width, in digits and hyphens of ASCII, and without what shows nothing."""
    if text.isascii():
        return text

    import unicodedata

    read: list[str] = []
    for char in unicodedata.normalize("NFKC", text):
        if char.isdecimal():
            read.append(str(unicodedata.decimal(char)))
        elif unicodedata.category(char) == "Pd":
            read.append("-")
        elif not is_unseen(char):
            read.append(char)
    return "".join(read)
