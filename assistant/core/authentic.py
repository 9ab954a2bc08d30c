"""Is this message an order of the owner's? The five conditions, strictly (docs/replies.md).

Whatever is not plainly in order is refused with one word for the log; nobody is ever told.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from assistant.core.addresses import normal_address
from assistant.core.parts import Field, fields_of, split_message
from assistant.core.taps import tokens_in

if TYPE_CHECKING:
    from collections.abc import Callable

HEADER_LIMIT = 256 * 1024
LAST_REFERENCES = 5
FROM_OUTSIDE = frozenset(
    {"authentication-results", "arc-authentication-results", "received-spf", "return-path", "delivered-to"}
)
AUTOMATIC = frozenset({"x-autoreply", "x-autorespond", "x-auto-reply", "x-career-assistant"})
ONCE = ("from", "sender", "to", "date", "message-id", "in-reply-to", "references", "auto-submitted", "content-type")

_MESSAGE_IDS = re.compile(r"<([^<>\s]{1,998})>")
_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{1,255}")
_BARE = re.compile(r"([^\s<>()\",;:]+)(?:\s*\([^()]*\))?")


@dataclass(frozen=True, slots=True)
class Token:
    """What was issued under a token, as far as an answer to it is judged; instants in epoch seconds."""

    token: str
    issued_at: int
    expires_at: int
    revoked: bool


@dataclass(frozen=True, slots=True)
class Door:
    """Who may order, and by what: the owner's normal addresses, the control address, what was issued, and `now`.

    `doubt` judges a sender's mail that came in from outside by its Authentication-Results and returns why it is in
    doubt, "" for not at all; None: the second door is shut.
    """

    addresses: frozenset[str]
    control_address: str
    issued: Callable[[str], Token | None]
    now: int
    doubt: Callable[[str, tuple[str, ...]], str] | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """A message of the owner's to the assistant. `token` None: it answers nothing of ours; only a tap's ref can order.

    `message_id` is without angle brackets, `references` are all its ids for the thread of the answer. `outside`: by the
    second door, so it may not do all.
    """

    token: Token | None
    message_id: str
    said_at: datetime
    subject: str
    references: tuple[str, ...]
    date: str
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a message is no order, in one word."""

    reason: str


def authenticate(raw: bytes, door: Door, *, inbox: bool = False) -> Accepted | Refused:  # noqa: PLR0911 - one a reason
    """Judge the header of a message that lies in Sent, or in INBOX. Raises only what `door.doubt` raises."""
    head, _body = split_message(raw[: HEADER_LIMIT + 1])
    fields = fields_of(head) if len(head) <= HEADER_LIMIT else None
    if fields is None:
        return Refused("malformed")
    if any(_count(fields, name) > 1 for name in ONCE):
        return Refused("repeated-field")
    reason = _sender(fields, door) or _recipients(fields, door) or _machine(fields)
    if reason:
        return Refused(reason)
    message_id = _MESSAGE_IDS.fullmatch(_one(fields, "message-id"))
    said_at = _date(_one(fields, "date"))
    if message_id is None or said_at is None:
        return Refused("no-message-id" if message_id is None else "no-date")
    token = _token(fields, door, said_at)
    if isinstance(token, Refused):
        return token
    outside = inbox or _is_from_outside(fields)
    doubt = _doubt(fields, door, token) if outside else ""
    if doubt:
        return Refused(doubt)
    references = tuple(dict.fromkeys(_ids(fields, "references") + _ids(fields, "in-reply-to")))
    return Accepted(token, message_id[1], said_at, _one(fields, "subject"), references, _one(fields, "date"), outside)


def _is_from_outside(fields: tuple[Field, ...]) -> bool:
    return any(field.name in FROM_OUTSIDE for field in fields) or _count(fields, "received") > 1


def _doubt(fields: tuple[Field, ...], door: Door, token: Token | None) -> str:
    """Return why mail from outside is not obeyed: the door is shut, it answers nothing, or it proves too little."""
    if door.doubt is None:
        return "from-outside"
    if token is None:
        return "no-token"
    results = tuple(field.value for field in fields if field.name == "authentication-results")
    return door.doubt(strict_address(_one(fields, "from")) or "", results)


def body_hash(token: str, date: str, body: str) -> str:
    """Return the hash of token, Date and body: the same reply copied under another Message-ID has the same."""
    folded = "\n".join(line.rstrip() for line in body.strip().splitlines())
    return hashlib.sha256("\0".join((token, " ".join(date.split()), folded)).encode("utf-8", "replace")).hexdigest()


def strict_address(value: str) -> str | None:
    """Return the one address of a field that holds exactly one mailbox; None for groups, lists and doubtful syntax."""
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
    """Return a display name without its quoted strings, None where a quote is left open."""
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
    if other and (strict_address(other) or "").casefold() != sender.casefold():
        return "sender"
    return ""


def _recipients(fields: tuple[Field, ...], door: Door) -> str:
    to = strict_address(_one(fields, "to"))
    if to is None or to.casefold() != door.control_address.casefold():
        return "to"
    if any(field.name in {"cc", "bcc"} and field.value for field in fields):
        return "cc"
    return "resent" if any(field.name.startswith("resent-") for field in fields) else ""


def _machine(fields: tuple[Field, ...]) -> str:
    automatic = _one(fields, "auto-submitted").partition(";")[0].strip().lower()
    if automatic not in {"", "no"} or any(field.name in AUTOMATIC for field in fields):
        return "automatic"
    if _one(fields, "precedence").lower() in {"auto_reply", "bulk", "list", "junk"}:
        return "automatic"
    if _one(fields, "content-type").lower().startswith(("multipart/report", "message/")):
        return "report"
    return ""


def _token(fields: tuple[Field, ...], door: Door, said_at: datetime) -> Token | Refused | None:
    ids = [*_ids(fields, "in-reply-to"), *reversed(_ids(fields, "references")[-LAST_REFERENCES:])]
    found = [token for token in map(door.issued, tokens_in(ids)) if token]
    if not found:
        return Refused("unknown-token") if tokens_in(ids) else None
    token = found[0]
    if token.revoked:
        return Refused("revoked")
    if token.expires_at <= door.now:
        return Refused("expired")
    return Refused("too-old") if said_at.timestamp() < token.issued_at else token


def _ids(fields: tuple[Field, ...], name: str) -> list[str]:
    return _MESSAGE_IDS.findall(_one(fields, name)[:20_000])


def _one(fields: tuple[Field, ...], name: str) -> str:
    return next((field.value for field in fields if field.name == name), "")


def _count(fields: tuple[Field, ...], name: str) -> int:
    return sum(field.name == name for field in fields)


def _date(value: str) -> datetime | None:
    """Return an aware moment; a date without a zone is UTC."""
    try:
        found = parsedate_to_datetime(value[:200])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
