"""Open the one SQLite file: modes, pragmas, migrations, and the two kinds of transaction."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Self

from sqlite_utils import Database

from assistant.errors import UserError
from assistant.store.schema import migrations

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

    @contextmanager
    def write(self) -> Iterator[Database]:
        """Hold one write transaction (BEGIN IMMEDIATE); nested use joins the outer one."""
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
        return _ready(connection, path)
    except BaseException:
        connection.close()
        raise


def _ready(connection: sqlite3.Connection, path: Path | None) -> Database:
    """Set the modes and bring the tables up to date."""
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    db = Database(connection)
    if path is None:
        migrations.apply(db)
    elif migrations.pending(db):
        _migrate(db, path)
    return db


def _check_header(path: Path) -> None:
    """Raise sqlite3.DatabaseError for a header SQLite would take for that of a file it may only read, or a new one."""
    with path.open("rb") as file:
        header = file.read(HEADER)
    if not header and any((path.parent / BACKUPS).glob("[0-9]*.sqlite3")):
        message = "it is empty or gone, though there are backups of it"
        raise sqlite3.DatabaseError(message)
    if header and not set(header[18:20]) <= {1, 2}:  # write and read version of the format: journal or WAL
        message = "its header is damaged"
        raise sqlite3.DatabaseError(message)


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
