"""GitHub's workflows and composite actions, read from YAML with the place of everything.

The nodes of the document are read, not values made from them: so `on` is no boolean, and each
thing knows its line. What has the wrong shape is a problem with a place, never an exception.
"""

from __future__ import annotations

from collections.abc import Iterator

from cavra_lint.frozen import TYPE_CHECKING, NamedTuple
from cavra_lint.sources.pyyaml import yaml
from cavra_lint.sources.text import line_and_column

if TYPE_CHECKING:
    from typing import TypeVar

    _T = TypeVar("_T")

MAX_NODES = 200_000
"""Aliases make much of little: after so many nodes reading stops, with a problem."""

MAX_LENGTH = 512 * 1024
"""A longer file is not read: it would take a thousand times its size of memory."""

MAX_DEPTH = 100
"""Deeper nesting is not read: the C loader recurses without a limit and would take Python down."""

#: A message of the parser quotes the file, which may hold an anchor of any length.
_LONGEST_MESSAGE = 200

_CORE_TAG = "tag:yaml.org,2002:"
#: The plainest loader: to it a scalar is a string, as long as no tag says otherwise.
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class YamlProblem(NamedTuple):
    """Something that is not as YAML or GitHub asks; line and column count from 1."""

    line: int
    column: int
    message: str


class Step(NamedTuple):
    """A step.

    `run_line` and `run_column` are where the script's first line starts in the file. `shell` and
    `working_directory` are resolved through the defaults of job and workflow, empty where nothing
    is said. `condition` and `continue_on_error` hold the text as written, empty where absent; their
    lines are then the step's.
    """

    line: int
    name: str
    run: str | None
    run_line: int
    run_column: int
    shell: str
    working_directory: str
    uses: str
    uses_line: int
    condition: str
    condition_line: int
    continue_on_error: str
    continue_on_error_line: int


class Job(NamedTuple):
    """A job, with steps or with a reusable workflow in `uses`."""

    id: str
    line: int
    steps: tuple[Step, ...]
    uses: str
    uses_line: int
    condition: str
    condition_line: int
    continue_on_error: str
    continue_on_error_line: int
    needs: tuple[str, ...]
    runs_on: str


class Event(NamedTuple):
    """What starts a workflow; a filter that is not there is None."""

    name: str
    line: int
    paths: tuple[str, ...] | None
    paths_line: int
    paths_ignore: tuple[str, ...] | None
    paths_ignore_line: int
    branches: tuple[str, ...] | None
    branches_ignore: tuple[str, ...] | None
    tags: tuple[str, ...] | None
    types: tuple[str, ...] | None


class Workflow(NamedTuple):
    """A workflow file; `events_line` is the line of `on`."""

    events: tuple[Event, ...]
    events_line: int
    jobs: tuple[Job, ...]
    problems: tuple[YamlProblem, ...]


class Action(NamedTuple):
    """An action file: `using` says what runs it, `steps` are those of a composite action."""

    using: str
    line: int
    steps: tuple[Step, ...]
    problems: tuple[YamlProblem, ...]


class _Entry(NamedTuple):
    key: yaml.ScalarNode
    value: yaml.Node


_Mapping = dict[str, _Entry]


class _Defaults(NamedTuple):
    shell: str = ""
    working_directory: str = ""


def parse_workflow(text: str) -> Workflow:
    """Reads a workflow.

    Args:
        text: the text of the file.

    Returns:
        What could be read, and the problems met: syntax errors, duplicate keys, wrong shapes.
    """
    reader = _Reader()
    top = reader.document(text)
    if top is None:
        return Workflow((), 1, (), tuple(reader.problems))
    started_by = reader.required(top, "on", "a workflow")
    jobs_entry = reader.required(top, "jobs", "a workflow")
    defaults = reader.defaults(top, _Defaults())
    events = tuple(reader.events(started_by.value)) if started_by else ()
    jobs: list[Job] = []
    if jobs_entry:
        entries = reader.mapping(jobs_entry.value, "`jobs`").values()
        jobs += [reader.job(entry, defaults) for entry in entries]
        if not jobs and isinstance(jobs_entry.value, yaml.MappingNode):
            reader.problem(jobs_entry.key, "`jobs` holds no job")
    return Workflow(
        events=events,
        events_line=_line(started_by.key) if started_by else 1,
        jobs=tuple(jobs),
        problems=tuple(sorted(reader.problems)),
    )


def parse_action(text: str) -> Action:
    """Reads an action's `action.yml`.

    Args:
        text: the text of the file.

    Returns:
        Its steps where it is a composite action, and the problems met.
    """
    reader = _Reader()
    top = reader.document(text)
    runs = reader.required(top, "runs", "an action") if top is not None else None
    if runs is None:
        return Action("", 1, (), tuple(sorted(reader.problems)))
    body = reader.mapping(runs.value, "`runs`")
    using = reader.text(body, "using")
    steps: tuple[Step, ...] = ()
    if using == "composite":
        found = reader.required(body, "steps", "a composite action", at=runs.key)
        steps = tuple(reader.steps(found.value, _Defaults())) if found else ()
    return Action(using, _line(runs.key), steps, tuple(sorted(reader.problems)))


class _Reader:
    """Walks the nodes of one document and collects the problems."""

    def __init__(self) -> None:
        # an anchored node is read once for each alias, and is wrong once
        self.problems: dict[YamlProblem, None] = {}
        self.nodes_left = MAX_NODES

    def problem(self, node: yaml.Node, message: str) -> None:
        if self.nodes_left < 0:
            return
        self.problems[YamlProblem(_line(node), node.start_mark.column + 1, message)] = None

    def document(self, text: str) -> _Mapping | None:
        root, syntax = _compose(text)
        if syntax is not None:
            self.problems[syntax] = None
            return None
        if root is None:
            self.problems[YamlProblem(1, 1, "the file holds no document")] = None
            return None
        if not isinstance(root, yaml.MappingNode):
            self.problem(root, "the document is not a mapping")
            return None
        return self.mapping(root, "the document")

    def counted(self, node: yaml.Node, items: list[_T]) -> Iterator[_T]:
        for item in items:
            if self.nodes_left <= 0:
                self.problem(node, "the document's aliases make it too large to read")
                self.nodes_left = -1
                return
            self.nodes_left -= 1
            yield item

    def mapping(self, node: yaml.Node, what: str) -> _Mapping:
        if not isinstance(node, yaml.MappingNode):
            self.problem(node, f"{what} is not a mapping")
            return {}
        self.check_tag(node)
        found: _Mapping = {}
        for key, value in self.counted(node, node.value):
            if not isinstance(key, yaml.ScalarNode):
                self.problem(key, f"a key of {what} is not a string")
            elif key.value == "<<" and not key.style:
                self.problem(key, "GitHub does not know the merge key `<<`")
            elif key.value in found:
                first = _line(found[key.value].key)
                self.problem(key, f"the key `{_short(key.value)}` stands on line {first} already")
            else:
                found[key.value] = _Entry(key, value)
        return found

    def sequence(self, node: yaml.Node, what: str) -> Iterator[yaml.Node]:
        if isinstance(node, yaml.SequenceNode):
            self.check_tag(node)
            yield from self.counted(node, node.value)
        else:
            self.problem(node, f"{what} is not a list")

    def check_tag(self, node: yaml.Node) -> None:
        if not node.tag.startswith(_CORE_TAG):
            self.problem(node, f"GitHub does not know the tag `{_short(node.tag)}`")

    def scalar(self, node: yaml.Node, what: str) -> str:
        if not isinstance(node, yaml.ScalarNode):
            self.problem(node, f"{what} is not a string")
            return ""
        self.check_tag(node)
        return "" if _is_null(node) else str(node.value)

    def text(self, mapping: _Mapping, key: str) -> str:
        return self.scalar(mapping[key].value, f"`{key}`") if key in mapping else ""

    def strings(self, mapping: _Mapping, key: str) -> tuple[str, ...] | None:
        """A list of strings, or one string in place of a list of one."""
        if key not in mapping or _is_null(mapping[key].value):
            return None
        node = mapping[key].value
        if isinstance(node, yaml.ScalarNode):
            return (self.scalar(node, f"`{key}`"),)
        entry = f"an entry of `{key}`"
        return tuple(self.scalar(item, entry) for item in self.sequence(node, f"`{key}`"))

    def required(self, mapping: _Mapping, key: str, what: str, at: yaml.Node | None = None) -> _Entry | None:
        if key not in mapping:
            line, column = (_line(at), at.start_mark.column + 1) if at else (1, 1)
            self.problems[YamlProblem(line, column, f"{what} needs `{key}`")] = None
            return None
        return mapping[key]

    def defaults(self, mapping: _Mapping, outer: _Defaults) -> _Defaults:
        if "defaults" not in mapping:
            return outer
        defaults = self.mapping(mapping["defaults"].value, "`defaults`")
        if "run" not in defaults:
            return outer
        run = self.mapping(defaults["run"].value, "`defaults.run`")
        return _Defaults(
            self.text(run, "shell") or outer.shell,
            self.text(run, "working-directory") or outer.working_directory,
        )

    def events(self, node: yaml.Node) -> Iterator[Event]:
        if isinstance(node, yaml.ScalarNode):
            yield self.event(node, None)
        elif isinstance(node, yaml.SequenceNode):
            for item in self.sequence(node, "`on`"):
                yield self.event(item, None)
        else:
            for entry in self.mapping(node, "`on`").values():
                yield self.event(entry.key, entry.value)

    def event(self, node: yaml.Node, details: yaml.Node | None) -> Event:
        name = self.scalar(node, "an event")
        filters: _Mapping = {}
        # `schedule` holds a list, and is no filter.
        if details is not None and not _is_null(details) and name != "schedule":
            filters = self.mapping(details, f"`{_short(name)}`")
        for one, other in (("paths", "paths-ignore"), ("branches", "branches-ignore")):
            if one in filters and other in filters:
                self.problem(filters[other].key, f"`{other}` cannot stand beside `{one}`")
        return Event(
            name=name,
            line=_line(node),
            paths=self.strings(filters, "paths"),
            paths_line=_line_of(filters, "paths", node),
            paths_ignore=self.strings(filters, "paths-ignore"),
            paths_ignore_line=_line_of(filters, "paths-ignore", node),
            branches=self.strings(filters, "branches"),
            branches_ignore=self.strings(filters, "branches-ignore"),
            tags=self.strings(filters, "tags"),
            types=self.strings(filters, "types"),
        )

    def job(self, entry: _Entry, outer: _Defaults) -> Job:
        key = entry.key
        body = self.mapping(entry.value, f"job `{_short(key.value)}`")
        defaults = self.defaults(body, outer)
        steps: tuple[Step, ...] = ()
        if "steps" in body:
            steps = tuple(self.steps(body["steps"].value, defaults))
        elif "uses" not in body and body:
            self.problem(key, f"job `{_short(key.value)}` has neither `steps` nor `uses`")
        if "uses" not in body and "runs-on" not in body and body:
            self.problem(key, f"job `{_short(key.value)}` has no `runs-on`")
        return Job(
            id=key.value,
            line=_line(key),
            steps=steps,
            uses=self.text(body, "uses"),
            uses_line=_line_of(body, "uses", key),
            condition=self.text(body, "if"),
            condition_line=_line_of(body, "if", key),
            continue_on_error=self.text(body, "continue-on-error"),
            continue_on_error_line=_line_of(body, "continue-on-error", key),
            needs=self.strings(body, "needs") or (),
            runs_on=_labels(body),
        )

    def steps(self, node: yaml.Node, defaults: _Defaults) -> Iterator[Step]:
        for item in self.sequence(node, "`steps`"):
            if isinstance(item, yaml.MappingNode):
                yield self.step(item, defaults)
            else:
                self.problem(item, "a step is not a mapping")

    def step(self, node: yaml.MappingNode, defaults: _Defaults) -> Step:
        body = self.mapping(node, "a step")
        run = None
        run_line, run_column = _line(node), node.start_mark.column + 1
        if "run" in body:
            run = self.text(body, "run")
            run_line, run_column = _start_of_text(body["run"].value)
        if ("run" in body) is ("uses" in body):
            both = "both `run` and `uses`" if run is not None else "neither `run` nor `uses`"
            self.problem(node, f"a step has {both}")
        return Step(
            line=_line(node),
            name=self.text(body, "name"),
            run=run,
            run_line=run_line,
            run_column=run_column,
            shell=self.text(body, "shell") or defaults.shell,
            working_directory=self.text(body, "working-directory") or defaults.working_directory,
            uses=self.text(body, "uses"),
            uses_line=_line_of(body, "uses", node),
            condition=self.text(body, "if"),
            condition_line=_line_of(body, "if", node),
            continue_on_error=self.text(body, "continue-on-error"),
            continue_on_error_line=_line_of(body, "continue-on-error", node),
        )


def _compose(text: str) -> tuple[yaml.Node | None, YamlProblem | None]:
    if len(text) > MAX_LENGTH:
        return None, YamlProblem(1, 1, f"has more than {MAX_LENGTH} characters, which is more than is read")
    if not text.isascii() and not _UNAGREED_LINE_ENDS.isdisjoint(text):
        place = line_and_column(text, next(at for at, char in enumerate(text) if char in _UNAGREED_LINE_ENDS))
        return None, YamlProblem(*place, "a character that ends a line to some readers of YAML, and to others does not")
    try:
        return (_may_be_deep(text) and _too_deep(text)) or (yaml.compose(text, Loader=_LOADER), None)
    except yaml.reader.ReaderError:
        unprintable = yaml.reader.Reader.NON_PRINTABLE.search(text)
        place = line_and_column(text, unprintable.start() if unprintable else 0)
        return None, YamlProblem(*place, "a character that YAML does not allow")
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        return None, YamlProblem(*place, _short(str(error.problem or error.context or "no YAML"), _LONGEST_MESSAGE))
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
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                mark = event.start_mark
                place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
                return None, YamlProblem(*place, "nested too deeply")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
    return None


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _line_of(mapping: _Mapping, key: str, otherwise: yaml.Node) -> int:
    return _line(mapping[key].key if key in mapping else otherwise)


def _start_of_text(node: yaml.Node) -> tuple[int, int]:
    mark = node.start_mark
    style = getattr(node, "style", None)
    if style in {"|", ">"}:
        # The mark stands at the indicator; the text is on the lines below it.
        return mark.line + 2, 1
    return mark.line + 1, mark.column + (2 if style else 1)


def _is_null(node: yaml.Node) -> bool:
    plain = isinstance(node, yaml.ScalarNode) and not node.style
    return plain and node.value in {"", "~", "null", "Null", "NULL"}


def _labels(body: _Mapping) -> str:
    if "runs-on" not in body:
        return ""
    node = body["runs-on"].value
    if isinstance(node, yaml.SequenceNode):
        return " ".join(str(n.value) for n in node.value[:20] if isinstance(n, yaml.ScalarNode))
    return str(node.value) if isinstance(node, yaml.ScalarNode) else ""


def _short(text: str, length: int = 40) -> str:
    if len(text) <= length:
        return text

    from cavra_lint.sources.private_values import redacted

    # what is cut in two is not seen to be private any more
    text = redacted(text)
    return text if len(text) <= length else f"{text[: length - 1]}…"
