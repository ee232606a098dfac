"""How far a long run is, on a terminal: gone when the run ends, and never where no one watches."""

from __future__ import annotations

from time import monotonic

from cavra_lint.console import obeys_escapes
from cavra_lint.frozen import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TextIO

#: To the beginning of the line, and what stands there erased.
_ERASE = "\r\x1b[K"


class Progress:
    """A line on a terminal that says how many gates are done, of how many; it is to be used with `with`."""

    def __init__(self, stream: TextIO, *, after: float = 1.0, every: float = 0.1) -> None:
        """Watch a run that begins now.

        Args:
            stream: where the line is shown, if that is a terminal that can erase it.
            after: the seconds before which nothing is shown, since a short run needs no line.
            every: the seconds between one line and the next.
        """
        self._stream = stream
        self._every = every
        self._next = monotonic() + after
        self._is_watched = obeys_escapes(stream)
        self._is_shown = False

    def __enter__(self) -> Progress:
        """Return the progress, to be called with what is done."""
        return self

    def __call__(self, done: int, total: int) -> None:
        """Say that so many gates are done, of so many."""
        if not self._is_watched or monotonic() < self._next:
            return
        self._next = monotonic() + self._every
        self._is_shown = True
        self._write(f"{_ERASE}{done} of {total} gates done")

    def __exit__(self, *_: object) -> None:
        """Erase the line, however the run ended."""
        if self._is_shown:
            self._write(_ERASE)

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()
