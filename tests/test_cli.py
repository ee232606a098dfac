"""The linter's command line: what it prints, what it takes, and how it exits."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from cavra_lint import __version__
from cavra_lint.cli import main
from cavra_lint.concern import SETTINGS_OF_TESTS, SHARED_SETTINGS
from cavra_lint.contract import Chain
from cavra_lint.output import FORMATS
from cavra_lint.rules.registry import RULES
from cavra_lint.sources.pytest_settings import FILES

Run: TypeAlias = Callable[..., tuple[int, list[str], str]]

PAGE, OTHER_PAGE = "docs/customer-operating-review.md", "docs/customer-evidence-room-closeout.md"
INDEX = (
    "examples/customer-lifecycle-verification-index/customer-lifecycle-verification-index.live.sanitized.example.json"
)


@pytest.fixture
def run(tree: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the linter in a fresh copy; return its status, the lines that it prints, and its stderr."""
    monkeypatch.chdir(tree)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)

    def call(*arguments: str) -> tuple[int, list[str], str]:
        status = main(list(arguments))
        said = capsys.readouterr()
        return status, said.out.splitlines(), said.err

    return call


@pytest.fixture
def broken(tree: Path) -> Path:
    """The copy, with one page gone (CAVRA101, in the index) and another one empty (CAVRA102, in the page)."""
    (tree / PAGE).unlink()
    (tree / OTHER_PAGE).write_text("")
    (tree / "notes").mkdir()
    return tree


def configure(tree: Path, table: str) -> None:
    (tree / "pyproject.toml").write_text(f"[tool.cavra-lint]\n{table}\n", encoding="utf-8")


def codes(lines: list[str]) -> list[str]:
    return [line.split(": ", 1)[1].split()[0] for line in lines]


def test_a_clean_tree_prints_nothing(run: Run) -> None:
    assert run() == (0, [], "")


def test_a_finding_is_one_line_and_they_are_sorted(run: Run, broken: Path) -> None:
    number = next(n for n, line in enumerate((broken / INDEX).read_text().splitlines(), 1) if PAGE in line)
    status, lines, err = run()
    assert (status, err) == (1, "")
    assert lines == [
        f"{OTHER_PAGE}:1: CAVRA102 is empty, expected the docs of R7.2",
        f"{INDEX}:{number}: CAVRA101 `{PAGE}` is missing, expected the docs of R7.4 there",
    ]


EVIDENCE = "examples/customer-live-evidence/customer-live-evidence.live.sanitized.example.json"
#: PATH arguments, and the codes of what is printed.
PATHS: dict[str, tuple[list[str], list[str]]] = {
    "a file": ([OTHER_PAGE], ["CAVRA102"]),
    "a deleted artifact": ([PAGE], ["CAVRA101"]),
    "both": ([PAGE, OTHER_PAGE], ["CAVRA102", "CAVRA101"]),
    "a folder": (["docs"], ["CAVRA102", "CAVRA101"]),
    "a folder with a slash": (["docs/"], ["CAVRA102", "CAVRA101"]),
    "a folder within": (["docs/wiki"], ["CAVRA102", "CAVRA101"]),
    "the root": (["."], ["CAVRA102", "CAVRA101"]),
    "the index": ([INDEX], ["CAVRA102", "CAVRA101"]),
    "a file of the gate": (["scripts/validate_customer_operating_review.py"], ["CAVRA101"]),
    "a file of another gate": (["scripts/validate_customer_live_evidence.py"], []),
    "a packet that is judged again where its verdict is embedded": ([EVIDENCE], ["CAVRA102"]),
    "a file of no gate": (["pyproject.toml"], []),
    "a folder of no gate": (["notes"], []),
}


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize(("paths", "expected"), PATHS.values(), ids=PATHS.keys())
def test_paths(paths: list[str], expected: list[str], run: Run) -> None:
    status, lines, _ = run(*paths)
    assert (status, codes(lines)) == (1 if expected else 0, expected)
    assert run(*(str(Path.cwd() / path) for path in paths))[1] == lines


WORKFLOW = ".github/workflows/customer-operating-review.yml"
TEST = "test_customer_operating_review.py"
#: Files that are no artifacts, what they hold, and the code of what is found in them.
BESIDE: dict[str, tuple[str, str, str]] = {
    "a conftest": ("tests/conftest.py", f"collect_ignore = ['{TEST}']\n", "CAVRA307"),
    "settings at the root": ("pytest.ini", f"[pytest]\naddopts = --ignore=tests/{TEST}\n", "CAVRA307"),
    "a project": ("pyproject.toml", f'[tool.pytest.ini_options]\naddopts = "--ignore=tests/{TEST}"\n', "CAVRA307"),
    "an action": (
        "ci/judge/action.yml",
        "runs:\n  using: composite\n  steps:\n    - shell: sh\n      run: COMMAND || true\n",
        "CAVRA303",
    ),
    "settings of another folder": ("docs/conftest.py", f"collect_ignore = ['../tests/{TEST}']\n", ""),
    "a project without settings": ("pyproject.toml", "[project]\nname = 'x'\n", ""),
}


@pytest.mark.parametrize(("path", "text", "code"), BESIDE.values(), ids=BESIDE.keys())
def test_what_is_found_in_a_file_that_is_no_artifact(
    path: str, text: str, code: str, run: Run, broken: Path, chain: Chain
) -> None:
    command = chain.gate("R7.4").command
    (broken / path).parent.mkdir(parents=True, exist_ok=True)
    (broken / path).write_text(text.replace("COMMAND", command), encoding="utf-8")
    if path.endswith("action.yml"):
        head = (broken / WORKFLOW).read_text("utf-8").partition("    steps:\n")[0]
        steps = "    steps:\n      - uses: actions/checkout@v7\n      - uses: ./ci/judge\n"
        (broken / WORKFLOW).write_text(head + steps, encoding="utf-8")
    status, lines, _ = run(path)
    # the page that is missing in this tree is no matter of theirs
    assert (status, codes(lines)) == (1 if code else 0, [code] if code else [])
    assert all(line.startswith(f"{path}:") for line in lines)


def test_the_files_that_configure_pytest_are_those_that_are_looked_for() -> None:
    assert {*SETTINGS_OF_TESTS, *SHARED_SETTINGS} == {"conftest.py", *(name for name, _ in FILES)}


#: Options, and the codes of what is printed.
OPTIONS: dict[str, tuple[list[str], list[str]]] = {
    "select one": (["--select", "CAVRA101"], ["CAVRA101"]),
    "select in small letters": (["--select", "cavra101"], ["CAVRA101"]),
    "select a family": (["--select", "CAVRA1"], ["CAVRA102", "CAVRA101"]),
    "select another": (["--select", "CAVRA5"], []),
    "select two": (["--select", "CAVRA5, CAVRA102"], ["CAVRA102"]),
    "extend": (["--select", "CAVRA5", "--extend-select", "CAVRA101"], ["CAVRA101"]),
    "ignore one": (["--ignore", "CAVRA101"], ["CAVRA102"]),
    "ignore two": (["--ignore", "CAVRA101", "--extend-ignore", "CAVRA102"], []),
    "ignore all": (["--ignore", "CAVRA"], []),
    "ignore twice": (["--ignore", "CAVRA101", "--ignore=CAVRA102"], []),
    "select twice": (["--select", "CAVRA101", "--select", "CAVRA102,CAVRA3"], ["CAVRA102", "CAVRA101"]),
    "the longer one decides": (["--ignore", "CAVRA1", "--select", "CAVRA101"], ["CAVRA101"]),
    "the same in both": (["--ignore", "CAVRA1", "--select", "CAVRA1"], []),
}


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize(("options", "expected"), OPTIONS.values(), ids=OPTIONS.keys())
def test_selection(options: list[str], expected: list[str], run: Run) -> None:
    status, lines, _ = run(*options)
    assert (status, codes(lines)) == (1 if expected else 0, expected)


CONFIGURED: dict[str, tuple[str, list[str]]] = {
    "select": ('select = ["CAVRA102"]', ["CAVRA102"]),
    "extend-select": ('select = ["CAVRA5"]\nextend-select = ["CAVRA1"]', ["CAVRA102", "CAVRA101"]),
    "ignore": ('ignore = ["CAVRA102"]', ["CAVRA101"]),
    "extend-ignore": ('extend-ignore = ["CAVRA"]', []),
    "per-file-ignores": ('per-file-ignores = {"docs/*.md" = ["CAVRA1"]}', ["CAVRA101"]),
    "per-file-ignores of another code": ('per-file-ignores = {"docs/*.md" = ["CAVRA3"]}', ["CAVRA102", "CAVRA101"]),
    "codes in small letters": ('ignore = ["cavra102 "]', ["CAVRA101"]),
    "exclude a folder": ('exclude = ["docs"]', ["CAVRA101"]),
    "exclude a name": ('exclude = ["*.json"]', ["CAVRA102"]),
    "exclude a path": (f'exclude = ["./{OTHER_PAGE}"]', ["CAVRA101"]),
}


@pytest.mark.parametrize(("table", "expected"), CONFIGURED.values(), ids=CONFIGURED.keys())
def test_configuration(table: str, expected: list[str], run: Run, broken: Path) -> None:
    configure(broken, table)
    assert codes(run()[1]) == expected
    assert codes(run("--isolated")[1]) == ["CAVRA102", "CAVRA101"]


def test_another_configuration_file(run: Run, broken: Path) -> None:
    configure(broken, 'ignore = ["CAVRA"]')
    (broken / "other.toml").write_text('[tool.cavra-lint]\nignore = ["CAVRA101"]\n')
    assert codes(run("--config", "other.toml")[1]) == ["CAVRA102"]


#: A configuration that cannot be used, and the words of the one line that says so.
BAD: dict[str, tuple[str, str]] = {
    "an unknown key": (
        'ignroe = ["CAVRA1"]',
        "pyproject.toml:2: [tool.cavra-lint] has an unknown key `ignroe`; did you mean `ignore`?",
    ),
    "a string for a list": ('select = "CAVRA1"', "`select` has the wrong type; expected a list of strings"),
    "a number in a list": ("ignore = [1]", "`ignore` has the wrong type; expected a list of strings"),
    "a word for a flag": ('require-live = "no"', "`require-live` has the wrong type; expected true or false"),
    "a list for a string": ("contract = []", "`contract` has the wrong type; expected a string"),
    "a list for a table": ("per-file-ignores = []", "`per-file-ignores` has the wrong type; expected a table"),
    "a code that is none": ('ignore = ["CAVRA9"]', "no rule has a code that begins with `CAVRA9`"),
    "an empty code": ('select = [""]', "no rule has a code that begins with ``"),
    "a code that is none, for some files": (
        '[tool.cavra-lint.per-file-ignores]\n"docs" = ["CAVRA1"]\n"*.md" = ["CAVRA9"]',
        "pyproject.toml:4: [tool.cavra-lint] `per-file-ignores.*.md`: no rule has a code that begins with `CAVRA9`",
    ),
    "a code for a list, for some files": (
        '[tool.cavra-lint.per-file-ignores]\n"docs" = ["CAVRA1"]\n"*.md" = "CAVRA9"',
        "pyproject.toml:4: [tool.cavra-lint] `per-file-ignores.*.md` has the wrong type; expected a list of strings",
    ),
    "no TOML": ("select = [", "pyproject.toml:3: is not TOML: "),
    "lists in lists": (
        f"ignore = {'[' * 2000}{']' * 2000}",
        "pyproject.toml: is nested too deep to be a configuration",
    ),
    "a number without end": (f"max-file-size = {'9' * 5000}", "pyproject.toml: is not TOML: a number is too long"),
    "a contract that is not there": ('contract = "none.toml"', "none.toml: No such file or directory"),
}


@pytest.mark.parametrize(("table", "words"), BAD.values(), ids=BAD.keys())
def test_a_bad_configuration_is_one_line(table: str, words: str, run: Run, tree: Path) -> None:
    configure(tree, table)
    status, lines, err = run()
    assert (status, lines, err.count("\n")) == (2, [], 1)
    assert words in err


def test_a_configuration_that_is_not_utf8_is_one_line(run: Run, tree: Path) -> None:
    (tree / "pyproject.toml").write_bytes(b'[tool.cavra-lint]\n# \xe9\nselect = ["CAVRA1"]\n')
    assert run() == (2, [], "cavra-lint: pyproject.toml:2: is not UTF-8\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ["none.md"],
        [""],
        [__file__],
        [PAGE, os.path.dirname(__file__)],
        ["--config", "none.toml"],
        ["--repo-root", "none"],
        ["--select", "CAVRA9"],
        ["--explain", "CAVRA999"],
        ["--contract", "none.toml"],
        ["--nonsense"],
        ["--color", "pink"],
        ["--sel", "CAVRA1"],
        ["--repo-root", ""],
        ["--contract="],
        ["--output-file", ""],
        ["--output-file", "json:"],
        ["--output-file", "sarf:findings.sarif"],
        ["--output-file", "SARIF:findings.sarif"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_one_line(arguments: list[str], run: Run) -> None:
    status, lines, err = run(*arguments)
    assert (status, lines, err.count("\n")) == (2, [], 1)
    assert err.startswith("cavra-lint: ")


@pytest.mark.parametrize("code", [rule.code for rule in RULES])
def test_each_rule_is_explained(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--explain", code.lower()]) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"{code} ")
    for part in ("Fails: ", "Passes: ", "To put it right, "):
        assert said.count(part) == 1


@pytest.mark.parametrize("arguments", [["--list-rules"], ["--explain", "CAVRA101"]], ids=" ".join)
def test_without_docstrings_the_rules_are_documented_all_the_same(arguments: list[str], root: Path) -> None:
    def said(*flags: str) -> bytes:
        command = [sys.executable, *flags, "-m", "cavra_lint", *arguments]
        return subprocess.run(command, cwd=root, capture_output=True, check=True, timeout=60).stdout

    assert said("-OO") == said()


def test_the_rules_are_listed_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--list-rules"]) == 0
    rows = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert [row[0] for row in rows] == sorted({rule.code for rule in RULES})
    assert all(len(row) == 3 and row[2].endswith(".") for row in rows)
    assert len({row[1] for row in rows}) == len(rows)


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        main(["--version"])
    assert (raised.value.code, capsys.readouterr().out) == (0, f"cavra-lint {__version__}\n")


@pytest.mark.usefixtures("broken")
def test_statistics_and_exit_zero(run: Run) -> None:
    status, lines, _ = run("--statistics", "--exit-zero")
    assert (status, lines[2:]) == (0, ["1\tCAVRA101\tartifact-missing", "1\tCAVRA102\tartifact-empty"])


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize("output_format", FORMATS)
def test_statistics_spoil_nothing_that_a_program_reads(output_format: str, run: Run) -> None:
    printed = run("--output-format", output_format)[1]
    _, lines, err = run("--output-format", output_format, "--statistics")
    counts = ["1\tCAVRA101\tartifact-missing", "1\tCAVRA102\tartifact-empty"]
    assert (lines, err.splitlines()) == (
        (printed + counts, []) if output_format in {"text", "full"} else (printed, counts)
    )


@pytest.mark.usefixtures("broken")
def test_an_output_file_holds_what_is_printed(run: Run, tmp_path: Path) -> None:
    status, lines, _ = run("--output-file", str(tmp_path / "findings.txt"), "--color", "always")
    written = (tmp_path / "findings.txt").read_text("utf-8")
    assert (status, "\x1b" in written, len(written.splitlines())) == (1, False, 2)
    assert "\x1b[" in lines[0]


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize("name", ["./findings:one", "f1:one", "a b:c", "C:one"])
def test_an_output_file_may_have_a_colon(name: str, run: Run, tree: Path) -> None:
    assert run("--output-file", name)[1] == (tree / name).read_text("utf-8").splitlines()


def test_what_lies_outside_is_not_passed_over(run: Run, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(__file__)[2] == f"cavra-lint: {__file__} lies outside the repository; --repo-root names another\n"
    (tree / "link").symlink_to(os.path.dirname(__file__))
    assert run("link/test_cli.py") == (0, [], "")
    assert run(os.path.dirname(tree)) == (0, [], "")
    monkeypatch.chdir(tree.parent)
    assert run("--repo-root", tree.name, f"{tree.name}/{PAGE}") == (0, [], "")


#: What is in a folder, and whether that makes it a root of its own.
ROOTS = {
    "a configuration": ("pyproject.toml", "[tool.cavra-lint]\n", True),
    "a repository": (".git/HEAD", "ref: refs/heads/main\n", True),
    "a work tree": (".git", "gitdir: elsewhere\n", True),
    "a project": ("pyproject.toml", "[project]\n", False),
}


@pytest.mark.parametrize(("name", "text", "is_root"), ROOTS.values(), ids=ROOTS.keys())
def test_a_root_below_the_root_is_not_passed_over(name: str, text: str, is_root: bool, run: Run, broken: Path) -> None:
    (broken / "notes" / name).parent.mkdir(exist_ok=True)
    (broken / "notes" / name).write_text(text)
    (broken / "notes" / "a" / "b").mkdir(parents=True)
    for folder, which in (("notes", "is"), ("notes/a/b", "stands in notes,")):
        message = f"cavra-lint: {folder} {which} a root of its own; --repo-root looks into it\n"
        assert run(folder) == ((2, [], message) if is_root else (0, [], ""))
    # beside what concerns a gate, as in `cavra-lint *`, it is one folder among others
    assert run("notes", "docs")[1] == run("docs")[1] != []
    assert run("notes/other.md", OTHER_PAGE)[0] == 2
    assert run("--repo-root", "notes", "notes")[0] == 1


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize(
    ("environment", "options", "colored"),
    [
        ({}, [], False),
        ({"FORCE_COLOR": "1"}, [], True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, [], False),
        ({"NO_COLOR": "1"}, ["--color", "always"], True),
        ({"FORCE_COLOR": "1"}, ["--color", "never"], False),
    ],
    ids=["no terminal", "forced", "forbidden", "always", "never"],
)
def test_color(
    environment: dict[str, str], options: list[str], colored: bool, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert ("\x1b[" in run(*options)[1][0]) is colored


def test_live_is_required_unless_it_is_said_otherwise(run: Run, tree: Path) -> None:
    text = (tree / INDEX).read_text("utf-8")
    sample = INDEX.replace("live.sanitized.example", "sample")
    (tree / INDEX).write_text((tree / sample).read_text("utf-8"), encoding="utf-8")
    assert text != (tree / INDEX).read_text("utf-8")
    strict, free = run()[1], run("--no-require-live")[1]
    assert codes(strict) == ["CAVRA201"]
    assert "live is required" in strict[0]
    assert "a sample is never ready" in free[0]
    configure(tree, "require-live = false")
    assert run()[1] == free
    assert run("--require-live")[1] == strict


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize("folder", ["docs", "examples/customer-operating-review", "."])
def test_the_root_is_the_nearest_configured_folder(
    folder: str, run: Run, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = run()[1]
    monkeypatch.chdir(tree / folder)
    assert run()[1] == expected
    assert run("--repo-root", str(tree))[1] == expected


def test_without_configuration_the_root_is_that_of_git(run: Run, broken: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (broken / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    (broken / ".git").mkdir()
    monkeypatch.chdir(broken / "docs")
    assert codes(run()[1]) == ["CAVRA102", "CAVRA101"]


def program(cwd: Path, root: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "cavra_lint", *words],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(root), **environment},
        capture_output=True,
        check=False,
        timeout=60,
    )


def test_a_reader_that_goes_away_is_no_traceback(broken: Path, root: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as closed:
        done = subprocess.run(
            [sys.executable, "-m", "cavra_lint"],
            cwd=broken,
            env={**os.environ, "PYTHONPATH": str(root)},
            stdout=closed,
            stderr=subprocess.PIPE,
            check=False,
            timeout=60,
        )
    assert (done.returncode, done.stderr) == (141, b"")


def test_what_cannot_be_written_hides_no_finding(broken: Path, root: Path) -> None:
    done = program(broken, root, "--output-file", "none/findings.txt", PYTHONUNBUFFERED="")
    assert (done.returncode, done.stdout.count(b"\n"), done.stderr.count(b"\n")) == (2, 2, 1)


def test_a_c_locale_is_no_traceback(broken: Path, root: Path) -> None:
    configure(broken, 'index = "examples/übersicht.json"')
    done = program(broken, root, LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert (done.returncode, done.stderr) == (1, b"")
    assert b"\\xfc" in done.stdout
