"""Free half-hours in the words of a letter.

"Tuesday 8 December at 10:00 or Thursday 10 December at 14:30 (Berlin time)"
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from assistant.core.language.calendar_words import WEEKDAYS
from assistant.core.language.days_in_words import city_of, say_day_and_month
from assistant.writer.offline.phrase_tables import phrases

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from assistant.core.language.data_files import Language

MOST: Final = 2
"""A third one would make the sentence a table."""
_VOWELS: Final = "aeiouyhéAEIOUYHÉ"


def slots_in_words(slots: Sequence[datetime], language: str) -> str:
    """Return the first two half-hours as a choice, with the place whose time it is; `slots` are in the owner's zone.

    `language` is one that there are phrases in.
    """
    words = phrases(language)["slots"]
    city = city_of(slots[0])
    zone = words["zone_vowel" if "zone_vowel" in words and city[:1] in _VOWELS else "zone"]
    told = (_one(at, words, cast("Language", language)) for at in slots[:MOST])
    return f"{words['or'].join(told)}{zone.format(city=city)}"


def _one(at: datetime, words: dict[str, Any], language: Language) -> str:
    clock = words["clock" if at.minute else "full"].format(h=at.hour, m=f"{at:%M}")
    day, weekday = say_day_and_month(at.date(), language), WEEKDAYS[language][at.weekday()]
    return str(words["one"].format(weekday=weekday, day=day, clock=clock))
