"""What a finding is known by from one run to the next, though lines move."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator

from cavra_lint.diagnostics import Diagnostic
from cavra_lint.late import re

_LINE_NUMBER = re.compile(r"(?<=:)\d+\b|(?<=\b[Ll]ine )\d+\b|(?<=\b[Cc]olumn )\d+\b")


def fingerprints(diagnostics: Iterable[Diagnostic]) -> Iterator[str]:
    """Yield a fingerprint for each of some sorted diagnostics, different from all before it.

    It is made of the path, the gate, the code, the message without the line numbers in it, and the
    finding's number among those that are equal in all of these.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    for found in diagnostics:
        what = (found.path, found.gate_id, found.code, _LINE_NUMBER.sub("", found.message))
        seen[what] += 1
        text = "\0".join((*what, str(seen[what])))
        yield hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
