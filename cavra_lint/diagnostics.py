"""What is found, where, and how it is ordered."""

from __future__ import annotations

from cavra_lint.frozen import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import Literal, TypeAlias

Severity: TypeAlias = 'Literal["error", "warning"]'


class Place(NamedTuple):
    """A place in a file of the tree: its path below the root, and line and column, both from 1."""

    path: str
    line: int = 1
    column: int = 1


class Diagnostic(NamedTuple):
    """One finding, ready to be printed or folded into a verdict.

    Diagnostics sort as they are printed: by path, line and code. `gate_id` is the gate that the
    finding is about. `check` is the check of that gate's verdict that it blocks or warns.
    """

    path: str
    line: int
    code: str
    column: int
    message: str
    gate_id: str
    check: str
    severity: Severity

    @property
    def place(self) -> Place:
        """Where it stands."""
        return Place(self.path, self.line, self.column)

    def as_json(self) -> dict[str, str | int]:
        """Return the diagnostic as a verdict carries it."""
        return self._asdict()
