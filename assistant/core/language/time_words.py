"""Finds what a text says of time: days, months, years, weekdays, seasons, lengths of time, and "last week".

English, German, French and Spanish; in any other language the words of all four count. What was found says nothing of
whether it is true: that is decided by `assistant.core.evidence.time_claims`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from assistant.core.language.calendar_words import MONTH_NUMBERS, UNITS, WEEKDAY_NUMBERS
from assistant.core.language.data_files import data_file
from assistant.core.language.numbers import numbers

if TYPE_CHECKING:
    from collections.abc import Iterator

LANGUAGES: Final = ("en", "de", "fr", "es")
UNIT_DAYS: Final = {
    "s": 1 / 86_400,
    "n": 1 / 1440,
    "h": 1 / 24,
    "d": 1,
    "w": 7,
    "f": 14,
    "m": 30.44,
    "q": 91.3,
    "y": 365.25,
    "x": 3652.5,
}
"""Days of a unit by its letter: second, minute, hour, day, week, fortnight, month, quarter, year, decade."""
_CAPITALISED: Final = frozenset({"en", "de"})
"""Languages that write months and weekdays with a capital letter, so that "may" and "march" are verbs."""
_SHORTEST: Final = 3
_RANGE = re.compile(r"\s?(?:to|or|bis|oder|à|ou|a|o|y|-|–)\s?", re.IGNORECASE)
_DAY_PARTS: Final = "s|abends?|morgens?|vormittags?|nachmittags?|mittags?|nacht|nights?|mornings?|afternoons?|evenings?"
_BACK_UNITS: Final = {
    unit: words.split(",")
    for unit, words in {
        "w": "week,woche,semaine,semana",
        "m": "month,monat,monats,mois,mes",
        "q": "quarter,quartal,quartals,trimestre",
        "y": "year,jahr,jahres,année,an,año",
    }.items()
}


@dataclass(frozen=True, slots=True)
class Spoken:
    """A day, month, year, weekday (Monday is 0) or season (spring is 0) as said; None for what was not said.

    `back` is the unit of "last week" ("w"; "d" for yesterday and last night); `present` says it was "this autumn".
    """

    start: int
    end: int
    day: int | None = None
    month: int | None = None
    year: int | None = None
    weekday: int | None = None
    season: int | None = None
    back: str = ""
    present: bool = False


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time in days, and as said: how many of which unit; `hedge` is "over" or "under" that, or ""."""

    start: int
    end: int
    days: float
    count: float
    unit: str
    hedge: str = ""


def hedge_before(text: str, start: int, language: str) -> str:
    """Return "over" or "under" where the words right before `start` say so, else ""."""
    before = text[max(0, start - 24) : start].lower().replace("’", "'")
    for tongue in _tongues(language):
        for hedge in ("under", "over"):
            if re.search(rf"(?<!\w)(?:{_data()[hedge][tongue]})\s?$", before):
                return hedge
    return ""


def points_ahead(text: str, language: str) -> bool:
    """Return whether a text speaks of time to come ("in the next two weeks")."""
    return any(re.search(rf"\b(?:{_data()['ahead'][tongue]})\b", text, re.IGNORECASE) for tongue in _tongues(language))


_OF_AN_HOUR = re.compile(r"\s+of\s+an\s+hour\b", re.IGNORECASE)


def lengths(text: str, language: str = "") -> list[Length]:
    """Return the lengths of time in a text; empty for none. "A week" is one only where it measures ("a week ago")."""
    text = text.replace("’", "'")
    found: list[Length] = []
    for tongue in _tongues(language):
        for name, count in (("half", 0.5), ("one", 1.0)):
            for match in _pattern(name, tongue).finditer(text):
                word = next(value for value in match.groupdict().values() if value)
                if any(item.start < match.end() and match.start() < item.end for item in found):
                    continue  # the year of "half a year" is not one
                hedge = next(
                    (h for h in ("under", "over") if re.search(rf"\b(?:{_data()[h][tongue]})\s", match[0])), ""
                )
                found.append(_length(match.start(), match.end(), count, _units(tongue)[word.lower()], hedge))
    counted = numbers(text, language)
    for number, following in zip_longest(counted, counted[1:]):
        # "20 to 30 minutes": the unit stands behind the second number only.
        apart = text[number.end : following.start] if following else ""
        end = following.end if following and _RANGE.fullmatch(apart) else number.end
        for tongue in _tongues(language):
            if (measured := _pattern("unit", tongue).match(text, end)) is not None:
                hedge, unit = hedge_before(text, number.start, tongue), _units(tongue)[measured["unit"].lower()]
                count = number.value + (0.5 if measured["half"] else 0)  # "deux ans et demi"
                if unit == "q" and _OF_AN_HOUR.match(text, measured.end()):
                    count, unit = 15 * count, "n"
                found.append(_length(number.start, measured.end(), count, unit, hedge))
                break
    return found


def _length(start: int, end: int, count: float, unit: str, hedge: str) -> Length:
    return Length(start, end, count * UNIT_DAYS[unit], count, unit, hedge)


def spoken(text: str, language: str = "") -> list[Spoken]:
    """Return the days, months, years, weekdays and seasons of a text in order; empty for none."""
    text = text.replace("’", "'")
    found: dict[tuple[int, int], Spoken] = {}
    for tongue in _tongues(language):
        for match in _dates(tongue).finditer(text):
            item = _read(match, tongue)
            overlaps = any(start < item.end and item.start < end for start, end in found) if item else True
            if item and not overlaps:
                found[item.start, item.end] = item
    return sorted(found.values(), key=lambda item: item.start)


def _read(match: re.Match[str], tongue: str) -> Spoken | None:
    groups = {name: value for name, value in match.groupdict().items() if value}
    span = match.span()
    word = groups.get("w") or next((groups[name] for name in groups if name[0] == "m" and groups[name].isalpha()), "")
    if word and tongue in _CAPITALISED and word.islower() and not word.endswith("s"):
        return None  # "may", "march"; but "montags"
    if word == "May" and re.match(r"\s(?:I|we|you|he|she|they|it|this|the|your|my)\b", match.string[match.end() :]):
        return None
    if "w" in groups:
        name = word.lower().rstrip(".")
        table, recent = WEEKDAY_NUMBERS[tongue], _data()["recent"][tongue]
        before, after = match.string[: match.start()], match.string[match.end() :]
        last = re.search(rf"\b(?:{recent})\s$", before, re.IGNORECASE) or re.match(rf"\s(?:{recent})\b", after)
        return Spoken(*span, weekday=table.get(name, table.get(name[:-1])), back="w" if last else "")
    present = bool(re.search(rf"\b(?:{_data()['present'][tongue]})\s$", match.string[: match.start()], re.IGNORECASE))
    if season := next((name for name in groups if name[0] == "s"), ""):
        return Spoken(*span, season=int(season[1]), year=_whole(groups, "y"), present=present)
    if "day" in groups or (unit := next((groups[name] for name in groups if name[0] == "u"), "")):
        letter = "d" if "day" in groups else next((u for u, words in _BACK_UNITS.items() if unit.lower() in words), "d")
        return Spoken(*span, back=letter)
    named = next((groups[name] for name in groups if name[0] == "m"), None)
    month = int(named) if named and named.isdigit() else MONTH_NUMBERS[tongue].get((named or "").lower())
    return Spoken(*span, day=_whole(groups, "d"), month=month, year=_whole(groups, "y"), present=present)


def unit_words(language: str) -> frozenset[str]:
    """Return the words for units of time ("week", "weeks"), of all four languages where it is none of them."""
    return frozenset(word for tongue in _tongues(language) for word in _units(tongue))


def _whole(groups: dict[str, str], letter: str) -> int | None:
    return next((int(value) for name, value in groups.items() if name[0] == letter and value.isdigit()), None)


def _tongues(language: str) -> tuple[str, ...]:
    return (language,) if language in LANGUAGES else LANGUAGES


def _data() -> dict[str, dict[str, str]]:
    return data_file("words", "time")


@cache
def _units(tongue: str) -> dict[str, str]:
    more = (item.split(":") for item in _data()["short_units"][tongue].split())
    return UNITS[tongue] | {word: unit for unit, words in more for word in words.split(",")}


@cache
def _pattern(name: str, tongue: str) -> re.Pattern[str]:
    unit = "|".join(sorted(_units(tongue), key=len, reverse=True))
    if name == "unit":
        between, half = (_data()[name][tongue] for name in ("between", "and_half"))
        three_quarters = r"(?!(?<=quarters)\sof\b)"  # a share, and not nine months
        return re.compile(
            rf"[\s-](?:(?:{between})\s)?(?P<unit>{unit})\b{three_quarters}(?P<half>\s(?:{half})\b)?", re.IGNORECASE
        )
    hedge = rf"(?:{_data()['over'][tongue]}|{_data()['under'][tongue]})\s?"
    return re.compile(
        rf"\b(?:{_data()[name][tongue].replace('{unit}', unit).replace('{hedge}', hedge)})\b", re.IGNORECASE
    )


def _words(table: dict[str, int]) -> Iterator[str]:
    return (re.escape(word) for word in sorted(table, key=len, reverse=True) if len(word) >= _SHORTEST)


@cache
def _dates(tongue: str) -> re.Pattern[str]:
    month, weekday = "|".join(_words(MONTH_NUMBERS[tongue])), "|".join(_words(WEEKDAY_NUMBERS[tongue]))
    of, year = r"(?:de\s|del\s|of\s)?", r"(?:19|20)\d\d"
    return re.compile(
        rf"\b(?:(?P<y1>\d{{4}})-(?P<m1>\d\d?)-(?P<d1>\d\d?)"
        rf"|(?P<d2>\d\d?)(?:st|nd|rd|th|er|º|\.)?\s{of}(?:the\s)?(?P<m2>{month})\b\.?(?:,?\s{of}(?P<y2>{year})\b)?"
        rf"|(?P<m3>{month})\b\.?\s(?P<d3>\d\d?)(?:st|nd|rd|th)?\b(?![:.]\d)(?:,?\s(?P<y3>{year})\b)?"
        rf"|(?P<m4>{month})\b\.?(?:,?\s{of}(?P<y4>{year})\b)?"
        rf"|(?P<d5>\d\d?)\.(?P<m5>\d\d?)\.(?P<y5>\d{{4}})?|(?P<d6>\d\d?)/(?P<m6>\d\d?)/(?P<y6>\d{{4}})"
        rf"|(?P<w>(?:{weekday})s?)(?:\b|(?=(?:{_DAY_PARTS})\b))|(?:{_data()['back'][tongue]})\b"
        rf"|(?:{_data()['season'][tongue]})\b(?:\s{of}(?P<y7>{year})\b)?|(?P<y8>{year})\b)",
        re.IGNORECASE,
    )
