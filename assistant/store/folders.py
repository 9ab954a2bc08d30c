"""The mail folders and how far each was read."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from assistant.core.mail.message import Cursor
from assistant.store import facts

if TYPE_CHECKING:
    from assistant.store.database import Store


def cursor_of(store: Store, folder: str) -> Cursor | None:
    """Return how far a folder was read, None if it never was."""
    row = store.row("folder", "name = ?", folder)
    return Cursor(row["uidvalidity"], row["last_uid"], row["modseq"]) if row else None


def set_cursor(store: Store, folder: str, cursor: Cursor, complete_to: int | None = None) -> None:
    """Note how far a folder was read. `complete_to` (epoch seconds) says when it was read to its end."""
    with store.write() as db:
        db.execute(
            "INSERT INTO folder VALUES (?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET"
            " uidvalidity = excluded.uidvalidity, last_uid = excluded.last_uid, modseq = excluded.modseq,"
            " complete_to = coalesce(excluded.complete_to, complete_to)",
            [folder, cursor.uidvalidity, cursor.last_uid, cursor.modseq, complete_to],
        )


def forget_folders(store: Store, prefix: str) -> None:
    """Forget the cursors under names that begin with `prefix`, and what was noted under such names."""
    pattern = f"{prefix}*"
    store.connection.execute("DELETE FROM folder WHERE name GLOB ?", [pattern])
    # Such as "unread NAME" and "trouble NAME".
    store.connection.execute("DELETE FROM fact WHERE name GLOB ? OR name GLOB ?", [pattern, f"* {pattern}"])


def last_scan_at(store: Store, until: int = sys.maxsize) -> int | None:
    """Return when a folder was last read to its end (epoch seconds, not after `until`), None for never."""
    row = store.connection.execute("SELECT max(complete_to) FROM folder WHERE complete_to <= ?", [until]).fetchone()
    return int(row[0]) if row[0] is not None else None


def was_ever_read(store: Store) -> bool:
    """Return whether any folder was ever read to its end."""
    return store.row("folder", "complete_to IS NOT NULL") is not None


def read_again(store: Store) -> None:
    """Let the next scan read every folder but the archives from its start. What is stored stays."""
    for (name,) in store.connection.execute("SELECT name FROM folder").fetchall():
        if facts.fact(store, f"archive {name}") is None:
            facts.set_fact(store, f"again {name}", "1")
