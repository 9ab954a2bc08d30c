"""Copies of the data file: a consistent one at any time (VACUUM INTO), and the way back."""

from __future__ import annotations

import os
import sqlite3
from typing import TYPE_CHECKING

from assistant.errors import UserError
from assistant.store.database import FILE_NAME

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from assistant.store.database import Store

FOLDER = "backups"
KEPT = 7


def back_up(store: Store, now: datetime) -> Path:
    """Write a whole copy into `backups/` beside the data file, keep the newest seven, and return its path.

    Raises UserError for a store in memory.
    """
    if store.path is None:
        message = "Data in memory cannot be backed up."
        raise UserError(message)
    folder = store.path.parent / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{now:%Y%m%dT%H%M%S}.sqlite3"
    path.unlink(missing_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    store.connection.execute("VACUUM INTO ?", [str(path)])
    for old in backups(store.path.parent)[KEPT:]:
        old.unlink()
    return path


def backups(home: Path) -> list[Path]:
    """Return the backups of a data folder, newest first; empty for none."""
    return sorted((home / FOLDER).glob("*.sqlite3"), reverse=True)


def put_back(home: Path, file: Path | None, now: datetime) -> Path:
    """Put `file` (None: the newest backup) in the place of the data file and return which it was.

    What was there stays beside it as `before-restore-…`. Raises UserError where there is no sound backup.
    """
    known = backups(home)
    source = file or (known[0] if known else None)
    if source is None:
        message = f"There is no backup in {home / FOLDER}."
        raise UserError(message)
    if not _sound(source):
        message = f"{source} is damaged too; choose an older one: assistant restore FILE"
        raise UserError(message)
    target = home / FILE_NAME
    fresh = home / f"{FILE_NAME}.restoring"
    fresh.unlink(missing_ok=True)
    os.close(os.open(fresh, os.O_CREAT | os.O_RDWR, 0o600))
    with sqlite3.connect(source) as old, sqlite3.connect(fresh) as new:
        old.backup(new)
    old.close()
    new.close()
    for suffix in ("", "-wal", "-shm"):
        there = home / f"{FILE_NAME}{suffix}"
        if there.exists():
            there.rename(home / f"before-restore-{now:%Y%m%dT%H%M%S}.sqlite3{suffix}")
    fresh.rename(target)
    return source


def is_sound(store: Store) -> bool:
    """Return whether SQLite's own quick check finds nothing wrong."""
    rows = store.connection.execute("PRAGMA quick_check").fetchall()
    return [tuple(row) for row in rows] == [("ok",)]


def _sound(path: Path) -> bool:
    try:
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        try:
            return connection.execute("PRAGMA quick_check").fetchall() == [("ok",)]
        finally:
            connection.close()
    except sqlite3.DatabaseError:
        return False
