"""The headers of mail that people on the roster sent to the owner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.store.messages import chunks, placeholders

if TYPE_CHECKING:
    from collections.abc import Iterable

    from assistant.store.database import Store


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
    for some in chunks(sorted(set(addresses))):
        rows = store.connection.execute(
            "SELECT message_id, sender, sent_at, facts FROM received"
            f" WHERE sender IN ({placeholders(some)}) GROUP BY sender, message_id ORDER BY sent_at DESC LIMIT ?",
            [*some, limit],
        )
        found += [ReceivedMail(*row) for row in rows]
    found.sort(key=lambda one: (one.sent_at is not None, one.sent_at or 0), reverse=True)
    return found[:limit]
