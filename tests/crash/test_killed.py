"""Real processes, killed by SIGKILL at each named step, with a real Dovecot and a real SMTP server with faults."""

from __future__ import annotations

import os
import shutil
import signal
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from email import message_from_bytes
from typing import TYPE_CHECKING

import pytest

from assistant.config import load_config
from assistant.errors import AssistantError
from assistant.owner import Owner
from assistant.store import outbox
from assistant.store.database import FILE_NAME, Store
from tests.crash.world import identity
from tests.owner.test_end_to_end import CONFIG, MONDAY, OWNER, SMTP_CONFIG, reply, sent_mail
from tests.servers.smtp import Fault, Sink, running_sink

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from assistant.config import Config
    from tests.servers.dovecot import Account, Dovecot

SETTLING = (1, 5, 12, 14, 26)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a case happens: an unused account, a data folder with a roster, a config, and the SMTP sink."""

    account: Account
    home: Path
    config: Config
    sink: Sink

    def round(self, now: datetime, kill: int | None = None) -> int:
        """Do a whole round in its own process, killed at the n-th step; return how many steps it took."""
        heard, said = os.pipe()
        child = os.fork()
        if child == 0:
            with suppress(BaseException):
                os.close(heard)
                self._in_child(now, kill, said)
            os._exit(0)
        os.close(said)
        with os.fdopen(heard, "rb") as pipe:
            steps = len(pipe.read())
        _, status = os.waitpid(child, 0)
        assert kill is None or steps < kill or os.WTERMSIG(status) == signal.SIGKILL
        return steps

    def _in_child(self, now: datetime, kill: int | None, said: int) -> None:
        taken = 0

        def step(_name: str) -> None:
            nonlocal taken
            taken += 1
            os.write(said, b".")
            if taken == kill:
                os.kill(os.getpid(), signal.SIGKILL)

        with Store(self.home) as store, suppress(AssistantError):
            Owner(self.config, self.home, store, step=step).whole_round(now)

    def settle(self, now: datetime) -> None:
        """Do rounds, moving the time forward, until nothing waits."""
        for minutes in (0, *SETTLING):
            self.round(now + minutes * MINUTE + timedelta(seconds=5))
            with Store(self.home) as store:
                if not outbox.open_entries(store):
                    return

    def mail(self) -> dict[str, Counter[tuple[str, ...]]]:
        return {
            folder: Counter(identity(raw) for raw in self.account.messages(folder))
            for folder in ("INBOX", "Sent", "Drafts")
        }


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder with two people on its roster."""
    folder = tmp_path_factory.mktemp("base")
    text = CONFIG.format(owner=OWNER, host="127.0.0.1", port=1, user="x", secret=folder / "s")
    (folder / "config.toml").write_text(text)
    with Store(folder) as store:
        owner = Owner(load_config(folder / "config.toml"), folder, store)
        owner.say(
            ["add Jane Roe <jane@example.com> as mentor", "add Bob Li <bob@other.example> as advisor"],
            MONDAY - timedelta(days=1),
        )
        store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return folder


class Places:
    """Makes places, each with its own account."""

    def __init__(self, server: Dovecot, base: Path, folder: Path, sink: Sink) -> None:
        self.server, self.base, self.folder, self.sink, self.number = server, base, folder, sink, 0

    def make(self, *, smtp: bool) -> Place:
        self.number += 1
        account = self.server.account(f"{self.folder.name.replace('_', '')}{self.number}")
        self.sink.deliver = account.deliver
        self.sink.taken.clear()
        self.sink.fail(None)
        account.fill("Sent", (sent_mail(number) for number in range(6)))
        home = self.folder / str(self.number)
        home.mkdir(mode=0o700)
        shutil.copy(self.base / FILE_NAME, home / FILE_NAME)
        (home / "secret").write_text(account.password)
        (home / "secret").chmod(0o600)
        text = CONFIG.format(
            owner=OWNER, host=account.host, port=account.port, user=account.user, secret=home / "secret"
        ) + (SMTP_CONFIG.format(host=self.sink.host, port=self.sink.port) if smtp else "")
        (home / "config.toml").write_text(text)
        return Place(account, home, load_config(home / "config.toml"), self.sink)


@pytest.fixture
def places(dovecot_server: Dovecot, base: Path, tmp_path: Path) -> Iterator[Places]:
    with running_sink() as sink:
        yield Places(dovecot_server, base, tmp_path, sink)


@pytest.mark.parametrize("smtp", [True, False], ids=["smtp", "append"])
def test_a_digest_killed_at_each_step(places: Places, smtp: bool) -> None:  # noqa: FBT001 - a parameter
    undisturbed = places.make(smtp=smtp)
    steps = undisturbed.round(MONDAY)
    expected = undisturbed.mail()
    assert expected["INBOX"] == {("digest", "2026-W10"): 1}
    for kill in range(1, steps + 1):
        place = places.make(smtp=smtp)
        if smtp and kill % 3 == 1:
            place.sink.fail((Fault.DROP_AFTER, Fault.DROP_AFTER_LOST, Fault.TRY_LATER, Fault.QUIT_421)[kill // 3 % 4])
        place.round(MONDAY, kill)
        place.settle(MONDAY)
        assert place.mail() == expected, f"killed at step {kill} of {steps}"
    assert steps >= 11, "34 cases with those of the reply"


@pytest.mark.parametrize("smtp", [True, False], ids=["smtp", "append"])
def test_a_reply_killed_at_each_step(places: Places, smtp: bool) -> None:  # noqa: FBT001 - a parameter
    at = MONDAY + timedelta(hours=1)

    def answered() -> Place:
        place = places.make(smtp=smtp)
        place.round(MONDAY)
        digest = message_from_bytes(place.account.messages("INBOX")[0])
        place.account.deliver(reply(digest, "met Jane on Sunday\nwin: shipped it", at), "Sent")
        return place

    undisturbed = answered()
    steps = undisturbed.round(at)
    expected = undisturbed.mail()
    assert len(expected["INBOX"]) == 2
    for kill in range(1, steps + 1):
        place = answered()
        if smtp and kill % 2:
            place.sink.fail((Fault.DROP_AFTER, Fault.DROP_AFTER_LOST)[kill // 2 % 2])
        place.round(at, kill)
        place.settle(at)
        assert place.mail() == expected, f"killed at step {kill} of {steps}"
        with Store(place.home) as store:
            assert store.connection.execute("SELECT count(*) FROM note").fetchone() == (2,)
            assert store.connection.execute("SELECT count(*) FROM reply WHERE message_id IS NOT NULL").fetchone() == (
                1,
            )
    assert steps >= 6


def test_without_the_grace_the_real_servers_double_too(places: Places) -> None:
    """A message that shows up late, without the patience: two digests."""
    place = places.make(smtp=True)
    place.sink.visible_after = 60.0
    place.sink.fail(Fault.DROP_AFTER)
    with Store(place.home) as store:
        hasty = Owner(place.config, place.home, store, grace=timedelta(0))
        for second in range(4):
            with suppress(AssistantError):
                hasty.whole_round(MONDAY + timedelta(seconds=second))
    assert place.sink.datas >= 2
    place.sink.visible_after = 0.0
    patient = replace(places.make(smtp=True))
    patient.sink.fail(Fault.DROP_AFTER)
    before = patient.sink.datas
    patient.settle(MONDAY)
    assert patient.sink.datas == before + 1
