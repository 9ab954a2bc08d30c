"""What the program notes for itself between rounds, by name (table `fact`).

For each folder these include what couldn't be read of it, and how many messages to ask for at once.
"""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

from assistant.core.mail.withheld import Unread

if TYPE_CHECKING:
    from assistant.store.database import Store


def fact(store: Store, name: str) -> str | None:
    """Return what was noted under a name, None if nothing ever was."""
    row = store.row("fact", "name = ?", name)
    return row["value"] if row else None


def set_fact(store: Store, name: str, value: str) -> None:
    """Note something under a name, in place of what was there."""
    with store.write() as db:
        # Plain SQL: every batch of a scan notes one, and sqlite-utils' upsert takes twenty times as long.
        db.execute(
            "INSERT INTO fact VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", [name, value]
        )


class Paces:
    """How many messages to ask a server for at once, by folder. Fits the mailbox's port `Pace`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def pace(self, folder: str) -> int | None:
        """Return how many messages to ask for at once, None for the usual number."""
        noted = fact(self._store, f"pace {folder}")
        return int(noted) if noted else None

    def set_pace(self, folder: str, pace: int | None) -> None:
        """Note how many messages to ask for at once, None for the usual number."""
        # Kept between rounds: after a round in which the server fell silent, the next asks for less from the start.
        set_fact(self._store, f"pace {folder}", str(pace or ""))


def unread(store: Store, folder: str, uidvalidity: int) -> Unread | None:
    """Return what of a folder was not read, None if an earlier version of the program read it and noted nothing."""
    noted = json.loads(fact(store, _name(folder)) or "null")
    if noted is None or noted["uidvalidity"] != uidvalidity:
        return None  # the server renumbered the folder, so the noted UIDs mean other messages now
    return Unread(
        tuple((first, last) for first, last in noted["spans"]),
        {int(uid): tuple(map(date.fromisoformat, days)) for uid, days in noted["alone"].items()},
        {int(uid): date.fromisoformat(day) for uid, day in noted["given_up"].items()},
        noted["tries"],
        noted["tried_at"],
    )


def note(store: Store, folder: str, uidvalidity: int, unread: Unread) -> None:
    """Note what of a folder was not read."""
    told = {
        "uidvalidity": uidvalidity,
        "spans": unread.spans,
        "alone": {uid: [day.isoformat() for day in days] for uid, days in unread.alone.items()},
        "given_up": {uid: day.isoformat() for uid, day in unread.given_up.items()},
        "tries": unread.tries,
        "tried_at": unread.tried_at,
    }
    set_fact(store, _name(folder), json.dumps(told))


def _name(folder: str) -> str:
    return f"unread {folder}"
