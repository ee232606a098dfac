"""What a command does otherwise where its process is its own: how that ends, and what of libraries is imported.

A hook starts on every commit, and most of what it does is importing. Where the process is a command's own, the parts
of a library that no command uses are not imported, and patterns are compiled when they are first used. Where it is
not, whoever else uses these libraries needs the whole of them.
"""

from __future__ import annotations

import _thread
import gc
import os
import sys
from collections.abc import Callable

from cavra_lint.frozen import TYPE_CHECKING
from cavra_lint.late import re

if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any, NoReturn

_OBJECTS_BETWEEN_COLLECTIONS = 100_000

_alone = False


def own_process(command: Callable[[], int]) -> NoReturn:
    """Run a command as the one thing that its process does, and end that with the command's status.

    What Python would clear away at its end goes with the process, which takes a tenth of the time; and
    cycles are looked for seldom, since a command makes next to none.
    """
    global _alone
    _alone = True
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    os._exit(command())


def is_alone() -> bool:
    """Tell whether a command is the one thing that this process does."""
    return _alone


class _Pattern:
    """A pattern that is compiled when it is first asked for something."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        self._arguments = arguments
        self._named = named

    def __getattr__(self, name: str) -> Any:
        return getattr(re.compile(*self._arguments, **self._named), name)


class _LatePatterns:
    """Stands for `re` while a library is imported that makes patterns; asked for anything else, it leaves."""

    __spec__ = None
    compile = _Pattern
    VERBOSE = 64

    def __init__(self) -> None:
        self._before = _modules().get("re")
        _modules()["re"] = self

    def leave(self) -> None:
        if _modules().get("re") is self:
            del _modules()["re"]
            if self._before is not None:
                _modules()["re"] = self._before

    def __getattr__(self, name: str) -> Any:
        self.leave()
        return getattr(re, name)


def _modules() -> dict[str, Any]:
    """Return the modules that are imported, with what stands for one among them."""
    return sys.modules


def with_late_patterns(imported: Callable[[], ModuleType]) -> ModuleType:
    """Import a library whose patterns are to be compiled when they are first used, in a process of ours.

    Args:
        imported: imports it.

    Returns:
        What that returns.
    """
    if not _is_ours():
        return imported()
    stand_in = _LatePatterns()
    try:
        return imported()
    finally:
        stand_in.leave()


def without_init(name: str, fill: Callable[[ModuleType], None]) -> ModuleType | None:
    """Import a package without what its `__init__` does, in a process of ours.

    Args:
        name: the package's name.
        fill: imports the modules that are needed, and puts what they hold into the package.

    Returns:
        The package; None where it has to be imported as it is: it already is, the process is not ours, or the package
        is not made as `fill` expects it.
    """
    if not _is_ours() or name in sys.modules:
        return None

    # `importlib` itself would have to be imported
    found = (finder.find_spec(name, None) for finder in sys.meta_path)
    spec = next((spec for spec in found if spec is not None), None)
    if spec is None:
        return None
    package = sys.modules[name] = type(sys)(name)
    package.__spec__, package.__path__ = spec, spec.submodule_search_locations or []
    try:
        fill(package)
    except (ImportError, AttributeError):
        for part in [part for part in sys.modules if part.partition(".")[0] == name]:
            del sys.modules[part]
        return None
    return package


def part_of(name: str, part: str) -> ModuleType:
    """Import one module of a package, in a process of ours without the others; who imports the package has it whole.

    Args:
        name: the package's name.
        part: the module's name in it.

    Returns:
        The module.
    """
    whole = f"{name}.{part}"
    is_partial = without_init(name, lambda _: None) is not None
    found = with_late_patterns(lambda: __import__(whole, fromlist=(part,)))
    if is_partial:
        del sys.modules[whole], sys.modules[name]
    return found


def _is_ours() -> bool:
    """Tell whether nobody else in this process could import a library meanwhile, or compile a pattern."""
    return _alone and not _thread._count()
