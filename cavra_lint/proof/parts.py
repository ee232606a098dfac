"""The parts of a proof, each of which can be done without the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from cavra_lint.contract import Gate
from cavra_lint.diagnostics import Diagnostic
from cavra_lint.frozen import TYPE_CHECKING
from cavra_lint.proof.subject import Proof

if TYPE_CHECKING:
    from typing import Literal, TypeAlias

Part: TypeAlias = 'Literal["workflows", "documents", "code"]'
#: The parts of a proof, the one that takes longest first: who is done with it sooner goes on with the last.
PARTS: tuple[Part, ...] = ("workflows", "documents", "code")
#: Those that ask nothing but the chain and the tree.
SCOUTED: tuple[Part, ...] = ("workflows", "code")
#: The artifacts that those read.
SCOUTED_KINDS = ("workflow", "validator", "test")


def prover(part: Part) -> Callable[[Proof, Sequence[Gate]], Iterator[Iterator[Diagnostic]]]:
    """Return what proves a part; each imports what it needs, and nothing that only the other does."""
    if part == "workflows":
        from cavra_lint.proof.workflows import prove_workflows

        return prove_workflows
    if part == "code":
        from cavra_lint.proof.code import prove_code

        return prove_code
    from cavra_lint.proof.documents import prove_documents

    return prove_documents
