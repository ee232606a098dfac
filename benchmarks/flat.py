"""Measure time and memory a gate, for chains of 10 to 10,000 gates, beside the floor.

    python benchmarks/flat.py [--gates 10 100 1000 10000] [--runs 3]

The floor is what nobody can do without: the same bytes, read and parsed by the same parsers, and nothing else.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import sys
import tempfile
from pathlib import Path

from measure import ROOT, Figures, program, run, side_by_side


def main(argv: list[str] | None = None) -> int:
    """Print the table, or be the floor of one chain."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gates", type=int, nargs="+", default=[10, 100, 1000, 10000])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--floor", type=Path, help="read and parse this chain, and do nothing else")
    options = parser.parse_args(argv)
    if options.floor:
        _parse_all(options.floor)
        return 0
    print("| gates | command | ms a gate | times the floor | peak MiB |")
    print("|---:|---|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as folder:
        for count in options.gates:
            chain = Path(folder) / str(count)
            # by a process of its own: a process that is started has, for its peak, that of the one which starts it
            run([sys.executable, str(ROOT / "benchmarks" / "chain.py"), str(count), str(chain)])
            _print(count, _measured(chain, count, options.runs))
    return 0


def _measured(chain: Path, count: int, runs: int) -> dict[str, Figures]:
    lint = [program("cavra-lint"), "--repo-root", str(chain)]
    commands = {
        "the floor": [sys.executable, __file__, "--floor", str(chain)],
        "`cavra-lint --jobs=1`": [*lint, "--jobs=1"],
        f"`cavra-lint` ({os.cpu_count()} jobs)": lint,
        "`cavra-lint` on one page": [*lint, str(chain / f"docs/benchmark-gate-{count // 2}.md")],
    }
    return side_by_side(commands, runs)


def _print(count: int, measured: dict[str, Figures]) -> None:
    floor = measured["the floor"].median
    for name, figures in measured.items():
        each = figures.median / count * 1000
        print(f"| {count:,} | {name} | {each:.3f} | {figures.median / floor:.2f} | {figures.memory:.0f} |", flush=True)


def _parse_all(chain: Path) -> None:
    import pyromark
    import tomli

    from cavra_lint.sources.yaml_nodes import composed

    tomli.loads((chain / "chain.toml").read_text("utf-8"))
    for folder in ("examples", "scripts", "tests", ".github/workflows", "docs"):
        for path in sorted((chain / folder).rglob("*.*")):
            data = path.read_bytes()
            if path.suffix == ".json":
                json.loads(data)
            elif path.suffix == ".py":
                ast.parse(data)
            elif path.suffix == ".yml":
                # what resolves the types of scalars is left out here as well, so that the floor is no higher than it is
                composed(data.decode())
            else:
                # an event is parsed when it is asked for
                for _ in pyromark.Markdown().events_with_range(data.decode()):
                    pass


if __name__ == "__main__":
    sys.exit(main())
