"""JSON as the JSON formats write it."""

from __future__ import annotations

import json

from cavra_lint.frozen import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any


def dumps(value: Any) -> str:
    """Return a value as JSON that is safe in any log, and ends with a newline.

    All but ASCII is escaped, so that neither a terminal nor the encoding of a stream meets it; so are
    `##` and `::`, by which CI runners know their commands. A reader of JSON gets back every character.
    """
    text = json.dumps(value, indent=2)
    return text.replace("##", "#\\u0023").replace("::", ":\\u003a") + "\n"


def well_formed(text: str) -> str:
    """Return a text that every JSON reader takes: lone surrogates, as in a path that is not UTF-8, are written out."""
    return text.encode("utf-8", "backslashreplace").decode()
