"""A proof in shares: nothing is left out, and who works on what changes nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from cavra_lint.contract import Chain
from cavra_lint.packets.reading import read_packet
from cavra_lint.proof import proof_of, prove
from cavra_lint.proof.parts import PARTS
from cavra_lint.proof.shares import prove_shares, shares_of
from cavra_lint.sources.repository import Repository


@pytest.mark.parametrize("count", [0, 1, 2, 3, 11, 63, 64, 65, 1000, 70_000])
def test_each_part_of_each_gate_is_in_one_share(count: int, chain: Chain) -> None:
    gates = [chain.index_gate._replace(id=str(number)) for number in range(count)]
    shares = shares_of(gates)
    for part in PARTS:
        assert [gate for share in shares if share.part == part for gate in share.gates] == gates
    # the numbers of all shares fit into a pipe of the smallest size that a system may have
    assert len(shares) <= 1024


def break_much(tree: Path) -> None:
    (tree / "docs/customer-operating-review.md").write_text("")
    (tree / "scripts/validate_customer_live_evidence.py").write_text("print('ready')\n")
    (tree / ".github/workflows/customer-evidence-room.yml").write_text("on: push\njobs: []\n")
    result = tree / "examples/customer-lifecycle-rollup/customer-lifecycle-rollup.live.sanitized.result.json"
    result.write_text(result.read_text().replace('"blocker_count": 0', '"blocker_count": 1', 1))
    (tree / "tests/test_customer_lifecycle_archive.py").unlink()


def test_the_output_is_the_same_whatever_the_number_of_jobs(root: Path, tree: Path) -> None:
    break_much(tree)
    command = [sys.executable, "-m", "cavra_lint", "--repo-root", str(tree), "--output-format=json"]
    env = {**os.environ, "PYTHONPATH": str(root)}
    outputs = {
        subprocess.run([*command, f"--jobs={jobs}"], env=env, capture_output=True, check=False).stdout
        for jobs in (1, 2, 3, 200)
    }
    (output,) = outputs
    for code in (b"CAVRA102", b"CAVRA308", b"CAVRA006", b"CAVRA206", b"CAVRA101"):
        assert code in output


def test_a_process_with_threads_works_alone(chain: Chain, tree: Path) -> None:
    break_much(tree)
    repository = Repository(tree)
    index = repository.read(chain.index_gate.artifacts["live_sanitized_example"])
    document, _ = read_packet(chain, chain.index_gate, repository, index)
    proof = proof_of(chain, repository, document, require_live=True)
    ended = threading.Event()
    waiting = threading.Thread(target=ended.wait)
    waiting.start()
    try:
        found = prove_shares(proof, shares_of(chain.gates), 4)
    finally:
        ended.set()
        waiting.join()
    assert tuple(sorted(set(found))) == prove(proof, [gate.id for gate in chain.gates])


#: A proof in shares, in a process that may fork. Printed is whether all was found, how many processes were started,
#: what was told, how many files are left open, and whether a process is left.
SHARED = """
import os, signal, sys
from cavra_lint.contract import load_chain
from cavra_lint.proof import proof_of, prove
from cavra_lint.proof.scout import Question, Scout
from cavra_lint.proof.shares import prove_shares, shares_of
from cavra_lint.sources.json_document import in_memory
from cavra_lint.sources.repository import Repository

root, jobs = sys.argv[1], int(sys.argv[2])
chain = load_chain()
proof = proof_of(chain, Repository(root), in_memory({{}}), require_live=True)
question = Question(chain, chain.gates, root, proof.repository.max_bytes)
expected = prove(proof, [gate.id for gate in chain.gates])
forked, told, this = [], [], os.getpid()
os.register_at_fork(before=lambda: forked.append(1))

def tell(done, total):
    if os.getpid() != this:
        os.write(1, b"told by another ")
    told.append((done, total))

def opened():
    return len(os.listdir("/dev/fd"))

before = opened()
{before}
with Scout({question}) as scout:
    try:
        found = prove_shares(proof, shares_of(chain.gates), jobs, tell, scout)
        print(tuple(sorted(set(found))) == expected, len(forked), told if jobs == 1 else "", opened() - before)
    except AttributeError:
        print("ended", len(forked), opened() - before)
try:
    print(os.waitpid(-1, os.WNOHANG))
except ChildProcessError:
    print(opened() - before)
"""
ALONE = [(done // 3, 10) for done in range(1, 31)]
DOCUMENTS = [(done, 10) for done in range(1, 11)]
#: Of the two parts that a scout looked at, each gate is half done by one of them.
THE_REST = [(done // 2, 10) for done in range(1, 21)]
ENDS = "os.register_at_fork(after_in_child=lambda: os._exit({}))"
SECOND_ENDS = "os.register_at_fork(after_in_child=lambda: len(forked) == 2 and os._exit(0))"
THREAD = "import threading; threading.Thread(target=threading.Event().wait, daemon=True).start()"
WAITS = "os.register_at_fork(after_in_child=lambda: (signal.alarm(30), signal.pause()))"


@pytest.mark.parametrize(
    ("jobs", "broken", "before", "question", "printed"),
    [
        (1, True, "", "None", f"True 0 {ALONE} 0\n0\n"),
        (2, True, "", "None", "True 1  0\n0\n"),
        (3, True, "", "None", "True 2  0\n0\n"),
        (200, True, "", "None", "True 3  0\n0\n"),
        (3, True, ENDS.format(0), "None", "True 2  0\n0\n"),
        (3, True, ENDS.format(3), "None", "True 2  0\n0\n"),
        (3, True, SECOND_ENDS, "None", "True 2  0\n0\n"),
        (3, True, f"{WAITS}\ntold = None", "None", "ended 2 0\n0\n"),
        (3, True, THREAD, "None", "True 0  0\n0\n"),
        (1, False, "", "question", f"True 1 {DOCUMENTS} 1\n0\n"),
        (1, True, "", "question", f"True 1 {DOCUMENTS + THE_REST} 1\n0\n"),
        (2, False, "", "question", "True 1  1\n0\n"),
        (2, True, "", "question", "True 2  1\n0\n"),
        (2, False, ENDS.format(0), "question", "True 2  1\n0\n"),
        (2, True, "", "question._replace(max_bytes=1)", "True 2  1\n0\n"),
        (2, False, "", "question._replace(gates=question.gates[:1])", "True 2  1\n0\n"),
        (1, False, "", "question._replace(gates=question.gates[:1] * 64)", f"True 1 {ALONE} 1\n0\n"),
        (1, False, "", "question._replace(gates=question.gates[:1] * 65)", f"True 0 {ALONE} 0\n0\n"),
    ],
    ids=[
        "alone",
        "two",
        "three",
        "more-than-shares",
        "others-that-end",
        "others-that-fail",
        "one-of-two-that-ends",
        "one-that-cannot-go-on",
        "beside-a-thread",
        "alone-with-a-scout-that-finds-nothing",
        "alone-with-a-scout-that-finds-something",
        "scout-that-finds-nothing",
        "scout-that-finds-something",
        "scout-that-ends",
        "scout-of-another-tree",
        "scout-of-one-gate",
        "scout-of-as-many-gates-as-may-be",
        "scout-of-too-many-gates",
    ],
)
def test_all_is_found_and_nobody_left_behind(
    jobs: int, broken: bool, before: str, question: str, printed: str, root: Path, tree: Path
) -> None:
    if broken:
        break_much(tree)
    program = SHARED.format(before=before, question=question)
    command = [sys.executable, "-c", program, str(tree), str(jobs)]

    ran = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)

    assert (ran.stdout, ran.stderr) == (printed, "")
