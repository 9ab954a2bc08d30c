"""Days, months and years in a text, and what of them is known (check 2 of docs/writer.md).

A day may be said in any of the usual ways; it counts as supported when some date of the evidence fits all that was
said of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from assistant.core.language.calendar_words import MONTHS, NUMBER_WORDS, WEEKDAYS
from assistant.core.language.lexicon import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

MONTH_NAMES: Final = {
    **{name.lower(): number for names in MONTHS.values() for number, name in enumerate(names, start=1)},
    "jan": 1,
    "feb": 2,
    "mar": 3,
    "apr": 4,
    "jun": 6,
    "jul": 7,
    "aug": 8,
    "sep": 9,
    "sept": 9,
    "oct": 10,
    "okt": 10,
    "nov": 11,
    "dec": 12,
    "dez": 12,
    "jänner": 1,
    "janv": 1,
    "févr": 2,
    "juil": 7,
    "déc": 12,
    "ene": 1,
    "abr": 4,
    "ago": 8,
    "dic": 12,
    "setiembre": 9,
}
WEEKDAY_NAMES: Final = {
    **{name.lower(): number for names in WEEKDAYS.values() for number, name in enumerate(names)},
    "mon": 0,
    "tue": 1,
    "tues": 1,
    "wed": 2,
    "thu": 3,
    "thur": 3,
    "thurs": 3,
    "fri": 4,
    "sat": 5,
    "sun": 6,
    "sonnabend": 5,
    "mondays": 0,
    "tuesdays": 1,
    "wednesdays": 2,
    "thursdays": 3,
    "fridays": 4,
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
    joined = fold("\n".join(texts))
    found = set(dates)
    months = set()
    for match in DATE.finditer(joined):
        day = _resolve(match, today)
        if isinstance(day, date):
            found.add(day)
        elif day is not None:
            months.add(day)
    numbers = {item for text in counted for item in numbers_in(DATE.sub(" ", fold(text)))}
    return Known(today, frozenset(found), frozenset(numbers), joined, frozenset(intervals), frozenset(months))


def numbers_in(text: str) -> frozenset[str]:
    """Return the numbers of a text as digits, those written as words among them; "one" is no number here."""
    folded = fold(text)
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
