"""What comes near a contract's command in a script: at which line of it, how it differs, and how far off it is."""

from __future__ import annotations

import pytest

from cavra_lint.rules.commands import candidates_of

SCRIPT, PACKET = "tools/gates/judge_review.py", "packets/review.json"
COMMAND = f"python3 {SCRIPT} --packet {PACKET} --require-live"
UNRUN = "stands where nothing runs it"
NOT_LIVE = COMMAND.removesuffix(" --require-live")


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (COMMAND, [(0, "", 0)]),
        (f"\n{COMMAND} --output out.json\n", [(1, "", 0)]),
        ("python3 other.py --require-live", []),
        ("cd tools/gates\npython3 judge_review.py --require-live", [(1, "runs `judge_review.py`, not `", 3)]),
        (f"cat {PACKET}", [(0, f"does not run `{SCRIPT}`", 3)]),
        (f"./{SCRIPT}", [(0, "has no `--packet`", 3)]),
        (NOT_LIVE, [(0, "has no `--require-live`", 1)]),
        (f"{COMMAND} --help", [(0, "has `--help`, which does not judge", 0)]),
        (f"{COMMAND} > out.json --help", [(0, "has `--help`, which does not judge", 0)]),
        (f"{COMMAND} > out.json 2>&1 --packet other.json", [(0, "has `--packet other.json`", 0)]),
        (COMMAND.replace(" --packet", " > out.json 2> err.txt --packet"), [(0, "", 0)]),
        (COMMAND.replace(" --packet", "\n--packet"), [(0, "has no `--packet`", 3), (1, f"does not run `{SCRIPT}`", 1)]),
        # a comment, where nothing else is the command: of a line that is told of already, nothing more
        (f"true\n# {COMMAND}", [(1, UNRUN, 0)]),
        (f"# python3 {SCRIPT} --packet other.json", [(0, UNRUN, 2)]),
        (f"# see {PACKET}", []),
        (f"{COMMAND}\n# python3 {SCRIPT}", [(0, "", 0)]),
        (f"{NOT_LIVE} # --require-live", [(0, "has no `--require-live`", 1)]),
        (f"python3 {SCRIPT} \\\n  --packet {PACKET} # --require-live", [(0, "has no `--require-live`", 1)]),
        (f"# {COMMAND}\n{NOT_LIVE}", [(1, "has no `--require-live`", 1), (0, UNRUN, 0)]),
        (f"{NOT_LIVE}\n# {COMMAND}", [(0, "has no `--require-live`", 1), (1, UNRUN, 0)]),
        (f"true\n: <<'END'\n{NOT_LIVE} \\\n --require-live\nEND", [(2, UNRUN, 0)]),
        (f"true\ntrue\n# {NOT_LIVE} \\", [(2, UNRUN, 1)]),
        (f"true\n: <<'END'\n{NOT_LIVE} \\\n --require-live \\", [(2, UNRUN, 0)]),
    ],
)
def test_what_comes_near(script: str, expected: list[tuple[int, str, int]]) -> None:
    found = list(candidates_of(COMMAND, script))
    assert [(one.line, one.distance) for one in found] == [(line, distance) for line, _, distance in expected], found
    for one, (_, difference, _) in zip(found, expected, strict=True):
        assert one.difference.startswith(difference)
        assert bool(one.difference) == bool(difference)


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("pip install .\nmake trial", [(1, "")]),
        ("make trial || true", [(0, "")]),
        ("make other", [(0, "has `other`, expected `trial`")]),
        ("true\n# make trial", [(1, UNRUN)]),
        ("true\n# make sure", []),
        ("cmake .", [(0, "does not run `make`")]),
        ("ls", []),
    ],
)
def test_a_command_without_a_path_is_told_by_its_words(script: str, expected: list[tuple[int, str]]) -> None:
    found = [(one.line, one.difference) for one in candidates_of("make trial", script)]
    assert [line for line, _ in found] == [line for line, _ in expected]
    for (_, said), (_, difference) in zip(found, expected, strict=True):
        assert said.startswith(difference)
        assert bool(said) == bool(difference)


@pytest.mark.parametrize(
    ("command", "programs"),
    [("make trial", ("make",)), ("A=1 B=2 .venv/bin/python judge.py", (".venv/bin/python",)), ("A=1", ())],
)
def test_a_command_that_stands_alone_is_run_by_its_first_word(command: str, programs: tuple[str, ...]) -> None:
    (one,) = candidates_of(command, f"{command}\n")
    assert (one.difference, one.programs) == ("", programs)
