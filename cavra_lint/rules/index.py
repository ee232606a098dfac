"""Family 1, in the index: the gates that it lists."""

from __future__ import annotations

from collections.abc import Iterator

from cavra_lint.frozen import TYPE_CHECKING
from cavra_lint.rules.packet import Packet, count_at
from cavra_lint.rules.rule import MOST_HINTS, Finding, rule, rules_of, suggestion
from cavra_lint.sources.json_document import kind_at, kind_of

if TYPE_CHECKING:
    from typing import Any

#: A message names no more gates than this.
_SHOWN = 10


@rule("CAVRA110", "gate-count")
def gate_count(packet: Packet) -> Iterator[Finding]:
    """The index's `gate_count` is not the number of the contract's gates.

    Check kind `gate_count`. The number is the contract's, whatever the index lists.

    Fails: `"gate_count": 9`, or `"gate_count": "10"`, for a chain of ten gates.

    Passes: `"gate_count": 10`.

    To put it right, write the number that the message gives, and list that many gates.
    """
    expected, count = len(packet.chain.gates), packet.value.get("gate_count")
    if type(count) is not int or count != expected:
        yield packet.found(("gate_count",), f"is {count_at(packet.value, 'gate_count')}, expected {expected}")


@rule("CAVRA111", "gate-entry")
def gate_entry(packet: Packet) -> Iterator[Finding]:
    """The index's `gates` is not a list of objects with a gate's id each.

    Fails: `"gates": "R7.1, R7.2"`, or an entry without `gate_id`.

    Passes: `"gates": [{"gate_id": "R7.1", ...}, ...]`.

    To put it right, list an object for each gate of the chain.
    """
    gates = packet.value.get("gates")
    if not isinstance(gates, list):
        yield packet.found(
            ("gates",), f"is {kind_at(packet.value, 'gates')}, expected a list of {len(packet.chain.gates)} gates"
        )
        return
    for position, entry in enumerate(gates):
        if not isinstance(entry, dict):
            yield packet.found(("gates", position), f"is {kind_of(entry)}, expected an object")
        elif not isinstance(entry.get("gate_id"), str):
            yield packet.found(
                ("gates", position, "gate_id"), f"is {kind_at(entry, 'gate_id')}, expected the id of a gate"
            )


@rule("CAVRA112", "gate-missing")
def gate_missing(packet: Packet) -> Iterator[Finding]:
    """The index does not list a gate of the contract.

    An index that claims less than the tree holds is as wrong as one that claims more.

    Fails: `gates` without an entry of R7.4.

    Passes: `gates` with an entry for each gate of the contract.

    To put it right, add the entry, at its place in the order.
    """
    if not isinstance(packet.value.get("gates"), list):
        return
    missing = _missing(packet)
    # an entry without an id, or with an unknown or a repeated one, stands where a missing one should
    if len(missing) > len(packet.value["gates"]) - len(_known(packet)):
        shown = ", ".join(missing[:_SHOWN]) + (f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else "")
        yield packet.found(("gates",), f"has no entry of {shown}, expected each gate of the contract", key=True)


@rule("CAVRA113", "gate-unexpected")
def gate_unexpected(packet: Packet) -> Iterator[Finding]:
    """The index lists a gate that the contract does not have.

    Fails: an entry with `"gate_id": "R7.12"`, or `"R7.O1"`.

    Passes: entries with the contract's gate ids.

    To put it right, take the entry out, or write the id that was meant.
    """
    ids = tuple(gate.id for gate in packet.chain.gates)
    # no gate may be meant, or as many as there are unknown ids
    meant = dict(zip(_unexpected(packet), _meant(packet), strict=False))
    for position in _unexpected(packet):
        wrong = packet.value["gates"][position]["gate_id"]
        close = suggestion(wrong, ids) if position < MOST_HINTS else ""
        hint = f", expected `{meant[position]}`" if position in meant else close
        known = "that stands before the index" if wrong in packet.chain.positions else "of the contract"
        yield packet.found(("gates", position, "gate_id"), f"names no gate {known}{hint}")


@rule("CAVRA114", "gate-repeated")
def gate_repeated(packet: Packet) -> Iterator[Finding]:
    """The index lists a gate more than once.

    Two entries of one gate can say two things, and readers do not agree which of them counts.

    Fails: two entries with `"gate_id": "R7.3"`.

    Passes: each gate once.

    To put it right, take the entry out that is not true.
    """
    ids = {gate.id for gate in packet.chain.gates}
    seen: set[str] = set()
    for position, gate_id in listed_gates(packet.value):
        if gate_id in seen and gate_id in ids:
            yield packet.found(("gates", position, "gate_id"), f"repeats {gate_id}, expected each gate once")
        seen.add(gate_id)


@rule("CAVRA115", "gate-order")
def gate_order(packet: Packet) -> Iterator[Finding]:
    """The index lists a gate after one that follows it in the contract.

    Each gate stands on the one before it, so their order is part of what the index says.

    Fails: the entry of R7.4 before the entry of R7.3.

    Passes: the entries in the contract's order.

    To put it right, move the entry to its place.
    """
    order = {gate.id: number for number, gate in enumerate(packet.chain.gates)}
    last, seen = "", set[str]()
    for position, gate_id in listed_gates(packet.value):
        if gate_id not in order or gate_id in seen:
            continue
        seen.add(gate_id)
        if last and order[gate_id] < order[last]:
            yield packet.found(("gates", position, "gate_id"), f"lists {gate_id} after {last}, expected it before")
        else:
            last = gate_id


def listed_gates(index: dict[str, Any]) -> Iterator[tuple[int, str]]:
    """Yield position and gate id of each entry of an index that has one."""
    gates = index.get("gates")
    for position, entry in enumerate(gates if isinstance(gates, list) else ()):
        if isinstance(entry, dict) and isinstance(entry.get("gate_id"), str):
            yield position, entry["gate_id"]


def _known(packet: Packet) -> set[str]:
    ids = {gate.id for gate in packet.chain.gates}
    return {gate_id for _, gate_id in listed_gates(packet.value) if gate_id in ids}


def _missing(packet: Packet) -> list[str]:
    known = _known(packet)
    return [gate.id for gate in packet.chain.gates if gate.id not in known]


def _unexpected(packet: Packet) -> list[int]:
    ids = {gate.id for gate in packet.chain.gates}
    return [position for position, gate_id in listed_gates(packet.value) if gate_id not in ids]


def _meant(packet: Packet) -> list[str]:
    """Return the missing gates that the entries with an unknown id stand for: as many as there are of these."""
    missing = _missing(packet)
    return missing if len(missing) == len(_unexpected(packet)) else []


RULES = rules_of(globals())
