"""The folders of a host's owners: private, apart, checked; added and removed."""

from __future__ import annotations

import fcntl
import os
import stat
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant.cli.main import run
from assistant.fleet import folders
from assistant.store.database import Store
from tests.black_box import Box

if TYPE_CHECKING:
    from collections.abc import Iterator

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="NOT TESTED: only root can give a folder away")


@pytest.fixture
def host() -> Iterator[Path]:
    """Yield a data folder that every Unix user can reach; pytest's own folders are shut."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def on(home: Path, *arguments: str) -> int:
    return run(["--home", str(home), "fleet", *arguments])


def made(home: Path, name: str, box: Path) -> Path:
    """Add an owner with a mailbox of their own, and give back their folder."""
    there = Box(box)
    assert on(home, "add", name, "--from", str(there.folder / "config.toml")) == 0
    return home / "owners" / name


def test_an_owner_is_added_privately_and_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ada = made(tmp_path / "host", "ada", tmp_path / "a")
    assert on(tmp_path / "host", "add", "bob") == 0
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (ada.parent, ada, *ada.iterdir())}
    assert modes == {"owners": 0o700, "ada": 0o700, "config.toml": 0o600, "data": 0o700}
    capsys.readouterr()
    assert on(tmp_path / "host", "list") == 0
    assert capsys.readouterr().out == "ada\nbob\n"


@pytest.mark.parametrize("name", ["", ".", "..", "../ada", "Ada", "a b", "7", "a" * 33, "ada\n"])
def test_what_is_no_name_makes_no_folder(tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert on(tmp_path, "add", name) == 1
    assert "can't be the name of an owner" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_nobody_is_added_twice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert on(tmp_path, "add", "ada") == 0
    assert on(tmp_path, "add", "ada") == 1
    assert "There is an owner ada already" in capsys.readouterr().err


def test_an_unknown_unix_user_leaves_nothing_behind(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert on(tmp_path, "add", "ada", "--user", "nobody-of-this-name") == 1
    assert "no Unix user nobody-of-this-name" in capsys.readouterr().err
    assert on(tmp_path, "list") == 0
    assert capsys.readouterr().out == ""


@only_root
def test_a_unix_user_each_owns_their_folder(tmp_path: Path) -> None:
    there = Box(tmp_path / "a")
    config = str(there.folder / "config.toml")
    assert on(tmp_path / "host", "add", "ada", "--from", config, "--user", "nobody") == 0
    ada = tmp_path / "host" / "owners" / "ada"
    assert {path.stat().st_uid for path in (ada, *ada.iterdir())} == {65534}
    assert stat.S_IMODE(ada.parent.stat().st_mode) == 0o711


def given_away(host: Path, box: Path) -> Path:
    """Add bob, whose folder is another Unix user's, and return it."""
    config = str(Box(box).folder / "config.toml")
    assert on(host, "add", "bob", "--from", config, "--user", "nobody") == 0
    return host / "owners" / "bob"


@only_root
def test_the_first_unix_user_opens_the_way(host: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert made(host, "ada", tmp_path / "a").parent.stat().st_mode & 0o777 == 0o700
    bob = given_away(host, tmp_path / "b")
    assert stat.S_IMODE(bob.parent.stat().st_mode) == 0o711
    assert on(host, "check") == 0
    bob.parent.chmod(0o700)
    capsys.readouterr()
    assert on(host, "check") == 1
    assert f"bob: nobody can't pass through {bob.parent}; run: chmod o+x {bob.parent}\n" in capsys.readouterr().out


@only_root
@pytest.mark.parametrize(
    "command", [["doctor"], ["init"], ["scan"], ["once"], ["people"], ["backup"], ["restore"], ["do", "help"]]
)
def test_root_leaves_no_file_in_a_users_folder(
    host: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    bob = given_away(host, tmp_path / "b")
    options = ["--config", str(bob / "config.toml"), "--home", str(bob / "data")]
    if command == ["backup"]:
        with folders.acting_for(bob):
            Store(bob / "data").close()
    before = sorted(bob.rglob("*"))
    capsys.readouterr()
    assert run([*options, *command]) == 1
    shown = capsys.readouterr()
    assert "data belongs to nobody, who couldn't open what root writes there. Run: sudo -u nobody " in shown.err
    assert shown.out == ""
    assert sorted(bob.rglob("*")) == before


@only_root
def test_the_check_names_files_of_others_and_leaves_none(
    host: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bob = given_away(host, tmp_path / "b")
    with folders.acting_for(bob):
        Store(bob / "data").close()
    assert on(host, "check") == 0
    assert {path.stat().st_uid for path in bob.rglob("*")} == {65534}
    Store(bob / "data").close()
    (bob / "data" / "root's").touch()
    capsys.readouterr()
    assert on(host, "check") == 1
    said = f"bob: Files of others in {bob}: 1. nobody can't use them; run: chown -R nobody: {bob}\n"
    assert said in capsys.readouterr().out


def test_without_the_queue_the_doctor_shows_each_last_round(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "procrastinate", None)  # as if it weren't installed
    host = tmp_path / "host"
    ada = made(host, "ada", tmp_path / "a")
    assert run(["--home", str(host), "doctor", "--fleet"]) == 1
    assert "FAIL ada: No round has worked yet. Is ada set up?" in capsys.readouterr().out
    assert not (ada / "data" / "assistant.sqlite3").exists()
    assert run(["--config", str(ada / "config.toml"), "--home", str(ada / "data"), "scan"]) == 0
    capsys.readouterr()
    assert run(["--home", str(host), "doctor", "--fleet"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[1] == "ok   queue: none here: each owner has a service of their own"
    assert said[2].startswith("ok   ada: the last round was on ")
    assert run(["--home", str(host), "--now", "2100-01-01T08:00Z", "doctor", "--fleet"]) == 1
    assert "Does career-assistant@ada run?" in capsys.readouterr().out


def test_the_check_names_each_problem(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ada = made(tmp_path / "host", "ada", tmp_path / "a")
    made(tmp_path / "host", "bob", tmp_path / "b")
    Store(ada / "data").close()
    assert on(tmp_path / "host", "check") == 0
    assert capsys.readouterr().out.endswith("2 checked, problems: 0.\n")
    (ada / "config.toml").chmod(0o644)
    (ada / "data" / "assistant.sqlite3").write_bytes(b"no database" * 100)
    (ada.parent / "bob" / "config.toml").write_text("[me]\n")
    assert on(tmp_path / "host", "check") == 1
    said = capsys.readouterr().out
    assert f"ada: Others on this machine may read {ada}/config.toml" in said
    assert "ada: The data file" in said
    assert "bob: config.toml" in said


def test_one_mailbox_is_read_by_one_owner(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made(tmp_path / "host", "ada", tmp_path / "a")
    made(tmp_path / "host", "bob", tmp_path / "a")
    assert on(tmp_path / "host", "check") == 1
    assert "ada and bob share one mailbox." in capsys.readouterr().out


def test_an_owner_is_removed_but_not_in_mid_round(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ada = made(tmp_path / "host", "ada", tmp_path / "a")
    mail = sorted((tmp_path / "a").rglob("*"))
    with (ada / "data" / "round.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert on(tmp_path / "host", "remove", "ada", "--yes") == 1
    assert "at work for ada" in capsys.readouterr().err
    assert ada.is_dir()
    assert on(tmp_path / "host", "remove", "ada", "--yes") == 0
    assert folders.names(ada.parent) == []
    assert list(ada.parent.iterdir()) == []
    assert sorted((tmp_path / "a").rglob("*")) == mail
    assert on(tmp_path / "host", "remove", "ada", "--yes") == 1


def test_what_is_no_owner_is_passed_over(tmp_path: Path) -> None:
    assert folders.names(tmp_path / "nowhere") == []
    (tmp_path / "lost+found").mkdir()
    (tmp_path / "file").touch()
    (tmp_path / "ada").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "ada")
    assert folders.names(tmp_path) == ["ada"]
