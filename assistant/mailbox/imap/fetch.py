"""Reads the header fields of many messages from the socket by hand (RFC 3501, 7.4.2).

A reader takes responses off a `BoundedConnection`. One pattern matches the shape that nearly all servers send.
Everything else (quoted strings, literals elsewhere, another order, Courier's quoted field names) goes through
imapclient's parser.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from imapclient.response_parser import parse_fetch_response

from assistant.core.language.calendar_words import MAIL_MONTHS
from assistant.core.mail.envelope import OWN_FIELDS, RECEIVED_FIELDS, WANTED_FIELDS
from assistant.core.mail.message import Header, Instant, Locator, instant

if TYPE_CHECKING:
    from collections.abc import Iterable

    from assistant.mailbox.imap.connection import BoundedConnection


def _section(fields: Iterable[str]) -> str:
    return "BODY.PEEK[HEADER.FIELDS (" + " ".join(name.upper() for name in fields) + ")]"


FIELDS = _section(WANTED_FIELDS)
_FIXED = "UID FLAGS INTERNALDATE RFC822.SIZE"
# The header fields rather than ENVELOPE: Dovecot's loses recipients after a parse error, Cyrus's all but the last To.
# BODYSTRUCTURE, since nothing else tells of text/calendar parts.
ITEMS = f"({_FIXED} BODYSTRUCTURE {FIELDS})".encode("ascii")
ITEMS_RECEIVED = f"({_FIXED} BODYSTRUCTURE {_section(RECEIVED_FIELDS)})".encode("ascii")
ITEMS_OWN = f"({_FIXED} BODYSTRUCTURE {_section(OWN_FIELDS)})".encode("ascii")
# For messages whose structure the server can't give.
ITEMS_BARE = f"({_FIXED} {FIELDS})".encode("ascii")
ITEMS_RECEIVED_BARE = f"({_FIXED} {_section(RECEIVED_FIELDS)})".encode("ascii")
ITEMS_OWN_BARE = f"({_FIXED} {_section(OWN_FIELDS)})".encode("ascii")

LONGEST_HEADER = 128 << 10
RANGE_OCTETS = 48 << 20
MINUTES_A_DAY = 24 * 60

_USUAL = re.compile(
    rb"\* (\d+) FETCH \(UID (\d+) FLAGS \(([^)\r\n]*)\) INTERNALDATE \"([^\"\r\n]{26})\" RFC822\.SIZE (\d+) "
    rb"(?:BODYSTRUCTURE (\([^\r\n]*\)) )?BODY\[HEADER\.FIELDS \([^)\r\n\"]*\)\] \{(\d+)\}\r\n"
)
_FETCH = re.compile(rb"\* (\d+) FETCH ", re.IGNORECASE)
_LITERAL = re.compile(rb"\{(\d+)\+?\}\r?\n\Z")
_UID = re.compile(rb"\bUID (\d+)", re.IGNORECASE)
_ENDS_HEADER = re.compile(rb"BODY\[HEADER\.FIELDS [^\]]*\] \{\d+\}\Z", re.IGNORECASE)
_ARRIVED = re.compile(rb"INTERNALDATE \"([^\"]{26})\"", re.IGNORECASE)
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)", re.IGNORECASE)
_FLAGS = re.compile(rb"FLAGS \(([^)]*)\)", re.IGNORECASE)
# Few messages have one of these words in their structure, and no other structure is parsed.
_SPECIAL = re.compile(
    rb"\"(?:calendar|(?:global-)?delivery-status|reaction|vnd\.google\.email-reaction\+json)\"", re.IGNORECASE
)
_SIXTY = {b"%02d" % number: number for number in range(60)}
_HOURS = {b"%02d" % hour: hour * 3600 for hour in range(24)}
_MONTHS = {name.lower().encode(): number for name, number in MAIL_MONTHS.items()}


@dataclass(slots=True)
class Fetched:
    """What the answers so far brought; the first two dicts are by UID.

    `structures` holds the BODYSTRUCTURE of messages with a part that tells more than mail (a calendar, a delivery
    report, an emoji), `parts` the octets that were fetched, by section, and `done` the tagged answers that came before
    anybody waited for them. `first` and `last` are the sequence numbers of the first and the last header, 0 before any.
    """

    headers: list[Header] = field(default_factory=list)
    structures: dict[int, Any] = field(default_factory=dict)
    parts: dict[int, dict[str, bytes]] = field(default_factory=dict)
    done: dict[bytes, tuple[str, bytes]] = field(default_factory=dict)
    first: int = 0
    last: int = 0


class FetchReader:
    """Reads header responses for one selected folder off a line, for commands that were sent already."""

    def __init__(self, line: BoundedConnection, folder: str, uidvalidity: int) -> None:
        """`folder` and `uidvalidity` are for the locators."""
        self._line = line
        self._folder = folder
        self._uidvalidity = uidvalidity
        self._flags: dict[bytes, frozenset[str]] = {}
        self.fetched = Fetched()

    def until(self, tag: bytes, expected: Iterable[bytes]) -> tuple[str, bytes]:
        """Read up to the answer to `tag`, before which those to other `expected` tags may come. Return status and text.

        Raises what the line raises, and imaplib's abort if the server says BYE or anything that isn't IMAP.
        """
        open_tags = frozenset(expected) | {tag}
        done = self.fetched.done
        while tag not in done:
            self._take_usual()
            if tag not in done:
                self._take_any(open_tags)
        return done.pop(tag)

    def _take_usual(self) -> None:
        """Take as many responses of the usual shape as the buffer holds."""
        # Runs once for each message of a scan, so there is one pattern and no parser in here.
        line, add, match = self._line, self.fetched.headers.append, _USUAL.match
        buffer, at, first = line.buffer, line.at, b""
        while (found := match(buffer, at)) is not None:
            number, uid, flags, arrived, size, structure, length = found.groups()
            start = found.end()
            end = start + int(length)
            if end - start > LONGEST_HEADER or buffer[end : end + 3] != b")\r\n":
                break
            add(self._header(int(uid), buffer[start:end], arrived, int(size), flags))
            if structure is not None and _SPECIAL.search(structure):
                self._keep_structure(int(uid), structure)
            at, first, last = end + 3, first or number, number
        line.at = at
        if first:
            self._note_numbers(int(first), int(last))

    def _note_numbers(self, first: int, last: int) -> None:
        self.fetched.first, self.fetched.last = self.fetched.first or first, last

    def _take_any(self, open_tags: frozenset[bytes]) -> None:
        """Take one response of any shape, reading more if the buffer ends within it."""
        line = self._line
        text = line.readline()
        if _USUAL.match(text) and _literal_size(text) <= LONGEST_HEADER and self._wait_for_end(text):
            line.at -= len(text)  # all of it has arrived now, so `_take_usual` can take it
            return
        if not text.endswith(b"\n"):
            raise line.abort("the line was closed")
        if response := _FETCH.match(text):
            before = len(self.fetched.headers)
            self._parse(self._read_pieces(text))
            if len(self.fetched.headers) > before:
                self._note_numbers(int(response[1]), int(response[1]))
        elif text.startswith(b"* BYE"):
            raise line.abort("the server said goodbye")
        elif not text.startswith(b"* "):
            self._keep_tagged(text, open_tags)

    def _wait_for_end(self, text: bytes) -> bool:
        """Read until the literal after a line is complete. Return whether the answer ends right after it."""
        line = self._line
        size = _literal_size(text)
        line.at -= len(text)  # `fill` drops what was taken
        while len(line.buffer) - line.at < len(text) + size + 3:
            if not line.fill():
                raise line.abort("the line was closed")
        line.at += len(text)
        return line.buffer[line.at + size : line.at + size + 3] == b")\r\n"

    def _keep_tagged(self, text: bytes, open_tags: frozenset[bytes]) -> None:
        tag, _, rest = text.partition(b" ")
        if tag not in open_tags:
            raise self._line.abort("the server answered what was not asked")
        status, _, words = rest.strip().partition(b" ")
        self._line.forget(tag)
        self.fetched.done[tag] = (status.upper().decode("ascii", "replace"), words)

    def _read_pieces(self, text: bytes) -> list[Any]:
        """Read one whole response as imaplib gives it: (line, literal) pairs and the rest. Long literals are cut."""
        pieces: list[Any] = []
        text = text[2:]
        while (size := _literal_size(text)) >= 0:
            literal = self._line.read(size)[:LONGEST_HEADER]
            pieces.append((_LITERAL.sub(b"{%d}" % len(literal), text), literal))
            text = self._line.readline()
        pieces.append(text.rstrip(b"\r\n"))
        return [piece for piece in pieces if piece]

    def _parse(self, pieces: list[Any]) -> None:
        """Read a response with imapclient's parser. If it can't be read, save what can be saved."""
        try:
            parsed = parse_fetch_response([_without_fetch(pieces[0]), *pieces[1:]], normalise_times=False)
            for uid, items in parsed.items():
                self._keep_items(uid, items)
        except Exception:  # noqa: BLE001 - the parser raises anything on odd input
            self._salvage(pieces)

    def _salvage(self, pieces: list[Any]) -> None:
        """Find UID and header in a response that follows no grammar. Without both, the message counts as not come."""
        lines = [piece[0] if isinstance(piece, tuple) else piece for piece in pieces]
        text = b" ".join(lines)
        uid = _UID.search(text)
        header = next((p[1] for p in pieces if isinstance(p, tuple) and _ENDS_HEADER.search(p[0])), None)
        if uid is None or header is None:
            return
        arrived, size, flags = _ARRIVED.search(text), _SIZE.search(text), _FLAGS.search(text)
        self.fetched.headers.append(
            self._header(
                int(uid[1]),
                header,
                arrived[1] if arrived else b"",
                int(size[1]) if size else 0,
                flags[1] if flags else b"",
            )
        )

    def _keep_items(self, uid: int, items: dict[bytes, Any]) -> None:
        sections = {key: value for key, value in items.items() if key.startswith(b"BODY[")}
        fields = [value for key, value in sections.items() if key.startswith(b"BODY[HEADER")]
        for key, value in sections.items():
            if value is not None and not key.startswith(b"BODY[HEADER"):
                # Courier puts quotes around the field names it echoes.
                section = key[5:].partition(b"]")[0].replace(b'"', b"").decode("ascii", "replace")
                self.fetched.parts.setdefault(uid, {})[section] = value if isinstance(value, bytes) else b"%d" % value
        if fields:  # otherwise it is a part that was fetched, or the server's own news of flags
            self.fetched.headers.append(self._from_items(uid, fields[0], items))
            structure = items.get(b"BODYSTRUCTURE")
            if structure is not None and _SPECIAL.search(repr(structure).replace("'", '"').encode("ascii", "replace")):
                self.fetched.structures[uid] = structure

    def _from_items(self, uid: int, header: Any, items: dict[bytes, Any]) -> Header:
        arrived, flags = items.get(b"INTERNALDATE"), items.get(b"FLAGS") or ()
        return Header(
            Locator(self._folder, self._uidvalidity, uid),
            header if isinstance(header, bytes) else b"",
            instant(*Instant.of(arrived)) if isinstance(arrived, datetime) and arrived.tzinfo else None,
            int(items.get(b"RFC822.SIZE") or 0),
            frozenset(flag.decode("ascii", "replace") if isinstance(flag, bytes) else str(flag) for flag in flags),
        )

    def _keep_structure(self, uid: int, raw: bytes) -> None:
        try:
            items = parse_fetch_response([b"1 (UID %d BODYSTRUCTURE %s)" % (uid, raw)])[uid]
        except Exception:  # noqa: BLE001 - as in _parse. The header itself is fine, only its calendar is missed.
            return
        self.fetched.structures[uid] = items[b"BODYSTRUCTURE"]

    def _header(self, uid: int, header: bytes, arrived: bytes, size: int, flags: bytes) -> Header:
        known = self._flags.get(flags)
        if known is None:
            known = self._flags[flags] = frozenset(flags.decode("ascii", "replace").split())
        return Header(Locator(self._folder, self._uidvalidity, uid), header, internaldate(arrived), size, known)


def internaldate(text: bytes) -> Instant | None:
    """Return the instant of `17-Jul-1996 02:44:25 -0700` (RFC 3501, date-time), None if it isn't one."""
    try:
        # Runs for each message of a scan, so days and offsets, which repeat, are remembered.
        offset = _offset(text[21:26])
        clock = _HOURS[text[12:14]] + (_SIXTY[text[15:17]] - offset) * 60 + _SIXTY[text[18:20]]
        return instant(_day(text[:11]) + clock, offset)
    except (KeyError, ValueError, OverflowError):
        return None


@lru_cache(maxsize=4096)
def _day(text: bytes) -> int:
    """Return the first second of a day in UTC."""
    return int(datetime(int(text[7:11]), _MONTHS[text[3:6].lower()], int(text[:2]), tzinfo=UTC).timestamp())


@lru_cache(maxsize=256)
def _offset(text: bytes) -> int:
    """Return `-0700` in minutes east of UTC."""
    minutes = int(text[1:3]) * 60 + int(text[3:5])
    if minutes >= MINUTES_A_DAY:
        raise ValueError(text)
    return -minutes if text[:1] == b"-" else minutes


def _literal_size(text: bytes) -> int:
    """Return the size of the literal announced at the end of a line, -1 if there is none."""
    found = _LITERAL.search(text)
    return int(found[1]) if found else -1


def _without_fetch(first: Any) -> Any:
    """Turn `12 FETCH (...` into `12 (...`, which is what the parser expects."""
    if isinstance(first, tuple):
        return (_without_fetch(first[0]), first[1])
    number, _, rest = first.partition(b" ")
    return number + b" " + rest.partition(b" ")[2]
