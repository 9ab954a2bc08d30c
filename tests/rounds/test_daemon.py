"""The daemon with a pretended clock on a real Dovecot: at the slot, in the owner's zone, once a week."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.utils import parsedate_to_datetime
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from assistant.clock import PretendedClock, SystemClock
from assistant.config import load_config
from assistant.daemon import Daemon
from assistant.errors import LoginRefusedError, UnreachableError, UserError
from assistant.owner import Owner
from assistant.rounds.delivery.sign_in_pause import LOGIN_TRIES
from assistant.rounds.digest.when_due import due_now
from assistant.store.database import Store
from tests.owner.test_end_to_end import CONFIG, MONDAY, OWNER, program, reply, sent_mail, text_of
from tests.servers.dovecot import PLAIN_CAPABILITIES, Setup, running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message
    from pathlib import Path

    from assistant.config import Config
    from assistant.rounds.ports import Mailbox
    from tests.servers.dovecot import Account

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def config(tmp_path: Path, dovecot: Account) -> Config:
    secret = tmp_path / "secret"
    secret.write_text(dovecot.password)
    secret.chmod(0o600)
    text = CONFIG.format(owner=OWNER, host=dovecot.host, port=dovecot.port, user=dovecot.user, secret=secret)
    (tmp_path / "config.toml").write_text(text.replace('timezone = "UTC"', 'timezone = "Europe/Berlin"'))
    return load_config(tmp_path / "config.toml")


@pytest.fixture
def owner(tmp_path: Path, config: Config) -> Iterator[Owner]:
    with Store(tmp_path / "home") as store:
        yield Owner(config, tmp_path / "home", store)


def test_three_weeks_are_three_digests_at_the_slot_in_the_owners_zone(owner: Owner, dovecot: Account) -> None:
    dovecot.fill("Sent", (sent_mail(number) for number in range(50)))
    start = datetime(2026, 3, 14, 12, tzinfo=BERLIN)  # a Saturday; clocks go forward within these weeks
    owner.say(["add Jane Roe <jane@example.com> as mentor"], start)
    Daemon(owner, PretendedClock(start, speed=0), until=start + timedelta(weeks=3), poll=timedelta(hours=12)).run()
    arrived = [parsedate_to_datetime(message_from_bytes(raw)["Date"]) for raw in dovecot.messages("INBOX")]
    slots = [datetime(2026, 3, day, 8, tzinfo=BERLIN) for day in (16, 23, 30)]
    assert len(arrived) == 3
    assert all(
        timedelta(0) <= at - slot <= timedelta(minutes=2) for at, slot in zip(sorted(arrived), slots, strict=True)
    )


def test_an_alarm_of_somebody_else_ends_no_daemon(owner: Owner) -> None:
    rang: list[int] = []
    before = signal.signal(signal.SIGALRM, lambda number, _frame: rang.append(number))
    clock = RingingClock(MONDAY, speed=0)
    try:
        Daemon(FailingOwner(owner.config, owner.home, owner.store), clock, until=MONDAY + timedelta(hours=1)).run()
    finally:
        signal.signal(signal.SIGALRM, before)
    assert rang == [signal.SIGALRM] * 60
    assert clock.now() == MONDAY + timedelta(hours=1)


class RingingClock(PretendedClock):
    """A clock during whose waits an alarm goes off that somebody else has set."""

    def wait(self, seconds: float) -> None:
        signal.raise_signal(signal.SIGALRM)
        super().wait(seconds)


def test_a_second_daemon_is_refused_with_a_sentence_and_the_command_line_works_beside_it(owner: Owner) -> None:
    with owner.daemon_lock():
        with pytest.raises(UserError, match="Another assistant is running"), owner.daemon_lock():
            pass
        assert owner.say(["status"], MONDAY).lines[0].outcome == "ok"


def test_a_reply_is_answered_within_seconds_and_sigterm_ends_it_within_five(
    owner: Owner, dovecot: Account, tmp_path: Path
) -> None:
    """The command in its own process, with IDLE on a real server."""
    dovecot.fill("Sent", (sent_mail(number) for number in range(20)))
    owner.say(["add Jane Roe <jane@example.com> as mentor"], MONDAY - timedelta(days=1))
    command = program(tmp_path)
    daemon = subprocess.Popen(
        [*command, "--now", MONDAY.isoformat(), "run"], stderr=subprocess.PIPE, env={**os.environ}
    )
    try:
        digest = wait_for(dovecot, 1)[0]
        assert digest["X-Career-Assistant"] == "digest"
        time.sleep(1)
        dovecot.deliver(reply(digest, "win: the daemon answers", MONDAY + timedelta(minutes=1)), "Sent")
        transcript = next(message for message in wait_for(dovecot, 2) if message["X-Career-Assistant"] == "transcript")
        assert "the daemon answers" in text_of(transcript)
    finally:
        began = time.monotonic()
        daemon.send_signal(signal.SIGTERM)
        _, errors = daemon.communicate(timeout=10)
    assert time.monotonic() - began < 5
    assert daemon.returncode == 0, errors.decode()


@pytest.mark.dovecot
def test_without_idle_a_reply_is_answered_at_the_next_poll(tmp_path: Path) -> None:
    """A server that can't push: Sent is polled once a minute, and a minute of this clock is a tenth of a second."""
    with running(Setup(capabilities=PLAIN_CAPABILITIES.replace(" IDLE", ""))) as server:
        account = server.account("priya")
        secret = tmp_path / "secret"
        secret.write_text(account.password)
        secret.chmod(0o600)
        text = CONFIG.format(owner=OWNER, host=account.host, port=account.port, user=account.user, secret=secret)
        (tmp_path / "config.toml").write_text(text)
        account.fill("Sent", (sent_mail(number) for number in range(5)))
        command = [sys.executable, "-m", "assistant", "--config", str(tmp_path / "config.toml")]
        command += ["--home", str(tmp_path / "home"), "--now", MONDAY.isoformat()]
        do = [*command, "do", "add Jane Roe <jane@example.com> as mentor"]
        subprocess.run(do, check=True, capture_output=True, env={**os.environ})
        daemon = subprocess.Popen([*command, "run", "--speed", "600"], stderr=subprocess.PIPE, env={**os.environ})
        try:
            digest = wait_for(account, 1)[0]
            account.deliver(reply(digest, "win: polled", MONDAY + timedelta(minutes=1)), "Sent")
            began = time.monotonic()
            found = wait_for(account, 2)
            assert time.monotonic() - began < 10
            assert "polled" in text_of(next(mail for mail in found if mail["X-Career-Assistant"] == "transcript"))
        finally:
            daemon.send_signal(signal.SIGTERM)
            _, errors = daemon.communicate(timeout=10)
    assert daemon.returncode == 0, errors.decode()


def wait_for(account: Account, number: int) -> list[Message]:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        found = [message_from_bytes(raw) for raw in account.messages("INBOX")]
        if len(found) >= number:
            return found
        time.sleep(0.1)
    message = f"only {len(account.messages('INBOX'))} messages came"
    raise AssertionError(message)


@dataclass(frozen=True, slots=True)
class FailingOwner(Owner):
    """An owner whose mailbox can't be opened before `until` (None: never), and who notes the tries."""

    error: Exception = field(default_factory=UnreachableError)
    tries: list[datetime] = field(default_factory=list)
    clock: PretendedClock = field(default_factory=lambda: PretendedClock(MONDAY, speed=0))

    def open_mailbox(self) -> Mailbox:
        self.tries.append(self.clock.now())
        raise self.error


def failing(owner: Owner, error: Exception, hours: int) -> list[datetime]:
    stand_in = FailingOwner(owner.config, owner.home, owner.store, error=error)
    Daemon(stand_in, stand_in.clock, until=MONDAY + timedelta(hours=hours)).run()
    return stand_in.tries


def test_a_refused_login_is_tried_three_times_then_once_an_hour(owner: Owner) -> None:
    tries = failing(owner, LoginRefusedError("The mailbox refused the password."), 6)
    assert len([at for at in tries if at < MONDAY + timedelta(minutes=30)]) == LOGIN_TRIES
    assert len(tries) <= LOGIN_TRIES + 6


def test_an_unreachable_server_is_tried_later_and_later_and_a_bug_ends_nothing(owner: Owner) -> None:
    for error in (UnreachableError("no line"), ZeroDivisionError("a bug")):
        tries = failing(owner, error, 6)
        gaps = [after - before for before, after in pairwise(tries)]
        assert gaps == sorted(gaps)
        assert gaps[-1] <= timedelta(hours=1, minutes=1)
        assert len(tries) > 6


def test_paused_and_stopped_owners_are_owed_nothing(owner: Owner) -> None:
    owner.say(["status"], MONDAY - timedelta(days=8))
    assert due_now(owner.config, owner.store, MONDAY) is not None
    owner.say(["pause for 2 weeks"], MONDAY)
    assert due_now(owner.config, owner.store, MONDAY) is None
    assert due_now(owner.config, owner.store, MONDAY + timedelta(weeks=2)) is not None
    owner.say(["resume", "stop"], MONDAY)
    assert due_now(owner.config, owner.store, MONDAY + timedelta(weeks=2)) is None


def test_clocks() -> None:
    real = SystemClock()
    assert abs(real.now() - datetime.fromtimestamp(time.time(), UTC)) < timedelta(seconds=5)
    assert real.real(60) == 60
    still = PretendedClock(MONDAY, speed=0)
    still.wait(90)
    assert (still.now(), still.real(60)) == (MONDAY + timedelta(seconds=90), 0)
    fast = PretendedClock(MONDAY, speed=3600)
    fast.now()
    fast.wait(36)
    assert fast.now() >= MONDAY + timedelta(seconds=36)
    assert fast.real(3600) == 1
