"""Family 4, what its rules are asked about: private material, where it stands; and how nothing of it is echoed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from cavra_lint.contract import Chain, Gate
from cavra_lint.diagnostics import Place
from cavra_lint.frozen import TYPE_CHECKING, NamedTuple
from cavra_lint.late import re
from cavra_lint.rules.private import (
    FORBIDDEN,
    LONGEST_REFERENCE,
    QUOTES,
    ForbiddenKeys,
    forbidden_keys,
    match_of,
    text_of,
)
from cavra_lint.rules.rule import Finding
from cavra_lint.sources.json_document import json_path, keys_of, place_of, steps_of, values_of
from cavra_lint.sources.json_shapes import JsonDocument, Pointer
from cavra_lint.sources.private_values import (
    WORDS,
    fingerprint,
    redacted,
    unsafe_in_reference,
    values_in,
    values_on_page,
)
from cavra_lint.sources.text import line_and_column
from cavra_lint.sources.within import json_in

if TYPE_CHECKING:
    from typing import Any

#: A place in a packet as a message names it: `gates[2].artifact_paths["a key"]`; no path of a file, and no name of one.
_STEP = r"[\w-]+|\[\d+\]|\[\"(?:[^\"\\]|\\.)*\"\]"
_PATH = rf"(?<![\w/`.-])(?:{_STEP})(?:\.[\w-]+|\[\d+\]|\[\"(?:[^\"\\]|\\.)*\"\])+"
_SCHEME_MARK = "://"
_EXPECTED = "expected none where everyone may read"


class Exposed(NamedTuple):
    """Private material: the category of its key or the kind of its value, where it stands, and that in words.

    `value` is what the configuration may let through; a key never is.
    """

    kind: str
    place: Place
    message: str
    value: str = ""


def findings_of(exposed: Iterable[Exposed], kind: str) -> Iterator[Finding]:
    """Yield a finding for each thing of one kind."""
    return (Finding(found.place, found.message) for found in exposed if found.kind == kind)


def is_allowed(chain: Chain, exposed: Exposed) -> bool:
    """Tell whether the configuration says of a value that it is public."""
    if not exposed.value or not chain.allowed_values:
        return False
    from cavra_lint.sources.wildcard import fits

    return any(fits(exposed.value, pattern) for pattern in chain.allowed_values)


def exposed_in_text(chain: Chain, path: str, text: str, *, is_page: bool = False) -> Iterator[Exposed]:
    """Yield what is private in a text that is read as it is, or as a page."""
    for value in values_on_page(text) if is_page else values_in(text):
        place = Place(path, *line_and_column(text, value.start))
        mark = fingerprint(value.text)
        yield Exposed(value.kind, place, f"{WORDS[value.kind]} stands here (#{mark}), {_EXPECTED}", value.text)
    if _SCHEME_MARK in text:
        yield from _quoted_references(chain, path, text)


def shown(chain: Chain, gate: Gate, message: str) -> str:
    """Return a message in which nothing private is: no value, and nothing below a forbidden key."""
    if "[" in message or "." in message:
        forbidden = forbidden_keys(chain, gate)
        message = re.sub(_PATH, lambda match: _shown_path(forbidden, match[0]), message)
    return redacted(message)


def exposed_keys(document: JsonDocument, matches: Mapping[str, tuple[str, str]]) -> Iterator[Exposed]:
    """Yield the forbidden keys of a packet, each with its category and the key as it is forbidden."""
    for pointer, key in keys_of(document.value or {}) if matches else ():
        if key in matches:
            category, known = matches[key]
            of = f" of {category.replace('_', ' ')}" if category != FORBIDDEN else ""
            mark = _mark_of(document.value, pointer)
            message = f"{json_path(pointer)} is a forbidden key{of} (`{known}`{mark}), expected no such key"
            yield Exposed(category, place_of(document, pointer, key=True), message)
    for pointer, held in values_of(document.value or {}) if matches else ():
        for key in _keys_in(held):
            if key in matches:
                category, known = matches[key]
                message = f"{json_path(pointer)} is JSON with the forbidden key `{known}`, expected no such key"
                yield Exposed(category, place_of(document, pointer), message)


def _keys_in(held: object) -> Iterator[str]:
    """Yield the keys of an object that stands in a string, and of those that stand in its strings in turn."""
    waiting = [held]
    while waiting:
        value = waiting.pop()
        inner = json_in(value) if isinstance(value, str) else None
        if inner is not None:
            for pointer, item in values_of({"": inner}):
                yield from (step for step in pointer[-1:] if isinstance(step, str))
                waiting.append(item)


def _mark_of(value: Any, pointer: Pointer) -> str:
    """Return the fingerprint of what stands under a key, empty where that says nothing of anyone."""
    for step in pointer:
        value = value[step]
    if value is None or isinstance(value, bool) or value in ("", 0, [], {}):
        return ""
    import json

    return f", #{fingerprint(value if isinstance(value, str) else json.dumps(value, sort_keys=True))}"


def exposed_values(document: JsonDocument, schemes: tuple[str, ...]) -> Iterator[Exposed]:
    """Yield the private values of a packet, those in its keys as well."""
    for pointer, held in values_of(document.value or {}):
        text = text_of(held)
        if text is None:
            continue
        unsafe = unsafe_in_reference(text, schemes)
        if unsafe:
            message = f"{json_path(pointer)} is no reference (#{fingerprint(text)}): {unsafe} is in it, expected none"
            yield Exposed("unsafe_reference", place_of(document, pointer), message, text)
            continue
        for value in values_in(text):
            message = f"{json_path(pointer)} holds {WORDS[value.kind]} (#{fingerprint(value.text)}), {_EXPECTED}"
            yield Exposed(value.kind, place_of(document, pointer), message, value.text)
    for pointer, key in keys_of(document.value or {}):
        for value in values_in(key):
            message = f"a key of {json_path(pointer[:-1])} holds {WORDS[value.kind]} (#{fingerprint(value.text)})"
            place = place_of(document, pointer, key=True)
            yield Exposed(value.kind, place, f"{message}, {_EXPECTED}", value.text)


def _quoted_references(chain: Chain, path: str, text: str) -> Iterator[Exposed]:
    """Yield the references that a page or a workflow quotes, and that hold what none may hold."""
    at = text.find(_SCHEME_MARK)
    while at >= 0:
        scheme = next((known for known in chain.ref_schemes if text.endswith(known, 0, at)), "")
        start = at - len(scheme)
        quote = text[start - 1 : start]
        stop = text.find(quote, at, at + LONGEST_REFERENCE) if scheme and quote in QUOTES else -1
        quoted = text[start:stop] if stop >= 0 else ""
        # what stands for a reference is none
        if quoted and not any(mark in quoted for mark in ("\n", "<", "{", "...", "\u2026", "*")):
            unsafe = unsafe_in_reference(quoted, chain.ref_schemes)
            if unsafe and not values_in(quoted):
                place = Place(path, *line_and_column(text, start))
                message = f"no reference (#{fingerprint(quoted)}): {unsafe} is in it, expected none"
                yield Exposed("unsafe_reference", place, message, quoted)
        at = text.find(_SCHEME_MARK, at + len(_SCHEME_MARK))


def _shown_path(forbidden: ForbiddenKeys, path: str) -> str:
    """Return a place in a packet up to the first forbidden key in it."""
    for stop, step in steps_of(path):
        if stop < len(path) and match_of(forbidden, step) is not None:
            return f"{path[:stop]}..."
    return path
