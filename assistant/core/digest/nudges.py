"""Why somebody is on a card, in a sentence of their role: the `nudges` of its playbook (docs/roles.md).

    standing, evidence ─> the keys that apply, the weightiest first ─> the first that the role has words for

The owner may have written the words, so their places are filled without a format.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from assistant.core.language.phrases import Phrases, isolated
from assistant.core.people.roles import BUILT_IN, NUDGES, in_language

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.core.evidence.dossier import Dossier
    from assistant.core.people.cadence import Standing

_BY_WHY: Final = {"goal-met": "goal_met", "goal-step": "no_step", "chance": "chance"}
# A meeting of the last week was the occasion, one of the next two weeks will be.
_BEFORE, _AHEAD = timedelta(days=7), timedelta(days=14)
_YEAR: Final = timedelta(days=365)


def nudge(stands: Standing, dossier: Dossier) -> str | None:
    """Return the reason on somebody's card in the owner's language.

    None if the role has no words for any that applies, "" if the owner wants none of them.
    """
    if dossier.playbook is None or not stands.is_due:
        return None
    language = dossier.owner_language
    words = in_language(dossier.playbook, language).nudges
    applying = set(_applying(stands, dossier))
    given = [words[key] for key in NUDGES if key in applying and key in words]
    said = next(filter(None, given), "" if given else None)
    if not said:
        return said
    built_in = BUILT_IN.get(dossier.playbook.name)
    # The sentence of a situation names its occasion, and so says more; but what the owner wrote stays theirs.
    if stands.occasion and built_in and said in in_language(built_in, language).nudges.values():
        return None
    day = Phrases(language).day(stands.person.until) if stands.person.until else ""
    places = {"{name}": stands.person.name, "{goal}": stands.person.goal or "", "{day}": day}
    for place, value in places.items():
        said = said.replace(place, isolated(value))
    return said


def _applying(stands: Standing, dossier: Dossier) -> Iterator[str]:
    person, today = stands.person, dossier.today
    if dossier.situation == "goal-met":
        yield "goal_met"
    if stands.why == "goal-end" and person.until:
        yield "end_past" if person.until < today else "end_near"
    if stands.why in _BY_WHY:
        yield _BY_WHY[stands.why]
    # Whoever comes up for another reason isn't there because time went by.
    if stands.why != "cadence":
        return
    meetings = [item.on for item in dossier.of_kind("meeting") if item.on]
    if any(today - _BEFORE <= on <= today + _AHEAD for on in meetings):
        yield "chance"
    if dossier.wins:
        yield "no_win"
    if not any(item.on and item.on > today - _YEAR for item in dossier.of_kind("ask")):
        yield "path"
    if stands.overdue_days > 0:
        yield from ("favourite", "overdue") if person.favourite else ("overdue",)
