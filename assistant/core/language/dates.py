"""The closed grammar of days, lengths of time and cadences that owners write, in English, German, French and Spanish.

Everything is anchored at a day in the owner's zone (docs/replies.md): past after `met`, future after `snooze`.
A text is a day wholly or not at all; nothing is searched for in a sentence. The words lie in `calendar/`, one file a
language, with the shapes that each rule below reads.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, Literal

from assistant.core.language.calendar.lengths import (
    LONGEST_DAYS,
    UNIT_MONTHS,
    Length,
    after,
    amount,
    cadence,
    clamped,
    of_units,
)
from assistant.core.language.calendar.words import ReadWords, fold_day, read_words
from assistant.core.language.data_files import Language, data_file
from assistant.core.language.days_in_words import WEEK, YEAR_MONTHS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    _Rule = Callable[["_Said", "_Seen"], date | None]

__all__ = [
    "LONGEST_DAYS",
    "Length",
    "after",
    "ambiguous_days",
    "cadence_days",
    "parse_day",
    "parse_length",
    "writes_month_first",
]

Direction = Literal["past", "future"]

_LONGEST_TEXT: Final = 80
_MONTH_LENGTH: Final = 31
_STEPS: Final = {"before": -2, "last": -1, "this": 0, "near": 0, "coming": 1, "next": 1, "over": 2}


@dataclass(frozen=True, slots=True)
class _Seen:
    """From where a day is looked for: the day the words were written on, and how its writer writes."""

    today: date
    direction: Direction
    month_first: bool | None
    words: ReadWords

    @property
    def back(self) -> bool:
        return self.direction == "past"


def parse_day(
    words: str, today: date, direction: Direction, language: Language = "en", *, month_first: bool | None = None
) -> date | None:
    """Return the day that `words` name seen from `today`, None where they name none.

    Words are English, or of `language`. The day may lie on the wrong side of today (`last` after snooze): who asks
    decides what to do about that. Month ends clamp: 31 April is 30 April. A weekend that has been is its Saturday.
    `month_first` says how "3/4" is read in English (`writes_month_first`); with None it is no day.
    """
    order = month_first if language == "en" else False
    for tongue in _tongues(language):
        found = _day(_fold(words, tongue), _Seen(today, direction, order, read_words(tongue)), _RULES)
        if found is not None and abs((found - today).days) <= LONGEST_DAYS:
            return found
    return None


def ambiguous_days(
    words: str, today: date, direction: Direction, language: Language = "en"
) -> tuple[date, date] | None:
    """Return the two days "3/4" may mean, day first and month first; None for what is one day or none.

    To be asked where `parse_day` found no day with `month_first` None.
    """
    if parse_day(words, today, direction, language) is not None:
        return None
    day_first = parse_day(words, today, direction, language, month_first=False)
    month_first = parse_day(words, today, direction, language, month_first=True)
    return (day_first, month_first) if day_first and month_first else None


def writes_month_first(language: Language, zone: str) -> bool | None:
    """Return whether "3/4" is 4 March to who writes `language` in a zone ("Europe/London"); None where nobody knows."""
    if language != "en":
        return False
    zones = data_file("calendar", "en")["zones"]
    orders = {"unknown": None, "month_first": True, "day_first": False}
    return next((order for name, order in orders.items() if zone.startswith(tuple(zones[name]))), None)


def parse_length(words: str, language: Language = "en") -> Length | None:
    """Return the length of time that `words` name ("3 weeks", "a month", "einen Monat"), None where they name none."""
    return next(
        (found for tongue in _tongues(language) if (found := amount(_fold(words, tongue), read_words(tongue)))), None
    )


def cadence_days(words: str, language: Language = "en") -> int | None:
    """Return the days of a cadence in words ("monthly", "every 3 weeks", "once a month"), None where it is none.

    A month counts as a twelfth of 365 days, rounded down at the half: 1 month is 30 days, 3 are 91, 6 are 182.
    """
    for tongue in _tongues(language):
        days = cadence(_fold(words, tongue), read_words(tongue))
        if days is not None and 1 <= days <= LONGEST_DAYS:
            return days
    return None


def _fold(words: str, tongue: Language) -> str:
    text = fold_day(words[: _LONGEST_TEXT + 1], tongue)
    # Half a text is no text: "yesterday", many blanks, "not".
    return text if len(words) <= _LONGEST_TEXT else ""


def _tongues(language: Language) -> tuple[Language, ...]:
    return ("en",) if language == "en" else (language, "en")


def _day(text: str, seen: _Seen, rules: Mapping[str, _Rule]) -> date | None:
    """Return the day of the first rule of which one shape is the whole text."""
    for name, rule in rules.items():
        for shape in seen.words.shapes[name]:
            match = shape.fullmatch(text)
            if match and (day := rule(match.groupdict(), seen)):
                return day
    return None


_Said = dict[str, str | None]


def _offset(said: _Said, seen: _Seen) -> date | None:
    return seen.today + timedelta(days=int(seen.words.meaning("days", said["days"])))


def _kind(said: _Said, seen: _Seen) -> str:
    return seen.words.meaning("which", said.get("which")) or seen.words.meaning("after", said.get("after"))


def _weekday_index(said: _Said, seen: _Seen) -> int:
    return int(seen.words.meaning("any_weekday", said["weekday"]))


def _weekday(said: _Said, seen: _Seen) -> date | None:
    kind, index, today = _kind(said, seen), _weekday_index(said, seen), seen.today
    back, ahead = (today.weekday() - index) % WEEK, (index - today.weekday()) % WEEK
    if kind in {"last", "before"}:
        return today - timedelta(days=(back or WEEK) + WEEK * (kind == "before"))
    if kind in {"next", "over"}:
        return today + timedelta(days=WEEK * _STEPS[kind] - today.weekday() + index)
    if seen.back:
        # "this Tuesday" said on a Tuesday is today; else it is the coming one, which `met` cannot mean.
        return today + timedelta(days=-back if kind in {"", "near"} else ahead)
    return today + timedelta(days=ahead or WEEK)


def _in_week(said: _Said, seen: _Seen) -> date | None:
    """Return "Friday next week", "next week Friday" as that day of the ISO week."""
    step = _STEPS.get(_kind(said, seen))
    if step is None:
        return None
    return seen.today + timedelta(days=WEEK * step - seen.today.weekday() + _weekday_index(said, seen))


def _week_on(said: _Said, seen: _Seen) -> date | None:
    """Return "Friday week", "mardi en huit" as a week after the coming one."""
    ahead = (_weekday_index(said, seen) - seen.today.weekday()) % WEEK
    return seen.today + timedelta(days=(ahead or WEEK) + WEEK)


def _iso(said: _Said, _seen: _Seen) -> date | None:
    return _date(*(int(said[part] or 0) for part in ("year", "month", "day")))


def _written(said: _Said, seen: _Seen) -> date | None:
    """Return "12 May", "May 12th, 2026", "le 1er mai" as the nearest such day in the direction."""
    month = int(seen.words.meaning("months", said["month"]))
    return _dated(int(said["n"] or 1), month, said["year"], seen)


def _numeric(said: _Said, seen: _Seen) -> date | None:
    """Return "27/2", "2/27", "27.2.26"; None where both orders are possible and nobody knows the writer's."""
    one, two = int(said["one"] or 0), int(said["two"] or 0)
    orders = {False: (one, two), True: (two, one)}
    possible = {order: pair for order, pair in orders.items() if _is_day(*pair)}
    pairs = set(possible.values())
    pair = pairs.pop() if len(pairs) == 1 else possible.get(seen.month_first) if seen.month_first is not None else None
    year = said.get("year")
    return _dated(*pair, f"20{year}" if year and len(year) == 2 else year, seen) if pair else None  # noqa: PLR2004 - "26"


def _is_day(day: int, month: int) -> bool:
    return 1 <= month <= YEAR_MONTHS and 1 <= day <= _MONTH_LENGTH


def _dated(day: int, month: int, year: str | None, seen: _Seen) -> date | None:
    if not _is_day(day, month):
        return None
    if year:
        return clamped(int(year), month, day) if int(year) else None
    days = [clamped(seen.today.year + step, month, day) for step in (-1, 0, 1)]
    return max(it for it in days if it <= seen.today) if seen.back else min(it for it in days if it > seen.today)


def _nth(said: _Said, seen: _Seen) -> date | None:
    """Return "the 3rd", "am 3." as the nearest such day; months too short for it are passed over."""
    months = (seen.today.year * YEAR_MONTHS + seen.today.month - 1 + step for step in range(-2, 3))
    days = [_date(index // YEAR_MONTHS, index % YEAR_MONTHS + 1, int(said["n"] or 1)) for index in months]
    right = [day for day in days if day and (day <= seen.today if seen.back else day > seen.today)]
    return (max(right) if seen.back else min(right)) if right else None


def _with_weekday(said: _Said, seen: _Seen) -> date | None:
    """Return "Tuesday, 3 March", as transcripts write days; None where that day is no Tuesday."""
    # The weekday tells "Tue 3/4" from "Sat 3/4" where the zone doesn't.
    orders = (False, True) if seen.month_first is None else (seen.month_first,)
    days = {_day(said["rest"] or "", replace(seen, month_first=order), _DATES) for order in orders}
    right = {day for day in days if day and day.weekday() == _weekday_index(said, seen)}
    return right.pop() if len(right) == 1 else None


def _part(said: _Said, seen: _Seen) -> date | None:
    """Return "end of March", "Ende nächsten Monats" as its last day, "early April" and "April" as the first.

    In the past only the end of a time is a day: "early March" is too vague for when somebody was met.
    """
    where = seen.words.meaning("where", said.get("where")) or "start"
    if where != "end" and seen.back:
        return None
    if month := said.get("month"):
        day = {"start": 1, "mid": 15, "end": _MONTH_LENGTH}[where]
        return _dated(day, int(seen.words.meaning("months", month)), said["year"], seen)
    unit = seen.words.meaning("period_end", said.get("period_end"))
    if unit:  # "Monatsende"
        return _end_of(unit, seen.today, 0)
    unit, step = seen.words.meaning("period", said["period"]), _STEPS.get(_kind(said, seen), 0)
    end, start = _end_of(unit, seen.today, step), _end_of(unit, seen.today, step - 1) + timedelta(days=1)
    return {"start": start, "mid": start + (end - start) // 2, "end": end}[where]


def _end_of(unit: str, today: date, step: int) -> date:
    if unit == "w":
        return today + timedelta(days=WEEK - 1 - today.weekday() + WEEK * step)
    size = UNIT_MONTHS[unit]
    index = ((today.year * YEAR_MONTHS + today.month - 1) // size + step) * size + size - 1
    return clamped(index // YEAR_MONTHS, index % YEAR_MONTHS + 1, _MONTH_LENGTH)


def _ago(said: _Said, seen: _Seen) -> date | None:
    length = amount(said["length"] or "", seen.words, vague=False)
    return after(seen.today, length, -1) if length else None


def _away(said: _Said, seen: _Seen) -> date | None:
    """Return "in 3 weeks", "dans 15 jours" and with the future in mind "3 weeks"."""
    length = None if seen.back else amount(said["length"] or "", seen.words)
    return after(seen.today, length) if length else None


def _period(said: _Said, seen: _Seen) -> date | None:
    """Return "last week" as the same weekday a week ago, "next month" as its first day; "this week" is no day."""
    unit, step = seen.words.meaning("period", said["period"]), _STEPS.get(_kind(said, seen), 0)
    if step < 0:
        return after(seen.today, of_units(-step, unit), -1)
    return _end_of(unit, seen.today, step - 1) + timedelta(days=1) if step else None


def _weekend(said: _Said, seen: _Seen) -> date | None:
    """Return the Saturday of the weekend: after `met` the latest up to today, else the next one after today."""
    kind, today = _kind(said, seen), seen.today
    if kind in {"last", "before", "next", "over"}:
        return today + timedelta(days=WEEK * _STEPS[kind] - today.weekday() + 5)
    ahead = (5 - today.weekday()) % WEEK
    return today + timedelta(days=(ahead - WEEK if ahead else 0) if seen.back else ahead or WEEK)


def _week_number(said: _Said, seen: _Seen) -> date | None:
    """Return "week 12", "KW 12" as the Monday of the next ISO week of that number."""
    week, year = int(said["week"] or 0), seen.today.isocalendar().year
    for candidate in () if seen.back else (year, year + 1):
        try:
            monday = date.fromisocalendar(candidate, week, 1)
        except ValueError:
            continue  # no week 53 that year
        if monday > seen.today:
            return monday
    return None


def _week_of(said: _Said, seen: _Seen) -> date | None:
    day = None if seen.back else _day(said["rest"] or "", seen, _DATES)
    return day - timedelta(days=day.weekday()) if day else None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


_DATES: Final[Mapping[str, _Rule]] = {
    "iso": _iso,
    "written": _written,
    "numeric": _numeric,
    "nth": _nth,
    "day_of_month": _nth,
}
"""What may stand behind a weekday or "week of": there a bare "27" is a day too."""
_RULES: Final[Mapping[str, _Rule]] = {
    "days": _offset,
    **{name: rule for name, rule in _DATES.items() if name != "day_of_month"},
    "weekday": _weekday,
    "in_week": _in_week,
    "week_on": _week_on,
    "with_weekday": _with_weekday,
    "weekend": _weekend,
    "part": _part,
    "ago": _ago,
    "away": _away,
    "period": _period,
    "week_number": _week_number,
    "week_of": _week_of,
}
