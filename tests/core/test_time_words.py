from __future__ import annotations

import pytest

from assistant.core.language.time_words import lengths, points_ahead, spoken

LENGTHS = [
    ("en", "well over a year since then, twice a year", [(1, "y", "over")]),
    ("en", "half a year ago, nearly nine months, three more weeks", [(0.5, "y", ""), (9, "m", "under"), (3, "w", "")]),
    ("en", "20 to 30 minutes", [(20, "n", ""), (30, "n", "")]),
    (
        "de",
        "vor bald einem Jahr, gut drei Wochen, eine halbe Stunde",
        [(0.5, "h", ""), (1, "y", "under"), (3, "w", "over")],
    ),
    ("fr", "presque six mois, une demi-heure, il y a un an", [(0.5, "h", ""), (1, "y", ""), (6, "m", "under")]),
    ("es", "hace un mes, algo más de tres meses, media hora", [(0.5, "h", ""), (1, "m", ""), (3, "m", "over")]),
    ("", "10 days, 10 Tage, 10 jours, 10 días", [(10, "d", "")] * 4),
    ("en", "200 wheels a month, three quarters of an hour", []),
    ("fr", "deux ans et demi", [(2.5, "y", "")]),
    ("en", "hardly forty minutes", [(40, "n", "under")]),
    ("de", "keine vierzig Minuten", [(40, "n", "under")]),
]


@pytest.mark.parametrize(("language", "text", "found"), LENGTHS)
def test_lengths_of_time(language: str, text: str, found: list[tuple[float, str, str]]) -> None:
    assert sorted((item.count, item.unit, item.hedge) for item in lengths(text, language)) == sorted(found)


DAYS = [
    ("en", "24 February", {"day": 24, "month": 2}),
    ("en", "March 14th, 2026", {"day": 14, "month": 3, "year": 2026}),
    ("en", "in May 2027", {"month": 5, "year": 2027}),
    ("en", "2026-02-03", {"day": 3, "month": 2, "year": 2026}),
    ("en", "3/2/2026", {"day": 3, "month": 2, "year": 2026}),
    ("en", "since 2019", {"year": 2019}),
    ("en", "on Wednesdays", {"weekday": 2}),
    ("en", "last Tuesday", {"weekday": 1, "back": "w"}),
    ("en", "last week", {"back": "w"}),
    ("en", "last night", {"back": "d"}),
    ("en", "yesterday", {"back": "d"}),
    ("en", "the fall of 2026", {"season": 2, "year": 2026}),
    ("de", "am 28. November", {"day": 28, "month": 11}),
    ("de", "am 28.11.", {"day": 28, "month": 11}),
    ("de", "montags", {"weekday": 0}),
    ("de", "am Freitagnachmittag", {"weekday": 4}),
    ("de", "im Spätherbst", {"season": 2}),
    ("de", "letzten Monat", {"back": "m"}),
    ("fr", "le 14 mars", {"day": 14, "month": 3}),
    ("fr", "cet été", {"season": 1}),
    ("fr", "lundi dernier", {"weekday": 0, "back": "w"}),
    ("es", "el 16 de octubre de 2026", {"day": 16, "month": 10, "year": 2026}),
    ("es", "el año pasado", {"back": "y"}),
    ("", "am 3. Mai, le 3 mai", {"day": 3, "month": 5}),
]


@pytest.mark.parametrize(("language", "text", "said"), DAYS)
def test_days_in_four_languages(language: str, text: str, said: dict[str, int | str]) -> None:
    found = spoken(text, language)[0]
    names = ("day", "month", "year", "weekday", "season", "back")
    assert {name: getattr(found, name) for name in names if getattr(found, name) not in {None, ""}} == said


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "May I march on?"),
        ("en", "it may fall"),
        ("de", "so di"),
        ("fr", "j'ai été là"),
        ("es", "me voy"),
    ],
)
def test_words_that_only_look_like_days(language: str, text: str) -> None:
    assert spoken(text, language) == []


def test_time_to_come() -> None:
    assert points_ahead("in the next two weeks", "en")
    assert points_ahead("dans les semaines qui viennent", "fr")
    assert not points_ahead("two weeks ago", "en")
