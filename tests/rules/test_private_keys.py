"""Family 4, keys: which are private material, and which only look like it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tomli

from cavra_lint.contract import Chain
from cavra_lint.contract.definition import PRIVATE
from cavra_lint.linter import with_forbidden_keys
from cavra_lint.packets.judge import judge
from cavra_lint.rules import private_keys
from cavra_lint.rules.private import forbidden_keys, match_of
from cavra_lint.sources.json_document import in_memory
from cavra_lint.sources.skeleton import outline, outlines, same_key

TABLES = Path(__file__).parent.parent / "private"


@pytest.fixture(scope="module")
def keys() -> dict[str, dict[str, list[str]]]:
    """The keys of each category that are found, and those that are not."""
    return tomli.loads((TABLES / "keys.toml").read_text("utf-8"))


def full_width(text: str) -> str:
    """Return an ASCII text in the letters that are as wide as Chinese ones."""
    return "".join(chr(ord(char) + 0xFEE0) for char in text)


SPELLINGS = {
    "capitals": "CUSTOMER_NAME",
    "camelCase": "customerName",
    "PascalCase": "CustomerName",
    "kebab-case": "customer-name",
    "Train-Case": "Customer-Name",
    "dots": "customer.name",
    "a space": "customer name",
    "joined": "customername",
    "joined in capitals": "CUSTOMERNAME",
    "plural": "customer_names",
    "plural in camelCase": "customerNames",
    "plural of both": "customers_names",
    "underscores around": "__customer__name__",
    "full-width": full_width("customer_name"),
    "full-width capitals": full_width("CustomerName"),
    "one letter full-width": f"customer_na{full_width('m')}e",
    "white space around": " customer_name ",
}
MORE_SPELLINGS = {
    "an abbreviation before a word": ("APIKey", "api_key"),
    "an abbreviation in the plural": ("apiKeys", "api_key"),
    "an abbreviation in front": ("SMTPPassword", "smtp_password"),
    "the singular of a plural": ("dataset_row", "dataset_rows"),
    "the singular of another plural": ("PromptSample", "prompt_samples"),
    "a word alone": ("Token", "token"),
    "a word alone in the plural": ("SECRETS", "secret"),
    "a word with a double s": ("passwords", "password"),
}


@pytest.mark.parametrize("key", SPELLINGS.values(), ids=SPELLINGS.keys())
def test_a_key_is_the_same_however_it_is_spelt(key: str, judged: Callable[..., Any]) -> None:
    result = judged("R7.8", ((key,), "private words"))
    assert result.said == [("CAVRA401", result.line_of((key,)), "no_private_material", "error")]
    assert "(`customer_name`, #" in result.found[0].message
    assert "private words" not in result.found[0].message


@pytest.mark.parametrize(("key", "meant"), MORE_SPELLINGS.values(), ids=MORE_SPELLINGS.keys())
def test_words_are_told_apart(key: str, meant: str, judged: Callable[..., Any]) -> None:
    (found,) = judged("R7.1", ((key,), 1)).found
    assert f"(`{meant}`, #" in found.message


def test_the_tables_of_keys(chain: Chain, keys: dict[str, dict[str, list[str]]]) -> None:
    forbidden = forbidden_keys(chain, chain.gate("R7.1"))
    assert tuple(keys) == tuple(PRIVATE)
    for category, table in keys.items():
        assert min(map(len, table.values())) >= 20
        assert [key for key in table["found"] if (match_of(forbidden, key) or ("",))[0] != category] == []
        assert [key for key in table["not_found"] if match_of(forbidden, key)] == []


def test_each_key_that_a_contract_forbids_is_in_a_category_and_in_one(chain: Chain) -> None:
    forbidden = forbidden_keys(chain, chain.index_gate)
    for category, keys in chain.private_keys.items():
        assert [(key, match_of(forbidden, key)) for key in keys if match_of(forbidden, key) != (category, key)] == []
    for gate in (*chain.gates, chain.index_gate):
        assert {(match_of(forbidden, key) or ("none",))[0] for key in gate.forbidden_keys} <= set(PRIVATE)


def test_each_category_has_a_rule_of_its_name(judged: Callable[..., Any], chain: Chain) -> None:
    names = [rule.name.replace("-", "_") for rule in private_keys.RULES]
    assert names == [*PRIVATE, "forbidden_key"]
    held = [((keys[0],), None) for keys in chain.private_keys.values()]
    found = judged("R7.1", *held).found
    assert [one.code for one in found] == [rule.code for rule in private_keys.RULES[:-1]]
    assert found[3].message == "pricing is a forbidden key of pricing (`pricing`), expected no such key"


@pytest.mark.parametrize("value", [None, "", False, [], {}, "evidence://x", 0], ids=repr)
def test_no_value_makes_a_forbidden_key_good(value: object, judged: Callable[..., Any]) -> None:
    assert [found.code for found in judged("R7.2", (("password",), value)).found] == ["CAVRA410"]


def test_the_categories_hold_whatever_the_gate(judged: Callable[..., Any]) -> None:
    for gate_id in ("R7.1", "R7.6", "R7.10"):
        assert [found.code for found in judged(gate_id, (("legal_terms",), 1)).found] == ["CAVRA408"]


def test_keys_that_are_added_have_a_rule_of_their_own(chain: Chain) -> None:
    chain = with_forbidden_keys(chain, ["project_codename", "apiKey", "key2"])
    packet = {"projectCodenames": 1, "api_keys": 2, "key2": 3, "key": 4, "codename": 5}
    found = judge(chain, chain.gates[0], in_memory(packet), require_live=True)
    private = [(one.code, one.message.partition(" ")[0]) for one in found if one.code.startswith("CAVRA4")]
    assert private == [("CAVRA410", "api_keys"), ("CAVRA412", "projectCodenames"), ("CAVRA412", "key2")]


DEEP = {
    "in an object": (("notes",), {"deep": {"token": 1}}, ("notes", "deep", "token")),
    "in a list": (("notes",), [0, [{"a": [{"token": 1}]}]], ("notes", 1, 0, "a", 0, "token")),
    "below a forbidden key": (("token",), {"a": 1}, ("token",)),
    "in an embedded verdict": (("evidence_room_result", "token"), 1, ("evidence_room_result", "token")),
    "in an item": (("known_exclusions", 0, "token"), 1, ("known_exclusions", 0, "token")),
}


@pytest.mark.parametrize(("place", "value", "at"), DEEP.values(), ids=DEEP.keys())
def test_a_forbidden_key_is_found_at_any_depth(
    place: tuple[str | int, ...], value: object, at: tuple[str | int, ...], judged: Callable[..., Any]
) -> None:
    result = judged("R7.3", (place, value))
    assert result.said == [("CAVRA410", result.line_of(at), "no_private_material", "error")]


BASE64 = "eyJhIjogW3sidG9rZW4iOiAxfV19"
IN_STRINGS = {
    "an object": ('{"token": 1}', True),
    "a list": ('[0, {"a": [{"token": 1}]}]', True),
    "behind white space": ('\r\n\t {"Tokens": null}', True),
    "a string in a string": (json.dumps({"a": [json.dumps({"token": 1})]}), True),
    "a number of many digits": (f'{{"a": {"9" * 5000}, "token": 1}}', True),
    "as Base64": (BASE64, True),
    "as Base64 in a string": (json.dumps({"a": BASE64}), True),
    "no JSON": ("{token: 1}", False),
    "cut short": ('{"token": 1', False),
    "a sentence": ('{"token": 1} is what no packet holds', False),
    "a value": ('{"a": "token"}', False),
    "a text": ('"token"', False),
    "another key": ('{"token_ref": "vault://token"}', False),
    "nested without end": ("[" * 100_000, False),
    "nested without end, and closed": ("[" * 100_000 + "]" * 100_000, False),
    "white space": ("  ", False),
    "a word that Base64 begins with": ("eyes", False),
    "Base64 of something else": ("V2hhdCBubyBwYWNrZXQgaG9sZHM=", False),
}


@pytest.mark.parametrize(("text", "is_found"), IN_STRINGS.values(), ids=IN_STRINGS.keys())
def test_a_forbidden_key_of_json_in_a_string(text: str, is_found: bool, judged: Callable[..., Any]) -> None:
    result = judged("R7.3", (("notes",), [0, text]))
    line = result.line_of(("notes", 1))
    assert result.said == ([("CAVRA410", line, "no_private_material", "error")] if is_found else [])
    assert all("notes[1] is JSON with the forbidden key `token`, " in found.message for found in result.found)


def test_each_forbidden_key_of_json_in_strings_is_named(judged: Callable[..., Any]) -> None:
    texts = [json.dumps({"a": {"token": [0]}, "password": 1}), json.dumps({"secret": 1})]
    result = judged("R7.3", (("notes",), texts), (("token",), 1))
    assert sorted(found.message.split("key")[1].split("`")[1] for found in result.found) == [
        "password",
        "secret",
        "token",
        "token",
    ]


def test_the_finding_stands_at_the_key_and_not_at_its_value(judged: Callable[..., Any]) -> None:
    (found,) = judged("R7.1", (("token",), 1)).found
    assert found.column == 3


def test_each_forbidden_key_is_named(judged: Callable[..., Any]) -> None:
    result = judged("R7.1", (("token",), 1), (("attestation", "password"), "evidence://x"), (("notes",), {"secret": 1}))
    places: list[tuple[str | int, ...]] = [("token",), ("attestation", "password"), ("notes", "secret")]
    assert sorted(found.line for found in result.found) == sorted(result.line_of(place) for place in places)
    assert {found.code for found in result.found} == {"CAVRA410"}


def test_a_packet_as_built_has_none(live: dict[str, Any], chain: Any, judged: Callable[..., Any]) -> None:
    for gate in chain.gates:
        assert judged(gate.id).found == []
        assert 'customer_name"' not in json.dumps(live[gate.id])


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("api_key", "apikey", True),
        ("APIKeyID", "api_key_id", True),
        ("HTTPSToken", "https_token", True),
        ("class", "clas", False),
        ("key2", "key", True),
        ("key", "key2", False),
        ("STRASSE", "straße", True),
        ("", "_", False),
        ("_", "", False),
        ("addresses", "address", True),
        ("identities", "identity", True),
        ("salary", "salaries", True),
        ("statuses", "status", True),
        ("days", "day", True),
        ("daies", "day", False),
        ("\u5ba2\u6237", "\u5ba2 \u6237", True),
        ("a" * 200, "A" * 200, True),
        (" ".join("abcdefghijkl"), "a_b_c_d_e_f_g_h_i_j_k_l", True),
    ],
)
def test_same_key(one: str, other: str, same: bool) -> None:
    assert same_key(one, other) is same
    assert not same or outline(one) == outline(other) == next(iter(outlines([other])))


def test_keys_that_are_alike_at_a_first_look_are_each_forbidden(chain: Chain) -> None:
    assert outline("plan") == outline("plane")
    chain = with_forbidden_keys(chain, ["plan", "plane"])
    forbidden = forbidden_keys(chain, chain.gate("R7.4"))
    assert [match_of(forbidden, key) for key in ("Plan", "planes", "plain")] == [
        ("forbidden_key", "plan"),
        ("forbidden_key", "plane"),
        None,
    ]


@pytest.mark.parametrize(
    ("value", "marked"),
    [
        *((value, False) for value in (None, True, False, "", 0, [], {})),
        *((value, True) for value in ("Acme", 1, [None], {"a": 1})),
    ],
    ids=repr,
)
def test_what_stands_below_a_key_has_a_mark_if_it_says_anything(
    value: object, marked: bool, judged: Callable[..., Any]
) -> None:
    (found,) = judged("R7.4", (("customer_name",), value)).found
    before, hash_mark, mark = found.message.partition(", #")
    assert before.startswith("customer_name is a forbidden key of customer identity (`customer_name`")
    assert bool(hash_mark) is marked
    assert mark.endswith("), expected no such key") is marked


def test_the_mark_is_that_of_the_value_wherever_it_stands(judged: Callable[..., Any]) -> None:
    def marks(packet: dict[str, Any]) -> set[str]:
        found = judged("R7.4", *(((key,), value) for key, value in packet.items())).found
        return {one.message.partition("#")[2][:5] for one in found}

    assert len(marks({"customer_name": "jane@ship.io", "notes": "jane@ship.io"})) == 1
    assert len(marks({"customer_name": {"a": 1, "b": 2}, "email": {"b": 2, "a": 1}})) == 1
    assert len(marks({"customer_name": {"a": 1, "b": 2}, "email": {"b": 1, "a": 2}})) == 2


@pytest.mark.parametrize("key", ["Acme", "Acme Corp", "acme.corp"])
def test_no_key_below_a_forbidden_one_is_shown(key: str, judged: Callable[..., Any]) -> None:
    found = judged("R7.4", (("customer_names",), {key: "jane@ship.io"})).found
    assert sorted(one.code for one in found) == ["CAVRA401", "CAVRA420"]
    assert not any("acme" in one.message.casefold() for one in found)


def test_a_key_of_ones_own_is_of_no_category(chain: Chain, live: dict[str, Any]) -> None:
    chain = with_forbidden_keys(chain, ["codename"])
    document = in_memory({**live["R7.4"], "notes": {"codeName": None}})
    (found,) = judge(chain, chain.gate("R7.4"), document, require_live=True)
    assert found.message == "notes.codeName is a forbidden key (`codename`), expected no such key"
