"""When the digests of this owner come: by the config's slot, what was done, and the owner's pause or stop."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING

from assistant.core.digest.week import Slot, coming, due, latest
from assistant.core.replies.plan.undo import FOR_EVER
from assistant.rounds.first_use import set_up_at
from assistant.store import digests, roster

if TYPE_CHECKING:
    from assistant.config import Config
    from assistant.core.digest.week import Due
    from assistant.store.database import Store


def slot_of(config: Config) -> Slot:
    """Return when in each week the digest goes out."""
    return Slot(config.digest.day, config.digest.time, config.me.timezone)


def due_now(config: Config, store: Store, now: datetime) -> Due | None:
    """Return the digest that is due at `now`, None if none is or the owner paused or stopped them."""
    settings = roster.settings(store)
    today = now.astimezone(config.me.timezone).date()
    paused = settings.get("paused_until")
    if settings.get("stopped") or (paused and date.fromisoformat(paused) > today):
        return None
    return due(now, slot_of(config), _last_week(config, store, now), set_up_at(store, now))


def next_digest(config: Config, store: Store, now: datetime) -> datetime | None:
    """Return when the next digest comes, in the owner's zone; None if the owner stopped or paused them indefinitely."""
    settings = roster.settings(store)
    paused = settings.get("paused_until")
    if settings.get("stopped") or paused == FOR_EVER:
        return None
    zone = config.me.timezone
    begin = max(now, datetime.combine(date.fromisoformat(paused), time(), zone)) if paused else now
    return coming(begin, slot_of(config), _last_week(config, store, now), set_up_at(store, now)).astimezone(zone)


def _last_week(config: Config, store: Store, now: datetime) -> str | None:
    return digests.last_week(store, latest(now, config.me.timezone))
