"""Moving an owner: backup, copy, verify, switch; cut off anywhere, they stay where they were."""

from __future__ import annotations

import asyncio
import fcntl
import os
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from assistant.cli.main import run
from assistant.clock import PretendedClock
from assistant.fleet import folders, queue
from assistant.fleet.one_round import do_round
from assistant.fleet.worker import Node
from tests.fleet import hosting

if TYPE_CHECKING:
    from pathlib import Path

    from procrastinate import App

    from tests.servers.postgres import Postgres


@pytest.fixture
def ada(tmp_path: Path, template: Path, postgres: Postgres) -> Path:
    """Return the folder of an owner on node a, beside the folder of node b."""
    del postgres
    (tmp_path / "b's owners").mkdir()
    folder = hosting.copy(template, tmp_path / "a" / "owners" / "ada")

    async def pin() -> None:
        async with queue.opened() as app:
            await queue.pin(app, "a", ["ada"], hosting.SLOT)

    asyncio.run(pin())
    return folder


def move(ada: Path, into: str = "") -> int:
    there = into or str(ada.parents[2] / "b's owners")
    home = ["--home", str(ada.parents[1]), "--now", (hosting.SLOT + timedelta(minutes=30)).isoformat()]
    return run([*home, "fleet", "move", "ada", "b", "--into", there])


def pins(postgres: Postgres) -> list[list[str]]:
    return postgres.query("SELECT node, moving FROM fleet_owner")


@pytest.mark.parametrize("host", ["", "assistant@node2.example.com:"], ids=["here", "by ssh"])
def test_an_owner_goes_on_where_they_are_now(
    ada: Path, postgres: Postgres, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    tools = ada.parents[2] / "bin"
    tools.mkdir()
    (tools / "ssh").write_text(f'#!/bin/sh\n[ "$3" = "{host[:-1]}" ] && exec sh -c "$4"\n')
    (tools / "ssh").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}:{os.environ['PATH']}")
    assert do_round(ada, hosting.SLOT, 0).digest == "2026-W11"
    kept = {path.relative_to(ada): path.read_bytes() for path in ada.rglob("*") if path.is_file()}
    assert move(ada, f"{host}{ada.parents[2]}/b's owners") == 0
    there = ada.parents[2] / "b's owners" / "ada"
    assert pins(postgres) == [["b", "f"]]
    assert not ada.exists()
    assert folders.names(ada.parent) == []
    assert (ada.parent / ".ada.moved" / "config.toml").exists()
    came = {path.relative_to(there): path.read_bytes() for path in there.rglob("*") if path.is_file()}
    assert kept.items() <= (came | {path: kept[path] for path in kept if path.suffix in {".log", ""}}).items()
    assert len(list((there / "data" / "backups").iterdir())) > len(
        [path for path in kept if path.parent.name == "backups"]
    )
    assert {path.stat().st_mode & 0o777 for path in (there, there / "data")} == {0o700}
    (there / "config.toml").write_text((there / "config.toml").read_text().replace(str(ada), str(there)))
    assert do_round(there, hosting.SLOT + timedelta(hours=1), 0).digest is None
    assert hosting.digests(there) == ["2026-W11"]


def test_what_differs_is_not_switched_to(
    ada: Path, postgres: Postgres, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tools = ada.parents[2] / "bin"
    tools.mkdir()
    (tools / "tar").write_text('#!/bin/sh\n/bin/tar "$@"\ncase "$*" in *xpf*) echo x >>"$2/config.toml";; esac\n')
    (tools / "tar").chmod(0o755)
    before = [*sorted(ada.rglob("*"))]
    with monkeypatch.context() as patched:
        patched.setenv("PATH", f"{tools}:/usr/bin:/bin")
        assert move(ada) == 1
    assert "config.toml: FAILED" in (said := capsys.readouterr().err) or "did NOT match" in said
    assert pins(postgres) == [["a", "f"]]
    assert set(before) <= set(ada.rglob("*"))
    assert not (ada.parents[2] / "b's owners" / "ada").exists()
    assert move(ada) == 0, "and the same command begins again"
    assert pins(postgres) == [["b", "f"]]


def test_a_move_that_is_cut_off_is_begun_again(ada: Path, postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    tools = ada.parents[2] / "bin"
    tools.mkdir()
    (tools / "mv").symlink_to("/bin/false")
    there = ada.parents[2] / "b's owners" / "ada"
    with monkeypatch.context() as patched:
        patched.setenv("PATH", f"{tools}:/usr/bin:/bin")
        assert move(ada) == 1
    assert (ada.exists(), there.exists()) == (True, False), "only one of them could be run"
    postgres.query("UPDATE fleet_owner SET moving = true")  # killed, it would not have said that it's over
    assert move(ada) == 0
    assert (ada.exists(), there.exists()) == (False, True)
    assert pins(postgres) == [["b", "f"]]


def test_nobody_moves_in_mid_round_or_onto_another(
    ada: Path, postgres: Postgres, capsys: pytest.CaptureFixture[str]
) -> None:
    with (ada / "data" / "round.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert move(ada) == 1
    assert "at work for ada" in capsys.readouterr().err
    (ada.parents[2] / "b's owners" / "ada").mkdir()
    assert move(ada) == 1
    assert move(ada, str(ada.parents[2] / "nowhere")) == 1
    assert pins(postgres) == [["a", "f"]]
    assert ada.is_dir()


@pytest.mark.parametrize("change", ["node = 'b'", "moving = true"])
def test_a_job_left_on_the_old_node_does_nothing(ada: Path, postgres: Postgres, change: str) -> None:
    postgres.query(f"UPDATE fleet_owner SET {change}")

    async def work(app: App) -> None:
        node = Node(ada.parent, "a", PretendedClock(hosting.SLOT), at_once=1)
        await node.do(app, "ada")
        await node.do(app, "nobody")

    async def opened() -> None:
        async with queue.opened() as app:
            await work(app)

    asyncio.run(opened())
    assert hosting.digests(ada) == []
    assert postgres.query("SELECT rounds FROM fleet_owner") == [["0"]]
