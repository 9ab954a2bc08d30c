"""How the fleet is, in Prometheus's text format: counts and seconds by node. No name of anybody is among them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from assistant.fleet import queue

if TYPE_CHECKING:
    from datetime import datetime

    from procrastinate import App

PREFIX: Final = "career_assistant_fleet_"
# Name, kind, what it says, and the SQL that counts it over the owners of a node.
METRICS: Final = (
    ("owners", "gauge", "Owners pinned to the node.", "count(*)"),
    ("rounds_total", "counter", "Rounds done.", "sum(rounds)"),
    ("failed_rounds_total", "counter", "Rounds that failed.", "sum(failed_rounds)"),
    ("failing_owners", "gauge", "Owners whose last round failed.", "count(*) FILTER (WHERE failures > 0)"),
    (
        "overdue_seconds",
        "gauge",
        "How long the most overdue round has been due.",
        "greatest(0, extract(epoch FROM %(now)s - min(next_at) FILTER (WHERE NOT moving)))",
    ),
    ("late_seconds", "gauge", "The most that a last round began after it was due.", "max(late)"),
    ("silent_owners", "gauge", "Owners of whom no round has worked for two days.",
     "count(*) FILTER (WHERE coalesce(last_ok, '-infinity') < %(now)s - interval '2 days')"),
)  # fmt: skip
_JOBS: Final = "SELECT status::text AS status, count(*) AS value FROM procrastinate_jobs GROUP BY status"
_WORKERS: Final = """
SELECT count(*) AS value FROM procrastinate_workers
 WHERE last_heartbeat > now() - make_interval(secs => %(seconds)s)"""


async def by_node(app: App, now: datetime) -> list[queue.Row]:
    """Return one row a node, with its name and each metric."""
    columns = ", ".join(f"coalesce({query}, 0)::float AS {name}" for name, _, _, query in METRICS)
    return await queue.rows(app, f"SELECT node, {columns} FROM fleet_owner GROUP BY node ORDER BY node", now=now)


async def live(app: App) -> int:
    """Return how many workers and servers have a heartbeat."""
    return int((await queue.rows(app, _WORKERS, seconds=queue.BEAT * 3))[0]["value"])


async def text(app: App, now: datetime) -> str:
    """Return the whole page."""
    nodes = await by_node(app, now)
    lines = [
        line for one in METRICS for line in _metric(one[:3], [({"node": row["node"]}, row[one[0]]) for row in nodes])
    ]
    jobs = {row["status"]: row["value"] for row in await queue.rows(app, _JOBS)}
    counts = [({"status": status}, jobs.get(status, 0)) for status in ("todo", "doing")]
    lines += _metric(("jobs", "gauge", "Jobs in the queue."), counts)
    lines += _metric(("processes", "gauge", "Workers and servers with a heartbeat."), [({}, await live(app))])
    return "\n".join(lines) + "\n"


def _metric(about: tuple[str, str, str], values: list[tuple[dict[str, str], float]]) -> list[str]:
    name, kind, says = about
    return [
        f"# HELP {PREFIX}{name} {says}",
        f"# TYPE {PREFIX}{name} {kind}",
        *(f"{PREFIX}{name}{_labels(labels)} {value:g}" for labels, value in values),
    ]


def _labels(labels: dict[str, str]) -> str:
    return "{" + ",".join(f"{name}={_quoted(value)}" for name, value in labels.items()) + "}" if labels else ""


def _quoted(value: str) -> str:
    """Return a label's value as the format wants it: a node may have any name."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
