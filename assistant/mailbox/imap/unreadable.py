"""Asks again for what a stream left out, and asks for less at once after the server fell silent or refused.

If the line breaks at the same message again and again, either may be to blame. And a server in trouble looks just like
one that is asked for too much.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from assistant.core.mail.withheld import spans_of
from assistant.errors import MailboxError, UnreachableError
from assistant.mailbox.imap.commands import day_before, existing_uids
from assistant.mailbox.imap.stream import HeaderStream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from assistant.core.mail.message import Batch, Cursor
    from assistant.core.mail.withheld import Span
    from assistant.mailbox.imap.session import ImapSession, Selected

log = logging.getLogger(__name__)

# After a silence or a refusal, a set is asked for in this many parts.
SLOWER = 20


class Pace(Protocol):
    """Remembers how fast a folder may be read, even over restarts."""

    def pace(self, folder: str) -> int | None:
        """Return how many messages to ask for at once after the server gave nothing, None for the usual number."""
        ...

    def set_pace(self, folder: str, pace: int | None) -> None:
        """Note how many messages to ask for at once in that folder."""
        ...


def paced(stream: HeaderStream, pace: Pace) -> Iterator[Batch]:
    """Yield the batches of a stream. If the last round got nothing, read a stretch in smaller sets first.

    Raises what the stream raises, after noting the smaller pace.
    """
    whole, start = stream.selected, stream.start

    def read(part: Selected, start: int, size: int, unread: tuple[Span, ...]) -> Iterator[Batch]:
        try:
            yield from stream.over(part, start, size, unread).batches()
        except UnreachableError as error:
            gave_nothing = isinstance(error.__cause__, TimeoutError) or isinstance(error, MailboxError)
            if gave_nothing and error.retry_after is None:
                # A slow line gets through smaller sets. And a message over which the server falls silent is asked for
                # alone a few rounds later, and left out then.
                pace.set_pace(part.folder, -(-size // SLOWER))
            raise

    size, unread = pace.pace(whole.folder), stream.unread
    if size is not None:
        end = min(start + size * SLOWER, whole.uidnext)
        for batch in read(replace(whole, uidnext=end, modseq=None), start, size, unread):
            unread = batch.cursor.unread or ()
            yield batch
        # That stretch is read, so the trouble is over. The rest can be read as usual.
        pace.set_pace(whole.folder, None)
        start = end
    if start < whole.uidnext:
        yield from read(whole, start, stream.batch, unread)


def unread_again(
    session: ImapSession, selected: Selected, read: int, asked: tuple[Span, ...], unread: tuple[Span, ...]
) -> Iterator[Batch]:
    """Ask once more for the spans `asked` and yield what comes. `unread` is everything that is missing.

    `read` is the UID up to which the folder is read. Raises UnreachableError only if the server asks to be left alone.
    """
    try:
        yield from HeaderStream(session, selected, read + 1, None, unread=unread).unread_again(read, asked)
    except UnreachableError as error:
        if error.retry_after is not None:
            raise
        # The new mail was read before this, so the round goes on.
        log.warning("unread messages could not be asked for again error=%s", type(error).__name__)


def never_read(
    session: ImapSession, selected: Selected, cursor: Cursor, seen: Callable[[], frozenset[int]], since: datetime | None
) -> tuple[Span, ...]:
    """Return what the server has below the cursor and nobody stored. Earlier versions gave such messages up."""
    if not selected.exists or not cursor.last_uid:
        return ()
    with session.guarded():
        criteria = day_before(since) if since is not None else b""
        return spans_of(frozenset(existing_uids(session, 1, cursor.last_uid, criteria)) - seen())
