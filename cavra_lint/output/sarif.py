"""SARIF 2.1.0, for code scanning."""

from __future__ import annotations

from urllib.parse import quote

from cavra_lint import __version__
from cavra_lint.diagnostics import Diagnostic
from cavra_lint.frozen import TYPE_CHECKING
from cavra_lint.output.fingerprints import fingerprints
from cavra_lint.output.json_text import dumps
from cavra_lint.output.report import Report
from cavra_lint.output.text import printable
from cavra_lint.rules.registry import RULES
from cavra_lint.rules.rule import Rule

if TYPE_CHECKING:
    from typing import Any

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_ROOT = "%SRCROOT%"


def render(report: Report) -> str:
    """Return a log with one run: every rule, and a result for each finding."""
    known = [rule.code for rule in RULES]
    codes = [*known, *sorted({found.code for found in report.diagnostics}.difference(known))]
    index = {code: number for number, code in enumerate(codes)}
    driver = {
        "name": "cavra-lint",
        "semanticVersion": __version__,
        "rules": [*map(_rule, RULES), *({"id": code} for code in codes[len(known) :])],
    }
    results = [
        _result(found, index[found.code], fingerprint)
        for found, fingerprint in zip(report.diagnostics, fingerprints(report.diagnostics), strict=True)
    ]
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": f"cavra-lint/{printable(report.chain.id)}/"},
        "invocations": [{"executionSuccessful": True}],
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The root of the repository."}}},
        "results": results,
    }
    return dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(rule: Rule) -> dict[str, Any]:
    first, _, _ = rule.documentation.partition("\n")
    described, _, _ = rule.documentation.partition("\n\nFails:")
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": first},
        "fullDescription": {"text": " ".join(described.split())},
        "help": {"text": rule.documentation, "markdown": rule.documentation},
    }


def _result(found: Diagnostic, rule_index: int, fingerprint: str) -> dict[str, Any]:
    place = {
        "artifactLocation": {"uri": _uri(found.path), "uriBaseId": _ROOT},
        "region": {"startLine": found.line, "startColumn": found.column},
    }
    return {
        "ruleId": found.code,
        "ruleIndex": rule_index,
        "level": found.severity,
        # `[words](target)` would be a link; a backslash keeps it text (SARIF 2.1.0, 3.11.6)
        "message": {"text": printable(found.message).replace("](", "\\](")},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"cavraLint/v1": fingerprint},
        "properties": {"gate_id": printable(found.gate_id), "check": printable(found.check)},
    }


def _uri(path: str) -> str:
    """Return a path as a relative reference; what is no UTF-8 in it stands as the bytes that it is."""
    try:
        data = path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        data = path.encode("utf-8", "backslashreplace")
    return quote(data)
