"""A busy data file isn't called damaged, and a transaction that SQLite ended itself leaves nothing open."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from assistant.store.database import FILE_NAME, Store
from assistant.store.facts import fact, set_fact

if TYPE_CHECKING:
    from pathlib import Path


def test_a_locked_file_is_not_called_damaged(tmp_path: Path) -> None:
    Store(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = DELETE")
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            Store(tmp_path)
    Store(tmp_path).close()


def test_a_transaction_sqlite_ended_by_itself_leaves_its_own_error_and_a_store_to_write_to(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        with pytest.raises(sqlite3.IntegrityError), store.write() as db:
            db.execute("INSERT OR ROLLBACK INTO fact VALUES ('a', '1'), ('a', '2')")
        assert fact(store, "a") is None
        set_fact(store, "a", "3")
        assert fact(store, "a") == "3"


def test_what_the_table_calls_write_is_one_transaction(tmp_path: Path) -> None:
    with Store(tmp_path) as store, Store(tmp_path) as other:
        with pytest.raises(KeyboardInterrupt):
            _write_and_be_cut_off(store, other)
        assert (fact(store, "one"), fact(store, "two"), store.row("reply", "1")) == (None, None, None)


def _write_and_be_cut_off(store: Store, other: Store) -> None:
    with store.write() as db:
        set_fact(store, "one", "1")
        db.table("fact").insert({"name": "two", "value": "2"})
        db.table("fact").update("two", {"value": "3"})
        store.insert("reply", {"at": 1, "transcript": "{}"})
        assert store.connection.in_transaction
        assert (fact(store, "two"), fact(other, "one")) == ("3", None)
        raise KeyboardInterrupt
