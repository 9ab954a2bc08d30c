"""What one invitation, answer or calendar says of a meeting, whose word it is, and which of several counts.

Only one's own word counts: an answer from the attendee who gives it, an invitation or a cancellation from the
organizer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from assistant.core.contact.verdict import Verdict, full, none, soft

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from assistant.core.contact.calendar import Attendee, Invitation
    from assistant.core.contact.recurrence import Rule

# Google gives shared calendars and rooms addresses of their own. They aren't people.
CALENDAR_HOSTS: Final = (
    "group.calendar.google.com", "resource.calendar.google.com", "import.calendar.google.com",
)  # fmt: skip
GONE: Final = "GONE"
"""In place of the METHOD: the event isn't in its calendar any more. `stamp` says since when."""


@dataclass(frozen=True, slots=True)
class Seen:
    """An invitation and where it was seen.

    `message` is the key of a message of the owner's, None for another `source`: "received 12" or "calendar NAME", as in
    `store.heard`. `sender` is who sent that, in normal form. `sent_at` is when (seconds since 1970 UTC, or None).
    """

    message: int | None
    sent_at: int | None
    invitation: Invitation
    source: str | None = None
    sender: str = ""

    @property
    def stamp(self) -> int:
        """Return when it was said, 0 if that isn't known."""
        return self.invitation.stamp if self.invitation.stamp is not None else self.sent_at or 0

    @property
    def changed(self) -> int | None:
        """Return when an event of a calendar was last changed, None if the calendar doesn't tell."""
        told = self.invitation
        return told.stamp if told.modified is None or told.method == GONE else told.modified


class State(NamedTuple):
    """What became of a meeting, and what it counts for its people; `fixed`: before its end too."""

    word: str
    verdict: Verdict
    fixed: bool


@dataclass(frozen=True, slots=True)
class Meeting:
    """What became of one (UID, RECURRENCE-ID): the winning word, with what it borrows from the others.

    `message` is the owner's message about it, None for none. Instants are seconds since 1970 UTC.
    """

    seen: Seen
    state: State
    start: int | None
    end: int | None
    rule: Rule | None
    people: tuple[Attendee, ...]
    message: int | None = None


ACCEPTED: Final = State("accepted", full("meeting"), fixed=False)
TENTATIVE: Final = State("tentative", soft("meeting"), fixed=False)
REQUESTED: Final = State("requested", soft("meeting-unconfirmed"), fixed=False)
INVITED: Final = State("invited", none("invited"), fixed=False)
HELD: Final = State("held", full("meeting"), fixed=False)
DECLINED: Final = State("declined", none("declined"), fixed=True)
CANCELLED: Final = State("cancelled", none("cancelled"), fixed=True)
COUNTER: Final = State("counter", none("counter"), fixed=True)
UNKNOWN: Final = State("unknown", none("meeting-unknown"), fixed=True)
VOID: Final = frozenset({"declined", "cancelled"})
ANSWERS: Final = frozenset({"REPLY", "COUNTER"})
# Messages about a meeting that change nothing of it (RFC 5546, 3.2.6 and 3.2.8).
ASIDE: Final = frozenset({"REFRESH", "DECLINECOUNTER"})
_BY_ANSWER: Final = {"ACCEPTED": ACCEPTED, "TENTATIVE": TENTATIVE, "DECLINED": DECLINED, "DELEGATED": DECLINED}
_INVITES: Final = frozenset({"REQUEST", "ADD", ""})


class Words(NamedTuple):
    """All that was said of one meeting, by whose word it is.

    `planned` are the owner's messages and the organizer's, `answers` those of others to the owner's invitation,
    `events` those of calendars. Where only answers tell of an invitation, they stand for it, and the owner is asked:
    Google's and Microsoft's own pages send invitations that are in no folder of sent mail.
    """

    planned: list[Seen]
    answers: list[Seen]
    events: list[Seen]


def by_speaker(seen: Iterable[Seen], owner: frozenset[str]) -> Words:
    """Return what counts of all that was said under one UID; what somebody says for another is left out."""
    everything = sorted(seen, key=lambda one: rank(one, owner))
    own = [one for one in everything if one.source is None]
    events = [one for one in everything if is_event(one)]
    heard = [one for one in everything if one.source is not None and not is_event(one) and one.sender not in owner]
    organiser = _organiser(own, heard, events, owner)
    said = [one for one in heard if one.invitation.method not in ANSWERS | ASIDE]
    answers = [one for one in heard if one.invitation.method in ANSWERS and answer_of(one)]
    planned = sorted([*own, *(one for one in said if one.sender == organiser)], key=lambda one: rank(one, owner))
    answers = answers if organiser in owner else []
    return Words(planned or answers, answers, events)


def is_event(one: Seen) -> bool:
    """Return whether a calendar says it, and no message."""
    return one.source is not None and one.source.startswith("calendar ")


def _organiser(own: Sequence[Seen], heard: Sequence[Seen], events: Sequence[Seen], owner: frozenset[str]) -> str:
    """Return the organizer's address, "" if nobody says who it is; one of the owner's if the owner invites.

    What the owner sent tells it best, then a calendar, then an answer to the owner, then the first invitation.
    """
    for one in own:
        if one.invitation.method in _INVITES and is_organiser(one.invitation, owner):
            return min(owner)
    for one in (*own, *events):
        if one.invitation.organiser is not None:
            address = one.invitation.organiser.address
            return min(owner) if address in owner else address
    if any(one.invitation.method in ANSWERS and _address(one) in owner for one in heard):
        return min(owner)
    first = sorted(heard, key=lambda one: (one.sent_at is None, one.sent_at or 0, one.sender, repr(one.invitation)))
    return next((one.sender for one in first if one.invitation.method in _INVITES and _address(one) == one.sender), "")


def _address(one: Seen) -> str:
    return one.invitation.organiser.address if one.invitation.organiser else ""


def rank(one: Seen, owner: frozenset[str]) -> tuple[int, bool, int, bool, int, str]:
    """Return the sort key of invitations: by SEQUENCE, a word that counts, DTSTAMP. The last one wins."""
    # An invitation that the owner forwarded later must not take back the owner's own answer, so the owner's word comes
    # before the stamp. Of two with one stamp, the one that calls the meeting off wins.
    invitation = one.invitation
    state = state_of(one, owner)
    own = invitation.method not in ASIDE and state is not UNKNOWN
    return (invitation.sequence, own, one.stamp, state.word in VOID, one.sent_at or 0, repr(one))


def state_of(one: Seen, owner: frozenset[str]) -> State:
    """Return what became of the meeting according to one message."""
    invitation = one.invitation
    if invitation.method == "CANCEL" or invitation.cancelled:
        return CANCELLED
    if one.source is not None:  # an answer shows that the owner had invited
        return INVITED if invitation.method in _INVITES else REQUESTED if invitation.method in ANSWERS else UNKNOWN
    if invitation.method == "COUNTER":
        return COUNTER
    if invitation.method == "REPLY":
        return _BY_ANSWER.get(_owners_answer(invitation, owner), UNKNOWN)
    # The others' answers aren't in Sent, so the owner's own invitation only says that a meeting was planned.
    return REQUESTED if invitation.method in _INVITES and is_organiser(invitation, owner) else UNKNOWN


def _owners_answer(invitation: Invitation, owner: frozenset[str]) -> str:
    """Return the owner's PARTSTAT in a REPLY, "" if it isn't clear."""
    own = [one.partstat for one in invitation.attendees if one.address in owner]
    if own:
        return own[0]
    # A REPLY names only who answers. That is the owner, even under an address that isn't configured.
    return invitation.attendees[0].partstat if len(invitation.attendees) == 1 else ""


def answer_of(one: Seen) -> State | None:
    """Return what a received answer means for its sender, None if it isn't the sender's own or says nothing."""
    own = next((person for person in one.invitation.attendees if person.address == one.sender), None)
    if own is None:
        return None
    return COUNTER if one.invitation.method == "COUNTER" else _BY_ANSWER.get(own.partstat)


def partstat_in(event: Invitation, owner: frozenset[str]) -> str:
    """Return the owner's PARTSTAT in an event of a calendar, "" if the owner isn't among the attendees."""
    stats = [one.partstat for one in event.attendees if one.address in owner]
    # Under two addresses: the one that was answered.
    return next((one for one in stats if one != "NEEDS-ACTION"), stats[0] if stats else "")


def is_organiser(invitation: Invitation, owner: frozenset[str]) -> bool:
    """Return whether the owner invites; so they do where nobody else is named."""
    organiser = invitation.organiser
    return organiser is None or organiser.address in owner or organiser.address.endswith(CALENDAR_HOSTS)


def people_of(winner: Seen, known: Sequence[Seen], owner: frozenset[str]) -> tuple[Attendee, ...]:
    """Return the organizer and the attendees, without the owner. `known` is all that was said, the best first."""
    sources = [winner, *(one for one in known if _is_heard_answer(one) and _is_heard_answer(winner))]
    # An answer names nobody but the owner, so the others come from an invitation.
    if winner.invitation.method in ANSWERS or not winner.invitation.attendees:
        here = [one for one in known if one.invitation.method not in ANSWERS and one.invitation.attendees]
        same = [one for one in here if one.invitation.recurrence == winner.invitation.recurrence]
        sources += same[:1] or here[:1]
    found: dict[str, Attendee] = {}
    for source in sources:
        said = source.invitation
        # The one attendee of the owner's answer is the owner, whatever the address.
        alone = said.method in ANSWERS and len(said.attendees) == 1 and source.source is None
        for one in (*((said.organiser,) if said.organiser else ()), *(() if alone else said.attendees)):
            if one.address in owner or one.address.endswith(CALENDAR_HOSTS):
                continue
            before = found.get(one.address)
            if before is None or (before.partstat == "NEEDS-ACTION" and one.partstat != before.partstat):
                found[one.address] = one
    return tuple(found.values())


def _is_heard_answer(one: Seen) -> bool:
    return one.source is not None and one.invitation.method in ANSWERS
