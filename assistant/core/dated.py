"""When a message was sent, by what its header and the server say, and never by the clock alone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz
from functools import lru_cache

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
AHEAD = timedelta(days=1)
LATE = timedelta(hours=48)
_DAY_SECONDS = 86_400
_MONTHS = {
    name: number
    for number, name in enumerate(
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"], start=1
    )
}
_COMMON = re.compile(
    rf"(?:[A-Z][a-z][a-z], )?(\d\d?) ({'|'.join(_MONTHS)}) (\d{{4}}) (\d\d):(\d\d):(\d\d) ([+-]\d{{4}})", re.ASCII
)


def parse_date(text: str) -> datetime | None:
    """Return the Date field as an aware datetime with the offset written; UTC without one; None where it is no date."""
    common = _COMMON.fullmatch(text)
    if common:
        day, month, year, hour, minute, second, zone = common.groups()
        try:
            return datetime(
                int(year), _MONTHS[month], int(day), int(hour), int(minute), min(int(second), 59), tzinfo=_offset(zone)
            )
        except ValueError:
            return None
    return parse_any_date(text)


def parse_any_date(text: str) -> datetime | None:
    """Return the same, however the field is written: the full parser."""
    try:
        parts = parsedate_tz(text)
        if parts is None:
            return None
        year, month, day, hour, minute, second = parts[:6]
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
