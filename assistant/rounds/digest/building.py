"""Whom the digest helps to build something with: people hoped for, chances, and who could fill an empty role.

roles without anybody ─> who could fill them (`core/digest/gap_fillers.py`) ─> one of them, to write to this week
standings in situations ────────────────────────────────────────────────────┴─> the order of the building place
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from assistant.core.digest.gap_fillers import Attendee, fillers, goal_without_ally
from assistant.core.digest.review import period_due
from assistant.core.digest.situation import building, kept_by
from assistant.core.mail.address import is_role_address
from assistant.core.people.cadence import Occasion, gaps
from assistant.core.people.roster import Person, Roster
from assistant.core.people.workplace import works_inside
from assistant.rounds.digest.roster_status import local_day, views
from assistant.store import digests, last_contacts, meetings, roster

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Literal

    from assistant.core.digest.gap_fillers import Filler
    from assistant.core.digest.model import CandidateItem
    from assistant.rounds.context import Round
    from assistant.rounds.digest.roster_status import View

MEETINGS = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Gap:
    """A role that is empty or asleep, and who could fill it."""

    role: str
    state: Literal["empty", "asleep"]
    fillers: tuple[Filler, ...]


@dataclass(frozen=True, slots=True)
class Building:
    """Who may have the place for building, best first, and the gaps they may fill.

    `gap` is somebody who isn't on the roster; their handle is their address. `lonely_goal` is a goal that an ally would
    help with, None unless it's time to say so.
    """

    handles: tuple[str, ...]
    gaps: tuple[Gap, ...]
    gap: View | None = None
    lonely_goal: str | None = None


def to_build(
    round_: Round, week: str, people: Roster, everybody: Sequence[View], candidates: Sequence[CandidateItem]
) -> Building:
    """Return what there is to build in the digest of that week. `candidates` are those it shows."""
    roles, domains = round_.config.roles, round_.config.me.company_domains
    standings = [view.standing for view in everybody]
    met = list(_attendees(round_, people))
    found = tuple(
        Gap(name, state, fillers(roles[name], candidates, met, lambda address: works_inside(address, domains)))
        for name, state in gaps(roles, standings)
    )
    # Who is due in an asleep role is the one to write to.
    answered = {stands.person.role for stands in standings if stands.is_due and not stands.person.hoped}
    # An empty roster has gaps everywhere: its owner says first who is who.
    open_ones = [one for one in found if one.role not in answered and people.people]
    gap = next(_first_mails(round_, week, open_ones), None)
    handles = building(standings, gap.standing if gap else None)
    return Building(handles, found, gap, _lonely_goal(round_, week, everybody))


def _attendees(round_: Round, people: Roster) -> Iterator[Attendee]:
    """Yield who was at meetings of the last months that the owner came to, without the roster."""
    known = {address for person in people.people for address in person.addresses}
    known |= digests.ignored_addresses(round_.store) | set(round_.config.me.addresses)
    for meeting in meetings.meetings_between(round_.store, round_.epoch - int(MEETINGS.total_seconds()), round_.epoch):
        on = local_day(meeting.start, round_.config.me.timezone)
        for address, name in zip(meeting.addresses, meeting.names, strict=True):
            if name and meeting.state in meetings.ATTENDED and address not in known and not is_role_address(address):
                yield Attendee(address, name, Occasion(meeting.summary, "meeting", on))


def _first_mails(round_: Round, week: str, found: Sequence[Gap]) -> Iterator[View]:
    """Yield those who may get a first mail: a draft may go to their address, and none was written before."""
    written = {card.person for card in digests.cards_before(round_.store, week)}
    for filler in (filler for gap in found for filler in gap.fillers if filler.address not in written):
        person = Person(filler.address, filler.name, filler.role, addresses=(filler.address,))
        if last_contacts.addresses_to_write_to(round_.store, person, round_.config.me.timezone):
            (view,) = views(round_.config, round_.store, round_.now, Roster((person,)))
            stands = replace(view.standing, why="gap", occasion=filler.met, cadence_days=None, due_on=None)
            yield replace(view, standing=replace(stands, overdue_days=0))


def _lonely_goal(round_: Round, week: str, everybody: Sequence[View]) -> str | None:
    """Return a goal that nobody shares, in the first digest of a quarter; None at any other time."""
    before = digests.built_before(round_.store, week)
    # Not in the very first digest: it's no alarm, and there is enough to see.
    if before is None or period_due(round_.today, local_day(before, round_.config.me.timezone)) is None:
        return None
    own = roster.notes(round_.store, None)
    wins = [note for note in own if note.kind == "win"]
    noted = [note.text for note in reversed(own) if note.kind == "goal" and kept_by(note, wins) is None]
    return goal_without_ally([*noted, *round_.config.me.goals], [view.standing for view in everybody])
