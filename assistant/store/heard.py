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


def heard_of(store: Store, uid: str) -> list[Heard]:
    """Return all that was heard of one UID."""
    rows = store.connection.execute("SELECT source, sender, at, facts FROM heard WHERE uid = ?", [uid])
    return [Heard(source, sender, at, read_invitation(facts)) for source, sender, at, facts in rows]
