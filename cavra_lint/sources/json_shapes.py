"""What a JSON file is once read, and what keeps one from being read."""

from __future__ import annotations

from cavra_lint.diagnostics import Place
from cavra_lint.frozen import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
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
