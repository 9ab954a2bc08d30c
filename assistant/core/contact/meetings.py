"""What became of a meeting, and whom it was contact with, from every message in which its UID was seen.

The rules are those of docs/how-contact-is-inferred.md under "Meetings". All messages of one UID are judged together,
so the order in which they were read never matters.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING, NamedTuple

from assistant.core.contact.calendar import Attendee, starts
from assistant.core.contact.mailing_lists import is_list
from assistant.core.contact.verdict import BROADCAST, Verdict, full, none, recipients, soft

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence
    from zoneinfo import ZoneInfo

    from assistant.core.contact.calendar import Invitation, Rule
    from assistant.core.mail.envelope import Envelope

_CALENDAR_HOSTS = ("group.calendar.google.com", "resource.calendar.google.com", "import.calendar.google.com")
_PLACES = frozenset({"ROOM", "RESOURCE"})


@dataclass(frozen=True, slots=True)
class Seen:
    """One invitation as one message carried it: the message's key and its date (seconds since 1970 UTC, or None)."""

    message: int
    sent_at: int | None
    invitation: Invitation


class Occurrence(NamedTuple):
    """One person at one meeting: what it counts once it has ended.

    `start` and `end` in seconds since 1970 UTC, None when nobody told. `fixed`: the verdict holds before the end too
    (declined, cancelled, unknown); else it is `meeting-ahead` until then. `state` says what became of the meeting.
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
_ASIDE = frozenset({"REFRESH", "DECLINECOUNTER"})


@dataclass(frozen=True, slots=True)
class _Meeting:
    """The winner of one (UID, RECURRENCE-ID), with what it borrowed from the others."""

    seen: Seen
    state: _State
    start: int | None
    end: int | None
    rule: Rule | None
    people: tuple[Attendee, ...]


def resolve(
    all_seen: Iterable[Seen],
    *,
    owner: frozenset[str],
    lists: Container[str],
    zone: ZoneInfo,
    horizon: int,
) -> tuple[Occurrence, ...]:
    """Return a row for each person but the owner at each meeting of one UID; empty where it names nobody.

    A recurring meeting has one for each start up to `horizon` (seconds since 1970 UTC).
    """
    everything = sorted(all_seen, key=lambda one: _rank(one, owner))
    by_recurrence: dict[str, list[Seen]] = {}
    for one in everything:
        by_recurrence.setdefault(one.invitation.recurrence, []).append(one)
    series = _settled(by_recurrence.pop("", []), everything, owner)
    found: list[Occurrence] = []
    singles = {key: _single(key, group, everything, series, owner) for key, group in by_recurrence.items()}
    if series:
        every = _starts(series, zone, horizon)
        said = {key if int(key) in every else _start_of_day(int(key), every, zone) for key in singles}
        for start in every:
            if str(start) in said:
                continue
            found.extend(_rows(series, "", start, owner, lists, _onwards(start, singles)))
    for key, meeting in singles.items():
        found.extend(_rows(meeting, key, meeting.start, owner, lists, None))
    return tuple(found)


def is_owners_word(invitation: Invitation, owner: frozenset[str]) -> bool:
    """Return whether it is the owner who invites or answers in it; false for what was sent on, and invites nobody."""
    if invitation.method in _ANSWERS | _ASIDE:
        return invitation.organiser is None or invitation.organiser.address not in owner
    return invitation.method != "PUBLISH" and _is_organiser(invitation, owner)


def addressed(invitation: Invitation, envelope: Envelope, owner: frozenset[str]) -> Invitation:
    """Return an answer that names no organiser, as outlook.com writes it, with the one it was sent to as organiser."""
    if invitation.organiser is not None or invitation.method not in _ANSWERS:
        return invitation
    people = recipients(envelope, owner)
    if len(people) != 1:
        return invitation
    return replace(invitation, organiser=Attendee(people[0][1].address, people[0][1].name))


def _rank(one: Seen, owner: frozenset[str]) -> tuple[int, bool, int, bool, int, str]:
    """Sort invitations: the highest SEQUENCE last, then what the owner said, then the latest DTSTAMP.

    Of two of one instant the one that calls the meeting off is last.
    """
    invitation = one.invitation
    state = _state(invitation, owner)
    own = invitation.method not in _ASIDE and state is not _UNKNOWN
    return (invitation.sequence, own, _stamp(one), state.word in _VOID, one.sent_at or 0, repr(invitation))


def _stamp(one: Seen) -> int:
    return one.invitation.stamp if one.invitation.stamp is not None else one.sent_at or 0


def _settled(group: list[Seen], everything: list[Seen], owner: frozenset[str]) -> _Meeting | None:
    """Return what became of one meeting: its winner's word, with times and people borrowed where it has none."""
    if not group:
        return None
    spoken = [one for one in group if one.invitation.method not in _ASIDE] or group
    winner = spoken[-1]
    # Many programs leave SEQUENCE out of a CANCEL: what was called off later is off.
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
    """Return what became of one occurrence of a series; void with the series when that was called off later."""
    meeting = _settled(group, everything, owner)
    if meeting is None:  # pragma: no cover - a group is never empty
        raise ValueError(key)
    start, end = meeting.start, meeting.end
    if start is None:
        start = int(key)
        length = (series.end or 0) - (series.start or 0) if series and series.start is not None else 0
        end = start + length
    state = meeting.state
    if series and series.state.word in _VOID and _rank(series.seen, owner)[:3] >= _rank(meeting.seen, owner)[:3]:
        state = series.state
    return _Meeting(meeting.seen, state, start, end, None, meeting.people)


def _start_of_day(day: int, every: Sequence[int | None], zone: ZoneInfo) -> str:
    """Return the start that a RECURRENCE-ID means which gives a day alone, as its midnight; "" where none fits."""
    midnight = datetime.fromtimestamp(day, zone)
    if midnight.time() != time():
        return ""
    days = (start for start in every if start is not None and _is_on(start, midnight.date(), zone))
    return str(next(days, ""))


def _is_on(at: int, day: date, zone: ZoneInfo) -> bool:
    return datetime.fromtimestamp(at, zone).date() == day


def _starts(series: _Meeting, zone: ZoneInfo, horizon: int) -> Sequence[int | None]:
    if series.start is None or series.rule is None:
        return (series.start,)
    return starts(series.rule, series.start, horizon, zone)


def _onwards(start: int | None, singles: dict[str, _Meeting]) -> _State | None:
    """Return the void that an earlier occurrence spoke for itself and all later ones, None where none did."""
    for key, meeting in singles.items():
        if meeting.seen.invitation.onwards and start is not None and int(key) <= start and meeting.state.word in _VOID:
            return meeting.state
    return None


def _state(invitation: Invitation, owner: frozenset[str]) -> _State:
    """Return what one message says became of the meeting, as far as the owner's own word goes."""
    if invitation.method == "CANCEL" or invitation.cancelled:
        return _CANCELLED
    if invitation.method == "COUNTER":
        return _COUNTER
    if invitation.method == "REPLY":
        answer = _answer(invitation, owner)
        return {"ACCEPTED": _ACCEPTED, "TENTATIVE": _TENTATIVE, "DECLINED": _DECLINED, "DELEGATED": _DECLINED}.get(
            answer, _UNKNOWN
        )
    if invitation.method in {"REQUEST", "ADD", ""} and _is_organiser(invitation, owner):
        return _REQUESTED
    return _UNKNOWN


def _answer(invitation: Invitation, owner: frozenset[str]) -> str:
    """Return the owner's PARTSTAT in their REPLY; it names only them, under an address perhaps not configured."""
    own = [one.partstat for one in invitation.attendees if one.address in owner]
    if own:
        return own[0]
    return invitation.attendees[0].partstat if len(invitation.attendees) == 1 else ""


def _is_organiser(invitation: Invitation, owner: frozenset[str]) -> bool:
    organiser = invitation.organiser
    return organiser is None or organiser.address in owner or organiser.address.endswith(_CALENDAR_HOSTS)


def _people(winner: Invitation, known: list[Invitation], owner: frozenset[str]) -> tuple[Attendee, ...]:
    """Return organiser and attendees but the owner; an answer names only the owner, so the others are borrowed."""
    sources = [winner]
    if winner.method in _ANSWERS or not winner.attendees:
        here = [one for one in known if one.method not in _ANSWERS and one.attendees]
        sources += [one for one in here if one.recurrence == winner.recurrence][:1] or here[:1]
    found: dict[str, Attendee] = {}
    for source in sources:
        # The one attendee of an answer is the owner, under whatever address.
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
    owner: frozenset[str],
    lists: Container[str],
    void: _State | None,
) -> list[Occurrence]:
    del owner
    state = void or meeting.state
    if start is None and not state.fixed:
        state = _UNKNOWN
    length = (meeting.end or 0) - (meeting.start or 0) if meeting.start is not None else 0
    end = None if start is None else start + length
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
