"""A tree is read as it is, and nothing outside it."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from cavra_lint.sources.repository import MAX_BYTES, File, Repository, read_regular_file

NO_RIGHTS = pytest.mark.skipif(os.geteuid() == 0, reason="nothing is unreadable to root")


def write(path: Path, text: str = "text") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A tree with a file of each sort, and beside it a folder with a file that it must not read."""
    inside, outside = tmp_path / "root", tmp_path / "outside"
    write(outside / "private.txt", "private")
    write(outside / "docs" / "page.md", "private")
    write(inside / "docs" / "page.md", "page")
    write(inside / "docs" / "Wiki" / "Home.md", "home")
    write(inside / "empty.txt", "")
    write(inside / "blank.txt", "\ufeff \t\r\n\n")
    write(inside / "..dots..txt")
    write(inside / "ümlaut 🚢.txt")
    os.mkfifo(inside / "pipe")
    (inside / "link.md").symlink_to("docs/page.md")
    (inside / "link to link.md").symlink_to(inside / "link.md")
    (inside / "linked").symlink_to("docs")
    (inside / "nowhere.md").symlink_to("none.md")
    (inside / "loop.md").symlink_to("loop.md")
    (inside / "loop folder").symlink_to("loop folder")
    (inside / "ping").symlink_to("pong")
    (inside / "pong").symlink_to("ping")
    (inside / "out.md").symlink_to("../outside/private.txt")
    (inside / "out absolute.md").symlink_to(outside / "private.txt")
    (inside / "out to nothing.md").symlink_to("../outside/none.txt")
    (inside / "out").symlink_to("../outside/docs")
    (inside / "out and back.md").symlink_to("../root/docs/page.md")
    (inside / "folder link.md").symlink_to("docs")
    (inside / "pipe link").symlink_to("pipe")
    return inside


STATES = {
    "docs/page.md": ("read", b"page"),
    "empty.txt": ("read", b""),
    "..dots..txt": ("read", b"text"),
    "ümlaut 🚢.txt": ("read", b"text"),
    "docs/none.md": ("missing", b""),
    "none/none/none.md": ("missing", b""),
    "docs/page.md/below.md": ("missing", b""),
    "x" * 300: ("unreadable", b""),
    "docs": ("folder", b""),
    "folder link.md": ("folder", b""),
    "pipe": ("not-regular", b""),
    "pipe link": ("not-regular", b""),
    "link.md": ("read", b"page"),
    "link to link.md": ("read", b"page"),
    "linked/page.md": ("read", b"page"),
    "linked/Wiki/Home.md": ("read", b"home"),
    "out and back.md": ("read", b"page"),
    "nowhere.md": ("dangling", b""),
    "loop.md": ("dangling", b""),
    "ping": ("dangling", b""),
    "loop folder/page.md": ("dangling", b""),
    "out.md": ("outside", b""),
    "out absolute.md": ("outside", b""),
    "out to nothing.md": ("outside", b""),
    "out/page.md": ("outside", b""),
    "../outside/private.txt": ("outside", b""),
    "docs/../../outside/private.txt": ("outside", b""),
    "docs/../docs/page.md": ("outside", b""),
    "..": ("outside", b""),
    ".": ("outside", b""),
    "": ("outside", b""),
    "./docs/page.md": ("outside", b""),
    "docs//page.md": ("outside", b""),
    "docs/": ("outside", b""),
    "/etc/hostname": ("outside", b""),
    "docs\\page.md": ("outside", b""),
    "docs/page.md\0": ("outside", b""),
}


@pytest.mark.parametrize(("path", "expected"), STATES.items(), ids=[path[:40] or "empty path" for path in STATES])
def test_read(path: str, expected: tuple[str, bytes], root: Path) -> None:
    file = Repository(root).read(path)
    assert (file.path, file.state, file.data) == (path, *expected)


def test_a_socket_is_no_regular_file(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)  # the name of a socket must be short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        assert Repository(root).read("socket").state == "not-regular"


def test_a_device_is_no_regular_file() -> None:
    assert read_regular_file(os.devnull) == ("not-regular", b"")


@NO_RIGHTS
def test_a_file_that_may_not_be_read(root: Path) -> None:
    (root / "docs" / "page.md").chmod(0)
    assert Repository(root).read("docs/page.md").state == "unreadable"


@pytest.mark.parametrize(("size", "state"), [(9, "read"), (10, "read"), (11, "too-large")])
def test_a_file_above_the_limit_is_not_read(size: int, state: str, root: Path) -> None:
    write(root / "large.txt", "x" * size)
    file = Repository(root, max_bytes=10).read("large.txt")
    assert (file.state, len(file.data)) == (state, size if state == "read" else 0)


def test_the_limit_is_32_mib(root: Path) -> None:
    with (root / "sparse.bin").open("wb") as file:
        file.truncate(32 * 1024 * 1024 + 1)
    assert MAX_BYTES == 32 * 1024 * 1024
    assert Repository(root).read("sparse.bin") == File("sparse.bin", "too-large")


def test_nothing_that_was_read_is_kept(root: Path) -> None:
    repository = Repository(root)
    assert repository.read("docs/page.md").data == b"page"
    write(root / "docs" / "page.md", "another page")
    assert repository.read("docs/page.md").data == b"another page"


def test_read_regular_file_follows_no_link(root: Path) -> None:
    assert read_regular_file(str(root / "link.md")) == ("dangling", b"")
    assert read_regular_file(str(root / "docs" / "page.md")) == ("read", b"page")


@pytest.mark.parametrize(
    ("path", "blank"),
    [("empty.txt", True), ("blank.txt", True), ("docs/page.md", False), ("docs", False), ("docs/none.md", False)],
)
def test_is_blank(path: str, blank: bool, root: Path) -> None:
    assert Repository(root).read(path).is_blank is blank


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param("docs/wiki/home.md", "docs/Wiki/Home.md", id="folder and file"),
        pytest.param("Docs/page.md", "docs/page.md", id="folder"),
        pytest.param("docs/PAGE.MD", "docs/page.md", id="suffix"),
        pytest.param("docs/page.md", None, id="the very same"),
        pytest.param("docs/other.md", None, id="another name"),
        pytest.param("docs/page.md/x", None, id="below a file"),
        pytest.param("none/page.md", None, id="another folder"),
    ],
)
def test_same_name_but_for_case(path: str, expected: str | None, root: Path) -> None:
    assert Repository(root).same_name_but_for_case(path) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("docs/page.md", "docs/page.md"),
        ("docs/none.md", "docs"),
        ("docs/none/none.md", "docs"),
        ("none/none.md", "."),
        ("nowhere.md", "nowhere.md"),
        ("docs/page.md/x", "docs/page.md"),
        ("", "."),
    ],
)
def test_nearest_existing(path: str, expected: str, root: Path) -> None:
    assert Repository(root).nearest_existing(path) == expected


RELATIVE: dict[str, tuple[Callable[[Path], str], str]] = {
    "below the current folder": (lambda _: "page.md", "docs/page.md"),
    "with a dot": (lambda _: "./page.md", "docs/page.md"),
    "up and down": (lambda _: "../empty.txt", "empty.txt"),
    "absolute": (lambda root: str(root / "empty.txt"), "empty.txt"),
    "missing": (lambda _: "none.md", "docs/none.md"),
    "through a link that leads to the root": (lambda root: str(root.parent / "alias" / "empty.txt"), "empty.txt"),
    "a link is not resolved": (lambda root: str(root / "link.md"), "link.md"),
    "outside": (lambda _: "../../outside/private.txt", "../../outside/private.txt"),
    "a folder whose name begins alike": (lambda _: "../../root2/x", "../../root2/x"),
}


@pytest.mark.parametrize(("path", "expected"), RELATIVE.values(), ids=RELATIVE.keys())
def test_relative(path: Callable[[Path], str], expected: str, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root.parent / "alias").symlink_to("root")
    monkeypatch.chdir(root / "docs")
    assert Repository(root).relative(path(root)) == expected


def test_a_root_that_is_a_link_is_followed(root: Path) -> None:
    (root.parent / "alias").symlink_to("root")
    repository = Repository(root.parent / "alias")
    assert repository.read("docs/page.md").data == b"page"
    assert repository.read("out.md").state == "outside"


def test_the_root_of_the_file_system_is_a_root() -> None:
    assert Repository(os.sep).read("none/none").state == "missing"


def test_a_root_in_bytes(root: Path) -> None:
    assert Repository(os.fsdecode(os.fsencode(root))).read("empty.txt").state == "read"


@pytest.mark.parametrize(
    ("name", "error"), [("docs/page.md", ValueError), ("none", ValueError), ("pipe", ValueError), ("a\0b", ValueError)]
)
def test_a_root_that_is_no_folder(name: str, error: type[Exception], root: Path) -> None:
    with pytest.raises(error):
        Repository(f"{root}/{name}")


@pytest.mark.parametrize("wrong", [None, 3, ["."]], ids=["null", "number", "list"])
def test_a_root_that_is_no_path(wrong: object) -> None:
    with pytest.raises(TypeError):
        Repository(wrong)  # type: ignore[arg-type]


def test_no_folder_outside_the_root_is_listed(tmp_path: Path) -> None:
    (tmp_path / "outside" / "wiki").mkdir(parents=True)
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "Docs").symlink_to(tmp_path / "outside")
    repository = Repository(tmp_path / "root")
    assert repository.same_name_but_for_case("docs/wiki") is None
    assert repository.same_name_but_for_case("docs") == "Docs"
