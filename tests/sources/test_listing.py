"""What one command lists and another one writes: by `find`, by `xargs`, and in loops."""

from __future__ import annotations

import pytest

from cavra_lint.sources.listing import with_listed
from cavra_lint.sources.shell import simple_commands
from replaced_by import PACKET, SCRIPT, replaced

EDIT = "sed -i s/a/b/"
SED, REMOVED = f"`sed` writes `{PACKET}` before it", f"`rm` removes `{PACKET}` before it"


@pytest.mark.parametrize(
    ("script", "message"),
    [
        (f"find examples -name '*.json' -exec {EDIT} {{}} +", SED),
        (f"find . -type f -iname a.live.json -exec {EDIT} {{}} \\;", SED),
        (f"find examples/x -maxdepth 1 -exec {EDIT} {{}} ';'", SED),
        (f"find docs examples -name '*.md' -o -name '*.json' -exec {EDIT} {{}} +", SED),
        (f"find . -not -path './.git/*' ! -path '*/node_modules/*' -name '*.json' -exec {EDIT} {{}} +", SED),
        (f"sudo find examples -execdir {EDIT} {{}} +", SED),
        (f"find {PACKET} -exec {EDIT} {{}} +", SED),
        (f"find \\( -name '*.json' \\) -exec {EDIT} {{}} +", SED),
        (f"find . ! -wholename './.git/*' -name '*.json' -exec {EDIT} {{}} +", SED),
        (f"find . -name '*.pyc' -delete; {EDIT} {PACKET}", SED),
        (f"git ls-files {PACKET} | xargs {EDIT}", SED),
        (f"egrep -l a {PACKET} | xargs {EDIT}", SED),
        (f"for f in $(find examples -name '*.json' | sort); do {EDIT} $f; done", SED),
        ("find examples -name '*.json' -delete", REMOVED),
        (f"find -name 'x.py' -exec {EDIT} {{}} +", SED.replace(PACKET, SCRIPT)),
        (f"find examples -name '*.json' | xargs {EDIT}", SED),
        (f"find examples -name '*.json' -print0 | xargs -0 -n 1 -P2 {EDIT}", SED),
        (f"find examples -name '*.json' | grep live | sort | xargs -r {EDIT}", SED),
        ("find examples -name '*.json' | xargs -I{} cp good.json {}", SED.replace("sed", "cp")),
        ("find examples -name '*.json' | xargs -I % cp good.json %", SED.replace("sed", "cp")),
        (f"git ls-files '*.json' | xargs {EDIT}", SED),
        (f"git ls-files examples | xargs {EDIT}", SED),
        (f"git ls-files | xargs {EDIT}", SED.replace(PACKET, SCRIPT)),
        (f"grep -rl a examples | xargs {EDIT}", SED),
        (f"rg -l a | xargs {EDIT}", SED.replace(PACKET, SCRIPT)),
        (f"ls examples/x/* | xargs {EDIT}", SED),
        (f'for f in examples/*/*.json; do {EDIT} "$f"; done', SED),
        (f"for f in docs/a.md {PACKET}; do {EDIT} ${{f}}; done", SED),
        (f'for f in "{PACKET}"; do jq . "$f" > t && mv t "$f"; done', SED.replace("sed", "mv")),
        ("for f in examples/*/*.json; do echo > $f; done", SED.replace("sed", "echo")),
        (f"for d in examples docs; do {EDIT} $d/x/a.live.json; done", SED),
        (f"for f in $(find examples -name '*.json'); do {EDIT} $f; done", SED),
        (f"for f in `git ls-files '*.json'`; do {EDIT} $f; done", SED),
        (f"find examples -name '*.json' | while read -r f; do {EDIT} \"$f\"; done", SED),
        (f"find examples -name '*.json' | while IFS= read -r f; do {EDIT} \"$f\"; done", SED),
    ],
)
def test_what_is_listed_is_written(script: str, message: str) -> None:
    assert replaced("true", script) == (1, message)


@pytest.mark.parametrize(
    "script",
    [
        f"find docs -name '*.json' -exec {EDIT} {{}} +",
        f"find . -name '*.md' -exec {EDIT} {{}} +",
        f"find . -newer a -exec {EDIT} {{}} +",
        f"find . -not -path './examples/*' -exec {EDIT} {{}} +",
        f"find . ! -name '*.json' -exec {EDIT} {{}} +",
        "find . -name __pycache__ -exec rm -r {} +",
        "find . -name '*.pyc' -delete",
        "find examples -name '*.json' -exec jq empty {} +",
        "find examples -name '*.json' | xargs jq empty",
        f"find examples -name '*.json' | xargs -I{{}} {EDIT} docs/a.md",
        f"find examples -name '*.json'\ncat list | xargs {EDIT}",
        f"find examples\nls docs/* | xargs {EDIT}",
        f"git ls-files '*.sh' | xargs {EDIT}",
        f"git diff --name-only | xargs {EDIT}",
        f"grep -r a examples | xargs {EDIT}",
        "find examples | xargs",
        f"find . -name '*.json' | grep -v examples | xargs {EDIT}",
        f"find . -name '*.json' | grep --invert-match examples | xargs {EDIT}",
        "find examples -name '*.json' | xargs -I % cp % docs/a",
        "git ls-files -m | xargs rm",
        "find examples -name '*.json' | xargs -I",
        "command -v a\nfind docs -name '*.md' -delete",
        f"for f in $(A=examples/x/a.live.json); do {EDIT} $f; done",
        f"find examples -name '*.json' | while A=b; do {EDIT} $f; done",
        f"find examples -name '*.json' | while echo f; do {EDIT} $f; done",
        f"for f in {PACKET}; do jq . $f > $g; done",
        f"grep -rl --include='*.md' a . | xargs {EDIT}",
        f"rg -l -g '*.md' a | xargs {EDIT}",
        "git ls-files --others | xargs rm",
        "git ls-files -o --exclude-standard | xargs rm",
        f"find examples -name '*.json'\nfor f in $(cat list); do {EDIT} $f; done",
        f"find examples -name '*.json'\nwhile read -r f; do {EDIT} $f; done < list",
        "for f in examples/*/*.json; do python3 -m json.tool $f > /dev/null; done",
        "for f in examples/*/*.json; do jq . $f > $TMP/$f; done",
        f"for f in docs/*.md; do {EDIT} $f; done",
        f'for f; do {EDIT} "$f"; done',
        f"for f in examples/x/*.json; do {EDIT} $g; done",
        f"while read -r f; do {EDIT} $f; done < list",
        f"while sleep 1; do {EDIT} $f; done",
    ],
)
def test_what_is_listed_is_left(script: str) -> None:
    assert replaced("true", script) == (0, "")


@pytest.mark.parametrize(
    "script",
    [
        f"for f in {' '.join(map(str, range(1000)))}; do\n{'rm $f; ' * 1000}\ndone",
        f"find {'a ' * 500} {'-name b ' * 500} -exec rm {'x ' * 2000} {{}} +\n" * 5,
        f"find {'a ' * 500}\nxargs rm {'x ' * 2000}\n" * 5,
    ],
)
def test_no_more_is_repeated_than_a_script_can_be_worth(script: str) -> None:
    commands = tuple(simple_commands(script))
    words = sum(len(command.words) for command in commands)
    assert sum(len(command.words) for command in with_listed(commands, script)) < words + 25_000
