"""The fast path of a scan: reads and judges a message of the common shape in one go.

    header bytes ─> ten fields, each once ─> what is stored of the message, and a row for each recipient
                          └─> anything unusual ─> None: `core/mail/envelope` and `verdict` decide

Nothing is decided here. The full parser reads each spelling of an address once, `verdict.judge` judges each shape of
message once, and both are remembered. Tests hold that the result is what the full parser, `verdict.judge` and
`envelope_facts` give, to the last character.
"""

from __future__ import annotations

from json.encoder import encode_basestring as quoted
from typing import TYPE_CHECKING, NamedTuple

from assistant.core.contact.fast_fields import fields_of
from assistant.core.contact.mail_merge import subject_key, words_of_name
from assistant.core.contact.verdict import Circumstances, Judgement, Spelling, Verdict, judge, says_forward
from assistant.core.mail.address import is_role_address, looks_like_list
from assistant.core.mail.address_list import Named, cut, parse_addresses
from assistant.core.mail.date import AHEAD, EARLIEST, LATE, clocks, day_start, offsets
from assistant.core.mail.envelope import Envelope, content_of, references_in
from assistant.core.mail.header import MESSAGE_ID, decode_words, field_on_one_line

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from assistant.core.mail.message import Instant

# Spellings of one kind that are remembered at a time. Memory stays flat, however many addresses a mailbox has.
MOST = 16_384
LONGEST_TEXT = 998

_PERSON, _DESK = 0, 1
_LATE = int(LATE.total_seconds())
_ARRIVED, _SUBJECT, _ANSWERED, _REFERENCES, _SIZE = ',"a":[%d,%d]', ',"s":%s', ',"r":%s', ',"x":[%s]', ',"z":%d}'
_CLOCK, _SECONDS = clocks()
_OFFSETS = offsets()
_WHERE = ("to", "cc", "bcc")
_DESK_VERDICT = Verdict("none", 0.0, "role-address")

# (spelling, its address, the spelling as facts, person or desk, the words of the name).
_Piece = tuple[Spelling, str, str, int, frozenset[str]]


class PlainFacts(NamedTuple):
    """What is stored of a message; `at` in epoch seconds, `offset` in minutes, `alike` as by `mail_merge.merge_key`.

    `recipients` are grouped by judgement. Nobody is in it twice.
    """

    message_id: str
    at: int
    offset: int
    subject: str
    facts: str
    alike: int | None
    recipients: list[tuple[Judgement, list[Spelling]]]


class _ByField(NamedTuple):
    """The judgement on the people in one field, the one on a desk among them, and the field's number."""

    person: Judgement
    desk: Judgement
    number: int


class PlainReader:
    """Reads messages of the common shape for one scan. `lists` may grow meanwhile.

    `owner` has the owner's normal addresses and `lists` the known lists. `since` is where the wanted history begins,
    None for all. `most` bounds each of the memories.
    """

    def __init__(
        self,
        owner: frozenset[str],
        lists: Collection[str],
        now: datetime,
        since: datetime | None,
        most: int = MOST,
    ) -> None:
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

    def read(self, header: bytes, arrived: Instant | None, size: int) -> PlainFacts | None:
        """Return the message, or None if it doesn't have the common shape.

        The caller makes sure that it is no draft and has no calendar. `arrived` is INTERNALDATE, `size` is in bytes.
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
        return self._plain(
            written[1], moment, _ARRIVED % arrived if arrived else "",
            decode_words(subject)[:LONGEST_TEXT] if subject else "", by, people, copied, hidden,
            field_on_one_line(in_reply_to)[:LONGEST_TEXT] if in_reply_to else "",
            references_in(references) if references else (), told_kind, size,
        )  # fmt: skip

    def _moment(self, text: str) -> tuple[int, int] | None:
        """Return a Date in epoch seconds and its offset in minutes, or None if it is odd or can't be trusted."""
        # Looked up, not computed: a mailbox has thousands of days but a million dates.
        if text.endswith(")"):  # many programs add the zone's name: +0100 (CET)
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
        """Remember a new day and read the date again; None if it wasn't the day that is unknown."""
        day = text.rsplit(" ", 2)[0]
        if day in self._days:
            return None
        if len(self._days) >= self._most:
            self._days.clear()
        self._days[day] = day_start(day)
        return self._moment(text)

    def _too_late(self, sent: int, arrived: int) -> bool:
        """Return whether Date is so long after INTERNALDATE that it can't be trusted."""
        return sent - arrived > _LATE and self._earliest <= arrived <= self._latest

    def _sender(self, text: str) -> str | None:
        """Return From as facts, or None if none of its addresses is the owner's."""
        if text not in self._senders:
            if len(self._senders) >= self._most:
                self._senders.clear()
            people = parse_addresses(text).people
            owned = any(one.address in self._owner for one in people)
            self._senders[text] = f',"f":[{",".join(map(_fact, people))}]' if owned else None
        return self._senders[text]

    def _kind(self, text: str) -> str | None:
        """Return the media type as facts, or None for a type that may be more than mail."""
        kind = text.partition(";")[0]
        if kind not in self._kinds:
            if len(self._kinds) >= self._most:
                self._kinds.clear()
            name = content_of(kind)[0]
            # A calendar may be a meeting, and a report says who wasn't reached.
            usual = name in {"", "text/plain", "text/html"} or (
                name.startswith("multipart/") and name != "multipart/report"
            )
            self._kinds[kind] = (f',"y":{quoted(name)}' if name else "") if usual else None
        return self._kinds[kind]

    def _people(self, text: str) -> list[_Piece] | None:
        """Return the people in one field, or None if it is odd."""
        known = self._pieces
        parts = text.split(", ")
        try:
            found = [known[part] for part in (parts if '"' not in text else _rejoined(parts))]
        except KeyError:
            return self._new_people(text)
        return found if None not in found else self._any_people(text)  # type: ignore[return-value]

    def _new_people(self, text: str) -> list[_Piece] | None:
        """Remember new spellings and return their people. A field without the common shape goes to the full parser."""
        pieces = cut(text)
        if pieces is None:
            return self._any_people(text)
        if len(self._pieces) + len(pieces) > self._most:
            self._pieces.clear()
        for piece in pieces:
            if piece not in self._pieces:
                named = parse_addresses(piece)
                # A list weakens the verdict of everybody on the message, which the full path judges.
                one = len(named.people) == 1 and not named.undisclosed and not looks_like_list(named.people[0].address)
                self._pieces[piece] = _piece(named.people[0]) if one else None
        found = [self._pieces[piece] for piece in pieces]
        return found if None not in found else self._any_people(text)  # type: ignore[return-value]

    def _any_people(self, text: str) -> list[_Piece] | None:
        found = parse_addresses(text)
        if found.undisclosed or any(looks_like_list(named.address) for named in found.people):
            return None
        return [_piece(named) for named in found.people]

    def _plain(
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
    ) -> PlainFacts | None:
        """Return what is stored, or None if an address occurs twice or is a list."""
        named = to + cc + bcc if cc or bcc else to
        addresses = {piece[1] for piece in named}
        count = len(named)
        if len(addresses) != count or not addresses.isdisjoint(self._lists):
            return None
        # By hand, not by json: it must equal what envelope_facts writes, and the people are facts already.
        facts = (
            f'{{"i":{quoted(message_id)},"d":[{moment[0]},{moment[1]}]{arrived}'
            f"{_SUBJECT % quoted(subject) if subject else ''}{by}"
            f"{_facts_of('t', to) if to else ''}{_facts_of('c', cc) if cc else ''}{_facts_of('b', bcc) if bcc else ''}"
            f"{_ANSWERED % quoted(in_reply_to) if in_reply_to else ''}"
            f"{_REFERENCES % ','.join(map(quoted, references)) if references else ''}"
            f"{kind}{_SIZE % size if size else '}'}"
        )
        # The facts keep the owner among the recipients, as written; the verdicts and the merge key leave them out.
        if not addresses.isdisjoint(self._owner):
            to, cc, bcc = (self._others(pieces) for pieces in (to, cc, bcc))
            count = len(to) + len(cc) + len(bcc)
        answers = in_reply_to != "" or references != ()
        return PlainFacts(
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
    """Return the parts with quoted names joined again that were split at their comma: `"Doe, Jane" <jane@x>`."""
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
    """Return an address as `envelope_facts` writes it."""
    return f"[{quoted(named.raw)},{quoted(named.name)}]" if named.name else f"[{quoted(named.raw)}]"


def _facts_of(letter: str, pieces: list[_Piece]) -> str:
    return f',"{letter}":[{",".join([piece[2] for piece in pieces])}]'


def _judgements(shape: tuple[int, int, int, bool, bool]) -> tuple[_ByField, ...]:
    """Return the judgements on a message of a shape: how many in To, Cc and Bcc, an answer, a forward."""
    # `judge` decides on a made-up message of that shape, so the table stands in one place only.
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
