"""One mbox file: RFC 4155 and its relatives, compressed or not, Google Takeout's labels included.

The file's first line tells how messages are separated, since each program has its own dialect and keeps to it:

    From priya@example.com Mon Mar  2 08:00:00 2026      a line with a time, before a header field
    From -                                               the same line each time, between an empty line and a header

If messages say how long they are (Content-Length), a line inside a message never separates two.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING

from assistant.core.language.calendar_words import MAIL_MONTHS
from assistant.core.mail.header import header_end
from assistant.core.mail.message import Batch, Cursor, Header, Instant, Locator, instant
from assistant.mailbox.archive.compressed import open_seekable
from assistant.mailbox.archive.takeout import is_discarded, label_flags
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

BATCH = 5_000
CHUNK = 4 << 20
MARGIN = 2048
_FROM_LINE = re.compile(rb"From [^\n]{0,300}?\b\d{1,2}:\d{2}[^\n]{0,100}\n(?=>?From |[!-9;-~]{1,80}[ \t]*:|\r?\n)")
_UNDATED = re.compile(rb"From ([^\n]{0,300})\n(?=((?:[!-9;-~]{1,80}[ \t]*:[^\n]*\n(?:[ \t][^\n]*\n)*)+))")
_IN_A_HEADER = re.compile(rb"^(?:From|To|Date|Message-ID|Received|MIME-Version)[ \t]*:", re.IGNORECASE | re.MULTILINE)
_ASCTIME = re.compile(
    rb"([A-Z][a-z]{2}) +(\d{1,2}) +(\d{1,2}):(\d{2})(?::(\d{2}))? +(?:[A-Z]{3,4} +)?(?:[+-]\d{4} +)?(\d{4})"
)
_LENGTH = re.compile(rb"^Content-Length:[ \t]*(\d{1,12})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_AFTER_LENGTH = re.compile(rb"(?:\r?\n){0,3}(?:From |\Z)")
_STATUS = re.compile(rb"^(?:X-)?Status:[ \t]*([A-Z]*)", re.IGNORECASE | re.MULTILINE)
_MOZILLA = re.compile(rb"^X-Mozilla-Status:[ \t]*([0-9a-f]{4})", re.IGNORECASE | re.MULTILINE)
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)
_LETTERS = {"R": "\\Seen", "A": "\\Answered", "F": "\\Flagged", "D": "\\Deleted", "T": "\\Draft"}
_BITS = {0x0001: "\\Seen", 0x0002: "\\Answered", 0x0004: "\\Flagged", 0x0008: "\\Deleted"}
NO_FLAGS: frozenset[str] = frozenset()
_MONTHS = {name.encode(): number for name, number in MAIL_MONTHS.items()}


class MboxArchive:
    """One mbox file. A UID is the offset of a message's From_ line, plus one. UIDVALIDITY comes from the first line."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = str(path)

    def stream(
        self, cursor: Cursor | None, seen: Callable[[], frozenset[int]], since: datetime | None
    ) -> Iterator[Batch]:
        """Yield what comes after the cursor, in batches of at most 5,000. Nothing if the file did not grow."""
        del seen
        with open_seekable(self.path) as file:
            validity = _validity(file)
            size = file.seek(0, 2)
            first = cursor is None or cursor.uidvalidity != validity or cursor.last_uid > size
            start = read = 0 if first or cursor is None else cursor.last_uid
            headers: list[Header] = []
            for offset, read, head in _messages(file, start):
                header = self._header(validity, offset, read - offset, head)
                if header and (
                    not first or since is None or header.internaldate is None or header.internaldate >= since
                ):
                    headers.append(header)
                if len(headers) == BATCH:
                    yield Batch(tuple(headers), Cursor(validity, read), None)
                    headers = []
            if headers or (first and read):
                yield Batch(tuple(headers), Cursor(validity, read), None)

    def read(self, locator: Locator, limit: int) -> bytes | None:
        """Return the first `limit` octets of a message, without its From_ line and with `>From` unquoted."""
        with open_seekable(self.path) as file:
            if locator.uidvalidity != _validity(file) or locator.uid < 1:
                return None
            for offset, _, head in _messages(file, locator.uid - 1, keep=limit + MARGIN):
                if offset != locator.uid - 1:
                    return None
                return _QUOTED.sub(rb"\1", head.partition(b"\n")[2])[:limit]
        return None

    def _header(self, validity: int, offset: int, size: int, head: bytes) -> Header | None:
        """Return a message's header, None if its labels put it into Spam or Trash."""
        envelope, _, message = head.partition(b"\n")
        end = header_end(message[:LONGEST_HEADER])
        header = message[:end] if end >= 0 else message[:LONGEST_HEADER]
        if is_discarded(header):
            return None
        found = calendars(message) if may_hold_calendar(header) else NO_CALENDARS
        return Header(
            Locator(self.name, validity, offset + 1),
            wanted_fields(header),
            _delivered(envelope),
            max(size - len(envelope) - 1, 0),
            _flags(header) | label_flags(header),
            *found,
        )


@dataclass(frozen=True, slots=True)
class _Dialect:
    """How a file's messages are separated: by dated lines, else by `undated`, a pattern for what follows "From"."""

    undated: re.Pattern[bytes] | None
    has_lengths: bool

    def parts(self, data: bytes, place: int) -> bool:
        """Return whether a From_ line at `place` begins a message."""
        if self.undated is None:
            return _FROM_LINE.match(data, place) is not None
        # "From " also begins sentences, and not every program quotes it. Without a date, only the blank line before and
        # a real header after it tell a separator from a sentence.
        found = _UNDATED.match(data, place)
        before = data[max(place - 3, 0) : place]
        after_blank = before in {b"", b"\n", b"\r\n"} or before.endswith((b"\n\n", b"\n\r\n"))
        return bool(
            found and after_blank and self.undated.fullmatch(found[1].strip()) and _IN_A_HEADER.search(found[2])
        )


def _dialect(file: IO[bytes]) -> _Dialect:
    file.seek(0)
    start = file.read(LONGEST_HEADER)
    # A file keeps to one dialect, so its first message tells whether there are lengths.
    has_lengths = _LENGTH.search(start[: max(header_end(start), 0)]) is not None
    first = start.partition(b"\n")[0].removeprefix(b"From").strip()
    if not start.startswith(b"From ") or _FROM_LINE.match(start):
        return _Dialect(None, has_lengths)
    # Addresses differ from message to message. Anything else ("-", nothing) is the same before each.
    same = rb"[^\s@]+@[^\s@]+" if b"@" in first else re.escape(first)
    return _Dialect(re.compile(same), has_lengths)


def _messages(file: IO[bytes], start: int, keep: int = SCANNED + MARGIN) -> Iterator[tuple[int, int, bytes]]:
    """Yield (offset, end, first `keep` octets with the From_ line) of each message that begins at `start` or later."""
    dialect = _dialect(file)
    file.seek(start)
    data, base, line_start = b"", start, True
    begun: int | None = None
    held = 0
    head = b""
    while True:
        chunk = file.read(CHUNK)
        data += chunk
        # A separator is known only by the lines after it, so the end of a chunk waits for the next one.
        edge = data.rfind(b"\n", 0, max(len(data) - MARGIN, 0)) + 1 if chunk else len(data)
        at = 0
        for place in _separators(data, edge, dialect, line_start=line_start):
            # Inside a message that said how long it is.
            if base + place < held:
                continue
            if begun is not None:
                yield begun, base + place, (head + data[at:place])[:keep]
            begun, head, at = base + place, b"", place
            held = _length_held(file, begun) if dialect.has_lengths else 0
        if begun is not None and len(head) < keep:
            head += data[at : min(edge, at + keep - len(head))]
        if not chunk:
            break
        line_start = data[edge - 1 : edge] == b"\n" if edge else line_start
        data, base = data[edge:], base + edge
    if begun is not None:
        yield begun, base + len(data), head


def _length_held(file: IO[bytes], offset: int) -> int:
    """Return the offset where a message's Content-Length ends, 0 if no separator follows there."""
    back = file.tell()
    try:
        file.seek(offset)
        start = file.read(LONGEST_HEADER)
        end = header_end(start)
        length = _LENGTH.search(start[: max(end, 0)])
        if length is None:
            return 0
        blank = 2 if start[end : end + 2] == b"\r\n" else 1
        stop = offset + end + blank + int(length[1])
        if stop > file.seek(0, 2):
            return 0
        file.seek(stop)
        # A length may be wrong, so one that leads to no separator is not believed.
        return stop if _AFTER_LENGTH.match(file.read(16)) else 0
    finally:
        file.seek(back)


def _separators(data: bytes, edge: int, dialect: _Dialect, *, line_start: bool) -> Iterator[int]:
    """Yield the places before `edge` where a From_ line begins a message."""
    place = 0 if line_start and data.startswith(b"From ") else data.find(b"\nFrom ") + 1
    while (place or line_start) and place < edge and data.startswith(b"From ", place):
        if dialect.parts(data, place):
            yield place
        following = data.find(b"\nFrom ", place)
        if following < 0:
            return
        place = following + 1


def _validity(file: IO[bytes]) -> int:
    file.seek(0)
    return zlib.crc32(file.readline(1024)) or 1


def _delivered(envelope: bytes) -> Instant | None:
    """Return the date of a From_ line (asctime, taken as UTC), None if it has none."""
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
