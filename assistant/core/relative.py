"""Days said from today ("last week", "tomorrow", "im letzten März"), held against the known dates.

Check 2 of docs/writer.md.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from assistant.core.dating import MONTH_NAMES, WEEKDAY_NAMES
from assistant.core.language.calendar_words import MONTHS, WEEKDAYS
from assistant.core.lengths import UNIT

if TYPE_CHECKING:
    from assistant.core.dating import Known

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
