"""Read a chain from its contract file, and from those that this one extends."""

from __future__ import annotations

import os

import tomli

from cavra_lint.contract.built_in import BUILT_IN
from cavra_lint.contract.chain import NOTHING, chain_of, merged
from cavra_lint.contract.model import ContractError
from cavra_lint.contract.slips import SlipError
from cavra_lint.frozen import TYPE_CHECKING, NamedTuple
from cavra_lint.sources.repository import read_regular_file

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cavra_lint.contract.model import Chain
    from cavra_lint.contract.slips import Table


class Layer(NamedTuple):
    """One contract file as it was read."""

    path: str
    name: str
    text: str
    document: Table


def read_chain(path: str) -> Chain:
    """Read the chain that a contract file promises.

    Args:
        path: the contract file.

    Returns:
        The chain, typed and frozen.

    Raises:
        ContractError: the file cannot be read, is no TOML, or does not hold what a contract holds.
            The message names file, line, table and key, in one line.
    """
    name = os.path.basename(path)
    return _loaded(_layers(name, os.path.realpath(path)))


def _loaded(layers: list[Layer]) -> Chain:
    """Return the chain of some files, of which each extends the one before."""
    taken: list[Layer] = []
    try:
        draft = NOTHING
        for layer in layers:
            taken.append(layer)
            if len(layers) > 1 and layer.path != BUILT_IN:
                from cavra_lint.contract.extends import refuse_unfit

                refuse_unfit(layer)
            draft = merged(draft, layer.document)
        files = tuple(layer.path for layer in layers if layer.path != BUILT_IN)
        return chain_of(draft, files)
    except SlipError as slip:
        from cavra_lint.contract.report import report

        report(taken, slip)


def _layers(name: str, path: str) -> list[Layer]:
    """Return a contract file, and before it the one that it extends, and so on."""
    layers = [_layer(name, path)]
    while "extends" in layers[0].document:
        from cavra_lint.contract.extends import extended_by

        try:
            name, path = extended_by(layers)
        except SlipError as slip:
            from cavra_lint.contract.report import report

            report(layers[:1], slip)
        layers.insert(0, _layer(name, path))
    return layers


_UNREADABLE: Mapping[str, str] = {
    "missing": "No such file or directory",
    "folder": "is a folder, expected a file",
    "not-regular": "is no regular file",
    "dangling": "is a link that goes nowhere",
    "too-large": "is too large to be a contract",
}


def _layer(name: str, path: str) -> Layer:
    state, data = read_regular_file(path)
    if state != "read":
        raise ContractError(name, _UNREADABLE.get(state, "cannot be read"))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        from cavra_lint.sources.text import undecodable_line

        raise ContractError(name, "is not UTF-8", undecodable_line(data), 1) from None
    try:
        return Layer(path, name, text, tomli.loads(text))
    except tomli.TOMLDecodeError as error:
        raise ContractError(name, f"is not TOML: {error.msg}", error.lineno, error.colno) from None
    except RecursionError:
        raise ContractError(name, "is nested too deep to be a contract", 1, 1) from None
    except ValueError:
        raise ContractError(name, "is not TOML: a number is too long", 1, 1) from None
