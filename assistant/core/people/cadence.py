"""Who is due, and how far over: pure arithmetic on days in the owner's zone (docs/roles.md)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from assistant.core.people.roles import effective_cadence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from assistant.core.people.roles import Role
    from assistant.core.people.roster import Person

Why = Literal["cadence", "never-seen", "goal-step", "goal-end"]
GOAL_END_NEAR = 7
"""An ally is due this many days before the goal's end, to say what comes next."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one person stands today.

    `cadence_days` None means no clock runs (an ally without an open goal). `days_since` is None when no contact was
    seen. `due_on` is None when no clock runs; `overdue_days` is days past it, negative before it, 0 without a clock.
    """

    person: Person
    cadence_days: int | None
    last_on: date | None
    days_since: int | None
    due_on: date | None
    overdue_days: int
    snoozed: bool
    why: Why = "cadence"

    @property
    def is_due(self) -> bool:
        """Return whether they belong in a digest today."""
        return self.due_on is not None and self.overdue_days >= 0 and not self.snoozed


def standing(person: Person, role: Role | None, last_on: date | None, today: date) -> Standing:
    """Return where a person stands, given the day of their last contact (None: none seen).

    Without any contact seen they are due from today: a nudge the owner can correct with one word.
    """
    cadence = effective_cadence(person, role) if role else person.cadence_days
    why: Why = "cadence"
    due_on: date | None = None
    if cadence is not None:
        why, due_on = ("never-seen", today) if last_on is None else ("cadence", last_on + timedelta(days=cadence))
    if role and cadence == role.goal_days and person.goal and person.cadence_days is None and last_on:
        why = "goal-step"
    if person.goal and person.until:
        warn_on = person.until - timedelta(days=GOAL_END_NEAR)
        if (last_on is None or last_on < warn_on) and warn_on <= today and (due_on is None or warn_on < due_on):
            why, due_on = "goal-end", warn_on
    return Standing(
        person=person,
        cadence_days=cadence,
        last_on=last_on,
        days_since=(today - last_on).days if last_on else None,
        due_on=due_on,
        overdue_days=(today - due_on).days if due_on else 0,
        snoozed=bool(person.snoozed_until and person.snoozed_until > today),
        why=why,
    )


def by_urgency(standings: Iterable[Standing]) -> list[Standing]:
    """Return them most overdue first; those without a clock come last, equals by handle."""
    return sorted(standings, key=lambda s: (s.due_on is None, -s.overdue_days, s.person.handle))


def gaps(roles: Mapping[str, Role], standings: Iterable[Standing]) -> list[tuple[str, Literal["empty", "asleep"]]]:
    """Return the roles nobody fills ("empty") or keeps alive ("asleep": nobody in touch within twice the cadence).

    Roles without a cadence of their own (an ally) are never a gap.
    """
    found: list[tuple[str, Literal["empty", "asleep"]]] = []
    everybody = list(standings)
    for role in roles.values():
        if role.cadence_days is None:
            continue
        members = [s for s in everybody if s.person.role == role.name and not s.person.hoped]
        if not members:
            found.append((role.name, "empty"))
        elif not any(_awake(member) for member in members):
            found.append((role.name, "asleep"))
    return found


def _awake(member: Standing) -> bool:
    within = member.cadence_days is None or member.days_since is None or member.days_since <= 2 * member.cadence_days
    return within and not (member.days_since is None and member.cadence_days is not None)
