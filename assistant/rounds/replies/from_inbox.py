"""The second door, shut unless [replies] opens it: answers from another address of the owner's that arrive in INBOX.

    INBOX above its own cursor ──> headers ──> from such an address, with a token ──> raw ──> replies judges it

Nothing of INBOX is stored but the cursor. It moves on only once everything before it was looked at.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from assistant.core.mail.envelope import parse_envelope
from assistant.core.mail.mime import opens_as_said
from assistant.core.replies import own_ids
from assistant.core.replies.authenticate import ids_in
from assistant.core.replies.outside_mail import reason_to_doubt
from assistant.rounds.scan import withheld
from assistant.store import folders, replies

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from assistant.core.mail.envelope import Envelope
    from assistant.core.mail.message import Batch
    from assistant.rounds.context import Round

LOOK_BACK = timedelta(days=22)
MESSAGE_LIMIT = 5 * 1024 * 1024
CURSOR = "second door "
"""What stands before the folder's name where its cursor is kept: INBOX is not scanned."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A message in INBOX that says it is an answer from such an address; nothing of it is checked yet."""

    message_id: str
    subject: str
    raw: bytes


def doubt_of(round_: Round, raw: bytes) -> Callable[[str, tuple[str, ...]], str] | None:
    """Return what judges one message from outside, None where the door is shut."""
    signatures, authserv_id = round_.signatures, round_.config.replies.authserv_id
    if signatures is None or not authserv_id:
        return None
    fits = opens_as_said(raw)
    return lambda sender, results: reason_to_doubt(sender, results, authserv_id, signatures.of(raw), opens_as_said=fits)


def arrived(round_: Round) -> Iterator[Arrived]:
    """Yield what came in and may be an answer, oldest first; nothing while the door is shut.

    Whoever stops asking leaves the rest for the next time.
    """
    if round_.signatures is None or not round_.config.replies.also_from:
        return
    name = CURSOR + round_.folders.inbox
    cursor, waiting = withheld.cursor_of(round_.store, name, round_.epoch)
    if cursor is not None and cursor.unread is None:
        cursor = replace(cursor, unread=())  # of INBOX nothing is stored that it could be compared with
    since = round_.now - LOOK_BACK
    # All of it first: a mailbox may have asked for the next batch while whole messages are fetched.
    for batch in tuple(round_.mailbox.stream(round_.folders.inbox, cursor, frozenset, since)):
        yield from _of(batch, round_)
        with round_.store.write():
            folders.set_cursor(round_.store, name, batch.cursor)
            withheld.keep(round_.store, name, batch, waiting, round_.today)


def _of(batch: Batch, round_: Round) -> Iterator[Arrived]:
    for header in batch.headers:
        envelope = parse_envelope(
            header.header, flags=header.flags, internaldate=header.internaldate, size=header.size, now=round_.now
        )
        if not _could_be(envelope, round_) or _known(envelope, round_):
            continue
        raw = round_.mailbox.raw(header.locator, MESSAGE_LIMIT)
        if raw is not None:
            yield Arrived(envelope.message_id, envelope.subject, raw)


def _could_be(envelope: Envelope, round_: Round) -> bool:
    sender = tuple(named.address for named in envelope.sender)
    ours = envelope.marks.get("assistant")
    of_the_owner = len(sender) == 1 and sender[0] in round_.config.replies.also_from
    return of_the_owner and not ours and bool(own_ids.tokens_in((*ids_in(envelope.in_reply_to), *envelope.references)))


def _known(envelope: Envelope, round_: Round) -> bool:
    return replies.is_known(round_.store, envelope.message_id) or replies.was_passed_over(
        round_.store, envelope.message_id
    )
