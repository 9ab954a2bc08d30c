"""The words of one language for whoever reads days: the tables and shapes of its file here, ready to compare."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from assistant.core.language.calendar_words import COUNTED, MONTH_NUMBERS, UNITS, WEEKDAY_NUMBERS
from assistant.core.language.data_files import data_file
from assistant.core.language.fold import fold_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True)
class ReadWords:
    """What one language offers to whoever reads days: tables from word to meaning, and the shapes of each rule."""

    tables: Mapping[str, Mapping[str, str]]
    shapes: Mapping[str, tuple[re.Pattern[str], ...]]

    def meaning(self, table: str, word: str | None) -> str:
        """Return what a word stands for in a table, "" where it stands for nothing there."""
        return self.tables.get(table, {}).get(word or "", "")

    def number(self, word: str | None, *tables: str) -> int | None:
        """Return the number a word stands for in one of the tables, digits for themselves; None for none."""
        if word and word.isdecimal():
            return int(word)
        return next((int(found) for table in tables if (found := self.meaning(table, word))), None)


_SHAPES: Final = {
    "iso": [r"(?P<year>\d{4})([-/])(?P<month>\d{2})\2(?P<day>\d{2})"],
    "numeric": [
        r"(?P<one>\d{1,2})[./]\s?(?P<two>\d{1,2})",
        r"(?P<one>\d{1,2})([./-])\s?(?P<two>\d{1,2})\2\s?(?P<year>\d{4}|\d{2})",
    ],
    "day_of_month": ["{n}"],
    "amount": [r"(?:{length_lead} ){0,2}(?:{lengths}|(?P<count>\d{1,4}|{counts}|(?P<vague>{vague})) ?{units})"],
}
"""Shapes of every language, as those of the data files."""
_WITHOUT_LEAD: Final = frozenset({"amount", "cadence"})


def fold_day(text: str, tongue: str) -> str:
    """Return text as days are compared: no accents, no hyphens between letters, no final stop; ae is ä in German."""
    plain = "".join(sign for sign in unicodedata.normalize("NFD", fold_text(text)) if not unicodedata.combining(sign))
    if tongue == "de":
        for written, meant in (("ae", "a"), ("oe", "o"), ("ue", "u"), ("ß", "ss")):
            plain = plain.replace(written, meant)
    return re.sub(r"(?<=[^\W\d])-(?=[^\W\d])", " ", plain).rstrip(". ")


def _any_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) or "(?!)"


@cache
def read_words(tongue: str) -> ReadWords:
    """Return the words of `calendar/<tongue>.toml` and of `calendar_words`, folded as `fold_day` does."""
    data = data_file("calendar", tongue)
    tables = _tables(data, tongue)
    slots = _slots(tables) | {
        "n": rf"(?:(?P<n>\d{{1,2}})(?:{data['ordinal']})?|(?:{data['first']}))",
        "year": r"(?P<year>\d{4})",
        "length": r"(?P<length>.+?)",
        "rest": r"(?P<rest>.+)",
    }
    for name in ("lead", "parts", "length_lead"):
        slots[name] = f"(?:{_any_of(fold_day(word, tongue) for word in data[name].split('|'))})"
    lead = f"(?:{slots['lead']}(?:(?<=') ?| ))?"
    return ReadWords(
        tables,
        {
            # "In 2 weeks" is a day, and no length: who pauses in 2 weeks doesn't pause for two.
            rule: tuple(_compiled(one if rule in _WITHOUT_LEAD else lead + one, slots) for one in shapes)
            for rule, shapes in (_SHAPES | data["shapes"]).items()
        },
    )


def _tables(data: Mapping[str, Any], tongue: str) -> dict[str, dict[str, str]]:
    tables = {
        name: {fold_day(word, tongue): meaning for meaning, words in table.items() for word in words.split("|")}
        for name, table in data.items()
        if isinstance(table, dict) and name not in {"shapes", "zones"}
    }
    known: dict[str, Mapping[str, object]] = {
        "months": MONTH_NUMBERS[tongue],
        "weekdays": WEEKDAY_NUMBERS[tongue],
        "counts": {word: number for number, word in enumerate(COUNTED[tongue].split(), 2)},
        "units": UNITS[tongue],
    }
    for name, words in known.items():
        tables[name] = {fold_day(word, tongue): str(it) for word, it in words.items()} | tables.get(name, {})
    # Beside a date every form of a weekday is read.
    tables["any_weekday"] = tables["weekdays"] | tables.get("short_weekdays", {})
    return tables


def _slots(tables: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Return the pattern of each table: what it matches has the table's name, or a part of `count`."""
    groups = {"months": "month", "weekdays": "weekday", "any_weekday": "weekday", "units": "unit", "lengths": "fixed"}
    slots = {name: f"(?P<{groups.get(name, name)}>{_any_of(table)})" for name, table in tables.items()}
    return (
        slots
        | {name: _any_of(tables[name]) for name in ("counts", "vague")}
        | {slot: slots[table] for slot, table in (("month", "months"), ("weekday", "weekdays"))}
    )


def _compiled(shape: str, slots: Mapping[str, str]) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{([a-z_]+)\}", lambda slot: slots[slot[1]], shape))
