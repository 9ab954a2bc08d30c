"""A digest that the submission server refuses goes to the inbox in the same round. If it can't, the program says so."""

from __future__ import annotations

import json
import socket
from datetime import timedelta
from email import message_from_bytes
from typing import TYPE_CHECKING, Any

import pytest

from assistant.cli.main import run
from tests.owner.test_end_to_end import CONFIG, MONDAY, OWNER, SMTP_CONFIG, reply, sent_mail, text_of
from tests.servers.scripted import Script, running_script
from tests.servers.smtp import Fault, Sink, running_sink

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

WEEK = timedelta(days=7)
FULL = b"NO [OVERQUOTA] Mailbox is full"
REFUSALS = {
    "greeting": ("CONNECT", "554 5.7.1 No service for your network"),
    "name": ("EHLO", "501 5.5.4 Syntactically invalid EHLO argument(s)"),
    "password": ("AUTH", "535 5.7.8 Username and Password not accepted"),
    "sign-in shut off": ("AUTH", "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled"),
    "account shut": ("AUTH", "550 5.7.1 Account suspended"),
    "not signed in": ("MAIL", "530 5.7.57 Client was not authenticated"),
    "send as": ("MAIL", "553 5.7.1 Sender address rejected: not owned by user"),
    "recipient": ("RCPT", "550 5.1.1 User unknown"),
    "data": ("DATA", "554 5.7.1 No valid recipients"),
    "send as, at the dot": ("DOT", "550 5.7.60 SMTP; Client does not have permissions to send as this sender"),
    "quota": ("DOT", "550 5.4.5 Daily user sending quota exceeded."),
    "spam": ("DOT", "554 5.7.1 Message rejected as spam"),
}
EACH = pytest.mark.parametrize("refusal", REFUSALS.values(), ids=list(REFUSALS))


class Life:
    """One owner with a scripted mailbox and a real SMTP server."""

    def __init__(self, folder: Path, script: Script, sink: Sink, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.script, self.sink, self.capsys = folder, script, sink, capsys
        secret = folder / "secret"
        secret.write_text("x")
        secret.chmod(0o600)
        text = CONFIG.format(owner=OWNER, host="127.0.0.1", port=script.port, user="priya", secret=secret)
        smtp = SMTP_CONFIG.format(host=sink.host, port=sink.port).replace('user = ""', 'user = "priya"')
        (folder / "config.toml").write_text(f'{text}{smtp}password_file = "{secret}"\n')
        self.base = ["--config", str(folder / "config.toml"), "--home", str(folder / "home")]
        self.say(MONDAY - timedelta(days=1), "do", "add Jane Roe <jane@example.com> as mentor")

    def say(self, at: datetime, *words: str, code: int = 0) -> str:
        """Run a command, check its exit code, and return what it printed."""
        self.capsys.readouterr()
        got = run([*self.base, "--now", at.isoformat(), *words])
        captured = self.capsys.readouterr()
        assert got == code, (words, got, captured)
        return captured.out

    def doctor(self, at: datetime) -> dict[str, Any]:
        self.capsys.readouterr()
        run([*self.base, "--now", at.isoformat(), "doctor", "--json"])
        out = self.capsys.readouterr().out
        rows = json.loads(out)
        return {row["check"]: row for row in (rows["checks"] if isinstance(rows, dict) else rows)}

    def digests(self) -> list[bytes]:
        return [raw for raw in self.script.appended if b"X-Career-Assistant-Week" in raw]


@pytest.fixture
def life(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Life]:
    script = Script([sent_mail(number) for number in range(5)])
    with running_script(script), running_sink(user="priya", password="x") as sink:
        yield Life(tmp_path, script, sink, capsys)


def words_of(refusal: tuple[str, str]) -> str:
    return refusal[1][:25]


@EACH
def test_a_refused_digest_is_in_the_inbox_in_the_same_round(life: Life, refusal: tuple[str, str]) -> None:
    life.sink.answers = dict([refusal])
    said = life.say(MONDAY, "once")
    (digest,) = life.digests()
    assert "was put straight into your inbox" in said
    assert words_of(refusal)[:9] in said
    assert life.sink.taken == []
    later = MONDAY + timedelta(hours=1)
    checks = life.doctor(later)
    assert checks["last digest"]["ok"]
    assert "straight into your inbox" in checks["last digest"]["hint"]
    assert not checks["smtp"]["ok"]
    assert words_of(refusal)[:9] in checks["smtp"]["hint"]
    assert "went on Monday 2 March 2026" in life.say(later, "digest")
    life.sink.answers = {}
    life.say(later, "once")
    assert life.digests() == [digest], "never twice"
    assert life.sink.taken == []
    life.say(MONDAY + WEEK, "once")
    (second,) = life.sink.messages
    assert "straight into your inbox" in " ".join(text_of(message_from_bytes(second)).split())
    assert life.doctor(MONDAY + WEEK)["smtp"]["ok"]


@EACH
def test_where_the_inbox_takes_nothing_either_the_truth_is_said(life: Life, refusal: tuple[str, str]) -> None:
    life.sink.answers, life.script.append = dict([refusal]), FULL
    said = life.say(MONDAY, "once", code=3)
    assert "The digest of 2026-W10 has not gone yet: " in said
    assert words_of(refusal)[:9] in said
    assert "OVERQUOTA" in said
    later = MONDAY + timedelta(hours=1)
    check = life.doctor(later)["last digest"]
    assert not check["ok"]
    assert "has not gone yet" in check["hint"]
    assert json.loads(life.say(later, "digest", "--json", code=3))["went_on"] is None
    assert "has not gone yet" in life.say(later, "digest", code=3)
    life.script.append = b"OK [APPENDUID 7 1] done"
    life.say(MONDAY + timedelta(hours=2), "once")
    assert len(life.digests()) == 1, "the week was still owed"


@pytest.mark.parametrize("answer", [FULL, b"NO [LIMIT] Too large", b"NO Permission denied"])
def test_without_smtp_an_inbox_that_takes_nothing_is_told(life: Life, answer: bytes) -> None:
    config = life.folder / "config.toml"
    config.write_text(config.read_text().partition("[smtp]")[0])
    life.script.append = answer
    said = life.say(MONDAY, "once", code=3)
    assert "The digest of 2026-W10 has not gone yet: " in said
    assert answer.decode().removeprefix("NO ") in said
    assert not life.doctor(MONDAY)["last digest"]["ok"]
    assert "has not gone yet" in life.say(MONDAY, "digest", code=3)
    life.script.append = b"OK [APPENDUID 7 1] done"
    life.say(MONDAY + timedelta(hours=1), "once")
    assert len(life.digests()) == 1, "the week was still owed"


def test_the_next_digest_says_that_the_last_one_has_not_gone(life: Life) -> None:
    life.sink.answers, life.script.append = {"DOT": "550 5.7.60 no"}, FULL
    life.say(MONDAY, "once", code=3)
    life.sink.answers = {}
    life.say(MONDAY + WEEK, "once", code=3)
    assert "1 message to you has not gone yet" in " ".join(text_of(message_from_bytes(life.sink.messages[-1])).split())


def test_a_digest_that_only_waits_has_not_gone(life: Life) -> None:
    life.sink.answers = {"DOT": "451 4.3.0 try later"}
    assert "has not gone yet" in life.say(MONDAY, "once", code=3)
    assert not life.doctor(MONDAY)["last digest"]["ok"]
    assert "has not gone yet" in life.say(MONDAY, "digest", code=3)
    assert "It has not gone yet" in life.say(MONDAY, "do", "status")
    assert life.digests() == [], "what may pass is no refusal"
    life.sink.answers = {}
    life.say(MONDAY + timedelta(minutes=2), "once")
    assert len(life.sink.taken) == 1


def test_a_digest_in_doubt_is_neither_gone_nor_lost(life: Life) -> None:
    life.sink.fail(Fault.DROP_AFTER_LOST)
    assert "may or may not have gone" in life.say(MONDAY, "once")
    assert "may or may not have gone" in life.doctor(MONDAY)["last digest"]["hint"]
    assert life.digests() == []


def test_a_sign_in_that_is_shut_off_blames_no_password(life: Life) -> None:
    life.sink.answers = dict([REFUSALS["sign-in shut off"]])
    hint = life.doctor(MONDAY)["smtp"]["hint"]
    assert "SmtpClientAuthentication is disabled" in hint
    assert "init --password" not in hint


def test_a_transcript_goes_the_same_way(life: Life) -> None:
    life.say(MONDAY, "once")
    at = MONDAY + timedelta(hours=1)
    life.script.messages.append(reply(message_from_bytes(life.sink.messages[0]), "win: a talk", at))
    life.sink.answers = dict([REFUSALS["quota"]])
    assert "The answer T2 was put straight into your inbox" in life.say(at + timedelta(minutes=1), "once")
    assert any(b"X-Career-Assistant: transcript" in raw for raw in life.script.appended)


@pytest.mark.parametrize(
    "name", ["my_laptop.lan", "müller.lan", "host.lan.", "host", "", "a..lan", f"{'x' * 70}.lan", "host.example"]
)
def test_a_machine_of_any_name_sends(life: Life, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(socket, "getfqdn", lambda *_: name)
    monkeypatch.setattr(socket, "gethostname", lambda: name)
    life.sink.only_literals = True
    life.say(MONDAY, "once")
    assert len(life.sink.taken) == 1
    assert life.sink.names[-1] == "[127.0.0.1]"
    assert (name in life.sink.names) == (name == "host.example"), "a name that is none is not said"
