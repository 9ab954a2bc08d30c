"""What received mail and calendars say about meetings: invitations, answers, events.

Sent mail's own are in `meetings`. Both are judged together, by UID.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.core.contact.calendar import invitation_facts, read_invitation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.core.contact.calendar import Invitation
    from assistant.store.database import Store


_MOST_WORDS = 200


@dataclass(frozen=True, slots=True)
class Heard:
    """An invitation that the owner didn't send.

    `source` is "received 12" (the id of the message) or "calendar NAME". `sender` is the normal address it came from,
    "" for a calendar. `at` is when it was said (epoch seconds), None if no date can be trusted.
    """

    source: str
    sender: str
    at: int | None
    invitation: Invitation


def replace_heard(store: Store, source: str, sender: str, at: int | None, found: Sequence[Invitation]) -> set[str]:
    """Store what one source says in place of what it said before. Return the UIDs of both, to be judged again."""
    before = {uid for (uid,) in store.connection.execute("SELECT uid FROM heard WHERE source = ?", [source])}
    store.connection.execute("DELETE FROM heard WHERE source = ?", [source])
    store.connection.executemany(
        "INSERT OR REPLACE INTO heard VALUES (?, ?, ?, ?, ?, ?)",
        ((one.uid, one.recurrence, source, sender, at, invitation_facts(one)) for one in found),
    )
    return before | {one.uid for one in found}


def told_by(store: Store, source: str) -> dict[tuple[str, str], Invitation]:
    """Return what one source says now, by (UID, RECURRENCE-ID)."""
    rows = store.connection.execute("SELECT uid, recurrence, facts FROM heard WHERE source = ?", [source])
    return {(uid, recurrence): read_invitation(facts) for uid, recurrence, facts in rows}


def calendars_heard(store: Store) -> set[str]:
    """Return the names of the calendars that anything is kept of."""
    rows = store.connection.execute("SELECT DISTINCT source FROM heard WHERE source GLOB 'calendar *'")
    return {source.partition(" ")[2] for (source,) in rows}


def uids_in_mail(store: Store) -> set[str]:
    """Return the UIDs of all meetings that a message tells of, the owner's or another."""
    return {
        uid
        for (uid,) in store.connection.execute(
            "SELECT uid FROM meeting UNION SELECT uid FROM heard WHERE source GLOB 'received *'"
        )
    }


def unattended(store: Store, start: int, end: int) -> list[Invitation]:
    """Return the events of calendars that name nobody and ended within [start, end), the oldest first."""
    rows = store.connection.execute("SELECT facts FROM heard WHERE source GLOB 'calendar *'")
    events = (read_invitation(facts) for (facts,) in rows)
    found = [one for one in events if not (one.attendees or one.organiser or one.cancelled) and one.end is not None]
    return sorted((one for one in found if start <= (one.end or 0) < end), key=lambda one: (one.start or 0, one.uid))


def heard_of(store: Store, uid: str) -> list[Heard]:
    """Return what was heard of one UID; of one sender's words the newest 200, so that nobody can make it endless."""
    rows = store.connection.execute(
        "SELECT source, sender, at, facts FROM (SELECT *, row_number() OVER"
        " (PARTITION BY sender ORDER BY at DESC, source DESC, recurrence) AS place FROM heard WHERE uid = ?)"
        " WHERE place <= ? OR sender = ''",
        [uid, _MOST_WORDS],
    )
    return [Heard(source, sender, at, read_invitation(facts)) for source, sender, at, facts in rows]
