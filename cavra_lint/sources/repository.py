"""The files of a tree, none outside its root."""

from __future__ import annotations

import errno
import functools
import os
import stat

from cavra_lint.frozen import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import Literal, TypeAlias

    FileState: TypeAlias = Literal[
        "read", "missing", "folder", "not-regular", "dangling", "outside", "unreadable", "too-large"
    ]

#: A larger file is not read: 32 MiB, twice the index of a chain of ten thousand gates.
MAX_BYTES = 32 * 1024 * 1024
#: No system follows a path of more.
_MOST_STEPS = 4096


class File(NamedTuple):
    """A path of the tree and what was found there; `data` is what was read where `state` is `read`."""

    path: str
    state: FileState
    data: bytes = b""

    @property
    def is_blank(self) -> bool:
        """Whether it was read and holds nothing but white space."""
        return self.state == "read" and not self.data.strip(b" \t\r\n\xef\xbb\xbf")


class Repository:
    """The tree below one root. What was read is not kept: a tree may be larger than the memory."""

    def __init__(self, root: str | os.PathLike[str], *, max_bytes: int = MAX_BYTES) -> None:
        """Take the tree below `root`.

        Args:
            root: an existing folder.
            max_bytes: the size above which a file is not read.

        Raises:
            TypeError: the root is no path.
            ValueError: the root is no folder that exists.
        """
        given = os.fsdecode(os.fspath(root))
        self.root = os.path.realpath(given)
        # no path at all, as a variable that is not set leaves, would be the current folder
        if not given or not os.path.isdir(self.root):
            raise ValueError("the repository root is not a folder")
        self.max_bytes = max_bytes
        self._inside = self.root.rstrip(os.sep) + os.sep
        self._folders: dict[str, str | None] = {}
        self._listed: dict[str, tuple[frozenset[str], dict[str, str]]] = {}

    @functools.cached_property
    def tracked(self) -> frozenset[str] | None:
        """The paths that git tracks; None where the tree is in no git work tree, or git cannot be asked."""
        from cavra_lint.sources.git import tracked_files

        return tracked_files(self.root)

    def not_handed_on(self, path: str) -> str:
        """Return what keeps a file of the tree from whoever clones it, as git tracks it; empty where nothing does.

        That is the path itself, or what a link on the way leads to. A link that is tracked, but whose text leads to the
        file on this machine only, by a whole path or out of the root and back, is named itself.
        """
        tracked = self.tracked
        if tracked is None or (path in tracked and not os.path.islink(os.path.join(self.root, path))):
            return ""
        here: list[str] = []
        link, waiting = path, path.split("/")[::-1]
        for _ in range(_MOST_STEPS):
            if not waiting:
                end = "/".join(here)
                return "" if end in tracked or self._is_in_submodule(end) else end
            step = waiting.pop()
            full = os.path.join(self.root, *here, step)
            if step == "..":
                if not here:
                    return link
                here.pop()
            elif not os.path.islink(full):
                here += (step,) if step not in ("", ".") else ()
            else:
                link, target = "/".join((*here, step)), os.readlink(full).replace(os.sep, "/")
                if link not in tracked or os.path.isabs(target):
                    return link
                waiting.extend(target.split("/")[::-1])
        return path

    def _is_in_submodule(self, path: str) -> bool:
        from cavra_lint.sources.git import is_in_submodule

        return is_in_submodule(self.root, path)

    def read(self, path: str) -> File:
        """Return the file at a path below the root, links followed as long as they stay inside it."""
        if not _is_plain(path):
            return File(path, "outside")
        folder = self._folder(path.rpartition("/")[0])
        if folder is None:
            return File(path, "outside")
        full = os.path.join(folder, path.rpartition("/")[2])
        if _is_unseen_link(full):
            return File(path, *self._linked(full))
        state, data = read_regular_file(full, self.max_bytes)
        # what opens a file follows no link; where this one leads is looked at first
        return File(path, *(self._linked(full) if state == "dangling" else (state, data)))

    def text(self, path: str) -> str | None:
        """Return the text of the file at a path below the root; None where there is none that can be read as UTF-8."""
        from cavra_lint.sources.text import decode

        file = self.read(path)
        return decode(file.data) if file.state == "read" else None

    def holds(self, path: str) -> bool:
        """Tell whether a path, links followed, is inside the root."""
        return os.path.realpath(path).startswith(self._inside)

    def same_name_but_for_case(self, path: str) -> str | None:
        """Return the path of the tree that differs from this one in letter case only, if there is one."""
        found = ""
        for part in path.split("/"):
            match = self._part_but_for_case(found, part)
            if match is None:
                return None
            found = f"{found}/{match}" if found else match
        return found if found != path else None

    def names(self, folder: str) -> frozenset[str]:
        """Return the names of what is in a folder of the tree, none where it is no folder, or leads out of the tree."""
        return self._names(folder)[0]

    def nearest_existing(self, path: str) -> str:
        """Return the path itself or the nearest folder above it that exists; `.` is the root."""
        while path and not os.path.lexists(os.path.join(self.root, path)):
            path = path.rpartition("/")[0]
        return path or "."

    def relative(self, path: str) -> str:
        """Return a path as it is printed: below the root with `/`, or as it was given."""
        below = self.below(path)
        return path if below is None else below

    def below(self, path: str) -> str | None:
        """Return a path below the root, with `/`; None where it is none."""
        full = os.path.abspath(path)
        if not full.startswith(self._inside):
            full = os.path.join(os.path.realpath(os.path.dirname(full)), os.path.basename(full))
        if not full.startswith(self._inside):
            return None
        return full[len(self._inside) :].replace(os.sep, "/")

    def _part_but_for_case(self, folder: str, part: str) -> str | None:
        names, by_case = self._names(folder)
        return part if part in names else by_case.get(part.casefold())

    def _names(self, folder: str) -> tuple[frozenset[str], dict[str, str]]:
        """Return the names in a folder, and the first of those that differ in case only by what they have in common.

        A folder that holds millions is listed once, and one outside the root is not.
        """
        if folder not in self._listed:
            real = self._folder(folder)
            try:
                names = sorted(os.listdir(real), reverse=True) if real else []
            except (OSError, ValueError):
                names = []
            self._listed[folder] = frozenset(names), {name.casefold(): name for name in names}
        return self._listed[folder]

    def _linked(self, link: str) -> tuple[FileState, bytes]:
        target = os.path.realpath(link)
        if not target.startswith(self._inside):
            return "outside", b""
        if not os.path.lexists(target) or os.path.islink(target):
            return "dangling", b""
        return read_regular_file(target, self.max_bytes)

    def _folder(self, folder: str) -> str | None:
        """Return the real folder behind one of the tree, None where it lies outside the root."""
        if folder not in self._folders:
            try:
                real = os.path.realpath(os.path.join(self.root, folder))
            except ValueError:
                # a name that the file system's encoding cannot spell is nowhere
                real = ""
            self._folders[folder] = real if real == self.root or real.startswith(self._inside) else None
        return self._folders[folder]


def read_regular_file(path: str, max_bytes: int = MAX_BYTES) -> tuple[FileState, bytes]:
    """Read a file whole if it is a regular one, without waiting for a pipe and without following a link.

    What is checked is what was opened, so that nothing can be put in its place in between.

    Args:
        path: the path to open; a link is not followed.
        max_bytes: the size above which nothing is read.

    Returns:
        The state, and what was read where that is `read`.
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)
    try:
        descriptor = os.open(path, flags | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0))
    except (OSError, ValueError) as error:
        return _state_of(error), b""
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            return ("folder" if stat.S_ISDIR(found.st_mode) else "not-regular"), b""
        if found.st_size > max_bytes:
            return "too-large", b""
        # one byte more than there should be: a file that grows or shrinks under us is not judged
        data = more = os.read(descriptor, found.st_size + 1)
        while more and len(data) <= found.st_size:
            more = os.read(descriptor, found.st_size + 1 - len(data))
            data += more
    except OSError as error:
        return _state_of(error), b""
    finally:
        os.close(descriptor)
    return ("read", data) if len(data) == found.st_size else ("unreadable", b"")


def _is_unseen_link(path: str) -> bool:
    """Tell whether a path is a link on a system where opening a file would follow it."""
    return not hasattr(os, "O_NOFOLLOW") and os.path.islink(path)


def _is_plain(path: str) -> bool:
    """Tell whether a path goes down from the root step by step: no `..`, no drive, no backslash."""
    return "\\" not in path and "\0" not in path and _STEPS_ELSEWHERE.isdisjoint(path.split("/"))


_STEPS_ELSEWHERE = frozenset(("", ".", ".."))


def _state_of(error: OSError | ValueError) -> FileState:
    if not isinstance(error, OSError):
        return "missing"
    by_number: dict[int | None, FileState] = {
        errno.ENOENT: "missing",
        errno.ENOTDIR: "missing",
        errno.ELOOP: "dangling",
        errno.EISDIR: "folder",
        errno.ENXIO: "not-regular",
        errno.EOPNOTSUPP: "not-regular",
    }
    return by_number.get(error.errno, "unreadable")
