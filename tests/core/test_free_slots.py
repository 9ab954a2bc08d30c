"""Which half-hours are free, and what a draft says of them."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.core.contact.calendar_file import Span
from assistant.core.contact.free_slots import HALF_HOUR, free_slots
from assistant.core.evidence.dossier import Sentence
from assistant.core.evidence.hard_checks import check
from assistant.core.language.data_files import LANGUAGES
from assistant.core.people.named_in_title import named_in
from assistant.core.people.roster import Person
from assistant.writer.offline.phrase import Week, draft
from tests.dossiers import dossier_with_slots
from tests.scanning import BERLIN

HOURS = (time(9), time(17))
NOW = datetime(2026, 12, 3, 8, 0, tzinfo=BERLIN)  # a Thursday


def day(text: str, end: str) -> Span:
    begin, until = (int(datetime.fromisoformat(one).replace(tzinfo=BERLIN).timestamp()) for one in (text, end))
    return Span(begin, until)


def words(slots: tuple[datetime, ...]) -> list[str]:
    return [f"{at:%a %d %H:%M}" for at in slots]


def test_two_or_three_on_different_working_days() -> None:
    assert words(free_slots([], HOURS, BERLIN, NOW)) == ["Mon 07 10:00", "Wed 09 14:30", "Fri 11 11:30"]


def test_what_is_taken_is_not_offered() -> None:
    busy = [
        day("2026-12-07T09:45", "2026-12-07T10:15"),
        day("2026-12-09", "2026-12-10"),
        day("2026-12-08", "2026-12-09"),
    ]
    assert words(free_slots(busy, HOURS, BERLIN, NOW)) == ["Mon 07 10:30", "Fri 11 14:30", "Tue 15 11:30"]


def test_one_free_day_is_no_choice() -> None:
    busy = [day("2026-12-08", "2026-12-31")]
    assert free_slots(busy, HOURS, BERLIN, NOW) == ()


def test_hours_too_short_for_half_an_hour_offer_nothing() -> None:
    assert free_slots([], (time(9), time(9, 20)), BERLIN, NOW) == ()


def test_a_time_that_the_clocks_leave_out_is_no_slot() -> None:
    cairo = ZoneInfo("Africa/Cairo")  # on Friday, 24 April 2026, there is no hour after midnight
    slots = free_slots([], (time(0), time(1)), cairo, datetime(2026, 4, 20, 12, tzinfo=cairo))
    assert words(slots) == ["Wed 22 00:30", "Mon 27 00:30", "Wed 29 00:30"]


ZONES = ("Europe/Berlin", "America/New_York", "Pacific/Auckland", "Asia/Kolkata", "Australia/Lord_Howe", "Africa/Cairo")


@given(
    st.sampled_from(ZONES),
    st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1)),  # noqa: DTZ001 - made aware below
    st.lists(st.tuples(st.integers(-24, 400), st.integers(1, 60)), max_size=20),
    st.tuples(st.integers(0, 10), st.integers(11, 23)),
)
@settings(max_examples=60, deadline=None)
def test_every_slot_is_free_and_within_hours(
    name: str, at: datetime, taken: list[tuple[int, int]], hours: tuple[int, int]
) -> None:
    zone, now = ZoneInfo(name), at.replace(tzinfo=UTC)
    epoch = int(now.timestamp())
    busy = [Span(epoch + begin * 3_600, epoch + (begin + length) * 3_600) for begin, length in taken]
    begin, end = (time(hour) for hour in hours)
    slots = free_slots(busy, (begin, end), zone, now)
    assert len({slot.date() for slot in slots}) == len(slots)
    assert len(slots) in {0, 2, 3}
    for slot in slots:
        start, stop = int(slot.timestamp()), int((slot.astimezone(UTC) + HALF_HOUR).timestamp())
        assert not any(span.begin < stop and start < span.end for span in busy)
        assert slot.weekday() < 5
        assert begin <= slot.time() < end
        assert timedelta(days=1) < slot - now <= timedelta(days=15)
        assert slot.astimezone(UTC).astimezone(zone).time() == slot.time()


SLOTS = free_slots([], HOURS, BERLIN, NOW)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("formal", [False, True])
def test_a_draft_offers_them_in_words_that_pass_every_check(language: str, formal: bool) -> None:  # noqa: FBT001
    for week in range(49, 53):
        dossier = dossier_with_slots(language, SLOTS, f"2026-W{week}", formal=formal)
        _, sentences = draft(dossier, Week())
        (offer,) = [one for one in sentences if "10" in one.text and "14" in one.text]
        assert "Berlin" in offer.text
        assert offer.kind == "ask"
        assert offer.evidence
        assert check(offer, dossier) is None, offer.text


@pytest.mark.parametrize(
    ("text", "fails"),
    [
        ("Would Monday at 10:00 or Wednesday at 14:30 suit you?", None),
        ("Could we talk on 9 December at 2:30 pm?", None),
        ("Would Wednesday at 10:00 suit you?", "time"),
        ("Would Monday at 10:30 suit you?", "time"),
        ("Could we talk on Thursday at 10:00?", "time"),
        ("Would Monday 14 December at 10:00 suit you?", "time"),
    ],
)
def test_nobody_offers_another_time(text: str, fails: str | None) -> None:
    assert check(Sentence("ask", text), dossier_with_slots("en", SLOTS, "2026-W49")) == fails


def test_without_calendars_nothing_changes() -> None:
    _, sentences = draft(dossier_with_slots("en", (), "2026-W49"), Week())
    assert not any("10:00" in one.text for one in sentences)


PEOPLE = [
    Person(f"p{number}", name, "mentor")
    for number, name in enumerate(
        ("Jonas Weber", "Zoë Marchand", "Jean-Luc Moreau", "Li Na", "Jürgen Müller", "李娜", "Sean O'Brien", "Priya")
    )
]


@pytest.mark.parametrize(
    ("title", "named"),
    [
        ("Telefonat JONAS WEBER (Angebot)", ["Jonas Weber"]),
        ("Weber, Jonas: Budget", ["Jonas Weber"]),
        ("Jonas Weber-Klein", []),
        ("Jonas", []),
        ("Jonas Weberei", []),
        ("Zoe Marchand’s talk & Jonas Weber", ["Jonas Weber", "Zoë Marchand"]),
        ("Jean Luc Moreau", ["Jean-Luc Moreau"]),
        ("Juergen Mueller", ["Jürgen Müller"]),
        ("Juli Nakamura", []),
        ("与李娜午餐", ["李娜"]),
        ("Call Sean O’Brien", ["Sean O'Brien"]),
        ("Priya", []),
        ("", []),
    ],
)
def test_only_a_full_name_in_a_title_is_somebody(title: str, named: list[str]) -> None:
    assert [person.name for person in named_in(title, PEOPLE)] == named


def test_a_name_that_two_have_is_nobodys() -> None:
    assert named_in("Jonas Weber", [*PEOPLE, Person("q", "Jonas Weber", "ally")]) == ()
