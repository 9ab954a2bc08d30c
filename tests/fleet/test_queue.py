"""The queue: one job an owner, pinned to a node; poisoned mailboxes; what the metrics and the doctor say."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import shutil
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant.cli.main import run
from assistant.clock import PretendedClock, SystemClock
from assistant.fleet import queue
from assistant.fleet.one_round import Outcome, do_round, next_poll
from assistant.fleet.worker import AHEAD, Node
from tests.fleet import hosting
from tests.fleet.poison import poison, server_that

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from procrastinate import App

    from tests.servers.postgres import Postgres

NOW = hosting.SLOT - timedelta(hours=1)
NODE = "a"


def on_queue(work: Callable[[App], Awaitable[None]]) -> None:
    """Do something with the queue."""

    async def opened() -> None:
        async with queue.opened() as app:
            await work(app)

    asyncio.run(opened())


@pytest.mark.parametrize(("ahead", "done"), [(0, 1), (40, 1), (600, 0)])
def test_a_node_whose_clock_is_behind_does_the_round_in_time(
    tmp_path: Path, template: Path, postgres: Postgres, ahead: int, done: int
) -> None:
    ada = hosting.copy(template, tmp_path / "ada")
    clock = PretendedClock(hosting.SLOT - timedelta(seconds=ahead), speed=0)

    async def work(app: App) -> None:
        await queue.pin(app, NODE, ["ada"], hosting.SLOT)
        await Node(tmp_path, NODE, clock, at_once=1).do(app, "ada")

    on_queue(work)
    assert len(hosting.digests(ada)) == done
    assert postgres.query("SELECT rounds, late FROM fleet_owner") == [["1", "0"]]


@pytest.mark.usefixtures("postgres")
def test_a_second_job_of_an_owner_is_refused() -> None:
    async def work(app: App) -> None:
        assert await queue.defer(app, "ada", NODE)
        assert not await queue.defer(app, "ada", NODE)
        assert not await queue.defer(app, "ada", "another node")
        assert await queue.defer(app, "bob", NODE)

    on_queue(work)


def test_who_is_due_is_deferred_once_and_at_the_right_time(postgres: Postgres) -> None:
    clock = PretendedClock(NOW, speed=0)

    async def work(app: App) -> None:
        await queue.pin(app, NODE, ["ada", "bob", "cleo"], NOW)
        postgres.query(f"UPDATE fleet_owner SET next_at = '{NOW + timedelta(hours=1)}' WHERE name = 'bob'")
        postgres.query("UPDATE fleet_owner SET moving = true WHERE name = 'cleo'")
        assert [await queue.defer_due(app, clock, AHEAD) for _ in range(3)] == [1, 0, 0]
        postgres.query("UPDATE procrastinate_jobs SET status = 'doing'")
        assert await queue.defer_due(app, clock, AHEAD) == 0, "nor while it is being done"

    on_queue(work)
    assert postgres.query("SELECT queue_name, args->>'owner' FROM procrastinate_jobs") == [["node a", "ada"]]


def test_what_a_dead_worker_held_is_swept_and_comes_again(postgres: Postgres) -> None:
    clock = PretendedClock(NOW, speed=0)

    async def work(app: App) -> None:
        await queue.pin(app, NODE, ["ada", "bob", "cleo"], NOW)
        await queue.defer_due(app, clock, AHEAD)
        postgres.query("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now()), (now() - interval '1 h')")
        alive, dead = (row[0] for row in postgres.query("SELECT id FROM procrastinate_workers ORDER BY 1"))
        for name, worker in (("ada", alive), ("bob", dead), ("cleo", alive)):
            postgres.query(
                f"UPDATE procrastinate_jobs SET status = 'doing', worker_id = {worker} WHERE lock = 'owner {name}'"
            )
        postgres.query(
            "UPDATE procrastinate_events SET at = now() - interval '1 h' FROM procrastinate_jobs job"
            " WHERE job_id = job.id AND lock = 'owner cleo'"
        )
        assert await queue.sweep(app, 30, 900) == 2
        assert await queue.defer_due(app, clock, AHEAD) == 2

    on_queue(work)
    waiting = "SELECT lock FROM procrastinate_jobs WHERE status = 'todo' ORDER BY 1"
    assert postgres.query(waiting) == [["owner bob"], ["owner cleo"]]


def test_owners_are_pinned_once_and_not_forgotten_all_at_once(postgres: Postgres) -> None:
    async def work(app: App) -> None:
        await queue.pin(app, NODE, ["ada", "bob", "cleo"], NOW)
        await queue.pin(app, "b", ["ada", "dora"], NOW)
        assert known() == "ada a, bob a, cleo a, dora b"
        await queue.pin(app, NODE, ["ada", "bob"], NOW)
        assert known() == "ada a, bob a, dora b", "one is gone"
        await queue.pin(app, NODE, [], NOW)
        assert known() == "ada a, bob a, dora b", "a disk is missing"
        await queue.pin(app, "b", [], NOW)
        assert known() == "ada a, bob a", "the only one is removed"

    def known() -> str:
        return ", ".join(" ".join(row) for row in postgres.query("SELECT name, node FROM fleet_owner ORDER BY 1"))

    on_queue(work)


def test_tables_are_made_once_and_missed(postgres_server: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in postgres_server.environ.items():
        monkeypatch.setenv(name, value)
    postgres_server.query("CREATE DATABASE empty")
    monkeypatch.setenv("PGDATABASE", "empty")
    assert run(["fleet", "metrics"]) == 1
    assert [run(["fleet", "tables"]), run(["fleet", "tables"]), run(["fleet", "metrics"])] == [0, 0, 0]


def test_without_postgresql_it_is_tried_later(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PGHOST", str(tmp_path))
    assert run(["fleet", "serve"]) == 3
    assert "PostgreSQL can't be reached" in capsys.readouterr().err


def test_polls_are_spread_evenly_and_four_an_hour() -> None:
    first = [next_poll(f"owner{number}", NOW) for number in range(5_000)]
    assert all(NOW < at <= NOW + timedelta(minutes=15) for at in first)
    minutes = [sum(at // 60 == minute for at in (int(one.timestamp()) for one in first))
               for minute in range(int(NOW.timestamp()) // 60, int(NOW.timestamp()) // 60 + 15)]  # fmt: skip
    assert max(minutes) < 1.3 * 5_000 / 15
    assert next_poll("ada", next_poll("ada", NOW)) == next_poll("ada", NOW) + timedelta(minutes=15)


def test_rounds_are_as_the_daemons(tmp_path: Path, template: Path) -> None:
    ada = hosting.copy(template, tmp_path / "ada")
    before = do_round(ada, hosting.SLOT - timedelta(minutes=1), 0)
    assert (before.error, before.digest, before.next_at) == (None, None, hosting.SLOT)
    assert do_round(ada, hosting.SLOT, 0).digest == "2026-W11"
    for hours in range(1, 7 * 24, 5):
        assert do_round(ada, hosting.SLOT + timedelta(hours=hours), 0).digest is None
    assert hosting.digests(ada) == ["2026-W11"]


def test_what_warms_the_process_is_a_whole_digest(tmp_path: Path) -> None:
    from assistant.fleet.warm import made_up_digest

    outcome = made_up_digest(tmp_path, "de")
    assert (outcome.error, outcome.digest) == (None, "2026-W10")


def test_failures_wait_as_the_daemons_do(tmp_path: Path, template: Path) -> None:
    ada = hosting.copy(template, tmp_path / "ada")
    (ada / "mail").rename(ada / "gone")
    waits = [(do_round(ada, NOW, failures).next_at - NOW).total_seconds() for failures in range(6)]
    assert waits == [60, 120, 240, 480, 600, 600]
    (ada / "config.toml").write_text("[me]\n")
    assert do_round(ada, NOW, 0) == Outcome(NOW + timedelta(minutes=1), "ConfigError")
    shutil.rmtree(ada)
    assert do_round(ada, NOW, 0).error == "UserError"


def test_an_outcome_is_read_as_it_was_said() -> None:
    for outcome in (Outcome(NOW), Outcome(NOW, "UserError"), Outcome(NOW, None, "2026-W11")):
        assert Outcome.read(outcome.as_bytes()) == outcome
    for said in (b"", b"[]", b"{}", b'{"next_at": 1, "error": null, "digest": null}', b"\x80\x04K\x01."):
        with pytest.raises((ValueError, KeyError, TypeError)):
            Outcome.read(said)


@pytest.mark.timeout(100)
@pytest.mark.parametrize("floods", [False, True], ids=["stalls", "floods"])
def test_a_poisoned_mailbox_delays_nobody_else(
    tmp_path: Path, template: Path, postgres: Postgres, *, floods: bool
) -> None:
    folders = [hosting.copy(template, tmp_path / f"o{number}") for number in range(6)]
    node = Node(tmp_path, NODE, PretendedClock(NOW), at_once=2, limit=8)

    async def work(app: App) -> None:
        names = [folder.name for folder in folders]
        await queue.pin(app, NODE, names, NOW)
        for name in names:
            assert await queue.defer(app, name, NODE)
        await node.run(folders[1], NOW, 0)  # from here on the process that others fork off is warm
        working = asyncio.create_task(node.work(app))
        await until("last_ok IS NOT NULL", 5)
        left.extend(postgres.query("SELECT name FROM fleet_owner WHERE rounds = 0"))
        await until("rounds > 0", 6)
        working.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await working

    async def until(where: str, count: int) -> None:
        for _ in range(200):
            if postgres.query(f"SELECT count(*) FROM fleet_owner WHERE {where}") == [[str(count)]]:
                return
            await asyncio.sleep(0.1)
        raise AssertionError(postgres.query("SELECT name, rounds, error FROM fleet_owner"))

    left: list[list[str]] = []
    with server_that(floods) as port:
        poison(folders[0], port)
        on_queue(work)
    assert left == [["o0"]] or floods, "the others went on meanwhile"
    ((error, failures),) = postgres.query("SELECT error, failures FROM fleet_owner WHERE name = 'o0'")
    assert error == "Ended" or (floods and error == "UnreachableError")
    assert failures == "1"


LIMITED = """
import datetime, multiprocessing, signal, sys
from assistant.fleet.one_round import Outcome, run_alone
answer, channel = multiprocessing.Pipe(duplex=False)
run_alone(sys.argv[1], datetime.datetime.fromisoformat(sys.argv[2]), 0, 60, channel)
assert Outcome.read(answer.recv_bytes()).error is None
assert 0 < signal.alarm(0) <= 60
try:
    bytearray(1 << 30)
except MemoryError:
    print("limited")
"""


def test_the_process_of_a_round_is_limited_in_time_and_memory(tmp_path: Path, template: Path) -> None:
    ada = hosting.copy(template, tmp_path / "ada")
    command = [sys.executable, "-c", LIMITED, str(ada), NOW.isoformat()]
    assert subprocess.run(command, capture_output=True, text=True, check=False).stdout == "limited\n"


def anybody_may_run_python() -> bool:
    folders = {parent for path in (sys.prefix, sys.base_prefix) for parent in (Path(path), *Path(path).parents)}
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in folders)


@pytest.mark.skipif(
    os.geteuid() != 0 or not anybody_may_run_python(),
    reason="NOT TESTED: only root can become another user, who must be able to read Python",
)
def test_root_does_the_round_as_the_owner_of_the_folder(tmp_path: Path, template: Path) -> None:
    for path in (tmp_path, *tmp_path.parents[:3]):
        path.chmod(path.stat().st_mode | stat.S_IXOTH)
    ada = hosting.copy(template, tmp_path / "ada")
    for path in (ada, *ada.rglob("*")):
        os.chown(path, 65534, 65534)
    node = Node(tmp_path, NODE, SystemClock(), at_once=1)
    outcome = asyncio.run(node.run(ada, NOW, 0))
    assert outcome.error is None
    assert {path.stat().st_uid for path in ada.rglob("*")} == {65534}, "the log and the locks too"


def test_the_metrics_parse_and_name_nobody(postgres: Postgres, capsys: pytest.CaptureFixture[str]) -> None:
    async def work(app: App) -> None:
        await queue.pin(app, 'odd "node"\\', ["ada", "bob"], datetime.now(UTC) - timedelta(minutes=10))  # noqa: TID251
        (row,) = await queue.rows(app, "SELECT * FROM fleet_owner WHERE name = 'ada'")
        await queue.note(app, row, Outcome(row["next_at"] + timedelta(days=1), "UserError"), row["next_at"])

    on_queue(work)
    capsys.readouterr()
    assert run(["fleet", "metrics"]) == 0
    said = capsys.readouterr().out
    sample = re.compile(r'^career_assistant_fleet_(\w+)(?:\{(\w+)="((?:[^"\\\n]|\\["\\n])*)"\})? (\S+)$')
    found = {one[1]: float(one[4]) for line in said.splitlines() if (one := sample.match(line))}
    assert len(found) == len({line.split()[2] for line in said.splitlines() if line.startswith("# TYPE")})
    assert not [line for line in said.splitlines() if not line.startswith("# ") and not sample.match(line)]
    assert (found["owners"], found["failing_owners"], found["failed_rounds_total"]) == (2, 1, 1)
    assert 590 < found["overdue_seconds"] < 700
    assert "ada" not in said
    assert "bob" not in said
    assert json.loads(json.dumps(postgres.query("SELECT name FROM fleet_owner ORDER BY 1"))) == [["ada"], ["bob"]]


def test_the_doctor_says_who_waits(
    postgres: Postgres, tmp_path: Path, template: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ada = hosting.copy(template, tmp_path / "owners" / "ada")

    def doctor() -> dict[str, bool]:
        capsys.readouterr()
        run(["--home", str(tmp_path), "doctor", "--fleet", "--json"])
        return {one["check"]: one["ok"] for one in json.loads(capsys.readouterr().out)}

    async def work(app: App) -> None:
        now = SystemClock().now()
        await queue.pin(app, NODE, ["ada"], now)
        (row,) = await queue.rows(app, "SELECT * FROM fleet_owner")
        await queue.note(app, row, Outcome(now + timedelta(minutes=1)), now)

    on_queue(work)
    assert doctor() == {"owners": True, "queue": True, "processes": False, "rounds": True}
    postgres.query("INSERT INTO procrastinate_workers DEFAULT VALUES")
    postgres.query("INSERT INTO procrastinate_workers DEFAULT VALUES")
    assert set(doctor().values()) == {True}
    postgres.query("UPDATE fleet_owner SET last_ok = now() - interval '3 days'")
    assert not doctor()["rounds"]
    postgres.query("UPDATE fleet_owner SET last_ok = now(), next_at = now() - interval '1 hour'")
    ada.chmod(0o755)
    assert doctor() == {"owners": False, "queue": True, "processes": True, "rounds": False}
