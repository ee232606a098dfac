"""Whatever a tree holds: no exception, a verdict as published, never ready where broken, nothing private."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cavra_lint import lint, verify_index, verify_packet
from cavra_lint.cli import main
from cavra_lint.contract import ARTIFACT_KINDS, Chain, load_chain
from cavra_lint.diagnostics import Diagnostic
from cavra_lint.output import FORMATS, renderer
from cavra_lint.output.report import Report

CHAIN: Chain = load_chain()
GATES = (*CHAIN.gates, CHAIN.index_gate)
ROOT = Path(__file__).resolve().parents[2]
INDEX = CHAIN.index_gate.artifacts["live_sanitized_example"]
PATHS = tuple(gate.artifacts[kind] for gate in GATES for kind in ARTIFACT_KINDS)
PUBLISHED = {"schema_version", "product", "evidence_mode", "status", "blocker_count", "warning_count", "checks"}
SECRET = "Zq9private-Value7731"  # what must not be seen again
HOSTILE = "::error::x\n##[group]\x1b[31m\u202e\u2028\x85|`a`<b>![](http://e.x) @team \ud800"
#: Of these texts the contract asks no more than that they are there.
FREE = ("message", "completion_condition", "title", "summary")

Place = tuple[str | int, ...]
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 2)
    | st.floats(allow_nan=False)
    | st.sampled_from(("", "live", "0", HOSTILE)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(("gate_id", "ready", HOSTILE)), inner),
    max_leaves=5,
)


@pytest.fixture(scope="module")
def broken_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the chain; each example puts right what it has broken."""
    copied = tmp_path_factory.mktemp("properties") / "tree"
    for path in (*PATHS, "pyproject.toml"):
        (copied / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / path, copied / path)
    return copied


def leaves(value: object, here: Place = ()) -> Iterator[Place]:
    """Yield the place of everything in a value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, item in inner:
        yield (*here, step)
        yield from leaves(item, (*here, step))


def put(value: Any, place: Place, new: object) -> None:
    """Put something at a place, or take out what is there where it is `...`."""
    for step in place[:-1]:
        value = value[step]
    if new is ...:
        del value[place[-1]]
    else:
        value[place[-1]] = new


def holds(tree: Path, found: list[Diagnostic]) -> None:
    """Assert what holds of any findings in a tree."""
    assert found == sorted(found)
    for diagnostic in found:
        assert (tree / diagnostic.path).exists()
        if (tree / diagnostic.path).is_file():
            text = (tree / diagnostic.path).read_bytes().decode("utf-8-sig", "replace")
            assert 1 <= diagnostic.line <= text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
        else:
            assert diagnostic.line == 1


def printed(report: Report) -> Iterator[str]:
    """Yield a report in each format, and assert what holds of it."""
    for name in FORMATS:
        text = renderer(name)(report)
        assert "##[" not in text
        assert all(char.isprintable() for line in text.split("\n") for char in line)
        if name in ("json", "gitlab", "sarif", "rdjson"):
            json.dumps(json.loads(text), ensure_ascii=False).encode()
        if name == "junit":
            ElementTree.fromstring(text)  # noqa: S314 - we wrote it
        if name == "text":
            assert text.count("\n") == len(report.diagnostics)
        if name != "github":
            assert not any(line.lstrip().startswith("::") for line in text.split("\n"))
        yield text


def report_of(tree: Path, found: list[Diagnostic]) -> Report:
    def source(path: str) -> str | None:
        file = tree / path
        return file.read_bytes().decode("utf-8-sig", "replace") if file.is_file() else None

    return Report(tuple(found), CHAIN, tuple(found), tuple(gate.id for gate in GATES), source)


def verdict_of(tree: Path) -> dict[str, Any]:
    """Return the verdict on a tree's own index, and assert what holds of any verdict."""
    try:
        index: object = json.loads((tree / INDEX).read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        index = None
    verdict = verify_index(index, repo_root=tree, require_live=True)
    json.dumps(verdict)
    assert {*PUBLISHED, "phase", "diagnostics", CHAIN.index_gate.ready_key} == verdict.keys()
    assert verdict[CHAIN.index_gate.ready_key] is (not verdict["diagnostics"])
    return verdict


@given(data=st.data())
@settings(max_examples=settings().max_examples // 2)
def test_a_file_that_is_changed_anyhow(broken_tree: Path, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(PATHS))
    file, before = broken_tree / path, (broken_tree / path).read_bytes()
    start = data.draw(st.integers(0, len(before)))
    stop = data.draw(st.integers(start, min(start + 200, len(before))))
    words = st.sampled_from(
        (HOSTILE.encode("utf-8", "replace"), b"\0", b"\xff\xfe", b"\r", b"\xef\xbb\xbf", b"}", b"\n\n")
    )
    file.write_bytes(before[:start] + data.draw(words | st.binary(max_size=5)) + before[stop:])
    try:
        found = lint(broken_tree, paths=[path])
        assert found == lint(broken_tree, paths=[path])
        holds(broken_tree, found)
        list(printed(report_of(broken_tree, found)))
        verdict = verdict_of(broken_tree)
        if found:
            assert not verdict[CHAIN.index_gate.ready_key]
    finally:
        file.write_bytes(before)


@given(data=st.data())
@settings(max_examples=settings().max_examples // 2)
def test_a_claim_that_is_changed_is_never_ready(broken_tree: Path, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from([*(gate.artifacts["live_result"] for gate in GATES), INDEX]))
    file, before = broken_tree / path, (broken_tree / path).read_bytes()
    value = json.loads(before)
    places = [place for place in leaves(value) if place[-1] not in FREE]
    place = data.draw(st.sampled_from(places))
    old: Any = value
    for step in place:
        old = old[step]
    new = data.draw(st.just(...) | json_values)
    if type(new) is type(old) and new == old:
        return
    put(value, place, new)
    file.write_text(json.dumps(value), encoding="utf-8")
    try:
        assert not verdict_of(broken_tree)[CHAIN.index_gate.ready_key]
        holds(broken_tree, lint(broken_tree))
    finally:
        file.write_bytes(before)


@given(data=st.data())
@settings(max_examples=settings().max_examples // 2)
def test_a_value_is_not_seen_again(broken_tree: Path, data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(("live_sanitized_example", "live_result")))
    path = data.draw(st.sampled_from(GATES)).artifacts[kind]
    file, before = broken_tree / path, (broken_tree / path).read_bytes()
    value = json.loads(before)
    secret: Any = data.draw(
        st.sampled_from((SECRET, [SECRET], {"customer_name": SECRET}, f"x.py {SECRET} --a={SECRET}"))
    )
    put(value, data.draw(st.sampled_from(list(leaves(value)))), secret)
    file.write_text(json.dumps(value, indent=data.draw(st.sampled_from((None, 2)))), encoding="utf-8")
    try:
        found = lint(broken_tree, paths=[path])
        assert not any(SECRET in text for text in printed(report_of(broken_tree, found)))
        assert SECRET not in json.dumps(verdict_of(broken_tree))
    finally:
        file.write_bytes(before)


@given(
    path=st.sampled_from(PATHS), how=st.sampled_from(("gone", "empty", "folder", "pipe", "outside", "loop", "nowhere"))
)
@settings(max_examples=settings().max_examples // 2)
def test_what_is_no_file_is_never_ready(broken_tree: Path, path: str, how: str) -> None:
    file, before = broken_tree / path, (broken_tree / path).read_bytes()
    file.unlink()
    try:
        if how == "empty":
            file.touch()
        elif how == "folder":
            file.mkdir()
        elif how == "pipe":
            os.mkfifo(file)
        elif how != "gone":
            file.symlink_to({"outside": ROOT / path, "loop": file.name, "nowhere": "no-such-file"}[how])
        assert not verdict_of(broken_tree)[CHAIN.index_gate.ready_key]
        holds(broken_tree, lint(broken_tree))
    finally:
        file.rmdir() if file.is_dir() and not file.is_symlink() else file.unlink(missing_ok=True)
        file.write_bytes(before)


@given(gate=st.sampled_from(CHAIN.gates), data=st.data())
def test_packets(gate: Any, data: st.DataObject) -> None:
    packet: Any = json.loads((ROOT / gate.artifacts["live_sanitized_example"]).read_text("utf-8"))
    for _ in range(data.draw(st.integers(0, 3))):
        put(packet, data.draw(st.sampled_from(list(leaves(packet)))), data.draw(json_values))
    judged = data.draw(st.sampled_from((packet, data.draw(json_values))))
    verdict = verify_packet(gate.id, judged, require_live=data.draw(st.booleans()))
    json.dumps(verdict)
    assert {*PUBLISHED, "diagnostics", gate.ready_key} == verdict.keys()
    assert (verdict["status"] == "ready") is (not verdict["diagnostics"])


@given(data=st.data())
def test_arguments(broken_tree: Path, data: st.DataObject, capsys: pytest.CaptureFixture[str]) -> None:
    words = (
        "--select",
        "--ignore",
        "--output-format",
        "--config",
        "--contract",
        "--exit-zero",
        "--explain",
        "--",
        "-x",
    )
    some = st.sampled_from((*words, *FORMATS, "docs", "CAVRA1", "..", "nope", "R7.1", HOSTILE.replace("\0", "")))
    arguments = data.draw(st.lists(some | st.text(st.characters(exclude_characters="\0"), max_size=8), max_size=3))
    assert main(["--repo-root", str(broken_tree), *arguments, str(broken_tree / "docs" / "wiki")]) in (0, 1, 2)
    said = capsys.readouterr()
    assert said.err.count("\n") <= 1
    assert all(char.isprintable() for line in (said.out + said.err).split("\n") for char in line.replace("\t", ""))


@given(
    st.lists(
        st.builds(
            Diagnostic,
            # a contract names no path with a colon
            st.sampled_from((PATHS[0], INDEX, "caf\udce9::x\n.json"))
            | st.text(min_size=1, max_size=9).map("a/{}".format),
            st.integers(1, 10**6),
            st.sampled_from(("CAVRA101", "CAVRA401", "CAVRA999")),
            st.integers(1, 10**6),
            st.text(max_size=30) | st.just(HOSTILE),
            st.sampled_from([gate.id for gate in GATES] + ["R8"]),
            st.sampled_from(("gates", HOSTILE.replace("\ud800", ""))),
            st.sampled_from(("error", "warning")),
        ),
        max_size=12,
    )
)
def test_formats(found: list[Diagnostic]) -> None:
    report = report_of(ROOT, sorted(set(found)))._replace(source=lambda _: HOSTILE + "\n" * 3)
    assert list(printed(report)) == list(printed(report))


def test_the_same_bytes_whatever_the_hashes_and_the_order(broken_tree: Path) -> None:
    index = json.loads((broken_tree / INDEX).read_text("utf-8"))
    before = (broken_tree / INDEX).read_bytes()
    for entry in index["gates"]:
        entry.update({f"key{number}": 1 for number in range(9)})
        del entry["artifact_paths"]["docs"]
    (broken_tree / INDEX).write_text(json.dumps(index), encoding="utf-8")
    paths = list(PATHS)
    said = set()
    try:
        for seed in ("0", "1"):
            random.Random(seed).shuffle(paths)  # noqa: S311 - an order, no secret
            command = [sys.executable, "-m", "cavra_lint", "--output-format", "markdown", "--repo-root", "."]
            done = subprocess.run(
                [*command, *paths],
                cwd=broken_tree,
                capture_output=True,
                check=False,
                timeout=60,
                env={**os.environ, "PYTHONHASHSEED": seed},
            )
            said.add((done.returncode, done.stdout, done.stderr))
    finally:
        (broken_tree / INDEX).write_bytes(before)
    ((status, out, err),) = said
    assert (status, b"CAVRA105" in out, err) == (1, True, b"")
