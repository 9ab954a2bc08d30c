"""Commands for a host with many owners: `assistant fleet …`."""

from __future__ import annotations

from pathlib import Path

import click

from assistant.cli.options import as_json
from assistant.cli.session import Session, print_json
from assistant.core.language.translation import Translatable
from assistant.fleet import folders

MUST_ACT = 1


@click.group()
def fleet() -> None:
    """Host many owners, each in a folder of their own below the data folder: owners/NAME."""


@fleet.command("list")
@as_json
@click.pass_obj
def list_(session: Session, *, json: bool) -> None:
    """List the owners."""
    owners = folders.owners_folder(session.home)
    found = folders.names(owners)
    if json:
        print_json([{"name": name, "folder": str(owners / name)} for name in found])
    else:
        click.echo("\n".join(found), nl=bool(found))


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
        click.echo(session.said(Translatable(template, config=config, data=data)))


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


COMMANDS = (fleet,)
