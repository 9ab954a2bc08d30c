"""What a mailbox yields: folders, batches of header-only messages, text bodies.

And where a message lies, and how far a folder was read (RFC 3501: UIDVALIDITY and UID).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Folders:
    """The folders the assistant uses, by the server's own decoded names.

    `sent` is where our copies go, `also_sent` are further folders of the owner's sent mail.
    """

    inbox: str
    sent: str
    drafts: str
    also_sent: tuple[str, ...] = ()

    @property
    def all_sent(self) -> tuple[str, ...]:
        """Return every folder of sent mail, the first one first."""
        return (self.sent, *self.also_sent)


END = 253_370_764_800
"""The year 9999 in seconds since 1970 UTC."""


class Instant(NamedTuple):
    """An instant as it was written: seconds since 1970 UTC, and the offset in minutes east of UTC.

    It stands for a datetime where there are millions of them.
    """

    at: int
    offset: int

    @property
    def moment(self) -> datetime:
        """Return it as an aware datetime."""
        return datetime.fromtimestamp(self.at, timezone(timedelta(minutes=self.offset)) if self.offset else UTC)

    @classmethod
    def of(cls, moment: datetime) -> Instant:
        """Return the instant of an aware datetime; fractions of a second are cut off."""
        offset = moment.utcoffset() or timedelta()
        return cls(int(moment.timestamp()), int(offset.total_seconds()) // 60)


def instant(at: int, offset: int) -> Instant | None:
    """Return an instant; None before 1970 and after 9998: no mail arrived then."""
    return Instant(at, offset) if 0 <= at < END else None


class Header(NamedTuple):
    """One message as the scan reads it: its wanted header fields, never its body.

    `header` is the raw bytes of the wanted fields (RFC 5322), `arrived` is INTERNALDATE or None,
    `size` in bytes (RFC822.SIZE), `flags` as the server spells them (compare without case).
    `calendar` holds the text of its text/calendar parts (64 KiB each, decoded), `calendar_is_body` says whether one
    of them is the body itself or lies within multipart/alternative, or no part is text (contact.md row 5).
    `calendar_method` is the METHOD parameter of the first text/calendar part's own MIME header, "" when it has none.
    `reaction`: the message is an emoji on another one. `reports` holds the text of its message/delivery-status parts.
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

    @property
    def internaldate(self) -> datetime | None:
        """Return INTERNALDATE as an aware datetime, None where it is not known."""
        return self.arrived.moment if self.arrived else None


@dataclass(frozen=True, slots=True)
class Batch:
    """Up to 5,000 messages and the cursor that holds once they are stored; `total` new ones expected in all.

    `alone` names the UIDs that the server did not give just now, though it gave their neighbours. `trouble` says what
    of the folder cannot be read for good, to go on "… could not be read: "; "" for nothing.
    """

    headers: tuple[Header, ...]
    cursor: Cursor
    total: int | None
    alone: tuple[int, ...] = ()
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Body:
    """The readable parts of one message: `text` (text/plain, "" when none) and `html` ("" when none), decoded."""

    locator: Locator
    text: str
    html: str
    calendar: tuple[str, ...] = ()


class Locator(NamedTuple):
    """One message in one folder; `folder` is the server's own decoded name."""

    folder: str
    uidvalidity: int
    uid: int


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a folder was read: every message with a UID up to `last_uid` was seen, save those in `unread`.

    `modseq` is HIGHESTMODSEQ where the server has CONDSTORE, else None. `unread` holds spans of UIDs, both ends
    included; None where nobody knows: then what is stored is compared with what the server has.
    """

    uidvalidity: int
    last_uid: int = 0
    modseq: int | None = None
    unread: tuple[tuple[int, int], ...] | None = ()
