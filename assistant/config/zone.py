"""Time zones by name, and this machine's own."""

from __future__ import annotations

import warnings
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, available_timezones


def named_zone(name: str) -> ZoneInfo | None:
    """Return the zone of that IANA name, None where there is none."""
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):  # unknown; "../x" and absolute paths; a directory such as "Europe"
        return None


def spoken_zone(text: str) -> ZoneInfo | None:
    """Return the zone that somebody means by its name or its city, in any case ("berlin"); None for none."""
    wanted = text.strip().replace(" ", "_").casefold()
    named = {name.casefold(): name for name in sorted(available_timezones(), key=len, reverse=True)}
    cities = {name.rpartition("/")[2]: written for name, written in named.items()}  # of two names the shorter one
    name = named.get(wanted) or cities.get(wanted)
    return named_zone(name) if name else None


def is_plain_utc(name: str) -> bool:
    """Return whether a zone is UTC by any of its names: what servers keep, wherever their owner is.

    A place that keeps UTC all year (Africa/Abidjan) is a place.
    """
    zone = named_zone(name)
    seasons = (datetime(2025, month, 1, tzinfo=UTC) for month in (1, 7))
    at_zero = zone is not None and all(not one.astimezone(zone).utcoffset() for one in seasons)
    return at_zero and "/" not in name.removeprefix("Etc/")


def machine_zone() -> ZoneInfo:
    """Return this machine's zone, UTC where it has none or contradicts itself."""
    from tzlocal import get_localzone_name  # most configurations name their zone

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # "no time zone configured": UTC then, as said in docs/configuration.md
        try:
            name = get_localzone_name()
        except LookupError:
            name = None
    return (named_zone(name) if name else None) or ZoneInfo("UTC")
