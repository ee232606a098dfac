#!/usr/bin/env python3
"""A coverage-guided fuzzer for each reader, and one for a whole tree; README.md beside this file says how to run it."""

from __future__ import annotations

import contextlib
import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import atheris

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

with atheris.instrument_imports(include=["cavra_lint"]):
    from cavra_lint import lint, verify_index, verify_packet
    from cavra_lint.config import ConfigError, load_config
    from cavra_lint.contract import ContractError, load_chain
    from cavra_lint.output import FORMATS, renderer
    from cavra_lint.output.report import Report
    from cavra_lint.rules.commands import candidates_of
    from cavra_lint.rules.pages import _at_odds
    from cavra_lint.selection import matches
    from cavra_lint.sources.changes import changes_in, judged_in
    from cavra_lint.sources.console import strip_prompts
    from cavra_lint.sources.expression import can_run, masks_failure
    from cavra_lint.sources.git_index import indexed_paths
    from cavra_lint.sources.json_document import keys_of, parse_json, place_of
    from cavra_lint.sources.markdown import CodeBlock, code_blocks
    from cavra_lint.sources.mermaid import flowchart
    from cavra_lint.sources.path_filter import path_filter_matches
    from cavra_lint.sources.pytest_settings import settings_of
    from cavra_lint.sources.python_source import mentions, parse_python
    from cavra_lint.sources.shell_options import ShellOptions
    from cavra_lint.sources.workflow import parse_action, parse_workflow

CHAIN = load_chain()
GATES = (*CHAIN.gates, CHAIN.index_gate)
INDEX = CHAIN.index_gate.artifacts["live_sanitized_example"]
PATHS = tuple(path for gate in GATES for path in gate.artifacts.values())
COMMAND = CHAIN.gates[2].command
SCRATCH = Path(tempfile.mkdtemp(prefix="cavra-fuzz-"))


def text_of(data: bytes) -> str:
    """Return any bytes as some text."""
    return data.decode("utf-8", "replace")


def json_document(data: bytes) -> None:
    document = parse_json("p", data)
    assert (document.value is None) is bool(document.problems)
    for pointer, _ in keys_of(document.value or {}):
        place_of(document, pointer, key=True)
    if document.value is not None:
        assert "checks" in verify_packet("R7.7", document.value)


def workflow(data: bytes) -> None:
    for problem in (*parse_workflow(text_of(data)).problems, *parse_action(text_of(data)).problems):
        assert problem.line > 0


def expression(data: bytes) -> None:
    can_run(text_of(data))
    masks_failure(f"${{{{{text_of(data)}}}}}")


def path_filter(data: bytes) -> None:
    path_filter_matches(text_of(data).split("\n"), PATHS[0])


def markdown(data: bytes) -> None:
    lines = 1 + data.count(b"\n") + data.count(b"\r")
    assert all(1 <= block.line <= lines + 1 for block in code_blocks(text_of(data)))


def mermaid(data: bytes) -> None:
    chart = flowchart(CodeBlock("mermaid", text_of(data), 1, True))
    if chart is not None:
        list(_at_odds(CHAIN, chart))


def console(data: bytes) -> None:
    assert strip_prompts(text_of(data)).count("\n") == text_of(data).count("\n")


def shell(data: bytes) -> None:
    # what does not name the script is not read as a shell reads it
    list(candidates_of(COMMAND, f"{text_of(data)}\n# {COMMAND}", environment={"PACKET": PATHS[0], "A": "b c"}))
    judged = judged_in("", PATHS[:3], bool, {"a.py": text_of(data), "a.sh": text_of(data)}.get, [0])
    changes_in(text_of(data), ShellOptions(errexit=True, pipefail=False), "", judged)
    changes_in("python a.py\nbash a.sh\n", ShellOptions(errexit=True, pipefail=False), "", judged)


def pytest_settings(data: bytes) -> None:
    text = text_of(data)
    for name in ("tests/conftest.py", "pytest.ini", "pyproject.toml", "setup.cfg"):
        for setting in settings_of("tests", {name: text}.get):
            assert setting.line > 0
            assert isinstance(setting.leaves_out(PATHS[4], text), bool)


def python_source(data: bytes) -> None:
    module = parse_python(data)
    mentions(module, ("R7.1",))
    assert module.shortcoming is None or module.shortcoming.words
    assert all(test.line > 0 for test in module.tests)


def contract(data: bytes) -> None:
    (SCRATCH / "chain.toml").write_bytes(data)
    with contextlib.suppress(ContractError):
        load_chain(str(SCRATCH / "chain.toml"))


def config(data: bytes) -> None:
    (SCRATCH / "pyproject.toml").write_bytes(data)
    with contextlib.suppress(ConfigError):
        load_config(str(SCRATCH / "pyproject.toml"))


def selection(data: bytes) -> None:
    matches(PATHS[0], text_of(data))


def git_index(data: bytes) -> None:
    indexed_paths(data)


def tree(data: bytes) -> None:
    """Put some bytes into a file of a chain: the first says which, the second where, the third how much is replaced."""
    if len(data) < 3:
        return
    copied = SCRATCH / "tree"
    path = PATHS[data[0] % len(PATHS)]
    before = (ROOT / path).read_bytes()
    start = len(before) * data[1] // 256
    (copied / path).write_bytes(before[:start] + data[3:] + before[start + data[2] :])
    try:
        found = tuple(lint(copied, paths=[path]))
        report = Report(found, CHAIN, found, tuple(gate.id for gate in GATES), lambda _: text_of(data))
        for name in FORMATS:
            assert "##[" not in renderer(name)(report)
        try:
            index: object = json.loads((copied / INDEX).read_bytes())
        except (ValueError, RecursionError):
            index = None
        verdict = verify_index(index, repo_root=copied, require_live=True)
        json.dumps(verdict)
        assert not (found and verdict[CHAIN.index_gate.ready_key])
    finally:
        (copied / path).write_bytes(before)


TARGETS: dict[str, tuple[Callable[[bytes], None], tuple[str, ...]]] = {
    "json_document": (json_document, ("examples/*/*.json",)),
    "workflow": (workflow, (".github/workflows/*.yml", "action.yml")),
    "expression": (expression, (".github/workflows/*.yml",)),
    "path_filter": (path_filter, (".github/workflows/*.yml",)),
    "markdown": (markdown, ("docs/*.md", "docs/wiki/*.md")),
    "mermaid": (mermaid, ("docs/*.md", "docs/wiki/*.md")),
    "console": (console, ("docs/*.md",)),
    "shell": (shell, ("docs/*.md", ".github/workflows/*.yml", ".ci/run")),
    "pytest_settings": (pytest_settings, ("pyproject.toml", "tests/conftest.py")),
    "python_source": (python_source, ("scripts/*.py", "tests/test_customer_*.py", "cavra_lint/sources/python_*.py")),
    "contract": (contract, ("cavra_lint/contract/r7.toml",)),
    "config": (config, ("pyproject.toml",)),
    "selection": (selection, ("pyproject.toml",)),
    "git_index": (git_index, (".git/index",)),
    "tree": (tree, ()),
}


def seeds(name: str, patterns: tuple[str, ...]) -> Iterator[bytes]:
    """Yield what a fuzzer begins with: files of this repository, and what is small in them."""
    for pattern in patterns:
        for path in sorted(ROOT.glob(pattern)):
            if path.is_file():
                yield path.read_bytes()
    pages = [text_of(path.read_bytes()) for path in sorted(ROOT.glob("docs/*.md"))]
    if name in ("mermaid", "console", "shell"):
        yield from (block.text.encode() for page in pages for block in code_blocks(page))
    jobs = [
        job for path in ROOT.glob(".github/workflows/*.yml") for job in parse_workflow(path.read_text("utf-8")).jobs
    ]
    if name == "expression":
        yield from (text.encode() for job in jobs for text in (job.condition, *(step.condition for step in job.steps)))
        yield from (b"success() && github.ref == 'refs/heads/main'", b"!(a.b[0x1f] <= 1e3 || contains(c, 'd''e'))")
    if name == "shell":
        yield from ((step.run or "").encode() for job in jobs for step in job.steps)
    if name == "pytest_settings":
        yield from (
            b"[pytest]\naddopts = --ignore=a --deselect b\npython_files = a*.py",
            b"collect_ignore_glob += ['a*']",
        )
    if name in ("path_filter", "selection"):
        yield from (b"docs/**", b"!examples/*/*.json", b"scripts/[a-z]+_?.py", b"**/*.md\n!**/wiki/**")
    if name == "tree":
        yield from (bytes((number, 128, 9)) + b'"' for number in range(len(PATHS)))


def main() -> None:
    """Fuzz the target that the first argument names; the others are libFuzzer's."""
    if len(sys.argv) < 2 or sys.argv[1] not in TARGETS:
        sys.exit(f"usage: fuzz.py TARGET [libFuzzer's arguments]; TARGET is one of {', '.join(TARGETS)}")
    name = sys.argv.pop(1)
    target, patterns = TARGETS[name]
    corpus = SCRATCH / "corpus"
    corpus.mkdir()
    for number, seed in enumerate(seeds(name, patterns)):
        (corpus / str(number)).write_bytes(seed)
    for path in (*PATHS, "pyproject.toml"):
        (SCRATCH / "tree" / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / path, SCRATCH / "tree" / path)
    atheris.Setup([sys.argv[0], str(corpus), "-timeout=20", "-rss_limit_mb=4096", *sys.argv[1:]], target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
