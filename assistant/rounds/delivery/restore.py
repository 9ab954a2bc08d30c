"""After a restore, find in the mailbox what went out since the backup.

    our own digests and transcripts in INBOX ──> known again: week, token, text, numbers (from the mark in the header)
    a reply whose transcript is in INBOX     ──> obeyed (its effect was lost), but not answered a second time,
                                                 and what it sent to others is in doubt: the owner is asked

So nothing goes out twice (docs/reliability.md, "Your data").
"""

from __future__ import annotations

import hashlib
import logging
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.parser import BytesHeaderParser
from email.utils import getaddresses, parsedate_to_datetime
from typing import TYPE_CHECKING

from assistant.core.digest.week import monday_of
from assistant.core.mail.header import decode_words
from assistant.core.mail.mime import content_of
from assistant.core.replies import own_ids
from assistant.errors import MailboxError
from assistant.rounds.delivery import own_headers
from assistant.rounds.first_use import secret_of
from assistant.store import digests, facts, outbox, replies

if TYPE_CHECKING:
    from email.message import Message

    from assistant.core.digest.week import Due
    from assistant.core.mail.message import Locator
    from assistant.rounds.context import Round

log = logging.getLogger("assistant.restored")

RESTORED = "restored_at"
CAUGHT_UP = "caught_up_at"
TOKENS_HOLD = timedelta(seconds=replies.LIFETIME)
DAY = timedelta(days=1)
LIMIT = 2 * 1024 * 1024


def catch_up(round_: Round, due: Due | None) -> None:
    """Learn about our own messages in INBOX: after a restore all that can be answered, else the digest that is due."""
    restored = facts.fact(round_.store, RESTORED)
    if restored and facts.fact(round_.store, CAUGHT_UP) != restored:
        since = datetime.fromtimestamp(int(restored), UTC) - TOKENS_HOLD - DAY
        for kind in ("digest", "transcript"):  # digests first: a transcript says whose numbers it means
            for locator in _marked(round_, own_headers.KIND, kind, since):
                _record(round_, locator)
        facts.set_fact(round_.store, CAUGHT_UP, restored)
    elif due is not None:
        # Without `assistant restore` too: somebody may have put the file back by hand.
        for locator in _marked(round_, own_headers.WEEK, due.week, due.slot - 7 * DAY):
            _record(round_, locator)


def was_answered(round_: Round, message_id: str, said_at: datetime) -> bool:
    """Return whether INBOX has our transcript for this reply, which was then obeyed before the restore."""
    answers = {
        locator
        for field in ("In-Reply-To", own_headers.ANSWERS)
        for locator in _marked(round_, field, message_id, said_at)
    }
    return bool(answers) and bool(answers & set(_marked(round_, own_headers.KIND, "transcript", said_at)))


def is_unsure(round_: Round, said_at: datetime) -> bool:
    """Return whether a reply may have been obeyed before the restore."""
    restored = facts.fact(round_.store, RESTORED)
    return bool(restored) and said_at.timestamp() <= int(restored or 0)


def _marked(round_: Round, field: str, value: str, since: datetime) -> tuple[Locator, ...]:
    with suppress(MailboxError):  # a server that can't search by this field finds nothing
        return round_.mailbox.find_marked(round_.folders.inbox, field, value, since)
    return ()


def _record(round_: Round, locator: Locator) -> None:
    raw = round_.mailbox.raw(locator, LIMIT)
    if raw is None:
        return
    head = BytesHeaderParser().parsebytes(raw)
    own_id = str(head[own_headers.ID] or "").strip()
    token, _, kind = own_id.partition(".")
    message_id = f"{own_id}@{round_.config.me.control_address.rpartition('@')[2]}"
    if not own_ids.tokens_in((message_id,)) or replies.lookup(round_.store, token) is not None:
        return
    # The key is in every backup, so what we sent after the backup still proves itself.
    if not own_headers.is_ours(round_.own_key, head):
        return
    with round_.store.write():
        if kind == "digest":
            _record_digest(round_, head, raw, token, message_id)
        elif kind == "transcript":
            answered = own_ids.tokens_in(str(head["References"] or "").split())
            known = (replies.lookup(round_.store, one) for one in reversed(answered))
            digest = next((one.digest for one in known if one and one.digest is not None), None)
            _record_token(round_, raw, head, token, "transcript", message_id, digest)
    round_.step("adopted")
    log.info("found again kind=%s", kind)


def _record_digest(round_: Round, head: Message, raw: bytes, token: str, message_id: str) -> None:
    week = str(head[own_headers.WEEK] or "").strip()
    try:
        monday = monday_of(week)
    except ValueError:
        return
    if digests.digest_of_week(round_.store, week) is not None:
        return
    at = _date(head, round_.now)
    order = round_.queue_to_owner(f"digest {week}", "digest", message_id, raw)
    # The detail also tells the check of the data file that these bytes are the server's and not as we froze them.
    outbox.set_state(round_.store, order, "sent", at, detail="found in the mailbox")
    slot = int(round_.slot.of(monday).timestamp())
    digest = digests.add_digest(round_.store, week, slot, at, message_id, order)
    _record_token(round_, raw, head, token, "digest", message_id, digest)
    told = own_headers.items_of(str(head[own_headers.ITEMS] or ""))
    digests.add_items(round_.store, digest, [_item(round_, week, label, values) for label, values in told.items()])


def _record_token(
    round_: Round, raw: bytes, head: Message, token: str, kind: str, message_id: str, digest: int | None
) -> None:
    replies.issue(
        round_.store,
        token=token,
        kind="digest" if kind == "digest" else "transcript",
        message_id=message_id,
        digest=digest,
        secret=secret_of(round_.own_key, token),
        text=content_of(raw).text,
        now=_date(head, round_.now),
    )


def _item(round_: Round, week: str, label: str, values: tuple[str, ...]) -> digests.Item:
    kind, *rest = values
    if kind == "due" and rest:
        draft = _record_draft(round_, week, rest[0], rest[1]) if len(rest) > 1 else None
        return (label, "due", rest[0], draft, {"situation": rest[2]} if len(rest) > 2 else {})  # noqa: PLR2004 - the 3rd
    if kind == "candidate" and rest:
        return (label, "candidate", None, None, {"address": rest[0], "name": rest[1] if len(rest) > 1 else ""})
    return (label, "question", None, None, {"key": rest[0] if rest else ""})


def _record_draft(round_: Round, week: str, handle: str, message_id: str) -> int | None:
    """Record a draft that is still untouched in Drafts and return its id. If it's not there, `send N` will say so."""
    with suppress(MailboxError):
        for locator in round_.mailbox.find(round_.folders.drafts, message_id):
            raw = round_.mailbox.raw(locator, LIMIT)
            if raw is not None:
                draft = digests.add_draft(round_.store, _draft_of(raw, week, handle, message_id))
                digests.set_draft(round_.store, draft, "placed", locator)
                return draft
    return None


def _draft_of(raw: bytes, week: str, handle: str, message_id: str) -> digests.NewDraft:
    head = BytesHeaderParser().parsebytes(raw)
    address = next((one.lower() for _, one in getaddresses([str(head["To"] or "")]) if one), None)
    subject = decode_words(" ".join(str(head["Subject"] or "").split()))
    body = content_of(raw).text
    return digests.NewDraft(
        person=handle,
        week=week,
        address=address,
        subject=subject,
        body=body,
        hash=hashlib.sha256("\0".join((address or "", subject, body)).encode()).hexdigest(),
        sentences="{}",
        message_id=message_id,
        in_reply_to=str(head["In-Reply-To"]).strip("<> ") if head["In-Reply-To"] else None,
        references=tuple(one.strip("<>") for one in str(head["References"] or "").split()),
    )


def _date(head: Message, now: datetime) -> int:
    try:
        return min(int(parsedate_to_datetime(str(head["Date"])).timestamp()), int(now.timestamp()))
    except (TypeError, ValueError, OverflowError):
        return int(now.timestamp())
