"""What GitHub's expressions come to, as far as it is known before a run, and what its functions make of that."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from cavra_lint.frozen import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import TypeAlias


class Unknown(NamedTuple):
    """A value that only a run can tell.

    Of some it is known whether they are true, how their text begins and ends, or among which texts
    they are. `path` is what they are in the run, as `github.ref`; empty where they were computed. `plainly` is what
    they come to in the run of a change of which nobody says more than that it is there; None where that is not told.
    """

    truth: bool | None = None
    path: str = ""
    begins: str = ""
    ends: str = ""
    among: tuple[str, ...] = ()
    plainly: bool | float | str | tuple[()] | None = None


Value: TypeAlias = "bool | float | str | tuple[bool | float | str | None, ...] | Unknown | None"
Known: TypeAlias = "Mapping[str, Value]"
"""What is known of a run: what stands at a path, in small letters. Of `path.*`, that nothing else stands below it."""

UNKNOWN = Unknown()
SOMETHING = "\0"
"""What somebody has written, or is called, in a run that does not tell: none of the texts that a file could name."""


def plainly(value: Value) -> Value:
    """Return what a value comes to in the run of a plain change, None where that is not told."""
    return value.plainly if isinstance(value, Unknown) else value


def made_of(function: Callable[..., Value], *values: Value) -> Value:
    """Return what a function makes of values, and where only a run can tell it, what it plainly comes to."""
    made = function(*values)
    if not isinstance(made, Unknown) or not any(isinstance(one, Unknown) and one.plainly is not None for one in values):
        return made
    told = [plainly(one) for one in values]
    plain = UNKNOWN if any(one is None for one in told) else function(*told)
    return made if plain is None or isinstance(plain, tuple) else made._replace(plainly=plain)


def truth_of(value: Value) -> bool | None:
    """Tell whether a value counts as true; None where only a run can tell."""
    if isinstance(value, Unknown):
        return True if value.begins or value.ends or (value.among and all(value.among)) else value.truth
    if isinstance(value, tuple):
        return True
    if isinstance(value, float):
        return value != 0 and not _is_nan(value)
    return bool(value)


def _is_nan(value: float) -> bool:
    # the one number that is not itself
    return value != value


def compare(operator: str, left: Value, right: Value) -> Value:
    """Return what a comparison comes to; text is compared without its case, as GitHub does."""
    return made_of(lambda one, other: _compared(operator, one, other), left, right)


def _compared(operator: str, left: Value, right: Value) -> Value:
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        pairs = ((left, right), (right, left))
        differ = any(isinstance(text, str) and not _may_be(value, text) for value, text in pairs)
        return operator == "!=" if differ and operator in {"==", "!="} else UNKNOWN
    if isinstance(left, tuple) or isinstance(right, tuple):
        return UNKNOWN
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
    if isinstance(one, float) and (_is_nan(one) or _is_nan(float(other))):
        return False
    if operator.endswith("=") and equal:
        return True
    return less if operator[0] == "<" else not less and not equal


def _may_be(value: Value, text: str) -> bool:
    if not isinstance(value, Unknown):
        return True
    text = text.lower()
    if value.among:
        return text in (one.lower() for one in value.among)
    if not text:
        return truth_of(value) is not True
    return text.startswith(value.begins.lower()) and text.endswith(value.ends.lower())


def called(name: str, arguments: Sequence[Value]) -> Value:
    """Return what a function comes to.

    Args:
        name: its name in small letters.
        arguments: what it is called with.
    """
    function = _FUNCTIONS.get(name)
    if function is None or len(arguments) != 2 - (name == "fromjson"):
        return UNKNOWN
    return made_of(function, *arguments)


def _contains(whole: Value, part: Value) -> Value:
    if isinstance(whole, tuple) and not isinstance(whole, Unknown):
        results = [compare("==", one, part) for one in whole]
        if True in results:
            return True
        return False if all(result is False for result in results) else UNKNOWN
    return _on_texts(lambda one, other: other in one, whole, part)


def _starts(whole: Value, part: Value) -> Value:
    if isinstance(whole, Unknown) and isinstance(part, str) and not whole.among:
        length = min(len(whole.begins), len(part))
        return UNKNOWN if whole.begins[:length].lower() == part[:length].lower() else False
    return _on_texts(str.startswith, whole, part)


def _ends(whole: Value, part: Value) -> Value:
    return _on_texts(str.endswith, whole, part)


def _on_texts(test: Callable[[str, str], bool], whole: Value, part: Value) -> Value:
    if isinstance(whole, Unknown):
        results = {_on_texts(test, one, part) for one in whole.among}
        return results.pop() if len(results) == 1 else UNKNOWN
    texts = [text_of(whole), text_of(part)]
    return test(texts[0].lower(), texts[1].lower()) if texts[0] is not None and texts[1] is not None else UNKNOWN


def text_of(value: Value) -> str | None:
    """Return a value as GitHub writes it into a text; None where only a run can tell."""
    # what is unknown is a tuple as well
    if isinstance(value, tuple):
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.15g}"
    return value or ""


def _from_json(text: Value) -> Value:
    if not isinstance(text, str) or len(text) > _LONGEST_JSON:
        return UNKNOWN

    import json

    try:
        value = json.loads(text, parse_int=float)
    except (ValueError, RecursionError):
        return UNKNOWN
    plain = (bool, float, str, type(None))
    if isinstance(value, list) and all(isinstance(one, plain) for one in value):
        return tuple(value)
    return value if isinstance(value, plain) else Unknown(True)


_LONGEST_JSON = 10_000
_FUNCTIONS: dict[str, Callable[..., Value]] = {
    "contains": _contains,
    "startswith": _starts,
    "endswith": _ends,
    "fromjson": _from_json,
}


def _number(value: bool | float | str | None) -> float:
    if isinstance(value, str):
        try:
            return float(value) if value.strip() else 0.0
        except ValueError:
            return float("nan")
    return float(value or 0)
