"""Obey the owner's answers in Sent, each once, and answer each with a transcript.

    messages of Sent not looked at yet ──> could it be one? ──> find_order ─┬─> Order ──> obey, in one transaction with
                                              │                             │             the transcript that is queued
                                              │                             │             (a tap's may wait)
                                              └──> left alone               ├─> Refused ──> passed over, never looked at
                                                                            │               again
                                                                            └─> None ──> looked at in the next round

A refused message is never answered, neither by a bounce nor by a word to the apparent sender (docs/replies.md).
"""

from __future__ import annotations

import json
import logging
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

from assistant.core.language.phrases import Phrases
from assistant.core.mail.envelope_facts import from_facts
from assistant.core.replies import own_ids
from assistant.errors import UnreachableError
from assistant.rounds.delivery import restore
from assistant.rounds.replies import from_inbox
from assistant.rounds.replies.answered_message import exposed_to
from assistant.rounds.replies.find_order import ReplyOrder, could_be_order, order_in_inbox, order_in_sent
from assistant.rounds.replies.obey import obey
from assistant.rounds.replies.plan_inputs import Context
from assistant.rounds.replies.receipts import count_waiting, queue_transcript
from assistant.store import facts, replies

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from assistant.core.replies.authenticate import Accepted, Refused
    from assistant.core.replies.transcript import Transcript
    from assistant.rounds.context import Round
    from assistant.rounds.replies.transcript_details import Lookups
    from assistant.store.database import Store

log = logging.getLogger("assistant.replies")

A_DAY = 20  # transcripts; the next reply waits until tomorrow
STUCK = "unread replies"
MOST_STUCK = 50
LOOK_BACK = timedelta(days=22)  # a day more than a token holds, since older messages can't answer anything


def process(round_: Round, answers: Lookups | None = None) -> tuple[Transcript, ...]:
    """Obey all new answers of the owner, oldest first, and return their transcripts.

    Raises UnreachableError if the mailbox can't be read. What was obeyed before that stays obeyed.
    """
    asked = answers or _answers(round_)
    done: list[Transcript] = []
    for message_id, found in chain(_in_sent(round_), _in_inbox(round_)):
        if isinstance(found, ReplyOrder):
            done.append(_obeyed(round_, found, asked))
        else:
            # Ordinary mail to oneself isn't worth a line in the log.
            level = logging.DEBUG if found.reason == "no-token" else logging.INFO
            log.log(level, "passed over reason=%s", found.reason)
            replies.pass_over(round_.store, message_id, found.reason, round_.epoch)
    return tuple(done)


def _in_sent(round_: Round) -> Iterator[tuple[str, ReplyOrder | Refused]]:
    """Yield (Message-ID, order or refusal) for the messages in Sent that weren't looked at before."""
    since = round_.epoch - int(LOOK_BACK.total_seconds())
    folders = round_.folders
    # Folders by year too, where some programs put what they send. Never INBOX or an archive: anybody's mail gets there.
    also = (name for name in (*folders.also_sent, *(one.name for one in folders.by_year)) if name != folders.inbox)
    for candidate in replies.possible_replies(round_.store, folders.sent, since, *also):
        envelope = from_facts(candidate.facts, round_.now)
        if not could_be_order(envelope, round_) or replies.is_known(round_.store, candidate.message_id):
            continue
        if _enough_today(round_):
            return
        try:
            found = order_in_sent(round_, candidate, envelope)
        except UnreachableError as error:
            if not _is_stuck(round_, candidate.message_id, error):
                raise
            continue
        if found is not None:
            yield candidate.message_id, found


def _in_inbox(round_: Round) -> Iterator[tuple[str, ReplyOrder | Refused]]:
    """Yield the same for INBOX, if the config opens the second door."""
    for arrived in from_inbox.arrived(round_):
        found = None if _enough_today(round_) else order_in_inbox(round_, arrived)
        if found is None:
            return  # the cursor stays before it, so it comes again in the next round
        yield arrived.message_id, found


def delivered(store: Store, transcripts: Iterable[Transcript]) -> tuple[Transcript, ...]:
    """Return the transcripts with `delivered` set as the outbox has it now."""
    return tuple(
        replace(transcript, delivered=replies.delivery_state(store, transcript.id) == "sent")
        for transcript in transcripts
    )


def _is_stuck(round_: Round, message_id: str, error: UnreachableError) -> bool:
    """Return whether this message couldn't be read in an earlier round either."""
    # The first failure ends the round, as it may be the connection. After that one bad message mustn't stop the other
    # answers. It's tried again in every round, so nothing the owner said is lost.
    if error.retry_after is not None:
        return False
    noted: list[str] = json.loads(facts.fact(round_.store, STUCK) or "[]")
    if message_id in noted:
        log.warning("left for later reason=unreadable")
        return True
    facts.set_fact(round_.store, STUCK, json.dumps([*noted, message_id][-MOST_STUCK:]))
    return False


def _obeyed(round_: Round, order: ReplyOrder, answers: Lookups) -> Transcript:
    ours, accepted = order.answers, order.accepted
    say = Phrases(round_.config.digest.language)
    refusal = say("refused", why=order.trimmed.refusal) if order.trimmed.refusal else ""
    named = bool(accepted.message_id)
    answered_before = named and restore.was_answered(round_, accepted.message_id, accepted.said_at)

    def deliver(transcript: Transcript) -> int:
        # After a restore: obeyed again, but not answered again.
        return queue_transcript(round_, transcript, ours, accepted.references, had_before=answered_before)

    context = Context(
        round_.random_bytes,
        digest=ours.digest if ours else None,
        parents=replies.causes_of(round_.store, ours.message_id) if ours else (),
        thread=_thread(round_, accepted),
        message_id=accepted.message_id or None,
        body_hash=order.hash,
        token=ours.token if ours else None,
        exposed=bool(ours and exposed_to(round_.store, round_.config, ours, round_.now)),
        said_at=accepted.said_at,
        subject=order.subject,
        left_out=order.trimmed.left_out,
        doubtful=order.trimmed.doubtful,
        places=order.trimmed.places,
        lines=order.lines,
        reader=None if order.lines is not None else round_.reader,
        refusal=refusal,
        postscript=say("a-day", count=A_DAY) if _mailed_today(round_) == A_DAY - 1 else "",
        outside=accepted.outside,
        newcomers=True,
        unsure=answered_before or restore.is_unsure(round_, accepted.said_at),
        deliver=deliver,
        receipt_may_wait=order.button and not answered_before,
    )
    round_.step("before obeying")
    transcript = obey(round_.store, round_.config, order.trimmed.lines, context, round_.now, answers)
    round_.step("obeyed")
    return transcript


def _thread(round_: Round, accepted: Accepted) -> tuple[str, ...]:
    """Return the transactions whose transcripts are among the last five References, nearest first."""
    found = (replies.lookup(round_.store, token) for token in own_ids.tokens_in(reversed(accepted.references[-5:])))
    return tuple(cause for row in found if row for cause in replies.causes_of(round_.store, row.message_id))


def _enough_today(round_: Round) -> bool:
    enough = _mailed_today(round_) >= A_DAY
    if enough:
        log.info("waits reason=too-many-today")
    return enough


def _mailed_today(round_: Round) -> int:
    midnight = datetime.combine(round_.today, time(), round_.config.me.timezone)
    # With the receipts that wait, each of which is one more mail of today.
    return replies.mailed_since(round_.store, int(midnight.astimezone(UTC).timestamp())) + count_waiting(round_.store)


def _answers(round_: Round) -> Lookups:
    from assistant.rounds.replies.lookups import StoreLookups
    from assistant.rounds.replies.newcomers import first_drafts

    return StoreLookups(
        round_.config, round_.store, round_.now, lambda: nullcontext(round_), partial(first_drafts, round_)
    )
