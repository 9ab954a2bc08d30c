"""Stand-in until the new hard checks land: today's checks without those that judge meaning by word lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from assistant.core.evidence import grounding
from assistant.core.language.everyday import everyday
from assistant.core.language.fold import fold_text
from assistant.core.language.lexicon import CHECKED_ELSEWHERE, tokens

if TYPE_CHECKING:
    from assistant.core.evidence.dossier import Dossier, Sentence, Words

CHECKER_VERSION: Final = 2
_MEANING: Final = frozenset({"words", "claim", "negation", "subject"})


def check(sentence: Sentence, dossier: Dossier, *, brief: bool = False) -> str | None:
    """Return the name of the hard check that the sentence fails, None for none."""
    found = grounding.check(sentence, dossier, brief=brief)
    return None if found in _MEANING else found


def needs_verdict(sentence: Sentence, dossier: Dossier) -> bool:
    """Return whether the sentence says or presupposes anything that a verifier must judge."""
    if sentence.kind in {"greeting", "close"}:
        return False
    wish = sentence.kind in {"ask", "warmth", "why"} or sentence.text.rstrip().endswith("?")
    return not wish or bool(telling(sentence.text, dossier.language))


def ground(words: Words, dossier: Dossier) -> Words:
    """Return the words without what fails, each of those in `dropped` with the check it failed."""
    return grounding.ground(words, dossier)


def telling(text: str, language: str) -> list[str]:
    """Return the words of a text that are no everyday ones."""
    common = (everyday(language) | CHECKED_ELSEWHERE) - {"deal", "noon", "sign"}  # too wide a list for courtesy
    return [word for word in tokens(text) if len(word) > 3 and word.isalpha() and fold_text(word) not in common]  # noqa: PLR2004
