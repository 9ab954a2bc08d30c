"""What a mailbox yields: folders, batches of header-only messages, and text bodies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from assistant.core.locator import Cursor, Locator


@dataclass(frozen=True, slots=True)
class Folders:
    """The three folders the assistant uses, by the server's own decoded names."""

    inbox: str
    sent: str
    drafts: str


@dataclass(frozen=True, slots=True)
class Header:
    """One message as the scan reads it: its wanted header fields, never its body.

    `header` is the raw bytes of the wanted fields (RFC 5322), `internaldate` aware or None,
    `size` in bytes (RFC822.SIZE), `flags` as the server spells them (compare without case).
    `calendar` holds the text of its text/calendar parts (64 KiB each, decoded), `calendar_is_body` says whether one
    of them is the body itself or lies within multipart/alternative, or no part is text (contact.md row 5).
    `calendar_method` is the METHOD parameter of the first text/calendar part's own MIME header, "" when it has none.
    """

    locator: Locator
    header: bytes
    internaldate: datetime | None
    size: int
    flags: frozenset[str]
    calendar: tuple[str, ...] = ()
    calendar_is_body: bool = False
    calendar_method: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """Up to 5,000 messages and the cursor that holds once they are stored; `total` new ones expected in all."""

    headers: tuple[Header, ...]
    cursor: Cursor
    total: int | None


@dataclass(frozen=True, slots=True)
class Body:
    """The readable parts of one message: `text` (text/plain, "" when none) and `html` ("" when none), decoded."""

    locator: Locator
    text: str
    html: str
    calendar: tuple[str, ...] = ()
