"""Family 3: the contract's command, told on shell words and not on text, wherever it has to stand."""

from __future__ import annotations

import functools
import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence

from cavra_lint.frozen import TYPE_CHECKING, NamedTuple
from cavra_lint.late import re
from cavra_lint.rules.gate_files import GateFiles
from cavra_lint.rules.rule import Finding, rule, rules_of

if TYPE_CHECKING:
    from cavra_lint.sources.invocation import Invocation
    from cavra_lint.sources.shell_options import ShellOptions
    from cavra_lint.sources.shell_syntax import SimpleCommand


NO_VARIABLES: Mapping[str, str] = {}


class Candidate(NamedTuple):
    """A command of a script that is the contract's, or comes near it.

    `line` is the line of the script, from 0. `difference` says what differs, empty where nothing does,
    and `distance` how many words of the contract's command are not in it. `masked` says why a failure
    of it would pass, `unreached` why it never runs; None where that is not so. `turn` is how many commands
    of the script were met before it. `folder` is the one it runs in, from that the script was started in; None where
    only a run can tell. `programs` are the words by which it is run, `timeout` and `python3`.
    """

    line: int
    difference: str
    distance: int
    masked: str | None
    unreached: str | None
    turn: int = 0
    folder: str | None = ""
    programs: tuple[str, ...] = ()


@rule("CAVRA301", "index-command")
def index_command(files: GateFiles) -> Iterator[Finding]:
    """The index's `validator_command` is not the contract's command.

    The index publishes the command, word for word: only white space around it and between its words is free. A workflow
    or a page may run it in another way that judges the same; whoever compares the index with the contract sees another.

    Fails: a command without `--require-live`, with another packet, with `|| true` behind it, or with `python` in place
    of `python3`.

    Passes: the contract's command.

    To put it right, write the command that the message gives.
    """
    value = files.index_packet.document.value
    if value is None or files.entry is None:
        return

    from cavra_lint.sources.json_document import kind_at

    entry = value["gates"][files.entry]
    command = entry.get("validator_command")
    difference = f"is {kind_at(entry, 'validator_command')}"
    if isinstance(command, str) and command:
        difference = _in_own_words(_difference_of_whole(files.gate.command, command), files.gate.command, command)
    if difference:
        place = files.entry_place("validator_command")
        where = f"gates[{files.entry}].validator_command"
        yield Finding(place, f"{where} {difference}, expected `{files.gate.command}`")


def candidates_of(
    command: str,
    script: str,
    *,
    errexit: bool = True,
    pipefail: bool = False,
    environment: Mapping[str, str] = NO_VARIABLES,
    ready_key: str = "",
) -> Iterator[Candidate]:
    """Yield each command of a script that is a contract's command or comes near it.

    Args:
        command: the contract's command.
        script: the script, as a shell reads it.
        errexit: whether the shell stops at the first failure.
        pipefail: whether a pipe fails where any part of it does.
        environment: the variables that are set around it, as far as their texts are known.
        ready_key: the key by which its output says that the gate is ready.
    """
    if is_just(command, script):
        yield Candidate(0, "", 0, None, None, programs=_programs(command))
        return
    spelt_out = script_spelt_out(script, environment)
    if not speaks_of(command, spelt_out):
        return

    from cavra_lint.sources.invocation import compare
    from cavra_lint.sources.shell import simple_commands
    from cavra_lint.sources.shell_constants import with_constants

    expected = _invocation(command)
    script_or_program = expected.script.removeprefix("-m ")
    name = script_or_program.rpartition("/")[2]
    names = (name, *(value for _, value in expected.options if value and "/" in value))
    if not any(name in spelt_out for name in names):
        return
    wanted = (script_or_program, *expected.operands, *(word for option in expected.options for word in option if word))
    # a script is told by its name; that of another program, as `make`, may be any word
    telling = (name,) if "." in name else wanted
    candidates: list[Candidate] = []
    found: Sequence[SimpleCommand] = tuple(simple_commands(script, errexit=errexit, pipefail=pipefail))
    if "$" in script:
        from cavra_lint.sources.shell_decided import decided

        found = decided(found, script, environment, errexit=errexit, pipefail=pipefail)
    for simple, shells in _with_handed(with_constants(found, script, environment), _MOST_WITHIN):
        if any(name in word for name in names for word in simple.words):
            compared = compare(expected, simple)
            distance = _distance(wanted, simple.words)
            masked = None if simple.masked and _asks_ready(simple.judged_by, ready_key) else simple.masked
            around = (masked, simple.unreached, simple.turn, simple.folder, (*shells, *compared.programs))
            candidates.append(Candidate(simple.line, compared.difference, distance, *around))
    yield from candidates
    if all(candidate.difference for candidate in candidates):
        told = {candidate.line for candidate in candidates}
        for first, text in _logical_lines(script):
            if all(word in text for word in telling) and told.isdisjoint(range(first, first + text.count("\n") + 1)):
                difference = "stands where nothing runs it: in a comment, a string or a here-document"
                yield Candidate(first, difference, _distance(wanted, text.split()), None, None)


#: Of these jq is given no file, and still reads each verdict.
_PLAIN_OF_JQ = "-[ercCMSj]+|--exit-status|--raw-output|--compact-output|--color-output|--monochrome-output|--sort-keys"


def _asks_ready(words: Sequence[str], ready_key: str) -> bool:
    """Tell whether a command fails wherever what it reads does not say ready: `jq -e '.READY_KEY'`."""
    if words[:1] != ("jq",) or not ready_key:
        return False
    *options, asked = words[1:] or ("",)
    fails = any(option == "--exit-status" or (option[:2] != "--" and "e" in option) for option in options)
    first, *others = (" ".join(part.split()) for part in asked.split(" and "))
    told = first in {f".{ready_key}", f".{ready_key} == true"} and all(
        re.fullmatch(r"\.\w+(?: == (?:\w+|\"\w+\"))?", other) for other in others
    )
    return fails and told and all(re.fullmatch(_PLAIN_OF_JQ, option) for option in options)


def _programs(command: str) -> tuple[str, ...]:
    """Return the words by which a contract's command is run, as it stands: its first, behind what it sets."""
    return next(((word,) for word in command.split() if "=" not in word), ())


#: So deep are texts looked at that a shell is handed by another one.
_MOST_WITHIN = 3


def _with_handed(
    commands: Iterable[SimpleCommand], depth: int, shells: tuple[str, ...] = ()
) -> Iterator[tuple[SimpleCommand, tuple[str, ...]]]:
    """Yield commands, and those of the texts that they hand to a shell, each with the shells around it."""
    from cavra_lint.sources.prefixes import behind_prefixes
    from cavra_lint.sources.shell import simple_commands

    for command in commands:
        yield command, shells
        if not depth or not (command.handed or any(" " in word for word in command.words) or "eval" in command.words):
            continue
        at = behind_prefixes(command.told_words())
        handed = _handed_on(command, at) if at is not None else None
        if at is not None and handed is not None:
            options, text = handed
            inner = simple_commands(text, errexit=options.errexit, pipefail=options.pipefail)
            yield from _with_handed((_inside(command, one) for one in inner), depth - 1, (*shells, command.words[at]))


def _handed_on(command: SimpleCommand, at: int) -> tuple[ShellOptions, str] | None:
    """Return the text that a command hands to a shell, and how that is started; None for none that is known."""
    from cavra_lint.sources.shell_options import ShellOptions, handed_text, reads_its_script

    words, literal = [*command.words[at:]], command.literal[at:]
    # what the outer shell puts in the place of a word is not known
    if words[:1] == ["eval"] and len(words) > 1 and all(literal):
        # whether the shell stops at a failure is not asked here: without it, the last status counts
        return ShellOptions(False, False), " ".join(words[1:])
    if handed := handed_text(words):
        options, place = handed
        return (options, words[place]) if all(literal[: place + 1]) else None
    text = command.handed or ""
    if text and all(literal) and not ({"$", "`"} & set(text)) and (read := reads_its_script(words)):
        return read, text
    return None


def _inside(outer: SimpleCommand, inner: SimpleCommand) -> SimpleCommand:
    """Return a command of a text that another command hands to a shell, as it stands in the script of that one."""
    return inner._replace(
        line=outer.line,
        masked=outer.masked or inner.masked,
        unreached=outer.unreached or inner.unreached,
        folder=None if outer.folder is None or inner.folder is None else posixpath.join(outer.folder, inner.folder),
        # what the text does before it is done by the command that hands it on
        turn=outer.turn + 1,
    )


def script_spelt_out(script: str, environment: Mapping[str, str] = NO_VARIABLES) -> str:
    """Return a script with, behind it, the same script with what its variables may hold in their places."""
    if "$" not in script or not (environment or "=" in script):
        return script

    from cavra_lint.sources.shell_names import spelt_out

    # a script may name a text a thousand times, and no word of a command is as long
    held = {name: text for name, text in environment.items() if len(text) <= _LONGEST_TEXT}
    for name, _, text in re.findall(_ASSIGNED, script):
        told = spelt_out(text, held.get) if len(text) <= _LONGEST_TEXT and "$" in text else text
        if len(told) <= _LONGEST_TEXT:
            held[name] = told
    return script + spelt_out(script, lambda name: held.get(name, ""))


_LONGEST_TEXT = 500
_ASSIGNED = (
    r"(?m)^[ \t]*(?:(?:export|readonly|declare|typeset)(?:[ \t]+-[a-z]+)*[ \t]+)?"
    r"([A-Za-z_]\w*)=([\"']?)([\w./:@%+,=${}-]+)\2[ \t]*\r?$"
)


def speaks_of(command: str, script: str) -> bool:
    """Tell whether a script names what a command does: most do something else, and none of those can be near it."""
    words = command.split()
    telling = [word for word in words if "/" in word] or words
    return any(word.rpartition("/")[2].rstrip("'\"") in script for word in telling)


def is_just(command: str, script: str) -> bool:
    """Tell whether a script is the contract's command, letter for letter, and nothing more.

    That is what a gate's files hold where they are right, and it takes no shell's grammar to see it.
    """
    joined = script.replace("\r\n", "\n").replace("\\\n", "").strip()
    # a shell takes no other white space for what is between words, and what has any is for its grammar to tell
    plain = joined.replace("\t", " ")
    return plain.isprintable() and " ".join(plain.split()) == command


def _distance(wanted: tuple[str, ...], words: Sequence[str]) -> int:
    return sum(not any(word in other for other in words) for word in wanted)


def _logical_lines(script: str) -> Iterator[tuple[int, str]]:
    """Yield each line of a script with those that a backslash at its end joins to it, and the number of its first."""
    joined: list[str] = []
    for number, line in enumerate(script.replace("\r\n", "\n").split("\n")):
        joined.append(line)
        if not line.endswith("\\"):
            yield number - len(joined) + 1, "\n".join(joined)
            joined = []
    if joined:
        yield script.count("\n") - len(joined) + 1, "\n".join(joined)


@functools.lru_cache(maxsize=16)
def _invocation(command: str) -> Invocation:
    from cavra_lint.sources.invocation import parse_invocation

    return parse_invocation(command)


def _in_own_words(difference: str, expected: str, command: str) -> str:
    """Return a difference that quotes no word of the index but the contract's own and the shell's."""
    if "`" in command:
        # a quotation of it has no end that can be told
        return difference and "is another command"
    if "`" not in difference:
        return difference
    known = {*expected.split(), *_SHELL_WORDS}

    def quoted(match: re.Match[str]) -> str:
        words = (word if word in known else "..." for word in match[1].split())
        return f"`{' '.join(words)}`"

    return re.sub("`([^`]*)`", quoted, difference)


#: Words of a shell that a difference may quote, beside those of the contract's command.
_SHELL_WORDS = (
    *("!", "&", "&&", "|", "||", ":", ";", "+e", "…", "0", "EXIT", "ERR", "echo", "else", "exit", "false", "if"),
    *("pipefail", "set", "trap", "true", "until", "while"),
)


def _difference_of_whole(expected: str, command: str) -> str:
    """Say how a text that has to be one command differs from the expected one; empty where it does not."""
    if is_just(expected, command):
        return ""

    from cavra_lint.sources.invocation import compare
    from cavra_lint.sources.shell import simple_commands

    found = list(simple_commands(command))
    if len(found) != 1:
        return "is another command" if not found else "is more than one command"
    comparison = compare(_invocation(expected), found[0])
    if comparison.runs_script and not comparison.difference:
        lost = found[0].unreached or found[0].masked
        return f"cannot fail: {lost}" if lost else "judges the same, but in other words"
    return comparison.difference or "is another command"


RULES = rules_of(globals())
