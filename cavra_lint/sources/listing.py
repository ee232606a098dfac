"""Files that one command lists and another one is handed: by `find -exec`, by `xargs`, and by loops.

What is listed is told by patterns. A command is repeated for each of them, as if it stood there with its name.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence

from cavra_lint.late import re
from cavra_lint.sources.prefixes import behind_prefixes
from cavra_lint.sources.shell_reader import parse
from cavra_lint.sources.shell_syntax import Loop, Node, Pipeline, Simple, SimpleCommand, Word, children
from cavra_lint.sources.shell_syntax import Sequence as Statements

_HANDS_ON = re.compile(r"\b(?:find|xargs|for|while)\b")
#: So deep lie the files that are looked for in a folder.
_DEPTH = 5
#: No more of what is listed is followed, and no more words of a script are repeated for it.
_MOST_LISTED, _MOST_REPEATED = 50, 20_000
_NAMED = re.compile(r"\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})")
#: What says of a file no more than that it is one, or how it is printed; the second with a word behind it.
_PLAIN_TESTS = frozenset(
    {"-print", "-print0", "-depth", "-follow", "-mount", "-xdev", "-delete", "-o", "-or", "-a", "-and"}
).union({"(", ")", "\\(", "\\)"})
_VALUED_TESTS = frozenset({"-type", "-maxdepth", "-mindepth"})
#: Folders of git, of packages and of what is built, with all that is in them.
_IS_MADE = re.compile(r"^(?:\./|\*/)*(?:\.[\w-]+|node_modules|build|dist|venv|target)(?:/\*)?$")
_RUNNING = frozenset({"-exec", "-execdir", "-ok", "-okdir"})
#: What hands on the lines that it reads, or some of them.
_FILTERS = frozenset({"sort", "uniq", "head", "tail", "grep", "egrep", "sed", "tr", "cut", "awk", "tee"})
#: Options by which a command lists some files only, and not by their names.
_CHOOSING = (
    "--include",
    "--exclude",
    "--glob",
    "--type",
    "-g",
    "-t",
    "--others",
    "--deleted",
    "--modified",
    "--unmerged",
)
#: Options of `xargs` whose value is the next word.
_XARGS_VALUED = frozenset({"-a", "-d", "-E", "-I", "-L", "-n", "-P", "-s"})
_MARK = "{}"


def with_listed(commands: Sequence[SimpleCommand], script: str) -> Iterator[SimpleCommand]:
    """Yield the commands of a script, and those that are handed what others list, for each pattern of it.

    Args:
        commands: the commands, in the order in which they run.
        script: the script.
    """
    if not _HANDS_ON.search(script):
        yield from commands
        return
    loops = dict(_loops(parse(script).body))
    piped: tuple[str, ...] = ()
    left = _MOST_REPEATED
    for command in commands:
        words = command.told_words()
        at = behind_prefixes(words)
        name = words[at].text.rpartition("/")[2] if at is not None else ""
        arguments = words[at + 1 :] if at is not None else []
        if name == "xargs":
            repeated = _handed_by_xargs(command, arguments, piped)
        elif name == "find" and (run := _run_by_find(arguments)):
            repeated = map(functools.partial(_with, command, run, _MARK), _found(arguments))
        else:
            repeated = _in_loop(command, loops)
        is_repeated = False
        for one in repeated if left > 0 else ():
            yield one
            is_repeated = True
            left -= len(one.words)
            if left <= 0:
                break
        if not is_repeated:
            yield command
        piped = _piped(name, arguments, piped)


def _piped(name: str, arguments: Sequence[Word], before: tuple[str, ...]) -> tuple[str, ...]:
    """Return patterns of the files whose names a command prints, where it is handed those of the ones before."""
    here = tuple(itertools.islice(_listed_by(name, arguments), _MOST_LISTED * _DEPTH))
    # what a filter takes out is not known
    leaves_out = any(word.text.startswith(("-v", "--invert")) for word in arguments)
    return here or (before if name in _FILTERS and not leaves_out else ())


def _listed_in(nodes: Iterable[Node]) -> tuple[str, ...]:
    """Return patterns of the files whose names the last of some statements prints, which may be a pipeline."""
    piped: tuple[str, ...] = ()
    for node in nodes:
        if isinstance(node, Pipeline):
            piped = _listed_in(node.items)
        elif isinstance(node, Simple) and node.words:
            piped = _piped(node.words[0].text, node.words[1:], piped)
        else:
            piped = ()
    return piped


def _with(command: SimpleCommand, words: Iterable[Word], mark: str, text: str) -> SimpleCommand:
    """Return a command of these words, with a text where a mark stands, as if it stood in the place of another."""
    told = [Word(word.text.replace(mark, text), word.literal or word.text == mark) for word in words]
    return command._replace(words=tuple(word.text for word in told), literal=tuple(word.literal for word in told))


def _handed_by_xargs(
    command: SimpleCommand, arguments: Sequence[Word], piped: Sequence[str]
) -> Iterator[SimpleCommand]:
    at, mark = 0, ""
    while at < len(arguments) and arguments[at].text.startswith("-"):
        text = arguments[at].text
        if text.startswith("-I"):
            mark = text[2:] or (arguments[at + 1].text if at + 1 < len(arguments) else "")
        at += 2 if text in _XARGS_VALUED else 1
    run = arguments[at:]
    for pattern in piped if run else ():
        if mark:
            yield _with(command, run, mark, pattern)
        else:
            yield _with(command, (*run, Word(_MARK, True)), _MARK, pattern)


def _run_by_find(arguments: Sequence[Word]) -> Sequence[Word]:
    """Return the words of the command that `find` runs; none where it runs none."""
    start = next((at for at, word in enumerate(arguments) if word.text in _RUNNING), None)
    if start is None:
        return [Word("rm", True), Word(_MARK, True)] if any(word.text == "-delete" for word in arguments) else []
    ends = (at for at, word in enumerate(arguments) if at > start and word.text in {";", "+", "\\;"})
    return arguments[start + 1 : next(ends, len(arguments))]


def _listed_by(name: str, arguments: Sequence[Word]) -> Iterator[str]:
    """Yield patterns of the files that a command prints the names of."""
    operands = [word.text for word in arguments if not word.text.startswith("-")]
    flags = {word.text for word in arguments if word.text.startswith("-")}
    letters = "".join(flag[1:] for flag in flags if flag[1:2] != "-")
    if name != "find" and any(flag.startswith(_CHOOSING) for flag in flags):
        return
    if name == "find" and not _run_by_find(arguments):
        yield from _found(arguments)
    elif name == "ls":
        yield from operands[:_MOST_LISTED]
    elif name == "git" and operands[:1] == ["ls-files"] and not {*letters} & {*"odmuk"}:
        for operand in operands[1:_MOST_LISTED] or ["."]:
            # a pattern of git fits below folders as well
            yield from _below(*operand.rpartition("/")[::2]) if "*" in operand else (operand, *_below(operand, "*"))
    elif name in {"grep", "egrep", "rg"} and "l" in letters:
        for operand in operands[1:_MOST_LISTED] or ["."]:
            yield from (operand, *_below(operand, "*"))


def _found(arguments: Sequence[Word]) -> Iterator[str]:
    """Yield patterns of what `find` finds, as far as its folders and the names that it asks for tell."""
    words = [word.text for word in arguments]
    first = next((at for at, word in enumerate(words) if word[:1] in {"-", "(", "!", "\\"}), len(words))
    folders = words[:first] or ["."]
    names: list[str] = []
    tests = iter(words[first:])
    for test in tests:
        if test in _RUNNING:
            break
        if test in {"-name", "-iname"}:
            names += itertools.islice(tests, 1)
        elif test in _VALUED_TESTS:
            next(tests, None)
        elif test in {"!", "-not"}:
            # what is left out is mostly what nobody wrote
            if next(tests, "") not in {"-path", "-wholename"} or not _IS_MADE.search(next(tests, "")):
                return
        elif test not in _PLAIN_TESTS:
            # it asks for more than names, and of what it leaves out nothing is known
            return
    for folder in folders[:_MOST_LISTED]:
        for name in names[:_MOST_LISTED] or ["*"]:
            yield from _below(folder, name)
        if not names:
            yield folder


def _below(folder: str, name: str) -> Iterator[str]:
    """Yield patterns of the files of a name in a folder, and in those below it."""
    root = f"{folder.rstrip('/')}/" if folder else ""
    yield from (f"{root}{'*/' * depth}{name}" for depth in range(_DEPTH))


def _loops(body: Statements) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the variables of loops, each with the words that it goes through, or patterns of what it is listed."""
    stack: list[Node | Statements] = [body]
    while stack:
        node = stack.pop()
        if isinstance(node, Loop):
            variable, within, head = node.head.partition(" in ")
            words = head.split(None, _MOST_LISTED)[:_MOST_LISTED]
            if within and node.substitutions:
                yield variable.strip(), _listed_in(node.substitutions[0].items)
            elif within:
                yield variable.strip(), tuple(word.strip("\"';") for word in words)
        elif isinstance(node, Pipeline) and isinstance(node.items[-1], Loop):
            listed = _listed_in(node.items[:-1])
            for item in node.items[-1].condition.items:
                if isinstance(item, Simple) and item.words and item.words[0].text == "read":
                    yield from ((word.text, listed) for word in item.words[1:] if not word.text.startswith("-"))
        stack += children(node)


def _in_loop(command: SimpleCommand, loops: Mapping[str, tuple[str, ...]]) -> Iterator[SimpleCommand]:
    """Yield a command for each word of the loop whose variable it names; nothing where it names none."""
    texts = (*command.words, *(word.text for word in command.written))
    named = (match[1] or match[2] for text in texts if "$" in text for match in _NAMED.finditer(text))
    variable = next((name for name in named if name in loops), None)
    if variable is None:
        return
    for value in loops[variable][:_MOST_LISTED]:
        told = [_filled(word, variable, value) for word in command.told_words()]
        yield command._replace(
            words=tuple(word.text for word in told),
            literal=tuple(word.literal for word in told),
            written=tuple(_filled(word, variable, value) for word in command.written),
        )


def _filled(word: Word, variable: str, value: str) -> Word:
    """Return a word with what a variable holds in its place."""
    text = _NAMED.sub(lambda match: value if variable in match.groups() else match[0], word.text)
    return Word(text, word.literal or "$" not in text)
