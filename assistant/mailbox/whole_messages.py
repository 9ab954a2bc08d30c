"""Reads whole messages in files (Maildir, mbox): the same header fields and text parts that IMAP would give."""

from __future__ import annotations

import re
from email.utils import collapse_rfc2231_value
from typing import TYPE_CHECKING, NamedTuple

from assistant.core.mail.envelope import OWN_FIELDS, RECEIVED_FIELDS, WANTED_FIELDS
from assistant.core.mail.header import message_id_of, split_message
from assistant.core.mail.message import Body
from assistant.core.mail.mime import parts_of
from assistant.mailbox.imap.structure import (
    REACTION,
    REPORTS,
    RETURNED,
    RETURNED_HEADERS,
    Part,
    calendar_is_body,
    decode_text,
    is_blank,
    undo_encoding,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from email.message import Message

    from assistant.core.mail.message import Locator
    from assistant.core.mail.mime import MimePart

LONGEST_HEADER = 128 << 10
# Octets of a message that a scan searches for calendar parts, which come before attachments.
SCANNED = 512 << 10

# Octets of a message that are read for its texts.
READ = 8 << 20

MOST_OF_A_KIND = 4
DEEPEST = 20


def _fields(names: Iterable[str]) -> re.Pattern[bytes]:
    return re.compile(
        rb"^(?:" + "|".join(map(re.escape, names)).encode("ascii") + rb")[ \t]*:[^\n]*\n(?:[ \t][^\n]*\n)*",
        re.IGNORECASE | re.MULTILINE,
    )


_FIELD, _RECEIVED_FIELD, _OWN_FIELD = (_fields(names) for names in (WANTED_FIELDS, RECEIVED_FIELDS, OWN_FIELDS))
_CONTENT_TYPE = b"content-type:"
_TEXTS = frozenset({"text/plain", "text/html", "text/calendar"})


class Calendars(NamedTuple):
    """What a message's parts tell besides mail. The fields are in the order of `Header`, which is built from them."""

    texts: tuple[str, ...] = ()
    is_body: bool = False
    method: str = ""
    reaction: bool = False
    reports: tuple[str, ...] = ()
    returned: str = ""


NO_CALENDARS = Calendars()
_REACTS = b"content-disposition: reaction"
_TELLING = (b"text/calendar", b"delivery-status", REACTION.encode("ascii"), _REACTS)
_MAY_TELL = (b"multipart/", b"text/calendar", REACTION.encode("ascii"))


def wanted_fields(header: bytes, *, received: bool = False, own: bool = False) -> bytes:
    """Return the wanted fields of a header, unchanged and in their order, with CRLF and an empty line at the end.

    `received` says that it is the header of a received message, `own` that it may be one of the owner's own.
    """
    pattern = _OWN_FIELD if own else _RECEIVED_FIELD if received else _FIELD
    kept = b"".join(pattern.findall(header if header.endswith(b"\n") else header + b"\n"))
    return crlf(kept) + b"\r\n"


def may_hold_calendar(header: bytes) -> bool:
    """Return whether a message with this header can have parts that tell more than mail."""
    lower = header.lower()
    if _REACTS in lower:
        return True
    at = 0 if lower.startswith(_CONTENT_TYPE) else lower.find(b"\n" + _CONTENT_TYPE) + 1
    if at == 0 and not lower.startswith(_CONTENT_TYPE):
        return False
    return lower[at + len(_CONTENT_TYPE) : at + 200].lstrip().startswith(_MAY_TELL)


def calendars(data: bytes) -> Calendars:
    """Return what the parts of a message tell besides mail. The first 512 KiB of it are enough."""
    lower = data.lower()
    # Parsing the parts is slow, and hardly any message has one of these words.
    if not any(word in lower for word in _TELLING):
        return NO_CALENDARS
    found = _texts(data)
    texts, reports = (tuple(text for part, text in found if part.kind == kind) for kind in ("calendar", "report"))
    method = next((part.method for part, _ in found if part.kind == "calendar"), "")
    told = tuple(part for part, text in found if part.kind == "calendar" or not is_blank(text))
    is_body = bool(texts) and calendar_is_body(told)
    returned = next((text for part, text in found if part.kind == "returned"), "")
    return Calendars(texts, is_body, method, any(part.kind == "reaction" for part, _ in found), reports[:1], returned)


def body(locator: Locator, data: bytes) -> Body:
    """Return the text, HTML and calendar parts of a message, 64 KiB of each. Never raises."""
    found = _texts(data)
    by_kind = {kind: [text for part, text in found if part.kind == kind] for kind in ("plain", "html", "calendar")}
    return Body(locator, "\n".join(by_kind["plain"]), "\n".join(by_kind["html"]), tuple(by_kind["calendar"]))


def crlf(data: bytes) -> bytes:
    """Return a message with CRLF line ends (RFC 5322)."""
    return data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def _texts(data: bytes) -> list[tuple[Part, str]]:
    found: list[tuple[Part, str]] = []
    for part in parts_of(data, DEEPEST):
        kind, disposition = part.about.get_content_type(), part.about.get_content_disposition()
        if disposition == "reaction" or (kind == REACTION and disposition != "attachment"):
            found.append((Part("", "reaction", "", "", is_body=part.is_body), ""))
        if kind in REPORTS:
            found.append((Part("", "report", "", "", is_body=False), _text(part)))
        elif kind in RETURNED | RETURNED_HEADERS:
            header = split_message(undo_encoding(part.body, part.about.get("content-transfer-encoding", "")))[0]
            found.append((Part("", "returned", "", "", is_body=False), message_id_of(header)))
        elif kind in _TEXTS and not (kind != "text/calendar" and _is_file(part.about)):
            word = kind.removeprefix("text/")
            # Nobody writes more, and a hostile message may have hundreds.
            if sum(other.kind == word for other, _ in found) < MOST_OF_A_KIND:
                method = collapse_rfc2231_value(part.about.get_param("method") or "")
                found.append((Part("", word, "", "", part.is_body, method), _text(part)))
    return found


def _is_file(about: Message) -> bool:
    return about.get_content_disposition() == "attachment" or about.get_filename() is not None


def _text(part: MimePart) -> str:
    encoding, charset = part.about.get("content-transfer-encoding", ""), part.about.get_param("charset")
    return decode_text(undo_encoding(part.body, encoding), charset if isinstance(charset, str) else "")
