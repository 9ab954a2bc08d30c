"""Requests, questions and wishes: which of them are plain, and what the others take for known.

Plain are those with no word of their own: nobody need say whether they are true. A wish or a request takes for known
what stands behind an article or a possessive ("your son", "the move"), and what stands in a clause ("now that you have
left"). "A pot of tea" takes nothing for known.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from assistant.core.language.fold import fold_text
from assistant.core.language.lexicon import LISTED, calendar_names, pattern, tokens, word_list
from assistant.core.language.numbers import numbers
from assistant.core.language.time_words import spoken, unit_words

if TYPE_CHECKING:
    from collections.abc import Collection

    from assistant.core.evidence.dossier import Dossier, Sentence

_ASKS: Final = frozenset({"ask", "request", "subject", "courtesy", "warmth"})
_PARTS = re.compile(r"['’.&-]")


def asks(sentence: Sentence) -> bool:
    """Return whether a sentence is a request, a question or a wish, wherever the model files it."""
    return sentence.kind in _ASKS or opens_as_one(sentence.text)


def opens_as_one(text: str) -> bool:
    """Return whether a text is a question, or a wish by its first words."""
    folded = fold_text(text.strip())
    return folded.endswith("?") or any(pattern("wishes", language).match(folded) for language in LISTED)


def needs_verdict(sentence: Sentence, dossier: Dossier) -> bool:
    """Return whether somebody has to say that a sentence is true: not for greeting, close and plain courtesy.

    "Hope you're well" is plain, "I hope your son is settling in" isn't. A wish is one wherever the model files it.
    """
    if sentence.kind in {"greeting", "close"}:
        return False
    if not asks(sentence) or sentence.quote.strip():
        return True
    language = dossier.language if dossier.language in LISTED else "en"
    return bool(own_words(sentence.text, language))


def own_words(text: str, language: str) -> list[str]:
    """Return the words of a text, folded, that not every wish and request is made of; no numbers, days or units."""
    return [
        part
        for word in tokens(text)
        if fold_text(word) not in _plain(language)
        for part in _PARTS.split(fold_text(word))
        if len(part) > 1 and part not in _plain(language)
        if not numbers(part, language) and not spoken(part.title(), language)
    ]


def presumes(text: str, own: Collection[str], language: str) -> bool:
    """Return whether a text takes one of these words for known: behind an article or a possessive, or in a clause."""
    words = [part for word in tokens(text) for part in _PARTS.split(fold_text(word))]
    clauses = word_list("clauses", language) | word_list("past", language)
    return any(
        word in own and (_behind_an_article(words[:place], language) or clauses & set(words[:place]))
        for place, word in enumerate(words)
    )


def _behind_an_article(before: list[str], language: str) -> bool:
    """Return whether an article or a possessive ends these words, or does but for one that may be an adjective."""
    known = word_list("known", language)
    if not before or before[-1] in known:
        return bool(before)
    noun = before[-1] in calendar_names() | unit_words(language) or spoken(before[-1].title(), language)
    return len(before) > 1 and before[-2] in known and not noun


@cache
def _plain(language: str) -> frozenset[str]:
    """Return the words of which all wishes and requests are made."""
    plain = word_list("function", language) | word_list("courtesy", language) | calendar_names() | unit_words(language)
    return plain - word_list("past", language)
