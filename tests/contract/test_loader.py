"""Contract files: one that is read, and what is none."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cavra_lint.contract import ContractError, load_chain
from two_gates import TWO_GATES, refused, written


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


def test_equal_checks_of_the_gates_of_a_chain_are_one(tmp_path: Path) -> None:
    crew = TWO_GATES[TWO_GATES.index('[[gate.check]]\nname = "crew"') : TWO_GATES.index('[[gate]]\nid = "S1.2"')]
    built = '[gate.check.built.summary]\ncaptain = "Aboard since noon."\n'
    for text, is_one in ((crew, True), (crew.replace("aboard", "ashore"), False), (crew + built, False)):
        first, second = load_chain(written(tmp_path, TWO_GATES + text)).gates
        assert (first.checks[2] is second.checks[-2], first.checks[2] == second.checks[-2]) == (is_one, is_one)


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
