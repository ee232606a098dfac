"""Flowcharts in mermaid: their nodes, labels and edges."""

from __future__ import annotations

from functools import cache

from cavra_lint.frozen import NamedTuple
from cavra_lint.late import re
from cavra_lint.sources.markdown import CodeBlock

#: A chart with more edges is not read further: `a & b --> c & d` makes much of little.
MAX_EDGES = 20_000

_HEADS = frozenset({"graph", "flowchart", "flowchart-elk"})
_DIRECTIONS = frozenset({"TD", "TB", "BT", "LR", "RL", "<", ">", "^", "v"})
_BLANK = " \t"
_GAP = " \t\n;"
#: What no statement of a chart begins with that is read, and its pattern: it says nothing of nodes and edges.
_IGNORED_FIRST = (
    *("accDescr", "accTitle", "class", "click", "direction", "end", "linkStyle", "style", "subgraph", "title"),
)
_IGNORED = (
    r"accDescr[ \t]*\{[^}]*\}|(?:classDef|class|style|linkStyle|click|direction|accTitle|accDescr|title)\b[^\n]*"
    r"|subgraph\b[^\n]*|end(?=[ \t]*(?:[;\n]|$))"
)
_CONFIG = r"---[ \t]*\n(?:.*\n)*?---[ \t]*(?:\n|$)"
#: What the id of a node may hold beside letters and digits; a hyphen and an equals sign where no arrow begins.
_IN_ID = frozenset("_.!#$*+?\\/")
_ARROWS = ("--", "-.", "->", "==")
_SHAPES = (
    ("(((", (")))",)),
    ("((", ("))",)),
    ("([", ("])",)),
    ("[(", (")]",)),
    ("[[", ("]]",)),
    ("[/", ("/]", "\\]")),
    ("[\\", ("\\]", "/]")),
    ("{{", ("}}",)),
    ("(", (")",)),
    ("[", ("]",)),
    ("{", ("}",)),
    (">", ("]",)),
)
_CLASS = r":::[\w-]+"
_ATTRIBUTES = r'@\{((?:[^"}]|"[^"]*"){0,500})\}'
_ATTRIBUTE_LABEL = r'\blabel:\s*(?:"([^"]*)"|([^,"\n]*))'
_EDGE_ID = r"[\w-]+@(?=[-=~<])"
#: The arrow of most charts, for which no pattern is asked.
_USUAL_ARROW = "-->"
_LINK = r"(?:[ox](?=[-=])|<)?(?:--+(?:[->]|[xo](?=[\s|]))|==+(?:[=>]|[xo](?=[\s|]))|-\.+-(?:>|[xo](?=[\s|]))?|~~~+)"
_TEXT_LINK = r"<?(--|==|-\.)(?=[ \t\"'\w])"
_TEXT_LINK_END = {"--": r"--+[->xo]", "==": r"==+[=>xo]", "-.": r"\.+-[>xo]?"}
_LINK_TEXT = r"\|[^|\n]*\|"
_BREAK = r"<br\s*/?>"
#: A character by its number or name, as mermaid writes it: `#8212;`, `#amp;`.
_ENTITY = r"#(\d{1,7}|[A-Za-z]{1,30});"


class Flowchart(NamedTuple):
    """A flowchart; all lines are lines of the file, from 1.

    Attributes:
        line: the line of its first word.
        nodes: each node once, in the order they appear: id, label (the id where it has none) and
            the line that gives the label.
        edges: from, to and line.
        unread: the lines that are not understood; what they say is not in the chart.
    """

    line: int
    nodes: tuple[tuple[str, str, int], ...]
    edges: tuple[tuple[str, str, int], ...]
    unread: tuple[int, ...]


def flowchart(code: CodeBlock) -> Flowchart | None:
    """Read a flowchart.

    Args:
        code: a code block of any language.

    Returns:
        The chart, or None where the block is not mermaid or another kind of diagram.
    """
    if code.language != "mermaid":
        return None
    reader = _Reader(code.text.replace("\r\n", "\n"), code.line)
    reader.skip_to_statement()
    if reader.take(_CONFIG, "---"):
        reader.skip_to_statement()
    line = reader.line()
    if not _is_header(reader.rest_of_statement()):
        return None
    while reader.skip_to_statement():
        reader.statement()
    nodes = tuple((name, label, at) for name, (label, at) in reader.nodes.items())
    return Flowchart(line, nodes, tuple(reader.edges), tuple(reader.unread))


def _is_header(statement: str) -> bool:
    kind, *direction = statement.split() or ("",)
    return kind in _HEADS and len(direction) <= 1 and _DIRECTIONS.issuperset(direction)


class _Reader:
    """Reads one chart from its start to its end, each character once."""

    def __init__(self, text: str, first_line: int) -> None:
        self.text = text
        self.at = 0
        self.counted_to = 0
        self.counted_line = first_line
        self.nodes: dict[str, tuple[str, int]] = {}
        self.edges: list[tuple[str, str, int]] = []
        self.unread: list[int] = []
        self.has_ids = "@" in text

    def line(self) -> int:
        self.counted_line += self.text.count("\n", self.counted_to, self.at)
        self.counted_to = self.at
        return self.counted_line

    def take(self, pattern: str, first: str | tuple[str, ...] = "") -> re.Match[str] | None:
        """Take what fits a pattern, which is compiled where there is what it begins with: most charts need few."""
        match = _compiled(pattern).match(self.text, self.at) if self.text.startswith(first, self.at) else None
        if match:
            self.at = match.end()
        return match

    def skip(self, chars: str) -> None:
        while self.at < len(self.text) and self.text[self.at] in chars:
            self.at += 1

    def rest_of_line(self) -> str:
        return self.rest(self.text.find("\n", self.at))

    def rest_of_statement(self) -> str:
        ends = (self.text.find(end, self.at) for end in "\n;")
        return self.rest(min((end for end in ends if end >= 0), default=-1))

    def rest(self, stop: int) -> str:
        start, self.at = self.at, len(self.text) if stop < 0 else stop
        return self.text[start : self.at]

    def skip_to_statement(self) -> bool:
        self.skip(_GAP)
        while self.text.startswith("%%", self.at):
            self.rest_of_line()
            self.skip(_GAP)
        return self.at < len(self.text)

    def statement(self) -> None:
        if self.take(_IGNORED, _IGNORED_FIRST):
            return
        sources = self.node_list()
        while sources:
            self.skip(_BLANK)
            line = self.line()
            if self.has_ids:
                self.take(_EDGE_ID)
            # an arrow that has a head at its beginning as well leads back
            both_ways = self.text.startswith("<", self.at)
            visible = self.link()
            if visible is None:
                break
            self.skip(_BLANK)
            targets = self.node_list()
            if visible and len(self.edges) + (1 + both_ways) * len(sources) * len(targets) > MAX_EDGES:
                sources = []
                break
            if visible:
                self.edges += [(a, b, line) for a in sources for b in targets]
            if visible and both_ways:
                self.edges += [(b, a, line) for a in sources for b in targets]
            sources = targets
        self.skip(_BLANK)
        if self.text.startswith("%%", self.at):
            self.rest_of_line()
        ended = self.at >= len(self.text) or self.text[self.at] in ";\n"
        if not sources or not ended:
            self.unread.append(self.line())
            self.rest_of_line()

    def node_list(self) -> list[str]:
        names: list[str] = []
        while (name := self.node()) is not None:
            names.append(name)
            before = self.at
            self.skip(_BLANK)
            if not self.text.startswith("&", self.at):
                self.at = before
                return names
            self.at += 1
            self.skip(_BLANK)
        return []

    def node(self) -> str | None:
        name = self.rest(self.end_of_id())
        if not name:
            return None
        line = self.line()
        label = self.label()
        self.take(_CLASS, ":::")
        if label is not None or name not in self.nodes:
            self.nodes[name] = (_plain(label) if label is not None else name, line)
        return name

    def end_of_id(self) -> int:
        text, at = self.text, self.at
        while at < len(text) and (
            text[at].isalnum() or text[at] in _IN_ID or (text[at] in "-=" and not text.startswith(_ARROWS, at))
        ):
            at += 1
        return at

    def label(self) -> str | None:
        attributes = self.take(_ATTRIBUTES, "@{")
        if attributes:
            found = _compiled(_ATTRIBUTE_LABEL).search(attributes[1])
            return (found[1] or found[2] or "") if found else None
        for opening, closings in _SHAPES:
            if not self.text.startswith(opening, self.at):
                continue
            start = self.at + len(opening)
            if self.text.startswith('"', start):
                start += 1
                end_of_label = self.text.find('"', start)
                after = end_of_label + 1
            else:
                line_end = self.text.find("\n", start)
                stop = len(self.text) if line_end < 0 else line_end
                found_ends = [self.text.find(closing, start, stop) for closing in closings]
                end_of_label = min((end for end in found_ends if end >= 0), default=-1)
                after = end_of_label
            if end_of_label >= 0 and self.text.startswith(closings, after):
                self.at = after + len(closings[0])
                return self.text[start:end_of_label]
        return None

    def link(self) -> bool | None:
        """Take a link; return whether it can be seen, None where there is no link."""
        arrow = self.arrow()
        if not arrow:
            opened = self.take(_TEXT_LINK, ("-", "=", "<"))
            if opened is None:
                return None
            line_end = self.text.find("\n", self.at)
            stop = len(self.text) if line_end < 0 else line_end
            closed = _compiled(_TEXT_LINK_END[opened[1]]).search(self.text, self.at, stop)
            if closed is None:
                return None
            self.at = closed.end()
            return True
        self.skip(_BLANK)
        self.take(_LINK_TEXT, "|")
        return not arrow.startswith("~")

    def arrow(self) -> str:
        if self.text.startswith(_USUAL_ARROW, self.at):
            return self.rest(self.at + len(_USUAL_ARROW))
        match = self.take(_LINK, ("-", "=", "<", "o", "x", "~"))
        return match[0] if match else ""


def _plain(label: str) -> str:
    text = _decoded(label)
    text = " ".join((re.sub(_BREAK, " ", text, flags=re.IGNORECASE) if "<" in text else text).split())
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = text[1:-1].strip()
    return text.strip("`").strip()


def _decoded(label: str) -> str:
    if "#" not in label:
        return label

    from html import unescape

    return re.sub(_ENTITY, lambda match: unescape(f"&#{match[1]};" if match[1].isdigit() else f"&{match[1]};"), label)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
