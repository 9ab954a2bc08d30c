"""Read what is stored about people's situations; which one holds is decided by `core/digest/situation.py`.

notes, cards of earlier weeks, this week's meetings, since when somebody is hoped for ─> Known, one a person
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from assistant.core.digest.situation import RECENT, Known, Shown, mentions_talk, same_matter
from assistant.core.digest.week import week_name
from assistant.core.people.cadence import Occasion
from assistant.store import digests, last_contacts, meetings, roster

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from zoneinfo import ZoneInfo

    from assistant.core.people.roster import Note, Person
    from assistant.store.database import Store
    from assistant.store.digests import StoredCard
    from assistant.store.last_contacts import PersonContacts
    from assistant.store.meetings import Meeting

# Their drafts tell news by what they are.
_NEWS = frozenset({"update", "promise-kept"})


class Situations:
    """Everything that situations are found from, read once for everybody."""

    def __init__(self, store: Store, now: datetime, zone: ZoneInfo) -> None:
        """Read it; `now` is aware, days are those of `zone`."""
        self._store, self._zone = store, zone
        self._epoch, self._today = int(now.timestamp()), now.astimezone(zone).date()
        self._notes: dict[str | None, list[Note]] = defaultdict(list)
        for note in roster.all_notes(store):
            self._notes[note.person].append(note)
        self._wins = [note for note in self._notes[None] if note.kind == "win"]
        self._cards: dict[str, list[StoredCard]] = defaultdict(list)
        # Without this week's, so that nothing changes between a digest and the next one.
        for card in digests.cards_before(store, week_name(self._today)):
            self._cards[card.person].append(card)
        self._hoped = digests.hoped_since(store)
        self._meetings = meetings.meetings_between(store, self._epoch - RECENT * 86_400, self._epoch)

    def known(self, person: Person, seen: PersonContacts | None) -> Known:
        """Return what is known of one person, `seen` being their last contacts."""
        notes, cards = self._notes[person.handle], self._cards[person.handle]
        full = seen.full if seen else None
        hoped_at = self._hoped.get(person.handle, self._epoch)  # who isn't on the roster yet is hoped for from now on
        wrote = full is not None and (full.kind == "mail" or full.reason == "emailed")
        return Known(
            notes=notes,
            wins=self._wins,
            # Only those who were asked for something need it known what they were told, and comparing takes time.
            shown=[self._shown(card, asked=any(note.kind == "ask" for note in notes)) for card in cards],
            hoped_on=self._day(hoped_at) if person.hoped else None,
            one_to_one_on=self._alone_on(person, seen),
            letter_on=self._day(full.at) if full and wrote else None,
            chances=[*self._met(person), *self._talks(notes, seen)],
        )

    def _day(self, epoch: int) -> date:
        return datetime.fromtimestamp(epoch, UTC).astimezone(self._zone).date()

    def _shown(self, card: StoredCard, *, asked: bool) -> Shown:
        on, body = self._day(card.built_at), card.sent_body
        wins = (win.text for win in self._wins if win.on <= on) if asked else ()
        told = body is not None and (card.situation in _NEWS or any(same_matter(win, body) for win in wins))
        return Shown(on, card.situation, sent=body is not None, told=told)

    def _alone_on(self, person: Person, seen: PersonContacts | None) -> date | None:
        """Return the day of the last contact between the two alone; a meeting with others is none."""
        full = seen.full if seen else None
        if full is None or full.kind != "meeting":
            return self._day(full.at) if full else None
        held = meetings.meetings_between(self._store, full.at, full.at + 1)
        if any(_is_alone(meeting, person) for meeting in held):
            return self._day(full.at)
        letters = last_contacts.last_letters_to(self._store, person.addresses, 1, few=1)
        days = [self._day(letter.at) for letter in letters if letter.at is not None]
        return max(days + [note.on for note in self._notes[person.handle] if note.kind == "met"], default=None)

    def _met(self, person: Person) -> Iterable[Occasion]:
        """Yield this week's meetings with a person that the owner came to."""
        for meeting in self._meetings:
            there = set(person.addresses) & set(meeting.addresses)
            if there and meeting.state in meetings.ATTENDED and meeting.end <= self._epoch:
                yield Occasion(meeting.summary, "meeting", self._day(meeting.start))

    def _talks(self, notes: Iterable[Note], seen: PersonContacts | None) -> Iterable[Occasion]:
        """Yield this week's notes on a person and mail to several that name a talk or a poster."""
        since, soft = self._today - timedelta(days=RECENT), seen.soft if seen else None
        for note in notes:
            if note.kind == "note" and since <= note.on <= self._today and mentions_talk(note.text):
                yield Occasion(note.text, "note", note.on)
        if soft and soft.kind == "mail" and self._day(soft.at) >= since and mentions_talk(soft.subject):
            yield Occasion(soft.subject, "mail", self._day(soft.at))


def _is_alone(meeting: Meeting, person: Person) -> bool:
    return set(meeting.addresses) <= set(person.addresses)
