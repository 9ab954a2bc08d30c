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
_LEAST: Final = 2
_LATEST: Final = 7
"""Words of a headline before which its state stands."""
_ED: Final = re.compile(r"(?:ed|signed|won|built|sold|paid|done)$")
_MANY: Final = re.compile(r"[^suia]s$")
_BEGUN: Final = frozenset({"opened", "launched", "started", "finished", "arrived", "closed", "ended"})
_LINKS: Final = re.compile(r"of|on|in|at|for|from|with|by|to|without|within|since|until|after|before|into")
_PARTICIPLE: Final = {
    "fr": (re.compile(r"(?:é|ée|és|ées|ie?s?|ue?s?)$"), "a été", "ont été"),
    "es": (re.compile(r"(?:[ai]d[oa]s?)$"), "ha sido", "han sido"),
}
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


def headline(win: str, language: str, letters: str) -> str:
    """Return a headline as a clause, with the verb it leaves out and the article that its noun has in the letters.

    "New bay open" gives "the new bay is open", "Prüfung bestanden" „Ich habe die Prüfung bestanden“; "" for neither.
    """
    text = _PIECE.split(" ".join(win.split()).rstrip(".!"))[0]
    words = text.split()
    if len(words) < _LEAST or re.search(r"[:;()]", text):
        return ""
    if says("clause", language, text):
        return _with_article(words) if language == "en" else ""
    if language in _PARTICIPLE:
        return _done(words, language, letters)
    made = {"en": _stated, "de": _done_by_me}.get(language)
    return made(words, letters) if made else ""


def _with_article(words: list[str]) -> str:
    """Return "the desk called the vote" for "desk called the vote": only the article is missing."""
    states = str(phrases("en")["whole"]["states"]).split()
    for place, word in enumerate(words[:_LATEST]):
        if says("clause", "en", " ".join(words[place : place + 2])) and bare(word) not in states:
            heads = words[:place]
            return " ".join(["the", *words]) if heads and all(_plain(one) for one in heads) else ""
    return ""


def _plain(word: str) -> bool:
    return word.isalpha() and word.islower() and not says("clause", "en", word)


def _stated(words: list[str], _letters: str) -> str:
    """Return "swaps are down by half" for "swaps down by half"."""
    states = set(str(phrases("en")["whole"]["states"]).split())
    for place, word in enumerate(words[1:_LATEST], start=1):
        after = bare(words[place + 1]) if place + 1 < len(words) else ""
        passive = bool(_ED.search(word)) and (not after or bool(_LINKS.fullmatch(after)))
        if bare(word) not in states and not passive:
            continue
        subject, rest = words[:place], words[place:]
        head = next(
            (subject[at - 1] for at, one in enumerate(subject) if at and _LINKS.fullmatch(bare(one))), subject[-1]
        )
        many = bool(_MANY.search(bare(head)))
        # A name needs no article, and neither do many: "swaps are down".
        named = head[0].isupper() or _opens(subject[0], "en") or (many and not passive)
        verb = ("have" if many else "has") if bare(word) in _BEGUN else ("are" if many else "is")
        return " ".join([*([] if named else ["the"]), *subject, verb, *rest])
    return ""


def _done_by_me(words: list[str], letters: str) -> str:
    """Return „Ich habe den Fachwirt bestanden“ for „Fachwirt bestanden“."""
    if not says("own_deed", "de", words[-1]) or not words[0][0].isupper():
        return ""
    article = re.search(rf"\b(das|die|den|eine|einen)\s{re.escape(words[0])}\b", letters, re.IGNORECASE)
    return " ".join(["Ich habe", article[1].lower(), *words]) if article else ""


def _done(words: list[str], language: str, letters: str) -> str:
    """Return "le chantier a été livré" for "chantier livré": the article is that of the letters."""
    ends, one, many = _PARTICIPLE[language]
    place = next((at for at, word in enumerate(words) if at and word[0].islower() and ends.search(word)), 0)
    articles = "|".join(map(re.escape, str(phrases(language)["thing"]["article"]).split()))
    if not place or _opens(words[0], language):
        return ""
    article = re.search(rf"\b({articles})\s?{re.escape(words[0])}\b", letters, re.IGNORECASE)
    if not article:
        return ""
    start = article[0][: -len(words[0])].lower() + words[0]
    return " ".join([start, *words[1:place], many if words[place].endswith("s") else one, *words[place:]])


def _begins(words: list[str], language: str) -> bool:
    """Return whether words begin with all of a subject; a headline leaves out the article."""
    if _opens(words[0], language):
        return True
    if language == "es" and says("clause", language, words[0]):  # Spanish leaves out its pronouns
        return True
    if language == "de":  # every noun has a capital, so a number or a verb for many shows that no article is missing
        return len(words) > 1 and (words[1].isdigit() or says("many", language, words[1]))
    many = language == "en" and len(words) > 1 and _MANY.search(words[0]) and says("clause", "en", " ".join(words[1:3]))
    return bool(many) or _named(words, language)  # "nights went well": many need no article


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
