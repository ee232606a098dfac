"""What `git` puts in the place of the files that are judged behind a script, and what it puts back."""

from __future__ import annotations

import pytest

from replaced_by import PACKET, PUSH, SCRIPT, replaced


@pytest.mark.parametrize(
    ("script", "message"),
    [
        (f"cp a {PACKET}\ngit stash\nmake\ngit stash pop", f"`cp` writes `{PACKET}` before it"),
        ("git rm -rq scripts && mv good/scripts .", f"`mv` writes `{SCRIPT}` before it"),
        (f"git restore -s main -S {PACKET}\necho > {PACKET}", f"`echo` writes `{PACKET}` before it"),
        (f"git checkout HEAD~1 -- {PACKET}", f"`git` writes `{PACKET}` before it"),
        ("git checkout HEAD^", "`git checkout HEAD^` checks out what is not the change before it"),
        (
            "git checkout ${{ github.event.before }}",
            "`git checkout ${{ github.event.before }}` checks out what is not the change before it",
        ),
        (
            "git checkout --detach origin/${{ github.base_ref }}",
            "`git checkout --detach origin/${{ github…` checks out what is not the change before it",
        ),
        (
            'git checkout "$GITHUB_BASE_REF"',
            "`git checkout $GITHUB_BASE_REF` checks out what is not the change before it",
        ),
        (
            "git reset --hard ${{ github.event.pull_request.base.sha }}",
            "`git reset --hard ${{ github.event.pull_…` checks out what is not the change before it",
        ),
        ("git restore -s origin/${GITHUB_BASE_REF} examples", f"`git` writes `{PACKET}` before it"),
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


@pytest.mark.parametrize(
    "script",
    [
        "if a; then cd tool; else cd docs; fi\ngit checkout main",
        f"cp a {PACKET}\ngit stash",
        f"git stash\ngit stash pop\ncat {PACKET}",
        "git fetch origin main",
        f"git diff origin/main -- {PACKET}",
        "git log main",
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
        "git checkout ${{ github.head_ref }}",
        "git checkout ${{ github.event.pull_request.head.sha }}",
        "git checkout ${{ github.base_ref }}\ngit checkout -",
        "git diff origin/$GITHUB_BASE_REF",
        "git checkout origin/$GITHUB_BASE_REF -- docs",
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
        f"sed -i s/a/b/ {PACKET}\n! judge\ngit checkout {PACKET}",
        f"sed -i s/a/b/ {PACKET}\n! judge\ngit checkout -- examples",
        f"sed -i s/a/b/ {PACKET}\n! judge\ngit restore {PACKET}",
        f"sed -i s/a/b/ {PACKET}\n! judge\ngit stash",
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
        f"echo > {PACKET}\ngit add -A\ngit restore -SW .\ngit checkout .",
        f"echo > {PACKET}\ngit add {PACKET}\ngit checkout HEAD .\ngit add .\ngit checkout .",
        f"git checkout main -- {PACKET}\ngit checkout HEAD -- {PACKET}",
        f"git restore --source=main {PACKET}\ngit restore {PACKET}",
        f"cd build\ncd ..\necho > {PACKET}\ngit checkout .",
        "git commit -qm x\ngit reset --hard HEAD~1",
        "git commit -am x\ngit commit -am y\ngit reset --hard HEAD~2",
        "git commit -am x\ngit checkout HEAD^",
        "git reset --soft main",
        "git reset --soft main\ngit commit -m squashed\ngit reset --hard",
        "git reset --soft main\ngit reset --hard $GITHUB_SHA",
        "git reset --soft main\ngit reset --hard\ngit reset --hard $GITHUB_SHA",
        "git reset --soft HEAD\ngit reset --hard",
        f"build > {PACKET}\ngit diff --exit-code",
        f"build > {PACKET}\ngit diff --quiet HEAD -- {PACKET}",
        f"build > {PACKET}\ngit diff --quiet {PACKET}",
    ],
)
def test_what_is_not_replaced(script: str) -> None:
    assert replaced("true", script) == (0, "")


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
        f"echo > {PACKET}\ngit restore {SCRIPT}",
        f"echo > {PACKET}\ngit restore --staged {PACKET}",
        "git checkout main\ngit checkout -b x\ngit checkout x",
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
        ("git checkout main", "here", "here", True),
        ("git checkout main", "here/examples", "here", True),
        ("git checkout main", "tool", "", False),
        ("git checkout main", "", "here", False),
    ],
)
def test_the_folder_counts(script: str, folder: str, there: str, is_replaced: bool) -> None:
    assert (replaced("true", script, folder=folder, there=there) != (0, "")) is is_replaced
