"""Write a repository that carries a chain of any number of gates, by a contract of its own.

    python benchmarks/chain.py 1000 /tmp/chain-1000

Each gate is this repository's R7.4 under another name: its workflow, test, page and wiki page are those of R7.4 with
the names replaced, and so as long and as hard to read. Its packet embeds the verdict of the gate before.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from cavra_lint.contract import Chain, Gate, load_chain  # noqa: E402
from cavra_lint.packets.build import build, build_index, judged  # noqa: E402
from cavra_lint.sources.repository import Repository  # noqa: E402

CONTRACT = "chain.toml"

_HEAD = """\
[chain]
id = "B"
product = "Benchmark"
ref_schemes = ["evidence", "sample"]
forbidden_keys = ["password", "customer_name"]

[layout]
live_sanitized_example = "examples/{slug}/{slug}.live.sanitized.example.json"
live_result = "examples/{slug}/{slug}.live.sanitized.result.json"
validator = "scripts/validate_{module}.py"
workflow = ".github/workflows/{slug}.yml"
test = "tests/test_{module}.py"
docs = "docs/{slug}.md"
wiki = "docs/wiki/{slug}.md"
packet_option = "--packet"
command = "python3 {validator} {packet_option} {live_sanitized_example} --require-live"
profile_ref = "customer_profile_ref"

[index]
id = "B.index"
name = "Benchmark Index"
label = "Benchmark Index"
slug = "benchmark-index"
ready_key = "ready_for_benchmark_index"
packet_schema = "benchmark.index.packet.v1"
result_schema = "benchmark.index.result.v1"
export_schema = "benchmark.index.export.v1"
phase = "B"
id_key = "index_id"
id_value = "benchmark-{mode}-index"
packet_option = "--index"
command = "python3 {validator} {packet_option} {live_sanitized_example} --repo-root . --require-live"
[[index.check]]
name = "gate_count"
kind = "gate_count"
[[index.check]]
name = "gates"
kind = "gates"
[[index.check]]
name = "completion_condition"
kind = "text"
min_length = 60
"""

_GATE = """
[[gate]]
id = "{id}"
name = "{name}"
label = "{name}"
slug = "{slug}"
ready_key = "ready_for_{module}"
packet_schema = "benchmark.{slug}.packet.v1"
result_schema = "benchmark.{slug}.result.v1"
export_schema = "benchmark.{slug}.export.v1"
[[gate.check]]
name = "customer_profile_ref"
kind = "ref"
"""

_SOURCE = """\
[[gate.check]]
name = "closeout_handoff_result"
kind = "source_result"
ready_key = "ready_for_{before}"
"""

_CHECKS = """\
[[gate.check]]
name = "review_sections"
kind = "sections"
id_key = "section_id"
refs_key = "evidence_refs"
required = ["success_metrics", "support_sla_health"]
healthy = ["current", "healthy"]
[[gate.check]]
name = "review_controls"
kind = "controls"
required = ["next_review_scheduled", "success_metrics_current"]
"""


def main(argv: list[str] | None = None) -> int:
    """Write the repository that the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gates", type=int, help="how many gates")
    parser.add_argument("folder", type=Path, help="the folder to write into")
    options = parser.parse_args(argv)
    write_chain(options.folder, options.gates)
    return 0


def write_chain(folder: Path, count: int) -> None:
    """Write a repository whose chain has so many gates, and is ready."""
    _write(folder / CONTRACT, "".join(_contract(count)))
    _write(folder / "pyproject.toml", f'[tool.cavra-lint]\ncontract = "{CONTRACT}"\n')
    chain = load_chain(str(folder / CONTRACT))
    before: dict[str, Any] | None = None
    for gate in chain.gates:
        packet = build(chain, gate, "live", before)
        _write_packets(folder, gate, packet, judged(chain, gate, packet, require_live=True))
        _write_code_and_pages(folder, chain, gate)
        before = packet
    _write_index(folder, chain)


def _contract(count: int) -> Iterator[str]:
    yield _HEAD
    for number in range(1, count + 1):
        slug = f"benchmark-gate-{number}"
        module = slug.replace("-", "_")
        yield _GATE.format(id=f"B.{number}", name=f"Benchmark Gate {number}", slug=slug, module=module)
        if number > 1:
            yield _SOURCE.format(before=f"benchmark_gate_{number - 1}")
        yield _CHECKS


def _write_packets(folder: Path, gate: Gate, packet: dict[str, Any], result: dict[str, Any]) -> None:
    _write(folder / gate.artifacts["live_sanitized_example"], _as_json(packet))
    _write(folder / gate.artifacts["live_result"], _as_json(result))


def _write_code_and_pages(folder: Path, chain: Chain, gate: Gate) -> None:
    r7 = load_chain()
    model = r7.gate("R7.4")
    names = {
        model.command: gate.command,
        model.artifacts["wiki"]: gate.artifacts["wiki"],
        model.slug: gate.slug,
        model.slug.replace("-", "_"): gate.slug.replace("-", "_"),
        model.name: gate.name,
        model.id: gate.id,
    }
    for kind in ("validator", "workflow", "test", "docs", "wiki"):
        text = (ROOT / model.artifacts[kind]).read_text("utf-8")
        for old, new in names.items():
            text = text.replace(old, new)
        if gate is chain.index_gate:
            text = text.replace("--packet", "--index").replace("--require-live", "--repo-root . --require-live")
        _write(folder / gate.artifacts[kind], text)


def _write_index(folder: Path, chain: Chain) -> None:
    gate = chain.index_gate
    index = build_index(chain, Repository(folder), "live")
    result = {
        "schema_version": gate.result_schema,
        "product": chain.product,
        "phase": gate.phase,
        "evidence_mode": "live",
        gate.ready_key: True,
        "status": "ready",
        "blocker_count": 0,
        "warning_count": 0,
        "checks": [{"name": check.name, "status": "pass", "message": "It holds."} for check in gate.checks],
    }
    _write_packets(folder, gate, index, result)
    _write_code_and_pages(folder, chain, gate)


def _as_json(value: dict[str, Any]) -> str:
    return json.dumps(value, indent=2, sort_keys=True) + "\n"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
