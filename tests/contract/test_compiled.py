"""The built-in R7 is what r7.toml says, whichever of the two forms it is taken from."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from cavra_lint.contract import load_chain
from cavra_lint.contract.built_in import BUILT_IN, checksum
from cavra_lint.contract.compiled import compiled
from cavra_lint.contract.loader import read_chain
from cavra_lint.contract.model import Chain


def test_compiled_module_is_current(root: Path) -> None:
    made = compiled(read_chain(BUILT_IN), checksum())

    assert (root / "cavra_lint/contract/r7.py").read_text() == made


def test_compiled_chain_is_what_the_toml_says() -> None:
    assert load_chain() == read_chain(BUILT_IN)


def test_compiled_chain_shares_its_gates() -> None:
    chain = load_chain()

    # whoever asks whether a gate is the index compares it by identity
    assert [gate is other for gate, other in zip(chain.every, (*chain.gates, chain.index_gate), strict=True)] == [
        True
    ] * len(chain.every)


def test_gates_behind_the_index_are_compiled(chain: Chain) -> None:
    later = chain.index_gate._replace(id="R7.12", checks=(chain.index_gate.checks[0],))
    longer = chain._replace(later_gates=(later,), every=(*chain.every, later))
    names: dict[str, object] = {}

    exec(compiled(longer, 7), names)  # noqa: S102 - what was made of a chain by the line above

    assert (names["CHAIN"], names["MADE_FROM"]) == (longer, 7)


def test_changed_toml_counts_though_nobody_compiled_it(root: Path, tmp_path: Path) -> None:
    shutil.copytree(root / "cavra_lint", tmp_path / "cavra_lint", ignore=shutil.ignore_patterns("__pycache__"))
    toml = tmp_path / "cavra_lint/contract/r7.toml"
    toml.write_text(toml.read_text().replace('product = "CAVRA"', 'product = "Another"'))
    program = "from cavra_lint.contract import load_chain; print(load_chain().product)"

    ran = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True)

    assert ran.stdout == "Another\n"
