"""`json` is what its published schema says, and gives back every character."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from cavra_lint.diagnostics import Diagnostic
from cavra_lint.output import renderer
from cavra_lint.output.report import Report

render = renderer("json")


@pytest.fixture(scope="module")
def schema(root: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((root / "cavra_lint/output/diagnostics.schema.json").read_text())
    Draft202012Validator.check_schema(loaded)
    return loaded


def test_is_valid_by_its_schema(
    schema: dict[str, Any],
    honest: tuple[Diagnostic, ...],
    hostile: tuple[Diagnostic, ...],
    report: Callable[..., Report],
) -> None:
    for found in ((), honest, hostile):
        listed = json.loads(render(report(found)))
        Draft202012Validator(schema).validate(listed)
        assert len(listed) == len(found)
    with pytest.raises(ValidationError):
        Draft202012Validator(schema).validate([{**listed[0], "line": 0}])


def test_holds_the_findings_as_a_verdict_does(honest: tuple[Diagnostic, ...], report: Callable[..., Report]) -> None:
    listed = json.loads(render(report(honest)))
    assert [{key: value for key, value in item.items() if key != "version"} for item in listed] == [
        found.as_json() for found in honest
    ]


def test_gives_back_every_character_that_is_one(hostile: tuple[Diagnostic, ...], report: Callable[..., Report]) -> None:
    listed = json.loads(render(report(hostile)))
    whole = [found for found in hostile if not any("\ud800" <= char <= "\udfff" for char in found.path + found.message)]
    pairs = {(item["path"], item["message"]) for item in listed}
    assert {(found.path, found.message) for found in whole} <= pairs
