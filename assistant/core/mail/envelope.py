"""Header bytes to an Envelope: who sent what to whom, and when (RFC 5322, RFC 2047, RFC 6532).

    header bytes ─> split_fields ─> from_fields ─> Envelope

An Envelope keeps what was *written*. `core/contact/verdict` decides whether the message was contact.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from assistant.core.mail.address_list import NOBODY, AddressList, Named, parse_addresses
from assistant.core.mail.date import parse_date
from assistant.core.mail.date import sent_at as choose_date
from assistant.core.mail.header import MESSAGE_ID, decode_words, field_on_one_line, split_fields

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

# Fields, not the server's ENVELOPE: Dovecot's loses recipients after a malformed address, and Cyrus's has only the last
# of two To fields.
WANTED_FIELDS: tuple[str, ...] = (
    "Message-ID",
    "Date",
    "From",
    "Sender",
    "To",
    "Cc",
    "Bcc",
    "Subject",
    "In-Reply-To",
    "References",
    "Resent-From",
    "Resent-Sender",
    "Resent-To",
    "Resent-Cc",
    "Resent-Bcc",
    "Resent-Date",
    "Resent-Message-ID",
    "List-Id",
    "List-Post",
    "List-Unsubscribe",
    "Auto-Submitted",
    "Precedence",
    "X-Autoreply",
    "X-Autorespond",
    "X-Auto-Response-Suppress",
    "Content-Type",
    "Content-Class",
    "X-Unsent",
    "X-MS-Exchange-Generated-Message-Source",
    "X-Forwarded-Message-Id",
    "X-Career-Assistant",
)
"""The header fields that a mailbox must fetch of each message, in the order to ask for them."""

RECEIVED_FIELDS = (*WANTED_FIELDS, "Return-Path")
"""Those of a received message. Mail that has an empty Return-Path was written by a machine (RFC 3834, 3.3)."""

TRACE_FIELDS = ("Return-Path", "Received")
"""What delivery writes into a message (RFC 5322, 3.6.7). A program that only saves a copy writes neither."""
OWN_FIELDS = tuple(dict.fromkeys((*RECEIVED_FIELDS, *TRACE_FIELDS)))
"""Those of a message that may be the owner's own, in a folder with mail of others."""

MARKS = {
    "auto-submitted": "auto",
    "precedence": "precedence",
    "x-autoreply": "autoreply",
    "x-autorespond": "autorespond",
    "x-auto-response-suppress": "suppress",
    "list-id": "list_id",
    "list-post": "list_post",
    "list-unsubscribe": "list_unsubscribe",
    "content-class": "class",
    "x-ms-exchange-generated-message-source": "generated",
    "x-forwarded-message-id": "forwarded",
    "x-career-assistant": "assistant",
}
"""Fields that mark a message, and the name of each in `Envelope.marks`."""

LONGEST_REFERENCES = 10
_RESENT = frozenset(name.lower() for name in WANTED_FIELDS if name.startswith("Resent-"))
# The longest line of a message (RFC 5322, 2.1.1): what is longer in a hostile header must not fill the store.
_SUBJECT_LIMIT = 998


class Resent(NamedTuple):
    """The newest block of Resent-* fields (RFC 5322, 3.6.6).

    `at` is Resent-Date, None if it isn't a date. `key` is a hash that tells this resending from others.
    """

    sender: tuple[Named, ...]
    to: tuple[Named, ...]
    cc: tuple[Named, ...]
    bcc: tuple[Named, ...]
    at: datetime | None
    key: str


@dataclass(frozen=True, slots=True)
class Envelope:
    """One message as its header describes it. Texts are decoded and on one line; ids have no angle brackets.

    - `message_id`: "none:<hash>" if the header has none.
    - `sent_at`: aware, with its own offset; None if no date can be trusted. For a resent message from Resent-Date.
    - `date`, `internaldate`: the Date field and the server's date of arrival; None if there is none.
    - `marks`: the fields of `MARKS` that the header has, and `return_path` if a received message has an empty one.
    - `content_type`: in lower case, without parameters. `method`: its calendar METHOD, "" for none.
    - `draft`: flagged as one, or saved unsent by Outlook.
    - `size`: in bytes.
    - `imip`: "meeting" if the message is a meeting and not mail (row 5), "unreadable" if that meeting can't be read,
      "" for mail.
    - `unseen`: dated before the history that the owner wants read, so it counts for nothing.
    - `reaction`: an emoji on another message.
    - `failed`: the normal addresses that this message, a delivery report, says failed.
    """

    message_id: str
    sent_at: datetime | None
    date: datetime | None
    internaldate: datetime | None
    subject: str
    sender: tuple[Named, ...]
    to: tuple[Named, ...]
    cc: tuple[Named, ...]
    bcc: tuple[Named, ...]
    undisclosed: bool
    in_reply_to: str
    references: tuple[str, ...]
    resent: Resent | None
    marks: Mapping[str, str]
    content_type: str
    method: str
    draft: bool
    size: int
    imip: str = ""
    unseen: bool = False
    reaction: bool = False
    failed: tuple[str, ...] = ()

    @property
    def thread(self) -> str:
        """Return the Message-ID that began the thread: the first reference, else the one it answers, else its own."""
        return self.references[0] if self.references else (self.in_reply_to_id or self.message_id)

    @property
    def in_reply_to_id(self) -> str:
        """Return the first Message-ID in In-Reply-To, "" if there is none."""
        found = MESSAGE_ID.search(self.in_reply_to)
        return found.group(1) if found else ""

    @property
    def answered(self) -> str:
        """Return the Message-ID it answers: from In-Reply-To, else the last of References, else ""."""
        return self.in_reply_to_id or next(reversed(self.references), "")

    @property
    def answers(self) -> bool:
        """Return whether the header says that the message answers another, even if it doesn't say which."""
        return bool(self.in_reply_to or self.references)


def parse_envelope(
    header: bytes,
    *,
    flags: Iterable[str],
    internaldate: datetime | None,
    size: int,
    now: datetime,
    imip: str = "",
) -> Envelope:
    """Return the Envelope of raw header bytes, whatever they hold. Never raises.

    `flags` are as the server spells them, `internaldate` is aware or None. `now` is aware: dates more than a day after
    it aren't trusted.
    """
    draft = any(flag.lower() == "\\draft" for flag in flags)
    return from_fields(split_fields(header), draft=draft, internaldate=internaldate, size=size, now=now, imip=imip)


def from_fields(
    fields: list[tuple[str, str]],
    *,
    draft: bool,
    internaldate: datetime | None,
    size: int,
    now: datetime,
    imip: str,
) -> Envelope:
    """Return the Envelope of header fields, given as (name in lower case, unfolded text)."""
    # Of two Date or Subject fields the first counts, but each To, Cc and Bcc field names recipients.
    first: dict[str, str] = {}
    more: dict[str, list[str]] = {}
    for name, value in fields:
        if name in first:
            more.setdefault(name, []).append(value)
        else:
            first[name] = value
    to, cc, bcc = (_all(first, more, name) for name in ("to", "cc", "bcc"))
    date = parse_date(first.get("date", ""))
    resent = None if _RESENT.isdisjoint(first) else _resent(fields)
    kind, method = content_of(first.get("content-type", ""))
    return Envelope(
        message_id=_message_id(first),
        sent_at=choose_date(resent.at if resent else date, internaldate, now),
        date=date,
        internaldate=internaldate,
        subject=decode_words(first.get("subject", ""))[:_SUBJECT_LIMIT],
        sender=_all(first, more, "from").people,
        to=to.people,
        cc=cc.people,
        bcc=bcc.people,
        undisclosed=to.undisclosed or cc.undisclosed or bcc.undisclosed,
        in_reply_to=field_on_one_line(first.get("in-reply-to", ""))[:_SUBJECT_LIMIT],
        references=references_in(first.get("references", "")),
        resent=resent,
        marks=_marks(first),
        content_type=kind,
        method=method,
        # Outlook marks what it saved without sending it, in whatever folder it lies.
        draft=draft or first.get("x-unsent", "").strip() == "1",
        size=size,
        imip=imip,
    )


def _marks(first: Mapping[str, str]) -> dict[str, str]:
    marks = {mark: decode_words(first[name])[:_SUBJECT_LIMIT] for name, mark in MARKS.items() if name in first}
    # Only an empty one tells something (RFC 3834, 3.3). Others may name strangers, such as a list on the way.
    return {**marks, "return_path": "<>"} if first.get("return-path", "").replace(" ", "") == "<>" else marks


def _all(first: Mapping[str, str], more: Mapping[str, list[str]], name: str) -> AddressList:
    """Return the addresses of all fields of one name, in order."""
    if name not in first:
        return NOBODY
    found = parse_addresses(first[name])
    if name not in more:
        return found
    every = [found, *(parse_addresses(value) for value in more[name])]
    return AddressList(tuple(n for one in every for n in one.people), any(one.undisclosed for one in every))


def _message_id(first: Mapping[str, str]) -> str:
    """Return the Message-ID, or a hash of the other fields that tell the message from others."""
    # A hash and not a random id: two copies of a message without an id must be recognized as copies.
    raw = first.get("message-id", "")
    found = MESSAGE_ID.search(raw)
    if found:
        return found.group(1)
    # Some programs leave the angle brackets out, or write an id that the pattern refuses.
    bare = raw.strip().strip("<>").strip()
    if bare and " " not in bare and bare.isprintable():
        return bare[:900]
    told = "\n".join(first.get(name, "") for name in ("date", "from", "to", "cc", "bcc", "subject"))
    return "none:" + sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def references_in(text: str) -> tuple[str, ...]:
    """Return the references, oldest first. A chain of more than ten keeps its first and its last nine."""
    found = tuple(dict.fromkeys(MESSAGE_ID.findall(text)))
    # The first names the thread and the last the message that is answered; the middle would only fill the store.
    return found if len(found) <= LONGEST_REFERENCES else (found[0], *found[1 - LONGEST_REFERENCES :])


def content_of(text: str) -> tuple[str, str]:
    """Return the media type and the METHOD parameter of a Content-Type field, "" for none (RFC 2045, RFC 6047)."""
    if not text:
        return "", ""
    kind = text.partition(";")[0].strip().lower()
    if kind != "text/calendar":
        return kind[:80], ""
    method = re.search(r";\s*method\s*=\s*\"?([A-Za-z-]+)", text, re.IGNORECASE)
    return kind[:80], method.group(1).upper() if method else ""


def _resent(fields: list[tuple[str, str]]) -> Resent:
    """Return the topmost block of Resent-* fields, which is the newest (RFC 5322, 3.6.6)."""
    block: dict[str, str] = {}
    for name, value in fields:
        if name.startswith("resent-"):
            # Nothing separates two blocks but a field that comes a second time.
            if name in block:
                break
            block[name] = value
    sender = parse_addresses(block.get("resent-from", "") or block.get("resent-sender", "")).people
    to, cc, bcc = (parse_addresses(block.get(f"resent-{field}", "")).people for field in ("to", "cc", "bcc"))
    told = "\n".join(block.get(f"resent-{field}", "") for field in ("message-id", "date", "to", "cc"))
    key = sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return Resent(sender, to, cc, bcc, parse_date(block.get("resent-date", "")), key)
