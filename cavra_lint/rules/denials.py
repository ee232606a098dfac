"""What a document says of its gate beside what it has to say: `"ready": false` below a ready key that is true."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping

from cavra_lint.contract import Chain
from cavra_lint.frozen import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

_FLAGS = frozenset({"ready", "sanitized"})
_COUNTS = frozenset({"blocker_count", "warning_count"})
#: Words of a verdict, and of a packet, that no gate that is ready has under these keys.
_WORDS: Mapping[str, tuple[str, ...]] = {"status": ("blocked", "ready_with_warnings"), "evidence_mode": ("sample",)}


def denials(value: Mapping[str, Any], chain: Chain, asked: Container[str]) -> Iterator[tuple[str, str]]:
    """Yield each key under which an object says that a gate is not ready, and what it says there.

    Readers look for the words of a verdict wherever they stand, and in capitals as well.

    Args:
        value: the object.
        chain: the chain, whose ready keys say it as well.
        asked: the keys that are asked for by themselves.
    """
    for key, said in value.items():
        if key in asked or not (said is False or said.__class__ in _SAYING):
            continue
        word = key.lower()
        if said is False:
            if word in _FLAGS or key in chain.ready_positions or word in chain.ready_positions:
                yield key, "false"
        elif isinstance(said, str):
            if said.lower() in _WORDS.get(word, ()):
                yield key, f"`{said.lower()}`"
        elif said and word in _COUNTS:
            yield key, str(said)


_SAYING = frozenset({str, int})
