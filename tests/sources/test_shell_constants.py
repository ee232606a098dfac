"""What the variables of a script hold where a command names them, as far as the script and its environment tell."""

from __future__ import annotations

import pytest

from cavra_lint.sources.shell import simple_commands
from cavra_lint.sources.shell_constants import with_constants


def words(script: str, **environment: str) -> list[str]:
    """Return the words of each command `a`, those that are taken as they are not with a `?` behind them."""
    found = with_constants(tuple(simple_commands(script)), script, environment)
    return [
        text if literal else f"{text}?"
        for command in found
        if command.words[0] == "a"
        for text, literal in zip(command.words[1:], command.literal[1:], strict=True)
    ]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ('P=x/y.json\na $P "$P" ${P} "${P}"', ["x/y.json"] * 4),
        ('P="x"\na "$P/${P}.json"', ["x/x.json"]),
        ("P='x'\r\na $P\r\n", ["x"]),
        ("export P=x\na $P", ["x"]),
        ('readonly P="x"\na $P', ["x"]),
        ("# export P=x\nexport P=x\na $P", ["x"]),
        ("cd -\nP=x\na $P", ["x"]),
        ("P=x\nQ=y\na $P$Q", ["xy"]),
        ("P=x\nif b; then a $P; fi", ["x"]),
        ("P=x\nf() { a $P; }\nf", ["x"]),
        ("P=x\na $P $Q", ["x", "$Q?"]),
        ("P=x\na '$P' \\$P", ["$P", "$P"]),
        ('Q=x\nP="y/${Q}/$Q.json"\na "$P"', ["y/x/x.json"]),
        ("Q=x\nP=y/$Q/$Q.json\nR=$P\na $R", ["y/x/x.json"]),
        ('export Q=x\nexport P="y/$Q"\na $P', ["y/x"]),
        ("declare -r P=x\ntypeset -rx Q=$P/y\na $Q", ["x/y"]),
        ("P=a-b-c\na x_${P//-/_}.py ${P//-/}", ["x_a_b_c.py", "abc"]),
        ("P=a-b\nQ=${P//-/_}\na $Q", ["a_b"]),
        ("P=$GITHUB_WORKSPACE\na $P/x ${P}", ["$GITHUB_WORKSPACE/x?", "$GITHUB_WORKSPACE?"]),
        ("P=${GITHUB_WORKSPACE}/y\na $P/x", ["${GITHUB_WORKSPACE}/y/x?"]),
        ("P=a-b\na ${P/-/_} ${P//*/_} ${P//-/$Q}", ["${P/-/_}?", "${P//*/_}?", "${P//-/$Q}?"]),
        ("a ${P//-/_}", ["${P//-/_}?"]),
        ("P=x$Q\nQ=y\na $P", ["$P?"]),
        ("Q=y\nP=x$Q\nQ=z\na $P", ["$P?"]),
        ("Q=y; P=x$Q\na $P", ["$P?"]),
        ("if b; then Q=y; fi\nP=x$Q\na $P", ["$P?"]),
        ("Q=y\nif b; then P=x$Q; fi\na $P", ["$P?"]),
        ("Q=y\nP='x$Q'\na $P", ["$P?"]),
        ("Q=y\nP=x\\$Q\na $P", ["$P?"]),
        ("Q=y\nP=$(b)$Q\na $P", ["$P?"]),
        ("Q=y\nP=$PWD/$Q\na $P", ["$PWD/y?"]),
        ("P=$(pwd)\na $P/x", ["$(pwd)/x?"]),
        ("P=$(git rev-parse --show-toplevel)\na $P", ["$(git rev-parse --show-toplevel)?"]),
        ("P=$(mktemp -d)\na $P/x", ["$P/x?"]),
        ("Q=y\nP=$HOME/$Q\na $P", ["$P?"]),
        ("declare -i P=x\na $P", ["$P?"]),
        ("declare -u P=x\na $P", ["$P?"]),
        ("declare -n P=x\na $P", ["$P?"]),
        ("declare -r P=x\ndeclare -r P=y\na $P", ["$P?"]),
        ("Q=" + "y" * 300 + "\nP=$Q$Q\na $P", ["$P?"]),
        ('P=x\nl=(-p "$P" --live)\na "${l[@]}" y', ["-p", "x", "--live", "y"]),
        ("l=(\n  -p\n  x\n)\na ${l[@]}", ["-p", "x"]),
        ("l=(-p $Q)\na ${l[@]}", ["-p", "$Q?"]),
        (
            "l=(x y)\na $l ${l[0]} ${l[*]} '${l[@]}' ${l[@]}z",
            ["(x y)?", "${l[0]}?", "${l[*]}?", "${l[@]}", "${l[@]}z?"],
        ),
        ("l=(x)\nl+=(y)\na ${l[@]}", ["${l[@]}?"]),
        ("l=(x *)\na ${l[@]}", ["${l[@]}?"]),
        ("l=()\na ${l[@]}", ["${l[@]}?"]),
        ("l=x\na ${l[@]}", ["${l[@]}?"]),
        ("if b; then l=(x); fi\na ${l[@]}", ["${l[@]}?"]),
        ("P=x\na ${P:-y} ${P%.json} $(b $P)", ["${P:-y}?", "${P%.json}?", "$(b x)?"]),
        ("P='x y'\na $P", ["$P?"]),
        ("P='a x y'\n$P z", ["x", "y", "z"]),
        ('P="a x"\n${P} $P', ["x", "$P?"]),
        ("P='a x'\nP='a y'\n$P z", []),
        ("$P z\nP='a x'", []),
        ("P='a $x'\n$P z", []),
        ("P='a x'\nQ=$P\n$Q z", []),
        ("P=*\na $P", ["$P?"]),
        ("P=$Q\na $P", ["$P?"]),
        ("a $P\nP=x", ["$P?"]),
        ("P=x; a $P", ["$P?"]),
        ("\nexport P=x; a $P", ["$P?"]),
        ("# export P=x\na $P\nexport P=x", ["$P?"]),
        ("P=x &\na $P", ["$P?"]),
        ("(P=x)\na $P", ["$P?"]),
        ("if b; then P=x; fi\na $P", ["$P?"]),
        ("P=x\nP=y\na $P", ["$P?"]),
        ("P=x\nP+=y\na $P", ["$P?"]),
        ("P=x\nread P < b\na $P", ["$P?"]),
        ("P=x\nunset P\na $P", ["$P?"]),
        ("P=x\nexport P=y\na $P", ["$P?"]),
        ("P=x\nfor P in b c; do b; done\na $P", ["$P?"]),
        ("P=x\nf() { P=y; }\nf\na $P", ["$P?"]),
        ("P=x\n. b.sh\na $P", ["$P?"]),
        ("P=x\neval b\na $P", ["$P?"]),
        ("P=x\ntrap 'P=y' DEBUG\na $P", ["$P?"]),
        ("P=x\ntrap 'rm y' EXIT\na $P", ["x"]),
        ("P=x\n: ${P:=y}\na $P", ["$P?"]),
        ("P=x\n: ${P=y}\na $P", ["$P?"]),
        ("P=x\nP=y :\na $P", ["$P?"]),
        ("P=x\nprintf -v P y\na $P", ["$P?"]),
        ("P=x\n((P++))\na $P", ["$P?"]),
    ],
)
def test_what_a_script_sets(script: str, expected: list[str]) -> None:
    assert words(script) == expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ('a "$P"', ["x"]),
        ("a $P; b", ["x"]),
        ("P=y\na $P", ["y"]),
        ("a $p", ["$p?"]),
        ("Q=$P/y\na $Q", ["x/y"]),
        ("Q=$P/y\nP=z\na $Q", ["$Q?"]),
        ("a $P\nP=y", ["$P?"]),
        ("if b; then P=y; fi\na $P", ["$P?"]),
        ("P=y b\na $P", ["$P?"]),
    ],
)
def test_what_an_environment_sets(script: str, expected: list[str]) -> None:
    assert words(script, P="x") == expected


@pytest.mark.parametrize("text", ["x y", "", "*", "$Q", "a\nb", "\u00e4", "x" * 501])
def test_what_is_no_plain_word_is_not_put_in_its_place(text: str) -> None:
    assert words("a $P", P=text) == ["$P?"]


def test_what_a_command_writes_and_where_it_runs() -> None:
    script = "P=x\nD=docs\ncd $D/a\nb > $P"
    command = next(one for one in with_constants(tuple(simple_commands(script)), script, {}) if one.words == ("b",))
    assert (command.written[0], command.folder) == (("x", True), "docs/a")


def test_a_variable_that_only_names_a_folder() -> None:
    script = "D=docs\ncd $D\nb"
    found = with_constants(tuple(simple_commands(script)), script, {})
    assert [command.folder for command in found if command.words == ("b",)] == ["docs"]
