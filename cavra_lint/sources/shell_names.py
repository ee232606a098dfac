"""Variables that a text of a shell names, and the text with what they hold in their places."""

from __future__ import annotations

from collections.abc import Callable

from cavra_lint.late import re

#: `$name`, `${name}`, and `${name//-/_}` with nothing in it but plain letters.
_NAMED = re.compile(
    r"\$(?:(?P<bare>[A-Za-z_]\w*)|\{(?P<name>[A-Za-z_]\w*)(?://(?P<old>[\w.:,=-]{1,20})/(?P<new>[\w.:,=-]{0,20}))?\})"
)


def spelt_out(text: str, held: Callable[[str], str | None]) -> str:
    """Return a text with what its variables hold in their places; one stays as it stands where nothing is known.

    Args:
        text: the text.
        held: what a variable holds, None where that is not known.
    """

    def told(named: re.Match[str]) -> str:
        found = held(named["bare"] or named["name"])
        if found is None:
            return named[0]
        return found.replace(named["old"], named["new"]) if named["old"] else found

    return _NAMED.sub(told, text)
