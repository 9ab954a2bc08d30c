"""Lengths of time and cadences: what their words mean, and the day that lies a length away."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from assistant.core.language.days_in_words import YEAR_MONTHS, month_days

if TYPE_CHECKING:
    from assistant.core.language.calendar.words import ReadWords

LONGEST_DAYS: Final = 3650
"""Ten years: what lies further off is no day that an owner means."""
UNIT_MONTHS: Final = {"m": 1, "q": 3, "y": 12}
_UNIT_DAYS: Final = {"d": 1, "w": 7, "f": 14}


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time in whole months and days."""

    months: int = 0
    days: int = 0


def after(day: date, length: Length, sign: int = 1) -> date | None:
    """Return the day `length` later (`sign` -1: earlier); month ends clamp. None beyond ten years."""
    if length.months > LONGEST_DAYS // 30 or length.days > LONGEST_DAYS:
        return None
    index = day.year * YEAR_MONTHS + day.month - 1 + sign * length.months
    moved = clamped(index // YEAR_MONTHS, index % YEAR_MONTHS + 1, day.day)
    return moved + timedelta(days=sign * length.days)


def amount(text: str, words: ReadWords, *, vague: bool = True) -> Length | None:
    """Return "3 weeks", "half a year"; "a few weeks" are three, unless `vague` words count for nothing."""
    (shape,) = words.shapes["amount"]
    match = shape.fullmatch(text)
    if match is None or (match["vague"] and not vague):
        return None
    if match["fixed"]:
        return _spec(words.meaning("lengths", match["fixed"]))
    count = words.number(match["count"], "counts", "vague")
    return of_units(count or 0, words.meaning("units", match["unit"]))


def _spec(written: str) -> Length:
    """Return a length as the data files write it: "6m"."""
    return of_units(int(written[:-1]), written[-1])


def of_units(count: int, unit: str) -> Length:
    """Return so many of a unit by its letter: d(ay), w(eek), f(ortnight), m(onth), q(uarter), y(ear)."""
    months = UNIT_MONTHS.get(unit)
    return Length(months=count * months) if months else Length(days=count * _UNIT_DAYS[unit])


def cadence(text: str, words: ReadWords) -> int | None:
    """Return the days of a cadence in the words of one language, 0 or None where it is none."""
    if said := words.meaning("cadences", text):
        return _in_days(_spec(said))
    for shape in words.shapes["cadence"]:
        if match := shape.fullmatch(text):
            length = _each(match.groupdict(), words)
            times = words.number(match["times"], "times", "counts") if "times" in match.groupdict() else 1
            if length and times:
                return _in_days(length, times)
    length = amount(text, words)
    return _in_days(length) if length else None


def _each(said: dict[str, str | None], words: ReadWords) -> Length | None:
    """Return the length behind "every": "3 weeks", "week"; two weeks for "other week"."""
    if adverb := said.get("adverb"):  # "zweimal jährlich"
        return _spec(words.meaning("cadences", adverb))
    text = said.get("length") or said.get("second") or ""
    unit = words.meaning("units", text)
    return of_units(2 if said.get("second") else 1, unit) if unit else amount(text, words)


def _in_days(length: Length, times: int = 1) -> int:
    """Return how many days apart something is that happens so many times in a length."""
    if length.months % times == 0:
        return month_days(length.months // times) + length.days // times
    return (month_days(length.months) + length.days) // times


def clamped(year: int, month: int, day: int) -> date:
    """Return a day, the last of its month where the month is too short for it."""
    return date(year, month, min(day, monthrange(year, month)[1]))
