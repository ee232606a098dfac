"""A process that looks ahead: whether there is anything wrong with what mostly is in order, workflows and code.

To read these takes libraries that take as long to import as all else does. A scout is sent before anything else is
known, and looks at them while the command reads its configuration, its index, and the documents. It has one word to
say: that it found nothing. Where it found anything, could not finish, or was sent to look at something else than what
is to be proven after all, these parts are proven as if there had been no scout: nothing that it found counts.
"""

from __future__ import annotations

import os

from cavra_lint.contract import Chain, Gate
from cavra_lint.frozen import TYPE_CHECKING, NamedTuple
from cavra_lint.proof.children import Child, child_with_pipe, kill, may_fork
from cavra_lint.proof.parts import SCOUTED, prover
from cavra_lint.proof.subject import Proof
from cavra_lint.rules.gate_files import IndexPacket
from cavra_lint.sources.repository import Repository

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from cavra_lint.diagnostics import Diagnostic

#: With more gates than these, all processes share everything, from when it is known what there is to prove.
_MOST_GATES = 64


class Question(NamedTuple):
    """What a scout looks at: some gates of a chain, and the tree below a root, files up to a size."""

    chain: Chain
    gates: tuple[Gate, ...]
    root: str
    max_bytes: int

    def is_part_of(self, proof: Proof, gates: tuple[Gate, ...]) -> bool:
        """Tell whether the answer to this question holds for a proof of these gates.

        What else a configuration says is about packets, and about values that no scout looks for.
        """
        return (
            self.root == proof.repository.root
            and self.max_bytes == proof.repository.max_bytes
            and _scouted(self.gates) == _scouted(gates)
            and _scouted(self.chain.every) == _scouted(proof.chain.every)
            and not proof.written_later
        )


class Scout:
    """A process that was sent to answer a question; to be used with `with`, since it may have to be called back."""

    def __init__(self, question: Question | None) -> None:
        """Send a scout, where there is a question that is worth it, and this process may be forked."""
        self._question = question
        self._sent = None
        if question is not None and len(question.gates) <= _MOST_GATES and may_fork():
            self._sent = _sent(question)

    def may_answer(self, proof: Proof, gates: tuple[Gate, ...]) -> bool:
        """Tell whether a scout was sent to look at what is to be proven."""
        return self._sent is not None and self._question is not None and self._question.is_part_of(proof, gates)

    def found_nothing(self) -> bool:
        """Wait for the answer, and tell whether it is that nothing is wrong."""
        return self._sent is not None and os.read(self._sent.pipe, 1) == _NOTHING

    def __enter__(self) -> Scout:
        """Return the scout."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Call the scout back, if it has not come back by itself."""
        if self._sent is not None:
            os.close(self._sent.pipe)
            kill(self._sent.process)
            self._sent = None


#: The word that there is nothing wrong; a process that ends before it could say so says nothing.
_NOTHING = b"1"


def _sent(question: Question) -> Child | None:
    """Return a process that answers a question; None where the system refuses one."""
    child = child_with_pipe()
    if child is None or child.process:
        return child
    try:
        # who reads what the command prints must not wait for this process as well
        for stream in (0, 1, 2):
            os.close(stream)
        if next(_found(question), None) is None:
            os.write(child.pipe, _NOTHING)
    finally:
        os._exit(0)


def _found(question: Question) -> Iterator[Diagnostic]:
    from cavra_lint.sources.json_shapes import JsonDocument

    # what is missing is reported where the index names it: by those who report it
    no_index = IndexPacket(JsonDocument("", "", None), {})
    repository = Repository(question.root, max_bytes=question.max_bytes)
    proof = Proof(question.chain, repository, no_index, require_live=True)
    for part in SCOUTED:
        for found in prover(part)(proof, question.gates):
            yield from found


def _scouted(gates: tuple[Gate, ...]) -> list[Gate]:
    """Return gates as a scout sees them, to whom no packet is shown."""
    return [gate._replace(forbidden_keys=()) for gate in gates]
