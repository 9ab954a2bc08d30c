"""Read `[roles.NAME]`: the owner's changes to built-in roles, and their own roles."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from assistant.config.section import Section, toml_value, type_name
from assistant.core.language.dates import cadence_days
from assistant.core.language.translation import Translatable
from assistant.core.people.roles import BUILT_IN, NUDGES, Role

if TYPE_CHECKING:
    from assistant.config.section import Notes

_NAME = re.compile(r"[a-z][a-z-]{0,30}[a-z]")
_CADENCES = {"cadence": "cadence_days", "favourite_cadence": "favourite_days", "goal_cadence": "goal_days"}
_TEXTS = ("does", "who", "preparation", "complaints", "tone", "cadence_words")
_LISTS = ("topics", "never")
_LONGEST_MEETING = 480
_EXAMPLE = Translatable('a time such as "3 weeks", "twice a year" or "14 days", or "none"')


def read_roles(notes: Notes, table: dict[str, Any]) -> dict[str, Role]:
    """Return all roles by name: built-in ones with the owner's changes, then the owner's own."""
    roles = dict(BUILT_IN)
    for name, fields in table.items():
        if not isinstance(fields, dict):
            notes.wrong(
                ("roles", name), Translatable("is {kind}; write it as a section: [roles.NAME]", kind=type_name(fields))
            )
        elif not _NAME.fullmatch(name):
            notes.wrong(
                ("roles", name), "can't be the name of a role; write one word in lower case, as in [roles.sponsor]"
            )
        else:
            roles[name] = _role(Section(notes, ("roles", name), fields), roles.get(name))
    return roles


def _role(section: Section, built_in: Role | None) -> Role:
    """Return `built_in` with the owner's fields in place of its own, or a new role of the owner."""
    role = built_in or Role(name=str(section.path[-1]), does="", who="", cadence_days=None)
    changes: dict[str, Any] = {}
    for key, name in _CADENCES.items():
        if key in section.table:
            changes[name] = _cadence(section, key)
    changes |= {key: section.text(key) for key in _TEXTS if key in section.table}
    changes |= {key: section.texts(key) for key in _LISTS if key in section.table}
    # Words for a cadence that the owner changed would be wrong.
    if changes.keys() & {"cadence_days", "goal_days"}:
        changes.setdefault("cadence_words", "")
    if "nudges" in section.table:
        changes["nudges"] = {**role.nudges, **_nudges(section)}
    if "inside" in section.table:
        changes["inside"] = _inside(section)
    if "minutes" in section.table:
        changes["minutes"] = _minutes(section, role.minutes)
    # Keys that are absent weren't asked for, but they are known: the hint about a misspelled one names them.
    section.known.update(_CADENCES, _TEXTS, _LISTS, ("inside", "minutes", "nudges"))
    section.note_unknown_keys()
    if built_in is None and not section.has("cadence") and not section.has("goal_cadence"):
        section.wrong("cadence", Translatable("is missing for a role of your own; write {example}", example=_EXAMPLE))
    return replace(role, **changes)


def _cadence(section: Section, key: str) -> int | None:
    """Return days, None for "none" (nobody in that role gets overdue)."""
    written = section.value(key, str, _EXAMPLE)
    if written is None or written.strip().casefold() == "none":
        return None
    days = cadence_days(written)
    if days is None:
        section.wrong(
            key,
            Translatable(
                "= {written} is not understood; write {example}", written=toml_value(written), example=_EXAMPLE
            ),
        )
    return days


def _nudges(section: Section) -> dict[str, str]:
    """Return the owner's reasons by key; "" is one that is never given."""
    if isinstance(section.table["nudges"], list):
        # Earlier versions took a list, and showed nothing of it.
        how = 'nudges = { overdue = "it has been a while" }'
        section.notes.warn(
            (*section.path, "nudges"),
            Translatable("is a list and is passed over; name when each applies, as in {how}", how=how),
        )
        return {}
    table = section.value("nudges", dict, 'a table, as in { overdue = "it has been a while" }') or {}
    inner = Section(section.notes, (*section.path, "nudges"), table)
    found = {key: inner.text(key, empty=True) for key in NUDGES if key in table}
    inner.known.update(NUDGES)
    inner.note_unknown_keys()
    return found


def _minutes(section: Section, default: tuple[int, int]) -> tuple[int, int]:
    """Return how long a meeting may be asked for, as (least, most) in minutes."""
    match section.value("minutes", list, "least and most, as in [20, 30]"):
        case [int(least), int(most)] if 0 < least <= most <= _LONGEST_MEETING:
            return least, most
        case None:
            return default
    section.wrong("minutes", "is not understood; write least and most in minutes, as in [20, 30]")
    return default


def _inside(section: Section) -> bool | None:
    """Return whether such a person works at the owner's company, None for "either"."""
    value = section.value("inside", (bool, str), 'true, false or "either"')
    if isinstance(value, str) and value != "either":
        section.wrong(
            "inside", Translatable('= {value} is not known; write true, false or "either"', value=toml_value(value))
        )
    return value if isinstance(value, bool) else None
