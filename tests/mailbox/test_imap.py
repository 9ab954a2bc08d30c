"""ImapMailbox against a real Dovecot."""

from __future__ import annotations

import shutil
import threading
import time
import traceback
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from assistant.config.secrets import Credential
from assistant.core.mail.header import failed_recipients
from assistant.core.mail.message import Cursor, Folders, Locator
from assistant.errors import LoginRefusedError, MailboxError, UnreachableError, UserError
from assistant.mailbox.imap.connection import Limits
from assistant.mailbox.imap.mailbox import ImapMailbox
from assistant.mailbox.whole_messages import calendars
from tests.servers.dovecot import PASSWORD, Account, Certificate, Setup, free_port, running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from assistant.core.mail.message import Header
    from tests.servers.dovecot import Dovecot

AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
INVITE = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:ü-1\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"


def message(number: int, to: str = "jane@example.com", extra: str = "", body: str = "Hello") -> bytes:
    return (
        f"Message-ID: <m{number}@example.com>\r\nDate: Mon, 02 Mar 2026 08:00:00 +0100\r\n"
        f"From: Priya <priya@example.com>\r\nTo: {to}\r\nSubject: Note {number}\r\n{extra}\r\n{body}\r\n"
    ).encode()


def invitation(number: int) -> bytes:
    parts = (
        "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nCome along\r\n"
        "--b\r\nContent-Type: text/calendar; charset=utf-8; method=REQUEST\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        f"{INVITE}--b--"
    )
    return message(number, extra='Content-Type: multipart/alternative; boundary="b"\r\n', body=parts)


@pytest.fixture
def opened() -> Iterator[Callable[..., ImapMailbox]]:
    mailboxes: list[ImapMailbox] = []

    def opener(account: Account, password: str = PASSWORD, batch: int = 5_000, **changes: object) -> ImapMailbox:
        mailboxes.append(ImapMailbox(account.config(**changes), lambda: Credential(password), batch=batch))
        return mailboxes[-1]

    yield opener
    for mailbox in mailboxes:
        mailbox.close()


def none_seen() -> frozenset[int]:
    msg = "IMAP has ordered UIDs: the store is not asked"
    raise AssertionError(msg)


def read(
    mailbox: ImapMailbox, folder: str, cursor: Cursor | None = None, since: datetime | None = None
) -> list[Header]:
    return [header for batch in mailbox.stream(folder, cursor, none_seen, since) for header in batch.headers]


def test_folders_by_special_use(dovecot: Account, opened: Callable[..., ImapMailbox]) -> None:
    assert opened(dovecot).folders() == Folders("INBOX", "Sent", "Drafts")


def test_folders_by_special_use_win_over_names(opened: Callable[..., ImapMailbox]) -> None:
    with running(Setup(folders={"Sent": "Weggegangen", "Drafts": "Angefangen"})) as server:
        account = server.account("a")
        account.fill("Sent", [message(1)])
        assert opened(account).folders() == Folders("INBOX", "Weggegangen", "Angefangen", ("Sent",))


@pytest.fixture(scope="module")
def bare_server() -> Iterator[Dovecot]:
    """A server like Courier: prefix, dots, no SPECIAL-USE, CONDSTORE, ESEARCH, UIDPLUS or IDLE."""
    setup = Setup(".", "INBOX.", special_use=False, capabilities="IMAP4rev1 NAMESPACE", folders={})
    with running(setup) as server:
        yield server


@pytest.mark.parametrize(
    ("sent", "drafts"), [("Gesendete Objekte", "Entwürfe"), ("送信済み", "下書き"), ("Отправленные", "Черновики")]
)
def test_folders_by_name_behind_a_prefix(
    bare_server: Dovecot, opened: Callable[..., ImapMailbox], sent: str, drafts: str
) -> None:
    account = bare_server.account(f"u{len(sent)}{ord(sent[0])}")
    account.fill(f"INBOX.{sent}", [message(1), message(2)])
    account.fill(f"INBOX.{drafts}", [])
    mailbox = opened(account)
    folders = mailbox.folders()
    assert folders == Folders("INBOX", f"INBOX.{sent}", f"INBOX.{drafts}")
    assert [header.locator.uid for header in read(mailbox, folders.sent)] == [1, 2]


def test_the_fullest_of_several_known_names(opened: Callable[..., ImapMailbox]) -> None:
    with running(Setup(special_use=False, folders={"Sent": "Sent"})) as server:
        account = server.account("a")
        account.fill("Sent Items", [message(1)])
        assert opened(account).folders().sent == "Sent Items"


def test_news_in_another_folder_of_sent_mail_are_noticed(opened: Callable[..., ImapMailbox]) -> None:
    with running(Setup(special_use=False, folders={"Sent": "Sent"})) as server:
        account = server.account("a")
        account.fill("Sent", [message(1)])
        account.fill("Sent Items", [message(2)])
        mailbox = opened(account)
        sent, other = mailbox.folders().all_sent
        assert [len(read(mailbox, folder)) for folder in (sent, other)] == [1, 1]
        assert not mailbox.wait(0.1)
        account.deliver(message(3), other)
        assert mailbox.wait(0.1)
        assert len(read(mailbox, other)) == 2
        assert not mailbox.wait(0.1)


def test_folders_named_in_the_config(dovecot: Account, opened: Callable[..., ImapMailbox]) -> None:
    dovecot.fill("Mein Ausgang", [message(1)])
    assert opened(dovecot, sent="Mein Ausgang").folders().sent == "Mein Ausgang"
    with pytest.raises(UserError, match=r"no folder \"Nowhere\".*Sent"):
        opened(dovecot, sent="Nowhere").folders()


def test_no_sent_folder_lists_what_there_is(bare_server: Dovecot, opened: Callable[..., ImapMailbox]) -> None:
    account = bare_server.account("nosent")
    account.fill("INBOX.Projekte", [])
    with pytest.raises(UserError, match=r"INBOX\.Projekte"):
        opened(account).folders()


def test_stream_gives_headers_flags_size_and_dates(dovecot: Account, opened: Callable[..., ImapMailbox]) -> None:
    dovecot.fill("Sent", [message(1, extra="X-Other: not wanted\r\n")], flags="DS", times=[AT])
    batches = list(opened(dovecot).stream("Sent", None, none_seen, None))
    assert len(batches) == 1
    header = batches[0].headers[0]
    assert b"Subject: Note 1\r\n" in header.header
    assert b"not wanted" not in header.header
    assert header.internaldate == AT
    assert header.size == len(message(1, extra="X-Other: not wanted\r\n"))
    assert {"\\Draft", "\\Seen"} <= header.flags
    assert batches[0].total == 1
    assert batches[0].cursor.last_uid == header.locator.uid


def test_stream_in_batches_and_only_what_is_new(dovecot: Account, opened: Callable[..., ImapMailbox]) -> None:
    dovecot.fill("Sent", (message(number) for number in range(5_300)))
    mailbox = opened(dovecot)
    batches = list(mailbox.stream("Sent", None, none_seen, None))
    assert [len(batch.headers) for batch in batches] == [500, 1_000, 2_000, 1_800]
    uids = [header.locator.uid for batch in batches for header in batch.headers]
    assert uids == list(range(1, 5_301))
    before = mailbox.round_trips
    assert list(mailbox.stream("Sent", batches[-1].cursor, none_seen, None)) == []
    assert mailbox.round_trips - before <= 3
    dovecot.deliver(invitation(5_301), "Sent")
    before = mailbox.round_trips
    assert [header.locator.uid for header in read(mailbox, "Sent", batches[-1].cursor)] == [5_301]
    assert mailbox.round_trips - before <= 3
    resumed = read(mailbox, "Sent", batches[0].cursor)
    assert [header.locator.uid for header in resumed] == list(range(501, 5_302))


def test_stream_leaves_seen_alone(dovecot: Account, opened: Callable[..., ImapMailbox]) -> None:
    dovecot.fill("Sent", [message(1), invitation(2)], flags="")
    mailbox = opened(dovecot)
    headers = read(mailbox, "Sent")
    list(mailbox.bodies([header.locator for header in headers]))
    mailbox.raw(headers[0].locator, 10_000)
    mailbox.find("Sent", "m1@example.com")
    with dovecot.client() as client:
        client.select_folder("Sent", readonly=True)
        assert client.search(["SEEN"]) == []


def test_stream_reads_calendar_parts(dovecot: Account, opened: Callable[..., ImapMailbox]) -> None:
    plain = message(3, extra="Content-Type: text/calendar; charset=utf-8\r\n", body=INVITE)
    mixed = message(
        4,
        extra='Content-Type: multipart/mixed; boundary="x"\r\n',
        body="--x\r\nContent-Type: text/plain\r\n\r\nSee\r\n"
        f"--x\r\nContent-Type: text/calendar; name=a.ics\r\n\r\n{INVITE}--x--",
    )
    dovecot.fill("Sent", [message(1), invitation(2), plain, mixed])
    headers = read(opened(dovecot), "Sent")
    assert [bool(header.calendar) for header in headers] == [False, True, True, True]
    assert all("UID:ü-1" in header.calendar[0] for header in headers[1:])
    assert [header.calendar_is_body for header in headers[1:]] == [True, True, False]
    assert headers[1].calendar_method == "REQUEST"


def test_an_attached_calendar_beside_blank_texts_is_the_body(
    dovecot: Account, opened: Callable[..., ImapMailbox]
) -> None:
    blanks = [
        ("plain", "\r\n \r\n"),
        ("html", "<html><head><style>p {color: red}</style></head><body><p>&nbsp;</p></body></html>"),
        ("plain", "See you"),
        ("html", "<p>See you</p>"),
        ("plain", "long " * 1000),
    ]
    messages = [
        message(
            number,
            extra='Content-Type: multipart/mixed; boundary="x"\r\n',
            body=f"--x\r\nContent-Type: text/{kind}\r\n\r\n{text}\r\n"
            f"--x\r\nContent-Type: text/calendar; name=a.ics\r\n\r\n{INVITE}--x--",
        )
        for number, (kind, text) in enumerate(blanks, 1)
    ]
    dovecot.fill("Sent", messages)
    headers = read(opened(dovecot), "Sent")
    assert [header.calendar_is_body for header in headers] == [True, True, False, False, False]
    assert all(len(header.calendar) == 1 and "UID:ü-1" in header.calendar[0] for header in headers)


EMOJI = "Content-Type: text/vnd.google.email-reaction+json; charset=utf-8\r\n"
REPORT = "Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; jane@roe.example\r\nAction: failed\r\n"
PARTED = 'Content-Type: multipart/{}; boundary="x"\r\n'
TELLING = [
    (PARTED.format("alternative"), f"--x\r\nContent-Type: text/plain\r\n\r\nx\r\n--x\r\n{EMOJI}\r\nx\r\n--x--", True),
    (PARTED.format("mixed"), f"--x\r\n{EMOJI}Content-Disposition: attachment\r\n\r\nx\r\n--x--", False),
    ("Content-Type: text/plain\r\nContent-Disposition: reaction\r\n", "x", True),
    ("Content-Type: text/plain\r\n", "a reaction of mine", False),
    (
        PARTED.format("report; report-type=delivery-status"),
        f"--x\r\nContent-Type: message/delivery-status\r\n\r\n{REPORT}--x--",
        False,
    ),
]


def test_stream_tells_emoji_and_delivery_reports(dovecot: Account, opened: Callable[..., ImapMailbox]) -> None:
    raws = [message(n, extra=extra, body=body) for n, (extra, body, _) in enumerate(TELLING, 1)]
    dovecot.fill("Sent", raws)
    headers = read(opened(dovecot), "Sent")
    assert [header.reaction for header in headers] == [emoji for *_, emoji in TELLING]
    assert [failed_recipients("".join(header.reports)) for header in headers] == [()] * 4 + [("jane@roe.example",)]
    for header, raw in zip(headers, raws, strict=True):
        found = calendars(raw)
        assert (header.reaction, failed_recipients("".join(header.reports))) == (
            found.reaction,
            failed_recipients("".join(found.reports)),
        )


def test_stream_since_leaves_out_what_arrived_before(dovecot: Account, opened: Callable[..., ImapMailbox]) -> None:
    times = [AT + timedelta(days=day) for day in (-400, -2, 5, -300, 0)]
    dovecot.fill("Sent", [message(number) for number in range(5)], times=times)
    mailbox = opened(dovecot)
    batches = list(mailbox.stream("Sent", None, none_seen, AT - timedelta(days=2)))
    assert [header.locator.uid for batch in batches for header in batch.headers] == [2, 3, 5]
    assert batches[-1].cursor.last_uid == 5
    everything_old = list(mailbox.stream("Sent", None, none_seen, AT + timedelta(days=100)))
    assert [header for batch in everything_old for header in batch.headers] == []
    assert everything_old[-1].cursor.last_uid == 5
    assert list(mailbox.stream("Sent", everything_old[-1].cursor, none_seen, AT)) == []


def test_what_a_search_names_comes_in_growing_batches_too(dovecot: Account, opened: Callable[..., ImapMailbox]) -> None:
    dovecot.fill("Sent", (message(number) for number in range(1_800)))
    batches = list(opened(dovecot).stream("Sent", None, none_seen, AT - timedelta(days=2)))
    assert [len(batch.headers) for batch in batches] == [500, 1_000, 300]
    assert [header.locator.uid for batch in batches for header in batch.headers] == list(range(1, 1_801))
    assert [batch.cursor.last_uid for batch in batches] == [500, 1_500, 1_800]


def test_stream_where_uids_lie_far_apart(dovecot: Account, opened: Callable[..., ImapMailbox]) -> None:
    dovecot.fill("Sent", (message(number) for number in range(900)))
    with dovecot.client() as client:
        client.select_folder("Sent")
        keep = {*range(1, 901, 30), 31, 32, 33}
        client.delete_messages([uid for uid in range(1, 901) if uid not in keep], silent=True)
        client.expunge()
    mailbox = opened(dovecot, batch=10)
    batches = list(mailbox.stream("Sent", None, none_seen, None))
    assert [header.locator.uid for batch in batches for header in batch.headers] == sorted(keep)
    assert max(len(batch.headers) for batch in batches) == 10
    assert batches[-1].cursor.last_uid == 900


def test_stream_survives_a_deletion_midway(dovecot: Account, opened: Callable[..., ImapMailbox]) -> None:
    dovecot.fill("Sent", (message(number) for number in range(400)))
    stream = opened(dovecot, batch=50).stream("Sent", None, none_seen, None)
    first = next(stream)
    with dovecot.client() as client:
        client.select_folder("Sent")
        client.delete_messages([60, 395], silent=True)
        client.expunge()
    rest = [header.locator.uid for batch in stream for header in batch.headers]
    assert len(first.headers) == 50
    assert set(range(51, 401)) - set(rest) <= {60, 395}


def test_the_mailbox_may_be_used_between_batches(dovecot: Account, opened: Callable[..., ImapMailbox]) -> None:
    dovecot.fill("Sent", (message(number) for number in range(120)))
    mailbox = opened(dovecot, batch=50)
    uids: list[int] = []
    for batch in mailbox.stream("Sent", None, none_seen, None):
        uids += [header.locator.uid for header in batch.headers]
        assert len(mailbox.find("Sent", f"m{uids[0]}@example.com")) == 1
    assert uids == list(range(1, 121))
    next(mailbox.stream("Sent", None, none_seen, None))  # left unread
    assert mailbox.find("Sent", "m7@example.com")


def test_a_changed_uidvalidity_reads_all_again(dovecot: Account, opened: Callable[..., ImapMailbox]) -> None:
    dovecot.fill("Sent", [message(1), message(2)])
    first = list(opened(dovecot).stream("Sent", None, none_seen, None))[-1].cursor
    dovecot.renumber("Sent")
    mailbox = opened(dovecot)
    again = list(mailbox.stream("Sent", first, none_seen, None))
    assert len(again[0].headers) == 2
    assert again[0].cursor.uidvalidity != first.uidvalidity
    assert list(mailbox.bodies([Locator("Sent", first.uidvalidity, 1)])) == []
    assert mailbox.raw(Locator("Sent", first.uidvalidity, 1), 10_000) is None


def test_a_folder_that_was_emptied_says_so(dovecot: Account, opened: Callable[..., ImapMailbox]) -> None:
    dovecot.fill("Sent", [])
    mailbox = opened(dovecot)
    assert list(mailbox.stream("Sent", None, none_seen, None)) == []
    batches = list(mailbox.stream("Sent", Cursor(1, 500), none_seen, None))
    assert [(batch.headers, batch.total) for batch in batches] == [((), 0)]
    assert list(mailbox.stream("Sent", batches[0].cursor, none_seen, None)) == []


def test_odd_headers_come_through(dovecot: Account, opened: Callable[..., ImapMailbox]) -> None:
    eight_bit = message(1).replace(b"Priya", "Priyä".encode("latin-1"))
    nameless = b"\r\nno header at all\r\n"
    folded = message(3, to="a@example.com,\r\n\tb@example.com")
    dovecot.fill("Sent", [eight_bit, nameless, folded, b"", b"Subject: only\r\n"])
    headers = read(opened(dovecot), "Sent")
    assert len(headers) == 5
    assert b"Priy\xe4" in headers[0].header
    assert b"a@example.com,\r\n\tb@example.com" in headers[2].header


def test_bodies_are_text_parts_decoded_and_nothing_attached(
    dovecot: Account, opened: Callable[..., ImapMailbox]
) -> None:
    mixed = message(
        2,
        extra='Content-Type: multipart/mixed; boundary="x"\r\n',
        body=(
            '--x\r\nContent-Type: multipart/alternative; boundary="y"\r\n\r\n'
            "--y\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
            "Gr=FC=DFe\r\n--y\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            "PGI+SMOkPC9iPg==\r\n--y--\r\n"
            "--x\r\nContent-Type: text/plain; name=secret.txt\r\nContent-Disposition: attachment\r\n\r\nSECRET\r\n"
            "--x\r\nContent-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\nINNER\r\n--x--"
        ),
    )
    long = message(3, body="x" * 200_000)
    dovecot.fill("Sent", [message(1, body="12345"), mixed, long, invitation(4)])
    mailbox = opened(dovecot)
    locators = [header.locator for header in read(mailbox, "Sent")]
    gone = Locator("Sent", locators[0].uidvalidity, 99)
    found = list(mailbox.bodies([locators[2], gone, locators[0], locators[1], locators[3]]))
    assert [body.locator.uid for body in found] == [3, 1, 2, 4]
    assert len(found[0].text) == 65_536
    assert found[1].text.strip() == "12345"
    assert (found[2].text.strip(), found[2].html) == ("Grüße", "<b>Hä</b>")
    assert "UID:ü-1" in found[3].calendar[0]


def test_raw_asks_the_size_first(dovecot: Account, opened: Callable[..., ImapMailbox]) -> None:
    dovecot.fill("Sent", [message(1)])
    mailbox = opened(dovecot)
    locator = read(mailbox, "Sent")[0].locator
    assert mailbox.raw(locator, 10_000) == message(1)
    assert mailbox.raw(locator, len(message(1)) - 1) is None
    assert mailbox.raw(Locator("Sent", locator.uidvalidity, 77), 10_000) is None


def test_find_wants_the_whole_id(dovecot: Account, opened: Callable[..., ImapMailbox]) -> None:
    dovecot.fill("Sent", [message(1), message(11), message(1)])
    mailbox = opened(dovecot)
    assert [locator.uid for locator in mailbox.find("Sent", "m1@example.com")] == [1, 3]
    assert mailbox.find("Sent", "1@example.com") == ()
    assert mailbox.find("Sent", 'x" OR ALL "') == ()
    with pytest.raises(UserError):
        mailbox.find("Sent", "a\r\nA1 LOGOUT")
    with pytest.raises(UserError):
        mailbox.find("Sent\r\nx", "m1@example.com")


DRAFT = message(9, body="A draft.")


@pytest.mark.parametrize("bare", [False, True])
def test_append_find_and_remove_a_draft(
    dovecot: Account, bare_server: Dovecot, opened: Callable[..., ImapMailbox], *, bare: bool
) -> None:
    account = bare_server.account("drafter") if bare else dovecot
    account.fill("INBOX.Sent" if bare else "Sent", [message(1)])
    mailbox = opened(account)
    drafts = mailbox.folders().drafts
    where = mailbox.append(drafts, DRAFT, ("\\Draft", "\\Seen"), AT)
    assert where is not None
    assert mailbox.find(drafts, "m9@example.com") == (where,)
    assert mailbox.raw(where, 10_000) == DRAFT
    with account.client() as client:
        client.select_folder(drafts, readonly=True)
        stored = client.fetch([where.uid], ["FLAGS"])[where.uid][b"FLAGS"]
        assert b"\\Draft" in stored
    assert not mailbox.remove_draft(where, "other@example.com")
    assert mailbox.remove_draft(where, "m9@example.com")
    left = [path.name.rpartition(",")[2] for path in account.files(drafts)]
    assert left == [] if not bare else all("T" in flags for flags in left)  # no UIDPLUS: marked, never expunged


def test_only_our_drafts_are_removed(dovecot: Account, opened: Callable[..., ImapMailbox]) -> None:
    dovecot.fill("Drafts", [message(1), message(2)], flags="T")
    mailbox = opened(dovecot)
    locators = [header.locator for header in read(mailbox, "Drafts")]
    ours = mailbox.append("Drafts", DRAFT, ("\\Draft",), AT)
    assert ours is not None
    assert not mailbox.remove_draft(locators[0], "m1@example.com")  # not marked as a draft
    assert mailbox.remove_draft(ours, "m9@example.com")
    assert len(dovecot.messages("Drafts")) == 2


def test_append_makes_the_drafts_folder(opened: Callable[..., ImapMailbox], bare_server: Dovecot) -> None:
    account = bare_server.account("nodrafts")
    account.fill("INBOX.Sent", [message(1)])
    mailbox = opened(account)
    assert mailbox.append(mailbox.folders().drafts, DRAFT, ("\\Draft",), AT) is not None
    assert len(account.messages("INBOX.Drafts")) == 1


def test_append_refuses_flags_and_folders_that_break_the_line(
    dovecot: Account, opened: Callable[..., ImapMailbox]
) -> None:
    with pytest.raises(UserError):
        opened(dovecot).append("INBOX\r\nA LOGOUT", DRAFT, (), AT)


def test_wait(dovecot: Account, opened: Callable[..., ImapMailbox]) -> None:
    dovecot.fill("Sent", [message(1)])
    mailbox = opened(dovecot)
    read(mailbox, "Sent")
    assert mailbox.wait(0.2) is False
    timer = threading.Timer(0.2, lambda: dovecot.deliver(message(2), "Sent"))
    timer.start()
    begun = time.monotonic()
    assert mailbox.wait(10) is True
    assert time.monotonic() - begun < 5
    timer.join()
    assert mailbox.wait(10) is True  # what came was not read yet
    assert len(read(mailbox, "Sent")) == 2
    assert mailbox.wait(0.1) is False


def test_wait_without_idle_asks_now_and_then(bare_server: Dovecot) -> None:
    account = bare_server.account("waiter")
    account.fill("INBOX.Sent", [message(1)])
    mailbox = ImapMailbox(account.config(), lambda: Credential(PASSWORD), limits=Limits(poll=0.1))
    assert mailbox.wait(0.25) is False
    timer = threading.Timer(0.2, lambda: account.deliver(message(2), "INBOX.Sent"))
    timer.start()
    assert mailbox.wait(10) is True
    timer.join()
    mailbox.close()


def test_wait_says_when_the_line_dies(dovecot: Account, opened: Callable[..., ImapMailbox]) -> None:
    mailbox = opened(dovecot)
    mailbox.folders()
    line = mailbox._session.line  # noqa: SLF001 - to cut it from outside
    timer = threading.Timer(0.2, lambda: line.sock.shutdown(2))
    timer.start()
    begun = time.monotonic()
    with pytest.raises(UnreachableError):
        mailbox.wait(20)
    assert time.monotonic() - begun < 5
    timer.join()


def test_a_wrong_password_is_refused_in_one_sentence(dovecot: Account, opened: Callable[..., ImapMailbox]) -> None:
    mailbox = opened(dovecot, password=f"canary{AT.year}")
    with pytest.raises(LoginRefusedError, match=f"refused the password for {dovecot.user}") as caught:
        mailbox.folders()
    assert "canary2026" not in "".join(traceback.format_exception(caught.value))
    with pytest.raises(LoginRefusedError):
        opened(dovecot, password="grün").folders()


def test_unreachable_hosts(dovecot: Account, opened: Callable[..., ImapMailbox]) -> None:
    with pytest.raises(UnreachableError, match="nothing answers"):
        opened(dovecot, port=free_port()).folders()
    with pytest.raises(UnreachableError, match="encrypted"):
        opened(dovecot, security="tls").folders()
    with pytest.raises((UnreachableError, MailboxError)):
        opened(dovecot, security="starttls").folders()
    with pytest.raises(UserError, match="without encryption"):
        opened(dovecot, host="imap.example.com").folders()


def test_a_dead_line_is_made_anew(dovecot: Account, opened: Callable[..., ImapMailbox]) -> None:
    dovecot.fill("Sent", [message(1)])
    mailbox = opened(dovecot)
    assert len(read(mailbox, "Sent")) == 1
    mailbox._session.line.sock.shutdown(2)  # noqa: SLF001 - as a router does
    with pytest.raises(UnreachableError):
        read(mailbox, "Sent")
    assert len(read(mailbox, "Sent")) == 1


def test_no_such_folder(dovecot: Account, opened: Callable[..., ImapMailbox]) -> None:
    with pytest.raises(MailboxError):
        read(opened(dovecot), "Nowhere")


def test_limits_are_for_commands(dovecot: Account) -> None:
    dovecot.fill("Sent", [message(1, body="x" * 100_000)])
    mailbox = ImapMailbox(dovecot.config(), lambda: Credential(PASSWORD), limits=Limits(octets=10_000))
    locator = read(mailbox, "Sent")[0].locator
    assert list(mailbox.bodies([locator])) == [], "what brings too much is left out"
    mailbox.close()


@pytest.mark.dovecot
@pytest.mark.skipif(shutil.which("openssl") is None, reason="NOT TESTED: no openssl here to make a certificate")
@pytest.mark.parametrize("at_once", [True, False])
def test_encryption_is_verified(tmp_path: Path, *, at_once: bool) -> None:
    pair = Certificate.make(tmp_path, at_once=at_once)
    security = "tls" if at_once else "starttls"
    with running(Setup(certificate=pair)) as server:
        account = server.account("a")
        account.fill("Sent", [message(1)])
        config = account.config(host="localhost", security=security)
        trusting = ImapMailbox(config, lambda: Credential(PASSWORD), context=pair.trusted())
        assert len(read(trusting, "Sent")) == 1
        trusting.close()
        with pytest.raises(UnreachableError, match="certificate can't be trusted"):
            ImapMailbox(config, lambda: Credential(PASSWORD)).folders()
        by_address = account.config(security=security)  # the certificate is for another name
        with pytest.raises(UnreachableError, match="certificate"):
            ImapMailbox(by_address, lambda: Credential(PASSWORD), context=pair.trusted()).folders()
