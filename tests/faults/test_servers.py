"""Servers that throttle, close a folder or choke on a message: replies are obeyed, and the digest still comes."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from assistant.cli.main import run
from assistant.store import replies
from assistant.store.database import Store
from tests.owner.test_end_to_end import CONFIG, MONDAY, OWNER, reply, sent_mail
from tests.servers.scripted import Script, running_script

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    Once = Callable[[datetime], int]

THROTTLED = b"NO Request is throttled. Suggested Backoff Time: 2400000 milliseconds"
WEEK = timedelta(days=7)


@pytest.fixture
def script() -> Iterator[Script]:
    with running_script(Script([sent_mail(number) for number in range(5)])) as running:
        yield running


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def once(script: Script, home: Path, tmp_path: Path) -> Once:
    """Return a function that runs `assistant once` at a moment, with one person on the roster, for its exit code."""
    (tmp_path / "secret").write_text("x")
    (tmp_path / "secret").chmod(0o600)
    text = CONFIG.format(owner=OWNER, host="127.0.0.1", port=script.port, user="priya", secret=tmp_path / "secret")
    (tmp_path / "config.toml").write_text(text)
    base = ["--config", str(tmp_path / "config.toml"), "--home", str(home)]
    person = "add Jane Roe <jane@example.com> as mentor"
    assert run([*base, "--now", (MONDAY - timedelta(days=1)).isoformat(), "do", person]) == 0
    return lambda at: run([*base, "--now", at.isoformat(), "once"])


def weeks(script: Script) -> list[str]:
    """Return the weeks whose digests were put into INBOX."""
    found = [message_from_bytes(raw)["X-Career-Assistant-Week"] for raw in script.appended]
    return [str(week) for week in found if week]


@pytest.mark.parametrize("where", ["login", "append"])
def test_cron_too_leaves_a_server_alone_as_long_as_it_asks(script: Script, once: Once, where: str) -> None:
    """Every five minutes for three hours, but the server is asked only every forty, whichever command it refused."""
    setattr(script, where, THROTTLED)
    asked = []
    for minute in range(0, 180, 5):
        before = script.connections
        assert once(MONDAY + timedelta(minutes=minute)) == 3
        if script.connections > before:
            asked.append(minute)
    assert len(asked) == 5
    assert all(after - before == 40 for before, after in pairwise(asked))
    assert script.commands.count("APPEND" if where == "append" else "LOGIN") == 5, "nor is anything else tried then"
    setattr(script, where, b"OK [APPENDUID 7 1] done" if where == "append" else b"OK signed in")
    assert once(MONDAY + timedelta(minutes=200)) == 0
    assert weeks(script) == ["2026-W10"]


def test_a_drafts_folder_that_cannot_be_opened_stops_no_digest(script: Script, once: Once, home: Path) -> None:
    assert [once(MONDAY - timedelta(hours=1)), once(MONDAY)] == [0, 0]
    script.shut = frozenset({b"Drafts"})
    assert once(MONDAY + WEEK) == 0
    assert weeks(script) == ["2026-W10", "2026-W11"]
    with Store(home) as store:
        states = store.connection.execute("SELECT state FROM draft").fetchall()
    assert states == [("placed",), ("placed",)], "what was there may be there again"


def test_an_answer_that_breaks_the_line_holds_up_nothing_else_and_is_obeyed_when_it_can_be_read(
    script: Script, once: Once, home: Path
) -> None:
    assert once(MONDAY) == 0
    (digest,) = [message_from_bytes(raw) for raw in script.appended if b"X-Career-Assistant-Week" in raw]
    at = MONDAY + timedelta(hours=1)
    script.messages += [
        reply(digest, "win: the first", at),
        reply(digest, "win: the second", at + timedelta(seconds=1)),
    ]
    script.text_breaks = frozenset({6})
    assert [once(at + timedelta(minutes=minute)) for minute in (1, 2, 3)] == [3, 0, 0]
    with Store(home) as store:
        assert replies.is_known(store, message_from_bytes(script.messages[6])["Message-ID"].strip("<>"))
        assert not replies.is_known(store, message_from_bytes(script.messages[5])["Message-ID"].strip("<>"))
    assert once(MONDAY + WEEK) == 0
    assert weeks(script) == ["2026-W10", "2026-W11"]
    script.text_breaks = frozenset()
    assert once(MONDAY + WEEK + timedelta(minutes=1)) == 0
    with Store(home) as store:
        wins = store.connection.execute("SELECT text FROM note WHERE kind = 'win' ORDER BY text").fetchall()
    assert wins == [("the first",), ("the second",)]


def test_a_message_whose_text_breaks_the_line_is_left_out_of_the_evidence(script: Script, once: Once) -> None:
    script.text_breaks = frozenset({1})  # the last one to Jane
    assert once(MONDAY) == 0
    assert weeks(script) == ["2026-W10"]


def read(home: Path) -> int:
    with Store(home) as store:
        return int(store.connection.execute("SELECT count(*) FROM message").fetchone()[0])


def test_what_a_broken_line_left_out_is_read_when_the_line_holds(script: Script, once: Once, home: Path) -> None:
    script.cut = frozenset({3})
    assert [once(MONDAY), once(MONDAY + timedelta(minutes=1))] == [0, 0]
    assert read(home) == 4
    script.cut = frozenset()
    assert once(MONDAY + timedelta(minutes=2)) == 0
    assert read(home) == 5
    before = script.commands.count("UID FETCH")
    assert once(MONDAY + timedelta(minutes=3)) == 0
    assert script.commands.count("UID FETCH") == before


def test_what_can_never_be_read_is_tried_in_a_few_rounds_and_then_left(script: Script, once: Once, home: Path) -> None:
    script.cut = frozenset({3})
    connections = []
    for minute in range(10):
        before = script.connections
        assert once(MONDAY + timedelta(minutes=minute)) == 0
        connections.append(script.connections - before)
    assert connections[6:] == [1, 1, 1, 1]
    assert read(home) == 4
    assert weeks(script) == ["2026-W10"]
