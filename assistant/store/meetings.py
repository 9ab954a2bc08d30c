"""Meetings: invitations as they were read, and the occurrences they lead to.

Whether a meeting is over depends on `now`. So each occurrence is stored with what it counts *once it has ended*, and
queries say `meeting-ahead` until then.

A meeting is told of by the owner's messages (`meeting`), by received mail and by calendars (`store.heard`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.core.contact.calendar import invitation_facts, read_invitation
from assistant.core.contact.verdict import RULE_VERSION
from assistant.store.messages import chunks, placeholders

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    from assistant.core.contact.calendar import Invitation
    from assistant.core.contact.meetings import Occurrence
    from assistant.store.database import Store


ATTENDED = frozenset({"accepted", "held"})
"""States of a meeting that the owner was at, once it's over."""
_OPEN = "reason IN ('meeting-unconfirmed', 'invited')"


@dataclass(frozen=True, slots=True)
class StoredInvitation:
    """An invitation with the key, the date and the facts (`envelope.from_facts`) of the message it came in."""

    message: int
    sent_at: int | None
    message_facts: str
    invitation: Invitation


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting; instants in epoch seconds. `addresses` are those of everybody but the owner, in normal form.

    `state` is accepted, tentative, requested, invited, held (it stands in a calendar), declined, cancelled, counter or
    unknown. `recurs` means one of a series.
    """

    uid: str
    start: int
    end: int
    summary: str
    addresses: tuple[str, ...]
    names: tuple[str, ...]
    state: str
    recurs: bool = False


def insert_invitations(store: Store, found: Sequence[tuple[int, Invitation]]) -> None:
    """Store invitations; `found` holds (key of the message, invitation)."""
    store.connection.executemany(
        "INSERT OR REPLACE INTO meeting VALUES (?, ?, ?, ?)",
        ((message, one.uid, one.recurrence, invitation_facts(one)) for message, one in found),
    )


def invitations_of(store: Store, uid: str) -> list[StoredInvitation]:
    """Return all invitations with one UID, with their messages."""
    rows = store.connection.execute(
        "SELECT i.message, m.sent_at, m.facts, i.facts FROM meeting i JOIN message m ON m.id = i.message"
        " WHERE i.uid = ?",
        [uid],
    )
    return [StoredInvitation(message, at, told, read_invitation(facts)) for message, at, told, facts in rows]


def all_uids(store: Store) -> set[str]:
    """Return the UID of every meeting ever seen or heard of."""
    return {row[0] for row in store.connection.execute("SELECT uid FROM meeting UNION SELECT uid FROM heard")}


def uids_of(store: Store, messages: Iterable[int]) -> set[str]:
    """Return the UIDs of the meetings in these messages."""
    found: set[str] = set()
    for some in chunks(list(messages)):
        rows = store.connection.execute(
            f"SELECT DISTINCT uid FROM meeting WHERE message IN ({placeholders(some)})", some
        )
        found.update(row[0] for row in rows)
    return found


def uids_with(store: Store, addresses: Iterable[str]) -> set[str]:
    """Return the UIDs of the meetings with any of these addresses."""
    found: set[str] = set()
    for some in chunks(list(addresses)):
        rows = store.connection.execute(
            f"SELECT DISTINCT uid FROM occurrence WHERE address IN ({placeholders(some)})", some
        )
        found.update(row[0] for row in rows)
    return found


def laid_out(store: Store) -> set[tuple[Any, ...]]:
    """Return all occurrences as (uid, start, address, verdict, reason), so that two states can be compared."""
    return set(store.connection.execute("SELECT uid, start, address, verdict, reason FROM occurrence"))


def replace_occurrences(store: Store, uid: str, occurrences: Sequence[Occurrence], horizon: int | None) -> None:
    """Replace the occurrences of a UID.

    `horizon` (epoch seconds) says how far ahead a recurring meeting is laid out; None for a single one.
    """
    store.connection.execute("DELETE FROM occurrence WHERE uid = ?", [uid])
    store.connection.execute("DELETE FROM series WHERE uid = ?", [uid])
    store.connection.executemany(
        f"INSERT INTO occurrence VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,{RULE_VERSION})",
        (
            (uid, o.recurrence, o.message, o.source, *o[2:6], o.summary, o.state, *o.verdict, o.fixed)
            for o in occurrences
        ),
    )
    if horizon is not None:
        store.connection.execute("INSERT INTO series VALUES (?, ?)", [uid, horizon])


def series_short_of(store: Store, instant: int) -> list[str]:
    """Return the UIDs of recurring meetings whose occurrences end before `instant` (epoch seconds)."""
    return [row[0] for row in store.connection.execute("SELECT uid FROM series WHERE horizon < ?", [instant])]


def meetings_between(store: Store, start: int, end: int) -> list[Meeting]:
    """Return the meetings that begin within [start, end), without declined and canceled ones, soonest first."""
    return _meetings(store, "start >= ? AND start < ?", [start, end])


def with_addresses(store: Store, addresses: Sequence[str], start: int, end: int) -> list[Meeting]:
    """Return the meetings with any of these addresses that begin within [start, end); empty for no addresses."""
    if not addresses:
        return []
    return _meetings(
        store, f"address IN ({placeholders(addresses)}) AND start >= ? AND start < ?", [*addresses, start, end]
    )


def own_titles(store: Store, addresses: Sequence[str], owner: Container[str]) -> frozenset[str]:
    """Return the titles of meetings with these addresses that stand in the owner's own words.

    Those are in messages that the owner sent, and in a calendar where nobody else invites. Empty for no addresses.
    """
    with_them = f"uid IN (SELECT uid FROM occurrence WHERE address IN ({placeholders(addresses)}))"
    sent = store.connection.execute(f"SELECT facts FROM meeting WHERE {with_them}", [*addresses])
    noted = store.connection.execute(
        f"SELECT facts FROM heard WHERE source GLOB 'calendar *' AND {with_them}", [*addresses]
    )
    events = (read_invitation(facts) for (facts,) in noted)
    own = (one for one in events if one.organiser is None or one.organiser.address in owner)
    return frozenset(one.summary for one in (*(read_invitation(facts) for (facts,) in sent), *own))


def unconfirmed(store: Store, addresses: Sequence[str], start: int, end: int) -> list[Meeting]:
    """Return the meetings with these addresses that ended within [start, end) and may not have taken place.

    The owner invited them and nobody answered, or they invited the owner, who didn't.
    """
    if not addresses:
        return []
    where = f'{_OPEN} AND address IN ({placeholders(addresses)}) AND "end" >= ? AND "end" < ?'
    return _meetings(store, where, [*addresses, start, end])


def is_unconfirmed(store: Store, uid: str) -> bool:
    """Return whether nothing tells of some occurrence of a meeting whether it took place."""
    return store.connection.execute(f"SELECT 1 FROM occurrence WHERE uid = ? AND {_OPEN}", [uid]).fetchone() is not None


def _meetings(store: Store, where: str, values: Sequence[object]) -> list[Meeting]:
    rows = store.connection.execute(
        'SELECT uid, start, "end", summary, address, name, state, uid IN (SELECT uid FROM series) FROM occurrence'
        f" WHERE {where} AND reason NOT IN ('declined', 'cancelled', 'counter', 'role-address')"
        " ORDER BY start, uid, address",
        values,
    )
    found: dict[tuple[str, int], list[tuple[Any, ...]]] = {}
    for row in rows:
        found.setdefault((row[0], row[1]), []).append(row)
    meetings = []
    for group in found.values():
        uid, start, end, summary, _, _, state, recurs = group[0]
        addresses, names = tuple(row[4] for row in group), tuple(row[5] for row in group)
        meetings.append(Meeting(uid, start, end, summary, addresses, names, state, bool(recurs)))
    return meetings
