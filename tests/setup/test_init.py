"""`assistant init` as a person meets it: a terminal, a real Dovecot, the provider's file on loopback."""

from __future__ import annotations

import itertools
import json
import os
import re
import stat
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.utils import format_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pexpect
import pytest

from assistant.cli.terminal import bar_line
from assistant.config import LlmConfig, MailboxConfig, Secret, SmtpConfig, load_config
from assistant.config.secrets import Credential, require_credential
from assistant.errors import ConfigError, UserError
from assistant.rounds.ports import Progress
from assistant.setup.answers import read_answers
from assistant.setup.conversation import INTRODUCTION
from assistant.setup.proposal import Proposal
from assistant.setup.sign_in import SignInWay, stripped
from assistant.setup.try_servers import typed_servers
from assistant.setup.write_config import NewConfig, config_text, write_config
from tests.servers import dovecot as dovecots
from tests.servers.dns import running_dns
from tests.servers.dovecot import Account, Setup
from tests.servers.model import ModelServer
from tests.servers.proxy import running_proxy
from tests.servers.smtp import Fault, running_sink
from tests.servers.web import Pages, autoconfig, running_web
from tests.terminal import take_interrupts

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
DOMAIN = "northwind.example"
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
FILE = f"/autoconfig.{DOMAIN}/mail/config-v1.1.xml"
PEOPLE = (
    "Jane Roe <jane@example.com>",
    "Bob Li <bob@other.example>",
    "Kim Ode <kim@northwind.example>",
    "ana@example.com",
)
RUTH = "Ruth Adler <ruth@adler.example>"
ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_numbers = itertools.count(1)


def letter(number: int, owner: str) -> bytes:
    return letter_to(PEOPLE[number % len(PEOPLE)], f"{number}", owner, timedelta(days=2, minutes=20 * number))


def letter_to(who: str, number: str, owner: str, ago: timedelta) -> bytes:
    at = format_datetime(NOW - ago)
    return (
        f"From: Priya Raman <{owner}>\r\nTo: {who}\r\nSubject: Matter {number}\r\n"
        f"Date: {at}\r\nMessage-ID: <m{number}@{DOMAIN}>\r\n"
        f"In-Reply-To: <theirs{number}@example.net>\r\n\r\nHello,\r\n\r\nall is well.\r\n"
    ).encode()


def letters_to_somebody_lapsed(owner: str) -> Iterator[bytes]:
    """Yield twelve mails to Ruth Adler alone, two weeks apart, the last one half a year ago."""
    for number in range(12):
        yield letter_to(RUTH, f"r{number}", owner, timedelta(days=183 + 14 * number))


@dataclass
class Place:
    """A machine without a configuration, and its surroundings."""

    folder: Path
    account: Account
    world: dict[str, Any]
    pages: Pages
    zone: str = "Europe/Berlin"
    locale: str = "C.UTF-8"

    @property
    def address(self) -> str:
        return self.account.user

    @property
    def config(self) -> Path:
        return self.folder / "config" / "config.toml"

    def arguments(self, *arguments: str) -> list[str]:
        base = ["--config", str(self.config), "--home", str(self.folder / "home"), "--now", NOW.isoformat()]
        return ["-m", "tests.servers.set_up_child", json.dumps(self.world), *base, *arguments]

    def environ(self) -> dict[str, str]:
        # No keyring answers in here, and the machine's time zone and width don't matter.
        here = {"TZ": self.zone, "LC_ALL": self.locale, "PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "200"}
        return {**os.environ, **here}

    def piped(self, *arguments: str, stdin: str = "", code: int = 0) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, *self.arguments(*arguments)],
            input=stdin,
            capture_output=True,
            text=True,
            timeout=60,
            cwd=ROOT,
            env=self.environ(),
            check=False,
        )
        assert done.returncode == code, done.stderr
        assert "Traceback" not in done.stderr
        return done

    @contextmanager
    def terminal(self, *arguments: str) -> Iterator[Terminal]:
        child = pexpect.spawn(
            sys.executable,
            self.arguments(*arguments),
            cwd=str(ROOT),
            env=self.environ(),
            encoding="utf-8",
            timeout=60,
            dimensions=(40, 200),
            preexec_fn=take_interrupts,
        )
        child.delaybeforesend = None  # Ctrl-C has to come while the scan goes on
        try:
            yield Terminal(child)
        finally:
            child.close(force=True)

    def inbox(self) -> list[Any]:
        return [message_from_bytes(raw) for raw in self.account.messages("INBOX")]


@dataclass
class Terminal:
    """A person at a terminal, who counts the questions."""

    child: Any
    shown: str = ""
    questions: int = 0

    def answer(self, question: str, answer: str) -> None:
        self.until(question)
        self.child.sendline(answer)
        self.questions += 1

    def until(self, pattern: str) -> str:
        self.child.expect(pattern)
        piece = ANSI.sub("", str(self.child.before) + str(self.child.after))
        self.shown += piece
        return piece

    def end(self) -> int:
        self.child.expect(pexpect.EOF)
        self.shown += ANSI.sub("", str(self.child.before))
        self.child.wait()
        return int(self.child.exitstatus)


@contextmanager
def place(
    folder: Path,
    server: dovecots.Dovecot,
    *,
    letters: int = 400,
    sent: str = "Sent",
    published: bool = True,
    silent: bool = False,
) -> Iterator[Place]:
    account = server.account(f"priya.raman{next(_numbers)}@{DOMAIN}")
    if letters:
        account.fill(sent, (letter(number, account.user) for number in range(letters)))
    with running_dns(silent=silent) as names, running_web() as pages:
        if published:
            pages.files[FILE] = autoconfig(account.port, "%EMAILADDRESS%")
        yield Place(folder, account, {"dns": names.port, "web": pages.base}, pages)


@pytest.fixture
def here(tmp_path: Path, dovecot_server: dovecots.Dovecot) -> Iterator[Place]:
    with place(tmp_path, dovecot_server) as found:
        yield found


def text_of(message: Any) -> str:
    parts = (part for part in message.walk() if part.get_content_type() == "text/plain")
    return str(next(parts).get_payload(decode=True).decode())


def three_questions(terminal: Terminal, there: Place, password: str = "secret") -> None:
    terminal.answer("Your email address", there.address)
    terminal.answer("Password for", password)
    terminal.answer("Language model", "")


def test_three_questions_and_the_first_digest_lies_in_the_inbox(here: Place) -> None:
    began = time.monotonic()
    with here.terminal("init") as terminal:
        three_questions(terminal, here)
        terminal.until("Send the first digest to your inbox now")
        assert here.inbox() == [], "nothing is sent before it is asked for"
        assert terminal.questions == 3
        terminal.child.sendline("y")
        assert terminal.end() == 0
    took = time.monotonic() - began
    assert took < 60, took
    assert here.account.password not in terminal.shown
    for told in (
        "Example Mail",
        "Signed in as",
        "sent mail in Sent, drafts in Drafts",
        "Priya Raman",
        "Europe/Berlin",
        "400 of 400 messages",
        "Jane Roe <jane@example.com>",
        "because of",
        "Matter",
        "Sent: 400 new messages; in touch with somebody: 400 times, more lightly: 0; new addresses: 4.",
        "The first digest went to your inbox (2 people to place); answer it in plain words: “C1 mentor”",
        "assistant doctor",
    ):
        assert told in terminal.shown, (told, terminal.shown)
    (digest,) = here.inbox()
    assert digest["X-Career-Assistant"] == "digest"
    assert "\nC2. " in text_of(digest)
    check_config(here)
    doctor = here.piped("doctor").stdout
    assert "FAIL" not in doctor
    assert "ok   roster: nobody yet; next, answer the first digest" in doctor


def check_config(there: Place) -> None:
    config = load_config(there.config)
    assert config.warnings == ()
    assert (config.me.name, config.me.addresses[0]) == ("Priya Raman", there.address)
    assert config.me.timezone.key == "Europe/Berlin"
    assert config.me.company_domains == (DOMAIN,)
    assert config.mailbox.since == 12
    assert (config.smtp, config.llm) == (None, None)
    assert stat.S_IMODE(there.config.stat().st_mode) == 0o600
    assert stat.S_IMODE(there.config.parent.stat().st_mode) == 0o700
    assert config.mailbox.secret.file is not None
    assert stat.S_IMODE(config.mailbox.secret.file.stat().st_mode) == 0o600
    assert "secret" not in there.config.read_text().replace("password_file", "").split("[mailbox]")[0]
    assert sorted(path.name for path in there.config.parent.iterdir()) == ["config.toml", "password"]


def test_a_wrong_password_is_said_at_once_and_asked_for_again(here: Place) -> None:
    with here.terminal("init") as terminal:
        terminal.answer("Your email address", here.address)
        terminal.answer("Password for", "wrong")
        terminal.until("refused the password")
        terminal.until("you need an app password: your provider's website makes one")
        terminal.answer("Password for", "secret")
        terminal.answer("Language model", "")
        terminal.answer("Send the first digest", "n")
        assert terminal.end() == 0
    assert here.inbox() == []
    assert "Nothing was sent" in terminal.shown


@pytest.mark.dovecot
def test_a_slow_refusal_is_waited_for_in_sight(tmp_path: Path) -> None:
    slow = Setup(extra="auth_failure_delay = 2 secs")
    with dovecots.running(slow) as server, place(tmp_path, server, letters=3) as there, there.terminal("init") as shown:
        shown.answer("Your email address", there.address)
        shown.answer("Password for", "wrong")
        assert f"Signing in at 127.0.0.1:{there.account.port} … 1 s" in shown.until("refused the password")


def test_what_will_happen_is_said_before_the_first_question(here: Place) -> None:
    with here.terminal("init") as terminal:
        three_questions(terminal, here)
        terminal.answer("Send the first digest", "n")
        assert terminal.end() == 0
    assert terminal.shown.splitlines()[:4] == [*INTRODUCTION, ""]
    assert "four to six short questions" in terminal.shown
    assert terminal.questions == 4


def test_a_slip_in_the_domain_is_asked_about(here: Place) -> None:
    with here.terminal("init") as terminal:
        terminal.answer("Your email address", "priya@gmial.com")
        terminal.answer(r"Did you mean priya@gmail.com\?", "n")
        terminal.until(r"IMAP server \(as in imap.gmial.com or imap.gmial.com:143\)")
    with here.terminal("init") as terminal:
        terminal.answer("Your email address", "Priya@gmial.com")
        terminal.answer(r"Did you mean Priya@gmail.com\?", "y")
        terminal.until("Gmail: imap.gmail.com:993")
        terminal.until("Password for Priya@gmail.com")
    assert here.pages.asked, "the slip was looked up, the provider was not"
    assert not [asked for asked in here.pages.asked if "gmail.com" in asked]


def test_written_answers_are_never_changed(here: Place) -> None:
    done = here.piped("init", "--answers", "-", stdin='address = "priya@gmial.com"\npassword = "secret"\n', code=1)
    assert (
        "The answers have no imap, which is needed (IMAP server (as in imap.gmial.com or imap.gmial.com:143))"
        in done.stderr
    )


def test_a_server_in_utc_is_asked_for_the_zone(here: Place) -> None:
    here.zone = "UTC"
    with here.terminal("init") as terminal:
        terminal.answer("Your email address", here.address)
        terminal.answer("Password for", "secret")
        terminal.answer(r"Your time zone, such as Europe/Berlin \[UTC\]", "Germany")
        terminal.until("is not a time zone")
        terminal.answer("Your time zone", "lisbon")
        terminal.answer("Language model", "")
        terminal.answer("Send the first digest", "n")
        assert terminal.end() == 0
    assert load_config(here.config).me.timezone.key == "Europe/Lisbon"
    here.config.unlink()
    here.piped("init", "--answers", "-", stdin=f'address = "{here.address}"\npassword = "secret"\n')
    assert load_config(here.config).me.timezone.key == "UTC", "nobody is there to be asked"


def test_a_domain_of_ones_own_is_no_company_unasked(tmp_path: Path, dovecot_server: dovecots.Dovecot) -> None:
    with place(tmp_path, dovecot_server, letters=0) as there:
        there.account.fill("Sent", (letter_to(RUTH, f"{n}", there.address, timedelta(days=n)) for n in range(9)))
        with there.terminal("init") as terminal:
            terminal.answer("Your email address", there.address)
            terminal.answer("Password for", "secret")
            terminal.answer(rf"Is {DOMAIN} a company you work at, with colleagues who write from there\?", "")
            terminal.answer("Language model", "")
            terminal.answer("Send the first digest", "n")
            assert terminal.end() == 0
        assert load_config(there.config).me.company_domains == ()
        assert "Your company" not in terminal.shown


def test_three_wrong_passwords_end_it_and_nothing_is_written(here: Place) -> None:
    with here.terminal("init") as terminal:
        terminal.answer("Your email address", here.address)
        for word in ("wrong", "worse", "worst"):
            terminal.answer("Password for", word)
        assert terminal.end() == 1
    assert terminal.shown.count("refused the password") == 3
    assert "Nothing was set up; with the right one, run assistant init again." in terminal.shown
    assert "Traceback" not in terminal.shown
    assert not here.config.exists()
    assert not here.config.with_name("password").exists()


def test_stopped_at_a_question_nothing_is_set_up(here: Place) -> None:
    with here.terminal("init") as terminal:
        terminal.answer("Your email address", here.address)
        terminal.until("Password for")
        terminal.child.sendintr()
        assert terminal.end() == 1
    assert "Stopped before anything was set up. To start over, run: assistant init" in terminal.shown
    assert not here.folder.joinpath("config").exists()


def test_no_discovery_asks_two_plain_questions_more(tmp_path: Path, dovecot_server: dovecots.Dovecot) -> None:
    with place(tmp_path, dovecot_server, published=False) as there, there.terminal("init") as terminal:
        terminal.answer("Your email address", "no address")
        terminal.answer("Your email address", there.address)
        terminal.answer("IMAP server", "not a host")
        terminal.until("is not a server")
        terminal.answer("IMAP server", f"127.0.0.1:{there.account.port}")
        terminal.answer("SMTP server", "")
        terminal.answer("Password for", "secret")
        terminal.answer("Language model", "none")
        terminal.answer("Send the first digest", "y")
        assert terminal.end() == 0
        assert len(there.inbox()) == 1


def test_a_server_that_does_not_answer_is_asked_for_again(here: Place) -> None:
    port = dovecots.free_port()
    here.pages.files[FILE] = autoconfig(port, "%EMAILADDRESS%")
    with here.terminal("init") as terminal:
        terminal.answer("Your email address", here.address)
        terminal.answer("Password for", "secret")
        terminal.until(f"The mail server 127.0.0.1:{port} could not be reached: nothing answers on that port.\r\n")
        terminal.answer("IMAP server", "")  # the same once more
        terminal.answer("SMTP server", "")
        terminal.until(f"127.0.0.1:{port} could not be reached")
        terminal.answer("IMAP server", f"127.0.0.1:{here.account.port}")
        terminal.answer("SMTP server", "")
        terminal.answer("Language model", "")
        terminal.answer("Send the first digest", "n")
        assert terminal.end() == 0


def test_silent_dns_costs_five_seconds(tmp_path: Path, dovecot_server: dovecots.Dovecot) -> None:
    with place(tmp_path, dovecot_server, silent=True) as there:
        there.pages.slow = 20.0
        with there.terminal("init") as terminal:
            terminal.answer("Your email address", there.address)
            began = time.monotonic()
            assert "Looking for your mail server … 3 s" in terminal.until("IMAP server")
            assert 4.0 < time.monotonic() - began < 6.5
            terminal.child.sendline(f"127.0.0.1:{there.account.port}")
            terminal.answer("SMTP server", "")
            terminal.answer("Password for", "secret")
            terminal.answer("Language model", "")
            terminal.answer("Send the first digest", "n")
            assert terminal.end() == 0


ELSEWHERE = {
    "german": (
        Setup(special_use=False, folders={"Sent": "Gesendete Objekte", "Drafts": "Entw&APw-rfe"}),
        "Gesendete Objekte",
    ),
    "french": (
        Setup(
            special_use=False,
            separator=".",
            prefix="INBOX.",
            folders={"Sent": "&AMk-l&AOk-ments envoy&AOk-s", "Drafts": "Brouillons"},
        ),
        "INBOX.Éléments envoyés",
    ),
    "prefix": (Setup(separator=".", prefix="INBOX."), "INBOX.Sent"),
}


@pytest.mark.dovecot
@pytest.mark.parametrize("kind", ELSEWHERE)
def test_folders_in_other_languages_and_below_inbox(tmp_path: Path, kind: str) -> None:
    setup, sent = ELSEWHERE[kind]
    with dovecots.running(setup) as server, place(tmp_path, server, letters=40, sent=sent) as there:
        with there.terminal("init") as terminal:
            three_questions(terminal, there)
            terminal.answer("Send the first digest", "y")
            assert terminal.end() == 0
        assert f"sent mail in {sent}, drafts in " in terminal.shown
        assert "40 of 40 messages" in terminal.shown
        assert len(there.inbox()) == 1


@pytest.mark.dovecot
def test_a_folder_nobody_can_guess_is_asked_for(tmp_path: Path) -> None:
    setup = Setup(special_use=False, folders={"Sent": "Ausgang", "Drafts": "Drafts"})
    with dovecots.running(setup) as server, place(tmp_path, server, letters=40, sent="Ausgang") as there:
        with there.terminal("init") as terminal:
            terminal.answer("Your email address", there.address)
            terminal.answer("Password for", "secret")
            terminal.answer("Folder of your sent mail", "Ausgang")
            terminal.answer("Language model", "")
            terminal.answer("Send the first digest", "n")
            assert terminal.end() == 0
        assert load_config(there.config).mailbox.sent == "Ausgang"


def test_stopped_in_the_middle_of_the_scan_it_goes_on_from_there(
    tmp_path: Path, dovecot_server: dovecots.Dovecot
) -> None:
    """The server falls silent midway, so that Ctrl-C comes during the scan, however slow this machine is."""
    size = 2_000
    with place(tmp_path, dovecot_server, letters=size) as there:
        silence = running_proxy(there.account.port, down=700_000, how="silence", cuts=size)
        with silence as proxy, there.terminal("init") as terminal:
            there.pages.files[FILE] = autoconfig(proxy.port, "%EMAILADDRESS%")
            three_questions(terminal, there)
            terminal.until(r"[0-9,]+ of 2,000 messages, about .* left")
            terminal.child.sendintr()
            assert terminal.end() == 1
            assert "What was read is kept; to go on from there, run: assistant init" in terminal.shown
            before = there.config.read_bytes()
            proxy.cuts = 0
            with there.terminal("init") as again:
                again.answer("Send the first digest", "y")
                assert again.end() == 0
        assert again.questions == 1, "nothing is asked twice"
        new = int(re.search(r"([0-9,]+) new messages", again.shown)[1].replace(",", ""))  # type: ignore[index]
        assert 0 < new < size
        assert there.config.read_bytes() == before
        assert len(there.inbox()) == 1
        assert len(there.piped("contacts", "--all", "--json").stdout.splitlines()) == size


def test_a_configuration_that_exists_is_never_rewritten(here: Place) -> None:
    here.config.parent.mkdir()
    here.config.write_text("# mine\n[me\n")
    with here.terminal("init") as terminal:
        assert terminal.end() == 1
    assert here.config.read_text() == "# mine\n[me\n"
    assert "stays as it is" in terminal.shown


def test_without_a_terminal_nothing_is_asked(here: Place) -> None:
    done = here.piped("init", code=2)
    assert "--answers" in done.stderr
    assert here.piped("init", stdin=f"{here.address}\nsecret\n\ny\n", code=2)
    assert "--answers" in here.piped("init", "--password", code=2).stderr
    password = 'password = "secret"'
    assert "no configuration" in here.piped("init", "--password", "--answers", "-", stdin=password, code=1).stderr
    assert not here.config.exists()


def test_answers_from_a_file_do_it_without_a_terminal(here: Place, tmp_path: Path) -> None:
    answers = tmp_path / "answers.toml"
    answers.write_text(
        f'address = "{here.address}"\npassword = "secret"\nname = "Priya \\"Pri\\" Raman"\nlanguage = "de"\n'
        'timezone = "Europe/Lisbon"\ncompany_domains = []\naddresses = ["pri@example.com"]\nfirst_digest = true\n'
    )
    done = here.piped("init", "--answers", str(answers))
    config = load_config(here.config)
    assert (config.me.name, config.me.language, config.me.timezone.key) == ('Priya "Pri" Raman', "de", "Europe/Lisbon")
    assert config.me.addresses == (here.address, "pri@example.com")
    assert config.me.company_domains == ()
    assert len(here.inbox()) == 1
    assert "secret" not in done.stdout + done.stderr
    again = here.piped("init", "--answers", "-", stdin="first_digest = false")
    assert "bleibt, wie sie ist" in again.stderr
    assert len(here.inbox()) == 1


def test_wrong_answers_end_at_once(here: Place) -> None:
    answers = f'address = "{here.address}"\npassword = "wrong"\n'
    done = here.piped("init", "--answers", "-", stdin=answers, code=1)
    assert done.stderr.splitlines()[-1] == f"The mailbox refused the password for {here.address}."
    assert not here.config.exists()
    here.pages.files.clear()
    done = here.piped("init", "--answers", "-", stdin=f'address = "{here.address}"\npassword = "secret"\n', code=1)
    assert "The answers have no imap" in done.stderr


def test_a_password_command_is_named_and_not_run_into_a_file(here: Place, tmp_path: Path) -> None:
    (tmp_path / "pw").write_text("secret\n")
    answers = f'address = "{here.address}"\npassword_command = "cat {tmp_path / "pw"}"\n'
    here.piped("init", "--answers", "-", stdin=answers)
    assert load_config(here.config).mailbox.secret.command == f"cat {tmp_path / 'pw'}"
    assert [path.name for path in here.config.parent.iterdir()] == ["config.toml"]


def test_smtp_is_tried_and_kept_only_where_it_works(here: Place) -> None:
    answers = f'address = "{here.address}"\npassword = "secret"\nfirst_digest = true\n'
    with running_sink(deliver=here.account.deliver, user=here.address, password="secret") as sink:
        here.pages.files[FILE] = autoconfig(here.account.port, "%EMAILADDRESS%", smtp=sink.port)
        here.piped("init", "--answers", "-", stdin=answers)
        assert [taken.rcpt_to for taken in sink.taken] == [(here.address,)]
    assert load_config(here.config).smtp is not None
    here.config.unlink()
    done = here.piped("init", "--answers", "-", stdin=answers.replace("true", "false"))
    assert f"Sending through 127.0.0.1:{sink.port} did not work, so it is left out: The mail server" in done.stderr
    assert "you send the drafts from your Drafts folder" in done.stderr
    assert "again" not in done.stderr, "it is tried this once"
    assert load_config(here.config).smtp is None


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (
            Fault.REFUSE,
            "put straight into your inbox, since it could not be sent: The mail server 127.0.0.1 refused",
        ),
        (Fault.TRY_LATER, "It goes out as soon as assistant run or assistant once gets through."),
    ],
)
def test_a_first_digest_that_does_not_go_out_is_told_as_it_is(here: Place, fault: Fault, says: str) -> None:
    answers = f'address = "{here.address}"\npassword = "secret"\nfirst_digest = true\n'
    with running_sink(deliver=here.account.deliver, user=here.address, password="secret") as sink:
        here.pages.files[FILE] = autoconfig(here.account.port, "%EMAILADDRESS%", smtp=sink.port)
        sink.fail(fault)
        shown = here.piped("init", "--answers", "-", stdin=answers).stdout
        assert says in shown
        assert ("went to your inbox" in shown) == (fault is Fault.REFUSE)
        later = ["--now", (NOW + timedelta(hours=1)).isoformat(), "once"]
        here.piped(*later)
        assert len(here.inbox()) == 1


def test_somebody_lapsed_is_proposed_and_the_first_digest_has_a_draft(here: Place) -> None:
    here.account.fill("Sent", letters_to_somebody_lapsed(here.address))
    with here.terminal("init") as terminal:
        three_questions(terminal, here)
        terminal.answer("Send the first digest", "y")
        assert terminal.end() == 0
    assert re.search(r"1\. Ruth Adler .*\s+because of 12 messages .*, and none since Sun 31 August", terminal.shown)
    assert "a first draft to Ruth Adler" in terminal.shown
    assert "The next digest comes on Monday 9 March at 08:00" in terminal.shown
    (digest,) = here.inbox()
    first = text_of(digest).partition("\nC2. ")[0].partition("\nC1. ")[2]
    assert re.search(r"quiet\s+for\s+6\s+months", first)
    assert re.search(r"A first draft:\s+To ruth@adler.example\s+Subject: .+\s+\w+(?: Ruth)?,\s", first)
    assert text_of(digest).count("A first draft:") == 1
    shown = here.piped("do", "C1 mentor", "C2 mentor").stdout
    assert re.search(r"\(ruth-adler\)\s+Due today. A first draft:\s+To ruth@adler.example\s+Subject: ", shown)
    assert re.search(r"Due on [A-Z]\w\w \d+ March 2026\.\s+The next digest comes on Mon 9 March 2026\.\n", shown)


def test_a_model_that_runs_here_is_noticed_and_tried(here: Place) -> None:
    with ModelServer() as server:
        server.models = ("nomic-embed-text", "a-model")
        server.habits = [lambda answering, _asked: answering.say("Yes.")]
        here.world["models"] = [server.port]
        with here.terminal("init") as terminal:
            three_questions(terminal, here)
            terminal.answer("Send the first digest", "n")
            assert terminal.end() == 0
        assert "a-model" in terminal.shown
        assert "It answers." in terminal.shown
    llm = load_config(here.config).llm
    assert llm is not None
    assert (llm.base_url, llm.model) == (server.base_url, "a-model")


def test_a_model_that_does_not_answer_is_said_and_another_can_be_chosen(here: Place) -> None:
    with here.terminal("init") as terminal:
        terminal.answer("Your email address", here.address)
        terminal.answer("Password for", "secret")
        terminal.answer("Language model", "http://example.com/v1")
        terminal.until("unencrypted")
        terminal.answer("Language model", f"http://127.0.0.1:{dovecots.free_port()}/v1")
        terminal.answer("Its key", "")
        terminal.answer("Model", "a-model")
        terminal.until("could not be reached")
        terminal.answer("Language model", "none")
        terminal.answer("Send the first digest", "n")
        assert terminal.end() == 0
    assert load_config(here.config).llm is None


def test_a_new_password_takes_the_place_of_the_old_one(here: Place) -> None:
    here.piped("init", "--answers", "-", stdin=f'address = "{here.address}"\npassword = "secret"\n')
    kept = here.config.with_name("password")
    kept.write_text("an old one\n")
    before = here.config.read_bytes()
    assert "assistant init --password" in here.piped("scan", code=1).stderr
    with here.terminal("init", "--password") as terminal:
        terminal.answer("New password for", "wrong")
        terminal.until("nothing was changed")
        assert kept.read_text() == "an old one\n"
        terminal.answer("New password for", "secret")
        assert terminal.end() == 0
    assert kept.read_text() == "secret\n"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert here.config.read_bytes() == before
    here.piped("scan")


def test_a_mailbox_without_sent_mail_is_no_error(tmp_path: Path, dovecot_server: dovecots.Dovecot) -> None:
    with place(tmp_path, dovecot_server, letters=0) as there:
        done = there.piped("init", "--answers", "-", stdin=f'address = "{there.address}"\npassword = "secret"\n')
        assert "nobody to propose yet" in done.stdout
        assert load_config(there.config).me.name.startswith("Priya Raman")


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("nonsense", 1),
        ('adress = "p@example.com"', 2),
        ('address = "p@example.com"\npassword = "a"\npassword_env = "B"', 1),
        ('address = 5\nfirst_digest = "yes"\naddresses = [1]', 3),
    ],
)
def test_problems_of_answers_are_told_all_at_once(text: str, problems: int) -> None:
    with pytest.raises(ConfigError) as caught:
        read_answers(text)
    assert len(caught.value.problems) == problems
    assert "p@example.com" not in str(caught.value)


def test_blanks_of_app_passwords_are_no_part_of_them() -> None:
    assert stripped(" abcd efgh ijkl mnop ") == "abcdefghijklmnop"
    assert stripped("a pass phrase of mine\n") == "a pass phrase of mine"


@pytest.mark.parametrize("text", ["a b", "host:0", "host:99999", "host:x", "", "host/path", "user@host"])
def test_what_is_no_server_is_said(text: str) -> None:
    with pytest.raises(UserError):
        typed_servers(text)


def test_with_people_on_the_roster_those_most_due_are_shown_with_the_reason(here: Place) -> None:
    here.piped("init", "--answers", "-", stdin=f'address = "{here.address}"\npassword = "secret"\n')
    here.piped("do", "add Jane Roe <jane@example.com> as mentor", "add Zoe Ito <zoe@example.com> as advisor")
    shown = here.piped("init", "--answers", "-", stdin="").stdout
    assert shown.startswith("Most due:")
    assert re.search(r"Jane Roe \(mentor\): .*\n +last in touch on .*2026: “Matter \d+” \(.+\)", shown)
    assert re.search(r"Zoe Ito \(advisor\): due\n +no contact was seen", shown)


class SafeKeyring:
    """A keyring that keeps what it is given."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password


class PlaintextKeyring(SafeKeyring):
    """A keyring that keeps plain text, which is refused by name."""


class BrokenKeyring(SafeKeyring):
    """A keyring that is locked."""

    def set_password(self, service: str, username: str, password: str) -> None:
        raise RuntimeError(service + username + password[:0])


@pytest.mark.parametrize(
    ("keyring", "safe"), [(SafeKeyring(), True), (PlaintextKeyring(), False), (BrokenKeyring(), False)]
)
def test_the_password_goes_into_a_safe_keyring_else_into_a_file(
    tmp_path: Path, keyring: SafeKeyring, *, safe: bool
) -> None:
    way = SignInWay(Secret(), lambda: Credential("secret"), "secret")
    kept = way.keep("priya", tmp_path, keyring)
    assert kept == (Secret() if safe else Secret(file=Path("password")))
    assert (tmp_path / "password").exists() != safe
    if safe:
        assert require_credential(kept, "mailbox", "priya", {}, keyring).password == "secret"


def test_the_bar_tells_how_much_and_how_long() -> None:
    line = bar_line(Progress("messages", 5_000, 20_000), 2.0)
    assert line == f"[{'#' * 7}{'.' * 23}] 5,000 of 20,000 messages, about 6 s left"
    assert bar_line(Progress("messages", 20_000, 20_000), 300.0).endswith("20,000 of 20,000 messages, in 5 min")
    assert bar_line(Progress("messages", 7, None), 1.0) == "7 messages"
    assert bar_line(Progress("indexes", 0, None), 1.0) == "Putting it in order …"
    assert "0 of 9" in bar_line(Progress("messages", 0, 9), 0.0)


def test_what_is_written_loads_whatever_it_holds(tmp_path: Path) -> None:
    for name in ('Priya "Pri" Raman', "back\\slash", "李 明", "tab\x7f", "# no remark"):
        new = NewConfig(
            Proposal(name, ("priya@example.com",), "UTC", (), "de"),
            mailbox=MailboxConfig("imap", host="imap.example.com", sent="Gesendete „Objekte“", user="p"),
            smtp=SmtpConfig("smtp.example.com", 465, "tls", "priya@example.com"),
            llm=LlmConfig("http://127.0.0.1:1/v1", "a/b:c", Secret(file=Path("llm-key"))),
        )
        path = tmp_path / f"{len(name)}.toml"
        write_config(path, config_text(new))
        config = load_config(path)
        assert (config.me.name, config.mailbox.sent) == (name, "Gesendete „Objekte“")
        assert config.smtp is not None
        assert (config.smtp.user, config.smtp.port, config.smtp.security) == ("priya@example.com", 465, "tls")
        with pytest.raises(UserError, match="stays as it is"):
            write_config(path, config_text(new))
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]
