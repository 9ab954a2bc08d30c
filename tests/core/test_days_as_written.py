"""Days, lengths and cadences as people write them in four languages: the tables of `days/`, and what they rest on."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.core.language.calendar.words import fold_day, read_words
from assistant.core.language.data_files import Language, data_file
from assistant.core.language.dates import (
    LONGEST_DAYS,
    Direction,
    after,
    ambiguous_days,
    cadence_days,
    parse_day,
    parse_length,
    writes_month_first,
)
from assistant.core.language.days_in_words import say_day

LANGUAGES: tuple[Language, ...] = get_args(Language)
WEDNESDAY = date(2026, 3, 4)
WRITTEN: dict[Language, dict[str, Any]] = {
    language: tomllib.loads((Path(__file__).parent / "days" / f"{language}.toml").read_text()) for language in LANGUAGES
}


def cases(kind: str) -> list[tuple[Language, str, str]]:
    return [
        (language, words, meaning)
        for language, tables in WRITTEN.items()
        for meaning, texts in tables[kind].items()
        for words in texts
    ]


def day_of(meaning: str) -> date | None:
    return None if meaning in {"none", "ambiguous"} else date.fromisoformat(meaning)


@pytest.mark.parametrize(("language", "words", "day"), cases("past"))
def test_days_met(language: Language, words: str, day: str) -> None:
    assert parse_day(words, WEDNESDAY, "past", language) == day_of(day)
    assert (ambiguous_days(words, WEDNESDAY, "past", language) is not None) == (day == "ambiguous")


@pytest.mark.parametrize(("language", "words", "day"), cases("future"))
def test_days_to_wait_for(language: Language, words: str, day: str) -> None:
    assert parse_day(words, WEDNESDAY, "future", language) == day_of(day)
    assert (ambiguous_days(words, WEDNESDAY, "future", language) is not None) == (day == "ambiguous")


@pytest.mark.parametrize(("language", "words", "end"), cases("length"))
def test_lengths_of_time(language: Language, words: str, end: str) -> None:
    length = parse_length(words, language)
    assert (after(WEDNESDAY, length) if length else None) == day_of(end)


@pytest.mark.parametrize(("language", "words", "days"), cases("cadence"))
def test_rhythms(language: Language, words: str, days: str) -> None:
    assert cadence_days(words, language) == (None if days == "none" else int(days))


def test_other_languages_are_not_read_unasked() -> None:
    assert parse_day("ayer", WEDNESDAY, "past") is None
    assert parse_day("ayer", WEDNESDAY, "past", "fr") is None
    assert parse_length("dos meses", "de") is None
    assert cadence_days("cada mes") is None


def test_a_day_ahead_is_no_length() -> None:
    assert parse_length("in 2 weeks") is None
    assert parse_length("in zwei Wochen", "de") is None
    assert parse_length("dans 15 jours", "fr") is None
    assert parse_length("en dos semanas", "es") is None


@pytest.mark.parametrize(
    ("words", "month_first", "day"),
    [
        ("3/4", False, "2025-04-03"),
        ("3/4", True, "2026-03-04"),
        ("3/4", None, None),
        ("3/4/25", True, "2025-03-04"),
        ("3-4-2025", False, "2025-04-03"),
        ("27/2", True, "2026-02-27"),
        ("2/27", False, "2026-02-27"),
        ("3/3", None, "2026-03-03"),
        ("Wed 3/4", None, "2026-03-04"),
        ("Thu 3/4", None, "2025-04-03"),
        ("Mon 3/4", None, None),
        ("Wed 3/4", False, None),
    ],
)
def test_order_of_day_and_month(words: str, month_first: bool | None, day: str | None) -> None:  # noqa: FBT001 - a case
    found = parse_day(words, WEDNESDAY, "past", month_first=month_first)
    assert found == (date.fromisoformat(day) if day else None)


def test_both_days_of_an_ambiguous_one() -> None:
    assert ambiguous_days("5/12", WEDNESDAY, "future") == (date(2026, 12, 5), date(2026, 5, 12))
    assert ambiguous_days("27/2", WEDNESDAY, "future") is None
    assert ambiguous_days("lunch", WEDNESDAY, "future") is None
    assert ambiguous_days("5/12", WEDNESDAY, "future", "fr") is None


@pytest.mark.parametrize(
    ("language", "zone", "month_first"),
    [
        ("en", "America/New_York", True),
        ("en", "America/Indiana/Knox", True),
        ("en", "Europe/London", False),
        ("en", "Asia/Kolkata", False),
        ("en", "Asia/Manila", None),
        ("en", "America/Toronto", None),
        ("en", "UTC", None),
        ("fr", "America/Toronto", False),
        ("de", "America/New_York", False),
    ],
)
def test_who_writes_the_month_first(language: Language, zone: str, month_first: bool | None) -> None:  # noqa: FBT001 - a case
    assert writes_month_first(language, zone) is month_first


@pytest.mark.parametrize(
    ("today", "met", "coming"),
    [
        ("2026-03-06", "2026-02-28", "2026-03-07"),
        ("2026-03-07", "2026-03-07", "2026-03-14"),
        ("2026-03-08", "2026-03-07", "2026-03-14"),
        ("2026-03-09", "2026-03-07", "2026-03-14"),
    ],
)
def test_a_weekend_is_its_saturday(today: str, met: str, coming: str) -> None:
    here = date.fromisoformat(today)
    said: dict[Language, str] = {"en": "this weekend", "de": "am Wochenende", "fr": "ce week-end", "es": "el finde"}
    for language, words in said.items():
        assert parse_day(words, here, "past", language) == date.fromisoformat(met)
        assert parse_day(words, here, "future", language) == date.fromisoformat(coming)


def test_a_long_text_is_not_read_by_its_beginning() -> None:
    assert parse_day("yesterday" + " " * 60, WEDNESDAY, "past") == date(2026, 3, 3)
    assert parse_day("yesterday" + " " * 80 + "she left", WEDNESDAY, "past") is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_word_has_one_meaning(language: Language) -> None:
    for name, table in data_file("calendar", language).items():
        if isinstance(table, dict) and name not in {"shapes", "zones"}:
            words = [fold_day(word, language) for meaning in table.values() for word in meaning.split("|")]
            twice = {word for word in words if words.count(word) > 1}
            assert not twice, f"{name}: {twice}"


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(-3000, 3000), st.sampled_from(LANGUAGES))
def test_a_day_told_in_any_language_is_read_back(today: date, days: int, language: Language) -> None:
    told = today + timedelta(days=days)
    assert parse_day(say_day(told, language), today, "past", language) == told
    assert parse_day(say_day(told, language), today, "future", language) == told


@given(st.text(max_size=90), st.sampled_from(["past", "future"]), st.sampled_from(LANGUAGES))
def test_any_text_is_a_day_or_none(words: str, direction: Direction, language: Language) -> None:
    found = parse_day(words, WEDNESDAY, direction, language)
    assert found is None or abs((found - WEDNESDAY).days) <= LONGEST_DAYS


@given(
    st.data(),
    st.dates(date(1990, 1, 1), date(2090, 1, 1)),
    st.sampled_from(LANGUAGES),
    st.sampled_from(["past", "future"]),
)
def test_words_of_the_calendar_in_any_order(
    data: st.DataObject, today: date, language: Language, direction: Direction
) -> None:
    known = [word for table in read_words(language).tables.values() for word in table]
    some = data.draw(st.lists(st.sampled_from([*known, "0", "1", "31", "53", "99", "0000", "2026", "9999", "of", "/"])))
    words = " ".join(some)
    found = parse_day(words, today, direction, language)
    assert found is None or abs((found - today).days) <= LONGEST_DAYS
    assert (cadence_days(words, language) or 1) >= 1
    length = parse_length(words, language)
    assert length is None or (length.months >= 0 and length.days >= 0)
