"""Tell the owner's own copy of a letter in INBOX from mail that arrived there.

Anybody can send mail with the owner's From. So in INBOX a message counts as the owner's only if it was saved there and
not delivered: some people move their answers to the letters they answer, and some programs file the copy beside them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.core.contact.verdict import is_own, is_strange, recipients
from assistant.core.mail.envelope import TRACE_FIELDS
from assistant.core.mail.header import strict_fields

if TYPE_CHECKING:
    from assistant.core.mail.envelope import Envelope

# Far above what a program writes. A longer header may have been cut before the lines that a delivery wrote.
_LONGEST = 64 << 10
_TRACE = frozenset(name.lower() for name in TRACE_FIELDS)


def is_own_copy(header: bytes, envelope: Envelope, owner: frozenset[str]) -> bool:
    """Return whether a message in INBOX is a copy of what the owner sent to somebody else, and not the assistant's.

    `header` has the message's wanted fields and all its `TRACE_FIELDS`, `owner` the owner's normal addresses.
    """
    # Every delivery adds a Received line (RFC 5321, 4.4), and the last one a Return-Path.
    fields = strict_fields(header) if len(header) < _LONGEST else None
    if fields is None or any(field.name in _TRACE for field in fields):
        return False
    return not is_strange(envelope, owner) and not is_own(envelope) and bool(recipients(envelope, owner))
