"""A host of many owners on a real PostgreSQL: `python -m bench.fleet [PART N]...` (docs/hosting.md).

kills: N owners, two workers; a worker, PostgreSQL and both are killed in mid-round. Each owner has one digest a week?
cost:  CPU for each round, owner and hour, by process; memory. Nothing is due but the looks at Sent.
late:  N owners with the slot at the same minute, one worker with eight rounds at once, two of them poisoned: how late
       after the slot is each digest? The clock is pretended, and runs as fast as the real one. healthy: without those.
queue: the queue alone, with N owners due at once whose rounds take no time: how long does it take to defer and do them?

Without arguments: kills 300, cost 300, late 300, queue 1000, queue 5000.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import statistics
import sys
import tempfile
import time
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.clock import PretendedClock
from assistant.fleet import queue
from assistant.fleet.one_round import Outcome
from assistant.fleet.worker import Node
from tests.fleet import hosting
from tests.fleet.poison import poison, server_that
from tests.servers import postgres as server

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

    from tests.servers.postgres import Postgres

WEEK = ["2026-W11"]
TICKS = 100  # a second, in /proc


def kills(folder: Path, postgres: Postgres, count: int) -> bool:
    """Kill one after the other, look at the other days of the week, and return whether all had one digest."""
    with hosting.host(folder, postgres, hosting.SLOT - timedelta(minutes=4), speed=10) as host:
        owners = host.fill(hosting.template(folder / "template"), count)

        def delivered() -> int:
            return sum(bool(hosting.digests(one)) for one in owners)

        def doing() -> bool:
            return bool(postgres.query("SELECT id FROM procrastinate_jobs WHERE status = 'doing' AND lock IS NOT NULL"))

        def in_midst(share: float) -> None:
            host.until(lambda: delivered() > count * share and doing(), 600)

        def worker() -> subprocess.Popen[bytes]:
            return host.begin("worker", "--node", "a", "--at-once", "2")

        host.begin("serve")
        first, second = worker(), worker()
        in_midst(0.1)
        first.kill()
        in_midst(0.3)
        first = worker()
        postgres.kill()
        postgres.start()
        in_midst(0.5)
        postgres.kill()
        for one in (first, second):
            hosting.cut(one)
        at = delivered()
        postgres.start()
        worker()
        host.until(lambda: delivered() == count, 600)
        print(
            f"at the last kill {at} of {count} had theirs; all have it at {host.now:%H:%M}, slot {hosting.SLOT:%H:%M}"
        )
    for day in (2, 6):
        with hosting.host(folder / f"day {day}", postgres, hosting.SLOT + timedelta(days=day), speed=30) as later:
            later.home = folder
            postgres.query(f"UPDATE fleet_owner SET next_at = '{later.start}'")
            later.begin("serve")
            later.begin("worker", "--node", "a")
            done = f"SELECT count(*) FROM fleet_owner WHERE last_ok > '{later.start}'"
            later.until(lambda done=done: postgres.query(done) == [[str(count)]], 600)  # type: ignore[misc]
    found = [hosting.digests(one) for one in owners]
    doubled, missing = sum(len(one) > 1 for one in found), sum(not one for one in found)
    print(f"digests of the week: {sum(map(len, found))} for {count} owners; doubled {doubled}, missing {missing}")
    return found == [WEEK] * count


def cost(folder: Path, postgres: Postgres, count: int) -> bool:
    """Print what an hour without a digest costs."""
    with hosting.host(folder, postgres, hosting.SLOT + timedelta(days=1), speed=30) as host:
        owners = host.fill(hosting.template(folder / "template"), count)
        host.start -= timedelta(days=3)  # before the slot: none is due
        serve, worker = host.begin("serve"), host.begin("worker", "--node", "a")
        rounds = "SELECT coalesce(sum(rounds), 0) FROM fleet_owner"
        host.until(lambda: int(postgres.query(rounds)[0][0]) > count, 300)
        assert postgres.process is not None
        parts = {"worker": worker.pid, "serve": serve.pid, "PostgreSQL": postgres.process.pid}
        before, began = {name: cpu(pid) for name, pid in parts.items()}, int(postgres.query(rounds)[0][0])
        start, most = host.now, 0.0
        while host.now < start + timedelta(minutes=30):
            time.sleep(0.5)
            most = max(most, sum(memory(pid) for pid in tree(worker.pid)))
        done = int(postgres.query(rounds)[0][0]) - began
        hours = (host.now - start).total_seconds() / 3600
        spent = {name: cpu(pid) - before[name] for name, pid in parts.items()}
        print(
            f"{done} rounds of {count} owners in {hours:.2f} pretended hours: {done / count / hours:.1f} an hour each"
        )
        for name, seconds in spent.items():
            each = f"{seconds / done * 1000:6.1f} ms a round {seconds / count / hours * 1000:6.1f} ms an owner and hour"
            print(f"  {name:10} {each}")
        print(f"  together   {sum(spent.values()) / count / hours * 1000:.0f} ms an owner and hour")
        print(
            f"  memory of the worker and all it started: {most:.0f} MB at most (PSS); serve {memory(serve.pid):.0f} MB"
        )
        assert not any(hosting.digests(one) for one in owners)
    return True


def late(folder: Path, postgres: Postgres, count: int, kinds: tuple[bool, ...] = (False, True)) -> bool:
    """Print how late after their common slot the digests come, with poisoned owners among them: one of each kind."""
    with contextlib.ExitStack() as stack:
        host = stack.enter_context(hosting.host(folder, postgres, hosting.SLOT - timedelta(minutes=1), speed=1))
        template = hosting.template(folder / "template")
        owners = host.fill(template, count)
        for number, floods in enumerate(kinds):
            ill = hosting.copy(template, host.owners / f"ill{number}")
            poison(ill, stack.enter_context(server_that(floods)))
        # As if they had been here before: the looks are spread over the quarter of an hour.
        names = "', '".join(one.name for one in sorted(host.owners.iterdir()))
        slot = hosting.SLOT.isoformat()
        postgres.query(f"INSERT INTO fleet_owner (name, node, next_at) SELECT unnest(ARRAY['{names}']), 'a', '{slot}'")
        serve, worker = host.begin("serve"), host.begin("worker", "--node", "a")
        host.until(lambda: sum(bool(hosting.digests(one)) for one in owners[-5:]) == min(5, count), 1800)
        host.until(lambda: postgres.query("SELECT count(*) FROM fleet_owner WHERE rounds = 0") == [["0"]], 1800)
        assert postgres.process is not None
        spent = [cpu(pid) / count * 1000 for pid in (worker.pid, serve.pid, postgres.process.pid)]
        assert [hosting.digests(one) for one in owners] == [WEEK] * count
        waits = sorted((sent(one) - hosting.SLOT).total_seconds() for one in owners)
        nine = waits[int(count * 0.9)]
        print(f"{count} owners at one slot: half by {statistics.median(waits):.0f} s, nine of ten by {nine:.0f} s, ")
        print(f"  the last {waits[-1]:.0f} s after it. CPU for each digest: {spent[0]:.0f} ms, serve {spent[1]:.1f}, ")
        print(f"  PostgreSQL {spent[2]:.1f}; poisoned owners: {len(kinds)}")
    return True


class Quick(Node):
    """A worker whose rounds take no time."""

    async def run(self, _folder: Path, now: datetime, _failures: int) -> Outcome:
        """Return at once."""
        return Outcome(now + timedelta(days=1))


def queue_alone(folder: Path, postgres: Postgres, count: int) -> bool:
    """Print what the queue adds to each round."""
    clock = PretendedClock(hosting.SLOT, speed=0)
    os.environ.update(postgres.environ)
    postgres.query(
        f"INSERT INTO fleet_owner (name, node, next_at) SELECT 'o' || n, 'a', '{hosting.SLOT.isoformat()}'"
        f" FROM generate_series(1, {count}) n"
    )

    async def both() -> tuple[float, float]:
        async with queue.opened() as app:
            began = time.monotonic()
            assert await queue.defer_due(app, clock, timedelta(0)) == count
            deferred = time.monotonic()
            working = asyncio.create_task(Quick(folder, "a", clock, at_once=8).work(app))
            while await queue.rows(app, "SELECT FROM fleet_owner WHERE rounds = 0 LIMIT 1"):  # noqa: ASYNC110
                await asyncio.sleep(0.2)
            done = time.monotonic()
            working.cancel()
            await asyncio.wait([working])
            return deferred - began, done - deferred

    assert postgres.process is not None
    before = time.process_time(), cpu(postgres.process.pid)
    deferring, doing = asyncio.run(both())
    ours, theirs = time.process_time() - before[0], cpu(postgres.process.pid) - before[1]
    print(f"{count} jobs at once: deferred in {deferring:.0f} s, done in {doing:.0f} s")
    print(
        f"  CPU of each: {ours / count * 1000:.1f} ms in serve and worker, {theirs / count * 1000:.1f} ms in PostgreSQL"
    )
    return True


def sent(folder: Path) -> datetime:
    """Return the moment of the round that built the digest."""
    (message,) = [path for part in ("new", "cur") for path in (folder / "mail" / part).iterdir()]
    line = next(line for line in message.read_text("utf-8").splitlines() if line.startswith("Date: "))
    return datetime.strptime(line, "Date: %a, %d %b %Y %H:%M:%S %z")


def tree(pid: int) -> list[int]:
    """Return a process and all below it."""
    with contextlib.suppress(OSError):
        below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return [pid, *(one for child in below for one in tree(int(child)))]
    return []


def cpu(pid: int) -> float:
    """Return the CPU seconds of a process, of all below it and of those that ended."""
    total = 0
    for one in tree(pid):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            total += sum(map(int, fields[11:15]))
    return total / TICKS


def memory(pid: int) -> float:
    """Return a process's share of memory in MB: pages that n processes share count as an nth."""
    with contextlib.suppress(OSError):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
    return 0.0


PARTS: dict[str, Callable[[Path, Postgres, int], bool]] = {
    "kills": kills,
    "cost": cost,
    "late": late,
    "healthy": partial(late, kinds=()),
    "queue": queue_alone,
}


def main() -> int:
    """Run the parts that are named and return 1 if one isn't as promised."""
    given = sys.argv[1:] or ["kills", "300", "cost", "300", "late", "300", "queue", "1000", "queue", "5000"]
    good = True
    for name, count in zip(given[::2], given[1::2], strict=True):
        with tempfile.TemporaryDirectory(prefix="fleet-") as folder, server.running() as postgres:
            host = hosting.Host(Path(folder), postgres, hosting.SLOT, 1)
            assert host.run("tables") == 0
            began = time.monotonic()
            good = PARTS[name](Path(folder), postgres, int(count)) and good
            print(f"({name} {count}: {time.monotonic() - began:.0f} s)")
    return not good


if __name__ == "__main__":
    sys.exit(main())
