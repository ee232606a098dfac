"""Read a packet from a file, wherever that is."""

from __future__ import annotations

from cavra_lint.contract import Chain, Gate
from cavra_lint.diagnostics import Diagnostic, Place
from cavra_lint.rules import artifacts
from cavra_lint.rules.artifacts import Artifact
from cavra_lint.rules.rule import ask
from cavra_lint.sources.json_document import parse_json
from cavra_lint.sources.json_shapes import JsonDocument
from cavra_lint.sources.repository import File, Repository


def read_packet(
    chain: Chain, gate: Gate, repository: Repository, file: File
) -> tuple[JsonDocument, tuple[Diagnostic, ...]]:
    """Return the packet that a file holds, and what keeps the file from being read at all.

    A file that is missing is reported at the nearest folder that exists, so that the place can be opened.
    """
    place = Place(repository.nearest_existing(file.path))
    artifact = Artifact(repository, file, f"the packet of {gate.id}", lambda: place)
    unread = tuple(ask(artifacts.READING_RULES, artifact, chain, gate, gate.checks[0].name))
    if unread:
        return JsonDocument(place.path, "", None), unread
    return parse_json(file.path, file.data), ()
