"""Archives of old sent mail: mbox files in several dialects, and Maildirs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from assistant.config import MailboxConfig
from assistant.config.secrets import Credential
from assistant.core.locator import Locator
from assistant.errors import UserError
from assistant.mailbox import mbox as mbox_module
from assistant.mailbox.archives import WithArchives
from assistant.mailbox.mbox import MboxArchive
from assistant.mailbox.opening import open_mailbox
from tests.test_mailbox_maildir import AT, INVITE, fill, message

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.core.locator import Cursor
    from assistant.core.message import Header

FROM = b"From priya@example.com Mon Mar  2 08:00:00 2026\n"


def mbox(path: Path, *messages: bytes, between: bytes = b"\n", separator: bytes = FROM) -> MboxArchive:
    path.write_bytes(b"".join(separator + text + between for text in messages))
    return MboxArchive(path)


def read(archive: MboxArchive, cursor: Cursor | None = None, since: datetime | None = None) -> list[Header]:
    return [header for batch in archive.stream(cursor, frozenset, since) for header in batch.headers]


def subjects(headers: list[Header]) -> list[bytes]:
    return [line[9:] for header in headers for line in header.header.split(b"\r\n") if line.startswith(b"Subject: ")]


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
    with pytest.raises(UserError, match="only read"):
        mailbox.append(str(tmp_path / "old.mbox"), message(1), (), AT)
    assert mailbox.find(folders[0], "m1@example.com")
    assert mailbox.find(folders[2], "m6@example.com") == ()
    assert not mailbox.remove_draft(headers[2].locator, "m6@example.com")


def test_an_archive_that_is_not_there(tmp_path: Path) -> None:
    fill(tmp_path, ".Sent", [])
    with pytest.raises(UserError, match=r"gone\.mbox"):
        open_mailbox(MailboxConfig("maildir", tmp_path, archives=(tmp_path / "gone.mbox",)), lambda: Credential("x"))
