"""Libraries as a command imports them, and as whoever uses the package finds them: what is read is the same."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from cavra_lint.sources.yaml_nodes import composed

YAML = [
    "",
    "a: [1, 'b', \"c\"]\nd: {e: |\n  f\n}\n",
    "a: &x 1\nb: *x\n<<: {c: !!int 2}\n? [d]\n: - e\n",
    "a: b\n---\nc: d\n",
    "a: [1,\n",
    "a: *missing\n",
    "\ta: b\n",
    "a: \x07\n",
    "a: 'b\n",
    "%YAML 9.9\n---\na: b\n",
    f"a: {'[' * 300}{']' * 300}\n",
]
TOML = [
    "a = 1\nb = 0x1F\nc = 1_000.5e3\nd = -inf\n",
    "a = 1979-05-27\nb = 07:32:00.5\nc = 1979-05-27T07:32:00-08:00\nd = 1979-05-27 07:32:00\n",
    "a = 1979-02-30\n",
    "a = 1.\n",
    "a = 'b'\n[tool.cavra-lint]\nrequire-live = true\n",
]
MARKDOWN = [
    "",
    "```bash\na\n```\n",
    "> 1. ~~~ json\n>    {}\n",
    "    indented\n\n<!-- ```\na\n``` -->\n",
    "a | b\n--|--\n`c` | d\n",
]
JSON = [
    *(
        '{"a": ',
        "",
        " \t\r\n",
        "{}",
        ' {"a": [1, -2.5e3, true, null, "\\u00e9"]}\n',
        '{"a": 1, "a": 2}',
        "[]",
        "1",
        '"a"',
    ),
    *(
        '{"a": 1} {}',
        '{"a": 1}x',
        '{"a": 1}\x0b',
        "\xa0{}",
        "\ufeff{}",
        '{"a": 1,}',
        "{'a': 1}",
        '{"a": \n01}',
        '{"a"}',
    ),
    *('{"a": NaN}', '{"a": -Infinity}', '{"a": 1e999}', f'{{"a": {"9" * 200}}}', '{"a": "\n"}', '{"a": "\\ud800"}'),
    *('{"a": "\\x"}', '{"a": "b', "{" * 99 + '"a":' + "}" * 99, '{"a":' * 101 + "1" + "}" * 101),
]
READERS = {
    "yaml": ("from cavra_lint.sources.yaml_nodes import composed as read", YAML),
    "tomli": ("from cavra_lint.config import _document\nread = lambda text: _document(text.encode())", TOML),
    "pyromark": (
        "from cavra_lint.sources.markdown import code_blocks\nread = lambda text: list(code_blocks(text))",
        MARKDOWN,
    ),
    "json": (
        "from cavra_lint.sources.json_document import parse_json\n"
        "read = lambda text: parse_json('a.json', text.encode('utf-8', 'surrogatepass'))",
        JSON,
    ),
}
#: Prints what each text comes to, or what is said of it, and which modules of the library it took.
PROGRAM = """
import json, sys
from cavra_lint import libraries
libraries._alone = {alone}
{before}
{reader}
def told(text):
    try:
        return repr(read(text))
    except ValueError as error:
        return repr(error)
print(json.dumps([list(map(told, json.load(sys.stdin))), sorted(name for name in sys.modules if "{library}" in name)]))
"""
A_THREAD = "import threading; threading.Thread(target=threading.Event().wait, daemon=True).start()"


def told_by(library: str, *, alone: bool, before: str = "") -> tuple[list[str], list[str]]:
    reader, texts = READERS[library]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(alone=alone, before=before, reader=reader, library=library)],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    told, modules = json.loads(done.stdout)
    return told, modules


@pytest.mark.parametrize("library", READERS)
@pytest.mark.parametrize("before", ["", A_THREAD])
def test_a_command_reads_what_whoever_uses_the_package_reads(library: str, before: str) -> None:
    told, _ = told_by(library, alone=True, before=before)
    assert told == told_by(library, alone=False)[0]
    assert len(set(told)) > 3


@pytest.mark.parametrize(
    ("library", "part"), [("yaml", "yaml.dumper"), ("yaml", "yaml.scanner"), ("pyromark", "pyromark._options")]
)
@pytest.mark.parametrize(
    ("alone", "before", "has_part"),
    [(True, "", False), (False, "", True), (True, "import {}", True), (True, A_THREAD, True)],
)
def test_parts_that_no_command_uses_are_for_others(
    library: str, part: str, alone: bool, before: str, has_part: bool
) -> None:
    _, modules = told_by(library, alone=alone, before=before.format(library))
    assert (part in modules) is has_part


def test_without_its_parser_in_c_the_whole_of_pyyaml_is_taken() -> None:
    told, modules = told_by("yaml", alone=True, before="sys.modules['yaml._yaml'] = None")
    assert "yaml.dumper" in modules
    assert [one.startswith("(None, ") for one in told] == [composed(text)[0] is None for text in YAML]


def test_without_the_scanner_in_c_json_is_read_by_the_one_in_python() -> None:
    told, _ = told_by("json", alone=True, before="sys.modules['_json'] = None")
    assert told == told_by("json", alone=False)[0]


@pytest.mark.parametrize(("before", "has_json"), [("", False), ("sys.gettotalrefcount = lambda: 0\n", True)])
def test_json_that_can_be_read_takes_the_scanner_only(before: str, has_json: bool) -> None:
    program = (
        f"import sys\n{before}from cavra_lint.sources.json_document import parse_json\n"
        "print(parse_json('a', b'{\"a\": 1}').value, 'json' in sys.modules)\n"
        "print(parse_json('a', b'{\"a\": 1').value, 'json' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == f"{{'a': 1}} {has_json}\nNone True\n"


def test_patterns_are_compiled_at_once_for_who_comes_later() -> None:
    program = (
        "import re\nfrom cavra_lint import libraries\nlibraries._alone = True\n"
        "from cavra_lint.config import _document\nprint(_document(b'a = 1'), type(re.compile('a')) is re.Pattern)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "{'a': 1} True\n"


def test_who_uses_the_package_has_all_of_pyyaml() -> None:
    program = (
        "import cavra_lint.sources.yaml_nodes as nodes, yaml\nnodes.composed('a: [')\n"
        "print(yaml.safe_dump(yaml.safe_load('{a: [1, 2020-01-01]}')), yaml.cyaml.CSafeLoader)\n"
        "try:\n  yaml.load('a: [', Loader=yaml.CSafeLoader)\nexcept yaml.YAMLError:\n  print('caught')\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.startswith("a:\n- 1\n- 2020-01-01\n")
    assert done.stdout.endswith("caught\n")


def printed(program: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    ("toml", "read", "has_re"),
    [
        ("a = 'b'", "{'a': 'b'}", False),
        ("a = 1", "{'a': 1}", True),
        ("a = 07:32:00", "{'a': datetime.time(7, 32)}", True),
    ],
)
def test_re_is_imported_for_a_text_that_has_something_for_a_pattern(toml: str, read: str, has_re: bool) -> None:
    program = (
        "import sys\nbefore = set(sys.modules)\nfrom cavra_lint import libraries\nlibraries._alone = True\n"
        f"from cavra_lint.config import _document\nprint(_document({toml.encode()!r}))\n"
        "print('re' in set(sys.modules) - before)\n"
        "import re\nprint(type(re.compile('a')) is re.Pattern)\n"
    )
    assert printed(program) == [read, str(has_re), "True"]


@pytest.mark.parametrize("before", ["", "import re as real\n"])
def test_who_asks_re_for_more_than_a_pattern_gets_it(before: str, tmp_path: Path) -> None:
    tmp_path.joinpath("library.py").write_text(
        "import re\nFIRST = re.compile('a', re.VERBOSE)\nESCAPED = re.escape('.')\n"
        "import re\nNEXT = re.compile(ESCAPED)\n"
    )
    program = (
        f"import sys\n{before}sys.path.insert(0, {str(tmp_path)!r})\nfrom cavra_lint import libraries\n"
        "libraries._alone = True\nread = libraries.with_late_patterns(lambda: __import__('library'))\n"
        "import re\nprint(type(read.FIRST) is re.Pattern, read.FIRST.flags == re.compile('a', re.VERBOSE).flags)\n"
        "print(read.FIRST.match('a')[0], read.NEXT.match('a'), type(read.NEXT) is re.Pattern)\n"
        "print(globals().get('real', re) is re is read.re)\n"
    )
    assert printed(program) == ["False True", "a None True", "True"]


@pytest.mark.parametrize(("alone", "before"), [(False, ""), (True, ""), (True, "import json\n"), (True, A_THREAD)])
def test_what_writes_a_verdict_leaves_json_whole_for_others(alone: bool, before: str) -> None:
    program = (
        f"import sys\n{before}\nbefore = set(sys.modules)\nfrom cavra_lint import libraries\n"
        f"libraries._alone = {alone}\nfrom cavra_lint.verdict import as_json\n"
        "written = as_json({'b': ['\\u00e9::', 1, None, {}], 'a': 1.5})\nprint('json.decoder' in sys.modules)\n"
        "import json\nprint(json.loads(written), json.dumps(json.loads(written), indent=2, sort_keys=True))\n"
        "print(json.encoder.JSONEncoder is json.JSONEncoder, json.decoder.JSONDecodeError is json.JSONDecodeError)\n"
        "print(written)\n"
    )
    written = '{\n  "a": 1.5,\n  "b": [\n    "\\u00e9:WITH",\n    1,\n    null,\n    {}\n  ]\n}'
    whole = f"{{'a': 1.5, 'b': ['é::', 1, None, {{}}]}} {written.replace('WITH', ':')}"
    said = f"{not alone or bool(before)}\n{whole}\nTrue True\n{written.replace('WITH', chr(92) + 'u003a')}\n"
    assert printed(program) == said.split("\n")


def test_a_tree_in_order_takes_no_pattern(root: Path) -> None:
    program = (
        "import sys\nbefore = set(sys.modules)\nfrom cavra_lint import cli, libraries\nlibraries._alone = True\n"
        f"print(cli.main(['--repo-root', {str(root)!r}, '--jobs=1']), 're' in set(sys.modules) - before)\n"
    )
    assert printed(program) == ["0 False"]


@pytest.mark.parametrize("missing", ["__import__('library.gone')", "package.gone"])
def test_a_package_that_is_not_as_expected_is_left_to_be_imported(missing: str, tmp_path: Path) -> None:
    tmp_path.joinpath("library").mkdir()
    tmp_path.joinpath("library", "__init__.py").write_text("whole = True\n")
    tmp_path.joinpath("library", "part.py").touch()
    program = (
        f"import sys\nsys.path.insert(0, {str(tmp_path)!r})\n"
        "from cavra_lint import libraries\nlibraries._alone = True\n"
        f"print(libraries.without_init('library', lambda package: (__import__('library.part'), {missing})))\n"
        "print([name for name in sys.modules if name.startswith('library')])\nimport library\nprint(library.whole)\n"
    )
    assert printed(program) == ["None", "[]", "True"]
