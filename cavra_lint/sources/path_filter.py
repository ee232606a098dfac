"""GitHub's filter patterns, as `paths:` and `branches:` take them.

A pattern is walked as a set of places that it may have come to, so no pattern takes more than
its own length for each character of the path.
"""

from __future__ import annotations

from collections.abc import Sequence

from cavra_lint.frozen import NamedTuple

_SPECIAL = frozenset("*?+[]!\\")


class _Token(NamedTuple):
    """One part of a pattern: `kind` is `one`, `name` (`*`), `all` (`**`) or `folders` (`**/`).

    `accepted` are the first and last characters of the ranges that `one` may be in.
    """

    kind: str
    accepted: tuple[tuple[str, str], ...] = ()
    quantifier: str = ""


def path_filter_matches(patterns: Sequence[str], path: str) -> bool:
    """Tell whether a list of filters selects a path.

    Args:
        patterns: as in `paths`: `*` stays within a folder, `**` does not, `?` and `+` repeat the
            character before them, `[a-z]` is one of a set, and a leading `!` takes out again what
            an earlier pattern has selected.
        path: a path from the root of the repository, with `/`.

    Returns:
        Whether the last pattern that matches the path selects it.
    """
    selected = False
    for pattern in patterns:
        negated = pattern.startswith("!")
        if selected is negated and _selects(pattern[negated:], path):
            selected = not negated
    return selected


def _selects(pattern: str, path: str) -> bool:
    # the two that most workflows write need no walk
    if _SPECIAL.isdisjoint(pattern):
        return pattern == path
    folder = pattern.removesuffix("**")
    if folder.endswith("/") and _SPECIAL.isdisjoint(folder):
        return path.startswith(folder)
    return _matches(_tokens(pattern), path)


def _tokens(pattern: str) -> list[_Token]:
    tokens: list[_Token] = []
    at, last_end = 0, pattern.rfind("]")
    while at < len(pattern):
        char = pattern[at]
        at += 1
        if char == "*":
            stars = at
            while at < len(pattern) and pattern[at] == "*":
                at += 1
            whole_name = stars == 1 or pattern[stars - 2] == "/"
            if at == stars:
                tokens.append(_Token("name"))
            elif whole_name and pattern[at : at + 1] == "/":
                tokens.append(_Token("folders"))
                at += 1
            else:
                tokens.append(_Token("all"))
        elif char in "?+" and tokens and tokens[-1].kind == "one" and not tokens[-1].quantifier:
            tokens[-1] = tokens[-1]._replace(quantifier=char)
        elif char == "[" and at < last_end:
            end = pattern.find("]", at + 1)
            tokens.append(_Token("one", _character_set(pattern[at:end])))
            at = end + 1
        else:
            if char == "\\" and at < len(pattern):
                char = pattern[at]
                at += 1
            tokens.append(_Token("one", ((char, char),)))
    return tokens


def _character_set(text: str) -> tuple[tuple[str, str], ...]:
    accepted: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        if text[at + 1 : at + 2] == "-" and at + 2 < len(text) and text[at + 2] < "\u0100":
            accepted.append((text[at], text[at + 2]))
            at += 3
        else:
            accepted.append((text[at], text[at]))
            at += 1
    return tuple(accepted)


def _matches(tokens: list[_Token], path: str) -> bool:
    # A place is the index of the token to come; ~index is a place within a `**/`.
    places = _reached({0}, tokens)
    for char in path:
        following: set[int] = set()
        for place in places:
            if place < 0:
                following.add(place)
                if char == "/":
                    following.add(~place + 1)
            elif place < len(tokens):
                following.update(_steps(tokens[place], place, char))
        places = _reached(following, tokens)
        if not places:
            return False
    return len(tokens) in places


def _steps(token: _Token, place: int, char: str) -> tuple[int, ...]:
    if token.kind == "one":
        if not any(first <= char <= last for first, last in token.accepted):
            return ()
        return (place, place + 1) if token.quantifier == "+" else (place + 1,)
    if token.kind == "folders":
        # A name of no characters is no folder.
        return () if char == "/" else (~place,)
    return (place,) if token.kind == "all" or char != "/" else ()


def _reached(places: set[int], tokens: list[_Token]) -> set[int]:
    """Add the places behind tokens that match nothing at all."""
    reached: set[int] = set()
    for start in places:
        place = start
        while place not in reached:
            reached.add(place)
            if place < 0 or place >= len(tokens):
                break
            token = tokens[place]
            if token.kind == "one" and token.quantifier != "?":
                break
            place += 1
    return reached
