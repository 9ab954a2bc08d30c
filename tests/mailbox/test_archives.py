"""Archives of old sent mail: mbox files in several dialects, and Maildirs."""

from __future__ import annotations

import base64
import bz2
import gzip
import lzma
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from assistant.config import MailboxConfig
from assistant.config.secrets import Credential
from assistant.core.mail.message import RECEIVED, Locator
from assistant.errors import UserError
from assistant.mailbox.archive import mbox as mbox_module
from assistant.mailbox.archive.mbox import MboxArchive
from assistant.mailbox.archive.open import WithArchives, open_archive
from assistant.mailbox.opening import open_mailbox
from tests.mailbox.test_maildir import AT, INVITE, fill, message, subjects

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from assistant.core.mail.message import Cursor, Header

FROM = b"From priya@example.com Mon Mar  2 08:00:00 2026\n"


def mbox(path: Path, *messages: bytes, between: bytes = b"\n", separator: bytes = FROM) -> MboxArchive:
    path.write_bytes(b"".join(separator + text + between for text in messages))
    return MboxArchive(path)


def read(archive: MboxArchive, cursor: Cursor | None = None, since: datetime | None = None) -> list[Header]:
    return [header for batch in archive.stream(cursor, frozenset, since) for header in batch.headers]


def test_mbox(tmp_path: Path) -> None:
    flagged = message(2, extra="Status: RO\nX-Status: AT\n")
    archive = mbox(tmp_path / "sent.mbox", message(1), flagged, message(3, extra="X-Mozilla-Status: 0001\n"))
    headers = read(archive)
    assert subjects(headers) == [b"Note 1", b"Note 2", b"Note 3"]
    assert headers[0].internaldate == AT
    assert headers[0].size == len(message(1)) + 1
    assert headers[1].flags == {"\\Seen", "\\Answered", "\\Draft"}
    assert headers[2].flags == {"\\Seen"}
    assert [header.locator.uid for header in headers] == sorted(header.locator.uid for header in headers)
    assert headers[0].locator.folder == str(tmp_path / "sent.mbox")


@pytest.mark.parametrize(
    "separator",
    [
        b"From - Mon Mar 02 08:00:00 2026\r\n",
        b"From MAILER-DAEMON Mon Mar  2 08:00:00 2026\n",
        b"From a@b.example Mon Mar  2 08:00:00 +0100 2026\n",
        b"From 1234567890@xxx Mon Mar 02 08:00:00 +0000 2026\n",
        b'From "odd one"@example.com Mon Mar  2 08:00 CET 2026\n',
    ],
)
def test_dialects_of_the_from_line(tmp_path: Path, separator: bytes) -> None:
    headers = read(mbox(tmp_path / "m", message(1), message(2), separator=separator))
    assert subjects(headers) == [b"Note 1", b"Note 2"]
    assert headers[0].internaldate == AT


def test_crlf_and_no_blank_line_between(tmp_path: Path) -> None:
    text = message(1).replace(b"\n", b"\r\n")
    archive = mbox(tmp_path / "m", text, text, between=b"", separator=FROM.replace(b"\n", b"\r\n"))
    assert len(read(archive)) == 2


def test_from_in_a_body_is_no_message(tmp_path: Path) -> None:
    body = "From here on\n\nFrom the 10:00 train in 2026\nwe saw\n>From priya@example.com Mon Mar  2 08:00:00 2026\nX"
    archive = mbox(tmp_path / "m", message(1, body=body), message(2))
    headers = read(archive)
    assert subjects(headers) == [b"Note 1", b"Note 2"]
    data = archive.read(headers[0].locator, 10_000)
    assert data is not None
    assert b"\nFrom priya@example.com Mon" in data


@pytest.mark.parametrize("size", [2_048 + 300, 5_000, 65_536])
def test_any_size_of_chunk_gives_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    texts = [message(n, body="x" * (n * 37 % 5_000) + "\n" + "From x\n" * (n % 3)) for n in range(300)]
    archive = mbox(tmp_path / "m", *texts)
    whole = read(archive)
    monkeypatch.setattr(mbox_module, "CHUNK", size)
    assert read(archive) == whole
    assert len(whole) == 300
    for header, text in list(zip(whole, texts, strict=True))[::50]:
        assert archive.read(header.locator, 100_000) == text + b"\n"


def test_a_line_without_end_and_a_file_without_mail(tmp_path: Path) -> None:
    archive = mbox(tmp_path / "m", message(1, body="x" * 9_000_000), message(2))
    assert subjects(read(archive)) == [b"Note 1", b"Note 2"]
    (tmp_path / "n").write_bytes(b"\xff\0" * 5_000)
    assert read(MboxArchive(tmp_path / "n")) == []
    (tmp_path / "e").write_bytes(b"")
    assert list(MboxArchive(tmp_path / "e").stream(None, frozenset, None)) == []


def test_read_once_and_only_what_was_added(tmp_path: Path) -> None:
    path = tmp_path / "m"
    archive = mbox(path, message(1), message(2))
    batches = list(archive.stream(None, frozenset, None))
    assert list(archive.stream(batches[-1].cursor, frozenset, None)) == []
    with path.open("ab") as file:
        file.write(FROM + message(3) + b"\n")
    assert subjects(read(archive, batches[-1].cursor)) == [b"Note 3"]
    mbox(path, message(9))
    assert subjects(read(archive, batches[-1].cursor)) == [b"Note 9"]


def test_batches_of_five_thousand(tmp_path: Path) -> None:
    archive = mbox(tmp_path / "m", *(message(n) for n in range(10_001)))
    batches = list(archive.stream(None, frozenset, None))
    assert [len(batch.headers) for batch in batches] == [5_000, 5_000, 1]
    assert len(read(archive, batches[0].cursor)) == 5_001


def test_since_and_calendars(tmp_path: Path) -> None:
    multipart = 'Content-Type: multipart/alternative; boundary="b"\n'
    archive = mbox(tmp_path / "m", message(1, multipart, INVITE))
    assert read(archive)[0].calendar_method == "REQUEST"
    assert read(archive, since=datetime(2027, 1, 1, tzinfo=UTC)) == []


def test_archives_beside_a_mailbox(tmp_path: Path) -> None:
    fill(tmp_path / "mail", ".Sent", [message(1)])
    fill(tmp_path / "old", "INBOX", [message(5)])
    mbox(tmp_path / "old.mbox", message(6))
    config = MailboxConfig("maildir", tmp_path / "mail", archives=(tmp_path / "old", tmp_path / "old.mbox"))
    mailbox = open_mailbox(config, lambda: Credential("unused"))
    assert isinstance(mailbox, WithArchives)
    assert mailbox.archives == (str(tmp_path / "old"), str(tmp_path / "old.mbox"))
    folders = [mailbox.folders().sent, *mailbox.archives]
    headers = [h for name in folders for b in mailbox.stream(name, None, frozenset, None) for h in b.headers]
    assert subjects(headers) == [b"Note 1", b"Note 5", b"Note 6"]
    assert [body.text.strip() for body in mailbox.bodies([header.locator for header in headers])] == ["Hello"] * 3
    raw = mailbox.raw(headers[2].locator, 10_000)
    assert raw is not None
    assert raw.startswith(b"Message-ID: <m6@example.com>\r\n")
    assert mailbox.raw(headers[2].locator, 20) is None
    assert mailbox.raw(Locator(str(tmp_path / "old.mbox"), headers[2].locator.uidvalidity, 9), 10_000) is None
    with pytest.raises(UserError, match="never written to"):
        mailbox.append(str(tmp_path / "old.mbox"), message(1), (), AT)
    assert mailbox.find(folders[0], "m1@example.com")
    assert mailbox.find(folders[2], "m6@example.com") == ()
    assert not mailbox.remove_draft(headers[2].locator, "m6@example.com")


@pytest.mark.parametrize("separator", [b"From \n", b"From -\n", b"From nobody@example.com\n", b"From ???@???\r\n"])
def test_separators_without_a_date(tmp_path: Path, separator: bytes) -> None:
    prose = "Dear all\n\nFrom -\nwe went on.\n\nFrom nobody@example.com\nSubject: no header\n\nFrom \n"
    archive = mbox(tmp_path / "m", message(1), message(2, body=prose), message(3), separator=separator)
    headers = read(archive)
    assert subjects(headers) == [b"Note 1", b"Note 2", b"Note 3"]
    assert headers[0].internaldate is None
    data = archive.read(headers[1].locator, 10_000)
    assert data is not None
    assert data.rstrip().endswith(b"From")


def test_undated_separators_at_any_chunk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [message(n, body="x" * (n * 37 % 3_000) + "\n\nFrom -\n") for n in range(60)]
    archive = mbox(tmp_path / "m", *texts, separator=b"From -\n")
    whole = read(archive)
    assert len(whole) == 60
    monkeypatch.setattr(mbox_module, "CHUNK", 2_500)
    assert read(archive) == whole


def with_length(text: bytes) -> bytes:
    head, _, body = text.partition(b"\n\n")
    return head + b"\nContent-Length: %d\n\n" % len(body) + body


def test_content_length_holds_a_message(tmp_path: Path) -> None:
    quoted = f"Look:\n\n{FROM.decode()}Subject: inside\n\nstill inside\n"
    archive = mbox(tmp_path / "m", with_length(message(1, body=quoted)), with_length(message(2)))
    assert subjects(read(archive)) == [b"Note 1", b"Note 2"]


def test_a_wrong_content_length_is_not_believed(tmp_path: Path) -> None:
    wrong = message(1).replace(b"\n\n", b"\nContent-Length: 9000\n\n", 1)
    archive = mbox(tmp_path / "m", wrong, with_length(message(2)), message(3))
    assert subjects(read(archive)) == [b"Note 1", b"Note 2", b"Note 3"]


@pytest.mark.parametrize("press", [gzip.compress, bz2.compress, lzma.compress])
def test_compressed_archives(tmp_path: Path, press: Callable[[bytes], bytes]) -> None:
    plain = mbox(tmp_path / "m", *(message(n) for n in range(50)))
    (tmp_path / "m.gz").write_bytes(press((tmp_path / "m").read_bytes()))
    archive = MboxArchive(tmp_path / "m.gz")
    assert subjects(read(archive)) == subjects(read(plain))
    assert archive.read(read(archive)[40].locator, 10_000) == plain.read(read(plain)[40].locator, 10_000)


@pytest.mark.parametrize(
    ("labels", "flags"),
    [
        ("Sent,Opened", set()),
        ("Drafts", {"\\Draft"}),
        ("=?UTF-8?Q?Entw=C3=BCrfe,Ge=C3=B6ffnet?=", {"\\Draft"}),
        ("=?UTF-8?B?" + base64.b64encode("Черновики,Важное".encode()).decode() + "?=", {"\\Draft"}),
        ('"Plans, drafts and more",Sent', set()),
        ("=?UTF-8?Q?Gesendet,Ge=C3=B6ffnet?=", set()),
        ("Archived,My Trash talk", {RECEIVED}),
        ("Sent,Trash", None),
        ("=?UTF-8?Q?Corbeille,Messages_envoy=C3=A9s?=", None),
        ("Spam", None),
        ("=?UTF-8?B?" + base64.b64encode("ゴミ箱".encode()).decode() + "?=", None),
        ("=?utf-8?Q?Important,\n Papierkorb?=", None),
    ],
)
def test_labels_of_takeout(tmp_path: Path, labels: str, flags: set[str] | None) -> None:
    headers = read(mbox(tmp_path / "All mail.mbox", message(1, extra=f"X-Gmail-Labels: {labels}\n"), message(2)))
    assert [header.flags for header in headers[:-1]] == ([] if flags is None else [flags])


def test_a_folder_of_single_messages(tmp_path: Path) -> None:
    (tmp_path / "2019" / "Messages").mkdir(parents=True)
    (tmp_path / "2019" / "one.eml").write_bytes(message(1).replace(b"\n", b"\r\n"))
    text = message(2)
    apple = b"%-9d\n" % len(text) + text + b"<?xml version='1.0'?><plist/>"
    (tmp_path / "2019" / "Messages" / "2.emlx").write_bytes(apple)
    (tmp_path / "three.EML.gz").write_bytes(gzip.compress(message(3)))
    (tmp_path / "notes.txt").write_bytes(b"no mail")
    archive = open_archive(tmp_path)
    headers = [header for batch in archive.stream(None, frozenset, None) for header in batch.headers]
    assert sorted(subjects(headers)) == [b"Note 1", b"Note 2", b"Note 3"]
    assert {archive.read(header.locator, 10_000) for header in headers} >= {message(2), message(3)}
    known = frozenset(header.locator.uid for header in headers)
    assert list(archive.stream(None, lambda: known, None)) == []


def test_a_single_message_that_cannot_be_read_is_counted(tmp_path: Path) -> None:
    (tmp_path / "1.eml").write_bytes(message(1))
    (tmp_path / "2.eml.gz").write_bytes(gzip.compress(message(2))[:-30])
    (batch,) = open_archive(tmp_path).stream(None, frozenset, None)
    assert (len(batch.headers), batch.trouble) == (1, "1 message is damaged or not readable by you")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"PK\x03\x04 and more", "it is a ZIP file; export the mail in it as an mbox file"),
        (b"!BDN and more", "it is an Outlook PST file"),
        (gzip.compress(FROM + bytes(range(256)) * 90)[:-90], "its compressed data ends too soon"),
        (None, "there is nothing with that name"),
    ],
)
def test_an_archive_that_is_none_says_why(tmp_path: Path, data: bytes | None, why: str) -> None:
    path = tmp_path / "old"
    if data is not None:
        path.write_bytes(data)
    fill(tmp_path / "mail", ".Sent", [message(1)])
    mailbox = open_mailbox(MailboxConfig("maildir", tmp_path / "mail", archives=(path,)), lambda: Credential("x"))
    with pytest.raises(UserError, match=why):
        list(mailbox.stream(str(path), None, frozenset, None))
    assert list(mailbox.bodies([Locator(str(path), 1, 1)])) == []
