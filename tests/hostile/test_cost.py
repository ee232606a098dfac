"""What makes much of little: each of these took minutes, or all memory, and is now read or refused at once."""

from __future__ import annotations

import ast
import json
from itertools import count
from pathlib import Path

import pytest

from cavra_lint import lint, verify_index
from cavra_lint.contract import Chain, load_chain
from cavra_lint.diagnostics import Place
from cavra_lint.packets.build import build
from cavra_lint.packets.judge import judge
from cavra_lint.rules.commands import candidates_of
from cavra_lint.rules.rule import MOST_FINDINGS, Finding, Rule, ask, close_to
from cavra_lint.sources.circumstances import environment_of, within
from cavra_lint.sources.expression import can_run
from cavra_lint.sources.git_index import indexed_paths
from cavra_lint.sources.json_document import in_memory, parse_json
from cavra_lint.sources.json_places import MAX_REPEATED
from cavra_lint.sources.markdown import CodeBlock
from cavra_lint.sources.mermaid import MAX_EDGES, flowchart
from cavra_lint.sources.path_filter import path_filter_matches
from cavra_lint.sources.python_guards import asserts_what_is_known
from cavra_lint.sources.python_imported import MOST_FILES, with_imported
from cavra_lint.sources.python_source import MAX_BYTES, MOST_FIELDS, parse_python
from cavra_lint.sources.python_tests import MAX_INHERITED
from cavra_lint.sources.shell_reader import MAX_OPERATORS, parse
from cavra_lint.sources.workflow import parse_workflow
from cavra_lint.sources.yaml_nodes import MAX_LENGTH


def test_a_product_of_nodes_is_no_chart() -> None:
    many = " & ".join(f"a{number}" for number in range(MAX_EDGES // 100))
    chart = flowchart(CodeBlock("mermaid", f"flowchart TB\n{many} --> {many}\nb --> c\n", 1, True))
    assert chart is not None
    assert (chart.edges, chart.unread) == ((("b", "c", 3),), (2,))


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("[" * 20_000, False),
        ("[a" * 20_000, False),
        ("[\x01-\xff]" * 20_000, False),
        ("[a-d]b[]", False),
        ("[a-c][]", False),
        ("a[a-cx]c", True),
        ("a[]b]c", True),
    ],
)
def test_sets_of_a_path_filter(pattern: str, expected: bool) -> None:
    assert path_filter_matches([pattern], "abc") is expected


def test_a_number_beyond_every_other_is_no_crash() -> None:
    assert can_run(f"0x{'f' * 1000}")
    assert not can_run(f"0x{'f' * 1000} < 1")


def test_here_documents_without_end_are_not_read() -> None:
    assert parse("<<E\n" * (MAX_OPERATORS + 1)).broken_at == 0


@pytest.mark.parametrize(("end", "lines"), [("", [1]), ("\n# x", [1])])
def test_a_line_that_goes_on_and_on(chain: Chain, end: str, lines: list[int]) -> None:
    command = chain.gates[0].command
    script = "echo\n# " + "\\\n" * 100_000 + f"# {command}{end}"
    assert [one.line for one in candidates_of(command, script)] == lines


def test_a_line_is_a_line_of_the_shell(chain: Chain) -> None:
    command = chain.gates[0].command
    script = f"echo '\u2028\x0b\x0c'\r\n# {command}\r\n"
    assert [one.line for one in candidates_of(command, script)] == [1]


@pytest.mark.parametrize(
    "text",
    [
        "class A0:\n def test(s):0\n" + "".join(f"class A{n}(A{n - 1}):\n def test{n}(s):0\n" for n in range(1, 1500)),
        "class TestA0:\n def test(s):0\n"
        + "".join(f"class TestA{n}(TestA{n - 1}):\n def test{n}(s):0\n" for n in range(1, 1500)),
        "class A:\n" + "".join(f" def m{n}(s):0\n" for n in range(5000)) + f"class B({'A,' * 20_000}):0\n",
    ],
    ids=["a line of classes", "a line of tests", "the same base again and again"],
)
def test_classes_that_inherit_without_end(text: str) -> None:
    module = parse_python(text)
    assert not module.problems
    assert len(module.tests) < 2 * MAX_INHERITED


@pytest.mark.parametrize(
    ("test", "helpers"),
    [
        (
            "".join(f"import helpers as h{n}\n" for n in range(6_000)),
            "".join(f"def f{n}():0\n" for n in range(6_000)),
        ),
        ("".join(f"from a{n} import b\n" for n in range(6_000)), "def f():0\n"),
        (f"from helpers import {', '.join(f'f{n}' for n in range(15_000))}\n", "from helpers import *\n" * 6_000),
        (
            "from helpers import *\n",
            "class A0:\n def test(s):\n"
            + "  f()\n" * 6_000
            + "".join(f"class A{n}(A{n - 1}):0\n" for n in range(1, 6_000)),
        ),
    ],
    ids=["one module by many names", "many modules", "names and names", "a line of classes"],
)
def test_imports_without_end(test: str, helpers: str) -> None:
    trees = {"tests/helpers.py": parse_python(helpers).tree}
    tree = parse_python(test).tree
    assert tree is not None
    whole = with_imported(tree, "tests/test_a.py", trees.get, {})
    assert whole is None or len(whole.body) < len(tree.body) + 25_000


def test_files_that_import_each_other_without_end() -> None:
    tree = parse_python("from a1 import x\n").tree
    assert tree is not None
    asked: list[str] = []

    def parse(path: str) -> ast.Module | None:
        asked.append(path)
        module, is_file, _ = path.removeprefix("a").partition(".py")
        return parse_python(f"from a{int(module) + 1} import x\n").tree if is_file and module.isdecimal() else None

    with_imported(tree, "test_a.py", parse, {})
    assert asked[-1] == f"a{MOST_FILES}.py"


def test_what_many_tests_import_is_read_once() -> None:
    bodies = {"a.py": "def ready(x):\n  assert x\n", "b.py": "from a import ready\n", "c.py": "from b import ready\n"}
    known: dict[str, dict[str, ast.stmt]] = {}
    tree = parse_python("from c import ready\n").tree
    trees = {path: parse_python(body).tree for path, body in bodies.items()}
    assert tree is not None
    first = with_imported(tree, "test_a.py", trees.get, known)
    kept = dict(known)
    assert list(kept) == ["a.py"]
    again = with_imported(tree, "test_b.py", trees.get, known)
    assert first
    assert again
    assert ast.dump(again) == ast.dump(first)
    assert known["a.py"] is kept["a.py"]


def test_calls_in_a_row() -> None:
    line = "  assert a" + ".b()" * 900 + "\n"
    assert parse_python("def test_a():\n" + line * 20).shortcoming is not None


@pytest.mark.parametrize(
    "script",
    [
        "P={0}\n{1}a $P{2}",
        "export P={0}\n{1}a $P{2}",
        "l=({3})\n{1}a ${{l[@]}}{4}",
        "l=({0})\n{1}a ${{l[@]}}{4}",
    ],
)
def test_a_text_that_a_script_names_a_thousand_times(script: str) -> None:
    command = "python3 scripts/x.py --packet a/y.json"
    parts = ("x" * 30_000, f"{command}\n", " $P" * 10_000, "x " * 15_000, " ${l[@]}" * 3_000)
    text = script.format(*parts)
    assert [one.difference for one in candidates_of(command, text, environment={"Q": "x" * 400_000})] == [""]


@pytest.mark.parametrize("text", ["x = 1\ny = f'{}'\n", 'x = 1\ny = (rF"""{}""")\n'])
def test_an_f_string_without_end_is_not_read(text: str) -> None:
    (problem,) = parse_python(text.format("{a}" * (MOST_FIELDS + 1)).encode()).problems
    message = f"more than {MOST_FIELDS} braces in a file with f-strings, which are not read"
    assert (problem.line, problem.message) == (2, message)


@pytest.mark.parametrize(("text", "braces"), [("x = f'a'\ny = [{}]\n", 1), ("x = 'of'\ny = [{}]\n", 2)])
def test_many_braces_are_read_where_few_can_be_fields(text: str, braces: int) -> None:
    assert parse_python(text.format("{}, " * (MOST_FIELDS * braces)).encode()).problems == ()


@pytest.mark.parametrize("data", ["a\n" * MAX_BYTES, "#" * (MAX_BYTES + 1)])
def test_python_of_this_size_is_not_read(data: str) -> None:
    (problem,) = parse_python(data).problems
    assert (problem.line, problem.message) == (1, f"has more than {MAX_BYTES} bytes, which is more than is read")


def test_a_workflow_of_this_size_is_not_read() -> None:
    (problem,) = parse_workflow("on: push\n" + "#" * MAX_LENGTH).problems
    assert problem.message == f"has more than {MAX_LENGTH} characters, which is more than is read"


@pytest.mark.parametrize(("data", "line"), [("a\rb\r\nc\n\0", 4), ("\0", 1)], ids=["each end of a line", "the first"])
def test_the_line_of_a_null_byte(data: str, line: int) -> None:
    assert [problem.line for problem in parse_python(data).problems] == [line]


@pytest.mark.parametrize(
    "text",
    [f"# coding: {'x' * 9000}\n", "# coding: punycode\na-b\n", "# coding: rot13\nn\n"],
)
def test_a_message_of_the_python_parser_is_short(text: str) -> None:
    (problem,) = parse_python(text.encode()).problems
    assert len(problem.message) <= 200


def test_a_message_of_the_yaml_parser_is_short() -> None:
    (problem,) = parse_workflow(f"on: *{'x' * 9000}\n").problems
    assert len(problem.message) <= 200


def test_wrong_once_however_often_it_is_named() -> None:
    text = "on: &x {push: [1]}\njobs: {a: {runs-on: u, steps: [&s {run: 1, uses: 2}, " + "*s, " * 20_000 + "]}}\n"
    assert len(parse_workflow(text).problems) == 2


def test_workflows_that_use_each_other(tree: Path, chain: Chain) -> None:
    folder = tree / ".github" / "workflows"
    names = [chain.gates[0].artifacts["workflow"], *(f".github/workflows/w{number}.yml" for number in range(12))]
    for name, following in zip(names, [*names[1:], names[-1]], strict=True):
        jobs = "".join(f"  j{number}: {{uses: ./{following}}}\n" for number in range(30))
        steps = "".join(f"      - uses: ./{following}/../a{number}\n" for number in range(3))
        text = f"on: [push, workflow_call]\njobs:\n{jobs}  k:\n    runs-on: u\n    steps:\n{steps}"
        (tree / name).write_text(text, encoding="utf-8")
    for number in range(3):
        (folder / f"a{number}").mkdir()
        uses = "".join(f"    - uses: ./.github/workflows/a{other}\n" for other in range(3) for _ in range(9))
        (folder / f"a{number}" / "action.yml").write_text(f"runs:\n  using: composite\n  steps:\n{uses}", "utf-8")
    assert "CAVRA302" in {found.code for found in lint(tree, paths=[names[0]])}


def test_an_action_that_jobs_on_any_runners_use(tree: Path, chain: Chain) -> None:
    path = chain.gates[0].artifacts["workflow"]
    jobs = "".join(f"  j{n}:\n    runs-on: u{n}\n    steps:\n      - uses: ./a\n" for n in range(1_000))
    (tree / path).write_text(f"on: push\njobs:\n{jobs}", encoding="utf-8")
    (tree / "a").mkdir()
    steps = "    - {run: a, shell: sh}\n" * 2_000
    (tree / "a" / "action.yml").write_text(f"runs:\n  using: composite\n  steps:\n{steps}", encoding="utf-8")
    assert [found.code for found in lint(tree, paths=[path])] == ["CAVRA302"]


def test_commands_behind_paths_without_end(tree: Path, chain: Chain) -> None:
    gate = chain.gates[0]
    steps = "".join(f"      - run: PATH=t{n}:$PATH {gate.command} || true\n" for n in range(600))
    (tree / gate.artifacts["workflow"]).write_text(
        f"on: push\njobs:\n  a:\n    runs-on: u\n    steps:\n{steps}", "utf-8"
    )
    assert [found.code for found in lint(tree, paths=[gate.artifacts["workflow"]])] == ["CAVRA303"]


def test_a_used_workflow_with_a_problem_guards_nothing(tree: Path, chain: Chain) -> None:
    path = chain.gates[0].artifacts["workflow"]
    used = tree / ".github" / "workflows" / "used.yml"
    used.write_text((tree / path).read_text("utf-8").replace("\non:\n", "\non:\n  workflow_call:\n"), encoding="utf-8")
    (tree / path).write_text("on: push\njobs: {a: {uses: ./.github/workflows/used.yml}}\n", encoding="utf-8")
    assert "CAVRA302" not in {found.code for found in lint(tree, paths=[path])}
    used.write_text(used.read_text("utf-8") + "on: push\n", encoding="utf-8")
    assert "CAVRA302" in {found.code for found in lint(tree, paths=[path])}


@pytest.mark.parametrize("entry", [1, {}, {"gate_id": "R7.1"}, {"gate_id": "R7.x"}, {"gate_id": 1}, None])
def test_findings_without_end_end(tree: Path, chain: Chain, entry: object) -> None:
    index = json.loads((tree / chain.index_gate.artifacts["live_sanitized_example"]).read_text("utf-8"))
    index["gates"] += [entry] * 20_000
    verdict = verify_index(index, repo_root=tree)
    last = f"is followed by more findings of this kind than the {MOST_FINDINGS} that are listed"
    assert last in {found["message"] for found in verdict["diagnostics"]}
    assert (verdict["status"], len(verdict["diagnostics"]) < 3 * MOST_FINDINGS) == ("blocked", True)


def test_a_rule_that_finds_without_end_is_not_asked_on(chain: Chain) -> None:
    endless = Rule("CAVRA999", "endless", lambda subject: (Finding(subject, "is wrong") for _ in count()))
    found = list(ask((endless, endless), Place("a.json"), chain, chain.index_gate, "checks"))
    assert len(found) == 2 * (MOST_FINDINGS + 1)


def test_a_message_that_quotes_a_name_without_end_is_cut(tree: Path, chain: Chain) -> None:
    path = chain.gates[0].artifacts["test"]

    def message(length: int) -> str:
        (tree / path).write_text(f"def test_{'x' * length}():\n    assert True\n", encoding="utf-8")
        (found,) = lint(tree, paths=[path])
        return found.message

    longest = 2000 - len(message(0))
    assert [(len(text), text[-3:] == "...") for text in map(message, (longest, longest + 1, 300_000))] == [
        (2000, False),
        (2003, True),
        (2003, True),
    ]


def test_keys_that_stand_twice_without_end() -> None:
    document = parse_json("p", b"{" + b'"a":1,' * 20_000 + b'"a":1}')
    assert (document.value, len(document.problems)) == (None, MAX_REPEATED + 1)


def test_keys_of_another_script_without_end() -> None:
    keys = [f"\u00e9{number}" for number in range(40_000)]
    document = parse_json("p", json.dumps(dict.fromkeys([*keys, "e"], 1), ensure_ascii=False).encode())
    assert document.value is not None
    assert len(document.value) == len(keys) + 1


def test_variables_without_end() -> None:
    text = "on: push\njobs:\n  a:\n    runs-on: u\n    steps:\n      - run: a\n"
    (job,) = parse_workflow(text).jobs
    names = [f"{letter}{number}" for number in range(40_000) for letter in "Aa"]
    (run,) = within(job._replace(env=dict.fromkeys([*names, "b"], "c")), {})
    assert environment_of(job.steps[0], job._replace(env=dict.fromkeys([*names, "b"], "c")), [run]) == {"b": "c"}


def test_a_guard_of_names_without_end() -> None:
    names = ", ".join(f"a{number}" for number in range(16_000))
    test = f"def test_a():\n  if not f({names}):\n    return\n" + "  b = 1\n" * 16_000 + f"  assert f({names})\n"
    (body,) = [node.body for node in ast.parse(test).body if isinstance(node, ast.FunctionDef)]
    assert asserts_what_is_known(body, lambda statement: isinstance(statement, ast.Return)) == {id(body[-1])}


def test_a_slip_among_too_many_names_is_not_looked_for() -> None:
    many = [f"{number}_unlike" for number in range(100_000)]
    assert close_to("validator", ["validtor", *many]) == "validtor"
    assert close_to("validator", [*many, "validtor"]) is None


def test_parts_that_an_index_from_memory_holds_twice_over(tree: Path, chain: Chain) -> None:
    index = json.loads((tree / chain.index_gate.artifacts["live_sanitized_example"]).read_text("utf-8"))
    held: list[object] = []
    for _ in range(60):
        held = [held, held]
    assert verify_index({**index, "gates": held}, repo_root=tree)["status"] == "blocked"
    assert verify_index({**index, "more": held}, repo_root=tree)["status"] in ("ready", "blocked")


def test_a_git_index_that_repeats_a_path_without_end() -> None:
    entry = bytes(40 + 20) + b"\x0f\xff"
    head = b"DIRC" + (4).to_bytes(4, "big") + (3).to_bytes(4, "big")
    assert indexed_paths(head + entry + b"\0" + b"a" * 100_000 + b"\0" + (entry + b"\0b\0") * 2 + bytes(40)) is None
    assert indexed_paths(head + entry + b"\xff" * 300_000 + b"\0") is None


@pytest.mark.parametrize("nested", ["1{}", "a{}", "def test():\n  assert a{}"])
@pytest.mark.parametrize("step", ["+1", ".b", "()", "[0]"])
def test_an_expression_that_nests_without_a_bracket(nested: str, step: str) -> None:
    # Python 3.10 went down with it
    module = parse_python(nested.format(step * (200_000 // len(step))))
    assert len(module.tests) <= 1
    assert len(module.problems) <= 1


def test_a_contract_that_asks_for_many_things(root: Path, tmp_path: Path) -> None:
    names = [f"s{number}" for number in range(20_000)]
    listed, said = ", ".join(f'"{name}"' for name in names), ", ".join(f'{name} = "s19999"' for name in names)
    about = f'required = [{listed}], id_key = "id", ref_key = "ref", healthy = [{listed}], built.status = {{ {said} }}'
    text = (root / "examples" / "model-release-chain" / "chain.toml").read_text("utf-8")
    checks = (
        f'{{ name = "refs", kind = "refs", required = [{listed}] }},\n{{ name = "all", kind = "sections", {about} }},'
    )
    (tmp_path / "chain.toml").write_text(
        text.replace('check = [\n  { name = "lineage"', f'check = [\n{checks}\n{{ name = "lineage"', 1)
    )
    chain = load_chain(str(tmp_path / "chain.toml"))
    gate = chain.gates[0]
    packet = in_memory(build(chain, gate, "live"))
    assert packet.value is not None
    assert len(packet.value["all"]) == len(packet.value["refs"]) == len(names)
    assert list(judge(chain, gate, packet, require_live=True)) == []
