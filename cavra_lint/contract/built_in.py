"""The chain of a contract: the built-in R7 as it was read once and for all, any other as its files say."""

from __future__ import annotations

import functools
import os

from cavra_lint.frozen import TYPE_CHECKING
from cavra_lint.sources.repository import read_regular_file

if TYPE_CHECKING:
    from cavra_lint.contract.model import Chain

BUILT_IN = os.path.join(os.path.dirname(__file__), "r7.toml")


def load_chain(path: str | None = None) -> Chain:
    """Read the chain that a contract file promises.

    Args:
        path: the contract file; the built-in R7 chain where None.

    Returns:
        The chain, typed and frozen.

    Raises:
        ContractError: the file cannot be read, is no TOML, or does not hold what a contract holds.
            The message names file, line, table and key, in one line.
    """
    if path is None:
        return _built_in()
    from cavra_lint.contract.loader import read_chain

    return read_chain(path)


@functools.cache
def _built_in() -> Chain:
    from cavra_lint.contract.r7 import CHAIN, MADE_FROM

    # the TOML is what is true: where somebody changed it, it is read, which takes longer
    if checksum() == MADE_FROM:
        return CHAIN
    from cavra_lint.contract.loader import read_chain

    return read_chain(BUILT_IN)


def checksum() -> int:
    """Return a checksum of the built-in contract file; 0 where that cannot be read."""
    # nobody here means harm, and what makes a better one would have to be imported
    return int.from_bytes(read_regular_file(BUILT_IN)[1], "big") % _A_PRIME


#: The largest of which a remainder is found digit by digit.
_A_PRIME = 2**30 - 35
