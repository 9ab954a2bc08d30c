from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from assistant.core.people.cadence import by_urgency, gaps, standing
from assistant.core.people.roles import BUILT_IN
from assistant.core.people.roster import Person

TODAY = date(2026, 3, 2)


def person(role: str = "mentor", handle: str = "jane-roe", **fields: object) -> Person:
    return replace(Person(handle, handle.replace("-", " ").title(), role), **fields)  # type: ignore[arg-type]


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.mark.parametrize(
    ("who", "last_days_ago", "overdue"),
    [
        (person("mentor"), 21, 0),
        (person("mentor"), 20, -1),
        (person("mentor"), 30, 9),
        (person("mentor", favourite=True), 20, 6),
        (person("mentor", cadence_days=10), 20, 10),
        (person("advocate"), 365, 0),
        (person("ally", goal="one build"), 20, 6),
    ],
)
def test_how_far_over(who: Person, last_days_ago: int, overdue: int) -> None:
    found = standing(who, BUILT_IN[who.role], days_ago(last_days_ago), TODAY)
    assert (found.overdue_days, found.is_due) == (overdue, overdue >= 0)


def test_an_ally_without_a_goal_has_no_clock() -> None:
    found = standing(person("ally"), BUILT_IN["ally"], days_ago(500), TODAY)
    assert (found.due_on, found.overdue_days, found.is_due) == (None, 0, False)


def test_a_role_nobody_knows_has_no_clock_unless_the_person_has() -> None:
    assert not standing(person("oracle"), None, days_ago(500), TODAY).is_due
    assert standing(person("oracle", cadence_days=30), None, days_ago(31), TODAY).overdue_days == 1


def test_who_was_never_seen_is_due_today() -> None:
    found = standing(person(), BUILT_IN["mentor"], None, TODAY)
    assert (found.why, found.due_on, found.days_since, found.is_due) == ("never-seen", TODAY, None, True)


def test_snoozed_until_a_day_means_due_again_on_that_day() -> None:
    until_tomorrow = person(snoozed_until=TODAY + timedelta(days=1))
    until_today = person(snoozed_until=TODAY)
    assert not standing(until_tomorrow, BUILT_IN["mentor"], days_ago(90), TODAY).is_due
    assert standing(until_today, BUILT_IN["mentor"], days_ago(90), TODAY).is_due


def test_an_open_goal_asks_for_its_next_step_and_its_end() -> None:
    ally = person("ally", goal="one build")
    assert standing(ally, BUILT_IN["ally"], days_ago(15), TODAY).why == "goal-step"
    ending = replace(ally, until=TODAY + timedelta(days=5))
    found = standing(ending, BUILT_IN["ally"], days_ago(3), TODAY)
    assert (found.why, found.overdue_days) == ("goal-end", 2)
    spoken_since = standing(ending, BUILT_IN["ally"], days_ago(1), TODAY)
    assert not spoken_since.is_due


def test_most_overdue_first_then_those_without_a_clock() -> None:
    found = by_urgency(
        [
            standing(person("ally", "ally-one"), BUILT_IN["ally"], days_ago(9), TODAY),
            standing(person("mentor", "just-over"), BUILT_IN["mentor"], days_ago(22), TODAY),
            standing(person("mentor", "far-over"), BUILT_IN["mentor"], days_ago(60), TODAY),
        ]
    )
    assert [stands.person.handle for stands in found] == ["far-over", "just-over", "ally-one"]


def test_gaps_are_roles_that_are_empty_or_asleep() -> None:
    awake = standing(person("mentor"), BUILT_IN["mentor"], days_ago(42), TODAY)
    asleep = standing(person("advisor", "al"), BUILT_IN["advisor"], days_ago(200), TODAY)
    hoped = standing(person("advocate", "ho", hoped=True), BUILT_IN["advocate"], days_ago(1), TODAY)
    assert gaps(BUILT_IN, [awake, asleep, hoped]) == [("advisor", "asleep"), ("advocate", "empty")]
    never = standing(person("mentor"), BUILT_IN["mentor"], None, TODAY)
    assert ("mentor", "asleep") in gaps(BUILT_IN, [never])
