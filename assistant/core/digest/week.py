"""Which week's digest is due: a pure function of (now, zone, slot, last week done).

A digest belongs to an ISO week in the owner's zone (docs/reliability.md, 1 and 2). Its slot is a weekday and a time in
that week. Nothing here sleeps or remembers. So a laptop that slept through the slot is just late, and a week that ended
without its digest is missed and named in the next one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from assistant.core.mail.date import CLOCK_AHEAD

if TYPE_CHECKING:
    from datetime import tzinfo
    from zoneinfo import ZoneInfo

WEEK = timedelta(days=7)
# How many missed weeks a digest names at most.
MOST_MISSED = 52


@dataclass(frozen=True, slots=True)
class Slot:
    """When in each week the digest goes out: on `day` (0 is Monday) at `time` in `zone`."""

    day: int
    time: time
    zone: ZoneInfo

    def of(self, monday: date) -> datetime:
        """Return the slot's instant (UTC) in the ISO week that begins on `monday`."""
        # In the hour that a clock change skips, this is as much later as the gap is long; in the hour that it repeats,
        # the first one. Each week has exactly one slot this way.
        local = datetime.combine(monday + timedelta(days=self.day), self.time, self.zone)
        return local.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Due:
    """A digest: its week ("2026-W13"), its slot (UTC), and the missed weeks before it."""

    week: str
    slot: datetime
    missed: tuple[str, ...] = ()


def week_name(day: date) -> str:
    """Return the ISO 8601 week of a day, like "2026-W13"."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def monday_of(name: str) -> date:
    """Return the Monday of an ISO week like "2026-W13". Raises ValueError for anything else."""
    # Not strptime, which takes twenty times as long: a daemon asks every few seconds.
    return date.fromisoformat(f"{name}-1")


def latest(now: datetime, zone: tzinfo) -> str:
    """Return the latest week whose digest can have been built by `now`."""
    # A week further ahead was noted by a clock that was wrong, so it doesn't count as done.
    return week_name((now + CLOCK_AHEAD).astimezone(zone).date())


def current(now: datetime, slot: Slot) -> Due:
    """Return the digest of the week of `now`, due or not. `assistant digest` builds that one by hand."""
    today = now.astimezone(slot.zone).date()
    monday = today - timedelta(days=today.weekday())
    return Due(week_name(monday), slot.of(monday))


def due(now: datetime, slot: Slot, last_done: str | None, set_up_at: datetime) -> Due | None:
    """Return the digest that is due at `now`, or None.

    `last_done` is the last week whose digest was built, None if there was none yet. A week whose slot was before
    `set_up_at` is not owed.
    """
    this = current(now, slot)
    if now < this.slot or this.slot < set_up_at:
        return None
    # Not "==": a clock that was set back makes no earlier week due again.
    if last_done is not None and monday_of(last_done) >= monday_of(this.week):
        return None
    return Due(this.week, this.slot, missed(this, slot, last_done, set_up_at))


def missed(this: Due, slot: Slot, last_done: str | None, set_up_at: datetime) -> tuple[str, ...]:
    """Return the weeks before `this` that were owed but not done, oldest first, at most 52."""
    names: list[str] = []
    monday = monday_of(this.week) - WEEK
    while len(names) < MOST_MISSED and slot.of(monday) >= set_up_at:
        if last_done is not None and monday <= monday_of(last_done):
            break
        names.append(week_name(monday))
        monday -= WEEK
    return tuple(reversed(names))


def coming(now: datetime, slot: Slot, last_done: str | None, set_up_at: datetime) -> datetime:
    """Return when the next digest comes: `now` if one is due, else the first slot (UTC) of a week not done."""
    at = now
    while due(at, slot, last_done, set_up_at) is None:
        at = next_slot(at, slot)
    return at


def next_slot(now: datetime, slot: Slot) -> datetime:
    """Return the first slot (UTC) after `now`."""
    today = now.astimezone(slot.zone).date()
    monday = today - timedelta(days=today.weekday())
    return next(at for weeks in range(3) if (at := slot.of(monday + weeks * WEEK)) > now)
