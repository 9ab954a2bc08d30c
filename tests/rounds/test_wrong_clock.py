"""A clock that was wrong for a while leaves nothing behind once it's right (docs/reliability.md, promise 16)."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from assistant.core.digest.week import latest
from assistant.core.mail.envelope import parse_envelope
from assistant.rounds.delivery.heartbeat import trouble
from assistant.store import backups, digests, facts, outbox, replies
from assistant.store.database import Store
from assistant.store.roster import replay, snapshot
from tests.faults.test_reading import Scripted
from tests.owner.test_end_to_end import CONFIG, OWNER, SMTP_CONFIG, reply, sent_mail, text_of
from tests.scanning import ListMailbox, make_config, make_round
from tests.servers.scripted import Script, running_script

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.servers.smtp import Sink

MONDAY = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
WEEK = timedelta(days=7)
DAY = timedelta(days=1)
AHEAD = datetime(2036, 3, 3, 8, 30, tzinfo=UTC)
BEHIND = datetime(2016, 3, 7, 8, 30, tzinfo=UTC)


@pytest.fixture
def owner(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Scripted]:
    with running_script(Script([sent_mail(number) for number in range(60)])) as script:
        (tmp_path / "secret").write_text("x")
        (tmp_path / "secret").chmod(0o600)
        text = CONFIG.format(owner=OWNER, host="127.0.0.1", port=script.port, user="priya", secret=tmp_path / "secret")
        (tmp_path / "config.toml").write_text(text)
        yield Scripted(script, tmp_path, capsys)


def weeks(owner: Scripted) -> list[str]:
    """Return the weeks of all digests in INBOX, in the order they came."""
    found = (message_from_bytes(raw) for raw in owner.script.appended)
    return [str(one["X-Career-Assistant-Week"]) for one in found if one["X-Career-Assistant-Week"]]


def once(owner: Scripted, *moments: datetime) -> None:
    for at in moments:
        code, said = owner.run(at, "once")
        assert code == 0, said


def do(owner: Scripted, at: datetime, *lines: str) -> str:
    code, said = owner.run(at, "do", *lines)
    assert code == 0, said
    return said


def value(owner: Scripted, query: str, *values: object) -> Any:
    with Store(owner.home) as store:
        return store.connection.execute(query, values).fetchone()[0]


def people(owner: Scripted, at: datetime) -> dict[str, Any]:
    return {row["handle"]: row for row in json.loads(owner.run(at, "people", "--json")[1])}


@pytest.mark.parametrize("since", [0, 60])
@pytest.mark.parametrize("before", [[], [MONDAY - WEEK]])
def test_a_round_ten_years_ahead_costs_no_digest(owner: Scripted, before: list[datetime], since: int) -> None:
    config = owner.folder / "config.toml"
    config.write_text(config.read_text().replace("since = 0", f"since = {since}"))
    do(owner, MONDAY - 2 * WEEK, "add Jane Roe <jane@example.com> as mentor")
    once(owner, *before, AHEAD, MONDAY, MONDAY + timedelta(hours=1), MONDAY + WEEK, MONDAY + 2 * WEEK)
    assert weeks(owner) == [*["2026-W09" for _ in before], "2036-W10", "2026-W10", "2026-W11", "2026-W12"]
    assert owner.contacts(MONDAY + 2 * WEEK) == 60
    named = [text_of(message_from_bytes(raw)) for raw in owner.script.appended if b"2026-W1" in raw]
    assert not any("2036" in text for text in named)


def test_a_first_round_ten_years_behind_names_no_weeks_as_missed(owner: Scripted) -> None:
    do(owner, BEHIND, "add Jane Roe <jane@example.com> as mentor")
    once(owner, BEHIND, BEHIND + WEEK, MONDAY)
    assert weeks(owner) == ["2016-W11", "2026-W10"]
    assert people(owner, MONDAY)["jane-roe"]["last_contact"]["at"] == "2026-01-21T08:00:00+00:00"
    digest = text_of(message_from_bytes(owner.script.appended[-2])) + text_of(
        message_from_bytes(owner.script.appended[-1])
    )
    assert "W09" not in digest
    assert "2025" not in digest


def test_a_clock_that_falls_behind_changes_nothing_that_was_noted(owner: Scripted) -> None:
    """What was noted is ahead of such a clock, but it's the clock that is wrong."""
    do(owner, MONDAY - WEEK, "add Jane Roe <jane@example.com> as mentor", "add Bob Li <bob@other.example> as advisor")
    do(owner, MONDAY - WEEK, "met Jane", "snooze bob for 4 weeks")
    once(owner, MONDAY - WEEK)
    noted = {name: value(owner, f"SELECT max({name[1]}) FROM {name[0]}") for name in STAMPS}
    with Store(owner.home) as store:
        before = snapshot(store)
    once(owner, BEHIND, BEHIND + timedelta(hours=1))
    assert {name: value(owner, f"SELECT max({name[1]}) FROM {name[0]}") for name in STAMPS} == noted
    with Store(owner.home) as store:
        assert snapshot(store) == before
    once(owner, MONDAY)
    assert weeks(owner)[-1] == "2026-W10"
    assert people(owner, MONDAY)["jane-roe"]["last_contact"]["at"].startswith("2026-02-23")
    assert owner.contacts(MONDAY) == 60


STAMPS = [("event", "at"), ("digest", "built_at"), ("issued", "expires_at"), ("outbox", "not_before")]


def test_what_was_said_to_a_clock_ahead_is_meant_for_today(owner: Scripted) -> None:
    do(owner, MONDAY - WEEK, "add Jane Roe <jane@example.com> as mentor", "add Bob Li <bob@other.example> as advisor")
    once(owner, MONDAY - WEEK)
    do(owner, AHEAD, "met Jane yesterday", "snooze bob for 2 weeks", "note Bob: likes boats")
    do(owner, AHEAD, "snooze bob for 3 weeks", "pause 2 weeks")
    once(owner, MONDAY)
    found = people(owner, MONDAY)
    assert found["jane-roe"]["last_contact"]["at"].startswith("2026-03-01")
    assert found["bob-li"]["snoozed_until"] == "2026-03-23"
    with Store(owner.home) as store:
        assert value(owner, "SELECT value FROM setting WHERE name = 'paused_until'") == '"2026-03-16"'
        before = snapshot(store)
        replay(store)
        assert snapshot(store) == before, "the log says the same"
    once(owner, MONDAY + WEEK, MONDAY + 2 * WEEK)
    assert weeks(owner) == ["2026-W12"], "paused for two weeks"
    do(owner, MONDAY + 2 * WEEK, "undo")
    assert value(owner, "SELECT count(*) FROM setting WHERE name = 'paused_until'") == 0
    snoozed = value(owner, "SELECT snoozed_until FROM person WHERE handle = 'bob-li'")
    assert snoozed == "2026-03-16", "the snooze before it"


def test_what_has_no_day_stays_as_it_was_said(owner: Scripted) -> None:
    do(owner, MONDAY - WEEK, "add Jane Roe <jane@example.com> as mentor", "snooze jane for 3 weeks")
    once(owner, MONDAY - WEEK)
    do(owner, AHEAD, "pause", "favourite jane", "add Bob Li <bob@other.example> as advisor", "drop bob")
    with Store(owner.home) as store:
        facts.set_fact(store, "restored_at", str(int(AHEAD.timestamp())))
    once(owner, MONDAY)
    do(owner, MONDAY, "status")
    with Store(owner.home) as store:
        settings = dict(store.connection.execute("SELECT name, value FROM setting"))
        people = dict(store.connection.execute("SELECT handle, snoozed_until FROM person"))
        last = store.connection.execute("SELECT max(at), max(json_extract(\"after\", '$.since')) FROM event").fetchone()
        assert facts.fact(store, "restored_at") == str(int(MONDAY.timestamp()))
        before = snapshot(store)
        replay(store)
        assert snapshot(store) == before
    assert settings == {"paused_until": '"9999-12-31"'}
    assert people == {"jane-roe": "2026-03-16", "bob-li": None}
    assert last == (int(MONDAY.timestamp()), int(MONDAY.timestamp()))


def test_a_stop_said_to_a_clock_ahead_holds(owner: Scripted) -> None:
    do(owner, MONDAY - WEEK, "add Jane Roe <jane@example.com> as mentor")
    once(owner, MONDAY - WEEK)
    do(owner, AHEAD, "stop")
    do(owner, AHEAD, "resume")
    do(owner, AHEAD, "stop")
    once(owner, MONDAY, MONDAY + WEEK)
    assert weeks(owner) == []
    assert value(owner, "SELECT value FROM setting WHERE name = 'stopped'") == "true"


def test_a_digest_of_a_clock_ahead_can_be_answered_for_three_weeks(owner: Scripted) -> None:
    do(owner, MONDAY - WEEK, "add Jane Roe <jane@example.com> as mentor")
    once(owner, MONDAY - WEEK, AHEAD, MONDAY)
    ahead = next(one for one in map(message_from_bytes, owner.script.appended) if "2036-W10" in str(one.items()))
    for number, at in enumerate((MONDAY + DAY, MONDAY + 22 * DAY)):
        owner.script.messages.append(reply(ahead, f"win: number {number}", at))
        once(owner, at + timedelta(hours=1))
    with Store(owner.home) as store:
        wins = [text for (text,) in store.connection.execute("SELECT text FROM note WHERE kind = 'win'")]
        last = store.connection.execute("SELECT max(expires_at) FROM issued").fetchone()[0]
    assert wins == ["number 0"]
    assert last <= int((MONDAY + 23 * DAY).timestamp()) + replies.LIFETIME


def test_an_answer_that_a_clock_behind_could_not_believe_is_obeyed(owner: Scripted) -> None:
    do(owner, MONDAY - WEEK, "add Jane Roe <jane@example.com> as mentor")
    once(owner, MONDAY)
    digest = next(one for one in map(message_from_bytes, owner.script.appended) if one["X-Career-Assistant-Week"])
    owner.script.messages.append(reply(digest, "win: at last", MONDAY + timedelta(hours=2)))
    once(owner, BEHIND, MONDAY + DAY)
    assert value(owner, "SELECT text FROM note WHERE kind = 'win'") == "at last"


def test_a_message_held_by_a_clock_ahead_goes_after_its_time(owner: Scripted, smtp_sink: Sink) -> None:
    config = owner.folder / "config.toml"
    config.write_text(config.read_text() + SMTP_CONFIG.format(host=smtp_sink.host, port=smtp_sink.port))
    do(owner, MONDAY - WEEK, "add Jane Roe <jane@example.com> as mentor")
    once(owner, MONDAY - WEEK, AHEAD)
    do(owner, AHEAD, "send 1")
    once(owner, MONDAY)
    assert not any("jane@example.com" in one.rcpt_to for one in smtp_sink.taken)
    once(owner, MONDAY + timedelta(minutes=11), MONDAY + timedelta(minutes=30))
    assert sum("jane@example.com" in one.rcpt_to for one in smtp_sink.taken) == 1


def test_backups_of_a_clock_ahead_are_none_of_today(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        for at in (MONDAY - DAY, AHEAD):
            assert backups.backup_is_due(tmp_path, at)
            backups.back_up(store, at)
        assert backups.backup_is_due(tmp_path, MONDAY)
        today = backups.back_up(store, MONDAY)
        assert not backups.backup_is_due(tmp_path, MONDAY + timedelta(hours=1)), "one a day, not one a round"
        assert backups.backups(tmp_path, MONDAY)[0] == today
        facts.set_fact(store, "only", "in the database")
    assert backups.put_back(tmp_path, None, MONDAY + timedelta(hours=1)) == today
    with Store(tmp_path) as store:
        assert facts.fact(store, "only") is None
        for day in range(1, 9):
            backups.back_up(store, MONDAY + day * DAY)
    assert all(path.stem.startswith("2026") for path in backups.backups(tmp_path))


def test_a_failure_at_a_clock_that_was_not_set_yet_is_no_silence_of_years(owner: Scripted) -> None:
    """A small machine without a battery starts in 1970, and finds no network before it finds the time."""
    once(owner, MONDAY - WEEK)
    owner.script.bye = frozenset({"LOGIN"})
    assert owner.run(datetime(1970, 1, 1, 0, 1, tzinfo=UTC), "once")[0] == 3
    with Store(owner.home) as store:
        assert trouble(store) is not None
    owner.script.bye = frozenset()
    before = len(owner.script.appended)
    once(owner, MONDAY - WEEK + DAY)
    assert len(owner.script.appended) == before, "no notice"


def test_waits_and_looks_of_a_clock_ahead_are_over(tmp_path: Path) -> None:
    from assistant.rounds.delivery.outbox import is_time

    with Store(tmp_path) as store:
        order = outbox.Order("send 1", "send", "smtp", "p@x", "j@x", "1@x", b"", int((MONDAY + 9 * DAY).timestamp()))
        entry = outbox.entry(store, outbox.queue(store, order, 0, held=True))
    assert is_time(entry, int(MONDAY.timestamp())), "nothing is held for nine days"
    assert not is_time(entry, int((MONDAY + 8 * DAY).timestamp()))


def test_a_week_ahead_counts_as_not_done(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        order = outbox.queue(store, outbox.Order("d", "digest", "append", "p@x", "p@x", "1@x", b"", 0), 0)
        for week in ("2026-W09", "2036-W10"):
            digests.add_digest(store, week, 0, 0, "1@x", order)
        berlin = ZoneInfo("Europe/Berlin")
        for days, week in ((0, "2026-W10"), (4, "2026-W10"), (5, "2026-W11"), (7, "2026-W11")):
            assert latest(MONDAY + days * DAY, berlin) == week
        assert digests.last_week(store, latest(MONDAY, berlin)) == "2026-W09"
        assert digests.last_week(store) == "2036-W10"


def test_dates_ahead_are_judged_again() -> None:
    """A letter dated 2031 that arrived in 2031, says a server whose own clock is wrong, and a clock in 2036."""
    from assistant.rounds.scan.run import scan_sent_mail
    from tests.rounds.test_scan import mail, rows

    odd = mail(9, "To: odd@x.example", at=datetime(2031, 1, 1, tzinfo=UTC))
    mails = [*(mail(number, f"To: a{number}@x.example", at=MONDAY - DAY) for number in range(1, 9)), odd]
    with Store(None) as store:
        for at in (AHEAD, MONDAY):
            scan_sent_mail(make_round(store, ListMailbox(mails), config=make_config(), now=at))
        assert len(rows(store, MONDAY)) == 9
        assert store.connection.execute("SELECT count(*) FROM message WHERE sent_at IS NULL").fetchone() == (1,)
        scan_sent_mail(make_round(store, ListMailbox(mails), config=make_config(), now=AHEAD))
        assert store.connection.execute("SELECT count(*) FROM message WHERE sent_at IS NULL").fetchone() == (0,)
    assert (
        parse_envelope(odd.header, flags=odd.flags, internaldate=odd.internaldate, size=odd.size, now=MONDAY).sent_at
        is None
    )
