"""A data file of an earlier version is migrated and keeps what it says."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlite_utils import Database

from assistant import __version__
from assistant.errors import UserError
from assistant.rounds.scan.run import scan_sent_mail
from assistant.store.backups import back_up, put_back
from assistant.store.database import FILE_NAME, Store
from assistant.store.schema import migrations
from tests.rounds.test_settling import mailbox
from tests.scanning import ListMailbox, make_round
from tests.stores import memory_store

if TYPE_CHECKING:
    from pathlib import Path

ROWS = "message, address, name, field, verdict, weight, reason, at, rule_version, if_known"
WORDS = f"SELECT {ROWS} FROM recipient"
NAMES = "SELECT address, name, times FROM address WHERE times > 0"


def test_recipients_get_numbers_and_keep_their_words(tmp_path: Path) -> None:
    scanned = memory_store()
    scan_sent_mail(make_round(scanned, ListMailbox(mailbox(3))))
    words, names = (sorted(scanned.connection.execute(query), key=repr) for query in (WORDS, NAMES))
    assert len(words) > 50
    old = sqlite3.connect(tmp_path / FILE_NAME)
    migrations.apply(Database(old), stop_before="m002_numbered")
    fields = "id, message_id, short, folder, uidvalidity, uid, sent_at, offset_min, subject, size, facts, alike"
    for row in scanned.connection.execute(f"SELECT {fields} FROM message"):
        old.execute(f"INSERT INTO message ({fields}) VALUES ({', '.join('?' * len(row))})", row)
    old.executemany(f"INSERT INTO recipient ({ROWS}) VALUES (?,?,?,?,?,?,?,?,?,?)", words)
    old.executemany("INSERT INTO address VALUES (?, ?, ?)", names)
    old.commit()
    old.close()
    with Store(tmp_path) as new:
        assert sorted(new.connection.execute(WORDS), key=repr) == words
        assert sorted(new.connection.execute(NAMES), key=repr) == names
        kept = list((tmp_path / "backups").glob("before-m002*"))
        assert len(kept) == 1, "the file as it was is kept"
        plan = new.connection.execute("EXPLAIN QUERY PLAN SELECT 1 FROM recipient_row WHERE spelling = 1").fetchall()
        assert "recipient_by_spelling" in str(plan)


def files(folder: Path) -> dict[str, bytes]:
    """Return all files below a folder with their content."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def from_the_future(file: Path, *, also: str = "") -> None:
    """Make it the file of a newer version; `also` is a migration that isn't recorded in it."""
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("INSERT INTO _sqlite_migrations VALUES (99, 'assistant', 'm999_later', '2030-01-01')")
        db.execute("DELETE FROM _sqlite_migrations WHERE name = ?", [also])


@pytest.mark.parametrize("also", ["", "m002_numbered"], ids=["only newer", "newer and one of ours missing"])
def test_a_newer_data_file_is_refused_untouched(tmp_path: Path, also: str) -> None:
    Store(tmp_path).close()
    from_the_future(tmp_path / FILE_NAME, also=also)
    before = files(tmp_path)
    with pytest.raises(UserError) as caught:
        Store(tmp_path)
    assert str(caught.value) == (
        f"The data in {tmp_path / FILE_NAME} was written by a newer version of the assistant than this one"
        f" ({__version__}). Install the newer version; nothing was changed."
    )
    assert files(tmp_path) == before, "no backup, no migration, no journal"


def test_a_newer_backup_is_not_put_back(tmp_path: Path) -> None:
    home = tmp_path / "my 100%25 data?"
    with Store(home) as store:
        backup = back_up(store, datetime(2026, 3, 2, tzinfo=UTC))
    assert put_back(home, None, datetime(2026, 3, 2, tzinfo=UTC)) == backup
    from_the_future(backup)
    before = files(home)
    with pytest.raises(UserError, match="was written by a newer version"):
        put_back(home, None, datetime(2026, 3, 3, tzinfo=UTC))
    assert files(home) == before
