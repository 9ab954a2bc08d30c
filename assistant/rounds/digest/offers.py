"""Free half-hours that the drafts of one digest may offer: looked up in the calendars as they are at that moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.core.contact.calendar_file import Span
from assistant.core.contact.free_slots import HALF_HOUR, free_slots
from assistant.core.people.roles import family
from assistant.rounds.scan.calendars import busy_now

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from assistant.rounds.context import Round
    from assistant.rounds.digest.roster_status import View


def offered_slots(round_: Round, chosen: Sequence[View]) -> Mapping[str, tuple[datetime, ...]]:
    """Return the half-hours that may be offered to each of these people, by handle; nobody gets another's.

    Empty unless the owner wants it and every calendar could be read just now. Only an advisor's time is asked for with
    times to choose from (docs/roles.md).
    """
    hours, roles = round_.config.offer_hours, round_.config.roles
    people = [view.standing.person for view in chosen]
    asked = [person for person in people if family(person.role, roles.get(person.role)) == "advisor"]
    busy = busy_now(round_) if hours and asked else None
    if hours is None or busy is None:
        return {}
    taken, found = list(busy), {}
    for person in asked:
        slots = free_slots(taken, hours, round_.config.me.timezone, round_.now)
        found[person.handle] = slots
        taken += [Span(int(at.timestamp()), int((at + HALF_HOUR).timestamp())) for at in slots]
    return found
