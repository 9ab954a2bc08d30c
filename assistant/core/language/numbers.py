"""Numbers in a text, in digits and in words, in English, German, French and Spanish.

"1,500", "1.500" and "fifteen hundred" are 1500; "0.4" and "0,4" are 0.4; "dreiundzwanzig", "quatre-vingt-dix" and
"setenta y cuatro" are read whole. The words for one are articles as well, so they are no numbers here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from assistant.core.language.calendar_words import COUNTED

_COUNTED: Final = {
    "en": f"{COUNTED['en']} thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
    "de": f"{COUNTED['de']} dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn",
    "fr": f"{COUNTED['fr']} treize quatorze quinze seize",
    "es": f"{COUNTED['es']} trece catorce quince dieciséis diecisiete dieciocho diecinueve veinte veintiuno veintidós "
    "veintitrés veinticuatro veinticinco veintiséis veintisiete veintiocho veintinueve",
}
_TENS: Final = {
    "en": "twenty thirty forty fifty sixty seventy eighty ninety",
    "de": "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig",
    "fr": "vingt trente quarante cinquante soixante",
    "es": "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
}
_OTHER: Final = {
    "en": "hundred:100 thousand:1000 million:1000000 billion:1000000000 dozen:12 noon:12 midday:12 third:3 "
    "fifth:5 eighth:8 ninth:9 twelfth:12 twice:2 thrice:3",
    "de": "hundert:100 tausend:1000 million:1000000 millionen:1000000 milliarde:1000000000 milliarden:1000000000 "
    "dutzend:12 mittags:12 zwo:2 anderthalb:1.5",
    "fr": "cent:100 cents:100 mille:1000 million:1000000 millions:1000000 milliard:1000000000 douzaine:12 vingts:20 "
    "vingtaine:20 trentaine:30 cinquantaine:50 centaine:100 midi:12",
    "es": "cien:100 ciento:100 doscientos:200 doscientas:200 trescientos:300 trescientas:300 cuatrocientos:400 "
    "cuatrocientas:400 quinientos:500 quinientas:500 seiscientos:600 seiscientas:600 setecientos:700 "
    "ochocientos:800 novecientos:900 mil:1000 millón:1000000 millones:1000000 docena:12 mediodía:12 "
    "veintiún:21 tercer:3 tercero:3 tercera:3 cuarto:4 cuarta:4 quinto:5 quinta:5 sexto:6 sexta:6 séptimo:7 séptima:7 "
    "octavo:8 octava:8 noveno:9 novena:9 décimo:10 décima:10",
}
_MAGNITUDES: Final = frozenset({100, 1000, 10**6, 10**9})
_LARGE: Final = _MAGNITUDES - {100}
_AND: Final = frozenset({"and", "und", "et", "y"})
_ZERO: Final = frozenset({"nought", "zero", "null", "zéro", "cero"})
_HALF = re.compile(r"\s(?:and\sa\shalf|et\sdemie?|y\smedi[oa])(?!\w)", re.IGNORECASE)
# "Quoi de neuf ?" asks for news, not for nine.
_NEWS = re.compile(r"\b(?:(?:quoi|rien|plus) de|du) neuf\b", re.IGNORECASE)
_POINT = re.compile(r"\s(?:point|komma|virgule|coma|punto)\s$", re.IGNORECASE)
_GERMAN_ORDINAL = re.compile(r"^(?:(dritt)|(.{3,}?)s?t)e[nrms]?$|^(?P<times>.{3,})(?:mal|fache?[nrms]?)$")
"""The third is "dritt-"; "zwanzigst-"; "dreimal", "vierfach"."""
_ORDINAL = re.compile(r"^(?P<stem>.{3,}?)(?:th|i?ème)$")
_PARTS: Final = {
    "en": "hal(?:f|ves):2 third:3 quarter:4 fifth:5 sixth:6 eighth:8 tenth:10",
    "de": r"halb\w*|hälfte:2 drittel:3 viertel:4 fünftel:5 sechstel:6 achtel:8 zehntel:10",
    "fr": r"moitié|demie?:2 tiers:3 quart:4 cinquième:5 sixième:6 huitième:8 dixième:10",
    "es": r"mitad|medi[oa]:2 tercio|tercera\sparte:3 cuart[oa]:4 quint[oa]:5 sext[oa]:6 octav[oa]:8 décim[oa]:10",
}
_TOKEN = re.compile(
    r"(?P<digits>\d{1,3}(?:[.,’'\u202f\u00a0 ]\d{3})+(?![\d])|\d+(?:[.,]\d+)?)|(?P<word>[^\W\d_]+)|(?P<gap>[^\w\s-])"
)


def _table(language: str) -> dict[str, float]:
    tens = {word: 10 * number for number, word in enumerate(_TENS[language].split(), 2)}
    other = {word: float(value) for word, value in (item.split(":") for item in _OTHER[language].split())}
    return {word: number for number, word in enumerate(_COUNTED[language].split(), 2)} | tens | other


_TABLES: Final = {language: _table(language) for language in _COUNTED}
NUMBER_WORDS: Final = frozenset(word for table in _TABLES.values() for word in table)
_ALL: Final = {word: value for table in _TABLES.values() for word, value in table.items() if word != "once"}
"""The words of all four, for a text in an unknown language; "once" is eleven in Spanish alone."""
_ROMANCE_OR_ENGLISH: Final = frozenset(_TABLES["en"]) | frozenset(_TABLES["fr"]) | frozenset(_TABLES["es"])
_GERMAN_PARTS: Final = sorted(_TABLES["de"].items() | {("ein", 1), ("eine", 1)}, key=lambda part: -len(part[0]))


@dataclass(frozen=True, slots=True)
class Number:
    """A number and where it stands in the text."""

    value: float
    start: int
    end: int


def numbers(text: str, language: str = "") -> list[Number]:
    """Return the numbers of a text in order; empty for none. Without a language the words of all four are read.

    Nothing at all ("null Mängel") is no number; a spelled decimal ("nought point four") is one.
    """
    joined: list[Number] = []
    news = {found.end() for found in _NEWS.finditer(text)}
    for number in _whole_numbers(text, language):
        if number.end in news:
            continue
        if joined and _POINT.fullmatch(text[joined[-1].end : number.start]):
            whole = joined.pop()
            joined.append(Number(whole.value + float(f"0.{number.value:.0f}"), whole.start, number.end))
        elif half := _HALF.match(text, number.end):
            joined.append(Number(number.value + 0.5, number.start, half.end()))
        else:
            joined.append(number)
    return [number for number in joined if number.value]


def fractions(text: str, language: str = "") -> list[Number]:
    """Return the fractions that words make, each with what counts it: "half", "a third", "drei Viertel".

    Whether "a quarter" is a share or three months, only its neighbours tell: look at lengths of time first.
    """
    counted = {number.end: number for number in numbers(text, language)}
    found = []
    for match in _fraction(language).finditer(text):
        parts = next(int(name[1:]) for name, value in match.groupdict().items() if value)
        before = counted.get(match.start() - 1)
        if before and before.value < parts:
            found.append(Number(before.value / parts, before.start, match.end()))
        else:
            found.append(Number(1 / parts, match.start(), match.end()))
    return found


@cache
def _fraction(language: str) -> re.Pattern[str]:
    words: dict[str, list[str]] = {}
    for tongue in (language,) if language in _PARTS else _PARTS:
        for form, parts in (item.rsplit(":", 1) for item in _PARTS[tongue].split()):
            words.setdefault(parts, []).append(form)
    forms = "|".join(f"(?P<f{parts}>(?:{'|'.join(names)})s?)" for parts, names in words.items())
    return re.compile(rf"(?<!\w)(?:{forms})(?!\w)", re.IGNORECASE)


def _whole_numbers(text: str, language: str) -> list[Number]:
    table = _TABLES.get(language, _ALL)
    found: list[Number] = []
    run: list[float] = []
    start = end = 0
    joined = False
    for match in _TOKEN.finditer(text):
        word = match["word"].lower() if match["word"] else ""
        value = _worded(word, table, german=language in {"de", ""}) if word else None
        if word == "neuf" and not re.match(r"\s\w", text[match.end() :]):
            value = None  # "quoi de neuf ?", "un micro neuf": new
        if value is not None and run and _goes_on(run, value, joined=joined) and not _is_whole(word, value):
            run.append(value)
            end, joined = match.end(), False
            continue
        if run and word in _AND and not joined:
            joined = True
            continue
        if run:
            found.append(Number(_total(run), start, end))
        if value in _LARGE and not run and found and text[found[-1].end : match.start()] in {" ", "\u00a0"}:
            found[-1] = Number(found[-1].value * value, found[-1].start, match.end())  # "2 million"
            continue
        run, joined = ([value], False) if value is not None else ([], False)
        start, end = match.span()
        if match["digits"]:
            found.append(Number(_digits(match["digits"]), *match.span()))
            run = []
    return [*found, Number(_total(run), start, end)] if run else found


def _digits(text: str) -> float:
    grouped = re.fullmatch(r"\d{1,3}(?:[^\d]\d{3})+", text)
    return float(re.sub(r"\D", "", text) if grouped else text.replace(",", "."))


def _goes_on(run: list[float], value: float, *, joined: bool) -> bool:
    """Return whether a value continues the number so far: "two hundred", "seventy | four", "four | twenties"."""
    last = run[-1]
    if value in _MAGNITUDES:
        return not joined and value > last
    if last in _MAGNITUDES:
        return 0 < value < last
    if value == 20 and last == 4:  # noqa: PLR2004 -- quatre-vingt
        return not joined
    if last == 10:  # noqa: PLR2004 -- dix-sept
        return 7 <= value <= 9  # noqa: PLR2004
    return last % 10 == 0 and last >= 20 and value < (20 if last in {20, 60} else 10)  # noqa: PLR2004 -- soixante-dix


def _is_whole(word: str, value: float) -> bool:
    """Return whether a word is zero, or a German number, which ends where the word does unless millions follow."""
    return value < 1000 and word not in _ROMANCE_OR_ENGLISH  # noqa: PLR2004


def _total(run: list[float]) -> float:
    whole = current = 0.0
    for value in run:
        if value >= 1000:  # noqa: PLR2004 -- closes a group
            whole, current = whole + max(current, 1) * value, 0
        elif value == 100 and current:  # noqa: PLR2004
            current = current * 100
        elif value == 20 and current == 4:  # noqa: PLR2004
            current = 80
        else:
            current += value
    return whole + current


@lru_cache(maxsize=8192)
def _german(word: str) -> float | None:
    """Return the number that a German word writes in one piece, None where it writes none."""
    run: list[float] = []
    rest, ones = word, 0.0
    while rest:
        part = next(((name, value) for name, value in _GERMAN_PARTS if rest.startswith(name)), None)
        if part is None:
            return None
        name, value = part
        rest = rest[len(name) :]
        if rest.startswith("und") and value < 10:  # noqa: PLR2004 -- dreiundzwanzig
            ones, rest = value, rest[3:]
            continue
        run.append(value + ones)
        ones = 0
    return _total(run) if run and not ones and run != [1] else None


def _worded(word: str, table: dict[str, float], *, german: bool) -> float | None:
    if word in _ZERO or word in table:
        return table.get(word, 0)
    if (match := _ORDINAL.match(word)) is not None:
        stem = match["stem"]
        forms = (stem, stem + "e", stem.removesuffix("u"), stem[:-1] + "f", stem.removesuffix("ie") + "y")
        return next((table[form] for form in forms if form in table), None)
    if not german:
        return None
    if word.endswith("einhalb") and (whole := _german(word.removesuffix("einhalb"))):
        return whole + 0.5  # zweieinhalb
    if (match := _GERMAN_ORDINAL.match(word)) is not None:
        return 3 if match[1] else _german(match[2] or match["times"])
    return _german(word)
