"""Prove a chain from the files of its tree: the one flow behind the linter and the index's gate."""

from __future__ import annotations

from collections.abc import Callable, Collection

from cavra_lint.diagnostics import Diagnostic
from cavra_lint.frozen import TYPE_CHECKING
from cavra_lint.proof.subject import Proof, proof_of

if TYPE_CHECKING:
    from cavra_lint.proof.scout import Scout

__all__ = ["Proof", "proof_of", "prove"]


def prove(
    proof: Proof,
    gate_ids: Collection[str] | None = None,
    *,
    jobs: int = 1,
    done: Callable[[int, int], None] | None = None,
    scout: Scout | None = None,
) -> tuple[Diagnostic, ...]:
    """Return everything that keeps a chain from being proven, sorted, and the same whatever the number of jobs.

    Args:
        proof: the chain, its tree and its index.
        gate_ids: the gates to prove, the index among them; all where None. The files of a gate whose
            verdict one of these embeds are read as well, since the two have to agree.
        jobs: how many processes may work on it, 1 or more.
        done: told now and then how many gates are done, of how many.
        scout: who looks at some of it already.
    """
    # a scout, which is sent before anything is proven, shares nothing out
    from cavra_lint.proof.shares import prove_shares, shares_of

    every = proof.chain.every
    wanted = tuple(gate for gate in every if gate_ids is None or gate.id in gate_ids)
    return tuple(sorted(set(prove_shares(proof, shares_of(wanted), jobs, done, scout))))
