"""Meetings as mail programs send them: iMIP requests and replies (RFC 6047, RFC 5546)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.demo.letter_style import LetterWriter
    from assistant.demo.letters import Letter, Party

_SUBJECTS = {"ACCEPTED": "Accepted: {}", "DECLINED": "Declined: {}", "TENTATIVE": "Tentatively accepted: {}"}
_COUNT = 84


@dataclass(frozen=True, slots=True)
class DemoMeeting:
    """One meeting. `rule` is an RRULE value or "", `states` are PARTSTAT values by address."""

    summary: str
    start: datetime
    minutes: int
    organiser: Party
    people: tuple[Party, ...]
    uid: str
    rule: str = ""
    place: str = ""
    states: dict[str, str] = field(default_factory=dict)


def calendar(meeting: DemoMeeting, method: str, stamp: datetime, attendees: tuple[Party, ...]) -> str:
    """Return the iCalendar text of a REQUEST or REPLY."""
    end = meeting.start + timedelta(minutes=meeting.minutes)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Northwind//Calendar//EN",
        f"METHOD:{method}",
        "BEGIN:VEVENT",
        f"UID:{meeting.uid}",
        f"DTSTAMP:{_utc(stamp)}",
        f"DTSTART:{_utc(meeting.start)}",
        f"DTEND:{_utc(end)}",
        *([f"RRULE:{meeting.rule}"] if meeting.rule else []),
        f"SUMMARY:{_escaped(meeting.summary)}",
        *([f"LOCATION:{_escaped(meeting.place)}"] if meeting.place else []),
        f"ORGANIZER;CN={_quoted(meeting.organiser[0])}:mailto:{meeting.organiser[1]}",
        *(_attendee(party, meeting.states.get(party[1], "NEEDS-ACTION")) for party in attendees),
        "SEQUENCE:0",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "\n".join(folded for line in lines for folded in _fold(line)) + "\n"


def reply(writer: LetterWriter, meeting: DemoMeeting, at: datetime, state: str = "ACCEPTED") -> Letter:
    """Return the owner's answer to an invitation."""
    # A REPLY names only who answers as attendee (RFC 5546, 3.2.3).
    owner = writer.cast.owner
    answered = DemoMeeting(
        meeting.summary, meeting.start, meeting.minutes, meeting.organiser, (owner,), meeting.uid, meeting.rule,
        meeting.place, {owner[1]: state},
    )  # fmt: skip
    letter = writer.letter(at, [meeting.organiser], (_SUBJECTS[state].format(meeting.summary), ""))
    return letter.copy(calendar=calendar(answered, "REPLY", at, (owner,)), method="REPLY")


def request(writer: LetterWriter, meeting: DemoMeeting, at: datetime, sender: Party | None = None) -> Letter:
    """Return an invitation from the owner, or from `sender` to the owner and the others."""
    to = meeting.people if sender is None else (writer.cast.owner, *meeting.people)
    letter = writer.letter(at, to, (f"Invitation: {meeting.summary}", ""))
    text = calendar(meeting, "REQUEST", at, to)
    return letter.copy(sender=sender or writer.cast.owner, calendar=text, method="REQUEST")


def invitation_answers(writer: LetterWriter) -> Iterator[Letter]:
    """Yield two years of answers to colleagues' invitations, most of them accepted."""
    for number in range(_COUNT):
        days = writer.chance.uniform(3, 720)
        at = writer.moment(days)
        start = writer.moment(days - writer.chance.uniform(1, 2.9)).replace(minute=0, second=0)
        meeting = DemoMeeting(
            writer.chance.choice(writer.cast.texts["meetings"]),
            start,
            30,
            writer.chance.choice(writer.cast.colleagues),
            (),
            f"m{number}@northwind.example",
        )
        yield reply(writer, meeting, at, writer.chance.choices(("ACCEPTED", "TENTATIVE", "DECLINED"), (8, 1, 1))[0])


def special(writer: LetterWriter) -> Iterator[Letter]:
    """Yield the meetings the digest should know: this week's, and a series."""
    for meeting, days in coming_meetings(writer):
        yield reply(writer, meeting, writer.moment(days))
    one_to_one = DemoMeeting(
        "Tobias and Priya, every other week", writer.moment(200).replace(hour=10, minute=0, second=0), 30,
        writer.cast.colleagues[0], (), "tobias-priya@northwind.example", "FREQ=WEEKLY;INTERVAL=2",
    )  # fmt: skip
    yield reply(writer, one_to_one, writer.moment(203))


def coming_meetings(writer: LetterWriter) -> tuple[tuple[DemoMeeting, float], ...]:
    """Return the accepted meetings of this week, each with how many days ago it was accepted."""
    ingrid, aisha = writer.cast.friend("Ingrid").party(0), writer.cast.friend("Aisha").party(0)
    mei_lin, daniel = writer.cast.friend("Mei Lin").party(0), writer.cast.friend("Daniel").party(0)
    return (
        (
            DemoMeeting(
                "Coffee with Ingrid",
                _this_week(writer, 3, 16),
                45,
                ingrid,
                (),
                "coffee@fjordlabs.example",
                place="by the canal",
            ),
            4,
        ),
        (
            DemoMeeting(
                "Architecture review: chargebacks",
                _this_week(writer, 2, 11),
                60,
                aisha,
                (daniel,),
                "review@northwind.example",
            ),
            5,
        ),
        (
            DemoMeeting(
                "Sandbox for partners: declined cards",
                _this_week(writer, 4, 10),
                30,
                mei_lin,
                (),
                "sandbox@northwind.example",
            ),
            3,
        ),
    )


def _this_week(writer: LetterWriter, weekday: int, hour: int) -> datetime:
    """Return that hour of a weekday in the week of `now`, or in the next week if it is over."""
    monday = writer.now.replace(minute=0, second=0, microsecond=0) - timedelta(days=writer.now.weekday())
    at = (monday + timedelta(days=weekday)).replace(hour=hour)
    return at if at > writer.now else at + timedelta(days=7)


def _attendee(party: Party, state: str) -> str:
    return f"ATTENDEE;CN={_quoted(party[0])};PARTSTAT={state}:mailto:{party[1]}"


def _quoted(name: str) -> str:
    return f'"{name}"'


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _fold(line: str) -> list[str]:
    """Return a line in pieces of at most 60 characters, continued by a blank (RFC 5545, 3.1)."""
    pieces = [line[start : start + 60] for start in range(0, len(line), 60)]
    return [piece if number == 0 else f" {piece}" for number, piece in enumerate(pieces)]
