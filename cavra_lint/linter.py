"""The linter: what concerns some files of a tree, or all of it."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable, Collection, Iterable, Iterator

from cavra_lint.concern import concerned, is_at_or_below, judged_by
from cavra_lint.config import FILE_NAME, Config, ConfigError
from cavra_lint.contract import Chain, Gate, load_chain
from cavra_lint.frozen import TYPE_CHECKING, NamedTuple
from cavra_lint.sources.repository import Repository

if TYPE_CHECKING:
    from cavra_lint.diagnostics import Diagnostic
    from cavra_lint.proof.scout import Scout


class Linted(NamedTuple):
    """What was found in a tree, sorted: what is printed of it, and all of it; and the gates that were asked about."""

    diagnostics: tuple[Diagnostic, ...]
    every: tuple[Diagnostic, ...]
    gate_ids: tuple[str, ...]


def lint_tree(
    chain: Chain,
    repository: Repository,
    paths: Iterable[str],
    config: Config,
    *,
    jobs: int = 1,
    done: Callable[[int, int], None] | None = None,
    scout: Scout | None = None,
) -> Linted:
    """Return what the linter finds in a tree.

    Args:
        chain: the chain that the tree carries.
        repository: the tree.
        paths: files, or folders for all below them, as paths below the root; none for the whole chain.
        config: what to print, and where the index is.
        jobs: how many processes may work on it.
        done: told how many gates are done, of how many.
        scout: who looks at some of it already.
    """
    wanted = tuple(posixpath.normpath(path) for path in paths)
    if config.index_path:
        chain = _with_index_at(chain, config.index_path)
    every_id = tuple(gate.id for gate in chain.every)
    whole = not wanted or any(
        is_at_or_below(path, frozenset(wanted)) for path in _ruling_files(repository, chain, config)
    )
    touched = frozenset(every_id) if whole else frozenset(concerned(chain, wanted))
    asked = touched if whole else touched.union(judged_by(chain, wanted, repository.text))
    if not asked:
        return Linted((), (), ())

    from cavra_lint.packets.reading import read_packet
    from cavra_lint.proof import proof_of, prove
    from cavra_lint.selection import selected

    path = chain.index_gate.artifacts["live_sanitized_example"]
    document, _ = read_packet(chain, chain.index_gate, repository, repository.read(path))
    proof = proof_of(chain, repository, document, require_live=config.require_live)
    every = prove(proof, asked, jobs=jobs, done=done, scout=scout)
    if asked != touched:
        # of the others, what stands in the files themselves
        files = frozenset(wanted)
        every = tuple(found for found in every if found.gate_id in touched or found.path in files)
        touched |= {found.gate_id for found in every}
    return Linted(tuple(selected(every, config)), every, tuple(gate_id for gate_id in every_id if gate_id in touched))


def _ruling_files(repository: Repository, chain: Chain, config: Config) -> Iterator[str]:
    """Yield the files that say what every gate is judged by: the contracts, and the configuration that changes them."""
    if config.contract:
        yield repository.relative(os.path.join(repository.root, config.contract))
    yield from map(repository.relative, chain.files)
    if config.contract or config.index_path or config.forbidden_keys or config.allowed_values:
        yield FILE_NAME


def _with_index_at(chain: Chain, path: str) -> Chain:
    """Return the chain with its index packet at another path, and the command that names it."""
    index: Gate = chain.index_gate
    before = index.artifacts["live_sanitized_example"]
    artifacts = {**index.artifacts, "live_sanitized_example": path}
    command = index.command.replace(before, path)
    moved = index._replace(artifacts=artifacts, command=command)
    return chain.changed(lambda gate: moved if gate is index else gate)


def configured_chain(repository: Repository, config: Config) -> Chain:
    """Return the chain of a configuration, with the forbidden keys that it adds, and the values that it allows.

    Args:
        repository: the tree; a configured contract is a path below its root.
        config: the configuration.
    """
    return configured(contract_of(repository, config), config)


def configured(chain: Chain, config: Config) -> Chain:
    """Return a chain with what a configuration says of keys and values that are private."""
    return with_forbidden_keys(chain, config.forbidden_keys)._replace(allowed_values=config.allowed_values)


def contract_of(repository: Repository, config: Config) -> Chain:
    """Return the chain whose contract a configuration names; the built-in R7 where it names none."""
    if not config.contract:
        return load_chain()
    path = os.path.join(repository.root, config.contract)
    # one that was named with `--contract` may lie anywhere
    if not os.path.isabs(config.contract) and not repository.holds(path):
        raise ConfigError(f"{FILE_NAME}: `contract` leads out of the repository")
    return load_chain(path)


def with_forbidden_keys(chain: Chain, keys: Collection[str]) -> Chain:
    """Return the chain with keys that no packet of any gate may hold, beside the contract's own."""
    if not keys:
        return chain

    def stricter(gate: Gate) -> Gate:
        return gate._replace(forbidden_keys=(*gate.forbidden_keys, *keys))

    return chain.changed(stricter)
