"""What is said about a round: what was done, and at a terminal when the next digest comes."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pexpect
import pytest

from assistant.config import load_config
from assistant.demo.run import run_demo
from assistant.rounds.delivery.outbox import Delivery
from assistant.rounds.delivery.tally import Tally, count_delivery
from assistant.rounds.digest.when_due import next_digest
from assistant.store import digests, outbox
from assistant.store.database import Store
from tests.terminal import take_interrupts

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.config import Config
    from assistant.store.outbox import Kind, State

WEDNESDAY = datetime(2026, 3, 4, 12, tzinfo=UTC)
MONDAY = datetime(2026, 3, 9, 7, tzinfo=UTC)
CONFIG = """
[me]
name = "Priya Raman"
addresses = ["priya@example.com"]
timezone = "Europe/Berlin"
[mailbox]
kind = "maildir"
path = "."
"""


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        (Tally(), ""),
        (Tally(waiting=2), ""),
        (Tally(digests=1, drafts=5), "Digest delivered, 5 drafts saved."),
        (Tally(digests=1), "Digest delivered."),
        (Tally(drafts=1), "1 draft saved."),
        (Tally(digests=2, drafts=1), "2 digests delivered, 1 draft saved."),
        (Tally(transcripts=1, sent=1), "1 transcript delivered, 1 message sent."),
        (Tally(notices=1, refused=2), "1 notice delivered, 2 messages refused by the mail server."),
        (Tally(waiting=3, late=1), "1 message still to be delivered."),
    ],
)
def test_each_kind_has_its_own_word(counts: Tally, sentence: str) -> None:
    assert counts.sentence() == sentence


def put(store: Store, kind: Kind, state: State = "sent", tries: int = 0) -> int:
    order = outbox.Order(f"{kind} {state} {tries}", kind, "append", "me@example.com", "x@example.com", "id", b"", 0)
    number = outbox.queue(store, order, 0)
    outbox.set_state(store, number, state, 0, tries=tries)
    return number


def test_sent_is_said_of_mail_to_somebody_else_alone() -> None:
    kinds: tuple[Kind, ...] = ("digest", "transcript", "draft", "send", "copy", "notice")
    with Store(None) as store:
        done = Delivery(sent=tuple(put(store, kind) for kind in kinds))
        assert count_delivery(store, done) == Tally(digests=1, transcripts=1, drafts=1, sent=1, notices=1)


@pytest.mark.parametrize(
    ("kind", "state", "tries", "late"),
    [
        ("send", "held", 0, 0),
        ("copy", "queued", 0, 0),
        ("digest", "queued", 1, 1),
        ("digest", "doubt", 1, 1),
        ("send", "doubt", 1, 0),
    ],
)
def test_only_what_could_not_go_is_late(kind: Kind, state: State, tries: int, late: int) -> None:
    with Store(None) as store:
        done = Delivery(waiting=(put(store, kind, state, tries),))
        assert count_delivery(store, done) == Tally(waiting=1, late=late)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    (tmp_path / "config.toml").write_text(CONFIG)
    return load_config(tmp_path / "config.toml")


def say_setting(store: Store, name: str, value: str) -> None:
    with store.write() as db:
        db.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", [name, value])


@pytest.mark.parametrize(
    ("name", "value", "when"),
    [
        ("", "", MONDAY),
        ("paused_until", '"2026-03-09"', MONDAY),
        ("paused_until", '"2026-03-10"', datetime(2026, 3, 10, tzinfo=ZoneInfo("Europe/Berlin"))),
        ("paused_until", '"9999-12-31"', None),
        ("stopped", "true", None),
    ],
    ids=["plain", "paused until then", "paused for longer", "paused until further word", "stopped"],
)
def test_the_next_digest_is_at_the_next_slot_that_is_not_paused(
    config: Config, name: str, value: str, when: datetime | None
) -> None:
    with Store(None) as store:
        if name:
            say_setting(store, name, value)
        assert next_digest(config, store, WEDNESDAY) == when


def test_a_week_done_by_hand_has_no_second_digest(config: Config) -> None:
    with Store(None) as store:
        outbox_id = put(store, "digest")
        digests.add_digest(store, "2026-W11", int(MONDAY.timestamp()), int(MONDAY.timestamp()) - 9, "id", outbox_id)
        assert next_digest(config, store, MONDAY - timedelta(hours=1)) == MONDAY + timedelta(days=7)


def test_a_digest_that_is_due_is_the_next_one(config: Config) -> None:
    with Store(None) as store:
        put_set_up(store, WEDNESDAY - timedelta(days=30))
        assert next_digest(config, store, WEDNESDAY) == WEDNESDAY


def put_set_up(store: Store, at: datetime) -> None:
    with store.write() as db:
        db.execute("INSERT INTO fact VALUES ('set_up_at', ?)", [str(int(at.timestamp()))])


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    run_demo(tmp_path)
    return tmp_path


def command(demo: Path, now: str, *more: str) -> list[str]:
    config, data = demo / "mailbox" / "config.toml", demo / "data"
    return [sys.executable, "-m", "assistant", "--config", str(config), "--home", str(data), "--now", now, *more]


def test_run_tells_a_terminal_what_comes_and_what_came(demo: Path) -> None:
    words = command(demo, "2026-03-09T07:55+01:00", "run", "--speed", "300")
    child = pexpect.spawn(words[0], words[1:], encoding="utf-8", timeout=40, preexec_fn=take_interrupts)
    try:
        child.expect_exact("It runs. Replies are read as they come; Ctrl-C stops it.\r\n")
        child.expect_exact("Next digest: Monday 9 March 2026, 08:00 (Europe/Berlin).\r\n")
        child.expect_exact("Digest delivered, 4 drafts saved.\r\n")
        child.expect_exact("Next digest: Monday 16 March 2026, 08:00 (Europe/Berlin).\r\n")
        child.sendintr()
        child.expect(pexpect.EOF)
    finally:
        child.close(force=True)
    assert child.exitstatus == 0


def test_run_in_a_service_says_nothing(demo: Path) -> None:
    words = command(demo, "2026-03-11T08:00+01:00", "run", "--until", "2026-03-11T08:20+01:00", "--speed", "600")
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_run_tells_a_terminal_what_fails_and_when_it_tries_again(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(CONFIG.replace('path = "."', 'path = "nowhere"'))
    words = ["--config", str(tmp_path / "config.toml"), "--home", str(tmp_path / "data")]
    words += ["--now", "2026-03-09T07:00+01:00", "run"]
    child = pexpect.spawn(
        sys.executable, ["-m", "assistant", *words], encoding="utf-8", timeout=40, preexec_fn=take_interrupts
    )
    try:
        child.expect_exact("The next try: Monday 9 March 2026, 07:01 (Europe/Berlin).\r\n")
        child.sendintr()
        child.expect(pexpect.EOF)
    finally:
        child.close(force=True)
    assert child.exitstatus == 0
