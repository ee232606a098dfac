"""Contracts of unusual but allowed shapes, each with a tree that is made of it: exported, linted, judged, rendered."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from cavra_lint import cli, gate, lint
from cavra_lint.contract import Chain, Gate, load_chain
from cavra_lint.output import FORMATS

USUAL = """
layout.live_sanitized_example = "packets/{slug}.json"
layout.live_result = "packets/{slug}.out.json"
layout.validator = "bin/{module}.py"
layout.workflow = ".github/workflows/{slug}.yml"
layout.test = "checks/test_{module}.py"
layout.docs = "docs/{slug}.md"
layout.wiki = "wiki/{title}.md"
layout.ready_key = "{module}_ready"
layout.packet_schema = "z/{id}"
layout.result_schema = "z/{id}/r"
layout.export_schema = "z/{id}/e"
layout.command = "python3 {validator} --packet={live_sanitized_example} --require-live"
chain = { id = "Z", product = "Z % {prod}", ref_schemes = ["x-a+b.c"] }
index = { id = "I", name = "Idx", slug = "idx", check = [
  { name = "fin", kind = "text", min_length = 1 }, { name = "gates", kind = "gates" },
  { name = "gate_count", kind = "gate_count" },
] }
"""
EVERY_KIND = """
gate = [
  { id = "A", name = "Alpha", slug = "alpha", check = [
    { name = "a", kind = "ref" },
    { name = "b", kind = "ref_list", built.refs = ["x", "y z"] },
    { name = "c", kind = "items", ref_keys = ["r_ref"], id_key = "nr", built.ids = ["1", "2 3"] },
    { name = "d", kind = "ref_sections", sections = { s = ["a_ref"], "t u" = ["b ref", "c"] } },
    { name = "e", kind = "text", min_length = 10000 },
    { name = "f", kind = "sections", id_key = "part", ref_key = "at", required = ["p"], summary_min_length = 120 },
    { name = "g", kind = "sections", id_key = "n", refs_key = "at", required = ["p", "q"], healthy = ["ok", "good"] },
  ] },
  { id = "B", name = "Beta", slug = "beta", source_option = "--alpha", check = [
    { name = "va", kind = "source_result", ready_key = "alpha_ready" },
    { name = "said", kind = "controls", required = ["a_ok", "z"], source_control = "a_ok" },
  ] },
  { id = "C", name = "Gamma", slug = "gamma", check = [
    { name = "all", kind = "gate_results", required = ["A", "B"] },
    { name = "said", kind = "controls", required = ["done"], pending_control = "done" },
  ] },
  { id = "D", name = "Delta", slug = "delta", after = "I", check = [
    { name = "vi", kind = "source_result", ready_key = "idx_ready" },
  ] },
  { id = "E", name = "Epsilon", slug = "epsilon", after = "D", check = [
    { name = "vd", kind = "source_result", ready_key = "delta_ready" },
    { name = "all", kind = "gate_results", required = ["A", "D", "I"] },
  ] },
]
"""
ONE_GATE = """
[[gate]]
id = "A"
name = "Étude, die zweite"
slug = "étude"
check = [{ name = "the trial", kind = "refs", required = ["log ref", "Crew"] }]
"""
#: Contracts; what each replaces of the usual one, by what, and its gates.
CHAINS: dict[str, tuple[dict[str, str], str]] = {
    "every kind, and gates behind the index": ({}, EVERY_KIND),
    "one page, one workflow and one test for all": (
        {
            ".github/workflows/{slug}.yml": ".github/workflows/all.yaml",
            "checks/test_{module}.py": "checks/test_all.py",
            "docs/{slug}.md": "README.md",
            "wiki/{title}.md": "WIKI.md",
        },
        EVERY_KIND,
    ),
    "names that are not ASCII, and keys with spaces": ({}, ONE_GATE),
    "paths with spaces": (
        {'"packets/{slug}.json"': '"packets/{name}.json"', "{live_sanitized_example}": "'{live_sanitized_example}'"},
        ONE_GATE,
    ),
    "no gate with a check, ids of their own, a phase and a customer": (
        {
            "layout.docs": 'layout.profile_ref = "who.is.it"\nlayout.phase = "{chain}-{id}"\nlayout.id_key = "self"\n'
            'layout.id_value = "{mode}:{slug}"\nlayout.docs'
        },
        '[[gate]]\nid = "A"\nname = "A"\nslug = "a"\n[[gate]]\nid = "B/2:{x}"\nname = "<b> | `c` 9%"\nslug = "v1.2"\n',
    ),
    "cavra-gate itself": (
        {"python3 {validator} --packet={live_sanitized_example}": "cavra-gate {id} --packet {live_sanitized_example}"},
        EVERY_KIND,
    ),
}


def files_of(one: Gate) -> dict[str, tuple[str, str]]:
    """Return what of a gate is no packet, by path: what such a file begins with, and what is about this gate."""
    name = "".join(char if char.isalnum() else "_" for char in one.ready_key)
    page = f"# {one.name}\n\n```bash\n{one.command}\n```\n"
    start = "on: [push, pull_request]\njobs:\n  gate:\n    runs-on: ubuntu-24.04\n    steps:\n"
    checkout = "      - uses: actions/checkout@v4\n"
    return {
        one.artifacts["validator"]: ("from cavra_lint.gate import command\n", f'command("{one.id}", repo_root=".")\n'),
        one.artifacts["workflow"]: (start + checkout, f"      - run: |\n          {one.command}\n"),
        one.artifacts["test"]: (
            "from cavra_lint import verify_packet\n",
            f'def test_{name}(packet):\n    assert verify_packet("{one.id}", packet)["{one.ready_key}"] is True\n',
        ),
        one.artifacts["docs"]: ("", page),
        one.artifacts["wiki"]: ("", page),
    }


def written(folder: Path, contract: str) -> Chain:
    """Write a tree for a contract, but for its packets and results."""
    (folder / "chain.toml").write_text(contract, encoding="utf-8")
    (folder / "pyproject.toml").write_text('[tool.cavra-lint]\ncontract = "chain.toml"\n', encoding="utf-8")
    chain = load_chain(str(folder / "chain.toml"))
    texts: dict[str, str] = {}
    for one in chain.every:
        for path, (start, own) in files_of(one).items():
            texts[path] = texts.get(path, start) + own
    for path, text in texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return chain


def test_the_chain_on_the_page_is_proven_by_the_script_on_the_page(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    page = (root / "docs/contracts.md").read_text("utf-8")
    (contract,) = re.findall(r'^```toml\n(\[chain\]\nid = "S"\n.*?)^```', page, re.DOTALL | re.MULTILINE)
    (script,) = re.findall(r"^```python\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    for one in written(tmp_path, contract).every:
        (tmp_path / one.artifacts["validator"]).write_text(script.replace('"S.1"', f'"{one.id}"'), encoding="utf-8")
        assert gate._any_gate([one.id, "--export-dir", f"packets/{one.slug}"]) == 0
        command = [sys.executable, *shlex.split(one.command)[1:]]
        done = subprocess.run(
            command, env={**os.environ, "PYTHONPATH": str(root)}, capture_output=True, check=False, timeout=60
        )
        assert (done.returncode, done.stderr, json.loads(done.stdout)["status"]) == (0, b"", "ready")
    assert lint(tmp_path) == []


@pytest.mark.parametrize(("changes", "gates"), CHAINS.values(), ids=CHAINS.keys())
def test_a_chain_of_any_shape_is_proven(
    changes: dict[str, str],
    gates: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    contract = USUAL
    for old, new in changes.items():
        assert old in contract
        contract = contract.replace(old, new)
    chain = written(tmp_path, contract + gates)
    for one in chain.every:
        assert gate._any_gate([one.id, "--export-dir", "packets"]) == 0
    capsys.readouterr()
    assert lint(tmp_path) == []

    for one in chain.every:
        for words in ["--packet", one.artifacts["live_sanitized_example"]], []:
            assert gate._any_gate([one.id, "--require-live", *words]) == 0
            assert json.loads(capsys.readouterr().out)[one.ready_key] is True
        assert gate._any_gate([one.id]) == 0
        assert json.loads(capsys.readouterr().out)["status"] == "ready_with_warnings"
        with contextlib.suppress(SystemExit):
            gate._any_gate([one.id, "--help"])
        assert " ".join(one.name.split()[:1]) in capsys.readouterr().out
    for output_format in FORMATS:
        assert cli.main(["--output-format", output_format]) == 0
    first = tmp_path / chain.gates[0].artifacts["live_sanitized_example"]
    first.write_text(first.read_text("utf-8").replace('"live"', '"sample"'), encoding="utf-8")
    for output_format in FORMATS:
        assert cli.main(["--output-format", output_format]) == 1
    assert capsys.readouterr().err == ""
