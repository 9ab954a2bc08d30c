from __future__ import annotations

from datetime import date

import pytest

from assistant.core.language.clean import one_line
from assistant.core.language.data_files import LANGUAGES, Language
from assistant.core.language.phrases import Phrases, catalogue
from assistant.core.language.typography import is_one, typeset, written
from assistant.render.text import wrap

FIRST = date(2026, 3, 1)
DAYS: dict[Language, tuple[str, ...]] = {
    "en": ("Sun 1 March 2026", "Sun 1 Mar", "1 March", "March 2026", "Sunday 1 March"),
    "de": ("So. 1. März 2026", "So. 1. März", "1. März", "März 2026", "Sonntag, 1. März"),
    "fr": ("dim. 1er mars 2026", "dim. 1er mars", "1er mars", "mars 2026", "Dimanche 1er mars"),
    "es": ("dom. 1 de marzo de 2026", "dom. 1 mar.", "1 de marzo", "marzo de 2026", "Domingo, 1 de marzo"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_days_in_each_language(language: Language) -> None:
    say = Phrases(language)
    found = (say.day(FIRST), say.short_day(FIRST), say.bare_day(FIRST), say.month(FIRST), say.long_day(FIRST))
    assert found == DAYS[language]


def test_thousands() -> None:
    assert [written(3017, language) for language in LANGUAGES] == ["3,017", "3.017", "3\u202f017", "3017"]
    assert written(12_345, "es") == "12\u202f345"


def test_nothing_is_singular_in_french_alone() -> None:
    assert [is_one(0, language) for language in LANGUAGES] == [False, False, True, False]
    assert Phrases("fr")("status.roster", 0, due="0").startswith("0 personne dans")


@pytest.mark.parametrize(
    ("last", "said"),
    [("Ingrid", "Ruth e Ingrid"), ("Hilda", "Ruth e Hilda"), ("Iago", "Ruth y Iago"), ("Ana", "Ruth y Ana")],
)
def test_and_before_the_sound_of_i_in_spanish(last: str, said: str) -> None:
    assert Phrases("es").join(["Ruth", last]) == said


def test_french_spaces_do_not_break_and_survive_cleaning() -> None:
    said = typeset("Un mot : « stop » ; et ça ?", "fr")
    assert said == "Un mot\u00a0: «\u00a0stop\u00a0»\u00a0; et ça\u00a0?"
    assert one_line(said) == said
    assert one_line("Ruth\u00a0Abramson") == "Ruth Abramson"
    assert all(line[:1] not in ":;?!»" for width in range(11, 30) for line in wrap(said, width=width))


def test_no_french_text_has_a_space_that_breaks_before_a_mark() -> None:
    texts = [one for value in catalogue("fr").values() for one in ([value] if isinstance(value, str) else value)]
    assert [one for one in texts if typeset(one, "fr") != one or " :" in one or "« " in one] == []


def test_a_label_and_a_list_have_the_marks_of_the_language() -> None:
    assert [Phrases(language).label("X") for language in LANGUAGES] == ["X:", "X:", "X\u00a0:", "X:"]
    assert Phrases("fr").listed(["a, b", "c"]) == "a, b\u00a0; c"
    assert Phrases("en").listed([]) == ""
    quotes = ["“x”", "„x“", "«\u00a0x\u00a0»", "«x»"]
    assert [Phrases(language).quote("x") for language in LANGUAGES] == quotes
