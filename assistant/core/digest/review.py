"""The review of a quarter or a year: who was seen against who was wanted (docs/roles.md, "The review").

    contacts, links, the log ──> Record (store) ──> review ──> Review ──> digest, `assistant review`

Everything is counted in days on which there was a full contact, since ten mails on one day are one time in touch.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from assistant.core.digest.model import Tap
    from assistant.core.people.roster import Person

Gap = tuple[str, Literal["empty", "asleep"]]
Span = tuple[date, date]
QUARTER_MONTHS = 3
YEAR = 365  # days
LONG_SILENCE = 182  # days; twice the cadence where that is longer
SEEN_MOST = 3  # people named


@dataclass(frozen=True, slots=True)
class Period:
    """A whole quarter or calendar year; `last` is its last day."""

    first: date
    last: date

    @property
    def is_year(self) -> bool:
        """Return whether it's a year."""
        return self.last.month - self.first.month >= QUARTER_MONTHS


@dataclass(frozen=True, slots=True)
class Record:
    """What is stored about one person.

    `days` are those with a full contact, each once, in order. `since` is the day from which contact is both wanted and
    known: the later of joining the roster and the first day of read mail. In the spans of `away` (first and last day)
    nothing was owed. `links` are addresses with the day they were linked, the oldest first. `kept_on` is when the owner
    last said `keep`.
    """

    days: tuple[date, ...]
    added: date
    since: date
    away: tuple[Span, ...] = ()
    links: tuple[tuple[str, date], ...] = ()
    kept_on: date | None = None


@dataclass(frozen=True, slots=True)
class Followed:
    """One active person with their record. `cadence_days` is as of today, None if no clock runs."""

    person: Person
    cadence_days: int | None
    record: Record


@dataclass(frozen=True, slots=True)
class RoleLine:
    """One role: of its `people`, something was wanted of `asked`, and `seen` were seen that often.

    The others joined too late, were snoozed, or have no rhythm.
    """

    role: str
    people: int
    asked: int
    seen: int


@dataclass(frozen=True, slots=True)
class SeenDays:
    """On how many days somebody was seen, and on how many they should have been."""

    handle: str
    name: str
    seen: int
    wanted: int


@dataclass(frozen=True, slots=True)
class OnDay:
    """Somebody and a day: who moved (`domain`), who is new, who came back after so many days of silence (`days`)."""

    handle: str
    name: str
    on: date
    domain: str = ""
    days: int = 0


@dataclass(frozen=True, slots=True)
class Unreached:
    """Somebody never reached in a year. `slower_days` is the rhythm to propose, `last_on` None for no contact ever."""

    handle: str
    name: str
    role: str
    cadence_days: int | None
    slower_days: int
    last_on: date | None
    taps: tuple[Tap, ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """The review of one period. `new`, `most` and `back` are empty for a quarter."""

    period: Period
    roles: tuple[RoleLine, ...]
    favourites: tuple[SeenDays, ...]
    gaps: tuple[Gap, ...]
    moved: tuple[OnDay, ...]
    unreached: tuple[Unreached, ...]
    new: tuple[OnDay, ...] = ()
    most: tuple[SeenDays, ...] = ()
    back: tuple[OnDay, ...] = ()

    @property
    def has_counts(self) -> bool:
        """Return whether there is anything to look back on: not in the first weeks, before anybody was due."""
        return bool(any(line.asked for line in self.roles) or self.moved or self.unreached)

    def as_json(self) -> dict[str, Any]:
        """Return what `review --json` prints."""
        return {
            "first": self.period.first,
            "last": self.period.last,
            "roles": [asdict(line) for line in self.roles],
            "favourites": [asdict(one) for one in self.favourites],
            "gaps": [{"role": role, "kind": kind} for role, kind in self.gaps],
            "moved": [_without(one, "days") for one in self.moved],
            "unreached": [_without(one, "taps") for one in self.unreached],
            "new": [_without(one, "days", "domain") for one in self.new],
            "most": [_without(one, "wanted") for one in self.most],
            "back": [_without(one, "domain") for one in self.back],
        }


def _without(row: OnDay | SeenDays | Unreached, *names: str) -> dict[str, Any]:
    return {name: value for name, value in asdict(row).items() if name not in names}


def last_period(today: date, *, year: bool = False) -> Period:
    """Return the last whole quarter before `today`, or the last whole calendar year."""
    month = 1 if year else (today.month - 1) // QUARTER_MONTHS * QUARTER_MONTHS + 1
    last = today.replace(month=month, day=1) - timedelta(days=1)
    return Period(last.replace(month=1 if year else last.month - QUARTER_MONTHS + 1, day=1), last)


def period_due(today: date, last_digest: date | None) -> Period | None:
    """Return the period that today's digest looks back on, None for all but the first digest of a quarter.

    In the first quarter that is the year before. `last_digest` is the day of the digest before; None, as there was
    none, leaves nothing to look back on.
    """
    if last_digest is None or last_digest > last_period(today).last:
        return None
    return last_period(today, year=today.month <= QUARTER_MONTHS)


def away_spans(steps: Sequence[tuple[date, date | None]], today: date) -> tuple[Span, ...]:
    """Return the spans up to `today` in which nothing was owed.

    Each step says until which day (without it) nothing is owed from its own day on, None for not; it holds until the
    next.
    """
    ends = [day for day, _ in steps[1:]] + [today + timedelta(days=1)]
    spans = ((day, min(until, end) - timedelta(days=1)) for (day, until), end in zip(steps, ends, strict=True) if until)
    return tuple(span for span in spans if span[0] <= span[1])


def review(
    period: Period, people: Sequence[Followed], roles: Iterable[str], gaps: Iterable[Gap], today: date
) -> Review:
    """Return the review of a period.

    `roles` give the order of its lines. Gaps, rhythms and who is on the roster are as of `today`, and so is the year in
    which somebody was never reached.
    """
    # Somebody hoped for doesn't have the role yet.
    members = [one for one in people if not one.person.hoped]
    found = {one.person.handle: seen_and_wanted(one, period) for one in people}
    order = dict.fromkeys([*roles, *sorted({one.person.role for one in members})])
    in_role = {role: [found[one.person.handle] for one in members if one.person.role == role] for role in order}
    favourites = [_seen_days(one, *found[one.person.handle]) for one in people if one.person.favourite]
    return Review(
        period,
        roles=tuple(_role_line(role, seen) for role, seen in in_role.items() if seen),
        favourites=tuple(one for one in favourites if one.seen < one.wanted),
        gaps=tuple(gaps),
        moved=tuple(move for one in people for move in _moves(one, period)),
        unreached=tuple(_unreached(one) for one in people if _is_unreached(one, today)),
        **(_year(period, people) if period.is_year else {}),
    )


def seen_and_wanted(one: Followed, period: Period) -> tuple[int, int]:
    """Return on how many days somebody was seen in a period, and on how many their cadence asks for.

    Only days count on which something was owed. A cadence that is longer than those asks for one day in as many owed
    days up to the period's end, or for nothing where there were not that many yet.
    """
    record, cadence = one.record, one.cadence_days
    owed = _owed_days(record, period.last)
    inside = owed[bisect_left(owed, period.first.toordinal()) :]
    if not cadence or not inside:
        return _days_between(record, period.first, period.last), 0
    window = inside if len(inside) >= cadence else owed[-cadence:]
    return _days_between(record, date.fromordinal(window[0]), period.last), len(window) // cadence


def _owed_days(record: Record, last: date) -> list[int]:
    """Return the days up to `last` on which something was owed, as ordinals."""
    away = {day for span in record.away for day in range(span[0].toordinal(), span[1].toordinal() + 1)}
    return [day for day in range(record.since.toordinal(), last.toordinal() + 1) if day not in away]


def _days_between(record: Record, first: date, last: date) -> int:
    return bisect_right(record.days, last) - bisect_left(record.days, first)


def _role_line(role: str, found: Sequence[tuple[int, int]]) -> RoleLine:
    asked = [(seen, wanted) for seen, wanted in found if wanted]
    return RoleLine(role, len(found), len(asked), sum(seen >= wanted for seen, wanted in asked))


def _seen_days(one: Followed, seen: int, wanted: int) -> SeenDays:
    return SeenDays(one.person.handle, one.person.name, seen, wanted)


def _moves(one: Followed, period: Period) -> list[OnDay]:
    """Return the last move of somebody: an address at another domain that was linked in the period."""
    found: list[OnDay] = []
    known: set[str] = set()
    for address, on in one.record.links:
        domain = address.rpartition("@")[2]
        # What is linked on the day somebody joins the roster was theirs all along.
        new = known and on > one.record.added and not any(_same_domain(domain, other) for other in known)
        if new and period.first <= on <= period.last:
            found = [OnDay(one.person.handle, one.person.name, on, domain)]
        known.add(domain)
    return found


def _same_domain(one: str, other: str) -> bool:
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


def _is_unreached(one: Followed, today: date) -> bool:
    if one.record.kept_on and (today - one.record.kept_on).days < YEAR:
        return False
    year = max(YEAR, one.cadence_days or 0)
    owed = _owed_days(one.record, today)
    return len(owed) >= year and not _days_between(one.record, date.fromordinal(owed[-year]), date.max)


def _unreached(one: Followed) -> Unreached:
    person, days = one.person, one.record.days
    slower = 2 * one.cadence_days if one.cadence_days else YEAR
    last = days[-1] if days else None
    return Unreached(person.handle, person.name, person.role, one.cadence_days, slower, last)


def _year(period: Period, people: Sequence[Followed]) -> dict[str, Any]:
    """Return what only a year's review says: who is new, who was seen most, who came back."""
    seen = [_seen_days(one, _days_between(one.record, period.first, period.last), 0) for one in people]
    most = sorted((one for one in seen if one.seen), key=lambda one: (-one.seen, one.handle))
    new = [one for one in people if period.first <= one.record.added <= period.last]
    return {
        "new": tuple(OnDay(one.person.handle, one.person.name, one.record.added) for one in new),
        "most": tuple(most[:SEEN_MOST]),
        "back": tuple(back for one in people for back in _comeback(one, period)),
    }


def _comeback(one: Followed, period: Period) -> list[OnDay]:
    """Return the contact of the period that ended somebody's longest silence, if that was a long one."""
    silences = [((day - before).days, day) for before, day in pairwise(one.record.days)]
    ended = [(days, day) for days, day in silences if period.first <= day <= period.last]
    longest, on = max(ended, default=(0, period.first))
    long = longest > max(LONG_SILENCE, 2 * (one.cadence_days or 0))
    return [OnDay(one.person.handle, one.person.name, on, days=longest)] if long else []
