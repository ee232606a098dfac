"""GitHub's workflows and composite actions, read from YAML with the place of everything.

The nodes of the document are read, not values made from them: so `on` is no boolean, and each
thing knows its line. What has the wrong shape is a problem with a place, never an exception.
"""

from __future__ import annotations

from collections.abc import Iterator

from cavra_lint.frozen import TYPE_CHECKING, NamedTuple
from cavra_lint.sources.expression_values import UNKNOWN
from cavra_lint.sources.pyyaml import yaml
from cavra_lint.sources.workflow_shapes import Action, Event, Job, Step, Workflow, YamlProblem
from cavra_lint.sources.yaml_nodes import composed, cut

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeVar

    from cavra_lint.sources.expression_values import Known, Value

    _T = TypeVar("_T")

MAX_NODES = 200_000
"""Aliases make much of little: after so many nodes reading stops, with a problem."""

MAX_RUNS = 1_000
"""So do matrices: of those that make more runs than these together, no value is told."""

_CORE_TAG = "tag:yaml.org,2002:"
_OF_BRANCHES = {"branches", "branches-ignore", "paths", "paths-ignore"}
#: The filters that GitHub knows of the events that changes start.
_FILTERS = {
    "push": {*_OF_BRANCHES, "tags", "tags-ignore"},
    "pull_request": {*_OF_BRANCHES, "types"},
    "pull_request_target": {*_OF_BRANCHES, "types"},
}
#: What an input comes to that has a type and no default.
_OF_TYPE: dict[str, Value] = {"boolean": False, "number": 0.0}


ONE_RUN: tuple[Known, ...] = ({"matrix.*": None},)
"""What is known of a job without a matrix."""


class _Entry(NamedTuple):
    key: yaml.ScalarNode
    value: yaml.Node


_Mapping = dict[str, _Entry]


class _Defaults(NamedTuple):
    shell: str = ""
    working_directory: str = ""


def parse_workflow(text: str) -> Workflow:
    """Read a workflow.

    Args:
        text: the text of the file.

    Returns:
        What could be read, and the problems met: syntax errors, duplicate keys, wrong shapes.
    """
    reader = _Reader()
    top = reader.document(text)
    if top is None:
        return Workflow((), 1, (), {}, tuple(reader.problems))
    started_by = reader.required(top, "on", "a workflow")
    jobs_entry = reader.required(top, "jobs", "a workflow")
    defaults = reader.defaults(top, _Defaults())
    env = reader.texts(top, "env")
    events = tuple(reader.events(started_by.value)) if started_by else ()
    jobs: list[Job] = []
    if jobs_entry:
        entries = list(reader.mapping(jobs_entry.value, "`jobs`").values())
        jobs += [reader.job(entry, defaults, env) for entry in entries]
        if not jobs and isinstance(jobs_entry.value, yaml.MappingNode):
            reader.problem(jobs_entry.key, "`jobs` holds no job")
        reader.needs(jobs, entries)
    return Workflow(
        events=events,
        events_line=_line(started_by.key) if started_by else 1,
        jobs=tuple(jobs),
        inputs=reader.inputs_of_call(started_by.value) if started_by else {},
        problems=tuple(sorted(reader.problems)),
    )


def parse_action(text: str) -> Action:
    """Read an action's `action.yml`.

    Args:
        text: the text of the file.

    Returns:
        Its steps where it is a composite action, and the problems met.
    """
    reader = _Reader()
    top = reader.document(text)
    runs = reader.required(top, "runs", "an action") if top is not None else None
    if runs is None:
        return Action("", 1, (), {}, tuple(sorted(reader.problems)))
    body = reader.mapping(runs.value, "`runs`")
    using = reader.text(body, "using")
    steps: tuple[Step, ...] = ()
    if using == "composite":
        found = reader.required(body, "steps", "a composite action", at=runs.key)
        steps = tuple(reader.steps(found.value, _Defaults())) if found else ()
        for step in steps:
            if step.run is not None and not step.shell:
                reader.problems[YamlProblem(step.line, 1, "a step of a composite action has no `shell`")] = None
    inputs = reader.inputs(top, typed=False) if top else {}
    return Action(using, _line(runs.key), steps, inputs, tuple(sorted(reader.problems)))


class _Reader:
    """Walks the nodes of one document and collects the problems."""

    def __init__(self) -> None:
        # an anchored node is read once for each alias, and is wrong once
        self.problems: dict[YamlProblem, None] = {}
        self.nodes_left = MAX_NODES
        self.runs_left = MAX_RUNS

    def problem(self, node: yaml.Node, message: str) -> None:
        if self.nodes_left < 0:
            return
        self.problems[YamlProblem(_line(node), node.start_mark.column + 1, message)] = None

    def document(self, text: str) -> _Mapping | None:
        root, syntax = composed(text)
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
                self.problem(key, f"the key `{cut(key.value)}` stands on line {first} already")
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
            self.problem(node, f"GitHub does not know the tag `{cut(node.tag)}`")

    def scalar(self, node: yaml.Node, what: str) -> str:
        if not isinstance(node, yaml.ScalarNode):
            self.problem(node, f"{what} is not a string")
            return ""
        self.check_tag(node)
        return "" if _is_null(node) else str(node.value)

    def text(self, mapping: _Mapping, key: str) -> str:
        return self.scalar(mapping[key].value, f"`{key}`") if key in mapping else ""

    def strings(self, mapping: _Mapping, key: str) -> tuple[str, ...] | None:
        """Return a list of strings, or one string in place of a list of one."""
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
            filters = self.mapping(details, f"`{cut(name)}`")
        for one, other in (("paths", "paths-ignore"), ("branches", "branches-ignore")):
            if one in filters and other in filters:
                self.problem(filters[other].key, f"`{other}` cannot stand beside `{one}`")
        for key in filters.keys() - _FILTERS.get(name, filters.keys()):
            self.problem(filters[key].key, f"`{cut(name)}` has no filter `{cut(key)}`")
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
            tags_ignore=self.strings(filters, "tags-ignore"),
            types=self.strings(filters, "types"),
        )

    def job(self, entry: _Entry, outer: _Defaults, env: Mapping[str, str]) -> Job:
        key = entry.key
        name = f"job `{cut(key.value)}`"
        body = self.mapping(entry.value, name)
        defaults = self.defaults(body, outer)
        steps: tuple[Step, ...] = ()
        if not (key.value.isascii() and key.value.replace("-", "_").isidentifier() and key.value[0] != "-"):
            self.problem(key, f"{name} is no name that GitHub takes: letters, digits, `-` and `_`")
        if "steps" in body:
            steps = tuple(self.steps(body["steps"].value, defaults))
        elif "uses" not in body and body:
            self.problem(key, f"{name} has neither `steps` nor `uses`")
        if "uses" not in body and body and not _labels(body):
            self.problem(key, f"{name} has no `runs-on`")
        for of_steps in ("steps", "runs-on"):
            if "uses" in body and of_steps in body:
                self.problem(body[of_steps].key, f"{name} has both `uses` and `{of_steps}`")
        return Job(
            id=key.value,
            line=_line(key),
            steps=steps,
            uses=self.text(body, "uses"),
            uses_line=_line_of(body, "uses", key),
            condition=self.condition(body, of_job=True),
            condition_line=_line_of(body, "if", key),
            continue_on_error=self.text(body, "continue-on-error"),
            continue_on_error_line=_line_of(body, "continue-on-error", key),
            needs=self.strings(body, "needs") or (),
            outputs=self.texts(body, "outputs"),
            runs_on=_labels(body),
            matrix=self.matrix(body),
            given=self.texts(body, "with"),
            env={**env, **self.texts(body, "env")},
        )

    def needs(self, jobs: list[Job], entries: list[_Entry]) -> None:
        """Look at what jobs need: GitHub starts no workflow where that is no job, or the job itself in the end."""
        if not any(job.needs for job in jobs):
            return

        from cavra_lint.sources.circumstances import in_order

        ids = {job.id.lower() for job in jobs}
        placed = {job.id for job in in_order(jobs)}
        for job, entry in zip(jobs, entries, strict=True):
            missing = next((name for name in job.needs if name.lower() not in ids), None)
            if missing is not None:
                self.problem(entry.key, f"job `{cut(job.id)}` needs `{cut(missing)}`, which is no job")
            elif job.id not in placed:
                self.problem(entry.key, f"job `{cut(job.id)}` needs itself, or a job that can never start")

    def condition(self, body: _Mapping, *, of_job: bool) -> str:
        condition = self.text(body, "if")
        if condition:
            from cavra_lint.sources.expression import JOB_NAMES, STEP_NAMES, refused

            reason = refused(condition, JOB_NAMES if of_job else STEP_NAMES)
            if reason:
                self.problem(body["if"].value, f"`if` {reason}")
        return condition

    def matrix(self, body: _Mapping) -> tuple[Known, ...]:
        strategy = self.mapping(body["strategy"].value, "`strategy`") if "strategy" in body else {}
        if "matrix" not in strategy:
            return ONE_RUN

        from cavra_lint.sources.matrix import runs_of

        runs = runs_of(strategy["matrix"].value)
        self.runs_left -= len(runs)
        return runs if self.runs_left >= 0 else ({},)

    def texts(self, body: _Mapping, key: str) -> dict[str, str]:
        """Return the strings of a mapping that is no concern of a reader but for these."""
        node = body[key].value if key in body else None
        pairs = self.counted(node, node.value) if isinstance(node, yaml.MappingNode) else ()
        found: dict[str, str] = {}
        for name, value in pairs:
            if not isinstance(name, yaml.ScalarNode):
                self.problem(name, f"a key of `{key}` is not a string")
            elif isinstance(value, yaml.ScalarNode):
                found[name.value] = value.value
        return found

    def inputs_of_call(self, events: yaml.Node) -> Known:
        """Return what the inputs of a reusable workflow come to where none are given."""
        pairs = events.value if isinstance(events, yaml.MappingNode) else ()
        call = next((value for key, value in pairs if key.value == "workflow_call"), None)
        return self.inputs(self.mapping(call, "`workflow_call`"), typed=True) if call and not _is_null(call) else {}

    def inputs(self, body: _Mapping, *, typed: bool) -> Known:
        from cavra_lint.sources.matrix import value_of

        if "inputs" not in body or _is_null(body["inputs"].value):
            return {}
        found: dict[str, Value] = {}
        for name, entry in self.mapping(body["inputs"].value, "`inputs`").items():
            details = {} if _is_null(entry.value) else self.mapping(entry.value, f"input `{cut(name)}`")
            kind = self.text(details, "type") if typed else "string"
            default: Value = _OF_TYPE.get(kind, "")
            if "default" in details:
                value = value_of(details["default"].value)
                text = details["default"].value.value
                default = text if kind not in _OF_TYPE and isinstance(text, str) and value is not UNKNOWN else value
            found[f"inputs.{name.lower()}"] = default
        return found

    def steps(self, node: yaml.Node, defaults: _Defaults) -> Iterator[Step]:
        ids: set[str] = set()
        for item in self.sequence(node, "`steps`"):
            if isinstance(item, yaml.MappingNode):
                step = self.step(item, defaults)
                if step.id.lower() in ids:
                    self.problem(item, f"the `id` `{cut(step.id)}` stands at a step before already")
                ids.update([step.id.lower()] if step.id else [])
                yield step
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
            id=self.text(body, "id"),
            name=self.text(body, "name"),
            run=run,
            run_line=run_line,
            run_column=run_column,
            shell=self.text(body, "shell") or defaults.shell,
            working_directory=self.text(body, "working-directory") or defaults.working_directory,
            uses=self.text(body, "uses"),
            uses_line=_line_of(body, "uses", node),
            condition=self.condition(body, of_job=False),
            condition_line=_line_of(body, "if", node),
            continue_on_error=self.text(body, "continue-on-error"),
            continue_on_error_line=_line_of(body, "continue-on-error", node),
            given=self.texts(body, "with"),
            env=self.texts(body, "env"),
        )


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
    if isinstance(node, yaml.MappingNode):
        return "a group"
    return "" if _is_null(node) else str(node.value)
