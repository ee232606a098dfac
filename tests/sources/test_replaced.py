"""What a script puts in the place of the files that are judged behind it, and what it leaves or puts back."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Mapping
from types import MappingProxyType

import pytest

from cavra_lint.sources.changes import judged_in
from cavra_lint.sources.checkout import MOST_MADE, Passed
from cavra_lint.sources.circumstances import started_by
from cavra_lint.sources.expression_values import Known
from cavra_lint.sources.replaced import Course
from cavra_lint.sources.shell_options import ShellOptions
from cavra_lint.sources.workflow import parse_workflow

SCRIPT = "scripts/x.py"
PACKET = "examples/x/a.live.json"
THERE = (SCRIPT, PACKET, "scripts", "setup.cfg", "examples", "package.json")
PULL_REQUEST: Known = started_by(parse_workflow("on: pull_request\njobs: {}\n").events[0])
PUSH: Known = started_by(parse_workflow("on: {push: {branches: [main]}}\njobs: {}\n").events[0])


def replaced(
    *scripts: str,
    known: Known = PULL_REQUEST,
    folder: str = "",
    there: str = "",
    files: Mapping[str, str] = MappingProxyType({}),
) -> tuple[int, str]:
    """Return the line and the message of what these steps replace; a line of 0 where that is nothing."""
    text = "on: push\njobs:\n  a:\n    runs-on: b\n    steps:\n" + "".join(
        f"    - run: {json.dumps(one)}\n" for one in scripts
    )
    steps = parse_workflow(text).jobs[0].steps
    shell = ShellOptions(errexit=True, pipefail=False)
    passed = [
        Passed("w.yml", step._replace(run=run, run_line=1, working_directory=folder), shell, True)
        for step, run in zip(steps, scripts, strict=True)
    ]
    judged = judged_in(there, (SCRIPT, PACKET), THERE.__contains__, files.get, [0])
    course, run = Course(), dict(known)
    course.follow(passed[1:], run, judged)
    found = course.before(passed[0], 0, run, judged)
    return (found.line, found.by) if found else (0, "")


@pytest.mark.parametrize(
    ("script", "message"),
    [
        (f"cp good.json {PACKET}", f"`cp` writes `{PACKET}` before it"),
        (f"cp -f 'good.json' ./{PACKET}", f"`cp` writes `{PACKET}` before it"),
        (f'cp "$SOURCE" "$GITHUB_WORKSPACE/{PACKET}"', f"`cp` writes `{PACKET}` before it"),
        (f"cp a ${{{{ github.workspace }}}}/{PACKET}", f"`cp` writes `{PACKET}` before it"),
        (f"cp a $PWD/{PACKET}", f"`cp` writes `{PACKET}` before it"),
        ("cp good/a.live.json examples/x", f"`cp` writes `{PACKET}` before it"),
        ("cp b good/a.live.json examples/x/", f"`cp` writes `{PACKET}` before it"),
        ("cp -t examples/x good/a.live.json", f"`cp` writes `{PACKET}` before it"),
        ("cp --target-directory=scripts y/x.py", f"`cp` writes `{SCRIPT}` before it"),
        (f"sudo /bin/cp -- a {SCRIPT}", f"`cp` writes `{SCRIPT}` before it"),
        (f"mv a {SCRIPT}", f"`mv` writes `{SCRIPT}` before it"),
        (f"mv {SCRIPT} a", f"`mv` removes `{SCRIPT}` before it"),
        (f"ln -sfn ../a {SCRIPT}", f"`ln` writes `{SCRIPT}` before it"),
        (f"install -m 755 -D a {SCRIPT}", f"`install` writes `{SCRIPT}` before it"),
        (f"echo '{{}}' > {PACKET}", f"`echo` writes `{PACKET}` before it"),
        (f"cat x >> {PACKET}", f"`cat` writes `{PACKET}` before it"),
        (f"cat > {SCRIPT} <<EOF\nx\nEOF", f"`cat` writes `{SCRIPT}` before it"),
        (f"cat <<EOF > {SCRIPT}\nx\nEOF", f"`cat` writes `{SCRIPT}` before it"),
        (f"a | b >| {PACKET}", f"`b` writes `{PACKET}` before it"),
        (f"a && b &> {PACKET}", f"`b` writes `{PACKET}` before it"),
        (f"{{ a; b; }} > {PACKET}", f"`b` writes `{PACKET}` before it"),
        (f"for i in 1 2; do a; done > {PACKET}", f"`a` writes `{PACKET}` before it"),
        (f"> {PACKET}", f"`>` writes `{PACKET}` before it"),
        (f"> {PACKET} a", f"`a` writes `{PACKET}` before it"),
        (f"a | tee {PACKET}", f"`tee` writes `{PACKET}` before it"),
        (f"a | tee -a b {PACKET} > /dev/null", f"`tee` writes `{PACKET}` before it"),
        (f"sed -i s/a/b/ {PACKET}", f"`sed` writes `{PACKET}` before it"),
        (f"sed -Ei.bak -e s/a/b/ {PACKET}", f"`sed` writes `{PACKET}` before it"),
        (f"sed --in-place s/a/b/ {PACKET}", f"`sed` writes `{PACKET}` before it"),
        (f"perl -pi -e s/a/b/ {PACKET}", f"`perl` writes `{PACKET}` before it"),
        (f"yq -i .a=1 {PACKET}", f"`yq` writes `{PACKET}` before it"),
        (f"dd if=a of={PACKET}", f"`dd` writes `{PACKET}` before it"),
        (f"truncate -s 0 {PACKET}", f"`truncate` writes `{PACKET}` before it"),
        (f"curl -fsSLo {PACKET} https://x", f"`curl` writes `{PACKET}` before it"),
        (f"curl https://x --output {PACKET}", f"`curl` writes `{PACKET}` before it"),
        (f"wget -qO {PACKET} https://x", f"`wget` writes `{PACKET}` before it"),
        (f"wget --output-document={PACKET} https://x", f"`wget` writes `{PACKET}` before it"),
        ("cd examples/x && curl -fsSO https://x/a.live.json", f"`curl` writes `{PACKET}` before it"),
        ("curl --output-dir examples/x -OJ https://x/a.live.json?raw", f"`curl` writes `{PACKET}` before it"),
        ("curl --output-dir examples/x -o a.live.json https://x", f"`curl` writes `{PACKET}` before it"),
        ("wget -P examples/x https://x/y/a.live.json", f"`wget` writes `{PACKET}` before it"),
        ("rsync -a good/ examples", f"`rsync` writes `{PACKET}` before it"),
        ("rsync -a --delete good/scripts .", f"`rsync` writes `{SCRIPT}` before it"),
        ("tar -xzf good.tgz -C examples", f"`tar` writes `{PACKET}` before it"),
        ("tar xf good.tar --directory=examples/x", f"`tar` writes `{PACKET}` before it"),
        ("unzip -oq good.zip -d scripts", f"`unzip` writes `{SCRIPT}` before it"),
        (f"cp a {PACKET}\ngit stash\nmake\ngit stash pop", f"`cp` writes `{PACKET}` before it"),
        (f"rm -f {PACKET}; make", f"`rm` removes `{PACKET}` before it"),
        ("rm -rf scripts && cp -r a b", f"`rm` removes `{SCRIPT}` before it"),
        ("cp -r good/scripts .", f"`cp` writes `{SCRIPT}` before it"),
        ("cp -a good/. examples", f"`cp` writes `{PACKET}` before it"),
        ("cp -RT good scripts", f"`cp` writes `{SCRIPT}` before it"),
        (f"cp -d a {PACKET}", f"`cp` writes `{PACKET}` before it"),
        ("cp good/x.py $PWD/scripts", f"`cp` writes `{SCRIPT}` before it"),
        ("git rm -rq scripts && mv good/scripts .", f"`mv` writes `{SCRIPT}` before it"),
        (f"curl -so{PACKET} https://x", f"`curl` writes `{PACKET}` before it"),
        (f"bash -c -e 'cp a {PACKET}'", f"`cp` writes `{PACKET}` before it"),
        (f"bash -o pipefail -c 'cp a {PACKET}'", f"`cp` writes `{PACKET}` before it"),
        (f"bash -c 'false; cp a {PACKET}'", f"`cp` writes `{PACKET}` before it"),
        (f"bash -c \"echo '$TEXT' > {PACKET}\"", f"`echo` writes `{PACKET}` before it"),
        (f"if false; then make; fi\ncp a {PACKET}", f"`cp` writes `{PACKET}` before it"),
        (f"git restore -s main -S {PACKET}\necho > {PACKET}", f"`echo` writes `{PACKET}` before it"),
        (f"git checkout HEAD~1 -- {PACKET}", f"`git` writes `{PACKET}` before it"),
        ("git checkout HEAD^", "`git checkout HEAD^` checks out what is not the change before it"),
        ("git --no-pager checkout main", "`git --no-pager checkout main` checks out what is not the change before it"),
        ("git -C . checkout main", "`git -C . checkout main` checks out what is not the change before it"),
        (
            'cd docs && git -C "$GITHUB_WORKSPACE" switch -d main',
            "`git -C $GITHUB_WORKSPACE switch -d main` checks out what is not the change before it",
        ),
        ("git checkout -f main", "`git checkout -f main` checks out what is not the change before it"),
        (
            "git checkout --orphan x origin/main",
            "`git checkout --orphan x origin/main` checks out what is not the change before it",
        ),
        ("git checkout main || true", "`git checkout main` checks out what is not the change before it"),
        (
            "git checkout setup.cfg\ncd scripts\ngit checkout main",
            "`git checkout main` checks out what is not the change before it",
        ),
        ("git branch x origin/main\ngit checkout x", "`git checkout x` checks out what is not the change before it"),
        ("git branch -D main\ngit checkout main", "`git checkout main` checks out what is not the change before it"),
        ("git fetch origin main:x\ngit checkout x", "`git checkout x` checks out what is not the change before it"),
        ("mv scripts old && mkdir scripts", f"`mv` removes `{SCRIPT}` before it"),
        (f'bash -ec "cp a {PACKET}"', f"`cp` writes `{PACKET}` before it"),
        ("cd examples && sh -c 'cd x; cp {a,a.live}.json; cp a ./a.live.json'", f"`cp` writes `{PACKET}` before it"),
        (f"eval 'eval \"cp a {PACKET}\"'", f"`cp` writes `{PACKET}` before it"),
        ("cd examples && cp a x/a.live.json", f"`cp` writes `{PACKET}` before it"),
        (f"(cd docs && make)\ncp a {PACKET}", f"`cp` writes `{PACKET}` before it"),
        (f"cd docs\nmake\ncd -\ncp a {PACKET}", f"`cp` writes `{PACKET}` before it"),
        (f"f() {{ cp a {PACKET}; }}\nf", f"`cp` writes `{PACKET}` before it"),
        (f"if test -n $A; then cp a {PACKET}; fi", f"`cp` writes `{PACKET}` before it"),
        (f"git checkout origin/main -- {PACKET}", f"`git` writes `{PACKET}` before it"),
        (f"git checkout main {PACKET}", f"`git` writes `{PACKET}` before it"),
        (f"git restore --source=main {PACKET}", f"`git` writes `{PACKET}` before it"),
        ("git restore -s main -SW examples", f"`git` writes `{PACKET}` before it"),
        (f"git checkout main -- {PACKET}\ngit restore {PACKET}", f"`git` writes `{PACKET}` before it"),
        ("git checkout main", "`git checkout main` checks out what is not the change before it"),
        ("git -c a=b checkout -q v1.2", "`git -c a=b checkout -q v1.2` checks out what is not the change before it"),
        (
            "git checkout -b x origin/main",
            "`git checkout -b x origin/main` checks out what is not the change before it",
        ),
        (
            "git fetch --depth 1 origin main && git checkout FETCH_HEAD",
            "`git checkout FETCH_HEAD` checks out what is not the change before it",
        ),
        (f"git fetch origin main:x y\ngit checkout FETCH_HEAD -- {PACKET}", f"`git` writes `{PACKET}` before it"),
        (
            "git fetch origin\ngit fetch -q origin v1\ngit reset --hard FETCH_HEAD",
            "`git reset --hard FETCH_HEAD` checks out what is not the change before it",
        ),
        ("git switch --detach main", "`git switch --detach main` checks out what is not the change before it"),
        ("git reset --hard origin/main", "`git reset --hard origin/main` checks out what is not the change before it"),
        (
            "git checkout main\ngit checkout setup.cfg\ngit checkout -- .",
            "`git checkout main` checks out what is not the change before it",
        ),
    ],
)
def test_what_is_replaced(script: str, message: str) -> None:
    assert replaced("true", script)[1] == message


def test_the_line_is_that_of_the_last_command_that_replaced_it() -> None:
    assert replaced("true", f"true\ncp a \\\n  {PACKET}\ncp b {PACKET}\ntrue") == (
        4,
        f"`cp` writes `{PACKET}` before it",
    )


@pytest.mark.parametrize(
    "script",
    [
        f"cat {PACKET}",
        f"jq . {PACKET} > copy.json",
        f"python -m json.tool {PACKET}",
        f"sha256sum {SCRIPT} {PACKET}",
        f"diff {PACKET} other.json",
        f"a < {PACKET}",
        f"sed s/a/b/ {PACKET} > /tmp/a.json",
        f"sed -n 1p {PACKET}",
        f"perl -Mstrict -ne print {PACKET}",
        f"cp {PACKET} /tmp/a.json",
        f"cp -n a {PACKET}",
        "cp",
        "sudo",
        f"FILE={PACKET}",
        f"grep -i ready {PACKET}",
        "install -d build/a.live.json examples/x",
        "cp -T good/scripts scripts",
        "cp -RT good/scripts .",
        "cp good/x.py $OTHER/../scripts",
        f"cp a ~/../{PACKET}",
        f"cp setup.cfg build/{PACKET}",
        f"cd $OTHER/..; cp a {PACKET}",
        f"cd $OTHER; cp a ../{PACKET}",
        f'cd "$(mktemp -d)"; cp a {PACKET}',
        f"if a; then cd docs; else cd build; fi\ncp a {PACKET}",
        f"if a; then cd docs; else cd build; fi\nbash -c 'cp a {PACKET}'",
        f"bash -c 'if a; then cd docs; else cd build; fi; cp a {PACKET}'",
        "if a; then cd tool; else cd docs; fi\ngit checkout main",
        f"bash -c 'cd $(mktemp -d); cp a {PACKET}'",
        f"bash -c \"$BUILD\" 'cp a {PACKET}'",
        f"bash build.sh 'cp a {PACKET}'",
        f"bash -c 'echo' '> {PACKET}'",
        f"python3 -c '1 > {PACKET}'",
        f"a --output-document {PACKET}",
        "svn checkout main",
        f"ln -s a {PACKET}",
        "cp other.json examples/x",
        "cp good/a.live.json build/",
        f"cp a build/{PACKET}",
        f"cd build; cp a {PACKET}",
        f"cp a $OTHER/{PACKET}",
        f"cp a $OTHER/../{PACKET}",
        "cp good/* examples/x",
        "cp -r examples scripts /tmp",
        "cp good/scripts .",
        "cp -r good scripts",
        "cp -r good/. .",
        "rm scripts",
        "rm -rf scripts/__pycache__ examples/x/build .",
        "mv build/scripts docs",
        f"bash -c 'true' 'cp a {PACKET}'",
        f"bash build.sh -x 'cp a {PACKET}'",
        f"bash -c 'exit 0; cp a {PACKET}'",
        f"cd docs && bash -c 'cp a {PACKET}'",
        f"(cd docs && bash -c 'cd a && cp a {PACKET}')",
        "cp good/$NAME examples/x",
        f"echo 'cp a {PACKET}'",
        f"# cp a {PACKET}",
        f"cat <<EOF\ncp a {PACKET}\nEOF",
        f"exit 0\ncp a {PACKET}",
        f"if false; then cp a {PACKET}; fi",
        f"f() {{ cp a {PACKET}; }}",
        f"curl -d @{PACKET} -o out https://x",
        f"curl -o - -T {PACKET} https://x",
        f"wget -O- https://x/{PACKET}",
        f"curl -O https://x/other.json -T {PACKET}",
        "curl -O https://x/a.live.json",
        "wget https://x/a.live.json -O /tmp/a",
        "rsync -an good/ examples",
        "rsync -a examples/ build",
        "tar -C examples -czf build.tgz .",
        "tar cf build.tar --directory=examples .",
        "tar -xf tool.tar -C build",
        "tar xf tool.tar",
        "unzip -l good.zip -d examples",
        f"cp a {PACKET}\ngit stash",
        f"git stash\ngit stash pop\ncat {PACKET}",
        f"dd if={PACKET} of=x",
        f"truncate -s 0 -r {PACKET} x",
        f"a --output {PACKET}",
        f"python3 {SCRIPT} --export-dir examples/x",
        f"chmod +x {SCRIPT}",
        f"a | tee log {PACKET}.log",
        "git fetch origin main",
        f"git diff origin/main -- {PACKET}",
        "git log main",
        "git",
        "git --version",
        "git branch",
        "git checkout",
        "git checkout -f",
        "git rebase --merge origin/main",
        "git --git-dir=tool/.git checkout main",
        "git --work-tree=tool checkout main",
        "git checkout -- docs",
        "git checkout ${{ github.sha }}",
        "git checkout $GITHUB_SHA",
        "git checkout -b tmp",
        "git switch -c tmp",
        "git checkout HEAD^2",
        "git checkout 93ed0f2",
        "git checkout -",
        "git checkout package.json",
        "git checkout setup.cfg README.md",
        f"git checkout package.json {PACKET}",
        f"git checkout -- {PACKET}",
        "git checkout .",
        "git checkout main -- docs",
        "git restore .",
        "git restore --staged --source=main .",
        "git reset --hard",
        "git reset main",
        "git reset --soft main\ngit checkout .",
        "git reset main docs\ngit checkout .",
        "git pull origin main",
        "git merge origin/main",
        "git fetch origin pull/1/head:pr && git checkout pr",
        "git checkout FETCH_HEAD",
        "git fetch --depth 1 origin $GITHUB_SHA && git checkout FETCH_HEAD",
        "git fetch -j 4 origin refs/pull/1/head && git checkout FETCH_HEAD",
        "git fetch origin main\ngit fetch origin\ngit checkout FETCH_HEAD",
        "git fetch origin 93ed0f2 main && git checkout FETCH_HEAD",
        "git fetch origin $A:main && git checkout main",
        "git fetch origin +refs/pull/1/head:refs/heads/pr && git checkout pr",
        'git fetch origin "${A:-refs/pull/1/head}:pr" && git checkout pr',
        "git -C other checkout main",
        "git clone https://x/tool && cd tool && git checkout v1.2 && make",
        "git checkout main && make && git checkout -",
        "git checkout main\nmake\ngit checkout $GITHUB_SHA",
        "git branch -f here\ngit switch main\nmake\ngit switch here",
        "git branch --force here HEAD\ngit switch main\nmake\ngit switch here",
        "git tag here $GITHUB_SHA\ngit switch --detach main\nmake\ngit switch --detach here",
        "git checkout -b here\ngit checkout main\nmake\ngit checkout here",
        "git checkout main\nmake\ngit branch here $GITHUB_SHA\ngit checkout here",
        "git reset --hard origin/main\ngit reset --hard $HEAD",
        f"cp {PACKET} /tmp/a\necho '{{}}' > {PACKET}\n! judge\ncp /tmp/a {PACKET}",
        f'cp {PACKET} "$RUNNER_TEMP"\nrm {PACKET}\nmv "$RUNNER_TEMP/a.live.json" {PACKET}',
        f"cat {PACKET} > a; echo > {PACKET}; cat a > {PACKET}",
        f"mv {PACKET} {PACKET}.bak\n! judge\nmv {PACKET}.bak {PACKET}",
        f"sed -i.bak s/a/b/ {PACKET}\n! judge\nmv {PACKET}.bak {PACKET}",
        f"sed -i s/a/b/ {PACKET}\n! judge\ngit checkout {PACKET}",
        f"sed -i s/a/b/ {PACKET}\n! judge\ngit checkout -- examples",
        f"sed -i s/a/b/ {PACKET}\n! judge\ngit restore {PACKET}",
        f"sed -i s/a/b/ {PACKET}\n! judge\ngit stash",
        f"sed --in-place=.bak s/a/b/ {PACKET}\n! judge\nmv {PACKET}.bak {PACKET}",
        f"cp {PACKET} $TMP/a\necho > {PACKET}\ncd docs\ncp $TMP/a ../{PACKET}",
        f"cp {PACKET} {SCRIPT}\necho > {PACKET}\ncp {SCRIPT} {PACKET}\ngit checkout {SCRIPT}",
        f"echo > {PACKET}\n! judge\ngit stash push -m x",
        f"echo > {PACKET}\n! judge\ngit stash save tried out",
        f"echo > {PACKET}\n! judge\ngit stash -- {PACKET}",
        f"echo > {PACKET}\n! judge\ngit reset --hard",
        f"echo > {PACKET}\n! judge\ngit checkout -f",
        f"echo > {PACKET}\n! judge\ngit checkout --force $GITHUB_SHA",
        f"echo > {PACKET}\n! judge\ngit -C examples checkout .",
        *(
            f"git checkout main -- {PACKET}\n! judge\ngit {whole}\ngit checkout {PACKET}"
            for whole in ("reset", f"reset {PACKET}", f"reset HEAD -- {PACKET}", "reset --hard", "stash", "checkout -f")
        ),
        f"git restore -s main -S {PACKET}\ngit add {PACKET}\ngit checkout {PACKET}",
        *(
            f"echo > {PACKET}\ngit add{others}\ngit checkout ."
            for others in ("", " docs", " -A docs", " -u -- docs", " -N .", " -n .")
        ),
        f"(cd $TMP && cp $GITHUB_WORKSPACE/{PACKET} a)\necho > {PACKET}\ncp $TMP/a {PACKET}",
        f"(cd $TMP && cp $GITHUB_WORKSPACE/{PACKET} a)\necho > {PACKET}\n(cd $TMP; cp ./a $GITHUB_WORKSPACE/{PACKET})",
        f"echo > {PACKET}\ngit add -A\ngit restore -SW .\ngit checkout .",
        f"echo > {PACKET}\ngit add {PACKET}\ngit checkout HEAD .\ngit add .\ngit checkout .",
        f"git checkout main -- {PACKET}\ngit checkout HEAD -- {PACKET}",
        f"git restore --source=main {PACKET}\ngit restore {PACKET}",
        f"cd build\ncd ..\necho > {PACKET}\ngit checkout .",
        "mv examples away\nls\nmv away examples",
        "git commit -qm x\ngit reset --hard HEAD~1",
        "git commit -am x\ngit commit -am y\ngit reset --hard HEAD~2",
        "git commit -am x\ngit checkout HEAD^",
        "git reset --soft main",
        "git reset --soft main\ngit commit -m squashed\ngit reset --hard",
        "git reset --soft main\ngit reset --hard $GITHUB_SHA",
        "git reset --soft main\ngit reset --hard\ngit reset --hard $GITHUB_SHA",
        "git reset --soft HEAD\ngit reset --hard",
        "cp good/*.json examples/x/",
        "cp examples/x/*.json $TMP/\necho > examples/x/a.live.json\ncp $TMP/*.json examples/x/",
        "sed -i s/a/b/ examples/*.json examples/x/*.md examples/y/?.json",
        "rm -f dist/* *.log",
        "rsync -a examples/ out/",
        "rsync -an good/ examples/",
        "patch --dry-run examples/x/a.live.json fix.patch",
        "patch -p1 < fix.patch",
        "mv scripts $TMP/a\nmv $TMP/a scripts",
        "mv examples/x y\nmv y examples/x",
        f"mv {PACKET} $TMP/a\nmv $TMP/a {PACKET}",
        f"build > {PACKET}\ngit diff --exit-code",
        f"build > {PACKET}\ngit diff --quiet HEAD -- {PACKET}",
        f"build > {PACKET}\ngit diff --quiet {PACKET}",
    ],
)
def test_what_is_not_replaced(script: str) -> None:
    assert replaced("true", script) == (0, "")


def test_what_is_put_back_in_another_step_is_not_replaced() -> None:
    kept, broken, back = f"cp {PACKET} a", f"echo > {PACKET}", f"cp a {PACKET}"
    assert replaced("true", kept, broken, back) == (0, "")
    assert replaced("true", kept, back, broken)[0] == 1


@pytest.mark.parametrize(
    "script",
    [
        f"build > {PACKET}\ngit diff --exit-code || true",
        f"build > {PACKET}\ngit diff --exit-code -- {SCRIPT}",
        f"build > {PACKET}\ngit diff --exit-code {SCRIPT}",
        f"build > {PACKET}\ngit diff",
        f"build > {PACKET}\ngit diff --cached --quiet",
        f"build > {PACKET}\ngit gc --quiet",
        f"build > {PACKET}\nbash -c 'git diff --exit-code; true'",
        f"build > {PACKET}\nbash -c 'git diff --exit-code' || true",
        f"build > {PACKET}\ngit add .\ngit diff --exit-code",
        f"build > {PACKET}\ncd scripts\ngit checkout .",
        f"build > {PACKET}\ngit add -u\ngit checkout .",
        f"build > {PACKET}\ngit commit --quiet -am x",
        f"git checkout main -- {PACKET}\ngit diff --quiet main",
        f"git checkout main -- {PACKET}\ngit diff --quiet HEAD~1",
        f"git checkout main -- {PACKET}\ngit diff --exit-code",
        f"git restore -s main -SW {PACKET}\ncp a {PACKET}\ngit restore {PACKET}",
        *(
            f"git reset {base}\ngit checkout ."
            for base in ("main", "-q main", "--quiet main", "--mixed main", f"main -- {PACKET}", f"main {PACKET}")
        ),
        f"echo > {PACKET}\ngit stash list",
        f"git checkout main -- {SCRIPT}\ngit reset {PACKET}\ngit checkout {SCRIPT}",
        f"git checkout main -- {SCRIPT}\ngit reset -- {PACKET}\ngit checkout {SCRIPT}",
        f"echo > {PACKET}\ngit stash push {SCRIPT}",
        f"echo > {PACKET}\ngit stash -- {SCRIPT}",
        f"echo > {PACKET}\ngit checkout -f {SCRIPT}",
        f"echo > {SCRIPT}\ngit switch scripts",
        "git checkout main\ngit checkout HEAD",
        f"cp {PACKET} a\necho > {PACKET}\ncp b {PACKET}",
        f"echo > {PACKET}\ncp {PACKET} a\ncp a {PACKET}",
        f"cp {PACKET} a\necho > {PACKET}\ncp {PACKET} a\ncp a {PACKET}",
        f"rev {PACKET} > a\necho > {PACKET}\ncat a > {PACKET}",
        f"cp setup.cfg {PACKET}",
        f"echo > {PACKET}\ngit restore {SCRIPT}",
        f"echo > {PACKET}\ngit restore --staged {PACKET}",
        "git checkout main\ngit checkout -b x\ngit checkout x",
        "mv examples away\nmv good examples",
        "git commit --amend -m x\ngit reset --hard HEAD~1",
        "git commit -m x\ngit reset --hard HEAD~2",
        "git commit -m x\ngit reset --hard HEAD~1\ngit reset --hard HEAD~1",
        "git commit -m x\ngit commit -m y\ngit reset --hard HEAD^",
        "git checkout main\ngit commit -m x\ngit reset --hard HEAD~1",
        "git reset --soft main\ngit reset --hard",
        "git reset --soft HEAD~1\ngit reset --hard",
        "git reset main\ngit reset --hard",
        "git reset --soft main\ngit checkout -f",
        "git reset --soft main\ngit restore -SW -s HEAD .",
        "git reset --soft main\ngit stash",
        "git reset --soft main\ngit restore --staged --worktree .",
        "sed -i s/a/b/ examples/*/*.json",
        "yq -i .a=1 examples/x/a.live.js?n",
        "rm -f examples/x/*",
        "cp scripts/* examples/x/\ncp x examples/x/a.live.json",
        "rsync -a good/ examples/",
        "rsync -a good/examples .",
        f"rsync good.json {PACKET}",
        f"patch {PACKET} fix.patch",
        "mv examples away\nmv scripts examples",
        "mv examples away\ncp good away/x/a.live.json\nmv away examples",
        f"cp {PACKET} a\necho > {PACKET}\necho > a\ncp a {PACKET}",
        f"cp {PACKET} a\necho > {PACKET}\ncp good a\ncp a {PACKET}",
        f"git checkout main\ngit checkout HEAD -- {PACKET}",
    ],
)
def test_what_does_not_put_back(script: str) -> None:
    assert replaced("true", script) != (0, "")


def test_a_branch_that_was_pushed_is_the_change() -> None:
    for script in ("git checkout main", "git switch main", "git reset --hard origin/main"):
        assert replaced("true", script, known=PUSH) == (0, "")
    assert replaced("true", "git fetch origin main && git checkout FETCH_HEAD", known=PUSH) == (0, "")
    assert replaced("true", "git checkout release", known=PUSH)[0] == 1


@pytest.mark.parametrize(
    ("script", "folder", "there", "is_replaced"),
    [
        ("cp a x/a.live.json", "examples", "", True),
        (f"cp a {PACKET}", "build", "", False),
        (f"cp a ../{PACKET}", "build", "", True),
        (f"cp a {PACKET}", "here", "here", True),
        (f"cp a here/{PACKET}", "", "here", True),
        (f"cp a {PACKET}", "", "here", False),
        (f"cp a $GITHUB_WORKSPACE/{PACKET}", "${{ github.workspace }}/build", "", True),
        ("git checkout main", "here", "here", True),
        ("git checkout main", "here/examples", "here", True),
        ("git checkout main", "tool", "", False),
        ("git checkout main", "", "here", False),
    ],
)
def test_the_folder_counts(script: str, folder: str, there: str, is_replaced: bool) -> None:
    assert (replaced("true", script, folder=folder, there=there) != (0, "")) is is_replaced


def test_what_comes_behind_is_not_before() -> None:
    assert replaced("true") == (0, "")
    assert replaced(f"cp a {PACKET}") == (0, "")


COPY = f"cp a {PACKET}\n"


@pytest.mark.parametrize(
    ("script", "folder", "there", "is_replaced"),
    [
        ("bash ci/a.sh", "", "", True),
        ("bash ci/a.sh", "tree", "tree", True),
        ("bash tree/ci/a.sh", "", "tree", False),
        ("cd tree && bash ci/a.sh", "", "tree", True),
        ("bash ci/a.sh", "", "tree", False),
        ("bash ../ci/a.sh", "tree", "tree", False),
        ("bash ci/a.sh", "tree", "", False),
    ],
)
def test_a_script_of_the_tree_is_read_in_the_folder_that_is_judged(
    script: str, folder: str, there: str, is_replaced: bool
) -> None:
    found = replaced("true", script, folder=folder, there=there, files={"ci/a.sh": COPY})
    assert found == (
        (1, f"`cp` in `{posixpath.join(there, 'ci/a.sh')}` writes `{PACKET}` before it") if is_replaced else (0, "")
    )


@pytest.mark.parametrize(
    ("script", "files", "is_replaced"),
    [
        ("bash a.sh", {"a.sh": f"{COPY}#{'x' * 100_000}"}, True),
        ("bash a.sh", {"a.sh": f"{COPY}#{'x' * (MOST_MADE // 4)}"}, False),
        ("bash b.sh\nbash a.sh", {"a.sh": COPY, "b.sh": "#" * 100_000}, True),
        ("bash b.sh\nbash b.sh\nbash a.sh", {"a.sh": COPY, "b.sh": "#" * (MOST_MADE // 8)}, False),
        ("bash a.sh", {"a.sh": "bash b.sh", "b.sh": "bash c.sh", "c.sh": COPY}, True),
        ("bash a.sh", {"a.sh": "bash b.sh", "b.sh": "bash c.sh", "c.sh": "bash d.sh", "d.sh": COPY}, False),
        (f"bash {SCRIPT}", {SCRIPT: COPY}, False),
    ],
)
def test_so_much_of_what_scripts_run_is_read(script: str, files: dict[str, str], is_replaced: bool) -> None:
    assert (replaced("true", script, files=files) != (0, "")) is is_replaced
