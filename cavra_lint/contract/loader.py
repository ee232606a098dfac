"""Read a chain from its contract file."""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Iterator, Mapping
from typing import Any

import tomli

from cavra_lint.contract.model import ARTIFACT_KINDS, Chain, Check, Gate, is_plain_path
from cavra_lint.sources.repository import read_regular_file

BUILT_IN = os.path.join(os.path.dirname(__file__), "r7.toml")

#: The keys that a check of each kind must have, beside its name. The kinds that every gate has
#: (schema_version, evidence_mode, no_private_material) are not written in a contract file.
CHECK_KINDS: Mapping[str, tuple[str, ...]] = {
    "ref": (),
    "refs": ("required",),
    "ref_sections": ("sections",),
    "ref_list": (),
    "items": ("ref_keys",),
    "controls": ("required",),
    "sections": ("required", "id_key"),
    "source_result": ("ready_key",),
    "gate_results": ("required",),
    "text": ("min_length",),
}
INDEX_CHECK_KINDS: Mapping[str, tuple[str, ...]] = {
    "gate_count": (),
    "gates": (),
    "text": ("min_length",),
}

_GATE_TEXTS = ("id", "name", "label", "slug", "ready_key")
_SCHEMAS = ("packet_schema", "result_schema", "export_schema")
_GATE_OPTIONAL = ("id_key", "id_value", "source_option", "profile_ref", "phase")
_LAYOUT_TEXTS = ("packet_option", "command")


class ContractError(ValueError):
    """A contract file that does not say what a contract has to say; the message names the key."""


class _Table:
    """A TOML table that knows its name, so that what is wrong in it can be named."""

    def __init__(self, where: str, value: object) -> None:
        if not isinstance(value, dict):
            raise ContractError(f"{where}: expected a table")
        self.where = where
        self.value: dict[str, Any] = value

    def _get(self, key: str, kind: type, default: Any, expected: str) -> Any:
        value = self.value.get(key, default)
        if value is None:
            raise ContractError(f"{self.where}: `{key}` is missing; expected {expected}")
        # a boolean is an int to Python, but not to whoever wrote the contract
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise ContractError(f"{self.where}: `{key}` has the wrong type; expected {expected}")
        return value

    def text(self, key: str, default: str | None = None) -> str:
        value: str = self._get(key, str, default, "a string")
        return value

    def number(self, key: str) -> int:
        value: int = self._get(key, int, 0, "a whole number")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self._get(key, list, [], "a list of strings")
        if not all(isinstance(item, str) for item in value):
            raise ContractError(f"{self.where}: `{key}` has the wrong type; expected a list of strings")
        return tuple(value)

    def table(self, key: str) -> _Table:
        return _Table(f"{self.where}: `{key}`", self.value.get(key, {}))

    def tables(self, key: str) -> Iterator[_Table]:
        for number, value in enumerate(self._get(key, list, [], "a list of tables"), 1):
            yield _Table(f"{self.where}: `{key}` {number}", value)

    def only(self, *allowed: str) -> None:
        """Refuse a key that nothing reads: it is a slip, and its promise would never be kept."""
        for key in self.value:
            if key not in allowed:
                raise ContractError(f"{self.where}: unknown key `{key}`; known: {', '.join(allowed)}")


@functools.lru_cache(maxsize=8)
def load_chain(path: str = BUILT_IN) -> Chain:
    """Read the chain that a contract file promises.

    Args:
        path: the contract file; the built-in R7 chain where none is given.

    Returns:
        The chain, typed and frozen.

    Raises:
        ContractError: the file cannot be read, is no TOML, or does not hold what a contract holds.
            The message names file, table and key, in one line.
    """
    name = os.path.basename(path)
    state, data = read_regular_file(os.path.realpath(path))
    if state != "read":
        raise ContractError(f"{name}: {'No such file or directory' if state == 'missing' else 'cannot be read'}")
    try:
        document = tomli.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ContractError(f"{name}: {error}") from None
    root = _Table(name, document)
    root.only("chain", "layout", "index", "gate")
    return _chain(root)


def _chain(root: _Table) -> Chain:
    chain = root.table("chain")
    chain.only("id", "product", "ref_schemes", "forbidden_keys")
    layout = root.table("layout")
    layout.only(*ARTIFACT_KINDS, *_LAYOUT_TEXTS)
    common = chain.texts("forbidden_keys")
    gates = tuple(_gate(table, layout, common, CHECK_KINDS) for table in root.tables("gate"))
    index = _gate(root.table("index"), layout, common, INDEX_CHECK_KINDS)
    loaded = Chain(chain.text("id"), chain.text("product"), chain.texts("ref_schemes"), gates, index)
    _refuse_odd_index(root.where, loaded.index_gate)
    _refuse_paths_that_leave(root.where, loaded)
    _refuse_repeated(root.where, loaded)
    _refuse_unknown_sources(root.where, loaded)
    return loaded


def _gate(table: _Table, layout: _Table, common: tuple[str, ...], kinds: Mapping[str, tuple[str, ...]]) -> Gate:
    table.only(*_GATE_TEXTS, *_SCHEMAS, *_GATE_OPTIONAL, *_LAYOUT_TEXTS, "forbidden_keys", "artifacts", "check")
    slug = table.text("slug")
    names = {"slug": slug, "module": slug.replace("-", "_")}
    own = table.table("artifacts")
    own.only(*ARTIFACT_KINDS)
    artifacts = {kind: _filled(own if kind in own.value else layout, kind, names) for kind in ARTIFACT_KINDS}
    option = table.text("packet_option", layout.value.get("packet_option"))
    words = {**names, **artifacts, "packet_option": option}
    return Gate(
        **{key: table.text(key) for key in (*_GATE_TEXTS, *_SCHEMAS)},
        command=_filled(table if "command" in table.value else layout, "command", words),
        packet_option=option,
        artifacts=artifacts,
        checks=(
            Check("schema_version", "schema_version"),
            Check("evidence_mode", "evidence_mode"),
            *(_check(check, kinds) for check in table.tables("check")),
            Check("no_private_material", "no_private_material"),
        ),
        forbidden_keys=tuple(dict.fromkeys((*common, *table.texts("forbidden_keys")))),
        **{key: table.text(key) for key in _GATE_OPTIONAL if key in table.value},
    )


def _filled(table: _Table, key: str, words: Mapping[str, str]) -> str:
    def word(match: re.Match[str]) -> str:
        if match[1] not in words:
            known = ", ".join(words)
            raise ContractError(f"{table.where}: `{key}` has a placeholder that is none of {known}")
        return words[match[1]]

    return re.sub(r"\{(\w+)\}", word, table.text(key))


def _check(table: _Table, kinds: Mapping[str, tuple[str, ...]]) -> Check:
    table.only(*Check._fields)
    kind = table.text("kind")
    if kind not in kinds:
        raise ContractError(f"{table.where}: unknown check kind `{kind}`; known: {', '.join(kinds)}")
    for key in kinds[kind]:
        if key not in table.value:
            raise ContractError(f"{table.where}: a check of kind `{kind}` needs `{key}`")
    if kind == "sections" and ("refs_key" in table.value) == ("ref_key" in table.value):
        raise ContractError(f"{table.where}: needs one of `refs_key` and `ref_key`")
    sections = table.table("sections")
    return Check(
        name=table.text("name"),
        kind=kind,
        required=table.texts("required"),
        sections={section: sections.texts(section) for section in sections.value},
        ref_keys=table.texts("ref_keys"),
        healthy=table.texts("healthy"),
        min_length=table.number("min_length"),
        summary_min_length=table.number("summary_min_length"),
        built=table.table("built").value,
        **{
            key: table.text(key)
            for key in ("id_key", "refs_key", "ref_key", "ready_key", "source_control", "pending_control")
            if key in table.value
        },
    )


def _refuse_odd_index(where: str, index: Gate) -> None:
    """The index is proven by these checks, under these names, and says in one text what is complete."""
    kinds = [check.kind for check in index.checks]
    for kind in INDEX_CHECK_KINDS:
        if kinds.count(kind) != 1:
            raise ContractError(f"{where}: `index` needs one check of kind `{kind}`")
    for check in index.checks:
        if check.kind in ("gate_count", "gates") and check.name != check.kind:
            raise ContractError(f"{where}: `index`: the check of kind `{check.kind}` has to have that name")


def _refuse_paths_that_leave(where: str, chain: Chain) -> None:
    for gate in (*chain.gates, chain.index_gate):
        for kind, path in gate.artifacts.items():
            if not is_plain_path(path):
                raise ContractError(f"{where}: gate {gate.id}: `{kind}` is no path below the root, with `/`")


def _refuse_repeated(where: str, chain: Chain) -> None:
    every = (*chain.gates, chain.index_gate)
    for key in ("id", "slug", "ready_key"):
        values = [getattr(gate, key) for gate in every]
        for value in values:
            if values.count(value) > 1:
                raise ContractError(f"{where}: two gates have the {key} `{value}`")


def _refuse_unknown_sources(where: str, chain: Chain) -> None:
    """A verdict can be embedded only where it is there already: from a gate that stands before."""
    earlier: list[Gate] = []
    for gate in chain.gates:
        ids = {other.id for other in earlier}
        keys = {other.ready_key for other in earlier}
        for check in gate.checks:
            unknown = [
                *(key for key in (check.ready_key,) if key and key not in keys),
                *(gate_id for gate_id in check.required if check.kind == "gate_results" and gate_id not in ids),
            ]
            if unknown:
                raise ContractError(
                    f"{where}: gate {gate.id}: `{check.name}` names `{unknown[0]}`, and no gate before it has that"
                )
        earlier.append(gate)
