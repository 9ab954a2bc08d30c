"""Decide whether a message is an order from the owner ("Whose mail is obeyed" in docs/replies.md).

    header -> well formed, each field once? -> from the owner, to the control address alone, no automatic answer?
           -> a direct answer to a message of ours, or a fresh one that may be a tap?
           -> delivered from outside? then it must also pass the second door (`outside_mail`)

Anything doubtful is refused with a one-word reason. Nobody gets an answer; the next digest tells the owner.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from assistant.core.mail.address import normal_address
from assistant.core.mail.header import MESSAGE_ID, decode_words, split_message, strict_fields
from assistant.core.mail.mime import FIELD_LIMIT
from assistant.core.replies.outside_mail import was_delivered
from assistant.core.replies.own_ids import tokens_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.core.mail.header import Field

HEADER_LIMIT = 256 * 1024  # octets
# Seconds. A phone or laptop whose clock is a day behind dates its answer before the digest; that is still fine.
CLOCK = 24 * 3600
AUTOMATIC = frozenset({"x-autoreply", "x-autorespond", "x-auto-reply", "x-career-assistant"})
ONCE = ("from", "sender", "to", "date", "message-id", "in-reply-to", "references", "auto-submitted", "content-type")

# One Message-ID. Gnus writes a comment behind it.
_DIRECT = re.compile(rf"{MESSAGE_ID.pattern}(?:\s*\([^<>]{{0,998}}\))?")
_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{1,255}")
_BARE = re.compile(r"([^\s<>()\",;:]+)(?:\s*\([^()]*\))?")
_MAILBOXES = re.compile(r'(?:"(?:[^"\\]|\\.)*"|[^",])+')


@dataclass(frozen=True, slots=True)
class Token:
    """A token we issued, and what is needed to judge an answer to it. Instants are epoch seconds.

    `exposed` means that somebody else got the message too, so they know its Message-ID. `subject` is the subject of
    our message, without "Re:".
    """

    token: str
    issued_at: int
    expires_at: int
    revoked: bool
    exposed: bool = False
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Door:
    """Who may give orders: the owner's addresses in normal form, the control address, and `now` in epoch seconds.

    `answered` takes a Message-ID and returns the token of our message with that id, or None if it isn't ours.
    `doubt` takes the sender and the Authentication-Results of mail from outside. It returns why that mail may be
    somebody else's, or "" if it has proved enough. `doubt` is None while the second door is shut.
    """

    addresses: frozenset[str]
    control_address: str
    answered: Callable[[str], Token | None]
    now: int
    doubt: Callable[[str, tuple[str, ...]], str] | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """A message from the owner to the assistant.

    `token` is None if it answers nothing; then only the ref of a tap can give an order. `message_id` has no angle
    brackets and is "" if there is none. `answers` is the Message-ID of the message it answers directly. `references`
    are all ids of its thread. `outside` means that it came by the second door, which allows less.
    """

    token: Token | None
    message_id: str
    said_at: datetime
    subject: str
    references: tuple[str, ...]
    date: str
    outside: bool = False
    answers: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """The one-word reason why a message is not an order."""

    reason: str


def authenticate(raw: bytes, door: Door, *, inbox: bool = False) -> Accepted | Refused:
    """Judge a message by its header. It lies in Sent, or in INBOX with `inbox`.

    Raises only what the functions of `door` raise.
    """
    head, _body = split_message(raw[: HEADER_LIMIT + 1])  # one more, so that a header over the limit shows
    fields = strict_fields(head) if len(head) <= HEADER_LIMIT else None
    if fields is None:
        return Refused("malformed")
    # Programs and servers don't agree on which of two counts. Cyrus, for one, reports the last To.
    if any(sum(field.name == name for field in fields) > 1 for name in ONCE):
        return Refused("repeated-field")
    said_at = _date(_one(fields, "date"))
    reason = _sender(fields, door) or _recipients(fields, door) or _machine(fields) or ("" if said_at else "no-date")
    if reason or said_at is None:
        return Refused(reason)
    # Lying in Sent proves little by itself: forged mail has been found there.
    outside = inbox or was_delivered(fields, door.addresses)
    # The signature asked for from outside covers In-Reply-To, but not References.
    answers = answered_directly(_one(fields, "in-reply-to"), "" if outside else _one(fields, "references"))
    token = door.answered(answers) if answers else None
    reason = _wrong_token(fields, token, door.now, said_at) if token else _no_token(fields)
    reason = reason or (_doubt(fields, door, token) if outside else "")
    if reason:
        return Refused(reason)
    references = tuple(dict.fromkeys(_ids(fields, "references") + _ids(fields, "in-reply-to")))
    message_id = MESSAGE_ID.fullmatch(_one(fields, "message-id"))
    return Accepted(
        token,
        message_id[1] if message_id else "",
        said_at,
        _one(fields, "subject"),
        references,
        _one(fields, "date"),
        outside,
        answers,
    )


def answered_directly(in_reply_to: str, references: str) -> str:
    """Return the Message-ID of the one message that is answered directly.

    That is In-Reply-To, or without one the last of References. Returns "" for none, several or doubtful syntax.
    """
    direct = in_reply_to.strip()
    # "your message of Monday" names no message, so it counts as no In-Reply-To.
    if set(direct) & set("<>@"):
        # The whole field or nothing: an id of somebody else's can hold ours, as in <"<ours>"@theirs>.
        found = _DIRECT.fullmatch(direct)
        return found[1] if found else ""
    # Only the last counts. If a digest was forwarded to a colleague, the owner's answer to that colleague has our id
    # further up, and the words quoted in it are the colleague's.
    above = MESSAGE_ID.findall(references)
    whole = not MESSAGE_ID.sub("", references).strip(" \t\r\n,")
    return above[-1] if above and whole else ""


def ids_in(field: str) -> list[str]:
    """Return the Message-IDs in a field in order, without angle brackets."""
    return MESSAGE_ID.findall(field[:20_000])


def _doubt(fields: tuple[Field, ...], door: Door, token: Token | None) -> str:
    if door.doubt is None:
        return "from-outside"
    if token is None:  # a tap answers nothing, and from outside In-Reply-To must name a message of ours
        return "no-token"
    results = tuple(field.value for field in fields if field.name == "authentication-results")
    return door.doubt(strict_address(_one(fields, "from")) or "", results)


def body_hash(token: str, date: str, body: str) -> str:
    """Return a hash by which a reply is known again when a copy has another Message-ID.

    It takes in the token, the Date and the body without white space at the ends of lines.
    """
    folded = "\n".join(line.rstrip() for line in body.strip().splitlines())
    return hashlib.sha256("\0".join((token, " ".join(date.split()), folded)).encode("utf-8", "replace")).hexdigest()


def strict_address(value: str) -> str | None:
    """Return the address of a field with exactly one mailbox; None for a group, a list or doubtful syntax."""
    text = value.strip()
    at = text.rfind("<")
    if at < 0:
        bare = _BARE.fullmatch(text)
        return bare[1] if bare and _ATOM.fullmatch(bare[1]) else None
    name, address = _without_quoted(text[:at]), text[at + 1 :]
    if not address.endswith(">") or name is None or set(name) & set('<>@,;:()[]\\"'):
        return None
    return address[:-1] if _ATOM.fullmatch(address[:-1]) else None


def _without_quoted(text: str) -> str | None:
    """Return a display name without its quoted strings, or None if a quote is left open."""
    out: list[str] = []
    quoted = escaped = False
    for character in text:
        if escaped:
            escaped = False
        elif quoted and character == "\\":
            escaped = True
        elif character == '"':
            quoted = not quoted
        elif not quoted:
            out.append(character)
    return None if quoted else "".join(out)


def _sender(fields: tuple[Field, ...], door: Door) -> str:
    sender = strict_address(_one(fields, "from"))
    if sender is None:
        return "from"
    if normal_address(sender) not in door.addresses:
        return "not-owner"
    other = _one(fields, "sender")
    # Sender is who really sent it, where that isn't the author (RFC 5322, 3.6.2).
    return "sender" if other and not _all_own(other, door) else ""


def _recipients(fields: tuple[Field, ...], door: Door) -> str:
    to = strict_address(_one(fields, "to"))
    if to is None or to.casefold() != door.control_address.casefold():
        return "to"
    # Some programs send a copy of everything to their owner. A copy to anybody else makes it a letter to them.
    if any(field.name in {"cc", "bcc"} and field.value and not _all_own(field.value, door) for field in fields):
        return "cc"
    # A redirected message keeps the From of its author, whoever sends it on (RFC 5322, 3.6.6).
    return "resent" if any(field.name.startswith("resent-") for field in fields) else ""


def _all_own(value: str, door: Door) -> bool:
    """Return whether a field names only addresses of the owner. Doubtful syntax counts as somebody else's."""
    parts = _MAILBOXES.findall(value[:FIELD_LIMIT])
    found = [strict_address(part) for part in parts]
    # Whatever the pattern passed over could be one more recipient.
    return ",".join(parts) == value and all(one and normal_address(one) in door.addresses for one in found)


def _machine(fields: tuple[Field, ...]) -> str:
    automatic = _one(fields, "auto-submitted").partition(";")[0].strip().lower()
    if automatic not in {"", "no"} or any(field.name in AUTOMATIC for field in fields):
        return "automatic"
    if _one(fields, "precedence").lower() in {"auto_reply", "bulk", "list", "junk"}:
        return "automatic"
    if _one(fields, "content-type").lower().startswith(("multipart/report", "message/")):
        return "report"
    return ""


def _no_token(fields: tuple[Field, ...]) -> str:
    """Return why a message that doesn't answer ours directly is refused; "" for a fresh one, which may be a tap."""
    direct, above = _ids(fields, "in-reply-to"), _ids(fields, "references")
    if tokens_in(direct):
        return "unknown-token" if len(direct) == 1 else "indirect"
    if tokens_in(above):
        return "indirect"
    return "no-token" if direct or above else ""


def _wrong_token(fields: tuple[Field, ...], token: Token, now: int, said_at: datetime) -> str:
    if token.revoked:
        return "revoked"
    if token.expires_at <= now:
        return "expired"
    if said_at.timestamp() < token.issued_at - CLOCK:
        return "too-old"
    direct, above = _ids(fields, "in-reply-to"), _ids(fields, "references")
    # Anybody who knows our id can write to the owner with it in References and no Message-ID of their own. The
    # References of the owner's answer to that end in our id.
    if token.exposed and not direct:
        return "indirect"
    # A mailto: link in somebody's mail can set In-Reply-To and a subject. But what it opens is new mail: it has no
    # References, and not our subject.
    subject = " ".join(decode_words(_one(fields, "subject")).split()).casefold()
    return "" if above or token.subject.casefold() in subject else "no-answer"


def _ids(fields: tuple[Field, ...], name: str) -> list[str]:
    return ids_in(_one(fields, name))


def _one(fields: tuple[Field, ...], name: str) -> str:
    return next((field.value for field in fields if field.name == name), "")


def _date(value: str) -> datetime | None:
    """Return an aware datetime, None if there is none; a date without a zone counts as UTC."""
    try:
        found = parsedate_to_datetime(value[:200])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
