"""The values a mailbox returns: folders, batches of messages by their headers, text bodies.

A `Locator` says where a message is and a `Cursor` how far a folder was read (RFC 3501: UIDVALIDITY and UID).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import NamedTuple


class YearFolder(NamedTuple):
    """A folder with the sent mail of one year, or of several up to `year`."""

    name: str
    year: int


@dataclass(frozen=True, slots=True)
class Folders:
    """The folders the assistant uses, by the server's names, decoded.

    `sent` is where our copies go; `also_sent` are further folders with mail the owner sent. `received` are those where
    received mail lies, INBOX or what holds it first; empty if it isn't to be read.

    `by_year` are folders of sent mail too, by name. `archives` are those that the config names: only mail from the
    owner's addresses is read there. `missing` are archives that are neither a file nor a folder, `not_read` folders
    whose names look like sent mail.
    """

    inbox: str
    sent: str
    drafts: str
    also_sent: tuple[str, ...] = ()
    received: tuple[str, ...] = ("INBOX",)
    by_year: tuple[YearFolder, ...] = ()
    archives: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    not_read: tuple[str, ...] = ()

    @property
    def all_sent(self) -> tuple[str, ...]:
        """Return the folders that mail the owner sends goes to, `sent` first."""
        return (self.sent, *self.also_sent)

    @property
    def older(self) -> tuple[str, ...]:
        """Return the folders that sent mail is moved to later."""
        return (*(one.name for one in self.by_year), *self.archives)


RECEIVED = "$Received"
"""A flag of ours: the archive says that the message isn't sent mail. It counts only if it's from the owner."""

# The beginning of 9999 in seconds since 1970 UTC, which is within Python's calendar in every zone.
END = 253_370_764_800


class Instant(NamedTuple):
    """An instant with the offset it was written with: seconds since 1970 UTC, and minutes east of UTC.

    It is smaller and faster than a datetime: a large mailbox has a million of them.
    """

    at: int
    offset: int

    @property
    def moment(self) -> datetime:
        """Return the instant as an aware datetime."""
        return datetime.fromtimestamp(self.at, timezone(timedelta(minutes=self.offset)) if self.offset else UTC)

    @classmethod
    def of(cls, moment: datetime) -> Instant:
        """Return the instant of an aware datetime, without fractions of a second."""
        offset = moment.utcoffset() or timedelta()
        return cls(int(moment.timestamp()), int(offset.total_seconds()) // 60)


def instant(at: int, offset: int) -> Instant | None:
    """Return an instant, or None before 1970 and after 9998, when no mail arrived."""
    return Instant(at, offset) if 0 <= at < END else None


class Header(NamedTuple):
    """One message as the scan reads it: the wanted header fields, but not the body.

    `header` has the raw bytes of the wanted fields (RFC 5322), `arrived` is INTERNALDATE or None, `size` is in bytes
    (RFC822.SIZE), and `flags` are as the server spells them (compare them without case: Cyrus writes lower case).
    `calendar` holds the text of the text/calendar parts (up to 64 KiB each, decoded). `calendar_is_body` says that one
    of them is the body, is within multipart/alternative, or that no part is text (row 5). `calendar_method` is the
    METHOD parameter in the MIME header of the first such part, "" if it has none. `reaction` says that the message is
    an emoji on another one. `reports` holds the text of the message/delivery-status parts.
    `returned` is the Message-ID of the message that such a report returns, "" if it wasn't looked for.
    """

    locator: Locator
    header: bytes
    arrived: Instant | None
    size: int
    flags: frozenset[str]
    calendar: tuple[str, ...] = ()
    calendar_is_body: bool = False
    calendar_method: str = ""
    reaction: bool = False
    reports: tuple[str, ...] = ()
    returned: str = ""

    @property
    def internaldate(self) -> datetime | None:
        """Return INTERNALDATE as an aware datetime, None if unknown."""
        return self.arrived.moment if self.arrived else None


@dataclass(frozen=True, slots=True)
class Batch:
    """Up to 5,000 messages, and the cursor to store with them. `total` is how many new ones are expected in all.

    `alone` has the UIDs that the server didn't return this time, though it returned their neighbors. `trouble` says
    what part of the folder can't be read for good, as the end of "… could not be read: "; "" for nothing.
    """

    headers: tuple[Header, ...]
    cursor: Cursor
    total: int | None
    alone: tuple[int, ...] = ()
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Body:
    """The readable parts of one message, decoded: `text` (text/plain) and `html`, each "" if there is none."""

    locator: Locator
    text: str
    html: str
    calendar: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Senders:
    """Whose received mail is wanted, by address as it's written in a header.

    Mail of the `known` is wanted above the cursor, mail of the `new` from the folder's start. Reports of mail that came
    back are wanted from whomever, but none that arrived before `reports_since` (UTC; None: all). With `own` they are
    the owner's addresses: no reports are wanted, but what delivery wrote into a message (`TRACE_FIELDS`).
    """

    known: tuple[str, ...]
    new: tuple[str, ...] = ()
    reports_since: datetime | None = None
    own: bool = False

    @property
    def every(self) -> tuple[str, ...]:
        """Return all addresses."""
        return (*self.known, *self.new)


class Locator(NamedTuple):
    """Where a message is. `folder` is the server's name for it, decoded."""

    folder: str
    uidvalidity: int
    uid: int


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a folder was read: every message with a UID up to `last_uid` was seen, except those in `unread`.

    `modseq` is HIGHESTMODSEQ if the server has CONDSTORE, else None. `unread` holds spans of UIDs, both ends included.
    It is None if unknown, as in data of an earlier version: then the stored messages are compared with the server's.
    """

    uidvalidity: int
    last_uid: int = 0
    modseq: int | None = None
    unread: tuple[tuple[int, int], ...] | None = ()
