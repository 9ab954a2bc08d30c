"""The roster, what the owner said, and every change to them as an event.

`apply_changes` is the only way to change them: it sets the values and appends the events in one transaction. The six
entities are JSON values, and can be rebuilt from their events.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, get_args

from assistant.core.people.roster import Note, Person, Roster
from assistant.core.replies.plan.change import OWN, Change, Entity, inverse

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from assistant.store.database import Store

# Only tests call these, to hold the store to what it promises. Named here, they aren't reported as dead code.
__all__ = ["corrections", "replay", "snapshot"]


@dataclass(frozen=True, slots=True)
class Event:
    """One event. `at` is in epoch seconds, `undoes` the id of the event it takes back, None if it's no undo."""

    id: int
    at: int
    cause: str
    who: str
    undoes: int | None
    change: Change


def load_roster(store: Store) -> Roster:
    """Return everybody who was ever added, sorted by handle, with their linked addresses (lanes said and auto)."""
    addresses: dict[str, list[str]] = {}
    for handle, address in store.connection.execute(
        "SELECT person, address FROM belongs WHERE lane != 'no' ORDER BY since, address"
    ):
        addresses.setdefault(handle, []).append(address)
    rows = store.connection.execute(f"SELECT handle, {', '.join(PERSON_COLUMNS)} FROM person ORDER BY handle")
    return Roster(tuple(_person(row, tuple(addresses.get(row[0], ()))) for row in rows))


def notes(store: Store, handle: str | None, *kinds: str) -> tuple[Note, ...]:
    """Return the notes about a person (None: the owner's own wins and goals), oldest first. No `kinds` means all."""
    where, values = ("person = ?", [handle]) if handle is not None else ("person IS NULL", [])
    return _notes(store, where, values, kinds)


def all_notes(store: Store, *kinds: str) -> tuple[Note, ...]:
    """Return the notes about everybody, oldest first. No `kinds` means all."""
    return _notes(store, "1", [], kinds)


def settings(store: Store) -> dict[str, Any]:
    """Return what was set by reply: paused_until, keep HANDLE (ISO days), stopped, own ADDRESS, now HANDLE (epoch)."""
    return {name: json.loads(value) for name, value in store.connection.execute("SELECT name, value FROM setting")}


def own_addresses(store: Store) -> frozenset[str]:
    """Return the addresses (in normal form) that the owner said are theirs, without those in the config."""
    return frozenset(name.removeprefix(OWN) for name in settings(store) if name.startswith(OWN))


def corrections(store: Store) -> frozenset[str]:
    """Return the Message-IDs (without angle brackets) of messages that the owner said were no contact."""
    return frozenset(row[0] for row in store.connection.execute("SELECT message_id FROM correction"))


def apply_changes(
    store: Store, changes: Iterable[Change], cause: str, who: str, now: int, undoes: Sequence[int | None] = ()
) -> tuple[int, ...]:
    """Set every entity to its `after`, append the events in the same transaction, and return their ids.

    A change that changes nothing leaves no event. `cause` is a transaction ("T17") or "scan", `who` is "owner" or
    "rules", `now` is in epoch seconds. `undoes` holds, by position, the event that each change takes back.
    """
    ids = []
    with store.write():
        db = store.connection
        for number, change in enumerate(changes):
            # Read here and not taken from the change, so that undo restores what really stood there.
            before = read(db, change.entity, change.key)
            if before == change.after:
                continue
            put(db, change.entity, change.key, change.after)
            back = undoes[number] if number < len(undoes) else None
            values = (now, cause, who, change.kind, change.entity, change.key, _json(before), _json(change.after), back)
            cursor = db.execute(
                'INSERT INTO event (at, cause, who, kind, entity, key, before, "after", undoes)'
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                values,
            )
            ids.append(int(cursor.lastrowid or 0))
    return tuple(ids)


def changes_of(store: Store, cause: str) -> tuple[Event, ...]:
    """Return the events of one transaction, oldest first; empty if it changed nothing."""
    return _events(store, "WHERE cause = ?", [cause])


def undone(store: Store, cause: str) -> bool:
    """Return whether a transaction was undone, and that undo was not undone itself."""
    events = changes_of(store, cause)
    return bool(events) and all(_is_undone(event, _events_on(store, event.change)) for event in events)


def conflict(store: Store, *causes: str) -> str | None:
    """Return the latest other transaction that depends on what `causes` changed, None if they can be undone.

    A later one that was undone doesn't count. Notes and addresses that the owner gave a new person later do.
    """
    events = [event for cause in causes for event in changes_of(store, cause)]
    later = [event for first in events for event in _later(store, first, causes)]
    later += [event for first in events for event in _dependants(store, first, causes) if event.who == "owner"]
    return max(later, key=lambda event: event.id).cause if later else None


def undo_changes(store: Store, *causes: str) -> tuple[tuple[Change, int | None], ...]:
    """Return the changes that undo transactions, newest first, each with the id of the event it takes back.

    Links that the rules made since then, to somebody who goes away, come first and have no id (None).
    """
    events = sorted((event for cause in causes for event in changes_of(store, cause)), key=lambda event: event.id)
    linked = [event for first in events for event in _dependants(store, first, causes)]
    extra: list[tuple[Change, int | None]] = [(inverse(event.change), None) for event in linked]
    return tuple(extra + [(inverse(event.change), event.id) for event in reversed(events)])


def last_cause(store: Store) -> str | None:
    """Return the owner's latest transaction that wasn't undone and is no undo itself, None if there is none."""
    # One that only asked a question changed nothing that an owner would want to take back.
    rows = store.connection.execute(
        "SELECT cause, max(id) FROM event WHERE who = 'owner' AND undoes IS NULL"
        " AND NOT (entity = 'question' AND json_extract(\"after\", '$.answer') IS NULL)"
        " GROUP BY cause ORDER BY max(id) DESC"
    )
    return next((str(row[0]) for row in rows.fetchall() if not undone(store, row[0])), None)


def change_log(store: Store) -> tuple[dict[str, Any], ...]:
    """Return the log, oldest first: id, at (epoch seconds), cause, who, kind, entity, key, before, after."""
    own, changed = ("id", "at", "cause", "who"), ("kind", "entity", "key", "before", "after")
    return tuple(
        {name: getattr(event, name) for name in own} | {name: getattr(event.change, name) for name in changed}
        for event in _events(store, "", [])
    )


def _person(row: tuple[Any, ...], addresses: tuple[str, ...]) -> Person:
    handle, name, role, cadence_days, status, goal, until, favourite, hoped, snoozed_until = row
    return Person(
        handle, name, role, cadence_days, status, goal,
        until and date.fromisoformat(until), bool(favourite), bool(hoped),
        snoozed_until and date.fromisoformat(snoozed_until), addresses,
    )  # fmt: skip


def _notes(store: Store, where: str, values: list[Any], kinds: tuple[str, ...]) -> tuple[Note, ...]:
    if kinds:
        where += f" AND kind IN ({', '.join('?' for _ in kinds)})"
    query = f"SELECT id, person, kind, verb, day, text FROM note WHERE {where}"
    rows = store.connection.execute(query, [*values, *kinds])
    found = (Note(row[0], row[1], row[2], row[3], date.fromisoformat(row[4]), row[5]) for row in rows)
    return tuple(sorted(found, key=lambda note: note.place))


def _events(store: Store, where: str, values: list[Any]) -> tuple[Event, ...]:
    rows = store.connection.execute(
        "SELECT id, at, cause, who, undoes, entity, key, coalesce(before, 'null'), coalesce(\"after\", 'null'), kind"
        f" FROM event {where} ORDER BY id",
        values,
    )
    return tuple(
        Event(number, at, cause, who, undoes, Change(entity, key, json.loads(old), json.loads(new), kind))
        for number, at, cause, who, undoes, entity, key, old, new, kind in rows.fetchall()
    )


def _events_on(store: Store, change: Change) -> tuple[Event, ...]:
    return _events(store, "WHERE entity = ? AND key = ?", [change.entity, change.key])


def _is_undone(event: Event, on_key: tuple[Event, ...]) -> bool:
    """Return whether an event was undone."""
    # From the newest, since an undo may have been undone itself.
    gone: set[int] = set()
    for other in reversed(on_key):
        if other.undoes is not None and other.id not in gone:
            gone.add(other.undoes)
    return event.id in gone


def _later(store: Store, first: Event, causes: Sequence[str]) -> list[Event]:
    on_key = _events_on(store, first.change)
    later = [event for event in on_key if event.id > first.id and event.cause not in causes]
    ids = {event.id for event in later}
    return [event for event in later if not _is_undone(event, on_key) and event.undoes not in ids]


def _dependants(store: Store, first: Event, causes: Sequence[str]) -> list[Event]:
    """Return the events of other transactions that gave links and notes to somebody whom this event added."""
    if first.change.entity != "person" or first.change.before is not None:
        return []
    handle = first.change.key
    links = store.connection.execute("SELECT address FROM belongs WHERE person = ?", [handle]).fetchall()
    said = store.connection.execute("SELECT id FROM note WHERE person = ?", [handle]).fetchall()
    keys: list[tuple[Entity, str]] = [("belongs", f"{row[0]} {handle}") for row in links]
    keys += [("note", row[0]) for row in said]
    made = [_events(store, "WHERE entity = ? AND key = ?", list(key))[-1:] for key in keys]
    return [event for events in made for event in events if event.cause not in causes]


def _json(value: Any) -> str | None:
    return None if value is None else dumps(value)


PERSON_COLUMNS = ("name", "role", "cadence_days", "status", "goal", "until", "favourite", "hoped", "snoozed_until")
NOTE_COLUMNS = ("person", "kind", "verb", "day", "text")
FLAGS = ("favourite", "hoped")


def dumps(value: Any) -> str:
    """Return the only JSON spelling of a value (sorted keys, no blanks, UTF-8), so that snapshots can be compared."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def read(db: sqlite3.Connection, entity: Entity, key: str) -> Any:
    """Return the value of one entity, None if it doesn't exist."""
    table = TABLES[entity]
    query = f"SELECT {', '.join(table.columns) or 1} FROM {entity} WHERE {table.where}"
    row = db.execute(query, table.split(key)).fetchone()
    return table.value(row) if row else None


def put(db: sqlite3.Connection, entity: Entity, key: str, value: Any) -> None:
    """Set one entity to `value`, or remove it (None).

    Raises sqlite3.IntegrityError if that would remove a person who still has notes or addresses.
    """
    table = TABLES[entity]
    if value is None:
        db.execute(f"DELETE FROM {entity} WHERE {table.where}", table.split(key))
        return
    columns = [*table.keys, *table.columns]
    marks = ", ".join("?" for _ in columns)
    updates = ", ".join(f"{column} = excluded.{column}" for column in table.columns)
    db.execute(
        f"INSERT INTO {entity} ({', '.join(columns)}) VALUES ({marks})"
        f" ON CONFLICT ({', '.join(table.keys)}) DO {f'UPDATE SET {updates}' if updates else 'NOTHING'}",
        [*table.split(key), *table.row(value)],
    )


def load(store: Store) -> dict[tuple[Entity, str], Any]:
    """Return people, links, settings and questions by (entity, key): all that the planning of a reply looks at."""
    loaded: tuple[Entity, ...] = ("person", "belongs", "setting", "question")
    return {(entity, key): value for entity in loaded for key, value in _values(store.connection, entity)}


def snapshot(store: Store) -> bytes:
    """Return everything that the events rebuild as JSON lines in a fixed order, to be compared byte for byte."""
    db = store.connection
    # A question that no event touched was found by a scan. Nobody said it, so no event can rebuild it.
    touched = {str(row[0]) for row in db.execute("SELECT DISTINCT key FROM event WHERE entity = 'question'")}
    return "\n".join(
        dumps([entity, key, value])
        for entity in get_args(Entity)
        for key, value in _values(db, entity)
        if entity != "question" or key in touched
    ).encode()


def replay(store: Store) -> None:
    """Delete the entities and rebuild them from the events, oldest first (docs/reliability.md, promise 6)."""
    with store.write():
        db = store.connection
        # A person goes before the notes and addresses that refer to them are set again.
        db.execute("PRAGMA defer_foreign_keys = ON")
        for entity in ("note", "belongs", "correction", "setting", "person"):
            db.execute(f"DELETE FROM {entity}")
        for entity, key, after in db.execute("SELECT entity, key, after FROM event ORDER BY id").fetchall():
            put(db, entity, key, json.loads(after or "null"))


def _values(db: sqlite3.Connection, entity: Entity) -> Iterator[tuple[str, Any]]:
    table = TABLES[entity]
    keys, columns = ", ".join(table.keys), ", ".join((*table.keys, *table.columns))
    for row in db.execute(f"SELECT {columns} FROM {entity} ORDER BY {keys}"):
        yield " ".join(row[: len(table.keys)]), table.value(row[len(table.keys) :])


@dataclass(frozen=True, slots=True)
class _Table:
    """The table of one entity: key columns, value columns, and the functions between row and JSON value."""

    keys: tuple[str, ...]
    columns: tuple[str, ...]
    value: Callable[[Any], Any]
    row: Callable[[Any], list[Any]]

    @property
    def where(self) -> str:
        return " AND ".join(f"{name} = ?" for name in self.keys)

    def split(self, key: str) -> list[str]:
        return key.rsplit(" ", len(self.keys) - 1) if len(self.keys) > 1 else [key]


def _person_value(row: Any) -> dict[str, Any]:
    value = dict(zip(PERSON_COLUMNS, row, strict=True))
    return {**value, **{flag: bool(value[flag]) for flag in FLAGS}}


def _person_row(value: dict[str, Any]) -> list[Any]:
    return [int(value[name]) if name in FLAGS else value[name] for name in PERSON_COLUMNS]


TABLES: dict[Entity, _Table] = {
    "person": _Table(("handle",), PERSON_COLUMNS, _person_value, _person_row),
    "belongs": _Table(
        ("address", "person"),
        ("lane", "since"),
        lambda row: {"lane": row[0], "since": row[1]},
        lambda value: [value["lane"], value["since"]],
    ),
    "note": _Table(
        ("id",),
        NOTE_COLUMNS,
        lambda row: dict(zip(NOTE_COLUMNS, row, strict=True)),
        lambda value: [value[name] for name in NOTE_COLUMNS],
    ),
    # A correction holds nothing but its key.
    "correction": _Table(("message_id",), (), lambda _row: {}, lambda _value: []),
    "setting": _Table(("name",), ("value",), lambda row: json.loads(row[0]), lambda value: [dumps(value)]),
    # Without asked_at, which is the digest's bookkeeping and isn't changed by what the owner says.
    "question": _Table(
        ("key",),
        ("payload", "answer", "answered_at"),
        lambda row: {"payload": json.loads(row[0]), "answer": row[1], "answered_at": row[2]},
        lambda value: [dumps(value["payload"]), value["answer"], value["answered_at"]],
    ),
}
