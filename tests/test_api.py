"""The public functions: what they refuse, and that nothing from memory is too odd to be judged."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

import cavra_lint
from cavra_lint import build_index, build_packet, lint, verify_index, verify_packet
from cavra_lint.config import Config
from cavra_lint.contract import Chain

READY = "ready_for_customer_live_evidence_intake"


def holding_itself() -> dict[str, Any]:
    odd: dict[str, Any] = {}
    odd["self"] = [odd, odd]
    return odd


def nested(depth: int) -> dict[str, Any]:
    odd: dict[str, Any] = {}
    for _ in range(depth):
        odd = {"a": odd}
    return odd


ODD: dict[str, Any] = {
    "a tuple": ("evidence://x",),
    "a set": {"evidence://x"},
    "bytes": b"evidence://x",
    "NaN": math.nan,
    "Infinity": math.inf,
    "a key that is a number": {1: "evidence://x"},
    "a key that is null": {None: "evidence://x"},
    "a key that is a tuple": {(1, 2): "evidence://x"},
    "a key that is true": {True: "evidence://x"},
    "half a pair": "evidence://\ud800",
    "half a pair in a key": {"\ud800": "evidence://x"},
    "an object": object(),
    "a type": dict,
    "a huge number": 10**5000,
    "what holds itself": holding_itself(),
    "nested too deep": nested(5000),
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD.keys())
@pytest.mark.parametrize("place", ["notes", "attestation", "customer_profile", "evidence_sections", "evidence_mode"])
def test_what_no_file_can_hold_is_never_ready(odd: object, place: str) -> None:
    verdict = verify_packet("R7.1", {**build_packet("R7.1", evidence_mode="live"), place: odd}, require_live=True)
    assert (verdict[READY], verdict["status"], verdict["blocker_count"]) == (False, "blocked", 1)
    assert verdict["diagnostics"]


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD.keys())
def test_an_index_that_no_file_can_hold_is_never_ready(odd: object, tmp_path: Path) -> None:
    for index in (odd, {"gates": odd}, {"gates": [odd]}, {"gates": [{"gate_id": "R7.1", "artifact_paths": odd}]}):
        verdict = verify_index(index, repo_root=tmp_path)
        assert verdict["ready_for_customer_lifecycle_verification_index"] is False


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD.keys())
def test_a_source_that_no_file_can_hold_is_never_ready(odd: object) -> None:
    packet = build_packet("R7.2", evidence_mode="live", source=odd)
    assert verify_packet("R7.2", packet, require_live=True)["status"] == "blocked"


def test_the_same_object_in_two_places_is_no_oddity() -> None:
    packet = build_packet("R7.1", evidence_mode="live")
    shared = {"a": [1]}
    assert verify_packet("R7.1", {**packet, "one": shared, "two": shared}, require_live=True)[READY] is True


@pytest.mark.parametrize("gate_id", [None, 7.1, ["R7.1"], b"R7.1"], ids=repr)
def test_a_gate_id_that_is_no_string(gate_id: Any) -> None:
    with pytest.raises(TypeError, match="gate id"):
        verify_packet(gate_id, {})
    with pytest.raises(TypeError, match="gate id"):
        build_packet(gate_id)


@pytest.mark.parametrize("gate_id", ["", "R7.0", "R7.11", "R7.12", "r7.1", "R7.1 "])
def test_a_gate_id_of_no_gate(gate_id: str) -> None:
    with pytest.raises(ValueError, match=r"R7\.1 to R7\.10"):
        verify_packet(gate_id, {})
    with pytest.raises(ValueError, match=r"R7\.1 to R7\.10"):
        build_packet(gate_id)


@pytest.mark.parametrize("paths", ["docs", b"docs", Path("docs")], ids=repr)
def test_a_single_path_where_several_belong(paths: Any, root: Path) -> None:
    with pytest.raises(TypeError, match="expected several"):
        lint(root, paths=paths)


def test_a_path_is_one_from_the_root_or_an_absolute_one(tree: Path, tmp_path: Path) -> None:
    page = "docs/customer-operating-review.md"
    (tree / page).unlink()
    (tmp_path / "link").symlink_to(tree)
    found = lint(tree, paths=[page])
    assert found != []
    for path in (tree / page, str(tree / page), tmp_path / "link" / page, f"./docs/../{page}", tree, tmp_path / "link"):
        assert lint(tree, paths=[path]) == found


@pytest.mark.parametrize("path", ["..", "../docs", "docs/../../docs", "/", "/docs"])
def test_a_path_that_leads_out_of_the_root(path: str, root: Path) -> None:
    with pytest.raises(ValueError, match="leads out"):
        lint(root, paths=["docs", path])


@pytest.mark.parametrize("config", [{}, {"ignore": []}, "pyproject.toml", 1, [], ("CAVRA1",)], ids=repr)
def test_a_configuration_that_is_none(config: Any, root: Path) -> None:
    with pytest.raises(TypeError, match="expected a Config"):
        lint(root, config=config)


@pytest.mark.parametrize("mode", ["", "LIVE", None, 1, ["live"]], ids=repr)
def test_a_mode_that_is_none(mode: Any, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="evidence mode"):
        build_packet("R7.1", evidence_mode=mode)
    with pytest.raises(ValueError, match="evidence mode"):
        build_index(tmp_path, evidence_mode=mode)


@pytest.mark.parametrize(
    ("root", "error"),
    [(None, TypeError), (3, TypeError), ("none", ValueError), ("a\0", ValueError), ("", ValueError)],
)
def test_a_root_that_is_none(root: Any, error: type[Exception]) -> None:
    for call in (lambda: verify_index({}, repo_root=root), lambda: build_index(root), lambda: lint(root)):
        with pytest.raises(error):
            call()


def test_a_configuration_that_cannot_be_used_is_a_value_error(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.cavra-lint]\nselct = []\n")
    with pytest.raises(ValueError, match=r"`selct`.*`select`"):
        lint(tmp_path)


def test_a_path_is_taken_as_a_string_or_a_path(tree: Path) -> None:
    assert lint(tree) == lint(str(tree)) == []
    (tree / "docs" / "customer-operating-review.md").unlink()
    assert lint(tree, paths=["docs/customer-operating-review.md"]) == lint(tree, paths=["docs"]) == lint(tree)
    assert lint(tree, paths=["docs/customer-evidence-room-closeout.md"]) == []


def test_an_index_may_be_configured_far_below_the_root(tree: Path) -> None:
    config = Config(index_path=f"{'a/' * 1500}index.json")
    # the file that is changed is an artifact of the index as well
    found = lint(tree, paths=["docs/customer-lifecycle-verification-index.md"], config=config)
    assert {(one.path, one.code) for one in found} >= {(".", "CAVRA101")}


def test_what_is_public_is_what_the_package_says() -> None:
    assert sorted(cavra_lint.__all__) == [
        "__version__",
        "build_index",
        "build_packet",
        "lint",
        "verify_index",
        "verify_packet",
    ]
    assert all(hasattr(cavra_lint, name) for name in cavra_lint.__all__)


def test_what_lies_beside_the_files_of_a_gate_is_looked_at_anew(tree: Path, chain: Chain) -> None:
    test = chain.gates[0].artifacts["test"]
    assert lint(tree, paths=[test]) == []
    (tree / "conftest.py").write_text(f"collect_ignore = [{test!r}]\n", encoding="utf-8")
    assert [(found.path, found.line, found.code) for found in lint(tree, paths=[test])] == [
        ("conftest.py", 1, "CAVRA307")
    ]
