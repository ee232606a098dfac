"""The tables of docs/contracts.md, made from the definitions that the loader refuses by.

python -m cavra_lint.contract.reference docs/contracts.md
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping

from cavra_lint.contract.definition import (
    ARTIFACTS,
    CHAIN,
    CHECK,
    CHECK_KINDS,
    COMMAND_WORDS,
    FORMS,
    GATE,
    INDEX_CHECK_KINDS,
    PRIVATE,
    TOP,
    USUAL,
    WORDS,
    Key,
    Kind,
)

_BEGIN = "<!-- made from the definitions: "
_END = "<!-- end -->"


def with_tables(page: str) -> str:
    """Return a page with the tables in it made anew, each between its two comments."""
    first, *rest = page.split(_BEGIN)
    parts = [first]
    for part in rest:
        name, _, text = part.partition(" -->")
        after = text.partition(_END)[2]
        parts.append(f"{_BEGIN}{name} -->\n{chr(10).join(_TABLES[name]())}\n{_END}{after}")
    return "".join(parts)


def _keys(definition: Mapping[str, Key]) -> Iterator[str]:
    yield "| key | value | meaning |"
    yield "|---|---|---|"
    for name, key in definition.items():
        needed = "; has to be there" if key.needed else ""
        yield f"| `{name}` | {FORMS[key.form].expected} | {key.meaning}{needed} |"


def _words(words: Mapping[str, str]) -> Iterator[str]:
    yield "| placeholder | becomes |"
    yield "|---|---|"
    yield from (f"| `{{{word}}}` | {meaning} |" for word, meaning in words.items())
    yield f"| {_listed(f'{{{word}}}' for word in COMMAND_WORDS)} | in `command` only: the gate's own |"
    yield "| `{mode}` | in `id_value` only: `live` or `sample` |"


def _kinds(kinds: Mapping[str, Kind]) -> Iterator[str]:
    yield "| kind | asks for | needs | may have |"
    yield "|---|---|---|---|"
    for name, kind in kinds.items():
        built = [f"built.{word}" for word in kind.built]
        yield f"| `{name}` | {kind.asks} | {_listed(kind.needed)} | {_listed((*kind.optional, *built))} |"


def _categories() -> Iterator[str]:
    yield "| key | what it is |"
    yield "|---|---|"
    yield from (f"| `{category}` | {what} |" for category, what in PRIVATE.items())


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


_TABLES = {
    "top": lambda: _keys(TOP),
    "chain": lambda: _keys(CHAIN),
    "artifacts": lambda: _keys(ARTIFACTS),
    "usual": lambda: _keys(USUAL),
    "words": lambda: _words(WORDS),
    "gate": lambda: _keys({name: key for name, key in GATE.items() if name not in USUAL}),
    "check": lambda: _keys(CHECK),
    "kinds": lambda: _kinds(CHECK_KINDS),
    "index kinds": lambda: _kinds(INDEX_CHECK_KINDS),
    "private": _categories,
}


def main(path: str) -> None:
    """Make the tables of a page anew."""
    with open(path, encoding="utf-8") as file:
        page = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write(with_tables(page))


if __name__ == "__main__":
    main(sys.argv[1])
