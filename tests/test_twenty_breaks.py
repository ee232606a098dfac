"""Twenty things and more broken by hand: each is named at its line, and what follows from it says so."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cavra_lint import lint, verify_index

INDEX = (
    "examples/customer-lifecycle-verification-index/customer-lifecycle-verification-index.live.sanitized.example.json"
)
READY = "ready_for_customer_lifecycle_verification_index"


def example(slug: str) -> str:
    return f"examples/{slug}/{slug}.live.sanitized.example.json"


def result(slug: str) -> str:
    return f"examples/{slug}/{slug}.live.sanitized.result.json"


def swap(path: str, old: str, new: str) -> Callable[[Path], None]:
    """Return a break that replaces the last text of its kind in a file."""

    def edit(tree: Path) -> None:
        before, found, after = (tree / path).read_text("utf-8").rpartition(old)
        assert found
        (tree / path).write_text(before + new + after, encoding="utf-8")

    return edit


def remove(path: str) -> Callable[[Path], None]:
    return lambda tree: (tree / path).unlink()


INTAKE, ROOM, HANDOFF, REVIEW = (
    "customer-live-evidence",
    "customer-evidence-room",
    "customer-closeout-handoff",
    "customer-operating-review",
)
STATUS, SEAL = "customer-lifecycle-status", "customer-lifecycle-final-seal"

#: What is broken; the path, the text of the line, and the code of what is found.
BREAKS: dict[str, tuple[Callable[[Path], object], str, str, str]] = {
    "a validator is gone": (
        remove("scripts/validate_customer_evidence_room.py"),
        INDEX,
        '"validator": "scripts/validate_customer_evidence_room.py"',
        "CAVRA101",
    ),
    "a workflow is gone": (
        remove(".github/workflows/customer-evidence-room.yml"),
        INDEX,
        '"workflow": ".github/workflows/customer-evidence-room.yml"',
        "CAVRA101",
    ),
    "a test is gone": (
        remove("tests/test_customer_lifecycle_status.py"),
        INDEX,
        '"test": "tests/test_customer_lifecycle_status.py"',
        "CAVRA101",
    ),
    "a wiki page is gone": (
        remove("docs/wiki/Customer-Closeout-Handoff.md"),
        INDEX,
        '"wiki": "docs/wiki/Customer-Closeout-Handoff.md"',
        "CAVRA101",
    ),
    "a page is empty": (
        lambda tree: (tree / "docs/customer-operating-review.md").write_text(""),
        "docs/customer-operating-review.md",
        "",
        "CAVRA102",
    ),
    "a result is gone": (remove(result(SEAL)), INDEX, f'"live_result": "{result(SEAL)}"', "CAVRA101"),
    "an example is a sample": (
        swap(example(STATUS), '"evidence_mode": "live"', '"evidence_mode": "sample"'),
        example(STATUS),
        '"evidence_mode": "sample"',
        "CAVRA201",
    ),
    "an example is not sanitized": (
        swap(example(INTAKE), '"sanitized": true', '"sanitized": "yes"'),
        example(INTAKE),
        '"sanitized": "yes"',
        "CAVRA201",
    ),
    "a control is false": (
        swap(example(HANDOFF), '"support_path_defined": true', '"support_path_defined": false'),
        example(HANDOFF),
        '"support_path_defined": false',
        "CAVRA507",
    ),
    "a reference in words": (
        swap(example(INTAKE), '"reviewer_ref": "evidence:', '"reviewer_ref": "mail:'),
        example(INTAKE),
        '"reviewer_ref": "mail:',
        "CAVRA503",
    ),
    "a status is not healthy": (
        swap(example(STATUS), '"status": "active"', '"status": "paused"'),
        example(STATUS),
        '"status": "paused"',
        "CAVRA508",
    ),
    "a forbidden key": (
        swap(example(SEAL), '  "product"', '  "customerEmail": null,\n  "product"'),
        example(SEAL),
        '"customerEmail"',
        "CAVRA401",
    ),
    "a schema of another gate": (
        swap(example(ROOM), "customer-evidence-room.index.v1", "customer-evidence-room.index.v2"),
        example(ROOM),
        "customer-evidence-room.index.v2",
        "CAVRA501",
    ),
    "an embedded verdict is bent": (
        swap(example(REVIEW), '"product": "CAVRA",\n    "ready_for', '"product": "OTHER",\n    "ready_for'),
        example(REVIEW),
        '"product": "OTHER"',
        "CAVRA208",
    ),
    "an example is no JSON": (
        swap(example(ROOM), '"product": "CAVRA",', '"product": NaN,'),
        example(ROOM),
        '"product": NaN',
        "CAVRA003",
    ),
    "a result is not ready": (
        swap(result(SEAL), 'release_seal": true', 'release_seal": false'),
        result(SEAL),
        'release_seal": false',
        "CAVRA205",
    ),
    "a result counts wrongly": (
        swap(result(REVIEW), '"warning_count": 0', '"warning_count": 1'),
        result(REVIEW),
        '"warning_count": 1',
        "CAVRA206",
    ),
    "a result is a sample's": (
        swap(result(REVIEW), '"evidence_mode": "live"', '"evidence_mode": "sample"'),
        result(REVIEW),
        '"evidence_mode": "sample"',
        "CAVRA204",
    ),
    "a result of another product": (
        swap(result(SEAL), '"product": "CAVRA"', '"product": "OTHER"'),
        result(SEAL),
        '"product": "OTHER"',
        "CAVRA203",
    ),
    "a key twice": (
        swap(result(SEAL), '"status": "ready"', '"status": "ready",\n  "status": "blocked"'),
        result(SEAL),
        '"status": "blocked"',
        "CAVRA004",
    ),
    "a validator judges nothing": (
        lambda tree: (tree / "scripts/validate_customer_operating_review.py").write_text("print('ready')\n"),
        "scripts/validate_customer_operating_review.py",
        "print",
        "CAVRA308",
    ),
    "a workflow cannot fail": (
        swap(
            ".github/workflows/customer-operating-review.yml",
            "which has to be ready\n",
            "which has to be ready\n        continue-on-error: true\n",
        ),
        ".github/workflows/customer-operating-review.yml",
        "continue-on-error",
        "CAVRA303",
    ),
    "the index counts nine": (swap(INDEX, '"gate_count": 10', '"gate_count": 9'), INDEX, '"gate_count": 9', "CAVRA110"),
    "the index misspells a gate": (
        swap(INDEX, '"gate_id": "R7.10"', '"gate_id": "R7.1O"'),
        INDEX,
        '"gate_id": "R7.1O"',
        "CAVRA113",
    ),
    "the index lists a gate twice": (
        swap(INDEX, '"gate_id": "R7.10"', '"gate_id": "R7.9"'),
        INDEX,
        '"gate_id": "R7.9"',
        "CAVRA114",
    ),
    "the index names another path": (
        swap(INDEX, '"docs/customer-operating-review.md"', '"docs/review.md"'),
        INDEX,
        '"docs/review.md"',
        "CAVRA105",
    ),
    "the index has another command": (
        swap(INDEX, f"{example(SEAL)} --require-live", example(SEAL)),
        INDEX,
        f'{example(SEAL)}"',
        "CAVRA301",
    ),
    "the index says false": (swap(INDEX, '"ready": true', '"ready": false'), INDEX, '"ready": false', "CAVRA209"),
    "the index is another phase": (swap(INDEX, '"phase": "R7"', '"phase": "R6"'), INDEX, '"phase": "R6"', "CAVRA202"),
    "the index says too little": (
        swap(INDEX, '"completion_condition": "Every', '"completion_condition": "Done.", "was": "Every'),
        INDEX,
        '"completion_condition"',
        "CAVRA511",
    ),
}


def line_of(tree: Path, path: str, text: str) -> int:
    lines = (tree / path).read_text("utf-8").splitlines() or [""]
    return max(number for number, line in enumerate(lines, 1) if text in line)


def test_there_are_twenty() -> None:
    assert len(BREAKS) >= 20


@pytest.mark.parametrize(("break_it", "path", "text", "code"), BREAKS.values(), ids=BREAKS.keys())
def test_a_break_is_named_at_its_line(
    break_it: Callable[[Path], object], path: str, text: str, code: str, tree: Path
) -> None:
    break_it(tree)
    found = lint(tree)
    cause = (path, line_of(tree, path, text), code)
    assert [(one.path, one.line, one.code) for one in found].count(cause) == 1
    others = [one for one in found if (one.path, one.line, one.code) != cause]
    assert len(others) <= 3
    assert all("(follows from " in one.message for one in others)
    index = json.loads((tree / INDEX).read_text("utf-8"))
    verdict = verify_index(index, repo_root=tree, require_live=True)
    assert (verdict[READY], verdict["blocker_count"]) == (False, 1)
