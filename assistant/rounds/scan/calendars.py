"""Read the owner's calendars: what concerns people on the roster is kept, and all else is forgotten.

    read, at most once an hour ─> events of the last 90 days and the next 14 ─┬─> with people of the roster ─> heard
                                                                              ├─> with a full name in the title ─> heard
                                                                              └─> when the owner is busy, not kept
                                                                   judged with all mail of the same UID ─> occurrence

A calendar that can't be read costs nothing: what was kept stays, and only after a day the owner hears of it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from assistant.core.contact.calendar_file import Span, busy_spans, read_calendar_file
from assistant.core.contact.meeting_words import GONE, partstat_in
from assistant.core.language.phrases import Phrases
from assistant.core.language.translation import translated
from assistant.core.people.named_in_title import named_in
from assistant.errors import AssistantError, MailboxError
from assistant.rounds.scan.judge import judge_meetings, judging_for
from assistant.rounds.scan.reading_start import owner_of
from assistant.store import facts, heard
from assistant.store.roster import load_roster

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from assistant.config import Config
    from assistant.core.contact.calendar import Invitation
    from assistant.core.contact.calendar_file import CalendarFile
    from assistant.core.language.data_files import Language
    from assistant.core.people.roster import Person, Roster
    from assistant.rounds.context import Round
    from assistant.rounds.ports import Calendar
    from assistant.store.database import Store

PAST: Final = timedelta(days=90)
# The next 14 days to their end: that is as far as a draft may offer a time.
AHEAD: Final = timedelta(days=15)
HOUR: Final = 3_600
DAY: Final = 86_400
_Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Known:
    """What decides which events are kept: people and addresses of the roster, the owner's, UIDs that mail tells of."""

    people: tuple[Person, ...]
    addresses: frozenset[str]
    owner: frozenset[str]
    in_mail: frozenset[str]


@dataclass(frozen=True, slots=True)
class Reading:
    """How it went with one calendar. Instants are in epoch seconds, None for never.

    `tried` is the last time, `whole` the last time that all of it was looked through, at its `mark`, with the `people`
    of the roster then. `failed` is since when it can't be read, and `why` that is, None and "" if it can.
    """

    tried: int | None = None
    whole: int | None = None
    mark: str = ""
    people: str = ""
    failed: int | None = None
    why: str = ""


def reading_of(store: Store, name: str) -> Reading:
    """Return what was noted of the last readings of a calendar."""
    return Reading(**json.loads(facts.fact(store, f"calendar {name}") or "{}"))


def read_calendars(round_: Round) -> None:
    """Read each calendar whose last reading is an hour old, or that was read for another roster. Never raises."""
    people = load_roster(round_.store)
    for calendar in round_.calendars:
        before = reading_of(round_.store, calendar.name)
        # A clock that was ahead must not keep a calendar unread until that time comes.
        rests = before.tried is not None and before.tried <= round_.epoch < before.tried + HOUR
        if not rests or before.people not in {"", _fingerprint(people)}:
            _read(round_, calendar, before, people)
    _forget_the_future_of_removed(round_)


def busy_now(round_: Round) -> tuple[Span, ...] | None:
    """Read all calendars now, and return when the owner is busy.

    None without calendars, and if one of them can't be read completely.
    """
    people = load_roster(round_.store)
    busy: list[Span] = []
    for calendar in round_.calendars:
        found = _read(round_, calendar, replace(reading_of(round_.store, calendar.name), mark=""), people)
        if found is None or not found.complete:
            return None
        busy += busy_spans(found.occurrences, owner_of(round_.store, round_.config))
    return tuple(sorted(busy)) if round_.calendars else None


def look(calendar: Calendar, now: datetime, zone: ZoneInfo) -> int:
    """Return how many events a calendar has, without keeping any. Raises MailboxError or UserError if it has none."""
    return _parsed(calendar, calendar.read(None).text or "", now, zone).events


def trouble_of(store: Store, config: Config, now: datetime, language: Language, *, after: int = DAY) -> tuple[str, ...]:
    """Return a sentence for each calendar that can't be read for more than `after` seconds."""
    phrases, found = Phrases(language), []
    for calendar in config.calendars:
        reading = reading_of(store, calendar.name)
        if reading.failed is not None and now.timestamp() - reading.failed > after:
            since = datetime.fromtimestamp(reading.failed, UTC).astimezone(config.me.timezone).date()
            name = phrases.quote(calendar.name)
            found.append(phrases("remark.calendar", name=name, day=phrases.day(since), why=reading.why))
    return tuple(found)


def _fingerprint(people: Roster) -> str:
    told = sorted((person.name, *person.addresses) for person in people.people)
    return sha256(json.dumps(told).encode()).hexdigest()[:16]


def _read(round_: Round, calendar: Calendar, before: Reading, people: Roster) -> CalendarFile | None:
    """Read one calendar and note how it went. Return what it holds, None if it can't be read or is as it was."""
    now, print_ = round_.epoch, _fingerprint(people)
    # The span moves on from day to day, so once a day an unchanged calendar is looked through as well.
    fresh = before.whole is not None and before.whole <= now < before.whole + DAY and before.people == print_
    try:
        given = calendar.read(before.mark if fresh and before.mark else None)
        if given.text is None:
            _note(round_.store, calendar, replace(before, tried=now, failed=None, why=""))
            return None
        found = _parsed(calendar, given.text, round_.now, round_.config.me.timezone)
        _refuse_sudden_emptiness(round_.store, calendar, found)
    except AssistantError as error:
        why = translated(error, round_.config.me.language)
        failed = before.failed if before.failed is not None and before.failed <= now else now
        _note(round_.store, calendar, replace(before, tried=now, failed=failed, why=why))
        return None
    with round_.store.write():
        changed = _keep(round_, calendar, found, people)
        judge_meetings(judging_for(round_.store, round_.config, round_.now), changed)
        _note(round_.store, calendar, Reading(now, now, given.mark, print_))
    return found


def _note(store: Store, calendar: Calendar, reading: Reading) -> None:
    facts.set_fact(store, f"calendar {calendar.name}", json.dumps(asdict(reading)))


def _span(now: datetime) -> Span:
    return Span(int((now - PAST).timestamp()), int((now + AHEAD).timestamp()))


def _parsed(calendar: Calendar, text: str, now: datetime, zone: ZoneInfo) -> CalendarFile:
    found = read_calendar_file(text, _span(now), zone)
    if found is None:
        told = "What {place} gives for the calendar {name} is no calendar, or only the beginning of one."
        raise MailboxError(told, place=calendar.place, name=calendar.name)
    return found


def _refuse_sudden_emptiness(store: Store, calendar: Calendar, found: CalendarFile) -> None:
    # A surprising mass change is refused, like a Sent folder that is suddenly empty (docs/reliability.md, "Your data").
    if not found.events and len(heard.told_by(store, f"calendar {calendar.name}")) > 1:
        raise MailboxError("The calendar {name} is suddenly empty; what was known of it stays.", name=calendar.name)


def _keep(round_: Round, calendar: Calendar, found: CalendarFile, people: Roster) -> set[str]:
    """Keep what concerns the roster in place of what was kept before. Return the UIDs of what changed."""
    store, source = round_.store, f"calendar {calendar.name}"
    active = tuple(people.active())
    known = _Known(
        active,
        frozenset(address for person in active for address in person.addresses),
        owner_of(store, round_.config),
        frozenset(heard.uids_in_mail(store)),
    )
    before = heard.told_by(store, source)
    here = {(one.uid, one.recurrence): one for one in found.occurrences}
    wanted = {key: kept for key, one in here.items() if (kept := _wanted(one, known))}
    left = {key: kept for key, one in before.items() if key not in here and (kept := _left(round_, one, found, known))}
    after = {**left, **wanted}
    if after == before:
        return set()
    heard.replace_heard(store, source, "", round_.epoch, list(after.values()))
    return {
        uid for uid, recurrence in {*before, *after} if before.get((uid, recurrence)) != after.get((uid, recurrence))
    }


def _wanted(one: Invitation, known: _Known) -> Invitation | None:
    """Return what is kept of an event, None for nothing: it names nobody on the roster."""
    there = [person for person in (one.organiser, *one.attendees) if person and person.address not in known.owner]
    if one.uid in known.in_mail or any(person.address in known.addresses for person in there):
        return one
    # A birthday lasts all day, and is no meeting.
    off = one.cancelled or one.all_day or partstat_in(one, known.owner) == "DECLINED"
    if off or not any(named_in(name, known.people) for name in (one.summary, *(person.name for person in there))):
        return None
    # It's for a question, and nobody else who was there is kept.
    return replace(one, attendees=(), organiser=None)


def _left(round_: Round, one: Invitation, found: CalendarFile, known: _Known) -> Invitation | None:
    """Return what stays of an event that its calendar doesn't have any more, or only too far away; None for nothing."""
    if one.start is None or one.end is None:
        return None
    aged = one.end < _span(round_.now).begin
    # A calendar that only goes back to a later day has let it age out. Otherwise it was deleted.
    too_old = one.end < round_.epoch and (found.oldest is None or found.oldest >= one.start)
    if aged or too_old or one.method == GONE:
        return one
    # Mail tells of it too, and would bring it back.
    return replace(one, method=GONE, cancelled=True, stamp=round_.epoch) if one.uid in known.in_mail else None


def _forget_the_future_of_removed(round_: Round) -> None:
    """Drop what is still to come of calendars that aren't in the configuration any more; what was stays.

    What another calendar has as well goes too: a calendar under a new name tells itself what becomes of its events.
    """
    store = round_.store
    names = {one.name for one in round_.calendars}
    removed = heard.calendars_heard(store) - names
    told = {key for name in names if removed for key in heard.told_by(store, f"calendar {name}")}
    for name in removed:
        before = heard.told_by(store, f"calendar {name}")
        past = [
            one for key, one in before.items() if one.end is not None and one.end < round_.epoch and key not in told
        ]
        if len(past) < len(before):
            with store.write():
                changed = heard.replace_heard(store, f"calendar {name}", "", round_.epoch, past)
                judge_meetings(judging_for(store, round_.config, round_.now), changed)
