"""A data file that somebody else is writing is busy, not damaged: nobody is told to go back to a backup."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from assistant.store.database import FILE_NAME, Store

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
