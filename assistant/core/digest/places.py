"""Who gets a card this week, who is still waiting and who is put off (docs/roles.md, "Who comes up this week").

    who is due ─┬─> shown often without an answer ──> still waiting
                └─> the rules in their order ──> does anybody wait too long? ─┬─no──> cards; the others are put off
                         └──────────── one rule less <──────────────────yes───┘

The guarantee: of `n` people who are due when somebody comes due, with `p` places, that person has a card in one of the
first ⌈n ÷ p⌉ + 1 digests, whatever the owner does. Each place goes either to somebody who was due at that time too and
had no card yet, of whom there are `n` - 1, or it is lost to them: a second card, somebody who came due later, somebody
who isn't due. No more than `p` places, one week's worth, are lost to anybody who waits. The bare queue loses none, so
it's what is left when all other rules would lose too many.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import islice
from math import inf
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from assistant.core.people.cadence import Standing

WEEK = 7
# After two cards without a reaction the next one comes this many weeks after the last, then later and later.
FEW, RESTS = 2, (2, 4, 8)
CLOSING = 2 * WEEK  # days before the end of a goal, in which two digests come
# What is due now or never: the days since the last contact say nothing about it.
PRESSING = frozenset({"owe-answer", "thanks", "promise-kept"})
RULES = ("ally", "favourite", "building", "ratio")


@dataclass(frozen=True, slots=True)
class Card:
    """A card of an earlier digest.

    `reacted`: since then the owner was in touch, said something about the person, or changed or sent the draft.
    `since` is the day from which the person had waited then; None if they weren't due or it isn't known.
    """

    handle: str
    reacted: bool
    since: date | None = None


@dataclass(frozen=True, slots=True)
class PastDigest:
    """An earlier digest: its day in the owner's zone, and its cards."""

    on: date
    cards: tuple[Card, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody on the roster. `since` is the day from which they wait (`waits_since`).

    `asked`: the owner wants a card (`jane now`) and there was none since, or closed a goal and hasn't thanked yet.
    """

    standing: Standing
    since: date
    asked: bool = False

    @property
    def handle(self) -> str:
        """Return the person's handle."""
        return self.standing.person.handle


@dataclass(frozen=True, slots=True)
class Places:
    """The handles of one digest: who has a card, in this order, who is still waiting, and who is put off."""

    cards: tuple[str, ...]
    waiting: tuple[str, ...]
    deferred: tuple[str, ...]


def waits_since(standing: Standing, said_on: date) -> date:
    """Return the day from which a person waits for a card; it means nothing unless they are due.

    `said_on` is the day of the owner's last change to their line of the roster (added, another cadence, …): who became
    due by that change waits from then on, and so does somebody never seen, who has no other day.
    """
    due_on = standing.due_on if standing.last_on else None
    return max(filter(None, (said_on, due_on, standing.person.snoozed_until)))


def choose(
    people: Sequence[Candidate],
    history: Sequence[PastDigest],
    *,
    places: int,
    today: date,
    building: Sequence[str] = (),
) -> Places:
    """Return who gets a card today. `history` has all digests before it, oldest first.

    `building` are the handles that one place may go to every other week, the best first. There are more cards than
    `places` only if the owner asked for somebody, or a goal is about to end, and no place can be spared for it.
    """
    week = _Week(people, history, places, today, building)
    # One rule after the other is given up, the last of the page first, until nobody waits longer than promised.
    attempts = [(RULES[:kept], 0) for kept in range(len(RULES), -1, -1)]
    attempts += [((), extra) for extra in range(1, len(week.first) + 1)]
    chosen = next(cards for rules, extra in attempts if week.keeps_promise(cards := week.fill(rules, extra)))
    due = [one for one in week.by_ratio(week.due) if one.handle not in chosen]
    waiting = tuple(one.handle for one in due if one.handle in week.resting)
    return Places(tuple(chosen), waiting, tuple(one.handle for one in due if one.handle not in waiting))


@dataclass(frozen=True)
class _Week:
    """What one choice is made from. Digests are counted from 0; the one being built has the number `now`."""

    people: Sequence[Candidate]
    history: Sequence[PastDigest]
    places: int
    today: date
    building: Sequence[str]

    @cached_property
    def due(self) -> list[Candidate]:
        return [one for one in self.people if one.standing.is_due]

    @cached_property
    def first(self) -> list[str]:
        """Return who has a card whatever else: asked for by the owner, or an ally in the last digest before the end."""
        asked = [one.handle for one in self.by_ratio(self.people) if one.asked]
        return [*asked, *(one.handle for one in self.by_end(self.due) if self.is_last_chance(one))]

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Return the first digest in which each person waited, by handle."""
        return {one.handle: self.number(one.since) for one in self.people}

    @cached_property
    def shown(self) -> dict[str, list[tuple[int, Card]]]:
        """Return all cards with the numbers of their digests, by handle."""
        found: dict[str, list[tuple[int, Card]]] = {}
        for number, past in enumerate(self.history):
            for card in past.cards:
                found.setdefault(card.handle, []).append((number, card))
        return found

    @cached_property
    def cards(self) -> dict[str, int]:
        """Return how many cards each person had since they came due, by handle."""
        return {handle: self.count(handle, since, len(self.history)) for handle, since in self.numbers.items()}

    @cached_property
    def new(self) -> list[Candidate]:
        """Return those who are due and had no card since they came due."""
        return [one for one in self.due if not self.cards[one.handle]]

    @cached_property
    def resting(self) -> frozenset[str]:
        """Return the handles of those who are due, but were shown too often without a reaction."""
        return frozenset(one.handle for one in self.due if self.steps_back(one))

    @cached_property
    def ready(self) -> list[Candidate]:
        """Return those who are due and may have a card, in the page's order."""
        return self.in_turn([one for one in self.due if one.handle not in self.resting])

    @cached_property
    def lost(self) -> dict[int, int]:
        """Return how many places those who wait since a digest have lost up to now, by the number of that digest."""
        return {number: self.lost_since(number) for number in {self.numbers[one.handle] for one in self.new}}

    def number(self, since: date) -> int:
        """Return the first digest on that day or later."""
        return bisect_left(self.history, since, key=lambda past: past.on)

    def count(self, handle: str, first: int, end: int) -> int:
        """Return how many cards somebody had from digest `first` to the one before `end`."""
        return sum(first <= number < end for number, _ in self.shown.get(handle, ()))

    def steps_back(self, one: Candidate) -> bool:
        """Return whether somebody was shown often enough without a reaction to rest this week."""
        if not self.cards[one.handle]:
            return False  # the guarantee: a first card comes before all patience
        ignored: list[date] = []
        for number, card in self.shown[one.handle]:
            on, last_on = self.history[number].on, one.standing.last_on
            ignored = [] if card.reacted or (last_on and on <= last_on) else [*ignored, on]
        if len(ignored) < FEW:
            return False
        return _weeks(ignored[-1], self.today) < RESTS[min(len(ignored) - FEW, len(RESTS) - 1)]

    def is_last_chance(self, one: Candidate) -> bool:
        """Return whether an ally's goal ends before the next digest, and none of the last two weeks' had a card."""
        until = one.standing.person.until
        if not _is_ally(one) or until is None or not 0 <= (until - self.today).days <= WEEK:
            return False
        return not self.count(one.handle, self.number(until - timedelta(days=CLOSING)), len(self.history))

    def fill(self, rules: Collection[str], extra: int) -> dict[str, None]:
        """Return the handles that these rules give the places to, in order; `extra` are more places than usual."""
        chosen = dict.fromkeys(self.first)
        room = max(self.places + extra, len(chosen))
        order = self.ready if "ratio" in rules else self.in_queue(self.ready)
        kept: dict[str, Iterable[str]] = {
            "ally": self.kept_for(_is_ally, chosen, self.by_end(self.ready)),
            "favourite": self.kept_for(lambda one: one.standing.person.favourite, chosen, self.ready),
            "building": self.to_build(),
        }
        for rule, handles in kept.items():
            if rule in rules and len(chosen) < room:
                chosen |= dict.fromkeys(islice((one for one in handles if one not in chosen), 1))
        rest = [one.handle for one in order if one.handle not in chosen]
        return chosen | dict.fromkeys(rest[: room - len(chosen)])

    def kept_for(
        self, fits: Callable[[Candidate], bool], chosen: Collection[str], ready: Sequence[Candidate]
    ) -> Iterator[str]:
        """Yield who a place that is kept for their like may go to; nobody if one of them has a card anyway."""
        if not any(fits(one) and one.handle in chosen for one in self.people):
            yield from (one.handle for one in ready if fits(one))

    def to_build(self) -> Iterator[str]:
        """Yield who the building place may go to this week; nobody every other week."""
        # Weeks since year 1, since a year of 53 weeks and the next one have two odd numbers in a row.
        if (self.today.toordinal() - 1) // WEEK % 2 == 0:
            yield from (handle for handle in self.building if handle not in self.resting)

    def keeps_promise(self, chosen: Collection[str]) -> bool:
        """Return whether nobody who is left without a first card loses more places than one week has."""
        for number in {self.numbers[one.handle] for one in self.new if one.handle not in chosen}:
            used = sum(one.handle in chosen and self.numbers[one.handle] <= number for one in self.new)
            lost = self.places - used
            # A digest that loses nothing is fine, even if too much was lost before (the owner changed `people`).
            if lost > 0 and lost + self.lost[number] > self.places:
                return False
        return True

    def lost_since(self, number: int) -> int:
        """Return the places that those who wait since digest `number` lost before this one."""
        lost = 0
        for at in range(number, len(self.history)):
            used = sum(self.was_ahead(card, at, number) for card in self.history[at].cards)
            lost += max(0, self.places - used)
        return lost

    def was_ahead(self, card: Card, at: int, number: int) -> bool:
        """Return whether a card in digest `at` was the first of somebody who waited in digest `number` or before."""
        if card.since is None:
            return False
        begin = self.number(card.since)
        return begin <= number and not self.count(card.handle, begin, at)

    def in_turn(self, some: Sequence[Candidate]) -> list[Candidate]:
        """Return them in the page's order: those with the fewest cards since they came due first, each by ratio."""
        return sorted(self.by_ratio(some), key=lambda one: self.cards[one.handle])

    def in_queue(self, some: Sequence[Candidate]) -> list[Candidate]:
        """Return them in the queue's order: those without a card first, who waited longest in front."""

        def place(one: Candidate) -> tuple[int, int, bool]:
            cards = self.cards[one.handle]
            # Of those who waited equally long, allies and favourites come first, as they do where no place can be kept.
            waits = 0 if cards else self.numbers[one.handle]
            return cards, waits, not (_is_ally(one) or one.standing.person.favourite)

        return sorted(some, key=place)

    def by_end(self, some: Sequence[Candidate]) -> list[Candidate]:
        """Return them with the first goal to end in front, then those whose goal has no end or had one."""

        def end(one: Candidate) -> date:
            until = one.standing.person.until
            return until if until and until >= self.today else date.max

        return sorted(self.in_turn(some), key=end)

    def by_ratio(self, some: Sequence[Candidate]) -> list[Candidate]:
        """Return them the most urgent first; equals by handle."""
        return sorted(some, key=lambda one: (-self.ratio(one), one.handle))

    def ratio(self, one: Candidate) -> float:
        """Return how urgent somebody is: 1 on the day they come due."""
        stands = one.standing
        if stands.why in PRESSING:
            return inf
        if stands.ratio is not None:
            return stands.ratio
        # Who was never seen counts as seen one cadence before the day from which they wait. So an imported roster of
        # strangers doesn't push aside the people who are known to be far over.
        return 1 + max(0, (self.today - one.since).days) / (stands.cadence_days or CLOSING)


def _is_ally(one: Candidate) -> bool:
    return one.standing.person.role == "ally"


def _weeks(earlier: date, later: date) -> int:
    """Return how many Mondays are between two days: a digest by hand on Friday and one on Monday are a week apart."""
    return (later - timedelta(days=later.weekday()) - earlier + timedelta(days=earlier.weekday())).days // WEEK
