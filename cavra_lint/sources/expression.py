"""GitHub's expressions, as far as they are known before a run: can an `if:` ever be true, is a step soft?"""

from __future__ import annotations

from cavra_lint.frozen import TYPE_CHECKING
from cavra_lint.late import re
from cavra_lint.sources.expression_values import UNKNOWN, Unknown, called, compare, made_of, plainly, text_of, truth_of

if TYPE_CHECKING:
    from collections.abc import Set

    from cavra_lint.sources.expression_values import Known, Value

_TOKEN = r"""\s*(?:(?P<number>[-+]?(?:0x[0-9a-fA-F]+|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?))
        |(?P<string>'(?:[^']|'')*')
        |(?P<name>[A-Za-z_][\w-]*)
        |(?P<mark>&&|\|\||[=!]=|[<>]=?|[!()\[\],.*]))"""
#: One of those in a text. Outside of strings an expression holds no braces.
_PART = r"\$\{\{((?:[^'{}]|'[^']*'|\}(?!\}))*)\}\}"
_DEPTH = 50

# What the status functions say in a run in which nothing has failed so far.
_STATUS = {"success": True, "always": True, "failure": False, "cancelled": False}
SUCCESS = "success()"
"""The path at which it is known that `success()` is false, as it is behind a job that was skipped."""

JOB_NAMES = frozenset({"github", "needs", "vars", "inputs"})
"""What an `if:` of a job may speak of."""
STEP_NAMES = JOB_NAMES | {"strategy", "matrix", "job", "runner", "env", "steps"}
"""What an `if:` of a step may speak of."""

NOTHING: Known = {}
_CONSTANTS: dict[str, bool | float | None] = {
    "true": True,
    "false": False,
    "null": None,
    "nan": float("nan"),
    "infinity": float("inf"),
}


class _SyntaxError(Exception):
    """No expression, or none that this module understands; never leaves it."""


def can_run(condition: str, known: Known = NOTHING, *, plain: bool = False) -> bool:
    """Tell whether an `if:` lets its step or job run although nothing has failed before it.

    Args:
        condition: the text of the `if:`, empty where there is none.
        known: what is known of the run.
        plain: whether it has to do so in the run of a plain change, of which nobody says more than that it is there.

    Returns:
        False where the condition is false in every such run: `false`, `${{ 0 }}`, `false && x`,
        `failure()`. An expression that cannot be read counts as one that can be true.
    """
    expression = _expression_of(condition)
    if expression is None:
        return True
    parser, value = _parsed(expression, known)
    # where no status function is called, GitHub asks for success() beside the condition
    if known.get(SUCCESS) is False and not (parser and parser.asks_status):
        return False
    told = plainly(value) if plain else None
    return truth_of(value if told is None else told) is not False


def must_run(condition: str, known: Known) -> bool:
    """Tell whether an `if:` surely lets its step run where nothing has failed before it."""
    expression = _expression_of(condition)
    return expression is None or truth_of(_parsed(expression, known)[1]) is True


def masks_failure(continue_on_error: str, known: Known = NOTHING) -> bool:
    """Tell whether a `continue-on-error:` lets a failure pass.

    Args:
        continue_on_error: its text, empty where there is none.
        known: what is known of the run.

    Returns:
        True for everything that is not surely false: what an expression comes to is known to
        nobody who reads the file.
    """
    text = continue_on_error.strip()
    whole = _whole(text)
    if whole is not None:
        return truth_of(_parsed(whole, known)[1]) is not False
    return text.lower() not in {"", "false", "null", "~"}


def evaluated(text: str, known: Known) -> Value:
    """Return what a text with an expression in it comes to.

    Args:
        text: a value of a workflow, as `main` or `${{ github.ref }}`.
        known: what is known of the run.
    """
    if "${{" not in text:
        return text
    whole = _whole(text.strip())
    if whole is not None and "${{" not in whole:
        return _parsed(whole, known)[1]
    text = filled(text, known)
    return UNKNOWN if "${{" in text else text


def filled(text: str, known: Known) -> str:
    """Return a text with what its expressions come to in their place, as a shell is given it.

    Args:
        text: a script, or another value of a workflow.
        known: what is known of the run.

    Returns:
        The text, as many lines as before: what only a run can tell stays as it is written.
    """

    def value(match: re.Match[str]) -> str:
        parser, value = _parsed(match[1], known)
        text = text_of(value) if parser else None
        return match[0] if text is None or "\n" in text else text

    return re.sub(_PART, value, text) if "${{" in text else text


def refused(condition: str, names: Set[str]) -> str:
    """Say why GitHub takes no workflow with this `if:`; empty where it takes it.

    Args:
        condition: the text of the `if:`.
        names: what it may speak of.
    """
    expression = _expression_of(condition)
    if not expression or not expression.strip():
        return ""
    parser, _ = _parsed(expression, NOTHING)
    if parser is None:
        return "is no expression"
    unknown = sorted(parser.names - names)
    return f"speaks of `{unknown[0]}`, which GitHub does not know there" if unknown else ""


def _expression_of(condition: str) -> str | None:
    """Return the expression of an `if:`; None where it is true whatever an expression in it comes to."""
    if "${{" not in condition:
        return condition
    # With any text beside the expression GitHub makes a string of it, and that is true.
    whole = _whole(condition.strip(" "))
    return None if whole is None or "${{" in whole else whole


def _whole(text: str) -> str | None:
    """Return what stands between the braces of a text that is one expression, or several; None where it is none."""
    is_whole = text.startswith("${{") and text.endswith("}}") and len(text) >= len("${{}}")
    return text[3:-2] if is_whole else None


def _parsed(expression: str, known: Known) -> tuple[_Parser | None, Value]:
    if not expression.strip():
        return None, True
    try:
        parser = _Parser(expression, known)
        value = parser.either(0)
        parser.end()
    except _SyntaxError:
        return None, UNKNOWN
    return parser, value


class _Parser:
    """A parser that folds what is constant on its way."""

    def __init__(self, text: str, known: Known) -> None:
        self.known = known
        self.names: set[str] = set()
        self.asks_status = False
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
        # no text of another token is a mark: of a string, the quotes are part of it
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def take(self, mark: str) -> bool:
        if self.peek() != mark:
            return False
        self.at += 1
        return True

    def end(self) -> None:
        if self.at < len(self.tokens):
            raise _SyntaxError

    def either(self, depth: int) -> Value:
        if depth > _DEPTH:
            raise _SyntaxError
        value = self.both(depth)
        while self.take("||"):
            value = _either(value, self.both(depth))
        return value

    def both(self, depth: int) -> Value:
        value = self.comparison(depth)
        while self.take("&&"):
            value = _both(value, self.comparison(depth))
        return value

    def comparison(self, depth: int) -> Value:
        value = self.unary(depth)
        while self.peek() in {"==", "!=", "<", "<=", ">", ">="}:
            operator = self.peek()
            self.at += 1
            value = compare(operator, value, self.unary(depth))
        return value

    def unary(self, depth: int) -> Value:
        negations = 0
        while self.take("!"):
            negations += 1
        value = self.primary(depth)
        for _ in range(negations):
            value = made_of(_not, value)
        return value

    def primary(self, depth: int) -> Value:
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
            return self.member(self.call(text.lower(), self.arguments(depth)), depth)
        if text.lower() in _CONSTANTS:
            return _CONSTANTS[text.lower()]
        self.names.add(text.lower())
        return self.member(self.at_path(text.lower()), depth)

    def call(self, name: str, arguments: list[Value]) -> Value:
        if name in _STATUS:
            self.asks_status = True
            return self.known.get(f"{name}()", _STATUS[name])
        return called(name, arguments)

    def arguments(self, depth: int) -> list[Value]:
        found: list[Value] = []
        if self.take(")"):
            return found
        while True:
            found.append(self.either(depth + 1))
            if self.take(")"):
                return found
            if not self.take(","):
                raise _SyntaxError

    def name(self) -> str:
        if self.at >= len(self.tokens) or self.tokens[self.at][0] != "name":
            raise _SyntaxError
        self.at += 1
        return self.tokens[self.at - 1][1]

    def at_path(self, path: str, above: str = "") -> Value:
        value = self.known.get(path, self.known.get(f"{above}.*", UNKNOWN))
        return value._replace(path=path) if isinstance(value, Unknown) else value

    def member(self, value: Value, depth: int) -> Value:
        while True:
            name: Value = UNKNOWN
            of_all = False
            if self.take("."):
                of_all = self.take("*")
                if not of_all:
                    name = self.name()
            elif self.take("["):
                if not self.take("*"):
                    name = self.either(depth + 1)
                if not self.take("]"):
                    raise _SyntaxError
            else:
                return value
            path = value.path if isinstance(value, Unknown) else ""
            if path and isinstance(name, str):
                value = self.at_path(f"{path}.{name.lower()}", path)
            elif path and of_all:
                value = self.at_path(f"{path}.[*]")
            elif value is not None:
                value = UNKNOWN


def _not(value: Value) -> Value:
    truth = truth_of(value)
    return UNKNOWN if truth is None else not truth


def _both(left: Value, right: Value) -> Value:
    truth = truth_of(left)
    if truth is not None:
        return right if truth else left
    plain = _plain_truths(left, right)
    told = False if False in plain else None if None in plain else True
    return Unknown(False if truth_of(right) is False else None, plainly=told)


def _either(left: Value, right: Value) -> Value:
    truth = truth_of(left)
    if truth is not None:
        return left if truth else right
    plain = _plain_truths(left, right)
    told = True if True in plain else None if None in plain else False
    return Unknown(True if truth_of(right) else None, plainly=told)


def _plain_truths(*values: Value) -> list[bool | None]:
    """Return of values whether they plainly count as true, None for those of which that is not told."""
    told = [plainly(value) if isinstance(value, Unknown) else truth_of(value) for value in values]
    return [None if one is None else truth_of(one) for one in told]


def _hexadecimal(text: str) -> float:
    try:
        return float(int(text, 16))
    except OverflowError:
        return float("inf")
