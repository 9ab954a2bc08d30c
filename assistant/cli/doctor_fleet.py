"""The checks of `assistant doctor --fleet`: the folders of the owners here, the queue, and whether anybody waits."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING

from assistant.cli.doctor import SCAN_AGE, Check, guarded
from assistant.core.language.translation import Translatable, joined
from assistant.errors import AssistantError

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.cli.session import Session
    from assistant.fleet.queue import Row

WAIT = 300
"""Seconds that a round may be overdue: at the slot of all owners it's a minute or two."""


def check_fleet(session: Session) -> list[Check]:
    """Return each check in order. While the queue can't be reached there are no more than two."""
    if find_spec("procrastinate") is None:  # one machine without extra parts: each owner has a daemon
        none = Check("queue", ok=True, hint=Translatable("none here: each owner has a service of their own"))
        return [guarded("owners", lambda: _owners(session)), none, *_last_rounds(session)]
    queue = guarded("queue", lambda: _queue(session))
    checks = [guarded("owners", lambda: _owners(session)), queue]
    if queue.ok:
        checks += [guarded("processes", lambda: _processes(session)), guarded("rounds", lambda: _rounds(session))]
    return checks


def _owners(session: Session) -> str:
    from assistant.fleet import folders

    owners = folders.owners_folder(session.home)
    names = folders.names(owners)
    found = [(folders.private(owners / name), folders.unusable(owners / name)) for name in names]
    problems = [said for each in found for kind in each for said in kind] + folders.sharing(owners)
    if problems:
        raise AssistantError(joined(problems))
    return Translatable("{n} in {owners}", n=len(names), owners=owners)


def _last_rounds(session: Session) -> list[Check]:
    from assistant.fleet import folders

    owners, checks = folders.owners_folder(session.home), []
    for name in folders.names(owners):
        with folders.acting_for(owners / name):
            checks.append(guarded(name, partial(_last_round, owners / name, session.now)))
    return checks


def _last_round(folder: Path, now: datetime) -> str:
    """Return when an owner's Sent was last read, which each round does. Raises AssistantError if that is long ago."""
    from assistant.fleet.folders import DATA
    from assistant.store.database import FILE_NAME, Store
    from assistant.store.folders import last_scan_at

    at = None
    if (folder / DATA / FILE_NAME).exists():  # opening the store would make an empty one
        with Store(folder / DATA) as store:
            at = last_scan_at(store)
    if at is None:
        raise AssistantError("No round has worked yet. Is {name} set up?", name=folder.name)
    when = datetime.fromtimestamp(at, UTC)
    if now - when > SCAN_AGE:
        unit = f"career-assistant@{folder.name}"
        raise AssistantError("The last round was on {when:%Y-%m-%d}. Does {unit} run?", when=when, unit=unit)
    return Translatable("the last round was on {when:%Y-%m-%d %H:%M} UTC", when=when)


def _queue(session: Session) -> str:
    return Translatable("{n} owners known", n=int(sum(row["owners"] for row in _state(session)[0])))


def _processes(session: Session) -> str:
    processes = _state(session)[1]
    if processes < 2:  # noqa: PLR2004 - who serves, and one worker
        raise AssistantError(
            "{n} at work; there must be an assistant fleet serve, and an assistant fleet worker on each node.",
            n=processes,
        )
    return Translatable("{n} at work", n=processes)


def _rounds(session: Session) -> str:
    nodes, _ = _state(session)
    if late := [row for row in nodes if row["overdue_seconds"] > WAIT]:
        raise AssistantError(
            "On node {node} a round has been due for {seconds:.0f} seconds. Is its worker running?",
            node=late[0]["node"],
            seconds=late[0]["overdue_seconds"],
        )
    if silent := int(sum(row["silent_owners"] for row in nodes)):
        raise AssistantError("No round has worked for {n} owners in two days: assistant fleet list --queue", n=silent)
    return Translatable("none is late, and {n} failed last time", n=int(sum(row["failing_owners"] for row in nodes)))


def _state(session: Session) -> tuple[list[Row], int]:
    """Return the metrics of each node, and how many processes are at work."""
    from assistant.fleet import metrics, queue

    async def ask() -> tuple[list[Row], int]:
        async with queue.opened() as app:
            return await metrics.by_node(app, session.now), await metrics.live(app)

    return asyncio.run(ask())
