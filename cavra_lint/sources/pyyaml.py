"""PyYAML, imported without compiling the patterns of its parser in Python, for which the parser in C has no use.

To compile them takes as long as it takes Python to start. Here each is compiled when it is first asked for something.
"""

from __future__ import annotations

import _thread
import re

from cavra_lint.frozen import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any

    import yaml as yaml


class _Pattern:
    """A pattern that is compiled when it is first asked for something."""

    def __init__(self, *arguments: Any) -> None:
        self._arguments = arguments

    def __getattr__(self, name: str) -> Any:
        return getattr(re.compile(*self._arguments), name)


def _imported() -> ModuleType:
    # another thread could compile a pattern meanwhile, and has to be given one
    if _thread._count():
        import yaml

        return yaml
    compile_at_once = re.compile
    re.compile = _Pattern  # type: ignore[assignment]
    try:
        import yaml
    finally:
        re.compile = compile_at_once
    return yaml


if not TYPE_CHECKING:
    yaml = _imported()
