"""What private values look like, by the tables in tests/private; and where in a text they stand."""

from __future__ import annotations

from pathlib import Path
from typing import TypeAlias

import pytest
import tomli

from cavra_lint.contract import Chain
from cavra_lint.sources.as_read import as_read
from cavra_lint.sources.first_look import looks_private, may_be_unsafe
from cavra_lint.sources.private_numbers import _KINDS, money_amounts
from cavra_lint.sources.private_values import (
    WORDS,
    fingerprint,
    redacted,
    unsafe_in_reference,
    values_in,
    values_on_page,
)
from cavra_lint.sources.wildcard import fits

Tables: TypeAlias = dict[str, dict[str, list[str]]]


@pytest.fixture(scope="module")
def tables() -> Tables:
    """The texts of each kind that hold a private value, and those that only look like it."""
    return tomli.loads((Path(__file__).parent.parent / "private" / "values.toml").read_text("utf-8"))


def test_each_kind_has_a_table_of_twenty_lines_each_way(tables: Tables) -> None:
    assert set(tables) == {*WORDS, "unsafe_reference"}
    assert {kind: len(lines) for table in tables.values() for kind, lines in table.items() if len(lines) < 20} == {}


def test_what_is_private_is_found(tables: Tables) -> None:
    for kind in WORDS:
        wrong = {text: [value.kind for value in values_in(text)] for text in tables[kind]["found"]}
        assert {text: kinds for text, kinds in wrong.items() if kinds != [kind]} == {}


def test_money_that_is_found_is_seen_at_the_first_look() -> None:
    amounts = (
        "5000",
        "12.50",
        "1,200",
        "50k",
        "2bn",
        "7mm",
        "5 Mio.",
        "1 Mrd",
        "1.2 million",
        "40 thousand",
        "3 crore",
        "2 lakh",
    )
    texts = [
        text
        for mark in _KINDS
        for amount in amounts
        for text in (f"is {amount} {mark} now", f"is {mark}{amount} a year", f"X={mark} {amount}", f"{amount}{mark}")
    ]
    assert [text for text in texts if [*money_amounts(text)] and not looks_private(text)] == []
    assert len([text for text in texts if [*money_amounts(text)]]) > len(texts) / 2


def test_what_only_looks_like_it_is_not(tables: Tables) -> None:
    for kind in WORDS:
        wrong = {text: [value.kind for value in values_in(text)] for text in tables[kind]["not_found"]}
        assert {text: kinds for text, kinds in wrong.items() if kinds} == {}


def test_references_that_are_none(tables: Tables, chain: Chain) -> None:
    table = tables["unsafe_reference"]
    assert [text for text in table["found"] if not unsafe_in_reference(text, chain.ref_schemes)] == []
    assert [text for text in table["found"] if not may_be_unsafe(text) and not values_in(text)] == []
    assert [text for text in table["not_found"] if unsafe_in_reference(text, chain.ref_schemes)] == []


def test_nothing_of_a_value_is_left_when_it_is_taken_out(tables: Tables) -> None:
    for kind in WORDS:
        for text in tables[kind]["found"]:
            shown = redacted(text)
            assert "#" in shown
            assert values_in(shown) == []
            assert [value.text for value in values_in(text) if value.text in shown] == [] or kind == "url_password"
            assert redacted(shown) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ask jane@acme.io today", "ask [e-mail address #f2586] today"),
        ("ask Jane@ACME.io today", "ask [e-mail address #f2586] today"),
        ("a@acme.io, b@acme.io", "[e-mail address #7a6b8], [e-mail address #498a5]"),
        ("nothing", "nothing"),
        ("", ""),
    ],
)
def test_the_same_value_has_the_same_fingerprint(text: str, shown: str) -> None:
    assert redacted(text) == shown


def test_a_fingerprint_is_short_and_does_not_mind_spaces() -> None:
    assert fingerprint("+49 30 901820") == fingerprint("+4930901820")
    assert len(fingerprint("x")) == 5


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a jane@acme.io b", "jane@acme.io"),
        ("a jane&#64;acme.io b", "jane&#64;acme.io"),
        ("&amp;&amp; jane&#64;acme&period;io", "jane&#64;acme&period;io"),
        ("\u2014 \uff21 ja\u200bne@acme.io.", "ja\u200bne@acme.io"),
        ("x\\\n  y jane\\x40acme.io", "jane\\x40acme.io"),
        ("pay $1,200 now", "$1,200"),
        ("call +49 30 901820!", "+49 30 901820"),
        ("jane@acme.io", "jane@acme.io"),
    ],
)
def test_a_value_stands_where_it_is_written(text: str, written: str) -> None:
    (value,) = values_in(text)
    assert text[value.start : value.stop] == written


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("plain", "plain"),
        ("a &lt; b", "a < b"),
        ("&#1114112; &nosuch; &#x110000;", "\ufffd &nosuch; \ufffd"),
        ("\\U00110000 \\q \\", "\\U00110000 \\q \\"),
        ("\\&#64;", "&#64;"),
        ("one\\\r\n   two", "onetwo"),
        ("\uff11\u00a02", "1 2"),
        ("\u0661\u0968 \u2010\u2013\u2014", "12 ---"),
        ("a\ufe0f\u034fb\u0085", "ab\u0085"),
        ("<!-- jane@acme.io -->", "<!-- jane@acme.io -->"),
        ("ja<!-- x -->ne", "jane"),
        ("\ud800", "\ud800"),
    ],
)
def test_as_read(text: str, read: str) -> None:
    assert as_read(text)[0] == read


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("**jane.doe**@acme.io", "jane.doe**@acme.io"),
        ("jane`@`acme.io", "jane`@`acme.io"),
        ("jane<b>@</b>acme.io", "jane<b>@</b>acme.io"),
        ('<span class="x">jane</span>@acme.io', "jane</span>@acme.io"),
        ("a ~~jane~~@acme.io", "jane~~@acme.io"),
        ("**$**125,000 now", "$**125,000"),
        ("+49 30 **901820**", "+49 30 **901820"),
        ("4111 *1111* 1111 1111", "4111 *1111* 1111 1111"),
        ("jane@acme.co**.uk**", "jane@acme.co**.uk"),
        ("`jane@acme.io`", "jane@acme.io"),
    ],
)
def test_on_a_page_emphasis_parts_nothing(text: str, written: str) -> None:
    (value,) = values_on_page(text)
    assert (text[value.start : value.stop], looks_private(text, on_page=True)) == (written, True)


@pytest.mark.parametrize(
    "text",
    [
        "ISO 4217 `USD`, `EUR`",
        "`$10` and `$12` of `awk`",
        "`actions/checkout`@`v7`",
        "**jane**@example.com",
        "*10*,*000* lines",
        "`*@*.com`",
        "<span>jane</span> @ <b>acme.io</b>",
    ],
)
def test_on_a_page_what_stands_apart_is_apart(text: str) -> None:
    assert values_on_page(text) == []


def test_values_that_overlap_are_one() -> None:
    assert [value.kind for value in values_in("https://jane:4111111111111111@host.com jane@acme.io")] == [
        "url_password",
        "email_address",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "@" * 50_000,
        "a@" * 50_000,
        "a.a@a.a." * 20_000,
        "1 000 " * 40_000,
        "1" * 200_000,
        "$1 " * 60_000,
        "USD " * 60_000,
        "-eyJ" * 50_000,
        "-----BEGIN PRIVATE KEY-----\n" * 8_000,
        "-----BEGIN PRIVATE KEY-----\naa: aa: aa: " * 5_000,
        "://a:" * 40_000,
        "(at)" * 50_000,
        "phone 1 " * 30_000,
        "&#64" * 50_000,
        "<!--" * 50_000,
        "+1-" * 60_000,
        "\u200b" * 100_000,
    ],
    ids=lambda text: ascii(text[:12]),
)
def test_no_text_takes_long(text: str) -> None:
    values_in(text)


@pytest.mark.parametrize(
    ("text", "pattern", "expected"),
    [
        ("support@cavra.dev", "support@cavra.dev", True),
        ("Support@cavra.dev", "support@*", True),
        ("jane@cavra.dev", "support@*", False),
        ("support@cavra.dev", "support@cavra", False),
        ("abcab", "*ab", True),
        ("aXXb", "a*b", True),
        ("aXXbc", "a*b", False),
        ("a.b", "a?b", True),
        ("ab", "a?b", False),
        ("[a]", "[a]", True),
        ("a", "[a]", False),
        ("a", ".", False),
        ("", "*", True),
        ("", "", True),
        ("a", "", False),
        ("a" * 5_000, "*a" * 500 + "b", False),
    ],
)
def test_a_pattern_fits_a_whole_value(text: str, pattern: str, expected: bool) -> None:
    assert fits(text, pattern) is expected
