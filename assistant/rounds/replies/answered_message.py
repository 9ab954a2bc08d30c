"""Find the message of ours that a reply answers, who else got it, and what is in INBOX under its id.

    the id answered ─┬─> issued: the Message-ID we gave to a digest or a transcript
                     └─> INBOX: a message with that id and our own proof, if a server replaced our id

A message of ours that somebody else got too is exposed: they know its id, its proof and its links.
"""

from __future__ import annotations

from email.parser import BytesHeaderParser
from typing import TYPE_CHECKING

from assistant.core.mail.envelope_facts import from_facts
from assistant.core.mail.header import decode_words, split_message, strict_fields
from assistant.core.mail.mime import Content, content_of, html_of
from assistant.core.replies import own_ids
from assistant.core.replies.authenticate import Token
from assistant.rounds.delivery import own_headers
from assistant.rounds.scan.reading_start import owner_of
from assistant.store import replies

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from assistant.config import Config
    from assistant.core.mail.envelope import Envelope
    from assistant.rounds.context import Round
    from assistant.store.database import Store
    from assistant.store.replies import Issued

LIMIT = 2 * 1024 * 1024
MARGIN = 2 * 24 * 3600  # seconds that the clock of a forwarding mail program may be behind


def answered(round_: Round, message_id: str) -> Issued | None:
    """Return the message of ours with this Message-ID, None if it's not ours. Raises UnreachableError."""
    # The whole id must match: anybody can make up one that only contains our token.
    for token in own_ids.tokens_in((message_id,)):
        found = replies.lookup(round_.store, token)
        if found and found.message_id.casefold() == message_id.casefold():
            return found
    for raw in _lying(round_, message_id):
        head = BytesHeaderParser().parsebytes(raw)
        if own_headers.is_ours(round_.own_key, head):
            return replies.lookup(round_.store, str(head[own_headers.ID]).partition(".")[0])
    return None


def token_of(round_: Round, message_id: str) -> Token | None:
    """Return what an answer to that Message-ID is judged by, None if it's no message of ours."""
    found = answered(round_, message_id)
    if found is None:
        return None
    subject = _subject(round_.store, found).removeprefix("Re: ")
    exposed = bool(exposed_to(round_.store, round_.config, found, round_.now))
    return Token(found.token, found.issued_at, found.expires_at, found.revoked, exposed, subject)


def shown(round_: Round, message_id: str, sent: Issued, *, exposed: bool) -> Content:
    """Return what else the owner may have seen in INBOX under that id, so that none of it is taken for their words.

    Empty if nobody else can know the id.
    """
    # It may be somebody else's message with our id and proof, or our own with a warning that a server put in.
    if not exposed and message_id.casefold() == sent.message_id.casefold():
        return Content()
    lying = list(_lying(round_, message_id))
    return Content("\n".join(content_of(raw).text for raw in lying), "\n".join(map(html_of, lying)))


def exposed_to(store: Store, config: Config, sent: Issued, now: datetime) -> tuple[str, ...]:
    """Return the addresses of others who got a message of ours: forwarded, in a copy of an answer, or quoted."""
    # By its token in the headers of the owner's mail, and by its subject, since some programs forward without a token.
    found: dict[str, None] = {}
    for facts in replies.named_in(store, sent.token, _subject(store, sent), sent.issued_at - MARGIN):
        found |= dict.fromkeys(others_in(from_facts(facts, now), addresses_of(store, config)))
    return tuple(found)


def subjects(store: Store, now: int) -> tuple[str, ...]:
    """Return the subjects of the digests that can still be answered at `now` (epoch seconds), newest first."""
    return tuple(filter(None, (_subject(store, sent) for sent in replies.valid_digests(store, now))))


def others_in(envelope: Envelope, own: frozenset[str]) -> tuple[str, ...]:
    """Return the recipients of a message who aren't the owner; "?" if all recipients are hidden."""
    resent = envelope.resent
    people = (*envelope.to, *envelope.cc, *envelope.bcc, *((*resent.to, *resent.cc, *resent.bcc) if resent else ()))
    if not people:
        return ("?",)
    return tuple(named.address for named in people if named.address not in own)


def addresses_of(store: Store, config: Config) -> frozenset[str]:
    """Return the owner's addresses in normal form: the configured ones, and those they said are theirs."""
    return owner_of(store, config) | {config.me.control_address}


def _subject(store: Store, sent: Issued) -> str:
    fields = strict_fields(split_message(replies.mailed(store, sent.message_id))[0]) or ()
    return next((decode_words(field.value) for field in fields if field.name == "subject"), "")


def _lying(round_: Round, message_id: str) -> Iterator[bytes]:
    for locator in round_.mailbox.find(round_.folders.inbox, message_id):
        raw = round_.mailbox.raw(locator, LIMIT)
        if raw is not None:
            yield raw
