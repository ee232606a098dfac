"""The default line, and below it the source with a caret under the place, and how to put it right."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache

from cavra_lint.contract import Chain
from cavra_lint.diagnostics import Diagnostic
from cavra_lint.frozen import NamedTuple
from cavra_lint.late import re
from cavra_lint.output.report import Report
from cavra_lint.output.source_lines import line_reader
from cavra_lint.output.text import RUNNER_COMMAND, lines, written_out
from cavra_lint.rules.registry import rule_of
from cavra_lint.sources.private_values import values_in
from cavra_lint.sources.text import line_and_column

#: How many columns of a source line are shown, and how many of these before the place.
_WIDTH, _BEFORE = 100, 60
#: How many characters around the place are looked at.
_REACH = 120
_TAB = 4
_CUT = "..."

_RED, _DIM, _END = "\x1b[1;31m", "\x1b[2m", "\x1b[0m"

_JSON_TOKEN = re.compile(
    r'"(?P<string>[^"\\]*(?:\\.[^"\\]*)*)(?:"(?P<key>\s*:)?|\\?$)'
    r'|(?P<bare>[^\s\[\]{},:"]+)'
)
_PUBLIC_KEY = re.compile(r"[A-Za-z0-9_-]{1,80}")
_PUBLIC_BARE = re.compile(r"true|false|null|-?\d{1,3}")
_PUBLIC_WORDS = ("live", "sample", "ready", "blocked", "pass", "warn", "blocker")


class _Cell(NamedTuple):
    """A character as it is shown, and how many columns it takes."""

    text: str
    width: int


def render(report: Report) -> str:
    """Return a block of lines for each finding."""
    return "".join(f"{line}\n" for line in _lines(report))


def _lines(report: Report) -> Iterator[str]:
    line_of = line_reader(report.source)
    hidden = _hidden_in(report)
    red, dim, end = (_RED, _DIM, _END) if report.color else ("", "", "")
    for found, head in zip(report.diagnostics, lines(report.diagnostics, color=report.color), strict=True):
        yield head
        number = str(found.line)
        margin = " " * (len(number) + 3)
        line = line_of(found.path, found.line)
        if line is not None:
            spans = hidden(found, line)
            if spans is None:
                yield f"  {dim}{number} |{end} (not shown: this line holds private material)"
            else:
                text, caret = _excerpt(line, found.column - 1, spans)
                yield f"  {dim}{number} |{end} {text}".rstrip()
                yield f"{margin}{dim}|{end} {' ' * caret}{red}^{end}"
        remedy = _remedy(found.code)
        if remedy:
            yield f"{margin}{dim}={end} {remedy}"


@cache
def _remedy(code: str) -> str:
    """Return what a rule's documentation says of how to put it right."""
    rule = rule_of(code)
    paragraphs = rule.documentation.split("\n\n") if rule else []
    return next((" ".join(part.split()) for part in paragraphs if part.startswith("To put it right")), "")


def _excerpt(line: str, index: int, spans: Sequence[tuple[int, int]]) -> tuple[str, int]:
    """Return the part of a line around a character, and the column of that character in it."""
    index = min(index, len(line))
    start, stop = max(0, index - _REACH), min(len(line), index + _REACH)
    cells = _cells(line, start, stop, spans)
    place = index - start
    while place and place < len(cells) and not cells[place].width:
        place -= 1
    first, last = 0, place
    room = sum(cell.width for cell in cells[:place])
    fits = sum(cell.width for cell in cells) <= _WIDTH
    while room > _BEFORE and not fits:
        room -= cells[first].width
        first += 1
    # a mark that combines must not combine with what stands in its letter's place
    while first < place and not cells[first].width:
        first += 1
    while last < len(cells) and room + cells[last].width <= _WIDTH:
        room += cells[last].width
        last += 1
    before = _CUT if start + first else ""
    after = _CUT if start + last < len(line) else ""
    text = "".join(cell.text for cell in cells[first:last])
    return f"{before}{text}{after}", len(before) + sum(cell.width for cell in cells[first:place])


def _cells(line: str, start: int, stop: int, spans: Sequence[tuple[int, int]]) -> list[_Cell]:
    """Return how each character of a part of a line is shown; those in a span as one cut."""
    part = line[start:stop]
    written = {match.end() - 1 for match in RUNNER_COMMAND.finditer(part)}
    masked = _masked(start, stop, spans)
    cells: list[_Cell] = []
    column = 0
    for offset, char in enumerate(part):
        if start + offset in masked:
            cell = _Cell(_CUT, len(_CUT)) if masked[start + offset] else _Cell("", 0)
        elif offset in written:
            cell = _Cell(written_out(char), len(written_out(char)))
        else:
            cell = _cell(char, column)
        cells.append(cell)
        column += cell.width
    return cells


def _masked(start: int, stop: int, spans: Sequence[tuple[int, int]]) -> dict[int, bool]:
    """Return the characters from start to stop that a span hides, and whether each is the first shown of its span."""
    masked: dict[int, bool] = {}
    begin = max(0, bisect_right(spans, (start, start)) - 1)
    for first, last in spans[begin : bisect_left(spans, (stop, stop))]:
        low, high = max(first, start), min(last, stop)
        masked.update((index, index == low) for index in range(low, high))
    return masked


def _cell(char: str, column: int) -> _Cell:
    if " " <= char <= "~":
        return _Cell(char, 1)
    if char == "\t":
        width = _TAB - column % _TAB
        return _Cell(" " * width, width)
    if not char.isprintable():
        text = written_out(char)
        return _Cell(text, len(text))
    # marks, and the Hangul vowels and finals that a terminal joins to the consonant before
    if unicodedata.category(char) in ("Mn", "Me") or "\u1160" <= char <= "\u11ff":
        return _Cell(char, 0)
    return _Cell(char, 2 if unicodedata.east_asian_width(char) in "WF" else 1)


def _hidden_in(report: Report) -> Callable[[Diagnostic, str], Sequence[tuple[int, int]] | None]:
    """Return a function that tells what of a line must not be shown: some spans, or None for all of it.

    Nothing private is echoed, not even as source: no line that any finding calls private, selected or
    not, or that a private value stands on; and of JSON only the keys, and those values that are words
    of the contract. Where a key is forbidden, or a file is not read, only words of the contract are
    shown of the keys as well: what stands below a forbidden key may be a name.
    """
    everything = (*report.diagnostics, *report.verdict_diagnostics)
    private = {(found.path, found.line) for found in everything if found.code.startswith("CAVRA4")}
    doubtful = {found.path for found in everything if found.code.startswith("CAVRA0") or _is_about_a_key(found)}
    packets = _packet_paths(report.chain)
    words = _contract_words(report.chain)

    # long lines come again and again, once a finding
    @lru_cache(maxsize=1)
    def spans_of(line: str, any_key: bool) -> list[tuple[int, int]]:
        return list(_private_spans(line, words, any_key))

    @lru_cache(maxsize=1)
    def lines_with_values(path: str) -> frozenset[int]:
        return _lines_with_values(report.source(path) or "")

    def hidden(found: Diagnostic, line: str) -> Sequence[tuple[int, int]] | None:
        if (found.path, found.line) in private or found.line in lines_with_values(found.path):
            return None
        if found.path in packets or found.path.lower().endswith(".json"):
            return spans_of(line, found.path not in doubtful)
        return ()

    return hidden


def _is_about_a_key(found: Diagnostic) -> bool:
    return "CAVRA401" <= found.code < "CAVRA420"


def _lines_with_values(text: str) -> frozenset[int]:
    """Return the lines of a text that a private value stands on."""
    lines: set[int] = set()
    for value in values_in(text):
        first, last = (line_and_column(text, place)[0] for place in (value.start, value.stop - 1))
        lines.update(range(first, last + 1))
    return frozenset(lines)


def _private_spans(line: str, words: frozenset[str], any_key: bool) -> Iterator[tuple[int, int]]:
    for token in _JSON_TOKEN.finditer(line):
        bare = token["bare"]
        if bare is not None:
            public = _PUBLIC_BARE.fullmatch(bare) is not None
        elif token["key"] is not None:
            public = token["string"] in words or (any_key and _PUBLIC_KEY.fullmatch(token["string"]) is not None)
        else:
            public = token["string"] in words
        start, stop = token.span("bare" if bare is not None else "string")
        if not public and start < stop:
            yield start, stop


def _packet_paths(chain: Chain) -> frozenset[str]:
    kinds = ("live_sanitized_example", "live_result")
    gates = chain.every
    return frozenset(gate.artifacts[kind] for gate in gates for kind in kinds if kind in gate.artifacts)


def _contract_words(chain: Chain) -> frozenset[str]:
    words = {chain.product, *_PUBLIC_WORDS}
    for gate in chain.every:
        words.update((gate.id, gate.name, gate.label, gate.slug, gate.ready_key, gate.command, gate.phase))
        words.update((gate.packet_schema, gate.result_schema, gate.export_schema))
        words.update(gate.artifacts.values())
        for check in gate.checks:
            words.update((check.name, *check.required, *check.healthy))
    return frozenset(words)
