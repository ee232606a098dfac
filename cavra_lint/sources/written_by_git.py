"""What a `git` command does to the files that are checked out: other ones, or again those of the change."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from cavra_lint.frozen import NamedTuple
from cavra_lint.late import re
from cavra_lint.sources.shell_syntax import Word
from cavra_lint.sources.written import Options, options_of

HEAD = ""
"""In place of a path: the commit that is checked out."""

INDEX = "index:"
"""Before a path: what the index holds of it."""

STASH = "stash:"
"""Before a path: what was put aside of it."""

BRANCH = INDEX
"""In place of a path: the commit that the branch is at, where that is not what is checked out."""

FETCHED = "FETCH_HEAD"
"""The name of what was fetched last, which at first is the change."""

_HEAD = Word("HEAD", True)
# of a merge that a pull request is judged by, the second parent is the change, and the first what it is to change
_SAME = re.compile(r"(?:HEAD|@)(?:@.*|\^2|[~^]0|\^\{.*\})*")
_UNTOLD = re.compile(r"-|@\{.*|[0-9a-f]{7,40}|(?!FETCH)[A-Z]+_HEAD|refs/pull/.*|:/.*")
_OF_PULL = re.compile(r"(?:refs/)?pull/.*")
#: What a pull request is to change, or what stood there before a push.
_OF_BASE = re.compile(
    r"(?:(?:refs/)?(?:remotes/)?origin/)?(?:\$\{?GITHUB_BASE_REF\}?"
    r"|\$\{\{\s*github\.(?:base_ref|event\.before|event\.pull_request\.base\.(?:ref|sha))\s*\}\})"
)
_NEW = ("b", "B", "c", "C", "orphan", "create", "force-create")


class ByGit(NamedTuple):
    """What a `git` command does to a path, or to `HEAD`.

    `how` is "replaces", "restores", "proves" where it fails unless there is nothing to restore, "stages" where the
    index is given what is there, "commits" where that becomes a commit, "stashes" and "unstashes" where what is there
    is put aside and put back, "keeps" where it gives what is checked out another name, "names" where it gives one to
    the change, or "fetches" where it gives that of what was fetched to another commit. `ref` is the commit or the name,
    empty where a path comes from the index.
    """

    how: str
    what: str
    ref: str = ""


class _Called(NamedTuple):
    """A `git` command: its words, what they are, the paths that are asked about, and those of them that it names.

    `covers` tells whether a word names a path, or a folder above it.
    """

    words: Sequence[Word]
    options: Options
    paths: Sequence[str]
    named: Sequence[str]
    covers: Callable[[Word, str], bool]


def by_git(words: Sequence[Word], paths: Sequence[str], covers: Callable[[Word, str], bool]) -> Iterator[ByGit]:
    """Yield what a `git` command does to the files that are checked out where it runs.

    Args:
        words: the words behind `git` and its options.
        paths: the paths that are asked about.
        covers: whether a word names a path, or a folder above it.
    """
    valued, does = _COMMANDS.get(words[0].text, ("", None)) if words else ("", None)
    if does is None:
        return
    options = options_of(words[1:], valued)
    named = [path for path in paths if any(covers(word, path) for word in (*options.operands, *options.behind))]
    yield from does(_Called(words, options, paths, named, covers))


def _reset(called: _Called) -> Iterator[ByGit]:
    options, paths = called.options, called.paths
    if options.has("hard", "merge", "keep"):
        yield from _from(_HEAD, (*paths, *_in_index(paths)))
        yield from _from(next(iter(options.operands), None), (HEAD,))
        return
    ref, *others = options.operands or (_HEAD,)
    if any(called.covers(ref, path) for path in paths):
        ref, others = _HEAD, [ref]
    of_few = bool(others or options.behind)
    if not options.has("soft"):
        yield from _from(ref, _in_index(called.named if of_few else paths))
    if not of_few and not _SAME.fullmatch(ref.text):
        yield from _from(ref, (BRANCH,))


def _commit(called: _Called) -> Iterator[ByGit]:
    if not called.options.has("amend", "dry-run"):
        yield ByGit("commits", HEAD)


def _stash(called: _Called) -> Iterator[ByGit]:
    operands = called.options.operands
    name = operands[0].text if operands else ""
    if name in {"", "push", "save"}:
        of_some = called.options.behind or (len(operands) > 1 and name == "push")
        done = called.named if of_some else called.paths
        yield from (ByGit("stashes", path) for path in done)
        yield from _from(_HEAD, (*done, *_in_index(done)))
    elif name in {"pop", "apply"}:
        yield from (ByGit("unstashes", path) for path in called.paths)


def _add(called: _Called) -> Iterator[ByGit]:
    options = called.options
    if not options.has("n", "dry-run", "N", "intent-to-add"):
        whole = options.has("A", "all", "u", "update") and not options.operands and not options.behind
        yield from (ByGit("stages", path) for path in (called.paths if whole else called.named))


def _name(called: _Called) -> Iterator[ByGit]:
    options = called.options
    if options.operands and not options.given.keys() - {"f", "force"}:
        yield from _named(options.operands[0], options.operands[1:])


def _diff(called: _Called) -> Iterator[ByGit]:
    options = called.options
    if not options.has("exit-code", "quiet") or options.has("cached", "staged"):
        return
    refs = [word.text for word in options.operands if not any(called.covers(word, path) for path in called.paths)]
    if all(_SAME.fullmatch(ref) for ref in refs):
        whole = not options.behind and len(refs) == len(options.operands)
        # where it lets the script go on, the files are those of the commit
        yield from (ByGit("proves", path, "".join(refs)) for path in (called.paths if whole else called.named))


def in_repository(arguments: Sequence[Word]) -> tuple[Sequence[Word], Sequence[Word]]:
    """Return the folders that a `git` command moves to, and its words from its name on.

    Args:
        arguments: the words behind `git`.
    """
    folders: list[Word] = []
    at = 0
    while at < len(arguments) and arguments[at].text.startswith("-"):
        option = arguments[at].text
        if option.startswith(("--git-dir", "--work-tree")):
            # another repository
            return (), ()
        if option == "-C":
            folders += arguments[at + 1 : at + 2]
        at += 2 if option in {"-c", "-C"} else 1
    return folders, arguments[at:]


def _checkout(called: _Called) -> Iterator[ByGit]:
    options, paths, named = called.options, called.paths, called.named
    refs, others = options.operands[:1], options.operands[1:]
    new = next((options.given[key] for key in _NEW if options.has(key)), None)
    is_path = called.words[0].text == "checkout" and not options.behind and not others and named
    if is_path or (options.behind and not refs):
        yield from _from(None, named)
        return
    if options.behind or others:
        yield from _from(refs[0], (*named, *_in_index(named)))
        return
    if new is not None:
        yield from _named(new, refs)
    yield from _from(next(iter(refs), None), (HEAD,))
    if options.has("f", "force", "discard-changes"):
        yield from _from(_HEAD, (*paths, *_in_index(paths)))


def _fetch(called: _Called) -> Iterator[ByGit]:
    # the first is where from
    sides = [_sides(word.text.removeprefix("+")) for word in called.options.operands[1:]]
    for source, branch in sides:
        if branch and not _is_told(source):
            yield ByGit("names", HEAD, branch.removeprefix("refs/heads/"))
    first = sides[0][0] if sides else ""
    yield ByGit("fetches", HEAD, first) if first and _is_told(first) else ByGit("names", HEAD, FETCHED)


def _sides(refspec: str) -> tuple[str, str]:
    source, colon, branch = refspec.rpartition(":")
    return (source, branch) if colon else (refspec, "")


def _is_told(source: str) -> bool:
    """Tell whether what is fetched is said by its name, and is no pull request."""
    return "$" not in source and not _OF_PULL.fullmatch(source) and not _UNTOLD.fullmatch(source)


def _restore(called: _Called) -> Iterator[ByGit]:
    options, named = called.options, called.named
    ref = options.given.get("s") or options.given.get("source")
    staged = options.has("S", "staged")
    if staged:
        ref = ref or _HEAD
        yield from _from(ref, _in_index(named))
    if not staged or options.has("W", "worktree"):
        yield from _from(ref, named)


def _in_index(paths: Sequence[str]) -> list[str]:
    return [INDEX + path for path in paths]


def _named(name: Word, start: Sequence[Word]) -> Iterator[ByGit]:
    if start and _is_untold(start[0]):
        yield ByGit("names", HEAD, name.text)
    elif not start or _SAME.fullmatch(start[0].text):
        yield ByGit("keeps", HEAD, name.text)


def _from(ref: Word | None, whats: Sequence[str]) -> Iterator[ByGit]:
    """Yield what becomes of paths that are taken from a commit, from the index or `HEAD` where it is None."""
    is_same = ref is None or _SAME.fullmatch(ref.text) is not None
    for what in whats:
        if is_same:
            yield from () if what == HEAD else (ByGit("restores", what, ref.text if ref else ""),)
        elif ref is not None:
            yield ByGit("restores" if _is_untold(ref) else "replaces", what, ref.text)


def _is_untold(ref: Word) -> bool:
    if not ref.literal:
        return _OF_BASE.fullmatch(ref.text) is None
    return _UNTOLD.fullmatch(ref.text) is not None


#: Of each command the letters of its options whose value may be the next word, and what it does.
_COMMANDS: Mapping[str, tuple[str, Callable[[_Called], Iterator[ByGit]]]] = {
    "add": ("", _add),
    "branch": ("", _name),
    "checkout": ("bB", _checkout),
    "commit": ("", _commit),
    "diff": ("", _diff),
    "fetch": ("jo", _fetch),
    "reset": ("", _reset),
    "restore": ("s", _restore),
    "stash": ("m", _stash),
    "switch": ("cC", _checkout),
    "tag": ("", _name),
}
