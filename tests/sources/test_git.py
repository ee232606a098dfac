"""What git tracks, asked of real repositories."""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from cavra_lint import lint
from cavra_lint.sources.git import tracked_files
from cavra_lint.sources.git_index import indexed_paths
from cavra_lint.sources.repository import Repository

Git = Callable[..., None]


@pytest.fixture
def git(tmp_path: Path) -> Git:
    """Run git in a folder, by default that of the test, without the configuration of whoever runs the test."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    settings = ["-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"]

    def run(*words: str, folder: Path = tmp_path) -> None:
        env = {**clean, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        subprocess.run(["git", *settings, *words], cwd=folder, env=env, check=True, capture_output=True)

    return run


def write(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("text\n")


def test_outside_git_nothing_is_known(tmp_path: Path) -> None:
    write(tmp_path, "a")
    assert tracked_files(str(tmp_path)) is None


def test_what_is_staged_is_tracked(tmp_path: Path, git: Git) -> None:
    write(tmp_path, "committed", "staged", "untracked", "ignored", "intended", "taken out", "ä b/-dash")
    (tmp_path / ".gitignore").write_text("ignored\n")
    git("init", "-q")
    git("add", "committed", "taken out")
    git("commit", "-qm", "first")
    git("add", "staged", "ä b")
    git("add", "--intent-to-add", "intended")
    git("rm", "-q", "--cached", "taken out")
    assert tracked_files(str(tmp_path)) == {"committed", "staged", "ä b/-dash"}


@pytest.mark.parametrize("version", ["2", "3", "4"])
@pytest.mark.parametrize("hashes", ["sha1", "sha256"])
def test_each_way_in_which_git_writes_its_index(version: str, hashes: str, tmp_path: Path, git: Git) -> None:
    names = {"a", "ab/c", "ab/cd", "ab/cde", "b" * 200, "z/" + "y" * 255, "ä/ö"}
    write(tmp_path, *names, "intended", "skipped")
    git("init", "-q", f"--object-format={hashes}")
    git("add", *names, "skipped")
    git("update-index", "--index-version", version)
    assert tracked_files(str(tmp_path)) == {*names, "skipped"}
    # both need an entry with more flags, which version 2 has no place for: git writes version 3 instead
    git("update-index", "--skip-worktree", "skipped")
    git("add", "--intent-to-add", "intended")
    assert tracked_files(str(tmp_path)) == {*names, "skipped"}
    assert tracked_files(str(tmp_path / "ab")) == {"c", "cd", "cde"}


def test_another_repository_within_is_no_file(tmp_path: Path, git: Git) -> None:
    write(tmp_path / "inner", "a")
    write(tmp_path, "b")
    git("init", "-q", folder=tmp_path / "inner")
    git("add", ".", folder=tmp_path / "inner")
    git("commit", "-qm", "first", folder=tmp_path / "inner")
    git("init", "-q")
    git("add", ".")
    assert tracked_files(str(tmp_path)) == {"b"}


def test_where_nothing_was_added_nothing_is_tracked(tmp_path: Path, git: Git) -> None:
    write(tmp_path, "a")
    git("init", "-q")
    assert tracked_files(str(tmp_path)) == frozenset()


def test_an_index_that_needs_another_file_is_not_guessed(tmp_path: Path, git: Git) -> None:
    write(tmp_path, "a", "b")
    git("init", "-q")
    git("add", "a")
    git("update-index", "--split-index")
    git("add", "b")
    assert tracked_files(str(tmp_path)) is None


@pytest.mark.parametrize("version", ["2", "4"])
def test_an_index_that_is_cut_or_bent_is_no_traceback(version: str, tmp_path: Path, git: Git) -> None:
    write(tmp_path, "a", "ab/c", "ab/cd")
    git("init", "-q")
    git("add", ".")
    git("update-index", "--index-version", version)
    whole = (tmp_path / ".git" / "index").read_bytes()
    entries_end = whole.rindex(b"ab/cd" if version == "2" else b"d\0")
    for length in range(entries_end):
        assert indexed_paths(whole[:length]) is None
    for offset in range(len(whole)):
        for byte in (0, 1, 0x7F, 0xFF):
            paths = indexed_paths(whole[:offset] + bytes([byte]) + whole[offset + 1 :])
            assert paths is None or len(paths) <= 3


def test_the_owner_of_a_repository_has_no_say(tmp_path: Path, git: Git) -> None:
    """Git itself refuses a repository of somebody else, as it is in a container of a CI."""
    write(tmp_path, "a", "b")
    git("init", "-q")
    git("add", "a")
    if os.geteuid() == 0:
        for path in (tmp_path, tmp_path / ".git", tmp_path / ".git" / "index"):
            os.chown(path, 12345, 12345)
    assert tracked_files(str(tmp_path)) == {"a"}


def test_paths_are_below_the_root(tmp_path: Path, git: Git) -> None:
    write(tmp_path, "top", "below/a")
    git("init", "-q")
    git("add", ".")
    assert tracked_files(str(tmp_path / "below")) == {"a"}


def test_a_tree_in_a_repository_that_does_not_know_it(tmp_path: Path, git: Git) -> None:
    write(tmp_path, "top", "apart/a")
    git("init", "-q")
    git("add", "top")
    assert tracked_files(str(tmp_path / "apart")) is None
    assert tracked_files(str(tmp_path)) == {"top"}


def test_a_worktree_of_its_own(tmp_path: Path, git: Git) -> None:
    main = tmp_path / "main"
    write(main, "a")
    git("init", "-q", folder=main)
    git("add", ".", folder=main)
    git("commit", "-qm", "first", folder=main)
    git("worktree", "add", "-q", str(tmp_path / "other"), folder=main)
    write(tmp_path / "other", "b")
    git("add", ".", folder=tmp_path / "other")
    assert tracked_files(str(tmp_path / "other")) == {"a", "b"}
    assert tracked_files(str(main)) == {"a"}


def test_the_index_of_a_commit_that_is_being_made(tmp_path: Path, git: Git, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "a", "b")
    git("init", "-q")
    git("add", "a")
    (tmp_path / ".git" / "next-index").write_bytes((tmp_path / ".git" / "index").read_bytes())
    git("add", "b")
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/next-index")
    assert tracked_files(str(tmp_path)) == {"a"}
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "elsewhere"))
    assert tracked_files(str(tmp_path)) == {"a", "b"}


def test_another_repository_in_the_environment_is_not_asked(
    tmp_path: Path, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("one", "other"):
        write(tmp_path / name, name)
        git("init", "-q", folder=tmp_path / name)
        git("add", ".", folder=tmp_path / name)
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other" / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path / "other"))
    assert tracked_files(str(tmp_path / "one")) == {"one"}


def test_no_program_that_the_repository_names_is_started(tmp_path: Path, git: Git) -> None:
    write(tmp_path, "a")
    git("init", "-q")
    git("add", ".")
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch '{tmp_path}/sprung'\n")
    trap.chmod(trap.stat().st_mode | stat.S_IXUSR)
    for key in ("core.fsmonitor", "core.pager", "core.sshCommand", "core.editor", "diff.external"):
        git("config", key, str(trap))
    hook = tmp_path / ".git" / "hooks" / "post-index-change"
    hook.parent.mkdir(exist_ok=True)
    hook.write_bytes(trap.read_bytes())
    hook.chmod(0o755)
    assert tracked_files(str(tmp_path)) == {"a"}
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("broken", ["gitdir: nowhere\n", "", None])
def test_a_repository_that_git_cannot_read(broken: str | None, tmp_path: Path) -> None:
    write(tmp_path, "a")
    if broken is None:
        (tmp_path / ".git").mkdir()
    else:
        (tmp_path / ".git").write_text(broken)
    assert tracked_files(str(tmp_path)) is None


def test_without_git_nothing_is_known(tmp_path: Path, git: Git, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "a")
    git("init", "-q")
    git("add", ".")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert tracked_files(str(tmp_path)) is None


@pytest.mark.parametrize("ignored", [False, True])
def test_an_artifact_that_others_will_not_have(ignored: bool, tree: Path, git: Git) -> None:
    git("init", "-q", folder=tree)
    git("add", ".", folder=tree)
    assert lint(tree) == []
    path = "docs/customer-operating-review.md"
    git("rm", "-q", "--cached", path, folder=tree)
    if ignored:
        (tree / ".gitignore").write_text("docs/customer-operating*\n")
    assert [(found.path, found.line, found.code) for found in lint(tree)] == [(path, 1, "CAVRA107")]
    git("add", "--force", path, folder=tree)
    assert lint(tree) == []


@pytest.mark.parametrize(
    ("root", "changed", "is_handed_on"),
    [
        ("", [], True),
        ("sub", [], True),
        ("", [("wiki", "checkout", "-qb", "next")], True),
        ("sub", [("wiki", "checkout", "-qb", "next"), ("wiki", "pack-refs", "--all")], True),
        ("", [("wiki", "commit", "-qm", "next", "--allow-empty")], False),
        ("sub", [("wiki", "commit", "-qm", "next", "--allow-empty")], False),
        ("", [("wiki", "commit", "-qm", "next", "--allow-empty"), (".", "add", "wiki")], True),
        ("", [("wiki", "rm", "-q", "--cached", "Page.md")], False),
        ("sub", [(".", "rm", "-q", "--cached", "wiki")], False),
        ("", [(".", "rm", "-q", "--cached", ".gitmodules")], False),
        ("sub", [(".", "config", "-f", ".gitmodules", "submodule.wiki.path", "other")], False),
    ],
)
def test_a_submodule(root: str, changed: list[tuple[str, ...]], is_handed_on: bool, tmp_path: Path, git: Git) -> None:
    origin, top = tmp_path / "origin", tmp_path / "top"
    write(origin, "Page.md")
    git("init", "-q", folder=origin)
    git("add", ".", folder=origin)
    git("commit", "-qm", "first", folder=origin)
    write(top / root, "a")
    git("init", "-q", folder=top)
    git("add", ".", folder=top)
    wiki = f"{root}/wiki".strip("/")
    add = ("-c", "protocol.file.allow=always", "submodule", "add", "-q", "--name", "wiki", str(origin), wiki)
    git(*add, folder=top)
    for folder, *words in changed:
        at = top / root / folder if folder == "wiki" else top
        git(*(wiki if word == "wiki" and folder == "." else word for word in words), folder=at)
    repository = Repository(top / root)
    assert repository.not_handed_on("a") == ""
    assert repository.not_handed_on("wiki/Page.md") == ("" if is_handed_on else "wiki/Page.md")
    assert repository.not_handed_on("wiki/Other.md") == "wiki/Other.md"


def test_another_repository_that_no_submodule_is(tree: Path, git: Git) -> None:
    wiki = tree / "docs" / "wiki"
    git("init", "-q", folder=wiki)
    git("add", ".", folder=wiki)
    git("commit", "-qm", "first", folder=wiki)
    git("init", "-q", folder=tree)
    git("add", ".", folder=tree)
    assert {(found.path.rpartition("/")[0], found.code) for found in lint(tree)} == {("docs/wiki", "CAVRA107")}
