"""A list of diagnostics; `diagnostics.schema.json` beside this module is its schema."""

from __future__ import annotations

from cavra_lint.output.json_text import dumps, well_formed
from cavra_lint.output.report import Report

#: Changes only where a reader of the older shape would be wrong; a key may be added without.
VERSION = 1


def render(report: Report) -> str:
    """Return the findings as a verdict carries them, each with the version of its shape."""
    return dumps(
        [
            {
                "version": VERSION,
                **found._replace(path=well_formed(found.path), message=well_formed(found.message)).as_json(),
            }
            for found in report.diagnostics
        ]
    )
