"""A contract of two gates and an index, for tests that read it or change it."""

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


def written(folder: Path, text: str) -> str:
    """Write a contract into a folder and return its path."""
    path = folder / "contract.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def refused(folder: Path, data: bytes) -> ContractError:
    """Return the error of a contract that is refused: one line, with no path of the machine in it."""
    (folder / "contract.toml").write_bytes(data)
    with pytest.raises(ContractError) as raised:
        load_chain(str(folder / "contract.toml"))
    message = str(raised.value)
    assert message.isprintable()
    assert str(folder) not in message
    return raised.value
