"""Addresses and the names they were written to with; who was asked about."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from assistant.store.messages import chunks, marks

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from assistant.store.database import Store


def add_names(store: Store, times: Mapping[int, int]) -> None:
    """Count spellings (by number) seen in so many more messages; fewer where a number is negative."""
    store.connection.executemany(
        "UPDATE address SET times = times + ? WHERE id = ?",
        [(number, spelling) for spelling, number in times.items() if number],
    )


def new_pairs(store: Store, spellings: Iterable[int]) -> set[tuple[str, str]]:
    """Return those of these spellings, as (address, name), that no message was counted for yet."""
    found: set[tuple[str, str]] = set()
    for some in chunks(list(spellings)):
        found.update(
            store.connection.execute(
                f"SELECT address, name FROM address WHERE id IN ({marks(some)}) AND times <= 0", some
            )
        )
    return found


def seen_among(store: Store, addresses: Iterable[str]) -> set[str]:
    """Return which of these addresses were written to, by whatever name."""
    found: set[str] = set()
    for some in chunks(list(addresses)):
        query = f"SELECT address FROM address WHERE address IN ({marks(some)}) AND times > 0"
        found.update(address for (address,) in store.connection.execute(query, some))
    return found


def names_of_addresses(store: Store, addresses: Iterable[str] | None = None) -> dict[str, dict[str, int]]:
    """Return the names seen with each address and how often, all addresses when None; most written first."""
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
            f"SELECT address, name, times FROM address WHERE address IN ({marks(some)}) AND times > 0{order}", some
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
    """Return (address, handle) of the rules' own links that are newer than `instant`; all of them for None."""
    rows = store.connection.execute(
        "SELECT b.address, b.person FROM belongs b JOIN person p ON p.handle = b.person"
        " WHERE b.lane = 'auto' AND p.status = 'active' AND b.since > ? ORDER BY b.person, b.address",
        [-1 if instant is None else instant],
    )
    return [(address, handle) for address, handle in rows]


def handles_of_addresses(store: Store) -> dict[str, str]:
    """Return whose each linked address is; of an address that two share, the first handle."""
    rows = store.connection.execute(
        "SELECT b.address, b.person FROM belongs b JOIN person p ON p.handle = b.person"
        " WHERE b.lane != 'no' ORDER BY p.status = 'active', b.person DESC"
    )
    return dict(rows.fetchall())


def open_questions(store: Store, kind: str) -> dict[str, tuple[bool, dict[str, Any]]]:
    """Return the open questions of a kind by key: whether it was asked already, and its payload."""
    rows = store.connection.execute(
        "SELECT key, asked_at, payload FROM question WHERE answer IS NULL AND key >= ? AND key < ?",
        [f"{kind} ", f"{kind}!"],
    )
    return {key: (asked is not None, json.loads(payload)) for key, asked, payload in rows}


def put_question(store: Store, key: str, payload: Mapping[str, Any]) -> None:
    """Keep a question for its turn; one that is open gets the new payload, one that was answered stays answered."""
    text = json.dumps(payload, ensure_ascii=False, sort_keys=True)
    store.connection.execute(
        "INSERT INTO question (key, payload) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET payload = excluded.payload"
        " WHERE answer IS NULL",
        [key, text],
    )


def drop_question(store: Store, key: str) -> None:
    """Forget a question that nobody was asked yet."""
    store.connection.execute("DELETE FROM question WHERE key = ? AND asked_at IS NULL AND answer IS NULL", [key])


def mark(store: Store) -> list[int]:
    """Return numbers that change when an address or name is seen for the first time, or a list becomes known.

    The first is how many (address, name) pairs there are.
    """
    counted = ("FROM address WHERE times > 0", "FROM list_address", "FROM question WHERE answer IS NOT NULL")
    return [int(store.connection.execute(f"SELECT count(*) {what}").fetchone()[0]) for what in counted]
