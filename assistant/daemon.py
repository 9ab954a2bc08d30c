"""The daemon: it ticks once a minute and does one round at a time, when there is a reason to.

    every minute: is there a reason? ──> one round (whole_round) ──> wait for news in Sent (IDLE), a minute at most
                  slot reached, an order due, news, or 15 minutes since the last look

A failed round is logged in one line and tried again later (docs/reliability.md, "When it cannot work").
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
from assistant.rounds.delivery.tally import count_delivery
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

# No longer than a minute: the monotonic clock that a wait counts by stops while the machine sleeps.
TICK = 60
# Also how long a reply waits on a server without IDLE, which announces nothing.
POLL = timedelta(minutes=15)
FIRST_BACK_OFF = timedelta(minutes=1)
# A week's digest is promised if daemon and server are up together for 15 minutes, so a longer wait could miss it.
LONGEST_BACK_OFF = timedelta(minutes=10)
# Seconds that a running round gets after SIGTERM. It's safe to cut it off then: the next start picks it up.
TIME_TO_STOP = 3


class Watcher(Protocol):
    """Somebody at a terminal who sees what the daemon does as it happens."""

    def done(self, done: Done) -> None:
        """Show a round that worked."""
        ...

    def failed(self, error: Exception, again: datetime) -> None:
        """Show a round that failed; it's tried again at `again`."""
        ...


class StopNow(BaseException):
    """Raised by the signal handler while the daemon waits, or when its time to stop is up."""


@dataclass
class Daemon:
    """One owner's daemon.

    It stops at `until` (for trials; None: never). `poll` is the longest time between two looks at Sent. `watcher` sees
    each round as it ends (None: nobody watches).
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
        """Tick until SIGTERM, SIGINT or the time `until`. Everything is closed at the end.

        Raises UserError, which says how to restore, if the data file is damaged. Nothing is sent from it then.
        """
        self.owner.look_after(self.clock.now())
        noted = heartbeat.trouble(self.owner.store)
        self.refused = noted.refused if noted else 0  # a restart allows one more try of a refused login, not three
        # schedule only ticks: its weekly jobs fire twice after a DST gap and are forgotten at a restart. Whether a
        # digest is due is read from the store each time.
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
        """Do one round if there is a reason for one. A failure is logged in one line and tried again later."""
        now = self.clock.now()
        if self._clock_stepped(now):
            # The looks for a message in doubt must span ten minutes, and nobody knows now how long ago they were.
            outbox.look_anew(self.owner.store)
        if self.failed_at and now < self.failed_at:
            self.failed_at = self.not_before = None  # the clock was set back: that time may be years away
        if self.not_before and now < self.not_before:
            return
        polled = self.last_poll is not None and timedelta(0) <= now - self.last_poll < self.poll
        if polled and not self.news and not self._reason(now):
            return
        self._guarded(self._round, now)

    def _clock_stepped(self, now: datetime) -> bool:
        """Return whether the clock was set, the machine slept, or this is the first tick."""
        steady = self.clock.steady()
        before, self.seen = self.seen, (now, steady)
        return before is None or abs((now - before[0]).total_seconds() - (steady - before[1])) > TICK

    def _reason(self, now: datetime) -> bool:
        return reason_to_act(self.owner.config, self.owner.store, now) or self.owner.needs_care(now)

    def _round(self, now: datetime) -> None:
        if self.owner.needs_care(now):
            self.owner.look_after(now)
        if self.mailbox is None:
            # Noted in the data file, so a restart doesn't bother a server that asked to be left alone.
            heartbeat.leave_alone(self.owner.store, now)
            self.mailbox = self.owner.open_mailbox()
        with self.owner.round_lock():
            done = self.owner.once(self.mailbox, now)
        self.last_poll, self.news, self.failures, self.refused, self.not_before = now, False, 0, 0, None
        counts = count_delivery(self.owner.store, done.delivery)
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
        except Exception as error:  # noqa: BLE001 - one failed round must never end the daemon
            self._back_off(now, damaged(self.owner.store.path, str(error)) if is_damage(error) else error)

    def _back_off(self, now: datetime, error: Exception) -> None:
        self.failures += 1
        self.refused = self.refused + 1 if isinstance(error, LoginRefusedError) else 0
        wait = patience(error, self.failures, self.refused)
        self.failed_at, self.not_before = now, now + wait
        # Only the type: our own sentences may name an account, and a library's may hold anything.
        log.warning(
            "round failed again_in=%d failures=%d error=%s", wait.total_seconds(), self.failures, type(error).__name__
        )
        known = isinstance(error, AssistantError)
        place = where(error)
        log.log(logging.DEBUG if known else logging.ERROR, 'failed error=%s where="%s"', type(error).__name__, place)
        try:
            self.owner.failed(now, error, self.mailbox)
        except Exception as worse:  # noqa: BLE001 - a full disk, for example; the note can wait
            log.warning("failure not noted error=%s", type(worse).__name__)
        if self.watcher:
            self.watcher.failed(error, self.not_before)
        # A new connection next time: nobody knows what state a failed round left this one in.
        self._hang_up()

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
            self.tick()  # a reply that just came in is answered at once, not at the next minute
        elif self.clock.real(TICK) >= 1:
            self.scheduler.run_pending()
        else:
            self.tick()  # schedule uses the machine's clock, and a pretended minute passes in less than its second

    def _over(self) -> bool:
        return self.stopping or (self.until is not None and self.clock.now() >= self.until)

    def _stop(self, number: int, _frame: FrameType | None) -> None:
        self.stopping = True
        if self.waiting or number == signal.SIGALRM:
            raise StopNow
        self._catch(signal.SIGALRM)  # only now: an alarm that somebody else had set once ended the daemon
        signal.alarm(TIME_TO_STOP)

    def _catch(self, number: signal.Signals) -> None:
        before = signal.signal(number, self._stop)
        self.handlers.setdefault(number, before)

    def _hang_up(self) -> None:
        if self.mailbox is not None:
            self.mailbox.close()
            self.mailbox = None


def patience(error: Exception, failures: int, refused: int) -> timedelta:
    """Return how long to wait after a failed round. `failures` and `refused` logins in a row include this one."""
    if refused >= LOGIN_TRIES:
        return LOGIN_WAIT  # promise 12: three refusals, then one try an hour
    wait: timedelta = min(FIRST_BACK_OFF * 2 ** min(failures - 1, 10), LONGEST_BACK_OFF)
    asked = timedelta(seconds=(error.retry_after or 0) if isinstance(error, UnreachableError) else 0)
    return max(wait, min(asked, LONGEST_ASKED))
