from __future__ import annotations

import pytest

from cavra_lint.sources.path_filter import path_filter_matches


# The first rows are the examples of GitHub's own documentation.
@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("*", "README.md", True),
        ("*", "docs/README.md", False),
        ("*.jsx?", "page.js", True),
        ("*.jsx?", "page.jsx", True),
        ("*.jsx?", "page.jsxx", False),
        ("**", "all/the/files.md", True),
        ("*.js", "app.js", True),
        ("*.js", "js/app.js", False),
        ("**.js", "index.js", True),
        ("**.js", "js/index.js", True),
        ("docs/*", "docs/README.md", True),
        ("docs/*", "docs/a/README.md", False),
        ("docs/**", "docs/mona/octocat.txt", True),
        ("docs/**/*.md", "docs/README.md", True),
        ("docs/**/*.md", "docs/mona/hello-world.md", True),
        ("docs/**/*.md", "docs/a/markdown/file.md", True),
        ("**/docs/**", "docs/hello.md", True),
        ("**/docs/**", "dir/docs/my-file.txt", True),
        ("**/README.md", "README.md", True),
        ("**/README.md", "js/README.md", True),
        ("**/README.md", "js/xREADME.md", False),
        ("**/*src/**", "a/src/app.js", True),
        ("**/*src/**", "my-src/code/js/app.js", True),
        ("**/*-post.md", "my-post.md", True),
        ("**/*-post.md", "path/their-post.md", True),
        ("**/migrate-*.sql", "migrate-10909.sql", True),
        ("**/migrate-*.sql", "db/sept/migrate-v1.sql", True),
        ("v[12].[0-9]+.[0-9]+", "v1.10.1", True),
        ("v[12].[0-9]+.[0-9]+", "v3.0.0", False),
        ("v[12].[0-9]+.[0-9]+", "v1..1", False),
        ("a+b", "aaab", True),
        ("a+b", "b", False),
        ("scripts/x.py", "scripts/x.py", True),
        ("scripts/x.py", "scripts/X.py", False),
        ("scripts/x.py", "scripts/x.pyc", False),
        ("scripts/", "scripts/x.py", False),
        ("./scripts/x.py", "scripts/x.py", False),
        ("scripts**", "scripts/x.py", True),
        ("s**/x.py", "scripts/a/x.py", True),
        (r"\*.py", "*.py", True),
        (r"\*.py", "a.py", False),
        ("[ab", "[ab", True),
        ("**/", "a", False),
        ("", "", True),
        ("+a?", "+", True),
    ],
)
def test_one_pattern(pattern: str, path: str, matches: bool) -> None:
    assert path_filter_matches([pattern], path) is matches


@pytest.mark.parametrize(
    ("patterns", "matches"),
    [
        (["docs/**", "!docs/a.md"], False),
        (["!docs/a.md", "docs/**"], True),
        (["docs/**", "!docs/*", "docs/a.md"], True),
        (["!docs/b.md"], False),
        (["other", "docs/a.md"], True),
        ([], False),
    ],
)
def test_the_last_pattern_decides(patterns: list[str], matches: bool) -> None:
    assert path_filter_matches(patterns, "docs/a.md") is matches


def test_no_pattern_runs_away() -> None:
    assert not path_filter_matches(["**a" * 200 + "b"], "a" * 2000)
    assert not path_filter_matches(["**/a/" * 200 + "b"], "a/" * 1000)
