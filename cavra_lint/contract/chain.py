"""Put a chain together: what its contract files say, in which order its gates stand, and who embeds whom."""

from __future__ import annotations

from cavra_lint.contract.definition import CHAIN, FORMS, GATE, LAYOUT, PRIVATE, TOP
from cavra_lint.contract.gates import Filler, gate_of, index_of
from cavra_lint.contract.model import SOURCE_KINDS, Chain, Gate
from cavra_lint.contract.slips import SHOWN, SlipError, close_match, conform, missing_or_wrong, refuse, refuse_unknown
from cavra_lint.frozen import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cavra_lint.contract.model import Check
    from cavra_lint.contract.slips import Address, Table


class Draft(NamedTuple):
    """What contract files say together; `order` holds the ids of the gates, and an empty one for the index."""

    chain: Table
    layout: Table
    private: Table
    closing: Table
    gates: dict[str, Table]
    order: list[str]
    dropped: Mapping[str, Table]


#: What is said before any contract file is read.
NOTHING = Draft({}, {}, {}, {}, {}, [""], {})


def merged(base: Draft, document: Table) -> Draft:
    """Return what a contract says together with the one that it extends."""
    conform(document, TOP, ())
    gates = dict(base.gates)
    dropped: dict[str, Table] = {}
    if "drop" in document:
        from cavra_lint.contract.extends import dropped_gates

        dropped = {gate_id: gates.pop(gate_id) for gate_id in dropped_gates(base, document["drop"])}
    order = [gate_id for gate_id in base.order if gate_id not in dropped]
    places: dict[str, str | None] = {}
    given: set[str] = set()
    for number, table in enumerate(document.get("gate", ())):
        gate_id = _id_of(table, number)
        if gate_id in given:
            refuse(("gate", number, "id"), f"is `{gate_id[:SHOWN]}` again; expected an id that no other gate has")
        given.add(gate_id)
        if "after" in table and not FORMS["id"].fits(table["after"]):
            refuse(("gate", number, "after"), f"has the wrong form; expected {FORMS['id'].expected}")
        if gate_id not in gates or "after" in table:
            places[gate_id] = table.get("after")
        gates[gate_id] = _with_changes(gates.get(gate_id, {}), table, ("gate", gate_id))
    index = _with_changes(base.closing, document.get("index", {}), ("index",))
    return Draft(
        {**base.chain, **document.get("chain", {})},
        {**base.layout, **document.get("layout", {})},
        {**base.private, **document.get("private", {})},
        index,
        gates,
        _ordered(order, places, _texts(base.closing.get("id"), index.get("id"))) if places else order,
        {**base.dropped, **dropped},
    )


def _texts(*values: object) -> set[str]:
    return {value for value in values if isinstance(value, str)}


def _id_of(table: Table, number: int) -> str:
    gate_id = table.get("id")
    if not FORMS["id"].fits(gate_id):
        missing_or_wrong(("gate", number), table, "id", FORMS["id"].expected, GATE)
    return str(gate_id)


def _with_changes(base: Table, given: Table, address: Address) -> Table:
    if not base:
        if "drop" in given:
            refuse((*address, "drop"), "has nothing to drop from: no extended contract has this gate")
        return given
    from cavra_lint.contract.extends import changed_gate

    return changed_gate(base, given, address)


def _ordered(order: list[str], places: Mapping[str, str | None], index_ids: set[str]) -> list[str]:
    """Return the ids of all gates in their order: those that say behind which one they stand, behind that."""
    following: dict[str, list[str]] = {}
    before_index: list[str] = []
    known = {*order, *places}
    for gate_id, after in places.items():
        if after is None:
            before_index.append(gate_id)
            continue
        place = "" if after in index_ids else after
        if place not in known:
            close = close_match(after, [*known, *index_ids])
            refuse(("gate", gate_id, "after"), f"names no gate of the chain, nor its index{close}")
        following.setdefault(place, []).append(gate_id)
    kept = [gate_id for gate_id in order if gate_id not in places]
    at = kept.index("")
    ordered: list[str] = []
    waiting = [*reversed(kept[at:]), *reversed(before_index), *reversed(kept[:at])]
    while waiting:
        gate_id = waiting.pop()
        ordered.append(gate_id)
        waiting.extend(reversed(following.get(gate_id, ())))
    if len(ordered) < len(known):
        placed = set(ordered)
        lost = next(gate_id for gate_id in places if gate_id not in placed)
        refuse(("gate", lost, "after"), "names a gate that stands behind this one; expected one before it")
    return ordered


def chain_of(draft: Draft, files: tuple[str, ...]) -> Chain:
    """Return the chain of what contract files say together."""
    chain = draft.chain
    conform(chain, CHAIN, ("chain",))
    for key in ("id", "product", "ref_schemes"):
        if key not in chain:
            missing_or_wrong(("chain",), chain, key, FORMS[CHAIN[key].form].expected, CHAIN)
    conform(draft.layout, LAYOUT, ("layout",))
    if not draft.closing:
        refuse(("index",), "is missing; expected the table of the index")
    filler = Filler(draft.layout, chain["id"], chain["product"])
    common = tuple(chain.get("forbidden_keys", ()))
    before = draft.order.index("")
    if not before and draft.dropped:
        refuse(("drop",), "leaves no gate before the index; expected one or more")
    if not before:
        refuse(("gate",), "is missing; expected one gate or more before the index")
    gates = tuple(gate_of(draft.gates[gate_id], filler, common) for gate_id in draft.order[:before])
    index = index_of(draft.closing, filler, common)
    later = tuple(gate_of(draft.gates[gate_id], filler, common) for gate_id in draft.order[before + 1 :])
    every = (*gates, index, *later)
    positions = _positions(every, before, "id")
    _positions(every, before, "slug")
    ready_positions = _positions(every, before, "ready_key")
    _refuse_shared_paths(every, before)

    def refuse_dropped(name: str, check: Check, user: Gate) -> None:
        for gate_id, table in draft.dropped.items():
            if name in (gate_id, gate_of(table, filler, common).ready_key):
                words = f"{gate_id} is what {user.id} stands on, by its check {check.name[:SHOWN]}"
                expected = "expected that check to be dropped or changed as well"
                raise SlipError(("drop", gate_id), f"{words}; {expected}", told=("drop",))

    users = _users(every, before, positions, ready_positions, refuse_dropped)
    return Chain(
        chain["id"],
        chain["product"],
        tuple(chain["ref_schemes"]),
        gates,
        index,
        later,
        every,
        positions,
        ready_positions,
        users,
        _private_keys(draft.private),
        files,
    )


def _private_keys(private: Table) -> dict[str, tuple[str, ...]]:
    """Return the private keys by category; those that a contract does not give are the same as in R7."""
    for key, value in private.items():
        if key not in PRIVATE:
            refuse_unknown(private, PRIVATE, ("private",), key)
        if not FORMS["any texts"].fits(value):
            refuse(("private", key), f"has the wrong form; expected {FORMS['any texts'].expected}")
    if len(private) == len(PRIVATE):
        return {category: tuple(private[category]) for category in PRIVATE}
    from cavra_lint.contract.built_in import load_chain

    usual = load_chain().private_keys
    return {category: tuple(private[category]) if category in private else usual[category] for category in PRIVATE}


def _address_of(gate: Gate, number: int, before: int) -> Address:
    return ("index",) if number == before else ("gate", gate.id)


def _positions(every: tuple[Gate, ...], before: int, key: str) -> dict[str, int]:
    """Return where each gate stands by one of its names, which no two of them may share."""
    positions: dict[str, int] = {}
    for number, gate in enumerate(every):
        value = getattr(gate, key)
        if value in positions:
            other = every[positions[value]]
            refuse(
                (*_address_of(gate, number, before), key),
                f"is `{value[:SHOWN]}`, as that of {other.id}; expected its own",
            )
        positions[value] = number
    return positions


def _refuse_shared_paths(every: tuple[Gate, ...], before: int) -> None:
    """Packets and results are written and judged one by one; pages and workflows may be about several gates."""
    owners: dict[str, Gate] = {}
    for number, gate in enumerate(every):
        for kind in ("live_sanitized_example", "live_result"):
            path = gate.artifacts[kind]
            if path in owners:
                address = _address_of(gate, number, before)
                refuse(
                    (*address, "artifacts", kind),
                    f"is `{path}`, which is a file of {owners[path].id}; expected its own",
                )
            owners[path] = gate


def _users(
    every: tuple[Gate, ...],
    before: int,
    positions: Mapping[str, int],
    ready_positions: Mapping[str, int],
    refuse_dropped: Callable[[str, Check, Gate], None],
) -> dict[str, tuple[str, ...]]:
    """Return who embeds each gate's verdict. It can be embedded only where it is there already: behind its gate."""
    users: dict[str, list[str]] = {}
    for number, gate in enumerate(every):
        for check in gate.checks:
            if check.kind not in SOURCE_KINDS:
                continue
            by_name = ready_positions if check.ready_key else positions
            for name in (check.ready_key,) if check.ready_key else check.required:
                position = by_name.get(name, number)
                if position >= number:
                    key = "ready_key" if check.ready_key else "required"
                    address = (*_address_of(gate, number, before), "check", check.name, key)
                    refuse_dropped(name, check, gate)
                    close = close_match(name, [one for one, at in by_name.items() if at < number])
                    refuse(address, f"names `{name[:SHOWN]}`, and no gate before {gate.id} has that{close}")
                users.setdefault(every[position].id, []).append(gate.id)
    return {gate_id: tuple(ids) for gate_id, ids in users.items()}
