"""Families 0 and 1: whether a file is there, and is one that can be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cavra_lint.diagnostics import Place
from cavra_lint.frozen import NamedTuple
from cavra_lint.rules.rule import Finding, rule, rules_of
from cavra_lint.sources.repository import File, Repository
from cavra_lint.sources.text import decode


class Artifact(NamedTuple):
    """A file that has to be there: what it is in words, and what returns the place of the tree that names it.

    `tag` is what `identify` has to call it, empty where nothing asks: what is read as a packet may be anything.
    """

    repository: Repository
    file: File
    what: str
    named_at: Callable[[], Place]
    tag: str = ""


@rule("CAVRA001", "unreadable-file")
def unreadable_file(artifact: Artifact) -> Iterator[Finding]:
    """A file is there but cannot be read whole.

    What cannot be read cannot be proven: the rights do not allow it, the disk fails, the file changes while it is
    read, or it is larger than `max-file-size`, by default 32 MiB.

    Fails: a result with mode 000.

    Passes: a result that whoever runs the check may read.

    To put it right, give the right to read, or take out of the file what makes it so large.
    """
    place = Place(artifact.file.path)
    if artifact.file.state == "unreadable":
        yield Finding(place, f"cannot be read, expected {artifact.what} that can")
    elif artifact.file.state == "too-large":
        limit = artifact.repository.max_bytes
        yield Finding(place, f"is larger than {limit} bytes, expected {artifact.what} of a size that is read")


@rule("CAVRA101", "artifact-missing")
def artifact_missing(artifact: Artifact) -> Iterator[Finding]:
    """An artifact of a gate is not in the tree.

    Each gate has seven artifacts, at the paths that the contract gives. The finding stands where the index names
    the artifact, since a file that is missing has no line.

    Fails: an index whose entry of R7.4 names `docs/customer-operating-review.md`, and no such file.

    Passes: the same entry, with the file.

    To put it right, restore the file; where it was renamed, name it as the contract does.
    """
    if artifact.file.state == "missing" and not _other_case(artifact):
        yield Finding(artifact.named_at(), f"`{artifact.file.path}` is missing, expected {artifact.what} there")


@rule("CAVRA102", "artifact-empty")
def artifact_empty(artifact: Artifact) -> Iterator[Finding]:
    """An artifact holds nothing but white space.

    Fails: `docs/customer-operating-review.md` with no byte in it.

    Passes: the page with its text.

    To put it right, restore what the file held.
    """
    if artifact.file.is_blank:
        yield Finding(Place(artifact.file.path), f"is empty, expected {artifact.what}")


@rule("CAVRA103", "artifact-not-regular")
def artifact_not_regular(artifact: Artifact) -> Iterator[Finding]:
    """An artifact is no regular file: a folder, a pipe, a device, or a link that goes nowhere.

    Fails: a folder named `customer-operating-review.md`.

    Passes: a file of that name, or a link to one inside the repository.

    To put it right, put the file itself there.
    """
    words = {"folder": "a folder", "not-regular": "no regular file", "dangling": "a link that goes nowhere"}
    state = words.get(artifact.file.state)
    if state:
        yield Finding(
            artifact.named_at(), f"`{artifact.file.path}` is {state}, expected {artifact.what} as a regular file"
        )


@rule("CAVRA104", "artifact-outside")
def artifact_outside(artifact: Artifact) -> Iterator[Finding]:
    """An artifact lies outside the repository: its path, or a link on the way, leaves the root.

    Nothing outside the root is read: what is not in the repository is not there for anyone else.

    Fails: `docs` as a link to a folder beside the repository.

    Passes: `docs` as a folder, or as a link to another folder of the repository.

    To put it right, move the file into the repository.
    """
    if artifact.file.state == "outside":
        message = f"`{artifact.file.path}` leads out of the repository, expected {artifact.what} inside it"
        yield Finding(artifact.named_at(), message)


@rule("CAVRA106", "artifact-type")
def artifact_type(artifact: Artifact) -> Iterator[Finding]:
    """An artifact is not the kind of file that it should be.

    What kind a file is tells `identify`, as for pre-commit: by its name, its first line, and whether it is text.
    Examples and results are JSON, validators and tests Python, workflows YAML, and pages Markdown.

    Fails: a page that is a renamed picture.

    Passes: a page of Markdown.

    To put it right, put there what the contract promises.
    """
    if artifact.file.state != "read" or artifact.file.is_blank:
        return
    from cavra_lint.sources.kind import is_binary, is_of_kind

    if not is_of_kind(artifact.file, artifact.tag):
        yield Finding(Place(artifact.file.path), f"is no {artifact.tag} file, expected {artifact.what}")
    elif is_binary(artifact.file):
        yield Finding(Place(artifact.file.path), f"is binary, expected {artifact.what} as text")
    elif artifact.tag == "markdown" and b"\0" in artifact.file.data and decode(artifact.file.data) is not None:
        # `identify` does not look that far, but git does; where anything else is read, its grammar knows no such byte
        line = artifact.file.data[: artifact.file.data.index(b"\0")].count(b"\n") + 1
        yield Finding(Place(artifact.file.path, line), f"holds a null byte, expected {artifact.what} as text")


@rule("CAVRA107", "artifact-untracked")
def artifact_untracked(artifact: Artifact) -> Iterator[Finding]:
    """An artifact is in the work tree, but git does not track it.

    Whoever clones the repository will not have it. The index file of git is the truth, not the last commit, so that a
    commit can be judged while it is being made. A submodule tracks its own, at the commit that the index names. Outside
    a git work tree, or without git, nothing is asked.

    Where a link leads to the artifact, what it leads to has to be tracked as well, and to be named from where the link
    stands: a whole path, or one that leaves the root and comes back, is on this machine only.

    Fails: a page that was written and never added, or that `.gitignore` names; a link to such a one.

    Passes: the page after `git add`, or a link to another page that is tracked.

    To put it right, add the file; where it is ignored, mend `.gitignore` first.
    """
    if artifact.file.state != "read" or artifact.file.is_blank:
        return
    path = artifact.file.path
    missing = artifact.repository.not_handed_on(path)
    if not missing:
        return
    tracked, lost = artifact.repository.tracked or (), "others will not have it"
    if missing == path and path not in tracked:
        yield Finding(Place(path), f"is not tracked by git, expected {artifact.what} to be added: {lost}")
    elif missing in tracked:
        followed = f"is reached by the link `{missing}`, expected one that can be followed in another clone"
        yield Finding(Place(path), f"{followed}: {lost}")
    else:
        yield Finding(Place(path), f"is `{missing}`, which git does not track, expected that to be added: {lost}")


@rule("CAVRA108", "artifact-letter-case")
def artifact_letter_case(artifact: Artifact) -> Iterator[Finding]:
    """The tree has a file whose name differs from the contract's in letter case only.

    Such a file is found on one machine and missing on the next.

    Fails: `docs/wiki/customer-operating-review.md` where the contract says `docs/wiki/Customer-Operating-Review.md`.

    Passes: the contract's name, letter for letter.

    To put it right, rename the file with `git mv`.
    """
    other = _other_case(artifact)
    if other:
        message = f"`{other}` differs in letter case, expected {artifact.what} at `{artifact.file.path}`"
        yield Finding(artifact.named_at(), message)


def _other_case(artifact: Artifact) -> str | None:
    if artifact.file.state != "missing":
        return None
    return artifact.repository.same_name_but_for_case(artifact.file.path)


RULES = rules_of(globals())
#: The rules that tell whether a file can be read at all; the others ask what else it is.
READING_RULES = tuple(rule for rule in RULES if rule not in (artifact_type, artifact_untracked))
