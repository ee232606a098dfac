"""Contract files: one that is read, and each slip that is refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from cavra_lint.contract import ContractError, load_chain

TWO_GATES = """
[chain]
id = "S1"
product = "SHIP"
ref_schemes = ["evidence"]
forbidden_keys = ["secret"]

[layout]
live_sanitized_example = "packets/{slug}.json"
live_result = "packets/{slug}.result.json"
validator = "bin/check_{module}.py"
workflow = ".github/workflows/{slug}.yml"
test = "tests/test_{module}.py"
docs = "docs/{slug}.md"
wiki = "wiki/{slug}.md"
packet_option = "--packet"
command = "python3 {validator} {packet_option} {live_sanitized_example} --require-live"

[index]
id = "S1.I"
name = "Ship Index"
label = "Index"
slug = "ship-index"
ready_key = "ready_for_ship_index"
packet_schema = "ship.index.v1"
result_schema = "ship.index.result.v1"
export_schema = "ship.index.export.v1"
command = "make index"
[[index.check]]
name = "gate_count"
kind = "gate_count"
[[index.check]]
name = "gates"
kind = "gates"
[[index.check]]
name = "completion_condition"
kind = "text"
min_length = 10

[[gate]]
id = "S1.1"
name = "First"
label = "First"
slug = "first-gate"
ready_key = "ready_for_first"
packet_schema = "ship.first.v1"
result_schema = "ship.first.result.v1"
export_schema = "ship.first.export.v1"
forbidden_keys = ["berth", "secret"]
[gate.artifacts]
docs = "handbook/first.md"
[[gate.check]]
name = "crew"
kind = "sections"
required = ["captain"]
id_key = "role"
refs_key = "refs"
healthy = ["aboard"]

[[gate]]
id = "S1.2"
name = "Second"
label = "Second"
slug = "second-gate"
ready_key = "ready_for_second"
packet_schema = "ship.second.v1"
result_schema = "ship.second.result.v1"
export_schema = "ship.second.export.v1"
packet_option = "--log"
[[gate.check]]
name = "first_result"
kind = "source_result"
ready_key = "ready_for_first"
[[gate.check]]
name = "all_results"
kind = "gate_results"
required = ["S1.1"]
"""

#: What is replaced, by what, and the words that the error has to hold.
ERRORS = {
    "unknown table": ("[layout]", "[lay-out]\na = 1\n[layout]", "unknown key `lay-out`; known: chain, layout"),
    "artifacts are no table": ("[gate.artifacts]\ndocs =", "artifacts =", "`gate` 1: `artifacts`: expected a table"),
    "unknown key of the chain": ('product = "SHIP"', 'product = "SHIP"\nvendor = "x"', "`chain`: unknown key `vendor`"),
    "chain without product": ('product = "SHIP"', "", "`chain`: `product` is missing; expected a string"),
    "id is a number": ('id = "S1"\n', "id = 1\n", "`chain`: `id` has the wrong type; expected a string"),
    "schemes are a string": ('["evidence"]', '"evidence"', "`ref_schemes` has the wrong type; expected a list of"),
    "schemes hold a number": ('["evidence"]', '["evidence", 1]', "`ref_schemes` has the wrong type; expected a list"),
    "unknown key of the layout": ('test = "tests', 'tests = "tests', "`layout`: unknown key `tests`"),
    "layout without docs": ('docs = "docs/{slug}.md"', "", "`layout`: `docs` is missing; expected a string"),
    "unknown placeholder": (
        "packets/{slug}.json",
        "packets/{gate}.json",
        "has a placeholder that is none of slug, mod",
    ),
    "no index": ("[index]", "[layout.index]", "unknown key `index`"),
    "index without a slug": ('slug = "ship-index"', "", "`index`: `slug` is missing"),
    "a gate's kind in the index": (
        'kind = "gates"',
        'kind = "controls"',
        "unknown check kind `controls`; known: gate_c",
    ),
    "the index's kind in a gate": ('kind = "sections"', 'kind = "gates"', "unknown check kind `gates`; known: ref,"),
    "unknown key of a gate": ('packet_option = "--log"', 'flag = "--log"', "`gate` 2: unknown key `flag`"),
    "ready key is missing": ('ready_key = "ready_for_first"\np', "p", "`gate` 1: `ready_key` is missing"),
    "unknown artifact": ('docs = "handbook', 'page = "handbook', "`gate` 1: `artifacts`: unknown key `page`"),
    "artifact is a list": (
        '"handbook/first.md"',
        '["a.md"]',
        "`artifacts`: `docs` has the wrong type; expected a string",
    ),
    "unknown key of a check": ('healthy = ["aboard"]', 'healty = ["aboard"]', "`check` 1: unknown key `healty`"),
    "healthy is a string": (
        '["aboard"]',
        '"aboard"',
        "`check` 1: `healthy` has the wrong type; expected a list of str",
    ),
    "unknown check kind": ('kind = "sections"', 'kind = "section"', "`check` 1: unknown check kind `section`"),
    "sections without an id key": ('id_key = "role"', "", "a check of kind `sections` needs `id_key`"),
    "sections without references": ('refs_key = "refs"', "", "needs one of `refs_key` and `ref_key`"),
    "sections with both": ('refs_key = "refs"', 'refs_key = "refs"\nref_key = "ref"', "needs one of `refs_key` and"),
    "source without a ready key": (
        'ready_key = "ready_for_first"\n[[',
        "[[",
        "of kind `source_result` needs `ready_key`",
    ),
    "text without a length": ("min_length = 10", "", "a check of kind `text` needs `min_length`"),
    "length is true": ("min_length = 10", "min_length = true", "`min_length` has the wrong type; expected a whole"),
    "length is a text": (
        "min_length = 10",
        'min_length = "10"',
        "`min_length` has the wrong type; expected a whole num",
    ),
    "checks are a table": (
        '[[index.check]]\nname = "gate_count"\nkind = "gate_count"\n[[index.check]]\nname = "gates"\nkind = "gates"\n'
        "[[index.check]]",
        "[index.check]",
        "`index`: `check` has the wrong type; expected a list",
    ),
    "id repeated": ('id = "S1.2"', 'id = "S1.1"', "two gates have the id `S1.1`"),
    "index has a gate's id": ('id = "S1.I"', 'id = "S1.1"', "two gates have the id `S1.1`"),
    "slug repeated": ('slug = "second-gate"', 'slug = "first-gate"', "two gates have the slug `first-gate`"),
    "ready key repeated": ('"ready_for_second"', '"ready_for_first"', "two gates have the ready_key `ready_for_first`"),
    "source that no gate has": (
        '"ready_for_first"\n[[',
        '"ready_for_third"\n[[',
        "gate S1.2: `first_result` names `ready",
    ),
    "source that stands later": (
        'required = ["S1.1"]',
        'required = ["S1.2"]',
        "`all_results` names `S1.2`, and no gate",
    ),
    "no TOML": ("[chain]", "[chain", "contract.toml: "),
}


def written(folder: Path, text: str) -> str:
    path = folder / "contract.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_contract_of_two_gates_is_read(tmp_path: Path) -> None:
    chain = load_chain(written(tmp_path, TWO_GATES))
    first, second = chain.gates
    assert (chain.id, chain.product, chain.ref_schemes) == ("S1", "SHIP", ("evidence",))
    assert [gate.id for gate in chain.gates] == ["S1.1", "S1.2"]
    assert first.artifacts == {
        "live_sanitized_example": "packets/first-gate.json",
        "live_result": "packets/first-gate.result.json",
        "validator": "bin/check_first_gate.py",
        "workflow": ".github/workflows/first-gate.yml",
        "test": "tests/test_first_gate.py",
        "docs": "handbook/first.md",
        "wiki": "wiki/first-gate.md",
    }
    assert first.command == "python3 bin/check_first_gate.py --packet packets/first-gate.json --require-live"
    assert second.command == "python3 bin/check_second_gate.py --log packets/second-gate.json --require-live"
    assert chain.index_gate.command == "make index"
    assert first.forbidden_keys == ("secret", "berth")
    assert [check.name for check in first.checks] == ["schema_version", "evidence_mode", "crew", "no_private_material"]
    crew = first.checks[2]
    assert (crew.required, crew.id_key, crew.refs_key, crew.healthy) == (("captain",), "role", "refs", ("aboard",))
    assert [[gate.id for gate in gates] for _, gates in chain.sources(second)] == [["S1.1"], ["S1.1"]]


@pytest.mark.parametrize(("old", "new", "words"), ERRORS.values(), ids=ERRORS.keys())
def test_a_slip_is_refused_by_name(old: str, new: str, words: str, tmp_path: Path) -> None:
    assert old in TWO_GATES
    path = written(tmp_path, TWO_GATES.replace(old, new))
    with pytest.raises(ContractError) as raised:
        load_chain(path)
    message = str(raised.value)
    assert message.startswith("contract.toml: ")
    assert words in message
    assert "\n" not in message
    assert str(tmp_path) not in message


@pytest.mark.parametrize(
    ("data", "words"),
    [
        pytest.param(b"\xff\xfe[\x00", "contract.toml: ", id="not UTF-8"),
        pytest.param(b"", "contract.toml: `index`: `slug` is missing", id="empty"),
        pytest.param(b"gate = 3", "contract.toml: `gate` has the wrong type; expected a list", id="gates are a number"),
        pytest.param(b"gate = [3]", "contract.toml: `gate` 1: expected a table", id="a gate is a number"),
        pytest.param(b"chain = 3", "contract.toml: `chain`: expected a table", id="the chain is a number"),
        pytest.param(b"a = " + b"[" * 5000, "contract.toml: ", id="nested too deep"),
    ],
)
def test_bytes_that_are_no_contract(data: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "contract.toml"
    path.write_bytes(data)
    with pytest.raises(ContractError) as raised:
        load_chain(str(path))
    assert words in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_contract_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match=r"^none\.toml: No such file or directory$"):
        load_chain(str(tmp_path / "none.toml"))


def test_a_folder_is_no_contract(tmp_path: Path) -> None:
    (tmp_path / "folder.toml").mkdir()
    with pytest.raises(ContractError, match=r"^folder\.toml: "):
        load_chain(str(tmp_path / "folder.toml"))
