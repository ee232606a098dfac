"""GitHub's expressions, as far as they are constant: can an `if:` ever be true, is a step soft?"""

from __future__ import annotations

import math
import re

from cavra_lint.frozen import NamedTuple

_TOKEN = r"""\s*(?:(?P<number>[-+]?(?:0x[0-9a-fA-F]+|[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?))
        |(?P<string>'(?:[^']|'')*')
        |(?P<name>[A-Za-z_][\w-]*)
        |(?P<mark>&&|\|\||[=!]=|[<>]=?|[!()\[\],.*]))"""
_WHOLE = r"(?s)\$\{\{(.*)\}\}"
_DEPTH = 50

# What the status functions say in a run in which nothing has failed so far.
_STATUS = {"success": True, "always": True, "failure": False, "cancelled": False}
_CONSTANTS: dict[str, bool | float | None] = {
    "true": True,
    "false": False,
    "null": None,
    "nan": math.nan,
    "infinity": math.inf,
}


class _Unknown(NamedTuple):
    """A value that only a run can tell; of some it is known whether they are true."""

    truth: bool | None = None


_Value = bool | float | str | None | _Unknown


class _SyntaxError(Exception):
    """No expression, or none that this module understands; never leaves it."""


def can_run(condition: str) -> bool:
    """Tells whether an `if:` lets its step or job run although nothing has failed before it.

    Args:
        condition: the text of the `if:`, empty where there is none.

    Returns:
        False where the condition is false in every such run: `false`, `${{ 0 }}`, `false && x`,
        `failure()`. An expression that cannot be read counts as one that can be true.
    """
    if not condition:
        return True
    expression = condition
    if "${{" in condition:
        # With any text beside the expression GitHub makes a string of it, and that is true.
        whole = re.fullmatch(_WHOLE, condition.strip(" "))
        if whole is None or "${{" in whole[1]:
            return True
        expression = whole[1]
    return not expression.strip() or _truth(expression) is not False


def masks_failure(continue_on_error: str) -> bool:
    """Tells whether a `continue-on-error:` lets a failure pass.

    Args:
        continue_on_error: its text, empty where there is none.

    Returns:
        True for everything that is not surely false: what an expression comes to is known to
        nobody who reads the file.
    """
    text = continue_on_error.strip()
    if not text:
        return False
    whole = re.fullmatch(_WHOLE, text)
    if whole:
        return _truth(whole[1]) is not False
    return text.lower() not in {"", "false", "null", "~"}


def _truth(expression: str) -> bool | None:
    try:
        parser = _Parser(expression)
        value = parser.either(0)
        parser.end()
    except _SyntaxError:
        return None
    return _truth_of(value)


def _truth_of(value: _Value) -> bool | None:
    if isinstance(value, _Unknown):
        return value.truth
    if isinstance(value, float):
        return value != 0 and not math.isnan(value)
    return bool(value)


class _Parser:
    """A parser that folds what is constant on its way."""

    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, str]] = []
        text = text.strip()
        token = re.compile(_TOKEN, re.VERBOSE)
        at = 0
        while at < len(text):
            match = token.match(text, at)
            if match is None:
                raise _SyntaxError
            kind = str(match.lastgroup)
            self.tokens.append((kind, match[kind]))
            at = match.end()
        self.at = 0

    def peek(self) -> str:
        kind, text = self.tokens[self.at] if self.at < len(self.tokens) else ("", "")
        return text if kind == "mark" else ""

    def take(self, mark: str) -> bool:
        if self.peek() != mark:
            return False
        self.at += 1
        return True

    def end(self) -> None:
        if self.at < len(self.tokens):
            raise _SyntaxError

    def either(self, depth: int) -> _Value:
        if depth > _DEPTH:
            raise _SyntaxError
        value = self.both(depth)
        while self.take("||"):
            value = _either(value, self.both(depth))
        return value

    def both(self, depth: int) -> _Value:
        value = self.comparison(depth)
        while self.take("&&"):
            value = _both(value, self.comparison(depth))
        return value

    def comparison(self, depth: int) -> _Value:
        value = self.unary(depth)
        while self.peek() in {"==", "!=", "<", "<=", ">", ">="}:
            operator = self.peek()
            self.at += 1
            value = _compare(operator, value, self.unary(depth))
        return value

    def unary(self, depth: int) -> _Value:
        negations = 0
        while self.take("!"):
            negations += 1
        value = self.primary(depth)
        for _ in range(negations):
            truth = _truth_of(value)
            value = _Unknown() if truth is None else not truth
        return value

    def primary(self, depth: int) -> _Value:
        if self.take("("):
            value = self.either(depth + 1)
            if not self.take(")"):
                raise _SyntaxError
            return self.member(value, depth)
        if self.at >= len(self.tokens):
            raise _SyntaxError
        kind, text = self.tokens[self.at]
        self.at += 1
        if kind == "string":
            return text[1:-1].replace("''", "'")
        if kind == "number":
            return _hexadecimal(text) if "x" in text.lower() else float(text)
        if kind != "name":
            raise _SyntaxError
        if self.take("("):
            self.arguments(depth)
            return self.member(_STATUS.get(text.lower(), _Unknown()), depth)
        if text.lower() in _CONSTANTS and self.peek() not in {".", "["}:
            return _CONSTANTS[text.lower()]
        return self.member(_Unknown(), depth)

    def arguments(self, depth: int) -> None:
        if self.take(")"):
            return
        while True:
            self.either(depth + 1)
            if self.take(")"):
                return
            if not self.take(","):
                raise _SyntaxError

    def member(self, value: _Value, depth: int) -> _Value:
        while True:
            if self.take("."):
                if self.at >= len(self.tokens) or self.tokens[self.at][0] == "string":
                    raise _SyntaxError
                self.at += 1
            elif self.take("["):
                if not self.take("*"):
                    self.either(depth + 1)
                if not self.take("]"):
                    raise _SyntaxError
            else:
                return value
            value = _Unknown()


def _both(left: _Value, right: _Value) -> _Value:
    truth = _truth_of(left)
    if truth is not None:
        return right if truth else left
    return _Unknown(False) if _truth_of(right) is False else _Unknown()


def _either(left: _Value, right: _Value) -> _Value:
    truth = _truth_of(left)
    if truth is not None:
        return left if truth else right
    return _Unknown(True) if _truth_of(right) else _Unknown()


def _compare(operator: str, left: _Value, right: _Value) -> _Value:
    if isinstance(left, _Unknown) or isinstance(right, _Unknown):
        return _Unknown()
    one: float | str
    other: float | str
    if isinstance(left, str) and isinstance(right, str):
        one, other = left.lower(), right.lower()
        results = (one == other, one < other)
    else:
        one, other = _number(left), _number(right)
        results = (one == other, one < other)
    equal, less = results
    if operator in {"==", "!="}:
        return equal is (operator == "==")
    if isinstance(one, float) and (math.isnan(one) or math.isnan(float(other))):
        return False
    if operator.endswith("=") and equal:
        return True
    return less if operator[0] == "<" else not less and not equal


def _hexadecimal(text: str) -> float:
    try:
        return float(int(text, 16))
    except OverflowError:
        return math.inf


def _number(value: bool | float | str | None) -> float:
    if isinstance(value, str):
        try:
            return float(value) if value.strip() else 0.0
        except ValueError:
            return math.nan
    return float(value or 0)
