"""Read a chain from its contract file, and from those that this one extends."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterable, Mapping, Sequence

import tomli

from cavra_lint.contract.definition import (
    ARTIFACTS,
    CHAIN,
    CHECK,
    CHECK_KINDS,
    FORMS,
    GATE,
    INDEX,
    INDEX_CHECK_KINDS,
    LAYOUT,
    PRIVATE,
    RESERVED_CHECKS,
    RESERVED_OPTIONS,
    RESERVED_READY_KEYS,
    TOP,
    USUAL,
    Key,
    Kind,
)
from cavra_lint.contract.model import ARTIFACT_KINDS, SOURCE_KINDS, Chain, Check, Gate, is_plain_path
from cavra_lint.frozen import TYPE_CHECKING, NamedTuple
from cavra_lint.sources.repository import read_regular_file

if TYPE_CHECKING:
    from typing import Any, NoReturn, TypeAlias

BUILT_IN = os.path.join(os.path.dirname(__file__), "r7.toml")
BUILT_IN_NAME = "R7"

#: Contracts that extend each other are no longer than this.
_MOST_FILES = 16
_SHOWN = 60

_Table: TypeAlias = "dict[str, Any]"
#: The way to a place of a contract: keys, and of a list the id or name of an entry, or its number.
_Address: TypeAlias = "tuple[str | int, ...]"


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


class _SlipError(Exception):
    """What is wrong, and where: the file that holds it is found when it is reported."""

    def __init__(self, address: _Address, message: str, *, told: _Address | None = None) -> None:
        super().__init__(message)
        self.address = address
        #: what the message says the place is: the table that holds it, where it names the key itself
        self.told = address if told is None else told


class _Layer(NamedTuple):
    """One contract file as it was read."""

    path: str
    name: str
    text: str
    document: _Table


class _Draft(NamedTuple):
    """What contract files say together; `order` holds the ids of the gates, and an empty one for the index."""

    chain: _Table
    layout: _Table
    private: _Table
    closing: _Table
    gates: dict[str, _Table]
    order: list[str]
    dropped: frozenset[str]


def load_chain(path: str | None = None) -> Chain:
    """Read the chain that a contract file promises.

    Args:
        path: the contract file; the built-in R7 chain where None.

    Returns:
        The chain, typed and frozen.

    Raises:
        ContractError: the file cannot be read, is no TOML, or does not hold what a contract holds.
            The message names file, line, table and key, in one line.
    """
    if path is None:
        return _built_in()
    name = os.path.basename(path)
    return _loaded(_layers(name, os.path.realpath(path)))


@functools.cache
def _built_in() -> Chain:
    return _loaded([_layer(os.path.basename(BUILT_IN), BUILT_IN)])


def _loaded(layers: list[_Layer]) -> Chain:
    """Return the chain of some files, of which each extends the one before."""
    try:
        draft = functools.reduce(_merged, layers, _Draft({}, {}, {}, {}, {}, [""], frozenset()))
        files = tuple(layer.path for layer in layers if layer.path != BUILT_IN)
        return _chain(draft, files)
    except _SlipError as slip:
        _report(layers, slip)


def _layers(name: str, path: str) -> list[_Layer]:
    """Return a contract file, and before it the one that it extends, and so on."""
    found: list[_Layer] = []
    while True:
        layer = _layer(name, path)
        found.insert(0, layer)
        base = layer.document.get("extends")
        if "extends" not in layer.document:
            return found
        try:
            path = _extended(layer, base)
            if any(path == other.path for other in found):
                _refuse(("extends",), "names a contract that extends this one; expected no circle")
            if len(found) == _MOST_FILES:
                _refuse(("extends",), f"is one of more than {_MOST_FILES} contracts that extend each other")
        except _SlipError as slip:
            _report([layer], slip)
        if path == BUILT_IN:
            return [_layer(os.path.basename(BUILT_IN), BUILT_IN), *found]
        # a file below the first one's folder is told by its way from there
        name = f"{layer.name.rpartition('/')[0]}/{base}".removeprefix("/")


def _extended(layer: _Layer, base: object) -> str:
    if base == BUILT_IN_NAME:
        return BUILT_IN
    if not FORMS["path"].fits(base):
        _refuse(("extends",), f"has the wrong form; expected `{BUILT_IN_NAME}`, or a path below this file's folder")
    folder = os.path.dirname(layer.path)
    path = os.path.realpath(os.path.join(folder, str(base)))
    if not _is_inside(path, folder):
        _refuse(("extends",), "leads out of this file's folder; expected a file below it")
    if not os.path.isfile(path):
        _refuse(("extends",), f"names no file; expected `{BUILT_IN_NAME}`, or a path below this file's folder")
    return path


def _is_inside(path: str, folder: str) -> bool:
    return path.startswith(folder.rstrip(os.sep) + os.sep)


_UNREADABLE: Mapping[str, str] = {
    "missing": "No such file or directory",
    "folder": "is a folder, expected a file",
    "not-regular": "is no regular file",
    "dangling": "is a link that goes nowhere",
    "too-large": "is too large to be a contract",
}


def _layer(name: str, path: str) -> _Layer:
    state, data = read_regular_file(path)
    if state != "read":
        raise ContractError(name, _UNREADABLE.get(state, "cannot be read"))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        from cavra_lint.sources.text import undecodable_line

        raise ContractError(name, "is not UTF-8", undecodable_line(data), 1) from None
    try:
        return _Layer(path, name, text, tomli.loads(text))
    except tomli.TOMLDecodeError as error:
        raise ContractError(name, f"is not TOML: {error.msg}", error.lineno, error.colno) from None
    except RecursionError:
        raise ContractError(name, "is nested too deep to be a contract", 1, 1) from None
    except ValueError:
        raise ContractError(name, "is not TOML: a number is too long", 1, 1) from None


def _report(layers: Sequence[_Layer], slip: _SlipError) -> NoReturn:
    """Raise the error of a slip at its place: of all files the one that says most of it, the last of these."""
    from cavra_lint.sources.toml_places import place_in_toml

    _, number = max((len(_pointer(layer.document, slip.address)), number) for number, layer in enumerate(layers))
    layer = layers[number]
    line, column = place_in_toml(layer.text, _pointer(layer.document, slip.address))
    where = _where(slip.told)
    # a sentence is about the place itself, or about a key of it that it names
    joint = "" if not where else " " if slip.told == slip.address else ": "
    raise ContractError(layer.name, f"{where}{joint}{slip}", line, column) from None


def _pointer(document: object, address: _Address) -> _Address:
    """Return the way in a file to an address, or to the nearest that it has; entries by their number."""
    pointer: list[str | int] = []
    at: object = document
    for step in address:
        if isinstance(at, list):
            ids = [entry.get("id", entry.get("name")) if isinstance(entry, dict) else None for entry in at]
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


def _where(address: _Address) -> str:
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
        told.append(f"`{'.'.join(keys)[:_SHOWN]}`")
    return ": ".join(told)


def _entry(step: str | int) -> str:
    return str(step + 1) if isinstance(step, int) else step[:_SHOWN]


def _refuse(address: _Address, message: str) -> NoReturn:
    raise _SlipError(address, message)


def _merged(base: _Draft, layer: _Layer) -> _Draft:
    """Return what a contract says together with the one that it extends."""
    document = layer.document
    _conform(document, TOP, ())
    gates = dict(base.gates)
    dropped = _dropped(base, document)
    for gate_id in dropped:
        del gates[gate_id]
    order = [gate_id for gate_id in base.order if gate_id not in dropped]
    places: dict[str, str | None] = {}
    given: set[str] = set()
    for number, table in enumerate(document.get("gate", ())):
        gate_id = _id_of(table, number)
        if gate_id in given:
            _refuse(("gate", number, "id"), f"is `{gate_id[:_SHOWN]}` again; expected an id that no other gate has")
        given.add(gate_id)
        if "after" in table and not FORMS["id"].fits(table["after"]):
            _refuse(("gate", number, "after"), f"has the wrong form; expected {FORMS['id'].expected}")
        if gate_id not in gates or "after" in table:
            places[gate_id] = table.get("after")
        gates[gate_id] = _with_changes(gates.get(gate_id, {}), table, ("gate", gate_id))
    index = _with_changes(base.closing, document.get("index", {}), ("index",))
    return _Draft(
        {**base.chain, **document.get("chain", {})},
        {**base.layout, **document.get("layout", {})},
        {**base.private, **document.get("private", {})},
        index,
        gates,
        _ordered(order, places, _texts(base.closing.get("id"), index.get("id"))) if places else order,
        base.dropped | dropped,
    )


def _texts(*values: object) -> set[str]:
    return {value for value in values if isinstance(value, str)}


def _id_of(table: _Table, number: int) -> str:
    gate_id = table.get("id")
    if not FORMS["id"].fits(gate_id):
        _missing_or_wrong(("gate", number), table, "id", FORMS["id"].expected, GATE)
    return str(gate_id)


def _dropped(base: _Draft, document: _Table) -> frozenset[str]:
    drop: list[str] = document.get("drop", [])
    for number, gate_id in enumerate(drop):
        if gate_id not in base.gates:
            known = "" if base.gates else "; there is no contract that this one extends"
            close = _close(gate_id, base.gates)
            _refuse(("drop", number), f"names no gate of the extended contract{known}{close}")
    return frozenset(drop)


def _with_changes(base: _Table, given: _Table, address: _Address) -> _Table:
    """Return a gate with the keys that a contract gives; its paths and its checks are changed one by one."""
    merged = {**base, **given}
    if not base:
        if "drop" in given:
            _refuse((*address, "drop"), "has nothing to drop from: no extended contract has this gate")
        return merged
    artifacts, checks = given.get("artifacts", {}), given.get("check", [])
    if isinstance(artifacts, dict):
        merged["artifacts"] = {**base.get("artifacts", {}), **artifacts}
    merged["check"] = _changed_checks(base.get("check", []), checks, given.get("drop", []), address)
    merged.pop("drop", None)
    return merged


def _changed_checks(base: list[_Table], given: object, drop: object, address: _Address) -> list[_Table]:
    checks = {check["name"]: check for check in base if isinstance(check.get("name"), str)}
    for key, value in (("check", given), ("drop", drop)):
        if not FORMS[GATE[key].form].fits(value):
            _refuse((*address, key), f"has the wrong type; expected {FORMS[GATE[key].form].expected}")
    assert isinstance(given, list)
    assert isinstance(drop, list)
    for name in drop:
        if name not in checks:
            _refuse((*address, "drop"), f"names `{name[:_SHOWN]}`, no check of the gate{_close(name, checks)}")
        del checks[name]
    for number, check in enumerate(given):
        name = check.get("name")
        if not isinstance(name, str):
            _missing_or_wrong((*address, "check", number), check, "name", FORMS["text"].expected, CHECK)
        checks[name] = {**checks.get(name, {}), **check}
    return list(checks.values())


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
            close = _close(after, [*known, *index_ids])
            _refuse(("gate", gate_id, "after"), f"names no gate of the chain, nor its index{close}")
        following.setdefault(place, []).append(gate_id)
    kept = [gate_id for gate_id in order if gate_id not in places]
    at = kept.index("")
    ordered: list[str] = []
    waiting = [*reversed(kept[at:]), *reversed(before_index), *reversed(kept[:at])]
    while waiting:
        gate_id = waiting.pop()
        ordered.append(gate_id)
        waiting.extend(reversed(following.get(gate_id, ())))
    lost = (
        next((gate_id for gate_id in places if gate_id not in set(ordered)), None)
        if len(ordered) < len(known)
        else None
    )
    if lost is not None:
        _refuse(("gate", lost, "after"), "names a gate that stands behind this one; expected one before it")
    return ordered


def _conform(table: object, definition: Mapping[str, Key], address: _Address) -> None:
    """Refuse a table with a key that nothing reads, a value of another form, or without a key that it needs."""
    if type(table) is not dict:
        _refuse(address, "has the wrong type; expected a table")
    for key, value in table.items():
        known = definition.get(key)
        if known is None:
            _refuse_unknown(table, definition, address, key)
        if not FORMS[known.form].fits(value):
            _refuse((*address, key), f"has the wrong form; expected {FORMS[known.form].expected}")


def _refuse_unknown(table: _Table, allowed: Iterable[str], address: _Address, key: str) -> NoReturn:
    close = _close(key, [other for other in allowed if other not in table])
    raise _SlipError(
        (*address, key), f"unknown key `{key[:_SHOWN]}`, allowed: {', '.join(allowed)}{close}", told=address
    )


def _missing_or_wrong(
    address: _Address, table: _Table, key: str, expected: str, definition: Mapping[str, Key]
) -> NoReturn:
    if key in table:
        _refuse((*address, key), f"has the wrong form; expected {expected}")
    # a misspelt key is what is wrong where the right one is missing
    for other in table:
        if other not in definition:
            _refuse_unknown(table, definition, address, other)
    _refuse((*address, key), f"is missing; expected {expected}")


def _close(word: object, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    if not isinstance(word, str) or len(word) > _SHOWN:
        return ""
    close = get_close_matches(word, [name for name in known if name and len(name) <= _SHOWN], n=1, cutoff=0.7)
    return f"; did you mean `{close[0]}`?" if close else ""


def _chain(draft: _Draft, files: tuple[str, ...]) -> Chain:
    chain = draft.chain
    _conform(chain, CHAIN, ("chain",))
    for key in ("id", "product", "ref_schemes"):
        if key not in chain:
            _missing_or_wrong(("chain",), chain, key, FORMS[CHAIN[key].form].expected, CHAIN)
    _conform(draft.layout, LAYOUT, ("layout",))
    if not draft.closing:
        _refuse(("index",), "is missing; expected the table of the index")
    filler = _Filler(draft.layout, chain["id"], chain["product"])
    common = tuple(chain.get("forbidden_keys", ()))
    before = draft.order.index("")
    gates = tuple(_gate(draft.gates[gate_id], filler, common) for gate_id in draft.order[:before])
    index = _index(draft.closing, filler, common)
    later = tuple(_gate(draft.gates[gate_id], filler, common) for gate_id in draft.order[before + 1 :])
    every = (*gates, index, *later)
    positions = _positions(every, before, "id")
    _positions(every, before, "slug")
    ready_positions = _positions(every, before, "ready_key")
    _refuse_shared_paths(every, before)
    users = _users(every, before, positions, ready_positions, draft.dropped)
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


def _private_keys(private: _Table) -> dict[str, tuple[str, ...]]:
    """Return the private keys by category; those that a contract does not give are the same as in R7."""
    for key, value in private.items():
        if key not in PRIVATE:
            _refuse_unknown(private, PRIVATE, ("private",), key)
        if not FORMS["any texts"].fits(value):
            _refuse(("private", key), f"has the wrong form; expected {FORMS['any texts'].expected}")
    if len(private) == len(PRIVATE):
        return {category: tuple(private[category]) for category in PRIVATE}
    usual = _built_in().private_keys
    return {category: tuple(private[category]) if category in private else usual[category] for category in PRIVATE}


class _Filler:
    """Fills the patterns of a layout with the words of a gate; each pattern is taken apart once."""

    def __init__(self, layout: _Table, chain_id: str, product: str) -> None:
        self.layout = layout
        self._common = {"chain": chain_id, "product": product, "mode": "{mode}"}
        self._compiled: dict[str, tuple[str, frozenset[str]]] = {}

    def words(self, table: _Table) -> dict[str, str]:
        name, slug = table["name"], table["slug"]
        title = name.replace(" ", "-")
        page = title.lower()
        return {
            **self._common,
            "id": table["id"],
            "slug": slug,
            "module": slug.replace("-", "_"),
            "name": name,
            "title": title,
            "page": page,
            "key": page.replace("-", "_"),
        }

    def fill(self, pattern: str, words: Mapping[str, str], address: _Address) -> str:
        if "{" not in pattern and "}" not in pattern:
            return pattern
        compiled = self._compiled.get(pattern)
        if compiled is None:
            compiled = self._compiled[pattern] = _compiled(pattern, address)
        try:
            return compiled[0] % words
        except KeyError as error:
            known = [word for word in words if word != "mode"]
            close = _close(error.args[0], known)
            _refuse(address, f"has the placeholder `{{{error.args[0][:_SHOWN]}}}`, allowed: {', '.join(known)}{close}")


def _compiled(pattern: str, address: _Address) -> tuple[str, frozenset[str]]:
    """Return a pattern in the form that `%` fills, and the words that it holds."""
    first, *rest = pattern.replace("%", "%%").split("{")
    compiled, words = first, set[str]()
    for part in rest:
        word, brace, text = part.partition("}")
        if not brace or not word.isidentifier() or "}" in text:
            _refuse(address, "has a brace that belongs to no placeholder; expected one as `{slug}`")
        words.add(word)
        compiled += f"%({word})s{text}"
    if "}" in first:
        _refuse(address, "has a brace that belongs to no placeholder; expected one as `{slug}`")
    return compiled, frozenset(words)


def _index(table: _Table, filler: _Filler, common: tuple[str, ...]) -> Gate:
    """Return the index. It is proven by its checks, under their names, and says in one text what is complete."""
    index = _made_gate(table, filler, common, ("index",), INDEX, INDEX_CHECK_KINDS)
    kinds = [check.kind for check in index.checks]
    for kind in INDEX_CHECK_KINDS:
        if kinds.count(kind) != 1:
            _refuse(("index", "check"), f"has to hold one check of kind `{kind}`")
    for check in index.checks:
        if check.kind in ("gate_count", "gates") and check.name != check.kind:
            _refuse(("index", "check", check.name, "name"), f"is not `{check.kind}`; expected the name of its kind")
    return index


def _gate(table: _Table, filler: _Filler, common: tuple[str, ...]) -> Gate:
    return _made_gate(table, filler, common, ("gate", table["id"]), GATE, CHECK_KINDS)


def _made_gate(
    table: _Table,
    filler: _Filler,
    common: tuple[str, ...],
    address: _Address,
    definition: Mapping[str, Key],
    kinds: Mapping[str, Kind],
) -> Gate:
    _conform(table, definition, address)
    for key in ("id", "name", "slug"):
        if key not in table:
            _missing_or_wrong(address, table, key, FORMS[definition[key].form].expected, definition)
    layout, words = filler.layout, filler.words(table)

    def usual(key: str, default: str | None = None) -> str:
        if key in table:
            return filler.fill(table[key], words, (*address, key))
        if key in layout:
            return filler.fill(layout[key], words, ("layout", key))
        if default is None:
            _refuse((*address, key), f"is missing, here and in [layout]; expected {FORMS[USUAL[key].form].expected}")
        return default

    own = table.get("artifacts", {})
    if own:
        _conform(own, ARTIFACTS, (*address, "artifacts"))
    artifacts: dict[str, str] = {}
    for kind in ARTIFACT_KINDS:
        if kind in own:
            pattern, place = own[kind], (*address, "artifacts", kind)
        elif kind in layout:
            pattern, place = layout[kind], ("layout", kind)
        else:
            _refuse((*address, "artifacts", kind), "is missing, here and in [layout]; expected a path below the root")
        path = artifacts[kind] = filler.fill(pattern, words, place)
        if not is_plain_path(path):
            _refuse(place, f"becomes no path below the root in {table['id'][:_SHOWN]}")
    # the option and the command may name what is filled by now
    option = usual("packet_option", "--packet")
    source_option = table.get("source_option", "")
    _refuse_taken_options(address, option, source_option)
    command_words = {**words, **artifacts, "packet_option": option}
    command_at = (*address, "command") if "command" in table else ("layout", "command")
    if "command" not in table and "command" not in layout:
        usual("command")
    command = filler.fill(table["command"] if "command" in table else layout["command"], command_words, command_at)
    ready_key = usual("ready_key")
    if ready_key in RESERVED_READY_KEYS:
        _refuse((*address, "ready_key"), f"is `{ready_key}`, which each verdict holds; expected another key")
    id_key, id_value = usual("id_key", ""), usual("id_value", "")
    if id_key and not id_value:
        _refuse((*address, "id_value"), "is missing, here and in [layout]; expected what `id_key` has to hold")
    forbidden = table.get("forbidden_keys", ())
    return Gate(
        table["id"],
        table["name"],
        usual("label", table["name"]),
        table["slug"],
        ready_key,
        usual("packet_schema"),
        usual("result_schema"),
        usual("export_schema"),
        command,
        option,
        artifacts,
        _checks(table.get("check", ()), address, kinds, id_key),
        tuple(dict.fromkeys((*common, *forbidden))) if forbidden else common,
        id_key,
        id_value if id_key else "",
        source_option,
        usual("profile_ref", ""),
        usual("phase", ""),
    )


def _refuse_taken_options(address: _Address, option: str, source_option: str) -> None:
    if option in RESERVED_OPTIONS:
        _refuse((*address, "packet_option"), f"is `{option}`, which each command has; expected another option")
    if source_option and (source_option in RESERVED_OPTIONS or source_option == option):
        _refuse((*address, "source_option"), f"is `{source_option}`, which the command has; expected another option")


_FIRST_CHECKS = (Check("schema_version", "schema_version"), Check("evidence_mode", "evidence_mode"))
_LAST_CHECK = Check("no_private_material", "no_private_material")


#: What tells whether the value of a check's key has its form: looked up once, since chains have many checks.
_FITS = {key: FORMS[known.form].fits for key, known in CHECK.items()}


def _checks(tables: Sequence[_Table], address: _Address, kinds: Mapping[str, Kind], id_key: str) -> tuple[Check, ...]:
    checks: dict[str, Check] = {}
    for number, table in enumerate(tables):
        check = _check(table, (*address, "check", number), kinds)
        if check.name in checks:
            _refuse((*address, "check", number, "name"), f"is `{check.name[:_SHOWN]}` again; expected each name once")
        if check.name == id_key or (check.name in RESERVED_CHECKS and check.kind != check.name):
            _refuse((*address, "check", number, "name"), f"is `{check.name}`, which a packet holds already")
        checks[check.name] = check
    return (*_FIRST_CHECKS, *checks.values(), _LAST_CHECK)


def _check(table: _Table, address: _Address, kinds: Mapping[str, Kind]) -> Check:
    name = table.get("name")
    if not FORMS["text"].fits(name):
        _missing_or_wrong(address, table, "name", FORMS["text"].expected, CHECK)
    address = (*address[:-1], str(name))
    kind = table.get("kind")
    known = kinds.get(kind) if isinstance(kind, str) else None
    if known is None:
        if "kind" not in table:
            _missing_or_wrong(address, table, "kind", f"one of {', '.join(kinds)}", CHECK)
        _refuse((*address, "kind"), f"is no kind of check here, allowed: {', '.join(kinds)}{_close(kind, kinds)}")
    for key, value in table.items():
        if key not in ("name", "kind") and key not in known.needed and key not in known.optional:
            if key == "built" and known.built:
                _conform(value, known.built, (*address, "built"))
                continue
            allowed = ["name", "kind", *known.needed, *known.optional, *(["built"] if known.built else [])]
            _refuse_unknown(table, allowed, address, key)
        if not _FITS[key](value):
            _refuse((*address, key), f"has the wrong form; expected {FORMS[CHECK[key].form].expected}")
    for key in known.needed:
        if key not in table:
            expected = FORMS[CHECK[key].form].expected
            _refuse((*address, key), f"is missing; a check of kind `{kind}` needs {expected}")
    get = table.get
    sections = get("sections")
    check = Check(
        table["name"],
        table["kind"],
        tuple(get("required", ())),
        {section: tuple(keys) for section, keys in sections.items()} if sections else {},
        get("id_key", ""),
        get("refs_key", ""),
        get("ref_key", ""),
        tuple(get("ref_keys", ())),
        tuple(get("healthy", ())),
        get("min_length", 0),
        get("summary_min_length", 0),
        get("ready_key", ""),
        get("source_control", ""),
        get("pending_control", ""),
        get("built", {}),
    )
    if kind == "sections":
        _refuse_odd_sections(check, address)
    for key in ("source_control", "pending_control"):
        if key in table and table[key] not in check.required:
            _refuse((*address, key), f"names no control of `required`{_close(table[key], check.required)}")
    return check


def _refuse_odd_sections(check: Check, address: _Address) -> None:
    if bool(check.refs_key) == bool(check.ref_key):
        _refuse(
            (*address, "ref_key" if check.ref_key else "refs_key"), "is one of two; expected `refs_key` or `ref_key`"
        )
    for key in ("status", "summary"):
        for section, said in check.built.get(key, {}).items():
            if section not in check.required:
                _refuse(
                    (*address, "built", key, section), f"names no entry of `required`{_close(section, check.required)}"
                )
            if key == "status" and said not in check.healthy:
                _refuse((*address, "built", key, section), f"is none of `healthy`{_close(said, check.healthy)}")


def _address_of(gate: Gate, number: int, before: int) -> _Address:
    return ("index",) if number == before else ("gate", gate.id)


def _positions(every: tuple[Gate, ...], before: int, key: str) -> dict[str, int]:
    """Return where each gate stands by one of its names, which no two of them may share."""
    positions: dict[str, int] = {}
    for number, gate in enumerate(every):
        value = getattr(gate, key)
        if value in positions:
            other = every[positions[value]]
            _refuse(
                (*_address_of(gate, number, before), key),
                f"is `{value[:_SHOWN]}`, as that of {other.id}; expected its own",
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
                _refuse(
                    (*address, "artifacts", kind),
                    f"is `{path}`, which is a file of {owners[path].id}; expected its own",
                )
            owners[path] = gate


def _users(
    every: tuple[Gate, ...],
    before: int,
    positions: Mapping[str, int],
    ready_positions: Mapping[str, int],
    dropped: frozenset[str],
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
                    if name in dropped:
                        _refuse(address, f"names `{name[:_SHOWN]}`, which `drop` takes out of the chain")
                    close = _close(name, [one for one, at in by_name.items() if at < number])
                    _refuse(address, f"names `{name[:_SHOWN]}`, and no gate before {gate.id} has that{close}")
                users.setdefault(every[position].id, []).append(gate.id)
    return {gate_id: tuple(ids) for gate_id, ids in users.items()}
