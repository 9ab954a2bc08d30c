"""When the receipts of taps are mailed, and the one transcript that several taps get (docs/replies.md).

Each tap is obeyed at once, as a transaction of its own. Only its receipt may wait, for those of other taps of the same
digest: until nothing was tapped for ten minutes, or for an hour.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.core.replies.transcript import Transcript, TranscriptLine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.core.language.phrases import Phrases
    from assistant.core.replies.plan.state import Planned

QUIET = 10 * 60  # seconds
LONGEST = 60 * 60  # seconds


def may_wait(plans: Sequence[Planned]) -> bool:
    """Return whether the receipt of a tap that did this may wait: it changed something, and the owner needs no answer.

    They do if something was asked back or refused, if they wanted to see something, after `stop`, and after `send`,
    which `undo` stops for ten minutes only.
    """
    ordinary = all(
        plan.outcome in {"ok", "noise"} and not (plan.look or plan.orders or plan.again or plan.revoke)
        for plan in plans
    )
    return ordinary and any(plan.changes for plan in plans)


def is_due(tapped_at: Sequence[int], now: int) -> bool:
    """Return whether the receipts of taps that were obeyed then are to be mailed (all in epoch seconds)."""
    # If the last lies ahead, the clock was set back, and nobody knows how long it would still be waited for.
    return not (0 <= now - max(tapped_at) < QUIET and now - min(tapped_at) < LONGEST)


def one_receipt(transcripts: Sequence[Transcript], undone: frozenset[str], subject: str, say: Phrases) -> Transcript:
    """Return one transcript, with that subject, for taps of the same digest (one or more, oldest first).

    Its id and Message-ID are the last tap's. `undone` are the transactions that were taken back in the meantime.
    """
    lines: list[TranscriptLine] = []
    for one in transcripts:
        if one.id in undone:
            lines.append(TranscriptLine(one.lines[0].text, "noise", say("undo.before", cause=one.id)))
        elif len(transcripts) == 1:
            lines += one.lines
        else:
            lines += (replace(line, cause=one.id if line.outcome == "ok" else "") for line in one.lines)
    changes = sum(one.changes for one in transcripts if one.id not in undone)
    last = transcripts[-1]
    return Transcript(last.id, last.message_id, subject, tuple(lines), changes)
