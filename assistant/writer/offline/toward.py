"""The goal that two allies share, as a request can name it: "towards the reading garden", "to open the depot".

goal, as the owner typed it -> in the letter's language? -> a thing or a deed? -> its phrase, "" where that isn't sure
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from assistant.core.evidence.hazards import hazard
from assistant.core.language.cues import bare
from assistant.core.language.numbers import NUMBER_WORDS
from assistant.writer.offline.news import in_language
from assistant.writer.offline.phrase_tables import phrases

if TYPE_CHECKING:
    from assistant.core.evidence.dossier import Dossier

_LONGEST: Final = 16
"""Words of a goal that still fit into a question."""
_INFINITIVE: Final = {"fr": re.compile(r"\w+(?:er|ir|re)$"), "es": re.compile(r"\w+[aei]r(?:se|l[aeo]s?)?$")}
_INDEFINITE: Final = re.compile(r"^an?\s", re.IGNORECASE)
# "the garden, open by Easter", "a field day that farmers stay for": the thing is named before.
_TAIL: Final = re.compile(r", | that ")
_SUBJECTS: Final = frozenset({"der", "ein", "unser"})
# What stands in another case than the subject: "einen Wanderbus" is no "unser Ziel".
_BENT: Final = frozenset({"den", "dem", "des", "einen", "einem", "eines", "meinen", "unseren", "deinen"})


def toward(dossier: Dossier) -> str:
    """Return the shared goal as a place of a request, "" for none that can be said in the letter's language."""
    goal = " ".join((dossier.person.goal or "").split()).rstrip(".!")
    words = goal.split()
    if not 1 < len(words) <= _LONGEST or re.search(r"[:;?!()]", goal) or hazard(goal) or not in_language(goal, dossier):
        return ""
    kind = _kind(words, dossier.language)
    if not kind:
        return ""
    head = _TAIL.split(goal)[0]
    said = head[:1].lower() + head[1:]
    if dossier.language == "en" and kind == "thing":
        said = _INDEFINITE.sub("our ", said)
    return str(phrases(dossier.language)["toward"][kind]).format(goal=said)


def _kind(words: list[str], language: str) -> str:
    """Return "thing" for an article with its noun, "deed" for a verb with its object, "" where neither is sure."""
    articles = set(map(bare, str(phrases(language)["thing"]["article"]).split()))
    first = bare(words[0])
    if language == "de":  # "das Haus bis zum Sommer öffnen": the verb stands at the end
        if words[-1][0].islower() and words[-1].endswith("n") and not words[-1].endswith("ten"):
            return "deed"
        return "thing" if first in (articles | _SUBJECTS) - _BENT else ""
    if first in articles or first.split("'")[0] + "'" in articles or first in NUMBER_WORDS:
        return "thing"
    if language == "en":  # "open the depot": no noun has an article behind it
        return "deed" if bare(words[1]) in articles else ""
    return "deed" if _INFINITIVE[language].match(first) else ""
