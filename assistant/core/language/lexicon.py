"""Words as grounding compares them: tokens, light stems, and whether a word is in evidence or an everyday one."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from assistant.core.language.calendar_words import MONTHS, NUMBER_WORDS, WEEKDAYS
from assistant.core.language.everyday import everyday
from assistant.core.language.fold import fold_text

if TYPE_CHECKING:
    from collections.abc import Iterable

_TOKEN = re.compile(r"[^\W_]+(?:['’.&/-][^\W_]+)*")
_ENDINGS: Final[dict[str, tuple[str, ...]]] = {
    "en": ("ingly", "edly", "ings", "ing", "ies", "ied", "ers", "ed", "es", "er", "ly", "s"),
    "de": ("ungen", "ernen", "ern", "en", "em", "er", "es", "st", "e", "n", "s", "t"),
    "fr": ("ements", "ement", "ées", "és", "ée", "ait", "ais", "ant", "ent", "ons", "ez", "er", "es", "é", "e", "s"),
    "es": (
        "amente",
        "mente",
        "ando",
        "iendo",
        "ados",
        "adas",
        "ado",
        "ada",
        "amos",
        "aba",
        "ar",
        "er",
        "ir",
        "os",
        "as",
        "es",
        "o",
        "a",
        "s",
    ),
}
_SHORTEST_STEM: Final = 3
CHECKED_ELSEWHERE: Final = frozenset(
    name.lower() for table in (MONTHS, WEEKDAYS) for names in table.values() for name in names
) | frozenset(NUMBER_WORDS)
"""Names of days and months, and numbers in words: whether they are true is decided by `time_claims`."""
_LONG_PART: Final = 5


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


class Vocabulary:
    """The words a piece of evidence holds, and the everyday words of one language."""

    def __init__(self, texts: Iterable[str], language: str) -> None:
        self.language = language
        self.everyday = everyday(language) | (CHECKED_ELSEWHERE if everyday(language) else frozenset())
        words = {fold_text(part) for text in texts for token in tokens(text) for part in _parts(token)}
        self.words = words
        self.stems = {stem(word, language) for word in words if len(word) >= _SHORTEST_STEM}

    def holds(self, word: str) -> bool:
        """Return whether the evidence has this word, in this or a regular other form."""
        folded = fold_text(word).removesuffix("'s")
        return folded in self.words or (len(folded) > _SHORTEST_STEM and stem(folded, self.language) in self.stems)

    def allows(self, word: str) -> bool:
        """Return whether this word may stand in a sentence: held by the evidence or an everyday word."""
        folded = fold_text(word)
        if folded in self.everyday or self.holds(folded):
            return True
        parts = [part for part in re.split(r"['./&-]", folded) if part]
        if len(parts) > 1:
            return all(len(part) == 1 or part.isdigit() or part in self.everyday or self.holds(part) for part in parts)
        return self.language == "de" and self._compound(folded)

    def _compound(self, word: str) -> bool:
        """Return whether a German compound is put together from allowed words ("Migrationsfrage")."""
        for cut in range(_LONG_PART, len(word) - _SHORTEST_STEM):
            head, tail = word[:cut], word[cut:]
            if tail in self.everyday and (self.holds(head) or self.holds(head.removesuffix("s"))):
                return True
        return False


def _parts(token: str) -> list[str]:
    parts = [part for part in re.split(r"['’./&-]", token) if part]
    return [token, *parts] if len(parts) > 1 else [token]
