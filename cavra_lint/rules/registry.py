"""All rules that are known, and what their codes select."""

from __future__ import annotations

from cavra_lint.rules import (
    artifacts,
    claims,
    code,
    commands,
    documents,
    index,
    packet,
    pages,
    private_keys,
    private_values,
    readiness,
    workflows,
)
from cavra_lint.rules.rule import Rule

_FAMILIES = (
    documents,
    artifacts,
    index,
    readiness,
    claims,
    commands,
    workflows,
    pages,
    code,
    private_keys,
    private_values,
    packet,
)

#: Every rule, in the order of its code.
RULES: tuple[Rule, ...] = tuple(sorted(rule for family in _FAMILIES for rule in family.RULES))


def rule_of(code: str) -> Rule | None:
    """Return the rule with this code, None where there is none."""
    return next((rule for rule in RULES if rule.code == code), None)


def is_prefix(prefix: str) -> bool:
    """Tell whether a code or the beginning of one selects any rule."""
    return any(rule.code.startswith(prefix) for rule in RULES)
