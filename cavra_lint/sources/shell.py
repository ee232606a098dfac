"""Which commands a shell script runs, and whether the script fails where one of them fails.

The walk follows bash: what `errexit` does and does not stop, which status a list, a pipeline or a
function hands on, what a substitution loses. For each command one question is asked: if this
command failed and all others did not, would the script fail?
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cavra_lint.sources.shell_options import Shell, apply_options, behind_wrappers, stops_running
from cavra_lint.sources.shell_place import Fate, Place, kept_as, lost_at, never
from cavra_lint.sources.shell_reader import parse
from cavra_lint.sources.shell_rehearsal import (
    JOB,
    NOTHING,
    STEPS,
    Outcome,
    Rehearsal,
    constant,
    constant_sequence,
    set_traps,
)
from cavra_lint.sources.shell_syntax import (
    AndOr,
    Case,
    Function,
    Group,
    If,
    Loop,
    Node,
    Pipeline,
    Script,
    Sequence,
    Simple,
    SimpleCommand,
    children,
    last_of_pipe,
    names_any,
    snippet,
    source,
)
from cavra_lint.sources.shell_writes import Writes, Written, without, written

_CALL_DEPTH = 10
#: What a command of this name has behind it in the same sequence does not run.
_LEAVING = frozenset({"exit", "return", "break", "continue"})


def simple_commands(script: str, *, errexit: bool = True, pipefail: bool = False) -> Iterator[SimpleCommand]:
    """Find the commands of a script.

    What stands in comments, strings and here-documents is not a command. Names of functions that
    the script defines are commands that are never reached, their bodies stand for them.

    Args:
        script: the script's text, with LF or CRLF line ends.
        errexit: whether the shell is started with `-e`.
        pipefail: whether the shell is started with `-o pipefail`.

    Yields:
        The commands in the order of the text. From the first thing on that no shell could read,
        commands count as unreached.
    """
    parsed = parse(script)
    walk = _Walk()
    walk.program(parsed, Shell(errexit, pipefail))
    for offset in sorted(walk.found):
        yield walk.found[offset]


class _Walk:
    """One walk over one script, which fills `found`."""

    def __init__(self) -> None:
        self.found: dict[int, SimpleCommand] = {}
        self.functions: dict[str, Function] = {}
        self.writes: Writes = {}
        self.calls = 0
        self.walked: dict[tuple[int, bool], bool] = {}
        self.called: set[int] = set()

    def program(self, script: Script, shell: Shell) -> None:
        def end(failed: bool, _: frozenset[str]) -> Fate:
            if not failed:
                return "the script succeeds all the same"
            # The last status would count even so, but only until someone adds a line.
            return "`set +e` is in force" if shell.switched_off else None

        top = Place(
            after=end,
            leave=lambda failed: None if failed else "`exit 0` ends the script",
            give_back=lambda failed: None if failed else "`return` hands on no failure",
            guarded=False,
            unreached=None,
        )
        self.sequence(script.body, top, shell, script.broken_at, script.broken_line)
        self.never_called(script.body, top)

    def never_called(self, body: Sequence, top: Place) -> None:
        stack: list[Node | Sequence] = [body]
        while stack:
            node = stack.pop()
            if isinstance(node, Function) and node.offset not in self.called:
                reason = f"stands in the function `{snippet(node.name)}`, which is never called"
                self.sequence(node.body, top._replace(unreached=reason), Shell(True, False))
            stack += children(node)

    def sequence(
        self, body: Sequence, place: Place, shell: Shell, broken_at: int | None = None, broken_line: int = 0
    ) -> bool:
        """Walk statements; return whether the shell surely does not come out at the end."""
        ended = False
        for index, node in enumerate(body.items):
            if broken_at is not None and index >= broken_at:
                place = never(place, f"no shell can read the script from line {broken_line + 1} on")
            here = place._replace(after=self.continuation(body, index, place, shell))
            if body.background[index]:
                self.node(node, kept_as(JOB, here, "runs in the background (`&`)"), shell.copy())
            elif self.node(node, here, shell) and not ended:
                ended = True
                place = never(place, f"stands after `{snippet(source(node))}`")
        return ended

    def continuation(
        self, body: Sequence, index: int, place: Place, shell: Shell
    ) -> Callable[[bool, frozenset[str]], Fate]:
        """Return what becomes of the status of one statement, given the statements after it."""
        following = body.items[index + 1 : index + 1 + STEPS]
        errexit = shell.errexit and not place.guarded

        def after(failed: bool, saved: frozenset[str]) -> Fate:
            if not following:
                return place.after(failed, saved)
            lost = f"is followed by `{snippet(source(following[0]))}`, which discards its status"
            reason = "`set +e` is in force" if shell.switched_off else lost
            rehearsal = Rehearsal(self.functions, self.writes)
            for position, node in enumerate(following):
                if not failed and not saved:
                    return reason
                if body.background[index + 1 + position]:
                    failed, saved = False, saved - {JOB}
                    continue
                outcome = rehearsal.statement(node, failed, saved, errexit)
                if outcome.how != "goes on":
                    return self.come_to(outcome, place)
                failed = outcome.failed
                saved = frozenset(n for n in outcome.saved if not n.startswith("PIPESTATUS"))
            return reason if place.after(failed, saved) is not None else None

        return after

    def node(self, node: Node, place: Place, shell: Shell) -> bool:
        if isinstance(node, Simple):
            return self.simple(node, place, shell)
        if isinstance(node, AndOr):
            return self.and_or(node, place, shell)
        if isinstance(node, Pipeline):
            return self.pipeline(node, place, shell)
        if isinstance(node, Group):
            return self.group(node, place, shell)
        if isinstance(node, If):
            return self.if_statement(node, place, shell)
        if isinstance(node, Loop):
            return self.loop(node, place, shell)
        if isinstance(node, Case):
            return self.case(node, place, shell)
        if isinstance(node, Function):
            self.functions[node.name] = node
            return False
        self.substitutions(node.substitutions, place, shell)
        return False

    def simple(self, node: Simple, place: Place, shell: Shell) -> bool:
        if not node.words:
            # The status of an assignment is that of its last substitution.
            self.substitutions(node.substitutions[:-1], place, shell)
            for body in node.substitutions[-1:]:
                inner = shell.copy()
                inner.errexit = inner.switched_off = False
                self.sequence(body, self.own_process(place, shell), inner)
            return False
        self.substitutions(node.substitutions, place, shell)
        name = node.words[0].text
        function = self.functions.get(name) if node.words[0].literal else None
        leaves = False
        if function is not None:
            leaves = self.call(function, place, shell)
            place = never(place, f"`{snippet(name)}` is a function of this script")
        elif name in shell.renamed and node.words[0].literal:
            place = never(place, f"`{snippet(name)}` is something else since `alias` or `hash -p`")
        self.emit(node, place, shell)
        if function is not None:
            return leaves
        name, *arguments = behind_wrappers([word.text for word in node.words])
        apply_options(shell, name, arguments)
        if stops_running(name, arguments):
            return True
        if name == "trap" and len(arguments) > 1:
            set_traps(arguments, shell.traps, self.functions)
        if name == "eval" and all(word.literal for word in node.words):
            return self.text(" ".join(arguments), place, shell)
        if name == "exec":
            return any(not argument.startswith("-") for argument in arguments)
        return name in _LEAVING

    def text(self, text: str, place: Place, shell: Shell) -> bool:
        """Do to a shell what a text does that it is handed; return whether that surely ends it."""
        if self.calls >= _CALL_DEPTH:
            return False
        # what commands are in it is not told here: they stand at no place of the script
        walk = _Walk()
        walk.functions, walk.writes, walk.calls = self.functions, self.writes, self.calls + 1
        return walk.sequence(parse(text).body, place, shell)

    def emit(self, node: Simple, place: Place, shell: Shell) -> None:
        fate = self.failure(place, shell) or next(iter(shell.traps.values()), None)
        command = SimpleCommand(
            words=tuple(word.text for word in node.words),
            literal=tuple(word.literal for word in node.words),
            line=node.line,
            masked=fate,
            unreached=place.unreached,
            written=node.written,
            folder=shell.folder,
            turn=len(self.found),
            handed=node.handed,
            read=node.read,
        )
        known = self.found.get(node.offset)
        # A function that is called twice is judged by its better call.
        if known is None or _standing(command) > _standing(known):
            self.found[node.offset] = command

    def failure(self, place: Place, shell: Shell, saved: frozenset[str] = NOTHING) -> Fate:
        """Return what a failing command at this place comes to."""
        if shell.errexit and not place.guarded:
            return place.leave(True)
        return place.after(True, saved)

    def call(self, function: Function, place: Place, shell: Shell) -> bool:
        """Walk what a function does; return whether it surely ends the shell."""
        fate = self.failure(place, shell)
        key = (function.offset, fate is None and place.unreached is None)
        if key in self.walked or self.calls >= _CALL_DEPTH:
            return self.walked.get(key, False)
        self.walked[key] = False
        self.called.add(function.offset)
        self.calls += 1
        # `return 1` fails the call, and the call may stand where errexit sees it.
        here = place._replace(
            give_back=lambda failed: self.failure(place, shell) if failed else place.after(False, NOTHING),
            after=lambda failed, saved: self.failure(place, shell) if failed else place.after(False, saved),
        )
        ended = self.sequence(function.body, here, shell)
        self.calls -= 1
        self.walked[key] = ended and not names_any(function.body, {"return"})
        return self.walked[key]

    def own_process(self, place: Place, shell: Shell, saved: frozenset[str] = NOTHING) -> Place:
        """Return the place of the last thing in a child process, whose status is the parent's, and where it is kept."""

        def ends(failed: bool, _: frozenset[str] = NOTHING) -> Fate:
            return self.failure(place, shell, saved) if failed else place.after(False, NOTHING)

        return place._replace(after=ends, leave=ends, give_back=ends)

    def substitutions(self, bodies: tuple[Sequence, ...], place: Place, shell: Shell) -> None:
        for body in bodies:
            inner = shell.copy()
            # Bash clears -e for command substitutions.
            inner.errexit = inner.switched_off = False
            self.sequence(body, lost_at(place, "its status is lost in a substitution"), inner)

    def and_or(self, node: AndOr, place: Place, shell: Shell) -> bool:
        ended, reached = False, True
        for index, item in enumerate(node.items):
            last = index == len(node.items) - 1
            here = place._replace(
                after=self.rest_of_list(node, index, place, shell),
                guarded=place.guarded or not last,
            )
            before = constant(node.items[index - 1]) if index else None
            if ended:
                here = never(here, f"stands after `{snippet(source(node.items[index - 1]))}`")
            elif before is not None and before is (node.operators[index - 1] == "||"):
                here = never(here, "stands after `true ||`" if before else "stands after `false &&`")
            reached = reached and (index == 0 or before is (node.operators[index - 1] == "&&"))
            leaves = self.node(item, here, shell)
            ended = ended or (leaves and reached)
        return ended

    def rest_of_list(
        self, node: AndOr, index: int, place: Place, shell: Shell
    ) -> Callable[[bool, frozenset[str]], Fate]:
        end = min(len(node.items), index + STEPS)

        def after(failed: bool, saved: frozenset[str]) -> Fate:
            reason = "is followed by a list that discards its status"
            rehearsal = Rehearsal(self.functions, self.writes)
            for at in range(index + 1, end):
                operator = node.operators[at - 1]
                if (operator == "||") != failed:
                    continue
                last = at == len(node.items) - 1
                reason = f"`{operator} {snippet(source(node.items[at]))}` discards its status"
                errexit = shell.errexit and last and not place.guarded
                outcome = rehearsal.statement(node.items[at], failed, saved, errexit)
                if outcome.how != "goes on":
                    return self.come_to(outcome, place) and reason
                failed, saved = outcome.failed, outcome.saved
            if end < len(node.items):
                return reason
            fate = place.after(failed, saved)
            return fate if failed or fate is None else reason

        return after

    def pipeline(self, node: Pipeline, place: Place, shell: Shell) -> bool:
        if node.negated:
            outer = place

            def inverted(failed: bool, saved: frozenset[str] = NOTHING) -> Fate:
                fate = outer.after(not failed, saved)
                return fate and ("is negated (`!`)" if failed else fate)

            place = place._replace(after=inverted, guarded=True)
        if len(node.items) == 1:
            return self.node(node.items[0], place, shell)
        for index, item in enumerate(node.items):
            last = index == len(node.items) - 1
            here = self.own_process(place, shell, frozenset({f"PIPESTATUS[{index}]"}))
            if not last and not shell.pipefail:
                here = kept_as(f"PIPESTATUS[{index}]", place, "stands before a pipe without `pipefail`")
            self.node(item, here, shell.copy())
        self.judged_by_last(node, place, shell)
        return False

    def judged_by_last(self, node: Pipeline, place: Place, shell: Shell) -> None:
        """Write down what reads the output of the first command of a pipe, if the script fails where that does."""
        words, first = last_of_pipe(node), node.items[0]
        if not words or not isinstance(first, Simple) or words[0] in self.functions or words[0] in shell.renamed:
            return
        known = self.found.get(first.offset)
        if known and self.own_process(place, shell).leave(True) is None and not shell.traps:
            self.found[first.offset] = known._replace(judged_by=words)

    def group(self, node: Group, place: Place, shell: Shell) -> bool:
        if not node.subshell:
            return self.sequence(node.body, place, shell)
        self.sequence(node.body, self.own_process(place, shell), shell.copy())
        return False

    def if_statement(self, node: If, place: Place, shell: Shell) -> bool:
        shells: list[Shell] = []
        always_ends, decided = True, False
        for index, (condition, body) in enumerate(node.branches):
            if self.condition(condition, place, shell, self.branch_taken(node, index, place, shell)):
                place = never(place, "stands after a condition that ends the script")
                decided = True
            known = constant_sequence(condition)
            taken = place
            if known is False:
                taken = never(place, "stands in an `if` that is always false")
            branch = shell.copy()
            ends = self.sequence(body, taken, branch)
            if not decided and known is not False:
                always_ends = always_ends and ends
                shells.append(branch)
            if known and not decided:
                decided = True
                place = never(place, "stands in an `else` that is never taken")
        branch = shell.copy()
        ends = node.otherwise is not None and self.sequence(node.otherwise, place, branch)
        if not decided:
            always_ends = always_ends and ends
            shells.append(branch)
        shell.join(shells)
        return always_ends

    def condition(
        self,
        body: Sequence,
        place: Place,
        shell: Shell,
        after: Callable[[bool, frozenset[str]], Fate],
    ) -> bool:
        return self.sequence(body, place._replace(after=after, guarded=True), shell)

    def branch_taken(self, node: If, index: int, place: Place, shell: Shell) -> Callable[[bool, frozenset[str]], Fate]:
        errexit = shell.errexit and not place.guarded

        def after(failed: bool, saved: frozenset[str]) -> Fate:
            rehearsal = Rehearsal(self.functions, self.writes)
            outcome = rehearsal.branches(node, index, failed, failed, saved, errexit)
            fate = self.come_to(outcome, place)
            return fate and "stands in the condition of an `if` that lets its failure pass"

        return after

    def come_to(self, outcome: Outcome, place: Place) -> Fate:
        if outcome.how == "exits":
            return place.leave(outcome.failed)
        if outcome.how == "returns":
            return place.give_back(outcome.failed)
        return place.after(outcome.failed, outcome.saved)

    def loop(self, node: Loop, place: Place, shell: Shell) -> bool:
        self.substitutions(node.substitutions, place, shell)
        reason = f"stands in the condition of `{node.keyword}`"
        if self.condition(node.condition, place, shell, lambda *_: reason):
            self.sequence(node.body, never(place, f"stands behind a {reason} that ends the script"), shell.copy())
            return True
        entered = node.entered
        if node.condition.items:
            known = constant_sequence(node.condition)
            entered = None if known is None else known is (node.keyword == "while")
        inside = place
        if entered is False:
            inside = never(place, f"stands in a `{node.keyword}` loop that is never entered")
        body = shell.copy()
        # what is kept in one turn may be written in the next
        after = place.after
        inside = inside._replace(after=lambda failed, saved: after(failed, without(saved, self.written_by(node))))
        ended = self.sequence(node.body, inside, body)
        shell.join([body])
        return ended and entered is True and not names_any(node.body, {"break", "continue"})

    def written_by(self, node: Node) -> Written:
        return written(node, self.functions, self.writes)

    def case(self, node: Case, place: Place, shell: Shell) -> bool:
        self.substitutions(node.substitutions, place, shell)
        shells = [shell.copy() for _ in node.bodies]
        ends, sure = False, True
        for body, inner, taken in zip(node.bodies, shells, node.taken, strict=True):
            here = never(place, "stands at a pattern of a `case` that is never met") if taken is False else place
            ended = self.sequence(body, here, inner)
            ends = ends or (ended and sure and taken is True)
            sure = sure and taken is False
            if taken is True:
                place = never(place, "stands behind a pattern of a `case` that is always met")
        shell.join(shells)
        return ends


def _standing(command: SimpleCommand) -> tuple[bool, bool]:
    return command.unreached is None, command.masked is None
