"""Commands for a host with many owners: `assistant fleet …`."""

from __future__ import annotations

import os
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from assistant.cli.options import as_json
from assistant.cli.session import Session, print_json
from assistant.clock import PretendedClock
from assistant.core.language.translation import Translatable
from assistant.fleet import folders

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from assistant.clock import Clock

T = TypeVar("T")

MUST_ACT = 1


@click.group()
def fleet() -> None:
    """Host many owners, each in a folder of their own below the data folder: owners/NAME."""


@fleet.command("list")
@click.option("--queue", "by_queue", is_flag=True, help="List whom the queue knows: node, next round, last failure.")
@as_json
@click.pass_obj
def list_(session: Session, *, by_queue: bool, json: bool) -> None:
    """List the owners whose folders are here, or those whom the queue knows on every node."""
    if by_queue:
        return _list_queue(json=json)
    owners = folders.owners_folder(session.home)
    found = folders.names(owners)
    if json:
        print_json([{"name": name, "folder": str(owners / name)} for name in found])
    else:
        click.echo("\n".join(found), nl=bool(found))
    return None


def _run(work: Coroutine[Any, Any, T]) -> T:
    import asyncio  # not at the top: every command would start 20 ms later

    return asyncio.run(work)


def _list_queue(*, json: bool) -> None:
    from assistant.fleet import queue

    async def ask() -> list[queue.Row]:
        async with queue.opened() as app:
            return await queue.rows(app, "SELECT * FROM fleet_owner ORDER BY name")

    found = _run(ask())
    if json:
        print_json(found)
    else:
        for row in found:
            state = "moving" if row["moving"] else f"{row['failures']} failed: {row['error']}" if row["error"] else "ok"
            click.echo(f"{row['name']}\t{row['node']}\t{row['next_at'].astimezone(UTC):%Y-%m-%d %H:%M} UTC\t{state}")


@fleet.command()
@click.argument("name", required=False)
@as_json
@click.pass_obj
def check(session: Session, name: str | None, *, json: bool) -> int:
    """Check the folder, configuration and data of NAME, or of each owner; nothing is connected to."""
    owners = folders.owners_folder(session.home)
    wanted = [folders.known_owner(owners, name).name] if name else folders.names(owners)
    problems = [(one, session.said(said)) for one in wanted for said in folders.check(owners / one)]
    problems += [("", session.said(said)) for said in folders.sharing(owners)]
    if json:
        print_json([{"name": one or None, "problem": said} for one, said in problems])
    else:
        for one, said in problems:
            click.echo(f"{one}: {said}" if one else said)
        click.echo(session.said(Translatable("{n} checked, problems: {bad}.", n=len(wanted), bad=len(problems))))
    return MUST_ACT if problems else 0


@fleet.command()
@click.argument("name")
@click.option("--from", "source", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="FILE",
              help="Copy this config.toml into the folder.")  # fmt: skip
@click.option("--user", metavar="UNIX_USER", help="Give the folder to this Unix user; needs root.")
@click.pass_obj
def add(session: Session, name: str, source: Path | None, user: str | None) -> None:
    """Make the folder of a new owner. NAME: a-z, 0-9, - and _."""
    owners = folders.owners_folder(session.home.absolute())
    folder = folders.add(owners, name, source, user)
    click.echo(session.said(Translatable("Made {folder}", folder=folder)))
    if source is None:
        template = "To set it up, run: assistant --config {config} --home {data} init"
        config, data = folder / folders.CONFIG, folder / folders.DATA
        if user:
            template = "To set it up, run: sudo -u {user} assistant --config {config} --home {data} init"
        click.echo(session.said(Translatable(template, user=user, config=config, data=data)))


@fleet.command()
@click.argument("name")
@click.confirmation_option(
    prompt="Delete the configuration, the data and the backups of this owner for good?", help="Don't ask."
)
@click.pass_obj
def remove(session: Session, name: str) -> None:
    """Delete the folder of an owner, with data and backups. Nothing in their mailbox changes."""
    folders.remove(folders.owners_folder(session.home.absolute()), name)
    click.echo(session.said(Translatable("Removed {name}.", name=name)))


@fleet.command()
@click.pass_obj
def tables(session: Session) -> None:
    """Make the tables of the queue in PostgreSQL, or update them for this version."""
    from assistant.fleet import queue

    async def make() -> int:
        async with queue.opened(ready=False) as app:
            return await queue.make_tables(app)

    click.echo(session.said(Translatable("Tables made or updated: {n} steps.", n=_run(make()))))


@fleet.command()
@click.option("--speed", type=float, default=1.0, hidden=True, help="With --now: how many times as fast time runs.")
@click.pass_obj
def serve(session: Session, *, speed: float) -> None:
    """Put each owner's round into the queue when it is due; runs until stopped."""
    from assistant.fleet import worker

    clock = _clock(session, speed)
    _run(worker.until_stopped(lambda app: worker.serve(app, clock)))


@fleet.command("worker")
@click.option("--node", default=os.uname().nodename, help="The node's name; by default this machine's.")
@click.option("--at-once", type=click.IntRange(1, 64), default=8, show_default=True, help="Most rounds at one time.")
@click.option("--speed", type=float, default=1.0, hidden=True, help="With --now: how many times as fast time runs.")
@click.pass_obj
def worker_(session: Session, node: str, *, at_once: int, speed: float) -> None:
    """Do the rounds of the owners whose folders are here; runs until stopped."""
    from assistant.fleet import worker

    owners = folders.owners_folder(session.home.absolute())
    _run(worker.until_stopped(worker.Node(owners, node, _clock(session, speed), at_once).work))


def _clock(session: Session, speed: float) -> Clock:
    clock = session.clock
    if isinstance(clock, PretendedClock):
        clock.speed = speed
    return clock


@fleet.command()
@click.argument("name")
@click.argument("node")
@click.option("--into", required=True, metavar="FOLDER", help="That node's folder of owners, or HOST:FOLDER by ssh.")
@click.pass_obj
def move(session: Session, name: str, node: str, into: str) -> None:
    """Move an owner from this machine to NODE: backup, copy, verify, switch. The old folder is put aside."""
    from assistant.fleet import move as moving

    owners = folders.owners_folder(session.home.absolute())
    aside = _run(moving.move(owners, name, node, into, session.now))
    told = Translatable("Moved {name} to {node}. What was here is kept in {aside}.", name=name, node=node, aside=aside)
    click.echo(session.said(told))


@fleet.command()
@click.pass_obj
def metrics(session: Session) -> None:
    """Print how the fleet is in Prometheus's text format; no name of an owner is in it."""
    from assistant.fleet import metrics as page
    from assistant.fleet import queue

    async def ask() -> str:
        async with queue.opened() as app:
            return await page.text(app, session.now)

    click.echo(_run(ask()), nl=False)


COMMANDS = (fleet,)
