"""Queries on stored mail: last contacts, months, threads. None of them walks through all messages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from assistant.core.mail.envelope import parse_envelope
from assistant.core.mail.message import Cursor
from assistant.core.people.roster import Note
from assistant.core.replies.plan.change import Change, note_value
from assistant.rounds.scan.run import scan_sent_mail
from assistant.store import facts, folders
from assistant.store import judged_recipients as rowstore
from assistant.store import last_contacts as store_contacts
from assistant.store import messages as store_messages
from assistant.store.candidates import candidates
from assistant.store.contact_report import contact_rows, scan_line
from assistant.store.database import Store
from assistant.store.identities import handles_of_addresses, names_of_addresses
from assistant.store.meetings import meetings_between, with_addresses
from assistant.store.roster import apply_changes, load_roster
from tests.rounds.test_scan import OWN, add, invite, mail
from tests.scanning import BERLIN, NOW, ListMailbox, make_config, make_round

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.core.mail.message import Header

MARA = "mara@quist.example"


@pytest.fixture
def store() -> Iterator[Store]:
    with Store(None) as opened:
        yield opened


def filled(store: Store, *headers: Header, people: bool = True) -> Store:
    if people:
        add(store, "mara-quist", "Mara Quist", MARA, "m.quist@home.example")
    scan_sent_mail(make_round(store, ListMailbox(headers)))
    return store


def ago(**span: float) -> datetime:
    return NOW - timedelta(**span)


def contacts(store: Store, now: datetime = NOW) -> store_contacts.PersonContacts:
    return store_contacts.last_contacts(store, load_roster(store), now, BERLIN)["mara-quist"]


def said(store: Store, day: datetime, verb: str = "called") -> None:
    note = Note("T2-1", "mara-quist", "met", verb, day.date(), "")
    apply_changes(store, [Change("note", note.id, None, note_value(note), verb)], "T2", "owner", 2)


def test_nobody_was_written_to(store: Store) -> None:
    filled(store)
    assert contacts(store) == store_contacts.PersonContacts(None, None)
    assert store_contacts.thread_of(store, (MARA,)) is None
    assert store_contacts.thread_of(store, ()) is None
    assert candidates(store, load_roster(store), NOW, 5, make_config().me) == []
    assert scan_line(store, "Elsewhere") is None
    assert store_contacts.seen_since(store, BERLIN) is None


def test_the_last_full_and_the_last_soft(store: Store) -> None:
    filled(
        store,
        mail(1, f"To: {MARA}\nSubject: old", at=ago(days=20)),
        mail(2, "To: m.quist@home.example\nSubject: full", at=ago(days=9)),
        mail(3, f"Cc: {MARA}\nTo: a@x.example\nSubject: soft", at=ago(days=4)),
        mail(4, "To: ole@brandt.example\nSubject: else", at=ago(days=1)),
    )
    found = contacts(store)
    assert found.full is not None
    assert found.soft is not None
    assert (found.full.subject, found.full.kind, found.full.reason, found.full.weight) == (
        "full",
        "mail",
        "one-to-one",
        1.0,
    )
    assert (found.full.message_id, found.full.address) == ("m2@harbour.example", "m.quist@home.example")
    assert (found.soft.subject, found.soft.reason) == ("soft", "cc")
    assert contacts(store, ago(days=15)).full.subject == "old"  # type: ignore[union-attr]


def test_what_has_no_date_is_no_last_contact(store: Store) -> None:
    one = mail(1, f"To: {MARA}")
    undated = type(one)(one.locator, one.header.replace(b"Date:", b"X-Date:"), None, one.size, one.flags)
    assert contacts(filled(store, undated)).full is None


def test_the_owners_word_outranks_the_rules(store: Store) -> None:
    filled(
        store,
        mail(1, f"To: {MARA}\nSubject: hello", at=ago(days=5)),
        mail(2, f"To: {MARA}\nSubject: no", at=ago(days=3)),
    )
    newest = contacts(store).full
    assert newest is not None
    assert newest.short is not None
    apply_changes(store, [Change("correction", "m2@harbour.example", None, {}, "not contact")], "T1", "owner", 1)
    assert contacts(store).full.subject == "hello"  # type: ignore[union-attr]
    reasons = [(row.subject, row.verdict, row.reason) for row in contact_rows(store, NOW, include_all=True)]
    assert reasons == [("hello", "full", "one-to-one"), ("no", "none", "not-contact")]
    assert [row.subject for row in contact_rows(store, NOW)] == ["hello"]
    said(store, ago(days=1))
    spoken = contacts(store).full
    assert spoken is not None
    assert (spoken.kind, spoken.reason, spoken.message_id) == ("met", "called", None)


def test_what_the_owner_said_long_ago_yields_to_newer_mail(store: Store) -> None:
    filled(store, mail(1, f"To: {MARA}", at=ago(days=5)))
    said(store, ago(days=6))
    assert contacts(store).full.kind == "mail"  # type: ignore[union-attr]


def test_on_one_day_the_owners_word_stands(store: Store) -> None:
    filled(store, mail(1, f"To: {MARA}", at=ago(hours=1)))
    said(store, NOW)
    full = contacts(store).full
    assert full is not None
    assert (full.kind, full.at) == ("met", int(NOW.timestamp()))


def test_twelve_months_of_contact(store: Store) -> None:
    filled(
        store,
        mail(1, f"To: {MARA}", at=datetime(2026, 3, 1, 0, 30, tzinfo=BERLIN)),
        mail(2, f"To: {MARA}, m.quist@home.example", at=datetime(2026, 2, 28, 23, 30, tzinfo=BERLIN)),
        mail(3, f"To: {MARA}", at=datetime(2025, 4, 1, 0, 0, tzinfo=BERLIN)),
        mail(4, f"To: {MARA}", at=datetime(2025, 3, 31, 23, 0, tzinfo=BERLIN)),
        mail(5, f"Cc: {MARA}", at=datetime(2026, 3, 2, 23, 0, tzinfo=BERLIN)),
    )
    said(store, datetime(2026, 3, 5, tzinfo=BERLIN))
    months = store_contacts.months(store, load_roster(store), NOW, BERLIN)["mara-quist"]
    assert months == (1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2)


def test_the_thread_to_go_on_with(store: Store) -> None:
    filled(
        store,
        mail(1, f"To: {MARA}\nSubject: first", at=ago(days=9)),
        mail(2, f"To: {MARA}\nSubject: Re: second\nReferences: <a@x> <b@x>\nIn-Reply-To: <b@x>", at=ago(days=2)),
    )
    thread = store_contacts.thread_of(store, (MARA, "m.quist@home.example"))
    assert thread is not None
    assert (thread.message_id, thread.references) == ("m2@harbour.example", ("a@x", "b@x", "m2@harbour.example"))
    assert (thread.address, thread.subject, thread.locator.uid) == (MARA, "Re: second", 2)
    assert [one.subject for one in store_contacts.last_messages_to(store, (MARA,), 5)] == ["Re: second", "first"]


def test_letters_are_what_went_to_one_person_alone(store: Store) -> None:
    filled(
        store,
        mail(1, f"To: {MARA}\nSubject: alone", at=ago(days=9)),
        mail(2, f"To: {MARA}, ole@brandt.example\nSubject: two", at=ago(days=8)),
        mail(3, f"To: {MARA}\nCc: ole@brandt.example\nSubject: with a copy", at=ago(days=7)),
        mail(4, f"To: ole@brandt.example\nCc: {MARA}\nSubject: a copy", at=ago(days=6)),
        mail(5, f"To: {MARA}\nBcc: {OWN[0]}\nSubject: with a copy to myself", at=ago(days=5)),
    )
    found = store_contacts.last_letters_to(store, (MARA, "m.quist@home.example"), 5)
    assert [(one.subject, one.alone) for one in found] == [("with a copy to myself", True), ("alone", True)]


def test_without_a_letter_mail_to_a_few_is_taken(store: Store) -> None:
    others = ", ".join(f"p{n}@x.example" for n in range(9))
    filled(
        store,
        mail(1, f"To: {MARA}, ole@brandt.example\nSubject: two", at=ago(days=8)),
        mail(2, f"To: {MARA}, {others}\nSubject: ten", at=ago(days=7)),
    )
    assert [(one.subject, one.alone) for one in store_contacts.last_letters_to(store, (MARA,), 5)] == [("two", False)]
    assert store_contacts.last_letters_to(store, ("nobody@x.example",), 5) == []


def test_rows_as_they_are_printed(store: Store) -> None:
    filled(
        store,
        mail(
            1, f"To: Mara Quist <{MARA}>\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=", at=datetime(2026, 3, 2, 9, tzinfo=UTC)
        ),
    )
    (row,) = contact_rows(store, NOW)
    told = row.as_json()
    assert told.pop("short") == row.short
    assert told == {
        "message_id": "m1@harbour.example", "sent_at": "2026-03-02T09:00:00+00:00", "subject": "Grüße", "field": "to",
        "address": MARA, "name": "Mara Quist", "person": "mara-quist", "verdict": "full", "weight": 1.0,
        "reason": "one-to-one",
    }  # fmt: skip
    assert list(contact_rows(store, NOW, addresses=())) == []
    assert len(list(contact_rows(store, NOW, addresses=(MARA,)))) == 1


def test_coming_meetings(store: Store) -> None:
    soon, late = NOW + timedelta(days=1), NOW + timedelta(days=30)
    off = ("SEQUENCE:1", "STATUS:CANCELLED", *OWN)
    filled(
        store,
        invite(1, "soon", soon, *OWN),
        invite(2, "late", late, *OWN),
        invite(3, "off", soon, *off, method="CANCEL"),
    )
    start = int(NOW.timestamp())
    (found,) = meetings_between(store, start, start + 7 * 86_400)
    assert (found.uid, found.summary, found.addresses, found.names, found.state) == (
        "soon",
        "Walk",
        (MARA,),
        ("Mara Quist",),
        "requested",
    )
    assert [one.uid for one in with_addresses(store, (MARA,), start, start + 90 * 86_400)] == ["soon", "late"]
    assert with_addresses(store, (), start, start + 90 * 86_400) == []


def test_names_and_whose_they_are(store: Store) -> None:
    filled(
        store, mail(1, f"To: Mara <{MARA}>"), mail(2, f"To: Mara Quist <{MARA}>"), mail(3, f"To: Mara Quist <{MARA}>")
    )
    assert next(iter(names_of_addresses(store, [MARA, "x@y.example"])[MARA])) == "Mara Quist"
    assert handles_of_addresses(store)[MARA] == "mara-quist"


@pytest.mark.parametrize(
    "query",
    [
        "SELECT message FROM recipient_row WHERE spelling = 1 AND judgement = 2 AND at <= 1 ORDER BY at DESC LIMIT 1",
        "SELECT id FROM message WHERE sent_at BETWEEN 1 AND 2 ORDER BY sent_at DESC LIMIT 3",
        "SELECT id FROM message WHERE message_id IN ('a', 'b')",
        "SELECT id FROM message WHERE short = 'a'",
        "SELECT id FROM message WHERE alike = 1 AND sent_at BETWEEN 1 AND 2",
        "SELECT min(sent_at) FROM message WHERE sent_at IS NOT NULL",
        "SELECT start FROM occurrence WHERE address = 'a' AND start > 1",
        "SELECT start FROM occurrence WHERE start >= 1 AND start < 2",
    ],
)
def test_no_question_walks_everything(store: Store, query: str) -> None:
    plan = " ".join(row[3] for row in store.connection.execute(f"EXPLAIN QUERY PLAN {query}"))
    assert "USING" in plan
    assert "TEMP B-TREE" not in plan
    assert "SEARCH" in plan


def test_a_meeting_the_owner_calls_no_contact_is_none(store: Store) -> None:
    filled(store, invite(1, "walk", ago(days=6), *OWN))
    (meeting,) = (row for row in contact_rows(store, NOW) if row.field == "meeting")
    assert meeting.verdict != "none"
    apply_changes(store, [Change("correction", meeting.message_id, None, {}, "not contact")], "T1", "owner", 1)
    (after,) = (row for row in contact_rows(store, NOW, include_all=True) if row.field == "meeting")
    assert (after.verdict, after.reason) == ("none", "not-contact")


def test_reading_again_leaves_out_the_archives(store: Store) -> None:
    filled(store, mail(1, f"To: {MARA}"))
    assert not facts.fact(store, "again Sent")
    folders.set_cursor(store, "old.mbox", Cursor(1, 5))
    facts.set_fact(store, "archive old.mbox", "seen")
    folders.read_again(store)
    assert (facts.fact(store, "again Sent"), facts.fact(store, "again old.mbox")) == ("1", None)


def test_of_a_renumbered_folder_only_what_was_known_gets_a_new_number(store: Store) -> None:
    filled(store, mail(1, f"To: {MARA}"))
    found = [
        (uid, parse_envelope(one.header, flags=(), internaldate=None, size=one.size, now=NOW))
        for uid, one in ((70, mail(1, f"To: {MARA}")), (71, mail(2, f"To: {MARA}")))
    ]
    assert store_messages.renumbered(store, "Sent", 2, found) == {70}
    assert store.connection.execute("SELECT uidvalidity, uid FROM message").fetchall() == [(2, 70)]


def test_spellings_keep_their_numbers_however_few_are_remembered(store: Store) -> None:
    wanted = [(f"a{number}@x.example", "") for number in range(5)] * 2
    with store.write():
        few, many = rowstore.Spellings(store, most=2), rowstore.Spellings(store)
        numbers = [few[one] for one in wanted]
        assert [many[one] for one in wanted] == numbers
    assert len(few) <= 2
    assert len(set(numbers)) == 5
