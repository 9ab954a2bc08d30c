"""Read what is stored about people's situations; which one holds is decided by `core/digest/situation.py`.

notes, cards of earlier weeks, this week's meetings, since when somebody is hoped for ─> Known, one a person
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from assistant.core.contact.correspondence import correspondence, opens
from assistant.core.contact.verdict import FEW
from assistant.core.digest.situation import RECENT, Known, Shown, Waiting, mentions_talk, same_matter
from assistant.core.digest.week import week_name
from assistant.core.people.cadence import Occasion
from assistant.rounds.scan.reading_start import owner_of
from assistant.store import correspondence as both_sides
from assistant.store import digests, last_contacts, meetings, roster

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from assistant.config import Config
    from assistant.core.contact.correspondence import Correspondence, Theirs
    from assistant.core.people.roster import Note, Person
    from assistant.store.correspondence import Letters
    from assistant.store.database import Store
    from assistant.store.digests import StoredCard
    from assistant.store.last_contacts import Contact, PersonContacts
    from assistant.store.meetings import Meeting

# Seconds. What answers a message of theirs within a fortnight may be the last word on it.
_LAST_WORD = 14 * 86_400
_MEET_WITHIN = 60 * 86_400
# Their drafts tell news by what they are.
_NEWS = frozenset({"update", "promise-kept"})


class Situations:
    """Everything that situations are found from, read once for everybody."""

    def __init__(self, config: Config, store: Store, now: datetime) -> None:
        """Read it; `now` is aware, days are those of the owner's zone."""
        self._config, self._store, self._zone, self._now = config, store, config.me.timezone, now
        self._epoch, self._today = int(now.timestamp()), now.astimezone(self._zone).date()
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
        waiting, unanswered_on = self._answers(person, full)
        return Known(
            notes=notes,
            wins=self._wins,
            # Only those who were asked for something need it known what they were told, and comparing takes time.
            shown=[self._shown(card, asked=any(note.kind == "ask" for note in notes)) for card in cards],
            hoped_on=self._day(hoped_at) if person.hoped else None,
            one_to_one_on=self._alone_on(person, seen),
            letter_on=self._day(full.at) if full and wrote else None,
            chances=[*self._met(person), *self._talks(notes, seen)],
            waiting=waiting,
            unanswered_on=unanswered_on,
        )

    def _answers(self, person: Person, full: Contact | None) -> tuple[Waiting | None, date | None]:
        """Return their mail that waits for the owner, and the day of the owner's letter that nobody answered."""
        letters = letters_of(self._config, self._store, self._now, person)
        if letters is None:
            return None, None
        stands = correspondence(*letters)
        theirs, letter, waiting, unanswered_on = stands.waits, stands.unanswered, None, None
        # In copy they wait for others; and whatever was open was said when the two met.
        if theirs and theirs.at is not None and theirs.to_owner and not self._since(full, theirs):
            # The subject of an answer is the owner's own.
            asks = "?" in theirs.subject and not theirs.names
            answers = any(one.message_id in theirs.names for one in letters.sent)
            waiting = Waiting(self._day(theirs.at), theirs.subject, asks=asks, answers=answers)
        if letter is None or letter.at is None or theirs or (full and full.at > letter.at):
            return waiting, None
        if opens(letter, letters.sent, letters.received, within=_LAST_WORD) and not self._meet(person, letter.at):
            unanswered_on = self._day(letter.at)
        return waiting, unanswered_on

    def _meet(self, person: Person, since: int) -> bool:
        """Return whether a meeting in small company was or is planned after an instant: that's an answer too."""
        around = meetings.with_addresses(self._store, person.addresses, since, self._epoch + _MEET_WITHIN)
        return any(len(meeting.addresses) <= FEW for meeting in around)

    def _since(self, full: Contact | None, theirs: Theirs) -> bool:
        """Return whether the two met or talked after a mail of theirs; of a day the owner named, any hour counts."""
        if full is None or full.kind == "mail" or theirs.at is None:
            return False
        return full.at > theirs.at or (full.kind == "met" and self._day(full.at) >= self._day(theirs.at))

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


def letters_of(config: Config, store: Store, now: datetime, person: Person) -> Letters | None:
    """Return both sides of the mail with one person, None where received mail isn't read."""
    if not config.mailbox.received or not both_sides.was_looked_for(store, person.addresses):
        return None
    return both_sides.letters_with(store, person.addresses, owner_of(store, config), now)


def mail_with(config: Config, store: Store, now: datetime, person: Person) -> Correspondence | None:
    """Return where the mail with one person stands, None where received mail isn't read."""
    letters = letters_of(config, store, now, person)
    return None if letters is None else correspondence(*letters)


def _is_alone(meeting: Meeting, person: Person) -> bool:
    return set(meeting.addresses) <= set(person.addresses)
