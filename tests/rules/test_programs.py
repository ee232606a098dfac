"""That no program replaces what a gate's command judges before it does: one in a script, or one of the tree."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

import judged_workflow
from cavra_lint.contract import Chain
from cavra_lint.rules.passed import BEFORE_COMMANDS
from cavra_lint.sources.prefixes import PREFIXES
from cavra_lint.sources.programs import recipes
from judged_workflow import COMMAND, PACKET, SCRIPT, WORKFLOW

FOLDER, NAME = PACKET.rsplit("/", 1)
#: Its last line is the seventh, and what is put behind it begins on the eighth.
HEAD = (
    "on: pull_request\njobs:\n  gate:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: actions/checkout@v7\n"
    "      - run: |\n"
)
JUDGE = f"      - run: {COMMAND}\n"


def found_in(root: Path, chain: Chain, before: str, files: dict[str, str], rest: str = "") -> list[tuple[int, str]]:
    """Return line and message of what is found where a script, and the rest of its step, stand before the command."""
    workflow = f"{HEAD}{textwrap.indent(before.rstrip() + chr(10), ' ' * 10)}{textwrap.indent(rest, ' ' * 8)}{JUDGE}"
    found = judged_workflow.found_in(root, chain, {WORKFLOW: workflow, SCRIPT: "", PACKET: "{}", **files})
    return [(line, message) for path, line, code, message in found if (path, code) == (WORKFLOW, "CAVRA303")]


def heredoc(program: str, command: str = "python3 -") -> str:
    return f"{command} <<'EOF'\n{textwrap.dedent(program).strip()}\nEOF"


@pytest.mark.parametrize(
    ("before", "by"),
    [
        (f"python3 -c \"open('{PACKET}', 'w').write('x')\"", "python3"),
        (f'python -Bc \'import shutil; shutil.copy("good.json", "{PACKET}")\'', "python"),
        (f"sudo python3.12 -c \"from pathlib import Path; Path('{PACKET}').write_text('x')\"", "python3.12"),
        (f"python3 -c \"import sys; open(sys.argv[1], 'r+')\" {PACKET}", "python3"),
        (heredoc(f"open('{PACKET}', mode='a').write('x')"), "python3"),
        (heredoc(f"open('{PACKET}', 'wb')", "python3"), "python3"),
        (heredoc("import sys\nopen(sys.argv[1], 'w')", f"python3 - {PACKET}"), "python3"),
        (
            heredoc(f"from pathlib import Path\nPath('{FOLDER}') / '{NAME}'\n(Path('{FOLDER}') / '{NAME}').open('w')"),
            "python3",
        ),
        (
            heredoc(f"from pathlib import Path\np = Path('{FOLDER}', '{NAME}').resolve()\np.write_bytes(b'x')"),
            "python3",
        ),
        (heredoc(f"name = '{NAME}'\nwith open(f'{FOLDER}/{{name}}', 'w') as f:\n    f.write('x')"), "python3"),
        (heredoc(f"import os\nos.replace('good.json', os.path.join('{FOLDER}', '{NAME}'))"), "python3"),
        (heredoc(f"import os\nopen(os.environ['GITHUB_WORKSPACE'] + '/{PACKET}', 'w')"), "python3"),
        (heredoc(f"import shutil\nshutil.copy('good/{NAME}', '{FOLDER}')"), "python3"),
        (heredoc(f"import shutil\nshutil.copytree('good', 'examples', dirs_exist_ok=True)\n# {NAME}"), "python3"),
        (heredoc(f"for path in ('{SCRIPT}', '{PACKET}'):\n    open(path, 'w').close()"), "python3"),
        (
            heredoc(f"def write(path):\n    path.write_text('x')\nfrom pathlib import Path\nwrite(Path('{PACKET}'))"),
            "python3",
        ),
        (heredoc(f"def main():\n    open('{PACKET}', 'w')\nif __name__ == '__main__':\n    main()"), "python3"),
        (heredoc(f"import os\nif os.path.exists('x'):\n    open('{PACKET}', 'w')"), "python3"),
        (
            heredoc(f"import fileinput\nfor line in fileinput.input('{PACKET}', inplace=True):\n    print(line)"),
            "python3",
        ),
        (heredoc(f"path: str = '{PACKET}'\nopen(path, 'w')"), "python3"),
        (heredoc(f"import codecs, io\nio.open('{PACKET}', 'x')"), "python3"),
        (heredoc(f"import codecs\ncodecs.open('{PACKET}', 'w', 'utf-8')"), "python3"),
        (heredoc(f"if (path := '{PACKET}'):\n    open(path, 'w')"), "python3"),
        (heredoc(f"for path in ['a.json', '{PACKET}']:\n    open(path, 'w')"), "python3"),
        (heredoc(f"path = 'a.json'\npath = '{PACKET}'\nopen(path, 'w')"), "python3"),
        (heredoc(f"from pathlib import Path\nPath('good.json').rename('{PACKET}')"), "python3"),
        (
            heredoc(f"from pathlib import Path\nPath('good.json').replace(Path('{FOLDER}').joinpath('{NAME}'))"),
            "python3",
        ),
        (heredoc(f"from pathlib import Path\n(Path('{FOLDER}/x').parent / '{NAME}').write_text('x')"), "python3"),
        (heredoc(f"from pathlib import Path\n(Path.cwd() / '{PACKET}').write_text('x')"), "python3"),
        (heredoc(f"import os\nopen(os.path.join(os.environ.get('GITHUB_WORKSPACE'), '{PACKET}'), 'w')"), "python3"),
        (heredoc(f"import os\nopen(os.getenv('GITHUB_WORKSPACE') + '/{PACKET}', 'w')"), "python3"),
        (heredoc(f"from shutil import move\nmove('good.json', str('{PACKET}'))"), "python3"),
        (heredoc(f"def write(path, /, text='x'):\n    open(path, 'w').write(text)\nwrite('{PACKET}')"), "python3"),
        (heredoc(f"def write(path):\n    open(path, 'w')\nwrite(path='{PACKET}')"), "python3"),
        (heredoc(f"import subprocess\nsubprocess.run(['cp', name, '{PACKET}'])"), "cp"),
        (heredoc(f"from subprocess import run\nrun(('cp', 'good.json', '{PACKET}'))"), "cp"),
        (heredoc(f"import os\nos.system('cp good.json {PACKET}')"), "cp"),
        (heredoc(f"import subprocess\nsubprocess.run(['cp', 'good.json', '{PACKET}'], check=True)"), "cp"),
        (heredoc(f"import subprocess\nsubprocess.run('echo > {PACKET}', shell=True)"), "echo"),
        (heredoc(f"cp good.json {PACKET}", "bash"), "cp"),
        (heredoc(f"cp good.json {PACKET}", "bash -es"), "cp"),
        (f"python3 <<< \"open('{PACKET}', 'w')\"", "python3"),
        (f"cat > /dev/null <<-'EOF'\n\tx\n\tEOF\npython3 - <<-'EOF'\n\topen('{PACKET}', 'w')\n\tEOF", "python3"),
        (f"python3 \"-copen('{PACKET}', 'w')\"", "python3"),
        (f"node --eval \"fs.rmSync('{PACKET}')\"", "node"),
        (f"node --no-warnings -e \"fs.rmSync('{PACKET}')\"", "node"),
        (heredoc(f"const c = 'cp good.json {PACKET}'\nexecSync(c)", "node"), "cp"),
        (f"node -e \"require('fs').writeFileSync('{PACKET}', '{{}}')\"", "node"),
        (heredoc(f"const to = '{PACKET}'\nfs.copyFileSync('good.json', to)", "node"), "node"),
        (heredoc(f"require('child_process').execSync('cp good.json {PACKET}')", "node -"), "cp"),
    ],
)
def test_what_a_program_of_a_script_writes_is_found(tmp_path: Path, chain: Chain, before: str, by: str) -> None:
    ((line, message),) = found_in(tmp_path, chain, before, {})
    first = 8 + before[: before.find("python3 - <<-")].count("\n") if "<<-" in before else 8
    assert (line, message.count(f"`{by}` writes `")) == (first, 1), message


@pytest.mark.parametrize(
    "before",
    [
        f"python3 -c \"import json; json.load(open('{PACKET}'))\"",
        f"python3 -m json.tool {PACKET} > /dev/null",
        heredoc(f"import json\nprint(json.load(open('{PACKET}', 'rb'))['packet_id'])"),
        heredoc(f"from pathlib import Path\nPath('summary.md').write_text(Path('{PACKET}').read_text())"),
        heredoc(f"import shutil\nshutil.copy('{PACKET}', 'build/')"),
        heredoc(f"text = open('{PACKET}').read()\ntext.replace('a', 'b')\nopen('out.json', 'w').write(text)"),
        heredoc(
            f"import shutil\nshutil.copy('{PACKET}', 'kept')\nopen('{PACKET}', 'w')\nshutil.move('kept', '{PACKET}')"
        ),
        heredoc(f"import subprocess\nsubprocess.run(['cat', '{PACKET}'])"),
        heredoc(f"def unused():\n    open('{PACKET}', 'w')"),
        heredoc(f"open('{PACKET}', 'w'"),
        heredoc(f"import shutil\nfor path in ('a', 'b'):\n    open(path, 'w')\nshutil.copy('{PACKET}', path)"),
        heredoc(f"import fileinput\nfor line in fileinput.input('{PACKET}'):\n    print(line)"),
        heredoc(f"import subprocess\nsubprocess.run(['cat', name, '{PACKET}'])"),
        heredoc(f"import zipfile\nzipfile.ZipFile('a.zip').open('{PACKET}', 'w')"),
        heredoc(f"from pathlib import Path\n(Path('{FOLDER}') / name / '{NAME}').write_text('x')"),
        heredoc(f"open('{PACKET}', mode).write('x')"),
        heredoc(f"def write(path):\n    write(path)\nwrite('{PACKET}')"),
        heredoc(f"path = '{PACKET}'\ndef write(path):\n    open(path, 'w')\nwrite('a.json')"),
        f"cat > fix.txt <<'EOF'\nopen('{PACKET}', 'w')\nEOF",
        heredoc(f"cat {PACKET}", "bash"),
        f"node -p \"require('./{PACKET}').packet_id\"",
        heredoc(f"fs.writeFileSync('out.json', fs.readFileSync('{PACKET}'))", "node"),
        f"cd docs && python3 -c \"open('{PACKET}', 'w')\"",
    ],
)
def test_a_program_that_only_reads_it_is_no_finding(tmp_path: Path, chain: Chain, before: str) -> None:
    assert found_in(tmp_path, chain, before, {}) == []


COPY = f"cp good.json {PACKET}\n"
WRITE = f"open('{PACKET}', 'w').write('x')\n"
DIFF = f"--- a/{PACKET}\n+++ b/{PACKET}\n@@ -1 +1 @@\n-{{}}\n+{{ }}\n"
ROOTED = "from pathlib import Path\nROOT = Path(__file__).resolve().parents[1]\n"


@pytest.mark.parametrize(
    ("before", "rest", "files", "by"),
    [
        ("bash ci/prepare.sh", "", {"ci/prepare.sh": COPY}, "`cp` in `ci/prepare.sh`"),
        ("/usr/bin/env bash ci/prepare.sh", "", {"ci/prepare.sh": COPY}, "`cp` in `ci/prepare.sh`"),
        ("/bin/bash -e ci/prepare.sh", "", {"ci/prepare.sh": COPY}, "`cp` in `ci/prepare.sh`"),
        ("bash -- ci/prepare.sh", "", {"ci/prepare.sh": COPY}, "`cp` in `ci/prepare.sh`"),
        ("bash -o pipefail ci/prepare.sh", "", {"ci/prepare.sh": COPY}, "`cp` in `ci/prepare.sh`"),
        ("bash --norc ci/prepare.sh", "", {"ci/prepare.sh": COPY}, "`cp` in `ci/prepare.sh`"),
        ("python3 -W ignore ci/fix.py", "", {"ci/fix.py": WRITE}, "`python3` in `ci/fix.py`"),
        ("./ci/prepare.sh", "", {"ci/prepare.sh": f"#!/bin/sh\n{COPY}"}, "`cp` in `ci/prepare.sh`"),
        ("ci/prepare", "", {"ci/prepare": f"#!/usr/bin/env bash\n{COPY}"}, "`cp` in `ci/prepare`"),
        (". ./ci/prepare.sh", "", {"ci/prepare.sh": COPY}, "`cp` in `ci/prepare.sh`"),
        ("source ci/prepare.sh && true", "", {"ci/prepare.sh": COPY}, "`cp` in `ci/prepare.sh`"),
        ("sudo env A=b bash -eu ci/prepare.sh", "", {"ci/prepare.sh": COPY}, "`cp` in `ci/prepare.sh`"),
        ("cd ci && bash prepare.sh", "", {"ci/prepare.sh": f"cd ..\n{COPY}"}, "`cp` in `ci/prepare.sh`"),
        ("bash prepare.sh", "working-directory: ci\n", {"ci/prepare.sh": f"cd ..\n{COPY}"}, "`cp` in `ci/prepare.sh`"),
        ("bash ci/a.sh", "", {"ci/a.sh": "bash ci/b.sh\n", "ci/b.sh": COPY}, "`cp` in `ci/b.sh`"),
        ("bash ci/a.sh --all", "", {"ci/a.sh": f'echo "$1"\n{COPY}'}, "`cp` in `ci/a.sh`"),
        ("bash ci/a.sh", "", {"ci/a.sh": f"f() {{ {COPY.strip()}; }}\nf\n"}, "`cp` in `ci/a.sh`"),
        ("python3 ci/fix.py", "", {"ci/fix.py": WRITE}, "`python3` in `ci/fix.py`"),
        ("uv run python ci/fix.py", "", {"ci/fix.py": WRITE}, "`python` in `ci/fix.py`"),
        ("coverage run ci/fix.py", "", {"ci/fix.py": WRITE}, "`fix.py` in `ci/fix.py`"),
        ("python3 -m coverage run ci/fix.py", "", {"ci/fix.py": WRITE}, "`fix.py` in `ci/fix.py`"),
        ("pixi run bash ci/prepare.sh", "", {"ci/prepare.sh": COPY}, "`cp` in `ci/prepare.sh`"),
        ("./ci/fix.py", "", {"ci/fix.py": f"#!/usr/bin/env python3\n{WRITE}"}, "`fix.py` in `ci/fix.py`"),
        ("python3 ci/fix.py", "", {"ci/fix.py": f"{ROOTED}(ROOT / '{PACKET}').write_text('x')\n"}, "`python3` in"),
        (
            "python3 ci/fix.py --quiet",
            "",
            {"ci/fix.py": f"import argparse\ndef main():\n    {WRITE}\nif __name__ == '__main__':\n    main()\n"},
            "`python3` in `ci/fix.py`",
        ),
        (
            f"python3 ci/fix.py {PACKET}",
            "",
            {"ci/fix.py": f"import sys\nopen(sys.argv[1], 'w')\n# {NAME}\n"},
            "`python3` in `ci/fix.py`",
        ),
        ("node ci/fix.js", "", {"ci/fix.js": f"fs.writeFileSync('{PACKET}', '')\n"}, "`node` in `ci/fix.js`"),
        ("nodejs ci/fix.js", "", {"ci/fix.js": f"fs.writeFileSync('{PACKET}', '')\n"}, "`nodejs` in `ci/fix.js`"),
        ("ash ci/prepare.sh", "", {"ci/prepare.sh": COPY}, "`cp` in `ci/prepare.sh`"),
        ("bash ci/a.sh", "", {"ci/a.sh": "python3 ci/fix.py\n", "ci/fix.py": WRITE}, "`python3` in `ci/fix.py`"),
        (
            "python3 ci/fix.py",
            "",
            {"ci/fix.py": f"import shutil\nshutil.rmtree('{FOLDER}')\n"},
            "`python3` in `ci/fix.py` removes",
        ),
        (
            "python3 ci/fix.py",
            "",
            {"ci/fix.py": f"import os\nos.remove('{PACKET}')\n"},
            "`python3` in `ci/fix.py` removes",
        ),
        (
            "python3 ci/fix.py",
            "",
            {"ci/fix.py": f"from pathlib import Path\nPath('{PACKET}').unlink()\n"},
            "`python3` in `ci/fix.py` removes",
        ),
        (
            "python3 ci/fix.py",
            "",
            {"ci/fix.py": f"import os\nos.rename('{PACKET}', 'a')\n"},
            "`python3` in `ci/fix.py` removes",
        ),
        ("python3 ci/fix.py", "", {"ci/fix.py": f"if x:\n    {WRITE}"}, "`python3` in `ci/fix.py`"),
        ("bash ci/a.sh", "", {"ci/a.sh": "git checkout main\n"}, "`git checkout main`"),
        ("bash < ci/prepare.sh", "", {"ci/prepare.sh": COPY}, "`cp` in `ci/prepare.sh`"),
        ("python3 - < ci/fix.py", "", {"ci/fix.py": WRITE}, "`python3` in `ci/fix.py`"),
        ("make", "", {"Makefile": f"all: a\n\techo\na:\n\t@{COPY}"}, "`cp` in `Makefile`"),
        ("make -j prepare", "", {"Makefile": f"all:\n\ttrue\n\nprepare other: all\n\t-{COPY}"}, "`cp` in `Makefile`"),
        ("make prepare", "", {"Makefile": f"prepare:\nTO := {PACKET}\nprepare:\n\tcp a $(TO)\n"}, "`cp` in `Makefile`"),
        ("make -C ci prepare", "", {"ci/Makefile": f"prepare:\n\tcp a ../{PACKET}\n"}, "`cp` in `ci/Makefile`"),
        ("make -f ci.mk", "", {"ci.mk": f"x:\n\tcp a \\\n\t  {PACKET}\n"}, "`cp` in `ci.mk`"),
        ("git apply ci/a.patch", "", {"ci/a.patch": DIFF}, "`git` in `ci/a.patch`"),
        ("git -c a=b am ci/a.patch", "", {"ci/a.patch": DIFF}, "`git` in `ci/a.patch`"),
        ("patch -p1 < ci/a.patch", "", {"ci/a.patch": DIFF}, "`patch` in `ci/a.patch`"),
        ("patch -p1 -i ci/a.diff", "", {"ci/a.diff": DIFF}, "`patch` in `ci/a.diff`"),
        (heredoc(DIFF, "patch -p1"), "", {}, "`patch` writes"),
        (WRITE, "shell: python\n", {}, "`python`"),
        (WRITE, "shell: python3 {0}\n", {}, "`python`"),
    ],
)
def test_what_a_file_of_the_tree_writes_is_found(
    tmp_path: Path, chain: Chain, before: str, rest: str, files: dict[str, str], by: str
) -> None:
    ((line, message),) = found_in(tmp_path, chain, before, files, rest)
    assert (line, by in message) == (8, True), message


@pytest.mark.parametrize(
    ("before", "files"),
    [
        ("bash ci/other.sh", {"ci/prepare.sh": COPY}),
        ("cat ci/prepare.sh", {"ci/prepare.sh": COPY}),
        ("python3 -m ci.fix ci/fix.py", {"ci/fix.py": WRITE}),
        ("python3 -c pass ci/fix.py", {"ci/fix.py": WRITE}),
        ("./ci/fix.txt", {"ci/fix.txt": WRITE}),
        ("./ci/fix", {"ci/fix": f"#!/usr/bin/perl\n{WRITE}"}),
        ("bash -n ci/prepare.sh", {"ci/prepare.sh": COPY}),
        ("bash ci/prepare.sh", {"ci/prepare.sh": f"cat {PACKET}\n"}),
        ("bash ci/prepare.sh --check", {"ci/prepare.sh": f'if [ "$1" = --write ]; then\n  {COPY}fi\n'}),
        ("bash ci/prepare.sh", {"ci/prepare.sh": f"mkdir out\ncd out\n{COPY}"}),
        ("bash ci/prepare.sh", {"ci/prepare.sh": f"{COPY}git diff --exit-code\n"}),
        ("bash ci/prepare.sh\ngit diff --exit-code", {"ci/prepare.sh": COPY}),
        ("python3 ci/fix.py --check", {"ci/fix.py": f"import sys\nif '--write' in sys.argv:\n    {WRITE}"}),
        ("python3 ci/fix.py", {"ci/fix.py": f"print(open('{PACKET}').read())\n"}),
        ("python3 ci/fix.py", {"ci/fix.py": f"{ROOTED}(ROOT / 'ci' / '{PACKET}').write_text('x')\n"}),
        (f"python3 {SCRIPT} --help", {SCRIPT: WRITE}),
        ("bash ci/a.sh", {"ci/a.sh": "bash ci/b.sh\n", "ci/b.sh": "bash ci/a.sh\n"}),
        ("bash ../ci/prepare.sh", {"ci/prepare.sh": COPY}),
        ("bash ci/other.sh < ci/prepare.sh", {"ci/prepare.sh": COPY}),
        ("cat < ci/prepare.sh", {"ci/prepare.sh": COPY}),
        ("make test", {"Makefile": f"test:\n\ttrue\n\nprepare:\n\t{COPY}"}),
        ("make", {"Makefile": f".PHONY: prepare\ntest:\n\tcat {PACKET}\nprepare: test\n\t{COPY}"}),
        ("make prepare", {"Makefile": f"prepare:\n\tcd build\n\tcd out && cp a {PACKET}\n"}),
        ("make -C ci prepare", {"ci/Makefile": f"prepare:\n\t{COPY}"}),
        ("git apply --check ci/a.patch", {"ci/a.patch": DIFF}),
        ("patch --dry-run -p1 < ci/a.patch", {"ci/a.patch": DIFF}),
        ("git apply ci/a.patch", {"ci/a.patch": DIFF.replace("+++ b/", "+++ b/old/")}),
        ("git apply ci/a.patch\ngit checkout .", {"ci/a.patch": DIFF}),
    ],
)
def test_a_file_of_the_tree_that_leaves_it_is_no_finding(
    tmp_path: Path, chain: Chain, before: str, files: dict[str, str]
) -> None:
    assert found_in(tmp_path, chain, before, files) == []


def test_what_github_script_writes_is_found(tmp_path: Path, chain: Chain) -> None:
    step = (
        f"      - uses: actions/github-script@v8\n        with:\n          script: fs.writeFileSync('{PACKET}', '')\n"
    )
    workflow = f"{HEAD.replace('      - run: |' + chr(10), '')}{step}{JUDGE}"
    found = judged_workflow.found_in(tmp_path, chain, {WORKFLOW: workflow, SCRIPT: "", PACKET: "{}"})
    assert [(line, f"writes `{PACKET}` before it" in message) for _, line, _, message in found] == [(7, True)]


def test_files_that_run_each_other_many_times_are_read_once(tmp_path: Path, chain: Chain) -> None:
    names = [f"ci/{number}.sh" for number in range(200)]
    each = "".join(f"bash {name}\n" for name in names)
    files = dict.fromkeys(names, each)
    assert found_in(tmp_path, chain, each, files) == []
    assert len(found_in(tmp_path, chain, each, {**files, names[-1]: COPY})) == 1


def test_whatever_runs_a_command_is_looked_behind_for_files() -> None:
    known = {name for prefix in PREFIXES.values() for name in prefix.subcommands}.union(PREFIXES)
    # `e` and `x` are names of files as well
    assert {name for name in known if len(name) > 1} <= BEFORE_COMMANDS


def test_a_recipe_of_many_targets_is_read_once() -> None:
    targets = " ".join(f"t{number}" for number in range(5_000))
    text = f"all: {targets}\n{targets}: {targets}\n" + "\tcp a b\n" * 5_000
    assert recipes(text, []).count("cp a b") == 5_000
