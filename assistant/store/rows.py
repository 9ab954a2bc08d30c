"""Judged recipients as rows, and the tally of them by verdict and reason."""

from __future__ import annotations

import json
from collections import Counter
from operator import itemgetter
from typing import TYPE_CHECKING

from assistant.core.contact import RULE_VERSION, Judged, Verdict
from assistant.store.scanned import chunks, marks

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from assistant.store.database import Store

Row = tuple[int, str, str, str, str, float, str, int | None, str | None]
"""(message, address, name, field, verdict, weight, reason, at, if_known) as it is stored."""
_WORDS = itemgetter(4, 6)


def row_of(message: int, judged: Judged) -> Row:
    """Return a judged recipient as it is stored."""
    at = int(judged.at.timestamp()) if judged.at else None
    known = json.dumps(list(judged.if_known)) if judged.if_known else None
    return (message, judged.address, judged.name, judged.field, *judged.verdict, at, known)


def verdict_of(text: str) -> Verdict:
    """Return the verdict that an `if_known` holds."""
    return Verdict(*json.loads(text))


def rows_of(store: Store, messages: Iterable[int]) -> dict[int, list[Row]]:
    """Return the recipients of messages as stored, by message; those without any are left out."""
    found: dict[int, list[Row]] = {}
    for some in chunks(list(messages)):
        for row in store.connection.execute(
            "SELECT message, address, name, field, verdict, weight, reason, at, if_known FROM recipient"
            f" WHERE message IN ({marks(some)})",
            some,
        ):
            found.setdefault(row[0], []).append(row)
    return found


def insert_rows(store: Store, rows: Sequence[Row]) -> None:
    """Keep judged recipients of messages that have none yet, and count them."""
    store.connection.executemany(
        "INSERT INTO recipient (message, address, name, field, verdict, weight, reason, at, if_known, rule_version)"
        f" VALUES (?,?,?,?,?,?,?,?,?,{RULE_VERSION})",
        rows,
    )
    _count(store, Counter(map(_WORDS, rows)))


def replace_rows(store: Store, message: int, old: Sequence[Row], new: Sequence[Row]) -> None:
    """Put the recipients of one message in the place of the old ones."""
    store.connection.execute("DELETE FROM recipient WHERE message = ?", [message])
    _count(store, Counter({key: -number for key, number in Counter((row[4], row[6]) for row in old).items()}))
    insert_rows(store, new)


def _count(store: Store, counts: Mapping[tuple[str, str], int]) -> None:
    store.connection.executemany(
        "INSERT INTO tally VALUES (?, ?, ?) ON CONFLICT (verdict, reason) DO UPDATE SET rows = rows + excluded.rows",
        ((*key, number) for key, number in counts.items()),
    )


def tally(store: Store) -> dict[tuple[str, str], int]:
    """Return how many recipient rows there are by (verdict, reason); meetings apart."""
    rows = store.connection.execute("SELECT verdict, reason, rows FROM tally WHERE rows != 0")
    return {(verdict, reason): number for verdict, reason, number in rows}


def tally_between(store: Store, first: int, last: int) -> Counter[tuple[str, str]]:
    """Return the same for messages above the key `first`, up to `last`; of all without a walk."""
    if first == 0 and store.connection.execute("SELECT 1 FROM message WHERE id > ?", [last]).fetchone() is None:
        return Counter(tally(store))
    rows = store.connection.execute(
        "SELECT verdict, reason, count(*) FROM recipient WHERE message > ? AND message <= ? GROUP BY 1, 2",
        [first, last],
    )
    return Counter({(verdict, reason): number for verdict, reason, number in rows})
