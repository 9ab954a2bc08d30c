"""Every sentence the owner reads: one catalogue a language (`catalogue/`), and days, spans and roles put into words.

Digest, transcripts, `show` and notices all take their sentences here. Errors and the questions of `init` stand in
English where they are raised, and read best beside the code that knows what went wrong: `translation` has the rest.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, cast

from assistant.core.language.calendar_words import MONTHS, WEEKDAYS
from assistant.core.language.clean import one_line
from assistant.core.language.data_files import Language, data_file
from assistant.core.language.days_in_words import (
    cadence_unit,
    day_in_words,
    near_day_in_words,
    say_day,
    say_day_and_month,
    say_month,
    short_day,
    short_weekday,
)
from assistant.core.language.typography import and_before, in_marks, is_one, typeset_table, with_mark, written

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime


Catalogue = dict[str, str | list[str]]

_OPEN, _CLOSE = "\u2068", "\u2069"
_MONTH_DAYS, _YEAR_DAYS = 30.4375, 365.25


@cache
def catalogue(language: Language) -> Catalogue:
    """Return every phrase of a language by key: one text, two (for one, for many), or the lines of a list."""
    return cast("Catalogue", typeset_table(data_file("catalogue", language), language))


def isolated(text: str) -> str:
    """Return `text` cleaned to one line and, where it holds right-to-left letters, isolated from what is around it.

    The isolates (UAX #9: FSI and PDI) work in HTML and in plain text alike.
    """
    clean = one_line(text)
    turned = any(unicodedata.bidirectional(c) in {"R", "AL", "AN"} for c in clean)
    return f"{_OPEN}{clean}{_CLOSE}" if turned else clean


@dataclass(frozen=True, slots=True)
class Phrases:
    """The words of one language; call it with a key and the values for its places."""

    language: Language = "en"

    def __call__(self, key: str, n: int | None = None, /, **values: object) -> str:
        """Return the phrase, its places filled; `n` chooses between one and many and is written as a number.

        Raises KeyError for an unknown key or a place without a value.
        """
        found = catalogue(self.language)[key]
        template = found if isinstance(found, str) else found[0 if n is not None and is_one(n, self.language) else 1]
        # A value that is a phrase already keeps its isolates: each is isolated where it comes in.
        return template.format(n="" if n is None else written(n, self.language), **values)

    def label(self, word: str) -> str:
        """Return a word with the colon of what follows it: "Ask:"."""
        return with_mark(word, ":", self.language)

    def listed(self, items: Sequence[str]) -> str:
        """Return items that may hold commas: "a, b; c"."""
        return " ".join([*(with_mark(item, ";", self.language) for item in items[:-1]), *items[-1:]])

    def quote(self, text: str) -> str:
        """Return somebody's words in quotation marks."""
        return in_marks(text, self.language)

    def lines(self, key: str) -> tuple[str, ...]:
        """Return the lines of a list, as they stand in the catalogue."""
        return tuple(catalogue(self.language)[key])

    def known(self, key: str) -> bool:
        """Return whether the catalogue has that key."""
        return key in catalogue(self.language)

    def day(self, day: date) -> str:
        """Return a day with its weekday and year: "Tue 3 March 2026"."""
        return f"{short_weekday(day, self.language)} {day_in_words(day, self.language)}"

    def dated(self, day: date) -> str:
        """Return a day as transcripts write it: "Sat 4 Apr 2026"."""
        return say_day(day, self.language)

    def short_day(self, day: date) -> str:
        """Return a day without its year: "Tue 3 Mar"."""
        return short_day(day, self.language)

    def bare_day(self, day: date) -> str:
        """Return a day without weekday and year: "3 March"."""
        return say_day_and_month(day, self.language)

    def near_day(self, day: date, today: date) -> str:
        """Return a day without weekday, and its year where it isn't this one: "3 March", "3 March 2027"."""
        return near_day_in_words(day, today, self.language)

    def weekday(self, day: date) -> str:
        """Return the name of the weekday: "Thursday"."""
        return WEEKDAYS[self.language][day.weekday()]

    def month(self, day: date) -> str:
        """Return month and year: "March 2022"."""
        return say_month(day, self.language)

    def month_name(self, day: date) -> str:
        """Return the month alone: "March"."""
        return MONTHS[self.language][day.month - 1]

    def unseen(self, since: date | None) -> str:
        """Return that no contact was seen, and since when it would have been (None: nothing was read yet)."""
        return self("since.none-month", month=self.month(since)) if since else self("since.none")

    def moment(self, at: datetime) -> str:
        """Return a day and the time in 24 hours, in the zone `at` has: "Tue 3 March 2026, 08:05"."""
        return f"{self.day(at.date())}, {at:%H:%M}"

    def when(self, at: datetime) -> str:
        """Return a day of this week and the time: "Wed 11:00"."""
        return f"{short_weekday(at.date(), self.language)} {at:%H:%M}"

    def long_day(self, day: date) -> str:
        """Return a day as a letter is dated, without its year: "Monday 2 March"."""
        comma = "," if self.language in {"de", "es"} else ""
        name = self.weekday(day)
        return f"{name[:1].upper()}{name[1:]}{comma} {self.bare_day(day)}"

    def role(self, name: str, *, many: bool = False) -> str:
        """Return a role's name; a role of the owner's own keeps theirs, with a capital."""
        key = f"{'roles' if many else 'role'}.{name}"
        return self(key) if self.known(key) else isolated(name[:1].upper() + name[1:])

    def role_within(self, role: str, *, hoped: bool = False) -> str:
        """Return a role as it stands within a sentence: "hoped-for advocate"; an owner's own role keeps its name."""
        named = self(f"role.{role}") if self.known(f"role.{role}") else ""
        named = (named if self.language == "de" else named.lower()) or isolated(role)  # German nouns keep their capital
        return self("role.hoped", role=named) if hoped else named

    def many(self, count: int) -> str:
        """Return a count as the first word of a sentence, a number from seven on."""
        words = self.lines("counts")
        return words[count] if count < len(words) else str(count)

    def reason(self, word: str, source: str | None = None) -> str:
        """Return in words why a message counts or does not; an unknown word is given as it is, without hyphens.

        `source` is what it rests on other than the owner's own message (as in `store.heard`): it is named.
        """
        key = f"reason.{word}"
        told = self(key) if self.known(key) else isolated(word.replace("-", " "))
        kind, _, name = (source or "").partition(" ")
        if kind == "calendar":
            return self("reason.in-calendar", reason=told, name=self.quote(name))
        return self("reason.in-their-mail", reason=told) if kind == "received" else told

    def every(self, days: int | None) -> str:
        """Return a cadence (days) in words: "every 3 weeks"; None is said to have no rhythm."""
        if not days:
            return self("every.none")
        count, unit = cadence_unit(days, slack=1.5)  # a month is 30 or 31 days, three of them are 90 to 92
        return self(f"every.{unit}", count)

    def long(self, days: int) -> str:
        """Return a span of days, with months or years beside it where that helps: "95 days, about 3 months"."""
        words = self("days", days)
        return f"{words}, {self.about(days)}" if days >= 2 * _MONTH_DAYS else words

    def about(self, days: int) -> str:
        """Return a span of days in months or years: "about 7 months"."""
        if days >= 2 * _YEAR_DAYS - 60:
            return self("about.years", round(days / _YEAR_DAYS))
        return self("about.months", round(days / _MONTH_DAYS))

    def join(self, items: list[str]) -> str:
        """Return "a, b and c"; "" for nothing."""
        if len(items) < 2:  # noqa: PLR2004 - a pair needs its "and"
            return "".join(items)
        return f"{', '.join(items[:-1])} {and_before(items[-1], self('and'))} {items[-1]}"
