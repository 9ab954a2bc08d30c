"""Whole calendars: what is read of them, in how much time, and that no text raises or hangs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from time import process_time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.core.contact.calendar_file import LARGEST, Span, busy_spans, read_calendar_file
from assistant.core.contact.time_zones import named_like
from tests.calendar_corpus import FOLDER
from tests.scanning import BERLIN, NOW

SPAN = Span(int(NOW.timestamp()) - 90 * 86_400, int(NOW.timestamp()) + 15 * 86_400)
UTC_ZONE = ZoneInfo("UTC")
OWNER = frozenset({"jo@harbour.example"})
OLD = (
    "BEGIN:VEVENT\r\nUID:{n}\r\nDTSTART:2019{m:02}01T090000Z\r\nDTEND:2019{m:02}01T100000Z\r\nSUMMARY:{n}\r\n"
    "{more}END:VEVENT\r\n"
)
FILES = sorted(path.stem for path in FOLDER.glob("*.ics"))


def whole(*events: str, more: str = "") -> str:
    return f"BEGIN:VCALENDAR\r\n{more}{''.join(events)}END:VCALENDAR\r\n"


def event(*lines: str, uid: str = "u1") -> str:
    return "\r\n".join(("BEGIN:VEVENT", f"UID:{uid}", *lines, "END:VEVENT", ""))


def starts(text: str) -> list[str]:
    found = read_calendar_file(text, SPAN, BERLIN)
    assert found is not None
    return sorted(datetime.fromtimestamp(one.start or 0, BERLIN).isoformat() for one in found.occurrences)


@pytest.mark.parametrize(
    "text", ["", "<html>sign in</html>", "BEGIN:VCALENDAR\r\n" + event("DTSTART:20260305T090000Z"), "END:VCALENDAR"]
)
def test_what_is_no_whole_calendar(text: str) -> None:
    assert read_calendar_file(text, SPAN, BERLIN) is None


def test_an_empty_calendar_is_one() -> None:
    found = read_calendar_file(whole(), SPAN, BERLIN)
    assert found is not None
    assert (found.occurrences, found.oldest, found.events) == ((), None, 0)


def test_ten_megabytes_of_old_events_are_passed_over_quickly() -> None:
    text = whole(*(OLD.format(n=n, m=n % 12 + 1, more="X-NOTE:" + "x" * 200 + "\r\n") for n in range(30_000)))
    text = text.replace("END:VCALENDAR", event("DTSTART:20260312T090000Z", "DTEND:20260312T100000Z") + "END:VCALENDAR")
    assert 9_000_000 < len(text) < LARGEST
    began = process_time()
    found = read_calendar_file(text, SPAN, BERLIN)
    assert process_time() - began < 4
    assert found is not None
    assert (len(found.occurrences), found.events) == (1, 30_001)
    assert found.oldest == int(datetime(2019, 1, 1, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    "piece",
    [
        *(f"BEGIN:{name}\n" for name in ("VEVENT", "VTIMEZONE", "VALARM")),
        "DTSTART;X=" + ":" * 99,
        "DTSTART;TZID=" + "a:" * 99 + "\n",
        "\n ",
        '"' * 50,
        "BEGIN:VEVENT\nDTSTART:20260305T090000Z\nRRULE:FREQ=DAILY\nUID:1\nEND:VEVENT\n",
    ],
)
def test_no_repetition_makes_it_slow(piece: str) -> None:
    text = f"BEGIN:VCALENDAR\n{piece * (400_000 // len(piece))}\nEND:VCALENDAR\n"
    began = process_time()
    read_calendar_file(text, SPAN, BERLIN)
    assert process_time() - began < 4


TEXTS = [(FOLDER / f"{name}.ics").read_bytes().decode("utf-8", "replace")[:20_000] for name in FILES]


@given(st.sampled_from(TEXTS), st.integers(0, 19_000), st.integers(0, 300), st.text(max_size=40))
@settings(max_examples=40, deadline=None)
def test_mutated_calendars_never_raise(text: str, place: int, cut: int, more: str) -> None:
    read_calendar_file(text[:place] + more + text[place + cut :] + "\nEND:VCALENDAR", SPAN, BERLIN)


def test_a_thousand_daily_meetings_are_cut_short() -> None:
    daily = ("DTSTART:20150305T090000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY")
    began = process_time()
    found = read_calendar_file(whole(*(event(*daily, uid=str(number)) for number in range(1_000))), SPAN, BERLIN)
    assert process_time() - began < 6
    assert found is not None
    assert not found.complete


def test_hundreds_of_people_every_day_are_cut_short_too() -> None:
    people = [f"ATTENDEE:mailto:p{number}@x.example" for number in range(400)]
    daily = ("DTSTART:20150305T090000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY", *people)
    found = read_calendar_file(whole(*(event(*daily, uid=str(number)) for number in range(20))), SPAN, BERLIN)
    assert found is not None
    assert not found.complete
    assert sum(len(one.attendees) for one in found.occurrences) < 110_000


def test_counted_meetings_are_cut_short() -> None:
    counted = ("DTSTART:20250305T090000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=20000")
    found = read_calendar_file(whole(*(event(*counted, uid=str(number)) for number in range(51))), SPAN, BERLIN)
    assert found is not None
    assert not found.complete


def test_a_series_of_old_has_its_occurrences() -> None:
    text = whole(
        event(
            "DTSTART;TZID=Europe/Berlin:20190304T090000",
            "DURATION:PT1H",
            "RRULE:FREQ=WEEKLY;BYDAY=MO",
            "EXDATE;TZID=Europe/Berlin:20260302T090000",
        ),
        event(
            "DTSTART;TZID=Europe/Berlin:20260324T140000",
            "DURATION:PT1H",
            "RECURRENCE-ID;TZID=Europe/Berlin:20260323T090000",
        ),
    )
    found = read_calendar_file(text, SPAN, BERLIN)
    assert found is not None
    live = sorted((one for one in found.occurrences if not one.cancelled), key=lambda one: one.start or 0)
    at = [datetime.fromtimestamp(one.start or 0, BERLIN).strftime("%m-%d %H:%M") for one in live]
    assert at[-3:] == ["03-09 09:00", "03-16 09:00", "03-24 14:00"]
    assert "03-02 09:00" not in at


def test_a_zone_of_outlooks_own_keeps_the_wall_time() -> None:
    zone = (
        "BEGIN:VTIMEZONE\r\nTZID:{name}\r\nBEGIN:STANDARD\r\nDTSTART:16010101T030000\r\nTZOFFSETFROM:+0200\r\n"
        "TZOFFSETTO:+0100\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\nEND:STANDARD\r\nBEGIN:DAYLIGHT\r\n"
        "DTSTART:16010101T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\n"
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n"
    )
    for name in ("W. Europe Standard Time", "Customized Time Zone", "tzone://Microsoft/Custom"):
        series = event(f"DTSTART;TZID={name}:20251006T090000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY")
        found = starts(whole(series, more=zone.format(name=name)))
        assert {at[11:16] for at in found} == {"09:00"}, name


def test_a_zone_of_somebody_elses_own_changes_its_clocks_with_theirs() -> None:
    zone = (
        "BEGIN:VTIMEZONE\r\nTZID:Mine\r\nBEGIN:STANDARD\r\nDTSTART:20071104T020000\r\nTZOFFSETFROM:-0400\r\n"
        "TZOFFSETTO:-0500\r\nRRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11\r\nEND:STANDARD\r\nBEGIN:DAYLIGHT\r\n"
        "DTSTART:20070311T020000\r\nTZOFFSETFROM:-0500\r\nTZOFFSETTO:-0400\r\n"
        "RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n"
    )
    series = event("DTSTART;TZID=Mine:20260220T100000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY")
    assert [at[5:16] for at in starts(whole(series, more=zone))] == [
        *("02-20T16:00", "02-27T16:00", "03-06T16:00"),
        *("03-13T15:00", "03-20T15:00"),  # New York has changed its clocks, Berlin hasn't
    ]


def test_a_known_name_is_believed_before_a_definition() -> None:
    zone = "BEGIN:VTIMEZONE\r\nTZID:New Zealand Standard Time\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
    zone += "TZOFFSETFROM:+1200\r\nTZOFFSETTO:+1200\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    once = event("DTSTART;TZID=New Zealand Standard Time:20260220T100000", "DURATION:PT1H")
    assert starts(whole(once, more=zone)) == ["2026-02-19T22:00:00+01:00"], "it is summer there"


def test_a_zone_that_no_place_has_keeps_the_owners_time() -> None:
    zone = "BEGIN:VTIMEZONE\r\nTZID:Odd\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0517\r\n"
    zone += "TZOFFSETTO:+0517\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    series = event("DTSTART;TZID=Odd:20260220T101700", "DURATION:PT1H", "RRULE:FREQ=WEEKLY")
    assert starts(whole(series, more=zone))[0] == "2026-02-20T06:00:00+01:00"


def test_a_zone_without_an_offset_is_nowheres() -> None:
    class Broken(tzinfo):
        def utcoffset(self, _at: datetime | None) -> timedelta:
            raise ValueError

        def dst(self, _at: datetime | None) -> None: ...

        def tzname(self, _at: datetime | None) -> None: ...

    assert named_like(Broken(), 2026, BERLIN) is None


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            "DTSTART:20260305T110000Z\r\nDTEND:20260305T120000Z",
            ["02-26 09:00", "03-05 11:00", "03-12 11:00", "03-19 11:00"],
        ),
        ("DTSTART:20990305T110000Z\r\nDTEND:20990305T120000Z", ["02-26 09:00", "03-12 09:00", "03-19 09:00"]),
        ("SUMMARY:without a time", ["02-26 09:00", "03-05 09:00", "03-12 09:00", "03-19 09:00"]),
    ],
)
def test_this_and_all_later_ones_are_moved(change: str, expected: list[str]) -> None:
    series = event("DTSTART:20260226T090000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY")
    moved = event("RECURRENCE-ID;RANGE=THISANDFUTURE:20260305T090000Z", change)
    found = read_calendar_file(whole(series, moved), SPAN, UTC_ZONE)
    assert found is not None
    at = sorted(one.start or 0 for one in found.occurrences)
    assert [datetime.fromtimestamp(one, UTC).strftime("%m-%d %H:%M") for one in at] == expected


def test_the_span_begins_where_it_begins_whatever_was_moved() -> None:
    series = event("DTSTART:20251201T093000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY")  # the span begins at 11:00 UTC
    moved = event("RECURRENCE-ID;RANGE=THISANDFUTURE:20260305T093000Z", "DTSTART:20260305T123000Z", "DURATION:PT1H")
    assert starts(whole(series, moved))[0] == "2025-12-11T10:30:00+01:00"


def test_periods_and_days_left_out() -> None:
    series = event(
        "DTSTART:20260305T090000Z",
        "DURATION:PT1H",
        "RDATE;VALUE=PERIOD:20260306T090000Z/PT3H,20260307T090000Z/20260307T093000Z,20260308T090000Z/20260308T080000Z",
        "EXDATE:20260309T090000Z,20240309T090000Z",
    )
    found = read_calendar_file(whole(series), SPAN, BERLIN)
    assert found is not None
    length = [((one.end or 0) - (one.start or 0)) // 60 for one in found.occurrences if not one.cancelled]
    assert length == [60, 180, 30, 60]
    assert [one.cancelled for one in found.occurrences].count(True) == 1


def test_busy_is_what_takes_the_owners_time() -> None:
    day = ("DTSTART:20260312T090000Z", "DTEND:20260312T100000Z")
    found = read_calendar_file(
        whole(
            event(*day, "TRANSP:TRANSPARENT", uid="1"),
            event(*day, "STATUS:CANCELLED", uid="2"),
            event(*day, "ATTENDEE;PARTSTAT=DECLINED:mailto:jo@harbour.example", uid="3"),
            event(*day, "TRANSP:OPAQUE", "X-MICROSOFT-CDO-BUSYSTATUS:FREE", uid="4"),
            event("DTSTART;VALUE=DATE:20260313", uid="5"),
            event("DTSTART:20260314T090000", "DTEND:20260314T093000", "X-MICROSOFT-CDO-BUSYSTATUS:OOF", uid="6"),
        ),
        SPAN,
        BERLIN,
    )
    assert found is not None
    busy = [
        tuple(datetime.fromtimestamp(at, BERLIN).strftime("%d %H:%M") for at in span)
        for span in busy_spans(found.occurrences, OWNER)
    ]
    assert busy == [("13 00:00", "14 00:00"), ("14 09:00", "14 09:30")]
