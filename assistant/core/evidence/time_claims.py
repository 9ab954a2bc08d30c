"""Days, lengths of time and numbers in a sentence, and whether the evidence or the calendar has them.

    read the evidence once -> Known;  lengths -> days, months, seasons -> clock -> whatever numbers are left

What stands anywhere in the evidence is supported, in any of the four languages and in any usual form. So is what can be
computed from it: how long ago a dated piece is, which day "on Thursday" in a letter was, when "in two years" will be,
a sum of two counts, a rounded number. People round: a length of time may be off by what its unit allows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from typing import TYPE_CHECKING, Final

from assistant.core.language.detect import detect
from assistant.core.language.numbers import numbers
from assistant.core.language.time_words import UNIT_DAYS, hedge_before, lengths, points_ahead, spoken

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from assistant.core.language.time_words import Length, Spoken

_SEASONS: Final = ({3, 4, 5, 6}, {6, 7, 8, 9}, {9, 10, 11, 12}, {12, 1, 2, 3})
"""The months of spring, summer, autumn and winter: people's seasons begin early and end late."""
_CLOCK = re.compile(
    r"\b(?P<h>\d{1,2})(?:[:.h](?P<m>[0-5]\d)|\s?h(?!\w))?(?:\s?(?P<pm>[ap]\.?m\b\.?)|\s?uhr\b|\s?o'clock\b)?", re.IGNORECASE
)
_ORDINAL = re.compile(r"(?:st|nd|rd|th|\.|er)(?!\w)")
_NEAR: Final = 7
"""Days from today within which a bare weekday means that very day."""
_MONTHS_AHEAD: Final = 3
_LONGEST_MEETING: Final = 1 / 24
"""Days: a request may ask for up to an hour, whatever the evidence says."""
_SOON: Final = 45
"""Days: "in the next six weeks" is as far ahead as a request may look without evidence."""
_LARGE: Final = 20
_A_COUPLE: Final = 2
"""Spelled out, that is a manner of speaking: "two things", "a second head"."""
_FEW: Final = 3
"""A request may count so far: one question, two or three times that suit."""


@dataclass(frozen=True, slots=True)
class Dated:
    """One piece of evidence: its text, its day (None: undated), and whether the sentence cites it or code computed it."""

    text: str
    on: date | None
    near: bool = True


@dataclass(frozen=True, slots=True)
class Known:
    """What the evidence says of time and number, and what follows from it."""

    today: date
    days: frozenset[date]
    day_numbers: frozenset[tuple[int, int]]
    """Month and day of the month that stand in one piece, though not side by side ("January", "the 28th")."""
    months: frozenset[tuple[int, int]]
    """Year and month."""
    years: frozenset[int]
    weekdays: frozenset[int]
    seasons: frozenset[tuple[int, int]]
    """Season and year, 0 for no year."""
    lengths: frozenset[float]
    """Days, as they stand in the evidence."""
    since: frozenset[int]
    """Days between today and a day that counts for this sentence."""
    numbers: frozenset[float]
    computed: frozenset[float]


def read(today: date, pieces: Sequence[Dated], more_days: Iterable[date] = ()) -> Known:
    """Return what the pieces say and what follows; `more_days` are days that code knows besides (a goal's end)."""
    days, near = set(more_days), set(more_days)
    months: set[tuple[int, int]] = set()
    years, weekdays, seasons = set[int](), set[int](), set[tuple[int, int]]()
    all_lengths, day_numbers, counted = set[float](), set[tuple[int, int]](), set[float]()
    for piece in pieces:
        on, language = piece.on or today, detect(piece.text) or ""
        said = spoken(piece.text, language)
        own = {day for item in said for day in _days_of(item, on)} | ({piece.on} if piece.on else set())
        spans = lengths(piece.text, language)
        found = {number.value for number in numbers(piece.text, language)}
        own_months = {(year, item.month) for item in said if item.month for year in _years_of(item, on)}
        own_months |= {_month_after(on, sign * span.days) for span in spans for sign in (1, -1) if span.days >= 1}
        own_months |= {(day.year, day.month) for day in own}
        days |= own
        months |= own_months
        years |= {year for year, _ in own_months} | {item.year for item in said if item.year}
        weekdays |= {item.weekday for item in said if item.weekday is not None}
        seasons |= {(item.season, item.year or 0) for item in said if item.season is not None}
        all_lengths |= {span.days for span in spans}
        day_numbers |= {(month, int(value)) for _, month in own_months for value in found if value <= 31}  # noqa: PLR2004
        counted |= found
        if piece.near:
            near |= own | {day for item in said if item.month and not item.day for day in _edges(item, on)}
    return Known(
        today,
        frozenset(days | {today}),
        frozenset(day_numbers),
        frozenset(months),
        frozenset(years | {today.year}),
        frozenset(weekdays),
        frozenset(seasons),
        frozenset(all_lengths),
        frozenset(abs((today - day).days) for day in near)
        | frozenset(abs((one - other).days) for one, other in combinations(near, 2)),
        frozenset(counted),
        _computed(pieces),
    )


def _years_of(item: Spoken, on: date) -> tuple[int, ...]:
    return (item.year,) if item.year else (on.year - 1, on.year, on.year + 1)


def _days_of(item: Spoken, on: date) -> list[date]:
    """Return the days a mention may mean in a text of the day `on`: a weekday is the one before or after it."""
    if item.back == "d":
        return [on - timedelta(days=1)]
    if item.weekday is not None:
        before = on - timedelta(days=(on.weekday() - item.weekday) % 7 or 7)
        return [before, before + timedelta(days=7)]
    if not item.day or not item.month:
        return []
    days = [day for year in _years_of(item, on) if (day := _date(year, item.month, item.day))]
    return [min(days, key=lambda day: abs((day - on).days))] if days else []


def _edges(item: Spoken, on: date) -> list[date]:
    """Return the first day of a month that a text of the day `on` names, and the day after its last."""
    firsts = [date(year, item.month or 1, 1) for year in _years_of(item, on)]
    first = min(firsts, key=lambda day: abs((day - on).days))
    return [first, (first + timedelta(days=31)).replace(day=1)]


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month_after(on: date, days: float) -> tuple[int, int]:
    index = on.year * 12 + on.month - 1 + round(days / UNIT_DAYS["m"])
    return index // 12, index % 12 + 1


def _computed(pieces: Sequence[Dated]) -> frozenset[float]:
    """Return sums, differences and ratios of two numbers of one sentence, and sums across the cited pieces."""
    made: set[float] = set()
    counts = []
    for piece in pieces:
        if not piece.near:
            continue
        counts.append({number.value for number in numbers(piece.text, detect(piece.text) or "")})
        for line in re.split(r"(?<=[.!?;:])\s|\n", piece.text):
            for one, other in combinations([number.value for number in numbers(line, detect(piece.text) or "")], 2):
                high, low = max(one, other), min(one, other)
                made |= {high + low, high - low} | ({round(high / low, 2)} if low else set())
        # "2,900 a year, which we split by three": a share of something large is no chance hit.
        made |= {high / low for high in counts[-1] for low in counts[-1] if low and high / low >= _LARGE}
    made |= {one + other for first, second in combinations(counts, 2) for one in first for other in second}
    return frozenset(made)


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
    taken = [(item.start, item.end) for item in (*spans, *said)]
    for match in _CLOCK.finditer(text):
        if len(match[0]) > len(match["h"]) and not any(start < match.end() and match.start() < end for start, end in taken):
            if not _clock_holds(match, known):
                return "time"
            taken.append(match.span())
    for number in numbers(text, language):
        if any(start < number.end and number.start < end for start, end in taken):
            continue
        hedge = hedge_before(text, number.start, language)
        spelled = not text[number.start].isdigit()
        if number.value <= (_FEW if asks or (brief and spelled) else _A_COUPLE if spelled else 0):
            continue
        if _ORDINAL.match(text, number.end) and number.value in {day.day for day in known.days}:
            continue
        if not _number_holds(number.value, hedge, known):
            return "number"
    return None


def _fits(actual: float, claimed: float, slack: float, hedge: str) -> bool:
    """Return whether a true value may be told as the claimed one: "over" it, "under" it, or about it."""
    if hedge == "over":
        return claimed - slack * 0.2 <= actual <= claimed * 1.35 + slack
    if hedge == "under":
        return claimed * 0.7 - slack * 0.5 <= actual <= claimed + slack * 0.2
    return abs(actual - claimed) <= slack


def _length_holds(span: Length, known: Known, *, asks: bool, ahead: bool) -> bool:
    if asks and (span.days <= _LONGEST_MEETING or (ahead and span.days <= _SOON)):
        return True
    if any(abs(days - span.days) <= span.days * 0.1 for days in known.lengths):
        return True
    if span.unit in "wf" and span.days in known.numbers:
        return True
    unit = UNIT_DAYS[span.unit]
    share = 0.3 if span.count < 1 or unit >= UNIT_DAYS["y"] else 0.6
    slack = 1.0 if span.unit == "d" else unit * min(share, 0.3 * span.count + 0.3)
    if span.count < 1:
        slack = span.days * 0.2
    elif span.unit in "yx" and span.count == 1:
        slack = unit * 0.2
    return any(_fits(days, span.days, slack, span.hedge) for days in known.since)


def _days_hold(said: list[Spoken], known: Known, *, asks: bool) -> str | None:
    full = [item for item in said if item.day and item.month]
    for item in said:
        if item.weekday is not None:
            if not _weekday_holds(item.weekday, full, known):
                return "weekday"
        elif not _day_holds(item, known, asks=asks):
            return "date"
    return None


def _weekday_holds(weekday: int, full: list[Spoken], known: Known) -> bool:
    dated = {day for item in full for day in known.days if (day.month, day.day) == (item.month, item.day)}
    if dated:
        return any(day.weekday() == weekday for day in dated)
    near = {day for day in known.days if day != known.today and abs((day - known.today).days) <= _NEAR}
    return weekday in known.weekdays or any(day.weekday() == weekday for day in near)


def _day_holds(item: Spoken, known: Known, *, asks: bool) -> bool:
    if item.back:
        return _back_holds(item.back, known)
    if item.season is not None:
        return _season_holds(item, known, asks=asks)
    if item.day and item.month:
        if any((day.month, day.day) == (item.month, item.day) and item.year in {None, day.year} for day in known.days):
            return True
        stands = (item.month, item.day) in known.day_numbers
        return stands and (item.year is None or (item.year, item.month) in known.months)
    if item.month:
        return any(month == item.month and item.year in {None, year} for year, month in _months(known, asks=asks))
    return item.year is None or item.year in known.years


def _months(known: Known, *, asks: bool) -> frozenset[tuple[int, int]]:
    """Return the months that may be named: a request or a wish may name the present one and the next few too."""
    ahead = {_month_after(known.today, step * UNIT_DAYS["m"]) for step in range(_MONTHS_AHEAD + 1)} if asks else set()
    return known.months | ahead


def _season_holds(item: Spoken, known: Known, *, asks: bool) -> bool:
    season = item.season or 0
    if any(season == stands and (not item.year or item.year == year) for stands, year in known.seasons):
        return True
    months = _months(known, asks=asks)
    if item.year:
        return any(year == item.year and month in _SEASONS[season] for year, month in months)
    return any(month in _SEASONS[season] for _, month in months)


def _back_holds(unit: str, known: Known) -> bool:
    """Return whether a known day lies in the last week, month, quarter or year, counted either way people count."""
    today = known.today
    least, most = {"d": (1, 1), "w": (1, 14), "m": (1, 62), "q": (30, 200), "y": (60, 730)}[unit]
    return any(least <= (today - day).days <= most for day in known.days)


def _clock_holds(match: re.Match[str], known: Known) -> bool:
    hour, minute = int(match["h"]), int(match["m"] or 0)
    hours = {hour, hour + 12, hour - 12}
    return bool(hours & known.numbers) and (not minute or minute in known.numbers)


def _number_holds(value: float, hedge: str, known: Known) -> bool:
    every = known.numbers | known.computed
    if value in every:
        return True
    # A round number may stand for one near it: 400 for 412, and 2,000 for 2,300 where "over" is said.
    if value < _LARGE or value != int(value):
        return value + 12 in known.numbers and value < 12  # noqa: PLR2004 -- eight in the evening
    unit = 10 ** (len(str(int(value))) - len(str(int(value)).rstrip("0")))
    slack = min(unit / 2, value * 0.15) if unit > 1 else 0
    return bool(slack) and any(_fits(actual, value, slack, hedge) for actual in every)
