"""Everyday words that state nothing of their own: a letter may use them without evidence (docs/writer.md, check 3).

Made for this project: the glue of a letter between two people who know each other from work (greeting, asking,
thanking, making time, talking about careers in general). Left out on purpose is whatever could carry an invention:
family, health, homes, travel, money, titles, life events, outcomes ("failed", "promoted"), and the past forms of verbs
that report a deed. A word that is missing costs a sentence; a word too many lets a lie through.
"""

from __future__ import annotations

from functools import cache

from assistant.core.language import everyday_de, everyday_en, everyday_es, everyday_fr


@cache
def everyday(language: str) -> frozenset[str]:
    """Return the everyday words of a language in lower case, their regular forms among them; empty for no list."""
    if language == "en":
        return _english()
    if language == "de":
        return frozenset(
            _words(everyday_de.FUNCTION, everyday_de.VERBS, everyday_de.NOUNS, everyday_de.OTHER, everyday_de.MORE)
        ) | {word + end for word in everyday_de.ADJECTIVES.split() for end in ("", "e", "en", "er", "es", "em")}
    if language == "fr":
        return (
            frozenset(_words(everyday_fr.FUNCTION, everyday_fr.VERBS, everyday_fr.OTHER))
            | _with_s(everyday_fr.NOUNS)
            | _romance_adjectives(everyday_fr.ADJECTIVES, "e")
        )
    if language == "es":
        return (
            frozenset(_words(everyday_es.FUNCTION, everyday_es.VERBS, everyday_es.OTHER))
            | _with_s(everyday_es.NOUNS)
            | _spanish_adjectives()
        )
    return frozenset()


@cache
def brief_words(language: str) -> frozenset[str]:
    """Return words that a brief may use besides: it tells the owner what to do, so deeds in it are advice, not news."""
    return frozenset(_words({"en": everyday_en.BRIEF, "de": everyday_de.BRIEF}.get(language, "")))


def _words(*texts: str) -> list[str]:
    return [word for text in texts for word in text.split()]


def _english() -> frozenset[str]:
    found = set(
        _words(
            everyday_en.FUNCTION,
            everyday_en.PAST,
            everyday_en.PAST_MORE,
            everyday_en.OTHER,
            everyday_en.ADJECTIVES,
            everyday_en.ADJECTIVES_MORE,
        )
    )
    for noun in _words(everyday_en.NOUNS, everyday_en.NOUNS_MORE):
        found |= {noun, _plural(noun), noun + "'s", noun + "’s"}
    for verb in _words(everyday_en.VERBS, everyday_en.VERBS_MORE):
        found |= {verb, _plural(verb), _ing(verb)}
    return frozenset(found)


def _plural(word: str) -> str:
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "z", "ch", "sh")) else "s")


def _ing(verb: str) -> str:
    if verb.endswith("ie"):
        return verb[:-2] + "ying"
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")):
        return verb[:-1] + "ing"
    if verb in everyday_en.DOUBLED.split():
        return verb + verb[-1] + "ing"
    return verb + "ing"


def _with_s(text: str) -> frozenset[str]:
    return frozenset(form for word in text.split() for form in (word, word if word[-1] in "sx" else word + "s"))


def _romance_adjectives(text: str, feminine: str) -> frozenset[str]:
    return frozenset(
        form
        for word in text.split()
        for base in (word, word if word.endswith("e") else word + feminine)
        for form in (base, base + "s")
    )


def _spanish_adjectives() -> frozenset[str]:
    found = set()
    for word in everyday_es.ADJECTIVES.split():
        bases = (word, word[:-1] + "a") if word.endswith("o") else (word,)
        for base in bases:
            found |= {base, base + ("s" if base[-1] in "aeiou" else "es")}
    return frozenset(found)
