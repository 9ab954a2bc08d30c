from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.core.language.dates import (
    LONGEST_DAYS,
    Direction,
    Length,
    after,
    cadence_days,
    parse_day,
    parse_length,
)
from assistant.core.language.days_in_words import cadence_words, say_day, say_day_and_month

if TYPE_CHECKING:
    from assistant.core.language.data_files import Language

WEDNESDAY = date(2026, 3, 4)
PAST = {
    "today": "2026-03-04",
    "yesterday": "2026-03-03",
    "the day before yesterday": "2026-03-02",
    "last night": "2026-03-03",
    "this morning": "2026-03-04",
    "Tuesday": "2026-03-03",
    "on Tuesday": "2026-03-03",
    "tue": "2026-03-03",
    "Wednesday": "2026-03-04",
    "Thursday": "2026-02-26",
    "last Tuesday": "2026-03-03",
    "last Wednesday": "2026-02-25",
    "last Thursday": "2026-02-26",
    "this Wednesday": "2026-03-04",
    "12 February": "2026-02-12",
    "12 May": "2025-05-12",
    "4 March": "2026-03-04",
    "on the 12th of May": "2025-05-12",
    "May 12th, 2025": "2025-05-12",
    "Feb. 12": "2026-02-12",
    "12 May 2025": "2025-05-12",
    "2026-02-28": "2026-02-28",
    "3 weeks ago": "2026-02-11",
    "a month ago": "2026-02-04",
    "last week": "2026-02-25",
    "end of February": "2026-02-28",
    "end of last month": "2026-02-28",
    "29 February": "2026-02-28",
}
FUTURE = {
    "tomorrow": "2026-03-05",
    "the day after tomorrow": "2026-03-06",
    "Tuesday": "2026-03-10",
    "Wednesday": "2026-03-11",
    "Thursday": "2026-03-05",
    "this Friday": "2026-03-06",
    "this coming Friday": "2026-03-06",
    "next Friday": "2026-03-13",
    "next Monday": "2026-03-09",
    "next Wednesday": "2026-03-11",
    "12 May": "2026-05-12",
    "4 March": "2027-03-04",
    "12 February": "2027-02-12",
    "2026-12-24": "2026-12-24",
    "3 weeks": "2026-03-25",
    "in 3 weeks": "2026-03-25",
    "two weeks from now": "2026-03-18",
    "a month": "2026-04-04",
    "end of March": "2026-03-31",
    "the end of June": "2026-06-30",
    "end of the month": "2026-03-31",
    "end of next month": "2026-04-30",
    "end of the quarter": "2026-03-31",
    "end of the year": "2026-12-31",
    "end of the week": "2026-03-08",
    "end of March 2027": "2027-03-31",
    "next week": "2026-03-09",
    "next month": "2026-04-01",
    "next year": "2027-01-01",
    "April": "2026-04-01",
    "March": "2027-03-01",
    "31 April": "2026-04-30",
}
GERMAN_PAST = {
    "heute": "2026-03-04",
    "gestern": "2026-03-03",
    "vorgestern": "2026-03-02",
    "am Dienstag": "2026-03-03",
    "letzten Mittwoch": "2026-02-25",
    "letzte Woche": "2026-02-25",
    "12. Februar": "2026-02-12",
    "am 12.2.": "2026-02-12",
    "12.05.2025": "2025-05-12",
    "vor 3 Wochen": "2026-02-11",
    "vor einem Monat": "2026-02-04",
}
GERMAN_FUTURE = {
    "morgen": "2026-03-05",
    "übermorgen": "2026-03-06",
    "uebermorgen": "2026-03-06",
    "Freitag": "2026-03-06",
    "nächsten Freitag": "2026-03-13",
    "naechsten Freitag": "2026-03-13",
    "kommenden Freitag": "2026-03-06",
    "Ende März": "2026-03-31",
    "Ende Maerz": "2026-03-31",
    "Ende nächsten Monats": "2026-04-30",
    "Ende des Jahres": "2026-12-31",
    "drei Wochen": "2026-03-25",
    "in einem Monat": "2026-04-04",
    "nächste Woche": "2026-03-09",
    "1. Mai": "2026-05-01",
    "next Friday": "2026-03-13",
}
NO_DAYS = (
    "",
    "soon",
    "Jane",
    "32 May",
    "0 May",
    "2026-02-30",
    "2026-13-01",
    "12 May 0000",
    "0000-01-01",
    "end of the world",
    "end of Jane",
    "99999 weeks",
    "9999 years",
    "500 years",
    "last soon",
    "May the fourth",
    "12 Maytember",
    "next",
    "ago",
    "jane ago",
    "end of March 0000",
    "end of May xx",
    "this week",
    "9999-12-31",
)


@pytest.mark.parametrize(("words", "day"), PAST.items())
def test_days_after_met_lie_in_the_past(words: str, day: str) -> None:
    assert parse_day(words, WEDNESDAY, "past") == date.fromisoformat(day)


@pytest.mark.parametrize(("words", "day"), FUTURE.items())
def test_days_after_snooze_lie_ahead(words: str, day: str) -> None:
    assert parse_day(words, WEDNESDAY, "future") == date.fromisoformat(day)


@pytest.mark.parametrize(("words", "day"), GERMAN_PAST.items())
def test_german_days_after_met(words: str, day: str) -> None:
    assert parse_day(words, WEDNESDAY, "past", "de") == date.fromisoformat(day)
    assert words.startswith("Ende") or parse_day(words, WEDNESDAY, "past", "en") is None


@pytest.mark.parametrize(("words", "day"), GERMAN_FUTURE.items())
def test_german_days_after_snooze(words: str, day: str) -> None:
    assert parse_day(words, WEDNESDAY, "future", "de") == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("words", "direction", "language", "day"),
    [
        ("Sat 28 Feb 2026", "past", "en", "2026-02-28"),
        ("Tuesday, 3 March", "past", "en", "2026-03-03"),
        ("Tuesday the 3rd", "past", "en", "2026-03-03"),
        ("Monday, 3 March", "past", "en", None),
        ("Tuesday, 31 February", "past", "en", None),
        ("on the 3rd", "past", "en", "2026-03-03"),
        ("the 31st", "past", "en", "2026-01-31"),
        ("the 32nd", "past", "en", None),
        ("Tuesday evening", "past", "en", "2026-03-03"),
        ("evening", "past", "en", None),
        ("Monday last week", "past", "en", "2026-02-23"),
        ("early February", "past", "en", None),
        ("2026/02/03", "past", "en", "2026-02-03"),
        ("3.2.", "past", "en", None),
        ("Sat 4 Apr 2026", "future", "en", "2026-04-04"),
        ("the 2nd", "future", "en", "2026-04-02"),
        ("next week Friday", "future", "en", "2026-03-13"),
        ("the weekend", "future", "en", "2026-03-07"),
        ("next weekend", "future", "en", "2026-03-14"),
        ("end of the weekend", "future", "en", None),
        ("mid-April", "future", "en", "2026-04-15"),
        ("2 wks", "future", "en", "2026-03-18"),
        ("3.2.26", "past", "de", "2026-02-03"),
        ("am Dienstag, den 3. März", "past", "de", "2026-03-03"),
        ("am 3.", "past", "de", "2026-03-03"),
        ("gestern früh", "past", "de", "2026-03-03"),
        ("letzte Woche Dienstag", "past", "de", "2026-02-24"),
        ("zum 12.5.", "future", "de", "2026-05-12"),
        ("Sa. 4. April 2026", "future", "de", "2026-04-04"),
        ("zum Wochenende", "future", "de", "2026-03-07"),
        ("Anfang April", "future", "de", "2026-04-01"),
        ("Monatsende", "future", "de", "2026-03-31"),
    ],
)
def test_days_as_people_type_them(words: str, direction: Direction, language: Language, day: str | None) -> None:
    assert parse_day(words, WEDNESDAY, direction, language) == (date.fromisoformat(day) if day else None)


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(-3000, 3000), st.sampled_from(["en", "de"]))
def test_a_day_as_it_is_told_is_read_back(today: date, days: int, language: Language) -> None:
    told = today + timedelta(days=days)
    assert parse_day(say_day(told, language), today, "past", language) == told


@pytest.mark.parametrize("words", NO_DAYS)
@pytest.mark.parametrize("language", ["en", "de"])
def test_what_is_no_day(words: str, language: str) -> None:
    assert parse_day(words, WEDNESDAY, "past", "de" if language == "de" else "en") is None
    assert parse_day(words, WEDNESDAY, "future", "de" if language == "de" else "en") is None


@pytest.mark.parametrize("words", ["March", "3 weeks", "a month", "in 3 weeks"])
def test_lengths_and_bare_months_are_no_days_after_met(words: str) -> None:
    assert parse_day(words, WEDNESDAY, "past") is None


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.sampled_from(["monday", "wednesday", "sunday"]))
def test_weekdays_by_the_rule(today: date, name: str) -> None:
    index = {"monday": 0, "wednesday": 2, "sunday": 6}[name]
    latest, last = parse_day(name, today, "past"), parse_day(f"last {name}", today, "past")
    coming, following = parse_day(name, today, "future"), parse_day(f"next {name}", today, "future")
    assert latest
    assert last
    assert coming
    assert following
    assert {latest.weekday(), last.weekday(), coming.weekday(), following.weekday()} == {index}
    assert 0 <= (today - latest).days <= 6
    assert 1 <= (today - last).days <= 7
    assert 1 <= (coming - today).days <= 7
    assert following.isocalendar()[:2] == (today + timedelta(days=7)).isocalendar()[:2]
    this = parse_day(f"this {name}", today, "future")
    assert this == coming


@pytest.mark.parametrize(
    ("words", "length"),
    [
        ("3 weeks", Length(days=21)),
        ("a month", Length(months=1)),
        ("two fortnights", Length(days=28)),
        ("half a year", Length(months=6)),
        ("a quarter", Length(months=3)),
        ("2w", Length(days=14)),
        ("10d", Length(days=10)),
        ("3m", Length(months=3)),
        ("1y", Length(months=12)),
        ("a couple of weeks", Length(days=14)),
        ("weeks", None),
        ("some weeks", None),
        ("3 moons", None),
    ],
)
def test_lengths(words: str, length: Length | None) -> None:
    assert parse_length(words) == length


def test_lengths_in_german() -> None:
    assert parse_length("zwei Wochen", "de") == Length(days=14)
    assert parse_length("ein halbes Jahr", "de") == Length(months=6)
    assert parse_length("zwei Wochen") is None


def test_month_ends_clamp() -> None:
    assert after(date(2026, 1, 31), Length(months=1)) == date(2026, 2, 28)
    assert after(date(2024, 1, 31), Length(months=1)) == date(2024, 2, 29)
    assert after(date(2026, 3, 31), Length(months=1), -1) == date(2026, 2, 28)
    assert after(WEDNESDAY, Length(days=99999)) is None


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("weekly", 7),
        ("fortnightly", 14),
        ("biweekly", 14),
        ("monthly", 30),
        ("quarterly", 91),
        ("twice a year", 182),
        ("yearly", 365),
        ("every 10 days", 10),
        ("every 3 weeks", 21),
        ("every 3 months", 91),
        ("every month", 30),
        ("every other week", 14),
        ("once a year", 365),
        ("once a month", 30),
        ("once every 3 weeks", 21),
        ("each week", 7),
        ("once", None),
        ("once upon a time", None),
        ("every 2 years", 730),
        ("6 weeks", 42),
        ("every 0 days", None),
        ("every 99 years", None),
        ("sometimes", None),
        ("every so often", None),
    ],
)
def test_cadences(words: str, days: int | None) -> None:
    assert cadence_days(words) == days


def test_every_cadence_can_be_said() -> None:
    assert all(cadence_days(cadence_words(days)) == days for days in range(1, LONGEST_DAYS + 1))
    assert cadence_words(21) == "every 3 weeks"
    assert cadence_words(365) == "every year"


def test_days_are_said_in_full() -> None:
    assert say_day(date(2026, 4, 4)) == "Sat 4 Apr 2026"
    assert say_day_and_month(date(2026, 3, 2)) == "2 March"
