"""Which role somebody on no list may have: a guess that evidence carries, or none (docs/roles.md)."""

from __future__ import annotations

import pytest

from assistant.core.ranking import WEEK, guess_role

NOW = 2000 * WEEK
COMPANY = ("northwind.example",)


def weekly(*ago: int, reason: str = "one-to-one", a_week: int = 1) -> list[tuple[int, str]]:
    """Return contacts so many weeks ago, `a_week` in each."""
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
