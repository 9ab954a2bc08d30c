"""What a stream left out is asked for again, and a server that fell silent or refused is asked for less at once.

A line that breaks where a message is fetched, again and again, looks the same whether the message is to blame or the
line; and a server in trouble looks the same as one that is asked for too much.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from assistant.core.mail.withheld import spans_of
from assistant.errors import MailboxError, UnreachableError
from assistant.mailbox.imap.probe import existing
from assistant.mailbox.imap.stream import HeaderStream, day_before

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from assistant.core.mail.message import Batch, Cursor
    from assistant.core.mail.withheld import Span
    from assistant.mailbox.imap.session import Selected, Session

log = logging.getLogger(__name__)

SLOWER = 20
"""After a silence or a refusal a set is asked for in so many parts."""


class Pace(Protocol):
    """Remembers how fast a folder may be read, over restarts."""

    def pace(self, folder: str) -> int | None:
        """Return how many messages to ask for at once since the server gave nothing there; None for the usual."""
        ...

    def set_pace(self, folder: str, pace: int | None) -> None:
        """Note how many messages to ask for at once there."""
        ...


def paced(stream: HeaderStream, pace: Pace) -> Iterator[Batch]:
    """Yield the batches of a stream; where the last try ended with nothing, a stretch of smaller sets first.

    So a slow line gets on, and the one message over which a server falls silent is asked for alone, and left out, a few
    rounds later. Raises what the stream raises, having noted the smaller pace.
    """
    whole, start = stream.selected, stream.start

    def read(part: Selected, start: int, size: int, unread: tuple[Span, ...]) -> Iterator[Batch]:
        try:
            yield from stream.over(part, start, size, unread).batches()
        except UnreachableError as error:
            gave_nothing = isinstance(error.__cause__, TimeoutError) or isinstance(error, MailboxError)
            if gave_nothing and error.retry_after is None:
                pace.set_pace(part.folder, -(-size // SLOWER))
            raise

    size, unread = pace.pace(whole.folder), stream.unread
    if size is not None:
        end = min(start + size * SLOWER, whole.uidnext)
        for batch in read(replace(whole, uidnext=end, modseq=None), start, size, unread):
            unread = batch.cursor.unread or ()
            yield batch
        pace.set_pace(whole.folder, None)
        start = end
    if start < whole.uidnext:
        yield from read(whole, start, stream.batch, unread)


def unread_again(
    session: Session, selected: Selected, read: int, asked: tuple[Span, ...], unread: tuple[Span, ...]
) -> Iterator[Batch]:
    """Ask once more for what of the `unread` was `asked` for before; yield what came. It stops nothing where it fails.

    `read` is the UID up to which the folder is read. Raises UnreachableError where the server asks to be left alone.
    """
    try:
        yield from HeaderStream(session, selected, read + 1, None, unread=unread).unread_again(read, asked)
    except UnreachableError as error:
        if error.retry_after is not None:
            raise
        log.warning("what was left unread could not be asked for error=%s", type(error).__name__)


def never_read(
    session: Session, selected: Selected, cursor: Cursor, seen: Callable[[], frozenset[int]], since: datetime | None
) -> tuple[Span, ...]:
    """Return what the server has below the cursor and nobody stored: earlier versions gave such messages up."""
    if not selected.exists or not cursor.last_uid:
        return ()
    with session.guarded():
        criteria = day_before(since) if since is not None else b""
        return spans_of(frozenset(existing(session, 1, cursor.last_uid, criteria)) - seen())
