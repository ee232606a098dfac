"""Report what a contract says wrong: in the file that says it, at its line."""

from __future__ import annotations

import functools

from cavra_lint.contract.model import ContractError
from cavra_lint.contract.slips import SHOWN
from cavra_lint.frozen import TYPE_CHECKING
from cavra_lint.sources.toml_places import place_in_toml

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, NoReturn

    from cavra_lint.contract.loader import Layer
    from cavra_lint.contract.slips import Address, SlipError


def report(layers: Sequence[Layer], slip: SlipError) -> NoReturn:
    """Raise the error of a slip at its place: of all files the one that says most of it, the last of these."""
    _, number = max(
        (len(_pointer(layer.document, slip.address)), number)
        for number, layer in enumerate(layers)
        if not any(_drops(other.document, slip.address) for other in layers[number + 1 :])
    )
    layer = layers[number]
    line, column = place_in_toml(layer.text, _pointer(layer.document, slip.address))
    where = _where(slip.told)
    # a sentence is about the place itself, or about a key of it that it names
    joint = "" if not where else " " if slip.told == slip.address else ": "
    raise ContractError(layer.name, f"{where}{joint}{slip}", line, column) from None


def _pointer(document: object, address: Address) -> Address:
    """Return the way in a file to an address, or to the nearest that it has; entries by their number."""
    pointer: list[str | int] = []
    at: object = document
    for step in address:
        if isinstance(at, list):
            ids = [entry.get("id", entry.get("name")) if isinstance(entry, dict) else entry for entry in at]
            position = step if isinstance(step, int) else ids.index(step) if step in ids else len(at)
            if position >= len(at):
                break
            pointer.append(position)
            at = at[position]
        elif isinstance(at, dict) and step in at:
            pointer.append(step)
            at = at[step]
        else:
            break
    return tuple(pointer)


def _drops(document: Any, address: Address) -> bool:
    """Tell whether a contract takes the gate, or the check, that an address leads to out of the one that it extends."""
    for number, name in enumerate(address[1:]):
        pointer = _pointer(document, address[:number])
        if address[number] in ("gate", "check") and len(pointer) == number:
            table = functools.reduce(lambda at, key: at[key], pointer, document)
            if name in table.get("drop", ()):
                return True
    return False


def _where(address: Address) -> str:
    """Return an address as it is told: its tables by their headers, and their entries by id or name."""
    told: list[str] = []
    steps = list(address)
    if steps[:1] == ["gate"] and len(steps) > 1:
        told.append(f"[[gate]] {_entry(steps[1])}")
        steps = steps[2:]
    elif steps[:1] and steps[0] in ("chain", "layout", "index", "private"):
        told.append(f"[{steps.pop(0)}]")
    if steps[:1] == ["check"] and len(steps) > 1:
        told.append(f"check {_entry(steps[1])}")
        steps = steps[2:]
    keys = [step for step in steps if isinstance(step, str)]
    if keys:
        told.append(f"`{'.'.join(keys)[:SHOWN]}`")
    return ": ".join(told)


def _entry(step: str | int) -> str:
    return str(step + 1) if isinstance(step, int) else step[:SHOWN]
