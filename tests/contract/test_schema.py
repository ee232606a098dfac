"""What is made of the definitions: the JSON Schema, and the tables of the page. Both have to be current."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import tomli

from cavra_lint.contract.reference import with_tables
from cavra_lint.contract.schema import schema

PUBLISHED = "cavra_lint/contract/contract.schema.json"

GATE = """
[[gate]]
id = "A"
name = "A"
slug = "a"
"""
HEAD = """
[chain]
id = "C"
product = "P"
ref_schemes = ["s"]
[index]
id = "I"
name = "I"
slug = "i"
"""

#: What the schema refuses: a contract, and a part of it that holds the slip.
REFUSED = {
    "no chain": (GATE, ""),
    "a gate without a slug": (f'{HEAD}[[gate]]\nid = "A"\nname = "A"', "gate"),
    "a gate without an id, in an extension": ('extends = "R7"\n[[gate]]\nname = "A"', "gate"),
    "an unknown table": (f"{HEAD}[lay-out]", ""),
    "an unknown key of a gate": (f'{HEAD}{GATE}nmae = "x"', "gate"),
    "gates are a table": (f"{HEAD}[gate]", "gate"),
    "a slug that leaves": (f'{HEAD}[[gate]]\nid = "A"\nname = "A"\nslug = "a/b"', "gate"),
    "a path that leaves": (f'{HEAD}[layout]\ndocs = "../{{slug}}.md"', "layout"),
    "an absolute path": (f'{HEAD}[layout]\ndocs = "/{{slug}}.md"', "layout"),
    "an option of one dash": (f'{HEAD}[layout]\npacket_option = "-p"', "layout"),
    "an empty list of schemes": (HEAD.replace('["s"]', "[]"), "chain"),
    "an unknown kind": (f'{HEAD}{GATE}check = [{{ name = "n", kind = "reff" }}]', "gate"),
    "a key that the kind does not read": (
        f'{HEAD}{GATE}check = [{{ name = "n", kind = "ref", required = ["a"] }}]',
        "gate",
    ),
    "a key that the kind needs": (f'{HEAD}{GATE}check = [{{ name = "n", kind = "controls" }}]', "gate"),
    "a length without end": (f'{HEAD}{GATE}check = [{{ name = "n", kind = "text", min_length = 1000000 }}]', "gate"),
    "a path of spaces": (f'{HEAD}[layout]\ndocs = " "', "layout"),
    "a brace that is open": (f'{HEAD}[layout]\nready_key = "{{slug"', "layout"),
    "an unknown placeholder of a path": (f'{HEAD}{GATE}artifacts = {{ docs = "{{slog}}.md" }}', "gate"),
    "a word of the command elsewhere": (f'{HEAD}{GATE}label = "{{docs}}"', "gate"),
    "a mode where none is known": (f'{HEAD}[layout]\ncommand = "{{mode}}"', "layout"),
    "a section without a name": (
        f'{HEAD}{GATE}check = [{{ name = "n", kind = "ref_sections", sections = {{ "" = ["a"] }} }}]',
        "gate",
    ),
    "an extended contract that lies elsewhere": ('extends = "../chain.toml"', "extends"),
    "an unknown private category": (f"{HEAD}[private]\nprices = []", "private"),
}


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    jsonschema.Draft202012Validator.check_schema(schema())
    return jsonschema.Draft202012Validator(schema())


def read(path: Path) -> dict[str, Any]:
    return tomli.loads(path.read_text("utf-8"))


def test_the_published_schema_is_current(root: Path) -> None:
    assert json.loads((root / PUBLISHED).read_text("utf-8")) == schema()


def test_the_tables_of_the_page_are_current(root: Path) -> None:
    page = (root / "docs/contracts.md").read_text("utf-8")
    assert page.count("<!-- made from the definitions: ") == page.count("<!-- end -->") == 10
    assert page == with_tables(page)


@pytest.mark.parametrize("path", ["cavra_lint/contract/r7.toml", "examples/model-release-chain/chain.toml"])
def test_contracts_are_accepted(path: str, root: Path, validator: jsonschema.Draft202012Validator) -> None:
    assert list(validator.iter_errors(read(root / path))) == []


def test_an_extension_may_leave_out_what_it_extends(validator: jsonschema.Draft202012Validator) -> None:
    text = 'extends = "R7"\n[[gate]]\nid = "R7.1"\n[[gate.check]]\nname = "attestation"\nrequired = ["a"]'
    assert list(validator.iter_errors(tomli.loads(text))) == []


@pytest.mark.parametrize(("text", "part"), REFUSED.values(), ids=REFUSED.keys())
def test_slips_are_refused(text: str, part: str, validator: jsonschema.Draft202012Validator) -> None:
    errors = list(validator.iter_errors(tomli.loads(text)))
    assert errors
    assert part in ("", *(error.absolute_path[0] for error in errors if error.absolute_path))
