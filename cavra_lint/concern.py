"""Which gates of a chain a change of some files can concern."""

from __future__ import annotations

from cavra_lint.frozen import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from cavra_lint.contract import Chain


#: The artifacts that make a gate's verdict.
_VERDICT_KINDS = ("live_sanitized_example", "live_result")


def concerned(chain: Chain, paths: Iterable[str]) -> Collection[str]:
    """Return the ids of the gates that a change of these paths can concern.

    These are the gates whose artifacts the paths are. Of a packet or a result they are also those that
    embed the verdict of its gate. The index concerns every gate.

    Args:
        chain: the chain.
        paths: files, or folders for all below them, as paths below the root, normalised.
    """
    wanted = frozenset(paths)
    below = tuple(f"{path}/" for path in wanted)
    if "." in wanted or is_at_or_below(chain.index_gate.artifacts["live_sanitized_example"], wanted):
        return frozenset(gate.id for gate in chain.every)
    touched = [
        (gate.id, kind)
        for gate in chain.every
        for kind, path in gate.artifacts.items()
        if path in wanted or path.startswith(below)
    ]
    readers = {user for gate_id, kind in touched if kind in _VERDICT_KINDS for user in chain.users.get(gate_id, ())}
    return readers.union(gate_id for gate_id, _ in touched)


#: Files that may keep the tests below their folder from being run, and those that workflows use: what is wrong with a
#: gate may stand in them as well.
SETTINGS_OF_TESTS = frozenset({"conftest.py", "pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini"})
SHARED_SETTINGS = frozenset({"pyproject.toml", "tox.ini", "setup.cfg"})
_ACTIONS = frozenset({"action.yml", "action.yaml"})
_WORKFLOWS = ".github/workflows"


def judged_by(chain: Chain, paths: Iterable[str], text_of: Callable[[str], str | None]) -> Collection[str]:
    """Return the ids of the gates of which something may be found in files that are no artifacts of any.

    Args:
        chain: the chain.
        paths: files, as paths below the root, normalised.
        text_of: returns the text of a file of the tree, None where there is none.
    """
    found: set[str] = set()
    for folder, _, name in (path.rpartition("/") for path in paths):
        if name in _ACTIONS or folder == _WORKFLOWS:
            return chain.positions.keys()
        path = f"{folder}/{name}".removeprefix("/")
        # those that configure other programs mostly say nothing of tests
        if name in SETTINGS_OF_TESTS or (name in SHARED_SETTINGS and "pytest" in (text_of(path) or "")):
            below = frozenset((folder or ".",))
            found.update(gate.id for gate in chain.every if is_at_or_below(gate.artifacts["test"], below))
    return found


def is_at_or_below(path: str, wanted: frozenset[str]) -> bool:
    """Tell whether a path, or a folder above it, is among those wanted."""
    if "." in wanted:
        return True
    while path and path not in wanted:
        path = path.rpartition("/")[0]
    return bool(path)
