"""The first scan's way of writing: the indexes wait until all is read, for sorting once beats a search for each row.

    begin ─> (batches, each whole) ─> finish ─> settle what messages say of each other ─> settled

The state is a fact of the store, so that a scan cut off anywhere goes on where it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.store.memo import fact, set_fact
from assistant.store.schema import index_statement

if TYPE_CHECKING:
    from assistant.store.database import Store

LATE_INDEXES = (
    "recipient_by_spelling",
    "message_alike",
    "message_by_message_id",
    "message_by_short",
    "message_by_sent_at",
)
"""The indexes that reading alone does not need."""
FACT = "bulk"
READING, SETTLING = "reading", "settling"
CACHE_KIB, USUAL_CACHE_KIB = 16_000, 2_000
"""Memory for pages: one batch fits into it, so that no page of it is written twice; SQLite's own otherwise."""


def begin(store: Store) -> None:
    """Drop the indexes that can wait; doing it again changes nothing."""
    store.connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    with store.write() as db:
        for name in LATE_INDEXES:
            db.execute(f"DROP INDEX IF EXISTS {name}")
        set_fact(store, FACT, READING)


def finish(store: Store) -> None:
    """Make the indexes that are missing; what messages say of each other is still to be settled then."""
    with store.write() as db:
        for name in LATE_INDEXES:
            if db.execute("SELECT 1 FROM sqlite_schema WHERE name = ?", [name]).fetchone() is None:
                db.execute(index_statement(name))
        set_fact(store, FACT, SETTLING)
    store.connection.execute(f"PRAGMA cache_size = -{USUAL_CACHE_KIB}")


def settled(store: Store) -> None:
    """Note that nothing is left to be done."""
    set_fact(store, FACT, "")


def is_reading(store: Store) -> bool:
    """Return whether indexes are missing, for a first scan is under way or was cut off."""
    return fact(store, FACT) == READING


def is_open(store: Store) -> bool:
    """Return whether a first scan's messages are still to be settled."""
    return bool(fact(store, FACT))
