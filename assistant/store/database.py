"""The one SQLite file: modes, pragmas, migrations, transactions, and the bulk mode of a first scan.

A first scan writes without most indexes:

    begin_bulk ─> (batches, each whole) ─> finish_bulk ─> settle what messages change for each other ─> note_settled

How far it got is kept as a fact in the store, so a scan that is cut off anywhere can go on.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Self

from sqlite_utils import Database

from assistant import __version__
from assistant.errors import UserError
from assistant.store.facts import fact, set_fact
from assistant.store.schema import index_statement, known_names, migrations

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import TracebackType

DataError = sqlite3.Error
"""What SQLite raises when the file can't be used: a full disk, a lock held too long."""
FILE_NAME = "assistant.sqlite3"
BACKUPS = "backups"
BUSY_TIMEOUT_MS = 10_000
HEADER = 100
# Bytes: twice what SQLite needs beside the file for the index of its write-ahead log.
LEAST_ROOM = 1 << 16
LOCKS = ("daemon.lock", "round.lock")
"""The daemon holds the first as long as it runs; whoever does a round holds the second."""


class Store:
    """The owner's data: one SQLite file, or memory for tests. Functions of `store` take it as first argument.

    Raises UserError if the file is damaged or belongs to a newer version, and sqlite3.Error if the disk is full or
    the file is locked.
    """

    def __init__(self, home: Path | None) -> None:
        self.path = home / FILE_NAME if home else None
        try:
            self.db = _open(self.path)
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # a damaged schema may not be UTF-8
            # A full disk looks like an I/O error, and the owner was once told to restore a sound file.
            busy = isinstance(error, sqlite3.OperationalError) and "locked" in str(error)
            if busy or (self.path and not _has_room(self.path)):
                raise
            raise damaged(self.path, str(error)) from error

    @property
    def connection(self) -> sqlite3.Connection:
        """Return the plain connection, for `executemany` on a scan's rows."""
        return self.db.conn

    def row(self, table: str, where: str, *values: object) -> dict[str, Any] | None:
        """Return the first matching row of a table as a dict by column, None if no row matches."""
        return next(iter(self.rows(f"{table} WHERE {where} LIMIT 1", *values)), None)

    def rows(self, source: str, *values: object) -> list[dict[str, Any]]:
        """Return rows as dicts by column; `source` is what follows SELECT * FROM."""
        # Not by sqlite-utils: rows_where first lists all tables and views, and query holds a savepoint. A daemon asks
        # every few seconds, and either takes longer than the reading.
        cursor = self.connection.execute(f"SELECT * FROM {source}", values)
        columns = [column[0] for column in cursor.description]
        return [dict(zip(columns, row, strict=True)) for row in cursor]

    def insert(self, table: str, row: dict[str, Any]) -> int:
        """Insert one row and return its key."""
        columns, values = ", ".join(f'"{name}"' for name in row), ", ".join("?" * len(row))
        with self.write() as db:
            return db.execute(f"INSERT INTO {table} ({columns}) VALUES ({values})", [*row.values()]).lastrowid or 0

    def update(self, table: str, key: int, row: dict[str, Any]) -> None:
        """Change some columns of the row with that key."""
        columns = ", ".join(f"{name} = ?" for name in row)
        with self.write() as db:
            db.execute(f"UPDATE {table} SET {columns} WHERE id = ?", [*row.values(), key])

    @contextmanager
    def write(self) -> Iterator[Database]:
        """Hold one write transaction; nested use joins the outer one.

        What sqlite-utils writes inside it is a savepoint. Outside, each call of sqlite-utils commits by itself.
        """
        if self.connection.in_transaction:
            yield self.db
            return
        # IMMEDIATE: a read that turns into a write fails at once with BUSY_SNAPSHOT, whatever the busy timeout.
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield self.db
            self.connection.execute("COMMIT")
        except BaseException:
            self._roll_back()
            raise

    def _roll_back(self) -> None:
        if self.connection.in_transaction:  # a full disk may have ended it already
            self.connection.execute("ROLLBACK")

    def close(self) -> None:
        """Close the file. Closing twice is fine."""
        self.db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def damaged(path: Path | None, why: str) -> UserError:
    """Return the error for a data file that can't be used. It says how to go back to a backup."""
    return UserError(
        "The data file{path} cannot be used ({why}). Nothing was sent. To go back to the last backup, "
        "run: assistant restore",
        path=f" {path}" if path else "",
        why=why,
    )


def is_damage(error: Exception) -> bool:
    """Return whether an SQLite error means that the file is broken, not that it's busy or the disk is full."""
    plain = isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError)
    return plain and not isinstance(error, (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.DataError))


def _has_room(path: Path) -> bool:
    """Return whether a little can be written beside the data file. Raises nothing."""
    trial = path.with_name("room")
    try:
        with open(os.open(trial, os.O_CREAT | os.O_WRONLY, 0o600), "wb") as file:  # noqa: PTH123 - for the mode
            file.write(bytes(LEAST_ROOM))
    except OSError:
        return False
    finally:
        with suppress(OSError):
            trial.unlink()
    return True


def _open(path: Path | None) -> Database:
    if path:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        _check_header(path)
    connection = sqlite3.connect(path or ":memory:", isolation_level=None, timeout=BUSY_TIMEOUT_MS / 1000)
    try:
        return _prepared(Database(connection), path)
    except BaseException:
        connection.close()
        raise


def _prepared(db: Database, path: Path | None) -> Database:
    if path:
        refuse_newer(db, path)  # before the first pragma, since not a byte of that file may change
    # The command line reads and writes beside the daemon: WAL lets both go on.
    db.conn.execute("PRAGMA journal_mode = WAL")
    # The row `sending` must be on disk before a byte of the message leaves (promise 4).
    db.conn.execute("PRAGMA synchronous = FULL")
    db.conn.execute("PRAGMA foreign_keys = ON")
    db.conn.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    if path is None:
        migrations.apply(db)
    elif migrations.pending(db):
        _migrate(db, path)
    return db


def refuse_newer(db: Database, path: Path) -> None:
    """Raise UserError if the file has migrations of a newer version that this version doesn't know."""
    if {migration.name for migration in migrations.applied(db)} - known_names():
        raise UserError(
            "The data in {path} was written by a newer version of the assistant than this one ({version}). "
            "Install the newer version; nothing was changed.",
            path=path,
            version=__version__,
        )


def _check_header(path: Path) -> None:
    """Raise sqlite3.DatabaseError for a damaged header that SQLite itself would accept."""
    with path.open("rb") as file:
        header = file.read(HEADER)
    # SQLite takes an empty file for a new one: a digest about nobody once went out.
    if not header and any((path.parent / BACKUPS).glob("[0-9]*.sqlite3")):
        raise sqlite3.DatabaseError("it is empty or missing, although there are backups of it")
    # Write and read version of the format: 1 is a rollback journal, 2 WAL. SQLite opens others read-only.
    if header and not set(header[18:20]) <= {1, 2}:
        raise sqlite3.DatabaseError("its header is damaged")


def _migrate(db: Database, path: Path) -> None:
    """Update the tables, one process at a time, after a copy of the file as it was."""
    handle = os.open(path.parent / "migrate.lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        pending = migrations.pending(db)  # asked once more: another process may have just done them
        if pending and migrations.applied(db):
            folder = path.parent / BACKUPS
            folder.mkdir(mode=0o700, exist_ok=True)
            copy = folder / f"before-{pending[0].name}.sqlite3"
            copy.unlink(missing_ok=True)
            os.close(os.open(copy, os.O_CREAT | os.O_RDWR, 0o600))  # VACUUM INTO would create it with the umask's mode
            db.conn.execute("VACUUM INTO ?", [str(copy)])
        migrations.apply(db)
    finally:
        os.close(handle)


# Indexes that reading doesn't need. For 100,000 messages with 400,000 recipients: 0.60 s if they are made at the end,
# 1.35 s if they are kept up to date with each row.
LATE_INDEXES = (
    "recipient_by_spelling",
    "message_alike",
    "message_by_message_id",
    "message_by_short",
    "message_by_sent_at",
)
FACT = "bulk"
READING, SETTLING = "reading", "settling"
# Memory for pages. One batch fits into the first, so no page of it is written twice; the second is SQLite's default.
CACHE_KIB, USUAL_CACHE_KIB = 16_000, 2_000


def begin_bulk(store: Store) -> None:
    """Drop the late indexes for a first scan. A second call changes nothing."""
    store.connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    with store.write() as db:
        for name in LATE_INDEXES:
            db.execute(f"DROP INDEX IF EXISTS {name}")
        set_fact(store, FACT, READING)


def finish_bulk(store: Store) -> None:
    """Create the missing indexes. What messages change for each other is still to be settled then."""
    with store.write() as db:
        for name in LATE_INDEXES:
            if db.execute("SELECT 1 FROM sqlite_schema WHERE name = ?", [name]).fetchone() is None:
                db.execute(index_statement(name))
        set_fact(store, FACT, SETTLING)
    store.connection.execute(f"PRAGMA cache_size = -{USUAL_CACHE_KIB}")


def note_settled(store: Store) -> None:
    """Note that the first scan is settled."""
    set_fact(store, FACT, "")


def is_reading(store: Store) -> bool:
    """Return whether the late indexes are missing, because a first scan is under way or was cut off."""
    return fact(store, FACT) == READING


def is_unsettled(store: Store) -> bool:
    """Return whether a first scan still has to be finished or settled."""
    return bool(fact(store, FACT))
