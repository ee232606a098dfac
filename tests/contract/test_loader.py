"""Contract files: one that is read, and each slip that is refused by name."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cavra_lint.contract import Chain, ContractError, load_chain

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

#: What is replaced, by what, the line of the error, and the words that it begins with.
ERRORS = {
    "unknown table": (
        "[layout]",
        "[lay-out]\na = 1\n[layout]",
        8,
        "unknown key `lay-out`, allowed: extends, drop, chain, layout, private, index, gate",
    ),
    "artifacts are no table": (
        "[gate.artifacts]\ndocs =",
        "artifacts =",
        50,
        "[[gate]] S1.1: `artifacts` has the wrong form; expected a table",
    ),
    "unknown key of the chain": (
        'product = "SHIP"',
        'product = "SHIP"\nvendor = "x"',
        5,
        "[chain]: unknown key `vendor`, allowed: id, product, ref_schemes, forbidden_keys",
    ),
    "chain without product": ('product = "SHIP"', "", 2, "[chain]: `product` is missing; expected a text of one line"),
    "id is a number": (
        'id = "S1"\n',
        "id = 1\n",
        3,
        "[chain]: `id` has the wrong form; expected a text without spaces that does not begin wit",
    ),
    "schemes are a string": (
        '["evidence"]',
        '"evidence"',
        5,
        "[chain]: `ref_schemes` has the wrong form; expected a list of schemes such as `evidence`",
    ),
    "schemes hold a number": (
        '["evidence"]',
        '["evidence", 1]',
        5,
        "[chain]: `ref_schemes` has the wrong form; expected a list of schemes such as `evidence`",
    ),
    "unknown key of the layout": (
        'test = "tests',
        'tests = "tests',
        13,
        "[layout]: unknown key `tests`, allowed: live_sanitized_example, live_result, validator, ",
    ),
    "layout without docs": (
        'docs = "docs/{slug}.md"',
        "",
        60,
        "[[gate]] S1.2: `artifacts.docs` is missing, here and in [layout]; expected a path below ",
    ),
    "a mode where none is known": (
        'docs = "docs/{slug}.md"',
        'docs = "docs/{mode}.md"',
        14,
        "[layout]: `docs` has the placeholder `{mode}`, allowed: chain, product",
    ),
    "unknown placeholder": (
        "packets/{slug}.json",
        "packets/{gate}.json",
        9,
        "[layout]: `live_sanitized_example` has the placeholder `{gate}`, allowed: chain, product",
    ),
    "no index": (
        "[index]",
        "[layout.index]",
        19,
        "[layout]: unknown key `index`, allowed: live_sanitized_example, live_result, validator, ",
    ),
    "index without a slug": (
        'slug = "ship-index"',
        "",
        19,
        "[index]: `slug` is missing; expected a name of one word, as a folder could have it",
    ),
    "a gate's kind in the index": (
        'kind = "gates"',
        'kind = "controls"',
        34,
        "[index]: check gates: `kind` is no kind of check here, allowed: gate_count, gates, text",
    ),
    "the index's kind in a gate": (
        'kind = "sections"',
        'kind = "gates"',
        54,
        "[[gate]] S1.1: check crew: `kind` is no kind of check here, allowed: ref, refs, ref_sect",
    ),
    "unknown key of a gate": (
        'packet_option = "--log"',
        'flag = "--log"',
        69,
        "[[gate]] S1.2: unknown key `flag`, allowed: id, name, slug, label, ready_key, packet_sch",
    ),
    "ready key is missing": (
        'ready_key = "ready_for_first"\np',
        "p",
        40,
        "[[gate]] S1.1: `ready_key` is missing, here and in [layout]; expected a text of one line",
    ),
    "unknown artifact": (
        'docs = "handbook',
        'page = "handbook',
        51,
        "[[gate]] S1.1: `artifacts`: unknown key `page`, allowed: live_sanitized_example, live_re",
    ),
    "artifact is a list": (
        '"handbook/first.md"',
        '["a.md"]',
        51,
        "[[gate]] S1.1: `artifacts.docs` has the wrong form; expected a path below the root, with",
    ),
    "unknown key of a check": (
        'healthy = ["aboard"]',
        'healty = ["aboard"]',
        58,
        "[[gate]] S1.1: check crew: unknown key `healty`, allowed: name, kind, required, id_key, ",
    ),
    "healthy is a string": (
        '["aboard"]',
        '"aboard"',
        58,
        "[[gate]] S1.1: check crew: `healthy` has the wrong form; expected a list of texts, not e",
    ),
    "unknown check kind": (
        'kind = "sections"',
        'kind = "section"',
        54,
        "[[gate]] S1.1: check crew: `kind` is no kind of check here, allowed: ref, refs, ref_sect",
    ),
    "sections without an id key": (
        'id_key = "role"',
        "",
        52,
        "[[gate]] S1.1: check crew: `id_key` is missing; a check of kind `sections` needs a text ",
    ),
    "sections without references": (
        'refs_key = "refs"',
        "",
        52,
        "[[gate]] S1.1: check crew: `refs_key` is one of two; expected `refs_key` or `ref_key`",
    ),
    "sections with both": (
        'refs_key = "refs"',
        'refs_key = "refs"\nref_key = "ref"',
        58,
        "[[gate]] S1.1: check crew: `ref_key` is one of two; expected `refs_key` or `ref_key`",
    ),
    "source without a ready key": (
        'ready_key = "ready_for_first"\n[[',
        "[[",
        70,
        "[[gate]] S1.2: check first_result: `ready_key` is missing; a check of kind `source_resul",
    ),
    "text without a length": (
        "min_length = 10",
        "",
        35,
        "[index]: check completion_condition: `min_length` is missing; a check of kind `text` nee",
    ),
    "length is true": (
        "min_length = 10",
        "min_length = true",
        38,
        "[index]: check completion_condition: `min_length` has the wrong form; expected a whole n",
    ),
    "length is a text": (
        "min_length = 10",
        'min_length = "10"',
        38,
        "[index]: check completion_condition: `min_length` has the wrong form; expected a whole n",
    ),
    "checks are a table": (
        '[[index.check]]\nname = "gate_count"\nkind = "gate_count"\n[[index.check]]\nname = "gates"\nkind = "gates"\n'
        "[[index.check]]",
        "[index.check]",
        29,
        "[index]: `check` has the wrong form; expected a list of tables",
    ),
    "id repeated": (
        'id = "S1.2"',
        'id = "S1.1"',
        61,
        "[[gate]] 2: `id` is `S1.1` again; expected an id that no other gate has",
    ),
    "index has a gate's id": (
        'id = "S1.I"',
        'id = "S1.1"',
        20,
        "[index]: `id` is `S1.1`, as that of S1.1; expected its own",
    ),
    "slug repeated": (
        'slug = "second-gate"',
        'slug = "first-gate"',
        64,
        "[[gate]] S1.2: `slug` is `first-gate`, as that of S1.1; expected its own",
    ),
    "ready key repeated": (
        '"ready_for_second"',
        '"ready_for_first"',
        65,
        "[[gate]] S1.2: `ready_key` is `ready_for_first`, as that of S1.1; expected its own",
    ),
    "source that no gate has": (
        '"ready_for_first"\n[[',
        '"ready_for_third"\n[[',
        73,
        "[[gate]] S1.2: check first_result: `ready_key` names `ready_for_third`, and no gate befo",
    ),
    "source that stands later": (
        'required = ["S1.1"]',
        'required = ["S1.2"]',
        77,
        "[[gate]] S1.2: check all_results: `required` names `S1.2`, and no gate before S1.2 has t",
    ),
    "no TOML": ("[chain]", "[chain", 2, "is not TOML: Expected ']' at the end of a table declaration"),
    "an id with a space": (
        'id = "S1.1"',
        'id = "S1 1"',
        41,
        "[[gate]] 1: `id` has the wrong form; expected a text without",
    ),
    "a slug that leaves": ('slug = "first-gate"', 'slug = ".."', 44, "[[gate]] S1.1: `slug` has the wrong form"),
    "a name of two lines": ('name = "First"', 'name = "a\\nb"', 42, "[[gate]] S1.1: `name` has the wrong form"),
    "an option that each command has": (
        '"--log"',
        '"--output"',
        69,
        "[[gate]] S1.2: `packet_option` is `--output`, which each",
    ),
    "a ready key that each verdict holds": (
        '"ready_for_first"\np',
        '"status"\np',
        45,
        "[[gate]] S1.1: `ready_key` is `status`",
    ),
    "a check that each packet holds": (
        'name = "crew"',
        'name = "sanitized"',
        53,
        "[[gate]] S1.1: check sanitized: `name` is `sanitized`",
    ),
    "a check again": (
        'name = "all_results"',
        'name = "first_result"',
        75,
        "[[gate]] S1.2: check 2: `name` is `first_result` again",
    ),
    "a path that leaves": (
        '"handbook/first.md"',
        '"../first.md"',
        51,
        "[[gate]] S1.1: `artifacts.docs` has the wrong form",
    ),
    "a packet of two gates": (
        '"packets/{slug}.json"',
        '"packets/one.json"',
        60,
        "[[gate]] S1.2: `artifacts.live_sanitized_example` is",
    ),
    "an open brace": ('"docs/{slug}.md"', '"docs/{slug.md"', 14, "[layout]: `docs` has a brace that belongs to no"),
    "a length without end": (
        "min_length = 10",
        "min_length = 1000000000",
        38,
        "[index]: check completion_condition: `min_length`",
    ),
    "a circle": (
        'id = "S1.2"',
        'id = "S1.2"\nafter = "S1.2"',
        62,
        "[[gate]] S1.2: `after` names a gate that stands behind",
    ),
    "behind nothing": (
        'id = "S1.2"',
        'id = "S1.2"\nafter = "S1.3"',
        62,
        "[[gate]] S1.2: `after` names no gate of the chain",
    ),
    "a drop from nothing": ("[chain]", 'drop = ["S0"]\n[chain]', 2, "`drop` names no gate of the extended contract"),
    "a private category that is none": (
        "[index]",
        "[private]\nprices = []\n[index]",
        20,
        "[private]: unknown key `prices`",
    ),
    "built words of another kind": (
        'healthy = ["aboard"]',
        'built.refs = ["a"]',
        58,
        "[[gate]] S1.1: check crew: `built`: unknown key",
    ),
    **{
        f"a command that a shell takes apart: {end}": (
            "{live_sanitized_example} --require-live",
            f"{{live_sanitized_example}} {end}",
            17,
            "[layout]: `command` is no single command; expected a program and its words",
        )
        for end in ("|| true", "| tee out.json", "; true", "&", "> out.json", "# --require-live", "'--require-live")
    },
    "a command of one gate that a shell takes apart": (
        'packet_option = "--log"',
        'command = "make first && make second"',
        69,
        "[[gate]] S1.2: `command` is no single command",
    ),
    "an id where each packet has its mode": (
        "[index]",
        'id_key = "evidence_mode"\nid_value = "{slug}"\n[index]',
        42,
        "[[gate]] S1.1: `id_key` is `evidence_mode`, which a packet holds already",
    ),
    "a customer where each packet has its schema": (
        'slug = "second-gate"',
        'slug = "second-gate"\nprofile_ref = "schema_version"',
        65,
        "[[gate]] S1.2: `profile_ref` is no place of a reference in a packet",
    ),
    "a customer in a verdict": (
        'slug = "second-gate"',
        'slug = "second-gate"\nprofile_ref = "first_result.product"',
        65,
        "[[gate]] S1.2: `profile_ref` is no place of a reference in a packet",
    ),
    "a customer below a key without a name": (
        'slug = "second-gate"',
        'slug = "second-gate"\nprofile_ref = "customer..ref"',
        65,
        "[[gate]] S1.2: `profile_ref` is no place of a reference in a packet",
    ),
    "an entry told apart by its status": (
        'id_key = "role"',
        'id_key = "status"',
        56,
        "[[gate]] S1.1: check crew: `id_key` is `status`, which an entry holds already",
    ),
    "an entry told apart by its references": (
        'refs_key = "refs"',
        'refs_key = "role"',
        57,
        "[[gate]] S1.1: check crew: `refs_key` is `role`, which an entry holds already",
    ),
    "an entry with its reference for a summary": (
        'refs_key = "refs"',
        'refs_key = "summary"\nsummary_min_length = 9',
        57,
        "[[gate]] S1.1: check crew: `refs_key` is `summary`, which an entry holds already",
    ),
    "a built status that is not healthy": (
        'healthy = ["aboard"]',
        'healthy = ["aboard"]\nbuilt.status.captain = "ashore"',
        59,
        "[[gate]] S1.1: check crew: `built.status.captain` is none of `healthy`",
    ),
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


def test_a_chain_has_a_gate_before_its_index(tmp_path: Path) -> None:
    start = TWO_GATES[: TWO_GATES.index("[[gate]]")]
    assert str(refused(tmp_path, start.encode())).startswith("contract.toml:1: `gate` is missing; expected one gate")
    behind = TWO_GATES[TWO_GATES.index("[[gate]]") :].replace("slug = ", 'after = "S1.I"\nslug = ')
    error = refused(tmp_path, (start + behind).encode())
    assert str(error).startswith("contract.toml:40: `gate` is missing; expected one gate")
    ids = [f"R7.{number}" for number in range(1, 11)]
    error = refused(tmp_path, f'extends = "R7"\ndrop = {ids}'.encode())
    assert str(error).startswith("contract.toml:2: `drop` leaves no gate before the index")


@pytest.mark.parametrize(
    "command",
    ["make '{slug}'", 'python3 "{validator}" --at "a;b" --of a#b', r"sh judge\;it", "A=1 uv run judge --at=$(pwd)"],
)
def test_a_command_may_quote_what_a_shell_takes_apart(command: str, tmp_path: Path) -> None:
    lines = [f"command = '''{command}'''" if "{validator}" in one else one for one in TWO_GATES.split("\n")]
    assert load_chain(written(tmp_path, "\n".join(lines))).gates[0].command


def test_a_customer_may_stand_where_a_check_reads_a_reference(tmp_path: Path) -> None:
    text = TWO_GATES.replace("[index]", 'profile_ref = "who.ref"\n[index]')
    assert load_chain(written(tmp_path, text)).gates[1].profile_ref == "who.ref"
    read = text + '[[gate.check]]\nname = "who"\nkind = "refs"\nrequired = ["ref"]\n'
    assert load_chain(written(tmp_path, read)).gates[1].profile_ref == "who.ref"


@pytest.mark.parametrize(("old", "new", "line", "words"), ERRORS.values(), ids=ERRORS.keys())
def test_a_slip_is_refused_where_it_stands(old: str, new: str, line: int, words: str, tmp_path: Path) -> None:
    assert old in TWO_GATES
    error = refused(tmp_path, TWO_GATES.replace(old, new, 1).encode())
    assert str(error).startswith(f"contract.toml:{line}: {words}")
    assert (error.file, error.line) == ("contract.toml", line)


def refused(folder: Path, data: bytes) -> ContractError:
    """Return the error of a contract that is refused: one line, with no path of the machine in it."""
    (folder / "contract.toml").write_bytes(data)
    with pytest.raises(ContractError) as raised:
        load_chain(str(folder / "contract.toml"))
    message = str(raised.value)
    assert message.isprintable()
    assert str(folder) not in message
    return raised.value


@pytest.mark.parametrize(
    ("data", "words"),
    [
        pytest.param(b"a = 1\n\xff\xfe[\x00", "contract.toml:2: is not UTF-8", id="not UTF-8"),
        pytest.param(b"a = 1\n\x00", "contract.toml:2: is not TOML", id="a null byte"),
        pytest.param(b"\xef\xbb\xbfa = = 1", "contract.toml:1: is not TOML", id="a byte order mark, and no TOML"),
        pytest.param(b"", "contract.toml:1: [chain]: `id` is missing", id="empty"),
        pytest.param(
            b"gate = 3", "contract.toml:1: `gate` has the wrong form; expected a list", id="gates are a number"
        ),
        pytest.param(b"gate = [3]", "contract.toml:1: `gate` has the wrong form", id="a gate is a number"),
        pytest.param(b"[gate]", "contract.toml:1: `gate` has the wrong form; expected a list", id="gates are a table"),
        pytest.param(
            b"\n[[chain]]", "contract.toml:2: [chain] has the wrong form; expected a table", id="chains are a list"
        ),
        pytest.param(b"a = " + b"[" * 5000, "contract.toml:1: is nested too deep", id="nested too deep"),
        pytest.param(b"a = " + b"9" * 5000, "contract.toml:1: is not TOML: a number is too long", id="a long number"),
    ],
)
def test_bytes_that_are_no_contract(data: bytes, words: str, tmp_path: Path) -> None:
    assert str(refused(tmp_path, data)).startswith(words)


def test_a_byte_order_mark_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "contract.toml"
    path.write_bytes(b"\xef\xbb\xbf" + TWO_GATES.encode())
    assert load_chain(str(path)).id == "S1"


def test_what_is_no_file_is_no_contract(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo.toml")
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "link.toml").symlink_to("none.toml")
    said = {
        "none.toml": "none.toml: No such file or directory",
        "folder.toml": "folder.toml: is a folder, expected a file",
        "fifo.toml": "fifo.toml: is no regular file",
        "link.toml": "link.toml: No such file or directory",
        "link.toml/below.toml": "below.toml: No such file or directory",
    }
    for name, message in said.items():
        with pytest.raises(ContractError) as raised:
            load_chain(str(tmp_path / name))
        assert str(raised.value) == message


def test_every_value_of_a_wrong_type_is_refused(tmp_path: Path) -> None:
    """Whatever stands under a key, the error is one line, and never a traceback."""
    lines = TWO_GATES.splitlines()
    for number, line in enumerate(lines):
        key, equals, _ = line.partition(" = ")
        for value in ("0", "true", "{}", '""', "[[]]", "[{}]", "1979-05-27", '["a", "a"]') if equals else ():
            changed = [*lines[:number], f"{key} = {value}", *lines[number + 1 :]]
            assert refused(tmp_path, "\n".join(changed).encode()).line > 0, (line, value)


def test_an_extended_contract_is_changed_by_id_and_by_name(tmp_path: Path) -> None:
    (tmp_path / "base.toml").write_text(TWO_GATES)
    text = """
extends = "base.toml"
[chain]
product = "BARGE"
[layout]
wiki = "wiki/{title}.md"
[private]
pricing = ["freight"]
[index]
name = "Barge Index"
[[gate]]
id = "S1.2"
packet_option = "--journal"
drop = ["all_results"]
[[gate.check]]
name = "quay"
kind = "ref"
[[gate]]
id = "S1.1"
[gate.artifacts]
docs = "handbook/the-first.md"
[[gate.check]]
name = "crew"
required = ["captain", "cook"]
[[gate]]
id = "S1.4"
name = "Behind"
slug = "behind"
after = "S1.I"
ready_key = "behind_ready"
packet_schema = "a"
result_schema = "b"
export_schema = "c"
check = [{ name = "index", kind = "source_result", ready_key = "ready_for_ship_index" }]
[[gate]]
id = "S1.3"
name = "Third"
slug = "third"
ready_key = "third_ready"
packet_schema = "a"
result_schema = "b"
export_schema = "c"
check = [{ name = "before", kind = "gate_results", required = ["S1.2", "S1.1"] }]
"""
    chain = load_chain(written(tmp_path, text))
    first, second = chain.gate("S1.1"), chain.gate("S1.2")
    assert [gate.id for gate in chain.every] == ["S1.1", "S1.2", "S1.3", "S1.I", "S1.4"]
    assert [gate.id for gate in chain.later_gates] == ["S1.4"]
    assert (chain.id, chain.product, chain.index_gate.name) == ("S1", "BARGE", "Barge Index")
    assert (first.artifacts["docs"], first.artifacts["wiki"]) == ("handbook/the-first.md", "wiki/First.md")
    assert (first.checks[2].required, first.checks[2].healthy) == (("captain", "cook"), ("aboard",))
    assert (second.packet_option, [check.name for check in second.checks[2:-1]]) == (
        "--journal",
        ["first_result", "quay"],
    )
    assert [[gate.id for gate in gates] for _, gates in chain.sources(chain.gate("S1.3"))] == [["S1.1", "S1.2"]]
    assert dict(chain.users) == {"S1.1": ("S1.2", "S1.3"), "S1.2": ("S1.3",), "S1.I": ("S1.4",)}
    assert (chain.private_keys["pricing"], "password" in chain.private_keys["credential"]) == (("freight",), True)
    assert [os.path.basename(file) for file in chain.files] == ["base.toml", "contract.toml"]


def test_equal_checks_of_the_gates_of_a_chain_are_one(tmp_path: Path) -> None:
    crew = TWO_GATES[TWO_GATES.index('[[gate.check]]\nname = "crew"') : TWO_GATES.index('[[gate]]\nid = "S1.2"')]
    built = '[gate.check.built.summary]\ncaptain = "Aboard since noon."\n'
    for text, is_one in ((crew, True), (crew.replace("aboard", "ashore"), False), (crew + built, False)):
        first, second = load_chain(written(tmp_path, TWO_GATES + text)).gates
        assert (first.checks[2] is second.checks[-2], first.checks[2] == second.checks[-2]) == (is_one, is_one)


def test_r7_is_extended_by_its_name(tmp_path: Path, chain: Chain) -> None:
    text = """
extends = "R7"
drop = ["R7.1", "R7.2"]
[[gate]]
id = "R7.3"
drop = ["evidence_room_index_ref", "evidence_room_result"]
[[gate.check]]
name = "handoff_controls"
source_control = "rollback_contact_defined"
[[gate]]
id = "R7.7"
[[gate.check]]
name = "lifecycle_gates"
required = ["R7.3"]
[[gate]]
id = "R7.12"
name = "Customer Lifecycle Announcement"
slug = "customer-lifecycle-announcement"
after = "R7.11"
[[gate.check]]
name = "index_result"
kind = "source_result"
ready_key = "ready_for_customer_lifecycle_verification_index"
"""
    extended = load_chain(written(tmp_path, text))
    assert [gate.id for gate in extended.gates] == [gate.id for gate in chain.gates[2:]]
    announcement = extended.gate("R7.12")
    assert announcement.ready_key == "ready_for_customer_lifecycle_announcement"
    assert announcement.artifacts["wiki"] == "docs/wiki/Customer-Lifecycle-Announcement.md"
    assert extended.gate("R7.4") == chain.gate("R7.4")


#: What a contract that extends another says, and what is said of it.
EXTENSIONS = {
    "no path": ('extends = "../base.toml"', "contract.toml:1: `extends` has the wrong form"),
    "no file": ('extends = "none.toml"', "contract.toml:1: `extends` names no file"),
    "a link that leaves": ('extends = "link.toml"', "contract.toml:1: `extends` leads out of this file's folder"),
    "itself": ('extends = "contract.toml"', "contract.toml:1: `extends` names a contract that extends this one"),
    "a circle": ('extends = "circle.toml"', "circle.toml:1: `extends` names a contract that extends this one"),
    "a slip in the base": ('extends = "slip.toml"', "slip.toml:2: [chain]: unknown key `idd`"),
    "a base whose checks are none": (
        'extends = "odd.toml"\n[index]\ncheck = []',
        "odd.toml:3: [index]: `check` has the",
    ),
    "a base whose paths are none": (
        'extends = "paths.toml"\n[[gate]]\nid = "R7.1"\n[gate.artifacts]',
        "paths.toml:4: [[gate]] R7.1: `artifacts` has the wrong form; expected a table",
    ),
    "a base with a check that no one can name": (
        'extends = "nameless.toml"\n[[gate]]\nid = "R7.1"\ncheck = [{ name = "a", kind = "ref" }]',
        "nameless.toml:4: [[gate]] R7.1: check 1: `name` is missing; expected a text of one line",
    ),
    "a base that drops what is not there": (
        'extends = "drops.toml"\ndrop = ["R7.1"]',
        "drops.toml:3: `drop` names no gate of the extended contract",
    ),
    "a check twice in an extension": (
        'extends = "R7"\n[[gate]]\nid = "R7.1"\ncheck = [\n{ name = "a", kind = "ref" },\n{ name = "a" },\n]',
        "contract.toml:6: [[gate]] R7.1: check 2: `name` is `a` again; expected each name once",
    ),
    "a check that each packet has": (
        'extends = "R7"\n[[gate]]\nid = "R7.1"\ncheck = [\n{ name = "phase", kind = "ref" },\n]',
        "contract.toml:5: [[gate]] R7.1: check phase: `name` is `phase`, which a packet holds already",
    ),
    "a base that is no TOML": ('extends = "torn.toml"', "torn.toml:1: is not TOML"),
    "a gate to drop that is not there": (
        'extends = "R7"\n\ndrop = ["R7.33"]',
        "contract.toml:3: `drop` names no gate of",
    ),
    "a check to drop that is not there": (
        'extends = "R7"\n[[gate]]\nid = "R7.1"\ndrop = ["attestatoin"]',
        "contract.toml:4: [[gate]] R7.1: `drop` names `attestatoin`, no check of the gate; did you mean `attestation`?",
    ),
    "what others stand on is dropped": (
        'extends = "R7"\ndrop = ["R7.1"]',
        "r7.toml:",
    ),
    "a key of a changed check": (
        'extends = "R7"\n[[gate]]\nid = "R7.1"\n[[gate.check]]\nname = "attestation"\nrequird = ["a"]',
        "contract.toml:6: [[gate]] R7.1: check attestation: unknown key `requird`",
    ),
}


@pytest.mark.parametrize(("text", "words"), EXTENSIONS.values(), ids=EXTENSIONS.keys())
def test_a_slip_in_an_extension_is_told_in_its_own_file(text: str, words: str, tmp_path: Path) -> None:
    folder = tmp_path / "chain"
    folder.mkdir()
    (tmp_path / "outside.toml").write_text(TWO_GATES)
    (folder / "link.toml").symlink_to("../outside.toml")
    (folder / "circle.toml").write_text('extends = "contract.toml"')
    (folder / "slip.toml").write_text('[chain]\nidd = "S"')
    (folder / "torn.toml").write_text("[chain")
    (folder / "drops.toml").write_text('extends = "R7"\n\ndrop = ["R7.33"]\n')
    (folder / "odd.toml").write_text('extends = "R7"\n[index]\ncheck = 5\n')
    (folder / "paths.toml").write_text('extends = "R7"\n[[gate]]\nid = "R7.1"\nartifacts = "docs"\n')
    (folder / "nameless.toml").write_text('extends = "R7"\n[[gate]]\nid = "R7.1"\ncheck = [{ kind = "ref" }]\n')
    assert str(refused(folder, text.encode())).startswith(words)


def test_ten_thousand_gates_are_read_and_each_is_found(tmp_path: Path) -> None:
    layout = (
        'ready_key = "{module}_ready"\npacket_schema = "{slug}"\nresult_schema = "{slug}"\nexport_schema = "{slug}"\n'
    )
    head = TWO_GATES.partition("[[gate]]")[0].replace("[index]", f"{layout}[index]")
    gates = (
        f'[[gate]]\nid = "S.{n}"\nname = "Gate {n}"\nslug = "gate-{n}"\n[[gate.check]]\nname = "a"\nkind = "ref"\n'
        for n in range(10_000)
    )
    chain = load_chain(written(tmp_path, head + "".join(gates)))
    assert (len(chain.gates), chain.gate("S.9999").artifacts["docs"]) == (10_000, "docs/gate-9999.md")
