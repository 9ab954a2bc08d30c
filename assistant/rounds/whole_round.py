"""One whole round: what the daemon and `assistant once` do.

deliver what waits ──> scan Sent, and what came from the roster ──> obey the replies ──> receipts of taps
                                                                   ──> this week's digest, if due ──> deliver
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.rounds.delivery import drafts
from assistant.rounds.delivery.outbox import Delivery, deliver, is_time, is_to_look
from assistant.rounds.delivery.restore import catch_up
from assistant.rounds.digest import build
from assistant.rounds.digest.when_due import due_now
from assistant.rounds.replies import process, receipts
from assistant.rounds.scan import run
from assistant.rounds.scan.received import read_received
from assistant.store import outbox

if TYPE_CHECKING:
    from datetime import datetime

    from assistant.config import Config
    from assistant.core.replies.transcript import Transcript
    from assistant.rounds.context import Round
    from assistant.rounds.scan.run import ScanResult
    from assistant.store.database import Store


@dataclass(frozen=True, slots=True)
class Done:
    """What one round did; `digest` is the week whose digest was built, None if none was."""

    scans: tuple[ScanResult, ...]
    transcripts: tuple[Transcript, ...]
    digest: str | None
    delivery: Delivery


def run_whole_round(round_: Round) -> Done:
    """Do one whole round at `round_.now` and return what was done. A second one right after it changes nothing.

    Raises UnreachableError or UserError from the ports. What was done before that is kept and not done again.
    """
    first = deliver(round_.way, round_.now)
    scans = run.scan_sent_mail(round_)
    read_received(round_, every_folder=due_now(round_.config, round_.store, round_.now) is not None)
    # Before replies and digest: after a restore both depend on what went out since the backup.
    catch_up(round_, due_now(round_.config, round_.store, round_.now))
    # Before the digest, which then knows what the owner just said.
    transcripts = process.process(round_)
    receipts.mail_receipts(round_)
    built = digest_if_due(round_)
    second = deliver(round_.way, round_.now)
    if any(result.new for result in scans):
        drafts.update_states(round_)
    drafts.clear_sent(round_)
    both = Delivery(first.sent + second.sent, first.refused + second.refused, second.waiting)
    return Done(scans, process.delivered(round_.store, transcripts), built, both)


def digest_if_due(round_: Round) -> str | None:
    """Build this week's digest if it's due, and return its week ("2026-W13"); None if it isn't."""
    found = due_now(round_.config, round_.store, round_.now)
    if found is None:
        return None
    build.build(round_, found)
    return found.week


def reason_to_act(config: Config, store: Store, now: datetime) -> bool:
    """Return whether a digest or a receipt is due, or the outbox has work to do.

    A tick asks this before it opens the mailbox.
    """
    epoch = int(now.timestamp())
    entries = outbox.open_entries(store)
    if any(is_to_look(one, epoch) if one.state == "doubt" else is_time(one, epoch) for one in entries):
        return True
    return receipts.any_due(store, epoch) or due_now(config, store, now) is not None
