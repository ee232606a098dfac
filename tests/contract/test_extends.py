"""Contracts that extend others: what they change, and what is refused of it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cavra_lint.contract import Chain, load_chain
from two_gates import TWO_GATES, refused, written


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
    "the index dropped": (
        'extends = "R7"\ndrop = ["R7.4", "R7.11"]',
        "contract.toml:2: `drop` names the index, which no chain is without; [index] changes it",
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
        'extends = "R7"\ndrop = [\n"R7.10",\n"R7.3",\n]',
        "contract.toml:4: `drop`: R7.3 is what R7.4 stands on, by its check closeout_handoff_result; expected that",
    ),
    "what others sum up is dropped": (
        'extends = "R7"\ndrop = ["R7.1"]\n[[gate]]\nid = "R7.2"\ndrop = ["source_intake_validation"]',
        "contract.toml:2: `drop`: R7.1 is what R7.7 stands on, by its check lifecycle_gates; expected that check to be",
    ),
    "what another contract drops, that others stand on": (
        'extends = "less.toml"\ndrop = ["R7.10"]',
        "less.toml:3: `drop`: R7.3 is what R7.4 stands on, by its check closeout_handoff_result; expected that check",
    ),
    "a gate that is dropped and changed": (
        'extends = "R7"\ndrop = ["R7.10"]\n[[gate]]\nid = "R7.10"\nlabel = "Seal"',
        "contract.toml:3: [[gate]] R7.10: `name` is missing; expected a text of one line",
    ),
    "a check that is dropped and changed": (
        'extends = "R7"\n[[gate]]\nid = "R7.1"\ndrop = ["attestation"]\ncheck = [\n'
        '{ name = "attestation", required = ["a"] },\n]',
        "contract.toml:6: [[gate]] R7.1: check attestation: `kind` is missing; expected one of ref, refs,",
    ),
    "a check of the index that is dropped and changed": (
        'extends = "R7"\n[index]\ndrop = ["completion_condition"]\ncheck = [\n'
        '{ name = "completion_condition", min_length = 9 },\n]',
        "contract.toml:5: [index]: check completion_condition: `kind` is missing; expected one of gate_count, gates,",
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
    (folder / "less.toml").write_text('extends = "R7"\n\ndrop = ["R7.3"]\n')
    (folder / "odd.toml").write_text('extends = "R7"\n[index]\ncheck = 5\n')
    (folder / "paths.toml").write_text('extends = "R7"\n[[gate]]\nid = "R7.1"\nartifacts = "docs"\n')
    (folder / "nameless.toml").write_text('extends = "R7"\n[[gate]]\nid = "R7.1"\ncheck = [{ kind = "ref" }]\n')
    assert str(refused(folder, text.encode())).startswith(words)
