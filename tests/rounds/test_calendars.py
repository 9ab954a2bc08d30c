"""The owner's calendars in a round: what is kept and said of them, and what their silence costs."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest

from assistant.config import CalendarConfig
from assistant.core.contact.calendar import read_invitations
from assistant.core.contact.calendar_file import CalendarText
from assistant.core.digest.week import current
from assistant.core.mail.message import Header, Locator
from assistant.core.people.roles import BUILT_IN
from assistant.errors import MailboxError
from assistant.mailbox.whole_messages import calendars
from assistant.rounds import show
from assistant.rounds.digest import build
from assistant.rounds.digest.roster_status import views
from assistant.rounds.digest.sections import meetings_of_the_week, remarks
from assistant.rounds.scan.calendars import read_calendars, reading_of, trouble_of
from assistant.rounds.scan.judge import judge_meetings, judging_for, recheck
from assistant.rounds.scan.link import ask_about_meetings, is_moot
from assistant.rounds.scan.run import scan_sent_mail
from assistant.store import heard, identities
from assistant.store.contact_report import contact_rows
from assistant.store.roster import load_roster
from assistant.writer.offline.writer import OfflineWriter
from tests.calendar_corpus import FOLDER, KINDS, names, on_roster, owners_round, score
from tests.scanning import BERLIN, NOW, ListMailbox, make_config, make_round
from tests.stores import memory_store

if TYPE_CHECKING:
    from assistant.rounds.context import Round
    from assistant.store.database import Store

MARA = "mara@quist.example"


@dataclass
class Scripted:
    """A calendar whose text a test sets; an exception in its place is raised."""

    name: str = "Work"
    place: str = "calendar.example"
    text: str | MailboxError = "BEGIN:VCALENDAR\nEND:VCALENDAR\n"
    marks: list[str | None] = field(default_factory=list)

    def read(self, mark: str | None) -> CalendarText:
        self.marks.append(mark)
        if isinstance(self.text, MailboxError):
            raise self.text
        now = str(hash(self.text))
        return CalendarText(None if mark == now else self.text, now)


def event(uid: str, start: str, *more: str, who: str = MARA, summary: str = "Coffee") -> str:
    people = [f"ATTENDEE;CN=x:mailto:{who}"] if who else []
    told = [f"UID:{uid}", f"DTSTART:{start}", "DURATION:PT1H", f"SUMMARY:{summary}", *people, *more]
    return "\n".join(("BEGIN:VEVENT", *told, "END:VEVENT", ""))


def whole(*events: str) -> str:
    return f"BEGIN:VCALENDAR\n{''.join(events)}END:VCALENDAR\n"


OLD = event("old", "20240101T090000Z", who="", summary="Old")
COFFEE = event("coffee", "20260303T090000Z")
LUNCH = event("lunch", "20260312T110000Z", summary="Lunch")


def begun(calendar: Scripted, role: str = "mentor") -> Round:
    store = memory_store()
    on_roster(store, {"Mara Quist": (MARA,)}, role)
    config = replace(make_config(), calendars=(CalendarConfig("Work"),), roles=BUILT_IN)
    return replace(make_round(store, ListMailbox(), config=config), calendars=(calendar,))


def later(round_: Round, calendar: Scripted, text: str | MailboxError, **passed: int) -> Round:
    calendar.text = text
    moved = replace(round_, now=round_.now + timedelta(**(passed or {"hours": 1})))
    read_calendars(moved)
    return moved


def rows(store: Store, now: datetime = NOW) -> list[tuple[str, str]]:
    return [(row.subject, f"{row.verdict} {row.reason}") for row in contact_rows(store, now, include_all=True)]


@pytest.mark.parametrize("name", [one for one in names() if not one.startswith("pair")])
def test_every_label_of_five_providers_calendars_holds(name: str) -> None:
    found = score(FOLDER, name)
    assert found.wrong == []
    assert all(found.total[kind] for kind in KINDS if kind != "title_only")


def test_every_label_holds_after_a_calendar_changed() -> None:
    store = memory_store()
    assert score(FOLDER, "pair1_before", store).wrong == []
    assert score(FOLDER, "pair1_after", store).wrong == []


def message(number: int) -> Header:
    """Return one of the messages that tell of a labelled calendar's meetings."""
    (path,) = FOLDER.glob(f"mail/{number}_*.eml")
    raw = path.read_bytes()
    at = Locator("Sent", 1, number)
    return Header(
        at, raw.replace(b"\r\n", b"\n").partition(b"\n\n")[0] + b"\n\n", None, len(raw), frozenset(), *calendars(raw)
    )


def test_mail_of_the_same_uid_is_the_same_meeting() -> None:
    store = memory_store()
    round_, labels = owners_round(FOLDER, "google_1", store)
    round_ = replace(round_, mailbox=ListMailbox([message(1), message(2)]))
    scan_sent_mail(round_)
    week = [(item.summary, item.start.isoformat()) for item in meetings_of_the_week(round_, load_roster(store))]
    assert week == [(row["summary"], row["start"]) for row in labels["week"]]
    kicked = [row for row in contact_rows(store, round_.now) if row.subject == "Kick-off Steinwerk"]
    assert [(row.verdict, row.reason, row.source, bool(row.message_id)) for row in kicked] == [
        ("full", "meeting", None, True)
    ]


def test_a_cancellation_by_mail_outlives_an_older_calendar() -> None:
    store = memory_store()
    round_, _ = owners_round(FOLDER, "outlook_1", store)
    read_calendars(round_)
    people = load_roster(store)
    before = [item.summary for item in meetings_of_the_week(round_, people)]
    header = message(3)
    (cancel,) = read_invitations(header.calendar[0], method="", zone=round_.config.me.timezone)
    changed = heard.replace_heard(store, "received 1", "jl.moreau@moreau.example", round_.epoch, [cancel])
    judge_meetings(judging_for(store, round_.config, round_.now), changed)
    after = [item.summary for item in meetings_of_the_week(round_, people)]
    assert set(before) - set(after) == {"Sydney pitch follow-up"}
    read_calendars(replace(round_, now=round_.now + timedelta(days=1)))
    assert "Sydney pitch follow-up" not in [item.summary for item in meetings_of_the_week(round_, people)]
    follow_up = [row.reason for row in contact_rows(store, NOW, include_all=True) if "follow-up" in row.subject]
    assert follow_up == ["cancelled"]


def test_an_hour_passes_between_two_readings() -> None:
    calendar = Scripted(text=whole(COFFEE))
    round_ = begun(calendar)
    read_calendars(round_)
    for minutes in (1, 59):
        read_calendars(replace(round_, now=NOW + timedelta(minutes=minutes)))
    assert len(calendar.marks) == 1
    later(round_, calendar, calendar.text, hours=1)
    assert calendar.marks[1] is not None
    later(round_, calendar, calendar.text, hours=26)
    assert calendar.marks[2] is None, "once a day all of it is looked through, since the days to look at move on"
    later(round_, calendar, calendar.text, days=-400)
    assert len(calendar.marks) == 4, "a clock that was ahead keeps nothing unread"


def test_a_new_person_has_their_meetings_at_once() -> None:
    calendar = Scripted(text=whole(COFFEE))
    round_ = begun(calendar)
    read_calendars(round_)
    calendar.text = whole(event("other", "20260304T090000Z", who="ole@brandt.example"), COFFEE)
    on_roster(round_.store, {"Mara Quist": (MARA,), "Ole Brandt": ("ole@brandt.example",)})
    read_calendars(replace(round_, now=NOW + timedelta(minutes=1)))
    assert [subject for subject, _ in rows(round_.store)] == ["Coffee", "Coffee"]


def test_only_events_with_the_roster_are_kept() -> None:
    store = begun(calendar := Scripted(text=whole(COFFEE, OLD, event("x", "20260304T090000Z", who="eve@x.example"))))
    read_calendars(store)
    assert [uid for uid, _ in heard.told_by(store.store, "calendar Work")] == ["coffee"]
    assert calendar.marks == [None]


def test_an_hours_silence_costs_nothing_and_a_days_is_said_once() -> None:
    calendar = Scripted(text=whole(COFFEE, LUNCH))
    round_ = begun(calendar)
    read_calendars(round_)
    before = rows(round_.store)
    down = MailboxError("calendar.example can't give the calendar Work now (503).")
    after = later(round_, calendar, down)
    assert rows(round_.store) == before
    assert trouble_of(round_.store, round_.config, after.now, "en") == ()
    assert len(trouble_of(round_.store, round_.config, after.now + timedelta(seconds=1), "en", after=0)) == 1
    after = later(after, calendar, down, hours=25)
    (said,) = remarks(after)
    assert "“Work”" in said
    assert "503" in said
    assert rows(round_.store) == before
    after = later(after, calendar, whole(COFFEE, LUNCH))
    assert remarks(after) == ()


@pytest.mark.parametrize("text", ["<html>Sign in</html>", "BEGIN:VCALENDAR\n" + COFFEE, whole()])
def test_what_is_no_calendar_changes_nothing(text: str) -> None:
    calendar = Scripted(text=whole(COFFEE, LUNCH))
    round_ = begun(calendar)
    read_calendars(round_)
    before = rows(round_.store)
    later(round_, calendar, text)
    assert rows(round_.store) == before
    assert "calendar" in reading_of(round_.store, "Work").why


def test_what_was_deleted_is_gone_and_what_aged_out_stays() -> None:
    calendar = Scripted(text=whole(OLD, COFFEE, LUNCH))
    round_ = begun(calendar)
    read_calendars(round_)
    assert rows(round_.store) == [("Coffee", "full meeting"), ("Lunch", "none meeting-ahead")]
    round_ = later(round_, calendar, whole(COFFEE))
    assert rows(round_.store) == [("Coffee", "full meeting")]
    # Now the calendar only goes back to a later day.
    round_ = later(round_, calendar, whole(event("new", "20260306T090000Z", who="", summary="New")))
    assert rows(round_.store) == [("Coffee", "full meeting")]
    round_ = later(round_, calendar, whole(OLD))
    assert rows(round_.store) == []


def test_what_is_older_than_ninety_days_stays_whatever_the_calendar_has() -> None:
    calendar = Scripted(text=whole(OLD, COFFEE))
    round_ = begun(calendar)
    read_calendars(round_)
    later(round_, calendar, whole(OLD), days=120)
    assert rows(round_.store) == [("Coffee", "full meeting")]


def test_a_calendar_taken_out_leaves_its_past() -> None:
    round_ = begun(Scripted(text=whole(COFFEE, LUNCH)))
    read_calendars(round_)
    read_calendars(replace(round_, calendars=()))
    assert rows(round_.store) == [("Coffee", "full meeting")]


@pytest.mark.parametrize("name", ["Job", "Zed"])
def test_a_calendar_under_a_new_name_is_the_same_one(name: str) -> None:
    calendar = Scripted(text=whole(OLD, COFFEE, LUNCH))
    round_ = begun(calendar)
    read_calendars(round_)
    renamed = Scripted(name=name)
    round_ = later(replace(round_, calendars=(renamed,)), renamed, calendar.text)
    assert rows(round_.store)[0] == ("Coffee", "full meeting")
    assert heard.calendars_heard(round_.store) == {name}
    later(round_, renamed, whole(OLD, LUNCH))
    assert ("Coffee", "full meeting") not in rows(round_.store), "it was deleted there"


def test_a_name_in_a_title_is_asked_about_and_counts_nothing() -> None:
    titled = [
        event(f"t{day}", f"202603{day:02}T090000Z", who="", summary="Coffee with Mara Quist") for day in (2, 5, 20)
    ]
    birthday = event("b", "20260307", who="", summary="Mara Quist").replace("DTSTART:", "DTSTART;VALUE=DATE:")
    round_ = begun(Scripted(text=whole(*titled, birthday.replace("DURATION:PT1H\n", ""))))
    read_calendars(round_)
    assert (rows(round_.store), meetings_of_the_week(round_, load_roster(round_.store))) == ([], ())
    assert ask_about_meetings(round_.store, NOW, BERLIN) == 1
    ((_, payload),) = identities.open_questions(round_.store, "met").values()
    assert (payload["day"], payload["handle"]) == ("2026-03-05", "p0")
    built = build.preview(replace(round_, writer=OfflineWriter()))
    assert [item.key for item in built.digest.questions if item.key.startswith("met")] == ["met t5 2026-03-05"]
    assert not is_moot(round_.store, "met t5 2026-03-05", payload)


def test_a_question_asked_before_is_moot_once_the_calendar_answers() -> None:
    calendar = Scripted(text=whole(OLD))
    round_ = begun(calendar)
    their = event("coffee", "20260303T090000Z", "ORGANIZER:mailto:mara@quist.example", who="jo@harbour.example")
    (invited,) = read_invitations(f"BEGIN:VCALENDAR\nMETHOD:REQUEST\n{their}END:VCALENDAR", method="", zone=BERLIN)
    judging = judging_for(round_.store, round_.config, NOW)
    judge_meetings(judging, heard.replace_heard(round_.store, "received 1", MARA, round_.epoch, [invited]))
    assert ask_about_meetings(round_.store, NOW, BERLIN) == 1
    ((key, (_, payload)),) = identities.open_questions(round_.store, "met").items()
    assert not is_moot(round_.store, key, payload)
    later(round_, calendar, whole(OLD, their))
    assert is_moot(round_.store, key, payload)
    assert ask_about_meetings(round_.store, NOW, BERLIN) == 0


def test_contacts_and_show_name_the_calendar() -> None:
    round_ = begun(Scripted(text=whole(COFFEE)))
    read_calendars(round_)
    (row,) = contact_rows(round_.store, NOW)
    assert (row.as_json()["source"], row.as_json()["message_id"]) == ("calendar Work", None)
    shown = "\n".join(show.show_person(round_.config, round_.store, NOW, "mara").lines())
    assert "a meeting in your calendar “Work”" in shown
    assert "“Coffee”" in shown
    assert "[]" not in shown
    assert views(round_.config, round_.store, NOW)[0].last is not None


def test_a_larger_meeting_resets_no_yearly_clock() -> None:
    both = "ATTENDEE:mailto:ole@brandt.example"
    calendar = Scripted(text=whole(event("three", "20260303T090000Z", both)))
    round_ = begun(calendar, "advocate")
    read_calendars(round_)
    (view,) = views(round_.config, round_.store, NOW)
    assert view.full is None
    assert view.last_soft is not None
    later(round_, calendar, whole(COFFEE))
    assert views(round_.config, round_.store, NOW)[0].full is not None


def test_judging_again_gives_the_same() -> None:
    round_ = begun(Scripted(text=whole(COFFEE, LUNCH)))
    read_calendars(round_)
    assert recheck(round_.store, round_.config, NOW, lambda _: None).changed == 0


def test_the_same_meeting_in_two_calendars_is_one_of_the_week() -> None:
    round_ = begun(Scripted(text=whole(LUNCH)))
    copy = Scripted("Home", text=whole(LUNCH.replace("UID:lunch", "UID:copy")))
    round_ = replace(round_, calendars=(*round_.calendars, copy))
    read_calendars(round_)
    assert len(meetings_of_the_week(round_, load_roster(round_.store))) == 1


def digest_with(calendar: Scripted, hours: tuple[time, time] | None = (time(9), time(17))) -> str:
    round_ = begun(calendar, "advisor")
    round_ = replace(round_, writer=OfflineWriter(), config=replace(round_.config, offer_hours=hours))
    built = build.build(round_, current(round_.now, round_.slot))
    (card,) = built.digest.due
    return card.words.body


BUSY = event("busy", "20260312T080000Z", who="", summary="Away").replace("PT1H", "PT9H")


def test_a_draft_offers_what_is_free() -> None:
    assert "Thursday 12 March at 10:00" in digest_with(Scripted(text=whole(OLD)))
    assert "12 March" not in (body := digest_with(Scripted(text=whole(BUSY))))
    assert "(Berlin time)" in body


@pytest.mark.parametrize(
    ("calendar", "hours"),
    [
        (Scripted(text=MailboxError("down")), (time(9), time(17))),
        (Scripted(text=whole(OLD)), None),
        (Scripted(text="<html>"), (time(9), time(17))),
    ],
)
def test_nothing_is_offered_that_nobody_knows(calendar: Scripted, hours: tuple[time, time] | None) -> None:
    assert "Berlin time" not in digest_with(calendar, hours)


def test_no_fact_holds_an_address() -> None:
    round_ = begun(Scripted(text=whole(COFFEE)))
    read_calendars(round_)
    told = json.dumps([list(map(str, row)) for row in round_.store.connection.execute("SELECT * FROM fact")])
    assert "calendar.example" not in told
