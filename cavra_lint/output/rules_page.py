"""docs/rules.md, made from the rules: `python -m cavra_lint.output.rules_page > docs/rules.md`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from cavra_lint.rules.registry import RULES
from cavra_lint.rules.rule import Rule

_FAMILIES = {
    "0": "Files that cannot be read as what they should be",
    "1": "Artifacts, and the gates that the index lists",
    "2": "Readiness, claimed and borne out",
    "3": "Commands, and what has to run them",
    "4": "Private material",
    "5": "What a packet has to hold",
}
_HEAD = """# Rules

This page is made from the rules themselves by `python -m cavra_lint.output.rules_page`; a test holds it to them.
`cavra-lint --explain CODE` prints one rule, `cavra-lint --list-rules` names them all.

The first digit of a code is its family. `select`, `ignore` and `per-file-ignores` take a code or the beginning of
one. They shape what the linter prints; no verdict of a gate asks them.
"""


def page() -> str:
    """Return the page of all rules, in Markdown."""
    return "\n".join((_HEAD, *_contents(), *_families())).rstrip("\n") + "\n"


def _contents() -> Iterator[str]:
    yield "| code | name | what it finds |"
    yield "|---|---|---|"
    for rule in RULES:
        first = rule.documentation.partition("\n")[0]
        yield f"| [{rule.code}](#{rule.code.lower()}-{rule.name}) | {rule.name} | {first} |"
    yield ""


def _families() -> Iterator[str]:
    for digit, rules in groupby(RULES, key=_family):
        yield f"## {_FAMILIES[digit]}\n"
        yield from (f"### {rule.code} {rule.name}\n\n{rule.documentation}\n" for rule in rules)


def _family(rule: Rule) -> str:
    return rule.code.removeprefix("CAVRA")[0]


if __name__ == "__main__":
    print(page(), end="")
