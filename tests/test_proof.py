"""The verdict on an index: one lie blocks one check, whatever the lie is made of."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from cavra_lint import gate, lint, verify_index

Index: TypeAlias = dict[str, Any]
Change: TypeAlias = Callable[[Index], object]

CHECKS = ["schema_version", "evidence_mode", "gate_count", "gates", "completion_condition", "no_private_material"]
READY = "ready_for_customer_lifecycle_verification_index"
SLUG = "examples/customer-lifecycle-verification-index"
INDEX = f"{SLUG}/customer-lifecycle-verification-index.live.sanitized.example.json"


@pytest.fixture(scope="module")
def pristine(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository that no test of this module changes."""
    copied = tmp_path_factory.mktemp("pristine")
    for name in ("scripts", "examples", "docs", ".github", "tests"):
        ignored = shutil.ignore_patterns("__pycache__", "rules", "sources", "output", "packets", "contract")
        shutil.copytree(root / name, copied / name, ignore=ignored)
    return copied


@pytest.fixture
def index(pristine: Path) -> Index:
    """The repository's index, to bend."""
    value: Index = json.loads((pristine / INDEX).read_text("utf-8"))
    return value


def put(*steps: str | int, value: object) -> Change:
    """Return a change that puts a value at a place, or takes it out where the value is `...`."""

    def change(index: Index) -> None:
        container: Any = index
        for step in steps[:-1]:
            container = container[step]
        if value is ...:
            del container[steps[-1]]
        else:
            container[steps[-1]] = value

    return change


def swap(index: Index) -> None:
    index["gates"][3], index["gates"][4] = index["gates"][4], index["gates"][3]


def each_entry(key: str, value: object) -> Change:
    def change(index: Index) -> None:
        for entry in index["gates"]:
            entry[key] = value

    return change


#: What is bent, the one check that it blocks, and the codes of what is found.
LIES: dict[str, tuple[Change, str, set[str]]] = {
    "gates are a string": (put("gates", value="R7.1 to R7.10"), "gates", {"CAVRA111"}),
    "gates are null": (put("gates", value=None), "gates", {"CAVRA111"}),
    "gates are a number": (put("gates", value=10), "gates", {"CAVRA111"}),
    "gates are an object": (put("gates", value={"R7.1": {}}), "gates", {"CAVRA111"}),
    "gates are true": (put("gates", value=True), "gates", {"CAVRA111"}),
    "gates are missing": (put("gates", value=...), "gates", {"CAVRA111"}),
    "gates are empty": (put("gates", value=[]), "gates", {"CAVRA112"}),
    "gates are nulls": (put("gates", value=[None] * 10), "gates", {"CAVRA111"}),
    "gates are ids": (put("gates", value=[f"R7.{n}" for n in range(1, 11)]), "gates", {"CAVRA111"}),
    "gates are empty objects": (put("gates", value=[{}] * 10), "gates", {"CAVRA111"}),
    "an entry is a list": (put("gates", 3, value=["R7.4"]), "gates", {"CAVRA111"}),
    "an entry is null": (put("gates", 3, value=None), "gates", {"CAVRA111"}),
    "an id is missing": (put("gates", 3, "gate_id", value=...), "gates", {"CAVRA111"}),
    "an id is a number": (put("gates", 3, "gate_id", value=7.4), "gates", {"CAVRA111"}),
    "an id is a list": (put("gates", 3, "gate_id", value=["R7.4"]), "gates", {"CAVRA111"}),
    "an id is misspelt": (put("gates", 9, "gate_id", value="R7.1O"), "gates", {"CAVRA113"}),
    "an id is the index's": (put("gates", 9, "gate_id", value="R7.11"), "gates", {"CAVRA113"}),
    "an id has a space": (put("gates", 9, "gate_id", value="R7.10 "), "gates", {"CAVRA113"}),
    "a gate is missing": (put("gates", 3, value=...), "gates", {"CAVRA112"}),
    "the last gate is missing": (put("gates", 9, value=...), "gates", {"CAVRA112"}),
    "a gate is there twice": (lambda i: i["gates"].append(copy.deepcopy(i["gates"][3])), "gates", {"CAVRA114"}),
    "a gate stands for another": (lambda i: i["gates"].__setitem__(4, i["gates"][3]), "gates", {"CAVRA114"}),
    "two gates are swapped": (swap, "gates", {"CAVRA115"}),
    "the gates stand backwards": (lambda i: i["gates"].reverse(), "gates", {"CAVRA115"}),
    "a gate is unexpected": (lambda i: i["gates"].append({"gate_id": "R7.12"}), "gates", {"CAVRA113"}),
    "the count is nine": (put("gate_count", value=9), "gate_count", {"CAVRA110"}),
    "the count is eleven": (put("gate_count", value=11), "gate_count", {"CAVRA110"}),
    "the count is a word": (put("gate_count", value="10"), "gate_count", {"CAVRA110"}),
    "the count is true": (put("gate_count", value=True), "gate_count", {"CAVRA110"}),
    "the count is 10.0": (put("gate_count", value=10.0), "gate_count", {"CAVRA110"}),
    "the count is null": (put("gate_count", value=None), "gate_count", {"CAVRA110"}),
    "the count is a list": (put("gate_count", value=[10]), "gate_count", {"CAVRA110"}),
    "the count is missing": (put("gate_count", value=...), "gate_count", {"CAVRA110"}),
    "paths are a list": (each_entry("artifact_paths", ["docs"]), "gates", {"CAVRA105"}),
    "paths are null": (each_entry("artifact_paths", None), "gates", {"CAVRA105"}),
    "presence is a word": (each_entry("artifact_presence", "all"), "gates", {"CAVRA209"}),
    "counts are words": (each_entry("blocker_count", "none"), "gates", {"CAVRA209"}),
    "counts are true": (each_entry("warning_count", True), "gates", {"CAVRA209"}),
    "counts are 0.0": (each_entry("blocker_count", 0.0), "gates", {"CAVRA209"}),
    "ready is one": (each_entry("ready", 1), "gates", {"CAVRA209"}),
    "ready is a word": (each_entry("ready", "true"), "gates", {"CAVRA209"}),
    "ready is false": (put("gates", 0, "ready", value=False), "gates", {"CAVRA209"}),
    "a command is null": (put("gates", 0, "validator_command", value=None), "gates", {"CAVRA301"}),
    "the schema is another": (put("schema_version", value="cavra.x.v1"), "schema_version", {"CAVRA501"}),
    "the schema is missing": (put("schema_version", value=...), "schema_version", {"CAVRA501"}),
    "the product is another": (put("product", value="OTHER"), "schema_version", {"CAVRA202"}),
    "the phase is another": (put("phase", value="R6"), "schema_version", {"CAVRA202"}),
    "the phase is missing": (put("phase", value=...), "schema_version", {"CAVRA202"}),
    "the id is a sample's": (
        put("verification_index_id", value="cavra-sample-customer-lifecycle-verification-index"),
        "schema_version",
        {"CAVRA202"},
    ),
    "the mode is sample": (put("evidence_mode", value="sample"), "evidence_mode", {"CAVRA201"}),
    "the mode is null": (put("evidence_mode", value=None), "evidence_mode", {"CAVRA201"}),
    "sanitized is a word": (put("sanitized", value="true"), "evidence_mode", {"CAVRA201"}),
    "the condition is short": (put("completion_condition", value="x" * 59), "completion_condition", {"CAVRA511"}),
    "the condition is a list": (put("completion_condition", value=["x" * 60]), "completion_condition", {"CAVRA511"}),
    "the condition is missing": (put("completion_condition", value=...), "completion_condition", {"CAVRA511"}),
    "a forbidden key": (put("customerName", value=None), "no_private_material", {"CAVRA401"}),
    "a forbidden key in an entry": (put("gates", 3, "legal-terms", value=""), "no_private_material", {"CAVRA408"}),
}


@pytest.mark.parametrize(("change", "check", "codes"), LIES.values(), ids=LIES.keys())
def test_one_lie_blocks_one_check(change: Change, check: str, codes: set[str], index: Index, pristine: Path) -> None:
    change(index)
    verdict = verify_index(index, repo_root=pristine, require_live=True)
    assert [entry["name"] for entry in verdict["checks"]] == CHECKS
    assert [entry["name"] for entry in verdict["checks"] if entry["status"] != "pass"] == [check]
    assert (verdict[READY], verdict["status"], verdict["blocker_count"]) == (False, "blocked", 1)
    assert {found["code"] for found in verdict["diagnostics"]} == codes


#: Where the finding stands: the text of its line in the file of the index.
PLACES: dict[str, tuple[Change, str, str]] = {
    "gates are null": (put("gates", value=None), '"gates": null', "CAVRA111"),
    "gates are missing": (put("gates", value=...), "{", "CAVRA111"),
    "an entry is null": (put("gates", 3, value=None), "    null,", "CAVRA111"),
    "an id is a number": (put("gates", 3, "gate_id", value=7.4), '"gate_id": 7.4', "CAVRA111"),
    "an id is misspelt": (put("gates", 9, "gate_id", value="R7.1O"), '"gate_id": "R7.1O"', "CAVRA113"),
    "a gate is missing": (put("gates", 3, value=...), '"gates": [', "CAVRA112"),
    "two gates are swapped": (swap, '"gate_id": "R7.4"', "CAVRA115"),
    "a gate is unexpected": (lambda i: i["gates"].append({"gate_id": "R7.12"}), '"gate_id": "R7.12"', "CAVRA113"),
    "the count is a word": (put("gate_count", value="10"), '"gate_count": "10"', "CAVRA110"),
    "the phase is another": (put("phase", value="R6"), '"phase": "R6"', "CAVRA202"),
    "the condition is short": (put("completion_condition", value="short"), '"completion_condition"', "CAVRA511"),
    "a forbidden key": (put("gates", 3, "pricing", value={}), '"pricing": {}', "CAVRA404"),
    "a count": (put("gates", 0, "blocker_count", value=77), '"blocker_count": 77', "CAVRA209"),
    "a path": (put("gates", 0, "artifact_paths", "wiki", value="w.md"), '"wiki": "w.md"', "CAVRA105"),
}


@pytest.mark.parametrize(("change", "text", "code"), PLACES.values(), ids=PLACES.keys())
def test_a_lie_is_found_at_its_line(change: Change, text: str, code: str, index: Index, tree: Path) -> None:
    change(index)
    (tree / INDEX).write_text(json.dumps(index, indent=2, sort_keys=True), encoding="utf-8")
    lines = (tree / INDEX).read_text("utf-8").splitlines()
    (expected,) = [number for number, line in enumerate(lines, 1) if text in line][: 1 if text == "{" else None]
    (found,) = verify_index(index, repo_root=tree, require_live=True)["diagnostics"]
    assert (found["path"], found["line"], found["code"]) == (INDEX, expected, code)
    assert [(other.path, other.line, other.code) for other in lint(tree)] == [(INDEX, expected, code)]


def test_a_gate_twice_is_told_of_the_second(index: Index, tree: Path) -> None:
    index["gates"].append(index["gates"][3])
    (tree / INDEX).write_text(json.dumps(index, indent=2, sort_keys=True), encoding="utf-8")
    lines = (tree / INDEX).read_text("utf-8").splitlines()
    _, second = (number for number, line in enumerate(lines, 1) if '"gate_id": "R7.4"' in line)
    assert [(found.line, found.code) for found in lint(tree)] == [(second, "CAVRA114")]


@pytest.mark.parametrize("require_live", [True, False], ids=["live", "not live"])
def test_the_index_as_it_is_is_ready(require_live: bool, index: Index, pristine: Path) -> None:
    verdict = verify_index(index, repo_root=pristine, require_live=require_live)
    assert (verdict[READY], verdict["status"], verdict["diagnostics"]) == (True, "ready", [])
    assert (verdict["phase"], verdict["product"], verdict["evidence_mode"]) == ("R7", "CAVRA", "live")


@pytest.mark.parametrize(
    ("require_live", "status", "blockers", "warnings"), [(True, "blocked", 1, 0), (False, "ready_with_warnings", 0, 1)]
)
def test_a_sample_index(require_live: bool, status: str, blockers: int, warnings: int, pristine: Path) -> None:
    sample = json.loads((pristine / INDEX.replace("live.sanitized.example", "sample")).read_text("utf-8"))
    verdict = verify_index(sample, repo_root=pristine, require_live=require_live)
    assert (verdict[READY], verdict["evidence_mode"], verdict["status"]) == (False, "sample", status)
    assert (verdict["blocker_count"], verdict["warning_count"]) == (blockers, warnings)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("verification_index_id", "cavra-customer-lifecycle-verification-index"),
        ("phase", "R6"),
        ("product", "OTHER"),
    ],
)
@pytest.mark.parametrize("mode", ["live.sanitized.example", "sample"])
def test_an_index_says_which_it_is(mode: str, key: str, value: object, pristine: Path) -> None:
    own = json.loads((pristine / INDEX.replace("live.sanitized.example", mode)).read_text("utf-8"))
    verdict = verify_index(own | {key: value}, repo_root=pristine)
    assert verdict["status"] == "blocked"
    assert [found["code"] for found in verdict["diagnostics"] if found["severity"] == "error"] == ["CAVRA202"]


#: What lies at the index's path, and the code of what is found.
FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "no JSON": (lambda path: path.write_text("ready: true"), "CAVRA003"),
    "no object": (lambda path: path.write_text("[]"), "CAVRA005"),
    "no UTF-8": (lambda path: path.write_bytes(b"\xff\xfe{\x00}\x00"), "CAVRA002"),
    "a key twice": (lambda path: path.write_text('{"gates": [], "gates": []}'), "CAVRA004"),
    "nested too deep": (lambda path: path.write_text("[" * 100_000), "CAVRA003"),
    "empty": (lambda path: path.write_text(""), "CAVRA102"),
    "a folder": (lambda path: (path.unlink(), path.mkdir()), "CAVRA103"),
    "a link to nothing": (lambda path: (path.unlink(), path.symlink_to("none")), "CAVRA103"),
    "missing": (Path.unlink, "CAVRA101"),
}


@pytest.mark.parametrize(("make", "code"), FILES.values(), ids=FILES.keys())
def test_an_index_that_cannot_be_read(
    make: Callable[[Path], object], code: str, tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make(tree / INDEX)
    arguments = ["--index", str(tree / INDEX), "--require-live"]
    assert gate.main("R7.11", arguments, repo_root=str(tree)) == 1
    verdict = json.loads(capsys.readouterr().out)
    assert (verdict[READY], verdict["status"], verdict["evidence_mode"]) == (False, "blocked", "unknown")
    assert [(check["name"], check["status"]) for check in verdict["checks"]] == [("schema_version", "blocker")]
    assert [(found["code"], found["check"]) for found in verdict["diagnostics"]] == [(code, "schema_version")]
    linted = lint(tree)
    assert [found.code for found in linted] == [code]
    for found in (*linted, *(argument for argument in verdict["diagnostics"])):
        path = found["path"] if isinstance(found, dict) else found.path
        assert (tree / path).is_symlink() or (tree / path).exists()


@pytest.mark.parametrize(("change", "said"), [({}, "is missing"), ({"gate_count": None}, "is null")], ids=str)
def test_a_count_that_is_missing_is_told_from_one_that_is_none(
    change: dict[str, object], said: str, index: Index, pristine: Path
) -> None:
    del index["gate_count"]
    verdict = verify_index(index | change, repo_root=pristine, require_live=True)
    assert [found["message"].partition(",")[0] for found in verdict["diagnostics"]] == [f"gate_count {said}"]


#: A change of the index, and what is said of its gates.
GATES_SAID: dict[str, tuple[Change, list[str]]] = {
    "no id": (put("gates", 3, "gate_id", value=...), ["gates[3].gate_id is missing, expected the id of a gate"]),
    "an id that is null": (put("gates", 3, "gate_id", value=None), ["gates[3].gate_id is null, expected the id"]),
    "an id misspelt": (
        put("gates", 3, "gate_id", value="R7.44"),
        ["gates[3].gate_id names no gate of the contract, expected `R7.4`"],
    ),
    "a gate more": (
        lambda index: index["gates"].append({**index["gates"][3], "gate_id": "R7.44"}),
        ["gates[10].gate_id names no gate of the contract; did you mean `R7.4`?"],
    ),
    "two gates that are none, in place of one": (
        lambda index: (
            index["gates"][3].update(gate_id="R7.44"),
            index["gates"].append({**index["gates"][3], "gate_id": "elsewhere"}),
        ),
        [
            "gates[10].gate_id names no gate of the contract",
            "gates[3].gate_id names no gate of the contract; did you mean `R7.4`?",
        ],
    ),
    "the order behind a gate that is none": (
        lambda index: (swap(index), index["gates"].insert(0, {**index["gates"][0], "gate_id": "R7.0"})),
        [
            "gates[0].gate_id names no gate of the contract",
            "gates[5].gate_id lists R7.4 after R7.5, expected it before",
        ],
    ),
    "a gate less": (put("gates", 3, value=...), ["gates has no entry of R7.4, expected each gate of the contract"]),
    "no gate at all": (
        put("gates", value=[]),
        ["gates has no entry of R7.1, R7.2, R7.3, R7.4, R7.5, R7.6, R7.7, R7.8, R7.9, R7.10, expected"],
    ),
}


@pytest.mark.parametrize(("change", "says"), GATES_SAID.values(), ids=GATES_SAID.keys())
def test_what_is_said_of_the_gates(change: Change, says: list[str], index: Index, pristine: Path) -> None:
    change(index)
    verdict = verify_index(index, repo_root=pristine, require_live=True)
    said = [found["message"] for found in verdict["diagnostics"] if found["code"].startswith("CAVRA11")]
    said = [message for message in said if not message.startswith("gate_count")]
    assert [message[: len(start)] for message, start in zip(said, says, strict=True)] == says, said


@pytest.mark.parametrize(("change", "said"), [({}, "is missing"), ({"gates": None}, "is null")], ids=str)
def test_gates_that_are_missing_are_told_from_none(
    change: dict[str, object], said: str, index: Index, pristine: Path
) -> None:
    del index["gates"]
    verdict = verify_index(index | change, repo_root=pristine, require_live=True)
    messages = [found["message"] for found in verdict["diagnostics"] if found["code"] == "CAVRA111"]
    assert messages == [f"gates {said}, expected a list of 10 gates"]


def test_an_index_that_is_a_link_out_of_the_tree_is_not_read(tree: Path) -> None:
    kept = tree.parent / "kept.json"
    (tree / INDEX).rename(kept)
    (tree / INDEX).symlink_to(kept)
    assert [(found.path, found.line, found.code) for found in lint(tree)] == [(INDEX, 1, "CAVRA104")]


@pytest.mark.parametrize("value", [None, 3, "x", [], [{}], True], ids=repr)
def test_an_index_that_is_no_object(value: object, pristine: Path) -> None:
    verdict = verify_index(value, repo_root=pristine)
    assert (verdict[READY], verdict["blocker_count"], len(verdict["checks"])) == (False, 1, 1)
    (found,) = verdict["diagnostics"]
    assert (pristine / found["path"]).exists()


def test_the_index_of_an_empty_folder_is_not_ready(index: Index, tmp_path: Path) -> None:
    verdict = verify_index(index, repo_root=tmp_path, require_live=True)
    assert verdict[READY] is False
    assert {found["code"] for found in verdict["diagnostics"]} == {"CAVRA101"}
    assert {found["path"] for found in verdict["diagnostics"]} == {"."}
