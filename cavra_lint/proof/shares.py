"""A proof in shares: some gates and one part of the proof each, worked on by as many processes as there are jobs.

Findings do not depend on who works on which share, so that the output is the same whatever the number of
jobs. To read workflows takes a library that takes as long to import as all else does: that is why they are
a part of their own, and why even a short run is faster with two processes.
"""

from __future__ import annotations

import marshal
import os
from collections.abc import Callable, Iterator, Sequence

from cavra_lint.contract import Gate
from cavra_lint.diagnostics import Diagnostic
from cavra_lint.frozen import TYPE_CHECKING, NamedTuple
from cavra_lint.proof.children import Child, child_with_pipe, kill, may_fork, status_of
from cavra_lint.proof.parts import PARTS, SCOUTED, Part, prover
from cavra_lint.proof.subject import Proof

if TYPE_CHECKING:
    from cavra_lint.proof.scout import Scout

#: How many gates a share has: enough that the packets of the gates before, which are read again, do not count.
_GATES_OF_A_SHARE = 64
#: More shares than this are not made: their numbers have to fit into a pipe, each as two bytes.
_MOST_SHARES = 1024


class Share(NamedTuple):
    """Some gates, in the chain's order, and the part of the proof to be done about them."""

    part: Part
    gates: tuple[Gate, ...]


def shares_of(gates: Sequence[Gate]) -> tuple[Share, ...]:
    """Return the shares of a proof of these gates."""
    size = max(_GATES_OF_A_SHARE, -(-len(gates) * (len(PARTS) + 1) // _MOST_SHARES))
    return tuple(
        Share(part, tuple(some[start : start + step]))
        for some in (gates[first : first + size] for first in range(0, len(gates), size))
        # the last part is shared out again: so that two processes are done with few gates at the same time
        for part, step in ((part, -(-len(some) // 2) if part == PARTS[-1] else size) for part in PARTS)
        for start in range(0, len(some), step)
    )


def prove_shares(
    proof: Proof,
    shares: Sequence[Share],
    jobs: int,
    done: Callable[[int, int], None] | None = None,
    scout: Scout | None = None,
) -> list[Diagnostic]:
    """Return what is found in all shares, in no order.

    Args:
        proof: the chain, its tree and its index.
        shares: the shares.
        jobs: how many processes may work; where the system or another thread does not let this one
            fork, it works alone.
        done: told now and then how many gates are done, of how many.
        scout: who looks at some of the parts already.
    """
    gates = _gates_of(shares)
    if scout is None or not scout.may_answer(proof, gates):
        return _worked(proof, shares, jobs, done)
    found = _worked(proof, [share for share in shares if share.part not in SCOUTED], 1, done)
    if scout.found_nothing():
        return found
    return found + _worked(proof, [share for share in shares if share.part in SCOUTED], jobs, done)


def _gates_of(shares: Sequence[Share]) -> tuple[Gate, ...]:
    return tuple(gate for share in shares if share.part == PARTS[0] for gate in share.gates)


def _worked(
    proof: Proof, shares: Sequence[Share], jobs: int, done: Callable[[int, int], None] | None
) -> list[Diagnostic]:
    tally = _Tally(shares, jobs, done)
    workers = min(jobs, len(shares))
    if workers > 1 and may_fork():
        found = _with_others(proof, shares, workers, tally)
        if found is not None:
            return found
    return list(_work(proof, shares, iter(range(len(shares))), tally))


class _Tally:
    """How many gates each worker is done with, in memory that all of them share; nothing where nobody asks."""

    def __init__(self, shares: Sequence[Share], jobs: int, done: Callable[[int, int], None] | None) -> None:
        self._done = done
        self._total = sum(len(share.gates) for share in shares)
        self._parts = len({share.part for share in shares})
        self.worker = 0
        if done is not None:
            from mmap import mmap

            self._counts = memoryview(mmap(-1, 8 * max(jobs, 1))).cast("q")

    def __call__(self) -> None:
        if self._done is not None:
            self._counts[self.worker] += 1
            if self.worker == 0:
                self._done(sum(self._counts) // self._parts, self._total // self._parts)


def _work(proof: Proof, shares: Sequence[Share], numbers: Iterator[int], tally: _Tally) -> Iterator[Diagnostic]:
    for number in numbers:
        share = shares[number]
        for found in prover(share.part)(proof, share.gates):
            yield from found
            tally()


def _with_others(proof: Proof, shares: Sequence[Share], workers: int, tally: _Tally) -> list[Diagnostic] | None:
    """Return what is found by this process and its children; None where one of them could not finish its work."""
    numbers = _numbers_in_pipe(len(shares))
    children: list[Child] = []
    try:
        for worker in range(1, workers):
            child = _child(proof, shares, numbers, tally, worker)
            if child is None:
                break
            children.append(child)
        found: list[Diagnostic] | None = list(_work(proof, shares, _taken(numbers), tally))
        while children:
            process, results = children[-1]
            theirs = _received(results)
            children.pop()
            os.close(results)
            status = status_of(process)
            found = None if found is None or theirs is None or status else found + theirs
        return found
    finally:
        os.close(numbers)
        for process, results in children:
            os.close(results)
            kill(process)


def _child(proof: Proof, shares: Sequence[Share], numbers: int, tally: _Tally, worker: int) -> Child | None:
    """Return a child that takes shares as this process does; None where the system refuses one."""
    child = child_with_pipe()
    if child is None or child.process:
        return child
    # nothing of the parent may run here: neither its handlers, nor what it has in the buffers of its streams
    status = 1
    try:
        tally.worker = worker
        found = [tuple(found) for found in _work(proof, shares, _taken(numbers), tally)]
        _send(child.pipe, marshal.dumps(found))
        status = 0
    finally:
        os._exit(status)


def _numbers_in_pipe(count: int) -> int:
    """Return the end of a pipe from which each process takes the number of its next share."""
    numbers, sent = os.pipe()
    os.write(sent, b"".join(number.to_bytes(2, "big") for number in range(count)))
    os.close(sent)
    return numbers


def _taken(numbers: int) -> Iterator[int]:
    while taken := os.read(numbers, 2):
        yield int.from_bytes(taken, "big")


def _send(pipe: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(pipe, view) :]


def _received(pipe: int) -> list[Diagnostic] | None:
    """Return the findings of a child; None where it ended before it had sent all."""
    data = bytearray()
    while more := os.read(pipe, 1 << 20):
        data += more
    try:
        return [Diagnostic(*found) for found in marshal.loads(bytes(data))]  # noqa: S302 - our own child wrote it
    except (EOFError, ValueError, TypeError):
        return None
