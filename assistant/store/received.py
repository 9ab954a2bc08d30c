"""The headers of mail that people on the roster sent to the owner, and reports of letters that came back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.store.messages import chunks, placeholders

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from assistant.core.mail.message import Locator
    from assistant.store.database import Store

REPORT = ""
"""What stands in place of the sender of a delivery report."""


@dataclass(frozen=True, slots=True)
class ReceivedMail:
    """A received message: `sender` is a normal address, `sent_at` epoch seconds or None, `facts` an Envelope's."""

    message_id: str
    sender: str
    sent_at: int | None
    facts: str


def received_from(store: Store, addresses: Iterable[str], limit: int) -> list[ReceivedMail]:
    """Return at most `limit` messages from these normal addresses, newest first, undated ones last.

    A message that lies in several folders comes once. Empty if there are none.
    """
    found: list[ReceivedMail] = []
    for some in chunks(sorted(set(addresses) - {REPORT})):
        rows = store.connection.execute(
            "SELECT message_id, sender, sent_at, facts FROM received"
            f" WHERE sender IN ({placeholders(some)}) GROUP BY sender, message_id ORDER BY sent_at DESC LIMIT ?",
            [*some, limit],
        )
        found += [ReceivedMail(*row) for row in rows]
    found.sort(key=lambda one: (one.sent_at is not None, one.sent_at or 0), reverse=True)
    return found[:limit]


def keep_received(store: Store, place: Locator, mail: ReceivedMail) -> int:
    """Store a message, or what changed of one that the folder holds from this sender already. Return its key."""
    told = (*place, mail.message_id, mail.sender, mail.sent_at, mail.facts)
    # Anybody can write somebody else's Message-ID on their mail, which must not take that one's place.
    where = "folder = ? AND message_id = ? AND sender = ?"
    known = store.row("received", where, place.folder, mail.message_id, mail.sender)
    if known is None:
        cursor = store.connection.execute(
            "INSERT OR REPLACE INTO received (folder, uidvalidity, uid, message_id, sender, sent_at, facts)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            told,
        )
        return int(cursor.lastrowid or 0)
    store.connection.execute(
        "UPDATE OR REPLACE received SET (folder, uidvalidity, uid, message_id, sender, sent_at, facts)"
        " = (?, ?, ?, ?, ?, ?, ?) WHERE id = ?",
        [*told, known["id"]],
    )
    return int(known["id"])


def reports(store: Store) -> list[str]:
    """Return the facts of all delivery reports."""
    return [facts for (facts,) in store.connection.execute("SELECT facts FROM received WHERE sender = ?", [REPORT])]


def forget_received(store: Store, kept: Collection[str]) -> list[int]:
    """Remove the mail of all senders but those `kept`, and return the keys that it had. Reports need REPORT to stay."""
    rows = store.connection.execute("SELECT id, sender FROM received").fetchall()
    gone = [key for key, sender in rows if sender not in kept]
    store.connection.executemany("DELETE FROM received WHERE id = ?", ((key,) for key in gone))
    return gone


def naming(store: Store, message_id: str, senders: Collection[str]) -> list[tuple[str, str]]:
    """Return (sender, facts) of the mail of these senders that may name a message."""
    rows = store.connection.execute(
        f"SELECT sender, facts FROM received WHERE sender IN ({placeholders([*senders])}) AND instr(facts, ?)",
        [*senders, message_id],
    )
    return [(sender, facts) for sender, facts in rows if sender != REPORT]


def looked_for(store: Store, folder: str) -> set[str]:
    """Return the addresses, as they were searched for, whose mail was looked for in a folder from its start."""
    rows = store.connection.execute("SELECT address FROM looked_for WHERE folder = ?", [folder])
    return {address for (address,) in rows}


def note_looked_for(store: Store, folder: str, addresses: Iterable[str]) -> None:
    """Note that the mail of these addresses was looked for."""
    store.connection.executemany(
        "INSERT OR IGNORE INTO looked_for VALUES (?, ?)", ((folder, address) for address in addresses)
    )


def forget_looked_for(store: Store, kept: Collection[str]) -> None:
    """Forget that mail of any other address than those `kept` was looked for, so that it's looked for again."""
    rows = store.connection.execute("SELECT DISTINCT address FROM looked_for").fetchall()
    store.connection.executemany(
        "DELETE FROM looked_for WHERE address = ?", (row for row in rows if row[0] not in kept)
    )


def facts_to(store: Store, address: str, text: str, most: int) -> list[str]:
    """Return the facts of the newest `most` sent messages to a normal address that hold `text`, whatever its case."""
    rows = store.connection.execute(
        "SELECT DISTINCT m.facts FROM address a CROSS JOIN recipient_row r ON r.spelling = a.id"
        " JOIN message m ON m.id = r.message WHERE a.address = ? AND instr(lower(m.facts), ?)"
        " ORDER BY r.at DESC LIMIT ?",
        [address, text.lower(), most],
    )
    return [facts for (facts,) in rows]


def sent_around(store: Store, addresses: Iterable[str], instant: int, seconds: int) -> str:
    """Return the Message-ID of the message to one of these addresses sent closest to `instant` (epoch seconds).

    "" if there is none within so many `seconds` before or after.
    """
    some = list(addresses)
    row = store.connection.execute(
        "SELECT m.message_id FROM address a CROSS JOIN recipient_row r ON r.spelling = a.id"
        f" JOIN message m ON m.id = r.message WHERE a.address IN ({placeholders(some)}) AND m.sent_at BETWEEN ? AND ?"
        " ORDER BY abs(m.sent_at - ?) LIMIT 1",
        [*some, instant - seconds, instant + seconds, instant],
    ).fetchone()
    return str(row[0]) if row else ""


def keys_of(store: Store, message_id: str) -> list[int]:
    """Return the keys of the sent messages with a Message-ID, empty for none."""
    rows = store.connection.execute("SELECT id FROM message WHERE message_id = ?", [message_id])
    return [key for (key,) in rows]


def undated(store: Store) -> list[tuple[int, str]]:
    """Return (key, facts) of the mail without a believable date."""
    rows = store.connection.execute("SELECT id, facts FROM received WHERE sent_at IS NULL")
    return [(key, facts) for key, facts in rows]


def set_date(store: Store, key: int, instant: int) -> None:
    """Date a message (epoch seconds)."""
    store.connection.execute("UPDATE received SET sent_at = ? WHERE id = ?", [instant, key])
