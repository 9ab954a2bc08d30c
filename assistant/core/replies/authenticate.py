"""Is this message an order of the owner's? The five conditions, strictly (docs/replies.md).

Whatever is not plainly in order is refused with one word. Nobody is answered; the owner is told in the next digest.

The second door is for mail that came in from outside. Both hold, or it is shut: the owner's own
server says that it passed (Authentication-Results, RFC 8601), and a DKIM signature of the sender's own domain covers
what an order rests on and the whole body (RFC 6376).
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from assistant.core.mail.address import normal_address, registered_domain
from assistant.core.mail.header import MESSAGE_ID, decode_words, split_message, strict_fields
from assistant.core.mail.mime import FIELD_LIMIT
from assistant.core.replies.own_ids import tokens_in

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from assistant.core.mail.header import Field

HEADER_LIMIT = 256 * 1024
CLOCK = 24 * 3600
"""Seconds that the clock of the program that wrote an answer may be behind."""
AUTOMATIC = frozenset({"x-autoreply", "x-autorespond", "x-auto-reply", "x-career-assistant"})
ONCE = ("from", "sender", "to", "date", "message-id", "in-reply-to", "references", "auto-submitted", "content-type")

_DIRECT = re.compile(rf"{MESSAGE_ID.pattern}(?:\s*\([^<>]{{0,998}}\))?")
"""One Message-ID and, as Gnus writes it, a comment."""
_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{1,255}")
_BARE = re.compile(r"([^\s<>()\",;:]+)(?:\s*\([^()]*\))?")
_MAILBOXES = re.compile(r'(?:"(?:[^"\\]|\\.)*"|[^",])+')


@dataclass(frozen=True, slots=True)
class Token:
    """What was issued under a token, as far as an answer to it is judged; instants in epoch seconds.

    `exposed`: somebody else was sent the message, so they know its Message-ID. `subject` is its own, without "Re:".
    """

    token: str
    issued_at: int
    expires_at: int
    revoked: bool
    exposed: bool = False
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Door:
    """Who may order, and by what: the owner's normal addresses, the control address, and `now`.

    `answered` returns what was issued for the message of ours that bears a Message-ID, None for any other message.
    `doubt` judges a sender's mail that came in from outside by its Authentication-Results and returns why it is in
    doubt, "" for not at all; None: the second door is shut.
    """

    addresses: frozenset[str]
    control_address: str
    answered: Callable[[str], Token | None]
    now: int
    doubt: Callable[[str, tuple[str, ...]], str] | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """A message of the owner's to the assistant. `token` None: it answers nothing at all; only a tap's ref can order.

    `message_id` is without angle brackets, "" where it has none; `answers` is the id of the message that it answers
    directly, `references` are all its ids for the thread of the answer. `outside`: by the second door, so it may not
    do all.
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
    """Why a message is no order, in one word."""

    reason: str


def authenticate(raw: bytes, door: Door, *, inbox: bool = False) -> Accepted | Refused:
    """Judge the header of a message that lies in Sent, or in INBOX. Raises only what the door's functions raise."""
    head, _body = split_message(raw[: HEADER_LIMIT + 1])
    fields = strict_fields(head) if len(head) <= HEADER_LIMIT else None
    if fields is None:
        return Refused("malformed")
    if any(_count(fields, name) > 1 for name in ONCE):
        return Refused("repeated-field")
    said_at = _date(_one(fields, "date"))
    reason = _sender(fields, door) or _recipients(fields, door) or _machine(fields) or ("" if said_at else "no-date")
    if reason or said_at is None:
        return Refused(reason)
    outside = inbox or was_delivered(fields, door.addresses)
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
    """Return the Message-ID of the one message that is answered directly, "" for none, several or doubtful syntax.

    Without In-Reply-To it is the last of References. What stands further up there is anybody's: a colleague to whom a
    digest was forwarded puts our id there, with words of their own quoted below. An id of theirs may hold ours too:
    <"<ours>"@theirs>.
    """
    direct = in_reply_to.strip()
    if set(direct) & set("<>@"):
        found = _DIRECT.fullmatch(direct)
        return found[1] if found else ""
    above = MESSAGE_ID.findall(references)
    whole = not MESSAGE_ID.sub("", references).strip(" \t\r\n,")
    return above[-1] if above and whole else ""


def ids_in(field: str) -> list[str]:
    """Return the Message-IDs of a field in their order, without angle brackets."""
    return MESSAGE_ID.findall(field[:20_000])


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
    return "sender" if other and not _all_own(other, door) else ""


def _recipients(fields: tuple[Field, ...], door: Door) -> str:
    to = strict_address(_one(fields, "to"))
    if to is None or to.casefold() != door.control_address.casefold():
        return "to"
    # Some programs send a copy of everything to their owner.
    if any(field.name in {"cc", "bcc"} and field.value and not _all_own(field.value, door) for field in fields):
        return "cc"
    return "resent" if any(field.name.startswith("resent-") for field in fields) else ""


def _all_own(value: str, door: Door) -> bool:
    """Return whether a field names the owner's addresses alone; what is doubtful syntax names somebody else."""
    parts = _MAILBOXES.findall(value[:FIELD_LIMIT])
    found = [strict_address(part) for part in parts]
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
    """Return why a message that answers none of ours directly is no order; "" for a fresh one, which may be a tap."""
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
    # Who knows our id can write a message without one of its own: then the answer to it has ours at the end.
    if token.exposed and not direct:
        return "indirect"
    # A mailto: link can set In-Reply-To and a subject, but is fresh mail: neither a thread nor our subject.
    subject = " ".join(decode_words(_one(fields, "subject")).split()).casefold()
    return "" if above or token.subject.casefold() in subject else "no-answer"


def _ids(fields: tuple[Field, ...], name: str) -> list[str]:
    return ids_in(_one(fields, name))


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


COVERED = frozenset({"from", "to", "date", "message-id", "in-reply-to"})
READ_BY = frozenset({"content-type", "content-transfer-encoding"})
ALGORITHMS = frozenset({"rsa-sha256", "ed25519-sha256"})
DELIVERED = frozenset(
    {
        "arc-authentication-results", "delivered-to", "envelope-to", "received-spf", "x-delivered-to", "x-envelope-to",
        "x-original-to",
    }
)  # fmt: skip
"""Fields that a delivery writes. One's own copy never has them."""
EXCHANGE = ("x-forefront-", "x-microsoft-", "x-ms-exchange-")
"""Exchange writes fields about spam into what its own users submit too."""
RESULTS_LIMIT = 8000
"""Characters of one Authentication-Results field that are read."""
_RESULT = re.compile(r"([a-z0-9-]{1,40})(?: ?/ ?\d{1,4})? ?= ?([a-z]{1,40})\b")
_PROPERTY = re.compile(r"\b([a-z]{1,20}) ?\. ?([a-z0-9-]{1,40}) ?= ?@?([^\s;]{1,320})")


@dataclass(frozen=True, slots=True)
class Signed:
    """A DKIM signature that holds: its domain, the fields it covers (small letters), and whether it has a length."""

    domain: str
    covers: frozenset[str]
    algorithm: str
    has_length: bool


def was_delivered(fields: Collection[Field], addresses: Collection[str]) -> bool:
    """Return whether a message has the marks of a delivery; `addresses` are the owner's, in normal form.

    Servers file what their submission took with some marks of its own: Gmail a Return-Path and one Received for every
    phone and desktop program, Exchange results that say "none". The owner's own copy may have those.
    """
    received = sum(field.name == "received" for field in fields)
    return received > 1 or any(_tells_of_delivery(field, addresses) for field in fields)


def _tells_of_delivery(field: Field, addresses: Collection[str]) -> bool:
    if field.name == "return-path":
        return normal_address(field.value.strip().strip("<>")) not in addresses
    if field.name == "authentication-results":
        return not _says_none(field.value, addresses)
    spam = "spam" in field.name and not field.name.startswith(EXCHANGE)
    return spam or field.name in DELIVERED or field.name.startswith("list-")


def _says_none(results: str, addresses: Collection[str]) -> bool:
    """Return whether every result is "none" and no domain but the owner's is named."""
    if len(results) > RESULTS_LIMIT:
        return False
    parts = [part for part in _parts(results) if part]
    named: list[str] = []
    for part in parts:
        match = _RESULT.match(part)
        if match and match[2] != "none":
            return False
        if match:
            named += [value.strip('"').rpartition("@")[2] for *_, value in _PROPERTY.findall(part[match.end() :])]
        else:  # the authserv-id, which Exchange leaves out
            named.append(_name_of(part))
    own = {registered_domain(address.rpartition("@")[2]) for address in addresses}
    return bool(parts) and all(one == "none" or registered_domain(one) in own for one in named)


def reason_to_doubt(
    sender: str, results: Iterable[str], authserv_id: str, signed: Iterable[Signed], *, opens_as_said: bool = True
) -> str:
    """Return why mail from `sender` may be somebody else's, in one word; "" where it shows all it must.

    `results` are the message's Authentication-Results from the top, `signed` its signatures that hold. `opens_as_said`:
    the body agrees with the fields it is read by (`core.parts`), which some signatures do not cover (Gmail's).
    """
    domain = sender.rpartition("@")[2].casefold().rstrip(".")
    if not passed(results, authserv_id, domain):
        return "no-pass"
    enough = [one for one in signed if _is_enough(one, domain)]
    if not enough:
        return "no-signature"
    return "" if opens_as_said or any(one.covers >= READ_BY for one in enough) else "content-type"


def passed(results: Iterable[str], authserv_id: str, domain: str) -> bool:
    """Say whether the topmost results of that server hold a pass for the domain, and no failure of DMARC."""
    top = next((parts for parts in map(_parts, results) if parts and _name_of(parts[0]) == authserv_id), None)
    if top is None:
        return False
    found = list(_results(top[1:]))
    if any(method == "dmarc" and result not in {"pass", "none", "bestguesspass"} for method, result, _domain in found):
        return False
    return any(
        result == "pass" and method in {"dkim", "dmarc"} and is_aligned(said, domain) for method, result, said in found
    )


def is_aligned(signer: str, domain: str) -> bool:
    """Say whether a signing domain is that of the sender: the same, or one above it within its registered domain."""
    signer = signer.casefold().rstrip(".")
    if signer == domain:
        return bool(domain)
    return domain.endswith(f".{signer}") and registered_domain(domain) == registered_domain(signer) != ""


def _is_enough(signed: Signed, domain: str) -> bool:
    whole = not signed.has_length and signed.algorithm in ALGORITHMS
    return whole and signed.covers >= COVERED and is_aligned(signed.domain, domain)


def _results(parts: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Yield (method, result, the domain it speaks of); "" for a domain that is not said."""
    for part in parts:
        match = _RESULT.match(part)
        if match is None:
            continue
        said = {f"{kind}.{name}": value for kind, name, value in _PROPERTY.findall(part[match.end() :])}
        of = said.get("header.from", "") if match[1] == "dmarc" else said.get("header.d") or said.get("header.i", "")
        yield match[1], match[2], of.strip('"').rpartition("@")[2]


def _name_of(head: str) -> str:
    """Return the authserv-id; a version number may follow it."""
    words = head.split()
    return words[0].strip('"') if words and (len(words) == 1 or words[1:] == ["1"]) else ""


def _parts(field: str) -> list[str]:
    """Return one Authentication-Results without its comments, in small letters, cut at its semicolons."""
    parts: list[list[str]] = [[]]
    depth = 0
    quoted = escaped = False
    for character in field[:RESULTS_LIMIT].casefold():
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif character == '"' and not depth:
            quoted = not quoted
        elif character == "(" and not quoted:
            depth += 1
        elif character == ")" and depth and not quoted:
            depth -= 1
        elif character == ";" and not depth and not quoted:
            parts.append([])
        elif not depth:
            # What stands in quotes can be no word of the grammar.
            parts[-1].append("_" if quoted and character in " =;" else character)
    return [] if depth or quoted else [" ".join("".join(part).split()) for part in parts]
