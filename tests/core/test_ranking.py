"""Which role somebody may have who isn't on the roster: a guess with evidence, or none (docs/roles.md)."""

from __future__ import annotations

import pytest

from assistant.core.contact.candidates import WEEK, closeness_before, guess_role, taking_turns

NOW = 2000 * WEEK
COMPANY = ("northwind.example",)


def weekly(*ago: int, reason: str = "one-to-one", a_week: int = 1) -> list[tuple[int, str]]:
    """Return contacts in the weeks that long ago, `a_week` in each."""
    return [(NOW - week * WEEK + number * 3600, reason) for week in ago for number in range(a_week)]


@pytest.mark.parametrize(
    ("contacts", "inside", "outside"),
    [
        pytest.param(weekly(*range(1, 52, 3)), "mentor", "mentor", id="every three weeks for a year"),
        pytest.param(
            weekly(*range(1, 30, 5), a_week=6), "mentor", "mentor", id="a talk and its mails every five weeks"
        ),
        pytest.param(weekly(*range(0, 40, 2), reason="meeting"), "mentor", "mentor", id="meetings every two weeks"),
        pytest.param(weekly(*range(52)), None, None, id="every week: they work together"),
        pytest.param(weekly(*range(52), a_week=5), None, None, id="every day"),
        pytest.param(weekly(1, 14, 27, 40), "advocate", "advisor", id="once a quarter"),
        pytest.param(weekly(2, 45), "advocate", "advisor", id="twice a year"),
        pytest.param(weekly(1, 2, 3, a_week=9), None, None, id="one busy month"),
        pytest.param(weekly(3, a_week=40), None, None, id="one busy week"),
        pytest.param(weekly(*range(1, 52, 3), reason="small-group"), None, None, id="always among several"),
        pytest.param(
            [*weekly(1, 20), *weekly(*range(30), reason="small-group")], None, None, id="mostly among several"
        ),
        pytest.param([], None, None, id="nothing"),
    ],
)
def test_the_rhythm_tells_the_role_or_nothing_does(
    contacts: list[tuple[int, str]], inside: str | None, outside: str | None
) -> None:
    assert guess_role("northwind.example", COMPANY, contacts) == inside
    assert guess_role("berlin.northwind.example", COMPANY, contacts) == inside
    assert guess_role("roe.example", COMPANY, contacts) == outside
    assert guess_role("notnorthwind.example", COMPANY, contacts) == outside


def test_without_a_company_nobody_is_in_or_out_of_it() -> None:
    assert guess_role("roe.example", (), weekly(1, 14, 27, 40)) is None
    assert guess_role("roe.example", (), weekly(*range(1, 52, 3))) == "mentor"


@pytest.mark.parametrize(
    ("contacts", "lapsed"),
    [
        pytest.param(weekly(*range(26, 50, 2)), True, id="every two weeks until half a year ago"),
        pytest.param(weekly(*range(14, 52)), True, id="every week until a quarter ago"),
        pytest.param(weekly(20, 22, 24, 26), True, id="four weeks are often enough"),
        pytest.param(weekly(30, 33, 36, 39, reason="meeting"), True, id="meetings"),
        pytest.param(weekly(*range(0, 52, 2)), False, id="still in touch"),
        pytest.param(weekly(*range(12, 40, 2)), False, id="silent for less than a quarter"),
        pytest.param(weekly(2, *range(26, 50, 2)), False, id="once more since"),
        pytest.param(weekly(14, 24, 34, 44), False, id="as silent as always"),
        pytest.param(weekly(20, 22, 24), False, id="seldom"),
        pytest.param(weekly(20, a_week=30), False, id="one busy week"),
        pytest.param(weekly(*range(26, 50, 2), reason="small-group"), False, id="among several"),
        pytest.param(
            [*weekly(*range(26, 34, 2)), *weekly(*range(26, 50), reason="small-group")],
            False,
            id="mostly among several",
        ),
        pytest.param([], False, id="nothing"),
    ],
)
def test_lapsed_is_who_was_often_in_touch_and_then_silent(contacts: list[tuple[int, str]], *, lapsed: bool) -> None:
    assert (closeness_before(contacts, NOW) > 0) == lapsed


def test_the_closest_of_the_lapsed_come_first_whenever_they_fell_silent() -> None:
    close, distant = weekly(*range(30, 50)), weekly(*range(14, 50, 6))
    assert closeness_before(close, NOW) > closeness_before(distant, NOW) > 0
    later = [(at + 5 * WEEK, reason) for at, reason in close]
    assert closeness_before(later, NOW) == pytest.approx(closeness_before(close, NOW))


@pytest.mark.parametrize(
    ("first", "second", "turns"),
    [
        ("ab", "xyz", "axbyz"),
        ("abc", "x", "axbc"),
        ("", "xy", "xy"),
        ("ab", "", "ab"),
        ("ab", "xbay", "axby"),
    ],
)
def test_two_rankings_take_turns(first: str, second: str, turns: str) -> None:
    assert "".join(taking_turns(list(first), list(second))) == turns
