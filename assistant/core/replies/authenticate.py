"""Decide whether a message is an order from the owner ("Whose mail is obeyed" in docs/replies.md).

    header -> well formed, each field once? -> from the owner, to the control address alone, no automatic answer?
           -> a direct answer to a message of ours, or a fresh one that may be a tap?
           -> delivered from outside? then it must also pass the second door

Anything doubtful is refused with a one-word reason. Nobody gets an answer; the next digest tells the owner.

The second door is for mail that came in from outside. It asks for two proofs: the owner's own server says that the
message passed (Authentication-Results, RFC 8601), and a DKIM signature of the sender's domain covers the fields an
order rests on and the whole body (RFC 6376).
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


# What an order rests on: whose it is, when it was given, that it is new, and what it answers.
COVERED = frozenset({"from", "to", "date", "message-id", "in-reply-to"})
# These decide as what the body is read. Gmail doesn't sign them.
READ_BY = frozenset({"content-type", "content-transfer-encoding"})
# rsa-sha1 is no longer to be believed (RFC 8301).
ALGORITHMS = frozenset({"rsa-sha256", "ed25519-sha256"})
# Delivery writes these fields. The owner's own copy never has them.
DELIVERED = frozenset(
    {
        "arc-authentication-results", "delivered-to", "envelope-to", "received-spf", "x-delivered-to", "x-envelope-to",
        "x-original-to",
    }
)  # fmt: skip
# Exchange writes fields about spam even into what its own users submit.
EXCHANGE = ("x-forefront-", "x-microsoft-", "x-ms-exchange-")
RESULTS_LIMIT = 8000  # characters of one Authentication-Results field that are read
_RESULT = re.compile(r"([a-z0-9-]{1,40})(?: ?/ ?\d{1,4})? ?= ?([a-z]{1,40})\b")
_PROPERTY = re.compile(r"\b([a-z]{1,20}) ?\. ?([a-z0-9-]{1,40}) ?= ?@?([^\s;]{1,320})")


@dataclass(frozen=True, slots=True)
class Signed:
    """A valid DKIM signature.

    `covers` are names of fields in lower case. `has_length` means that it signs only part of the body (`l=`).
    """

    domain: str
    covers: frozenset[str]
    algorithm: str
    has_length: bool


def was_delivered(fields: Collection[Field], addresses: Collection[str]) -> bool:
    """Return whether a message was delivered from outside. `addresses` are the owner's in normal form.

    The owner's own copy may have one Received line, their own Return-Path, and results that say "none".
    """
    # Gmail files what phones and desktop programs submit with a Return-Path and one Received line.
    received = sum(field.name == "received" for field in fields)
    return received > 1 or any(_tells_of_delivery(field, addresses) for field in fields)


def _tells_of_delivery(field: Field, addresses: Collection[str]) -> bool:
    if field.name == "return-path":
        return normal_address(field.value.strip().strip("<>")) not in addresses
    if field.name == "authentication-results":
        return not _says_none(field.value, addresses)  # Exchange writes results that say "none"
    spam = "spam" in field.name and not field.name.startswith(EXCHANGE)
    return spam or field.name in DELIVERED or field.name.startswith("list-")


def _says_none(results: str, addresses: Collection[str]) -> bool:
    """Return whether every result is "none" and the only domain named is the owner's."""
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
        else:  # the authserv-id; Exchange leaves it out
            named.append(_name_of(part))
    own = {registered_domain(address.rpartition("@")[2]) for address in addresses}
    return bool(parts) and all(one == "none" or registered_domain(one) in own for one in named)


def reason_to_doubt(
    sender: str, results: Iterable[str], authserv_id: str, signed: Iterable[Signed], *, opens_as_said: bool = True
) -> str:
    """Return in one word why mail from `sender` may be somebody else's, or "" if it has proved enough.

    `results` are its Authentication-Results from the top, `signed` its valid signatures. `opens_as_said` tells whether
    the body looks as Content-Type and Content-Transfer-Encoding say (`core.mail.mime.opens_as_said`).
    """
    domain = sender.rpartition("@")[2].casefold().rstrip(".")
    if not passed(results, authserv_id, domain):
        return "no-pass"
    enough = [one for one in signed if _is_enough(one, domain)]
    if not enough:
        return "no-signature"
    # Gmail signs neither field, so somebody else could change as what the signed body is read.
    return "" if opens_as_said or any(one.covers >= READ_BY for one in enough) else "content-type"


def passed(results: Iterable[str], authserv_id: str, domain: str) -> bool:
    """Return whether the topmost results of that server hold a pass for the domain and no failure of DMARC."""
    # The server adds its field on top. Whatever stands below may have come with the message, forged.
    top = next((parts for parts in map(_parts, results) if parts and _name_of(parts[0]) == authserv_id), None)
    if top is None:
        return False
    found = list(_results(top[1:]))
    # Microsoft says "bestguesspass" for a domain that publishes no DMARC policy but would have passed.
    if any(method == "dmarc" and result not in {"pass", "none", "bestguesspass"} for method, result, _domain in found):
        return False
    return any(
        result == "pass" and method in {"dkim", "dmarc"} and is_aligned(said, domain) for method, result, said in found
    )


def is_aligned(signer: str, domain: str) -> bool:
    """Return whether a signer's domain is the sender's domain, or a parent of it within its registered domain."""
    signer = signer.casefold().rstrip(".")
    if signer == domain:
        return bool(domain)
    return domain.endswith(f".{signer}") and registered_domain(domain) == registered_domain(signer) != ""


def _is_enough(signed: Signed, domain: str) -> bool:
    # With l= anybody can add text below the part that is signed (RFC 6376, 8.2).
    whole = not signed.has_length and signed.algorithm in ALGORITHMS
    return whole and signed.covers >= COVERED and is_aligned(signed.domain, domain)


def _results(parts: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Yield (method, result, domain); the domain is "" where none is named."""
    for part in parts:
        match = _RESULT.match(part)
        if match is None:
            continue
        said = {f"{kind}.{name}": value for kind, name, value in _PROPERTY.findall(part[match.end() :])}
        of = said.get("header.from", "") if match[1] == "dmarc" else said.get("header.d") or said.get("header.i", "")
        yield match[1], match[2], of.strip('"').rpartition("@")[2]


def _name_of(head: str) -> str:
    """Return the authserv-id, or "" if this is none; a version number may follow it."""
    words = head.split()
    return words[0].strip('"') if words and (len(words) == 1 or words[1:] == ["1"]) else ""


def _parts(field: str) -> list[str]:
    """Return one Authentication-Results field in lower case, without comments, cut at its semicolons."""
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
            # So that text in quotes can't look like a result of its own.
            parts[-1].append("_" if quoted and character in " =;" else character)
    return [] if depth or quoted else [" ".join("".join(part).split()) for part in parts]
