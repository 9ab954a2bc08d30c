"""How a draft greets and signs: as the owner does, else plainly."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assistant.core.evidence.owner_text import CLOSING_WORDS
from assistant.core.language.first_name import first_name, is_title
from assistant.writer.offline.phrase_tables import draft_language, ordered, phrases

if TYPE_CHECKING:
    from assistant.core.evidence.dossier import Dossier


def whole_name(name: str) -> str:
    """Return a name without its titles: "Hansueli Keller" of "Prof. em. Dr. Hansueli Keller"."""
    return " ".join(word for word in name.split() if not is_title(word) and not word.endswith(".")) or name


def greeting(dossier: Dossier, language: str) -> str:
    """Return how the draft opens: as the owner greets this person, else "Hi Jane,"; English for an unknown language."""
    if dossier.greeting:
        return dossier.greeting
    plain = phrases(draft_language(language) or "en")["greeting"]
    name = first_name(dossier.person.name)
    titled = bool(name) and is_title(name.split()[0])
    if dossier.formal and not titled:
        name = dossier.person.name
    form = "titled" if titled else "formal" if dossier.formal and "formal" in plain else "familiar"
    return re.sub(r"\s+(?=[,:]$)", "", str(plain[form]).format(name=name))


def sign_off(dossier: Dossier, closing: str = "") -> str:
    """Return how the draft ends: as the owner signs, else a closing and the owner's name (the whole one if formal).

    The closing is one of the language's own where none is given.
    """
    if dossier.sign_off:
        # A mere "Saludos." ends no formal letter.
        bare_closing = all(word.lower() in CLOSING_WORDS for word in re.findall(r"[^\W\d_]+", dossier.sign_off))
        return f"{dossier.sign_off}\n{dossier.owner_name}" if dossier.formal and bare_closing else dossier.sign_off
    closings = phrases(draft_language(dossier.language) or "en")["close"]
    options = closings["formal" if dossier.formal and "formal" in closings else "familiar"]
    name = dossier.owner_name if dossier.formal else first_name(dossier.owner_name)
    return f"{closing or ordered(options, dossier, 'close')[0]}\n{name}".strip()
