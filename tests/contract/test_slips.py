"""Each slip that a contract can hold is refused by name, where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from two_gates import TWO_GATES, refused

#: What is replaced, by what, the line of the error, and the words that it begins with.
ERRORS = {
    "unknown table": (
        "[layout]",
        "[lay-out]\na = 1\n[layout]",
        8,
        "unknown key `lay-out`, allowed: extends, drop, chain, layout, private, index, gate",
    ),
    "artifacts are no table": (
        "[gate.artifacts]\ndocs =",
        "artifacts =",
        50,
        "[[gate]] S1.1: `artifacts` has the wrong form; expected a table",
    ),
    "unknown key of the chain": (
        'product = "SHIP"',
        'product = "SHIP"\nvendor = "x"',
        5,
        "[chain]: unknown key `vendor`, allowed: id, product, ref_schemes, forbidden_keys",
    ),
    "chain without product": ('product = "SHIP"', "", 2, "[chain]: `product` is missing; expected a text of one line"),
    "id is a number": (
        'id = "S1"\n',
        "id = 1\n",
        3,
        "[chain]: `id` has the wrong form; expected a text without spaces that does not begin wit",
    ),
    "schemes are a string": (
        '["evidence"]',
        '"evidence"',
        5,
        "[chain]: `ref_schemes` has the wrong form; expected a list of schemes such as `evidence`",
    ),
    "schemes hold a number": (
        '["evidence"]',
        '["evidence", 1]',
        5,
        "[chain]: `ref_schemes` has the wrong form; expected a list of schemes such as `evidence`",
    ),
    "unknown key of the layout": (
        'test = "tests',
        'tests = "tests',
        13,
        "[layout]: unknown key `tests`, allowed: live_sanitized_example, live_result, validator, ",
    ),
    "layout without docs": (
        'docs = "docs/{slug}.md"',
        "",
        60,
        "[[gate]] S1.2: `artifacts.docs` is missing, here and in [layout]; expected a path below ",
    ),
    "a mode where none is known": (
        'docs = "docs/{slug}.md"',
        'docs = "docs/{mode}.md"',
        14,
        "[layout]: `docs` has the placeholder `{mode}`, allowed: chain, product",
    ),
    "unknown placeholder": (
        "packets/{slug}.json",
        "packets/{gate}.json",
        9,
        "[layout]: `live_sanitized_example` has the placeholder `{gate}`, allowed: chain, product",
    ),
    "no index": (
        "[index]",
        "[layout.index]",
        19,
        "[layout]: unknown key `index`, allowed: live_sanitized_example, live_result, validator, ",
    ),
    "index without a slug": (
        'slug = "ship-index"',
        "",
        19,
        "[index]: `slug` is missing; expected a name of one word, as a folder could have it",
    ),
    "a gate's kind in the index": (
        'kind = "gates"',
        'kind = "controls"',
        34,
        "[index]: check gates: `kind` is no kind of check here, allowed: gate_count, gates, text",
    ),
    "the index's kind in a gate": (
        'kind = "sections"',
        'kind = "gates"',
        54,
        "[[gate]] S1.1: check crew: `kind` is no kind of check here, allowed: ref, refs, ref_sect",
    ),
    "unknown key of a gate": (
        'packet_option = "--log"',
        'flag = "--log"',
        69,
        "[[gate]] S1.2: unknown key `flag`, allowed: id, name, slug, label, ready_key, packet_sch",
    ),
    "ready key is missing": (
        'ready_key = "ready_for_first"\np',
        "p",
        40,
        "[[gate]] S1.1: `ready_key` is missing, here and in [layout]; expected a text of one line",
    ),
    "unknown artifact": (
        'docs = "handbook',
        'page = "handbook',
        51,
        "[[gate]] S1.1: `artifacts`: unknown key `page`, allowed: live_sanitized_example, live_re",
    ),
    "artifact is a list": (
        '"handbook/first.md"',
        '["a.md"]',
        51,
        "[[gate]] S1.1: `artifacts.docs` has the wrong form; expected a path below the root, with",
    ),
    "unknown key of a check": (
        'healthy = ["aboard"]',
        'healty = ["aboard"]',
        58,
        "[[gate]] S1.1: check crew: unknown key `healty`, allowed: name, kind, required, id_key, ",
    ),
    "healthy is a string": (
        '["aboard"]',
        '"aboard"',
        58,
        "[[gate]] S1.1: check crew: `healthy` has the wrong form; expected a list of texts, not e",
    ),
    "unknown check kind": (
        'kind = "sections"',
        'kind = "section"',
        54,
        "[[gate]] S1.1: check crew: `kind` is no kind of check here, allowed: ref, refs, ref_sect",
    ),
    "sections without an id key": (
        'id_key = "role"',
        "",
        52,
        "[[gate]] S1.1: check crew: `id_key` is missing; a check of kind `sections` needs a text ",
    ),
    "sections without references": (
        'refs_key = "refs"',
        "",
        52,
        "[[gate]] S1.1: check crew: `refs_key` is missing, and so is `ref_key`; a check of kind `sections`",
    ),
    "sections with both": (
        'refs_key = "refs"',
        'refs_key = "refs"\nref_key = "ref"',
        58,
        "[[gate]] S1.1: check crew: `ref_key` stands beside `refs_key`; expected one of the two",
    ),
    "source without a ready key": (
        'ready_key = "ready_for_first"\n[[',
        "[[",
        70,
        "[[gate]] S1.2: check first_result: `ready_key` is missing; a check of kind `source_resul",
    ),
    "text without a length": (
        "min_length = 10",
        "",
        35,
        "[index]: check completion_condition: `min_length` is missing; a check of kind `text` nee",
    ),
    "length is true": (
        "min_length = 10",
        "min_length = true",
        38,
        "[index]: check completion_condition: `min_length` has the wrong form; expected a whole n",
    ),
    "length is a text": (
        "min_length = 10",
        'min_length = "10"',
        38,
        "[index]: check completion_condition: `min_length` has the wrong form; expected a whole n",
    ),
    "checks are a table": (
        '[[index.check]]\nname = "gate_count"\nkind = "gate_count"\n[[index.check]]\nname = "gates"\nkind = "gates"\n'
        "[[index.check]]",
        "[index.check]",
        29,
        "[index]: `check` has the wrong form; expected a list of tables",
    ),
    "id repeated": (
        'id = "S1.2"',
        'id = "S1.1"',
        61,
        "[[gate]] 2: `id` is `S1.1` again; expected an id that no other gate has",
    ),
    "index has a gate's id": (
        'id = "S1.I"',
        'id = "S1.1"',
        20,
        "[index]: `id` is `S1.1`, as that of S1.1; expected its own",
    ),
    "slug repeated": (
        'slug = "second-gate"',
        'slug = "first-gate"',
        64,
        "[[gate]] S1.2: `slug` is `first-gate`, as that of S1.1; expected its own",
    ),
    "ready key repeated": (
        '"ready_for_second"',
        '"ready_for_first"',
        65,
        "[[gate]] S1.2: `ready_key` is `ready_for_first`, as that of S1.1; expected its own",
    ),
    "source that no gate has": (
        '"ready_for_first"\n[[',
        '"ready_for_third"\n[[',
        73,
        "[[gate]] S1.2: check first_result: `ready_key` names `ready_for_third`, and no gate befo",
    ),
    "source that stands later": (
        'required = ["S1.1"]',
        'required = ["S1.2"]',
        77,
        "[[gate]] S1.2: check all_results: `required` names `S1.2`, and no gate before S1.2 has t",
    ),
    "no TOML": ("[chain]", "[chain", 2, "is not TOML: Expected ']' at the end of a table declaration"),
    "an id with a space": (
        'id = "S1.1"',
        'id = "S1 1"',
        41,
        "[[gate]] 1: `id` has the wrong form; expected a text without",
    ),
    "a slug that leaves": ('slug = "first-gate"', 'slug = ".."', 44, "[[gate]] S1.1: `slug` has the wrong form"),
    "a name of two lines": ('name = "First"', 'name = "a\\nb"', 42, "[[gate]] S1.1: `name` has the wrong form"),
    "an option that each command has": (
        '"--log"',
        '"--output"',
        69,
        "[[gate]] S1.2: `packet_option` is `--output`, which each",
    ),
    "a ready key that each verdict holds": (
        '"ready_for_first"\np',
        '"status"\np',
        45,
        "[[gate]] S1.1: `ready_key` is `status`",
    ),
    "a check that each packet holds": (
        'name = "crew"',
        'name = "sanitized"',
        53,
        "[[gate]] S1.1: check sanitized: `name` is `sanitized`",
    ),
    "a check again": (
        'name = "all_results"',
        'name = "first_result"',
        75,
        "[[gate]] S1.2: check 2: `name` is `first_result` again",
    ),
    "a path that leaves": (
        '"handbook/first.md"',
        '"../first.md"',
        51,
        "[[gate]] S1.1: `artifacts.docs` has the wrong form",
    ),
    "a packet of two gates": (
        '"packets/{slug}.json"',
        '"packets/one.json"',
        60,
        "[[gate]] S1.2: `artifacts.live_sanitized_example` is",
    ),
    "an open brace": ('"docs/{slug}.md"', '"docs/{slug.md"', 14, "[layout]: `docs` has a brace that belongs to no"),
    "a length without end": (
        "min_length = 10",
        "min_length = 1000000000",
        38,
        "[index]: check completion_condition: `min_length`",
    ),
    "a circle": (
        'id = "S1.2"',
        'id = "S1.2"\nafter = "S1.2"',
        62,
        "[[gate]] S1.2: `after` names a gate that stands behind",
    ),
    "behind nothing": (
        'id = "S1.2"',
        'id = "S1.2"\nafter = "S1.3"',
        62,
        "[[gate]] S1.2: `after` names no gate of the chain",
    ),
    "a drop from nothing": ("[chain]", 'drop = ["S0"]\n[chain]', 2, "`drop` names no gate of the extended contract"),
    "a private category that is none": (
        "[index]",
        "[private]\nprices = []\n[index]",
        20,
        "[private]: unknown key `prices`",
    ),
    "built words of another kind": (
        'healthy = ["aboard"]',
        'built.refs = ["a"]',
        58,
        "[[gate]] S1.1: check crew: `built`: unknown key",
    ),
    **{
        f"a command that a shell takes apart: {end}": (
            "{live_sanitized_example} --require-live",
            f"{{live_sanitized_example}} {end}",
            17,
            "[layout]: `command` is no single command; expected a program and its words",
        )
        for end in (
            "|| true",
            "| tee out.json",
            "; true",
            "&",
            "> out.json",
            "# --require-live",
            "'--require-live",
            R"\\",
        )
    },
    **{
        f"a command that begins with a word of the shell: {word}": (
            'command = "python3',
            f'command = "{word} python3',
            17,
            "[layout]: `command` begins with a word of the shell; expected a program and its words",
        )
        for word in ("!", "[[", "(", "(cd x", "if", "for", "while", "until", "case", "select", "function")
    },
    "a path that a shell takes for two words": (
        'slug = "second-gate"',
        'slug = "second-gate"\nartifacts.live_sanitized_example = "packets/{name} Gate.json"',
        17,
        "[layout]: `command` takes the path of `live_sanitized_example`, which has a space, apart; expected",
    ),
    "a ready key that is another key of a verdict": (
        'ready_key = "ready_for_first"\npacket',
        'ready_key = "allowed_value_count"\npacket',
        45,
        "[[gate]] S1.1: `ready_key` is `allowed_value_count`, which each verdict holds; expected another key",
    ),
    "a command of one gate that a shell takes apart": (
        'packet_option = "--log"',
        'command = "make first && make second"',
        69,
        "[[gate]] S1.2: `command` is no single command",
    ),
    "an id where each packet has its mode": (
        "[index]",
        'id_key = "evidence_mode"\nid_value = "{slug}"\n[index]',
        42,
        "[[gate]] S1.1: `id_key` is `evidence_mode`, which a packet holds already",
    ),
    "a customer where each packet has its schema": (
        'slug = "second-gate"',
        'slug = "second-gate"\nprofile_ref = "schema_version"',
        65,
        "[[gate]] S1.2: `profile_ref` is no place of a reference in a packet",
    ),
    "a customer in a verdict": (
        'slug = "second-gate"',
        'slug = "second-gate"\nprofile_ref = "first_result.product"',
        65,
        "[[gate]] S1.2: `profile_ref` is no place of a reference in a packet",
    ),
    "a customer below a key without a name": (
        'slug = "second-gate"',
        'slug = "second-gate"\nprofile_ref = "customer..ref"',
        65,
        "[[gate]] S1.2: `profile_ref` is no place of a reference in a packet",
    ),
    "an entry told apart by its status": (
        'id_key = "role"',
        'id_key = "status"',
        56,
        "[[gate]] S1.1: check crew: `id_key` is `status`, which an entry holds already",
    ),
    "an entry told apart by its references": (
        'refs_key = "refs"',
        'refs_key = "role"',
        57,
        "[[gate]] S1.1: check crew: `refs_key` is `role`, which an entry holds already",
    ),
    "an entry with its reference for a summary": (
        'refs_key = "refs"',
        'refs_key = "summary"\nsummary_min_length = 9',
        57,
        "[[gate]] S1.1: check crew: `refs_key` is `summary`, which an entry holds already",
    ),
    "a built status that is not healthy": (
        'healthy = ["aboard"]',
        'healthy = ["aboard"]\nbuilt.status.captain = "ashore"',
        59,
        "[[gate]] S1.1: check crew: `built.status.captain` is none of `healthy`",
    ),
}


@pytest.mark.parametrize(("old", "new", "line", "words"), ERRORS.values(), ids=ERRORS.keys())
def test_a_slip_is_refused_where_it_stands(old: str, new: str, line: int, words: str, tmp_path: Path) -> None:
    assert old in TWO_GATES
    error = refused(tmp_path, TWO_GATES.replace(old, new, 1).encode())
    assert str(error).startswith(f"contract.toml:{line}: {words}")
    assert (error.file, error.line) == ("contract.toml", line)


def test_every_value_of_a_wrong_type_is_refused(tmp_path: Path) -> None:
    """Whatever stands under a key, the error is one line, and never a traceback."""
    lines = TWO_GATES.splitlines()
    for number, line in enumerate(lines):
        key, equals, _ = line.partition(" = ")
        for value in ("0", "true", "{}", '""', "[[]]", "[{}]", "1979-05-27", '["a", "a"]') if equals else ():
            changed = [*lines[:number], f"{key} = {value}", *lines[number + 1 :]]
            assert refused(tmp_path, "\n".join(changed).encode()).line > 0, (line, value)
