"""Prove from the files of a repository that a chain of release gates is ready, or say where it breaks.

All of this judges without printing, and raises nothing on bad input but `TypeError` or `ValueError`
for a gate id, an evidence mode, a root or a path that is none.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

from cavra_lint.frozen import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

    from cavra_lint.config import Config
    from cavra_lint.contract import Chain, EvidenceMode, Gate
    from cavra_lint.diagnostics import Diagnostic
    from cavra_lint.sources.repository import Repository

__version__ = "0.1.0"
__all__ = ["__version__", "build_index", "build_packet", "lint", "verify_index", "verify_packet"]


def verify_packet(gate_id: str, packet: object, *, require_live: bool = False) -> dict[str, Any]:
    """Judge a packet of one of R7's gates.

    Args:
        gate_id: `R7.1` to `R7.10`; the index is judged by `verify_index`.
        packet: the packet; anything but an object gives a verdict that is not ready.
        require_live: whether a packet that is not live blocks.

    Returns:
        The verdict: the published keys, and `diagnostics`.

    Raises:
        TypeError: the gate id is no string.
        ValueError: R7 has no such gate.
    """
    from cavra_lint.contract import load_chain
    from cavra_lint.packets.judge import judge
    from cavra_lint.sources.json_document import in_memory
    from cavra_lint.verdict import verdict

    chain = load_chain()
    gate = _gate(chain, gate_id)
    document = in_memory(packet)
    return verdict(chain, gate, document, list(judge(chain, gate, document, require_live=bool(require_live))))


def verify_index(index: object, *, repo_root: str | os.PathLike[str], require_live: bool = False) -> dict[str, Any]:
    """Prove an index from the files of its repository.

    Args:
        index: the index packet; anything but an object gives a verdict that is not ready.
        repo_root: the root of the repository that the index speaks of.
        require_live: whether an index that is not live blocks. The gates' examples and results have
            to be live in any case.

    Returns:
        The verdict: the published keys, and `diagnostics`.

    Raises:
        TypeError: the root is no path.
        ValueError: the root is no folder.
    """
    from cavra_lint.contract import load_chain
    from cavra_lint.gate_runs import GateRun, index_verdict
    from cavra_lint.sources.repository import Repository

    chain = load_chain()
    run = GateRun(chain, chain.index_gate, Repository(repo_root))
    return index_verdict(run, index, require_live=bool(require_live))


def build_packet(gate_id: str, *, evidence_mode: EvidenceMode = "sample", source: object = None) -> dict[str, Any]:
    """Build a packet of one of R7's gates, sanitized by construction; the same each time.

    Args:
        gate_id: `R7.1` to `R7.10`; the index is built by `build_index`.
        evidence_mode: `sample` or `live`.
        source: the packet of the gate before, whose verdict is embedded; for R7.7, that of R7.6 or an
            object of packets by gate id. What is not given is built; R7.1 stands on nothing.

    Raises:
        TypeError: the gate id is no string.
        ValueError: R7 has no such gate, or the evidence mode is neither `sample` nor `live`.
    """
    from cavra_lint.contract import load_chain
    from cavra_lint.packets.build import build

    chain = load_chain()
    return build(chain, _gate(chain, gate_id), _mode(evidence_mode), source)


def build_index(repo_root: str | os.PathLike[str], *, evidence_mode: EvidenceMode = "sample") -> dict[str, Any]:
    """Build the index of a repository: what its files say, gate by gate, ready or not.

    Args:
        repo_root: the root of the repository.
        evidence_mode: `sample` or `live`, for the index itself; the files below it are the live ones.

    Raises:
        TypeError: the root is no path.
        ValueError: the root is no folder, or the evidence mode is neither `sample` nor `live`.
    """
    from cavra_lint.contract import load_chain
    from cavra_lint.packets import build
    from cavra_lint.sources.repository import Repository

    return build.build_index(load_chain(), Repository(repo_root), _mode(evidence_mode))


def lint(
    repo_root: str | os.PathLike[str],
    *,
    paths: Iterable[str | os.PathLike[str]] = (),
    config: Config | None = None,
) -> list[Diagnostic]:
    """Return what `cavra-lint` prints of a repository.

    Args:
        repo_root: the root of the repository.
        paths: files, or folders for all below them, by their paths from the root or absolute ones below it; none
            for the whole chain.
        config: the configuration; that of the root's pyproject.toml where None.

    Raises:
        TypeError: the root is no path, `paths` is a single one, or the configuration is none.
        ValueError: the root is no folder, a path leads out of it, or its configuration or contract cannot be used.
    """
    if isinstance(paths, (str, bytes, os.PathLike)):
        # the letters of a path are paths as well, and of no concern to any gate
        raise TypeError("the paths are a single one; expected several, as a list")
    from cavra_lint.config import FILE_NAME, Config, load_config
    from cavra_lint.linter import configured_chain, lint_tree
    from cavra_lint.sources.repository import Repository

    repository = Repository(repo_root)
    if config is None:
        config = load_config(os.path.join(repository.root, FILE_NAME))
    elif not isinstance(config, Config):
        raise TypeError("the configuration is none; expected a Config, as load_config gives it")
    repository.max_bytes = config.max_file_size
    wanted = [_below(repository, path) for path in paths]
    return list(lint_tree(configured_chain(repository, config), repository, wanted, config).diagnostics)


def _gate(chain: Chain, gate_id: str) -> Gate:
    if not isinstance(gate_id, str):
        raise TypeError("the gate id is no string")
    for gate in chain.gates:
        if gate.id == gate_id:
            return gate
    known = f"{chain.gates[0].id} to {chain.gates[-1].id}"
    raise ValueError(f"no gate has this id; expected one of {known}")


def _below(repository: Repository, path: str | os.PathLike[str]) -> str:
    """Return a path from the root; one that leads out of it names nothing that could be found in order."""
    full = os.path.join(repository.root, path)
    relative = "." if os.path.realpath(full) == repository.root else repository.below(full)
    if relative is None:
        raise ValueError("a path leads out of the repository's root")
    return relative


def _mode(evidence_mode: EvidenceMode) -> EvidenceMode:
    if evidence_mode not in ("sample", "live"):
        raise ValueError("the evidence mode is neither `sample` nor `live`")
    return evidence_mode
