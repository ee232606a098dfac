"""Diagnostics to verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cavra_lint.contract import Chain, Check, Gate
from cavra_lint.diagnostics import Diagnostic
from cavra_lint.frozen import TYPE_CHECKING
from cavra_lint.libraries import part_of
from cavra_lint.rules.readiness import status_of
from cavra_lint.sources.json_shapes import JsonDocument

if TYPE_CHECKING:
    from typing import Any

#: What reads JSON in Python asks patterns as it is imported, and no verdict asks it.
_ENCODER = part_of("json", "encoder").JSONEncoder

#: What a verdict says of a check that passes, by the check's kind.
_PASSED: Mapping[str, str] = {
    "schema_version": "The packet names the schema of {gate}.",
    "evidence_mode": "The packet is live and sanitized.",
    "ref": "{name} is a safe reference.",
    "refs": "{name} holds every required key, and safe references only.",
    "ref_sections": "{name} holds every required section with its safe references.",
    "ref_list": "{name} lists safe references only.",
    "items": "{name} lists items that each hold their safe references.",
    "controls": "Each control of {name} is true.",
    "sections": "{name} holds every required section, each with what it has to hold.",
    "source_result": "{name} is a verdict that is ready.",
    "gate_results": "{name} holds every required gate with a verdict that is ready.",
    "text": "{name} says what is complete.",
    "gate_count": "The index counts the gates of the contract.",
    "gates": "Each gate is listed, and each claim of its entry is borne out by the files.",
    "no_private_material": "The packet holds no forbidden key.",
}


def verdict(
    chain: Chain,
    gate: Gate,
    document: JsonDocument,
    diagnostics: Sequence[Diagnostic],
    allowed_values: int | None = None,
) -> dict[str, Any]:
    """Fold diagnostics into the verdict of a gate.

    Args:
        chain: the chain that the gate belongs to.
        gate: the gate, or the index, that judged.
        document: the packet that was judged.
        diagnostics: all that was found. What the index's own checks do not name, as a finding about
            another gate, blocks its check `gates`.
        allowed_values: how many private values the configuration let through; None where it lets none through.

    Returns:
        The verdict with the published keys and `diagnostics`. A packet that could not be read has
        one check, which blocks: of the others nothing is known.
    """
    checks = gate.checks if document.value is not None else gate.checks[:1]
    by_check: dict[str, list[Diagnostic]] = {check.name: [] for check in checks}
    for found in diagnostics:
        own = found.gate_id == gate.id and found.check in by_check
        by_check[found.check if own else "gates" if "gates" in by_check else checks[0].name].append(found)
    listed = [_check(gate, check, by_check[check.name]) for check in checks]
    statuses = [check["status"] for check in listed]
    blockers, warnings = statuses.count("blocker"), statuses.count("warn")
    mode = document.value.get("evidence_mode") if document.value is not None else None
    result: dict[str, Any] = {
        "schema_version": gate.result_schema,
        "product": chain.product,
        "evidence_mode": mode if mode in ("live", "sample") else "unknown",
        gate.ready_key: not blockers and not warnings and mode == "live",
        "status": status_of(blockers, warnings),
        "blocker_count": blockers,
        "warning_count": warnings,
        "checks": listed,
        "diagnostics": [found.as_json() for found in sorted(diagnostics)],
    }
    if gate.phase:
        result["phase"] = gate.phase
    if allowed_values is not None:
        result["allowed_value_count"] = allowed_values
    return result


def published(verdict: Mapping[str, Any]) -> dict[str, Any]:
    """Return a verdict as it is written to disk or embedded in the next packet: without what only the gate prints."""
    return {key: value for key, value in verdict.items() if key not in ("allowed_value_count", "diagnostics")}


def as_json(value: Any, *, sort_keys: bool = True) -> str:
    """Return a verdict or packet as it is printed and written: indented by 2, with a newline at its end.

    All but ASCII is escaped, so that neither a terminal nor the encoding of a stream meets it; so are `##` and `::`,
    by which CI runners know their commands. A reader of JSON gets back every character.

    Args:
        value: what JSON can hold.
        sort_keys: whether the keys of objects are sorted, as those of a verdict are.
    """
    text: str = _ENCODER(indent=2, sort_keys=sort_keys).encode(value)
    return text.replace("##", "#\\u0023").replace("::", ":\\u003a") + "\n"


def _check(gate: Gate, check: Check, found: Sequence[Diagnostic]) -> dict[str, str]:
    errors = [diagnostic for diagnostic in found if diagnostic.severity == "error"]
    status = "blocker" if errors else "warn" if found else "pass"
    message = _PASSED[check.kind].format(gate=gate.id, name=check.name)
    if found:
        first = min(errors or found)
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        message = f"{first.message}{more}"
    return {"name": check.name, "status": status, "message": message}
