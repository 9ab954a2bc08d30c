"""Handles (`jane-roe`), and whom a word means. It never guesses between two people (docs/replies.md)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from assistant.core.language.fold import fold_name

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable

    from assistant.core.people.roster import Person

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
# Words that mean somebody only as a whole word of a name: `her` is never Herbert, and `in` never Ingrid.
NEVER_PARTS = frozenset(
    (
        *("a", "all", "an", "and", "any", "anyone", "at", "both", "by", "each", "everybody", "everyone", "for", "from"),
        *(
            "he",
            "her",
            "him",
            "his",
            "in",
            "it",
            "me",
            "my",
            "no",
            "nobody",
            "not",
            "of",
            "on",
            "one",
            "or",
            "our",
            "she",
        ),
        *(
            "some",
            "somebody",
            "someone",
            "that",
            "the",
            "their",
            "them",
            "then",
            "they",
            "this",
            "til",
            "till",
            "to",
            "us",
        ),
        *(
            "until",
            "we",
            "with",
            "you",
            "your",
            "alle",
            "allen",
            "alles",
            "am",
            "auf",
            "bei",
            "das",
            "dem",
            "den",
            "der",
        ),
        *("die", "ein", "eine", "einen", "er", "es", "ihm", "ihn", "ihr", "im", "jeder", "man", "mich", "mir", "mit"),
        *("nicht", "niemand", "oder", "sie", "um", "und", "uns", "von", "wir", "zu", "zum", "zur"),
    )
)
PREFIX_LENGTH = 2
PART_LENGTH = 3
HANDLE_LENGTH = 60


@lru_cache(maxsize=16_384)
def spellings(name: str) -> tuple[str, ...]:
    """Return the folded ways in which people type a name: as it is, O'Brien as obrien, Müller as mueller."""
    said = name.casefold()
    return tuple(
        dict.fromkeys((fold_name(name), fold_name(re.sub(r"['’ʼ`´]", "", said)), fold_name(said.translate(_UMLAUTS))))
    )


def handle_for(name: str, taken: Container[str]) -> str:
    """Return a new handle for a name: ASCII words with hyphens. The second Jane Roe is `jane-roe-2`."""
    words = re.sub(r"[^a-z0-9]+", "-", fold_name(name)).strip("-")[:HANDLE_LENGTH].strip("-")
    # A handle of digits would read as a number in the digest.
    base = words if words and not words.isdecimal() else f"person-{words}".strip("-")
    number, handle = 1, base
    while handle in taken:
        number += 1
        handle = f"{base}-{number}"
    return handle


def people_meant(who: str, people: Iterable[Person]) -> tuple[Person, ...]:
    """Return whom `who` can mean: one person, several (the caller asks which), or nobody.

    It tries a handle, an address, a full name, whole words of names, the beginnings of words, and any part of a name,
    handle or address. The first of these that finds anybody decides.
    """
    everybody = tuple(people)
    said = who.strip().casefold()
    folded = fold_name(who)
    # The strictest first: "jan" is Jan Smit by the whole word, though Jane Roe begins with it too.
    for fits in _steps(said, folded):
        found = tuple(person for person in everybody if fits(person))
        if found:
            return found
    return ()


def _steps(said: str, folded: str) -> tuple[Callable[[Person], bool], ...]:
    words = folded.split()
    parts = not NEVER_PARTS & set(words)
    starts = bool(words) and parts and all(len(word) >= PREFIX_LENGTH for word in words)
    return (
        lambda person: person.handle == said,
        lambda person: said in person.addresses,
        lambda person: folded in spellings(person.name),
        lambda person: bool(words) and any(set(words) <= set(name.split()) for name in spellings(person.name)),
        lambda person: starts and _begin(words, fold_name(person.name).split()),
        lambda person: parts and len(said) >= PART_LENGTH and _part(said, folded, person),
    )


def _begin(words: list[str], names: list[str]) -> bool:
    return all(any(name.startswith(word) for name in names) for word in words)


def _part(said: str, folded: str, person: Person) -> bool:
    return (
        said in person.handle
        or folded in fold_name(person.name)
        or any(said in address for address in person.addresses)
    )
