"""What git will hand to everyone else: the files of its index."""

from __future__ import annotations

import os
import posixpath

from cavra_lint.sources.git_index import indexed_paths
from cavra_lint.sources.repository import read_regular_file

#: A larger index is not read: 256 MiB hold two million paths.
_MAX_BYTES = 256 * 1024 * 1024


def tracked_files(root: str) -> frozenset[str] | None:
    """Return the paths below a root that git's index holds, with `/`.

    The index file of git is read, not a commit: while a commit is being made, it is what will be
    committed. Nothing is started, so that no configuration of the repository has a say in it, and no
    owner of it either.

    Args:
        root: the root of the tree, links resolved.

    Returns:
        The paths. None where the root is in no git work tree, where git is not installed, where its
        index cannot be read by itself (a split one), and where the tree merely lies in the folder of
        another repository that knows nothing of it.
    """
    top = _work_tree(root)
    folder = _git_folder(top) if top is not None else None
    if top is None or folder is None or not _is_installed():
        return None
    state, data = read_regular_file(_index_file(top, folder), _MAX_BYTES)
    # where nothing was ever added there is no index
    indexed = frozenset() if state == "missing" else indexed_paths(data) if state == "read" else None
    if indexed is None:
        return None
    if root != top:
        below = os.fsencode(os.path.relpath(root, top) + "/")
        indexed = frozenset(path[len(below) :] for path in indexed if path.startswith(below))
        if not indexed:
            return None
    # to decode all of them at once takes a tenth of the time
    return frozenset(os.fsdecode(b"\0".join(indexed)).split("\0")) if indexed else frozenset()


def is_in_submodule(root: str, path: str) -> bool:
    """Tell whether a submodule hands a file on: whoever clones with submodules has it as well.

    Args:
        root: the root of the tree, links resolved.
        path: a file below it that its own index does not hold, with `/`.

    Returns:
        Whether the nearest repository that the file lies in is one that `.gitmodules` names and the index
        holds, is at no other commit than the index says, and tracks it.
    """
    below = posixpath.dirname(path)
    while below and not os.path.lexists(os.path.join(root, below, ".git")):
        below = posixpath.dirname(below)
    top, inner = _work_tree(root), os.path.join(root, below)
    folder = _git_folder(top) if below and top is not None else None
    if top is None or folder is None:
        return False

    from cavra_lint.sources.git_index import indexed_repositories

    _, data = read_regular_file(_index_file(top, folder), _MAX_BYTES)
    name = os.path.relpath(inner, top).replace(os.sep, "/")
    commit = indexed_repositories(data).get(os.fsencode(name))
    if commit is None or _checked_out(inner) not in (commit, "") or name not in _named_submodules(top):
        return False
    return path[len(below) + 1 :] in (tracked_files(inner) or ())


def _named_submodules(top: str) -> frozenset[str]:
    """Return the paths that the `.gitmodules` of a work tree names, without which nobody knows where to clone from."""
    if ".gitmodules" not in (tracked_files(top) or ()):
        return frozenset()
    _, data = read_regular_file(os.path.join(top, ".gitmodules"))
    pairs = (line.partition(b"=") for line in data.splitlines())
    return frozenset(os.fsdecode(value.strip().strip(b'"')) for key, _, value in pairs if key.strip() == b"path")


def _checked_out(top: str) -> str:
    """Return the name of the commit that a work tree is at, empty where git has put that elsewhere."""
    folder = _git_folder(top)
    head = read_regular_file(os.path.join(folder, "HEAD"))[1] if folder else b""
    if folder and head.startswith(b"ref: refs/"):
        head = read_regular_file(os.path.join(folder, os.fsdecode(head[5:].strip().replace(b"\0", b"?"))))[1]
    return head.strip().decode("ascii", "replace")


def _is_installed() -> bool:
    """Tell whether there is a git: without one, nobody here commits anything."""
    return any(os.path.exists(os.path.join(folder, name)) for folder in os.get_exec_path() for name in _PROGRAMS)


_PROGRAMS = ("git", "git.exe") if os.name == "nt" else ("git",)


def _work_tree(root: str) -> str | None:
    folder = root
    while not os.path.lexists(os.path.join(folder, ".git")):
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above
    return folder


def _git_folder(top: str) -> str | None:
    """Return the folder in which git keeps what it knows of a work tree; a worktree or submodule names another."""
    folder = os.path.realpath(os.path.join(top, ".git"))
    if not os.path.isdir(folder):
        state, data = read_regular_file(folder)
        key, _, named = data.partition(b":")
        if state != "read" or key != b"gitdir":
            return None
        folder = os.path.realpath(os.path.join(top, os.fsdecode(named.strip().replace(b"\0", b"?"))))
    return folder if os.path.lexists(os.path.join(folder, "HEAD")) else None


def _index_file(top: str, folder: str) -> str:
    """Return the index: that of a commit which is being made, if it is in the repository's own folder."""
    named = os.environ.get("GIT_INDEX_FILE")
    if named:
        full = os.path.realpath(os.path.join(top, named))
        if full.startswith(folder + os.sep):
            return full
    return os.path.join(folder, "index")
