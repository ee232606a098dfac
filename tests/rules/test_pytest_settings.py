"""The rule about what pytest is told to leave out, by its settings and by a `conftest.py`, on files of R7.4."""

from __future__ import annotations

from pathlib import Path

import pytest

from cavra_lint.contract import Chain
from cavra_lint.sources.pytest_settings import settings_of
from judged_code import GOOD, OWN, found_in


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        ("tests/conftest.py", "import os\n\ncollect_ignore = ['test_customer_operating_review.py']\n", 3),
        ("tests/conftest.py", "collect_ignore = []\ncollect_ignore.append('test_customer_operating_review.py')\n", 2),
        (
            "tests/conftest.py",
            "collect_ignore: list[str] = []\ncollect_ignore += ['x', '../tests/test_customer_operating_review.py']\n",
            2,
        ),
        ("tests/conftest.py", "collect_ignore_glob = ['integration/*', 'test_customer_*']\n", 1),
        ("tests/conftest.py", "collect_ignore: list[str] = ['test_customer_operating_review.py']\n", 1),
        ("tests/conftest.py", "collect_ignore = []\ncollect_ignore.extend(['test_customer_operating_review.py'])\n", 2),
        ("conftest.py", "collect_ignore = ('setup.py', 'tests')\n", 1),
        ("conftest.py", "collect_ignore_glob = [\n    'tests/*.py',\n]\n", 2),
        ("conftest.py", f"\nif {'not ' * 1500}x:\n    collect_ignore = ['tests']\n", 1),
        ("pytest.ini", "[pytest]\naddopts = -ra --ignore=tests/test_customer_operating_review.py\n", 2),
        (".pytest.ini", "[pytest]\npython_files = check_*.py\n", 2),
        ("pyproject.toml", '[tool.pytest.ini_options]\naddopts = "-q --ignore tests"\n', 2),
        ("pyproject.toml", '[tool.pytest.ini_options]\naddopts = [\n  "-q",\n  "--ignore-glob=tests/test_c*",\n]\n', 4),
        ("pyproject.toml", '[tool.pytest]\npython_files = ["spec_*.py", "tests/unit/*.py"]\n', 2),
        ("tox.ini", "[testenv]\n[pytest]\naddopts =\n    --deselect tests/test_customer_operating_review.py\n", 4),
        ("tox.ini", "[pytest]\naddopts = --deselect=tests/test_customer\n", 2),
        ("setup.cfg", "[tool:pytest]\npython_files = *_spec.py\n", 2),
        ("tests/pytest.ini", "[pytest]\npython_files = *_spec.py\n", 2),
        ("pytest.ini", "[pytest]\npython_functions = check_* spec\n", 2),
        ("pytest.ini", "[pytest]\nnorecursedirs = build te*\n", 2),
        ("pytest.ini", "[pytest]\naddopts = --co\n", 2),
        ("pytest.ini", "[pytest]\naddopts = -q --setup-plan\n", 2),
        ("pytest.ini", "[pytest]\naddopts = -q --collectonly\n", 2),
        ("pytest.ini", "[pytest]\naddopts = -q --setuponly\n", 2),
        ("pytest.toml", '[pytest]\naddopts = ["--co"]\n', 2),
        ("tests/.pytest.toml", '[pytest]\naddopts = ["-q"]\npython_files = ["spec_*.py"]\n', 3),
        ("pytest.ini", "[pytest]\naddopts = -q -h\n", 2),
        ("pytest.ini", "[pytest]\naddopts = -k 'not customer'\n", 2),
        ("pytest.ini", "[pytest]\naddopts = -k 'slow and (customer or live)'\n", 2),
        ("pytest.ini", "[pytest]\naddopts = -m 'registry or slow'\n", 2),
        ("pyproject.toml", '[tool.pytest.ini_options]\naddopts = [\n  "-k=nothing",\n]\n', 3),
    ],
)
def test_a_test_that_pytest_is_told_to_leave_out(path: str, text: str, line: int, tmp_path: Path, chain: Chain) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / path).write_text(text, encoding="utf-8")
    assert [(at, code) for at, code, _ in found_in(tmp_path, chain, "test", GOOD)] == [(line, "CAVRA307")]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("tests/conftest.py", "collect_ignore = ['test_other.py', 'test_customer_operating_review']\n"),
        (
            "tests/conftest.py",
            "if sys.platform == 'win32':\n    collect_ignore = ['test_customer_operating_review.py']\n",
        ),
        ("tests/conftest.py", "collect_ignore = ['.', '']\n"),
        ("tests/conftest.py", "collect_ignore = []\ncollect_ignore.clear()\n"),
        ("tests/conftest.py", "tests = ['test_customer_operating_review.py']\ncollect_ignore = ['x']\n"),
        ("conftest.py", "collect_ignore = ['.']\n"),
        ("tests/conftest.py", "def collect():\n    collect_ignore = ['test_customer_operating_review.py']\n"),
        ("tests/conftest.py", "collect_ignore = [os.path.join('x', 'y'), 3]\n"),
        ("tests/conftest.py", "collect_ignore = ['.'\n"),
        ("tests/conftest.py", "ignored = ['.']  # no collect_ignore\nprint('.', 'collect_ignore')\n"),
        ("docs/conftest.py", "collect_ignore_glob = ['*']\n"),
        (
            "pytest.ini",
            f"[pytest]\naddopts = -ra --ignore=tests/slow --deselect {OWN}::test_y\n",
        ),
        ("pytest.ini", "[pytest]\npython_files = test_*.py *_test.py\n"),
        ("pytest.ini", "python_files = x\n"),
        ("pytest.ini", "[pytest]\nAddopts = -k nothing\nPython_Files = x\n"),
        ("tox.ini", "[DEFAULT]\naddopts = -k nothing\n[pytest]\nlog_level = INFO\n"),
        ("pytest.ini", "[pytest]\npython_functions = check_* test\n"),
        ("pytest.ini", "[pytest]\npython_functions = *_it\n"),
        ("pytest.ini", "[pytest]\nnorecursedirs = .* build node_modules\n"),
        ("pytest.ini", "[pytest]\naddopts = -k 'not slow' -m 'not registry'\n"),
        ("pytest.ini", "[pytest]\naddopts = -k nothing -k test_it\n"),
        ("pytest.ini", "[pytest]\naddopts = -k 'slow or not (nothing and x)'\n"),
        ("pytest.ini", "[pytest]\naddopts = -k 'verify and not it('\n"),
        ("pytest.ini", "[pytest]\naddopts = -m device(serial='x')\n"),
        ("pytest.ini", "[pytest]\naddopts = -m\n"),
        ("pytest.ini", "[pytest]\naddopts = '--ignore=tests\n"),
        ("pyproject.toml", '[tool.pytest.ini_options]\npython_files = ["tests/test_*.py"]\naddopts = "--ignore"\n'),
        ("pyproject.toml", "[tool.pytest.ini_options]\naddopts = 1\npython_files = [1]\n"),
        ("pyproject.toml", '[tool.pytest.ini_options\npython_files = "x"\n'),
        ("pyproject.toml", '[[tool.pytest]]\npython_files = "x"\n'),
        ("pyproject.toml", '[tool.other]\npython_files = "x"\n'),
        ("pyproject.toml", "# [tool.pytest]\n[project]\n# python_files\n"),
        ("pytest.toml", '[tool.pytest]\npython_files = ["x"]\n'),
        ("pytest.toml", '[pytest]\naddopts = ["-m", "not registry"]\n'),
        ("pyproject.toml", "# [tool.pytest]\ntool = 1\n# python_files\n"),
        ("setup.cfg", "[pytest]\npython_files = x\n"),
        ("setup.cfg", "[metadata]\nname = [tool:pytest]\npython_files = x\n"),
    ],
)
def test_a_test_that_pytest_collects(path: str, text: str, tmp_path: Path, chain: Chain) -> None:
    for folder in ("tests", "docs"):
        (tmp_path / folder).mkdir()
    (tmp_path / path).write_text(text, encoding="utf-8")
    assert found_in(tmp_path, chain, "test", GOOD) == []


@pytest.mark.parametrize(
    ("addopts", "line"),
    [
        ('["-q", "-m", "not slow"]', 3),
        ("\"-q -m 'not slow'\"", 3),
        ("\"-k 'not customer'\"", 3),
        ('["-m", "not registry"]', None),
        ('["-q"]  # "-m", "not slow"', None),
        ('["-m", "not registry", "-k", "not customer"]', 3),
    ],
)
def test_what_a_project_selects(addopts: str, line: int | None, tmp_path: Path, chain: Chain) -> None:
    text = f'[tool.pytest.ini_options]\ntestpaths = "tests"\naddopts = {addopts}\n'
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    found = found_in(tmp_path, chain, "test", f"pytestmark = pytest.mark.slow\n{GOOD}")
    assert [at for at, _, _ in found] == ([line] if line else [])


def test_a_mark_may_be_added_by_a_conftest(tmp_path: Path, chain: Chain) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = -m unit\n", encoding="utf-8")
    (tmp_path / "conftest.py").write_text("item.add_marker('unit')\n", encoding="utf-8")
    assert found_in(tmp_path, chain, "test", GOOD) == []
    (tmp_path / "conftest.py").unlink()
    assert found_in(tmp_path, chain, "test", GOOD) != []


@pytest.mark.parametrize(
    ("text", "left_out"),
    [
        ("pytestmark = pytest.mark.slow", True),
        ("pytestmark = [pytest.mark.unit, mark.slow]", True),
        ("pytestmark = pytest.mark.unit  # no mark.slow", False),
        ("", False),
    ],
)
def test_a_test_that_is_left_out_by_its_mark(text: str, left_out: bool, tmp_path: Path, chain: Chain) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = -m 'not slow'\n", encoding="utf-8")
    found = found_in(tmp_path, chain, "test", f"{text}\n{GOOD}")
    assert [message for _, _, message in found] == (
        ["`-m` leaves out `tests/test_customer_operating_review.py`, expected pytest to run the test of R7.4"]
        if left_out
        else []
    )


NAMED = '"operating_review" in item.nodeid'


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("import sys\nsys.exit(0)\n", 2, "`sys.exit` ends before"),
        ("import pytest\npytest.exit('later', returncode=0)\n", 2, "`pytest.exit` ends before"),
        ("import os\nos._exit(0)\n", 2, "`os._exit` ends before"),
        ("@pytest.fixture(autouse=True)\ndef off():\n    pytest.skip('x')\n", 2, "`off` leaves out"),
        ("@pytest.fixture(autouse=True)\ndef off():\n    pytest.xfail('x')\n", 2, "`off` leaves out"),
        (
            "@pytest.fixture(autouse=True)\ndef off(request):\n"
            "    if request.node.path.name == 'test_customer_operating_review.py':\n        pytest.skip('x')\n",
            2,
            "`off` leaves out",
        ),
        ("def pytest_ignore_collect(collection_path):\n    return True\n", 1, "leaves out"),
        ("def pytest_ignore_collect(path):\n    return 'review' in str(path)\n", 1, "leaves out"),
        ("def pytest_ignore_collect(path):\n    return path.name.startswith('test_customer')\n", 1, "leaves out"),
        (f"def pytest_ignore_collect(item):\n    if {NAMED}:\n        return True\n", 1, "leaves out"),
        ("def pytest_collection_modifyitems(items):\n    items[:] = []\n", 1, "leaves out"),
        ("def pytest_collection_modifyitems(items):\n    items.clear()\n", 1, "leaves out"),
        (
            "def pytest_collection_modifyitems(items):\n    items[:] = [i for i in items if 'review' not in i.name]\n",
            1,
            "leaves out",
        ),
        (
            "def pytest_collection_modifyitems(session):\n"
            "    session.items[:] = [i for i in session.items if not i.path.name.startswith('test_customer')]\n",
            1,
            "leaves out",
        ),
        ("def pytest_collection_modifyitems(items):\n    del items[:]\n", 1, "leaves out"),
        (
            "def pytest_collection_modifyitems(items):\n    for item in items:\n"
            "        item.add_marker(pytest.mark.skip(reason='x'))\n",
            1,
            "skips",
        ),
        (
            "def pytest_collection_modifyitems(session):\n    for item in session.items:\n"
            f"        if {NAMED}:\n            item.add_marker('xfail')\n",
            1,
            "lets fail",
        ),
        ("def pytest_runtest_setup(item):\n    pytest.skip('x')\n", 1, "leaves out"),
        (f"def pytest_runtest_call(item):\n    if {NAMED}:\n        pytest.xfail('x')\n", 1, "leaves out"),
        ("def pytest_runtest_protocol(item):\n    return True\n", 1, "leaves out"),
        ("def pytest_pyfunc_call(pyfuncitem):\n    print(1)\n    return 1\n", 1, "leaves out"),
        ("def pytest_runtestloop(session):\n    return True\n", 1, "leaves out"),
        ("def pytest_cmdline_main(config):\n    return 0\n", 1, "leaves out"),
        ("def pytest_pycollect_makeitem(name):\n    return []\n", 1, "leaves out"),
        ("def pytest_configure(config):\n    pytest.exit('x', 0)\n", 1, "hides a failure of"),
        ("def pytest_configure(config):\n    pytest.exit('x', returncode=0)\n", 1, "hides a failure of"),
        ("def pytest_unconfigure(config):\n    os._exit(0)\n", 1, "hides a failure of"),
        ("def pytest_sessionfinish(session):\n    session.exitstatus = 0\n", 1, "hides a failure of"),
        ("def pytest_sessionfinish(session):\n    session.exitstatus = pytest.ExitCode.OK\n", 1, "hides a failure of"),
        (
            "def pytest_runtest_makereport(item, call):\n    report = (yield).get_result()\n"
            "    if report.failed:\n        report.outcome = 'passed'\n",
            1,
            "hides a failure of",
        ),
        (
            "def pytest_pyfunc_call(pyfuncitem):\n    outcome = yield\n    outcome.force_result(True)\n",
            1,
            "hides a failure of",
        ),
        (
            "def pytest_pyfunc_call(pyfuncitem):\n    try:\n        return (yield)\n    except Exception:\n"
            "        return True\n",
            1,
            "hides a failure of",
        ),
        (
            "def pytest_runtest_call(item):\n    with contextlib.suppress(AssertionError):\n        yield\n",
            1,
            "hides a failure of",
        ),
        (
            "def pytest_runtest_makereport(item, call):\n    report = yield\n    report.outcome = 'skipped'\n"
            "    return report\n",
            1,
            "hides a failure of",
        ),
        (
            "def pytest_runtest_makereport(item, call):\n    call.excinfo = None\n    return (yield)\n",
            1,
            "hides a failure of",
        ),
        ("def pytest_itemcollected(item):\n    item.add_marker(pytest.mark.skip)\n", 1, "skips"),
        (f"def pytest_itemcollected(item):\n    if {NAMED}:\n        item.add_marker('xfail')\n", 1, "lets fail"),
        (
            "@pytest.fixture(autouse=True)\ndef off(request):\n    request.node.add_marker(pytest.mark.xfail)\n",
            2,
            "lets fail",
        ),
        ("def pytest_configure(config):\n    config.option.collectonly = True\n", 1, "leaves out"),
        ("def pytest_collection_finish(session):\n    session.items.clear()\n", 1, "leaves out"),
    ],
)
def test_a_conftest_by_which_a_test_cannot_fail(text: str, line: int, words: str, tmp_path: Path, chain: Chain) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/conftest.py").write_text(text, encoding="utf-8")
    ((at, code, message),) = found_in(tmp_path, chain, "test", GOOD)
    assert (at, code) == (line, "CAVRA307")
    assert f"{words} `tests/test_customer_operating_review.py`" in message


@pytest.mark.parametrize(
    "text",
    [
        "if sys.platform == 'win32':\n    sys.exit(0)\n",
        "import sys\nsys.exit('no')\n",
        "import pytest\npytest.exit('no', returncode=1)\n",
        "@pytest.fixture\ndef off():\n    pytest.skip('x')\n",
        "@pytest.fixture(autouse=False)\ndef off():\n    pytest.skip('x')\n",
        "@pytest.fixture(autouse=True)\ndef off(request):\n    if request.config.x:\n        pytest.skip('x')\n",
        "@pytest.fixture(autouse=True)\ndef off(x):\n    if x:\n        return\n    pytest.skip('x')\n",
        "def pytest_ignore_collect(path):\n    return None\n",
        "def pytest_ignore_collect(path):\n    return False\n",
        "def pytest_ignore_collect(path):\n    return path.name == 'test_other.py'\n",
        "def pytest_ignore_collect(path):\n    if sys.platform == 'win32':\n        return True\n",
        "def pytest_collection_modifyitems(items):\n    items[:] = sorted(items)\n",
        "def pytest_collection_modifyitems(items):\n    items[:] = [i for i in items if 'slow' not in i.nodeid]\n",
        "def pytest_collection_modifyitems(items):\n    items[:] = [i for i in items if 'review' in i.nodeid]\n",
        "def pytest_collection_modifyitems(items):\n    kept = [i for i in items if 'review' not in i.nodeid]\n",
        "def pytest_collection_modifyitems(items):\n    del items[0]\n    kept.clear()\n",
        "def pytest_collection_modifyitems(items):\n    for item in items:\n        item.add_marker('slow')\n",
        "def pytest_collection_modifyitems(items):\n    for item in items:\n        if 'review' in item.keywords:\n"
        "            item.add_marker(pytest.mark.skip)\n",
        "def pytest_collection_modifyitems(items):\n    for item in items:\n        if 'slow' in item.nodeid:\n"
        "            item.add_marker(pytest.mark.skip)\n",
        "def pytest_collection_modifyitems(items):\n    for item in items:\n        if 'review' not in item.nodeid:\n"
        "            item.add_marker(pytest.mark.skip)\n",
        "def pytest_collection_modifyitems(config, items):\n    if config.getoption('--slow'):\n        return\n"
        "    for item in items:\n        item.add_marker(pytest.mark.skip)\n",
        "def pytest_runtest_setup(item):\n    if 'slow' in item.keywords:\n        pytest.skip('x')\n",
        "def pytest_runtest_protocol(item):\n    run(item)\n    return True\n",
        "def pytest_pyfunc_call(pyfuncitem):\n    if is_async(pyfuncitem):\n        return True\n",
        "def pytest_configure(config):\n    pytest.exit('x', 1)\n    pytest.exit('x')\n",
        "def pytest_sessionfinish(session, exitstatus):\n    if exitstatus == 5:\n        session.exitstatus = 0\n",
        "def pytest_sessionfinish(session):\n    session.exitstatus = 1\n",
        "def pytest_runtest_makereport(item):\n    report.outcome = 'failed'\n",
        "def pytest_runtest_makereport(item):\n    if no_network:\n        report.outcome = 'skipped'\n",
        "def pytest_runtest_call(item):\n    try:\n        yield\n    finally:\n        close(item)\n",
        "def pytest_runtest_call(item):\n    try:\n        yield\n    except OSError:\n        pytest.fail('x')\n",
        "def pytest_runtest_protocol(item):\n    try:\n        yield\n    except Exception:\n        pass\n",
        "def pytest_itemcollected(item):\n    item.add_marker('slow')\n",
        "def pytest_configure(config):\n    config.option.collectonly = False\n",
        "@pytest.fixture(autouse=True)\ndef off(request):\n    request.node.add_marker(pytest.mark.skip)\n",
        "def pytest_pycollect_makeitem(name):\n    outcome = yield\n    outcome.force_result([])\n",
        "def pytest_addoption(parser):\n    parser.addoption('--skip')\n",
        "def quit_it():\n    sys.exit(0)\n",
        "def pytest_(:\n",
    ],
)
def test_a_conftest_by_which_tests_can_fail(text: str, tmp_path: Path, chain: Chain) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/conftest.py").write_text(text, encoding="utf-8")
    assert found_in(tmp_path, chain, "test", GOOD) == []


@pytest.mark.parametrize(
    ("patterns", "text", "is_left_out"),
    [
        ("Check*", "class TestGate:\n    def test_it(self):\n        assert run('R7.4')\n", True),
        ("Check Spec", "class TestGate:\n    def test_it(self):\n        assert run('R7.4')\n", True),
        ("Check* *Gate", "class TestGate:\n    def test_it(self):\n        assert run('R7.4')\n", False),
        ("Check", f"class TestOther:\n    pass\n\n\n{GOOD}", False),
        (
            "Check",
            "from unittest import TestCase\nclass Gate(TestCase):\n    def test_it(self):\n"
            "        self.assertTrue(run('R7.4'))\n",
            False,
        ),
    ],
)
def test_classes_that_pytest_is_told_to_leave_out(
    patterns: str, text: str, is_left_out: bool, tmp_path: Path, chain: Chain
) -> None:
    (tmp_path / "pytest.ini").write_text(f"[pytest]\npython_classes = {patterns}\n", encoding="utf-8")
    found = [(at, code) for at, code, _ in found_in(tmp_path, chain, "test", text)]
    assert found == ([(2, "CAVRA307")] if is_left_out else [])


@pytest.mark.parametrize("before", ["pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini"])
def test_the_first_file_that_configures_pytest_is_the_one(before: str, tmp_path: Path, chain: Chain) -> None:
    (tmp_path / before).write_text("", encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'python_files'\n", encoding="utf-8")
    (tmp_path / "setup.cfg").write_text("[tool:pytest]\npython_files = x\n", encoding="utf-8")
    assert found_in(tmp_path, chain, "test", GOOD) == []
    (tmp_path / before).unlink()
    assert found_in(tmp_path, chain, "test", GOOD) != []


def test_a_test_that_is_left_out_is_not_blamed_for_more(tmp_path: Path, chain: Chain) -> None:
    (tmp_path / "conftest.py").write_text("collect_ignore = ['tests']\n", encoding="utf-8")
    assert [(line, code) for line, code, _ in found_in(tmp_path, chain, "test", "x = 1\n")] == [(1, "CAVRA307")]


def test_the_settings_of_a_folder() -> None:
    texts = {"conftest.py": "collect_ignore = ['test_it.py']\n", "a/b/conftest.py": "collect_ignore_glob = ['x*']\n"}
    assert [(one.path, one.patterns) for one in settings_of("", texts.get)] == [("conftest.py", ("test_it.py",))]
    (_, of_below) = settings_of("a/b", texts.get)
    assert (of_below.path, of_below.patterns) == ("a/b/conftest.py", ("a/b/x*",))
