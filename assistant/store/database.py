"""Open the one SQLite file: modes, pragmas, migrations, and the two kinds of transaction.

The first scan writes without indexes and sorts once at its end, which is faster than a search for each row:

    begin ─> (batches, each whole) ─> finish ─> settle what messages say of each other ─> settled

The state is a fact of the store, so that a scan cut off anywhere goes on where it was.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, Any, Self

from sqlite_utils import Database

from assistant import __version__
from assistant.errors import UserError
from assistant.store.facts import fact, set_fact
from assistant.store.schema import index_statement, migrations

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import TracebackType

DataError = sqlite3.Error
"""What SQLite raises when the file cannot be used: a full disk, a lock held too long."""
FILE_NAME = "assistant.sqlite3"
BACKUPS = "backups"
BUSY_TIMEOUT_MS = 10_000
HEADER = 100
LEAST_ROOM = 1 << 16
"""Octets, twice what SQLite wants beside the file for the index of its write-ahead log."""
LOCKS = ("daemon.lock", "round.lock")
"""Held by the one daemon as long as it runs, and by whoever does a round."""


class Store:
    """The owner's data: one SQLite file, or memory for tests. Modules of `store` take it as first argument.

    Raises UserError where the file cannot be opened or is damaged.
    """

    def __init__(self, home: Path | None) -> None:
        self.path = home / FILE_NAME if home else None
        try:
            self.db = _open(self.path)
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # a hurt schema may be no UTF-8
            busy = isinstance(error, sqlite3.OperationalError) and "locked" in str(error)
            if busy or (self.path and not _has_room(self.path)):
                raise
            raise damaged(self.path, str(error)) from error

    @property
    def connection(self) -> sqlite3.Connection:
        """Return the plain connection, for `executemany` on a scan's rows."""
        return self.db.conn

    def row(self, table: str, where: str, *values: object) -> dict[str, Any] | None:
        """Return the first row of a table that fits, by column, None for none."""
        return next(self.db.table(table).rows_where(where, values, limit=1), None)

    def insert(self, table: str, row: dict[str, Any]) -> int:
        """Insert one row and return the key it was given."""
        with self.write() as db:
            return int(db.table(table).insert(row).last_rowid or 0)

    @contextmanager
    def write(self) -> Iterator[Database]:
        """Hold one write transaction (BEGIN IMMEDIATE); nested use joins the outer one.

        What sqlite-utils writes inside is a savepoint of it; outside it commits by itself, each call alone.
        """
        if self.connection.in_transaction:
            yield self.db
            return
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
        """Close the file; closing twice is fine."""
        self.db.close()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self.close()


def damaged(path: Path | None, why: str) -> UserError:
    """Return the error for a data file that cannot be used, with how to go back to a backup."""
    return UserError(
        f"The data file{f' {path}' if path else ''} cannot be used ({why}). Nothing was sent. "
        "To go back to the last backup, run: assistant restore"
    )


def is_damage(error: Exception) -> bool:
    """Return whether an error of SQLite's says that the file is broken, rather than busy or the disk full."""
    plain = isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError)
    return plain and not isinstance(error, (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.DataError))


def _has_room(path: Path) -> bool:
    """Return whether a little can be written beside the data file; raises nothing.

    SQLite calls it an I/O error where it cannot, and then nothing is wrong with the file.
    """
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
        refuse_newer(db, path)  # before the first pragma: not a byte of it may change
    db.conn.execute("PRAGMA journal_mode = WAL")
    db.conn.execute("PRAGMA synchronous = FULL")
    db.conn.execute("PRAGMA foreign_keys = ON")
    db.conn.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    if path is None:
        migrations.apply(db)
    elif migrations.pending(db):
        _migrate(db, path)
    return db


def refuse_newer(db: Database, path: Path) -> None:
    """Raise UserError where a newer version of the program changed the tables in a way that this one doesn't know."""
    with closing(Database(memory=True)) as empty:
        known = {migration.name for migration in migrations.pending(empty)}
    if {migration.name for migration in migrations.applied(db)} - known:
        raise UserError(
            f"The data in {path} belong to a newer version of the assistant than this one ({__version__}): "
            "install the newer version; nothing was changed."
        )


def _check_header(path: Path) -> None:
    """Raise sqlite3.DatabaseError for a header SQLite would take for that of a file it may only read, or a new one."""
    with path.open("rb") as file:
        header = file.read(HEADER)
    if not header and any((path.parent / BACKUPS).glob("[0-9]*.sqlite3")):
        raise sqlite3.DatabaseError("it is empty or gone, though there are backups of it")
    if header and not set(header[18:20]) <= {1, 2}:  # write and read version of the format: journal or WAL
        raise sqlite3.DatabaseError("its header is damaged")


def _migrate(db: Database, path: Path) -> None:
    """Bring the tables up to date, one process at a time, with a copy of the file as it was before."""
    handle = os.open(path.parent / "migrate.lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        pending = migrations.pending(db)
        if pending and migrations.applied(db):
            folder = path.parent / BACKUPS
            folder.mkdir(mode=0o700, exist_ok=True)
            copy = folder / f"before-{pending[0].name}.sqlite3"
            copy.unlink(missing_ok=True)
            os.close(os.open(copy, os.O_CREAT | os.O_RDWR, 0o600))
            db.conn.execute("VACUUM INTO ?", [str(copy)])
        migrations.apply(db)
    finally:
        os.close(handle)


LATE_INDEXES = (
    "recipient_by_spelling",
    "message_alike",
    "message_by_message_id",
    "message_by_short",
    "message_by_sent_at",
)
"""The indexes that reading alone does not need."""
FACT = "bulk"
READING, SETTLING = "reading", "settling"
CACHE_KIB, USUAL_CACHE_KIB = 16_000, 2_000
"""Memory for pages: one batch fits into it, so that no page of it is written twice; SQLite's own otherwise."""


def begin(store: Store) -> None:
    """Drop the indexes that can wait; doing it again changes nothing."""
    store.connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    with store.write() as db:
        for name in LATE_INDEXES:
            db.execute(f"DROP INDEX IF EXISTS {name}")
        set_fact(store, FACT, READING)


def finish(store: Store) -> None:
    """Make the indexes that are missing; what messages say of each other is still to be settled then."""
    with store.write() as db:
        for name in LATE_INDEXES:
            if db.execute("SELECT 1 FROM sqlite_schema WHERE name = ?", [name]).fetchone() is None:
                db.execute(index_statement(name))
        set_fact(store, FACT, SETTLING)
    store.connection.execute(f"PRAGMA cache_size = -{USUAL_CACHE_KIB}")


def settled(store: Store) -> None:
    """Note that nothing is left to be done."""
    set_fact(store, FACT, "")


def is_reading(store: Store) -> bool:
    """Return whether indexes are missing, for a first scan is under way or was cut off."""
    return fact(store, FACT) == READING


def is_open(store: Store) -> bool:
    """Return whether a first scan's messages are still to be settled."""
    return bool(fact(store, FACT))
