"""How a draft greets and signs: as the owner does, else plainly; and what to call somebody."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from assistant.core.language.titles import DEGREES, DEGREES_OR_NAMES, GENERATIONS, TITLES, TITLES_OR_NAMES
from assistant.writer.offline.phrase_tables import draft_language, ordered, phrases

if TYPE_CHECKING:
    from assistant.core.evidence.dossier import Dossier

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
    titles = [word for word in words if _is_title(word)]
    words = [word for word in words if not _is_title(word) and word.lower().strip(".") not in _SUFFIXES]
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


def whole_name(name: str) -> str:
    """Return a name without its titles: "Hansueli Keller" of "Prof. em. Dr. Hansueli Keller"."""
    return " ".join(word for word in name.split() if not _is_title(word) and not word.endswith(".")) or name


def _is_title(word: str) -> bool:
    return word.lower().strip(".") in _TITLES


def _family_name_first(word: str) -> bool:
    # Chinese, Japanese and Korean names; Greek, Cyrillic or Arabic ones are written given name first.
    return any("\u2e80" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7a3" for char in word)


def greeting(dossier: Dossier, language: str) -> str:
    """Return how the draft opens: as the owner greets this person, else "Hi Jane,"; English for an unknown language."""
    if dossier.greeting:
        return dossier.greeting
    plain = phrases(draft_language(language) or "en")["greeting"]
    name = first_name(dossier.person.name)
    titled = bool(name) and _is_title(name.split()[0])
    if dossier.formal and not titled:
        name = dossier.person.name
    form = "titled" if titled else "formal" if dossier.formal and "formal" in plain else "familiar"
    return re.sub(r"\s+(?=[,:]$)", "", str(plain[form]).format(name=name))


def sign_off(dossier: Dossier, closing: str = "") -> str:
    """Return how the draft ends: as the owner signs, else a closing and the owner's name (the whole one if formal).

    The closing is one of the language's own where none is given.
    """
    if dossier.sign_off:
        return dossier.sign_off
    closings = phrases(draft_language(dossier.language) or "en")["close"]
    options = closings["formal" if dossier.formal and "formal" in closings else "familiar"]
    name = dossier.owner_name if dossier.formal else first_name(dossier.owner_name)
    return f"{closing or ordered(options, dossier, 'close')[0]}\n{name}".strip()
