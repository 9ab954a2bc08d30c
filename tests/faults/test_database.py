"""The data file under kill -9, two writers, flipped bytes and a full disk: nothing that was acknowledged is lost."""

from __future__ import annotations

import contextlib
import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.cli.main import run
from assistant.errors import UserError
from assistant.owner import Owner
from assistant.store import facts
from assistant.store.backups import back_up, backup_is_due, backups, check_database, is_sound, put_back
from assistant.store.database import FILE_NAME, DataError, Store, is_damage
from assistant.store.schema import migrations
from tests.crash.lives import CONFIGS, STORIES, Base
from tests.owner.test_end_to_end import CONFIG, OWNER

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
KILLS = 100


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def write_for_ever(home: Path, said: int) -> None:
    """Write numbered facts in a child process, and print each number once it's acknowledged."""
    with Store(home) as store:
        number = int(facts.fact(store, "last") or 0)
        while True:
            number += 1
            with store.write():
                facts.set_fact(store, "last", str(number))
                facts.set_fact(store, f"row {number}", "x" * 200)
            os.write(said, f"{number}\n".encode())


def killed_while_writing(home: Path, after: float) -> int:
    """Return the last number that was acknowledged before the child was killed (0 for none)."""
    heard, said = os.pipe()
    child = os.fork()
    if child == 0:
        with contextlib.suppress(BaseException):
            os.close(heard)
            write_for_ever(home, said)
        os._exit(1)
    os.close(said)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with os.fdopen(heard) as pipe:
        numbers = pipe.read().split("\n")
    return int(numbers[-2]) if len(numbers) > 1 else 0


def test_a_hundred_kills_lose_no_acknowledged_row(home: Path) -> None:
    Store(home).close()
    chance = random.Random(11)  # noqa: S311 - the same moments each time
    acknowledged = 0
    for _ in range(KILLS):
        acknowledged = max(acknowledged, killed_while_writing(home, chance.uniform(0.002, 0.03)))
        with Store(home) as store:
            last = int(facts.fact(store, "last") or 0)
            assert last >= acknowledged
            rows = store.connection.execute("SELECT count(*) FROM fact WHERE name LIKE 'row %'").fetchone()[0]
            assert rows == last, "a transaction is there whole or not at all"
    with Store(home) as store:
        assert is_sound(store, deep=True)
    assert acknowledged, "the children did write"


def test_two_writers_wait_for_each_other(home: Path) -> None:
    Store(home).close()
    script = (
        "import sys; from pathlib import Path; from assistant.store.database import Store\n"
        "from assistant.store import facts\n"
        "store = Store(Path(sys.argv[1]))\n"
        "print('ready', flush=True)\n"
        "sys.stdin.readline()\n"
        "for number in range(300):\n"
        "    with store.write():\n"
        "        facts.set_fact(store, 'sum', str(int(facts.fact(store, 'sum') or 0) + 1))\n"
    )
    command = [sys.executable, "-c", script, str(home)]
    writers = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(2)]
    for writer in writers:
        assert writer.stdout
        assert writer.stdout.readline() == b"ready\n"
    for writer in writers:
        assert writer.stdin
        writer.stdin.write(b"go\n")
        writer.stdin.flush()
    for writer in writers:
        writer.communicate(timeout=60)
    assert [writer.returncode for writer in writers] == [0, 0]
    with Store(home) as store:
        assert facts.fact(store, "sum") == "600"


def test_two_processes_may_be_the_first(home: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from assistant.store.database import Store; Store(Path(sys.argv[1]))"
    )
    first = [subprocess.Popen([sys.executable, "-c", script, str(home)]) for _ in range(3)]
    assert [one.wait(60) for one in first] == [0, 0, 0]


@pytest.fixture
def filled(home: Path) -> Path:
    with Store(home) as store:
        with store.write():
            for number in range(2_000):
                facts.set_fact(store, f"row {number}", f"value {number} " * 5)
        back_up(store, NOW - timedelta(days=1))
        store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return home


def flip(path: Path, at: int) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        octet = file.read(1)[0]
        file.seek(at)
        file.write(bytes([octet ^ 0xFF]))


@pytest.fixture
def base(filled: Path, tmp_path: Path) -> list[str]:
    """Return the global options for that data folder, with a server that doesn't exist."""
    config = tmp_path / "config.toml"
    config.write_text(CONFIG.format(owner=OWNER, host="127.0.0.1", port=1, user="x", secret=tmp_path / "secret"))
    return ["--config", str(config), "--home", str(filled), "--now", NOW.isoformat()]


def test_flipped_bytes_refuse_to_send_and_say_how_to_restore(
    filled: Path, base: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Anywhere in the tree of pages. SQLite can't notice a flip that stays well-formed, such as a letter in a text."""
    sound = (filled / FILE_NAME).read_bytes()
    pages = range(0, len(sound), 4096)
    hurt = [0, 18, *(page + 100 * (page == 0) for page in list(pages)[:6]), pages[-1]]
    for at in hurt:
        (filled / FILE_NAME).write_bytes(sound)
        for rest in ("-wal", "-shm"):
            (filled / (FILE_NAME + rest)).unlink(missing_ok=True)
        flip(filled / FILE_NAME, at)
        assert run([*base, "once"]) == 1, at
        said = capsys.readouterr().err
        assert "assistant restore" in said, at
        assert "Nothing was sent" in said
        assert "Traceback" not in said
    assert run([*base, "restore"]) == 0
    with Store(filled) as store:
        assert facts.fact(store, "row 1999") is not None
    assert len(list(filled.glob("before-restore-*.sqlite3"))) == 1


def test_an_empty_or_missing_file_beside_backups_is_no_new_beginning(
    filled: Path, base: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    for size in (0, None):
        (filled / FILE_NAME).unlink()
        if size is not None:
            (filled / FILE_NAME).write_bytes(b"")
        for command in ("once", "people"):
            assert run([*base, command]) == 1
            assert "assistant restore" in capsys.readouterr().err
        assert run([*base, "restore"]) == 0
        with Store(filled) as store:
            assert facts.fact(store, "row 1999") is not None


@pytest.fixture(params=["facts", "mail"])
def used(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return a data folder full of facts, or a used one with a digest, drafts and an answer."""
    if request.param == "facts":
        return Path(request.getfixturevalue("filled"))
    return Base.make(STORIES[1], "smtp", tmp_path).home


def test_most_flips_anywhere_are_noticed(used: Path) -> None:
    sound = (used / FILE_NAME).read_bytes()
    chance = random.Random(3)  # noqa: S311 - the same places each time
    noticed = 0
    places = [at for at in chance.sample(range(len(sound)), len(sound)) if sound[at]][:150]
    for at in places:
        (used / FILE_NAME).write_bytes(sound)
        for rest in ("-wal", "-shm"):
            (used / (FILE_NAME + rest)).unlink(missing_ok=True)
        flip(used / FILE_NAME, at)
        try:
            with Store(used) as store:
                check_database(store, deep=True)
        except UserError as error:
            noticed += "assistant restore" in str(error)
    assert noticed >= 0.97 * len(places), f"{noticed} of {len(places)}"


@pytest.mark.parametrize("used", ["mail"], indirect=True)
def test_a_frozen_mail_that_became_null_is_noticed(used: Path) -> None:
    with contextlib.closing(sqlite3.connect(used / FILE_NAME)) as connection, connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_schema SET sql = replace(sql, 'BLOB NOT NULL', 'BLOB') WHERE name = 'outbox'")
    with contextlib.closing(sqlite3.connect(used / FILE_NAME)) as connection, connection:
        connection.execute("UPDATE outbox SET bytes = NULL WHERE id = 1")
    with Store(used) as store, pytest.raises(UserError, match="assistant restore"):
        check_database(store)


def test_a_damaged_file_is_never_backed_up_over_good_copies(filled: Path) -> None:
    flip(filled / FILE_NAME, 5 * 4096)
    with pytest.raises(UserError, match="assistant restore"), Store(filled) as store:
        Owner(CONFIGS["smtp"], filled, store).look_after(NOW)
    assert len(backups(filled)) == 1


def test_a_backup_a_day_and_seven_kept_whatever_the_clock_does(filled: Path) -> None:
    with Store(filled) as store:
        owner = Owner(CONFIGS["smtp"], filled, store)
        for hours in range(0, 24 * 12, 5):
            owner.look_after(NOW + timedelta(hours=hours))
        assert len(backups(filled)) == 7
        assert not backup_is_due(filled, NOW + timedelta(hours=24 * 12))
        assert backup_is_due(filled, NOW - timedelta(days=30)), "a clock that was set back does not stop backups"
    for path in [filled, filled / "backups"]:
        assert path.stat().st_mode & 0o777 == 0o700
    for path in [*filled.glob("assistant.sqlite3*"), *backups(filled)]:
        assert path.stat().st_mode & 0o777 == 0o600


def test_write_ahead_files_are_private(home: Path) -> None:
    before = os.umask(0)
    try:
        with Store(home) as store:
            facts.set_fact(store, "colour", "green")
            modes = {path.name: path.stat().st_mode & 0o777 for path in home.iterdir()}
    finally:
        os.umask(before)
    assert {FILE_NAME, FILE_NAME + "-wal", FILE_NAME + "-shm"} <= set(modes)
    assert set(modes.values()) == {0o600}


def fill_the_disk(home: Path) -> None:
    """In a child process no file may grow beyond 300 KB: write until that stops it, and go on reading."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with Store(home) as store:
        facts.set_fact(store, "before", "kept")
        size = 300_000
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        with contextlib.suppress(DataError, OSError):
            for number in range(100_000):
                facts.set_fact(store, f"row {number}", "x" * 500)
            os._exit(3)  # it never filled up
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, size))
        try:
            back_up(store, NOW)
        except (DataError, OSError):
            pass
        else:
            os._exit(4)
        os._exit(0 if facts.fact(store, "before") == "kept" else 5)


def test_a_full_disk_leaves_everything_sound(home: Path) -> None:
    Store(home).close()
    child = os.fork()
    if child == 0:
        with contextlib.suppress(BaseException):
            fill_the_disk(home)
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    with Store(home) as store:
        assert is_sound(store, deep=True)
        assert facts.fact(store, "before") == "kept"
        facts.set_fact(store, "after", "there is room again")
    assert backups(home) == [], "half a backup is none"


def test_without_room_the_file_is_not_called_damaged(home: Path) -> None:
    Store(home).close()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, hard))
    try:
        with pytest.raises(sqlite3.OperationalError):
            Store(home)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)
    with Store(home) as store:
        assert is_sound(store, deep=True)
    assert not (home / "room").exists()


def test_a_migration_keeps_a_copy_of_the_file_as_it_was(home: Path) -> None:
    with Store(home) as store:
        facts.set_fact(store, "colour", "green")
        applied = store.connection.execute("SELECT max(rowid) FROM _sqlite_migrations").fetchone()[0]
        name = store.connection.execute("SELECT name FROM _sqlite_migrations WHERE rowid = ?", [applied]).fetchone()[0]
    before = list(migrations._migrations)  # noqa: SLF001 - one more than the program has

    @migrations()
    def m999_one_more(db: object) -> None:
        db.execute("CREATE TABLE one_more (x TEXT) STRICT")  # type: ignore[attr-defined]

    try:
        with Store(home) as store:
            assert facts.fact(store, "colour") == "green"
            assert store.connection.execute("SELECT count(*) FROM one_more").fetchone() == (0,)
    finally:
        migrations._migrations[:] = before  # noqa: SLF001
    copy = home / "backups" / "before-m999_one_more.sqlite3"
    assert copy.stat().st_mode & 0o777 == 0o600
    assert name
    assert backups(home) == [], "restore does not go back before a migration by itself"
    assert put_back(home, copy, NOW) == copy


def test_which_errors_are_damage() -> None:
    assert is_damage(sqlite3.DatabaseError("database disk image is malformed"))
    for other in (sqlite3.OperationalError("locked"), sqlite3.IntegrityError("UNIQUE"), ValueError("x")):
        assert not is_damage(other)
    with Store(None) as store:
        check_database(store, deep=True)
