"""Families 0 and 1: files that are missing, empty, no files, out of the tree, or no JSON; and what is as good."""

from __future__ import annotations

import json
import os
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from cavra_lint import verify_index
from cavra_lint.contract import ARTIFACT_KINDS, Chain
from cavra_lint.rules.artifacts import RULES
from cavra_lint.rules.gate_files import gate_files, index_of
from cavra_lint.sources.json_document import in_memory
from cavra_lint.sources.repository import Repository

Break: TypeAlias = Callable[[Path], object]

GATE = "R7.4"
POSITION = 3
SLUG = "examples/customer-operating-review/customer-operating-review"
EXAMPLE, RESULT = f"{SLUG}.live.sanitized.example.json", f"{SLUG}.live.sanitized.result.json"
READY = ("ready_for_customer_operating_review",)


def replace(make: Break) -> Break:
    def remove_and_make(path: Path) -> None:
        path.unlink()
        make(path)

    return remove_and_make


def link_outside(path: Path) -> None:
    outside = path.parents[len(path.parents) - 1 - path.parts.index("tree")].parent / "outside.txt"
    outside.write_text("private words", encoding="utf-8")
    path.symlink_to(outside)


def bind_socket(path: Path) -> None:
    before = Path.cwd()
    os.chdir(path.parent)  # the name of a socket must be short
    try:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(path.name)
    finally:
        os.chdir(before)


def enlarge(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(32 * 1024 * 1024 + 1)


#: What is done to an artifact, the code, and whether the finding stands in the index, where it is named.
BREAKS: dict[str, tuple[Break, str, bool]] = {
    "missing": (Path.unlink, "CAVRA101", True),
    "empty": (lambda path: path.write_bytes(b""), "CAVRA102", False),
    "white space": (lambda path: path.write_bytes(b"\xef\xbb\xbf \t\r\n"), "CAVRA102", False),
    "a folder": (replace(Path.mkdir), "CAVRA103", True),
    "a pipe": (replace(os.mkfifo), "CAVRA103", True),
    "a socket": (replace(bind_socket), "CAVRA103", True),
    "a link to nothing": (replace(lambda path: path.symlink_to("none")), "CAVRA103", True),
    "a link to itself": (replace(lambda path: path.symlink_to(path.name)), "CAVRA103", True),
    "a link to a folder": (replace(lambda path: path.symlink_to(".")), "CAVRA103", True),
    "a link out of the tree": (replace(link_outside), "CAVRA104", True),
    "a link to a device": (replace(lambda path: path.symlink_to(os.devnull)), "CAVRA104", True),
    "too large": (enlarge, "CAVRA001", False),
    "another letter case": (lambda path: path.rename(path.with_name(path.name.swapcase())), "CAVRA108", True),
}


@pytest.mark.parametrize("kind", ["docs", "live_result", "validator"])
@pytest.mark.parametrize(("break_it", "code", "in_index"), BREAKS.values(), ids=BREAKS.keys())
def test_a_broken_artifact(kind: str, break_it: Break, code: str, in_index: bool, broken: Any, chain: Chain) -> None:
    path = chain.gate(GATE).artifacts[kind]
    break_it(broken.root / path)
    named = (broken.index, broken.line_of(broken.index, ("gates", POSITION, "artifact_paths", kind)))
    (found,) = broken.lint(path)
    assert (found.path, found.line, found.code) == (*(named if in_index else (path, 1)), code)
    assert "private" not in found.message


@pytest.mark.parametrize("kind", ARTIFACT_KINDS)
def test_each_artifact_is_missed(kind: str, broken: Any, chain: Chain) -> None:
    (broken.root / chain.gate("R7.9").artifacts[kind]).unlink()
    line = broken.line_of(broken.index, ("gates", 8, "artifact_paths", kind))
    assert broken.found(chain.gate("R7.9").artifacts[kind]) == [(broken.index, line, "CAVRA101")]


@pytest.mark.parametrize("kind", ARTIFACT_KINDS[1:])
def test_each_artifact_of_the_index_is_missed_at_its_top(kind: str, broken: Any, chain: Chain) -> None:
    (broken.root / chain.index_gate.artifacts[kind]).unlink()
    # a key of another sort, whatever its name
    broken.edit(broken.index, (("artifact_paths",), {kind: chain.index_gate.artifacts[kind]}))
    assert broken.found(chain.index_gate.artifacts[kind]) == [(broken.index, 1, "CAVRA101")]


def test_an_artifact_of_the_index_is_missed_at_its_top_whatever_the_index_lists(broken: Any, chain: Chain) -> None:
    path = chain.index_gate.artifacts["docs"]
    (broken.root / path).unlink()
    entry = {**broken.read(broken.index)["gates"][POSITION], "gate_id": chain.index_gate.id}
    entry["artifact_paths"] = {**entry["artifact_paths"], "docs": path}
    broken.edit(broken.index, (("gates", len(chain.gates)), entry), (("gate_count",), len(chain.gates)))
    at = broken.line_of(broken.index, ("gates", len(chain.gates), "gate_id"))
    assert broken.found(path) == [(broken.index, 1, "CAVRA101"), (broken.index, at, "CAVRA113")]


@pytest.mark.parametrize("gone", ["", "folder", "examples"])
def test_with_no_index_it_is_missed_at_the_nearest_folder(gone: str, broken: Any) -> None:
    index = broken.root / broken.index
    index.unlink()
    index.with_name(index.name.replace("example", "result")).unlink()
    for file in index.parent.iterdir() if gone else ():
        file.unlink()
    if gone:
        index.parent.rmdir()
    (first, *others) = broken.lint()
    assert (first.path, first.line, first.code) == (
        str(Path(broken.index).parent if not gone else "examples"),
        1,
        "CAVRA101",
    )
    assert [(found.path, found.line, found.code) for found in others] == [(first.path, 1, "CAVRA101")]


def test_an_artifact_that_the_index_does_not_name_is_missed_at_its_entry(broken: Any) -> None:
    broken.edit(broken.index, (("gates", POSITION, "artifact_paths", "docs"), ...))
    (broken.root / "docs/customer-operating-review.md").unlink()
    line = broken.line_of(broken.index, ("gates", POSITION, "artifact_paths"))
    assert broken.found() == [(broken.index, line, "CAVRA101"), (broken.index, line, "CAVRA105")]


def test_a_folder_that_leads_out_takes_each_artifact_with_it(broken: Any, chain: Chain) -> None:
    (broken.root / "docs/wiki").rename(broken.root.parent / "wiki")
    (broken.root / "docs/wiki").symlink_to("../../wiki")
    lines = [broken.line_of(broken.index, ("gates", n, "artifact_paths", "wiki")) for n in range(len(chain.gates))]
    assert broken.found() == [(broken.index, line, "CAVRA104") for line in (1, *lines)]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("docs/customer-operating-review.md", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", id="a picture as a page"),
        pytest.param("scripts/validate_customer_operating_review.py", b"\0\0\x01\xb3", id="bytecode as a validator"),
    ],
)
def test_an_artifact_of_another_kind(name: str, content: bytes, broken: Any) -> None:
    (broken.root / name).write_bytes(content)
    assert broken.found(name)[0] == (name, 1, "CAVRA106")


@pytest.mark.parametrize(
    ("kind", "path", "content", "codes"),
    [
        ("docs", "docs/review", b"# Review\n", ["CAVRA106"]),
        ("docs", "docs/review.txt", b"# Review\n", ["CAVRA106"]),
        ("docs", "docs/review.md", b"# Review\n", []),
        ("docs", "docs/review.txt", b" \n", ["CAVRA102"]),
        ("docs", "docs/review.txt", None, ["CAVRA101"]),
        ("validator", "scripts/review", b"#!/usr/bin/env python3\njudge()\n", []),
        ("validator", "scripts/review", b"#!/bin/sh\njudge\n", ["CAVRA106"]),
        # no file system that is in use has names of this length
        ("docs", f"{'x' * 300}.txt", None, ["CAVRA001"]),
    ],
)
def test_an_artifact_with_a_name_that_tells_nothing(
    kind: str, path: str, content: bytes | None, codes: list[str], tmp_path: Path, chain: Chain
) -> None:
    if content is not None:
        (tmp_path / path).parent.mkdir()
        (tmp_path / path).write_bytes(content)
    gate = chain.gate(GATE)._replace(artifacts={**chain.gate(GATE).artifacts, kind: path})
    artifact = gate_files(chain, gate, Repository(tmp_path), index_of(in_memory({}))).artifact(kind)
    found = [(rule.code, finding.place) for rule in RULES for finding in rule.check(artifact)]
    assert [code for code, _ in found] == codes
    assert all(place.line == 1 for _, place in found)


def git(root: Path, *words: str) -> None:
    subprocess.run(["git", "-C", root, *words], check=True, capture_output=True, timeout=60)


def test_an_artifact_that_git_does_not_track(broken: Any) -> None:
    git(broken.root, "init", "-q")
    git(broken.root, "add", "-A")
    assert broken.found() == []
    git(broken.root, "rm", "-q", "--cached", "docs/customer-operating-review.md", RESULT)
    git(broken.root, "rm", "-q", "--cached", "tests/test_customer_operating_review.py")
    git(broken.root, "add", "--intent-to-add", "tests/test_customer_operating_review.py")
    paths = ["docs/customer-operating-review.md", RESULT, "tests/test_customer_operating_review.py"]
    assert broken.found() == [(path, 1, "CAVRA107") for path in paths]
    # what is empty or gone is that, and not untracked as well
    (broken.root / paths[0]).write_bytes(b"\n")
    (broken.root / paths[2]).unlink()
    at = broken.line_of(broken.index, ("gates", POSITION, "artifact_paths", "test"))
    assert broken.found() == [(paths[0], 1, "CAVRA102"), (broken.index, at, "CAVRA101"), (RESULT, 1, "CAVRA107")]


WIKI = "docs/wiki/Customer-Operating-Review.md"


def link(target: str, *, folder: bool = False, add: str = "-A") -> Break:
    """Move the page, or the folder of it, to where a link then leads, and add that."""

    def move(root: Path) -> None:
        at, kept = (root / WIKI, root / "kept/page") if not folder else ((root / WIKI).parent, root / "kept/wiki")
        kept.parent.mkdir()
        at.rename(kept)
        at.symlink_to(target.replace("ROOT", str(root)).replace("NAME", root.name))
        git(root, "add", add)

    return move


def link_twice(root: Path) -> None:
    link("../../kept/page")(root)
    (root / "kept/page").rename(root / "kept/more")
    (root / "kept/page").symlink_to("../docs/.././kept//more")
    git(root, "add", "-A")


def link_twice_to_untracked(root: Path) -> None:
    link_twice(root)
    git(root, "rm", "-q", "--cached", "kept/more")


def leave_the_link(root: Path) -> None:
    link("../../kept/page", add="kept")(root)
    git(root, "rm", "-q", "-f", "--cached", WIKI)


OF_WIKI = "is `{}`, which git does not track, expected that to be added: others will not have it"
BY_LINK = (
    f"is reached by the link `{WIKI}`, expected one that can be followed in another clone: others will not have it"
)
LINKS: dict[str, tuple[Break, str]] = {
    "a page": (link("../../kept/page"), ""),
    "a page by two links": (link_twice, ""),
    "a folder": (link("../kept/wiki", folder=True), ""),
    "an untracked page": (link("../../kept/page", add="docs"), OF_WIKI.format("kept/page")),
    "an untracked page by two links": (link_twice_to_untracked, OF_WIKI.format("kept/more")),
    "an untracked folder": (link("../kept/wiki", folder=True, add="docs"), OF_WIKI.format("kept/wiki/Cust...")),
    "a page, untracked": (leave_the_link, "is not tracked by git, expected the wiki of R7.4 to be added: "),
    "a page by its whole path": (link("ROOT/kept/page"), BY_LINK),
    "a page, out of the root and back": (link("../../../NAME/kept/page"), BY_LINK),
}


@pytest.mark.parametrize(("break_it", "says"), LINKS.values(), ids=LINKS.keys())
def test_an_artifact_that_git_tracks_a_link_to(break_it: Break, says: str, broken: Any) -> None:
    git(broken.root, "init", "-q")
    git(broken.root, "add", "-A")
    break_it(broken.root)
    found = [one for one in broken.lint() if one.path == WIKI]
    assert [(one.line, one.code) for one in found] == ([(1, "CAVRA107")] if says else [])
    assert all(one.message.startswith(says.partition("Cust...")[0]) for one in found)
    assert bool(broken.lint()) is bool(says)


#: A change of a file's bytes, and code, line and words of what is found there.
NO_JSON: dict[str, tuple[Callable[[bytes], bytes], str, int]] = {
    "UTF-16": (lambda data: data.decode().encode("utf-16"), "CAVRA002", 1),
    "Latin-1": (lambda data: data.replace(b"CAVRA", b"C\xc4VRA"), "CAVRA002", 0),
    "cut short": (lambda data: data[: data.index(b'"product"')], "CAVRA003", 0),
    "NaN": (lambda data: data.replace(b'"CAVRA"', b"NaN"), "CAVRA003", 0),
    "text behind": (lambda _: b"{}\n{}", "CAVRA003", 2),
    "nested too deep": (lambda _: b'{"a":\n' * 200 + b"1" + b"}" * 200, "CAVRA003", 101),
    "a key twice": (lambda data: data.replace(b'"product"', b'"product": 1,\n"product"'), "CAVRA004", 1),
    "a list": (lambda data: b"\n\n[" + data + b"]", "CAVRA005", 3),
    "null": (lambda _: b"null", "CAVRA005", 1),
}
AS_OF_PRODUCT = {"Latin-1": 0, "cut short": 0, "NaN": 0, "a key twice": 1}


@pytest.mark.parametrize("name", NO_JSON)
@pytest.mark.parametrize("which", ["example", "result", "index", "index's result"])
def test_a_file_that_is_no_json(name: str, which: str, broken: Any, chain: Chain) -> None:
    index_result = chain.index_gate.artifacts["live_result"]
    path = {"example": EXAMPLE, "result": RESULT, "index": broken.index, "index's result": index_result}[which]
    bend, code, line = NO_JSON[name]
    data = (broken.root / path).read_bytes()
    if name in AS_OF_PRODUCT:
        # the last one is the packet's own: an embedded verdict may have one before it
        line = data[: data.index(b'"product"')].count(b"\n") + 1 + AS_OF_PRODUCT[name]
    (broken.root / path).write_bytes(bend(data))
    found = broken.found(path)
    assert (path, line, code) in found
    causes = {(path, line, code)}
    follows = {
        "example": {(broken.index, "CAVRA209 follows"), (RESULT, "CAVRA207 follows")},
        "result": {(broken.index, "CAVRA209 follows")},
    }.get(which, set())
    others = [(other, code) for other, at, code in found if (other, at, code) not in causes]
    if name == "a key twice":
        others = [(other, code) for other, code in others if (other, code) != (path, "CAVRA004")]
    assert sorted(others) == sorted(follows)


@pytest.mark.parametrize(
    ("bend", "line"),
    [
        (lambda data: data + b"# caf\xe9\n", -1),
        (lambda _: b"# caf\xe9\n", 1),
        (lambda data: data.decode().encode("utf-16"), 1),
    ],
    ids=["Latin-1 at its end", "nothing but Latin-1", "UTF-16"],
)
@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("docs", "CAVRA002"),
        ("wiki", "CAVRA002"),
        ("workflow", "CAVRA002"),
        ("test", "CAVRA007"),
        ("validator", "CAVRA007"),
    ],
)
@pytest.mark.parametrize("gate_id", [GATE, "R7.11"])
def test_a_text_that_is_not_utf_8(
    gate_id: str, kind: str, code: str, bend: Callable[[bytes], bytes], line: int, broken: Any, chain: Chain
) -> None:
    path = chain.gate(gate_id).artifacts[kind]
    data = (broken.root / path).read_bytes()
    (broken.root / path).write_bytes(bend(data))
    assert broken.found(path) == [(path, data.count(b"\n") + 1 if line < 0 else line, code)]
    index = json.loads((broken.root / broken.index).read_text("utf-8"))
    assert verify_index(index, repo_root=broken.root, require_live=True)["status"] == "blocked"


@pytest.mark.parametrize("kind", ["docs", "wiki"])
@pytest.mark.parametrize("gate_id", [GATE, "R7.11"])
def test_a_page_with_a_null_byte_far_below(gate_id: str, kind: str, broken: Any, chain: Chain) -> None:
    path = chain.gate(gate_id).artifacts[kind]
    data = (broken.root / path).read_bytes()
    assert len(data) > 1024
    (broken.root / path).write_bytes(data + b"more \0\nand more \0\n")
    assert broken.found(path) == [(path, data.count(b"\n") + 1, "CAVRA106")]


def rewrite(change: Callable[[str], str]) -> Break:
    def write(path: Path) -> None:
        path.write_bytes(change(path.read_text("utf-8")).encode())

    return write


def reorder(text: str) -> str:
    def turned(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: turned(value[key]) for key in reversed(value)}
        return [turned(item) for item in value] if isinstance(value, list) else value

    return json.dumps(turned(json.loads(text)), indent=2)


def with_keys(text: str) -> str:
    return json.dumps({**json.loads(text), "reviewed_on": "2026-07-05", "notes": {"a": [1, None]}}, indent=2)


def link_inside(path: Path) -> None:
    (path.parent / "elsewhere").mkdir()
    path.rename(path.parent / "elsewhere" / "kept")
    path.symlink_to("elsewhere/kept")


HONEST: dict[str, Break] = {
    "keys in another order": rewrite(reorder),
    "on one line": rewrite(lambda text: json.dumps(json.loads(text))),
    "indented by tabs": rewrite(lambda text: json.dumps(json.loads(text), indent="\t")),
    "CRLF": rewrite(lambda text: text.replace("\n", "\r\n")),
    "a byte order mark": rewrite(lambda text: f"\ufeff{text}"),
    "no line end": rewrite(str.rstrip),
    "escaped": rewrite(lambda text: text.replace('"CAVRA"', '"\\u0043AVRA"')),
    "keys more": rewrite(with_keys),
    "a link inside the tree": link_inside,
}


@pytest.mark.parametrize("honest", HONEST.values(), ids=HONEST.keys())
@pytest.mark.parametrize("which", ["example", "result", "index"])
def test_what_is_as_good(honest: Break, which: str, broken: Any) -> None:
    path = {"example": EXAMPLE, "result": RESULT, "index": broken.index}[which]
    honest(broken.root / path)
    assert broken.found(path) == []


def test_a_result_with_diagnostics_of_which_there_are_none(broken: Any) -> None:
    broken.edit(RESULT, (("diagnostics",), []))
    assert broken.found(RESULT) == []


def test_a_folder_that_is_a_link_inside_the_tree(broken: Any) -> None:
    (broken.root / "docs/wiki").rename(broken.root / "wiki")
    (broken.root / "docs/wiki").symlink_to("../wiki")
    assert broken.found() == []


def test_the_tree_as_it_is_has_no_finding(broken: Any) -> None:
    assert broken.found() == []
