"""Which files a command of a shell script writes, as far as its words say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cavra_lint.frozen import NamedTuple
from cavra_lint.sources.shell_syntax import Word


class Write(NamedTuple):
    """A file that a command writes, or takes away where `gone` holds; `source` is what it writes there, if named.

    Where `whole` holds it may be a folder, with all that is in it.
    """

    path: Word
    source: Word | None = None
    gone: bool = False
    whole: bool = False


class Options(NamedTuple):
    """The words behind a command: its options, its operands, and what stands behind `--`."""

    given: dict[str, Word | None]
    operands: tuple[Word, ...]
    behind: tuple[Word, ...]

    def has(self, *names: str) -> bool:
        """Tell whether any of these options is given."""
        return any(name in self.given for name in names)


#: Of each program the letters that take the next word, and those that take no more than the rest of their own.
_LETTERS = {
    **dict.fromkeys(("cp", "mv", "ln"), ("tS", "")),
    "install": ("tSmog", ""),
    "sed": ("efl", "i"),
    **dict.fromkeys(("perl", "ruby"), ("eE", "iIMmFxCDr")),
    "truncate": ("sr", ""),
    "curl": ("AbcCdDeEFhHKmoPQrtTuUwxXyYz", ""),
    "wget": ("aoeitTOQPUBDIXRAlwn", ""),
}
_LONG = {
    *("target-directory", "suffix", "mode", "owner", "group", "expression", "file", "size", "reference"),
    *("output", "output-document", "source", "orphan", "create", "force-create"),
    *("depth", "deepen", "jobs", "refmap", "shallow-since", "shallow-exclude", "server-option", "upload-pack"),
    "message",
}
_COPIES = frozenset(("cp", "mv", "install", "ln"))
_IN_PLACE = frozenset(("sed", "perl", "ruby", "yq"))
_OPERANDS = frozenset(("tee", "sponge", "truncate"))
_REMOVES = frozenset(("rm", "unlink"))


def writes(name: str, arguments: list[Word], redirected: Iterable[Word]) -> Iterator[Write]:
    """Yields what a command writes, whether a folder that it names is one or not.

    Args:
        name: the command, without its folder.
        arguments: the words behind it.
        redirected: the files that its output goes to.
    """
    options = options_of(arguments, *_LETTERS.get(name, ("",)))
    operands = (*options.operands, *options.behind)
    if name in _COPIES:
        yield from _copies(name, options, operands)
    elif name in _IN_PLACE and options.has("i", "in-place", "inplace"):
        suffix = options.given.get("i") or options.given.get("in-place")
        yield from (Write(Word(word.text + suffix.text, word.literal), word) for word in operands if suffix)
        yield from map(Write, operands)
    elif name in _OPERANDS:
        yield from map(Write, operands)
    elif name in _REMOVES:
        whole = options.has("r", "R", "recursive")
        yield from (Write(operand, gone=True, whole=whole) for operand in operands)
    elif name == "dd":
        yield from (Write(Word(word.text[3:], word.literal)) for word in operands if word.text.startswith("of="))
    elif name in {"curl", "wget"}:
        named = ("o", "output") if name == "curl" else ("O", "output-document")
        yield from (Write(word) for key in named if (word := options.given.get(key)) is not None)
    source = operands[0] if name == "cat" and len(operands) == 1 else None
    yield from (Write(path, source) for path in redirected)


def _copies(name: str, options: Options, operands: tuple[Word, ...]) -> Iterator[Write]:
    kept = not options.has("f", "force") if name == "ln" else options.has("n", "no-clobber")
    if kept or not operands or (name == "install" and options.has("d", "directory")):
        return
    folder = options.given.get("t") or options.given.get("target-directory")
    *sources, last = (*operands, folder) if folder else operands
    whole = name == "mv" or options.has("r", "R", "a", "recursive", "archive")
    as_it_is = options.has("T", "no-target-directory")
    for source in sources:
        base = source.text.rstrip("/").rpartition("/")[2]
        # where it is a folder, nothing that is judged is written by that
        yield Write(last, source, whole=whole and as_it_is)
        if not as_it_is:
            yield Write(Word(f"{last.text}/{base}", last.literal), source, whole=whole)
        if name == "mv":
            yield Write(source, gone=True, whole=True)


def options_of(arguments: Iterable[Word], valued: str, attached: str = "") -> Options:
    """Returns the words behind a command by what they are.

    Args:
        arguments: the words.
        valued: the letters whose value may be the next word.
        attached: the letters whose value can only be the rest of their own word.
    """
    given: dict[str, Word | None] = {}
    operands: list[Word] = []
    words = iter(arguments)
    for word in words:
        if word.text == "--":
            return Options(given, tuple(operands), tuple(words))
        if word.text.startswith("--"):
            key, equals, value = word.text[2:].partition("=")
            given[key] = Word(value, word.literal) if equals else next(words, None) if key in _LONG else None
        elif word.text.startswith("-") and word.text != "-":
            _letters(word, words, valued, attached, given)
        else:
            operands.append(word)
    return Options(given, tuple(operands), ())


def _letters(word: Word, words: Iterator[Word], valued: str, attached: str, given: dict[str, Word | None]) -> None:
    for at, letter in enumerate(word.text[1:], 2):
        rest = word.text[at:]
        given[letter] = Word(rest, word.literal) if rest else None
        if letter in valued:
            given[letter] = given[letter] or next(words, None)
        if letter in valued + attached:
            return
