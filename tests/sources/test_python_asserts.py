"""Which tests assert anything that is not the same in every run."""

from __future__ import annotations

import textwrap

import pytest

from cavra_lint.sources.python_source import PythonModule, parse_python


def read(text: str) -> PythonModule:
    module = parse_python(text)
    assert module.problems == ()
    return module


def body(code: str) -> PythonModule:
    return read("def test_it(x):\n" + textwrap.indent(textwrap.dedent(code), "    "))


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
        "mock.assert_called_once_with('R7.4')",
        "assert_ready('R7.4')",
        "check_gate('R7.4')",
        "y = False\nfor z in x:\n  if z:\n    y = True\nassert y",
        "calls = []\npatch('f', lambda *a: calls.append(a))\nf(x)\nassert calls == [1]",
        "calls = []\ndef fake(*a):\n  calls.append(a)\nf(fake)\nassert calls == [1]",
        "found = {}\nfill(found)\nassert found",
        "found = []\ndef fake(y, found=found):\n  found.append(y)\nf(fake)\nassert len(found) == 1",
        "found = []\nx.found = found\nx.run()\nself.assertEqual(found, [1])",
        "found = {}\nfound['y'] = x\nassert found",
        "y = 1\ndef change():\n  nonlocal y\n  y = 2\nf(change)\nassert y == 2",
        "y = None\ntry:\n  f()\nexcept ValueError as y:\n  pass\nassert y",
        "if x:\n  raise SystemExit(1)",
        "if x:\n  return\npytest.fail('y')",
        "try:\n  assert x\nexcept AssertionError:\n  assert False, 'why'",
        "with pytest.raises(Exception, match='y'):\n  f(x)",
        "with suppress(OSError):\n  assert x",
        "assert x['y'] == 1",
        "assert x.get('y') == 1",
        "assert len(x) >= 1",
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
        "assert f'{x} is ready'",
        "assert (y := True)",
        "assert True if x else True",
        "assert len(x) >= 0",
        "assert all([])",
        "assert sorted(['b', 'a']) == ['a', 'b']",
        "assert 'R7.4'.startswith('R7')",
        "y = {'ready': True}\nassert y['ready'] is True",
        "y = {'ready': True}\nassert y.get('ready')",
        "y = 'ready'\nassert y[0] == 'r'",
        "def helper(): pass\nassert helper",
        "self.assertEqual(x, x)",
        "self.assertEqual('R7.4', 'R7.4')",
        "def check_gate(y): pass\ncheck_gate(x)",
        "for y in range(0):\n  assert x",
        "for y in list():\n  assert x",
        "with pytest.raises(Exception):\n  f(x)",
        "with pytest.raises(AssertionError):\n  assert x",
        "with self.assertRaises((ValueError, BaseException)):\n  f(x)",
        "try:\n  assert x\nfinally:\n  return",
        "try:\n  assert x\nexcept AssertionError:\n  pytest.xfail('y')",
        "try:\n  assert x\nexcept AssertionError:\n  if False:\n    raise",
        "try:\n  f(x)\nexcept ValueError as error:\n  raise RuntimeError from error",
        "if x:\n  raise unittest.SkipTest",
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
        ("def ready():\n  return True\ndef test_a():\n  assert ready()", False),
        ("def ready(x):\n  return True\ndef test_a(x):\n  assert ready(x)", True),
        ("def slug(x):\n  return x.lower().replace(' ', '-')\ndef test_a():\n  assert slug('A B') == 'a-b'", False),
        ("def a(x):\n  return b(x)\ndef b(x):\n  return [c for c in x]\ndef test_a():\n  assert a('x')", False),
        ("def a(x):\n  return b(x)\ndef b(x):\n  return a(x)\ndef test_a():\n  assert a('x')", False),
        ("def a(x):\n  return b(x)\ndef b(x):\n  return judge(x)\ndef test_a():\n  assert a('x')", True),
        ("from y import judge\ndef a(x):\n  return judge\ndef test_a():\n  assert a('x')", True),
        ("def a(x):\n  return open(x).read()\ndef test_a():\n  assert a('x')", True),
        ("def a(x):\n  import y\n  return y.z\ndef test_a():\n  assert a('x')", True),
        ("def a(x):\n  return x()\ndef test_a():\n  assert a('x')", True),
        ("@fixture\ndef a():\n  return 1\ndef test_a(a):\n  assert a", True),
        ("ROWS = load()\ndef a(x):\n  return ROWS[x]\ndef test_a():\n  assert a('x')", True),
        ("import json\ndef a():\n  return json.loads('{}')\ndef test_a():\n  assert a() == {}", False),
        ("import json\ndef test_a():\n  v = json.loads('{\"a\": 1}')\n  assert v['a']", False),
        ("import gates\ndef test_a():\n  assert gates is not None", False),
        ("from gates import judge\ndef test_a():\n  assert callable(judge)", False),
        ("from gates import judge\ndef test_a():\n  assert judge is not None", False),
        ("from gates import verdict, wanted\ndef test_a():\n  assert verdict == wanted", True),
        ("from gates import verdict\ndef test_a():\n  assert verdict", True),
        ("try: from gates import judge\nexcept: judge = None\ndef test_a():\n  assert judge is not None", True),
        ("def test_a():\n  assert __file__ and __name__", False),
        (
            "from unittest.mock import Mock\ndef test_a():\n  judge = Mock(return_value=1)\n  assert judge('x') == 1",
            False,
        ),
        ("def test_a():\n  judge = Mock(return_value={'a': 1})\n  v = judge('x')\n  assert v['a']", False),
        ("def test_a():\n  judge = Mock(wraps=gates.judge)\n  assert judge('x') == 1", True),
        ("def test_a():\n  told = Mock()\n  gates.main(told)\n  assert told.called", True),
        ("def test_a():\n  with patch('gates.judge', return_value=1) as judge:\n    assert judge('x')", False),
        ("def test_a():\n  with patch('gates.judge', return_value=1):\n    assert gates.judge('x')", False),
        ("def test_a():\n  with patch('gates.judge', side_effect=f):\n    assert gates.judge('x')", True),
        ("def test_a():\n  with mock.patch.object(gates, 'judge') as told:\n    assert gates.main()", True),
        ("@mock.patch.object(gates, 'judge')\ndef test_a(told):\n  assert gates.judge('x')", False),
        ("def test_a(monkeypatch):\n  monkeypatch.setattr(gates, 'judge', f)\n  assert gates.judge()['a']", False),
        ("def test_a(monkeypatch):\n  monkeypatch.setattr('gates.judge', f)\n  assert gates.judge()['a']", False),
        ("def test_a(monkeypatch):\n  monkeypatch.setattr('sys.argv', ['x'])\n  assert gates.judge()['a']", True),
    ],
)
def test_asserting_by_way_of_others(text: str, asserts: bool) -> None:
    assert [test.asserts for test in read(text).tests] == [asserts]
    assert (read(text).telling_test is not None) is asserts
