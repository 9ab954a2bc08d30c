"""Mail the transcripts of answers: a typed one's at once, those of taps together (docs/replies.md).

    taps without a receipt ──> by digest ──> ten quiet minutes, or an hour? ──> one mail in the outbox, and the taps
                                                                                point to it, in one transaction

So whenever the process ends, each tap has one receipt or still waits for it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from assistant.core.mail.header import decode_words, split_fields
from assistant.core.replies import own_ids
from assistant.core.replies.receipts import is_due, one_receipt
from assistant.render.mail import Party, compose, transcript_headers
from assistant.render.transcript import render_transcript, transcript_subject
from assistant.rounds.delivery import own_headers, restore
from assistant.rounds.replies.find_order import DISPLAY_NAME
from assistant.rounds.replies.obey import transcript_from
from assistant.store import outbox, replies, roster

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.core.replies.transcript import Transcript
    from assistant.rounds.context import Round
    from assistant.store.database import Store
    from assistant.store.replies import Issued, WaitingTap

SECRET_BYTES = 32


def mail_receipts(round_: Round) -> None:
    """Queue one mail for the taps of each digest that have waited long enough."""
    for token, taps in _by_digest(round_.store).items():
        if not is_due([tap.at for tap in taps], round_.epoch):
            continue
        # After a restore the owner may have some of these receipts already: from after the backup.
        known = [
            tap
            for tap in taps
            if (name := tap.transcript["message_id"])
            and restore.was_answered(round_, name, datetime.fromtimestamp(tap.at, UTC))
        ]
        _mail(round_, token, known, had_before=True)
        _mail(round_, token, [tap for tap in taps if tap not in known], had_before=False)


def any_due(store: Store, now: int) -> bool:
    """Return whether receipts of taps are to be mailed at `now` (epoch seconds)."""
    return any(is_due([tap.at for tap in taps], now) for taps in _by_digest(store).values())


def count_waiting(store: Store) -> int:
    """Return how many mails the taps that wait for a receipt will get, if nothing more is tapped."""
    return len(_by_digest(store))


def queue_transcript(
    round_: Round,
    transcript: Transcript,
    answers: Issued | None,
    references: Sequence[str],
    *,
    taps: Sequence[str] = (),
    had_before: bool = False,
) -> int:
    """Queue the mail with a transcript, with a new token, and return its outbox id.

    `answers` is our message that was answered, `references` the thread, `taps` the Message-IDs of the taps it is the
    receipt of. `had_before` means that the owner has it already, from before a restore; then it counts as sent.
    """
    me, language = round_.config.me, round_.config.digest.language
    rendered = render_transcript(_without_noise(transcript), language)
    token = own_ids.new_token(round_.random_bytes(own_ids.TOKEN_BYTES))
    message_id = own_ids.message_id(token, "transcript", me.control_address.rpartition("@")[2])
    control = Party(me.name, me.control_address)
    receipt_of = {own_headers.ANSWERS: " ".join(taps)} if taps else {}
    message = compose(
        message_id=message_id,
        from_=Party(DISPLAY_NAME, me.control_address),
        to=control,
        subject=transcript_subject(transcript, language),
        text=rendered.text,
        html=rendered.html,
        date=round_.now.astimezone(me.timezone),
        in_reply_to=transcript.message_id,
        references=(*references, *round_.thread_ids(token)),
        headers={**transcript_headers(control), **own_headers.marks(round_.own_key, message_id), **receipt_of},
    )
    replies.issue(
        round_.store,
        token=token,
        kind="transcript",
        message_id=message_id,
        digest=answers.digest if answers else None,
        secret=round_.random_bytes(SECRET_BYTES).hex(),
        text=rendered.text,
        now=round_.epoch,
    )
    queued = round_.queue_to_owner(f"transcript {transcript.id}", "transcript", message_id, message)
    if had_before:
        detail = "answered before a backup was restored"
        outbox.set_state(round_.store, queued, "sent", round_.epoch, detail=detail)
    return queued


def _mail(round_: Round, token: str, taps: Sequence[WaitingTap], *, had_before: bool) -> None:
    if not taps:
        return
    digest = replies.lookup(round_.store, token)
    transcripts = [transcript_from(tap.transcript) for tap in taps]
    undone = frozenset(tap.cause for tap in taps if roster.undone(round_.store, tap.cause))
    told = one_receipt(transcripts, undone, _subject(round_, digest) or transcripts[-1].subject, round_.phrases)
    ids = [one.message_id for one in transcripts if one.message_id]
    # A tap opens a message of its own, so only its receipt brings it into the digest's thread.
    thread = ([digest.message_id] if digest else []) + ids
    round_.step("before a receipt")
    with round_.store.write():
        queued = queue_transcript(round_, told, digest, thread, taps=ids, had_before=had_before)
        replies.give_receipt(round_.store, (tap.cause for tap in taps), queued)
    round_.step("receipt queued")


def _by_digest(store: Store) -> dict[str, list[WaitingTap]]:
    found: dict[str, list[WaitingTap]] = {}
    for tap in replies.waiting_taps(store):
        found.setdefault(tap.digest, []).append(tap)
    return found


def _subject(round_: Round, digest: Issued | None) -> str:
    mailed = replies.mailed(round_.store, digest.message_id) if digest else b""
    return decode_words(dict(split_fields(mailed)).get("subject", ""))


def _without_noise(transcript: Transcript) -> Transcript:
    """Return a transcript for mailing, without greetings, thanks and signatures unless something is said about them."""
    return replace(transcript, lines=tuple(line for line in transcript.lines if line.outcome != "noise" or line.effect))
