"""The code blocks of a Markdown page: what a reader sees as code, and where it stands."""

from __future__ import annotations

from collections.abc import Iterator

from cavra_lint.frozen import TYPE_CHECKING, NamedTuple
from cavra_lint.late import re
from cavra_lint.libraries import without_init

if TYPE_CHECKING:
    from types import ModuleType

_FRONT_MATTER = r"\A---[ \t]*\r?\n(?:.*\n)*?(?:---|\.\.\.)[ \t]*\r?(?:\n|\Z)"
_COMMENT = r"<!--.*?(?:-->|\Z)"
_TAG = r"<(?P<close>/?)(?P<name>[A-Za-z][\w-]*)(?P<attributes>(?:[^<>\"']|\"[^\"]*\"|'[^']*'){0,500})>"
#: What is struck out, or never shown.
_UNSEEN = {"del", "s", "strike", "template", "script", "style"}
_UNSEEN_BY = r"(?<![\w-])hidden(?![\w-])"
_UNSEEN_STYLE = r"style\s*=\s*[\"'][^\"']*display\s*:\s*none"
#: Elements that hold nothing, and so hide nothing.
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
#: A fence in an indented block: what stands below a tab or an admonition of MkDocs is indented.
_FENCE = r"(?m)^[ \t]*(?:```|~~~)"
_MOST_INDENTED = 3


def _fill(package: ModuleType) -> None:
    """Put into pyromark what reads Markdown, without the options and themes of what writes HTML."""
    from pyromark._pyromark import Markdown

    vars(package)["Markdown"] = Markdown


without_init("pyromark", _fill)
_MARKDOWN = __import__("pyromark").Markdown()


class CodeBlock(NamedTuple):
    """A code block.

    Attributes:
        language: the first word behind the fence in lower case, empty where there is none.
        text: the code, without the indentation of lists and the marks of quotes around it.
        line: the line of the file, from 1, that the first line of the code stands on.
        fenced: whether it stands between fences, or is indented.
    """

    language: str
    text: str
    line: int
    fenced: bool


def code_blocks(text: str) -> Iterator[CodeBlock]:
    """Find the code blocks of a page, those between fences that are indented too.

    Args:
        text: the Markdown. A block of front matter at the start is no part of the page, and what
            stands in an HTML comment, or in an element that is struck out or hidden, is not seen by a reader.

    Yields:
        The blocks in their order. A fence that is never closed reaches to the end, as it does for
        everyone who reads the page.
    """
    yield from _blocks(_without_front_matter(text), 0)


def _blocks(text: str, depth: int) -> Iterator[CodeBlock]:
    source = text.encode("utf-8", "replace")
    info: str | None = None
    line, counted, inside = 1, 0, False
    pieces: list[str] = []
    html: list[str] = []
    hiding: tuple[str, int] | None = None
    for event, place in _MARKDOWN.events_with_range(source.decode("utf-8")):
        # events without anything in them are strings
        if not isinstance(event, dict):
            continue
        if inside:
            if "Text" in event:
                pieces.append(event["Text"])
            elif event.get("End") == "CodeBlock":
                inside = False
                if hiding is None:
                    # the code starts below the fence, or where the indented block starts
                    block = CodeBlock(_language(info), "".join(pieces), line + (info is not None), info is not None)
                    yield from _within(block, depth)
        elif "Html" in event:
            html.append(event["Html"])
        elif event.get("End") == "HtmlBlock":
            hiding = _hidden_behind("".join(html), hiding)
            html = []
        elif "Start" in event and isinstance(event["Start"], dict) and "CodeBlock" in event["Start"]:
            kind = event["Start"]["CodeBlock"]
            info = kind["Fenced"] if isinstance(kind, dict) else None
            line += _line_ends(source, counted, place["start"])
            counted, pieces, inside = place["start"], [], True


def _within(block: CodeBlock, depth: int) -> Iterator[CodeBlock]:
    """Yield the blocks between fences in an indented block, or the block itself where there are none."""
    inner: list[CodeBlock] = []
    if not block.fenced and depth < _MOST_INDENTED and re.search(_FENCE, block.text):
        inner = [one._replace(line=block.line + one.line - 1) for one in _blocks(block.text, depth + 1) if one.fenced]
    yield from inner or [block]


def _line_ends(source: bytes, start: int, stop: int) -> int:
    return source.count(b"\n", start, stop) + source.count(b"\r", start, stop) - source.count(b"\r\n", start, stop)


def _hidden_behind(html: str, hiding: tuple[str, int] | None) -> tuple[str, int] | None:
    """Return the element that hides what stands behind a block of HTML, and how deep it is open; None for none."""
    for tag in re.finditer(_TAG, re.sub(_COMMENT, "", html, flags=re.DOTALL)):
        name = tag["name"].lower()
        if hiding is None:
            hiding = (name, 1) if not tag["close"] and _hides(name, tag["attributes"]) else None
        elif name == hiding[0]:
            depth = hiding[1] + (-1 if tag["close"] else 1)
            hiding = (name, depth) if depth else None
    return hiding


def _hides(name: str, attributes: str) -> bool:
    if name in _VOID:
        return False
    named = re.sub(r"\"[^\"]*\"|'[^']*'", "", attributes)
    return (
        name in _UNSEEN
        or re.search(_UNSEEN_BY, named, re.IGNORECASE) is not None
        or re.search(_UNSEEN_STYLE, attributes, re.IGNORECASE) is not None
    )


def _without_front_matter(text: str) -> str:
    # The parser would take any two rules with text between them for metadata.
    text = text.removeprefix("\ufeff")
    match = re.match(_FRONT_MATTER, text) if text.startswith("---") else None
    if match is None:
        return text
    return "\n" * match[0].count("\n") + text[match.end() :]


def _language(info: str | None) -> str:
    language = (info or "").strip()
    for end in "{},":
        language = language.partition(end)[0]
    return "".join(language.split()[:1]).lower()
