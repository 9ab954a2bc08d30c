"""What was promised, by its name: "the slides" of "I'll send you the slides as soon as I find them".

An article and its noun are taken as they stand, so that no word has to be bent: German ones only where they read as an
object. Where that isn't sure there is no name, and the draft speaks of "what I promised".
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise, takewhile
from typing import Final

from assistant.core.language.calendar_words import MONTHS, UNITS, WEEKDAYS
from assistant.core.language.cues import bare, opens, says
from assistant.core.language.data_files import data_file
from assistant.core.language.detect import FUNCTION_WORDS
from assistant.core.language.numbers import NUMBER_WORDS
from assistant.writer.offline.phrase_tables import phrases

_CLAUSE = re.compile(r"[,;:(–—]\s*|\s-\s|[.!?]\s+")
_BREAK = re.compile(r"\s*[;–—]\s+")
_IS = re.compile(r"(\w)['’]s\b")
_NUMBERED = re.compile(r"[A-ZÄÖÜ]\w+ \d{1,3}\b")
"""A part of a whole, which needs no article in German and English: "Kapitel 5"."""
_TOKEN = re.compile(r"[^\W\d_]{1,2}['’](?=\w)|[\w-]+(?:['’]\w+)?")
_MOST_BEFORE: Final = 2
"""Words between article and noun: "the ninety days write-up", "die ersten drei Formulare"."""
_LINKED: Final = 2
"""How many times French and Spanish nouns go on with "de": "la fotografía de la gira de Oporto"."""
_ON: Final = frozenset({"about", "sur", "sobre", "de"})
"""Words before what is spoken of: "thanks for asking about the lease"."""
_TIME: Final = frozenset(
    bare(word) for table in (MONTHS, WEEKDAYS, UNITS) for names in table.values() for word in names
)


def thing_of(promise: str, language: str, before: str = "") -> str:
    """Return what a promise is about, article and noun, to stand within a sentence; "" where that isn't sure.

    `before` is the sentence before it: "The slides are on my desk. They'll be with you soon."
    """
    return _in_promise(promise, language) or _meant(promise, before, language)


def named_before(said: list[str], language: str) -> str:
    """Return what a report was promised on, named in the last of these sentences that does; "" for none.

    It has to be right as the subject and as the object of a verb.
    """
    articles, spoiling = (
        _listed("article", language) | _listed("subject", language),
        _listed("no_thing_after", language),
    )
    for clause in (part for sentence in reversed(said) for part in _CLAUSE.split(sentence)):
        words = [] if opens("condition", language, clause) else list(_TOKEN.finditer(clause))
        for place, word in enumerate(words):
            before = bare(words[place - 1][0]) if place else ""
            # German "den Kollegen" may be many who are given something.
            if bare(word[0]) not in articles or before in spoiling - _ON or (language == "de" and word[0] == "den"):
                continue
            found = _phrase(clause, words, place, language)
            if found and (language != "en" or before in {*_ON, "you"} or _is_subject(words, place)):
                return found
    return ""


def _is_subject(words: list[re.Match[str]], place: int) -> bool:
    """Return whether an English clause begins with article and noun and goes on with its verb: "the lease is up"."""
    end = _noun(words, place + 1, "en")
    return not place and end < len(words) and says("clause", "en", words[end][0])


def _meant(promise: str, before: str, language: str) -> str:
    """Return the subject that a pronoun of the promise stands for, "" for none.

    It is that of the sentence before, or of a clause like "Sobald der Bericht steht" that begins the promise.
    """
    for_it = phrases(language)["thing"]["it_for"]
    *earlier, last = _BREAK.split(promise)
    if earlier:  # "The name is in a notebook; you'll have it at half-term."
        before, promise = earlier[-1], last
    head, *rest = _CLAUSE.split(promise, maxsplit=1)
    begun = list(_TOKEN.finditer(head))[:1]
    if rest and begun and bare(begun[0][0]) in _listed("subordinate", language):
        before, promise = head[begun[0].end() :], rest[0]
    clause = _CLAUSE.split(_IS.sub(r"\1 is", before) if language == "en" else before)[0]
    words = list(_TOKEN.finditer(clause))
    if not words or bare(words[0][0]) not in _listed("article", language) | _listed("subject", language):
        return ""
    thing = _phrase(clause, words, 0, language)
    many = thing.endswith("s") if language == "en" else None
    # "when they've run for a while": what stands in such a clause is something else.
    own = takewhile(lambda word: bare(word[0]) not in _listed("subordinate", language), _TOKEN.finditer(promise))
    return thing if any(_points(word[0], words[0][0], for_it, many=many) for word in own) else ""


def _points(word: str, article: str, for_it: dict[str, str], *, many: bool | None) -> bool:
    """Return whether a pronoun can stand for a noun with this article; in English, for one or many."""
    articles = for_it.get(word, for_it.get(word.split("'", maxsplit=1)[0], "")).split()  # "they'll"
    number = many is None or ("many" in articles) == many
    return number and (bare(article) in articles or (many is not None and bool(articles)))


def _in_promise(promise: str, language: str) -> str:
    for place, clause in enumerate(_CLAUSE.split(promise)):
        words = list(_TOKEN.finditer(clause))
        headed = not place and bool(words) and bare(words[0][0]) in _listed("article", language)
        headed = headed and _answered_shortly(promise)
        if headed or any(says(cue, language, clause) for cue in ("promise", "owed", "renews")):
            if language in {"de", "en"} and (numbered := _NUMBERED.match(clause)):
                return numbered[0]
            return _first_thing(clause, words, language)
    return ""


def _answered_shortly(promise: str) -> bool:
    """Return whether no more than a word or two stand behind a heading: "das skript: ja. kommt."."""
    if ":" not in promise:
        return True
    return len(_TOKEN.findall((_CLAUSE.split(promise)[1:] or [""])[0])) <= _MOST_BEFORE


def _first_thing(clause: str, words: list[re.Match[str]], language: str) -> str:
    for place, word in enumerate(words):
        if bare(word[0]) in _listed("subordinate", language):
            return ""  # "once the comments are in": what stands there is not what was promised
        if bare(word[0]) not in _listed("article", language):
            continue
        before = bare(words[place - 1][0]) if place else ""
        if before in _listed("no_thing_after", language):
            continue
        if bare(word[0]) == "that" and not _noun(words, place + 1, language):
            continue  # "I know that I owe you the list"
        # "I ring the archive and I send you their answer": which of the two?
        both = any(bare(pair) in _listed("and_i", language) for pair in _pairs(words[place:]))
        return "" if both else _phrase(clause, words, place, language)
    return ""


def _phrase(clause: str, words: list[re.Match[str]], place: int, language: str) -> str:
    """Return the article at a place with its noun, "" for none; "a quote" is "the quote" from then on."""
    end = _noun(words, place + 1, language)
    if not end or not _names(words[end - 1][0], language):
        return ""
    article = words[place][0]
    if bare(article) in _listed("subject", language) and end > place + 2:
        return ""  # "der neue Bericht" would have to be bent
    named = " ".join(clause[words[place].end() : words[end - 1].end()].split())
    known = phrases(language)["thing"]["definite"].get(bare(article), article[:1].lower() + article[1:])
    vowel = language == "fr" and article.lower() in {"un", "une"} and bare(named)[0] in "aeiouh"
    return f"l’{named}" if vowel else f"{known}{named}" if article[-1] in "'’" else f"{known} {named}"


def _pairs(words: list[re.Match[str]]) -> list[str]:
    return [f"{one[0]}-{other[0]}" for one, other in pairwise(words)]


def _noun(words: list[re.Match[str]], first: int, language: str) -> int:
    """Return the place behind the noun that an article at `first - 1` belongs to, 0 for none."""
    if language == "de":  # nouns have capitals, but for those who write without: "das skript: ja, kommt"
        if first == 1 and len(words) == 1 + first:
            return 1 + first
        capital = (at for at in range(first, min(first + _MOST_BEFORE + 1, len(words))) if words[at][0][0].isupper())
        return next(capital, -1) + 1
    if language == "en":
        at = first
        while at < len(words) and at <= first + _MOST_BEFORE and bare(words[at][0]) not in _ends(language):
            at += 1
        whole = at == len(words) or bare(words[at][0]) in _ends(language)
        return at if at > first and whole else 0
    return _with_links(words, first, language)


def _with_links(words: list[re.Match[str]], first: int, language: str) -> int:
    first += first < len(words) and bare(words[first][0]) in NUMBER_WORDS  # "les cinq conducteurs"
    if first >= len(words):
        return 0
    at = first + 1
    for _ in range(_LINKED):
        if at >= len(words) or bare(words[at][0]) not in _listed("link", language):
            break
        more = at + 1
        more += more < len(words) and bare(words[more][0]) in _listed("article", language)
        more += more < len(words) and bare(words[more][0]) in NUMBER_WORDS
        if more >= len(words) or not _names(words[more][0], language):
            break
        at = more + 1
    return at


def _names(word: str, language: str) -> bool:
    """Return whether a word can name a thing: no glue, no time, no verb that promises are made of."""
    plain = bare(word)
    listed = plain in _ends(language) or plain in _TIME or plain in _listed("no_thing", language)
    verb = language != "de" and plain in _promising(language)
    return not (listed or verb or "'" in plain or plain.isdigit())


def _ends(language: str) -> frozenset[str]:
    return frozenset(map(bare, FUNCTION_WORDS[language])) | _listed("ends", language)


@cache
def _listed(kind: str, language: str) -> frozenset[str]:
    return frozenset(bare(word) for word in phrases(language)["thing"][kind].split())


@cache
def _promising(language: str) -> frozenset[str]:
    cues = data_file("cues", language)["promise"]
    return frozenset(bare(word.rstrip("?")) for cue in cues for part in cue.split() for word in part.split("|"))
