"""A cadence in words ("3 weeks", "twice a year") as days."""

from __future__ import annotations

import re

_WORDS = {
    "daily": 1,
    "weekly": 7,
    "fortnightly": 14,
    "biweekly": 14,
    "monthly": 30,
    "quarterly": 91,
    "twice a year": 182,
    "twice yearly": 182,
    "half-yearly": 182,
    "yearly": 365,
    "annually": 365,
    "once a year": 365,
}
_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "six": 6, "twelve": 12}
_AMOUNT = re.compile(r"(?:every )?(?:(\d{1,4}|[a-z]+) )?(day|week|fortnight|month|quarter|year)s?")
LONGEST_DAYS = 3650
_MONTHS_A_YEAR, _DAYS_A_YEAR = 12, 365


def cadence_days(text: str) -> int | None:
    """Return the days of a cadence, None where it is none that is understood or lies outside 1 day to 10 years.

    A month counts as a twelfth of 365 days, rounded down at the half: 1 month is 30 days, 3 are 91, 6 are 182.
    """
    words = " ".join(text.casefold().split())
    if words in _WORDS:
        return _WORDS[words]
    match = _AMOUNT.fullmatch(words)
    if match is None:
        return None
    days = _days(_number(match[1]), match[2])
    return days if days is not None and 1 <= days <= LONGEST_DAYS else None


def _number(word: str | None) -> int | None:
    if word is None:
        return 1
    return int(word) if word.isdecimal() else _NUMBERS.get(word)


def _days(count: int | None, unit: str) -> int | None:
    if count is None:
        return None
    months = {"month": 1, "quarter": 3, "year": 12}.get(unit)
    if months is not None:
        return (count * months * _DAYS_A_YEAR + _MONTHS_A_YEAR // 2 - 1) // _MONTHS_A_YEAR
    return count * {"day": 1, "week": 7, "fortnight": 14}[unit]
