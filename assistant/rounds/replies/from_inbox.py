"""The second door: answers from another address of the owner's that arrive in INBOX. Shut unless [replies] opens it.

    INBOX above its own cursor ──> headers ──> from such an address, with a token ──> raw ──> find_order judges it

Only the cursor is stored, nothing else of INBOX. It moves forward only after everything before it was looked at.
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
# A prefix for the name under which the cursor is kept. The plain name would be the cursor of a scan.
CURSOR = "second door "


@dataclass(frozen=True, slots=True)
class Arrived:
    """A message in INBOX that claims to be an answer from such an address. Nothing in it was checked yet."""

    message_id: str
    subject: str
    raw: bytes


def doubt_of(round_: Round, raw: bytes) -> Callable[[str, tuple[str, ...]], str] | None:
    """Return the function that checks one message from outside, None if the door is shut."""
    signatures, authserv_id = round_.signatures, round_.config.replies.authserv_id
    if signatures is None or not authserv_id:
        return None
    fits = opens_as_said(raw)
    return lambda sender, results: reason_to_doubt(sender, results, authserv_id, signatures.of(raw), opens_as_said=fits)


def arrived(round_: Round) -> Iterator[Arrived]:
    """Yield the new messages that may be answers, oldest first; nothing while the door is shut.

    If the caller stops early, the rest comes again next time.
    """
    if round_.signatures is None or not round_.config.replies.also_from:
        return
    name = CURSOR + round_.folders.inbox
    cursor, waiting = withheld.cursor_and_waiting(round_.store, name, round_.epoch)
    if cursor is not None and cursor.unread is None:
        cursor = replace(cursor, unread=())  # None asks for a comparison with what is stored, and nothing of INBOX is
    since = round_.now - LOOK_BACK
    # As a tuple, to read the whole stream first: the mailbox may have asked for the next batch already, and whole
    # messages are fetched in between.
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
        if not _could_be(envelope, round_):
            continue
        store, message_id = round_.store, envelope.message_id
        if replies.is_known(store, message_id) or replies.was_passed_over(store, message_id):
            continue
        raw = round_.mailbox.raw(header.locator, MESSAGE_LIMIT)
        if raw is not None:
            yield Arrived(message_id, envelope.subject, raw)


def _could_be(envelope: Envelope, round_: Round) -> bool:
    sender = tuple(named.address for named in envelope.sender)
    ours = envelope.marks.get("assistant")
    of_the_owner = len(sender) == 1 and sender[0] in round_.config.replies.also_from
    return of_the_owner and not ours and bool(own_ids.tokens_in((*ids_in(envelope.in_reply_to), *envelope.references)))
