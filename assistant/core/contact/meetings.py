"""What became of a meeting, and who it was contact with, from all that was said under its UID.

    the owner's messages, the organizer's ─> the series ─> its starts ─┐
                                          └> single occurrences ───────┼─> a row for each person at each meeting
    events of calendars ───────────────────────────────────────────────┤
    others' answers to the owner's invitation ─────────────────────────┘

The rules are in docs/how-contact-is-inferred.md, "Meetings". All that has one UID is judged together, so the order in
which it is read never matters.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time
from typing import TYPE_CHECKING, Final

from assistant.core.contact.calendar import Attendee
from assistant.core.contact.calendar_events import newest_events, of_event, with_event
from assistant.core.contact.meeting_rows import Occurrence, rows_of
from assistant.core.contact.meeting_words import (
    ANSWERS,
    ASIDE,
    CANCELLED,
    INVITED,
    UNKNOWN,
    VOID,
    Meeting,
    Seen,
    by_speaker,
    is_organiser,
    people_of,
    rank,
    state_of,
)
from assistant.core.contact.recurrence import starts
from assistant.core.contact.verdict import recipients

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence
    from zoneinfo import ZoneInfo

    from assistant.core.contact.calendar import Invitation
    from assistant.core.contact.meeting_words import State
    from assistant.core.mail.envelope import Envelope

__all__ = ["Occurrence", "Seen", "addressed", "is_owners_word", "meeting_occurrences"]


MOST_ROWS: Final = 40_000
"""Rows of one series: those of ten people at each of 4,000 meetings. Hundreds of people every day would fill a disk."""


def meeting_occurrences(
    all_seen: Iterable[Seen],
    *,
    owner: frozenset[str],
    lists: Container[str],
    zone: ZoneInfo,
    horizon: int,
) -> tuple[Occurrence, ...]:
    """Return a row for each person but the owner at each meeting of one UID; empty if it names nobody.

    A recurring meeting has rows for each start up to `horizon` (seconds since 1970 UTC).
    """
    words = by_speaker(all_seen, owner)
    by_recurrence: dict[str, list[Seen]] = {}
    for one in words.planned:
        by_recurrence.setdefault(one.invitation.recurrence, []).append(one)
    series = _outcome(by_recurrence.pop("", []), words.planned, owner)
    events = newest_events(words.events)
    found: list[Occurrence] = []
    singles = {key: _single(key, group, words.planned, series, owner) for key, group in by_recurrence.items()}
    if series:
        # The last ones, since the first of too many are the oldest.
        every = _starts(series, zone, horizon)[-max(1, MOST_ROWS // max(1, len(series.people))) :]
        said = {key if int(key) in every else _start_of_day(int(key), every, zone) for key in singles}
        for start in every:
            if str(start) in said:
                continue
            void = _onwards(start, singles)
            meeting = replace(series, start=start, end=_end_at(series, start), state=void or series.state)
            event = events.pop(str(start), None) or (events.pop("", None) if len(every) == 1 else None)
            meeting = with_event(meeting, event, owner) if event else meeting
            found.extend(rows_of(meeting, "", lists, words.answers))
    for key, planned in singles.items():
        event = events.pop(key, None)
        found.extend(rows_of(with_event(planned, event, owner) if event else planned, key, lists, words.answers))
    for key, event in events.items():
        found.extend(rows_of(of_event(event, owner), key, lists, ()))
    return tuple(found)


def is_owners_word(invitation: Invitation, owner: frozenset[str]) -> bool:
    """Return whether the owner invites or answers in it. False for an invitation that was only forwarded."""
    if invitation.method in ANSWERS | ASIDE:
        return invitation.organiser is None or invitation.organiser.address not in owner
    return invitation.method != "PUBLISH" and is_organiser(invitation, owner)


def addressed(invitation: Invitation, envelope: Envelope, owner: frozenset[str]) -> Invitation:
    """Return the invitation; an answer without an organiser gets its one recipient as organiser."""
    # outlook.com leaves ORGANIZER out of its answers.
    if invitation.organiser is not None or invitation.method not in ANSWERS:
        return invitation
    people = recipients(envelope, owner)
    if len(people) != 1:
        return invitation
    return replace(invitation, organiser=Attendee(people[0][1].address, people[0][1].name))


def _outcome(group: list[Seen], everything: list[Seen], owner: frozenset[str]) -> Meeting | None:
    """Return what became of one meeting. The winning message borrows times and people that it lacks."""
    if not group:
        return None
    spoken = [one for one in group if one.invitation.method not in ASIDE] or group
    winner = spoken[-1]
    # Many programs leave SEQUENCE out of a CANCEL, so it wins by a later stamp alone.
    off = [one for one in spoken if state_of(one, owner) is CANCELLED and one.stamp > winner.stamp]
    winner = max(off, key=lambda one: one.stamp, default=winner)
    same = [one.invitation for one in reversed(group)]
    timed = next((one for one in [winner.invitation, *same] if one.start is not None), None)
    rule = next((one.rule for one in [winner.invitation, *same] if one.rule), None)
    seen = _answered(winner, spoken, owner) if state_of(winner, owner) is INVITED else winner
    return Meeting(
        seen=seen,
        state=state_of(seen, owner),
        start=timed.start if timed else None,
        end=timed.end if timed else None,
        rule=rule,
        people=people_of(winner, everything[::-1], owner),
        message=next((one.message for one in (seen, *reversed(group)) if one.message is not None), None),
    )


def _answered(invited: Seen, spoken: Sequence[Seen], owner: frozenset[str]) -> Seen:
    """Return the owner's answer that still holds for an invitation, else the invitation.

    An organizer who changes no time, but the people or the place, sends another invitation and asks for no new answer.
    """
    answers = [one for one in spoken if one.source is None and state_of(one, owner) not in {UNKNOWN, INVITED}]
    if not answers:
        return invited
    last = answers[-1]
    asked = [one.invitation for one in spoken if one.source and one.invitation.sequence <= last.invitation.sequence]
    times = {one.start for one in (last.invitation, *asked[-1:]) if one.start is not None}
    moved = invited.invitation.sequence > last.invitation.sequence and invited.invitation.start not in times
    return invited if moved else last


def _single(
    key: str, group: list[Seen], everything: list[Seen], series: Meeting | None, owner: frozenset[str]
) -> Meeting:
    """Return what became of one occurrence of a series. It is void too if the series was called off later."""
    meeting = _outcome(group, everything, owner)
    if meeting is None:  # pragma: no cover - a group is never empty
        raise ValueError(key)
    start, end = meeting.start, meeting.end
    # An answer to one occurrence may have no times: RECURRENCE-ID is its start then.
    if start is None:
        start = int(key)
        length = (series.end or 0) - (series.start or 0) if series and series.start is not None else 0
        end = start + length
    state = meeting.state
    if series and series.state.word in VOID and rank(series.seen, owner)[:3] >= rank(meeting.seen, owner)[:3]:
        state = series.state
    return replace(meeting, state=state, start=start, end=end, rule=None)


def _start_of_day(day: int, every: Sequence[int | None], zone: ZoneInfo) -> str:
    """Return the start meant by a RECURRENCE-ID that is only a day (given as its midnight), "" if none fits."""
    midnight = datetime.fromtimestamp(day, zone)
    if midnight.time() != time():
        return ""
    date = midnight.date()
    fitting = (start for start in every if start is not None and datetime.fromtimestamp(start, zone).date() == date)
    return str(next(fitting, ""))


def _starts(series: Meeting, zone: ZoneInfo, horizon: int) -> Sequence[int | None]:
    if series.start is None or series.rule is None:
        return (series.start,)
    return starts(series.rule, series.start, horizon, zone)


def _end_at(series: Meeting, start: int | None) -> int | None:
    length = (series.end or 0) - (series.start or 0) if series.start is not None else 0
    return None if start is None else start + length


def _onwards(start: int | None, singles: dict[str, Meeting]) -> State | None:
    """Return the void state that an earlier occurrence declared for all later ones too, or None."""
    for key, meeting in singles.items():
        if meeting.seen.invitation.onwards and start is not None and int(key) <= start and meeting.state.word in VOID:
            return meeting.state
    return None
