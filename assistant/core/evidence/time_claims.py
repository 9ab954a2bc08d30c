"""Days, lengths of time and numbers in a sentence, and whether the evidence or the calendar has them.

    lengths -> days, months, seasons, weekdays -> the clock -> whatever numbers are left

What stands anywhere in the evidence is supported, in any of the four languages and in any usual form. So is what
follows from it (`known_time`, `arithmetic`). People round: a length of time may be off by what its unit allows, a
number by its last zeros. Fractions ("half of it") fail nothing: people use them loosely.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from assistant.core.evidence.arithmetic import LARGE, fits, step
from assistant.core.evidence.known_time import month_after
from assistant.core.language.numbers import fractions, numbers
from assistant.core.language.time_words import UNIT_DAYS, hedge_before, lengths, points_ahead, spoken

if TYPE_CHECKING:
    from assistant.core.evidence.known_time import Known
    from assistant.core.language.numbers import Number
    from assistant.core.language.time_words import Length, Spoken

_SEASONS: Final = ({3, 4, 5, 6}, {6, 7, 8, 9}, {9, 10, 11, 12}, {12, 1, 2, 3})
"""The months of spring, summer, autumn and winter: people's seasons begin early and end late."""
_CLOCK = re.compile(
    r"\b(?P<h>\d{1,2})(?:[:h](?P<m>[0-5]\d)|(?:\.(?P<m2>[0-5]\d))?\s?(?:h(?!\w)|[ap]\.?m\b|uhr\b|o'clock\b))",
    re.IGNORECASE,
)
_SO_MANY = re.compile(
    r"\b(?:(?:one|two) or (?:two|three)|(?:ein|zwei) oder (?:zwei|drei)|(?:une?|deux) ou (?:deux|trois)"
    r"|(?:una?|dos) o (?:dos|tres)|(?:half a|an?|one) dozen|(?:une? demi-|media )\w+)$",
    re.IGNORECASE,
)
_ROUNDEST: Final = frozenset({100, 1000, 1_000_000})
_ORDINAL = re.compile(r"(?:st|nd|rd|th|\.|er)(?!\w)")
_NEAR: Final = 7
"""Days from today within which a bare weekday means that very day."""
_MONTHS_AHEAD: Final = 3
_LONGEST_MEETING: Final = 1 / 24
"""Days: a request may ask for up to an hour, whatever the evidence says."""
_SOON: Final = 45
"""Days: "in the next six weeks" is as far ahead as a request may look without evidence."""
_WHOLE: Final = 0.05
_FAR: Final = 0.15
_A_COUPLE: Final = 2
"""Spelled out, that is a manner of speaking: "two things", "a second head"."""
_HALF_A_DAY: Final = 12
_FEW: Final = 3
"""A request may count so far: one question, two or three times that suit."""


def unsupported(text: str, language: str, known: Known, *, asks: bool, brief: bool = False) -> str | None:
    """Return "duration", "date", "weekday", "time" or "number" for the first such claim that nothing supports.

    `asks` says that the text is a request: it may ask for up to an hour, soon, and offer a few choices. A line of a
    brief may count to three as well: "sum it up in three sentences".
    """
    text = text.replace("’", "'")
    spans, said = lengths(text, language), spoken(text, language)
    ahead = asks and points_ahead(text, language)
    if any(not _length_holds(span, known, asks=asks, ahead=ahead) for span in spans):
        return "duration"
    if (wrong := _days_hold(said, known, asks=asks)) is not None:
        return wrong
    taken = [*((span.start, span.end) for span in spans), *((item.start, item.end) for item in said)]
    clocks = [match for match in _CLOCK.finditer(text) if _free(match.start(), match.end(), taken)]
    if not all(_clock_holds(match, known) for match in clocks):
        return "time"
    taken += [match.span() for match in clocks] + [(part.start, part.end) for part in fractions(text, language)]
    few = _FEW if asks else _A_COUPLE
    for number in numbers(text, language):
        spelled = not text[number.start].isdigit()
        freely = number.value <= (_FEW if brief and spelled else few) and (spelled or asks)
        if not freely and _free(number.start, number.end, taken) and not _number_holds(number, text, language, known):
            return "number"
    return None


def shares_hold(text: str, language: str, known: Known) -> bool:
    """Return whether the evidence has the fractions of a text, or numbers that are such shares of one another."""
    spans = [(span.start, span.end) for span in lengths(text, language)]
    parts = [part.value for part in fractions(text, language) if _free(part.start, part.end, spans)]
    return all(any(fits(share, part, 0, slack=part * _FAR) for share in known.shares) for part in parts)


def _free(start: int, end: int, taken: list[tuple[int, int]]) -> bool:
    """Return whether a place of the text belongs to nothing that was looked at before."""
    return not any(first < end and start < last for first, last in taken)


def _length_holds(span: Length, known: Known, *, asks: bool, ahead: bool) -> bool:
    if asks and (span.days <= _LONGEST_MEETING or (ahead and span.days <= _SOON)):
        return True
    unit = UNIT_DAYS[span.unit]
    grain = unit * step(span.count)
    if (int(span.count) if span.unit == "h" else span.days if span.unit in "wf" else 0) in known.numbers:
        return True  # "dix heures" may be a time of the day, and 14 stand for a fortnight
    if any(fits(days, span.days, grain, span.hedge, _told_slack(days, span.days, unit)) for days in known.lengths):
        return True
    slack = _slack(span)
    return any(fits(days, span.days, max(grain, slack), span.hedge, slack) for days in known.since)


def _told_slack(days: float, claimed: float, unit: float) -> float:
    """Return how far off a stated length may be told: hardly, but four weeks are a month and 34 years three decades."""
    other_unit = unit >= UNIT_DAYS["m"] and abs(days / unit - round(days / unit)) > _WHOLE
    return claimed * (_FAR if other_unit else 0.05)


def _slack(span: Length) -> float:
    """Return how many days a rounded length may be off: a day, half a week or month, a fifth of a half or of a year."""
    unit = UNIT_DAYS[span.unit]
    if span.count < 1 or (span.count == 1 and unit >= UNIT_DAYS["y"]):
        return span.days * 0.2
    return 1.0 if unit <= 1 else unit * (0.3 if unit >= UNIT_DAYS["y"] else 0.6)


def _days_hold(said: list[Spoken], known: Known, *, asks: bool) -> str | None:
    full = [item for item in said if item.day and item.month]
    for item in said:
        if item.weekday is not None:
            if not _weekday_holds(item, full, known):
                return "weekday"
        elif not _day_holds(item, known, asks=asks):
            return "date"
    return None


def _weekday_holds(item: Spoken, full: list[Spoken], known: Known) -> bool:
    weekday = item.weekday
    dated = {day for item in full for day in known.days if (day.month, day.day) == (item.month, item.day)}
    if dated:
        return any(day.weekday() == weekday for day in dated)
    near = {day for day in known.days if day != known.today and abs((day - known.today).days) <= _NEAR}
    if item.back:  # "last Tuesday" is a day of the last two weeks
        return any(day.weekday() == weekday and 0 < (known.today - day).days <= 2 * _NEAR for day in known.days)
    return weekday in known.weekdays or any(day.weekday() == weekday for day in near)


def _day_holds(item: Spoken, known: Known, *, asks: bool) -> bool:
    if item.back:
        return _back_holds(item.back, known)
    if item.season is not None:
        return _season_holds(item, known, asks=asks or item.present)
    if item.day and item.month:
        if any((day.month, day.day) == (item.month, item.day) and item.year in {None, day.year} for day in known.days):
            return True
        stands = (item.month, item.day) in known.day_numbers
        return stands and (item.year is None or (item.year, item.month) in known.months)
    if item.month:
        months = _months(known, asks=asks or item.present)
        return any(month == item.month and item.year in {None, year} for year, month in months)
    return item.year is None or item.year in known.years


def _months(known: Known, *, asks: bool) -> frozenset[tuple[int, int]]:
    """Return the months that may be named: a request or a wish may name the present one and the next few too."""
    ahead = {month_after(known.today, step * UNIT_DAYS["m"]) for step in range(_MONTHS_AHEAD + 1)} if asks else set()
    return known.months | ahead


def _season_holds(item: Spoken, known: Known, *, asks: bool) -> bool:
    season, months = item.season or 0, _months(known, asks=asks)
    if any(season == stands and (not item.year or item.year == year) for stands, year in known.seasons):
        return True
    return any(month in _SEASONS[season] and item.year in {None, year} for year, month in months)


def _back_holds(unit: str, known: Known) -> bool:
    """Return whether a known day lies in the last week, month, quarter or year, counted either way people count."""
    today = known.today
    least, most = {"d": (1, 1), "w": (1, 14), "m": (1, 62), "q": (30, 200), "y": (60, 730)}[unit]
    return any(least <= (today - day).days <= most for day in known.days)


def _clock_holds(match: re.Match[str], known: Known) -> bool:
    hour, minute = int(match["h"]), int(match["m"] or match["m2"] or 0)
    hours = {hour, hour + 12, hour - 12}
    return bool(hours & known.numbers) and (not minute or minute in known.numbers)


def _loosely(number: Number, text: str) -> bool:
    """Return whether a number only speaks in the manner of people: "a thousand thanks", "two or three"."""
    word = text[number.start : number.end]
    spelled = number.value in _ROUNDEST and not word[0].isdigit() and " " not in word
    return spelled or bool(_SO_MANY.search(text[: number.end]))


def _number_holds(number: Number, text: str, language: str, known: Known) -> bool:
    if _loosely(number, text):
        return True
    value, every = number.value, known.numbers | known.computed
    if value in every or (value <= _HALF_A_DAY and value + _HALF_A_DAY in known.numbers):
        return True  # eight in the evening is 20:00
    if value in {day.day for day in known.days} and _ORDINAL.match(text, number.end):
        return True  # the 28th
    if value < LARGE or value % 10:
        return False
    # A round number may stand for one near it: 400 for 412, and 2,000 for 2,300.
    hedge = hedge_before(text, number.start, language)
    return any(fits(actual, value, step(value), hedge) for actual in every)
