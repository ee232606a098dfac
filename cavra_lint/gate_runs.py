"""What a gate command does: read or build a packet, judge it, export it."""

from __future__ import annotations

import functools
import os

from cavra_lint.config import FILE_NAME, ConfigError, file_size_limit, load_config
from cavra_lint.console import write_whole
from cavra_lint.contract import Chain, EvidenceMode, Gate
from cavra_lint.diagnostics import Diagnostic
from cavra_lint.frozen import TYPE_CHECKING, NamedTuple
from cavra_lint.linter import configured
from cavra_lint.options import UsageError
from cavra_lint.packets.reading import read_packet
from cavra_lint.proof import Proof, proof_of, prove
from cavra_lint.rules import documents
from cavra_lint.rules.rule import ask
from cavra_lint.sources.json_document import in_memory, parse_json
from cavra_lint.sources.json_shapes import JsonDocument
from cavra_lint.sources.repository import File, Repository, read_regular_file

if TYPE_CHECKING:
    from typing import Any

    from cavra_lint.packets.build import Source
    from cavra_lint.proof.scout import Scout


class GateRun(NamedTuple):
    """A gate, or the index, and the repository that it stands in.

    `jobs` processes may work on its proof; `scout` looks at some of it already.
    """

    chain: Chain
    gate: Gate
    repository: Repository
    jobs: int = 1
    scout: Scout | None = None


def verdict_of(run: GateRun, packet: str | None, source: str | None, *, require_live: bool) -> dict[str, Any]:
    """Return the verdict on a packet.

    Args:
        run: the gate.
        packet: the packet's file; where None, a packet is built: live where live is required.
        source: the file of the packet of the gate before, to build from.
        require_live: whether a sample blocks.
    """
    run.repository.max_bytes = file_size_limit(run.repository.root)
    if packet is not None:
        document, unread = _read(run, run.gate, packet)
        return _verdict(run, document, require_live=require_live, unread=unread)
    mode: EvidenceMode = "live" if require_live else "sample"
    document = in_memory(_build(run, mode, _source(run, source)))
    return _verdict(run, document, require_live=require_live)


def index_verdict(run: GateRun, index: object, *, require_live: bool) -> dict[str, Any]:
    """Return the verdict on an index from memory.

    Where the tree's own index packet says the very same, its places are those of that file.
    """
    run.repository.max_bytes = file_size_limit(run.repository.root)
    path = run.chain.index_gate.artifacts["live_sanitized_example"]
    document = in_memory(index, run.repository.nearest_existing(path))
    file = run.repository.read(path)
    if file.state == "read":
        own = parse_json(path, file.data)
        if own.value is not None and _is_same(own.value, document.value):
            document = own
    return _verdict(run, document, require_live=require_live)


def export(run: GateRun, folder: str) -> dict[str, Any]:
    """Write the gate's sample and live packets and their results into a folder.

    Returns:
        What was written, as the command prints it.

    Raises:
        UsageError: a file cannot be written.
    """
    from cavra_lint.verdict import as_json, published

    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot write {folder}: {error.strerror or 'the system refuses'}") from None
    written: list[str] = []
    for mode, packet_name, result_name in _exported(run.gate):
        packet = _build(run, mode, None)
        document = in_memory(packet)
        kinds = ("live_sanitized_example", "live_result")
        result = published(_verdict(run, document, require_live=mode == "live", written_later=kinds))
        for name, content in ((packet_name, packet), (result_name, result)):
            path = os.path.join(folder, name)
            write_whole(path, as_json(content))
            written.append(path.replace(os.sep, "/"))
    return {"schema_version": run.gate.export_schema, "product": run.chain.product, "written": written}


def _is_same(own: object, other: object) -> bool:
    """Tell whether two values are the same JSON, in which `true` is not 1.

    The first was read from a file, so that its size bounds the time, however often the other holds its parts.
    """
    if type(own) is not type(other):
        return False
    if isinstance(own, dict) and isinstance(other, dict):
        return own.keys() == other.keys() and all(_is_same(value, other[key]) for key, value in own.items())
    if isinstance(own, list) and isinstance(other, list):
        return len(own) == len(other) and all(map(_is_same, own, other))
    return own == other


def _exported(gate: Gate) -> tuple[tuple[EvidenceMode, str, str], ...]:
    """Return the names of what is exported in each mode: those of the contract, where they can stand in one folder."""
    sample, sample_result = f"{gate.slug}.sample.json", f"{gate.slug}.sample.result.json"
    live, result = (gate.artifacts[kind].rpartition("/")[2] for kind in ("live_sanitized_example", "live_result"))
    if len({sample, sample_result, live, result}) < 4:
        live, result = f"{gate.slug}.live.sanitized.example.json", f"{gate.slug}.live.sanitized.result.json"
    return ("sample", sample, sample_result), ("live", live, result)


def _build(run: GateRun, mode: EvidenceMode, source: object) -> dict[str, Any]:
    from cavra_lint.packets.build import build, build_index

    if run.gate is run.chain.index_gate:
        return build_index(run.chain, run.repository, mode)
    return build(run.chain, run.gate, mode, source, functools.partial(_index_source, run))


def _index_source(run: GateRun, mode: EvidenceMode, packet: object) -> Source:
    """Return the index, built from the tree where none is handed in, and the verdict that proving it gives."""
    from cavra_lint.packets.build import Source, build_index
    from cavra_lint.verdict import published

    index_run = run._replace(gate=run.chain.index_gate)
    built = build_index(run.chain, run.repository, mode) if packet is None else packet
    verdict = published(index_verdict(index_run, built, require_live=mode == "live"))
    if mode != "live":
        return Source(built, verdict)
    path = run.chain.gates[-1].artifacts["live_sanitized_example"]
    file = run.repository.read(path)
    return Source(built, verdict, parse_json(path, file.data).value if file.state == "read" else None)


def _source(run: GateRun, path: str | None) -> object:
    """Return the packet of the gate before; one that cannot be read is built on as what it is: no packet."""
    if path is None:
        return None
    document, _ = _read(run, run.gate, path)
    return document.value if document.value is not None else "no packet"


def _verdict(
    run: GateRun,
    document: JsonDocument,
    *,
    require_live: bool,
    unread: tuple[Diagnostic, ...] = (),
    written_later: tuple[str, ...] = (),
) -> dict[str, Any]:
    from cavra_lint.verdict import verdict

    chain, unusable = _configured(run)
    gate = chain.gate(run.gate.id)
    if unread:
        found, allowed = unread, None
    elif gate.id != chain.index_gate.id or document.value is None:
        found, allowed = _judged(chain, gate, document, require_live=require_live)
    else:
        proof = proof_of(chain, run.repository, document, require_live=require_live, written_later=written_later)
        found, allowed = _proven(proof, run)

    return verdict(chain, gate, document, found if unread else sorted({*found, *unusable}), allowed)


def _judged(
    chain: Chain, gate: Gate, document: JsonDocument, *, require_live: bool
) -> tuple[tuple[Diagnostic, ...], int | None]:
    """Return what is wrong with a packet, and how many private values the configuration lets through."""
    from cavra_lint.packets.judge import judge
    from cavra_lint.proof.allowed import allowed_in_packet

    found = tuple(judge(chain, gate, document, require_live=require_live))
    return found, allowed_in_packet(chain, gate, document)


def _proven(proof: Proof, run: GateRun) -> tuple[tuple[Diagnostic, ...], int | None]:
    """Return what keeps a chain from being ready, and how many private values the configuration lets through."""
    from cavra_lint.proof.allowed import allowed_in_chain

    # the index answers for the gates before it, not for those that stand on its verdict
    gate_ids = frozenset(gate.id for gate in (*proof.chain.gates, proof.chain.index_gate))
    found = prove(proof, gate_ids, jobs=run.jobs, scout=run.scout)
    return found, allowed_in_chain(proof)


def _configured(run: GateRun) -> tuple[Chain, tuple[Diagnostic, ...]]:
    """Return the chain with what the root's configuration says of keys and values that are private.

    Where that cannot be known, the chain is as the contract has it, and what keeps it from being
    known is a finding.
    """
    try:
        config = load_config(os.path.join(run.repository.root, FILE_NAME))
    except ConfigError as error:
        rules, check = (documents.invalid_configuration,), run.gate.checks[-1].name
        return run.chain, tuple(ask(rules, error, run.chain, run.gate, check))
    return configured(run.chain, config), ()


def _read(run: GateRun, gate: Gate, path: str) -> tuple[JsonDocument, tuple[Diagnostic, ...]]:
    """Read a file that was named on the command line, wherever it is; links are followed."""
    # JSON cannot hold the bytes of a name that is not UTF-8
    shown = run.repository.relative(path).encode("utf-8", "backslashreplace").decode()
    file = File(shown, *read_regular_file(os.path.realpath(path), run.repository.max_bytes))
    if file.state == "missing" and os.path.islink(path):
        file = file._replace(state="dangling")
    return read_packet(run.chain, gate, run.repository, file)
