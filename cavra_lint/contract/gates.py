"""Read a gate or the index, with its checks: what it says itself, and what it takes from the layout."""

from __future__ import annotations

import sys

from cavra_lint.contract.definition import (
    ARTIFACTS,
    CHECK,
    CHECK_KINDS,
    FORMS,
    GATE,
    INDEX,
    INDEX_CHECK_KINDS,
    RESERVED_CHECKS,
    RESERVED_OPTIONS,
    RESERVED_READY_KEYS,
    USUAL,
)
from cavra_lint.contract.model import ARTIFACT_KINDS, Check, Gate, is_plain_path
from cavra_lint.contract.slips import SHOWN, close_match, conform, missing_or_wrong, refuse, refuse_unknown
from cavra_lint.frozen import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from cavra_lint.contract.definition import Key, Kind
    from cavra_lint.contract.slips import Address, Table

_FIRST_CHECKS = (Check("schema_version", "schema_version"), Check("evidence_mode", "evidence_mode"))
_LAST_CHECK = Check("no_private_material", "no_private_material")
_NONE: Mapping[str, Any] = {}
#: What a shell reads as something else than a part of a word.
_OF_THE_SHELL = frozenset("|&;<>#\\'\"")
#: Words with which a shell begins something else than a program: of what `!` stands before, a failure passes.
_SHELL_WORDS = frozenset(("!", "{", "[[", "if", "for", "while", "until", "case", "select", "function"))
#: How many steps down a packet a reference stands, by the kind of the check that reads it there.
_DEPTHS = {"ref": 1, "refs": 2, "ref_sections": 3}
#: What tells whether the value of a check's key has its form: looked up once, since chains have many checks.
_FITS = {key: FORMS[known.form].fits for key, known in CHECK.items()}


class Filler:
    """Fills the patterns of a layout with the words of a gate; each pattern is taken apart once.

    `checks` are those that the gates of the chain have: equal ones are one, since many gates have the same.
    """

    def __init__(self, layout: Table, chain_id: str, product: str) -> None:
        self.layout = layout
        self._common = {"chain": chain_id, "product": product}
        self._compiled: dict[str, str] = {}
        self.checks: dict[tuple[object, ...], Check] = {}

    def words(self, table: Table) -> dict[str, str]:
        """Return the words that a pattern may name, by their placeholders, of a gate with `id`, `name` and `slug`."""
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

    def fill(self, pattern: str, words: Mapping[str, str], address: Address) -> str:
        """Return a pattern with words in the places of their names.

        Args:
            pattern: the pattern, as `docs/{slug}.md`.
            words: the words that it may name.
            address: where it stands.

        Raises:
            SlipError: it names another word, or has a brace that belongs to none.
        """
        if "{" not in pattern and "}" not in pattern:
            return pattern
        compiled = self._compiled.get(pattern)
        if compiled is None:
            compiled = self._compiled[pattern] = _compiled(pattern, address)
        try:
            return compiled % words
        except KeyError as error:
            close = close_match(error.args[0], words)
            refuse(address, f"has the placeholder `{{{error.args[0][:SHOWN]}}}`, allowed: {', '.join(words)}{close}")


def _compiled(pattern: str, address: Address) -> str:
    """Return a pattern in the form that `%` fills."""
    first, *rest = pattern.replace("%", "%%").split("{")
    compiled = first
    for part in rest:
        word, brace, text = part.partition("}")
        if not brace or not word.isidentifier() or "}" in text:
            refuse(address, "has a brace that belongs to no placeholder; expected one as `{slug}`")
        compiled += f"%({word})s{text}"
    if "}" in first:
        refuse(address, "has a brace that belongs to no placeholder; expected one as `{slug}`")
    return compiled


def index_of(table: Table, filler: Filler, common: tuple[str, ...]) -> Gate:
    """Return the index. It is proven by its checks, under their names, and says in one text what is complete."""
    index = _made_gate(table, filler, common, ("index",), INDEX, INDEX_CHECK_KINDS)
    kinds = [check.kind for check in index.checks]
    for kind in INDEX_CHECK_KINDS:
        if kinds.count(kind) != 1:
            refuse(("index", "check"), f"has to hold one check of kind `{kind}`")
    for check in index.checks:
        if check.kind in ("gate_count", "gates") and check.name != check.kind:
            refuse(("index", "check", check.name, "name"), f"is not `{check.kind}`; expected the name of its kind")
    return index


def gate_of(table: Table, filler: Filler, common: tuple[str, ...]) -> Gate:
    """Return a gate; `common` are the keys that no packet of the chain may hold."""
    return _made_gate(table, filler, common, ("gate", table["id"]), GATE, CHECK_KINDS)


class _Told(NamedTuple):
    """What a gate says itself, at its address, and what the layout says for all; `words` fill the patterns of both."""

    table: Table
    filler: Filler
    words: Mapping[str, str]
    address: Address

    def usual(self, key: str, default: str | None = None) -> str:
        """Return what a key holds that a gate may leave to the layout, filled in; refuse it where it is needed."""
        # the mode is known only once there is a packet
        words = {**self.words, "mode": "{mode}"} if key == "id_value" else self.words
        pattern, place = self.pattern(key)
        if pattern is not None:
            return self.filler.fill(pattern, words, place)
        if default is None:
            refuse(
                (*self.address, key), f"is missing, here and in [layout]; expected {FORMS[USUAL[key].form].expected}"
            )
        return default

    def pattern(self, key: str) -> tuple[str | None, Address]:
        """Return the pattern of a key, None where there is none, and where it stands."""
        if key in self.table:
            return self.table[key], (*self.address, key)
        return self.filler.layout.get(key), ("layout", key)

    def artifacts(self) -> dict[str, str]:
        """Return the path of each kind of artifact."""
        own = self.table.get("artifacts", {})
        if own:
            conform(own, ARTIFACTS, (*self.address, "artifacts"))
        found: dict[str, str] = {}
        for kind in ARTIFACT_KINDS:
            at = (*self.address, "artifacts", kind)
            pattern, place = (own[kind], at) if kind in own else (self.filler.layout.get(kind), ("layout", kind))
            if pattern is None:
                refuse(at, "is missing, here and in [layout]; expected a path below the root")
            found[kind] = self.filler.fill(pattern, self.words, place)
            if not is_plain_path(found[kind]):
                refuse(place, f"becomes no path below the root in {self.table['id'][:SHOWN]}")
        return found

    def command(self, artifacts: Mapping[str, str], packet_option: str) -> str:
        """Return the command, which may name the artifacts and the option."""
        pattern, place = self.pattern("command")
        if pattern is None:
            return self.usual("command")
        command = self.filler.fill(pattern, {**self.words, **artifacts, "packet_option": packet_option}, place)
        _refuse_many_commands(command, place)
        _refuse_torn_paths(command, artifacts, place)
        return command

    def id_of_packets(self) -> tuple[str, str]:
        """Return the key of a packet's id, and what that has to hold; both empty for packets without one."""
        key, value = self.usual("id_key", ""), self.usual("id_value", "")
        if key in RESERVED_CHECKS:
            refuse((*self.address, "id_key"), f"is `{key}`, which a packet holds already")
        if key and not value:
            refuse((*self.address, "id_value"), "is missing, here and in [layout]; expected what `id_key` has to hold")
        return key, value if key else ""


def _made_gate(
    table: Table,
    filler: Filler,
    common: tuple[str, ...],
    address: Address,
    definition: Mapping[str, Key],
    kinds: Mapping[str, Kind],
) -> Gate:
    conform(table, definition, address)
    for key in ("id", "name", "slug"):
        if key not in table:
            missing_or_wrong(address, table, key, FORMS[definition[key].form].expected, definition)
    told = _Told(table, filler, filler.words(table), address)
    artifacts = told.artifacts()
    option, source_option = told.usual("packet_option", "--packet"), table.get("source_option", "")
    _refuse_taken_options(address, option, source_option)
    command = told.command(artifacts, option)
    ready_key = told.usual("ready_key")
    if ready_key in RESERVED_READY_KEYS:
        refuse((*address, "ready_key"), f"is `{ready_key}`, which each verdict holds; expected another key")
    id_key, id_value = told.id_of_packets()
    profile_ref = told.usual("profile_ref", "")
    forbidden = table.get("forbidden_keys", ())
    checks = _checks(table.get("check", ()), address, kinds, id_key, filler.checks)
    if profile_ref:
        _refuse_taken_place(profile_ref.split("."), checks, id_key, (*address, "profile_ref"))
    return Gate(
        table["id"],
        table["name"],
        told.usual("label", table["name"]),
        table["slug"],
        ready_key,
        told.usual("packet_schema"),
        told.usual("result_schema"),
        told.usual("export_schema"),
        command,
        option,
        artifacts,
        checks,
        tuple(dict.fromkeys((*common, *forbidden))) if forbidden else common,
        id_key,
        id_value,
        source_option,
        profile_ref,
        told.usual("phase", ""),
    )


def _refuse_many_commands(command: str, address: Address) -> None:
    """Refuse what a shell takes apart: where it ran letter for letter, a failure of the first part could pass."""
    first = command.lstrip().partition(" ")[0]
    if first in _SHELL_WORDS or first[0] == "(":
        refuse(address, "begins with a word of the shell; expected a program and its words")
    if _OF_THE_SHELL.isdisjoint(command):
        return
    from cavra_lint.late import re

    if re.search(r"[|&;<>'\"]|(?<!\S)#|\\$", re.sub(r"\\.|'[^']*'|\"(?:\\.|[^\"\\])*\"", "_", command)):
        refuse(
            address, "is no single command; expected a program and its words, each quote closed, no `|`, `&`, `;`, `>`"
        )


def _refuse_torn_paths(command: str, artifacts: Mapping[str, str], address: Address) -> None:
    """Refuse a path that a shell takes for several words: the command would never judge what stands there."""
    if " " not in "".join(artifacts.values()):
        return
    import shlex

    words = shlex.split(command)
    for kind, path in artifacts.items():
        if " " in path and path in command and not any(path in word for word in words):
            refuse(address, f"takes the path of `{kind}`, which has a space, apart; expected it in quotes")


def _refuse_taken_place(steps: list[str], checks: Sequence[Check], id_key: str, address: Address) -> None:
    """Refuse a place for the reference to the customer that holds something else in each packet."""
    kinds = {check.name: check.kind for check in checks}
    is_held = steps[0] in kinds or steps[0] in RESERVED_CHECKS or steps[0] == id_key
    if "" in steps or (is_held and _DEPTHS.get(kinds.get(steps[0], "")) != len(steps)):
        refuse(address, "is no place of a reference in a packet; expected a key that nothing else has")


def _refuse_taken_options(address: Address, option: str, source_option: str) -> None:
    if option in RESERVED_OPTIONS:
        refuse((*address, "packet_option"), f"is `{option}`, which each command has; expected another option")
    if source_option and (source_option in RESERVED_OPTIONS or source_option == option):
        refuse((*address, "source_option"), f"is `{source_option}`, which the command has; expected another option")


def _checks(
    tables: Sequence[Table],
    address: Address,
    kinds: Mapping[str, Kind],
    id_key: str,
    known: dict[tuple[object, ...], Check],
) -> tuple[Check, ...]:
    checks: dict[str, Check] = {}
    for number, table in enumerate(tables):
        check = _check(table, (*address, "check", number), kinds)
        if check.name in checks:
            refuse((*address, "check", number, "name"), f"is `{check.name[:SHOWN]}` again; expected each name once")
        if check.name == id_key or (check.name in RESERVED_CHECKS and check.kind != check.name):
            # an extended contract counts its checks by itself
            refuse((*address, "check", check.name, "name"), f"is `{check.name}`, which a packet holds already")
        if not (check.sections or check.built):
            check = known.setdefault(check[:3] + check[4:-1], check)
        checks[check.name] = check
    return (*_FIRST_CHECKS, *checks.values(), _LAST_CHECK)


def _check(table: Table, address: Address, kinds: Mapping[str, Kind]) -> Check:
    name = table.get("name")
    if not FORMS["text"].fits(name):
        missing_or_wrong(address, table, "name", FORMS["text"].expected, CHECK)
    address = (*address[:-1], str(name))
    kind = table.get("kind")
    known = kinds.get(kind) if isinstance(kind, str) else None
    if known is None:
        if "kind" not in table:
            missing_or_wrong(address, table, "kind", f"one of {', '.join(kinds)}", CHECK)
        refuse((*address, "kind"), f"is no kind of check here, allowed: {', '.join(kinds)}{close_match(kind, kinds)}")
    _refuse_odd_keys(table, address, known)
    get = table.get
    sections = get("sections")
    check = Check(
        sys.intern(table["name"]),
        sys.intern(table["kind"]),
        tuple(get("required", ())),
        {section: tuple(keys) for section, keys in sections.items()} if sections else _NONE,
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
        get("built", _NONE),
    )
    if kind == "sections":
        _refuse_odd_sections(check, address)
    for key in ("source_control", "pending_control"):
        if key in table and table[key] not in check.required:
            refuse((*address, key), f"names no control of `required`{close_match(table[key], check.required)}")
    return check


def _refuse_odd_keys(table: Table, address: Address, known: Kind) -> None:
    """Refuse the keys of a check that its kind does not read, or that have another form, and the want of one."""
    for key, value in table.items():
        if key in ("name", "kind"):
            continue
        if key not in known.needed and key not in known.optional:
            if key == "built" and known.built:
                conform(value, known.built, (*address, "built"))
                continue
            allowed = ["name", "kind", *known.needed, *known.optional, *(["built"] if known.built else [])]
            refuse_unknown(table, allowed, address, key)
        if not _FITS[key](value):
            refuse((*address, key), f"has the wrong form; expected {FORMS[CHECK[key].form].expected}")
    for key in known.needed:
        if key not in table:
            expected = FORMS[CHECK[key].form].expected
            refuse((*address, key), f"is missing; a check of kind `{table['kind']}` needs {expected}")


def _refuse_odd_sections(check: Check, address: Address) -> None:
    if check.refs_key and check.ref_key:
        refuse((*address, "ref_key"), "stands beside `refs_key`; expected one of the two")
    if not (check.refs_key or check.ref_key):
        refuse(
            (*address, "refs_key"), "is missing, and so is `ref_key`; a check of kind `sections` needs one of the two"
        )
    required, healthy = frozenset(check.required), frozenset(check.healthy)
    taken = {key for key, held in (("status", check.healthy), ("summary", check.summary_min_length)) if held}
    for key in ("id_key", "refs_key", "ref_key"):
        name = getattr(check, key)
        if name in taken:
            refuse((*address, key), f"is `{name[:SHOWN]}`, which an entry holds already; expected another key")
        taken.update([name] if name else [])
    for key in ("status", "summary"):
        for section, said in check.built.get(key, {}).items():
            if section not in required:
                refuse(
                    (*address, "built", key, section),
                    f"names no entry of `required`{close_match(section, check.required)}",
                )
            if key == "status" and said not in healthy:
                refuse((*address, "built", key, section), f"is none of `healthy`{close_match(said, check.healthy)}")
