"""A year of weekly rounds before a server that is listened to: what was asked for, what came, and what was kept."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes
from typing import TYPE_CHECKING

import pytest

from assistant.config.secrets import Credential
from assistant.mailbox.imap.mailbox import ImapMailbox
from assistant.rounds.scan.received import read_received
from assistant.rounds.scan.run import scan_sent_mail
from assistant.store.database import FILE_NAME, Store
from assistant.store.received import received_from
from tests.fakes import FakeMailbox
from tests.received.letters import CANARY, OWNER, ROSTER, invitation, letter, report, stranger
from tests.received.people import add_people
from tests.scanning import BERLIN, make_config, make_round
from tests.servers.dovecot import PASSWORD
from tests.servers.spy import running_spy

if TYPE_CHECKING:
    from email.message import Message
    from pathlib import Path

    from tests.servers.dovecot import Account
    from tests.servers.spy import Line, Spy

START = datetime(2026, 1, 5, 9, 0, tzinfo=BERLIN)
WEEKS = 52
# The parts of received mail that may be asked for: its header fields, and parts of these types.
MAY_BE_READ = {"text/calendar", "message/delivery-status"}
SIGN_IN = {b"CAPABILITY", b"LOGIN", b"ID", b"LOGOUT"}
_FETCH = re.compile(rb"UID FETCH (\S+) \((.*)\)$")
_PART = re.compile(rb"BODY(?:\.PEEK)?\[([^\]]*)\]")


def one_round(account: Account, spy: Spy, store: Store, now: datetime, *, received: bool = True) -> Line:
    """Do what a round does with the mailbox, over a line of its own, and return what was said on it."""
    section = replace(account.config(), port=spy.port, received=received)
    mailbox = ImapMailbox(section, lambda: Credential(PASSWORD))
    config = replace(make_config(owner=(OWNER,)), mailbox=section)
    round_ = replace(make_round(store, FakeMailbox(), config=config, now=now), mailbox=mailbox)
    round_ = replace(round_, folders=mailbox.folders())
    scan_sent_mail(round_)
    read_received(round_, every_folder=True)
    mailbox.close()
    return spy.lines[-1]


def week_of_mail(account: Account, week: int, at: datetime) -> None:
    """Deliver one week: sent mail, mail of the roster, reports, and three times as much of everybody else's."""
    name, address = ROSTER[week % len(ROSTER)]
    account.deliver(letter(OWNER, f"sent{week}", at, to=address), "Sent")
    for number in range(3):
        account.deliver(stranger(3 * week + number, at))
    bare = address if week % 3 else f"{name} <{address}>"
    # Nobody answers a letter that came back.
    answers = [f"In-Reply-To: <sent{week}@mail.example>"] if week % 4 != 1 else []
    account.deliver(letter(bare.replace("maryannsmith@", "MaryAnn.Smith@"), f"theirs{week}", at, *answers))
    if week % 4 == 0:
        account.deliver(invitation("jane@x.example", f"accepted{week}", at, "REPLY", uid=f"meeting{week}"))
    if week % 4 == 1:
        account.deliver(report(f"report{week}", at, address, original=f"sent{week}@mail.example"))
        account.deliver(report(f"foreign{week}", at, f"{CANARY}@far.example", original=f"{CANARY}@far.example"))


@pytest.mark.timeout(120)
def test_of_strangers_nothing_is_asked_for_in_a_year(dovecot: Account, tmp_path: Path) -> None:
    # Received mail of before the first look, of which a stranger's name is enough to find it.
    for number in range(60):
        dovecot.deliver(stranger(1_000 + number, START - timedelta(days=number)))
    with running_spy(dovecot.port) as spy, Store(tmp_path) as store:
        add_people(store, *ROSTER[:3])
        for week in range(WEEKS):
            now = START + timedelta(weeks=week)
            week_of_mail(dovecot, week, now - timedelta(days=1))
            if week == WEEKS // 2:
                add_people(store, ROSTER[3])
            one_round(dovecot, spy, store, now)
            if week % 10 == 0:
                check_quiet_round(dovecot, spy, store, now)
        check_rows(store)
        check_what_was_asked(dovecot, spy)
    kept = b"".join(path.read_bytes() for path in tmp_path.glob(f"{FILE_NAME}*"))
    assert b"maryann.smith@gmail.com" in kept.lower(), "otherwise the search below would prove nothing"
    assert CANARY.encode() not in kept


def check_quiet_round(account: Account, spy: Spy, store: Store, now: datetime) -> None:
    """See that once signed in, nothing new takes at most five round trips, at most two of them for received mail."""
    quiet = [command.split()[0] for command in one_round(account, spy, store, now).commands]
    assert not {b"UID", b"SELECT"} & set(quiet)
    assert len(quiet) - sum(command in SIGN_IN for command in quiet) <= 5, quiet
    with Store(None) as other:
        one_round(account, spy, other, now, received=False)
        shut = one_round(account, spy, other, now, received=False).commands
    assert len(quiet) - len(shut) <= 2
    assert not any(b"INBOX" in command for command in shut)


def check_rows(store: Store) -> None:
    """See that all the mail of the roster is there, that of somebody added late too, and what came back."""
    rows = received_from(store, [address for _, address in ROSTER], 1_000)
    wanted = Counter({ROSTER[n][1]: WEEKS // 4 for n in range(4)})
    wanted["jane@x.example"] += WEEKS // 4  # answers to invitations
    assert Counter(row.sender for row in rows) == wanted
    heard = store.connection.execute("SELECT count(DISTINCT uid) FROM heard").fetchone()
    assert heard == (WEEKS // 4,)
    bounced = store.connection.execute("SELECT count(*) FROM recipient WHERE reason = 'bounced'").fetchone()
    assert bounced == (WEEKS // 4,)


def check_what_was_asked(account: Account, spy: Spy) -> None:
    """See that of received mail only headers of the roster's and of reports were asked for, and parts that may be."""
    with account.client() as client:
        client.select_folder("INBOX", readonly=True)
        mail = {uid: items[b"BODY[]"] for uid, items in client.fetch(client.search(), ["BODY.PEEK[]"]).items()}
    parsed = {uid: message_from_bytes(raw) for uid, raw in mail.items()}
    may_be_named = {uid for uid, raw in mail.items() if is_ours(raw)}
    assert len(may_be_named) < len(mail) / 2
    for line in spy.lines:
        folder = ""
        for command in line.commands:
            if command.startswith((b"EXAMINE", b"SELECT")):
                folder = command.split()[1].decode()
            found = _FETCH.match(command)
            if found is None or folder != '"INBOX"':
                continue
            uids = {uid for part in found[1].split(b",") for uid in spread(part)}
            assert uids <= may_be_named, f"{uids - may_be_named} of strangers named in {command!r}"
            for section in _PART.findall(found[2]):
                assert all(may_be_read(section.decode(), parsed[uid]) for uid in uids), command
        if folder == '"INBOX"':
            check_answers(line)


def check_answers(line: Line) -> None:
    """See that no word of a stranger came over the line, and no text."""
    # Whom a report is about stands in it. It's forgotten if that is a stranger, as the data file shows.
    about = re.compile(rb"(?:<|rfc822; )%s@far\.example" % CANARY.encode())
    for response in line.responses:
        assert CANARY.encode() not in about.sub(b"", response), response


def is_ours(raw: bytes) -> bool:
    return re.search(rb"^Message-ID: <(?:theirs|accepted|report|foreign)", raw, re.MULTILINE) is not None


def spread(part: bytes) -> range:
    first, _, last = part.partition(b":")
    return range(int(first), int(last or first) + 1)


def may_be_read(section: str, message: Message) -> bool:
    """Return whether this section of a received message may be asked for."""
    if section.startswith("HEADER.FIELDS (") or section.endswith(".HEADER.FIELDS (MESSAGE-ID)"):
        return True
    part = message
    for number in section.split("."):
        parts = part.get_payload()
        part = parts[int(number) - 1] if isinstance(parts, list) else part  # type: ignore[assignment]
    return part.get_content_type() in MAY_BE_READ
