"""What a text holds in another form: JSON in a string, and what is written as Base64 or as hexadecimal digits."""

from __future__ import annotations

from collections.abc import Iterator

from cavra_lint.late import re

#: Shorter ones are words.
_RUN = r"[A-Za-z0-9+/]{16,}={0,2}"
_HEXADECIMAL = r"(?:[0-9A-Fa-f]{2})+"


def json_in(text: str) -> object:
    """Return the object or list that a text is the JSON of, as it is or as Base64; None where it is none."""
    if text.lstrip()[:1] not in ("{", "["):
        text = _decoded(text) if re.fullmatch(_RUN, text) else ""
        if text[:1] not in ("{", "["):
            return None
    import json

    try:
        # what a number is is not asked, and one of many digits takes long to read
        value: object = json.loads(text, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return None
    return value


def encoded_in(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield from where to where something is written as Base64 or as hexadecimal digits, and what that is."""
    for match in re.finditer(_RUN, text):
        held = _decoded(match[0])
        if held:
            yield match.start(), match.end(), held


def _decoded(run: str) -> str:
    """Return the text that is written in another form, empty where that is none."""
    from binascii import Error, a2b_base64

    try:
        if re.fullmatch(_HEXADECIMAL, run):
            held = bytes.fromhex(run).decode()
        else:
            digits = run.rstrip("=")
            held = a2b_base64(digits + "=" * (-len(digits) % 4)).decode()
    except (Error, UnicodeDecodeError):
        return ""
    return held if held.replace("\n", "").replace("\r", "").replace("\t", "").isprintable() else ""
