"""What git will hand to everyone else: the files of its index."""

from __future__ import annotations

import os
from collections.abc import Iterator

#: An entry of `git add --intent-to-add` names the empty blob: of SHA-1 and of SHA-256.
_EMPTY_BLOBS = (
    b"e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
    b"473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
)
_TIMEOUT_SECONDS = 60


def tracked_files(root: str) -> frozenset[str] | None:
    """Return the paths below a root that git's index holds, with `/`.

    The index file of git is read, not a commit: while a commit is being made, it is what will be
    committed. Nothing that the repository's own configuration names is started.

    Args:
        root: the root of the tree, links resolved.

    Returns:
        The paths; an empty file is not among them. None where the root is in no git work tree, where
        git is not installed or does not answer, and where the tree merely lies in the folder of
        another repository that knows nothing of it.
    """
    top = _work_tree(root)
    if top is None:
        return None
    paths = _listed(root)
    return None if paths is None or (not paths and top != root) else paths


def _work_tree(root: str) -> str | None:
    folder = root
    while not os.path.lexists(os.path.join(folder, ".git")):
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above
    return folder


def _listed(root: str) -> frozenset[str] | None:
    import subprocess

    # core.fsmonitor and hooks name programs, and the repository that is judged sets them
    command = ["git", "-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}", "ls-files", "--stage", "-z"]
    try:
        done = subprocess.run(  # noqa: S603 - the words are ours, and nothing of the tree is among them
            command,
            cwd=root,
            env=dict(_environment(root)),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=_TIMEOUT_SECONDS,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    if done.returncode != 0:
        return None
    return frozenset(_paths(done.stdout))


def _paths(listing: bytes) -> Iterator[str]:
    """Yield the paths of `git ls-files --stage -z`: mode, object and stage, a tab, the path."""
    for entry in listing.split(b"\0"):
        about, _, path = entry.partition(b"\t")
        fields = about.split()
        if path and len(fields) == 3 and fields[1] not in _EMPTY_BLOBS:
            yield os.fsdecode(path)


def _environment(root: str) -> Iterator[tuple[str, str]]:
    """Yield the environment without what points git elsewhere, but for the index of a commit that is being made."""
    yield from ((key, value) for key, value in os.environ.items() if not key.startswith("GIT_"))
    yield from (("GIT_OPTIONAL_LOCKS", "0"), ("GIT_TERMINAL_PROMPT", "0"), ("GIT_NO_LAZY_FETCH", "1"))
    index = os.environ.get("GIT_INDEX_FILE")
    top = _work_tree(root)
    if index and top:
        full = os.path.realpath(os.path.join(top, index))
        if full.startswith(os.path.realpath(os.path.join(top, ".git")) + os.sep):
            yield "GIT_INDEX_FILE", full
