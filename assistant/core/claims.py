"""Numbers, days and lengths of time in a text, and whether the evidence or the calendar bears them out.

    asked-for minutes -> lengths -> days from today -> dates -> clock -> years -> whatever numbers are left

Check 2 of docs/writer.md. Each step takes out what it found true, so that the next one sees only the rest.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from assistant.core.dating import DATE, YEAR, Known, date_holds, is_word, known, numbers_in, year_holds
from assistant.core.language.lexicon import fold
from assistant.core.lengths import AGO, LENGTH, interval_holds, span_holds
from assistant.core.relative import RELATIVE, VAGUE, relative_holds

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Known", "known", "unsupported"]

_CLOCK = re.compile(r"\b\d{1,2}(?::\d{2}|\s?(?:am|pm|uhr)|h\d{0,2})\b", re.IGNORECASE)
_COUNTED_FREELY: Final = re.compile(
    r"\ban? \w+ or two\b|\b(?:one|1|ein(?:en|e)?) (?:or|to|oder|bis) (?:two|2|zwei)\b(?: \w+)?|\b(?:two|three|2"
    r"|3|zwei|drei|deux|trois|dos|tres)(?:\s(?:or|oder|ou|o|to|bis)\s(?:two|three|2|3|zwei|drei|deux|trois|dos"
    r"|tres))?\s"
    r"(?:\w+\s)?(?:slots?|options?|times?|dates?|questions?|lines?|sentences?|words?|ways|minds|of us|sides"
    r"|cents|heads|things|thoughts|"
    r"termine?|vorschläge|möglichkeiten|zeiten|fragen|zeilen|sätzen?|worten?|dinge|questions|mots|lignes"
    r"|créneaux|horarios|opciones|preguntas|líneas|palabras)\b",
    re.IGNORECASE,
)
_MINUTES = re.compile(
    r"\b(?P<a>\d{2})(?:\s?(?:to|bis|or|oder|à|a|-|–)\s?(?P<b>\d{2}))?[\s-](?:minuten?|minutes?|minutos?|min)\b",
    re.IGNORECASE,
)
_SPELLED_MINUTES = re.compile(
    r"\b(?:(?:twenty|thirty|zwanzig|dreißig|vingt|trente|veinte|treinta)(?:\s(?:to|bis|or|oder|à|a)\s(?:thirty"
    r"|dreißig|trente|treinta))?"
    r"|twenty-five)[\s-](?:minuten?|minutes?|minutos?)\b",
    re.IGNORECASE,
)


def unsupported(text: str, what: Known, *, minutes: tuple[int, int] | None) -> str | None:
    """Return "date", "time" or "number" for the first such claim of `text` that nothing bears out, else None.

    `minutes` is the span a meeting may be asked for (least, most), None where the sentence is no request.
    """
    folded, wrong = _durations(fold(text), minutes)
    if wrong:
        return "number"
    left: str | None = _COUNTED_FREELY.sub(" ", folded)
    left = _without(AGO, left, lambda match: interval_holds(match, what))
    left = _without(LENGTH, left, lambda match: span_holds(match, what))
    left = _without(RELATIVE, left and VAGUE.sub(" ", left), lambda match: relative_holds(match[0], what))
    if left is None:
        return "time"
    return _days(left, text, what)


def _without(pattern: re.Pattern[str], text: str | None, holds: Callable[[re.Match[str]], bool]) -> str | None:
    """Return the text without what the pattern finds, None where something found does not hold."""
    if text is None or any(not holds(match) for match in pattern.finditer(text)):
        return None
    return pattern.sub(" ", text)


def _days(folded: str, text: str, what: Known) -> str | None:
    said = [match for match in DATE.finditer(folded) if not is_word(match, text)]
    if any(not date_holds(match, what, said) for match in said):
        return "date"
    folded = DATE.sub(lambda match: match[0] if is_word(match, text) else " ", folded)
    if (clock := _CLOCK.search(folded)) and clock[0] not in what.text:
        return "time"
    folded = YEAR.sub(lambda match: " " if year_holds(int(match[0]), what) else match[0], folded)
    return None if numbers_in(folded) <= what.numbers else "number"


def _durations(text: str, minutes: tuple[int, int] | None) -> tuple[str, bool]:
    """Return the text without the durations that may be asked for, and whether another one was asked for."""
    if minutes is None:
        return text, False
    for match in _MINUTES.finditer(text):
        if not all(minutes[0] <= int(value) <= minutes[1] for value in (match["a"], match["b"]) if value):
            return text, True
    return _SPELLED_MINUTES.sub(" ", _MINUTES.sub(" ", text)), False
