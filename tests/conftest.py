"""What the tests share: the repository, copies of it to break, and the packets of its gates."""

from __future__ import annotations

import copy
import gc
import json
import os
import shlex
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from cavra_lint import verify_packet
from cavra_lint.contract import Chain, load_chain

Packet: TypeAlias = dict[str, Any]

# a tenth of the time would go into looking through thousands of tests again and again, of which none goes away
gc.set_threshold(100_000, 50, 100)

#: What a copy of the repository needs to be proven.
TREE = ("scripts", "examples", "docs", ".github", "pyproject.toml")


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository that these tests stand in."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def chain() -> Chain:
    """The built-in R7 chain."""
    return load_chain()


class LentTree:
    """A copy of the chain for all tests of a process, and what tells whether any of it was touched."""

    def __init__(self, root: Path, path: Path) -> None:
        self.root = root
        self.path = path
        copy_chain(root, path)
        self.state = state_of(path)

    def put_right(self) -> None:
        """Make it a copy again, whatever was done to it."""
        state = state_of(self.path)
        wrong = sorted(path for path in {*state, *self.state} if state.get(path) != self.state.get(path))
        if not wrong:
            return
        if any(_is_folder(state.get(path)) or _is_folder(self.state.get(path)) for path in wrong if path in self.state):
            shutil.rmtree(self.path)
            copy_chain(self.root, self.path)
        else:
            for path in reversed(wrong):
                if path in state:
                    (self.path / path).rmdir() if _is_folder(state[path]) else (self.path / path).unlink()
            for path in wrong:
                if path in self.state:
                    shutil.copy2(self.root / path, self.path / path)
        self.state = state_of(self.path)


def _is_folder(state: tuple[int, ...] | None) -> bool:
    return state is not None and stat.S_ISDIR(state[0])


@pytest.fixture(scope="session")
def lent_tree(root: Path, tmp_path_factory: pytest.TempPathFactory) -> LentTree:
    """One copy of the chain for all tests of a process; `tree` lends it and has it put right again."""
    return LentTree(root, tmp_path_factory.mktemp("lent") / "tree")


@pytest.fixture
def tree(lent_tree: LentTree) -> Iterator[Path]:
    """A copy of the chain, without git, to break. To copy it anew for each test takes longer than to judge it."""
    yield lent_tree.path
    lent_tree.put_right()


def copy_chain(root: Path, copied: Path) -> None:
    """Copy what a chain needs to be proven."""
    copied.mkdir()
    for name in TREE:
        source = root / name
        if source.is_dir():
            shutil.copytree(source, copied / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, copied / name)
    (copied / "tests").mkdir()
    for test in root.glob("tests/test_customer_*.py"):
        shutil.copy2(test, copied / "tests")


def state_of(folder: Path) -> dict[str, tuple[int, ...]]:
    """Return what tells whether a file or folder was touched: of each below a folder, by its path."""
    found: dict[str, tuple[int, ...]] = {}
    waiting, above = [str(folder)], len(str(folder)) + 1
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                about = entry.stat(follow_symlinks=False)
                is_folder = entry.is_dir(follow_symlinks=False)
                times = () if is_folder else (about.st_size, about.st_mtime_ns, about.st_ino)
                found[entry.path[above:]] = (about.st_mode, *times)
                if is_folder:
                    waiting.append(entry.path)
    return found


@pytest.fixture
def whole_tree(root: Path, tree: Path) -> Path:
    """A fresh copy of the chain that has the package as well, so that its scripts run by themselves."""
    shutil.copytree(root / "cavra_lint", tree / "cavra_lint", ignore=shutil.ignore_patterns("__pycache__"))
    return tree


@pytest.fixture
def packet_of(root: Path, chain: Chain) -> Callable[..., Packet]:
    """Read a gate's live example, or its sample, from the repository."""

    def read(gate_id: str, mode: str = "live.sanitized.example") -> Packet:
        slug = chain.gate(gate_id).slug
        packet: Packet = json.loads((root / "examples" / slug / f"{slug}.{mode}.json").read_text("utf-8"))
        return packet

    return read


@pytest.fixture
def blocked_by(packet_of: Callable[..., Packet]) -> Callable[..., list[str]]:
    """Return the checks that block a gate's live example once one place of it is changed.

    A value of `...` takes the place out; `changed` may be a key that is not there yet.
    """

    def judge(gate_id: str, place: tuple[str | int, ...], value: object) -> list[str]:
        packet = copy.deepcopy(packet_of(gate_id))
        container: Any = packet
        for step in place[:-1]:
            container = container[step]
        if value is ...:
            del container[place[-1]]
        else:
            container[place[-1]] = value
        verdict = verify_packet(gate_id, packet, require_live=True)
        return [check["name"] for check in verdict["checks"] if check["status"] == "blocker"]

    return judge


@pytest.fixture
def run_command(root: Path, chain: Chain) -> Callable[..., tuple[int, Packet]]:
    """Run a gate's contract command as it stands in the contract, and return its status and verdict."""

    def run(gate_id: str, *, sample: bool = False) -> tuple[int, Packet]:
        gate = chain.gate(gate_id)
        words = shlex.split(gate.command)
        if sample:
            live = gate.artifacts["live_sanitized_example"]
            words = [word.replace(live, live.replace("live.sanitized.example", "sample")) for word in words]
            words.remove("--require-live")
        done = subprocess.run(
            [sys.executable, *words[1:]], cwd=root, capture_output=True, text=True, check=False, timeout=60
        )
        assert done.stderr == ""
        verdict: Packet = json.loads(done.stdout)
        return done.returncode, verdict

    return run
