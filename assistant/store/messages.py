"""The messages a scan read, and the addresses of mailing lists.

Everything in a batch is written with `executemany` inside the caller's one transaction (`store.write()`).
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from assistant.core.mail.envelope_facts import facts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from assistant.core.mail.envelope import Envelope
    from assistant.core.mail.message import Locator
    from assistant.store.database import Store

T = TypeVar("T")
_DIGITS = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS = [one + other for one in _DIGITS for other in _DIGITS]
MANY = 10_000  # bound values in one statement; SQLite allows 32,766


MessageRow = tuple[int, str, str, str, int, int, "int | None", "int | None", str, int, str, "int | None"]
"""A row of `message` in the order of its columns, the key first."""


class StoredMessage(NamedTuple):
    """One stored message; `facts` is what `envelope.from_facts` reads."""

    id: int
    message_id: str
    facts: str


def short_id(message_id: str) -> str:
    """Return the short id of a message: eight letters and digits (base 32, RFC 4648) that never change."""
    # Two digits at a time, because this runs for every message of a scan.
    bits = int.from_bytes(sha256(message_id.encode("utf-8", "replace")).digest()[:5], "big")
    return _PAIRS[bits >> 30] + _PAIRS[bits >> 20 & 1023] + _PAIRS[bits >> 10 & 1023] + _PAIRS[bits & 1023]


def known_uids(store: Store, folder: str, uidvalidity: int) -> frozenset[int]:
    """Return the UIDs of a folder that are stored under this UIDVALIDITY."""
    rows = store.connection.execute(
        "SELECT uid FROM message WHERE folder = ? AND uidvalidity = ?", [folder, uidvalidity]
    )
    return frozenset(uid for (uid,) in rows)


def stored_among(store: Store, folder: str, uidvalidity: int, uids: Sequence[int]) -> frozenset[int]:
    """Return which of these UIDs are stored already."""
    found: set[int] = set()
    for some in chunks(uids):
        rows = store.connection.execute(
            f"SELECT uid FROM message WHERE folder = ? AND uidvalidity = ? AND uid IN ({placeholders(some)})",
            [folder, uidvalidity, *some],
        )
        found.update(uid for (uid,) in rows)
    return frozenset(found)


def without_meeting(store: Store, folder: str, uidvalidity: int, uids: Sequence[int]) -> list[int]:
    """Return the keys of the stored messages with these UIDs that had no invitation when they were read."""
    found: list[int] = []
    for some in chunks(uids):
        rows = store.connection.execute(
            f"SELECT id FROM message WHERE folder = ? AND uidvalidity = ? AND uid IN ({placeholders(some)})"
            " AND NOT EXISTS (SELECT 1 FROM meeting WHERE meeting.message = message.id)",
            [folder, uidvalidity, *some],
        )
        found.extend(key for (key,) in rows)
    return found


def forget(store: Store, key: int) -> None:
    """Remove one message whose recipients are removed already."""
    store.connection.execute("DELETE FROM message WHERE id = ?", [key])


def has_messages(store: Store, folder: str) -> bool:
    """Return whether any message of a folder is stored."""
    return store.row("message", "folder = ?", folder) is not None


def renumbered(store: Store, folder: str, uidvalidity: int, found: Sequence[tuple[int, Envelope]]) -> frozenset[int]:
    """Give messages stored under another UIDVALIDITY their new numbers, and return the UIDs that were taken.

    `found` holds (uid, envelope). The Message-ID decides, and for several messages with one id, the size.
    """
    old: dict[str, list[tuple[int, int]]] = {}
    for ids in chunks([envelope.message_id for _, envelope in found]):
        rows = store.connection.execute(
            f"SELECT message_id, id, size FROM message WHERE message_id IN ({placeholders(ids)})"
            " AND folder = ? AND uidvalidity != ? ORDER BY id",
            [*ids, folder, uidvalidity],
        )
        for message_id, key, size in rows:
            old.setdefault(message_id, []).append((key, size))
    changes = []
    for uid, envelope in found:
        copies = old.get(envelope.message_id)
        if copies:
            best = min(copies, key=lambda copy: abs(copy[1] - envelope.size))
            copies.remove(best)
            changes.append((uidvalidity, uid, best[0]))
    store.connection.executemany("UPDATE message SET uidvalidity = ?, uid = ? WHERE id = ?", changes)
    return frozenset(uid for _, uid, _ in changes)


def other_numbers(store: Store, folder: str, uidvalidity: int) -> bool:
    """Return whether messages of a folder are stored under a UIDVALIDITY other than this one."""
    # Two ranges, since `!=` can't use the index over (folder, uidvalidity, uid).
    query = "SELECT 1 FROM message WHERE folder = ? AND uidvalidity {} ? LIMIT 1"
    return any(
        store.connection.execute(query.format(side), [folder, uidvalidity]).fetchone() is not None for side in "<>"
    )


def insert_messages(store: Store, messages: Iterable[MessageRow]) -> None:
    """Store new messages under the keys in their rows."""
    store.connection.executemany("INSERT INTO message VALUES (?,?,?,?,?,?,?,?,?,?,?,?)", messages)


def message_row(key: int, locator: Locator, envelope: Envelope, alike: int | None) -> MessageRow:
    """Return the row of a message; `alike` is its `mail_merge.merge_key`."""
    at, offset = sent_instant(envelope)
    return (
        key, envelope.message_id, short_id(envelope.message_id), locator.folder, locator.uidvalidity, locator.uid,
        at, offset, envelope.subject, envelope.size, facts(envelope), alike,
    )  # fmt: skip


def sent_instant(envelope: Envelope) -> tuple[int | None, int | None]:
    """Return when a message was sent (epoch seconds) and its UTC offset (minutes); twice None if it has no date."""
    sent = envelope.sent_at
    if sent is None:
        return None, None
    offset = sent.utcoffset()
    return int(sent.timestamp()), int(offset.total_seconds()) // 60 if offset else 0


def update_messages(store: Store, changes: Iterable[tuple[int, Envelope, int | None]]) -> None:
    """Update what is derived from the facts of stored messages; `changes` holds (key, envelope, merge key)."""
    store.connection.executemany(
        "UPDATE message SET sent_at = ?1, offset_min = ?2, facts = ?3, alike = ?4 WHERE id = ?5"
        " AND (sent_at, offset_min, facts, alike) IS NOT (?1, ?2, ?3, ?4)",  # most didn't change and cost no write
        ((*sent_instant(envelope), facts(envelope), alike, key) for key, envelope, alike in changes),
    )


def set_list_addresses(store: Store, addresses: Iterable[str]) -> None:
    """Replace all known addresses of mailing lists."""
    store.connection.execute("DELETE FROM list_address")
    add_list_addresses(store, addresses)


def messages_after(store: Store, key: int, most: int) -> list[StoredMessage]:
    """Return the next messages above a key, in order of their keys; empty at the end."""
    rows = store.connection.execute(
        "SELECT id, message_id, facts FROM message WHERE id > ? ORDER BY id LIMIT ?", [key, most]
    )
    return [StoredMessage(*row) for row in rows]


def undated(store: Store) -> list[int]:
    """Return the keys of the messages that had no believable date when they were read."""
    return [key for (key,) in store.connection.execute("SELECT id FROM message WHERE sent_at IS NULL ORDER BY id")]


def dated_after(store: Store, instant: int) -> list[int]:
    """Return the keys of the messages sent after an instant (epoch seconds)."""
    rows = store.connection.execute("SELECT id FROM message WHERE sent_at > ? ORDER BY id", [instant])
    return [key for (key,) in rows]


def newest_sent(store: Store) -> int | None:
    """Return when the newest messages were sent (epoch seconds), None if none was read yet."""
    # The oldest of the newest five, since one or two may have a made-up date.
    rows = store.connection.execute("SELECT sent_at FROM message WHERE sent_at > 0 ORDER BY sent_at DESC LIMIT 5")
    return min((at for (at,) in rows), default=None)


def messages_of(store: Store, keys: Iterable[int]) -> list[StoredMessage]:
    """Return stored messages by key."""
    found: list[StoredMessage] = []
    for some in chunks(list(keys)):
        rows = store.connection.execute(
            f"SELECT id, message_id, facts FROM message WHERE id IN ({placeholders(some)})", some
        )
        found.extend(StoredMessage(*row) for row in rows)
    return found


def copies_of(store: Store, message_ids: Iterable[str]) -> dict[str, list[StoredMessage]]:
    """Return the messages that share their Message-ID with another message, by that id."""
    found: dict[str, list[StoredMessage]] = {}
    for some in chunks(list(dict.fromkeys(message_ids))):
        several = [
            row[0]
            for row in store.connection.execute(
                f"SELECT message_id FROM message WHERE message_id IN ({placeholders(some)})"
                " GROUP BY 1 HAVING count(*) > 1",
                some,
            )
        ]
        rows = store.connection.execute(
            f"SELECT id, message_id, facts FROM message WHERE message_id IN ({placeholders(several)})", several
        )
        for row in rows:
            found.setdefault(row[1], []).append(StoredMessage(*row))
    return found


def spans_by_merge_key(store: Store, keys: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Return the earliest and latest instant (epoch seconds) of these messages for each of their merge keys."""
    found: dict[int, tuple[int, int]] = {}
    for some in chunks(list(keys)):
        rows = store.connection.execute(
            f"SELECT alike, min(sent_at), max(sent_at) FROM message WHERE id IN ({placeholders(some)})"
            " AND alike IS NOT NULL GROUP BY alike",
            some,
        )
        for alike, first, last in rows:
            before = found.get(alike, (first, last))
            found[alike] = (min(first, before[0]), max(last, before[1]))
    return found


def alike_messages(
    store: Store, spans: Mapping[int, tuple[int, int]], fewest: int, around: int
) -> dict[int, list[tuple[int, int, int, str]]]:
    """Return (key, sent_at, size, facts) of messages by merge key, for keys that at least `fewest` messages have.

    `spans` gives the earliest and latest instant for each key. Messages up to `around` seconds outside of it count.
    """
    found: dict[int, list[tuple[int, int, int, str]]] = {}
    for some in chunks(list(spans)):
        crowded = store.connection.execute(
            f"SELECT alike FROM message WHERE alike IN ({placeholders(some)})"
            f" GROUP BY alike HAVING count(*) >= {int(fewest)}",
            some,
        ).fetchall()
        for (alike,) in crowded:
            first, last = spans[alike]
            found[alike] = store.connection.execute(
                "SELECT id, sent_at, size, facts FROM message WHERE alike = ? AND sent_at BETWEEN ? AND ?",
                [alike, first - around, last + around],
            ).fetchall()
    return found


def crowded(store: Store, fewest: int) -> list[int]:
    """Return the merge keys that at least `fewest` messages have."""
    rows = store.connection.execute(
        "SELECT alike FROM message WHERE alike IS NOT NULL GROUP BY alike HAVING count(*) >= ?", [fewest]
    )
    return [alike for (alike,) in rows]


def members_of(store: Store, alike: int) -> Iterator[tuple[int, int, int, str]]:
    """Yield (key, sent_at, size, facts) of the messages of one merge key."""
    yield from store.connection.execute("SELECT id, sent_at, size, facts FROM message WHERE alike = ?", [alike])


def copied(store: Store) -> Iterator[int]:
    """Yield the keys of the messages that share their Message-ID with another; those of one id come together."""
    yield from (
        key
        for (key,) in store.connection.execute(
            "SELECT m.id FROM (SELECT message_id FROM message GROUP BY 1 HAVING count(*) > 1) c"
            " CROSS JOIN message m ON m.message_id = c.message_id"
        )
    )


def known_list_addresses(store: Store) -> set[str]:
    """Return all known addresses of mailing lists."""
    return {row[0] for row in store.connection.execute("SELECT address FROM list_address")}


def add_list_addresses(store: Store, addresses: Iterable[str]) -> None:
    """Store addresses of mailing lists."""
    store.connection.executemany("INSERT OR IGNORE INTO list_address VALUES (?)", ((one,) for one in addresses))


def messages_to(store: Store, addresses: Iterable[str]) -> set[int]:
    """Return the keys of messages written to any of these addresses."""
    found: set[int] = set()
    for some in chunks(list(addresses)):
        rows = store.connection.execute(
            "SELECT DISTINCT r.message FROM address a CROSS JOIN recipient_row r ON r.spelling = a.id"
            f" WHERE a.address IN ({placeholders(some)})",
            some,
        )
        found.update(row[0] for row in rows)
    return found


def facts_of_strangers(store: Store) -> Iterator[str]:
    """Yield the facts of each message with recipients that was sent from an address that isn't the owner's."""
    yield from (
        facts
        for (facts,) in store.connection.execute(
            "SELECT facts FROM message WHERE id IN (SELECT r.message FROM recipient_row r"
            " WHERE r.judgement IN (SELECT id FROM judgement WHERE reason = 'not-owner'))"
        )
    )


def senders_written(store: Store, most: int) -> frozenset[str]:
    """Return the first sender of each of the `most` newest messages, as it's written; empty if none was read."""
    rows = store.connection.execute(
        "SELECT DISTINCT json_extract(facts, '$.f[0][0]') FROM (SELECT facts FROM message ORDER BY id DESC LIMIT ?)",
        [most],
    )
    return frozenset(sender for (sender,) in rows if sender)


def name_a_sender(store: Store, first: int, last: int) -> bool:
    """Return whether any message with a key above `first`, up to `last`, says from which address it is."""
    query = "SELECT 1 FROM message WHERE id > ? AND id <= ? AND json_extract(facts, '$.f') IS NOT NULL LIMIT 1"
    return store.connection.execute(query, [first, last]).fetchone() is not None


def last_key(store: Store) -> int:
    """Return the key of the newest message, 0 for none."""
    return int(store.connection.execute("SELECT coalesce(max(id), 0) FROM message").fetchone()[0])


def last_digest_at(store: Store) -> int | None:
    """Return when the last digest was built (epoch seconds), None for never."""
    row = store.connection.execute("SELECT max(built_at) FROM digest").fetchone()
    return row[0] if row else None


def placeholders(values: Collection[object]) -> str:
    """Return as many question marks as there are values, for IN (…)."""
    return ",".join("?" * len(values))


def chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Yield the values in parts small enough for one statement."""
    for start in range(0, len(values), MANY):
        yield values[start : start + MANY]
