"""Read and set the six entities as JSON values, and rebuild them from their events."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

from assistant.core.replies.plan.change import Entity

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from assistant.store.database import Store

PERSON_COLUMNS = ("name", "role", "cadence_days", "status", "goal", "until", "favourite", "hoped", "snoozed_until")
NOTE_COLUMNS = ("person", "kind", "verb", "day", "text")
FLAGS = ("favourite", "hoped")


def dumps(value: Any) -> str:
    """Return the one JSON spelling of a value: sorted keys, no blanks, UTF-8."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def read(db: sqlite3.Connection, entity: Entity, key: str) -> Any:
    """Return the value of one entity, None where there is nothing."""
    table = TABLES[entity]
    row = db.execute(
        f"SELECT {', '.join(table.columns) or 1} FROM {entity} WHERE {table.where}", table.split(key)
    ).fetchone()
    return table.value(row) if row else None


def put(db: sqlite3.Connection, entity: Entity, key: str, value: Any) -> None:
    """Set one entity to `value`; None removes it.

    Raises sqlite3.IntegrityError where somebody who still has notes or addresses would be removed.
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
    """Return persons, links, settings and questions by (entity, key): what commands look at."""
    db = store.connection
    loaded: tuple[Entity, ...] = ("person", "belongs", "setting", "question")
    found: dict[tuple[Entity, str], Any] = {}
    for entity in loaded:
        table = TABLES[entity]
        keys, columns = len(table.keys), ", ".join((*table.keys, *table.columns))
        for row in db.execute(f"SELECT {columns} FROM {entity}"):
            found[entity, " ".join(row[:keys])] = table.value(row[keys:])
    return found


def snapshot(store: Store) -> bytes:
    """Return everything the events rebuild as JSON lines in a fixed order, to be compared byte for byte.

    Questions are in it once an event has touched them; the others are what scans found, not what was said.
    """
    db = store.connection
    touched = {str(row[0]) for row in db.execute("SELECT DISTINCT key FROM event WHERE entity = 'question'")}
    return "\n".join(
        dumps([entity, key, read(db, entity, key)])
        for entity in get_args(Entity)
        for key in _keys(db, entity)
        if entity != "question" or key in touched
    ).encode()


def replay(store: Store) -> None:
    """Throw the entities away and set them again from the events, oldest first (docs/reliability.md, promise 6)."""
    with store.write():
        db = store.connection
        db.execute("PRAGMA defer_foreign_keys = ON")
        for entity in ("note", "belongs", "correction", "setting", "person"):
            db.execute(f"DELETE FROM {entity}")
        for entity, key, after in db.execute("SELECT entity, key, after FROM event ORDER BY id").fetchall():
            put(db, entity, key, json.loads(after) if after is not None else None)


def _keys(db: sqlite3.Connection, entity: Entity) -> list[str]:
    names = TABLES[entity].keys
    rows = db.execute(f"SELECT {', '.join(names)} FROM {entity} ORDER BY {', '.join(names)}")
    return [" ".join(row) for row in rows]


@dataclass(frozen=True, slots=True)
class _Table:
    """How one entity lies in its table: key columns, value columns, and the two ways between row and JSON value."""

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
    # A correction has nothing to say but that it is there.
    "correction": _Table(("message_id",), (), lambda _row: {}, lambda _value: []),
    "setting": _Table(("name",), ("value",), lambda row: json.loads(row[0]), lambda value: [dumps(value)]),
    # asked_at is the digest's own bookkeeping: it is left alone.
    "question": _Table(
        ("key",),
        ("payload", "answer", "answered_at"),
        lambda row: {"payload": json.loads(row[0]), "answer": row[1], "answered_at": row[2]},
        lambda value: [dumps(value["payload"]), value["answer"], value["answered_at"]],
    ),
}
