"""What a shell does next where a command has failed, told from the script alone.

Only what can turn a failure into an exit is followed: `exit`, `return`, `false`, tests of `$?` or
of a variable that holds it. Every other command is taken to succeed, and where that alone would
decide about an exit (`if grep …; then exit 1; fi`), no exit is claimed.
"""

from __future__ import annotations

from collections import ChainMap

from cavra_lint.frozen import TYPE_CHECKING, NamedTuple
from cavra_lint.late import re
from cavra_lint.sources.shell_options import Shell, apply_options
from cavra_lint.sources.shell_reader import parse
from cavra_lint.sources.shell_syntax import (
    AndOr,
    Function,
    Group,
    If,
    Node,
    Pipeline,
    Sequence,
    Simple,
    Test,
    snippet,
)
from cavra_lint.sources.shell_writes import LIST, MORE, is_failure, kind_of, name_of, without, written

if TYPE_CHECKING:
    from collections.abc import MutableMapping
    from typing import Literal

    from cavra_lint.sources.shell_writes import Writes

NOTHING: frozenset[str] = frozenset()
JOB = "!"
"""Known where `$!` names a command of the background that failed, and `pid!` where a variable names it."""

STEPS = 60
"""So many statements are looked at after a failure; a script that takes longer is not followed."""

_DEPTH = 20
_VARIABLE = re.compile(r"\$(?P<brace>\{)?(?P<name>\?|[A-Za-z_]\w*(?(brace)(?:\[[0-9]+\])?))(?(brace)(?::?-\w*)?\})")
_COUNTED = r"\(\(\s*(?:\+\+\s*([A-Za-z_]\w*)|([A-Za-z_]\w*)\s*(?:\+\+|\+=\s*[1-9][0-9]?))\s*\)\)"
_LENGTH = r"\$\{#([A-Za-z_]\w*)(\[[@*]\])?\}"
_IS_EMPTY = r"""(?:\[\[|\[|test)\s+(-[nz]\s+)?["']?\$\{?([A-Za-z_]\w*)(\[[@*]\])?\}?["']?\s*(?:\]\]|\])?"""
_STATUS_TEST = re.compile(
    r"""(?P<open>\[\[|\[|test|\(\()\s*
        ["']?(?P<value>\$?\{?(?:\?|[A-Za-z_]\w*(?:\[[0-9]+\])?)(?::?-\w*\})?\}?)["']?
        (?:\s*(?P<operator>-ne|-eq|-gt|!=|==|=|>)\s*["']?0["']?)?\s*(?:\]\]|\]|\)\))?""",
    re.VERBOSE,
)
_LITERAL_TEST = re.compile(
    r"""(?:\[\[|\[|test|\(\()\s+(?:["']{2}|["']?(?P<left>[\w./:@-]+)["']?)\s+
        (?P<operator>-ne|-eq|-gt|-ge|-lt|-le|!=|==|=)\s+(?:["']{2}|["']?(?P<right>[\w./:@-]+)["']?)\s*
        (?:\]\]|\]|\)\))?""",
    re.VERBOSE,
)
#: A test of whether a text is empty. What the shell or GitHub would fill in is none that can be told.
_EMPTY_TEST = re.compile(
    r"""(?:\[\[|\[|test)\s+(?:(?P<operator>-[nz])\s+)?(?:"(?P<double>[^"$`\\]*)"|'(?P<single>[^'$]*)')\s*(?:\]\]|\])?""",
)
_ARITHMETIC_CONSTANT = re.compile(r"\(\(\s*([0-9]+)\s*\)\)")


_ORDERS = frozenset({"-gt", "-ge", "-lt", "-le"})


class Outcome(NamedTuple):
    """Where a statement leaves the shell.

    Attributes:
        how: whether the statement after it is next, or the function or the shell ends.
        failed: whether its status is a failure.
        saved: the variables that hold the status of the command that failed.
        sure: whether the status follows from the script; if not, success is only assumed.
    """

    how: Literal["goes on", "returns", "exits"]
    failed: bool
    saved: frozenset[str]
    sure: bool = True


def constant(node: Node) -> bool | None:
    """Return whether a statement always succeeds (True), always fails (False), or neither."""
    if isinstance(node, Simple) and node.words:
        name = node.words[0].text
        if name == "test":
            return _literal_test(node.text)
        return {"true": True, ":": True, "echo": True, "printf": True, "false": False}.get(name)
    if isinstance(node, Test):
        return _literal_test(node.text)
    if isinstance(node, Pipeline) and len(node.items) == 1:
        inner = constant(node.items[0])
        return inner if inner is None else inner is not node.negated
    return None


def constant_sequence(body: Sequence) -> bool | None:
    """Return the same for the condition of an `if` or a loop."""
    return constant(body.items[0]) if len(body.items) == 1 and not body.background[0] else None


class Rehearsal:
    """Follows the statements that a shell runs after a failure, for a bounded number of steps."""

    def __init__(self, functions: MutableMapping[str, Function], writes: Writes) -> None:
        self.functions = ChainMap({}, functions)
        self.writes = writes
        self.steps = STEPS
        self.depth = 0
        self.relaxed = False

    def statement(self, node: Node, failed: bool, saved: frozenset[str], errexit: bool) -> Outcome:
        """Follow one statement.

        Args:
            node: the statement.
            failed: whether `$?` is a failure before it.
            saved: the variables that hold a failure before it.
            errexit: whether a failing command ends the shell here.

        Returns:
            Where it leaves the shell.
        """
        self.steps -= 1
        if self.steps < 0 or self.depth >= _DEPTH:
            return Outcome("goes on", False, NOTHING, sure=False)
        self.depth += 1
        try:
            outcome = self._statement(node, failed, saved, errexit)
        finally:
            self.depth -= 1
        if not outcome.sure or isinstance(node, Test) or (isinstance(node, Simple) and node.words):
            outcome = outcome._replace(saved=self.left(node, outcome.saved))
        stops = isinstance(node, (Simple, Test)) or (isinstance(node, Group) and node.subshell)
        if stops and errexit and not self.relaxed and outcome.how == "goes on" and outcome.failed:
            return outcome._replace(how="exits")
        return outcome

    def left(self, node: Node, saved: frozenset[str]) -> frozenset[str]:
        """Return what is still known to hold a failure behind a statement that was not followed."""
        return without(saved, written(node, self.functions, self.writes)) if saved else saved

    def _statement(self, node: Node, failed: bool, saved: frozenset[str], errexit: bool) -> Outcome:
        if isinstance(node, Simple):
            return self._simple(node, failed, saved, errexit)
        if isinstance(node, Test):
            counted = re.fullmatch(_COUNTED, node.text)
            name = (counted[1] or counted[2]) if counted else ""
            if name and _counts(name, saved):
                return Outcome("goes on", False, saved | {name}, sure=False)
            return _tested(node.text, failed, saved)
        if isinstance(node, AndOr):
            return self._and_or(node, failed, saved, errexit)
        if isinstance(node, Pipeline) and len(node.items) == 1:
            inner = self.statement(node.items[0], failed, saved, False)
            turned = node.negated and inner.how == "goes on" and inner.sure
            return inner._replace(failed=not inner.failed) if turned else inner
        if isinstance(node, Group):
            relaxed = self.relaxed
            inner = self.sequence(node.body, failed, saved, errexit)
            if not node.subshell:
                return inner
            self.relaxed = relaxed
            return Outcome("goes on", inner.failed, saved)
        if isinstance(node, If):
            return self.branches(node, 0, None, failed, saved, errexit)
        if isinstance(node, Function):
            self.functions[node.name] = node
            return Outcome("goes on", False, saved)
        return Outcome("goes on", False, saved, sure=False)

    def sequence(self, body: Sequence, failed: bool, saved: frozenset[str], errexit: bool) -> Outcome:
        """Follow statements up to the first that ends the function or the shell."""
        outcome = Outcome("goes on", failed, saved)
        for node, background in zip(body.items, body.background, strict=True):
            if background:
                outcome = Outcome("goes on", False, outcome.saved - {JOB})
                continue
            outcome = self.statement(node, outcome.failed, outcome.saved, errexit)
            if outcome.how != "goes on" or self.steps < 0:
                break
        return outcome

    def _simple(self, node: Simple, failed: bool, saved: frozenset[str], errexit: bool) -> Outcome:
        if not node.words:
            for name, value in node.assignments:
                written_down = _written_down(name, value, failed, saved)
                saved = without(saved, {name_of(name): None}) | written_down
            return Outcome("goes on", False, saved)
        name, arguments = node.words[0].text, [word.text for word in node.words[1:]]
        if name in self.functions:
            outcome = self.sequence(self.functions[name].body, failed, saved, errexit)
            return outcome._replace(how="goes on") if outcome.how == "returns" else outcome
        if name in {"exit", "return"}:
            ends = _exit_fails(arguments, failed, saved)
            return Outcome("exits" if name == "exit" else "returns", ends, saved)
        if name == "test":
            return _tested(node.text, failed, saved)
        if name == "set":
            options = Shell(not self.relaxed, False)
            apply_options(options, name, arguments)
            self.relaxed = not options.errexit
        # of many, the status of the last is given
        if name == "wait" and arguments and not arguments[0].startswith("-") and _is_job(arguments[-1], saved):
            return Outcome("goes on", True, saved)
        word = _word(name, saved)
        known = {"true": True, "false": False}.get(word) if word and not arguments else constant(node)
        sure = known is not None or name in {"echo", "printf"}
        return Outcome("goes on", known is False, saved, sure)

    def _and_or(self, node: AndOr, failed: bool, saved: frozenset[str], errexit: bool) -> Outcome:
        outcome = self.statement(node.items[0], failed, saved, errexit and not node.operators)
        for position, (operator, item) in enumerate(zip(node.operators, node.items[1:], strict=True)):
            if outcome.how != "goes on" or self.steps < 0:
                break
            if not outcome.sure:
                return Outcome("goes on", False, outcome.saved, sure=False)
            if (operator == "||") == outcome.failed:
                last = position == len(node.operators) - 1
                outcome = self.statement(item, outcome.failed, outcome.saved, errexit and last)
        return outcome

    def branches(
        self,
        node: If,
        index: int,
        decided: bool | None,
        failed: bool,
        saved: frozenset[str],
        errexit: bool,
    ) -> Outcome:
        """Follow an `if`.

        Args:
            node: the statement.
            index: the branch to start with.
            decided: whether its condition failed, None where it is yet to be followed.
            failed: whether `$?` is a failure.
            saved: the variables that hold a failure.
            errexit: whether a failing command ends the shell here.

        Returns:
            Where the branch that is taken leaves the shell.
        """
        for condition, body in node.branches[index:]:
            if decided is None:
                ahead = self.sequence(condition, failed, saved, False)
                if ahead.how != "goes on":
                    return ahead
                if not ahead.sure:
                    return Outcome("goes on", False, self.left(node, ahead.saved), sure=False)
                failed, saved = ahead.failed, ahead.saved
            else:
                failed, decided = decided, None
            if not failed:
                return self.sequence(body, False, saved, errexit)
        if node.otherwise is not None:
            return self.sequence(node.otherwise, failed, saved, errexit)
        return Outcome("goes on", False, saved)


def _written_down(name: str, value: str, failed: bool, saved: frozenset[str]) -> frozenset[str]:
    """Return what is known of a variable behind an assignment.

    `rc` is one that holds the status of a failure, `rc=no` one that holds a word, `rc[]` a text and `rc()` a list
    that is not empty.
    """
    if _remembers(value, failed, saved):
        return frozenset({name})
    if _is_job(value, saved):
        return frozenset({f"{name}{JOB}"})
    kind = kind_of(name, value)
    if kind is None or (kind == MORE and not _counts(name, saved)):
        return NOTHING
    return frozenset({name_of(name) if kind == MORE else f"{name_of(name)}{kind}"})


def _is_job(text: str, saved: frozenset[str]) -> bool:
    """Tell whether a word names a command of the background that failed: `$!`, or a variable that holds that."""
    named = text.removeprefix("$").removeprefix("{").removesuffix("}")
    return text.startswith("$") and (named if named == JOB else f"{named}{JOB}") in saved


def _counts(name: str, saved: frozenset[str]) -> bool:
    """Tell whether one more of a variable is a number: where nothing else is known to be in it."""
    return name in saved or not _is_filled(name, saved, of_list=True)


def _word(text: str, saved: frozenset[str]) -> str:
    """Return the word that a variable holds, empty where that is not known."""
    match = _VARIABLE.fullmatch(text)
    start = f"{match['name']}=" if match else "$"
    return next((one[len(start) :] for one in saved if one.startswith(start)), "")


def _is_filled(name: str, saved: frozenset[str], *, of_list: bool) -> bool:
    return any(name_of(one) == name and (of_list or one != f"{name}{LIST}") for one in saved)


def _tested(text: str, failed: bool, saved: frozenset[str]) -> Outcome:
    holds: bool | None = None
    empty = re.fullmatch(_IS_EMPTY, text)
    counted = re.sub(
        _LENGTH, lambda match: "$?" if _is_filled(match[1], saved, of_list=bool(match[2])) else match[0], text
    )
    if empty and _is_filled(empty[2], saved, of_list=bool(empty[3])):
        holds = empty[1] is None or empty[1].strip() == "-n"
    elif counted != text:
        holds = _status_test(counted, True, saved)
    else:
        holds = _status_test(text, failed, saved)
    if holds is None:
        holds = _literal_test(_VARIABLE.sub(lambda match: _word(match[0], saved) or match[0], text))
    return Outcome("goes on", holds is False, saved, sure=holds is not None)


def _status_test(text: str, failed: bool, saved: frozenset[str]) -> bool | None:
    match = _STATUS_TEST.fullmatch(text)
    if match is None:
        return None
    value, operator, arithmetic = match["value"], match["operator"], match["open"] == "(("
    if not value.startswith("$"):
        # `(( rc ))` needs no dollar; in the other tests a bare word is just a word.
        if not arithmetic:
            return None
        value = f"${value}"
    if not _remembers(value, failed, saved) or (operator is None and not arithmetic):
        return None
    return operator not in {"-eq", "==", "="}


def _literal_test(text: str) -> bool | None:
    if match := _ARITHMETIC_CONSTANT.fullmatch(text):
        return int(match[1][:9]) != 0
    if match := _EMPTY_TEST.fullmatch(text):
        return bool(match["double"] or match["single"]) is (match["operator"] != "-z")
    match = _LITERAL_TEST.fullmatch(text)
    if match is None:
        return None
    left, right = match["left"] or "", match["right"] or ""
    numbers = left.isdecimal() and right.isdecimal()
    if (text.startswith("((") or match["operator"].startswith("-")) and not numbers:
        return None
    if match["operator"] in _ORDERS:
        one, other = int(left[-9:]), int(right[-9:])
        return (one == other and match["operator"] in {"-ge", "-le"}) or (
            one != other and (one > other) is (match["operator"] in {"-gt", "-ge"})
        )
    return (left == right) is (match["operator"] in {"-eq", "==", "="})


def set_traps(arguments: list[str], traps: dict[str, str], functions: MutableMapping[str, Function]) -> None:
    """Do to the traps of a shell what `trap` with these arguments does: some end a script well where it has failed.

    Args:
        arguments: what to do, and the signals.
        traps: why a failure passes, by signal.
        functions: the functions of the script.
    """
    signals = {argument.upper().removeprefix("SIG").replace("0", "EXIT") for argument in arguments[1:]}
    signals &= {"EXIT", "ERR"}
    if not signals:
        return
    outcome = Rehearsal(functions, {}).sequence(parse(arguments[0]).body, True, NOTHING, False)
    good = outcome.how == "exits" and not outcome.failed
    for signal in signals:
        traps.pop(signal, None)
        if good:
            traps[signal] = f"`trap … {snippet(' '.join(arguments[1:]))}` exits with 0"


def _remembers(value: str, failed: bool, saved: frozenset[str]) -> bool:
    match = _VARIABLE.fullmatch(value)
    if match is None:
        return False
    name = "PIPESTATUS[0]" if match["name"] == "PIPESTATUS" else match["name"]
    return failed if name == "?" else name in saved


def _exit_fails(arguments: list[str], failed: bool, saved: frozenset[str]) -> bool:
    if not arguments:
        return failed
    if arguments[0].isascii() and arguments[0].isdigit():
        return is_failure(arguments[0])
    return _remembers(arguments[0], failed, saved)
