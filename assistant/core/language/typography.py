"""What the languages do differently in writing: quotation marks, spaces before marks, thousands, one and many, "and".

The data files are written with plain spaces; the space that must not break is set here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from assistant.core.language.data_files import Language

NO_BREAK, NARROW = "\u00a0", "\u202f"
_THOUSANDS: Final[dict[str, str]] = {"en": ",", "de": ".", "fr": NARROW, "es": NARROW}
_MARKS: Final = {"en": ("“", "”"), "de": ("„", "“"), "fr": (f"«{NO_BREAK}", f"{NO_BREAK}»"), "es": ("«", "»")}
_INNER: Final = {"en": ("‘", "’"), "de": ("‚", "‘"), "fr": ("“", "”"), "es": ("“", "”")}
_LARGEST_OF_FOUR: Final = 9999
_FRENCH: Final = re.compile(r"(?<=«)\s+|\s+(?=[:;?!»])")
_SOUNDS_LIKE_I: Final = re.compile(r"\W*h?[ií](?![aeo])", re.IGNORECASE)


def typeset(text: str, language: str) -> str:
    """Return a text with the spaces of the language's typography.

    French has one before : ; ? ! and within « », which may not break; the other languages stay as they are.
    """
    return _FRENCH.sub(NO_BREAK, text) if language == "fr" else text


def typeset_table(table: dict[str, Any], language: Language) -> dict[str, Any]:
    """Return a table of a data file, however deep, with every text typeset."""
    return {key: _typeset_value(value, language) for key, value in table.items()}


def _typeset_value(value: Any, language: Language) -> Any:
    if isinstance(value, dict):
        return typeset_table(value, language)
    return typeset(value, language) if isinstance(value, str) else [typeset(one, language) for one in value]


def written(n: int, language: Language) -> str:
    """Return a whole number with the language's thousands mark, which Spanish leaves out below five digits."""
    if language == "es" and abs(n) <= _LARGEST_OF_FOUR:
        return str(n)
    return f"{n:,}".replace(",", _THOUSANDS[language])


def is_one(n: int, language: Language) -> bool:
    """Return whether a count takes the singular; in French zero does, too."""
    return n == 1 or (n == 0 and language == "fr")


def and_before(word: str, plain: str) -> str:
    """Return the "and" before a word: Spanish "y" is "e" before the sound of i, "Ruth e Ingrid", "Ruth y Iago"."""
    return "e" if plain == "y" and _SOUNDS_LIKE_I.match(word) else plain


def with_mark(word: str, mark: str, language: Language) -> str:
    """Return a word with a colon or semicolon behind it: "Ask:", "À demander :"."""
    return f"{word}{NO_BREAK if language == 'fr' else ''}{mark}"


def in_marks(text: str, language: str) -> str:
    """Return the text, as it is, in the language's quotation marks."""
    return f"{_MARKS[language][0]}{text}{_MARKS[language][1]}"


def with_inner_marks(text: str, language: str) -> str:
    """Return the text with the marks that stand within others."""
    left, right = _INNER[language]
    return re.sub(r"[“„«\"]\s?(.*?)\s?[”“»\"]", rf"{left}\1{right}", text)
