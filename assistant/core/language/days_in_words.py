"""Days, intervals and cadences in words: every date that an owner or a draft shows is worded here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from assistant.core.language.calendar_words import MONTHS, SHORT_MONTHS, SHORT_WEEKDAYS, SINCE

if TYPE_CHECKING:
    from datetime import date, datetime

    from assistant.core.language.data_files import Language

Unit = Literal["day", "week", "month", "year"]

_OF: Final[dict[Language, str]] = {"es": " de"}
"""What stands between day, month and year where it isn't a mere space."""
WEEK = 7
YEAR_MONTHS = 12
DAYS_A_YEAR = 365
_FORTNIGHT: Final = 14
_TWO_MONTHS: Final = 60
_ABOUT_TWO_YEARS: Final = 700
_JUST_NOW: Final = 10
_WEEKS: Final = 24
"""Days up to which people count days, weeks, months; up to which it was "recently", and "a few weeks ago"."""
_SAME_WINTER: Final = 3
"""Months back to which a month of last year is named without saying so."""


def say_day_and_month(day: date, language: Language = "en") -> str:
    """Return "2 March", "2. März", "1er mars", "2 de marzo"."""
    return _day_of(day, MONTHS[language][day.month - 1], language, _OF.get(language, ""))


def day_in_words(day: date, language: Language = "en") -> str:
    """Return "3 March 2026", "3. März 2026", "3 de marzo de 2026"."""
    return f"{say_day_and_month(day, language)}{_OF.get(language, '')} {day.year}"


def say_month(day: date, language: Language = "en") -> str:
    """Return month and year: "March 2022", "marzo de 2022"."""
    return f"{MONTHS[language][day.month - 1]}{_OF.get(language, '')} {day.year}"


def near_day_in_words(day: date, today: date, language: Language = "en") -> str:
    """Return a day with its year only where that isn't this one: "3 March", "3 March 2027"."""
    return (say_day_and_month if day.year == today.year else day_in_words)(day, language)


def short_weekday(day: date, language: Language = "en") -> str:
    """Return "Tue", in German "Di."."""
    return SHORT_WEEKDAYS[language][day.weekday()]


def brief_day(day: date, language: Language = "en") -> str:
    """Return a day with its month cut short: "3 Mar", "3. März", "3 mar."."""
    return _day_of(day, SHORT_MONTHS[language][day.month - 1], language)


def short_day(day: date, language: Language = "en") -> str:
    """Return a day with its weekday and without its year: "Tue 3 Mar", "Di. 3. März"."""
    return f"{short_weekday(day, language)} {brief_day(day, language)}"


def say_day(day: date, language: Language = "en") -> str:
    """Return a day as transcripts write it: "Sat 4 Apr 2026", "Sa. 4. April 2026", "sam. 4 avril 2026"."""
    if language == "en":
        return f"{short_day(day)} {day.year}"
    return f"{short_weekday(day, language)} {day_in_words(day, language)}"


def _day_of(day: date, month: str, language: Language, of: str = "") -> str:
    mark = "." if language == "de" else "er" if language == "fr" and day.day == 1 else ""
    return f"{day.day}{mark}{of} {month}"


def ago(days: int) -> str:
    """Return how long ago, in English ("4 weeks ago"), rounded to the unit a person would use."""
    count, unit = _interval(days)
    return "today" if days <= 0 else f"{count} {unit}{'s' if count > 1 else ''} ago"


def _interval(days: int) -> tuple[int, str]:
    if days < _FORTNIGHT:
        return max(days, 1), "day"
    if days < _TWO_MONTHS:
        return round(days / 7), "week"
    if days < _ABOUT_TWO_YEARS:
        return round(days / 30.44), "month"
    return round(days / 365.25), "year"


def cadence_words(days: int) -> str:
    """Return a cadence in the words of the grammar, which `cadence_days` reads back: "every 3 weeks"."""
    count, unit = cadence_unit(days)
    return f"every {unit}" if count == 1 else f"every {count} {unit}s"


def cadence_unit(days: int, slack: float = 0) -> tuple[int, Unit]:
    """Return a cadence as its largest whole unit, give or take `slack` days: 21 are (3, "week"), 91 (3, "month")."""
    months = round(days * YEAR_MONTHS / DAYS_A_YEAR)
    if months and (days == month_days(months) or abs(days - months * DAYS_A_YEAR / YEAR_MONTHS) <= slack):
        return (months // YEAR_MONTHS, "year") if months % YEAR_MONTHS == 0 else (months, "month")
    return (days // WEEK, "week") if days % WEEK == 0 else (days, "day")


def month_days(months: int) -> int:
    """Return the days that many months count as: twelfths of 365, rounded down at the half."""
    return (months * DAYS_A_YEAR + YEAR_MONTHS // 2 - 1) // YEAR_MONTHS


def month_since(day: date, today: date, language: str, *, start: str = "in") -> str:
    """Return when something was as one says it in a letter: "in March", "last November", "in March 2023".

    `start` is "in", "from" ("from March") or "since", which always names the month. The last few weeks are otherwise
    said vaguely: a draft may be sent days after it was written. English for any language but the four.
    """
    words = SINCE.get(language, SINCE["en"])
    days = (today - day).days
    if start != "since" and (days <= _WEEKS or (day.year, day.month) == (today.year, today.month)):
        return words[f"{start} {'recent' if days <= _JUST_NOW else 'weeks'}"]
    name = MONTHS[language if language in SINCE else "en"][day.month - 1]
    # "In December" is last month's in January; "last December" would be heard as the one a year before.
    near = (today.year - day.year) * YEAR_MONTHS + today.month - day.month <= _SAME_WINTER
    span = "month" if near or day.year == today.year else "last" if day.year == today.year - 1 else "year"
    vowel = " vowel" if f"{start} {span} vowel" in words and name[0] in "aou" else ""
    return words[f"{start} {span}{vowel}"].format(month=name, year=day.year)


def city_of(at: datetime) -> str:
    """Return the place whose time a moment is in ("Berlin"), as its zone is named; else the zone's short name."""
    name = str(at.tzinfo)
    return name.rpartition("/")[2].replace("_", " ") if "/" in name and not name.startswith("Etc/") else f"{at:%Z}"


def counted(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun, in English: "1 message", "2,000 messages"; `many` where an s is not enough."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
