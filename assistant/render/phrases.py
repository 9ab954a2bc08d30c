"""The interface's words in the owner's language, from one catalogue (`interface.toml`), and days in words."""

from __future__ import annotations

import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Literal, cast

from assistant.render.clean import one_line

if TYPE_CHECKING:
    from datetime import date, datetime

Language = Literal["en", "de"]
Catalogue = dict[str, dict[str, str | list[str]]]

_OPEN, _CLOSE = "\u2068", "\u2069"
_DAY = {"en": "EEE d MMMM y", "de": "EEE d. MMMM y"}
_SHORT_DAY = {"en": "EEE d MMM", "de": "EEE d. MMM"}
_BARE_DAY = {"en": "d MMMM", "de": "d. MMMM"}
_MONTH_DAYS, _YEAR_DAYS = 30.4375, 365.25


@cache
def catalogue() -> Catalogue:
    """Return every phrase by key: for each language one text, or two (for one, for many)."""
    text = files("assistant.render").joinpath("interface.toml").read_text(encoding="utf-8")
    return cast("Catalogue", tomllib.loads(text))


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

    language: Language

    def __call__(self, key: str, n: int | None = None, **values: str) -> str:
        """Return the phrase, its places filled; `n` chooses between one and many and is written as a number.

        Raises KeyError for an unknown key or a place without a value.
        """
        found = catalogue()[key][self.language]
        template = found if isinstance(found, str) else found[0 if n == 1 else 1]
        # A value that is a phrase already keeps its isolates: each is isolated where it comes in.
        return template.format(n="" if n is None else self.number(n), **values)

    def known(self, key: str) -> bool:
        """Return whether the catalogue has that key."""
        return key in catalogue()

    def number(self, n: int) -> str:
        """Return a whole number with the language's thousands mark."""
        from babel.numbers import format_decimal

        return format_decimal(n, locale=self._locale)

    def day(self, day: date) -> str:
        """Return a day with its weekday and year: "Tue 3 March 2026"."""
        return self._date(day, _DAY[self.language])

    def short_day(self, day: date) -> str:
        """Return a day without its year: "Tue 3 Mar"."""
        return self._date(day, _SHORT_DAY[self.language])

    def bare_day(self, day: date) -> str:
        """Return a day without weekday and year: "3 March"."""
        return self._date(day, _BARE_DAY[self.language])

    def weekday(self, day: date) -> str:
        """Return the name of the weekday: "Thursday"."""
        return self._date(day, "EEEE")

    def month(self, day: date) -> str:
        """Return month and year: "March 2022"."""
        return self._date(day, "LLLL y")

    def unseen(self, since: date | None) -> str:
        """Return that no contact was seen, and since when it would have been (None: nothing was read yet)."""
        return self("since.none-month", month=self.month(since)) if since else self("since.none")

    def moment(self, at: datetime) -> str:
        """Return a day and the time in 24 hours, in the zone `at` has: "Tue 3 March 2026, 08:05"."""
        return f"{self.day(at.date())}, {at:%H:%M}"

    def role(self, name: str, *, many: bool = False) -> str:
        """Return a role's name; a role of the owner's own keeps theirs, with a capital."""
        key = f"{'roles' if many else 'role'}.{name}"
        return self(key) if self.known(key) else isolated(name[:1].upper() + name[1:])

    def reason(self, word: str) -> str:
        """Return in words why a message counts or does not; an unknown word is given as it is, without hyphens."""
        key = f"reason.{word}"
        return self(key) if self.known(key) else isolated(word.replace("-", " "))

    def every(self, days: int | None) -> str:
        """Return a cadence (days) in words: "every 3 weeks"; None is said to have no rhythm."""
        if not days:
            return self("every.none")
        unit, count = _unit(days)
        return self(f"every.{unit}", count)

    def long(self, days: int) -> str:
        """Return a span of days, with months or years beside it where that helps: "95 days, about 3 months"."""
        words = self("days", days)
        if days >= 2 * _YEAR_DAYS - 60:
            return f"{words}, {self('about.years', round(days / _YEAR_DAYS))}"
        return f"{words}, {self('about.months', round(days / _MONTH_DAYS))}" if days >= 2 * _MONTH_DAYS else words

    def join(self, items: list[str]) -> str:
        """Return "a, b and c"; "" for nothing."""
        if len(items) < 2:  # noqa: PLR2004 - a pair needs its "and"
            return "".join(items)
        return f"{', '.join(items[:-1])} {self('and')} {items[-1]}"

    def _date(self, day: date, pattern: str) -> str:
        from babel.dates import format_date

        # Babel gives German weekdays and months their dot ("Mo.", "Jan."); English has none.
        return format_date(day, pattern, locale=self._locale)

    @property
    def _locale(self) -> str:
        return {"en": "en_GB", "de": "de_DE"}[self.language]


def _unit(days: int) -> tuple[str, int]:
    """Return the largest unit a cadence is a whole number of, give or take what months and years differ by."""
    years, months = round(days / _YEAR_DAYS), round(days / _MONTH_DAYS)
    if years and abs(days - years * _YEAR_DAYS) <= 1:
        return "year", years
    if months and abs(days - months * _MONTH_DAYS) <= 1.5:  # noqa: PLR2004 - 30, 31, 90, 91, 92, 182 ...
        return "month", months
    return ("week", days // 7) if days % 7 == 0 else ("day", days)
