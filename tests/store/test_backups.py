from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from assistant.errors import UserError
from assistant.store.backups import back_up, backup_is_due, backups, is_sound, put_back
from assistant.store.database import FILE_NAME, Store
from assistant.store.facts import fact, set_fact

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)


def test_a_backup_is_whole_private_and_seven_are_kept(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        set_fact(store, "colour", "green")
        for day in range(9):
            path = back_up(store, NOW + timedelta(days=day))
        assert is_sound(store)
    assert len(backups(tmp_path)) == 7
    assert backups(tmp_path)[0] == path
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_restore_puts_the_newest_back_and_keeps_what_was_there(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        set_fact(store, "colour", "green")
        back_up(store, NOW)
        set_fact(store, "colour", "red")
    assert put_back(tmp_path, None, NOW) == backups(tmp_path)[0]
    with Store(tmp_path) as store:
        assert fact(store, "colour") == "green"
    kept = next(tmp_path.glob("before-restore-*.sqlite3"))
    assert kept.stat().st_size > 0
    assert (tmp_path / FILE_NAME).stat().st_mode & 0o777 == 0o600


def test_restore_without_a_sound_backup_says_so(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no backup"):
        put_back(tmp_path, None, NOW)
    broken = tmp_path / "broken.sqlite3"
    broken.write_bytes(b"SQLite format 3\0" + b"x" * 5000)
    with pytest.raises(UserError, match="damaged"):
        put_back(tmp_path, broken, NOW)


def test_memory_cannot_be_backed_up() -> None:
    with Store(None) as store, pytest.raises(UserError, match="memory"):
        back_up(store, NOW)


def test_a_damaged_file_says_how_to_restore(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"this is no database" * 100)
    with pytest.raises(UserError, match="assistant restore"):
        Store(tmp_path)


def test_a_write_that_fails_leaves_nothing_and_the_file_is_private(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with Store(home) as store:
        with pytest.raises(ZeroDivisionError):
            write_and_fail(store)
        assert fact(store, "colour") is None
        assert store.connection.execute("PRAGMA synchronous").fetchone()[0] == 2
        assert store.connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert home.stat().st_mode & 0o777 == 0o700
    assert (home / FILE_NAME).stat().st_mode & 0o777 == 0o600


def write_and_fail(store: Store) -> None:
    with store.write():
        set_fact(store, "colour", "green")
        raise ZeroDivisionError


def test_a_backup_is_due_where_there_is_none_or_its_name_tells_no_day(tmp_path: Path) -> None:
    assert backup_is_due(tmp_path, NOW)
    with Store(tmp_path) as store:
        path = back_up(store, NOW)
    assert not backup_is_due(tmp_path, NOW)
    path.rename(path.with_name("2026-renamed.sqlite3"))
    assert backup_is_due(tmp_path, NOW)
