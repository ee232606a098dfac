"""What kind of file a file is, as `identify` tells it from what was read."""

from __future__ import annotations

import io

from cavra_lint.sources.repository import File

_ENCODED_TEXT = (b"\xff\xfe", b"\xfe\xff")
#: Endings by which `identify` knows a kind of file whatever stands before them, so that it need not be asked.
_ENDINGS = {
    "json": (".json",),
    "python": (".py",),
    "yaml": (".yml", ".yaml"),
    "markdown": (".md",),
}
_PLAIN = bytes((*b"\t\n\r", *range(0x20, 0x7F), *range(0x80, 0x100)))
#: How much of a file `identify` looks at.
_LOOKED_AT = 1024


def is_of_kind(file: File, tag: str) -> bool:
    """Tell whether `identify` gives a file a tag: by its name, else by its first line."""
    if file.path.endswith(_ENDINGS.get(tag, ())):
        return True

    from identify import identify

    tags = identify.tags_from_filename(file.path.rpartition("/")[2])
    if tags:
        return tag in tags
    shebang = identify.parse_shebang(io.BytesIO(file.data))
    return bool(shebang) and tag in identify.tags_from_interpreter(shebang[0])


def is_binary(file: File) -> bool:
    """Tell whether a file is no text. UTF-16 is text in a wrong encoding, which is another finding."""
    if not file.data[:_LOOKED_AT].translate(None, _PLAIN) or file.data.startswith(_ENCODED_TEXT):
        return False

    from identify import identify

    return not identify.is_text(io.BytesIO(file.data))
