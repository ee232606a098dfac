"""`full` puts the caret under the place, and shows nothing private."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

import pytest

from cavra_lint.contract import Chain
from cavra_lint.diagnostics import Diagnostic
from cavra_lint.output import renderer
from cavra_lint.output.report import Report

render = renderer("full")


def finding(column: int, path: str = "docs/a.md", line: int = 1, code: str = "CAVRA301") -> Diagnostic:
    return Diagnostic(path, line, code, column, "is wrong", "R7.1", "gates", "error")


def under_caret(output: str) -> tuple[str, str]:
    """Return the source line as it is shown, and the character of it that stands over the caret."""
    _, source, caret = output.split("\n")[:3]
    columns: list[str] = []
    for char in source:
        if unicodedata.combining(char):
            columns[-1] += char
        else:
            columns += [char] * (2 if unicodedata.east_asian_width(char) in "WF" else 1)
    return source, columns[caret.index("^")]


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("plain X", 7),
        ("X", 1),
        ("\tX", 2),
        ("ab\t\tX", 5),
        ("\u6f22\u5b57 X", 4),
        ("e\u0301e\u0301 X", 6),
        ("\U0001f600 X", 3),
        ("\x1b[31m X", 7),
        ("\u202eX", 2),
        ("a" * 5000 + "X" + "b" * 5000, 5001),
        ("\u6f22" * 500 + "X", 501),
        ("a" * 90 + "X" + "b" * 9, 91),
        ("a" * 199 + "X", 200),
        ("e\u0301" * 300 + "X", 601),
        ("##[error] X", 11),
    ],
)
def test_the_caret_stands_under_the_place(line: str, column: int, report: Callable[..., Report]) -> None:
    output = render(report([finding(column)], source=lambda _: line))
    source, char = under_caret(output)
    assert char == "X"
    assert len(source) <= 320
    assert all(text.isprintable() for text in output.split("\n"))


def test_a_place_behind_the_end_of_a_line_is_shown_there(report: Callable[..., Report]) -> None:
    _, source, caret = render(report([finding(99)], source=lambda _: "abc")).split("\n")[:3]
    assert source.endswith("| abc")
    assert caret.index("^") == len(source)


def test_says_how_to_put_it_right(honest: tuple[Diagnostic, ...], report: Callable[..., Report]) -> None:
    output = render(report(honest))
    assert output.count("To put it right") == len(honest)


def test_a_line_that_is_not_there_is_left_out(report: Callable[..., Report]) -> None:
    assert "^" not in render(report([finding(1, line=9), finding(1, path="gone")], source={"docs/a.md": "x"}.get))


def test_lines_end_as_positions_count_them(report: Callable[..., Report]) -> None:
    output = render(report([finding(1, line=4)], source=lambda _: "a\rb\r\nc\nX\n"))
    assert under_caret(output)[1] == "X"


JSON = """{
  "gate_count": 11, "phone": 5551234567, "ready": true, "note": null,
  "owner": "Jane Doe", "evidence_mode": "live", "jane@x.example": "R7.1",
  "say \\"Jane\\": ": "Jane \\"Doe\\"", "list": ["Jane", -5, 1e9], bare Jane, "open: Jane
  'Jane': 'Doe'
"""


@pytest.mark.parametrize("number", [2, 3, 4, 5])
@pytest.mark.parametrize("column", [1, 5, 12, 20, 40, 60])
def test_no_value_of_a_packet_is_shown(number: int, column: int, report: Callable[..., Report]) -> None:
    output = render(report([finding(column, path="examples/a.json", line=number)], source=lambda _: JSON))
    assert not re.search(r"Jane|Doe|555|jane", output)


def test_keys_and_words_of_the_contract_are_shown(chain: Chain, report: Callable[..., Report]) -> None:
    path = chain.gates[0].artifacts["live_result"]
    line = f'"docs": "{chain.gates[0].artifacts["docs"]}", "ready": true, "gate_count": 11, "mode": "live"'
    output = render(report([finding(1, path=path)], source=lambda _: line))
    assert line in output


def test_a_minified_packet_hides_its_values_around_the_place(report: Callable[..., Report]) -> None:
    line = "{" + ", ".join(f'"key_{number}": "Jane {number}"' for number in range(50_000)) + "}"
    column = line.index('"key_30000"') + 1
    output = render(report([finding(column, path="a.json")] * 200, source=lambda _: line))
    assert "Jane" not in output
    assert '"key_30000": "..."' in output
    assert under_caret(output)[1] == '"'


def test_a_line_with_private_material_is_not_shown_even_for_another_finding(report: Callable[..., Report]) -> None:
    shown, private = finding(1), finding(1, code="CAVRA401")
    output = render(report([shown], verdict_diagnostics=(shown, private), source=lambda _: "mail: jane@x.example"))
    assert "jane" not in output
    assert "not shown" in output
