"""Who gets a card: each rule as a table, and the guarantee on years of made-up owners (docs/roles.md)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.core.digest.places import Candidate, Card, PastDigest, choose, waits_since
from assistant.core.people.cadence import standing
from assistant.core.people.roles import BUILT_IN
from assistant.core.people.roster import Person
from tests.card_years import KINDS, MONDAY, WEEK, Kind, run

LONG_AGO = date(2020, 1, 1)


def one(
    handle: str, days: int | None = 30, role: str = "mentor", *, asked: bool = False, **fields: object
) -> Candidate:
    """Somebody last seen so many days ago; a mentor is due after 21 of them."""
    person = replace(Person(handle, handle.title(), role), **fields)  # type: ignore[arg-type]
    stands = standing(person, BUILT_IN[role], MONDAY - timedelta(days=days) if days else None, MONDAY)
    return Candidate(stands, waits_since(stands, LONG_AGO), asked)


def ally(handle: str, ends_in: int | None, days: int = 20) -> Candidate:
    until = MONDAY + timedelta(days=ends_in) if ends_in is not None else None
    return one(handle, days, "ally", goal="one build", until=until)


def past(weeks_ago: int, *handles: str, reacted: bool = False) -> PastDigest:
    return PastDigest(MONDAY - weeks_ago * WEEK, tuple(Card(handle, reacted, LONG_AGO) for handle in handles))


def cards(*people: Candidate, places: int = 2, history: tuple[PastDigest, ...] = (), building: str = "") -> str:
    building_week = MONDAY if (MONDAY.toordinal() - 1) // 7 % 2 == 0 else MONDAY - WEEK
    assert not building or building_week == MONDAY, "building comes every other week"
    found = choose(people, history, places=places, today=MONDAY, building=building.split())
    return " ".join(found.cards)


def test_the_ratio_counts_and_not_the_days() -> None:
    yearly, mentor = one("yearly", 365 + 60, "advocate"), one("mentor", 21 + 20)
    assert cards(yearly, mentor, one("soon", 20)) == "mentor yearly"


def test_who_was_never_seen_waits_from_the_day_they_were_added() -> None:
    stranger = one("stranger", None)
    assert waits_since(stranger.standing, MONDAY) == MONDAY
    assert cards(replace(stranger, since=MONDAY), one("mentor", 30), places=1) == "mentor"
    assert cards(replace(stranger, since=MONDAY - 3 * WEEK), one("mentor", 30), places=1) == "stranger"


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ((one("a", 90), ally("b", None, 15)), "b"),
        ((one("a", 90), one("b", 15, favourite=True)), "b"),
        ((one("a", 15, favourite=True), ally("b", None, 15)), "b"),
        ((ally("a", None, 60), ally("b", 12), ally("c", 9)), "c"),
        ((one("a", 90), one("b", 13, favourite=True)), "a"),
        ((one("a", 90), one("b", 90, snoozed_until=MONDAY + WEEK)), "a"),
        ((one("a", 90), ally("b", None, 10)), "a"),
        ((one("a", 22), one("b", 15, asked=True)), "b"),
        ((one("a", 500, "ally"), one("b", 22)), "b"),
    ],
)
def test_which_of_them_has_the_only_place(people: tuple[Candidate, ...], expected: str) -> None:
    assert cards(*people, places=1) == expected


def test_no_card_since_they_came_due_goes_before_a_card() -> None:
    # Nobody is waiting for their first card longer than since last week, so the ratio decides among those.
    people = (one("often", 90), one("once", 60), one("never", 30))
    assert (
        cards(*people, places=3, history=(past(2, "often"), past(1, "often", "once", reacted=True)))
        == "never once often"
    )


def test_building_has_a_place_every_other_week() -> None:
    people = [one(name) for name in "abc"]
    on = next(day for day in (MONDAY, MONDAY + WEEK) if (day.toordinal() - 1) // 7 % 2 == 0)
    for today, expected in ((on, ("ada", "a")), (on + WEEK, ("a", "b")), (on + 2 * WEEK, ("ada", "a"))):
        assert choose(people, (), places=2, today=today, building=["ada", "bo"]).cards == expected


@pytest.mark.parametrize(
    ("shown_weeks_ago", "has_card"),
    [
        ((1,), True),
        ((2, 1), False),
        ((3, 2), True),
        ((6, 4, 1), False),
        ((9, 6, 3), False),
        ((9, 6, 4), True),
        ((20, 15, 10, 7), False),
        ((20, 15, 10, 8), True),
        ((40, 30, 20, 15, 7), False),
    ],
)
def test_patience(shown_weeks_ago: tuple[int, ...], has_card: bool) -> None:  # noqa: FBT001 - a table
    history = tuple(past(weeks, "jane") for weeks in shown_weeks_ago)
    found = choose([one("jane", 400)], history, places=2, today=MONDAY)
    assert (found.cards, found.waiting) == ((("jane",), ()) if has_card else ((), ("jane",)))
    asked = choose([one("jane", 400, asked=True)], history, places=2, today=MONDAY)
    assert (asked.cards, asked.waiting) == (("jane",), ())


def test_a_reaction_or_a_contact_ends_the_rest() -> None:
    shown = (past(2, "jane"), past(1, "jane"))
    assert cards(one("jane", 400), history=shown) == ""
    assert cards(one("jane", 400), history=(past(2, "jane"), past(1, "jane", reacted=True))) == "jane"
    again = one("jane", 22)
    long_before = (past(6, "jane"), past(5, "jane"))
    assert cards(again, history=long_before) == "jane"


def test_a_digest_by_hand_in_the_week_before_counts_as_a_week() -> None:
    friday = PastDigest(MONDAY - timedelta(days=3), (Card("jane", reacted=False),))
    assert cards(one("jane", 400), history=(past(2, "jane"), friday)) == ""
    assert choose([one("jane", 400)], (past(2, "jane"), friday), places=1, today=MONDAY + WEEK).cards == ("jane",)


def test_who_rests_gives_the_place_to_the_next() -> None:
    found = choose(
        [one("jane", 400), one("bob", 22), one("eve", 30)], (past(2, "jane"), past(1, "jane")), places=1, today=MONDAY
    )
    assert (found.cards, found.waiting, found.deferred) == (("eve",), ("jane",), ("bob",))


def test_a_resting_ally_has_a_card_before_the_goal_ends() -> None:
    shown = (past(4, "al"), past(3, "al"), past(2, "al"))
    assert cards(ally("al", 12, 60), history=shown) == ""
    assert cards(ally("al", 7, 60), history=shown) == "al"
    assert cards(ally("al", 7, 60), history=(*shown, past(1, "al"))) == "", "one card in the last two weeks is enough"


def test_where_a_place_cannot_be_spared_there_is_one_more() -> None:
    # Nobody who waits since last week can lose another place, and two goals end by the next digest.
    people = (one("a", 90), one("b", 80), one("c", 70), ally("al", 7, 6), ally("bo", 7, 6))
    history = (PastDigest(MONDAY - WEEK, (Card("x", reacted=True),)),)
    assert cards(*people, places=1, history=history) == "al bo a"
    assert cards(*people, places=1) == "al bo"


def test_reserved_places_are_given_up_before_anybody_waits_too_long() -> None:
    fresh = one("fresh", 15, favourite=True)
    waiting = [one(name, 400, "advocate") for name in "abc"]
    lost = (PastDigest(MONDAY - WEEK, (Card("x", reacted=True), Card("y", reacted=True))),)
    assert cards(fresh, *waiting) == "fresh a"
    assert cards(fresh, *waiting, history=lost) == "a b"


@settings(max_examples=150, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    kind=st.sampled_from(KINDS),
    people=st.integers(1, 60),
    places=st.integers(1, 12),
    building=st.integers(0, 3),
)
def test_everybody_due_has_a_card_in_time(seed: int, kind: Kind, people: int, places: int, building: int) -> None:
    figures = run(Random(seed), kind, people, places, building=building, weeks=60)  # noqa: S311 - nothing secret
    assert figures.late == []
    assert figures.missed == 0
    assert figures.running <= 2
