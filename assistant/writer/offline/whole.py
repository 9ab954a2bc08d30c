"""A win as a letter can say it: a whole sentence, since an owner types a headline ("new rota live, hours down").

    win -> pieces between commas -> less a tail without a verb -> begins and goes on as a sentence does? -> "" if not

A sentence has a verb and begins with an article, a pronoun, a number or a name: "the export is live".
"""

from __future__ import annotations

import re
from typing import Final

from assistant.core.language.cues import bare, says
from assistant.core.language.detect import FUNCTION_WORDS
from assistant.core.language.numbers import NUMBER_WORDS
from assistant.writer.offline.phrase_tables import phrases

_PIECE = re.compile(r",\s+")
_WORD = re.compile(r"[\w’'-]+")
_MOST_OF_NAME: Final = 2
"""Words of a name that a sentence begins with: "Grace Obi has signed"."""


def whole(win: str, language: str) -> str:
    """Return a win as it stands within a sentence, without a stop; "" where it is no whole clause."""
    text = " ".join(win.split()).rstrip(".!")
    if ":" in text or ";" in text:
        return ""
    pieces = _PIECE.split(text)
    while len(pieces) > 1 and not says("clause", language, pieces[-1]):
        pieces.pop()
    said = ", ".join(pieces)
    # "der Planer, den wir testen, läuft": the verb may stand behind a comma.
    first = pieces[0] if says("clause", language, pieces[0]) else said
    words = _WORD.findall(first)
    if says(
        "subjectless", language, " ".join(words[: 1 + (language == "fr")])
    ):  # "signé le bail", and no "signé" alone
        return f"{phrases(language)['whole']['mine']}{said[:1].lower()}{said[1:]}"
    if not says("clause", language, first) or not _begins(words, language):
        return ""
    if language == "de":  # behind a colon a whole sentence begins with a capital
        return said[:1].upper() + said[1:]
    small = _opens(words[0], language) and words[0] != "I" and not words[0].startswith(("I'", "I’"))
    return said[:1].lower() + said[1:] if small else said


def _begins(words: list[str], language: str) -> bool:
    """Return whether words begin with all of a subject; a headline leaves out the article."""
    if _opens(words[0], language):
        return True
    if language == "es" and says("clause", language, words[0]):  # Spanish leaves out its pronouns
        return True
    if language == "de":  # every noun has a capital, so a number or a verb for many shows that no article is missing
        return len(words) > 1 and (words[1].isdigit() or says("many", language, words[1]))
    return _named(words, language)


def _opens(word: str, language: str) -> bool:
    """Return whether a word begins a subject: an article, a pronoun, a number."""
    plain = bare(word)
    listed = {*map(bare, FUNCTION_WORDS[language]), *map(bare, str(phrases(language)["whole"]["opens"]).split())}
    head = re.split(r"['’]", plain)[0]  # French "l’atelier"
    return plain in listed or head in listed or word[0].isdigit() or plain in NUMBER_WORDS


def _named(words: list[str], language: str) -> bool:
    """Return whether words begin with a name and go on with their verb: "Hafiz took over"."""
    for place, word in enumerate(words[: _MOST_OF_NAME + 1]):
        after = " ".join(words[place + 1 : place + 2])
        verb = says("clause", language, f"{word} {after}") and not says("clause", language, after)
        if place and (verb or says("clause", language, word)):
            return True
        if not word[0].isupper():
            return False
    return False
