"""The command line. Exit codes: 0 done, 1 the owner must act, 2 wrong usage, 3 tried again later."""

from __future__ import annotations

import errno
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant import __version__, logs
from assistant.cli import (
    docs_pages,
    fleet_commands,
    roster_commands,
    round_commands,
    setup_commands,
    show_commands,
    upkeep_commands,
)
from assistant.cli.invocation import NAME, with_hint
from assistant.cli.session import Session
from assistant.core.language.translation import Translatable
from assistant.errors import AssistantError, UnreachableError
from assistant.store.database import DataError, damaged, is_damage

if TYPE_CHECKING:
    from assistant.setup.outside import Surroundings

log = logging.getLogger("assistant.cli")

APP = "career-assistant"
OWNER_MUST_ACT, WRONG_USAGE, LATER = 1, 2, round_commands.LATER


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--config", "config_path", type=click.Path(path_type=Path, dir_okay=False), help="The config.toml to use."
)
@click.option("--home", type=click.Path(path_type=Path, file_okay=False), help="The folder with your data.")
@click.option("--now", metavar="ISO8601", help="Pretend that it is this moment, for trials (2026-03-02T08:00).")
@click.option("-v", "--verbose", is_flag=True, help="Say more on stderr.")
@click.version_option(__version__, prog_name=NAME)
@click.pass_context
def cli(context: click.Context, config_path: Path | None, home: Path | None, now: str | None, *, verbose: bool) -> None:
    """Keep a career's relationships alive: one email on Monday, answered in plain words.

    See it first with `assistant demo`: the whole job on a made-up mailbox, without any account. Then `assistant init`
    sets it up on your own.
    """
    context.obj = Session(config_path or default_config(), home or default_home(), now, verbose, around=context.obj)
    logs.to_stderr(verbose=verbose)


for command in (
    *setup_commands.COMMANDS,
    *show_commands.COMMANDS,
    *round_commands.COMMANDS,
    *roster_commands.COMMANDS,
    *upkeep_commands.COMMANDS,
    *docs_pages.COMMANDS,
    *fleet_commands.COMMANDS,
):
    cli.add_command(command)


def default_config() -> Path:
    """Return the path of config.toml, in the system's place for settings."""
    from platformdirs import user_config_path

    return user_config_path(APP) / "config.toml"


def default_home() -> Path:
    """Return the data folder, in the system's place for data of applications."""
    from platformdirs import user_data_path

    return user_data_path(APP)


def main() -> None:
    """Run the command line. Every failure becomes one plain sentence on stderr and an exit code."""
    sys.exit(run())


def run(  # noqa: PLR0911 - one return a kind of failure
    arguments: list[str] | None = None, around: Surroundings | None = None
) -> int:
    """Run one command and return its exit code. `around` is the world as set-up sees it, None for the real one."""
    try:
        result = cli.main(args=arguments, prog_name=NAME, standalone_mode=False, obj=around)
    except click.exceptions.Abort:
        return _say(arguments, around, Translatable("Stopped."), OWNER_MUST_ACT)
    except click.ClickException as error:
        error.show()
        return WRONG_USAGE if isinstance(error, click.UsageError) else OWNER_MUST_ACT
    except UnreachableError as error:
        # Only the daemon and cron try again by themselves. Whoever ran this by hand has to do it.
        later = Translatable("{error} Nothing is lost; run it again later.", error=error)
        return _say(arguments, around, later, LATER)
    except AssistantError as error:
        return _say(arguments, around, error.sentence, OWNER_MUST_ACT)
    except (OSError, DataError) as error:
        return _say(arguments, around, _of_the_machine(error), OWNER_MUST_ACT)
    except KeyboardInterrupt:
        stopped = Translatable("Stopped. What was done is kept; the next start goes on from there.")
        return _say(arguments, around, stopped, OWNER_MUST_ACT)
    except Exception as error:  # noqa: BLE001 - whatever it is, the owner gets a sentence, not a traceback
        return _say(arguments, around, _of_ours(error), OWNER_MUST_ACT)
    return result if isinstance(result, int) else 0


def _say(arguments: list[str] | None, around: Surroundings | None, sentence: str, code: int) -> int:
    """Say what failed in the owner's language, with how to start the commands it names, and return the exit code."""
    try:
        context = cli.make_context(NAME, list(sys.argv[1:] if arguments is None else arguments), resilient_parsing=True)
    except click.ClickException:  # wrong usage, so the options can't be read
        context = click.Context(cli)
    given = context.params
    # The command's own session may never have been made, or may have failed while it was.
    session = Session(given.get("config_path") or default_config(), given.get("home") or default_home(), around=around)
    click.echo(with_hint(session.said(sentence), context), err=True)
    return code


def _of_ours(error: Exception) -> str:
    """Return the sentence for a bug in the program."""
    # Its kind and place only: the message of an exception may hold an address or a text.
    place = logs.where(error)
    log.error('unexpected error=%s where="%s"', type(error).__name__, place)
    kind = f"{type(error).__name__} in {place.partition(' < ')[0]}"
    return Translatable(
        "Something went wrong inside the assistant ({kind}). Nothing is lost, and nothing is sent twice; "
        "the next run goes on from there. Please report this sentence.",
        kind=kind,
    )


def _of_the_machine(error: OSError | DataError) -> str:
    if is_damage(error):
        return damaged(None, str(error)).sentence
    # SQLite speaks of a disk I/O error where nothing can be written.
    full = isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}
    if full or "disk is full" in str(error) or "disk I/O error" in str(error):
        return Translatable(
            "The disk is full or can't be written to. Nothing was lost; make room and run the command again."
        )
    if isinstance(error, BrokenPipeError):
        return Translatable("The output was closed before everything was printed.")
    if "locked" in str(error):
        return Translatable("Another process has used the data file for too long; try again in a minute.")
    if isinstance(error, OSError) and error.filename:
        return Translatable("{filename}: {strerror}.", filename=error.filename, strerror=error.strerror)
    return Translatable(
        "The data file could not be used ({error}). If this stays so, run: assistant doctor", error=error
    )
