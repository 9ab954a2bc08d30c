from __future__ import annotations

from datetime import date, timedelta

import pytest

from assistant.core.people.ledger import advice_to_follow_up, asked_too_often, latest, owed_thanks
from assistant.core.people.roster import Note

TODAY = date(2026, 6, 1)


def notes(*said: tuple[str, int]) -> tuple[Note, ...]:
    """Return notes as (kind, how many days ago)."""
    return tuple(
        Note(f"T{number}-1", "jane-roe", kind, None, TODAY - timedelta(days=ago), f"{kind} {number}")
        for number, (kind, ago) in enumerate(said, start=1)
    )


@pytest.mark.parametrize(
    ("said", "told_ago", "asks"),
    [
        ([("ask", 90), ("ask", 40)], None, 2),
        ([("ask", 90), ("ask", 40), ("ask", 3)], None, 3),
        ([("ask", 40)], None, 0),
        ([("ask", 90), ("gave", 60), ("ask", 40)], None, 0),
        ([("ask", 90), ("ask", 40), ("thanked", 39)], None, 0),
        ([("ask", 90), ("ask", 40), ("outcome", 10)], None, 0),
        ([("ask", 90), ("ask", 40)], 20, 0),
        ([("gave", 100), ("ask", 90), ("ask", 40), ("note", 3)], 95, 2),
    ],
)
def test_two_requests_without_anything_in_return_are_enough(
    said: list[tuple[str, int]], told_ago: int | None, asks: int
) -> None:
    told = TODAY - timedelta(days=told_ago) if told_ago is not None else None
    assert len(asked_too_often(notes(*said), told)) == asks


def test_thanks_are_owed_for_the_latest_kindness_until_they_are_given() -> None:
    assert owed_thanks(notes(("advice", 5), ("gave", 3))) is None
    owed = owed_thanks(notes(("introduced", 30), ("favour", 5)))
    assert owed is not None
    assert owed.kind == "favour"
    assert owed_thanks(notes(("introduced", 30), ("thanked", 30))) is None
    assert owed_thanks(notes(("thanked", 30), ("reached", 2))) is not None


def test_advice_is_followed_up_between_six_and_ten_weeks() -> None:
    assert [bool(advice_to_follow_up(notes(("advice", ago)), TODAY)) for ago in (41, 42, 70, 71)] == [
        False, True, True, False,
    ]  # fmt: skip
    assert advice_to_follow_up(notes(("advice", 50), ("outcome", 20)), TODAY) is None
    followed = advice_to_follow_up(notes(("advice", 60), ("outcome", 55), ("advice", 45)), TODAY)
    assert followed is not None
    assert followed.text == "advice 3"


def test_of_two_notes_on_one_day_the_later_said_holds() -> None:
    said = tuple(
        Note(f"T{number}-1", "jane-roe", "peer", None, TODAY, text) for number, text in ((9, "no"), (10, "yes"))
    )
    found = latest(reversed(said), "peer")
    assert found is not None
    assert found.text == "yes"
    assert latest((), "peer") is None
