"""The daemon over years, with servers that refuse, throttle, drip and flood, and what it says when all fails."""

from __future__ import annotations

import gc
import json
import logging
import os
import re
import resource
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant import logs
from assistant.cli.main import run
from assistant.clock import PretendedClock
from assistant.config import load_config
from assistant.config.secrets import Credential
from assistant.config.values import SmtpConfig
from assistant.daemon import Daemon
from assistant.errors import LoginRefusedError, UnreachableError
from assistant.mailbox.imap.connection import Limits
from assistant.mailbox.imap.mailbox import ImapMailbox
from assistant.mailbox.smtp import SmtpTransport
from assistant.owner import ROUND_SECONDS, Owner
from assistant.rounds.delivery import heartbeat
from assistant.store import facts, outbox
from assistant.store.database import Store
from tests.crash.lives import CONFIGS
from tests.crash.years import live
from tests.fakes import FakeMailbox, FakeTransport
from tests.mailbox.test_imap import message
from tests.owner.test_end_to_end import CONFIG, MONDAY, OWNER, sent_mail, text_of
from tests.servers.scripted import Script, running_script

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.config import Config
    from assistant.rounds.ports import Mailbox, Transport
    from tests.servers.dovecot import Account

LIVES = 300
TWO_DAYS = timedelta(days=2)
MEMORY = 200 << 10
"""Kilobytes: 200 MB."""
PROGRAM = 80 << 10
"""Kilobytes the program may need before a round; it's about 60 MB."""


@pytest.mark.timeout(240)
def test_300_lives_of_60_weeks_never_two_and_never_none(tmp_path: Path) -> None:
    half = LIVES // 2
    with ProcessPoolExecutor(2, mp_context=get_context("spawn"), initializer=logging.disable) as pool:
        found = list(pool.map(live, [tmp_path, tmp_path], [range(half), range(half, LIVES)]))
    assert found == [[], []]


@dataclass(frozen=True, slots=True)
class LostOwner(Owner):
    """An owner whose mailbox can't be opened while `error` is set; `ways` holds what goes out by SMTP."""

    error: list[Exception] = field(default_factory=list)
    tries: list[datetime] = field(default_factory=list)
    clock: PretendedClock = field(default_factory=lambda: PretendedClock(MONDAY, speed=0))
    ways: FakeTransport | None = None
    box: FakeMailbox = field(default_factory=FakeMailbox)

    def open_mailbox(self) -> Mailbox:
        self.tries.append(self.clock.now())
        if self.error:
            raise self.error[0]
        return self.box

    def transport(self) -> Transport | None:
        return self.ways


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "home") as opened:
        yield opened


def lost(store: Store, error: Exception, *, smtp: bool, route: str = "smtp") -> LostOwner:
    assert store.path
    config = CONFIGS[route] if smtp else replace(CONFIGS[route], smtp=None)
    return LostOwner(config, store.path.parent, store, error=[error], ways=FakeTransport() if smtp else None)


def lived(owner: LostOwner, hours: float) -> Daemon:
    daemon = Daemon(owner, owner.clock, until=owner.clock.now() + timedelta(hours=hours))
    daemon.run()
    return daemon


def test_after_two_days_the_owner_is_told_once_by_smtp(store: Store) -> None:
    owner = lost(store, UnreachableError("The mail server imap.example could not be reached."), smtp=True)
    lived(owner, 47)
    assert owner.ways
    assert owner.ways.sent == []
    lived(owner, 20)
    assert len(owner.ways.sent) == 1
    notice = message_from_bytes(owner.ways.sent[0][2])
    assert notice["X-Career-Assistant"] == "notice"
    assert notice["To"] == f"Priya Raman <{OWNER}>"
    assert "Mon 2 March" in str(notice["Subject"])
    assert "imap.example" in text_of(notice)
    assert "assistant doctor" in text_of(notice)
    owner.error.clear()
    lived(owner, 2)
    owner.error.append(UnreachableError("again"))
    lived(owner, 40)
    notices = [raw for _, _, raw in owner.ways.sent if b"X-Career-Assistant: notice" in raw]
    assert len(notices) == 1, "a new trouble of less than two days"
    lived(owner, 20)
    notices = [raw for _, _, raw in owner.ways.sent if b"X-Career-Assistant: notice" in raw]
    assert len(notices) == 2


def test_without_smtp_the_owner_is_told_when_the_mailbox_is_back(store: Store) -> None:
    owner = lost(store, LoginRefusedError("The mailbox refused the password."), smtp=False)
    lived(owner, 70)
    assert owner.box.appended == []
    owner.error.clear()
    lived(owner, 2)
    notices = [raw for _, raw, _ in owner.box.appended if b"X-Career-Assistant: notice" in raw]
    assert len(notices) == 1
    assert "refused the password" in text_of(message_from_bytes(notices[0]))
    assert heartbeat.trouble(store) is None
    lived(owner, 24)
    assert len([raw for _, raw, _ in owner.box.appended if b"X-Career-Assistant: notice" in raw]) == 1


def test_a_scan_that_fails_is_told_through_the_mailbox_that_works(store: Store) -> None:
    owner = lost(store, UnreachableError("x"), smtp=False)
    owner.error.clear()
    home = heartbeat.Home(owner.config, store, owner.box, None, owner.random_bytes)
    for hours in range(0, 60, 5):
        heartbeat.note_failure(home, MONDAY + timedelta(hours=hours), ZeroDivisionError("a secret text"))
    (notice,) = [raw for _, raw, _ in owner.box.appended]
    assert "ZeroDivisionError" in text_of(message_from_bytes(notice))
    assert b"secret text" not in notice


def test_a_notice_that_smtp_does_not_take_goes_later(store: Store) -> None:
    owner = lost(store, UnreachableError("no line"), smtp=True)
    assert owner.ways
    owner.ways.fail = [(UnreachableError("no line either"), False)] * 3
    lived(owner, 80)
    assert len(owner.ways.sent) == 1


def test_a_clock_set_back_does_not_keep_the_daemon_waiting(store: Store) -> None:
    owner = lost(store, UnreachableError("no line"), smtp=True)
    daemon = lived(owner, 3)
    owner.clock.moved -= timedelta(days=400)
    before = len(owner.tries)
    daemon.tick()
    assert len(owner.tries) == before + 1


def test_a_restart_gives_a_refused_login_one_try_at_once_and_no_three(store: Store) -> None:
    owner = lost(store, LoginRefusedError("The mailbox refused the password."), smtp=False)
    lived(owner, 1.9)
    assert len(owner.tries) == 3 + 1
    lived(owner, 2.9)
    assert len(owner.tries) == 4 + 3, "at once and then hourly"


def test_a_restart_leaves_a_server_alone_that_asked_for_it(store: Store) -> None:
    error = UnreachableError("busy")
    error.retry_after = 7200.0
    owner = lost(store, error, smtp=False)
    lived(owner, 1)
    lived(owner, 0.9)
    assert len(owner.tries) == 1
    lived(owner, 0.5)
    assert len(owner.tries) == 2


def with_server(script: Script, folder: Path, *, smtp: str = "") -> Config:
    (folder / "secret").write_text("x")
    (folder / "secret").chmod(0o600)
    text = CONFIG.format(owner=OWNER, host="127.0.0.1", port=script.port, user="priya", secret=folder / "secret")
    (folder / "config.toml").write_text(text + smtp)
    return load_config(folder / "config.toml")


def tried(config: Config, store: Store, hours: float) -> list[datetime]:
    """Run the daemon with a pretended clock; return when it failed."""
    assert store.path
    failed: list[datetime] = []

    @dataclass(frozen=True, slots=True)
    class Noting(Owner):
        def failed(self, now: datetime, error: Exception, mailbox: Mailbox | None) -> None:
            del error, mailbox
            failed.append(now)

    owner = Noting(config, store.path.parent, store)
    Daemon(owner, PretendedClock(MONDAY, speed=0), until=MONDAY + timedelta(hours=hours)).run()
    return failed


def test_a_refused_login_is_tried_three_times_then_hourly_at_the_server(store: Store, tmp_path: Path) -> None:
    with running_script(Script(login=b"NO [AUTHENTICATIONFAILED] no")) as script:
        tried(with_server(script, tmp_path), store, 6)
        logins = script.commands.count("LOGIN")
    assert 3 + 5 <= logins <= 3 + 6


def test_cron_too_tries_three_times_then_hourly_and_the_doctor_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with running_script(Script(login=b"NO [AUTHENTICATIONFAILED] no")) as script:
        with_server(script, tmp_path)
        base = ["--config", str(tmp_path / "config.toml"), "--home", str(tmp_path / "home")]
        for minute in range(0, 180, 5):
            at = MONDAY + timedelta(minutes=minute)
            assert run([*base, "--now", at.isoformat(), "once"]) == 1
        assert 3 + 2 <= script.commands.count("LOGIN") <= 3 + 3
        assert "assistant doctor" in capsys.readouterr().err
        before = script.commands.count("LOGIN")
        script.login = b"OK signed in"
        run([*base, "--now", at.isoformat(), "doctor"])
        assert script.commands.count("LOGIN") > before
        assert run([*base, "--now", at.isoformat(), "once"]) == 0


@pytest.mark.parametrize(
    ("words", "minutes"),
    [
        (b"NO Server Unavailable. Request is throttled. Suggested Backoff Time: 2400000 milliseconds", 40),
        (b"NO [OVERQUOTA] too much was asked, try again later", 8),
    ],
)
def test_throttling_answers_are_obeyed(store: Store, tmp_path: Path, words: bytes, minutes: int) -> None:
    messages = [message(n) for n in range(1, 5)]
    with running_script(Script(messages, poison=frozenset({1, 2, 3, 4}), refusal=words)) as script:
        failed = tried(with_server(script, tmp_path), store, 6)
    gaps = [after - before for before, after in pairwise(failed)][3:]
    assert len(gaps) > 3
    assert min(gaps) >= timedelta(minutes=minutes)


def test_smtp_that_asks_to_be_left_alone_is_left_alone_by_every_message(store: Store) -> None:
    error = UnreachableError("451 Suggested Backoff Time: 1800000 milliseconds")
    error.retry_after = 1800.0
    owner = lost(store, error, smtp=True)
    assert owner.ways
    for number in range(3):
        order = outbox.Order(
            f"notice {number}", "notice", "smtp", OWNER, OWNER, f"{number}@example.com", b"Subject: x\r\n\r\n",
            int(MONDAY.timestamp()),
        )  # fmt: skip
        outbox.queue(store, order, int(MONDAY.timestamp()))
    owner.ways.fail = [(error, False)]
    owner.error.clear()
    lived(owner, 0.45)
    assert owner.ways.fail == []
    assert owner.ways.sent == []
    lived(owner, 0.2)
    assert len(owner.ways.sent) >= 3


HOSTILE = {
    "drips": Script([message(n) for n in range(1, 9)], drip=0.01),
    "is silent": Script([message(1)], silent=frozenset({"EXAMINE"})),
    "floods": Script([message(1)], flood=frozenset({"LIST"})),
    "floods in a folder": Script([message(1)], flood=frozenset({"EXAMINE"})),
    "announces 99,999,999,999 octets": Script([message(1)], giant=frozenset({1})),
    "names folders without end": Script([message(1)], tide={"LIST": (b"", b'* LIST () "/" x\r\n' * 4_000)}),
    "sends a header of 60 MB": Script(
        [message(1)], tide={"UID FETCH": (b"* 1 FETCH (UID 1 BODY[HEADER.FIELDS (DATE)] {60000000}\r\n", b"x" * 60_000)}
    ),
    "finds messages without end": Script(
        [message(1)], tide={"UID SEARCH": (b"", b"* SEARCH" + b" 1234567" * 10_000 + b"\r\n")}
    ),
    "garbles": Script([message(1)], garbled=frozenset({1})),
    "says BYE": Script([message(1)], bye=frozenset({"UID FETCH"})),
}


@pytest.mark.parametrize("habit", HOSTILE)
def test_a_round_has_an_end_and_little_memory_whatever_a_server_sends(tmp_path: Path, habit: str) -> None:
    """The same deadlines, a fiftieth as long, in a child process, so that its memory can be measured."""
    script = replace(HOSTILE[habit])
    with running_script(script):
        config = with_server(script, tmp_path)
        heard, said = os.pipe()
        child = os.fork()
        if child == 0:
            os.write(said, json.dumps(hostile_round(config, tmp_path)).encode())
            os._exit(0)
        os.close(said)
        with os.fdopen(heard) as pipe:
            seconds, kilobytes = json.loads(pipe.read() or "[999, 999999999]")
        os.waitpid(child, 0)
    assert seconds < 4, "two minutes would be 100 s and what is left of one command"
    assert kilobytes < MEMORY - PROGRAM


def hostile_round(config: Config, folder: Path) -> tuple[float, int]:
    gc.collect()
    # A child begins as large as the tests' own process ever was: only what comes on top is the round's.
    Path("/proc/self/clear_refs").write_text("5")
    before = most_memory()
    limits = Limits(connect=0.4, silence=0.6, command=1.2)
    mailbox = ImapMailbox(config.mailbox, lambda: Credential("x"), limits=limits)
    begun = time.monotonic()
    with Store(folder / "home") as store:
        mailbox.within(ROUND_SECONDS / 50)
        for _ in range(3):
            try:
                round_ = Owner(config, folder / "home", store).round(mailbox, MONDAY)
                list(round_.mailbox.stream("Sent", None, frozenset, None))
                round_.mailbox.find("INBOX", "m1@example.com")
            except UnreachableError:
                continue
    return time.monotonic() - begun, most_memory() - before


def most_memory() -> int:
    """Return the peak memory of this process in kilobytes since it was last reset."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found
    return int(found[1])


def ask_for_ever(mailbox: ImapMailbox) -> None:
    for _ in range(1_000):
        mailbox.find("Sent", "m1@example.com")


def test_many_slow_answers_end_at_the_rounds_deadline() -> None:
    """Each command is answered in time, but all of them together take too long."""
    with running_script(Script([message(n) for n in range(1, 9)], drip=0.002)) as script:
        mailbox = ImapMailbox(script.config(), lambda: Credential("x"), limits=Limits(10, 10, 10))
        mailbox.folders()
        mailbox.within(1.0)
        begun = time.monotonic()
        with pytest.raises(UnreachableError, match="in time"):
            ask_for_ever(mailbox)
        assert time.monotonic() - begun < 3
        mailbox.within(None)
        assert mailbox.find("Sent", "nobody@example.com") == ()
        mailbox.close()


def test_an_smtp_server_that_drips_or_floods_has_an_end() -> None:
    import socket
    import threading

    from assistant.mailbox import smtp

    def serve(listener: socket.socket, octets: bytes, pause: float) -> None:
        line, _ = listener.accept()
        with line:
            try:
                while True:
                    line.sendall(octets)
                    time.sleep(pause)
            except OSError:
                return

    for octets, pause in ((b"2", 0.02), (b"220-" + b"x" * 500 + b"\r\n", 0.0)):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            thread = threading.Thread(target=serve, args=(listener, octets, pause))
            thread.start()
            config = SmtpConfig("127.0.0.1", port=listener.getsockname()[1], security="none")
            begun = time.monotonic()
            transport = SmtpTransport(config, None, setting_up=0.5)
            with pytest.raises(UnreachableError):
                transport.check()
            assert time.monotonic() - begun < 3
            thread.join(timeout=5)
            assert not thread.is_alive()
    assert smtp.SETTING_UP <= 60


def test_24_hours_against_dovecot_leave_nothing_behind(dovecot: Account, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(dovecot.password)
    secret.chmod(0o600)
    text = CONFIG.format(owner=OWNER, host=dovecot.host, port=dovecot.port, user=dovecot.user, secret=secret)
    (tmp_path / "config.toml").write_text(text)
    config = load_config(tmp_path / "config.toml")
    dovecot.fill("Sent", (sent_mail(number) for number in range(200)))
    home = tmp_path / "home"
    with Store(home) as store:
        owner = Owner(config, home, store)
        start = MONDAY - timedelta(hours=2)
        clock = PretendedClock(start, speed=0)
        owner.say(["add Jane Roe <jane@example.com> as mentor"], start)
        daemon = Daemon(owner, clock, until=start + timedelta(hours=4))
        daemon.run()
        before = footprint(home)
        for part in range(1, 6):
            daemon = Daemon(owner, clock, until=start + timedelta(hours=4 + 4 * part))
            daemon.run()
        after = footprint(home)
    assert after.descriptors <= before.descriptors, "fewer where what an earlier test left was closed meanwhile"
    assert after.connections <= before.connections
    assert after.files - before.files <= 1, "a backup"
    assert after.kilobytes - before.kilobytes < 20_000
    assert len(dovecot.messages("INBOX")) == 1
    assert digests_of(home) == ["2026-W10"]


@dataclass(frozen=True, slots=True)
class Footprint:
    descriptors: int
    connections: int
    files: int
    kilobytes: int


def footprint(home: Path) -> Footprint:
    gc.collect()
    links = [path for path in Path("/proc/self/fd").iterdir() if path.is_symlink()]
    kinds = [str(path.readlink()) for path in links]
    files = sum(1 for path in home.rglob("*") if path.is_file())
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    sockets = sum(kind.startswith("socket:") for kind in kinds)
    return Footprint(len(kinds), sockets, files, pages * resource.getpagesize() >> 10)


def digests_of(home: Path) -> list[str]:
    with Store(home) as store:
        return [str(row[0]) for row in store.connection.execute("SELECT week FROM digest")]


@pytest.mark.parametrize("error", [ZeroDivisionError, UnreachableError])
def test_of_an_error_the_log_tells_kind_and_place_alone(
    store: Store, capsys: pytest.CaptureFixture[str], error: type[Exception]
) -> None:
    assert store.path
    owner = lost(store, error("what a mail said"), smtp=True)
    handler = logs.to_file(store.path.parent)
    lived(owner, 1)
    logs.close_handler(handler)
    logged = (store.path.parent / logs.FILE_NAME).read_text()
    assert len(owner.tries) > 3, "a bug ends nothing"
    assert f"error={error.__name__}" in logged
    assert "a mail said" not in logged + capsys.readouterr().err
    assert datetime.fromtimestamp(json.loads(facts.fact(store, "trouble") or "{}")["since"], UTC) == MONDAY
