"""Queries on contact: the last one with each person, contacts by month, and the thread to answer.

The owner's word outranks the rules in all of them: a message in `correction` counts nothing, and what the owner said
(`met`, `called`, …) is a contact. Each query goes by address or instant, and none walks through all messages.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, NamedTuple

from assistant.core.mail.address import is_role_address
from assistant.core.mail.message import Locator
from assistant.core.people.roles import family
from assistant.core.people.workplace import Written
from assistant.store.facts import fact
from assistant.store.judged_recipients import verdict_of
from assistant.store.messages import placeholders

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from assistant.core.people.roles import Role
    from assistant.core.people.roster import Person, Roster
    from assistant.store.database import Store


# Seconds. A message dated up to a day ahead is believed (docs/how-contact-is-inferred.md, "Dates").
AHEAD = 86_400
MONTHS = 12
LONGEST_REFERENCES = 10
# Recipients by address and verdict. CROSS JOIN fixes the order, since SQLite has no statistics on the tables' sizes.
_TO = "address a CROSS JOIN judgement j CROSS JOIN recipient_row r ON r.spelling = a.id AND r.judgement = j.id"
# A condition on a row with a `message`: the owner didn't say that it was no contact.
COUNTS = "message NOT IN (SELECT m.id FROM correction c CROSS JOIN message m ON m.message_id = c.message_id)"
# The same of an occurrence, which may have no message of the owner's.
_MEETING_COUNTS = f"(o.message IS NULL OR o.{COUNTS})"


@dataclass(frozen=True, slots=True)
class Contact:
    """One contact with a person. `at` is in epoch seconds, `kind` is mail, meeting, or met (the owner said so).

    `reason` is the rule's word (docs/how-contact-is-inferred.md) or the owner's verb. `message_id`, `short` and
    `address` are None for what the owner said, and `subject` is "" if there is none. `source` is what a meeting rests
    on other than a message of the owner's, as in `store.heard`.
    """

    at: int
    kind: str
    reason: str
    weight: float
    subject: str = ""
    message_id: str | None = None
    short: str | None = None
    address: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class PersonContacts:
    """The last full and the last soft contact with one person, None if none was seen."""

    full: Contact | None = None
    soft: Contact | None = None


class Thread(NamedTuple):
    """The last message to somebody, to write on in its thread; `references` end with its own Message-ID."""

    address: str
    message_id: str
    references: tuple[str, ...]
    subject: str
    locator: Locator
    at: int | None


class SentLetter(NamedTuple):
    """A message that was full contact; `alone`: it went to this person and nobody else. `at` in epoch seconds."""

    locator: Locator
    subject: str
    at: int | None
    alone: bool


def last_contacts(
    store: Store, roster: Roster, now: datetime, zone: ZoneInfo, roles: Mapping[str, Role] | None = None
) -> dict[str, PersonContacts]:
    """Return the last full and the last soft contact of all active people, by handle.

    It's the later of what was seen and what the owner said; on the same day it's the owner's word. `roles` are those of
    the configuration; without them only the built-in ones are known.
    """
    epoch = int(now.timestamp())
    said = _last_said(store, epoch, zone)
    found = {}
    for person in roster.active():
        seen = [_last_mail(store, person.addresses, word, epoch) for word in ("full", "soft")]
        # A larger meeting resets no yearly clock: it is exposure, and what is wanted is a talk between two.
        yearly = family(person.role, (roles or {}).get(person.role)) == "advocate"
        met = _last_meeting(store, person.addresses, ["full"], epoch, one_to_one=yearly)
        seen_there = _last_meeting(store, person.addresses, ["soft", "full"] if yearly else ["soft"], epoch)
        full = _later(seen[0], met)
        spoken = said.get(person.handle)
        if spoken and (full is None or _day(spoken.at, zone) >= _day(full.at, zone)):
            full = spoken
        found[person.handle] = PersonContacts(full, _later(seen[1], seen_there))
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
    # One look into the index for each spelling and judgement, however much mail went to the address.
    row = store.connection.execute(
        "SELECT m.sent_at, found.reason, found.weight, m.subject, m.message_id, m.short FROM ("
        "SELECT j.reason, j.weight, (SELECT r.message FROM recipient_row r WHERE r.spelling = a.id"
        f" AND r.judgement = j.id AND r.at <= :until AND r.{COUNTS} ORDER BY r.at DESC LIMIT 1) AS last"
        " FROM address a CROSS JOIN judgement j WHERE a.address = :address AND j.verdict = :word AND last IS NOT NULL)"
        " found JOIN message m ON m.id = found.last ORDER BY m.sent_at DESC LIMIT 1",
        {"address": address, "word": word, "until": now + AHEAD},
    ).fetchone()
    if row is None:
        return None
    at, reason, weight, subject, message_id, short = row
    return Contact(at, "mail", reason, weight, subject, message_id, short, address)


def _mail_to_desk(store: Store, address: str, word: str, now: int) -> Contact | None:
    """Return the last mail to an address that looks like a desk's but is on the roster, so it's a person's (row 8)."""
    rows = store.connection.execute(
        f"SELECT r.at, j.if_known, m.subject, m.message_id, m.short FROM {_TO} JOIN message m ON m.id = r.message"
        " WHERE a.address = ? AND j.verdict = 'none' AND j.if_known != '' AND r.at <= ?"
        f" AND r.{COUNTS} ORDER BY r.at DESC",
        [address, now + AHEAD],
    )
    for at, known, subject, message_id, short in rows:
        verdict = verdict_of(known)
        if verdict.word == word:
            return Contact(at, "mail", verdict.reason, verdict.weight, subject, message_id, short, address)
    return None


def _last_meeting(
    store: Store, addresses: Sequence[str], words: Sequence[str], now: int, *, one_to_one: bool = False
) -> Contact | None:
    theirs = placeholders(addresses)
    alone = (
        " AND NOT EXISTS (SELECT 1 FROM occurrence x WHERE x.uid = o.uid AND x.start = o.start"
        f" AND x.reason != 'role-address' AND x.address NOT IN ({theirs}))"
        if one_to_one
        else ""
    )
    # A meeting counts only after its end (docs/how-contact-is-inferred.md, "Meetings").
    row = store.connection.execute(
        "SELECT o.start, o.reason, o.weight, coalesce(nullif(o.summary, ''), m.subject, ''), m.message_id, m.short,"
        " o.address, o.source FROM occurrence o LEFT JOIN message m ON m.id = o.message"
        f' WHERE o.address IN ({theirs}) AND o.verdict IN ({placeholders(words)}) AND o."end" <= ?'
        f" AND {_MEETING_COUNTS}{alone} ORDER BY o.start DESC LIMIT 1",
        [*addresses, *words, now, *(addresses if one_to_one else ())],
    ).fetchone()
    return None if row is None else Contact(row[0], "meeting", *row[1:])


def _last_said(store: Store, now: int, zone: ZoneInfo) -> dict[str, Contact]:
    rows = store.connection.execute(
        "SELECT person, max(day), verb FROM note WHERE kind = 'met' AND person IS NOT NULL AND day <= ?"
        " GROUP BY person",
        [_day(now, zone).isoformat()],
    )
    found = {}
    for person, day, verb in rows:
        # The owner names a day and no time. Noon, but never later than now.
        noon = int(datetime.combine(date.fromisoformat(day), time(12), zone).timestamp())
        found[person] = Contact(min(noon, now), "met", verb or "met", 1.0)
    return found


def last_at(store: Store, address: str, now: datetime) -> int | None:
    """Return when the last full contact with an address was (epoch seconds), None for never."""
    epoch = int(now.timestamp())
    found = _later(_last_mail(store, (address,), "full", epoch), _last_meeting(store, (address,), ["full"], epoch))
    return found.at if found else None


def months(store: Store, roster: Roster, now: datetime, zone: ZoneInfo) -> dict[str, tuple[int, ...]]:
    """Return the full contacts in each of the last twelve calendar months (owner's zone), oldest first, by handle."""
    today = now.astimezone(zone).date()
    newest = today.year * MONTHS + today.month - 1
    first = newest - MONTHS + 1
    begin = int(datetime(first // MONTHS, first % MONTHS + 1, 1, tzinfo=zone).timestamp())
    epoch = int(now.timestamp())
    found = {}
    for person in roster.active():
        days = (_day(at, zone) for at in _full_since(store, person, begin, epoch))
        counts = Counter(day.year * MONTHS + day.month - 1 for day in days)
        found[person.handle] = tuple(counts[month] for month in range(first, newest + 1))
    return found


def _full_since(store: Store, person: Person, begin: int, now: int) -> Iterator[int]:
    """Yield the instant of each full contact; a message to two addresses of a person counts once."""
    some = placeholders(person.addresses)
    rows = store.connection.execute(
        f"SELECT r.message, min(r.at) FROM {_TO} WHERE a.address IN ({some})"
        f" AND j.verdict = 'full' AND r.at BETWEEN ? AND ? AND r.{COUNTS} GROUP BY r.message",
        [*person.addresses, begin, now + AHEAD],
    )
    yield from (at for _, at in rows)
    rows = store.connection.execute(
        "SELECT DISTINCT o.uid, o.start FROM occurrence o"
        f" WHERE o.address IN ({some}) AND o.verdict = 'full' AND o.start >= ? AND o.\"end\" <= ?"
        f" AND {_MEETING_COUNTS}",
        [*person.addresses, begin, now],
    )
    yield from (start for _, start in rows)
    rows = store.connection.execute(
        "SELECT CAST(strftime('%s', day || ' 12:00') AS INTEGER) FROM note WHERE kind = 'met' AND person = ?",
        [person.handle],
    )
    yield from (at for (at,) in rows if begin <= at <= now + AHEAD)


def written_to(store: Store, addresses: Sequence[str], now: datetime) -> tuple[Written, ...]:
    """Return those of these addresses that mail went to, the latest first; merges, lists and forwards don't count."""
    rows = store.connection.execute(
        f"SELECT a.address, min(r.at), max(r.at) FROM {_TO} WHERE a.address IN ({placeholders(addresses)})"
        # A desk's address that is on the roster is a person's (row 8).
        f" AND (j.verdict != 'none' OR j.if_known != '') AND r.at <= ? AND r.{COUNTS}"
        " GROUP BY a.address ORDER BY max(r.at) DESC, a.address",
        [*addresses, int(now.timestamp()) + AHEAD],
    )
    return tuple(Written(*row) for row in rows)


def addresses_to_write_to(store: Store, person: Person, zone: ZoneInfo) -> tuple[str, ...]:
    """Return the addresses of a person that a draft may go to: named by the owner, or written to on two days.

    Only full contact counts, and days are those of the owner's zone (docs/how-contact-is-inferred.md, "A draft").
    """
    # Anybody can put a name on an address, so a link that only the rules made proves too little. Nor does a Cc prove
    # anything: strangers get there without the owner's doing.
    named = {
        address
        for (address,) in store.connection.execute(
            "SELECT address FROM belongs WHERE person = ? AND lane = 'said'", [person.handle]
        )
    }
    return tuple(one for one in person.addresses if one in named or _written_on_two_days(store, one, zone))


def _written_on_two_days(store: Store, address: str, zone: ZoneInfo) -> bool:
    rows = store.connection.execute(
        f"SELECT r.at FROM {_TO} WHERE a.address = ? AND j.verdict = 'full' AND r.at IS NOT NULL AND r.{COUNTS}",
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
    """Return the last message to any of these addresses, without meetings; None if there is none."""
    threads = last_messages_to(store, addresses, 1)
    return threads[0] if threads else None


def last_messages_to(store: Store, addresses: Sequence[str], most: int) -> list[Thread]:
    """Return the last messages that were contact with any of these addresses, newest first, at most `most`."""
    found: dict[int, tuple[Any, ...]] = {}
    for address in addresses:
        for word in ("full", "soft"):
            for row in store.connection.execute(
                "SELECT m.id, ?, m.message_id, m.facts, m.subject, m.folder, m.uidvalidity, m.uid, last.at"
                f" FROM (SELECT r.message, r.at FROM {_TO} WHERE a.address = ? AND j.verdict = ? AND r.{COUNTS}"
                " ORDER BY r.at DESC LIMIT ?) last CROSS JOIN message m ON m.id = last.message ORDER BY last.at DESC",
                [address, address, word, most],
            ):
                found.setdefault(row[0], row[1:])
    newest = sorted(found.values(), key=lambda row: row[7] or 0, reverse=True)[:most]
    return [_thread(*row) for row in newest]


def last_letters_to(store: Store, addresses: Sequence[str], most: int, few: int = 4) -> list[SentLetter]:
    """Return the last letters to this person alone, newest first; those to at most `few` where there are none.

    Only what was full contact is a letter: never a Cc, a list, a merge. Copies to the owner count for nobody.
    """
    theirs = placeholders(addresses)
    rows = store.connection.execute(
        "SELECT m.folder, m.uidvalidity, m.uid, m.subject, last.at, (SELECT count(DISTINCT other.address)"
        " FROM recipient_row o JOIN address other ON other.id = o.spelling JOIN judgement oj ON oj.id = o.judgement"
        f" WHERE o.message = m.id AND oj.reason != 'self' AND other.address NOT IN ({theirs})) AS others"
        f" FROM (SELECT DISTINCT r.message, r.at FROM {_TO} WHERE a.address IN ({theirs})"
        f" AND j.verdict = 'full' AND r.{COUNTS}) last CROSS JOIN message m ON m.id = last.message"
        " WHERE others < ? ORDER BY others > 0, last.at DESC LIMIT ?",
        [*addresses, *addresses, few, most],
    )
    found = [SentLetter(Locator(*row[:3]), row[3], row[4], row[5] == 0) for row in rows]
    return [letter for letter in found if letter.alone] or found


def _thread(
    address: str, message_id: str, facts: str, subject: str, folder: str, uidvalidity: int, uid: int, at: int | None
) -> Thread:
    told = json.loads(facts).get("x", [])
    # A message without a Message-ID has a made-up one here, which nobody else knows.
    references = tuple([*told, message_id][-LONGEST_REFERENCES:]) if not message_id.startswith("none:") else ()
    return Thread(address, message_id, references, subject, Locator(folder, uidvalidity, uid), at)


def seen_since(store: Store, zone: ZoneInfo) -> date | None:
    """Return the first day from which sent mail was read ("none seen since …"), None before the first scan."""
    since = json.loads(fact(store, "since") or "null")
    if since and since["at"] is not None:
        return _day(int(since["at"]), zone)
    row = store.connection.execute("SELECT min(sent_at) FROM message WHERE sent_at IS NOT NULL").fetchone()
    return _day(int(row[0]), zone) if row[0] is not None else None
