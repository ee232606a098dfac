"""Where in a JSON file a thing stands, asked only where something is wrong: who reads the values keeps no places."""

from __future__ import annotations

import functools

from cavra_lint.frozen import NamedTuple
from cavra_lint.sources.json_shapes import Pointer, tokens_of

#: Of keys that stand twice, no more are told.
MAX_REPEATED = 1000


class _Node(NamedTuple):
    """Where a value begins, and its key if it has one, and the values in it by key or position."""

    offset: int
    key_offset: int | None
    inner: dict[str | int, _Node] | None


class Places(NamedTuple):
    """Where everything in a text stands, from its top, and where a key stands that its object has already."""

    top: _Node
    repeated: list[tuple[Pointer, int]]


@functools.lru_cache(maxsize=4)
def scan(text: str) -> Places:
    """Find every key and value of a text that the standard library has read as JSON."""
    import json

    top: dict[str | int, _Node] = {}
    repeated: list[tuple[Pointer, int]] = []
    # for each open container what is in it, and the key or position that is being read
    inners: list[dict[str | int, _Node]] = [top]
    here: list[str | int] = [0]
    key_offset: int | None = None
    expect_key = False
    for match in tokens_of(text):
        token, offset = match[0], match.start()
        if token in "]}":
            inners.pop()
            here.pop()
            expect_key = False
        elif token == ",":
            position = here[-1]
            expect_key = isinstance(position, str)
            if isinstance(position, int):
                here[-1] = position + 1
        elif expect_key:
            here[-1] = json.loads(token)
            if here[-1] in inners[-1] and len(repeated) <= MAX_REPEATED:
                repeated.append((tuple(here[1:]), offset))
            key_offset, expect_key = offset, False
        elif token != ":":
            inner: dict[str | int, _Node] | None = {} if token in "[{" else None
            inners[-1][here[-1]] = _Node(offset, key_offset, inner)
            key_offset = None
            if inner is not None:
                inners.append(inner)
                here.append(0 if token == "[" else "")
                expect_key = token == "{"
    return Places(top.get(0, _Node(0, None, None)), repeated)


def offset_of(text: str, pointer: Pointer, *, key: bool = False) -> int:
    """Return where a value begins, or its key.

    Args:
        text: a text that the standard library has read as JSON: another may nest without end.
        pointer: what to look for; where it is not there, the nearest thing above it that is.
        key: whether the place of the key is asked for, and not of the value behind it.
    """
    node = scan(text).top
    for step in pointer:
        inner = node.inner.get(step) if node.inner else None
        if inner is None:
            key = True
            break
        node = inner
    return node.key_offset if key and node.key_offset is not None else node.offset
