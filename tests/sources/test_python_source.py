from __future__ import annotations

import textwrap

import pytest

from cavra_lint.sources.python_source import PythonModule, mentions, parse_python


def read(text: str) -> PythonModule:
    module = parse_python(textwrap.dedent(text).lstrip("\n"))
    assert module.problems == ()
    return module


def body(code: str) -> PythonModule:
    return read("def test_it(x):\n" + textwrap.indent(textwrap.dedent(code), "    "))


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
    ],
    ids=range(9),
)
def test_what_is_no_python_has_a_place(data: bytes | str, line: int) -> None:
    module = parse_python(data)
    assert [problem.line for problem in module.problems] == [line]
    assert module.problems[0].message
    assert (module.tests, module.acts, module.words) == ((), False, "")


def test_how_deep_is_too_deep_is_for_python_to_say_and_nothing_falls_over() -> None:
    module = parse_python("a" + ".b" * 50_000)
    assert len(module.problems) in (0, 1)
    assert (module.tests, module.acts) == ((), False)


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
        "@pytest.mark.skipif(False, reason='x')\ndef test_a(): pass",
        "@pytest.mark.skipif('sys.platform', reason='x')\ndef test_a(): pass",
        "@unittest.skipIf(x, 'y')\ndef test_a(): pass",
        "@pytest.mark.xfail(x, reason='y')\ndef test_a(): pass",
        "@pytest.mark.parametrize('x', [1])\ndef test_a(x): pass",
        "@pytest.mark.parametrize('x', CASES)\ndef test_a(x): pass",
        "def test_a():\n  if x:\n    pytest.skip('x')",
        "def test_a():\n  assert x\n  pytest.skip('y')",
        "pytest.importorskip('x')\ndef test_a(): pass",
        "if x == 'y':\n  pytest.skip('x', allow_module_level=True)\ndef test_a(): pass",
        "try:\n  import x\nexcept ImportError:\n  pytest.skip('x')\ndef test_a(): pass",
        "pytestmark = pytest.mark.slow\ndef test_a(): pass",
    ],
)
def test_not_skipped_for_good(text: str) -> None:
    assert [test.skipped for test in read(text).tests] == [None]


@pytest.mark.parametrize(
    "code",
    [
        "assert x",
        "assert x == 1, 'why'",
        "assert not f()",
        "y, z = f()\nassert (y, z) == (0, True)",
        "assert [x] == [1]",
        "assert {'a': x} == {'a': 1}",
        "assert x in (1, 2)",
        "self.assertEqual((x, 1), (1, 1))",
        "self.assertIn(x, [1])",
        "assert f() and True",
        "if x:\n  assert f()",
        "for y in x:\n  assert y",
        "with open(x) as y:\n  assert y",
        "with pytest.raises(ValueError):\n  f(x)",
        "pytest.raises(ValueError, f)",
        "self.assertEqual(x, 1)",
        "with self.assertRaises(ValueError):\n  f(x)",
        "mock.assert_called_once()",
        "assert_ready(x)",
        "subprocess.run(['x'], check=True)",
        "subprocess.check_call(['x'])",
        "run(['x']).check_returncode()",
        "if not f(x):\n  pytest.fail('y')",
        "if f(x):\n  raise AssertionError('y')",
        "y = 1\nassert y == x",
        "y = f()\nassert y",
        "y = []\ny.append(x)\nassert y",
        "y = 0\nfor z in x:\n  y = z\nassert y",
        "try:\n  f()\nexcept ValueError:\n  pass\nassert x",
        "try:\n  assert x\nexcept AssertionError:\n  print(x)\n  raise",
        "def check():\n  assert x\ncheck()",
        "return_code = f()\nassert return_code == 0",
    ],
)
def test_it_asserts(code: str) -> None:
    assert [test.asserts for test in body(code).tests] == [True]


@pytest.mark.parametrize(
    "code",
    [
        "pass",
        "x == 1",
        "f(x)",
        "print('assert x')",
        "pass  # assert x",
        "'assert x'",
        "assert True",
        "assert 1",
        "assert 'x'",
        "assert not False",
        "assert x or True",
        "assert 1 == 1",
        "assert x == x",
        "assert (x, 'why')",
        "assert [x]",
        "assert lambda: x",
        "assert 1 + 1 == 2",
        "assert bool(1)",
        "assert f'{1}'",
        "y = 1\nassert y",
        "y = 1\nassert y == 1",
        "y = z = True\nassert y and z",
        "return\nassert x",
        "if False:\n  assert x",
        "while False:\n  assert x",
        "for y in []:\n  assert y",
        "if 0:\n  pass\nelse:\n  return\nassert x",
        "raise ValueError\nassert x",
        "sys.exit(0)\nassert x",
        "self.assertTrue(True)",
        "self.assertEqual(1, 1)",
        "self.assertTrue([x])",
        "assert (1, 2) == (1, 2)",
        "subprocess.run(['x'])",
        "subprocess.run(['x'], check=False)",
        "try:\n  assert x\nexcept AssertionError:\n  pass",
        "try:\n  assert x\nexcept Exception:\n  print(1)",
        "try:\n  assert x\nexcept:\n  pass",
        "try:\n  assert x\nexcept (ValueError, AssertionError):\n  pass",
        "with contextlib.suppress(AssertionError):\n  assert x",
        "def check():\n  assert x",
        "lambda: self.assertTrue(x)",
    ],
)
def test_it_asserts_nothing(code: str) -> None:
    assert [test.asserts for test in body(code).tests] == [False]


@pytest.mark.parametrize(
    ("text", "asserts"),
    [
        ("def ready(x):\n  assert x\ndef test_a():\n  ready(1)", True),
        ("def deep(x):\n  assert x\ndef ready(x):\n  deep(x)\ndef test_a():\n  ready(1)", True),
        ("def ready(x):\n  assert True\ndef test_a():\n  ready(1)", False),
        ("def ready(x):\n  ready(x)\ndef test_a():\n  ready(1)", False),
        (
            "class TestA:\n  def ok(self, x):\n    assert x\n  def test_a(self):\n    self.ok(1)",
            True,
        ),
        ("READY = True\ndef test_a():\n  assert READY", False),
        ("READY = load()\ndef test_a():\n  assert READY", True),
        ("READY = True\ndef test_a(READY):\n  assert READY", True),
        ("READY = True\ndef test_a():\n  READY = f()\n  assert READY", True),
    ],
)
def test_asserting_by_way_of_others(text: str, asserts: bool) -> None:
    assert [test.asserts for test in read(text).tests] == [asserts]


@pytest.mark.parametrize(
    "text",
    [
        "main()",
        "if __name__ == '__main__':\n  raise SystemExit(main('R7.1'))",
        "from x import main\nif __name__ == '__main__':\n  sys.exit(main())",
        "def main():\n  return check(1)\nmain()",
        "def main():\n  a()\ndef a():\n  b()\ndef b():\n  open('x')\nraise SystemExit(main())",
        "class Gate:\n  def run(self):\n    judge()\nGate().run()",
        "class Gate:\n  def __init__(self):\n    judge()\nGate()",
        "try:\n  judge()\nexcept ValueError:\n  pass",
        "for x in y:\n  judge(x)",
        "x = [judge(y) for y in z]",
        "print(judge())",
        "assert judge()",
    ],
)
def test_a_script_that_acts(text: str) -> None:
    assert read(text).acts


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
        "# judge()",
        "@cache(1)\ndef main(): pass",
    ],
)
def test_a_script_that_does_nothing(text: str) -> None:
    assert not read(text).acts


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
