"""MaildirMailbox on real folders of files."""

from __future__ import annotations

import gzip
import os
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from assistant.config import MailboxConfig
from assistant.core.mail.message import Folders, Locator
from assistant.errors import UserError
from assistant.mailbox.maildir import MaildirMailbox
from assistant.mailbox.maildir_folder import uid_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from assistant.core.mail.message import Cursor, Header

AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def message(number: int, extra: str = "", body: str = "Hello") -> bytes:
    return (
        f"Message-ID: <m{number}@example.com>\nFrom: Priya <priya@example.com>\nX-Other: no\nTo: a@example.com,\n"
        f"\tb@example.com\nSubject: Note {number}\n{extra}\n{body}\n"
    ).encode()


INVITE = (
    "--b\nContent-Type: text/plain\n\nCome\n--b\nContent-Type: text/calendar; method=REQUEST\n\n"
    "BEGIN:VCALENDAR\nEND:VCALENDAR\n--b--"
)


def fill(root: Path, folder: str, messages: list[bytes], flags: str = "S", at: datetime = AT) -> list[Path]:
    box = root if folder == "INBOX" else root / folder
    for part in ("tmp", "new", "cur"):
        (box / part).mkdir(parents=True, exist_ok=True)
    start = len(list((box / "cur").iterdir()))
    paths = []
    for number, text in enumerate(messages, start):
        path = box / "cur" / f"{1_700_000_000 + number}.M1P1.host:2,{flags}"
        path.write_bytes(text)
        os.utime(path, (at.timestamp(), at.timestamp()))
        paths.append(path)
    return paths


@pytest.fixture
def root(tmp_path: Path) -> Path:
    fill(tmp_path, "INBOX", [])
    fill(tmp_path, ".Sent", [])
    fill(tmp_path, ".Drafts", [])
    return tmp_path


def subjects(headers: list[Header]) -> list[bytes]:
    return [line[9:] for header in headers for line in header.header.split(b"\r\n") if line.startswith(b"Subject: ")]


def opened(root: Path, **changes: str) -> MaildirMailbox:
    return MaildirMailbox(MailboxConfig("maildir", root, **changes))  # type: ignore[arg-type]


def read(
    mailbox: MaildirMailbox,
    cursor: Cursor | None = None,
    seen: frozenset[int] = frozenset(),
    since: datetime | None = None,
) -> list[Header]:
    return [header for batch in mailbox.stream("Sent", cursor, lambda: seen, since) for header in batch.headers]


def test_folders(root: Path, tmp_path: Path) -> None:
    assert opened(root).folders() == Folders("INBOX", "Sent", "Drafts")
    other = tmp_path / "other"
    fill(other, ".Gesendete Objekte", [])
    fill(other, ".Entw&APw-rfe", [])
    assert opened(other).folders() == Folders("INBOX", "Gesendete Objekte", "Entwürfe")
    plain = tmp_path / "plain"
    fill(plain, "Envoy&AOk-s", [])
    assert opened(plain).folders().sent == "Envoyés"


def test_what_is_wrong_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no Maildir at"):
        opened(tmp_path / "nowhere").folders()
    fill(tmp_path, ".Projekte", [])
    with pytest.raises(UserError, match="Projekte"):
        opened(tmp_path).folders()
    with pytest.raises(UserError, match='no folder "Elsewhere"'):
        list(opened(tmp_path).stream("Elsewhere", None, frozenset, None))
    with pytest.raises(UserError, match="path"):
        MaildirMailbox(MailboxConfig("maildir"))


def test_stream_reads_headers_only(root: Path) -> None:
    fill(root, ".Sent", [message(1, body="x" * 300_000), message(2)], flags="DRS")
    headers = read(opened(root))
    assert [b"Note %d" % n in header.header for n, header in enumerate(headers, 1)] == [True, True]
    assert b"To: a@example.com,\r\n\tb@example.com\r\n" in headers[0].header
    assert b"X-Other" not in headers[0].header
    assert headers[0].flags == {"\\Draft", "\\Answered", "\\Seen"}
    assert headers[0].internaldate == AT
    assert headers[0].size > 300_000
    assert headers[0].calendar == ()


def test_stream_gives_only_what_was_not_seen(root: Path) -> None:
    paths = fill(root, ".Sent", [message(1), message(2)])
    mailbox = opened(root)
    batch = next(iter(mailbox.stream("Sent", None, frozenset, None)))
    seen = frozenset(header.locator.uid for header in batch.headers)
    assert read(mailbox, batch.cursor, seen) == []
    paths[0].rename(paths[0].with_name(paths[0].name + "T"))  # a flag changes the file's name, not the message
    assert read(mailbox, batch.cursor, seen) == []
    (root / ".Sent" / "new" / "1800000000.x.host").write_bytes(message(3))
    assert [b"Note 3" in header.header for header in read(mailbox, batch.cursor, seen)] == [True]


def test_batches_and_cursor(root: Path) -> None:
    fill(root, ".Sent", [message(number) for number in range(5_100)])
    batches = list(opened(root).stream("Sent", None, frozenset, None))
    assert [len(batch.headers) for batch in batches] == [5_000, 100]
    assert batches[0].total == 5_100
    assert b"Note 0\r\n" in batches[0].headers[0].header
    assert len({header.locator.uid for batch in batches for header in batch.headers}) == 5_100
    assert all(0 < header.locator.uid < 2**63 for batch in batches for header in batch.headers)


def test_since_holds_for_later_scans(root: Path) -> None:
    fill(root, ".Sent", [message(1)], at=AT - timedelta(days=900))
    fill(root, ".Sent", [message(2)], at=AT)
    mailbox = opened(root)
    batch = next(iter(mailbox.stream("Sent", None, frozenset, AT - timedelta(days=30))))
    assert [b"Note 2" in header.header for header in batch.headers] == [True]
    seen = frozenset(header.locator.uid for header in batch.headers)
    assert read(mailbox, batch.cursor, seen) == []


def test_calendar_parts(root: Path) -> None:
    multipart = 'Content-Type: multipart/alternative; boundary="b"\n'
    fill(root, ".Sent", [message(1, multipart, INVITE), message(2, multipart, "--b\n\nhi\n--b--")])
    headers = read(opened(root))
    assert headers[0].calendar[0].startswith("BEGIN:VCALENDAR")
    assert (headers[0].calendar_is_body, headers[0].calendar_method) == (True, "REQUEST")
    assert headers[1].calendar == ()


def test_broken_bytes_are_read_or_left_out(root: Path) -> None:
    rubbish = [
        b"",
        b"\n\nbody",
        b"\xff\xfe\0\0",
        b"Subject: " + b"x" * 400_000,
        message(1).replace(b"Priya", b"Pri\xe4a"),
    ]
    fill(root, ".Sent", [*rubbish, message(2, 'Content-Type: multipart/mixed; boundary="', "text/calendar")])
    (root / ".Sent" / "cur" / "1.dir").mkdir()
    headers = read(opened(root))
    assert len(headers) == 6
    assert len(list(opened(root).bodies([header.locator for header in headers]))) == 6


def test_append_is_whole_or_not_there(root: Path) -> None:
    mailbox = opened(root)
    text = message(7).replace(b"\n", b"\r\n")
    draft = mailbox.append("Drafts", text, ("\\Draft", "\\Seen"), AT)
    arrived = mailbox.append("INBOX", text, (), AT)
    assert draft is not None
    assert arrived is not None
    assert [path.name[-5:] for path in (root / ".Drafts" / "cur").iterdir()] == [":2,DS"]
    path = next((root / "new").iterdir())
    assert path.read_bytes() == message(7)
    assert (path.stat().st_mode & 0o777, path.stat().st_mtime) == (0o600, AT.timestamp())
    assert list((root / ".Drafts" / "tmp").iterdir()) == []
    assert mailbox.raw(draft, 10_000) == text
    assert mailbox.raw(draft, len(message(7)) - 1) is None
    assert mailbox.find("Drafts", "m7@example.com") == (draft,)
    assert mailbox.find("Drafts", "m@example.com") == ()
    assert next(mailbox.bodies([draft])).text == "Hello\n"


def test_only_our_draft_is_removed(root: Path) -> None:
    fill(root, ".Drafts", [message(1)])
    mailbox = opened(root)
    draft = mailbox.append("Drafts", message(7), ("\\Draft",), AT)
    assert draft is not None
    theirs = mailbox.find("Drafts", "m1@example.com")[0]
    assert not mailbox.remove_draft(theirs, "m1@example.com")  # no D among its flags
    assert not mailbox.remove_draft(draft, "m1@example.com")
    moved = next(path for path in (root / ".Drafts" / "cur").iterdir() if path.name.endswith("D"))
    moved.rename(moved.with_name(moved.name + "S"))
    assert mailbox.remove_draft(draft, "m7@example.com")
    assert not mailbox.remove_draft(draft, "m7@example.com")
    assert len(list((root / ".Drafts" / "cur").iterdir())) == 1
    assert mailbox.raw(draft, 10_000) is None


def test_drafts_is_made_when_first_written_to(tmp_path: Path) -> None:
    fill(tmp_path, ".Sent", [])
    mailbox = opened(tmp_path)
    assert mailbox.append(mailbox.folders().drafts, message(1), ("\\Draft",), AT) is not None
    assert len(list((tmp_path / ".Drafts" / "cur").iterdir())) == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written(root: Path) -> None:
    (root / ".Drafts" / "tmp").chmod(0o500)
    with pytest.raises(UserError, match="could not be read or written"):
        opened(root).append("Drafts", message(1), (), AT)


def test_names_with_slashes_stay_within(root: Path) -> None:
    opened(root).append("../../evil", message(1), (), AT)
    assert not (root.parent / "evil").exists()
    assert uid_of("a:2,S") == uid_of("a:2,ST") != uid_of("b")


def test_wait(root: Path) -> None:
    mailbox = opened(root)
    assert mailbox.wait(0.05) is False
    timer = threading.Timer(0.1, lambda: fill(root, ".Sent", [message(1)]))
    timer.start()
    assert mailbox.wait(5) is True
    timer.join()


def test_what_is_gone_is_skipped(root: Path) -> None:
    assert list(opened(root).bodies([Locator("Sent", 1, 5), Locator("Sent", 2, 5)])) == []
    assert opened(root).raw(Locator("Sent", 1, 5), 100) is None


def test_files_that_a_server_compressed(root: Path) -> None:
    for number, path in enumerate(fill(root, ".Sent", [message(n) for n in range(3)])):
        if number < 2:
            path.write_bytes(gzip.compress(path.read_bytes()))
    mailbox = opened(root)
    headers = [header for batch in mailbox.stream("Sent", None, frozenset, None) for header in batch.headers]
    assert subjects(headers) == [b"Note 0", b"Note 1", b"Note 2"]
    assert [body.text for body in mailbox.bodies([headers[0].locator])] == ["Hello\n"]
    assert mailbox.find("Sent", "m1@example.com") == (headers[1].locator,)


@pytest.mark.parametrize(
    ("shape", "kind"),
    [
        (lambda raw: b"\x28\xb5\x2f\xfd" + raw, "compressed with zstd"),
        (lambda raw: b"Dovecot-LZ4\r*\x9b\xc5" + raw, "compressed with lz4"),
        (lambda raw: b"CRYPTED\x03\x07" + raw, "encrypted by the mail server"),
        (lambda raw: gzip.compress(raw)[:-30], "damaged or not readable by you"),
    ],
)
def test_files_that_cannot_be_read_are_counted(root: Path, shape: Callable[[bytes], bytes], kind: str) -> None:
    paths = fill(root, ".Sent", [message(n) for n in range(3)])
    for count, said in ((1, "1 message is"), (2, "2 messages are")):
        paths[count].write_bytes(shape(paths[count].read_bytes()))
        (batch,) = opened(root).stream("Sent", None, frozenset, None)
        assert len(batch.headers) == 3 - count
        assert batch.trouble == f"{said} {kind}"


@pytest.mark.parametrize("sign", [":", ";", "!", "-", "\uf03a", "\uf022"])
def test_flags_behind_any_sign(root: Path, sign: str) -> None:
    (path,) = fill(root, ".Sent", [message(1)])
    path.rename(path.with_name(path.name.partition(":")[0] + f"{sign}2,DS"))
    (batch,) = opened(root).stream("Sent", None, frozenset, None)
    assert batch.headers[0].flags == {"\\Draft", "\\Seen"}
    assert batch.headers[0].locator.uid == uid_of(path.name)


@pytest.mark.parametrize("layout", ["[Gmail]/Sent Mail", "[Gmail]/.Sent Mail", ".[Gmail].Sent Mail"])
def test_layouts_of_mbsync(tmp_path: Path, layout: str) -> None:
    fill(tmp_path, "INBOX", [])
    fill(tmp_path, layout, [message(1)])
    folders = opened(tmp_path).folders()
    assert folders.sent == layout.replace("/.", "/").removeprefix(".")
    (batch,) = opened(tmp_path).stream(folders.sent, None, frozenset, None)
    assert subjects(list(batch.headers)) == [b"Note 1"]


def test_a_folder_within_folders_by_its_name(tmp_path: Path) -> None:
    fill(tmp_path, "INBOX", [])
    fill(tmp_path, "Work/Old/Out", [message(1)])
    assert opened(tmp_path, sent="Work/Old/Out").folders().sent == "Work/Old/Out"
