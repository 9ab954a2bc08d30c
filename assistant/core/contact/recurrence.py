"""When a recurring meeting begins, within a bounded window (RFC 5545, 3.3.10).

recurring-ical-events does the counting, behind a guard: it gets no rule that it would search forever for, and only a
window that ends.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

LONGEST = timedelta(days=15 * 366)
# A COUNT is counted from the first one, so one from the year 2 would take minutes.
LONGEST_COUNTED = 2 * LONGEST
MOST = 4000
_LONGEST_MONTH = {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}
_NOT_DAILY = ("BYYEARDAY=", "BYWEEKNO=", "BYEASTER=")
# With several of each, a day has thousands of beginnings.
_WITHIN_A_DAY = ("BYHOUR=", "BYMINUTE=", "BYSECOND=")
_TOO_OFTEN = re.compile(r"FREQ=(?:SECONDLY|MINUTELY|HOURLY)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rule:
    """How a meeting recurs. Instants are seconds since 1970 UTC.

    `rrule` is the RRULE as text ("" for none). `local` is the first start as wall time in `zone` (a name, "" for the
    owner's zone); `all_day` says that it has no time of day. `rdates` are further starts, `exdates` starts left out,
    and `exdays` whole days left out (ISO, in the meeting's zone). `periods` are the further starts that have an end of
    their own, with it.
    """

    rrule: str
    local: str
    zone: str
    all_day: bool
    rdates: tuple[int, ...] = ()
    exdates: tuple[int, ...] = ()
    exdays: tuple[str, ...] = ()
    periods: tuple[tuple[int, int], ...] = ()


def is_counted(rule: Rule) -> bool:
    """Return whether a rule ends after so many times, which are counted from the first."""
    return "COUNT=" in rule.rrule.upper()


def starts(rule: Rule, start: int, horizon: int, zone: ZoneInfo, since: int | None = None) -> tuple[int, ...]:
    """Return when a meeting begins (seconds since 1970 UTC), from `since` (None: ever) to `horizon`, oldest first.

    `start` is its first beginning, `zone` the owner's zone. A rule that repeats within a day is ignored. At most the
    last 4,000 beginnings are returned: without a COUNT those of the last 15 years, by one older than 30 years none.
    """
    found = _starts_by_rule(rule, start, horizon, zone, since)
    # COUNT isn't left to the library (_bounded cuts it), so the rule always ends at the window's end.
    count = re.search(r"(?:^|;)COUNT=(\d{1,9})", rule.rrule, re.IGNORECASE)
    if count:
        found = found[: max(int(count.group(1)), 1)]
    every = {start, *found, *(at for at in rule.rdates if at <= horizon)} - set(rule.exdates)
    here = _zone(rule.zone, zone)
    kept = [at for at in every if datetime.fromtimestamp(at, here).date().isoformat() not in rule.exdays]
    return tuple(sorted(at for at in kept if since is None or at >= since)[-MOST:])


def _starts_by_rule(rule: Rule, start: int, horizon: int, zone: ZoneInfo, since: int | None) -> list[int]:
    if not rule.rrule or _TOO_OFTEN.search(rule.rrule) or horizon <= start or not _possible(rule.rrule):
        return []
    earliest = start
    if not is_counted(rule):
        earliest = max(start, horizon - int(LONGEST.total_seconds()), since or 0)
    elif start < horizon - int(LONGEST_COUNTED.total_seconds()):
        return []
    here = _zone(rule.zone, zone)
    try:
        events = _events(rule, datetime.fromtimestamp(earliest, UTC), datetime.fromtimestamp(horizon, UTC), here)
        return sorted(int(_aware(event, here).timestamp()) for event in events)
    except Exception:  # noqa: BLE001 - the library raises all kinds of errors on a broken rule
        return []


def _possible(rrule: str) -> bool:
    """Return whether any day fits the rule."""
    # For INTERVAL=0, or for the 30th of February, the library would search forever.
    if re.search(r"INTERVAL=[-+]?0*(?:;|$)", rrule, re.IGNORECASE):
        return False
    months, days = _numbers(rrule, "BYMONTH") or set(range(1, 13)), _numbers(rrule, "BYMONTHDAY")
    longest = max((_LONGEST_MONTH.get(month, 31) for month in months if 1 <= month <= 12), default=0)  # noqa: PLR2004
    return bool(longest) and (not days or any(0 < abs(day) <= longest for day in days))


def _numbers(rrule: str, name: str) -> set[int]:
    found = re.search(rf"(?:^|;){name}=([-+\d,]+)", rrule, re.IGNORECASE)
    return {int(number) for number in re.findall(r"[-+]?\d{1,3}", found.group(1))} if found else set()


def _events(rule: Rule, begin: datetime, end: datetime, zone: ZoneInfo) -> list[date]:
    """Return the DTSTARTs that recurring-ical-events finds in the window."""
    from icalendar import Calendar
    from recurring_ical_events import of

    first = re.sub(r"[-:]", "", rule.local)
    start = f"DTSTART;VALUE=DATE:{first}" if rule.all_day else f"DTSTART;TZID={zone.key}:{first}"
    if not rule.all_day and zone.key == "UTC":
        start = f"DTSTART:{first}Z"
    text = "\r\n".join((
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-", "BEGIN:VEVENT", "UID:one", start,
        f"RRULE:{_bounded(rule, end, zone)}", "END:VEVENT", "END:VCALENDAR", "",
    ))  # fmt: skip
    # A day more on both sides, since the window's ends fall on another day in the meeting's zone.
    found = of(Calendar.from_ical(text)).between(begin - timedelta(days=1), end + timedelta(days=1))
    return [event["DTSTART"].dt for event in found]


def _bounded(rule: Rule, end: datetime, zone: ZoneInfo) -> str:
    """Return the RRULE without COUNT and with an UNTIL no later than the window's end."""
    cut = ("COUNT=", "UNTIL=", "X-", *_WITHIN_A_DAY) + (
        _NOT_DAILY if re.search(r"FREQ=(?:DAILY|WEEKLY)", rule.rrule, re.IGNORECASE) else ()
    )
    parts = [part for part in rule.rrule.split(";") if part and not part.upper().startswith(cut)]
    until = re.search(r"UNTIL=(\d{8})(?:T(\d{6})(Z?))?", rule.rrule, re.IGNORECASE)
    last = end
    if until:
        last = min(end, _until(until, zone))
    stamp = (
        last.astimezone(zone).strftime("%Y%m%d") if rule.all_day else last.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    )
    return ";".join([*parts, f"UNTIL={stamp}"])


def _until(found: re.Match[str], zone: ZoneInfo) -> datetime:
    """Return UNTIL as an instant. A date means its whole day, a time without Z the wall time of the meeting."""
    day, clock, zulu = found.groups()
    if day.startswith("9999"):  # meant as forever, but its last hours are beyond Python's calendar in some zones
        return datetime(9999, 1, 1, tzinfo=UTC)
    told = datetime.strptime(day + (clock or "235959"), "%Y%m%d%H%M%S").replace(tzinfo=UTC if zulu else zone)
    return told.astimezone(UTC)


def _aware(moment: date, zone: ZoneInfo) -> datetime:
    if not isinstance(moment, datetime):
        return datetime(moment.year, moment.month, moment.day, tzinfo=zone)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _zone(name: str, zone: ZoneInfo) -> ZoneInfo:
    try:
        return ZoneInfo(name) if name else zone
    except (ValueError, OSError, KeyError):
        return zone
