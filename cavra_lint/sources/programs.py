"""Programs that a command hands to an interpreter, as text or by the name of a file, and what they write."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence

from cavra_lint.frozen import NamedTuple
from cavra_lint.late import re
from cavra_lint.sources.python_writes import Runs
from cavra_lint.sources.shell_options import JAVASCRIPTS, SHELLS, handed_text
from cavra_lint.sources.shell_syntax import Word
from cavra_lint.sources.written import Write, options_of
from cavra_lint.sources.written_by_git import in_repository

PYTHON, JAVASCRIPT, SHELL, MAKE, PATCH = "python", "javascript", "shell", "make", "patch"

#: Of each interpreter its language, the options that hold a program, those that take a value, and those that name a
#: module in its place.
_INTERPRETERS = (
    (re.compile(r"(?:python|pypy)[0-9.]*"), PYTHON, "c", "WX", "m"),
    (re.compile("|".join(SHELLS)), SHELL, "c", "oO", ""),
    (re.compile("|".join(JAVASCRIPTS)), JAVASCRIPT, "ep", "r", ""),
)
_BY_ENDING = {".py": PYTHON, ".js": JAVASCRIPT, ".mjs": JAVASCRIPT, ".cjs": JAVASCRIPT}
_BY_ENDING |= dict.fromkeys((".sh", ".bash"), SHELL)
_FIRST_LINE = re.compile(r"#!\s*(?:/usr/bin/env\s+(?:-S\s+)?)?(?:\S*/)?([\w.]+)")
_LONG_OF_NODE = {"--eval": "-e", "--print": "-p"}

#: A call that writes the file that is its first argument, and one that writes the second; an argument is a text or
#: the name of one.
_ARGUMENT = r"(?:\"([^\"\n]{1,500})\"|'([^'\n]{1,500})'|`([^`\n$]{1,500})`|([A-Za-z_$][\w$]{0,100}))"
_WRITES_FIRST = rf"\b(?:writeFile|appendFile|truncate|unlink|rm|createWriteStream)(?:Sync)?\(\s*{_ARGUMENT}"
_WRITES_SECOND = (
    rf"\b(?:copyFile|cp|rename|link|symlink)(?:Sync)?\(\s*(?:\"[^\"\n]*\"|'[^'\n]*'|[\w$.]+)\s*,\s*{_ARGUMENT}"
)
_NAMED = rf"\b(?:const|let|var)\s+([A-Za-z_$][\w$]*)\s*=\s*{_ARGUMENT}"
_COMMAND = rf"\b(?:execSync|exec|spawnSync)\(\s*{_ARGUMENT}"


class Program(NamedTuple):
    """A program: its language, its text, or the word that names its file, and what it is run with."""

    language: str
    text: str
    file: Word | None
    arguments: tuple[Word, ...]


def program_of(name: str, arguments: Sequence[Word], handed: str | None, read: Word | None = None) -> Program | None:
    """Return the program that a command runs, None where it runs none that is told.

    What `make` does for its targets is one, and what `patch` and `git apply` are told.

    Args:
        name: the command, with its folder.
        arguments: the words behind it.
        handed: the text that it is handed, if it is.
        read: the file that it is handed, if it is.
    """
    base = name.rpartition("/")[2]
    if name == "eval":
        return Program(SHELL, " ".join(word.text for word in arguments), None, ())
    if base in {"make", "gmake"}:
        return _made(arguments)
    if base in {"git", "patch"}:
        return _patching(base, arguments, handed, read)
    if name in {".", "source"} and arguments:
        return Program(SHELL, "", arguments[0], tuple(arguments))
    for pattern, language, holding, valued, modules in _INTERPRETERS:
        if pattern.fullmatch(base):
            program = _interpreted(language, holding, valued, modules, arguments, handed)
            is_read = read is not None and handed is None and not any(word.text != "-" for word in arguments)
            return Program(language, "", read, ()) if is_read else program
    return Program("", "", Word(name, True), (Word(name, True), *arguments)) if "/" in name else None


def _made(arguments: Sequence[Word]) -> Program:
    options = options_of(arguments, "CfIo", "jO")
    folder, file = options.given.get("C"), options.given.get("f") or Word("Makefile", True)
    named = Word(f"{folder.text}/{file.text}", folder.literal and file.literal) if folder else file
    return Program(MAKE, "", named, tuple(word for word in options.operands if "=" not in word.text))


def _patching(base: str, arguments: Sequence[Word], handed: str | None, read: Word | None) -> Program | None:
    if base == "git":
        _, words = in_repository(arguments)
        if not words or words[0].text not in {"apply", "am"} or any(word.text in _ONLY_SHOWING for word in words):
            return None
        arguments = words[1:]
    options = options_of(arguments, "p" if base == "git" else "ipdDVBFogrYz")
    if options.has("dry-run", "o", "output"):
        return None
    operand = (*options.operands, *options.behind)[0 if base == "git" else 1 :]
    file = options.given.get("i") or options.given.get("input") or next(iter(operand), read)
    return Program(PATCH, handed or "", file if handed is None else None, ()) if file or handed else None


_ONLY_SHOWING = frozenset({"--check", "--stat", "--numstat", "--summary", "--cached", "--abort"})


def recipes(text: str, targets: Sequence[str]) -> str:
    """Return the script that `make` runs for its targets, the first one where none is named.

    Args:
        text: the text of the Makefile.
        targets: the names of the targets.
    """
    rules: dict[str, list[tuple[list[str], list[str]]]] = {}
    here: list[str] = []
    for line in text.replace("\\\n", " ").split("\n"):
        head, colon, behind = line.partition(":")
        if line.startswith("\t"):
            command = line.strip().lstrip("@-+ ")
            # each line has a shell of its own
            here.append(f"({command})" if "cd " in command else command)
        elif colon and not behind.startswith("=") and "=" not in head and head.strip()[:1] not in {"", "#"}:
            here = []
            rule = (behind.partition(";")[0].split(), here)
            for target in head.split():
                rules.setdefault(target, []).append(rule)
    waiting = [*(targets or [name for name in rules if not name.startswith(".")][:1])]
    # several targets may share a rule
    done: dict[int, list[str]] = {}
    while waiting:
        for needed, lines in rules.pop(waiting.pop(), ()):
            if id(lines) not in done:
                done[id(lines)] = lines
                waiting += needed
    held = dict(re.findall(r"(?m)^([A-Za-z_]\w*)[ \t]*[:?]?=[ \t]*([\w./-]+)[ \t]*$", text))
    script = "\n".join(line for lines in reversed(done.values()) for line in lines)
    return re.sub(r"\$[({]([A-Za-z_]\w*)[)}]", lambda named: held.get(named[1], f"${{{named[1]}}}"), script)


def _interpreted(
    language: str, holding: str, valued: str, modules: str, arguments: Sequence[Word], handed: str | None
) -> Program | None:
    words = [word._replace(text=_LONG_OF_NODE.get(word.text, word.text)) for word in arguments]
    at = 0
    while at < len(words) and len(words[at].text) > 1 and words[at].text[0] in "-+":
        text = words[at].text
        at += 1
        if text == "--":
            break
        if text.startswith("--"):
            continue
        told = re.fullmatch(rf"-[A-Za-z]*?([{holding + modules}])(.*)", text, re.DOTALL)
        if (told and told[1] in modules) or (language == SHELL and re.fullmatch(r"-[a-z]*n[a-z]*", text)):
            # a module, or a script that is only read
            return None
        if told:
            # a shell takes letters behind the one that says so, and further options
            rest = "" if language == SHELL else told[2]
            handed_at = handed_text(["sh", *(word.text for word in words)]) if language == SHELL else None
            at = handed_at[1] - 1 if handed_at else at
            program, *others = ([Word(rest, True)] if rest else []) + list(words[at:]) or [Word("", True)]
            return Program(language, program.text, None, (Word(f"-{told[1]}", True), *others))
        at += text[-1] in valued
    behind = words[at:]
    if behind and behind[0].text != "-":
        return Program(language, "", behind[0], tuple(behind))
    return Program(language, handed, None, tuple(behind or [Word("-", True)])) if handed is not None else None


def language_of(file: str, text: str) -> str:
    """Return the language that a file is written in, as its first line or its name says; empty for another.

    Args:
        file: its path.
        text: its text.
    """
    first = _FIRST_LINE.match(text)
    if first:
        return next((one[1] for one in _INTERPRETERS if one[0].fullmatch(first[1])), "")
    return _BY_ENDING.get(posixpath.splitext(file)[1], "")


def written_by(program: Program, place: str) -> Iterator[Write | Runs]:
    """Yield what a program in Python or JavaScript writes, and the commands that it runs.

    Args:
        program: the program, with its text.
        place: its path, empty where it stands in a script.
    """
    if program.language == PYTHON:
        from cavra_lint.sources.python_source import parse_python
        from cavra_lint.sources.python_writes import written_by_python

        tree = parse_python(program.text).tree
        if tree is not None:
            try:
                yield from written_by_python(tree, program.text, place, [word.text for word in program.arguments])
            except RecursionError:
                return
    elif program.language == JAVASCRIPT:
        yield from _written_by_javascript(program.text)
    elif program.language == PATCH:
        for path in re.findall(r"(?m)^\+\+\+ ([^\t\r\n]{1,500})", program.text):
            yield from (Write(Word(name, True)) for name in (path, path.partition("/")[2]) if name)


def _written_by_javascript(text: str) -> Iterator[Write | Runs]:
    named: dict[str, str] = {}
    for name, *argument in re.findall(_NAMED, text):
        named[name] = "".join(argument[:3])
    for pattern in (_WRITES_FIRST, _WRITES_SECOND):
        for *texts, name in re.findall(pattern, text):
            path = named.get(name, "") if name else "".join(texts)
            if path:
                yield Write(Word(path, True))
    for *texts, name in re.findall(_COMMAND, text):
        command = named.get(name, "") if name else "".join(texts)
        if command:
            yield Runs(command)
