"""Finds out by SEARCH alone which messages somebody answered (RFC 3501, 6.4.4). Nothing of an answer is fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.errors import MailboxError
from assistant.mailbox.imap.commands import day_before, existing_uids
from assistant.mailbox.imap.sender_search import LONGEST, either, quoted
from assistant.mailbox.imap.stream import HIGHEST

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from assistant.mailbox.imap.session import ImapSession

_FIELDS = (b"HEADER In-Reply-To ", b"HEADER References ")
# What machines write about themselves (RFC 3834, 5; RFC 6522).
_BY_HAND = (
    b' NOT HEADER Auto-Submitted "auto" NOT HEADER Precedence "auto"'
    b' NOT HEADER X-Autoreply "yes" NOT HEADER Content-Type "multipart/report"'
)


def answered_ids(
    session: ImapSession, folders: Sequence[str], message_ids: Sequence[str], owner: Collection[str], since: datetime
) -> frozenset[str]:
    """Return what `Mailbox.answered_by_others` does."""
    others = b"".join(b" NOT FROM " + quoted(address) for address in sorted(owner) if address.isascii())
    criteria = day_before(since) + _BY_HAND + others
    found = {one for one in message_ids if not (one.isascii() and one.isprintable())}
    for folder in folders:
        try:
            session.open(folder, again=True)
            found |= _named(session, [one for one in message_ids if one not in found], criteria)
        except MailboxError as error:
            if error.retry_after is not None:
                raise
            return frozenset(message_ids)
    return frozenset(found if folders else message_ids)


def _named(session: ImapSession, message_ids: Sequence[str], criteria: bytes) -> set[str]:
    """Return those of these ids that a message names. Most letters have no answer, so one search asks for many."""
    if not message_ids:
        return set()
    terms = [field + quoted(one) for one in message_ids for field in _FIELDS]
    alone = len(message_ids) == 1
    if alone or len(criteria) + sum(len(term) + len(b"OR  ") for term in terms) <= LONGEST:
        with session.guarded():
            named = existing_uids(session, 1, HIGHEST, criteria + b" " + either(terms))
        if alone or not named:
            return set(message_ids) if named else set()
    half = len(message_ids) // 2
    return _named(session, message_ids[:half], criteria) | _named(session, message_ids[half:], criteria)
