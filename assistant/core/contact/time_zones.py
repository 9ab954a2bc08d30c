"""The time zones that calendar files bring: those the tz database knows are taken from there.

A file's own definition gives the right instant, but no name. Without a name a weekly meeting can't be counted on over a
change of the clocks (Outlook writes "W. Europe Standard Time" with rules of its own, and "Customized Time Zone").
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo, available_timezones

if TYPE_CHECKING:
    from datetime import tzinfo

_TZID: Final = re.compile(r"^TZID[^:\n]*:[ \t]*(.+?)[ \t]*$", re.IGNORECASE | re.MULTILINE)
# Rules that no real time zone changes by. The library counts each change since the zone began, so a rule by the minute
# hung the scan, and weeks of the year 1 lock it up.
_ENDLESS: Final = re.compile(
    r"^RRULE.*(?:FREQ=(?!YEARLY)|BY(?:SECOND|MINUTE|HOUR|YEARDAY|WEEKNO|SETPOS|EASTER)=)", re.IGNORECASE | re.MULTILINE
)
_LONGEST: Final = 20_000  # characters; real ones of a century have about 10,000
_MOST: Final = 100
# "TZID=tzone://Microsoft/Utc:2026…" isn't quoted as RFC 5545, 3.2 wants it, and would be cut at its first colon.
_UNQUOTED: Final = re.compile(
    r"^([A-Z-]+(?:;[^:;\n]{0,99}){0,9}?;TZID=)([^\";\n]{0,99}:[^\";\n]{0,99})(:\d{8})", re.IGNORECASE
)
_YEARS: Final = (1990, 2100)  # clocks of other years say nothing of today's


def usable_zones(blocks: list[str]) -> list[str]:
    """Return the VTIMEZONEs that the library is given: not those it knows by name, and none that would lock it up."""
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    short = [block for block in blocks if len(block) <= _LONGEST and not _ENDLESS.search(block)]
    return [block for block in short if not set(zone_names(block)) & WINDOWS_TO_OLSON.keys()][:_MOST]


def zone_names(block: str) -> list[str]:
    """Return the TZIDs that a VTIMEZONE has; empty if it has none."""
    return _TZID.findall(block)


def quoted_zone(line: str) -> str:
    """Return a line of a VEVENT with its TZID in quotes, if it needs them."""
    return _UNQUOTED.sub(r'\1"\2"\3', line)


def named_like(zone: tzinfo, year: int, owners: ZoneInfo) -> ZoneInfo | None:
    """Return a zone of the tz database with the same clocks in this year and the next, the owner's if it fits.

    None if there is none.
    """
    year = min(max(year, _YEARS[0]), _YEARS[1])
    try:
        offsets = _offsets(zone, year)
    except Exception:  # noqa: BLE001 - the library raises all kinds of errors on a broken definition
        return None
    if _offsets(owners, year) == offsets:
        return owners
    found = _by_offsets(year).get(offsets)
    return ZoneInfo(found) if found else None


def _offsets(zone: tzinfo, year: int) -> tuple[float, ...]:
    # Twice a month, so that zones that change their clocks two weeks apart differ.
    days = (
        datetime(year + after, month, day, 12, tzinfo=zone)
        for after in (0, 1)
        for month in range(1, 13)
        for day in (1, 15)
    )
    return tuple((day.utcoffset() or timedelta()).total_seconds() for day in days)


@lru_cache(maxsize=4)
def _by_offsets(year: int) -> dict[tuple[float, ...], str]:
    """Return a zone's name by its clocks; of several the first in alphabetical order, places before Etc."""
    places = {name for name in available_timezones() if "/" in name and not name.startswith("Etc/")}
    names = [*sorted(available_timezones() - places, reverse=True), *sorted(places, reverse=True)]  # the last one stays
    return {_offsets(ZoneInfo(name), year): name for name in names}
