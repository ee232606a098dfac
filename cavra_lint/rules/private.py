"""Family 4, what is asked of every file: whether anything in it may be private. Only then is it looked at closely."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence

from cavra_lint.contract import Chain, Gate
from cavra_lint.diagnostics import Diagnostic
from cavra_lint.frozen import TYPE_CHECKING
from cavra_lint.sources.first_look import looks_private, may_be_json, may_be_unsafe
from cavra_lint.sources.skeleton import outline, outlines, same_key

if TYPE_CHECKING:
    from typing import Any, TypeAlias

    from cavra_lint.rules.exposed import Exposed
    from cavra_lint.sources.json_shapes import JsonDocument

#: The kind of a key that is forbidden and in no category.
FORBIDDEN = "forbidden_key"
#: What a reference is quoted by on a page, and how long such a one may be.
QUOTES = ('"', "'", "`")
LONGEST_REFERENCE = 300
#: A shorter number is no card's.
_LEAST_CARD = 10**13
_TEXTS_AT_A_TIME = 4096

#: The keys that the packets of a gate must not hold: by their outline, each with its category.
ForbiddenKeys: TypeAlias = "Mapping[str, tuple[tuple[str, str], ...]]"


def forbidden_keys(chain: Chain, gate: Gate) -> ForbiddenKeys:
    """Return the keys that no packet or result of a gate may hold."""
    return _forbidden_keys(tuple(chain.private_keys.items()), gate.forbidden_keys)


def match_of(forbidden: ForbiddenKeys, key: str) -> tuple[str, str] | None:
    """Return the category of a forbidden key and the key as it is forbidden; None for any other key."""
    alike = forbidden.get(outline(key))
    return next((known for known in alike if same_key(key, known[1])), None) if alike else None


def private_findings(chain: Chain, gate: Gate, exposed: Sequence[Exposed], check: str) -> Iterator[Diagnostic]:
    """Yield what is private and not allowed, as findings of a gate and one of its checks."""
    if not exposed:
        return

    from cavra_lint.rules import private_keys, private_values
    from cavra_lint.rules.exposed import is_allowed
    from cavra_lint.rules.rule import ask

    found = [one for one in exposed if not is_allowed(chain, one)]
    yield from ask((*private_keys.RULES, *private_values.RULES), found, chain, gate, check)


def in_document(chain: Chain, gate: Gate, document: JsonDocument) -> list[Exposed]:
    """Return what is private in a packet, result or index, what is allowed as well."""
    if document.value is None:
        return in_text(chain, document.path, document.text)
    forbidden = forbidden_keys(chain, gate)
    keys, texts = _held(document.value)
    matches = {key: match for key in keys if (match := match_of(forbidden, key)) is not None}
    doubtful = any(map(may_be_unsafe, texts)) or any(map(looks_private, _joined(keys, texts)))
    if not matches and not doubtful:
        return []

    from cavra_lint.rules.exposed import exposed_keys, exposed_values

    found = [*exposed_keys(document, matches), *(exposed_values(document, chain.ref_schemes) if doubtful else ())]
    return list(dict.fromkeys(found))


def in_text(chain: Chain, path: str, text: str, *, is_page: bool = False) -> list[Exposed]:
    """Return what is private in a page, a workflow, or anything that is read as it is; what is allowed as well."""
    if not looks_private(text, on_page=is_page) and not _may_quote_unsafe(chain, text):
        return []

    from cavra_lint.rules.exposed import exposed_in_text

    return list(exposed_in_text(chain, path, text, is_page=is_page))


def _may_quote_unsafe(chain: Chain, text: str) -> bool:
    """Tell at a first look whether a text may quote a reference with what no reference holds."""
    at = text.find("://")
    while at >= 0:
        if text.endswith(chain.ref_schemes, 0, at):
            rest = text[at : at + LONGEST_REFERENCE].partition("\n")[0]
            for quote in QUOTES:
                rest = rest.partition(quote)[0]
            if may_be_unsafe(rest):
                return True
        at = text.find("://", at + 3)
    return False


def _held(packet: dict[str, Any]) -> tuple[set[str], set[str]]:
    """Return every key and every text of a packet, at any depth, each once; a number that may be a card's as well.

    The keys of an object that stands in a string are keys too: to whoever reads the string they are.
    """
    keys: set[str] = set()
    texts: set[str] = set()
    seen: set[int] = set()
    waiting: list[Any] = [packet]
    # what is let go of leaves its number to something else
    read: list[object] = []
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            texts.add(value)
            if may_be_json(value) and (inner := _json_in(value)) is not None:
                read.append(inner)
                waiting.append(inner)
        elif isinstance(value, dict):
            if id(value) not in seen:
                seen.add(id(value))
                keys.update(value)
                waiting.extend(value.values())
        elif isinstance(value, list):
            if id(value) not in seen:
                seen.add(id(value))
                waiting.extend(value)
        elif (text := text_of(value)) is not None:
            texts.add(text)
    return keys, texts


def _json_in(text: str) -> object:
    from cavra_lint.sources.within import json_in

    return json_in(text)


def _joined(*texts: Iterable[str]) -> Iterator[str]:
    """Yield texts, so many of them at a time that a look at them is worth its while, and few enough for any memory."""
    waiting = itertools.chain(*texts)
    while some := tuple(itertools.islice(waiting, _TEXTS_AT_A_TIME)):
        yield "\n".join(some)


def text_of(value: object) -> str | None:
    """Return a text, or the digits of a number that is as long as a card's."""
    if isinstance(value, str):
        return value
    if isinstance(value, (int, float)) and abs(value) >= _LEAST_CARD and value == int(value):
        return str(abs(int(value)))
    return None


@functools.lru_cache(maxsize=64)
def _forbidden_keys(categories: tuple[tuple[str, tuple[str, ...]], ...], own: tuple[str, ...]) -> ForbiddenKeys:
    common = _of_categories(categories)
    listed = {key for _, keys in categories for key in keys}
    added = [key for key in own if key not in listed and match_of(common, key) is None]
    return _by_outline(((FORBIDDEN, tuple(added)),), common) if added else common


@functools.lru_cache(maxsize=8)
def _of_categories(categories: tuple[tuple[str, tuple[str, ...]], ...]) -> ForbiddenKeys:
    return _by_outline(categories, {})


def _by_outline(
    categories: Iterable[tuple[str, tuple[str, ...]]], known: Mapping[str, tuple[tuple[str, str], ...]]
) -> dict[str, tuple[tuple[str, str], ...]]:
    found = dict(known)
    for category, keys in categories:
        for shape, key in zip(outlines(keys), keys, strict=True):
            alike = found.get(shape)
            found[shape] = (*alike, (category, key)) if alike else ((category, key),)
    return found
