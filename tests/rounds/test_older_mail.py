"""All of the owner's sent mail: folders by year, archives in the mailbox, the owner's own copies in INBOX."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from assistant.config.secrets import Credential
from assistant.config.values import MailboxConfig
from assistant.core.replies.plan.change import OWN, Change
from assistant.mailbox.imap.mailbox import ImapMailbox
from assistant.mailbox.opening import open_mailbox
from assistant.rounds.scan.received import read_received
from assistant.rounds.scan.run import scan_sent_mail
from assistant.store.contact_report import contact_rows
from assistant.store.database import Store
from assistant.store.roster import apply_changes
from tests.black_box import Box, mail, rfc_date
from tests.fakes import FakeMailbox
from tests.mailbox.test_maildir import fill
from tests.scanning import NOW, make_config, make_round
from tests.servers.dovecot import PASSWORD, Account
from tests.servers.spy import running_spy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from assistant.rounds.scan.run import ScanResult

ME = "Jo Harbour <jo@harbour.example>"
STRANGER = "Mallory <mojo@harbour.example>"
DELIVERED = "Return-Path: <jo@harbour.example>\nReceived: by mx.harbour.example; Mon, 2 Mar 2026 08:00:00 +0000"


def letter(name: str, *, to: str | None = None, sender: str = ME, at: datetime = NOW, more: str = "") -> bytes:
    """A letter to NAME@x.example, sent two days before `at`."""
    to = to or f"{name}@x.example"
    date = rfc_date(at - timedelta(days=2))
    return mail(f"{name}@harbour.example", to=to, sender=sender, subject=f"About {name}", date=date, more=more)


@dataclass
class Life:
    """An owner's mailbox, real files or a real server, and what was read of it."""

    config: MailboxConfig
    place: Account | Path
    store: Store
    now: datetime = NOW

    def put(self, folder: str, *messages: bytes) -> None:
        """Lay messages into a folder as a mail program does."""
        if isinstance(self.place, Account):
            self.place.fill(folder, messages)
        else:
            fill(self.place, folder if folder == "INBOX" else f".{folder.replace('/', '.')}", list(messages))

    def scan(self, days: float = 0, **changes: object) -> ScanResult:
        """Read what is new, so many days later, with a changed [mailbox]."""
        self.now += timedelta(days=days)
        section = replace(self.config, **changes)  # type: ignore[arg-type]
        mailbox = open_mailbox(section, lambda: Credential(PASSWORD))
        config = replace(make_config(), mailbox=section)
        round_ = make_round(self.store, FakeMailbox(), config=config, now=self.now)
        try:
            result, *_ = scan_sent_mail(replace(round_, mailbox=mailbox, folders=mailbox.folders()))
        finally:
            mailbox.close()
        return result

    def named(self, folder: str) -> str:
        """The name of a folder as this mailbox spells it."""
        return folder if isinstance(self.place, Account) else folder.replace("/", ".")

    @property
    def contacts(self) -> dict[str, str]:
        """Who was written to, and why it counts as it does."""
        return {row.address.partition("@")[0]: row.reason for row in contact_rows(self.store, NOW, include_all=True)}

    @property
    def subjects(self) -> set[str]:
        """The subjects of everything that is stored."""
        return {subject for (subject,) in self.store.connection.execute("SELECT subject FROM message")}


def begun(life: Life) -> Life:
    life.put("INBOX")
    life.put("Sent", letter("anna"))
    life.put("Drafts")
    return life


@pytest.fixture
def imap(dovecot: Account) -> Iterator[Life]:
    with Store(None) as store:
        yield begun(Life(dovecot.config(), dovecot, store))


@pytest.fixture
def maildir(tmp_path: Path) -> Iterator[Life]:
    with Store(None) as store:
        yield begun(Life(MailboxConfig("maildir", path=tmp_path, since=0), tmp_path, store))


@pytest.fixture(params=["imap", "maildir"])
def life(request: pytest.FixtureRequest) -> Life:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Life)
    return found


def test_years_below_sent_are_read_once_a_day(life: Life) -> None:
    life.put("Sent/2019", letter("old", at=NOW - timedelta(days=2_400)))
    life.put("Gesendet 2018", letter("older", at=NOW - timedelta(days=2_800)))
    found = life.scan()
    assert life.contacts == {"anna": "one-to-one", "old": "one-to-one", "older": "one-to-one"}
    assert found.folders == ("Sent", "Gesendet 2018", life.named("Sent/2019"))
    life.put("Sent/2019", letter("moved", at=NOW - timedelta(days=2_300)))
    assert life.scan().new == 0
    assert life.scan(days=1).folders == ("Sent", life.named("Sent/2019"))
    assert "moved" in life.contacts


def test_the_folder_of_this_year_is_read_each_time(life: Life) -> None:
    life.put("Sent/2026", letter("bea"))
    life.scan()
    life.put("Sent/2026", letter("carl"))
    assert life.scan().new == 1


def test_of_an_archive_only_the_owners_mail_is_stored(life: Life) -> None:
    life.put(
        "Archives/2024",
        letter("mine"),
        letter("theirs", sender="Jane <jane@roe.example>"),
        letter("nearly", sender=STRANGER),
        letter("delivered", more=DELIVERED),
    )
    assert life.scan().new == 1
    assert life.subjects == {"About anna"}
    named = (life.named("Archives/2024"),)
    assert life.scan(archive_folders=named).folders == ("Sent", *named)
    assert life.subjects == {"About anna", "About mine", "About delivered"}
    life.put("Archives/2024", letter("later"), letter("jane", sender="Jane <jane@roe.example>"))
    assert life.scan(archive_folders=named).new == 0
    assert life.scan(days=1, archive_folders=named).new == 1
    assert "later" in life.contacts


def test_an_archive_that_is_nothing_costs_only_itself(life: Life) -> None:
    said = life.scan(archive_folders=("Nowhere/2019",)).remarks
    (sentence,) = said
    assert sentence.startswith("Nowhere/2019 could not be read: there is no file and no folder of your mailbox")
    assert "anna" in life.contacts
    assert life.scan().remarks == ()


def test_answers_filed_in_the_inbox_count_once(life: Life) -> None:
    life.scan()
    life.put(
        "INBOX",
        letter("filed"),
        letter("anna"),
        letter("jane", sender="Jane <jane@roe.example>"),
        letter("mojo", sender=STRANGER),
    )
    assert life.scan().new == 2
    assert life.contacts["filed"] == "one-to-one"
    reasons = [row.reason for row in contact_rows(life.store, NOW, include_all=True) if row.address == "anna@x.example"]
    assert sorted(reasons) == ["duplicate", "one-to-one"]
    assert life.subjects == {"About anna", "About filed"}
    assert life.scan(days=1).new == 0


def test_what_was_delivered_or_is_to_oneself_does_not_count(life: Life) -> None:
    life.put(
        "INBOX",
        letter("forged", more=DELIVERED),
        letter("by-hand", more="Received: by mx.harbour.example; Mon, 2 Mar 2026 08:00:00 +0000"),
        letter("returned", more="Return-Path: <jo@harbour.example>"),
        letter("note", to="jo@harbour.example, joharbour@gmail.com"),
        letter("digest", more="X-Career-Assistant: digest"),
    )
    assert life.scan().new == 1
    assert life.subjects == {"About anna"}


def test_a_shut_door_leaves_the_inbox_alone(life: Life) -> None:
    life.put("INBOX", letter("filed"))
    assert life.scan(received=False).new == 1
    assert life.contacts == {"anna": "one-to-one"}


def test_a_copy_moved_into_the_inbox_later_is_found(maildir: Life, tmp_path: Path) -> None:
    maildir.put("Store", letter("moved", at=NOW - timedelta(days=90)))
    maildir.scan()
    (path,) = (tmp_path / ".Store" / "cur").iterdir()
    path.rename(tmp_path / "cur" / path.name)
    assert maildir.scan().new == 1


def test_an_address_confirmed_later_is_searched_from_the_start(life: Life) -> None:
    alias = letter("alias", sender="Jo <hello@jo-harbour.example>")
    life.put("INBOX", alias)
    life.put("Archives/2024", letter("old", sender="Jo <hello@jo-harbour.example>"))
    named = (life.named("Archives/2024"),)
    assert life.scan(archive_folders=named).new == 1
    apply_changes(life.store, [Change("setting", f"{OWN}hello@jo-harbour.example", None, "1", "own")], "T1", "owner", 1)
    assert life.scan(days=1, archive_folders=named).new == 2
    assert set(life.contacts) == {"anna", "alias", "old"}


def test_addresses_are_searched_as_they_are_written(life: Life) -> None:
    dotted = "Jo <Jo.Harbour@gmail.com>"
    life.put("Sent", letter("dots", sender=dotted))
    life.put("INBOX", letter("filed", sender=dotted))
    life.scan()
    assert life.contacts["filed"] == "one-to-one"


def test_nothing_new_costs_no_command_for_the_inbox(imap: Life) -> None:
    imap.put("INBOX", letter("filed"))
    mailbox = ImapMailbox(imap.config, lambda: Credential(PASSWORD))
    config = replace(make_config(), mailbox=imap.config)
    round_ = replace(make_round(imap.store, FakeMailbox(), config=config), mailbox=mailbox, folders=mailbox.folders())

    def scanned() -> tuple[int, int]:
        before = mailbox.round_trips
        (found,) = scan_sent_mail(round_)
        spent = mailbox.round_trips - before
        read_received(round_, every_folder=False)
        return found.new, spent

    assert scanned()[0] == 2
    assert scanned() == (0, 1), "it opens Sent"
    imap.put("INBOX", letter("later"))
    scanned()
    assert scanned()[0] == 1
    assert scanned() == (0, 1)
    mailbox.close()


def test_a_renumbered_inbox_changes_only_numbers(imap: Life, dovecot: Account) -> None:
    imap.put("INBOX", letter("filed"))
    imap.scan()
    dovecot.renumber("INBOX")
    assert imap.scan().new == 0
    assert imap.contacts["filed"] == "one-to-one"


def test_the_digest_names_a_folder_once_and_the_doctor_always(tmp_path: Path) -> None:
    box = Box(tmp_path)
    for name in (".Archives", ".Old.Sent"):
        (tmp_path / "mail" / name / "cur").mkdir(parents=True)
    box.json("scan")

    def told(week: int, *options: str) -> list[str]:
        found = box.json("digest", *options, now=f"2026-03-{10 + 7 * week}T12:00:00+01:00")["remarks"]
        return [remark for remark in found if "may hold mail" in remark]

    both = "may hold mail you sent that doesn’t count yet. To count it, add these folders to archives under [mailbox]"
    assert told(0, "--preview", "--out", str(tmp_path)) == told(0, "--preview", "--out", str(tmp_path))
    (first,) = told(0)
    assert first.startswith(f"Archives and Old.Sent {both} in config.toml.")
    assert told(1) == []
    (tmp_path / "mail" / ".Archives.2019" / "cur").mkdir(parents=True)
    (new,) = told(2)
    assert new.startswith("Archives.2019 may hold mail you sent")
    (mailbox,) = box.json("doctor", "--check", "mailbox")
    assert f"Archives, Archives.2019 and Old.Sent {both}" in mailbox["hint"]


def mbox(path: Path, *messages: bytes) -> Path:
    path.write_bytes(b"".join(b"From - Mon Mar  2 08:00:00 2026\n" + one + b"\n" for one in messages))
    return path


def test_of_takeouts_all_mail_received_mail_is_not_stored(maildir: Life, tmp_path: Path) -> None:
    def labeled(name: str, labels: str, sender: str = ME) -> bytes:
        return letter(name, sender=sender, more=f"X-Gmail-Labels: {labels}")

    archive = mbox(
        tmp_path / "All mail.mbox",
        labeled("sent", "=?UTF-8?Q?Gesendet,Ge=C3=B6ffnet?="),
        labeled("mine", "Opened"),
        labeled("theirs", "Inbox,Opened", "Jane <jane@roe.example>"),
        labeled("alias", "Sent", "Jo <hello@jo-harbour.example>"),
        labeled("draft", "=?UTF-8?Q?Entw=C3=BCrfe?="),
    )
    assert maildir.scan(archives=(archive,)).remarks == ()
    assert maildir.contacts == {
        "anna": "one-to-one", "sent": "one-to-one", "mine": "one-to-one", "alias": "not-owner", "draft": "draft"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("sender", "to", "said"),
    [
        ("Jo Harbour", "Jane Roe <jane@roe.example>", "they came from."),
        (ME, "Jane Roe", "mail went to."),
        ("Jo Harbour", "/O=ROE/CN=RECIPIENTS/CN=JANE", "mail went to."),
    ],
)
def test_an_export_without_addresses_says_so(maildir: Life, tmp_path: Path, sender: str, to: str, said: str) -> None:
    archive = mbox(tmp_path / "readpst.mbox", *(letter(name, to=to, sender=sender) for name in ("a", "b")))
    for _ in range(2):
        (remark,) = maildir.scan(archives=(archive,)).remarks
        assert remark == f"{archive} could not be read: its messages name no addresses that {said}"


def test_of_others_nothing_comes_over_the_line(imap: Life, dovecot: Account) -> None:
    others = ("Jane <jane@roe.example>", STRANGER, '"jo@harbour.example" <canary@roe.example>')
    for folder in ("INBOX", "Archives"):
        imap.put(folder, letter(f"mine-{folder}"), *(letter(f"canary{n}", sender=one) for n, one in enumerate(others)))
    with running_spy(dovecot.port) as spy:
        imap.config = replace(imap.config, port=spy.port)
        assert imap.scan(archive_folders=("Archives",)).new == 3
        came = b"".join(bytes(line.answered) for line in spy.lines)
    assert came.count(b"About mine-") == 2
    assert b"canary" not in came


@pytest.mark.parametrize(
    ("folder", "obeyed"),
    [(".Sent", True), (".Sent.2026", True), ("", False), (".Archives", False), (".Sent.Old", False)],
)
def test_only_where_sent_mail_goes_answers_are_obeyed(tmp_path: Path, folder: str, *, obeyed: bool) -> None:
    box = Box(tmp_path)
    for name in (".Sent.2026", ".Archives", ".Sent.Old"):
        (tmp_path / "mail" / name / "cur").mkdir(parents=True)
    box.configure(folders=("Archives", "Sent.Old"))
    digest = box.json("digest")["message_id"]
    at = datetime(2026, 3, 10, 11, 30, tzinfo=UTC)
    for number, to in enumerate(("jo@harbour.example", "jo@harbour.example, jane@roe.example")):
        more = f"In-Reply-To: <{digest}>\nReferences: <{digest}>"
        body = f"add Jane Roe{number} <jane{number}@roe.example> as mentor\n"
        raw = mail(f"r{number}@x.example", to=to, sender=ME, date=rfc_date(at), more=more, body=body)
        box.put(raw, mtime=at, folder=folder)
    now = "2026-03-11T13:00:00+01:00"  # archives are read once a day
    box.json("scan", now=now)
    said = [line["outcome"] for transcript in box.json("replies", now=now) for line in transcript["lines"]]
    assert bool(said) is obeyed
