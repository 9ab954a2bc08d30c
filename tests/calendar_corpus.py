"""Labelled calendars (tests/corpus/calendars) against what the program makes of them.

Each NAME.json says of NAME.ics: the meetings of the week, the events that only name somebody, what past meetings count,
and when the owner is busy. `ambiguous` are rows of which either answer is right.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from assistant.core.contact.calendar_file import Span
from assistant.core.mail.address import normal_address
from assistant.core.people.named_in_title import named_in
from assistant.core.people.roster import Person, Roster
from assistant.core.replies.plan.change import Change, belongs_key, belongs_value, person_value
from assistant.mailbox.calendar_source import FileCalendar
from assistant.rounds.digest.sections import meetings_of_the_week
from assistant.rounds.scan.calendars import PAST, busy_now, read_calendars
from assistant.store import heard
from assistant.store.contact_report import contact_rows
from assistant.store.database import Store
from assistant.store.roster import apply_changes, load_roster
from tests.scanning import ListMailbox, make_config, make_round

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from assistant.rounds.context import Round

FOLDER = Path(__file__).parent / "corpus" / "calendars"
KINDS = ("week", "title_only", "past", "busy")
Row = tuple[str, ...]


@dataclass
class Score:
    """How many rows of each kind of label are right, and what isn't."""

    right: Counter[str] = field(default_factory=Counter)
    total: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def add(self, kind: str, wanted: Iterable[Row], found: Iterable[Row], either: Iterable[Row] = ()) -> None:
        """Compare the rows of one kind; those of `either` may be there or not."""
        want, have, free = set(wanted), set(found), set(either)
        self.total[kind] += len(want | (have - free))
        self.right[kind] += len(want & have)
        self.wrong += [f"{kind} missing: {row}" for row in sorted(want - have - free)]
        self.wrong += [f"{kind} extra: {row}" for row in sorted(have - want - free)]
        self.right[kind] += len((want & free) - have)


def names(folder: Path = FOLDER) -> list[str]:
    """Return the names of the labelled calendars in a folder."""
    return sorted(path.stem for path in folder.glob("*.json") if path.with_suffix(".ics").exists())


def on_roster(store: Store, people: dict[str, tuple[str, ...]], role: str = "mentor") -> None:
    """Put people with their addresses on the roster; their handles are p0, p1, …"""
    theirs = {name: tuple(filter(None, map(normal_address, people[name]))) for name in people}
    added = [Person(f"p{number}", name, role, addresses=theirs[name]) for number, name in enumerate(people)]
    changes = [Change("person", one.handle, None, person_value(one), "add") for one in added]
    changes += [
        Change("belongs", belongs_key(address, one.handle), None, belongs_value("said", 0), "add")
        for one in added
        for address in one.addresses
    ]
    apply_changes(store, changes, "T1", "owner", 0)


def owners_round(folder: Path, name: str, store: Store) -> tuple[Round, dict[str, Any]]:
    """Return a round of the calendar's owner at the label's moment, with their roster in the store; and the labels."""
    labels = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    now = datetime.fromisoformat(labels["now"])
    if not load_roster(store).people:
        on_roster(store, {one["name"]: tuple(one["addresses"]) for one in labels["roster"]})
    config = make_config(owner=tuple(labels["owner"]))
    config = replace(config, me=replace(config.me, timezone=ZoneInfo(labels["zone"])))
    round_ = make_round(store, ListMailbox(), config=config, now=now)
    return replace(round_, calendars=(FileCalendar("Work", folder / f"{name}.ics"),)), labels


def score(folder: Path, name: str, store: Store | None = None) -> Score:
    """Read one calendar and compare what came of it with its labels."""
    own = store or Store(None)
    found = Score()
    round_, labels = owners_round(folder, name, own)
    read_calendars(round_)
    people = load_roster(own)
    free = labels.get("ambiguous", [])

    def either(kind: str) -> list[dict[str, Any]]:
        return [row for row in free if row["kind"] == kind]

    week = [
        (item.summary, _at(item.start), name) for item in meetings_of_the_week(round_, people) for name in item.people
    ]
    found.add("week", _by_person(labels["week"]), week, _by_person(either("week")))
    found.add(
        "title_only", _title_rows(labels["title_only"]), _titles(round_, people), _title_rows(either("title_only"))
    )
    loose = {(row["summary"], _at(row["start"]), row["person"]) for row in either("past")}
    past = [row for row in _past(round_, people) if row[:3] not in loose]
    wanted = [
        (row["summary"], _at(row["start"]), row["person"], row["counts"])
        for row in labels["past"]
        if (row["summary"], _at(row["start"]), row["person"]) not in loose
    ]
    # What counts nothing needs no row.
    none = {row[:3] for row in wanted if row[3] == "none"} - {row[:3] for row in past}
    past += [(*row, "none") for row in none]
    found.add("past", wanted, [row for row in past if row[3] != "none" or row in wanted])
    now = round_.epoch
    two_weeks = Span(now, now + 14 * 86_400)
    busy = _merged(busy_now(round_) or (), two_weeks)
    said = [Span(*(int(datetime.fromisoformat(one).timestamp()) for one in pair)) for pair in labels["busy"]]
    found.add("busy", _spans(_merged(said, two_weeks)), _spans(busy))
    if store is None:
        own.close()
    return found


def _at(moment: str | datetime) -> str:
    at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return at.astimezone(UTC).isoformat()


def _by_person(rows: Iterable[dict[str, Any]]) -> list[Row]:
    return [(row["summary"], _at(row["start"]), person) for row in rows for person in row["people"]]


def _title_rows(rows: Iterable[dict[str, Any]]) -> list[Row]:
    return [(" ".join(row["summary"].split()), _at(row["start"]), row["person"]) for row in rows]


def _titles(round_: Round, people: Roster) -> Iterator[Row]:
    """Yield the events that only name somebody, of the last 90 days and the next seven."""
    begin = round_.epoch - int(PAST.total_seconds())
    for event in heard.unattended(round_.store, begin, round_.epoch + 8 * 86_400):
        start = datetime.fromtimestamp(event.start or 0, UTC)
        if start.timestamp() < round_.epoch + 7 * 86_400:
            for person in named_in(event.summary, people.active()):
                yield event.summary, _at(start), person.name


def _past(round_: Round, people: Roster) -> list[Row]:
    """Return what past meetings count, once for each person."""
    known = {person.handle: person.name for person in people.people}
    best: dict[Row, str] = {}
    order = ("none", "soft", "full")
    for row in contact_rows(round_.store, round_.now, include_all=True):
        if row.person and row.field == "meeting" and row.sent_at and row.reason != "meeting-ahead":
            key = (row.subject, _at(row.sent_at), known[row.person])
            best[key] = max(best.get(key, "none"), row.verdict, key=order.index)
    return [(*key, word) for key, word in best.items() if key[1] <= _at(round_.now)]


def _merged(spans: Iterable[Span], limits: Span) -> list[Span]:
    found: list[Span] = []
    for one in sorted(spans):
        begin, end = max(one.begin, limits.begin), min(one.end, limits.end)
        if begin >= end:
            continue
        if found and begin <= found[-1].end:
            found[-1] = Span(found[-1].begin, max(found[-1].end, end))
        else:
            found.append(Span(begin, end))
    return found


def _spans(spans: Iterable[Span]) -> list[Row]:
    return [tuple(datetime.fromtimestamp(at, UTC).isoformat() for at in span) for span in spans]
