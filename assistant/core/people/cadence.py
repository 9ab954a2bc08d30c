"""Who is due, and for how long: pure arithmetic on days in the owner's zone (docs/roles.md)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from assistant.core.people.roles import effective_cadence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from assistant.core.people.roles import Role
    from assistant.core.people.roster import Person

# The first four follow from days alone, the others are situations (`core/digest/situation.py`).
Why = Literal[
    "cadence", "never-seen", "goal-step", "goal-end", "goal-met", "thanks", "promise-kept", "hoped", "gap", "chance",
    "update", "second-try", "owe-answer", "candidate",
]  # fmt: skip
# An ally is due this many days before the goal ends, so that there is time to say what comes next: once in the last two
# weeks, and again in the last one.
GOAL_END_NEAR = (14, 7)


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a situation rests on, in the owner's own words: a note, a meeting's summary, a subject.

    `kind` is the note's, or "meeting" or "mail", or "received": the subject of a mail of theirs, for the owner
    alone. `kept_by` is what says that a promise is kept, "" for all else.
    """

    text: str
    kind: str
    on: date
    kept_by: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one person stands today.

    `cadence_days` and `due_on` are None if no clock runs (an ally without an open goal). `last_on` and `days_since` are
    None if no contact was seen. `overdue_days` is the days since `due_on`: negative before it, 0 without a clock.
    """

    person: Person
    cadence_days: int | None
    last_on: date | None
    days_since: int | None
    due_on: date | None
    overdue_days: int
    snoozed: bool
    why: Why = "cadence"
    occasion: Occasion | None = None

    @property
    def is_due(self) -> bool:
        """Return whether the person belongs in a digest today."""
        return self.due_on is not None and self.overdue_days >= 0 and not self.snoozed

    @property
    def ratio(self) -> float | None:
        """Return the days since the last full contact as a part of the cadence; None if either isn't known."""
        return self.days_since / self.cadence_days if self.days_since is not None and self.cadence_days else None


def standing(person: Person, role: Role | None, last_on: date | None, today: date) -> Standing:
    """Return where a person stands today. `last_on` is the day of their last contact, None if none was seen."""
    cadence = effective_cadence(person, role) if role else person.cadence_days
    why: Why = "cadence"
    due_on: date | None = None
    if cadence is not None:
        # Without any contact they are due today: the owner corrects a wrong nudge with one word, a missing one never.
        why, due_on = ("never-seen", today) if last_on is None else ("cadence", last_on + timedelta(days=cadence))
    if role and cadence == role.goal_days and person.goal and person.cadence_days is None and last_on:
        why = "goal-step"
    if person.goal and person.until:
        for near in GOAL_END_NEAR:
            warn_on = person.until - timedelta(days=near)
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
    """Return them with the most overdue first and those without a clock last; equals by handle."""
    return sorted(standings, key=lambda s: (s.due_on is None, -s.overdue_days, s.person.handle))


def gaps(roles: Mapping[str, Role], standings: Iterable[Standing]) -> list[tuple[str, Literal["empty", "asleep"]]]:
    """Return the roles that are "empty" (nobody has them) or "asleep" (nobody in touch within twice the cadence)."""
    found: list[tuple[str, Literal["empty", "asleep"]]] = []
    everybody = list(standings)
    for role in roles.values():
        # An ally is needed only while there is a goal, so the role can't be a gap.
        if role.cadence_days is None:
            continue
        # Somebody hoped for doesn't have the role yet.
        members = [s for s in everybody if s.person.role == role.name and not s.person.hoped]
        if not members:
            found.append((role.name, "empty"))
        elif not any(_awake(member) for member in members):
            found.append((role.name, "asleep"))
    return found


def _awake(member: Standing) -> bool:
    within = member.cadence_days is None or member.days_since is None or member.days_since <= 2 * member.cadence_days
    return within and not (member.days_since is None and member.cadence_days is not None)
