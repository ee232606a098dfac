"""Python files as they are read: their problems, their encodings, their tests, and what they speak of."""

from __future__ import annotations

import textwrap

import pytest

from cavra_lint.sources.python_script import NOTHING_DONE
from cavra_lint.sources.python_source import PythonModule, mentions, parse_python


def read(text: str) -> PythonModule:
    module = parse_python(textwrap.dedent(text).lstrip("\n"))
    assert module.problems == ()
    return module


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"x = (\n", 1),
        ("def f():\n  pass\n x", 3),
        (b"a\n\n\0", 3),
        ("a\n\0b", 2),
        (b"a = 1\nb = '\xff'\n", 2),
        (b"# coding: nonsense\na", 1),
        ("(" * 100_000, 1),
        ("-" * 100_000 + "1", 1),
        ("9" * 100_000, 1),
        (b"x = 1\n# caf\xe9\n", 2),
        (b"# caf\xe9\nx = 1\n", 1),
        (b"x = 1\ny = 2\nz = '\xe9'\n", 3),
        (b"# coding: ascii\n# caf\xe9\n", 2),
    ],
    ids=range(13),
)
def test_what_is_no_python_has_a_place(data: bytes | str, line: int) -> None:
    module = parse_python(data)
    assert [problem.line for problem in module.problems] == [line]
    assert module.problems[0].message
    assert (module.tests, module.shortcoming, module.words) == ((), NOTHING_DONE, "")


def test_how_deep_is_too_deep_is_for_python_to_say_and_nothing_falls_over() -> None:
    module = parse_python("a" + ".b" * 50_000)
    assert len(module.problems) in (0, 1)
    assert (module.tests, module.shortcoming) == ((), NOTHING_DONE)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xef\xbb\xbfx = 1\r\n",
        "\ufeffx = 1\r\n",
        b"# -*- coding: latin-1 -*-\nx = '\xe9'\n",
        "# coding: latin-1\nx = 'é'",
        r"x = '\d'",
    ],
)
def test_encodings(data: bytes | str) -> None:
    assert parse_python(data).problems == ()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("def test_a(): pass\nasync def testB(): pass\ndef check(): pass", ["test_a", "testB"]),
        ("class TestA:\n  def test_b(self): pass\n  def b(self): pass", ["TestA::test_b"]),
        ("class TestA:\n  class TestB:\n    def test_c(self): pass", ["TestA::TestB::test_c"]),
        ("class ATest:\n  def test_b(self): pass", []),
        ("class A(unittest.TestCase):\n  def test_b(self): pass", ["A::test_b"]),
        ("class A(TestCase): pass\nclass B(A):\n  def test_b(self): pass", ["B::test_b"]),
        ("class Base:\n  def test_b(self): pass\nclass TestA(Base): pass", ["TestA::test_b"]),
        ("class TestA:\n  def __init__(self): pass\n  def test_b(self): pass", []),
        ("class TestA:\n  __test__ = False\n  def test_b(self): pass", []),
        ("__test__ = False\ndef test_b(): pass", []),
        ("if False:\n  def test_a(): pass", []),
        ("if TYPE_CHECKING:\n  def test_a(): pass", []),
        ("if __name__ == '__main__':\n  def test_a(): pass", []),
        ("if x:\n  def test_a(): pass", ["test_a"]),
        ("try:\n  import x\nexcept ImportError:\n  def test_a(): pass", ["test_a"]),
        ("def outer():\n  def test_a(): pass", []),
        ("def test_a(): pass\ntest_a = None", []),
        ("def test_a(): pass\ndel test_a", []),
        ("raise SystemExit\ndef test_a(): pass", []),
        ("def test_a(): pass\ntest_a.__test__ = False", []),
        ("class TestA:\n  def test_a(self): pass\nTestA.__test__ = False", []),
        ("if __name__ != '__main__':\n  def test_a(): pass", ["test_a"]),
        ("def check(): pass\ntest_a = check", ["test_a"]),
        ("class TestA(base.GateTests):\n  gate = 'R7.4'", ["TestA"]),
        ("class A(GateTests, TestCase): pass", ["A"]),
        ("class A(GateTests): pass", []),
        ("class TestA(Gates): pass", []),
        ("class TestA(unittest.TestCase): pass", []),
        ("'def test_a(): pass'\n# def test_a(): pass", []),
    ],
)
def test_collection(text: str, names: list[str]) -> None:
    assert [test.name for test in read(text).tests] == names


def test_a_later_definition_shadows() -> None:
    (test,) = read("def test_a(x):\n  assert x\n\n\ndef test_a(x):\n  pass\n").tests
    assert (test.line, test.asserts) == (5, False)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("@pytest.mark.skip\ndef test_a(): pass", "it is marked to be skipped"),
        ("@pytest.mark.skip(reason='x')\ndef test_a(): pass", "it is marked to be skipped"),
        ("@mark.skip\ndef test_a(): pass", "it is marked to be skipped"),
        ("@unittest.skip('x')\ndef test_a(): pass", "it is marked to be skipped"),
        ("later = pytest.mark.skip('x')\n@later\ndef test_a(): pass", "it is marked to be skipped"),
        (
            "@pytest.mark.skipif(True, reason='x')\ndef test_a(): pass",
            "it is marked `skipif` with a condition that is always true",
        ),
        (
            "@pytest.mark.skipif('True', reason='x')\ndef test_a(): pass",
            "it is marked `skipif` with a condition that is always true",
        ),
        (
            "@unittest.skipUnless(False, 'x')\ndef test_a(): pass",
            "it is marked `skipUnless` with a condition that is always false",
        ),
        (
            "@pytest.mark.skipif('1', reason='x')\ndef test_a(): pass",
            "it is marked `skipif` with a condition that is always true",
        ),
        (
            "@unittest.skipIf(True, 'x')\ndef test_a(): pass",
            "it is marked `skipIf` with a condition that is always true",
        ),
        (
            "@pytest.mark.xfail(True, reason='x')\ndef test_a(): pass",
            "it is marked `xfail`: its failure does not count",
        ),
        (
            "@pytest.mark.xfail\ndef test_a(): pass",
            "it is marked `xfail`: its failure does not count",
        ),
        (
            "@pytest.mark.xfail(reason='x', run=False)\ndef test_a(): pass",
            "it is marked `xfail`: its failure does not count",
        ),
        ("@unittest.expectedFailure\ndef test_a(): pass", "it is marked as an expected failure"),
        (
            "@pytest.mark.parametrize('x', [])\ndef test_a(x): pass",
            "it is parametrized with nothing",
        ),
        ("def test_a():\n  pytest.skip('x')\n  assert x", "it calls `pytest.skip` unconditionally"),
        (
            "def test_a():\n  raise unittest.SkipTest",
            "it raises `unittest.SkipTest` unconditionally",
        ),
        ("@pytest.fixture\ndef test_a(): pass", "it is a fixture"),
        ("pytestmark = pytest.mark.skip\ndef test_a(): pass", "the module is marked to be skipped"),
        (
            "pytestmark = [pytest.mark.slow, pytest.mark.skip(reason='x')]\ndef test_a(): pass",
            "the module is marked to be skipped",
        ),
        (
            "pytest.skip('x', allow_module_level=True)\ndef test_a(): pass",
            "the module calls `pytest.skip` unconditionally",
        ),
        (
            "def setup_module():\n  pytest.skip('x')\ndef test_a(): pass",
            "`setup_module` calls `pytest.skip` unconditionally",
        ),
        (
            "OFF = True\n@pytest.mark.skipif(OFF, reason='x')\ndef test_a(): pass",
            "it is marked `skipif` with a condition that is always true",
        ),
        (
            "OFF = False\n@pytest.mark.skipif(not OFF, reason='x')\ndef test_a(): pass",
            "it is marked `skipif` with a condition that is always true",
        ),
        ("from pytest import mark as m\n@m.skip\ndef test_a(): pass", "it is marked to be skipped"),
        ("from unittest import skip as off\n@off('x')\ndef test_a(): pass", "it is marked to be skipped"),
        (
            "from pytest import skip as off\noff('x', allow_module_level=True)\ndef test_a(): pass",
            "the module calls `skip` unconditionally",
        ),
        (
            "if __name__ != '__main__':\n  pytest.skip('x', allow_module_level=True)\ndef test_a(): pass",
            "the module calls `pytest.skip` unconditionally",
        ),
        ("pytestmark = []\npytestmark += [pytest.mark.skip]\ndef test_a(): pass", "the module is marked to be skipped"),
        ("pytestmark = [a] + [pytest.mark.skip]\ndef test_a(): pass", "the module is marked to be skipped"),
        ("pytestmark = []\npytestmark.append(mark.skip)\ndef test_a(): pass", "the module is marked to be skipped"),
        ("C = []\n@pytest.mark.parametrize('x', C)\ndef test_a(x): pass", "it is parametrized with nothing"),
        ("@pytest.mark.parametrize('x', list())\ndef test_a(x): pass", "it is parametrized with nothing"),
        ("@pytest.mark.parametrize('x', range(0))\ndef test_a(x): pass", "it is parametrized with nothing"),
        (
            "@pytest.mark.parametrize('x', [pytest.param(1, marks=pytest.mark.skip)])\ndef test_a(x): pass",
            "it is parametrized with nothing that is run",
        ),
        (
            "@pytest.fixture\ndef gate():\n  pytest.skip('x')\ndef test_a(gate): pass",
            "its fixture `gate` calls `pytest.skip` unconditionally",
        ),
        (
            "@fixture\ndef gate():\n  pytest.skip('x')\n@pytest.mark.usefixtures('gate')\ndef test_a(): pass",
            "its fixture `gate` calls `pytest.skip` unconditionally",
        ),
        (
            "@pytest.fixture(autouse=True)\ndef gate():\n  pytest.skip('x')\ndef test_a(): pass",
            "`gate` calls `pytest.skip` unconditionally",
        ),
        ("def off():\n  pytest.skip('x')\ndef test_a():\n  off()", "it calls `off` unconditionally"),
        ("def test_a():\n  pytest.exit('x', 0)\n  assert x", "it calls `pytest.exit` unconditionally"),
        (
            "@pytest.mark.skipif(sys.version_info >= (3,), reason='x')\ndef test_a(): pass",
            "it is marked `skipif` with a condition that is always true",
        ),
        (
            "@pytest.mark.skipif(sys.version_info < (4, 0), reason='x')\ndef test_a(): pass",
            "it is marked `skipif` with a condition that is always true",
        ),
        (
            "@pytest.mark.skipif(os.environ.get('CI') == 'true', reason='x')\ndef test_a(): pass",
            "it is marked `skipif` with a condition that is on GitHub true",
        ),
        (
            "IN_CI = bool(os.getenv('CI'))\n@unittest.skipUnless(not IN_CI, 'x')\ndef test_a(): pass",
            "it is marked `skipUnless` with a condition that is on GitHub false",
        ),
        (
            "if os.getenv('CI'):\n  pytest.skip('x', allow_module_level=True)\ndef test_a(): pass",
            "the module calls `pytest.skip` unconditionally",
        ),
        ("def test_a():\n  yield\n  assert x", "it is a generator, which pytest does not run"),
        ("def off(f):\n  return None\n@off\ndef test_a(): pass", "it is replaced by its decorator"),
        ("@(lambda f: None)\ndef test_a(): pass", "it is replaced by its decorator"),
        (
            "def off(f):\n  def no(): pass\n  no.__name__ = f.__name__\n  return no\n@off\ndef test_a(): pass",
            "it is replaced by its decorator",
        ),
        (
            "def off(f):\n  @wraps(f)\n  def no(): pass\n  return no\n@off\ndef test_a(): pass",
            "it is replaced by its decorator",
        ),
        (
            "def soft(f):\n  def run(*a):\n    try:\n      return f(*a)\n    except AssertionError:\n      print(a)\n"
            "  return run\n@soft\ndef test_a(): pass",
            "it is replaced by its decorator",
        ),
        (
            "def setup_function():\n  pytest.skip('x')\ndef test_a(): pass",
            "`setup_function` calls `pytest.skip` unconditionally",
        ),
        (
            "@pytest.mark.skip\nclass TestA:\n  def test_a(self): pass",
            "its class is marked to be skipped",
        ),
        (
            "class TestA:\n  pytestmark = pytest.mark.skip\n  def test_a(self): pass",
            "its class is marked to be skipped",
        ),
        (
            "class A(TestCase):\n  def setUp(self): self.skipTest('x')\n  def test_a(self): x",
            "its class `setUp` calls `self.skipTest` unconditionally",
        ),
    ],
)
def test_skipped_for_good(text: str, reason: str) -> None:
    assert [test.skipped for test in read(text).tests] == [reason]


@pytest.mark.parametrize(
    "text",
    [
        "def test_a(): pass",
        "@pytest.mark.skipif(sys.platform == 'win32', reason='x')\ndef test_a(): pass",
        "def on(f):\n  @wraps(f)\n  def run():\n    return f()\n  return run\n@on\ndef test_a(): pass",
        "def on(f):\n  def run():\n    try:\n      f()\n    except OSError:\n      pass\n"
        "  return run\n@on\ndef test_a(): pass",
        "def on(f):\n  def run():\n    last = None\n    for i in range(3):\n      try:\n        return f()\n"
        "      except AssertionError as e:\n        last = e\n    raise last\n  return run\n@on\ndef test_a(): pass",
        "def setup_function():\n  pytest.skip('x')\nclass TestA:\n  def test_a(self): pass",
        "@pytest.mark.skipif(False, reason='x')\ndef test_a(): pass",
        "@pytest.mark.skipif('False', reason='x')\ndef test_a(): pass",
        "@pytest.mark.skipif('0', reason='x')\ndef test_a(): pass",
        "@pytest.mark.xfail(False, reason='x')\ndef test_a(): pass",
        "@unittest.skipUnless(True, 'x')\ndef test_a(): pass",
        "@unittest.skipUnless('0', 'x')\ndef test_a(): pass",
        "@pytest.mark.skipif('sys.platform', reason='x')\ndef test_a(): pass",
        "@unittest.skipIf(x, 'y')\ndef test_a(): pass",
        "@pytest.mark.skipif(not os.getenv('CI'), reason='x')\ndef test_a(): pass",
        "@pytest.mark.skipif('CI' not in os.environ, reason='x')\ndef test_a(): pass",
        "@pytest.mark.skipif(os.getenv('SKIP_SLOW'), reason='x')\ndef test_a(): pass",
        "if not os.getenv('CI'):\n  pytest.skip('x', allow_module_level=True)\ndef test_a(): pass",
        "@pytest.mark.skipif(sys.version_info < (3, 12), reason='x')\ndef test_a(): pass",
        "@pytest.mark.skipif(sys.version_info <= (2, 7), reason='x')\ndef test_a(): pass",
        "@pytest.mark.skipif(sys.version_info > (4,), reason='x')\ndef test_a(): pass",
        "@pytest.mark.skipif(sys.version_info == (3,), reason='x')\ndef test_a(): pass",
        "@pytest.mark.skipif(sys.version_info >= (3, x), reason='x')\ndef test_a(): pass",
        "@pytest.mark.xfail(x, reason='y')\ndef test_a(): pass",
        "@pytest.mark.parametrize('x', [1])\ndef test_a(x): pass",
        "@pytest.mark.parametrize('x', CASES)\ndef test_a(x): pass",
        "def test_a():\n  if x:\n    pytest.skip('x')",
        "def test_a():\n  assert x\n  pytest.skip('y')",
        "pytest.importorskip('x')\ndef test_a(): pass",
        "if x == 'y':\n  pytest.skip('x', allow_module_level=True)\ndef test_a(): pass",
        "try:\n  import x\nexcept ImportError:\n  pytest.skip('x')\ndef test_a(): pass",
        "if os.name == 'nt':\n  pytestmark = pytest.mark.skip('x')\ndef test_a(): pass",
        "pytestmark = pytest.mark.skip\npytestmark = pytest.mark.slow\ndef test_a(): pass",
        "HAVE = True\ntry:\n  import x\nexcept ImportError:\n  HAVE = False\n"
        "@pytest.mark.skipif(HAVE, reason='x')\ndef test_a(): pass",
        "try:\n  import x\nexcept ImportError:\n  x = None\n@pytest.mark.skipif(not x, reason='y')\ndef test_a(): pass",
        "C = []\nfor x in y:\n  C.append(x)\n@pytest.mark.parametrize('x', C)\ndef test_a(x): pass",
        "try:\n  from y import *\nexcept ImportError:\n  x = None\n"
        "@pytest.mark.skipif(not x, reason='y')\ndef test_a(): pass",
        "C = []\nload(C)\n@pytest.mark.parametrize('x', C)\ndef test_a(x): pass",
        "@pytest.mark.parametrize('x', [1, pytest.param(2, marks=pytest.mark.skip)])\ndef test_a(x): pass",
        "@pytest.fixture\ndef gate():\n  if x:\n    return 1\n  pytest.skip('x')\ndef test_a(gate): pass",
        "def need():\n  if x:\n    return\n  pytest.skip('x')\ndef test_a():\n  need()",
        "def keep(f):\n  return f\n@keep\ndef test_a(): pass",
        "def kept(f):\n  def run(*a):\n    return f(*a)\n  return run\n@kept\ndef test_a(): pass",
        "@inlineCallbacks\ndef test_a():\n  yield x",
        "pytestmark = pytest.mark.slow\ndef test_a(): pass",
    ],
)
def test_not_skipped_for_good(text: str) -> None:
    assert [test.skipped for test in read(text).tests] == [None]


@pytest.mark.parametrize(
    ("text", "names", "found"),
    [
        ("run('scripts/validate_x.py')", ["scripts/validate_x.py"], True),
        ("ROOT / 'scripts' / 'validate_x.py'", ["validate_x"], True),
        ("import scripts.validate_x", ["validate_x"], True),
        ("from scripts import validate_x", ["validate_x"], True),
        ("from scripts.validate_x import main", ["validate_x"], True),
        ("f(f'{a}/customer-x.json')", ["customer-x"], True),
        ("x['x_ready']", ["x_ready"], True),
        ("x.x_ready", ["x_ready"], True),
        ("gate('R7.1')", ["R7.1"], True),
        ("gate('R7.1.')", ["R7.1"], True),
        ("gate('R7.10')", ["R7.1"], False),
        ("gate('customer-x-y')", ["customer-x"], False),
        ("gate('a_customer')", ["customer"], False),
        ("# R7.1", ["R7.1"], False),
        ("'''R7.1'''", ["R7.1"], False),
        ("def f():\n  '''R7.1'''", ["R7.1"], False),
        ("f(b'R7.1')", ["R7.1", "R7.2"], True),
        ("f('R7x1')", ["R7.1"], False),
        ("f('')", [""], False),
        ("f('x')", [], False),
    ],
)
def test_mentions(text: str, names: list[str], found: bool) -> None:
    assert mentions(read(text), names) is found
    assert mentions(read(text), names, used=True) is found


@pytest.mark.parametrize(
    ("text", "used"),
    [
        ("GATE = 'R7.1'\ngate(GATE)", True),
        ("GATE = 'R7.1'\ngate(gates.GATE)", True),
        ("GATE = OTHER = 'R7.1'\ngate('R7.2')", True),
        ("class T:\n  gate = 'R7.1'", True),
        ("def f():\n  gate = 'R7.1'", True),
        ("x.gate = 'R7.1'", True),
        ("GATE = 'R7.1'\ngate('R7.2')", False),
        ("GATE = 'R7.1'\nGATE = 2", False),
    ],
)
def test_mentions_that_are_used(text: str, used: bool) -> None:
    assert mentions(read(text), ["R7.1"])
    assert mentions(read(text), ["R7.1"], used=True) is used


@pytest.mark.parametrize(
    "text",
    [
        "if a: pass\n" + "elif b: pass\n" * 3000,
        "def test_a():\n    assert x\n" * 2000,
        "".join(f"def f{i}(): f{i + 1}()\n" for i in range(2000)) + "f0()",
        "x = 1" + " + 1" * 900,
        "assert a" + " == a" * 2000,
    ],
    ids=range(5),
)
def test_no_file_is_too_much(text: str) -> None:
    assert isinstance(parse_python(text), PythonModule)
