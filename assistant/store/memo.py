"""What the program notes for itself between rounds, by name (table `fact`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.store.database import Store


def fact(store: Store, name: str) -> str | None:
    """Return what was noted under a name, None when nothing ever was."""
    row = store.connection.execute("SELECT value FROM fact WHERE name = ?", [name]).fetchone()
    return str(row[0]) if row else None


def set_fact(store: Store, name: str, value: str) -> None:
    """Note something under a name; the newest wins."""
    with store.write() as db:
        db.execute(
            "INSERT INTO fact VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", [name, value]
        )
