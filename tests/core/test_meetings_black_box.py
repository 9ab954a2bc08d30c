"""The meetings in docs/how-contact-is-inferred.md, asked of the whole program: iMIP as calendar programs send it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.black_box import Box, mail, moment, rfc_date

if TYPE_CHECKING:
    from collections.abc import Sequence

OWN = "jo@harbour.example"
WINDOWS_ZONE = "W. Europe Standard Time"


def event(
    uid: str,
    *,
    start: str | None = "DTSTART:20250603T100000Z",
    end: str | None = "DTEND:20250603T110000Z",
    organizer: str | None = OWN,
    attendees: Sequence[str] = (),
    status: str = "NEEDS-ACTION",
    sequence: int = 0,
    stamp: str = "20250601T080000Z",
    more: str = "",
) -> str:
    """Return a VEVENT; an attendee may be `address;PARAM=x`."""
    lines = ["BEGIN:VEVENT", f"UID:{uid}", f"DTSTAMP:{stamp}", f"SEQUENCE:{sequence}", f"SUMMARY:About {uid}"]
    lines += [line for line in (start, end) if line]
    if organizer:
        lines.append(f"ORGANIZER;CN=Somebody:mailto:{organizer}")
    for one in attendees:
        address, _, parameters = one.partition(";")
        own = parameters or f"PARTSTAT={status}"
        lines.append(f"ATTENDEE;ROLE=REQ-PARTICIPANT;{own}:MAILTO:{address}")
    return "\r\n".join([*lines, *more.split("\n"), "END:VEVENT"] if more else [*lines, "END:VEVENT"])


def calendar(method: str, *events: str, more: str = "") -> str:
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Invented//Calendar 3//EN"]
    return "\r\n".join(
        [*head, *([f"METHOD:{method}"] if method else []), *([more] if more else []), *events, "END:VCALENDAR", ""]
    )


def part(kind: str, body: str, more: str = "") -> str:
    return f"--b\nContent-Type: {kind}\n{more}\n{body}\n"


def google(method: str, text: str) -> dict[str, str]:
    """As a web calendar sends it: text, HTML and calendar as alternatives, the calendar again as an attachment."""
    inner = (
        '--a\nContent-Type: text/plain; charset="UTF-8"; format=flowed\n\nYou have been invited.\n'
        "--a\nContent-Type: text/html; charset=UTF-8\n\n<p>You have been invited.</p>\n"
        f'--a\nContent-Type: text/calendar; charset="UTF-8"; method={method}\n\n{text}\n--a--\n'
    )
    whole = f'--b\nContent-Type: multipart/alternative; boundary="a"\n\n{inner}\n'
    attached = part(
        'application/ics; name="invite.ics"', text, 'Content-Disposition: attachment; filename="invite.ics"\n'
    )
    return {"kind": 'multipart/mixed; boundary="b"', "body": f"{whole}{attached}--b--\n"}


def exchange(method: str, text: str) -> dict[str, str]:
    """As an office suite sends it: alternatives, the calendar last."""
    body = part("text/plain; charset=utf-8", "________________\nMeeting\n") + part(
        f"text/calendar; charset=utf-8; method={method}", text
    )
    return {"kind": 'multipart/alternative; boundary="b"', "body": f"{body}--b--\n"}


def bare(method: str, text: str) -> dict[str, str]:
    """As a small program sends it: the calendar is the body."""
    kind = f"text/calendar; charset=utf-8; method={method}" if method else "text/calendar; charset=utf-8"
    return {"kind": kind, "body": text}


def attached(method: str, text: str, words: str = "Ana, here is the invitation. See you there!\n") -> dict[str, str]:
    """As somebody attaches it to a mail of their own."""
    kind = (
        f"text/calendar; charset=utf-8; method={method}; name=invite.ics"
        if method
        else "text/calendar; name=invite.ics"
    )
    body = part("text/plain; charset=utf-8", words) + part(
        kind, text, "Content-Disposition: attachment; filename=invite.ics\n"
    )
    return {"kind": 'multipart/mixed; boundary="b"', "body": f"{body}--b--\n"}


def many(prefix: str, number: int) -> list[str]:
    return [f"{'abcdefghijklmnop'[at]}@{prefix}.example" for at in range(number)]


JUNE = "2025-06-03T10:00"
WEEKLY = "RRULE:FREQ=WEEKLY;COUNT=4"
VTIMEZONE = (
    "BEGIN:VTIMEZONE\r\nTZID:Customized Time Zone\r\nBEGIN:STANDARD\r\nDTSTART:16010101T000000\r\n"
    "TZOFFSETFROM:-0500\r\nTZOFFSETTO:-0500\r\nEND:STANDARD\r\nEND:VTIMEZONE"
)

# name: (the messages, in order: (to, settings), ...), the rows of @name.example: (address, field, weight, reason, at)
Mail = tuple[str, dict[str, str]]
Rows = list[tuple[str, str, float, str, str]]


def request(
    name: str, *, wrap: Any = google, method: str = "REQUEST", to: str = "", more: str = "", **given: Any
) -> Mail:
    """A message of the owner's with one event, ana invited."""
    given.setdefault("attendees", [f"ana@{name}.example", OWN])
    return to or f"ana@{name}.example", wrap(method, calendar(method, event(f"{name}@uid", **given), more=more))


def reply(name: str, status: str, *, wrap: Any = exchange, **given: Any) -> Mail:
    """The owner's answer to ana's invitation."""
    given.setdefault("organizer", f"ana@{name}.example")
    given.setdefault("attendees", [f"{OWN};PARTSTAT={status}"])
    return f"ana@{name}.example", wrap("REPLY", calendar("REPLY", event(f"{name}@uid", **given)))


def one(name: str, weight: float, reason: str, at: str = JUNE) -> Rows:
    return [(f"ana@{name}.example", "meeting", weight, reason, at)]


def timed(start: str, end: str) -> dict[str, Any]:
    return {"start": f"DTSTART{start}", "end": f"DTEND{end}"}


SCENES: dict[str, tuple[list[Mail], Rows]] = {
    "request": ([request("request")], one("request", 0.5, "meeting-unconfirmed")),
    "reqexchange": ([request("reqexchange", wrap=exchange)], one("reqexchange", 0.5, "meeting-unconfirmed")),
    "reqbare": ([request("reqbare", wrap=bare)], one("reqbare", 0.5, "meeting-unconfirmed")),
    "accepted": ([reply("accepted", "ACCEPTED")], one("accepted", 1, "meeting")),
    "lowercase": ([reply("lowercase", "accepted")], one("lowercase", 1, "meeting")),
    "tentative": ([reply("tentative", "TENTATIVE", wrap=google)], one("tentative", 0.5, "*")),
    "declined": ([reply("declined", "DECLINED")], one("declined", 0, "declined")),
    "changedmind": (
        [reply("changedmind", "ACCEPTED"), reply("changedmind", "DECLINED", stamp="20250602T080000Z")],
        one("changedmind", 0, "declined"),
    ),
    "mindorder": (
        [reply("mindorder", "DECLINED", stamp="20250602T080000Z"), reply("mindorder", "ACCEPTED")],
        one("mindorder", 0, "declined"),
    ),
    "notimes": (
        [reply("notimes", "ACCEPTED", start=None, end=None)],
        [("ana@notimes.example", "meeting", 0, "meeting-unknown", "")],
    ),
    "borrowed": (
        [
            (
                "ana@borrowed.example",
                attached(
                    "REQUEST",
                    calendar(
                        "REQUEST",
                        event(
                            "borrowed@uid", organizer="ana@borrowed.example", attendees=["ben@borrowed.example", OWN]
                        ),
                    ),
                ),
            ),
            reply("borrowed", "ACCEPTED", start=None, end=None),
        ],
        [
            ("ana@borrowed.example", "to", 1, "one-to-one", "*"),
            ("ana@borrowed.example", "meeting", 1, "meeting", JUNE),
            ("ben@borrowed.example", "meeting", 1, "meeting", JUNE),
        ],
    ),
    "cancelled": (
        [request("cancelled"), request("cancelled", method="CANCEL", sequence=1, stamp="20250602T080000Z", more="")],
        one("cancelled", 0, "cancelled"),
    ),
    "statuscancelled": (
        [
            (
                "ana@statuscancelled.example",
                google(
                    "REQUEST",
                    calendar(
                        "REQUEST",
                        event(
                            "statuscancelled@uid", attendees=["ana@statuscancelled.example"], more="STATUS:CANCELLED"
                        ),
                    ),
                ),
            )
        ],
        one("statuscancelled", 0, "cancelled"),
    ),
    "counter": (
        [
            (
                "ana@counter.example",
                exchange(
                    "COUNTER",
                    calendar("COUNTER", event("counter@uid", organizer="ana@counter.example", attendees=[OWN])),
                ),
            )
        ],
        one("counter", 0, "counter"),
    ),
    "moved": (
        [
            request("moved"),
            request("moved", sequence=1, stamp="20250601T090000Z", **timed(":20250604T120000Z", ":20250604T130000Z")),
        ],
        one("moved", 0.5, "meeting-unconfirmed", "2025-06-04T12:00"),
    ),
    "movedback": (
        [
            request("movedback", sequence=2, **timed(":20250604T120000Z", ":20250604T130000Z")),
            request("movedback", sequence=1, stamp="20250602T090000Z"),
        ],
        one("movedback", 0.5, "meeting-unconfirmed", "2025-06-04T12:00"),
    ),
    "stamped": (
        [
            request("stamped", stamp="20250602T090000Z", **timed(":20250604T120000Z", ":20250604T130000Z")),
            request("stamped"),
        ],
        one("stamped", 0.5, "meeting-unconfirmed", "2025-06-04T12:00"),
    ),
    "series": (
        [
            (
                "ana@series.example",
                google(
                    "REQUEST", calendar("REQUEST", event("series@uid", attendees=["ana@series.example"], more=WEEKLY))
                ),
            ),
            (
                "ana@series.example",
                google(
                    "REQUEST",
                    calendar(
                        "REQUEST",
                        event(
                            "series@uid",
                            attendees=["ana@series.example"],
                            more="RECURRENCE-ID:20250610T100000Z",
                            sequence=1,
                            **timed(":20250611T150000Z", ":20250611T160000Z"),
                        ),
                    ),
                ),
            ),
            (
                "ana@series.example",
                google(
                    "CANCEL",
                    calendar(
                        "CANCEL",
                        event(
                            "series@uid",
                            attendees=["ana@series.example"],
                            more="RECURRENCE-ID:20250617T100000Z",
                            sequence=1,
                            **timed(":20250617T100000Z", ":20250617T110000Z"),
                        ),
                    ),
                ),
            ),
        ],
        [
            *(
                ("ana@series.example", "meeting", 0.5, "meeting-unconfirmed", at)
                for at in (JUNE, "2025-06-11T15:00", "2025-06-24T10:00")
            ),
            ("ana@series.example", "meeting", 0, "cancelled", "2025-06-17T10:00"),
        ],
    ),
    "accseries": (
        [
            reply("accseries", "ACCEPTED", more=WEEKLY),
            reply(
                "accseries",
                "DECLINED",
                stamp="20250608T080000Z",
                more="RECURRENCE-ID:20250610T100000Z",
                **timed(":20250610T100000Z", ":20250610T110000Z"),
            ),
        ],
        [
            *(
                ("ana@accseries.example", "meeting", 1, "meeting", at)
                for at in (JUNE, "2025-06-17T10:00", "2025-06-24T10:00")
            ),
            ("ana@accseries.example", "meeting", 0, "declined", "2025-06-10T10:00"),
        ],
    ),
    "exdate": (
        [
            (
                "ana@exdate.example",
                google(
                    "REQUEST",
                    calendar(
                        "REQUEST",
                        event(
                            "exdate@uid", attendees=["ana@exdate.example"], more=f"{WEEKLY}\nEXDATE:20250610T100000Z"
                        ),
                    ),
                ),
            )
        ],
        [
            ("ana@exdate.example", "meeting", 0.5, "meeting-unconfirmed", at)
            for at in (JUNE, "2025-06-17T10:00", "2025-06-24T10:00")
        ],
    ),
    "halfahead": (
        [
            reply(
                "halfahead",
                "ACCEPTED",
                more="RRULE:FREQ=DAILY;COUNT=3",
                **timed(":20260309T090000Z", ":20260309T093000Z"),
            )
        ],
        [
            ("ana@halfahead.example", "meeting", 1, "meeting", "2026-03-09T09:00"),
            ("ana@halfahead.example", "meeting", 1, "meeting", "2026-03-10T09:00"),
            ("ana@halfahead.example", "meeting", 0, "meeting-ahead", "2026-03-11T09:00"),
        ],
    ),
    "ahead": (
        [reply("ahead", "ACCEPTED", **timed(":20260312T100000Z", ":20260312T110000Z"))],
        one("ahead", 0, "meeting-ahead", "2026-03-12T10:00"),
    ),
    "goingon": (
        [reply("goingon", "ACCEPTED", **timed(":20260310T103000Z", ":20260310T113000Z"))],
        one("goingon", 0, "meeting-ahead", "2026-03-10T10:30"),
    ),
    "justended": (
        [reply("justended", "ACCEPTED", **timed(":20260310T100000Z", ":20260310T105900Z"))],
        one("justended", 1, "meeting", "2026-03-10T10:00"),
    ),
    "duration": (
        [reply("duration", "ACCEPTED", start="DTSTART:20260310T100000Z", end="DURATION:PT2H")],
        one("duration", 0, "meeting-ahead", "2026-03-10T10:00"),
    ),
    "allday": (
        [reply("allday", "ACCEPTED", **timed(";VALUE=DATE:20250603", ";VALUE=DATE:20250604"))],
        one("allday", 1, "meeting", "2025-06-03T00:00+02:00"),
    ),
    "alldaytoday": (
        [reply("alldaytoday", "ACCEPTED", start="DTSTART;VALUE=DATE:20260310", end=None)],
        one("alldaytoday", 0, "meeting-ahead", "2026-03-10T00:00+01:00"),
    ),
    "floating": (
        [reply("floating", "ACCEPTED", **timed(":20250603T100000", ":20250603T110000"))],
        one("floating", 1, "meeting", "2025-06-03T10:00+02:00"),
    ),
    "unknownzone": (
        [
            reply(
                "unknownzone",
                "ACCEPTED",
                **timed(";TZID=Nowhere/Land:20250603T100000", ";TZID=Nowhere/Land:20250603T110000"),
            )
        ],
        one("unknownzone", 1, "meeting", "2025-06-03T10:00+02:00"),
    ),
    "iana": (
        [reply("iana", "ACCEPTED", **timed(";TZID=Asia/Tokyo:20250603T100000", ";TZID=Asia/Tokyo:20250603T110000"))],
        one("iana", 1, "meeting", "2025-06-03T10:00+09:00"),
    ),
    "windows": (
        [
            reply(
                "windows",
                "ACCEPTED",
                **timed(
                    ';TZID="Pacific Standard Time":20250603T100000', ';TZID="Pacific Standard Time":20250603T110000'
                ),
            )
        ],
        one("windows", 1, "meeting", "2025-06-03T10:00-07:00"),
    ),
    "customzone": (
        [
            (
                "ana@customzone.example",
                exchange(
                    "REPLY",
                    calendar(
                        "REPLY",
                        event(
                            "customzone@uid",
                            organizer="ana@customzone.example",
                            attendees=[f"{OWN};PARTSTAT=ACCEPTED"],
                            **timed(
                                ";TZID=Customized Time Zone:20250603T100000",
                                ";TZID=Customized Time Zone:20250603T110000",
                            ),
                        ),
                        more=VTIMEZONE,
                    ),
                ),
            )
        ],
        one("customzone", 1, "meeting", "2025-06-03T10:00-05:00"),
    ),
    "nine": (
        [request("nine", attendees=[*many("nine", 9), OWN, "jo.harbour@gmail.com"])],
        [(address, "meeting", 0.5, "meeting-unconfirmed", JUNE) for address in many("nine", 9)],
    ),
    "ten": (
        [request("ten", attendees=[*many("ten", 10), OWN])],
        [(address, "meeting", 0, "*", JUNE) for address in many("ten", 10)],
    ),
    "byhand": (
        [
            (
                "ana@byhand.example",
                attached("", calendar("REQUEST", event("byhand@uid", attendees=["ana@byhand.example"]))),
            )
        ],
        [("ana@byhand.example", "to", 1, "one-to-one", "*"), *one("byhand", 0.5, "meeting-unconfirmed")],
    ),
    "ownwords": (
        [
            (
                "ana@ownwords.example",
                attached("REQUEST", calendar("REQUEST", event("ownwords@uid", attendees=["ana@ownwords.example"]))),
            )
        ],
        one("ownwords", 0.5, "meeting-unconfirmed"),
    ),
    "nowords": (
        [
            (
                "ana@nowords.example",
                attached("REQUEST", calendar("REQUEST", event("nowords@uid", attendees=["ana@nowords.example"])), "\n"),
            )
        ],
        one("nowords", 0.5, "meeting-unconfirmed"),
    ),
    "nomethod": (
        [("ana@nomethod.example", bare("", calendar("", event("nomethod@uid", attendees=["ana@nomethod.example"]))))],
        [("ana@nomethod.example", "meeting", 0.5, "*", JUNE)],
    ),
    "mailtocase": (
        [request("mailtocase", attendees=["Ana+work@MailToCase.example", OWN])],
        one("mailtocase", 0.5, "meeting-unconfirmed"),
    ),
    "notmail": (
        [("ana@notmail.example", google("REPLY", "BEGIN:VCALENDAR\r\nbroken"))],
        [("ana@notmail.example", "*", 0, "*", "*")],
    ),
    "automarked": (
        [("ana@automarked.example", {**reply("automarked", "ACCEPTED")[1], "more": "Auto-Submitted: auto-generated"})],
        one("automarked", 1, "meeting"),
    ),
    "drafted": (
        [("ana@drafted.example", {**reply("drafted", "ACCEPTED")[1], "flags": "DS"})],
        [("ana@drafted.example", "*", 0, "draft", "*")],
    ),
    "strange": (
        [("ana@strange.example", {**reply("strange", "ACCEPTED")[1], "sender": "bob@strange.example"})],
        [("ana@strange.example", "*", 0, "not-owner", "*")],
    ),
    "folded": (
        [
            (
                "ana@folded.example",
                exchange(
                    "REPLY",
                    calendar(
                        "REPLY",
                        event(
                            "folded@uid",
                            organizer="an\r\n a@folded.example",
                            attendees=[f"{OWN};PARTSTAT=ACCE\r\n\tPTED"],
                        ),
                    ),
                ),
            )
        ],
        one("folded", 1, "meeting"),
    ),
}


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Box:
    """All scenes in one Maildir, scanned once."""
    made = Box(tmp_path_factory.mktemp("meetings"))
    for at, (name, (messages, _)) in enumerate(SCENES.items()):
        for number, (to, given) in enumerate(messages):
            when = moment("2025-05-01T00:00", hours=at * 5 + number)
            rest = {key: value for key, value in given.items() if key != "flags"}
            raw = mail(f"{name}-{number}@bb.example", to=to, date=rfc_date(when), subject=f"{name}", **rest)
            made.put(raw, mtime=when, flags=given.get("flags", "S"))
    made.json("scan")
    return made


@pytest.fixture(scope="module")
def rows(box: Box) -> list[dict[str, Any]]:
    return box.lines("contacts", "--all")


def _fits(want: tuple[str, str, float, str, str], row: dict[str, Any]) -> bool:
    address, field, weight, reason, at = want
    same_time = at == "*" or (
        row["sent_at"] is None if not at else row["sent_at"] and moment(row["sent_at"]) == moment(at)
    )
    return bool(
        row["address"] == address
        and field in ("*", row["field"])
        and row["weight"] == weight
        and reason in ("*", row["reason"])
        and same_time
    )


@pytest.mark.parametrize("name", SCENES)
def test_each_clause_of_meetings(name: str, rows: list[dict[str, Any]]) -> None:
    got = [row for row in rows if row["address"].endswith(f"@{name}.example")]
    want = SCENES[name][1]
    told = [(row["address"], row["field"], row["weight"], row["reason"], row["sent_at"]) for row in got]
    assert len(got) == len(want), told
    for expected in want:
        assert any(_fits(expected, row) for row in got), (expected, told)


def test_a_meeting_becomes_contact_when_it_has_ended_without_a_scan(box: Box) -> None:
    later = "2026-03-12T12:30:00+01:00"
    got = [row for row in box.lines("contacts", "--all", now=later) if row["address"] == "ana@ahead.example"]
    assert [(row["weight"], row["reason"]) for row in got] == [(1, "meeting")]
    got = [row for row in box.lines("contacts", "--all") if row["address"] == "ana@ahead.example"]
    assert [(row["weight"], row["reason"]) for row in got] == [(0, "meeting-ahead")]


def test_judging_again_changes_nothing(box: Box, rows: list[dict[str, Any]]) -> None:
    told = box.json("scan", "--recheck")
    assert box.lines("contacts", "--all") == rows
    assert not told.get("changed"), told
