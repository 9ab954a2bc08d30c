"""Which letters came back, and from whom: what delivery reports in the folders read say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.store.scanned import chunks, marks

if TYPE_CHECKING:
    from collections.abc import Iterable

    from assistant.store.database import Store


def add(store: Store, bounces: Iterable[tuple[str, str]]) -> None:
    """Keep (Message-ID, normal address) of letters that came back."""
    store.connection.executemany("INSERT OR IGNORE INTO bounce VALUES (?, ?)", bounces)


def set_all(store: Store, bounces: Iterable[tuple[str, str]]) -> None:
    """Put these in the place of all letters known to have come back."""
    store.connection.execute("DELETE FROM bounce")
    add(store, bounces)


def addresses_of(store: Store, message_ids: Iterable[str]) -> dict[str, set[str]]:
    """Return the addresses at which each of these messages came back; those that came back nowhere are left out."""
    found: dict[str, set[str]] = {}
    for some in chunks(list(message_ids)):
        query = f"SELECT message_id, address FROM bounce WHERE message_id IN ({marks(some)})"
        for message_id, address in store.connection.execute(query, some):
            found.setdefault(message_id, set()).add(address)
    return found


def messages(store: Store, message_ids: Iterable[str] | None = None) -> set[int]:
    """Return the keys of messages that came back, of these Message-IDs or of all."""
    query = "SELECT m.id FROM bounce b CROSS JOIN message m ON m.message_id = b.message_id"
    if message_ids is None:
        return {key for (key,) in store.connection.execute(query)}
    found: set[int] = set()
    for some in chunks(list(message_ids)):
        rows = store.connection.execute(f"{query} WHERE b.message_id IN ({marks(some)})", some)
        found.update(key for (key,) in rows)
    return found
