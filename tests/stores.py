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
