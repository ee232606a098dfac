"""What the commands of a script, and the programs that it runs, do to the files that are judged behind it."""

from __future__ import annotations

import posixpath

import pytest

from cavra_lint.sources.checkout import MOST_MADE
from replaced_by import PACKET, SCRIPT, replaced


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
        (f"rm -f {PACKET}; make", f"`rm` removes `{PACKET}` before it"),
        ("rm -rf scripts && cp -r a b", f"`rm` removes `{SCRIPT}` before it"),
        ("cp -r good/scripts .", f"`cp` writes `{SCRIPT}` before it"),
        ("cp -a good/. examples", f"`cp` writes `{PACKET}` before it"),
        ("cp -RT good scripts", f"`cp` writes `{SCRIPT}` before it"),
        (f"cp -d a {PACKET}", f"`cp` writes `{PACKET}` before it"),
        ("cp good/x.py $PWD/scripts", f"`cp` writes `{SCRIPT}` before it"),
        (f"curl -so{PACKET} https://x", f"`curl` writes `{PACKET}` before it"),
        (f"bash -c -e 'cp a {PACKET}'", f"`cp` writes `{PACKET}` before it"),
        (f"bash -o pipefail -c 'cp a {PACKET}'", f"`cp` writes `{PACKET}` before it"),
        (f"bash -c 'false; cp a {PACKET}'", f"`cp` writes `{PACKET}` before it"),
        (f"bash -c \"echo '$TEXT' > {PACKET}\"", f"`echo` writes `{PACKET}` before it"),
        (f"if false; then make; fi\ncp a {PACKET}", f"`cp` writes `{PACKET}` before it"),
        ("mv scripts old && mkdir scripts", f"`mv` removes `{SCRIPT}` before it"),
        (f'bash -ec "cp a {PACKET}"', f"`cp` writes `{PACKET}` before it"),
        ("cd examples && sh -c 'cd x; cp {a,a.live}.json; cp a ./a.live.json'", f"`cp` writes `{PACKET}` before it"),
        (f"eval 'eval \"cp a {PACKET}\"'", f"`cp` writes `{PACKET}` before it"),
        ("cd examples && cp a x/a.live.json", f"`cp` writes `{PACKET}` before it"),
        (f"(cd docs && make)\ncp a {PACKET}", f"`cp` writes `{PACKET}` before it"),
        (f"cd docs\nmake\ncd -\ncp a {PACKET}", f"`cp` writes `{PACKET}` before it"),
        (f"f() {{ cp a {PACKET}; }}\nf", f"`cp` writes `{PACKET}` before it"),
        (f"if test -n $A; then cp a {PACKET}; fi", f"`cp` writes `{PACKET}` before it"),
    ],
)
def test_what_a_command_writes(script: str, message: str) -> None:
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
        f"dd if={PACKET} of=x",
        f"truncate -s 0 -r {PACKET} x",
        f"a --output {PACKET}",
        f"python3 {SCRIPT} --export-dir examples/x",
        f"chmod +x {SCRIPT}",
        f"a | tee log {PACKET}.log",
        "git",
        f"cp {PACKET} /tmp/a\necho '{{}}' > {PACKET}\n! judge\ncp /tmp/a {PACKET}",
        f'cp {PACKET} "$RUNNER_TEMP"\nrm {PACKET}\nmv "$RUNNER_TEMP/a.live.json" {PACKET}',
        f"cat {PACKET} > a; echo > {PACKET}; cat a > {PACKET}",
        f"mv {PACKET} {PACKET}.bak\n! judge\nmv {PACKET}.bak {PACKET}",
        f"sed -i.bak s/a/b/ {PACKET}\n! judge\nmv {PACKET}.bak {PACKET}",
        f"sed --in-place=.bak s/a/b/ {PACKET}\n! judge\nmv {PACKET}.bak {PACKET}",
        f"cp {PACKET} $TMP/a\necho > {PACKET}\ncd docs\ncp $TMP/a ../{PACKET}",
        f"(cd $TMP && cp $GITHUB_WORKSPACE/{PACKET} a)\necho > {PACKET}\ncp $TMP/a {PACKET}",
        f"(cd $TMP && cp $GITHUB_WORKSPACE/{PACKET} a)\necho > {PACKET}\n(cd $TMP; cp ./a $GITHUB_WORKSPACE/{PACKET})",
        "mv examples away\nls\nmv away examples",
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
    ],
)
def test_what_a_command_leaves_or_puts_back(script: str) -> None:
    assert replaced("true", script) == (0, "")


def test_what_is_put_back_in_another_step_is_not_replaced() -> None:
    kept, broken, back = f"cp {PACKET} a", f"echo > {PACKET}", f"cp a {PACKET}"
    assert replaced("true", kept, broken, back) == (0, "")
    assert replaced("true", kept, back, broken)[0] == 1


@pytest.mark.parametrize(
    "script",
    [
        f"cp {PACKET} a\necho > {PACKET}\ncp b {PACKET}",
        f"echo > {PACKET}\ncp {PACKET} a\ncp a {PACKET}",
        f"cp {PACKET} a\necho > {PACKET}\ncp {PACKET} a\ncp a {PACKET}",
        f"rev {PACKET} > a\necho > {PACKET}\ncat a > {PACKET}",
        f"cp setup.cfg {PACKET}",
        "mv examples away\nmv good examples",
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
    ],
)
def test_what_puts_back_something_else(script: str) -> None:
    assert replaced("true", script) != (0, "")


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
