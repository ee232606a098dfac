"""What is read of a workflow and of an action, as plain data with the place of everything."""

from __future__ import annotations

from cavra_lint.frozen import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cavra_lint.sources.expression_values import Known


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
    lines are then the step's. `given` are the texts of `with`.
    """

    line: int
    id: str
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
    given: Mapping[str, str]
    env: Mapping[str, str]


class Job(NamedTuple):
    """A job, with steps or with a reusable workflow in `uses`.

    `matrix` holds what is known in each of its runs, one where there is no matrix. `env` holds that of
    the workflow as well.
    """

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
    outputs: Mapping[str, str]
    runs_on: str
    matrix: tuple[Known, ...]
    given: Mapping[str, str]
    env: Mapping[str, str]


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
    tags_ignore: tuple[str, ...] | None
    types: tuple[str, ...] | None


class Workflow(NamedTuple):
    """A workflow file.

    `events_line` is the line of `on`. `inputs` are what its inputs come to where another workflow that
    uses it gives none.
    """

    events: tuple[Event, ...]
    events_line: int
    jobs: tuple[Job, ...]
    inputs: Known
    problems: tuple[YamlProblem, ...]


class Action(NamedTuple):
    """An action file: `using` says what runs it, `steps` are those of a composite action.

    `inputs` are what its inputs come to where none are given.
    """

    using: str
    line: int
    steps: tuple[Step, ...]
    inputs: Known
    problems: tuple[YamlProblem, ...]
