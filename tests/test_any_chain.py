"""A chain that shares nothing with R7, from its example folder: linted, broken, built, exported and rendered."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cavra_lint import cli, gate, lint
from cavra_lint.contract import Chain, load_chain
from cavra_lint.output import FORMATS

EXAMPLE = "examples/model-release-chain"


@pytest.fixture
def release(root: Path, tmp_path: Path) -> Path:
    """A copy of the example, to break."""
    shutil.copytree(root / EXAMPLE, tmp_path / "release", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path / "release"


@pytest.fixture(scope="module")
def release_chain(root: Path) -> Chain:
    return load_chain(str(root / EXAMPLE / "chain.toml"))


def found(root: Path) -> list[tuple[str, int, str]]:
    return [(one.path, one.line, one.code) for one in lint(root)]


def test_the_example_is_proven_where_it_stands(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--repo-root", str(root / EXAMPLE)]) == 0
    assert capsys.readouterr() == ("", "")


def test_it_shares_nothing_with_r7(chain: Chain, release_chain: Chain) -> None:
    def names(one: Chain) -> set[str]:
        gates = [(gate.id, gate.name, gate.slug, gate.ready_key, *gate.artifacts.values()) for gate in one.every]
        return {one.id, one.product, *one.ref_schemes, *(name for gate in gates for name in gate)}

    assert names(chain).isdisjoint(names(release_chain))
    assert [gate.id for gate in release_chain.later_gates] == ["MR-4"]


def test_each_artifact_that_is_gone_is_named(release: Path, release_chain: Chain) -> None:
    for one in release_chain.every:
        for kind, path in one.artifacts.items():
            kept = (release / path).read_bytes()
            (release / path).unlink()
            said = [(one.path, f"`{path}` is missing" in one.message) for one in lint(release)]
            (release / path).write_bytes(kept)
            index = release_chain.index_gate.artifacts["live_sanitized_example"]
            if (one.id, kind) == ("MR-INDEX", "live_sanitized_example"):
                index = "gates/release-index"
            # the index names nothing of a gate behind it
            expected = str(Path(path).parent) if one.id == "MR-4" else index
            assert (expected, True) in said, path
    assert lint(release) == []


#: A file, what is replaced in it by what, and what is found: paths and codes.
BREAKS: dict[str, tuple[str, str, str, list[tuple[str, str]]]] = {
    "a control": (
        "gates/training-record/packet.json",
        '"rerun_matches": true',
        '"rerun_matches": 1',
        [("gates/training-record/packet.json", "CAVRA507"), ("gates/training-record/verdict.json", "CAVRA207")],
    ),
    "an embedded verdict": (
        "gates/evaluation-report/packet.json",
        '"product": "Modelyard",\n    "schema_version": "modelyard/training',
        '"product": "Otheryard",\n    "schema_version": "modelyard/training',
        [("gates/evaluation-report/packet.json", "CAVRA208")],
    ),
    "the index's verdict, embedded behind it": (
        "gates/public-announcement/packet.json",
        '"schema_version": "modelyard/release-index/verdict/1"',
        '"schema_version": "modelyard/release-index/verdict/2"',
        [("gates/public-announcement/packet.json", "CAVRA208")],
    ),
    "a gate behind the index": (
        "gates/public-announcement/packet.json",
        "s3://public-announcement/channels/changelog",
        "evidence://public-announcement/channels/changelog",
        [("gates/public-announcement/packet.json", "CAVRA505"), ("gates/public-announcement/verdict.json", "CAVRA207")],
    ),
    "a workflow": (
        ".github/workflows/gate-public-announcement.yml",
        "--require-live",
        "--require-live || true",
        [(".github/workflows/gate-public-announcement.yml", "CAVRA303")],
    ),
    "a page": (
        "handbook/wiki/Release-Approval.md",
        " --require-live",
        "",
        [("handbook/wiki/Release-Approval.md", "CAVRA305")],
    ),
    "the map": ("handbook/release-index.md", "b --> c", "a --> c", [("handbook/release-index.md", "CAVRA306")]),
    "a gate behind the index, in the index": (
        "gates/release-index/packet.json",
        '"gate_id": "MR-3"',
        '"gate_id": "MR-4"',
        [("gates/release-index/packet.json", "CAVRA113")],
    ),
}


@pytest.mark.parametrize(("path", "old", "new", "expected"), BREAKS.values(), ids=BREAKS.keys())
def test_a_break_is_named(path: str, old: str, new: str, expected: list[tuple[str, str]], release: Path) -> None:
    text = (release / path).read_text("utf-8")
    assert old in text
    (release / path).write_text(text.replace(old, new, 1), encoding="utf-8")
    assert {*expected} <= {(place, code) for place, _, code in found(release)}


def test_what_the_index_must_not_name_is_not_compared_with_what_it_says(release: Path) -> None:
    path, old, new, expected = BREAKS["a gate behind the index, in the index"]
    (release / path).write_text((release / path).read_text("utf-8").replace(old, new), encoding="utf-8")
    assert [(place, code) for place, _, code in found(release)] == expected


def judged(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, Any]]:
    status = gate._any_gate(words)
    said: dict[str, Any] = json.loads(capsys.readouterr().out)
    return status, said


def test_the_index_answers_for_the_gates_before_it(
    release: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(release)
    (release / "handbook/public-announcement.md").unlink()
    assert found(release) == [("handbook", 1, "CAVRA101")]
    index = ("MR-INDEX", "--require-live", "--evidence", "gates/release-index/packet.json")
    assert judged(capsys, *index)[1]["release_index_ready"] is True
    (release / "handbook/release-approval.md").unlink()
    status, verdict = judged(capsys, *index)
    assert (status, verdict["release_index_ready"], verdict["blocker_count"]) == (1, False, 1)
    # what is built behind the index holds what the index has to say now
    status, verdict = judged(capsys, "MR-4", "--require-live")
    blocked = [check["name"] for check in verdict["checks"] if check["status"] == "blocker"]
    assert (status, blocked) == (1, ["release_verdict"])


def test_a_gate_may_stand_on_one_behind_the_index(
    release: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(release)
    contract = (release / "chain.toml").read_text("utf-8")
    gate_table = '[[gate]]\nid = "MR-5"\nname = "Recall"\nslug = "recall"\nafter = "MR-4"\n'
    checks = 'check = [{ name = "verdict", kind = "source_result", ready_key = "public_announcement_ready" }]\n'
    (release / "chain.toml").write_text(f"{contract}\n{gate_table}{checks}", encoding="utf-8")
    for mode, word in (["--require-live"], "ready"), ([], "ready_with_warnings"):
        status, verdict = judged(capsys, "MR-5", *mode)
        assert (status, verdict["status"]) == (0, word)


def test_each_packet_is_handed_in_by_one_option_as_well(
    release: Path, release_chain: Chain, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(release)
    for one in release_chain.every:
        packet = one.artifacts["live_sanitized_example"]
        for option in ("--packet", one.packet_option):
            status, verdict = judged(capsys, one.id, option, packet, "--require-live")
            assert (status, verdict[one.ready_key]) == (0, True)
        status, verdict = judged(capsys, one.id, "--packet", one.artifacts["live_result"], "--require-live")
        assert (status, verdict[one.ready_key]) == (1, False)


def test_what_is_exported_is_what_the_example_holds(
    release: Path, release_chain: Chain, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(release)
    for one in release_chain.every:
        folder = release / "gates" / one.slug
        before = {path.name: path.read_bytes() for path in folder.glob("*.json")}
        assert len(before) == 4
        assert judged(capsys, one.id, "--export-dir", str(folder))[0] == 0
        assert {path.name: path.read_bytes() for path in folder.glob("*.json")} == before


@pytest.mark.parametrize(
    "command",
    [
        "cavra-gate {id} --contract chain.toml {packet_option} {live_sanitized_example} --require-live",
        "make {slug}",
        "make prüfe-{slug}",
        "python3 -m gates.judge {slug} --require-live",
        "./gates/judge '{live_sanitized_example}'",
    ],
)
def test_a_gate_may_be_proven_by_any_program(
    command: str, release: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(release)
    before = [one.command for one in load_chain("chain.toml").every]
    contract = (release / "chain.toml").read_text("utf-8")
    lines = (f'command = "{command}"' if line.startswith("command = ") else line for line in contract.split("\n"))
    (release / "chain.toml").write_text("\n".join(lines), encoding="utf-8")
    chain = load_chain("chain.toml")
    texts = {path: (release / path).read_text("utf-8") for one in chain.every for path in one.artifacts.values()}
    for one, old in zip(chain.every, before, strict=True):
        workflow = one.artifacts["workflow"]
        texts[workflow] = texts[workflow].replace(f"run: {old}", f"run: |\n          set -x\n          {one.command}")
        for path in (one.artifacts["docs"], one.artifacts["wiki"]):
            texts[path] = texts[path].replace(old, one.command)
    for path, text in texts.items():
        (release / path).write_text(text, encoding="utf-8")
    assert judged(capsys, "MR-INDEX", "--export-dir", "gates/release-index")[0] == 0
    assert found(release) == []

    workflow = ".github/workflows/gate-training-record.yml"
    softened = texts[workflow].replace(chain.gates[0].command, f"{chain.gates[0].command} || true")
    (release / workflow).write_text(softened, encoding="utf-8")
    assert [(path, code) for path, _, code in found(release)] == [(workflow, "CAVRA303")]


@pytest.mark.parametrize("output_format", FORMATS)
def test_every_format_speaks_of_its_gates(
    output_format: str, release: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (release / "handbook/public-announcement.md").write_text("# Nothing\n")
    status = cli.main(["--repo-root", str(release), "--output-format", output_format])
    said = capsys.readouterr()
    assert (status, said.err) == (1, "")
    assert "handbook/public-announcement.md" in said.out
    # the rules, which SARIF lists, are explained by examples of R7
    assert output_format == "sarif" or "R7" not in said.out


def test_a_script_of_its_own_judges(root: Path) -> None:
    words = ["gates/release-index/judge.py", "--evidence", "gates/release-index/packet.json", "--require-live"]
    done = subprocess.run(
        [sys.executable, *words], cwd=root / EXAMPLE, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr, json.loads(done.stdout)["release_index_ready"]) == (0, "", True)


#: What concerns which gates: those whose file it is, and those that embed the verdict that it makes.
CONCERNED = {
    "gates/training-record/packet.json": ["MR-1", "MR-2", "MR-3"],
    "gates/training-record/verdict.json": ["MR-1", "MR-2", "MR-3"],
    "handbook/training-record.md": ["MR-1"],
    "handbook/public-announcement.md": ["MR-4"],
    "gates/release-index/verdict.json": ["MR-INDEX", "MR-4"],
    "chain.toml": ["MR-1", "MR-2", "MR-3", "MR-INDEX", "MR-4"],
}


def test_a_changed_file_concerns_those_that_stand_on_it(
    release: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(release)
    for path, gates in CONCERNED.items():
        assert cli.main(["--output-format", "junit", "--", path]) == 0
        shown = capsys.readouterr().out
        assert [one for one in CONCERNED["chain.toml"] if f'name="{one} ' in shown] == gates


ANNOUNCEMENT = """
extends = "R7"

[[gate]]
id = "R7.12"
name = "Announcement"
slug = "announcement"
after = "R7.11"
check = [
  { name = "index_result", kind = "source_result", ready_key = "ready_for_customer_lifecycle_verification_index" },
]
"""


def test_a_gate_behind_the_index_is_about_the_customer_of_those_before_it(
    tree: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tree)
    (tree / "chain.toml").write_text(ANNOUNCEMENT)
    (tree / "pyproject.toml").write_text('[tool.cavra-lint]\ncontract = "chain.toml"\n')
    chain = load_chain("chain.toml")
    packet = tree / chain.later_gates[0].artifacts["live_sanitized_example"]
    sealed = json.loads((tree / chain.gates[-1].artifacts["live_sanitized_example"]).read_text("utf-8"))
    assert judged(capsys, "R7.12", "--export-dir", str(packet.parent))[0] == 0
    assert json.loads(packet.read_text("utf-8"))["customer_profile_ref"] == sealed["customer_profile_ref"]
    assert "CAVRA210" not in [code for _, _, code in found(tree)]

    lines = packet.read_text("utf-8").replace(sealed["customer_profile_ref"], "evidence://customer/other").splitlines()
    packet.write_text("\n".join(lines), encoding="utf-8")
    line = next(number for number, text in enumerate(lines, 1) if "customer/other" in text)
    (said,) = [one for one in lint(tree) if one.code == "CAVRA210"]
    assert (said.path, said.line) == (packet.relative_to(tree).as_posix(), line)
    assert said.message == "customer_profile_ref is another reference than that of R7.10, expected the same"


@pytest.mark.parametrize("name", ["100%(prog)d", "%(prog)s", "50 % (prog)", "##[error]x", "a ::error::b"])
def test_help_shows_the_words_of_a_contract_and_obeys_none(
    name: str, release: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (release / "chain.toml").read_text("utf-8")
    text = text.replace('"Training Record"', f'"{name}"').replace("{title}", "{slug}").replace('"MR-1"', '"##[MR-1]"')
    (release / "chain.toml").write_text(text, encoding="utf-8")
    contract = ("--contract", str(release / "chain.toml"))
    assert gate._any_gate([*contract, "--help"]) == 0
    with pytest.raises(SystemExit, match="0"):
        gate._any_gate([*contract, "##[MR-1]", "--help"])
    said = capsys.readouterr().out
    assert " ".join(f"#\\x23[MR-1] {name}:".replace("##", "#\\x23").replace(" ::", " :\\x3a").split()) in said
    assert not any(word in said for word in ("##", "\n::"))


@pytest.mark.parametrize("command", ["linter", "gate"])
def test_a_contract_that_cannot_be_used_is_one_line(
    command: str, release: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(release)
    run: Callable[[], int] = {
        "linter": lambda: cli.main([]),
        "gate": lambda: gate.main("MR-1", ["--require-live"], repo_root=str(release), contract="chain.toml"),
    }[command]
    text = (release / "chain.toml").read_text("utf-8")
    (release / "chain.toml").write_text(text.replace('name = "Training Record"', 'nmae = "Training Record"'))
    assert run() == 2
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert "chain.toml:40: [[gate]] MR-1: unknown key `nmae`, allowed: id, name" in said.err
    assert said.err.endswith("; did you mean `name`?\n")
