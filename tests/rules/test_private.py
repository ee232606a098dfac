"""Check kind no_private_material: which keys are forbidden ones, and which only look like it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from cavra_lint.rules.private import as_words

CHAIN_KEYS = (
    "api_key",
    "connection_string",
    "customer_data",
    "dataset_rows",
    "email",
    "model_bytes",
    "model_weights",
    "password",
    "private_key",
    "prompt_samples",
    "raw_model",
    "secret",
    "smtp_password",
    "source_code",
    "tenant_name",
    "token",
    "training_data",
)


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
ALLOWED = (
    "commercial_terms_excluded",
    "customer_identifiers_excluded",
    "contains_no_secrets",
    "no_secret_material",
    "token_ref",
    "tokenizer",
    "secretary",
    "email_policy",
    "customer",
    "customer_profile_ref",
    "name",
    "models",
    "weights",
    "passwor",
    "customer_nam",
    "private_notes_excluded",
    "ss",
    "s",
)


@pytest.mark.parametrize("key", CHAIN_KEYS)
def test_each_key_of_the_chain_is_forbidden(key: str, judged: Callable[..., Any]) -> None:
    result = judged("R7.1", ((key,), None))
    assert result.said == [("CAVRA401", result.line_of((key,)), "no_private_material", "error")]
    assert result.found[0].message == f"{key} is a forbidden key (`{key}`), expected no such key"


@pytest.mark.parametrize("key", SPELLINGS.values(), ids=SPELLINGS.keys())
def test_a_key_is_the_same_however_it_is_spelt(key: str, judged: Callable[..., Any]) -> None:
    result = judged("R7.8", ((key,), "private words"))
    assert result.said == [("CAVRA401", result.line_of((key,)), "no_private_material", "error")]
    assert "(`customer_name`)" in result.found[0].message
    assert "private words" not in result.found[0].message


@pytest.mark.parametrize(("key", "meant"), MORE_SPELLINGS.values(), ids=MORE_SPELLINGS.keys())
def test_words_are_told_apart(key: str, meant: str, judged: Callable[..., Any]) -> None:
    (found,) = judged("R7.1", ((key,), 1)).found
    assert f"(`{meant}`)" in found.message


@pytest.mark.parametrize("key", ALLOWED)
def test_part_of_a_key_is_no_finding(key: str, judged: Callable[..., Any]) -> None:
    assert judged("R7.10", ((key,), "evidence://x")).found == []


@pytest.mark.parametrize("value", [None, "", False, [], {}, "evidence://x", 0], ids=repr)
def test_no_value_makes_a_forbidden_key_good(value: object, judged: Callable[..., Any]) -> None:
    assert [found.code for found in judged("R7.2", (("password",), value)).found] == ["CAVRA401"]


@pytest.mark.parametrize(
    ("gate_id", "key", "forbidden"),
    [
        ("R7.1", "legal_terms", False),
        ("R7.5", "customer_name", False),
        ("R7.6", "customer_name", True),
        ("R7.7", "raw_evidence", False),
        ("R7.8", "raw_evidence", True),
        ("R7.9", "legal_terms", False),
        ("R7.10", "legal_terms", True),
    ],
)
def test_a_gate_has_keys_of_its_own(gate_id: str, key: str, forbidden: bool, judged: Callable[..., Any]) -> None:
    assert bool(judged(gate_id, ((key,), 1)).found) is forbidden


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
    assert result.said == [("CAVRA401", result.line_of(at), "no_private_material", "error")]


def test_the_finding_stands_at_the_key_and_not_at_its_value(judged: Callable[..., Any]) -> None:
    (found,) = judged("R7.1", (("token",), 1)).found
    assert found.column == 3


def test_each_forbidden_key_is_named(judged: Callable[..., Any]) -> None:
    result = judged("R7.1", (("token",), 1), (("attestation", "password"), "evidence://x"), (("notes",), {"secret": 1}))
    places: list[tuple[str | int, ...]] = [("token",), ("attestation", "password"), ("notes", "secret")]
    assert sorted(found.line for found in result.found) == sorted(result.line_of(place) for place in places)
    assert {found.code for found in result.found} == {"CAVRA401"}


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
        ("key2", "key", False),
        ("Straße", "strasse", False),
        ("", "_", True),
        ("addresses", "address", False),
    ],
)
def test_as_words(one: str, other: str, same: bool) -> None:
    assert (as_words(one) == as_words(other)) is same
