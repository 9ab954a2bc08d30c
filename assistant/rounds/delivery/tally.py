"""Count what was delivered, by kind, and say it in one sentence.

    Digest delivered, 5 drafts saved.

Only mail to somebody else is "sent". Mail to the owner is "delivered", a draft is "saved".
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.store import outbox

if TYPE_CHECKING:
    from assistant.rounds.delivery.outbox import Delivery
    from assistant.store.database import Store


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of messages by what became of them. `late` of the `waiting` ones were tried in vain."""

    digests: int = 0
    drafts: int = 0
    transcripts: int = 0
    notices: int = 0
    sent: int = 0
    refused: int = 0
    waiting: int = 0
    late: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return the counts as `once --json` prints them."""
        return {
            "delivered": {"digests": self.digests, "transcripts": self.transcripts, "notices": self.notices},
            "drafts_saved": self.drafts,
            "sent": self.sent,
            "refused": self.refused,
            "waiting": self.waiting,
        }

    def sentence(self) -> str:
        """Return the counts as a sentence, "" if there is nothing to say."""
        parts = [
            "digest delivered" if self.digests == 1 else _part(self.digests, "digest", "delivered"),
            _part(self.drafts, "draft", "saved"),
            _part(self.transcripts, "transcript", "delivered"),
            _part(self.notices, "notice", "delivered"),
            _part(self.sent, "message", "sent"),
            _part(self.refused, "message", "refused by the mail server"),
            _part(self.late, "message", "still to be delivered"),
        ]
        said = ", ".join(part for part in parts if part)
        return f"{said[0].upper()}{said[1:]}." if said else ""


def count_delivery(store: Store, done: Delivery) -> Tally:
    """Return the counts of a delivery. The copy of a sent message that is put into Sent isn't counted."""
    ended = Counter(outbox.entry(store, number).order.kind for number in done.sent)
    waiting = [outbox.entry(store, number) for number in done.waiting]
    return Tally(
        digests=ended["digest"],
        drafts=ended["draft"],
        transcripts=ended["transcript"],
        notices=ended["notice"],
        sent=ended["send"],
        refused=len(done.refused),
        waiting=len(waiting),
        # Mail to somebody else in doubt isn't late, it waits for the owner.
        late=sum(entry.tries > 0 and not (entry.state == "doubt" and entry.order.kind == "send") for entry in waiting),
    )


def _part(count: int, what: str, became: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'} {became}" if count else ""
