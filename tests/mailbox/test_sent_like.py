"""Which folders beside Sent are read, named, or left alone, by their names and marks."""

from __future__ import annotations

import pytest

from assistant.core.mail.message import Folders, YearFolder
from assistant.mailbox.imap.folder_names import Listed
from assistant.mailbox.imap.sent_like import with_older_mail


def found(
    *names: str, prefix: str = "", sep: str = "/", archives: tuple[str, ...] = (), flags: str = "", sent: str = "Sent"
) -> Folders:
    """Return the folders of a mailbox with Sent, Drafts, INBOX and these."""
    marks = frozenset(flags.split())
    usual = [Listed(name, frozenset(), sep) for name in ("INBOX", prefix + sent, prefix + "Drafts")]
    listed = [*usual, *(Listed(name, marks, sep) for name in names)]
    return with_older_mail(Folders("INBOX", prefix + sent, prefix + "Drafts"), listed, prefix, archives)


@pytest.mark.parametrize(
    ("name", "year"),
    [
        ("Sent/2019", 2019),
        ("Sent/2019/03", 2019),
        ("Sent/2019/03 M\u00e4rz", 2019),
        ("Sent/2018-2019", 2019),
        ("Sent 2019", 2019),
        ("Gesendet 2024", 2024),
        ("2024 Gesendete Elemente", 2024),
        ("sent-mail-feb-2019", 2019),
        ("INBOX/Envoy\u00e9s 2020", 2020),
        ("\u9001\u4fe1\u6e08\u307f 2021", 2021),
    ],
)
def test_years_of_sent_mail_are_read(name: str, year: int) -> None:
    assert found(name) == Folders("INBOX", "Sent", "Drafts", by_year=(YearFolder(name, year),))


@pytest.mark.parametrize(
    "name",
    [
        "Archives/2026",
        "Archives",
        "Archiv 2020",
        "Archives/2019/Sent",
        "Old/Sent Items",
        "Projects/Sent 2019",
        "INBOX/Archive/2024/05",
        "\u30a2\u30fc\u30ab\u30a4\u30d6",
    ],
)
def test_archives_and_names_elsewhere_are_named(name: str) -> None:
    assert found(name) == Folders("INBOX", "Sent", "Drafts", not_read=(name,))


@pytest.mark.parametrize(
    "name",
    [
        "2019",
        "Invoices 2019",
        "Sent to print",
        "Sent/Jane",
        "Sent/2019/Jane",
        "Sent/03",
        "Consent 2019",
        "Trash/Sent",
        "Papierkorb/Archiv",
        "Other Users/bob/Sent",
        "user/bob/Sent 2019",
        "May",
        "Sent/" + "9" * 5_000,
        "Sent/-",
        "-",
        "/",
    ],
)
def test_other_folders_are_left_alone(name: str) -> None:
    assert found(name) == Folders("INBOX", "Sent", "Drafts")


def test_marks_of_the_server_weigh_more_than_names() -> None:
    assert found("Keller", flags="\\archive").not_read == ("Keller",)
    assert found("Weg", flags="\\sent").not_read == ("Weg",)
    for flag in ("\\trash", "\\junk", "\\all", "\\noselect"):
        assert found("Archive", "Archive/Sent", "Sent/2019", flags=flag) == Folders("INBOX", "Sent", "Drafts"), flag


def test_folders_behind_a_prefix() -> None:
    mine = found("INBOX.Sent.2019", "INBOX.Sent 2020", "INBOX.Archive.2021", "INBOX.2022", prefix="INBOX.", sep=".")
    assert mine.by_year == (YearFolder("INBOX.Sent 2020", 2020), YearFolder("INBOX.Sent.2019", 2019))
    assert mine.not_read == ("INBOX.Archive.2021",)
    assert found("INBOX/2022", sent="INBOX").by_year == ()


@pytest.mark.parametrize("asked", ["Archives", "INBOX.Archives"])
def test_a_named_archive_is_read_with_all_below_it(asked: str) -> None:
    names = ("INBOX.Archives", "INBOX.Archives.2019", "INBOX.Archives2", "INBOX.Sent.2020")
    mine = found(*names, prefix="INBOX.", sep=".", archives=(asked, "Nowhere"))
    assert (mine.archives, mine.missing) == (names[:2], ("Nowhere",))
    assert found(*names, prefix="INBOX.", sep=".", archives=("Sent.2020",)).by_year == (), "it's read as an archive"


def test_inbox_and_sent_are_no_archives() -> None:
    mine = found("INBOX.Private", "INBOX.Sent.2019", prefix="INBOX.", sep=".", archives=("INBOX", "inbox", "Sent"))
    assert (mine.archives, mine.missing) == (("INBOX.Sent.2019",), ())
