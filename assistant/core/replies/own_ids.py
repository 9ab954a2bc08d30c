"""Tokens in our Message-IDs and refs of taps: what proves that a message answers one of ours (docs/replies.md).

A token has at least 128 random bits and begins the Message-ID: `<TOKEN.digest@example.com>`. A ref is a MAC of (digest,
number, verb, draft hash) under the digest's secret. It allows that verb on that number and nothing else.

A tap opens a message with one ready-made command and its ref. `read_tap` reads it together with what the owner typed
beside it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote

from assistant.core.replies.answer_sheet import read_sheet
from assistant.core.replies.grammar.commands import (
    Answer,
    ByNumber,
    Candidate,
    Command,
    Drop,
    Every,
    Keep,
    Look,
    Met,
    NotNow,
    Pause,
    Plain,
    Snooze,
    Tell,
)
from assistant.core.replies.grammar.lines import ParsedLine, Speech, parse_line
from assistant.core.replies.grammar.spelling import role_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Allows = Callable[[str, str], bool]
    from collections.abc import Callable, Sequence

TOKEN_BYTES = 16  # 128 random bits
REF_BYTES = 10  # 80 bits of the MAC, 16 characters in base32
HREF_LIMIT = 500  # characters (docs/look.md)
SHEET_LIMIT = 1900  # of a link with a whole sheet or a draft in it: some programs cut what is longer
SHEET = "sheet"
"""The verb of the sheet that answers a whole digest. Its label is ""."""
REF_MARK = "ref:"

_TOKEN = r"[a-z2-7]{26,64}"  # noqa: S105 - a pattern
_MESSAGE_ID = re.compile(rf"<?({_TOKEN})\.(?:digest|transcript|notice|thread)@[^\s<>@]{{1,255}}>?", re.IGNORECASE)
_REF = re.compile(rf"(?:{REF_MARK} ?)([a-z2-7]{{16}})\b", re.IGNORECASE)


def new_token(random_bytes: bytes) -> str:
    """Return a token of 26 characters or more from random bytes. Raises ValueError for fewer than 128 bits."""
    if len(random_bytes) < TOKEN_BYTES:
        raise ValueError("a token needs 128 random bits")
    return _base32(random_bytes)


def message_id(token: str, kind: Literal["digest", "transcript", "notice"], domain: str) -> str:
    """Return our Message-ID with that token, without angle brackets."""
    return f"{token}.{kind}@{domain}"


def thread_id(token: str, domain: str) -> str:
    """Return an id with that token that is used in References only.

    It stays in place where a server replaces our Message-ID.
    """
    return f"{token}.thread@{domain}"


def tokens_in(message_ids: Iterable[str]) -> tuple[str, ...]:
    """Return the tokens of the Message-IDs that look like ours, in order; with or without angle brackets."""
    found = (_MESSAGE_ID.fullmatch(one.strip()) for one in message_ids)
    return tuple(dict.fromkeys(match[1].lower() for match in found if match))


def tap_ref(secret: str, digest: str, label: str, verb: str, draft_hash: str = "") -> str:
    """Return the ref of one tap, 16 characters.

    `digest` is the digest's token. `label` is "1", "Q2", "C3" or a handle, "" for a verb without any. `verb` is as
    `tap_of` gives it. `draft_hash` is for send only.
    """
    # With the draft's hash in it, the tap sends the text that was shown or nothing.
    parts = f"{digest}\0{label}\0{verb}\0{draft_hash}".encode()
    return _base32(hmac.new(secret.encode(), parts, hashlib.sha256).digest()[:REF_BYTES])


def same_ref(one: str, other: str) -> bool:
    """Compare two refs in constant time."""
    return hmac.compare_digest(one.lower().encode(), other.lower().encode())


def ref_in(text: str) -> str | None:
    """Return the last ref in a text, None if there is none."""
    found = _REF.findall(text)
    return found[-1].lower() if found else None


def without_ref(line: str) -> str:
    """Return a line without its ref."""
    return _REF.sub("", line).strip()


def tap_of(command: Command) -> tuple[str, str] | None:  # noqa: C901, PLR0911, PLR0912 - one line a command
    """Return (label, verb) of a command as a tap can give it, None for a command that no tap gives."""
    match command:
        case ByNumber(verb, (number,)):
            return str(number), verb
        case Snooze((who,)) if who.isdecimal():
            return who, "snooze"
        case Met(verb, who, company=()) if who.isdecimal():
            return who, verb
        case NotNow(who) if who.isdecimal():
            return who, "not now"
        case Tell(kind, who) if who and who.isdecimal():
            return who, kind
        case Look(what, who):
            return who, what
        case Keep(who):
            return who, "keep"
        case Every(who):
            # Whatever the rhythm: the link proposes one, and the owner may type another over it.
            return who, "every"
        case Drop(who):
            return who, "drop"
        case Candidate(number, role, hoped, None):
            return f"C{number}", role_words(role, hoped=hoped) if role else "ignore"
        case Answer(number, text):
            return f"Q{number}", text.lower()
        case Pause():
            return "", "pause"
        case Plain(verb):
            return "", verb
    return None


def tap_href(control_address: str, subject: str, command: str, ref: str, limit: int = HREF_LIMIT) -> str:
    """Return the mailto: link that opens a fresh message with a command and its ref, under `limit` characters.

    A long subject is cut. Raises ValueError if the command alone is too long.
    """
    head = f"mailto:{quote(control_address, safe='@')}?subject="
    tail = f"&body={_body(command)}%0D%0A%0D%0A{quote(REF_MARK + ref, safe='')}"
    for length in range(len(subject), -1, -1):
        href = head + quote(subject[:length], safe="") + tail
        if len(href) < limit:
            return href
    raise ValueError(f"a tap's command must be short: {command[:40]!r}")


def letter_href(address: str, subject: str, body: str) -> str:
    """Return the mailto: link that opens a letter to somebody, ready to send, or "" if it would be too long."""
    href = f"mailto:{quote(address, safe='@')}?subject={quote(subject, safe='')}&body={_body(body)}"
    return href if len(href) <= SHEET_LIMIT else ""


def _body(text: str) -> str:
    """Return a text for a mailto: link, where lines end in CRLF (RFC 6068)."""
    return quote(text.replace("\n", "\r\n"), safe="")


def _base32(raw: bytes) -> str:
    return base64.b32encode(raw).decode("ascii").rstrip("=").lower()


@dataclass(frozen=True, slots=True)
class Tapped:
    """The order of a tap's message. `lines` are as they should be obeyed; the ref allows `verb` on `label`."""

    label: str
    verb: str
    lines: tuple[ParsedLine, ...]


def read_tap(lines: Sequence[str], speech: Speech, allows: Callable[[str, str], bool]) -> Tapped | None:
    """Return the command that the ref allows, by `allows(label, verb)`; None if no line has it.

    What else the owner typed becomes the note of met, done and note. Beside any other verb it isn't understood.
    """
    if allows("", SHEET):
        return Tapped("", SHEET, read_sheet(map(without_ref, lines), speech))
    read = [parse_line(text, speech) for text in map(without_ref, lines) if text.strip()]
    for index, line in enumerate(read):
        # No other reading of it: behind the number of a tap stands a note, never one more number.
        command = line.command.alone if isinstance(line.command, Met) else line.command
        known = tap_of(command) if command else None
        if command and known and allows(*known):
            rest = [other.text for other in read[:index] + read[index + 1 :] if not other.noise]
            return Tapped(*known, _lines(line.text, command, rest))
    return None


def _lines(text: str, command: Command, rest: list[str]) -> tuple[ParsedLine, ...]:
    said = " ".join(rest)
    if not said:
        return (ParsedLine(text, command),)
    shown = f"{text} {said}"
    match command:
        case Met(note=note):
            return (ParsedLine(shown, replace(command, note=f"{note} {said}".strip())),)
        case Tell(text=told):
            return (ParsedLine(shown, replace(command, text=f"{told} {said}")),)
        case ByNumber("done", (number,)):
            return (ParsedLine(text, command), ParsedLine(said, Tell("note", str(number), said)))
    return (ParsedLine(text, command), *(ParsedLine(line) for line in rest))
