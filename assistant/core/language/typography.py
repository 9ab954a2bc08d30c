"""What the languages do differently in writing: spaces before marks, thousands, one and many, and "and".

The data files are written with plain spaces; the space that must not break is set here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from assistant.core.language.data_files import Language

T = TypeVar("T")

NO_BREAK, NARROW = "\u00a0", "\u202f"
_THOUSANDS: Final[dict[Language, str]] = {"en": ",", "de": ".", "fr": NARROW, "es": NARROW}
_FOUR_DIGITS: Final = 9999
_WIDE: Final = re.compile(r"(?<=«) | (?=[:»])")
_TIGHT: Final = re.compile(r" (?=[;?!])")
_LIKE_I: Final = re.compile(r"[\W_]*h?[ií](?!a[^\W\d]|e)", re.IGNORECASE)


def typeset(value: T, language: Language) -> T:
    """Return a text, or every text of a table or list, with the spaces of the language's typography.

    French has one before : ; ? ! and within « », which may not break; the other languages stay as they are.
    """
    if language != "fr":
        return value
    if isinstance(value, str):
        return _TIGHT.sub(NARROW, _WIDE.sub(NO_BREAK, value))  # type: ignore[return-value]
    if isinstance(value, dict):
        return {key: typeset(one, language) for key, one in value.items()}  # type: ignore[return-value]
    return [typeset(one, language) for one in value] if isinstance(value, list) else value  # type: ignore[return-value]


def written(n: int, language: Language) -> str:
    """Return a whole number with the language's thousands mark, which Spanish leaves out below five digits."""
    if language == "es" and abs(n) <= _FOUR_DIGITS:
        return str(n)
    return f"{n:,}".replace(",", _THOUSANDS[language])


def is_one(n: int, language: Language) -> bool:
    """Return whether a count takes the singular; in French nothing does, too."""
    return n == 1 or (n == 0 and language == "fr")


def and_before(word: str, plain: str) -> str:
    """Return the "and" before a word: Spanish "y" is "e" before the sound of i, "Ruth e Ingrid"."""
    return "e" if plain == "y" and _LIKE_I.match(word) else plain
