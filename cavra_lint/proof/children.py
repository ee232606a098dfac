"""Children of this process: whether it may have any, how they begin, and how they end."""

from __future__ import annotations

import _thread
import os

from cavra_lint.frozen import NamedTuple

_SIGKILL = 9
#: Where in `/proc/PID/stat` the processor is named, counted behind the name of the program.
_PROCESSOR = 36


def may_fork() -> bool:
    """Tell whether a child can do the work of this process: threads, and the locks that they hold, are not copied."""
    return hasattr(os, "fork") and _thread._count() == 0


class Child(NamedTuple):
    """A child's number, and the end of a pipe at which its parent hears it; to the child 0, and the other end."""

    process: int
    pipe: int


def child_with_pipe() -> Child | None:
    """Fork, with a pipe from the child to this process; None where the system refuses another process."""
    heard, said = os.pipe()
    try:
        process = fork()
    except OSError:
        os.close(heard)
        os.close(said)
        return None
    os.close(said if process else heard)
    return Child(process, heard if process else said)


def fork() -> int:
    """Fork, as `os.fork` does, and have the child begin on another processor than this one, where there is one.

    Linux may leave a child waiting behind its parent for milliseconds, a tenth of a short run, until it notices that
    another processor has nothing to do. Once the child has begun, it may go where it likes.

    Raises:
        OSError: the system refuses another process.
    """
    everywhere, elsewhere = processors()
    process = os.fork()
    if elsewhere:
        _put(process, elsewhere if process else everywhere)
    return process


def _put(process: int, processors: set[int]) -> None:
    try:
        os.sched_setaffinity(process, processors)
    except OSError:
        # it has ended, or stays where the system has put it
        return


def processors() -> tuple[set[int], set[int]]:
    """Return the processors that this process may use, and those among them that it is not on, as far as it is told."""
    try:
        everywhere = os.sched_getaffinity(0)
        with open("/proc/self/stat", "rb", buffering=0) as stat:
            # the name of the program, in parentheses, may hold anything
            here = int(stat.read(4096).rpartition(b")")[2].split()[_PROCESSOR])
    except (AttributeError, OSError, ValueError, IndexError):
        return set(), set()
    return everywhere, everywhere - {here}


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
