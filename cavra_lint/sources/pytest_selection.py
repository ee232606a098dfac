"""Whether an expression of pytest, as `-k` and `-m` take one, may select a test of a file."""

from __future__ import annotations

from collections.abc import Callable

from cavra_lint.late import re

_TOKEN = re.compile(r"\s*(\(|\)|[^\s()]+)")
#: A longer expression, or a deeper one, is not read: it may select anything.
_MOST_TOKENS = 100
_MARK = r"\bmark\.{}\b"


def selects(option: str, expression: str, test: str, text: str) -> bool:
    """Tell whether a test of a file may be selected.

    Args:
        option: `-k`, which asks for names, or `-m`, which asks for marks.
        expression: the expression.
        test: the path of the file.
        text: its text.
    """
    tokens = _TOKEN.findall(expression)
    if not tokens or len(tokens) > _MOST_TOKENS or "(" in re.sub(r"(?<!\w)\(", "", expression):
        # a mark with values, as `device(serial="x")`
        return True
    tokens.reverse()
    told = _either(tokens, _is_named(test, text) if option == "-k" else _is_marked(text))
    return bool(tokens) or told is not False


def _is_named(test: str, text: str) -> Callable[[str], bool | None]:
    def told(name: str) -> bool | None:
        if name.lower() in test.lower():
            return True
        # it may be a part of the name of a test, of a mark of it, or of one of its cases
        return None if name.lower() in text.lower() else False

    return told


def _is_marked(text: str) -> Callable[[str], bool | None]:
    def told(name: str) -> bool | None:
        marked = _MARK.format(re.escape(name))
        if re.search(rf"(?m)^pytestmark\s*=[^#\n]*{marked}", text):
            return True
        return None if name in text else False

    return told


def _either(tokens: list[str], told: Callable[[str], bool | None]) -> bool | None:
    found = _both(tokens, told)
    while tokens and tokens[-1] == "or":
        tokens.pop()
        other = _both(tokens, told)
        found = True if found or other else None if None in (found, other) else False
    return found


def _both(tokens: list[str], told: Callable[[str], bool | None]) -> bool | None:
    found = _one(tokens, told)
    while tokens and tokens[-1] == "and":
        tokens.pop()
        other = _one(tokens, told)
        found = False if False in (found, other) else None if None in (found, other) else True
    return found


def _one(tokens: list[str], told: Callable[[str], bool | None]) -> bool | None:
    turned = False
    while tokens and tokens[-1] == "not":
        tokens.pop()
        turned = not turned
    if not tokens:
        return None
    token = tokens.pop()
    if token == "(":
        found = _either(tokens, told)
        if tokens:
            tokens.pop()
    else:
        found = told(token)
    return found if found is None or not turned else not found
