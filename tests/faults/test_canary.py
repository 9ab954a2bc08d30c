"""No secret and no mail in logs, tracebacks, file names and the process list; file modes; only one daemon."""

from __future__ import annotations

import base64
import logging
import os
import re
import signal
import subprocess
import threading
import time
import traceback
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant import logs
from assistant.cli.main import run
from assistant.clock import PretendedClock
from assistant.config import load_config
from assistant.config.secrets import Credential
from assistant.daemon import Daemon
from assistant.errors import AssistantError
from assistant.mailbox.imap.mailbox import ImapMailbox
from assistant.owner import Owner
from assistant.store.database import Store
from tests.owner.test_end_to_end import CONFIG, MONDAY, OWNER, SMTP_CONFIG, program, reply, sent_mail
from tests.servers.scripted import Script, running_script
from tests.servers.smtp import Fault, running_sink

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.servers.dovecot import Account

SECRET = "kanarien-geheimnis-7f3a"
BODY = "canary-of-a-body-91c2"
SUBJECT = "canary-of-a-subject-55d0"
FRIEND = "canary.friend@example.com"
CANARIES = (SECRET, BODY, SUBJECT)
LINE = re.compile(r'at=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ level=\w+ part=\S+ event=("[^"]*"|\S+)( [a-z_]+=("[^"]*"|\S*))*')


@pytest.fixture
def logged() -> Iterator[None]:
    """Remove what a test added to the root logger."""
    root = logging.getLogger()
    before = list(root.handlers)
    yield
    for handler in [one for one in root.handlers if one not in before]:
        root.removeHandler(handler)


def canary_mail(number: int) -> bytes:
    raw = (
        sent_mail(number)
        .replace(b"all is well", BODY.encode())
        .replace(b"Subject: Matter", f"Subject: {SUBJECT}".encode())
    )
    return raw.replace(b"jane@example.com", FRIEND.encode())


def everything_said(folder: Path) -> str:
    """Return all logs and all file names in a folder."""
    names = "\n".join(str(path) for path in folder.rglob("*"))
    texts = [path.read_text(errors="replace") for path in folder.rglob("assistant.log*")]
    return "\n".join([names, *texts])


@pytest.mark.usefixtures("logged")
def test_no_canary_is_found_through_faults_of_all_kinds(
    dovecot: Account, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    dovecot.fill("Sent", (canary_mail(number) for number in range(10)))
    (tmp_path / "secret").write_text(dovecot.password)
    (tmp_path / "secret").chmod(0o600)
    home = tmp_path / "home"
    base = ["-v", "--config", str(tmp_path / "config.toml"), "--home", str(home)]
    with running_sink(deliver=dovecot.deliver) as sink:
        text = CONFIG.format(
            owner=OWNER, host=dovecot.host, port=dovecot.port, user=dovecot.user, secret=tmp_path / "secret"
        ) + SMTP_CONFIG.format(host=sink.host, port=sink.port)
        (tmp_path / "config.toml").write_text(text)
        run([*base, "--now", (MONDAY - timedelta(days=1)).isoformat(), "do", f"add Jane Roe <{FRIEND}> as mentor"])
        capfd.readouterr()
        for minute, fault in enumerate((Fault.DROP_AFTER_LOST, Fault.TRY_LATER, Fault.REFUSE, None)):
            sink.fail(fault)
            run([*base, "--now", (MONDAY + timedelta(minutes=20 * minute)).isoformat(), "once"])
        digests = [message_from_bytes(raw) for raw in dovecot.messages("INBOX")]
        if digests:
            dovecot.deliver(reply(digests[0], f"note jane: {BODY}", MONDAY + timedelta(hours=2)), "Sent")
        run([*base, "--now", (MONDAY + timedelta(hours=2, minutes=1)).isoformat(), "once"])
    said = capfd.readouterr()
    found = everything_said(tmp_path) + said.err
    for canary in (*CANARIES, FRIEND, OWNER):
        assert canary not in found
    log = home / logs.FILE_NAME
    assert log.stat().st_mode & 0o777 == 0o600
    lines = log.read_text().splitlines()
    assert len(lines) > 3
    assert all(LINE.fullmatch(line) for line in lines), [line for line in lines if not LINE.fullmatch(line)]
    assert any("event=sent kind=digest" in line for line in lines) or any("refused" in line for line in lines)


@pytest.mark.usefixtures("logged")
@pytest.mark.parametrize(
    "login",
    [
        b"NO [AUTHENTICATIONFAILED] no",
        b"NO [AUTHENTICATIONFAILED] wrong password " + SECRET.encode(),
        b"NO [UNAVAILABLE] later",
        b"BAD what",
        b'BAD what is "LOGIN priya ' + SECRET.encode() + b'"?',
        b"NO later, AUTHENTICATE PLAIN " + base64.b64encode(f"\0priya\0{SECRET}".encode()),
        b"OK fine",
    ],
)
def test_the_secret_is_in_no_log_or_traceback_whatever_the_login_ends_in(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], login: bytes
) -> None:
    (tmp_path / "secret").write_text(SECRET)
    (tmp_path / "secret").chmod(0o600)
    script = Script([canary_mail(1)], login=login, garbled=frozenset({1}))
    with running_script(script):
        text = CONFIG.format(owner=OWNER, host="127.0.0.1", port=script.port, user="priya", secret=tmp_path / "secret")
        (tmp_path / "config.toml").write_text(text)
        base = ["-v", "--config", str(tmp_path / "config.toml"), "--home", str(tmp_path / "home")]
        for command in ("once", "scan", "doctor"):
            run([*base, "--now", MONDAY.isoformat(), command])
        with Store(tmp_path / "home") as store:
            handler = logs.to_file(tmp_path / "home")
            owner = Owner(load_config(tmp_path / "config.toml"), tmp_path / "home", store)
            Daemon(owner, PretendedClock(MONDAY, speed=0), until=MONDAY + timedelta(hours=2)).run()
            logs.close_handler(handler)
    said = capfd.readouterr()
    found = everything_said(tmp_path / "home") + said.err + said.out
    encoded = base64.b64encode(f"\0priya\0{SECRET}".encode()).decode()
    for canary in (*CANARIES, encoded):
        assert canary not in found
    assert "Traceback" not in found
    if not login.startswith(b"OK"):
        told = "".join(traceback.format_exception(sign_in(script)))
        assert SECRET not in told
        assert encoded not in told


def sign_in(script: Script) -> Exception:
    """Return the error that signing in raises, with its whole chain."""
    with running_script(script):
        mailbox = ImapMailbox(script.config(), lambda: Credential(SECRET))
        with pytest.raises(AssistantError) as caught:
            mailbox.folders()
    return caught.value


def test_the_process_list_tells_nothing(dovecot: Account, tmp_path: Path) -> None:
    command = f"printf %s {dovecot.password}"
    text = CONFIG.format(owner=OWNER, host=dovecot.host, port=dovecot.port, user=dovecot.user, secret="unused")
    (tmp_path / "config.toml").write_text(re.sub(r'password_file = ".*"', f'password_command = "{command}"', text))
    seen: set[str] = set()
    stop = threading.Event()

    def watch() -> None:
        while not stop.is_set():
            for path in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    line = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
                except OSError:
                    continue
                if "assistant" in line and "--home" in line:
                    seen.add(line)

    thread = threading.Thread(target=watch)
    thread.start()
    args = program(tmp_path)
    try:
        done = subprocess.run(
            [*args, "--now", MONDAY.isoformat(), "once"], capture_output=True, check=False, timeout=60
        )
    finally:
        stop.set()
        thread.join()
    assert done.returncode == 0, done.stderr
    assert seen, "the list was looked at"
    assert all(dovecot.password not in line.partition("--home")[2] for line in seen)
    assert dovecot.password.encode() not in done.stderr + done.stdout


def test_two_daemons_and_a_command_line_at_once(dovecot: Account, tmp_path: Path) -> None:
    dovecot.fill("Sent", (sent_mail(number) for number in range(10)))
    (tmp_path / "secret").write_text(dovecot.password)
    (tmp_path / "secret").chmod(0o600)
    text = CONFIG.format(
        owner=OWNER, host=dovecot.host, port=dovecot.port, user=dovecot.user, secret=tmp_path / "secret"
    )
    (tmp_path / "config.toml").write_text(text)
    args = program(tmp_path)
    moment = ["--now", MONDAY.isoformat()]
    subprocess.run(
        [*args, "--now", (MONDAY - timedelta(days=1)).isoformat(), "do", "status"], check=True, capture_output=True
    )
    daemon = subprocess.Popen([*args, *moment, "run"], stderr=subprocess.PIPE)
    try:
        deadline = time.monotonic() + 20
        while not dovecot.messages("INBOX") and time.monotonic() < deadline:
            time.sleep(0.1)
        second = subprocess.run([*args, *moment, "run"], capture_output=True, check=False, timeout=30)
        assert second.returncode == 1
        assert b"Another assistant is running" in second.stderr
        assert b"Traceback" not in second.stderr
        said = [
            subprocess.Popen([*args, *moment, "do", f"win: number {number}"], stdout=subprocess.DEVNULL)
            for number in range(4)
        ]
        rounds = [subprocess.Popen([*args, *moment, "once"], stdout=subprocess.DEVNULL) for _ in range(2)]
        assert [one.wait(60) for one in (*said, *rounds)] == [0] * 6
    finally:
        daemon.send_signal(signal.SIGTERM)
        daemon.communicate(timeout=15)
    with Store(tmp_path / "home") as store:
        assert store.connection.execute("SELECT count(*) FROM note WHERE kind = 'win'").fetchone() == (4,)
    assert len(dovecot.messages("INBOX")) == 1


@pytest.mark.usefixtures("logged")
def test_a_log_line_is_one_line_without_addresses(tmp_path: Path) -> None:
    handler = logs.to_file(tmp_path)
    log = logging.getLogger("assistant.trial")
    log.info("sent kind=%s to=%s", "digest", FRIEND)
    log.warning("a line\nand another\r\nwith %s", FRIEND)
    unreadable = logging.LogRecord("assistant.trial", logging.INFO, __file__, 1, "bad %d", (BODY,), None)
    handler.handle(unreadable)
    error = ValueError(BODY)
    log.error("failed kind=scan", exc_info=error)
    logging.getLogger("imapclient.imaplib").error("C: LOGIN %s", SECRET)
    logs.close_handler(handler)
    text = (tmp_path / logs.FILE_NAME).read_text()
    assert len(text.splitlines()) == 4
    assert all(LINE.fullmatch(line) for line in text.splitlines())
    for canary in (*CANARIES, FRIEND):
        assert canary not in text
    assert "error=ValueError" in text
    assert "where=" in text
    assert "unreadable record" in text


@pytest.mark.usefixtures("logged")
def test_the_log_rolls_over_and_a_full_disk_is_no_trouble(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    before = os.umask(0)
    handler = logs.to_file(tmp_path)
    log = logging.getLogger("assistant.trial")
    for number in range(40_000):
        log.info("sent kind=digest route=append id=%d and some more words to fill the file with", number)
    os.umask(before)
    files = sorted(path.name for path in tmp_path.iterdir())
    assert files == ["assistant.log", "assistant.log.1", "assistant.log.2", "assistant.log.3"]
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in tmp_path.iterdir())
    assert all(path.stat().st_size <= logs.OCTETS for path in tmp_path.iterdir())
    handler.close()
    for path in tmp_path.iterdir():
        path.unlink()
    (tmp_path / logs.FILE_NAME).mkdir()
    log.info("nowhere to go secret=%s", SECRET)
    logs.close_handler(handler)
    assert SECRET not in capfd.readouterr().err


def test_an_unknown_error_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A data folder that triggers a bug: `home` is a value the program never expects."""
    assert run(["--config", str(tmp_path / "none.toml"), "--home", str(tmp_path / "x\0y"), "people"]) == 1
    said = capsys.readouterr().err
    assert "Traceback" not in said
    assert len(said.strip().splitlines()) == 1
