"""Children of this process: whether it may have any, and how they end."""

from __future__ import annotations

import _thread
import os

_SIGKILL = 9


def may_fork() -> bool:
    """Tell whether a child can do the work of this process: threads, and the locks that they hold, are not copied."""
    return hasattr(os, "fork") and _thread._count() == 0


def status_of(process: int) -> int | None:
    """Wait until a child ends and return how, 0 for well; None where the system was told not to say."""
    try:
        return os.waitpid(process, 0)[1]
    except ChildProcessError:
        return None


def kill(process: int) -> None:
    """End a child, and wait until it is gone."""
    try:
        os.kill(process, _SIGKILL)
    except ProcessLookupError:
        return
    status_of(process)
