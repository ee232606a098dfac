"""`sarif` is valid by the published schema, and says what code scanning reads."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from jsonschema import Draft4Validator

from cavra_lint.diagnostics import Diagnostic
from cavra_lint.output import renderer
from cavra_lint.output.report import Report
from cavra_lint.rules.registry import RULES

render = renderer("sarif")


@pytest.fixture(scope="module")
def schema(consumers: Path) -> Draft4Validator:
    """The schema of SARIF 2.1.0 as Microsoft publishes it with its matchers for jest."""
    (file,) = (consumers / "node_modules/@microsoft/jest-sarif").rglob("sarif-2.1.0*.json")
    loaded = json.loads(file.read_text(encoding="utf-8-sig"))
    Draft4Validator.check_schema(loaded)
    return Draft4Validator(loaded, format_checker=Draft4Validator.FORMAT_CHECKER)


def run_of(report: Report) -> dict[str, Any]:
    run: dict[str, Any]
    (run,) = json.loads(render(report))["runs"]
    return run


def test_is_valid_by_the_published_schema(
    schema: Draft4Validator,
    honest: tuple[Diagnostic, ...],
    hostile: tuple[Diagnostic, ...],
    report: Callable[..., Report],
) -> None:
    for found in ((), honest, hostile):
        assert list(schema.iter_errors(json.loads(render(report(found))))) == []
    broken = json.loads(render(report(hostile)))
    broken["runs"][0]["results"][0]["level"] = "blocker"
    assert list(schema.iter_errors(broken)) != []


def test_explains_each_rule(honest: tuple[Diagnostic, ...], report: Callable[..., Report]) -> None:
    rules = run_of(report(honest))["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [rule.code for rule in RULES]
    for rule in rules:
        assert rule["shortDescription"]["text"]
        assert rule["fullDescription"]["text"].startswith(rule["shortDescription"]["text"])
        assert "To put it right" in rule["help"]["markdown"]
        assert "Fails:" not in rule["fullDescription"]["text"]


def test_a_result_leads_to_its_rule_and_its_place(
    hostile: tuple[Diagnostic, ...], report: Callable[..., Report]
) -> None:
    run = run_of(report(hostile))
    assert len(run["results"]) == len(hostile)
    for result, found in zip(run["results"], hostile, strict=True):
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == found.code
        place = result["locations"][0]["physicalLocation"]
        uri = urlsplit(place["artifactLocation"]["uri"])
        assert uri.scheme == uri.netloc == uri.query == uri.fragment == ""
        assert uri.path.isascii()
        if "\ud800" not in found.path:
            assert unquote(uri.path, errors="surrogateescape") == found.path
        assert place["region"] == {"startLine": found.line, "startColumn": found.column}
        assert "](" not in result["message"]["text"].replace("\\](", "")
    fingerprints = {result["partialFingerprints"]["cavraLint/v1"] for result in run["results"]}
    assert len(fingerprints) == len(hostile)


def test_a_code_without_a_rule_is_still_listed(report: Callable[..., Report]) -> None:
    run = run_of(report([Diagnostic("a", 1, "CAVRA999", 1, "is wrong", "R7.1", "gates", "warning")]))
    (result,) = run["results"]
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]] == {"id": "CAVRA999"}
    assert result["level"] == "warning"
