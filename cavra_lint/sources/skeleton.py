"""Keys as they are compared: by the letters that a reader takes them for, whatever is between and around these.

The word is that of Unicode's UTS 39: two texts with one skeleton look alike.
"""

from __future__ import annotations

import functools
import itertools
import os
from collections.abc import Iterable, Sequence

from cavra_lint.late import re
from cavra_lint.sources.text import is_unseen

#: What no outline holds: all but letters and digits, what a plural adds or changes, and what is read as another letter
#: or as two. What is left of `0`, `4` and `7` is the letter that they are read as.
_OUTLINE: dict[int, str | None] = {
    **{code: None for code in range(128) if code != 10 and not chr(code).isalnum()},
    **dict.fromkeys(map(ord, "seiyl135rnmvw")),
    **dict(zip(map(ord, "047"), "oat", strict=True)),
}
_OUTLINE_OF_ASCII = bytes.maketrans(b"047", b"oat")
_DIGITS = bytes.maketrans(b"123456789", b"0" * 9)
_NOT_IN_OUTLINE = bytes(code for code, char in _OUTLINE.items() if char is None)
#: Between a small letter or digit and a capital, and before the last capital of a run of them.
_HUMP = r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])"
_MOST_WORDS = 8
#: A longer key is folded anew each time, so that no file fills the memory with its keys.
_LONGEST_KEPT = 100
#: Figures that are read as letters in a word.
_READ_AS_LETTERS = str.maketrans("013457i", "oleastl")
_LOOK_ALIKES = os.path.join(os.path.dirname(__file__), "look_alikes.txt")


def same_key(key: str, other: str) -> bool:
    """Tell whether a key is another one, in whatever spelling: whole keys, not parts of them.

    Letter case, accents, width, the plural of a word, a number at the end and everything between
    letters and digits make no difference, and neither do letters of other scripts that look like a
    Latin one, `0` for `o` or `rn` for `m`.
    """
    return _kept_comparison(key, other) if len(key) <= _LONGEST_KEPT else _same_key(key, other)


def outline(key: str) -> str:
    """Return what is left of a key without anything in which two spellings of one key can differ.

    Keys with different outlines are different; of those with the same one, `same_key` knows. It is
    made in a microsecond, so that the keys of a clean packet cost no more than that each.
    """
    return _kept_outline(key) if len(key) <= _LONGEST_KEPT else _outline(key)


def outlines(keys: Sequence[str]) -> Iterable[str]:
    """Return the outlines of many keys; those that contracts forbid are made in a tenth of the time, all at once."""
    text = "\n".join((*keys, ""))
    if not text.isascii() or text.count("\n") != len(keys):
        return map(outline, keys)
    data = text.lower().encode()
    if b"0\n" in data.translate(_DIGITS):
        # a number at the end is no part of an outline
        return map(outline, keys)
    return data.translate(_OUTLINE_OF_ASCII, _NOT_IN_OUTLINE).decode().split("\n")[:-1]


def skeleton(key: str) -> str:
    """Return a key by its letters, as a reader takes them; the plural is still one."""
    letters = (key if key.isascii() else _in_latin(key)).lower().replace("_", "")
    if not letters.isalnum():
        letters = "".join(filter(str.isalnum, letters))
    return _shape(letters)


def _same_key(key: str, other: str) -> bool:
    seen = skeleton(key)
    # no number changes how a key begins, and to spell one out in each takes ten times as long as to see that
    if seen[:1] != skeleton(other)[:1]:
        return False
    spelt = _spellings(other)
    return seen in spelt or (key[-1:].isdigit() and skeleton(key.rstrip("0123456789")) in spelt)


_kept_comparison = functools.lru_cache(maxsize=4096)(_same_key)


def _outline(key: str) -> str:
    plain = key if key.isascii() else _in_latin(key)
    stripped = plain.rstrip("0123456789") or plain
    return stripped.lower().translate(_OUTLINE).replace("\n", "")


_kept_outline = functools.lru_cache(maxsize=4096)(_outline)


@functools.lru_cache(maxsize=1024)
def _spellings(key: str) -> frozenset[str]:
    """Return the skeletons of a key with each of its words in the singular and in the plural."""
    plain = key if key.isascii() else _in_latin(key)
    apart = plain if plain.islower() else re.sub(_HUMP, " ", plain).lower()
    words = "".join(char if char.isalnum() else " " for char in apart).split()
    # a key of more words is compared as it is: twice as many spellings for each word are too many
    several = map(_numbers, words) if len(words) <= _MOST_WORDS else ((word,) for word in words)
    return frozenset(_shape("".join(spelt)) for spelt in itertools.product(*several)) - {""}


def _shape(letters: str) -> str:
    return letters.translate(_READ_AS_LETTERS).replace("rn", "m").replace("vv", "w")


def _in_latin(key: str) -> str:
    """Return a key without its accents and what is not seen, each letter that looks like a Latin one as that."""
    import unicodedata

    look_alikes = _look_alikes()
    letters: list[str] = []
    for char in unicodedata.normalize("NFKD", key):
        known = (
            char if char.isascii() else look_alikes.get(char) or look_alikes.get(char.upper()) or _small_capital(char)
        )
        letters.append(known or (char.casefold() if char.isalnum() and not is_unseen(char) else ""))
    return "".join(letters)


def _small_capital(char: str) -> str:
    """Return the letter that one of the phonetic alphabet is drawn as in small, empty for none."""
    import unicodedata

    *of_what, letter = unicodedata.name(char, " ").split(" ")
    return letter.lower() if of_what == ["LATIN", "LETTER", "SMALL", "CAPITAL"] and len(letter) == 1 else ""


@functools.cache
def _look_alikes() -> dict[str, str]:
    with open(_LOOK_ALIKES, encoding="utf-8") as file:
        lines = [line.split() for line in file if not line.startswith("#")]
    return {chr(int(code, 16)): letter for letter, *codes in lines for code in codes}


@functools.cache
def _numbers(word: str) -> tuple[str, ...]:
    """Return a word of a key in the singular and in the plural; one of these is how it is written."""
    one = _singular(word)
    return (one, _plural(one)) if word in (one, _plural(one)) else (word, _plural(word))


def _singular(word: str) -> str:
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-2] if word.endswith(("sses", "xes", "ches", "shes", "uses")) else word[:-1]


def _plural(word: str) -> str:
    if word.endswith("y") and word[-2:-1] not in ("a", "e", "o", "u", ""):
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("s", "x", "ch", "sh")) else f"{word}s"
