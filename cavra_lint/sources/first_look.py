"""A first look at a text: which kinds of private value it may hold. Most texts cost no more than this."""

from __future__ import annotations

from cavra_lint.late import re
from cavra_lint.sources.currencies import CODES, SIGNS

#: A text in which only this is left: letters in lower case, one digit, one kind of bracket.
_SHAPE = bytes.maketrans(b"0123456789[{]}ABCDEFGHIJKLMNOPQRSTUVWXYZ", b"0000000000(())abcdefghijklmnopqrstuvwxyz")
_BETWEEN_DIGITS = b" .-/,':="
_LETTERS_AND_DIGITS = bytes(97 if chr(code).isascii() and chr(code).isalnum() else 32 for code in range(256))
#: What is left of a text where only capitals are looked for, each run of them by itself.
_CAPITALS = bytes(code if 65 <= code < 91 else 32 for code in range(256))
_SMALL_LETTERS = bytes(range(97, 123))
_EMPHASIS = b"*`~"
_TAG = r"</?[A-Za-z][^<>]{0,200}>"
_CODES = frozenset(code.encode() for code in CODES)
_JSON = ("{", "[", " ", "\t", "\r", "\n", "ey", "ew", "W")
#: A dollar sign before a number, and behind one with or without its scale.
_DOLLARS = (
    b"$0",
    b"0$",
    b"0k$",
    b"0m$",
    b"0b$",
    b"mm$",
    b"bn$",
    b"mn$",
    b"io$",
    b"rd$",
    b"illion$",
    b"thousand$",
    b"lakh$",
    b"crore$",
)
#: Beginnings of tokens that may hold no long run of letters and digits.
_TOKEN_MARKS = ("AIza", "SG.", "xox", "GOCSPX-", "dckr_")
#: What follows `gl` in those of GitLab.
_OF_GITLAB = (
    *("agent-", "cbt-", "dt-", "ffct-", "ft-", "imt-", "oas-", "pat-", "ptt-", "rt-", "rtr-", "soat-", "wt-"),
)
_COMMIT = frozenset("0123456789abcdef")
_LENGTH_OF_COMMIT = 40


def looks_private(text: str, *, on_page: bool = False) -> bool:
    """Tell whether a text has to be looked at closely; a page as it is read without the marks of its emphasis."""
    if "\\\n" in text and "\\\\" not in text:
        # a line that goes on is the one escape that most texts have, and takes no pattern to read
        first, *rest = text.split("\\\n")
        text = first + "".join(part.lstrip(" \t") for part in rest)
    if not text.isascii() or "&" in text or "\\" in text or "%" in text or "<" in text:
        from cavra_lint.sources.as_read import as_read

        text = as_read(text)[0]
    if on_page:
        # what is found with the marks is found without them as well: they stand between, and are part of nothing
        text = text.encode("utf-8", "surrogatepass").translate(None, _EMPHASIS).decode("utf-8", "surrogatepass")
        text = f"{text}\n{re.sub(_TAG, '', text)}" if "</" in text else text
    return bool(may_hold(text))


def _without_pins(text: str) -> str:
    """Return a text without the commits that actions, images and packages are pinned to: a workflow names many."""
    first, *rest = text.split("@")
    return first + "".join(part[_LENGTH_OF_COMMIT:] if _is_pin(part) else f"@{part}" for part in rest)


def _is_pin(text: str) -> bool:
    commit, behind = text[:_LENGTH_OF_COMMIT], text[_LENGTH_OF_COMMIT : _LENGTH_OF_COMMIT + 1]
    ends = not (behind.isascii() and behind.isalnum())
    return ends and len(commit) == _LENGTH_OF_COMMIT and _COMMIT.issuperset(commit)


def may_be_json(text: str) -> bool:
    """Tell whether a text begins as the JSON of an object or a list does, as it is or as Base64."""
    return text.startswith(_JSON)


def may_be_unsafe(text: str) -> bool:
    """Tell whether a text may be a reference with what no reference holds."""
    return "://" in text and (" " in text or "%" in text or "@" in text or not text.isprintable())


def may_hold(text: str) -> list[str]:
    """Return the names of what has to look for values in a text, as it is read; for most texts there is none."""
    if "@" in text:
        text = _without_pins(text)
    data = text.encode("utf-8", "surrogatepass")
    shape = data.translate(_SHAPE, _BETWEEN_DIGITS)
    called: list[str] = []
    if "-----BEGIN" in text or "PuTTY-User-Key" in text or "AGE-SECRET-KEY-" in text:
        called.append("private_keys")
    if b"a" * 16 in data.translate(_LETTERS_AND_DIGITS) or _bears_mark(text):
        called.append("provider_tokens")
    if "@" in text and "://" in text:
        called.append("url_passwords")
    if b"0000000" in shape:
        called += ("ibans", "payment_cards", "phone_numbers")
    elif b"(0" in shape and b"0000000" in shape.translate(None, b"()"):
        # `+49 (30) 901820`: only a phone number has brackets among its digits
        called.append("phone_numbers")
    if "@" in text:
        called.append("email_addresses")
    if b"(at)" in shape or (b"dot" in shape and " dot " in text.casefold()):
        called.append("spelt_addresses")
    if _may_hold_money(text, data, shape):
        called.append("money_amounts")
    return called


def _bears_mark(text: str) -> bool:
    """Tell whether a text may hold a token by its beginning, where that may have no long run of letters and digits."""
    if any(mark in text for mark in _TOKEN_MARKS):
        return True
    return "gl" in text and any(part.startswith(_OF_GITLAB) for part in text.split("gl")[1:])


def _may_hold_money(text: str, data: bytes, shape: bytes) -> bool:
    if b"0" not in shape:
        return False
    if b"$" in shape and any(mark in shape for mark in _DOLLARS):
        return True
    if b"usd" in shape or b"eur" in shape or b"dollar" in shape or b"sterling" in shape:
        return True
    # these two stand in other words where spaces are gone: `each file`
    if "gbp" in text or "chf" in text:
        return True
    if not text.isascii() and any(sign in text for sign in SIGNS):
        return True
    return not _CODES.isdisjoint(data.translate(_CAPITALS, _SMALL_LETTERS).split())
