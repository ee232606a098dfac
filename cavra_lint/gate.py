"""The gate commands: judge one packet, or prove the index, and print one JSON verdict."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from cavra_lint.console import available_jobs, find_root, jobs, own_process, run, write_whole
from cavra_lint.options import Option, Syntax, UsageError, parse

if TYPE_CHECKING:
    from cavra_lint.contract import Gate


def main(gate_id: str, argv: Sequence[str] | None = None, *, repo_root: str | None = None) -> int:
    """Run the command of one gate.

    Args:
        gate_id: a gate of R7, or `R7.11` for its index.
        argv: the arguments; those of the process where None.
        repo_root: the root where none is given; the nearest repository where None.

    Returns:
        0 where nothing blocks and, with `--require-live`, the gate is ready; 1 where it does; 2 for
        wrong usage.
    """
    return run(lambda arguments: _main(gate_id, arguments, repo_root), _program(gate_id), argv)


def command(gate_id: str, *, repo_root: str) -> NoReturn:
    """Run the command of one gate as the one thing that its process does.

    Args:
        gate_id: a gate of R7, or `R7.11` for its index.
        repo_root: the root where none is given.
    """
    own_process(lambda: main(gate_id, repo_root=repo_root))


def any_gate() -> NoReturn:
    """Run `cavra-gate GATE_ID [options]`: the same commands, for any gate of any contract."""
    own_process(lambda: run(_any_gate, "cavra-gate"))


def _program(gate_id: str) -> str:
    return os.path.basename(sys.argv[0]) or gate_id


def _any_gate(argv: Sequence[str] | None) -> int:
    from cavra_lint.contract import load_chain

    words = list(sys.argv[1:] if argv is None else argv)
    contract = _take_contract(words)
    gate_id = words.pop(0) if words and not words[0].startswith("-") else None
    chain = load_chain(contract) if contract else load_chain()
    ids = [gate.id for gate in chain.every]
    if gate_id is None or gate_id not in ids:
        asked_for_help = gate_id is None and not {"-h", "--help"}.isdisjoint(words)
        usage = f"usage: cavra-gate GATE_ID [--contract FILE] [options]; GATE_ID is one of {', '.join(ids)}"
        if asked_for_help:
            print(usage)
            return 0
        raise UsageError(usage)
    return _main(gate_id, words, None, contract)


def _main(gate_id: str, argv: Sequence[str] | None, repo_root: str | None, contract: str | None = None) -> int:
    from cavra_lint.contract import load_chain

    chain = load_chain(contract) if contract else load_chain()
    try:
        gate = chain.gate(gate_id)
    except KeyError:
        raise UsageError(f"the chain {chain.id} has no such gate") from None
    is_index = gate is chain.index_gate
    options = parse(_syntax(gate, is_index, contract), sys.argv[1:] if argv is None else argv)

    from cavra_lint import gate_runs
    from cavra_lint.sources.repository import Repository

    try:
        repository = Repository((is_index and options.repo_root) or repo_root or find_root())
    except ValueError:
        raise UsageError("--repo-root is not a folder") from None
    judged = gate_runs.GateRun(chain, gate, repository, (is_index and options.jobs) or available_jobs())
    if options.export_dir:
        exported = gate_runs.export(judged, options.export_dir)
        _print(exported)
        return 0
    verdict = gate_runs.verdict_of(
        judged, options.packet, options.source if gate.source_option else None, require_live=options.require_live
    )
    _print(verdict)
    if options.output:
        write_whole(options.output, as_json(verdict))
    blocked = verdict["blocker_count"] or (options.require_live and not verdict[gate.ready_key])
    return 1 if blocked else 0


def _take_contract(words: list[str]) -> str | None:
    """Take `--contract FILE` out of a command's words: which options there are depends on it."""
    for position, word in enumerate(words):
        name, equals, value = word.partition("=")
        if name == "--contract":
            taken = words[position : position + (1 if equals else 2)]
            if not equals:
                value = taken[-1] if len(taken) > 1 else ""
            if not value:
                raise UsageError("--contract needs a file")
            del words[position : position + len(taken)]
            return value
    return None


def _syntax(gate: Gate, is_index: bool, contract: str | None) -> Syntax:
    options = [
        Option(gate.packet_option, "the packet; built where none is given", "FILE", known_as="packet"),
        Option("--require-live", "block where the packet is not live"),
        Option("--output", "also write the verdict there", "FILE"),
        Option("--export-dir", "write sample and live packets and their results there", "DIR"),
    ]
    if gate.source_option:
        words = "the packet of the gate before, to build from"
        options.append(Option(gate.source_option, words, "FILE", known_as="source"))
    if is_index:
        options.append(Option("--repo-root", "the repository that the index speaks of", "DIR"))
        options.append(Option("--jobs", "how many processes work; by default all processors", "N", jobs))
    description = f"{gate.id} {gate.name}: judge a packet and print one JSON verdict."
    return Syntax(f"cavra-gate {gate.id}" if contract else None, description, tuple(options))


def as_json(value: Mapping[str, Any]) -> str:
    """Return a verdict or packet as it is printed and written: indented by 2, keys sorted.

    What a CI runner could take for a command is escaped; a reader of JSON gets back every character.
    """
    return json.dumps(value, indent=2, sort_keys=True).replace("##", "#\\u0023").replace("::", ":\\u003a") + "\n"


def _print(value: Mapping[str, Any]) -> None:
    sys.stdout.write(as_json(value))
    sys.stdout.flush()
