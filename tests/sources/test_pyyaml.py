"""PyYAML as a command imports it, and as whoever uses the package as a library finds it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from cavra_lint.sources.yaml_nodes import composed

TEXTS = [
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
#: Prints what each text comes to, and which parts of PyYAML it took.
PROGRAM = """
import json, sys
from cavra_lint import console
console._alone = {alone}
{before}
from cavra_lint.sources.yaml_nodes import composed
told = [repr(composed(text)) for text in json.load(sys.stdin)]
print(json.dumps([told, sorted(name for name in sys.modules if name.startswith("yaml"))]))
"""


def told_by(*, alone: bool, before: str = "") -> tuple[list[str], list[str]]:
    program = PROGRAM.format(alone=alone, before=before)
    done = subprocess.run(
        [sys.executable, "-c", program], input=json.dumps(TEXTS), capture_output=True, text=True, check=True, timeout=60
    )
    told, modules = json.loads(done.stdout)
    return told, modules


@pytest.mark.parametrize(
    ("alone", "before", "has_whole"),
    [
        (True, "", False),
        (False, "", True),
        (True, "import yaml", True),
        (True, "import threading; threading.Thread(target=threading.Event().wait, daemon=True).start()", True),
    ],
)
def test_the_same_is_read_by_parts_and_by_the_whole(alone: bool, before: str, has_whole: bool) -> None:
    told, modules = told_by(alone=alone, before=before)
    assert told == [repr(composed(text)) for text in TEXTS]
    assert ("yaml.dumper" in modules) is has_whole


def test_without_the_parser_in_c_the_whole_is_taken() -> None:
    before = "sys.modules['yaml._yaml'] = None"
    told, modules = told_by(alone=True, before=before)
    assert "yaml.dumper" in modules
    assert [one.startswith("(None, ") for one in told] == [composed(text)[0] is None for text in TEXTS]


def test_who_uses_the_package_has_all_of_pyyaml() -> None:
    program = (
        "import cavra_lint.sources.yaml_nodes as nodes, yaml\nnodes.composed('a: [')\n"
        "print(yaml.safe_dump(yaml.safe_load('{a: [1, 2020-01-01]}')), yaml.cyaml.CSafeLoader)\n"
        "try:\n  yaml.load('a: [', Loader=yaml.CSafeLoader)\nexcept yaml.YAMLError:\n  print('caught')\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.startswith("a:\n- 1\n- 2020-01-01\n")
    assert done.stdout.endswith("caught\n")
