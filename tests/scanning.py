"""What scans are tried on: a mailbox of ready-made headers, and a round around a store."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from assistant.config import Config, DigestConfig, MailboxConfig, Me
from assistant.core.mail.message import Batch, Cursor, Folders, Header
from assistant.errors import UserError
from assistant.rounds.context import Round
from tests.fakes import BlowUp, FakeMailbox, FakeWriter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from assistant.store.database import Store

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 10, 12, 0, tzinfo=BERLIN)
OWNER = ("jo@harbour.example", "joharbour@gmail.com")


@dataclass
class ListMailbox(FakeMailbox):
    """A mailbox that yields these headers, `size` in a batch; `calls` counts how often a stream was asked for.

    `broken` says why a folder cannot be read, by its name.
    """

    headers: Sequence[Header] = ()
    name: str = "Sent"
    size: int = 5000
    uidvalidity: int = 1
    calls: int = 0
    fail_after: int | None = None
    extra: list[Batch] = field(default_factory=list)
    broken: dict[str, str] = field(default_factory=dict)

    def __init__(
        self, headers: Sequence[Header] = (), name: str = "Sent", size: int = 5000, uidvalidity: int = 1
    ) -> None:
        super().__init__()
        self.headers, self.name, self.size, self.uidvalidity = headers, name, size, uidvalidity
        self.calls, self.fail_after, self.extra, self.broken = 0, None, [], {}

    def folders(self) -> Folders:
        return Folders("INBOX", self.name, "Drafts")

    def stream(
        self, folder: str, cursor: Cursor | None, seen: Callable[[], frozenset[int]], since: datetime | None
    ) -> Iterator[Batch]:
        del seen
        self.calls += 1
        if folder in self.broken:
            raise UserError(self.broken[folder])
        last = cursor.last_uid if cursor and cursor.uidvalidity == self.uidvalidity else 0
        new = [one for one in self.headers if one.locator.folder == folder and one.locator.uid > last]
        new = [one for one in new if since is None or one.internaldate is None or one.internaldate >= since]
        for number, start in enumerate(range(0, len(new), self.size)):
            if number == self.fail_after:
                raise ConnectionError
            part = tuple(new[start : start + self.size])
            top = max(last, *(one.locator.uid for one in part))
            last = top
            yield Batch(part, Cursor(self.uidvalidity, top), len(new))
        yield from self.extra


def make_config(
    *, since: int = 0, owner: tuple[str, ...] = OWNER, domains: tuple[str, ...] = (), archives: tuple[Path, ...] = ()
) -> Config:
    me = Me("Jo Harbour", owner, owner[0], BERLIN, domains)
    mailbox = MailboxConfig("maildir", since=since, archives=archives)
    return Config(me, mailbox, None, DigestConfig(0, time(8)), None, {})


def make_round(store: Store, mailbox: FakeMailbox, *, config: Config | None = None, now: datetime = NOW) -> Round:
    return Round(
        config=config or make_config(),
        store=store,
        mailbox=mailbox,
        folders=mailbox.folders(),
        transport=None,
        writer=FakeWriter(),
        now=now,
        random_bytes=lambda number: b"\0" * number,
    )


__all__ = ["BERLIN", "NOW", "OWNER", "BlowUp", "ListMailbox", "make_config", "make_round"]
