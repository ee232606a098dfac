"""What a contract does to the one that it extends: where that one is, and what it changes and drops of its gates."""

from __future__ import annotations

import os

from cavra_lint.contract.built_in import BUILT_IN
from cavra_lint.contract.definition import ARTIFACTS, CHECK, FORMS, GATE, INDEX, TOP
from cavra_lint.contract.slips import SHOWN, SlipError, close_match, conform, missing_or_wrong, refuse
from cavra_lint.frozen import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cavra_lint.contract.chain import Draft
    from cavra_lint.contract.definition import Key
    from cavra_lint.contract.loader import Layer
    from cavra_lint.contract.slips import Address, Table

_BUILT_IN_NAME = "R7"

#: Contracts that extend each other are no longer than this.
_MOST_FILES = 16


def extended_by(layers: Sequence[Layer]) -> tuple[str, str]:
    """Return name and path of the contract that the first of some extends, of which each extends the one before."""
    layer = layers[0]
    base = layer.document["extends"]
    path = _path_of(layer, base)
    if any(path == other.path for other in layers):
        refuse(("extends",), "names a contract that extends this one; expected no circle")
    if len(layers) == _MOST_FILES:
        refuse(("extends",), f"is one of more than {_MOST_FILES} contracts that extend each other")
    if path == BUILT_IN:
        return os.path.basename(BUILT_IN), BUILT_IN
    # a file below the first one's folder is told by its way from there
    return f"{layer.name.rpartition('/')[0]}/{base}".removeprefix("/"), path


def _path_of(layer: Layer, base: object) -> str:
    if base == _BUILT_IN_NAME:
        return BUILT_IN
    if not FORMS["path"].fits(base):
        refuse(("extends",), f"has the wrong form; expected `{_BUILT_IN_NAME}`, or a path below this file's folder")
    folder = os.path.dirname(layer.path)
    path = os.path.realpath(os.path.join(folder, str(base)))
    if not _is_inside(path, folder):
        refuse(("extends",), "leads out of this file's folder; expected a file below it")
    if not os.path.isfile(path):
        refuse(("extends",), f"names no file; expected `{_BUILT_IN_NAME}`, or a path below this file's folder")
    return path


def _is_inside(path: str, folder: str) -> bool:
    return path.startswith(folder.rstrip(os.sep) + os.sep)


def dropped_gates(base: Draft, drop: Sequence[str]) -> frozenset[str]:
    """Return the gates that a contract drops, all of them gates of the one that it extends."""
    for number, gate_id in enumerate(drop):
        if gate_id == base.closing.get("id"):
            refuse(("drop", number), "names the index, which no chain is without; [index] changes it")
        if gate_id not in base.gates:
            known = "" if base.gates else "; there is no contract that this one extends"
            close = close_match(gate_id, base.gates)
            refuse(("drop", number), f"names no gate of the extended contract{known}{close}")
    return frozenset(drop)


def refuse_unfit(layer: Layer) -> None:
    """Refuse a contract that cannot be put together with others, while it is known that it is the one that says so."""
    try:
        conform(layer.document, TOP, ())
        _refuse_unfit_gate(layer.document.get("index", {}), ("index",), INDEX)
        for number, table in enumerate(layer.document.get("gate", ())):
            gate_id = table.get("id")
            _refuse_unfit_gate(table, ("gate", gate_id if FORMS["id"].fits(gate_id) else number), GATE)
    except SlipError as slip:
        from cavra_lint.contract.report import report

        report([layer], slip)


def _refuse_unfit_gate(table: Table, address: Address, definition: Mapping[str, Key]) -> None:
    conform(table, definition, address)
    conform(table.get("artifacts", {}), ARTIFACTS, (*address, "artifacts"))
    names: set[str] = set()
    for number, check in enumerate(table.get("check", ())):
        name = check.get("name")
        if not FORMS["text"].fits(name):
            missing_or_wrong((*address, "check", number), check, "name", FORMS["text"].expected, CHECK)
        if name in names:
            refuse((*address, "check", number, "name"), f"is `{name[:SHOWN]}` again; expected each name once")
        names.add(name)


def changed_gate(base: Table, given: Table, address: Address) -> Table:
    """Return a gate with the keys that a contract gives; its paths and its checks are changed one by one."""
    changed = {**base, **given}
    changed["artifacts"] = {**base.get("artifacts", {}), **given.get("artifacts", {})}
    changed["check"] = _changed_checks(base.get("check", []), given.get("check", []), given.get("drop", []), address)
    changed.pop("drop", None)
    return changed


def _changed_checks(base: list[Table], given: list[Table], drop: list[str], address: Address) -> list[Table]:
    checks = {check["name"]: check for check in base}
    for name in drop:
        if name not in checks:
            refuse((*address, "drop"), f"names `{name[:SHOWN]}`, no check of the gate{close_match(name, checks)}")
        del checks[name]
    for check in given:
        checks[check["name"]] = {**checks.get(check["name"], {}), **check}
    return list(checks.values())
