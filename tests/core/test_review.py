"""The review's arithmetic, case by case; five years of it are counted again in tests/rounds/test_review.py."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from assistant.core.digest.review import (
    Followed,
    Period,
    Record,
    away_spans,
    last_period,
    period_due,
    review,
    seen_and_wanted,
)
from assistant.core.people.roster import Person

LONG_AGO = date(2020, 1, 1)
QUARTER = Period(date(2026, 1, 1), date(2026, 3, 31))  # 90 days
YEAR = Period(date(2025, 1, 1), date(2025, 12, 31))
TODAY = date(2026, 4, 6)


def followed(cadence: int | None, *days: str, since: date = LONG_AGO, **record: object) -> Followed:
    known = Record(tuple(map(date.fromisoformat, days)), since, since, **record)  # type: ignore[arg-type]
    return Followed(Person("ada", "Ada Moreau", "mentor", favourite=True), cadence, known)


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        ("2026-01-01", "2025-10-01", "2025-12-31"),
        ("2026-03-31", "2025-10-01", "2025-12-31"),
        ("2026-04-01", "2026-01-01", "2026-03-31"),
        ("2024-07-01", "2024-04-01", "2024-06-30"),
    ],
)
def test_the_last_whole_quarter(today: str, first: str, last: str) -> None:
    found = last_period(date.fromisoformat(today))
    assert found == Period(date.fromisoformat(first), date.fromisoformat(last))
    assert not found.is_year
    year = last_period(date.fromisoformat(today), year=True)
    assert year.is_year
    assert (year.first, year.last) == (date(int(today[:4]) - 1, 1, 1), date(int(today[:4]) - 1, 12, 31))


@pytest.mark.parametrize(
    ("today", "before", "due"),
    [
        ("2026-04-06", "2026-03-30", QUARTER),
        ("2026-04-13", "2026-04-06", None),
        ("2026-04-13", "2026-03-30", QUARTER),  # the first Monday's was missed
        ("2026-06-29", "2025-06-30", QUARTER),  # all were missed for a year
        ("2026-01-05", "2025-12-29", YEAR),
        ("2026-03-30", "2025-12-29", YEAR),
        ("2026-01-02", "2025-12-22", YEAR),  # of the last week of the year, and late
        ("2026-01-05", "2026-01-02", None),
        ("2026-04-06", None, None),
    ],
)
def test_which_digest_looks_back(today: str, before: str | None, due: Period | None) -> None:
    assert period_due(date.fromisoformat(today), date.fromisoformat(before) if before else None) == due


def test_spans_end_with_the_next_step_or_today() -> None:
    steps = [(date(2026, 1, 1), None), (date(2026, 1, 5), date(2026, 3, 1)), (date(2026, 1, 9), None)]
    assert away_spans(steps, TODAY) == ((date(2026, 1, 5), date(2026, 1, 8)),)
    assert away_spans(steps[:2], TODAY) == ((date(2026, 1, 5), date(2026, 2, 28)),)
    assert away_spans([(date(2026, 4, 1), date.max)], TODAY) == ((date(2026, 4, 1), TODAY),)
    assert away_spans([(date(2026, 4, 1), date.max), (date(2026, 4, 1), None)], TODAY) == ()
    assert away_spans([(date(2026, 4, 1), date(2026, 4, 1))], TODAY) == ()


SNOOZED = ((date(2026, 1, 1), date(2026, 2, 14)),)  # half of the quarter


@pytest.mark.parametrize(
    ("one", "counted"),
    [
        (followed(21, "2025-12-31", "2026-01-01", "2026-03-31", "2026-04-01"), (2, 4)),
        (followed(7), (0, 12)),
        (followed(90, "2026-01-01"), (1, 1)),
        (followed(91, "2025-12-31"), (1, 1)),  # longer than the quarter: one day in 91
        (followed(91, "2025-12-30"), (0, 1)),
        (followed(365, "2025-04-01"), (1, 1)),
        (followed(365, "2025-03-31"), (0, 1)),
        (followed(None, "2026-01-01"), (1, 0)),
        (followed(21, since=date(2026, 3, 1)), (0, 1)),  # 31 days: from the day they were added
        (followed(21, "2026-02-20", since=date(2026, 3, 1)), (0, 1)),
        (followed(21, since=date(2026, 3, 12)), (0, 0)),  # 20 days: not due yet
        (followed(21, since=date(2026, 4, 2)), (0, 0)),
        (followed(21, away=SNOOZED), (0, 2)),
        (followed(21, "2026-01-20", "2026-02-20", away=SNOOZED), (1, 2)),
        (followed(60, "2025-12-20", away=SNOOZED), (1, 1)),  # 45 owed days, and the 15 before the snooze
        (followed(60, "2025-12-16", away=SNOOZED), (0, 1)),
        (followed(21, away=((date(2025, 1, 1), TODAY),)), (0, 0)),
    ],
)
def test_seen_against_wanted(one: Followed, counted: tuple[int, int]) -> None:
    assert seen_and_wanted(one, QUARTER) == counted


def test_a_role_counts_who_was_asked_for_and_leaves_out_the_hoped_for() -> None:
    def one(handle: str, role: str, cadence: int | None, *days: str, hoped: bool = False) -> Followed:
        person = Person(handle, handle.title(), role, hoped=hoped)
        return Followed(person, cadence, followed(cadence, *days).record)

    people = [
        one("ada", "mentor", 90, "2026-02-01"),
        one("bob", "mentor", 21),
        one("cem", "mentor", None),
        one("dana", "mentor", 21, hoped=True),
        one("eli", "sponsor", 90),
    ]
    found = review(QUARTER, people, ("advisor", "mentor"), [("advisor", "empty")], TODAY)
    assert [(line.role, line.people, line.asked, line.seen) for line in found.roles] == [
        ("mentor", 3, 2, 1),
        ("sponsor", 1, 1, 0),
    ]
    assert (found.gaps, found.favourites) == ((("advisor", "empty"),), ())


def moved(*links: tuple[str, str]) -> list[tuple[str, date]]:
    read = tuple((address, date.fromisoformat(day)) for address, day in links)
    one = followed(21, links=read, since=read[0][1])
    return [(move.domain, move.on) for move in review(QUARTER, [one], (), (), TODAY).moved]


def test_who_moved_has_an_address_at_another_domain_since() -> None:
    old = ("ada@old.example", "2020-01-01")
    assert moved(old) == []
    assert moved(old, ("ada@new.example", "2026-02-03")) == [("new.example", date(2026, 2, 3))]
    assert moved(old, ("ada@new.example", "2025-12-31")) == []
    assert moved(old, ("ada.moreau@old.example", "2026-02-03")) == []
    assert moved(old, ("ada@mail.old.example", "2026-02-03")) == []
    assert moved(old, ("ada@bold.example", "2026-02-03")) == [("bold.example", date(2026, 2, 3))]
    # Theirs from the day they were added.
    assert moved(("ada@old.example", "2026-02-03"), ("ada@new.example", "2026-02-03")) == []
    assert moved(("ada@new.example", "2026-02-03")) == []


def is_unreached(one: Followed) -> bool:
    return bool(review(QUARTER, [one], (), (), TODAY).unreached)


def test_never_reached_is_a_year_on_the_roster_without_a_contact() -> None:
    year_ago = TODAY - timedelta(days=364)  # with today, 365 days
    assert is_unreached(followed(21, since=year_ago))
    assert not is_unreached(followed(21, since=year_ago + timedelta(days=1)))
    assert is_unreached(followed(21, (year_ago - timedelta(days=1)).isoformat()))
    assert not is_unreached(followed(21, year_ago.isoformat()))
    assert not is_unreached(followed(21, TODAY.isoformat()))
    assert not is_unreached(followed(730, (TODAY - timedelta(days=700)).isoformat()))
    assert not is_unreached(followed(21, since=year_ago, away=((TODAY, TODAY),)))
    assert is_unreached(followed(None))


def test_what_was_kept_is_asked_again_after_a_year() -> None:
    assert not is_unreached(followed(21, kept_on=TODAY - timedelta(days=364)))
    assert is_unreached(followed(21, kept_on=TODAY - timedelta(days=365)))


@pytest.mark.parametrize(("cadence", "proposed"), [(21, 42), (365, 730), (None, 365)])
def test_the_proposed_rhythm_is_half_as_often(cadence: int | None, proposed: int) -> None:
    (one,) = review(QUARTER, [followed(cadence)], (), (), TODAY).unreached
    assert (one.slower_days, one.last_on) == (proposed, None)


def test_a_comeback_ends_a_silence_of_half_a_year_or_twice_the_rhythm() -> None:
    def back(cadence: int | None, before: int) -> list[int]:
        on = date(2025, 8, 1)
        one = followed(cadence, (on - timedelta(days=before)).isoformat(), on.isoformat())
        return [found.days for found in review(YEAR, [one], (), (), date(2026, 1, 5)).back]

    assert (back(21, 182), back(21, 183)) == ([], [183])
    assert (back(365, 730), back(365, 731)) == ([], [731])
    assert back(None, 183) == [183]


def test_a_year_names_the_new_and_the_three_seen_most() -> None:
    people = [
        Followed(Person(handle, handle.title(), "mentor"), 21, followed(21, *days, since=date(2025, 1, 1)).record)
        for handle, days in (
            ("ada", ("2025-01-01", "2025-01-02")),
            ("bob", ("2024-12-31", "2025-12-31", "2026-01-01")),
            ("cem", ("2025-05-01", "2025-05-02", "2025-05-03")),
            ("dana", ()),
            ("eli", ("2025-02-01",)),
        )
    ]
    found = review(YEAR, people, (), (), date(2026, 1, 5))
    assert [(one.handle, one.seen) for one in found.most] == [("cem", 3), ("ada", 2), ("bob", 1)]
    assert [one.handle for one in found.new] == ["ada", "bob", "cem", "dana", "eli"]
    assert review(QUARTER, people, (), (), TODAY).new == ()
