"""How long no sign-in to the submission server is tried: after three refusals, one try per hour (promise 12).

It's kept in the data file and not with an order: mail to the owner takes the way into INBOX meanwhile, so every new
order would try once more.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from assistant.store import facts

if TYPE_CHECKING:
    from datetime import datetime

    from assistant.store.database import Store

NAME = "submission refused"
LOGIN_TRIES = 3
LOGIN_WAIT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _Refused:
    """Sign-ins refused in a row: how many, the last reason, and when the next is due (epoch seconds)."""

    tries: int
    why: str
    after: int


def wait_after(tries: int) -> timedelta:
    """Return how long to wait after that many refused sign-ins: 1 and 2 minutes, then an hour."""
    return LOGIN_WAIT if tries >= LOGIN_TRIES else timedelta(minutes=2 ** (tries - 1))


def why_shut(store: Store, now: datetime) -> str | None:
    """Return why no sign-in is tried at `now`, None if one may be."""
    noted = _noted(store)
    at = now.timestamp()
    # A time further ahead than the longest wait means that the clock was set back.
    return noted.why if noted and at < noted.after <= at + LOGIN_WAIT.total_seconds() else None


def refused(store: Store, now: datetime, why: str) -> None:
    """Note a refused sign-in, and why."""
    before = _noted(store)
    tries = (before.tries if before else 0) + 1
    noted = _Refused(tries, why, int((now + wait_after(tries)).timestamp()))
    facts.set_fact(store, NAME, json.dumps(asdict(noted), ensure_ascii=False))


def works(store: Store) -> None:
    """Forget the refusals after a sign-in that worked."""
    if _noted(store):
        facts.set_fact(store, NAME, "")


def _noted(store: Store) -> _Refused | None:
    value = facts.fact(store, NAME)
    return _Refused(**json.loads(value)) if value else None
