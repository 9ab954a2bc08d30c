"""One owner: what their config, data folder and data file lead to. The only place that names adapters.

Heavy imports stand inside the methods: a command that only reads must start in under 0.3 s of CPU.
"""

from __future__ import annotations

import fcntl
import logging
import os
import secrets
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Literal

from assistant.errors import UserError
from assistant.rounds.context import Round, silent
from assistant.rounds.delivery.outbox import GRACE, no_step
from assistant.rounds.first_use import remember_set_up
from assistant.rounds.scan import wrong_clock
from assistant.store import backups

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime, timedelta
    from pathlib import Path

    from assistant.config import Config, Secret
    from assistant.config.secrets import Credential
    from assistant.core.replies.grammar.lines import ParsedLine
    from assistant.core.replies.transcript import Transcript
    from assistant.rounds.delivery.heartbeat import Home
    from assistant.rounds.ports import Calendar, Mailbox, Progress, Reader, Signatures, Transport, Writer
    from assistant.rounds.whole_round import Done
    from assistant.store.database import Store

log = logging.getLogger("assistant.owner")

# A round ends within two minutes whatever a server sends (promise 13). What was read by then is kept.
ROUND_SECONDS = 100.0


@dataclass(frozen=True, slots=True)
class Owner:
    """One owner. It's a value and nothing is global, so many owners can share a process."""

    config: Config
    home: Path
    store: Store
    report: Callable[[Progress], None] = field(default=silent)
    grace: timedelta = GRACE
    step: Callable[[str], None] = no_step
    random_bytes: Callable[[int], bytes] = secrets.token_bytes

    def open_mailbox(self) -> Mailbox:
        """Open the owner's mailbox. Raises UnreachableError, LoginRefusedError or UserError."""
        from assistant.mailbox.opening import open_mailbox
        from assistant.store.facts import Paces

        config = self.config.mailbox
        paces = Paces(self.store)
        return open_mailbox(config, lambda: self.credential(config.secret, "mailbox", config.user), paces)

    def credential(self, secret: Secret, what: Literal["mailbox", "smtp"], user: str) -> Credential:
        """Return what to sign in with: an OAuth token if the config has a sign-in, else the configured secret."""
        if secret.oauth is not None:
            from assistant.oauth.tokens import SignIn

            return SignIn(secret.oauth, self.home, self.config.mailbox.user).credential()
        from assistant.config.secrets import require_credential

        return require_credential(secret, what, user)

    @contextmanager
    def opened(self) -> Iterator[Mailbox]:
        """Open the mailbox and close it at the end."""
        mailbox = self.open_mailbox()
        try:
            yield mailbox
        finally:
            mailbox.close()

    def transport(self) -> Transport | None:
        """Return the SMTP transport, None if the config has no [smtp]. It connects only when it sends."""
        config = self.config.smtp
        if config is None:
            return None
        from assistant.mailbox.opening import open_transport

        return open_transport(
            config, (lambda: self.credential(config.secret, "smtp", config.user)) if config.user else None
        )

    def calendars(self) -> tuple[Calendar, ...]:
        """Return the owner's calendars, empty for none. Nothing is read yet."""
        if not self.config.calendars:
            return ()
        from assistant.config.secrets import require_credential
        from assistant.mailbox.opening import open_calendar

        return tuple(
            open_calendar(one, partial(require_credential, one.secret, "calendar")) for one in self.config.calendars
        )

    def writer(self, now: datetime) -> Writer:
        """Return the writer: the configured language model, else the offline writer."""
        llm = self.config.llm
        if llm is None:
            from assistant.writer.offline.writer import OfflineWriter

            return OfflineWriter()
        from assistant.store.completions import Completions
        from assistant.writer.model.writer import ModelWriter

        return ModelWriter(llm, Completions(self.store), now, self._llm_key)

    def reader(self, now: datetime) -> Reader | None:
        """Return what reads prose: the configured language model, None if there is none or it may see nothing."""
        llm = self.config.llm
        if llm is None or llm.share == "nothing":
            return None
        from assistant.store.completions import Completions
        from assistant.writer.model.reader import ModelReader

        return ModelReader(llm, Completions(self.store), now, self._llm_key)

    def signatures(self) -> Signatures | None:
        """Return what checks DKIM signatures, None while the second door is shut (docs/replies.md)."""
        if not self.config.replies.authserv_id:
            return None
        from assistant.mailbox.dkim import Signatures as DkimSignatures

        return DkimSignatures()

    def _llm_key(self) -> str | None:
        from assistant.config.secrets import find_credential

        found = find_credential(self.config.llm.secret, "llm") if self.config.llm else None
        return found.value if found else None

    def round(self, mailbox: Mailbox, now: datetime) -> Round:
        """Return one round of this owner at `now`."""
        folders = mailbox.folders()
        self._begin(now)  # only now: a machine without a network yet may not know the time either
        return Round(
            config=self.config,
            store=self.store,
            mailbox=mailbox,
            folders=folders,
            transport=self.transport(),
            writer=self.writer(now),
            reader=self.reader(now),
            signatures=self.signatures(),
            now=now,
            random_bytes=self.random_bytes,
            calendars=self.calendars(),
            archives=tuple(str(path) for path in self.config.mailbox.archives),
            report=self.report,
            grace=self.grace,
            step=self.step,
        )

    def once(self, mailbox: Mailbox, now: datetime) -> Done:
        """Do one whole round on an open mailbox, which gets 100 seconds for it, and note that all is well.

        Raises what the ports raise; call `failed` then.
        """
        from assistant.rounds.delivery import heartbeat
        from assistant.rounds.whole_round import run_whole_round

        mailbox.within(ROUND_SECONDS)
        try:
            done = run_whole_round(self.round(mailbox, now))
        finally:
            mailbox.within(None)
        heartbeat.note_recovery(self._home(mailbox), now)
        return done

    def failed(self, now: datetime, error: Exception, mailbox: Mailbox | None) -> None:
        """Note that a round failed. After two days of failures the owner is told, once, in whatever way works."""
        from assistant.rounds.delivery import heartbeat

        heartbeat.note_failure(self._home(mailbox), now, error)

    def whole_round(self, now: datetime) -> Done:
        """Open the mailbox, do one whole round and close it: what cron runs.

        Raises UserError for a damaged data file (nothing is sent then), and what the ports raise.
        """
        from assistant.rounds.delivery import heartbeat

        self.look_after(now)
        # Before anything connects: with a line in cron every minute, the data file is all the memory there is.
        heartbeat.leave_alone(self.store, now)
        heartbeat.refuse_early_login(self.store, now)
        mailbox: Mailbox | None = None
        try:
            mailbox = self.open_mailbox()
            return self.once(mailbox, now)
        except Exception as error:
            self.failed(now, error, mailbox)
            raise
        finally:
            if mailbox is not None:
                mailbox.close()

    def needs_care(self, now: datetime) -> bool:
        """Return whether the daily check and backup of the data file are due."""
        return backups.backup_is_due(self.home, now)

    def look_after(self, now: datetime) -> None:
        """Check the data file, and back it up once a day. Raises UserError, which says how to restore, if damaged."""
        due = self.needs_care(now)
        # The check comes first: a backup of a damaged file would push out one of the seven good ones.
        backups.check_database(self.store, deep=due)
        if due:
            backups.back_up(self.store, now)
            log.info("backed up kept=%d", len(backups.backups(self.home)))

    def _begin(self, now: datetime) -> None:
        remember_set_up(self.store, now, self.random_bytes)
        # What a clock that ran ahead noted would otherwise count as done until that day comes.
        wrong_clock.correct_wrong_clock(self.store, self.config, now)

    def _home(self, mailbox: Mailbox | None) -> Home:
        from assistant.rounds.delivery.heartbeat import Home

        return Home(self.config, self.store, mailbox, self.transport(), self.random_bytes)

    def say(self, lines: Sequence[str], now: datetime) -> Transcript:
        """Obey lines typed at the owner's shell like a reply with those lines, and return the transcript."""
        from assistant.core.replies.grammar.lines import parse_lines
        from assistant.rounds.replies.obey import speech_of

        parsed = parse_lines(lines, speech_of(self.config, now))
        return self.obey(parsed, now, self.reader(now), newcomers=True)

    def obey(
        self, lines: tuple[ParsedLine, ...], now: datetime, reader: Reader | None = None, *, newcomers: bool = False
    ) -> Transcript:
        """Obey lines that are parsed already (an import's, for example) and return the transcript.

        With `newcomers` the transcript says more about whoever is added: when they are due, and a first draft.
        """
        from assistant.rounds.replies.lookups import StoreLookups
        from assistant.rounds.replies.newcomers import drafts_unread
        from assistant.rounds.replies.obey import obey
        from assistant.rounds.replies.plan_inputs import at_the_shell

        self._begin(now)
        # Drafts without the owner's letters: adding somebody at the shell opens no mailbox.
        drafter = partial(drafts_unread, self.config, self.store, now, self.writer(now))
        answers = StoreLookups(self.config, self.store, now, lambda: self.one_round(now), drafter)
        context = replace(at_the_shell(self.store, self.random_bytes), lines=lines, reader=reader, newcomers=newcomers)
        return obey(self.store, self.config, (), context, now, answers)

    @contextmanager
    def one_round(self, now: datetime) -> Iterator[Round]:
        """Open the mailbox for one round at `now`."""
        with self.opened() as mailbox:
            yield self.round(mailbox, now)

    @contextmanager
    def round_lock(self) -> Iterator[None]:
        """Hold the lock that lets one process act at a time. Waits until another process ends its round."""
        with self._lock("round.lock", block=True):
            yield

    @contextmanager
    def daemon_lock(self) -> Iterator[None]:
        """Hold the lock of the one daemon. Raises UserError if another daemon holds it."""
        with self._lock("daemon.lock", block=False):
            yield

    @contextmanager
    def _lock(self, name: str, *, block: bool) -> Iterator[None]:
        handle = os.open(self.home / name, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            try:
                # flock, because the kernel drops it when a process is killed: no stale lock is left behind.
                fcntl.flock(handle, fcntl.LOCK_EX | (0 if block else fcntl.LOCK_NB))
            except BlockingIOError:
                raise UserError(
                    "Another assistant is running for {home}. Stop that one first, or let it do the work.",
                    home=self.home,
                ) from None
            yield
        finally:
            os.close(handle)
