"""A whole calendar as it is exported: the events of a span of time, each occurrence by itself.

    text ─> blocks by their dates, as text ─> Invitations ─> occurrences within the span

Calendars of many years have tens of thousands of events, and the library takes half a millisecond for each. So old ones
are left out before it sees them. No text makes this module raise, and none makes it slow.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from itertools import accumulate, islice
from typing import TYPE_CHECKING, Final, NamedTuple

from assistant.core.contact.calendar import read_events, unfolded
from assistant.core.contact.recurrence import is_counted, starts
from assistant.core.contact.time_zones import usable_zones

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from zoneinfo import ZoneInfo

    from assistant.core.contact.calendar import Invitation
    from assistant.core.contact.recurrence import Rule

LARGEST: Final = 10 * 1024 * 1024
"""Octets of a calendar that are read."""
# More than anybody has in a quarter of a year; a file made to be slow has more.
_MOST_EVENTS: Final = 5_000
_MOST_SERIES: Final = 1_000
# Of series with a COUNT each must be counted from its first day, which takes long.
_MOST_COUNTED: Final = 50
_MOST_OCCURRENCES: Final = 6_000
# At all of them together: each is a row.
_MOST_PEOPLE: Final = 100_000
_LONGEST_EVENT: Final = 256 * 1024
_DAY: Final = timedelta(days=1)
_MARK: Final = re.compile(r"^(BEGIN|END):(VCALENDAR|VEVENT|VTIMEZONE|VALARM)[ \t]*$", re.IGNORECASE | re.MULTILINE)
_METHOD: Final = re.compile(r"^METHOD:[ \t]*([A-Za-z-]{1,20})", re.IGNORECASE | re.MULTILINE)
# A quoted parameter may hold a colon: TZID="(UTC+01:00) Berlin".
_DATE: Final = re.compile(
    r'^(DTSTART|DTEND|RECURRENCE-ID)(?:;(?:"[^"\n]{0,200}"|[^":\n]){0,200})?:(?:[^\n]{0,99}:)?(\d{8})',
    re.IGNORECASE | re.MULTILINE,
)
_RULE: Final = re.compile(r"^R(?:RULE|DATE)[;:]([^\n]*)", re.IGNORECASE | re.MULTILINE)
_UNTIL: Final = re.compile(r"UNTIL=(\d{8})", re.IGNORECASE)
_LONG: Final = re.compile(r"^DURATION[;:]", re.IGNORECASE | re.MULTILINE)
_YEAR: Final = timedelta(days=366)
_MOVED: Final = int(_YEAR.total_seconds())


class Span(NamedTuple):
    """A span of time in seconds since 1970 UTC."""

    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class CalendarText:
    """What a calendar holds now, None if it's what it was; and its mark, by which the next reading knows that.

    The mark is "" if nothing tells one reading from another.
    """

    text: str | None
    mark: str


@dataclass(frozen=True, slots=True)
class CalendarFile:
    """What a calendar holds within a span. `recurrence` of a recurring meeting's occurrence is its start in digits.

    `oldest` is the last moment of the oldest single event in the whole file (about, in seconds since 1970 UTC), None if
    there is none. `events` counts all that the file has. `complete` says that there weren't too many to read them all.
    """

    occurrences: tuple[Invitation, ...]
    oldest: int | None
    events: int
    complete: bool = True


class _Parts(NamedTuple):
    events: list[str]
    zones: list[str]
    whole: bool


def read_calendar_file(text: str, span: Span, zone: ZoneInfo) -> CalendarFile | None:
    """Return the events that touch a span, None if the text is no calendar or only the beginning of one.

    `zone` is the owner's, for times without a known zone.
    """
    text = unfolded(text)
    parts = _parts(text)
    if not parts.whole:
        return None
    dated = [(block, _dates(block)) for block in parts.events if len(block) <= _LONGEST_EVENT]
    wanted = [(block, days) for block, days in dated if days and _touches(block, days, span)]
    few = len(wanted) <= _MOST_EVENTS
    wanted = sorted(wanted, key=lambda one: -max(one[1].values()))[:_MOST_EVENTS]
    method = _METHOD.search(text[:_LONGEST_EVENT])
    read = read_events(
        [block for block, _ in wanted], usable_zones(parts.zones), method.group(1).upper() if method else "", zone
    )
    single = [max(days.values()) for block, days in dated if days and not _RULE.search(block)]
    # Those with people come first: they are what the calendar is read for.
    series = [one for one in sorted(read, key=lambda one: not one.attendees) if one.rule and not one.recurrence]
    counted = [one for one in series if one.rule and is_counted(one.rule)]
    endless = [one for one in series if one.rule and not is_counted(one.rule)]
    single_ones = [one for one in read if not one.rule or one.recurrence]
    laid_out = [*single_ones, *endless[:_MOST_SERIES], *counted[:_MOST_COUNTED]]
    found = tuple(islice(_occurrences(laid_out, span, zone), _MOST_OCCURRENCES + 1))
    people = list(accumulate(1 + len(one.attendees) for one in found))
    most = min(_MOST_OCCURRENCES, bisect_right(people, _MOST_PEOPLE))
    complete = few and len(laid_out) == len(single_ones) + len(series) and len(found) <= most
    return CalendarFile(found[:most], _midnight(min(single, default=0)), len(parts.events), complete)


def _parts(text: str) -> _Parts:
    """Return the VEVENTs without their alarms, the VTIMEZONEs, and whether the calendar begins and ends as one."""
    events: list[str] = []
    zones: list[str] = []
    name, begin, cut = "", 0, 0
    kept: list[str] = []
    marks = [(match.group(1).upper(), match.group(2).upper(), match) for match in _MARK.finditer(text)]
    for word, kind, match in marks:
        if kind == "VALARM":  # it has a DURATION and ATTENDEEs too, which would be taken for the meeting's
            if word == "BEGIN":
                kept.append(text[cut : match.start()])
            cut = match.end()
            continue
        if name and (word == "END" or kind in {"VEVENT", "VTIMEZONE"}):
            block = "".join([*kept, text[cut : match.end() if word == "END" else match.start()]])
            (events if name == "VEVENT" else zones).append(block.strip())
            name = ""
        if word == "BEGIN" and kind != "VCALENDAR":
            name, begin, kept = kind, match.start(), []
            cut = begin
    begins = bool(marks) and marks[0][:2] == ("BEGIN", "VCALENDAR") and not text[: marks[0][2].start()].strip()
    return _Parts(events, zones, begins and marks[-1][:2] == ("END", "VCALENDAR"))


def _dates(block: str) -> dict[str, int]:
    """Return the days of DTSTART, DTEND and RECURRENCE-ID as numbers (20260305), empty without a DTSTART."""
    found = {name.upper(): int(day) for name, day in _DATE.findall(block)}
    return found if "DTSTART" in found else {}


def _touches(block: str, days: dict[str, int], span: Span) -> bool:
    """Return whether an event may have an occurrence within a span, judged by its days alone."""
    # A day more on both sides, since days are those of the event's own zone.
    least, most = _number(span.begin, -_DAY), _number(span.end, _DAY)
    if min(days.values()) > most:
        return False
    rules = _RULE.findall(block)
    if rules:
        until = [int(day) for day in _UNTIL.findall(rules[0])] if len(rules) == 1 else []
        return not until or max(*until, *days.values()) >= least
    longest = _number(span.begin, -_YEAR) if _LONG.search(block) else least
    return max(days.values()) >= longest


def _number(instant: int, more: timedelta) -> int:
    return int(f"{datetime.fromtimestamp(instant, UTC) + more:%Y%m%d}")


def _midnight(number: int) -> int | None:
    try:
        return int(datetime.strptime(f"{number:08}", "%Y%m%d").replace(tzinfo=UTC).timestamp())
    except ValueError:
        return None


def _occurrences(read: Iterable[Invitation], span: Span, zone: ZoneInfo) -> Iterator[Invitation]:
    """Yield each occurrence within a span, of several versions of one the highest SEQUENCE."""
    latest: dict[tuple[str, str], Invitation] = {}
    for found in read:
        # With a METHOD, DTSTAMP is the time of the export (RFC 5545, 3.8.7.2), which says nothing of the event.
        one = replace(found, method="", stamp=None) if found.method else found
        before = latest.get((one.uid, one.recurrence))
        if before is None or one.sequence >= before.sequence:
            latest[one.uid, one.recurrence] = one
    own: dict[str, dict[int, Invitation]] = {}
    for (uid, recurrence), one in latest.items():
        if recurrence:
            own.setdefault(uid, {})[int(recurrence)] = one
    for one in latest.values():
        if one.rule and not one.recurrence:
            yield from _of_series(one, one.rule, own.get(one.uid, {}), span, zone)
        elif _within(one, span):
            yield one


class _Change(NamedTuple):
    """From which occurrence on a series is another, and how: see `_changed`."""

    since: int
    to: Invitation
    start: int
    end: int


def _of_series(
    series: Invitation, rule: Rule, own: Mapping[int, Invitation], span: Span, zone: ZoneInfo
) -> Iterator[Invitation]:
    """Yield the occurrences of a series within a span, without those that have an event of their `own`."""
    first, last = series.start or 0, series.end or 0  # what recurs has both
    changes = sorted(_changes(own), key=lambda one: one.since)
    ends, length = dict(rule.periods), last - first
    # One that was moved onwards may have been moved into the span.
    most = max([length, *(abs(one.start - one.since) for one in changes)])
    for start in starts(rule, first, span.end + most, zone, span.begin - most):
        # A RECURRENCE-ID may be a day alone, which is read as its midnight.
        midnight = datetime.combine(datetime.fromtimestamp(start, zone).date(), time(), zone)
        if start in own or int(midnight.timestamp()) in own:
            continue
        one = replace(series, recurrence=str(start), start=start, end=ends.get(start, start + length), rule=None)
        place = bisect_right(changes, start, key=lambda change: change.since)
        one = _changed(one, start, changes[place - 1], zone) if place else one
        if _within(one, span):
            yield one
    for start in rule.exdates:  # what was taken out of the series was called off
        one = replace(series, recurrence=str(start), start=start, end=start + length, rule=None, cancelled=True)
        if start not in own and _within(one, span):
            yield one


def _changes(own: Mapping[int, Invitation]) -> Iterator[_Change]:
    for since, one in own.items():
        # A meeting that is moved by more than a year isn't moved, it's broken.
        if one.onwards and one.start is not None and one.end is not None and abs(one.start - since) < _MOVED:
            yield _Change(since, one, one.start, one.end)


def _changed(one: Invitation, start: int, change: _Change, zone: ZoneInfo) -> Invitation:
    """Return an occurrence as an earlier one says that it and all later ones are (RFC 5545, 3.2.13)."""
    # By the clock on the wall: the clocks may have been changed between the two.
    before, after, wall = (
        datetime.fromtimestamp(at, zone).replace(tzinfo=None) for at in (change.since, change.start, start)
    )
    begin = int((wall + (after - before)).replace(tzinfo=zone).timestamp())
    end = begin + change.end - change.start
    return replace(change.to, recurrence=one.recurrence, start=begin, end=end, rule=None, onwards=False)


def _within(one: Invitation, span: Span) -> bool:
    return one.start is not None and one.end is not None and one.start < span.end and one.end >= span.begin


def busy_spans(occurrences: Iterable[Invitation], owner: frozenset[str]) -> tuple[Span, ...]:
    """Return when the owner is busy, oldest first: not what is called off, declined, or marked as free.

    What the owner hasn't answered yet takes its time as well.
    """
    found = set()
    for one in occurrences:
        declined = any(person.address in owner and person.partstat == "DECLINED" for person in one.attendees)
        if not (one.cancelled or one.free or declined) and one.start is not None and one.end is not None:
            found.add(Span(one.start, one.end))
    return tuple(sorted(span for span in found if span.begin < span.end))
