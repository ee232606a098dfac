"""The gate commands: judge one packet, or prove the index, and print one JSON verdict."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from cavra_lint.console import Parser, UsageError, find_root, jobs, run, write_whole


def main(gate_id: str, argv: Sequence[str] | None = None, *, repo_root: str | None = None) -> int:
    """Run the command of one gate, as the scripts in `scripts/` do.

    Args:
        gate_id: a gate of R7, or `R7.11` for its index.
        argv: the arguments; those of the process where None.
        repo_root: the root where none is given; the nearest repository where None.

    Returns:
        0 where nothing blocks and, with `--require-live`, the gate is ready; 1 where it does; 2 for
        wrong usage.
    """
    return run(lambda arguments: _main(gate_id, arguments, repo_root), _program(gate_id), argv)


def any_gate() -> int:
    """Run `cavra-gate GATE_ID [options]`: the same commands, for any gate of any contract."""
    return run(_any_gate, "cavra-gate")


def _program(gate_id: str) -> str:
    return os.path.basename(sys.argv[0]) or gate_id


def _any_gate(argv: Sequence[str] | None) -> int:
    from cavra_lint.contract import load_chain

    first = Parser(prog="cavra-gate", add_help=False, allow_abbrev=False)
    first.add_argument("--contract", metavar="FILE", help="a contract file in place of the built-in R7")
    first.add_argument("gate_id", metavar="GATE_ID", nargs="?")
    known, rest = first.parse_known_args(argv)
    chain = load_chain(known.contract) if known.contract else load_chain()
    ids = [gate.id for gate in (*chain.gates, chain.index_gate)]
    if known.gate_id not in ids:
        asked_for_help = known.gate_id is None and not {"-h", "--help"}.isdisjoint(rest)
        usage = f"usage: cavra-gate GATE_ID [--contract FILE] [options]; GATE_ID is one of {', '.join(ids)}"
        if asked_for_help:
            print(usage)
            return 0
        raise UsageError(usage)
    return _main(known.gate_id, rest, None, known.contract)


def _main(gate_id: str, argv: Sequence[str] | None, repo_root: str | None, contract: str | None = None) -> int:
    from cavra_lint.contract import load_chain

    chain = load_chain(contract) if contract else load_chain()
    try:
        gate = chain.gate(gate_id)
    except KeyError:
        raise UsageError(f"the chain {chain.id} has no such gate") from None
    is_index = gate is chain.index_gate
    parser = Parser(
        prog=f"cavra-gate {gate_id}" if contract else None,
        description=f"{gate.id} {gate.name}: judge a packet and print one JSON verdict.",
        allow_abbrev=False,
    )
    parser.add_argument(gate.packet_option, dest="packet", metavar="FILE", help="the packet; built where none is given")
    if gate.source_option:
        parser.add_argument(
            gate.source_option, dest="source", metavar="FILE", help="the packet of the gate before, to build from"
        )
    parser.add_argument("--require-live", action="store_true", help="block where the packet is not live")
    parser.add_argument("--output", metavar="FILE", help="also write the verdict there")
    parser.add_argument("--export-dir", metavar="DIR", help="write sample and live packets and their results there")
    if is_index:
        parser.add_argument("--repo-root", metavar="DIR", help="the repository that the index speaks of")
        parser.add_argument("--jobs", metavar="N", type=jobs, help="how many processes work; default: the processors")
    options = vars(parser.parse_args(argv))

    from cavra_lint import gate_runs
    from cavra_lint.proof.shares import available_jobs
    from cavra_lint.sources.repository import Repository

    try:
        repository = Repository(options.get("repo_root") or repo_root or find_root())
    except ValueError:
        raise UsageError("--repo-root is not a folder") from None
    judged = gate_runs.GateRun(chain, gate, repository, options.get("jobs") or available_jobs())
    if options["export_dir"]:
        exported = gate_runs.export(judged, options["export_dir"])
        _print(exported)
        return 0
    verdict = gate_runs.verdict_of(
        judged, options["packet"], options.get("source"), require_live=options["require_live"]
    )
    _print(verdict)
    if options["output"]:
        write_whole(options["output"], as_json(verdict))
    blocked = verdict["blocker_count"] or (options["require_live"] and not verdict[gate.ready_key])
    return 1 if blocked else 0


def as_json(value: Mapping[str, Any]) -> str:
    """Return a verdict or packet as it is printed and written: indented by 2, keys sorted."""
    return json.dumps(value, indent=2, sort_keys=True) + "\n"


def _print(value: Mapping[str, Any]) -> None:
    sys.stdout.write(as_json(value))
    sys.stdout.flush()
