"""The composite action: each of its scripts, with the bash that a runner starts, on real trees."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from filelock import FileLock

from cavra_lint import verify_index

pytestmark = pytest.mark.registry

INDEX = (
    "examples/customer-lifecycle-verification-index/customer-lifecycle-verification-index.live.sanitized.example.json"
)
SAMPLE = INDEX.replace("live.sanitized.example", "sample")
PACKET = "examples/customer-closeout-handoff/customer-closeout-handoff.live.sanitized.example.json"
SOUND, BROKEN = '"support_path_defined": true', '"support_path_defined": false'

#: How a runner starts a script whose `shell` is bash.
BASH = ("bash", "--noprofile", "--norc", "-eo", "pipefail")

#: What pip says where there is no registry to ask.
UNREACHABLE = re.compile(
    "NewConnectionError|NameResolutionError|ConnectTimeout|ProxyError|Temporary failure in name resolution"
    "|Name or service not known|Network is unreachable|Connection refused"
)


class Ran(NamedTuple):
    """What a script of the action left behind."""

    status: int
    stdout: str
    stderr: str
    outputs: dict[str, str]
    summary: str


@pytest.fixture(scope="module")
def action(root: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((root / "action.yml").read_text("utf-8"))
    return loaded


def script(action: dict[str, Any], name: str) -> str:
    (step,) = [step for step in action["runs"]["steps"] if step["name"] == name]
    assert step["shell"] == "bash"
    return str(step["run"])


def environment(**values: str) -> dict[str, str]:
    kept = ("GIT_", "GITHUB_", "RUNNER_", "PYTHON")
    return {**{key: value for key, value in os.environ.items() if not key.startswith(kept)}, **values}


@pytest.fixture(scope="session")
def runner_temp(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The temporary folder of a runner on which the action's first step has run: once, whatever the processes."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "runner's temp"
    shared.mkdir(exist_ok=True)
    told = shared / "told"
    with FileLock(shared / "lock"):
        if not told.exists():
            told.write_text(installed(root, shared))
    if told.read_text() == "unreachable":
        pytest.skip("the package registry cannot be reached, so that the action cannot install the package")
    return shared


def installed(root: Path, folder: Path) -> str:
    # a copy, as the runner has one, in which files of these names must not be what Python imports
    copied = folder / "action"
    copied.mkdir()
    for name in ("cavra_lint", "pyproject.toml", "README.md", "LICENSE"):
        copy = shutil.copytree if (root / name).is_dir() else shutil.copy2
        copy(root / name, copied / name)
    workspace = hostile_workspace(folder / "workspace")
    action = yaml.safe_load((root / "action.yml").read_text("utf-8"))
    path = os.pathsep.join((os.path.dirname(sys.executable), os.environ["PATH"]))
    done = subprocess.run(
        [*BASH, "-c", script(action, "Install cavra-lint")],
        cwd=workspace,
        env=environment(RUNNER_TEMP=str(folder), ACTION_PATH=str(copied), PIP_RETRIES="2", PATH=path),
        capture_output=True,
        text=True,
    )
    if done.returncode != 0 and UNREACHABLE.search(done.stderr):
        return "unreachable"
    assert done.returncode == 0, done.stderr
    assert not (workspace / "run").exists()
    return "installed"


def hostile_workspace(folder: Path) -> Path:
    """Return a folder of modules that would betray that they were imported."""
    folder.mkdir(exist_ok=True)
    for name in ("venv", "pip", "json", "cavra_lint", "sitecustomize"):
        (folder / f"{name}.py").write_text("open('run', 'w').close()\n")
    return folder


@pytest.fixture
def prove(action: dict[str, Any], runner_temp: Path, tree: Path, tmp_path: Path) -> Callable[..., Ran]:
    """Run the action's last script on a tree, with inputs in place of their defaults."""

    def run(**inputs: str) -> Ran:
        values = {name: str(about["default"]) for name, about in action["inputs"].items()}
        assert inputs.keys() <= values.keys() | {name.replace("-", "_") for name in values}
        values.update({name.replace("_", "-"): value for name, value in inputs.items()})
        files = {"GITHUB_OUTPUT": tmp_path / "output", "GITHUB_STEP_SUMMARY": tmp_path / "summary"}
        for file in files.values():
            file.write_text("")
        (step,) = [step for step in action["runs"]["steps"] if step.get("id") == "prove"]
        given = {
            key: values[re.fullmatch(r"\$\{\{ inputs\.([a-z-]+) \}\}", value)[1]]  # type: ignore[index]
            for key, value in step["env"].items()
        }
        done = subprocess.run(
            [*BASH, "-c", script(action, "Prove the chain")],
            cwd=tree,
            env=environment(**given, RUNNER_TEMP=str(runner_temp), **{key: str(path) for key, path in files.items()}),
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        lines = files["GITHUB_OUTPUT"].read_text("utf-8").splitlines()
        outputs = dict(line.split("=", 1) for line in lines)
        assert [line.split("=")[0] for line in lines] == ["ready", "verdict"]
        return Ran(done.returncode, done.stdout, done.stderr, outputs, files["GITHUB_STEP_SUMMARY"].read_text("utf-8"))

    return run


def break_packet(tree: Path) -> None:
    text = (tree / PACKET).read_text("utf-8")
    assert SOUND in text
    (tree / PACKET).write_text(text.replace(SOUND, BROKEN), encoding="utf-8")


def test_a_clean_tree(prove: Callable[..., Ran], tree: Path) -> None:
    hostile_workspace(tree)
    before = sorted(tree.rglob("*"))
    ran = prove()
    assert (ran.status, ran.stdout, ran.stderr) == (0, "", "")
    assert ran.outputs["ready"] == "true"
    index = json.loads((tree / INDEX).read_text("utf-8"))
    assert json.loads(ran.outputs["verdict"]) == verify_index(index, repo_root=tree, require_live=True)
    assert ran.summary.startswith("# CAVRA `R7`: ready\n")
    assert sorted(tree.rglob("*")) == before


def test_a_broken_tree_fails_with_all_written(prove: Callable[..., Ran], tree: Path) -> None:
    break_packet(tree)
    ran = prove(sarif="found in it.sarif")
    assert (ran.status, ran.outputs["ready"], ran.stderr) == (1, "false", "The gate is not ready.\n")
    number = next(n for n, line in enumerate((tree / PACKET).read_text().splitlines(), 1) if BROKEN in line)
    assert re.search(f"^{re.escape(PACKET)}:{number}: CAVRA507 ", ran.stdout, re.MULTILINE)
    verdict = json.loads(ran.outputs["verdict"])
    assert verdict["status"] == "blocked"
    assert (PACKET, number) in {(found["path"], found["line"]) for found in verdict["diagnostics"]}
    assert f"`{PACKET}:{number}` **`CAVRA507`**" in ran.summary
    assert json.loads((tree / "found in it.sarif").read_text("utf-8"))["version"] == "2.1.0"


def test_what_is_ignored_is_no_less_not_ready(prove: Callable[..., Ran], tree: Path) -> None:
    break_packet(tree)
    (tree / "pyproject.toml").write_text('[tool.cavra-lint]\nignore = ["CAVRA"]\n')
    ran = prove(summary="false")
    assert (ran.status, ran.stdout, ran.outputs["ready"], ran.summary) == (1, "", "false", "")


#: Inputs; the exit status and what `ready` is. A sample warns, and is never ready.
INPUTS: dict[str, tuple[dict[str, str], int, str]] = {
    "a sample where live is required": ({"index": SAMPLE}, 1, "false"),
    "a sample where it is not": ({"index": SAMPLE, "require_live": "false"}, 0, "false"),
    "a contract": ({"contract": "chain.toml"}, 0, "true"),
    "a contract that is not there": ({"contract": "none.toml"}, 2, "false"),
    "no such root": ({"repo_root": "nowhere"}, 2, "false"),
    "no such gate": ({"gate": "R7.12"}, 2, "false"),
    "an option as the gate": ({"gate": "--help"}, 2, "false"),
    "nowhere to write": ({"sarif": "nowhere/x.sarif"}, 2, "true"),
}


@pytest.mark.parametrize(("inputs", "status", "ready"), INPUTS.values(), ids=INPUTS.keys())
def test_inputs(
    inputs: dict[str, str], status: int, ready: str, prove: Callable[..., Ran], tree: Path, root: Path
) -> None:
    shutil.copy2(root / "cavra_lint/contract/r7.toml", tree / "chain.toml")
    ran = prove(**inputs)
    assert (ran.status, ran.outputs["ready"]) == (status, ready), ran.stderr
    assert "Traceback" not in ran.stderr


#: The example chain, whose index is handed in by another option than R7's.
RELEASE = {"repo_root": "release", "gate": "MR-INDEX", "index": "gates/release-index/packet.json"}


@pytest.mark.parametrize("contract", ["", "release/chain.toml"], ids=["configured", "handed in"])
def test_another_chain(contract: str, prove: Callable[..., Ran], tree: Path, root: Path) -> None:
    shutil.copytree(root / "examples/model-release-chain", tree / "release")
    ran = prove(**RELEASE, contract=contract)
    assert (ran.status, ran.outputs["ready"], ran.stderr) == (0, "true", "")
    assert ran.summary.startswith("# Modelyard MR: ready\n")
    (tree / "release/handbook/release-approval.md").unlink()
    ran = prove(**RELEASE, contract=contract)
    assert (ran.status, ran.outputs["ready"], ran.stderr) == (1, "false", "The gate is not ready.\n")


def test_hostile_values_are_inert(prove: Callable[..., Ran], action: dict[str, Any], tree: Path) -> None:
    value = "x'\"; touch run\n$(touch run) `touch run` && touch run | touch run > run\nready=true\n::error::x"
    before = sorted(tree.rglob("*"))
    judged = dict.fromkeys(("index", "require-live", "summary", "sarif"), value)
    refused = dict.fromkeys(("repo-root", "contract", "gate"), value)
    assert judged.keys() | refused.keys() == action["inputs"].keys()
    for inputs, status in ((judged, 1), (refused, 2)):
        ran = prove(**inputs)
        assert not (tree / "run").exists()
        assert not re.search("^::", ran.stdout + ran.stderr, re.MULTILINE)
        assert (ran.status, ran.outputs["ready"]) == (status, "false"), ran.stderr
    assert [path.name for path in tree.rglob("*") if path not in before] == [value.rpartition("/")[2]]


def test_the_matcher_is_registered(action: dict[str, Any], root: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [*BASH, "-c", script(action, "Register the problem matcher")],
        cwd=tmp_path,
        env=environment(ACTION_PATH=str(root)),
        capture_output=True,
        text=True,
    )
    command, _, path = done.stdout.removesuffix("\n").rpartition("::")
    assert (done.returncode, done.stderr, command) == (0, "", "::add-matcher")
    assert json.loads(Path(path).read_text("utf-8"))["problemMatcher"]


def test_no_script_holds_an_expression(action: dict[str, Any]) -> None:
    assert not [step["name"] for step in action["runs"]["steps"] if "${{" in step["run"]]
