"""Open the one SQLite file: modes, pragmas, migrations, and the two kinds of transaction."""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager
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
BUSY_TIMEOUT_MS = 10_000


class Store:
    """The owner's data: one SQLite file, or memory for tests. Modules of `store` take it as first argument.

    Raises UserError where the file cannot be opened or is damaged.
    """

    def __init__(self, home: Path | None) -> None:
        self.path = home / FILE_NAME if home else None
        try:
            self.db = _open(self.path)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
                raise
            message = (
                f"The data file {self.path} cannot be used ({error}). Nothing was sent. "
                "To go back to the last backup, run: assistant restore"
            )
            raise UserError(message) from error

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
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

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


def _open(path: Path | None) -> Database:
    if path:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    connection = sqlite3.connect(path or ":memory:", isolation_level=None, timeout=BUSY_TIMEOUT_MS / 1000)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    db = Database(connection)
    if migrations.pending(db):
        migrations.apply(db)
    return db
