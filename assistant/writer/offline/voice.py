"""How the owner writes to this person: how long, and whether with capitals."""

from __future__ import annotations

import re
from statistics import median
from typing import TYPE_CHECKING, Final

from assistant.core.language.cues import says
from assistant.core.language.sentences import sentences

if TYPE_CHECKING:
    from assistant.core.evidence.dossier import Dossier

USUAL: Final = 22
"""Words of a draft at least, where the owner's own letters aren't shorter."""
SHORTEST: Final = 20
"""Words that greeting, one thing and a request take, however short the owner's letters are."""
_NO_CAPITALS: Final = 0.01
"""The share of capitals up to which somebody writes without them: a name may slip in."""
_MOSTLY: Final = 0.6
_SHORT_FORM: Final = re.compile(
    r"\w(?:n['’]t|['’](?:ll|ve|re|d|m))\b|\b(?:it|that|what|there|here|how|who)['’]s\b", re.IGNORECASE
)
_IN_FULL: Final = (
    (r"\bcan't\b", "cannot"),
    (r"\bdon't\b", "do not"),
    (r"n't\b", " not"),
    (r"'ll\b", " will"),
    (r"'ve\b", " have"),
    (r"'re\b", " are"),
    (r"'m\b", " am"),
    (r"'d\b", " would"),
    (r"\b([Ii]t|[Tt]here|[Hh]ere|[Tt]hat|[Ww]hat|[Hh]ow)'s\b", r"\1 is"),
)
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


def formal(dossier: Dossier) -> bool:
    """Return whether the owner writes formally to this person: with Sie, vous or usted, or English in full words."""
    letters = " ".join([dossier.greeting or "", *_letters(dossier)])
    if dossier.formal or dossier.language != "en" or len(letters) < _ENOUGH:
        return dossier.formal
    stiff = says("stiff", "en", letters)
    return stiff and not _SHORT_FORM.search(letters)


def in_full(text: str) -> str:
    """Return English with its contractions written out: "I would" for "I'd"."""
    for short, whole in _IN_FULL:
        text = re.sub(short, whole, text)
    return text


def _letters(dossier: Dossier) -> list[str]:
    return [item.text for item in dossier.of_kind("message")]
