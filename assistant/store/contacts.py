"""What was sent to whom, as questions: last contacts, months, threads, rows with their reasons.

The owner's word outranks the rules everywhere here: a message of `correction` counts nothing, and what the owner said
(`met`, `called`, …) is a contact. None of these queries walks all messages; each goes by address or by instant.

One row for each recipient of a message and each person of a meeting, with its reason: what `contacts` prints.
"""

from __future__ import annotations

import heapq
import json
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING, Any, NamedTuple

from assistant.core.digest.model import ScanLine
from assistant.core.mail.address import is_role_address
from assistant.core.mail.message import Locator
from assistant.store.candidates import Candidate, candidates
from assistant.store.facts import fact
from assistant.store.identities import handles_of_addresses
from assistant.store.messages import known_uids, marks
from assistant.store.recipients import tally, verdict_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from assistant.core.people.roster import Person, Roster
    from assistant.store.database import Store

__all__ = [
    "Candidate", "Contact", "ContactRow", "Found", "PersonContacts", "Thread", "addresses_to_write_to", "candidates",
    "contact_rows", "known_uids", "last_at", "last_contacts", "last_messages_to", "last_scan_at", "message_by_short",
    "months", "scan_line", "scan_totals", "seen_since", "thread_of",
]  # fmt: skip

AHEAD = 86_400
"""Seconds: a message dated up to a day from now is believed (contact's "Dates")."""
MONTHS = 12
LONGEST_REFERENCES = 10
_TO = "address a CROSS JOIN judgement j CROSS JOIN recipient_row r ON r.spelling = a.id AND r.judgement = j.id"
"""Recipients by address and verdict: SQLite is told the order, for it has no figures of the tables' sizes."""
_COUNTS = "message NOT IN (SELECT m.id FROM correction c CROSS JOIN message m ON m.message_id = c.message_id)"
"""Of a row with a `message`: the owner did not say that it was no contact."""


@dataclass(frozen=True, slots=True)
class Contact:
    """One contact with a person: `at` in epoch seconds; `kind` mail, meeting or met (the owner said so).

    `reason` is the rule's word (docs/how-contact-is-inferred.md) or the owner's verb. `message_id`, `short` and
    `address` are None for what the owner said; `subject` is "" where there is none.
    """

    at: int
    kind: str
    reason: str
    weight: float
    subject: str = ""
    message_id: str | None = None
    short: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class PersonContacts:
    """The last contact of each kind with one person, None where none was seen."""

    full: Contact | None = None
    soft: Contact | None = None


class Thread(NamedTuple):
    """The last message to somebody, to be answered: `references` end with its own Message-ID."""

    address: str
    message_id: str
    references: tuple[str, ...]
    subject: str
    locator: Locator
    at: int | None


class Found(NamedTuple):
    """A message found by its short id."""

    message_id: str
    short: str
    subject: str
    at: int | None
    addresses: tuple[str, ...]
    locator: Locator


def last_contacts(store: Store, roster: Roster, now: datetime, zone: ZoneInfo) -> dict[str, PersonContacts]:
    """Return the last full and the last soft contact of everybody who takes part, by handle.

    The later of what was seen and what the owner said; on one day the owner's word.
    """
    epoch = int(now.timestamp())
    said = _last_said(store, epoch, zone)
    found = {}
    for person in roster.active():
        seen = [_last_mail(store, person.addresses, word, epoch) for word in ("full", "soft")]
        held = [_last_meeting(store, person.addresses, word, epoch) for word in ("full", "soft")]
        full = _later(seen[0], held[0])
        spoken = said.get(person.handle)
        if spoken and (full is None or _day(spoken.at, zone) >= _day(full.at, zone)):
            full = spoken
        found[person.handle] = PersonContacts(full, _later(seen[1], held[1]))
    return found


def _later(*contacts: Contact | None) -> Contact | None:
    return max((one for one in contacts if one), key=lambda one: one.at, default=None)


def _day(epoch: int, zone: ZoneInfo) -> date:
    return datetime.fromtimestamp(epoch, zone).date()


def _last_mail(store: Store, addresses: Sequence[str], word: str, now: int) -> Contact | None:
    found = [_mail_to(store, address, word, now) for address in addresses]
    found += [_mail_to_desk(store, address, word, now) for address in addresses if is_role_address(address)]
    return _later(*found)


def _mail_to(store: Store, address: str, word: str, now: int) -> Contact | None:
    row = store.connection.execute(
        "SELECT m.sent_at, found.reason, found.weight, m.subject, m.message_id, m.short FROM ("
        "SELECT j.reason, j.weight, (SELECT r.message FROM recipient_row r WHERE r.spelling = a.id"
        f" AND r.judgement = j.id AND r.at <= :until AND r.{_COUNTS} ORDER BY r.at DESC LIMIT 1) AS last"
        " FROM address a CROSS JOIN judgement j WHERE a.address = :address AND j.verdict = :word AND last IS NOT NULL)"
        " found JOIN message m ON m.id = found.last ORDER BY m.sent_at DESC LIMIT 1",
        {"address": address, "word": word, "until": now + AHEAD},
    ).fetchone()
    if row is None:
        return None
    at, reason, weight, subject, message_id, short = row
    return Contact(at, "mail", reason, weight, subject, message_id, short, address)


def _mail_to_desk(store: Store, address: str, word: str, now: int) -> Contact | None:
    """Return the last mail to an address that looks like a desk's: on the roster it is a person's (row 8)."""
    rows = store.connection.execute(
        f"SELECT r.at, j.if_known, m.subject, m.message_id, m.short FROM {_TO} JOIN message m ON m.id = r.message"
        " WHERE a.address = ? AND j.verdict = 'none' AND j.if_known != '' AND r.at <= ?"
        f" AND r.{_COUNTS} ORDER BY r.at DESC",
        [address, now + AHEAD],
    )
    for at, known, subject, message_id, short in rows:
        verdict = verdict_of(known)
        if verdict.word == word:
            return Contact(at, "mail", verdict.reason, verdict.weight, subject, message_id, short, address)
    return None


def _last_meeting(store: Store, addresses: Sequence[str], word: str, now: int) -> Contact | None:
    row = store.connection.execute(
        "SELECT o.start, o.reason, o.weight, o.summary, m.subject, m.message_id, m.short, o.address"
        " FROM occurrence o JOIN message m ON m.id = o.message"
        f' WHERE o.address IN ({marks(addresses)}) AND o.verdict = ? AND o."end" <= ? AND o.{_COUNTS}'
        " ORDER BY o.start DESC LIMIT 1",
        [*addresses, word, now],
    ).fetchone()
    if row is None:
        return None
    return Contact(row[0], "meeting", row[1], row[2], row[3] or row[4], *row[5:])


def _last_said(store: Store, now: int, zone: ZoneInfo) -> dict[str, Contact]:
    rows = store.connection.execute(
        "SELECT person, max(day), verb FROM note WHERE kind = 'met' AND person IS NOT NULL AND day <= ?"
        " GROUP BY person",
        [_day(now, zone).isoformat()],
    )
    return {person: _said(day, verb, zone, now) for person, day, verb in rows}


def _said(day: str, verb: str | None, zone: ZoneInfo, now: int) -> Contact:
    noon = int(datetime.combine(date.fromisoformat(day), time(12), zone).timestamp())
    return Contact(min(noon, now), "met", verb or "met", 1.0)


def last_at(store: Store, address: str, now: datetime) -> int | None:
    """Return when an address was last in full contact (epoch seconds), None for never."""
    epoch = int(now.timestamp())
    found = _later(_last_mail(store, (address,), "full", epoch), _last_meeting(store, (address,), "full", epoch))
    return found.at if found else None


def months(store: Store, roster: Roster, now: datetime, zone: ZoneInfo) -> dict[str, tuple[int, ...]]:
    """Return the full contacts of each of the last twelve calendar months (owner's zone), oldest first, by handle."""
    today = now.astimezone(zone).date()
    newest = today.year * MONTHS + today.month - 1
    first = newest - MONTHS + 1
    begin = int(datetime(first // MONTHS, first % MONTHS + 1, 1, tzinfo=zone).timestamp())
    epoch = int(now.timestamp())
    found = {}
    for person in roster.active():
        counts = Counter(_month(at, zone) for at in _full_since(store, person, begin, epoch))
        found[person.handle] = tuple(counts[month] for month in range(first, newest + 1))
    return found


def _month(epoch: int, zone: ZoneInfo) -> int:
    day = _day(epoch, zone)
    return day.year * MONTHS + day.month - 1


def _full_since(store: Store, person: Person, begin: int, now: int) -> Iterator[int]:
    """Yield the instant of each full contact, a message to two of their addresses once."""
    some = marks(person.addresses)
    rows = store.connection.execute(
        f"SELECT r.message, min(r.at) FROM {_TO} WHERE a.address IN ({some})"
        f" AND j.verdict = 'full' AND r.at BETWEEN ? AND ? AND r.{_COUNTS} GROUP BY r.message",
        [*person.addresses, begin, now + AHEAD],
    )
    yield from (at for _, at in rows)
    rows = store.connection.execute(
        "SELECT DISTINCT o.uid, o.start FROM occurrence o JOIN message m ON m.id = o.message"
        f" WHERE o.address IN ({some}) AND o.verdict = 'full' AND o.start >= ? AND o.\"end\" <= ? AND o.{_COUNTS}",
        [*person.addresses, begin, now],
    )
    yield from (start for _, start in rows)
    rows = store.connection.execute(
        "SELECT CAST(strftime('%s', day || ' 12:00') AS INTEGER) FROM note WHERE kind = 'met' AND person = ?",
        [person.handle],
    )
    yield from (at for (at,) in rows if begin <= at <= now + AHEAD)


def addresses_to_write_to(store: Store, person: Person, zone: ZoneInfo) -> tuple[str, ...]:
    """Return those of a person's addresses that a draft may go to: named by the owner, or written to on two days.

    Anybody can put a name on an address, so what the rules linked alone proves too little. Days are the owner's;
    only letters that were full contact count, since strangers get into a Cc by themselves.
    """
    named = {
        address
        for (address,) in store.connection.execute(
            "SELECT address FROM belongs WHERE person = ? AND lane = 'said'", [person.handle]
        )
    }
    return tuple(one for one in person.addresses if one in named or _written_on_two_days(store, one, zone))


def _written_on_two_days(store: Store, address: str, zone: ZoneInfo) -> bool:
    rows = store.connection.execute(
        f"SELECT r.at FROM {_TO} WHERE a.address = ? AND j.verdict = 'full' AND r.at IS NOT NULL AND r.{_COUNTS}",
        [address],
    )
    first: date | None = None
    for (at,) in rows:
        day = _day(at, zone)
        if first is not None and day != first:
            return True
        first = day
    return False


def thread_of(store: Store, addresses: Sequence[str]) -> Thread | None:
    """Return the last message written to any of these addresses (no meeting), None for none."""
    threads = last_messages_to(store, addresses, 1)
    return threads[0] if threads else None


def last_messages_to(store: Store, addresses: Sequence[str], most: int) -> list[Thread]:
    """Return the last messages that were contact with any of these addresses, newest first; empty for none."""
    found: dict[int, tuple[Any, ...]] = {}
    for address in addresses:
        for word in ("full", "soft"):
            for row in store.connection.execute(
                "SELECT m.id, ?, m.message_id, m.facts, m.subject, m.folder, m.uidvalidity, m.uid, last.at"
                f" FROM (SELECT r.message, r.at FROM {_TO} WHERE a.address = ? AND j.verdict = ? AND r.{_COUNTS}"
                " ORDER BY r.at DESC LIMIT ?) last CROSS JOIN message m ON m.id = last.message ORDER BY last.at DESC",
                [address, address, word, most],
            ):
                found.setdefault(row[0], row[1:])
    newest = sorted(found.values(), key=lambda row: row[7] or 0, reverse=True)[:most]
    return [_thread(*row) for row in newest]


def _thread(
    address: str, message_id: str, facts: str, subject: str, folder: str, uidvalidity: int, uid: int, at: int | None
) -> Thread:
    told = json.loads(facts).get("x", [])
    references = tuple([*told, message_id][-LONGEST_REFERENCES:]) if not message_id.startswith("none:") else ()
    return Thread(address, message_id, references, subject, Locator(folder, uidvalidity, uid), at)


def message_by_short(store: Store, short: str) -> tuple[Found, ...]:
    """Return the messages of a short id (case does not matter), one for each Message-ID; empty for none."""
    rows = store.connection.execute(
        "SELECT id, message_id, short, subject, sent_at, folder, uidvalidity, uid FROM message"
        " WHERE short = ? ORDER BY id",
        [short.strip().lower()],
    ).fetchall()
    found: dict[str, Found] = {}
    for key, message_id, spelt, subject, at, folder, uidvalidity, uid in rows:
        addresses = store.connection.execute("SELECT DISTINCT address FROM recipient WHERE message = ?", [key])
        people = tuple(address for (address,) in addresses)
        found.setdefault(message_id, Found(message_id, spelt, subject, at, people, Locator(folder, uidvalidity, uid)))
    return tuple(found.values())


def scan_totals(store: Store, now: datetime) -> dict[str, Any]:
    """Return {messages, full, soft, none: {reason: count}}: rows by verdict, meetings among them."""
    return {
        "messages": _count(store),
        **by_verdict(Counter(tally(store)) + meeting_counts(store, now, 0)),
    }


def by_verdict(counts: Mapping[tuple[str, str], int]) -> dict[str, Any]:
    """Return counts by (verdict, reason) as {full, soft, none: {reason: count}}, the commonest reason first."""
    none = {reason: n for (verdict, reason), n in counts.items() if verdict == "none" and n > 0}
    return {
        "full": sum(n for (verdict, _), n in counts.items() if verdict == "full"),
        "soft": sum(n for (verdict, _), n in counts.items() if verdict == "soft"),
        "none": dict(sorted(none.items(), key=lambda one: (-one[1], one[0]))),
    }


def _count(store: Store) -> int:
    return int(fact(store, "messages") or 0)


def scan_line(store: Store, *folders: str) -> ScanLine | None:
    """Return what was read of these folders in all and since the last digest, None before the first scan.

    `folder` is the first of them; `complete_to` the moment up to which all of them are read.
    """
    query = f"SELECT complete_to FROM folder WHERE name IN ({marks(folders)})"
    read = [at for (at,) in store.connection.execute(query, list(folders))]
    if not read:
        return None
    complete = None if None in read or len(read) < len(folders) else min(read)
    noted = json.loads(fact(store, "new since digest") or "{}")
    totals = by_verdict(tally(store))
    return ScanLine(
        folder=folders[0],
        new=int(noted.get("new", 0)),
        total=_count(store),
        full=totals["full"],
        soft=totals["soft"],
        none=tuple(totals["none"].items()),
        complete_to=datetime.fromtimestamp(complete, UTC) if complete is not None else None,
    )


def last_scan_at(store: Store, until: int = sys.maxsize) -> int | None:
    """Return when a folder was last read to its end (epoch seconds, `until` at the latest), None for never."""
    row = store.connection.execute("SELECT max(complete_to) FROM folder WHERE complete_to <= ?", [until]).fetchone()
    return int(row[0]) if row[0] is not None else None


def seen_since(store: Store, zone: ZoneInfo) -> date | None:
    """Return the day from which on sent mail was read ("none seen since …"), None before the first scan."""
    since = json.loads(fact(store, "since") or "null")
    if since and since["at"] is not None:
        return _day(int(since["at"]), zone)
    row = store.connection.execute("SELECT min(sent_at) FROM message WHERE sent_at IS NOT NULL").fetchone()
    return _day(int(row[0]), zone) if row[0] is not None else None


@dataclass(frozen=True, slots=True)
class ContactRow:
    """One recipient of one message with its verdict; `at` in epoch seconds or None, `offset` in minutes east of UTC."""

    message_id: str
    short: str
    at: int | None
    offset: int
    subject: str
    field: str
    address: str
    name: str
    person: str | None
    verdict: str
    weight: float
    reason: str

    def as_json(self) -> dict[str, Any]:
        """Return the row as `contacts --json` prints it."""
        return {
            "message_id": self.message_id,
            "short": self.short,
            "sent_at": self.sent_at.isoformat() if self.sent_at else None,
            "subject": self.subject,
            "field": self.field,
            "address": self.address,
            "name": self.name,
            "person": self.person,
            "verdict": self.verdict,
            "weight": self.weight,
            "reason": self.reason,
        }

    @property
    def sent_at(self) -> datetime | None:
        """Return when it was, with the offset as written; None where no date can be trusted."""
        if self.at is None:
            return None
        return datetime.fromtimestamp(self.at, timezone(timedelta(minutes=self.offset)) if self.offset else UTC)


def contact_rows(
    store: Store, now: datetime, *, addresses: Sequence[str] | None = None, include_all: bool = False
) -> Iterator[ContactRow]:
    """Yield one row for each recipient of each message and each person of each meeting, oldest first.

    Of `addresses` only, when given; what was no contact only with `include_all`. Undated rows come first.
    """
    handles = handles_of_addresses(store)
    rows = heapq.merge(
        _mail_rows(store, addresses, handles), _meeting_rows(store, addresses, handles, now), key=_by_instant
    )
    return (row for row in rows if include_all or row.verdict != "none")


def _by_instant(row: ContactRow) -> tuple[int, str]:
    return (row.at if row.at is not None else -1, "")


def _mail_rows(store: Store, addresses: Sequence[str] | None, handles: Mapping[str, str]) -> Iterator[ContactRow]:
    query = (
        "SELECT m.message_id, m.short, r.at, m.offset_min, m.subject, r.field, r.address, r.name, r.verdict, r.weight,"
        " r.reason, r.if_known, EXISTS (SELECT 1 FROM correction c WHERE c.message_id = m.message_id)"
        " FROM message m JOIN recipient r ON r.message = m.id"
    )
    order = " ORDER BY m.sent_at, m.id, r.field DESC, r.address"
    if addresses is None:
        rows: Iterable[tuple[Any, ...]] = store.connection.execute(query + order)
    else:
        rows = store.connection.execute(f"{query} WHERE r.address IN ({marks(addresses)}){order}", list(addresses))
    for row in rows:
        yield _mail_row(row, handles)


def _mail_row(row: tuple[Any, ...], handles: Mapping[str, str]) -> ContactRow:
    message_id, short, at, offset, subject, field, address, name, verdict, weight, reason, known, corrected = row
    person = handles.get(address)
    if known is not None and person is not None:
        verdict, weight, reason = verdict_of(known)
    if corrected and verdict != "none":
        verdict, weight, reason = "none", 0.0, "not-contact"
    return ContactRow(
        message_id, short, at, offset or 0, subject, field, address, name, person, verdict, weight, reason
    )


def meeting_counts(store: Store, now: datetime, after: int) -> Counter[tuple[str, str]]:
    """Return how many meeting rows there are by (verdict, reason), of messages above a key (0: of all)."""
    return Counter((row.verdict, row.reason) for row in _meeting_rows(store, None, {}, now, after))


def _meeting_rows(
    store: Store, addresses: Sequence[str] | None, handles: Mapping[str, str], now: datetime, after: int = 0
) -> Iterator[ContactRow]:
    where = f" AND o.address IN ({marks(addresses)})" if addresses is not None else ""
    rows = store.connection.execute(
        "SELECT m.message_id, m.short, o.start, o.\"end\", coalesce(nullif(o.summary, ''), m.subject), o.address,"
        " o.name, o.verdict, o.weight, o.reason, o.fixed, o.uid, o.recurrence,"
        " EXISTS (SELECT 1 FROM correction c WHERE c.message_id = m.message_id)"
        f" FROM occurrence o JOIN message m ON m.id = o.message WHERE o.message > ?{where}"
        " ORDER BY o.start, o.uid, o.address",
        [after, *(addresses or ())],
    )
    epoch = int(now.timestamp())
    ahead: set[tuple[str, str, str]] = set()
    for row in rows:
        ends, series = row[3], (row[11], row[12], row[5])
        if ends is not None and ends > epoch:
            if series in ahead:
                continue
            ahead.add(series)
        yield _meeting_row(row, handles, over=ends is None or ends <= epoch, now=now)


def _meeting_row(row: tuple[Any, ...], handles: Mapping[str, str], *, over: bool, now: datetime) -> ContactRow:
    message_id, short, start, _, subject, address, name, verdict, weight, reason, fixed, _, _, corrected = row
    if not fixed and not over:
        verdict, weight, reason = "none", 0.0, "meeting-ahead"
    elif corrected and verdict != "none":
        verdict, weight, reason = "none", 0.0, "not-contact"
    offset = 0
    if start is not None and now.tzinfo is not None:
        local = datetime.fromtimestamp(start, now.tzinfo).utcoffset()
        offset = int(local.total_seconds()) // 60 if local else 0
    person = handles.get(address)
    return ContactRow(
        message_id, short, start, offset, subject, "meeting", address, name, person, verdict, weight, reason
    )
