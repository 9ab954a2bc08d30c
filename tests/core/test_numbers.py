from __future__ import annotations

import pytest

from assistant.core.language.numbers import fractions, numbers

READ = [
    ("en", "fifteen hundred and 1,500 or 0.4 mg", [1500, 1500, 0.4]),
    ("en", "one thousand two hundred and five; two or three", [1205, 2, 3]),
    ("en", "twenty-five, and then five", [25, 5]),
    ("en", "nought point four of zero", [0.4]),
    ("en", "once, in 2 million years", [2_000_000]),
    ("en", "the third dozen", [3, 12]),
    ("de", "dreiundzwanzig, fünfzehnhundert und zweihundertfünfzig", [23, 1500, 250]),
    ("de", "zwei Millionen am vierten und dritten Tag", [2_000_000, 4, 3]),
    ("de", "12.500 Euro, 2,5 Stunden, einhundert", [12_500, 2.5, 100]),
    ("de", "eine und null, undzwei, zweiund", []),
    ("fr", "quatre-vingt-dix-sept, deux cents, soixante-quatorze", [97, 200, 74]),
    ("fr", "quoi de neuf ? neuf jours, vingt et un", [9, 20]),
    ("es", "setenta y cuatro, veintitrés, dos mil trescientos, once", [74, 23, 2300, 11]),
    ("en", "twice, the twelfth, the fortieth, two and a half", [2, 12, 40, 2.5]),
    ("de", "dreimal, vierfach, anderthalb, zweieinhalb", [3, 4, 1.5, 2.5]),
    ("fr", "la quarantième page, la neuvième", [40, 9]),
    ("es", "el séptimo, dos veces", [7, 2]),
    ("", "nine pumps, neun Pumpen, neuf pompes, once", [9, 9, 9]),
    ("", "3 y", [3]),
    ("", "", []),
]


@pytest.mark.parametrize(("language", "text", "found"), READ)
def test_numbers_in_four_languages(language: str, text: str, found: list[float]) -> None:
    assert [number.value for number in numbers(text, language)] == found


def test_a_number_says_where_it_stands() -> None:
    (number,) = numbers("we were twenty-five then", "en")
    assert "we were twenty-five then"[number.start : number.end] == "twenty-five"


PARTS = [
    ("en", "half of it, a third, three quarters", [0.5, 1 / 3, 0.75]),
    ("de", "die Hälfte, ein Drittel, drei Viertel, halbiert", [0.5, 1 / 3, 0.75, 0.5]),
    ("fr", "la moitié, un tiers, trois quarts", [0.5, 1 / 3, 0.75]),
    ("es", "la mitad, un tercio, tres cuartos", [0.5, 1 / 3, 0.75]),
    ("", "halves, ein Fünftel", [0.5, 0.2]),
    ("en", "behalf, thirdly", []),
]


@pytest.mark.parametrize(("language", "text", "found"), PARTS)
def test_fractions_in_four_languages(language: str, text: str, found: list[float]) -> None:
    assert [part.value for part in fractions(text, language)] == pytest.approx(found)
