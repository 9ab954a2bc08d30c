"""The closed grammar of days, lengths of time and cadences that owners write, in English and German.

Everything is anchored at a day in the owner's zone (docs/replies.md): past after `met`, future after `snooze`.
A text is a day wholly or not at all; nothing is searched for in a sentence.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from assistant.core.language.calendar_words import (
    CADENCES,
    COUNTS,
    DAYS,
    ENDS,
    HALF_YEARS,
    MONTH_NUMBERS,
    PARTS_OF_DAY,
    PERIODS,
    STARTS,
    UNITS,
    WEEKDAY_NUMBERS,
    WHICH,
)
from assistant.core.language.days_in_words import WEEK, YEAR_MONTHS, month_days, say_day

if TYPE_CHECKING:
    from assistant.core.language.data_files import Language

Direction = Literal["past", "future"]

LONGEST_DAYS = 3650
"""Ten years: what lies further off is no day that an owner means."""

_LEADS = {"en": re.compile(r"^(?:(?:on|at|in|by) (?:the )?|the )"), "de": re.compile(r"^(?:am|im|in|den|dem|zum|zur) ")}
_ISO = re.compile(r"(\d{4})([-/])(\d{2})\2(\d{2})")
_DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})(?:\.\s?(\d{4}|\d{2})?)?")
_NTH = {
    "en": re.compile(r"(?:(?:on|by) )?(?:the )?(\d{1,2})(?:st|nd|rd|th)"),
    "de": re.compile(r"(?:am|zum|den|dem) (\d{1,2})\.?"),
}
_WEEKDAY_FIRST = re.compile(r"([^\W\d]+)\.?,? (?:the |den |dem )?(.+)")
_IN_A_WEEK = {
    "en": (
        re.compile(r"(?P<day>\w+) (?:of )?(?P<which>\w+) week"),
        re.compile(r"(?P<which>\w+) week,? (?:on )?(?P<day>\w+)"),
    ),
    "de": (
        re.compile(r"(?P<day>\w+) (?P<which>\w+) woche"),
        re.compile(r"(?P<which>\w+) woche,? (?:am )?(?P<day>\w+)"),
    ),
}
_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th|\.)?(?: of)? ?([^\W\d]+)\.?,?(?: (\d{4}))?")
_MONTH_DAY = re.compile(r"([^\W\d]+)\.? (\d{1,2})(?:st|nd|rd|th)?(?:,? (\d{4}))?")
_TOLD = re.compile(r"\D+ (\d{1,2})(?:er| de)? ([^\W\d]+) (?:de )?(\d{4})")
_AMOUNT = re.compile(r"(\d{1,4}|[^\W\d]+(?: couple of)?) ?([^\W\d]+)")
_EACH = re.compile(r"^(?:once )?(?:every |each |(?<=once )(?=an? ))")
_SHORT_AMOUNT = re.compile(r"(\d{1,4})([dwmy])")


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time in whole months and days."""

    months: int = 0
    days: int = 0


def parse_day(words: str, today: date, direction: Direction, language: Language = "en") -> date | None:
    """Return the day that `words` name seen from `today`, None where they name none.

    Words are English, or of `language`: German has a grammar, French and Spanish only days as a transcript tells them.
    The day may lie on the wrong side of today (`last` after snooze): who asks decides what to do about that. Month ends
    clamp: 31 April is 30 April.
    """
    text = _fold(words)
    for tongue in _tongues(language):
        for form in dict.fromkeys((text, _LEADS[tongue].sub("", text))):
            found = _day(form, today, direction, tongue)
            if found is not None and abs((found - today).days) <= LONGEST_DAYS:
                return found
    return _as_told(text, language)


def parse_length(words: str, language: Language = "en") -> Length | None:
    """Return the length of time that `words` name ("3 weeks", "a month", "einen Monat"), None where they name none."""
    text = _fold(words)
    if text in HALF_YEARS:
        return Length(months=6)
    short = _SHORT_AMOUNT.fullmatch(text)
    if short:
        return _length(int(short[1]), short[2])
    for tongue in _tongues(language):
        match = _AMOUNT.fullmatch(text)
        if match and match[2] in UNITS[tongue]:
            count = int(match[1]) if match[1].isdecimal() else COUNTS[tongue].get(match[1])
            if count is not None:
                return _length(count, UNITS[tongue][match[2]])
    return None


def after(day: date, length: Length, sign: int = 1) -> date | None:
    """Return the day `length` later (`sign` -1: earlier); month ends clamp. None beyond ten years."""
    if length.months > LONGEST_DAYS // 30 or length.days > LONGEST_DAYS:
        return None
    index = day.year * YEAR_MONTHS + day.month - 1 + sign * length.months
    moved = _clamped(index // YEAR_MONTHS, index % YEAR_MONTHS + 1, day.day)
    return moved + timedelta(days=sign * length.days)


def cadence_days(words: str) -> int | None:
    """Return the days of a cadence in words ("monthly", "every 3 weeks", "once a month"), None where it is none.

    A month counts as a twelfth of 365 days, rounded down at the half: 1 month is 30 days, 3 are 91, 6 are 182.
    """
    text = _fold(words)
    if text in CADENCES:
        return CADENCES[text]
    text = _EACH.sub("", text, count=1)
    if text.startswith("other "):
        text = "two " + text.removeprefix("other ") + "s"
    length = parse_length(text) or parse_length("one " + text)
    if length is None:
        return None
    days = length.days + month_days(length.months)
    return days if 1 <= days <= LONGEST_DAYS else None


def _fold(words: str) -> str:
    # German without umlauts is written with ae, oe, ue.
    text = " ".join(words[:80].casefold().split())
    for written, meant in (
        ("naechst", "nächst"),
        ("maerz", "märz"),
        ("uebermorgen", "übermorgen"),
        ("fuenf", "fünf"),
        ("zwoelf", "zwölf"),
        ("monatsende", "ende des monats"),
    ):
        text = text.replace(written, meant)
    return text


def _tongues(language: Language) -> tuple[Language, ...]:
    return ("en", language) if language in DAYS and language != "en" else ("en",)


def _as_told(text: str, tongue: Language) -> date | None:
    match = _TOLD.fullmatch(text)
    month = MONTH_NUMBERS[tongue].get(match[2]) if match else None
    day = _date(int(match[3]), month, int(match[1])) if match and month else None
    return day if day and say_day(day, tongue).casefold() == text else None


def _day(text: str, today: date, direction: Direction, tongue: Language) -> date | None:
    offset = DAYS[tongue].get(text)
    if offset is not None:
        return today + timedelta(days=offset)
    return (
        _iso(text)
        or _named_weekday(text, today, direction, tongue)
        or _in_a_week(text, today, tongue)
        or _written(text, today, direction, tongue)
        or _nth(text, today, direction, tongue)
        or _with_weekday(text, today, direction, tongue)
        or _at_a_time(text, today, direction, tongue)
        or _ending(text, today, direction, tongue)
        or _away(text, today, direction, tongue)
        or _period(text, today, direction, tongue)
    )


def _iso(text: str) -> date | None:
    match = _ISO.fullmatch(text)
    return _date(int(match[1]), int(match[3]), int(match[4])) if match else None


def _named_weekday(text: str, today: date, direction: Direction, tongue: Language) -> date | None:
    which, _, name = text.rpartition(" ")
    index = WEEKDAY_NUMBERS[tongue].get(name.removesuffix("."))
    kind = WHICH[tongue].get(which) if which else "bare"
    if index is None or kind is None:
        return None
    back = (today.weekday() - index) % WEEK
    ahead = (index - today.weekday()) % WEEK
    if kind == "last":
        return today - timedelta(days=back or WEEK)
    if kind == "next":
        return today + timedelta(days=WEEK - today.weekday() + index)
    if direction == "past":
        # "this Tuesday" said on a Tuesday is today; else it is the coming one, which `met` cannot mean.
        return today - timedelta(days=back) if kind == "bare" else today + timedelta(days=ahead)
    return today + timedelta(days=ahead or WEEK)


def _written(text: str, today: date, direction: Direction, tongue: Language) -> date | None:
    """Return "12 May", "May 12th, 2026", "12. Mai", "12.5." as the nearest such day in the direction."""
    match = _DAY_MONTH.fullmatch(text)
    day, month, year = (match[1], match[2], match[3]) if match else ("", "", None)
    if match is None:
        turned = _MONTH_DAY.fullmatch(text) if tongue == "en" else None
        if turned:
            day, month, year = turned[2], turned[1], turned[3]
    number = MONTH_NUMBERS[tongue].get(month)
    # 3.2. is 3 February to whoever writes German; in English it may be 2 March, so it is neither.
    dotted = _DOTTED.fullmatch(text) if tongue == "de" else None
    if dotted:
        day, number, year = dotted[1], int(dotted[2]), dotted[3]
        year = f"20{year}" if year and len(year) == 2 else year  # noqa: PLR2004 - "12.5.26"
    if number is None or not 1 <= number <= YEAR_MONTHS or not 1 <= int(day) <= 31:  # noqa: PLR2004 - days of a month
        return None
    if year:
        return _clamped(int(year), number, int(day)) if int(year) else None
    return _nearest([_clamped(today.year + step, number, int(day)) for step in (-1, 0, 1)], today, direction)


def _nth(text: str, today: date, direction: Direction, tongue: Language) -> date | None:
    """Return "the 3rd", "am 3." as the nearest such day; months too short for it are passed over."""
    match = _NTH[tongue].fullmatch(text)
    if match is None:
        return None
    months = (today.year * YEAR_MONTHS + today.month - 1 + step for step in range(-2, 3))
    days = [_date(index // YEAR_MONTHS, index % YEAR_MONTHS + 1, int(match[1])) for index in months]
    right = [day for day in days if day and (day <= today if direction == "past" else day > today)]
    return (max(right) if direction == "past" else min(right)) if right else None


def _with_weekday(text: str, today: date, direction: Direction, tongue: Language) -> date | None:
    """Return "Tuesday, 3 March", as transcripts write days; None where that day is no Tuesday."""
    match = _WEEKDAY_FIRST.fullmatch(text)
    index = WEEKDAY_NUMBERS[tongue].get(match[1]) if match else None
    if match is None or index is None:
        return None
    rest = match[2]
    day = _iso(rest) or _written(rest, today, direction, tongue) or _nth(f"am {rest}", today, direction, "de")
    day = day or _nth(rest, today, direction, "en")
    return day if day and day.weekday() == index else None


def _in_a_week(text: str, today: date, tongue: Language) -> date | None:
    """Return "Friday next week", "next week Friday" as that day of the ISO week."""
    match = next((found for form in _IN_A_WEEK[tongue] if (found := form.fullmatch(text))), None)
    index = WEEKDAY_NUMBERS[tongue].get(match["day"]) if match else None
    step = {"last": -1, "this": 0, "next": 1}.get(WHICH[tongue].get(match["which"], "")) if match else None
    if index is None or step is None:
        return None
    return today + timedelta(days=WEEK * step - today.weekday() + index)


def _at_a_time(text: str, today: date, direction: Direction, tongue: Language) -> date | None:
    """Return "yesterday evening", "Tuesday morning" as the day."""
    rest, _, part = text.rpartition(" ")
    if part not in PARTS_OF_DAY[tongue] or not rest:
        return None
    offset = DAYS[tongue].get(rest)
    return today + timedelta(days=offset) if offset is not None else _named_weekday(rest, today, direction, tongue)


def _ending(text: str, today: date, direction: Direction, tongue: Language) -> date | None:
    """Return "end of March", "end of next month", "Ende März" as the last day of that time."""
    heads = [head for head in ENDS[tongue] if text.startswith(head)]
    if not heads:
        return None
    rest = text.removeprefix(max(heads, key=len)).removeprefix("the ")
    name, _, year = rest.partition(" ")
    month = MONTH_NUMBERS[tongue].get(name)
    if month is not None and (not year or re.fullmatch(r"\d{4}", year)):
        if year:
            return _clamped(int(year), month, 31) if int(year) else None
        return _nearest([_clamped(today.year + step, month, 31) for step in (-1, 0, 1)], today, direction)
    which, _, period = rest.rpartition(" ")
    step = {"": 0, "this": 0, "last": -1, "next": 1}.get(WHICH[tongue].get(which, which))
    unit = PERIODS[tongue].get(period)
    return None if step is None or unit in {None, "weekend"} else _end_of(str(unit), today, step)


def _end_of(unit: str, today: date, step: int) -> date:
    if unit == "w":
        return today + timedelta(days=WEEK - 1 - today.weekday() + WEEK * step)
    size = {"m": 1, "q": 3, "y": 12}[unit]
    index = ((today.year * YEAR_MONTHS + today.month - 1) // size + step) * size + size - 1
    return _clamped(index // YEAR_MONTHS, index % YEAR_MONTHS + 1, 31)


def _away(text: str, today: date, direction: Direction, tongue: Language) -> date | None:
    """Return "3 weeks ago", "vor 3 Wochen", and with the future in mind "3 weeks" or "3 weeks from now"."""
    if tongue == "en" and text.endswith(" ago"):
        words, sign = text.removesuffix(" ago"), -1
    elif tongue == "de" and text.startswith("vor "):
        words, sign = text.removeprefix("vor "), -1
    elif direction == "future":
        words, sign = text.removesuffix(" from now").removesuffix(" from today"), 1
    else:
        return None
    length = parse_length(words, tongue)
    return after(today, length, sign) if length else None


def _period(text: str, today: date, direction: Direction, tongue: Language) -> date | None:
    """Return "last week" as the same weekday a week ago, "next month" as its first day, "March" as 1 March."""
    head, _, name = text.replace("mid-", "mid ").rpartition(" ")
    month = MONTH_NUMBERS[tongue].get(name)
    start = STARTS[tongue].get(head) if head else 1
    if month is not None and start and direction == "future":
        return _nearest([date(today.year + step, month, start) for step in (0, 1)], today, direction)
    which, _, period = text.rpartition(" ")
    unit = PERIODS[tongue].get(period)
    kind = WHICH[tongue].get(which)
    if unit == "weekend":
        return _weekend(which, kind, today, direction)
    if unit is None or kind in {None, "this"}:
        return None
    if kind == "last":
        return after(today, _length(1, unit), -1)
    return _end_of(unit, today, 0) + timedelta(days=1)


def _weekend(which: str, kind: str | None, today: date, direction: Direction) -> date | None:
    """Return the Saturday of the weekend to come; one that has been is two days, and nobody says which."""
    if direction == "past" or (which and kind not in {"this", "next"}):
        return None
    saturday = today + timedelta(days=(5 - today.weekday()) % WEEK or WEEK)
    return today + timedelta(days=WEEK - today.weekday() + 5) if kind == "next" else saturday


def _nearest(days: list[date], today: date, direction: Direction) -> date:
    if direction == "past":
        return max(day for day in days if day <= today)
    return min(day for day in days if day > today)


def _length(count: int, unit: str) -> Length:
    months = {"m": 1, "q": 3, "y": 12}.get(unit)
    return Length(months=count * months) if months else Length(days=count * {"d": 1, "w": 7, "f": 14}[unit])


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _clamped(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, monthrange(year, month)[1]))
