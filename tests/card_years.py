"""Weeks of digests without mail: made-up people, an owner who acts in one of four ways, and what became of it.

The standings and the choice are the program's own; only the mailbox and the data file are left out.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from math import ceil
from typing import TYPE_CHECKING, Literal

from assistant.core.digest.places import Candidate, Card, PastDigest, Places, choose, waits_since
from assistant.core.people.cadence import standing
from assistant.core.people.roles import BUILT_IN
from assistant.core.people.roster import Person

if TYPE_CHECKING:
    from random import Random

    from assistant.core.people.cadence import Standing

Kind = Literal["idle", "busy", "perfect", "erratic"]
KINDS: tuple[Kind, ...] = ("idle", "busy", "perfect", "erratic")
MONDAY = date(2026, 3, 2)
WEEK = timedelta(days=7)
MIX = ("mentor", "mentor", "mentor", "advisor", "advisor", "advocate", "ally")


@dataclass
class Line:
    """One person, and what the data file would know of them."""

    person: Person
    last_on: date | None
    said_on: date
    asked: bool = False


@dataclass
class Wait:
    """A wait for a first card: the digest it began in, and how many were due then."""

    digest: int
    due: int


@dataclass
class Figures:
    """What a run of weeks came to. Waits are counted in digests, the one with the card included."""

    late: list[str] = field(default_factory=list)
    longest: int = 0
    bound: int = 0  # of the longest wait
    favourite: int = 0
    running: int = 0  # most digests in a row with a card for the same person, without a reaction between them
    missed: int = 0  # allies whose goal ended without a card in its last two weeks
    closed: int = 0
    most: int = 0  # cards in one digest


class Years:
    """The life of one owner, week after week."""

    def __init__(self, rng: Random, kind: Kind, people: int, places: int, *, building: int = 0) -> None:
        """Make so many people of all roles, last seen within twice their cadence or never."""
        self.rng, self.kind, self.places, self.building = rng, kind, places, building
        self.today, self.history, self.figures = MONDAY, list[PastDigest](), Figures()
        self.waits: dict[str, Wait | None] = {}  # None: had a card since they came due
        self.ignored: dict[str, int] = {}
        self.last_cards: dict[str, date] = {}
        self.lines = {f"p{number:02}": self._line(number) for number in range(people)}

    def _line(self, number: int) -> Line:
        rng = self.rng
        role = BUILT_IN[rng.choice(MIX)]
        goal = until = None
        if role.name == "ally":
            goal, until = "one build", self.today + timedelta(days=rng.randrange(1, 200))
        person = Person(
            f"p{number:02}", f"Person {number}", role.name, goal=goal, until=until, favourite=rng.random() < 0.15
        )
        days = rng.randrange(1, 2 * (role.cadence_days or 14))
        last_on = None if rng.random() < 0.1 else self.today - timedelta(days=days)
        return Line(person, last_on, self.today - timedelta(days=rng.randrange(300)))

    def stands(self) -> dict[str, Standing]:
        """Return where everybody stands today."""
        return {
            handle: standing(line.person, BUILT_IN[line.person.role], line.last_on, self.today)
            for handle, line in self.lines.items()
        }

    def week(self) -> Places:
        """Build one digest, count, and let the owner act until the next Monday."""
        stands = self.stands()
        people = [
            Candidate(stands[handle], waits_since(stands[handle], line.said_on), line.asked)
            for handle, line in self.lines.items()
        ]
        building = [f"new{number}" for number in range(self.building)]
        found = choose(people, self.history, places=self.places, today=self.today, building=building)
        self._count(found, stands)
        cards = [
            Card(one, reacted=False, since=waits_since(stands[one], self.lines[one].said_on))
            if one in stands and stands[one].is_due
            else Card(one, reacted=False)
            for one in found.cards
        ]
        acted = self._act(found, stands) | self._end_goals()
        self.history = [
            replace(
                past, cards=tuple(replace(card, reacted=card.reacted or card.handle in acted) for card in past.cards)
            )
            for past in self.history
        ]
        self.history.append(
            PastDigest(self.today, tuple(replace(card, reacted=card.handle in acted) for card in cards))
        )
        for handle in acted:
            self.ignored.pop(handle, None)
        self.today += WEEK * (self.rng.choice((1, 1, 1, 2, 5)) if self.kind == "erratic" else 1)
        return found

    def _count(self, found: Places, stands: dict[str, Standing]) -> None:
        now, figures = len(self.history), self.figures
        due = {handle for handle, stand in stands.items() if stand.is_due}
        assert {*found.waiting, *found.deferred} == due - set(found.cards), "everybody due is named once"
        assert not set(found.waiting) & set(found.deferred)
        figures.most = max(figures.most, len(found.cards))
        for handle in self.waits.keys() - due:
            del self.waits[handle]
        for handle in due:
            wait = self.waits.setdefault(handle, Wait(now, len(due)))
            if wait is None:
                continue
            waited, bound = now - wait.digest + 1, ceil(wait.due / self.places) + 1
            if waited > bound:
                figures.late.append(f"{handle} waits {waited}, promised {bound}")
            if handle in found.cards:
                self.waits[handle] = None
                if waited > figures.longest:
                    figures.longest, figures.bound = waited, bound
                if self.lines[handle].person.favourite:
                    figures.favourite = max(figures.favourite, waited)
        week_ago = self.today - WEEK
        self.ignored = {
            one: 1 + (self.ignored.get(one, 0) if self.last_cards.get(one) == week_ago else 0) for one in found.cards
        }
        figures.running = max(figures.running, *self.ignored.values(), 0)
        self.last_cards |= dict.fromkeys(found.cards, self.today)

    def _act(self, found: Places, stands: dict[str, Standing]) -> set[str]:
        """Let the owner act, and return the handles of those they did something about."""
        rng, known = self.rng, [one for one in found.cards if one in self.lines]
        if self.kind == "idle":
            return set()
        if self.kind == "perfect":
            return self._meet(known)
        if self.kind == "busy":
            return self._meet([one for one in known if rng.random() < 0.3])
        acted = self._meet([one for one in self.lines if rng.random() < 0.1])
        for handle, line in self.lines.items():
            do = rng.random()
            if do < 0.03:
                self._say(handle, snoozed_until=self.today + timedelta(days=rng.randrange(1, 60)))
            elif do < 0.05:
                self._say(handle, cadence_days=rng.randrange(5, 120))
            elif do < 0.07:
                self._say(handle, favourite=not line.person.favourite)
            elif do < 0.09:
                line.asked = True
            elif do < 0.12 and stands[handle].is_due:
                pass  # a note: a reaction, but no change
            else:
                continue
            acted.add(handle)
        return acted

    def _meet(self, handles: list[str]) -> set[str]:
        for handle in handles:
            # Who is met waits from when they are due again, even if that is before a late digest.
            self.waits.pop(handle, None)
            self.lines[handle].last_on = self.today + timedelta(days=self.rng.randrange(7))
        return set(handles)

    def _say(self, handle: str, **fields: object) -> None:
        line = self.lines[handle]
        line.person = replace(line.person, **fields)  # type: ignore[arg-type]
        line.said_on = self.today + timedelta(days=1)  # after this week's digest
        self.waits.pop(handle, None)

    def _end_goals(self) -> set[str]:
        """Count the allies whose goals end this week, and give each the next goal, which is said by the owner."""
        ended = set()
        for handle, line in self.lines.items():
            until = line.person.until
            if self.last_cards.get(handle) == self.today:
                line.asked = False
            if until is None or until > self.today + WEEK:
                continue
            was_seen = line.last_on is not None and line.last_on >= until - WEEK
            snoozed = line.person.snoozed_until is not None and line.person.snoozed_until > self.today
            if until > self.today and not was_seen and not snoozed:
                self.figures.closed += 1
                self.figures.missed += self.last_cards.get(handle, date.min) < until - 2 * WEEK
            self._say(handle, until=until + timedelta(days=self.rng.randrange(60, 200)))
            ended.add(handle)
        return ended


def run(rng: Random, kind: Kind, people: int, places: int, *, building: int = 0, weeks: int = 52) -> Figures:
    """Return what so many weeks came to."""
    years = Years(rng, kind, people, places, building=building)
    for _ in range(weeks):
        years.week()
    return years.figures
