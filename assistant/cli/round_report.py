"""What `once` and, at a terminal, `run` say about a round."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from assistant.cli.invocation import with_hint
from assistant.core.language.phrases import Phrases
from assistant.core.language.translation import Translatable, translated
from assistant.errors import AssistantError
from assistant.rounds.delivery import undelivered
from assistant.rounds.delivery.tally import count_delivery
from assistant.rounds.digest.when_due import next_digest

if TYPE_CHECKING:
    from datetime import datetime

    from assistant.clock import Clock
    from assistant.owner import Owner
    from assistant.rounds.whole_round import Done
    from assistant.store.database import Store


def round_lines(done: Done, store: Store, *, everything: bool) -> list[str]:
    """Return what a round did, line by line; empty if there is nothing an owner wants to know.

    With `everything`, also what mail was read and that nothing was delivered.
    """
    # Cron mails whatever is printed, and reading mail isn't news.
    lines = [line for scan in done.scans for line in ([scan.sentence()] if everything else scan.noteworthy())]
    lines += [f"Answered {transcript.id}: {transcript.subject}" for transcript in done.transcripts]
    delivered = count_delivery(store, done.delivery).sentence()
    if delivered:
        lines.append(delivered)
    elif everything:
        lines.append("Nothing was to be delivered.")
    return [*lines, *undelivered.told(store, done.delivery)]


@dataclass(frozen=True, slots=True)
class AtTerminal:
    """Tells somebody at a terminal what the daemon does. If the terminal is gone, the daemon goes on."""

    owner: Owner
    clock: Clock
    everything: bool

    def began(self) -> None:
        """Say that it runs, and when the next digest comes."""
        self._say([Translatable("It runs. Replies are read as they come; Ctrl-C stops it."), self._next()])

    def done(self, done: Done) -> None:
        """Say what a round did, and after a digest when the next one comes."""
        lines = round_lines(done, self.owner.store, everything=self.everything)
        self._say([*lines, *([self._next()] if done.digest else [])])

    def failed(self, error: Exception, again: datetime) -> None:
        """Say what went wrong in a round and when the next try is."""
        kind = type(error).__name__
        why = (
            error.sentence
            if isinstance(error, AssistantError)
            else Translatable("Something went wrong ({kind}).", kind=kind)
        )
        self._say([Translatable("{why} The next try: {moment}.", why=why, moment=self._moment(again))])

    def _next(self) -> str:
        now = self.clock.now()
        at = next_digest(self.owner.config, self.owner.store, now)
        if at is None:
            return Translatable("Digests are stopped or paused. To go on, run: assistant do resume")
        return Translatable("Next digest: {moment}.", moment=Translatable("now") if at <= now else self._moment(at))

    def _moment(self, at: datetime) -> str:
        zone = self.owner.config.me.timezone
        local = at.astimezone(zone)
        day = Phrases(self.owner.config.me.language).long_day(local.date())
        return f"{day} {local:%Y, %H:%M} ({zone.key})"

    def _say(self, lines: list[str]) -> None:
        with suppress(OSError):
            for line in lines:
                said = translated(line, self.owner.config.me.language)
                click.echo(with_hint(said, click.get_current_context()))
