"""What `contacts` prints, one row per recipient and meeting attendee with its reason, and what is counted from it."""

from __future__ import annotations

import heapq
import json
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from assistant.core.digest.model import ScanLine
from assistant.core.digest.review import Record, away_spans
from assistant.core.replies.plan.change import kept_on
from assistant.store.facts import fact
from assistant.store.identities import handles_of_addresses
from assistant.store.judged_recipients import verdict_of
from assistant.store.last_contacts import AHEAD, seen_since
from assistant.store.messages import placeholders
from assistant.store.roster import settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from assistant.core.people.roster import Roster
    from assistant.store.database import Store


@dataclass(frozen=True, slots=True)
class ContactRow:
    """One recipient of one message with its verdict. `at` is in epoch seconds or None, `offset` in minutes from UTC.

    `message_id` and `short` are "" for a meeting of which no message of the owner's tells. `source` is what a meeting
    rests on other than such a message, as in `store.heard`.
    """

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
    source: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the row as `contacts --json` prints it; `source` only where there is one."""
        return {
            "message_id": self.message_id or None,
            "short": self.short or None,
            "sent_at": self.sent_at.isoformat() if self.sent_at else None,
            "subject": self.subject,
            "field": self.field,
            "address": self.address,
            "name": self.name,
            "person": self.person,
            "verdict": self.verdict,
            "weight": self.weight,
            "reason": self.reason,
            **({"source": self.source} if self.source else {}),
        }

    @property
    def sent_at(self) -> datetime | None:
        """Return when it was, with the offset as written; None if no date can be believed."""
        if self.at is None:
            return None
        return datetime.fromtimestamp(self.at, timezone(timedelta(minutes=self.offset)) if self.offset else UTC)


def contact_rows(
    store: Store, now: datetime, *, addresses: Sequence[str] | None = None, include_all: bool = False
) -> Iterator[ContactRow]:
    """Yield one row per recipient of a message and attendee of a meeting, oldest first, undated ones before them.

    With `addresses` only rows of those. Rows that are no contact only with `include_all`.
    """
    handles = handles_of_addresses(store)
    rows = heapq.merge(
        _mail_rows(store, addresses, handles),
        _meeting_rows(store, addresses, handles, now),
        key=lambda row: row.at if row.at is not None else -1,
    )
    return (row for row in rows if include_all or row.verdict != "none")


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
        rows = store.connection.execute(
            f"{query} WHERE r.address IN ({placeholders(addresses)}){order}", list(addresses)
        )
    for row in rows:
        yield _mail_row(row, handles)


def _mail_row(row: tuple[Any, ...], handles: Mapping[str, str]) -> ContactRow:
    message_id, short, at, offset, subject, field, address, name, verdict, weight, reason, known, corrected = row
    person = handles.get(address)
    if known is not None and person is not None:  # on the roster a desk's address is a person's (row 8)
        verdict, weight, reason = verdict_of(known)
    if corrected and verdict != "none":
        verdict, weight, reason = "none", 0.0, "not-contact"
    return ContactRow(
        message_id, short, at, offset or 0, subject, field, address, name, person, verdict, weight, reason
    )


def meeting_counts(store: Store, now: datetime, after: int) -> Counter[tuple[str, str]]:
    """Return how many meeting rows there are by (verdict, reason), for messages with keys above `after`."""
    return Counter((row.verdict, row.reason) for row in _meeting_rows(store, None, {}, now, after))


def _meeting_rows(
    store: Store, addresses: Sequence[str] | None, handles: Mapping[str, str], now: datetime, after: int = 0
) -> Iterator[ContactRow]:
    where = f" AND o.address IN ({placeholders(addresses)})" if addresses is not None else ""
    since = "o.message > ?" if after else "? = 0"  # what no message tells of has no key
    rows = store.connection.execute(
        "SELECT coalesce(m.message_id, ''), coalesce(m.short, ''), o.start, o.\"end\","
        " coalesce(nullif(o.summary, ''), m.subject, ''), o.address, o.name,"
        " o.verdict, o.weight, o.reason, o.fixed, o.uid, o.recurrence, o.source,"
        " EXISTS (SELECT 1 FROM correction c WHERE c.message_id = m.message_id)"
        f" FROM occurrence o LEFT JOIN message m ON m.id = o.message WHERE {since}{where}"
        " ORDER BY o.start, o.uid, o.address",
        [after, *(addresses or ())],
    )
    epoch = int(now.timestamp())
    ahead: set[tuple[str, str, str]] = set()
    for row in rows:
        # A calendar gives each occurrence an id of its own.
        ends, series = row[3], (row[11], "" if (row[13] or "").startswith("calendar ") else row[12], row[5])
        if ends is not None and ends > epoch:
            # Series are laid out for more than a year ahead; only the next one to come has a row.
            if series in ahead:
                continue
            ahead.add(series)
        yield _meeting_row(row, handles, over=ends is None or ends <= epoch, now=now)


def _meeting_row(row: tuple[Any, ...], handles: Mapping[str, str], *, over: bool, now: datetime) -> ContactRow:
    message_id, short, start, _, subject, address, name, verdict, weight, reason, fixed, _, _, source, corrected = row
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
        message_id, short, start, offset, subject, "meeting", address, name, person, verdict, weight, reason, source
    )


def by_verdict(counts: Mapping[tuple[str, str], int]) -> dict[str, Any]:
    """Return counts by (verdict, reason) as {full, soft, none: {reason: count}}, the most common reason first."""
    none = {reason: n for (verdict, reason), n in counts.items() if verdict == "none" and n > 0}
    return {
        "full": sum(n for (verdict, _), n in counts.items() if verdict == "full"),
        "soft": sum(n for (verdict, _), n in counts.items() if verdict == "soft"),
        "none": dict(sorted(none.items(), key=lambda one: (-one[1], one[0]))),
    }


def scan_line(store: Store, *folders: str) -> ScanLine | None:
    """Return what was read from these folders since the last digest, None before the first scan.

    `complete_to` is the moment up to which all of them were read.
    """
    query = f"SELECT complete_to FROM folder WHERE name IN ({placeholders(folders)})"
    read = [at for (at,) in store.connection.execute(query, list(folders))]
    if not read:
        return None
    complete = None if None in read or len(read) < len(folders) else min(read)
    noted = json.loads(fact(store, "new since digest") or "{}")
    return ScanLine(
        new=int(noted.get("new", 0)),
        complete_to=datetime.fromtimestamp(complete, UTC) if complete is not None else None,
    )


def records(store: Store, roster: Roster, now: datetime, zone: ZoneInfo) -> dict[str, Record]:
    """Return what a review counts of each active person, by handle."""
    today, read_from = now.astimezone(zone).date(), seen_since(store, zone)
    days, links, kept = _contact_days(store, roster, now, zone), _links(store, zone), kept_on(settings(store))
    steps, paused = _person_steps(store, zone), _pause_spans(store, today, zone)
    found = {}
    for handle in (person.handle for person in roster.active()):
        added = steps[handle][0][0]
        found[handle] = Record(
            days=tuple(sorted(days[handle])),
            added=added,
            since=max(added, read_from or added),
            away=(*away_spans(steps[handle], today), *paused),
            links=tuple(links.get(handle, ())),
            kept_on=kept.get(handle),
        )
    return found


def _contact_days(store: Store, roster: Roster, now: datetime, zone: ZoneInfo) -> dict[str, set[date]]:
    """Return the days with a full contact: the rows that `contacts` prints, and what the owner said."""
    found: dict[str, set[date]] = {person.handle: set() for person in roster.active()}
    theirs: dict[str, list[str]] = {}
    for person in roster.active():
        for address in person.addresses:
            theirs.setdefault(address, []).append(person.handle)
    latest = int(now.timestamp()) + AHEAD
    for row in contact_rows(store, now, addresses=list(theirs)):
        if row.verdict == "full" and row.at is not None and row.at <= latest:
            for handle in theirs[row.address]:
                found[handle].add(_day(row.at, zone))
    for handle, day in store.connection.execute("SELECT person, day FROM note WHERE kind = 'met'"):
        if handle in found and day <= _day(latest, zone).isoformat():
            found[handle].add(date.fromisoformat(day))
    return found


def _links(store: Store, zone: ZoneInfo) -> dict[str, list[tuple[str, date]]]:
    found: dict[str, list[tuple[str, date]]] = {}
    rows = store.connection.execute(
        "SELECT person, address, since FROM belongs WHERE lane != 'no' ORDER BY since, address"
    )
    for handle, address, since in rows:
        found.setdefault(handle, []).append((address, _day(since, zone)))
    return found


def _person_steps(store: Store, zone: ZoneInfo) -> dict[str, list[tuple[date, date | None]]]:
    """Return from which day on nothing was owed to each person, and until when: snoozed, or off the roster."""
    found: dict[str, list[tuple[date, date | None]]] = {}
    for at, handle, after in _events(store, "person"):
        snoozed = date.fromisoformat(after["snoozed_until"]) if after and after["snoozed_until"] else None
        until = snoozed if after and after["status"] == "active" else date.max
        found.setdefault(handle, []).append((_day(at, zone), until))
    return found


def _pause_spans(store: Store, today: date, zone: ZoneInfo) -> list[tuple[date, date]]:
    steps: dict[str, list[tuple[date, date | None]]] = {"paused_until": [], "stopped": []}
    for at, name, after in _events(store, "setting"):
        if name in steps:
            until = date.fromisoformat(after) if name == "paused_until" and after else date.max if after else None
            steps[name].append((_day(at, zone), until))
    return [span for one in steps.values() if one for span in away_spans(one, today)]


def _events(store: Store, entity: str) -> Iterator[tuple[int, str, Any]]:
    """Yield (instant, key, value after it) of the changes of one entity, oldest first."""
    rows = store.connection.execute(
        "SELECT at, key, coalesce(\"after\", 'null') FROM event WHERE entity = ? ORDER BY id", [entity]
    )
    return ((at, key, json.loads(after)) for at, key, after in rows)


def _day(epoch: int, zone: ZoneInfo) -> date:
    return datetime.fromtimestamp(epoch, zone).date()
