"""The gate commands: one JSON verdict on stdout, whatever comes in, and an exit status that tells."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cavra_lint import __version__, console, gate
from cavra_lint.contract import Chain

SLUG = "examples/customer-operating-review/customer-operating-review"
LIVE, SAMPLE = f"{SLUG}.live.sanitized.example.json", f"{SLUG}.sample.json"
READY = "ready_for_customer_operating_review"
GATES = [f"R7.{number}" for number in range(1, 12)]
SOURCES = {
    "R7.2": ("--intake-packet", "R7.1"),
    "R7.3": ("--evidence-room-index", "R7.2"),
    "R7.4": ("--closeout-handoff", "R7.3"),
    "R7.5": ("--operating-review", "R7.4"),
    "R7.6": ("--renewal-expansion", "R7.5"),
    "R7.8": ("--rollup", "R7.7"),
    "R7.9": ("--archive", "R7.8"),
    "R7.10": ("--status", "R7.9"),
}


def run(cwd: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a script as a user does."""
    return subprocess.run(
        [sys.executable, *words],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def judged(capsys: pytest.CaptureFixture[str], gate_id: str, *arguments: str, root: Path) -> tuple[int, dict[str, Any]]:
    """Run a gate in this process, and return its status and verdict; nothing may go to stderr."""
    status = gate.main(gate_id, list(arguments), repo_root=str(root))
    said = capsys.readouterr()
    assert said.err == ""
    verdict: dict[str, Any] = json.loads(said.out)
    assert said.out == json.dumps(verdict, indent=2, sort_keys=True) + "\n"
    return status, verdict


def test_the_documented_command_of_the_index(whole_tree: Path, chain: Chain) -> None:
    done = run(whole_tree, *shlex.split(chain.index_gate.command)[1:])
    assert (done.returncode, done.stderr) == (0, "")
    verdict = json.loads(done.stdout)
    assert (verdict["ready_for_customer_lifecycle_verification_index"], verdict["diagnostics"]) == (True, [])


def test_a_script_finds_its_repository_from_any_folder(whole_tree: Path, tmp_path: Path) -> None:
    script = whole_tree / "scripts" / "validate_customer_lifecycle_verification_index.py"
    done = run(tmp_path, str(script), "--require-live")
    assert (done.returncode, json.loads(done.stdout)["status"]) == (0, "ready")
    (whole_tree / "docs" / "customer-operating-review.md").unlink()
    done = run(tmp_path, str(script), "--require-live")
    verdict = json.loads(done.stdout)
    assert (done.returncode, verdict["status"], len(verdict["diagnostics"])) == (1, "blocked", 1)


def test_the_installed_command_takes_the_id_of_a_gate(whole_tree: Path) -> None:
    call = "import sys; from cavra_lint.gate import any_gate; sys.exit(any_gate())"
    done = run(whole_tree, "-c", call, "R7.4", "--packet", LIVE, "--require-live", PYTHONPATH=str(whole_tree))
    assert (done.returncode, done.stderr, json.loads(done.stdout)[READY]) == (0, "", True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["R7.12"], "cavra-gate: `R7.12` is no gate of R7, expected one of R7.1, R7.2,"),
        (["R7.04", "--help"], "; did you mean `R7.4`?\n"),
        (["--require-live"], "GATE_ID is one of R7.1, R7.2,"),
        ([], "GATE_ID is one of R7.1, R7.2,"),
    ],
    ids=["unknown", "close", "an option", "nothing"],
)
def test_the_installed_command_names_the_ids(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert console.run(gate._any_gate, "cavra-gate", arguments) == 2
    printed = capsys.readouterr()
    assert (printed.out, printed.err.count("\n"), said in printed.err) == ("", 1, True)


@pytest.mark.parametrize("option", ["--contract", "--repo-root"])
@pytest.mark.parametrize("value", ["", "="])
def test_an_option_of_any_gate_needs_its_value(option: str, value: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert console.run(gate._any_gate, "cavra-gate", ["R7.1", f"{option}{value}"]) == 2
    assert capsys.readouterr().err == f"cavra-gate: {option} needs a value\n"


def test_the_installed_command_tells_its_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert console.run(gate._any_gate, "cavra-gate", ["--version"]) == 0
    assert capsys.readouterr() == (f"cavra-gate {__version__}\n", "")


@pytest.mark.parametrize(
    ("packet", "require_live", "status", "word", "ready"),
    [
        (LIVE, True, 0, "ready", True),
        (LIVE, False, 0, "ready", True),
        (SAMPLE, False, 0, "ready_with_warnings", False),
        (SAMPLE, True, 1, "blocked", False),
        (None, True, 0, "ready", True),
        (None, False, 0, "ready_with_warnings", False),
    ],
    ids=["live", "live, not required", "sample", "sample, live required", "built live", "built sample"],
)
def test_exit_status_and_verdict(
    packet: str | None,
    require_live: bool,
    status: int,
    word: str,
    ready: bool,
    root: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    arguments = ["--packet", str(root / packet)] if packet else []
    found, verdict = judged(capsys, "R7.4", *arguments, *(["--require-live"] if require_live else []), root=root)
    assert (found, verdict["status"], verdict[READY]) == (status, word, ready)


#: What lies where the packet should, and the code and the words of what is found.
BAD: dict[str, tuple[bytes | None, str, str]] = {
    "missing": (None, "CAVRA101", "is missing"),
    "empty": (b"", "CAVRA102", "is empty"),
    "no JSON": (b"ready: true", "CAVRA003", "not JSON"),
    "NaN": (b'{"blocker_count": NaN}', "CAVRA003", "NaN is not JSON"),
    "no object": (b"[]", "CAVRA005", "expected an object"),
    "no UTF-8": (b'{"a": "\xff"}', "CAVRA002", "not UTF-8"),
    "a key twice": (b'{"a": 1,\n "a": 1}', "CAVRA004", "stands twice"),
    "nested too deep": (b"[" * 100_000, "CAVRA003", "nested more than"),
}


@pytest.mark.parametrize(("data", "code", "words"), BAD.values(), ids=BAD.keys())
def test_a_bad_packet_gives_a_verdict(
    data: bytes | None, code: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "packet.json"
    if data is not None:
        path.write_bytes(data)
    status, verdict = judged(capsys, "R7.4", "--packet", str(path), root=tmp_path)
    assert (status, verdict["status"], verdict[READY], verdict["blocker_count"]) == (1, "blocked", False, 1)
    (found,) = verdict["diagnostics"]
    assert (found["code"], found["line"]) == (code, 2 if code == "CAVRA004" else 1)
    assert words in found["message"]
    assert (tmp_path / found["path"]).exists()


@pytest.mark.parametrize("name", ["folder", "pipe", "link"])
def test_what_is_no_file_is_not_waited_for(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("link")
    status, verdict = judged(capsys, "R7.4", "--packet", str(tmp_path / name), root=tmp_path)
    assert (status, [found["code"] for found in verdict["diagnostics"]]) == (1, ["CAVRA103"])


@pytest.mark.parametrize("gate_id", SOURCES)
def test_a_packet_is_built_from_the_one_before(
    gate_id: str, root: Path, chain: Chain, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    option, before = SOURCES[gate_id]
    source = root / chain.gate(before).artifacts["live_sanitized_example"]
    status, verdict = judged(capsys, gate_id, option, str(source), "--require-live", root=root)
    assert (status, verdict["status"]) == (0, "ready")
    packet = json.loads(source.read_text("utf-8"))
    (tmp_path / "blocked.json").write_text(json.dumps({**packet, "sanitized": False}), encoding="utf-8")
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    for name in ("blocked.json", "broken.json", "none.json"):
        status, verdict = judged(capsys, gate_id, option, str(tmp_path / name), "--require-live", root=root)
        assert (status, verdict["status"]) == (1, "blocked")


def test_output_is_written_as_it_is_printed_and_keeps_its_mode(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "result.json"
    output.write_text("x" * 100_000)
    output.chmod(0o640)
    _, verdict = judged(capsys, "R7.4", "--packet", str(root / LIVE), "--output", str(output), root=root)
    assert json.loads(output.read_text("utf-8")) == verdict
    assert output.read_text("utf-8") == json.dumps(verdict, indent=2, sort_keys=True) + "\n"
    assert output.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in tmp_path.iterdir()] == ["result.json"]


@pytest.mark.parametrize(
    "place",
    [
        "none/result.json",
        "file/result.json",
        "folder",
        pytest.param(
            "sealed/result.json", marks=pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
        ),
    ],
)
def test_an_output_that_cannot_be_written_is_one_line(
    place: str, root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("kept")
    (tmp_path / "folder").mkdir()
    (tmp_path / "sealed").mkdir(mode=0o500)
    assert (
        gate.main("R7.4", ["--packet", str(root / LIVE), "--output", str(tmp_path / place)], repo_root=str(root)) == 2
    )
    said = capsys.readouterr()
    assert said.err.count("\n") == 1
    assert "cannot write" in said.err
    assert (tmp_path / "file").read_text() == "kept"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder", "sealed"]


@pytest.mark.parametrize("gate_id", GATES)
def test_the_export_is_what_the_repository_holds(
    gate_id: str, root: Path, chain: Chain, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    slug = chain.gate(gate_id).slug
    folder = tmp_path / "new" / "folder"
    status, exported = judged(capsys, gate_id, "--export-dir", str(folder), root=root)
    names = [
        f"{slug}.{kind}.json" for kind in ("sample", "sample.result", "live.sanitized.example", "live.sanitized.result")
    ]
    assert status == 0
    assert exported["schema_version"] == chain.gate(gate_id).export_schema
    assert [Path(path).name for path in exported["written"]] == names
    assert sorted(path.name for path in folder.iterdir()) == sorted(names)
    for name in names:
        assert (folder / name).read_bytes() == (root / "examples" / slug / name).read_bytes()


@pytest.mark.parametrize(
    "arguments",
    [["--nonsense"], ["--pack", "x"], ["--packet"], ["more"], ["--index", "x"], ["--repo-root", "."], ["--output", ""]],
    ids=["unknown", "cut short", "no value", "a word", "the index's", "the index's root", "an empty value"],
)
def test_wrong_usage_is_one_line_and_no_verdict(
    arguments: list[str], root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert gate.main("R7.4", arguments, repo_root=str(root)) == 2
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)


@pytest.mark.parametrize("name", ["none", "file"])
def test_a_root_that_is_no_folder_is_one_line(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("x")
    assert gate.main("R7.11", ["--repo-root", str(tmp_path / name)]) == 2
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert "--repo-root is not a folder" in said.err


def test_the_gate_cannot_be_silenced(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tree / "docs" / "customer-operating-review.md").unlink()
    configuration = '[tool.cavra-lint]\nignore = ["CAVRA"]\nexclude = ["*"]\nrequire-live = false\n'
    (tree / "pyproject.toml").write_text(configuration)
    status, verdict = judged(capsys, "R7.11", "--require-live", root=tree)
    assert (status, [found["code"] for found in verdict["diagnostics"]]) == (1, ["CAVRA101"])


def test_a_c_locale_is_no_traceback(tmp_path: Path, root: Path) -> None:
    packet = tmp_path / "übergabe.json"
    packet.write_text("[]")
    script = str(root / "scripts" / "validate_customer_operating_review.py")
    done = run(root, script, "--packet", str(packet), LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert (done.returncode, done.stderr) == (1, "")
    assert json.loads(done.stdout)["status"] == "blocked"


@pytest.mark.parametrize(
    ("gate_id", "kind", "ready"),
    [
        ("R7.11", "live_sanitized_example", True),
        ("R7.11", "live_result", True),
        ("R7.11", "docs", False),
        ("R7.4", "live_sanitized_example", False),
        ("R7.4", "live_result", False),
    ],
)
def test_an_exported_index_asks_for_all_but_what_is_exported(
    gate_id: str, kind: str, ready: bool, tree: Path, chain: Chain, capsys: pytest.CaptureFixture[str]
) -> None:
    (tree / chain.gate(gate_id).artifacts[kind]).unlink()
    judged(capsys, "R7.11", "--export-dir", str(tree / "exported"), root=tree)
    index = chain.index_gate
    result = json.loads((tree / "exported" / f"{index.slug}.live.sanitized.result.json").read_text("utf-8"))
    assert result[index.ready_key] is ready


def test_the_gate_forbids_what_the_configuration_does(
    tree: Path, chain: Chain, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tree / chain.index_gate.artifacts["live_sanitized_example"]
    path.write_text(path.read_text("utf-8").replace("{", '{"projectCodename": null,', 1), "utf-8")
    assert judged(capsys, "R7.11", "--index", str(path), "--require-live", root=tree)[0] == 0
    (tree / "pyproject.toml").write_text('[tool.cavra-lint]\nforbidden-keys = ["project_codename"]\n')
    status, verdict = judged(capsys, "R7.11", "--index", str(path), "--require-live", root=tree)
    blocked = [check["name"] for check in verdict["checks"] if check["status"] == "blocker"]
    assert (status, blocked) == (1, ["no_private_material"])


def test_a_configuration_that_cannot_be_used_blocks(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tree / "pyproject.toml").write_text('[tool.cavra-lint]\nforbidden-keys = "project_codename"\n')
    status, verdict = judged(capsys, "R7.11", "--require-live", root=tree)
    found = [(one["path"], one["line"], one["code"], one["check"]) for one in verdict["diagnostics"]]
    assert (status, found) == (1, [("pyproject.toml", 2, "CAVRA009", "no_private_material")])
    assert "forbidden-keys" in verdict["diagnostics"][0]["message"]
    # what has no line stands at the top
    (tree / "pyproject.toml").unlink()
    (tree / "pyproject.toml").mkdir()
    _, verdict = judged(capsys, "R7.11", "--require-live", root=tree)
    assert [(one["path"], one["line"], one["code"]) for one in verdict["diagnostics"]] == [
        ("pyproject.toml", 1, "CAVRA009")
    ]


def test_a_gate_that_the_chain_does_not_have(capsys: pytest.CaptureFixture[str]) -> None:
    assert gate.main("R7.12", []) == 2
    assert capsys.readouterr().err.endswith(": the chain R7 has no such gate\n")
