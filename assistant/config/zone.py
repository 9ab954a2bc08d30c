"""Time zones by name, and this machine's own."""

from __future__ import annotations

import warnings
from zoneinfo import ZoneInfo


def named_zone(name: str) -> ZoneInfo | None:
    """Return the zone of that IANA name, None where there is none."""
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):  # unknown; "../x" and absolute paths; a directory such as "Europe"
        return None


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
