"""What the data file knows of earlier cards, for the choice of this week's (`core/digest/places.py`).

digests, their items and drafts ─┐
what the owner said ─────────────┼─> who had a card when, and was there a reaction ─> choose
contacts, as they stood then ────┘
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

from assistant.core.digest.places import Candidate, Card, PastDigest, choose, waits_since
from assistant.core.people.cadence import standing
from assistant.core.people.roster import Roster
from assistant.core.replies.plan.change import now_setting
from assistant.rounds.digest.roster_status import local_day
from assistant.store import digests, last_contacts, roster

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.core.digest.places import Places
    from assistant.core.people.roster import Person
    from assistant.rounds.context import Round
    from assistant.rounds.digest.roster_status import View

DAY = timedelta(days=1)


def places_of_the_week(round_: Round, week: str, everybody: Sequence[View], building: Sequence[str] = ()) -> Places:
    """Return who has a card in the digest of that week, who is still waiting and who is put off.

    `building` are the handles that the building place may go to, the best first.
    """
    told = _Told(round_, week)
    people = [told.candidate(view) for view in everybody]
    return choose(
        people, told.history(people), places=round_.config.digest.people, today=round_.today, building=building
    )


class _Told:
    """What is stored about cards and the owner's words, read once for one choice."""

    def __init__(self, round_: Round, week: str) -> None:
        store = round_.store
        self.round_, self.zone = round_, round_.config.me.timezone
        self.rows = digests.cards_shown(store, week)
        self.days = {at: local_day(at, self.zone) for at, _, _ in self.rows}
        self.words, self.changes = digests.last_words(store), digests.changes_of_people(store)
        self.settings = roster.settings(store)
        self.people = {person.handle: person for person in roster.load_roster(store).people}

    def candidate(self, view: View) -> Candidate:
        """Return one person as the choice needs them."""
        stands, handle = view.standing, view.standing.person.handle
        return Candidate(stands, waits_since(stands, self._said_on(handle, self.round_.epoch)), self._must(view))

    def history(self, people: Sequence[Candidate]) -> tuple[PastDigest, ...]:
        """Return the earlier digests, oldest first; how long people had waited only where it makes a difference."""
        shown: dict[str, date] = {handle: self.days[at] for at, handle, _ in self.rows if handle}
        # Looking up old standings takes time, and only those without a card since they came due can lose a place.
        new = [one for one in people if one.standing.is_due and shown.get(one.handle, date.min) < one.since]
        begin = min((one.since for one in new), default=date.max)
        found = []
        for at, rows in groupby(self.rows, key=lambda row: row[0]):
            cards = [(handle, taken_up) for _, handle, taken_up in rows if handle]
            since = self._since(at, [handle for handle, _ in cards]) if self.days[at] >= begin else {}
            found.append(
                PastDigest(
                    self.days[at],
                    tuple(
                        Card(handle, taken_up or self.words.get(handle, 0) > at, since.get(handle))
                        for handle, taken_up in cards
                    ),
                )
            )
        return tuple(found)

    def _must(self, view: View) -> bool:
        """Return whether thanks for a goal are due, or the owner asked for a card and had none, nor a contact."""
        if view.standing.why == "goal-met":
            return True
        handle, last_on = view.standing.person.handle, view.standing.last_on
        at = self.settings.get(now_setting(handle))
        # A round that obeys replies and then builds the digest does both at the same instant.
        if at is None or any(built_at >= at and shown == handle for built_at, shown, _ in self.rows):
            return False
        return last_on is None or last_on <= local_day(at, self.zone)

    def _said_on(self, handle: str, until: int) -> date:
        """Return the day of the last change to somebody's line of the roster, up to an instant."""
        at = max((at for at, _ in self.changes.get(handle, ()) if at <= until), default=None)
        if at is None:
            return date.min
        day = local_day(at, self.zone)
        # What is said after the day's digest counts from the next one.
        return day + DAY if any(built_at < at and on == day for built_at, on in self.days.items()) else day

    def _since(self, at: int, handles: Sequence[str]) -> dict[str, date]:
        """Return from which day each of these people waited at an instant; without those who weren't due then."""
        then = datetime.fromtimestamp(at, UTC)
        people = [person for handle in handles if (person := self._person(handle, at))]
        last = last_contacts.last_contacts(
            self.round_.store, Roster(tuple(people)), then, self.zone, self.round_.config.roles
        )
        found = {}
        for person in people:
            full = last[person.handle].full if person.handle in last else None
            last_on = local_day(full.at, self.zone) if full else None
            stands = standing(person, self.round_.config.roles.get(person.role), last_on, self.days[at])
            if stands.is_due:
                found[person.handle] = waits_since(stands, self._said_on(person.handle, at))
        return found

    def _person(self, handle: str, at: int) -> Person | None:
        """Return somebody as the roster had them at an instant, but with their addresses of today."""
        values: dict[str, Any] | None = next(
            (value for said_at, value in reversed(self.changes.get(handle, [])) if said_at <= at), None
        )
        if handle not in self.people or values is None:
            return None
        days = {name: values[name] and date.fromisoformat(values[name]) for name in ("until", "snoozed_until")}
        return replace(self.people[handle], **(values | days))
