"""Messages that could not be read are left out, so that one of them stops nothing; and they are tried again later.

A line that breaks where a message is fetched, again and again, looks the same whether the message is to blame or the
line. So what was left out is noted, and asked for alone in the next few rounds.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from assistant.core.message import Batch
from assistant.mailbox.stream import BATCH, HeaderStream, UidSet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from assistant.core.locator import Cursor
    from assistant.core.message import Header
    from assistant.mailbox.session import Selected, Session


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


class NotingStream(HeaderStream):
    """A stream that says which UIDs it gave up."""

    def __init__(
        self,
        session: Session,
        selected: Selected,
        start: int,
        note: Callable[[int], None],
        since: datetime | None = None,
        batch: int = BATCH,
    ) -> None:
        """`note` is called with each of them."""
        super().__init__(session, selected, start, since, batch)
        self.note = note

    def _split(self, failed: UidSet) -> tuple[UidSet, tuple[Header, ...]] | None:
        given_up = super()._split(failed)
        if given_up is not None:
            self.note(failed.uids[0][0])
        return given_up


def again(session: Session, selected: Selected, cursor: Cursor, left_out: LeftOut) -> Iterator[Batch]:
    """Yield what was left out and can be read now, a batch each, with the cursor as it is."""
    folder, validity = selected.folder, selected.uidvalidity
    for uid in left_out.to_try(folder, validity):
        if uid > cursor.last_uid:
            continue  # it comes by itself
        left_out.failed(folder, validity, uid)  # beforehand: the line may break so that the round ends
        given_up: list[int] = []
        stream = NotingStream(session, replace(selected, uidnext=uid + 1), uid, given_up.append)
        yield from (Batch(batch.headers, cursor, None) for batch in stream.batches() if batch.headers)
        if not given_up:
            left_out.done(folder, validity, uid)
    session.selected = None
