"""The result of one reply (or one `assistant do`): the value that is stored, rendered and printed as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from assistant.core.digest.roster_row import Row

Outcome = Literal["ok", "ask", "unknown", "refused", "noise"]


@dataclass(frozen=True, slots=True)
class TranscriptLine:
    """One line of the owner's and what came of it in one sentence.

    `details` are further lines (a brief, a status), and below them are the `rows` of a roster. `cause` is the
    transaction it belongs to, where one transcript is about several.
    """

    text: str
    outcome: Outcome
    effect: str
    details: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Transcript:
    """The whole answer. `id` is like "T17"; `message_id` is None for one from the command line.

    `changes` is how many things changed. `left_out` says what of the mail was not read ("3 lines of signature, the
    quoted digest"), "" for nothing. `delivered` turns True once the outbox says so.
    """

    id: str
    message_id: str | None
    subject: str
    lines: tuple[TranscriptLine, ...]
    changes: int
    left_out: str = ""
    delivered: bool = False

    def count(self, outcome: Outcome) -> int:
        """Return how many lines have that outcome."""
        return sum(line.outcome == outcome for line in self.lines)
