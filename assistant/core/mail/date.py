"""When a message was sent, by what its header and the server say, and never by the clock alone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz
from functools import lru_cache

from assistant.core.language.calendar_words import MAIL_MONTHS

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
AHEAD = timedelta(days=1)
CLOCK_AHEAD = timedelta(days=2)
"""A clock is not further ahead than that, unless it is wrong."""
LATE = timedelta(hours=48)
_DAY_SECONDS = 86_400
_DAY = re.compile(rf"(?:[A-Z][a-z][a-z], )?(\d\d?) ({'|'.join(MAIL_MONTHS)}) (\d{{4}})", re.ASCII)
_COMMON = re.compile(
    rf"(?:[A-Z][a-z][a-z], )?(\d\d?) ({'|'.join(MAIL_MONTHS)}) (\d{{4}}) (\d\d):(\d\d):(\d\d) ([+-]\d{{4}})", re.ASCII
)
_COMMENT = re.compile(r"\([^()]*\)")
_COLON_ZONE = re.compile(r"([+-]\d\d):(\d\d)\s*$", re.ASCII)
_THREE_DIGITS = 100
_DEEPEST = 4
"""How deep comments within comments are read."""


def parse_date(text: str) -> datetime | None:
    """Return the Date field as an aware datetime with the offset written; UTC without one; None where it is no date."""
    common = _COMMON.fullmatch(text)
    if common:
        day, month, year, hour, minute, second, zone = common.groups()
        try:
            clock = int(hour), int(minute), min(int(second), 59)
            return datetime(int(year), MAIL_MONTHS[month], int(day), *clock, tzinfo=_offset(zone))
        except ValueError:
            return None
    return parse_any_date(text)


def parse_any_date(text: str) -> datetime | None:
    """Return the same, however the field is written: the full parser, with comments and old years (RFC 5322, 4.3)."""
    for _ in range(_DEEPEST if "(" in text else 0):
        text = _COMMENT.sub(" ", text)
    try:
        parts = parsedate_tz(_COLON_ZONE.sub(r"\1\2", text))
        if parts is None:
            return None
        year, month, day, hour, minute, second = parts[:6]
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
    """Return the first instant (epoch seconds, UTC) of a day as Date fields begin: `Mon, 4 Jan 2016`; None if odd."""
    common = _DAY.fullmatch(text)
    if common is None:
        return None
    day, month, year = common.groups()
    try:
        return int(datetime(int(year), MAIL_MONTHS[month], int(day), tzinfo=UTC).timestamp())
    except (ValueError, OverflowError):
        return None


def clocks() -> tuple[dict[str, int], dict[str, int]]:
    """Return the seconds of every `07:30`, and those of every `:59`, a leap second counting as the one before it."""
    minutes = {f"{hour:02}:{minute:02}": hour * 3600 + minute * 60 for hour in range(24) for minute in range(60)}
    return minutes, {f":{second:02}": min(second, 59) for second in range(60 + 1)}


def offsets() -> dict[str, int]:
    """Return the minutes east of UTC of every zone in use, as a Date field writes it: `+0530`."""
    quarters = range(-12 * 4, 14 * 4 + 1)
    named = {"GMT": 0, "UTC": 0, "-0000": 0}
    return {f"{'-' if q < 0 else '+'}{abs(q) // 4:02}{abs(q) % 4 * 15:02}": q * 15 for q in quarters} | named


def plausible(moment: datetime | None, now: datetime) -> bool:
    """Return whether a moment lies between 1990 and a day from now."""
    return moment is not None and EARLIEST <= moment <= now + AHEAD


def sent_at(date: datetime | None, internaldate: datetime | None, now: datetime) -> datetime | None:
    """Return when a message was sent: Date where it can be trusted, else INTERNALDATE likewise, else None.

    Date is not trusted over 48 hours after INTERNALDATE; much earlier is an imported mailbox and is.
    """
    arrived = internaldate if plausible(internaldate, now) else None
    if date is not None and plausible(date, now) and (arrived is None or date - arrived <= LATE):
        return date
    return arrived
