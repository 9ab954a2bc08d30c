"""The queue on PostgreSQL: who is pinned to which node, when each round is due, and the jobs that Procrastinate keeps.

    serve, every minute: sweep what a dead worker held ──> defer a job for each owner whose round is due
    worker of a node:    take a job of its own queue ──> one_round ──> note the next

One table of ours (`fleet_owner`) says whom the host knows; it has a name and times, and nothing from a mailbox. How
PostgreSQL is reached is said by libpq's own variables (PGHOST, PGDATABASE, PGPASSFILE).
"""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from assistant.errors import UnreachableError, UserError

try:
    import psycopg
    from procrastinate import App, PsycopgConnector, exceptions
    from procrastinate.jobs import Status
    from procrastinate.schema import SchemaManager
except ImportError as missing:
    raise UserError(
        "This needs PostgreSQL's driver and the queue: install career-assistant[fleet], and the system's libpq5 "
        "({missing}).",
        missing=str(missing).partition("\n")[0],
    ) from missing

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from datetime import datetime, timedelta

    from assistant.clock import Clock
    from assistant.fleet.one_round import Outcome

Row = dict[str, Any]
LOST: Final = (exceptions.ConnectorException, psycopg.Error, UnreachableError)
"""What is raised while PostgreSQL is away."""
ROUND, SERVE = "round", "serve"
BEAT = 10  # seconds between two signs of life of a worker; after three without one it counts as dead
CONNECT = 5

_TABLES: Final = {
    "fleet-1": """
CREATE TABLE fleet_owner (
    name text PRIMARY KEY,
    node text NOT NULL,
    next_at timestamptz NOT NULL,               -- when the next round is due
    moving boolean NOT NULL DEFAULT false,      -- no round meanwhile
    rounds bigint NOT NULL DEFAULT 0,
    failed_rounds bigint NOT NULL DEFAULT 0,
    failures integer NOT NULL DEFAULT 0,        -- in a row
    error text,                                 -- the kind of the last failure; null: the last round worked
    last_ok timestamptz,                        -- null: no round worked yet
    late real NOT NULL DEFAULT 0                -- seconds that the last round began after it was due
)"""
}
_DUE: Final = """
SELECT name, node, next_at FROM fleet_owner
 WHERE next_at <= %(until)s AND NOT moving AND NOT EXISTS
       (SELECT FROM procrastinate_jobs WHERE lock = 'owner ' || name AND status IN ('todo', 'doing'))
 ORDER BY next_at"""
# A worker that lived on while PostgreSQL was away may have failed to say that a job is over.
_OVERLONG: Final = """
SELECT id FROM procrastinate_jobs job
 WHERE status = 'doing' AND (SELECT max(at) FROM procrastinate_events WHERE job_id = job.id AND type = 'started')
       < now() - make_interval(secs => %(seconds)s)"""
_NOTED: Final = """
UPDATE fleet_owner
   SET next_at = %(next_at)s, rounds = rounds + 1, error = %(error)s, late = %(late)s,
       failed_rounds = failed_rounds + (%(error)s::text IS NOT NULL)::int,
       failures = CASE WHEN %(error)s::text IS NULL THEN 0 ELSE failures + 1 END,
       last_ok = CASE WHEN %(error)s::text IS NULL THEN %(now)s ELSE last_ok END
 WHERE name = %(name)s AND node = %(node)s"""
_PINNED: Final = """
INSERT INTO fleet_owner (name, node, next_at) SELECT unnest(%(names)s::text[]), %(node)s, %(now)s
ON CONFLICT DO NOTHING"""
_FORGOTTEN: Final = """
DELETE FROM fleet_owner WHERE node = %(node)s AND NOT moving AND name <> ALL (%(names)s::text[])"""


@contextlib.asynccontextmanager
async def opened(*, ready: bool = True) -> AsyncIterator[App]:
    """Open the queue. Raises UnreachableError if PostgreSQL is away, UserError if its tables aren't `ready`."""
    try:
        # A pool would try for half a minute before it says that nobody answers.
        await (await psycopg.AsyncConnection.connect(connect_timeout=CONNECT)).close()
        app = App(connector=PsycopgConnector(min_size=1, max_size=4, kwargs={"connect_timeout": CONNECT}))
        async with app.open_async():
            if ready and await missing_tables(app):
                raise UserError("The tables of the queue are missing or old. Run: assistant fleet tables")
            yield app
    except (psycopg.Error, exceptions.ConnectorException) as error:
        kind = type(error).__name__  # its text may name an account
        raise UnreachableError(
            "PostgreSQL can't be reached ({kind}). PGHOST, PGDATABASE and their like say where it is.", kind=kind
        ) from error


async def rows(app: App, query: str, **values: object) -> list[Row]:
    """Return the rows of a query with named places."""
    return await app.connector.execute_query_all_async(query, **values)


async def change(app: App, query: str, **values: object) -> None:
    """Do a statement with named places."""
    await app.connector.execute_query_async(query, **values)


def _steps() -> dict[str, str]:
    """Return what makes the tables, by name and in order: first Procrastinate's own, then ours."""
    folder = Path(SchemaManager.get_migrations_path())
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.sql"))} | _TABLES


async def missing_tables(app: App) -> list[str]:
    """Return the steps that this version needs and the database hasn't had, in order."""
    if (await rows(app, "SELECT to_regclass('fleet_step') AS known"))[0]["known"] is None:
        return list(_steps())
    done = {row["name"] for row in await rows(app, "SELECT name FROM fleet_step")}
    return [name for name in _steps() if name not in done]


async def make_tables(app: App) -> int:
    """Make or update the tables and return how many steps that took. Each is one transaction with its record."""
    await change(app, "CREATE TABLE IF NOT EXISTS fleet_step (name text PRIMARY KEY)")
    pending = await missing_tables(app)
    for name in pending:
        await change(app, f"{_steps()[name].replace('%', '%%')};\nINSERT INTO fleet_step VALUES ('{name}')")
    return len(pending)


async def pin(app: App, node: str, names: Sequence[str], now: datetime) -> None:
    """Pin the owners of a node's folder to it, but those pinned elsewhere, and forget those whose folder is gone.

    If several and more than half are gone at once, nobody is forgotten: a disk may be missing.
    """
    await change(app, _PINNED, names=list(names), node=node, now=now)
    known = {row["name"] for row in await rows(app, "SELECT name FROM fleet_owner WHERE node = %(node)s", node=node)}
    if len(known - set(names)) <= max(1, len(known) // 2):
        await change(app, _FORGOTTEN, names=list(names), node=node)


async def pinned(app: App, name: str) -> Row | None:
    """Return an owner's row, None if the queue doesn't know them."""
    return next(iter(await rows(app, "SELECT * FROM fleet_owner WHERE name = %(name)s", name=name)), None)


async def defer_due(app: App, clock: Clock, ahead: timedelta) -> int:
    """Defer a job for each owner whose round is due by `ahead` from now, at its time. Return how many."""
    now, count = clock.now(), 0
    for row in await rows(app, _DUE, until=now + ahead):
        wait = clock.real(max(0.0, (row["next_at"] - now).total_seconds()))
        count += await defer(app, row["name"], row["node"], wait)
    return count


async def defer(app: App, name: str, node: str, seconds: float = 0) -> bool:
    """Defer a round of one owner. Return False if one waits already: the queue has at most one of each."""
    job = app.configure_task(
        ROUND,
        queue=queue_of(node),
        lock=f"owner {name}",
        queueing_lock=f"owner {name}",
        schedule_in={"seconds": seconds} if seconds > 0 else None,
    )
    try:
        await job.defer_async(owner=name)
    except exceptions.AlreadyEnqueued:
        return False
    return True


async def note(app: App, row: Row, outcome: Outcome, began: datetime) -> None:
    """Note what came of a round that was due at the row's `next_at`. Waits a minute if PostgreSQL is away."""
    late = max(0.0, (began - row["next_at"]).total_seconds())
    values = {"next_at": outcome.next_at, "error": outcome.error, "late": late, "now": began}
    for _ in range(60):
        with contextlib.suppress(*LOST):
            return await change(app, _NOTED, name=row["name"], node=row["node"], **values)
        await asyncio.sleep(1)
    return None  # the round comes again, and a second one changes nothing


async def sweep(app: App, silent: float, longest: float) -> int:
    """Take away the jobs that nobody does any more, and return how many. Their rounds are due, so they come again.

    That's what a worker holds that was `silent`, or what has taken the `longest` (seconds).
    """
    stalled = [job.id for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=silent)]
    stalled += [row["id"] for row in await rows(app, _OVERLONG, seconds=longest)]
    for number in dict.fromkeys(stalled):
        try:
            await app.job_manager.finish_job_by_id_async(job_id=number or 0, status=Status.FAILED, delete_job=True)
        except exceptions.ConnectorException:
            continue  # it was over at the same moment
    await app.job_manager.prune_stalled_workers(silent)
    return len(stalled)


def queue_of(node: str) -> str:
    """Return the queue of a node's rounds."""
    return f"node {node}"
