"""Which findings the linter prints. A verdict never asks here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cavra_lint.config import Config
from cavra_lint.diagnostics import Diagnostic


def selected(diagnostics: Iterable[Diagnostic], config: Config) -> Iterator[Diagnostic]:
    """Yield the diagnostics that a configuration lets print.

    The longest code that fits decides, as in flake8 and ruff; where `select` and `ignore` name the
    same one, `ignore` does.
    """
    select = (*config.select, *config.extend_select)
    ignore = (*config.ignore, *config.extend_ignore)
    for found in diagnostics:
        if _longest(found.code, select) <= _longest(found.code, ignore):
            continue
        if any(matches(found.path, pattern) for pattern in config.exclude):
            continue
        if not _is_ignored_in_file(found, config):
            yield found


def matches(path: str, pattern: str) -> bool:
    """Tell whether a path below the root fits a pattern: the path itself, its last part, or a folder above it.

    Other linters hold a pattern against the whole path of the machine, where `*/docs` and `**/docs` fit a folder
    right below the root as well. Here the root is `/` to a pattern that begins so.
    """
    from fnmatch import fnmatchcase

    pattern = pattern.removeprefix("./").rstrip("/")
    steps = path.split("/")
    above = ["/".join(steps[:number]) for number in range(1, len(steps) + 1)]
    if pattern.startswith(("*", "/")):
        above += [f"/{folder}" for folder in above]
    return fnmatchcase(steps[-1], pattern) or any(fnmatchcase(folder, pattern) for folder in above)


def _longest(code: str, prefixes: Iterable[str]) -> int:
    return max((len(prefix) for prefix in prefixes if code.startswith(prefix)), default=0)


def _is_ignored_in_file(found: Diagnostic, config: Config) -> bool:
    return any(
        matches(found.path, pattern) and _longest(found.code, codes)
        for pattern, codes in config.per_file_ignores.items()
    )
