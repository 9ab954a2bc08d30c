"""Run unseen: tick, decide from what is stored, do one guarded round at a time.

    every minute: is there a reason? ──> one round (whole_round) ──> wait for news in Sent (IDLE), a minute at most
                  slot reached, an order due, news, or 15 minutes since the last look

`schedule` only ticks; whether a digest is due is read from the store each time, so sleep, restarts and clock changes
cannot lose or double one (docs/reliability.md). A round that fails is told in one line and tried again later: within
ten minutes, since daemon and server may be up together for no more than fifteen; hourly where the login was refused
three times; and not before the server asked to be left alone for.
"""

from __future__ import annotations

import logging
import signal
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

import schedule

from assistant.errors import AssistantError, LoginRefusedError, UnreachableError
from assistant.logs import where
from assistant.rounds.delivery import heartbeat
from assistant.rounds.delivery.heartbeat import LONGEST_ASKED
from assistant.rounds.delivery.sign_in_pause import LOGIN_TRIES, LOGIN_WAIT
from assistant.rounds.delivery.tally import tally
from assistant.rounds.whole_round import reason_to_act
from assistant.store import outbox
from assistant.store.database import damaged, is_damage

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from assistant.clock import Clock
    from assistant.owner import Owner
    from assistant.rounds.ports import Mailbox
    from assistant.rounds.whole_round import Done

log = logging.getLogger("assistant.daemon")

TICK = 60
POLL = timedelta(minutes=15)
FIRST_BACK_OFF = timedelta(minutes=1)
LONGEST_BACK_OFF = timedelta(minutes=10)
TIME_TO_STOP = 3
"""Seconds a round in hand gets after SIGTERM before it is ended where it stands (which is safe, only later)."""


class Watcher(Protocol):
    """Is told what the daemon does, as it does it: somebody at a terminal."""

    def done(self, done: Done) -> None:
        """Take note of a round that worked."""
        ...

    def failed(self, error: Exception, again: datetime) -> None:
        """Take note of a round that failed, and when it is tried again."""
        ...


class StopNow(BaseException):
    """Raised by the signal handler where the daemon waits, or when its time to stop is over."""


@dataclass
class Daemon:
    """One owner's daemon.

    `clock` tells the time; `until` ends it (for trials), None for never; `poll` is how long Sent may go without a look;
    `watcher` is who looks on, None for nobody.
    """

    owner: Owner
    clock: Clock
    until: datetime | None = None
    poll: timedelta = POLL
    watcher: Watcher | None = None
    mailbox: Mailbox | None = None
    failures: int = 0
    refused: int = 0
    failed_at: datetime | None = None
    not_before: datetime | None = None
    seen: tuple[datetime, float] | None = None
    last_poll: datetime | None = None
    news: bool = True
    stopping: bool = False
    waiting: bool = False
    handlers: dict[signal.Signals, Any] = field(default_factory=dict)
    scheduler: schedule.Scheduler = field(default_factory=schedule.Scheduler)

    def run(self) -> None:
        """Tick until stopped by SIGTERM or SIGINT, or until `until`. Everything is closed at the end.

        Raises UserError, with how to restore, where the data file is damaged: nothing is sent from it.
        """
        self.owner.look_after(self.clock.now())
        noted = heartbeat.trouble(self.owner.store)
        self.refused = noted.refused if noted else 0  # a restart gives one try at once, and no three
        self.scheduler.every(max(1, int(self.clock.real(TICK)))).seconds.do(self.tick)
        self._catch(signal.SIGTERM)
        self._catch(signal.SIGINT)
        log.info("started")
        try:
            self.tick()
            while not self._over():
                self._wait(TICK)
                self._run_jobs()
        except StopNow:
            pass
        finally:
            if signal.SIGALRM in self.handlers:
                signal.alarm(0)
            for number, handler in self.handlers.items():
                signal.signal(number, handler)
            self._hang_up()
            log.info("stopped")

    def tick(self) -> None:
        """Do one round if there is a reason for one; a failure is told in one line and waited out."""
        now = self.clock.now()
        if self._clock_stepped(now):
            outbox.look_anew(self.owner.store)
        if self.failed_at and now < self.failed_at:
            self.failed_at = self.not_before = None  # the clock was set back: what was waited for may never come
        if self.not_before and now < self.not_before:
            return
        polled = self.last_poll is not None and timedelta(0) <= now - self.last_poll < self.poll
        if polled and not self.news and not self._reason(now):
            return
        self._guarded(self._round, now)

    def _clock_stepped(self, now: datetime) -> bool:
        """Return whether the time went otherwise than it passes since the last tick: set, slept through, or begun."""
        steady = self.clock.steady()
        before, self.seen = self.seen, (now, steady)
        return before is None or abs((now - before[0]).total_seconds() - (steady - before[1])) > TICK

    def _reason(self, now: datetime) -> bool:
        return reason_to_act(self.owner.config, self.owner.store, now) or self.owner.needs_care(now)

    def _round(self, now: datetime) -> None:
        if self.owner.needs_care(now):
            self.owner.look_after(now)
        if self.mailbox is None:
            heartbeat.leave_alone(self.owner.store, now)
            self.mailbox = self.owner.open_mailbox()
        with self.owner.round_lock():
            done = self.owner.once(self.mailbox, now)
        self.last_poll, self.news, self.failures, self.refused, self.not_before = now, False, 0, 0, None
        counts = tally(self.owner.store, done.delivery)
        log.info(
            "round done read=%d replies=%d digest=%s delivered=%d drafts=%d sent=%d refused=%d waiting=%d",
            sum(scan.new for scan in done.scans),
            len(done.transcripts),
            done.digest or "none",
            counts.digests + counts.transcripts + counts.notices,
            counts.drafts,
            counts.sent,
            counts.refused,
            counts.waiting,
        )
        if self.watcher:
            self.watcher.done(done)

    def _guarded(self, job: Callable[[datetime], None], now: datetime) -> None:
        try:
            job(now)
        except Exception as error:  # noqa: BLE001 - a job that raises must never end the daemon
            self._back_off(now, damaged(self.owner.store.path, str(error)) if is_damage(error) else error)

    def _back_off(self, now: datetime, error: Exception) -> None:
        self.failures += 1
        self.refused = self.refused + 1 if isinstance(error, LoginRefusedError) else 0
        wait = self._patience(error)
        self.failed_at, self.not_before = now, now + wait
        # The kind alone: the sentence may name an account, and of what is not ours nobody knows what it holds.
        log.warning(
            "round failed again_in=%d failures=%d error=%s", wait.total_seconds(), self.failures, type(error).__name__
        )
        known = isinstance(error, AssistantError)
        place = where(error)
        log.log(logging.DEBUG if known else logging.ERROR, 'failed error=%s where="%s"', type(error).__name__, place)
        try:
            self.owner.failed(now, error, self.mailbox)
        except Exception as worse:  # noqa: BLE001 - a full disk, say: the note can wait
            log.warning("failure not noted error=%s", type(worse).__name__)
        if self.watcher:
            self.watcher.failed(error, self.not_before)
        self._hang_up()

    def _patience(self, error: Exception) -> timedelta:
        if self.refused >= LOGIN_TRIES:
            return LOGIN_WAIT
        wait: timedelta = min(FIRST_BACK_OFF * 2 ** min(self.failures - 1, 10), LONGEST_BACK_OFF)
        asked = timedelta(seconds=(error.retry_after or 0) if isinstance(error, UnreachableError) else 0)
        return max(wait, min(asked, LONGEST_ASKED))

    def _wait(self, seconds: float) -> None:
        self.waiting = True
        try:
            if self.stopping:
                raise StopNow
            if self.mailbox is None or not self.clock.real(seconds):
                self.clock.wait(seconds)
            else:
                self.news = self.mailbox.wait(self.clock.real(seconds)) or self.news
        except AssistantError as error:
            self._back_off(self.clock.now(), error)
        finally:
            self.waiting = False

    def _run_jobs(self) -> None:
        if self.news:
            self.tick()  # what was said just now is answered just now
        elif self.clock.real(TICK) >= 1:
            self.scheduler.run_pending()
        else:
            self.tick()  # schedule goes by the machine's clock: a pretended minute is over before its second is

    def _over(self) -> bool:
        return self.stopping or (self.until is not None and self.clock.now() >= self.until)

    def _stop(self, number: int, _frame: FrameType | None) -> None:
        self.stopping = True
        if self.waiting or number == signal.SIGALRM:
            raise StopNow
        self._catch(signal.SIGALRM)  # only now: an alarm that somebody else set is not ours to take
        signal.alarm(TIME_TO_STOP)

    def _catch(self, number: signal.Signals) -> None:
        """Let `_stop` handle a signal, and remember who did before."""
        before = signal.signal(number, self._stop)
        self.handlers.setdefault(number, before)

    def _hang_up(self) -> None:
        if self.mailbox is not None:
            self.mailbox.close()
            self.mailbox = None
