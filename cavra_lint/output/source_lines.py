"""The lines of the files that findings stand in."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from cavra_lint.late import re

_LINE_END = re.compile(r"\r\n|\r|\n")


def line_reader(source: Callable[[str], str | None]) -> Callable[[str, int], str | None]:
    """Return a function that gives a line of a file, counted from 1; None where there is none.

    Findings come sorted by path, so that the lines of one file at a time are enough to keep.
    """

    @lru_cache(maxsize=1)
    def lines(path: str) -> list[str]:
        text = source(path)
        return [] if text is None else _LINE_END.split(text)

    def line(path: str, number: int) -> str | None:
        found = lines(path)
        return found[number - 1] if 1 <= number <= len(found) else None

    return line
