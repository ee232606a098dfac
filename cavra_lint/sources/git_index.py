"""The index file of git: the paths that it holds, read without git.

The format is git's own, documented in gitformat-index(5). Reading it takes a hundredth of the time
that starting git does, and nothing that a repository's configuration names can be started by it.
"""

from __future__ import annotations

from collections.abc import Iterator

_HEADER = 12
#: No system opens a longer path, and version 4 makes much of little: each path may repeat the one before.
_LONGEST_PATH = 0xFFFF
#: Dates, device, mode, owner and size, which stand before the object's name.
_ABOUT = 40
#: The half of the mode that says what a path is, and the first bits of that.
_TYPE_AT, _TYPE = 26, 0xF0
#: A regular file, and a link; another repository. The fourth is a folder of which nothing is checked out.
_FILE_TYPES, _REPOSITORY_TYPE = (0x80, 0xA0), 0xE0
_NAME_LENGTH, _EXTENDED = 0x0FFF, 0x4000
#: In the first byte of the flags that are there where there are more of them.
_INTENT_TO_ADD = 0x20
#: How long the name of an object is, by SHA-1 and by SHA-256.
_HASH_LENGTHS = (20, 32)


class _UnknownError(ValueError):
    """An index that is broken, or made in a way that is not read here; never leaves this module."""


def indexed_paths(data: bytes) -> frozenset[bytes] | None:
    """Return the paths that an index file of git holds.

    Args:
        data: what the file holds.

    Returns:
        The paths of its files and links, with `/`; what was only announced (`git add --intent-to-add`)
        and what is another repository is not among them. None where the data is no index, is broken, or
        needs a file beside it (a split index).
    """
    read = (_read(data, length) for length in _HASH_LENGTHS)
    return next((paths for paths in read if paths is not None), None)


def indexed_repositories(data: bytes) -> dict[bytes, str]:
    """Return the names of the commits of other repositories that an index file of git holds, by their paths.

    Args:
        data: what the file holds.
    """
    found: dict[bytes, str] = {}
    for length in _HASH_LENGTHS:
        if not found and _read(data, length, found) is None:
            found.clear()
    return found


def _read(data: bytes, hash_length: int, others: dict[bytes, str] | None = None) -> frozenset[bytes] | None:
    try:
        return frozenset(_paths(data, hash_length, others))
    except (_UnknownError, IndexError):
        return None


def _paths(data: bytes, hash_length: int, others: dict[bytes, str] | None) -> Iterator[bytes]:
    version, count = int.from_bytes(data[4:8], "big"), int.from_bytes(data[8:_HEADER], "big")
    if data[:4] != b"DIRC" or version not in (2, 3, 4):
        raise _UnknownError
    at, path, kept = _HEADER, b"", b""
    for _ in range(count):
        flags_at = at + _ABOUT + hash_length
        flags = data[flags_at] << 8 | data[flags_at + 1]
        name_at, counts = flags_at + 2, data[at + _TYPE_AT] & _TYPE in _FILE_TYPES
        if flags & _EXTENDED:
            counts = counts and not data[name_at] & _INTENT_TO_ADD
            name_at += 2
        if version == 4:
            stripped, name_at = _varint(data, name_at)
            kept = path[: len(path) - stripped]
        end = data.find(b"\0", name_at)
        length = end - name_at + len(kept)
        # the length stands there as well, and tells how long the names of objects are
        if end < 0 or length > _LONGEST_PATH or min(length, _NAME_LENGTH) != flags & _NAME_LENGTH:
            raise _UnknownError
        path = kept + data[name_at:end]
        if counts:
            yield path
        elif others is not None and data[at + _TYPE_AT] & _TYPE == _REPOSITORY_TYPE:
            others[path] = data[at + _ABOUT : flags_at].hex()
        # before version 4, entries are filled up with one to eight null bytes
        at = end + 1 if version == 4 else at + ((end - at + 8) & ~7)
    _refuse_split(data, at, hash_length)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Return the number of git's variable length that stands at a place, and the place behind it."""
    value = data[at] & 0x7F
    while data[at] & 0x80:
        at += 1
        value = (value + 1) << 7 | data[at] & 0x7F
        if value > _LONGEST_PATH:
            raise _UnknownError
    return value, at + 1


def _refuse_split(data: bytes, at: int, hash_length: int) -> None:
    """Refuse an index that is cut, or has an extension without which its entries mean something else."""
    if at > len(data) - hash_length:
        raise _UnknownError
    while at + 8 <= len(data) - hash_length:
        name = data[at : at + 4]
        # a capital begins what may be passed over; `sdir` only says that there are sparse folders
        if not name[:1].isupper() and name != b"sdir":
            raise _UnknownError
        at += 8 + int.from_bytes(data[at + 4 : at + 8], "big")
