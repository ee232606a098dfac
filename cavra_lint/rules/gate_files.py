"""What the tree holds for one gate: what the rules of families 1 to 3 are asked about."""

from __future__ import annotations

from collections.abc import Mapping

from cavra_lint.contract import ARTIFACT_KINDS, Chain, Gate
from cavra_lint.diagnostics import Diagnostic, Place
from cavra_lint.frozen import TYPE_CHECKING, NamedTuple
from cavra_lint.rules.artifacts import Artifact
from cavra_lint.sources.repository import File, Repository

if TYPE_CHECKING:
    from cavra_lint.sources.json_shapes import JsonDocument, Pointer

#: What `identify` calls each kind of artifact.
_TAGS: Mapping[str, str] = {
    "live_sanitized_example": "json",
    "live_result": "json",
    "validator": "python",
    "workflow": "yaml",
    "test": "python",
    "docs": "markdown",
    "wiki": "markdown",
}


class IndexPacket(NamedTuple):
    """The index packet, and the position of each gate's entry in it: the first, where it has more."""

    document: JsonDocument
    entries: Mapping[str, int]


class GateFiles(NamedTuple):
    """The artifacts of one gate as they were read, and what the index says of them.

    `entry` is the position of the gate's entry in the index, None where it has none. `kinds` are the
    artifacts that are asked about. `example` and `result` are None where there is nothing to read, or
    they are not asked about. `findings` are what is wrong with the gate's own files, as far as it is
    known when a rule is asked.
    """

    chain: Chain
    gate: Gate
    repository: Repository
    index_packet: IndexPacket
    entry: int | None
    kinds: tuple[str, ...]
    files: Mapping[str, File]
    example: JsonDocument | None
    result: JsonDocument | None
    findings: tuple[Diagnostic, ...] = ()

    def artifact(self, kind: str) -> Artifact:
        """Return one of the gate's seven artifacts, with the place of the index that names it."""
        what = f"the {kind.replace('_', ' ')} of {self.gate.id}"

        # to find a place takes a scan of the index, which a tree in order never needs
        def named_at() -> Place:
            return self.entry_place("artifact_paths", kind)

        return Artifact(self.repository, self.files[kind], what, named_at, _TAGS[kind])

    @property
    def entry_pointer(self) -> Pointer:
        """The gate's entry of the index, or the index itself where it has none."""
        return () if self.entry is None else ("gates", self.entry)

    def entry_place(self, *keys: str) -> Place:
        """Return the place of a key in the gate's entry of the index, or the nearest one that is there."""
        from cavra_lint.sources.json_document import place_of

        if self.chain.is_later(self.gate) and keys[:1] == ("artifact_paths",):
            # the index names nothing of a gate behind it
            return Place(self.repository.nearest_existing(self.gate.artifacts[keys[-1]]))
        return place_of(self.index_packet.document, self.entry_pointer and (*self.entry_pointer, *keys))

    def readable(self, kind: str) -> bool:
        """Tell whether an artifact was read and holds anything."""
        file = self.files[kind]
        return file.state == "read" and not file.is_blank

    def cause_in(self, kind: str) -> Diagnostic | None:
        """Return the first error found in an artifact: what another file says of it may follow from that."""
        path = self.gate.artifacts[kind]
        errors = (found for found in self.findings if found.path == path and found.severity == "error")
        return min(errors, default=None)


def index_of(document: JsonDocument) -> IndexPacket:
    """Return the index that a document holds; one that cannot be read lists no gate."""
    from cavra_lint.rules.index import listed_gates

    listed = list(listed_gates(document.value)) if document.value is not None else []
    return IndexPacket(document, {gate_id: position for position, gate_id in reversed(listed)})


def gate_files(
    chain: Chain, gate: Gate, repository: Repository, index_packet: IndexPacket, kinds: tuple[str, ...] = ARTIFACT_KINDS
) -> GateFiles:
    """Return the artifacts of a gate, each to be read when it is first asked for.

    Args:
        chain: the chain that the gate belongs to.
        gate: the gate.
        repository: the tree.
        index_packet: the index packet.
        kinds: the artifacts that are asked about; examples and results among them are parsed.
    """
    files = _FilesByKind(repository, gate.artifacts)
    return GateFiles(
        chain,
        gate,
        repository,
        index_packet,
        index_packet.entries.get(gate.id),
        kinds,
        files,
        _document(files["live_sanitized_example"]) if "live_sanitized_example" in kinds else None,
        _document(files["live_result"]) if "live_result" in kinds else None,
    )


class _FilesByKind(dict[str, File]):
    """Files by their kind of artifact, each read once, when it is first asked for."""

    def __init__(self, repository: Repository, paths: Mapping[str, str]) -> None:
        super().__init__()
        self._repository = repository
        self._paths = paths

    def __missing__(self, kind: str) -> File:
        file = self[kind] = self._repository.read(self._paths[kind])
        return file


def _document(file: File) -> JsonDocument | None:
    """Return the JSON of a file that holds anything; what is empty is reported as that, not as no JSON."""
    if file.state != "read" or file.is_blank:
        return None

    from cavra_lint.sources.json_document import parse_json

    return parse_json(file.path, file.data)
