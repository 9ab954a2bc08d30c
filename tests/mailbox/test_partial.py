"""What a server leaves out of an OK or refuses is noticed and asked for again (docs/reliability.md, 15)."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from assistant.config.secrets import Credential
from assistant.core.mail.message import Cursor
from assistant.errors import MailboxError, UnreachableError
from assistant.mailbox.imap.connection import Limits
from assistant.mailbox.imap.mailbox import ImapMailbox
from assistant.rounds.scan.run import scan_sent_mail
from assistant.store.contact_report import contact_rows
from assistant.store.database import Store
from assistant.store.facts import Paces
from tests.fakes import FakeMailbox
from tests.mailbox.test_scripted import QUICK, all_but, several
from tests.scanning import make_config, make_round
from tests.servers.scripted import Script, running_script

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.core.mail.message import Batch

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
OLD = NOW - timedelta(days=400)
WORDINGS = [
    b"NO [ALERT] Account exceeded command or bandwidth limits. (Failure)",
    b"NO [SERVERBUG] Internal error occurred. Refer to server log for more information.",
    b"NO [LIMIT] Rate limit hit",
    b"NO [UNAVAILABLE] Temporary problem",
    b"NO Some messages could not be FETCHed (Failure)",
    b"BAD Command Error. 11",
]


def read(script: Script, cursor: Cursor | None = None, since: datetime | None = None, **options: object) -> list[Batch]:
    """Return the batches of one stream, checking that the cursor passes only what was read or noted."""
    with running_script(script):
        mailbox = ImapMailbox(script.config(), lambda: Credential("x"), limits=QUICK, **options)  # type: ignore[arg-type]
        batches: list[Batch] = []
        seen = set(range(1, cursor.last_uid + 1)) - unread(cursor) if cursor else set()
        seen |= script.hidden  # expunged, or known by their numbers alone
        try:
            for batch in mailbox.stream("Sent", cursor, frozenset, since):
                batches.append(batch)
                seen |= {header.locator.uid for header in batch.headers}
                assert seen | unread(batch.cursor) >= set(range(1, batch.cursor.last_uid + 1)), "nothing is passed over"
        finally:
            mailbox.close()
    return batches


def unread(cursor: Cursor) -> set[int]:
    return {uid for first, last in cursor.unread or () for uid in range(first, last + 1)}


def uids(batches: list[Batch]) -> list[int]:
    return [header.locator.uid for batch in batches for header in batch.headers]


@pytest.mark.parametrize("batch", [5_000, 30])
@pytest.mark.parametrize("since", [None, OLD])
def test_partial_answers_are_asked_for_until_all_came(batch: int, since: datetime | None) -> None:
    script = Script(several(350), most=100)
    batches = read(script, since=since, batch=batch)
    assert uids(batches) == all_but(count=350)
    assert batches[-1].cursor == Cursor(7, 350)


@pytest.mark.parametrize("since", [None, OLD])
def test_a_server_that_names_its_limit_is_asked_for_no_more(since: datetime | None) -> None:
    script = Script(several(350), most=100, capabilities=b"IMAP4rev1 MESSAGELIMIT=100")
    assert uids(read(script, since=since)) == all_but(count=350)
    assert script.commands.count("UID FETCH") == 4
    assert script.commands.count("UID SEARCH") == (0 if since is None else 4)


def test_a_part_of_what_is_new_is_no_whole() -> None:
    script = Script(several(350), most=100)
    batches = read(script, Cursor(7, 50))
    assert (uids(batches), batches[-1].cursor) == (list(range(51, 351)), Cursor(7, 350))


@pytest.mark.parametrize("batch", [5_000, 10])
def test_rows_that_an_ok_leaves_out_are_noted_and_come_later(batch: int) -> None:
    script = Script(several(60), dropped=frozenset({1, 7, 8, 60}))
    batches = read(script, batch=batch)
    assert uids(batches) == all_but(1, 7, 8, 60, count=60)
    assert batches[-1].cursor == Cursor(7, 60, unread=((1, 1), (7, 8), (60, 60)))
    assert {uid for one in batches for uid in one.alone} == {1, 60}, "7 and 8 failed side by side"
    script.dropped = frozenset()
    again = read(script, batches[-1].cursor, batch=batch)
    assert (sorted(uids(again)), again[-1].cursor) == ([1, 7, 8, 60], Cursor(7, 60))


def test_the_numbers_tell_of_messages_that_no_search_names() -> None:
    script = Script(several(60), most=40, hidden=frozenset(range(1, 21)))
    assert uids(read(script)) == all_but(count=60)


def test_holes_in_the_numbering_cost_no_second_question() -> None:
    script = Script(several(40), dropped=frozenset({3, 4, 30}), hidden=frozenset({3, 4, 30}))  # they were expunged
    script.mutate = renumbered(script)
    assert uids(read(script, batch=40)) == all_but(3, 4, 30, count=40)
    assert (script.commands.count("UID FETCH"), script.commands.count("UID SEARCH")) == (1, 0)


def renumbered(script: Script) -> Callable[[bytes], bytes]:
    """Return a function that numbers each FETCH response as if what is hidden weren't there."""

    def number(answer: bytes) -> bytes:
        uid = int(answer.partition(b"UID ")[2].partition(b" ")[0])
        return b"* %d FETCH" % (uid - sum(gone < uid for gone in script.hidden)) + answer.partition(b" FETCH")[2]

    return number


def test_what_fails_while_older_mail_is_asked_for_again_stays_noted(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    script = Script(several(60), poison=frozenset({55}))
    batches = read(script, Cursor(7, 50, unread=((7, 7), (20, 29))))
    assert uids(batches) == [*(uid for uid in range(51, 61) if uid != 55), *range(20, 30), 7]
    assert batches[-1].cursor == Cursor(7, 60, unread=((55, 55),))


def test_one_over_which_the_server_falls_silent_keeps_no_others_unread(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    script = Script(several(60), stalls=frozenset({7}))
    batches = read(script, Cursor(7, 60, unread=((7, 7), (20, 29), (40, 40))))
    assert (uids(batches), batches[-1].cursor) == ([*range(20, 30), 40], Cursor(7, 60, unread=((7, 7),)))
    assert [uid for batch in batches for uid in batch.alone] == [7]


def test_many_that_are_unread_are_asked_for_together() -> None:
    script = Script(several(100))
    batches = read(script, Cursor(7, 100, unread=tuple((uid, uid) for uid in range(1, 100, 2))))
    assert (uids(batches), batches[-1].cursor) == (list(range(1, 100, 2)), Cursor(7, 100))
    assert script.commands.count("UID FETCH") == 1


@pytest.mark.parametrize("since", [None, OLD])
@pytest.mark.parametrize("refusal", [*WORDINGS, b"OK done"])
def test_a_server_that_gives_nothing_is_asked_little_and_nothing_is_passed_over(
    refusal: bytes, since: datetime | None
) -> None:
    every = frozenset(range(1, 61))
    script = Script(several(60), refusal=refusal)
    script.poison, script.dropped = (frozenset(), every) if refusal.startswith(b"OK") else (every, frozenset())
    for known in (None, Cursor(7, 55)):
        script.commands.clear()
        with pytest.raises(MailboxError, match=r"refused the command|gave none of"):
            read(script, known, since)
        assert script.commands.count("UID FETCH") <= 9
    script.poison = script.dropped = frozenset()
    assert uids(read(script, since=since)) == all_but(count=60)


def test_a_server_that_hangs_up_at_each_fetch_is_called_a_few_times() -> None:
    script = Script(several(60), bye=frozenset({"UID FETCH"}))
    with pytest.raises(UnreachableError, match="could not be reached"):
        read(script)
    assert script.connections <= 7


def test_a_folder_that_counts_messages_and_names_none_is_not_empty() -> None:
    every = frozenset(range(1, 61))
    for since in (None, OLD):
        with pytest.raises(MailboxError, match="none of 60 messages"):
            read(Script(several(60), dropped=every, hidden=every), since=since)


def test_a_stretch_that_cannot_be_had_stops_nothing_behind_it(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    script = Script(several(200), poison=frozenset(range(51, 101)))
    batches = read(script, batch=50)
    assert uids(batches) == [*range(1, 51), *range(101, 201)]
    assert batches[-1].cursor == Cursor(7, 200, unread=((51, 100),))
    assert not any(one.alone for one in batches)
    assert script.commands.count("UID FETCH") <= 12
    script.poison = frozenset(range(51, 61))
    again = read(script, batches[-1].cursor, batch=50)
    assert (uids(again), again[-1].cursor) == (list(range(61, 101)), Cursor(7, 200, unread=((51, 60),)))


def test_a_lone_message_with_a_throttling_answer_is_passed_after_a_few_rounds(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    script = Script(several(30), poison=frozenset({7}), refusal=b"NO [LIMIT] this message is too large")
    found, cursor, rounds = [], None, 0
    with Store(None) as store:
        while cursor is None or cursor.last_uid < 30:
            rounds += 1
            try:
                for batch in read(script, cursor, pace=Paces(store)):
                    found += uids([batch])
                    cursor = batch.cursor
            except MailboxError:
                continue
    assert (found, cursor) == (all_but(7, count=30), Cursor(7, 30, unread=((7, 7),)))
    assert rounds <= 5


def test_structures_that_a_server_cannot_give_cost_no_header() -> None:
    script = Script(several(300), poison_structure=frozenset(range(1, 301)))
    assert uids(read(script)) == all_but(count=300)
    assert script.commands.count("UID FETCH") <= 8


INVITATION = (
    "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:u{0}\r\nDTSTART:20260210T090000Z\r\n"
    "DTEND:20260210T100000Z\r\nORGANIZER:mailto:priya@example.com\r\nATTENDEE:mailto:jane{0}@example.com\r\n"
    "SUMMARY:Coffee\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


def test_calendars_refused_on_a_bad_day_make_meetings_later() -> None:
    """The headers come, but not the invitations in them. Once these come, the mail becomes meetings."""
    head = (
        "From: priya@example.com\r\nTo: jane{0}@example.com\r\nDate: Mon, 02 Feb 2026 08:00:00 +0000\r\n"
        "Message-ID: <i{0}@example.com>\r\nSubject: Coffee\r\nContent-Type: text/calendar; method=REQUEST\r\n\r\n"
    )
    mail = [(head + INVITATION).format(number).encode() for number in range(1, 41)]
    every = frozenset(range(1, 41))
    script = Script(mail, calendars=every, text_refused=every, refusal=WORDINGS[0])
    config = make_config(owner=("priya@example.com",))
    # The scripted server has the same mail in every folder.
    config = replace(config, mailbox=replace(config.mailbox, received=False))
    with Store(None) as store, running_script(script):
        mailbox = ImapMailbox(script.config(), lambda: Credential("x"), limits=Limits())

        def verdicts() -> set[str]:
            round_ = replace(make_round(store, FakeMailbox(), config=config, now=NOW), mailbox=mailbox)
            (said,) = scan_sent_mail(round_)
            assert sum(said.none.values()) + said.full + said.soft in {0, 40}
            refused.append(bool(said.remarks))
            return {row.reason for row in contact_rows(store, NOW, include_all=True)}

        refused: list[bool] = []
        before = script.commands.count("UID FETCH")
        assert verdicts() != {"meeting-unconfirmed"}
        assert script.commands.count("UID FETCH") - before <= 30
        script.text_refused = frozenset()
        assert verdicts() == {"meeting-unconfirmed"}
        assert len([*contact_rows(store, NOW, include_all=True)]) == 40
        assert store.connection.execute("SELECT sum(rows) FROM tally").fetchone()[0] in {0, None}
        assert refused == [True, False]
        mailbox.close()
