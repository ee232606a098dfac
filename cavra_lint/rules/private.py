"""Family 4: private material."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator

from cavra_lint.rules.packet import Packet
from cavra_lint.rules.rule import Finding, rule, rules_of
from cavra_lint.sources.json_document import json_path, keys_of, place_of

# between a small letter or digit and a capital, and before the last capital of a run of them
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NOT_A_WORD = re.compile(r"[^a-z0-9]+")


@rule("CAVRA401", "forbidden-key")
def forbidden_key(packet: Packet) -> Iterator[Finding]:
    """A packet, result or index holds a key for private material.

    Check kind `no_private_material`. The index and the packets below it are public. A key that is forbidden, by the
    chain or by the gate, is one at any depth and whatever its value is: a place for private material will be filled
    one day. Keys are compared as words: letter case, camelCase, separators and the plural make no difference. Whole
    keys count, not parts of them: `commercial_terms_excluded` is no finding.

    Fails: `"customerName": null`.

    Passes: `"customer_profile_ref": "evidence://customer/redacted"`.

    To put it right, take the key out, keep its value where only those may read it who have to, and refer to it.
    The value is never shown.
    """
    forbidden = {as_words(key): key for key in packet.gate.forbidden_keys}
    for pointer, key in keys_of(packet.value):
        match = forbidden.get(as_words(key))
        if match is not None:
            place = place_of(packet.document, pointer, key=True)
            yield Finding(place, f"{json_path(pointer)} is a forbidden key (`{match}`), expected no such key")


@functools.lru_cache(maxsize=4096)
def as_words(key: str) -> str:
    """Return a key in the form in which keys are compared: its words in lower case and singular, joined."""
    plain = unicodedata.normalize("NFKC", key)
    words = _NOT_A_WORD.split(_HUMP.sub("_", plain).lower())
    return "".join(_singular(word) for word in words)


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


RULES = rules_of(globals())
