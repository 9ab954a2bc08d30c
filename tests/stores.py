"""Stores in memory, which the test that opened them leaves open: conftest closes them when it ends."""

from __future__ import annotations

from assistant.store.database import Store

_opened: list[Store] = []


def memory_store() -> Store:
    """Return a new store in memory, open until the end of this test."""
    _opened.append(Store(None))
    return _opened[-1]


def close_stores() -> None:
    """Close all that were opened since the last time."""
    while _opened:
        _opened.pop().close()


def passed_over_reasons(store: Store) -> dict[str, str]:
    """Return the reason word of every message that was not obeyed, by Message-ID, in the order they were noted."""
    return {row["message_id"]: row["reason"] for row in store.db.table("passed_over").rows}
