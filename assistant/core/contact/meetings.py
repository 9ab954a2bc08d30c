"""What became of a meeting, and who it was contact with, from all messages with its UID.

    all invitations of one UID, ranked ─┬─> the series ─> its starts ─┬─> a row for each person at each meeting
                                        └─> single occurrences ───────┘

The rules are in docs/how-contact-is-inferred.md, "Meetings". All messages of one UID are judged together, so the order
in which they are read never matters.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import TYPE_CHECKING, NamedTuple

from assistant.core.contact.calendar import Attendee
from assistant.core.contact.mailing_lists import is_list
from assistant.core.contact.recurrence import starts
from assistant.core.contact.verdict import BROADCAST, Verdict, full, none, recipients, soft

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence
    from zoneinfo import ZoneInfo

    from assistant.core.contact.calendar import Invitation
    from assistant.core.contact.recurrence import Rule
    from assistant.core.mail.envelope import Envelope

# Google gives shared calendars and rooms addresses of their own. They aren't people.
_CALENDAR_HOSTS = ("group.calendar.google.com", "resource.calendar.google.com", "import.calendar.google.com")
_PLACES = frozenset({"ROOM", "RESOURCE"})


@dataclass(frozen=True, slots=True)
class Seen:
    """An invitation in one message: the message's key, and its date (seconds since 1970 UTC, or None)."""

    message: int
    sent_at: int | None
    invitation: Invitation


class Occurrence(NamedTuple):
    """One person at one meeting, and what it counts once it has ended.

    `start` and `end` are seconds since 1970 UTC, None if no message tells. `fixed` says that the verdict holds before
    the end too (declined, cancelled, unknown); otherwise it is `meeting-ahead` until then. `state` says what became of
    the meeting.
    """

    message: int
    recurrence: str
    start: int | None
    end: int | None
    address: str
    name: str
    verdict: Verdict
    fixed: bool
    state: str
    summary: str


class _State(NamedTuple):
    word: str
    verdict: Verdict
    fixed: bool


_ACCEPTED = _State("accepted", full("meeting"), fixed=False)
_TENTATIVE = _State("tentative", soft("meeting"), fixed=False)
_REQUESTED = _State("requested", soft("meeting-unconfirmed"), fixed=False)
_DECLINED = _State("declined", none("declined"), fixed=True)
_CANCELLED = _State("cancelled", none("cancelled"), fixed=True)
_COUNTER = _State("counter", none("counter"), fixed=True)
_UNKNOWN = _State("unknown", none("meeting-unknown"), fixed=True)
_VOID = frozenset({"declined", "cancelled"})
_ANSWERS = frozenset({"REPLY", "COUNTER"})
# Messages about a meeting that change nothing of it (RFC 5546, 3.2.6 and 3.2.8).
_ASIDE = frozenset({"REFRESH", "DECLINECOUNTER"})


@dataclass(frozen=True, slots=True)
class _Meeting:
    """What became of one (UID, RECURRENCE-ID): the winning message, with what it borrows from the others."""

    seen: Seen
    state: _State
    start: int | None
    end: int | None
    rule: Rule | None
    people: tuple[Attendee, ...]


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
    everything = sorted(all_seen, key=lambda one: _rank(one, owner))
    by_recurrence: dict[str, list[Seen]] = {}
    for one in everything:
        by_recurrence.setdefault(one.invitation.recurrence, []).append(one)
    series = _outcome(by_recurrence.pop("", []), everything, owner)
    found: list[Occurrence] = []
    singles = {key: _single(key, group, everything, series, owner) for key, group in by_recurrence.items()}
    if series:
        every = _starts(series, zone, horizon)
        said = {key if int(key) in every else _start_of_day(int(key), every, zone) for key in singles}
        for start in every:
            if str(start) in said:
                continue
            found.extend(_rows(series, "", start, lists, _onwards(start, singles)))
    for key, meeting in singles.items():
        found.extend(_rows(meeting, key, meeting.start, lists, None))
    return tuple(found)


def is_owners_word(invitation: Invitation, owner: frozenset[str]) -> bool:
    """Return whether the owner invites or answers in it. False for an invitation that was only forwarded."""
    if invitation.method in _ANSWERS | _ASIDE:
        return invitation.organiser is None or invitation.organiser.address not in owner
    return invitation.method != "PUBLISH" and _is_organiser(invitation, owner)


def addressed(invitation: Invitation, envelope: Envelope, owner: frozenset[str]) -> Invitation:
    """Return the invitation; an answer without an organiser gets its one recipient as organiser."""
    # outlook.com leaves ORGANIZER out of its answers.
    if invitation.organiser is not None or invitation.method not in _ANSWERS:
        return invitation
    people = recipients(envelope, owner)
    if len(people) != 1:
        return invitation
    return replace(invitation, organiser=Attendee(people[0][1].address, people[0][1].name))


def _rank(one: Seen, owner: frozenset[str]) -> tuple[int, bool, int, bool, int, str]:
    """Return the sort key of invitations: by SEQUENCE, the owner's own word, DTSTAMP. The last one wins."""
    # An invitation that the owner forwarded later must not take back the owner's own answer, so the owner's word comes
    # before the stamp. Of two with one stamp, the one that calls the meeting off wins.
    invitation = one.invitation
    state = _state(invitation, owner)
    own = invitation.method not in _ASIDE and state is not _UNKNOWN
    return (invitation.sequence, own, _stamp(one), state.word in _VOID, one.sent_at or 0, repr(invitation))


def _stamp(one: Seen) -> int:
    return one.invitation.stamp if one.invitation.stamp is not None else one.sent_at or 0


def _outcome(group: list[Seen], everything: list[Seen], owner: frozenset[str]) -> _Meeting | None:
    """Return what became of one meeting. The winning message borrows times and people that it lacks."""
    if not group:
        return None
    spoken = [one for one in group if one.invitation.method not in _ASIDE] or group
    winner = spoken[-1]
    # Many programs leave SEQUENCE out of a CANCEL, so it wins by a later stamp alone.
    off = [one for one in spoken if _state(one.invitation, owner) is _CANCELLED and _stamp(one) > _stamp(winner)]
    winner = max(off, key=_stamp, default=winner)
    same = [one.invitation for one in reversed(group)]
    timed = next((one for one in [winner.invitation, *same] if one.start is not None), None)
    rule = next((one.rule for one in [winner.invitation, *same] if one.rule), None)
    return _Meeting(
        seen=winner,
        state=_state(winner.invitation, owner),
        start=timed.start if timed else None,
        end=timed.end if timed else None,
        rule=rule,
        people=_people(winner.invitation, [one.invitation for one in reversed(everything)], owner),
    )


def _single(
    key: str, group: list[Seen], everything: list[Seen], series: _Meeting | None, owner: frozenset[str]
) -> _Meeting:
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
    if series and series.state.word in _VOID and _rank(series.seen, owner)[:3] >= _rank(meeting.seen, owner)[:3]:
        state = series.state
    return _Meeting(meeting.seen, state, start, end, None, meeting.people)


def _start_of_day(day: int, every: Sequence[int | None], zone: ZoneInfo) -> str:
    """Return the start meant by a RECURRENCE-ID that is only a day (given as its midnight), "" if none fits."""
    midnight = datetime.fromtimestamp(day, zone)
    if midnight.time() != time():
        return ""
    date = midnight.date()
    fitting = (start for start in every if start is not None and datetime.fromtimestamp(start, zone).date() == date)
    return str(next(fitting, ""))


def _starts(series: _Meeting, zone: ZoneInfo, horizon: int) -> Sequence[int | None]:
    if series.start is None or series.rule is None:
        return (series.start,)
    return starts(series.rule, series.start, horizon, zone)


def _onwards(start: int | None, singles: dict[str, _Meeting]) -> _State | None:
    """Return the void state that an earlier occurrence declared for all later ones too, or None."""
    for key, meeting in singles.items():
        if meeting.seen.invitation.onwards and start is not None and int(key) <= start and meeting.state.word in _VOID:
            return meeting.state
    return None


def _state(invitation: Invitation, owner: frozenset[str]) -> _State:
    """Return what became of the meeting according to one message."""
    if invitation.method == "CANCEL" or invitation.cancelled:
        return _CANCELLED
    if invitation.method == "COUNTER":
        return _COUNTER
    if invitation.method == "REPLY":
        answer = _answer(invitation, owner)
        return {"ACCEPTED": _ACCEPTED, "TENTATIVE": _TENTATIVE, "DECLINED": _DECLINED, "DELEGATED": _DECLINED}.get(
            answer, _UNKNOWN
        )
    # The others' answers aren't in Sent, so the owner's own invitation only says that a meeting was planned.
    if invitation.method in {"REQUEST", "ADD", ""} and _is_organiser(invitation, owner):
        return _REQUESTED
    return _UNKNOWN


def _answer(invitation: Invitation, owner: frozenset[str]) -> str:
    """Return the owner's PARTSTAT in a REPLY, "" if it isn't clear."""
    own = [one.partstat for one in invitation.attendees if one.address in owner]
    if own:
        return own[0]
    # A REPLY names only who answers. That is the owner, even under an address that isn't configured.
    return invitation.attendees[0].partstat if len(invitation.attendees) == 1 else ""


def _is_organiser(invitation: Invitation, owner: frozenset[str]) -> bool:
    organiser = invitation.organiser
    return organiser is None or organiser.address in owner or organiser.address.endswith(_CALENDAR_HOSTS)


def _people(winner: Invitation, known: list[Invitation], owner: frozenset[str]) -> tuple[Attendee, ...]:
    """Return the organiser and the attendees, without the owner."""
    sources = [winner]
    # An answer names nobody but the owner, so the others come from an invitation.
    if winner.method in _ANSWERS or not winner.attendees:
        here = [one for one in known if one.method not in _ANSWERS and one.attendees]
        sources += [one for one in here if one.recurrence == winner.recurrence][:1] or here[:1]
    found: dict[str, Attendee] = {}
    for source in sources:
        # The one attendee of an answer is the owner, whatever the address.
        answered = () if source.method in _ANSWERS and len(source.attendees) == 1 else source.attendees
        for one in (*((source.organiser,) if source.organiser else ()), *answered):
            if one.address in owner or one.address.endswith(_CALENDAR_HOSTS):
                continue
            before = found.get(one.address)
            if before is None or (before.partstat == "NEEDS-ACTION" and one.partstat != before.partstat):
                found[one.address] = one
    return tuple(found.values())


def _rows(
    meeting: _Meeting,
    recurrence: str,
    start: int | None,
    lists: Container[str],
    void: _State | None,
) -> list[Occurrence]:
    state = void or meeting.state
    if start is None and not state.fixed:
        state = _UNKNOWN
    length = (meeting.end or 0) - (meeting.start or 0) if meeting.start is not None else 0
    end = None if start is None else start + length
    # Rooms and projectors don't make a crowd.
    present = [one for one in meeting.people if one.kind not in _PLACES]
    listed = any(one.kind == "GROUP" or is_list(one.address, lists) for one in present)
    rows = []
    for one in meeting.people:
        verdict, fixed = _for_one(one, state, lists, crowd=len(present), listed=listed)
        summary = meeting.seen.invitation.summary
        rows.append(
            Occurrence(
                meeting.seen.message, recurrence, start, end, one.address, one.name, verdict, fixed, state.word, summary
            )
        )
    return rows


def _for_one(  # noqa: PLR0911 - one return for each rule
    one: Attendee, state: _State, lists: Container[str], *, crowd: int, listed: bool
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
    if listed and state.verdict.word == "full":
        return soft("list"), False
    return state.verdict, False
