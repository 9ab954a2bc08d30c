"""The words of an answer and what they say: phrases as data, one file a language (`core/language/commands/`).

    "caught up w Ruth on friday, she moves to Oslo"
     └contact┘ │ └who┘└─time──┘│ └rest─────────…
             filler          mark

A span is the longest run of words that means something together. It may have several senses ("leave" is an order and
an idle word); `plain` chooses among them. What has none is the owner's own text.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from assistant.core.language.calendar.words import fold_day, read_words
from assistant.core.language.data_files import Language, data_file
from assistant.core.language.dates import cadence_days, parse_day, parse_length
from assistant.core.replies.grammar.slots import ADDRESS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from assistant.core.replies.grammar.slots import Speech

    Sense = tuple[str, str]
    """A section and a key of a word list, ("contact", "met"); for a name, a label or a time ("who", WHO) and so on."""

MOST_WORDS: Final = 200  # a line of 1,000 characters hardly has more; a longer one isn't read as orders
_CORRECTED: Final = ("contact", "order", "role")
_SHORTEST: Final = 3  # letters of a word that may be meant by a misspelt one
_NEAR: Final = 82  # of 100: how alike they must be
_PHRASE_WORDS: Final = 8  # of the longest phrase
_NAME_WORDS: Final = 5  # of the longest name
_LEAD_AND_NUMBER: Final = 2
_TIME_WORDS: Final = 6  # of the longest time
_ELISION: Final = 2  # letters before the apostrophe of "j'ai", "l'appeler", "I've"
_TOKEN = re.compile(r"[.,;:!?()\"=…/]+(?=\s|$)|[,;:!?()\"…¿¡]+|[^\s,;:!?()\"…¿¡]+(?::\d+)*")
_ADDRESS = re.compile(ADDRESS)
_NUMBER = re.compile(r"#?(\d{1,3})")


@dataclass(frozen=True, slots=True)
class Span:
    """Words of a line that belong together: where they stand, and their senses; none for text of the owner's."""

    start: int
    end: int
    text: str
    senses: frozenset[Sense] = frozenset()

    def value(self, section: str) -> str | None:
        """Return the key of a section that the span has, None without one."""
        return next((key for name, key in sorted(self.senses) if name == section), None)

    def has(self, *sections: str) -> bool:
        """Return whether the span has a sense of one of the sections."""
        return any(name in sections for name, _key in self.senses)


def plain(text: str) -> str:
    """Return words in lower case, with straight apostrophes."""
    return text.casefold().replace("’", "'")


def fold(text: str) -> str:
    """Return words for comparing: like `plain`, and without accents."""
    bare = unicodedata.normalize("NFD", plain(text))
    return "".join(letter for letter in bare if not unicodedata.combining(letter))


@cache
def phrases(language: Language) -> Mapping[str, tuple[tuple[tuple[str, ...], frozenset[Sense]], ...]]:
    """Return every phrase of a language and of English by its first word, the longest first.

    Where both have the same one, the owner's language decides. A phrase with accents is there without them, too, unless
    that is another word ("hätte", "hatte").
    """
    found: dict[tuple[str, ...], frozenset[Sense]] = {}
    for tongue in dict.fromkeys(("en", language)):
        own: dict[tuple[str, ...], set[Sense]] = {}
        for section, keys in data_file("commands", tongue).items():
            for key, text in keys.items():
                sense = (key, "") if section == "filler" else (section, key)
                for written in text.split("|"):
                    own.setdefault(tuple(_words(written)), set()).add(sense)
        for words, senses in own.items():
            found[words] = frozenset(senses)
            bare = tuple(map(fold, words))
            # "Didnt" is how many write it on a phone.
            for other in {bare, tuple(word.replace("'", "") for word in bare)} - own.keys():
                found[other] = frozenset(senses)
    first: dict[str, list[tuple[tuple[str, ...], frozenset[Sense]]]] = {}
    for phrase, meant in sorted(found.items(), key=lambda item: -len(item[0])):
        first.setdefault(phrase[0], []).append((phrase, meant))
    return {word: tuple(found) for word, found in first.items()}


def _senses(word: str, language: Language) -> frozenset[Sense]:
    return next((senses for words, senses in phrases(language).get(word, ()) if words == (word,)), frozenset())


@cache
def until_words(language: Language) -> frozenset[str]:
    """Return the words before a time that make it one to come: "until", "in"."""
    return _single(("until", ""), language)


@cache
def deadline_words(language: Language) -> frozenset[str]:
    """Return the words before a time by which something is to be done: "by"."""
    return _single(("deadline", ""), language)


def _single(sense: Sense, language: Language) -> frozenset[str]:
    groups = phrases(language).values()
    return frozenset(words[0] for group in groups for words, senses in group if len(words) == 1 and sense in senses)


def _words(text: str) -> list[str]:
    return [plain(token).rstrip("'") for _start, _end, token in _tokens(text)]


def _tokens(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, token) of words and marks; a full stop ends no number, and an elision is a word."""
    for match in _TOKEN.finditer(text):
        start, end, token = match.start(), match.end(), match[0]
        bare = token.rstrip(".")
        if bare and bare != token:
            yield from _elided(start, bare)
            yield start + len(bare), end, token[len(bare) :]
        else:
            yield from _elided(start, token)


def _elided(start: int, token: str) -> Iterator[tuple[int, int, str]]:
    flat = token.replace("’", "'")
    at = flat.find("'")
    if 0 < at <= _ELISION and len(flat) > at + 1 and flat[:at].isalpha():
        yield start, start + at + 1, token[:at]
        yield start + at + 1, start + len(token), token[at + 1 :]
    else:
        yield start, start + len(token), token


@dataclass(frozen=True, slots=True)
class Named:
    """Whom words may name: each name's folded words, and what the orders call them (a handle, "C1").

    `labels` are those of the digest that is answered ("2", "Q1", "C1"), `cards` has each person's number, `asked` the
    question about each, `kinds` what each question asks ("Q2": "role"), and `people` who
    stands behind each label.
    """

    names: Mapping[tuple[str, ...], str]
    labels: frozenset[str] = frozenset()
    cards: Mapping[str, str] = field(default_factory=dict)
    asked: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)


def spans(line: str, speech: Speech, named: Named) -> tuple[Span, ...]:
    """Return the spans of a line in order, marks included; () for one with too many words."""
    tokens = list(_tokens(line))
    if len(tokens) > MOST_WORDS:
        return ()
    words = [fold(token) for _start, _end, token in tokens]
    known = phrases(speech.language)
    found: list[Span] = []
    index = 0
    while index < len(tokens):
        count, senses = _longest(line, tokens, words, index, known, speech, named)
        start, end = tokens[index][0], tokens[index + count - 1][1]
        found.append(Span(start, end, line[start:end], senses))
        index += count
    return tuple(_as_written(span, found) for span in found)


def _as_written(span: Span, found: Sequence[Span]) -> Span:
    """Return the span; a name in lower case beside one with a capital is a plain word ("met Bob, talked promo")."""
    lower = span.has("who") and span.text.islower() and span.text.isalpha()
    capital = any(one.has("who") and one.text[:1].isupper() and len(one.text) > len("Q1") for one in found)
    return replace(span, senses=frozenset()) if lower and capital else span


def corrected(line: str, found: Sequence[Span], speech: Speech, named: Named) -> str:
    """Return a line with each word that isn't known put right where it's nearly a name or an order ("skpi")."""
    from rapidfuzz import fuzz, process

    orders = {
        words[0]
        for group in phrases(speech.language).values()
        for words, senses in group
        if len(words) == 1 and any(section in _CORRECTED for section, _key in senses)
    }
    known = [word for word in {*orders, *(" ".join(words) for words in named.names)} if len(word) >= _SHORTEST]
    parts, end = [], 0
    for span in found:
        if not span.senses and len(span.text) > _SHORTEST:
            near = process.extractOne(fold(span.text), known, scorer=fuzz.ratio, score_cutoff=_NEAR)
            if near:
                parts += [line[end : span.start], near[0]]
                end = span.end
    return "".join((*parts, line[end:]))


def says_tried(line: str, speech: Speech) -> bool:
    """Return whether a line speaks of an attempt ("no answer", "voicemail"), wherever it does."""
    return any(("order", "tried") in span.senses for span in spans(line, speech, Named({})))


def _longest(
    line: str,
    tokens: Sequence[tuple[int, int, str]],
    words: Sequence[str],
    index: int,
    known: Mapping[str, tuple[tuple[tuple[str, ...], frozenset[Sense]], ...]],
    speech: Speech,
    named: Named,
) -> tuple[int, frozenset[Sense]]:
    """Return how many tokens from `index` on belong together, and their senses."""
    if not any(letter.isalnum() for letter in words[index]) and plain(tokens[index][2]) not in known:
        return 1, frozenset({("mark", words[index])})
    said = [plain(token) for _start, _end, token in tokens[index : index + _PHRASE_WORDS]]
    phrase = next(((p, s) for p, s in known.get(said[0], ()) if tuple(said[: len(p)]) == p), None)
    best = (len(phrase[0]), set(phrase[1])) if phrase else (1, set())
    who = _who(tokens, words, index, named, speech)
    # "Will" with a capital is who is called so, "will" is not.
    if who and (who[0] > best[0] or not best[1] or tokens[index][2][:1].isupper() or tokens[index][2].isdecimal()):
        best = (who[0], {("who", who[1])})
    time = _time(line, tokens, words, index, speech)
    # "So", "mon" and "may" are days and months, but mostly not.
    if phrase and time <= len(phrase[0]):
        rather = "doubt" in dict(phrase[1]) if time > 1 else not tokens[index][2][:1].isupper()
        time = 0 if rather else time
    if time > best[0] or (time == best[0] and not best[1] & {("who", who[1] if who else "")}):
        start, end = tokens[index][0], tokens[index + time - 1][1]
        # In "envía el 3" that's a number of the digest, and in "la vi el 3" a day.
        last = words[index + time - 1]
        label = {("who", last)} if last in named.labels and time <= _LEAD_AND_NUMBER else set()
        best = (time, {("time", line[start:end]), *label})
    if _ADDRESS.fullmatch(tokens[index][2]):
        best = (1, {("address", tokens[index][2].strip("<>"))})
    return best[0], frozenset(best[1])


def _who(
    tokens: Sequence[tuple[int, int, str]], words: Sequence[str], index: int, named: Named, speech: Speech
) -> tuple[int, str] | None:
    for count in range(min(_NAME_WORDS, len(words) - index), 0, -1):
        who = named.names.get(tuple(words[index : index + count]))
        if who:
            return count, who
    counted = ("number", "") in _senses(plain(tokens[index][2]), speech.language) and index + 1 < len(words)
    if counted:
        said = words[index + 1]
        number = str(read_words(speech.language).number(said, "counts") or read_words("en").number(said, "counts"))
        return (2, number) if number in named.labels else None
    if words[index].upper() in named.labels:
        return 1, words[index].upper()
    digits = _NUMBER.fullmatch(tokens[index][2])
    return (1, str(int(digits[1]))) if digits and str(int(digits[1])) in named.labels else None


def _time(line: str, tokens: Sequence[tuple[int, int, str]], words: Sequence[str], index: int, speech: Speech) -> int:
    """Return how many tokens from `index` on name a day, a length of time or a rhythm; 0 if none do."""
    known = _time_words(speech.language)
    most = min(_TIME_WORDS, len(tokens) - index)
    for count in range(most, 0, -1):
        # A number, or "so" for Sunday, is no time by itself.
        if count == 1 and (words[index].isdecimal() or len(words[index]) < _SHORTEST):
            return 0
        # Looking for days is slow, and most words have nothing of one.
        said = words[index : index + count]
        if not said[-1][-1:].isalnum() or not any(word[:1].isdecimal() or word in known for word in said):
            continue
        text = line[tokens[index][0] : tokens[index + count - 1][1]]
        if says_time(text, speech.today, speech.language):
            return count
    return 0


@cache
def _time_words(language: Language) -> frozenset[str]:
    """Return the words that days, lengths and rhythms are made of, in a language and in English."""
    tables = [table for tongue in {"en", language} for table in read_words(tongue).tables.values()]
    return frozenset(word for table in tables for phrase in table for word in fold_day(phrase, language).split())


@lru_cache(maxsize=4096)
def says_time(text: str, today: date, language: Language) -> bool:
    """Return whether words are a day, a length of time or a rhythm as a whole."""
    # "3/4" is a day even where nobody knows which.
    days = (parse_day(text, today, direction, language, month_first=True) for direction in ("past", "future"))
    return any(days) or parse_length(text, language) is not None or cadence_days(text, language) is not None
