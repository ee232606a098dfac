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
    "patch": ("ipdDVBFogrYz", ""),
    "install": ("tSmog", ""),
    "sed": ("efl", "i"),
    **dict.fromkeys(("perl", "ruby"), ("eE", "iIMmFxCDr")),
    "truncate": ("sr", ""),
    "curl": ("AbcCdDeEFhHKmoPQrtTuUwxXyYz", ""),
    "wget": ("aoeitTOQPUBDIXRAlwn", ""),
    "tar": ("CfTXbHIKNVgF", ""),
    "unzip": ("dxP", ""),
    "rsync": ("efBTM", ""),
}
_LONG = {
    *("target-directory", "suffix", "mode", "owner", "group", "expression", "file", "size", "reference"),
    *("output", "output-document", "source", "orphan", "create", "force-create"),
    *("depth", "deepen", "jobs", "refmap", "shallow-since", "shallow-exclude", "server-option", "upload-pack"),
    *("message", "output-dir", "directory-prefix", "directory", "file", "exclude", "include", "rsh", "files-from"),
    "export-dir",
}
#: What unpacks a folder, and the options that name the folder.
_UNPACKS = {"tar": ("C", "directory"), "unzip": ("d",)}
_COPIES = frozenset(("cp", "mv", "install", "ln"))
_IN_PLACE = frozenset(("sed", "perl", "ruby", "yq"))
_OPERANDS = frozenset(("tee", "sponge", "truncate"))
_REMOVES = frozenset(("rm", "unlink"))


def writes(name: str, arguments: list[Word], redirected: Iterable[Word]) -> Iterator[Write]:
    """Yield what a command writes, whether a folder that it names is one or not.

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
    elif name in _OPERANDS or (name == "patch" and not options.has("o", "output", "dry-run")):
        # behind the file that is patched stands the patch
        yield from map(Write, operands[: 1 if name == "patch" else None])
    elif name in _REMOVES:
        whole = options.has("r", "R", "recursive")
        yield from (Write(operand, gone=True, whole=whole) for operand in operands)
    elif name == "dd":
        yield from (Write(Word(word.text[3:], word.literal)) for word in operands if word.text.startswith("of="))
    elif name in {"curl", "wget"}:
        yield from _fetched(name, options, operands)
    elif name in _UNPACKS and _unpacks(name, options):
        folders = (options.given.get(key) for key in _UNPACKS[name])
        yield from (Write(folder, whole=True) for folder in folders if folder)
    elif name == "rsync" and operands and not options.has("n", "dry-run"):
        *sources, last = operands
        yield from (Write(last, source, whole=True) for source in sources if source.text.endswith("/"))
        yield from (write for source in sources for write in _copied(source, last, whole=True))
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
        if as_it_is:
            yield Write(last, source, whole=whole)
        else:
            yield from _copied(source, last, whole=whole)
        if name == "mv":
            yield Write(source, gone=True, whole=True)


def _unpacks(name: str, options: Options) -> bool:
    if name == "unzip":
        return not options.has("l", "t", "p", "v", "Z", "z")
    # its letters may stand without a dash
    letters = options.operands[0].text if options.operands else ""
    return options.has("x", "extract", "get") or (letters.isalpha() and "x" in letters)


def _copied(source: Word, last: Word, *, whole: bool) -> Iterator[Write]:
    base = source.text.rstrip("/").rpartition("/")[2]
    # where it is a folder, nothing that is judged is written by that
    yield Write(last, source)
    yield Write(Word(f"{last.text}/{base}", last.literal), source, whole=whole)


def _fetched(name: str, options: Options, operands: tuple[Word, ...]) -> Iterator[Write]:
    """Yield what is written of what is fetched: to the file that is named, or by the name that it has there."""
    to, by_itself = (("o", "output"), ("O", "remote-name")) if name == "curl" else (("O", "output-document"), ())
    named = [word for key in to if (word := options.given.get(key)) is not None]
    folder_by = ("output-dir",) if name == "curl" else ("P", "directory-prefix")
    folder = next((word for key in folder_by if (word := options.given.get(key)) is not None), None)
    yield from (Write(_below(folder if name == "curl" else None, word)) for word in named)
    if options.has(*by_itself, "remote-name-all") or (name == "wget" and not named):
        names = (Word(word.text.partition("?")[0].rpartition("/")[2], word.literal) for word in operands)
        yield from (Write(_below(folder, word)) for word in names if word.text)


def _below(folder: Word | None, name: Word) -> Word:
    return Word(f"{folder.text}/{name.text}", folder.literal and name.literal) if folder else name


def options_of(arguments: Iterable[Word], valued: str, attached: str = "") -> Options:
    """Return the words behind a command by what they are.

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
