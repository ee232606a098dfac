"""A text of YAML to its nodes, within limits, and with a problem in place of an exception."""

from __future__ import annotations

from cavra_lint.sources.pyyaml import yaml
from cavra_lint.sources.text import line_and_column
from cavra_lint.sources.workflow_shapes import YamlProblem

MAX_LENGTH = 512 * 1024
"""A longer file is not read: it would take a thousand times its size of memory."""

MAX_DEPTH = 100
"""Deeper nesting is not read: the C loader recurses without a limit and would take Python down."""

#: A message of the parser quotes the file, which may hold an anchor of any length.
_LONGEST_MESSAGE = 200

_TAGS = {
    yaml.ScalarNode: "tag:yaml.org,2002:str",
    yaml.SequenceNode: "tag:yaml.org,2002:seq",
    yaml.MappingNode: "tag:yaml.org,2002:map",
}


class _Loader(getattr(getattr(yaml, "_yaml", yaml), "CParser", None) or yaml.BaseLoader):  # type: ignore[misc]
    """The plainest loader: to it a scalar is a string, as long as no tag says otherwise. It is asked of every node."""

    def resolve(self, kind: type[yaml.Node], *_: object) -> str:
        return _TAGS[kind]

    def descend_resolver(self, *_: object) -> None:
        return

    def ascend_resolver(self) -> None:
        return


def composed(text: str) -> tuple[yaml.Node | None, YamlProblem | None]:
    """Return the root of a document, None where it is empty or where there is a problem, and that problem.

    Args:
        text: the text of the file.
    """
    if len(text) > MAX_LENGTH:
        return None, YamlProblem(1, 1, f"has more than {MAX_LENGTH} characters, which is more than is read")
    if not text.isascii() and not _UNAGREED_LINE_ENDS.isdisjoint(text):
        place = line_and_column(text, next(at for at, char in enumerate(text) if char in _UNAGREED_LINE_ENDS))
        return None, YamlProblem(*place, "a character that ends a line to some readers of YAML, and to others does not")
    try:
        return (_may_be_deep(text) and _too_deep(text)) or (_Loader(text).get_single_node(), None)
    except yaml.reader.ReaderError:
        unprintable = yaml.reader.Reader.NON_PRINTABLE.search(text)
        place = line_and_column(text, unprintable.start() if unprintable else 0)
        return None, YamlProblem(*place, "a character that YAML does not allow")
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        return None, YamlProblem(*place, cut(str(error.problem or error.context or "no YAML"), _LONGEST_MESSAGE))
    except (yaml.YAMLError, ValueError, RecursionError):
        return None, YamlProblem(1, 1, "the file cannot be read as YAML")


def _may_be_deep(text: str) -> bool:
    """Tell whether a text could nest too deeply, by what it takes to nest: a bracket, or a column of its own."""
    brackets = text.count("[") + text.count("{")
    if brackets > _SHALLOW or "\r" in text:
        return True
    return any(not line[:_SHALLOW].strip(" -?") for line in text.split("\n") if len(line) >= _SHALLOW)


#: So many brackets and so many columns, each with a mapping and a list in it, nest no deeper than MAX_DEPTH.
_SHALLOW = MAX_DEPTH // 3 - 1
_UNAGREED_LINE_ENDS = frozenset("\x85\u2028\u2029")


def _too_deep(text: str) -> tuple[None, YamlProblem] | None:
    depth = 0
    loader = _Loader(text)
    while loader.check_event():
        event = loader.get_event()
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                mark = event.start_mark
                place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
                return None, YamlProblem(*place, "nested too deeply")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
    return None


def cut(text: str, length: int = 40) -> str:
    """Return a text of the file, short enough to be quoted in a message and with nothing private in it."""
    if len(text) <= length:
        return text

    from cavra_lint.sources.private_values import redacted

    # what is cut in two is not seen to be private any more
    text = redacted(text)
    return text if len(text) <= length else f"{text[: length - 1]}…"
