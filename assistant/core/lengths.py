"""Lengths of time in a text ("five weeks ago", "for two years", "24 days"), held against the known dates.

Check 2 of docs/writer.md. People round: a length of time may be off by what its unit allows.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from assistant.core.language.calendar_words import NUMBER_WORDS
from assistant.core.language.lexicon import fold

if TYPE_CHECKING:
    from assistant.core.dating import Known

UNITS: Final = {
    "day": 1,
    "days": 1,
    "week": 7,
    "weeks": 7,
    "month": 30.44,
    "months": 30.44,
    "year": 365.25,
    "years": 365.25,
    "quarter": 91,
    "quarters": 91,
    "decade": 3652,
    "decades": 3652,
    "fortnight": 14,
    "tag": 1,
    "tage": 1,
    "tagen": 1,
    "woche": 7,
    "wochen": 7,
    "monat": 30.44,
    "monate": 30.44,
    "monaten": 30.44,
    "jahr": 365.25,
    "jahre": 365.25,
    "jahren": 365.25,
    "jour": 1,
    "jours": 1,
    "semaine": 7,
    "semaines": 7,
    "mois": 30.44,
    "an": 365.25,
    "ans": 365.25,
    "année": 365.25,
    "années": 365.25,
    "día": 1,
    "días": 1,
    "semana": 7,
    "semanas": 7,
    "mes": 30.44,
    "meses": 30.44,
    "año": 365.25,
    "años": 365.25,
}
UNIT = "|".join(sorted(UNITS, key=len, reverse=True))
_ONE: Final = r"a|an|one|einen|einem|einer|ein|eine|un|une|una|uno"
_SOME: Final = (
    r"(?:a |an |ein |una? )?(?:few|couple(?: of)?|several|some|paar|einigen?|mehreren?|quelques|unos"
    r"|unas|algun[oa]s|many|vielen?|good while)"
)
_NUMBER: Final = r"\d+|" + "|".join(NUMBER_WORDS)
AGO = re.compile(
    rf"\b(?P<n>{_NUMBER}|{_ONE}|half an?|{_SOME})[\s-](?P<unit>{UNIT})[\s-](?:ago|earlier|back)\b"
    rf"|\b(?:vor|seit)\s(?P<n2>{_NUMBER}|{_ONE}|{_SOME}|einem halben)\s(?P<unit2>{UNIT})\b"
    rf"|\b(?:il y a|depuis|hace|desde hace)\s(?P<n3>{_NUMBER}|{_ONE}|{_SOME})\s(?P<unit3>{UNIT})\b"
    rf"|\b(?:for|in|been|after|over|within)\s(?:the\s(?:last|past)\s)?(?:about |almost |nearly |over |more "
    rf"than )?(?P<n4>{_NUMBER}|{_ONE}|half a)\s(?P<unit4>{UNIT})\b"
    rf"|\b(?:last|past)\s(?P<n5>{_NUMBER})\s(?P<unit5>{UNIT})\b",
    re.IGNORECASE,
)
LENGTH = re.compile(rf"\b(?P<n>{_NUMBER})[\s-](?P<unit>{UNIT})\b", re.IGNORECASE)
_QUARTER: Final = 91
_DAY_OR_SO: Final = 1.5
_SOME_AT_LEAST: Final = 1.5
_SOME_AT_MOST: Final = 14
"""A few weeks are one and a half to fourteen weeks, and so with the other units."""


def _value(word: str) -> float | None:
    word = word.lower()
    if word.isdigit():
        return float(word)
    if word.startswith("half") or word == "einem halben":
        return 0.5
    if re.fullmatch(_ONE, word):
        return 1.0
    number = NUMBER_WORDS.get(word)
    return float(number) if number else None


def interval_holds(match: re.Match[str], what: Known) -> bool:
    """Return whether a match of AGO fits a known date, or stands in the evidence in these words."""
    index = next(i for i in ("", "2", "3", "4", "5") if match[f"n{i}"])
    unit = UNITS[match[f"unit{index}"].lower()]
    value = _value(match[f"n{index}"])
    if value is None:
        return any(_SOME_AT_LEAST * unit <= days <= _SOME_AT_MOST * unit for days in _past(what))
    if index == "4" and value == 1 and unit < _DAY_OR_SO:
        return True
    if re.match(r"(?:in|within)\b", match[0], re.IGNORECASE) and index == "4":
        ahead = {(day - what.today).days for day in what.dates if day > what.today}
        return any(abs(days - value * unit) <= unit * 0.6 for days in ahead)
    days, slack = value * unit, _slack(value, unit)
    return any(abs(past - days) <= slack for past in _past(what)) or (
        index in {"4", "5"} and fold(match[0]) in what.text
    )


def _slack(value: float, unit: float) -> float:
    """Return how many days a rounded length of time may be off: a day, half a week, half a month, a few months."""
    if unit == 1:
        return 1
    return unit * (0.15 if value < 1 else 0.6 if unit < _QUARTER else 0.3 if value == 1 else 0.5)


def span_holds(match: re.Match[str], what: Known) -> bool:
    """Return whether a bare length of time ("24 days") was computed, or stands in the evidence in these words."""
    if match[0] in what.text:
        return True
    unit = UNITS[match["unit"].lower()]
    days = (_value(match["n"]) or 0) * unit
    return any(abs(past - days) <= max(unit * 0.15, 0.5) for past in what.intervals)


def _past(what: Known) -> set[int]:
    return {(what.today - day).days for day in what.dates if day <= what.today} | set(what.intervals)
