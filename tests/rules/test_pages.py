"""The rules about pages: the command that is shown, and the map of the chain."""

from __future__ import annotations

from pathlib import Path

import pytest

from cavra_lint.contract import Chain
from cavra_lint.rules.gate_files import gate_files, index_of
from cavra_lint.rules.pages import merge_conflict, page_command, verification_map
from cavra_lint.rules.rule import Rule
from cavra_lint.sources.json_document import in_memory
from cavra_lint.sources.repository import Repository

SCRIPT = "scripts/validate_customer_operating_review.py"
PACKET = "examples/customer-operating-review/customer-operating-review.live.sanitized.example.json"
COMMAND = f"python3 {SCRIPT} --packet {PACKET} --require-live"
PATHS = {"docs": "docs/customer-operating-review.md", "wiki": "docs/wiki/Customer-Operating-Review.md"}


def found_in(root: Path, chain: Chain, gate_id: str, rule: Rule, pages: dict[str, str]) -> list[tuple[str, int, str]]:
    """Return path, line and message of what a rule finds in a tree of these pages."""
    gate = chain.gate(gate_id)
    for kind, text in pages.items():
        path = root / gate.artifacts[kind]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    files = gate_files(chain, gate, Repository(root), index_of(in_memory({})))
    return [(finding.place.path, finding.place.line, finding.message) for finding in rule.check(files)]


@pytest.mark.parametrize("kind", ["docs", "wiki"])
@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("# Page\n\nNothing.\n", 1, "no code block"),
        (f"# Page\n\nRun {COMMAND} now.\n", 1, "no code block"),
        (f"# Page\n\nRun `{COMMAND}` now.\n", 1, "no code block"),
        (f"# Page\n\n<!--\n```\n{COMMAND}\n```\n-->\n", 1, "no code block"),
        (f"# Page\n\n```bash\n# {COMMAND}\n```\n", 4, "nothing runs it"),
        (f"# Page\n\n```bash\necho {COMMAND}\n```\n", 4, "does not run it"),
        (f"# Page\n\n```bash\ncd here\n{COMMAND.replace(' --require-live', '')}\n```\n", 5, "has no `--require-live`"),
        (f"# Page\n\n```bash\n{COMMAND.replace('live.sanitized', 'live.sanitised')}\n```\n", 4, "--packet"),
        (f"# Page\n\n    {COMMAND.replace('operating_review', 'closeout_handoff')}\n", 3, "closeout_hand"),
        (f"```console\n$ ls\n{COMMAND}\n```\n", 1, "no code block"),
        (f"```mermaid\n{COMMAND}\n```\n", 1, "no code block"),
        (f"<del>\n\n```bash\n{COMMAND}\n```\n\n</del>\n", 1, "no code block"),
        ("```bash\n" + COMMAND.replace(" --require", "\u00a0--require") + "\n```\n", 2, "has"),
        (f"```bash\nexit 0\n{COMMAND}\n```\n", 3, "never runs: "),
        (f"```bash\n{COMMAND} || true\n```\n", 2, "the command cannot fail: `|| true` discards its status, "),
        (f"```console\n$ {COMMAND} || exit 0\n```\n", 2, "the command cannot fail: `|| exit 0`"),
        (f"```bash\njudge() {{\n  {COMMAND}\n}}\n```\n", 3, "never runs: "),
        (f"```\npython3 {SCRIPT}\n```\n\n```\n{COMMAND.replace(' --require-live', '')}\n```\n", 6, "--require-live"),
    ],
)
def test_a_page_without_the_command(text: str, line: int, words: str, kind: str, tmp_path: Path, chain: Chain) -> None:
    found = found_in(tmp_path, chain, "R7.4", page_command, {kind: text})
    assert [(path, at) for path, at, _ in found] == [(PATHS[kind], line)]
    assert words in found[0][2]


@pytest.mark.parametrize(
    "text",
    [
        f"```bash\n{COMMAND}\n```\n",
        f"```\n{COMMAND}\n```\n",
        f"~~~sh\n{COMMAND}\n~~~\n",
        f"Text\n\n    {COMMAND}\n\nmore text\n",
        f"```console\n$ {COMMAND}\nready\n```\n",
        "```bash\n" + COMMAND.replace(" --", " \\\n  --") + "\n```\n",
        "```console\n$ " + COMMAND.replace(" --", " \\\n>   --") + "\n```\n",
        f"1. Run\n\n   ```bash\n   {COMMAND}\n   ```\n",
        f"> ```bash\n> {COMMAND}\n> ```\n",
        f"---\ntitle: Page\n---\n\n```bash\n{COMMAND}\n```\n",
        f"```bash\nls\n```\n\n```bash\ncd x\n```\n\n```bash\n# judge\n{COMMAND}\necho done\n```\n",
        f"```bash\n{COMMAND.replace(' --require-live', '')}\n{COMMAND}\n```\n",
        f"```bash\n{COMMAND} || true\n{COMMAND}\n```\n",
        f"```bash\n{COMMAND} | tee verdict.json\n```\n",
        f"```bash\n{COMMAND} || echo 'not ready'\n```\n",
        f"```bash\n{COMMAND}",
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_page_with_the_command(text: str, end: str, tmp_path: Path, chain: Chain) -> None:
    assert found_in(tmp_path, chain, "R7.4", page_command, {"docs": text.replace("\n", end)}) == []


def map_of(chain: Chain) -> list[str]:
    """Return the lines of a page with the map: the fence, the head, then an edge a line from line 3 on."""
    gates = [*chain.gates, chain.index_gate]
    nodes = [f"{chr(65 + number)}[{gate.id} {gate.label}]" for number, gate in enumerate(gates)]
    edges = [f"  {chr(65 + number)} --> {node}" for number, node in enumerate(nodes[1:])]
    edges[0] = f"  {nodes[0]} --> {nodes[1]}"
    return ["```mermaid", "flowchart TB", *edges, "```", ""]


@pytest.mark.parametrize(
    ("line", "old", "new", "expected"),
    [
        (4, "R7.3 Closeout Handoff", "R7.3 Handoff", [(4, "R7.3 has another label on the map")]),
        (4, "R7.3 Closeout Handoff", "R7.3", [(4, "R7.3 has another label on the map")]),
        (4, "R7.3 Closeout Handoff", "R7.3 Customer Operating Review", [(4, "R7.3 has another label on the map")]),
        (4, "[R7.3 Closeout", "[R7.33 Closeout", [(4, "the map has no node of R7.3")]),
        (
            5,
            "D[R7.4 Operating Review]",
            "E",
            [(5, "the map leads from R7.3 to R7.5"), (6, "the map has no node of R7.4")],
        ),
        (5, "  C --> D[R7.4 Operating Review]", "", [(6, "the map has no node of R7.4")]),
        (
            5,
            "  C --> D[R7.4 Operating Review]",
            "  D[R7.4 Operating Review]",
            [(4, "the map has no edge from R7.3 to R7.4")],
        ),
        (5, "C --> D", "C <--> D", [(5, "the map leads from R7.4 to R7.3")]),
        (5, "C --> D", "A --> D", [(4, "the map has no edge from R7.3"), (5, "the map leads from R7.1 to R7.4")]),
        (
            5,
            "D[R7.4 Operating Review]",
            "D[R7.4 Operating Review]\n  D --> B",
            [(6, "the map leads from R7.4 to R7.2")],
        ),
        (
            5,
            "D[R7.4 Operating Review]",
            "D[R7.4 Operating Review]\n  X[R7.4 Operating Review]",
            [(6, "R7.4 stands on the map twice")],
        ),
        (12, "K[R7.11 Verification Index]", "K[R7.12 Verification Index]", [(12, "the map has no node of R7.11")]),
        (
            6,
            "  D --> E[R7.5 Renewal Expansion]",
            "  D ==[ E",
            [(6, "the map is not understood here, expected a node or an edge"), (7, "the map has no node of R7.5")],
        ),
    ],
)
def test_a_map_at_odds_with_the_chain(
    line: int, old: str, new: str, expected: list[tuple[int, str]], tmp_path: Path, chain: Chain
) -> None:
    lines = map_of(chain)
    assert old in lines[line - 1]
    lines[line - 1] = lines[line - 1].replace(old, new)
    found = sorted(found_in(tmp_path, chain, "R7.11", verification_map, {"docs": "\n".join(lines)}))
    assert [
        (at, message[: len(words)]) for (_, at, message), (_, words) in zip(found, expected, strict=True)
    ] == expected


def test_a_map_that_is_the_chain(tmp_path: Path, chain: Chain) -> None:
    text = "\n".join(map_of(chain))
    gates = [*chain.gates, chain.index_gate]

    def in_a_row(label: str) -> str:
        nodes = (f'{chr(97 + n)}["{label.format(gate=gate)}"]' for n, gate in enumerate(gates))
        return f"```mermaid\ngraph LR\n  {' --> '.join(nodes)}\n```\n"

    for honest in (
        text,
        text.replace("\n", "\r\n"),
        text.replace("TB", "LR").replace("-->", "==>"),
        in_a_row("{gate.id}: {gate.label}"),
        in_a_row("{gate.id} \u2014 {gate.label}"),
        in_a_row("{gate.label}"),
        in_a_row("{gate.id} {gate.name}"),
        in_a_row("{gate.name}"),
        text.replace("flowchart TB\n", 'flowchart TB\n  Start[" "] --> A\n'),
        text.replace("flowchart TB\n", "flowchart TB\n  Start --> A\n  %% the chain\n  classDef done fill:#dfd\n"),
        "```mermaid\nflowchart LR\n  you --> us\n```\n",
        "```mermaid\nflowchart LR\n  P[packet] --> G[R7.11 Verification Index] --> ready\n```\n",
        "```mermaid\nflowchart LR\n  P[packet] --> G{R7.11} --> ready\n```\n",
        "```mermaid\nsequenceDiagram\n  R7.1 ->> R7.3: skip\n```\n",
        "No map.\n",
    ):
        assert found_in(tmp_path, chain, "R7.11", verification_map, {"docs": honest}) == []


def test_a_gate_behind_the_index_may_be_drawn_and_need_not_be(tmp_path: Path, chain: Chain) -> None:
    later = chain.gate("R7.10")._replace(id="R7.12", label="Renewal Notice")
    every = (*chain.every, later)
    longer = chain._replace(later_gates=(later,), every=every, positions={**chain.positions, later.id: len(every) - 1})
    text = "\n".join(map_of(chain))
    drawn = text.replace("Verification Index]", "Verification Index]\n  K --> L[R7.12 Renewal Notice]")
    for page in (text, drawn):
        assert found_in(tmp_path, longer, "R7.11", verification_map, {"docs": page}) == []
    wrong = drawn.replace("K --> L", "J --> L")
    assert found_in(tmp_path, longer, "R7.11", verification_map, {"docs": wrong}) != []


def test_a_map_on_the_page_of_another_gate_is_free(tmp_path: Path, chain: Chain) -> None:
    text = "```mermaid\nflowchart LR\n  C[R7.3 Handoff] --> D[R7.4 This Gate]\n```\n"
    assert found_in(tmp_path, chain, "R7.4", verification_map, {"docs": text, "wiki": text}) == []


OURS, BETWEEN, THEIRS = "<" * 7, "=" * 7, ">" * 7
CONFLICT = f"{OURS} HEAD\nready\n{BETWEEN}\nblocked\n{THEIRS} main\n"
CONFLICTS = {
    "alone": (CONFLICT, 1),
    "below": (f"# Page\n\n{CONFLICT}", 3),
    "in a code block": (f"```bash\n{CONFLICT}```\n", 2),
    "with what both stand on": (f"{OURS} HEAD\na\n||||||| 0123456\nb\n{BETWEEN}\nc\n{THEIRS} main", 1),
    "of which one side is empty": (f"{OURS} HEAD\n{BETWEEN}\nc\n{THEIRS} main", 1),
    "without names": (f"a\n{OURS}\na\n{BETWEEN}\nc\n{THEIRS}", 2),
    "lines that end as on Windows": (f"a\n{CONFLICT}".replace("\n", "\r\n"), 2),
    "two": (CONFLICT * 2, 1),
    "none": ("# Page\n", 0),
    "a heading": (f"Page\n{BETWEEN}\n", 0),
    "one side": (f"{OURS} HEAD\nready\n{BETWEEN}\nblocked\n", 0),
    "no middle": (f"{OURS} HEAD\nready\n{THEIRS} main\n", 0),
    "in another order": (f"{THEIRS} main\na\n{BETWEEN}\n{OURS} HEAD\n", 0),
    "in sentences": (f"a {OURS} HEAD\n a {BETWEEN}\n a {THEIRS} main\n", 0),
    "shown in a block that is indented": ("    " + CONFLICT.replace("\n", "\n    "), 0),
    "longer lines": (CONFLICT.replace("<", "<<").replace("=", "==").replace(">", ">>"), 0),
    "words beside the marks": (CONFLICT.replace("< HEAD", "<HEAD"), 0),
}


@pytest.mark.parametrize("kind", ["docs", "wiki"])
@pytest.mark.parametrize(("text", "line"), CONFLICTS.values(), ids=CONFLICTS.keys())
def test_a_merge_conflict(text: str, line: int, kind: str, tmp_path: Path, chain: Chain) -> None:
    found = found_in(tmp_path, chain, "R7.4", merge_conflict, {kind: text})
    assert [(path, at) for path, at, _ in found] == ([(PATHS[kind], line)] if line else [])
