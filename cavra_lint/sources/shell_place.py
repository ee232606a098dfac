"""Where a command of a shell script stands: what becomes of its failure, and whether it is reached."""

from __future__ import annotations

from collections.abc import Callable

from cavra_lint.frozen import NamedTuple

Fate = str | None
"""What a failure comes to: None, the script fails; else why it does not."""


class Place(NamedTuple):
    """Where a node stands.

    `after` takes whether the node's status is a failure, and the variables that remember one;
    `leave` and `give_back` tell what an exit or a return with or without failure comes to.
    """

    after: Callable[[bool, frozenset[str]], Fate]
    leave: Callable[[bool], Fate]
    give_back: Callable[[bool], Fate]
    guarded: bool
    unreached: str | None


def never(place: Place, reason: str) -> Place:
    """Return the place of what is never reached, and why."""
    return place._replace(unreached=place.unreached or reason)


def lost_at(place: Place, reason: str) -> Place:
    """Return the place of what may fail without the script doing so, and why."""
    return place._replace(
        after=lambda *_: reason,
        leave=lambda *_: reason,
        give_back=lambda *_: reason,
    )


def kept_as(known: str, place: Place, reason: str) -> Place:
    """Return the place of what is not waited for: its status is lost, but for who asks by what is known of it."""

    def ends(failed: bool, _: frozenset[str] = frozenset()) -> Fate:
        fate = place.after(False, frozenset({known}) if failed else frozenset())
        return fate and reason

    return place._replace(after=ends, leave=ends, give_back=ends)
