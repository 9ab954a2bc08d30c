"""One meeting from all that tells of it: the owner's mail, received mail and calendars, in any order of reading."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest

from assistant.core.contact.calendar import read_invitations
from assistant.core.contact.calendar_file import Span, read_calendar_file
from assistant.core.contact.meeting_words import GONE
from assistant.core.contact.meetings import MOST_ROWS, Occurrence, Seen, meeting_occurrences
from tests.scanning import BERLIN

OWNER = frozenset({"jo@harbour.example", "jo@home.example"})
JO, MARA, OLE = "jo@harbour.example", "mara@quist.example", "ole@brandt.example"
SPAN = Span(1_767_225_600, 1_783_000_000)  # the first half of 2026
TIMES = ("DTSTART:20260305T090000Z", "DTEND:20260305T100000Z")


def lines(*more: str, by: str = JO, to: tuple[str, ...] = (MARA,), seq: int = 0, at: str = "20260301T080000Z") -> str:
    people = [
        f"ATTENDEE;PARTSTAT={one.partition('=')[2] or 'NEEDS-ACTION'}:mailto:{one.partition('=')[0]}" for one in to
    ]
    told = [f"ORGANIZER:mailto:{by}", *people, f"SEQUENCE:{seq}", *more]
    told += [] if any(one.startswith(("LAST-MODIFIED", "DTSTAMP")) for one in more) else [f"DTSTAMP:{at}"]
    return "\r\n".join(("BEGIN:VEVENT", "UID:u1", "SUMMARY:Coffee", *told, "END:VEVENT"))


def message(text: str, method: str) -> str:
    return f"BEGIN:VCALENDAR\r\nMETHOD:{method}\r\n{text}\r\nEND:VCALENDAR\r\n"


def sent(method: str, *more: str, **given: object) -> list[Seen]:
    text = message(lines(*more, **given), method)  # type: ignore[arg-type]
    return [Seen(1, 1, one) for one in read_invitations(text, method="", zone=BERLIN)]


def heard(sender: str, method: str, *more: str, **given: object) -> list[Seen]:
    text = message(lines(*more, **given), method)  # type: ignore[arg-type]
    found = read_invitations(text, method="", zone=BERLIN)
    return [Seen(None, 2, one, f"received {sender}", sender) for one in found]


def event(*more: str, export: bool = False, name: str = "Work", **given: object) -> list[Seen]:
    method = "METHOD:PUBLISH\r\n" if export else ""
    text = f"BEGIN:VCALENDAR\r\n{method}{lines(*more, **given)}\r\nEND:VCALENDAR\r\n"  # type: ignore[arg-type]
    found = read_calendar_file(text, SPAN, BERLIN)
    assert found is not None
    return [Seen(None, 3, one, f"calendar {name}") for one in found.occurrences]


def gone(seen: list[Seen], at: int = 1_772_500_000) -> list[Seen]:
    return [
        replace(one, invitation=replace(one.invitation, method=GONE, cancelled=True, stamp=at, modified=None))
        for one in seen
    ]


def judged(*seen: list[Seen]) -> tuple[Occurrence, ...]:
    everything = [one for some in seen for one in some]
    results = {
        tuple(sorted(map(repr, meeting_occurrences(order, owner=OWNER, lists=(), zone=BERLIN, horizon=SPAN.end))))
        for order in permutations(everything)
    }
    assert len(results) == 1, "the order of reading matters"
    return meeting_occurrences(everything, owner=OWNER, lists=(), zone=BERLIN, horizon=SPAN.end)


def of(address: str, *seen: list[Seen]) -> list[tuple[str, str, str, str | None]]:
    rows = judged(*seen)
    return [(one.verdict.word, one.verdict.reason, one.state, one.source) for one in rows if one.address == address]


INVITED = sent("REQUEST", *TIMES)
CROWD = tuple(f"p{number}@x.example" for number in range(9))


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("ACCEPTED", ("full", "meeting", "accepted", f"received {MARA}")),
        ("TENTATIVE", ("soft", "meeting", "tentative", f"received {MARA}")),
        ("DECLINED", ("none", "declined", "declined", f"received {MARA}")),
        ("NEEDS-ACTION", ("soft", "meeting-unconfirmed", "requested", None)),
    ],
)
def test_their_answer_to_the_owners_invitation(answer: str, expected: tuple[str, ...]) -> None:
    assert of(MARA, INVITED, heard(MARA, "REPLY", to=(f"{MARA}={answer}",))) == [expected]


def test_a_counter_proposal_is_no_meeting() -> None:
    assert of(MARA, INVITED, heard(MARA, "COUNTER", *TIMES, to=(f"{MARA}=TENTATIVE",)))[0][:2] == ("none", "counter")


def test_of_two_answers_the_later_counts() -> None:
    yes = heard(MARA, "REPLY", to=(f"{MARA}=ACCEPTED",), at="20260302T080000Z")
    no = heard(MARA, "REPLY", to=(f"{MARA}=DECLINED",), at="20260303T080000Z")
    assert of(MARA, INVITED, yes, no)[0][1] == "declined"


def test_nobody_answers_for_another() -> None:
    both = sent("REQUEST", *TIMES, to=(MARA, OLE))
    for one in (MARA, OLE):
        assert of(one, both, heard(OLE, "REPLY", to=(f"{MARA}=ACCEPTED",)))[0][1] == "meeting-unconfirmed"


def test_a_crowd_that_accepts_is_no_contact() -> None:
    crowd = sent("REQUEST", *TIMES, to=(MARA, *CROWD))
    assert of(MARA, crowd, heard(MARA, "REPLY", to=(f"{MARA}=ACCEPTED",)))[0][:2] == ("none", "meeting-large")


def test_an_answer_to_an_earlier_time_says_nothing() -> None:
    moved = sent("REQUEST", "DTSTART:20260306T090000Z", "DTEND:20260306T100000Z", seq=1)
    assert (
        of(MARA, INVITED, moved, heard(MARA, "REPLY", *TIMES, to=(f"{MARA}=ACCEPTED",)))[0][1] == "meeting-unconfirmed"
    )


def test_an_answer_alone_leaves_to_ask_whether_they_met() -> None:
    yes = heard(MARA, "REPLY", *TIMES, to=(f"{MARA}=ACCEPTED",))
    no = heard(OLE, "REPLY", *TIMES, to=(f"{OLE}=DECLINED",))
    found = {(one.address, one.verdict.reason, one.message) for one in judged(yes, no)}
    assert found == {(MARA, "meeting-unconfirmed", None), (OLE, "declined", None)}


THEIRS = heard(MARA, "REQUEST", *TIMES, by=MARA, to=(JO,))


def test_their_invitation_without_an_answer_is_asked_about() -> None:
    assert of(MARA, THEIRS) == [("none", "invited", "invited", f"received {MARA}")]


def test_the_owners_answer_to_their_invitation_holds() -> None:
    accepted = sent("REPLY", by=MARA, to=(f"{JO}=ACCEPTED",))
    assert of(MARA, THEIRS, accepted) == [("full", "meeting", "accepted", None)]
    again = heard(MARA, "REQUEST", *TIMES, "LOCATION:elsewhere", by=MARA, to=(JO, OLE), seq=1, at="20260302T080000Z")
    assert of(MARA, THEIRS, accepted, again)[0][:2] == ("full", "meeting"), "only the place changed"
    moved = heard(MARA, "REQUEST", "DTSTART:20260309T090000Z", "DTEND:20260309T100000Z", by=MARA, to=(JO,), seq=1)
    assert of(MARA, THEIRS, accepted, moved)[0][1] == "invited"


def test_only_the_organizer_calls_off() -> None:
    accepted = sent("REPLY", by=MARA, to=(f"{JO}=ACCEPTED",))
    off = heard(MARA, "CANCEL", by=MARA, to=(JO,), seq=1)
    assert of(MARA, THEIRS, accepted, off)[0][1:3] == ("cancelled", "cancelled")
    forged = heard(OLE, "CANCEL", by=OLE, to=(JO,), seq=9, at="20260304T080000Z")
    assert of(MARA, THEIRS, accepted, forged)[0][1] == "meeting"
    assert of(MARA, INVITED, heard(MARA, "CANCEL", by=MARA, seq=9))[0][1] == "meeting-unconfirmed", (
        "it is the owner's own"
    )


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ((MARA,), ("full", "meeting")),
        ((MARA, OLE, "a@x.example", "b@x.example"), ("full", "meeting")),
        ((MARA, *CROWD[:4]), ("soft", "meeting-group")),
        ((MARA, *CROWD[:8]), ("soft", "meeting-group")),
        ((MARA, *CROWD), ("none", "meeting-large")),
        ((f"{MARA}=DECLINED",), ("none", "declined")),
        ((f"{JO}=DECLINED", MARA), ("none", "declined")),
        ((f"{JO}=TENTATIVE", MARA), ("soft", "meeting")),
        ((f"{JO}=NEEDS-ACTION", f"{MARA}=ACCEPTED"), ("full", "meeting")),
        (("jo@home.example=ACCEPTED", f"{JO}=NEEDS-ACTION", MARA), ("full", "meeting")),
    ],
)
def test_what_an_event_of_a_calendar_counts(people: tuple[str, ...], expected: tuple[str, str]) -> None:
    assert of(MARA, event(*TIMES, to=people))[0][:2] == expected


def test_an_event_that_was_called_off_counts_nothing() -> None:
    assert of(MARA, event(*TIMES, "STATUS:CANCELLED"))[0][1] == "cancelled"


def test_mail_and_calendar_are_one_meeting() -> None:
    assert of(MARA, INVITED, event(*TIMES)) == [("full", "meeting", "held", "calendar Work")]
    accepted = sent("REPLY", by=MARA, to=(f"{JO}=ACCEPTED",))
    there = event(*TIMES, by=MARA, to=(JO,))
    assert of(MARA, accepted, there) == [("full", "meeting", "accepted", None)]
    assert of(MARA, THEIRS, there) == [("full", "meeting", "held", "calendar Work")]
    series = sent("REQUEST", *TIMES, "RRULE:FREQ=WEEKLY;COUNT=3")
    assert len(of(MARA, series, event(*TIMES, "RRULE:FREQ=WEEKLY;COUNT=3"))) == 3


def test_an_occurrence_that_the_series_hasnt_stands_alone() -> None:
    series = sent("REQUEST", *TIMES, "RRULE:FREQ=WEEKLY;COUNT=2")
    other = sent("REQUEST", "RECURRENCE-ID:20260401T081500Z", "DTSTART:20260402T090000Z", "DTEND:20260402T100000Z")
    assert len(of(MARA, series, other)) == 3


def test_two_calendars_with_one_event_are_one_meeting() -> None:
    assert len(of(MARA, event(*TIMES), event(*TIMES, name="Home"))) == 1


def test_the_calendar_knows_where_a_meeting_was_moved() -> None:
    (row,) = judged(INVITED, event("DTSTART:20260306T090000Z", "DTEND:20260306T100000Z", seq=1))
    assert (row.start, row.message) == (1_772_787_600, 1)


@pytest.mark.parametrize(
    ("copy", "off"),
    [
        (event(*TIMES, "LAST-MODIFIED:20260228T080000Z", by=MARA, to=(JO,)), True),
        (event(*TIMES, "LAST-MODIFIED:20260304T080000Z", by=MARA, to=(JO,)), True),  # of an older SEQUENCE
        (event(*TIMES, "LAST-MODIFIED:20260304T080000Z", by=MARA, to=(JO,), seq=1), False),
        (
            event(*TIMES, by=MARA, to=(JO,), seq=1, at="20260304T080000Z", export=True),
            True,
        ),  # exported later, that's all
        (event(*TIMES, by=MARA, to=(JO,), seq=2, at="20260304T080000Z", export=True), False),
    ],
)
def test_a_cancellation_outlives_an_older_copy(copy: list[Seen], off: bool) -> None:  # noqa: FBT001
    cancel = heard(MARA, "CANCEL", by=MARA, to=(JO,), seq=1, at="20260303T080000Z")
    assert (of(MARA, cancel, copy)[0][1] == "cancelled") is off


def test_a_meeting_declined_in_the_calendar_alone_is_declined() -> None:
    accepted = sent("REPLY", by=MARA, to=(f"{JO}=ACCEPTED",), at="20260301T080000Z")
    declined = event(*TIMES, "LAST-MODIFIED:20260302T080000Z", by=MARA, to=(f"{JO}=DECLINED",))
    assert of(MARA, accepted, declined)[0][1] == "declined"
    later = sent("REPLY", by=MARA, to=(f"{JO}=ACCEPTED",), at="20260303T080000Z")
    assert of(MARA, later, declined)[0][1] == "meeting"
    no = sent("REPLY", by=MARA, to=(f"{JO}=DECLINED",), at="20260301T080000Z")
    assert of(MARA, no, event(*TIMES, by=MARA, to=(JO,)))[0][1] == "declined", "it only stands there"


def test_what_left_the_calendar_was_deleted() -> None:
    deleted = gone(event(*TIMES))
    assert of(MARA, INVITED, deleted)[0][1] == "cancelled"
    assert of(MARA, INVITED, deleted, event(*TIMES, name="Home"))[0][1] == "meeting", "it moved to another calendar"
    assert of(MARA, INVITED, deleted, sent("REQUEST", *TIMES, seq=1))[0][1] == "meeting-unconfirmed", "invited anew"


def test_their_answer_and_the_calendars_differ() -> None:
    no = heard(MARA, "REPLY", to=(f"{MARA}=DECLINED",), at="20260302T080000Z")
    yes = heard(MARA, "REPLY", to=(f"{MARA}=ACCEPTED",), at="20260302T080000Z")
    older, newer = "LAST-MODIFIED:20260301T080000Z", "LAST-MODIFIED:20260303T080000Z"
    assert of(MARA, INVITED, no, event(*TIMES, older, to=(f"{MARA}=ACCEPTED",)))[0][1] == "declined"
    assert of(MARA, INVITED, no, event(*TIMES, newer, to=(f"{MARA}=ACCEPTED",)))[0][1] == "meeting"
    assert of(MARA, INVITED, yes, event(*TIMES, older, to=(f"{MARA}=DECLINED",)))[0][1] == "meeting"
    assert of(MARA, INVITED, yes, event(*TIMES, newer, to=(f"{MARA}=DECLINED",)))[0][1] == "declined"
    unknown = event(*TIMES, to=(f"{MARA}=DECLINED",), export=True)
    assert of(MARA, INVITED, yes, unknown)[0][1] == "declined", "nobody knows which is later"


def test_a_series_of_hundreds_fills_no_disk() -> None:
    crowd = tuple(f"p{number}@x.example" for number in range(500))
    daily = heard(
        MARA, "REQUEST", "DTSTART:20100305T090000Z", "DTEND:20100305T100000Z", "RRULE:FREQ=DAILY", to=crowd, by=MARA
    )
    found = meeting_occurrences(daily, owner=OWNER, lists=(), zone=BERLIN, horizon=SPAN.end)
    assert len(found) <= MOST_ROWS
    assert max(one.start or 0 for one in found) > SPAN.end - 2 * 86_400, "the last ones stay"
