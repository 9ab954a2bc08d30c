"""`send N` and drafts on a real Dovecot and a real SMTP server: sent once, as shown, and the owner's edits are kept."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import TYPE_CHECKING

import pytest

from tests.owner.test_end_to_end import (
    MONDAY,
    OWNER,
    Life,
    configured,
    first_week,
    reply,
    sending,
    sent_mail,
    text_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message
    from pathlib import Path

    from tests.servers.dovecot import Account
    from tests.servers.smtp import Taken


@pytest.fixture
def life(tmp_path: Path, dovecot: Account, capsys: pytest.CaptureFixture[str]) -> Iterator[Life]:
    with sending(configured(tmp_path, dovecot, capsys)) as life:
        first_week(life)
        yield life


def digest_of(life: Life) -> Message:
    found = [message_from_bytes(raw) for raw in life.account.messages("INBOX")]
    return next(message for message in found if message["X-Career-Assistant"] == "digest")


def transcript_of(life: Life) -> Message:
    found = [message_from_bytes(raw) for raw in life.account.messages("INBOX")]
    return [message for message in found if message["X-Career-Assistant"] == "transcript"][-1]


def to_others(life: Life) -> list[Taken]:
    assert life.sink
    return [taken for taken in life.sink.taken if taken.rcpt_to != (OWNER,)]


def say(life: Life, text: str, minutes: float, to: Message | None = None) -> str:
    """Answer a mail, run a round a second later, and return the first line of the transcript."""
    at = MONDAY + timedelta(minutes=minutes)
    life.account.deliver(reply(to or digest_of(life), text, at), "Sent")
    done = life.json(at + timedelta(seconds=1), "once")
    return str(done["replies"][0]["lines"][0]["effect"])


def rounds(life: Life, *minutes: float) -> None:
    for minute in minutes:
        life.command(MONDAY + timedelta(minutes=minute), "once")


def test_twice_the_same_order_is_one_message_with_the_text_and_address_shown(life: Life) -> None:
    effect = say(life, "send 1", 5)
    address = re.search(r"<([^<>]+)>", effect)
    assert address
    assert "goes out in 10 minutes, unless you write “undo T2” before" in effect
    assert "on its way already" in say(life, "send 1", 6)
    rounds(life, 14)
    assert to_others(life) == [], "still held"
    rounds(life, 16, 17, 60)
    assert "was sent already" in say(life, "1 send", 61)
    rounds(life, 80, 100)
    (taken,) = to_others(life)
    assert taken.rcpt_to == (address[1],)
    sent = message_from_bytes(taken.message)
    assert sent["To"].endswith(f"<{address[1]}>")
    assert [sent[name] for name in ("Cc", "Bcc", "X-Career-Assistant", "Auto-Submitted")] == [None] * 4
    shown = " ".join(line.strip().removeprefix("|").strip() for line in text_of(digest_of(life)).splitlines())
    assert " ".join(text_of(sent).split()) in " ".join(shown.split())


def test_undone_within_the_hold_nothing_leaves(life: Life) -> None:
    say(life, "send 1", 5)
    assert "was stopped in time" in say(life, "undo", 7, transcript_of(life))
    rounds(life, 20, 60, 600)
    assert to_others(life) == []
    say(life, "send 1", 601)
    rounds(life, 620)
    assert len(to_others(life)) == 1, "ordered anew it goes, once"


def test_undo_after_the_hold_says_that_it_is_out(life: Life) -> None:
    say(life, "send 1", 5)
    rounds(life, 16)
    assert "is out and stays out" in say(life, "undo T2", 20)
    assert len(to_others(life)) == 1


def test_a_hold_of_a_minute_can_be_configured(life: Life) -> None:
    config = life.folder / "config.toml"
    config.write_text(config.read_text() + "hold_minutes = 1\n")
    assert "goes out in a minute" in say(life, "send 1", 5)
    rounds(life, 5.5)
    assert to_others(life) == []
    rounds(life, 6.5)
    assert len(to_others(life)) == 1


def test_killed_in_the_hold_and_started_again_one_message_goes(life: Life) -> None:
    config = life.folder / "config.toml"
    command = [sys.executable, "-m", "assistant", "--config", str(config), "--home", str(life.folder / "home")]
    start = MONDAY + timedelta(minutes=5)
    life.account.deliver(reply(digest_of(life), "send 1", start), "Sent")
    daemon = subprocess.Popen(
        [*command, "--now", start.isoformat(), "run"], stderr=subprocess.DEVNULL, env={**os.environ}
    )
    try:
        deadline = time.monotonic() + 20
        while len(life.account.messages("INBOX")) < 2 and time.monotonic() < deadline:
            time.sleep(0.1)
    finally:
        daemon.send_signal(signal.SIGKILL)
        daemon.wait(10)
    assert len(life.account.messages("INBOX")) == 2, "its transcript came, so the order is held"
    assert to_others(life) == []
    rounds(life, 10, 17, 18, 40)
    assert len(to_others(life)) == 1


# Drafts, changed by another program.


def draft_to(life: Life, name: str) -> Message:
    found = [message_from_bytes(raw) for raw in life.account.messages("Drafts")]
    (draft,) = [message for message in found if name in str(message["To"])]
    return draft


def edit(life: Life, name: str, *, message_id: str | None = None) -> bytes:
    """Change a draft as mail programs do: append the new text, delete the old message."""
    old = draft_to(life, name)
    new = EmailMessage(policy=SMTP)
    for field in ("From", "To", "Subject", "Date", "In-Reply-To", "References"):
        if old[field]:
            new[field] = " ".join(str(old[field]).split())
    new["Message-ID"] = message_id or str(old["Message-ID"])
    new.set_content("Words of my own.\n")
    with life.account.client() as client:
        client.select_folder("Drafts")
        client.append("Drafts", bytes(new), flags=(b"\\Draft", b"\\Seen"))
        uids = client.search(["HEADER", "Message-ID", str(old["Message-ID"])])
        client.delete_messages(uids[:1])
        client.expunge(uids[:1])
    return bytes(new)


def send_by_hand(life: Life, name: str, at: datetime, *, message_id: str | None = None) -> None:
    """Send a draft as mail programs do: remove it from Drafts, and put a copy with the new date into Sent."""
    draft = draft_to(life, name)
    del draft["Date"]
    draft["Date"] = format_datetime(at)
    if message_id:
        del draft["Message-ID"]
        draft["Message-ID"] = message_id
    with life.account.client() as client:
        client.select_folder("Drafts")
        uids = client.search(["HEADER", "To", name])
        client.delete_messages(uids)
        client.expunge(uids)
    life.account.deliver(draft.as_bytes(policy=SMTP), "Sent")


def test_an_edited_draft_survives_the_next_digest_and_is_known_once_it_is_sent(life: Life) -> None:
    mine = edit(life, "jane@example.com")
    next_week = MONDAY + timedelta(weeks=1)
    assert life.json(next_week, "once")["digest"] == "2026-W11"
    assert mine.replace(b"\r\n", b"\n") in [raw.replace(b"\r\n", b"\n") for raw in life.account.messages("Drafts")]
    assert draft_to(life, "jane@example.com"), "and no other beside it"
    bobs = draft_to(life, "bob@other.example")
    assert bobs["Message-ID"], "the untouched one was put anew, once"
    sent_at = next_week + timedelta(hours=2)
    send_by_hand(life, "jane@example.com", sent_at)
    life.command(sent_at + timedelta(minutes=1), "once")
    people = {row["handle"]: row for row in life.json(sent_at + timedelta(minutes=2), "people")}
    assert people["jane-roe"]["last_contact"]["at"].startswith("2026-03-09")
    assert states(life, sent_at)["jane-roe"] == "sent"


def test_a_draft_sent_under_an_id_of_the_programs_own_is_known_by_recipient_and_thread(life: Life) -> None:
    number = 1 + [name in text_of(digest_of(life)).split("2. ")[0] for name in ("Jane Roe", "Bob Li")].index(True)
    name = ("jane@example.com", "bob@other.example")[number - 1]
    send_by_hand(life, name, MONDAY + timedelta(hours=1), message_id="<other@mua.example>")
    rounds(life, 61)
    assert "you sent that draft yourself" in say(life, "send 1", 62)
    rounds(life, 80, 90)
    assert to_others(life) == []


def test_a_draft_thrown_away_is_not_taken_for_sent(life: Life) -> None:
    with life.account.client() as client:
        client.select_folder("Drafts")
        uids = client.search(["HEADER", "To", "jane@example.com"])
        client.delete_messages(uids)
        client.expunge(uids)
    life.account.deliver(sent_mail(1).replace(b"<m1@", b"<new@"), "Sent")
    rounds(life, 30)
    assert states(life, MONDAY)["jane-roe"] == "gone"


def states(life: Life, _at: datetime) -> dict[str, str]:
    from assistant.store.database import Store

    with Store(life.folder / "home") as store:
        rows = store.connection.execute("SELECT person, state FROM draft ORDER BY id").fetchall()
    found: dict[str, str] = {}
    for person, state in rows:
        found.setdefault(person, state)
    return found


def test_threads_hold_in_every_program_with_long_ids_and_ten_references() -> None:
    """No field folds or encodes an id. In-Reply-To is the last reference, and there are never more than ten."""
    from assistant.render.mail import Party, compose_draft

    ids = [f"{'x' * 100}{number:02d}.y@a-long-host-name-of-somebody.example" for number in range(25)]
    raw = compose_draft(
        message_id=ids[-1].replace("x", "z"),
        from_=Party("Priya", OWNER),
        to=Party("Jane", "jane@example.com"),
        subject="Re: a matter",
        body="Hi\n",
        date=MONDAY,
        in_reply_to=ids[-1],
        references=tuple(ids),
        marked=False,
    )
    head = raw.partition(b"\r\n\r\n")[0].decode("ascii")
    assert "=?" not in head
    assert f"In-Reply-To: <{ids[-1]}>" in head
    message = message_from_bytes(raw)
    references = message["References"].split()
    assert len(references) == 10
    assert references[0] == f"<{ids[0]}>", "the first one keeps the thread's beginning"
    assert references[-1] == f"<{ids[-1]}>"
    assert all(re.fullmatch(r"<[^<>\s]+>", one) for one in references)
    assert all(len(line) <= 998 for line in head.split("\r\n"))
