"""Where things stand in TOML, in all the ways in which they can be written."""

from __future__ import annotations

import pytest
import tomli

from cavra_lint.sources.toml_places import place_in_toml

TEXT = '''# [not.a.table]
top = """one
[not] # "this" = 1
""""
"a key" . 'another' = 1979-05-27T07:32:00.5Z
dotted.key.deep = [ 1, [2.5, "]"],
  # a comment, ]
  { x = '}', y.z = [3] } ]

[table."with.dot"]
key = 'it # is'
[[list]]
name = "a"
[list.below]
k = -1e5
[[list]] # again
name = "b"
  [[list.inner]]
  n = 1
  [[list.inner]]
  n = 2
inline = { one = 1, two = { three = "x" } }
'''

PLACES = [
    (("top",), (2, 1)),
    (("a key",), (5, 1)),
    (("a key", "another"), (5, 1)),
    (("dotted", "key", "deep"), (6, 1)),
    (("dotted", "key", "deep", 1), (6, 24)),
    (("dotted", "key", "deep", 1, 1), (6, 30)),
    (("dotted", "key", "deep", 2, "x"), (8, 5)),
    (("dotted", "key", "deep", 2, "y", "z", 0), (8, 21)),
    (("table", "with.dot"), (10, 1)),
    (("table", "with.dot", "key"), (11, 1)),
    (("list",), (12, 1)),
    (("list", 0, "name"), (13, 1)),
    (("list", 0, "below", "k"), (15, 1)),
    (("list", 1), (16, 1)),
    (("list", 1, "name"), (17, 1)),
    (("list", 1, "inner", 1), (20, 3)),
    (("list", 1, "inner", 1, "n"), (21, 3)),
    (("list", 1, "inner", 1, "inline", "two", "three"), (22, 29)),
    (("list", 1, "missing"), (16, 1)),
    (("missing",), (1, 1)),
]


@pytest.mark.parametrize(("pointer", "place"), PLACES)
def test_a_thing_stands_at_its_key_or_at_what_is_around_it(
    pointer: tuple[str | int, ...], place: tuple[int, int]
) -> None:
    tomli.loads(TEXT)
    assert place_in_toml(TEXT, pointer) == place
    line, column = place_in_toml(TEXT.replace("\n", "\r\n"), pointer)
    assert (line, column) == place


def test_a_text_that_is_no_toml_still_ends() -> None:
    for text in ("[", "[[", "a", "a =", "a = [", "a = {", '"', "a = [[{", "= =", "]", "a = }", '"""', "\0"):
        assert place_in_toml(text, ("a", "b")) >= (1, 1)
