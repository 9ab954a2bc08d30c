"""Commands on the open folder whose answers need care: a FETCH that may be throttled, a SEARCH that may be limited."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from assistant.core.language.calendar_words import SHORT_MONTHS
from assistant.errors import MailboxError
from assistant.mailbox.errors import backoff, refusal, throttled
from assistant.mailbox.imap.fetch import RANGE_OCTETS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from assistant.mailbox.imap.fetch import FetchReader
    from assistant.mailbox.imap.session import ImapSession

_LIMIT = re.compile(rb"\[MESSAGELIMIT (\d+)(?: (\d+))?\]", re.IGNORECASE)


def fetch_answer(
    session: ImapSession, reader: FetchReader, tags: Sequence[bytes], *, alone: bool
) -> tuple[bool, bytes]:
    """Read up to the answer to the first of these tags. Return whether it is OK, and its text.

    `alone`: one message is asked for at a time. Raises MailboxError if the server wants to be asked for less.
    """
    session.line.allow(octets=RANGE_OCTETS)
    status, words = reader.until(tags[0], tags)
    session.touch()
    said = words.decode("utf-8", "replace")
    # When one message at a time is asked for, "too much" can only be about that message, and it must not stop the
    # folder for ever.
    about_the_message = alone and backoff(said) is None
    if status != "OK" and throttled(said) and not about_the_message:
        raise refusal(session.place, said)  # asking in halves would be asking more often
    return status == "OK", words


def message_limit(words: bytes) -> int | None:
    """Return how many messages a server takes in one command (RFC 9738), None if the answer names no limit."""
    found = _LIMIT.search(words)
    return int(found[1]) or None if found else None


def existing_uids(
    session: ImapSession, low: int, high: int, criteria: bytes = b"", text: bytes | None = None
) -> list[int]:
    """Return the UIDs from `low` to `high` in the open folder that meet `criteria`, sorted.

    `text` is UTF-8 that ends the criteria. Raises MailboxError if the server refuses.
    """
    found: set[int] = set()
    line = session.line
    while low <= high:
        line.taken("SEARCH")
        if text is None:
            tag = line.ask(b"UID SEARCH UID %d:%d%s" % (low, high, criteria))
        else:
            # Only a literal can hold it (RFC 3501, 4.3), so the server has to ask for it.
            tag = line.ask(b"UID SEARCH CHARSET UTF-8 UID %d:%d%s {%d}" % (low, high, criteria, len(text)))
            if line.invited(tag):
                line.send(text + b"\r\n")
        status, words = line.answer(tag)
        if status != "OK":
            raise refusal(session.place, words.decode("ascii", "replace"))
        named = {int(word) for data in line.taken("SEARCH") for word in data.split() if word.isdigit()}
        found |= {uid for uid in named if low <= uid <= high}
        # A server with a limit searches only a part, from the top (RFC 9738), so ask for the rest.
        limit = _LIMIT.search(words)
        if limit is None:
            break
        reached = int(limit[2]) if limit[2] else min(found, default=low)
        high = min(reached, high) - 1
    return sorted(found)


def uids_with_text(session: ImapSession, low: int, high: int, criteria: bytes, text: str) -> list[int]:
    """Return the same for criteria that end with a text of any letters; empty if the server can't search for such."""
    try:
        return existing_uids(session, low, high, criteria, text.encode("utf-8"))
    except MailboxError as error:
        if error.retry_after is not None:
            raise
        return []  # BADCHARSET, or a server that knows ASCII only


def day_before(since: datetime) -> bytes:
    """Return the SEARCH criterion that leaves out older mail."""
    # SEARCH compares days in the server's own time zone, so begin a day early.
    day = since - timedelta(days=1)
    month = SHORT_MONTHS["en"][day.month - 1]
    return f" SINCE {day.day}-{month}-{day.year}".encode("ascii")
