"""What the documentation says of the program is what the program says of itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cavra_lint.contract import ContractError, load_chain
from cavra_lint.output.rules_page import page
from cavra_lint.rules.registry import RULES
from cavra_lint.rules.rule import Rule


def test_the_rules_page_is_current(root: Path) -> None:
    assert (root / "docs" / "rules.md").read_text("utf-8") == page()


@pytest.mark.parametrize("rule", RULES, ids=[rule.code for rule in RULES])
def test_a_rule_is_documented(rule: Rule) -> None:
    assert re.fullmatch(r"CAVRA[0-5]\d\d", rule.code)
    for part in ("\n\nFails: ", "\n\nPasses: ", "\n\nTo put it right, "):
        assert rule.documentation.count(part) == 1, part
    assert rule.documentation.partition("\n")[0].endswith(".")


def test_codes_and_names_are_told_apart() -> None:
    assert len({rule.code for rule in RULES}) == len({rule.name for rule in RULES}) == len(RULES)


@pytest.mark.parametrize(
    "name", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", *(f"docs/{n}" for n in ("architecture.md", "rules.md"))]
)
def test_links_lead_somewhere(name: str, root: Path) -> None:
    page = root / name
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
    missing = [target for target in targets if "://" not in target and not (page.parent / target).exists()]
    assert missing == []


def test_the_contracts_on_the_page_are_contracts(root: Path, tmp_path: Path) -> None:
    blocks = re.findall(
        r"^```toml\n(.*?)^```", (root / "docs/contracts.md").read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    alone, later, extending = (
        next(block for block in blocks if words in block) for words in ('id = "S"', 'id = "S.3"', 'extends = "R7"')
    )
    for text, ids in ((alone, ["S.1", "S.2"]), (alone + later, ["S.1", "S.2", "S.3"]), (extending, ["R7.11", "R7.12"])):
        (tmp_path / "chain.toml").write_text(text)
        assert [gate.id for gate in load_chain(str(tmp_path / "chain.toml")).every][-len(ids) :] == ids


def test_the_errors_on_the_page_are_those_of_its_contract(root: Path, tmp_path: Path) -> None:
    page = (root / "docs/contracts.md").read_text("utf-8")
    blocks = re.findall(r"^```toml\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    text = "\n".join(block for block in blocks if 'id = "S"' in block or 'id = "S.3"' in block)
    (shown,) = re.findall(r"^```text\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    slips = {
        'name = "Sea Trial"': 'nmae = "Sea Trial"',
        'required = ["log_ref", "crew_ref"]': 'required = "log_ref"',
        'ready_key = "launch_index_ready"': 'ready_key = "launch_ready"',
    }
    for (old, new), line in zip(slips.items(), shown.splitlines(), strict=True):
        assert old in text
        (tmp_path / "chain.toml").write_text(text.replace(old, new))
        with pytest.raises(ContractError) as raised:
            load_chain(str(tmp_path / "chain.toml"))
        assert re.fullmatch(re.escape(line).replace(re.escape("..."), ".*"), str(raised.value))
