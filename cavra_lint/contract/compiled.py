"""`python -m cavra_lint.contract.compiled`: print the built-in R7 as Python, so that no run has to read its TOML.

Reading r7.toml takes as long as half of Python's start, on every commit. What is printed goes to r7.py, which is
taken only as long as it was made from the r7.toml beside it.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping

from cavra_lint.contract.built_in import BUILT_IN, checksum
from cavra_lint.contract.loader import read_chain
from cavra_lint.contract.model import Chain, Check, Gate


def compiled(chain: Chain, made_from: int) -> str:
    """Return the module that holds a chain.

    Args:
        chain: the chain.
        made_from: the checksum of the file that it was read from.
    """
    every = {"gates": "GATES", "index_gate": "INDEX", "later_gates": "LATER", "every": "(*GATES, INDEX, *LATER)"}
    return "\n".join(
        (
            '"""The built-in R7, made of r7.toml by `cavra_lint.contract.compiled`: not to be changed by hand."""\n',
            "from cavra_lint.contract.model import Chain, Check, Gate\n",
            f"MADE_FROM = {made_from}",
            f"GATES = {_lines(chain.gates)}",
            f"INDEX = {_written(chain.index_gate)}",
            f"LATER: tuple[Gate, ...] = {_lines(chain.later_gates)}",
            f"CHAIN = {_call(chain, every)}\n",
        )
    )


def _lines(gates: tuple[Gate, ...]) -> str:
    return f"({''.join(f'{chr(10)}    {_written(gate)},' for gate in gates)}{chr(10) if gates else ''})"


def _written(value: object) -> str:
    """Return a value of a chain as Python; what a contract leaves as it usually is, is left out."""
    if isinstance(value, (Chain, Check, Gate)):
        return _call(value, {})
    if isinstance(value, tuple):
        return f"({', '.join(map(_written, value))}{',' if len(value) == 1 else ''})"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key!r}: {_written(item)}' for key, item in value.items())}}}"
    return repr(value)


def _call(value: Chain | Check | Gate, instead: Mapping[str, str]) -> str:
    given = len(value)
    while value[given - 1] == value._field_defaults.get(value._fields[given - 1]):
        given -= 1
    arguments = (instead.get(name) or _written(item) for name, item in zip(value._fields[:given], value, strict=False))
    return f"{type(value).__name__}({', '.join(arguments)})"


if __name__ == "__main__":
    sys.stdout.write(compiled(read_chain(BUILT_IN), checksum()))
