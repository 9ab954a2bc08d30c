"""The fast path of a scan: a message of the common shape, read and judged in one go.

    header bytes ─> ten fields, each once ─> what is kept of the message, and a row for each recipient
                          └─> anything unusual ─> None: `envelope` and `contact` decide

Nothing is decided here. Addresses are read by the full parser and remembered as they are written; the verdict of a
message of this shape is asked of `contact.judge` once. The tests hold that whatever this path gives is what the full
parser, `contact.judge` and `envelope_facts.facts` give, to the last letter.
"""

from __future__ import annotations

import json
import re
from datetime import timedelta
from json.encoder import encode_basestring as quoted
from typing import TYPE_CHECKING, NamedTuple

from assistant.core.address_list import Named, cut, parse_addresses
from assistant.core.addresses import is_role_address, looks_like_list
from assistant.core.contact import Circumstances, judge, says_forward
from assistant.core.dated import AHEAD, EARLIEST, LATE, clocks, day_start, offsets
from assistant.core.envelope import Envelope, content_of, references_in
from assistant.core.fields import decode_words, one_line
from assistant.core.merge import subject_key
from assistant.core.plain_fields import fields_of

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

MOST = 16_384
"""Spellings of one kind remembered at a time: memory stays flat however many addresses there are."""
LONGEST_TEXT = 998

_ID = re.compile(r"<([^<>\s]{1,900})>")
_PERSON, _DESK = 0, 1
_SUBJECT, _ANSWERED, _REFERENCES, _SIZE = ',"s":%s', ',"r":%s', ',"x":[%s]', ',"z":%d}'
_CLOCK, _SECONDS = clocks()
_OFFSETS = offsets()
_WHERE = ("to", "cc", "bcc")

Row = tuple[int, str, str, str, str, float, str, "int | None", "str | None"]
"""(message, address, name, field, verdict, weight, reason, at, if_known)."""
_Piece = tuple[tuple[str, str], str, str, str, int]
"""(address and name, address, name, both as facts, person or desk)."""


class Plain(NamedTuple):
    """What is kept of a message; `at` in epoch seconds, `offset` in minutes, `rows` as the store keeps recipients.

    `names` are the (address, name) pairs written to.
    """

    message_id: str
    at: int
    offset: int
    subject: str
    thread: str
    facts: str
    alike: int | None
    rows: list[Row]
    names: list[tuple[str, str]]


class _ByField(NamedTuple):
    """The verdict on those in one field, how it is kept for a desk that may be on the roster, the field's number."""

    where: str
    word: str
    weight: float
    reason: str
    if_known: str
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
        self._verdicts: dict[tuple[int, int, int, bool, bool], tuple[_ByField, ...]] = {}
        self._arrivals: dict[timedelta | None, int] = {}

    def read(self, header: bytes, internaldate: datetime | None, size: int, key: int) -> Plain | None:
        """Return the message under that key, None where its shape is not the common one.

        It must be no draft and carry no calendar.
        """
        found = fields_of(header)
        if found is None:
            return None
        message_id, date, sender, to, cc, bcc, subject, in_reply_to, references, kind = found
        written = _ID.match(message_id.strip()) if message_id else None
        moment = self._moment(date.strip()) if date else None
        by = self._sender(sender.strip()) if sender else None
        told_kind = self._kind(kind) if kind else ""
        arrived = self._arrived(internaldate, moment[0]) if internaldate and moment else ""
        people = self._people(to.strip()) if to else []
        copied = self._people(cc.strip()) if cc else []
        hidden = self._people(bcc.strip()) if bcc else []
        if (
            written is None or moment is None or by is None or told_kind is None or arrived is None
            or people is None or copied is None or hidden is None
        ):  # fmt: skip
            return None
        return self._told(
            key, written[1], moment, arrived, decode_words(subject.strip())[:LONGEST_TEXT] if subject else "", by,
            (people, copied, hidden), one_line(in_reply_to)[:LONGEST_TEXT] if in_reply_to else "",
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

    def _arrived(self, moment: datetime, sent: int) -> str | None:
        """Return INTERNALDATE as facts, None where it says that Date is not to be trusted."""
        at = moment.timestamp()
        if self._earliest <= at <= self._latest and sent - at > LATE.total_seconds():
            return None
        offset = moment.utcoffset()
        minutes = self._arrivals.get(offset)
        if minutes is None:
            minutes = self._arrivals[offset] = int((offset or timedelta()).total_seconds()) // 60
        return f',"a":[{int(at)},{minutes}]'

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
        key: int,
        message_id: str,
        moment: tuple[int, int],
        arrived: str,
        subject: str,
        by: str,
        people: tuple[list[_Piece], list[_Piece], list[_Piece]],
        in_reply_to: str,
        references: tuple[str, ...],
        kind: str,
        size: int,
    ) -> Plain | None:
        """Return what is kept, None where two fields name one address, or a list is among them."""
        to, cc, bcc = people
        names = [piece[0] for piece in (to + cc + bcc if cc or bcc else to)]
        addresses = {address for address, _ in names}
        if len(addresses) != len(names) or not addresses.isdisjoint(self._lists):
            return None
        at, offset = moment
        facts = (
            f'{{"i":{quoted(message_id)},"d":[{at},{offset}]{arrived}'
            f"{_SUBJECT % quoted(subject) if subject else ''}{by}"
            f"{_facts_of('t', to)}{_facts_of('c', cc) if cc else ''}{_facts_of('b', bcc) if bcc else ''}"
            f"{_ANSWERED % quoted(in_reply_to) if in_reply_to else ''}"
            f"{_REFERENCES % ','.join(map(quoted, references)) if references else ''}"
            f"{kind}{_SIZE % size if size else '}'}"
        )
        if not addresses.isdisjoint(self._owner):
            to, cc, bcc = (self._others(pieces) for pieces in (to, cc, bcc))
            names = [pair for pair in names if pair[0] not in self._owner]
        answers = in_reply_to != "" or references != ()
        return Plain(
            message_id, at, offset, subject,
            references[0] if references else _answered(in_reply_to) or message_id if in_reply_to else message_id,
            facts, subject_key(subject) if len(names) == 1 and not in_reply_to else None,
            self._rows(key, (to, cc, bcc), at, answers=answers, forward=says_forward(subject, answers=answers)), names,
        )  # fmt: skip

    def _others(self, pieces: list[_Piece]) -> list[_Piece]:
        return [piece for piece in pieces if piece[1] not in self._owner]

    def _rows(self, key: int, people: tuple[list[_Piece], ...], at: int, *, answers: bool, forward: bool) -> list[Row]:
        to, cc, bcc = people
        shape = (len(to), len(cc), len(bcc), answers, forward)
        verdicts = self._verdicts.get(shape)
        if verdicts is None:
            if len(self._verdicts) >= self._most:
                self._verdicts.clear()
            verdicts = self._verdicts[shape] = _verdicts(shape)
        rows: list[Row] = []
        for where, word, weight, reason, known, number in verdicts:
            rows += [
                (key, address, name, where, word, weight, reason, at, None)
                if kind == _PERSON
                else (key, address, name, where, "none", 0.0, "role-address", at, known)
                for _, address, name, _, kind in people[number]
            ]
        return rows


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
    return (address, name), address, name, _fact(named), _DESK if is_role_address(address) else _PERSON


def _fact(named: Named) -> str:
    """Return an address as `envelope_facts` writes it."""
    return f"[{quoted(named.raw)},{quoted(named.name)}]" if named.name else f"[{quoted(named.raw)}]"


def _facts_of(letter: str, pieces: list[_Piece]) -> str:
    return f',"{letter}":[{",".join([piece[3] for piece in pieces])}]' if pieces else ""


def _answered(in_reply_to: str) -> str:
    found = _ID.search(in_reply_to)
    return found[1] if found else ""


def _verdicts(shape: tuple[int, int, int, bool, bool]) -> tuple[_ByField, ...]:
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
        _ByField(where, *found[where], json.dumps(list(found[where])), number)
        for number, where in enumerate(_WHERE)
        if where in found
    )


def _somebody(number: int) -> Named:
    address = f"p{number}@x.example"
    return Named(address, "", address)
