"""What kind of file a file is, as `identify` tells it from what was read."""

from __future__ import annotations

import io

from identify import identify

from cavra_lint.sources.repository import File

_ENCODED_TEXT = (b"\xff\xfe", b"\xfe\xff")


def tags_of(file: File) -> frozenset[str]:
    """Return `identify`'s tags for a file: by its name, else by its first line."""
    tags = identify.tags_from_filename(file.path.rpartition("/")[2])
    if tags:
        return frozenset(tags)
    shebang = identify.parse_shebang(io.BytesIO(file.data))
    return frozenset(identify.tags_from_interpreter(shebang[0])) if shebang else frozenset()


def is_binary(file: File) -> bool:
    """Tell whether a file is no text. UTF-16 is text in a wrong encoding, which is another finding."""
    return not file.data.startswith(_ENCODED_TEXT) and not identify.is_text(io.BytesIO(file.data))
