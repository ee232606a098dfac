"""The rules about a gate's test and validator, on files of R7.4."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cavra_lint.contract import Chain
from cavra_lint.sources.python_imported import MOST_FILES
from judged_code import GOOD, found_in

READY = "def ready(x):\n  assert judge(x)\n"
CASE = "class GateCase:\n  def test_it(self):\n    assert judge(self.gate)\n"
UNITTEST = (
    "import unittest\nclass GateCase(unittest.TestCase):\n  def test_it(self):\n    self.assertTrue(judge(self.gate))\n"
)
OK = "class GateCase:\n  def ok(self, x):\n    assert judge(x)\n"
CLI = "import pytest\n@pytest.fixture\ndef cli():\n  def run(x):\n    assert judge(x)\n  return run\n"
LOOP = "from a import ready\ndef x(y): ready(y)\n"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("GATE_ID = 'R7.4'\n", 1, "no test"),
        ("# R7.4\ndef check_it():\n    assert run('R7.4')\n", 1, "no test"),
        ("def outer():\n    def test_it():\n        assert run('R7.4')\n", 1, "no test"),
        ("def test_it():\n    assert True\n\nID = 'R7.4'\n", 1, "constants"),
        ("ID = 'R7.4'\n\ndef test_it():\n    run(ID)\n", 3, "constants"),
        ("def test_it():\n    return\n    assert run('R7.4')\n", 1, "constants"),
        ("def test_it():\n    if False:\n        assert run('R7.4')\n", 1, "constants"),
        ("def test_it():\n    assert run('R7.4') or True\n", 1, "constants"),
        ("import pytest\n\n@pytest.mark.skip\ndef test_it():\n    assert run('R7.4')\n", 4, "skip"),
        ("import pytest\npytestmark = pytest.mark.skip\ndef test_it():\n    assert run('R7.4')\n", 3, "skip"),
        ("import pytest\n\ndef test_it():\n    pytest.skip('later')\n    assert run('R7.4')\n", 3, "skip"),
        ("import pytest\n\n@pytest.mark.skipif(True, reason='x')\ndef test_it():\n    assert run('R7.4')\n", 4, "skip"),
        ("def test_it():\n    assert run('R7.40')\n", 1, "names R7.4"),
        ("# R7.4\ndef test_it():\n    '''R7.4'''\n    assert run('R7.3')\n", 2, "names R7.4"),
        ("GATE = 'R7.4'\n\ndef test_it():\n    assert run('R7.3')\n", 3, "names R7.3, and asks nothing of its own"),
        (
            "class TestGate:\n    def __init__(self): pass\n    def test_it(self):\n        assert run('R7.4')\n",
            1,
            "no test",
        ),
    ],
)
def test_a_test_that_exercises_nothing(text: str, line: int, words: str, tmp_path: Path, chain: Chain) -> None:
    found = found_in(tmp_path, chain, "test", text)
    assert [(at, code) for at, code, _ in found] == [(line, "CAVRA307")]
    assert words in found[0][2]


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        GOOD.replace("\n", "\r\n"),
        "GATE = 'R7.4'\n\ndef test_it(gate):\n    assert gate.run()\n",
        "GATE = 'R7.4'\n\ndef test_it():\n    assert run(GATE, source='R7.3')\n",
        "\ufeff" + GOOD,
        "GATE = 'customer-operating-review'\n\nclass TestGate:\n    def test_it(self):\n        assert run(GATE)\n",
        "import customer_operating_review as gate\n\ndef test_it():\n    assert gate.main() == 0\n",
        "def test_it():\n    assert run()['ready_for_customer_operating_review']\n",
        "import validate_customer_operating_review as gate\n\ndef test_it():\n    assert gate.main() == 0\n",
        "import pytest\n\ndef test_it():\n    with pytest.raises(ValueError):\n        run('R7.4')\n",
        "import unittest\n\nclass T(unittest.TestCase):\n  def test_it(self):\n    self.assertTrue(run('R7.4'))\n",
        "import subprocess\n\ndef test_it():\n    subprocess.run(['python3', 'x', 'R7.4'], check=True)\n",
        "def ready(v):\n    assert v\n\ndef test_it():\n    ready(run('R7.4'))\n",
        "import pytest\n\n@pytest.mark.skip\ndef test_a(): pass\n\ndef test_b():\n    assert run('R7.4')\n",
        "async def test_it():\n    assert await run('R7.4')\n",
    ],
)
def test_a_test_that_tests_the_gate(text: str, tmp_path: Path, chain: Chain) -> None:
    assert found_in(tmp_path, chain, "test", text) == []


@pytest.mark.parametrize(
    ("text", "other", "body"),
    [
        ("from helpers import ready\ndef test_a(): ready('R7.4')\n", "tests/helpers.py", READY),
        ("from helpers import ready as ok\ndef test_a(): ok('R7.4')\n", "helpers.py", READY),
        ("from cavra.testing import ready\ndef test_a(): ready('R7.4')\n", "src/cavra/testing.py", READY),
        ("import helpers as h\ndef test_a(): h.ready('R7.4')\n", "tests/helpers.py", READY),
        ("import tests.helpers\ndef test_a(): tests.helpers.ready('R7.4')\n", "tests/helpers.py", READY),
        ("from . import helpers\ndef test_a(): helpers.ready('R7.4')\n", "tests/helpers/__init__.py", READY),
        ("from .helpers import ready\ndef test_a(): ready('R7.4')\n", "tests/helpers.py", READY),
        ("from helpers import *\ndef test_a(): ready('R7.4')\n", "tests/helpers.py", READY),
        ("from helpers import test_it\nprint('R7.4')\n", "tests/helpers.py", READY.replace("ready", "test_it")),
        ("from helpers import ready\ndef test_a(): ready('R7.4')\n", "tests/helpers.py", "def ready(x:\n"),
        ("from helpers import GateCase\nclass TestA(GateCase):\n  gate = 'R7.4'\n", "tests/helpers.py", CASE),
        ("import helpers\nclass TestA(helpers.GateCase):\n  gate = 'R7.4'\n", "tests/helpers.py", CASE),
        ("from helpers import GateCase\nclass A(GateCase):\n  gate = 'R7.4'\n", "tests/helpers.py", UNITTEST),
        ("from helpers import GateCase as G\nclass TestA(G):\n  def test_a(self): self.ok('R7.4')\n", "helpers.py", OK),
        ("def test_a(cli): cli('R7.4')\n", "tests/conftest.py", CLI),
        ("def test_a(cli): cli('R7.4')\n", "conftest.py", CLI),
        ("from ..helpers import ready\ndef test_a(): ready('R7.4')\n", "helpers.py", READY),
        ("from .a import helpers\ndef test_a(): helpers.ready('R7.4')\n", "tests/a/helpers.py", READY),
    ],
)
def test_a_test_that_tests_by_what_another_file_defines(
    text: str, other: str, body: str, tmp_path: Path, chain: Chain
) -> None:
    path = tmp_path / other
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(body, encoding="utf-8")
    assert_ready = text.replace("ready", "assert_ready")
    known = "def ready(x:" not in body
    assert found_in(tmp_path, chain, "test", text if known else assert_ready) == []
    # the same where the other file asserts nothing, whatever it is called
    path.write_text(
        re.sub(r"self.assertTrue|assert ", "print", body.replace("ready", "assert_ready")), encoding="utf-8"
    )
    if known:
        ((line, code, _),) = found_in(tmp_path, chain, "test", assert_ready)
        assert (line <= 3, code) == (True, "CAVRA307")


def test_what_judges_asserts_nothing(tmp_path: Path, chain: Chain) -> None:
    (tmp_path / "cavra_lint").mkdir()
    raising = "def verify_packet(gate_id, packet):\n    if not packet:\n        raise TypeError(packet)\n"
    (tmp_path / "cavra_lint/__init__.py").write_text(raising, encoding="utf-8")
    text = "from cavra_lint import verify_packet\n\ndef test_it():\n    print(verify_packet('R7.4', {}))\n"
    assert [code for _, code, _ in found_in(tmp_path, chain, "test", text)] == ["CAVRA307"]


@pytest.mark.parametrize(
    ("path", "helps"),
    [("src/gates.py", False), ("gates.py", False), ("tests/gates.py", True), ("src/gates/testing.py", True)],
)
@pytest.mark.parametrize("body", ["if x not in ALL:\n    raise ValueError(x)", "return check_all(x)"])
def test_what_is_tested_asserts_nothing_for_a_test(
    path: str, helps: bool, body: str, tmp_path: Path, chain: Chain
) -> None:
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).write_text(f"from others import check_all\ndef judge(x):\n  {body}\n", encoding="utf-8")
    module = "gates.testing" if "testing" in path else "gates"
    text = f"from {module} import judge\ndef test_a(): judge('R7.4')\n"
    assert [code for _, code, _ in found_in(tmp_path, chain, "test", text)] == ([] if helps else ["CAVRA307"])
    asserting = text.replace("judge('", "assert judge('")
    assert found_in(tmp_path, chain, "test", asserting) == []


@pytest.mark.parametrize("asserting", [True, False])
@pytest.mark.parametrize(
    ("before", "beside"),
    [("tests/conftest.py", ""), ("conftest.py", ""), ("tests/others.py", "import others\n")],
)
def test_what_a_test_names_is_read_before_what_that_names(
    before: str, beside: str, asserting: bool, tmp_path: Path, chain: Chain
) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / before).write_text("import m0\n", encoding="utf-8")
    for number in range(MOST_FILES + 1):
        (tmp_path / f"m{number}.py").write_text(f"import m{number + 1}\n", encoding="utf-8")
    case = CASE if asserting else CASE.replace("assert ", "print")
    (tmp_path / "tests" / "helpers.py").write_text(case, encoding="utf-8")
    text = f"from helpers import GateCase\n{beside}class TestA(GateCase):\n  gate = 'R7.4'\n"
    found = found_in(tmp_path, chain, "test", text)
    assert [code for _, code, _ in found] == ([] if asserting else ["CAVRA307"])


@pytest.mark.parametrize(
    ("text", "others", "line"),
    [
        ("from helpers import ready\ndef test_a(): print('R7.4', ready)\n", {"helpers": READY}, 2),
        ("from helpers import ready\ndef ready(x): pass\ndef test_a(): ready('R7.4')\n", {"helpers": READY}, 3),
        ("from helpers import GateCase\nclass A(GateCase):\n  gate = 'R7.4'\n", {"helpers": CASE}, 1),
        ("import helpers\nprint('R7.4')\n", {"helpers": UNITTEST}, 1),
        ("import subprocess\ndef test_a(): subprocess.run(['R7.4'])\n", {"conftest": CLI}, 2),
        ("\ndef test_a(cli): print('R7.4', cli)\n", {"conftest": CLI}, 2),
        (
            "from a import ready\ndef test_a(): ready()\n",
            {"a": "from b import ready\n", "b": READY + "G = 'R7.4'\n"},
            2,
        ),
        (
            "from helpers import GateCase\nclass TestA(GateCase):\n  gate = 'R7.4'\n",
            {"helpers": f"import pytest\n@pytest.mark.skip\n{CASE}"},
            2,
        ),
        (
            "from a import ready\ndef test_a(): ready('R7.4')\n",
            {"a": "from b import x\ndef ready(y): x(y)\n", "b": LOOP},
            2,
        ),
    ],
)
def test_a_test_that_another_file_gives_nothing(
    text: str, others: dict[str, str], line: int, tmp_path: Path, chain: Chain
) -> None:
    (tmp_path / "tests").mkdir()
    for name, body in others.items():
        (tmp_path / "tests" / f"{name}.py").write_text(body, encoding="utf-8")
    assert [(at, code) for at, code, _ in found_in(tmp_path, chain, "test", text)] == [(line, "CAVRA307")]


@pytest.mark.parametrize(
    "text",
    [
        "'''R7.4'''\n",
        "import json, sys\n",
        "print('{\"ready\": true}')\n",
        "import sys\nsys.exit(0)\n",
        "def main():\n    judge()\n",
        "if False:\n    judge()\n",
        "def main():\n    print('ready')\n\nif __name__ == '__main__':\n    main()\n",
        "x = 1\npass\n",
    ],
)
def test_a_validator_that_does_nothing(text: str, tmp_path: Path, chain: Chain) -> None:
    assert [(line, code) for line, code, _ in found_in(tmp_path, chain, "validator", text)] == [(1, "CAVRA308")]


@pytest.mark.parametrize("named", ["'R7.3'", "'ready_for_customer_closeout_handoff'", "'R7.11'"])
def test_a_validator_of_another_gate(named: str, tmp_path: Path, chain: Chain) -> None:
    assert found_in(tmp_path, chain, "validator", f"from gates import judge; judge({named}, 'R7.4')\n") == []
    (found,) = found_in(tmp_path, chain, "validator", f"from gates import judge; judge({named})  # R7.4\n")
    assert found[:2] == (1, "CAVRA308")
    assert found[2].startswith("names R7.")
    assert found_in(tmp_path, chain, "validator", f"from gates import judge; G = 'R7.4'; judge({named})") == [found]


@pytest.mark.parametrize(
    "text",
    [
        "import sys\nfrom gates import main\n\nif __name__ == '__main__':\n    sys.exit(main('R7.4'))\n",
        "from gates import judge; judge('R7.3.json')\n",
        "import runpy\nrunpy.run_module('gates')\n",
        "from gates import judge\n\ndef main():\n    return judge()\n\nraise SystemExit(main())\n",
        "from gates import *\n\njudge(PACKET)\n",
        "import gates.judge, os.path as p\n\ngates.judge(p.sep)\n",
        "import gates\n\ndef f():\n  global x\n  for x in gates.all():\n    pass\n\nf()\ngates.judge(x)\n",
        "import gates\n\nif 'x' in globals():\n    gates.judge(x)\n",
        "import gates\n\nclass A: pass\n\ntry:\n  gates.judge(A)\nexcept ValueError as e:\n  raise SystemExit(e)\n",
        "from gates import judge\n\ntry:\n    judge(PACKET)\nexcept NameError:\n    judge('R7.4')\n",
        "import gates\n\ndef run(a: Packet, *b, **c) -> Packet:\n    gates.judge(a, b, c)\n\nrun(__file__)\n",
        "import gates\n\nfor packet in gates.all():\n    [gates.judge(one) for one in packet if (last := one)]\n",
        "import gates\n\nmatch gates.read():\n  case {'a': first, **rest}:\n    gates.judge(first, rest)\n",
        "import gates\n\nwith gates.one() as one:\n    gates.judge(lambda packet: (one, packet))\n",
    ],
)
def test_a_validator_that_does_something(text: str, tmp_path: Path, chain: Chain) -> None:
    assert found_in(tmp_path, chain, "validator", text) == []


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (
            "import sys\n\nprint(json.load(sys.stdin)['R7.4'])\njudge()\n",
            3,
            "uses `json`, which nothing in it imports or defines, expected it to judge a packet of R7.4",
        ),
        ("def main():\n    gates.judge('R7.4')\n\nmain()\n", 2, "uses `gates`, which nothing in it"),
        ("import gates as g\n\ng.judge('R7.4')\ngates.judge()\n", 4, "uses `gates`, which nothing in it"),
        ("from gates import judge as go\n\ngo('R7.4')\njudge()\n", 4, "uses `judge`, which nothing in it"),
        ("from gates import judge\n\ndef f(a: b) -> c:\n    judge(a, d)\n\nf('R7.4')\n", 4, "uses `d`, which nothing"),
        (
            "from gates import judge\n\n\ndef main():\n    return jugde()\n\n\nmain()\n",
            5,
            "uses `jugde` (did you mean `judge`?), which nothing in it imports or defines, expected it to",
        ),
    ],
)
def test_a_validator_that_ends_at_a_name(text: str, line: int, message: str, tmp_path: Path, chain: Chain) -> None:
    ((at, code, found),) = found_in(tmp_path, chain, "validator", text)
    assert (at, code) == (line, "CAVRA308")
    assert found.startswith(message)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("from cavra_lint.gate import command\nprint('R7.4')\ncommand('R7.3', repo_root='.')\n", 3),
        ("from cavra_lint.gate import main\nGATE = 'R7.3'\nprint('of R7.4')\nraise SystemExit(main(GATE))\n", 4),
        ("from cavra_lint.gate import command\ncommand('R7.4', repo_root='.')\n", None),
        ("from cavra_lint.gate import main\nraise SystemExit(main('R7.3') or main('R7.4'))\n", None),
        ("from gates import main, source\nsource('R7.3')\nmain('operating review of R7.4')\n", None),
    ],
)
def test_a_validator_that_has_another_gate_judged(text: str, line: int | None, tmp_path: Path, chain: Chain) -> None:
    found = found_in(tmp_path, chain, "validator", text)
    told = (line, "CAVRA308", "judges R7.3, expected it to judge a packet of R7.4")
    assert found == ([told] if line else [])


BUILT = """from cavra_lint import build_packet, verify_packet
raise SystemExit(verify_packet('R7.4', PACKET)['blocker_count'])
"""


@pytest.mark.parametrize(
    ("packet", "is_told"),
    [
        ("build_packet('R7.4', evidence_mode='live')", False),
        ("__import__('json').load(open('x.json'))", False),
        ("__import__('json').load(open(f'{ROOT}/customer-operating-review.live.sanitized.example.json'))", True),
        ("__import__('json').load(open(f'{ROOT}/customer-operating-review/{slug}'))", True),
        ("__import__('json').load(__import__('sys').stdin)", True),
        ("__import__('json').load(open(__import__('sys').argv[2]))", True),
    ],
)
def test_a_validator_judges_what_it_is_handed(packet: str, is_told: bool, tmp_path: Path, chain: Chain) -> None:
    found = found_in(tmp_path, chain, "validator", f"ROOT = slug = '.'\n{BUILT.replace('PACKET', packet)}")
    message = "looks at nothing that it is handed, expected it to judge a packet of R7.4"
    assert found == ([] if is_told else [(1, "CAVRA308", message)])
    if not is_told:
        assert found_in(tmp_path, chain, "validator", f"ROOT = '.'\nimport click\n{BUILT}PACKET = click.x\n") == []


#: A validator by `argparse`; what stands behind it reads a packet, from the seventh line on.
PARSED = """import argparse, json
from cavra_lint import verify_packet

parser = argparse.ArgumentParser()
parser.add_argument("--packet", "-p", required=True)
parser.add_argument("--require-live", action="store_true")
args = parser.parse_args()
"""
ENDS = "raise SystemExit(verify_packet('R7.4', json.load(open(PATH)), require_live=LIVE)['blocker_count'])\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (ENDS.replace("LIVE", "False").replace("PATH", "args.packet"), (6, "`--require-live`")),
        (ENDS.replace(", require_live=LIVE", "").replace("PATH", "args.packet"), (6, "`--require-live`")),
        (ENDS.replace("LIVE", "args.require_live").replace("PATH", "'x.json'"), (5, "`--packet`")),
        (ENDS.replace("LIVE", "args.require_live").replace("PATH", "args.packet"), None),
        (ENDS.replace("LIVE", "True").replace("PATH", "args.packet"), None),
        (ENDS.replace("LIVE", "getattr(args, 'require_live')").replace("PATH", "args.packet"), None),
        ("packet = json.load(open(args.packet))\nassert packet['evidence_mode'] == 'live', 'R7.4'\n", None),
        (ENDS.replace("LIVE", "args.__dict__['require_live']").replace("PATH", "args.packet"), None),
        ("raise SystemExit(verify_packet('R7.4', **vars(args))['blocker_count'])\n", None),
        ("from gates import judge\nraise SystemExit(judge('R7.4', args))\n", None),
        ("known, rest = args, args.packet\nfrom gates import judge\njudge('R7.4')\n", None),
    ],
)
def test_a_validator_does_something_with_what_it_takes(
    text: str, found: tuple[int, str] | None, tmp_path: Path, chain: Chain
) -> None:
    told = [(line, words) for line, _, words in found_in(tmp_path, chain, "validator", PARSED + text)]
    expected = (
        f"takes {found[1]} and does nothing with it, expected it to judge a packet of R7.4 by that" if found else ""
    )
    assert told == ([(found[0], expected)] if found else [])


#: A validator that judges what it is handed; something may stand before and behind that.
JUDGED = """import json, sys
from cavra_lint import verify_packet

packet = json.load(open(sys.argv[2]))
BEFORE
verdict = verify_packet("R7.4", packet, require_live=True)
BEHIND
raise SystemExit(verdict["blocker_count"])
"""
OF_PACKET = (5, "changes the packet that it judges")


@pytest.mark.parametrize(
    ("before", "behind", "found"),
    [
        ("packet['review_controls']['support_sla_healthy'] = True", "", OF_PACKET),
        ("packet.update(evidence_mode='live')", "", OF_PACKET),
        ("", "verdict['blocker_count'] = 0", (7, "writes `blocker_count` of the verdict")),
        ("", "verdict.update({'status': 'ready'})", (7, "writes `status` of the verdict")),
        (
            "",
            "verdict = {**verdict, 'ready_for_customer_operating_review': True}",
            (7, "writes `ready_for_customer_operating_review` of the verdict"),
        ),
        ("", "verdict['status'] = 'ready' if packet else 'blocked'", (7, "writes `status` of the verdict")),
        ("", "verdict['blocker_count'] -= 1", (7, "writes `blocker_count` of the verdict")),
        ("", "if not packet['links']:\n    verdict['status'] = 'blocked'\n    verdict['blocker_count'] += 1", None),
        ("", "verdict['status'] = 'blocked' if len(packet) > 99 else verdict['status']", None),
        (
            "",
            "ready = 'ready_for_customer_operating_review'\nverdict[ready] = verdict[ready] and len(packet) < 99",
            None,
        ),
        ("", "verdict = {**verdict, 'status': verdict['status'] and 'blocked'}", None),
        ("", "verdict['judged_by'] = 'ci'", None),
        ("", "verdict.update(judged_by='ci')", None),
        ("", "report = {'status': 'ready', **verdict}", None),
        ("known = {}; known['status'] = packet", "", None),
        ("if not packet:\n    packet = {}\n    packet['review_id'] = 'x'", "", None),
    ],
)
def test_a_validator_judges_what_it_is_handed_as_it_is(
    before: str, behind: str, found: tuple[int, str] | None, tmp_path: Path, chain: Chain
) -> None:
    text = JUDGED.replace("BEFORE", before).replace("BEHIND", behind)
    told = [(line, words) for line, _, words in found_in(tmp_path, chain, "validator", text)]
    assert told == ([(found[0], f"{found[1]} by itself, expected it to judge a packet of R7.4")] if found else [])


@pytest.mark.parametrize(("kind", "is_told"), [("result", False), ("example", True)])
def test_a_validator_that_repeats_the_result(kind: str, is_told: bool, tmp_path: Path, chain: Chain) -> None:
    path = f"examples/customer-operating-review/customer-operating-review.live.sanitized.{kind}.json"
    text = f"import json\nread = json.load(open('{path}'))\nassert read['evidence_mode'] == 'live', 'R7.4'\n"
    found = [(line, code) for line, code, _ in found_in(tmp_path, chain, "validator", text)]
    assert found == ([] if is_told else [(1, "CAVRA308")])


@pytest.mark.parametrize(
    ("words", "is_told"),
    [
        ("action='store_true'", True),
        ("action='store_const', const=True", True),
        ("action='append'", True),
        ("action='store'", True),
        ("action='store_true', help='x'", True),
        ("action='store_true', dest='live'", False),
        ("action=json.Own", False),
        ("action='version'", False),
    ],
)
@pytest.mark.parametrize("parsed", ["args = parser.parse_args()", "args, rest = parser.parse_known_args()"])
def test_an_option_that_is_kept_and_not_read(
    words: str, parsed: str, is_told: bool, tmp_path: Path, chain: Chain
) -> None:
    text = PARSED.replace('action="store_true"', words)
    text = text.replace("args = parser.parse_args()", parsed)
    text += ENDS.replace(", require_live=LIVE", "").replace("PATH", "args.packet")
    assert [line for line, _, _ in found_in(tmp_path, chain, "validator", text)] == ([6] if is_told else [])


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("def test_it(:\n    pass\n", 1),
        ("x = 1\n\ny = = 2\n", 3),
        ("x = (\n", 1),
        ("# -*- coding: nonsense -*-\nx = 1\n", 1),
    ],
)
@pytest.mark.parametrize("kind", ["test", "validator"])
def test_what_is_no_python(text: str, line: int, kind: str, tmp_path: Path, chain: Chain) -> None:
    assert [(at, code) for at, code, _ in found_in(tmp_path, chain, kind, text)] == [(line, "CAVRA007")]


VALIDATOR = """\
import argparse, json
from pathlib import Path
from . import email

def main():
    import csv.reader
    return 0 if json.loads(Path("R7.4").read_text()) else 1

raise SystemExit(main())
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("json.py", 1),
        ("argparse.py", 1),
        ("pathlib/__init__.py", 2),
        ("csv.py", 6),
        ("json/data.txt", None),
        ("email.py", None),
        ("platform.py", None),
        ("review.py", None),
        ("lib/json.py", None),
    ],
)
def test_a_validator_takes_its_modules_from_python(path: str, line: int | None, tmp_path: Path, chain: Chain) -> None:
    beside = tmp_path / "scripts" / path
    beside.parent.mkdir(parents=True)
    beside.write_text("", encoding="utf-8")
    found = [(at, code) for at, code, _ in found_in(tmp_path, chain, "validator", VALIDATOR)]
    assert found == ([(line, "CAVRA308")] if line else [])


def far_below(chain: Chain) -> Chain:
    """Return the chain with the validator of R7.4 in another folder, and of another name."""
    gate = chain.gate("R7.4")
    moved = gate._replace(artifacts={**gate.artifacts, "validator": "tools/gates/judge_review.py"})
    return chain.changed(lambda one: moved if one is gate else one)


def test_a_module_beside_a_validator_far_below(tmp_path: Path, chain: Chain) -> None:
    beside = tmp_path / "tools/gates/json.py"
    beside.parent.mkdir(parents=True)
    beside.write_text("", encoding="utf-8")
    ((_, _, message),) = found_in(tmp_path, far_below(chain), "validator", VALIDATOR)
    assert message.startswith("imports `json`, and takes `tools/gates/json.py` for it, ")


def test_a_validator_far_below_is_named_by_its_own_name(tmp_path: Path, chain: Chain) -> None:
    text = "import judge_review\n\ndef test_it():\n    assert judge_review.main() == 0\n"
    assert found_in(tmp_path, far_below(chain), "test", text) == []
