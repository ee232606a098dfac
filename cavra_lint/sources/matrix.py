"""The runs that a `matrix` makes of one job, as far as the file tells their values."""

from __future__ import annotations

import itertools
import math
from collections import ChainMap
from itertools import starmap

from cavra_lint.frozen import TYPE_CHECKING
from cavra_lint.late import re
from cavra_lint.sources.expression import NOTHING, evaluated
from cavra_lint.sources.expression_values import UNKNOWN, Unknown, compare
from cavra_lint.sources.pyyaml import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cavra_lint.sources.expression_values import Known, Value

    _Combination = dict[str, Value]

MAX_RUNS = 100
"""Of a matrix that makes more, no value is told."""

#: Of an object with more values, none is told.
_MOST_BELOW = 50
_NO_VALUES: tuple[Known, ...] = ({},)
_WORDS: dict[str, Value] = {"true": True, "false": False, "null": None, "~": None, "": None}
_CASES = "[a-z]*|[A-Z][a-z]*|[A-Z]*|~"


def runs_of(matrix: yaml.Node) -> tuple[Known, ...]:
    """Return what is known in each run of a job.

    Args:
        matrix: what stands at `strategy.matrix`.
    """
    parts = _entries(matrix)
    if parts is None:
        return _NO_VALUES
    added, taken_out = (_objects(parts.pop(key)) if key in parts else [] for key in ("include", "exclude"))
    vectors = {key: _vector(key, node) for key, node in parts.items()}
    count = math.prod(map(len, vectors.values()))
    if added is None or taken_out is None or count > MAX_RUNS or count * len(taken_out + added) > MAX_RUNS**2:
        return _NO_VALUES
    combinations = [dict(ChainMap(*values)) for values in itertools.product(*vectors.values())]
    runs = [one for one in combinations if not any(_agree(out, one) for out in taken_out)] if vectors else []
    runs += list(_with_added(runs, added, set(vectors)))
    return tuple({"matrix.*": None, **{f"matrix.{key}": value for key, value in run.items()}} for run in runs)


def value_of(node: yaml.Node) -> Value:
    """Return the value of a node of YAML, as GitHub reads it."""
    if not isinstance(node, yaml.ScalarNode) or "${{" in node.value:
        return UNKNOWN
    text = str(node.value)
    if node.style:
        return text
    if text.lower() in _WORDS and re.fullmatch(_CASES, text):
        return _WORDS[text.lower()]
    return float(text) if re.fullmatch(_NUMBER, text) else text


_NUMBER = r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"


def _with_added(runs: list[_Combination], added: list[_Combination], of_vectors: set[str]) -> Iterator[_Combination]:
    """Write what `include` adds to the runs that it fits, and yield the runs that it makes beside them."""
    plain = [{key: run[key] for key in of_vectors} for run in runs]
    for extra in added:
        shared = {key: value for key, value in extra.items() if key in of_vectors}
        fits = [run for run, own in zip(runs, plain, strict=True) if _agree(shared, own)]
        for run in fits:
            run.update(extra)
        if not fits:
            yield dict(extra)


def _agree(some: _Combination, run: _Combination) -> bool:
    return all(key in run and compare("==", value, run[key]) is True for key, value in some.items())


def _entries(node: yaml.Node) -> dict[str, yaml.Node] | None:
    if not isinstance(node, yaml.MappingNode):
        return None
    return {key.value.lower(): value for key, value in node.value if isinstance(key, yaml.ScalarNode)}


def _objects(node: yaml.Node) -> list[_Combination] | None:
    if not isinstance(node, yaml.SequenceNode):
        return None
    objects = [_entries(item) for item in node.value]
    known = [dict(ChainMap(*starmap(_values, one.items()))) for one in objects if one is not None]
    return known if len(known) == len(objects) else None


def _values(key: str, node: yaml.Node) -> _Combination:
    """Return a value below its key, and where it is an object of plain values, each of those below its own path."""
    found = {key: value_of(node)}
    below = _entries(node) or {}
    if len(below) <= _MOST_BELOW:
        found.update((f"{key}.{name}", value_of(value)) for name, value in below.items())
    return found


def _vector(key: str, node: yaml.Node) -> list[_Combination]:
    if isinstance(node, yaml.SequenceNode):
        return [_values(key, item) for item in node.value]
    # what an expression comes to is a list that it holds itself, or one value that nobody knows, or several
    found = evaluated(node.value, NOTHING) if isinstance(node, yaml.ScalarNode) else UNKNOWN
    values = (UNKNOWN,) if isinstance(found, Unknown) or not isinstance(found, tuple) else found or (UNKNOWN,)
    return [{key: value} for value in values]
