"""Why somebody comes up other than by their cadence, and who may have the place for building (docs/roles.md).

    where they stand by their cadence ─┬─> the first situation that holds ─> the standing, with its occasion
    notes, cards, meetings, mail ──────┘

A situation is found from what is stored and never stored itself, so undoing a note undoes what came of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from assistant.core.evidence.open_loops import telling
from assistant.core.language.cues import LANGUAGES, says
from assistant.core.language.lexicon import word_list
from assistant.core.people.cadence import Occasion
from assistant.core.people.ledger import asked_too_often, latest, owed_thanks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from assistant.core.people.cadence import Standing, Why
    from assistant.core.people.roles import Role
    from assistant.core.people.roster import Note

HOPED_DAYS: Final = 28
"""How often somebody hoped for comes up until there was a first one-to-one."""
RECENT: Final = 7
"""Days within which a meeting or a talk is a chance to write."""
# Thanks and news that weren't given in eight weeks would be odd; so would those of a roster that was just imported.
_FRESH: Final = 56
_MOST_CARDS: Final[dict[Why, int]] = {"goal-met": 1, "thanks": 2, "promise-kept": 2}
# No invitation by a chance within a quarter of the cadence after the last one-to-one, nor twice in four weeks.
_TOO_SOON: Final = 4
_UNANSWERED, _LEFT = 10, 5  # days
_REMINDERS: Final = 2
# After half a year an answer is a new letter, which the cadence brings up. An answer of theirs may as well have been
# the last word: only headers are known.
TOO_LATE: Final = 183
_LAST_WORD: Final = 28
_FAVOURS: Final = frozenset({"introduced", "favour"})


@dataclass(frozen=True, slots=True)
class Shown:
    """A card of an earlier digest: its day in the owner's zone, and for which situation it was ("" if not known).

    `sent`: its draft was sent. `told`: that draft told news.
    """

    on: date
    situation: str = ""
    sent: bool = False
    told: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """A mail of theirs that the owner hasn't answered: its day and subject, and whether the subject asks something.

    `answers` says that it answers a letter of the owner's.
    """

    on: date
    subject: str = ""
    asks: bool = False
    answers: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of one person beside their cadence. Days are in the owner's zone, None for never.

    `notes` are those about the person, `wins` the owner's; `shown` are the cards of earlier weeks. `hoped_on` is the
    day since which the owner hopes to win them. `one_to_one_on` is the last contact between the two alone, `letter_on`
    the last letter. `chances` are this week's meetings and talks. `waiting` is their mail that waits for the owner, and
    `unanswered_on` the day of the owner's last letter if nobody answered it; both None where received mail isn't read.
    """

    notes: Sequence[Note] = ()
    wins: Sequence[Note] = ()
    shown: Sequence[Shown] = ()
    hoped_on: date | None = None
    one_to_one_on: date | None = None
    letter_on: date | None = None
    chances: Sequence[Occasion] = ()
    waiting: Waiting | None = None
    unanswered_on: date | None = None


def in_situation(stands: Standing, role: Role | None, known: Known, today: date) -> Standing:
    """Return where somebody stands with the situation they are in; unchanged where none holds."""
    found = (find(stands, role, known, today) for find in _IN_ORDER)
    return next((standing for standing in found if standing), stands)


def building(standings: Iterable[Standing], gap: Standing | None = None) -> tuple[str, ...]:
    """Return the handles that the place for building may go to, the best first; empty for nobody.

    A chance is gone in a week, so it comes first; then those hoped for, who waited longest in front; then `gap`.
    """
    here = [stands for stands in standings if not stands.snoozed]
    chances = [stands for stands in here if stands.why == "chance"]
    hoped = [stands for stands in here if stands.why == "hoped" and stands.is_due]
    hoped.sort(key=lambda stands: (stands.due_on or date.max, stands.person.handle))
    return tuple(stands.person.handle for stands in (*chances, *hoped, *((gap,) if gap else ())))


def mentions_talk(text: str) -> bool:
    """Return whether words name a talk, a poster or the like, where people are met."""
    return any(says("stage", language, text) for language in LANGUAGES)


def same_matter(one: str, other: str) -> bool:
    """Return whether another text speaks of what a short one is about: half of its telling words, and two or all."""
    own = telling(one)
    shared = own & telling(other)
    return bool(own) and len(shared) >= min(2, len(own)) and 2 * len(shared) >= len(own)


def kept_by(promise: Note, later: Iterable[Note]) -> Note | None:
    """Return the first win or note that says a promise is kept, None for none.

    A win is done as it is; a note has to say so, since it may as well say that somebody still waits.
    """
    keeping = (
        note
        for note in later
        if note.on >= promise.on and same_matter(promise.text, note.text) and (note.kind == "win" or _done(note.text))
    )
    return min(keeping, key=lambda note: note.on, default=None)


def _done(text: str) -> bool:
    languages = [language for language in LANGUAGES if says("done", language, text)]
    words = set(text.lower().split())
    return any(not words & word_list("negation", language) for language in languages)


def _as(stands: Standing, why: Why, occasion: Occasion | None, due_on: date | None = None) -> Standing:
    """Return the standing in a situation. `due_on` makes it due from that day, if it isn't due before."""
    if due_on is None or (stands.due_on is not None and stands.due_on <= due_on):
        return replace(stands, why=why, occasion=occasion)
    return replace(stands, why=why, occasion=occasion, due_on=due_on, overdue_days=0)


def _of(note: Note) -> Occasion:
    return Occasion(note.text, note.kind, note.on)


def _over(why: Why, since: date, known: Known, today: date) -> bool:
    """Return whether it's too late: it's old, a letter went out since, or there were cards enough."""
    cards = [card for card in known.shown if card.situation == why and card.on >= since]
    written = known.letter_on is not None and known.letter_on > since
    too_many = len(cards) >= _MOST_CARDS[why] or any(card.sent for card in cards)
    return (today - since).days > _FRESH or written or too_many


def _owe_answer(stands: Standing, _role: Role | None, known: Known, today: date) -> Standing | None:
    theirs = known.waiting
    if theirs is None:
        return None
    days = (today - theirs.on).days
    if not (theirs.asks or days > _LEFT) or days > (_LAST_WORD if theirs.answers else TOO_LATE):
        return None
    # Who was reminded twice and didn't write owes no answer, whatever the headers say.
    if sum(card.situation == "owe-answer" and card.on >= theirs.on for card in known.shown) >= _REMINDERS:
        return None
    return _as(stands, "owe-answer", Occasion(theirs.subject, "received", theirs.on), today)


def _goal_met(stands: Standing, _role: Role | None, known: Known, today: date) -> Standing | None:
    owed = owed_thanks(note for note in known.notes if note.kind not in _FAVOURS)
    if owed is None or _over("goal-met", owed.on, known, today):
        return None
    return _as(stands, "goal-met", _of(owed), today)


def _thanks(stands: Standing, _role: Role | None, known: Known, today: date) -> Standing | None:
    owed = owed_thanks(note for note in known.notes if note.kind != "reached")
    return None if owed is None or _over("thanks", owed.on, known, today) else _as(stands, "thanks", _of(owed), today)


def _promise_kept(stands: Standing, _role: Role | None, known: Known, today: date) -> Standing | None:
    given = [note for note in known.notes if note.kind == "gave"]
    said = [note for note in known.notes if note.kind == "note"]
    for promise in sorted(known.notes, key=lambda note: note.on, reverse=True):
        # What they were given they know of.
        if promise.kind != "promised" or any(same_matter(promise.text, note.text) for note in given):
            continue
        keeper = kept_by(promise, (*said, *known.wins))
        if keeper and not _over("promise-kept", keeper.on, known, today):
            return _as(stands, "promise-kept", replace(_of(promise), kept_by=keeper.text), today)
    return None


def _goal_end(stands: Standing, _role: Role | None, _known: Known, _today: date) -> Standing | None:
    return stands if stands.why == "goal-end" else None


def _second_try(stands: Standing, _role: Role | None, known: Known, today: date) -> Standing | None:
    letter = known.unanswered_on
    if letter is None or not _UNANSWERED <= (today - letter).days <= TOO_LATE:
        return None
    return _as(stands, "second-try", Occasion("", "mail", letter))


def _chance(stands: Standing, role: Role | None, known: Known, today: date) -> Standing | None:
    chance = max(known.chances, key=lambda one: one.on, default=None)
    senior = role is not None and role.inside is True
    if chance is None or not (stands.person.hoped or senior):
        return None
    alone = known.one_to_one_on
    within = timedelta(days=(role.cadence_days or 0) // _TOO_SOON) if role and not stands.person.hoped else timedelta()
    invited = (card.on for card in known.shown if card.situation == "chance")
    if (alone and alone >= chance.on - within) or any((today - on).days < HOPED_DAYS for on in invited):
        return None
    return _as(stands, "chance", chance)


def _hoped(stands: Standing, _role: Role | None, known: Known, today: date) -> Standing | None:
    named_on, alone = known.hoped_on or date.min, known.one_to_one_on
    if not stands.person.hoped or (alone is not None and alone >= named_on):
        return None
    every = stands.person.cadence_days or HOPED_DAYS
    last = max((card.on for card in known.shown if card.on >= named_on), default=None)
    due_on = last + timedelta(days=every) if last else today
    why = latest(known.notes, "occasion")
    return replace(
        stands,
        why="hoped",
        occasion=_of(why) if why else None,
        cadence_days=every,
        due_on=due_on,
        overdue_days=(today - due_on).days,
    )


def _update(stands: Standing, role: Role | None, known: Known, _today: date) -> Standing | None:
    # Of those who are outside or above: between peers, asking and giving need no count.
    if role is None or role.inside is None:
        return None
    told_on = max((card.on for card in known.shown if card.sent and card.told), default=None)
    asks = asked_too_often(known.notes, told_on)
    return _as(stands, "update", _of(max(asks, key=lambda note: note.on))) if asks else None


# What they wait for comes before what the owner wants.
_IN_ORDER: Final[tuple[Callable[[Standing, Role | None, Known, date], Standing | None], ...]] = (
    _owe_answer,
    _goal_met,
    _thanks,
    _promise_kept,
    _goal_end,
    _second_try,
    _chance,
    _hoped,
    _update,
)
