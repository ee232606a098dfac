"""What a chain of gates promises, as typed and frozen data."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cavra_lint.frozen import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import Any, Literal, TypeAlias

EvidenceMode: TypeAlias = 'Literal["sample", "live"]'

#: The seven artifacts that every gate has in the tree, in the order in which they are judged.
ARTIFACT_KINDS = (
    "live_sanitized_example",
    "live_result",
    "validator",
    "workflow",
    "test",
    "docs",
    "wiki",
)


class ContractError(ValueError):
    """A contract file that does not hold what a contract holds; the message names file, line and key, in one line.

    Attributes:
        file: the name of the file.
        line: the line, from 1; 0 where the file cannot be read as TOML at all.
        column: the column, from 1; 0 likewise.
    """

    def __init__(self, file: str, message: str, line: int = 0, column: int = 0) -> None:
        from cavra_lint.sources.private_values import redacted

        # the words of the file are in it, and what is private in these must not leave
        super().__init__(redacted(f"{file}:{line}: {message}" if line else f"{file}: {message}"))
        self.file = file
        self.line = line
        self.column = column


class Check(NamedTuple):
    """One check that a gate's packet must pass.

    `name` is the check's name in the verdict and, for most kinds, the packet's key that it reads;
    `kind` chooses the rule that judges it. Of the rest, a kind reads what it needs:

    - `required`: keys, ids, controls or gate ids that have to be there.
    - `sections`: for `ref_sections`, the required keys of each required section.
    - `id_key`, `refs_key`, `ref_key`, `ref_keys`: the names of an entry's keys.
    - `healthy`: the values that an entry's `status` may have; empty where it has none.
    - `min_length`, `summary_min_length`: the shortest text, stripped.
    - `ready_key`: for `source_result`, the ready key of the gate whose verdict is embedded.
    - `source_control`: the control that repeats whether the embedded verdict has no blocker.
    - `pending_control`: the control that may wait while live is not required.
    - `built`: words for the packets that this package builds; no rule reads them.
    """

    name: str
    kind: str
    required: tuple[str, ...] = ()
    sections: Mapping[str, tuple[str, ...]] = {}
    id_key: str = ""
    refs_key: str = ""
    ref_key: str = ""
    ref_keys: tuple[str, ...] = ()
    healthy: tuple[str, ...] = ()
    min_length: int = 0
    summary_min_length: int = 0
    ready_key: str = ""
    source_control: str = ""
    pending_control: str = ""
    built: Mapping[str, Any] = {}


class Gate(NamedTuple):
    """One gate of a chain, or the index that closes it.

    `artifacts` maps each of ARTIFACT_KINDS to its path below the root, with `/`. `checks` stand in
    the order of the verdict. `forbidden_keys` are the chain's and the gate's own. `id_value` is what
    `id_key` has to hold, with `{mode}` for the evidence mode; both are empty for a packet without an
    id. `source_option` is the option of the gate's script that hands in the packet of the gate
    before. `profile_ref` is the dotted place of the reference to whom the chain is about, which each
    packet takes over from the one before; empty where none does. `phase` is what a packet and its
    verdict carry beside the product; empty where they do not.
    """

    id: str
    name: str
    label: str
    slug: str
    ready_key: str
    packet_schema: str
    result_schema: str
    export_schema: str
    command: str
    packet_option: str
    artifacts: Mapping[str, str]
    checks: tuple[Check, ...]
    forbidden_keys: tuple[str, ...]
    id_key: str = ""
    id_value: str = ""
    source_option: str = ""
    profile_ref: str = ""
    phase: str = ""


class Chain(NamedTuple):
    """A chain of gates, in their order, and the index that lists those before it.

    `later_gates` stand behind the index: it lists none of them, and they may take its verdict as a
    source. `every` holds all of them with the index in between. `positions` and `ready_positions` say
    where in `every` a gate stands, by its id and by its ready key; `users` names the gates that embed a
    gate's verdict, by its id. `private_keys` are keys that hold private material, by what it is.
    `files` are the contract files that it was read from, but for the built-in one. `allowed_values` are
    patterns of values that are public after all: no contract says them, but the configuration of a tree.
    """

    id: str
    product: str
    ref_schemes: tuple[str, ...]
    gates: tuple[Gate, ...]
    index_gate: Gate
    later_gates: tuple[Gate, ...]
    every: tuple[Gate, ...]
    positions: Mapping[str, int]
    ready_positions: Mapping[str, int]
    users: Mapping[str, tuple[str, ...]]
    private_keys: Mapping[str, tuple[str, ...]]
    files: tuple[str, ...] = ()
    allowed_values: tuple[str, ...] = ()

    def gate(self, gate_id: str) -> Gate:
        """Return the gate, or the index, with this id.

        Raises:
            KeyError: the chain has no such gate.
        """
        return self.every[self.positions[gate_id]]

    def sources(self, gate: Gate) -> tuple[tuple[Check, tuple[Gate, ...]], ...]:
        """Return each check of the gate that embeds verdicts, with the gates whose verdicts they are."""
        return tuple(
            (check, tuple(self.every[position] for position in source_positions(self, check)))
            for check in gate.checks
            if check.kind in SOURCE_KINDS
        )

    def is_later(self, gate: Gate) -> bool:
        """Tell whether a gate stands behind the index, which then says nothing of it."""
        return self.positions[gate.id] > len(self.gates)

    def changed(self, change: Callable[[Gate], Gate]) -> Chain:
        """Return the chain with each gate changed; ids, ready keys and sources have to stay as they are."""
        every = tuple(change(gate) for gate in self.every)
        at = len(self.gates)
        return self._replace(gates=every[:at], index_gate=every[at], later_gates=every[at + 1 :], every=every)


#: The kinds of check that embed verdicts of other gates.
SOURCE_KINDS = ("source_result", "gate_results")


def source_positions(chain: Chain, check: Check) -> list[int]:
    """Return where the gates stand whose verdicts a check embeds, in the chain's order."""
    if check.kind == "source_result":
        return [chain.ready_positions[check.ready_key]]
    return sorted(chain.positions[gate_id] for gate_id in check.required)


def is_plain_path(path: str) -> bool:
    """Tell whether a path goes down from the root step by step: not absolute, no `..`, no drive, no backslash."""
    is_marked = "\\" in path or ":" in path or "\0" in path
    return not is_marked and _STEPS_ELSEWHERE.isdisjoint(path.split("/"))


_STEPS_ELSEWHERE = frozenset(("", ".", ".."))
