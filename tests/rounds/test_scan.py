"""The scan: what it stores, that it can be cut off anywhere, and that a second one changes nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from assistant.core.mail.envelope_facts import from_facts
from assistant.core.mail.header import header_end
from assistant.core.mail.message import Batch, Cursor, Header, Instant, Locator
from assistant.core.people.roster import Person
from assistant.core.replies.plan.change import Change, belongs_value, person_value
from assistant.errors import UserError
from assistant.mailbox.whole_messages import calendars, crlf, wanted_fields
from assistant.rounds.scan.run import recheck, scan_sent_mail
from assistant.store import facts
from assistant.store.contact_report import contact_rows, scan_line
from assistant.store.database import Store
from assistant.store.folders import cursor_of, last_scan_at, set_cursor
from assistant.store.last_contacts import addresses_to_write_to, last_contacts, seen_since
from assistant.store.roster import apply_changes, change_log, load_roster
from tests.scanning import BERLIN, NOW, ListMailbox, make_config, make_round

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def store() -> Iterator[Store]:
    with Store(None) as opened:
        yield opened


def mail(number: int, text: str, *, at: datetime | None = None, folder: str = "Sent", validity: int = 1) -> Header:
    at = at or NOW - timedelta(days=30) + timedelta(minutes=number)
    head = f"From: jo@harbour.example\nDate: {at.astimezone(UTC):%a, %d %b %Y %H:%M:%S +0000}\n"
    head += f"Message-ID: <m{number}@harbour.example>\n"
    raw = crlf((head + text + ("" if "\n\n" in text else "\n\n")).encode())
    parts = calendars(raw)
    return Header(
        Locator(folder, validity, number), wanted_fields(raw[: header_end(raw)]), Instant.of(at), len(raw), frozenset(),
        *parts,
    )  # fmt: skip


def add(store: Store, handle: str, name: str, *addresses: str) -> None:
    person = Person(handle, name, "mentor")
    changes = [Change("person", handle, None, person_value(person), "add")]
    changes += [Change("belongs", f"{one} {handle}", None, belongs_value("said", 1), "add") for one in addresses]
    apply_changes(store, changes, "T1", "owner", 1)


def rows(store: Store, now: datetime = NOW, **options: Any) -> list[tuple[str, str, str]]:
    return [
        (row.address, row.verdict, row.reason) for row in contact_rows(store, now, **{"include_all": True, **options})
    ]


def dump(store: Store) -> list[str]:
    return [line for line in store.connection.iterdump() if "complete_to" not in line and 'INTO "folder"' not in line]


def questions(store: Store) -> dict[str, dict[str, Any]]:
    return {key: json.loads(payload) for key, payload in store.connection.execute("SELECT key, payload FROM question")}


MAILS = [
    mail(1, "To: Mara Quist <mara@quist.example>\nSubject: one"),
    mail(2, "To: Ole <ole@brandt.example>, Mara Quist <mara@quist.example>\nSubject: two"),
    mail(3, "To: tea@town.example\nSubject: three"),
    mail(4, "To: noreply@shop.example\nSubject: four"),
]


def test_what_a_scan_says(store: Store) -> None:
    (found,) = scan_sent_mail(make_round(store, ListMailbox(MAILS)))
    told = found.as_json()
    assert told["seconds"] >= 0
    assert {key: told[key] for key in ("folder", "new", "full", "soft", "none", "newcomers", "complete_to")} == {
        "folder": "Sent", "new": 4, "full": 4, "soft": 0, "none": {"role-address": 1}, "newcomers": 4,
        "complete_to": NOW.astimezone(UTC).isoformat(),
    }  # fmt: skip
    assert "4 new messages" in found.sentence()
    assert last_scan_at(store) == int(NOW.timestamp())
    line = scan_line(store, "Sent")
    assert line is not None
    assert (line.new, line.complete_to) == (4, NOW)


def test_a_second_scan_changes_nothing(store: Store) -> None:
    mailbox = ListMailbox(MAILS)
    scan_sent_mail(make_round(store, mailbox))
    before = dump(store)
    (again,) = scan_sent_mail(make_round(store, mailbox))
    assert (again.new, again.full, again.newcomers) == (0, 0, 0)
    assert dump(store) == before


def test_an_empty_mailbox(store: Store) -> None:
    (found,) = scan_sent_mail(make_round(store, ListMailbox([])))
    assert (found.new, last_scan_at(store)) == (0, int(NOW.timestamp()))


def test_a_scan_cut_off_goes_on_from_the_last_whole_batch(store: Store) -> None:
    mailbox = ListMailbox(MAILS, size=1)
    mailbox.fail_after = 2
    with pytest.raises(ConnectionError):
        scan_sent_mail(make_round(store, mailbox))
    assert cursor_of(store, "Sent") == Cursor(1, 2)
    mailbox.fail_after = None
    (found,) = scan_sent_mail(make_round(store, mailbox))
    assert found.new == 2
    with Store(None) as whole:
        scan_sent_mail(make_round(whole, ListMailbox(MAILS)))
        assert rows(whole) == rows(store)


def test_a_renumbered_folder_changes_only_numbers(store: Store) -> None:
    scan_sent_mail(make_round(store, ListMailbox(MAILS)))
    before = rows(store)
    moved = [
        Header(Locator("Sent", 2, 40 + n), h.header, h.arrived, h.size, h.flags) for n, h in enumerate(MAILS[::-1])
    ]
    (found,) = scan_sent_mail(make_round(store, ListMailbox(moved, uidvalidity=2)))
    assert (found.new, rows(store)) == (0, before)
    assert sorted(store.connection.execute("SELECT uidvalidity, uid FROM message")) == [
        (2, 40),
        (2, 41),
        (2, 42),
        (2, 43),
    ]


def test_two_copies_in_one_folder_are_renumbered_each_for_itself(store: Store) -> None:
    twice = [mail(1, "To: a@x.example"), mail(2, "To: a@x.example")]
    twice[1] = Header(Locator("Sent", 1, 2), twice[0].header, twice[0].arrived, twice[0].size, frozenset())
    scan_sent_mail(make_round(store, ListMailbox(twice)))
    moved = [Header(Locator("Sent", 9, n), h.header, h.arrived, h.size, h.flags) for n, h in enumerate(twice, 5)]
    scan_sent_mail(make_round(store, ListMailbox(moved, uidvalidity=9)))
    assert rows(store) == [("a@x.example", "full", "one-to-one"), ("a@x.example", "none", "duplicate")]


def test_a_sent_folder_that_is_suddenly_empty_is_not_believed(store: Store) -> None:
    scan_sent_mail(make_round(store, ListMailbox(MAILS)))
    before = dump(store)
    empty = ListMailbox([])
    empty.extra = [Batch((), Cursor(7), 0)]
    with pytest.raises(UserError, match="suddenly empty"):
        scan_sent_mail(make_round(store, empty))
    assert dump(store) == before
    assert cursor_of(store, "Sent") == Cursor(1, 4)


def test_links_and_questions(store: Store) -> None:
    add(store, "mara-quist", "Mara Quist", "mara@quist.example")
    add(store, "ole-brandt", "Ole Brandt")
    mails = [
        *MAILS,
        mail(5, "To: Mara Quist <mara.quist@new.example>"),
        mail(6, "To: Mara Q. <mq@other.example>"),
        mail(7, "To: ole.brandt@old.example"),
        mail(8, "To: M. Quist <m@third.example>", at=NOW - timedelta(days=90)),
    ]
    (found,) = scan_sent_mail(make_round(store, ListMailbox(mails)))
    assert found.linked == (("mara.quist@new.example", "mara-quist", "name-and-local-part"),)
    assert load_roster(store).by_address("mara.quist@new.example")[0].handle == "mara-quist"
    event = change_log(store)[-1]
    assert (event["cause"], event["who"], event["entity"]) == ("scan", "rules", "belongs")
    asked = questions(store)
    assert {key: one["matters"] for key, one in asked.items()} == {
        "link m@third.example mara-quist": False,
        "link mq@other.example mara-quist": True,
        "link ole.brandt@old.example ole-brandt": True,
    }
    payload = asked["link mq@other.example mara-quist"]
    assert (payload["names"], payload["handles"], payload["reason"]) == (["Mara Q."], ["mara-quist"], "initial")


def test_a_no_is_remembered_and_a_yes_settles_the_question(store: Store) -> None:
    add(store, "mara-quist", "Mara Quist", "mara@quist.example")
    mailbox = ListMailbox([*MAILS, mail(5, "To: mara.quist@new.example"), mail(6, "To: mquist@new.example")])
    scan_sent_mail(make_round(store, mailbox))
    assert set(questions(store)) == {"link mara.quist@new.example mara-quist", "link mquist@new.example mara-quist"}
    for address, lane in (("mara.quist@new.example", "no"), ("mquist@new.example", "said")):
        change = Change("belongs", f"{address} mara-quist", None, {"lane": lane, "since": 2}, "is")
        apply_changes(store, [change], "T2", "owner", 2)
    scan_sent_mail(make_round(store, mailbox))
    assert questions(store) == {}


def test_a_shared_address_loses_a_link_of_ours(store: Store) -> None:
    add(store, "mara-quist", "Mara Quist", "mara@quist.example")
    first = [mail(1, "To: Mara Quist <mara.quist@home.example>")]
    scan_sent_mail(make_round(store, ListMailbox(first)))
    assert load_roster(store).by_address("mara.quist@home.example")
    more = [*first, mail(2, "To: Bob Roe <mara.quist@home.example>"), mail(3, "To: Ann Poe <mara.quist@home.example>")]
    scan_sent_mail(make_round(store, ListMailbox(more)))
    assert not load_roster(store).by_address("mara.quist@home.example")
    assert set(questions(store)) == {"link mara.quist@home.example mara-quist"}


def invite(number: int, uid: str, start: datetime, *lines: str, method: str = "REQUEST") -> Header:
    end = start + timedelta(hours=1)
    text = "\n".join((
        f"Content-Type: text/calendar; method={method}", "", "BEGIN:VCALENDAR", f"METHOD:{method}", "BEGIN:VEVENT",
        f"UID:{uid}",
        f"DTSTART:{start.astimezone(UTC):%Y%m%dT%H%M%SZ}", f"DTEND:{end.astimezone(UTC):%Y%m%dT%H%M%SZ}", *lines,
        "END:VEVENT", "END:VCALENDAR",
    ))  # fmt: skip
    return mail(number, f"To: mara@quist.example\nSubject: Walk\n{text}")


OWN = ("ORGANIZER:mailto:jo@harbour.example", "ATTENDEE;CN=Mara Quist:mailto:mara@quist.example", "SUMMARY:Walk")


def test_the_digest_can_ask_whether_a_meeting_was_held(store: Store) -> None:
    add(store, "mara-quist", "Mara Quist", "mara@quist.example")
    mailbox = ListMailbox(
        [invite(1, "walk", NOW - timedelta(days=6), *OWN), invite(2, "later", NOW + timedelta(days=2), *OWN)]
    )
    scan_sent_mail(make_round(store, mailbox))
    ((key, payload),) = questions(store).items()
    assert (key, payload["handle"], payload["day"], payload["summary"]) == (
        "met walk",
        "mara-quist",
        "2026-03-04",
        "Walk",
    )
    scan_sent_mail(make_round(store, mailbox, now=NOW + timedelta(days=30)))
    assert list(questions(store)) == ["met later"] or not questions(store)


def test_a_meeting_counts_once_it_is_over_without_another_scan(store: Store) -> None:
    add(store, "mara-quist", "Mara Quist", "mara@quist.example")
    answer = ("ORGANIZER:mailto:mara@quist.example", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:jo@harbour.example")
    scan_sent_mail(
        make_round(store, ListMailbox([invite(1, "walk", NOW + timedelta(days=1), *answer, method="REPLY")]))
    )
    assert rows(store) == [("mara@quist.example", "none", "meeting-ahead")]
    later = NOW + timedelta(days=2)
    assert rows(store, later) == [("mara@quist.example", "full", "meeting")]
    full = last_contacts(store, load_roster(store), later, BERLIN)["mara-quist"].full
    assert full is not None
    assert (full.kind, full.reason, full.at) == ("meeting", "meeting", int((NOW + timedelta(days=1)).timestamp()))
    assert last_contacts(store, load_roster(store), NOW, BERLIN)["mara-quist"].full is None


def test_mail_before_since_was_not_seen_until_more_is_wanted(store: Store) -> None:
    old = NOW - timedelta(days=400)
    mails = [
        Header(h.locator, h.header, Instant.of(NOW), h.size, h.flags) if h.locator.uid == 1 else h
        for h in (mail(1, "To: a@x.example", at=old), mail(2, "To: b@y.example", at=old), mail(3, "To: c@z.example"))
    ]
    mailbox = ListMailbox(mails)
    scan_sent_mail(make_round(store, mailbox, config=make_config(since=12)))
    assert rows(store) == [("c@z.example", "full", "one-to-one")]
    since = seen_since(store, BERLIN)
    assert since is not None
    assert since.isoformat() == "2025-03-01"
    later = NOW + timedelta(days=90)
    scan_sent_mail(make_round(store, mailbox, config=make_config(since=12), now=later))
    assert seen_since(store, BERLIN) == since
    scan_sent_mail(make_round(store, mailbox, config=make_config(since=24), now=later))
    assert [address for address, *_ in rows(store)] == ["a@x.example", "b@y.example", "c@z.example"]
    scan_sent_mail(make_round(store, mailbox, config=make_config(since=3), now=later))
    assert len(rows(store)) == 3


def test_archives_are_read_once_and_whole(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "old.mbox"
    config = make_config(since=12, archives=(path,))
    old = mail(1, "To: a@x.example", at=NOW - timedelta(days=2000), folder=str(path))
    mailbox = ListMailbox([*MAILS, old])
    results = scan_sent_mail(make_round(store, mailbox, config=config))
    assert [(one.folder, one.new) for one in results] == [("Sent", 4), (str(path), 1)]
    assert rows(store)[0] == ("a@x.example", "none", "duplicate") or rows(store)[0][0] == "a@x.example"
    assert len(scan_sent_mail(make_round(store, mailbox, config=config))) == 1
    recheck(store, config, NOW, lambda _: None)
    assert "a@x.example" in {address for address, *_ in rows(store)}


def test_an_archive_that_an_earlier_version_could_not_part_is_read(store: Store, tmp_path: Path) -> None:
    """Leave the archive as such a version did: noted as read, the cursor at the end of the file, and no message."""
    path = tmp_path / "old.mbox"
    config = make_config(archives=(path,))
    mailbox = ListMailbox([*MAILS, mail(1, "To: a@x.example", folder=str(path))])
    facts.set_fact(store, f"archive {path}", NOW.isoformat())
    set_cursor(store, str(path), Cursor(mailbox.uidvalidity, 10**6))
    results = scan_sent_mail(make_round(store, mailbox, config=config))
    assert [(one.folder, one.new) for one in results] == [("Sent", 4), (str(path), 1)]
    assert len(scan_sent_mail(make_round(store, mailbox, config=config))) == 1


def test_an_archive_costs_only_itself(store: Store, tmp_path: Path) -> None:
    bad, empty, bare = (tmp_path / name for name in ("bad.zip", "empty.mbox", "bare.mbox"))
    config = make_config(archives=(bad, empty, bare))
    mailbox = ListMailbox([*MAILS, mail(7, "To: Jane Roe", folder=str(bare))])
    mailbox.broken[str(bad)] = "it is a ZIP file."
    first, last = scan_sent_mail(make_round(store, mailbox, config=config))
    assert (first.new, last.folder, last.new) == (4, str(bare), 1)
    said = "\n".join(first.remarks)
    assert f"{bad} could not be read: it is a ZIP file." in said
    assert f"{empty} could not be read: no message was found in it." in said
    assert f"{bare} could not be read: its messages name no addresses" in said
    mailbox.headers = [*mailbox.headers, mail(8, "To: b@x.example", folder=str(empty))]
    first, *others = scan_sent_mail(make_round(store, mailbox, config=config))
    assert [one.folder for one in others] == [str(empty)]
    assert str(empty) not in "\n".join(first.remarks)


def test_recheck_judges_by_what_is_true_now(store: Store) -> None:
    scan_sent_mail(make_round(store, ListMailbox(MAILS)))
    nothing = recheck(store, make_config(), NOW, lambda _: None)
    assert (nothing.messages, nothing.changed, nothing.why) == (4, 0, {})
    other = make_config(owner=("jo@harbour.example", "ole@brandt.example"))
    changed = recheck(store, other, NOW, lambda _: None)
    assert changed.as_json()["why"] == {"full small-group -> not seen": 1, "full small-group -> full one-to-one": 1}
    assert "2 verdicts changed" in changed.sentence()
    assert "ole@brandt.example" not in {address for address, *_ in rows(store)}


def test_a_new_address_of_the_owners_is_judged_by_itself(store: Store) -> None:
    scan_sent_mail(make_round(store, ListMailbox(MAILS)))
    other = make_config(owner=("jo@harbour.example", "ole@brandt.example"))
    scan_sent_mail(make_round(store, ListMailbox(MAILS), config=other))
    assert "ole@brandt.example" not in {address for address, *_ in rows(store)}


def test_a_desk_on_the_roster_counts_at_once(store: Store) -> None:
    scan_sent_mail(make_round(store, ListMailbox([mail(1, "To: hello@studio.example")])))
    assert rows(store) == [("hello@studio.example", "none", "role-address")]
    add(store, "studio", "Sam Studio", "hello@studio.example")
    assert rows(store) == [("hello@studio.example", "full", "one-to-one")]
    full = last_contacts(store, load_roster(store), NOW, BERLIN)["studio"].full
    assert full is not None
    assert full.reason == "one-to-one"


def test_the_counts_are_those_of_the_rows(store: Store) -> None:
    mailbox = ListMailbox([*MAILS, invite(5, "walk", NOW - timedelta(days=6), *OWN), invite(6, "soon", NOW, *OWN)])
    (found,) = scan_sent_mail(make_round(store, mailbox))
    every = [(verdict, reason) for _, verdict, reason in rows(store)]
    assert found.full == sum(verdict == "full" for verdict, _ in every)
    assert found.soft == sum(verdict == "soft" for verdict, _ in every) == 1
    assert sum(found.none.values()) == sum(verdict == "none" for verdict, _ in every)
    assert found.none["meeting-ahead"] == 1


def test_a_link_may_be_what_another_address_lacked(store: Store) -> None:
    add(store, "mara-quist", "Mara Quist", "mara@quist.example")
    mails = [mail(1, "To: Mara Quist <mara.quist@new.example>"), mail(2, "To: Mara Quist <x77@mail.new.example>")]
    mails.append(mail(3, "To: Mara Quist <y88@other.example>"))
    (found,) = scan_sent_mail(make_round(store, ListMailbox(mails)))
    assert {address: reason for address, _, reason in found.linked} == {
        "mara.quist@new.example": "name-and-local-part",
        "x77@mail.new.example": "name-and-domain",
        "y88@other.example": "only-address-of-that-name",
    }


def test_a_question_weighs_more_when_new_mail_goes_there(store: Store) -> None:
    add(store, "mara-quist", "Mara Quist", "mara@quist.example")
    mails = [mail(1, "To: mara@quist.example"), mail(2, "To: mquist@new.example", at=NOW - timedelta(days=60))]
    scan_sent_mail(make_round(store, ListMailbox(mails)))
    assert questions(store)["link mquist@new.example mara-quist"]["matters"] is False
    mails.append(mail(3, "To: mquist@new.example", at=NOW - timedelta(days=1)))
    scan_sent_mail(make_round(store, ListMailbox(mails)))
    assert questions(store)["link mquist@new.example mara-quist"]["matters"] is True


@pytest.mark.parametrize(
    ("days", "written", "goes"),
    [
        ((1,), "To: Mara Quist <mara.quist@new.example>", False),
        ((1, 1), "To: Mara Quist <mara.quist@new.example>", False),
        ((1, 2), "To: Mara Quist <mara.quist@new.example>", True),
        ((1, 2), "To: tea@town.example\nCc: Mara Quist <mara.quist@new.example>", False),
        ((1, 2), "To: Mara Quist <mara.quist@new.example>\nAuto-Submitted: auto-replied", False),
    ],
)
def test_a_draft_goes_where_the_owner_wrote_on_two_days(
    store: Store,
    days: tuple[int, ...],
    written: str,
    goes: bool,  # noqa: FBT001
) -> None:
    add(store, "mara-quist", "Mara Quist", "mara@quist.example")
    mails = [mail(n, written, at=NOW - timedelta(days=9 - day, minutes=n)) for n, day in enumerate(days, 1)]
    scan_sent_mail(make_round(store, ListMailbox(mails)))
    (mara,) = load_roster(store).people
    assert mara.addresses == ("mara@quist.example", "mara.quist@new.example")
    assert addresses_to_write_to(store, mara, BERLIN) == mara.addresses[: 1 + goes]


def test_a_link_that_the_rules_would_make_no_more_is_asked_about(store: Store) -> None:
    add(store, "mara-quist", "Mara Quist", "mara@quist.example")
    scan_sent_mail(make_round(store, ListMailbox([mail(1, "To: Mara Quist <jira@quist.example>")])))
    change = Change("belongs", "jira@quist.example mara-quist", None, belongs_value("auto", 1), "link")
    apply_changes(store, [change], "scan", "rules", 1)
    scan_sent_mail(make_round(store, ListMailbox([mail(2, "To: mara@quist.example")])))
    (mara,) = load_roster(store).people
    assert mara.addresses == ("mara@quist.example",)
    assert questions(store)["link jira@quist.example mara-quist"]["reason"] == "local-part-of-another"


def test_facts_of_the_version_before_are_judged_by_what_they_hold(store: Store) -> None:
    mails = [mail(n, f"To: {name} <{name}@x{n}.example>\nSubject: {name}, a word") for n, name in enumerate(NAMES, 1)]
    scan_sent_mail(make_round(store, ListMailbox(mails)))
    store.connection.execute("UPDATE message SET alike = 1000 + id")
    changed = recheck(store, make_config(), NOW, lambda _: None)
    assert changed.why == {}, "the merge key is made anew"
    old = '{"i":"old@x","d":[1770000000,60],"f":[["jo@harbour.example"]],"t":[["jane@roe.example"]]}'
    assert from_facts(old, NOW).failed == ()


NAMES = ("Anna", "Bernd", "Carla", "Dora", "Emil", "Frieda")
DSN = """From: mailer-daemon@mx.example
To: jo@harbour.example
In-Reply-To: <m{number}@harbour.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="r"

--r
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; jane@roe.example
Action: {action}
--r--
"""


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("size", [1, 5000])
@pytest.mark.parametrize(("action", "reason"), [("failed", "bounced"), ("delayed", "one-to-one")])
def test_a_letter_that_came_back_is_no_contact(store: Store, action: str, reason: str, size: int, order: int) -> None:
    letter, report = mail(1, "To: jane@roe.example"), mail(2, DSN.format(number=1, action=action))
    both = [letter, report][::order]
    both = [one._replace(locator=Locator("Sent", 1, n)) for n, one in enumerate(both, 1)]
    scan_sent_mail(make_round(store, ListMailbox(both[:1], size=size)))
    scan_sent_mail(make_round(store, ListMailbox(both, size=size)))
    assert [row[2] for row in rows(store)] == [reason]
    assert recheck(store, make_config(), NOW, lambda _: None).changed == 0
