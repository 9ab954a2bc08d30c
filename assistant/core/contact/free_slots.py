"""Half-hours that the owner has free in the next two weeks, for an invitation to offer."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import date
    from zoneinfo import ZoneInfo

    from assistant.core.contact.calendar_file import Span

HALF_HOUR: Final = timedelta(minutes=30)
MOST: Final = 3
LEAST: Final = 2
FIRST_DAY, LAST_DAY = 2, 10
"""Working days ahead: tomorrow is too soon to ask for, and what is later than two weeks is too far away."""
# The times that suit most people, one for each slot: a morning, an afternoon, a late morning.
_WISHED: Final = (time(10), time(14, 30), time(11, 30))
_SATURDAY: Final = 5


def free_slots(
    busy: Collection[Span], hours: tuple[time, time], zone: ZoneInfo, now: datetime, most: int = MOST
) -> tuple[datetime, ...]:
    """Return when free half-hours begin, each on another working day, in the owner's zone; empty for fewer than two.

    They are within the working `hours` of Monday to Friday, from 2 to 10 working days ahead. Nobody knows of holidays
    that stand in no calendar.
    """
    days = [free for day in _working_days(now.astimezone(zone).date()) if (free := [*_free_on(day, busy, hours, zone)])]
    # Every other free day first, so that the choice isn't two days in a row.
    spread = sorted([*days[::2], *days[1::2]][:most], key=lambda free: free[0])
    if len(spread) < LEAST:
        return ()
    return tuple(_nearest(free, wish) for free, wish in zip(spread, _WISHED, strict=False))


def _nearest(free: list[datetime], wish: time) -> datetime:
    return min(free, key=lambda at: abs(at.replace(tzinfo=None) - datetime.combine(at.date(), wish)))


def _working_days(today: date) -> Iterator[date]:
    number, day = 0, today
    while number < LAST_DAY:
        day += timedelta(days=1)
        if day.weekday() < _SATURDAY:
            number += 1
            if number >= FIRST_DAY:
                yield day


def _free_on(day: date, busy: Collection[Span], hours: tuple[time, time], zone: ZoneInfo) -> Iterator[datetime]:
    wall, end = (datetime.combine(day, hour) for hour in hours)
    while wall + HALF_HOUR <= end:
        start = wall.replace(tzinfo=zone)
        wall += HALF_HOUR
        begins = int(start.timestamp())
        ends = begins + int(HALF_HOUR.total_seconds())
        # A time that the clocks leave out comes back as another one.
        exists = datetime.fromtimestamp(begins, UTC).astimezone(zone).replace(tzinfo=None) == start.replace(tzinfo=None)
        if exists and not any(span.begin < ends and begins < span.end for span in busy):
            yield start
