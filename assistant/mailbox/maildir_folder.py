"""One folder of a Maildir: which messages it holds, and their headers without reading whole messages."""

from __future__ import annotations

import hashlib
import logging
import os
import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from assistant.core.mail.header import header_end, message_id_of, split_fields
from assistant.core.mail.message import Batch, Cursor, Header, Locator, instant
from assistant.mailbox.archive.compressed import DAMAGED, kind_of, open_mail, unreadable_messages
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
    from pathlib import Path

log = logging.getLogger(__name__)

UIDVALIDITY = 1
BATCH = 5_000
FIRST = 16 << 10
_SECONDS = re.compile(r"\d+")
# The colon of the Maildir format; where file systems forbid it, programs write another sign, or a private character.
_INFO = re.compile(r":2,|[^\w.,:=]2,(?=[A-Za-z]*$)")
_SIZE = re.compile(r",S=(\d{1,12})")
_LETTERS = {"D": "\\Draft", "F": "\\Flagged", "P": "$Forwarded", "R": "\\Answered", "S": "\\Seen", "T": "\\Deleted"}
_BY_FLAG = {flag.lower(): letter for letter, flag in _LETTERS.items()}


@dataclass(frozen=True, slots=True)
class MessageFile:
    """One message file: its file name, where it lies, and `uid`, the hash of the name's unique part."""

    name: str
    path: str
    uid: int

    @property
    def order(self) -> tuple[int, str]:
        """Second of delivery (epoch), then the name: the order messages came in."""
        found = _SECONDS.match(self.name)
        return (int(found[0][:15]) if found else 0, self.name)

    @property
    def flags(self) -> frozenset[str]:
        """The flags in the file name, as IMAP spells them."""
        letters = _INFO.split(self.name)[1:]
        return frozenset(_LETTERS[letter] for letter in "".join(letters) if letter in _LETTERS)


class MaildirFolder:
    """Reads one Maildir. Raises OSError if the folder itself can't be read."""

    def __init__(self, name: str, path: Path) -> None:
        """`name` is the folder's name in locators."""
        self.name = name
        self.path = path
        self._index: dict[int, MessageFile] = {}
        self._ids: dict[int, str] = {}
        self._foreign: Counter[str] = Counter()

    def entries(self) -> Iterator[MessageFile]:
        """Yield the messages in `cur` and `new`, in no particular order."""
        for part in ("cur", "new"):
            folder = self.path / part
            if folder.is_dir():
                with os.scandir(folder) as found:
                    for file in found:
                        if not file.name.startswith(".") and file.is_file():
                            yield MessageFile(file.name, file.path, uid_of(file.name))

    def stamp(self) -> tuple[int, ...]:
        """Return a value that changes when a message comes or goes (last changes of `cur` and `new`, nanoseconds)."""
        paths = [self.path / part for part in ("cur", "new")]
        return tuple(path.stat().st_mtime_ns if path.is_dir() else 0 for path in paths)

    def stream(
        self, cursor: Cursor | None, seen: Callable[[], frozenset[int]], since: datetime | None
    ) -> Iterator[Batch]:
        """Yield the messages not `seen`. `since` counts at the first read only; after that the cursor holds it."""
        first = cursor is None or cursor.uidvalidity != UIDVALIDITY
        floor = (int(since.timestamp()) if since else 0) if first else ((cursor.modseq if cursor else 0) or 0)
        known = seen()
        self._foreign.clear()
        new = sorted((entry for entry in self.entries() if entry.uid not in known), key=lambda entry: entry.order)
        if known and not new and next(self.entries(), None) is None:
            # An unmounted disk looks like this, so say that it is not the folder that was read before.
            yield Batch((), Cursor(0), 0)
        if floor:
            new = [entry for entry in new if _arrived(entry.path) >= floor]
        for at in range(0, len(new), BATCH):
            headers = tuple(found for entry in new[at : at + BATCH] if (found := self._header(entry)) is not None)
            yield Batch(headers, Cursor(UIDVALIDITY, 0, floor), len(new), trouble=unreadable_messages(self._foreign))

    def read(self, locator: Locator, limit: int) -> bytes | None:
        """Return the first `limit` octets of a message, or None if it is gone."""
        entry = self._entry(locator)
        if entry is None:
            return None
        try:
            with open_mail(entry.path) as file:
                return file.read(limit)
        except FileNotFoundError:
            return None

    def find(self, wanted: str) -> tuple[Locator, ...]:
        """Return where messages with this Message-ID lie. Each header is read only once."""
        hits = []
        for entry in self.entries():
            if entry.uid not in self._ids:
                head = _head(entry.path)
                self._ids[entry.uid] = message_id_of(head[0]) if head else ""
            if wanted and self._ids[entry.uid] == wanted:
                hits.append(entry)
        return tuple(Locator(self.name, UIDVALIDITY, entry.uid) for entry in sorted(hits, key=lambda e: e.order))

    def find_marked(self, field: str, value: str, since: datetime | None) -> tuple[Locator, ...]:
        """Return where messages lie whose header field contains `value`, without those from days before `since`."""
        floor = (since - timedelta(days=1)).timestamp() if since else 0.0
        wanted = " ".join(value.split()).casefold()
        hits = [
            entry
            for entry in self.entries()
            if wanted and _arrived(entry.path) >= floor and wanted in _field(entry.path, field)
        ]
        return tuple(Locator(self.name, UIDVALIDITY, entry.uid) for entry in sorted(hits, key=lambda e: e.order))

    def remove_draft(self, locator: Locator, wanted: str) -> bool:
        """Unlink a draft that has this Message-ID and the flag D. Return whether it did."""
        entry = self._entry(locator)
        head = _head(entry.path) if entry else None
        if entry is None or head is None or "\\Draft" not in entry.flags or message_id_of(head[0]) != wanted:
            return False
        os.unlink(entry.path)  # noqa: PTH108 - scandir gives strings
        self._index.pop(locator.uid, None)
        return True

    def _entry(self, locator: Locator) -> MessageFile | None:
        # Other programs rename files whenever a flag changes, so a path that was known may be gone.
        entry = self._index.get(locator.uid)
        if entry is None or not os.path.exists(entry.path):  # noqa: PTH110 - scandir gives strings
            self._index = {entry.uid: entry for entry in self.entries()}
            entry = self._index.get(locator.uid)
        return entry if locator.uidvalidity == UIDVALIDITY else None

    def _header(self, entry: MessageFile) -> Header | None:
        """Read one message's header. None if it is gone or unreadable: it stays unseen, so that it is tried again."""
        try:
            head = _head(entry.path)
        except (OSError, *DAMAGED) as error:
            self._foreign[kind_of(error)] += 1
            return None
        if head is None:
            return None
        header, data, state = head
        found = calendars(data) if may_hold_calendar(header) else NO_CALENDARS
        return Header(
            Locator(self.name, UIDVALIDITY, entry.uid),
            wanted_fields(header),
            instant(int(state.st_mtime), 0),
            # A server that compresses files notes the size from before in the name.
            int(size[1]) if (size := _SIZE.search(entry.name)) else state.st_size,
            entry.flags,
            *found,
        )


def uid_of(name: str) -> int:
    """Return the UID of a file name: 63 bits of a hash of what stands before the flags."""
    unique = _INFO.split(name)[0].partition(":")[0]
    return (int.from_bytes(hashlib.blake2b(os.fsencode(unique), digest_size=8).digest()) >> 1) or 1


def flag_letters(flags: tuple[str, ...]) -> str:
    r"""Return IMAP flags (`\Draft`) as Maildir letters, sorted. Flags without a letter are dropped."""
    return "".join(sorted(_BY_FLAG[flag.lower()] for flag in flags if flag.lower() in _BY_FLAG))


def _head(path: str) -> tuple[bytes, bytes, os.stat_result] | None:
    """Return a message's header, the octets a scan looks at, and the file's state; None if it is gone."""
    try:
        with open_mail(path) as file:
            # Nearly every header fits, and a scan of a hundred thousand files must not read their attachments.
            data = file.read(FIRST)
            end = header_end(data)
            if end < 0 and len(data) == FIRST:
                data += file.read(LONGEST_HEADER - FIRST)
                end = header_end(data)
            header = data[:end] if end >= 0 else data
            if len(data) >= FIRST and may_hold_calendar(header):
                data += file.read(SCANNED - len(data)) if len(data) < SCANNED else b""
            return header, data, os.stat(path)  # noqa: PTH116 - scandir gives strings
    except FileNotFoundError:
        return None


def _field(path: str, name: str) -> str:
    """Return the unfolded text of a header field in lower case, "" if there is none."""
    head = _head(path)
    if head is None:
        return ""
    found = " ".join(value for field, value in split_fields(head[0]) if field == name.lower())
    return " ".join(found.split()).casefold()


def _arrived(path: str) -> float:
    try:
        return os.stat(path).st_mtime  # noqa: PTH116 - scandir gives strings
    except FileNotFoundError:
        return 0.0
