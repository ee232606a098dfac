"""Why a mark of pytest or unittest keeps a test from running for good, or its failure from counting."""

from __future__ import annotations

import _ast as ast

from cavra_lint.sources.python_flow import asks_for_github, truth


def reason_of(kind: str, condition: ast.expr | None) -> str | None:
    """Return why a mark keeps a test from running or failing in every run, None where it does not.

    Args:
        kind: the name of the mark, such as `skipif`.
        condition: what it asks for, None for nothing.
    """
    if kind == "skip":
        return "is marked to be skipped"
    where = "on GitHub" if condition is not None and asks_for_github(condition) else "always"
    if kind in {"skipif", "skipIf"} and _always(condition, True):
        return f"is marked `{kind}` with a condition that is {where} true"
    if kind == "skipUnless" and _always(condition, False):
        return f"is marked `skipUnless` with a condition that is {where} false"
    if kind == "expectedFailure":
        return "is marked as an expected failure"
    if kind == "xfail" and (condition is None or _always(condition, True)):
        return "is marked `xfail`: its failure does not count"
    return None


def _always(condition: ast.expr | None, wanted: bool) -> bool:
    if condition is None or truth(condition) is not wanted:
        return False
    if not isinstance(condition, ast.Constant) or not isinstance(condition.value, str):
        return True
    # pytest evaluates conditions that are strings
    return condition.value in {"True", "1"}
