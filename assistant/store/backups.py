"""Copies of the data file: a consistent one at any time (VACUUM INTO), and the way back."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlite_utils import Database

from assistant.errors import UserError
from assistant.store.database import BACKUPS, FILE_NAME, LOCKS, damaged, refuse_newer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from assistant.store.database import Store

KEPT = 7
READ_WHOLE = (
    *("person", "belongs", "note", "correction", "setting", "fact", "event", "question", "digest", "digest_item"),
    *("issued", "draft", "outbox", "reply"),
)
OUR_MESSAGES = "SELECT bytes FROM outbox WHERE detail IS NULL OR state != 'sent'"
"""Those as we froze them; what was found in the mailbox after a restore has the server's fields in it."""
DAY = timedelta(days=1)
STAMP = "%Y%m%dT%H%M%S"


def back_up(store: Store, now: datetime) -> Path:
    """Write a whole copy into `backups/` beside the data file, keep the newest seven, and return its path.

    Raises UserError for a store in memory.
    """
    if store.path is None:
        raise UserError("Data in memory cannot be backed up.")
    folder = store.path.parent / BACKUPS
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{now.astimezone(UTC):{STAMP}}.sqlite3"
    unfinished = folder / "unfinished"
    unfinished.unlink(missing_ok=True)
    handle = os.open(unfinished, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        store.connection.execute("VACUUM INTO ?", [str(unfinished)])
        os.fsync(handle)  # VACUUM INTO leaves that to us
    finally:
        os.close(handle)
    unfinished.rename(path)  # whole, or not there
    for old in backups(store.path.parent, now)[KEPT:]:
        old.unlink()
    return path


def backups(home: Path, now: datetime | None = None) -> list[Path]:
    """Return the backups of a data folder, newest first; empty for none. Not those before migrations.

    Those of a day that has not come at `now` come last: the clock was wrong when they were made.
    """
    found = sorted((home / BACKUPS).glob("[0-9]*.sqlite3"), reverse=True)
    last = f"{(now + DAY).astimezone(UTC):{STAMP}}" if now else "9"
    return sorted(found, key=lambda path: path.stem > last)


def all_copies(home: Path) -> list[Path]:
    """Return every copy that `assistant restore` takes: the backups, those before migrations and before restores."""
    return [*sorted((home / BACKUPS).glob("*.sqlite3")), *sorted(home.glob("before-restore-*.sqlite3"))]


def is_due(home: Path, now: datetime) -> bool:
    """Return whether the newest backup is a day old."""
    known = backups(home, now)
    if not known:
        return True
    try:
        newest = datetime.strptime(known[0].stem, STAMP).replace(tzinfo=UTC)
    except ValueError:
        return True
    return abs(now - newest) >= DAY


def put_back(home: Path, file: Path | None, now: datetime) -> Path:
    """Put `file` (None: the newest backup) in the place of the data file and return which it was.

    What was there stays beside it as `before-restore-…`. What waited to go out when the backup was made may have gone
    since: it is in doubt afterwards. Raises UserError where there is no sound backup, or the daemon runs.
    """
    with _alone(home):
        return _put_back(home, file, now)


def _put_back(home: Path, file: Path | None, now: datetime) -> Path:
    known = backups(home, now)
    source = file or (known[0] if known else None)
    if source is None:
        raise UserError(f"There is no backup in {home / BACKUPS}.")
    if not _sound(source):
        raise UserError(f"{source} is damaged too; choose an older one: assistant restore FILE")
    with _reading(source) as backup:
        refuse_newer(Database(backup), source)
    fresh = home / f"{FILE_NAME}.restoring"
    fresh.unlink(missing_ok=True)
    os.close(os.open(fresh, os.O_CREAT | os.O_RDWR, 0o600))
    try:
        _copy(source, fresh, int(now.timestamp()))
    except sqlite3.Error as error:
        fresh.unlink()
        raise UserError(
            f"{source} is no backup of the assistant's ({error}); choose another: assistant restore FILE"
        ) from error
    target = home / FILE_NAME
    kept = home / f"before-restore-{now.astimezone(UTC):{STAMP}}.sqlite3"
    for suffix in ("-wal", "-shm", ""):
        there, beside = home / f"{FILE_NAME}{suffix}", kept.with_name(kept.name + suffix)
        beside.unlink(missing_ok=True)
        if there.exists() and suffix:
            there.rename(beside)
        elif there.exists():
            os.link(there, beside)  # at no moment is there no data file: an empty one would begin anew
    fresh.rename(target)
    return source


def _copy(source: Path, fresh: Path, now: int) -> None:
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(fresh)) as new:
        old.backup(new)
        with new:
            new.execute(
                "UPDATE outbox SET state = 'doubt', looks = 0, first_look = NULL, last_look = NULL, tries = tries + 1,"
                " detail = 'the data were put back' WHERE state IN ('queued', 'held', 'sending')"
            )
            new.execute("INSERT OR REPLACE INTO fact VALUES ('restored_at', ?)", [str(now)])
            new.execute("DELETE FROM fact WHERE name = 'trouble'")


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Hold the locks of daemon and round. Raises UserError where one of them works on these data."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with ExitStack() as stack:
        for name in LOCKS:
            handle = os.open(home / name, os.O_CREAT | os.O_RDWR, 0o600)
            stack.callback(os.close, handle)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise UserError(
                    "The assistant is at work on these data. Stop it first, then run: assistant restore"
                ) from None
        yield


def is_sound(store: Store, *, deep: bool = False) -> bool:
    """Return whether SQLite's own quick check (`deep`: the full one, with indexes against rows) finds nothing wrong.

    It looks at the tree of pages and not into texts, so what the owner said and what may go out is read as well
    (`deep`: all there is): an octet that was hurt there is mostly no UTF-8 any more, and in a message of ours no ASCII.
    """
    return _is_sound(store.connection, deep=deep)


def check(store: Store, *, deep: bool = False) -> None:
    """Raise UserError, with how to restore, where the data file is damaged: nothing may be sent from it then."""
    if not is_sound(store, deep=deep):
        raise damaged(store.path, "its check fails")


def _sound(path: Path) -> bool:
    try:
        with _reading(path) as connection:
            return _is_sound(connection, deep=True)
    except sqlite3.DatabaseError:
        return False


def _reading(path: Path) -> closing[sqlite3.Connection]:
    """Open a file that is only read; its path may hold any character (RFC 3986 quoting, as SQLite reads it)."""
    return closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True))


def _is_sound(connection: sqlite3.Connection, *, deep: bool) -> bool:
    try:
        rows = connection.execute("PRAGMA integrity_check" if deep else "PRAGMA quick_check").fetchall()
        there = [str(row[0]) for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        for table in there:
            if deep or table in READ_WHOLE:
                for _ in connection.execute(f"SELECT * FROM {table}"):
                    pass
        frozen = connection.execute(OUR_MESSAGES) if "outbox" in there else ()
        intact = all(bytes(row[0]).isascii() for row in frozen)
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        return False
    return intact and [tuple(row) for row in rows] == [("ok",)]
