"""The part of a proof about the code of gates: their validators and tests."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence

from cavra_lint.contract import Gate
from cavra_lint.diagnostics import Diagnostic
from cavra_lint.proof.subject import CHAIN_CHECK, Proof, files_of
from cavra_lint.rules import code
from cavra_lint.rules.rule import ask
from cavra_lint.sources.repository import Repository

_CODE = ("validator", "test")


def prove_code(proof: Proof, gates: Sequence[Gate]) -> Iterator[Iterator[Diagnostic]]:
    """Yield for each gate what is wrong with its validator and its test.

    Args:
        proof: the chain, its tree and its index.
        gates: the gates, the index among them.
    """
    folders = _folders(proof.repository)
    for gate in gates:
        yield _gate(proof, gate, folders)


@functools.lru_cache(maxsize=1)
def _folders(_: Repository) -> code.Folders:
    """Return what is known of the folders of a tree, the same for each share of its proof."""
    return code.Folders({}, {}, {})


def _gate(proof: Proof, gate: Gate, folders: code.Folders) -> Iterator[Diagnostic]:
    files = files_of(proof, gate, _CODE)
    for module in code.codes_of(files, folders):
        yield from ask(code.RULES, module, proof.chain, gate, CHAIN_CHECK)
