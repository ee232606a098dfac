"""Output formats: one module each, with one function `render`, imported only where it is asked for."""

from __future__ import annotations

from collections.abc import Callable

from cavra_lint.frozen import TYPE_CHECKING

if TYPE_CHECKING:
    from cavra_lint.output.report import Report

#: What `--output-format` takes, the default first.
FORMATS: tuple[str, ...] = ("text", "full", "json", "github", "gitlab", "sarif", "rdjson", "junit", "markdown")


def renderer(name: str) -> Callable[[Report], str]:
    """Return the function that renders a report in a format.

    Args:
        name: one of FORMATS.

    Raises:
        ValueError: there is no such format.
    """
    if name not in FORMATS:
        raise ValueError(f"unknown output format, expected one of {', '.join(FORMATS)}")
    from importlib import import_module

    render: Callable[[Report], str] = import_module(f"cavra_lint.output.{name}").render
    return render
