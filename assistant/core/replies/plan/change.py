"""One change of the roster as a value: what was there before and what is there after.

There are six entities: person (its key is the handle), belongs ("address handle"), note (its id), correction
(the Message-ID), setting (its name) and question (its key). Values are plain JSON; None means that there is nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assistant.core.people.roster import Note, Person

Entity = Literal["person", "belongs", "note", "correction", "setting", "question"]


@dataclass(frozen=True, slots=True)
class Change:
    """One entity set to `after`. `kind` is the verb that caused it (add, snooze, met, undo, …)."""

    entity: Entity
    key: str
    before: Any
    after: Any
    kind: str


def inverse(change: Change) -> Change:
    """Return the change that takes this one back."""
    return Change(change.entity, change.key, change.after, change.before, "undo")


OWN = "own "
_KEEP = "keep "


NOW = "now "


def now_setting(handle: str) -> str:
    """Return the name of the setting that gives somebody a card in the next digest; its value is in epoch seconds."""
    return f"{NOW}{handle}"


def own_setting(address: str) -> str:
    """Return the name of the setting that makes an address (in normal form) the owner's."""
    return f"{OWN}{address}"


def keep_setting(handle: str) -> str:
    """Return the name of the setting that holds on which day the owner said `keep` of somebody."""
    return f"{_KEEP}{handle}"


def kept_on(settings: Mapping[str, Any]) -> dict[str, date]:
    """Return the day on which the owner last said `keep`, by handle."""
    found = {name: value for name, value in settings.items() if name.startswith(_KEEP)}
    return {name.removeprefix(_KEEP): date.fromisoformat(day) for name, day in found.items()}


def person_value(person: Person) -> dict[str, Any]:
    """Return a person as events hold it: every column but the handle. Addresses are separate entities."""
    return {
        "name": person.name,
        "role": person.role,
        "cadence_days": person.cadence_days,
        "status": person.status,
        "goal": person.goal,
        "until": person.until.isoformat() if person.until else None,
        "favourite": person.favourite,
        "hoped": person.hoped,
        "snoozed_until": person.snoozed_until.isoformat() if person.snoozed_until else None,
    }


def note_value(note: Note) -> dict[str, Any]:
    """Return a note as events hold it: every column but the id."""
    return {
        "person": note.person,
        "kind": note.kind,
        "verb": note.verb,
        "day": note.on.isoformat(),
        "text": note.text,
    }


def belongs_key(address: str, handle: str) -> str:
    """Return the key of the link between an address in normal form and a person."""
    return f"{address} {handle}"


def belongs_value(lane: Literal["said", "auto", "no"], since: int) -> dict[str, Any]:
    """Return a link as events hold it. `since` is in epoch seconds.

    Lane `said` is the owner's word, `auto` the rules'. With `no` the owner said that the address isn't theirs.
    """
    return {"lane": lane, "since": since}
