"""Bytes to text, and lines as editors count them."""

from __future__ import annotations

import pytest

from cavra_lint.sources.text import decode, line_and_column, undecodable_line


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b"", "", id="empty"),
        pytest.param(b"plain", "plain", id="ASCII"),
        pytest.param("Ümlaut 🚢".encode(), "Ümlaut 🚢", id="UTF-8"),
        pytest.param(b"\xef\xbb\xbftext", "text", id="byte order mark"),
        pytest.param(b"\xef\xbb\xbf\xef\xbb\xbftext", "\ufefftext", id="only the first byte order mark"),
        pytest.param(b"a\r\nb\rc", "a\r\nb\rc", id="line ends are kept"),
        pytest.param("Ümlaut".encode("latin-1"), None, id="Latin-1"),
        pytest.param("text".encode("utf-16"), None, id="UTF-16"),
        pytest.param(b"\xed\xa0\x80", None, id="surrogate"),
        pytest.param(b"\xc0\xaf", None, id="overlong slash"),
        pytest.param(b"abc\xe2\x82", None, id="cut short"),
    ],
)
def test_decode(data: bytes, expected: str | None) -> None:
    assert decode(data) == expected


@pytest.mark.parametrize(
    ("data", "line"),
    [
        pytest.param(b"\xff", 1, id="first byte"),
        pytest.param(b"a\nb\n\xff\n", 3, id="LF"),
        pytest.param(b"a\r\nb\r\n\xff", 3, id="CRLF"),
        pytest.param(b"a\rb\r\xff", 3, id="CR"),
        pytest.param(b"a\r\nb\rc\nd\xff\n\n", 4, id="mixed"),
        pytest.param(b"\xef\xbb\xbfa\n\xff", 2, id="after a byte order mark"),
        pytest.param(b"\xc3\xbc\n\xfc", 2, id="after a good character"),
        pytest.param(b"fine\n", 1, id="nothing wrong"),
    ],
)
def test_undecodable_line(data: bytes, line: int) -> None:
    assert undecodable_line(data) == line


@pytest.mark.parametrize(
    ("text", "offset", "expected"),
    [
        pytest.param("", 0, (1, 1), id="empty"),
        pytest.param("abc", 2, (1, 3), id="one line"),
        pytest.param("abc\n", 3, (1, 4), id="the line end is of its line"),
        pytest.param("abc\nde", 4, (2, 1), id="LF"),
        pytest.param("abc\r\nde", 5, (2, 1), id="CRLF"),
        pytest.param("abc\r\nde", 4, (1, 5), id="within CRLF"),
        pytest.param("a\rb\rc", 4, (3, 1), id="CR"),
        pytest.param("a\n\nb", 3, (3, 1), id="empty line"),
        pytest.param("a\u2028b\x0bc\x0cd\x85e", 8, (1, 9), id="other separators end no line"),
        pytest.param("🚢é\nx", 1, (1, 2), id="characters, not bytes"),
        pytest.param("ab", 9, (1, 10), id="behind the end"),
    ],
)
def test_line_and_column(text: str, offset: int, expected: tuple[int, int]) -> None:
    assert line_and_column(text, offset) == expected
