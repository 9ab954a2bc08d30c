"""Who could fill a role that is empty or asleep, by name; and which goal has no ally yet (docs/roles.md, "Gaps").

candidates of this digest ─┬─> inside or outside, as the role wants ─> Filler, the best first
people of past meetings ───┘
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from assistant.core.digest.situation import same_matter

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from assistant.core.digest.model import CandidateItem
    from assistant.core.people.cadence import Occasion, Standing
    from assistant.core.people.roles import Role

    Inside = Callable[[str], bool | None]

NAMED: Final = 3
"""How many people a gap names at most."""


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody who isn't on the roster and was at a meeting with the owner: that meeting, as an occasion."""

    address: str
    name: str
    met: Occasion


@dataclass(frozen=True, slots=True)
class Filler:
    """Somebody who could fill a role. `label` is that of a candidate ("C1"), else "" and `met` is the last meeting."""

    role: str
    address: str
    name: str
    label: str = ""
    met: Occasion | None = None


def fillers(
    role: Role, candidates: Sequence[CandidateItem], attendees: Sequence[Attendee], inside: Inside
) -> tuple[Filler, ...]:
    """Return who could fill a role, at most three: candidates first, then who was met most often.

    `inside` says whether an address is at the owner's company, None where that isn't known.
    """
    fitting = [one for one in candidates if _fits(role, inside(one.address), one.guess)]
    fitting.sort(key=lambda one: one.guess != role.name)
    found = {one.address: Filler(role.name, one.address, one.name or one.address, one.label) for one in fitting}
    for one in _most_met(attendees):
        if role.inside is not None and inside(one.address) == role.inside:
            found.setdefault(one.address, Filler(role.name, one.address, one.name, met=one.met))
    return tuple(found.values())[:NAMED]


def goal_without_ally(goals: Iterable[str], standings: Iterable[Standing]) -> str | None:
    """Return the first of the owner's open goals that no ally shares, None if there is none."""
    shared = [stands.person.goal for stands in standings if stands.person.goal]
    alone = (goal for goal in goals if not any(same_matter(one, goal) or same_matter(goal, one) for one in shared))
    return next(alone, None)


def _fits(role: Role, inside: bool | None, guess: str | None) -> bool:  # noqa: FBT001 - a fact, no switch
    if guess is not None or role.inside is None:
        return guess == role.name  # the rhythm of the mail tells more than the place
    return inside is not None and inside == role.inside


def _most_met(attendees: Collection[Attendee]) -> list[Attendee]:
    """Return each person once, with the last meeting: whom the owner met most often first, then most recently."""
    times = Counter(one.address for one in attendees)
    last = {one.address: one for one in sorted(attendees, key=lambda one: one.met.on)}
    return sorted(last.values(), key=lambda one: (-times[one.address], -one.met.on.toordinal(), one.address))
