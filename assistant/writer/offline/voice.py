"""How the owner writes to this person: how long, and whether with capitals."""

from __future__ import annotations

import re
from statistics import median
from typing import TYPE_CHECKING, Final

from assistant.core.language.sentences import sentences

if TYPE_CHECKING:
    from assistant.core.evidence.dossier import Dossier

USUAL: Final = 32
"""Words of a draft at least, where the owner's own letters aren't shorter."""
SHORTEST: Final = 24
"""Words that greeting, one thing and a request take, however short the owner's letters are."""
_NO_CAPITALS: Final = 0.01
"""The share of capitals up to which somebody writes without them: a name may slip in."""
_MOSTLY: Final = 0.6
_ENOUGH: Final = 60
"""Letters of the alphabet that show a habit."""


def least_words(dossier: Dossier) -> int:
    """Return how many words a draft has at least: as many as the owner's usual letter, within bounds."""
    lengths = [len(letter.split()) for letter in _letters(dossier)]
    return max(SHORTEST, min(USUAL, int(median(lengths)))) if lengths else USUAL


def as_they_write(text: str, dossier: Dossier) -> str:
    """Return a sentence of a draft in small letters where the owner writes so, all of it or where sentences begin."""
    letters = "".join(_letters(dossier))
    alphabet = [char for char in letters if char.isalpha()]
    if len(alphabet) < _ENOUGH:
        return text
    if sum(char.isupper() for char in alphabet) <= _NO_CAPITALS * len(alphabet):
        return text.lower()
    begun = [part[0] for letter in _letters(dossier) for part in sentences(letter) if part[0].isalpha()]
    if sum(char.islower() for char in begun) < _MOSTLY * len(begun):
        return text
    return re.sub(r"(?:^|(?<=[.?!:] ))(?!I\b)\w", lambda first: first[0].lower(), text)


def _letters(dossier: Dossier) -> list[str]:
    return [item.text for item in dossier.of_kind("message")]
