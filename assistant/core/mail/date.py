"""When a message was sent: from its Date field and from when it arrived, never from the clock."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz
from functools import lru_cache

from assistant.core.language.calendar_words import MAIL_MONTHS

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
AHEAD = timedelta(days=1)
# A clock that is further ahead than this is wrong (docs/reliability.md, "The clock").
CLOCK_AHEAD = timedelta(days=2)
LATE = timedelta(hours=48)
_DAY_SECONDS = 86_400
_DAY = re.compile(rf"(?:[A-Z][a-z][a-z], )?(\d\d?) ({'|'.join(MAIL_MONTHS)}) (\d{{4}})", re.ASCII)
_COMMON = re.compile(
    rf"(?:[A-Z][a-z][a-z], )?(\d\d?) ({'|'.join(MAIL_MONTHS)}) (\d{{4}}) (\d\d):(\d\d):(\d\d) ([+-]\d{{4}})", re.ASCII
)
_COMMENT = re.compile(r"\([^()]*\)")
_COLON_ZONE = re.compile(r"([+-]\d\d):(\d\d)\s*$", re.ASCII)
_THREE_DIGITS = 100
# Each level of comments costs a pass over the field, and a hostile field nests thousands.
_DEEPEST = 4


def parse_date(text: str) -> datetime | None:
    """Return a Date field as an aware datetime with its own offset (UTC if it has none), or None if it isn't a date."""
    common = _COMMON.fullmatch(text)
    if common:
        day, month, year, hour, minute, second, zone = common.groups()
        try:
            # datetime has no leap second, so 23:59:60 becomes the second before.
            clock = int(hour), int(minute), min(int(second), 59)
            return datetime(int(year), MAIL_MONTHS[month], int(day), *clock, tzinfo=_offset(zone))
        except ValueError:
            return None
    return parse_any_date(text)


def parse_any_date(text: str) -> datetime | None:
    """Return the same as `parse_date` by the full parser, with comments and old years (RFC 5322, 4.3)."""
    for _ in range(_DEEPEST if "(" in text else 0):
        text = _COMMENT.sub(" ", text)
    try:
        parts = parsedate_tz(_COLON_ZONE.sub(r"\1\2", text))
        if parts is None:
            return None
        year, month, day, hour, minute, second = parts[:6]
        # RFC 5322, 4.3: a year of three digits, such as 126, counts from 1900.
        year += 1900 if _THREE_DIGITS <= year < 10 * _THREE_DIGITS else 0
        offset = parts[9] or 0
        return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=_zone(offset))
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return None


@lru_cache(maxsize=512)
def _offset(written: str) -> timezone:
    minutes = int(written[1:3]) * 60 + int(written[3:])
    return _zone((-minutes if written[0] == "-" else minutes) * 60)


@lru_cache(maxsize=512)
def _zone(offset: int) -> timezone:
    if abs(offset) >= _DAY_SECONDS:
        raise ValueError(offset)
    return timezone(timedelta(minutes=offset // 60)) if offset else UTC


def day_start(text: str) -> int | None:
    """Return the first instant (epoch seconds, UTC) of a day written as `Mon, 4 Jan 2016`, or None for another form."""
    common = _DAY.fullmatch(text)
    if common is None:
        return None
    day, month, year = common.groups()
    try:
        return int(datetime(int(year), MAIL_MONTHS[month], int(day), tzinfo=UTC).timestamp())
    except (ValueError, OverflowError):
        return None


def clocks() -> tuple[dict[str, int], dict[str, int]]:
    """Return two tables of seconds: of each `07:30` in a day and of each `:59`. `:60` counts as `:59`."""
    minutes = {f"{hour:02}:{minute:02}": hour * 3600 + minute * 60 for hour in range(24) for minute in range(60)}
    return minutes, {f":{second:02}": min(second, 59) for second in range(60 + 1)}


def offsets() -> dict[str, int]:
    """Return the minutes east of UTC of each zone as a Date field writes it: `+0530`."""
    # Zones in use are whole quarters of an hour, from 12 hours west to 14 east.
    quarters = range(-12 * 4, 14 * 4 + 1)
    named = {"GMT": 0, "UTC": 0, "-0000": 0}
    return {f"{'-' if q < 0 else '+'}{abs(q) // 4:02}{abs(q) % 4 * 15:02}": q * 15 for q in quarters} | named


def plausible(moment: datetime | None, now: datetime) -> bool:
    """Return whether a moment lies between 1990 and a day from now."""
    return moment is not None and EARLIEST <= moment <= now + AHEAD


def sent_at(date: datetime | None, internaldate: datetime | None, now: datetime) -> datetime | None:
    """Return when a message was sent: `date` if it can be trusted, else `internaldate` if plausible, else None."""
    arrived = internaldate if plausible(internaldate, now) else None
    # Nothing arrives two days before it was sent, so such a Date is wrong. A Date long before the arrival is fine:
    # that is an imported mailbox.
    if date is not None and plausible(date, now) and (arrived is None or date - arrived <= LATE):
        return date
    return arrived
