"""Whole rounds over connections that are cut after every so many bytes end like rounds over a stable connection."""

from __future__ import annotations

import shutil
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from assistant.config.secrets import Credential
from assistant.errors import AssistantError
from assistant.mailbox.imap.connection import Limits
from assistant.mailbox.imap.mailbox import ImapMailbox
from assistant.owner import Owner
from assistant.rounds.first_use import remember_set_up
from assistant.store.database import FILE_NAME, Store
from assistant.store.facts import Paces
from tests.crash.lives import CONFIGS, PEOPLE, OnceWorded
from tests.crash.world import identity
from tests.owner.test_end_to_end import MONDAY, sent_mail
from tests.servers.dovecot import PASSWORD
from tests.servers.proxy import How, running_proxy

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.config import Config
    from assistant.rounds.ports import Mailbox, Writer
    from tests.servers.dovecot import Account, Dovecot

LEAST = 200
"""Together with those of tests/mailbox/test_cuts.py more than 300."""
EVERY = 99
"""Connections to cut: all that the first round makes, so that what is read again breaks again."""
SETTLING = (1, 3, 6, 13, 14)
QUICK = Limits(connect=2.0, silence=0.25, command=1.0)
PATIENT = Limits(connect=10.0, silence=10.0, command=10.0)
WORDS = OnceWorded()


@dataclass(frozen=True, slots=True)
class Wired(Owner):
    """An owner whose mailbox is at a port that may be a proxy's."""

    account: Account | None = None
    port: int = 0
    limits: Limits = PATIENT

    def open_mailbox(self) -> Mailbox:
        assert self.account
        config, pace = self.account.config(port=self.port), Paces(self.store)
        return ImapMailbox(config, lambda: Credential(PASSWORD), limits=self.limits, pace=pace)

    def transport(self) -> None:
        return None

    def writer(self, now: datetime) -> Writer:
        del now
        return WORDS

    def needs_care(self, now: datetime) -> bool:
        del now
        return False


def config() -> Config:
    return replace(CONFIGS["append"], smtp=None)


@dataclass(frozen=True, slots=True)
class Bench:
    """Makes accounts with the same mail, and data folders with the same roster."""

    server: Dovecot
    base: Path
    folder: Path

    def lives(self, name: str, how: How = "end", **cut: int) -> tuple[dict[str, Counter[tuple[str, ...]]], int]:
        """Do a round over connections cut as `cut` says, then stable ones; return mail and connections."""
        account = self.server.account(f"{self.folder.name.replace('_', '')}{name}")
        account.fill("Sent", (sent_mail(number) for number in range(5)))
        home = self.folder / name
        home.mkdir()
        shutil.copy(self.base / FILE_NAME, home / FILE_NAME)
        with Store(home) as store, running_proxy(account.port, how=how, **cut) as proxy:
            limits = QUICK if how == "silence" else PATIENT
            owner = Wired(config(), home, store, account=account, port=proxy.port, limits=limits)
            for minutes in (0, *SETTLING):
                whole = False
                with suppress(AssistantError):
                    owner.whole_round(MONDAY + timedelta(minutes=minutes))
                    whole = True
                held = proxy.connections >= proxy.cuts
                proxy.cuts = proxy.connections  # what broke in this round holds from now on
                if whole and held and not waits(store):
                    break
            connections = proxy.connections
            weeks = store.connection.execute("SELECT count(*) FROM digest").fetchone()[0]
            read = store.connection.execute("SELECT count(*) FROM message").fetchone()[0]
        mail = {folder: Counter(map(identity, account.messages(folder))) for folder in ("INBOX", "Sent", "Drafts")}
        return {**mail, "weeks": Counter({("weeks",): weeks}), "read": Counter({("read",): read})}, connections


def waits(store: Store) -> bool:
    return bool(store.connection.execute("SELECT 1 FROM outbox WHERE state != 'sent'").fetchone())


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lines")
    with Store(folder) as store:
        owner = Wired(config(), folder, store)
        remember_set_up(store, MONDAY - timedelta(days=1))
        owner.say(list(PEOPLE), MONDAY - timedelta(days=1))
        store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return folder


@pytest.mark.timeout(240)
def test_whole_rounds_over_lines_cut_at_every_kth_octet(dovecot_server: Dovecot, base: Path, tmp_path: Path) -> None:
    bench = Bench(dovecot_server, base, tmp_path)
    expected, _ = bench.lives("whole")
    assert expected["INBOX"] == {("digest", "2026-W10"): 1}
    assert sum(expected["Drafts"].values()) == 2
    cases: list[tuple[How, str, int]] = []
    for how, down, up in (("end", 200, 860), ("reset", 250, 1100), ("silence", 800, 4000)):
        cases += [(how, "down", octets) for octets in range(20, 10_500, down)]  # type: ignore[misc]
        cases += [(how, "up", octets) for octets in range(20, 43_000, up)]  # type: ignore[misc]

    def differs(case: tuple[int, tuple[How, str, int]]) -> str | None:
        number, (how, side, octets) = case
        cuts = 1 if number % 2 else EVERY
        found, _ = bench.lives(str(number), how, cuts=cuts, **{side: octets})
        return None if found == expected else f"{how} {side} {octets} {cuts}: {found}"

    with ThreadPoolExecutor(4) as pool:
        wrong = [line for line in pool.map(differs, enumerate(cases)) if line]
    assert wrong == []
    assert len(cases) >= LEAST
