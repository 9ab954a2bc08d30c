"""One made-up message as a value, and its bytes as a mail program would write them (RFC 5322)."""

from __future__ import annotations

import binascii
import textwrap
from dataclasses import dataclass, replace
from email.header import Header
from email.utils import format_datetime
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

Party = tuple[str, str]  # a display name ("" for none) and an address

WIDTH = 72


@dataclass(frozen=True, slots=True)
class Letter:
    """One message. `at` is aware; `id`, `answers` and `references` are Message-IDs without angle brackets.

    If there is an iCalendar text in `calendar`, that is the body, and `method` is its METHOD. `extra` has more header
    fields, encoded. `flags` are the letters of a Maildir.
    """

    at: datetime
    sender: Party
    to: tuple[Party, ...]
    subject: str
    body: str
    id: str
    cc: tuple[Party, ...] = ()
    bcc: tuple[Party, ...] = ()
    answers: str | None = None
    references: tuple[str, ...] = ()
    extra: tuple[tuple[str, str], ...] = ()
    charset: str = "utf-8"
    calendar: str | None = None
    method: str = ""
    flags: str = "S"

    def copy(self, **changes: object) -> Letter:
        """Return a copy with other values in some fields."""
        return replace(self, **changes)  # type: ignore[arg-type]


def to_bytes(letter: Letter) -> bytes:
    """Return the message with CRLF line ends, folded fields and encoded words (RFC 2047)."""
    fields = [
        ("Date", format_datetime(letter.at)),
        ("From", _parties((letter.sender,), letter.charset)),
        ("To", _parties(letter.to, letter.charset)),
        ("Cc", _parties(letter.cc, letter.charset)),
        ("Bcc", _parties(letter.bcc, letter.charset)),
        ("Subject", _words(letter.subject, letter.charset)),
        ("Message-ID", f"<{letter.id}>"),
        ("In-Reply-To", f"<{letter.answers}>" if letter.answers else ""),
        ("References", "\r\n ".join(f"<{reference}>" for reference in letter.references)),
        *letter.extra,
        ("MIME-Version", "1.0"),
    ]
    head = "".join(f"{name}: {value}\r\n" for name, value in fields if value)
    return head.encode("ascii", "surrogateescape") + _content(letter)


def _content(letter: Letter) -> bytes:
    """Return the fields of the content and the body: the calendar if there is one, else the text."""
    text = letter.calendar if letter.calendar is not None else letter.body
    kind = f"text/calendar; method={letter.method}" if letter.calendar is not None else "text/plain"
    raw = text.replace("\n", "\r\n").encode(letter.charset, "replace")
    seven = raw.isascii()
    encoding = "7bit" if seven else "quoted-printable"
    head = f"Content-Type: {kind}; charset={letter.charset}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    return head.encode() + (raw if seven else binascii.b2a_qp(raw, istext=True).replace(b"\r\r\n", b"\r\n"))


def _parties(parties: tuple[Party, ...], charset: str) -> str:
    return ",\r\n ".join(_party(name, address, charset) for name, address in parties)


@lru_cache(maxsize=512)
def _party(name: str, address: str, charset: str) -> str:
    if not name:
        return address
    plain = name.isascii()
    quoted = f'"{name}"' if plain and not name.replace(" ", "").isalpha() else name
    return f"{quoted if plain else _words(name, charset)} <{address}>"


def _words(text: str, charset: str) -> str:
    """Return text for a header field, encoded if it isn't ASCII."""
    return text if text.isascii() else Header(text, charset, maxlinelen=72).encode(linesep="\r\n")


def wrap_paragraph(paragraph: str) -> str:
    """Return a paragraph in lines of at most 72 characters, or 36 for a text without blanks, such as Japanese."""
    width = WIDTH if paragraph.count(" ") * 20 > len(paragraph) else WIDTH // 2
    return textwrap.fill(paragraph, width, break_on_hyphens=False)


def quote(text: str) -> str:
    """Return `text` as a mail program quotes it."""
    return "\n".join(f"> {line}".rstrip() for line in text.rstrip("\n").split("\n"))
