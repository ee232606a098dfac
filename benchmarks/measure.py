"""What all benchmarks share: whole processes, started in a clean environment and timed from outside."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median, quantiles
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent


class Run(NamedTuple):
    """One run of a command: seconds from start to exit, and the peak memory of its largest process in MiB."""

    seconds: float
    memory: float


class Figures(NamedTuple):
    """Several runs of one command: the median, the middle half, and the fastest, in seconds; peak memory in MiB."""

    median: float
    low: float
    high: float
    fastest: float
    memory: float


def run(command: Sequence[str], folder: Path = ROOT) -> Run:
    """Run a command once.

    Raises:
        RuntimeError: it ended with neither 0 nor 1; a linter that found something did its work.
    """
    start = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 - the commands are those of the benchmarks
        command, cwd=folder, env=clean_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise RuntimeError(f"{command[0]} ended with {process.returncode}")
    return Run(seconds, usage.ru_maxrss / 1024)


def side_by_side(commands: Mapping[str, Sequence[str]], runs: int, folder: Path = ROOT) -> dict[str, Figures]:
    """Run commands in turn, so that a machine that slows down slows all of them, after one run that is not counted."""
    found: dict[str, list[Run]] = {name: [] for name in commands}
    for number in range(runs + 1):
        for name, command in commands.items():
            measured = run(command, folder)
            if number:
                found[name].append(measured)
    return {name: _figures(measured) for name, measured in found.items()}


def _figures(runs: Sequence[Run]) -> Figures:
    seconds = [measured.seconds for measured in runs]
    low, _, high = quantiles(seconds, n=4) if len(seconds) > 1 else (seconds[0],) * 3
    return Figures(median(seconds), low, high, min(seconds), max(measured.memory for measured in runs))


def clean_environment() -> dict[str, str]:
    """Return the environment without what changes how Python starts."""
    return {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}


def program(name: str) -> str:
    """Return the path of a program of the virtual environment that this Python belongs to."""
    path = Path(sys.prefix) / "bin" / name
    if not path.exists():
        sys.exit(f"{name} is missing, install it: {sys.executable} -m pip install --editable . --group bench")
    return str(path)
