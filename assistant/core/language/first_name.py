"""What to call somebody: the given name out of a whole name with titles, in either order."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from assistant.core.language.titles import DEGREES, DEGREES_OR_NAMES, GENERATIONS, TITLES, TITLES_OR_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable

_TITLES: Final = (TITLES - TITLES_OR_NAMES) | {"ing", "mag"}
_SUFFIXES: Final = GENERATIONS | (DEGREES - DEGREES_OR_NAMES) | {"ph.d", "m.d"}
_PARTICLES: Final = frozenset("van von de der den del della di da la le el al bin ter ten zu zum zur".split())  # noqa: SIM905
_NOT_LATIN: Final = 0x24F
_SHORTEST_NAME: Final = 3
"""Letters of a name in capitals that is no pair of initials."""


def first_name(name: str) -> str:
    """Return what to call somebody: "Jane" of "Dr. Jane Roe (Acme)", the whole name where no part is surely given."""
    name = re.split(r"[(|/<\[]", name)[0].strip(" ,.-'\"")
    if name.count(",") == 1:
        last, given = (part.strip() for part in name.split(","))
        name = last if given.lower().strip(".") in _SUFFIXES else f"{given} {last}"
    words = name.replace(",", " ").split()
    titles = [word for word in words if is_title(word)]
    words = [word for word in words if not is_title(word) and word.lower().strip(".") not in _SUFFIXES]
    if not words:
        return name
    if titles and len(words) == 1:
        return " ".join([*titles, *words])
    given, whole = words[0], " ".join(words)
    if any(ord(char) > _NOT_LATIN for char in given) and _family_name_first(given):
        return whole
    if len(given.strip(".")) == 1 or given.lower() in _PARTICLES:
        return whole
    return given.title() if given.islower() or (given.isupper() and len(given) >= _SHORTEST_NAME) else given


def called(names: Iterable[str]) -> dict[str, str]:
    """Return by whole name what to call each of these people: two with the same first name keep their whole names."""
    short = {name: first_name(name) for name in names}
    many = Counter(short.values())
    return {name: given if many[given] == 1 else name for name, given in short.items()}


def is_title(word: str) -> bool:
    """Return whether a word of a name is a title."""
    return word.lower().strip(".") in _TITLES


def _family_name_first(word: str) -> bool:
    # Chinese, Japanese and Korean names; Greek, Cyrillic or Arabic ones are written given name first.
    return any("\u2e80" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7a3" for char in word)
