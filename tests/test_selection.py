"""What the linter prints: paths and codes that a configuration names."""

from __future__ import annotations

import pytest

from cavra_lint.config import Config
from cavra_lint.diagnostics import Diagnostic
from cavra_lint.selection import matches, selected

#: A path, a pattern, and whether it fits.
PATTERNS = [
    ("docs/a/b.md", "docs/a/b.md", True),
    ("docs/a/b.md", "b.md", True),
    ("docs/a/b.md", "*.md", True),
    ("docs/a/b.md", "docs", True),
    ("docs/a/b.md", "./docs/a/", True),
    ("b.md", "b.md", True),
    ("docs/a/b.md", "docs/**/b.md", True),
    ("docs/a/b.md", "**/a/*.md", True),
    ("docs/a/b.md", "**/docs/*.md", True),
    ("docs/a/b.md", "*/docs", True),
    ("docs/a/b.md", "/docs/", True),
    ("b.md", "**/b.md", True),
    ("docs/a/b.md", "/a", False),
    ("docs/a/b.md", "**/b", False),
    ("docs/a/b.md", "", False),
    ("docs/a/b.md", "/", False),
    ("docs/a/b.md", "a", False),
    ("docs/ab/c.md", "docs/a", False),
    ("docs/a/b.md", "B.md", False),
]


@pytest.mark.parametrize(("path", "pattern", "fits"), PATTERNS)
def test_a_path_fits_by_itself_by_its_name_or_by_a_folder(path: str, pattern: str, fits: bool) -> None:
    assert matches(path, pattern) is fits


#: What is selected and ignored, and what is printed of CAVRA101, CAVRA102 and CAVRA201.
CODES: list[tuple[tuple[str, ...], tuple[str, ...], list[str]]] = [
    (("CAVRA",), (), ["CAVRA101", "CAVRA102", "CAVRA201"]),
    (("CAVRA",), ("CAVRA1",), ["CAVRA201"]),
    (("CAVRA", "CAVRA101"), ("CAVRA1",), ["CAVRA101", "CAVRA201"]),
    (("CAVRA",), ("CAVRA", "CAVRA1"), []),
    (("CAVRA", "CAVRA10"), ("CAVRA", "CAVRA101"), ["CAVRA102"]),
    (("CAVRA2",), (), ["CAVRA201"]),
]


@pytest.mark.parametrize(("select", "ignore", "printed"), CODES)
def test_the_longest_code_decides(select: tuple[str, ...], ignore: tuple[str, ...], printed: list[str]) -> None:
    config = Config()._replace(select=select, ignore=ignore)
    found = [Diagnostic("a.md", 1, code, 1, "", "R7.1", "x", "error") for code in ("CAVRA101", "CAVRA102", "CAVRA201")]
    assert [one.code for one in selected(found, config)] == printed
