"""Names in a sentence, and whether the evidence has them: people, places, organisations, and titles.

A capital letter inside a sentence makes a name in English, French and Spanish. German gives one to every noun, so there
a noun is a name unless something shows that it is ordinary: an article or an adjective before it, a usual ending, a
place in the list of ordinary nouns, or a part that the evidence has. The first word of a sentence is a name only where
what follows says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final

from assistant.core.evidence.owner_text import GREETING_WORDS
from assistant.core.language.fold import fold_name, fold_text
from assistant.core.language.lexicon import (
    calendar_names,
    first_names,
    ordinary_capitals,
    pattern,
    same_things,
    stem,
    word_list,
)
from assistant.core.language.numbers import numbers
from assistant.core.language.titles import HONORIFICS, TITLES

_WORD = re.compile(r"[^\W\d_][^\W_]*(?:['’.&-][^\W_]+)*['’]?")
_START = re.compile(r"(?:^|[.!?:;…]\s+|[\n\"“”„«»(¿¡]\s*|\s[–—-]\s)$")
_ELIDED = re.compile(r"[a-z]{1,2}['’](?=[^\W\d_a-z])")
"""The article of "l'Académie"."""
_INITIALS = re.compile(r"^(?:[^\W\d_]\.?)+$")
_SHORTEST_PART: Final = 5
"""Letters of an evidence word that may be part of a German compound."""
_SHORTEST_TAIL: Final = 3
_SHORTEST_ROOT: Final = 6
_LONGEST_ENDING: Final = 4
_SHORTEST_HEAD: Final = 2
_INFLECTED: Final = re.compile(r"[^\W\d_]{2,}(?:e|en|er|es|em)$")
_PLURAL: Final = re.compile(r"[^\W\d_]{3,}(?:e|en|n|s|er|ern)$")
_BESIDE = re.compile(r"(?<!\w)[A-ZÄÖÜ][^\W_]*\s$")


@dataclass(frozen=True)
class Names:
    """What may be named: all words of the evidence and of what code knows of the two people."""

    texts: tuple[str, ...]

    @cached_property
    def folded(self) -> str:
        """All of it, folded."""
        return fold_text("\n".join(self.texts))

    @cached_property
    def words(self) -> frozenset[str]:
        """The words as `fold_name` gives them, those with a hyphen or a point whole and in parts."""
        found: set[str] = set()
        for match in _WORD.finditer("\n".join(self.texts)):
            found |= _forms(match[0])
        return frozenset(found)

    @cached_property
    def stems(self) -> frozenset[str]:
        """Light stems of the longer words, in any of the languages."""
        return frozenset(stem(w, t) for w in self.words if len(w) >= _SHORTEST_PART for t in ("en", "de", "fr", "es"))

    @cached_property
    def surnames(self) -> frozenset[str]:
        """Words that the evidence has only behind a first name: behind another capitalised word that could be one."""
        alone, paired = set[str](), set[str]()
        for text in self.texts:
            matches = list(_WORD.finditer(text))
            for last, match in zip([None, *matches], matches, strict=False):
                pair = last is not None and text[last.end() : match.start()] == " " and _may_be_first(last[0])
                (paired if pair and match[0][0].isupper() else alone).add(fold_name(match[0]))
        return frozenset(paired - alone) - calendar_names()

    def hold(self, word: str) -> bool:
        """Return whether a name stands in the evidence, with or without an ending of case."""
        parts = [part for part in word.split("-") if len(part) > 1] or [word]
        if fold_name(word).replace(" ", "") in self.words or all(_forms(part) & self.words for part in parts):
            return True
        if any(self._derived(known, fold_name(word)) for known in self.words):
            return True
        folded = fold_text(word).strip("'.")
        return any(row.fullmatch(folded) and row.search(self.folded) for row in same_things("places"))

    @staticmethod
    def _derived(known: str, name: str) -> bool:
        """Return whether a word of the evidence is made of a name ("Wismarer"), but is no longer first name."""
        longer = len(known) - len(name)
        return (
            len(name) >= _SHORTEST_ROOT
            and known.startswith(name)
            and 1 < longer <= _LONGEST_ENDING
            and known not in first_names()
        )

    def hold_part(self, word: str) -> bool:
        """Return whether a German noun has a part that the evidence has ("Laternenidee"), or is another form of one."""
        folded = fold_name(word)
        if stem(folded, "de") in self.stems:
            return True
        return any(
            len(known) >= _SHORTEST_PART
            and len(folded) - len(known) >= _SHORTEST_TAIL  # "Hannah" is no compound of "Hanna"
            and (folded.startswith(known) or folded.endswith(known))
            for known in self.words
        )


def unknown_name(text: str, language: str, names: Names) -> bool:
    """Return whether a text names somebody or something that the evidence lacks."""
    matches = list(_WORD.finditer(text))
    for index, match in enumerate(matches):
        word, start = match[0], match.start()
        if word[0].islower() and (elided := _ELIDED.match(word)):
            word, start = word[elided.end() :], start + elided.end()
        if not word[0].isupper() or _names_nobody(word, language) or names.hold(word):
            continue
        following = matches[index + 1][0] if index + 1 < len(matches) else ""
        touching = bool(following) and text[match.end() : matches[index + 1].start()] == " "
        titled = bool(index) and _is_title(matches[index - 1][0])
        if _START.search(text[:start]) and not titled:
            if _starts_with_name(word, following if touching else "", language, names):
                return True
            continue
        before = [earlier[0] for earlier in matches[:index]]
        if language == "de" and (
            _ordinary(word, before, text[:start], names)
            or _plural(word, before, text[:start], text[start + len(word) :])
        ):
            continue
        return True
    return False


def unknown_office(text: str, language: str, names: Names) -> bool:
    """Return whether a text gives somebody an office ("director") that the evidence has in no language."""
    folded = fold_text(text)
    rows = same_things("offices")
    said = {found for row in rows for found in (match[0] for match in row.finditer(folded))}
    said -= word_list("function", language)  # "la mayor parte" is no mayor
    return any(not any(row.search(names.folded) for row in rows if row.fullmatch(word)) for word in said)


def _may_be_first(word: str) -> bool:
    low = fold_text(word)
    return word[0].isupper() and not (low in GREETING_WORDS or _is_title(word) or _listed(low))


def _names_nobody(word: str, language: str) -> bool:
    """Return whether a capitalised word is no name in any text: a pronoun, a day, a language, a form of address."""
    low = fold_text(word).strip("'.")
    head = re.split(r"['-]", low)[0]
    return (
        low in calendar_names()
        or bool(pattern("times", language).fullmatch(low))
        or low.split("'")[0] in word_list("function", language)
        or (language != "de" and bool({head, head.removesuffix("s")} & calendar_names()))
        or bool({fold_name(word), fold_name(head)} & ordinary_capitals())
        or _is_title(word)
        or len(low) == 1
        or bool(numbers(word, language))
    )


def _is_title(word: str) -> bool:
    low = fold_text(word).replace(".", "")
    return low in HONORIFICS or (low in TITLES and word[0].isupper())  # "mag" is a verb, "Mag." a degree


def _forms(word: str) -> set[str]:
    """Return the forms under which a word is looked up: folded, without an ending of case, and its parts."""
    plain = re.sub(r"['’]s?$", "", word)
    parts = [part for part in re.split(r"['’.&-]", plain) if len(part) > 1]
    found = {fold_name(plain).replace(" ", ""), *(fold_name(part) for part in parts if len(parts) > 1)}
    if len(parts) == 1 and "'" in plain.replace("’", "'"):
        found.add(fold_name(parts[0]))  # l'Italie
    return found | {form[:-1] for form in found if form.endswith("s") and len(form) >= _SHORTEST_PART}


def _starts_with_name(word: str, following: str, language: str, names: Names) -> bool:
    """Return whether the first word of a sentence is a name: another one follows, it owns something, or it acts."""
    low = fold_text(word)
    if low.split("'")[0] in word_list("courtesy", language) or (language == "de" and _listed(low)):
        return False
    if _INITIALS.match(word) and len(word) > 1 and word.isupper():
        return True
    owns = low.endswith("'s") and following not in word_list("function", language)  # not "life's too short"
    if fold_name(word) in first_names() or (language == "en" and owns):
        return True
    if following[:1].isupper():
        # "Svenja Kösters" where the evidence has Kösters only as "Sabine Kösters".
        return fold_name(following) in names.surnames
    acts = following in word_list("predicates", language)
    return acts and not (language == "de" and _ends_like_a_noun(low)) and not low.endswith("ing")


def _ordinary(word: str, before: list[str], head: str, names: Names) -> bool:
    """Return whether a capitalised German word within a sentence is an ordinary noun."""
    low = fold_text(word)
    if before and _is_title(before[-1]):
        return False
    if any(row.fullmatch(low) for row in same_things("places")):
        return False
    listed = _listed(low) or stem(low, "de") in _courtesy_stems()
    if listed or _ends_like_a_noun(low) or names.hold_part(word):
        return True
    return bool(before) and bool(re.search(r"[\w.]\s$", head)) and _determined(before, head)


def _determined(before: list[str], head: str) -> bool:
    """Return whether an article, a number or an adjective stands right before a German noun."""
    last = before[-1].lower()
    if re.search(r"\d\s$", head) or numbers(last, "de") or pattern("determiner", "de").fullmatch(last):
        return True
    if not before[-1][0].islower() or last in word_list("function", "de") or not _INFLECTED.match(last):
        return False
    # "gute Nachricht", but "ich treffe Maria", "um Maria zu treffen".
    return not (len(before) > 1 and before[-2].lower() in word_list("acting", "de"))


def _plural(word: str, before: list[str], head: str, after: str) -> bool:
    """Return whether a German word may be a bare plural ("wir brauchen Sonnenschirme"): then a verifier decides.

    Not behind a preposition, where towns and people stand, not beside another name, and not before what it owns.
    """
    if (
        not _PLURAL.match(word)
        or not before
        or before[-1].lower() in word_list("before_names", "de")
        or _BESIDE.search(head)
    ):
        return False
    owns = word.endswith("s") and re.match(r"\s\w", after) is not None
    return not owns and not re.match(r"\s[A-ZÄÖÜ]", after) and fold_name(word) not in first_names()


@cache
def _courtesy_stems() -> frozenset[str]:
    return frozenset(stem(word, "de") for word in word_list("courtesy", "de"))


def _ends_like_a_noun(low: str) -> bool:
    named = pattern("name_like", "de").fullmatch(low) or low.endswith(tuple(word_list("tails_of_names", "de")))
    return bool(pattern("noun_endings", "de").fullmatch(low)) and not named  # Osnabrück ends like a noun, too


def _listed(low: str) -> bool:
    """Return whether a German word is an ordinary noun of the list, in any form, or a compound that ends in one."""
    nouns = _noun_forms()
    folded = fold_name(low)
    endings = ("", "e", "n", "s", "en", "es", "er", "ern", "nen", "in", "innen", "se", "sen")
    for ending in endings:
        base = folded.removesuffix(ending) if ending else folded
        if (ending and base == folded) or len(base) < _SHORTEST_TAIL:
            continue
        bases = (base, base + "a", base + "um", base + "o") if ending == "en" else (base,)  # Firma, Firmen
        if any(_is_compound(form, nouns) for form in bases):
            return True
    return False


def _is_compound(word: str, nouns: frozenset[str]) -> bool:
    """Return whether a folded word is a listed noun, or ends in one that is no usual end of a name."""
    if word in nouns:
        return True
    tails = {word[cut:] for cut in range(_SHORTEST_HEAD, len(word) - _SHORTEST_TAIL + 1)}
    long = {tail for tail in tails if len(tail) > _SHORTEST_TAIL}
    return bool(long & nouns - word_list("tails_of_names", "de") or tails & word_list("short_tails", "de"))


@cache
def _noun_forms() -> frozenset[str]:
    return frozenset(fold_name(noun) for noun in word_list("nouns", "de"))
