"""JSON as it stands in a file: its value, what is wrong with it, and the place of every key and value.

The value is read by the standard library's scanner, written in C. Places are looked up by a scan of
our own that runs only where a finding needs one, so that a clean file costs nothing more.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from types import SimpleNamespace

from cavra_lint.diagnostics import Place
from cavra_lint.frozen import TYPE_CHECKING
from cavra_lint.late import re
from cavra_lint.sources.json_shapes import JsonDocument, JsonProblem, Pointer, tokens_of
from cavra_lint.sources.text import decode, is_unseen, line_and_column, undecodable_line

if TYPE_CHECKING:
    from json import JSONDecodeError
    from typing import Any

#: Deeper nesting than this is not read. A packet of a real chain nests six deep.
MAX_DEPTH = 100
#: A longer number is not read: no count, date or size needs more digits.
MAX_DIGITS = 100
_INFINITE = float("inf")
#: What may stand around a value (RFC 8259).
_BLANK = " \t\n\r"
_REFUSED = object()

#: A string, to the end of the text where it is not closed.
_STRING = r'(?s)"[^"\\]*(?:\\.[^"\\]*)*"?'
_PLAIN_KEY = r"[A-Za-z0-9_-]{1,80}"
_SHOWN_KEY_LENGTH = 40
_KINDS: tuple[tuple[type, str, str], ...] = (
    (str, "an empty string", "a string"),
    (int, "0", "a number"),
    # 10.0 is no count, which a reader could not tell from `is a number, expected 10`
    (float, "a number with a point", "a number with a point"),
    (dict, "an empty object", "an object"),
    (list, "an empty list", "a list"),
)


class _UnreadableError(ValueError):
    """Raised inside a read, to leave the standard library's scanner; the message says what was met."""


def parse_json(path: str, data: bytes) -> JsonDocument:
    """Read the bytes of a JSON file that has to hold one object.

    Args:
        path: the file's path below the root, for places.
        data: what the file holds.

    Returns:
        The document. Its value is None, with one problem that says why, where the bytes are not
        UTF-8, not JSON (RFC 8259: no NaN, no trailing text), nested deeper than MAX_DEPTH, or not
        an object. A key that stands twice in one object is a problem, and so makes the value None:
        readers do not agree which of the two counts.
    """
    text = decode(data)
    if text is None:
        return undecoded(path, data)
    value, problems = _read(path, text)
    return JsonDocument(path, text, None if problems else value, problems)


def undecoded(path: str, data: bytes) -> JsonDocument:
    """Return what is said of a file that is not UTF-8, whatever it should be."""
    problem = JsonProblem("not-utf8", Place(path, undecodable_line(data)), _not_utf8(data))
    return JsonDocument(path, "", None, (problem,))


def in_memory(packet: object, path: str = "") -> JsonDocument:
    """Return the document of a packet that came from no file, so that its places are all line 1.

    What no file could hold, as a set, a key that is no string, or a packet that holds itself, is a
    problem here as well: what cannot be written down cannot be proven.
    """
    if not isinstance(packet, dict):
        problem = JsonProblem("not-an-object", Place(path), f"the packet is {kind_of(packet)}, expected an object")
        return JsonDocument(path, "", None, (problem,))
    odd = _first_odd(packet, (), set())
    if odd is not None:
        return JsonDocument(path, "", None, (JsonProblem("invalid-json", Place(path), odd),))
    alike = tuple(JsonProblem("duplicate-key", Place(path), _words_of_alike(pointer)) for pointer in _alike(packet))
    if alike:
        return JsonDocument(path, "", None, alike)
    return JsonDocument(path, "", packet)


def _first_odd(value: object, here: Pointer, done: set[int]) -> str | None:
    """Say of the first thing in a value from memory that no JSON file could hold what it is."""
    if isinstance(value, (dict, list)):
        if len(here) >= MAX_DEPTH:
            return f"the packet is nested more than {MAX_DEPTH} deep, or holds itself"
        if id(value) in done:
            return None
        if isinstance(value, dict):
            if not all(isinstance(key, str) and _is_unicode(key) for key in value):
                return f"{json_path(here)} has a key that is no text, expected JSON"
            inner = list(value.items())
        else:
            inner = list(enumerate(value))
        found = (_first_odd(item, (*here, step), done) for step, item in inner)
        odd = next((words for words in found if words is not None), None)
        done.add(id(value))
        return odd
    if isinstance(value, float):
        # NaN is smaller than nothing either
        odd_value = not abs(value) < _INFINITE
    elif isinstance(value, int):
        odd_value = abs(value) >= 10**MAX_DIGITS
    elif isinstance(value, str):
        odd_value = not _is_unicode(value)
    else:
        odd_value = value is not None
    return f"{json_path(here)} is nothing that JSON can hold" if odd_value else None


def kind_of(value: object) -> str:
    """Say what a value is, in JSON's words, without showing it; only true, false and null show themselves."""
    if value is None or isinstance(value, bool):
        return "null" if value is None else "true" if value else "false"
    for kind, empty, words in _KINDS:
        if isinstance(value, kind):
            return words if value else empty
    return "no JSON value"


def kind_at(container: Mapping[str, Any], key: str) -> str:
    """Say what stands under a key of an object, as `kind_of` does, or that it is missing."""
    return kind_of(container[key]) if key in container else "missing"


def json_path(pointer: Pointer) -> str:
    """Write a pointer as people do: `gates[2].artifact_paths.docs`; the top is `the packet`.

    A key that is not made of plain letters is written as an escaped JSON string, cut short, so that
    nothing in it reaches a terminal as anything but text.
    """
    parts: list[str] = []
    for step in pointer:
        if isinstance(step, int):
            parts.append(f"[{step}]")
        elif re.fullmatch(_PLAIN_KEY, step):
            parts.append(f".{step}" if parts else step)
        else:
            import json

            from cavra_lint.sources.private_values import redacted

            # what is cut in two is not seen to be private any more
            public = redacted(step)
            cut = public if len(public) <= _SHOWN_KEY_LENGTH else public[:_SHOWN_KEY_LENGTH] + "..."
            parts.append(f"[{json.dumps(cut)}]")
    return "".join(parts) or "the packet"


def steps_of(path: str) -> Iterator[tuple[int, str]]:
    """Yield each key of a pointer that `json_path` wrote, and where it ends."""
    import json

    for match in re.finditer(r'([\w-]+)|\[("(?:[^"\\]|\\.)*")\]|\[\d+\]', path):
        if match[1] is not None:
            yield match.end(), match[1]
        elif match[2] is not None:
            try:
                yield match.end(), json.loads(match[2])
            except ValueError:
                yield match.end(), match[2]


def place_of(document: JsonDocument, pointer: Pointer, *, key: bool = False) -> Place:
    """Return where a value stands, or its key.

    Args:
        document: where to look.
        pointer: what to look for; where it is not there, the nearest thing above it that is.
        key: whether the place of the key is asked for, and not of the value behind it.
    """
    # only a text that was read as JSON is scanned: another may nest without end
    if document.value is None or not document.text:
        return Place(document.path)
    from cavra_lint.sources.json_places import offset_of

    return Place(document.path, *line_and_column(document.text, offset_of(document.text, pointer, key=key)))


def keys_of(packet: dict[str, Any]) -> Iterator[tuple[Pointer, str]]:
    """Yield every key at any depth, in the order of the packet; what holds itself is walked once."""
    return ((pointer, str(pointer[-1])) for pointer, _ in values_of(packet) if isinstance(pointer[-1], str))


def values_of(packet: dict[str, Any]) -> Iterator[tuple[Pointer, object]]:
    """Yield every value in a packet, what one object or list holds after the other; none is walked twice."""
    for _, _, inner in _containers(packet):
        yield from inner


def _containers(
    packet: dict[str, Any],
) -> Iterator[tuple[Pointer, dict[str, Any] | list[Any], list[tuple[Pointer, object]]]]:
    """Yield every object and list of a packet once, with its place and what it holds."""
    seen: set[int] = set()
    waiting: list[tuple[Pointer, object]] = [((), packet)]
    while waiting:
        pointer, value = waiting.pop()
        if not isinstance(value, (dict, list)) or id(value) in seen:
            continue
        seen.add(id(value))
        inner: list[tuple[Pointer, object]]
        if isinstance(value, dict):
            # a packet from memory can have keys that no file has
            inner = [((*pointer, key), item) for key, item in value.items() if isinstance(key, str)]
        else:
            inner = [((*pointer, position), item) for position, item in enumerate(value)]
        yield pointer, value, inner
        waiting.extend(reversed(inner))


def _read(path: str, text: str) -> tuple[Any, tuple[JsonProblem, ...]]:
    if too_deep := _first_too_deep(text):
        return None, (_invalid(path, text, too_deep, f"nested more than {MAX_DEPTH} deep"),)
    repeated = False

    def object_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal repeated
        value = dict(pairs)
        repeated = repeated or len(value) != len(pairs)
        return value

    hooks = {**_HOOKS, "object_pairs_hook": object_of}
    value = _scanned(text, hooks)
    if value is _REFUSED:
        import json

        try:
            value = json.loads(text, **hooks)
        except json.JSONDecodeError as error:
            return None, (_invalid(path, text, error.pos, _decode_message(text, error)),)
        except _UnreadableError as error:
            return None, (_invalid(path, text, _offset_of_bad_number(text), str(error)),)
    if not isinstance(value, dict):
        place = Place(path, *line_and_column(text, len(text) - len(text.lstrip())))
        message = f"the file holds {kind_of(value)}, expected an object"
        return None, (JsonProblem("not-an-object", place, message),)
    problems = list(_repeated_keys(path, text)) if repeated else []
    if "\\u" in text:
        problems.extend(_lone_surrogates(path, text))
    if not problems and ("\\u" in text or not text.isascii()):
        document = JsonDocument(path, text, value)
        for pointer in _alike(value):
            problems.append(
                JsonProblem("duplicate-key", place_of(document, pointer, key=True), _words_of_alike(pointer))
            )
    return value, tuple(problems)


def _scanned(text: str, hooks: Mapping[str, Any]) -> Any:
    """Return what the standard library's scanner in C reads; _REFUSED where it refuses the text, or there is none.

    It is all of `json` that reads what can be read. The rest, which says what is wrong otherwise, takes as long to
    import as the packets of several gates take to read.
    """
    if hasattr(sys, "gettotalrefcount"):
        # without the rest, the scanner of a Python before 3.12 that is built for debugging aborts instead of refusing
        return _REFUSED
    try:
        scan = __import__("_json").make_scanner(SimpleNamespace(strict=True, object_hook=None, **hooks))
        value, end = scan(text, len(text) - len(text.lstrip(_BLANK)))
    except (ImportError, AttributeError, StopIteration, SystemError, ValueError):
        # and that of another one fails to say why: a SystemError
        return _REFUSED
    return _REFUSED if text[end:].strip(_BLANK) else value


def _repeated_keys(path: str, text: str) -> Iterator[JsonProblem]:
    from cavra_lint.sources.json_places import scan

    for pointer, offset in scan(text).repeated:
        place = Place(path, *line_and_column(text, offset))
        yield JsonProblem(
            "duplicate-key", place, f"the key {json_path(pointer)} stands twice in one object, expected once"
        )


def _alike(packet: dict[str, Any]) -> Iterator[Pointer]:
    """Yield each key that reads like another of its object: there are readers to whom the two are one."""
    for pointer, value, _ in _containers(packet):
        odd = [key for key in value if not key.isascii()] if isinstance(value, dict) else []
        if odd:
            forms = {_as_read(key) for key in value if key.isascii()}
            for key in odd:
                form = _as_read(key)
                if form in forms:
                    yield (*pointer, key)
                forms.add(form)


def _as_read(key: str) -> str:
    """Return a key as it is seen: in one form of Unicode, without what takes no room."""
    import unicodedata

    return "".join(char for char in unicodedata.normalize("NFKC", key) if not is_unseen(char)).strip()


def _words_of_alike(pointer: Pointer) -> str:
    return f"the key {json_path(pointer)} reads like another of the same object, expected keys that differ"


def _lone_surrogates(path: str, text: str) -> Iterator[JsonProblem]:
    import json

    for match in tokens_of(text):
        token = match[0]
        if token.startswith('"') and "\\u" in token and not _is_unicode(json.loads(token)):
            yield _invalid(path, text, match.start(), "half of a surrogate pair, which is no character")
            return


def _is_unicode(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _first_too_deep(text: str) -> int:
    """Return the offset of the first bracket that opens too deep a level; 0 where there is none.

    The depth is measured before the text is read, so that how deep is too deep does not depend on
    the stack of the Python that runs.
    """
    if text.count("[") + text.count("{") <= MAX_DEPTH or _is_flat(text):
        return 0
    depth = 0
    for match in tokens_of(text):
        if match[0] in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                return match.start()
        elif match[0] in "]}":
            depth -= 1
    return 0


def _is_flat(text: str) -> bool:
    """Tell whether a text is surely nested less than too deep: of most that is told without a look at each token."""
    outside = re.sub(_STRING, "", text).encode("utf-8", "surrogatepass")
    brackets = outside.translate(None, bytes(set(range(256)) - set(b"[]{}")))
    # each time two levels are taken away at most
    for _ in range(MAX_DEPTH // 2):
        if not brackets:
            return True
        brackets = brackets.replace(b"{}", b"").replace(b"[]", b"")
    return not brackets


def _int(digits: str) -> int:
    if len(digits.lstrip("-")) > MAX_DIGITS:
        raise _UnreadableError(f"a number of more than {MAX_DIGITS} digits")
    return int(digits)


def _float(digits: str) -> float:
    value = float(digits) if len(digits) <= MAX_DIGITS else _INFINITE
    if abs(value) == _INFINITE:
        raise _UnreadableError("a number that is too large or too long")
    return value


def _refuse_constant(name: str) -> None:
    raise _UnreadableError(f"{name} is not JSON, expected a number, null or a string")


def _offset_of_bad_number(text: str) -> int:
    import json

    for match in tokens_of(text):
        token = match[0]
        if token[0] in '"[]{},:tfn':
            continue
        try:
            json.loads(token, **_HOOKS)
        except ValueError:
            return match.start()
    return 0


#: How numbers are read, and that NaN is none.
_HOOKS: dict[str, Any] = {
    "parse_constant": _refuse_constant,
    "parse_float": _float,
    "parse_int": _int,
}


def _decode_message(text: str, error: JSONDecodeError) -> str:
    if not text.strip():
        return "the file is empty, expected a JSON object"
    # "Expecting ',' delimiter: line 3 column 5 (char 42)" without the place, which is printed already
    message = error.msg.removesuffix(" at").removesuffix(" starting")
    return f"not JSON: {message[:1].lower()}{message[1:]}"


def _invalid(path: str, text: str, offset: int, message: str) -> JsonProblem:
    return JsonProblem("invalid-json", Place(path, *line_and_column(text, offset)), message)


def _not_utf8(data: bytes) -> str:
    looks_like_utf16 = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    return f"not UTF-8{' (it looks like UTF-16)' if looks_like_utf16 else ''}, expected UTF-8"
