"""What calendars add to a meeting: that it stands in one, the owner's answer there, and that it was moved or deleted.

A meeting in the owner's calendar was held unless something says otherwise. Where mail and calendar differ, the higher
SEQUENCE counts, then what was said later; and where nobody can tell, that there was no meeting.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.core.contact.meeting_words import (
    ACCEPTED,
    CANCELLED,
    COUNTER,
    DECLINED,
    GONE,
    HELD,
    TENTATIVE,
    VOID,
    Meeting,
    Seen,
    partstat_in,
    people_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from assistant.core.contact.meeting_words import State


def newest_events(events: Iterable[Seen]) -> dict[str, Seen]:
    """Return the newest copy of each event by its RECURRENCE-ID; one that a calendar still has before one deleted."""
    found: dict[str, Seen] = {}
    for one in sorted(events, key=_version):
        found[one.invitation.recurrence] = one
    return found


def _version(event: Seen) -> tuple[bool, int, int, str, str]:
    told = event.invitation
    return told.method != GONE, told.sequence, event.changed or 0, event.source or "", repr(told)


def of_event(event: Seen, owner: frozenset[str]) -> Meeting:
    """Return a meeting that no message tells of."""
    told = event.invitation
    return Meeting(event, _state(event, owner), told.start, told.end, None, people_of(event, (), owner))


def with_event(meeting: Meeting, event: Seen, owner: frozenset[str]) -> Meeting:
    """Return a meeting as the owner's messages and a calendar tell it together."""
    told, said = event.invitation, meeting.seen.invitation
    newer = told.sequence >= said.sequence and told.start is not None and told.method != GONE
    state = _together(meeting, event, owner)
    decided = meeting.seen if state is meeting.state else event
    people = people_of(event, (), owner) if newer else meeting.people
    return replace(
        meeting,
        seen=replace(decided, invitation=replace(decided.invitation, summary=(told if newer else said).summary)),
        state=state,
        start=told.start if newer else meeting.start,
        end=told.end if newer else meeting.end,
        # What Outlook and iCloud publish names nobody.
        people=people or meeting.people,
    )


def _state(event: Seen, owner: frozenset[str]) -> State:
    """Return what a calendar alone says. An invitation that the owner didn't answer stands in it as well."""
    if event.invitation.cancelled:
        return CANCELLED
    return {"DECLINED": DECLINED, "DELEGATED": DECLINED, "TENTATIVE": TENTATIVE}.get(
        partstat_in(event.invitation, owner), HELD
    )


def _together(meeting: Meeting, event: Seen, owner: frozenset[str]) -> State:
    mail, calendar = meeting.state, _state(event, owner)
    if CANCELLED in {mail, calendar} and mail is not calendar:
        # Called off in one of the two: the newer version holds.
        if mail is CANCELLED:
            return calendar if _is_later(event, meeting.seen) else mail
        return mail if meeting.seen.invitation.sequence > event.invitation.sequence else calendar
    if calendar is DECLINED:
        renewed = mail is ACCEPTED and event.changed is not None and meeting.seen.stamp > event.changed
        return mail if renewed else calendar
    if mail.word in VOID or mail is COUNTER:
        accepted = partstat_in(event.invitation, owner) in {"ACCEPTED", "TENTATIVE"}
        return calendar if accepted and _is_later(event, meeting.seen) else mail
    # An answer of the owner's outranks that the meeting only stands there.
    if mail is ACCEPTED or (mail is TENTATIVE and calendar is HELD):
        accepted_there = partstat_in(event.invitation, owner) == "ACCEPTED"
        return mail if mail is ACCEPTED or not accepted_there else calendar
    return calendar


def _is_later(event: Seen, message: Seen) -> bool:
    """Return whether a calendar's copy is surely newer than a message."""
    before, now = message.invitation.sequence, event.invitation.sequence
    if event.changed is None:
        return now > before
    return now >= before and event.changed > message.stamp
