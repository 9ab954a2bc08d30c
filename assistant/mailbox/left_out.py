"""Messages that could not be read are left out, so that one of them stops nothing; and they are tried again later.

A line that breaks where a message is fetched, again and again, looks the same whether the message is to blame or the
line. So what was left out is noted, and asked for alone in the next few rounds.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Protocol

from assistant.core.message import Batch
from assistant.errors import UnreachableError
from assistant.mailbox.stream import HeaderStream

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.core.locator import Cursor
    from assistant.mailbox.session import Selected, Session


SLOWER = 20
"""After a silence a set is asked for in so many parts."""


class LeftOut(Protocol):
    """Remembers which messages were left out, over restarts."""

    def to_try(self, folder: str, uidvalidity: int) -> tuple[int, ...]:
        """Return the UIDs that are worth another try."""
        ...

    def failed(self, folder: str, uidvalidity: int, uid: int) -> None:
        """Note that a message could not be read (once more)."""
        ...

    def done(self, folder: str, uidvalidity: int, uid: int) -> None:
        """Note that nothing more is to be tried: it was read, or is gone."""
        ...

    def pace(self, folder: str) -> int | None:
        """Return how many messages to ask for at once since the server fell silent there; None for as many as usual."""
        ...

    def set_pace(self, folder: str, pace: int | None) -> None:
        """Note how many messages to ask for at once there."""
        ...


def paced(stream: HeaderStream, left_out: LeftOut) -> Iterator[Batch]:
    """Yield the batches of a stream; where the last try ended in silence, a stretch of smaller sets first.

    So a slow line gets on, and the one message over which a server falls silent is asked for alone, and left out, a few
    rounds later. Raises what the stream raises, having noted the smaller pace.
    """
    whole, start = stream.selected, stream.start

    def read(part: Selected, start: int, size: int) -> Iterator[Batch]:
        try:
            yield from stream.over(part, start, size, partial(left_out.failed, part.folder, part.uidvalidity)).batches()
        except UnreachableError as error:
            if isinstance(error.__cause__, TimeoutError):
                left_out.set_pace(part.folder, -(-size // SLOWER))
            raise

    pace = left_out.pace(whole.folder)
    if pace is not None:
        end = min(start + pace * SLOWER, whole.uidnext)
        yield from read(replace(whole, uidnext=end, modseq=None), start, pace)
        left_out.set_pace(whole.folder, None)
        start = end
    if start < whole.uidnext:
        yield from read(whole, start, stream.batch)


def again(session: Session, selected: Selected, cursor: Cursor, left_out: LeftOut) -> Iterator[Batch]:
    """Yield what was left out and can be read now, a batch each, with the cursor as it is."""
    folder, validity = selected.folder, selected.uidvalidity
    for uid in left_out.to_try(folder, validity):
        if uid > cursor.last_uid:
            continue  # it comes by itself
        left_out.failed(folder, validity, uid)  # beforehand: the line may break so that the round ends
        given_up: list[int] = []
        stream = HeaderStream(session, replace(selected, uidnext=uid + 1), uid, None, given_up=given_up.append)
        yield from (Batch(batch.headers, cursor, None) for batch in stream.batches() if batch.headers)
        if not given_up:
            left_out.done(folder, validity, uid)
    session.selected = None
