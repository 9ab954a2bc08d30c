"""Finished messages: RFC 5322 bytes with CRLF, 7 bit clean, ready for DATA or APPEND and the same for the same input.

The header fields are written here and not by `email.message`: its folding turns a long Message-ID in In-Reply-To
into RFC 2047 words and so breaks threads, and some versions let line breaks of an encoded subject through.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from email.utils import format_datetime
from html import escape
from typing import TYPE_CHECKING, Literal

from assistant.core.language.clean import lines, one_line
from assistant.core.language.translation import Translatable
from assistant.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

Kind = Literal["digest", "transcript", "notice"]

LINE = 998
"""Longest line of a message in octets without CRLF (RFC 5322, 2.1.1)."""
REFERENCES = 10
_FOLD_AT = 78
_SUBJECT = 400
_QUOTED_LINE = 76
_WORD_BYTES = 39
_OWN = {"from", "to", "cc", "bcc", "resent-bcc", "subject", "date", "message-id", "in-reply-to", "references"}
_FIELD_NAME = re.compile(r"[A-Za-z0-9-]+")
_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_QUOTED = re.compile(r'"([ !#-\[\]-~]|\\["\\])+"')
_PLAIN_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
_DOMAIN = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_MESSAGE_ID = re.compile(r"[!-;=?-~]+@[!-;=?-~]+")


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody in From, To or Reply-To: a display name ("" for none) and an address."""

    name: str
    address: str


def compose(
    *,
    message_id: str,
    from_: Party,
    to: Party | None,
    subject: str,
    text: str,
    html: str,
    date: datetime,
    in_reply_to: str | None = None,
    references: Sequence[str] = (),
    headers: Mapping[str, str] | None = None,
) -> bytes:
    """Return the message as bytes: multipart/alternative, text first, every line at most 998 octets, CRLF.

    Ids may come with or without angle brackets; what is no Message-ID is left out of In-Reply-To and References.
    `to` None leaves To out (a draft whose address is not known). `date` is aware. The same input gives the same bytes.
    Raises UserError for an address no plain mail server takes; ValueError for a field in `headers` that is not theirs
    to set (Bcc among them: it is never written).
    """
    fields = [
        *_fixed(message_id, date),
        _address_field("From", from_),
        *([_address_field("To", to)] if to else []),
        _text_field("Subject", one_line(subject)[:_SUBJECT]),
        *_thread(in_reply_to, references),
        *(_extra(name, value) for name, value in (headers or {}).items()),
    ]
    boundary = "=_" + hashlib.sha256(f"{message_id}\0{text}\0{html}".encode("utf-8", "replace")).hexdigest()[:24]
    fields += ["MIME-Version: 1.0", f'Content-Type: multipart/alternative; boundary="{boundary}"']
    parts = [_part("plain", text), _part("html", html)]
    body = "".join(f"--{boundary}\r\n{part}\r\n" for part in parts) + f"--{boundary}--\r\n"
    return ("\r\n".join(fields) + "\r\n\r\n" + body).encode("ascii")


def compose_draft(
    *,
    message_id: str,
    from_: Party,
    to: Party | None,
    subject: str,
    body: str,
    date: datetime,
    in_reply_to: str | None = None,
    references: Sequence[str] = (),
    marked: bool = True,
) -> bytes:
    """Return a message of the owner's to a third person: the body as plain text and as simple HTML paragraphs.

    `marked` True is for the Drafts folder: X-Career-Assistant: draft lets a later round know its own draft. False is
    for `send N`: nothing in the message tells that a program wrote it.
    """
    return compose(
        message_id=message_id,
        from_=from_,
        to=to,
        subject=subject,
        text=lines(body).strip() + "\n",
        html=paragraphs(body),
        date=date,
        in_reply_to=in_reply_to,
        references=references,
        headers={"X-Career-Assistant": "draft"} if marked else None,
    )


def paragraphs(body: str) -> str:
    """Return plain text as a minimal HTML page: a paragraph for each run of lines, as a mail client would write it."""
    blocks = [block.strip("\n") for block in re.split(r"\n\s*\n", lines(body).strip()) if block.strip()]
    inner = "\n".join(f'<p dir="auto">{escape(block).replace(chr(10), "<br>")}</p>' for block in blocks)
    return f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"></head><body>\n{inner}\n</body></html>\n'


def digest_headers(control: Party) -> dict[str, str]:
    """Return the fields that mark a digest as made by a program, with Reply-To the control address."""
    return _marks("digest", control, "auto-generated")


def notice_headers(control: Party) -> dict[str, str]:
    """Return the fields of a notice to the owner (a failed login, a doubt about a message)."""
    return _marks("notice", control, "auto-generated")


def transcript_headers(control: Party) -> dict[str, str]:
    """Return the fields of a transcript: an automatic answer (RFC 3834), with Reply-To the control address."""
    return _marks("transcript", control, "auto-replied")


def _marks(kind: Kind, control: Party, auto: str) -> dict[str, str]:
    domain = control.address.rpartition("@")[2]
    return {
        "Reply-To": _party(control),
        "List-Id": f"Career assistant <career-assistant.{_domain(domain, control.address)}>",
        "Auto-Submitted": auto,
        "X-Auto-Response-Suppress": "All",
        "X-Career-Assistant": kind,
    }


def _fixed(message_id: str, date: datetime) -> Iterator[str]:
    own = _id(message_id)
    if own is None:
        raise ValueError(f"not a Message-ID: {message_id!r}")
    yield f"Date: {format_datetime(date)}"
    yield f"Message-ID: {own}"


def _thread(in_reply_to: str | None, references: Sequence[str]) -> Iterator[str]:
    """Yield In-Reply-To and References (RFC 5322, 3.6.4): the first of the thread and the latest stay, ten at most."""
    parent = _id(in_reply_to or "")
    known = dict.fromkeys(found for found in map(_id, references) if found and found != parent)
    chain = [*known, *([parent] if parent else [])]
    if parent:
        yield f"In-Reply-To: {parent}"
    if chain:
        yield _fold("References", chain if len(chain) <= REFERENCES else [chain[0], *chain[1 - REFERENCES :]])


def _id(raw: str) -> str | None:
    """Return a Message-ID in angle brackets, or None for what cannot stand on one line as such."""
    bare = raw.strip().removeprefix("<").removesuffix(">")
    return f"<{bare}>" if _MESSAGE_ID.fullmatch(bare) and len(bare) < LINE - 20 else None


def _extra(name: str, value: str) -> str:
    if name.lower() in _OWN or name.lower().startswith(("content-", "mime-")) or not _FIELD_NAME.fullmatch(name):
        raise ValueError(f"the field {name!r} is not for callers to set")
    # Reply-To and List-Id are built here and hold encoded words and angle brackets already.
    value = one_line(value)
    return _fold(name, value.split(" ")) if value.isascii() else _text_field(name, value)


def _text_field(name: str, value: str) -> str:
    """Return an unstructured field; what is not plain ASCII, or looks encoded, becomes RFC 2047 words."""
    words = value.split(" ")
    if value.isascii() and "=?" not in value and all(len(word) < LINE // 2 for word in words):
        return _fold(name, words)
    return _fold(name, _encoded(value))


def _encoded(value: str) -> list[str]:
    """Return RFC 2047 words of at most 64 characters each, no character of the text cut in two."""
    words: list[str] = []
    chunk = ""
    for character in value:
        if len((chunk + character).encode()) > _WORD_BYTES:
            words, chunk = [*words, chunk], ""
        chunk += character
    packed = (base64.b64encode(word.encode()).decode("ascii") for word in [*words, chunk])
    return [f"=?utf-8?b?{word}?=" for word in packed]


def _fold(name: str, words: Sequence[str]) -> str:
    """Return the field folded between words at 78 columns; a longer word keeps a line for itself, uncut."""
    out, line = "", f"{name}:"
    for index, word in enumerate(words):
        if index and len(line) + 1 + len(word) > _FOLD_AT:
            out, line = out + line + "\r\n", ""
        line += f" {word}"
    return out + line


def _address_field(name: str, party: Party) -> str:
    return _fold(name, _party(party).split(" "))


def _party(party: Party) -> str:
    """Return `Name <address>` in ASCII: the name bare, quoted or in RFC 2047 words, the domain in its ASCII form."""
    local, _, domain = party.address.strip().rpartition("@")
    if not (_ATOM.fullmatch(local) or _QUOTED.fullmatch(local)):
        raise UserError(_bad_address(party.address))
    address = f"{local}@{_domain(domain, party.address)}"
    name = one_line(party.name)[:200]
    return f"{_phrase(name)} <{address}>" if name else address


def _phrase(name: str) -> str:
    if not name.isascii() or "=?" in name:
        return " ".join(_encoded(name))
    return name if _PLAIN_NAME.fullmatch(name) else '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'


def _domain(domain: str, address: str) -> str:
    try:
        ascii_form = domain if domain.isascii() else domain.encode("idna").decode("ascii")
    except UnicodeError:
        ascii_form = ""
    if not _DOMAIN.fullmatch(ascii_form):
        raise UserError(_bad_address(address))
    return ascii_form


def _bad_address(address: str) -> str:
    return Translatable(
        "Mail cannot be addressed to {address!r}; give another address for this person.", address=one_line(address)[:80]
    )


def _part(subtype: str, content: str) -> str:
    """Return one part: quoted-printable, or base64 where that is much shorter (scripts other than Latin)."""
    raw = lines(content).encode("utf-8")
    quoted = _quoted(raw)
    packed = base64.encodebytes(raw).decode("ascii").replace("\n", "\r\n")
    how, body = ("quoted-printable", quoted) if len(quoted) <= 1.3 * len(packed) else ("base64", packed)
    head = f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: {how}\r\n\r\n'
    return head + body


def _quoted(raw: bytes) -> str:
    text = binascii.b2a_qp(raw, istext=True, header=False).decode("ascii")
    return "\r\n".join(_guarded(line) for line in text.split("\n"))


def _guarded(line: str) -> str:
    """Return the line with a first "." or "From " encoded: mbox files and careless relays hurt them (RFC 2049, 3)."""
    if not line.startswith((".", "From ")):
        return line
    soft = "=\r\n" if len(line) > _QUOTED_LINE - 2 else ""
    return f"={ord(line[0]):02X}{soft}{line[1:]}"
