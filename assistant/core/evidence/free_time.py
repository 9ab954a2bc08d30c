"""Free half-hours that a draft may offer: as evidence, and the check that a request offers none but those."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from assistant.core.evidence.dossier import FREE
from assistant.core.language.calendar_words import WEEKDAYS
from assistant.core.language.days_in_words import city_of, say_day_and_month
from assistant.core.language.time_words import spoken

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from assistant.core.language.time_words import Spoken

# 10:00, 10.00, 10h00, 14 h 30, 10 h, 10 Uhr, 2 pm
_CLOCK: Final = re.compile(
    r"\b(?P<h>\d{1,2})(?:(?:[:.]|\s?h\s?)(?P<m>[0-5]\d)\b|\s?(?:h\b|uhr\b|[ap]\.?m\b|o['’]clock))", re.IGNORECASE
)
_NOON: Final = 12


def free_in_words(slots: Sequence[datetime]) -> str:
    """Return the half-hours (at least one) as the text of a piece of evidence, with the place whose time it is."""
    told = [f"{WEEKDAYS['en'][at.weekday()]} {say_day_and_month(at.date())} at {at:%H:%M}" for at in slots]
    return f"{FREE} {'; '.join(told)} ({city_of(slots[0])} time)."


def offers_another(text: str, language: str, slots: Sequence[datetime]) -> bool:
    """Return whether a request names a time of a day that is none of the half-hours.

    A time belongs to the day named before it, else to the first one after it. The parts of two half-hours, each true by
    itself, make a third one that nobody knows to be free.
    """
    days = [item for item in spoken(text, language) if item.weekday is not None or (item.day and item.month)]
    for clock in _CLOCK.finditer(text):
        before = [item for item in days if item.start < clock.start()]
        near = before[-1:] or days[:1]
        if not any(_fits(clock, at) and all(_is_of(item, at) for item in near) for at in slots):
            return True
    return False


def _fits(clock: re.Match[str], at: datetime) -> bool:
    hour, minute = int(clock["h"]), int(clock["m"] or 0)
    return minute == at.minute and (hour == at.hour or (hour < _NOON and hour + _NOON == at.hour))


def _is_of(item: Spoken, at: datetime) -> bool:
    if item.weekday is not None:
        return item.weekday == at.weekday()
    return (item.month, item.day) == (at.month, at.day)
