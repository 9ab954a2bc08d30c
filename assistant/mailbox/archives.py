"""Old sent mail on this machine, read once: mbox files (RFC 4155 and its relatives) and Maildirs.

An archive is a folder of its own, named by its path. `WithArchives` puts archives beside a mailbox, so that whoever
holds a locator need not know where it came from.
"""

from __future__ import annotations

import re
import zlib
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from assistant.core.locator import Cursor, Locator
from assistant.core.message import Batch, Body, Header, Instant, instant
from assistant.errors import AssistantError, UserError
from assistant.mailbox.files import MaildirFolder
from assistant.mailbox.whole import (
    LONGEST_HEADER,
    NO_CALENDARS,
    READ,
    SCANNED,
    body,
    calendars,
    crlf,
    header_end,
    may_hold_calendar,
    wanted_fields,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from typing import BinaryIO, Protocol

    from assistant.core.message import Folders
    from assistant.mailbox.imap import ImapMailbox
    from assistant.mailbox.maildir import MaildirMailbox

    class Archive(Protocol):
        """What can be read of an archive: the reading half of a mailbox, of one folder."""

        name: str

        def stream(
            self, cursor: Cursor | None, seen: Callable[[], frozenset[int]], since: datetime | None
        ) -> Iterator[Batch]:
            """Yield what is new."""
            ...

        def read(self, locator: Locator, limit: int) -> bytes | None:
            """Return the first `limit` octets of a message, None where it is gone."""
            ...


BATCH = 5_000
CHUNK = 4 << 20
MARGIN = 2048
_FROM_LINE = re.compile(rb"From [^\n]{0,300}?\b\d{1,2}:\d{2}[^\n]{0,100}\n(?=>?From |[!-9;-~]{1,80}[ \t]*:|\r?\n)")
_ASCTIME = re.compile(
    rb"([A-Z][a-z]{2}) +(\d{1,2}) +(\d{1,2}):(\d{2})(?::(\d{2}))? +(?:[A-Z]{3,4} +)?(?:[+-]\d{4} +)?(\d{4})"
)
_STATUS = re.compile(rb"^(?:X-)?Status:[ \t]*([A-Z]*)", re.IGNORECASE | re.MULTILINE)
_MOZILLA = re.compile(rb"^X-Mozilla-Status:[ \t]*([0-9a-f]{4})", re.IGNORECASE | re.MULTILINE)
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)
_LETTERS = {"R": "\\Seen", "A": "\\Answered", "F": "\\Flagged", "D": "\\Deleted", "T": "\\Draft"}
_BITS = {0x0001: "\\Seen", 0x0002: "\\Answered", 0x0004: "\\Flagged", 0x0008: "\\Deleted"}
NO_FLAGS: frozenset[str] = frozenset()
_MONTHS = {name: at for at, name in enumerate(b"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)}


class MboxArchive:
    """One mbox file. A UID is where a message's From_ line begins, plus one; UIDVALIDITY comes from the first line."""

    def __init__(self, path: Path) -> None:
        """Look at nothing yet."""
        self.path = path
        self.name = str(path)

    def stream(
        self, cursor: Cursor | None, seen: Callable[[], frozenset[int]], since: datetime | None
    ) -> Iterator[Batch]:
        """Yield what stands after the cursor, in batches of at most 5,000; nothing where the file did not grow."""
        del seen
        with self.path.open("rb") as file:
            validity = _validity(file)
            size = file.seek(0, 2)
            first = cursor is None or cursor.uidvalidity != validity or cursor.last_uid > size
            start = read = 0 if first or cursor is None else cursor.last_uid
            headers: list[Header] = []
            for offset, read, head in _messages(file, start):
                header = self._header(validity, offset, read - offset, head)
                if not first or since is None or header.internaldate is None or header.internaldate >= since:
                    headers.append(header)
                if len(headers) == BATCH:
                    yield Batch(tuple(headers), Cursor(validity, read), None)
                    headers = []
            if headers or (first and read):
                yield Batch(tuple(headers), Cursor(validity, read), None)

    def read(self, locator: Locator, limit: int) -> bytes | None:
        """Return the first `limit` octets of a message, its From_ line off and quoted ones as they were."""
        with self.path.open("rb") as file:
            if locator.uidvalidity != _validity(file) or locator.uid < 1:
                return None
            for offset, _, head in _messages(file, locator.uid - 1, keep=limit + MARGIN):
                if offset != locator.uid - 1:
                    return None
                return _QUOTED.sub(rb"\1", head.partition(b"\n")[2])[:limit]
        return None

    def _header(self, validity: int, offset: int, size: int, head: bytes) -> Header:
        envelope, _, message = head.partition(b"\n")
        end = header_end(message[:LONGEST_HEADER])
        header = message[:end] if end >= 0 else message[:LONGEST_HEADER]
        found = calendars(message) if may_hold_calendar(header) else NO_CALENDARS
        return Header(
            Locator(self.name, validity, offset + 1),
            wanted_fields(header),
            _delivered(envelope),
            max(size - len(envelope) - 1, 0),
            _flags(header),
            *found,
        )


class WithArchives:
    """A mailbox and archives beside it: reading an archive's folder goes there, all else to the mailbox."""

    def __init__(self, mailbox: ImapMailbox | MaildirMailbox, archives: Sequence[Archive]) -> None:
        """Take archives that bear the names which locators have as their folder."""
        self._mailbox = mailbox
        self._archives = {archive.name: archive for archive in archives}

    @property
    def archives(self) -> tuple[str, ...]:
        """The archives' folder names, to be streamed like any folder."""
        return tuple(self._archives)

    def folders(self) -> Folders:
        """Return the mailbox's own folders."""
        return self._mailbox.folders()

    def stream(
        self, folder: str, cursor: Cursor | None, seen: Callable[[], frozenset[int]], since: datetime | None
    ) -> Iterator[Batch]:
        """Yield what is new in a folder or an archive; raises UserError where an archive cannot be read."""
        archive = self._archives.get(folder)
        if archive is None:
            yield from self._mailbox.stream(folder, cursor, seen, since)
            return
        with _readable(folder):
            yield from archive.stream(cursor, seen, since)

    def bodies(self, locators: Sequence[Locator]) -> Iterator[Body]:
        """Yield text, HTML and calendar parts, those from the mailbox first; what is gone is skipped."""
        yield from self._mailbox.bodies([one for one in locators if one.folder not in self._archives])
        for locator in locators:
            if locator.folder in self._archives:
                data = self._read(locator, READ)
                if data is not None:
                    yield body(locator, data)

    def find(self, folder: str, message_id: str) -> tuple[Locator, ...]:
        """Return where messages with that Message-ID lie in the mailbox; archives are not searched."""
        return () if folder in self._archives else self._mailbox.find(folder, message_id)

    def find_marked(self, folder: str, field: str, value: str, since: datetime | None = None) -> tuple[Locator, ...]:
        """Return where messages with that in a header field lie in the mailbox; archives are not searched."""
        return () if folder in self._archives else self._mailbox.find_marked(folder, field, value, since)

    def raw(self, locator: Locator, limit: int) -> bytes | None:
        """Return the whole message, None where it is gone or larger than `limit` octets."""
        if locator.folder not in self._archives:
            return self._mailbox.raw(locator, limit)
        data = self._read(locator, limit + 1)
        return None if data is None or len(data) > limit else crlf(data)

    def append(self, folder: str, message: bytes, flags: tuple[str, ...], at: datetime) -> Locator | None:
        """Put a message into the mailbox; raises UserError for an archive, which is never written to."""
        if folder in self._archives:
            text = f"The archive {folder} is only read."
            raise UserError(text)
        return self._mailbox.append(folder, message, flags, at)

    def remove_draft(self, locator: Locator, message_id: str) -> bool:
        """Remove our own draft from the mailbox; there is none in an archive."""
        return locator.folder not in self._archives and self._mailbox.remove_draft(locator, message_id)

    def wait(self, seconds: float) -> bool:
        """Wait for news in the mailbox."""
        return self._mailbox.wait(seconds)

    def within(self, seconds: float | None) -> None:
        """Give the mailbox so many seconds for all that follows."""
        self._mailbox.within(seconds)

    def close(self) -> None:
        """End the mailbox's session."""
        self._mailbox.close()

    def _read(self, locator: Locator, limit: int) -> bytes | None:
        with _readable(locator.folder):
            return self._archives[locator.folder].read(locator, limit)


def open_archive(path: Path) -> Archive:
    """Return the archive at `path`: a folder is a Maildir, a file an mbox.

    Raises UserError where there is neither.
    """
    if (path / "cur").is_dir():
        return MaildirFolder(str(path), path)
    if path.is_file():
        return MboxArchive(path)
    message = (
        f"The archive {path} is neither an mbox file nor a Maildir; check archives under [mailbox] in config.toml."
    )
    raise UserError(message)


def _messages(file: BinaryIO, start: int, keep: int = SCANNED + MARGIN) -> Iterator[tuple[int, int, bytes]]:
    """Yield (offset, end, first `keep` octets with the From_ line) of each message that begins at or after `start`."""
    file.seek(start)
    data, base, line_start = b"", start, True
    begun: int | None = None
    head = b""
    while True:
        chunk = file.read(CHUNK)
        data += chunk
        edge = _edge(data) if chunk else len(data)
        at = 0
        for place in _separators(data, edge, line_start=line_start):
            if begun is not None:
                yield begun, base + place, (head + data[at:place])[:keep]
            begun, head, at = base + place, b"", place
        if begun is not None and len(head) < keep:
            head += data[at : min(edge, at + keep - len(head))]
        if not chunk:
            break
        line_start = data[edge - 1 : edge] == b"\n" if edge else line_start
        data, base = data[edge:], base + edge
    if begun is not None:
        yield begun, base + len(data), head


def _separators(data: bytes, edge: int, *, line_start: bool) -> Iterator[int]:
    """Yield where From_ lines begin before `edge`: with a time in them and a header field on the next line."""
    place = 0 if line_start and data.startswith(b"From ") else data.find(b"\nFrom ") + 1
    while (place or line_start) and place < edge and data.startswith(b"From ", place):
        if _FROM_LINE.match(data, place):
            yield place
        following = data.find(b"\nFrom ", place)
        if following < 0:
            return
        place = following + 1


def _edge(data: bytes) -> int:
    """Return up to where separators can be told: a line's start, with room behind for the lines that decide."""
    return data.rfind(b"\n", 0, max(len(data) - MARGIN, 0)) + 1


def _validity(file: BinaryIO) -> int:
    file.seek(0)
    return zlib.crc32(file.readline(1024)) or 1


def _delivered(envelope: bytes) -> Instant | None:
    """Return the date of a From_ line (asctime, UTC unless it says otherwise), None where it has none."""
    found = _ASCTIME.search(envelope)
    if found is None or found[1] not in _MONTHS:
        return None
    day, hour, minute, second, year = (int(part or 0) for part in found.groups()[1:])
    try:
        return instant(int(datetime(year, _MONTHS[found[1]], day, hour, minute, second, tzinfo=UTC).timestamp()), 0)
    except ValueError:
        return None


def _flags(header: bytes) -> frozenset[str]:
    if b"tatus:" not in header:
        return NO_FLAGS
    letters = {chr(letter) for found in _STATUS.findall(header) for letter in found.upper()}
    flags = {flag for letter, flag in _LETTERS.items() if letter in letters}
    mozilla = _MOZILLA.search(header)
    if mozilla:
        bits = int(mozilla[1], 16)
        flags |= {flag for bit, flag in _BITS.items() if bits & bit}
    return frozenset(flags)


@contextmanager
def _readable(name: str) -> Iterator[None]:
    try:
        yield
    except AssistantError:
        raise
    except OSError as error:
        message = f"The archive {name} could not be read: {error.strerror or 'input/output error'}."
        raise UserError(message) from error
