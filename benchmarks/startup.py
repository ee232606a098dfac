"""Measure whole processes, from start to exit, side by side: this project, its peers, and a Python that does nothing.

    python benchmarks/startup.py [--runs 20]

Everything runs in the virtual environment that this Python belongs to, on this repository, in turn.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence

from measure import ROOT, Figures, program, side_by_side

_INDEX = "customer-lifecycle-verification-index"
_PAGE = "docs/customer-operating-review.md"


def main(argv: list[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=20)
    options = parser.parse_args(argv)
    _print(side_by_side({**_ours(), **_peers()}, options.runs))
    return 0


def _ours() -> Mapping[str, Sequence[str]]:
    lint = program("cavra-lint")
    gate = [sys.executable, f"scripts/validate_{_INDEX.replace('-', '_')}.py"]
    index = ["--index", f"examples/{_INDEX}/{_INDEX}.live.sanitized.example.json", "--repo-root", ".", "--require-live"]
    return {
        "a Python that does nothing": [sys.executable, "-c", "pass"],
        "the documented gate": [*gate, *index],
        "the documented gate, `--jobs=1`": [*gate, *index, "--jobs=1"],
        "`cavra-lint`, the whole repository": [lint],
        "`cavra-lint --jobs=1`, the whole repository": [lint, "--jobs=1"],
        "`cavra-lint`, one changed page": [lint, _PAGE],
        "`cavra-lint`, a file that is no part of the chain": [lint, "README.md"],
    }


def _peers() -> Mapping[str, Sequence[str]]:
    """Return what one would use instead, each on the files of the chain that it can read."""
    workflows = _files(".github/workflows/customer-*.yml")
    packets = _files("examples/customer-*/*.json")
    pages = _files("docs/customer-*.md")
    python = [*_files("scripts/*.py"), *_files("tests/test_customer_*.py")]
    schema = ["--builtin-schema", "vendor.github-workflows"]
    return {
        "check-jsonschema, the workflows": [program("check-jsonschema"), *schema, *workflows],
        "yamllint, the workflows": [program("yamllint"), "-d", "relaxed", *workflows],
        "zizmor, the workflows": [program("zizmor"), "--offline", "--no-progress", *workflows],
        "detect-secrets, packets and pages": [program("detect-secrets-hook"), *packets, *pages],
        "flake8, validators and tests": [program("flake8"), "--max-line-length=120", *python],
    }


def _files(pattern: str) -> list[str]:
    return sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob(pattern))


def _print(measured: Mapping[str, Figures]) -> None:
    nothing = next(iter(measured.values())).median
    print("| command | median ms | middle half | times nothing | peak MiB |")
    print("|---|---:|---:|---:|---:|")
    for name, figures in measured.items():
        spread = f"{figures.low * 1000:.0f} to {figures.high * 1000:.0f}"
        ratio = figures.median / nothing
        print(f"| {name} | {figures.median * 1000:.1f} | {spread} | {ratio:.1f} | {figures.memory:.0f} |")


if __name__ == "__main__":
    sys.exit(main())
