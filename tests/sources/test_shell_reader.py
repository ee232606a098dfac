"""What a shell script is read as: its commands, their words, and the lines that they stand on."""

from __future__ import annotations

import pytest

from cavra_lint.sources.shell import simple_commands


@pytest.mark.parametrize(
    ("script", "words", "literal"),
    [
        ("A=1 B='2 3' run 'a b'", ("run", "a b"), (True, True)),
        ("run \"a b\"'c'd\\ e", ("run", "a bcd e"), (True, True)),
        ("run --x='y z' --q=\"1\"", ("run", "--x=y z", "--q=1"), (True, True, True)),
        ("run \"$PWD/a\" '$PWD'", ("run", "$PWD/a", "$PWD"), (True, False, True)),
        ("run ${{ github.workspace }}/a", ("run", "${{ github.workspace }}/a"), (True, False)),
        ("run '${{ a.b }}'", ("run", "${{ a.b }}"), (True, False)),
        (
            "run ${{ format('}} {0}', a) }} b",
            ("run", "${{ format('}} {0}', a) }}", "b"),
            (True, False, True),
        ),
        ("run a \\\n  b", ("run", "a", "b"), (True, True, True)),
        (
            "run *.py ~/x a{1,2} {}",
            ("run", "*.py", "~/x", "a{1,2}", "{}"),
            (True, False, False, False, True),
        ),
        ("> out run a 2>&1", ("run", "a"), (True, True)),
        ("run a#b # c", ("run", "a#b"), (True, True)),
        ("run a/$b/$b.c $d$e.f -x=$1/$2.g", ("run", "a/$b/$b.c", "$d$e.f", "-x=$1/$2.g"), (True, False, False, False)),
        ("A=$b/$c.d run $b-$c-d", ("run", "$b-$c-d"), (True, False)),
        ("run x/$y/$z*.w > $a/$b.c", ("run", "x/$y/$z*.w"), (True, False)),
    ],
)
def test_words(script: str, words: tuple[str, ...], literal: tuple[bool, ...]) -> None:
    assert [(c.words, c.literal) for c in simple_commands(script)] == [(words, literal)]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_lines(newline: str) -> None:
    script = newline.join(["# x", "a", "", "cat <<E", "b", "E", "c \\", "  d", "A=1 \\", "e"])
    assert [(c.words[0], c.line) for c in simple_commands(script)] == [
        ("a", 1),
        ("cat", 3),
        ("c", 6),
        ("e", 9),
    ]


@pytest.mark.parametrize(
    "script",
    [
        "",
        "\0",
        "(" * 5000,
        "{ " * 5000,
        "$(" * 5000,
        "if a; then " * 2000,
        "f() { " * 2000,
        "a || " * 5000,
        "a | " * 20_000,
        "!| " * 2_500,
        "> a() " * 1_000,
        "! " * 5000 + "a",
        "cat <<A " * 500,
        "${{ ' " * 5000,
        "'",
        "f() { f; f; }\nf",
        "".join(f"f{i}() {{ f{i + 1}; f{i + 1}; }}\n" for i in range(200)) + "f0",
    ],
    ids=range(17),
)
def test_no_script_is_too_much(script: str) -> None:
    assert all(command.words for command in simple_commands(script))


@pytest.mark.parametrize(
    ("script", "words", "written"),
    [
        ("a > out b c", "a b c", ["out"]),
        ("a b > out -c 2> err d", "a b -c d", ["out", "err"]),
        ("a >> out --b", "a --b", ["out"]),
        ("a < in b", "a b", []),
        ("a 2>&- b", "a b", []),
        ("a > o$X/u b", "a b", ["o$X/u"]),
        ("a <<EOF b\nx\nEOF", "a b", []),
        ("a <<EOF > out b\nx\nEOF", "a b", ["out"]),
        ("a <<< x b", "a b", []),
        ("> out a b", "a b", ["out"]),
        ("a > 'o u' \"b c\"", "a b c", ["o u"]),
    ],
)
def test_words_behind_a_redirection_are_words_of_the_command(script: str, words: str, written: list[str]) -> None:
    (command,) = simple_commands(script)
    assert (" ".join(command.words), [word.text for word in command.written]) == (words, written)
