"""Commands for the whole roster: export, import, edit. Import and edit produce the same commands as a reply."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.cli.invocation import with_hint
from assistant.cli.options import as_json
from assistant.cli.session import Session, print_json

if TYPE_CHECKING:
    from assistant.rounds.roster_import import Result


@click.group()
def roster() -> None:
    """The whole roster: export it, import people, edit it."""


@roster.command("export")
@click.pass_obj
def export_(session: Session) -> None:
    """Print the roster as TOML."""
    from assistant.rounds import roster_import

    with session.owner() as owner:
        click.echo(roster_import.export(owner.store), nl=False)


@roster.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--role", help="The role of everybody in the file who has none.")
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@as_json
@click.pass_obj
def import_(session: Session, file: Path, role: str | None, *, dry_run: bool, json: bool) -> None:
    """Import people from TOML, vCard, or the CSV of LinkedIn or Google."""
    from assistant.rounds import roster_import

    with session.owner() as owner, owner.round_lock():
        result = roster_import.import_file(
            owner.store, owner.config.roles, file, role, lambda lines: owner.obey(lines, session.now), dry_run=dry_run
        )
    _show(result, json=json)


@roster.command("edit")
@as_json
@click.pass_obj
def edit(session: Session, *, json: bool) -> None:
    """Open the whole roster in $EDITOR; what you change there becomes commands."""
    from assistant.rounds import roster_import

    with session.owner() as owner:
        before = roster_import.export(owner.store)
    # Nothing is open or locked while the owner edits, so that the daemon can go on.
    after = click.edit(before, extension=".toml")
    if after is None or after == before:
        click.echo("Nothing changed.")
        return
    with session.owner() as owner, owner.round_lock():
        result = roster_import.apply_edit(
            owner.store, owner.config.roles, before, after, lambda lines: owner.obey(lines, session.now)
        )
    _show(result, json=json)


def _show(result: Result, *, json: bool) -> None:
    if json:
        print_json(result.as_json())
    else:
        click.echo(with_hint("\n".join(result.lines()), click.get_current_context()))


COMMANDS = (roster,)
