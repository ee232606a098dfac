"""The walk over a script is held against bash itself wherever bash can be asked."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from cavra_lint.sources.shell import simple_commands
from cavra_lint.sources.shell_syntax import SimpleCommand

BASH = shutil.which("bash")


# GATE stands for the command that guards something; bash runs `false` in its place.
COUNTS = [
    'GATE || status=$?\nexit "${status:-0}"',
    "GATE & wait $!",
    "GATE & pid=$!\nwait $pid",
    'GATE &\npid=$!\necho x\nwait "${pid}"\necho y',
    "set +e\nGATE & pid=$!\nwait $pid\nexit $?",
    "GATE & pid=$!\nif ! wait $pid; then exit 1; fi\necho x",
    "GATE & pid=$!\nwait $pid || exit 3\necho x",
    "GATE & pid=$!\nrc=0\nwait $pid || rc=$?\necho x\nexit $rc",
    "true & other=$!\nGATE & wait $other $!",
    "GATE & pid=$!\nset +e\nwait $pid\nrc=$?\nset -e\necho x\nexit $rc",
    "GATE & one=$!\ntrue & two=$!\nwait $two\nwait $one",
    "{ GATE; echo x; } & wait $!",
    "(set -e; GATE; echo x) & wait $!",
    "f() { GATE & }\nf\nwait $!\necho x",
    'GATE || rc=1\n[[ "${rc:-0}" -ne 0 ]] && exit 1\nexit 0',
    "ok=true\nGATE || ok=false\n$ok",
    'ok=true\nGATE || ok=false\nif [ "$ok" != true ]; then exit 1; fi',
    'GATE || failed=yes\nif [ "$failed" = yes ]; then exit 1; fi\necho x',
    'GATE || failed="$failed gate"\nif [ -n "$failed" ]; then exit 1; fi\necho x',
    "failed=()\nGATE || failed+=(gate)\nif (( ${#failed[@]} )); then exit 1; fi\necho x",
    "failed=()\nGATE || failed+=(gate)\n[ ${#failed[@]} -eq 0 ]",
    'failed=()\nGATE || failed+=(gate)\n[ -z "${failed[*]}" ]',
    "rc=0\nGATE || rc=$((rc + 1))\n[ -d . ] || rc=$((rc + 1))\nexit $rc",
    "rc=0\nGATE || ((rc++))\nexit $rc",
    "rc=0\nGATE || ((rc += 1))\nexit $rc",
    "rc=0\nfor i in 1 2; do GATE || rc=$?; done\n[ -d . ] || rc=1\nexit $rc",
    "rc=0\nGATE || rc=$?\nfor i in 1 2; do [ -d . ] || rc=$?; done\nexit $rc",
    'rc=0\nGATE || rc=$?\necho "rc=$rc" > /dev/null\nexit $rc',
    'set -o pipefail +e\nGATE | cat\nrc=${PIPESTATUS[0]}\nset -e\nexit "$rc"',
    "rc=0\nGATE || rc=1\n[ -d . ] || exit 2\nexit $rc",
    "GATE",
    "echo -n x\nGATE",
    "eval 'A=1; [ -d . ]'\nGATE",
    "eval 'if [ -d /nowhere ]; then exit 0; fi'\nGATE",
    "(eval 'exit 0')\nGATE",
    "set +e\neval 'set -e'\nGATE\necho x",
    "set -- one\nGATE",
    "command\nGATE",
    "set - +e\nGATE\necho x",
    "set +e\nshopt -so errexit\nGATE\necho x",
    "shopt -o errexit > /dev/null || true\nGATE\necho x",
    "shopt -u extglob errexit || true\nGATE\necho x",
    "sort -uo /dev/null errexit < /dev/null || true\nGATE\necho x",
    "GATE\necho done",
    "GATE; true",
    "GATE || exit 1",
    "GATE || exit",
    "GATE || exit $?",
    "GATE || { echo failed; exit 1; }",
    "GATE || (echo failed; exit 1)",
    "GATE || false\necho x",
    "GATE && echo ok",
    "echo a && GATE\necho next",
    "GATE\nexit 0",
    "if ! GATE; then exit 1; fi\necho x",
    "if ! GATE\nthen\n  echo bad\n  exit 2\nelse\n  echo good\nfi",
    "if GATE; then echo ok; else exit 1; fi",
    "if GATE; then echo ok; else exit $?; fi",
    "if GATE; then :; else false; fi\necho x",
    "if true && GATE; then echo; else exit 1; fi",
    "if [ -f none ]; then echo; elif ! GATE; then exit 1; fi",
    "if true; then GATE; fi\necho x",
    "if false; then :; elif true; then GATE; fi\necho",
    "set -euo pipefail\nGATE 2>&1 | cat\necho x",
    "set -o pipefail\nGATE | cat",
    "echo | GATE\necho x",
    "GATE | cat; exit ${PIPESTATUS[0]}",
    'GATE | cat\ntest "${PIPESTATUS[0]}" -eq 0\necho x',
    "set +e\nGATE\nrc=$?\nset -e\nexit $rc",
    'set +e\nGATE\nrc=$?\nif [ "$rc" -ne 0 ]; then exit $rc; fi\necho fine',
    "set +e\nGATE\nif [ $? -ne 0 ]; then\n  echo bad\n  exit 1\nfi",
    "set +e\nGATE\nrc=$?\n(( rc )) && exit 1\necho x",
    "rc=0\nGATE || rc=$?\necho $rc\nexit $rc",
    "failed=0\nGATE || failed=1\necho x\nexit $failed",
    'failed=0\nif ! GATE; then\n  failed=1\nfi\n[ "$failed" -eq 0 ]',
    "failed=0\nif ! GATE; then failed=1; fi\nif (( failed )); then exit 1; fi",
    "set +e\n(set -e; GATE; echo)\nexit $?",
    "set +e; set -e; GATE; echo",
    "f() { GATE; }\nf\necho y",
    "f() { GATE && true; }\nf\necho next",
    "f() { GATE || return 1; }\nf\necho next",
    "f() {\n  local rc\n  GATE\n  rc=$?\n  return $rc\n}\nf",
    "f() { GATE; }\nf || true\nf",
    'die() { echo "$1"; exit 1; }\nGATE || die "bad"\necho x',
    "{ GATE; }\necho x",
    "( GATE && true )\necho x",
    "( GATE; echo x )\necho y",
    "( trap 'rm -f none' EXIT; GATE )\necho x",
    "x=$(GATE)\necho x",
    "x=$(echo a; GATE)\necho b",
    "x=`GATE`\necho b",
    "x=$(GATE) || exit 1\necho z",
    "trap 'rm -f none' EXIT\nGATE",
    "trap 'rc=$?; rm -f none; exit $rc' EXIT\nGATE",
    "for i in 1 2; do GATE; done\necho x",
    "for i in 1 2; do GATE && break; done",
    "case x in x) GATE;; esac\necho x",
    "cat <<EOF | GATE\nx\nEOF\necho x",
    "GATE <<EOF\nx\nEOF\necho x",
    "GATE > /dev/null 2>&1\necho x",
    "exec GATE",
    "time GATE\necho x",
    "! GATE && exit 1\necho y",
    "GATE && exit 0\nexit 1",
    "if [ -f none ]; then exit 0; fi\nGATE\necho x",
    "(exit 0)\nGATE",
    "if [ 2 -ge 2 ] && [ 1 -le 2 ]; then GATE; fi",
    "if [ -z '' ]; then GATE; fi",
    'if [ -n "$PWD" ]; then GATE; fi',
    'if [ "$PWD" ]; then GATE; fi',
    "exit 0 | true\nGATE",
    "[ -f none ] && exit 0\nGATE",
    "for i in 1 2; do break; done\nGATE",
    "for i in 1 2; do [ -f none ] && break; GATE; done",
    "while true; do if [ -d . ]; then break; fi; done\nGATE",
    "while false; do exit 0; done\nGATE",
    "for i in $none; do exit 0; done\nGATE",
    "case x in y) exit 0;; x) GATE;; esac",
    "case x in y | x) GATE;; *) exit 0;; esac",
    'case "$PWD" in none) exit 0;; *) GATE;; esac',
    "case x in x) true;; *) exit 0;; esac\nGATE",
    "f() { return 0; exit 0; }\nf\nGATE",
    "f() ( exit 0 )\nf\nGATE",
    "trap 'exit 0' EXIT\ntrap - EXIT\nGATE",
    "trap 'exit 0' EXIT\ntrap true 0\nGATE",
    "set +e\ncommand set -e\nGATE\necho x",
    "GATE # || true",
    "GATE \\\n  --a b \\\n  --c\necho x",
    "GATE\r\necho x\r\n",
]


#: What makes a success of a failure that was written down.
WRITES = [
    "for x in a; do rc=0; done",
    "for rc in 0; do :; done",
    "for ((rc = 0; rc < 0; rc++)); do :; done",
    "while :; do rc=0; break; done",
    "case x in x) rc=0;; esac",
    "if [ -d . ]; then rc=0; fi",
    "if [ -f none ]; then :; else rc=0; fi",
    "[ -d . ] && rc=0",
    "unset rc",
    "declare rc=0",
    "export rc=0",
    "read rc <<< 0",
    "printf -v rc 0",
    "mapfile -t rc < /dev/null",
    "let rc=0 || :",
    "(( rc = 0 )) || :",
    "(( rc-- )) || :",
    ": $(( rc = 0 ))",
    "eval rc=0",
    "f() { rc=0; }\nf",
    "f() { rc=0; }\n[ -d . ] && f",
    "exit() { :; }",
    "rc[0]=0",
]


PASSES = [
    "eval 'set +e'\nGATE\necho x",
    "eval \"trap 'exit 0' EXIT\"\nGATE",
    "if [ -d . ]; then set +e; fi\nGATE\necho x",
    "set -o pipefail\nif [ -d . ]; then set +o pipefail; fi\nGATE | cat",
    "if [ -d . ]; then trap 'exit 0' EXIT; fi\nGATE",
    "set +e\nset -- -e\nGATE\necho x",
    *(f"GATE || rc=1\n{write}\nexit $rc" for write in WRITES),
    "GATE || rc=1\n[ -d . ] && exit 0\nexit $rc",
    "GATE || rc=1\n! false\n! [ -f none ]",
    "for i in 1 2; do rc=0; if [ $i = 1 ]; then GATE || rc=1; fi; done\nexit $rc",
    'GATE || ok=false\nok=true\nif [ "$ok" != true ]; then exit 1; fi',
    'GATE || ok=no\n[ "$ok" -ne 0 ] && exit 1\nexit 0',
    'failed=\nGATE || failed+=(gate)\nif [ -n "$failed" ]; then exit 1; fi',
    'GATE || failed="$failed x"\nfor i in 1 2; do failed=; done\nif [ -n "$failed" ]; then exit 1; fi',
    'GATE || failed=no\nfor i in 1 2; do failed=yes; done\nif [ "$failed" = no ]; then exit 1; fi',
    "GATE || true",
    "GATE || :",
    "GATE || echo failed",
    "GATE || exit 0",
    "GATE > /dev/null || true",
    "GATE <<EOF || true\nx\nEOF",
    "cat <<EOF | GATE || true\nx\nEOF",
    "GATE && echo ok\necho next",
    "echo a && GATE && echo b\necho c",
    "GATE && a=1 || a=0\nexit 0",
    "GATE || echo x || exit 1",
    "! GATE",
    "! GATE\necho x",
    "! echo | GATE",
    "if ! GATE; then echo bad; fi",
    "if ! GATE; then exit $?; fi",
    "if GATE; then echo ok; fi",
    "if GATE; then echo; elif false; then exit 1; fi",
    "if GATE; then echo; elif [ -f none ]; then exit 1; fi",
    "while GATE; do echo; done",
    "until ! GATE; do echo; done",
    "GATE &",
    "GATE & wait",
    "GATE & true & wait $!",
    "GATE & pid=$!\ntrue &\npid=$!\nwait $pid",
    "true & pid=$!\nGATE &\nwait $pid",
    "GATE & pid=$!\nwait $pid || true",
    "GATE & pid=$!\nset +e\nwait $pid\necho x",
    "GATE & pid=$!\ntrue & other=$!\nwait $pid $other",
    "GATE & pid=$!\nunset pid\nwait $pid",
    "GATE & pid=$!\nif wait $pid; then echo x; fi",
    "{ GATE || true; } & wait $!",
    "GATE | cat & wait $!",
    "GATE & pid=$!\nf() { true & pid=$!; }\nf\nwait $pid",
    "GATE & pid=$!\nf() { set +e; }\nf\nwait $pid\necho x",
    "GATE & f() { true & }\nf\nwait $!",
    "f() { GATE; }; f & wait",
    "GATE | cat",
    "GATE | cat | cat\necho x",
    "(GATE) | cat",
    "{ GATE || exit 1; } | cat",
    "set +e\nGATE\necho x",
    "set +e\nGATE\nset -e\necho x",
    "shopt -uo errexit\nGATE\necho x",
    "if true; then set +e; fi\nGATE\necho x",
    "GATE || rc=1\nexit 0",
    "GATE || rc=0\nexit $rc",
    "GATE || rc=1\nrc=0\nexit $rc",
    "if ! GATE; then rc=256; fi\nexit $rc",
    "f() { GATE; }\nf || true",
    "f() { GATE || true; return 0; }\nf",
    'say() { echo "$1"; }\nGATE || say "bad"\necho x',
    "{ GATE; echo x; } || true",
    "{ GATE; echo; } || exit 1\necho x",
    "{ GATE && true; }\necho x",
    "{ GATE; echo; } && echo x",
    "( GATE ) || true",
    "( set +e; GATE; true )",
    "echo $(GATE)",
    "export X=$(GATE)",
    "x=$(GATE; echo a)",
    "X=$(GATE) echo b",
    ": `GATE`",
    "cat <(GATE)",
    '[ "$(GATE)" = x ] && true\ntrue',
    "trap 'exit 0' EXIT\nGATE",
    "trap 'exit 0' ERR\nGATE",
    "bye() { exit 0; }\ntrap bye EXIT\nGATE",
    "trap 'exit 0' EXIT\ntrap 'echo x' ERR\nGATE",
    "builtin trap 'exit 0' EXIT\nGATE",
    "builtin set +e\nGATE\necho x",
    "command set +e\nGATE\necho x",
    "for i in 1 2; do GATE || true; done",
    "for i in 1 2; do GATE && break; done\necho x",
]


UNREACHED = [
    "exit 0\nGATE",
    "builtin exit\nGATE",
    "time exit\nGATE",
    "if false; then GATE; fi",
    "if [ 1 = 2 ]; then GATE; fi",
    "if ! true; then GATE; fi",
    "if [ 0 -gt 1 ]; then GATE; fi",
    "if [ 2 -lt 2 ]; then GATE; fi",
    "[ 2 -le 1 ] && GATE\ntrue",
    'if [ "" ]; then GATE; fi',
    'if [ -n "" ]; then GATE; fi',
    "[[ -z 'x' ]] && GATE\ntrue",
    "test -z 'x' && GATE\ntrue",
    "[ 1 -ge 1 ] && exit 0\nGATE",
    "if true; then :; else GATE; fi",
    "if true; then :; elif true; then GATE; fi",
    "while false; do GATE; done",
    "until true; do GATE; done",
    "f() { GATE; }",
    "function f { GATE; }\necho f",
    "f() { g() { GATE; }; }\nf",
    "true || GATE",
    "exec true\nGATE",
    "exit || GATE",
    "exit 0 && GATE",
    "! exit 0\nGATE",
    "true && exit 0\nGATE",
    "if exit; then GATE; else GATE; fi\nGATE",
    "while exit; do GATE; done\nGATE",
    "while true; do exit 0; done\nGATE",
    "for i in 1 2; do exit 0; done\nGATE",
    "for i in 1 2; do continue; GATE; done",
    "for i in 1 2; do break; GATE; done",
    "for i in; do GATE; done",
    "case x in y | z) GATE;; esac",
    "case x in x) exit 0;; esac\nGATE",
    "case x in *) exit 0;; esac\nGATE",
    "case x in *) true;; x) GATE;; esac",
    "f() { exit 0; }\nf\nGATE",
    "f() { exit 0; }\nf || true\nf && GATE",
    "echo x || GATE",
    "printf x || GATE",
    "set -n\nGATE",
    "set -o noexec\nGATE",
    "command exit 0\nGATE",
    "eval 'exit 0'\nGATE",
    "eval exit 0\nGATE",
    "eval 'true && exit 0'; GATE",
    "eval \"eval 'exit 0'\"\nGATE",
    "{ echo; exit 0; }\nGATE",
    "if [ -d . ]; then exit 0; else exit 0; fi\nGATE",
]


NO_COMMAND = [
    "# GATE",
    "echo 'GATE'",
    'echo "\nGATE\n"',
    "cat <<EOF\nGATE\nEOF",
    "cat <<'EOF' > /dev/null\nGATE\nEOF",
    "x='GATE'",
    "echo \\\n# GATE",
]

NOT_READ = [
    "echo 'unclosed\nGATE\n",
    'echo "unclosed\nGATE\n',
    "if true; then\nGATE\n",
    "GATE '",
    "( GATE",
    "echo )\nGATE",
    "! { true; GATE; }",
    "for\nGATE",
]


def gates(script: str, *, errexit: bool = True, pipefail: bool = False) -> list[SimpleCommand]:
    found = simple_commands(script.replace("GATE", "gate it"), errexit=errexit, pipefail=pipefail)
    return [command for command in found if "gate" in command.words]


def ask_bash(script: str, *options: str) -> bool:
    """Whether bash fails where the gate fails."""
    text = script.replace("GATE", "false").replace("\r\n", "\n")
    done = subprocess.run([str(BASH), *options, "-c", text], stdin=subprocess.DEVNULL, capture_output=True, timeout=20)
    return done.returncode != 0


@pytest.mark.parametrize("script", COUNTS)
def test_a_failure_that_counts(script: str) -> None:
    assert any(not command.masked and not command.unreached for command in gates(script))


@pytest.mark.parametrize("script", PASSES)
def test_a_failure_that_passes(script: str) -> None:
    found = gates(script)
    assert found
    assert all(command.masked for command in found)


@pytest.mark.parametrize("script", UNREACHED)
def test_a_command_that_never_runs(script: str) -> None:
    found = gates(script)
    assert found
    assert all(command.unreached for command in found)


@pytest.mark.parametrize("script", NO_COMMAND)
def test_words_that_are_no_command(script: str) -> None:
    assert [c for c in simple_commands(script.replace("GATE", "gate it")) if c.words[0] == "gate"] == []


@pytest.mark.parametrize("script", NOT_READ)
def test_nothing_is_claimed_of_what_no_shell_reads(script: str) -> None:
    assert all(command.unreached for command in gates(script))


def test_what_stands_before_a_syntax_error_runs() -> None:
    assert gates("GATE\necho ok\nif true; then\n")[0].unreached is None


@pytest.mark.skipif(BASH is None, reason="there is no bash to ask")
@pytest.mark.parametrize("options", [("-e",), ("-eo", "pipefail"), ()], ids=["-e", "pipefail", "plain"])
def test_bash_agrees(options: tuple[str, ...]) -> None:
    errexit, pipefail = "-e" in options or "-eo" in options, "pipefail" in options
    disagreeing = []
    for script in [*COUNTS, *PASSES, *UNREACHED, *NO_COMMAND]:
        found = gates(script, errexit=errexit, pipefail=pipefail)
        counts = any(not command.masked and not command.unreached for command in found)
        if counts != ask_bash(script, *options):
            disagreeing.append(script)
    assert disagreeing == []


@pytest.mark.parametrize(
    ("script", "masked"),
    [
        ("a || true", "`|| true` discards its status"),
        ("a &", "runs in the background (`&`)"),
        ("! a", "is negated (`!`)"),
        ("a | b", "stands before a pipe without `pipefail`"),
        ("set +e\na\nb", "`set +e` is in force"),
        ("set +e\na", "`set +e` is in force"),
        ("a && b\nc", "is followed by `c`, which discards its status"),
        ("if a; then b; fi", "stands in the condition of an `if` that lets its failure pass"),
        ("while a; do b; done", "stands in the condition of `while`"),
        ("trap 'exit 0' EXIT\na", "`trap … EXIT` exits with 0"),
        ("b $(a)", "its status is lost in a substitution"),
    ],
)
def test_it_says_why_a_failure_passes(script: str, masked: str) -> None:
    assert [c.masked for c in simple_commands(script) if c.words == ("a",)] == [masked]


@pytest.mark.parametrize(
    ("script", "unreached"),
    [
        ("exit 0\na", "stands after `exit 0`"),
        ("if false; then a; fi", "stands in an `if` that is always false"),
        ("if true; then b; else a; fi", "stands in an `else` that is never taken"),
        ("f() { a; }", "stands in the function `f`, which is never called"),
        ("a() { b; }\na", "`a` is a function of this script"),
        ("alias a='b --c=d'\na", "`a` is something else since `alias` or `hash -p`"),
        ("if x; then hash -p b a; fi\na", "`a` is something else since `alias` or `hash -p`"),
        ("b\n( a", "no shell can read the script from line 2 on"),
    ],
)
def test_it_says_why_a_command_never_runs(script: str, unreached: str) -> None:
    assert [c.unreached for c in simple_commands(script) if c.words == ("a",)] == [unreached]


@pytest.mark.parametrize(
    "script",
    ["alias b=a\na", "mkdir -p b a\na", "hash b c a\na", "alias a\na", "(alias a=b)\na", "hash a\na", "a\nalias a=b"],
)
def test_a_command_is_itself_where_nothing_was_put_in_its_place(script: str) -> None:
    assert [c.unreached for c in simple_commands(script) if c.words == ("a",)] == [None]


@pytest.mark.parametrize("script", ["`'')||e", "a `'')||e\nb", "x=$(a | | b) c"])
def test_what_stands_where_nothing_can_be_read_ends_no_reading(script: str) -> None:
    assert all(command.unreached for command in simple_commands(f"{script}\ngate"))
