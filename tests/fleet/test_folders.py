"""The folders of a host's owners: private, apart, checked; added and removed."""

from __future__ import annotations

import fcntl
import os
import stat
from typing import TYPE_CHECKING

import pytest

from assistant.cli.main import run
from assistant.fleet import folders
from assistant.store.database import Store
from tests.black_box import Box

if TYPE_CHECKING:
    from pathlib import Path


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


@pytest.mark.skipif(os.geteuid() != 0, reason="NOT TESTED: only root can give a folder away")
def test_a_unix_user_each_owns_their_folder(tmp_path: Path) -> None:
    there = Box(tmp_path / "a")
    config = str(there.folder / "config.toml")
    assert on(tmp_path / "host", "add", "ada", "--from", config, "--user", "nobody") == 0
    ada = tmp_path / "host" / "owners" / "ada"
    assert {path.stat().st_uid for path in (ada, *ada.iterdir())} == {65534}
    assert stat.S_IMODE(ada.parent.stat().st_mode) == 0o711


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
