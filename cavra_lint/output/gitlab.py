"""GitLab's Code Quality report: the part of Code Climate's issues that GitLab reads, and the keys these must have."""

from __future__ import annotations

from cavra_lint.output.fingerprints import fingerprints
from cavra_lint.output.json_text import dumps, well_formed
from cavra_lint.output.report import Report
from cavra_lint.output.text import printable

_SEVERITIES = {"error": "blocker", "warning": "minor"}


def render(report: Report) -> str:
    """Return an issue for each finding."""
    return dumps(
        [
            {
                "type": "issue",
                "check_name": found.code,
                "description": printable(found.message),
                "categories": ["Security" if found.code.startswith("CAVRA4") else "Bug Risk"],
                "severity": _SEVERITIES[found.severity],
                "fingerprint": fingerprint,
                "location": {"path": well_formed(found.path), "lines": {"begin": found.line, "end": found.line}},
            }
            for found, fingerprint in zip(report.diagnostics, fingerprints(report.diagnostics), strict=True)
        ]
    )
