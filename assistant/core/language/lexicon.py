"""Words as the checks of drafts compare them: tokens, light stems, and the closed lists of `words/`."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import Final

from assistant.core.language.calendar_words import MONTH_NUMBERS, WEEKDAY_NUMBERS
from assistant.core.language.data_files import data_file
from assistant.core.language.fold import fold_name, fold_text

_TOKEN = re.compile(r"[^\W_]+(?:['’.&/-][^\W_]+)*")
_ENDINGS: Final[dict[str, tuple[str, ...]]] = {
    "en": ("ingly", "edly", "ings", "ing", "ies", "ied", "ers", "ed", "es", "er", "ly", "s"),
    "de": ("ungen", "ernen", "ern", "en", "em", "er", "es", "st", "e", "n", "s", "t"),
    "fr": ("ements", "ement", "ées", "és", "ée", "ait", "ais", "ant", "ent", "ons", "ez", "er", "es", "é", "e", "s"),
    "es": (
        *("amente", "mente", "ando", "iendo", "ados", "adas", "ado", "ada", "amos", "aba"),
        *("ar", "er", "ir", "os", "as", "es", "o", "a", "s"),
    ),
}
_SHORTEST_STEM: Final = 3
LISTED: Final = ("en", "de", "fr", "es")
"""The languages with lists of words."""
_FILES: Final = frozenset({*LISTED, "hazards"})


def tokens(text: str) -> list[str]:
    """Return the words of a text as written, inner apostrophes, points and hyphens kept; empty for none."""
    return _TOKEN.findall(unicodedata.normalize("NFC", text))


@lru_cache(maxsize=20_000)
def stem(word: str, language: str) -> str:
    """Return a light stem in lower case: enough that "migrating" meets "migration's" plural forms, not more."""
    word = fold_text(word).removesuffix("'s").strip("'.")
    for ending in _ENDINGS.get(language, ()):
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            word = word[: -len(ending)]
            break
    if language == "en" and len(word) > _SHORTEST_STEM and word[-1] == word[-2] and word[-1] not in "aeiouls":
        word = word[:-1]
    return word.rstrip("eyi") if language == "en" and len(word) > _SHORTEST_STEM else word


@cache
def word_list(name: str, language: str) -> frozenset[str]:
    """Return a closed list: function, past, courtesy, predicates, nouns …; empty for an unlisted language."""
    return frozenset(str(data_file("words", language).get(name, "")).split()) if language in _FILES else frozenset()


@cache
def pattern(name: str, language: str) -> re.Pattern[str]:
    """Return a pattern of a list, case aside; one that finds nothing where the list or the language has none."""
    text = str(data_file("words", language).get(name, "")) if language in _FILES else ""
    return re.compile("".join(text.split()) or "(?!)", re.IGNORECASE)


@cache
def calendar_names() -> frozenset[str]:
    """Return the names of months and weekdays in all four languages, in lower case."""
    return frozenset(form for tables in (MONTH_NUMBERS, WEEKDAY_NUMBERS) for table in tables.values() for form in table)


@cache
def ordinary_capitals() -> frozenset[str]:
    """Return words that are capitalised and name nobody ("English", "Easter"), as `fold_name` gives them."""
    return frozenset(fold_name(word.replace("_", " ")) for word in str(data_file("words", "names")["ordinary"]).split())


@cache
def first_names() -> frozenset[str]:
    """Return common first names of the four languages, as `fold_name` gives them; none that is a usual word as well."""
    return frozenset(fold_name(name) for name in str(data_file("words", "names")["given"]).split())


@cache
def same_things(name: str) -> tuple[re.Pattern[str], ...]:
    """Return one pattern a thing for "places" or "offices": the words for it in all languages, on folded text."""
    return tuple(
        re.compile(
            r"(?<![^\W_])(?:"
            + "|".join(re.escape(word).replace("_", r"\s").replace(r"\*", r"\w*") for word in row.split())
            + r")(?![^\W_])"
        )
        for row in data_file("words", "names")[name]
    )
