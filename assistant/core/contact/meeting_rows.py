"""What one meeting counts for each of its people: by its state, their own answer, and how many there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from assistant.core.contact.mailing_lists import is_list
from assistant.core.contact.meeting_words import (
    ANSWERS,
    HELD,
    REQUESTED,
    UNKNOWN,
    Seen,
    State,
    answer_of,
    is_event,
)
from assistant.core.contact.verdict import BROADCAST, FEW, none, soft

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from assistant.core.contact.calendar import Attendee
    from assistant.core.contact.meeting_words import Meeting
    from assistant.core.contact.verdict import Verdict

_PLACES: Final = frozenset({"ROOM", "RESOURCE"})
_ANSWERED: Final = frozenset({"ACCEPTED", "DECLINED", "TENTATIVE"})


class Occurrence(NamedTuple):
    """One person at one meeting, and what it counts once it has ended.

    `start` and `end` are seconds since 1970 UTC, None if nothing tells. `fixed` says that the verdict holds before
    the end too (declined, cancelled, unknown); otherwise it is `meeting-ahead` until then. `state` says what became of
    the meeting. `source` is what the verdict rests on, None for `message`, which is None if no message of the owner's
    tells of the meeting.
    """

    message: int | None
    recurrence: str
    start: int | None
    end: int | None
    address: str
    name: str
    verdict: Verdict
    fixed: bool
    state: str
    summary: str
    source: str | None = None


def rows_of(meeting: Meeting, recurrence: str, lists: Container[str], answers: Iterable[Seen]) -> list[Occurrence]:
    """Return a row for each person at a meeting. `answers` are those of others to the owner's invitation."""
    state = meeting.state
    if meeting.start is None and not state.fixed:
        state = UNKNOWN
    # Rooms and projectors don't make a crowd.
    present = [one for one in meeting.people if one.kind not in _PLACES]
    listed = any(one.kind == "GROUP" or is_list(one.address, lists) for one in present)
    answered = _by_address(meeting, recurrence, answers)
    rows = []
    for one in meeting.people:
        said = answered.get(one.address)
        answer = _their_answer(one, state, said, meeting.seen)
        verdict, fixed = _for_one(
            one._replace(partstat="ACCEPTED") if answer else one,
            answer or state,
            lists,
            crowd=len(present),
            listed=listed,
        )
        rows.append(
            Occurrence(
                message=meeting.message,
                recurrence=recurrence,
                start=meeting.start,
                end=meeting.end,
                address=one.address,
                name=one.name,
                verdict=verdict,
                fixed=fixed,
                state=(answer or state).word,
                summary=meeting.seen.invitation.summary,
                source=said.source if answer and said else meeting.seen.source,
            )
        )
    return rows


def _by_address(meeting: Meeting, recurrence: str, answers: Iterable[Seen]) -> dict[str, Seen]:
    """Return each person's last answer that holds for this meeting: for this occurrence, else for all of them."""
    found: dict[str, Seen] = {}
    start = str(meeting.start)
    for one in sorted(answers, key=lambda one: (one.invitation.recurrence != "", one.invitation.sequence, one.stamp)):
        told = one.invitation
        # An answer to an earlier version says nothing of another time.
        holds = told.sequence >= meeting.seen.invitation.sequence or told.start in {None, meeting.start}
        if told.recurrence in {"", recurrence, start} and holds:
            found[one.sender] = one
    return found


def _their_answer(one: Attendee, state: State, said: Seen | None, decided: Seen) -> State | None:
    """Return what a person answered to the owner, None if that decides nothing."""
    answer = answer_of(said) if said and state in {REQUESTED, HELD} else None
    if answer is None or said is None:
        return None
    if decided.source is not None and decided.invitation.method in ANSWERS and answer.verdict.word != "none":
        # Nothing but an answer tells of the owner's invitation, and anybody can make one up: the owner is asked.
        return None
    if is_event(decided) and one.partstat in _ANSWERED and answer.fixed != (one.partstat == "DECLINED"):
        # The calendar has another answer. The later one holds, and where nobody can tell, that they don't come.
        changed = decided.changed
        if changed > said.stamp if changed is not None else one.partstat == "DECLINED":
            return None
    return answer


def _for_one(  # noqa: PLR0911 - one return for each rule
    one: Attendee, state: State, lists: Container[str], *, crowd: int, listed: bool
) -> tuple[Verdict, bool]:
    """Return what the meeting counts for one person, and whether that holds before its end too."""
    if state.fixed:
        return state.verdict, True
    if one.kind in _PLACES:
        return none("role-address"), True
    if one.kind == "GROUP" or is_list(one.address, lists):
        return none("list"), True
    if one.partstat == "DECLINED":
        return none("declined"), True
    if crowd >= BROADCAST:
        return none("meeting-large"), False
    if state is HELD and crowd > FEW:
        return soft("meeting-group"), False
    if listed and state.verdict.word == "full":
        return soft("list"), False
    return state.verdict, False
