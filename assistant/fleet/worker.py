"""The two processes of a fleet: `serve` defers what is due, a `worker` on each node does it, each round on its own.

A round runs in a process forked off a warm one (`warm`), never in the worker itself. So a place of the worker is held
at most for the round's limit, memory goes back at the end, and nothing of one owner is left when the next begins.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import multiprocessing
import signal
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from assistant.daemon import patience
from assistant.errors import AssistantError
from assistant.fleet import folders, queue
from assistant.fleet.one_round import LIMIT, LIMIT_WITH_MODEL, Outcome, run_alone

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime
    from pathlib import Path

    from procrastinate import App

    from assistant.clock import Clock

log = logging.getLogger("assistant.fleet")

TICK = 60  # seconds
AHEAD = timedelta(seconds=75)  # a job is deferred a tick before it is due, and starts at its very time
# Seconds that running rounds get at a stop. It's safe to cut them off then.
TIME_TO_STOP = 10
AGAIN = 2  # seconds until PostgreSQL is tried again


@dataclass(frozen=True, slots=True)
class Node:
    """One worker: the folder of its owners, its node's name, how many rounds at once, and seconds for one (`limit`)."""

    owners: Path
    name: str
    clock: Clock
    at_once: int
    limit: int = LIMIT

    async def work(self, app: App) -> None:
        """Take jobs of this node until cancelled or PostgreSQL goes away."""

        async def one(owner: str) -> None:
            await self.do(app, owner)

        app.task(name=queue.ROUND)(one)
        beat = max(1.0, self.clock.real(queue.BEAT))
        pinning = asyncio.create_task(self._pin(app))
        try:
            await app.run_worker_async(
                queues=[queue.queue_of(self.name)],
                name=self.name,
                concurrency=self.at_once,
                delete_jobs="always",
                fetch_job_polling_interval=1.0,
                update_heartbeat_interval=beat,
                stalled_worker_timeout=beat * 3,
                shutdown_graceful_timeout=TIME_TO_STOP,
                install_signal_handlers=False,
            )
        finally:
            pinning.cancel()

    async def do(self, app: App, name: str) -> None:
        """Do one owner's round and note what came of it. A job for an owner who is elsewhere by now is passed over."""
        row = await queue.pinned(app, name)
        if row is None or row["node"] != self.name or row["moving"]:
            return
        began = self.clock.now()
        early = row["next_at"] - began
        # The clock of whoever serves may be a little ahead of this one. The round counts as on time then, or it would
        # find nothing due and come again.
        now = row["next_at"] if timedelta(0) < early < AHEAD else began
        outcome = await self.run(self.owners / name, now, row["failures"])
        log.info("round owner=%s error=%s digest=%s", name, outcome.error or "none", outcome.digest or "none")
        await queue.note(app, row, outcome, began)

    async def run(self, folder: Path, now: datetime, failures: int) -> Outcome:
        """Do a round in a process of its own, and return its outcome. Whatever happens, the process is gone then."""
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["assistant.fleet.warm"])
        answer, channel = context.Pipe(duplex=False)
        loop = asyncio.get_running_loop()
        process = context.Process(target=run_alone, args=(str(folder), now, failures, self.limit, channel))
        process.start()
        channel.close()  # the process has the other; when it ends, reading here ends too
        said = asyncio.Event()
        loop.add_reader(answer.fileno(), said.set)
        try:
            await asyncio.wait_for(said.wait(), LIMIT_WITH_MODEL + TICK)
            return Outcome.read(answer.recv_bytes(1 << 12))
        except (EOFError, OSError, TimeoutError, ValueError, KeyError, TypeError):
            # Its time or its memory was up, or somebody killed it.
            return Outcome(now + patience(AssistantError(), failures + 1, 0), "Ended")
        finally:
            loop.remove_reader(answer.fileno())
            answer.close()
            process.join(timeout=0.5)
            if process.is_alive():
                process.kill()
                process.join()
            process.close()

    async def _pin(self, app: App) -> None:
        while True:
            with contextlib.suppress(*queue.LOST):
                await queue.pin(app, self.name, folders.names(self.owners), self.clock.now())
            await asyncio.sleep(max(1.0, self.clock.real(TICK)))


async def serve(app: App, clock: Clock) -> None:
    """Defer each owner's round when it is due, until cancelled or PostgreSQL goes away. Several may serve at once."""
    beat = max(1.0, clock.real(queue.BEAT))

    async def tick(timestamp: int) -> None:
        del timestamp
        swept = await queue.sweep(app, beat * 3, LIMIT_WITH_MODEL + 2 * TICK)
        deferred = await queue.defer_due(app, clock, AHEAD)
        log.info("tick deferred=%d swept=%d", deferred, swept)

    # Procrastinate defers one tick for each minute, however many serve. A pretended minute may be some seconds.
    seconds = max(1, round(clock.real(TICK)))
    cron = "* * * * *" if seconds >= TICK else f"* * * * * */{seconds}"
    # No lock: one that a killed process holds would keep back the very tick that sweeps it.
    app.periodic(cron=cron)(app.task(name="tick", queue=queue.SERVE, queueing_lock=queue.SERVE)(tick))
    await app.run_worker_async(
        queues=[queue.SERVE],
        name=queue.SERVE,
        delete_jobs="always",
        update_heartbeat_interval=beat,
        stalled_worker_timeout=beat * 3,
        install_signal_handlers=False,
    )


async def until_stopped(work: Callable[[App], Awaitable[None]]) -> None:
    """Do `work` with the queue until SIGTERM or SIGINT. When PostgreSQL goes away, begin again as soon as it is back.

    Raises UnreachableError if it's away at the start, UserError if its tables are missing.
    """
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    stopping = asyncio.create_task(stopped.wait())
    async with queue.opened():
        pass
    while not stopped.is_set():
        running = asyncio.create_task(_once(work))
        await asyncio.wait((running, stopping), return_when=asyncio.FIRST_COMPLETED)
        if stopped.is_set():
            running.cancel()
        try:
            await running
        except asyncio.CancelledError:
            break
        except queue.LOST as error:
            log.warning("queue lost error=%s", type(error).__name__)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stopped.wait(), AGAIN)


async def _once(work: Callable[[App], Awaitable[None]]) -> None:
    async with queue.opened() as app:
        await work(app)
