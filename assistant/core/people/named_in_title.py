"""Who is named in the title of an event: only by a full name that one person alone has."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from assistant.core.people.names import parse_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from assistant.core.people.roster import Person

# A hyphen or an apostrophe within a word: Jane Doe isn't named by "Jane Doe-Smith".
_WORD: Final = re.compile(r"[^\W_]+(?:[-‐‑'’][^\W_]+)*")
_PART: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_POSSESSIVE: Final = re.compile(r"['’]s$", re.IGNORECASE)
_TWO: Final = 2


def named_in(title: str, people: Iterable[Person]) -> tuple[Person, ...]:
    """Return the people whose full name stands in a title, in their order; nobody for a first name alone.

    Two people of one name are left out: the title can't tell which of them.
    """
    parsed = [(person, parse_name(person.name)) for person in people]
    counts = Counter(name.raw or name.key for _, name in parsed)
    words = list(_words(title))
    found = []
    for person, name in parsed:
        if counts[name.raw or name.key] > 1:
            continue
        in_ascii = len(name.tokens) >= _TWO and any(_stands(forms, words) for forms in {name.tokens, name.umlauts})
        if in_ascii or (len(name.raw) >= _TWO and name.raw in title):
            found.append(person)
    return tuple(found)


def _words(title: str) -> Iterator[tuple[str, ...]]:
    """Yield each word as its parts in ASCII: "Jean-Luc" has two."""
    for match in _WORD.finditer(title):
        word = _POSSESSIVE.sub("", match[0])
        yield tuple(token for part in _PART.findall(word) for token in parse_name(part).tokens or (part.casefold(),))


def _stands(tokens: tuple[str, ...], words: list[tuple[str, ...]]) -> bool:
    """Return whether whole words of a title, one after the other, are the name: "Jane Doe" or "Doe, Jane"."""
    turned = {(*tokens[place:], *tokens[:place]) for place in range(len(tokens))}
    for begin in range(len(words)):
        run: tuple[str, ...] = ()
        for word in words[begin:]:
            run += word
            if len(run) >= len(tokens):
                break
        if run in turned:
            return True
    return False
