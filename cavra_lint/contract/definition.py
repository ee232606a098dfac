"""What a contract file may hold: its tables, their keys, and what each key means, defined once.

The loader refuses what is not defined here; the JSON Schema that editors complete by and the tables of
docs/contracts.md are made from the same definitions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cavra_lint.contract.model import ARTIFACT_KINDS, is_plain_path
from cavra_lint.frozen import NamedTuple

#: A text that a packet is built with is never padded to more characters than this.
MOST_CHARACTERS = 10_000

#: Names by which one thing of a gate can be told in a pattern of it, of its layout or of the chain's.
WORDS: Mapping[str, str] = {
    "chain": "the chain's id",
    "product": "the chain's product",
    "id": "the gate's id",
    "slug": "the gate's slug",
    "module": "the slug with `_` for `-`",
    "name": "the gate's name",
    "title": "the name with `-` for spaces",
    "page": "the title in small letters",
    "key": "the page with `_` for `-`",
}
#: What else a command may name: the paths and the option of its gate.
COMMAND_WORDS = (*ARTIFACT_KINDS, "packet_option")

#: What holds private material, and what of it: the categories whose keys a contract may name.
PRIVATE: Mapping[str, str] = {
    "customer_identity": "who the customer is",
    "raw_evidence": "evidence itself, where a reference to it belongs",
    "private_note": "notes that are not meant for others",
    "pricing": "what something costs",
    "contract_value": "what a contract is worth",
    "renewal_amount": "what a renewal is worth",
    "raw_contract": "the text of a contract",
    "legal_terms": "what was agreed before the law",
    "commercial_terms": "what was agreed in trade",
    "credential": "what opens something",
    "model_material": "a model, or what one is trained on",
}


class Form(NamedTuple):
    """A form that a value can have: whether one has it, and what is expected, in words."""

    fits: Callable[[object], bool]
    expected: str


class Key(NamedTuple):
    """A key of a table: the form of its value, what it means, and whether it has to be there."""

    form: str
    meaning: str
    needed: bool = False


class Kind(NamedTuple):
    """A kind of check: what it asks, the keys that it needs, those that it may have, and the words it is built with."""

    asks: str
    needed: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    built: Mapping[str, Key] = {}


def is_text(value: object) -> bool:
    """Tell whether a value is a text of one line that says anything."""
    return type(value) is str and value.isprintable() and value != "" and not value.isspace()


def _is_id(value: object) -> bool:
    return type(value) is str and value.isprintable() and value != "" and " " not in value and value[0] != "-"


def _is_slug(value: object) -> bool:
    return _is_id(value) and is_plain_path(str(value)) and "/" not in str(value)


def _is_option(value: object) -> bool:
    return (
        type(value) is str
        and value[:2] == "--"
        and value[2:3].isalpha()
        and value.isascii()
        and value[2:].replace("-", "a").isalnum()
    )


def _is_path(value: object) -> bool:
    return is_text(value) and is_plain_path(str(value))


def _is_scheme(value: object) -> bool:
    return (
        type(value) is str
        and value[:1].isalpha()
        and value.isascii()
        and value.translate({ord(mark): "a" for mark in "+.-"}).isalnum()
    )


def _are(fits: Callable[[object], bool], *, may_be_empty: bool = False) -> Callable[[object], bool]:
    def are(value: object) -> bool:
        if type(value) is not list or not (value or may_be_empty):
            return False
        return all(map(fits, value)) and len(set(value)) == len(value)

    return are


def _by_name(fits: Callable[[object], bool]) -> Callable[[object], bool]:
    def by_name(value: object) -> bool:
        return type(value) is dict and all(map(is_text, value)) and all(map(fits, value.values()))

    return by_name


def _is_length(value: object) -> bool:
    # a boolean is an int to Python, but not to whoever wrote the contract
    return type(value) is int and 1 <= value <= MOST_CHARACTERS


FORMS: Mapping[str, Form] = {
    "text": Form(is_text, "a text of one line"),
    "pattern": Form(is_text, "a text of one line, which may hold placeholders"),
    "id": Form(_is_id, "a text without spaces that does not begin with `-`"),
    "slug": Form(_is_slug, "a name of one word, as a folder could have it"),
    "option": Form(_is_option, "an option such as `--packet`"),
    "path": Form(_is_path, "a path below the root, with `/`"),
    "length": Form(_is_length, f"a whole number from 1 to {MOST_CHARACTERS}"),
    "texts": Form(_are(is_text), "a list of texts, not empty, each once"),
    "any texts": Form(_are(is_text, may_be_empty=True), "a list of texts, each once"),
    "schemes": Form(_are(_is_scheme), "a list of schemes such as `evidence`, not empty, each once"),
    "text by name": Form(_by_name(is_text), "a table of texts"),
    "texts by name": Form(_by_name(_are(is_text)), "a table of lists of texts, none of them empty"),
    "table": Form(lambda value: type(value) is dict, "a table"),
    "tables": Form(lambda value: type(value) is list and all(type(one) is dict for one in value), "a list of tables"),
}

TOP: Mapping[str, Key] = {
    "extends": Key("text", "the contract that this one changes: `R7`, or the path of a file below this one's folder"),
    "drop": Key("any texts", "ids of gates of that contract which this chain does not have"),
    "chain": Key("table", "what holds for every gate"),
    "layout": Key("table", "the usual layout: what a gate has that does not give it itself"),
    "private": Key("table", "keys that hold private material, by what it is"),
    "index": Key("table", "the index, a gate that lists those before it"),
    "gate": Key("tables", "the gates, in their order"),
}

CHAIN: Mapping[str, Key] = {
    "id": Key("id", "the chain's id", needed=True),
    "product": Key("text", "what each packet and verdict says under `product`", needed=True),
    "ref_schemes": Key(
        "schemes",
        "the schemes of safe references; live packets are built with the first, samples with the last",
        needed=True,
    ),
    "forbidden_keys": Key("any texts", "keys that no packet of any gate may hold, at any depth"),
}

_ARTIFACTS: Mapping[str, str] = {
    "live_sanitized_example": "the live packet",
    "live_result": "the verdict on the live packet",
    "validator": "the script that judges a packet",
    "workflow": "the workflow that runs the command; GitHub starts what stands right in `.github/workflows`",
    "test": "the gate's own test",
    "docs": "the gate's page",
    "wiki": "the gate's wiki page",
}
ARTIFACTS: Mapping[str, Key] = {kind: Key("path", _ARTIFACTS[kind]) for kind in ARTIFACT_KINDS}

#: What a gate takes from the layout where it does not give it itself.
USUAL: Mapping[str, Key] = {
    "label": Key("pattern", "what the gate is called on the verification map; the name where none is given"),
    "ready_key": Key("pattern", "the verdict's key that says ready"),
    "packet_schema": Key("pattern", "the packet's `schema_version`"),
    "result_schema": Key("pattern", "the verdict's `schema_version`"),
    "export_schema": Key("pattern", "the `schema_version` of what `--export-dir` prints"),
    "id_key": Key("pattern", "the packet's key for its own id; without one it has none"),
    "id_value": Key("pattern", "the packet's own id; `{mode}` is `live` or `sample`"),
    "profile_ref": Key(
        "pattern",
        "the key, dotted where it is deeper, of the reference that each packet takes over from the one before",
    ),
    "phase": Key("pattern", "what packet and verdict say under `phase`; without one they have none"),
    "packet_option": Key("option", "the option that hands in a packet; `--packet` where none is given"),
    "command": Key(
        "pattern",
        "the command that proves the gate, one program and its words; may name the gate's paths and `{packet_option}`",
    ),
}
LAYOUT: Mapping[str, Key] = {**ARTIFACTS, **USUAL}

INDEX: Mapping[str, Key] = {
    "id": Key("id", "the gate's id", needed=True),
    "name": Key("text", "the gate's name", needed=True),
    "slug": Key("slug", "the gate's name in paths and references", needed=True),
    **USUAL,
    "forbidden_keys": Key("any texts", "keys that its packets may not hold, beside the chain's"),
    "artifacts": Key("table", "paths that do not follow the layout"),
    "check": Key("tables", "the checks that its packets have to pass, in the verdict's order"),
    "drop": Key("any texts", "names of checks that the gate has in the extended contract, and not here"),
}
GATE: Mapping[str, Key] = {
    **INDEX,
    "source_option": Key("option", "the option of the gate's command that hands in the packet of the gate before"),
    "after": Key("id", "the gate or index that it stands behind; without one, it is the last before the index"),
}

CHECK: Mapping[str, Key] = {
    "name": Key("text", "the check's name in the verdict, and the packet's key that it reads", needed=True),
    "kind": Key("text", "what is asked: one of the kinds below", needed=True),
    "required": Key("texts", "keys, ids, controls or gate ids that have to be there"),
    "sections": Key("texts by name", "the keys that each section has to hold"),
    "id_key": Key("text", "the key by which entries are told apart"),
    "refs_key": Key("text", "the entry's key with a list of safe references"),
    "ref_key": Key("text", "the entry's key with one safe reference"),
    "ref_keys": Key("texts", "the keys of each item that hold a safe reference"),
    "healthy": Key("texts", "the values that an entry's `status` may have"),
    "min_length": Key("length", "the shortest text, in characters"),
    "summary_min_length": Key("length", "the shortest `summary` of an entry, in characters"),
    "ready_key": Key("text", "the ready key of the gate, or the index, whose verdict is embedded"),
    "source_control": Key("text", "the control that repeats whether the embedded verdict has no blocker"),
    "pending_control": Key("text", "the control that may wait while live is not required"),
    "built": Key("table", "words for the packets that are built; no check reads them"),
}

CHECK_KINDS: Mapping[str, Kind] = {
    "ref": Kind("a safe reference"),
    "refs": Kind("an object of safe references, with every required key", ("required",)),
    "ref_sections": Kind("an object of objects of safe references", ("sections",)),
    "ref_list": Kind(
        "a list of safe references, not empty",
        built={"refs": Key("texts", "the last step of each reference")},
    ),
    "items": Kind(
        "a list of objects, each with its safe references",
        ("ref_keys",),
        ("id_key",),
        {"ids": Key("texts", "the id of each item")},
    ),
    "controls": Kind("an object of controls that are `true`", ("required",), ("source_control", "pending_control")),
    "sections": Kind(
        "a list of entries told apart by an id, each with its references: one of `refs_key` and `ref_key`",
        ("required", "id_key"),
        ("refs_key", "ref_key", "healthy", "summary_min_length"),
        {
            "status": Key("text by name", "the status of an entry, one of `healthy`"),
            "summary": Key("text by name", "the summary of an entry"),
        },
    ),
    "source_result": Kind("the verdict of an earlier gate, or of the index, that is ready", ("ready_key",)),
    "gate_results": Kind("a list of the verdicts of earlier gates that are ready", ("required",)),
    "text": Kind("a text", ("min_length",), built={"text": Key("text", "the text")}),
}
INDEX_CHECK_KINDS: Mapping[str, Kind] = {
    "gate_count": Kind("the number of gates before the index"),
    "gates": Kind("an entry for each gate before the index, borne out by the files"),
    "text": CHECK_KINDS["text"],
}

#: Keys of a packet that every gate judges, and of a verdict: no check and no ready key can have such a name.
RESERVED_CHECKS = frozenset(
    ("schema_version", "product", "evidence_mode", "sanitized", "phase", "no_private_material", "gate_count", "gates")
)
RESERVED_READY_KEYS = frozenset(
    [
        "schema_version",
        "product",
        "evidence_mode",
        "status",
        "blocker_count",
        "warning_count",
        "checks",
        "diagnostics",
        "allowed_value_count",
        "phase",
    ]
)
#: Options that the command of each gate has.
RESERVED_OPTIONS = frozenset(
    ["--require-live", "--output", "--export-dir", "--repo-root", "--jobs", "--contract", "--help"]
)
