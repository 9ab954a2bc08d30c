"""Stand-in until the new signals land: whether most of what a sentence says is in no evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from assistant.core.evidence.hard_checks import needs_verdict
from assistant.core.language.detect import detect
from assistant.core.language.lexicon import Vocabulary, tokens

if TYPE_CHECKING:
    from assistant.core.evidence.dossier import Dossier, Sentence

_MOST_NEW: Final = 0.6


def loud(sentence: Sentence, dossier: Dossier) -> bool:
    """Return whether a sentence that nobody verified is to be marked."""
    if not needs_verdict(sentence, dossier):
        return False
    language = detect(sentence.text) or dossier.language
    words = [word for word in tokens(sentence.text) if len(word) > 3 and word.isalpha()]  # noqa: PLR2004
    known = Vocabulary([item.text for item in dossier.evidence] + [dossier.person.name], language)
    new = [word for word in words if not known.holds(word)]
    return len(new) > _MOST_NEW * len(words)
