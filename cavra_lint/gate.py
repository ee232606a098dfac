"""The gate commands: judge one packet, or prove the index, and print one JSON verdict."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence

from cavra_lint import __version__
from cavra_lint.console import available_jobs, find_root, jobs_of, run, write_whole
from cavra_lint.frozen import TYPE_CHECKING
from cavra_lint.libraries import own_process
from cavra_lint.options import Option, Syntax, UsageError, parse

if TYPE_CHECKING:
    from typing import Any, NoReturn

    from cavra_lint.contract import Chain, Gate
    from cavra_lint.proof.scout import Question
    from cavra_lint.sources.repository import Repository


def main(
    gate_id: str, argv: Sequence[str] | None = None, *, repo_root: str | None = None, contract: str | None = None
) -> int:
    """Run the command of one gate.

    Args:
        gate_id: the id of a gate, or of the index.
        argv: the arguments; those of the process where None.
        repo_root: the root where none is given; the nearest repository where None.
        contract: the chain's contract file, by its path from the root; the built-in R7 where None.

    Returns:
        0 where nothing blocks and, with `--require-live`, the gate is ready; 1 where it does; 2 for
        wrong usage.
    """

    def command_of(arguments: Sequence[str] | None) -> int:
        from cavra_lint.contract import load_chain

        chain = load_chain(os.path.join(repo_root or find_root(), contract)) if contract else load_chain()
        return _main(chain, gate_id, arguments, repo_root, None)

    return run(command_of, _program(gate_id), argv)


def command(gate_id: str, *, repo_root: str, contract: str | None = None) -> NoReturn:
    """Run the command of one gate as the one thing that its process does.

    Args:
        gate_id: the id of a gate, or of the index.
        repo_root: the root where none is given.
        contract: the chain's contract file, by its path from the root; the built-in R7 where None.
    """
    own_process(lambda: main(gate_id, repo_root=repo_root, contract=contract))


def any_gate() -> NoReturn:
    """Run `cavra-gate GATE_ID [options]`: the same commands, for any gate of any contract."""
    own_process(lambda: run(_any_gate, "cavra-gate"))


def _program(gate_id: str) -> str:
    return os.path.basename(sys.argv[0]) or gate_id


def _any_gate(argv: Sequence[str] | None) -> int:
    from cavra_lint.contract import load_chain

    words = list(sys.argv[1:] if argv is None else argv)
    if words[:1] == ["--version"]:
        print(f"cavra-gate {__version__}")
        return 0
    contract = _take(words, "--contract")
    root = _take(list(words), "--repo-root")
    gate_id = words.pop(0) if words and not words[0].startswith("-") else None
    chain = load_chain(contract) if contract else _configured(root)
    ids = [gate.id for gate in chain.every]
    if gate_id is None or gate_id not in ids:
        asked_for_help = gate_id is None and not {"-h", "--help"}.isdisjoint(words)
        usage = (
            "usage: cavra-gate GATE_ID [--contract FILE] [options]; `cavra-gate GATE_ID --help` lists the options;"
            f" GATE_ID is one of {', '.join(ids)}"
        )
        if asked_for_help:
            from cavra_lint.output.text import printable

            print(printable(usage))
            return 0
        if gate_id is None:
            raise UsageError(usage)
        from cavra_lint.rules.rule import close_to

        close = close_to(gate_id, ids)
        hint = f"; did you mean `{close}`?" if close else ""
        raise UsageError(f"`{gate_id}` is no gate of {chain.id}, expected one of {', '.join(ids)}{hint}")
    return _main(chain, gate_id, words, None, f"cavra-gate {gate_id}")


def _configured(repo_root: str | None) -> Chain:
    """Return the chain that the configuration at a root names."""
    from cavra_lint.config import FILE_NAME, load_config
    from cavra_lint.linter import contract_of

    repository = _repository(repo_root)
    return contract_of(repository, load_config(os.path.join(repository.root, FILE_NAME)))


def _repository(repo_root: str | None) -> Repository:
    from cavra_lint.sources.repository import Repository

    try:
        return Repository(repo_root or find_root())
    except ValueError:
        raise UsageError("--repo-root is not a folder") from None


def _main(chain: Chain, gate_id: str, argv: Sequence[str] | None, repo_root: str | None, program: str | None) -> int:
    try:
        gate = chain.gate(gate_id)
    except KeyError:
        raise UsageError(f"the chain {chain.id} has no such gate") from None
    # the index speaks of a tree, and what stands behind it may be built on what the index says
    has_tree = gate is chain.index_gate or chain.is_later(gate)
    options = parse(_syntax(gate, has_tree, program), sys.argv[1:] if argv is None else argv)

    repository = _repository((has_tree and options.repo_root) or repo_root)
    jobs = (has_tree and options.jobs) or available_jobs()
    if options.export_dir:
        from cavra_lint import gate_runs

        exported = gate_runs.export(gate_runs.GateRun(chain, gate, repository, jobs), options.export_dir)
        _print(exported)
        return 0
    source = options.source if gate.source_option else None

    from cavra_lint.proof.scout import Scout

    with Scout(_question(chain, gate, repository) if jobs > 1 else None) as scout:
        from cavra_lint import gate_runs

        run = gate_runs.GateRun(chain, gate, repository, jobs, scout)
        verdict = gate_runs.verdict_of(run, options.packet, source, require_live=options.require_live)
        _print(verdict)
    if options.output:
        from cavra_lint.verdict import as_json

        write_whole(options.output, as_json(verdict))
    blocked = verdict["blocker_count"] or (options.require_live and not verdict[gate.ready_key])
    return 1 if blocked else 0


def _question(chain: Chain, gate: Gate, repository: Repository) -> Question | None:
    """Return what can be looked at before anything is read, where it is a whole chain that is to be proven."""
    if gate is not chain.index_gate:
        return None
    from cavra_lint.config import file_size_limit
    from cavra_lint.proof.scout import Question

    return Question(chain, (*chain.gates, gate), repository.root, file_size_limit(repository.root))


def _take(words: list[str], option: str) -> str | None:
    """Take an option and its value out of a command's words: which other options there are depends on it."""
    for position, word in enumerate(words):
        name, equals, value = word.partition("=")
        if name == option:
            taken = words[position : position + (1 if equals else 2)]
            if not equals:
                value = taken[-1] if len(taken) > 1 else ""
            if not value:
                raise UsageError(f"{option} needs a value")
            del words[position : position + len(taken)]
            return value
    return None


def _syntax(gate: Gate, has_tree: bool, program: str | None) -> Syntax:
    options = [
        Option(gate.packet_option, "the packet; built where none is given", "FILE", known_as="packet"),
        Option("--require-live", "block where the packet is not live"),
        Option("--output", "also write the verdict there", "FILE"),
        Option("--export-dir", "write sample and live packets and their results there", "DIR"),
    ]
    if program and "--packet" not in (gate.packet_option, gate.source_option):
        # who starts any gate of any chain need not know what its contract calls the option
        options.append(Option("--packet", "the packet, as for every gate", "FILE", known_as="packet"))
    if gate.source_option:
        words = "the packet of the gate before, to build from"
        options.append(Option(gate.source_option, words, "FILE", known_as="source"))
    if has_tree:
        options.append(Option("--repo-root", "the repository that the index speaks of", "DIR"))
        options.append(Option("--jobs", "how many processes work; by default all processors", "N", jobs_of))
    description = f"{gate.id} {gate.name}: judge a packet and print one JSON verdict."
    return Syntax(program, description, tuple(options))


def _print(value: Mapping[str, Any]) -> None:
    from cavra_lint.verdict import as_json

    sys.stdout.write(as_json(value))
    sys.stdout.flush()
