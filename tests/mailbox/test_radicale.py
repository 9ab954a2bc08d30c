"""A real CalDAV server: events put there by a client, and read back from its export."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from assistant.mailbox.calendar_source import WebCalendar
from assistant.rounds.scan.calendars import read_calendars, reading_of
from assistant.store import meetings
from assistant.store.contact_report import contact_rows
from tests.calendar_corpus import on_roster
from tests.scanning import NOW, ListMailbox, make_round
from tests.servers import radicale
from tests.stores import memory_store

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.store.database import Store

pytestmark = pytest.mark.skipif(radicale.COMMAND is None, reason="NOT TESTED: no radicale here (apt install radicale)")
MARA = ("ORGANIZER:mailto:jo@harbour.example", "ATTENDEE;CN=Mara Quist;PARTSTAT=ACCEPTED:mailto:mara@quist.example")


def test_events_put_into_radicale_are_read_moved_and_deleted(tmp_path: Path) -> None:
    with radicale.running_radicale(tmp_path) as server:
        server.put("coffee", "DTSTART:20260303T090000Z", "DTEND:20260303T100000Z", "SUMMARY:Coffee", *MARA)
        server.put("lunch", "DTSTART:20260312T110000Z", "DTEND:20260312T120000Z", "SUMMARY:Lunch", *MARA)
        server.put("old", "DTSTART:20240312T110000Z", "DTEND:20240312T120000Z", "SUMMARY:Long ago")
        server.put("series", "DTSTART;TZID=Europe/Berlin:20260226T170000", "DURATION:PT30M", "RRULE:FREQ=WEEKLY",
                   "SUMMARY:Weekly", *MARA)  # fmt: skip
        store = memory_store()
        on_roster(store, {"Mara Quist": ("mara@quist.example",)})
        calendar = WebCalendar("Work", lambda: server.url)
        round_ = replace(make_round(store, ListMailbox()), calendars=(calendar,))
        read_calendars(round_)
        assert reading_of(store, "Work").why == ""
        rows = [(row.subject, row.verdict) for row in contact_rows(store, NOW)]
        assert rows == [("Weekly", "full"), ("Coffee", "full"), ("Weekly", "full")]
        assert _week(round_.epoch, store) == ["Lunch", "Weekly"]
        server.put("lunch", "DTSTART:20260312T120000Z", "DTEND:20260312T130000Z", "SUMMARY:Later lunch", *MARA)
        server.delete("series")
        server.delete("coffee")
        read_calendars(replace(round_, now=NOW + timedelta(minutes=59)))
        assert _week(round_.epoch, store) == ["Lunch", "Weekly"], "at most once an hour"
        read_calendars(replace(round_, now=NOW + timedelta(hours=1)))
        assert _week(round_.epoch, store) == ["Later lunch"]
        assert not list(contact_rows(store, NOW))


def _week(now: int, store: Store) -> list[str]:
    return [one.summary for one in meetings.meetings_between(store, now, now + 7 * 86_400)]
