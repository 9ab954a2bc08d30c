"""A data file of an earlier version is brought up to date, and says what it said."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from sqlite_utils import Database

from assistant.rounds.scan import scan
from assistant.store.database import FILE_NAME, Store
from assistant.store.schema import migrations
from tests.scanning import ListMailbox, make_round
from tests.stores import memory_store
from tests.test_settling import mailbox

if TYPE_CHECKING:
    from pathlib import Path

ROWS = "message, address, name, field, verdict, weight, reason, at, rule_version, if_known"
WORDS = f"SELECT {ROWS} FROM recipient"
NAMES = "SELECT address, name, times FROM address WHERE times > 0"


def test_recipients_get_numbers_and_keep_their_words(tmp_path: Path) -> None:
    scanned = memory_store()
    scan(make_round(scanned, ListMailbox(mailbox(3))))
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
