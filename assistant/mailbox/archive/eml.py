"""A folder with one file per message: .eml as most programs export them, .emlx as Apple Mail keeps them."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from typing import TYPE_CHECKING

from assistant.core.mail.header import header_end
from assistant.core.mail.message import Batch, Cursor, Header, Locator, instant
from assistant.mailbox.archive.compressed import DAMAGED, kind_of, open_mail, unreadable_messages
from assistant.mailbox.archive.mbox import BATCH
from assistant.mailbox.whole_messages import (
    LONGEST_HEADER,
    NO_CALENDARS,
    SCANNED,
    calendars,
    may_hold_calendar,
    wanted_fields,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

UIDVALIDITY = 1
ENDINGS = (".eml", ".emlx", ".eml.gz", ".emlx.gz")
_LONGEST_COUNT = 32


class EmlFolder:
    """All messages below a folder. A UID is a hash of the file's path inside it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = str(path)
        self._paths: dict[int, Path] = {}
        self._foreign: Counter[str] = Counter()

    def stream(
        self, cursor: Cursor | None, seen: Callable[[], frozenset[int]], since: datetime | None
    ) -> Iterator[Batch]:
        """Yield the messages not `seen`, ordered by path. `since` leaves out files that are older."""
        del cursor
        known = seen()
        self._foreign.clear()
        new = [(uid, path) for uid, path in self._files().items() if uid not in known]
        for at in range(0, len(new), BATCH):
            found = [self._header(uid, path) for uid, path in new[at : at + BATCH]]
            kept = [
                one for one in found if one and (since is None or one.internaldate is None or one.internaldate >= since)
            ]
            yield Batch(tuple(kept), Cursor(UIDVALIDITY, 0, 0), len(new), trouble=unreadable_messages(self._foreign))

    def read(self, locator: Locator, limit: int) -> bytes | None:
        """Return the first `limit` octets of a message, or None if it is gone."""
        path = (self._paths or self._files()).get(locator.uid)
        if path is None or locator.uidvalidity != UIDVALIDITY or not path.is_file():
            return None
        return _message(path, limit)

    def _files(self) -> dict[int, Path]:
        paths = sorted(path for path in self.path.rglob("*") if path.name.lower().endswith(ENDINGS) and path.is_file())
        self._paths = {_uid(path.relative_to(self.path)): path for path in paths}
        return self._paths

    def _header(self, uid: int, path: Path) -> Header | None:
        """Read one message's header. None if the file can't be read: it stays unseen, so that it is tried again."""
        try:
            data = _message(path, SCANNED)
            state = path.stat()
        except (OSError, *DAMAGED) as error:
            self._foreign[kind_of(error)] += 1
            return None
        end = header_end(data[:LONGEST_HEADER])
        header = data[:end] if end >= 0 else data[:LONGEST_HEADER]
        found = calendars(data) if may_hold_calendar(header) else NO_CALENDARS
        return Header(
            Locator(self.name, UIDVALIDITY, uid),
            wanted_fields(header),
            instant(int(state.st_mtime), 0),
            state.st_size,
            frozenset(),
            *found,
        )


def _message(path: Path, limit: int) -> bytes:
    # In .emlx, a line with the length comes before the message, and Apple's property list after it.
    with open_mail(path) as file:
        data = file.read(limit + _LONGEST_COUNT)
    first, _, rest = data.partition(b"\n")
    if ".emlx" in path.name.lower() and first.strip().isdigit():
        return rest[: min(limit, int(first))]
    return data[:limit]


def _uid(path: Path) -> int:
    """Return 63 bits of a hash of a relative path."""
    return (int.from_bytes(hashlib.blake2b(os.fsencode(path), digest_size=8).digest()) >> 1) or 1
