"""What a round keeps of received mail, and what it changes for sent mail and meetings."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

import pytest

from assistant.config.secrets import Credential
from assistant.core.contact.verdict import is_automatic
from assistant.core.mail.envelope_facts import from_facts
from assistant.core.mail.message import Cursor, Folders, Senders
from assistant.errors import MailboxError, UnreachableError
from assistant.mailbox.imap.folder_names import Listed, choose_folders
from assistant.mailbox.imap.mailbox import ImapMailbox
from assistant.mailbox.opening import open_mailbox
from assistant.rounds.scan import withheld
from assistant.rounds.scan.judge import recheck
from assistant.rounds.scan.received import read_received
from assistant.rounds.scan.run import scan_sent_mail
from assistant.store import received
from assistant.store.heard import heard_of
from tests.fakes import FakeMailbox
from tests.received.letters import CANARY, OWNER, invitation, letter, report, stranger
from tests.received.people import add_people
from tests.scanning import BERLIN, make_config, make_round
from tests.servers.dovecot import PASSWORD
from tests.stores import memory_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from assistant.config import MailboxConfig
    from assistant.core.mail.message import Batch
    from assistant.rounds.context import Round
    from assistant.store.database import Store
    from tests.servers.dovecot import Account

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=BERLIN)
AT = NOW - timedelta(days=2)
JANE, BOB = ("Jane Doe", "jane@x.example"), ("Bob Li", "bob@li.example")


@dataclass
class Desk:
    """An owner with Jane and Bob on the roster, and a Maildir."""

    root: Path
    store: Store = field(default_factory=memory_store)
    now: datetime = NOW
    number: int = 0
    section: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for folder in ("", ".Sent", ".Drafts"):
            for part in ("tmp", "new", "cur"):
                (self.root / folder / part).mkdir(parents=True, exist_ok=True)
        add_people(self.store, JANE, BOB)

    def put(self, message: bytes, folder: str = "", at: datetime = AT) -> Path:
        self.number += 1
        path = self.root / folder / "cur" / f"{1_700_000_000 + self.number}.M1P1.host:2,S"
        path.write_bytes(message.replace(b"\r\n", b"\n"))
        os.utime(path, (at.timestamp(), at.timestamp()))
        return path

    def sent(self, number: object, to: str, at: datetime = AT) -> None:
        self.put(letter(OWNER, number, at, to=to), ".Sent", at)

    def round(self, **changes: Any) -> Round:
        section = replace(make_config(owner=(OWNER,)).mailbox, path=self.root, **self.section, **changes)
        config = replace(make_config(owner=(OWNER,)), mailbox=section)
        mailbox = open_mailbox(section, lambda: Credential(""))
        round_ = replace(make_round(self.store, FakeMailbox(), config=config, now=self.now), mailbox=mailbox)
        return replace(round_, folders=mailbox.folders())

    def read(self, **changes: Any) -> list[str]:
        """Do a round, and return the Message-IDs of what is kept of Jane's and Bob's mail, sorted."""
        round_ = self.round(**changes)
        scan_sent_mail(round_)
        read_received(round_, every_folder=True)
        return self.kept()

    def kept(self) -> list[str]:
        return sorted(one.message_id for one in received.received_from(self.store, [JANE[1], BOB[1]], 99))

    def verdicts(self) -> dict[str, str]:
        return {row["address"]: row["reason"] for row in self.store.rows("recipient")}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_only_mail_of_the_roster_is_kept(desk: Desk) -> None:
    for number in range(20):
        desk.put(stranger(number, AT))
    desk.put(letter("Jane Doe <Jane@x.example>", "a", AT, "Return-Path: <>"))
    desk.put(letter(f"jane@x.example, {CANARY}@far.example", "b", AT))
    assert desk.read() == ["a@mail.example"]
    assert desk.read() == ["a@mail.example"]
    desk.put(letter("bob@li.example", "c", AT))
    assert desk.read() == ["a@mail.example", "c@mail.example"]
    (found,) = received.received_from(desk.store, [JANE[1]], 9)
    assert found.sent_at == int(AT.timestamp())
    assert is_automatic(from_facts(found.facts, NOW)), "mail with an empty Return-Path is no person's"


def test_a_message_filed_later_is_found_where_it_lies(desk: Desk) -> None:
    old = desk.put(letter("jane@x.example", "a", AT))
    old.rename(desk.root / old.name)
    assert desk.read() == []
    (desk.root / old.name).rename(desk.root / "new" / old.name)
    assert desk.read() == ["a@mail.example"]


def test_a_clock_that_was_ahead_hides_no_mail(desk: Desk) -> None:
    assert desk.read() == []
    name = withheld.RECEIVED + "INBOX"
    desk.store.connection.execute("UPDATE folder SET last_uid = last_uid + 1000000 WHERE name = ?", [name])
    desk.put(letter("jane@x.example", "a", AT))
    assert desk.read() == ["a@mail.example"]


def test_people_are_found_when_they_come_and_forgotten_when_they_go(desk: Desk) -> None:
    desk.put(letter("mia@late.example", "a", AT))
    desk.put(invitation("bob@li.example", "b", AT, "REPLY", uid="meeting"))
    assert desk.read() == ["b@mail.example"]
    assert desk.store.row("heard", "uid = 'meeting'")
    add_people(desk.store, ("Mia Late", "mia@late.example"))
    add_people(desk.store, BOB, status="dropped")
    assert desk.read() == []
    assert [one.message_id for one in received.received_from(desk.store, ["mia@late.example"], 9)] == ["a@mail.example"]
    assert desk.store.row("heard", "uid = 'meeting'") is None
    add_people(desk.store, BOB)
    assert desk.read() == ["b@mail.example"]


def test_history_before_the_owners_months_is_left_alone(desk: Desk) -> None:
    long_ago = NOW - timedelta(days=900)
    desk.put(letter("jane@x.example", "old", long_ago), at=long_ago)
    desk.put(letter("jane@x.example", "new", AT))
    assert desk.read(since=12) == ["new@mail.example"]
    assert desk.read(since=60) == ["new@mail.example", "old@mail.example"]


def test_mail_that_could_not_be_dated_is_dated_once_the_clock_is_right(desk: Desk) -> None:
    later = NOW + timedelta(days=20)
    desk.put(letter("jane@x.example", "a", later), at=later)
    assert desk.read() == ["a@mail.example"]
    assert [one.sent_at for one in received.received_from(desk.store, [JANE[1]], 9)] == [None]
    desk.now = later + timedelta(days=1)
    desk.read()
    assert [one.sent_at for one in received.received_from(desk.store, [JANE[1]], 9)] == [int(later.timestamp())]


GMAIL = "Arrival-Date: x\r\nX-Original-Message-ID: <a@mail.example>\r\n"
TAKEN = f"Arrival-Date: {format_datetime(AT + timedelta(minutes=2))}\r\n"


@pytest.mark.parametrize(
    "told",
    [
        {"original": "a@mail.example"},  # Postfix
        {"original": "a@mail.example", "returned": "text/rfc822-headers"},  # Exchange
        {"original": "a@mail.example", "returned": "message/global-headers"},
        {"status": GMAIL},
        {"extra": ("In-Reply-To: <a@mail.example>",)},
        {"original": "rewritten@mx.example", "status": TAKEN},
    ],
)
def test_a_report_takes_the_contact_away(desk: Desk, told: dict[str, Any]) -> None:
    desk.sent("a", "jane@x.example")
    desk.sent("b", "bob@li.example", AT - timedelta(days=1))
    desk.put(report("r", AT, "jane@x.example", **told))
    desk.read()
    bounced = {"jane@x.example": "bounced", "bob@li.example": "one-to-one"}
    assert desk.verdicts() == bounced
    (kept,) = received.reports(desk.store)
    assert CANARY not in kept
    assert "mailer-daemon" not in kept
    recheck(desk.store, desk.round().config, NOW, desk.round().report)
    assert desk.verdicts() == bounced, "what is judged again knows of the report too"
    assert desk.read(received=False) == []
    assert desk.verdicts()["jane@x.example"] == "one-to-one"


@pytest.mark.parametrize(
    "told",
    [
        {"original": "of-a-stranger@far.example"},
        {"status": TAKEN.replace("2026", "2025")},
        {"status": "Action: delayed\r\n"},
    ],
)
def test_a_report_of_somebody_elses_mail_is_forgotten(desk: Desk, told: dict[str, Any]) -> None:
    desk.sent("a", "jane@x.example")
    desk.put(report("r", AT, "jane@x.example", **told))
    desk.read()
    assert desk.verdicts() == {"jane@x.example": "one-to-one"}
    assert received.reports(desk.store) == []


def test_only_who_takes_part_can_answer_an_invitation(desk: Desk) -> None:
    answer = invitation("bob@li.example", "a", AT, "REPLY", uid="bobs")
    desk.put(answer.replace(b"From: bob@li.example", b"From: jane@x.example"))
    desk.put(invitation("jane@x.example", "b", AT, "REPLY", uid="janes"))
    assert desk.read() == ["a@mail.example", "b@mail.example"]
    assert [(row["uid"], row["sender"]) for row in desk.store.rows("heard")] == [("janes", "jane@x.example")]


def test_a_report_may_guess_at_letters_of_the_last_days_only(desk: Desk) -> None:
    old = AT - timedelta(days=20)
    desk.sent("a", "jane@x.example", old)
    desk.put(report("r", old, "jane@x.example", status=f"Arrival-Date: {format_datetime(old)}\r\n"))
    desk.put(report("far", AT, "jane@x.example", status="Arrival-Date: Fri, 31 Dec 9999 23:59:59 +0000\r\n"))
    desk.read()
    assert desk.verdicts() == {"jane@x.example": "one-to-one"}


def test_half_a_character_in_a_calendar_stops_no_round(desk: Desk) -> None:
    text = invitation("jane@x.example", "a", AT, "REPLY", uid="u+2AA-")
    desk.put(text.replace(b"method=REPLY", b"method=REPLY; charset=utf-7"))
    assert desk.read() == ["a@mail.example"]
    assert [row["uid"] for row in desk.store.rows("heard")] == ["u?"]


def test_who_answers_a_letter_got_it_whatever_a_report_says(desk: Desk) -> None:
    desk.sent("a", "jane@x.example, bob@li.example")
    answer = letter("jane@x.example", "j", AT, "In-Reply-To: <a@mail.example>")
    for number, failed in enumerate(("jane@x.example", "bob@li.example")):
        desk.put(report(f"r{number}", AT, failed, original="a@mail.example"))
    away = letter("bob@li.example", "b", AT, "In-Reply-To: <a@mail.example>", "Auto-Submitted: auto-replied")
    desk.put(away)
    desk.read()
    assert desk.verdicts() == {"jane@x.example": "bounced", "bob@li.example": "bounced"}
    desk.put(answer)
    desk.read()
    expected = {"jane@x.example": "small-group", "bob@li.example": "bounced"}
    assert desk.verdicts() == expected
    recheck(desk.store, desk.round().config, NOW, desk.round().report)
    assert desk.verdicts() == expected


@pytest.mark.parametrize("taker", ["bob@li.example", "mailer-daemon@mx.example"])
def test_nobody_takes_the_place_of_anothers_mail_by_its_id(desk: Desk, taker: str) -> None:
    desk.sent("s", "bob@li.example")
    desk.put(invitation("jane@x.example", "a", AT, "REPLY", uid="janes"))
    desk.read()
    is_report = taker.startswith("mailer")
    desk.put(report("a", AT, "bob@li.example", original="s@mail.example") if is_report else letter(taker, "a", AT))
    desk.read()
    assert [one.sender for one in received.received_from(desk.store, ["jane@x.example"], 9)] == ["jane@x.example"]
    assert [row["uid"] for row in desk.store.rows("heard")] == ["janes"]


def test_a_message_tells_of_one_meeting_and_nobody_says_endlessly_much(desk: Desk) -> None:
    text = invitation("jane@x.example", "a", AT, "REPLY", uid="janes")
    begin, end = text.index(b"BEGIN:VEVENT"), text.index(b"END:VCALENDAR")
    event = text[begin:end]
    desk.put(text[:end] + event.replace(b"UID:janes", b"UID:another") + text[end:])
    singles = b"".join(
        event.replace(b"UID:janes", f"UID:janes\r\nRECURRENCE-ID:202603{day:02}T{hour:02}0000Z".encode())
        for day in range(1, 26)
        for hour in (8, 9)
    )
    for number in range(6):
        some = text[:begin] + singles + text[end:]
        desk.put(some.replace(b"<a@", f"<more{number}@".encode()))
    desk.read()
    assert {row["uid"] for row in desk.store.rows("heard")} == {"janes"}
    assert len(heard_of(desk.store, "janes")) == 200


def test_shut_it_opens_nothing_and_forgets_everything(desk: Desk) -> None:
    desk.sent("a", "jane@x.example")
    desk.put(letter("jane@x.example", "b", AT))
    desk.put(invitation("jane@x.example", "c", AT, "REPLY", uid="janes"))
    assert desk.read() == ["b@mail.example", "c@mail.example"]
    round_ = desk.round(received=False)
    assert round_.folders.received == ()
    (desk.root / "cur").chmod(0)
    assert desk.read(received=False) == []
    (desk.root / "cur").chmod(0o700)
    for table in ("received", "heard", "looked_for"):
        assert desk.store.rows(table) == []
    assert not desk.store.rows("folder WHERE name GLOB ?", f"{withheld.RECEIVED}*")
    assert desk.read() == ["b@mail.example", "c@mail.example"]


def test_archives_give_received_mail_once(desk: Desk, tmp_path: Path) -> None:
    archive = tmp_path / "old.mbox"
    mail = (letter(OWNER, "s", AT, to="jane@x.example"), letter("bob@li.example", "a", AT), stranger(2, AT))
    lines = (b"From x Mon Mar  2 08:00:00 2026\n" + one.replace(b"\r\n", b"\n") + b"\n" for one in mail)
    archive.write_bytes(b"".join(lines))
    assert desk.read(archives=(archive,)) == ["a@mail.example"]
    before = archive.stat().st_atime_ns
    os.utime(archive, ns=(before - 10**15, archive.stat().st_mtime_ns))
    assert desk.read(archives=(archive,)) == ["a@mail.example"]
    assert archive.stat().st_atime_ns == before - 10**15, "it wasn't read again"


@dataclass
class Broken(FakeMailbox):
    """A mailbox whose folders of received mail fail."""

    error: Exception = field(default_factory=Exception)

    def received(self, folder: str, cursor: Cursor | None, senders: Senders, since: datetime | None) -> Iterator[Batch]:
        del folder, cursor, senders, since
        raise self.error

    def folders(self) -> Folders:
        return Folders("INBOX", "Sent", "Drafts", (), ("INBOX", "Archive"))


def test_trouble_with_received_mail_stops_no_round(desk: Desk) -> None:
    mailbox = Broken(error=MailboxError("The mail server {place} can't search by sender.", place="m.example"))
    round_ = replace(desk.round(), mailbox=mailbox, folders=mailbox.folders())
    read_received(round_, every_folder=True)
    said = withheld.remarks(desk.store, withheld.places(round_.folders, round_.config.mailbox), "en")
    assert len(said) == 2
    assert "INBOX" in said[0]
    assert "can't search by sender" in said[0]
    assert withheld.RECEIVED not in said[0]
    desk.read()
    assert not withheld.remarks(desk.store, [withheld.RECEIVED + "INBOX"], "en")


def test_a_server_that_asks_to_be_left_alone_ends_the_round(desk: Desk) -> None:
    error = UnreachableError("busy")
    error.retry_after = 9.0
    with pytest.raises(UnreachableError, match="busy"):
        read_received(replace(desk.round(), mailbox=Broken(error=error)), every_folder=True)


def test_other_folders_are_looked_at_once_an_hour_by_turns(desk: Desk) -> None:
    for name in ("Archive", "Archive.2025"):
        for part in ("tmp", "new", "cur"):
            (desk.root / f".{name}" / part).mkdir(parents=True)
    desk.put(letter("jane@x.example", "a", AT), ".Archive")
    desk.put(letter("jane@x.example", "b", AT), ".Archive.2025")
    folders = replace(desk.round().folders, received=("INBOX", "Archive", "Archive.2025"))
    seen = []
    for minutes in (0, 1, 2):
        desk.now = NOW + timedelta(minutes=minutes)
        read_received(replace(desk.round(), folders=folders), every_folder=False)
        seen.append(desk.kept())
    assert seen == [["a@mail.example"], ["a@mail.example", "b@mail.example"], ["a@mail.example", "b@mail.example"]]
    desk.put(letter("jane@x.example", "c", AT), ".Archive")
    read_received(replace(desk.round(), folders=folders), every_folder=False)
    assert "c@mail.example" not in desk.kept()
    desk.now = NOW + timedelta(minutes=61)
    read_received(replace(desk.round(), folders=folders), every_folder=False)
    assert "c@mail.example" in desk.kept()


def test_who_else_answered_is_told_without_their_mail(desk: Desk) -> None:
    desk.put(letter(f"{CANARY}@far.example", 1, AT, "In-Reply-To: <one@mail.example>"))
    desk.put(letter("a@far.example", 2, AT, "In-Reply-To: <two@mail.example>", "Auto-Submitted: auto-replied"))
    desk.put(letter(OWNER, 3, AT, "References: <three@mail.example>"))
    desk.put(letter("late@far.example", 4, AT, "References: <x@mail.example> <four@mail.example>"))
    desk.put(letter("old@far.example", 5, AT, "In-Reply-To: <five@mail.example>"), at=AT - timedelta(days=90))
    asked = [f"{word}@mail.example" for word in ("one", "two", "three", "four", "five")]
    mailbox = desk.round().mailbox
    since = AT - timedelta(days=9)
    assert mailbox.answered_by_others(asked, {OWNER}, since) == {"one@mail.example", "four@mail.example"}
    assert desk.round(received=False).mailbox.answered_by_others(asked, {OWNER}, since) == set(asked)


LISTED = (Listed("Sent", frozenset({"\\sent"}), "/"), Listed("Drafts", frozenset({"\\drafts"}), "/"))


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ((), ("INBOX",)),
        (
            (Listed("Old", frozenset({"\\archive"}), "/"), Listed("Old/2025", frozenset(), "/")),
            ("INBOX", "Old", "Old/2025"),
        ),
        ((Listed("[Gmail]/All", frozenset({"\\all"}), "/"),), ("[Gmail]/All",)),
    ],
)
def test_received_mail_is_looked_for_where_the_server_says(more: tuple[Listed, ...], found: tuple[str, ...]) -> None:
    config: MailboxConfig = make_config().mailbox
    listed = (*LISTED, *more, Listed("INBOX", frozenset(), "/"))
    assert choose_folders(listed, "", config, lambda _: 0, lambda _: 0).received == found
    shut = replace(config, received=False)
    assert choose_folders(listed, "", shut, lambda _: 0, lambda _: 0).received == ()


def test_new_numbers_change_nothing_but_numbers(dovecot: Account, desk: Desk) -> None:
    for number in range(3):
        dovecot.deliver(letter("jane@x.example", number, AT))

    def read() -> list[tuple[int, str, int]]:
        mailbox = ImapMailbox(dovecot.config(), lambda: Credential(PASSWORD))
        read_received(replace(desk.round(), mailbox=mailbox, folders=mailbox.folders()), every_folder=True)
        mailbox.close()
        return [(row["id"], row["message_id"], row["uidvalidity"]) for row in desk.store.rows("received")]

    first = read()
    assert [row[1] for row in first] == [f"{number}@mail.example" for number in range(3)]
    for table in ("received", "folder"):  # what was read had other numbers
        desk.store.connection.execute(f"UPDATE {table} SET uidvalidity = uidvalidity - 1")
    assert read() == first


def test_the_server_is_asked_who_else_answered(dovecot: Account) -> None:
    dovecot.deliver(letter(f"{CANARY}@far.example", 1, AT, "In-Reply-To: <one@mail.example>"))
    dovecot.deliver(letter("a@far.example", 2, AT, "In-Reply-To: <two@mail.example>", "Auto-Submitted: auto-replied"))
    dovecot.deliver(letter(OWNER, 3, AT, "References: <three@mail.example>"))
    mailbox = ImapMailbox(dovecot.config(), lambda: Credential(PASSWORD))
    asked = ["one@mail.example", "two@mail.example", "three@mail.example", "four@mail.example"]
    assert mailbox.answered_by_others(asked, {OWNER}, AT) == {"one@mail.example"}
    assert mailbox.answered_by_others([], {OWNER}, AT) == frozenset()
    mailbox.close()


def test_an_address_beyond_ascii_is_searched_for_too(dovecot: Account) -> None:
    dovecot.deliver(letter("Zoë <zoe@bücher.example>", 1, AT))
    dovecot.deliver(letter("Other <jzoe@bücher.example>", 2, AT))
    mailbox = ImapMailbox(dovecot.config(), lambda: Credential(PASSWORD))
    senders = Senders(("zoe@xn--bcher-kva.example", "zoe@bücher.example"))
    found = [one for batch in mailbox.received("INBOX", None, senders, None) for one in batch.headers]
    mailbox.close()
    assert [one.locator.uid for one in found] == [1]
