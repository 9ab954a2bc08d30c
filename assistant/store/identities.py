"""Addresses with the names they were written to by, links to people, and questions about them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from assistant.store.messages import chunks, placeholders

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from assistant.store.database import Store


def add_names(store: Store, times: Mapping[int, int]) -> None:
    """Add to the counts of messages by spelling (its number). Negative counts subtract."""
    store.connection.executemany(
        "UPDATE address SET times = times + ? WHERE id = ?",
        [(number, spelling) for spelling, number in times.items() if number],
    )


def new_pairs(store: Store, spellings: Iterable[int]) -> set[tuple[str, str]]:
    """Return the (address, name) of those spellings that no message was counted for yet."""
    found: set[tuple[str, str]] = set()
    for some in chunks(list(spellings)):
        found.update(
            store.connection.execute(
                f"SELECT address, name FROM address WHERE id IN ({placeholders(some)}) AND times <= 0", some
            )
        )
    return found


def seen_among(store: Store, addresses: Iterable[str]) -> set[str]:
    """Return which of these addresses were written to, under any name."""
    found: set[str] = set()
    for some in chunks(list(addresses)):
        query = f"SELECT address FROM address WHERE address IN ({placeholders(some)}) AND times > 0"
        found.update(address for (address,) in store.connection.execute(query, some))
    return found


def names_of_addresses(store: Store, addresses: Iterable[str] | None = None) -> dict[str, dict[str, int]]:
    """Return the names seen with each address (None: with all addresses) and how often, the most frequent first."""
    found: dict[str, dict[str, int]] = {}
    order = " ORDER BY address, times DESC, name"
    if addresses is None:
        for address, name, times in store.connection.execute(
            f"SELECT address, name, times FROM address WHERE times > 0{order}"
        ):
            found.setdefault(address, {})[name] = times
        return found
    for some in chunks(list(addresses)):
        for address, name, times in store.connection.execute(
            f"SELECT address, name, times FROM address WHERE address IN ({placeholders(some)}) AND times > 0{order}",
            some,
        ):
            found.setdefault(address, {})[name] = times
    return found


def links(store: Store) -> dict[tuple[str, str], str]:
    """Return every link as (address, handle) to its lane: said, auto or no."""
    return {
        (address, person): lane
        for address, person, lane in store.connection.execute("SELECT address, person, lane FROM belongs")
    }


def linked_since(store: Store, instant: int | None) -> list[tuple[str, str]]:
    """Return (address, handle) of the links that the rules made after `instant` (epoch seconds; None: all of them)."""
    rows = store.connection.execute(
        "SELECT b.address, b.person FROM belongs b JOIN person p ON p.handle = b.person"
        " WHERE b.lane = 'auto' AND p.status = 'active' AND b.since > ? ORDER BY b.person, b.address",
        [-1 if instant is None else instant],
    )
    return [(address, handle) for address, handle in rows]


def handles_of_addresses(store: Store) -> dict[str, str]:
    """Return the handle for each linked address. If two people share one, an active one wins, then the first handle."""
    # The last row of an address wins in the dict, so the order here runs backwards.
    rows = store.connection.execute(
        "SELECT b.address, b.person FROM belongs b JOIN person p ON p.handle = b.person"
        " WHERE b.lane != 'no' ORDER BY p.status = 'active', b.person DESC"
    )
    return dict(rows.fetchall())


def open_questions(store: Store, kind: str) -> dict[str, tuple[bool, dict[str, Any]]]:
    """Return the open questions of a kind by key, each as (whether it was asked, payload)."""
    # "!" is the character after the blank: a range over the primary key instead of a walk through all questions.
    rows = store.connection.execute(
        "SELECT key, asked_at, payload FROM question WHERE answer IS NULL AND key >= ? AND key < ?",
        [f"{kind} ", f"{kind}!"],
    )
    return {key: (asked is not None, json.loads(payload)) for key, asked, payload in rows}


def put_question(store: Store, key: str, payload: Mapping[str, Any]) -> None:
    """Store a question. An open one gets the new payload, an answered one stays as it is."""
    # An answer is remembered, also a no, so a later scan can't ask again.
    text = json.dumps(payload, ensure_ascii=False, sort_keys=True)
    store.connection.execute(
        "INSERT INTO question (key, payload) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET payload = excluded.payload"
        " WHERE answer IS NULL",
        [key, text],
    )


def drop_question(store: Store, key: str) -> None:
    """Remove a question that was never asked."""
    store.connection.execute("DELETE FROM question WHERE key = ? AND asked_at IS NULL AND answer IS NULL", [key])


def mark(store: Store) -> list[int]:
    """Return counts that change with each new address, name, mailing list or answer.

    The first is the number of (address, name) pairs.
    """
    counted = ("FROM address WHERE times > 0", "FROM list_address", "FROM question WHERE answer IS NOT NULL")
    return [int(store.connection.execute(f"SELECT count(*) {what}").fetchone()[0]) for what in counted]
