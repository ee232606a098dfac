"""The hooks as they are used: the real pre-commit, on real repositories, installed from this one at a revision."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml
from filelock import FileLock

from cavra_lint import lint
from cavra_lint.contract import Chain

pytestmark = pytest.mark.registry

INDEX = (
    "examples/customer-lifecycle-verification-index/customer-lifecycle-verification-index.live.sanitized.example.json"
)
PACKET = "examples/customer-closeout-handoff/customer-closeout-handoff.live.sanitized.example.json"
WORKFLOW = ".github/workflows/customer-evidence-room.yml"
PAGE = "docs/customer-operating-review.md"
WIKI = "docs/wiki/Customer-Operating-Review.md"
SOUND, BROKEN = '"support_path_defined": true', '"support_path_defined": false'

TREE = ("cavra_lint", "docs", "examples", "scripts", "tests", ".github")

#: What pip says where there is no registry to ask.
UNREACHABLE = re.compile(
    "NewConnectionError|NameResolutionError|ConnectTimeout|ProxyError|Temporary failure in name resolution"
    "|Name or service not known|Network is unreachable|Connection refused"
)

#: Nothing is reached any more: neither by pip nor through a proxy.
OFFLINE = {"PIP_NO_INDEX": "1", "HTTP_PROXY": "http://127.0.0.1:9", "HTTPS_PROXY": "http://127.0.0.1:9"}

_FINDING = re.compile(r"^(?P<path>.+):(?P<line>\d+): (?P<code>CAVRA\d{3}) .+$", re.MULTILINE)


class Installed(NamedTuple):
    """The hooks, ready to be used: the repository that has them, its revision, and where pre-commit keeps them."""

    repository: Path
    revision: str
    home: Path
    template: Path


def environment(home: Path) -> dict[str, str]:
    """Return the environment without what git and pre-commit would take from the outer one."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "PRE_COMMIT"))}
    who = {f"GIT_{role}_{what}": "x@y.example" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    git = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", **who}
    return {**inherited, **git, "PRE_COMMIT_HOME": str(home), "PRE_COMMIT_COLOR": "never", "PYTHONUTF8": "1"}


def call(folder: Path, env: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words, cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8"
    )


@pytest.fixture(scope="session")
def installed(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """This repository as it stands, at a revision, its hooks' environment built: once, whatever the processes."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "hooks"
    shared.mkdir(exist_ok=True)
    told = shared / "told.json"
    with FileLock(shared / "lock"):
        if not told.exists():
            told.write_text(json.dumps(install(root, shared)))
    revision, unreachable = json.loads(told.read_text())
    if unreachable:
        pytest.skip("the package registry cannot be reached, so that pre-commit cannot build the hooks' environment")
    return Installed(shared / "source", revision, shared / "home", shared / "template")


def install(root: Path, shared: Path) -> tuple[str, bool]:
    """Build the hooks' environment; return the revision, and whether no registry was there to do that."""
    source, home = shared / "source", shared / "home"
    env = environment(home)
    listed = ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for name in call(root, env, *listed).stdout.split("\0"):
        if name and (root / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, source / name)
    revision = committed(source, env)
    assert re.fullmatch("[0-9a-f]{40}", revision), revision
    trial = shared / "trial"
    (trial / "empty").mkdir(parents=True)
    configure(trial, source, revision)
    committed(trial, env)
    done = call(trial, {**env, "PIP_RETRIES": "2"}, sys.executable, "-m", "pre_commit", "install-hooks")
    if done.returncode != 0 and UNREACHABLE.search(done.stdout):
        return revision, True
    assert done.returncode == 0, done.stdout
    done = call(trial, env, sys.executable, "-m", "pre_commit", "init-templatedir", str(shared / "template"))
    assert (shared / "template/hooks/pre-commit").is_file(), done.stdout
    return revision, False


def committed(folder: Path, env: dict[str, str]) -> str:
    """Make a repository of a folder, all of it in one commit; return its revision."""
    for words in ("init --quiet --initial-branch=main", "add --all", "commit --quiet --message=x"):
        done = call(folder, env, "git", *words.split())
        assert done.returncode == 0, done.stdout
    return call(folder, env, "git", "rev-parse", "HEAD").stdout.strip()


def configure(folder: Path, source: Path, revision: str, **lint_hook: object) -> None:
    """Write the configuration that asks for both hooks, with settings of the user's for the first."""
    hooks = [{"id": "cavra-lint", **lint_hook}, {"id": "cavra-gate"}]
    repo = {"repo": str(source), "rev": revision, "hooks": hooks}
    (folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": [repo]}), encoding="utf-8")


class Clone:
    """A repository that carries the chain, and has the hooks; its environment reaches no network."""

    def __init__(self, folder: Path, installed: Installed, **lint_hook: object) -> None:
        self.folder = folder
        self._env = {**environment(installed.home), **OFFLINE}
        configure(folder, installed.repository, installed.revision, **lint_hook)
        self.git("init", "--quiet", "--template", str(installed.template))
        self.git("add", "--all")
        self.git("commit", "--quiet", "--no-verify", "--message=start")

    def git(self, *words: str) -> str:
        done = call(self.folder, self._env, "git", *words)
        assert done.returncode == 0, done.stdout
        return done.stdout

    def commit(self) -> tuple[bool, str]:
        """Commit what is staged; return whether that was refused, and what was said."""
        before = self.git("rev-parse", "HEAD")
        done = call(self.folder, self._env, "git", "commit", "--message=change")
        refused = done.returncode != 0
        assert refused is (self.git("rev-parse", "HEAD") == before), done.stdout
        return refused, done.stdout

    def run(self, *options: str) -> str:
        return call(self.folder, self._env, sys.executable, "-m", "pre_commit", "run", *options).stdout

    def write(self, path: str, text: str) -> None:
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_text(text, encoding="utf-8")

    def swap(self, path: str, old: str, new: str) -> None:
        text = (self.folder / path).read_text("utf-8")
        assert old in text
        self.write(path, text.replace(old, new))


@pytest.fixture
def clone(tree: Path, installed: Installed) -> Clone:
    return Clone(tree, installed)


@pytest.fixture
def newcomer(tree: Path, root: Path, installed: Installed) -> Clone:
    """A repository whose configuration is what the README tells to copy."""
    clone = Clone(tree, installed)
    (copied,) = re.findall(r"^```yaml\n(repos:\n.*?)^```$", (root / "README.md").read_text("utf-8"), re.M | re.S)
    assert len(copied.splitlines()) == 5
    config = yaml.safe_load(copied)
    config["repos"][0].update(repo=str(installed.repository), rev=installed.revision)
    clone.write(".pre-commit-config.yaml", yaml.safe_dump(config))
    clone.git("add", ".pre-commit-config.yaml")
    return clone


def line_of(folder: Path, path: str, text: str) -> int:
    lines = (folder / path).read_text("utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def said_by(output: str) -> dict[str, Counter[str]]:
    """Return the findings that each hook printed, and how often."""
    _, *parts = re.split(r"^- hook id: (\S+)$", output, flags=re.MULTILINE)
    return {
        hook: Counter(match[0] for match in _FINDING.finditer(said))
        for hook, said in zip(parts[::2], parts[1::2], strict=True)
    }


def started(output: str) -> dict[str, str]:
    """Return what pre-commit says of each hook: Passed, Failed or Skipped."""
    return dict(re.findall(r"^(cavra-\w+)\.+(?:\([^)]*\))?(\w+)$", output, flags=re.MULTILINE))


def break_packet(clone: Clone) -> None:
    clone.swap(PACKET, SOUND, BROKEN)
    clone.git("add", PACKET)


def bend_command(clone: Clone) -> None:
    clone.swap(WORKFLOW, "            --require-live\n", "            --require-live || true\n")
    clone.git("add", WORKFLOW)


def delete_artifact(clone: Clone) -> None:
    clone.git("rm", "--quiet", WIKI)


def take_out(clone: Clone) -> None:
    """Bring the repository to where an artifact is still to be written, and stage something else."""
    clone.git("rm", "--quiet", WIKI)
    clone.git("commit", "--quiet", "--no-verify", "--message=without")
    clone.write("notes.md", "text\n")
    clone.git("add", "notes.md")


def create_and_leave(clone: Clone) -> None:
    page = (clone.folder / WIKI).read_text("utf-8")
    take_out(clone)
    clone.write(WIKI, page)


#: What is done before the commit; the path, the text of the line and the code of what refuses it; what each hook says.
REFUSED: dict[str, tuple[Callable[[Clone], None], str, str, str, tuple[str, str]]] = {
    "a packet is broken": (break_packet, PACKET, BROKEN, "CAVRA507", ("Failed", "Failed")),
    "a command is bent": (
        bend_command,
        WORKFLOW,
        "validate_customer_evidence_room.py \\",
        "CAVRA303",
        ("Failed", "Failed"),
    ),
    "an artifact is deleted": (delete_artifact, INDEX, f'"wiki": "{WIKI}"', "CAVRA101", ("Skipped", "Failed")),
    "an artifact is unstaged": (create_and_leave, WIKI, "", "CAVRA107", ("Skipped", "Failed")),
}


@pytest.mark.parametrize(("edit", "path", "text", "code", "hooks"), REFUSED.values(), ids=REFUSED.keys())
def test_a_commit_is_refused_with_the_line(
    edit: Callable[[Clone], None], path: str, text: str, code: str, hooks: tuple[str, str], clone: Clone
) -> None:
    edit(clone)
    refused, output = clone.commit()
    assert refused
    assert re.search(f"^{re.escape(path)}:{line_of(clone.folder, path, text)}: {code}", output, re.MULTILINE), output
    assert tuple(started(output).values()) == hooks
    assert all(set(said.values()) == {1} for said in said_by(output).values()), output


#: Names that programs stumble over; none of them is an artifact.
ODD_NAMES = (
    "-leading dash.md",
    "--contract",
    "docs/with a space.md",
    "docs/-ümläut 漢字.md",
    "docs/two\nlines.md",
    "examples/'quote\" $(touch run) `touch run`;.json",
    "scripts/\u202ebidi.py",
)


def test_a_clean_commit_passes_whatever_the_names(tree: Path, installed: Installed) -> None:
    clone = Clone(tree, installed, files="")
    for name in ODD_NAMES:
        clone.write(name, "text\n")
    clone.swap(PAGE, "# ", "#  ")
    clone.git("add", "--all")
    refused, output = clone.commit()
    assert (refused, started(output)) == (False, {"cavra-lint": "Passed", "cavra-gate": "Passed"}), output
    assert not (tree / "run").exists()


def test_an_artifact_with_an_odd_name_is_judged(tree: Path, installed: Installed) -> None:
    odd = "docs/wiki/-Über den Betrieb.md"
    contract = f'extends = "R7"\n[[gate]]\nid = "R7.4"\n[gate.artifacts]\nwiki = "{odd}"\n'
    (tree / "chain.toml").write_text(contract, encoding="utf-8")
    (tree / "pyproject.toml").write_text('[tool.cavra-lint]\ncontract = "chain.toml"\n', encoding="utf-8")
    clone = Clone(tree, installed, files="^docs/")
    clone.write(odd, "# A page without its command\n")
    clone.git("add", odd)
    refused, output = clone.commit()
    assert refused
    for hook in ("cavra-lint", "cavra-gate"):
        assert any(line.startswith(f"{odd}:1: CAVRA3") for line in said_by(output)[hook]), output


#: What is staged, what the work tree holds, and whether the commit is refused.
STAGED = {"broken, then mended": (BROKEN, SOUND, True), "sound, then broken": (f" {SOUND}", BROKEN, False)}


@pytest.mark.parametrize(("staged", "kept", "expected"), STAGED.values(), ids=STAGED.keys())
def test_what_is_staged_is_judged(staged: str, kept: str, expected: bool, newcomer: Clone) -> None:
    newcomer.swap(PACKET, SOUND, staged)
    newcomer.git("add", PACKET)
    number = line_of(newcomer.folder, PACKET, staged)
    newcomer.swap(PACKET, staged, kept)
    refused, output = newcomer.commit()
    assert refused is expected, output
    assert (f"{PACKET}:{number}: CAVRA507 " in output) is expected
    assert kept in (newcomer.folder / PACKET).read_text("utf-8")


def test_every_way_to_run_says_the_same_and_nothing_twice(clone: Clone) -> None:
    for number in range(1000):
        clone.write(f"docs/customer-{number % 7}/a page of notes, number {number}.md", "text\n")
    break_packet(clone)
    bend_command(clone)
    clone.git("add", "--all")
    clone.git("commit", "--quiet", "--no-verify", "--message=change")
    every = clone.run("--all-files")
    changed = clone.run("--from-ref", "HEAD~1", "--to-ref", "HEAD")
    found = Counter(f"{one.path}:{one.line}: {one.code} {one.message}" for one in lint(clone.folder))
    assert len(found) >= 2
    assert said_by(every) == said_by(changed) == {"cavra-lint": found, "cavra-gate": found}


@pytest.fixture(scope="module")
def hooks(root: Path) -> dict[str, dict[str, object]]:
    return {hook["id"]: hook for hook in yaml.safe_load((root / ".pre-commit-hooks.yaml").read_text("utf-8"))}


def matching(hooks: dict[str, dict[str, object]], paths: Iterable[str]) -> Iterator[str]:
    pattern = re.compile(str(hooks["cavra-lint"]["files"]))
    return (path for path in paths if pattern.search(path))


def test_the_linter_starts_for_each_artifact(hooks: dict[str, dict[str, object]], chain: Chain) -> None:
    named = [path for gate in (*chain.gates, chain.index_gate) for path in gate.artifacts.values()]
    rules = ["pyproject.toml", "chain.toml"]
    assert list(matching(hooks, [*named, *rules])) == [*named, *rules]


def test_the_linter_starts_for_nothing_else(hooks: dict[str, dict[str, object]], root: Path, chain: Chain) -> None:
    named = {path for gate in (*chain.gates, chain.index_gate) for path in gate.artifacts.values()}
    below = [path.relative_to(root).as_posix() for name in TREE for path in (root / name).rglob("*") if path.is_file()]
    assert named < set(below)
    assert set(matching(hooks, [*below, "README.md", "docs/customer-1.md", "cavra_lint/contract/r7.toml"])) == named
