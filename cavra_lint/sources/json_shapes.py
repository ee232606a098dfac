"""What a JSON file is once read, and what keeps one from being read."""

from __future__ import annotations

import functools

from cavra_lint.diagnostics import Place
from cavra_lint.frozen import TYPE_CHECKING, NamedTuple
from cavra_lint.late import re

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, Literal, TypeAlias

Pointer: TypeAlias = "tuple[str | int, ...]"
"""Where in a packet: the keys and list positions that lead there from the top."""


class JsonProblem(NamedTuple):
    """Something that keeps a file from being the JSON that it should be."""

    kind: Literal["not-utf8", "invalid-json", "duplicate-key", "not-an-object"]
    place: Place
    message: str


class JsonDocument(NamedTuple):
    """A packet, result or index as it was read.

    `value` is the object that the file holds, and None where it cannot be trusted to hold one:
    then `problems` say why. `text` is empty for a packet that came from no file.
    """

    path: str
    text: str
    value: dict[str, Any] | None
    problems: tuple[JsonProblem, ...] = ()


def tokens_of(text: str) -> Iterator[re.Match[str]]:
    """Yield the tokens of a text of JSON: strings (where one never ends, the rest), brackets, commas, bare words."""
    return _token().finditer(text)


@functools.cache
def _token() -> re.Pattern[str]:
    return re.compile(r'"[^"\\]*(?:\\[\s\S][^"\\]*)*(?:"|\\?\Z)|[\[\]{},:]|[^\s\[\]{},:"]+')
