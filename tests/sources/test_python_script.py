"""What a Python file comes to as a script: whether it judges anything, can fail by that, and what it replaces."""

from __future__ import annotations

import pytest

from cavra_lint.sources.python_script import NOTHING_DONE, Shortcoming
from cavra_lint.sources.python_source import parse_python


def read(text: str) -> Shortcoming | None:
    module = parse_python(text)
    assert module.problems == ()
    return module.shortcoming


GATE_CLASS = "class Gate:\n"
PROPERTY = f"{GATE_CLASS}  @property\n  def verdict(self):\n    return judge()\n"


@pytest.mark.parametrize(
    "text",
    [
        "main()",
        "if __name__ == '__main__':\n  raise SystemExit(main('R7.1'))",
        "from x import main\nif __name__ == '__main__':\n  sys.exit(main())",
        "def main():\n  return check(1)\nmain()",
        "def main():\n  a()\ndef a():\n  b()\ndef b():\n  judge('x')\nraise SystemExit(main())",
        "def main():\n  packet = json.loads(open('x').read())\n  return 0 if packet['ready'] else 1\nsys.exit(main())",
        "packet = json.load(open('x'))\nassert packet['sanitized']",
        "class Gate:\n  def run(self):\n    judge()\nGate().run()",
        "class Gate:\n  def __init__(self):\n    judge()\nGate()",
        "try:\n  judge()\nexcept ValueError:\n  pass",
        "for x in y:\n  judge(x)",
        "x = [judge(y) for y in z]",
        "print(judge())",
        "try:\n  judge()\nexcept Exception as error:\n  print(error)\n  sys.exit(1)",
        "try:\n  judge()\nexcept Exception as error:\n  raise SystemExit(error)",
        "def main():\n  try:\n    return judge()\n  except Exception:\n    return 1\nsys.exit(main())",
        "try:\n  status = judge()\nexcept Exception:\n  status = 1\nsys.exit(status)",
        "try:\n  judge()\nexcept Exception:\n  report()",
        "try:\n  judge()\nexcept KeyboardInterrupt:\n  pass",
        "try:\n  judge()\nfinally:\n  sys.exit(status)",
        "with suppress(OSError):\n  judge()",
        "assert judge()",
        "import gate\ndef main():\n  return gate.main()\nsys.exit(main())",
        "class A: pass\nsetattr(A, 'x', 1)\njudge()",
        "from json import dumps as judge\nfrom gate import judge\njudge('R7.4')",
        "import gates\nsetattr(sys, 'x', 1)\ngates.judge()",
        "with closing(Exception):\n  judge()",
        "failed = 0\ntry:\n  judge()\nexcept Exception:\n  failed += 1\nsys.exit(failed)",
        "try:\n  judge()\nexcept Exception:\n  raise SystemExit(1)",
        "try:\n  judge()\nexcept Exception:\n  sys.exit('no')",
        "x = eval(text)",
        "subprocess.check_output(['cavra-gate'])",
        "def cases():\n  yield from judge()\nlist(cases())",
        "try:\n  from fast import judge\nexcept ImportError:\n  def judge(): return 2\nsys.exit(judge())",
        "from gates import judge\nsys.exit(max(map(judge, x)))",
        "def judge(x):\n  check(x)\nlist(map(judge, y))",
        "import asyncio, gates\nsys.exit(asyncio.run(asyncio.to_thread(gates.judge, 'R7.4')))",
        "import asyncio\nclass Gate:\n  def run(self):\n    judge()\nasyncio.to_thread(Gate().run)",
        "import asyncio, json\nx = asyncio.to_thread(lambda: json.load(y))\nsys.exit(0 if x['ready'] else 1)",
        "import subprocess\np = subprocess.Popen(['x'])\nsys.exit(p.wait())",
        "import json\nx = json.load(y)\nexit(0 if isinstance(x, dict) and x['ready'] else 1)",
        "import json\nx = json.load(y)\nexit(x['ready'] and 1)",
        "import functools\nfunctools.reduce(lambda a, b: a and judge(b), packets)",
        "import json\nbad = list(filter(lambda x: x != 'live', json.load(y)))\nsys.exit(len(bad))",
        "HANDLERS['validate'](x)",
        "args = parser.parse_args()\nsys.exit(args.func(args))",
        "main = lambda: judge()\nsys.exit(main())",
        "async def main():\n  judge()\nasyncio.run(main())",
        "def cases():\n  yield judge()\nfor x in cases():\n  print(x)",
        "OFF = False\nif not OFF:\n  judge()",
        "OFF = False\ndef main(OFF):\n  if OFF:\n    judge()\nmain(x)",
        "OFF = False\nOFF = x\nif OFF:\n  judge()",
        "while True:\n  if judge():\n    break",
        "while True:\n  if x:\n    break\njudge()",
        "True and judge()",
        "judge() if True else None",
        "import runpy\nrunpy.run_path('gate.py')",
        "from importlib import import_module\nimport_module('gates').x",
        "import os\nos.execv('x', ['x'])",
        "exec(text)",
        "import subprocess as s\ns.run(['cavra-gate'], check=True)",
        "import subprocess\nsubprocess.check_call(['cavra-gate'])",
        "import os, sys\nsys.exit(os.system('cavra-gate') >> 8)",
        "import cavra_lint\nv = cavra_lint.verify_packet('R7.4', x)\nsys.exit(v['blocker_count'])",
        "from cavra_lint import verify_packet as judge\nassert judge('R7.4', x)['ready']",
        "def main():\n  rc = 0\n  if json.load(x)['a']:\n    rc = 1\n  return rc\nsys.exit(main())",
        "def main():\n  rc = 0\n  for a in json.load(x):\n    rc |= a == 1\n  return rc\nsys.exit(main())",
        "def main():\n  if json.load(x) != y:\n    raise ValueError(x)\nmain()",
        "import socket, gates\nsocket.socket = lambda: None\ngates.judge()",
        "import gates\ngates.strict = True\ngates.judge()",
        f"{GATE_CLASS}  def __call__(self):\n    judge()\nGate()()",
        f"{PROPERTY}print(Gate().verdict)",
        f"{GATE_CLASS}  @functools.cached_property\n  def verdict(self):\n    return judge()\nprint(Gate().verdict)",
        f"{GATE_CLASS}  def __enter__(self):\n    judge()\nwith Gate():\n  pass",
        f"{GATE_CLASS}  def __exit__(self, *_):\n    judge()\nwith Gate():\n  pass",
        f"@dataclass\n{GATE_CLASS}  def __post_init__(self):\n    judge()\nGate()",
        "from cavra_lint.gate import main\nsys.exit(main('R7.4'))",
        "from cavra_lint.gate import main\nassert main('R7.4') == 0",
        "import sys\nsys.argv[0] = 'gate'\njudge()",
        "import sys\nsys.argv = [sys.argv[0], 'R7.4', *sys.argv[1:]]\njudge()",
        "import sys\nsys.argv = sys.argv[:1] + ['R7.4'] + sys.argv[1:]\njudge()",
        "import sys\nsys.argv = [x.strip() for x in sys.argv]\njudge()",
        "import sys\nsys.argv[1:1] = ['R7.4']\njudge()",
        "import sys\nsys.argv += ['--jobs', '1']\njudge()",
        "import sys\nsys.argv.insert(1, 'R7.4')\njudge()",
        "import sys\nif len(sys.argv) == 1:\n  sys.argv = ['x', '--require-live']\njudge()",
        "import sys\nwords = sys.argv[1:]\nwords.remove('x')\njudge(words)",
    ],
)
def test_a_script_that_acts(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "'''Judges.'''",
        "import x\nfrom y import main",
        "def main():\n  judge()",
        "x = 1",
        "print('{\"ready\": true}')",
        "import sys\nsys.exit(0)\njudge()",
        "raise SystemExit(0)\njudge()",
        "print(json.dumps({'ready': True}))\nsys.exit(0)",
        "def main():\n  print('ready')\n  return 0\nif __name__ == '__main__':\n  sys.exit(main())",
        "def main():\n  return 0\n  judge()\nmain()",
        "if False:\n  judge()",
        "if TYPE_CHECKING:\n  judge()",
        "lambda: judge()",
        "sys.path.insert(0, str(Path(__file__).resolve().parent))\nimport x",
        "parser = ArgumentParser()\nparser.add_argument('--x')\nparser.parse_args()\nprint(1)",
        "if __name__ == 'main':\n  judge()",
        "if __name__ != '__main__':\n  judge()",
        "try:\n  judge()\nexcept BaseException:\n  pass",
        "try:\n  judge()\nexcept SystemExit:\n  sys.exit(0)",
        "try:\n  judge()\nexcept (ValueError, Exception) as error:\n  print(error)",
        "try:\n  judge()\nexcept:\n  raise SystemExit",
        "def main():\n  try:\n    judge()\n  finally:\n    return 0\nmain()",
        "try:\n  judge()\nfinally:\n  os._exit(0)",
        "with contextlib.suppress(SystemExit):\n  judge()",
        "print(json.dumps({'ready': True, 'at': datetime.now().isoformat()}))",
        "# judge()",
        "print(open('x.result.json').read())",
        "def main():\n  print(json.dumps(json.loads(Path('x').read_text())))\nif __name__ == '__main__':\n  main()",
        "@cache(1)\ndef main(): pass",
        "import os\nROOT = os.path.dirname(os.path.realpath(__file__))\nfrom gate import command",
        "from json import dumps as judge\njudge('x')",
        "from gate import print\nprint('R7.4')",
        "from gate import judge\nfrom builtins import print as judge\njudge('R7.4')",
        "try:\n  judge()\nexcept Exception:\n  quit()",
        "with open('x') as f, suppress(Exception):\n  judge()",
        "from gate import load\nload('R7.4')",
        "from gate import judge\nif False:\n  judge()",
        "from gate import judge\nif __name__ == 'other':\n  judge()",
        "import sys\nfrom gate import judge\nsys.exit(0)\njudge()",
        "from gate import judge\nx = exit(0)\nprint(x)",
        "from gate import judge\nPath('x').resolve()",
        "import os.path as p\nprint(p.realpath(__file__).splitlines()[0].zfill(3))",
        "from sys import exit as leave\nleave(0)\njudge()",
        "import sys as s\ns.exit(0)\njudge()",
        "from os import _exit\n_exit(0)\njudge()",
        "while True:\n  pass\njudge()",
        "while True:\n  print(1)\n  break\nelse:\n  judge()",
        "False and judge()",
        "True or judge()",
        "judge() if False else None",
        "None if True else judge()",
        "(judge(x) for x in y)",
        "def main():\n  yield\n  judge()\nmain()",
        "async def main():\n  judge()\nmain()",
        "OFF = False\nif OFF:\n  judge()",
        "ON = True\nif not ON or OFF and False:\n  judge()",
        "CASES = ()\nfor x in CASES:\n  judge(x)",
        "if not __debug__:\n  judge()",
        "from gate import judge\njudge = lambda *a: print('ready')\njudge()",
        "from gate import judge\ndef judge(): pass\njudge()",
        "class Gate:\n  def run(self):\n    judge()\nGate()",
        "exec('pass')",
        "judge",
        f"{GATE_CLASS}  def __call__(self):\n    judge()\nGate()",
        f"{GATE_CLASS}  def __call__(self):\n    judge()\nwith suppress(Exception):\n  Gate()()",
        f"{GATE_CLASS}  def verdict(self):\n    return judge()\nprint(Gate().verdict)",
        f"{PROPERTY}Gate()",
        f"{PROPERTY}if False:\n  Gate().verdict",
        f"{PROPERTY}try:\n  Gate().verdict\nexcept Exception:\n  pass",
        f"{GATE_CLASS}  def __enter__(self):\n    judge()\nGate()",
        f"{GATE_CLASS}  def __post_init__(self):\n    judge()",
        "import asyncio\nasyncio.to_thread(lambda: print('ready'))",
        "import asyncio, json\nx = asyncio.to_thread(lambda: json.load(y))\nprint(x)",
        "import asyncio, json\nasyncio.to_thread(json.dumps, x)",
        "import gates\nprint(max(gates.VERSION, gates.OLDEST))",
        "import functools\nfunctools.reduce(lambda a, b: a + b, [0, 0])",
        "print(str()())",
    ],
)
def test_a_script_that_does_nothing(text: str) -> None:
    assert read(text) == NOTHING_DONE


@pytest.mark.parametrize(
    ("condition", "is_idle"),
    [
        ("os.environ.get('CI')", True),
        ("os.getenv('CI') == 'true'", True),
        ("os.environ['GITHUB_ACTIONS'].lower() in ('1', 'true')", True),
        ("'CI' in os.environ", True),
        ("bool(os.environ.get('CI', ''))", True),
        ("IN_CI", True),
        ("os.environ.get('CI') is None", False),
        ("not os.getenv('CI')", False),
        ("os.getenv('CI') != 'true'", False),
        ("'CI' not in os.environ", False),
        ("os.getenv('CI') in ('1', WORD)", False),
        ("os.getenv('DRY_RUN')", False),
        ("'DRY_RUN' in os.environ", False),
        ("os.environ[NAME]", False),
    ],
)
def test_what_each_run_on_github_tells(condition: str, is_idle: bool) -> None:
    script = f"import os\nIN_CI = os.getenv('CI')\nif {condition}:\n  exit(0)\njudge()"
    assert read(script) == (NOTHING_DONE._replace(words=f"{NOTHING_DONE.words}{ON_GITHUB}") if is_idle else None)


ON_GITHUB = " on GitHub, where `CI` is set"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("import os\nos.system('cavra-gate')", 2),
        ("import subprocess\nsubprocess.run(['x'])\nsys.exit(0)", 3),
        ("from cavra_lint import verify_packet\nprint(verify_packet('R7.4', x))", 2),
        ("import cavra_lint as c\nv = c.verify_packet('R7.4', x)\nif __name__ == '__main__':\n  sys.exit(0)", 4),
        ("def main():\n  return 0 if json.load(x)['a'] else 1\nmain()", 3),
        ("def main():\n  if json.load(x)['a']:\n    print(1)\n  return 0\nsys.exit(main())", 5),
        ("def main():\n  rc = 0\n  if json.load(x)['a']:\n    rc = 0\n  return rc\nsys.exit(main())", 6),
        ("def one(): return two()\ndef two(): return one()\nx = json.load(y) == 1\nsys.exit(one())", 4),
        ("x = json.load(y) == 1\nraise SystemExit", 2),
        ("from cavra_lint.gate import main\nif __name__ == '__main__':\n  main('R7.4')", 3),
        ("from cavra_lint import gate\nprint(gate.main('R7.4'))", 2),
        ("from cavra_lint.gate import main\nif main('R7.4'):\n  print('not ready')", 3),
        ("from cavra_lint.gate import main\nstatus = main('R7.4')\nsys.exit(0)", 3),
        ("from cavra_lint import verify_packet\nif verify_packet('R7.4', x):\n  exit(0)\nexit(1)", 3),
        ("from cavra_lint import verify_packet\nv = verify_packet('R7.4', x)\nexit(0 if v else 1)", 3),
        ("from cavra_lint import verify_packet\nv = verify_packet('R7.4', x)\nif v is None:\n  exit(1)", 3),
        ("import subprocess\ndone = subprocess.run(['x'])\nif not done:\n  exit(1)", 3),
        ("import subprocess\np = subprocess.Popen(['x'])\np.wait()", 3),
        ("import json\nx = json.load(y)\nexit(0 if x['ready'] else 0)", 3),
        ("import json\nx = json.load(y)\nexit(x['blocker_count'] and 0)", 3),
        ("import json\nx = json.load(y)\nexit(0 if x['blocker_count'] >= 0 else 1)", 3),
        ("import json\nx = json.load(y)\nexit(0 if isinstance(x, dict) and x['ready'] in (True, False) else 1)", 3),
        ("import asyncio, json\nx = asyncio.to_thread(lambda: json.load(y) == 1)\nprint(x)", 3),
    ],
)
def test_a_script_that_ends_well_whatever_it_finds(text: str, line: int) -> None:
    assert read(text) == Shortcoming(line, "ends well whatever it finds")


@pytest.mark.parametrize(
    ("text", "line", "replaced"),
    [
        ("import gates\ngates.judge = lambda x: []\ngates.main()", 2, "gates.judge"),
        ("import gates.rules as r\ndef no(x): pass\nr.judge = no\njudge()", 3, "gates.rules.judge"),
        ("import sys\nsys.exit = lambda x: None\njudge()", 2, "sys.exit"),
        ("import gates\nsetattr(gates.rules, 'judge', print)\njudge()", 2, "gates.rules"),
        ("from unittest import mock\nwith mock.patch('gates.judge'):\n  main()", 2, "gates.judge"),
        ("from unittest.mock import patch\nimport gates\npatch.object(gates, 'judge').start()", 3, "gates"),
        ("import sys\nsys.argv = ['x', '--packet', 'y']\njudge()", 2, "sys.argv"),
        ("import sys\nsys.argv = sys.argv[:3]\njudge()", 2, "sys.argv"),
        ("import sys\nsys.argv = [sys.argv[0], sys.argv[2]]\njudge()", 2, "sys.argv"),
        ("import sys\nsys.argv[:] = ['x']\njudge()", 2, "sys.argv"),
        ("import sys\nwords = sys.argv = ['x']\njudge()", 2, "sys.argv"),
        ("import sys\nx = 1\ndel x, sys.argv[1:]\njudge()", 3, "sys.argv"),
        ("import sys\nsys.argv = [x for x in sys.argv if x != '--require-live']\njudge()", 2, "sys.argv"),
        ("import sys\nsys.argv[1:] = ['--help']\njudge()", 2, "sys.argv"),
        ("import sys\nsys.argv[2] = 'y'\njudge()", 2, "sys.argv"),
        ("import sys\nsys.argv.remove('--require-live')\njudge()", 2, "sys.argv"),
        ("import sys as s\ndel s.argv[3]\njudge()", 2, "sys.argv"),
        ("from sys import argv\ndef main():\n  argv.clear()\n  judge()\nmain()", 3, "sys.argv"),
    ],
)
def test_a_script_that_replaces_what_judges(text: str, line: int, replaced: str) -> None:
    assert read(text) == Shortcoming(line, f"puts something else in the place of `{replaced}`")
