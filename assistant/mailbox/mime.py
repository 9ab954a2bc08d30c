"""Whole messages in files (Maildir, mbox): the same header fields and text parts as IMAP would give."""

from __future__ import annotations

import re
from email.parser import BytesParser
from email.policy import compat32
from typing import TYPE_CHECKING, NamedTuple

from assistant.core.mail.envelope import WANTED_FIELDS
from assistant.mailbox.imap.structure import PART_LIMIT, REACTION, REPORTS, Part, calendar_is_body, is_blank, to_text

if TYPE_CHECKING:
    from email.message import Message

    from assistant.core.mail.message import Locator

from assistant.core.mail.message import Body

LONGEST_HEADER = 128 << 10
SCANNED = 512 << 10
"""Octets of a message that a scan looks through for calendar parts: they stand before what is attached."""

READ = 8 << 20
"""Octets of a message that are read for its texts."""

MOST_OF_A_KIND = 4
DEEPEST = 20

_FIELD = re.compile(
    rb"^(?:" + "|".join(map(re.escape, WANTED_FIELDS)).encode("ascii") + rb")[ \t]*:[^\n]*\n(?:[ \t][^\n]*\n)*",
    re.IGNORECASE | re.MULTILINE,
)
_END = re.compile(rb"\n\r?\n")
_CONTENT_TYPE = b"content-type:"
_MESSAGE_ID = re.compile(rb"^message-id:[ \t]*(?:\r?\n[ \t]+)?<([^>\r\n]*)>", re.IGNORECASE | re.MULTILINE)


class Calendars(NamedTuple):
    """What a message's parts tell beyond mail, in the order in which `Header` holds it."""

    texts: tuple[str, ...] = ()
    is_body: bool = False
    method: str = ""
    reaction: bool = False
    reports: tuple[str, ...] = ()


NO_CALENDARS = Calendars()
_REACTS = b"content-disposition: reaction"
_TELLING = (b"text/calendar", b"delivery-status", REACTION.encode("ascii"), _REACTS)
_MAY_TELL = (b"multipart/", b"text/calendar", REACTION.encode("ascii"))


def header_end(data: bytes) -> int:
    """Return where a message's header ends (after its last field's line end), -1 where that is not in `data`."""
    if data.startswith((b"\n", b"\r\n")):
        return 0
    found = _END.search(data)
    return found.start() + 1 if found else -1


def wanted_fields(header: bytes) -> bytes:
    """Return the wanted fields of a header, whole and in their order, with CRLF, ended by an empty line."""
    kept = b"".join(_FIELD.findall(header if header.endswith(b"\n") else header + b"\n"))
    return crlf(kept) + b"\r\n"


def message_id(header: bytes) -> str:
    """Return the Message-ID of a header without its angle brackets, "" where it has none."""
    found = _MESSAGE_ID.search(header)
    return found[1].strip().decode("ascii", "replace") if found else ""


def may_hold_calendar(header: bytes) -> bool:
    """Return whether a message with that header can have a part that tells more than mail."""
    lower = header.lower()
    if _REACTS in lower:
        return True
    at = 0 if lower.startswith(_CONTENT_TYPE) else lower.find(b"\n" + _CONTENT_TYPE) + 1
    if at == 0 and not lower.startswith(_CONTENT_TYPE):
        return False
    return lower[at + len(_CONTENT_TYPE) : at + 200].lstrip().startswith(_MAY_TELL)


def calendars(data: bytes) -> Calendars:
    """Return what the parts of a message tell beyond mail (its first octets do)."""
    lower = data.lower()
    if not any(word in lower for word in _TELLING):
        return NO_CALENDARS
    found = _texts(data)
    texts, reports = (tuple(text for part, text in found if part.kind == kind) for kind in ("calendar", "report"))
    method = next((part.method for part, _ in found if part.kind == "calendar"), "")
    told = tuple(part for part, text in found if part.kind == "calendar" or not is_blank(text))
    is_body = bool(texts) and calendar_is_body(told)
    return Calendars(texts, is_body, method, any(part.kind == "reaction" for part, _ in found), reports[:1])


def body(locator: Locator, data: bytes) -> Body:
    """Return the text, HTML and calendar parts of a message, 64 KiB each; never raises."""
    found = _texts(data)
    by_kind = {kind: [text for part, text in found if part.kind == kind] for kind in ("plain", "html", "calendar")}
    return Body(locator, "\n".join(by_kind["plain"]), "\n".join(by_kind["html"]), tuple(by_kind["calendar"]))


def crlf(data: bytes) -> bytes:
    """Return a message with the line ends of RFC 5322."""
    return data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def _texts(data: bytes) -> list[tuple[Part, str]]:
    try:
        message = BytesParser(policy=compat32).parsebytes(data)
        found: list[tuple[Part, str]] = []
        _walk(message, found, alternative=False, root=True, depth=0)
    except Exception:  # noqa: BLE001 - email raises anything on mangled MIME; such a message has no text we can read
        return []
    return found


def _walk(message: Message, found: list[tuple[Part, str]], *, alternative: bool, root: bool, depth: int) -> None:
    kind = message.get_content_subtype()
    if message.get_content_disposition() == "reaction" or (
        message.get_content_type() == REACTION and message.get_content_disposition() != "attachment"
    ):
        found.append((Part("", "reaction", "", "", is_body=root), ""))
    if message.get_content_type() in REPORTS:
        found.append((Part("", "report", "", "", is_body=False), _report(message)))
    elif message.is_multipart():
        if message.get_content_maintype() == "multipart" and depth < DEEPEST:
            for child in message.get_payload():
                _walk(child, found, alternative=alternative or kind == "alternative", root=False, depth=depth + 1)  # type: ignore[arg-type]
    elif message.get_content_maintype() == "text" and kind in {"plain", "html", "calendar"}:
        _add_text(message, found, kind, is_body=alternative or root)


def _add_text(message: Message, found: list[tuple[Part, str]], kind: str, *, is_body: bool) -> None:
    if kind != "calendar" and (message.get_content_disposition() == "attachment" or message.get_filename() is not None):
        return
    if sum(part.kind == kind for part, _ in found) < MOST_OF_A_KIND:
        found.append((_part(message, kind, is_body=is_body), _text(message)))


def _report(message: Message) -> str:
    """Return a delivery report as text: `email` reads it as blocks of fields (RFC 3464)."""
    blocks = message.get_payload()
    return "\n".join(block.as_string() for block in blocks) if isinstance(blocks, list) else _text(message)  # type: ignore[union-attr]


def _part(message: Message, kind: str, *, is_body: bool) -> Part:
    method = message.get_param("method") or ""
    return Part("", kind, "", "", is_body, method if isinstance(method, str) else str(method[2]))


def _text(message: Message) -> str:
    data = message.get_payload(decode=True)
    charset = message.get_param("charset") or ""
    return to_text(data[:PART_LIMIT] if isinstance(data, bytes) else b"", charset if isinstance(charset, str) else "")
