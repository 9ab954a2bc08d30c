"""What came of one reply (or one `assistant do`): the value that is stored, printed as JSON and rendered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Outcome = Literal["ok", "ask", "unknown", "refused", "noise"]


@dataclass(frozen=True, slots=True)
class TranscriptLine:
    """One line of the owner's: what came of it in one sentence; `details` are further lines (a brief, a status)."""

    text: str
    outcome: Outcome
    effect: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Transcript:
    """The whole answer. `id` is "T17"; `message_id` None when said on the command line.

    `changes` counts what changed; `left_out` says what of the mail was not read ("3 lines of signature, the quoted
    digest"), "" for nothing. `delivered` is True once the outbox says so.
    """

    id: str
    message_id: str | None
    subject: str
    lines: tuple[TranscriptLine, ...]
    changes: int
    left_out: str = ""
    delivered: bool = False

    def count(self, outcome: Outcome) -> int:
        """Return how many lines ended so."""
        return sum(line.outcome == outcome for line in self.lines)
