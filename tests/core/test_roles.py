from __future__ import annotations

from datetime import date

import pytest

from assistant.core.people.roles import BUILT_IN, Role, effective_cadence
from assistant.core.people.roster import Person


def test_the_four_roles_are_whole() -> None:
    assert list(BUILT_IN) == ["mentor", "advisor", "advocate", "ally"]
    for name, role in BUILT_IN.items():
        assert role.name == name
        assert all([role.does, role.who, role.preparation, role.complaints, role.tone, role.cadence_words])
        assert len(role.topics) >= 4
        assert role.never
        assert role.nudges


CADENCES = [
    (Person("a", "A", "mentor"), 21),
    (Person("a", "A", "mentor", favourite=True), 14),
    (Person("a", "A", "mentor", favourite=True, cadence_days=30), 30),
    (Person("a", "A", "advisor"), 91),
    (Person("a", "A", "advisor", favourite=True), 91),
    (Person("a", "A", "advocate"), 365),
    (Person("a", "A", "ally"), None),
    (Person("a", "A", "ally", goal="ship it", until=date(2026, 5, 1)), 14),
    (Person("a", "A", "ally", cadence_days=10), 10),
]


@pytest.mark.parametrize(("person", "days"), CADENCES)
def test_cadence(person: Person, days: int | None) -> None:
    assert effective_cadence(person, BUILT_IN[person.role]) == days


def test_a_role_nobody_knows_has_no_clock() -> None:
    assert effective_cadence(Person("a", "A", "muse"), None) is None
    assert effective_cadence(Person("a", "A", "muse", cadence_days=5), None) == 5


def test_a_role_of_the_owners_own() -> None:
    sponsor = Role("sponsor", "pays", "anyone", 60, favourite_days=30)
    assert effective_cadence(Person("a", "A", "sponsor"), sponsor) == 60
    assert effective_cadence(Person("a", "A", "sponsor", favourite=True), sponsor) == 30


def test_where_they_belong() -> None:
    assert BUILT_IN["advisor"].inside is False
    assert BUILT_IN["advocate"].inside is True
    assert BUILT_IN["mentor"].inside is None
