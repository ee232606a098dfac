"""What a rule is, and what it yields."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain as joined

from cavra_lint.contract import Chain, Gate
from cavra_lint.diagnostics import Diagnostic, Place, Severity
from cavra_lint.frozen import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import Any

#: Comparing takes time by the square of the length, and no name of a contract is longer.
_LONGEST_NAME = 100
#: Nor does it look at more names than these.
_MOST_NAMES = 200
#: A message quotes names of the file, which can be of any length.
_LONGEST_MESSAGE = 2000
#: A rule finds no more than this in one thing that it is asked about: nobody reads on.
MOST_FINDINGS = 1000
#: Of a list without end, only so many first entries are told what they may be meant to be.
MOST_HINTS = 100


class Finding(NamedTuple):
    """What a rule found: where, and in words. An error blocks; a warning only keeps from being ready."""

    place: Place
    message: str
    severity: Severity = "error"


class Rule(NamedTuple):
    """One named thing that can be wrong.

    `check` yields what is wrong with what it is given; the rules of a family are all given the same.
    """

    code: str
    name: str
    check: Callable[..., Iterator[Finding]]

    @property
    def documentation(self) -> str:
        """The rule's documentation, without the indentation of its source."""
        first, _, rest = _docstring(self.check).strip().partition("\n")
        return "\n".join([first, *(line.removeprefix("    ") for line in rest.split("\n"))]).strip()


def _docstring(check: Callable[..., object]) -> str:
    """Return what a function says of itself; where `python -OO` has left that out, it is read in the source."""
    if check.__doc__ is not None:
        return check.__doc__
    import ast
    import inspect

    (function,) = ast.parse(inspect.getsource(check)).body
    assert isinstance(function, ast.FunctionDef)
    return ast.get_docstring(function, clean=False) or ""


def rule(code: str, name: str) -> Callable[[Callable[..., Iterator[Finding]]], Rule]:
    """Make a rule of a function; the function's docstring is the rule's documentation.

    Args:
        code: `CAVRA` and three digits; the first digit is the family.
        name: the rule's name in words joined by hyphens.
    """
    return lambda check: Rule(code, name, check)


def ask(rules: Iterable[Rule], subject: object, chain: Chain, gate: Gate, check: str) -> Iterator[Diagnostic]:
    """Ask rules of one family about what they are given, and yield what they find.

    Args:
        rules: the rules.
        subject: what each of them is given.
        chain: the chain that the gate belongs to.
        gate: the gate that the findings are about.
        check: the check of that gate's verdict that they block or warn.
    """
    for rule in rules:
        findings = rule.check(subject)
        # mostly there are none
        for first in findings:
            yield from diagnostics_of(rule, joined((first,), findings), chain, gate, check)
            # one that finds without end is not asked on
            break


def diagnostics_of(
    rule: Rule, findings: Iterable[Finding], chain: Chain, gate: Gate, check: str
) -> Iterator[Diagnostic]:
    """Yield a rule's findings as diagnostics of a gate and one of its checks.

    Whatever is found passes here, and so nothing private leaves in a message, whichever rule wrote it.
    Where there is no end of them, the last says so; it is an error, whatever those are that it stands for.
    """
    from cavra_lint.rules.exposed import shown
    from cavra_lint.sources.private_values import redacted

    for number, ((path, line, column), message, severity) in enumerate(findings):
        if number == MOST_FINDINGS:
            message = f"is followed by more findings of this kind than the {MOST_FINDINGS} that are listed"
            yield Diagnostic(redacted(path), line, rule.code, column, message, gate.id, check, "error")
            return
        message = shown(chain, gate, message)
        if len(message) > _LONGEST_MESSAGE:
            message = f"{message[:_LONGEST_MESSAGE]}..."
        yield Diagnostic(redacted(path), line, rule.code, column, message, gate.id, check, severity)


def rules_of(names: Mapping[str, Any]) -> tuple[Rule, ...]:
    """Return the rules among a module's names, in the order in which they are written."""
    return tuple(value for value in names.values() if isinstance(value, Rule))


def follows_from(cause: Diagnostic | None) -> str:
    """Return what ends the message of a claim that another finding bears out; empty where there is none."""
    return f" (follows from {cause.path}:{cause.line})" if cause else ""


def close_to(word: object, known: Iterable[str]) -> str | None:
    """Return the known word that is closest to a word, None where none is close."""
    if not isinstance(word, str) or len(word) > _LONGEST_NAME:
        return None
    from difflib import get_close_matches
    from itertools import islice

    near = [name for name in islice(known, _MOST_NAMES) if len(name) <= _LONGEST_NAME]
    close = get_close_matches(word, near, n=1, cutoff=0.8)
    return close[0] if close else None


def suggestion(wrong: object, expected: Iterable[str]) -> str:
    """Return a phrase that names the expected word which is closest to a wrong one, if one is close."""
    close = close_to(wrong, expected)
    return f"; did you mean `{close}`?" if close else ""
