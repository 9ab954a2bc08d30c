"""Backups of the data file, the check whether it's sound, and the way back (docs/reliability.md, "Your data")."""

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
# SQLite's quick check looks at the tree of pages but not into texts. It noticed 58 of 100 damaged bytes; with these
# tables read as well, 99.
READ_WHOLE = (
    *("person", "belongs", "note", "correction", "setting", "fact", "event", "question", "digest", "digest_item"),
    *("issued", "draft", "outbox", "reply"),
)
# Half of a used file is frozen mail. We write it in ASCII; what was found in the mailbox after a restore may not be.
OUR_MESSAGES = "SELECT bytes FROM outbox WHERE detail IS NULL OR state != 'sent'"
DAY = timedelta(days=1)
STAMP = "%Y%m%dT%H%M%S"


def back_up(store: Store, now: datetime) -> Path:
    """Copy the data file into `backups/` beside it, keep the newest seven copies, and return the path of the new one.

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
        # A plain copy could catch another process in the middle of a write.
        store.connection.execute("VACUUM INTO ?", [str(unfinished)])
        os.fsync(handle)  # VACUUM INTO doesn't do it
    finally:
        os.close(handle)
    unfinished.rename(path)  # so a backup is whole or doesn't exist
    for old in backups(store.path.parent, now)[KEPT:]:
        old.unlink()
    return path


def backups(home: Path, now: datetime | None = None) -> list[Path]:
    """Return the daily backups of a data folder, newest first, without the copies made before migrations.

    Those dated more than a day after `now` come last: the clock was wrong when they were made.
    """
    found = sorted((home / BACKUPS).glob("[0-9]*.sqlite3"), reverse=True)
    last = f"{(now + DAY).astimezone(UTC):{STAMP}}" if now else "9"
    return sorted(found, key=lambda path: path.stem > last)


def all_copies(home: Path) -> list[Path]:
    """Return all files that `assistant restore` takes: backups, and copies made before migrations and restores."""
    return [*sorted((home / BACKUPS).glob("*.sqlite3")), *sorted(home.glob("before-restore-*.sqlite3"))]


def backup_is_due(home: Path, now: datetime) -> bool:
    """Return whether the newest backup is a day old, or there is none."""
    known = backups(home, now)
    if not known:
        return True
    try:
        newest = datetime.strptime(known[0].stem, STAMP).replace(tzinfo=UTC)
    except ValueError:
        return True
    return abs(now - newest) >= DAY  # abs: a backup from the future says that a clock was wrong, not that it's fresh


def put_back(home: Path, file: Path | None, now: datetime) -> Path:
    """Replace the data file by `file` (None: the newest backup) and return which file that was.

    The former data file stays beside it as `before-restore-…`. Raises UserError if there is no sound backup or the
    daemon is running.
    """
    with _alone(home):
        return _put_back(home, file, now)


def _put_back(home: Path, file: Path | None, now: datetime) -> Path:
    known = backups(home, now)
    source = file or (known[0] if known else None)
    if source is None:
        raise UserError("There is no backup in {folder}.", folder=home / BACKUPS)
    if not _sound(source):
        raise UserError("{source} is damaged too. Choose an older backup: assistant restore FILE", source=source)
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
            "{source} is not a backup of the assistant ({error}). Choose another file: assistant restore FILE",
            source=source,
            error=error,
        ) from error
    target = home / FILE_NAME
    kept = home / f"before-restore-{now.astimezone(UTC):{STAMP}}.sqlite3"
    for suffix in ("-wal", "-shm", ""):
        there, beside = home / f"{FILE_NAME}{suffix}", kept.with_name(kept.name + suffix)
        beside.unlink(missing_ok=True)
        if there.exists() and suffix:
            there.rename(beside)
        elif there.exists():
            os.link(there, beside)  # a rename would leave a moment without a data file, and a new one would be created
    fresh.rename(target)
    return source


def _copy(source: Path, fresh: Path, now: int) -> None:
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(fresh)) as new:
        old.backup(new)
        with new:
            # What waited when the backup was made may have gone out since then.
            new.execute(
                "UPDATE outbox SET state = 'doubt', looks = 0, first_look = NULL, last_look = NULL, tries = tries + 1,"
                " detail = 'a backup was restored' WHERE state IN ('queued', 'held', 'sending')"
            )
            new.execute("INSERT OR REPLACE INTO fact VALUES ('restored_at', ?)", [str(now)])
            new.execute("DELETE FROM fact WHERE name = 'trouble'")


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Hold the locks of daemon and round. Raises UserError if another process holds one."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with ExitStack() as stack:
        for name in LOCKS:
            handle = os.open(home / name, os.O_CREAT | os.O_RDWR, 0o600)
            stack.callback(os.close, handle)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise UserError(
                    "The assistant is running on this data. Stop it first, then run: assistant restore"
                ) from None
        yield


def is_sound(store: Store, *, deep: bool = False) -> bool:
    """Return whether SQLite's quick check finds nothing wrong and the texts that matter can be read.

    `deep` runs the full check, which compares indexes with rows, and reads every table.
    """
    return _is_sound(store.connection, deep=deep)


def check_database(store: Store, *, deep: bool = False) -> None:
    """Raise UserError, which says how to restore, if the data file is damaged. Nothing may be sent from it then."""
    if not is_sound(store, deep=deep):
        raise damaged(store.path, "its check fails")


def _sound(path: Path) -> bool:
    try:
        with _reading(path) as connection:
            return _is_sound(connection, deep=True)
    except sqlite3.DatabaseError:
        return False


def _reading(path: Path) -> closing[sqlite3.Connection]:
    """Open a file read-only. Its path is quoted by RFC 3986, as SQLite's URIs want it, so it may hold any character."""
    return closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True))


def _is_sound(connection: sqlite3.Connection, *, deep: bool) -> bool:
    try:
        rows = connection.execute("PRAGMA integrity_check" if deep else "PRAGMA quick_check").fetchall()
        there = [str(row[0]) for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        for table in there:
            if deep or table in READ_WHOLE:
                # A damaged byte in a text is mostly no longer UTF-8, so sqlite3 raises when it decodes the row.
                for _ in connection.execute(f"SELECT * FROM {table}"):
                    pass
        frozen = connection.execute(OUR_MESSAGES) if "outbox" in there else ()
        # In a damaged row a message may be NULL or a number.
        intact = all(isinstance(row[0], bytes) and row[0].isascii() for row in frozen)
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        return False
    return intact and [tuple(row) for row in rows] == [("ok",)]
