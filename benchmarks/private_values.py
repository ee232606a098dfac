"""Measure how well private keys and values are found, on the tables of tests/private, and how long a megabyte takes.

    python benchmarks/private_values.py [FILE ...]

Precision and recall are those of the tables, which were written before the patterns. The time of a megabyte is that of
this repository's own pages, workflows and packets, in which nothing is found; with FILEs, such as the Markdown and JSON
of other projects, it is theirs, and what is found in them is counted and named by its place.
"""

from __future__ import annotations

import argparse
import glob
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import tomli

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from cavra_lint.contract import load_chain  # noqa: E402
from cavra_lint.rules.private import forbidden_keys, match_of  # noqa: E402
from cavra_lint.sources.private_values import unsafe_in_reference, values_in  # noqa: E402
from cavra_lint.sources.text import line_and_column  # noqa: E402

_OWN = ("docs/*.md", "docs/wiki/*.md", ".github/workflows/*.yml", "examples/*/*.json", "README.md")
_RUNS = 5


def main(argv: Sequence[str] | None = None) -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", metavar="FILE", nargs="*", help="texts to measure in place of this repository's own")
    options = parser.parse_args(argv)
    chain = load_chain()
    forbidden = forbidden_keys(chain, chain.index_gate)

    def kinds_of_key(key: str) -> Iterator[str]:
        match = match_of(forbidden, key)
        yield from (match[0],) if match else ()

    def kinds_of_value(text: str) -> Iterator[str]:
        if unsafe_in_reference(text, chain.ref_schemes):
            yield "unsafe_reference"
        else:
            yield from (value.kind for value in values_in(text))

    print("| what | found, of | taken for it, of | recall | precision |")
    print("|---|---:|---:|---:|---:|")
    _print_table(_table("keys"), kinds_of_key)
    _print_table(_table("values"), kinds_of_value)
    print()
    own = (path for pattern in _OWN for path in sorted(glob.glob(str(ROOT / pattern))))
    _print_time(options.files or list(own))
    return 0


def _table(name: str) -> dict[str, dict[str, list[str]]]:
    return tomli.loads((ROOT / "tests" / "private" / f"{name}.toml").read_text("utf-8"))


def _print_table(table: dict[str, dict[str, list[str]]], kinds_of: Callable[[str], Iterable[str]]) -> None:
    """Print for each kind how many of its lines are found, and how many of the others are taken for it."""
    for kind, lines in table.items():
        right = sum(kind in kinds_of(text) for text in lines["found"])
        wrong = sum(any(kinds_of(text)) for text in lines["not_found"])
        recall, precision = right / len(lines["found"]), right / ((right + wrong) or 1)
        shown = f"{right}, {len(lines['found'])} | {wrong}, {len(lines['not_found'])}"
        print(f"| {kind.replace('_', ' ')} | {shown} | {recall:.1%} | {precision:.1%} |")


def _print_time(paths: Sequence[str]) -> None:
    """Print how long it takes to look through some files, and what is found in them."""
    texts = [(path, text) for path in paths if (text := _text(path)) is not None]
    size = sum(len(text.encode()) for _, text in texts)
    best = min(_seconds(text for _, text in texts) for _ in range(_RUNS))
    found = [(path, text, value) for path, text in texts for value in values_in(text)]
    lines = sum(text.count("\n") for _, text in texts)
    rate = f"{best * 1000 / (size / 1e6 or 1):.1f} ms a megabyte"
    print(f"{len(texts)} files, {lines} lines, {size / 1e6:.2f} MB: {best * 1000:.2f} ms, {rate}; {len(found)} found")
    for path, text, value in found:
        print(f"{path}:{line_and_column(text, value.start)[0]}: {value.kind.replace('_', ' ')}")


def _text(path: str) -> str | None:
    try:
        return Path(path).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def _seconds(texts: Iterable[str]) -> float:
    begin = time.perf_counter()
    for text in texts:
        values_in(text)
    return time.perf_counter() - begin


if __name__ == "__main__":
    sys.exit(main())
