"""Numbers, days and lengths of time in a text, and whether the evidence or the calendar bears them out.

    asked-for minutes -> lengths -> days from today -> dates -> clock -> years -> whatever numbers are left

Check 2 of docs/writer.md. Each step takes out what it found true, so that the next one sees only the rest. A day may be
said in any of the usual ways; it counts as supported when some date of the evidence fits all that was said of it.
People round: a length of time may be off by what its unit allows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from assistant.core.language.calendar_words import MONTH_NUMBERS, MONTHS, NUMBER_WORDS, WEEKDAY_NUMBERS, WEEKDAYS
from assistant.core.language.calendar_words import UNITS as UNIT_WORDS
from assistant.core.language.fold import fold_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["Known", "known", "unsupported"]

_CLOCK = re.compile(r"\b\d{1,2}(?::\d{2}|\s?(?:am|pm|uhr)|h\d{0,2})\b", re.IGNORECASE)
_COUNTED_FREELY: Final = re.compile(
    r"\ban? \w+ or two\b|\b(?:one|1|ein(?:en|e)?) (?:or|to|oder|bis) (?:two|2|zwei)\b(?: \w+)?|\b(?:two|three|2"
    r"|3|zwei|drei|deux|trois|dos|tres)(?:\s(?:or|oder|ou|o|to|bis)\s(?:two|three|2|3|zwei|drei|deux|trois|dos"
    r"|tres))?\s"
    r"(?:\w+\s)?(?:slots?|options?|times?|dates?|questions?|lines?|sentences?|words?|ways|minds|of us|sides"
    r"|cents|heads|things|thoughts|"
    r"termine?|vorschläge|möglichkeiten|zeiten|fragen|zeilen|sätzen?|worten?|dinge|questions|mots|lignes"
    r"|créneaux|horarios|opciones|preguntas|líneas|palabras)\b",
    re.IGNORECASE,
)
_MINUTES = re.compile(
    r"\b(?P<a>\d{2})(?:\s?(?:to|bis|or|oder|à|a|-|–)\s?(?P<b>\d{2}))?[\s-](?:minuten?|minutes?|minutos?|min)\b",
    re.IGNORECASE,
)
_SPELLED_MINUTES = re.compile(
    r"\b(?:(?:twenty|thirty|zwanzig|dreißig|vingt|trente|veinte|treinta)(?:\s(?:to|bis|or|oder|à|a)\s(?:thirty"
    r"|dreißig|trente|treinta))?"
    r"|twenty-five)[\s-](?:minuten?|minutes?|minutos?)\b",
    re.IGNORECASE,
)


def unsupported(text: str, what: Known, *, minutes: tuple[int, int] | None) -> str | None:
    """Return "date", "time" or "number" for the first such claim of `text` that nothing bears out, else None.

    `minutes` is the span a meeting may be asked for (least, most), None where the sentence is no request.
    """
    folded, wrong = _durations(fold_text(text), minutes)
    if wrong:
        return "number"
    left: str | None = _COUNTED_FREELY.sub(" ", folded)
    left = _without(AGO, left, lambda match: interval_holds(match, what))
    left = _without(LENGTH, left, lambda match: span_holds(match, what))
    left = _without(RELATIVE, left and VAGUE.sub(" ", left), lambda match: relative_holds(match[0], what))
    if left is None:
        return "time"
    return _days(left, text, what)


def _without(pattern: re.Pattern[str], text: str | None, holds: Callable[[re.Match[str]], bool]) -> str | None:
    """Return the text without what the pattern finds, None where something found does not hold."""
    if text is None or any(not holds(match) for match in pattern.finditer(text)):
        return None
    return pattern.sub(" ", text)


def _days(folded: str, text: str, what: Known) -> str | None:
    said = [match for match in DATE.finditer(folded) if not is_word(match, text)]
    if any(not date_holds(match, what, said) for match in said):
        return "date"
    folded = DATE.sub(lambda match: match[0] if is_word(match, text) else " ", folded)
    if (clock := _CLOCK.search(folded)) and clock[0] not in what.text:
        return "time"
    folded = YEAR.sub(lambda match: " " if year_holds(int(match[0]), what) else match[0], folded)
    return None if numbers_in(folded) <= what.numbers else "number"


def _durations(text: str, minutes: tuple[int, int] | None) -> tuple[str, bool]:
    """Return the text without the durations that may be asked for, and whether another one was asked for."""
    if minutes is None:
        return text, False
    for match in _MINUTES.finditer(text):
        if not all(minutes[0] <= int(value) <= minutes[1] for value in (match["a"], match["b"]) if value):
            return text, True
    return _SPELLED_MINUTES.sub(" ", _MINUTES.sub(" ", text)), False


MONTH_NAMES: Final = {name: number for table in MONTH_NUMBERS.values() for name, number in table.items()}
_SHORTEST_WEEKDAY: Final = 3
"""Letters: shorter German forms ("do", "so") are words of other languages."""
WEEKDAY_NAMES: Final = {
    form: number
    for table in WEEKDAY_NUMBERS.values()
    for name, number in table.items()
    if len(name) >= _SHORTEST_WEEKDAY
    for form in ((name, f"{name}s") if name.endswith("day") else (name,))
}
_MONTH = "|".join(sorted((re.escape(name) for name in MONTH_NAMES), key=len, reverse=True))
DATE = re.compile(
    rf"\b(?P<y1>\d{{4}})-(?P<m1>\d{{1,2}})-(?P<d1>\d{{1,2}})\b"
    rf"|\b(?P<d2>\d{{1,2}})(?:st|nd|rd|th|er|\.)?(?:\s(?:of|de))?\s(?P<m2>{_MONTH})\b\.?(?:(?:\sde"
    rf"|,)?\s(?P<y2>\d{{4}})\b)?"
    rf"|\b(?P<m3>{_MONTH})\b\.?\s(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\d|:)(?:,?\s(?P<y3>\d{{4}})\b)?"
    rf"|\b(?P<m4>{_MONTH})\b\.?(?:\s(?:de\s)?(?P<y4>\d{{4}})\b|\s(?P<last>last year|letzten jahres|l'année "
    rf"dernière|del año pasado))?"
    rf"|\b(?P<d5>\d{{1,2}})\.(?P<m5>\d{{1,2}})\.(?P<y5>\d{{4}})?"
    rf"|\b(?P<d6>\d{{1,2}})/(?P<m6>\d{{1,2}})/(?P<y6>\d{{4}})\b"
    rf"|\b(?P<w>{'|'.join(sorted(WEEKDAY_NAMES, key=len, reverse=True))})\b",
    re.IGNORECASE,
)
_AMBIGUOUS: Final = frozenset(
    {"may", "mar", "march", "sun", "sat", "wed", "mon", "dec", "jan", "ago", "ene", "mars", "mai", "août"}
)
_NEAR: Final = 7
"""Days from today within which a bare weekday means that very day."""
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class Known:
    """What is known: dates, the digits in the evidence, its folded text, today, and intervals in days."""

    today: date
    dates: frozenset[date]
    numbers: frozenset[str]
    text: str
    intervals: frozenset[int]
    months: frozenset[tuple[int, int]] = frozenset()


def known(
    today: date, dates: Iterable[date], texts: Iterable[str], intervals: Iterable[int], computed: Iterable[str] = ()
) -> Known:
    """Return what those texts and dates support; dates written out in the texts count too.

    Of `computed` texts the words and dates count, but not the bare numbers: those are lengths of time, and a length
    of time needs its unit.
    """
    counted = list(texts)
    texts = [*counted, *computed]
    joined = fold_text("\n".join(texts))
    found = set(dates)
    months = set()
    for match in DATE.finditer(joined):
        day = _resolve(match, today)
        if isinstance(day, date):
            found.add(day)
        elif day is not None:
            months.add(day)
    numbers = {item for text in counted for item in numbers_in(DATE.sub(" ", fold_text(text)))}
    return Known(today, frozenset(found), frozenset(numbers), joined, frozenset(intervals), frozenset(months))


def numbers_in(text: str) -> frozenset[str]:
    """Return the numbers of a text as digits, those written as words among them; "one" is no number here."""
    folded = fold_text(text)
    found = {match[0].rstrip(".,").replace(",", "") for match in _DIGITS.finditer(folded)}
    words = set(re.findall(r"[^\W\d_]+", folded))
    return frozenset(found | {value for word, value in NUMBER_WORDS.items() if word in words})


def is_word(match: re.Match[str], text: str) -> bool:
    """Return whether a short name of a month or day is an ordinary word here ("may I", "mar", "sat down")."""
    word = match[0].lower().strip(".")
    if word not in _AMBIGUOUS:
        return False
    if word == "may" and re.search(r"(?:^|[.!?:]\s+|[\"“„])May\s+(?:I|we)\b", text):
        return len(re.findall(r"\bMay\b", text)) == 1
    return not re.search(rf"\b{word.capitalize()}\b", text)


def _resolve(match: re.Match[str], today: date) -> date | tuple[int, int] | None:
    """Return the date a match names, (year, month) for a bare month, None for a weekday or an impossible day."""
    groups = match.groupdict()
    index = next((i for i in "123456" if groups.get(f"d{i}")), None)
    if index is None:
        if not groups.get("m4"):
            return None
        month = MONTH_NAMES[groups["m4"].lower()]
        year = int(groups["y4"] or today.year - bool(groups["last"]))
        return (year, month)
    month_text = groups[f"m{index}"]
    month = int(month_text) if month_text.isdigit() else MONTH_NAMES[month_text.lower()]
    try:
        return date(int(groups[f"y{index}"] or today.year), month, int(groups[f"d{index}"]))
    except ValueError:
        return None


def year_holds(year: int, what: Known) -> bool:
    """Return whether some known day or month lies in that year."""
    return any(day.year == year for day in what.dates) or any(known_year == year for known_year, _ in what.months)


def _weekday_holds(name: str, what: Known, said: list[re.Match[str]]) -> bool:
    """Return whether a weekday fits the dates said beside it, or, said alone, a known day within a week of today."""
    number = WEEKDAY_NAMES[name.lower()]
    days = [day for match in said if isinstance(day := _resolve(match, what.today), date)]
    if days:
        return any(day.weekday() == number for day in days)
    return any(day.weekday() == number and abs((day - what.today).days) <= _NEAR for day in what.dates)


def date_holds(match: re.Match[str], what: Known, said: list[re.Match[str]]) -> bool:
    """Return whether a date said in a text fits a known one; `said` holds all dates of that text."""
    groups = match.groupdict()
    if groups.get("w"):
        return _weekday_holds(groups["w"], what, said)
    day = _resolve(match, what.today)
    if day is None:
        return False
    index = next((i for i in "123456" if groups.get(f"d{i}")), None)
    if isinstance(day, tuple):
        given = groups["y4"] or groups["last"]
        near = [d for d in what.dates if d.month == day[1] and (d.year == day[0] if given else True)]
        return bool(near) or day in what.months or (not given and any(month == day[1] for _, month in what.months))
    if index and groups[f"y{index}"]:
        return day in what.dates
    return any((d.month, d.day) == (day.month, day.day) for d in what.dates)


_UNIT_DAYS: Final = {"d": 1, "w": 7, "f": 14, "m": 30.44, "q": 91, "y": 365.25}
UNITS: Final = {word: _UNIT_DAYS[unit] for table in UNIT_WORDS.values() for word, unit in table.items()} | {
    "decade": 3652,
    "decades": 3652,
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
        index in {"4", "5"} and fold_text(match[0]) in what.text
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


RELATIVE = re.compile(
    r"\b(?P<en>(?:last|this|next|past|coming|previous|the following)\s(?:{units}|{days}|{months}|night|weekend"
    r"|summer|winter|spring|autumn|fall|time next \w+))\b"
    r"|\b(?P<de>(?:letzte[nrms]?|vorige[nrms]?|diese[nrms]?|nächste[nrms]?|kommende[nrms]?"
    r"|vergangene[nrms]?)\s(?:{units}|{days}|{months}|wochenende|sommer|winter|frühling|frühjahr|herbst))\b"
    r"|\b(?P<fr>(?:la|le|l'|cette?|cet)?\s?(?:semaine|mois|année|{days}|week-end|été|hiver|printemps"
    r"|automne)\s(?:dernier|dernière|prochaine?|passée?))\b"
    r"|\b(?P<es>(?:la|el|este|esta)\s(?:semana|mes|año|{days}|próxim[oa]\s(?:semana|mes|año)|fin de "
    r"semana)\s?(?:pasad[oa]|que viene|próxim[oa])?)\b"
    r"|\b(?P<day>yesterday|tomorrow|tonight|gestern|vorgestern|übermorgen|hier soir|avant-hier|ayer|anteayer"
    r"|pasado mañana|the day after tomorrow|this (?:morning|afternoon|evening)|overnight)\b".format(
        units=UNIT,
        days="|".join(day.lower() for names in WEEKDAYS.values() for day in names),
        months="|".join(month.lower() for names in MONTHS.values() for month in names),
    ),
    re.IGNORECASE,
)
VAGUE = re.compile(
    r"\b(?:the )?(?:coming|next|nächsten|kommenden|prochaines?|próximas?) (?:few )?(?:days|weeks|months|years"
    r"|tagen?|wochen|monaten?|jahren?|jours|semaines|mois|días|semanas|meses)\b"
    r"|\bles prochain(?:e)?s (?:jours|semaines|mois)\b|\b(?:these|diesen?|ces|estos) (?:days|tagen?|jours"
    r"|días)\b|\bthis time\b|\bnext time\b|\blast time\b",
    re.IGNORECASE,
)
_AHEAD = re.compile(r"next|coming|following|nächst|kommend|prochain|próxim|que viene|tomorrow|übermorgen|pasado mañana")
_BACK = re.compile(r"last|past|previous|letzt|vorig|vergangen|derni|passé|pasad|yesterday|gestern|ayer|hier")
_WEEK = re.compile(r"\b(?:week|woche|semaine|semana)\b")
_A_MONTH = re.compile(r"\b(?:month|monats?|mois|mes)\b")
_YEAR = re.compile(r"\b(?:year|jahre?s?|année|an|año)\b")


def relative_holds(phrase: str, what: Known) -> bool:
    """Return whether some known date lies where the phrase points, seen from today."""
    span = _span(phrase.lower(), what.today)
    if span is None:
        # A season or a night: only as the evidence says it, and not where it looks back from another day.
        return phrase.lower() in what.text and not re.match(r"last|letzte|past|vergangene", phrase.lower())
    return any(span[0] <= day <= span[1] for day in what.dates)


def _span(phrase: str, today: date) -> tuple[date, date] | None:
    """Return the first and the last day a phrase may mean, None where it names no span of the calendar."""
    ahead = bool(_AHEAD.search(phrase))
    back = bool(_BACK.search(phrase)) and not ahead
    step = int(ahead) - int(back)
    if phrase in {"yesterday", "gestern", "ayer", "tomorrow"}:
        day = today + timedelta(days=step)
        return day, day
    if _WEEK.search(phrase):
        start = today + timedelta(days=7 * step - today.weekday())
        return start, start + timedelta(days=6)
    if _A_MONTH.search(phrase):
        return month_span(today, step)
    if _YEAR.search(phrase):
        return date(today.year + step, 1, 1), date(today.year + step, 12, 31)
    return _named(phrase, today, step)


def _named(phrase: str, today: date, step: int) -> tuple[date, date] | None:
    """Return the span of a weekday (a fortnight towards the past or future) or of a month that a phrase names."""
    words = re.findall(r"[^\W\d_]+", phrase)
    weekday = next((WEEKDAY_NAMES[word] for word in words if word in WEEKDAY_NAMES), None)
    if weekday is not None:
        if step < 0:
            day = today - timedelta(days=(today.weekday() - weekday) % 7 or 7)
            return day - timedelta(days=7), day
        day = today + timedelta(days=(weekday - today.weekday()) % 7 or 7)
        return day, day + timedelta(days=7)
    month = next((MONTH_NAMES[word] for word in words if word in MONTH_NAMES), None)
    if month is None:
        return None
    year = today.year - (step < 0 and month >= today.month) + (step > 0 and month <= today.month)
    return month_span(date(year, month, 1), 0)


def month_span(day: date, step: int) -> tuple[date, date]:
    """Return the first and the last day of the month `step` months from that of `day`."""
    index = day.year * 12 + day.month - 1 + step
    start = date(index // 12, index % 12 + 1, 1)
    after = date((index + 1) // 12, (index + 1) % 12 + 1, 1)
    return start, after - timedelta(days=1)
