"""text/calendar parts to Invitations, and these to stored facts and back (RFC 5545, RFC 5546, RFC 6047).

    text ─> read_invitations ─> Invitation ─> invitation_facts ─> JSON in the store ─> read_invitation

icalendar reads the files, behind a guard: real files make it raise. Lines that can't be properties are dropped first,
and an event that still can't be read is skipped without its neighbors. No text and no rule makes this module raise.
"""

from __future__ import annotations

import json
import re
import warnings
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from assistant.core.contact.calendar_properties import attribute, first, many, moment_of, number_in, parameter, text_of
from assistant.core.contact.recurrence import Rule
from assistant.core.contact.time_zones import named_like, quoted_zone, usable_zones, zone_names
from assistant.core.contact.verdict import is_meeting_message
from assistant.core.mail.address import normal_address
from assistant.core.mail.header import field_on_one_line
from assistant.core.mail.message import END

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import tzinfo
    from zoneinfo import ZoneInfo

    from icalendar import Component

    from assistant.core.mail.envelope import Envelope

LIMIT = 64 * 1024
_AT_ONCE = 200  # events of a calendar
# The year 2 in seconds since 1970 UTC: from here to END an instant is within Python's calendar in every zone.
_FIRST = -62_100_000_000
MOST_EVENTS = 50
MOST_PEOPLE = 500
_LINE = re.compile(r"[A-Za-z][A-Za-z0-9-]*[;:]")
_EVENT = re.compile(r"^BEGIN:VEVENT[ \t]*$.*?(?:^END:VEVENT[ \t]*$|\Z)", re.IGNORECASE | re.MULTILINE | re.DOTALL)
_ZONE = re.compile(r"^BEGIN:VTIMEZONE[ \t]*$.*?^END:VTIMEZONE[ \t]*$", re.IGNORECASE | re.MULTILINE | re.DOTALL)
_ALARM = re.compile(
    r"^BEGIN:VALARM[ \t]*$.*?(?:^END:VALARM[ \t]*$|(?=^END:VEVENT)|\Z)", re.IGNORECASE | re.MULTILINE | re.DOTALL
)
_METHOD = re.compile(r"^METHOD[^:\n]*:[ \t]*([A-Za-z-]+)", re.IGNORECASE | re.MULTILINE)
_PROGRAM = re.compile(r"^PRODID[;:]", re.IGNORECASE | re.MULTILINE)
_PEOPLE = re.compile(r"^ATTENDEE[;:]", re.IGNORECASE | re.MULTILINE)
# Other properties aren't read, and each could be the one that makes the library raise.
_WANTED = re.compile(
    r"(?:BEGIN|END|UID|SEQUENCE|DTSTAMP|DTSTART|DTEND|DURATION|SUMMARY|ORGANIZER|ATTENDEE|RRULE|RDATE|EXDATE"
    r"|RECURRENCE-ID|STATUS|TRANSP|LAST-MODIFIED|X-MICROSOFT-CDO-BUSYSTATUS)[;:]",
    re.IGNORECASE,
)


# The values of MS-OXCICAL 2.1.3.1.1.20.31 that leave somebody free to meet.
_FREE = frozenset({"FREE", "WORKINGELSEWHERE"})


class Attendee(NamedTuple):
    """One attendee: normal address, name ("" for none), PARTSTAT and CUTYPE (`kind`) in upper case."""

    address: str
    name: str
    partstat: str = "NEEDS-ACTION"
    kind: str = "INDIVIDUAL"


@dataclass(frozen=True, slots=True)
class Invitation:
    """One VEVENT as a message carried it. Instants are seconds since 1970 UTC, None if missing.

    `recurrence` is the RECURRENCE-ID as an instant in digits, "" for the series or a single meeting. `onwards` says
    that it applies to all later occurrences too. `method` is "" if there was none. `guessed_zone` says that a time
    named an unknown zone and was read in the owner's. `modified` is LAST-MODIFIED. `all_day` says that it has no time
    of day, `free` that it takes none of the owner's time.
    """

    uid: str
    recurrence: str
    method: str
    sequence: int
    stamp: int | None
    start: int | None
    end: int | None
    summary: str
    organiser: Attendee | None
    attendees: tuple[Attendee, ...]
    cancelled: bool = False
    rule: Rule | None = None
    onwards: bool = False
    guessed_zone: bool = False
    modified: int | None = None
    all_day: bool = False
    free: bool = False


def imip_kind(envelope: Envelope, texts: tuple[str, ...], *, is_body: bool, method: str, speaks: bool = False) -> bool:
    """Return whether a message is a meeting and not mail (row 5).

    `texts` are the calendar parts. `is_body` and `method` are what the mailbox saw of the place and the MIME header of
    the first one. `speaks` says whether the owner invites or answers in it.
    """
    body = envelope.content_type == "text/calendar" or is_body
    if not body:
        # KOrganizer and Roundcube put a text of their own before the calendar, so METHOD in its header counts anywhere.
        # Without the owner's word in it, it is somebody else's invitation that the owner sent on: that is mail.
        return bool(texts) and ((bool(method) and speaks) or is_meeting_message(envelope))
    told = envelope.method if envelope.content_type == "text/calendar" else method
    return bool(told or method or any(_METHOD.search(text[:LIMIT]) or _is_program(text[:LIMIT]) for text in texts))


def _is_program(text: str) -> bool:
    return bool(_PROGRAM.search(text) and _PEOPLE.search(text))


def read_invitations(text: str, *, method: str, zone: ZoneInfo) -> tuple[Invitation, ...]:
    """Return the meetings in one text/calendar part, empty if none can be read.

    `method` is the METHOD of the MIME header, which counts if the text has none. `zone` is the owner's, for times
    without a known zone.
    """
    text = unfolded(text[:LIMIT])
    found = _METHOD.search(text)
    method = (found.group(1) if found else method).upper()
    zones = "\n".join(usable_zones(_ZONE.findall(text)))
    invitations = []
    # An alarm has a DURATION and ATTENDEEs too, which would be taken for the meeting's.
    for block in _EVENT.findall(_ALARM.sub("", text))[:MOST_EVENTS]:
        event = _component(block, zones)
        invitation = _invitation(event, method, zone) if event is not None else None
        if invitation:
            invitations.append(invitation)
    return tuple(invitations)


def read_events(blocks: Sequence[str], zones: Sequence[str], method: str, zone: ZoneInfo) -> tuple[Invitation, ...]:
    """Return the events in these VEVENTs, without those that can't be read.

    `zones` are the usable VTIMEZONEs of their file, `method` its METHOD ("" for none).
    """
    events: list[Component] = []
    for start in range(0, len(blocks), _AT_ONCE):
        some = blocks[start : start + _AT_ONCE]
        named = "\n".join(one for one in zones if any(name in block for name in zone_names(one) for block in some))
        # One after the other only if the library can't read all: it reads the zones anew each time.
        read = _components("\n".join(_wanted_lines(block) for block in some), named)
        events += read if len(read) == len(some) else filter(None, (_component(block, named) for block in some))
    return tuple(filter(None, (_invitation(event, method, zone) for event in events)))


def unfolded(text: str) -> str:
    """Return a text with each property on one line (RFC 5545, 3.1), without what can't be one."""
    text = re.sub(r"\r\n?|\u2028|\u2029|\x85", "\n", text.replace("\x00", "").lstrip("\ufeff"))
    text = re.sub(r"\n[ \t]", "", text)
    return "\n".join(line for line in text.split("\n") if _LINE.match(line))


def _component(block: str, zones: str) -> Component | None:
    """Return the VEVENT, or None if it can't be read even without the time zones of the file."""
    for extra in (zones, "") if zones else ("",):
        found = _components(_wanted_lines(block), extra)
        if found:
            return found[0]
    return None


def _wanted_lines(block: str) -> str:
    """Return the lines of a VEVENT that are read, with its END."""
    lines = [quoted_zone(line.rstrip()) for line in block.split("\n") if _WANTED.match(line)]
    if not lines[-1].upper().startswith("END:VEVENT"):
        lines.append("END:VEVENT")
    return "\n".join(lines)


def _components(events: str, zones: str) -> list[Component]:
    """Return the VEVENTs, empty if the library can't read all of them."""
    from icalendar import Calendar
    from icalendar.timezone import tzp

    whole = "\n".join(("BEGIN:VCALENDAR", *filter(None, (zones,)), events, "END:VCALENDAR", ""))
    tzp.use_default()  # the library remembers a file's zones, and would apply them to the next sender's times
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of names of zones that it had to guess
            return list(Calendar.from_ical(whole).walk("VEVENT"))
    except Exception:  # noqa: BLE001 - the library raises all kinds of errors on a broken file
        return []


def _invitation(event: Component, method: str, zone: ZoneInfo) -> Invitation | None:
    uid = field_on_one_line(text_of(event, "UID"))[:500]
    if not uid:
        return None
    start, end, guessed, rule = _times(event, zone)
    recurrence = _moment(event.get("RECURRENCE-ID"), zone)
    attendees = tuple(filter(None, map(_attendee, many(event.get("ATTENDEE"))[:MOST_PEOPLE])))
    stamp, modified = (_moment(event.get(name), zone) for name in ("DTSTAMP", "LAST-MODIFIED"))
    return Invitation(
        uid=uid,
        recurrence=str(recurrence[0]) if recurrence else "",
        method=method,
        sequence=number_in(text_of(event, "SEQUENCE")),
        stamp=stamp[0] if stamp else None,
        start=start,
        end=end,
        summary=field_on_one_line(text_of(event, "SUMMARY"))[:500],
        organiser=_attendee(first(event.get("ORGANIZER"))),
        attendees=attendees,
        cancelled=text_of(event, "STATUS").strip().upper() == "CANCELLED",
        rule=rule,
        onwards=parameter(event.get("RECURRENCE-ID"), "RANGE").upper() == "THISANDFUTURE",
        guessed_zone=guessed,
        modified=modified[0] if modified else None,
        all_day=start is not None and not isinstance(moment_of(event.get("DTSTART")), datetime),
        free=_is_free(event),
    )


def _is_free(event: Component) -> bool:
    """Return whether an event leaves its time free (RFC 5545, 3.8.2.7); Exchange's own word for it is the finer one."""
    busy = text_of(event, "X-MICROSOFT-CDO-BUSYSTATUS").strip().upper()
    return busy in _FREE if busy else text_of(event, "TRANSP").strip().upper() == "TRANSPARENT"


def _times(event: Component, zone: ZoneInfo) -> tuple[int | None, int | None, bool, Rule | None]:
    """Return the start, the end, whether a zone was guessed, and how the meeting recurs."""
    start = _moment(event.get("DTSTART"), zone)
    if start is None:
        return None, None, False, None
    end = _moment(event.get("DTEND"), zone)
    guessed = start[1] or bool(end and end[1])
    # Some programs end an all-day meeting on the day it begins, though its end is the next one (3.6.1).
    day_alone = end is not None and end[0] <= start[0] and not isinstance(moment_of(event.get("DTSTART")), datetime)
    until = start[0] + _length(event) if end is None or day_alone else max(end[0], start[0])
    return start[0], until, guessed, _rule(event, zone)


def _length(event: Component) -> int:
    """Return how many seconds a meeting without DTEND lasts (RFC 5545, 3.6.1): its DURATION, else a day or 0."""
    length = moment_of(event.get("DURATION"))
    if isinstance(length, timedelta) and timedelta() <= length < timedelta(days=366):
        return int(length.total_seconds())
    start = moment_of(event.get("DTSTART"))
    return 0 if isinstance(start, datetime) else 86_400


def _rule(event: Component, zone: ZoneInfo) -> Rule | None:
    rrule = first(event.get("RRULE"))
    rdates = _instants(_dates(event.get("RDATE")), zone)
    periods = tuple(_periods(event.get("RDATE"), zone))
    written = attribute(rrule, "to_ical")
    text = written().decode("utf-8", "replace") if written is not None and isinstance(rrule, dict) else ""
    if not text and not rdates:
        return None
    begins = moment_of(event.get("DTSTART"))
    all_day = not isinstance(begins, datetime)
    name = getattr(getattr(begins, "tzinfo", None), "key", "")
    if not all_day and begins.tzinfo and not name:  # a zone that only this file knows
        like = named_like(begins.tzinfo, begins.year, zone)
        name = like.key if like else ""
        begins = begins if like else begins.astimezone(zone)
    local = begins.isoformat() if all_day else begins.replace(tzinfo=None, microsecond=0).isoformat()
    # Google and Exchange leave out a day by its date alone; Outlook leaves out a whole-day meeting by an instant.
    exdates: list[date] = []
    exdays: list[date] = []
    for one in _dates(event.get("EXDATE")):
        (exdays if isinstance(one, datetime) == all_day else exdates).append(one)
    days = tuple((one.date() if isinstance(one, datetime) else one).isoformat() for one in exdays)
    return Rule(text, local, name, all_day, rdates, _instants(exdates, zone), days, periods)


def _dates(value: Any) -> list[date]:
    """Return the dates and times of an EXDATE or RDATE, at most a thousand. A period gives its start."""
    told = [moment_of(one) for group in many(value) for one in attribute(group, "dts") or ()]
    starts = [one[0] if isinstance(one, tuple) else one for one in told]
    return [one for one in starts if isinstance(one, date)][:1000]


def _periods(value: Any, zone: ZoneInfo) -> Iterator[tuple[int, int]]:
    """Yield start and end of each period of an RDATE (RFC 5545, 3.3.9), at most a thousand."""
    told = (moment_of(one) for group in many(value) for one in (attribute(group, "dts") or ())[:1000])
    for begin, end in (one for one in told if isinstance(one, tuple)):
        start = _instant(begin, zone)
        until = (start or 0) + int(end.total_seconds()) if isinstance(end, timedelta) else _instant(end, zone)
        if start is not None and until is not None and start <= until:
            yield start, until


def _instants(moments: list[date], zone: ZoneInfo) -> tuple[int, ...]:
    return tuple(instant for one in moments if (instant := _instant(one, zone)) is not None)


def _moment(value: Any, zone: ZoneInfo) -> tuple[int, bool] | None:
    """Return (instant, whether its zone was guessed), or None if the value isn't a date or time."""
    value = first(value)
    moment = moment_of(value)
    instant = _instant(moment, zone)
    if instant is None:
        return None
    # A time with a TZID that is naive all the same: icalendar doesn't know that zone.
    naive = isinstance(moment, datetime) and moment.tzinfo is None
    return instant, bool(naive and parameter(value, "TZID"))


def _instant(moment: Any, zone: tzinfo) -> int | None:
    if isinstance(moment, datetime):
        aware = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    elif isinstance(moment, date):
        aware = datetime.combine(moment, time(), zone)
    else:
        return None
    return min(max(int(aware.timestamp()), _FIRST), END)


def _attendee(value: Any) -> Attendee | None:
    if value is None:
        return None
    name = field_on_one_line(parameter(value, "CN")).strip("'\"")
    # iCloud's value is a path, or an address that only relays answers. The person's own address is in EMAIL (RFC 7986).
    told = (parameter(value, "EMAIL"), parameter(value, "X-CALENDARSERVER-EMAIL"), str(value).strip('"'), name)
    address = next(filter(None, map(normal_address, told)), None)
    if not address:
        return None
    partstat = parameter(value, "PARTSTAT").upper() or "NEEDS-ACTION"
    return Attendee(address, "" if "@" in name else name, partstat, parameter(value, "CUTYPE").upper() or "INDIVIDUAL")


def invitation_facts(invitation: Invitation) -> str:
    """Return an Invitation as compact JSON. Empty fields are left out."""
    told = {key: value for key, value in asdict(invitation).items() if value not in (None, "", (), False)}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def read_invitation(text: str) -> Invitation:
    """Return the Invitation that `invitation_facts` wrote. Fields that an earlier version lacked are empty."""
    told: dict[str, Any] = json.loads(text)
    told["attendees"] = tuple(Attendee(*one) for one in told.get("attendees", ()))
    told["organiser"] = Attendee(*told["organiser"]) if "organiser" in told else None
    rule = told.get("rule")
    if rule:
        lists: dict[str, Any] = {key: tuple(value) for key, value in rule.items() if isinstance(value, list)}
        lists["periods"] = tuple((start, end) for start, end in lists.get("periods", ()))
        rule = Rule(**{**rule, **lists})
    empty = {"method": "", "recurrence": "", "sequence": 0, "stamp": None, "start": None, "end": None, "summary": ""}
    known = {field.name for field in fields(Invitation)}
    return Invitation(**{**empty, **{key: value for key, value in told.items() if key in known}, "rule": rule})
