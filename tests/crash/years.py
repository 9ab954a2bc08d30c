"""Sixty weeks of a laptop: it sleeps, is switched off, its clock steps, the server comes and goes, lines break.

Only the building of the digest is left out (a short message stands in for it); the daemon, what is due, the outbox and
the data file are the program's own. Time is skipped where nothing could happen.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from assistant.core.digest.week import Slot, current, week_name
from assistant.daemon import TICK, Daemon
from assistant.errors import InDoubtError, UnreachableError
from assistant.owner import Owner
from assistant.rounds.delivery.outbox import Delivery, DeliveryWay, deliver
from assistant.rounds.digest.when_due import due_now
from assistant.rounds.first_use import remember_set_up
from assistant.rounds.whole_round import Done
from assistant.store import digests, outbox
from assistant.store.database import Store
from tests.crash.lives import CONFIGS
from tests.fakes import FakeMailbox

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.core.mail.message import Locator
    from assistant.rounds.ports import Mailbox

WEEKS = 60
START = datetime(2026, 1, 7, 10, tzinfo=UTC)
TOGETHER = timedelta(minutes=15)
LONGER = timedelta(minutes=45)
"""What a week needs if the connection broke while the digest was handed over, not counting the grace."""
MINUTE = timedelta(seconds=TICK)
CONFIG = CONFIGS["append"]
SLOT = Slot(0, time(8), CONFIG.me.timezone)


@dataclass
class Machine:
    """The true time, how far the machine's clock is off, and when machine and server are up."""

    chance: random.Random
    now: datetime = START
    off: timedelta = timedelta(0)
    server_up: bool = True
    next_server: datetime = START
    next_sleep: datetime = START
    next_step: datetime = START
    slept: timedelta = timedelta(0)

    def clock(self) -> datetime:
        return self.now + self.off


@dataclass
class Clock:
    """The machine's clock as the daemon sees it."""

    machine: Machine

    def now(self) -> datetime:
        return self.machine.clock()

    def steady(self) -> float:
        return (self.machine.now - START - self.machine.slept).total_seconds()

    def wait(self, seconds: float) -> None:
        raise AssertionError(seconds)

    def real(self, seconds: float) -> float:
        return seconds


@dataclass
class BrokenLines(FakeMailbox):
    """An INBOX whose connection breaks now and then during an APPEND; what was taken may show up minutes late."""

    machine: Machine | None = None
    arrived: Counter[str] = field(default_factory=Counter)
    troubled: set[str] = field(default_factory=set)
    late: list[tuple[datetime, bytes]] = field(default_factory=list)

    def find(self, folder: str, message_id: str) -> tuple[Locator, ...]:
        machine = self.here()
        if not machine.server_up:
            raise UnreachableError(message_id)
        for when, raw in [one for one in self.late if one[0] <= machine.now]:
            self.late.remove((when, raw))
            self.put("INBOX", raw, when)
        return super().find(folder, message_id)

    def find_marked(self, *arguments: Any, **named: Any) -> tuple[Locator, ...]:
        del arguments, named
        return ()

    def append(self, folder: str, message: bytes, flags: tuple[str, ...], at: datetime) -> Locator | None:
        machine = self.here()
        if not machine.server_up:
            raise UnreachableError(folder)
        week = message.partition(b"\r\n")[0].decode().partition(": ")[2]
        luck = machine.chance.random()
        if luck < 0.9 or week in self.troubled:
            self.arrived[week] += 1
            return super().append(folder, message, flags, at)
        self.troubled.add(week)
        if luck < 0.94:
            raise UnreachableError(folder)
        if luck < 0.97:
            self.arrived[week] += 1
            self.late.append((machine.now + timedelta(minutes=machine.chance.uniform(0, 8)), message))
        raise InDoubtError(folder)

    def here(self) -> Machine:
        if self.machine is None:
            raise AssertionError
        return self.machine


@dataclass(frozen=True, slots=True)
class LightOwner(Owner):
    """The owner, with a message of one line as the digest."""

    inbox: BrokenLines = field(default_factory=BrokenLines)

    def open_mailbox(self) -> Mailbox:
        self.inbox.find("INBOX", "open")
        return self.inbox

    def needs_care(self, now: datetime) -> bool:
        del now
        return False

    def failed(self, now: datetime, error: Exception, mailbox: Mailbox | None) -> None:
        del now, mailbox
        if not isinstance(error, UnreachableError):
            raise error

    def once(self, mailbox: Mailbox, now: datetime) -> Done:
        remember_set_up(self.store, now)
        if not self.inbox.here().server_up:
            raise UnreachableError
        way = DeliveryWay(self.store, mailbox, mailbox.folders(), None)
        deliver(way, now)
        due = due_now(self.config, self.store, now)
        if due:
            self._build(due.week, int(due.slot.timestamp()), int(now.timestamp()))
        sent = deliver(way, now)
        return Done((), (), due.week if due else None, Delivery(sent.sent))

    def _build(self, week: str, slot: int, now: int) -> None:
        message_id = f"{week}@example.com"
        raw = f"Subject: {week}\r\nMessage-ID: <{message_id}>\r\n\r\nhello\r\n".encode()
        with self.store.write():
            order = outbox.queue(
                self.store,
                outbox.Order(f"digest {week}", "digest", "append", "p@x", "p@x", message_id, raw, now, "INBOX"),
                now,
            )
            digests.add_digest(self.store, week, slot, now, message_id, order)


@dataclass
class Year:
    """One life: what the owner was owed, and what came."""

    home: Path
    seed: int
    owed: set[str] = field(default_factory=set)
    together: dict[str, timedelta] = field(default_factory=dict)
    ahead: str = ""

    def live(self) -> list[str]:
        """Live through sixty weeks, and return the broken promises."""
        machine = Machine(random.Random(self.seed))  # noqa: S311 - the same lives each time
        inbox = BrokenLines(machine=machine)
        with Store(None) as store:
            owner = LightOwner(CONFIG, self.home, store, inbox=inbox)
            remember_set_up(store, machine.clock())
            daemon = Daemon(owner, Clock(machine))
            while machine.now < START + timedelta(weeks=WEEKS):
                daemon = self._change(machine, daemon, owner)
                daemon.tick()
                self._count(machine, store)
                machine.now += self._stride(machine, daemon, store)
            twice = [f"{self.seed}: {week} came {n} times" for week, n in inbox.arrived.items() if n > 1]
            need = {week: LONGER if week in inbox.troubled else TOGETHER for week in self.together}
            never = [
                f"{self.seed}: {week} never came, though both were up for {spell}"
                for week, spell in self.together.items()
                if spell >= need[week] + 2 * MINUTE and not inbox.arrived[week]
            ]
            return [
                *twice,
                *never,
                *([] if len(inbox.arrived) > WEEKS // 3 else [f"{self.seed}: only {len(inbox.arrived)}"]),
            ]

    def _change(self, machine: Machine, daemon: Daemon, owner: LightOwner) -> Daemon:
        chance = machine.chance
        if machine.now >= machine.next_server:
            machine.server_up = not machine.server_up or chance.random() < 0.3
            mean = chance.choice((20 * 60, 60 * 60)) if machine.server_up else chance.choice((30, 300, 3000))
            machine.next_server = machine.now + timedelta(minutes=16 + chance.expovariate(1 / mean))
        if machine.now >= machine.next_step:
            machine.off = timedelta(0) if machine.off else timedelta(minutes=chance.uniform(-2000, 2000))
            machine.next_step = machine.now + timedelta(hours=chance.expovariate(1 / (5 if machine.off else 400)))
        if machine.now >= machine.next_sleep:
            days = chance.choice((0.4, 0.4, 0.4, 1.0, 12.0)) if chance.random() < 0.9 else 0.0
            asleep = timedelta(days=chance.expovariate(1 / days) if days else 0)
            machine.now += asleep
            machine.slept += asleep  # a monotonic clock stands meanwhile
            machine.next_sleep = machine.now + timedelta(minutes=16 + chance.expovariate(1 / 600))
            if chance.random() < 0.3:  # it was switched off: a new process, the same data
                return Daemon(owner, Clock(machine))
        return daemon

    def _count(self, machine: Machine, store: Store) -> None:
        """Note how long daemon and server were up together while, by the machine's clock, a week's digest was owed."""
        now = machine.clock()
        this = current(now, SLOT)
        self.ahead = max(self.ahead, week_name(now.astimezone(SLOT.zone).date()))
        if now < this.slot or this.slot < START or this.week < self.ahead or machine.off:
            return
        until = min(machine.next_server, machine.next_sleep, machine.next_step)
        last = digests.last_week(store)
        if (
            machine.server_up
            and this.week not in self.together
            and (last is None or last < this.week or last == this.week)
        ):
            end = SLOT.of(datetime.strptime(this.week + "-1", "%G-W%V-%u").replace(tzinfo=UTC).date()) + timedelta(
                days=6, hours=15
            )
            spell = min(until, end) - machine.now
            if spell >= TOGETHER + 2 * MINUTE:
                self.together[this.week] = spell

    def _stride(self, machine: Machine, daemon: Daemon, store: Store) -> timedelta:
        """Return how far to move on: a minute while something may happen, else to the next thing that does."""
        now, machine_next = machine.now, min(machine.next_server, machine.next_sleep, machine.next_step)
        if daemon.not_before and daemon.not_before > machine.clock():
            ahead = daemon.not_before - machine.clock()
        elif outbox.open_entries(store) or due_now(CONFIG, store, machine.clock()):
            return MINUTE
        else:
            this = current(machine.clock(), SLOT)
            following = this.slot if machine.clock() < this.slot else this.slot + timedelta(days=7)
            ahead = following - machine.clock() - timedelta(minutes=machine.chance.uniform(0, 3))
        return max(MINUTE, min(ahead, machine_next - now))


def live(home: Path, seeds: range) -> list[str]:
    """Live one life for each seed, and return the broken promises."""
    return [line for seed in seeds for line in Year(home, seed).live()]
