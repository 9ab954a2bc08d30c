"""Letters that only look like others, in names and in addresses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.core.language.lookalikes import deceives, is_deceptive_address, look_of, script_of
from assistant.core.people.compare_names import alike, same
from assistant.core.people.names import parse_name


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Jane O'Neill-Doe", "LATIN"),
        ("Łukasz Wójcik", "LATIN"),
        ("Kaʻiulani", "LATIN"),
        ("Ольга", "CYRILLIC"),
        ("Νίκος", "GREEK"),
        ("山田 ハナコ", "CJK"),
        ("김 민수", "CJK"),
        ("Ｊａｎｅ", "LATIN"),
        ("Jаne", "mixed"),
        ("Jane Петрова", "mixed"),
        ("Jɑne", "mixed"),
        ("4711", ""),
        ("", ""),
    ],
)
def test_the_script_of_a_text(text: str, script: str) -> None:
    assert script_of(text) == script


@pytest.mark.parametrize(
    ("one", "other", "how"),
    [
        ("Jane Doe", "DOE, Jane", "same"),
        ("Ольга Петрова", "Olga Petrova", "same"),
        ("Ольга Петрова", "Петрова Ольга", "same"),
        ("Jаne Doe", "Jane Doe", "alike"),
        ("Ꭻane Doe", "Jane Doe", "alike"),
        ("Јеѕѕ Расе", "Jess Pace", "alike"),
        ("ΑΝΝΑ ΚΑΤΖ", "Anna Katz", "alike"),
        ("Օle Brandt", "Ole Brandt", "alike"),
        ("Тома Мак", "Toma Mak", "alike"),
        ("Тома Мак", "Мак Тома", "same"),
        ("Jane D0e", "Jane Doe", "alike"),
        ("PauIa Dunn", "Paula Dunn", "alike"),
        ("Ольга Petrova", "Olga Petrova", "alike"),
        ("Ольга Petrova", "Ольга Petrova", "alike"),
        ("Jane", "Jаne", "neither"),
        ("Jane Doe", "Jane Roe", "neither"),
        ("Иван Петров", "Ирина Орлова", "neither"),
    ],
)
def test_names_that_look_equal_are_not(one: str, other: str, how: str) -> None:
    a, b = parse_name(one), parse_name(other)
    assert ("same" if same(a, b) else "alike" if alike(a, b) else "neither") == how
    assert (same(a, b), alike(a, b)) == (same(b, a), alike(b, a))


@pytest.mark.parametrize(
    ("address", "deceptive"),
    [
        ("jane@doe.example", False),
        ("jаne@doe.example", True),
        ("zoë@x.example", False),
        ("ольга@x.example", False),
        ("тома@x.example", True),
        ("jane@xn--de-fka.example", False),
        ("jane@xn--de-fmc.example", True),
        ("jane@xn--80ak6aa92e.example", True),
        ("jane@xn--\u00ff.example", False),
        ("jane@xn--e1afmkfd.example", False),
    ],
)
def test_addresses_that_deceive(address: str, deceptive: bool) -> None:  # noqa: FBT001
    assert is_deceptive_address(address) is deceptive


@given(st.text(max_size=40))
def test_any_text_has_a_script_and_a_look(text: str) -> None:
    script_of(text)
    look_of(text)
    deceives(text)
