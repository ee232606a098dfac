"""How a command meets the world: its root, its output, and the ends that are not its own doing."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence

from cavra_lint.frozen import TYPE_CHECKING
from cavra_lint.options import UsageError

if TYPE_CHECKING:
    from typing import TextIO

#: What the package needs, as pyproject.toml names it: a missing one is met before anything could read that file.
DEPENDENCIES = (
    "identify",
    "phonenumberslite",
    "pyromark",
    "python-stdnum",
    "PyYAML",
    "tomli",
    "tree-sitter",
    "tree-sitter-bash",
)

#: More processes than this are of no use to anyone.
_MOST_JOBS = 256
#: A message quotes keys of a configuration, which can be of any length.
_LONGEST_MESSAGE = 2000


def run(command: Callable[[Sequence[str] | None], int], name: str, argv: Sequence[str] | None = None) -> int:
    """Run a command's main function, and turn what must not be a traceback into an exit status.

    Args:
        command: the function; it takes the arguments and returns the exit status.
        name: the command's name, which begins each line on stderr.
        argv: the arguments; those of the process where None.

    Returns:
        The function's own status; 2 for wrong usage or a dependency that is not installed; 130 where
        the user interrupts; 141 where whoever reads stdout stops reading.
    """
    _open_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        # a C locale must not make a finding about a name with an umlaut a traceback
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        status = _status_of(command, argv)
    except (UsageError, ValueError) as error:
        return _fail(f"{name}: {error}")
    except (MemoryError, RecursionError):
        return _fail(f"{name}: there is not enough memory to read this tree")
    except ModuleNotFoundError as error:
        install = f"python3 -m pip install {' '.join(DEPENDENCIES)}"
        return _fail(f"{name}: the module {error.name} is not installed; install what is needed with: {install}")
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        _discard_output()
        return 141
    except OSError as error:
        _discard_output()
        return _fail(f"{name}: {error.strerror or 'the system refuses'}")
    return status


def _status_of(command: Callable[[Sequence[str] | None], int], argv: Sequence[str] | None) -> int:
    try:
        return command(argv)
    finally:
        # what was said until an error, or before argparse left with the help, is read as well, or fails here
        sys.stdout.flush()


def _open_closed_streams() -> None:
    """Put the null device where a stream was closed before the command began: Python has None there."""
    # the lowest free descriptor is taken, so that no file that is opened later can be written to by mistake
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is None:
            descriptor = os.open(os.devnull, os.O_RDWR)
            if descriptor != number:
                os.dup2(descriptor, number)
                os.close(descriptor)
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115


def _discard_output() -> None:
    """See to it that what is left in the buffer does not fail again when Python closes the stream."""
    try:
        descriptor = os.open(os.devnull, os.O_WRONLY)
        os.dup2(descriptor, sys.stdout.fileno())
        os.close(descriptor)
    except (OSError, ValueError):
        return


def jobs_of(value: str) -> int:
    """Return the number that `--jobs` names."""
    if not value.isascii() or not value.isdigit() or not 1 <= int(value[:6]) <= _MOST_JOBS:
        raise ValueError(f"expected a whole number from 1 to {_MOST_JOBS}")
    return int(value)


def available_jobs() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def obeys_escapes(stream: TextIO) -> bool:
    """Tell whether a stream is a terminal for a person, and not one in which an editor reads what a compiler says."""
    read_by_emacs = os.environ.get("INSIDE_EMACS", "").endswith(",compile")
    return stream.isatty() and os.environ.get("TERM") != "dumb" and not read_by_emacs


def find_root(start: str | None = None) -> str:
    """Return the root that a command works on where none is given.

    Args:
        start: the folder to begin at; the current one where None.

    Returns:
        The nearest folder at or above with a `[tool.cavra-lint]` table, else with `.git`, else the
        folder itself.

    Raises:
        UsageError: the current folder is gone.
    """
    from cavra_lint.config import holds_config

    return _root(start, holds_config)


def likely_root() -> str:
    """Return the root that a command most likely works on where none is given, without reading any TOML."""
    from cavra_lint.config import names_us

    return _root(None, names_us)


def _root(start: str | None, is_configured: Callable[[str], bool]) -> str:
    from cavra_lint.config import FILE_NAME

    try:
        folder = os.path.abspath(start or os.getcwd())
    except OSError:
        raise UsageError("the current folder does not exist") from None
    above = [folder]
    while os.path.dirname(above[-1]) != above[-1]:
        above.append(os.path.dirname(above[-1]))
    configured = (place for place in above if is_configured(os.path.join(place, FILE_NAME)))
    with_git = (place for place in above if os.path.lexists(os.path.join(place, ".git")))
    return next(configured, None) or next(with_git, None) or folder


def write_whole(path: str, text: str) -> None:
    """Write a file whole or not at all; one that is there keeps its mode, and a link leads where it led.

    Raises:
        UsageError: the file cannot be written.
    """
    data = text.encode("utf-8", "backslashreplace")
    try:
        if os.path.exists(path) and not os.path.isfile(path):
            # a pipe, a terminal or the null device takes what comes; nothing can be put in its place
            with open(path, "wb") as stream:
                stream.write(data)
        else:
            _replace(os.path.realpath(path), data)
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror or 'the system refuses'}") from None


def _replace(path: str, data: bytes) -> None:
    import tempfile

    mode = os.stat(path).st_mode & 0o7777 if os.path.exists(path) else 0o666 & ~_umask()
    descriptor, temporary = tempfile.mkstemp(dir=os.path.dirname(path), prefix=".cavra-")
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
        os.chmod(temporary, mode)
        os.replace(temporary, path)
    except BaseException:
        # an interrupt, too, leaves nothing behind
        os.unlink(temporary)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _fail(message: str) -> int:
    from contextlib import suppress

    from cavra_lint.output.text import printable
    from cavra_lint.sources.private_values import redacted

    # where nobody listens, the status has to do
    with suppress(OSError):
        print(printable(redacted(" ".join(message.split()))[:_LONGEST_MESSAGE]), file=sys.stderr, flush=True)
    return 2
