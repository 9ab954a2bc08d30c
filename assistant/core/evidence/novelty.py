"""Stand-in until the new signals land: whether most of what a sentence says is in no evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from assistant.core.evidence.hard_checks import telling
from assistant.core.language.detect import detect
from assistant.core.language.lexicon import Vocabulary

if TYPE_CHECKING:
    from assistant.core.evidence.dossier import Dossier, Sentence

_MOST_NEW: Final = 0.5


def loud(sentence: Sentence, dossier: Dossier) -> bool:
    """Return whether a sentence that nobody verified is to be marked."""
    language = detect(sentence.text) or dossier.language
    words = telling(sentence.text, language)
    known = Vocabulary([item.text for item in dossier.evidence] + [dossier.person.name], language)
    new = [word for word in words if not known.holds(word)]
    return len(new) > _MOST_NEW * len(words)
