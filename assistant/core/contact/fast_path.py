"""The fast path of a scan: a message of the common shape, read and judged in one go.

    header bytes ─> ten fields, each once ─> what is kept of the message, and a row for each recipient
                          └─> anything unusual ─> None: `core/mail/envelope` and `verdict` decide

Nothing is decided here. Addresses are read by the full parser and remembered as they are written; the verdict of a
message of this shape is asked of `verdict.judge` once. The tests hold that whatever this path gives is what the full
parser, `verdict.judge` and `envelope.facts` give, to the last letter.
"""

from __future__ import annotations

from json.encoder import encode_basestring as quoted
from typing import TYPE_CHECKING, NamedTuple

from assistant.core.contact.mail_merge import subject_key, words_of_name
from assistant.core.contact.verdict import Circumstances, Judgement, Spelling, Verdict, judge, says_forward
from assistant.core.mail.address import is_role_address, looks_like_list
from assistant.core.mail.address_list import Named, cut, parse_addresses
from assistant.core.mail.date import AHEAD, EARLIEST, LATE, clocks, day_start, offsets
from assistant.core.mail.envelope import MARKS, WANTED_FIELDS, Envelope, content_of, references_in
from assistant.core.mail.header import MESSAGE_ID, decode_words, one_line, to_text

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from assistant.core.mail.message import Instant

MOST = 16_384
"""Spellings of one kind remembered at a time: memory stays flat however many addresses there are."""
LONGEST_TEXT = 998

_PERSON, _DESK = 0, 1
_LATE = int(LATE.total_seconds())
_ARRIVED, _SUBJECT, _ANSWERED, _REFERENCES, _SIZE = ',"a":[%d,%d]', ',"s":%s', ',"r":%s', ',"x":[%s]', ',"z":%d}'
_CLOCK, _SECONDS = clocks()
_OFFSETS = offsets()
_WHERE = ("to", "cc", "bcc")
_DESK_VERDICT = Verdict("none", 0.0, "role-address")

_Piece = tuple[Spelling, str, str, int, frozenset[str]]
"""(spelling, its address, the spelling as facts, person or desk, the words of the name)."""


class Plain(NamedTuple):
    """What is kept of a message; `at` in epoch seconds, `offset` in minutes.

    `recipients` holds those of one judgement together; nobody is named twice.
    """

    message_id: str
    at: int
    offset: int
    subject: str
    facts: str
    alike: int | None
    recipients: list[tuple[Judgement, list[Spelling]]]


class _ByField(NamedTuple):
    """The judgement on those in one field, that on a desk among them, and the field's number."""

    person: Judgement
    desk: Judgement
    number: int


class PlainReader:
    """Reads messages of the common shape for one scan; `lists` may grow while it does."""

    def __init__(
        self,
        owner: frozenset[str],
        lists: Collection[str],
        now: datetime,
        since: datetime | None,
        most: int = MOST,
    ) -> None:
        """Take what all verdicts share: the owner's addresses, lists' addresses, `now`, from when on mail is read."""
        self._most = most
        self._owner = owner
        self._lists = lists
        self._latest = (now + AHEAD).timestamp()
        self._earliest = EARLIEST.timestamp()
        self._since = self._earliest if since is None else max(since.timestamp(), self._earliest)
        self._pieces: dict[str, _Piece | None] = {}
        self._senders: dict[str, str | None] = {}
        self._days: dict[str, int | None] = {}
        self._kinds: dict[str, str | None] = {}
        self._judgements: dict[tuple[int, int, int, bool, bool], tuple[_ByField, ...]] = {}

    def read(self, header: bytes, arrived: Instant | None, size: int) -> Plain | None:
        """Return the message, None where its shape is not the common one.

        It must be no draft and carry no calendar; `arrived` is INTERNALDATE, `size` in bytes.
        """
        found = fields_of(header)
        if found is None:
            return None
        message_id, date, sender, to, cc, bcc, subject, in_reply_to, references, kind = found
        written = MESSAGE_ID.match(message_id.strip()) if message_id else None
        moment = self._moment(date.strip()) if date else None
        by = self._sender(sender.strip()) if sender else None
        told_kind = self._kind(kind) if kind else ""
        people = self._people(to.strip()) if to else []
        copied = self._people(cc.strip()) if cc else []
        hidden = self._people(bcc.strip()) if bcc else []
        if (
            written is None or moment is None or by is None or told_kind is None
            or people is None or copied is None or hidden is None
            or (arrived and self._too_late(moment[0], arrived[0]))
        ):  # fmt: skip
            return None
        return self._told(
            written[1], moment, _ARRIVED % arrived if arrived else "",
            decode_words(subject)[:LONGEST_TEXT] if subject else "", by, people, copied, hidden,
            one_line(in_reply_to)[:LONGEST_TEXT] if in_reply_to else "",
            references_in(references) if references else (), told_kind, size,
        )  # fmt: skip

    def _moment(self, text: str) -> tuple[int, int] | None:
        """Return a Date in epoch seconds, and its offset in minutes; None where it is odd or cannot be trusted."""
        if text.endswith(")"):
            text = text.rpartition(" (")[0]
        try:
            day, clock, zone = text.rsplit(" ", 2)
            start = self._days[day]
            offset = _OFFSETS[zone]
            seconds = _CLOCK[clock[:5]] + _SECONDS[clock[5:]]
        except KeyError:
            return self._new_moment(text)
        except ValueError:
            return None
        if start is None:
            return None
        at = start + seconds - offset * 60
        return (at, offset) if self._since <= at <= self._latest else None

    def _new_moment(self, text: str) -> tuple[int, int] | None:
        """Remember a day never seen before; None where it is something else that is not known."""
        day = text.rsplit(" ", 2)[0]
        if day in self._days:
            return None
        if len(self._days) >= self._most:
            self._days.clear()
        self._days[day] = day_start(day)
        return self._moment(text)

    def _too_late(self, sent: int, arrived: int) -> bool:
        """Return whether INTERNALDATE says that Date is not to be trusted."""
        return sent - arrived > _LATE and self._earliest <= arrived <= self._latest

    def _sender(self, text: str) -> str | None:
        """Return From as facts, None where none of them is the owner."""
        if text not in self._senders:
            if len(self._senders) >= self._most:
                self._senders.clear()
            people = parse_addresses(text).people
            owned = any(one.address in self._owner for one in people)
            self._senders[text] = f',"f":[{",".join(map(_fact, people))}]' if owned else None
        return self._senders[text]

    def _kind(self, text: str) -> str | None:
        """Return the media type as facts, None where it makes the message more than mail."""
        kind = text.partition(";")[0]
        if kind not in self._kinds:
            if len(self._kinds) >= self._most:
                self._kinds.clear()
            name = content_of(kind)[0]
            usual = name in {"", "text/plain", "text/html"} or (
                name.startswith("multipart/") and name != "multipart/report"
            )
            self._kinds[kind] = (f',"y":{quoted(name)}' if name else "") if usual else None
        return self._kinds[kind]

    def _people(self, text: str) -> list[_Piece] | None:
        """Return who one field names, None where it is odd."""
        known = self._pieces
        parts = text.split(", ")
        try:
            found = [known[part] for part in (parts if '"' not in text else _rejoined(parts))]
        except KeyError:
            return self._new_people(text)
        return found if None not in found else self._any_people(text)  # type: ignore[return-value]

    def _new_people(self, text: str) -> list[_Piece] | None:
        """Remember spellings never seen before; what no pattern can cut goes through the full parser."""
        pieces = cut(text)
        if pieces is None:
            return self._any_people(text)
        if len(self._pieces) + len(pieces) > self._most:
            self._pieces.clear()
        for piece in pieces:
            if piece not in self._pieces:
                named = parse_addresses(piece)
                one = len(named.people) == 1 and not named.undisclosed and not looks_like_list(named.people[0].address)
                self._pieces[piece] = _piece(named.people[0]) if one else None
        found = [self._pieces[piece] for piece in pieces]
        return found if None not in found else self._any_people(text)  # type: ignore[return-value]

    def _any_people(self, text: str) -> list[_Piece] | None:
        found = parse_addresses(text)
        if found.undisclosed or any(looks_like_list(named.address) for named in found.people):
            return None
        return [_piece(named) for named in found.people]

    def _told(
        self,
        message_id: str,
        moment: tuple[int, int],
        arrived: str,
        subject: str,
        by: str,
        to: list[_Piece],
        cc: list[_Piece],
        bcc: list[_Piece],
        in_reply_to: str,
        references: tuple[str, ...],
        kind: str,
        size: int,
    ) -> Plain | None:
        """Return what is kept, None where two fields name one address, or a list is among them."""
        named = to + cc + bcc if cc or bcc else to
        addresses = {piece[1] for piece in named}
        count = len(named)
        if len(addresses) != count or not addresses.isdisjoint(self._lists):
            return None
        facts = (
            f'{{"i":{quoted(message_id)},"d":[{moment[0]},{moment[1]}]{arrived}'
            f"{_SUBJECT % quoted(subject) if subject else ''}{by}"
            f"{_facts_of('t', to) if to else ''}{_facts_of('c', cc) if cc else ''}{_facts_of('b', bcc) if bcc else ''}"
            f"{_ANSWERED % quoted(in_reply_to) if in_reply_to else ''}"
            f"{_REFERENCES % ','.join(map(quoted, references)) if references else ''}"
            f"{kind}{_SIZE % size if size else '}'}"
        )
        if not addresses.isdisjoint(self._owner):
            to, cc, bcc = (self._others(pieces) for pieces in (to, cc, bcc))
            count = len(to) + len(cc) + len(bcc)
        answers = in_reply_to != "" or references != ()
        return Plain(
            message_id, moment[0], moment[1], subject, facts,
            subject_key(subject, (to or cc or bcc)[0][4]) if count == 1 and not in_reply_to else None,
            self._judged(to, cc, bcc, answers=answers, forward=says_forward(subject, answers=answers)),
        )  # fmt: skip

    def _others(self, pieces: list[_Piece]) -> list[_Piece]:
        return [piece for piece in pieces if piece[1] not in self._owner]

    def _judged(
        self, to: list[_Piece], cc: list[_Piece], bcc: list[_Piece], *, answers: bool, forward: bool
    ) -> list[tuple[Judgement, list[Spelling]]]:
        shape = (len(to), len(cc), len(bcc), answers, forward)
        judgements = self._judgements.get(shape)
        if judgements is None:
            if len(self._judgements) >= self._most:
                self._judgements.clear()
            judgements = self._judgements[shape] = _judgements(shape)
        found: list[tuple[Judgement, list[Spelling]]] = []
        for person, desk, number in judgements:
            pieces = (to, cc, bcc)[number]
            people = [piece[0] for piece in pieces if piece[3] == _PERSON]
            if people:
                found.append((person, people))
            if len(people) != len(pieces):
                found.append((desk, [piece[0] for piece in pieces if piece[3] == _DESK]))
        return found


def _rejoined(parts: list[str]) -> list[str]:
    """Return what was parted at commas with the quoted names that hold one whole again: `"Doe, Jane" <jane@x>`."""
    whole: list[str] = []
    torn = ""
    for part in parts:
        joined = f"{torn}, {part}" if torn else part
        if joined[:1] == '"' and joined.count('"') == 1:
            torn = joined
        else:
            whole.append(joined)
            torn = ""
    return [*whole, torn] if torn else whole


def _piece(named: Named) -> _Piece:
    address, name, _ = named
    kind = _DESK if is_role_address(address) else _PERSON
    return (address, name), address, _fact(named), kind, words_of_name(named)


def _fact(named: Named) -> str:
    """Return an address as `envelope.facts` writes it."""
    return f"[{quoted(named.raw)},{quoted(named.name)}]" if named.name else f"[{quoted(named.raw)}]"


def _facts_of(letter: str, pieces: list[_Piece]) -> str:
    return f',"{letter}":[{",".join([piece[2] for piece in pieces])}]'


def _judgements(shape: tuple[int, int, int, bool, bool]) -> tuple[_ByField, ...]:
    """Ask the table about a message of that shape: how many in To, Cc and Bcc, an answer, a forward."""
    *counts, answers, forward = shape
    numbers = iter(range(sum(counts)))
    people = [tuple(_somebody(next(numbers)) for _ in range(count)) for count in counts]
    owner = Named("owner@x.example", "", "owner@x.example")
    specimen = Envelope(
        message_id="specimen", sent_at=None, date=None, internaldate=None, subject="Fwd: x" if forward else "x",
        sender=(owner,), to=people[0], cc=people[1], bcc=people[2], undisclosed=False,
        in_reply_to="<answered>" if answers else "", references=(), resent=None, marks={}, content_type="", method="",
        draft=False, size=0,
    )  # fmt: skip
    found = {one.field: one.verdict for one in judge(specimen, Circumstances(frozenset([owner.address])))}
    return tuple(
        _ByField(Judgement(where, found[where]), Judgement(where, _DESK_VERDICT, found[where]), number)
        for number, where in enumerate(_WHERE)
        if where in found
    )


def _somebody(number: int) -> Named:
    address = f"p{number}@x.example"
    return Named(address, "", address)


_USED = ("message-id", "date", "from", "to", "cc", "bcc", "subject", "in-reply-to", "references", "content-type")
_IGNORED, _ODD, _UNKNOWN = -1, -2, -3
_NOTHING: list[str | None] = [None] * len(_USED)
_SLOTS = {
    **{name.lower(): _ODD for name in WANTED_FIELDS},
    **dict.fromkeys(MARKS, _ODD),
    "sender": _IGNORED,
    **{name: slot for slot, name in enumerate(_USED)},
}
_WRITTEN = {
    name: _SLOTS[name.lower()]
    for name in (*WANTED_FIELDS, "Message-Id", "CC", "BCC", "In-reply-to", "Content-type")
    if _SLOTS[name.lower()] >= 0
}
_USUAL_ORDER = ("Message-ID", "Date", "From", "To", "Cc", "Bcc", "Subject", "In-Reply-To", "References", "Content-Type")
_USUAL = frozenset(_USUAL_ORDER)


def fields_of(header: bytes) -> list[str | None] | None:
    """Return the ten fields used, None for one that is not there; None where the header is not of the common shape."""
    text = to_text(header)
    text = text.removesuffix("\r\n\r\n")
    lines = text.split("\r\n")
    breaks = len(lines) - 1
    try:
        named = dict([line.split(": ", 1) for line in lines])
    except ValueError:
        return _sorted(text)
    if len(named) > breaks and named.keys() <= _USUAL and text.count("\n") == breaks == text.count("\r"):
        return [named.get(name) for name in _USUAL_ORDER]
    return _sorted(text)


def _sorted(text: str) -> list[str | None] | None:
    """Return the same, however names are spelt and lines folded."""
    text = text.replace("\r\n", "\n")
    if "\r" in text:
        return None
    lines = text.split("\n")
    found = _NOTHING.copy()
    slot = _IGNORED
    for line in lines:
        name, colon, value = line.partition(":")
        last, slot = slot, _WRITTEN.get(name, _UNKNOWN)
        if slot >= 0 and colon:
            if found[slot] is not None:
                return None
            found[slot] = value
        elif not line:
            return found if lines[0] else None
        elif line[0] in " \t":
            slot = last
            if slot >= 0:
                found[slot] = f"{found[slot]}{line}"
        elif not colon or _SLOTS.get(name.rstrip(" \t").lower(), _IGNORED) != _IGNORED:
            return None
        else:
            slot = _IGNORED
    return found
