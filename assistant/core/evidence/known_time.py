"""What a person's evidence says of time and number, and what follows from it; read once, for `time_claims` to look up.

A text is read as of its day: "on Thursday" in a letter is the Thursday before or after it, "in June" the nearest June,
and "in two years" so long after it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from typing import TYPE_CHECKING, Final

from assistant.core.evidence.arithmetic import follows, shares, together
from assistant.core.language.detect import detect
from assistant.core.language.lexicon import word_list
from assistant.core.language.numbers import fractions, numbers
from assistant.core.language.time_words import UNIT_DAYS, lengths, spoken

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from assistant.core.language.numbers import Number
    from assistant.core.language.time_words import Spoken

_LAST_DAY: Final = 31
_CLOCK = re.compile(r"\b([01]?\d|2[0-4])[.:h]([0-5]\d)\b")
_LINE = re.compile(r"(?<=[.!?;:])\s|\n")
_NEXT_WORD = re.compile(r"[ \u00a0-]([^\W\d_]+)")


@dataclass(frozen=True, slots=True)
class Dated:
    """One piece of evidence: its text, its day (None: undated), whether it is cited, and whether code worded it.

    What code worded has days and lengths of time, but no numbers: "34 days" doesn't support "34 people".
    """

    text: str
    on: date | None
    cited: bool = False
    computed: bool = False


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
    """Days, as they stand in the evidence or follow from two that stand in one sentence; ages from a year."""
    since: frozenset[int]
    """Days between two days that count for this sentence, today among them."""
    numbers: frozenset[float]
    computed: frozenset[float]
    """What follows from the numbers in what the sentence cites, and the hundredths of fractions ("half": 50)."""
    shares: frozenset[float]
    """Fractions and hundredths that stand anywhere, and the shares that numbers it cites are of one another."""


class _Reading:
    """One piece of evidence, read as of its day."""

    def __init__(self, piece: Dated, today: date) -> None:
        on, self.language = piece.on or today, detect(piece.text) or ""
        self.piece = piece
        self.said = spoken(piece.text, self.language)
        self.spans = {span.days for span in lengths(piece.text, self.language)}
        self.numbers = set() if piece.computed else {item.value for item in numbers(piece.text, self.language)}
        self.fractions = {part.value for part in fractions(piece.text, self.language)}
        self.numbers |= {float(part) for match in _CLOCK.finditer(piece.text) for part in match.groups()}
        self.days = {day for item in self.said for day in _days_of(item, on)} | ({piece.on} if piece.on else set())
        self.months = {(year, item.month) for item in self.said if item.month for year in _years_of(item, on)}
        self.months |= {(day.year, day.month) for day in self.days}
        if not piece.computed:
            self.months |= {month_after(on, sign * span) for span in self.spans for sign in (1, -1) if span >= 1}

    def lines(self) -> list[list[float]]:
        """Return the numbers of each sentence that belong to no date and no fraction."""
        return [[number.value for number in self._counted(line)] for line in _LINE.split(self.piece.text)]

    def _counted(self, text: str) -> list[Number]:
        said: list[Spoken | Number] = [*spoken(text, self.language), *fractions(text, self.language)]
        return [
            number
            for number in numbers(text, self.language)
            if not any(item.start < number.end and number.start < item.end for item in said)
        ]

    def lengths(self) -> set[float]:
        """Return the lengths of time, with what follows from two: "five weeks instead of three" are two more.

        A number with no word of its own behind it has the unit of the lengths beside it.
        """
        made = set(self.spans)
        for line in _LINE.split("" if self.piece.computed else self.piece.text):
            spans = lengths(line, self.language)
            bare = [
                number.value
                for number in self._counted(line)
                if not any(span.start <= number.start < span.end for span in spans) and self._bare(line, number.end)
            ]
            made |= together([span.days for span in spans])
            for span in spans:
                elided = [value * UNIT_DAYS[span.unit] for value in bare]
                made |= {*elided, *(abs(span.days - value) for value in elided)}
        return made - {0.0}

    def _bare(self, line: str, end: int) -> bool:
        following = _NEXT_WORD.match(line, end)
        return following is None or following[1].lower() in word_list("function", self.language)


def read(today: date, pieces: Sequence[Dated], more_days: Iterable[date] = ()) -> Known:
    """Return what the pieces say and what follows; `more_days` are days that code knows besides (a goal's end).

    A length of time is counted from what the sentence cites, or from everything where it cites nothing.
    """
    readings = [_Reading(piece, today) for piece in pieces]
    said = [item for reading in readings for item in reading.said]
    cites = any(piece.cited for piece in pieces)
    own = [reading for reading in readings if reading.piece.cited and not reading.piece.computed]
    near = set(more_days).union(*(r.days for r in readings if r.piece.cited or r.piece.computed or not cites))
    months = set[tuple[int, int]]().union(*(reading.months for reading in readings))
    return Known(
        today=today,
        days=frozenset({today, *more_days}.union(*(reading.days for reading in readings))),
        day_numbers=frozenset(
            (month, int(value)) for r in readings for _, month in r.months for value in r.numbers if value <= _LAST_DAY
        ),
        months=frozenset(months),
        years=frozenset({today.year} | {year for year, _ in months} | {item.year for item in said if item.year}),
        weekdays=frozenset(item.weekday for item in said if item.weekday is not None),
        seasons=frozenset((item.season, item.year or 0) for item in said if item.season is not None),
        lengths=frozenset({span for reading in readings for span in reading.lengths()} | _ages(readings, today)),
        since=frozenset(abs((one - other).days) for one, other in combinations({today, *near}, 2)),
        numbers=frozenset(value for reading in readings for value in reading.numbers),
        computed=follows([r.lines() for r in own]) | {float(round(100 * part)) for r in own for part in r.fractions},
        shares=frozenset(
            {made for r in own for made in shares([value for line in r.lines() for value in line])}
            | {part for r in readings for part in r.fractions | {value / 100 for value in r.numbers}}
        ),
    )


def _ages(readings: list[_Reading], today: date) -> set[float]:
    """Return how long ago the bare years of the evidence were ("of 1926"), before and after their day came round."""
    years = {item.year for r in readings if not r.piece.computed for item in r.said if item.year and not item.month}
    return {
        (today.year - year - passed) * UNIT_DAYS["y"] for year in years for passed in (0, 1) if year < today.year - 2
    }


def month_after(on: date, days: float) -> tuple[int, int]:
    """Return year and month so many days after a day; before it for a negative number."""
    index = on.year * 12 + on.month - 1 + round(days / UNIT_DAYS["m"])
    return index // 12, index % 12 + 1


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


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
