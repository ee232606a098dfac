"""Judging a packet as it stands in a file, and where in that file a thing stands."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import pytest

from cavra_lint import lint
from cavra_lint.contract import Chain
from cavra_lint.diagnostics import Diagnostic
from cavra_lint.packets.build import build
from cavra_lint.packets.judge import judge
from cavra_lint.sources.json_document import parse_json

Place: TypeAlias = tuple[str | int, ...]


class Judged(NamedTuple):
    """A packet that was changed, and all that was found in its file, in the order of its lines."""

    packet: dict[str, Any]
    found: list[Diagnostic]

    def line_of(self, place: Place) -> int:
        """Return the line of a place of the packet, found in another way than the code under test."""
        if not place:
            return 1
        marked = changed(self.packet, place, "the place that is asked for")
        return json.dumps(marked, indent=2).split("the place that is asked for")[0].count("\n") + 1

    @property
    def said(self) -> list[tuple[str, int, str, str]]:
        """What was found: code, line, check and severity."""
        return [(found.code, found.line, found.check, found.severity) for found in self.found]


def changed(packet: dict[str, Any], place: Place, value: object) -> dict[str, Any]:
    """Return a packet with another value at one place; `...` takes it out, and a position behind the end appends."""
    packet = copy.deepcopy(packet)
    container: Any = packet
    for step in place[:-1]:
        container = container[step]
    if value is ...:
        del container[place[-1]]
    elif isinstance(container, list) and place[-1] == len(container):
        container.append(copy.deepcopy(value))
    else:
        container[place[-1]] = copy.deepcopy(value)
    return packet


@pytest.fixture(scope="session")
def live(chain: Chain) -> dict[str, dict[str, Any]]:
    """A built live packet of each gate; not to be changed."""
    return {gate.id: build(chain, gate, "live") for gate in chain.gates}


@pytest.fixture(scope="session")
def sample(chain: Chain) -> dict[str, dict[str, Any]]:
    """A built sample packet of each gate; not to be changed."""
    return {gate.id: build(chain, gate, "sample") for gate in chain.gates}


@pytest.fixture
def judged(chain: Chain, live: dict[str, dict[str, Any]], tmp_path: Path) -> Callable[..., Judged]:
    """Judge a gate's packet, the live one unless another is given, with places changed, from a file."""

    def judge_file(
        gate_id: str, *changes: tuple[Place, object], packet: dict[str, Any] | None = None, require_live: bool = True
    ) -> Judged:
        judging = live[gate_id] if packet is None else packet
        for place, value in changes:
            judging = changed(judging, place, value)
        file = tmp_path / "packet.json"
        file.write_text(json.dumps(judging, indent=2), encoding="utf-8")
        document = parse_json("packet.json", file.read_bytes())
        assert document.problems == ()
        found = judge(chain, chain.gate(gate_id), document, require_live=require_live)
        return Judged(judging, sorted(found))

    return judge_file


class Tree(NamedTuple):
    """A copy of the repository to break, and what the linter says of it."""

    root: Path
    index: str

    def read(self, path: str) -> Any:
        return json.loads((self.root / path).read_text("utf-8"))

    def edit(self, path: str, *changes: tuple[Place, object]) -> None:
        """Change places of a JSON file, and write it as it was written."""
        value = self.read(path)
        for place, new in changes:
            value = changed(value, place, new)
        text = json.dumps(value, indent=2, sort_keys=True) + "\n"
        (self.root / path).write_text(text, encoding="utf-8")

    def line_of(self, path: str, place: Place) -> int:
        """Return the line of a place of a JSON file, found in another way than the code under test."""
        if not place:
            return 1
        marked = json.dumps(changed(self.read(path), place, "the place"), indent=2, sort_keys=True)
        return marked.split('"the place"')[0].count("\n") + 1

    def lint(self, *paths: str) -> list[Diagnostic]:
        return lint(self.root, paths=paths)

    def found(self, *paths: str) -> list[tuple[str, int, str]]:
        """Return what the linter finds: path, line and code, and `follows` behind a code that says so.

        With paths, only the gates that a change of these can concern are asked, which takes less time.
        """
        return [
            (found.path, found.line, found.code + (" follows" if "(follows from " in found.message else ""))
            for found in self.lint(*paths)
        ]


@pytest.fixture
def broken(tree: Path, chain: Chain) -> Tree:
    """A fresh copy of the repository, to break."""
    return Tree(tree, chain.index_gate.artifacts["live_sanitized_example"])
