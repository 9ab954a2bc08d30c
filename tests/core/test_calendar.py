"""Calendar parts: what is read from them, what becomes of meetings, and that no broken file raises."""

from __future__ import annotations

from datetime import UTC, datetime
from time import process_time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.core.contact.calendar import (
    Invitation,
    imip_kind,
    invitation_facts,
    read_invitation,
    read_invitations,
)
from assistant.core.contact.meetings import Occurrence, Seen, addressed, is_owners_word, meeting_occurrences
from assistant.core.contact.recurrence import Rule, starts
from assistant.core.mail.envelope import parse_envelope
from tests.corpus import verdicts
from tests.scanning import BERLIN, NOW

MEETING = "urn:content-classes:calendarmessage"
OWNER = frozenset({"jo@harbour.example"})
HORIZON = int(datetime(2026, 12, 31, tzinfo=UTC).timestamp())
TEXTS = [
    text
    for mailbox in verdicts.load()
    for group in verdicts.headers(mailbox).values()
    for one in group
    for text in one.calendar
]


def epoch(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def event(*lines: str, method: str = "REQUEST", uid: str = "u1") -> str:
    return "\r\n".join(
        ("BEGIN:VCALENDAR", f"METHOD:{method}", "BEGIN:VEVENT", f"UID:{uid}", *lines, "END:VEVENT", "END:VCALENDAR")
    )


def read(text: str, method: str = "") -> Invitation:
    (found,) = read_invitations(text, method=method, zone=BERLIN)
    return found


TIMES = ("DTSTART:20260305T090000Z", "DTEND:20260305T100000Z")
BY_JO = ("ORGANIZER:mailto:jo@harbour.example", "ATTENDEE:mailto:mara@quist.example")
BY_MARA = ("ORGANIZER;CN=Mara Quist:mailto:mara@quist.example",)


def resolved(*texts: str, lists: frozenset[str] = frozenset(), horizon: int = HORIZON) -> tuple[Occurrence, ...]:
    seen = [
        Seen(number, number, one)
        for number, text in enumerate(texts)
        for one in read_invitations(text, method="", zone=BERLIN)
    ]
    found = meeting_occurrences(seen, owner=OWNER, lists=lists, zone=BERLIN, horizon=horizon)
    backwards = meeting_occurrences(seen[::-1], owner=OWNER, lists=lists, zone=BERLIN, horizon=horizon)
    assert sorted(map(repr, found)) == sorted(map(repr, backwards))
    return found


def reply(answer: str, *lines: str, uid: str = "u1") -> str:
    return event(*BY_MARA, f"ATTENDEE;PARTSTAT={answer}:mailto:jo@harbour.example", *lines, method="REPLY", uid=uid)


def test_what_is_read() -> None:
    found = read(event(
        "SEQUENCE:2", "DTSTAMP:20260301T080000Z", "DTSTART;TZID=W. Europe Standard Time:20260305T090000",
        "DURATION:PT45M",
        "SUMMARY:Coffee\\, again", 'ORGANIZER;CN="Jo H":MAILTO:Jo@Harbour.example',
        'ATTENDEE;CN=Mara;PARTSTAT=accepted;X-NOTE="a', ' b":mailto:mara@quist.example', "ATTENDEE:invalid:nomail",
        "ATTENDEE;EMAIL=ole@brandt.example:urn:uuid:7", "ATTENDEE;CN=mara2@quist.example:mailto:mara2@quist.example",
        "BEGIN:VALARM", "TRIGGER:-PT5M", "UID:alarm", "END:VALARM",
    ))  # fmt: skip
    assert (found.uid, found.method, found.sequence, found.summary) == ("u1", "REQUEST", 2, "Coffee, again")
    assert (found.start, found.end) == (epoch("2026-03-05T09:00+01:00"), epoch("2026-03-05T09:45+01:00"))
    assert [(one.address, one.name, one.partstat) for one in found.attendees] == [
        ("mara@quist.example", "Mara", "ACCEPTED"),
        ("ole@brandt.example", "", "NEEDS-ACTION"),
        ("mara2@quist.example", "", "NEEDS-ACTION"),
    ]
    assert found.stamp == epoch("2026-03-01T08:00+00:00")


@pytest.mark.parametrize(
    ("lines", "start", "end", "guessed"),
    [
        (("DTSTART;TZID=Nowhere/At:20260305T090000",), "2026-03-05T09:00+01:00", "2026-03-05T09:00+01:00", True),
        (("DTSTART:20260305T090000", "DTEND:20260305T100000"), "2026-03-05T08:00Z", "2026-03-05T09:00Z", False),
        (("DTSTART;VALUE=DATE:20260305",), "2026-03-05T00:00+01:00", "2026-03-06T00:00+01:00", False),
        (("DTSTART:20260305T090000Z", "DTEND:20260305T080000Z"), "2026-03-05T09:00Z", "2026-03-05T09:00Z", False),
        (("DTSTART:20260305T090000Z", "DURATION:-PT1H"), "2026-03-05T09:00+00:00", "2026-03-05T09:00+00:00", False),
    ],
)  # fmt: skip
def test_times(lines: tuple[str, ...], start: str, end: str, guessed: bool) -> None:  # noqa: FBT001
    found = read(event(*lines))
    assert (found.start, found.end, found.guessed_zone) == (epoch(start), epoch(end), guessed)


def test_a_zone_that_the_file_brings() -> None:
    zone = "BEGIN:VTIMEZONE\nTZID:Mine\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0500\n"
    zone += "TZOFFSETTO:+0500\nEND:STANDARD\nEND:VTIMEZONE\n"
    text = event("DTSTART;TZID=Mine:20260305T090000").replace("METHOD:REQUEST\r\n", f"METHOD:REQUEST\r\n{zone}")
    found = read(text)
    assert found.start == epoch("2026-03-05T09:00+05:00")
    assert not found.guessed_zone
    next_one = read(event("DTSTART;TZID=Mine:20260305T090000"))
    assert (next_one.start, next_one.guessed_zone) == (epoch("2026-03-05T09:00+01:00"), True), "it is that file's alone"


@pytest.mark.parametrize(
    "text",
    ["", "BEGIN:VEVENT", "BEGIN:VCALENDAR\nEND:VCALENDAR", "\x00\xff", event("DTSTART:x").replace("UID:u1", "UID:")],
)
def test_nothing_to_read(text: str) -> None:
    assert read_invitations(text, method="", zone=BERLIN) == ()


def test_broken_lines_cost_only_themselves() -> None:
    found = read(
        event(
            "SEQUENCE:many",
            "DTSTAMP:then",
            "DTEND:never",
            "DTSTART:20260305T090000Z",
            "garbage",
            "RRULE:FREQ=SOMETIMES",
        )
    )
    assert (found.sequence, found.stamp, found.start, found.end) == (
        0,
        None,
        epoch("2026-03-05T09:00+00:00"),
        epoch("2026-03-05T09:00+00:00"),
    )


@pytest.mark.parametrize(
    ("header", "method", "is_body", "text", "imip"),
    [
        ("Content-Type: text/calendar; method=REPLY", "", True, "", True),
        ("Content-Type: text/calendar", "", True, "METHOD:REPLY", True),
        ("Content-Type: text/calendar", "", True, "no method", False),
        ("Content-Type: multipart/alternative; boundary=x", "REQUEST", True, "", True),
        ("Content-Type: multipart/mixed; boundary=x", "REQUEST", False, "METHOD:REQUEST", False),
        ("Content-Type: text/plain", "", False, "", False),
        (f"Content-Type: multipart/mixed\nContent-Class: {MEETING}", "", False, "no method", True),
        ("Content-Type: multipart/mixed\nContent-Class: urn:content-classes:message", "", False, "METHOD:REPLY", False),
    ],
)
def test_what_is_a_meeting_and_not_mail(header: str, method: str, is_body: bool, text: str, imip: bool) -> None:  # noqa: FBT001
    envelope = parse_envelope(f"{header}\n".encode(), flags=(), internaldate=None, size=1, now=NOW)
    assert imip_kind(envelope, (text,), is_body=is_body, method=method) is imip


@pytest.mark.parametrize(
    ("text", "method", "imip"),
    [
        (event("ORGANIZER:mailto:jo@harbour.example"), "REQUEST", True),
        (event("ORGANIZER:mailto:mara@quist.example"), "REQUEST", False),
        (event("ORGANIZER:mailto:mara@quist.example", method="REPLY"), "REPLY", True),
        (event("ORGANIZER:mailto:jo@harbour.example", method="REPLY"), "REPLY", False),
        (event(method="REPLY"), "REPLY", True),
        (event("ORGANIZER:mailto:jo@harbour.example", method="CANCEL"), "CANCEL", True),
        (event("ORGANIZER:mailto:jo@harbour.example", method="PUBLISH"), "PUBLISH", False),
        (event("ORGANIZER:mailto:jo@harbour.example"), "", False),
    ],
)
def test_a_method_in_the_header_makes_a_meeting_of_the_owners_word(text: str, method: str, imip: bool) -> None:  # noqa: FBT001
    envelope = parse_envelope(b"Content-Type: multipart/mixed\n", flags=(), internaldate=None, size=1, now=NOW)
    speaks = is_owners_word(read(text), OWNER)
    assert imip_kind(envelope, (text,), is_body=False, method=method, speaks=speaks) is imip


@pytest.mark.parametrize(
    ("header", "organiser"),
    [
        ("To: Mara <mara@quist.example>", "mara@quist.example"),
        ("To: Mara <mara@quist.example>, jo@harbour.example", "mara@quist.example"),
        ("To: mara@quist.example, ole@brandt.example", None),
        ("To: jo@harbour.example", None),
    ],
)
def test_an_answer_without_organiser_is_to_whom_it_was_sent(header: str, organiser: str | None) -> None:
    envelope = parse_envelope(f"{header}\n".encode(), flags=(), internaldate=None, size=1, now=NOW)
    for method in ("REPLY", "COUNTER"):
        found = addressed(read(event(*TIMES, method=method)), envelope, OWNER).organiser
        assert (found.address if found else None) == organiser
    assert addressed(read(event(*TIMES)), envelope, OWNER).organiser is None


@pytest.mark.parametrize(
    ("line", "address", "name"),
    [
        ("ATTENDEE;CN=Mara;EMAIL=mara@quist.example:mailto:2_GEZ@imip.icloud.example", "mara@quist.example", "Mara"),
        ('ATTENDEE;CN=Mara;EMAIL="Mara@quist.example":/aMTIz/principal/', "mara@quist.example", "Mara"),
        ("ATTENDEE;CN=Mara;X-CALENDARSERVER-EMAIL=mara@quist.example:urn:uuid:1", "mara@quist.example", "Mara"),
        ("ATTENDEE;CN=mara@quist.example:/aMTIz/principal/", "mara@quist.example", ""),
        ("ATTENDEE;CN=Mara;EMAIL=none:mailto:mara@quist.example", "mara@quist.example", "Mara"),
        ("ATTENDEE;CN=Mara:/aMTIz/principal/", None, ""),
    ],
)
def test_the_address_of_an_attendee(line: str, address: str | None, name: str) -> None:
    people = read(event(*TIMES, line)).attendees
    assert [(one.address, one.name) for one in people] == ([(address, name)] if address else [])


@pytest.mark.parametrize(
    "times",
    [
        ("DTSTART:99991231T235959Z", "DTEND:99991231T235959Z"),
        ("DTSTART;TZID=America/Los_Angeles:99991231T230000", "DURATION:P2D"),
        ("DTSTART;TZID=Asia/Tokyo:00010101T000000",),
        ("DTSTART;VALUE=DATE:99991231",),
        ("DTSTART;VALUE=DATE:00010101",),
        ("DTSTART:20260304T090000Z", "DTEND:99991231T235959Z"),
        ("DTSTART:99991231T235959Z", "RRULE:FREQ=DAILY"),
    ],
)
def test_the_ends_of_the_calendar_hold_in_every_zone(times: tuple[str, ...]) -> None:
    for one in resolved(event(*BY_JO, *times)):
        for zone in ("Pacific/Kiritimati", "Etc/GMT+12"):
            datetime.fromtimestamp(one.start or 0, ZoneInfo(zone))
            datetime.fromtimestamp(one.end or 0, ZoneInfo(zone))


@pytest.mark.parametrize(
    ("start", "left_out", "days"),
    [
        ("DTSTART;TZID=Europe/Berlin:20260301T090000", "EXDATE;VALUE=DATE:20260302", "1 3"),
        ("DTSTART;TZID=Europe/Berlin:20260301T090000", "EXDATE;VALUE=DATE:20260301,20260303", "2"),
        ("DTSTART;TZID=America/New_York:20260301T200000", "EXDATE;VALUE=DATE:20260302", "2 4"),
        ("DTSTART:20260301T230000Z", "EXDATE;VALUE=DATE:20260302", "2 4"),
        ("DTSTART;VALUE=DATE:20260301", "EXDATE:20260302T000000Z", "1 3"),
        ("DTSTART;VALUE=DATE:20260301", "EXDATE;TZID=America/New_York:20260302T000000", "1 3"),
        ("DTSTART;VALUE=DATE:20260301", "EXDATE;VALUE=DATE:20260302", "1 3"),
        ("DTSTART;TZID=Europe/Berlin:20260301T090000", "EXDATE;TZID=Europe/Berlin:20260302T090000", "1 3"),
    ],
)
def test_days_left_out_of_a_series(start: str, left_out: str, days: str) -> None:
    found = resolved(event(*BY_JO, start, "RRULE:FREQ=DAILY;COUNT=3", left_out))
    assert " ".join(str(datetime.fromtimestamp(one.start or 0, BERLIN).day) for one in found) == days


def test_one_day_of_a_series_is_declined_by_its_date_alone() -> None:
    series = reply("ACCEPTED", "DTSTART;TZID=Europe/Berlin:20260301T090000", "RRULE:FREQ=DAILY;COUNT=2")
    found = resolved(series, reply("DECLINED", "RECURRENCE-ID;VALUE=DATE:20260302", "DTSTAMP:20260301T000000Z"))
    assert sorted(one.verdict.reason for one in found) == ["declined", "meeting"]


def test_a_series_for_ever_ends_with_the_horizon() -> None:
    start = "DTSTART;TZID=America/Los_Angeles:20261229T090000"
    found = resolved(event(*BY_JO, start, "RRULE:FREQ=DAILY;UNTIL=99991231T235959"))
    assert len(found) == 2


@pytest.mark.parametrize("order", [1, -1])
def test_called_off_later_is_off_whatever_the_sequence(order: int) -> None:
    invited = event(*BY_JO, *TIMES, "SEQUENCE:2", "DTSTAMP:20260301T090000Z")
    off = event(*BY_JO, *TIMES, "DTSTAMP:20260302T090000Z", method="CANCEL")
    assert [one.state for one in resolved(*(invited, off)[::order])] == ["cancelled"]
    at_once = event(*BY_JO, *TIMES, "SEQUENCE:2", "DTSTAMP:20260301T090000Z", method="CANCEL")
    assert [one.state for one in resolved(*(invited, at_once)[::order])] == ["cancelled"]
    again = event(*BY_JO, *TIMES, "SEQUENCE:3", "DTSTAMP:20260303T090000Z")
    assert [one.state for one in resolved(*(invited, off, again)[::order])] == ["requested"]


def words(found: tuple[Occurrence, ...]) -> list[tuple[str, str, str]]:
    return [(one.address, one.verdict.word, one.verdict.reason) for one in found]


def test_the_highest_sequence_wins_then_the_latest_stamp() -> None:
    moved = event(*BY_JO, "SEQUENCE:1", "DTSTART:20260306T090000Z", "DTSTAMP:20260301T000000Z")
    first = event(*BY_JO, *TIMES, "SEQUENCE:0", "DTSTAMP:20260302T000000Z")
    (found,) = resolved(moved, first)
    assert (found.start, found.message) == (epoch("2026-03-06T09:00+00:00"), 0)
    assert words(
        resolved(
            reply("ACCEPTED", *TIMES, "DTSTAMP:20260301T000000Z"), reply("DECLINED", *TIMES, "DTSTAMP:20260302T000000Z")
        )
    ) == [("mara@quist.example", "none", "declined")]
    assert words(
        resolved(
            reply("DECLINED", *TIMES, "DTSTAMP:20260301T000000Z"), reply("ACCEPTED", *TIMES, "DTSTAMP:20260302T000000Z")
        )
    ) == [("mara@quist.example", "full", "meeting")]


def test_an_invitation_sent_on_takes_no_answer_back() -> None:
    sent_on = event(*BY_MARA, "ATTENDEE:mailto:ole@brandt.example", *TIMES, "DTSTAMP:20260304T000000Z")
    found = resolved(reply("ACCEPTED", *TIMES, "DTSTAMP:20260301T000000Z"), sent_on)
    assert words(found) == [("mara@quist.example", "full", "meeting"), ("ole@brandt.example", "full", "meeting")]
    assert words(resolved(sent_on)) == [
        ("mara@quist.example", "none", "meeting-unknown"),
        ("ole@brandt.example", "none", "meeting-unknown"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (reply("NEEDS-ACTION", *TIMES), ("none", "meeting-unknown")),
        (reply("DELEGATED", *TIMES), ("none", "declined")),
        (reply("ACCEPTED"), ("none", "meeting-unknown")),
        (reply("ACCEPTED", *TIMES).replace("jo@harbour.example", "alias@harbour.example"), ("full", "meeting")),
        (event(*BY_JO, *TIMES, method="PUBLISH"), ("none", "meeting-unknown")),
        (event(*BY_JO, *TIMES, method="REFRESH"), ("none", "meeting-unknown")),
        (event(*BY_JO, *TIMES, "STATUS:CANCELLED"), ("none", "cancelled")),
        (event("ATTENDEE:mailto:mara@quist.example", *TIMES), ("soft", "meeting-unconfirmed")),
        (event("ORGANIZER:mailto:x1@group.calendar.google.com", BY_JO[1], *TIMES), ("soft", "meeting-unconfirmed")),
        (event(BY_JO[0], "ATTENDEE;PARTSTAT=DECLINED:mailto:mara@quist.example", *TIMES), ("none", "declined")),
        (event(BY_JO[0], "ATTENDEE;CUTYPE=ROOM:mailto:mara@quist.example", *TIMES), ("none", "role-address")),
        (event(BY_JO[0], "ATTENDEE;CUTYPE=GROUP:mailto:mara@quist.example", *TIMES), ("none", "list")),
    ],
)  # fmt: skip
def test_what_a_meeting_counts(text: str, expected: tuple[str, str]) -> None:
    found = next(one for one in words(resolved(text)) if one[0] != "alias@harbour.example")
    assert found[1:] == expected


def test_people_of_an_answer_and_of_a_bare_cancel() -> None:
    answer = reply("ACCEPTED", "ATTENDEE:mailto:ole@brandt.example", *TIMES)
    assert [one[0] for one in words(resolved(answer))] == ["mara@quist.example", "ole@brandt.example"]
    bare = event("ORGANIZER:mailto:jo@harbour.example", "SEQUENCE:1", method="CANCEL")
    assert words(resolved(event(*BY_JO, *TIMES), bare)) == [("mara@quist.example", "none", "cancelled")]


def test_a_list_among_the_invited_weakens_an_accepted_meeting() -> None:
    sent_on = event(*BY_MARA, "ATTENDEE:mailto:tea@town.example", *TIMES)
    found = resolved(reply("ACCEPTED", *TIMES), sent_on, lists=frozenset({"tea@town.example"}))
    assert words(found) == [("mara@quist.example", "soft", "list"), ("tea@town.example", "none", "list")]


WEEKLY = (
    "DTSTART;TZID=Europe/Berlin:20260203T090000",
    "DTEND;TZID=Europe/Berlin:20260203T100000",
    "RRULE:FREQ=WEEKLY;COUNT=4",
)


def test_a_series_with_one_occurrence_moved_and_one_called_off() -> None:
    moved = reply(
        "ACCEPTED",
        "RECURRENCE-ID;TZID=Europe/Berlin:20260210T090000",
        "DTSTART:20260211T120000Z",
        "DTEND:20260211T130000Z",
    )
    off = event(*BY_MARA, "RECURRENCE-ID;TZID=Europe/Berlin:20260217T090000", method="CANCEL")
    found = sorted((one.start or 0, one.verdict.reason) for one in resolved(reply("ACCEPTED", *WEEKLY), moved, off))
    assert found == [
        (epoch("2026-02-03T09:00+01:00"), "meeting"),
        (epoch("2026-02-11T12:00+00:00"), "meeting"),
        (epoch("2026-02-17T09:00+01:00"), "cancelled"),
        (epoch("2026-02-24T09:00+01:00"), "meeting"),
    ]


def test_a_series_called_off_takes_its_occurrences_along() -> None:
    once = reply("ACCEPTED", "RECURRENCE-ID;TZID=Europe/Berlin:20260210T090000", "SEQUENCE:0")
    off = event(*BY_MARA, *WEEKLY, "SEQUENCE:1", method="CANCEL")
    assert {one.verdict.reason for one in resolved(reply("ACCEPTED", *WEEKLY), once, off)} == {"cancelled"}


def test_one_occurrence_and_all_after_it() -> None:
    off = event(*BY_MARA, "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20260217T090000", method="CANCEL")
    found = [
        one.verdict.reason for one in sorted(resolved(reply("ACCEPTED", *WEEKLY), off), key=lambda one: one.start or 0)
    ]
    assert found == ["meeting", "meeting", "cancelled", "cancelled"]


def test_one_occurrence_alone_takes_its_time_from_its_id() -> None:
    (found,) = resolved(reply("ACCEPTED", "RECURRENCE-ID:20260210T080000Z"))
    assert (found.start, found.verdict.reason) == (epoch("2026-02-10T08:00+00:00"), "meeting")


@pytest.mark.parametrize(
    ("rrule", "count"),
    [
        ("FREQ=DAILY;COUNT=5", 5),
        ("FREQ=WEEKLY;BYDAY=TU,TH;COUNT=6", 6),
        ("FREQ=WEEKLY;UNTIL=20260224T080000Z", 4),
        ("FREQ=WEEKLY;UNTIL=20260224", 4),
        ("FREQ=MONTHLY;BYDAY=1TU", 11),
        ("FREQ=YEARLY", 1),
        ("FREQ=HOURLY", 1),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", 1),
        ("FREQ=WEEKLY;INTERVAL=0", 1),
        ("FREQ=WEEKLY;COUNT=0", 1),
        ("FREQ=NONSENSE", 1),
        ("", 1),
    ],
)
def test_recurrence_is_bounded(rrule: str, count: int) -> None:
    rule = Rule(rrule, "2026-02-03T09:00:00", "Europe/Berlin", all_day=False)
    began = process_time()
    assert len(starts(rule, epoch("2026-02-03T09:00+01:00"), HORIZON, BERLIN)) == count
    assert process_time() - began < 2


def test_a_count_is_counted_from_the_first_however_long_ago() -> None:
    first = datetime(2005, 3, 1, 9, tzinfo=UTC)
    found = starts(Rule("FREQ=DAILY;COUNT=5", "2005-03-01T09:00:00", "UTC", all_day=False), int(first.timestamp()),
                   int(datetime(2026, 11, 1, tzinfo=UTC).timestamp()), ZoneInfo("UTC"))  # fmt: skip
    assert [datetime.fromtimestamp(at, UTC).date().isoformat() for at in found] == [
        f"2005-03-0{n}" for n in range(1, 6)
    ]


def test_recurrence_keeps_the_wall_time_over_summer_and_whole_days() -> None:
    rule = Rule("FREQ=MONTHLY;COUNT=3", "2026-02-03T09:00:00", "", all_day=False)
    assert starts(rule, epoch("2026-02-03T09:00+01:00"), HORIZON, BERLIN)[2] == epoch("2026-04-03T09:00+02:00")
    rule = Rule("FREQ=DAILY;COUNT=3", "2026-02-03", "", all_day=True, rdates=(epoch("2026-03-01T00:00+01:00"),))
    assert len(starts(rule, epoch("2026-02-03T00:00+01:00"), HORIZON, BERLIN)) == 4
    rule = Rule("FREQ=DAILY", "1990-01-01T09:00:00", "Nowhere/At", all_day=False)
    assert len(starts(rule, epoch("1990-01-01T09:00+01:00"), HORIZON, BERLIN)) == 4000


@pytest.mark.parametrize("text", TEXTS)
def test_facts_bring_back_the_invitation(text: str) -> None:
    for one in read_invitations(text, method="", zone=BERLIN):
        assert read_invitation(invitation_facts(one)) == one


pieces = st.sampled_from(
    ["\n", "\r\n ", ":", ";", "=", '"', "\\", "BEGIN:VEVENT\n", "END:VEVENT\n", "RRULE:FREQ=DAILY\n", "99999999",
     "T", "Z", "\x00", "RRULE:FREQ=MONTHLY;BYDAY=9MO\n", "DTSTART:00010101T000000Z\n", "DTSTART;VALUE=DATE:99991231\n",
     "EXDATE:20260305T090000\n", "DURATION:P99999999D\n", "RECURRENCE-ID:20260210T080000Z\n", "ATTENDEE:\n", "mailto:",
     "RDATE;VALUE=PERIOD:x\n", "SEQUENCE:-1\n", "é"]
)  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from(TEXTS))
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(st.one_of(pieces, st.text(max_size=3))) + text[at + draw(st.integers(0, 6)) :]
    return text


@settings(max_examples=200, deadline=None)
@given(mutated())
def test_mutated_calendars_never_raise(text: str) -> None:
    resolved(text)
    for one in read_invitations(text, method="REQUEST", zone=BERLIN):
        assert read_invitation(invitation_facts(one)) == one


def test_further_and_left_out_starts() -> None:
    found = read(event(
        "DTSTART;TZID=Europe/Berlin:20260203T090000", "RDATE;TZID=Europe/Berlin:20260210T090000,20260217T090000",
        "RDATE;VALUE=PERIOD:20260301T090000Z/PT1H", "RDATE:nonsense", "EXDATE;TZID=Europe/Berlin:20260217T090000",
        "EXDATE;VALUE=DATE:00010101", "RRULE:FREQ=NONSENSE;;=",
    ))  # fmt: skip
    assert found.rule is not None
    assert starts(found.rule, found.start or 0, HORIZON, BERLIN) == tuple(
        epoch(text) for text in ("2026-02-03T09:00+01:00", "2026-02-10T09:00+01:00", "2026-03-01T09:00+00:00")
    )
    utc = read(event("DTSTART:20260203T080000Z", "RRULE:FREQ=WEEKLY;COUNT=2"))
    assert utc.rule is not None
    assert utc.rule.zone == "UTC"
    assert len(starts(utc.rule, utc.start or 0, HORIZON, BERLIN)) == 2


def test_a_zone_that_breaks_the_file_is_left_out() -> None:
    zone = "BEGIN:VTIMEZONE\nBEGIN:VTIMEZONE\nTZID:Mine\nEND:VTIMEZONE\n"
    text = event("DTSTART:20260305T090000Z").replace("METHOD:REQUEST\r\n", f"METHOD:REQUEST\r\n{zone}")
    assert read(text).start == epoch("2026-03-05T09:00Z")
    cut_off = event("DTSTART:20260305T090000Z").partition("END:VEVENT")[0]
    assert read(cut_off).start == epoch("2026-03-05T09:00Z")


OWN_ZONE = """BEGIN:VTIMEZONE
TZID:{name}
BEGIN:STANDARD
DTSTART:00010101T000000
TZOFFSETFROM:+0500
TZOFFSETTO:+0400
{rule}
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:00010601T000000
TZOFFSETFROM:+0400
TZOFFSETTO:+0500
RRULE:FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=1
END:DAYLIGHT
END:VTIMEZONE
"""


@pytest.mark.parametrize(
    ("rule", "offset"),
    [
        ("RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU", "+04:00"),
        ("RRULE:FREQ=SECONDLY", "+01:00"),
        ("RRULE:BYSECOND=1,2,3;BYMINUTE=1,2,3;FREQ=YEARLY", "+01:00"),
        ("rrule:freq=yearly;byweekno=20;wkst=we", "+01:00"),
        ("RRULE:BYMONTH=11", "+01:00"),
    ],
)
@pytest.mark.timeout(10)
def test_a_zone_of_the_files_own_is_believed_where_its_rule_is_one_of_a_zone(rule: str, offset: str) -> None:
    name = f"Own {rule}".translate(str.maketrans(";:,=", "    "))
    times = (f"DTSTART;TZID={name}:20260105T090000", f"DTEND;TZID={name}:20260105T100000")
    began = process_time()
    found = read(OWN_ZONE.format(name=name, rule=rule) + event(*times).replace("\r", ""))
    assert process_time() - began < 2
    assert found.start == epoch(f"2026-01-05T09:00{offset}")
    assert found.end == epoch(f"2026-01-05T10:00{offset}")


@pytest.mark.parametrize(
    "day", ["00010101T000000", "99991231T235959", "00010101T000000Z", ";VALUE=DATE:00010101", ";VALUE=DATE:99991231"]
)
def test_the_ends_of_time_are_read(day: str) -> None:
    start = read(event(f"DTSTART{day if day.startswith(';') else f':{day}'}")).start
    assert start is not None
    assert abs(start) > epoch("2900-01-01T00:00+00:00")


def test_spaces_after_a_component_do_not_hide_it() -> None:
    text = event(*TIMES).replace("BEGIN:VEVENT", "BEGIN:VEVENT \t").replace("END:VEVENT", "END:VEVENT  ")
    assert read(text).start == epoch("2026-03-05T09:00+00:00")


def test_a_repetition_without_a_zone_keeps_its_own_clock_and_only_dates_are_added() -> None:
    rule = read(event("DTSTART:20260305T090000", "RRULE:FREQ=DAILY;COUNT=2", "RDATE;VALUE=TIME:101010")).rule
    assert rule == Rule("FREQ=DAILY;COUNT=2", "2026-03-05T09:00:00", "", all_day=False)
    rule = read(event("DTSTART;VALUE=DATE:20260305", "RDATE;VALUE=DATE:20260307")).rule
    assert rule == Rule("", "2026-03-05", "", all_day=True, rdates=(epoch("2026-03-07T00:00+01:00"),))
    rule = read(event("DTSTART:20260305T090000Z", "RRULE:FREQ=DAILY;COUNT=2")).rule
    assert rule
    assert rule.zone == "UTC"


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;COUNT=99999999",
        "FREQ=YEARLY;BYDAY=MO,TU,WE;BYHOUR=1,2,3,4,5,6,7,8;BYMINUTE=" + ",".join(map(str, range(60))),
    ],
)
def test_no_rule_takes_minutes(rule: str) -> None:
    text = "\r\n".join(("BEGIN:VEVENT", "UID:u", "DTSTART:00020101T100000Z", f"RRULE:{rule}", "END:VEVENT"))
    (found,) = read_invitations(text, method="REQUEST", zone=BERLIN)
    assert found.rule is not None
    began = process_time()
    starts(found.rule, found.start or 0, 1_800_000_000, BERLIN)
    assert process_time() - began < 5
