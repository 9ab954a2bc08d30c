"""Requests, questions and wishes: which of them are plain, so that nobody need say whether they are true.

    own words -> none: plain;  a request with a few, none of them taken for known: plain;  else a verdict

A wish or a request takes for known what stands behind an article or a possessive ("your son", "the move"), and what
stands in a clause ("now that you have left"). "A pot of tea" takes nothing for known.
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
_ONE_QUESTION = re.compile(r"[^.!?;:]+\?")
_PARTS = re.compile(r"['’.&-]")
_OPENING: Final = 3
"""Words among which a request says that it is one."""
_FEW: Final = 3
"""Words of its own that a plain request may have: "a pot of tea"."""


def asks(sentence: Sentence) -> bool:
    """Return whether a sentence is a request, a question or a wish, wherever the model files it."""
    text = fold_text(sentence.text.strip())
    return (
        sentence.kind in _ASKS or text.endswith("?") or any(pattern("wishes", tongue).match(text) for tongue in LISTED)
    )


def needs_verdict(sentence: Sentence, dossier: Dossier) -> bool:
    """Return whether somebody has to say that a sentence is true: not for greeting, close and plain courtesy.

    "Hope you're well" is plain, "I hope your son is settling in" isn't. A wish is one wherever the model files it.
    """
    if sentence.kind in {"greeting", "close"}:
        return False
    if not asks(sentence) or sentence.quote.strip():
        return True
    language = dossier.language if dossier.language in LISTED else "en"
    own = own_words(sentence.text, language)
    few = len(own) <= _FEW and _requests(sentence.text, language)
    return bool(own) and (not few or presumes(sentence.text, own, language))


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


def _requests(text: str, language: str) -> bool:
    """Return whether a text is one question that opens like a request: "Would you …?", "Auriez-vous …?"."""
    if not _ONE_QUESTION.fullmatch(text.strip().lstrip("¿")):
        return False
    first = [part for word in tokens(text)[:_OPENING] for part in _PARTS.split(fold_text(word))]
    return any(pattern("asking", language).fullmatch(word) for word in first)


@cache
def _plain(language: str) -> frozenset[str]:
    """Return the words of which all wishes and requests are made."""
    plain = word_list("function", language) | word_list("courtesy", language) | calendar_names() | unit_words(language)
    return plain - word_list("past", language)
