"""The verdicts: the labelled set in every order of reading, and the rules that need more than one message."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from assistant.core.contact.mail_merge import Alike, merge_key, merged
from assistant.core.contact.mailing_lists import list_addresses
from assistant.core.contact.verdict import REASONS, Circumstances, duplicate_copies, judge
from assistant.core.language.phrases import Phrases
from assistant.core.mail.envelope import parse_envelope
from tests.corpus import verdicts

if TYPE_CHECKING:
    from assistant.core.mail.envelope import Envelope

MAILBOXES = verdicts.load()
OWNER = frozenset({"jo@harbour.example"})
NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


def envelope(text: str, *, size: int = 1000, at: datetime | None = None) -> Envelope:
    header = f"From: jo@harbour.example\nDate: {(at or NOW):%a, %d %b %Y %H:%M:%S +0000}\n{text}"
    return parse_envelope(header.encode(), flags=(), internaldate=None, size=size, now=NOW)


def reasons(text: str, *, duplicate: bool = False, merge: bool = False) -> dict[str, str]:
    return {
        row.address: f"{row.verdict.word} {row.verdict.reason}"
        for row in judge(envelope(text), Circumstances(OWNER, duplicate=duplicate, merge=merge))
    }


def test_the_set_is_large_and_shows_every_row() -> None:
    rows = [row for mailbox in MAILBOXES for row in verdicts.expected(mailbox)]
    assert sum(len(mailbox.messages) for mailbox in MAILBOXES) >= 200
    assert {row[5] for row in rows} >= REASONS - {
        "not-contact",
        "invited",
        "meeting-group",
    }  # the last two rest on what others sent


@pytest.mark.parametrize("mailbox", MAILBOXES, ids=lambda mailbox: mailbox.name)
def test_every_row_of_the_set(mailbox: verdicts.Mailbox) -> None:
    missing, extra = verdicts.compared(mailbox, verdicts.judged(mailbox))
    assert (missing, extra) == ([], [])


@pytest.mark.parametrize(
    "how",
    [
        {"backwards": True},
        {"batch": 1},
        {"batch": 2, "backwards": True},
        {"order": ("Drafts", "Archive", "Sent")},
    ],
    ids=str,
)
def test_the_order_of_reading_changes_nothing(how: dict[str, bool]) -> None:
    for mailbox in MAILBOXES:
        assert sorted(verdicts.judged(mailbox, **how)) == sorted(verdicts.judged(mailbox)), mailbox.name  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_reason_has_words(language: str) -> None:
    phrases = Phrases(language)  # type: ignore[arg-type]
    assert [reason for reason in sorted(REASONS) if not phrases.known(f"reason.{reason}")] == []


def test_a_desk_on_the_roster_counts_as_a_person() -> None:
    (row,) = judge(envelope("To: hello@studio.example\n"), Circumstances(OWNER))
    assert row.verdict.reason == "role-address"
    assert row.if_known is not None
    assert row.if_known[:] == ("full", 1.0, "one-to-one")


def test_a_duplicate_says_so_for_each_recipient() -> None:
    assert reasons("To: a@x.example\nCc: b@y.example\n", duplicate=True) == {
        "a@x.example": "none duplicate",
        "b@y.example": "none duplicate",
    }


def test_a_merge_weakens_only_mail_to_one() -> None:
    assert reasons("To: a@x.example\n", merge=True) == {"a@x.example": "soft merge"}


def test_of_copies_the_earliest_counts_and_an_undated_one_last() -> None:
    late, early = (envelope("To: a@x.example\n", at=NOW - timedelta(days=n)) for n in (1, 2))
    undated = parse_envelope(
        b"From: jo@harbour.example\nTo: a@x.example\n", flags=(), internaldate=None, size=1, now=NOW
    )
    assert duplicate_copies([(1, late), (2, undated), (3, early)], OWNER) == {1: True, 2: True, 3: False}


def test_strangers_copies_take_nothing() -> None:
    stranger = parse_envelope(b"From: x@y.example\nTo: a@x.example\n", flags=(), internaldate=None, size=1, now=NOW)
    assert duplicate_copies([(1, stranger), (2, envelope("To: a@x.example\n"))], OWNER) == {1: False, 2: False}


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("List-Post: <mailto:tea@town.example>", {"tea@town.example"}),
        ("List-Post: <mailto:Tea@Town.example?subject=x>, <https://town.example>", {"tea@town.example"}),
        ("List-Post: NO", set()),
        ("List-Id: Tea drinkers <tea.lists.town.example>", {"tea@lists.town.example"}),
        ("List-Id: tea.town.example", {"tea@town.example"}),
        ("List-Id: <tea@town.example>", {"tea@town.example"}),
        ("List-Id: just words", set()),
        ("Subject: none", set()),
    ],
)
def test_lists_addresses_in_a_message(header: str, found: set[str]) -> None:
    assert list_addresses(envelope(f"{header}\n")) == found


def alike(count: int, *, hours: float, sizes: tuple[int, ...] = (1000,), people: int = 100) -> list[Alike]:
    step = hours * 3600 / max(count - 1, 1)
    return [Alike(n, int(n * step), sizes[n % len(sizes)], f"p{n % people}@x.example") for n in range(count)]


@pytest.mark.parametrize(
    ("messages", "how_many"),
    [
        (alike(6, hours=24), 6),
        (alike(6, hours=24.1), 0),
        (alike(5, hours=1), 0),
        (alike(6, hours=1, people=5), 0),
        (alike(11, hours=7 * 24), 11),
        (alike(11, hours=7 * 24 + 1), 0),
        (alike(10, hours=6 * 24), 0),
        (alike(12, hours=2, sizes=(1000, 2000)), 12),
        (alike(10, hours=2, sizes=(1000, 2000)), 0),
        (alike(6, hours=2, sizes=(1000, 1100)), 6),
        (alike(6, hours=2, sizes=(1000, 1112)), 0),
        ([], 0),
    ],
)
def test_how_many_alike_make_a_merge(messages: list[Alike], how_many: int) -> None:
    assert len(merged(messages)) == how_many


def test_a_merge_needs_a_subject_a_date_and_no_answer() -> None:
    assert merge_key(envelope("To: a@x.example\nSubject: Hi  there\n"), OWNER) == merge_key(
        envelope("To: b@x.example\nSubject: hi There\n"), OWNER
    )
    assert merge_key(envelope("To: a@x.example\n"), OWNER) is None
    assert merge_key(envelope("To: a@x.example\nSubject: Hi\nIn-Reply-To: <x@y>\n"), OWNER) is None
    assert merge_key(envelope("To: a@x.example, b@y.example\nSubject: Hi\n"), OWNER) is None
    assert merge_key(envelope("To: a@x.example\nSubject: Hi\nPrecedence: bulk\n"), OWNER) is None


@pytest.mark.parametrize(
    ("to", "subject", "alike"),
    [
        ("Anna Beck <anna.beck@x.example>", "Anna, a word", True),
        ("Anna Beck <anna.beck@x.example>", "ANNA,  a word", True),
        ("Anne-Marie Roe <amr@x.example>", "Anne-Marie, a word", True),
        ("Anne-Marie Roe <amr@x.example>", "Anne, a word", True),
        ('"Roe, Ana Maria" <amr@x.example>', "Ana Maria, a word", True),
        ("A. Beck <beck@x.example>", "Beck, a word", True),
        ("dora.maar@x.example", "Dora, a word", True),
        ("Anna Beck <anna.beck@x.example>", "Hanna, a word", False),
        ("Anna Beck <anna.beck@x.example>", "Anna, a word more", False),
        ("a@x.example", "Monday, a word", False),
    ],
)
def test_a_merge_calls_each_by_name(to: str, subject: str, alike: bool) -> None:  # noqa: FBT001
    bernd = envelope("To: Bernd Clausen <b.clausen@x.example>\nSubject: Bernd, a word\n")
    found = merge_key(envelope(f"To: {to}\nSubject: {subject}\n"), OWNER)
    assert (found == merge_key(bernd, OWNER)) is alike


def test_a_merge_of_the_names_alone_has_no_subject() -> None:
    assert merge_key(envelope("To: Anna Beck <anna@x.example>\nSubject: Anna\n"), OWNER) is None
    owned = [envelope(f"To: {name} <x@x.example>\nSubject: {name}'s tea\n") for name in ("Anna", "Bernd")]
    assert merge_key(owned[0], OWNER) == merge_key(owned[1], OWNER) is not None


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("Content-Class: urn:content-classes:calendarmessage\nSubject: Declined: Lunch", "declined"),
        ("Content-Class: URN:content-classes:CalendarMessage\nSubject: Refus\u00e9 : d\u00e9jeuner", "declined"),
        ("Content-Class: urn:content-classes:calendarmessage\nSubject: Accepted: Lunch", "meeting-unknown"),
        ("Content-Class: urn:content-classes:message\nSubject: Declined: Lunch", "one-to-one"),
        ("Subject: Declined: Lunch", "one-to-one"),
        ("X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent", "automatic"),
        ("X-MS-Reactions: allow", "one-to-one"),
        ("X-Unsent: 1", "draft"),
        ("X-Unsent: 0", "one-to-one"),
    ],
)
def test_what_outlook_and_exchange_write(header: str, reason: str) -> None:
    (row,) = judge(envelope(f"To: jane@roe.example\n{header}\n"), Circumstances(OWNER))
    assert row.verdict.reason == reason


@pytest.mark.parametrize(
    ("to", "bounced", "reasons"),
    [
        ("a@x.example", {"a@x.example"}, ["bounced"]),
        ("a@x.example", {"a@inner.example"}, ["bounced"]),
        ("a@x.example, b@x.example", {"a@x.example"}, ["bounced", "small-group"]),
        ("a@x.example, b@x.example", {"c@x.example"}, ["small-group", "small-group"]),
        ("info@x.example", {"info@x.example"}, ["bounced"]),
        ("a@x.example", set(), ["one-to-one"]),
    ],
)
def test_a_letter_that_came_back(to: str, bounced: set[str], reasons: list[str]) -> None:
    rows = judge(envelope(f"To: {to}\n"), Circumstances(OWNER, bounced=frozenset(bounced)))
    assert [row.verdict.reason for row in rows] == reasons
    assert all(row.if_known is None for row in rows)
