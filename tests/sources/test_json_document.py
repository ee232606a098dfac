"""JSON as it stands in a file: what is read, what is refused and where, and the place of every key and value."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cavra_lint.sources.json_document import in_memory, json_path, keys_of, kind_of, parse_json, place_of
from cavra_lint.sources.json_shapes import JsonDocument, Pointer

READ: dict[str, tuple[bytes, dict[str, Any]]] = {
    "an empty object": (b"{}", {}),
    "every kind of value": (
        b'{"a": [1, -0.5, 1e3, true, false, null, "x", {}, []]}',
        {"a": [1, -0.5, 1000.0, True, False, None, "x", {}, []]},
    ),
    "white space around": (b' \t\r\n{"a": 1}\n\n', {"a": 1}),
    "a byte order mark": (b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
    "CR as line end": (b'{\r"a":\r1\r}', {"a": 1}),
    "CRLF": (b'{\r\n"a": 1\r\n}\r\n', {"a": 1}),
    "escapes": (rb'{"\u00fc\n\"\\": "\ud83d\udea2"}', {'ü\n"\\': "🚢"}),
    "brackets in a string": (b'{"a": "' + b"[{" * 200 + b'"}', {"a": "[{" * 200}),
    "nested a hundred deep": (b'{"a":' + b"[" * 99 + b"]" * 99 + b"}", {"a": json.loads("[" * 99 + "]" * 99)}),
    "many brackets, none deep": (b'{"a": [' + b"[]," * 300 + b"[]]}", {"a": [[]] * 301}),
    "a hundred digits": (b'{"a": ' + b"9" * 100 + b"}", {"a": 10**100 - 1}),
    "the same key in two objects": (b'{"a": {"x": 1}, "b": {"x": 1}}', {"a": {"x": 1}, "b": {"x": 1}}),
    "keys that differ in case": (b'{"a": 1, "A": 2}', {"a": 1, "A": 2}),
    "an empty key": (b'{"": {"": 1}}', {"": {"": 1}}),
}

#: The bytes, and of each problem its kind, line, column and the words that its message holds.
REFUSED: dict[str, tuple[bytes, list[tuple[str, int, int, str]]]] = {
    "empty": (b"", [("invalid-json", 1, 1, "the file is empty")]),
    "white space": (b"\n \n", [("invalid-json", 3, 1, "the file is empty")]),
    "only a byte order mark": (b"\xef\xbb\xbf", [("invalid-json", 1, 1, "the file is empty")]),
    "a list": (b'\n ["a"]', [("not-an-object", 2, 2, "holds a list, expected an object")]),
    "an empty list": (b"[]", [("not-an-object", 1, 1, "holds an empty list, expected an object")]),
    "null": (b"null", [("not-an-object", 1, 1, "holds null,")]),
    "true": (b"\n\n  true", [("not-an-object", 3, 3, "holds true,")]),
    "a number": (b"3", [("not-an-object", 1, 1, "holds a number,")]),
    "zero": (b"0", [("not-an-object", 1, 1, "holds 0,")]),
    "a string": (b'"private words"', [("not-an-object", 1, 1, "holds a string,")]),
    "no JSON": (b"ready: true", [("invalid-json", 1, 1, "not JSON: expecting value")]),
    "single quotes": (b"{'a': 1}", [("invalid-json", 1, 2, "not JSON: expecting property name")]),
    "a comment": (b'{"a": 1} // why', [("invalid-json", 1, 10, "not JSON: extra data")]),
    "a comma is missing": (b'{\n  "a": 1\n  "b": 2\n}', [("invalid-json", 3, 3, "not JSON: expecting ',' delimiter")]),
    "it ends too early": (b'{"a": [1, 2', [("invalid-json", 1, 12, "not JSON: expecting ',' delimiter")]),
    "text behind": (b'{"a": 1}\n{"b": 2}', [("invalid-json", 2, 1, "not JSON: extra data")]),
    "a NUL behind": (b"{}\0", [("invalid-json", 1, 3, "not JSON: extra data")]),
    "a no-break space": ('{"a":\u00a01}'.encode(), [("invalid-json", 1, 6, "not JSON: expecting value")]),
    "a leading zero": (b'{"a": 01}', [("invalid-json", 1, 8, "not JSON: ")]),
    "a plus": (b'{"a": +1}', [("invalid-json", 1, 7, "not JSON: expecting value")]),
    "NaN": (b'{\n  "a": "NaN",\n  "b": [0, NaN]\n}', [("invalid-json", 3, 12, "NaN is not JSON")]),
    "Infinity": (b'{"a": Infinity}', [("invalid-json", 1, 7, "Infinity is not JSON")]),
    "-Infinity": (b'{"a": -1, "b": -Infinity}', [("invalid-json", 1, 16, "-Infinity is not JSON")]),
    "1e999": (b'{"a": 1.5,\n "b": 1e999}', [("invalid-json", 2, 7, "a number that is too large")]),
    "-1e999": (b'{"a": -1e999}', [("invalid-json", 1, 7, "a number that is too large")]),
    "101 digits": (b'{"a": [1,\n' + b"9" * 101 + b"]}", [("invalid-json", 2, 1, "more than 100 digits")]),
    "a million digits": (b'{"a": ' + b"9" * 1_000_000 + b"}", [("invalid-json", 1, 7, "more than 100 digits")]),
    "a fraction of 101 digits": (b'{"a": 0.' + b"1" * 100 + b"}", [("invalid-json", 1, 7, "too large or too long")]),
    "nested 101 deep": (
        b'{"a":\n' + b"[" * 100 + b"]" * 100 + b"}",
        [("invalid-json", 2, 100, "nested more than 100 deep")],
    ),
    "nested a million deep": (b"[" * 1_000_000, [("invalid-json", 1, 101, "nested more than 100 deep")]),
    "objects nested deep": (b'{"a":' * 101, [("invalid-json", 1, 501, "nested more than 100 deep")]),
    "a control character": (b'{"a": "x\ny"}', [("invalid-json", 1, 9, "not JSON: invalid control character")]),
    "a tab in a string": (b'{"a": "\t"}', [("invalid-json", 1, 8, "not JSON: invalid control character")]),
    "an escape that is none": (rb'{"a": "\x41"}', [("invalid-json", 1, 8, "not JSON: invalid \\escape")]),
    "a string that never ends": (b'{"a": 1,\n "b": "x}', [("invalid-json", 2, 7, "unterminated string")]),
    "a string that ends in an escape": (rb'{"a": "x\"}', [("invalid-json", 1, 7, "unterminated string")]),
    "a string that ends in a backslash": (b'{"a": "\\', [("invalid-json", 1, 7, "unterminated string")]),
    "half a pair in a value": (rb'{"a": "\u00fc", "b": "\ud83d"}', [("invalid-json", 1, 22, "half of a surrogate")]),
    "half a pair in a key": (b'{"a": 1,\n "\\udea2": 2}', [("invalid-json", 2, 2, "half of a surrogate pair")]),
    "a pair the wrong way round": (rb'{"a": "\udea2\ud83d"}', [("invalid-json", 1, 7, "half of a surrogate pair")]),
    "a key twice": (b'{\n  "a": 1,\n  "a": 1\n}', [("duplicate-key", 3, 3, "the key a stands twice")]),
    "a key three times": (
        b'{"a": 1, "a": 2, "a": 3}',
        [("duplicate-key", 1, 10, "the key a stands"), ("duplicate-key", 1, 18, "the key a stands")],
    ),
    "a key twice, deep down": (
        b'{"gates": [{}, {"x": {\n"y": [], "z": 1,\n    "y": {"y": 1}}}]}',
        [("duplicate-key", 3, 5, "the key gates[1].x.y stands twice in one object")],
    ),
    "a key twice, once escaped": (rb'{"a": 1, "\u0061": 2}', [("duplicate-key", 1, 10, "the key a stands twice")]),
    "a key in another form": (
        '{"\u00e9": 1,\n"e\u0301": 2}'.encode(),
        [("duplicate-key", 2, 1, "reads like another of the same object, expected keys that differ")],
    ),
    "a key with what takes no room": (rb'{"a": 1, "a\u200b": 2}', [("duplicate-key", 1, 10, "reads like another")]),
    "a wide key, deep down": ('{"x": [{"\uff41": 1, "a": 2}]}'.encode(), [("duplicate-key", 1, 9, "x[0]")]),
    "UTF-16": ('{"a": 1}'.encode("utf-16"), [("not-utf8", 1, 1, "it looks like UTF-16")]),
    "UTF-16 the other way": (b"\xfe\xff\0{\0}", [("not-utf8", 1, 1, "it looks like UTF-16")]),
    "UTF-32": ("{}".encode("utf-32-be"), [("invalid-json", 1, 1, "not JSON: expecting value")]),
    "Latin-1": ('{\n  "a": "Ü"\n}'.encode("latin-1"), [("not-utf8", 2, 1, "not UTF-8, expected UTF-8")]),
    "CR before a slip": (b'{\r"a": 1,\r"b" 2}', [("invalid-json", 3, 5, "not JSON: expecting ':' delimiter")]),
    "CRLF before a slip": (b'{\r\n"a": 1,\r\n"b" 2}', [("invalid-json", 3, 5, "not JSON: expecting ':' delimiter")]),
    "a byte order mark before a slip": (b"\xef\xbb\xbf{x}", [("invalid-json", 1, 2, "not JSON: expecting property")]),
    "two byte order marks": (b"\xef\xbb\xbf\xef\xbb\xbf{}", [("invalid-json", 1, 1, "not JSON: ")]),
}


@pytest.mark.parametrize(("data", "value"), READ.values(), ids=READ.keys())
def test_what_is_read(data: bytes, value: dict[str, Any]) -> None:
    document = parse_json("a/b.json", data)
    assert (document.path, document.value, document.problems) == ("a/b.json", value, ())


@pytest.mark.parametrize("keys", [("\u00e9", "e\u0301"), ("a", "\uff41"), ("a\u200b", "a")])
def test_keys_in_memory_that_read_alike(keys: tuple[str, str]) -> None:
    document = in_memory({"x": [dict.fromkeys(keys, 1)]})
    assert (document.value, [problem.kind for problem in document.problems]) == (None, ["duplicate-key"])
    assert in_memory({"x": [{keys[0]: 1}, {keys[1]: 1}]}).problems == ()


@pytest.mark.parametrize(("data", "problems"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_refused(data: bytes, problems: list[tuple[str, int, int, str]]) -> None:
    document = parse_json("a/b.json", data)
    assert document.value is None
    found = [(kind, *place) for kind, place, _ in document.problems]
    assert found == [(kind, "a/b.json", line, column) for kind, line, column, _ in problems]
    for problem, (_, _, _, words) in zip(document.problems, problems, strict=True):
        assert words in problem.message
        assert "private" not in problem.message


@pytest.mark.parametrize("data", [b'{"a": 1,\n"b": 2,}', b'{"a":\n[1,]}'], ids=["object", "list"])
def test_a_trailing_comma(data: bytes) -> None:
    # which column it is, and in what words, is up to the version of Python
    ((kind, place, message),) = parse_json("p.json", data).problems
    assert (kind, place.line) == ("invalid-json", 2)
    assert message.startswith("not JSON: ")


TEXT = """{
  "a": 1,
  "list": [
    {"x": "{[", "y": [[], [true]]},
    "text"
  ],
  "": {"": null},
  "\\u00fc": {"long key, with \\"quotes\\"": 2}, "last":3
}"""
#: A pointer, whether its key is asked for, and the line and column that it stands at.
PLACES: list[tuple[Pointer, bool, tuple[int, int]]] = [
    ((), False, (1, 1)),
    ((), True, (1, 1)),
    (("a",), False, (2, 8)),
    (("a",), True, (2, 3)),
    (("list",), False, (3, 11)),
    (("list",), True, (3, 3)),
    (("list", 0), False, (4, 5)),
    (("list", 0), True, (4, 5)),
    (("list", 0, "x"), False, (4, 11)),
    (("list", 0, "x"), True, (4, 6)),
    (("list", 0, "y", 0), False, (4, 23)),
    (("list", 0, "y", 1, 0), False, (4, 28)),
    (("list", 1), False, (5, 5)),
    (("",), False, (7, 7)),
    (("", ""), False, (7, 12)),
    (("", ""), True, (7, 8)),
    (("ü",), True, (8, 3)),
    (("ü", 'long key, with "quotes"'), False, (8, 43)),
    (("last",), False, (8, 54)),
    # what is not there: the key of the nearest thing above
    (("none",), False, (1, 1)),
    (("none", "x", 3), True, (1, 1)),
    (("list", 2), False, (3, 3)),
    (("list", 0, "z"), False, (4, 5)),
    (("list", 0, "y", 7), False, (4, 17)),
    (("list", 1, "x"), False, (5, 5)),
    (("a", "x"), False, (2, 3)),
    (("list", "0"), False, (3, 3)),
]


@pytest.mark.parametrize(
    ("pointer", "key", "expected"), PLACES, ids=[f"{p} {'key' if k else ''}" for p, k, _ in PLACES]
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_place_of(pointer: Pointer, key: bool, expected: tuple[int, int], line_end: str) -> None:
    document = parse_json("p.json", TEXT.replace("\n", line_end).encode())
    assert document.problems == ()
    assert place_of(document, pointer, key=key) == ("p.json", *expected)


def test_a_packet_from_memory_has_one_place() -> None:
    assert place_of(in_memory({"a": {"b": 1}}), ("a", "b")) == ("", 1, 1)
    assert place_of(JsonDocument("docs", "", None), ("a",), key=True) == ("docs", 1, 1)


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**18), 10**18)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


def pointers_of(value: object, here: Pointer = ()) -> list[tuple[Pointer, object]]:
    """Return every place of a value with what stands there, in another way than the code under test."""
    inner: list[tuple[Pointer, object]] = []
    if isinstance(value, dict):
        inner = [found for key, item in value.items() for found in pointers_of(item, (*here, key))]
    elif isinstance(value, list):
        inner = [found for position, item in enumerate(value) for found in pointers_of(item, (*here, position))]
    return [(here, value), *inner]


@settings(max_examples=60, deadline=None, database=None)
@given(
    value=st.dictionaries(st.text(max_size=5), json_values, max_size=4),
    indent=st.sampled_from([None, 0, 2]),
    ascii_only=st.booleans(),
)
def test_every_place_holds_what_it_says(value: dict[str, Any], indent: int | None, ascii_only: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    document = parse_json("p.json", text.encode())
    # keys that only read alike are refused, and have tests of their own
    assume("duplicate-key" not in {problem.kind for problem in document.problems})
    assert document.value == value
    lines = text.split("\n")
    decoder = json.JSONDecoder()

    def at(pointer: Pointer, *, key: bool) -> object:
        _, line, column = place_of(document, pointer, key=key)
        return decoder.raw_decode("\n".join([lines[line - 1][column - 1 :], *lines[line:]]))[0]

    for pointer, expected in pointers_of(value):
        assert at(pointer, key=False) == expected
        if pointer and isinstance(pointer[-1], str):
            assert at(pointer, key=True) == pointer[-1]
    assert sorted(map(repr, keys_of(value))) == sorted(
        repr((pointer, pointer[-1])) for pointer, _ in pointers_of(value) if pointer and isinstance(pointer[-1], str)
    )


@settings(max_examples=150, deadline=None, database=None)
@given(data=st.binary(max_size=60) | st.text(alphabet='{}[]",:\\u d8ntrue01.e-\n\ufeff', max_size=40).map(str.encode))
def test_no_bytes_are_too_strange(data: bytes) -> None:
    document = parse_json("p.json", data)
    assert (document.value is None) == bool(document.problems)
    try:
        strict = json.loads(data.decode("utf-8-sig"))
    except ValueError:
        strict = None
    assert document.value is None or document.value == strict
    for _, place, _ in document.problems:
        assert place.line >= 1
        assert place.column >= 1


@pytest.mark.parametrize(
    ("pointer", "expected"),
    [
        ((), "the packet"),
        (("gates",), "gates"),
        (("gates", 2, "artifact_paths", "docs"), "gates[2].artifact_paths.docs"),
        ((0, 1), "[0][1]"),
        (("a-b_C9",), "a-b_C9"),
        (("a.b",), '["a.b"]'),
        (("a", "b c"), 'a["b c"]'),
        (("",), '[""]'),
        (("ü",), '["\\u00fc"]'),
        (("\x1b[31m",), '["\\u001b[31m"]'),
        (('a"]',), '["a\\"]"]'),
        (("x" * 80,), "x" * 80),
        (("x" * 81,), f'["{"x" * 40}..."]'),
        (("é" * 41,), f'["{chr(92)}u00e9{(chr(92) + "u00e9") * 39}..."]'),
    ],
)
def test_json_path(pointer: Pointer, expected: str) -> None:
    assert json_path(pointer) == expected


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "null"),
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (0.0, "a number with a point"),
        (7, "a number"),
        (-1.5, "a number with a point"),
        ("", "an empty string"),
        ("private", "a string"),
        ({}, "an empty object"),
        ({"a": 1}, "an object"),
        ([], "an empty list"),
        ([0], "a list"),
        ((1,), "no JSON value"),
        (b"x", "no JSON value"),
    ],
    ids=repr,
)
def test_kind_of_says_what_a_value_is_and_never_the_value(value: object, words: str) -> None:
    assert kind_of(value) == words


def test_keys_come_in_the_order_of_the_packet() -> None:
    packet = {"a": {"b": 1, "c": [{"d": 2}, 3, {"e": {}}]}, "f": None}
    assert [json_path(pointer) for pointer, _ in keys_of(packet)] == ["a", "f", "a.b", "a.c", "a.c[0].d", "a.c[2].e"]


def test_a_packet_that_holds_itself_is_walked_once() -> None:
    packet: dict[Any, Any] = {"a": [1], 3: "no key of a file"}
    packet["self"] = packet
    packet["a"].append(packet["a"])
    assert list(keys_of(packet)) == [(("a",), "a"), (("self",), "self")]


def test_a_key_in_each_of_two_places_is_found_in_both() -> None:
    assert [pointer for pointer, _ in keys_of({"a": {"x": 1}, "b": {"x": 1}})] == [
        ("a",),
        ("b",),
        ("a", "x"),
        ("b", "x"),
    ]


@pytest.mark.parametrize("packet", [None, 3, "x", [], (), {1, 2}, b"{}"], ids=repr)
def test_in_memory_is_no_object(packet: object) -> None:
    document = in_memory(packet)
    assert document.value is None
    assert [(problem.kind, problem.place) for problem in document.problems] == [("not-an-object", ("", 1, 1))]
