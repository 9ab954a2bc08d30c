"""Judged recipients, their tally by verdict and reason, and which letters bounced.

A recipient is stored as four numbers: message, spelling (an address with a name), judgement and instant. `Numbers`
numbers spellings and judgements, and the view `recipient` turns them back into words. Bounces are known from the
delivery reports in the folders that are read.
"""

from __future__ import annotations

import json
from collections import Counter
from operator import itemgetter
from typing import TYPE_CHECKING

from assistant.core.contact.verdict import RULE_VERSION, Judged, Judgement, Spelling, Verdict
from assistant.store.messages import chunks, placeholders

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from assistant.store.database import Store

Row = tuple[int, int, int, "int | None"]
"""(message, spelling, judgement, at): a recipient as it is stored."""
Stored = tuple[Spelling, Judgement, "int | None"]
"""A recipient in words: spelling, judgement, at."""
# Spellings remembered at a time, so that memory stays flat however many there are.
MOST_SPELLINGS = 16_384
# Reasons of rows that don't say what the owner calls somebody: not sent, not by the owner, or counted already.
SILENT = ("draft", "not-owner", "duplicate")
_SPELLING, _JUDGEMENT = itemgetter(1), itemgetter(2)


class Spellings(dict[Spelling, int]):
    """The number of each spelling, assigned on first use, within the caller's transaction.

    Make a new one after a rollback: numbers assigned in that transaction are gone.
    """

    def __init__(self, store: Store, most: int = MOST_SPELLINGS) -> None:
        super().__init__()
        self._connection = store.connection
        self._most = most

    def __missing__(self, spelling: Spelling) -> int:
        if len(self) >= self._most:
            self.clear()
        row = self._connection.execute("SELECT id FROM address WHERE address = ? AND name = ?", spelling).fetchone()
        if row is None:
            insert = "INSERT INTO address (address, name, times) VALUES (?, ?, 0) RETURNING id"
            row = self._connection.execute(insert, spelling).fetchone()
        self[spelling] = number = int(row[0])
        return number


class Judgements(dict[Judgement, int]):
    """The number of each judgement by today's rules, assigned on first use like those of spellings."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._connection = store.connection

    def __missing__(self, judgement: Judgement) -> int:
        field, verdict, known = judgement
        words = (field, *verdict, json.dumps(list(known)) if known else "", RULE_VERSION)
        # DO UPDATE and not DO NOTHING, since only then does RETURNING give the id of a row that is there.
        insert = (
            "INSERT INTO judgement (field, verdict, weight, reason, if_known, rule_version) VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET field = field RETURNING id"
        )
        (number,) = self._connection.execute(insert, words).fetchone()
        self[judgement] = number
        return int(number)


class Numbers:
    """The numbers of spellings and judgements, and rows made of them."""

    def __init__(self, store: Store) -> None:
        self.spellings = Spellings(store)
        self.judgements = Judgements(store)

    def rows(self, message: int, judged: Iterable[Judged]) -> list[Row]:
        """Return the recipients of one message as rows."""
        return [self.row(message, stored_of(one)) for one in judged]

    def row(self, message: int, stored: Stored) -> Row:
        """Return one recipient as a row."""
        spelling, judgement, at = stored
        return message, self.spellings[spelling], self.judgements[judgement], at


def stored_of(judged: Judged) -> Stored:
    """Return a judged recipient in words."""
    return (judged.address, judged.name), judged.judgement, int(judged.at.timestamp()) if judged.at else None


def verdict_of(text: str) -> Verdict:
    """Return the verdict in an `if_known`: what a desk's address counts if it's on the roster."""
    return Verdict(*json.loads(text))


def stored_rows(store: Store, messages: Iterable[int]) -> dict[int, list[Stored]]:
    """Return the stored recipients by message; messages without any are left out."""
    found: dict[int, list[Stored]] = {}
    for some in chunks(list(messages)):
        for message, address, name, field, verdict, weight, reason, at, known in store.connection.execute(
            "SELECT message, address, name, field, verdict, weight, reason, at, if_known FROM recipient"
            f" WHERE message IN ({placeholders(some)})",
            some,
        ):
            judgement = Judgement(field, Verdict(verdict, weight, reason), verdict_of(known) if known else None)
            found.setdefault(message, []).append(((address, name), judgement, at))
    return found


def insert_rows(store: Store, rows: Sequence[Row]) -> None:
    """Insert recipients of messages that have none yet, and add them to the tally."""
    store.connection.executemany("INSERT INTO recipient_row VALUES (?, ?, ?, ?)", rows)
    _count(store, Counter(map(_JUDGEMENT, rows)))


def named(store: Store, rows: Sequence[Row]) -> Counter[int]:
    """Count the spellings in rows that say what the owner calls somebody."""
    silent = {
        number
        for (number,) in store.connection.execute(
            f"SELECT id FROM judgement WHERE reason IN ({placeholders(SILENT)})", SILENT
        )
    }
    return Counter((row[1] for row in rows if row[2] not in silent) if silent else map(_SPELLING, rows))


def rows_of(store: Store, message: int) -> list[Row]:
    """Return the recipients of one message as rows."""
    return store.connection.execute("SELECT * FROM recipient_row WHERE message = ?", [message]).fetchall()


def replace_rows(store: Store, message: int, old: Sequence[Row], new: Sequence[Row]) -> None:
    """Replace the recipients of one message; `old` are those stored now."""
    store.connection.execute("DELETE FROM recipient_row WHERE message = ?", [message])
    _count(store, {number: -count for number, count in Counter(map(_JUDGEMENT, old)).items()})
    insert_rows(store, new)


def _count(store: Store, counts: Mapping[int, int]) -> None:
    store.connection.executemany(
        "INSERT INTO tally SELECT verdict, reason, ? FROM judgement WHERE id = ?"
        " ON CONFLICT (verdict, reason) DO UPDATE SET rows = rows + excluded.rows",
        [(count, number) for number, count in counts.items()],
    )


def tally(store: Store) -> dict[tuple[str, str], int]:
    """Return how many recipients there are by (verdict, reason), without meetings."""
    rows = store.rows("tally WHERE rows != 0")
    return {(row["verdict"], row["reason"]): row["rows"] for row in rows}


def tally_between(store: Store, first: int, last: int) -> Counter[tuple[str, str]]:
    """Return the same for messages with keys above `first`, up to `last`."""
    # For all messages the tally already has the answer, and millions of rows needn't be counted.
    if first == 0 and store.connection.execute("SELECT 1 FROM message WHERE id > ?", [last]).fetchone() is None:
        return Counter(tally(store))
    rows = store.connection.execute(
        "SELECT j.verdict, j.reason, sum(r.rows) FROM (SELECT judgement, count(*) AS rows FROM recipient_row"
        " WHERE message > ? AND message <= ? GROUP BY 1) r JOIN judgement j ON j.id = r.judgement GROUP BY 1, 2",
        [first, last],
    )
    return Counter({(verdict, reason): number for verdict, reason, number in rows})


def add_bounces(store: Store, bounces: Iterable[tuple[str, str]]) -> None:
    """Store bounces as (Message-ID, address in normal form)."""
    store.connection.executemany("INSERT OR IGNORE INTO bounce VALUES (?, ?)", bounces)


def remove_bounces(store: Store, bounces: Iterable[tuple[str, str]]) -> None:
    """Remove bounces. A report in sent mail that says the same counts again after the next recheck."""
    store.connection.executemany("DELETE FROM bounce WHERE message_id = ? AND address = ?", bounces)


def set_bounces(store: Store, bounces: Iterable[tuple[str, str]]) -> None:
    """Replace all known bounces."""
    store.connection.execute("DELETE FROM bounce")
    add_bounces(store, bounces)


def bounced_addresses(store: Store, message_ids: Iterable[str]) -> dict[str, set[str]]:
    """Return the addresses that each of these messages bounced from; messages that didn't bounce are left out."""
    found: dict[str, set[str]] = {}
    for some in chunks(list(message_ids)):
        query = f"SELECT message_id, address FROM bounce WHERE message_id IN ({placeholders(some)})"
        for message_id, address in store.connection.execute(query, some):
            found.setdefault(message_id, set()).add(address)
    return found


def bounced_messages(store: Store, message_ids: Iterable[str] | None = None) -> set[int]:
    """Return the keys of messages that bounced, among these Message-IDs (None: all)."""
    query = "SELECT m.id FROM bounce b CROSS JOIN message m ON m.message_id = b.message_id"
    if message_ids is None:
        return {key for (key,) in store.connection.execute(query)}
    found: set[int] = set()
    for some in chunks(list(message_ids)):
        rows = store.connection.execute(f"{query} WHERE b.message_id IN ({placeholders(some)})", some)
        found.update(key for (key,) in rows)
    return found
