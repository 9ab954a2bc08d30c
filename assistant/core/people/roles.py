"""What the assistant knows about each role (docs/roles.md); its words are data (`core/language/playbooks`).

Lengths of time are whole days. A month counts as 365/12 days, so "3 months" is 91 and "a year" 365.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from assistant.core.language.data_files import data_file
from assistant.core.language.typography import typeset_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assistant.core.language.data_files import Language
    from assistant.core.people.cadence import Standing
    from assistant.core.people.roster import Person

NUDGES: Final = (
    "goal_met", "end_past", "end_near", "no_step", "chance", "no_win", "path", "favourite", "overdue",
)  # fmt: skip
"""What a card may give as its reason, the weightiest first (`core/digest/nudges.py`)."""


@dataclass(frozen=True, slots=True)
class Role:
    """One role, as data that an owner can override.

    `cadence_days` is None for a role without its own clock; then `goal_days` is how often a check-in is due while a
    goal is open. `favourite_days` is the cadence of a favourite, None for the same. `inside` says whether such a person
    works at the owner's company: True, False, or None for either. `minutes` is how long a meeting to ask for (least,
    most). `nudges` are the reasons on a card by key; an empty one is never given.
    """

    name: str
    does: str
    who: str
    cadence_days: int | None
    favourite_days: int | None = None
    goal_days: int | None = None
    inside: bool | None = None
    preparation: str = ""
    complaints: str = ""
    topics: tuple[str, ...] = ()
    tone: str = ""
    never: tuple[str, ...] = ()
    cadence_words: str = ""
    minutes: tuple[int, int] = (20, 30)
    # Not part of the hash: dossiers, which hold a role, are keys of caches.
    nudges: Mapping[str, str] = field(default_factory=dict, hash=False)


_LISTS: Final = ("topics", "never")
_TEXTS: Final = ("does", "who", "preparation", "complaints", "tone", "cadence_words", *_LISTS)


def _texts(name: str, language: Language) -> dict[str, Any]:
    table = typeset_table(data_file("playbooks", language)[name], language)
    return {key: tuple(value) if key in _LISTS else value for key, value in table.items()}


BUILT_IN: dict[str, Role] = {
    "mentor": Role("mentor", cadence_days=21, favourite_days=14, **_texts("mentor", "en")),
    "advisor": Role("advisor", cadence_days=91, inside=False, **_texts("advisor", "en")),
    "advocate": Role("advocate", cadence_days=365, inside=True, **_texts("advocate", "en")),
    "ally": Role("ally", cadence_days=None, goal_days=14, **_texts("ally", "en")),
}
_MENTORS_CADENCE: Final = 45  # days; who is seen less often is rather an advisor


def in_language(role: Role, language: Language) -> Role:
    """Return a role with its built-in words in the owner's language; what the owner wrote stays as it is."""
    built_in = BUILT_IN.get(role.name)
    if built_in is None or language == "en":
        return role
    ours = _texts(role.name, language)
    words = {key: ours[key] for key in _TEXTS if getattr(role, key) == getattr(built_in, key)}
    nudges = {
        key: ours["nudges"][key] if text == built_in.nudges.get(key) else text for key, text in role.nudges.items()
    }
    return replace(role, **words, nudges=nudges)


def rhythm(stands: Standing, role: Role | None, language: Language) -> str:
    """Return the role's words for somebody's cadence ("twice a year"), "" where theirs is another or has no words."""
    person = stands.person
    if role is None or stands.cadence_days is None or person.cadence_days is not None:
        return ""
    usual = stands.cadence_days == (role.cadence_days or role.goal_days)
    return in_language(role, language).cadence_words if usual else ""


def family(name: str, role: Role | None) -> str:
    """Return which of the four roles a role is most like; `role` is None if it is no longer in the config."""
    if name in BUILT_IN or role is None:
        return name if name in BUILT_IN else "mentor"
    if role.cadence_days is None:
        return "ally"
    if role.inside:
        return "advocate"
    return "mentor" if role.cadence_days <= _MENTORS_CADENCE and role.inside is None else "advisor"


def effective_cadence(person: Person, role: Role | None) -> int | None:
    """Return after how many days `person` is due again, None if no clock runs for them.

    The owner's number for the person wins, then the role's cadence for favourites, then the role's. A role without a
    cadence has a clock only while the person has a goal. `role` is None if it is no longer in the config.
    """
    if person.cadence_days is not None:
        return person.cadence_days
    if role is None:
        return None
    if person.favourite and role.favourite_days is not None:
        return role.favourite_days
    if role.cadence_days is not None:
        return role.cadence_days
    return role.goal_days if person.goal else None
