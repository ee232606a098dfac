"""What is said of an index's command quotes none of its words but those of the contract and of the shell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cavra_lint import verify_index
from cavra_lint.contract import Chain

WORD = "Zq9word"
HALF = "scripts/validate_customer_live_evidence.py"


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (f"{{}} {WORD}", "has the further word `...`"),
        (f"python3 {WORD}.py", f"runs `...`, not `{HALF}`"),
        (f"python3 {HALF} --packet {WORD} --require-live", "has `--packet ...`"),
        (f"{WORD}() {{{{ {{}}; }}}}", "cannot fail: stands in the function `...`, which is never called"),
        (f"{{}} '`{WORD}`x`'", "is another command"),
        (f"{{}} `{WORD}`", "is another command"),
        ("! {}", "cannot fail: is negated (`!`)"),
        (f"python3 {HALF}", "has no `--packet`"),
        ("{}\u00a0--output x", "has no `--require-live`"),
        ("{0}\n{0}", "is more than one command"),
        (f"{{}}; {WORD}", "is more than one command"),
        (f"# {WORD}", "is another command"),
        (WORD, "does not run"),
        ("", "is an empty string"),
    ],
)
def test_what_is_said(tree: Path, chain: Chain, command: str, said: str) -> None:
    index = json.loads((tree / chain.index_gate.artifacts["live_sanitized_example"]).read_text("utf-8"))
    index["gates"][0]["validator_command"] = command.format(chain.gates[0].command)
    diagnostics = verify_index(index, repo_root=tree)["diagnostics"]
    (message,) = (found["message"] for found in diagnostics if found["code"] == "CAVRA301")
    assert message.startswith(f"gates[0].validator_command {said}")
    assert WORD not in json.dumps(diagnostics)


@pytest.mark.parametrize(("change", "said"), [({}, "is missing"), ({"validator_command": None}, "is null")], ids=str)
def test_what_is_missing_is_told_from_none(tree: Path, chain: Chain, change: dict[str, object], said: str) -> None:
    index = json.loads((tree / chain.index_gate.artifacts["live_sanitized_example"]).read_text("utf-8"))
    del index["gates"][0]["validator_command"]
    index["gates"][0].update(change)
    (message,) = (found["message"] for found in verify_index(index, repo_root=tree)["diagnostics"])
    assert message == f"gates[0].validator_command {said}, expected `{chain.gates[0].command}`"


def said_of(tree: Path, chain: Chain, command: str) -> list[str]:
    packet = chain.gates[0].artifacts["live_sanitized_example"]
    index = json.loads((tree / chain.index_gate.artifacts["live_sanitized_example"]).read_text("utf-8"))
    index["gates"][0]["validator_command"] = command.format(chain.gates[0].command, script=HALF, packet=packet)
    return [found["message"] for found in verify_index(index, repo_root=tree, require_live=True)["diagnostics"]]


@pytest.mark.parametrize("command", ["{}", " {}\n", "python3  {script}\t--packet {packet} --require-live"])
def test_what_is_as_good(tree: Path, chain: Chain, command: str) -> None:
    assert said_of(tree, chain, command) == []


@pytest.mark.parametrize(
    "command",
    [
        "{} --output verdict.json",
        "./{script} --require-live --packet {packet}",
        "uv run python {script} --packet='{packet}' --require-live",
        "python {script} --packet {packet} --require-live",
        "python3 {script} --packet={packet} --require-live",
        "python3 ./{script} --packet {packet} --require-live",
        "LANG=C {}",
    ],
)
def test_what_judges_the_same_is_still_another_command(tree: Path, chain: Chain, command: str) -> None:
    said = f"judges the same, but in other words, expected `{chain.gates[0].command}`"
    assert said_of(tree, chain, command) == [f"gates[0].validator_command {said}"]
