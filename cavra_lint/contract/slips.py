"""What a contract says wrong: it is raised where it is seen, and found in the files when it is reported."""

from __future__ import annotations

from cavra_lint.contract.definition import FORMS
from cavra_lint.frozen import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any, NoReturn, TypeAlias

    from cavra_lint.contract.definition import Key

#: No more of a word of the file is told than so many characters.
SHOWN = 60

Table: TypeAlias = "dict[str, Any]"
#: The way to a place of a contract: keys, and of a list the id or name of an entry, or its number.
Address: TypeAlias = "tuple[str | int, ...]"


class SlipError(Exception):
    """What is wrong, and where: the file that holds it is found when it is reported."""

    def __init__(self, address: Address, message: str, *, told: Address | None = None) -> None:
        super().__init__(message)
        self.address = address
        #: what the message says the place is: the table that holds it, where it names the key itself
        self.told = address if told is None else told


def refuse(address: Address, message: str) -> NoReturn:
    """Say that what stands at an address is wrong."""
    raise SlipError(address, message)


def conform(table: object, definition: Mapping[str, Key], address: Address) -> None:
    """Refuse what is no table, or has a key that nothing reads, or a value of another form."""
    if type(table) is not dict:
        refuse(address, "has the wrong type; expected a table")
    for key, value in table.items():
        known = definition.get(key)
        if known is None:
            refuse_unknown(table, definition, address, key)
        if not FORMS[known.form].fits(value):
            refuse((*address, key), f"has the wrong form; expected {FORMS[known.form].expected}")


def refuse_unknown(table: Table, allowed: Iterable[str], address: Address, key: str) -> NoReturn:
    """Say that nothing reads a key, and which are allowed."""
    close = close_match(key, [other for other in allowed if other not in table])
    raise SlipError((*address, key), f"unknown key `{key[:SHOWN]}`, allowed: {', '.join(allowed)}{close}", told=address)


def missing_or_wrong(
    address: Address, table: Table, key: str, expected: str, definition: Mapping[str, Key]
) -> NoReturn:
    """Say that a key that is needed has the wrong form or is missing, or else which one is misspelt."""
    if key in table:
        refuse((*address, key), f"has the wrong form; expected {expected}")
    # a misspelt key is what is wrong where the right one is missing
    for other in table:
        if other not in definition:
            refuse_unknown(table, definition, address, other)
    refuse((*address, key), f"is missing; expected {expected}")


def close_match(word: object, known: Iterable[str]) -> str:
    """Return a hint at the one that a word may be meant to be; empty where none is like it."""
    from difflib import get_close_matches

    if not isinstance(word, str) or len(word) > SHOWN:
        return ""
    close = get_close_matches(word, [name for name in known if name and len(name) <= SHOWN], n=1, cutoff=0.7)
    return f"; did you mean `{close[0]}`?" if close else ""
