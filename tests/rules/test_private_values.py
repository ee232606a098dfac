"""Family 4, values: in which places they are found, what lets them through, and that nothing of them is echoed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cavra_lint import cli, gate, lint, verify_index, verify_packet
from cavra_lint.output import FORMATS
from cavra_lint.rules import private_values
from cavra_lint.sources.private_values import WORDS

SLUG = "customer-operating-review"
EXAMPLE = f"examples/{SLUG}/{SLUG}.live.sanitized.example.json"
RESULT = f"examples/{SLUG}/{SLUG}.live.sanitized.result.json"
DOCS = f"docs/{SLUG}.md"
WIKI = "docs/wiki/Customer-Operating-Review.md"
WORKFLOW = f".github/workflows/{SLUG}.yml"
INDEX_SLUG = "customer-lifecycle-verification-index"
INDEX = f"examples/{INDEX_SLUG}/{INDEX_SLUG}.live.sanitized.example.json"
INDEX_RESULT = f"examples/{INDEX_SLUG}/{INDEX_SLUG}.live.sanitized.result.json"
INDEX_DOCS = f"docs/{INDEX_SLUG}.md"

PLACES = {
    "a packet": (EXAMPLE, "no_private_material"),
    "a result": (RESULT, "no_private_material"),
    "a page": (DOCS, "gates"),
    "a wiki page": (WIKI, "gates"),
    "a workflow": (WORKFLOW, "gates"),
    "the index": (INDEX, "no_private_material"),
    "the index's result": (INDEX_RESULT, "no_private_material"),
    "the index's page": (INDEX_DOCS, "gates"),
}


def put(tree: Path, path: str, text: str) -> int:
    """Put a text into a file of the tree where it disturbs nothing else, and return its line."""
    file = tree / path
    if path.endswith(".json"):
        value = json.loads(file.read_text("utf-8"))
        value["notes"] = [text]
        content = json.dumps(value, indent=2, sort_keys=True)
        line = content[: content.index(json.dumps(text))].count("\n") + 1
    else:
        before = file.read_text("utf-8").rstrip("\n")
        mark = "# " if path.endswith(".yml") else ""
        content = f"{before}\n\n{mark}{text}\n"
        line = before.count("\n") + 3
    file.write_text(content, encoding="utf-8")
    return line


def test_each_kind_has_a_rule_of_its_name() -> None:
    names = [rule.name.replace("-", "_") for rule in private_values.RULES]
    assert sorted(names) == sorted([*WORDS, "unsafe_reference"])


@pytest.mark.parametrize(("path", "check"), PLACES.values(), ids=PLACES.keys())
def test_a_value_is_found_in_each_place(path: str, check: str, tree: Path) -> None:
    line = put(tree, path, "ask jane@acme.io today")
    found = [one for one in lint(tree) if one.code == "CAVRA420"]
    assert [(one.path, one.line, one.check) for one in found] == [(path, line, check)]
    index = json.loads((tree / INDEX).read_text("utf-8"))
    verdict = verify_index(index, repo_root=tree, require_live=True)
    assert (verdict["status"], verdict["blocker_count"]) == ("blocked", 1)
    assert "jane" not in json.dumps(verdict["diagnostics"])
    assert "allowed_value_count" not in verdict


@pytest.mark.parametrize(("path", "lines"), [(DOCS, 1), (WIKI, 1), (WORKFLOW, 0), (EXAMPLE, 0)])
def test_a_value_that_emphasis_parts_is_found_where_it_is_emphasis(path: str, lines: int, tree: Path) -> None:
    line = put(tree, path, "ask **jane**@acme.io today")
    found = [(one.path, one.line) for one in lint(tree) if one.code == "CAVRA420"]
    assert found == [(path, line)] * lines


def test_a_value_stands_at_its_place(tree: Path) -> None:
    put(tree, DOCS, "one&nbsp;&#8212; jane&#64;acme.io and `ticket://CAB-12 approved`")
    assert [(one.code, one.column) for one in lint(tree, paths=[DOCS])] == [("CAVRA420", 18), ("CAVRA428", 40)]


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("`ticket://CAB-12 approved`", [2]),
        ('see "ticket://CAB-12 approved"', [6]),
        ("see 'ticket://CAB-12 approved'", [6]),
        ("`ticket://CAB-12 approved`, `ticket://CAB-13` and https://cavra.io", [2]),
        ("https://cavra.io, `ticket://CAB-12` and `ticket://CAB-13 approved`", [42]),
        ("`ticket://a b` and `ticket://c d`", [2, 21]),
        ("`ticket://a`, `ticket://b c` and https://cavra.io", [16]),
        ("`ticket://a` or `ticket://b`, https://cavra.io", []),
        (f"`ticket://{'x' * 290} y`", [2]),
        (f"`ticket://{'x' * 300} y`", []),
        ("`ticket://CAB-12 approved", []),
        ("ticket://CAB-12 approved by all", []),
        ("(ticket://CAB-12 approved by all)", []),
        ("`a-ticket://CAB-12 approved`", []),
        ("`https://CAB-12 approved`", []),
        ("`ticket://CAB-12` approved", []),
        ("`ticket://CAB-12\napproved`", []),
        ("`ticket://CAB-12 <approver>`", []),
        ("`ticket://CAB-12 {approver}`", []),
        ("`ticket://CAB-12 by ...`", []),
        ("`ticket://CAB-12 by \u2026`", []),
        ("`ticket://CAB-12 by *`", []),
    ],
)
def test_a_reference_that_a_page_quotes(text: str, columns: list[int], tree: Path) -> None:
    line = put(tree, DOCS, text)
    found = lint(tree, paths=[DOCS])
    assert [(one.line, one.column, one.code) for one in found] == [(line, column, "CAVRA428") for column in columns]


def test_a_private_value_in_a_reference_that_a_page_quotes_is_found_once(tree: Path) -> None:
    line = put(tree, DOCS, "`ticket://CAB-12 approved by jane@acme.io`")
    assert [(one.line, one.column) for one in lint(tree, paths=[DOCS])] == [(line, 30)]


def test_a_reference_behind_a_page_that_begins_with_half_of_one(tree: Path) -> None:
    line = put(tree, DOCS, "`ticket://CAB-12 approved`") + 1
    (tree / DOCS).write_text("://\n" + (tree / DOCS).read_text("utf-8"), encoding="utf-8")
    assert [(one.line, one.code) for one in lint(tree, paths=[DOCS])] == [(line, "CAVRA428")]
    # nor does it need an end
    (tree / DOCS).write_text((tree / DOCS).read_text("utf-8").rstrip("\n"), encoding="utf-8")
    assert [(one.line, one.code) for one in lint(tree, paths=[DOCS])] == [(line, "CAVRA428")]


VALUES: dict[str, tuple[object, str, tuple[str | int, ...]]] = {
    "in a text": ("ask jane@acme.io", "CAVRA420", ("notes",)),
    "in a list": ([0, ["+49 30 901820"]], "CAVRA421", ("notes", 1, 0)),
    "in an object": ({"a": {"b": "USD 120k"}}, "CAVRA422", ("notes", "a", "b")),
    "in a key": ({"jane@acme.io": 1}, "CAVRA420", ("notes", "jane@acme.io")),
    "a number": (4111111111111111, "CAVRA427", ("notes",)),
    "a number below zero": (-4111111111111111, "CAVRA427", ("notes",)),
    "a number with a point": (4111111111111111.0, "CAVRA427", ("notes",)),
    "an escape in a text": ("jane\\u0040acme.io", "CAVRA420", ("notes",)),
    "a reference": ("ticket://CAB-12 approved by Jane", "CAVRA428", ("notes",)),
    "an address in a reference": ("evidence://jane@acme.io", "CAVRA428", ("notes",)),
    "a password in a URL": ("postgres://app:s3cret@db.ship.io/prod", "CAVRA425", ("notes",)),
    "an amount in a reference": ("evidence://deal/$120,000", "CAVRA428", ("notes",)),
    "among thousands": ([*(f"note {n}" for n in range(5000)), "ask jane@acme.io"], "CAVRA420", ("notes", 5000)),
}


@pytest.mark.parametrize(("value", "code", "at"), VALUES.values(), ids=VALUES.keys())
def test_a_value_in_a_packet(value: object, code: str, at: tuple[str | int, ...], judged: Callable[..., Any]) -> None:
    result = judged("R7.4", (("notes",), value))
    (found,) = result.found
    assert (found.code, found.check, found.severity) == (code, "no_private_material", "error")
    if at[-1] != "jane@acme.io":
        assert found.line == result.line_of(at)
    assert not {"jane", "Jane", "4111", "120", "901820"} & set(found.message.replace("@", " ").split())


@pytest.mark.parametrize(
    "text",
    [
        "ssh://git@github.com/org/repo.git",
        "postgres://app@db.ship.io/prod",
        "https://ship.io is the place",
        12345,
        1e300,
        4111111111111111.5,
    ],
)
def test_what_no_packet_is_blamed_for(text: object, judged: Callable[..., Any]) -> None:
    assert judged("R7.4", (("notes",), text)).found == []


def test_what_stands_behind_something_private_is_found_as_well(judged: Callable[..., Any]) -> None:
    notes = [None, "ticket://CAB-12 approved", 7, "ask jane@acme.io", {"bob@acme.io": {"amy@acme.io": 1}}]
    result = judged("R7.4", (("notes",), notes))
    lines = json.dumps(result.packet, indent=2).split("\n")
    said = [(one.code, one.message.partition(" (#")[0], lines[one.line - 1][one.column - 1 :]) for one in result.found]
    assert [(code, re.sub("#[0-9a-f]{5}", "#", message)) for code, message, _ in said] == [
        ("CAVRA428", "notes[1] is no reference"),
        ("CAVRA420", "notes[3] holds an e-mail address"),
        ("CAVRA420", "a key of notes[4] holds an e-mail address"),
        ("CAVRA420", 'a key of notes[4]["[e-mail address #]"] holds an e-mail address'),
    ]
    assert [text[:4] for *_, text in said] == ['"tic', '"ask', '"bob', '"amy']


def test_a_quotation_ends_with_its_line(tree: Path) -> None:
    line = put(tree, DOCS, "`ticket://CAB-12\napproved` by jane@acme.io")
    assert [(one.line, one.code) for one in lint(tree, paths=[DOCS])] == [(line + 1, "CAVRA420")]


def test_a_packet_from_memory_holds_none_either(live: dict[str, Any]) -> None:
    packet = {**live["R7.4"], "notes": {"deep": ["ask jane@acme.io"]}}
    verdict = verify_packet("R7.4", packet, require_live=True)
    assert (verdict["status"], [one["code"] for one in verdict["diagnostics"]]) == ("blocked", ["CAVRA420"])
    (check,) = [check for check in verdict["checks"] if check["name"] == "no_private_material"]
    assert check["status"] == "blocker"
    assert "allowed_value_count" not in verdict


def test_two_places_can_be_seen_to_hold_the_same(judged: Callable[..., Any]) -> None:
    found = judged("R7.4", (("notes",), ["jane@acme.io", "see Jane@Acme.IO", "bob@acme.io"])).found
    marks = [one.message.partition("#")[2][:5] for one in found]
    assert marks[0] == marks[1] != marks[2]


def test_a_file_that_is_no_packet_is_looked_at_as_well(tree: Path) -> None:
    (tree / EXAMPLE).write_text('{\n "a": 1,\n "owner": "jane\\u0040acme.io"', encoding="utf-8")
    assert ("CAVRA420", 3) in [(one.code, one.line) for one in lint(tree, paths=[EXAMPLE])]


CONFIGURED = '[tool.cavra-lint]\nallowed-values = ["support@cavra.io", "+49 30 *"]\nforbidden-keys = ["codename"]\n'


def test_what_is_allowed_is_let_through_and_counted(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert gate.main("R7.4", ["--packet", str(tree / EXAMPLE), "--require-live"], repo_root=str(tree)) == 0
    assert "allowed_value_count" not in json.loads(capsys.readouterr().out)
    (tree / "pyproject.toml").write_text(CONFIGURED, encoding="utf-8")
    for path in (EXAMPLE, DOCS, WORKFLOW, INDEX, INDEX_RESULT):
        put(tree, path, "ask Support@cavra.io or +49 30 901820")
    assert [one for one in lint(tree) if one.code.startswith("CAVRA4")] == []
    verdict = verify_index(json.loads((tree / INDEX).read_text("utf-8")), repo_root=tree, require_live=True)
    assert (verdict["status"], verdict["allowed_value_count"]) == ("ready", 10)
    status = gate.main("R7.4", ["--packet", str(tree / EXAMPLE), "--require-live"], repo_root=str(tree))
    assert (status, json.loads(capsys.readouterr().out)["allowed_value_count"]) == (0, 2)
    put(tree, DOCS, "ask sales@cavra.io")
    assert [one.code for one in lint(tree, paths=[DOCS])] == ["CAVRA420"]
    (tree / INDEX_RESULT).unlink()
    verdict = verify_index(json.loads((tree / INDEX).read_text("utf-8")), repo_root=tree, require_live=True)
    assert (verdict["status"], verdict["allowed_value_count"]) == ("blocked", 8)


def test_each_gate_judges_by_the_configuration(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    value = json.loads((tree / EXAMPLE).read_text("utf-8"))
    (tree / EXAMPLE).write_text(json.dumps({**value, "codeNames": 1}), encoding="utf-8")
    for config, code in ((CONFIGURED, "CAVRA412"), ("[tool.cavra-lint]\nforbidden-keys = 1\n", "CAVRA009")):
        (tree / "pyproject.toml").write_text(config, encoding="utf-8")
        assert gate.main("R7.4", ["--packet", str(tree / EXAMPLE), "--require-live"], repo_root=str(tree)) == 1
        verdict = json.loads(capsys.readouterr().out)
        assert [one["code"] for one in verdict["diagnostics"]] == [code]
        assert verdict["checks"][-1]["status"] == "blocker"


@pytest.mark.parametrize("values", ['["*"]', '["?*"]', '[""]', '["@"]', '"support@cavra.io"', "[1]"])
def test_what_would_let_everything_through_is_refused(
    values: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "pyproject.toml").write_text(f"[tool.cavra-lint]\nallowed-values = {values}\n", encoding="utf-8")
    assert cli.main(["--repo-root", str(tmp_path)]) == 2
    assert "`allowed-values`" in capsys.readouterr().err


SECRET = "zoltan.k@acme-corp.io"
NAME = "Acme-Corp"


def bend_everything(tree: Path) -> None:
    """Put an address, and a name below a forbidden key, wherever a message or a source line may take it from."""
    packet = json.loads((tree / EXAMPLE).read_text("utf-8"))
    packet["customer_names"] = {NAME: {"password": {NAME: SECRET}, SECRET: 1}}
    packet["review_owner_refs"][SECRET] = SECRET
    packet["review_sections"].append({SECRET: SECRET, "section_id": SECRET, "status": SECRET})
    packet["evidence_mode"] = packet["schema_version"] = SECRET
    (tree / EXAMPLE).write_text(json.dumps(packet, indent=1), encoding="utf-8")
    index = json.loads((tree / INDEX).read_text("utf-8"))
    for number, key in enumerate(("artifact_paths", "artifact_presence")):
        index["gates"][number][key][SECRET] = index["gates"][number][key].pop("docs")
    index["gates"][4]["validator_command"] += f" --owner {SECRET}"
    index["gates"][5]["gate_id"] = SECRET
    (tree / INDEX).write_text(json.dumps(index, indent=1), encoding="utf-8")
    result = (tree / RESULT).read_text("utf-8").replace('"checks": [', f'"{"x" * 30}{SECRET}": 1, "checks": [1, ')
    doubled = f'{{"clients": 1, "customer_name": {{"{NAME}": 1, "{NAME}": 2}}, "{SECRET}": 1, "{SECRET}": 2,'
    (tree / RESULT).write_text(doubled + result[1:], encoding="utf-8")
    command = next(line for line in (tree / DOCS).read_text("utf-8").splitlines() if "--require-live" in line)
    page = f"# x\n\n```bash\n{command.strip()} --mail {SECRET} || mail {SECRET}\n```\n"
    (tree / DOCS).write_text(page, encoding="utf-8")
    workflow = (tree / WORKFLOW).read_text("utf-8").replace("--require-live", f"--live {SECRET} || true")
    (tree / WORKFLOW).write_text(f"{workflow}\n{'y' * 30}{SECRET}: 1\n{'y' * 30}{SECRET}: 2\n", encoding="utf-8")
    map_of_gates = f"```mermaid\nflowchart LR\n A[R7.1 {SECRET}] --> B[R7.3 {SECRET}]\n {SECRET} ===\n```\n"
    (tree / INDEX_DOCS).write_text(f"# x\n\n{map_of_gates}", encoding="utf-8")


def test_nothing_private_is_echoed(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bend_everything(tree)
    said = ""
    for output_format in FORMATS:
        assert cli.main(["--repo-root", str(tree), "--output-format", output_format]) == 1
        said += "".join(capsys.readouterr())
    for gate_id, options in (("R7.11", ["--index", str(tree / INDEX)]), ("R7.4", ["--packet", str(tree / EXAMPLE)])):
        assert gate.main(gate_id, options, repo_root=str(tree)) == 1
        said += "".join(capsys.readouterr())
    assert "customer_names..." in said
    shown = [line for line in said.splitlines() if any(part in line for part in (SECRET, NAME, "zoltan", "acme"))]
    assert shown == []


@pytest.mark.parametrize(
    "arguments",
    [
        [f"{SECRET}.json"],
        [f"--output-format={SECRET}"],
        [f"--{SECRET}"],
        ["--explain", SECRET],
        ["--contract", f"{SECRET}.toml"],
        ["--select", SECRET],
        ["--output-file", f"/nowhere/{SECRET}"],
    ],
    ids=lambda arguments: arguments[0].replace(SECRET, "x"),
)
def test_no_error_of_usage_echoes_a_value(arguments: list[str], root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--repo-root", str(root), *arguments]) == 2
    said = capsys.readouterr()
    assert "zoltan" not in (said.out + said.err).casefold()


@pytest.mark.parametrize(
    "text",
    [f'"{SECRET}" = 1', f'select = ["{SECRET}"]', f'"{"z" * 50}{SECRET}" = 1', f'per-file-ignores."{SECRET}" = 1'],
)
def test_no_error_of_the_configuration_echoes_a_value(text: str, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(f"[tool.cavra-lint]\n{text}\n", encoding="utf-8")
    with pytest.raises(ValueError, match="pyproject") as error:
        lint(tmp_path)
    assert "zoltan" not in str(error.value)
