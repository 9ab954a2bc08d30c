"""The main job on a real Dovecot and a real SMTP server: scan, digest, reply, transcript, and nothing twice."""

from __future__ import annotations

import json
import re
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import SMTP
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

import pytest

from assistant.cli.main import run
from tests.servers.model import ModelServer
from tests.servers.smtp import running_sink

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.servers.dovecot import Account
    from tests.servers.smtp import Sink

MONDAY = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
OWNER = "priya@example.com"
CONFIG = """
[me]
name = "Priya Raman"
addresses = ["{owner}"]
timezone = "UTC"

[mailbox]
kind = "imap"
host = "{host}"
port = {port}
security = "none"
user = "{user}"
password_file = "{secret}"
since = 0
"""
SMTP_CONFIG = """
[smtp]
host = "{host}"
port = {port}
security = "none"
user = ""
"""
SIZE = 5_000


@dataclass
class Life:
    """One owner's config and data, and the commands that use them."""

    folder: Path
    account: Account
    capsys: pytest.CaptureFixture[str]
    sink: Sink | None = None

    def command(self, at: datetime, *arguments: str, code: int = 0) -> str:
        base = ["--config", str(self.folder / "config.toml"), "--home", str(self.folder / "home")]
        assert run([*base, "--now", at.isoformat(), *arguments]) == code, self.capsys.readouterr().err
        return self.capsys.readouterr().out

    def json(self, at: datetime, *arguments: str) -> Any:
        return json.loads(self.command(at, *arguments, "--json"))


def program(folder: Path) -> list[str]:
    """Return the words that run the program as a separate process, with its config and data in that folder."""
    config, home = folder / "config.toml", folder / "home"
    return [sys.executable, "-m", "assistant", "--config", str(config), "--home", str(home)]


def sent_mail(number: int) -> bytes:
    """Return one of many ordinary messages, to one of five correspondents."""
    people = ("jane@example.com", "bob@other.example", "kim@example.com", "list@lists.example", "ana@example.com")
    at = MONDAY - timedelta(days=40) - timedelta(hours=3 * number)
    message = EmailMessage(policy=SMTP)
    message["From"] = f"Priya Raman <{OWNER}>"
    message["To"] = people[number % len(people)]
    message["Subject"] = f"Matter {number}"
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<m{number}@example.com>"
    if number % 2:
        # Somebody who never writes is taken for a machine.
        message["In-Reply-To"] = f"<theirs{number}@example.com>"
    message.set_content(f"Hi,\n\nabout matter {number}: all is well.\n\nBest,\nPriya\n")
    return bytes(message)


def configured(folder: Path, account: Account, capsys: pytest.CaptureFixture[str], *also: str) -> Life:
    """Return a life on that account, without SMTP. `also` are more addresses of the owner."""
    secret = folder / "secret"
    secret.write_text(account.password)
    secret.chmod(0o600)
    text = CONFIG.format(owner=OWNER, host=account.host, port=account.port, user=account.user, secret=secret)
    (folder / "config.toml").write_text(text.replace(f'["{OWNER}"]', json.dumps([OWNER, *also])))
    return Life(folder, account, capsys)


@contextmanager
def sending(life: Life) -> Iterator[Life]:
    """Give a life a submission server that delivers into its account."""
    with running_sink(deliver=life.account.deliver) as sink:
        config = life.folder / "config.toml"
        config.write_text(config.read_text() + SMTP_CONFIG.format(host=sink.host, port=sink.port))
        life.sink = sink
        yield life


def first_week(life: Life) -> None:
    """Set up an owner who wrote ten mails, named two people and got the first digest."""
    life.account.fill("Sent", (sent_mail(number) for number in range(10)))
    add_people(life)
    life.command(MONDAY, "once")


@pytest.fixture
def life(tmp_path: Path, dovecot: Account, capsys: pytest.CaptureFixture[str]) -> Life:
    return configured(tmp_path, dovecot, capsys)


@pytest.fixture
def with_smtp(life: Life) -> Iterator[Life]:
    with sending(life):
        yield life


def add_people(life: Life) -> None:
    transcript = life.json(
        MONDAY - timedelta(days=1),
        "do",
        "add Jane Roe <jane@example.com> as mentor",
        "add Bob Li <bob@other.example> as advisor, every 3 weeks",
    )
    assert [line["outcome"] for line in transcript["lines"]] == ["ok", "ok"]


def reply(to: Message, text: str, at: datetime) -> bytes:
    """Return the owner's answer as a mail program writes it: text on top, the digest quoted below."""
    quoted = "\n".join("> " + line for line in text_of(to).splitlines())
    message = EmailMessage(policy=SMTP)
    message["From"] = f"Priya Raman <{OWNER}>"
    message["To"] = str(to["Reply-To"])
    message["Subject"] = "Re: " + "".join(str(to["Subject"]).splitlines())
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<reply-{int(at.timestamp())}@example.com>"
    message["In-Reply-To"] = str(to["Message-ID"])
    message["References"] = " ".join((*str(to["References"] or "").split(), str(to["Message-ID"])))
    message.set_content(f"{text}\n\nOn Mon, 2 Mar 2026 at 08:00, Career assistant <{OWNER}> wrote:\n{quoted}\n")
    return bytes(message)


def text_of(message: Message) -> str:
    part = next(part for part in message.walk() if part.get_content_type() == "text/plain")
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode()


def whole_street(life: Life) -> None:
    life.account.fill("Sent", (sent_mail(number) for number in range(SIZE)))
    add_people(life)
    done = life.json(MONDAY, "once")
    assert done["digest"] == "2026-W10"
    assert done["scans"][0]["new"] == SIZE
    inbox = [message_from_bytes(raw) for raw in life.account.messages("INBOX")]
    assert len(inbox) == 1
    check_digest(inbox[0])
    drafts = [path for path in life.account.files("Drafts") if "D" in path.name.partition(":2,")[2]]
    assert len(drafts) == 2
    assert {message_from_bytes(path.read_bytes())["To"] for path in drafts} == {
        "Jane Roe <jane@example.com>",
        "Bob Li <bob@other.example>",
    }

    an_hour_later = MONDAY + timedelta(hours=1)
    life.account.deliver(
        reply(inbox[0], "met Jane on Sunday, talked promo\nsned 1\nsnooze bob for a month", an_hour_later), "Sent"
    )
    done = life.json(an_hour_later, "once")
    (transcript,) = done["replies"]
    assert [line["outcome"] for line in transcript["lines"]] == ["ok", "unknown", "ok"]
    people = {row["handle"]: row for row in life.json(an_hour_later, "people")}
    assert people["jane-roe"]["last_contact"]["kind"] == "met"
    assert people["jane-roe"]["last_contact"]["at"].startswith("2026-03-01")
    assert people["bob-li"]["snoozed_until"] == "2026-04-02"
    inbox = [message_from_bytes(raw) for raw in life.account.messages("INBOX")]
    assert len(inbox) == 2
    (answer,) = (message for message in inbox if message["Auto-Submitted"] == "auto-replied")
    assert f"<reply-{int(an_hour_later.timestamp())}@example.com>" in answer["References"]
    assert "sned 1" in text_of(answer)

    before = snapshot(life.account)
    for hours in (2, 3, 30):
        done = life.json(MONDAY + timedelta(hours=hours), "once")
        assert (done["replies"], done["digest"], done["sent"], done["scans"][0]["new"]) == ([], None, 0, 0)
    assert snapshot(life.account) == before


def check_digest(message: Message) -> None:
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["List-Id"]
    assert message["Precedence"] is None
    assert message["List-Unsubscribe"] is None
    assert re.fullmatch(r"<[a-z2-7]{26,}\.digest@example\.com>", message["Message-ID"])
    kinds = [part.get_content_type() for part in message.walk()]
    assert kinds == ["multipart/alternative", "text/plain", "text/html"]
    text = text_of(message)
    assert "Jane Roe" in text
    assert "Bob Li" in text


def snapshot(account: Account) -> dict[str, list[bytes]]:
    return {folder: account.messages(folder) for folder in ("INBOX", "Sent", "Drafts")}


def test_by_smtp(with_smtp: Life) -> None:
    whole_street(with_smtp)
    assert with_smtp.sink
    assert len(with_smtp.sink.taken) == 2
    assert {(taken.mail_from, taken.rcpt_to) for taken in with_smtp.sink.taken} == {(OWNER, (OWNER,))}


def test_by_append_alone(life: Life) -> None:
    whole_street(life)


def test_send_goes_once_after_its_hold_and_leaves_a_copy_in_sent(with_smtp: Life) -> None:
    life = with_smtp
    life.account.fill("Sent", (sent_mail(number) for number in range(10)))
    add_people(life)
    life.command(MONDAY, "once")
    digest = message_from_bytes(life.account.messages("INBOX")[0])
    assert life.json(MONDAY, "digest")["went_on"] == "2026-03-02"
    life.account.deliver(reply(digest, "send 1", MONDAY + timedelta(minutes=5)), "Sent")
    life.command(MONDAY + timedelta(minutes=6), "once")
    assert life.sink
    to_others = [taken for taken in life.sink.taken if taken.rcpt_to != (OWNER,)]
    assert to_others == [], "held for ten minutes"
    for minutes in (17, 18, 19, 60):
        life.command(MONDAY + timedelta(minutes=minutes), "once")
    to_others = [taken for taken in life.sink.taken if taken.rcpt_to != (OWNER,)]
    assert len(to_others) == 1
    sent = message_from_bytes(to_others[0].message)
    assert to_others[0].rcpt_to[0] in sent["To"]
    assert sent["X-Career-Assistant"] is None
    shown = " ".join(line.strip().removeprefix("|").strip() for line in text_of(digest).splitlines())
    assert " ".join(text_of(sent).split()) in " ".join(shown.split()), "the text that was shown, and no other"
    copies = [
        raw for raw in life.account.messages("Sent") if message_from_bytes(raw)["Message-ID"] == sent["Message-ID"]
    ]
    assert len(copies) == 1
    number_one = next(
        row for row in life.json(MONDAY + timedelta(hours=2), "people") if row["addresses"] == [to_others[0].rcpt_to[0]]
    )
    assert number_one["last_contact"]["at"].startswith("2026-03-02"), "what was sent for the owner is contact"


def test_the_wrong_password_an_unreachable_host_and_no_sent_folder_are_one_sentence_each(
    life: Life, capsys: pytest.CaptureFixture[str]
) -> None:
    config = life.folder / "config.toml"
    good = config.read_text()
    (life.folder / "secret").write_text("wrong")
    base = ["--config", str(config), "--home", str(life.folder / "home"), "--now", MONDAY.isoformat()]
    assert run([*base, "once"]) == 1
    message = capsys.readouterr().err
    assert "password" in message
    assert "Traceback" not in message
    (life.folder / "secret").write_text(life.account.password)
    config.write_text(good.replace(f"port = {life.account.port}", "port = 1"))
    assert run([*base, "once"]) == 3
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
    config.write_text(good)
    add_people(life)
    assert life.json(MONDAY, "once")["digest"] == "2026-W10", "the next round works"


def test_without_a_roster_the_first_digest_is_the_way_to_fill_it(life: Life) -> None:
    life.account.fill("Sent", (sent_mail(number) for number in range(60)))
    life.command(MONDAY - timedelta(days=1), "scan")
    life.command(MONDAY, "once")
    digest = message_from_bytes(life.account.messages("INBOX")[0])
    text = text_of(digest)
    assert sum(f"C{n}. " in text for n in (1, 2, 3)) == 2, "two are offered"
    assert "list@lists.example" not in text
    life.account.deliver(reply(digest, "C1 mentor", MONDAY + timedelta(minutes=5)), "Sent")
    life.command(MONDAY + timedelta(minutes=6), "once")
    assert len(life.json(MONDAY + timedelta(minutes=7), "people")) == 1


def test_with_a_model_the_words_are_its_own_and_without_it_the_digest_says_so(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-from-the-environment")
    life.account.fill("Sent", (sent_mail(number) for number in range(20)))
    add_people(life)
    config = life.folder / "config.toml"
    with ModelServer() as server:
        config.write_text(config.read_text() + f'[llm]\nbase_url = "{server.base_url}"\nmodel = "small"\n')
        life.command(MONDAY, "once")
        assert sorted(asked.task for asked in server.requests) == ["verify", "verify", "write", "write"]
        assert all("sk-from-the-environment" not in str(asked.headers) for asked in server.requests)
        assert all(asked.path.endswith("/chat/completions") for asked in server.requests)
        items = life.json(MONDAY + timedelta(minutes=5), "digest", "--out", str(life.folder / "again"))["items"]
        assert {item["writer"] for item in items if item["kind"] == "due"} == {"model"}
        asked_before = len(server.requests)
        life.json(MONDAY + timedelta(minutes=6), "digest", "--out", str(life.folder / "again"))
        assert len(server.requests) == asked_before, "the same digest again costs nothing"
    next_week = MONDAY + timedelta(weeks=1)
    assert life.json(next_week, "once")["digest"] == "2026-W11"
    digest = next(
        message
        for message in map(message_from_bytes, life.account.messages("INBOX"))
        if message["X-Career-Assistant"] == "digest" and "9 Mar" in text_of(message)
    )
    assert "model" in text_of(digest), "the digest says why its words are plain"
    assert "Jane Roe" in text_of(digest)
