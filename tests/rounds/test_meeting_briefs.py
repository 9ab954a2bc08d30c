"""A meeting of the week with somebody of the roster comes with a brief on them (docs/writer.md, "The brief")."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from assistant.core.digest.week import current
from assistant.rounds.digest import build
from assistant.writer.offline.writer import OfflineWriter
from tests.replying import NOW, OWNER, Life

if TYPE_CHECKING:
    from assistant.rounds.digest.result import Built

LETTER = "Hi Bob,\r\n\r\nhow did the move of the lab to Leeds go in the end?\r\n\r\nBest,\r\nPriya"


def invitation(*guests: str) -> bytes:
    start = (NOW + timedelta(days=2)).astimezone(UTC)
    times = (f"DTSTART:{start:%Y%m%dT%H%M%SZ}", f"DTEND:{start + timedelta(hours=1):%Y%m%dT%H%M%SZ}")
    lines = [
        "BEGIN:VCALENDAR", "METHOD:REQUEST", "BEGIN:VEVENT", "UID:review@example.com", *times, "SUMMARY:Review",
        f"ORGANIZER:mailto:{OWNER}", *(f"ATTENDEE:mailto:{guest}" for guest in guests), "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip
    header = (
        f"From: {OWNER}\r\nTo: {', '.join(guests)}\r\nSubject: Review\r\nMessage-ID: <review@example.com>\r\n"
        f"Date: {NOW:%a, %d %b %Y %H:%M:%S +0100}\r\nContent-Type: text/calendar; method=REQUEST\r\n\r\n"
    )
    return (header + "\r\n".join(lines) + "\r\n").encode()


def digest_with_meeting(days_ago: int) -> Built:
    """The digest of a week with a review with Bob, who was written to so many days ago."""
    life = Life()
    at = NOW - timedelta(days=days_ago)
    life.now = at
    assert life.one("add Bob Li <bob@other.example> as mentor")[0] == "ok"
    life.now = NOW
    header = f"From: Priya <{OWNER}>\r\nTo: bob@other.example\r\nSubject: Leeds\r\nMessage-ID: <l@example.com>\r\n"
    life.put(f"{header}Date: {at:%a, %d %b %Y %H:%M:%S +0100}\r\n\r\n{LETTER}\r\n".encode(), at)
    life.put(invitation("bob@other.example", "stranger@x.example"))
    round_ = replace(life.round(), writer=OfflineWriter())
    return build.build(round_, current(round_.now, round_.slot))


def test_who_has_no_card_is_briefed_at_the_meeting() -> None:
    built = digest_with_meeting(days_ago=5)
    (meeting,) = built.digest.meetings
    assert (built.digest.due, meeting.people) == ((), ("Bob Li",))
    assert any("how did the move of the lab to Leeds go" in line for line in meeting.brief)
    assert "how did the move of the lab to Leeds go" in " ".join(built.rendered.text.split())


def test_who_has_a_card_has_the_brief_there() -> None:
    built = digest_with_meeting(days_ago=100)
    assert [item.handle for item in built.digest.due] == ["bob-li"]
    assert [meeting.brief for meeting in built.digest.meetings] == [()]
