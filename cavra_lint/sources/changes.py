"""What the commands of a script, and of the programs that it runs, do to the files that a step behind it judges.

A command counts where its words say what it writes: a file that is judged, or with `git` the commit that
is checked out.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping

from cavra_lint.frozen import TYPE_CHECKING, NamedTuple
from cavra_lint.late import re
from cavra_lint.sources.checkout import MOST_MADE, folder_behind, place_of
from cavra_lint.sources.listing import with_listed
from cavra_lint.sources.prefixes import behind_prefixes
from cavra_lint.sources.programs import MAKE, SHELL, Program, language_of, program_of, recipes, written_by
from cavra_lint.sources.python_writes import Runs
from cavra_lint.sources.shell import simple_commands
from cavra_lint.sources.shell_constants import with_constants
from cavra_lint.sources.shell_reader import parse
from cavra_lint.sources.shell_syntax import Simple, SimpleCommand, Word, snippet
from cavra_lint.sources.written import Write, options_of, writes
from cavra_lint.sources.written_by_git import BRANCH, HEAD, INDEX, by_git, in_repository

if TYPE_CHECKING:
    from cavra_lint.sources.shell_options import ShellOptions

_GLOB = re.compile(r"[*?\[]")
#: So deep are programs looked at that others run.
_MOST_WITHIN = 3
_READ_TO_MADE = 4
#: A script that reads its arguments does in some runs what it does not do in others.
_MODES = re.compile(r"\$(?:[1-9@*#]|\{[1-9@*#])|\bgetopts\b")


class Judged(NamedTuple):
    """The files that a step judges: the folder of the workspace that it judges them in, and their paths there.

    `targets` holds the paths by their places in the workspace. `is_there` tells of a path whether the tree has it, and
    `text_of` what a file of it holds, by its place. `made` holds the lengths of the texts that were made of scripts by
    what is known of their runs, summed up; with too many of them, scripts are read as they are written. `known` are
    the changes by the scripts that were read already.
    """

    folder: str
    targets: Mapping[str, str]
    is_there: Callable[[str], bool]
    text_of: Callable[[str], str | None]
    made: list[int]
    known: dict[tuple[object, ...], tuple[Change, ...]]


def judged_in(
    folder: str,
    paths: Iterable[str],
    is_there: Callable[[str], bool],
    text_of: Callable[[str], str | None],
    made: list[int],
) -> Judged:
    """Return the files that are judged in a folder of the workspace.

    Args:
        folder: the folder.
        paths: their paths there.
        is_there: tells of a path whether the tree has it.
        text_of: returns what a file of the tree holds, by its path there; None where there is none.
        made: as `Judged` has it.
    """
    targets = {posixpath.join(folder, path): path for path in paths}

    lengths: dict[str, int] = {}

    def text_at(place: str) -> str | None:
        inside = place.removeprefix(f"{folder}/") if folder else place
        # to read a script takes longer than to fill one in; what is too much is not opened again
        if (folder and inside == place) or made[-1] + lengths.get(place, 0) > MOST_MADE:
            return None
        text = text_of(inside)
        lengths[place] = _READ_TO_MADE * len(text or "")
        if text is None or made[-1] + lengths[place] > MOST_MADE:
            return None
        made[-1] += lengths[place]
        return text

    return Judged(folder, targets, is_there, text_at, made, {})


class Change(NamedTuple):
    """What a command does to a file that is judged, or to `HEAD`; the line is that of the script, from 0.

    `how` is what `ByGit` may have, but for "proves", or "returns", "takes" and "loses" of what a path has kept. `other`
    is the path, or where `of_ref` holds the commit, that is put there, or that keeps what was there. `by` says it in
    the words of a message.
    """

    how: str
    what: str
    other: str
    of_ref: bool
    by: str
    line: int
    turn: int


def changes_in(
    script: str,
    shell: ShellOptions,
    folder: str,
    judged: Judged,
    environment: tuple[tuple[str, str], ...] = (),
) -> tuple[Change, ...]:
    """Return what the commands of a script do to files that are judged, in the order in which they run.

    Args:
        script: the script.
        shell: how its shell is started.
        folder: the folder of the workspace that it is started in.
        judged: the files.
        environment: the variables that are set around it.
    """
    key = (script, shell, folder, environment)
    if key not in judged.known:
        found = tuple(simple_commands(script, errexit=shell.errexit, pipefail=shell.pipefail))
        commands = with_constants(found, script, dict(environment))
        listed = with_listed(_in_turn(commands), script)
        judged.known[key] = tuple(_changes(listed, folder, judged))
    return judged.known[key]


def changes_by(script: str, language: str, folder: str, judged: Judged) -> Iterator[Change]:
    """Yield what a step does to files that are judged whose script is no script of a shell.

    Args:
        script: the script.
        language: what it is written in, as `Program` has it.
        folder: the folder of the workspace that it is started in.
        judged: the files.
    """
    command = SimpleCommand((), (), 0, None, None, (), "", 0)
    yield from _of_program(Program(language, script, None, ()), command, language, folder, judged, _MOST_WITHIN)


def _in_turn(commands: Iterable[SimpleCommand]) -> list[SimpleCommand]:
    return sorted(commands, key=lambda command: command.turn)


def _changes(
    commands: Iterable[SimpleCommand], folder: str, judged: Judged, depth: int = _MOST_WITHIN, file: str = ""
) -> Iterator[Change]:
    for command in commands:
        words = command.told_words()
        at = behind_prefixes(words)
        if command.unreached is not None or at is None:
            continue
        name, arguments = words[at].text.rpartition("/")[2], words[at + 1 :]
        here = folder_behind(command.folder, folder)
        if name == "git":
            yield from _of_git(command, arguments, here, judged)
        yield from _of_files(writes(name, arguments, command.written), command, name, here, judged, file)
        if any(word.text.startswith("--export-dir") for word in arguments):
            yield from _exported(command, words[at], arguments, here, judged.targets)
        program = program_of(words[at].text, arguments, command.handed, command.read) if depth else None
        if program:
            yield from _of_program(program, command, name, here, judged, depth - 1)


def _of_program(
    program: Program, command: SimpleCommand, name: str, here: str | None, judged: Judged, depth: int
) -> Iterator[Change]:
    """Yield what a program does that a command runs."""
    file = ""
    if program.file is not None:
        place = place_of(program.file, here)
        text = judged.text_of(place) if place and place not in judged.targets else None
        if text is None or place is None:
            return
        file = place
        program = program._replace(text=text, language=program.language or language_of(file, text))
        if program.language == MAKE:
            text = recipes(text, [word.text for word in program.arguments])
            program, here = program._replace(text=text, language=SHELL), posixpath.dirname(file)
    # where it is run is not known, its own folders say nothing
    command = command._replace(folder=None if here is None else "")
    if program.language == SHELL:
        yield from _changes(_within(program.text, command, is_file=bool(file)), here or "", judged, depth, file)
    for done in written_by(program, f"$GITHUB_WORKSPACE/{file}" if file else ""):
        if isinstance(done, Runs):
            yield from _changes(_within(done.script, command), here or "", judged, depth, file)
        else:
            yield from _of_files([done], command, name, here, judged, file)


def _within(script: str, outer: SimpleCommand, *, is_file: bool = False) -> Iterator[SimpleCommand]:
    """Yield the commands of a script that a command runs; of one that reads its arguments, those that surely run."""
    surely: frozenset[int] | None = None
    if is_file and _MODES.search(script):
        surely = frozenset(node.line for node in parse(script).body.items if isinstance(node, Simple))
    commands = _in_turn(with_constants(tuple(simple_commands(script, errexit=False)), script, {}))
    for inner in with_listed(commands, script):
        if surely is None or inner.line in surely:
            folder = None if outer.folder is None else inner.folder
            masked = outer.masked or inner.masked
            yield inner._replace(line=outer.line, turn=outer.turn, masked=masked, folder=folder)


def _of_files(
    written: Iterable[Write], command: SimpleCommand, name: str, here: str | None, judged: Judged, file: str
) -> Iterator[Change]:
    who = f"`{snippet(name)}`{f' in `{snippet(file)}`' if file else ''}"
    for write in written:
        place, source = place_of(write.path, here), place_of(write.source, here) if write.source else None
        yield from _replaced(write, place, source, command, who, judged.targets)
        if place is not None and not write.gone:
            yield from _kept(place, source, command, judged.targets)
            if name == "mv" and source is not None:
                yield from _moved(command, source, place, judged.targets)


def _replaced(
    write: Write, place: str | None, source: str | None, command: SimpleCommand, who: str, targets: Mapping[str, str]
) -> Iterator[Change]:
    """Yield the judged files that a command writes, or that lie in a folder which it writes as a whole."""
    for at in targets:
        if not (_meets(place, at) or (write.whole and place and at.startswith(f"{place}/"))):
            continue
        by = f"{who} {'removes' if write.gone else 'writes'} `{targets[at]}` before it"
        # of several files one has the name of that which it replaces, if it is there
        one = source is not None and source != place and _GLOB.search(source)
        other = posixpath.join(posixpath.dirname(source or ""), posixpath.basename(at)) if one else source
        yield Change("takes" if one else "replaces", targets[at], other or "", False, by, command.line, command.turn)


def _kept(place: str, source: str | None, command: SimpleCommand, targets: Mapping[str, str]) -> Iterator[Change]:
    """Yield the judged files that are kept in a place from then on, or are there no more."""
    if source is not None and source in targets:
        yield Change("keeps", targets[source], place, False, "", command.line, command.turn)
    elif source and _GLOB.search(source):
        for at, path in targets.items():
            if _meets(source, at):
                other = posixpath.join(posixpath.dirname(place), posixpath.basename(at))
                yield Change("keeps", path, other, False, "", command.line, command.turn)
    elif place not in targets:
        for path in targets.values():
            yield Change("loses", path, place, False, "", command.line, command.turn)


def _meets(place: str | None, path: str) -> bool:
    """Tell whether a path, or one with `*` and the like in it, is that of a file."""
    if place is None or place == path or not _GLOB.search(place):
        return place == path

    from fnmatch import fnmatchcase

    patterns, names = place.split("/"), path.split("/")
    return len(patterns) == len(names) and all(map(fnmatchcase, names, patterns))


def _moved(command: SimpleCommand, source: str, place: str, targets: Mapping[str, str]) -> Iterator[Change]:
    """Yield what becomes of the files in a folder that is moved: another name keeps them, or has kept them."""
    for at, path in targets.items():
        if at.startswith(f"{source}/"):
            yield Change("keeps", path, f"{place}{at.removeprefix(source)}", False, "", command.line, command.turn)
        if at.startswith(f"{place}/"):
            yield Change("returns", path, f"{source}{at.removeprefix(place)}", False, "", command.line, command.turn)


def _exported(
    command: SimpleCommand, name: Word, arguments: list[Word], here: str | None, targets: Mapping[str, str]
) -> Iterator[Change]:
    """Yield the packet that a gate's script writes anew where it exports its own."""
    folder = options_of(arguments, "").given.get("export-dir")
    place = place_of(folder, here) if folder else None
    if place and (name.text == "cavra-gate" or any(place_of(word, here) in targets for word in (name, *arguments))):
        for at in targets:
            if at.endswith(_EXPORTED) and posixpath.dirname(at) == place:
                by = f"`--export-dir` writes `{targets[at]}` before it"
                yield Change("replaces", targets[at], "", False, by, command.line, command.turn)


_EXPORTED = ".live.sanitized.example.json"


def _of_git(command: SimpleCommand, arguments: list[Word], here: str | None, judged: Judged) -> Iterator[Change]:
    root, targets = judged.folder, judged.targets

    def covers(word: Word, path: str) -> bool:
        place = place_of(word, here)
        return not place or f"{posixpath.join(root, path)}/".startswith(f"{place}/")

    folders, words = in_repository(arguments)
    for folder in folders:
        here = place_of(folder, here)
    # in another folder there may be another repository
    if here is None or not here.startswith(root) or not any(at.startswith(posixpath.join(here, "")) for at in targets):
        return
    for done in by_git(words, tuple(targets.values()), covers):
        if done.how == "proves" and command.masked is not None:
            return
        how = "restores" if done.how == "proves" else done.how
        by = f"`git` writes `{done.what.removeprefix(INDEX)}` before it"
        if done.what in {HEAD, BRANCH}:
            whole = " ".join(("git", *(word.text for word in arguments)))
            by = f"`{snippet(whole)}` checks out what is not the change before it"
        yield Change(how, done.what, done.ref, bool(done.ref), by, command.line, command.turn)
