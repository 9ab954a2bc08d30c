"""Commands around the work: demo, doctor, backup, restore."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from assistant.cli.invocation import hint, program
from assistant.cli.options import as_json
from assistant.cli.session import Session, print_json
from assistant.config.values import base_url_problem
from assistant.core.language.translation import Translatable
from assistant.errors import UserError

MUST_ACT = 1


@click.command()
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path("demo-out"), show_default=True,
              help="Where to write.")  # fmt: skip
@click.option("--open", "open_it", is_flag=True, help="Open the digest in the browser.")
@click.option("--llm", "url", metavar="URL", help="Let a language model at this address find the words.")
@click.option("--model", metavar="NAME", help="That model's name at its server.")
@as_json
@click.pass_obj
def demo(session: Session, out: Path, url: str | None, model: str | None, *, open_it: bool, json: bool) -> None:
    """Do the main job on a made-up mailbox: no account, no network, no questions."""
    from assistant.demo.run import run_demo

    result = run_demo(out, session.now if session.pretended else None, _llm(url, model))
    print_json(result.as_json()) if json else click.echo("\n".join(result.lines(program(sys.argv[0]))))
    if open_it:
        click.launch(str(result.html.absolute()))


def _llm(url: str | None, model: str | None) -> tuple[str, str] | None:
    if url is None and model is None:
        return None
    if not url or not model:
        raise click.UsageError("--llm and --model belong together: a server's address, and the model's name there.")
    if problem := base_url_problem(url):
        raise click.UsageError(f"--llm {problem}.")
    return url, model


@click.command()
@click.option("--check", "only", multiple=True, metavar="NAME", help="Only this check; may be given several times.")
@click.option("--fleet", is_flag=True, help="Check a host of many owners instead, and the queue of its rounds.")
@as_json
@click.pass_obj
def doctor(session: Session, only: tuple[str, ...], *, fleet: bool, json: bool) -> int:
    """Check each part separately, with one hint for each failure.

    The checks: config, data, disk, line, mailbox, received mail, drafts, smtp, token, model,
    own addresses, roster, last scan, last digest, replies.
    The exit code is 1 if one fails; an empty roster is not a failure.
    """
    from assistant.cli import doctor as checking
    from assistant.cli import doctor_fleet

    if not fleet:
        session.refuse_root()
    checks = doctor_fleet.check_fleet(session) if fleet else checking.check_all(session, only)
    if json:
        print_json([check.as_json(session.language) for check in checks])
    else:
        lines = "\n".join(check.line(session.language) for check in checks)
        click.echo(lines)
        if said := hint(lines, click.get_current_context()):
            click.echo(said, err=True)
    return 0 if all(check.ok for check in checks) else MUST_ACT


@click.command()
@as_json
@click.pass_obj
def backup(session: Session, *, json: bool) -> None:
    """Write a copy of your data beside it and print its path."""
    from assistant.store.backups import back_up
    from assistant.store.database import FILE_NAME

    if not (session.home / FILE_NAME).exists():  # opening the store would make an empty one
        raise UserError("There is no data in {home} yet. Run: assistant init", home=session.home)
    with session.store() as store:
        path = back_up(store, session.now)
    print_json({"path": str(path)}) if json else click.echo(str(path))


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@as_json
@click.pass_obj
def restore(session: Session, file: Path | None, *, json: bool) -> None:
    """Restore a backup (the newest, or FILE); your current data is kept beside it."""
    from assistant.store.backups import put_back

    session.refuse_root()
    path = put_back(session.home, file, session.now)
    if json:
        print_json({"path": str(path)})
    else:
        restored = Translatable("Restored {path}. The next scan catches up from your mailbox by itself.", path=path)
        click.echo(session.said(restored))


COMMANDS = (demo, doctor, backup, restore)
