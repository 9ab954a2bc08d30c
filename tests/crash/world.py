"""A mailbox and a mail server in memory that outlive the program, with faults, and a program that can be killed."""

from __future__ import annotations

import copy
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email.parser import BytesHeaderParser
from enum import Enum
from typing import TYPE_CHECKING

from assistant.errors import InDoubtError, MailboxError, UnreachableError
from assistant.store.database import Store
from tests.fakes import FakeMailbox

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from email.message import Message
    from pathlib import Path

    from sqlite_utils import Database

    from assistant.core.mail.message import Locator
    from assistant.rounds.ports import Mailbox, Transport

OWNER = "priya@example.com"
NO_ANSWER = "no answer"
LATE = timedelta(minutes=5)
"""How late a message shows up on a slow server: within the ten minutes it's looked for."""


class KilledError(BaseException):
    """The process is gone. Only the harness catches this."""


class Fault(Enum):
    """How one transaction goes wrong."""

    DROPPED_BEFORE_DOT = "the line drops before the final dot: not taken"
    DROPPED_TAKEN = "the line drops after the final dot: taken, and seen five minutes later"
    DROPPED_LOST = "the line drops after the final dot: lost"
    TRY_LATER = "451 to the message"
    SLOW = "taken and answered (421 at QUIT, which counts for nothing), seen five minutes later"


@dataclass
class Steps:
    """Counts steps, and ends the process at the `kill`-th (None: never)."""

    kill: int | None = None
    names: list[str] = field(default_factory=list)

    def __call__(self, name: str) -> None:
        self.names.append(name)
        if len(self.names) == self.kill:
            raise KilledError


@dataclass
class World:
    """What outlives the process: mail in folders, mail on its way, and what others received.

    `fault` hits the next transaction of the kind `target` (digest, transcript, draft, or "" for the owner's own mail
    to somebody else and its copy). `keeps_copies`: the provider files what it submits in Sent. `rewrites`: it gives
    the owner's mail Message-IDs of its own.
    """

    now: datetime
    mailbox: FakeMailbox = field(default_factory=FakeMailbox)
    on_its_way: list[tuple[datetime, str, bytes, tuple[str, ...]]] = field(default_factory=list)
    others: list[tuple[str, bytes]] = field(default_factory=list)
    datas: Counter[str] = field(default_factory=Counter)
    fault: Fault | None = None
    target: str = "digest"
    rewrites: bool = False
    keeps_copies: bool = False

    def at(self, now: datetime) -> None:
        """Set the time to `now`, which shows the mail that was on its way."""
        self.now = now
        due = [mail for mail in self.on_its_way if mail[0] <= now]
        self.on_its_way = [mail for mail in self.on_its_way if mail[0] > now]
        for when, folder, raw, flags in due:
            self.mailbox.put(folder, raw, when, flags)

    def copy(self) -> World:
        """Return a separate world with the same mail in it."""
        return copy.deepcopy(self)

    def trouble(self, message: bytes) -> Fault | None:
        """Return the fault of this transaction, and use it up."""
        if self.fault is None or kind_of(header_of(message)) != self.target:
            return None
        fault, self.fault = self.fault, None
        return fault

    def snapshot(self) -> dict[str, Counter[tuple[str, ...]]]:
        """Return what kind of mail is in which folder, and what others received."""
        found: dict[str, Counter[tuple[str, ...]]] = {name: Counter() for name in ("INBOX", "Sent", "Drafts", "others")}
        for locator, (raw, _, _) in self.mailbox.messages.items():
            found[locator.folder][identity(raw)] += 1
        for _, folder, raw, _ in self.on_its_way:
            found[folder][identity(raw)] += 1
        for rcpt, raw in self.others:
            found["others"][(rcpt, *identity(raw))] += 1
        return found


def header_of(raw: bytes) -> Message:
    """Return the header of a message without parsing its body, which would take time."""
    return BytesHeaderParser().parsebytes(raw.partition(b"\r\n\r\n")[0])


def kind_of(message: Message) -> str:
    """Return digest, transcript, notice, draft or "" (the owner's own)."""
    return str(message["X-Career-Assistant"] or "")


def identity(raw: bytes) -> tuple[str, ...]:
    """Return what makes a message the same in two lives: its week, parent or recipient instead of its random ids."""
    message = header_of(raw)
    kind = kind_of(message)
    if kind == "digest":
        return kind, str(message["X-Career-Assistant-Week"])
    if kind == "transcript":
        return kind, str(message["In-Reply-To"])
    return kind, str(message["To"]), str(message["Subject"])


@dataclass
class WorldMailbox(FakeMailbox):
    """The mailbox as one process sees it."""

    world: World | None = None
    step: Steps = field(default_factory=Steps)

    def append(self, folder: str, message: bytes, flags: tuple[str, ...], at: datetime) -> Locator | None:
        del at
        world = self._world()
        self.step("append begins")
        fault = world.trouble(message)
        if fault is Fault.DROPPED_BEFORE_DOT:
            raise UnreachableError(NO_ANSWER)
        if fault is Fault.TRY_LATER:
            raise MailboxError(NO_ANSWER)
        if fault is Fault.DROPPED_LOST:
            raise InDoubtError(NO_ANSWER)
        if fault is Fault.DROPPED_TAKEN or fault is Fault.SLOW:
            world.on_its_way.append((world.now + LATE, folder, message, flags))
            self.step("append taken")
            if fault is Fault.SLOW:
                return None
            raise InDoubtError(NO_ANSWER)
        lies = self.put(folder, message, world.now, flags)
        self.step("append taken")
        return lies

    def remove_draft(self, locator: Locator, message_id: str) -> bool:
        self.step("removal begins")
        kept = self.messages.get(locator)
        if kept is None or "\\Draft" not in kept[1] or f"<{message_id}>".encode() not in kept[0]:
            return False
        del self.messages[locator]
        self.step("removal done")
        return True

    def _world(self) -> World:
        if self.world is None:
            raise AssertionError
        return self.world


@dataclass
class WorldTransport:
    """SMTP as one process sees it."""

    world: World
    step: Steps

    def send(self, mail_from: str, rcpt_to: str, message: bytes) -> None:
        del mail_from
        self.step("connected")
        fault = self.world.trouble(message)
        if rcpt_to != OWNER:
            self.world.datas[rcpt_to] += 1
        self.step("DATA begun")
        if fault is Fault.DROPPED_BEFORE_DOT or fault is Fault.TRY_LATER:
            error = UnreachableError("451 try later")
            error.after_data = True
            raise error
        if fault is Fault.DROPPED_LOST:
            raise InDoubtError(NO_ANSWER)
        self._take(rcpt_to, message, late=fault is not None)
        self.step("DATA taken")
        if fault is Fault.DROPPED_TAKEN:
            raise InDoubtError(NO_ANSWER)

    def check(self) -> None:
        """Do nothing: the server always answers."""

    def _take(self, rcpt_to: str, message: bytes, *, late: bool) -> None:
        if rcpt_to != OWNER:
            self.world.others.append((rcpt_to, message))
            if self.world.keeps_copies:
                self._show("Sent", message, late=late)
            return
        if self.world.rewrites:
            message = message.replace(b"\r\nMessage-ID: <", b"\r\nMessage-ID: <rewritten-", 1)
        self._show("INBOX", message, late=late)

    def _show(self, folder: str, message: bytes, *, late: bool) -> None:
        if late:
            self.world.on_its_way.append((self.world.now + LATE, folder, message, ()))
        else:
            self.world.mailbox.put(folder, message, self.world.now)


class SteppingStore(Store):
    """A store that counts the moments around each of its transactions as steps."""

    def __init__(self, home: Path | None, step: Steps) -> None:
        super().__init__(home)
        self.step = step

    @contextmanager
    def write(self) -> Iterator[Database]:
        """Hold a transaction. The process may end before it, before its commit, and after it."""
        if self.connection.in_transaction:
            with super().write() as db:
                yield db
            return
        with super().write() as db:
            yield db
            if self.step.names[-1:] != ["committed"]:  # nothing lasting happened since: the same end as there
                self.step("before commit")
        self.step("committed")


if TYPE_CHECKING:
    _mailbox: Mailbox = WorldMailbox()
    _transport: Transport = WorldTransport(World(None), Steps())  # type: ignore[arg-type]
