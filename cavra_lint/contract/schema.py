"""The JSON Schema of contract files, by which editors complete and check them.

    python -m cavra_lint.contract.schema > cavra_lint/contract/contract.schema.json

It is made of the same definitions that the loader refuses by. What no schema can say, as that the gate exists whose
verdict is embedded, is left to the loader.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping

from cavra_lint.contract.definition import (
    ARTIFACTS,
    CHAIN,
    CHECK,
    CHECK_KINDS,
    COMMAND_WORDS,
    GATE,
    INDEX,
    INDEX_CHECK_KINDS,
    LAYOUT,
    MOST_CHARACTERS,
    PRIVATE,
    TOP,
    WORDS,
    Key,
    Kind,
)
from cavra_lint.frozen import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, TypeAlias

_Schema: TypeAlias = "dict[str, Any]"

_TEXT: _Schema = {"type": "string", "pattern": r"^(?=.*\S)[^\x00-\x1f\x7f]+$"}
_TEXTS: _Schema = {"type": "array", "items": _TEXT, "uniqueItems": True}


def _filled(words: Iterable[str], odd: str = "") -> str:
    """Return the pattern of a text of one line that may hold placeholders, and none of some odd characters."""
    return rf"(?=.*\S)(?:[^{{}}{odd}\x00-\x1f\x7f]|\{{(?:{'|'.join(words)})\}})+$"


#: Each step of a path says where it goes on.
_STEPS = r"^(?!(.*/)?\.{0,2}(/|$))"

_FORMS: Mapping[str, _Schema] = {
    "text": _TEXT,
    "pattern": {"type": "string", "pattern": f"^{_filled(WORDS)}"},
    "id": {"type": "string", "pattern": r"^[^-\s\x00-\x1f\x7f][^\s\x00-\x1f\x7f]*$"},
    "slug": {"type": "string", "pattern": r"^(?!\.{1,2}$)[^-\s/\\:\x00-\x1f\x7f][^\s/\\:\x00-\x1f\x7f]*$"},
    "option": {"type": "string", "pattern": "^--[A-Za-z][A-Za-z0-9-]*$"},
    "path": {"type": "string", "pattern": _STEPS + _filled(WORDS, r"\\:")},
    "length": {"type": "integer", "minimum": 1, "maximum": MOST_CHARACTERS},
    "texts": {**_TEXTS, "minItems": 1},
    "any texts": _TEXTS,
    "schemes": {
        "type": "array",
        "items": {"type": "string", "pattern": "^[A-Za-z][A-Za-z0-9+.-]*$"},
        "uniqueItems": True,
        "minItems": 1,
    },
    "text by name": {"type": "object", "propertyNames": _TEXT, "additionalProperties": _TEXT},
    "texts by name": {
        "type": "object",
        "propertyNames": _TEXT,
        "additionalProperties": {**_TEXTS, "minItems": 1},
    },
}
#: Keys of which more can be said than of others of their form.
_KEYS: Mapping[str, _Schema] = {
    "extends": {"type": "string", "pattern": rf"{_STEPS}(?=.*\S)[^\\:\x00-\x1f\x7f]+$"},
    "id_value": {"type": "string", "pattern": f"^{_filled((*WORDS, 'mode'))}"},
    "command": {"type": "string", "pattern": f"^{_filled((*WORDS, *COMMAND_WORDS))}"},
}


def schema() -> _Schema:
    """Return the JSON Schema of contract files."""
    artifacts = _table(ARTIFACTS)
    checks = {"type": "array", "items": _check(CHECK_KINDS)}
    index_checks = {"type": "array", "items": _check(INDEX_CHECK_KINDS)}
    parts = {
        "chain": _table(CHAIN, may_lack=True),
        "layout": _table(LAYOUT),
        "private": _table({category: Key("any texts", what) for category, what in PRIVATE.items()}),
        "index": _table(INDEX, {"artifacts": artifacts, "check": index_checks}, may_lack=True),
        "gate": {"type": "array", "items": _table(GATE, {"artifacts": artifacts, "check": checks}, may_lack=True)},
    }
    alone: _Schema = {
        "required": ["chain", "index"],
        "properties": {
            "chain": {"required": _needed(CHAIN)},
            "index": {"required": _needed(INDEX)},
            "gate": {"items": {"required": _needed(GATE), "properties": {"check": {"items": _alone(CHECK_KINDS)}}}},
        },
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The contract of a chain of release gates, for cavra-lint",
        **_table(TOP, parts),
        # what an extended contract gives does not have to be given again
        "if": {"not": {"required": ["extends"]}},
        "then": alone,
        "else": {"properties": {"gate": {"items": {"required": ["id"]}}}},
    }


def _needed(definition: Mapping[str, Key]) -> list[str]:
    return [key for key, known in definition.items() if known.needed]


def _table(
    definition: Mapping[str, Key], parts: Mapping[str, _Schema] | None = None, *, may_lack: bool = False
) -> _Schema:
    properties = {
        key: {
            "description": _sentence(known.meaning),
            **((parts or {}).get(key) or _KEYS.get(key) or _FORMS[known.form]),
        }
        for key, known in definition.items()
    }
    table = {"type": "object", "properties": properties, "additionalProperties": False}
    needed = [] if may_lack else _needed(definition)
    return {**table, "required": needed} if needed else table


def _check(kinds: Mapping[str, Kind]) -> _Schema:
    """Return the schema of a check: which keys it may have depends on its kind."""
    words = {key: known for kind in kinds.values() for key, known in kind.built.items()}
    keys = {key for kind in kinds.values() for key in (*kind.needed, *kind.optional)}
    read = {key: known for key, known in CHECK.items() if key in ("name", "kind", *keys) or (key == "built" and words)}
    named = {"enum": list(kinds), "description": _sentence(CHECK["kind"].meaning)}
    table = _table(read, {"kind": named, "built": _table(words)}, may_lack=True)
    return {**table, "required": ["name"], "allOf": [_of_kind(name, kind, read) for name, kind in kinds.items()]}


def _of_kind(name: str, kind: Kind, read: Mapping[str, Key]) -> _Schema:
    may = {"name", "kind", *kind.needed, *kind.optional, *(("built",) if kind.built else ())}
    refused = {key: False for key in read if key not in may}
    then: _Schema = {"description": f"{_sentence(kind.asks)}"}
    if refused:
        then["properties"] = refused
    if kind.built:
        then["properties"] = {**refused, "built": {"propertyNames": {"enum": list(kind.built)}}}
    return {"if": {"required": ["kind"], "properties": {"kind": {"const": name}}}, "then": then}


def _alone(kinds: Mapping[str, Kind]) -> _Schema:
    """Return what a check needs that changes no other."""
    return {
        "required": ["kind"],
        "allOf": [
            {"if": {"properties": {"kind": {"const": name}}}, "then": {"required": list(kind.needed)}}
            for name, kind in kinds.items()
            if kind.needed
        ],
    }


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


if __name__ == "__main__":
    json.dump(schema(), sys.stdout, indent=2)
    sys.stdout.write("\n")
