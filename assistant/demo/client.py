"""The owner's answer to a digest, as a mail program writes it: their lines above, the digest quoted below.

Put into Sent, it is read like any owner's reply: by its In-Reply-To, from its text part, the quoted digest left out.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from email.utils import format_datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from assistant.demo.letters import quote

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Answered:
    """The message that is answered: Message-ID without angle brackets, subject, text part, when and by whom."""

    message_id: str
    subject: str
    text: str
    at: datetime
    sender_name: str
    sender: str
    references: tuple[str, ...] = ()


def write_reply(digest: Answered, lines: Sequence[str], *, name: str, address: str, to: str, at: datetime) -> bytes:
    """Return the reply from `address` to `to` at `at` (aware) as bytes with CRLF line ends.

    It is multipart/alternative with the owner's `lines` on top, an attribution line, and the digest quoted: marked
    by > in the text, in a blockquote in the HTML.
    """
    attribution = f"On {digest.at:%a, %b %d, %Y at %H:%M} {digest.sender_name} <{digest.sender}> wrote:"
    own = "\n".join(lines)
    text = f"{own}\n\n{attribution}\n\n{quote(digest.text)}\n"
    page = (
        f'<div dir="ltr">{_as_html(own)}</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">'
        f'{html.escape(attribution)}<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;'
        f'border-left:1px solid rgb(204,204,204);padding-left:1ex">{_as_html(digest.text)}</blockquote></div>\n'
    )
    mark = sha256(f"{digest.message_id}{at.isoformat()}{own}".encode()).hexdigest()[:24]
    head = _head(digest, name=name, address=address, to=to, at=at, mark=mark)
    parts = "".join(_part(kind, content, mark) for kind, content in (("plain", text), ("html", page)))
    return f"{head}{parts}--{mark}--\n".replace("\n", "\r\n").encode()


def _head(digest: Answered, *, name: str, address: str, to: str, at: datetime, mark: str) -> str:
    subject = digest.subject if digest.subject.casefold().startswith("re:") else f"Re: {digest.subject}"
    references = [*digest.references, digest.message_id][-10:]
    fields = [
        f"MIME-Version: 1.0\nDate: {format_datetime(at)}",
        f"References: {chr(10).join(f' <{reference}>' for reference in references).strip()}",
        f"In-Reply-To: <{digest.message_id}>",
        f"Message-ID: <{mark}@mail.{address.rpartition('@')[2]}>",
        f"Subject: {_header(subject)}",
        f"From: {_header(name)} <{address}>\nTo: {to}",
        f'Content-Type: multipart/alternative; boundary="{mark}"',
    ]
    return "\n".join(fields) + "\n\n"


def _header(text: str) -> str:
    from email.header import Header  # only a name or subject beyond ASCII needs it

    return text if text.isascii() else Header(text, "utf-8").encode()


def _part(kind: str, content: str, mark: str) -> str:
    return (
        f'--{mark}\nContent-Type: text/{kind}; charset="UTF-8"\nContent-Transfer-Encoding: quoted-printable\n\n'
        f"{_quoted_printable(content)}\n"
    )


def _quoted_printable(text: str) -> str:
    from quopri import encodestring  # the demo's reply alone needs it

    return encodestring(text.encode()).decode("ascii")


def _as_html(text: str) -> str:
    return html.escape(text).replace("\n", "<br>\n")
