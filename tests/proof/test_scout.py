"""A scout answers one question with one word, and nothing is ready because of what it did not look at."""

from __future__ import annotations

import functools
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cavra_lint import cli
from cavra_lint.config import Config
from cavra_lint.contract import Chain
from cavra_lint.gate import main
from cavra_lint.linter import _with_index_at, configured
from cavra_lint.proof import proof_of
from cavra_lint.proof.scout import Question
from cavra_lint.proof.subject import Proof
from cavra_lint.sources.json_document import in_memory
from cavra_lint.sources.repository import MAX_BYTES, Repository

WORKFLOW = ".github/workflows/customer-operating-review.yml"
TEST = "tests/test_customer_operating_review.py"
PAGE = "docs/customer-operating-review.md"
INDEX = "examples/customer-lifecycle-verification-index/customer-lifecycle-verification-index.live.sanitized"
GATE = ["scripts/validate_customer_lifecycle_verification_index.py", "--require-live"]
INDEX_OPTION = f"--index={INDEX}.example.json"


@pytest.fixture
def proof(chain: Chain, tree: Path) -> Proof:
    return proof_of(chain, Repository(tree), in_memory({}), require_live=True)


def limited(proof: Proof) -> Proof:
    return proof._replace(repository=Repository(proof.repository.root, max_bytes=MAX_BYTES - 1))


def elsewhere(proof: Proof) -> Proof:
    return proof._replace(repository=Repository(Path(proof.repository.root).parent))


def with_chain(change: Callable[[Chain], Chain]) -> Callable[[Proof], Proof]:
    return lambda proof: proof._replace(chain=change(proof.chain))


def with_another_test(chain: Chain) -> Chain:
    return chain.changed(lambda gate: gate._replace(artifacts={**gate.artifacts, "test": "tests/test_other.py"}))


PROOFS: dict[str, tuple[Callable[[Proof], Proof], bool]] = {
    "the same": (lambda proof: proof, True),
    "a sample will do": (lambda proof: proof._replace(require_live=False), True),
    "more keys are forbidden": (
        with_chain(lambda chain: configured(chain, Config(forbidden_keys=("codename",)))),
        True,
    ),
    "some values are public": (with_chain(lambda chain: configured(chain, Config(allowed_values=("a@b.de",)))), True),
    "another root": (elsewhere, False),
    "another size": (limited, False),
    "another index": (with_chain(lambda chain: _with_index_at(chain, "index.json")), False),
    "other schemes": (with_chain(lambda chain: chain._replace(ref_schemes=("ticket",))), True),
    "other artifacts": (with_chain(with_another_test), False),
    "an export": (lambda proof: proof._replace(written_later=("live_result",)), False),
}


@pytest.mark.parametrize(("change", "holds"), PROOFS.values(), ids=PROOFS)
def test_an_answer_holds_for_what_was_asked(change: Callable[[Proof], Proof], holds: bool, proof: Proof) -> None:
    question = Question(proof.chain, proof.chain.every, proof.repository.root, proof.repository.max_bytes)
    changed = change(proof)

    assert question.is_part_of(changed, changed.chain.every) is holds


def test_an_answer_does_not_hold_for_more_gates(proof: Proof) -> None:
    question = Question(proof.chain, proof.chain.gates, proof.repository.root, proof.repository.max_bytes)

    assert not question.is_part_of(proof, proof.chain.every)


def test_an_answer_does_not_hold_where_another_gate_is_not_the_same(proof: Proof) -> None:
    gates = proof.chain.gates[:1]
    question = Question(proof.chain, gates, proof.repository.root, proof.repository.max_bytes)
    other = proof.chain.changed(lambda gate: gate if gate in gates else gate._replace(artifacts={}))

    assert question.is_part_of(proof, gates)
    assert not question.is_part_of(proof._replace(chain=other), gates)


def changed(path: str, old: str, new: str) -> Callable[[Path], None]:
    def change(tree: Path) -> None:
        text = (tree / path).read_text()
        assert old in text
        (tree / path).write_text(text.replace(old, new))

    return change


def configured_by(table: str, *changes: Callable[[Path], None]) -> Callable[[Path], None]:
    def change(tree: Path) -> None:
        (tree / "pyproject.toml").write_text(f"[tool.cavra-lint]\n{table}\n")
        for one in changes:
            one(tree)

    return change


def moved_index(tree: Path) -> None:
    (tree / f"{INDEX}.example.json").rename(tree / "index.json")


def untracked(path: str) -> Callable[[Path], None]:
    def change(tree: Path) -> None:
        for words in (["init", "--quiet"], ["add", "--all"], ["rm", "--quiet", "--cached", path]):
            subprocess.run(["git", *words], cwd=tree, check=True)

    return change


ADDRESS = changed(WORKFLOW, "\njobs:", "\n# mail jane.roe@acme.de\njobs:")
LINTER = "from cavra_lint.cli import command; command()"
INDEX_GATE = "from cavra_lint.gate import command; command('R7.11', repo_root='.')"
#: What is wrong with a tree, and the codes that a page of the gate has reported with it.
TREES: dict[str, tuple[Callable[[Path], None], set[str]]] = {
    "nothing": (lambda _: None, set()),
    "a workflow": (changed(WORKFLOW, "--require-live", "--require-live || true"), {"CAVRA303"}),
    "a test": (changed(TEST, "assert ", "_ = "), {"CAVRA307"}),
    "a test that is missing": (lambda tree: (tree / TEST).unlink(), {"CAVRA101"}),
    "a page": (changed(PAGE, "--require-live", ""), {"CAVRA305"}),
    "a page and a workflow": (
        configured_by("", changed(PAGE, "--require-live", ""), ADDRESS),
        {"CAVRA305", "CAVRA420"},
    ),
    "a workflow that git does not track": (untracked(WORKFLOW), {"CAVRA107"}),
    "a test that git does not track": (untracked(TEST), {"CAVRA107"}),
    "a value": (ADDRESS, {"CAVRA420"}),
    "a value that is public": (configured_by('allowed-values = ["*@acme.de"]', ADDRESS), set()),
    "a size": (configured_by("max-file-size = 2400"), {"CAVRA001"}),
    "an index at another place": (configured_by('index = "index.json"', moved_index), set()),
}


@pytest.mark.parametrize(("change", "codes"), TREES.values(), ids=TREES)
def test_nothing_depends_on_a_scout(
    change: Callable[[Path], None],
    codes: set[str],
    root: Path,
    tree: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    change(tree)
    monkeypatch.chdir(tree)
    gate = [INDEX_OPTION, f"--repo-root={tree}", "--require-live"]

    def scouted(program: str, words: list[str]) -> str:
        env = {**os.environ, "PYTHONPATH": str(root)}
        ran = subprocess.run([sys.executable, "-c", program, *words, "--jobs=2"], env=env, capture_output=True)
        assert ran.stderr == b""
        return ran.stdout.decode()

    def alone(main: Callable[[list[str]], int], words: list[str]) -> str:
        main([*words, "--jobs=1"])
        return capsys.readouterr().out

    page = alone(cli.main, [PAGE])
    assert scouted(LINTER, [PAGE]) == page
    assert scouted(INDEX_GATE, gate) == alone(functools.partial(main, "R7.11"), gate)
    found = {line.split()[1] for line in page.splitlines()}
    assert found >= codes
    assert bool(found) is bool(codes)


def test_a_contract_of_the_tree_is_not_answered_for(root: Path, tmp_path: Path) -> None:
    chain = root / "examples/model-release-chain"
    env = {**os.environ, "PYTHONPATH": str(root)}
    command = [sys.executable, "-m", "cavra_lint", f"--repo-root={chain}", "--jobs=2"]

    ran = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)

    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


#: A scout that is lost: asked nothing, killed, taken by the system. What is printed is what it is said to have found.
LOST = """
import os, signal, sys
from cavra_lint.contract import load_chain
from cavra_lint.proof.scout import Question, Scout
{before}
chain = load_chain()
with Scout(Question(chain, chain.every, sys.argv[1], 1 << 25)) as scout:
    {then}
    print(scout.found_nothing(), scout.found_nothing())
"""
SCOUTS = {
    "it looks": ("", "pass", "True False"),
    "it is killed": ("", "os.kill(scout._sent.process, signal.SIGKILL)", "False False"),
    "nobody may know how it ends": ("signal.signal(signal.SIGCHLD, signal.SIG_IGN)", "pass", "True False"),
    "there can be none": (
        "import threading; threading.Thread(target=threading.Event().wait, daemon=True).start()",
        "pass",
        "False False",
    ),
}


@pytest.mark.parametrize(("before", "then", "printed"), SCOUTS.values(), ids=SCOUTS)
def test_a_scout_that_is_lost_found_nothing_out(before: str, then: str, printed: str, root: Path, tree: Path) -> None:
    program = LOST.format(before=before, then=then)

    ran = subprocess.run(
        [sys.executable, "-c", program, str(tree)], cwd=root, input="", capture_output=True, text=True, check=True
    )

    assert ran.stdout.strip() == printed


@pytest.mark.parametrize("words", [["--select", "CAVRA9"], ["--config", "none.toml"], [PAGE, "--repo-root", "none"]])
def test_a_command_that_ends_early_leaves_no_process(words: list[str], root: Path, tree: Path) -> None:
    env = {**os.environ, "PYTHONPATH": str(root)}
    command = [sys.executable, "-m", "cavra_lint", "--jobs=2", *words]

    process = subprocess.Popen(command, cwd=tree, env=env, stderr=subprocess.DEVNULL, start_new_session=True)

    assert process.wait(timeout=60) == 2
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


def test_a_gate_is_proven_where_nobody_may_know_how_a_scout_ends(root: Path) -> None:
    def ignore_children() -> None:
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)

    command = [sys.executable, *GATE, INDEX_OPTION, "--jobs=2"]
    ran = subprocess.run(command, cwd=root, preexec_fn=ignore_children, capture_output=True, text=True, check=False)

    assert (ran.returncode, ran.stderr) == (0, "")
    assert json.loads(ran.stdout)["ready_for_customer_lifecycle_verification_index"] is True
