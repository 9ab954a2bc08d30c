"""What a command needs, opened on demand: config, data, clock, output."""

from __future__ import annotations

import json
import os
import shlex
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assistant.cli.invocation import program
from assistant.clock import Clock, PretendedClock, SystemClock
from assistant.config import Config, load_config
from assistant.config.values import machine_zone
from assistant.core.language.translation import spoken_language, translated
from assistant.errors import UserError
from assistant.fleet.folders import unix_user
from assistant.store.database import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from assistant.owner import Owner
    from assistant.rounds.context import Round
    from assistant.rounds.ports import Progress
    from assistant.setup.outside import Surroundings


@dataclass
class Session:
    """The global options and what they lead to. `pretended` is `--now`, None for the real time.

    `around` is the world as set-up sees it, None for the real one.
    """

    config_path: Path
    home: Path
    pretended: str | None = None
    verbose: bool = False
    around: Surroundings | None = None
    _config: Config | None = field(default=None, repr=False)

    @property
    def config(self) -> Config:
        """Return the config. Raises ConfigError for its problems; its warnings go to stderr, once."""
        self.refuse_root()
        if self._config is None:
            self._config = load_config(self.config_path)
            for warning in self._config.warnings:
                click.echo(translated(warning, self._config.me.language), err=True)
        return self._config

    @property
    def language(self) -> str:
        """Return the owner's language; while no configuration can be read, that of the environment."""
        try:
            return self._config.me.language if self._config else load_config(self.config_path).me.language
        except Exception:  # noqa: BLE001 - also asked for to say what went wrong, which may be this
            return spoken_language(self.around.environ if self.around else os.environ)

    def said(self, text: str) -> str:
        """Return a sentence in the owner's language."""
        return translated(text, self.language)

    @property
    def clock(self) -> Clock:
        """Return the clock: the machine's, or one that starts at `--now`."""
        if self.pretended is None:
            return SystemClock()
        return PretendedClock(self.moment(self.pretended))

    @property
    def now(self) -> datetime:
        """Return the moment of this command (aware)."""
        return self.clock.now() if self.pretended is None else self.moment(self.pretended)

    def moment(self, text: str) -> datetime:
        """Return an ISO 8601 moment, aware; without a zone it is in the owner's. Raises UsageError for other text."""
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise click.UsageError(f"--now {text} is not an ISO 8601 moment such as 2026-03-02T08:00+01:00.") from None
        if moment.tzinfo:
            return moment
        # Before set-up there is no configuration that names a zone.
        return moment.replace(tzinfo=self.config.me.timezone if self.config_path.exists() else machine_zone())

    @property
    def surroundings(self) -> Surroundings:
        """Return the world as set-up sees it: DNS, the web, the keyring, the browser."""
        from assistant.setup.outside import Surroundings as World

        return self.around or World()

    def refuse_root(self) -> None:
        """Raise UserError if root runs this on another Unix user's folder: they couldn't open what root writes there.

        It would also run the commands that their configuration names as root.
        """
        if os.geteuid() != 0:
            return
        for path in (self.home.absolute(), self.config_path.absolute()):
            there = next(one for one in (path, *path.parents) if one.exists())
            if there.stat().st_uid == 0:
                continue
            user = unix_user(there)
            raise UserError(
                "{path} belongs to {user}, who couldn't open what root writes there. Run: {command}",
                path=there,
                user=user,
                command=shlex.join(["sudo", "-u", user, *program(sys.argv[0]), *sys.argv[1:]]),
            )

    @contextmanager
    def store(self) -> Iterator[Store]:
        """Open the data file for a command that needs no mailbox."""
        self.refuse_root()
        with Store(self.home) as store:
            yield store

    @contextmanager
    def owner(self, report: Callable[[Progress], None] | None = None) -> Iterator[Owner]:
        """Open config and data, but no ports. `report` shows progress; by default one line on stderr."""
        from assistant.owner import Owner

        config = self.config  # first, so that no data file is made before set-up
        with self.store() as store:
            yield Owner(config, self.home, store, report=report or progress())

    @contextmanager
    def logged(self) -> Iterator[None]:
        """Write events to the log in the data folder meanwhile."""
        from assistant import logs

        handler = logs.to_file(self.home)
        try:
            yield
        finally:
            logs.close_handler(handler)

    @contextmanager
    def round(self) -> Iterator[Round]:
        """Open everything for one round at `now`, under the lock by which one process acts at a time."""
        with self.owner() as owner, owner.round_lock(), owner.opened() as mailbox:
            yield owner.round(mailbox, self.now)


def progress() -> Callable[[Progress], None]:
    """Return a function that shows progress on one line of stderr. It shows nothing if stderr isn't a terminal."""
    if not sys.stderr.isatty():
        return lambda _progress: None

    def show(step: Progress) -> None:
        of = f" of {step.total:,}" if step.total else ""
        end = "\n" if step.total is not None and step.done >= step.total else ""
        sys.stderr.write(f"\r\033[K{step.what}: {step.done:,}{of}{end}")
        sys.stderr.flush()

    return show


def print_json(value: Any) -> None:
    """Print one JSON value to stdout, indented."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def print_json_lines(values: Iterator[dict[str, Any]]) -> None:
    """Print JSON values to stdout, one a line."""
    for value in values:
        click.echo(json.dumps(value, ensure_ascii=False, default=_plain))


def iso(epoch: int | None) -> str | None:
    """Return epoch seconds as ISO 8601 in UTC, None for None."""
    return datetime.fromtimestamp(epoch, UTC).isoformat() if epoch is not None else None


def _plain(value: Any) -> Any:
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, Path | frozenset | set | tuple):
        return sorted(value) if isinstance(value, frozenset | set) else str(value)
    raise TypeError(f"no JSON for {type(value).__name__}")
