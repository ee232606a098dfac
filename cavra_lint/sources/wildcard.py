"""Patterns in which `*` is any text and `?` any character, and all else is itself."""

from __future__ import annotations


def fits(text: str, pattern: str) -> bool:
    """Tell whether a whole text fits a pattern, letter case aside.

    Each character of the text is looked at once, with a bit for each place of the pattern that may
    be reached there: no pattern makes it slow.
    """
    places: list[str] = []
    loops = 0
    for char in pattern.casefold():
        if char == "*":
            loops |= 1 << len(places)
        else:
            places.append(char)
    steps: dict[str, int] = {}
    for number, char in enumerate(places):
        steps[char] = steps.get(char, 0) | 1 << number
    anything = steps.pop("?", 0)
    reached = 1
    for char in text.casefold():
        reached = (reached & (steps.get(char, 0) | anything)) << 1 | reached & loops
        if not reached:
            return False
    return reached >> len(places) == 1
