"""When this data folder was first used: a week whose slot lies before that is not owed (docs/reliability.md)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from assistant.store import digests

if TYPE_CHECKING:
    from assistant.store.database import Store

NAME = "set_up_at"


def set_up_at(store: Store, now: datetime) -> datetime:
    """Return when this data folder was first used (UTC); `now` for a new one."""
    stored = digests.fact(store, NAME)
    return datetime.fromtimestamp(int(stored), UTC) if stored else now


def remember_set_up(store: Store, now: datetime) -> None:
    """Note the first use of this data folder; an earlier moment wins, since clocks are set back."""
    epoch = int(now.timestamp())
    if epoch < int(set_up_at(store, now).timestamp()) or digests.fact(store, NAME) is None:
        digests.set_fact(store, NAME, str(epoch))
